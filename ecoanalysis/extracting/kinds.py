"""Tell of which kind of cases a count is: 扬尘类立案10宗 is no count of all cases.

In: a text and the span of a clause up to its number. Out: the kind, one of `knowledge/words/case-kinds.txt`.
"""

import re
from functools import cache

from ecoanalysis.knowledge import tables


def kind(text: str, start: int, end: int) -> str:
    """Return the kind of cases that a clause opens with, or an empty string.

    >>> kind("针对工地扬尘立案30宗", 0, 8), kind("查处各类环境违法案件80件", 0, 10)
    ('工地扬尘', '')
    """
    match = _kinds().search(text, max(start - 1, 0), end)
    return match["kind"] if match else ""


@cache
def _kinds() -> re.Pattern[str]:
    named = "|".join(sorted(tables.words("words/case-kinds.txt"), key=len, reverse=True))
    cases = r"类(?:环境|生态环境)?(?:违法|违法行为)?(?:案件|问题)?|(?=立案|违法案件|案件)"
    return re.compile(rf"(?:^|[，,；;：:、。月\s]|其中|查处|针对|全[市区县州])(?P<kind>{named})(?:{cases})(?!型|企业)")
