"""Find the year and the period that a report reports on.

In: the title, the repaired text, the date of publication where the page gives one, and where the file lies. Out: a
`Dating`: year and period, where the year was found, and how sure that is. What titles, headings, file names, the opening,
the body and the date of publication say adds up for every year; the best one's share of exp(weight) is its confidence.
Years mentioned in passing do not count, nor does a plan for a later year. Weights are in `knowledge/words/evidence.csv`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ecoanalysis.knowledge.tables import pattern
from ecoanalysis.reading import time_expressions as times
from ecoanalysis.reading.place_evidence import share_of, weights
from ecoanalysis.reading.time_expressions import Period, TimeExpression, full, numerals, span, time_expressions

_REVIEW = re.compile(
    r"^ *(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|第[一二三]部分)?[^\n。，,]{0,14}?"
    r"(?P<time>20\d{2}年[^\n。，,]{0,12}?)(?:回顾|总结|成效|完成情况|工作情况|成绩|主要工作)[^\n。，,]{0,20}$",
    re.M | re.ASCII,
)
# A title may say which part of a report follows: 政府工作报告（2026年）——2025年工作回顾.
_PART_NAMED = re.compile(
    r"(20\d{2})年(?:政府)?(?:[^，。,;；年]{0,4}民生实事|重点工作|主要工作|工作(?:回顾|总结|安排|打算|计划|部署|任务)|目标任务|主要任务)"
)
_QUOTED = re.compile(
    r"《[^《》\n]{0,12}?((?:19|20)\d{2})年?(?:度)?(?![\d-])[^《》\n]{0,24}(?:公报|状况|情况|报告|总结|年报|质量|公告)[^《》\n]{0,10}》"
)
_BARE_YEAR = re.compile(
    r"(?<![\d.+—–-])(20[012]\d)(?=度?[\u4e00-\u9fff])(?!年|[个件家万亿元吨天项起名人条次亩户处座微毫])", re.ASCII
)
_NUMBERED = re.compile(r"[〔\[]((?:19|20)\d{2})[〕\]]\d{1,4}号", re.ASCII)
_FIVE_YEARS = re.compile("“?十([一二三四五])五”?[^，。\n]{0,16}(?:完成情况|收官|圆满)")
_YEAR_ALONE = re.compile(r"(?:^|(?<=\D))((?:19|20)\d{2})(?=\D|$)", re.ASCII)
_YEAR_FOLDER = re.compile("[\u4e00-\u9fff]{0,8}((?:19|20)[0-9]{2})年?度?[\u4e00-\u9fff]{0,8}")
# A like period of another year, against which the report's own is held: 与2016年1-2月相比, 较2020年同期.
_HELD_AGAINST = re.compile(
    r"[较比与同]((?:19|20)\d{2})年(?:同期|同月|(?:\d{1,2}月?[-—–~～至])?\d{1,2}月(?!\d)|[上下]半年|第?[一二三四]季度)",
    re.ASCII,
)
_UP_TO = re.compile(r"截[至止](?:20\d\d年)?(\d{1,2})月(?:(\d{1,2})日|[底末])", re.ASCII)
_BELOW = re.compile(r"\s{0,4}([（(]截[至止][^（()）\n]{3,14}[）)])")  # a title's bracket, in the next line
_AS_OF = re.compile(r"截[至止]到?(20\d\d)年", re.ASCII)
# A heading over what is planned: 二、2020年工作计划.
_PLAN_HEADING = re.compile(
    r"^[ \u3000]*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])[^\n。，,]{0,6}20\d\d年[^\n。，,]{0,10}(?:计划|打算|安排|思路|要点|谋划|(?:主要|重点|工作)任务)[^\n。，,]{0,4}$",
    re.M | re.ASCII,
)
# What an opening says that it looks back at, with or without 年: 回望2020，我市…
_LOOKED_BACK_AT = re.compile(r"(?:回望|回顾|回首|盘点|走过|告别)((?:19|20)\d{2})年?(?!\d|[—–-])", re.ASCII)
_LEAD = 120
_OPENING = 400
_READ = 20_000  # characters: who reads so far and knows not of when the report is will not know later
_EARLY = 3  # months into a year in which the year before is told of
_STRONG = 3.5
_NAMING = ("title", "file", "folder")  # sources that name the one year of a whole report
_DISPUTED = 0.85
_LIKELY = 0.45


@dataclass(frozen=True, slots=True)
class Dating:
    """Of when a report is: year and period, the source of the year, and how sure it is. `rivals` are years in dispute."""

    period: Period = field(default_factory=Period)
    source: str = "none"
    confidence: float = 1.0
    rivals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is read: title, body, the date of publication, the name of the file, and the times that they say."""

    title: str
    text: str
    published: date | None
    name: str
    folders: tuple[str, ...]
    titled: list[TimeExpression]
    body: list[TimeExpression]
    meeting: bool  # whether the title is that of what a meeting was told


