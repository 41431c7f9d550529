"""The scorecard: a city a row, its rank by equal and by entropy weights, and how far it moves when indicators are left out.

In: what `comparing.scorecard` returns. Out: a Chart, or one sentence where there is no scorecard. Beside each city stand its
scores and the values behind them; below, who is not scored and why, and what each indicator weighs.
"""

from typing import Any

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Cell, Line, Sheet, add_line, key, name_rows, rule, sheet, write, write_lines
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, STATES, TEXT, WIDE, drawing
from ecoanalysis.charts.text import balanced, fill, line_height, widest, wrap
from ecoanalysis.comparing.scorecard import differing_terms, scorecard_finding
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import PAUSE, SEMICOLON, joined, place_labels, scope_and_period, several, short_name
from ecoanalysis.wording.sentences import reasons, say, sentences

_PITCH, _SCORE, _VALUE = 4.9, 13.0, 17.0  # mm: a row, a column of scores, a column of values
_KEY = 5.0  # mm for the key
_NARROWEST = 38.0  # mm for the ranks, else columns of values stay away
_EACH = 15  # cities up to which every rank has a tick
_APART = 6.0  # mm between the parts
_RANGE: dict[str, Any] = {"color": STATES["planned"], "linewidth": 5, "solid_capstyle": "round"}
_OUTLINE: dict[str, Any] = {"markerfacecolor": "none", "markeredgecolor": INK}


# A column of numbers: its heading, its width in mm, and for each city a text and the panel's row behind it, if any.
_Column = tuple[list[str], float, list[tuple[str, dict[str, Any]]]]


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
    counted = say("scorecard.terms", language, **filling)
    terms = joined([counted, say("scorecard.no_verdict", language)], language, SEMICOLON)
    source = source_line(scored, about["year"], language)
    with drawing():
        label = min(widest(scored["label"], TEXT), 40.0) + 3.5
        columns = _columns(scored, values, about["indicators"], WIDE - label, language)
        head = max(len(lines) for lines, _, _ in columns) * line_height(NOTE) + 1.5
        out, bars = _left_out_lines(card, language), _weight_lines(weights, language)
        ranked = _KEY + head + _PITCH * len(scored)
        heights = [ranked, *(part[-1].bottom for part in (out, bars) if part)]
        page = sheet(WIDE, sum(heights) + _APART * (len(heights) - 1), title, terms, source)
        _draw_ranks(page, scored, columns, label, head, language)
        top = ranked + _APART
        if out:
            write_lines(page, out, top, say("scorecard.left_out", language))
            top += out[-1].bottom + _APART
        _draw_weights(page, bars, weights, top, language)
        return Chart(page.figure, card, title, source, "scorecard", language, said)


def _columns(
    scored: pd.DataFrame, values: pd.DataFrame, indicators: list[str], room: float, language: str
) -> list[_Column]:
    """Return the columns beside the ranks: both scores, and the values where all of them have room."""
    columns: list[_Column] = []
    for name in ("equal", "entropy"):
        head = balanced(say(f"scorecard.score_{name}", language), _SCORE - 2.0, NOTE)
        columns.append((head, _SCORE, [(f"{score:.2f}", {}) for score in scored[f"score_{name}"]]))
    if room - 2 * _SCORE - _VALUE * len(indicators) < _NARROWEST:
        return columns
    for metric in indicators:
        stated = values[values["metric"] == metric].set_index("place")
        scale = scale_of(stated["unit"].iloc[0], stated["value"], language)
        rows = [stated.loc[place].to_dict() for place in scored["place"]]
        head = balanced(short_name(metric, language), _VALUE - 2.0, NOTE) + ([scale.name] if scale.name else [])
        columns.append((head, _VALUE, [(scale.number(row["value"], row["bound"]), row) for row in rows]))
    return columns


def _draw_ranks(
    page: Sheet, scored: pd.DataFrame, columns: list[_Column], label: float, head: float, language: str
) -> None:
    """Draw range, equal and entropy rank of every city, 1 at the left, and the numbers beside them."""
    plot = page.width - label - sum(width for _, width, _ in columns) - 2.0
    height = _PITCH * len(scored)
    axes = page.axes(label, plot, _KEY + head, height)
    axes.set(xlim=(0.5, len(scored) + 0.5), ylim=(height, 0))
    middles = [(at + 0.5) * _PITCH for at in range(len(scored))]
    name_rows(axes, middles, list(scored["label"]), ha="right")
    step = 1 if len(scored) <= _EACH else 5
    ticks = sorted({1, *range(step, len(scored) + 1, step)})
    axes.set_xticks(ticks, [str(tick) for tick in ticks], fontsize=NOTE)
    axes.tick_params(axis="x", pad=2, top=False, labeltop=True, bottom=False, labelbottom=False)
    for y, row in zip(middles, scored.to_dict("records"), strict=True):
        rule(axes, y)
        axes.plot([row["rank_best"], row["rank_worst"]], [y, y], **_RANGE)
        axes.plot(row["rank_equal"], y, "o", markersize=5.2, color=MAIN, zorder=3, clip_on=False)
        axes.plot(row["rank_entropy"], y, "D", markersize=7.2, **_OUTLINE, zorder=4, clip_on=False)
    left = label + plot
    for lines, width, cells in columns:
        axes = page.part(_KEY, head + height, left, width)
        write(axes, width, head - 1.5, lines, ha="right", va="bottom", linespacing=1.25)
        for middle, (text, row) in zip(middles, cells, strict=True):
            write(axes, width, head + middle, text, INK, row, ha="right", fontsize=TEXT)
        left += width
    axes, y = page.part(0.0, _KEY), 2.0
    marks: dict[str, tuple[float, Any]] = {
        "equal": (4.5, lambda x: axes.plot(x + 2, y, "o", markersize=5.2, color=MAIN)),
        "entropy": (4.5, lambda x: axes.plot(x + 2, y, "D", markersize=5.2, **_OUTLINE)),
        "range": (7.0, lambda x: axes.plot([x + 1, x + 5], [y, y], **_RANGE)),
    }
    key(axes, y, [(say(f"scorecard.key_{name}", language), *drawn) for name, drawn in marks.items()])


