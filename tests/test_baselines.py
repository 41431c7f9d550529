"""Reference lines in a ranking: which belong there, what they say, and that their words meet nothing."""

import itertools

import pytest
from rows import facts_of, metric_rows, reports_of
from test_charts import MANY, beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.baselines import Line, place_lines
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences

HALF = ["2024-01-01", "2024-06-30"]


def panel_of(metric, unit, values, year=2024, **more):
    more.setdefault("period", [f"{year}-01-01", f"{year}-12-31"])
    facts = facts_of(metric_rows(metric, unit, values, **more))
    return tables.panel(facts, metric, year, reports_of(facts, year))


CITIES = {"赣州市": 18, "云浮市": 20.5, "佛山市": 25}


@pytest.mark.parametrize(
    ("metric", "unit", "more", "gives"),
    [
        ("air.pm25", "ug/m3", {}, [("national", 29.3, "excluded"), ("limit", 35, "")]),
        ("air.pm25", "ug/m3", {"scope": "中心城区"}, [("limit", 35, "")]),
        ("air.pm25", "ug/m3", {"period": HALF}, []),
        ("air.pm25", "ug/m3", {"year": 2026}, [("limit", 30, "")]),
        ("air.pm10", "ug/m3", {"year": 2026}, []),
        ("air.pm25", "ug/m3", {"year": 2020}, [("national", 33, "raw"), ("limit", 35, "")]),
        ("air.good_days_rate", "%", {"year": 2023}, [("national", 85.5, "raw")]),
        ("air.good_days_rate", "%", {"year": 2023, "condition": "dust_excluded"}, [("national", 86.8, "excluded")]),
        ("enforcement.penalties", "case", {"year": 2023}, []),
        ("enforcement.fines", "CNY", {"year": 2023}, []),
    ],
)
def test_a_reference_is_of_the_same_year_measure_and_kind(metric, unit, more, gives):
    found = comparing.baselines(panel_of(metric, unit, CITIES, **more))
    assert [(row["kind"], row["value"], row["dust"]) for row in found.to_dict("records")] == gives
    assert (found["source"] != "").all()


def test_a_panel_of_changes_or_without_comparable_values_has_none():
    facts = facts_of(metric_rows("air.pm25", "%", CITIES, stat="change", basis="yoy"))
    assert comparing.baselines(tables.panel(facts, "air.pm25", 2024, stat="change")).empty
    assert comparing.baselines(panel_of("air.pm25", "ug/m3", CITIES, scope="高新区")).empty


def test_lines_say_value_year_and_standard_and_end_with_the_ranked_rows():
    facts = facts_of(
        [
            *metric_rows("air.pm25", "ug/m3", CITIES | {"海口市": 33}),
            *metric_rows("air.pm25", "ug/m3", {"商洛市": 30}, period=HALF),
        ]
    )
    chart = charts.ranking(tables.panel(facts, "air.pm25", 2024))
    assert {"全国29.3（2024年，扣除沙尘）", "限值35（GB 3095—2012二级）"} <= set(texts(chart))
    axes = chart.figure.axes[0]
    lines = {
        line.get_xdata()[0]: line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_zorder() == 1.5
    }
    assert sorted(lines) == [29.3, 35] and lines[29.3].get_linestyle() == "--"
    hollow = axes.get_yticks()[4]
    assert all(line.get_ydata()[1] < hollow for line in lines.values())
    assert "上半年（非全年）" in texts(chart)


def test_a_limit_far_away_is_said_and_not_drawn():
    chart = charts.ranking(panel_of("air.so2", "ug/m3", {"赣州市": 5, "云浮市": 6, "佛山市": 9}))
    assert any("图外：限值60（GB 3095—2012二级）" in text for text in texts(chart))
    assert chart.figure.axes[0].get_xlim()[1] < 20


@pytest.mark.parametrize("values", [(28, 29.3, 31), (16, 20, 60), (34, 35, 36), (9, 70, 90)])
@pytest.mark.parametrize(("language", "width"), list(itertools.product(("zh", "en"), (156.0, 75.0))))
def test_the_words_of_lines_meet_nothing(values, language, width):
    chart = charts.ranking(panel_of("air.pm25", "ug/m3", dict(zip(CITIES, values, strict=True))), language, width)
    assert not overlapping(chart) and not beyond(chart)


def test_two_lines_side_by_side_keep_clear_of_each_others_words():
    lines = [Line(29.3, "nation 29.3 (2024)", True), Line(30.0, "limit 30 (GB 3095)", False)]
    for low, high in ((10, 60), (29, 90), (0, 30.2)):
        one, other = place_lines(lines, (low, high), 80.0, 15.0, 30.0)
        assert one.level != other.level or one.right <= other.left or other.right <= one.left
        for lower, higher in itertools.permutations((one, other), 2):
            assert lower.level >= higher.level or not lower.left + 0.1 < higher.x < lower.right - 0.1


def test_a_derived_value_shows_its_formula():
    days = metric_rows("air.good_days", "day", {"海口市": 366})
    facts = facts_of([*metric_rows("air.good_days_rate", "%", {"赣州市": 99, "云浮市": 97, "佛山市": 95}), *days])
    panel = tables.panel(facts, "air.good_days_rate", 2024)
    assert "推算：366÷366×100%" in texts(charts.ranking(panel))
    assert "derived: 366÷366×100%" in texts(charts.ranking(panel, "en"))


def test_many_hollow_values_are_listed_after_the_first_twelve():
    half = metric_rows("air.pm25", "ug/m3", {city: 20 + at for at, city in enumerate(MANY)}, period=HALF)
    core = metric_rows("air.pm25", "ug/m3", {"商洛市": 40, "安康市": 41}, scope="中心城区")
    whole = metric_rows("air.pm25", "ug/m3", CITIES | dict.fromkeys(["海口市", "惠州市", "深圳市", "厦门市"], 30))
    whole += metric_rows(
        "air.pm25", "ug/m3", dict.fromkeys(["南宁市", "长沙市", "宁波市", "大连市", "青岛市", "杭州市"], 30)
    )
    chart = charts.ranking(tables.panel(facts_of([*half, *core, *whole]), "air.pm25", 2024))
    assert any("中心城区（非全市）：商洛 40微克/立方米、安康 41微克/立方米" in text for text in texts(chart))
    assert len([line for line in chart.figure.axes[0].lines if line.get_marker() == "o"]) == 13 + 12
    assert not overlapping(chart) and not beyond(chart)


def test_each_dot_leads_to_its_fact():
    panel = panel_of("air.pm25", "ug/m3", CITIES)
    chart = charts.ranking(panel)
    marked = [line.get_gid() for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    assert marked == [f"fact-{anchor_of(row)}" for row in panel.to_dict("records")]


def test_the_finding_counts_who_keeps_the_limit():
    panel = panel_of("air.pm25", "ug/m3", {"赣州市": 18, "云浮市": 29.3, "佛山市": 35, "海口市": 36})
    said = sentences(comparing.baselines_finding(panel))
    assert "可比的4个城市中，1个优于全国的29.3微克/立方米" in said and "3个不超过限值35微克/立方米" in said
    assert "Of the 4 cities that compare 1 do better" in sentences(comparing.baselines_finding(panel), "en")
    assert sentences(comparing.baselines_finding(panel_of("air.pm25", "ug/m3", CITIES, period=HALF))) == ""
