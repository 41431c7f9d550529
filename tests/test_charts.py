"""Charts, through their artists: who stands where, what is hollow, what is written, and that nothing overlaps."""

import itertools
import zlib

import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from rows import facts_of, metric_rows, reports_of

from ecoanalysis import charts, comparing
from ecoanalysis.charts.chart import read_index
from ecoanalysis.charts.style import BETTER, MAIN, PAPER, WORSE, GlyphError, text_width, wrap
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge.wording import say

HALF = ["2024-01-01", "2024-06-30"]
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
    return charts.ranking(comparing.panel(facts, "air.pm25", 2024, reports_of(facts)), language, **more)


def labels(chart):
    return [tick.get_text() for tick in chart.figure.axes[0].get_yticklabels()]


def texts(chart):
    return [text.get_text() for text in chart.figure.findobj(Text) if text.get_visible() and text.get_text()]


def overlapping(chart):
    """Return the pairs of texts whose boxes overlap by more than a hair."""
    chart.figure.canvas.draw()
    drawn = [text for text in chart.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-1.5)) for text in drawn]
    return [(one, other) for (one, a), (other, b) in itertools.combinations(boxes, 2) if a.overlaps(b)]


def beyond(chart):
    """Return the texts that leave the sheet."""
    chart.figure.canvas.draw()
    width, height = chart.figure.canvas.get_width_height()
    drawn = [text for text in chart.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn]
    return [text for text, b in boxes if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]


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


def test_a_higher_better_metric_is_ranked_from_the_top():
    values = {"赣州市": 99.5, "云浮市": 97.5, "商洛市": 98}
    facts = facts_of(metric_rows("air.good_days_rate", "%", values))
    chart = charts.ranking(comparing.panel(facts, "air.good_days_rate", 2024))
    assert labels(chart) == ["赣州", "商洛", "云浮"]


def test_fewer_than_three_values_stand_side_by_side_with_their_words():
    facts = facts_of(
        [
            *metric_rows("enforcement.penalties", "case", {"赣州市": 18}, unit_text="宗", quote="作出处罚决定18宗"),
            *metric_rows("enforcement.penalties", "case", {"云浮市": 9}, unit_text="家", quote="处罚企业9家", scope=""),
        ]
    )
    chart = charts.ranking(comparing.panel(facts, "enforcement.penalties", 2024))
    assert chart.kind == "side_by_side"
    assert {"18宗", "9家", "全市，全年", "作出处罚决定18宗", "处罚企业9家"} <= set(texts(chart))
    english = charts.ranking(comparing.panel(facts, "enforcement.penalties", 2024), "en")
    assert {"18 cases", "9 firms"} <= set(texts(english))


def test_where_nobody_speaks_the_chart_says_so():
    facts = facts_of([{"city": "云浮市", "value": 20}])
    chart = charts.ranking(comparing.panel(facts, "air.pm10", 2024))
    assert labels(chart) == ["未公布"] and {"1个：云浮", "没有报告公布"} <= set(texts(chart))
    empty = charts.counts(comparing.counts(facts, comparing.FUNNEL, 2024), "cases")
    assert "未公布1个：云浮" in texts(empty)


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
    panel = comparing.panel(facts, "air.pm25", 2024, stat="change")
    chart = charts.change(panel, comparing.panel(facts, "air.pm25", 2024))
    dots = [line for line in chart.figure.axes[0].lines if line.get_marker() == "o"]
    assert [to_hex(dot.get_color()) for dot in dots] == [BETTER, BETTER, WORSE]
    assert labels(chart) == ["赣州", "云浮", "商洛", "安康"]
    assert {"−8", "−2", "+3", "2024年22微克/立方米"} <= set(texts(chart))
    assert any(text.startswith("−1.5微克/立方米") for text in texts(chart))
    with pytest.raises(RequestError, match="no changes"):
        charts.change(comparing.panel(facts, "air.pm25", 2024))


def facts_of_cases():
    filed = metric_rows("enforcement.cases_filed", "case", {"赣州市": 80, "云浮市": 167}, unit_text="件")
    spared = metric_rows("enforcement.no_penalty_cases", "case", {"云浮市": 53}, unit_text="宗", period=HALF)
    seized = [{"report": "template", "metric": "enforcement.seizures", "unit": "case"}]
    return facts_of([*filed, *spared, *seized, {"city": "惠州市", "value": 1}])


def test_counts_are_small_multiples_in_one_colour():
    facts = facts_of_cases()
    chart = charts.counts(comparing.counts(facts, comparing.FUNNEL, 2024, reports_of(facts)), "cases")
    assert labels(chart) == ["立案（查处）环境违法案件数", "不予（免于）处罚案件数", "查封扣押案件数"]
    assert {"80件", "167件", "53宗（上半年）", "未公开", "未公布1个：惠州"} <= set(texts(chart))
    bars = [bar for axes in chart.figure.axes for bar in axes.patches]
    assert {to_hex(bar.get_facecolor()) for bar in bars} <= {MAIN, PAPER}
    assert len({axes.get_xlim() for axes in chart.figure.axes}) == 1


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
    assert len(cells) == 8 and len({to_hex(cell.get_facecolor()) for cell in cells}) == 4
    assert {"已公布", "未公开", "只有目标", "未公布", "空气", "水"} <= set(texts(chart))
    assert [tick.get_text() for tick in chart.figure.axes[0].get_xticklabels()] == ["云浮", "商洛", "赣州", "匿名"]


