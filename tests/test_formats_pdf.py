"""PDF files: lines and paragraphs, pages, tables with lines around them, what is no text, and files that are no good."""

from pathlib import Path

from files import paragraph, pdf, ruled
from test_formats_word import facts, made, refusal

from ecoanalysis.reading import read

TITLE = (120, 780, 22, "蚌埠市2024年生态环境工作总结")
LONG = (
    "2024年，全市优良天数比例八成有余，具体为80.5%，同比提高1.2个百分点，细颗粒物平均浓度三十五微克每立方米，"
    "空气质量总体改善，群众的获得感明显增强，各项任务圆满完成。"
)
SHORT = "全年立案查处环境违法案件167件，罚款828万元。"


def full(number: int, *drawn, width: int = 28) -> list:
    """A page with a running head and a page number around its content."""
    return [(200, 815, 9, "蚌埠市生态环境局内部资料"), *drawn, (280, 30, 9, f"— {number} —")]


def test_paragraphs_are_put_together_and_furniture_is_dropped(tmp_path: Path):
    first = full(1, TITLE, *paragraph(LONG, 700), *paragraph(SHORT, 560))
    pages = [first, full(2, *paragraph(LONG, 780)), full(3, *paragraph(SHORT, 780))]
    report = read(made(tmp_path, pdf(*pages), "report.pdf"))
    assert report.text.split("\n") == [TITLE[3], LONG, SHORT, LONG, SHORT]
    assert (report.city, report.year, report.encoding, report.problems) == ("蚌埠市", 2024, "pdf", ())
    assert [report.address(report.text.index(LONG) + 5), report.address(len(report.text) - 2)] == ["page 1", "page 3"]
    assert report.address(report.text.rindex(LONG)) == "page 2"


def test_a_paragraph_over_two_pages(tmp_path: Path):
    drawn = paragraph(LONG, 140)
    rest = [(left, 780 - 28 * number, size, text) for number, (left, _, size, text) in enumerate(drawn[2:])]
    pages = [[TITLE, *drawn[:2], (290, 30, 9, "1")], [*rest, *paragraph(SHORT, 600), (290, 30, 9, "2")]]
    report = read(made(tmp_path, pdf(*pages), "report.pdf"))
    assert report.text.split("\n") == [TITLE[3], LONG, SHORT]
    assert report.address(report.text.index(SHORT)) == "page 2"


AIR = [["县区", "PM2.5浓度（μg/m3）", "优良天数比例（%）"], ["怀远县", "35", "80.1"], ["五河县", "33", "82.7"]]


def test_a_table_gives_facts_with_page_and_row(tmp_path: Path):
    content = [TITLE, *paragraph(SHORT, 700), *ruled(AIR, 600), *paragraph("特此公布。", 400)]
    report = read(made(tmp_path, pdf(content), "report.pdf"))
    assert report.text.split("\n")[2:] == [
        "怀远县PM2.5浓度35μg/m3；怀远县优良天数比例80.1%。",
        "五河县PM2.5浓度33μg/m3；五河县优良天数比例82.7%。",
        "特此公布。",
    ]
    assert ("air.pm25", "level", 33.0, "ug/m3", "五河县") in facts(report)
    assert report.address(report.text.index("33μg")) == "page 1, table 1, row 3"
    assert report.address(report.text.index("特此")) == "page 1"


def test_a_table_over_two_pages_with_its_header_again(tmp_path: Path):
    pages = [
        full(1, TITLE, *ruled(AIR, 140)),
        full(2, *ruled([AIR[0], ["固镇县", "31", "85"]], 780), *paragraph(SHORT, 500)),
    ]
    report = read(made(tmp_path, pdf(*pages), "report.pdf"))
    assert "固镇县PM2.5浓度31μg/m3；固镇县优良天数比例85%。" in report.text
    assert report.address(report.text.index("31μg")) == "page 2, table 1, row 4"


def test_merged_cells(tmp_path: Path):
    rows = [["城市", "PM2.5", ""], ["", "浓度（μg/m3）", "同比（%）"], ["蚌埠市", "35", "-8.3"]]
    lines = [one for one in ruled(rows, 600) if isinstance(one[3], str) and one[3]]
    level = [(72, 600, 402, 600), (182, 576, 402, 576), (72, 552, 402, 552), (72, 528, 402, 528)]
    upright = [(72, 528, 72, 600), (182, 528, 182, 600), (292, 528, 292, 576), (402, 528, 402, 600)]
    report = read(made(tmp_path, pdf([TITLE, *level, *upright, *lines]), "report.pdf"))
    assert report.text.endswith("\n蚌埠市PM2.5浓度35μg/m3；蚌埠市PM2.5同比下降8.3%。")


def test_a_frame_is_no_table(tmp_path: Path):
    frame = [(60, 600, 540, 600), (60, 720, 540, 720), (60, 600, 60, 720), (540, 600, 540, 720)]
    report = read(made(tmp_path, pdf([TITLE, *frame, *paragraph(LONG, 700)]), "report.pdf"))
    assert report.text.split("\n") == [TITLE[3], LONG] and report.address(len(TITLE[3]) + 1) == "page 1"


def test_thin_filled_boxes_and_boxes_in_one_path_are_lines(tmp_path: Path):
    texts = [one for one in ruled(AIR, 600) if isinstance(one[3], str)]
    bars = [f"72 {600 - 24 * row} 330 0.5 re f" for row in range(4)]
    bars += [f"{72 + 110 * column} 528 0.5 72 re f" for column in range(4)]
    boxes = " ".join(f"{72 + 110 * column} {576 - 24 * row} 110 24 re" for row in range(3) for column in range(3))
    scaled = f"q 0.5 0 0 0.5 0 0 cm {' '.join(str(float(n) * 2) if n[0].isdigit() else n for n in boxes.split())} S Q"
    for drawn in (bars, [scaled]):
        report = read(made(tmp_path, pdf([TITLE, *drawn, *texts]), "report.pdf"))
        assert "五河县PM2.5浓度33μg/m3" in report.text