def find_period(
    title: str, text: str, published: date | None = None, name: str = "", folders: tuple[str, ...] = ()
) -> Dating:
    """Return the year and period that a report is on.

    >>> find_period("某市2023年9月环境空气质量", "").period.end
    datetime.date(2023, 9, 30)
    >>> find_period("在2025年工作会议上的讲话", "一、2024年工作回顾").period.year
    2024
    >>> find_period("", "2022年、2023年水质均值达Ⅲ类。").period
    Period(year=None, start=None, end=None)
    """
    title, text, name = numerals(title), numerals(text[:_READ]), numerals(name)
    body = time_expressions(text)
    if published is None and not any(one.weight for one in body):
        published = times.first_day(text) or _of_an_event(text, body)
    meeting = bool(pattern("title_meeting").search(title))
    texts = _Texts(title, text, published, name, folders, time_expressions(title), body, meeting)
    found = list(_evidence(texts))
    totals: dict[int | None, float] = defaultdict(float, {None: weights()["no_year"][1]})
    for year, _, weight in found:
        totals[year] += weight
    best = max(totals, key=lambda year: totals[year])
    sure = share_of(totals.values())
    if best is None or sure < _LIKELY:
        return Dating(Period(), "none", sure)
    strong = dict.fromkeys(year for year, source, weight in found if source in _NAMING and weight >= _STRONG)
    rivals = tuple(sorted(strong)) if len(strong) > 1 else ()
    sources: dict[str, float] = defaultdict(float)
    for year, source, weight in found:
        sources[source] += weight if year == best else 0
    source = max(sources, key=lambda name: sources[name])
    return Dating(_period(best, texts), source, min(sure, _DISPUTED) if rivals else sure, rivals)


def part_named(year: int, title: str, text: str) -> Period | None:
    """Return the part of a year that the title names, or the words that announce an account; None where neither does.

    >>> part_named(2023, "某市生态环境局上半年工作总结", "").end
    datetime.date(2023, 6, 30)
    """
    title, text = numerals(title), numerals(text[:1500])
    if pattern("title_meeting").search(title):
        return None
    named = [one.period for one in time_expressions(title) if one.weight and one.period.year == year]
    if named and named[0] != full(year):
        return named[0]
    if parts := times.bare_parts(title):
        return span(year, *parts[0][1])
    announced = pattern("account_announced").search(text)
    told = times.bare_parts(announced[0]) if announced and "全年" not in announced[0] else []
    return span(year, *told[0][1]) if len(told) == 1 else None


def _of_an_event(text: str, body: list[TimeExpression]) -> date | None:
    """The end of the year of an event that the opening names (2020年半年工作会), where months are said beside it."""
    own = (one for one in body if one.at < _LEAD and not _HELD_AGAINST.match(text, max(0, one.at - 1)))
    years = [one.period.year for one in own if one.period.year]
    return date(years[0], 12, 31) if years and times.bare_parts(text[:_OPENING]) else None


def _evidence(texts: _Texts) -> Iterator[tuple[int, str, float]]:
    """Yield every sign of a year: the year, the source, the weight."""
    for sign, year, part in (*_titled(texts), *_filed(texts), *_written(texts), *_by_publication(texts)):
        source, weight = weights()[sign]
        yield year, source, weight * part


