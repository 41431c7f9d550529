"""The place that a sidecar names, as `places.csv` has it: 赣州 becomes 赣州市, with its province and code.

In: the fields of a sidecar, and the place that the text speaks of. Out: province, city, district and adcode, and what is
amiss with them. A name that is not known is kept as written, without a code, and said to be unknown.
"""

from typing import Any

from ecoanalysis.errors import nearest
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.places import Place
from ecoanalysis.reading.place_evidence import ZONE, Where
from ecoanalysis.reading.sidecar import PLACE

_NAMES = ("province", "city", "district")


def placed(fields: dict[str, Any], guessed: Where) -> tuple[dict[str, str], list[str]]:
    """Return the place that the fields name, which drops what was guessed of another, and messages of what is amiss.

    A county-level city given as `city` is a district, as where a text speaks of itself. A code outranks names.

    >>> placed({"city": "赣州"}, Where())
    ({'province': '江西省', 'city': '赣州市', 'district': '', 'adcode': '360700'}, [])
    >>> placed({"city": "赣洲市"}, Where())[1]
    ["city = '赣洲市' is no place that is known. Nearest: 株洲市, 赣州市. It is kept as written, without a code"]
    """
    given = {key: fields[key].strip() for key in PLACE if key in fields}
    if not given:
        return {}, []
    code = given.get("adcode", "")
    if place := places.by_adcode(code):
        return _coded(place, given)
    amiss = [f"adcode = {code!r} is no code that is known, and was left out"] if code else []
    if amiss and given.keys() == {"adcode"}:
        return {}, amiss
    if given.get("district") and "city" not in given:
        given["city"] = guessed.city
    known, unknown = _walk(given)
    for key, name in unknown.items():
        if key == "province" or not ZONE.search(name):  # a development zone has no code
            amiss.append(_unknown(key, name, known))
    return _names(known) | unknown | ({"adcode": ""} if unknown else {}), amiss


def _walk(given: dict[str, str]) -> tuple[Place | None, dict[str, str]]:
    """Return the finest place that is known, each lying in the one before, and the names from the first that is not."""
    place: Place | None = None
    unknown: dict[str, str] = {}
    for key in _NAMES:
        name = given.get(key, "")
        found = places.find(name, within=place.name if place else "") if name and not unknown else None
        if found:
            place = found
        elif name:
            unknown[key] = name
    return place, unknown


def _coded(place: Place, given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the place of a code; a development zone may be named beside the code of its city."""
    names, amiss = _names(place), []
    for key in _NAMES:
        name = given.get(key, "")
        if key == "district" and ZONE.search(name) and not places.bearers(name):
            names["district"] = name
        elif name and names[key] not in (name, *(bearer.name for bearer in places.bearers(name))):
            amiss.append(
                f"{key} = {name!r} is not where adcode {place.adcode} lies ({place.name}); the code was followed"
            )
    return names, amiss


def _names(place: Place | None) -> dict[str, str]:
    if place is None:
        return dict.fromkeys(PLACE, "")
    district = place.name if place.level == "county" else ""
    return {"province": place.province, "city": place.city, "district": district, "adcode": place.adcode}


def _unknown(key: str, name: str, within: Place | None) -> str:
    kept = "It is kept as written, without a code"
    where = f" in {within.name}" if within else ""
    if bearers := places.bearers(name):
        said = ", ".join(f"{place.name} ({place.city or place.province})" for place in bearers[:5])
        inside = [place for place in bearers if not within or within.name in (place.province, place.city)]
        what = "the name of several places" if inside else "no place"
        return f"{key} = {name!r} is {what}{where}; there is {said}. {kept}"
    level = "county" if key == "district" else key
    alike = [place for place in places.all_places() if place.level == level]
    if within:
        alike = [place for place in alike if within.name in (place.province, place.city)]
    near = nearest(name, [place.name for place in alike]) or "none; full names are those of GB/T 2260"
    return f"{key} = {name!r} is no place that is known{where}. Nearest: {near}. {kept}"