def test_a_page_stored_on_its_side(tmp_path: Path):
    """Turned by 90 degrees when shown: what is stored upwards runs to the right."""
    upright = [(120, 550, 22, TITLE[3]), *paragraph(LONG, 480), *ruled(AIR, 300)]
    turned = ["q 0 1 -1 0 595 0 cm", *upright, "Q"]
    report = read(made(tmp_path, pdf(turned, turned=90), "report.pdf"))
    assert report.text.split("\n")[:2] == [TITLE[3], LONG] and "五河县PM2.5浓度33μg/m3" in report.text


def test_watermarks_and_doubled_print(tmp_path: Path):
    mark = f"q 0.7 0.7 -0.7 0.7 200 200 cm {one(0, 0, 60, '内部999')} Q"
    report = read(made(tmp_path, pdf([TITLE, mark, *paragraph(LONG, 700)]), "report.pdf"))
    assert report.text.split("\n") == [TITLE[3], LONG]
    twice = [one(72 + 16 * n + shift, 600, 16, char) for n, char in enumerate("罚款伍万元") for shift in (0, 0.4)]
    assert read(made(tmp_path, pdf([TITLE, *twice]), "twice.pdf")).text.endswith("\n罚款伍万元")


def test_a_line_that_is_set_wide(tmp_path: Path):
    wide = [
        one(left, 600, 16, char) for left, char in zip((72, 96, 120, 136, 152, 176, 200), "立案67件罚款", strict=True)
    ]
    assert read(made(tmp_path, pdf([TITLE, *wide]), "wide.pdf")).text.endswith("\n立案67件罚款")


def one(left: float, bottom: float, size: float, text: str) -> str:
    return f"BT /F {size} Tf {left} {bottom} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def test_a_single_character_of_a_font_that_nobody_has(tmp_path: Path):
    rows = [["县区", "立案数（件）", "查封（件）"], ["怀远县", "3", "0"], ["五河县", "7", "1"]]
    report = read(made(tmp_path, pdf([TITLE, *ruled(rows, 600)]), "report.pdf"))
    assert "怀远县立案数3件；怀远县查封0件。" in report.text


def test_a_lowered_figure_stays_in_its_line(tmp_path: Path):
    drawn = [(72, 600, 16, "PM"), (88, 596, 9, "2.5"), (102, 600, 16, "浓度为35微克每立方米。")]
    assert read(made(tmp_path, pdf([TITLE, *drawn]), "report.pdf")).text.endswith("\nPM2.5浓度为35微克每立方米。")


PICTURE = "q 500 0 0 700 50 50 cm /I Do Q"


def test_scans_are_said(tmp_path: Path):
    assert refusal(tmp_path, pdf([PICTURE], [PICTURE]), "scan.pdf") == "scan"
    report = read(made(tmp_path, pdf([TITLE, *paragraph(LONG, 700)], [PICTURE], [PICTURE]), "report.pdf"))
    (problem,) = report.problems
    assert (problem.code, problem.severity) == ("scan_pages", "warning") and problem.message.endswith(": 2, 3")


def test_files_that_are_no_good(tmp_path: Path):
    whole = pdf([TITLE, *paragraph(LONG, 700)])
    assert refusal(tmp_path, b"%PDF-1.7 ...", "a.pdf") == "damaged"
    assert refusal(tmp_path, whole[:400], "a.pdf") == "damaged"
    secret = "/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{0}> /U <{0}> >> /ID [<00> <00>]".format(
        "41" * 32
    )
    assert refusal(tmp_path, pdf([TITLE], trailer=secret), "a.pdf") == "encrypted"
    report = read(made(tmp_path, whole, "report.docx"))
    assert report.text.startswith(TITLE[3]) and [one.code for one in report.problems] == ["wrong_ending"]


def test_a_pdf_made_by_a_library(tmp_path: Path):
    """With an embedded font, as most programs write them."""
    import matplotlib.pyplot as plt

    from ecoanalysis.charts.style import drawing

    with drawing():
        figure = plt.figure(figsize=(8, 11))
        figure.text(0.1, 0.9, "蚌埠市2024年生态环境工作总结", size=20)
        figure.text(0.1, 0.8, "全市PM2.5平均浓度35微克/立方米，优良天数比例80.5%。", size=12)
        figure.savefig(tmp_path / "report.pdf")
        plt.close(figure)
    report = read(tmp_path / "report.pdf")
    assert ("air.pm25", "level", 35.0, "ug/m3", "全市") in facts(report)


def test_hostile_pages_end_soon(tmp_path: Path):
    lines = "\n".join(f"{n % 500} {n // 7 % 800} m {n % 500 + 60} {n // 7 % 800} l S" for n in range(60_000))
    assert read(made(tmp_path, pdf([TITLE, lines, *paragraph(LONG, 700)]), "lines.pdf")).text
    stairs = [(float(n), float(n), float(n), 842.0) for n in range(590)] + [
        (float(n), float(n), 595.0, float(n)) for n in range(590)
    ]
    assert read(made(tmp_path, pdf([TITLE, *stairs, *paragraph(LONG, 700)]), "stairs.pdf")).text
    many = [(72, 700, 10, "罚款5万元" * 2000)] * 10
    assert len(read(made(tmp_path, pdf([TITLE, *many]), "many.pdf")).text) > 10_000