_MOST = 10  # lines of places that are not scored
_GAP = 3.0  # mm between columns
_PAD = 0.7  # mm between lines
_INNER = WIDE - 3.0  # mm
_LEFT = 46.0  # mm at most for the texts at the left
_BAR = 52.0  # mm for a weight of 100 %
_COUNT = 20.0  # mm for the number of cities


def _left_out_lines(card: pd.DataFrame, language: str) -> list[Line]:
    """Return a line for each reason why places are not scored, those first that lack least; none where all are scored."""
    out = card[card["rank_equal"].isna()]
    reason = "why_not" if language == "zh" else "why_not_en"
    groups = list(out.groupby(reason, sort=False)["label"].agg(list).items())
    # What most places share comes last: it says least about each.
    groups.sort(key=lambda one: len(one[1]) > 3)
    rest = sum(len(names) for _, names in groups[_MOST:-1]) if len(groups) > _MOST + 1 else 0
    shown = [*groups[:_MOST], *groups[-1:]] if rest else groups
    rows = [([name + PAUSE[language] for name in names[:-1]] + names[-1:], why) for why, names in shown]
    if rest:
        rows.insert(-1, ([say("scorecard.more_places", language, count=rest)], ""))
    column = min(widest(("".join(names) for names, _ in rows), NOTE), _LEFT) + _GAP
    lines: list[Line] = []
    for names, why in rows:
        why_lines = wrap(why, _INNER - column, NOTE) if why else []
        add_line(lines, [Cell(fill(names, column - _GAP + 0.5, NOTE), 0.0), Cell(why_lines, column, GREY)], _PAD)
    return lines


def _weight_lines(weights: list[dict], language: str) -> list[Line]:
    """Return a line for each indicator considered, with its weight behind room for a bar, or why it has none."""
    names = [short_name(row["metric"], language) for row in weights]
    terms = {metric: scope_and_period(row, language) for metric, row in differing_terms(weights).items()}
    column = min(widest(names, NOTE), _LEFT) + _GAP
    lines: list[Line] = []
    for row, name in zip(weights, names, strict=True):
        x, colour = (column + _BAR + 2.0, INK) if row["on_card"] else (column, GREY)
        said = wrap(_weight_text(row, terms, language), _INNER - _COUNT - x, NOTE)
        add_line(lines, [Cell(wrap(name, column - _GAP + 0.5, NOTE), 0.0, colour), Cell(said, x, colour)], _PAD)
    return lines


def _weight_text(row: dict[str, Any], terms: dict[str, str], language: str) -> str:
    if not row["on_card"]:
        return reasons(row["left_out"], language)
    shares = {"entropy": f"{row['weight_entropy']:.0%}", "equal": f"{row['weight_equal']:.0%}"}
    near = say("scorecard.near", language) if row["saturated"] == "near" else ""
    said = say("scorecard.weight", language, **shares) + near
    return joined([said, terms.get(row["metric"], "")], language, SEMICOLON)


def _draw_weights(page: Sheet, lines: list[Line], weights: list[dict], top: float, language: str) -> None:
    """Draw the entropy weight of each indicator as a bar, a tick at the equal weight; write why others have none."""
    axes = write_lines(page, lines, top, say("scorecard.weights_head", language))
    write(axes, _INNER, 0.2, say("scorecard.comparable", language), va="top", ha="right")
    for line, row in zip(lines, weights, strict=True):
        middle, said = line.middle, line.cells[1]
        write(axes, _INNER, middle, str(row["cities"]), said.colour, ha="right")
        if row["on_card"]:
            at = said.x - _BAR - 2.0
            axes.plot([at, at + _BAR], [middle] * 2, color=LINE, linewidth=0.6, zorder=0)
            axes.barh(middle, row["weight_entropy"] * _BAR, 2.2, left=at, color=MAIN)
            equal = at + row["weight_equal"] * _BAR
            for colour, width in ((PAPER, 2.6), (INK, 1.2)):
                axes.plot([equal, equal], [middle - 1.7, middle + 1.7], color=colour, linewidth=width)
