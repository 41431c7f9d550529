"""Cut a report into sentences.

In: the repaired text and its sections. Out: `Sentence`s in reading order. A sentence ends at 。！？ or a line's end;
what stands inside brackets or quotation marks is not cut, unless the mark was opened so far back that it is a slip.
"""

import re
from collections.abc import Iterator, Sequence

from ecoanalysis.reading.report import Section, Sentence

_MARKS = re.compile("[。！？!?\n（(《「『【“）)》」』】”]")
_OPEN = frozenset("（(《「『【“")
_CLOSE = frozenset("）)》」』】”")
_FAR = 120
_PLANNED = re.compile(
    r"下一步|下一阶段|接下来|今后一个时期|明年[,，]?(?:我|全|市|省|将)|(20\d{2})年[^。]{0,12}?将(?!军|近)"
)


def spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and paragraph number of each sentence, without the blanks around it."""
    start = paragraph = depth = opened = 0
    filled = False
    for mark in _MARKS.finditer(text):
        char, at = mark.group(), mark.start()
        if at < start:  # one of several marks in a row
            continue
        if char in _OPEN:
            opened = at if not depth else opened
            depth += 1
            continue
        if char in _CLOSE:
            depth = max(depth - 1, 0)
            continue
        if depth and char != "\n" and at - opened < _FAR:
            continue
        end = at if char == "\n" else at + 1
        while char != "\n" and end < len(text) and text[end] in "。！？!?”）)’":
            end += 1
        if end > start and (trimmed := _trimmed(text, start, end)):
            yield (*trimmed, paragraph)
            filled = True
        start = max(end, start)
        depth = 0
        if char == "\n":
            start = at + 1
            paragraph += filled
            filled = False
    if trimmed := _trimmed(text, start, len(text)):
        yield (*trimmed, paragraph)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def sentences(text: str, sections: Sequence[Section], year: int | None = None) -> tuple[Sentence, ...]:
    """Return the sentences of a text, each with its paragraph, its section and whether it speaks of plans.

    A sentence of a section of results is planned only where it says so itself (下一步, 接下来, 2025年将 in a report of
    2024).
    """
    found: list[Sentence] = []
    number = 0
    for start, end, paragraph in spans(text):
        while number + 1 < len(sections) and sections[number + 1].start <= start:
            number += 1
        section = sections[number]
        planned = section.planned or _says_plan(text[start : min(end, start + 400)], year)
        found.append(Sentence(start, end, paragraph, section.section, planned))
    return tuple(found)


def _says_plan(sentence: str, year: int | None) -> bool:
    match = _PLANNED.search(sentence)
    if not match:
        return False
    return match.group(1) is None or (year is not None and int(match.group(1)) > year)
