"""A value is that of the place that it is told of, whoever tells it."""

import pandas as pd
import pytest
from rows import facts_of, reports_of

from ecoanalysis import charts, comparing, extracting, wording
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.reading import read_text
from ecoanalysis.tables.checks import contradictions, otherwise
from ecoanalysis.wording import tables as worded

HALF = ["2024-01-01", "2024-06-30"]
PM25 = {"metric": "air.pm25", "unit": "ug/m3"}


BULLETIN = {"report": "贵州公报", "city": "", **PM25}


def told(city: str, value: float, **more) -> dict:
    return BULLETIN | {"about_city": city, "value": value, "scope": city} | more


def reports_with_bulletin(facts: pd.DataFrame) -> pd.DataFrame:
    reports = reports_of(facts)
    bulletin = reports["report"] == "贵州公报"
    reports.loc[bulletin, ["publisher", "province", "anonymous"]] = ["贵州省生态环境厅", "贵州省", False]
    return reports


def test_a_bulletin_fills_the_panel_of_a_province_and_is_named():
    told_of = [told("贵阳市", 22), told("遵义市", 24), told("安顺市", 20), told("六盘水市", 21)]
    rows = [*told_of, {"city": "遵义市", **PM25, "value": 24}]
    facts = facts_of(rows)
    reports = reports_with_bulletin(facts)
    panel = worded.panel(facts, "air.pm25", 2024, reports).set_index("city")
    assert panel["comparable"].all() and panel["value"].to_dict() == {
        "贵阳市": 22,
        "遵义市": 24,
        "安顺市": 20,
        "六盘水市": 21,
    }
    assert panel["told_by"].to_dict() == dict.fromkeys(panel.index, "贵州省生态环境厅") | {"遵义市": ""}
    assert panel.loc["遵义市", "report"] == "遵义市", "its own report first"
    chart = charts.ranking(panel.reset_index())
    texts = [text.get_text() for text in chart.figure.axes[0].texts]
    assert sum("据贵州省" in text for text in texts) == 3 and "贵州省生态环境厅" in chart.source
    other = worded.panel(
        facts_of([*rows, {"city": "遵义市", "metric": "air.pm10", "unit": "ug/m3", "value": 1}]), "air.pm10", 2024
    )
    assert other["city"].tolist() == ["遵义市"], "whom only others speak of is not silent on what these leave out"


def test_a_region_a_county_and_a_district_never_stand_for_a_city():
    rows = [
        told("贵阳市", 22),
        BULLETIN | {"about_city": "", "level": "province", "value": 19, "scope": "全省"},
        BULLETIN | {"about_city": "", "level": "nation", "value": 29, "scope": "全国"},
        told("遵义市", 30, about_district="仁怀市", scope="仁怀市"),
        told("安顺市", 31, level="county", scope="普定县"),
        told("潜江市", 23, level="county"),
    ]
    facts = facts_of(rows)
    panel = worded.panel(facts, "air.pm25", 2024, reports_with_bulletin(facts))
    found = panel.set_index("place")[["value", "comparable", "reason"]]
    assert found.loc["贵阳市"].tolist() == [22, True, ""] and found.loc["潜江市"].tolist() == [23, True, ""]
    assert found.loc["遵义市/仁怀市"].tolist() == [30, False, "district"]
    assert found.loc["安顺市/普定县"].tolist() == [31, False, "district"] and len(found) == 4


def test_what_another_body_tells_is_kept_beside_the_citys_own_and_said():
    rows = [told("遵义市", 25), {"city": "遵义市", **PM25, "value": 24}, told("贵阳市", 22), told("安顺市", 21)]
    facts = facts_of(rows)
    panel = worded.panel(facts, "air.pm25", 2024, reports_with_bulletin(facts)).set_index("city")
    assert panel.loc["遵义市", ["value", "comparable", "report"]].tolist() == [24, True, "遵义市"], "no conflict"
    facts["report_year"] = 2024
    (problem,) = otherwise(facts)
    assert (problem.code, problem.severity, problem.report) == ("told_otherwise", "warning", "贵州公报")
    assert (
        "遵义市 is 25 ug/m3 (贵州公报: …), but 24 in its own report (遵义市: …), which stands first" in problem.message
    )
    assert not list(contradictions(facts))
    wording = {row["code"]: row for row in knowledge("problems.csv")}["told_otherwise"]
    assert wording["zh"] and wording["en"]


@pytest.mark.parametrize(
    "more",
    [{"value": 24.3}, {"value": 25, "period": HALF}, {"value": 25, "scope": "中心城区"}, {"value": 25, "bound": "~"}],
)
def test_what_is_no_contradiction_between_two_bodies(more: dict):
    facts = facts_of([told("遵义市", **({"value": 25} | more)), {"city": "遵义市", **PM25, "value": 24}])
    assert not list(otherwise(facts.assign(report_year=2024)))


def test_a_bulletin_does_not_break_a_citys_silence():
    own = [{"city": city, "metric": "air.o3", "unit": "ug/m3", "value": 140} for city in ("遵义市", "贵阳市")]
    facts = facts_of([told("遵义市", 25), *own])
    silence = worded.silence(facts, reports_with_bulletin(facts), [2024]).set_index(["metric", "place"])
    assert silence.loc[("air.pm25", "遵义市"), "state"] == "silent"
    assert set(silence.index.get_level_values("place")) == {"遵义市", "贵阳市"}


def test_chosen_cities_keep_the_bulletins_that_tell_of_them():
    facts = facts_of([told("遵义市", 25), told("贵阳市", 22), {"city": "云浮市", **PM25, "value": 20}])
    about, reports = comparing.chosen(facts, reports_with_bulletin(facts), ["贵阳"])
    assert about["about_city"].tolist() == ["贵阳市"] and reports["report"].tolist() == ["贵州公报"]
    everything = comparing.chosen(facts, reports_with_bulletin(facts))
    assert [len(part) for part in everything] == [3, 2]


def test_a_bulletin_is_listed_as_its_provinces_and_its_cities_may_be_asked_for():
    facts = facts_of([told("遵义市", 25), told("贵阳市", 22)])
    reports = reports_with_bulletin(facts)
    quantities = pd.DataFrame({"report": ["贵州公报"]})
    assert wording.corpus(reports, facts, quantities)["地点"].tolist() == ["贵州省"]
    assert comparing.fullest_city(facts, 2024, reports) in ("遵义市", "贵阳市")
    assert comparing.resolve(["遵义"], facts) == ["遵义市"]


@pytest.mark.parametrize(
    ("title", "read"), [("某市应急管理局2023年工作总结", 0), ("市人大常委会听取2023年环境状况报告", 3)]
)
def test_what_another_body_did_by_its_title_is_not_the_bureaus(title: str, read: int):
    text = f"{title}\n2023年，全市检查企业3263家次，立案126件，罚款1260万元。"
    assert len(extracting.extract(read_text(text))) == read
