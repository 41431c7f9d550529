"""Who shares text with whom: a cell for every two reports, darker the more of the row's text stands in the column's.

In: the pairs of `language.reuse`. Out: a Chart, or a sentence where no two reports share a passage.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, key, name_columns, name_rows, sheet, write
from ecoanalysis.charts.style import GREY, INK, MAIN, MM, NOTE, PAPER, STATES, WIDE, drawing
from ecoanalysis.charts.text import fitted, widest
from ecoanalysis.wording.captions import source_of
from ecoanalysis.wording.names import SEMICOLON, joined, report_labels
from ecoanalysis.wording.sentences import say

MOST = 40  # reports shown
_NUMBERS = 14  # reports up to which cells hold numbers
_CELL = (2.8, 40.0)  # mm of a cell, at least and at most
_LYING = 15.0  # mm of a cell from which names of columns lie, cut short where need be
_TALL = 7.0  # mm of a row, at most
_KEY = 5.0  # mm for the key
_HATCH = "#c3c9d0"
_SHADES = LinearSegmentedColormap.from_list("shared", ["#e3eef6", MAIN, "#0b2f4d"])


def reuse(pairs: pd.DataFrame, reports: pd.DataFrame, note: str, language: str = "zh") -> Chart | Nothing:
    """Return the overlaps of reports as a map of cells, those that share most first; `note` says how it was counted.

    A cell is the share of the row's report that stands in the column's too, in per cent. Reports of one place were not
    compared: their cells are hatched. More than `MOST` reports are not shown.
    """
    title = say("title.reuse", language)
    if pairs.empty:
        return Nothing(say("reuse.none", language), pairs)
    matrix = _matrix(pairs)
    hidden = reports["report"].nunique() - len(matrix)
    about = reports[reports["report"].isin(matrix.index)]
    labels = report_labels(reports, language)
    source = source_of(reports, list(matrix.index), note, language)
    terms = [say("terms.reuse", language), say("reuse.hidden", language, count=hidden) if hidden else ""]
    with drawing():
        label = min(widest((labels[report] for report in matrix.index), NOTE), WIDE * 0.3) + 3.0
        cell = min(max((WIDE - label - 3.0) / len(matrix), _CELL[0]), _CELL[1])
        row = min(cell, _TALL)
        names = [fitted(labels[report], label - 2.5, NOTE) for report in matrix.index]
        turned = cell < _LYING and widest(names, NOTE) > cell - 1.0
        head = (widest(names, NOTE) if turned else 4.0) + 1.5
        body = _KEY + head + row * len(matrix)
        page = sheet(WIDE, body, title, joined(terms, language, SEMICOLON), source)
        axes = page.axes(label, cell * len(matrix), _KEY + head)
        alike = _alike(about, matrix)
        most = float(matrix.to_numpy().max()) or 1.0
        _cells(axes, matrix.to_numpy(), most, alike, (cell, row))
        heads = names if turned else [fitted(name, cell - 1.0, NOTE) for name in names]
        columns, rows = ([(at + 0.5) * one for at in range(len(names))] for one in (cell, row))
        name_columns(axes, columns, heads, turned, 2 if turned else 4, fontsize=min(NOTE, cell * MM * 0.85))
        name_rows(axes, rows, names, fontsize=min(NOTE, row * MM * 0.85), ha="right")
        _key(page, most, bool(alike.sum() > len(matrix)), language)
        return Chart(page.figure, pairs, title, source, "reuse", language, _summary(pairs, labels, language))


def _matrix(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of rows in columns, of the reports that share most, 0 where two share nothing."""
    turned = pairs.rename(
        columns={"report": "other", "other": "report", "share": "other_share", "other_share": "share"}
    )
    both = pd.concat([pairs, turned])[["report", "other", "share"]]
    total = both.groupby("report")["share"].sum().sort_values(ascending=False, kind="stable")
    names = list(total.head(MOST).index)
    return both.pivot(index="report", columns="other", values="share").reindex(index=names, columns=names).fillna(0.0)


def _alike(about: pd.DataFrame, matrix: pd.DataFrame) -> np.ndarray:
    """Return which two reports are of one place, and so were not compared."""
    rows = about.set_index("report").loc[list(matrix.index)]
    place = np.where(rows["city"] != "", rows["city"] + "/" + rows["district"], rows.index)
    return place[:, None] == place[None, :]


def _cells(axes: Axes, values: np.ndarray, most: float, alike: np.ndarray, size: tuple[float, float]) -> None:
    wide, tall = size
    gap = min(0.4, tall * 0.1)
    for (row, column), value in np.ndenumerate(values):
        same = bool(alike[row, column])
        face = PAPER if same else STATES["silent"] if value == 0 else to_hex(_SHADES(value / most))
        corner = column * wide + gap / 2, row * tall + gap / 2
        hatch = "////" if same and row != column else None
        style: dict[str, Any] = {"facecolor": face, "edgecolor": _HATCH if same else PAPER, "linewidth": 0}
        axes.add_patch(Rectangle(corner, wide - gap, tall - gap, hatch=hatch, **style))
        if len(values) <= _NUMBERS and not same:
            colour = PAPER if value / most > 0.45 else INK if value else GREY
            write(axes, (column + 0.5) * wide, (row + 0.5) * tall, _percent(value), colour, ha="center")
    axes.set(xlim=(0, wide * len(values)), ylim=(tall * len(values), 0))


def _percent(value: float) -> str:
    return "0" if value == 0 else f"{100 * value:.1f}" if value < 0.0995 else f"{100 * value:.0f}"


def _key(page: Sheet, most: float, apart: bool, language: str) -> None:
    """Name the ends of the shades, and the cells that were not compared."""
    axes = page.part(0.0, _KEY)

    def cells(x: float, *faces: Any, edge: str = PAPER, hatch: str | None = None) -> None:
        for at, face in enumerate(faces):
            corner = (x + 4.0 * at, 0.6)
            axes.add_patch(Rectangle(corner, 4.0, 3.0, facecolor=face, edgecolor=edge, linewidth=0, hatch=hatch))

    shades = [to_hex(_SHADES(at)) for at in np.linspace(0, 1, 7)]
    named: list[tuple[str, float, Any]] = [
        ("0", 5.0, lambda x: cells(x, STATES["silent"])),
        (f"{_percent(most)}%", 29.0, lambda x: cells(x, *shades)),
    ]
    if apart:
        named.append((say("reuse.apart", language), 8.0, lambda x: cells(x + 3.0, PAPER, edge=_HATCH, hatch="////")))
    key(axes, 2.1, named, gap=2.0)


def _summary(pairs: pd.DataFrame, labels: dict[str, str], language: str) -> str:
    top = pairs.assign(most=pairs[["share", "other_share"]].max(axis=1))
    row = top.sort_values("most", ascending=False, kind="stable").iloc[0]
    names = (row["report"], row["other"]) if row["share"] >= row["other_share"] else (row["other"], row["report"])
    one, other = (labels.get(name, name) for name in names)
    share = _percent(row["most"])
    return say("summary.reuse", language, pairs=len(pairs), one=one, other=other, share=share)
