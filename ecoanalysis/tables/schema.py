"""What every table holds: its columns, their types, what they mean and in which unit.

In: `knowledge/columns.csv`, and a DataFrame meant to be one of the tables. Out: the same rows with the columns in order and
of the right type, or a `TableError` that names the table, the column and the row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from numbers import Integral, Real

import pandas as pd

from ecoanalysis.errors import TableError
from ecoanalysis.knowledge.doubts import doubts
from ecoanalysis.knowledge.tables import rows as knowledge

TEXT, NUMBER, WHOLE, MAYBE_WHOLE, TRUTH, DAY = "str", "float64", "int64", "Int64", "bool", "datetime64[us]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `needed` columns hold something in every row; of texts, `allowed` are those that may be there if any is.

    A `share` is a number from 0 to 1, in every row.
    """

    name: str
    dtype: str
    description: str
    unit: str
    needed: bool
    allowed: tuple[str, ...]
    share: bool


def _column(row: dict[str, str]) -> Column:
    allowed = doubts() if row["allowed"] == "doubts.csv" else filter(None, row["allowed"].split(";"))
    needed, share = row["needed"] == "yes", row["share"] == "yes"
    return Column(row["column"], row["dtype"], row["description"], row["unit"], needed, tuple(allowed), share)


TABLES: dict[str, tuple[Column, ...]] = {
    table: tuple(_column(row) for row in knowledge("columns.csv") if row["table"] == table)
    for table in ("reports", "texts", "sections", "quantities", "facts", "problems", "metrics")
}
DAYS = ("period_start", "period_end")
FACTS = {column.name: column for column in TABLES["facts"]}
SEVERITIES = ("error", "warning", "note")  # worst first


def _is_whole_or_missing(value: object) -> bool:
    # pandas makes floats of whole numbers as soon as one of them is missing.
    whole = isinstance(value, Integral) or (isinstance(value, Real) and (float(value).is_integer() or value != value))
    return isinstance(value, _MISSING) or (whole and not isinstance(value, bool))


_MISSING = (type(None), type(pd.NA), type(pd.NaT))
_FITS: dict[str, Callable[[object], bool]] = {
    TEXT: lambda value: isinstance(value, str),
    NUMBER: lambda value: isinstance(value, (Real, *_MISSING)) and not isinstance(value, bool),
    WHOLE: lambda value: isinstance(value, Integral) and not isinstance(value, bool),
    MAYBE_WHOLE: _is_whole_or_missing,
    TRUTH: lambda value: isinstance(value, (bool, pd.api.types.pandas_dtype("bool").type)),
    DAY: lambda value: isinstance(value, (date, *_MISSING)),
}


def empty(table: str) -> pd.DataFrame:
    """Return the table without rows, its columns in place.

    >>> list(empty("problems"))
    ['report', 'code', 'severity', 'message', 'start', 'end']
    """
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in TABLES[table]})


def conform(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return `frame` as the table named `table`: columns in order, each of its type, rows numbered from 0.

    A missing or unknown column, a value of another type, an empty value where one is needed and a value that is not
    allowed raise `TableError`.

    >>> rows = pd.DataFrame({"report": ["a"], "code": ["empty"], "severity": ["grave"], "message": ["..."],
    ...                      "start": [None], "end": [None]})
    >>> conform(rows, "problems")
    Traceback (most recent call last):
    ecoanalysis.errors.TableError: table problems, column severity, row 0 (report 'a'): 'grave' is not one of error, \
warning, note
    """
    columns = TABLES[table]
    names = [column.name for column in columns]
    if missing := [name for name in names if name not in frame.columns]:
        raise TableError(f"table {table}: no column {', '.join(missing)}")
    if unknown := [str(name) for name in frame.columns if name not in names]:
        raise TableError(f"table {table}: unknown column {', '.join(unknown)}")
    rows = frame[names].reset_index(drop=True)
    for column in columns:
        values = rows[column.name]
        if str(values.dtype) != column.dtype or (column.dtype == TEXT and values.array.isna().any()):
            values = rows[column.name] = _typed(rows, column, table)
        _check(rows, column, table, values)
    return rows


def _typed(rows: pd.DataFrame, column: Column, table: str) -> pd.Series:
    # A number kept as text, or None for a text, is a mistake of the code that made it: nothing is converted silently.
    fits = _FITS[column.dtype]
    for row, value in enumerate(rows[column.name]):
        if not fits(value):
            _refuse(rows, column, table, row, f"{value!r} is not of type {column.dtype}")
    return rows[column.name].astype(column.dtype)


def _check(rows: pd.DataFrame, column: Column, table: str, values: pd.Series) -> None:
    if column.share and (bad := ~values.between(0, 1)).any():
        row = int(bad.idxmax())
        _refuse(rows, column, table, row, f"{values[row]} is not from 0 to 1")
    if column.dtype != TEXT:
        return
    # Their array is asked: a Series for each answer would take longer than all else that is done with a short report.
    if column.needed and (bad := values.array == "").any():
        _refuse(rows, column, table, int(bad.argmax()), "empty, where every row needs a value")
    if column.allowed and (strange := {*values.unique()} - {"", *column.allowed}):
        row = int(values.isin(strange).idxmax())
        _refuse(rows, column, table, row, f"{values[row]!r} is not one of {', '.join(column.allowed)}")


def _refuse(rows: pd.DataFrame, column: Column, table: str, row: int, why: str) -> None:
    where = f" (report {rows['report'][row]!r})" if "report" in rows else ""
    raise TableError(f"table {table}, column {column.name}, row {row}{where}: {why}")
