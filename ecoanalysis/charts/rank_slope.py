"""How ranks depend on the way of counting: a column a rule, a line a place, the lines that move most in colour.

In: the ranks of the same places under several rules. Out: a Chart. Places that are level share a point and keep a line
of text each.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.layout import line_height, sheet
from ecoanalysis.charts.style import (
    GREY,
    INK,
    LINE,
    MAIN,
    NOTE,
    PAPER,
    TEXT,
    WIDE,
    WORSE,
    balanced,
    drawing,
    fitted,
    text_width,
)
from ecoanalysis.errors import RequestError
from ecoanalysis.wording.names import several
from ecoanalysis.wording.sentences import say

_LABEL = 34.0  # mm at most for the name of a place
_PITCH = 4.6  # mm from rank to rank
LOWER, HIGHER = WORSE, MAIN  # of the places that move most
MOST = 12  # lines; of more places those that move most
_MOVERS = 4  # places in colour, at most


def rank_slope(
    ranks: pd.DataFrame, name: str, rules: dict[str, str], source: str, language: str = "zh", width: float = WIDE
) -> Chart:
    """Return the ranks as lines from rule to rule, the first place at the top.

    `ranks` has the columns place (a label), rule and rank; `rules` names the rules, in the order of the columns; `name`
    is what is ranked, `source` the line below. A rule without a rank, or fewer than two, raises `RequestError`.
    """
    known = [rule for rule in rules if rule in set(ranks["rule"])]
    if len(known) < 2 or set(ranks["rule"]) - set(rules):
        have = ", ".join(sorted(set(ranks["rule"]))) or "none"
        raise RequestError(
            f"two named rules or more are needed, these have ranks: {have}; name each of them in `rules`"
        )
    wide = ranks.pivot(index="place", columns="rule", values="rank")[known].astype(float)
    summary = _summary(wide, _movers(wide), rules, language)
    terms = [say("terms.rank_slope", language)]
    if (hidden := len(wide) - MOST) > 0:
        wide = wide.loc[_distance(wide).index[:MOST]].sort_index()
        terms.append(say("rank_slope.hidden", language, shown=MOST, count=hidden))
    if any(wide[rule].duplicated().any() for rule in (known[0], known[-1])):
        terms.append(say("rank_slope.level", language))
    if any(place.endswith("*") for place in wide.index):
        terms.append(say("rank_slope.damaged", language))
    slots = _slots(wide)
    title = say("title.rank_slope", language, name=name)
    movers = _movers(wide)
    with drawing():
        left, right = (_texts(wide[rule], at) for rule, at in ((known[0], "left"), (known[-1], "right")))
        label = max(text_width(text, TEXT) for _, _, text in (*left, *right)) + 4.0
        step = (width - 2 * label) / (len(known) - 1)
        heads = [balanced(rules[rule], min(step, 2 * label) - 2.0, NOTE) for rule in known]
        head = max(map(len, heads)) * line_height(NOTE) + 2.0
        told = ("；" if language == "zh" else "; ").join(terms)
        page = sheet(width, head + len(wide) * _PITCH, title, told, source)
        axes = page.axes(label, width - 2 * label, head)
        _lines(axes, slots, movers)
        for at, texts in ((0, left), (len(known) - 1, right)):
            _labels(axes, at, texts, slots, movers)
        for at, lines in enumerate(heads):
            axes.text(at, -0.6, "\n".join(lines), fontsize=NOTE, color=GREY, ha="center", va="bottom", linespacing=1.3)
        return Chart(page.figure, ranks, title, source, "rank_slope", language, summary)


def _slots(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the height of each point in steps from the top: the mean of the places that those level with it take."""
    return wide.rank(method="average") - 1


def _distance(wide: pd.DataFrame) -> pd.Series:
    """Return how far each place moves, the farthest first; of those that move as far the higher, whatever the names."""
    wide = wide.sort_values(list(wide.columns), kind="stable")
    return (wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False, kind="stable")


def _movers(wide: pd.DataFrame) -> dict[str, str]:
    """Return the places whose rank moves most, each with a colour: for those that end lower, higher, or as they began."""
    moved = _distance(wide)
    moved = moved[moved > 0].head(_MOVERS)
    ends = wide.iloc[:, -1] - wide.iloc[:, 0]
    return {place: LOWER if ends[place] > 0 else HIGHER if ends[place] < 0 else INK for place in moved.index}


def _texts(ranks: pd.Series, side: str) -> list[tuple[str, float, str]]:
    """Return place, height and text for each place that the rule ranks; those level stand below each other."""
    order = ranks.dropna().rename("rank").reset_index().sort_values(["rank", "place"])
    found = []
    for at, row in enumerate(order.itertuples()):
        tied = "=" if (order["rank"] == row.rank).sum() > 1 else ""
        number = f"{row.rank:.0f}{tied}"
        name = fitted(row.place, _LABEL, TEXT)
        found.append((row.place, float(at), f"{name}  {number}" if side == "left" else f"{number}  {name}"))
    return found


def _lines(axes: Axes, slots: pd.DataFrame, movers: dict[str, str]) -> None:
    axes.set_xlim(0, len(slots.columns) - 1)
    axes.set_ylim(len(slots) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    for at in range(len(slots.columns)):
        axes.plot([at, at], [-0.5, len(slots) - 0.5], color=LINE, linewidth=0.6, zorder=0)
    for place in sorted(slots.index, key=lambda place: place in movers):
        colour, above = movers.get(place, GREY), 2 if place in movers else 1
        style: dict[str, Any] = {
            "color": colour,
            "linewidth": 1.6 if place in movers else 0.8,
            "zorder": above,
            "clip_on": False,
        }
        axes.plot(np.arange(len(slots.columns)), slots.loc[place], marker="o", markersize=3.4, label=place, **style)


def _labels(axes: Axes, at: int, texts: list, slots: pd.DataFrame, movers: dict[str, str]) -> None:
    side = -1 if at == 0 else 1
    for place, height, text in texts:
        colour = movers.get(place, INK)
        align = "right" if side < 0 else "left"
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.2}
        style: dict[str, Any] = {
            "fontsize": TEXT,
            "color": colour,
            "va": "center_baseline",
            "ha": align,
            "annotation_clip": False,
        }
        axes.annotate(text, (at, height), (side * 6, 0), textcoords="offset points", bbox=box, **style)


def _summary(wide: pd.DataFrame, movers: dict[str, str], rules: dict[str, str], language: str) -> str:
    stay = int((wide.max(axis=1) == wide.min(axis=1)).sum())
    moves = [
        say("rank_slope.move", language, place=place, best=f"{row.min():.0f}", worst=f"{row.max():.0f}")
        for place, row in wide.loc[list(movers)].iterrows()
    ]
    said = several(moves, language, "places", 99) or "—"
    return say("summary.rank_slope", language, count=len(wide), rules=len(wide.columns), stay=stay, moves=said)
