"""How much of each report is about a theme, as bars with 95% intervals; and how ranks depend on the way of counting.

In: the rows of one theme under one counting rule, or the ranks of the same places under several. Out: a Chart, or a
sentence. Bars of damaged reports are marked. Ranks are lines from rule to rule, those that move most in colour; places
that are level share a point and keep a line of text each.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import aside, name_rows, rule, sheet, strips, write
from ecoanalysis.charts.style import BEHIND, GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE, WORSE, drawing
from ecoanalysis.charts.text import balanced, fitted, line_height, widest, wrap
from ecoanalysis.errors import RequestError
from ecoanalysis.wording.captions import source_of
from ecoanalysis.wording.names import SEMICOLON, STOP, joined, report_labels, several, with_unit
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.word_tables import note, rule_names

MOST = 30  # bars; of more reports the ends are shown
_GAP = 5.0  # mm where bars are left out
_PITCH = 4.9  # mm from bar to bar
_THICK = 2.6  # mm of a bar
_LABEL = 44.0  # mm at most for labels


def attention_bars(index: pd.DataFrame, reports: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return how much of each report is about the work of a bureau, under the rule `own` of an `index`."""
    own = index[index["rule"] == "own"]
    table = own.assign(place=own["report"].map(report_labels(reports, language)), theme="work", share=own["value"])
    table["damaged"] = own["damaged"] != ""
    own.attrs["made"] = index.attrs["made"] | {"note": "language.note.own"}
    source = source_of(reports, list(own["report"]), note(own, language), language)
    name, rule = say("name.work", language), say("rule.work", language)
    return attention(table, name, rule, source, language)


