"""Change between two years: which pairs compare, what the change is, and what the chart shows."""

import itertools

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from rows import facts_of, of_year, reports_of
from test_charts import MANY, beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.lines import spread
from ecoanalysis.charts.style import BETTER, WORSE
from ecoanalysis.errors import RequestError
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences

CORE = {"scope": "中心城区"}


def year_of(year, city, value, **more):
    return of_year(year, value, city, **more)


def both(city, first, last, years=(2023, 2024), **more):
    return [year_of(years[0], city, first, **more), year_of(years[1], city, last, **more)]


TWO = [*both("赣州市", 22, 20), *both("云浮市", 20, 21)]


def slope_of(rows, years=(2023, 2024), metric="air.pm25", **more):
    facts = facts_of(rows)
    reports = reports_of(facts)
    year = facts.groupby("report")["period_end"].first().dt.year  # each report is about the year of its facts
    reports["year"] = reports["report"].map(year).astype("Int64")
    return tables.slope(facts, metric, years, reports, **more)


def test_a_pair_of_one_kind_gives_its_change_and_both_quotes():
    rows = [*both("赣州市", 22, 20), *both("云浮市", 20, 21.5)]
    rows[0]["quote"], rows[1]["quote"] = "2023年22微克", "2024年20微克"
    table = slope_of(rows)
    assert table[["city", "value0", "value", "change", "percent", "direction"]].values.tolist() == [
        ["赣州市", 22, 20, -2, -9.1, "better"],
        ["云浮市", 20, 21.5, 1.5, 7.5, "worse"],
    ]
    assert table.loc[0, ["quote0", "quote", "report0", "report"]].tolist() == [
        "2023年22微克",
        "2024年20微克",
        "赣州市2023",
        "赣州市2024",
    ]
    assert table["comparable"].all() and (table["why_not"] == "").all()


UNLIKE = [
    ([year_of(2023, "安康市", 28), year_of(2024, "安康市", 25, **CORE)], "scope"),
    ([year_of(2023, "安康市", 28), year_of(2024, "安康市", 25, months=("01-01", "06-30"))], "period"),
    ([year_of(2023, "安康市", 28, condition="dust_excluded"), year_of(2024, "安康市", 25)], "dust"),
    ([year_of(2023, "安康市", 28), year_of(2024, "安康市", 25, bound="<")], "bound"),
    ([year_of(2023, "安康市", 28), year_of(2024, "安康市", float("nan"))], "withheld"),
    ([year_of(2023, "安康市", 28)], "no_report"),
    ([year_of(2023, "安康市", 28), year_of(2024, "安康市", 25, status="planned")], "silent"),
    ([year_of(2023, "安康市", 28), year_of(2024, "安康市", 25), year_of(2024, "安康市", 26, report="x")], "conflict"),
    (both("惠州市", 30, 31, district="大亚湾经济技术开发区"), "district"),
    (both("安康市", 28, 25, months=("01-01", "06-30")), "period"),
    (both("安康市", 28, 25, **CORE), "scope"),
    (both("安康市", 28, 25, scope="高新区"), "narrow_scope"),
    (both("安康市", 28, 25, months=("01-01", "")), "open_period"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "reason"), UNLIKE, ids=[f"{at}-{reason}" for at, (_, reason) in enumerate(UNLIKE)])
def test_what_is_not_alike_is_refused_with_the_reason(rows, reason):
    for row in rows:
        row["period"] = ["" if day.endswith("-") else day for day in row["period"]]
    row = slope_of([*TWO, *rows]).iloc[-1]
    assert row["reason"] == reason and not row["comparable"] and row["why_not"] and row["why_not_en"]
    assert not any("一" <= letter <= "鿿" for letter in row["why_not_en"])


def test_counts_in_different_units_make_no_pair():
    cases = {"metric": "enforcement.penalties", "unit": "case"}
    rows = [year_of(2023, "安康市", 28, unit_text="件", **cases), year_of(2024, "安康市", 25, unit_text="家", **cases)]
    rows += both("赣州市", 9, 8, unit_text="件", **cases) + both("云浮市", 9, 8, unit_text="宗", **cases)
    table = slope_of(rows, metric="enforcement.penalties")
    assert table["comparable"].tolist() == [True, True, False] and table["reason"].iloc[2] == "unit"
    assert table["direction"].tolist()[:2] == ["moved", "moved"]


