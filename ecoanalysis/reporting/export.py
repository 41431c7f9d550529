"""Write the panel of all metrics and years for other programs: CSV, Parquet, Excel, Stata.

In: the tables. Out: one file, and beside it a codebook (`panel-long-codebook.csv`; in Excel a second sheet) of what its
columns, codes and variables mean, as `knowledge/export.csv` and `knowledge/export_labels.csv` have it. Reports are written by
strangers: no text of theirs is ever a formula in a spreadsheet. Two runs on the same tables give the same bytes.
"""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd
import xlsxwriter

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.phrases import LANGUAGES, phrase
from ecoanalysis.knowledge.scopes import UNKNOWN, classes
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reporting import forms
from ecoanalysis.tables import Tables
from ecoanalysis.tables.harmless import harmless_table, opens_formula
from ecoanalysis.tables.sure import SURE, check_sure
from ecoanalysis.wording.sentences import say

# Neither format can do without a time of making; a fixed one keeps two runs alike.
_MADE = datetime(2000, 1, 1)
_EXCEL_ROWS, _EXCEL_CELL = 1_048_576, 32_767
_CODEBOOK = ("kind", "name", "variable", "code", "year", "unit", "zh", "en", "source")
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
    values = forms.long(tables.facts, tables.reports, years, check_sure(sure))
    frame = forms.wide(values) if wide else values
    book = codebook(values, shape)
    files = [file]
    with paths.replacing(file) as draft:
        _WRITERS[form](frame, book, draft)
    if form != "xlsx":
        files.append(file.with_name(f"{file.stem}-codebook.csv"))
        with paths.replacing(files[1]) as draft:
            _csv(book, book, draft)
    terms = forms.groups(values)
    return Exported(tuple(files), len(frame), tuple(terms.loc[~terms["kept"], "metric"].unique()))


def _csv(frame: pd.DataFrame, _: pd.DataFrame, file: Path) -> None:
    # Every text in quotation marks: a bare carriage return would open a new line, and with it a cell.
    harmless_table(worded(frame)).to_csv(
        file, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC
    )


def _xlsx(frame: pd.DataFrame, book: pd.DataFrame, file: Path) -> None:
    if len(frame) >= _EXCEL_ROWS:
        raise RequestError(f"{len(frame)} rows are more than Excel takes; export csv or parquet")
    with xlsxwriter.Workbook(file) as workbook:
        workbook.set_properties({"created": _MADE})
        for name, table in (("panel", worded(frame)), ("codebook", book)):
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
    numbered = coded(frame)
    numbers = pd.to_numeric(numbered["adcode"], errors="coerce")
    numbered.insert(1, "adcode_number", numbers if numbers.isna().any() else numbers.astype("int32"))
    days = {name: "td" for name in numbered if pd.api.types.is_datetime64_dtype(numbered[name])}
    texts = [name for name in numbered if pd.api.types.is_string_dtype(numbered[name])]
    lengths = {name: numbered[name].str.encode("utf-8").str.len().max() for name in texts}
    told = {
        name: {label.code: " ".join(dict.fromkeys((label.en, label.zh))) for label in known.values()}
        for name, known in labels().items()
        if name in numbered
    }
    numbered.to_stata(
        file,
        version=118,
        write_index=False,
        time_stamp=_MADE,
        data_label="ecoanalysis: city-year panel of published environmental figures",
        convert_dates=days,
        convert_strl=[name for name in texts if lengths[name] > _STATA_TEXT],
        value_labels=told,
        variable_labels=variable_labels(list(numbered)),
    )


_WRITERS: dict[str, Callable[[pd.DataFrame, pd.DataFrame, Path], None]] = {
    "csv": _csv,
    "parquet": lambda frame, _, file: worded(frame).to_parquet(file, index=False),
    "xlsx": _xlsx,
    "dta": _dta,
}


@dataclass(frozen=True, slots=True)
class Label:
    """One value of a coded column: its number in Stata, the word in other formats, and what it means."""

    code: int
    word: str
    zh: str
    en: str


