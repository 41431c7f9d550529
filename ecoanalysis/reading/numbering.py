"""Write out the numbers that Word counts by itself: 一、 （二） 3. and the like stand in no paragraph's text.

In: the part numbering.xml, and the list properties of each paragraph in order. Out: what stands before the paragraph.
"""

import re
from collections import defaultdict

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "koreanDigital2"),
    *("taiwaneseCountingThousand", "ideographDigital", "chineseLegalSimplified"),
}


class Numbering:
    """The lists of a file and how far each has counted."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._kind: dict[str, str] = {}
        if tree is None:
            return
        for one in tree.iter(W + "abstractNum"):
            levels = {int(level.get(W + "ilvl", "0")): level for level in one.iter(W + "lvl")}
            self._levels[one.get(W + "abstractNumId", "")] = levels
        for one in tree.iter(W + "num"):
            kind = one.find(W + "abstractNumId")
            self._kind[one.get(W + "numId", "")] = kind.get(W + "val", "") if kind is not None else ""

    def next(self, properties: etree._Element | None) -> str:
        """Count one paragraph of a list and return its number; nothing for bullets and plain paragraphs."""
        if properties is None:
            return ""
        kind = self._kind.get(_of(properties, "numId"), "")
        text = _of(properties, "ilvl")
        depth = int(text) if text.isdecimal() else 0
        levels = self._levels.get(kind, {})
        if depth not in levels:
            return ""
        counts = self._counts[kind]
        counts[depth] = counts.get(depth, _start(levels[depth]) - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if _of(levels[depth], "numFmt") == "bullet":
            return ""

        def counted(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _written(counts.get(at, 1), _of(levels[at], "numFmt")) if at in levels else ""

        return re.sub(r"%(\d)", counted, _of(levels[depth], "lvlText"))


def _of(element: etree._Element, name: str) -> str:
    found = element.find(W + name)
    return found.get(W + "val", "") if found is not None else ""


def _start(level: etree._Element) -> int:
    text = _of(level, "start")
    return int(text) if text.isdecimal() else 1


def _written(number: int, form: str) -> str:
    """A number in the form that a list wants.

    >>> _written(12, "chineseCounting"), _written(3, "decimal"), _written(2, "decimalEnclosedCircle")
    ('十二', '3', '②')
    """
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _DIGITS[tens]) * bool(tens) + "十" * bool(tens) + _DIGITS[ones] * bool(ones)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if form == "none":
        return ""
    return str(number)
