"""Tell whose a value is: the report's own place, or another that its sentence names.

In: a report and a scope as written. Out: a `Whose`. A bulletin of a province speaks of many cities, a city's of its counties;
a value told of one of them is that place's, not the report's.
"""

from dataclasses import dataclass
from functools import lru_cache

from ecoanalysis.extracting.scopes import WHOLE, wholes
from ecoanalysis.knowledge import places
from ecoanalysis.reading.report import Report

_PROVINCE, _NATION = frozenset({"全省", "我省", "本省", "全区", "全自治区"}), frozenset({"全国"})
_LEVELS = {"province": "province", "city": "city", "county": "county"}


@dataclass(frozen=True, slots=True)
class Whose:
    """The place that a value is of: full names, its code, its level, and the names by which a scope may call it."""

    city: str
    district: str
    adcode: str
    level: str
    names: tuple[str, ...]


def about(report: Report, scope: str) -> Whose:
    """Return the place that a value with this scope is of.

    >>> about(Report("a", "", "", "", city="赣州市", province="江西省", adcode="360700", level="city"), "南昌市").city
    '南昌市'
    """
    return _about(report.province, report.city, report.district, report.adcode, report.level, scope)


@lru_cache(maxsize=4096)
def _about(province: str, city: str, district: str, adcode: str, level: str, scope: str) -> Whose:
    own = tuple(name for name in (district, city if not district else "") if name) or ((province,) if province else ())
    if scope in _NATION:
        return Whose("", "", "", "nation", ("全国",))
    if scope in _PROVINCE and level in ("city", "county") and not (scope == "全区" and district):
        found = places.find(province) if province else None
        return Whose("", "", found.adcode if found else "", "province", (province, *_PROVINCE))
    if scope in WHOLE and scope not in wholes(level, district or city or province):
        if level == "city":  # 我县 in the words of a city is one of its counties, nobody says which
            return Whose(city, "", "", "county", ())
        if level == "county" and city and scope in wholes("city", city):
            above = places.find(city)
            return Whose(city, "", above.adcode if above else "", "city", (city, scope))
    named = None if scope in WHOLE else _named(scope, city, province)  # 全州 is the prefecture, not 全州县
    if named is None or named.name in own or (level == "province" and named.name == province):
        whole = {"province": tuple(_PROVINCE), "nation": ("全国",)}.get(level, ())
        return Whose(city, district, adcode, level, (*own, *whole))
    if named.level == "county":
        # 潜江 and its like stand directly under their province and are compared with its prefectures.
        if not named.city:
            return Whose(named.name, "", named.adcode, "city", (named.name, named.short))
        return Whose(named.city, named.name, named.adcode, "county", (named.name, named.short))
    prefecture = named.name if named.level == "city" else named.city  # a municipality is province and city
    return Whose(prefecture, "", named.adcode, _LEVELS[named.level], (named.name, named.short))


def _named(scope: str, city: str, province: str) -> places.Place | None:
    """Return the administrative place that a scope opens with, where it is its name and no more than a word for a part of it."""
    for length in range(min(len(scope), 14), 1, -1):
        rest = scope[length:]
        if rest not in ("", "全市", "市区", "城区", "中心城区", "主城区", "县城", "区", "全县", "全区", "全州"):
            continue
        for within in (city, province, ""):
            found = places.find(scope[:length], within=within) if within else places.find(scope[:length])
            if found is not None:
                return found
    return None
