"""What readers call a place: a city, a district of a city, or one that nobody names.

In: a place as the tables tell it apart (云浮市, 惠州市/惠城区, or a report's name) and its kind. Out: a label in Chinese or English.
"""

from collections import Counter
from functools import cache

from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.phrases import phrase

CITY, DISTRICT, ANONYMOUS, ELSEWHERE = "city", "district", "anonymous", "elsewhere"
REGION = "region"  # a province or the nation: in no table of cities


def place_label(place: str, kind: str, language: str = "zh") -> str:
    """Return what a chart calls a place; of cities that are romanised alike the province tells which.

    >>> place_label("云浮市", CITY), place_label("云浮市", CITY, "en"), place_label("report-7", ANONYMOUS)
    ('云浮', 'Yunfu', '匿名')
    >>> place_label("宿州市", CITY, "en")
    'Suzhou (Anhui)'
    >>> place_label("惠州市/惠城区", DISTRICT), place_label("惠州市/大亚湾经济技术开发区", DISTRICT, "en")
    ('惠城（惠州）', 'development zone of Huizhou')
    """
    if kind in (ANONYMOUS, ELSEWHERE, REGION):
        return phrase(f"place.{kind}", language)
    if kind == CITY:
        return _city(place, language)
    city, _, district = place.partition("/")
    county = places.find(district, within=city) if city else places.find(district)
    name = district if county is None else county.short if language == "zh" else county.pinyin
    if not city:
        return name
    said = phrase("place.within" if county else "place.zone", language)
    return said.format(name=name, city=_city(city, language))


def _city(name: str, language: str) -> str:
    if name == phrase("place.nation"):
        return phrase("place.nation", language)
    label = places.label(name, language)
    found = places.find(name)
    if language == "zh" or found is None or found.pinyin not in _shared():
        return label
    return f"{label} ({places.label(found.province, language)})"


@cache
def _shared() -> frozenset[str]:
    """Return the romanised names that several cities share: 宜春 and 伊春."""
    counts = Counter(place.pinyin for place in places.all_places() if place.level == "city")
    return frozenset(name for name, count in counts.items() if count > 1)
