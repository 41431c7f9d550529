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


def linked(sentence: str, frames: Iterable[pd.DataFrame], language: str = "zh") -> str:
    """Return a sentence as HTML in which the values that rows of `frames` hold lead to their quotes.

    A value is told by its text (18.1微克/立方米); of several rows with one text, that of the place named last before it.
    """
    texts: dict[str, list[tuple[str, str]]] = {}
    for row in (row for frame in frames for row in frame.to_dict("records")):
        if row.get("report") and pd.notna(row["value"]):
            label = place_label(row["place"], row["place_kind"], language)
            texts.setdefault(value_text(row, language), []).append((label, anchor_of(row)))
    if not texts:
        return escape(sentence)
    known = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    parts, at = [], 0
    for found in re.finditer(rf"(?<![\d.])(?:{known})", sentence):
        if anchor := _nearest(sentence[: found.start()], texts[found[0]]):
            parts += [escape(sentence[at : found.start()]), f'<a href="#{anchor}">{escape(found[0])}</a>']
            at = found.end()
    return "".join(parts) + escape(sentence[at:])


def _nearest(before: str, rows: list[tuple[str, str]]) -> str:
    """Return the anchor of the row whose place is named last, empty where none is: a value may be somebody else's."""
    at, anchor = max(((before.rfind(label), anchor) for label, anchor in rows), key=lambda found: found[0])
    return anchor if at >= 0 else ""
