"""What people say of a report beside its text: in a sidecar, in the manifest, in the columns of a table of texts.

In: the header and the cells of a table. Out: the fields that a sidecar would set, and what is amiss. Columns are found by
their usual names (`knowledge/words/columns.csv`) or told. Of two that speak of one report, the later overrules the earlier.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from ecoanalysis.errors import ReadingError, nearest
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.paths import plain
from ecoanalysis.reading.time_expressions import numerals

PLACE = ("province", "city", "district", "adcode", "level")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?年?度?", re.ASCII)
_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:日|[ T].*)?", re.ASCII)
_TRUTH = {**dict.fromkeys(("true", "yes", "1", "是"), True), **dict.fromkeys(("false", "no", "0", "否"), False)}


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says of a report: `by` is sidecar, manifest or table, `where` leads a person to it."""

    fields: dict[str, Any] = field(default_factory=dict)
    by: str = "sidecar"
    where: str = ""
    amiss: tuple[str, ...] = ()


def together(told: Sequence[Told]) -> tuple[dict[str, Any], dict[str, Told]]:
    """Return what several say of a report, the later before the earlier, and by field who says it.

    A place is said as a whole: the city of one is never put into the province of another; so are a year and its days.

    >>> together([Told({"province": "河南省", "city": "信阳市"}), Told({"city": "赣州市"})])[0]
    {'city': '赣州市'}
    """
    fields: dict[str, Any] = {}
    who: dict[str, Told] = {}
    for one in told:
        for whole in (PLACE, ("year", "period_start", "period_end")):
            if any(key in one.fields for key in whole):
                fields = {key: value for key, value in fields.items() if key not in whole}
        fields |= one.fields
        who |= dict.fromkeys(one.fields, one)
    return fields, who


def clean(name: str) -> str:
    """Return a name in one line and one direction, each character that is not to be seen as _.

    >>> clean("信阳市\\n2016")
    '信阳市_2016'
    """
    return "/".join(map(plain, name.split("/"))).strip()


def columns(header: Iterable[str], told: Mapping[str, str]) -> dict[str, str]:
    """Return by field the column that holds it: as `told`, else by its name. ReadingError no_column where one told is not there.

    >>> columns(["省份", "City", "年份", "doc"], {})
    {'text': 'doc', 'province': '省份', 'city': 'City', 'year': '年份'}
    """
    there = {_plain(name): name for name in reversed(list(header))}
    found = {}
    for key, name in told.items():
        if _plain(name) not in there:
            near = nearest(name, there.values()) or ", ".join(list(there.values())[:20])
            raise ReadingError("no_column", f"has no column {name!r} for {key}. Nearest: {near}")
        found[key] = there[_plain(name)]
    for row in rows("words/columns.csv"):
        column = there.get(_plain(row["name"]))
        if column is not None and row["field"] not in found and column not in told.values():
            found[row["field"]] = column
    return found


def known_fields() -> list[str]:
    """Return the fields that a column may hold."""
    return list(dict.fromkeys(row["field"] for row in rows("words/columns.csv")))


@cache
def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name).removeprefix("\ufeff").casefold())


@cache
def level_of(name: str) -> str:
    """Return the level that a word names, empty where it names none.

    >>> level_of("全国"), level_of("省级"), level_of("信阳市")
    ('nation', 'province', '')
    """
    return next((row["level"] for row in rows("words/level-names.csv") if row["name"] == _plain(name)), "")


def cell_text(cell: object) -> str:
    """Return a cell as a text: empty where nothing is in it, a day as 2016-12-31, a whole number without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or isinstance(cell, (bytes, list, dict)):
        return ""
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:.15g}"
    return f"{cell:%Y-%m-%d}" if isinstance(cell, (date, datetime)) else str(cell)


def fields_of(cells: Mapping[str, object]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the fields that some cells set, by field, and what is amiss with them; an empty cell sets nothing.

    >>> fields_of({"city": "信阳", "year": "2016年", "published": "2017/1/5", "url": ""})
    ({'city': '信阳', 'year': 2016, 'published': '2017-01-05'}, ())
    >>> fields_of({"year": "近年"})[1]
    ("year = '近年' is no year such as 2016; what the text says is used instead",)
    """
    fields: dict[str, Any] = {}
    amiss = []
    for key, cell in cells.items():
        if not (text := cell_text(cell)):
            continue
        try:
            fields[key] = _READERS[key](text) if key in _READERS else clean(text)
        except ValueError as error:
            amiss.append(f"{key} = {text[:40]!r} {error}; what the text says is used instead")
    for key in ("province", "city"):
        if level_of(fields.get(key, "")) == "nation":
            fields = {name: value for name, value in fields.items() if name not in PLACE} | {"level": "nation"}
    return fields, tuple(amiss)


def _year(text: str) -> int:
    if match := _YEAR.fullmatch(numerals(text)) or _DAY.fullmatch(text):
        return int(match[1])
    raise ValueError("is no year such as 2016")


def _day(text: str) -> date:
    if match := _DAY.fullmatch(numerals(text)):
        with suppress(ValueError):
            return date(*map(int, match.groups()))
    raise ValueError("is no day such as 2016-12-31")


def _published(text: str) -> str:
    try:
        return _day(text).isoformat()
    except ValueError:
        return clean(text)


def _level(text: str) -> str:
    if level := level_of(text):
        return level
    raise ValueError("is no level: nation, province, city or county")


def _truth(text: str) -> bool:
    try:
        return _TRUTH[text.lower()]
    except KeyError:
        raise ValueError("should be true or false") from None


_READERS: dict[str, Any] = {
    "year": _year,
    "period_start": _day,
    "period_end": _day,
    "published": _published,
    "level": _level,
    "anonymous": _truth,
    "sample": _truth,
}
