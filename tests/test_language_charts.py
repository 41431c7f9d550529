"""Charts of words, through their artists: what is drawn, what is hollow, what is written, and that nothing overlaps."""

import random

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from rows import facts_of, metric_rows, reports_of
from test_charts import MANY, beyond, labels, overlapping, texts

from ecoanalysis import charts
from ecoanalysis.charts.chart import Nothing
from ecoanalysis.charts.style import MAIN, PAPER, WORSE
from ecoanalysis.errors import RequestError


def reports_of_cities(cities, years=(2024,), sample=False):
    parts = [
        reports_of(facts_of(metric_rows("air.pm25", "ug/m3", dict.fromkeys(cities, 1))), year, sample) for year in years
    ]
    parts = [part.assign(report=part["report"] + f"-{year}") for part, year in zip(parts, years, strict=True)]
    return pd.concat(parts, ignore_index=True)


def words_of(rows):
    names = ["word", "target", "reference", "target_rate", "reference_rate", "log_ratio", "low", "high", "z", "key"]
    names += ["reports", "dp_norm", "reference_reports", "reference_dp_norm", "inside"]
    table = pd.DataFrame(rows, columns=names)
    table.attrs["made"] = {"threshold": 14.3, "target_reports": 9, "reference_reports": 8}
    return table


NAN = float("nan")
WORDS = [
    ("美丽", 40, 10, 80.0, 20.0, 2.0, 1.0, 3.0, 6.0, True, 7, 0.2, 3, 0.5, False),
    ("示范", 30, 0, 60.0, 0.0, 6.0, 2.0, 9.0, 5.0, True, 2, 0.91, 0, NAN, False),
    ("工作", 30, 29, 60.0, 58.0, 0.1, -0.6, 0.7, 0.3, False, 9, 0.1, 8, 0.1, False),
    ("党员", 5, 40, 10.0, 80.0, -3.0, -4.0, -2.0, -7.0, True, 2, 0.5, 8, 0.3, False),
]


