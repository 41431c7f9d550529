"""Where a quoted stretch may begin and end: not inside a word, number, unit, bracket or run of Latin letters.

In: a text, and the start and end of a stretch. Out: the widest stretch within it that tears nothing in two.
"""

import re
from functools import cache

from ecoanalysis.extracting.quantities import units
from ecoanalysis.language.cutting import cut

_ROOM = 24  # characters around an edge that are cut into words to see where they end
_BRACKETS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "〔": "〕", "「": "」", "『": "』"}

_MARKS = re.compile("[" + re.escape("".join([*_BRACKETS, *_BRACKETS.values()])) + "]")

_LAST = re.compile(r"\s*\n\s*\S{1,2}\Z")


def whole(text: str, start: int, end: int, words: bool = True) -> tuple[int, int]:
    """Return start and end moved inwards to where nothing is torn; both are the same where nothing is left.

    >>> text = "浓度为22.5微克/立方米（同比下降5%），好转"
    >>> [text[slice(*whole(text, *edges))] for edges in ((0, 6), (4, 12), (0, 18), (6, 24))]
    ['浓度为', '', '浓度为22.5微克/立方米', '（同比下降5%），好转']
    """
    first, last = _step(text, start, end, words)
    while (first, last) != (start, end) and first < last:
        start, end = first, last
        first, last = _step(text, start, end, False)
    return first, max(first, last)


def _step(text: str, start: int, end: int, words: bool) -> tuple[int, int]:
    first, last = _balanced(text, *_inward(text, start, end, words))
    orphan = _LAST.search(text, first, last)  # a last line of one or two characters: the number of the next heading
    return first, orphan.start() if orphan else last


def _inward(text: str, start: int, end: int, words: bool) -> tuple[int, int]:
    """Move both edges out of the piece that each tears."""
    for low, high in _pieces(text, start, words):
        if low < start < high:
            start = high
    for low, high in _pieces(text, end, words):
        if low < end < high:
            end = low
    return start, max(start, end)


def _pieces(text: str, at: int, words: bool) -> list[tuple[int, int]]:
    """Return the numbers with units, Latin runs and words around a place, as starts and ends."""
    base = max(at - _ROOM, 0)
    around = text[base : at + _ROOM]
    found = [(base + match.start(), base + match.end()) for match in _solid().finditer(around)]
    if words:
        # From the last mark on: a window that opens within a word would be cut otherwise than the text.
        mark = max((match.end() for match in re.finditer(r"[^\w]", text[base:at])), default=0)
        starts = [base + mark + one for one in cut(text[base + mark : at + _ROOM]).starts]
        found += zip(starts, [*starts[1:], min(at + _ROOM, len(text))], strict=True)
    return found


@cache
def _solid() -> re.Pattern[str]:
    """Return what matches a number with its unit, a number in Chinese characters, a unit alone, or a Latin run."""
    names = sorted((name for name in units() if len(name) > 1), key=len, reverse=True)
    unit = "|".join(map(re.escape, [*names, *(name for name in units() if len(name) == 1)]))
    latin = r"[A-Za-z0-9０-９ⅠⅡⅢⅣⅤⅥ](?:[A-Za-z0-9０-９.．,，+\-－~～—/／:：%％‰ⅠⅡⅢⅣⅤⅥ]*[A-Za-z0-9０-９%％‰])?"
    chinese = r"[一二三四五六七八九十百千万亿零〇两]+"
    return re.compile(rf"(?:第?{latin}|第?{chinese})\s*(?:个)?(?:{unit})?|(?:{'|'.join(map(re.escape, names))})")


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Take off what stands before a bracket that closes without having opened, and after one that stays open."""
    opened: list[int] = []
    for match in _MARKS.finditer(text, start, end):
        if match[0] in _BRACKETS:
            opened.append(match.start())
        elif not opened:
            return match.end(), end
        else:
            opened.pop()
    return start, opened[0] if opened else end
