"""Find for whom a value is meant: the whole city, its core, a county, a river.

In: the text before a value. Out: the wording, as written, and where it stands. Which wordings may be compared is not
decided here but in `knowledge/scopes.csv`.
"""

import re
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ecoanalysis.knowledge import places, tables

# 某市生态环境局 names a bureau, not the area that a value is for.
_BODY = re.compile(r"(?:市|省|县|区|州)?(?:生态环境|环保|环境保护|审计|纪委|人民政府|政府|委|人大|政协|党|日报|晚报|综合|分局|局|厅)")
_COUNT = re.compile(r"(?:\d+|[*xX×]+|[一二两三四五六七八九十]+)个(?:[^，,。;；的\d]{0,4})(?:中心城市|省辖市|地级市|城市|设区市|州市|市州|县城|区县)(?:和[^，,。;；的\d]{2,6}区)?")
_WATER = re.compile(
    r"(?:(?<=[在对把将和及与沿、，。；：是动了省市国])|^)?[^\s，,。；;、：:的个（()）“”\d]{1,5}?(?:河|江|湖|水库|渠|溪|运河)(?:干流|支流|流域|[一-鿿]{1,2}段|[一-鿿]{2,4}断面)?"
)
_FILL = re.compile(
    r"^(?:\d+年|今年|全年|其中|目前|[省市国]控|[省市国]考|监测|考核|开展|推动|推进|实现|确保|力争|全省|全市|全区|全县|的|县级|和|及|与|在)+"
    r"|(?:出境|入境)?(?:水质|水体|水环境|断面水质|总体|类别|稳定|持续|连续|年均值|均值|保持|达到|达|为|是|均|都|全部|全面|优于|或|标准|以上|在|(?:\d+|[一二三四五六七八九十*]+)个(?:[国省市]考|[国省市]控)?|(?:监测)?断面$|\d+|年|：|:|——)+$"
)


@cache
def _finder() -> tuple[AhoCorasick, list[str]]:
    """The wordings of scopes.txt, every prefecture and province by full and short name, every county by full name."""
    words = set(tables.words("words/scopes.txt"))
    for place in places.all_places():
        words.add(place.name)
        if place.level != "county" and len(place.short) >= 2:
            words.add(place.short)
    ordered = sorted(words)
    return AhoCorasick(ordered, matchkind=MatchKind.LeftmostLongest), ordered


def find(text: str) -> list[tuple[int, int]]:
    """Return the spans of all wordings of scope, in reading order.

    >>> [("全市PM2.5；中心城区优良率"[a:b]) for a, b in find("全市PM2.5；中心城区优良率")]
    ['全市', '中心城区']
    """
    automaton, _ = _finder()
    spans = [(start, end) for _, start, end in automaton.find_matches_as_indexes(text) if not _BODY.match(text, end)]
    counts = [match.span() for match in _COUNT.finditer(text)]
    kept = [span for span in spans if not any(low <= span[0] and span[1] <= high for low, high in counts)]
    return sorted([*kept, *counts])


def subject(left: str) -> str:
    """Return the body of water, or other subject, that the words before a value name: 西江水质保持 gives 西江.

    >>> subject("西江水质保持"), subject("主要河流水质达到"), subject("赣江干流4个断面稳定保持")
    ('西江', '主要河流', '赣江干流')
    """
    return _trimmed(left.strip(" 、和及与，,“”\"；;。"))


def _trimmed(words: str) -> str:
    while (shorter := _FILL.sub("", words)) != words:
        words = shorter
    return words if len(words) <= 14 else ""


def water_said(before: str) -> str:
    """Return the last river, lake or reservoir that a text names, or an empty string.

    >>> water_said("推动淡澳河水污染防治达标攻坚，")
    '淡澳河'
    """
    named = [match[0] for match in re.finditer(r"[^\s，,。；;、：:的个(（)）“”\d动进在对把将和及与沿了排入跨]{1,3}(?:河|江|湖|水库)", before)]
    return named[-1] if named else ""
