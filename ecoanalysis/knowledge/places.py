"""Provinces, prefectures and counties of China, with their GB/T 2260 codes and names for labels.

In: a name, full (云浮市) or short (云浮). Out: a `Place`, or None where the name is unknown or several places bear it
and nothing tells which. The data is `places.csv` beside this module; `SOURCES.md` says where it comes from.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ecoanalysis.knowledge.tables import rows, words

_LEVELS = ("province", "city", "county")
# A short name is none inside a street, a stone, a saying: 南京路, 大理石, 长治久安, 入海口.
_COUNTY_AFTER = re.compile("城区|县城|空气|生态环境|环保|水质")
_NOT_AFTER = re.compile("路|河(?![南北道流长段])|大道|街|石|久安|时间|大学|学院|银行|治(?!污|理|气|水|霾|土)")


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
    return tuple(Place(**row) for row in rows("places.csv"))


def names_of(place: Place) -> tuple[str, ...]:
    """Return the full and the short name of a place, and of an autonomous prefecture the one in between.

    >>> names_of(find("玉树藏族自治州"))
    ('玉树藏族自治州', '玉树', '玉树州')
    """
    between = f"{place.short}州" if place.level == "city" and place.name.endswith("自治州") else ""
    return tuple(dict.fromkeys(name for name in (place.name, place.short, between) if name))


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    named: dict[str, list[Place]] = defaultdict(list)
    for place in all_places():
        for name in names_of(place):
            named[name].append(place)
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


_ENDS = re.compile("[省市州盟县区旗镇乡场]$|街道$")


def is_place(name: str) -> bool:
    """Tell whether a name is one of a place, or ends as those of places do.

    >>> is_place("武夷山"), is_place("龙湾屯镇"), is_place("综合指数")
    (True, True, False)
    """
    return bool(bearers(name)) or _ENDS.search(name) is not None


@lru_cache(10_000)  # a table names the same few hundred in all its rows
def find(name: str, within: str = "") -> Place | None:
    """Return the one place of this full, short or former name, or None where it is unknown or ambiguous.

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
    places = [
        place
        for place in bearers(name) or former().get(name, ())
        if not within or within in (place.province, place.city, place.name)
    ]
    if not places:
        return None
    top = min(_LEVELS.index(place.level) for place in places)
    highest = [place for place in places if _LEVELS.index(place.level) == top]
    best = highest[0]
    rivals = [place for place in places if place.city != best.city]
    of_municipality = best.level == "city" and any(rival.city == rival.province for rival in rivals)
    return None if len(highest) > 1 or of_municipality else best


@cache
def former() -> dict[str, tuple[Place, ...]]:
    """Return the places of the names that are in use no longer, or beside the official ones: 旬阳县, 吴江市, 西盟县."""
    named: dict[str, list[Place]] = defaultdict(list)
    for place in all_places():
        if place.level == "county" and len(place.short) > 1 and place.name.endswith(("区", "市", "自治县", "自治旗")):
            named[f"{place.short}{'旗' if place.name.endswith('旗') else '县'}"].append(place)
    for row in rows("words/former-places.csv"):
        named[row["name"]].append(_by_adcode()[row["adcode"]])
    return {name: tuple(places) for name, places in named.items() if name not in _by_name()}


def called(name: str) -> tuple[Place, ...]:
    """Return every place of this name, full, short or former; those of which it is the full name where there are any.

    >>> called("旬阳县")[0].name, called("甘孜州")[0].name, called("通州区")[0].name
    ('旬阳市', '甘孜藏族自治州', '通州区')
    """
    return tuple(place for place in bearers(name) if place.name == name) or bearers(name) or former().get(name, ())


@cache
def _finder() -> tuple[AhoCorasick, list[tuple[str, tuple[Place, ...]]]]:
    """A searcher for full and former names, and for the short ones of provinces and cities (仙桃 too) where they are clear."""
    full = (name for place in all_places() for name in names_of(place) if name == place.name or name != place.short)
    known = {name: called(name) for name in full} | former()
    for place in all_places():
        clear = find(place.short)
        if clear and (clear.level != "county" or not clear.city) and place.short not in known:
            known[place.short] = (clear,)
    for place in all_places():
        if place.level == "county" and len(place.short) > 1:
            known.setdefault(place.short, called(place.short))
    entries = [(name, places) for name, places in known.items() if name not in words("words/any-district.txt")]
    return AhoCorasick([name for name, _ in entries], matchkind=MatchKind.LeftmostLongest), entries


def mentions(text: str) -> Iterator[tuple[int, int, tuple[Place, ...]]]:
    """Yield where a text names a place, from and to, and every place that may be meant, in reading order.

    >>> [(text, [place.city for place in meant]) for text, meant in
    ...  (("通州区", p) for _, _, p in mentions("南京路在通州区"))]
    [('通州区', ['北京市', '南通市'])]
    """
    searcher, entries = _finder()
    for number, start, end in searcher.find_matches_as_indexes(text):
        name, meant = entries[number]
        first = meant[0]
        saying = _NOT_AFTER.match(text, end) or text[max(0, start - 1) : start] == "入"
        short_of_county = name == first.short and first.level == "county" and first.city
        if (name == first.name or not saying) and (not short_of_county or _COUNTY_AFTER.match(text, end)):
            yield start, end, meant


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
