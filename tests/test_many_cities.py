"""Pictures of many cities: distributions, relations, matrices, small multiples, and the ranking that shows its ends."""

import random

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from rows import facts_of, metric_rows
from test_charts import beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis import language as words
from ecoanalysis.comparing.relation import FEWEST_PAIRS, correlations, pairs, spearman
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import places
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences

CITIES = [place.name for place in places.all_places() if place.level == "city"]
PM25, DAYS, PM10 = ("air.pm25", "ug/m3"), ("air.good_days_rate", "%"), ("air.pm10", "ug/m3")


def panel_of(count, metric=PM25, seed=1, cities=None, **more):
    """Return a panel of so many cities, spread over the country, with values to one decimal."""
    cities = cities or random.Random(7).sample(CITIES, count)
    draw = random.Random(seed)
    values = {city: round(draw.gauss(60, 6), 1) for city in cities}
    return tables.panel(facts_of(metric_rows(*metric, values, **more)), metric[0], 2024)


def dots(chart):
    """Return how many dots a chart's collections hold."""
    found = [one for axes in chart.figure.axes for one in axes.collections if isinstance(one, PathCollection)]
    return sum(len(one.get_offsets()) for one in found)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [3, 12, 300])
def test_a_distribution_has_a_dot_a_city_and_a_row_a_province(count, language):
    panel = panel_of(count)
    named = [panel["city"].iloc[0], panel["city"].iloc[-1]]
    chart = charts.distribution(panel, named, language)
    assert dots(chart) == count and not overlapping(chart) and not beyond(chart)
    labels = [tick.get_text() for tick in chart.figure.axes[-1].get_yticklabels()]
    province = [places.find(city).province for city in panel["place"]]
    medians = panel["value"].groupby(np.array(province)).median().sort_values()
    assert len(labels) == len(medians) and sum(int(label.split()[-1]) for label in labels) == count
    assert labels[0].split()[0] == places.label(medians.index[0], language).split()[0]  # the lowest is the best
    shown = " ".join(texts(chart))
    assert all(places.label(city, language) in shown for city in named)


def test_a_distribution_of_two_cities_is_none():
    assert charts.distribution(panel_of(2)).kind == "side_by_side"


def test_a_distribution_of_one_province_and_of_equal_values():
    one = [place.name for place in places.all_places() if place.level == "city" and place.province == "江西省"]
    assert dots(charts.distribution(panel_of(0, cities=one))) == len(one)
    level = facts_of(metric_rows(*PM25, dict.fromkeys(CITIES[:8], 20)))
    assert dots(charts.distribution(tables.panel(level, "air.pm25", 2024))) == 8


def test_a_correlation_needs_ten_cities_and_differences():
    few, some = (pairs(panel_of(n), panel_of(n, DAYS, 2)) for n in (FEWEST_PAIRS - 1, FEWEST_PAIRS))
    assert np.isnan(spearman(few["value"], few["value_y"])).all()
    rho, low, high = spearman(some["value"], some["value_y"])
    assert -1 <= low <= rho <= high <= 1
    assert np.isnan(spearman(some["value"], some["value"] * 0)).all()
    assert spearman(some["value"], some["value"])[0] == pytest.approx(1.0)
    assert spearman(some["value"], -some["value"])[0] == pytest.approx(-1.0)


