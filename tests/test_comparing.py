"""Comparability: what a panel lets stand beside what, as cases, and what is said about it."""

import math
import random
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from rows import FULL, facts_of, metric_rows, reports_of

from ecoanalysis import comparing, wording
from ecoanalysis.errors import RequestError
from ecoanalysis.extracting import extract
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.scopes import classes, scope_class
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counts_as, scale_of
from ecoanalysis.reading import read_text
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import say, sentences

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


def test_coverage_tells_reported_withheld_planned_and_silent_apart():
    facts = facts_of(
        [
            {"city": "云浮市", "value": 20},
            {"city": "赣州市", "value": 20, "status": "planned"},
            {"report": "template"},
            {"report": "template", "stat": "rank", "unit": "rank", "value": 1},
            {"city": "商洛市", "metric": "air.pm10", "value": 40},
        ]
    )
    table = comparing.coverage(facts, reports_of(facts))
    states = ["reported", "planned", "silent", "withheld"]
    assert table.loc["air.pm25", ["云浮市", "赣州市", "商洛市", "匿名"]].tolist() == states
    assert comparing.shared_metrics(facts, 2024, reports_of(facts)) == ["air.pm25"]


def test_counts_of_different_units_share_no_axis():
    facts = facts_of([{"city": "云浮市", "value": 20}])
    with pytest.raises(RequestError, match=r"enforcement.fines in CNY"):
        tables.counts(facts, ["enforcement.cases_filed", "enforcement.fines"], 2024)


def test_the_finding_gives_numbers_and_what_is_left_out():
    facts = facts_of(
        [
            *metric_rows("air.pm25", "ug/m3", {"云浮市": 20, "安康市": 21, "赣州市": 18.1}),
            *metric_rows("air.pm25", "ug/m3", {"商洛市": 15}, period=HALF),
            {"report": "template"},
        ]
    )
    panel = tables.panel(facts, "air.pm25", 2024, reports_of(facts))
    assert sentences(comparing.finding(panel)) == (
        "2024年，3个城市的细颗粒物（PM2.5）平均浓度（全市，全年）可比：最低赣州18.1微克/立方米，最高安康21微克/立方米。"
        "另有1个因口径不同等未参与排名，1个未公开。"
    )
    assert "lowest Ganzhou at 18.1 µg/m³" in sentences(comparing.finding(panel), "en")
    two = tables.panel(facts[facts["city"].isin(["云浮市", "商洛市"])], "air.pm25", 2024)
    assert "只并列，不排名：云浮20微克/立方米（全市，全年）；商洛15微克/立方米（全市，上半年）" in sentences(
        comparing.finding(two)
    )


def test_cities_that_are_level_are_all_named():
    values = {"宜春市": 100, "九江市": 95.5, "威海市": 100, "云浮市": 98}
    facts = facts_of(metric_rows("air.good_days_rate", "%", values))
    panel = tables.panel(facts, "air.good_days_rate", 2024)
    assert sentences(comparing.finding(panel)).endswith("最低九江95.5%，最高宜春、威海并列100%。")
    assert sentences(comparing.finding(panel), "en").endswith(
        "lowest Jiujiang at 95.5%, highest Yichun (Jiangxi) and Weihai level at 100%."
    )
    many = dict.fromkeys(("宜春市", "威海市", "云浮市", "赣州市"), 100)
    facts = facts_of(metric_rows("air.good_days_rate", "%", many | {"九江市": 95.5}))
    said = sentences(comparing.finding(tables.panel(facts, "air.good_days_rate", 2024)))
    assert "等4个城市并列100%" in said and "最低九江95.5%" in said
    alike = facts_of(metric_rows("air.good_days_rate", "%", {"苏州市": 100, "宿州市": 100, "九江市": 95}))
    said = sentences(comparing.finding(tables.panel(alike, "air.good_days_rate", 2024)), "en")
    assert "Suzhou (Jiangsu) and Suzhou (Anhui) level at 100%" in said


def test_evidence_keeps_the_words_of_the_report():
    facts = facts_of(
        [{"city": "云浮市", "metric": "enforcement.penalties", "unit": "case", "unit_text": "宗", "value": 9}]
    )
    table = wording.evidence(facts, 2024, reports_of(facts))
    assert table[["地点", "数值", "范围", "期间", "原文"]].values.tolist() == [["云浮", "9宗", "全市", "全年", "…"]]
    assert wording.evidence(facts, 2024, domains=["air"]).empty


