"""Find whose report it is: the place of the bureau that speaks, not every place that the text mentions.

In: an `Imprint`. Out: an `Attribution`: the place, its level, where it was found, and how sure that is. The signs of
`place_evidence` add up for every province, then for every city of the best one, then for every county and development
zone of the best city; at each step the place itself and nothing are options too, and the words by which a text says its
level (全省, 我市, 全县) speak for them. A part's confidence is its share of exp(weight), a place's the product over its
parts. A development zone has no code of its own and never takes its city's; what is a county's, and of no county that is
known, is no city's.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reading.place_evidence import (
    Evidence,
    Imprint,
    Location,
    evidence,
    location_of,
    places_named,
    share_of,
    weights,
)

_SPOKEN = 5000
_STRONG = 3.5
_DISPUTED = 0.85
_LIKELY = 0.5
_UNNAMED = "?"
_ABOVE = ("publisher", "folder")
_SHARED = ("publisher", "signature")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose report it is; `level` is nation, province, city, county or empty, and may be known where the place is not.

    `rivals` are two places that strong signs name and that do not lie in each other.
    """

    place: Location = field(default_factory=Location)
    level: str = ""
    source: str = "none"
    confidence: float = 1.0
    rivals: tuple[str, ...] = ()


def find_place(imprint: Imprint) -> Attribution:
    """Return whose report it is.

    >>> find_place(Imprint("", "2024年,云浮市生态环境局共立案167宗。")).place.city
    '云浮市'
    >>> find_place(Imprint("", "市生态环境局大亚湾经济技术开发区分局在惠州市考核中获评优秀。")).place.district
    '大亚湾经济技术开发区'
    """
    found = evidence(imprint)
    spoken = _spoken(imprint)
    titled = dict(_levels())["nation"].search(imprint.title) and not places_named(imprint.title)
    options = {"": _weight("no_place"), "nation": spoken["nation"] + _weight("nation_title") * bool(titled)}
    province, sure = _best(_totals(found, lambda one: one.province), options)
    if province == "nation":
        return Attribution(Location(), "nation", "title", sure)
    if not province and (zone := _zone(found)):
        return Attribution(zone, "county", _source(found, zone), min(sure, _LIKELY))
    if not province:
        return Attribution(Location(), _top(spoken), "none", sure)
    spoken["county"] += spoken["region"]
    if province.endswith("自治区"):
        spoken["province"] += spoken["region"]
    of_city = spoken["city"] > spoken["county"]
    place, level, parts = _below(province, found, spoken)
    confidence = sure * math.prod(parts)
    if level == "county" and of_city and _source(found, place) in _SHARED:
        confidence = min(confidence, _DISPUTED)  # a county posts its city's notice
    if rivals := _rivals(found):
        confidence = min(confidence, _DISPUTED)
    return Attribution(place, level, _source(found, place), confidence, rivals)


def _below(province: str, found: list[Evidence], spoken: dict[str, float]) -> tuple[Location, str, list[float]]:
    """The city and the county within a province, the level, and how sure each step is."""
    top = _place(province)
    inside = [one for one in found if any(place.province in (province, "") for place in one.meant)]
    lower = spoken["city"] + spoken["county"]
    city, sure = province, 1.0
    if top.city != province:
        totals = _totals(inside, lambda one: one.city if one.province in (province, "") else "")
        own = _own(inside, top) + spoken["province"]
        options = {"": own, _UNNAMED: _weight("no_child") + lower}
        city, sure = _best({name: total + lower for name, total in totals.items()}, options)
        if not city:
            return top, "province", [sure]
        if city == _UNNAMED:
            return top if sure > _LIKELY else Location(), _top(spoken), [sure, _DISPUTED]
    place = _place(city)
    if place.adcode[2:4] == "90":  # 潜江 and its like have nothing below
        return place, "city", [sure]
    totals = _totals(inside, lambda one: one.district if one.city in (city, "") else "")
    spoken = {level: _weight("county_or_city") * weight for level, weight in spoken.items()}
    # Who says 我县 and names the city's bureau is supervised by it.
    above = (*_ABOVE, "heading", "body") if spoken["county"] > spoken["city"] else _ABOVE
    titled = (one for one in inside if one.source == "title" and one.weight >= _STRONG)
    if any(place.district for one in titled for place in one.meant):
        spoken["city"] = 0.0  # a county that its title names speaks of its city's 全市 too
    own = _own(inside, place, above) + spoken["city"]
    options = {"": own, _UNNAMED: _weight("no_child") + spoken["county"]}
    # A city below a city speaks of 全市 as well.
    for name in totals:
        totals[name] += spoken["county"] + 0.95 * spoken["city"] * name.endswith("市")
    district, certain = _best(totals, options)
    if not district:
        return place, "province" if city == province else "city", [sure, certain]
    if district == _UNNAMED:
        return Location(place.province), "county", [sure, certain, _DISPUTED]
    county = places.find(district, within=place.city)
    below = location_of(county) if county else Location(place.province, place.city, district, "")
    return below, "county", [sure, certain]


