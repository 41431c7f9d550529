"""How ranks depend on the way of counting: a column a rule, a line a place, the lines that move most in colour.

In: the ranks of the same places under several rules. Out: a Chart. Places that are level share a point and keep a line
of text each.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import aside, line_height, sheet, write
from ecoanalysis.charts.style import (
    BEHIND,
    GREY,
    INK,
    LINE,
    MAIN,
    NOTE,
    TEXT,
    WIDE,
    WORSE,
    balanced,
    drawing,
    fitted,
    text_width,
)
from ecoanalysis.errors import RequestError
from ecoanalysis.wording.captions import source_of
from ecoanalysis.wording.names import SEMICOLON, joined, report_labels, several
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.word_tables import note, rule_names

_LABEL = 34.0  # mm at most for the name of a place
_PITCH = 4.6  # mm from rank to rank
LOWER, HIGHER = WORSE, MAIN  # of the places that move most
MOST = 12  # lines; of more places those that move most
_MOVERS = 4  # places in colour, at most


def rank_lines(index: pd.DataFrame, reports: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return how the ranks of an `index` change from rule to rule; one report alone has no ranks."""
    labels = report_labels(reports, language)
    mark = index["damaged"].map(lambda damaged: "*" if damaged else "")
    table = index.assign(place=index["report"].map(labels) + mark)
    name = say("name.environment", language)
    if table["report"].nunique() < 2:
        return Nothing(say("finding.ranks_one", language), table)
    table.attrs["made"] = index.attrs["made"] | {"interval": "ranks"}
    source = source_of(reports, list(table["report"]), note(table, language), language)
    return rank_slope(table, name, rule_names(index, language), source, language)


def rank_slope(ranks: pd.DataFrame, name: str, rules: dict[str, str], source: str, language: str = "zh") -> Chart:
    """Return the ranks as lines from rule to rule, the first place at the top.

    `ranks` has the columns place (a label), rule and rank; `rules` names the rules, in the order of the columns; `name`
    is what is ranked, `source` the line below. A rule without a rank, or fewer than two, raises `RequestError`.
    """
    known = [rule for rule in rules if rule in set(ranks["rule"])]
    if len(known) < 2 or set(ranks["rule"]) - set(rules):
        have = ", ".join(sorted(set(ranks["rule"]))) or "none"
        needed = "two named rules or more are needed"
        raise RequestError(f"{needed}, these have ranks: {have}; name each of them in `rules`")
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
    slots = wide.rank(method="average") - 1  # steps from the top: the mean of the places that those level with it take
    title = say("title.rank_slope", language, name=name)
    movers = _movers(wide)
    with drawing():
        left, right = (_texts(wide[rule], at) for rule, at in ((known[0], "left"), (known[-1], "right")))
        label = max(text_width(text, TEXT) for _, _, text in (*left, *right)) + 4.0
        step = (WIDE - 2 * label) / (len(known) - 1)
        heads = [balanced(rules[rule], min(step, 2 * label) - 2.0, NOTE) for rule in known]
        head = max(map(len, heads)) * line_height(NOTE) + 2.0
        page = sheet(WIDE, head + len(wide) * _PITCH, title, joined(terms, language, SEMICOLON), source)
        axes = page.axes(label, WIDE - 2 * label, head)
        _lines(axes, slots, movers)
        for at, texts in ((0, left), (len(known) - 1, right)):
            _labels(axes, at, texts, movers)
        for at, lines in enumerate(heads):
            write(axes, at, -0.6, lines, ha="center", va="bottom")
        return Chart(page.figure, ranks, title, source, "rank_slope", language, summary)


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
    axes.set(xlim=(0, len(slots.columns) - 1), ylim=(len(slots) - 0.5, -0.5), xticks=[], yticks=[])
    for at in range(len(slots.columns)):
        axes.plot([at, at], [-0.5, len(slots) - 0.5], color=LINE, linewidth=0.6, zorder=0)
    for place in sorted(slots.index, key=lambda place: place in movers):
        moves = place in movers
        style: dict[str, Any] = {
            "color": movers.get(place, GREY),
            "linewidth": 1.6 if moves else 0.8,
            "zorder": 1 + moves,
        }
        heights = slots.loc[place].to_numpy()
        axes.plot(heights, marker="o", markersize=3.4, label=place, clip_on=False, **style)


def _labels(axes: Axes, at: int, texts: list, movers: dict[str, str]) -> None:
    side, align = (-1, "right") if at == 0 else (1, "left")
    for place, height, text in texts:
        style: dict[str, Any] = {"fontsize": TEXT, "color": movers.get(place, INK), "ha": align}
        aside(axes, text, (at, height), (side * 6, 0), bbox=BEHIND | {"pad": 0.2}, **style)


def _summary(wide: pd.DataFrame, movers: dict[str, str], rules: dict[str, str], language: str) -> str:
    stay = int((wide.max(axis=1) == wide.min(axis=1)).sum())
    moves = [
        say("rank_slope.move", language, place=place, best=f"{row.min():.0f}", worst=f"{row.max():.0f}")
        for place, row in wide.loc[list(movers)].iterrows()
    ]
    said = several(moves, language, "places", 99) or "—"
    return say("summary.rank_slope", language, count=len(wide), rules=len(wide.columns), stay=stay, moves=said)
