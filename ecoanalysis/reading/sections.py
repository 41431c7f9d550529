"""Divide a report by its headings, numbered in the Chinese way or not.

In: the repaired text, where its body begins, and its year. Out: `Section`s in reading order, which together cover the
text; each says how deep it is, what it is about (a domain, inherited from the heading above), and whether it speaks of
plans.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ecoanalysis.knowledge.tables import pattern, rows
from ecoanalysis.reading.report import Section

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARKS = [(int(row["level"]), re.compile(row["pattern"])) for row in rows("words/marks.csv") if row["of"] == "heading"]
_INLINE = re.compile(rf"(?:(?<=[。！!\n])|^)[ \u3000]*({_NUMERAL}是)(?=[^。；\n]{{2,60}}[。，,；;：:])", re.M)
_SHORT = 45
_BODY = 50
_YEAR = re.compile(r"(20\d{2})年")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found in the text: where it and its section start, where it ends, and how deep it is."""

    start: int
    end: int
    level: int
    text: str
    bare: bool = False  # without a number


def sections(text: str, year: int | None = None, styled: Sequence[tuple[int, int, int]] = ()) -> tuple[Section, ...]:
    """Return the sections of a repaired text; `year` is the year that it reports on, after which headings name plans.

    `styled` are headings that the file marks as such: start, end, level.

    >>> parts = sections("一、2024年回顾\\n办结5件。\\n二、2025年打算\\n再办5件。", 2024)
    >>> [(part.heading, part.level, part.planned) for part in parts]
    [('一、2024年回顾', 1, False), ('二、2025年打算', 1, True)]
    """
    planned = bool(pattern("title_planned_part").search(text[:80].split("\n", 1)[0]))
    found = headings(text, styled)
    if not found or found[0].start > 0:
        found.insert(0, Heading(0, 0, 0, ""))
    parts: list[Section] = []
    above: list[Section] = []
    ahead = False
    for number, heading in enumerate(found):
        while above and above[-1].level >= heading.level:
            above.pop()
        parent = above[-1] if above else None
        plan = is_plan(heading.text, year)
        if heading.level <= 1:
            # Plans of a year to come are the last part of a report: the parts below go on with them.
            ahead = (plan and _is_ahead(heading.text, year)) or (ahead and _goes_on(heading.text, year))
        end = found[number + 1].start if number + 1 < len(found) else len(text)
        part = Section(
            number,
            heading.text,
            heading.level,
            heading.start,
            end,
            domain(heading.text) or (parent.domain if parent else ""),
            plan or ahead or bool(parent and parent.planned) or planned,
        )
        parts.append(part)
        above.append(part)
    return tuple(parts)


def headings(text: str, styled: Sequence[tuple[int, int, int]] = ()) -> list[Heading]:
    """Find the headings of a text: numbered lines and openings, styled lines, and short lines over a paragraph."""
    levels = {start: level for start, _, level in styled}
    filled = (match for match in re.finditer(r"[^\n]+", text) if match[0].strip())
    lines = [(match.end() - len(match[0].lstrip()), match[0].strip()) for match in filled]
    found: list[Heading] = []
    for number, (start, line) in enumerate(lines):
        numbered = _numbered(start, line)
        if numbered:
            found.append(numbered)
        elif number and start in levels and _is_short(line):
            found.append(Heading(start, start + len(line), levels[start], line))
        elif number and _stands_over(line, [after for _, after in lines[number + 1 : number + 3]]):
            found.append(Heading(start, start + len(line), 1, line, True))
    found += [
        Heading(match.start(1), match.end(), 5, _opening(text[match.start(1) : match.start(1) + 62]))
        for match in _INLINE.finditer(text)
    ]
    return _merged(sorted(found, key=lambda heading: heading.start))


def _numbered(start: int, line: str) -> Heading | None:
    for level, number in _MARKS:
        if match := number.match(line):
            heading = line if len(line) <= _SHORT and "。" not in line else _opening(line[: match.end() + 60])
            return Heading(start, start + len(heading), level, heading)
    return None


def _opening(line: str) -> str:
    """The first clause of a paragraph that begins with its heading."""
    return re.split("[。；;：:，,\n]", line, maxsplit=1)[0]


def _stands_over(line: str, after: list[str]) -> bool:
    """Whether a short line without an end stands over a paragraph, or over one more such line and a paragraph."""
    if not _is_short(line) or not after:
        return False
    one_more = len(line) <= 20 and len(after) > 1 and _is_short(after[0]) and len(after[0]) <= 25
    return _is_paragraph(after[0]) or (one_more and _is_paragraph(after[1]))


def _is_short(line: str) -> bool:
    return len(line) <= _SHORT and not pattern("heading_none").search(line)


def _is_paragraph(line: str) -> bool:
    return len(line) >= _BODY and "。" in line


def _merged(found: list[Heading]) -> list[Heading]:
    """Two unnumbered headings with nothing between are one heading in two lines; doubles go."""
    kept: list[Heading] = []
    for heading in found:
        last = kept[-1] if kept else None
        if last and heading.start < last.end:
            continue
        if last and last.bare and heading.bare and heading.start - last.end <= 3:
            heading = Heading(last.start, heading.end, 1, f"{kept.pop().text} {heading.text}", True)
        kept.append(heading)
    return kept


def domain(heading: str) -> str:
    """Say what a heading is about: a domain of the catalogue, or an empty string.

    >>> domain("（二）深入打好蓝天保卫战")
    'air'
    """
    known = (row for row in rows("words/section-domains.csv") if row["word"] in heading)
    return min(((-len(row["word"]), heading.index(row["word"]), row["domain"]) for row in known), default=("",))[-1]


def is_plan(heading: str, year: int | None = None) -> bool:
    """Whether a heading announces plans.

    >>> is_plan("二、2025年工作打算", 2024), is_plan("(四)重点工作任务实现圆满收官", 2024), is_plan("下一步工作", 2024)
    (True, False, True)
    """
    ahead = _is_ahead(heading, year)
    if pattern("heading_set").search(heading) and len(heading) <= _SHORT:
        return True
    past = pattern("heading_result").search(heading) or (year and _YEAR.search(heading) and not ahead)
    if len(heading) > _SHORT or past:
        return False
    return bool(pattern("heading_plan").search(heading) or (ahead and pattern("heading_tasks").search(heading)))


def _is_ahead(heading: str, year: int | None) -> bool:
    """Whether a heading names years to come alone."""
    years = [int(found) for found in _YEAR.findall(heading)]
    return bool(year and years and min(years) > year)


def _goes_on(heading: str, year: int | None) -> bool:
    """Whether a part below plans can be of them: it neither looks back nor is an annex."""
    past = pattern("heading_result").search(heading) or _YEAR.search(heading)
    return _is_ahead(heading, year) or not (past or heading.startswith(("附件", "附表", "附录")))
