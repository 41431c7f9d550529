"""Tables of texts: one row a report, with its place and year in columns.

In: a CSV, TSV, Excel, JSON lines or Parquet file or a DataFrame, and what the user says of its columns. Out: a `Source` for
each row with a text, as the rows are read, and a `Problem` for each that cannot be used. A report is called after its city
and year (信阳市-2016), or by the column `report`; what has neither, after the table and the row. No name is given twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.archives import Source
from ecoanalysis.reading.cells import EXCEL_CELL, Row, frame_rows, sheets
from ecoanalysis.reading.manifest import Manifest
from ecoanalysis.reading.place_evidence import Location
from ecoanalysis.reading.report import Problem
from ecoanalysis.reading.sidecar import sidecar_place
from ecoanalysis.reading.stated_metadata import Told, cell_text, clean, columns, fields_of, level_of

FRAME = "DataFrame"
_BELOW = ("city", "district")


@dataclass(slots=True)
class Asked:
    """What the user says of tables (columns by field, encoding), the manifest, and the names given so far."""

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    manifest: Manifest = field(default_factory=Manifest)
    names: set[str] = field(default_factory=set)


def table_sources(path: Path, where: str, asked: Asked) -> Iterator[Source | Problem]:
    """Yield the reports of a table that lies at `where` in the raw folder, and what is amiss with its rows."""
    name, useless, used = clean(Path(where).with_suffix("").as_posix()), [], False
    try:
        for sheet in sheets(path, asked.encoding):
            place = f"{where}, sheet {sheet.name}" if sheet.name else where
            rows = _Rows(path, where, f"{place}, row", f"{name}/{sheet.name}".rstrip("/"), sheet.encoding, asked)
            try:
                for row in sheet.rows:
                    yield from rows.read(row)
                used = True
            except ReadingError as error:
                if error.code != "no_column":
                    raise
                useless.append(f"{place} {error}")
    except (ReadingError, OSError) as error:
        code = getattr(error, "code", "unreadable")
        yield Problem(name, code, "error", f"{where} {error}")
    for message in useless:
        yield Problem(name, "no_column", "note" if used else "error", message)


def frame_sources(frame: Any, asked: Asked) -> Iterator[Source | Problem]:
    """Yield the reports of a DataFrame; of one without a column of texts, one problem."""
    rows = _Rows(Path(FRAME), FRAME, f"{FRAME}, row", FRAME, "", asked)
    try:
        for row in frame_rows(frame):
            yield from rows.read(row)
    except ReadingError as error:
        yield Problem(FRAME, error.code, "error", f"the {FRAME} {error}")


@dataclass(slots=True)
class _Rows:
    """Makes sources of the rows of one sheet; which column holds what is found once for each set of names."""

    path: Path
    where: str
    row: str  # as messages name one, before its number
    name: str
    encoding: str
    asked: Asked
    found: dict[tuple, dict[str, str]] = field(default_factory=dict)

    def read(self, row: Row) -> Iterator[Source | Problem]:
        place = f"{self.row} {row.number}"
        if row.amiss:
            yield Problem(f"{self.name}/{row.number}", "row_unread", "error", f"{place} {row.amiss}; it is left out.")
            return
        found = self._columns(tuple(row.cells))
        cells = {key: row.cells.get(column) for key, column in found.items()}
        text, given = cells.pop("text", None), cells.pop("report", None)
        fields, amiss = fields_of({key: cell for key, cell in cells.items() if key not in ("file", "read_as")})
        if not any(key in found for key in ("province", "city", "district", "adcode", "level")):
            fields |= {"level": "nation"} if level_of(Path(self.where).stem) == "nation" else {}
        wanted = _name(given, fields) or f"{self.name}/{row.number}"
        if not isinstance(text, str) or not text.strip():
            yield Problem(wanted, "no_text", "warning", f"{place} holds no text.")
            return
        name = self._unused(wanted)
        if name != wanted:
            message = f"{place} is another report of the name {wanted}; it is called {name}, and both are kept."
            yield Problem(name, "same_name", "warning", message)
        if self.path.suffix.lower() == ".xlsx" and len(text) >= EXCEL_CELL:
            message = (
                f"{place}: the text fills its cell, which holds {EXCEL_CELL:,} characters in Excel: its end is lost."
            )
            yield Problem(name, "cut_cell", "warning", message)
        file = f"{self.where}/{name.rpartition('/')[2]}"
        told = (Told(fields, "table", place, amiss), *self.asked.manifest.of(file))
        yield Source(name, self.path.parent / file, file, told, text, self.encoding)

    def _columns(self, header: tuple) -> dict[str, str]:
        if header not in self.found:
            named = columns(map(str, header), self.asked.columns)
            if "text" not in named and not self.found:
                shown = ", ".join(map(clean, map(str, header[:20])))
                message = f"has no column of texts among: {shown}. Name it with --text, or move the table away."
                raise ReadingError("no_column", message)
            self.found[header] = named
        return self.found[header]

    def _unused(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.asked.names:
            number += 1
            name = f"{wanted}-{number}"
        self.asked.names.add(name)
        return name


def _name(given: Any, fields: Mapping[str, Any]) -> str:
    """The name of a report: as given, or of its finest place and its year; empty where one of them is not said.

    >>> _name(None, {"city": "信阳", "year": 2016}), _name(7.0, {}), _name(None, {"level": "nation", "year": 2016})
    ('信阳市-2016', '7', '全国-2016')
    """
    if said := clean(cell_text(given)).replace("/", "-").strip("."):
        return said[:100]
    place = sidecar_place(dict(fields), Location())[0]
    finest = [place.get("city"), place.get("district")] if any(map(place.get, _BELOW)) else [place.get("province")]
    name = "全国" if fields.get("level") == "nation" else "".join(filter(None, finest))
    return f"{name.replace('/', '-')}-{fields['year']}" if name and "year" in fields else ""
