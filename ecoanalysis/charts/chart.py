"""A finished picture: it shows itself in a notebook and saves itself for a page, a slide and a spreadsheet.

In: a drawn figure and the rows behind it. Out: PNG, SVG, PDF, CSV, and a row in the index of figures.
"""

import base64
import csv
import io
import os
from contextlib import nullcontext
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ecoanalysis import paths
from ecoanalysis.charts.pdf_font import truetype
from ecoanalysis.charts.style import drawing
from ecoanalysis.errors import RequestError

DPI = 220
INDEX = "index.csv"
_FORMATS = ("png", "svg", "pdf")
_COLUMNS = ("file", "title", "source", "kind", "language", "rows")
# Nothing that changes from run to run: the same data give the same files.
_METADATA = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None, "Producer": None}}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, the `data` it shows, and its texts. `kind` is ranking, side_by_side, change, coverage or counts."""

    figure: Figure
    data: pd.DataFrame
    title: str
    source: str
    kind: str
    language: str

    def __post_init__(self) -> None:
        # Drawn once at birth, so that a missing glyph fails here and not in somebody's slide.
        with drawing():
            self.figure.canvas.draw()

    def save(self, name: str, folder: str | Path | None = None) -> list[Path]:
        """Write `name` as .png, .svg, .pdf and .csv into `folder`, by default `figures`, and note it in the index.

        A name with a folder in it raises `RequestError`.
        """
        if not name or Path(name).name != name:
            raise RequestError(
                f"{name!r} is no name for a chart: give the folder apart, as in save('air_pm25', 'figures')"
            )
        target = Path(folder or paths.figures())
        target.mkdir(parents=True, exist_ok=True)
        files = [target / f"{name}.{form}" for form in (*_FORMATS, "csv")]
        for file in files[:-1]:
            file.write_bytes(self._bytes(file.suffix[1:]))
        self.data.to_csv(files[-1], index=False, encoding="utf-8-sig", lineterminator="\n")
        self._note(files[0])
        return files

    def _bytes(self, form: str) -> bytes:
        buffer = io.BytesIO()
        with drawing(), truetype(self.figure) if form == "pdf" else nullcontext():
            self.figure.savefig(buffer, format=form, dpi=DPI, metadata=_METADATA[form])
        return buffer.getvalue()

    def _note(self, file: Path) -> None:
        """Put the chart's row into the index of the folder of all figures, in place of an earlier row of that file."""
        top = paths.figures().resolve()
        inside = file.resolve().is_relative_to(top)
        index = (top if inside else file.parent) / INDEX
        shown = (file.resolve().relative_to(top) if inside else Path(file.name)).as_posix()
        row = (shown, self.title, self.source, self.kind, self.language, len(self.data))
        add_to_index(index, [dict(zip(_COLUMNS, map(str, row), strict=True))])

    def _repr_png_(self) -> bytes:
        return self._bytes("png")

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self._bytes("png")).decode()
        width = self.figure.get_figwidth() * 25.4
        alt = escape(f"{self.title}。{self.source}" if self.language == "zh" else f"{self.title}. {self.source}")
        return f'<img src="data:image/png;base64,{picture}" alt="{alt}" style="width:{width:.0f}mm;max-width:100%">'


def add_to_index(index: Path, rows: list[dict[str, str]], without: str = "") -> None:
    """Add rows to an index of figures in place of those of the same file and of those below the folder `without`."""
    new = {row["file"]: row for row in rows}
    kept = [row for row in read_index(index) if row["file"] not in new]
    if without:
        kept = [row for row in kept if not row["file"].startswith(without.rstrip("/") + "/")]
    together = sorted([*kept, *new.values()], key=lambda row: row["file"])
    draft = index.with_suffix(f".{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(together)
    os.replace(draft, index)


def read_index(index: Path) -> list[dict[str, str]]:
    """Return the rows of an index of figures; none where there is no such file."""
    if not index.is_file():
        return []
    with index.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
