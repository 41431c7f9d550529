"""What is in doubt, worst for the charts first, as an Excel file that a person fills in (docs/review.md).

In: the tables of data/processed. Out: the queue as a DataFrame; a workbook with the sheets review, reports and help, in
which no text of a report is ever a formula, for strangers write reports; and from a workbook that a person filled in the
rows as texts. `verdicts` takes these back.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import python_calamine
import xlsxwriter

from ecoanalysis import paths
from ecoanalysis.errors import ReadingError, RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.doubts import OTHER, doubt_text
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.scopes import classes
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.reading.workbook import check_workbook
from ecoanalysis.tables import corrections
from ecoanalysis.tables.confirmed import ATTRIBUTES, Reviewed, key_of, reading_of, sentence_of
from ecoanalysis.tables.harmless import opens_formula
from ecoanalysis.tables.store import Tables, about_reports
from ecoanalysis.tables.sure import SURE, check_sure, unsure

SHEET = "review"
VERDICTS = ("right", "other value", "not a fact")
_MADE = datetime(2000, 1, 1)  # a file cannot do without a time of making; a fixed one keeps two runs alike
CELL = 32_767  # characters that a cell holds
_WIDE = {"sentence": 60, "quote": 36, "reason_zh": 24, "reason_en": 24, "runner_up": 36, "name": 24}
READ = tuple(f"read_{name}" for name in ATTRIBUTES)
ASKED = (
    *("key", "cities", "confidence", "reason_zh", "reason_en", "report", "name", "sentence", "quote"),
    *(*READ, "runner_up"),
)
FILLED = ("verdict", *ATTRIBUTES, "by", "when", "why")


def write_workbook(file: Path, table: pd.DataFrame, reports: pd.DataFrame) -> None:
    """Write a queue in which what is to be filled in is yellow; the sheet help says what to write where."""
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": _MADE})
        _sheet(book, SHEET, table)
        _sheet(book, "reports", reports)
        _sheet(book, "help", pd.DataFrame(knowledge("review_help.csv")))


def _sheet(book: xlsxwriter.Workbook, name: str, table: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name)
    head, plain = book.add_format({"bold": True, "text_wrap": True}), {"text_wrap": True, "valign": "top"}
    text = book.add_format(plain | {"num_format": "@"})
    formula = book.add_format(plain | {"num_format": "@", "quote_prefix": True})
    empty = book.add_format(plain | {"num_format": "@", "bg_color": "#fff8dc"})
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(table):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, _WIDE.get(title, 14))
        for row, value in enumerate(table[title], 1):
            if name == SHEET and title in FILLED:
                sheet.write_blank(row, column, None, empty)
            elif isinstance(value, str):
                sheet.write_string(row, column, value[:CELL], formula if opens_formula(value) else text)
            elif not pd.isna(value):
                sheet.write_number(row, column, value)
        if title == "verdict" and len(table):
            sheet.data_validation(1, column, len(table), column, {"validate": "list", "source": list(VERDICTS)})


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a review with their numbers, cells as texts without blanks around them; empty rows are left out.

    A file that is none, or has no sheet `review`, raises `RequestError`.
    """
    shown = paths.shown(path)
    if not path.is_file():
        raise RequestError(f"no file {shown}; `ecoanalysis review` writes one")
    try:
        check_workbook(path)
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except ReadingError as error:
        raise RequestError(f"{shown} is no review: it {error}") from None
    except (python_calamine.CalamineError, OSError) as error:
        raise RequestError(f"{shown} is no review: {error}; save it as .xlsx, the sheet's name as it was") from None
    head, *body = [[_text(cell) for cell in row] for row in sheet] or [[]]
    named = [dict(zip(head, row, strict=True)) for row in body]
    return [(at, row) for at, row in enumerate(named, 2) if any(row.values())]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, (int, float)):
        return f"{cell:.12g}"
    if isinstance(cell, (date, datetime)):
        return f"{cell:%Y-%m-%d}"
    return str(cell).strip()