@pytest.mark.parametrize(
    ("metric", "unit", "years", "reason"),
    [
        ("air.good_days_rate", "%", (2025, 2026), "standard"),
        ("air.good_days_rate", "%", (2024, 2025), ""),
        ("air.pm25", "ug/m3", (2020, 2021), "dust"),
        ("air.pm25", "ug/m3", (2025, 2026), ""),
        ("air.pm25", "ug/m3", (2017, 2019), "definition"),
        ("water.national_sections_good_rate", "%", (2020, 2021), "definition"),
    ],
)
def test_no_pair_reaches_across_a_break(metric, unit, years, reason):
    rows = both("赣州市", 90, 85, years, metric=metric, unit=unit) + both(
        "云浮市", 91, 86, years, metric=metric, unit=unit
    )
    table = slope_of(rows, years, metric)
    assert table["reason"].tolist() == [reason] * 2 and table["comparable"].tolist() == [not reason] * 2
    if reason == "standard":
        assert "2026年3月1日起改按GB 3095—2026评价" in table["why_not"].iloc[0]
        assert table["change"].isna().all()


def test_a_leap_year_does_not_part_two_first_two_months():
    rows = [
        row | {"period": [row["period"][0], "2024-02-29" if "2024" in row["period"][0] else "2023-02-28"]}
        for row in TWO
    ]
    assert slope_of(rows)["comparable"].all()


def test_the_pair_that_most_cities_have_or_that_is_asked_for_is_compared():
    rows = [*TWO, *both("安康市", 30, 28), *both("安康市", 35, 33, **CORE), *both("商洛市", 25, 24, **CORE)]
    assert slope_of(rows).set_index("city")["comparable"].to_dict() == {
        "赣州市": True,
        "云浮市": True,
        "安康市": True,
        "商洛市": False,
    }
    asked = slope_of(rows, on="中心城区").set_index("city")
    assert asked.loc["安康市", ["value0", "value"]].tolist() == [35, 33] and asked.loc["商洛市", "comparable"]
    assert not asked.loc["赣州市", "comparable"]
    with pytest.raises(RequestError, match="no value on '主城'"):
        slope_of(rows, on="主城")


def test_the_published_change_stands_beside_the_computed_one():
    told = {"stat": "change", "basis": "yoy", "unit": "%"}
    rows = [*TWO, year_of(2024, "赣州市", -9.1, **told), year_of(2024, "云浮市", -5, **told)]
    rows += [*both("安康市", 30, 27), year_of(2024, "安康市", -10, **told, months=("01-01", "06-30"))]
    table = slope_of(rows).set_index("city")
    assert table.loc["赣州市", ["published_change", "published_unit", "agrees"]].tolist() == [-9.1, "%", True]
    assert table.loc["云浮市", "agrees"] is False or not table.loc["云浮市", "agrees"]
    assert pd.isna(table.loc["安康市", "published_change"])
    assert "云浮的两年数值与其报告所称的同比变化对不上" in sentences(comparing.slope_finding(slope_of(rows)))


@pytest.mark.parametrize(
    ("first", "last", "bounds", "direction"),
    [
        (30, 29, "~=", ""),  # about 30 may be 25 to 35
        (30, 25, "~=", ""),
        (30, 24, "~=", "better"),
        (30, 36, "~=", "worse"),
        (29.5, 29, "~=", "better"),  # about 29.5 is written to a tenth
        (30, 20, "~~", ""),  # 25 against 25
        (30, 30, "~=", ""),
        (30, 29, "==", "better"),
    ],
)
def test_about_gives_a_verdict_only_where_it_cannot_hide_the_change(first, last, bounds, direction):
    rows = both("赣州市", first, last)
    for row, bound in zip(rows, bounds, strict=True):
        row["bound"] = bound
    told = year_of(2024, "赣州市", -40, stat="change", basis="yoy", unit="%")
    table = slope_of([*rows, told, *both("云浮市", 20, 21)]).set_index("city")
    row = table.loc["赣州市"]
    assert row["direction"] == direction and row["comparable"] and row["change"] == last - first
    assert row["change_bound"] == ("~" if "~" in bounds else "=")
    assert pd.isna(row["agrees"]) if "~" in bounds else row["agrees"] is False or not row["agrees"]


