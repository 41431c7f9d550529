"""Find for whom a value is meant: the whole city, its core, a county, a river.

In: the text before a value. Out: the wording, as written, and where it stands. Which wordings may be compared is not
decided here but in `knowledge/scopes.csv`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, MatchKind

from ecoanalysis.extracting import groups, waters
from ecoanalysis.knowledge import places, tables

# 某市生态环境局 names a bureau, not the area that a value is for.
_BODY = re.compile(
    r"(?:市|省|县|区|州)?(?:(?:生态环境|环保|环境保护|审计)[局厅委]|纪委|人民政府|政府|委|人大|政协|党|日报|晚报|分局|局|厅)"
)
# 全省第一 says among whom a value is placed, not for whom it is.
_PLACING = re.compile(
    r"\d{1,6}个[^,，。、;；\d第]{0,8}城市(?:里|中)?(?:来?[看比](?=[，,])|的?[^,，。、;；\d第]{0,16}(?:第|排名中))"
    r"|(?:“?2\+\d\d”?)?[^,，。、;；\d第]{0,8}[中里内](?!心)[^,，。、;；\d第]{0,8}第[一二三四五六七八九十\d]"
    r"|(?:\d{1,6}个)?[^,，。、;；\d第]{0,6}(?:第[一二三四五六七八九十\d]{1,6}(?:名|位|[,，。、;；]|$)|最优|最好|最低|最高|最佳|居首|首位|榜首|前列|领先|唯一)"
)
# A place's name says for whom a value is only where it opens what is said: not in 开展云浮市小微企业…试点.
_LEADS = re.compile(
    r"(?:^|[\s，,。；;：:、（(】◎]|其中|所在地|[首州]府|涉及|的有|年|月|季度|以来|底|日|中|省|州|市|地区|对|在|是|为|以|而|最[好差优高低]的|名的?|去年|今年|全年|上半年|自治区)$"
)
# A place beside which a placing stands is the one that is placed, unless it is among its own parts: 某市第1, 列某市第1.
_PLACED = re.compile(r"(?:第|[中里内]|各)")
# A place whose name is withheld: 某县, A区, ××市.
_NAMELESS = re.compile(
    r"(?:(?<=[，,。；;：:、\s])|^|(?<=其中))(?:某{1,2}|[A-Z]|[甲乙丙丁]|[X×○]{1,3})(?:市|县|区|旗|镇)(?![级域一-鿿]{0,2}[局委厅])"
)
_SEAT = re.compile(r"(?:中心|主)?(?:城区|市区(?![域划间块])|县城)")
# What is called a county or a district, whether it is known or not, where it opens what is said: 原江干区, 北川县.
_ENDS = "园辖社地山灾小景片郊新港库城市校矿厂特战护能范发业控养燃分全我本各县州的个该"
_CALLED = re.compile(
    rf"(?:(?<=[\n，,。；;：:、月年日])|\A|(?<=其中))原?(?!其中|[全我本各该两三四五六七八九十多几省市州县区在对于和与及为从])"
    rf"(?:[一-鿿]{{1,4}}(?<![我全本各该两三四五六七八九十])县|[一-鿿]{{2,3}}(?<![{_ENDS}])区)(?![一-鿿]{{0,5}}[局委办厅院站校])(?![县市区镇乡域级内外间划长处名某有])"
)
# A single firm, whose fine is none of its place: 某建材公司未批先建，罚款8万元.
_FIRM = re.compile(r"某[一-鿿]{0,8}?(?:公司|厂(?!区|界)|企业|单位)|[一-鿿]{2,12}有限(?:责任)?公司")
# A basin that opens what is said: 洪湖流域; not 全流域, 各流域.
_BASIN = re.compile(r"(?:(?<=[\s，,。；;：:、在对])|\A)(?![全各该本此跨小多])[一-鿿]{2,4}(?:流域|水系)")
_BEYOND = re.compile(r"经济带|经济区|三角洲|大桥|证券|湾(?!区)|海峡|口岸|[一-鿿]{0,14}平台")  # 长江经济带 is no water
_CORE = re.compile(r"区(?![县域划级内委政街块间分位别])")  # 太原市区 is the core of 太原市, not the whole of it
_ZONE = re.compile(
    r"[一-鿿]{0,5}?(?:新区|开发区|高新区|经开区|示范区|园区|度假区|管理区|保税区)(?![建内域])"
)  # 云南滇中新区 is not 云南
# Whither something goes is no population: 由城区向乡镇延伸, 向农村拓展.
_WAY = "(?:延伸|拓展|覆盖|扩展|扩大|推广|推进|转移|转变|转型|下沉|辐射|铺开|迈进)"
_DIRECTION = re.compile(
    rf"(?:由|从)[^，,。；;：:、\d]{{1,12}}(?:向|到|至|往)[^，,。；;：:\d]{{1,12}}?{_WAY}|向[^，,。；;：:\d]{{1,10}}?{_WAY}"
)
_COUNT = re.compile(
    r"\d[aAbB]?类(?:声环境)?(?:功能)?区|(?:\d{1,6}|[*xX×]{1,6}|[一二两三四五六七八九十]{1,6})个(?:[^，,。;；的\d]{0,4})(?:中心城市|省辖市|地级市|城市|设区市|州市|市州|县城|区县)(?:和[^，,。;；的\d]{2,6}区)?"
)


@cache
def _finder() -> tuple[AhoCorasick, list[str], frozenset[int]]:
    """The wordings of scope, and every prefecture and province by full and short name, every county by full name, now or once."""
    general = {*tables.words("words/scopes.txt"), *tables.words("words/bodies.txt")}
    named = {name for name in places.former() if len(name) > 2}
    for place in places.all_places():
        named |= {place.name} if len(place.name) > 2 else set()
        own_rank = place.level != "county" or not place.city  # 潜江 is a county under no city
        named |= {name for name in places.names_of(place)[1:] if len(name) >= (2 if own_rank else 3)}
    ordered = sorted(general | named)
    placed = frozenset(at for at, word in enumerate(ordered) if word not in general or word in ("全国", "全省"))
    return AhoCorasick(ordered, matchkind=MatchKind.LeftmostLongest), ordered, placed


@cache
def _own_counties(own: tuple[str, ...]) -> re.Pattern[str] | None:
    """The counties of a report's own place that are named otherwise than by a full name of three characters.

    Those of one character (寿县, 歙县) count before what a list goes on with; elsewhere such letters are rarely a name. What
    opens a line, as of a table's row, or an entry (沐川3件) may be named short.
    """
    counties = [p for p in places.all_places() if p.level == "county" and {p.city, p.province} & {*own}]
    bare = "|".join(p.name for p in counties if len(p.name) == 2)
    short = {name for p in counties for name in places.names_of(p)[1:] if len(name) > 1}
    opening = "|".join(filter(None, (bare, *sorted(short, key=len, reverse=True))))
    parts = [
        f"(?:{bare})(?=[0-9（(、，各和与及为])" if bare else "",
        f"(?:(?<=[，,。；;：:、）)])|(?<=其中))(?:{opening})(?=[（(]?\\d|PM|AQI|优良|空气|立案|罚款|查处|处罚|为全)",
        f"(?:{opening})(?=[、和与及](?:{opening}))|(?<=[、和与及])(?:{opening})(?=分别|依次|均|各|为|等|[两三四五六七八九])",
        f"{_OPENING_LINE}(?:{opening})(?:自治[县旗])?(?![县市区旗州镇乡街的局委])",
    ]
    return re.compile("|".join(filter(None, parts))) if opening else None


_OPENING_LINE = r"(?:(?<=[\n；;])|\A)"
# A town or a street office that opens a line, or what a time opens, is whose values are told: 1-11月，某镇优良天数.
_TOWN = re.compile(
    rf"(?:{_OPENING_LINE}|(?<=[月年度][，,]))(?![按分各全])[一-鿿]{{1,6}}?(?:(?<![城集建小点心制])镇|街道|(?<![城家下老回返故])乡)"
    r"(?![一-鿿]{0,3}[局办委所])(?![镇乡街村级域、和及与])"
    r"|(?<=[月年度】）)\]，,。；;：:\s])[一-鿿]{1,4}(?<![城集建小点心制各乡全])镇(?=环境|空气|大气|优良|PM|城区|有效|监测|区域|功能区|细颗粒|可吸入)"
    r"|(?<=[，,、。；;：:])[一-鿿]{1,4}(?:(?<![城集建小点心制各乡])镇|街道|(?<![城家下老回返故])乡)(?=\d)"
    rf"|{_OPENING_LINE}(?![建新推加完开各全本我在对以为把将创][一-鿿]{{0,3}}[建设进强善])[一-鿿]{{2,6}}?(?:(?:管理|开发|高新|示范|度假|合作|保税|新)区|新城)(?![内域局级])"
)
# What heads a list of places, each with its value in a bracket, whatever they are called: 各团场PM2.5由低到高依次为：
_ROLL = re.compile(
    r"(?:[各个](?:街|乡|镇|县|区|市|团|站|测站|点位|城市|园区)|由[高低好差优多少][到至]|排名|[前后]\s?[\d一二三四五六七八九十]{1,2}\s?[位名]|较[多高低好差]的|最[高低好差多少]的"
    r"|[按分](?:所属)?(?:区域|地区|属地|地域|辖区|行政|县区?|区县|镇|街|乡)(?=[^，,。；;：:\n]{0,6}[：:]))"
    r"[^，,。；;：:\n]{0,30}?(?:依次[为是]?|分别[为是]|[为是]|(?=[：:]))[：:]?\s?"
)
_ENTRY = re.compile(
    r"(?P<name>[一-鿿〇○]{2,10})(?:[(（][^()（）\d]{1,8}[)）])?(?:[(（]\s?\d[\d.]*[^()（）\d]{0,10}[)）]|\d{1,5}[件起宗家])[、，,和及]?"
)
_SORTED = re.compile("污染|级|类|[以其]他")  # days and waters are sorted so too: 轻度污染（60天）
GROUP = re.compile(r"[\d一二两三四五六七八九十*xX×各]|[县市区旗州][(（]")  # how a group that is counted opens
WHOLE = frozenset(f"{whose}{what}" for whose in "全我本" for what in (*"省市区县州旗盟", "地区"))
WHOLE_OR_UNSAID = WHOLE | {""}
_WHAT_OF = {
    "province": "省区市",
    "city": "市州盟地区",
    "county": "县区旗",
}  # 全区 of an autonomous region and of a district


def wholes(level: str, name: str) -> frozenset[str]:
    """Return the words for the whole of a place: of a county 全县 and not 全市, but of a city below a city 全市 too.

    >>> "全市" in wholes("county", "光山县"), "全市" in wholes("county", "义乌市"), "全县" in wholes("city", "信阳市")
    (False, True, False)
    """
    what = _WHAT_OF.get(level, "")
    what += "市" if name.endswith("市") else ""
    return frozenset(word for word in WHOLE if not what or word[-1] in what)


@dataclass(frozen=True, slots=True)
class Scope:
    """A wording of scope; it `carries` on inside its sentence unless it is a water's name."""

    start: int
    end: int
    carries: bool


