"""Lines of text: how wide they are in millimetres, where they break, and whether the font has every character.

In: a text, a width in mm, a font size in points. Out: widths and lines of the house font.
"""

import math
import os
import re
import warnings
from collections.abc import Iterable, Sequence
from functools import cache

import pylopdf_fonts_zh_cn
from matplotlib.ft2font import FT2Font, LoadFlags

from ecoanalysis.charts.style import MM
from ecoanalysis.errors import EcoanalysisError

_LEADING = 1.45  # distance of lines, in font sizes
# Opening brackets stay with what follows, closing ones and other punctuation with what goes before, as does the word
# after a number (2024年, 7个).
_PIECES = re.compile(r"[（“《]*(?:[^\u2e80-\uffff\s“”]+(?:(?<=\d)[年月日个件宗项家次])?|.)[，。；：、）”》％！？]*\s*")


class GlyphError(EcoanalysisError):
    """A chart has a character that the font cannot draw; the message names the character."""


def check_glyphs(texts: Iterable[str]) -> None:
    """Raise `GlyphError` where a text has a character that the font cannot draw."""
    for code in sorted({ord(letter) for text in texts for letter in text} - {ord("\n")}):
        if code not in _drawable():
            font = _measure().family_name
            raise GlyphError(f"no glyph for {chr(code)!r} (U+{code:04X}) in {font}; write it in another way")


@cache
def _drawable() -> frozenset[int]:
    return frozenset(_measure().get_charmap())


@cache
def _measure() -> FT2Font:
    return FT2Font(str(pylopdf_fonts_zh_cn.sans_path()))


if hasattr(os, "register_at_fork"):  # a fork reads from the same place of an open file: two at once would read nonsense
    os.register_at_fork(after_in_child=_measure.cache_clear)


@cache
def text_width(text: str, size: float) -> float:
    """Return how wide a line of text is, in mm, at a font size in points.

    >>> 11 < text_width("空气质量", 8.5) < 13
    True
    """
    font = _measure()
    font.set_size(100, 72)  # measured large, for at small sizes the rounding to pixels adds up
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing glyph is reported where the chart is made
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 * size / 100 / MM


def widest(texts: Iterable[str], size: float) -> float:
    """Return how wide the longest of some texts is, in mm; 0 where there is none."""
    return max((text_width(text, size) for text in texts), default=0.0)


def line_height(size: float) -> float:
    """Return the height in mm of a line of text at a font size in points."""
    return size * _LEADING / MM


def wrap(text: str, width: float, size: float, most: int = 99) -> list[str]:
    """Break text into lines no wider than `width` mm: Chinese anywhere but before punctuation, Latin between words.

    More than `most` lines are cut with an ellipsis.

    >>> wrap("环境空气质量，持续改善", 18, 8.5)
    ['环境空气质', '量，持续改善']
    """
    lines = fill(_PIECES.findall(text.strip()), width, size)
    return lines if len(lines) <= most else [*lines[: most - 1], fitted(lines[most - 1] + "…", width, size)]


def balanced(text: str, width: float, size: float) -> list[str]:
    """Break text as `wrap` does, into no more lines, but of about one length: a last line never holds a word alone.

    >>> wrap("资料来源：赣州市生态环境局整理", 36, 7.0), balanced("资料来源：赣州市生态环境局整理", 36, 7.0)
    (['资料来源：赣州市生态环境局整', '理'], ['资料来源：赣州市', '生态环境局整理'])
    """
    lines = wrap(text, width, size)
    narrow, wide = 0.0, width
    while len(lines) > 1 and wide - narrow > 1.0:
        middle = (narrow + wide) / 2
        tried = wrap(text, middle, size)
        if len(tried) == len(lines):
            lines, wide = tried, middle
        else:
            narrow = middle
    return lines


def fill(pieces: Sequence[str], width: float, size: float) -> list[str]:
    """Join pieces that must not be broken into lines no wider than `width` mm."""
    lines, line = [], ""
    for piece in pieces:
        if line and _wider((line + piece).rstrip(), width, size):
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()]


def _wider(text: str, width: float, size: float) -> bool:
    """Return whether a line is wider than `width` mm; where its letters, one by one, take much less, it is not measured."""
    most = (sum(map(_advance, text)) + 1) * size / MM
    return most > width and text_width(text, size) > width


@cache
def _advance(letter: str) -> float:
    """Return how far a letter moves the next one, in ems; of one that the font lacks nobody knows."""
    if ord(letter) not in _drawable():
        return math.inf
    font = _measure()
    font.set_size(100, 72)
    return font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def fitted(label: str, room: float, size: float) -> str:
    """Return a label cut short where it is wider than `room` mm."""
    while len(label) > 2 and text_width(label, size) > room:
        label = label.removesuffix("…")[:-1] + "…"
    return label
