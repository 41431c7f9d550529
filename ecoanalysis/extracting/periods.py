"""Find time expressions and the periods that they mean.

In: a report's text, its own period and year. Out: `Time` records in reading order. What a fact takes for its period
(the last expression before it in its sentence, the frame that an earlier sentence set, the report's own) is decided in
`facts`. A day by itself dates an event and is no period.
"""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

from ecoanalysis.extracting.numerals import read_number
from ecoanalysis.extracting.spans import Period, Time, month_end, whole
from ecoanalysis.knowledge import tables

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DASH = r"\s?(?:[-—–~～－−]{1,2}|至|到)\s?"
_PATTERN = re.compile(
    rf"""
    (?=[\s截到至今本当去上明前下第一二三四的全0-9])  # nothing else opens a time: most of a text is passed over quickly
    (?P<until>截至|截止到|截止|到|至)?[^\S\n]?
    (?:(?P<year>(?:19|20)[0-9][0-9])年?{_DASH}(?P<year2>(?:19|20)[0-9][0-9])年
      |(?P<y1>(?:19|20)[0-9][0-9])年(?P<ym1>[0-9]{{1,2}})月(?:份)?{_DASH}(?P<y2>(?:19|20)[0-9][0-9])年(?P<ym2>[0-9]{{1,2}})月(?:份|底|末)?(?![0-9])
      |(?P<y>(?:19|20)[0-9][0-9])年(?P<attributive>度)?|(?P<said>今年|本年|当年|去年|上年|明年)(?!同期|度同期|同月|底以来))?
    (?P<rest>
      [^\S\n]?(?P<m1>[0-9]{{1,2}})月?{_DASH}(?P<m2>[0-9]{{1,2}})月(?:份|底|末)?(?![0-9]{{0,2}}日|[上中下]旬)
      |[^\S\n]?(?P<dm1>[0-9]{{1,2}})月(?P<d1>[0-9]{{1,2}})日?(?:(?<=日)(?:进驻|开始|起))?{_DASH}(?:(?P<dm2>[0-9]{{1,2}})月)?(?P<d2>[0-9]{{1,2}})日
      |[^\S\n]?(?P<since_month>[0-9]{{1,2}})月(?:(?P<since_day>[0-9]{{1,2}})日)?[^,，。;；0-9]{{0,12}}以来
      |的?前(?P<months>[0-9]{{1,2}}|[两二三四五六七八九十]{{1,2}})个?月(?!来|以来)
      |[^\S\n]?(?P<em>[0-9]{{1,2}})月(?:(?P<ed>[0-9]{{1,2}})日|(?P<month_end>底|末))
      |[^\S\n]?(?P<ten_month>[0-9]{{1,2}})月(?:份)?(?P<ten>[上中下])旬
      |[^\S\n]?(?P<m>[0-9]{{1,2}})月份?(?![0-9]{{1,2}}\s?(?:[日号、,，至到~～—–-]|$)|[0-9]+[.．])  # not 9月17、18日, but 9月17市
      |的?(?P<half>上半年|下半年)
      |(?:第?[一1](?:季度)?{_DASH}第?(?P<last_quarter>[二三四2-4])季度)
      |(?:的?(?P<first>前)(?P<firstq>[一二三1-3])个?季度|的?第?(?P<quarter>[一二三四1-4])季度)
      |(?P<since>[^，,。;；：:、0-9年月]{{0,12}}以来|来(?=[，,])|起|至今)|(?P<year_end>底|末|年底)|(?P<whole>全年)
    )?
    """,
    re.VERBOSE,
)
# What holds for the value before: 同期，…; but not the same time of the year before: 去年同期, 同期相比.
_SAME = re.compile(
    r"(?:(?<=[。；;，,：:\n])|截至)同(?:一时[段期点]|期(?!相比|比|下降|上升|增|减|持平|值|水平|均|的|为|[（(0-9]|进度|目标))"
)
_NOW = re.compile(r"(?:截至|截止|至)?(?:目前|当前|现在)|截止到目前|本月|当月|本季度|本年度|截至发稿")
_LAST_YEARS = re.compile(
    r"(?:[近这]|过去的?)(?P<years>[一两二三四五六七八九十]|[0-9]{1,2})年(?:来|以来|间|里)?(?!来?的?(?:最|同期|首次|新[低高]))"
    r"|(?<![0-9一二三四五六七八九十第半])(?P<back>[一两三四五六七八九十])年(?:来|间|里|累计|共(?![同计]))"
)
_YEAR_END = re.compile(r"(?:截至|至|到)年底")
_YEARLY = re.compile(
    r"(?<!20[0-9][0-9])(?<!19[0-9][0-9])(?<![年本])年度(?=(?:考核|控制|工作|约束性)?目标(?:值|为|是|[：:]))"
)
# Years that stand without 年: those of a row (2021、2022和2023年, 2021、2022两年), and one that is looked back at (回首2022，).
_BARE_YEAR = re.compile(
    r"(?<![较比与同0-9.])(?:19|20)[0-9]{2}"
    r"(?=\s?(?:[、，,和及与]\s?(?:19|20)[0-9]{2}\s?){0,9}[、，,和及与]\s?(?:19|20)[0-9]{2}[两二三四五六七八九十]?年(?!同期|相?比))"
    r"|(?<=[、和及与])(?:19|20)[0-9]{2}(?=[两二三四五六七八九十]年)"
    r"|(?<=回首|回望|回顾|走过|盘点|难忘|告别|展望)(?:19|20)[0-9]{2}(?=[，,。；;：:\s]|$)"
)
_STOP = re.compile("[。！？\n]")
_COMPARED_BEHIND = re.compile("(?:同期)?(?:相比|相较)|比(?=[，,])")  # 和4月份相比, 和上年比，
_COMPARED = re.compile(r"(?:较|比|与|同|相比|相较|对比|高于|低于|优于|超过)(?:于)?$")
_FROM = re.compile(r"(?:由|从)$")
# 2023年度 says when only where it opens a clause; elsewhere it is part of a name (生态环境部2023年度表扬城市).
_OPENING = re.compile(r"^$|[\s，,。；;：:、（(]$")
_FORMULA = re.compile(r"[A-Za-z.][0-9]?$")
_MASKED = re.compile(r"(?:[0-9]{2,3}[xX*×]{1,2}|[xX*×]{4})年?$")  # 202X年上半年 is of no known year
_SINCE = re.compile(r"[^,，。;；0-9]{0,12}起(?=[，,])")
_LOOKS_BACK = re.compile(r"今年(?!还|仍|起|要|将|计划|继续|[^，,。；;]{0,8}(?:还要|还将|将|继续))|本年(?!度)")
# 2020年省级督察 names an inspection, and says when nothing else was.
_INSPECTION = re.compile(
    r"(?:度)?(?:第[一二三四]轮)?(?:中央|省级?|自治区级?)(?:第[一二三四]轮)?(?:生态环境保护|生态环境|生态环保|环境保护|环保)?(?:例行)?督[察查]"
    r"|督[察查](?:反馈|交办|移交|转办|意见)"
)
_PRIOR = re.compile(r"\s?(?:为|是|同期|同月|年?底|年?末|[只仅]有)")
# 今年目标 is of the year after the one that is looked back at.
_AIMS = re.compile(r"的?(?:主要|预期|工作|总体)?(?:目标|任务|计划|打算)")
_BEFORE_SEASON = re.compile("(?:^|[\\s，,。；;：:、（(“0-9]|[年度期今去在]|其中|全市|全县|我市|我县|[一二三四五]是)$")
_CAMPAIGN = re.compile("[^，,。；;：:]{0,8}(?:攻坚|治理|行动|攻势|运动|专项|清洁|改造|方案)")
_YEAR_AHEAD = re.compile("(?P<stated>(?:19|20)[0-9]{2})年?度?$|(?P<before>[去上]年)$")
_SINCE_FIRST = re.compile(r"(?:以来)?(?:的)?(?:首次|最好|历史|新低|新高)")


