"""A city's profile: its peers, medians and ranks by hand, what does not compare, and the artists of its chart."""

import math
from importlib import import_module

import pytest
from matplotlib.colors import to_hex
from rows import facts_of, metric_rows, reports_of, said_of
from test_charts import beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.chart import areas
from ecoanalysis.charts.style import INK, MAIN
from ecoanalysis.errors import RequestError
from ecoanalysis.wording import tables

HALF = ["2024-01-01", "2024-06-30"]
LAST = ["2023-01-01", "2023-12-31"]


def facts_of_peers():
    return facts_of(
        [
            *metric_rows("air.pm25", "ug/m3", {"赣州市": 20, "云浮市": 30, "佛山市": 40, "海口市": 10}),
            *metric_rows("air.pm25", "ug/m3", {"赣州市": 24}, period=LAST, report="赣州2023"),
            *metric_rows("air.good_days_rate", "%", {"赣州市": 99.5, "安康市": 97.5, "昆明市": 99}, scope="中心城区"),
            *metric_rows("air.good_days_rate", "%", {"云浮市": 97, "佛山市": 90, "海口市": 99, "太原市": 70}),
            *metric_rows("air.good_days_rate", "%", {"赣州市": 98}, period=LAST, report="赣州2023"),
            *metric_rows("water.source_compliance_rate", "%", {"赣州市": 100, "云浮市": 100, "佛山市": 100}),
            *metric_rows("enforcement.penalties", "case", {"赣州市": 50, "云浮市": 9, "佛山市": 70}, unit_text="件"),
            *metric_rows("air.pm10", "ug/m3", {"赣州市": 40}, period=HALF),
            *metric_rows("air.pm10", "ug/m3", {"云浮市": 41, "佛山市": 45}),
            *metric_rows("air.o3", "ug/m3", {"赣州市": float("nan"), "云浮市": 130}),
            *metric_rows("noise.day_compliance_rate", "%", {"赣州市": 95}, status="planned"),
        ]
    )


def profile_of(city="赣州", **more):
    facts = facts_of_peers()
    return tables.profile(facts, city, 2024, reports_of(facts), **more)


def row_of(metric, city="赣州"):
    return profile_of(city).set_index("metric").loc[metric]


def test_a_value_stands_among_its_peers():
    row = row_of("air.pm25")
    # The others are 10, 30, 40: median 30, quartiles half way, one of them lower and so better.
    assert row[["state", "peers", "median", "q1", "q3", "low", "high"]].tolist() == ["compared", 3, 30, 20, 35, 10, 40]
    assert (row["rank"], row["behind"], row["better"]) == (2, 2, "lower")


def test_a_value_of_the_urban_core_is_held_against_other_urban_cores():
    row = row_of("air.good_days_rate")
    assert row[["state", "peers", "median", "rank"]].tolist() == ["compared", 2, 98.25, 1]
    peers = [peer["city"] for peer in profile_of().attrs["peers"] if peer["metric"] == "air.good_days_rate"]
    assert sorted(peers) == ["安康市", "昆明市"]
    assert row_of("air.good_days_rate", "云浮")["peers"] == 3


def test_last_years_value_counts_only_where_it_is_of_one_group():
    assert row_of("air.pm25")["last"] == 24 and row_of("air.pm25")["last_report"] == "赣州2023"
    assert math.isnan(row_of("air.good_days_rate")["last"])  # whole city before, urban core now
    assert "1项指标中1项改善，0项变差" in said_of(comparing.profile_finding(profile_of()))[2]


def test_what_has_no_good_direction_has_no_rank():
    row = row_of("enforcement.penalties")
    assert row["state"] == "compared" and row["median"] == 39.5 and math.isnan(row["rank"])


def test_what_does_not_compare_is_withheld_planned_or_silent_says_so():
    table = profile_of().set_index("metric")
    assert table.loc["air.pm10", ["state", "why_not"]].tolist() == ["alone", "上半年（非全年）"]
    assert table.loc["air.o3", "state"] == "withheld"
    assert table.loc["noise.day_compliance_rate", "state"] == "planned"
    assert table.loc["governance.eqi", "state"] == "silent"
    few = profile_of("云浮").set_index("metric").loc["air.pm10"]
    assert few[["state", "why_not"]].tolist() == ["alone", "同口径可比的其他城市只有1个"]
    assert "other alike" in few["why_not_en"] and math.isnan(few["rank"])


def test_facts_in_any_order_make_the_same_profile():
    facts = facts_of_peers()
    first = tables.profile(facts, "赣州", 2024, reports_of(facts))
    again = tables.profile(facts.iloc[::-1], "赣州", 2024, reports_of(facts))
    assert first.drop(columns=["period_start", "period_end"]).equals(again.drop(columns=["period_start", "period_end"]))