@cache
def _heads() -> re.Pattern[str]:
    heads = "|".join(tables.words("words/population_heads.txt"))
    return re.compile(rf"(?:{heads})$")


_BARE = ("断面", "点位", "站点", "水源地", "水源", "单位", "企业")  # no population, unless words say which
_OPENING = re.compile(
    r"^(?:\d{1,6}年|今年|全年|其中|目前|开展|推动|推进|实现|确保|力争|我[省市区县]|全[国省市区县]|新增|建成|整治|完成|和(?!县)|与|在|对|(?:\d{1,6}|[一二两三四五六七八九十]{1,3}|[*xX×]+)个)+"
)


def phrase(text: str) -> str:
    """Return the name of a population that a text ends with, or an empty string: what its last mark leaves, without fillers.

    >>> phrase("2018年，环境保护重点城市"), phrase("同比上升")
    ('环境保护重点城市', '')
    """
    words = _OPENING.sub("", re.split(r"[，,。；;：:、（）()《》\s的]|其中|包括|达到|优于|符合", text)[-1])
    shorter = words if _heads().search(words) else waters.trimmed(words)
    named = 1 < len(shorter) <= 14 and _heads().search(shorter) and shorter not in _BARE
    return shorter if named else ""


_SORTS = {
    "source": ("水源", "水源地", "取水口"),
    "works": ("厂", "填埋场"),
    "area": ("区域", *"区城市县州镇乡地线岸"),
    "water": tuple("河江湖溪海渠库港段流域系"),
    "section": tuple("面位点站"),
    "firm": tuple("业位"),
}


