"""Find the title of a report, and the date and source that a page prints beside it.

In: the repaired text. Out: a `Head`. A text that begins with a paragraph has no title.
"""

import re
from dataclasses import dataclass
from datetime import date

_LONGEST = 60
_LABELLED = re.compile(
    r"(?:信息)?(?:来源|发布日期|发布时间|发表时间|时间|日期|作者|记者|编辑|阅读量|浏览次数|点击数|字号|字体|索引号|文号|发布机构)\s*[:：]"
)
_BYLINE = re.compile(r"本报记者|通讯员|^记者|摄$|各位代表|您的位置|当前位置")
_STAMP = re.compile(r"[\d\s:：./年月日时分-]+")
_DASHES = ("——", "—", "--")
_LIKE_TITLE = re.compile("(?:报告|总结|公报|讲话|综述|侧记|纪实|通报|情况|状况|年报)(?:[（(].*|——.*)?$|——")
_NUMBER = re.compile(r"^\S{1,8}〔\d{4}〕\d+号\s*")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})(?!\d)")
_SOURCE = re.compile(r"(?:信息)?来源\s*[:：]\s*([^\s:：()（）\d]{2,20})")
_PUBLISHED = re.compile(r"(?:发布日期|发布时间|发表时间|时间|日期|来源)\s*[:：][^\n\d]{0,12}(?=\d)")
_DATELINE = re.compile(r"[（(](?=(?:19|20)\d{2}年\d{1,2}月\d{1,2}日)")


@dataclass(frozen=True, slots=True)
class Head:
    """The title (with its subtitle), who published the page and when, as far as the page says."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    opening: str = ""  # a first sentence that is as good as a title: short and of one clause


def head(text: str) -> Head:
    """Return what stands at the head of a text.

    >>> head("某县2023年公报 发布日期:2024-02-02" + chr(10) + "一、空气。优良率97.5%。")
    Head(title='某县2023年公报', publisher='', published=datetime.date(2024, 2, 2), opening='')
    """
    opening = text[:2000]
    source = _SOURCE.search(opening)
    title = _title(opening)
    return Head(
        title, source.group(1) if source else "", _published(opening), "" if title else _first_sentence(opening)
    )


def _first_sentence(opening: str) -> str:
    lines = [line for line in opening.split("\n") if line.strip() and not _LABELLED.match(line.strip())]
    first = lines[0].split("。")[0].strip() if lines else ""
    return first if len(first) <= 40 and not re.search("[，,；;]", first) else ""


def _title(opening: str) -> str:
    """The first line that can be a title; among a few such lines (a page's path, its section) the likeliest."""
    lines = [line.strip() for line in opening.split("\n") if line.strip()]
    found: list[str] = []
    for number, line in enumerate(lines[:12]):
        line = _NUMBER.sub("", line)
        labelled = _LABELLED.search(line)
        bare = line[: labelled.start()].strip() if labelled else line
        if len(bare) < 4 or _BYLINE.search(bare) or _STAMP.fullmatch(bare) or bare.startswith(_DASHES):
            continue
        if len(bare) > _LONGEST or re.search("。|[；，、：:,;]$", bare):
            break
        found.append(bare + "".join(_subtitles(lines[number + 1 : number + 2])))
    likely = [line for line in found[:4] if _LIKE_TITLE.search(line)]
    return (likely or found or [""])[0]


def _subtitles(lines: list[str]) -> list[str]:
    """Lines that a dash joins to the title above."""
    return [line for line in lines if line.startswith(_DASHES) and len(line) <= _LONGEST]


def _published(opening: str) -> date | None:
    for pattern in (_PUBLISHED, _DATELINE):
        place = pattern.search(opening)
        found = _DATE.match(opening, place.end()) if place else None
        if found:
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                return None
    return None
