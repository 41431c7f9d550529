"""Find the names of what values are told of, with all that belongs to them: 甲河、乙河等4条支流10个断面, 国家考核的48个断面.

In: a text. Out: `Phrase` records in reading order. A name ends with a noun of `knowledge/words/population_nouns.txt`; before it
may stand how many there are, and before that the names of some, or who says which.
"""

import re
from dataclasses import dataclass
from functools import cache

from ecoanalysis.extracting import waters
from ecoanalysis.knowledge import tables

_REACH = 60  # characters that a name may have
_MOST = 40
_ITEM = 12  # of one name in a list
_BOUND = re.compile(r"[，,。；;：:！？!?\n（）()《》|｜]|(?<![\d\s])\s+(?![\d\s])")
_COUNT = re.compile(
    r"(?<![\d.第])(?:\d{1,5}|[一二两三四五六七八九十]{1,3})\s?(?:[个条处座家]|大(?=水系|河流|流域|支流))"
)
_NAMED = re.compile("[河江湖溪海渠库港段流域系源区市县镇乡州盟旗厂]$")
_STRANGE = re.compile("[吨%％万亿ⅠⅡⅢⅣⅤ]|达到|优于|发现|送往")  # what no name holds
_OPENING = re.compile(
    r"^(?:[“”\"\d.、]|反映|给予|\d{1,6}年|\d{1,2}月份?|今年|全年|其中|目前|开展|推动|推进|实现|确保|力争|我[省市区县州旗]|全[国省市区县州旗]|新增|建成|整治|完成|新建"
    r"|监测|布设|设有?|共有?|纳入|列入|对|在|与|和(?!县)|经|使|以及|以|及|按|从|由|将|把|其余|其他|另有|另外)+"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name as written but for its blanks; `counted` says how many, `listed` names several of them."""

    start: int
    end: int
    words: str
    counted: bool
    listed: bool


@cache
def _nouns() -> re.Pattern[str]:
    return re.compile("|".join(tables.words("words/population_nouns.txt")))


def find(text: str) -> list[Phrase]:
    """Return the names that a text holds.

    >>> [one.words for one in find("全市甲河、乙河等4条支流10个断面均达标；国家考核的48个断面中，县污水处理厂出水")]
    ['甲河、乙河等4条支流10个断面', '国家考核的48个断面', '县污水处理厂']
    """
    found = []
    for noun in _nouns().finditer(text):
        if _nouns().match(text, noun.end()) or _COUNT.match(text, noun.end()):
            continue  # the name goes on: 河流断面, 4条支流10个断面
        low = max(0, noun.end() - _REACH)
        bounds = [match.end() for match in _BOUND.finditer(text, low, noun.start())]
        start = bounds[-1] if bounds else low
        if (one := _named(text, start, noun)) is not None:
            found.append(one)
    return found


def _named(text: str, start: int, noun: re.Match[str]) -> Phrase | None:
    """Return the name that ends with a noun and opens at `start` or behind it."""
    said = text[start : noun.end()]
    count = _COUNT.search(said)
    if count is None:
        said = said.rsplit("的", 1)[-1]
        names, rest = "", said
        listed = _row(said)
        if not listed:
            rest = waters.AND.split(said)[-1]
    else:
        names, rest = said[: count.start()], said[count.start() :]
        listed = names.endswith("等") or _row(names)
        if names.endswith("的"):
            names = names[:-1].rsplit("的", 1)[-1] + "的"
        elif not listed and not _NAMED.search(names):
            names = ""
    opened = _OPENING.sub("", names) + rest if count is not None else _OPENING.sub("", rest)
    words = re.sub(r"\s", "", opened)
    bare = words == noun[0] or not 2 <= len(words) <= _MOST
    return (
        None
        if bare or _STRANGE.search(words)
        else Phrase(noun.end() - len(opened), noun.end(), words, count is not None, listed)
    )


def _row(words: str) -> bool:
    """Tell whether words are names in a row."""
    names = waters.AND.split(words.removesuffix("等"))
    return len(names) > 1 and all(1 < len(name) <= _ITEM and not re.search(r"\d", name) for name in names)
