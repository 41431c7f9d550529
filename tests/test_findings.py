"""What is said of a comparison: findings, evidence, names of scopes, periods, units and problems in each language."""

import re
from pathlib import Path

import pandas as pd
import pytest
from rows import facts_of, metric_rows, reports_of

from ecoanalysis import comparing, wording
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.scopes import classes, scope_class
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counts_as, scale_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import say, sentences

HALF = ["2024-01-01", "2024-06-30"]


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
    problems = set(
        re.findall(r'(?:[Pp]roblem\([^,]+, |ReadingError\(\s*|note = |yield )"([a-z]+(?:_[a-z]+)*)", ', code)
    )
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
