"""Words that tell two groups of reports apart: a row a word, with a dot for how often each group writes it.

In: the table of `language.keyness`. Out: a Chart, or a sentence where no word tells them apart.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, rule, sheet
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE, drawing, fitted, text_width
from ecoanalysis.wording.names import several
from ecoanalysis.wording.sentences import say

MOST = 10  # words of each group
UNEVEN, FEW = 0.7, 2  # normalised DP from which it is written beside a word, and reports up to which
_PITCH = 5.0  # mm from word to word
_GAP = 2.4  # mm between the words of the two groups
_HEAD = 5.0  # mm for the heads of columns
_LABEL = 40.0  # mm at most for words


def keyness(
    table: pd.DataFrame,
    names: tuple[str, str],
    source: str,
    language: str = "zh",
    width: float = WIDE,
    most: int = MOST,
) -> Chart | Nothing:
    """Return the words most typical of each group as dumbbells, with the ratio of the rates and its 95% interval.

    Beside it stands in how many reports of the group that writes it more a word is, and DP where few have it.

    `names` are what the two groups are called, `source` is the line below (see `text_charts.source_of`). Only words above the
    threshold of the table are shown; where there are none it is a sentence.
    """
    title = say("title.keyness", language, target=names[0], reference=names[1])
    key = table[table["key"]]
    own, others = key[key["z"] > 0].head(most), key[key["z"] < 0].tail(most).iloc[::-1]
    shown = pd.concat([own, others])
    if shown.empty:
        return Nothing(say("keyness.none", language, title=title, threshold=table.attrs["made"]["threshold"]), table)
    notes = [_note(row, table.attrs["made"], language) for row in shown.to_dict("records")]
    terms = say("terms.keyness", language, target=names[0], reference=names[1])
    gap = _GAP if len(own) and len(others) else 0.0
    tops = [_HEAD + at * _PITCH + (gap if at >= len(own) else 0.0) for at in range(len(shown))]
    summary = _summary(own, others, names, language)
    with drawing():
        page = sheet(width, tops[-1] + _PITCH, title, terms, source)
        _draw(page, shown, [top + _PITCH / 2 for top in tops], notes, language)
        if gap:
            rule(page.figure.axes[0], tops[len(own)] - gap / 2)
        return Chart(page.figure, table, title, source, "keyness", language, summary)


def _note(row: dict[str, Any], made: dict[str, Any], language: str) -> str:
    """Return the ratio, and in how many reports of the group that writes the word more it stands, and how unevenly."""
    side, prefix = ("target", "") if row["z"] > 0 else ("reference", "reference_")
    used, dp = row[f"{prefix}reports"], row[f"{prefix}dp_norm"]
    text = say("keyness.reports", language, ratio=_ratio(row, language), used=used, of=made[f"{side}_reports"])
    few = pd.notna(dp) and (dp >= UNEVEN or used <= FEW)
    return text + (say("keyness.uneven", language, dp=f"{dp:.2f}") if few else "")


def _ratio(row: dict[str, Any], language: str) -> str:
    """Return how many times as often the group that writes the word more does, with the interval.

    A word that the other group has not counts there as half a one.
    """
    alone = not row["target"] or not row["reference"]
    code = "keyness.ratio" if not alone else "keyness.within" if row["inside"] else "keyness.only"
    ends = (row["log_ratio"], row["low"], row["high"])
    ends = ends if row["log_ratio"] >= 0 else tuple(-ends[at] for at in (0, 2, 1))
    ratio, low, high = (f"{2**end:.1f}" for end in ends)
    return say(code, language, ratio=ratio, low=low, high=high)


def _draw(page: Sheet, shown: pd.DataFrame, middles: list[float], notes: list[str], language: str) -> None:
    label = min(max(text_width(word, TEXT) for word in shown["word"]), _LABEL) + 3.5
    head = say("keyness.head", language)
    beside = max(text_width(text, NOTE) for text in (*notes, head)) + 3.0
    plot = page.width - label - beside
    axes = page.axes(label, plot)
    axes.set_ylim(page.body, 0)
    axes.set_yticks(
        middles, [fitted(word, label - 3.0, TEXT) for word in shown["word"]], fontsize=TEXT, va="center_baseline"
    )
    axes.set_xticks([])
    rates = shown[["target_rate", "reference_rate"]]
    room = max(text_width(_number(rate), NOTE) for rate in rates.to_numpy().ravel()) + 3.5
    per_mm = rates.to_numpy().max() / max(plot - 2 * room, 10.0)
    axes.set_xlim(-room * per_mm, rates.to_numpy().max() + room * per_mm)
    for middle, (target, reference), note in zip(middles, rates.itertuples(index=False), notes, strict=True):
        _dumbbell(axes, middle, target, reference)
        _beside(axes, (1, middle), note, 4)
    _beside(axes, (1, _HEAD / 2), head, 4)


def _dumbbell(axes: Axes, middle: float, target: float, reference: float) -> None:
    axes.axhline(middle, color=LINE, linewidth=0.4, zorder=0)
    axes.plot([target, reference], [middle] * 2, color=GREY, linewidth=1.4, zorder=1)
    for rate, other, face in ((reference, target, PAPER), (target, reference, MAIN)):
        edge = MAIN if face == MAIN else INK
        axes.plot(rate, middle, "o", markersize=5.2, markerfacecolor=face, markeredgecolor=edge, zorder=3)
        right = rate > other or (rate == other and face == MAIN)
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.4}
        style: dict[str, Any] = {"fontsize": NOTE, "color": edge, "va": "center_baseline", "bbox": box, "zorder": 2}
        at = (5 if right else -5, 0)
        axes.annotate(
            _number(rate), (rate, middle), at, textcoords="offset points", ha="left" if right else "right", **style
        )


def _beside(axes: Axes, at: tuple[float, float], text: str, right: float) -> None:
    style: dict[str, Any] = {"fontsize": NOTE, "color": GREY, "va": "center_baseline", "annotation_clip": False}
    axes.annotate(text, at, (right, 0), ("axes fraction", "data"), "offset points", **style)


def _number(rate: float) -> str:
    return "0" if rate == 0 else f"{rate:.1f}" if rate < 100 else f"{rate:.0f}"


def _summary(own: pd.DataFrame, others: pd.DataFrame, names: tuple[str, str], language: str) -> str:
    said = [several(list(part["word"]), language, "words", 99) or "—" for part in (own, others)]
    return say("summary.keyness", language, target=names[0], reference=names[1], own=said[0], others=said[1])
