"""Find the year and the period that a report reports on.

In: the title, the repaired text, and the date of publication where the page gives one. Out: a `When`. An end of None
with a start is a period still running when the text was written (今年以来); a start of None with an end is a state at
that day (截至2022年2月底); all None is a text that does not say. Years mentioned in passing do not count, nor does a
plan for a later year.
"""

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date

_TO = "[-—–―~～至到]+"
_PARTS = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "前三季度": (1, 9),
    "三季度": (7, 9),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "四季度": (10, 12),
}
_PART = (
    r"前(?P<first>\d{1,2}|[二三四五六七八九十]{1,2})个?月|"
    rf"第?(?P<part>{'|'.join(_PARTS)})"
    rf"|(?P<from>\d{{1,2}})月?份?{_TO}(?P<to>\d{{1,2}})月"
    r"|(?P<month>\d{1,2})月(?!\d{1,2}日)(?P<edge>以来|底|末)?"
)
_EXPRESSION = re.compile(
    rf"(?:19|20)\d{{2}}年?{_TO}(?:19|20)\d{{2}}年"  # 2023-2035年: several years, of no single one
    rf"|(?P<year>(?:19|20)\d{{2}})\s?年(?:"
    rf"(?P<d1>\d{{1,2}})月(?P<d2>\d{{1,2}})日(?:{_TO}(?:(?P<d3>\d{{1,2}})月)?(?P<d4>\d{{1,2}})日)?"
    rf"|度?(?:{_PART})"
    r"|(?P<open>以来|至今)|底|末|度|全年)?"
)
_MONTHS = {
    said: number for number, said in enumerate(["二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"], 2)
}
_BARE_PART = re.compile(rf"(?<![\d年前第])(?:{_PART})")
_PART_HERE = re.compile(_PART)
_COMPARED = re.compile("(?:较|比|与|相比|超|同|继|从|由)$")
_LISTED_BEFORE = re.compile(r"\d年[、和与及]$")
_LISTED_AFTER = re.compile(r"[、和与及](?:19|20)\d{2}年")
_PLAN_AFTER = re.compile("(?:(?!总结|回顾)[^，。；,;]){0,10}(?:打算|计划|部署|思路|要点|规划|目标|将[^军])")
_EVENT_AFTER = re.compile("[^，。；,;（(]{0,14}(?:发布会|工作会|会议|环境日|主题教育|学习教育)")
_REVIEW = re.compile(
    r"^ *(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|第[一二三]部分)?[^\n。，,]{0,14}?"
    r"(?P<time>20\d{2}年[^\n。，,]{0,12}?)(?:回顾|总结|成效|完成情况|工作情况|成绩|主要工作)[^\n。，,]{0,20}$",
    re.M,
)
# A title may say which part of a report follows: 政府工作报告（2026年）——2025年工作回顾.
_PART_NAMED = re.compile(
    r"(20\d{2})年(?:政府)?(?:[^，。,;；年]{0,4}民生实事|重点工作|主要工作|工作(?:回顾|总结|安排|打算|计划|部署|任务)|目标任务|主要任务)"
)
_YEARLY = re.compile("总结|公报|年报|状况|年度|年鉴|报告")
_MEETING = re.compile("会议|讲话|政府工作报告|部署会|动员会")
_THIS_YEAR = re.compile("今年以来|今年(?!还?[要将]|还)")
_NUMBERED = re.compile(r"\n[（(]?[一二三四五六七八九十\d]+[、.)）][^\n]*$")
_LEAD = 120
_READ = 200_000  # characters: who reads so far and knows not of when the report is will not know later


@dataclass(frozen=True, slots=True)
class When:
    """The year and the period of a report; None where the text does not say."""

    year: int | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """One expression of time: where it stands, its period, how much it weighs."""

    at: int
    when: When
    weight: int


def when(title: str, text: str, published: date | None = None) -> When:
    """Return the year and period that a report is on.

    >>> when("某市2023年9月环境空气质量", "").end
    datetime.date(2023, 9, 30)
    >>> when("在2025年工作会议上的讲话", "一、2024年工作回顾").year
    2024
    >>> when("", "2022年、2023年水质均值达Ⅲ类。")
    When(year=None, start=None, end=None)
    """
    part = _PART_NAMED.search(title)
    if part and "报告" in title:
        return _full(int(part[1]))
    text = text[:_READ]
    named = [said for said in _said(title) if said.weight]
    review = _REVIEW.search(text[:4000])
    reviewed = _said(review["time"])[0].when if review else When()
    if reviewed.year and not (named and named[0].when.year == reviewed.year):
        return reviewed
    if named:
        return _by_title(title, text, named)
    body = _said(text)
    months = _BARE_PART.search(title)
    if months:
        return _with_year(_months(months), body, published)
    return _by_body(text, body, published)