def find(text: str, year: int | None, closed: bool = False) -> list[Time]:
    """Return the time expressions of a text; `year` is the one that 今年 and a bare month mean.

    A report on a `closed` year was written in the next one, and means its own by 去年, unless it says 今年 of it.

    >>> find("截至6月底，争取资金14614万元", 2023)[0].period
    (datetime.date(2023, 1, 1), datetime.date(2023, 6, 30))
    """
    times = [Time(match.start(), match.end(), None) for match in _NOW.finditer(text)]
    times += [_at_years_end(match, year) for match in _YEAR_END.finditer(text) if year]
    times += [Time(match.start(), match.end(), whole(year)) for match in _YEARLY.finditer(text) if year]
    times += [Time(match.start(), match.end(), whole(int(match[0]))) for match in _BARE_YEAR.finditer(text)]
    times += [_last_years(match, year) for match in _LAST_YEARS.finditer(text)]
    times += [_season(match, text, year) for match in _seasons().finditer(text) if _says_when(match, text)]
    times += [_plan(match) for match in _plans().finditer(text) if not _SINCE_FIRST.match(text, match.end())]
    times += [Time(match.start(), match.end(), None) for match in _SAME.finditer(text)]
    written_next = closed
    closed = closed and f"{year}年" in text and not _LOOKS_BACK.search(text)
    said: tuple[int, int] | None = None
    for match in _PATTERN.finditer(text):
        dated = match["y"] or match["said"] or match["y1"]
        if not (dated or match["year"] or match["rest"]) or ((match["since"] or match["year_end"]) and not dated):
            continue
        if not dated and _within_formula(text, match):
            continue
        if match["attributive"] and not _OPENING.search(text, max(0, match.start() - 1), match.start()):
            continue
        ahead = max(0, match.start() - 4), match.start()
        opens = (
            text[max(0, match.start() - 1) : match.start()] == "\n"
        )  # 空气质量年际比较 in the line above compares nothing with it
        if _COMPARED_BEHIND.match(text, match.end()):
            continue
        if not opens and (_COMPARED.search(text, *ahead) or (_FROM.search(text, *ahead) and not match["since"])):
            continue
        if text.startswith("“", match.start() - 1) or _SINCE_FIRST.match(text, match.end()):
            continue
        if match["y"] and not (match["rest"] or match["until"]) and _INSPECTION.match(text, match.end()):
            continue
        stated = match["y"] or match["year"] or match["y1"]
        near = said[0] if said and not _STOP.search(text, said[1], match.start()) else year
        own = _own_year(match, year, near)
        if closed and match["said"] == "去年" and not _PRIOR.match(text, match.end()):
            alone = not said or _STOP.search(text, said[1], match.start())
            own = year if alone else own
        if written_next and own and match["said"] == "今年" and _AIMS.match(text, match.end()):
            own += 1
        if stated:
            said = (int(stated), match.end())
        if _MASKED.search(text, max(0, match.start() - 6), match.start()):
            times.append(Time(match.start(), match.end(), (None, None)))
            continue
        meant = _meaning(match, own, stated is not None) if own else None
        if meant and match["m"] and text.startswith("自", match.start() - 1) and _SINCE.match(text, match.end()):
            meant = meant[0], None
        if meant is not None:
            start = match.end() - len(match[0].lstrip())
            day = meant[0] is not None and meant[0] == meant[1]
            times.append(Time(start, match.end(), meant, until=bool(match["until"]), day=day))
    times.sort(key=lambda time: time.start)
    times = _resolved(_without_narrowed(times), text)
    # 11月当月 is that month, not the report's.
    return [time for at, time in enumerate(times) if time.period or not at or time.start > times[at - 1].end]


