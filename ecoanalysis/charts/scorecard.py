"""The scorecard: a city a row, its rank by equal and by entropy weights, and how far it moves when indicators are left out.

In: what `comparing.scorecard` returns. Out: a Chart, or one sentence where there is no scorecard. Beside each city stand its
scores and the values behind them; below, who is not scored and why, and what each indicator weighs.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, line_height, rule, sheet
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import (
    GREY,
    INK,
    LINE,
    MAIN,
    NOTE,
    PAPER,
    STATES,
    TEXT,
    WIDE,
    balanced,
    drawing,
    fill,
    text_width,
    wrap,
)
from ecoanalysis.comparing.scorecard import differing_terms, scorecard_finding
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import place_labels, scope_and_period, several, short_name
from ecoanalysis.wording.sentences import reasons, say, sentences

_PITCH, _SCORE, _VALUE = 4.9, 13.0, 17.0  # mm: a row, a column of scores, a column of values
_KEY = 5.0  # mm for the key
_NARROWEST = 38.0  # mm for the ranks, else columns of values stay away
_EACH = 15  # cities up to which every rank has a tick
_APART = 6.0  # mm between the parts


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of numbers: its heading, and for each city a text and the panel's row that it is from, if any."""

    head: list[str]
    cells: list[tuple[str, dict]]
    width: float


def scorecard(card: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return a scorecard as a Chart; where no city could be scored, a sentence that says why."""
    about, weights = card.attrs["card"], card.attrs["weights"]
    said = sentences(scorecard_finding(card), language)
    values = pd.DataFrame(card.attrs["values"])
    card = card.copy()
    card.attrs = {}
    if about["refusal"]:
        return Nothing(said, card)
    card["label"] = place_labels(card, language)
    scored = card[card["rank_equal"].notna()]
    title = say("scorecard.title", language, year=about["year"])
    names = several([short_name(metric, language) for metric in about["indicators"]], language, "indicators", most=4)
    filling = {"names": names, "cities": about["cities"], "places": about["places"]}
    terms = say("scorecard.terms", language, **filling)
    terms += ("；" if language == "zh" else "; ") + say("scorecard.no_verdict", language)
    source = source_line(scored, about["year"], language)
    with drawing():
        label = min(max(text_width(text, TEXT) for text in scored["label"]), 40.0) + 3.5
        columns = _columns(scored, values, about["indicators"], WIDE - label, language)
        head = max(len(column.head) for column in columns) * line_height(NOTE) + 1.5
        out, bars = left_out_lines(card, language), weight_lines(weights, language)
        ranked = _KEY + head + _PITCH * len(scored)
        heights = [ranked, *(part[-1].bottom for part in (out, bars) if part)]
        page = sheet(WIDE, sum(heights) + _APART * (len(heights) - 1), title, terms, source)
        _draw_ranks(page, scored, columns, label, head, language)
        top = ranked + _APART
        if out:
            draw_left_out(page, out, top, language)
            top += out[-1].bottom + _APART
        draw_weights(page, bars, top, language)
        return Chart(page.figure, card, title, source, "scorecard", language, said)


def _columns(
    scored: pd.DataFrame, values: pd.DataFrame, indicators: list[str], room: float, language: str
) -> list[_Column]:
    """Return the columns beside the ranks: both scores, and the values where all of them have room."""
    columns = []
    for name in ("equal", "entropy"):
        texts = [f"{score:.2f}" for score in scored[f"score_{name}"]]
        columns.append(
            _Column(_head(say(f"scorecard.score_{name}", language), _SCORE), [(t, {}) for t in texts], _SCORE)
        )
    if room - 2 * _SCORE - _VALUE * len(indicators) < _NARROWEST:
        return columns
    for metric in indicators:
        stated = values[values["metric"] == metric].set_index("place")
        scale = scale_of(stated["unit"].iloc[0], stated["value"], language)
        rows = [stated.loc[place].to_dict() for place in scored["place"]]
        unit = [scale.name] if scale.name else []
        cells = [(scale.number(row["value"], row["bound"]), row) for row in rows]
        columns.append(_Column([*_head(short_name(metric, language), _VALUE), *unit], cells, _VALUE))
    return columns


def _head(text: str, width: float) -> list[str]:
    return balanced(text, width - 2.0, NOTE)


def _draw_ranks(
    page: Sheet, scored: pd.DataFrame, columns: list[_Column], label: float, head: float, language: str
) -> None:
    """Draw range, equal and entropy rank of every city, 1 at the left, and the numbers beside them."""
    plot = page.width - label - sum(column.width for column in columns) - 2.0
    height = _PITCH * len(scored)
    axes = page.axes(label, plot, _KEY + head, height)
    axes.set_ylim(height, 0)
    axes.set_xlim(0.5, len(scored) + 0.5)
    middles = [(at + 0.5) * _PITCH for at in range(len(scored))]
    axes.set_yticks(middles, list(scored["label"]), fontsize=TEXT, va="center_baseline")
    step = 1 if len(scored) <= _EACH else 5
    ticks = sorted({1, *range(step, len(scored) + 1, step)})
    axes.set_xticks(ticks, [str(tick) for tick in ticks], fontsize=NOTE)
    axes.tick_params(axis="x", pad=2, top=False, labeltop=True, bottom=False, labelbottom=False)
    for y, row in zip(middles, scored.to_dict("records"), strict=True):
        rule(axes, y)
        axes.plot(
            [row["rank_best"], row["rank_worst"]], [y, y], color=STATES["planned"], linewidth=5, solid_capstyle="round"
        )
        axes.plot(row["rank_equal"], y, "o", markersize=5.2, color=MAIN, zorder=3, clip_on=False)
        outline: dict[str, Any] = {
            "markersize": 7.2,
            "markerfacecolor": "none",
            "markeredgecolor": INK,
            "clip_on": False,
        }
        axes.plot(row["rank_entropy"], y, "D", zorder=4, **outline)
    x = label + plot
    for column in columns:
        x += column.width
        _numbers(page, column, x, head, height)
    _key(page, language)


def _numbers(page: Sheet, column: _Column, right: float, head: float, height: float) -> None:
    """Write a column of numbers whose right edge is `right` mm from the sheet's edge, the heading above it."""
    axes = page.part(right - column.width, column.width, _KEY, head + height)
    lines = "\n".join(column.head)
    axes.text(column.width, head - 1.5, lines, ha="right", va="bottom", fontsize=NOTE, color=GREY, linespacing=1.25)
    for at, (text, row) in enumerate(column.cells):
        y = head + (at + 0.5) * _PITCH
        mark(axes.text(column.width, y, text, ha="right", va="center_baseline", fontsize=TEXT), row)


def _key(page: Sheet, language: str) -> None:
    axes = page.part(1.5, page.width - 3.0, 0.0, _KEY)
    x = 0.0
    for name in ("equal", "entropy", "range"):
        if name == "range":
            axes.plot([x + 1, x + 5], [2.0, 2.0], color=STATES["planned"], linewidth=5, solid_capstyle="round")
        else:
            marker, fill, edge = ("o", MAIN, MAIN) if name == "equal" else ("D", "none", INK)
            axes.plot(x + 2, 2.0, marker, markersize=5.2, markerfacecolor=fill, markeredgecolor=edge)
        text = say(f"scorecard.key_{name}", language)
        start = x + (7.0 if name == "range" else 4.5)
        axes.text(start, 2.0, text, fontsize=NOTE, color=GREY, va="center_baseline")
        x = start + text_width(text, NOTE) + 4.0


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
