"""From a number to the sentence that says it: in a chart, in a sentence, in a table.

In: artists and rows that come from facts. Out: marks on artists, links over a picture, sentences in HTML. A link leads to
the fact's row in the page's table of evidence.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording.names import value_text

_PREFIX = "fact-"
_NEEDED = {
    *("place", "place_kind", "report", "start", "end"),
    *("value", "unit", "unit_text", "bound", "stat", "basis", "derived"),
}


def mark(artist: Artist, row: dict[str, Any]) -> None:
    """Note on an artist which fact it shows; nothing where the row comes from no report."""
    if row.get("report"):
        artist.set_gid(_PREFIX + anchor_of(row))


def areas(figure: Figure) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return the anchors of the facts that a drawn figure shows, with left, top, width and height in per cent of it."""
    width, height = figure.bbox.width, figure.bbox.height
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # not that of a file written before
    found = []
    for artist in figure.findobj(lambda one: str(one.get_gid() or "").startswith(_PREFIX)):
        box = artist.get_window_extent(renderer)
        if box.width > 0 and box.height > 0:
            place = (box.x0 / width, 1 - box.y1 / height, box.width / width, box.height / height)
            found.append((str(artist.get_gid()).removeprefix(_PREFIX), tuple(100 * share for share in place)))
    return found  # type: ignore[return-value]


def linked(sentences: Iterable[str], frames: Iterable[pd.DataFrame], language: str = "zh") -> list[str]:
    """Return sentences as HTML in which the values that rows of `frames` hold lead to their quotes.

    A value is told by its text (18.1微克/立方米); of several rows with one text, that of the place named last before it.
    """
    texts: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in (row for frame in frames for row in _said(frame).to_dict("records")):
        label = place_label(row["place"], row["place_kind"], language)
        texts.setdefault(value_text(row, language), []).append((label, row))
    if not texts:
        return [escape(sentence) for sentence in sentences]
    known = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\d.])(?:{known})")
    return [_linked(sentence, pattern, texts) for sentence in sentences]


def _said(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame that hold a report's value, with what tells the value, its place and its quote."""
    if "report" not in frame:
        return frame.iloc[:0]
    said = frame["report"].notna() & (frame["report"] != "") & frame["value"].notna()
    return frame.loc[said, [name for name in frame.columns if name in _NEEDED]]


def _linked(sentence: str, pattern: re.Pattern[str], texts: dict[str, list[tuple[str, dict[str, Any]]]]) -> str:
    parts, at = [], 0
    for found in pattern.finditer(sentence):
        if anchor := _nearest(sentence[: found.start()], texts[found[0]]):
            parts += [escape(sentence[at : found.start()]), f'<a href="#{anchor}">{escape(found[0])}</a>']
            at = found.end()
    return "".join(parts) + escape(sentence[at:])


def _nearest(before: str, rows: list[tuple[str, dict[str, Any]]]) -> str:
    """Return the anchor of the row whose place is named last, empty where none is: a value may be somebody else's."""
    at, row = max(((before.rfind(label), row) for label, row in rows), key=lambda found: found[0])
    return anchor_of(row) if at >= 0 else ""