def _within_formula(text: str, match: re.Match[str]) -> bool:
    """Tell whether the digits before 月 are a formula's: PM2.5月均, NO2月均."""
    start = match.start("m1" if match["m1"] else "m")
    return start >= 0 and bool(_FORMULA.search(text, max(0, start - 2), start))


def _without_narrowed(times: list[Time]) -> list[Time]:
    """Drop a year that a day right behind it narrows: 2021年截至9月28日."""
    narrowed = {one.start for one, after in pairwise(times) if after.until and not one.until and after.start == one.end}
    return [one for one in times if one.start not in narrowed]


def _resolved(times: list[Time], text: str) -> list[Time]:
    """Give 同期 the period said before it, 当月 the month that its sentence names, a season or a year the dates in its brackets."""
    found: list[Time] = []
    before: Time | None = None  # the last that has an end
    for time in times:
        words = text[time.start : time.end]
        if before and "同" in words:
            time = replace(time, period=before.period, until=before.until)
        elif found and text[found[-1].end : time.start] in ("（", "(") and _closes(found[-1], time):
            found[-1] = replace(found[-1], period=time.period)
        elif before and words == "当月" and before.period and not _STOP.search(text, before.end, time.start):
            start, end = before.period
            if start and end and (end - start).days < 31:
                time = replace(time, period=before.period)
        before = time if time.season or (time.period and time.period[1]) else before
        found.append(time)
    return found


