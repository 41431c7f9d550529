"""Cut a report into sentences.

In: the repaired text and its sections. Out: `Sentence`s in reading order. A sentence ends at 。！？ or a line's end;
what stands inside brackets or quotation marks is not cut, unless the mark was opened so far back that it is a slip.
"""

import re
from collections.abc import Iterator, Sequence

from ecoanalysis.knowledge.tables import pattern, rows
from ecoanalysis.reading.report import Section, Sentence

# A dot ends a sentence behind a word, a share or a bracket, where words or a blank follow: 优良率99.1%. 汉江干流; not 一.加强.
_DOT = r"(?<=[一-鿿%)）])(?<![一二三四五六七八九十])\.(?=\s|[一-鿿])|(?<=[一-鿿%)）] )\.(?=\d|[一-鿿])"
_MARKS = re.compile(f"[。！？!?\n（(《「『【“）)》」』】”]|{_DOT}")
_OPEN = frozenset("（(《「『【“")
_CLOSE = frozenset("）)》」』】”")
_FAR = 120
_PLANNED = re.compile(
    r"下一步|下一阶段|接下来|今后一个时期|明年[,，]?(?:我|全|市|省|将)|(20\d{2})年[^。]{0,12}?将(?!军|近)"
)
_VALUE = re.compile(r"\d(?:%|％|个|天|微克|项|件)")
_ITEMS = [re.compile(row["pattern"]) for row in rows("words/marks.csv") if row["of"] == "item"]


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
    piece = text[start:end].lstrip()
    return (end - len(piece), end - len(piece) + len(piece.rstrip())) if piece else None


def sentences(text: str, sections: Sequence[Section], year: int | None = None) -> tuple[Sentence, ...]:
    """Return the sentences of a text, each with its paragraph, its section and whether it speaks of plans.

    A sentence of a section of results is planned only where it says so itself (下一步, 接下来, 2025年将 in a report of
    2024), or where it is an item of a list that is announced as targets (须完成以下目标：).
    """
    found: list[Sentence] = []
    number = 0
    cut = list(spans(text))
    for (start, end, paragraph), aimed in zip(cut, _aimed(text, cut), strict=True):
        while number + 1 < len(sections) and sections[number + 1].start <= start:
            number += 1
        section = sections[number]
        planned = section.planned or aimed or _says_plan(text[start : min(end, start + 400)], year)
        found.append(Sentence(start, end, paragraph, section.section, planned))
    return tuple(found)


def _aimed(text: str, cut: Sequence[tuple[int, int, int]]) -> Iterator[bool]:
    """Yield for each sentence whether it announces targets or is an item of a list of them."""
    reading, last = False, -1
    own: int | None = None
    style: int | None = None
    for start, end, paragraph in cut:
        said = text[start : min(end, start + 400)]
        mark = next((at for at, opening in enumerate(_ITEMS) if opening.match(said)), None)
        if _announces(said):
            reading, own, style = True, mark, None
        elif reading and mark is not None:
            # An item in the style of the head itself stands beside it, not below.
            reading = mark != own and style in (None, mark)
            style = mark
        else:
            reading = reading and style is not None and paragraph == last
        last = paragraph
        yield reading


def _announces(sentence: str) -> bool:
    """Tell whether a sentence says that targets follow its colon, and gives no value before."""
    match = pattern("targets_must").search(sentence) or pattern("targets_list").search(sentence)
    head = sentence[: match.end()] if match else ""
    return match is not None and not (pattern("targets_reached").search(head) or _VALUE.search(head))


def _says_plan(sentence: str, year: int | None) -> bool:
    match = _PLANNED.search(sentence)
    return match is not None and (match[1] is None or (year is not None and int(match[1]) > year))
