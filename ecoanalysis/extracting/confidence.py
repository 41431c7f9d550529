"""Say how likely it is that all of a fact is right, and what speaks against it most.

In: what was decided for a fact, and how clearly. Out: a probability, calibrated on reports that the weights had not seen,
and a code of `knowledge/doubts.csv` where it is below 0.9.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from math import log1p, prod

from ecoanalysis.extracting import model
from ecoanalysis.extracting.candidates import Candidate
from ecoanalysis.extracting.discourse import Held
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.scopes import WHOLE, WHOLE_OR_UNSAID
from ecoanalysis.extracting.source import Fact, Source
from ecoanalysis.extracting.spans import Period
from ecoanalysis.extracting.status import PLANS
from ecoanalysis.knowledge.catalogue import metrics

SURE = 0.9
_BACK = 500  # characters that are looked back over: a sentence without end would cost its length for each number
_INHERITED = frozenset({"last", "history", "several", "before", "label", "sentence"})

# How a part that is named near makes a wider reading doubtful: where it stands, and in what words.
_NEAR = (
    *("own_clause", "sentence", "before", "heading", "said", "phrase", "phrase_with_word", "settlement"),
    *("aside", "account", "kind", "before_count", "wording_before", "in_section"),
    *("noun", "noun_opens", "noun_nearest_clause", "noun_counted", "list_shared_apposed"),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one fact: the reading, its period and population, each with its probability.

    `rivals` tell how parts are named that were not chosen: in the clause, the sentence, before it. `around` is what the
    report and the sentence are like, `reported` says that the fact is not planned.
    """

    reading: Candidate
    reading_share: float
    period: Held
    period_share: float
    scope: Held
    scope_share: float
    status_share: float
    rivals: frozenset[str]
    around: model.Features
    reported: bool


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
        "part_of_year": float(bool(start and end and not _calendar_year((start, end)))),
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
_DOUBTFUL = {
    # 全市日均受理投诉36件, 年均立案126件: a mean or a rhythm, where things are counted
    "per_something": re.compile(rf"{_RATE}(?!浓度|值)"),
    # 全市十年平均森林覆盖率45%, 近三年PM2.5浓度平均为34
    "mean_of_years": re.compile(
        "[两二三四五六七八九十几多]年(?:来|间|以来)?(?:的)?(?:年均|平均|[^，,。；;]{0,16}(?:浓度|比例|天数)平均)"
    ),
    # 《实施方案》明确全市PM2.5平均浓度34, 按照规划，…, 省下达目标：…, “十四五”末
    "told_by_plan": re.compile(
        "(?:方案|规划|纲要|责任书|全会|行动计划|意见)[》”]?[^，,。；;]{0,10}?(?:明确|提出|确定|要求)|(?:按照|根据)[^，,。；;]{0,8}(?:规划|方案|计划)[》”]?[，,]"
        "|(?:目标|指标|任务|计划)(?:值|数)?[:：]|“?十[二三四五]五”?末[，,]|对标[^，,。；;]{1,6}[，,]|(?:如果|假如|若)[^，,。；;]{0,10}(?:剔除|扣除|不计)"
    ),
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
    found = (name for name, words in _DOUBTFUL.items() if words.search(said))
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


def features(decision: Decision) -> model.Features:
    """Return what tells whether all of a fact is right: how clear each decision was, what spoke for it, and what is around."""
    reading, around = decision.reading, decision.around
    shares = (decision.reading_share, decision.period_share, decision.scope_share, decision.status_share)
    whole = float(decision.scope.values[0] in WHOLE_OR_UNSAID)
    found = {
        "bias": 1.0,
        "reading": model.log_odds(decision.reading_share),
        "period": model.log_odds(decision.period_share),
        "scope": model.log_odds(decision.scope_share),
        "status": model.log_odds(decision.status_share),
        "product": model.log_odds(prod(shares)),
        "weakest": model.log_odds(min(shares)),
        **{f"passed_{origin}": float(origin in decision.rivals) for origin in _NEAR},
        **{f"whole_passed_{origin}": whole * (origin in decision.rivals) for origin in _NEAR},
        f"reading_from_{reading.origin}": 1.0,
        f"period_from_{decision.period.origin}": 1.0,
        f"scope_from_{decision.scope.origin}": 1.0,
        "scope_whole": whole,
        "whole_of_sections": float(
            whole and any("sections" in m.scopes or "tier" in m.scopes for m, _ in reading.pairs)
        ),
        "whole_of_subjects": float(whole and any("subject" in m.scopes for m, _ in reading.pairs)),
        "whole_behind_words": whole * reading.features.get("words_touch_start", 0.0),
        "whole_words_left": whole * around.get("words_left", 0.0),
        "counts": float(any(number.kind == "count" for _, number in reading.pairs)),
        # Some metrics are worded plainly (PM2.5), some as much else is (三会一课, funds won).
        **{f"of_{name}": 1.0 for metric, _ in reading.pairs for name in (metric.domain, metric.id)},
    }
    if whole and reading.stat == "level" and decision.reported and _calendar_year(decision.period.values[0]):
        # What a chart would rank is the commonest and plainest kind of statement, and has odds of its own.
        apart = ("product", "counts", "reading_from", "period_from", "scope_from", "of_")
        own = {name: value for name, value in found.items() if name.startswith(apart)} | around
        found |= {"yearly_whole": 1.0, **{f"yearly_whole_{name}": value for name, value in own.items()}}
    else:
        found["partial_product"] = found["product"]
    chosen = {"reading": reading.features, "period": decision.period.features, "scope": decision.scope.features}
    for kind, held in chosen.items():
        found |= {f"{kind}_{name}": value for name, value in held.items() if f"{kind}_{name}" not in found}
    return {name: value for name, value in (found | around).items() if value}


def _calendar_year(period: Period) -> bool:
    start, end = period
    return bool(start and end) and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31))  # type: ignore[union-attr]