def _closes(whole: Time, until: Time) -> bool:
    """Tell whether dates in a bracket say of when a season is, or a year whose end is open or later: 全年（截至12月15日）."""
    a, b = whole.period or (None, None), until.period or (None, None)
    closes = until.until and a[0] and b[1] and a[0] == b[0] and (a[1] is None or b[1] < a[1])
    return whole.season or bool(closes)


@cache
def _plans() -> re.Pattern[str]:
    named = "|".join(row["text"] for row in tables.rows("words/plans.csv"))
    behind = "(?P<since>以来)|期间|时期|五年|(?=[，,：:]|累计|共(?!同)|全[市县区州省]|主要污染物)"
    return re.compile(rf"[“\"]?(?P<plan>{named})[”\"]?(?:{behind})")


def _at_years_end(match: re.Match[str], year: int | None) -> Time:
    assert year is not None
    return Time(match.start(), match.end(), whole(year), until=True)


def _last_years(match: re.Match[str], year: int | None) -> Time:
    """近三年 ends with the year reported on; of a text without a year it says nothing."""
    years = int(read_number(match["years"] or match["back"]))
    period = (date(year - years + 1, 1, 1), date(year, 12, 31)) if year else (None, None)
    return Time(match.start(), match.end(), period)


def _plan(match: re.Match[str]) -> Time:
    row = next(row for row in tables.rows("words/plans.csv") if row["text"] == match["plan"])
    end = None if match["since"] else date(int(row["last"]), 12, 31)
    return Time(match.start(), match.end(), (date(int(row["first"]), 1, 1), end))


@cache
def _seasons() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<_{at}>{row['text']})" for at, row in enumerate(tables.rows("words/seasons.csv"))))


def _says_when(match: re.Match[str], text: str) -> bool:
    """Tell whether a season dates what follows: not 受春季沙尘影响, 开展夏季攻坚行动."""
    return bool(_BEFORE_SEASON.search(text, max(0, match.start() - 3), match.start())) and not _CAMPAIGN.match(
        text, match.end()
    )


def _season(match: re.Match[str], text: str, year: int | None) -> Time:
    row = tables.rows("words/seasons.csv")[int((match.lastgroup or "")[1:])]
    said = _YEAR_AHEAD.search(text, max(0, match.start() - 6), match.start())
    if said:
        year = int(said["stated"]) if said["stated"] else year and year - 1
    period: Period = (None, None)
    if year and row["first_month"] and not text.startswith(("以来", "至今"), match.end()):
        period = date(year, int(row["first_month"]), 1), month_end(year, int(row["last_month"]))
    return Time(match.start(), match.end(), period, season=True)


def _own_year(match: re.Match[str], year: int | None, near: int | None) -> int | None:
    """Return the year meant: the one stated, that of 今年 or 去年, else the last one said in the same sentence."""
    if stated := match["y"] or match["year"] or match["y1"]:
        return int(stated)
    if match["said"] in ("去年", "上年", "明年") and year:
        return year + 1 if match["said"] == "明年" else year - 1
    return year if match["said"] else near


