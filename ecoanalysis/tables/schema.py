"""What every table holds: its columns, their types, what they mean and in which unit.

In: a DataFrame meant to be one of the tables. Out: the same rows with the columns in order and of the right type,
or a `TableError` that names the table, the column and the row. `datapackage.json` says what stands here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from numbers import Integral, Real

import pandas as pd

from ecoanalysis.errors import TableError
from ecoanalysis.knowledge.doubts import doubts

TEXT, NUMBER, WHOLE, MAYBE_WHOLE, TRUTH, DAY = "str", "float64", "int64", "Int64", "bool", "datetime64[us]"

STATS = ("level", "change", "rank", "streak")
BOUNDS = ("=", "~", ">", ">=", "<", "<=")
SEVERITIES = ("error", "warning", "note")
LEVELS = ("nation", "province", "city", "county")
FOUND_IN = (
    *("sidecar", "manifest", "table"),
    *("title", "publisher", "heading", "file", "folder", "body", "dateline", "signature", "none"),
)
FROM = (
    *("own_clause", "list", "subject", "sentence", "sentence_before", "heading", "title", "table"),
    *("assumed", "implied"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `needed` columns hold something in every row; `allowed` ones hold nothing but these.

    A `share` is a number from 0 to 1, in every row.
    """

    name: str
    dtype: str
    description: str
    unit: str = ""
    needed: bool = False
    allowed: tuple[str, ...] = ()
    share: bool = False


_REPORT = Column("report", TEXT, "The report: its file's name without the ending", needed=True)
_START = Column("start", WHOLE, "Where the quote starts in the repaired text", "code point", needed=True)
_END = Column("end", WHOLE, "Where the quote ends in the repaired text", "code point", needed=True)
_QUOTE = Column("quote", TEXT, "The words that say it: the repaired text from start to end", needed=True)
_CITY = Column("city", TEXT, "Full name of the city, empty where not known or withheld")
_DISTRICT = Column("district", TEXT, "Full name of the county, district or development zone, empty for the city itself")
_ADCODE = Column("adcode", TEXT, "GB/T 2260 code of the finest place that has one, six digits")
_PERIOD_START = Column("period_start", DAY, "First day of the period, empty where nothing states it", "date")
_FROM = "own_clause, list, subject, sentence_before, heading, title, table, assumed, implied; empty where none"
_PERIOD_END = Column("period_end", DAY, "Last day of the period, empty where still open or not stated", "date")

