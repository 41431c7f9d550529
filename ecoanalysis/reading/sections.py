"""Divide a report by its headings, numbered in the Chinese way or not.

In: the repaired text, where its body begins, and its year. Out: `Section`s in reading order, which together cover the
text; each says how deep it is, what it is about (a domain, inherited from the heading above), and whether it speaks of
plans.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reading.report import Section

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_LEVELS = (
    (1, re.compile(rf"(?:第{_NUMERAL}[章节部][分]?|{_NUMERAL}、)")),
    (2, re.compile(rf"[（(]{_NUMERAL}[)）]")),
    (2, re.compile(r"【[^】\n]{1,20}】|[◎●■◆★▲]")),
    (3, re.compile(r"\d{1,2}[.、．](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[)）]|\d{1,2}[)）]|[①-⑳]")),
)
_INLINE = re.compile(rf"(?:(?<=[。！!\n])|^)[ \u3000]*({_NUMERAL}是)(?=[^。；\n]{{2,60}}[。，,；;：:])", re.M)
_SHORT = 45
_BODY = 50
_ENDS = re.compile("[。！？；，、!?;,：:]$")
_NO_HEADING = re.compile(r"^[\d.\s*xX%]+$|^——|记者|通讯员|来源\s*[:：]|发布日期|时间\s*[:：]")
_PLAN = re.compile(
    "工作打算|工作部署|工作计划|工作安排|工作思路|工作目标|工作要点|工作举措|目标任务|主要任务|重点任务|打算|下一步|下步|下阶段|今后|展望|计划安排|主要目标|预期目标"
)
# A title that names the part of a yearly report that plans: 2025年政府工作报告：2025年重点工作.
_PLANNED_PART = re.compile(
    r"报告.*20\d{2}年(?:重点工作|工作安排|工作打算|工作部署|目标任务|主要任务)|20\d{2}年[^，。,年]{0,6}民生实事.*报告"
)
# What was set, told as news: 目标任务安排情况.
_SET = re.compile("(?:目标|指标)(?:任务)?(?:安排|分解|下达|设定)(?:情况)?$|目标要求$")
_RESULT = re.compile("完成|回顾|成效|情况|总结|收官|实现|进展|成绩|做法|达标|落实情况")
_YEAR = re.compile(r"(20\d{2})年")
# What ends the name of a part that plans once it names a year to come: 三、2026年重点工作, not 召开2026年工作会议.
_TASKS = re.compile(r"(?:工作|任务|目标|实事)\W*$")
_ANNEX = re.compile("附件|附表|附录")


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
    planned = bool(_PLANNED_PART.search(text[:80].split("\n", 1)[0]))
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
    for level, pattern in _LEVELS:
        if match := pattern.match(line):
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
    return len(line) <= _SHORT and not _ENDS.search(line) and "。" not in line and not _NO_HEADING.search(line)


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
    if _SET.search(heading) and len(heading) <= _SHORT:
        return True
    if len(heading) > _SHORT or _RESULT.search(heading) or (year and _YEAR.search(heading) and not ahead):
        return False
    return bool(_PLAN.search(heading) or (ahead and _TASKS.search(heading)))


def _is_ahead(heading: str, year: int | None) -> bool:
    """Whether a heading names years to come alone."""
    years = [int(found) for found in _YEAR.findall(heading)]
    return bool(year and years and min(years) > year)


def _goes_on(heading: str, year: int | None) -> bool:
    """Whether a part below plans can be of them: it neither looks back nor is an annex."""
    return _is_ahead(heading, year) or not (_YEAR.search(heading) or _RESULT.search(heading) or _ANNEX.match(heading))
