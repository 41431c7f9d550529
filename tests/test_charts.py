"""The marks and texts of a chart, through its artists: who stands where, what is hollow, and that nothing overlaps."""

import itertools

import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from rows import facts_of, metric_rows, reports_of

from ecoanalysis import charts, comparing
from ecoanalysis.charts.style import BETTER, MAIN, PAPER, WORSE
from ecoanalysis.charts.text import text_width, wrap
from ecoanalysis.errors import RequestError
from ecoanalysis.tables.pictures import read_index
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import say

HALF = ["2024-01-01", "2024-06-30"]
CASES = (
    "enforcement.cases_filed",
    "enforcement.penalties",
    "enforcement.no_penalty_cases",
    "enforcement.lenient_cases",
    "enforcement.seizures",
    "enforcement.production_limits",
    "enforcement.police_transfers",
)
MANY = [
    "太原市",
    "大同市",
    "无锡市",
    "徐州市",
    "苏州市",
    "宿州市",
    "合肥市",
    "芜湖市",
    "蚌埠市",
    "淮南市",
    "铜陵市",
    "安庆市",
]


def facts_of_pm25():
    whole = metric_rows("air.pm25", "ug/m3", {"赣州市": 18, "云浮市": 20.5, "佛山市": 25, "海口市": 16})
    return facts_of(
        [
            *whole,
            *metric_rows("air.pm25", "ug/m3", {"商洛市": 15}, period=HALF, scope="中心城区"),
            *metric_rows("air.pm25", "ug/m3", {"安康市": 28}, scope="市区"),
            {"report": "template"},
            *metric_rows("air.pm10", "ug/m3", {"惠州市": 40}),
        ]
    )


def ranking_of(facts, language="zh", **more):
    return charts.ranking(tables.panel(facts, "air.pm25", 2024, reports_of(facts)), language, **more)


def labels(chart):
    return [tick.get_text() for tick in chart.figure.axes[0].get_yticklabels()]


def texts(chart):
    return [text.get_text() for text in chart.figure.findobj(Text) if text.get_visible() and text.get_text()]


def boxes(chart):
    """Return the texts that are drawn, each with its box."""
    chart.figure.canvas.draw()
    drawn = [text for text in chart.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent()) for text in drawn]


def overlapping(chart):
    """Return the pairs of texts whose boxes overlap by more than a hair."""
    pairs = itertools.combinations([(text, box.padded(-1.5)) for text, box in boxes(chart)], 2)
    return [(one, other) for (one, a), (other, b) in pairs if a.overlaps(b)]


def beyond(chart):
    """Return the texts that leave the sheet."""
    width, height = chart.figure.canvas.get_width_height()
    return [text for text, b in boxes(chart) if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]


def test_a_ranking_has_the_best_at_the_top_and_the_rest_below():
    chart = ranking_of(facts_of_pm25())
    assert labels(chart) == ["海口", "赣州", "云浮", "佛山", "商洛", "安康", "匿名", "惠州"]
    assert chart.figure.axes[0].yaxis_inverted()
    assert {"16", "18", "20.5", "25"} <= set(texts(chart))
    assert chart.kind == "ranking" and "数值越低越好" in " ".join(texts(chart))


