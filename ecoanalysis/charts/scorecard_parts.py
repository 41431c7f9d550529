"""What stands below a scorecard: the places that are not scored, and what each indicator weighs.

In: a scorecard's rows and weights. Out: lines in millimetres, and their drawing.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecoanalysis.charts.sheet import Sheet, line_height
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, WIDE, fill, text_width, wrap
from ecoanalysis.comparing.scorecard import differing_terms
from ecoanalysis.wording.names import scope_and_period, short_name
from ecoanalysis.wording.sentences import reasons, say

_HEAD = 5.2  # mm for the heading of a part
_MOST = 10  # lines of places that are not scored
_GAP = 3.0  # mm between columns
_INNER = WIDE - 3.0  # mm
_LEFT = 46.0  # mm at most for the texts at the left
_BAR = 52.0  # mm for a weight of 100 %
_COUNT = 20.0  # mm for the number of cities


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a part: its two texts, where it stands in mm below the part's top, and what it is of."""

    left: list[str]
    right: list[str]
    top: float
    bottom: float
    data: dict[str, Any]
    column: float  # mm for the texts at the left


def left_out_lines(card: pd.DataFrame, language: str) -> list[Line]:
    """Return a line for each reason why places are not scored, those first that lack least; none where all are scored."""
    out = card[card["rank_equal"].isna()]
    reason = "why_not" if language == "zh" else "why_not_en"
    groups = list(out.groupby(reason, sort=False)["label"].agg(list).items())
    # What most places share comes last: it says least about each.
    groups.sort(key=lambda one: len(one[1]) > 3)
    rest = sum(len(names) for _, names in groups[_MOST:-1]) if len(groups) > _MOST + 1 else 0
    shown = [*groups[:_MOST], *groups[-1:]] if rest else groups
    comma = "、" if language == "zh" else ", "
    rows = [([name + comma for name in names[:-1]] + names[-1:], why) for why, names in shown]
    if rest:
        rows.insert(-1, ([say("scorecard.more_places", language, count=rest)], ""))
    column = min(max((text_width("".join(names), NOTE) for names, _ in rows), default=0.0), _LEFT) + _GAP
    lines: list[Line] = []
    for names, why in rows:
        left = fill(names, column - _GAP + 0.5, NOTE)
        right = wrap(why, _INNER - column, NOTE) if why else []
        _append(lines, left, right, {}, column)
    return lines


def weight_lines(weights: list[dict], language: str) -> list[Line]:
    """Return a line for each indicator considered, with its weight or why it has none."""
    names = [short_name(row["metric"], language) for row in weights]
    terms = {metric: scope_and_period(row, language) for metric, row in differing_terms(weights).items()}
    column = min(max(text_width(name, NOTE) for name in names), _LEFT) + _GAP
    lines: list[Line] = []
    for row, name in zip(weights, names, strict=True):
        right = wrap(_weight_text(row, terms, language), _room(row, column), NOTE)
        _append(lines, wrap(name, column - _GAP + 0.5, NOTE), right, row, column)
    return lines


def _room(row: dict[str, Any], column: float) -> float:
    return _INNER - column - _COUNT - (_BAR + 2.0) * row["on_card"]


def _weight_text(row: dict[str, Any], terms: dict[str, str], language: str) -> str:
    if not row["on_card"]:
        return reasons(row["left_out"], language)
    shares = {"entropy": f"{row['weight_entropy']:.0%}", "equal": f"{row['weight_equal']:.0%}"}
    near = say("scorecard.near", language) if row["saturated"] == "near" else ""
    said = say("scorecard.weight", language, **shares) + near
    return ("；" if language == "zh" else "; ").join(filter(None, [said, terms.get(row["metric"], "")]))


def _append(lines: list[Line], left: list[str], right: list[str], data: dict[str, Any], column: float) -> None:
    top = lines[-1].bottom if lines else _HEAD
    height = max(len(left), len(right)) * line_height(NOTE) * 0.95 + 0.7
    lines.append(Line(left, right, top, top + height, data, column))


def draw_left_out(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write who is not scored and why, `top` mm below the body's top."""
    axes = page.part(1.5, _INNER, top, lines[-1].bottom)
    _heading(axes, say("scorecard.left_out", language))
    for line in lines:
        _text(axes, 0.0, line, line.left, INK)
        _text(axes, line.column, line, line.right, GREY)


def draw_weights(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Draw the entropy weight of each indicator as a bar, a tick at the equal weight; write why others have none."""
    axes = page.part(1.5, _INNER, top, lines[-1].bottom)
    _heading(axes, say("scorecard.weights_head", language))
    axes.text(_INNER, 0.2, say("scorecard.comparable", language), fontsize=NOTE, color=GREY, va="top", ha="right")
    for line in lines:
        on_card, middle, at = line.data["on_card"], (line.top + line.bottom) / 2, line.column
        colour = INK if on_card else GREY
        _text(axes, 0.0, line, line.left, colour)
        _text(axes, at + (_BAR + 2.0) * on_card, line, line.right, colour)
        axes.text(_INNER, middle, line.data["cities"], ha="right", va="center_baseline", fontsize=NOTE, color=colour)
        if on_card:
            axes.plot([at, at + _BAR], [middle] * 2, color=LINE, linewidth=0.6, zorder=0)
            axes.barh(middle, line.data["weight_entropy"] * _BAR, 2.2, left=at, color=MAIN)
            equal = at + line.data["weight_equal"] * _BAR
            axes.plot([equal, equal], [middle - 1.7, middle + 1.7], color=PAPER, linewidth=2.6)
            axes.plot([equal, equal], [middle - 1.7, middle + 1.7], color=INK, linewidth=1.2)


def _heading(axes: Any, text: str) -> None:
    axes.text(0.0, 0.2, text, fontsize=NOTE, color=GREY, va="top")
    axes.plot([0.0, _INNER], [_HEAD - 0.7] * 2, color=LINE, linewidth=0.6, zorder=0)


def _text(axes: Any, x: float, line: Line, texts: list[str], colour: str) -> None:
    y = (line.top + line.bottom) / 2
    axes.text(x, y, "\n".join(texts), fontsize=NOTE, color=colour, va="center_baseline", linespacing=1.3)
