"""A word cloud: decoration, for a cover or a slide. Sizes read badly; `keyness` shows the same words to be read.

In: words and how often each occurs. Out: a Chart. Nothing draws one unless asked to.
"""

import math
from collections.abc import Mapping

import pandas as pd

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.layout import sheet
from ecoanalysis.charts.style import GREY, INK, MAIN, MM, WIDE, drawing, text_width
from ecoanalysis.errors import RequestError
from ecoanalysis.wording.sentences import say

MOST = 60  # words
_SIZES = (8.0, 30.0)  # points
_SHAPE = 0.5  # height by width
_COLOURS = (MAIN, INK, GREY)


def word_cloud(
    frequencies: Mapping[str, int], title: str, source: str, language: str = "zh", width: float = WIDE
) -> Chart:
    """Return the most frequent words, larger the more frequent (by the square root), the largest in the middle.

    `title` and `source` are written above and below. No word raises `RequestError`.
    """
    words = sorted(frequencies, key=lambda word: (-frequencies[word], word))[:MOST]
    if not words:
        raise RequestError("no words for a word cloud; give words and their frequencies, as in {'PM2.5': 12}")
    data = pd.DataFrame({"word": words, "occurrences": [frequencies[word] for word in words]})
    most = math.sqrt(frequencies[words[0]])
    sizes = [_SIZES[0] + (_SIZES[1] - _SIZES[0]) * math.sqrt(frequencies[word]) / most for word in words]
    with drawing():
        placed = _placed(words, sizes, width)
        depth = max(abs(y) + tall / 2 for _, _, _, y, _, tall in placed) + 1.0
        page = sheet(width, 2 * depth, title, say("terms.word_cloud", language), source)
        axes = page.axes(0.0, width)
        axes.set_xlim(-width / 2, width / 2)
        axes.set_ylim(depth, -depth)
        axes.set_xticks([])
        axes.set_yticks([])
        for at, (word, size, x, y, _, _) in enumerate(placed):
            axes.text(x, y, word, fontsize=size, color=_COLOURS[at % 3], ha="center", va="center_baseline")
        return Chart(page.figure, data, title, source, "word_cloud", language, "、".join(words))


def _placed(words: list[str], sizes: list[float], width: float) -> list[tuple[str, float, float, float, float, float]]:
    """Return word, size, x and y of its middle, width and height in mm: each at the first free place of a spiral."""
    placed: list[tuple[str, float, float, float, float, float]] = []
    for word, size in zip(words, sizes, strict=True):
        wide, tall = text_width(word, size) + 1.2, size / MM * 1.25
        for step in range(6000):
            angle, reach = step * 0.35, step * 0.06
            x, y = reach * math.cos(angle), reach * _SHAPE * math.sin(angle)
            if abs(x) + wide / 2 > width / 2 - 1.5:
                continue
            if all(abs(x - a) * 2 >= wide + w or abs(y - b) * 2 >= tall + t for _, _, a, b, w, t in placed):
                placed.append((word, size, x, y, wide, tall))
                break
    return placed
