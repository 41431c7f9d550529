"""The silence table: what counts as silence, what is a bad year, and how both are drawn and said."""

import itertools

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from rows import of_year, over_years, said_of
from test_charts import MANY, beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.chart import areas
from ecoanalysis.comparing.places import of_places
from ecoanalysis.comparing.silence import bad, criterion_of
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables

NAN = float("nan")
WATER = {"metric": "water.source_compliance_rate", "unit": "%"}
GOOD = {"metric": "air.good_days_rate", "unit": "%"}


def cell(table, metric="air.pm25", year=2024, place="云浮市"):
    (row,) = table[(table["metric"] == metric) & (table["year"] == year) & (table["place"] == place)].to_dict("records")
    return row


PM10 = of_year(2024, 50, metric="air.pm10")
# What the reports say of 2024, the state of PM2.5 in it, and by which criterion it is expected.
STATES = {
    "reported": ([of_year(2024, 30)], "reported", "same_domain"),
    "its change alone": ([of_year(2024, -3, stat="change", unit="%", basis="yoy")], "reported", "same_domain"),
    "withheld": ([of_year(2024, NAN), PM10], "withheld", "same_domain"),
    "planned": ([of_year(2024, 30, status="planned"), PM10], "planned", "same_domain"),
    "silent beside another figure of the air": ([PM10], "silent", "same_domain"),
    "a count of patrols is no word on the air": (
        [of_year(2024, 9, metric="air.patrol_person_times", unit="person_time")],
        "not_expected",
        "other_topic",
    ),
    "a party feature": (
        [of_year(2024, 9, metric="party.theme_party_days", unit="time")],
        "not_expected",
        "other_topic",
    ),
    "another year's report only": ([of_year(2023, 30)], "no_report", ""),
    "told by the report of the next year": ([of_year(2024, 30, report="云浮市2025")], "reported", ""),
    "a district's is not the city's": ([of_year(2024, 30, district="云城区"), PM10], "silent", "same_domain"),
}


@pytest.mark.parametrize("case", STATES.values(), ids=STATES)
def test_what_counts_as_silence(case):
    made, state, criterion = case
    table = tables.silence(*over_years([*made, of_year(2022, 100, **WATER)]), [2024])
    row = cell(table)
    assert (row["state"], row["criterion"]) == (state, criterion)
    assert bool(row["why"]) == bool(row["why_en"]) == (state in ("silent", "not_expected"))


def test_a_report_of_a_part_of_the_year_is_not_silent():
    facts, reports = over_years([PM10], period_start=pd.Timestamp("2024-01-01"), period_end=pd.Timestamp("2024-08-31"))
    assert cell(tables.silence(facts, reports, [2024]))["criterion"] == "part_year"
    open_end = reports.assign(period_end=pd.NaT)
    assert cell(tables.silence(facts, open_end, [2024]))["state"] == "not_expected"


@pytest.mark.parametrize(
    ("genre", "state"), [("annual_summary", "silent"), ("news", "not_expected"), ("", "not_expected")]
)
def test_a_summary_of_two_domains_is_held_to_the_third(genre, state):
    made = [of_year(2024, 100, **WATER), of_year(2024, 95, metric="soil.farmland_safe_use_rate", unit="%")]
    facts, reports = over_years(made, genre=genre)
    assert cell(tables.silence(facts, reports, [2024]))["state"] == state
    only_water = facts[facts["metric"] == WATER["metric"]]
    assert cell(tables.silence(only_water, reports, [2024]))["state"] == "not_expected"


def test_days_stand_for_a_share_of_days():
    facts, reports = over_years([of_year(2024, 330, metric="air.good_days", unit="day")])
    row = cell(tables.silence(facts, reports, [2024]), "air.good_days_rate")
    assert (row["state"], row["stated"], row["value"]) == ("reported", "air.good_days", 330)


