"""Tell whether a number is planned or reported.

In: a number where it stands, its period, and what the sentence said before. Out: the two
statuses as `Held` records, planned with what speaks for and against it.
"""

import re
from typing import TYPE_CHECKING

from ecoanalysis.extracting import model, roles
from ecoanalysis.extracting.discourse import Held
from ecoanalysis.extracting.period_candidates import ahead
from ecoanalysis.extracting.quantities import Quantity, measures
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.spans import Period
from ecoanalysis.knowledge.catalogue import Metric, metrics

if TYPE_CHECKING:
    from ecoanalysis.extracting.facts import Reader

_HOPED = re.compile(r"力争|目标")
# 年度主要目标为：优良率90%以上; not 完成年度目标任务如下：.
_HEAD = re.compile(
    r"(?:^|[，,；;。])(?:(?!完成|实现|达(?!标))[^，,；;。：:])*(?:目标(?:任务|值)?|工作(?:要点|计划|打算|思路))(?:为|是|如下|有|包括)?[：:]$"
)
_MUST = re.compile(r"(?<![主重只需首])要(?!求|素|点|道|件)|将(?!军)|须|应(?![急对用])|计划|拟|确保|争取|努力")
_PLAN_TITLE = re.compile("计划|规划|目标|要点|方案|打算|部署|意见|任务|谋划|思路")
_RESULT_TITLE = re.compile("总结|完成|情况|公报|通报|成效|回顾|状况|月报|进展|汇报")
# What a year is to reach: 到2023年底, 2025年底前; a limit to be kept: 控制在.
_TILL = re.compile(
    r"(?<![截达])(?:到|至)(?:20\d\d年)?(?:年?底|年?末|20\d\d年)(?!达)|(?:20\d\d年|\d月)?(?:年?底|年?末)前|年内",
    re.ASCII,
)
_KEPT = re.compile(r"控制在|不(?:得)?[超低少高][过于]|保持在|稳定在|降[至到]|提高到|提升到|达到")
_COMPLETED = re.compile(r"(?:完成|超额|实现了?|落实)[^，,。；;]{0,10}任务$")
# What was aimed at, said behind it: 超额完成浓度下降4%、天数减少6%的考核目标.
_AIMED_BEHIND = re.compile(
    r"[^，,。；;]{0,60}?的(?:[省市州国]定|年度|考核|控制|规划|预期|既定|约束性|民生实事|总体|主要|工作)*(?:目标|任务)"
)
# A bracket behind the word for a target says it: 优于下达的目标(24微克/立方米).
_TARGET_BRACKET = re.compile(r"(?:目标|任务|要求|指标|限值)(?:值|要求)?[（(][^（()）]*$")
# 《实施方案》明确全市PM2.5平均浓度34, 按照规划，…, 省下达目标：…, “十四五”末
_TOLD_BY_PLAN = re.compile(
    "(?:方案|规划|纲要|责任书|全会|行动计划|意见)[》”]?[^，,。；;]{0,10}?(?:明确|提出|确定|要求)"
    "|(?:按照|根据)[^，,。；;]{0,8}(?:规划|方案|计划)[》”]?[，,]|(?:目标|指标|任务|计划)(?:值|数)?[:：]|“?十[二三四五]五”?末[，,]"
)
# What one is told to reach: 下达我市的任务是优良天数不少于258天; 年度目标：….
_TOLD = re.compile(
    r"(?:任务|目标|指标)(?:要求)?(?:是|为|[:：])(?!.*(?:完成|实际|目前|已))|(?:年度|全年|考核)目标(?:已明确|明确|值)?[，,:：]"
)
# What was set and what came of it: 年初计划开放30次，实际开放41次.
_SET = re.compile(r"计划|确定|要求|目标|任务|拟|预计|定为|下达")
_ACTUAL = re.compile(r"[，,；;]?\s*(?:但|而|全年)?(?:实际|目前|现已|现为)")
# A column of a table: 优良天数比例年度目标为79%, 水质目标为Ⅳ类.
_OF_ROW = re.compile(r"(?:目标|任务数?|考核类别|执行标准|计划数|规划值|指标要求)为(?:不[高低]于|[高低]于)?\Z")
_LIMITED = re.compile(r"控制在|不(?:得)?[超高]过?于?")
_DONE = re.compile(r"目前|已|实际|完成了|同比|较上年")