@pytest.mark.parametrize(
    ("scope", "place", "metric", "name"),
    [
        ("", "赣州", "", "whole"),
        ("我市", "赣州", "", "whole"),
        ("赣州市区", "赣州", "", "urban_core"),
        ("赣州市中心城区", "赣州", "", "urban_core"),
        ("全市国考断面", "赣州", "", "national_sections"),
        ("9个县级及以上集中式", "赣州", "", "county_and_above_sources"),
        ("各类功能区", "赣州", "noise.night_compliance_rate", "whole"),
        ("4a类区", "赣州", "", "zone_class"),
        ("永丰桥断面", "云浮", "", "section"),
        ("昆明市", "赣州", "", "unknown"),
        ("景洪市", "西双版纳傣族自治州", "", "sub_area"),
        ("景洪", "西双版纳傣族自治州", "", "sub_area"),
        ("綦江", "重庆", "", "water_body"),
        ("景洪市", "昆明", "", "unknown"),
        ("自然村", "赣州", "", "unknown"),
        ("全省", "赣州", "", "province"),
    ],
)
def test_scopes_are_classed_by_their_wording(scope, place, metric, name):
    assert scope_class(scope, [place, place + "市"], metric) == name


def test_the_page_of_what_was_read_is_in_its_language():
    facts = facts_of([{"city": "云浮市", "value": 20}, {"city": "赣州市", "value": 20, "period": ["", ""]}])
    reports = reports_of(facts)
    reports["year"] = pd.array([2024, None], dtype="Int64")
    reports["repairs"] = ["", "pinyin gloss 31; lost byte, left 2"]
    chinese = wording.corpus(reports, facts, pd.DataFrame({"report": []}))
    assert chinese["年份"].tolist() == ["2024", "未说明"]
    assert chinese["修复"].tolist() == ["", "删去夹注拼音31处；疑似丢失字节，未改2处"]
    english = wording.corpus(reports, facts, pd.DataFrame({"report": []}), "en")
    assert english["Year"].tolist() == ["2024", "not stated"]
    assert english["Repairs"].tolist() == ["", "pinyin glosses dropped: 31; lost bytes suspected, left: 2"]
    found = pd.DataFrame({"report": ["a"], "code": ["no_figure"], "severity": ["warning"], "message": ["a holds no…"]})
    assert wording.problems(found).values.tolist() == [["请核对", "a", "没有数字", "a holds no…"]]
    assert wording.problems(found, "en")["Problem"].tolist() == ["no figure"]


def test_every_problem_and_every_repair_has_a_wording():
    code = "\n".join(file.read_text(encoding="utf-8") for file in Path(comparing.__file__).parents[1].rglob("*.py"))
    problems = set(re.findall(r'(?:Problem\([^,]+, |ReadingError\(\s*|note = |yield )"([a-z]+(?:_[a-z]+)*)", ', code))
    assert {"contradiction", "damaged", "bad_bytes", "wrong_ending"} <= problems
    assert not problems - {row["code"] for row in rows("problems.csv")}
    repairs = set(re.findall(r'(?:done\.apply\(|done\.repairs\[)"([a-z ,]+)"', code))
    assert len(repairs) > 10 and not repairs - {row["kind"] for row in rows("repairs.csv")}


def test_every_reason_and_class_has_both_languages():
    for row in [*rows("problems.csv"), *rows("repairs.csv"), *classes().values()]:
        assert row["zh"] and row["en"], row
        assert not set(row["en"]) & {chr(code) for code in range(0x4E00, 0x9FFF)}, row


def test_periods_have_the_names_that_people_use():
    day = pd.Timestamp
    assert period_label(day("2024-01-01"), day("2024-12-31"), year=2024) == "全年"
    assert period_label(day("2024-01-01"), day("2024-09-30"), year=2024) == "前三季度"
    assert period_label(day("2024-03-01"), day("2024-03-31"), year=2024) == "3月"
    assert period_label(day("2021-01-01"), day("2024-12-31")) == "2021–2024年"
    assert period_label(pd.NaT, day("2024-06-30"), year=2024) == "截至6月30日"
    assert period_label(day("2024-01-01"), pd.NaT, "en", 2024) == "year to date"