# The figure of 2023, what else is known, and the criteria by which 2023 was a bad year.
BAD = {
    "a published rise": ([of_year(2023, 5, stat="change", unit="%", basis="yoy")], "change"),
    "a published fall": ([of_year(2023, -5, stat="change", unit="%", basis="yoy")], ""),
    "worse than the year before": ([of_year(2022, 26), of_year(2023, 28)], "level"),
    "better than the year before": ([of_year(2022, 29), of_year(2023, 28)], ""),
    "another scope the year before": ([of_year(2022, 20, scope="中心城区"), of_year(2023, 28)], ""),
    "half a year before": ([of_year(2022, 20, period=["2022-01-01", "2022-06-30"]), of_year(2023, 28)], ""),
    "over the limit and the nation": ([of_year(2023, 36)], "limit;national"),
    "at the limit, which is kept": ([of_year(2023, 35)], "national"),
    "at the limit of another standard": ([of_year(2023, 30)], ""),
    "worse than the nation": ([of_year(2023, 31)], "national"),
    "half a year is held against no limit": ([of_year(2023, 40, period=["2023-01-01", "2023-06-30"])], ""),
    "a part of the city against the limit only": ([of_year(2023, 36, scope="中心城区")], "limit"),
    "a bound": ([of_year(2023, 36, bound="<=")], ""),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_what_is_a_bad_year(case):
    made, codes = case
    facts, reports = over_years([*made, of_year(2024, 50, metric="air.pm10")])
    found = bad(of_places(facts, reports), "air.pm25", 2023).get("云浮市", [])
    assert ";".join(map(criterion_of, found)) == codes
    row = cell(tables.silence(facts, reports, [2023, 2024]))
    assert (row["state"], row["bad"], row["went_silent_after_bad"]) == ("silent", codes, bool(codes))


def test_the_worst_quarter_needs_eight_comparable_cities():
    # The quarter of 20 … 27 begins above 25.25, so 26 and 27 lie in it.
    made = [of_year(2023, 20 + at, city=city) for at, city in enumerate(MANY[:8])]
    found = bad(of_places(*over_years(made)), "air.pm25", 2023)
    assert {place: [criterion_of(one) for one in why] for place, why in found.items()} == {
        MANY[6]: ["quartile"],
        MANY[7]: ["quartile"],
    }
    assert not bad(of_places(*over_years(made[1:])), "air.pm25", 2023)
    same = [row | {"value": 100} | GOOD for row in made]
    assert not bad(of_places(*over_years(same)), "air.good_days_rate", 2023)


def test_more_penalties_are_no_bad_year():
    made = [
        of_year(year, value, metric="enforcement.penalties", unit="case") for year, value in ((2022, 5), (2023, 50))
    ]
    facts, reports = over_years(made)
    assert bad(of_places(facts, reports), "enforcement.penalties", 2023) == {}


NOT_SILENT_AFTER = {
    "still reported": [of_year(2024, 29)],
    "withheld": [of_year(2024, NAN)],
    "no report": [],
    "a report of other matters": [of_year(2024, 9, metric="party.theme_party_days", unit="time")],
    "a district's silence": [of_year(2024, 50, metric="air.pm10", district="云城区")],
}


@pytest.mark.parametrize("made", NOT_SILENT_AFTER.values(), ids=NOT_SILENT_AFTER)
def test_nobody_is_said_to_have_fallen_silent_without_a_silence(made):
    facts, reports = over_years([of_year(2023, 40), *made])
    assert not tables.silence(facts, reports, [2023, 2024])["went_silent_after_bad"].any()


def test_the_silent_row_says_what_went_before():
    facts, reports = over_years([of_year(2022, 33), of_year(2023, 36), PM10])
    row = cell(tables.silence(facts, reports, [2024]))
    assert (
        row["bad_why"]
        == "36微克/立方米，差于上年的33微克/立方米；超过GB 3095—2012二级限值35微克/立方米；差于全国30微克/立方米"
    )
    assert row["reports"] == "云浮市2024" and row["report"] == ""


def test_every_cell_is_there_once_and_every_standard_metric_is_known():
    facts, reports = over_years([of_year(2023, 30), PM10, {"report": "anonymous2024", "value": 1}])
    table = tables.silence(facts, reports, [2023, 2024])
    assert (
        len(table) == len(table.drop_duplicates(["place", "metric", "year"])) == 2 * len(comparing.standard_metrics())
    )
    known = catalogue.metrics()
    for row in knowledge("standard_metrics.csv"):
        assert row["source"] and {row["metric"], *filter(None, row["also"].split(";"))} <= set(known)


def test_the_years_are_those_that_two_cities_report():
    made = [of_year(2023, 30), of_year(2024, 30), of_year(2024, 30, city="赣州市"), of_year(2023, 30, city="赣州市")]
    facts, reports = over_years([*made, of_year(2022, 30)])
    assert sorted(set(tables.silence(facts, reports)["year"])) == [2023, 2024]


def corpus(count, sample=False):
    """Return a table of `count` cities and two years with every state, every third city silent after a bad year."""
    made = []
    for at, city in enumerate(itertools.islice(itertools.cycle(MANY), count)):
        name = city if at < len(MANY) else f"{city.removesuffix('市')}{at}市"
        made += [of_year(2023, 40 if at % 3 == 0 else 28, city=name), of_year(2023, 95, city=name, **GOOD)]
        if at % 5 == 4:
            continue
        made.append(of_year(2024, 96, city=name, **GOOD))
        made += [of_year(2024, NAN, city=name)] if at % 3 == 1 else []
        made += [of_year(2024, 50, city=name, metric="air.pm10", status="planned")] if at % 3 == 2 else []
    facts, reports = over_years(made, sample=sample)
    return tables.silence(facts, reports)


def test_the_chart_shows_every_state_and_marks_who_fell_silent():
    table = corpus(6)
    chart = charts.silence(table)
    cells = list(chart.figure.axes[1].patches)
    assert len(cells) == len(table)
    assert {patch.get_hatch() for patch in cells} == {None, "////"}
    assert len({to_hex(patch.get_facecolor()) for patch in cells}) >= 5
    marks = [line for line in chart.figure.axes[1].lines if line.get_marker() == "v"]
    assert len(marks) == table["went_silent_after_bad"].sum() == 2
    words = "".join(texts(chart))
    assert (
        "PM2.5（2023年：40微克/立方米，超过GB 3095—2012二级限值35微克/立方米；差于全国30微克/立方米；2024年未公布）"
        in words
    )
    assert {"已公布", "未公开", "只有目标", "未公布", "报告不涉及", "没有报告"} <= set(texts(chart))
    anchors = {anchor for anchor, _ in areas(chart.figure)}
    assert {anchor_of(row) for row in table[table["report"] != ""].to_dict("records")} == anchors


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [3, 12, 40])
def test_texts_neither_overlap_nor_leave_the_sheet(count, language):
    chart = charts.silence(corpus(count), language)
    assert not overlapping(chart) and not beyond(chart)
    chinese = [text for text in texts(chart) if any("一" <= letter <= "鿿" for letter in text)]
    assert language == "zh" or count == 40 or not chinese  # invented names have no romanisation


def test_the_findings_count_name_and_caution():
    first, _, went, caveat = said_of(comparing.silence_finding(corpus(6)), "en")
    assert first.startswith("For 2023 and 2024, 6 places were held to 17 metrics")
    assert went.startswith("2 figures were bad one year and not reported the next: ")
    assert "40 µg/m³, over the limit 35 µg/m³" in went
    assert "no report" in caveat and "sample" not in caveat
    assert "示例文本" in said_of(comparing.silence_finding(corpus(3, sample=True)))[-1]
    calm = tables.silence(*over_years([of_year(2023, 40), of_year(2024, 30)]), [2023, 2024])
    assert (
        said_of(comparing.silence_finding(calm))[2]
        == "没有发现上年数字变差或偏差、次年不再公布的情形（可以这样逐年对照的有1处）。"
    )


def test_without_reports_a_sentence_stands():
    facts, reports = over_years([of_year(2023, 30)])
    assert charts.silence(tables.silence(facts, reports, [2019])).text == "没有可以逐年对照的报告。"
    assert charts.silence(tables.silence(facts.iloc[:0], reports), "en").kind == "nothing"
