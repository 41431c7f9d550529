"""Tell whether a text is a template whose names and values were masked.

In: the title and the repaired text. Out: yes or no. A mask is a run of *, X, x or × where a name or a value should be
(`*项`, `xxx%`, XX市); three of them, or one in the title, make a text anonymous.
"""

import re

_MASK = re.compile(r"(?<![A-Za-z0-9.×*])(?:\*{1,6}|[XxＸ]{1,4}|×{1,4})(?![A-Za-z0-9×*]|射线|光|波)")
_NEAR = re.compile(r"[\u4e00-\u9fff%％、,，。.·]")


def is_anonymous(title: str, text: str) -> bool:
    """Whether names or values are masked.

    >>> is_anonymous("", "公示处罚*起,许可*项,达标率xxx%。"), is_anonymous("", "氮氧化物(NOx)排放,规格3×5米。")
    (True, False)
    """
    return bool(masks(title)) or masks(text) >= 3


def masks(text: str) -> int:
    """Count the masks that touch a Chinese character or a percent sign."""
    return sum(
        bool(_NEAR.match(text[match.end() : match.end() + 1])) or match.end() == len(text)
        for match in _MASK.finditer(text)
    )
