"""Write the panel of all metrics and years for other programs: CSV, Parquet, Excel, Stata.

In: the tables. Out: one file, and beside it a codebook (`panel-long-codebook.csv`; in Excel a second sheet). Reports are
written by strangers: no text of theirs is ever a formula in a spreadsheet. Two runs on the same tables give the same bytes.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import codebook as labels
from ecoanalysis.reporting import forms as export
from ecoanalysis.tables import Tables
from ecoanalysis.tables.harmless import harmless_table, opens_formula
from ecoanalysis.tables.sure import SURE, check_sure

# Neither format can do without a time of making; a fixed one keeps two runs alike.
_MADE = datetime(2000, 1, 1)
_EXCEL_ROWS, _EXCEL_CELL = 1_048_576, 32_767
_STATA_TEXT = 2045  # bytes, beyond which a text is a strL


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files, their rows, and the metrics whose scope, period or unit is not the same every year."""

    files: tuple[Path, ...]
    rows: int
    differing: tuple[str, ...]


def write(
    tables: Tables,
    form: str = "csv",
    wide: bool = False,
    output: str | Path | None = None,
    years: Iterable[int] = (),
    sure: float = SURE,
) -> Exported:
    """Write the panel in the format `form` (csv, parquet, xlsx or dta), long or `wide`.

    `output` is the file, by default `panel-long.csv` and so on in data/processed. What was read with a confidence below `sure`
    compares with nothing. A `sure` outside 0 to 1, tables without a value of these years,
    and a file whose ending is of another format, raise `RequestError`; nothing is then written.
    """
    shape = "wide" if wide else "long"
    file = Path(output or paths.processed() / f"panel-{shape}.{form}")
    if file.suffix != f".{form}":
        raise RequestError(f"{file.name} does not end in .{form}; name such a file, or another --format")
    values = export.long(tables.facts, tables.reports, years, check_sure(sure))
    frame = export.wide(values) if wide else values
    book = labels.codebook(values, shape)
    files = [file]
    with paths.replacing(file) as draft:
        _WRITERS[form](frame, book, draft)
    if form != "xlsx":
        files.append(file.with_name(f"{file.stem}-codebook.csv"))
        with paths.replacing(files[1]) as draft:
            _csv(book, book, draft)
    terms = export.groups(values)
    return Exported(tuple(files), len(frame), tuple(terms.loc[~terms["kept"], "metric"].unique()))


def _csv(frame: pd.DataFrame, _: pd.DataFrame, file: Path) -> None:
    # Every text in quotation marks: a bare carriage return would open a new line, and with it a cell.
    harmless_table(labels.worded(frame)).to_csv(
        file, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC
    )


def _parquet(frame: pd.DataFrame, _: pd.DataFrame, file: Path) -> None:
    labels.worded(frame).to_parquet(file, index=False)


def _xlsx(frame: pd.DataFrame, book: pd.DataFrame, file: Path) -> None:
    if len(frame) >= _EXCEL_ROWS:
        raise RequestError(f"{len(frame)} rows are more than Excel takes; export csv or parquet")
    with xlsxwriter.Workbook(file) as workbook:
        workbook.set_properties({"created": _MADE})
        for name, table in (("panel", labels.worded(frame)), ("codebook", book)):
            _sheet(workbook, workbook.add_worksheet(name), table)


def _sheet(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, table: pd.DataFrame) -> None:
    """Write a table with every text as a text: Excel then never reckons it, and `quote_prefix` keeps it so when edited."""
    bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
    plain = workbook.add_format({"quote_prefix": True, "num_format": "@"})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table):
        sheet.write_string(0, column, name, bold)
        for row, value in enumerate(table[name], 1):
            if isinstance(value, str):
                sheet.write_string(row, column, value[:_EXCEL_CELL], plain if opens_formula(value) else None)
            elif pd.isna(value):
                continue
            elif isinstance(value, pd.Timestamp):
                sheet.write_datetime(row, column, value.to_pydatetime(), day)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            else:
                sheet.write_number(row, column, value)


def _dta(frame: pd.DataFrame, _: pd.DataFrame, file: Path) -> None:
    coded = labels.coded(frame)
    numbers = pd.to_numeric(coded["adcode"], errors="coerce")
    coded.insert(1, "adcode_number", numbers if numbers.isna().any() else numbers.astype("int32"))
    days = {name: "td" for name in coded if pd.api.types.is_datetime64_dtype(coded[name])}
    texts = [name for name in coded if pd.api.types.is_string_dtype(coded[name])]
    lengths = {name: coded[name].str.encode("utf-8").str.len().max() for name in texts}
    told = {
        name: {label.code: " ".join(dict.fromkeys((label.en, label.zh))) for label in known.values()}
        for name, known in labels.labels().items()
        if name in coded
    }
    coded.to_stata(
        file,
        version=118,
        write_index=False,
        time_stamp=_MADE,
        data_label="ecoanalysis: city-year panel of published environmental figures",
        convert_dates=days,
        convert_strl=[name for name in texts if lengths[name] > _STATA_TEXT],
        value_labels=told,
        variable_labels=labels.variable_labels(list(coded)),
    )


_WRITERS: dict[str, Callable[[pd.DataFrame, pd.DataFrame, Path], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
    "dta": _dta,
}