def queue(tables: Tables, sure: float = SURE) -> pd.DataFrame:
    """Return the facts with a confidence below `sure`, one a row, those first that would enter the largest rankings.

    `cities` is how many cities the ranking would have that the value would enter, 0 where it would enter none. Readings
    that the project's corrections have settled are left out, and so are repeats of one sentence.
    """
    check_sure(sure)
    settled = {row.key for row in corrections.load() if isinstance(row, Reviewed)}
    size = _sizes(tables.facts)
    asked = by_key(tables.facts[~(tables.facts["confidence"] >= sure)], tables.texts)
    rows = [_row(fact, key, sentence, size) for key, (fact, sentence) in asked.items() if key not in settled]
    order = sorted(rows, key=lambda row: (-row["cities"], row["confidence"], row["report"], row["at"]))
    return pd.DataFrame(order, columns=list(ASKED)).astype({"cities": "int64", "confidence": "float64"})


def by_key(facts: pd.DataFrame, texts: pd.DataFrame) -> dict[str, tuple[dict[str, Any], str]]:
    """Return facts with their sentences by key, the first of those that repeat one."""
    said = dict(zip(texts["report"], texts["text"], strict=True))
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for fact in facts.to_dict("records"):
        sentence = sentence_of(said[fact["report"]], fact["start"], fact["end"])
        found.setdefault(key_of(fact, sentence), (fact, sentence))
    return found


def _row(fact: Mapping[str, Any], key: str, sentence: str, size: Mapping[tuple, int]) -> dict[str, Any]:
    doubt = fact["doubt"] or OTHER
    about = {"key": key, "cities": size.get(_group(fact), 0) if _ranked(fact) else 0, "at": fact["start"]}
    said = {"name": catalogue.metrics()[fact["metric"]].zh, "sentence": sentence, "quote": fact["quote"]}
    why = {"reason_zh": doubt_text(doubt, "zh"), "reason_en": doubt_text(doubt, "en")}
    read = {f"read_{name}": cell for name, cell in reading_of(fact).items()}
    kept = {name: fact[name] for name in ("confidence", "report", "runner_up")}
    return about | said | why | read | kept


def _ranked(fact: Mapping[str, Any]) -> bool:
    """Return whether a ranking would take a value, were it certain: a city's level, reported, of a full year."""
    start, end = fact["period_start"], fact["period_end"]
    if not full_year(start, end) or pd.isna(fact["value"]) or fact["bound"] not in ("=", "~"):
        return False
    city = fact["about_city"] != "" and fact["about_district"] == ""
    result = fact["stat"] == "level" and fact["status"] == "reported"
    return city and result and classes().get(fact["scope_class"], {}).get("compares") == "class"


def _group(fact: Mapping[str, Any]) -> tuple:
    return fact["metric"], fact["period_end"], fact["scope_class"]


def _sizes(facts: pd.DataFrame) -> dict[tuple, int]:
    """Return how many cities give each metric of a year and scope, in doubt or not."""
    cities: dict[tuple, set[str]] = {}
    for fact in facts[(facts["stat"] == "level") & (facts["status"] == "reported")].to_dict("records"):
        if _ranked(fact):
            cities.setdefault(_group(fact), set()).add(fact["about_city"])
    return {group: len(named) for group, named in cities.items()}


def reports_in_doubt(tables: Tables, sure: float = SURE) -> pd.DataFrame:
    """Return the reports of which place or year are in doubt: nothing of theirs is ranked until a sidecar says more."""
    once = tables.facts.assign(confidence=1.0, doubt="").drop_duplicates("report")
    code = unsure(once, about_reports(tables.reports), sure)
    shown = once.assign(code=code)[code != ""][["report", "code"]].merge(tables.reports, on="report")
    shown["reason_zh"], shown["reason_en"] = ([doubt_text(one, lang) for one in shown["code"]] for lang in ("zh", "en"))
    about = ["report", "title", "city", "district", "year", "place_confidence", "year_confidence"]
    return shown[[*about, "reason_zh", "reason_en"]]


def write(tables: Tables, output: Path | None = None, sure: float = SURE) -> tuple[Path, int]:
    """Write the queue to `output`, by default review.xlsx beside the tables, and return the file and its rows."""
    file = Path(output or paths.processed() / "review.xlsx")
    rows = queue(tables, sure)
    with paths.replacing(file) as draft:
        write_workbook(draft, rows.reindex(columns=[*ASKED, *FILLED]), reports_in_doubt(tables, sure))
    return file, len(rows)
