"""A finished picture: it shows itself in a notebook and saves itself for a page, a slide and a spreadsheet.

In: a drawn figure and the rows behind it. Out: PNG, SVG, PDF, CSV, and a row in the index of figures. Where no report says
anything a `Nothing` stands in its place: one sentence, and no file.
"""

import base64
import io
from contextlib import nullcontext
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pypdfium2
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ecoanalysis import paths
from ecoanalysis.charts.layout import MARKED
from ecoanalysis.charts.pdf_font import truetype
from ecoanalysis.charts.style import drawing
from ecoanalysis.charts.text import check_glyphs
from ecoanalysis.errors import RequestError
from ecoanalysis.tables.harmless import harmless_table
from ecoanalysis.tables.pictures import add_to_index, in_index
from ecoanalysis.wording.names import place_labels, several
from ecoanalysis.wording.sentences import say

DPI = 220
_FORMATS = ("png", "svg", "pdf")
_USUAL, _APART = 48, 48  # colours of a PNG that most dots have, and those that differ most from all others
_MOST_NAMED = 8  # places without a value


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, the `data` it shows, and its texts. `kind` is the name of the function that drew it, such as ranking.

    `summary` says in words what the picture shows, for who cannot see it and for what searches in it.
    """

    figure: Figure
    data: pd.DataFrame
    title: str
    source: str
    kind: str
    language: str
    summary: str
    _made: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Looked for at birth, so that a missing glyph fails here and not in somebody's slide.
        check_glyphs(text.get_text() for text in self.figure.findobj(Text))

    def save(self, name: str, folder: str | Path | None = None) -> list[Path]:
        """Write `name` as .png, .svg, .pdf and .csv into `folder`, by default `figures`, and note it in the index.

        A name with a folder in it raises `RequestError`.
        """
        files = files_of(name, folder)
        files[0].parent.mkdir(parents=True, exist_ok=True)
        for file in files[:-1]:
            file.write_bytes(self.made(file.suffix[1:]))
        harmless_table(self.data).to_csv(files[-1], index=False, encoding="utf-8-sig", lineterminator="\n")
        index, shown = in_index(files[0])
        row = {"file": shown, "title": self.title, "source": self.source, "kind": self.kind, "language": self.language}
        add_to_index(index, [row | {"rows": str(len(self.data))}])
        return files

    def made(self, form: str) -> bytes:
        """Return the picture as a file, made once: for the folder, the notebook and the page."""
        if form not in self._made:
            told = {"Title": self.title, "Description": self._told}
            # The PDF in dots takes a tenth of drawing the figure anew.
            self._made[form] = png(self.made("pdf"), DPI, told) if form == "png" else self._drawn(form)
        return self._made[form]

    def _drawn(self, form: str) -> bytes:
        buffer = io.BytesIO()
        with drawing(), truetype(self.figure) if form == "pdf" else nullcontext():
            self.figure.savefig(buffer, format=form, metadata=self._metadata(form))
        if form != "svg":
            return buffer.getvalue()
        # The letters of an SVG file are outlines: without these two it would hold no text at all.
        told = f"</title>\n <desc>{escape(self._told)}</desc>".encode()
        return buffer.getvalue().replace(b"</title>", told, 1)

    @property
    def _told(self) -> str:
        return ("" if self.language == "zh" else " ").join((self.summary, self.source))

    def _metadata(self, form: str) -> dict[str, str | None]:
        """Return what a file says of itself, and nothing that changes from run to run: same data, same files."""
        if form == "svg":
            return {"Date": None, "Title": self.title, "Description": self._told, "Language": self.language}
        return {"CreationDate": None, "Producer": None, "Title": self.title, "Subject": self._told}

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.made("png")).decode()
        width = self.figure.get_figwidth() * 25.4
        alt = escape(f"{self.title}{'。' if self.language == 'zh' else '. '}{self._told}")
        size = f"width:{width:.0f}mm;max-width:100%"
        image = f'<img src="data:image/png;base64,{picture}" alt="{alt}" style="width:100%">'
        links = "".join(
            f'<a href="#{anchor}" style="position:absolute;left:{x:.2f}%;top:{y:.2f}%;width:{w:.2f}%;height:{h:.2f}%"></a>'
            for anchor, (x, y, w, h) in areas(self.figure)
        )
        return f'<div class="chart" style="position:relative;{size}">{image}{links}</div>'


def png(pdf: bytes, dpi: int, told: dict[str, str]) -> bytes:
    """Return the first page of a PDF as a PNG file with a palette, which says what is `told` of it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pixels = document[0].render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True).to_numpy().copy()
    finally:
        document.close()
    info = PngInfo()
    for name, text in told.items():
        info.add_itxt(name, text)
    buffer = io.BytesIO()
    _reduced(pixels).save(buffer, "png", dpi=(dpi, dpi), pnginfo=info, compress_level=9)
    return buffer.getvalue()