def _meaning(match: re.Match[str], year: int, stated: bool) -> Period | None:
    """Return the period of one expression, or None where it is a single day or makes no sense."""
    opening = date(year, 1, 1)
    if match["months"]:
        last = int(read_number(match["months"]))
        return (opening, month_end(year, last)) if 1 <= last <= 12 else None
    months = [
        int(match[name]) for name in ("m1", "m2", "dm1", "dm2", "since_month", "em", "ten_month", "m") if match[name]
    ]
    if any(not 1 <= month <= 12 for month in months):
        return None
    if match["y1"]:
        first, last = int(match["ym1"]), int(match["ym2"])
        return _between(year, first, int(match["y2"]), last) if 1 <= first <= 12 and 1 <= last <= 12 else None
    if match["year2"]:
        return (opening, date(int(match["year2"]), 12, 31)) if int(match["year2"]) >= year else None
    if match["m2"]:
        return date(year, int(match["m1"]), 1), month_end(year, int(match["m2"]))
    if match["d2"]:
        first, last = int(match["dm1"]), int(match["dm2"] or match["dm1"])
        days = int(match["d1"]), int(match["d2"])
        if not all(1 <= day <= month_end(year, month).day for day, month in zip(days, (first, last), strict=True)):
            return None
        return date(year, first, days[0]), date(year, last, days[1])
    if match["since_month"]:
        month, day = int(match["since_month"]), int(match["since_day"] or 1)
        return (date(year, month, day), None) if 1 <= day <= month_end(year, month).day else None
    if match["ten"]:
        month, first = int(match["ten_month"]), 1 + 10 * "上中下".index(match["ten"])
        end = month_end(year, month) if first == 21 else date(year, month, first + 9)
        return (opening if match["until"] else date(year, month, first)), end
    if match["em"]:
        return _until_day(match, year, stated)
    if match["m"]:
        month = int(match["m"])
        return ((None if stated else opening) if match["until"] else date(year, month, 1)), month_end(year, month)
    return _named(match, year, opening)


def _between(year: int, month: int, last_year: int, last_month: int) -> Period | None:
    """A span from a month of one year to a month of another: 2019年10月至2020年3月."""
    start, end = date(year, month, 1), month_end(last_year, last_month)
    return (start, end) if start < end else None


def _until_day(match: re.Match[str], year: int, stated: bool) -> Period | None:
    """截至6月底 runs from the year's opening, 截至2017年8月底 from a time not stated; a day not counted up to is no period."""
    month = int(match["em"])
    if (match["ed"] and int(match["ed"]) > month_end(year, month).day) or match["ed"] == "0":
        return None
    if match["ed"] and not match["until"]:
        day = date(year, month, int(match["ed"]))
        return day, day
    if not match["until"] and match["month_end"]:
        return date(year, 1, 1), month_end(year, month)
    end = date(year, month, int(match["ed"])) if match["ed"] else month_end(year, month)
    whole = not stated or (end.month, end.day) == (12, 31)  # 截至2024年12月31日 closes the year
    return (date(year, 1, 1) if whole else None), end


def _named(match: re.Match[str], year: int, opening: date) -> Period | None:
    if match["half"]:
        return (opening, date(year, 6, 30)) if match["half"] == "上半年" else (date(year, 7, 1), date(year, 12, 31))
    if match["first"]:
        return opening, month_end(year, 3 * _QUARTERS[match["firstq"]])
    if match["last_quarter"]:
        return opening, month_end(year, 3 * _QUARTERS[match["last_quarter"]])
    if match["quarter"]:
        quarter = _QUARTERS[match["quarter"]]
        return date(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter)
    if match["since"]:
        return opening, None
    if match["year_end"] and match["until"] not in (None, "到"):
        return None, date(year, 12, 31)
    if match["y"] or match["said"] or match["year_end"] or match["whole"]:
        return opening, date(year, 12, 31)
    return None
