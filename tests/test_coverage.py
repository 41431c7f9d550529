"""Which metrics each place reported: the states of a metric, and the map that shows them."""

import itertools

import pytest
from matplotlib.colors import to_hex
from rows import facts_of, metric_rows, reports_of
from test_charts import MANY, labels, texts

from ecoanalysis import charts, comparing
from ecoanalysis.wording import tables


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
    found = comparing.states(facts, reports_of(facts))
    states = found[found["metric"] == "air.pm25"].set_index("place")["state"]
    assert states.to_dict() == {"云浮市": "reported", "赣州市": "planned", "商洛市": "silent", "template": "withheld"}
    assert comparing.shared_metrics(facts, 2024, reports_of(facts)) == ["air.pm25"]


def test_coverage_shows_every_state():
    facts = facts_of(
        [
            {"city": "云浮市", "value": 20},
            {"city": "赣州市", "value": 20, "status": "planned"},
            {"report": "template"},
            {"city": "商洛市", "metric": "water.grade", "unit": "grade", "value": 2},
        ]
    )
    chart = charts.coverage(comparing.states(facts, reports_of(facts), year=2024), 2024)
    cells = chart.figure.axes[0].patches
    assert chart.summary == "4个地方，2项指标：已公布 2、未公开 1、只有目标 1、未公布 4。"
    assert len(cells) == 8 and len({to_hex(cell.get_facecolor()) for cell in cells}) == 4
    assert {"已公布", "未公开", "只有目标", "未公布", "空气", "水"} <= set(texts(chart))
    assert [tick.get_text() for tick in chart.figure.axes[0].get_xticklabels()] == ["云浮", "商洛", "赣州", "匿名"]


def test_a_metric_of_ones_own_has_its_domain_for_a_heading(project):
    entry = '[my.birds]\nzh = "鸟类种数"\nen = "Bird species"\nunit = "species"\nbetter = "higher"\ncues = ["鸟类"]\n'
    (project / "metrics" / "my.toml").write_text(entry, encoding="utf-8")
    facts = facts_of(metric_rows("my.birds", "species", {"云浮市": 310, "赣州市": 290, "商洛市": 305}))
    chart = charts.coverage(comparing.states(facts, reports_of(facts), year=2024), 2024)
    assert chart.title.endswith("：my") and "鸟类种数" in texts(chart)
    ranking = charts.ranking(tables.panel(facts, "my.birds", 2024, reports_of(facts)))
    assert labels(ranking) == ["云浮", "商洛", "赣州"]


def test_coverage_of_one_state_needs_no_key_and_names_its_domain():
    facts = facts_of(metric_rows("air.pm25", "ug/m3", dict.fromkeys(MANY[:3], 20)))
    chart = charts.coverage(comparing.states(facts, reports_of(facts), year=2024), 2024)
    assert chart.title == "2024年各地公布了哪些指标：空气"
    assert "表中各项均为“已公布”" in texts(chart) and "已公布" not in texts(chart) and "空气" not in texts(chart)


@pytest.mark.parametrize("count", range(2, 13))
def test_the_heads_of_a_coverage_map_stand_apart(count):
    names = ["西双版纳傣族自治州", "衢州市", "九江市", *MANY][:count]
    facts = facts_of(metric_rows("air.good_days_rate", "%", dict.fromkeys(names, 99)))
    for language in ("zh", "en"):
        chart = charts.coverage(comparing.states(facts, reports_of(facts), year=2024), 2024, language)
        heads = [tick.get_window_extent() for tick in chart.figure.axes[0].get_xticklabels()]
        assert all(right.x0 - left.x1 > 2 for left, right in itertools.pairwise(heads))
