"""Provinces, prefectures and counties of China, with their GB/T 2260 codes and names for labels.

In: a name, full (云浮市) or short (云浮). Out: a `Place`, or None where the name is unknown or several places bear it
and nothing tells which. The data is `places.csv` beside this module; `SOURCES.md` says where it comes from.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LEVELS = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Place:
    """One administrative division; `level` is province, city (prefecture) or county.

    `city` is the full name of the prefecture that it is or lies in; a municipality such as 北京市 is a province and a
    city.
    """

    adcode: str
    name: str
    short: str
    level: str
    province: str
    city: str
    pinyin: str


@cache
def all_places() -> tuple[Place, ...]:
    """Return every place of `places.csv`, in the order of the codes."""
    with (Path(__file__).parent / "places.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(Place(**row) for row in csv.DictReader(lines))


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    named: dict[str, list[Place]] = defaultdict(list)
    for place in all_places():
        named[place.name].append(place)
        if place.short != place.name:
            named[place.short].append(place)
    return {name: tuple(places) for name, places in named.items()}


@cache
def _by_adcode() -> dict[str, Place]:
    return {place.adcode: place for place in all_places()}


def by_adcode(adcode: str) -> Place | None:
    """Return the place of a six-digit code.

    >>> by_adcode("445300").name
    '云浮市'
    """
    return _by_adcode().get(adcode)


def bearers(name: str) -> tuple[Place, ...]:
    """Return every place of this full or short name.

    >>> [place.city for place in bearers("通州区")]
    ['北京市', '南通市']
    """
    return _by_name().get(name, ())


def find(name: str, within: str = "") -> Place | None:
    """Return the one place of this full or short name, or None where it is unknown or ambiguous.

    `within` is the full name of a province or a city that the place must lie in. Among places of different levels the
    highest is meant, as one says 西安 for the city and not for the district of that name; but a name that a district of
    a municipality bears too (朝阳) is left unresolved.

    >>> find("云浮").adcode
    '445300'
    >>> find("朝阳") is None
    True
    >>> find("朝阳", within="辽宁省").name
    '朝阳市'
    >>> find("通州区", within="南通市").adcode
    '320612'
    """
    places = [place for place in bearers(name) if not within or within in (place.province, place.city, place.name)]
    if not places:
        return None
    top = min(_LEVELS.index(place.level) for place in places)
    highest = [place for place in places if _LEVELS.index(place.level) == top]
    if len(highest) > 1:
        return None
    (best,) = highest
    rivals = [place for place in places if place is not best and place.city != best.city]
    if best.level == "city" and any(rival.city == rival.province for rival in rivals):
        return None
    return best


def label(name: str, language: str = "zh") -> str:
    """Return the short name of a place for a label: Chinese, or romanised where `language` is en.

    A name that is not in the list is returned as it is.

    >>> label("云浮市"), label("六安市", "en"), label("内蒙古自治区", "en")
    ('云浮', "Lu'an", 'Inner Mongolia')
    """
    place = find(name) or next(iter(bearers(name)), None)
    if place is None:
        return name
    return place.pinyin if language == "en" else place.short