TABLES: dict[str, tuple[Column, ...]] = {
    "reports": (
        _REPORT,
        Column("path", TEXT, "The file, from the folder of reports; of a table, and its row", needed=True),
        Column("sha256", TEXT, "SHA-256 of the file's bytes", needed=True),
        Column("title", TEXT, "Title, empty where not known"),
        Column("publisher", TEXT, "Who published it"),
        Column("published", TEXT, "When it was published, as the source says"),
        Column("url", TEXT, "Where it was published"),
        Column("licence", TEXT, "Under which terms"),
        _CITY,
        _ADCODE,
        Column("province", TEXT, "Full name of the province"),
        _DISTRICT,
        Column(
            "level", TEXT, "Whose it is: nation, province, city or county (districts, zones)", allowed=("", *LEVELS)
        ),
        Column(
            "place_from", TEXT, "What says the place, such as title, file or sidecar", needed=True, allowed=FOUND_IN
        ),
        Column("place_confidence", NUMBER, "Probability that province, city and district are right", "share"),
        Column("year", MAYBE_WHOLE, "The year that it reports on", "year"),
        _PERIOD_START,
        _PERIOD_END,
        Column(
            "year_from", TEXT, "What says the year, such as title, dateline or sidecar", needed=True, allowed=FOUND_IN
        ),
        Column("year_confidence", NUMBER, "Probability that the year is right", "share"),
        Column("genre", TEXT, "What sort of text it is, such as an annual summary or a bulletin"),
        Column("encoding", TEXT, "The encoding that the file was read in"),
        Column("repairs", TEXT, "What was repaired and how often, such as 'pinyin gloss 31; traditional 402'"),
        Column("characters", WHOLE, "Length of the repaired text", "code point", needed=True),
        Column("anonymous", TRUTH, "True where the place is withheld or the text is a template", needed=True),
        Column("sample", TRUTH, "True for a text written for this project after public figures", needed=True),
    ),
    "texts": (
        _REPORT,
        Column("text", TEXT, "The repaired text that every start and end counts in"),
    ),
    "sections": (
        _REPORT,
        Column("section", WHOLE, "Number of the section within its report", needed=True),
        Column("heading", TEXT, "The heading as written, empty before the first"),
        Column("level", WHOLE, "1 for the highest headings, 0 for what stands before the first", needed=True),
        Column("start", WHOLE, "Where the section starts in the repaired text", "code point", needed=True),
        Column("end", WHOLE, "Where the section ends in the repaired text", "code point", needed=True),
        Column("domain", TEXT, "What it is about, such as air or water, empty where mixed or not known"),
        Column("planned", TRUTH, "True where it speaks of what is planned, not of what was done", needed=True),
    ),
    "quantities": (
        _REPORT,
        _START,
        _END,
        _QUOTE,
        Column("value", NUMBER, "The number, the lower one of a range; empty where withheld", "as `unit` says"),
        Column("high", NUMBER, "The upper number of a range, else empty", "as `unit` says"),
        Column("unit_text", TEXT, "The unit as written, such as 万元 or 家次"),
        Column("unit", TEXT, "The canonical unit, such as CNY"),
        Column("bound", TEXT, "= exact, ~ about, and > >= < <= for bounds", allowed=("", *BOUNDS)),
        Column("kind", TEXT, "Sort of number: count, share, money ... or date, ordinal, heading, name", needed=True),
        Column("head", TEXT, "The noun that it counts or measures"),
        Column("fact", TRUTH, "True where it became a fact", needed=True),
    ),
    "facts": (
        _REPORT,
        _CITY,
        _DISTRICT,
        _ADCODE,
        Column("about_city", TEXT, "Full name of the city whose value it is, which need not be the report's"),
        Column("about_district", TEXT, "Full name of the county, district or zone whose value it is, else empty"),
        Column("about_adcode", TEXT, "GB/T 2260 code of the finest place whose value it is that has one"),
        Column("level", TEXT, "Whose value: nation, province, city, county; empty if unknown", allowed=("", *LEVELS)),
        Column("metric", TEXT, "What is measured: an id of the table metrics", needed=True),
        Column("stat", TEXT, "level, change against an earlier period, rank, or streak", needed=True, allowed=STATS),
        Column("value", NUMBER, "The number in `unit`, empty where the report withholds it", "as `unit` says"),
        Column("unit", TEXT, "The metric's unit for a level; %, pp or that unit for a change; rank; year", needed=True),
        Column("unit_text", TEXT, "The unit as counted in the text, such as 件, 宗, 家 or 家次"),
        Column("bound", TEXT, "= exact, ~ about, and > >= < <= for bounds", needed=True, allowed=BOUNDS),
        _PERIOD_START,
        _PERIOD_END,
        Column("scope", TEXT, "What population the number is for, as written; empty where not stated"),
        Column("scope_class", TEXT, "The class of the scope; values compare only within one class"),
        Column("condition", TEXT, "Under which stated condition, such as dust_excluded; several with ; between"),
        Column("basis", TEXT, "Of a change: yoy or the words as written; of a rank: among whom"),
        Column("status", TEXT, "reported, or planned", needed=True, allowed=("reported", "planned")),
        _START,
        _END,
        _QUOTE,
        Column("rule", TEXT, "Which cue read it, what was inherited from before, and who corrected or confirmed it"),
        Column("metric_from", TEXT, f"Where the metric comes from: {_FROM}", allowed=("", *FROM)),
        Column("scope_from", TEXT, f"Where the scope comes from: {_FROM}", allowed=("", *FROM)),
        Column("period_from", TEXT, f"Where the period comes from: {_FROM}", allowed=("", *FROM)),
        Column("confidence", NUMBER, "Probability that all attributes are right, 0 to 1", "probability", share=True),
        Column("doubt", TEXT, "Main reason for a confidence below 0.9, else empty", allowed=("", *doubts())),
        Column("runner_up", TEXT, "The second best reading in words, empty where there is none"),
    ),
    "problems": (
        Column("report", TEXT, "The report, or the name of the file that is not one", needed=True),
        Column("code", TEXT, "What kind of problem", needed=True),
        Column("severity", TEXT, "error: left out; warning: look; note: good to know", needed=True, allowed=SEVERITIES),
        Column("message", TEXT, "What is amiss and what to do", needed=True),
        Column("start", MAYBE_WHOLE, "Where it starts in the repaired text, empty if nowhere", "code point"),
        Column("end", MAYBE_WHOLE, "Where it ends in the repaired text, empty if nowhere", "code point"),
    ),
    "metrics": (
        Column("metric", TEXT, "The metric's id", needed=True),
        Column("domain", TEXT, "What it is about, such as air, water or party, or a domain of your own", needed=True),
        Column("zh", TEXT, "Name in Chinese", needed=True),
        Column("en", TEXT, "Name in English", needed=True),
        Column("unit", TEXT, "The canonical unit of its levels", needed=True),
        Column(
            "better", TEXT, "Which direction is better; none: neither", needed=True, allowed=("higher", "lower", "none")
        ),
        Column("low", NUMBER, "Lowest plausible level, -inf where none is known", "as `unit` says"),
        Column("high", NUMBER, "Highest plausible level, inf where none is known", "as `unit` says"),
        Column("source", TEXT, "The standard or definition behind it"),
    ),
}


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
    typed = pd.DataFrame({column.name: _typed(rows, column, table) for column in columns})
    for column in columns:
        _check(typed, column, table)
    return typed


def _typed(rows: pd.DataFrame, column: Column, table: str) -> pd.Series:
    values = rows[column.name]
    if str(values.dtype) == column.dtype and not (column.dtype == TEXT and values.isna().any()):
        return values
    # A number kept as text, or None for a text, is a mistake of the code that made it: nothing is converted silently.
    fits = _FITS[column.dtype]
    for row, value in enumerate(values):
        if not fits(value):
            _refuse(rows, column, table, row, f"{value!r} is not of type {column.dtype}")
    return values.astype(column.dtype)


def _check(rows: pd.DataFrame, column: Column, table: str) -> None:
    values = rows[column.name]
    if column.share and (bad := ~values.between(0, 1)).any():
        row = int(bad.idxmax())
        _refuse(rows, column, table, row, f"{values[row]} is not from 0 to 1")
    if column.dtype != TEXT:
        return
    if column.needed and (bad := values == "").any():
        _refuse(rows, column, table, int(bad.idxmax()), "empty, where every row needs a value")
    if column.allowed and (bad := ~values.isin(column.allowed)).any():
        row = int(bad.idxmax())
        known = ", ".join(value for value in column.allowed if value)
        _refuse(rows, column, table, row, f"{values[row]!r} is not one of {known}")


def _refuse(rows: pd.DataFrame, column: Column, table: str, row: int, why: str) -> None:
    where = f" (report {rows['report'][row]!r})" if "report" in rows else ""
    raise TableError(f"table {table}, column {column.name}, row {row}{where}: {why}")
