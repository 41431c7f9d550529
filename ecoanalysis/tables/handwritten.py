"""Read a table that a person wrote, in Excel or in an editor.

In: a CSV file, in UTF-8 or as Chinese Excel saves it. Out: its rows as text, each with its line, and dates and numbers
read from cells; what cannot be right is refused with file and line.
"""

import csv
import io
import math
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.tables.harmless import restored

WITHHELD = "withheld"
_SHOWN = 10  # faults named at once
Row = dict[str, str]


def read(path: Path, needed: Sequence[str], known: Sequence[str] | None = None) -> list[tuple[int, Row]]:
    """Return the rows of a table with their lines, cells without blanks around them; empty rows are passed over.

    A ' that was put before a text to keep it from being a formula (`tables.harmless`) is taken away.

    `RequestError` names a `needed` column that is missing, one that is not `known` where that is given, and a row that
    has more cells than the head.
    """
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), restkey="")
    reader.fieldnames = columns = [name.strip() for name in reader.fieldnames or ()]
    if missing := [name for name in needed if name not in columns]:
        raise RequestError(f"{paths.shown(path)} has no column {missing[0]!r}; it needs {', '.join(needed)}")
    if strange := [name for name in columns if name and known is not None and name not in known]:
        near = nearest(strange[0], known or ()) or "none"
        raise RequestError(f"{paths.shown(path)} has a column {strange[0]!r} that means nothing. Nearest: {near}")
    try:
        return [(reader.line_num, _cells(path, reader.line_num, row)) for row in reader if any(row.values())]
    except csv.Error as error:
        raise RequestError(f"{paths.shown(path)}, line {reader.line_num}: {error}; in Excel, save it anew") from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise RequestError(f"no file {paths.shown(path)}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RequestError(f"{paths.shown(path)} is no CSV file; in Excel, save it as “CSV UTF-8”")


def _cells(path: Path, line: int, row: dict[str, str | list[str] | None]) -> Row:
    if row.get(""):
        advice = "a text with a comma in it must stand in quotes"
        raise RequestError(f"{paths.shown(path)}, line {line}: more cells than the head has columns; {advice}")
    return {name: restored(cell.strip()) if isinstance(cell, str) else "" for name, cell in row.items() if name}


def refuse(what: str, faults: Sequence[str], advice: str = "") -> None:
    """Raise `RequestError` if there are faults: what they make of it, the first ten of them, and what to do."""
    if faults:
        more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        raise RequestError("\n".join(filter(None, [what, *faults[:_SHOWN], *more, advice])))


def number(cell: str) -> float:
    """Return a cell as a number, NaN for `withheld`; ValueError says what is wrong.

    >>> number("1,234.5")
    1234.5
    """
    if cell == WITHHELD:
        return math.nan
    try:
        value = float(cell.replace(",", ""))
    except ValueError:
        raise ValueError(f"{cell!r} is no number; write one such as 22.5, or {WITHHELD}") from None
    if not math.isfinite(value):
        raise ValueError(f"{cell!r} is no number; write {WITHHELD} for a value that the report withholds")
    return value


def day(cell: str) -> pd.Timestamp:
    """Return a cell as a date, NaT where it is empty; ValueError says what is wrong.

    >>> day("2024/1/31").date().isoformat()
    '2024-01-31'
    """
    if not cell:
        return pd.NaT
    if parts := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", cell):
        try:
            return pd.Timestamp(*map(int, parts.groups()))
        except ValueError:
            pass
    raise ValueError(f"{cell!r} is no date; write it as 2024-12-31, or leave it empty")
