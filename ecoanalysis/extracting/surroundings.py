"""Tell what a number stands in: what report, on what page, in what sentence, behind which words.

In: a source, and a run of numbers in its sentence. Out: features on which confidence leans; of `DOUBTFUL` any one keeps a fact
from being sure.
"""

import re
from math import log1p

from ecoanalysis.extracting import model
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.source import Source
from ecoanalysis.extracting.spans import is_calendar_year

_BACK = 500  # characters that are looked back over: a sentence without end would cost its length for each number


def of_report(source: Source) -> model.Features:
    """Return what tells how hard a report is to read: what it is, how it dates itself, how many times it speaks of."""
    report = source.report
    start, end = report.period_start, report.period_end
    found = {
        f"genre_{report.genre or 'none'}": 1.0,
        f"level_{report.level or 'none'}": 1.0,
        f"year_from_{report.year_from}": 1.0,
        "year_sure": report.year_confidence,
        "undated": float(start is None and end is None),
        "open_period": float((start is None) != (end is None)),
        "part_of_year": float(bool(start and end and not is_calendar_year((start, end)))),
        "many_times": min(len({time.period for time in source.times if time.period}), 12) / 4,
        **_of_page(source),
    }
    return {name: value for name, value in found.items() if value}


def _of_page(source: Source) -> model.Features:
    """Return how a page is laid out: pages that are dense, torn or full of blanks are read less well."""
    text = source.text
    length = max(len(text), 200) / 100
    blanks = sum(text[one.start - 1 : one.start] == " " or " " in one.number for one in source.quantities)
    return {
        "page_dense": min(len(source.quantities) / length, 12) / 4,
        "page_blanks": blanks / max(len(source.quantities), 1),
        "page_repaired": log1p(sum(source.report.repairs.values()) / length),
        "page_lines": log1p(text.count("\n") / length),
    }


# Words of time that no expression of time may cover: 汛期, 近一周, 活动期间.
_OF_TIME = re.compile(
    "个月|月[份初中末]|季度|[上中下]旬|[一两本上]周|期间|时段|以来|[今明]冬|采暖[期季]|供暖[期季]|汛期|[两几数]年|[三四五]年(?:来|间|共|累计|里)|前[两二三四]年"
)


def _unread_times(source: Source, start: int, end: int) -> int:
    """Count the words of time of a span that no expression of time covers: of when its values are was not read."""
    times = source.times_in(start, end)
    words = (match.start() for match in _OF_TIME.finditer(source.text, start, end))
    return sum(not any(time.start <= at < time.end for time in times) for at in words)


# What a single action gave is not the year's: 本次专项行动检查企业120家.
_ONE_ACTION = re.compile(
    "[本此该这]次|专项(?:行动|检查|执法|整治)|集中(?:行动|整治|执法)|夜查|突击检查|大练兵|百日|行动(?:中|以来|期间|[，,])|”(?:专项|系列)?行动"
)
# What came in on one way is not all that came in: 12369热线受理投诉4406件.
_ONE_CHANNEL = re.compile("12369|12345|热线|平台|信箱|来[信电访]|电话|微信")
# Of whom a value is told is a single firm, not the place: 某公司未批先建，罚款8万元.
_ONE_FIRM = re.compile(
    "公司(?!化)|(?:水泥|化工|造纸|印染|电|钢|药|砖|石料|加工|养殖)厂|某(?:厂|企业|单位)|经营部|个体户"
)


# Where one of these stands before a number, it is seldom what a year of the whole place gave, however it is worded.
_RATE = r"(?:日均|月均|周均|人均|户均|县均|件均|年均|每[天日周月人户县年件]|每半年|每季度?|平均每[一-鿿]{1,3})"
DOUBTFUL = {
    # 全市日均受理投诉36件, 年均立案126件: a mean or a rhythm, where things are counted
    "per_something": re.compile(rf"{_RATE}(?!浓度|值)"),
    # 全市十年平均森林覆盖率45%, 近三年PM2.5浓度平均为34
    "mean_of_years": re.compile(
        "[两二三四五六七八九十几多]年(?:来|间|以来)?(?:的)?(?:年均|平均|[^，,。；;]{0,16}(?:浓度|比例|天数)平均)"
    ),
    # 若剔除沙尘，…; 对标深圳，…
    "supposed": re.compile("(?:如果|假如|若)[^，,。；;]{0,10}(?:剔除|扣除|不计)|对标[^，,。；;]{1,6}[，,]"),
    # 国家标准：PM2.5年均值35, 二级标准 SO2 60
    "limit_told": re.compile(
        "(?:标准|限值|标准值)[:：][^。；;\n]*$|[一二三]级标准\\s?(?=PM|SO|NO|CO|O3|二氧|一氧|臭氧|可吸|细颗)"
    ),
    # 督察进驻期间，立案处罚45家: from when to when the sentence must say
    "during_inspection": re.compile("督[察查](?:组)?(?:进驻)?(?:期间|以来)|“?回头看”?期间"),
    # 优良天数最少的区为286天
    "of_extreme": re.compile("最[多少高低好差大小]的?(?:区县?|县[市区]?|市|镇|乡|街道)(?:为|是|有|达)$"),
}


def _doubtful(text: str, start: int, run: Run) -> model.Features:
    """Return what before a number tells that it is no value of its kind for the whole place and a full year."""
    said = text[start : run.start]
    counted = run.numbers[0].kind in ("count", "money", "duration")
    found = (name for name, words in DOUBTFUL.items() if words.search(said))
    return {name: 1.0 for name in found if counted or name != "per_something"}


def of_sentence(source: Source, start: int, run: Run, left: int) -> model.Features:
    """Return what tells how hard a number is to read in its sentence, which opens at `start`.

    `left` counts the characters beside it that nothing explains.
    """
    start = max(start, run.start - _BACK)
    text, paragraph = source.text, max(source.line(run.start), run.start - 3 * _BACK)
    found = {
        "words_left": log1p(left),
        "times_unread": min(_unread_times(source, start, run.start), 2),
        "times_unread_in_paragraph": min(_unread_times(source, paragraph, run.start), 2),
        "times_near": min(len(source.times_in(start, run.start)), 4),
        "times_in_paragraph": min(len(source.times_in(paragraph, run.start)), 6),
        "day_in_paragraph": float(any(time.day for time in source.times_in(paragraph, run.start))),
        "populations_near": min(len(source.scopes_in(start, run.start)), 4),
        "one_firm": float(bool(_ONE_FIRM.search(text, start, run.start))),
        "one_action": float(bool(_ONE_ACTION.search(text, start, run.start))),
        "one_channel": float(bool(_ONE_CHANNEL.search(text, start, run.start))),
        "of_which": float("其中" in text[start : run.start]),
        "bracket_follows": float(text[run.end : run.end + 1] in ("（", "(")),
    }
    return {name: value for name, value in found.items() if value} | _doubtful(text, start, run)