def test_pandas_does_not_copy_the_noted_rows_at_every_step():
    table = profile_of()
    assert table[table["peers"] > 0].attrs["peers"] is table.attrs["peers"]


def test_panels_that_are_kept_make_the_same_profiles_and_never_those_of_other_facts(monkeypatch):
    module = import_module("ecoanalysis.comparing.profile")  # the room has a function of that name
    monkeypatch.setattr(module, "_kept", [])
    facts = facts_of_peers()
    before = [tables.profile(facts, city, 2024, reports_of(facts)) for city in ("赣州", "云浮")]
    comparing.prepare(facts, ["赣州", "云浮"], 2024, reports_of(facts))
    made = len(module._kept[0]._made)
    after = [tables.profile(facts.copy(), city, 2024, reports_of(facts)) for city in ("赣州", "云浮")]
    assert all(one.equals(other) and one.attrs == other.attrs for one, other in zip(before, after, strict=True))
    assert len(module._kept[0]._made) == made > 10
    facts.loc[facts["city"] == "佛山市", "value"] = 50
    changed = tables.profile(facts, "赣州", 2024, reports_of(facts)).set_index("metric")
    assert changed.loc["air.pm25", "high"] == 50 and len(module._kept) == 1


def test_a_city_without_a_report_is_refused():
    with pytest.raises(RequestError, match="no report of 广州市"):
        profile_of("广州")


def test_the_finding_counts_and_warns():
    chinese = said_of(comparing.profile_finding(profile_of()))
    assert chinese[0].startswith(
        "2024年，赣州有4项指标可与两个以上城市比较；其中分好坏的3项里，好于可比城市中位数的2项，差于的0项，持平的1项"
    )
    assert (
        "位置最好的是空气质量优良天数比例（优良率）（中心城区，全年）：99.5%（3个城市中第1，其他城市的中位数98.25%）"
        in chinese[1]
    )
    assert chinese[3] == "另有1项数值没有可比的城市，1项未公开，1项只有目标，6项评分所用的指标未公布。"
    assert "不是随机选取" in chinese[-1]
    assert len(said_of(comparing.profile_finding(profile_of()), "en")) == len(chinese) == 5


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chart_puts_better_to_the_right_and_lists_the_rest(language):
    chart = charts.profile(profile_of(), language)
    strips = next(
        axes
        for axes in chart.figure.axes
        if any(line.get_markersize() == 6.2 for line in axes.lines) and axes.get_xlim()[0] < 0
    )
    dots = [line for line in strips.lines if line.get_marker() == "o" and line.get_markersize() == 6.2]
    at = {round(float(dot.get_xdata()[0]), 3): to_hex(dot.get_markerfacecolor()) for dot in dots}
    # PM2.5 20 between 40 and 10; good days the best; penalties 50 between 9 and 70, in no direction better.
    assert at == {0.667: MAIN, 1.0: MAIN, 0.672: INK}
    written = "".join(texts(chart)).replace("\n", "")
    expected = {
        "zh": ("3个城市都相同", "上半年（非全年）", "未公开臭氧", "只有目标昼间噪声达标率", "上年24微克/立方米"),
        "en": ("all 3 cities level", "first half (not full year)", "Withheld", "Target only", "24 µg/m³ last year"),
    }[language]
    assert all(text in written for text in expected)
    # Each row's value and dot and its peers lead to their quotes; so do last year's value and the hollow one.
    assert len(areas(chart.figure)) == 2 * 3 + 1 + (3 + 2 + 2) + 1 + 1
    assert not overlapping(chart) and not beyond(chart)


def test_a_city_that_is_silent_is_a_sentence():
    facts = facts_of(
        [
            *metric_rows("air.pm25", "ug/m3", {"云浮市": 20}),
            *metric_rows("air.pm25", "ug/m3", {"赣州市": 9}, period=LAST),
        ]
    )
    table = tables.profile(facts, "赣州", 2024)
    assert set(table["state"]) == {"silent"}
    assert charts.profile(table).kind == "nothing"
    assert said_of(comparing.profile_finding(table))[0] == "2024年，赣州没有一项指标可与两个以上城市比较。"


def test_a_city_that_compares_in_counts_alone_is_not_judged():
    counts = {"赣州市": 50, "云浮市": 9, "佛山市": 70}
    table = tables.profile(facts_of(metric_rows("enforcement.penalties", "case", counts)), "赣州", 2024)
    for language, words in (("zh", "都不分好坏"), ("en", "none of them has a good direction")):
        assert words in said_of(comparing.profile_finding(table), language)[0]
        assert charts.profile(table, language).kind == "profile"
