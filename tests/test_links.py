"""Every number leads to its sentence: links in prose, in tables, over charts."""

import re

from rows import facts_of, metric_rows, reports_of

from ecoanalysis import charts, comparing, wording
from ecoanalysis.charts.chart import areas
from ecoanalysis.charts.layout import mark
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables

HALF = ["2024-01-01", "2024-06-30"]


def made():
    """Facts whose quotes stand in different places, two cities with one value among them, and a hostile report name."""
    rows = metric_rows("air.pm25", "ug/m3", {"云浮市": 20, "赣州市": 22, "安康市": 22})
    facts = facts_of([*rows, {"city": "商洛市", "value": 15, "period": HALF, "report": '"><script>'}])
    return facts, tables.panel(facts, "air.pm25", 2024, reports_of(facts))


def ids(html: str) -> set[str]:
    return set(re.findall(r'id="([^"]+)"', html))


def links(html: str) -> list[str]:
    return re.findall(r'href="#([^"]+)"', html)


def test_values_in_a_sentence_lead_to_the_row_of_their_own_city():
    facts, panel = made()
    by_city = {row["city"]: anchor_of(row) for row in panel.to_dict("records")}
    said = charts.prose("赣州22微克/立方米，安康22微克/立方米，云浮20微克/立方米；122微克/立方米", about=[panel]).text
    assert links(said) == [by_city["赣州市"], by_city["安康市"], by_city["云浮市"]]
    assert "122微克" in said and said.count("<a ") == 3
    found = charts.prose(comparing.finding(panel), about=[panel]).text
    assert set(links(found)) <= ids(charts.table(wording.evidence(facts, 2024)).text) and links(found)


def test_tables_of_comparability_lead_to_rows_of_evidence():
    facts, panel = made()
    page = charts.table(wording.evidence(facts, 2024)).text
    shown = charts.table(wording.comparability([panel])).text
    assert len(links(shown)) == 4 and set(links(shown)) == ids(page)
    assert "上半年（非全年）" in shown and "可比" in shown
    assert "<script>" not in page + shown
    assert "first half" in charts.table(wording.comparability([panel], "en"), "en").text


def test_numbers_in_a_picture_lead_to_rows_of_evidence():
    facts, panel = made()
    chart = charts.side_by_side(panel)
    found = areas(chart.figure)
    assert {anchor for anchor, _ in found} == {anchor_of(row) for row in panel.to_dict("records")}
    assert all(0 <= x <= 100 and 0 <= y <= 100 and w > 0 and h > 0 for _, (x, y, w, h) in found)
    assert set(links(chart._repr_html_())) == ids(charts.table(wording.evidence(facts, 2024)).text)


def test_what_comes_from_no_report_is_not_marked():
    _, panel = made()
    chart = charts.side_by_side(panel)
    text = chart.figure.axes[0].texts[0]
    mark(text, {"report": ""})
    assert text.get_gid() is None
