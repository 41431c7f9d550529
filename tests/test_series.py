"""A metric over the years: what may be joined, what is left out, and what the lines show."""

import itertools

import pytest
from matplotlib.colors import to_hex
from rows import facts_of, of_year, reports_of
from test_charts import MANY, beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences


def years_of(city, values, metric="air.pm25", unit="ug/m3", months=("01-01", "12-31"), **more):
    about = {"metric": metric, "unit": unit, "months": months, **more}
    return [of_year(year, value, city, report=f"{city}{year}{months}", **about) for year, value in values.items()]


def series_of(rows, metric="air.pm25", **more):
    facts = facts_of(rows)
    return tables.series(facts, metric, reports_of(facts), **more)


def segments(table, place="赣州市"):
    rows = table[table["place"] == place]
    return dict(zip(rows["year"], rows["segment"], strict=True))


@pytest.mark.parametrize(
    ("metric", "unit", "years", "cut"),
    [
        ("air.pm25", "ug/m3", [2022, 2023, 2024], [1, 1, 1]),
        ("air.pm25", "ug/m3", [2022, 2024, 2025], [1, 2, 2]),
        ("air.pm25", "ug/m3", [2017, 2018, 2019, 2020, 2021, 2022], [1, 2, 3, 3, 4, 4]),
        ("air.good_days_rate", "%", [2020, 2021, 2025, 2026, 2027], [1, 1, 2, 3, 4]),
        ("water.national_sections_good_rate", "%", [2020, 2021, 2022], [1, 2, 2]),
    ],
)
def test_a_break_or_a_missing_year_cuts_a_line(metric, unit, years, cut):
    table = series_of(years_of("赣州市", dict.fromkeys(years, 50), metric, unit), metric)
    assert segments(table) == dict(zip(years, cut, strict=True))


def test_about_values_are_hollow_and_hide_small_changes():
    rows = [*years_of("赣州市", {2022: 30}, bound="~"), *years_of("赣州市", {2023: 29, 2024: 28})]
    rows += years_of("云浮市", {2022: 24, 2023: 22, 2024: 20})
    table = series_of(rows)
    said = sentences(comparing.series_finding(table))
    assert "一直下降的有云浮。" in said and "赣州有约数（空心点）" in said
    chart = charts.lines(table)
    points = [
        line for line in chart.figure.axes[0].lines if line.get_markersize() == 4.2 and line.get_xdata() == [2022]
    ]
    hollow = [to_hex(point.get_markerfacecolor()) == "#ffffff" for point in points]
    assert sum(hollow) == 1


def test_the_nation_has_a_line_for_each_way_to_count_dust():
    table = series_of(years_of("赣州市", {2019: 30, 2020: 29, 2021: 28, 2022: 27}))
    nation = table[table["place_kind"] == "nation"]
    assert {(row["year"], row["dust"]) for row in nation.to_dict("records") if row["year"] < 2023} == {
        (2019, "raw"), (2020, "raw"), (2021, "excluded"), (2022, "excluded"),
    }  # fmt: skip
    assert (nation["source"] != "").all() and (nation["report"] == "").all()
    rates = series_of(years_of("赣州市", {2022: 90, 2023: 91}, "air.good_days_rate", "%"), "air.good_days_rate")
    both = rates[(rates["place_kind"] == "nation") & (rates["year"] == 2023)]
    assert dict(zip(both["dust"], both["value"], strict=True)) == {"raw": 85.5, "excluded": 86.8}


def test_no_nation_stands_beside_half_years_counts_or_parts_of_cities():
    half = series_of(years_of("赣州市", {2023: 20, 2024: 21}, months=("01-01", "06-30")))
    core = series_of(years_of("赣州市", {2023: 20, 2024: 21}, scope="中心城区"))
    cases = series_of(years_of("赣州市", {2022: 9, 2023: 8}, "enforcement.penalties", "case"), "enforcement.penalties")
    for table in (half, core, cases):
        assert table["comparable"].all() and "nation" not in set(table["place_kind"])