def test_keyness_draws_two_dots_a_word_and_the_ratio_with_its_interval():
    chart = charts.keyness(words_of(WORDS), ("赣州", "其余"), "资料来源：报告。口径")
    assert labels(chart) == ["美丽", "示范", "党员"]
    dots = [line for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    target = [dot.get_xdata()[0] for dot in dots if to_hex(dot.get_markerfacecolor()) == MAIN]
    reference = [dot.get_xdata()[0] for dot in dots if to_hex(dot.get_markerfacecolor()) == PAPER]
    assert (target, reference) == ([80.0, 60.0, 10.0], [20.0, 0.0, 80.0])
    # 2 to the power of 2 (1 to 3); only in one group; and turned round, 2 to the power of 3 (2 to 4).
    notes = {"4.0（2.0–8.0），7/9份", "对方无此词（4.0–512.0），2/9份，DP 0.91", "8.0（4.0–16.0），8/8份"}
    assert notes <= set(texts(chart))
    assert not overlapping(chart) and not beyond(chart)
    assert chart.summary == "赣州更常用：美丽、示范。其余更常用：党员。"


def test_a_word_that_stands_within_longer_words_of_the_others_is_not_said_to_be_missing_there():
    row = (*WORDS[1][:-1], True)
    assert "对方未单独成词（4.0–512.0），2/9份，DP 0.91" in texts(charts.keyness(words_of([row]), ("a", "b"), "source"))
    shown = texts(charts.keyness(words_of([row]), ("a", "b"), "source", "en"))
    assert any("other: within longer words" in text for text in shown)


def test_keyness_without_a_word_above_the_threshold_is_a_sentence():
    found = charts.keyness(words_of(WORDS[2:3]), ("Ganzhou", "the rest"), "source", "en")
    assert isinstance(found, Nothing) and "14.3" in found.text


def shares_of(count):
    rng = random.Random(count)
    places = [f"甲乙丙丁戊己庚辛壬癸{at}"[at % 10 : at % 10 + 2] + str(at) for at in range(count)]
    table = pd.DataFrame({"report": places, "place": places, "theme": "air", "rule": "characters"})
    table["share"] = [rng.random() / 4 + 0.02 for _ in places]
    return table.assign(
        low=table["share"] * 0.8, high=table["share"] * 1.3, damaged=[at % 4 == 1 for at in range(count)]
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [3, 12, 30])
def test_attention_bars_stand_largest_first_with_their_intervals(count, language):
    table = shares_of(count)
    chart = charts.attention(table, "大气", "字数占比", "source", language)
    ordered = table.sort_values("share", ascending=False)
    assert labels(chart) == list(ordered["place"])
    axes = chart.figure.axes[0]
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == pytest.approx(ordered["share"].tolist())
    assert [to_hex(bar.get_facecolor()) == PAPER for bar in bars] == ordered["damaged"].tolist()
    assert [tuple(line.get_xdata()) for line in axes.lines] == [
        tuple(row) for row in ordered[["low", "high"]].to_numpy()
    ]
    assert sum("原文有损坏" in text or "damaged text" in text for text in texts(chart)[:-1]) >= ordered["damaged"].sum()
    assert not overlapping(chart) and not beyond(chart)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_many_bars_the_ends_are_drawn_and_the_others_counted(language):
    table = shares_of(74)
    chart = charts.attention(table, "大气", "字数占比", "source", language)
    ordered = list(table.sort_values("share", ascending=False)["place"])
    assert labels(chart) == ordered[:15] + ordered[-15:]
    assert any("44" in text for text in texts(chart))
    assert not overlapping(chart) and not beyond(chart)
    assert len(chart.data) == 74


def test_attention_says_who_cannot_be_counted_and_refuses_two_themes():
    table = shares_of(3)
    table.loc[0, ["share", "low", "high"]] = np.nan
    chart = charts.attention(table, "大气", "字数占比", "source")
    assert labels(chart)[-1] == table["place"][0] and "无法计数" in texts(chart)
    with pytest.raises(RequestError, match="one theme"):
        charts.attention(table.assign(theme=["air", "air", "water"]), "大气", "字数占比", "source")


RANKS = pd.DataFrame(
    [
        ("云浮", "a", 1), ("赣州", "a", 2), ("商洛", "a", 2), ("佛山", "a", 4),
        ("云浮", "b", 4), ("赣州", "b", 1), ("商洛", "b", 2), ("佛山", "b", 3),
    ],
    columns=["place", "rule", "rank"],
)  # fmt: skip


def test_the_slope_labels_both_ends_and_gives_level_places_one_point():
    chart = charts.rank_slope(RANKS, "注意力", {"a": "整词", "b": "嵌套"}, "source")
    lines = {line.get_label(): line for line in chart.figure.axes[0].lines if line.get_marker() == "o"}
    assert {name: list(line.get_ydata()) for name, line in lines.items()} == {
        "云浮": [0.0, 3.0], "赣州": [1.5, 0.0], "商洛": [1.5, 1.0], "佛山": [3.0, 2.0],
    }  # fmt: skip
    assert {"赣州  2=", "商洛  2=", "1  赣州", "4  云浮"} <= set(texts(chart))
    assert (lines["云浮"].get_color(), lines["赣州"].get_color()) == (WORSE, MAIN)
    assert "商洛" in chart.summary or "1份名次不变" in chart.summary


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [3, 12, 40])
def test_the_labels_of_a_slope_never_overlap(count, language):
    rng = random.Random(count)
    places = shares_of(count)["place"]
    parts = []
    for rule in "abc":
        score = pd.Series([round(rng.random(), 1) for _ in places])
        parts.append(pd.DataFrame({"place": places, "rule": rule, "rank": (-score).rank(method="min")}))
    rules = {"a": "整词计数，不含嵌套", "b": "含嵌套词", "c": "share of sentences"}
    chart = charts.rank_slope(pd.concat(parts), "注意力", rules, "source", language)
    assert not overlapping(chart) and not beyond(chart)


