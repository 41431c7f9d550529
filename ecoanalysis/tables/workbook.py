"""The Excel file of a review: written with every text as a text, and read back as a person left it.

In: the queue. Out: a workbook with the sheets review, reports and help; and from such a file the rows as texts. Reports
are written by strangers: no text of theirs is ever a formula.
"""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import python_calamine
import xlsxwriter

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.tables.harmless import opens_formula

SHEET = "review"
VERDICTS = ("right", "other value", "not a fact")
_MADE = datetime(2000, 1, 1)  # a file cannot do without a time of making; a fixed one keeps two runs alike
CELL = 32_767  # characters that a cell holds
_WIDE = {"sentence": 60, "quote": 36, "reason_zh": 24, "reason_en": 24, "runner_up": 36, "name": 24}


def write(file: Path, table: pd.DataFrame, filled: Collection[str], reports: pd.DataFrame) -> None:
    """Write a queue whose columns `filled` are empty and yellow; the sheet help says what to write where."""
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": _MADE})
        _sheet(book, SHEET, table, filled)
        _sheet(book, "reports", reports)
        _sheet(book, "help", pd.DataFrame(knowledge("review_help.csv")))


def _sheet(book: xlsxwriter.Workbook, name: str, table: pd.DataFrame, filled: Collection[str] = ()) -> None:
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
            if title in filled:
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
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
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