@cache
def labels() -> dict[str, dict[str, Label]]:
    """Return the labels of every coded column by the value that the tables hold.

    >>> labels()["bound"][">="].word, labels()["scope_class"]["urban_core"].code
    ('at_least', 1)
    """
    found: dict[str, dict[str, Label]] = {}
    for row in rows("export_labels.csv"):
        found.setdefault(row["column"], {})[row["value"]] = Label(int(row["code"]), row["word"], row["zh"], row["en"])
    for name, row in classes().items():
        found.setdefault("scope_class", {})[name] = Label(int(row["order"]), name, row["zh"], row["en"])
    for at, row in enumerate(rows("reasons.csv"), 1):
        found["reason"][row["code"]] = Label(
            at, row["code"], *(_plain(row["code"], language) for language in LANGUAGES)
        )
    return found


def _plain(code: str, language: str) -> str:
    """Return a reason's wording without what is filled in for each value; its code where nothing would be left."""
    text = re.split(r"[：:] ?\{", phrase(f"reason.{code}", language))[0]
    return code if "{" in text else text


def worded(values: pd.DataFrame) -> pd.DataFrame:
    """Return an export with words for its coded columns, such as at_least for >=; yes-or-no columns stay as they are."""
    words = {name: label.word for name, label in labels()["bound"].items()}
    return values.assign(bound=values["bound"].map(words)) if "bound" in values else values


def coded(values: pd.DataFrame) -> pd.DataFrame:
    """Return an export with whole numbers for its coded columns; of several reasons the first counts."""
    numbers = {}
    for name in (name for name in labels() if name in values):
        texts = values[name].astype("str").str.split(";").str[0]
        unknown = labels()[name].get(UNKNOWN, Label(-1, "", "", "")).code
        numbers[name] = texts.map({text: label.code for text, label in labels()[name].items()}).fillna(unknown)
    return values.assign(**{name: codes.astype("int16") for name, codes in numbers.items()})


def codebook(values: pd.DataFrame, form: str) -> pd.DataFrame:
    """Return what every column, code and metric of an export is, with unit, names and source.

    `values` is the long form, also of a wide export. `kind` is column, code, metric, or group: the scope, period and
    counted unit that a metric's comparable values share in a year.
    """
    found = [{"kind": "column", "name": name, "variable": name} | row for name, row in forms.columns(form).items()]
    for name, known in labels().items():
        if name in forms.columns(form):
            found += [
                {"kind": "code", "name": f"{name} {label.word}".strip(), "variable": name, "code": str(label.code)}
                | {"zh": label.zh, "en": label.en}
                for label in known.values()
            ]
    told = set(values["metric"])
    for metric in (metric for metric in catalogue.metrics().values() if metric.id in told):
        about = {"zh": metric.zh, "en": metric.en, "unit": metric.unit, "source": metric.source}
        found.append({"kind": "metric", "name": metric.id, "variable": forms.variables()[metric.id]} | about)
    for row in forms.groups(values).to_dict("records"):
        code = "export.group" if row["kept"] else "export.group_long"
        about = {name: say(code, name, terms=row[name], count=row["cities"]) for name in LANGUAGES}
        variable = forms.variables()[row["metric"]]
        found.append({"kind": "group", "name": row["metric"], "variable": variable, "year": str(row["year"])} | about)
    return pd.DataFrame(found, columns=list(_CODEBOOK)).fillna("")


def variable_labels(names: list[str]) -> dict[str, str]:
    """Return a label of at most 80 characters for each variable: what it is in English and Chinese, and its unit.

    >>> variable_labels(["air_pm25"])["air_pm25"]
    'Mean PM2.5 concentration [ug/m3] 细颗粒物（PM2.5）平均浓度'
    """
    metrics = catalogue.metrics().values()
    said = {forms.variables()[metric.id]: f"{metric.en} [{metric.unit}] {metric.zh}" for metric in metrics}
    said |= {row["column"]: f"{row['en']} {row['zh']}" for row in rows("export.csv")}
    return {name: said[name] if len(said[name]) <= 80 else said[name][:79] + "…" for name in names}
