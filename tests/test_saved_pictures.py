"""Pictures as files: what each format holds, glyphs of the PDF, palette of the PNG, and what a notebook keeps."""

import base64
import io
import re
import zlib
from html import escape
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from IPython.core.formatters import DisplayFormatter
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image
from rows import facts_of
from test_charts import facts_of_pm25, ranking_of

from ecoanalysis import charts
from ecoanalysis.charts import pdf_font
from ecoanalysis.charts.chart import png
from ecoanalysis.charts.style import PAPER, WORSE
from ecoanalysis.charts.text import GlyphError
from ecoanalysis.errors import RequestError
from ecoanalysis.tables.pictures import read_index


def test_a_missing_glyph_fails_and_is_named():
    facts = facts_of([{"city": "云浮市", "value": 20, "quote": "PM2.5浓度20\ue123微克"}])
    with pytest.raises(GlyphError, match=r"U\+E123"):
        ranking_of(facts)


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
    pdf = chart.made("pdf")
    assert b"+NotoSansSC" in pdf and b"/FontFile2" in pdf and b"/Type3" not in pdf
    streams = [zlib.decompress(part) for part in fonts_in(pdf)]
    assert streams and all(stream.startswith(b"\x00\x01\x00\x00") for stream in streams)
    assert len(pdf) < 200_000
    for form in ("png", "svg", "pdf"):
        assert chart.made(form) == chart.made(form)


def test_files_say_what_they_show():
    chart = ranking_of(facts_of_pm25(), "en")
    svg = ElementTree.fromstring(chart.made("svg"))
    title, description = (svg.find(f"{{http://www.w3.org/2000/svg}}{name}").text for name in ("title", "desc"))
    assert title == "Mean PM2.5 concentration, 2024"
    assert "lowest Haikou at 16 µg/m³" in description and description.endswith(chart.source)
    pdf = ranking_of(facts_of_pm25()).made("pdf")
    assert b"/Title" in pdf and "2024年细颗粒物".encode("utf-16-be") in unescaped(pdf)
    assert b"Title" in chart.made("png") and escape(description) in chart._repr_html_()


def unescaped(pdf):
    """Return the bytes of a PDF with the strings as they are read."""
    return re.sub(rb"\\([()\\])", rb"\1", pdf)


def fonts_in(pdf):
    """Return the compressed font files of a PDF."""
    for part in pdf.split(b"/Length1")[1:]:
        yield part.partition(b"stream\n")[2].partition(b"\nendstream")[0]


def test_the_picture_is_as_wide_as_the_page_and_fine_enough_for_print():
    chart = ranking_of(facts_of_pm25())
    assert round(chart.figure.get_figwidth() * 25.4, 3) == 156
    assert int.from_bytes(chart.made("png")[16:20]) / (156 / 25.4) >= 200
    assert '<img src="data:image/png;base64,' in chart._repr_html_()


def test_a_subset_holds_just_its_characters_with_their_outlines():
    wanted = {ord(letter) for letter in "空气质量25"}
    found = []
    for _ in range(2):
        file = io.BytesIO()
        pdf_font.subset(wanted).save(file)
        found.append(file.getvalue())
    font = TTFont(io.BytesIO(found[0]))
    assert found[0] == found[1] and set(font.getBestCmap()) == wanted | {ord(" ")}
    assert [font["glyf"][name].numberOfContours for name in font.getGlyphOrder()]  # every outline is read
    again = io.BytesIO()
    TTFont(io.BytesIO(found[0]), recalcBBoxes=True).save(again)
    assert TTFont(again)["maxp"].__dict__ == font["maxp"].__dict__


def test_a_notebook_holds_one_copy_of_a_picture(tmp_path):
    chart = ranking_of(facts_of_pm25())
    shown = [DisplayFormatter().format(one)[0] for one in (chart, charts.export(tmp_path, a=chart))]
    picture = base64.b64encode((tmp_path / "a.png").read_bytes()).decode()
    assert [sum(text.count(picture) for text in one.values()) for one in shown] == [1, 1]


def test_a_mark_of_a_few_dots_keeps_its_colour_among_hundreds_of_others():
    figure = Figure(figsize=(4, 4), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow([[at / 400 for at in range(400)]] * 2, aspect="auto", cmap="Blues")
    axes.plot(200, 0.5, "v", color=WORSE, markersize=3)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    drawn = png(buffer.getvalue(), 220, {"Title": "marks"})
    picture = Image.open(io.BytesIO(drawn))
    assert picture.mode == "P" and picture.text["Title"] == "marks" and round(picture.info["dpi"][0]) == 220
    colours = {to_hex([part / 255 for part in pixel]) for _, pixel in picture.convert("RGB").getcolors(1 << 20)}
    assert WORSE in colours and len(colours) > 90
