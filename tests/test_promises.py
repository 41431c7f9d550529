"""Targets and promises: which result a plan is held against, what becomes of it, and what is said and drawn."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from rows import FULL, facts_of, over_years, reports_of, said_of
from test_charts import beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.chart import areas
from ecoanalysis.charts.style import BETTER, PAPER, WORSE
from ecoanalysis.comparing.promises import force
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables

NAN = float("nan")
HALF = ["2024-01-01", "2024-06-30"]
LAST = ["2023-01-01", "2023-12-31"]
GOOD = {"metric": "air.good_days_rate", "unit": "%"}
FINES = {"metric": "enforcement.fines", "unit": "CNY"}
CUT = {"stat": "change", "unit": "%", "basis": "yoy"}
PART = {"scope": "高新区"}

# What a plan for 2024 says, what is reported for 2024, and the outcome.
JUDGED = {
    "a floor that is passed": (GOOD | {"value": 90, "bound": ">="}, GOOD | {"value": 91.2}, "met"),
    "a floor that is just reached": (GOOD | {"value": 90, "bound": ">="}, GOOD | {"value": 90}, "met"),
    "a strict floor that is just reached": (GOOD | {"value": 90, "bound": ">"}, GOOD | {"value": 90}, "missed"),
    "a floor that is not reached": (GOOD | {"value": 90, "bound": ">="}, GOOD | {"value": 89.9}, "missed"),
    "no bound, higher is better": (GOOD | {"value": 90}, GOOD | {"value": 95}, "met"),
    "no bound, lower is better": ({"value": 30}, {"value": 28}, "met"),
    "no bound, lower is better, above": ({"value": 30}, {"value": 30.4}, "missed"),
    "neither is better, equal": (FINES | {"value": 5e6}, FINES | {"value": 5e6}, "met"),
    "neither is better, another": (FINES | {"value": 5e6}, FINES | {"value": 6e6}, "other"),
    "about, and better": ({"value": 28, "bound": "~"}, {"value": 27}, "met"),
    "about, and a little worse": ({"value": 28, "bound": "~"}, {"value": 28.4}, "other"),
    "a result that is a bound and settles it": (GOOD | {"value": 90}, GOOD | {"value": 93, "bound": ">="}, "met"),
    "a result that is a bound and settles nothing": (
        GOOD | {"value": 90},
        GOOD | {"value": 88, "bound": ">"},
        "not_comparable",
    ),
    "a result below a bound": (GOOD | {"value": 90}, GOOD | {"value": 90, "bound": "<"}, "missed"),
    "a part of the year": ({"value": 30}, {"value": 20, "period": HALF}, "not_comparable"),
    "a part of the city": ({"value": 30}, {"value": 20, "scope": "中心城区"}, "not_comparable"),
    "the same part of the city": ({"value": 30} | PART, {"value": 20} | PART, "met"),
    "two parts of one class": ({"value": 30} | PART, {"value": 20, "scope": "经开区"}, "not_comparable"),
    "another counting unit": (
        {"metric": "enforcement.penalties", "unit": "case", "unit_text": "件", "value": 5},
        {"metric": "enforcement.penalties", "unit": "case", "unit_text": "家", "value": 5},
        "not_comparable",
    ),
    "a fall that is passed": (CUT | {"value": -5}, CUT | {"value": -6.1}, "met"),
    "a fall of at least": (CUT | {"value": -5, "bound": ">="}, CUT | {"value": -4}, "missed"),
    "a fall of at least, passed": (CUT | {"value": -5, "bound": ">="}, CUT | {"value": -7}, "met"),
    "a fall from another year": (CUT | {"value": -5, "basis": "较2020年"}, CUT | {"value": -7}, "no_result"),
    "among the first ten": (
        {"stat": "rank", "unit": "rank", "value": 10, "bound": "<="},
        {"stat": "rank", "unit": "rank", "value": 12},
        "missed",
    ),
    "a withheld result": ({"value": 30}, {"value": NAN}, "withheld"),
    "a withheld target": ({"value": NAN}, {"value": 20}, "withheld"),
    "another metric only": ({"value": 30}, {"value": 40, "metric": "air.pm10"}, "no_result"),
}


@pytest.mark.parametrize("case", JUDGED.values(), ids=JUDGED)
def test_a_plan_is_held_against_what_is_alike(case):
    plan, result, outcome = case
    facts = facts_of([{"city": "云浮市", "status": "planned", **plan}, {"city": "云浮市", **result}])
    (row,) = tables.targets(facts, 2024, reports_of(facts)).to_dict("records")
    assert row["outcome"] == outcome
    assert bool(row["why"]) == bool(row["why_en"]) == (outcome not in ("met", "missed"))
    assert not any("一" <= letter <= "鿿" for letter in row["why_en"])


def plan_of(value, **more):
    return {"city": "云浮市", "report": "a2023", "status": "planned", "value": value, "quote": "确保不超过"} | more


def promise(rows, **more):
    facts, reports = over_years(rows, **more)
    (row,) = tables.promises(facts, 2023, reports).to_dict("records")
    return row


def done(value, **more):
    return {"city": "云浮市", "report": "a2024", "value": value} | more


PROMISES = {
    "kept": ([plan_of(30), done(29)], "kept"),
    "missed": ([plan_of(30), done(31)], "missed"),
    "no period is the next year": ([plan_of(30, period=["", ""]), done(29)], "kept"),
    "due later": ([plan_of(30, period=["2025-01-01", "2025-12-31"]), done(29)], "later"),
    "no report of the next year": ([plan_of(30)], "no_report"),
    "the report of another city": ([plan_of(30), done(29, city="赣州市", report="b2024")], "no_report"),
    "a district's report is not the city's": ([plan_of(30), done(29, district="云城区", report="c2024")], "no_report"),
    "silent on this, not on the air": ([plan_of(30), done(50, metric="air.pm10")], "silent"),
    "a report on other matters": ([plan_of(30), done(9, metric="party.theme_party_days", unit="time")], "not_expected"),
    "last year's value again": ([plan_of(30), done(29, period=LAST)], "silent"),
    "withheld": ([plan_of(30), done(NAN)], "withheld"),
    "the half year only": ([plan_of(30), done(20, period=HALF)], "not_comparable"),
    "two values": ([plan_of(30), done(29), done(31)], "not_comparable"),
}


@pytest.mark.parametrize("case", PROMISES.values(), ids=PROMISES)
def test_what_became_of_a_promise(case):
    rows, outcome = case
    assert promise(rows)["outcome"] == outcome


def test_a_report_of_a_month_owes_no_figure_of_the_year():
    rows = [plan_of(30), done(50, metric="air.pm10", period=["2024-08-01", "2024-08-31"])]
    start, end = pd.Timestamp("2024-08-01"), pd.Timestamp("2024-08-31")
    row = promise(rows, period_start=start, period_end=end)
    assert (row["outcome"], row["why"]) == ("not_expected", "2024年只有部分时段的报告")


def test_a_summary_owes_what_it_planned_where_it_speaks_of_two_domains():
    water = done(100, metric="water.source_compliance_rate", unit="%")
    soil = done(95, metric="soil.farmland_safe_use_rate", unit="%")
    assert promise([plan_of(30), water, soil], genre="annual_summary")["outcome"] == "silent"
    assert promise([plan_of(30), water], genre="annual_summary")["outcome"] == "not_expected"
    assert promise([plan_of(30), water, soil], genre="party_feature")["outcome"] == "not_expected"


def test_both_figures_keep_their_quotes():
    row = promise([plan_of(30, quote="确保PM2.5不超过30"), done(29, quote="PM2.5平均浓度29微克/立方米")])
    assert (row["target_report"], row["result_report"]) == ("a2023", "a2024")
    assert (row["target_quote"], row["result_quote"]) == ("确保PM2.5不超过30", "PM2.5平均浓度29微克/立方米")
    assert (row["force"], row["due"], row["undated"]) == ("firm", 2024, False)
    facts, reports = over_years([plan_of(30), done(29)])
    stacked = comparing.figures(tables.promises(facts, 2023, reports))
    assert stacked["value"].tolist() == [30, 29] and stacked["report"].tolist() == ["a2023", "a2024"]


# A plan to cut by so much, the levels of 2023 and 2024, and the outcome: (28-30)/30 is -6.67 %, and rounding to whole
# numbers leaves it between -9.8 % and -3.4 %.
COMPUTED = {
    "surely less": (-3, {"value": 30}, {"value": 28}, "kept"),
    "surely not": (-10, {"value": 30}, {"value": 28}, "missed"),
    "open by rounding": (-6, {"value": 30}, {"value": 28}, "not_comparable"),
    "two scopes": (-3, {"value": 30}, {"value": 28, "scope": "中心城区"}, "silent"),
    "two periods": (-3, {"value": 30, "period": ["2023-01-01", "2023-06-30"]}, {"value": 28}, "silent"),
    "a bound": (-3, {"value": 30, "bound": "<="}, {"value": 28}, "silent"),
    "no level before": (-3, {"metric": "air.pm10", "value": 30}, {"value": 28}, "silent"),
}


@pytest.mark.parametrize("case", COMPUTED.values(), ids=COMPUTED)
def test_a_change_is_computed_only_from_levels_of_one_group(case):
    target, before, after, outcome = case
    before = {"city": "云浮市", "report": "a2023", "period": LAST} | before
    row = promise([plan_of(target, **CUT), before, done(0) | after])
    assert row["outcome"] == outcome
    if outcome != "silent":
        assert row["result_value"] == -6.67 and row["base_report"] == "a2023"
        assert row["formula"] == "(28微克/立方米−30微克/立方米)÷30微克/立方米×100%"


@pytest.mark.parametrize(("year", "outcome"), [(2023, "kept"), (2025, "silent")])
def test_a_change_across_the_standard_of_2026_is_not_computed(year, outcome):
    first, second = ([f"{of}-01-01", f"{of}-12-31"] for of in (year, year + 1))
    points = {"metric": "air.good_days_rate", **CUT, "unit": "pp"}
    rows = [
        plan_of(1, report=f"a{year}", period=second, **points),
        {"city": "云浮市", "report": f"a{year}", "value": 88, "period": first, **GOOD},
        {"city": "云浮市", "report": f"a{year + 1}", "value": 90.5, "period": second, **GOOD},
    ]
    facts, reports = over_years(rows)
    assert tables.promises(facts, year, reports)["outcome"].tolist() == [outcome]


def test_a_share_that_rises_by_per_cent_is_not_computed():
    last = {"city": "云浮市", "report": "a2023", "period": LAST, "value": 90, **GOOD}
    row = promise([plan_of(1, metric="air.good_days_rate", **CUT), last, done(92, **GOOD)])
    assert row["outcome"] == "silent"


def test_one_plan_in_two_reports_is_one_target():
    rows = [plan_of(30), plan_of(30, report="a2024"), plan_of(31, report="a2022"), done(29)]
    facts, reports = over_years(rows)
    table = tables.targets(facts, 2024, reports)
    assert table[["target_report", "target_value", "outcome"]].values.tolist() == [["a2023", 30.0, "met"]]


def test_the_force_of_words():
    assert [force(text) for text in ("确保达到100%", "力争28左右", "完成75个", "水质保证率95%")] == [
        "firm",
        "strive;about",
        "",
        "",
    ]


def test_the_findings_count_name_and_caution():
    facts, reports = over_years([plan_of(30), done(31), plan_of(40, metric="air.pm10")])
    table = tables.promises(facts, 2023, reports)
    first, missed, _, caveat = said_of(comparing.promise_finding(table, 2023))
    assert "1个地方" in first and "2项计划数，1项" in first and "未达到1项，只字未提1项" in first
    assert missed.startswith("未达到的是：云浮细颗粒物（PM2.5）平均浓度（目标30微克/立方米，结果31微克/立方米）")
    assert "不算沉默" in caveat and "示例" not in caveat
    english = said_of(comparing.promise_finding(table.assign(sample=True), 2023), "en")
    assert "missed 1, silent 1" in english[0] and english[-1].endswith("Sample texts rewritten from public figures.")
    assert said_of(comparing.target_finding(table.iloc[:0], 2024), "en") == ["No report states a target for 2024."]


def many(count):
    cities = ["云浮市", "赣州市", "商洛市", "安康市", "佛山市", "惠州市", "广州市", "深圳市"][:count]
    rows = [plan_of(30 + at, city=city, report=f"{city}2023", bound="<=") for at, city in enumerate(cities)]
    values = [28, 31, 33.5, 33, NAN, 20, 40]
    ends = [FULL] * 5 + [HALF] + [FULL]
    for city, value, period in zip(cities, values, ends, strict=False):
        rows.append({"city": city, "report": f"{city}2024", "value": value, "period": period})
    rows.append(plan_of(5e6, city=cities[0], report=f"{cities[0]}2023", **FINES))
    rows.append({"city": cities[0], "report": f"{cities[0]}2024", "value": 4e6, **FINES})
    facts, reports = over_years(rows)
    return tables.promises(facts, 2023, reports)


def test_the_chart_tells_outcomes_by_shape_and_word():
    chart = charts.promises(many(8), 2023)
    marks = [line for axes in chart.figure.axes for line in axes.lines if line.get_marker() in "oD^s"]
    solid = {
        (line.get_marker(), to_hex(line.get_color())) for line in marks if to_hex(line.get_markerfacecolor()) != PAPER
    }
    assert {("o", BETTER), ("D", WORSE)} <= solid
    words = " ".join(texts(chart)).replace("\n", "")
    assert all(
        word in words for word in ("兑现", "未达到", "未公开", "尚无报告", "口径不同：20微克/立方米，上半年（非全年）")
    )
    assert "不高于30" in words and "细颗粒物（PM2.5）平均浓度，微克/立方米，越低越好" in words
    targets = [line for line in marks if line.get_marker() == "o" and to_hex(line.get_markerfacecolor()) == PAPER]
    assert len(targets) == 1 + 9  # the key, and a ring a plan


def test_every_number_of_the_chart_leads_to_its_quote():
    table = many(8)
    stated = comparing.figures(table)
    anchors = {anchor for anchor, _ in areas(charts.promises(table, 2023).figure)}
    assert {anchor_of(row) for row in stated.dropna(subset=["value"]).to_dict("records")} <= anchors


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [1, 3, 8])
def test_texts_neither_overlap_nor_leave_the_sheet(count, language):
    chart = charts.promises(many(count), 2023, language)
    assert not overlapping(chart) and not beyond(chart)
    chinese = [text for text in texts(chart) if any("一" <= letter <= "鿿" for letter in text)]
    assert language == "zh" or not chinese


def test_where_nothing_was_planned_a_sentence_stands():
    facts, reports = over_years([done(29)])
    said = charts.promises(tables.promises(facts, 2023, reports), 2023)
    assert (said.kind, said.text) == ("nothing", "2023年的报告没有写明下一年的计划数。")
    assert charts.targets(tables.targets(facts, 2024, reports), 2024).kind == "nothing"