def test_a_metric_of_ones_own_has_its_domain_for_a_heading(project):
    entry = '[my.birds]\nzh = "鸟类种数"\nen = "Bird species"\nunit = "species"\nbetter = "higher"\ncues = ["鸟类"]\n'
    (project / "metrics" / "my.toml").write_text(entry, encoding="utf-8")
    facts = facts_of(metric_rows("my.birds", "species", {"云浮市": 310, "赣州市": 290, "商洛市": 305}))
    chart = charts.coverage(comparing.states(facts, reports_of(facts), year=2024), 2024)
    assert {"my", "鸟类种数"} <= set(texts(chart))
    ranking = charts.ranking(comparing.panel(facts, "my.birds", 2024, reports_of(facts)))
    assert labels(ranking) == ["云浮", "商洛", "赣州"]


def every_chart(language):
    facts, cases = facts_of_pm25(), facts_of_cases()
    reports = reports_of(facts, sample=True)
    table = comparing.counts(cases, comparing.FUNNEL, 2024, reports_of(cases))
    yield ranking_of(facts, language)
    yield ranking_of(facts, language, width=75.0)
    yield charts.side_by_side(comparing.panel(facts, "air.pm25", 2024, reports), language)
    yield charts.side_by_side(comparing.panel(facts, "air.pm25", 2024, reports), language, 75.0)
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
    assert "ecoanalysis" in chart.source and say("sample", language) not in chart.source
    sample = comparing.panel(facts, "air.pm25", 2024, reports_of(facts, sample=True))
    marked = charts.ranking(sample, language)
    assert marked.source.endswith(say("sample", language))
    flat = "".join(texts(marked)).replace("\n", "").replace(" ", "")
    assert say("sample", language).replace(" ", "") in flat


def test_a_missing_glyph_fails_and_is_named():
    facts = facts_of([{"city": "云浮市", "value": 20, "quote": "PM2.5浓度20\ue123微克"}])
    with pytest.raises(GlyphError, match=r"U\+E123"):
        ranking_of(facts)


def test_a_language_without_labels_is_refused():
    with pytest.raises(RequestError, match=r"no labels in 'english'. Nearest: en"):
        ranking_of(facts_of_pm25(), "english")


def test_saving_writes_every_format_and_a_row_in_the_index(tmp_path, monkeypatch):
    monkeypatch.setenv("ECOANALYSIS_FIGURES", str(tmp_path))
    chart = ranking_of(facts_of_pm25())
    files = chart.save("air_pm25", tmp_path / "2024")
    assert [file.suffix for file in files] == [".png", ".svg", ".pdf", ".csv"]
    assert all(file.stat().st_size > 500 for file in files)
    assert files[-1].read_bytes().startswith(b"\xef\xbb\xbfcity,")
    chart.save("air_pm25", tmp_path / "2024")
    (row,) = read_index(tmp_path / "index.csv")
    assert row["file"] == "2024/air_pm25.png" and row["title"] == chart.title and row["rows"] == "8"
    with pytest.raises(RequestError, match="no name for a chart"):
        chart.save("../air_pm25")


def test_the_pdf_embeds_a_truetype_subset_and_the_same_chart_gives_the_same_bytes():
    chart = ranking_of(facts_of_pm25())
    pdf = chart._bytes("pdf")
    assert b"+NotoSansSC" in pdf and b"/FontFile2" in pdf and b"/Type3" not in pdf
    streams = [zlib.decompress(part) for part in fonts_in(pdf)]
    assert streams and all(stream.startswith(b"\x00\x01\x00\x00") for stream in streams)
    assert len(pdf) < 200_000
    for form in ("png", "svg", "pdf"):
        assert chart._bytes(form) == chart._bytes(form)


def fonts_in(pdf):
    """Return the compressed font files of a PDF."""
    for part in pdf.split(b"/Length1")[1:]:
        yield part.partition(b"stream\n")[2].partition(b"\nendstream")[0]


def test_the_picture_is_as_wide_as_the_page_and_fine_enough_for_print():
    chart = ranking_of(facts_of_pm25())
    assert round(chart.figure.get_figwidth() * 25.4, 3) == 156
    assert int.from_bytes(chart._repr_png_()[16:20]) / (156 / 25.4) >= 200
    assert chart._repr_html_().startswith('<img src="data:image/png;base64,')


def test_a_chart_leaves_matplotlib_as_it_was():
    before = dict(mpl.rcParams)
    ranking_of(facts_of_pm25())
    assert dict(mpl.rcParams) == before


def test_lines_break_where_chinese_may_break():
    for line in wrap("全市空气质量优良率达97.5%，PM2.5平均浓度（年均）22微克/立方米。", 30, 8.5):
        assert text_width(line, 8.5) <= 30
        assert line[0] not in "，。）" and line[-1] != "（"
