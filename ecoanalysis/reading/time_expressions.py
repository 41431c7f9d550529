"""Read the expressions of time in a text: 2023年, 2024年1-6月, 截至2022年2月底, 二〇一九年, and parts of a year without one.

In: a text. Out: `TimeExpression`s in reading order, each with its period and how far it can be the whole text's: a day, a
list of years, a comparison, an event and a plan are said in passing. An end of None with a start is a period still running when
the text was written (今年以来); a start of None with an end is a state at that day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_TO = "[-—–―~～－−至到]+"
_HALVES = {"上半年": (1, 6), "半年": (1, 6), "下半年": (7, 12)}
_QUARTERS = {
    **{
        words: (1, 9)
        for words in ("前三季度", "前三个季度", "前3季度", "前3个季度", "1-3季度", "1—3季度", "一至三季度")
    },
    **{
        f"{number}季度": (3 * at - 2, 3 * at)
        for at, pair in enumerate(("一1", "二2", "三3", "四4"), 1)
        for number in pair
    },
}
_PARTS = _HALVES | _QUARTERS
_PART = (
    r"前(?P<first>\d{1,2}|[两二三四五六七八九十]{1,2})个?月(?!\d{1,2}日)|"
    rf"第?(?P<part>{'|'.join(_PARTS)})"
    rf"|(?P<from>\d{{1,2}})月?份?{_TO}(?P<to>\d{{1,2}})月(?!\d{{1,2}}日)"
    r"|(?P<month>\d{1,2})月(?!\d{1,2}日)(?P<edge>以来|底|末)?"
)
_EXPRESSION = re.compile(
    rf"(?P<y1>(?:19|20)\d{{2}})年(?P<m1>\d{{1,2}})月{_TO}(?P<y2>(?:19|20)\d{{2}})年(?P<m2>\d{{1,2}})月(?!\d{{1,2}}日)"
    rf"|(?:19|20)\d{{2}}年?{_TO}(?:19|20)\d{{2}}年"  # 2023-2035年: several years, of no single one
    rf"|(?P<year>(?:19|20)\d{{2}})(?:\s?年|(?=[上下]半年))(?:"
    rf"(?P<d1>\d{{1,2}})月(?P<d2>\d{{1,2}})日(?:{_TO}(?:(?P<d3>\d{{1,2}})月)?(?P<d4>\d{{1,2}})日)?"
    rf"|度?(?:{_PART})"
    r"|(?P<open>以来|至今)|底|末|度|全年)?",
    re.ASCII,
)
_BARE_PART = re.compile(rf"(?:(?<=[今本]年)|(?<![\d年前第个上下]))(?:{_PART})", re.ASCII)
_DAY = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日(?![-—–―~～至到])", re.ASCII)
_BARE_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日", re.ASCII)
_PART_HERE = re.compile(_PART, re.ASCII)
_NUMERALS = re.compile("[一二][一二三四五六七八九〇零○ＯO]{3}(?=年)")
_DIGITS = str.maketrans("一二两三四五六七八九〇零○ＯO", "122345678900000")
_WRITTEN_DAY = re.compile(
    r"(20\d\d)年([一二三四五六七八九十]{1,2})月([一二三]?十?[一二三四五六七八九]|[一二三]?十)日", re.ASCII
)
_COMPARED = re.compile("(?:较|比|与|相比|超|同|继|从|由|[高低优好差多少]于)$")
_LISTED_BEFORE = re.compile(r"\d年[、和与及]$")
_LISTED_AFTER = re.compile(r"[、和与及](?:19|20)\d{2}年")
_TARGET_BEFORE = re.compile("(?:到|(?<!截)至|力争)$")
_HEADLINE = re.compile(r"[^\n，。；,;]{2,30}(?:状况|情况|总结|公报|结果)(?:\n|$)")
_PLAN_AFTER = re.compile(
    "[，,]?(?:我[们市县区局州]|全[市县区州])?(?:还?要|将|计划|力争)|(?:(?!总结|小结|回顾|完成)[^，。；,;]){0,10}(?:打算|计划|部署|思路|要点|规划|(?:主要|重点|工作)任务(?!完成)|目标(?!完成|任务完成)|安排|方案|将[^军]|力争|(?<![摘主重需首])要(?!点|求|素|闻))"
)
_EVENT_AFTER = re.compile("[^，。；,;（(]{0,14}(?:发布会|工作会|会议|环境日|主题教育|学习教育)")
_SINCE_FIRST = re.compile(
    r"以?来[^，。；,;]{0,6}(?:首次|最[低高好优长]|第[一二三四五六七八九\d]次|新[低高])"
)  # 为2013年来3月最低
_NUMBERED = re.compile(r"\n[（(]?[一二三四五六七八九十\d]+[、.)）][^\n]*$")


@dataclass(frozen=True, slots=True)
class Period:
    """The year and the period of a report; None where the text does not say."""

    year: int | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """One expression of time: where it stands, its period, how much it weighs, and whether it is of a plan."""

    at: int
    period: Period
    weight: float
    planned: bool = False


def numerals(text: str) -> str:
    """Write years and dates in Chinese numerals with digits.

    >>> numerals("二〇一九年工作总结"), numerals("二〇一七年一月二十二日")
    ('2019年工作总结', '2017年1月22日')
    """
    text = _NUMERALS.sub(lambda match: match[0].translate(_DIGITS), text)
    return _WRITTEN_DAY.sub(lambda match: f"{match[1]}年{_number(match[2])}月{_number(match[3])}日", text)


def _number(words: str) -> int:
    """Read a number from 1 to 39: 十二, 二十, 三."""
    tens, ten, ones = words.rpartition("十")
    return (10 * int(tens.translate(_DIGITS) or 1) if ten else 0) + int(ones.translate(_DIGITS) or 0)


def time_expressions(text: str) -> list[TimeExpression]:
    """Return every expression of time with a year: 3 for one in a heading, 0 for one said in passing, 1 for the others.

    >>> [(one.period.year, one.weight) for one in time_expressions("2023年，优良率高于2022年。到2025年达到90%。")]
    [(2023, 1), (2022, 0), (2025, 0.3)]
    """
    found = ((match, period) for match in _EXPRESSION.finditer(text) if (period := _read(match)))
    return [TimeExpression(match.start(), period, _weight(match, period), _is_plan(match)) for match, period in found]


def _weight(match: re.Match[str], period: Period) -> float:
    text, at = match.string, match.start()
    if _in_passing(match, period):
        return 0
    if _TARGET_BEFORE.search(text[max(0, at - 2) : at]) and not match["month"] and not match[0].endswith("底"):
        return 0.3
    line = "\n"[at >= 16 :] + text[max(0, at - 16) : at]
    return 3 if _NUMBERED.search(line) or (line.endswith("\n") and _HEADLINE.match(text, match.end())) else 1


def bare_parts(text: str) -> list[tuple[int, tuple[int, int]]]:
    """Return the parts of a year that no year stands before: where, and their first and last month.

    >>> bare_parts("1-9月份空气质量，去年同期；4月底")
    [(0, (1, 9)), (15, (4, 4))]
    """
    return [(match.start(), months(match)) for match in _BARE_PART.finditer(text)]


def bare_days(text: str) -> list[tuple[int, int]]:
    """Return the days that no year stands before: where, and their month."""
    return [(match.start(), int(match[1])) for match in _BARE_DAY.finditer(text)]


def first_day(text: str) -> date | None:
    """Return the first whole date of a text."""
    days = (day_of(*map(int, match.groups())) for match in _DAY.finditer(text))
    return next(filter(None, days), None)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day; None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def part_at(text: str, at: int) -> tuple[int, int] | None:
    """Return first and last month of the part of a year that stands at a place of the text."""
    match = _PART_HERE.match(text, at)
    return months(match) if match and not match["edge"] else None


def _is_plan(match: re.Match[str]) -> bool:
    return _PLAN_AFTER.match(match.string, match.end()) is not None


def _in_passing(match: re.Match[str], period: Period) -> bool:
    """A day, a few days, one of a list of years, a comparison, an event or a plan says nothing of the whole report."""
    text, at = match.string, match.start()
    if match["d1"] and (period.start is None or (period.start.month, period.start.day) != (1, 1)):
        return True
    before = text[max(0, at - 3) : at]
    if _COMPARED.search(before) or _LISTED_BEFORE.search(before) or _LISTED_AFTER.match(text, match.end()):
        return True
    back = _SINCE_FIRST.match(text, match.end() - 2 * bool(match["open"]))
    return _is_plan(match) or bool(back) or _EVENT_AFTER.match(text, match.end()) is not None


def _read(match: re.Match[str]) -> Period | None:
    if match["y1"]:
        last = span(int(match["y2"]), int(match["m2"]), int(match["m2"]))
        return Period(last.year, span(int(match["y1"]), int(match["m1"]), 12).start, last.end)
    if not match["year"]:
        return None
    year = int(match["year"])
    if match["d4"]:
        start = day_of(year, int(match["d1"]), int(match["d2"]))
        end = day_of(year, int(match["d3"] or match["d1"]), int(match["d4"]))
        return Period(year, start, end) if start and end else None
    if match["d1"]:
        return Period(year)
    if match["part"] or match["first"] or match["from"] or match["month"]:
        found = span(year, *months(match))
        if match["edge"] == "以来":
            return Period(year, found.start, None)
        return Period(year, None, found.end) if match["edge"] else found
    return Period(year, date(year, 1, 1), None) if match["open"] else full(year)


def months(match: re.Match[str]) -> tuple[int, int]:
    """Return the first and the last month that an expression of a part of a year says."""
    if match["first"]:
        words = match["first"]
        return 1, int(words) if words.isdigit() else _number(words) if len(words) == 1 else 0
    if match["part"]:
        return _PARTS[match["part"]]
    if match["from"]:
        return int(match["from"]), int(match["to"])
    return int(match["month"]), int(match["month"])


def span(year: int, first: int, last: int) -> Period:
    """Return some months of a year; what are no months leave only the year."""
    if not 1 <= first <= last <= 12:
        return Period(year)
    return Period(year, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def full(year: int) -> Period:
    """Return a whole year."""
    return span(year, 1, 12)
