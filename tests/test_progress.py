"""Tasks from inspections: one scope and one day a row, the share only where arithmetic allows it."""

import itertools

import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from rows import facts_of, metric_rows, reports_of
from test_charts import beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.style import MAIN
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences

YEAR = ["2024-01-01", "2024-12-31"]


def task(city, part, value, family="central", period=YEAR, **more):
    return metric_rows(f"inspection.{family}_tasks{part}", "task", {city: value}, period=period, **more)[0]


def tasks(city, assigned, done, **more):
    return [task(city, "", assigned, **more), task(city, "_done", done, **more)]


def progress_of(rows, year=2024):
    facts = facts_of(rows)
    return tables.progress(facts, year, reports_of(facts, year))


def test_the_share_is_done_over_assigned_with_its_formula_and_day():
    table = progress_of(
        [*tasks("云浮市", 17, 7, period=["", "2024-11-30"]), task("云浮市", "_ongoing", 10, period=["", "2024-11-30"])]
    )
    row = table.iloc[0]
    assert (row["share"], row["formula"], row["as_of"], row["ongoing"]) == (41.2, "7÷17×100%", "截至11月30日", 10)
    assert set(row["marks"]) == {"assigned", "done", "ongoing"} and row["marks"]["done"]["start"] == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([task("云浮市", "", 17)], "no_done"),
        ([task("云浮市", "_done", 7), task("云浮市", "_ongoing", 10)], "no_assigned"),
        (tasks("云浮市", float("nan"), 7), "withheld"),
        (tasks("云浮市", 17, 18), "more_done"),
        ([task("云浮市", "", 17), task("云浮市", "_done", 7, bound=">=")], "bound"),
        ([*tasks("云浮市", 17, 7), task("云浮市", "_done", 9)], "conflict"),
        ([task("云浮市", "", 17), task("云浮市", "_done", 7, period=["2024-01-01", "2024-06-30"])], "no_done"),
        ([task("云浮市", "", 17), task("云浮市", "_done", 7, family="provincial")], "no_done"),
        ([task("云浮市", "", 17), task("云浮市", "_done", 7, scope="第二轮")], "no_done"),
        ([task("云浮市", "", 17), task("云浮市", "_done", 7, status="planned")], "no_done"),
    ],
)
def test_no_share_across_days_rounds_and_families(rows, reason):
    row = progress_of(rows).iloc[0]
    assert row["reason"] == reason and pd.isna(row["share"]) and row["why_not"] and row["why_not_en"]


def test_the_last_day_of_the_year_counts_and_rounds_stand_apart():
    early = tasks("云浮市", 17, 3, period=["", "2024-06-30"])
    table = progress_of(
        [*early, *tasks("云浮市", 17, 7, period=["", "2024-12-31"]), *tasks("云浮市", 20, 20, family="provincial")]
    )
    assert table[["family", "done"]].values.tolist() == [["central", 7], ["provincial", 20]]


def test_nobody_is_ranked_and_different_days_are_said():
    rows = [*tasks("云浮市", 17, 17), *tasks("汕头市", 15, 8, period=["", "2024-11-30"]), *tasks("惠州市", 9, 9)]
    table = progress_of(rows)
    assert table["city"].tolist() == ["汕头市", "惠州市", "云浮市"]  # by their codes
    assert "截至日期不同，不宜排名" in sentences(comparing.progress_finding(table, 2024))
    assert "云浮17／17（100%）" in sentences(comparing.progress_finding(table, 2024))
    assert "截至" not in sentences(comparing.progress_finding(progress_of(tasks("云浮市", 17, 17)), 2024))


def test_bars_show_done_of_assigned_and_lead_to_the_fact():
    table = progress_of([*tasks("云浮市", 17, 7), *tasks("汕头市", 34, 17)])
    chart = charts.progress(table, 2024)
    done = [bar for bar in chart.figure.axes[0].patches if bar.get_facecolor() == pytest.approx(bars_colour())]
    assert [round(bar.get_width(), 2) for bar in done] == [
        round(done[0].get_width() * share, 2) for share in (1, 7 / 17)
    ]
    marks = {text.get_gid() for text in chart.figure.axes[0].texts}
    assert {f"fact-{anchor_of(row)}" for row in table.to_dict("records")} <= marks


def bars_colour():
    return to_rgba(MAIN)


@pytest.mark.parametrize(("language", "width"), list(itertools.product(("zh", "en"), (156.0, 75.0))))
def test_nothing_meets(language, width):
    rows = [
        *tasks("云浮市", 17, 7),
        *tasks("汕头市", 34, 17, period=["", "2024-11-30"]),
        task("惠州市", "", 5, family="provincial"),
    ]
    rows += tasks("赣州市", float("nan"), 7)
    chart = charts.progress(progress_of(rows), 2024, language, width)
    assert not overlapping(chart) and not beyond(chart)
    assert language == "zh" or not any("一" <= letter <= "鿿" for text in texts(chart) for letter in text)


def test_without_tasks_a_sentence_stands_there():
    assert "没有报告" in charts.progress(progress_of(metric_rows("air.pm25", "ug/m3", {"赣州市": 2})), 2024).text