def sort(words: str) -> str:
    """Return what sort of population the end of a phrase tells of.

    >>> sort("重点城市"), sort("出境断面"), sort("赣江干流")
    ('area', 'section', 'water')
    """
    return next((name for name, ends in _SORTS.items() if words.endswith(ends)), "other")


def find(text: str, own: tuple[str, ...] = ()) -> list[Scope]:
    """Return all wordings of scope in reading order; `own` are the names of the report's own place, which count anywhere.

    >>> text = "全市PM2.5均值22微克/立方米,全省第一；中心城区优良率"
    >>> [text[scope.start:scope.end] for scope in find(text)]
    ['全市', '中心城区']
    """
    automaton, words, placed = _finder()
    bodies = tables.words("words/bodies.txt")
    counts = [match.span() for match in _COUNT.finditer(text)] + groups.of_places(text)
    counts = [(start, end) for start, end in counts if not _PLACING.match(text, end)]
    found = [Scope(start, end, True) for start, end in counts]
    found += [Scope(match.start(), match.end(), True) for match in _NAMELESS.finditer(text)]
    found += [Scope(match.start(), match.end(), True) for match in _TOWN.finditer(text)]
    found += _entries(text)
    if counties := _own_counties(own):
        found += [Scope(match.start(), match.end(), True) for match in counties.finditer(text)]
    counted, behind_place = _Cover(counts), -2
    matches = automaton.find_matches_as_indexes(text)
    follow = {start for word, start, _ in matches if word in placed}
    for word, start, end in matches:
        if text[end - 1] == "区" and text[end : end + 1] == "域":
            continue  # 某市区域环境噪声
        place = word in placed and words[word] not in ("全国", "全省")
        placing = _PLACED if place else _PLACING
        if (
            counted.holds(start, end)
            or (placing.match(text, end) and _PLACING.match(text, end))
            or _BODY.match(text, end)
            or _BEYOND.match(text, end)
        ):
            continue
        joined = start == behind_place or (start == behind_place + 1 and text[start - 1] in "和与及")
        opens = text[end : end + 1] in ("、", "和", "与", "及") and end + 1 in follow  # 浓度甲县、乙县分别为
        leads = joined or opens or _LEADS.search(text, max(0, start - 6), start)
        if word in placed and words[word] not in own and not leads:
            continue
        behind_place = end if place else -2
        if word in placed and text[end - 1] == "市" and _CORE.match(text, end):
            end += 1
        elif place and (zone := _ZONE.match(text, end)):
            end = zone.end()
        found.append(Scope(start, end, words[word] not in bodies))
    have = {(scope.start, scope.end) for scope in found}
    called = [Scope(*match.span(), True) for pattern in (_CALLED, _FIRM) for match in pattern.finditer(text)]
    found += [one for one in (*_seats(text), *called) if (one.start, one.end) not in have]
    ways = _Cover([match.span() for match in _DIRECTION.finditer(text)])
    found = [scope for scope in found if not ways.holds(scope.start, scope.end)]
    ends = {scope.end for scope in found}
    basins = (match.span() for match in _BASIN.finditer(text) if match.end() not in ends)
    found += [Scope(start, end, False) for start, end in basins]
    return _longest(found)