def _zone(found: list[Evidence]) -> Location | None:
    """A development zone that is clearly named, in a text that hardly says of which city: of the one most spoken of."""
    zones = [one for item in found if item.weight >= _STRONG for one in item.meant if one.district and not one.city]
    cities = _totals(found, lambda one: one.city)
    city = _place(max(cities, key=lambda name: cities[name])) if cities else Location()
    return Location(city.province, city.city, zones[0].district, "") if zones else None


def _own(found: list[Evidence], place: Location, above: tuple[str, ...] = _ABOVE) -> float:
    """What speaks for a place itself and for none in it; who publishes a page may lie above those whose report it is."""
    return _weight("own") + sum(one.weight for one in found if place in one.meant and one.source not in above)


def _place(name: str) -> Location:
    place = places.find(name)
    return location_of(place) if place else Location()


def _totals(found: list[Evidence], name: Callable[[Location], str]) -> dict[str, float]:
    """The weights of all signs by the name of the place that they speak for; half for each of several."""
    totals: dict[str, float] = defaultdict(float)
    for one in found:
        names = {name(place) for place in one.meant} - {""}
        for said in names:
            totals[said] += one.weight / min(len(names), 2)
    return totals


def _best(totals: dict[str, float], options: dict[str, float]) -> tuple[str, float]:
    """The option of most weight, and its share; of none that is likely, none."""
    weighed = options | totals
    top = max(weighed, key=lambda name: weighed[name])
    share = share_of(weighed.values())
    if top not in options and share < _LIKELY:
        return next(iter(options)), share
    return top, share


@cache
def _levels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["level"], re.compile(row["pattern"])) for row in rows("words/levels.csv"))


def _spoken(imprint: Imprint) -> dict[str, float]:
    """The weight that each level has by the words of the title and of the first part of the text."""
    spoken: dict[str, float] = defaultdict(float)
    for sign, text in (("words_title", imprint.title), ("words_body", imprint.text[:_SPOKEN])):
        counts = {level: len(pattern.findall(text)) for level, pattern in _levels()}
        total = sum(counts.values())
        for level, count in counts.items():
            spoken[level] += _weight(sign) * count / total if total else 0.0
    return spoken


def _top(spoken: dict[str, float]) -> str:
    """The level at which a text speaks that names no place."""
    counts = spoken | {"county": spoken["county"] + spoken["region"], "region": 0.0}
    best = max(counts, key=lambda level: counts[level])
    return best if counts[best] else ""


def _weight(sign: str) -> float:
    return weights()[sign][1]


def _source(found: list[Evidence], place: Location) -> str:
    """The source that speaks most for a place, or else for what lies in it."""
    for key in reversed(_names(place)):
        by_source: dict[str, float] = defaultdict(float)
        for one in found:
            if key and any(key in _names(meant) for meant in one.meant):
                by_source[one.source] += one.weight
        if by_source:
            return max(by_source, key=lambda source: by_source[source])
    return "none"


def _rivals(found: list[Evidence]) -> tuple[str, ...]:
    """Two places, each named strongly by one source, that do not lie in each other."""
    strong = [one for one in found if one.weight >= _STRONG and len(one.meant) == 1]
    for number, one in enumerate(strong):
        for other in strong[number + 1 :]:
            pair = one.meant[0], other.meant[0]
            if one.source != other.source and any(a and b and a != b for a, b in zip(*map(_names, pair), strict=True)):
                return tuple(place.district or place.city or place.province for place in pair)
    return ()


def _names(place: Location) -> tuple[str, str, str]:
    return place.province, place.city, place.district
