"""Limits and national figures: what a year's mean is held against, and what is refused."""

import math
from datetime import date

import pytest
from rows import facts_of, metric_rows, reports_of

import ecoanalysis as eco
from ecoanalysis import comparing
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.phrases import LANGUAGES, phrase
from ecoanalysis.knowledge.standards import limit, national, nationals
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.wording.sentences import sentences

HALF = ["2024-01-01", "2024-06-30"]


def panel_of(year: int = 2024, metric: str = "air.pm25", **more):
    period = [f"{year}-01-01", f"{year}-12-31"]
    made = metric_rows(
        metric, catalogue.metrics()[metric].unit, {"云浮市": 20, "赣州市": 28, "商洛市": 36}, period=period
    )
    facts = facts_of([*made, *more.get("others", [])])
    return eco.panel(facts, metric, year, reports_of(facts, year))


@pytest.mark.parametrize(
    ("year", "standard", "value", "meets"),
    [
        (2024, "", 35, [True, True, False]),
        (2027, "", 30, [True, True, False]),
        (2031, "", 25, [True, False, False]),
        (2024, "GB 3095-2026 stage 1", 30, [True, True, False]),
        (2024, "GB 3095-2026 stage 2", 25, [True, False, False]),
        (2024, "WHO AQG 2021", 5, [False, False, False]),
    ],
)
def test_annual_means_are_judged_by_the_limit_then_in_force_or_by_the_one_named(year, standard, value, meets):
    found = eco.gap(panel_of(year), standard)
    assert found["limit"].unique().tolist() == [value]
    assert found["meets"].tolist() == meets
    assert found["gap"].tolist() == [one - value for one in (20, 28, 36)]
    assert found["over"].iloc[0] == pytest.approx((20 / value - 1) * 100, abs=0.05)


def test_what_is_no_exact_figure_of_a_whole_year_is_not_judged():
    others = [
        {"city": "惠州市", "value": 17, "period": HALF},
        {"city": "安康市", "value": 30, "bound": "<="},
        {"city": "佛山市", "value": float("nan")},
        {"city": "广州市", "value": 21, "scope": "中心城区"},
        {"city": "深圳市", "value": 21, "condition": "three_year_mean"},
        {"city": "珠海市", "value": 34, "bound": "~"},
    ]
    found = eco.gap(panel_of(others=others)).set_index("city")
    assert found.loc[["惠州市", "安康市", "佛山市", "深圳市", "珠海市"], "gap"].isna().all()
    assert found.loc["惠州市", "no_gap"] == "不是全年数值，年限值不适用"
    assert found.loc["安康市", "no_gap_en"] == "bound only"
    assert found.loc["惠州市", "meets"] is None
    assert found.loc["广州市", "gap"] == -14, "the limit bears on the core as on the whole"


@pytest.mark.parametrize("metric", ["air.good_days_rate", "air.good_days", "air.heavy_pollution_days"])
def test_counts_of_days_are_refused_and_the_message_says_why(metric):
    for standard in ("", "GB 3095-2026 stage 1"):
        with pytest.raises(RequestError, match=r"cannot be judged under another one .* without the values of each day"):
            eco.gap(panel_of(metric=metric), standard)


def test_a_limit_that_is_not_in_the_table_is_never_taken_from_another_version():
    with pytest.raises(
        RequestError, match=r"no limit .* in force on 2027-12-31; standards.csv holds one of GB 3095-2012"
    ):
        eco.gap(panel_of(2027, "air.pm10"))
    with pytest.raises(RequestError, match=r"no limit .* in GB 3095-2026 stage 1"):
        eco.gap(panel_of(2024, "air.pm10"), "GB 3095-2026 stage 1")
    with pytest.raises(RequestError, match=r"no standard named 'GB 3095'. Nearest: GB 3095-2012"):
        eco.gap(panel_of(), "GB 3095")
    with pytest.raises(RequestError, match="holds none at all"):
        eco.gap(panel_of(metric="water.total_phosphorus"))


def test_every_limit_and_national_figure_has_a_unit_of_the_catalogue_and_a_source():
    known = catalogue.metrics()
    for table in ("standards.csv", "national.csv"):
        for row in rows(table):
            assert row["unit"] == known[row["metric"]].unit and row["source"], row
    for row in rows("breaks.csv"):
        assert all(name in known for name in row["metrics"].split(";")) and row["source"], row
    assert all(row["zh"] and row["en"] and row["source"] for row in rows("conditions.csv"))
    for row in rows("reasons.csv"):
        assert row["source"] and all(phrase(f"reason.{row['code']}", language) for language in LANGUAGES), row


def test_raw_and_dustless_national_figures_are_two_series():
    series = [(one.year, one.dust, one.value) for one in nationals("air.good_days_rate")]
    assert (2023, "raw", 85.5) in series and (2023, "excluded", 86.8) in series
    assert national("air.good_days_rate", 2023).value == 85.5
    assert national("air.pm25", 2020).dust == "raw" and national("air.pm25", 2021).dust == "excluded"
    assert national("air.pm25", 1999) is None
    assert limit("air.pm25", date(2026, 2, 28)).value == 35
    assert not math.isnan(national("air.pm25", 2024).value)


def test_means_are_judged_again_under_every_standard_that_was_or_will_be_in_force():
    others = [{"city": "惠州市", "value": 99, "period": HALF}, {"city": "广州市", "value": 99, "scope": "中心城区"}]
    panel = panel_of(others=others)
    table = comparing.judged(panel).set_index("standard")
    assert table["limit"].tolist() == [35, 30, 25] and table["judged"].tolist() == [3, 3, 3], "only what compares"
    assert table["exceeded"].tolist() == [1, 1, 2] and table["met"].tolist() == [2, 2, 1]
    said = sentences(comparing.gap_finding(panel))
    assert said.startswith("2024年可比的3个城市中") and "（35微克/立方米）的有1个" in said and "判断有2个。" in said
    assert "1 exceed the annual limit of GB 3095-2012" in sentences(comparing.gap_finding(panel), "en")
    assert sentences(comparing.gap_finding(panel_of(metric="air.pm10"))).endswith("的有0个。"), (
        "no limit of 2026 is in the table"
    )
    assert sentences(comparing.gap_finding(panel_of(metric="air.good_days_rate"))) == ""
    assert comparing.judged(panel_of(metric="air.good_days_rate")).empty


def test_a_value_at_the_limit_meets_it():
    facts = facts_of(metric_rows("air.pm25", "ug/m3", {"云浮市": 35, "赣州市": 35.1, "商洛市": 34.9}))
    found = eco.gap(eco.panel(facts, "air.pm25", 2024)).set_index("city")["meets"]
    assert found.to_dict() == {"云浮市": True, "赣州市": False, "商洛市": True}