def _entries(text: str) -> Iterator[Scope]:
    """Yield the names of a list of places and values."""
    for roll in _ROLL.finditer(text):
        entries, at = [], roll.end()
        while (entry := _ENTRY.match(text, at)) and not _SORTED.search(entry["name"]):
            entries.append(entry)
            at = entry.end()
        if len(entries) > 1:
            yield from (Scope(*entry.span("name"), True) for entry in entries)


def _seats(text: str) -> Iterator[Scope]:
    """Yield the built-up areas that are named with their place: 隆阳城区."""
    for core in _SEAT.finditer(text):
        for length in (5, 4, 3, 2):
            start = core.start() - length
            if start >= 0 and places.called(text[start : core.start()]):
                yield Scope(start, core.end(), True)
                break


def _longest(found: list[Scope]) -> list[Scope]:
    """Return in reading order the wordings that are no part of a longer one, as 城区 is of 云城区."""
    whole: list[Scope] = []
    reach = -1
    for scope in sorted(found, key=lambda scope: (scope.start, -scope.end)):
        again = bool(whole) and (whole[-1].start, whole[-1].end) == (scope.start, scope.end)
        if scope.end > reach or again:
            whole.append(scope)
        reach = max(reach, scope.end)
    return whole


class _Cover:
    """Tells which spans lie within one of many."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self.starts = [start for start, _ in ordered]
        self.ends = list(accumulate((end for _, end in ordered), max))

    def holds(self, start: int, end: int) -> bool:
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and end <= self.ends[at]
