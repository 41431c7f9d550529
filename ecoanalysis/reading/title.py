"""Find the title of a report, and the date and source that a page prints beside it.

In: the repaired text. Out: a `Head`. A text that begins with a paragraph has no title.
"""

import re
from dataclasses import dataclass
from datetime import date

from ecoanalysis.knowledge.tables import pattern
from ecoanalysis.reading.time_expressions import day_of, numerals

_LONGEST = 60
_STAMP = re.compile(r"[\d\s:：./年月日时分()（）-]+")
_DASHES = ("——", "—", "--")
# A title that the page ran into its first section: 某旗环保局2009年工作总结 一、宣传先行.
_RUN_IN = re.compile(r"(\S{6,40}(?:总结|报告|汇报|公报|通报|情况|状况))[ \u3000]+(?=[一1][、.．]|[(（]一)")
_HEADING = re.compile("[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]")
_NO_TITLE = re.compile(r"。|[；，、：:,;]$|\d\.\d[^，；,;]{0,8}[，；,;]")
_GOES_ON = re.compile(r"关于|20\d\d年|二〇")
_NUMBER = re.compile(r"^\S{1,8}〔\d{4}〕\d+号\s*|^【[^】]{2,6}】|^标\s*题\s*[:：|]*\s*|^原?标题\s*[:：]\s*")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})(?!\d)", re.ASCII)
_SOURCE = re.compile(
    r"(?:(?:文章|信息)?来源|发布机构|发文机构|发文单位|发布单位)\s*[:：]\s*[|｜]?\s*([^\s:：|()（）\d]{2,24})"
)
# A year with its month alone counts as the first of it.
_MONTH_ALONE = re.compile(r"^(20\d{2})-(0[1-9]|1[0-2])(?=\s)", re.M | re.ASCII)
_FIRST_LINES = 150
_PATH = re.compile("[>＞»]\\s*([^>＞»]{10,})$")  # a page's path may end with the title; names of menus are shorter
_BESIDE = ("date_labelled", "date_line", "date_line_end", "date_bracket")


@dataclass(frozen=True, slots=True)
class Head:
    """The title (with its subtitle), who published the page and when, as far as the page says."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    opening: str = ""  # a first sentence that is as good as a title: short and of one clause


def head(text: str) -> Head:
    """Return what stands at the head of a text; what only its end says of source and date is taken from there.

    >>> head("某县2023年公报 发布日期:2024-02-02" + chr(10) + "一、空气。优良率97.5%。")
    Head(title='某县2023年公报', publisher='', published=datetime.date(2024, 2, 2), opening='')
    """
    opening = numerals(text[:2000])
    closing = numerals(text[-300:])
    source = _SOURCE.search(opening) or _SOURCE.search(closing)
    title = _title(opening)
    day = _published(opening, *_BESIDE) or _published(closing, "date_labelled", "date_last") or _somewhere(opening)
    return Head(title, source.group(1) if source else "", day, "" if title else _first_sentence(opening))


def _first_sentence(opening: str) -> str:
    lines = [line for line in opening.split("\n") if line.strip() and not pattern("title_label").match(line.strip())]
    first = lines[0].split("。")[0].strip() if lines else ""
    return first if len(first) <= 40 and not re.search("[，,；;]", first) else ""


def _title(opening: str) -> str:
    """The first line that can be a title; among a few such lines (a page's path, its section) the likeliest."""
    lines = [line.strip() for line in opening.split("\n") if line.strip()]
    found: list[str] = []
    for number, line in enumerate(lines[:12]):
        if path := _PATH.search(line):
            line = path[1]
        line = _NUMBER.sub("", line)
        labelled = pattern("title_label").search(line)
        bare = line[: labelled.start()].strip() if labelled else line
        if len(bare) < 4 or bare.startswith(_DASHES) or _STAMP.fullmatch(bare):
            continue
        if pattern("title_byline").search(bare):
            continue
        if run_in := _RUN_IN.match(bare):
            found.append(run_in[1])
            break
        if len(bare) > _LONGEST or _NO_TITLE.search(bare) or (found and _HEADING.match(bare)):
            break
        after = lines[number + 1 : number + 2]
        if after and pattern("title_organ").search(bare) and _GOES_ON.match(after[0]) and len(after[0]) <= _LONGEST:
            bare += after[0]
        found.append(bare + "".join(one for one in after if one.startswith(_DASHES) and len(one) <= _LONGEST))
    found = [line for line in found if not _HEADING.match(line)] or found
    likely = [line for line in found[:4] if pattern("title_likely").search(line)]
    return (likely or found or [""])[0]


def _published(opening: str, *patterns: str) -> date | None:
    """The date that a label, a line of its own, a newspaper's line or a bracket gives, or that the text ends with."""
    places = (place for name in patterns for place in pattern(name).finditer(opening))
    found = next(filter(None, (_DATE.match(opening, place.end()) for place in places)), None)
    return day_of(*map(int, found.groups())) if found else None


def _somewhere(opening: str) -> date | None:
    """A date anywhere in the first lines, for want of one that says what it is."""
    first = opening[:_FIRST_LINES]
    if month := _MONTH_ALONE.search(first):
        return _published(first, "date_anywhere") or date(int(month[1]), int(month[2]), 1)
    return _published(first, "date_anywhere")
