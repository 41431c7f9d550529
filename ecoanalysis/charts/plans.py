"""The rows of a chart of plans: which metrics have a scale, how high each row is, and what is written in it.

In: a table of `targets` or `promises`. Out: `Block` records from top to bottom, one for each metric, in millimetres.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecoanalysis.charts.sheet import line_height
from ecoanalysis.charts.style import NOTE, TEXT, text_width, wrap
from ecoanalysis.comparing.promises import JUDGED, figure
from ecoanalysis.comparing.verdicts import NOT_COMPARABLE, OTHER, UNSURE
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import Scale, scale_of
from ecoanalysis.wording.names import place_labels, subject, value_text
from ecoanalysis.wording.sentences import say

_PITCH = 5.2  # mm from row to row
_HEAD = 6.4  # mm for the name of a metric
_FEWEST = 3  # plans with a result that make a scale worth while
_LABEL, _VERDICT = 32.0, 42.0  # mm at most for places, and for outcomes
_EXPLAINED = (NOT_COMPARABLE, OTHER, UNSURE)  # outcomes whose word alone does not say why

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A plan: its row, the lines of its label, target, result and outcome, its distance from the top, its height."""

    row: Row
    label: list[str]
    target: list[str]
    result: list[str]
    verdict: list[str]
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Return the distance in mm from the top of the body."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Block:
    """The plans for one metric: its heading, and the scale of its values where they are drawn on one."""

    heading: str
    scale: Scale | None
    lines: list[Line]
    top: float

    @property
    def bottom(self) -> float:
        """Return where the block ends, in mm from the top of the body."""
        return self.lines[-1].top + self.lines[-1].height


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide, in mm, the labels, the plot and the outcomes are."""

    label: float
    plot: float
    verdict: float


def lay_out(table: pd.DataFrame, width: float, language: str) -> tuple[list[Block], Columns]:
    """Return the blocks of a table and the columns of a body `width` mm wide."""
    labelled = table.assign(label=place_labels(table, language))
    label = min(max(text_width(text, TEXT) for text in labelled["label"]), _LABEL) + 3.0
    said = [text_width(_verdict(row, True, language), NOTE) for row in labelled.to_dict("records")]
    verdict = min(max(said), _VERDICT) + 2.0
    columns = Columns(label, width - label - verdict, verdict)
    blocks: list[Block] = []
    top = 0.0
    for _, part in labelled.groupby(["metric", "stat"], sort=False):
        rows = part.to_dict("records")
        scale = _scale(rows, language)
        lines: list[Line] = []
        below = top + _HEAD
        for row in rows:
            lines.append(_line(row, scale is not None, below, columns, language))
            below += lines[-1].height
        blocks.append(Block(_heading(rows[0], scale, language), scale, lines, top))
        top = below + 1.5
    return blocks, columns


def _scale(rows: list[Row], language: str) -> Scale | None:
    """Return the scale of the values of one metric where enough of them differ and are in one unit."""
    judged = [row for row in rows if row["outcome"] in JUDGED]
    values = [row[f"{side}_value"] for row in judged for side in ("target", "result")]
    units = {row[f"{side}_unit"] for row in judged for side in ("target", "result")}
    words = {row[f"{side}_unit_text"] for row in judged for side in ("target", "result")}
    if len(judged) < _FEWEST or len(set(values)) == 1 or len(units) != 1:
        return None
    scale = scale_of(units.pop(), values, language)
    if scale.counted and len(words) != 1:
        return None
    return scale.called(words.pop()) if scale.counted and language == "zh" and "" not in words else scale


def _heading(row: Row, scale: Scale | None, language: str) -> str:
    better = say(f"direction.{catalogue.metrics()[row['metric']].better}", language)
    parts = [subject(row, language), scale.name if scale else "", better]
    return ("，" if language == "zh" else ", ").join(filter(None, parts))


def _verdict(row: Row, scaled: bool, language: str) -> str:
    """Return the outcome, and where its word alone does not say it, why; a scale cannot show what is of other terms."""
    name = say(f"outcome.{row['outcome']}", language)
    if row["outcome"] not in _EXPLAINED:
        return name
    unlike = scaled and row["outcome"] in (NOT_COMPARABLE, UNSURE) and row["result_report"]
    parts = [
        value_text(figure(row, "result"), language) if unlike else "",
        row["why" if language == "zh" else "why_en"],
    ]
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    if row["outcome"] == UNSURE:  # the reason says that it is to be checked
        return comma.join(filter(None, reversed(parts)))
    return name + colon + comma.join(filter(None, parts))


def _line(row: Row, scaled: bool, top: float, columns: Columns, language: str) -> Line:
    half = columns.plot / 2 - 7.0
    label = wrap(row["label"], columns.label - 2.5, TEXT)
    target = wrap(value_text(figure(row, "target"), language), half, TEXT)
    result = wrap(value_text(figure(row, "result"), language), half, TEXT) if row["result_report"] else ["—"]
    verdict = wrap(_verdict(row, scaled, language), columns.verdict - 1.5, NOTE)
    tall = max(len(label), len(target), len(result)) * line_height(TEXT) * 0.9
    height = max(_PITCH, tall + 1.0, len(verdict) * line_height(NOTE) * 0.92 + 1.4)
    return Line(row, label, target, result, verdict, top, height)
