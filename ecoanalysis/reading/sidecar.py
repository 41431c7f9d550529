"""Read `NAME.toml` beside a report: what a person says about it overrules what was guessed from its text.

In: the path of the report. Out: the fields that the sidecar sets, and what is amiss with it as problems. A sidecar that
cannot be understood never stops the report from being read.
"""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ecoanalysis.errors import nearest
from ecoanalysis.reading.report import Problem

PLACE = ("province", "city", "district", "adcode")
_KINDS: dict[str, type | tuple[type, ...]] = {
    "city": str,
    "district": str,
    "adcode": str,
    "province": str,
    "year": int,
    "period_start": date,
    "period_end": date,
    "genre": str,
    "anonymous": bool,
    "title": str,
    "publisher": str,
    "published": (str, date),
    "url": str,
    "licence": str,
    "sample": bool,
}


def sidecar(path: Path, packed: bytes | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields that the sidecar of a report sets (none where there is no sidecar) and its problems.

    The sidecar of a report in an archive is handed in as `packed`.
    Dates may be TOML dates or text (2024-01-01); an empty text for a period means that it is not known.
    """
    beside = path.with_suffix(".toml")
    if packed is None and not beside.is_file():
        return {}, []
    try:
        raw = tomllib.loads((beside.read_bytes() if packed is None else packed).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        message = f"{beside.name} is not valid TOML and was left out: {error}. Mend it and read the report again."
        return {}, [Problem(path.stem, "sidecar_invalid", "error", message)]
    fields: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in raw.items():
        if key not in _KINDS:
            message = f"{beside.name} has an unknown key {key!r}. Nearest: {nearest(key, _KINDS) or ', '.join(_KINDS)}."
            problems.append(Problem(path.stem, "sidecar_unknown_key", "warning", message))
            continue
        try:
            fields[key] = _value(key, value)
        except ValueError as error:
            message = f"{beside.name}: {key} = {value!r} {error}; what the text says is used instead."
            problems.append(Problem(path.stem, "sidecar_wrong_value", "warning", message))
    if fields.get("anonymous") and any([fields.pop(key, "") for key in PLACE]):
        message = f"{beside.name} says that the report is anonymous and names a place; the place was left out."
        problems.append(Problem(path.stem, "sidecar_contradiction", "warning", message))
    return fields, problems


def _value(key: str, value: Any) -> Any:
    kind = _KINDS[key]
    if kind is date:
        return _date(value)
    if key == "published":
        return value if isinstance(value, str) else str(_date(value))
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        wanted = {str: "text", int: "a whole number", bool: "true or false"}[kind]  # type: ignore[index]
        raise ValueError(f"should be {wanted}")
    return value


def _date(value: Any) -> date | None:
    if value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("should be a date such as 2024-12-31") from None
