"""Find whose report it is: the place of the bureau that speaks, not every place that the text mentions.

In: the title and the repaired text. Out: a `Where`. The title's bureau or place comes first, then the bureau named in the
opening or the signature, then the place that the opening names at the level at which the text speaks (全省, 我市 …).
What nothing decides stays empty. A development zone has no code of its own and never takes its city's.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.places import Place

_BUREAU = re.compile(
    r"(?P<before>[\u4e00-\u9fff]{0,14}?)(?:生态环境|环境保护|环保|生态环保)(?:局|厅)(?P<branch>[\u4e00-\u9fff]{2,16}?(?=分局))?"
)
_ZONE = re.compile("(?:开发区|新区|高新区|园区|度假区|保税区|示范区|合作区|管理区|风景区)$")
_DATELINE = re.compile(r"(?:本报|本网|新华社|中新网)[\u4e00-\u9fff]{2,6}?\d{1,2}月\d{1,2}日[电讯]")
_PAPER = re.compile(r"([\u4e00-\u9fff]{2,4}?)(?:日报|晚报|新闻网)")
_SPEAKS = {
    "province": re.compile(
        "全省|我省|省生态环境厅|省环境?保护?厅|省环保厅|自治区生态环境厅|全区[各14]|省政府|自治区政府"
    ),
    "city": re.compile("全市|我市|市生态环境局|市环保局|市局|全州|我州|州生态环境局|市区"),
    "county": re.compile("全县|我县|县环保局|我区"),
}
_OPENING = 400


@dataclass(frozen=True, slots=True)
class Where:
    """Full names and the code of the finest of them that has one; empty where not known."""

    province: str = ""
    city: str = ""
    district: str = ""
    adcode: str = ""


def where(title: str, text: str) -> Where:
    """Return whose report it is.

    >>> where("", "2024年,云浮市生态环境局共立案167宗。")
    Where(province='广东省', city='云浮市', district='', adcode='445300')
    >>> where("", "市生态环境局大亚湾经济技术开发区分局在惠州市考核中获评优秀。").district
    '大亚湾经济技术开发区'
    """
    opening = text[len(title) : len(title) + 2000] if text.startswith(title) else text[:2000]
    found = _bureau(title, text) or _named(title) or _bureau(opening[:_OPENING], text)
    found = found or _at_level(opening, text) or _bureau(text[-300:], text) or _bureau(opening, text)
    return found or _from_parts(text)


def _bureau(part: str, text: str) -> Where | None:
    """The first bureau in a part of the text whose place can be told."""
    for match in _BUREAU.finditer(part):
        place = _ending(match["before"])
        if match["branch"]:
            found = _branch(match["branch"], place, text)
            if found:
                return found
        elif place:
            return _where(place)
    return None


def _branch(branch: str, city: Place | None, text: str) -> Where | None:
    """X局Y分局: the district Y of the city X, which the text may name elsewhere."""
    if city is None:
        named = Counter(place.city for place in _mentions(text[:20000], full=True) if place.level == "city")
        known = places.find(named.most_common(1)[0][0]) if named else None
        city = known
    if city is None:
        return None
    district = places.find(branch, within=city.city) if city.city else None
    if district:
        return _where(district)
    if _ZONE.search(branch):
        return Where(city.province, city.city, branch, "")
    return None


def _named(title: str) -> Where | None:
    """The first place that a title names, and a finer one straight after it."""
    for start, place in _hits(title):
        rest = list(_hits(title[start + len(place.name) : start + len(place.name) + 10], full=True))
        inner = [after for at, after in rest if at == 0 and place.name in (after.city, after.province)]
        return _where(inner[0] if inner else place)
    return None


def _at_level(opening: str, text: str) -> Where | None:
    """The first place that the opening names at the level at which the text speaks, or the home of its newspaper."""
    level = _level(text[:5000])
    lead = _DATELINE.sub("", opening[:_OPENING])
    for _, place in _hits(lead):
        if place.level == level or (level == "city" and place.city == place.name):
            return _where(place)
    paper = _PAPER.search(lead)
    place = places.find(paper.group(1)) if paper else None
    return _where(place) if place and place.level == level else None


def _level(text: str) -> str:
    counts = {level: len(pattern.findall(text)) for level, pattern in _SPEAKS.items()}
    best = max(counts, key=lambda level: counts[level])
    return best if counts[best] else ""


def _from_parts(text: str) -> Where:
    """A text that speaks of a whole province and names only cities of one is that province's."""
    if _level(text[:5000]) != "province":
        return Where()
    cities = {place.name: place.province for place in _mentions(text[:20000], full=False) if place.level == "city"}
    provinces = set(cities.values())
    if len(cities) >= 3 and len(provinces) == 1:
        place = places.find(provinces.pop())
        return _where(place) if place else Where()
    return Where()


def _where(place: Place) -> Where:
    district = place.name if place.level == "county" else ""
    return Where(place.province, place.city, district, place.adcode)


def _ending(words: str) -> Place | None:
    """The place whose name a string of characters ends with: 近年来云浮市 gives 云浮市."""
    for length in range(min(len(words), 14), 1, -1):
        name = words[-length:]
        bearers = [place for place in places.bearers(name) if place.name == name]
        if len(bearers) == 1:
            return bearers[0]
        place = places.find(name) if not bearers else places.find(name, within=_before(words[:-length]))
        if place and (place.level != "county" or place.name == name):
            return place
    return None


def _before(words: str) -> str:
    place = _ending(words) if words else None
    return place.name if place else ""


@cache
def _finder() -> tuple[AhoCorasick, list[Place], AhoCorasick, list[Place]]:
    """Searchers for full names, and for full names together with the short ones of provinces and cities."""
    full = {place.name: place for place in places.all_places() if places.find(place.name)}
    short = dict(full)
    for place in places.all_places():
        known = places.find(place.short)
        if known and known.level != "county":
            short[place.short] = known
    return (
        AhoCorasick(list(full), matchkind=MatchKind.LeftmostLongest),
        list(full.values()),
        AhoCorasick(list(short), matchkind=MatchKind.LeftmostLongest),
        list(short.values()),
    )


def _hits(text: str, full: bool = False) -> Iterator[tuple[int, Place]]:
    """Yield where a place is named and which, in reading order."""
    full_names, full_places, all_names, all_places = _finder()
    names, known = (full_names, full_places) if full else (all_names, all_places)
    for number, start, _ in names.find_matches_as_indexes(text):
        yield start, known[number]


def _mentions(text: str, full: bool) -> list[Place]:
    return [place for _, place in _hits(text, full)]
