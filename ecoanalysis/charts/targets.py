"""Target against result: a row for each plan, grouped by metric, the target hollow and the result solid.

In: a table of `targets` or `promises`. Out: a Chart, or a sentence where nothing was planned. A metric with three
results and more has a scale and shows the distance; the others are a list. The outcome is a word and a shape, not a
colour alone; what is silent, withheld or of other terms says so.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import EDGE, Columns, Sheet, Strip, dot, key, name_rows, rule, sheet, write
from ecoanalysis.charts.style import BEHIND, BETTER, GREY, INK, NOTE, PAPER, TEXT, WIDE, WORSE, drawing
from ecoanalysis.charts.text import line_height, widest, wrap
from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.promises import JUDGED, KEPT, figure, figures, promise_finding, target_finding
from ecoanalysis.comparing.verdicts import MET, MISSED, NOT_COMPARABLE, OTHER, UNSURE
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import Scale, scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import COLON, column_in, joined, place_labels, subject, value_text
from ecoanalysis.wording.sentences import say, sentences

_KEY = 5.6  # mm for the key
_DOT = 5.2  # points
_ROOM = 2.2  # mm between a mark and its number
# Shape first, colour second: the shapes differ in grey print too.
_MARKS = {
    MET: ("o", BETTER),
    KEPT: ("o", BETTER),
    MISSED: ("D", WORSE),
    OTHER: ("^", GREY),
    NOT_COMPARABLE: ("s", GREY),
    UNSURE: ("o", GREY),
}


@dataclass(frozen=True, slots=True)
class _Line(Strip):
    """A plan: its row, the lines of its label, target, result and outcome."""

    row: dict[str, Any]
    label: list[str]
    target: list[str]
    result: list[str]
    verdict: list[str]


@dataclass(frozen=True, slots=True)
class _Block:
    """The plans for one metric: its heading, and the scale of its values where they are drawn on one."""

    heading: str
    scale: Scale | None
    lines: list[_Line]


def targets(table: pd.DataFrame, year: int, language: str = "zh") -> Chart | Nothing:
    """Return a table of `comparing.targets` as a chart; where nothing was planned it is a sentence."""
    title = say("title.target", language, year=year)
    return _chart(table, title, year, language, target_finding(table, year))


def promises(table: pd.DataFrame, year: int, language: str = "zh") -> Chart | Nothing:
    """Return a table of `comparing.promises`, made of plans of `year`, as a chart, or a sentence."""
    title = say("title.promise", language, year=year, due=year + 1)
    return _chart(table, title, year, language, promise_finding(table, year))


def _chart(table: pd.DataFrame, title: str, year: int, language: str, said: list[Finding]) -> Chart | Nothing:
    if table.empty:
        return Nothing(sentences(said, language), table)
    years = [year] if (table["due"] == year).all() else [year, year + 1]
    source = source_line(figures(table).drop_duplicates("place"), "–".join(map(str, years)), language)
    with drawing():
        blocks, columns = _lay_out(table, language)
        terms = say("terms.target", language) if any(block.scale for block in blocks) else ""
        page = sheet(WIDE, _KEY + blocks[-1].lines[-1].bottom, title, terms, source)
        _key(page, blocks, language)
        _write(page, blocks, columns)
        for block in blocks:
            if block.scale:
                _scaled(page, block.lines, block.scale, columns)
        return Chart(page.figure, table, title, source, "targets", language, sentences(said, language))


def _key(page: Sheet, blocks: list[_Block], language: str) -> None:
    axes = page.part(0.0, _KEY)
    shown = [(line.row["outcome"], block.scale) for block in blocks for line in block.lines]
    drawn = {outcome for outcome, scale in shown if outcome in JUDGED or not scale}
    drawn |= {MET} if KEPT in drawn else set()
    marks = {"target": "", **{outcome: outcome for outcome in _MARKS if outcome in drawn and outcome != KEPT}}
    y = _KEY / 2 - 0.6

    def example(mark: str, x: float) -> None:
        _dot(axes, x, y, mark)

    named = [(say(f"target.key.{name}", language), _ROOM, partial(example, mark)) for name, mark in marks.items()]
    key(axes, y, named, 1.8, 5.0)


def _write(page: Sheet, blocks: list[_Block], columns: Columns) -> None:
    """Write headings, places, outcomes, and the figures of metrics that have no scale; x and y are mm."""
    lines = [line for block in blocks for line in block.lines]
    axes = page.part(_KEY, lines[-1].bottom)
    name_rows(axes, [line.middle for line in lines], [line.label for line in lines])
    for block in blocks:
        rule(axes, block.lines[0].top - _HEAD)
        write(axes, 0, block.lines[0].top - 1.2, block.heading, va="bottom")
        for line in block.lines:
            outcome = line.row["outcome"]
            fact = figure(line.row, "result") if block.scale and outcome in (NOT_COMPARABLE, UNSURE) else None
            colour = INK if outcome in JUDGED else GREY
            write(axes, columns.label + columns.plot + 1.5, line.middle, line.verdict, colour, fact)
            if not block.scale:
                _listed(axes, line, columns)


def _listed(axes: Axes, line: _Line, columns: Columns) -> None:
    """Write target and result of a line beside each other, each after its mark."""
    middle = columns.label + columns.plot / 2
    for side, texts, x in (("target", line.target, columns.label), ("result", line.result, middle)):
        stated = side == "target" or bool(line.row["result_report"])
        outcome = line.row["outcome"] if side == "result" else ""
        if stated and (side == "target" or outcome in _MARKS):
            _dot(axes, x + 1.2, line.middle, outcome, figure(line.row, side))
        colour = INK if side == "target" or outcome in JUDGED else GREY
        style: dict[str, Any] = {"fontsize": TEXT, "linespacing": 1.25}
        write(axes, x + 1.2 + _ROOM, line.middle, texts, colour, figure(line.row, side), **style)


def _scaled(page: Sheet, lines: list[_Line], scale: Scale, columns: Columns) -> None:
    """Draw the lines of a block on the scale of their values: the distance from the target to the result."""
    axes = page.axes(EDGE + columns.label, columns.plot, _KEY)
    shown = [_points(line.row, scale) for line in lines]
    values = [value for points in shown for value, *_ in points]
    room = widest((text for points in shown for _, text, _ in points), TEXT) + _ROOM + 1.5
    low, high = min(values), max(values)
    per_mm = (high - low) / (columns.plot - 2 * room)
    axes.set(xlim=(low - per_mm * room, high + per_mm * room), ylim=(page.body - _KEY, 0), xticks=[], yticks=[])
    for line, points in zip(lines, shown, strict=True):
        rule(axes, line.middle, 0.5)
        if len(points) == 2:
            axes.plot([value for value, *_ in points], [line.middle] * 2, color=GREY, linewidth=1.2, zorder=1)
        for value, text, side in points:
            outcome = line.row["outcome"] if side == "result" else ""
            _dot(axes, value, line.middle, outcome, figure(line.row, side))
            ends = [other for other, *_ in points]
            # The smaller value has its number on the left; of equals the target.
            left = value < max(ends) or (len(points) == 2 and min(ends) == max(ends) and side == "target")
            off, align = (-_ROOM, "right") if left else (_ROOM, "left")
            style: dict[str, Any] = {"fontsize": TEXT, "ha": align, "bbox": BEHIND, "zorder": 2}
            write(axes, value + off * per_mm, line.middle, text, INK, figure(line.row, side), **style)


def _points(row: dict[str, Any], scale: Scale) -> list[tuple[float, str, str]]:
    """Return value, text and side of what a scale can show of a row: nothing withheld, no result of other terms."""
    points = []
    for side in ("target", "result") if row["outcome"] in JUDGED else ("target",):
        value = row[f"{side}_value"]
        if pd.notna(value) and row[f"{side}_unit"] == scale.unit:
            points.append((value / scale.per, scale.number(value, row[f"{side}_bound"], row["stat"] == "change"), side))
    return points


def _dot(axes: Axes, x: float, y: float, outcome: str, row: dict[str, Any] | None = None) -> None:
    """Draw one mark: a hollow ring for a target, else the shape of the outcome; an unlike result is hollow as well."""
    shape, colour = _MARKS.get(outcome, ("o", INK))
    hollow = outcome in ("", NOT_COMPARABLE, UNSURE)
    size = _DOT + 1.6 if not outcome else _DOT
    style: dict[str, Any] = {"color": colour, "markerfacecolor": PAPER if hollow else colour, "markeredgewidth": 1.0}
    dot(axes, x, y, row, shape, markersize=size, zorder=4 if outcome else 3, **style)


_PITCH = 5.2  # mm from row to row
_HEAD = 6.4  # mm for the name of a metric
_FEWEST = 3  # plans with a result that make a scale worth while
_LABEL, _VERDICT = 32.0, 42.0  # mm at most for places, and for outcomes
_EXPLAINED = (NOT_COMPARABLE, OTHER, UNSURE)  # outcomes whose word alone does not say why


def _lay_out(table: pd.DataFrame, language: str) -> tuple[list[_Block], Columns]:
    labelled = table.assign(label=place_labels(table, language))
    label = min(widest(labelled["label"], TEXT), _LABEL) + 3.0
    verdicts = (_verdict(row, True, language) for row in labelled.to_dict("records"))
    verdict = min(widest(verdicts, NOTE), _VERDICT) + 2.0
    columns = Columns(label, WIDE - 2 * EDGE - label - verdict, verdict)
    blocks: list[_Block] = []
    top = 0.0
    for _, part in labelled.groupby(["metric", "stat"], sort=False):
        rows = part.to_dict("records")
        scale = _scale(rows, language)
        lines: list[_Line] = []
        for row in rows:
            below = lines[-1].bottom if lines else top + _HEAD
            lines.append(_line(row, scale is not None, below, columns, language))
        better = say(f"direction.{catalogue.metrics()[rows[0]['metric']].better}", language)
        heading = joined([subject(rows[0], language), scale.name if scale else "", better], language)
        blocks.append(_Block(heading, scale, lines))
        top = lines[-1].bottom + 1.5
    return blocks, columns


def _scale(rows: list[dict[str, Any]], language: str) -> Scale | None:
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


def _verdict(row: dict[str, Any], scaled: bool, language: str) -> str:
    """Return the outcome, and where its word alone does not say it, why; a scale cannot show what is of other terms."""
    name = say(f"outcome.{row['outcome']}", language)
    if row["outcome"] not in _EXPLAINED:
        return name
    unlike = scaled and row["outcome"] in (NOT_COMPARABLE, UNSURE) and row["result_report"]
    value = value_text(figure(row, "result"), language) if unlike else ""
    why = row[column_in(language, "why")]
    if row["outcome"] == UNSURE:  # the reason says that it is to be checked
        return joined([why, value], language)
    return name + COLON[language] + joined([value, why], language)


def _line(row: dict[str, Any], scaled: bool, top: float, columns: Columns, language: str) -> _Line:
    half = columns.plot / 2 - 7.0
    label = wrap(row["label"], columns.label - 2.5, TEXT)
    target = wrap(value_text(figure(row, "target"), language), half, TEXT)
    result = wrap(value_text(figure(row, "result"), language), half, TEXT) if row["result_report"] else ["—"]
    verdict = wrap(_verdict(row, scaled, language), columns.note - 1.5, NOTE)
    tall = max(len(label), len(target), len(result)) * line_height(TEXT) * 0.9
    height = max(_PITCH, tall + 1.0, len(verdict) * line_height(NOTE) * 0.92 + 1.4)
    return _Line(top, height, row, label, target, result, verdict)
