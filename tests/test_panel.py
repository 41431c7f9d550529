"""Comparability: what a panel lets stand beside what, as cases and shuffled, and what it refuses to be asked."""

import math
import random
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from rows import FULL, facts_of, metric_rows, reports_of

from ecoanalysis import comparing
from ecoanalysis.errors import RequestError
from ecoanalysis.extracting import extract
from ecoanalysis.reading import read_text
from ecoanalysis.wording import tables

CASES = tomllib.loads((Path(__file__).parent / "cases" / "panel.toml").read_text(encoding="utf-8"))["case"]
HALF = ["2024-01-01", "2024-06-30"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_panel_lets_compare_what_is_alike(case):
    facts = facts_of(case["facts"])
    metric, stat = case.get("metric", "air.pm25"), case.get("stat", "level")
    panel = tables.panel(facts, metric, 2024, reports_of(facts), stat)
    found = panel[["city", "value", "comparable", "reason"]].values.tolist()
    assert [row[:1] + row[2:] for row in found] == [row[:1] + row[2:] for row in case["gives"]]
    values = [(row[1], wanted[1]) for row, wanted in zip(found, case["gives"], strict=True)]
    assert all(one == other or (math.isnan(one) and math.isnan(other)) for one, other in values)
    assert (panel["comparable"] == (panel["why_not"] == "")).all()
    assert (panel["comparable"] == (panel["why_not_en"] == "")).all()
    assert not panel["why_not_en"].str.contains("[一-鿿]").any()


def test_the_reason_says_what_the_value_has_and_the_others_have():
    facts = facts_of(
        [
            *metric_rows("air.pm25", "ug/m3", {"云浮市": 20, "安康市": 21}),
            *metric_rows("air.pm25", "ug/m3", {"商洛市": 15}, period=HALF, scope="中心城区"),
        ]
    )
    row = tables.panel(facts, "air.pm25", 2024).set_index("city").loc["商洛市"]
    assert row["why_not"] == "中心城区（非全市）；上半年（非全年）"
    assert row["why_not_en"] == "urban core (not whole city); first half (not full year)"
    assert row["period"] == "上半年"


SCOPES = [
    "全市",
    "",
    "中心城区",
    "市区",
    "县级及以上城市",
    "国考断面",
    "省考断面",
    "西江",
    "北江",
    "石化行业",
    "高新区",
]
POPULATION = {"": "全市", "市区": "中心城区"}  # two wordings of one population; every other wording is one of its own
NEVER = {"石化行业", "高新区"}  # a population that nobody knows, and a part of the city
PERIODS = [*[FULL] * 9, HALF, ["2024-01-01", "2024-10-31"], ["2024-01-01", ""], ["", ""]]
CONDITIONS = [*[""] * 9, "dust_excluded", "dust_included", "three_year_mean"]


def shuffled(chance: random.Random) -> pd.DataFrame:
    """Facts of cities, some with several, of one metric, shuffled in all that decides whether they compare."""
    cities = ["云浮市", "赣州市", "商洛市", "安康市", "佛山市", "惠州市", "广州市", "潜江市"]
    made = []
    for at in range(chance.randint(6, 16)):
        made.append(
            {
                **{"city": chance.choice(cities), "value": at + 1, "scope": chance.choice(SCOPES)},
                **{"period": chance.choice(PERIODS), "unit_text": chance.choice(["件", "件", "件", "宗", "家"])},
                **{"bound": chance.choice(["=", "=", "=", "=", "~", ">="]), "condition": chance.choice(CONDITIONS)},
                **{"status": chance.choice(["reported", "reported", "planned"])},
                **{"district": chance.choice(["", "", "", "高新技术产业开发区"])},
            }
        )
    return facts_of([row | {"metric": "enforcement.penalties", "unit": "case"} for row in made])


def alike(raw: pd.DataFrame) -> bool:
    """Tell from the raw columns alone whether some facts may stand in one ranking."""
    population = raw["scope"].replace(POPULATION)
    counted = raw["unit_text"].replace({"宗": "件"})
    terms = [population, raw["period_start"], raw["period_end"], counted, raw["condition"]]
    one = all(column.nunique(dropna=False) <= 1 for column in terms)
    exact = (
        raw["bound"].isin(("=", "~")).all() and raw["period_end"].notna().all() and raw["period_start"].notna().all()
    )
    own = (raw["district"] == "").all() and (raw["status"] == "reported").all() and raw["city"].is_unique
    return bool(one and exact and own and not population.isin(NEVER).any())


def test_no_shuffle_of_scopes_periods_and_units_brings_unlike_values_together():
    chance, compared = random.Random(7), 0
    for _ in range(100):
        facts = shuffled(chance)
        panel = tables.panel(facts, "enforcement.penalties", 2024, reports_of(facts))
        ranked = panel[panel["comparable"]]
        raw = facts.set_index("start").loc[ranked["start"]]
        assert alike(raw), raw[["city", "scope", "period_start", "period_end", "unit_text", "condition"]]
        compared += len(ranked)
        unlike = panel[~panel["comparable"]]
        assert (unlike["why_not"] != "").all() and (unlike["why_not_en"] != "").all()
    assert compared > 40, "the oracle had something to judge"


def test_asking_for_a_group_never_yields_a_value_of_another():
    chance, asked = random.Random(11), 0
    for _ in range(30):
        facts = shuffled(chance)
        for scope in ("全市", "中心城区", "县级及以上城市", "西江"):
            if not facts["scope"].replace(POPULATION).eq(scope).any():
                continue
            panel = tables.panel(facts, "enforcement.penalties", 2024, reports_of(facts), on=[scope])
            raw = facts.set_index("start").loc[panel.loc[panel["comparable"], "start"]]
            assert alike(raw) and raw["scope"].replace(POPULATION).isin([scope]).all()
            asked += len(raw)
    assert asked > 20


def test_two_scopes_of_one_report_are_asked_for_by_name():
    rows = [("赣州市", "中心城区", 22), ("赣州市", "县级及以上城市", 18.1), ("云浮市", "", 20), ("商洛市", "市区", 25)]
    facts = facts_of([{"city": city, "scope": scope, "value": value, "report": city} for city, scope, value in rows])
    for scope, wanted in (("中心城区", 22), ("县级及以上城市", 18.1), ("urban core", 22), ("county_and_above", 18.1)):
        panel = tables.panel(facts, "air.pm25", 2024, on=scope).set_index("city")
        assert panel.loc["赣州市", ["value", "comparable"]].tolist() == [wanted, True]
        assert not panel.loc["云浮市", "comparable"]
    with pytest.raises(RequestError, match=r"no value on '中心城'. Nearest: 中心城区; there are 中心城区 全年, "):
        tables.panel(facts, "air.pm25", 2024, on="中心城")


def test_a_fact_belongs_to_the_year_of_its_end_its_start_or_its_report():
    facts = facts_of(
        [
            {"city": "云浮市", "value": 1, "period": ["2023-07-01", "2024-06-30"]},
            {"city": "赣州市", "value": 2, "period": ["2024-03-01", ""]},
            {"city": "商洛市", "value": 3, "period": ["", ""]},
            {"city": "安康市", "value": 4, "period": ["2023-01-01", "2023-12-31"]},
        ]
    )
    panel = tables.panel(facts, "air.pm25", 2024, reports_of(facts)).set_index("city")
    assert panel.loc[["云浮市", "赣州市", "商洛市"], "value"].tolist() == [1, 2, 3]
    assert panel.loc["安康市", "reason"] == "silent"


def test_an_unknown_metric_or_year_is_refused_with_what_is_known():
    facts = facts_of([{"city": "云浮市", "value": 20}])
    with pytest.raises(RequestError, match=r"No metric named 'pm25'. Nearest: air\.pm25"):
        tables.panel(facts, "pm25", 2024)
    with pytest.raises(RequestError, match="no facts of 2019; there are facts of 2024"):
        tables.panel(facts, "air.pm25", 2019)
    with pytest.raises(RequestError, match=r"no city named '云符'. Nearest: 云浮"):
        comparing.of_cities(facts, ["云符"])
    with pytest.raises(RequestError, match="no report of 广州市"):
        comparing.of_cities(facts, ["广州"])
    assert comparing.of_cities(facts, ["云浮"])["city"].tolist() == ["云浮市"]


def test_the_default_year_is_the_latest_with_two_cities():
    facts = facts_of([{"city": city, "report": city + year, "value": 1} for city in "ab" for year in ("2023", "2024")])
    reports = reports_of(facts)
    reports["year"] = reports["report"].str[-4:].astype("Int64")
    assert comparing.default_year(reports) == 2024
    assert comparing.default_year(reports[reports["report"] != "b2024"]) == 2023
    assert comparing.default_year(reports[reports["report"] == "b2024"]) == 2024
    with pytest.raises(RequestError, match=r"no report of 2019. Nearest: 2023; there are reports of 2023, 2024"):
        comparing.default_year(reports, 2019)


def test_counts_of_different_units_share_no_axis():
    facts = facts_of([{"city": "云浮市", "value": 20}])
    with pytest.raises(RequestError, match=r"enforcement.fines in CNY"):
        tables.counts(facts, ["enforcement.cases_filed", "enforcement.fines"], 2024)


def test_what_is_asked_for_wrongly_is_refused_with_what_would_do():
    facts = facts_of([{"city": "云浮市", "value": 20}, {"city": "赣州市", "value": 21, "scope": "中心城区"}])
    for asked, said in (
        ({"stat": "rank"}, "ranks are among different cities"),
        ({"stat": "levle"}, "a panel is of level or change"),
        ({"on": ["全市", "中心城区"]}, "no value is on all of 全市, 中心城区 at once"),
        ({"on": ""}, "no value on ''"),
        ({"on": 5}, "no value on '5'"),
        ({"year": "2024"}, "year = '2024' is not a whole number"),
        ({"metric": "PM2.5"}, "Nearest: air.pm25"),
    ):
        given = {"metric": "air.pm25", "year": 2024} | asked
        with pytest.raises(RequestError, match=re.escape(said)):
            tables.panel(facts, reports=reports_of(facts), **given)


def test_a_city_that_reports_only_a_change_or_a_rank_is_not_called_silent():
    change = {"city": "惠州市", "stat": "change", "unit": "%", "basis": "yoy", "value": -5.3}
    facts = facts_of([{"city": "云浮市", "value": 20}, change])
    row = tables.panel(facts, "air.pm25", 2024, reports_of(facts)).set_index("city").loc["惠州市"]
    assert (row["reason"], row["why_not"]) == ("moved", "只公布变化或名次")


def test_fines_with_confiscated_gains_are_no_fines(sure_reading):
    text = "全市共处罚款100万元。"
    plain, both = (
        extract(read_text(f"{city}生态环境局2024年工作总结\n2024年，{said}", city))
        for city, said in (("云浮市", text), ("佛山市", text.replace("处罚款", "罚没款")))
    )
    facts = pd.concat([plain, both], ignore_index=True)
    panel = tables.panel(facts, "enforcement.fines", 2024).set_index("city")
    assert panel["value"].tolist() == [1e6, 1e6] and panel.loc["佛山市", "reason"] == "definition"
    assert panel.loc["佛山市", "why_not"] == "定义不同：含没收违法所得（罚没款）（非未注明）"


@pytest.mark.parametrize(
    ("one", "other"), [("省控断面", "省控以上断面"), ("考核断面", "监测断面"), ("国考断面", "省考断面")]
)
def test_tiers_of_sections_never_compare(one, other):
    metric = "water.provincial_sections_good_rate" if "省控" in one else "water.sections_good_rate"
    rows = [(city, one if at < 2 else other, 90 + at) for at, city in enumerate(("云浮市", "赣州市", "佛山市"))]
    facts = facts_of([{"city": c, "scope": s, "value": v, "metric": metric, "unit": "%"} for c, s, v in rows])
    panel = tables.panel(facts, metric, 2024).set_index("city")
    assert not panel.loc["佛山市", "comparable"] and panel.loc["佛山市", "reason"] != ""


def test_a_value_and_the_same_one_rounded_do_not_contradict_each_other():
    rows = [{"city": "云浮市", "report": name, "value": value} for name, value in (("a", 22), ("b", 22.3))]
    facts = facts_of([*rows, {"city": "赣州市", "value": 30}])
    panel = tables.panel(facts, "air.pm25", 2024).set_index("city")
    assert panel.loc["云浮市", ["value", "comparable", "report"]].tolist() == [22.3, True, "b"]
    facts = facts_of([rows[0], rows[1] | {"value": 23}])
    assert tables.panel(facts, "air.pm25", 2024)["reason"].tolist() == ["conflict"]