def test_every_unit_of_the_catalogue_has_a_name_in_both_languages():
    for unit in catalogue.counted():
        for language in ("zh", "en"):
            assert scale_of(unit, [1.0], language).text(1.0)
        assert counts_as(unit, "") == unit
    for metric in catalogue.metrics().values():
        assert say(f"domain.{metric.domain}", "en")


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


def test_a_share_follows_from_days_unless_one_of_the_same_group_is_stated():
    days = {"metric": "air.good_days", "unit": "day", "value": 353}
    share = {"metric": "air.good_days_rate", "unit": "%", "value": 100, "period": ["2024-01-01", "2024-03-31"]}
    facts = facts_of([{"city": "海口市"} | days, {"city": "海口市"} | share])
    (row,) = tables.panel(facts, "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"], row["formula"]) == (96.4, True, "353÷366×100%")
    facts = facts_of([{"city": "海口市"} | days, {"city": "海口市"} | share | {"period": FULL, "value": 96.5}])
    (row,) = tables.panel(facts, "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"]) == (96.5, False)


def test_what_follows_from_a_value_in_doubt_is_in_doubt_and_not_silent():
    doubted = {"confidence": 0.7, "doubt": "period_assumed"}
    days = {"city": "海口市", "metric": "air.good_days", "unit": "day", "value": 353}
    others = metric_rows("air.good_days_rate", "%", {"赣州市": 95, "云浮市": 97})
    panel = tables.panel(facts_of([days | doubted, *others]), "air.good_days_rate", 2024).set_index("city")
    row = panel.loc["海口市"]
    assert (row["value"], row["derived"], row["formula"]) == (96.4, True, "353÷366×100%")
    assert (row["reason"], row["unsure"], row["confidence"]) == ("doubt", "period_assumed", 0.7)
    assert row["why_not"] == f"待核：{doubt_text('period_assumed')}" and not row["comparable"]
    assert panel["comparable"].sum() == 2


@pytest.mark.parametrize("part", ["enforcement.fines", "enforcement.penalties"])
def test_a_rate_is_as_sure_as_the_less_sure_part(part):
    parts = {"enforcement.fines": ("CNY", 1000000), "enforcement.penalties": ("case", 10)}
    rows = [
        {"city": "赣州市", "metric": metric, "unit": unit, "value": value}
        | ({"confidence": 0.5, "doubt": "scope_assumed"} if metric == part else {"confidence": 0.95})
        for metric, (unit, value) in parts.items()
    ]
    (row,) = tables.panel(facts_of(rows), "enforcement.fine_per_penalty", 2024).to_dict("records")
    assert (row["value"], row["unsure"], row["confidence"]) == (100000, "scope_assumed", 0.5)
    if part == "enforcement.penalties":  # of two readings of a denominator the sure one is taken
        facts = facts_of([*rows, rows[-1] | {"confidence": 0.95, "doubt": "", "value": 20}])
        (row,) = tables.panel(facts, "enforcement.fine_per_penalty", 2024).to_dict("records")
        assert (row["value"], row["unsure"], row["comparable"]) == (50000, "", True)


def test_a_stated_value_in_doubt_comes_before_one_that_follows_in_doubt():
    doubted = {"city": "海口市", "confidence": 0.7, "doubt": "period_assumed"}
    days = doubted | {"metric": "air.good_days", "unit": "day", "value": 353}
    share = doubted | {"metric": "air.good_days_rate", "unit": "%", "value": 96.5}
    (row,) = tables.panel(facts_of([days, share]), "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"], row["reason"]) == (96.5, False, "doubt")
    (row,) = tables.panel(facts_of([days | {"confidence": 1.0}, share]), "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"], row["unsure"]) == (96.4, True, "")


def test_no_fine_per_case_of_two_cities():
    fines = {"city": "赣州市", "metric": "enforcement.fines", "unit": "CNY", "value": 1000000, "report": "both"}
    cases = {"city": "云浮市", "metric": "enforcement.penalties", "unit": "case", "unit_text": "件", "value": 10}
    facts = facts_of([fines, cases | {"report": "both"}])
    assert tables.panel(facts, "enforcement.fine_per_penalty", 2024)["value"].isna().all()
    facts = facts_of([fines, cases | {"report": "both", "city": "赣州市"}])
    assert tables.panel(facts, "enforcement.fine_per_penalty", 2024)["value"].tolist() == [100000]


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