def _titled(texts: _Texts) -> Iterator[tuple[str, int, float]]:
    title, meeting = texts.title, texts.meeting
    part = _PART_NAMED.search(title)
    if part and "报告" in title:
        yield ("title_year", int(part[1]), 1)
        return
    years = [one.period.year for one in texts.titled if (one.weight or meeting) and one.period.year]
    if years:
        year = min(years)
        if not meeting:
            yield ("title_year", year, 1)
        elif "政府工作报告" in title or any(one.weight >= 1 and one.period.year == year - 1 for one in texts.body):
            yield ("title_meeting", year - 1, 1)
        else:
            yield ("title_plan", year, 1)
        return
    quoted = _QUOTED.search(title) or _QUOTED.search(texts.text[:_OPENING]) or _BARE_YEAR.search(title)
    planned = [one.period.year for one in texts.titled if one.planned and one.period.year]
    if quoted:
        yield ("title_quoted", int(quoted[1]), 1)
    elif told := [one.period.year for one in texts.titled if one.period.year and pattern("title_told").search(title)]:
        yield ("title_quoted", told[0], 1)
    elif planned and pattern("title_plan").search(title):  # 工作总结及2021年工作计划 reports on the year before
        yield ("title_plan", planned[0] - bool(pattern("title_review_too").match(title)), 1)


def _filed(texts: _Texts) -> Iterator[tuple[str, int, float]]:
    # What a meeting was told is filed under the year of the meeting.
    if not texts.meeting and re.search("[\u4e00-\u9fff]|^(?:19|20)[0-9]{2}$", texts.name):
        if alone := _YEAR_ALONE.search(texts.name):
            yield ("file_year", int(alone[1]), 1)
    years = (whole for folder in texts.folders if (whole := _YEAR_FOLDER.fullmatch(folder)))
    if nearest := next(years, None):
        yield ("folder_year", int(nearest[1]), 1)


def _written(texts: _Texts) -> Iterator[tuple[str, int, float]]:
    """The years of headings, of the opening and of the body."""
    reviewed = _review_of(texts)
    if reviewed and reviewed.year:
        yield ("heading_review", reviewed.year, 1)
    elif back := _LOOKED_BACK_AT.search(texts.text[:_OPENING]):
        yield ("heading_review", int(back[1]), 1)
    if number := _NUMBERED.search(texts.text[:_OPENING]):
        yield ("document_number", int(number[1]), 1)
    if five := _FIVE_YEARS.search(texts.title):
        yield ("five_years", 2000 + 5 * "一二三四五".index(five[1]) + 10, 1)
    if counted := _AS_OF.search(texts.text[:1500]):
        yield ("as_of", int(counted[1]), 1)
    years: dict[int, float] = defaultdict(float)
    planned = _PLAN_HEADING.search(texts.text)
    end = planned.start() if planned and not pattern("title_plan").search(texts.title) else len(texts.text)
    for one in texts.body:
        # （2021年1月） in a text of a meeting is when that was; a plan at the end is of the year to come.
        if one.period.year and one.at < end and not (texts.meeting and _in_bracket(texts.text, one.at)):
            years[one.period.year] += one.weight
    total = max(2, sum(years.values()))
    for year, weight in years.items():
        yield ("body_years", year, weight / total)
    against = {int(match[1]) for match in _HELD_AGAINST.finditer(texts.text)}
    if len(against) == 1:
        yield ("held_against", against.pop() + 1, 1)
    opening = (one for one in texts.body if one.weight >= 1 and one.at < _LEAD and not _in_bracket(texts.text, one.at))
    if first := next(opening, None):
        yield ("opening_year", first.period.year or 0, 1)


def _in_bracket(text: str, at: int) -> bool:
    return text[max(0, at - 1) : at] in ("（", "(") and at > 0


def _by_publication(texts: _Texts) -> Iterator[tuple[str, int, float]]:
    """What the date of publication, or a date in the opening, says of months and days without a year."""
    opening = texts.text[:_OPENING]
    now = pattern("this_year").search(texts.text[:600])
    day = texts.published
    if day is None:
        dates = [one.period.year for one in texts.body if one.at < _LEAD and one.period.year]
        if now and dates:
            yield ("dated_now", dates[0], 1)
        return
    if "今年" in texts.title:
        yield ("title_year", day.year, 1)
    parts = times.bare_parts(texts.title)
    if not parts:  # 2021年4月进驻，9月反馈 is of the year that the sentence names
        parts = [part for part in times.bare_parts(opening)[:1] if not _of_a_year(opening, part[0])]
    days = [month for at, month in times.bare_days(opening)[:1] if not _of_a_year(opening, at)]
    last = parts[0][1][1] if parts else max(days, default=0)
    if last:
        yield ("dated_part", day.year - (last > day.month), 1)
    elif pattern("last_year").search(texts.title):
        yield ("dated_before", day.year - 1, 1)
    elif now and not (day.month <= _EARLY and _opens_with_last_year(opening, now.start())):
        yield ("dated_now", day.year, 1)
    elif day.month <= 6 and _looks_back(texts, day.year - 1):
        yield ("dated_before", day.year - 1, 1)
    else:
        yield ("dated", day.year, 1)