def test_all_values_are_of_the_kind_that_most_cities_have_or_that_is_asked_for():
    rows = [
        *years_of("赣州市", {2023: 22, 2024: 20}),
        *years_of("云浮市", {2023: 21, 2024: 19}),
        *years_of("安康市", {2022: 35, 2023: 33, 2024: 32}, scope="中心城区"),
        *years_of("商洛市", {2024: 15}, months=("01-01", "06-30")),
        *years_of("云浮市", {2022: 18}, status="planned"),
    ]
    table = series_of(rows)
    reasons = {(row["city"], row["year"]): row["reason"] for row in table.to_dict("records")}
    assert {reasons["安康市", year] for year in (2022, 2023, 2024)} == {"scope"} and reasons["商洛市", 2024] == "period"
    assert reasons["赣州市", 2023] == "" and ("云浮市", 2022) not in reasons
    assert (table.loc[~table["comparable"], "segment"] == 0).all()
    core = series_of(rows, on="中心城区")
    assert core[core["comparable"]]["city"].unique().tolist() == ["安康市"]


def test_lines_join_only_within_a_segment_and_lead_to_their_facts():
    table = series_of(
        [*years_of("赣州市", {2019: 30, 2020: 29, 2021: 28, 2023: 27}), *years_of("云浮市", {2020: 25, 2021: 24})]
    )
    chart = charts.lines(table)
    joined = [tuple(line.get_xdata()) for line in chart.figure.axes[0].lines if line.get_zorder() == 2]
    assert sorted(joined) == sorted(
        [(2019, 2020), (2021,), (2023,), (2020,), (2021,), (2019, 2020), (2021, 2022, 2023)]
    )
    dots = {line.get_gid() for line in chart.figure.axes[0].lines if line.get_zorder() == 3}
    cities = table[table["report"] != ""].to_dict("records")
    assert {f"fact-{anchor_of(row)}" for row in cities} <= dots
    assert "2021年起均值不计沙尘天" in texts(chart) and "云浮 24（2021年）" in texts(chart)
    breaks = [line.get_xdata()[0] for line in chart.figure.axes[0].lines if line.get_zorder() == 1.5]
    assert breaks == [2020.5]


def many(count):
    rows = [
        years_of(city, {year: 30 + at % 5 - (year - 2017) * (at % 3) for year in range(2017, 2025) if (at + year) % 5})
        for at, city in enumerate(MANY[:count])
    ]
    return series_of(
        [*itertools.chain(*rows), *years_of("商洛市", {2024: 15}), *years_of("安康市", {2024: 9}, scope="市区")]
    )


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize(("language", "width"), list(itertools.product(("zh", "en"), (156.0, 75.0))))
def test_labels_meet_nothing(count, language, width):
    chart = charts.lines(many(count), language, width)
    assert not overlapping(chart) and not beyond(chart)


def test_who_is_left_out_is_named_and_nothing_is_drawn_of_single_years():
    chart = charts.lines(many(3))
    assert {"只有一年可比：商洛。", "市区（非全市）：安康 2024。"} <= set(texts(chart))
    single = series_of(years_of("商洛市", {2024: 15}))
    assert "没有城市" in charts.lines(single).text and "No city" in sentences(comparing.series_finding(single), "en")
    assert charts.lines(series_of(years_of("商洛市", {2024: 15}), "air.pm10")).kind == "nothing"


def test_the_finding_counts_cities_and_says_the_breaks():
    said = sentences(
        comparing.series_finding(
            series_of([*years_of("赣州市", {2020: 20, 2021: 25, 2022: 24}), *years_of("云浮市", {2022: 20, 2023: 21})])
        )
    )
    assert "2个城市" in said and "一直下降的有赣州" in said and "一直上升的有云浮" in said
    assert "2021年均值不计沙尘天，前后不相连" in said and "2018" not in said
