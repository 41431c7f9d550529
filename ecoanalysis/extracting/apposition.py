"""Tell what a small number says again: 甲、乙两个片区, 清溪河新、旧两个断面 count what they have just named.

In: a text and a number in it. Out: the names that stand right before the number, as many as it says.
"""

import re

from ecoanalysis.extracting.quantities import Quantity

_FEW = 6
_AND = re.compile("[、和与及]")
_NAMES = re.compile(r"[^\s，,。；;：:（）()]+$")


def names(text: str, start: int, number: Quantity) -> list[str]:
    """Return the names that a number counts, where they stand right before it, from `start` on; else nothing.

    >>> text = "甲、乙两个片区"
    >>> names(text, 0, Quantity(3, 5, 2.0, None, "个", "", 1.0, "=", "count", "两个"))
    ['甲', '乙']
    """
    listed = _NAMES.search(text, start, number.start)
    if listed is None or number.value is None or not 2 <= number.value <= _FEW:
        return []
    found = _AND.split(listed[0])
    return found if len(found) == number.value and all(found) else []
