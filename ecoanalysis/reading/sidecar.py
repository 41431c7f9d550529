"""Read `NAME.toml` beside a report: what a person says about it overrules what was guessed from its text.

In: the path of the report. Out: the fields that the sidecar sets, the place that they name as `places.csv` has it (赣州
becomes 赣州市, with its province and code), and what is amiss with either. A sidecar that cannot be understood never stops
the report from being read.
"""

import io
import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from reprlib import repr as shortly
from typing import Any

from ecoanalysis.errors import nearest
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.places import Place
from ecoanalysis.paths import plain
from ecoanalysis.reading.place_evidence import ZONE, Location
from ecoanalysis.reading.report import Problem
from ecoanalysis.reading.stated_metadata import PLACE

_CODED = PLACE[:4]
_NAMES = PLACE[:3]
_LEVELS = ("nation", "province", "city", "county")
_KINDS: dict[str, Any] = dict.fromkeys(("city", "district", "adcode", "province", "level"), str)
_KINDS |= {"year": int, "period_start": date, "period_end": date, "genre": str, "anonymous": bool}
_KINDS |= dict.fromkeys(("title", "publisher", "published", "url", "licence"), str) | {"sample": bool}
_LARGEST, _LONGEST = 20_000, 500  # bytes of a sidecar, characters of a text in it
_WANTED = {str: "text", int: "a whole number", bool: "true or false"}


def sidecar_fields(path: Path, name: str, packed: bytes | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields that the sidecar of the report `name` sets (none where there is no sidecar) and its problems.

    The sidecar of a report in an archive is handed in as `packed`.
    Dates may be TOML dates or text (2024-01-01); an empty text for a period means that it is not known.
    """
    file = path.with_suffix(".toml")
    if packed is None and not file.is_file():
        return {}, []
    fields: dict[str, Any] = {}
    problems: list[Problem] = []

    def note(code: str, message: str, severity: str = "warning") -> None:
        problems.append(Problem(name, f"sidecar_{code}", severity, f"{file.name}{message}"))

    try:
        with io.BytesIO(packed) if packed is not None else file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ValueError(f"more than {_LARGEST:,} bytes")
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError, OSError) as error:
        note("invalid", f" is not valid TOML and was left out: {error}. Mend it and read the report again.", "error")
        return {}, problems
    for key, value in raw.items():
        if key not in _KINDS:
            near = nearest(key, _KINDS) or ", ".join(_KINDS)
            note("unknown_key", f" has an unknown key {shortly(key)}. Nearest: {near}.")
            continue
        try:
            fields[key] = _value(key, value)
        except ValueError as error:
            note("wrong_value", f": {key} = {shortly(value)} {error}; what the text says is used instead.")
    if fields.get("anonymous") and any([fields.pop(key, "") for key in PLACE]):
        note("contradiction", " says that the report is anonymous and names a place; the place was left out.")
    return fields, problems


def _value(key: str, value: Any) -> Any:
    kind = _KINDS[key]
    if kind is date:
        return _date(value)
    if key == "published" and not isinstance(value, str):
        return str(_date(value))
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"should be {_WANTED[kind]}")
    if key == "level" and value not in _LEVELS:
        raise ValueError(f"should be one of {', '.join(_LEVELS)}")
    if isinstance(value, str) and len(value) > _LONGEST:
        raise ValueError(f"has more than {_LONGEST} characters")
    if kind is int and not 1900 <= value <= 2100:
        raise ValueError("should be a year such as 2024")
    return plain(value) if kind is str else value


def _date(value: Any) -> date | None:
    if value == "":
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("should be a date such as 2024-12-31") from None


def sidecar_place(fields: dict[str, Any], guessed: Location) -> tuple[dict[str, str], list[str]]:
    """Return the place that the fields name, which drops what was guessed of another, and messages of what is amiss.

    A county-level city given as `city` is a district, as where a text speaks of itself. A code outranks names. A name that
    is not known is kept as written, without a code.

    >>> sidecar_place({"city": "赣州"}, Location())
    ({'province': '江西省', 'city': '赣州市', 'district': '', 'adcode': '360700'}, [])
    >>> sidecar_place({"city": "赣洲市"}, Location())[1]
    ["city = '赣洲市' is no place that is known. Nearest: 株洲市, 赣州市. It is kept as written, without a code"]
    """
    given = {key: fields[key].strip() for key in _CODED if key in fields}
    if fields.get("level") == "nation":
        return dict.fromkeys(_CODED, ""), ["level = 'nation' is no city's; the place was left out"] if given else []
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
    known: Place | None = None  # the finest, each lying in the one before
    unknown: dict[str, str] = {}  # the names from the first that is not known
    for key in filter(given.get, _NAMES):
        found = places.find(given[key], within=known.name if known else "") if not unknown else None
        if found:
            known = found
        else:
            unknown[key] = given[key]
    # A development zone has no code.
    amiss += [_unknown(*one, known) for one in unknown.items() if one[0] == "province" or not ZONE.search(one[1])]
    return _names(known) | unknown | ({"adcode": ""} if unknown else {}), amiss


def _coded(place: Place, given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the place of a code; a development zone may be named beside the code of its city."""
    names, amiss = _names(place), []
    for key in filter(given.get, _NAMES):
        name, bearers = given[key], places.bearers(given[key])
        if key == "district" and ZONE.search(name) and not bearers:
            names["district"] = name
        elif names[key] not in (name, *(bearer.name for bearer in bearers)):
            lies = f"is not where adcode {place.adcode} lies ({place.name}); the code was followed"
            amiss.append(f"{key} = {name!r} {lies}")
    return names, amiss


def _names(place: Place | None) -> dict[str, str]:
    if place is None:
        return dict.fromkeys(_CODED, "")
    district = place.name if place.level == "county" else ""
    return {"province": place.province, "city": place.city, "district": district, "adcode": place.adcode}


@lru_cache(10_000)  # a table may say it in every row
def _unknown(key: str, name: str, within: Place | None) -> str:
    kept = "It is kept as written, without a code"
    where = f" in {within.name}" if within else ""

    def inside(found: tuple[Place, ...] | list[Place]) -> list[Place]:
        return [place for place in found if not within or within.name in (place.province, place.city)]

    if bearers := places.bearers(name):
        said = ", ".join(f"{place.name} ({place.city or place.province})" for place in bearers[:5])
        what = "the name of several places" if inside(bearers) else "no place"
        return f"{key} = {name!r} is {what}{where}; there is {said}. {kept}"
    level = "county" if key == "district" else key
    alike = [place.name for place in inside(places.all_places()) if place.level == level]
    near = nearest(name, alike) or "none; full names are those of GB/T 2260"
    return f"{key} = {name!r} is no place that is known{where}. Nearest: {near}. {kept}"