def judged(found: list[tuple[Fact, Decision]], weights: dict[str, float]) -> list[tuple[Fact, Decision]]:
    """Return the facts of a report with their confidence, which leans on the report's others too."""
    beside = _Beside([fact for fact, _ in found])
    told: dict[tuple, set[float | None]] = defaultdict(set)
    for fact, decision in found:
        told[id(decision.reading), _subject(fact)].add(fact.value)
    result = []
    for fact, decision in found:
        decision = replace(decision, around=decision.around | beside.features(fact))
        share, doubt = judge(decision, weights)
        if decision.reported and share >= SURE and any(f"status_{name}" in decision.around for name in PLANS):
            share, doubt = SURE - 0.01, "status_unsure"  # what is announced as a plan is no sure result
        doubtful = _DOUBTFUL.keys() & decision.around.keys()
        if decision.period.origin not in ("title", "assumed"):
            doubtful -= {"during_inspection"}
        if share >= SURE and doubtful:
            share, doubt = SURE - 0.01, "words_unexplained"
        # Of several values that one list gives the same, no more than one is right.
        values = len(told[id(decision.reading), _subject(fact)])
        if values > 1 and share > 1 / values:
            share, doubt = round(1 / values, 3), doubt or "rival_reading"
        result.append((replace(fact, confidence=share, doubt=doubt), decision))
    return result


class _Beside:
    """What the other facts of a report say of one: of two values for the same, one at least is wrong."""

    def __init__(self, facts: list[Fact]) -> None:
        self.values: dict[tuple, set[float | None]] = defaultdict(set)
        self.scopes: dict[tuple, set[str]] = defaultdict(set)
        self.periods: Counter[Period] = Counter()
        self.wholes = 0
        for fact in facts:
            self.values[_subject(fact)].add(fact.value)
            self.scopes[fact.metric, fact.stat].add(_scope(fact))
            self.periods[fact.period_start, fact.period_end] += 1
            self.wholes += not _scope(fact)
        self.levels: dict[tuple, list[float]] = defaultdict(list)
        for fact in facts:
            if fact.stat == "level" and fact.value:
                self.levels[fact.metric, fact.period_start, fact.period_end, _scope(fact)].append(fact.value)
        self.count = len(facts)

    def features(self, fact: Fact) -> model.Features:
        """Return what tells of a fact how it stands to the others."""
        period = fact.period_start, fact.period_end
        found = {
            "alone": float(self.count == 1),
            "many_facts": log1p(min(self.count, 40)),
            "period_shared": self.periods[period] / self.count,
            "whole_shared": 0.0 if _scope(fact) else self.wholes / self.count,
            "other_populations": min(len(self.scopes[fact.metric, fact.stat]) - 1, 3),
        }
        if fits := self._days_fit(fact):
            found[f"days_{fits}"] = 1.0
        if len(self.values[_subject(fact)]) > 1:
            found |= {"contradicted": 1.0, f"contradicted_{fact.stat}": 1.0}
        if not _scope(fact) and fact.stat == "level" and _calendar_year(period):
            found |= {f"yearly_whole_{name}": value for name, value in found.items()}
        return {name: value for name, value in found.items() if value}

    def _days_fit(self, fact: Fact) -> str:
        """Tell whether days and their share, told of the same, make up the days of their period: 338 days, 92.3 %, of a year."""
        other = metrics()[fact.metric].counterpart
        units = {fact.unit, metrics()[other].unit} if other else set()
        if fact.stat != "level" or units != {"day", "%"} or not (fact.value and fact.period_start and fact.period_end):
            return ""
        within = (fact.period_end - fact.period_start).days + 1
        pairs = [(fact.value, value) for value in self.levels[other, fact.period_start, fact.period_end, _scope(fact)]]
        wholes = [100 * (a / b if fact.unit == "day" else b / a) for a, b in pairs]
        return (
            "" if not wholes else "fit" if any(0.92 * within < whole < 1.01 * within for whole in wholes) else "misfit"
        )


def _scope(fact: Fact) -> str:
    return "" if fact.scope in WHOLE else fact.scope


def _subject(fact: Fact) -> tuple:
    period = fact.period_start, fact.period_end
    return fact.metric, fact.stat, fact.unit, fact.bound, period, _scope(fact), fact.basis, fact.status


def judge(decision: Decision, weights: dict[str, float]) -> tuple[float, str]:
    """Return the confidence in a fact, and the main doubt where it is not sure."""
    share = model.logistic(model.score(weights, features(decision)))
    return round(share, 3), "" if share >= SURE else _doubt(decision)


def _doubt(decision: Decision) -> str:
    parts = {
        "reading": decision.reading_share,
        "period": decision.period_share,
        "scope": decision.scope_share,
        "status": decision.status_share,
    }
    weakest = min(parts, key=lambda name: parts[name])
    near = {"period": decision.period.origin, "scope": decision.scope.origin}.get(weakest) in ("own_clause", "list")
    if decision.reading.features.get("out_of_range"):
        return "value_out_of_range"
    if weakest == "reading":
        if decision.reading.origin in _INHERITED:
            return "metric_inherited"
        return "words_unexplained" if decision.reading.features.get("words_between", 0) > 1 else "rival_reading"
    if near:  # its own clause says it, and yet something else may be meant
        return "rival_reading" if parts[weakest] < SURE else "other"
    if weakest == "period":
        return "period_assumed" if decision.period.origin in ("assumed", "title") else "period_distant"
    if weakest == "scope":
        return "scope_assumed" if decision.scope.origin == "assumed" else "scope_distant"
    return "status_unsure"
