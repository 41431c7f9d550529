"""Find whose report it is: the place of the bureau that speaks, not every place that the text mentions.

In: the title and the repaired text. Out: a `Where`. The title's bureau or place comes first, then the bureau named in
the opening or the signature, then the place that the opening names at the level at which the text speaks (全省, 我市
…). What nothing decides stays empty. A development zone has no code of its own and never takes its city's.
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
ZONE = re.compile("(?:开发区|新区|高新区|园区|度假区|保税区|示范区|合作区|管理区|风景区)$")
_DATELINE = re.compile(r"(?:本报|本网|新华社|中新网)[\u4e00-\u9fff]{2,6}?\d{1,2}月\d{1,2}日[电讯]")
_PAPER = re.compile(r"([\u4e00-\u9fff]{2,4}?)(?:日报|晚报|新闻网)")
_RANK = "(?!第|前|最|率先|领先|唯一|先进|优秀)"
_SPEAKS = {
    "province": re.compile(f"全省{_RANK}|我省|省(?:生态环境|环境保护|环保)厅|自治区生态环境厅|省政府|自治区政府"),
    "city": re.compile("全市|我市|市(?:生态环境|环境保护|环保)局|市局|市区|全州|我州|州生态环境局"),
    "county": re.compile("全县|我县|县(?:生态环境|环境保护|环保)局|我区|区(?:生态环境|环境保护|环保)局"),
}
_LONGEST = 400


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
    start = text.find(title[:12], 0, 1000) if title else -1
    body = text[text.find("\n", start) + 1 :] if start >= 0 else text
    opening = _opening(body)
    level = _level(f"{title}\n{text[:5000]}")
    found = _bureau(title, text) or _named(title) or _bureau(opening, text, level) or _at_level(opening, body, level)
    return (
        found
        or _bureau(_signature(body), text, level)
        or _bureau(_repeated(body), text, level)
        or _from_parts(text, level)
    )


def _opening(body: str) -> str:
    """The first paragraph and the short lines before it."""
    end = 0
    for line in body[:2000].split("\n"):
        end += len(line) + 1
        if len(line) > 40:
            break
    return body[: min(end, _LONGEST)]


def _signature(body: str) -> str:
    """The last lines, where they are short and hold no figure but a date."""
    return "\n".join(line for line in body[-200:].split("\n")[-2:] if len(line) <= 30)


def _repeated(body: str) -> str:
    """The bureau that the text names most, where it does so more than once."""
    named = Counter(place.name for match in _BUREAU.finditer(body[:20000]) if (place := _ending(match["before"])))
    most = named.most_common(1)
    return f"{most[0][0]}生态环境局" if most and most[0][1] > 1 else ""


def _bureau(part: str, text: str, level: str = "") -> Where | None:
    """The first bureau in a part of the text whose place can be told; where a city speaks, no province's does."""
    for match in _BUREAU.finditer(part):
        place = _ending(match["before"])
        if match["branch"]:
            found = _branch(match["branch"], place, text)
            if found:
                return found
        elif place and {level, place.level} != {"province", "city"}:
            return _where(place)
    return None


def _branch(branch: str, city: Place | None, text: str) -> Where | None:
    """X局Y分局: the district Y of the city X, which the text may name elsewhere."""
    if city is None:
        named = Counter(place.city for _, place in _hits(text[:20000], full=True) if place.level == "city")
        city = places.find(named.most_common(1)[0][0]) if named else None
    if city is None:
        return None
    district = places.find(branch, within=city.city) if city.city else None
    if district:
        return _where(district)
    if ZONE.search(branch):
        return Where(city.province, city.city, branch, "")
    return None


def _named(title: str) -> Where | None:
    """The first place that a title names, and a finer one straight after it."""
    for start, place in _hits(title):
        rest = list(_hits(title[start + len(place.name) : start + len(place.name) + 10], full=True))
        inner = [after for at, after in rest if at == 0 and place.name in (after.city, after.province)]
        return _where(inner[0] if inner else place)
    return None


def _at_level(opening: str, body: str, level: str) -> Where | None:
    """The place of the text's own level that its opening names, where no other is named as often (a full name counts
    twice).

    A newspaper's name counts (黑龙江日报), a dateline (本报海口3月27日电) does not.
    """
    named: Counter[str] = Counter()
    for start, place in _hits(body[:20000]):
        named[_owner(place, level)] += 1 + body.startswith(place.name, start)
    for _, place in _hits(_DATELINE.sub("", opening)):
        name = _owner(place, level)
        own = place.level == level or (place.level == "province" and place.city == place.name)
        if own and all(count < named[name] for other, count in named.items() if other and other != name):
            return _where(place)
    paper = _PAPER.search(opening)
    home = places.find(paper.group(1)) if paper else None
    return _where(home) if home and home.level == level else None


def _owner(place: Place, level: str) -> str:
    """The place of a level that another lies in, or the place itself; empty for one above the level."""
    if level == "province":
        return place.province
    if level == "city":
        return place.city
    return place.name if place.level == "county" else ""


def _level(text: str) -> str:
    """The level at which a text speaks most: province, city, county, or an empty string."""
    counts = {level: len(pattern.findall(text)) for level, pattern in _SPEAKS.items()}
    best = max(counts, key=lambda level: counts[level])
    return best if counts[best] else ""


def _from_parts(text: str, level: str) -> Where:
    """A text of a whole province, or of no level, that names places of one province only is that province's."""
    cities = {place.name: place.province for _, place in _hits(text[:20000]) if place.level == "city"}
    provinces = {place.province for _, place in _hits(text[:20000])}
    named = [place for _, place in _hits(text[:_LONGEST]) if place.level == "province"]
    if len(provinces) == 1 and ((level == "province" and len(cities) >= 3) or (not level and named)):
        place = places.find(provinces.pop())
        return _where(place) if place else Where()
    return Where()


def _where(place: Place) -> Where:
    if place.level == "county" and not place.city:
        # 潜江 and its like stand directly under their province and are compared with its prefectures.
        return Where(place.province, place.name, "", place.adcode)
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