def _opens_with_last_year(opening: str, now: int) -> bool:
    """Whether a text looks back first, and only then speaks of the year that runs, as a press conference in February does."""
    back = pattern("last_year").search(opening)
    return back is not None and back.start() < now


def _of_a_year(text: str, at: int) -> bool:
    """Whether the sentence of a place has named a year before it."""
    return bool(re.search(r"20\d\d年[^。\n]*$", text[:at]))


def _looks_back(texts: _Texts, year: int) -> bool:
    """Whether a text published early in a year is on the year before."""
    opening = texts.text[:_OPENING]
    if pattern("title_yearly").search(texts.title) or pattern("last_year").search(opening):
        return True
    back = _LOOKED_BACK_AT.search(opening)
    if back and int(back[1]) == year:
        return True
    return any(one.period.year == year and one.weight >= 1 for one in texts.body)


def _month_end(year: int, month: int) -> date | None:
    return span(year, month, month).end if 1 <= month <= 12 else None


def _review_of(texts: _Texts) -> Period | None:
    review = _REVIEW.search(texts.text[:4000])
    return time_expressions(review["time"])[0].period if review else None


def _period(year: int, texts: _Texts) -> Period:
    """The period within a year: as the title says it, else a heading that looks back, else what the body says most."""
    title, text = texts.title, texts.text
    parts, whole = times.bare_parts(title), full(year)
    below = _BELOW.match(text, text.find(title) + len(title)) if title else None
    up_to = _UP_TO.search(title + below[1] if below else title)
    last = up_to and (times.day_of(year, int(up_to[1]), int(up_to[2])) if up_to[2] else _month_end(year, int(up_to[1])))
    if last and any(one.period == whole for one in texts.titled):
        return Period(year, whole.start, last)
    announced = pattern("account_announced").search(text[:1500])
    told = times.bare_parts(announced[0]) if announced and "全年" not in announced[0] else []
    if len(told) == 1 and not title:
        return span(year, *told[0][1])
    for one in texts.titled:
        if len(parts) == 1 and one.period == whole:  # 2021年 stands apart from its part: 10月空气质量（2021年）
            break
        if one.weight and one.period.year == year and not texts.meeting:
            if len(told) == 1 and one.period == whole:
                return span(year, *told[0][1])
            running = pattern("this_year").search(text[:1500]) and not pattern("title_yearly").search(title)
            return Period(year, whole.start, None) if one.period == whole and running else one.period
    if last:
        return Period(year, None, last)
    if pattern("title_plan").search(title) and any(one.planned and one.period == whole for one in texts.titled):
        return whole
    if parts:
        spans = [one.period for one in texts.body if one.period == span(year, *parts[0][1])]
        return spans[0] if spans else span(year, *parts[0][1])
    reviewed = _review_of(texts)
    if reviewed and reviewed.year == year:
        return reviewed
    said = (*time_expressions(texts.name), *texts.body)
    kinds = [one.period for one in said if one.weight and one.period.year == year]
    # A title names the year 去年, or a meeting was held after it: then the text looks back at the whole of it.
    after = texts.meeting and any((one.period.year or 0) > year for one in texts.titled)
    later = bool(texts.published and texts.published.year > year and _opens_with_last_year(text[:_OPENING], _OPENING))
    back = after or later or pattern("last_year").search(title)
    now = pattern("this_year").search(text[:600]) if not back else None
    best = Counter(kinds).most_common(1)[0][0] if kinds else Period(year)
    if now and (not kinds or (best == whole and len(kinds) <= 2)):
        part = times.part_at(text, now.end())
        return span(year, *part) if part else Period(year, whole.start, None)
    if kinds:
        return best
    if parts := times.bare_parts(text[:_OPENING]):
        return span(year, *parts[0][1])
    over = "一年来" in text[:_OPENING] or not texts.published or texts.published.year > year
    return whole if over else Period(year)