def test_of_many_lines_those_that_move_most_are_drawn():
    places = [f"城{at}" for at in range(40)]
    first = pd.DataFrame({"place": places, "rule": "a", "rank": range(1, 41)})
    last = first.assign(rule="b", rank=[40, *range(2, 40), 1])
    chart = charts.rank_slope(pd.concat([first, last]), "注意力", {"a": "甲", "b": "乙"}, "source")
    lines = [line.get_label() for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    assert len(lines) == 12 and {"城0", "城39"} <= set(lines)
    assert any("另有28份未画" in text for text in texts(chart))
    assert not overlapping(chart) and not beyond(chart)


def test_a_slope_needs_two_named_rules():
    with pytest.raises(RequestError, match="have ranks: a, b; name each"):
        charts.rank_slope(RANKS, "注意力", {"a": "整词"}, "source")


def pairs_of(reports, seed=1):
    rng = random.Random(seed)
    rows = [
        (one.report, other.report, share := rng.random() / 5, share * rng.uniform(0.5, 1))
        for at, one in enumerate(reports.itertuples())
        for other in reports.iloc[at + 1 :].itertuples()
        if one.city != other.city and rng.random() < 0.7
    ]
    return pd.DataFrame(rows, columns=["report", "other", "share", "other_share"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("cities", "years"), [(MANY[:3], (2024,)), (MANY[:6], (2023, 2024)), (MANY, (2022, 2023, 2024))]
)
def test_the_heatmap_has_a_cell_for_every_two_reports(cities, years, language):
    reports = reports_of_cities(cities, years)
    pairs = pairs_of(reports)
    chart = charts.reuse(pairs, reports, "口径", language)
    count = len(set(pairs["report"]) | set(pairs["other"]))
    cells = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(cells) == count**2
    hatched = sum(bool(cell.get_hatch()) for cell in cells)
    assert hatched == len(cities) * len(years) * (len(years) - 1)
    assert not overlapping(chart) and not beyond(chart)


def test_a_cell_holds_the_share_of_the_row_in_the_column():
    reports = reports_of_cities(["云浮市", "赣州市"], sample=True)
    pairs = pd.DataFrame({"report": ["云浮市-2024"], "other": ["赣州市-2024"], "share": [0.5], "other_share": [0.25]})
    chart = charts.reuse(pairs, reports, "口径。")
    numbers = {(round(text.get_position()[1]), text.get_text()) for text in chart.figure.axes[0].texts}
    assert labels(chart) == ["云浮", "赣州"]
    assert [number for _, number in sorted(numbers)] == ["50", "25"]
    assert "示例文本" in chart.source and chart.source.endswith("口径。")
    assert "云浮的50%也见于赣州" in chart.summary
    assert isinstance(charts.reuse(pairs.iloc[:0], reports, "口径"), Nothing)


def test_reports_of_one_place_are_told_apart_by_year():
    reports = reports_of_cities(["云浮市", "赣州市"], (2023, 2024))
    reports = reports[reports["report"] != "赣州市-2023"]
    assert sorted(charts.report_labels(reports, "zh").values()) == ["云浮 2023", "云浮 2024", "赣州"]
    assert sorted(charts.report_labels(reports, "en").values()) == ["Ganzhou", "Yunfu 2023", "Yunfu 2024"]


def test_a_word_cloud_places_no_word_upon_another():
    chart = charts.word_cloud({f"词语{at}": 100 - at for at in range(80)}, "词云", "source")
    assert len(chart.data) == 60
    assert not overlapping(chart) and not beyond(chart)
    with pytest.raises(RequestError, match="no words"):
        charts.word_cloud({}, "词云", "source")
