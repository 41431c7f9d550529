"""Enforcement from inspection to fine: one scope and period a city, and when there is a fine per case."""

import itertools

import pytest
from matplotlib.colors import to_hex
from rows import facts_of, metric_rows, reports_of
from test_charts import beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.style import MAIN, PAPER
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences

HALF = ["2023-01-01", "2023-06-30"]
YEAR = ["2023-01-01", "2023-12-31"]


def stage(city, name, value, unit="case", **more):
    return metric_rows(f"enforcement.{name}", unit, {city: value}, **({"period": YEAR} | more))[0]


def full(city, inspected, filed, decided, fines, spared):
    return [
        stage(city, "firms_inspected", inspected, "firm"),
        stage(city, "cases_filed", filed, unit_text="件"),
        stage(city, "penalties", decided, unit_text="件"),
        stage(city, "fines", fines, "CNY", unit_text="万元"),
        stage(city, "no_penalty_cases", spared, unit_text="件"),
    ]


FULL = [
    *full("赣州市", 900, 80, 60, 6000000, 12),
    *full("云浮市", 700, 40, 25, 1500000, 9),
    *full("商洛市", 500, 98, 96, 960000, 2),
]


def funnel_of(rows):
    facts = facts_of(rows)
    return tables.funnel(facts, 2023, reports_of(facts, 2023))


def of(table, city, name):
    return table[(table["city"] == city) & (table["metric"] == f"enforcement.{name}")].iloc[0]


def test_the_fine_per_case_is_fines_over_decisions_of_one_kind():
    table = funnel_of(FULL)
    assert [of(table, city, "fine_per_penalty")["value"] for city in ("赣州市", "云浮市", "商洛市")] == [
        100000,
        60000,
        10000,
    ]
    row = of(table, "赣州市", "fine_per_penalty")
    assert row["derived"] and row["formula"] == "6000000÷60" and row["comparable"]
    said = sentences(comparing.funnel_finding(table, 2023))
    assert "最低商洛1万元，最高赣州10万元" in said
    assert "全国2023年罚款62.7亿元，处罚决定79600件，件均7.88万元，仅供参照" in said  # 6.27e9 / 79600 = 78768


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([stage("安康市", "fines", 100, "CNY"), stage("安康市", "cases_filed", 5)], "filed_only"),
        ([stage("安康市", "fines", 100, "CNY"), stage("安康市", "firms_inspected", 5, "firm")], "no_decisions"),
        ([stage("安康市", "penalties", 5), stage("安康市", "cases_filed", 5)], "no_fines"),
        ([stage("安康市", "fines", 100, "CNY", period=HALF), stage("安康市", "penalties", 5)], "apart"),
        ([stage("安康市", "fines", 100, "CNY", scope="高新区"), stage("安康市", "penalties", 5)], "apart"),
        ([stage("安康市", "fines", 100, "CNY"), stage("安康市", "penalties", 5, unit_text="家")], "apart"),
        ([stage("安康市", "fines", 100, "CNY"), stage("安康市", "penalties", 5, bound=">")], "apart"),
    ],
)
def test_no_fine_per_case_where_arithmetic_is_not_safe(rows, reason):
    row = of(funnel_of([*FULL, *rows]), "安康市", "fine_per_penalty")
    assert row["reason"] == reason and row["value"] != row["value"] and row["why_not"] and row["why_not_en"]


def test_a_stage_of_another_period_is_hollow_within_its_city():
    rows = [
        row | ({"period": HALF} if "no_penalty" in row["metric"] and row["city"] == "赣州市" else {}) for row in FULL
    ]
    row = of(funnel_of(rows), "赣州市", "no_penalty_cases")
    assert not row["comparable"] and row["reason"].endswith("terms")
    assert row["why_not"] == "全市，上半年（本市其他环节为全市，全年）"
    assert of(funnel_of(rows), "赣州市", "penalties")["comparable"]


def test_bars_have_one_colour_and_each_number_leads_to_its_fact():
    rows = [
        row | ({"period": HALF} if "no_penalty" in row["metric"] and row["city"] == "赣州市" else {}) for row in FULL
    ]
    table = funnel_of(rows)
    chart = charts.funnel(table, 2023)
    faces = {to_hex(bar.get_facecolor()) for axes in chart.figure.axes for bar in axes.patches}
    assert faces == {MAIN, PAPER} and len([bar for axes in chart.figure.axes for bar in axes.patches]) == 9
    marks = {text.get_text(): text.get_gid() for axes in chart.figure.axes for text in axes.texts if text.get_gid()}
    assert marks["600万元"] == f"fact-{anchor_of(of(table, '赣州市', 'fines').to_dict())}"


@pytest.mark.parametrize(("language", "width"), list(itertools.product(("zh", "en"), (156.0, 75.0))))
def test_nothing_meets(language, width):
    extra = [stage("安康市", "fines", 100000, "CNY"), stage("安康市", "cases_filed", 5, period=HALF)]
    chart = charts.funnel(funnel_of([*FULL, *extra]), 2023, language, width)
    assert not overlapping(chart) and not beyond(chart)
    assert language == "zh" or not any("一" <= letter <= "鿿" for text in texts(chart) for letter in text)


def test_without_any_figure_a_sentence_stands_there():
    facts = facts_of(metric_rows("air.pm25", "ug/m3", {"赣州市": 20}, period=YEAR))
    assert "没有报告公布" in charts.funnel(tables.funnel(facts, 2023), 2023).text