def attention(table: pd.DataFrame, name: str, how: str, source: str, language: str = "zh") -> Chart | Nothing:
    """Return the shares of a theme as bars, largest first; of more than `MOST` the largest and the smallest.

    `table` has the columns place (a label), theme, share, low, high (0 to 1), damaged and rule; one theme and one rule,
    else `RequestError`. `name` is what the theme is called, `how` it was counted, `source` the line below. The bar
    of a damaged report is hollow; one without a share stands last and says so.
    """
    for column in ("theme", "rule"):
        if table[column].nunique(dropna=False) > 1:
            these = ", ".join(sorted(map(str, set(table[column]))))
            raise RequestError(f"a chart of attention shows one {column}, these are {these}; choose one first")
    title = say("title.attention", language, name=name)
    if table["share"].isna().all():
        return Nothing(say("nothing.at_all", language, title=title), table)
    shown = table.sort_values(["share", "place"], ascending=[False, True], na_position="last", ignore_index=True)
    between = len(shown) - MOST
    if between > 0:
        shown = pd.concat([shown.head(MOST // 2), shown.tail(MOST - MOST // 2)], ignore_index=True)
    rows = shown.to_dict("records")
    texts = [_text(row, language) for row in rows]
    terms = say("terms.attention", language, rule=how)
    if shown["damaged"].any():
        terms = joined([terms, say("attention.hollow", language)], language, SEMICOLON)
    values = joined([f"{row['place']} {text}" for row, text in zip(rows, texts, strict=True)], language, SEMICOLON)
    said = say("summary.kind", language, name=name, values=values) + STOP[language].rstrip()
    with drawing():
        label = min(widest(shown["place"], TEXT), _LABEL) + 3.5
        names = [wrap(place, label - 2.5, TEXT) for place in shown["place"]]
        heights = [max(_PITCH, len(one) * line_height(TEXT) * 0.9 + 1.0) for one in names]
        gap = _GAP if between > 0 else 0.0
        page = sheet(WIDE, sum(heights) + gap, title, terms, source)
        axes = page.axes(label, WIDE - label)
        middles = [strip.middle + (gap if at >= MOST // 2 else 0.0) for at, strip in enumerate(strips(heights))]
        axes.set(ylim=(page.body, 0), xticks=[])
        name_rows(axes, middles, names, ha="right")
        most = max(shown[["share", "high"]].max()) or 1.0
        axes.set_xlim(0, most * (WIDE - label) / max(WIDE - label - widest(texts, NOTE) - 4.0, 10.0))
        for middle, row, text in zip(middles, rows, texts, strict=True):
            _bar(axes, middle, row, text)
        if between > 0:  # a line where reports are left out, and how many
            at = sum(heights[: MOST // 2]) + gap / 2
            rule(axes, at)
            left_out, style = say("attention.between", language, count=between), BEHIND | {"pad": 2}
            aside(axes, left_out, (1, at), (-6, 0), ("axes fraction", "data"), ha="right", bbox=style)
        return Chart(page.figure, table, title, source, "attention", language, said)


def _bar(axes: Axes, middle: float, row: dict[str, Any], text: str) -> None:
    end, quiet = 0.0, pd.isna(row["share"]) or row["damaged"]
    if pd.notna(row["share"]):
        end = max(row["share"], row["high"] if pd.notna(row["high"]) else 0.0)
        face, edge = (PAPER, GREY) if row["damaged"] else (MAIN, MAIN)
        axes.barh(middle, row["share"], _THICK, color=face, edgecolor=edge, linewidth=0.8)
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            ends = [row["low"], row["high"]]
            axes.plot(ends, [middle] * 2, color=INK, linewidth=0.9, solid_capstyle="butt", zorder=3)
    aside(axes, text, (end, middle), (4, 0), color=GREY if quiet else INK)


def _text(row: dict[str, Any], language: str) -> str:
    if pd.isna(row["share"]):
        return say("attention.none", language)
    text = f"{100 * row['share']:.1f}%"
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        interval = f"{100 * row['low']:.1f}–{100 * row['high']:.1f}"
        text = with_unit(text, interval, language)
    return text + (("　" if language == "zh" else "  ") + say("attention.damaged", language) if row["damaged"] else "")


_PLACE = 34.0  # mm at most for the name of a place
_STEP = 4.6  # mm from rank to rank
_LINES = 12  # lines; of more places those that move most
_MOVERS = 4  # places in colour, at most


def rank_lines(index: pd.DataFrame, reports: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return how the ranks of an `index` change from rule to rule; one report alone has no ranks."""
    labels = report_labels(reports, language)
    star = index["damaged"].map(lambda damaged: "*" if damaged else "")
    table = index.assign(place=index["report"].map(labels) + star)
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
    moved = _moved(wide)
    movers = _coloured(wide, moved)
    summary = _summary(wide, moved, list(movers), language)
    terms = [say("terms.rank_slope", language)]
    if (hidden := len(wide) - _LINES) > 0:
        wide = wide.loc[moved.index[:_LINES]].sort_index()
        terms.append(say("rank_slope.hidden", language, shown=_LINES, count=hidden))
    if any(wide[rule].duplicated().any() for rule in (known[0], known[-1])):
        terms.append(say("rank_slope.level", language))
    if any(place.endswith("*") for place in wide.index):
        terms.append(say("rank_slope.damaged", language))
    slots = wide.rank(method="average") - 1  # steps from the top: the mean of the places that those level with it take
    title = say("title.rank_slope", language, name=name)
    with drawing():
        left, right = (_texts(wide[rule], at) for rule, at in ((known[0], "left"), (known[-1], "right")))
        label = widest((text for _, text in (*left, *right)), TEXT) + 4.0
        step = (WIDE - 2 * label) / (len(known) - 1)
        heads = [balanced(rules[rule], min(step, 2 * label) - 2.0, NOTE) for rule in known]
        head = max(map(len, heads)) * line_height(NOTE) + 2.0
        page = sheet(WIDE, head + len(wide) * _STEP, title, joined(terms, language, SEMICOLON), source)
        axes = page.axes(label, WIDE - 2 * label, head)
        _lines(axes, slots, movers)
        for at, off, align, texts in ((0, -6, "right", left), (len(known) - 1, 6, "left", right)):
            for height, (place, text) in enumerate(texts):
                style: dict[str, Any] = {"fontsize": TEXT, "color": movers.get(place, INK), "ha": align}
                aside(axes, text, (at, height), (off, 0), bbox=BEHIND | {"pad": 0.2}, **style)
        for at, lines in enumerate(heads):
            write(axes, at, -0.6, lines, ha="center", va="bottom")
        return Chart(page.figure, ranks, title, source, "rank_slope", language, summary)


def _moved(wide: pd.DataFrame) -> pd.Series:
    """Return how far each place moves, the farthest first; of those that move as far the higher, whatever the names."""
    wide = wide.sort_values(list(wide.columns), kind="stable")
    return (wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False, kind="stable")


def _coloured(wide: pd.DataFrame, moved: pd.Series) -> dict[str, str]:
    """Return the places that move most, each with a colour: for those that end lower, higher, or as they began."""
    ends = wide.iloc[:, -1] - wide.iloc[:, 0]
    movers = moved[moved > 0].index[:_MOVERS]
    return {place: WORSE if ends[place] > 0 else MAIN if ends[place] < 0 else INK for place in movers}


def _texts(ranks: pd.Series, side: str) -> list[tuple[str, str]]:
    """Return place and text for each place that the rule ranks, best first; those level stand below each other."""
    order = ranks.dropna().rename("rank").reset_index().sort_values(["rank", "place"])
    found = []
    for place, rank, tied in zip(order["place"], order["rank"], order["rank"].duplicated(keep=False), strict=True):
        number, name = f"{rank:.0f}" + ("=" if tied else ""), fitted(place, _PLACE, TEXT)
        found.append((place, f"{name}  {number}" if side == "left" else f"{number}  {name}"))
    return found


def _lines(axes: Axes, slots: pd.DataFrame, movers: dict[str, str]) -> None:
    axes.set(xlim=(0, len(slots.columns) - 1), ylim=(len(slots) - 0.5, -0.5), xticks=[], yticks=[])
    for at in range(len(slots.columns)):
        axes.plot([at, at], [-0.5, len(slots) - 0.5], color=LINE, linewidth=0.6, zorder=0)
    for place in sorted(slots.index, key=lambda place: place in movers):
        wide, order = (1.6, 2) if place in movers else (0.8, 1)
        style: dict[str, Any] = {"color": movers.get(place, GREY), "linewidth": wide, "zorder": order}
        axes.plot(slots.loc[place].to_numpy(), marker="o", markersize=3.4, label=place, clip_on=False, **style)


def _summary(wide: pd.DataFrame, moved: pd.Series, movers: list[str], language: str) -> str:
    moves = [
        say("rank_slope.move", language, place=place, best=f"{row.min():.0f}", worst=f"{row.max():.0f}")
        for place, row in wide.loc[movers].iterrows()
    ]
    said, stay = several(moves, language, "places", 99) or "—", int((moved == 0).sum())
    return say("summary.rank_slope", language, count=len(wide), rules=len(wide.columns), stay=stay, moves=said)