def test_only_cities_that_compare_in_both_are_pairs():
    both = ["云浮市", "赣州市", "商洛市"]
    rows = metric_rows(*PM25, dict.fromkeys([*both, "安康市"], 20) | {"安康市": 30})
    days = metric_rows(*DAYS, {"云浮市": 90, "赣州市": 91, "商洛市": 92}) + [
        row | {"scope": "中心城区"} for row in metric_rows(*DAYS, {"安康市": 80})
    ]
    facts = facts_of(rows + days)
    found = pairs(*(comparing.panel(facts, metric, 2024) for metric in ("air.pm25", "air.good_days_rate")))
    assert sorted(found["place"]) == sorted(both)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_relation_says_n_and_interval_and_no_cause(language):
    one, other = panel_of(300), panel_of(300, DAYS, 2)
    chart = charts.relation(one, other, [one["city"].iloc[150]], language)
    assert dots(chart) == 300 and not overlapping(chart) and not beyond(chart)
    assert "300" in chart.summary and ("不表示因果" in chart.summary or "no cause" in chart.summary)
    assert places.label(one["place"].iloc[150], language) in " ".join(texts(chart))
    few = charts.relation(panel_of(4), panel_of(4, DAYS, 2), language=language)
    assert dots(few) == 4 and str(FEWEST_PAIRS) in few.summary
    assert charts.relation(panel_of(2), panel_of(2, DAYS, 2), language=language).kind == "nothing"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [3, 12, 300])
def test_a_matrix_hatches_what_does_not_compare(count, language):
    panel = panel_of(count)
    part = tables.panel(
        facts_of(
            metric_rows(*DAYS, dict.fromkeys(panel["place"][:3], 90) | {panel["place"].iloc[0]: 80})
            + [row | {"scope": "中心城区"} for row in metric_rows(*DAYS, {panel["place"].iloc[3 % count]: 70})]
        ),
        "air.good_days_rate",
        2024,
    )
    chart = charts.matrix([panel, part], language)
    hatched = [patch for axes in chart.figure.axes for patch in axes.patches if patch.get_hatch()]
    # Of 300 cities the twelve with most values are shown, and this one is not among them.
    assert len(hatched) == (count == 12) and not overlapping(chart) and not beyond(chart)
    assert len(chart.figure.axes[0].get_xticklabels()) == min(count, 12)
    assert charts.matrix([panel_of(2)], language).kind == "nothing"


def test_a_matrix_of_correlations_counts_the_cities_of_each():
    panels = [panel_of(12), panel_of(12, DAYS, 2), panel_of(5, PM10, 3)]
    found = correlations(panels).set_index(["one", "other"])
    assert found["n"].tolist() == [12, 5, 5] and found["rho"].notna().tolist() == [True, False, False]
    chart = charts.correlation_matrix(panels)
    assert any("(12)" in text for text in texts(chart)) and not overlapping(chart) and not beyond(chart)
    assert charts.correlation_matrix([*panels[2:], panel_of(4, DAYS, 2)]).kind == "nothing"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [3, 12, 300])
def test_multiples_have_a_strip_a_metric_and_name_both_ends(count, language):
    panels = [panel_of(count), panel_of(count, DAYS, 2), panel_of(count, PM10, 3), panel_of(2, ("air.o3", "ug/m3"))]
    chart = charts.multiples(panels, language)
    assert len(chart.figure.axes) == 3 and not overlapping(chart) and not beyond(chart)
    shown = " ".join(texts(chart))
    for panel in panels[:3]:
        ends = panel.sort_values("value").iloc[[0, -1]]
        assert all(places.label(city, language)[:3] in shown for city in ends["place"])
    assert charts.multiples([], language).kind == charts.multiples(panels[3:], language).kind == "nothing"


@pytest.mark.parametrize("width", [156.0, 75.0])
def test_a_ranking_of_many_cities_shows_its_ends_and_who_is_asked_for(width):
    panel = panel_of(300)
    asked = panel["city"].iloc[150]
    chart = charts.ranking(panel, "zh", width, named=[asked])
    labels = [tick.get_text().replace("\n", "") for tick in chart.figure.axes[0].get_yticklabels()]
    wanted = [*panel["place"][:10], *panel["place"][-10:], asked]
    assert sorted(labels) == sorted([*(places.label(city) for city in wanted), "其间279个城市"])
    assert not overlapping(chart) and not beyond(chart)
    assert len(charts.ranking(panel_of(40)).figure.axes[0].get_yticklabels()) == 40