def test_what_does_not_compare_is_hollow_with_its_reason():
    chart = ranking_of(facts_of_pm25())
    dots = [line for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    fills = [to_hex(dot.get_markerfacecolor()) for dot in dots]
    assert fills == [MAIN] * 4 + [PAPER] * 2
    written = "".join(texts(chart)).replace("\n", "")
    assert "中心城区（非全市）；上半年（非全年）" in written and "市区（非全市）" in written
    assert "未公开" in texts(chart) and "未公布" in texts(chart)


def test_a_ranked_dot_has_a_guide_across_the_plot_and_no_stem():
    axes = ranking_of(facts_of_pm25()).figure.axes[0]
    assert axes.get_xlim()[0] > 0
    guides = [line for line in axes.lines if line.get_linestyle() == "-" and len(set(line.get_ydata())) == 1]
    assert guides and all(list(line.get_xdata()) == [0, 1] for line in guides)


def test_a_higher_better_metric_is_ranked_from_the_top():
    values = {"赣州市": 99.5, "云浮市": 97.5, "商洛市": 98}
    facts = facts_of(metric_rows("air.good_days_rate", "%", values))
    chart = charts.ranking(tables.panel(facts, "air.good_days_rate", 2024))
    assert labels(chart) == ["赣州", "商洛", "云浮"]


def test_fewer_than_three_values_stand_side_by_side_with_their_words():
    facts = facts_of(
        [
            *metric_rows("enforcement.penalties", "case", {"赣州市": 18}, unit_text="宗", quote="作出处罚决定18宗"),
            *metric_rows("enforcement.penalties", "case", {"云浮市": 9}, unit_text="家", quote="处罚企业9家", scope=""),
        ]
    )
    chart = charts.ranking(tables.panel(facts, "enforcement.penalties", 2024))
    assert chart.kind == "side_by_side"
    assert {"18宗", "9家", "全市，全年", "作出处罚决定18宗", "处罚企业9家"} <= set(texts(chart))
    english = charts.ranking(tables.panel(facts, "enforcement.penalties", 2024), "en")
    assert {"18 cases", "9 firms"} <= set(texts(english))


def test_where_nobody_speaks_a_sentence_stands_in_place_of_a_picture(tmp_path, monkeypatch):
    monkeypatch.setenv("ECOANALYSIS_FIGURES", str(tmp_path))
    facts = facts_of([{"city": "云浮市", "value": 20}, {"city": "赣州市", "value": 20}])
    panel = tables.panel(facts, "air.pm10", 2024)
    said = charts.ranking(panel)
    assert said.text == "2024年可吸入颗粒物（PM10）平均浓度：赣州、云浮未公布，不作图。"
    assert "not reported by Ganzhou and Yunfu" in charts.ranking(panel, "en").text
    assert charts.change(tables.panel(facts, "air.pm10", 2024, stat="change")).kind == "nothing"
    assert charts.counts(tables.counts(facts, CASES, 2024), "cases").kind == "nothing"
    states = comparing.states(facts, reports_of(facts), comparing.shared_metrics(facts, 2024, domains=["soil"]), 2024)
    assert charts.coverage(states, 2024).text == "2024年各地公布了哪些指标：没有报告公布，不作图。"
    charts.ranking(tables.panel(facts, "air.pm25", 2024)).save("pm10")
    assert len(list(tmp_path.iterdir())) == 5
    assert said.save("pm10") == [] and [file.name for file in tmp_path.iterdir()] == ["index.csv"]
    assert not read_index(tmp_path / "index.csv")


def test_many_silent_places_share_one_row_and_names_are_whole():
    facts = facts_of(
        [
            *metric_rows("air.pm25", "ug/m3", {"赣州市": 18, "云浮市": 20.5, "佛山市": 25}),
            *metric_rows("air.pm10", "ug/m3", dict.fromkeys(MANY, 50)),
        ]
    )
    chart = ranking_of(facts)
    assert labels(chart) == ["赣州", "云浮", "佛山", "未公布"]
    listed = next(text for text in texts(chart) if text.startswith("12个："))
    assert listed.replace("\n", "").count("、") == 11
    english = next(text for text in texts(ranking_of(facts, "en")) if text.startswith("12: "))
    assert "Suzhou (Jiangsu)" in english and "Suzhou (Anhui)" in english


def test_change_tells_better_from_worse_without_red_and_green():
    rows = metric_rows("air.pm25", "%", {"赣州市": -8, "云浮市": -2, "商洛市": 3}, stat="change", basis="yoy")
    points = metric_rows("air.pm25", "ug/m3", {"安康市": -1.5}, stat="change", basis="yoy")
    facts = facts_of([*rows, *points, *metric_rows("air.pm25", "ug/m3", {"赣州市": 22})])
    panel = tables.panel(facts, "air.pm25", 2024, stat="change")
    chart = charts.change(panel, tables.panel(facts, "air.pm25", 2024))
    dots = [line for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    assert [to_hex(dot.get_color()) for dot in dots] == [BETTER, BETTER, WORSE]
    assert labels(chart) == ["赣州", "云浮", "商洛", "安康"]
    assert {"−8", "−2", "+3", "2024年22微克/立方米"} <= set(texts(chart))
    assert any(text.startswith("−1.5微克/立方米") for text in texts(chart))
    with pytest.raises(RequestError, match="no changes"):
        charts.change(tables.panel(facts, "air.pm25", 2024))


def facts_of_cases():
    filed = metric_rows("enforcement.cases_filed", "case", {"赣州市": 80, "云浮市": 167}, unit_text="件")
    spared = metric_rows("enforcement.no_penalty_cases", "case", {"云浮市": 53}, unit_text="宗", period=HALF)
    seized = [{"report": "template", "metric": "enforcement.seizures", "unit": "case"}]
    return facts_of([*filed, *spared, *seized, {"city": "惠州市", "value": 1}])


def counts_of(facts, language="zh", **more):
    return charts.counts(tables.counts(facts, CASES, 2024, reports_of(facts)), "cases", language, **more)


def bars_of(chart):
    """Return the bars of a chart and how long each is in mm."""
    chart.figure.canvas.draw()
    bars = [bar for axes in chart.figure.axes for bar in axes.patches]
    return [(bar, bar.get_window_extent().width / chart.figure.dpi * 25.4) for bar in bars]


def test_counts_have_one_colour_and_one_scale_for_all_kinds():
    chart = counts_of(facts_of_cases())
    assert labels(chart) == ["云浮", "赣州", "匿名"]
    written = "".join(texts(chart)).replace("\n", "")
    assert all(name in written for name in ("立案（查处）环境违法案件数", "不予（免于）处罚案件数", "查封扣押案件数"))
    assert {"80件", "167件", "53宗", "未公开", "未公布1个：惠州"} <= set(texts(chart))
    bars = bars_of(chart)
    assert {to_hex(bar.get_facecolor()) for bar, _ in bars} <= {MAIN, PAPER}
    per_case = {round(long / bar.get_width(), 1) for bar, long in bars}
    assert len(per_case) == 1 and max(long for _, long in bars) > 40


def test_a_hollow_bar_has_its_reason_below_it():
    chart = counts_of(facts_of_cases())
    assert [to_hex(bar.get_facecolor()) for bar, _ in bars_of(chart)] == [MAIN, MAIN, PAPER]
    assert "不予（免于）处罚案件数：无同口径城市可比：全市，上半年" in texts(chart)
    half = metric_rows("enforcement.cases_filed", "case", {"赣州市": 8, "九江市": 9}, unit_text="件")
    half += metric_rows("enforcement.cases_filed", "case", {"云浮市": 4}, unit_text="件", period=HALF)
    half += metric_rows("enforcement.no_penalty_cases", "case", {"九江市": 9, "赣州市": 2}, unit_text="件")
    chart = counts_of(
        facts_of([*half, *metric_rows("enforcement.no_penalty_cases", "case", {"云浮市": 1}, period=HALF)])
    )
    assert texts(chart).count("上半年（非全年）") == 1


def test_counts_of_one_kind_are_a_ranking():
    facts = facts_of(
        metric_rows("enforcement.cases_filed", "case", dict(zip(MANY, range(20, 60), strict=False)), unit_text="件")
    )
    chart = counts_of(facts)
    assert chart.kind == "ranking" and len(labels(chart)) == len(MANY)
    assert chart.figure.get_figheight() * 25.4 < 100


def test_counts_of_many_kinds_fill_the_page_and_stay_on_it():
    kinds = dict(zip(CASES, (400, 90, 35, 20, 8, 5, 9), strict=True))
    rows = [metric_rows(kind, "case", dict.fromkeys(MANY[:4], count), unit_text="件") for kind, count in kinds.items()]
    facts = facts_of(list(itertools.chain(*rows)))
    for language, width in itertools.product(("zh", "en"), (156.0, 75.0)):
        chart = counts_of(facts, language, width=width)
        assert not overlapping(chart) and not beyond(chart)
        right = max(axes.get_position().x1 for axes in chart.figure.axes)
        assert right * width > width - 6
        assert max(long for _, long in bars_of(chart)) >= 11.9


def every_chart(language):
    facts, cases = facts_of_pm25(), facts_of_cases()
    reports = reports_of(facts, sample=True)
    table = tables.counts(cases, CASES, 2024, reports_of(cases))
    yield ranking_of(facts, language)
    yield ranking_of(facts, language, width=75.0)
    yield charts.side_by_side(tables.panel(facts, "air.pm25", 2024, reports), language)
    yield charts.side_by_side(tables.panel(facts, "air.pm25", 2024, reports), language, 75.0)
    yield charts.counts(table, "cases", language)
    yield charts.coverage(comparing.states(facts, reports, year=2024), 2024, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_texts_overlap_or_leave_the_sheet(language):
    for chart in every_chart(language):
        assert not overlapping(chart), chart.kind
        assert not beyond(chart), chart.kind


def test_english_charts_have_no_chinese_but_quotes():
    for chart in every_chart("en"):
        chinese = [text for text in texts(chart) if any("一" <= letter <= "鿿" for letter in text)]
        assert not chinese or chart.kind == "side_by_side"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_names_its_sources_and_samples(language):
    facts = facts_of_pm25()
    chart = ranking_of(facts, language)
    assert "ecoanalysis" in chart.source and say("page.sample", language) not in chart.source
    sample = tables.panel(facts, "air.pm25", 2024, reports_of(facts, sample=True))
    marked = charts.ranking(sample, language)
    assert marked.source.endswith(say("page.sample", language))
    flat = "".join(texts(marked)).replace("\n", "").replace(" ", "")
    assert say("page.sample", language).replace(" ", "") in flat


def test_a_language_without_labels_is_refused():
    with pytest.raises(RequestError, match=r"no labels in 'english'. Nearest: en"):
        ranking_of(facts_of_pm25(), "english")


def test_a_source_line_names_three_bureaus_and_leaves_no_word_alone():
    facts = facts_of(metric_rows("air.pm25", "ug/m3", dict.fromkeys(MANY, 20)))
    for language, said in (("zh", "、无锡市生态环境局等12个单位2024年"), ("en", " and 9 more, reports of 2024")):
        for width in (156.0, 75.0):
            chart = ranking_of(facts, language, width=width)
            foot = [text for text in chart.figure.texts if text.get_text() in chart.source]
            widths = [text.get_window_extent().width for text in foot]
            assert said in chart.source and min(widths) > 0.5 * max(widths)


def test_a_chart_leaves_matplotlib_as_it_was():
    before = dict(mpl.rcParams)
    ranking_of(facts_of_pm25())
    assert dict(mpl.rcParams) == before


def test_lines_break_where_chinese_may_break():
    for line in wrap("全市空气质量优良率达97.5%，PM2.5平均浓度（年均）22微克/立方米。", 30, 8.5):
        assert text_width(line, 8.5) <= 30
        assert line[0] not in "，。）" and line[-1] != "（"