def _by_title(title: str, text: str, named: list[_Said]) -> When:
    """A year in the title is the report's, but that of a meeting is the year after the one reviewed."""
    found = min(named, key=lambda said: (said.when.year or 0, said.at)).when
    year = found.year or 0
    if _MEETING.search(title):
        reviewed = re.search(rf"{year - 1}年", text[:1500]) or "政府工作报告" in title
        return _full(year - 1) if reviewed else _full(year)
    if found == _full(year) and _THIS_YEAR.search(text[:1500]) and not _YEARLY.search(title):
        return When(year, date(year, 1, 1), None)
    return found


def _with_year(months: tuple[int, int], body: list[_Said], published: date | None) -> When:
    """A title that names months and no year takes the year that the text gives to them, else that of publication."""
    for said in body:
        span = said.when
        if span.start and span.end and (span.start.month, span.end.month) == months:
            return span
    years = [said.when.year for said in body if said.when.year]
    year = Counter(years).most_common(1)[0][0] if years else published.year if published else None
    return _span(year, *months) if year else When()


def _by_body(text: str, body: list[_Said], published: date | None) -> When:
    """Without help from the title, the year that outweighs all others, or that the text opens with."""
    weights: Counter[int] = Counter()
    for said in body:
        if said.weight and said.when.year:
            weights[said.when.year] += said.weight
    top = weights.most_common(1)
    year = top[0][0] if top and top[0][1] * 2 > weights.total() else None
    if top and len(weights) > 1 and top[0][1] < 2:
        year = None
    if year is None:
        opening = (said for said in body if said.weight and said.at < _LEAD)
        year = next((said.when.year for said in opening if text[said.at - 1 : said.at] not in ("（", "(")), None)
    if year is None:
        return _relative(text, body, published)
    kinds = [said.when for said in body if said.weight and said.when.year == year]
    best = Counter(kinds).most_common(1)[0][0]
    if best == _full(year) and len(kinds) <= 2 and (found := _THIS_YEAR.search(text[:600])):
        return _this_year(year, text, found.end())
    return best


def _relative(text: str, body: list[_Said], published: date | None) -> When:
    """今年 with no year beside it is the year of the dateline or of an event that the text opens with."""
    dated = [said.when.year for said in body if said.at < _LEAD and said.when.year]
    year = dated[0] if dated else published.year if published else None
    found = _THIS_YEAR.search(text[:600])
    return When() if year is None or found is None else _this_year(year, text, found.end())


def _this_year(year: int, text: str, at: int) -> When:
    """今年 and what stands after it: 前三季度, or nothing that ends it."""
    part = _PART_HERE.match(text, at)
    return _span(year, *_months(part)) if part and not part["edge"] else When(year, date(year, 1, 1), None)


def _said(text: str) -> list[_Said]:
    """Every expression of time with a year: 3 for one in a heading, 0 for one said in passing, 1 for the others."""
    found = []
    for match in _EXPRESSION.finditer(text):
        when_ = _read(match)
        if when_ is not None:
            line = "\n"[match.start() >= 16 :] + text[max(0, match.start() - 16) : match.start()]
            heading = _NUMBERED.search(line)
            found.append(_Said(match.start(), when_, 0 if _in_passing(match, when_) else 3 if heading else 1))
    return found


def _in_passing(match: re.Match[str], when_: When) -> bool:
    """A day, a few days, one of a list of years, a comparison, an event or a plan says nothing of the whole report."""
    text, at = match.string, match.start()
    if match["d1"] and (when_.start is None or (when_.start.month, when_.start.day) != (1, 1)):
        return True
    before = text[max(0, at - 3) : at]
    if _COMPARED.search(before) or _LISTED_BEFORE.search(before) or _LISTED_AFTER.match(text, match.end()):
        return True
    return bool(_PLAN_AFTER.match(text, match.end()) or _EVENT_AFTER.match(text, match.end()))


def _read(match: re.Match[str]) -> When | None:
    if not match["year"]:
        return None
    year = int(match["year"])
    if match["d4"]:
        month = int(match["d1"])
        return _days(year, month, int(match["d2"]), int(match["d3"] or month), int(match["d4"]))
    if match["d1"]:
        return When(year)
    if match["part"] or match["first"] or match["from"] or match["month"]:
        return _edged(year, match)
    return When(year, date(year, 1, 1), None) if match["open"] else _full(year)


def _edged(year: int, match: re.Match[str]) -> When | None:
    span = _span(year, *_months(match))
    if match["edge"] == "以来":
        return When(year, span.start, None)
    return When(year, None, span.end) if match["edge"] else span


def _months(match: re.Match[str]) -> tuple[int, int]:
    if match["first"]:
        said = match["first"]
        return 1, int(said) if said.isdigit() else _MONTHS.get(said, 0)
    if match["part"]:
        return _PARTS[match["part"]]
    if match["from"]:
        return int(match["from"]), int(match["to"])
    return int(match["month"]), int(match["month"])


def _span(year: int, first: int, last: int) -> When:
    if not 1 <= first <= last <= 12:
        return When(year)
    return When(year, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _days(year: int, month: int, day: int, last_month: int, last_day: int) -> When | None:
    try:
        return When(year, date(year, month, day), date(year, last_month, last_day))
    except ValueError:
        return None


def _full(year: int) -> When:
    return _span(year, 1, 12)