def test_a_survey_names_what_has_no_picture():
    facts = facts_of(
        metric_rows(*PM25, {"云浮市": 20, "赣州市": 18.1, "商洛市": 24}) + metric_rows(*PM10, {"云浮市": 40})
    )
    found = comparing.survey(facts, 2024, ["air"])
    assert [one["metric"].iloc[0] for one in comparing.compared(found)] == ["air.pm25"]
    assert comparing.compared(found, ["air.pm25"]) == []
    said = sentences(comparing.survey_finding(found))
    assert "2项指标" in said and "其中1项" in said and "可吸入颗粒物（PM10）平均浓度（1个）" in said


def test_what_is_asked_for_wrongly_is_refused():
    panel = panel_of(12)
    later = panel.assign(year=2025)
    for draw, said in (
        (lambda: charts.ranking(panel, named=["火星"]), "no city named '火星'"),
        (lambda: charts.distribution(panel, ["火星"]), "no city named '火星'"),
        (lambda: charts.relation(panel, later), "panels of one year"),
        (lambda: charts.matrix([panel, later]), "panels of one year"),
        (lambda: charts.matrix([]), "give a panel or more"),
        (lambda: charts.correlation_matrix([]), "give a panel or more"),
        (lambda: charts.ranking(panel.iloc[:0]), "this panel has no rows"),
        (lambda: charts.distribution(panel, language="fr"), "no labels in 'fr'"),
        (lambda: comparing.survey(facts_of(metric_rows(*PM25, {"云浮市": 20})), 2024, ["airr"]), "Nearest: air"),
    ):
        with pytest.raises(RequestError, match=said):
            draw()
    assert charts.matrix([panel, panel]).kind == "matrix"


def test_no_direction_is_called_good_where_neither_is():
    fines = panel_of(60, ("enforcement.fines", "CNY"))
    shown = " ".join(texts(charts.distribution(fines)) + texts(charts.ranking(fines)))
    assert "由小到大" in shown and "最高和最低" in shown and "好" not in shown


def test_cities_of_one_province_that_are_asked_for_do_not_cover_each_other():
    own = [place.name for place in places.all_places() if place.level == "city" and place.province == "江西省"]
    values = dict(zip(own, [30 + at / 10 for at in range(len(own))], strict=True))
    panel = tables.panel(facts_of(metric_rows(*PM25, values)), "air.pm25", 2024)
    assert not overlapping(charts.distribution(panel, own[:3]))


@pytest.mark.parametrize(("module", "name"), [(comparing, "comparability"), (words, "note"), (comparing, "panels")])
def test_an_old_name_tells_the_new_one(module, name):
    with pytest.raises(AttributeError, match=r"it is in ecoanalysis\..* \(CHANGELOG.md\)"):
        getattr(module, name)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_slopes_and_lines_of_many_cities_draw_both_ends_and_say_so(language):
    rng, many = random.Random(3), CITIES[:300]
    rows = [
        row
        for year in (2023, 2024)
        for row in metric_rows(
            *PM25,
            {city: round(rng.gauss(60, 6), 1) for city in many},
            period=[f"{year}-01-01", f"{year}-12-31"],
        )
    ]
    facts = facts_of(rows)
    slope, series = tables.slope(facts, "air.pm25", [2023, 2024]), tables.series(facts, "air.pm25")
    moved = slope.sort_values(["change", "place"])["place"]
    last = series[(series["year"] == 2024) & (series["place_kind"] == "city")].sort_values(["value", "place"])["place"]
    for chart, ends in (
        (charts.slope(slope, language), [*moved[:10], *moved[-10:]]),
        (charts.lines(series, language), [*last[:10], *last[-10:]]),
    ):
        shown = texts(chart)
        assert all(any(places.label(place, language) in text for text in shown) for place in ends), chart.kind
        assert "300" in "".join(shown) and len(chart.data) >= 300 and chart.figure.get_figheight() < 10
        assert not overlapping(chart) and not beyond(chart)