def features(reader: "Reader", run: Run, metric: Metric, number: Quantity, period: Period) -> model.Features:
    """Return what speaks for and against a plan."""
    text, clause, sentence = reader.text, run.outer or run.clause, reader.here
    left = "".join(text[a:b] for a, b in run.clause.outside(run.low, number.start))
    right = text[run.end : run.clause.end]
    aimed = bool(_HOPED.search(text, clause.start, number.start))
    headed = clause.mark in ("：", ":") and bool(_HEAD.search(text[sentence.start : clause.start]))
    done = bool(_DONE.search(text, clause.start, number.start))
    beside = any(fact.status == "reported" and "tier" not in metrics()[fact.metric].scopes for fact in reader.found)
    hoped = (reader.hoped or headed or (aimed and not beside)) and not done
    if run.outer is None:  # a bracket is local
        reader.hoped = hoped
    target = measures(number) and bool(roles.TARGET_AFTER.match(right) or roles.TARGET_NAMED.search(left))
    target = target and not _COMPLETED.search(left)  # 完成造林任务21万亩
    year, title = reader.source.report.year, reader.source.report.title
    headings = [text[slice(*span)] for span in reader.discourse.headings]
    last = (period[1] or period[0]) if any(period) else None
    later = bool(year and period[1] and period[1].year > year)
    plan = bool(_PLAN_TITLE.search(title)) and not _RESULT_TITLE.search(title)
    past = bool(year and last and last.year < year)
    actual = bool(_ACTUAL.search(text, clause.start, number.start))
    bounded = number.bound in (">=", "<=")
    several = reader.source.count(sentence.start, sentence.end) > 1
    timeless = bounded and several and not done and not reader.source.times_in(sentence.start, sentence.end)
    found = {
        "part_of_plan": float(sentence.planned),
        "plan_title": float(plan),
        "plan_title_past": float(plan and past),
        "plan_title_done": float(plan and done),
        "past": float(past),
        "past_of_table": float(past and reader.discourse.caption is not None),
        "till": float(bool(_TILL.search(text, sentence.start, number.start))),
        "kept": float(bool(_KEPT.search(text, run.low, number.start))),
        "plan_title_kept": float(plan and bool(_KEPT.search(text, run.low, number.start))),
        "result_title": float(bool(_RESULT_TITLE.search(title))),
        "heading_plans": float(any(_PLAN_TITLE.search(one) and not _RESULT_TITLE.search(one) for one in headings[:1])),
        "outer_heading_plans": float(
            any(_PLAN_TITLE.search(one) and not _RESULT_TITLE.search(one) for one in headings[1:])
        ),
        "after_planned": float(not reader.found and bool(reader.made) and reader.made[-1][0].status == "planned"),
        "meant": float(bool(roles.MEANT.search(text, sentence.start, sentence.end))),
        "target": float(target),
        "target_bracket": float(bool(_TARGET_BRACKET.search(text, sentence.start, number.start))),
        "told": float(bool(_TOLD.search(text, clause.start, number.start))),
        "told_bounded": float(bounded and bool(_TOLD.search(text, sentence.start, number.start))),
        "aimed_behind": float(bool(_AIMED_BEHIND.match(text, number.end, sentence.end))),
        "wished": float(bool(roles.PLANNED.search(text, clause.start, number.start))),
        "told_by_plan": float(bool(_TOLD_BY_PLAN.search(text, sentence.start, number.start))),
        "expected": float("预计" in text[sentence.start : clause.start]),
        "must": float(bool(_MUST.search(text, clause.start, number.start))),
        "must_before": float(bool(_MUST.search(text, sentence.start, clause.start))),
        "hoped_here": float(aimed or headed),
        "hoped_before": float(hoped),
        "year_ahead": float(ahead(reader.discourse, period)),
        "later": float(later),
        "done": float(done),
        "counts_in_front": float("tier" in metric.scopes and run.until < clause.end),
        "as_before": float(reader.planned_before and not actual),
        "beside_result": float(beside),
        "bounded": float(bounded),
        "completed": float(bool(_COMPLETED.search(text, run.low, number.start))),
        "set_before_actual": float(
            bool(_SET.search(text, sentence.start, number.start)) and bool(_ACTUAL.match(text, clause.end))
        ),
        "actual": float(actual),
        "must_own": float(bool(_MUST.search(text, run.low, number.start))),
        "kept_bounded": float(bounded and bool(_KEPT.search(text, run.low, number.start))),
        "kept_timeless": float(timeless and bool(_LIMITED.search(text, run.low, number.start))),
        "as_before_bounded": float(bounded and reader.planned_before),
    }
    return {"bias": 1.0} | {name: value for name, value in found.items() if value}


# What speaks of a plan makes one sit up, even where the value is taken for a result.
PLANS = frozenset(
    (
        "wished",
        "expected",
        "told_by_plan",
        "hoped_here",
        "hoped_before",
        "told",
        "plan_title",
        "heading_plans",
        "part_of_plan",
    )
)
_HINTS = PLANS | {"must", "meant"}


def hints(found: list[Held]) -> model.Features:
    """Return what speaks of a plan, of the statuses that may hold: whether a result is sure leans on it."""
    return {f"status_{name}": value for name, value in found[-1].features.items() if name in _HINTS}


def statuses(reader: "Reader", run: Run, metric: Metric, number: Quantity, period: Period) -> list[Held]:
    """Return the two that may hold: reported, and planned with what speaks for and against it; of a table's targets planned alone."""
    if reader.discourse.caption is not None and _OF_ROW.search(reader.text, run.low, number.start):
        return [Held(("planned",), "", {"bias": 1.0})]
    return [Held(("reported",), "", {}), Held(("planned",), "", features(reader, run, metric, number, period))]