def _reduced(pixels: np.ndarray) -> Image.Image:
    """Return pixels of red, green, blue and a byte that says nothing as a picture with a palette, half as large a file.

    Of the few hundred colours of a chart, most of them along the edges of letters and lines, those that are rare and
    near to another become that other.
    """
    packed = pixels.view("<u4")[:, :, 0]  # a colour is one number
    codes, colours = pd.factorize(packed.ravel())
    parts = np.stack([colours & 255, colours >> 8 & 255, colours >> 16 & 255], axis=1).astype(np.int32)
    kept = list(np.argsort(-np.bincount(codes), kind="stable")[:_USUAL])
    apart = np.stack([((parts - parts[one]) ** 2).sum(1) for one in kept])
    nearest, distance = apart.argmin(0), apart.min(0)
    while len(kept) < _USUAL + _APART and distance.max() > 0:  # a mark of a few dots keeps the colour that it means
        kept.append(distance.argmax())
        far = ((parts - parts[kept[-1]]) ** 2).sum(1)
        nearest, distance = np.where(far < distance, len(kept) - 1, nearest), np.minimum(far, distance)
    image = Image.fromarray(nearest.astype(np.uint8)[codes].reshape(packed.shape), "P")
    image.putpalette(parts[kept].astype(np.uint8).tobytes())
    return image


def areas(figure: Figure) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return the anchors of the facts that a drawn figure shows, with left, top, width and height in per cent of it."""
    width, height = figure.bbox.width, figure.bbox.height
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # not that of a file written before
    found = []
    for artist in figure.findobj(lambda one: str(one.get_gid() or "").startswith(MARKED)):
        box = artist.get_window_extent(renderer)
        if box.width > 0 and box.height > 0:
            place = (box.x0 / width, 1 - box.y1 / height, box.width / width, box.height / height)
            found.append((str(artist.get_gid()).removeprefix(MARKED), tuple(100 * share for share in place)))
    return found  # type: ignore[return-value]


def files_of(name: str, folder: str | Path | None = None) -> list[Path]:
    """Return the files of a picture: .png, .svg, .pdf and .csv; a name with a folder in it raises `RequestError`."""
    if not name or Path(name).name != name:
        raise RequestError(f"{name!r} is no name for a chart: give the folder apart, as in save('air_pm25', 'figures')")
    return [Path(folder or paths.figures()) / f"{name}.{form}" for form in (*_FORMATS, "csv")]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A sentence that says who is silent on what; `data` are the rows without a value."""

    text: str
    data: pd.DataFrame
    kind: str = "nothing"

    def save(self, name: str, folder: str | Path | None = None) -> list[Path]:
        """Write nothing, and remove what an earlier run left under this name, lest it pass for new."""
        files = files_of(name, folder)
        for file in files:
            file.unlink(missing_ok=True)
        index, listed = in_index(files[0])
        if index.is_file():
            add_to_index(index, [], without=listed)
        return []

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>"


def nothing(rows: pd.DataFrame, title: str, language: str = "zh") -> Nothing:
    """Return the sentence that none of the places in `rows` reports what `title` names."""
    if rows.empty:
        return Nothing(say("nothing.at_all", language, title=title), rows)
    places = place_labels(rows.drop_duplicates("place"), language)
    names = several(places, language, "places", _MOST_NAMED)
    return Nothing(say("nothing.reported", language, title=title, places=names), rows)
