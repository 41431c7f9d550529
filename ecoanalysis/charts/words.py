"""Words that tell two groups of reports apart: a row a word, with a dot for how often each group writes it; a word cloud.

In: the table of `language.keyness`. Out: a Chart, or a sentence where no word tells them apart. The cloud takes words and how often
each occurs; it is decoration, for sizes read badly, and nothing draws one unless asked to.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, aside, name_rows, rule, sheet, write
from ecoanalysis.charts.style import BEHIND, GREY, INK, MAIN, MM, NOTE, PAPER, TEXT, WIDE, drawing
from ecoanalysis.charts.text import fitted, text_width, widest
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import places
from ecoanalysis.language import Counts, split, stop_words
from ecoanalysis.language import keyness as key_words
from ecoanalysis.wording.captions import source_of
from ecoanalysis.wording.names import place_labels, several, with_kinds
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.word_tables import note

MOST = 10  # words of each group
UNEVEN, FEW = 0.7, 2  # normalised DP from which it is written beside a word, and reports up to which
_PITCH = 5.0  # mm from word to word
_GAP = 2.4  # mm between the words of the two groups
_HEAD = 5.0  # mm for the heads of columns
_LABEL = 40.0  # mm at most for words


def contrast(
    counts: Counts,
    reports: pd.DataFrame,
    column: str,
    value: object,
    other: object = None,
    language: str = "zh",
) -> Chart | Nothing:
    """Return the words that tell the reports whose `column` is `value` from all others, or from those where it is `other`.

    Names of the reports' own places are left out: that a city names itself is no finding. Where one side has no report, it
    is a sentence.
    """
    names = _name(column, value, reports, language), _name(column, other, reports, language)
    try:
        sides = split(reports, column, value, other)
    except RequestError:
        title = say("title.keyness", language, target=names[0], reference=names[1])
        return Nothing(say("keyness.one_side", language, title=title), reports.iloc[:0])
    table = key_words(counts, *sides, without=stop_words() | _places(reports))
    source = source_of(reports, [*sides[0], *sides[1]], note(table, language), language)
    return keyness(table, names, source, language)


def _places(reports: pd.DataFrame) -> set[str]:
    full = (set(reports["city"]) | set(reports["district"])) - {""}
    return full | {places.label(name) for name in full} | {name[:-1] for name in full if len(name) > 2}


def _name(column: str, value: object, reports: pd.DataFrame, language: str) -> str:
    if value is None:
        return say(f"others.{column}", language)
    if column == "city":
        rows = with_kinds(reports[(reports["city"] == value) & (reports["district"] == "")])
        return place_labels(rows.head(1), language)[0] if len(rows) else str(value)
    if column == "genre":
        return say(f"genre.{value}", language)
    return say("name.year", language, year=value)


def keyness(table: pd.DataFrame, names: tuple[str, str], source: str, language: str = "zh") -> Chart | Nothing:
    """Return the words most typical of each group as dumbbells, with the ratio of the rates and its 95% interval.

    Beside it stands in how many reports of the group that writes it more a word is, and DP where few have it.

    `names` are what the two groups are called, `source` is the line below (see `source_of`). Only words above the
    threshold of the table are shown; where there are none it is a sentence.
    """
    groups = {"target": names[0], "reference": names[1]}
    title = say("title.keyness", language, **groups)
    key = table[table["key"]]
    own, others = key[key["z"] > 0].head(MOST), key[key["z"] < 0].tail(MOST).iloc[::-1]
    shown = pd.concat([own, others])
    if shown.empty:
        return Nothing(say("keyness.none", language, title=title, threshold=table.attrs["made"]["threshold"]), table)
    notes = [_note(row, table.attrs["made"], language) for row in shown.to_dict("records")]
    terms = say("terms.keyness", language, **groups)
    gap = _GAP if len(own) and len(others) else 0.0
    tops = [_HEAD + at * _PITCH + (gap if at >= len(own) else 0.0) for at in range(len(shown))]
    said = [several(list(part["word"]), language, "words", 99) or "—" for part in (own, others)]
    summary = say("summary.keyness", language, **groups, own=said[0], others=said[1])
    with drawing():
        page = sheet(WIDE, tops[-1] + _PITCH, title, terms, source)
        _draw(page, shown, [top + _PITCH / 2 for top in tops], notes, language)
        if gap:
            rule(page.figure.axes[0], tops[len(own)] - gap / 2)
        return Chart(page.figure, table, title, source, "keyness", language, summary)


def _note(row: dict[str, Any], made: dict[str, Any], language: str) -> str:
    """Return how many times as often the group that writes a word more does, in how many reports, and how unevenly.

    A word that the other group has not counts there as half a one.
    """
    alone = not row["target"] or not row["reference"]
    code = "keyness.ratio" if not alone else "keyness.within" if row["inside"] else "keyness.only"
    ends = (row["log_ratio"], row["low"], row["high"])
    ends = ends if row["log_ratio"] >= 0 else tuple(-ends[at] for at in (0, 2, 1))
    ratio, low, high = (f"{2**end:.1f}" for end in ends)
    said = say(code, language, ratio=ratio, low=low, high=high)
    side, prefix = ("target", "") if row["z"] > 0 else ("reference", "reference_")
    used, dp = row[f"{prefix}reports"], row[f"{prefix}dp_norm"]
    text = say("keyness.reports", language, ratio=said, used=used, of=made[f"{side}_reports"])
    few = pd.notna(dp) and (dp >= UNEVEN or used <= FEW)
    return text + (say("keyness.uneven", language, dp=f"{dp:.2f}") if few else "")


def _draw(page: Sheet, shown: pd.DataFrame, middles: list[float], notes: list[str], language: str) -> None:
    label = min(widest(shown["word"], TEXT), _LABEL) + 3.5
    head = say("keyness.head", language)
    right = widest((*notes, head), NOTE) + 3.0
    plot = page.width - label - right
    axes = page.axes(label, plot)
    axes.set(ylim=(page.body, 0), xticks=[])
    name_rows(axes, middles, [fitted(word, label - 3.0, TEXT) for word in shown["word"]], ha="right")
    rates = shown[["target_rate", "reference_rate"]]
    most, room = rates.to_numpy().max(), widest(map(_number, rates.to_numpy().ravel()), NOTE) + 3.5
    per_mm = most / max(plot - 2 * room, 10.0)
    axes.set_xlim(-room * per_mm, most + room * per_mm)
    for middle, (target, reference), beside in zip(middles, rates.itertuples(index=False), notes, strict=True):
        _dumbbell(axes, middle, target, reference)
        aside(axes, beside, (1, middle), (4, 0), ("axes fraction", "data"))
    aside(axes, head, (1, _HEAD / 2), (4, 0), ("axes fraction", "data"))


def _dumbbell(axes: Axes, middle: float, target: float, reference: float) -> None:
    rule(axes, middle, 0.4)
    axes.plot([target, reference], [middle] * 2, color=GREY, linewidth=1.4, zorder=1)
    for rate, other, face in ((reference, target, PAPER), (target, reference, MAIN)):
        edge = MAIN if face == MAIN else INK
        axes.plot(rate, middle, "o", markersize=5.2, markerfacecolor=face, markeredgecolor=edge, zorder=3)
        off, align = (5, "left") if rate > other or (rate == other and face == MAIN) else (-5, "right")
        aside(axes, _number(rate), (rate, middle), (off, 0), color=edge, ha=align, bbox=BEHIND, zorder=2)


def _number(rate: float) -> str:
    return "0" if rate == 0 else f"{rate:.1f}" if rate < 100 else f"{rate:.0f}"


_CLOUD = 60  # words of a cloud
_SIZES = (8.0, 30.0)  # points
_SHAPE = 0.5  # height by width
_COLOURS = (MAIN, INK, GREY)


def cloud(counts: Counts, reports: pd.DataFrame, language: str = "zh") -> Chart:
    """Return a word cloud of all words but stop words, as decoration."""
    total = pd.Series(counts.n).groupby(counts.word).sum()
    said = {counts.words[at]: int(n) for at, n in total.items() if counts.words[at] not in stop_words()}
    source = source_of(reports, counts.reports, say("cloud.rule", language), language)
    return word_cloud(said, say("title.word_cloud", language), source, language)


def word_cloud(frequencies: Mapping[str, int], title: str, source: str, language: str = "zh") -> Chart:
    """Return the most frequent words, larger the more frequent (by the square root), the largest in the middle.

    `title` and `source` are written above and below. No word raises `RequestError`.
    """
    words = sorted(frequencies, key=lambda word: (-frequencies[word], word))[:_CLOUD]
    if not words:
        raise RequestError("no words for a word cloud; give words and their frequencies, as in {'PM2.5': 12}")
    data = pd.DataFrame({"word": words, "occurrences": [frequencies[word] for word in words]})
    most = math.sqrt(frequencies[words[0]])
    sizes = [_SIZES[0] + (_SIZES[1] - _SIZES[0]) * math.sqrt(frequencies[word]) / most for word in words]
    with drawing():
        placed = _placed(words, sizes)
        depth = max(abs(y) + tall / 2 for _, _, _, y, _, tall in placed) + 1.0
        page = sheet(WIDE, 2 * depth, title, say("terms.word_cloud", language), source)
        axes = page.axes(0.0, WIDE)
        axes.set(xlim=(-WIDE / 2, WIDE / 2), ylim=(depth, -depth), xticks=[], yticks=[])
        for at, (word, size, x, y, _, _) in enumerate(placed):
            write(axes, x, y, word, _COLOURS[at % 3], fontsize=size, ha="center")
        return Chart(page.figure, data, title, source, "word_cloud", language, "、".join(words))


def _placed(words: list[str], sizes: list[float]) -> list[tuple[str, float, float, float, float, float]]:
    """Return word, size, x and y of its middle, width and height in mm: each at the first free place of a spiral."""
    placed: list[tuple[str, float, float, float, float, float]] = []
    for word, size in zip(words, sizes, strict=True):
        wide, tall = text_width(word, size) + 1.2, size / MM * 1.25
        for step in range(6000):
            angle, reach = step * 0.35, step * 0.06
            x, y = reach * math.cos(angle), reach * _SHAPE * math.sin(angle)
            if abs(x) + wide / 2 > WIDE / 2 - 1.5:
                continue
            if all(abs(x - a) * 2 >= wide + w or abs(y - b) * 2 >= tall + t for _, _, a, b, w, t in placed):
                placed.append((word, size, x, y, wide, tall))
                break
    return placed
