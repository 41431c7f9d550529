"""A page of many cities over many years stays small: what it draws and says leads to its sentence, the rest is in the tables."""

import random
import re
from pathlib import Path

import pytest
from rows import facts_of, metric_rows, over_years, reports_of

from ecoanalysis import charts, reporting, tables
from ecoanalysis.charts.layout import by_reason
from ecoanalysis.charts.page import leads
from ecoanalysis.knowledge import places
from ecoanalysis.study import Study
from ecoanalysis.tables.schema import empty
from ecoanalysis.wording import tables as worded
from ecoanalysis.wording.tables import MOST, comparability

CITIES = [place.name for place in places.all_places() if place.level == "city"]
LARGEST = 3_000_000
YEARS = range(2019, 2025)
METRICS = {
    "air.pm25": ("ug/m3", 35), "air.pm10": ("ug/m3", 60), "air.o3": ("ug/m3", 150), "air.so2": ("ug/m3", 9),
    "air.no2": ("ug/m3", 24), "air.good_days_rate": ("%", 88), "air.composite_index": ("1", 3.5),
    "noise.night_compliance_rate": ("%", 90),
}  # fmt: skip


def made(cities: list[str], years: range) -> tables.Tables:
    """Tables of cities whose reports give every metric in most years: some in doubt, some of a part of the city, some silent."""
    draw, rows = random.Random(5), []
    for year in years:
        for metric, (unit, usual) in METRICS.items():
            for city in draw.sample(cities, len(cities) * 9 // 10):
                value = (
                    round(usual * draw.gauss(1, 0.1), 1) if unit != "%" else round(min(draw.gauss(usual, 5), 100), 1)
                )
                row = metric_rows(metric, unit, {city: value})[0] | {"report": f"{city}{year}"}
                row |= {"period": [f"{year}-01-01", f"{year}-12-31"], "confidence": draw.choice([1.0] * 9 + [0.5])}
                quote = f"{year}年，{city}环境质量持续改善，{metric}平均为{value}，同比下降{draw.random():.1f}%"
                rows.append(row | {"quote": quote, "scope": draw.choice(["全市"] * 9 + ["中心城区"])})
    facts, reports = over_years(rows)
    reports["title"] = [f"{report[:-4]}{report[-4:]}年生态环境状况公报" for report in reports["report"]]
    rest = {name: empty(name) for name in ("texts", "sections", "quantities", "problems", "metrics")}
    return tables.Tables(reports=reports, facts=facts, **rest)


@pytest.mark.slow
def test_a_page_of_300_cities_over_six_years_is_small_and_all_its_links_lead_somewhere(tmp_path: Path):
    tables.write(made(CITIES[:300], YEARS), tmp_path / "processed")
    (result,) = reporting.run("01_air", {"year": 2024}, tmp_path / "processed", tmp_path / "figures")
    assert result.ok, result.message
    (page,) = result.folder.glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert page.stat().st_size < LARGEST
    assert {anchor for anchor in re.findall(r'href="#(f[0-9a-f]{12})"', text)} <= set(
        re.findall('<tr id="([^"]+)"', text)
    )
    assert re.search(r"这里列出图中画出、文中提到的\d+条事实；另有\d+条在数据表facts\.csv里", text)
    assert re.search(r"这里列出本页所引的\d+篇报告；另有\d+篇在数据表reports\.parquet里", text)
    assert (result.folder / "air_pm25_years.png").stat().st_size < 250_000


def study_of(found: tables.Tables, folder: Path) -> Study:
    return Study(found, found.facts, found.reports, 2024, 0.9, "zh", folder)


def test_of_few_facts_a_page_lists_all_and_of_many_those_that_it_leads_to(tmp_path: Path, monkeypatch):
    study = study_of(made(CITIES[:20], range(2023, 2025)), tmp_path)
    listed = study.evidence(["air", "noise"])
    assert listed.text.count("<tr id=") == len(study.facts) and "另有" not in listed.text

    monkeypatch.setattr("ecoanalysis.study.MOST", 100)
    led = leads(study.comparability(study.panel("air.pm25")))
    listed = study.evidence(["air", "noise"])
    assert set(re.findall('<tr id="([^"]+)"', listed.text)) == led
    assert f"另有{len(study.facts) - len(led)}条" in listed.text


def test_a_long_table_is_cut_and_says_so_and_what_does_not_compare_comes_first():
    values = dict.fromkeys(CITIES[:300], 20)
    rows = [
        row for at in range(6) for row in metric_rows("air.pm25", "ug/m3", values, period=[f"{2015 + at}-01-01"] * 2)
    ]
    panels = [study_panel(facts_of(rows), 2015 + at) for at in range(6)]
    frame = comparability(panels)
    assert len(frame) == 1800
    shown = charts.table(frame).text
    assert shown.count("<tr>") - 1 == MOST and "另有300行未列出" in shown
    mixed = comparability([one.assign(comparable=[True, False] * 150) for one in panels])
    assert (mixed.index[:900] == comparability([one.iloc[1::2].assign(comparable=False) for one in panels]).index).all()


def study_panel(facts, year):
    return worded.panel(facts, "air.pm25", year, reports_of(facts, year))


@pytest.mark.parametrize(("language", "said"), [("zh", "等300个，全部在图的CSV文件里。"), ("en", "300 in all")])
def test_below_a_picture_many_names_of_one_reason_are_counted(language, said):
    lines = by_reason([("未公布", f"{city} 2019、2020、2021") for city in CITIES[:300]], 156.0, language)
    assert len(lines) == 6 and said in lines[-1]
    few = by_reason([("未公布", city) for city in CITIES[:30]], 156.0, language)
    assert all(city in "".join(few) for city in CITIES[:30])