def test_about_values_are_noted_and_drawn_apart():
    rows = both("赣州市", 30, 29)
    rows[0]["bound"] = "~"
    table = slope_of([*rows, *both("云浮市", 20, 21)])
    assert "1个只有约数、变化不足以判断（如赣州约30微克/立方米→29微克/立方米）" in sentences(
        comparing.slope_finding(table)
    )
    assert "0个改善" not in sentences(comparing.slope_finding(table)) and "改善" not in sentences(
        comparing.slope_finding(table)
    )
    chart = charts.slope(table)
    assert "29  赣州（约−1）" in set(texts(chart)) and not overlapping(chart)


def test_years_are_two_and_in_order():
    for years in ((2024,), (2024, 2023), (2024, 2024)):
        with pytest.raises(RequestError, match="two years"):
            slope_of(TWO, years)


def test_the_finding_counts_and_names_the_largest_moves():
    table = slope_of([*TWO, *both("安康市", 30, 30), year_of(2024, "商洛市", 15)])
    said = sentences(comparing.slope_finding(table))
    assert (
        "3个城市" in said
        and "1个改善（最多：赣州22微克/立方米→20微克/立方米）" in said
        and "1个持平" in said
        and "另有1个地方" in said
    )
    english = sentences(comparing.slope_finding(table), "en")
    assert "1 better (most: Ganzhou 22 µg/m³ → 20 µg/m³)" in english
    assert "没有城市" in sentences(comparing.slope_finding(slope_of([year_of(2024, "商洛市", 15)])))


def many(count):
    rows = [both(city, 20 + at % 5, 20 + at * 7 % 11) for at, city in enumerate(MANY[:count])]
    return slope_of([*itertools.chain(*rows), year_of(2024, "商洛市", 15), year_of(2023, "惠州市", 15)])


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize(("language", "width"), list(itertools.product(("zh", "en"), (156.0, 75.0))))
def test_labels_at_both_ends_meet_nothing(count, language, width):
    chart = charts.slope(many(count), language, width)
    assert not overlapping(chart) and not beyond(chart)


def test_better_and_worse_differ_in_colour_and_kind_of_line():
    table = slope_of(TWO)
    chart = charts.slope(table)
    lines = [line for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    assert [(to_hex(line.get_color()), line.get_linestyle()) for line in lines] == [(BETTER, "-"), (WORSE, "--")]
    assert {"赣州  22", "20  赣州（−2）", "21  云浮（+1）"} <= set(texts(chart))
    marks = {text.get_text(): text.get_gid() for text in chart.figure.axes[0].texts}
    assert marks["20  赣州（−2）"] == f"fact-{anchor_of(table.loc[0].to_dict())}"
    assert marks["赣州  22"] not in (None, marks["20  赣州（−2）"])


def test_who_has_no_pair_is_named_below_and_nothing_is_drawn_without_any():
    chart = charts.slope(many(3))
    assert {"没有2023年的报告：商洛。", "没有2024年的报告：惠州。"} <= set(texts(chart))
    assert charts.slope(slope_of([year_of(2024, "商洛市", 15)])).kind == "nothing"


def test_spread_labels_keep_order_room_and_nearness():
    wanted = [5, 5, 5, 20, 21, 60]
    placed = spread(wanted, 4, 0, 60)
    assert placed == sorted(placed) and all(b - a >= 4 - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed == pytest.approx([1, 5, 9, 18.5, 22.5, 60])


def test_a_metric_that_nobody_gives_ends_in_a_sentence():
    table = slope_of(TWO, metric="air.pm10")
    assert table.empty and "没有城市" in sentences(comparing.slope_finding(table))
    assert "no city has values of both years" in charts.slope(table, "en").text


def test_a_report_without_the_value_is_told_from_no_report():
    other = year_of(2023, "商洛市", 60) | {"metric": "air.pm10"}
    row = slope_of([*TWO, year_of(2024, "商洛市", 15), other]).set_index("city").loc["商洛市"]
    assert (row["reason"], row["why_not"]) == ("silent", "2023年的报告没有这项数值")
    row = slope_of([*TWO, year_of(2024, "商洛市", 15)]).set_index("city").loc["商洛市"]
    assert (row["reason"], row["why_not_en"]) == ("no_report", "no report for 2023")
