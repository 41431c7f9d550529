"""Word files: paragraphs, headings, numbers of lists and tables, what is left out, and files that are no good."""

from pathlib import Path

import pytest
from files import W, docx, p, packed, part, tbl, tc

from ecoanalysis import tables as all_tables
from ecoanalysis.errors import ReadingError
from ecoanalysis.extracting import tables
from ecoanalysis.reading import Report, read

TITLE = p("蚌埠市生态环境局2024年工作总结")
PROSE = p("2024年，全市优良天数比例80.5%，同比提高1.2个百分点。")
AIR = [["县区", "PM2.5浓度（μg/m3）", "同比（%）"], ["怀远县", "35", "-8.3"], ["五河县", "*", "0"]]


def made(folder: Path, data: bytes, name: str = "report.docx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refusal(folder: Path, data: bytes, name: str = "report.docx") -> str:
    with pytest.raises(ReadingError) as refused:
        read(made(folder, data, name))
    assert str(refused.value).startswith(name)
    return refused.value.code


def facts(report: Report) -> list[tuple]:
    found = tables(report)[0]
    for row in found.itertuples():
        assert report.text[row.start : row.end] == row.quote
    return [tuple(row) for row in found[["metric", "stat", "value", "unit", "scope"]].itertuples(index=False)]


def test_paragraphs_and_tables_in_order(tmp_path: Path):
    report = read(made(tmp_path, docx(TITLE, PROSE, tbl(*AIR), p("专此报告。"))))
    assert report.text.split("\n") == [
        "蚌埠市生态环境局2024年工作总结",
        "2024年，全市优良天数比例80.5%，同比提高1.2个百分点。",
        "怀远县PM2.5浓度35μg/m3；怀远县PM2.5浓度同比下降8.3%。",
        "五河县PM2.5浓度*μg/m3；五河县PM2.5浓度同比持平。",
        "专此报告。",
    ]
    assert (report.city, report.year, report.encoding, report.problems) == ("蚌埠市", 2024, "docx", ())


def test_figures_of_a_table_are_facts_with_an_address(tmp_path: Path):
    report = read(made(tmp_path, docx(TITLE, PROSE, tbl(*AIR))))
    found = facts(report)
    assert ("air.good_days_rate", "level", 80.5, "%", "全市") in found
    assert ("air.pm25", "level", 35.0, "ug/m3", "怀远县") in found
    assert ("air.pm25", "change", -8.3, "%", "怀远县") in found
    assert report.address(report.text.index("35μg")) == "table 1, row 2"
    assert report.address(report.text.index("80.5%")) == ""


def test_addresses_follow_repair(tmp_path: Path):
    """Traditional characters, full-width digits and dropped lines before a table do not shift its rows."""
    before = [
        p("２０２４年，全市環境質量改善。"),
        p("主辦單位：某市生態環境局"),
        p("受理投訴862"),
        p("宗，有力回應關切。"),
    ]
    report = read(made(tmp_path, docx(TITLE, *before, tbl(*AIR))))
    assert {"traditional", "full width", "line join"} <= set(report.repairs)
    (first, second) = report.addresses
    assert report.text[first.start : first.end].startswith("怀远县PM2.5浓度35") and first.row == 2
    assert report.text[second.start : second.end] == "五河县PM2.5浓度*μg/m3；五河县PM2.5浓度同比持平。"


def test_merged_cells(tmp_path: Path):
    top = '<w:vMerge w:val="restart"/>'
    rows = [
        [tc("城市", top), tc("PM2.5", '<w:gridSpan w:val="2"/>')],
        [tc("", "<w:vMerge/>"), "浓度（μg/m3）", "同比（%）"],
        ["蚌埠市", "35", "-8.3"],
    ]
    report = read(made(tmp_path, docx(TITLE, tbl(*rows))))
    assert report.text.endswith("\n蚌埠市PM2.5浓度35μg/m3；蚌埠市PM2.5同比下降8.3%。")


STYLES = part(
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="a"><w:name w:val="我的标题"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:styleId="T"><w:name w:val="toc 1"/></w:style>',
    "styles",
)
NUMBERING = part(
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>',
    "numbering",
)


def numbered(level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'


def test_headings_by_style_and_numbers_that_word_counts(tmp_path: Path):
    body = [
        TITLE,
        p("大气 3", '<w:pStyle w:val="T"/>'),
        p("大气", numbered(0)),
        p("减排", numbered(1)),
        p("优良天数比例80.5%。"),
        p("治车", numbered(1)),
        p("水体", numbered(0)),
        p("断面", numbered(1)),
        p("存在的问题", '<w:pStyle w:val="a"/>'),
        p("不足之处仍有。"),
    ]
    report = read(made(tmp_path, docx(*body, styles=STYLES, numbering=NUMBERING)))
    headings = [(part.heading, part.level) for part in report.sections[1:]]
    assert headings == [
        *[("一、大气", 1), ("（一）减排", 2), ("（二）治车", 2)],
        *[("二、水体", 1), ("（一）断面", 2), ("存在的问题", 1)],
    ]


@pytest.mark.parametrize("level", ["", "01", "9", "x"])
def test_a_level_of_a_list_that_is_none_counts_nothing(tmp_path: Path, level: str):
    numbering = NUMBERING.replace('w:ilvl="0"', f'w:ilvl="{level}"')
    assert numbering != NUMBERING
    report = read(made(tmp_path, docx(TITLE, p("大气", numbered(0)), PROSE, numbering=numbering)))
    assert "\n大气\n" in report.text


def test_what_is_not_the_text_is_left_out(tmp_path: Path):
    runs = (
        "<w:r><w:t>罚款</w:t></w:r><w:del><w:r><w:delText>9万元，</w:delText><w:t>8</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>5</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r>"
        "<w:r><w:instrText>PAGE 6</w:instrText></w:r><w:r><w:t>万元</w:t></w:r>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t>，立案3件。</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t>，立案3件。</w:t></w:r></mc:Fallback></mc:AlternateContent>"
    )
    raised = (
        '<w:r><w:t>减排10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>4</w:t></w:r>'
        '<w:r><w:t>m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>3</w:t></w:r>'
    )
    inside = f"<w:sdt><w:sdtContent>{p('控件里的段落。')}</w:sdtContent></w:sdt>"
    report = read(made(tmp_path, docx(TITLE, f"<w:p>{runs}</w:p>", f"<w:p>{raised}</w:p>", inside)))
    assert report.text.split("\n")[1:] == ["罚款5万元，立案3件。", "减排10⁴m3", "控件里的段落。"]


def test_footnotes_come_last(tmp_path: Path):
    notes = part(f"<w:footnote>{p('不含飞地。')}</w:footnote>", "footnotes")
    assert read(made(tmp_path, docx(TITLE, PROSE, footnotes=notes))).text.endswith("。\n不含飞地。")


def test_the_content_decides_and_a_lying_name_is_noted(tmp_path: Path):
    for name in ("report.txt", "report.doc", "report.zip"):
        report = read(made(tmp_path, docx(TITLE, PROSE), name))
        assert report.year == 2024
        codes = [(problem.code, problem.severity) for problem in report.problems]
        assert codes == ([] if name == "report.doc" else [("wrong_ending", "note")]), name


def test_files_that_are_no_good(tmp_path: Path):
    whole = docx(TITLE, PROSE)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert refusal(tmp_path, ole + "WordDocument".encode("utf-16-le"), "old.doc") == "old_word"
    assert refusal(tmp_path, ole + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert refusal(tmp_path, whole[:-200]) == "damaged"
    assert refusal(tmp_path, whole.replace(b"word/document.xml", b"word/dokument.xml")) == "damaged"
    assert refusal(tmp_path, docx("<w:p><w:r>")) == "damaged"
    assert refusal(tmp_path, docx("")) == "empty"
    assert refusal(tmp_path, packed({"[Content_Types].xml": "", "xl/workbook.xml": ""})) == "format"
    assert refusal(tmp_path, packed({"mimetype": "application/vnd.oasis.opendocument.text"})) == "format"
    assert refusal(tmp_path, b"{\\rtf1 x}", "report.doc") == "format"
    assert refusal(tmp_path, b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "report.doc") == "format"
    broken = bytearray(packed({"[Content_Types].xml": "", "word/document.xml": part("<w:body/>") * 50}, level=0))
    broken[len(broken) // 2] ^= 255
    assert refusal(tmp_path, bytes(broken)) == "damaged"


def test_entities_are_refused_and_nothing_is_fetched(tmp_path: Path):
    secret = made(tmp_path, b"secret", "secret.txt")
    for declared in (
        f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{secret}">]>',
        '<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "&a;&a;&a;&a;&a;">' for n in range(9)) + "]>",
    ):
        text = f'{declared}<w:document xmlns:w="{W}"><w:body>{p("2024年罚款5万元。")}</w:body></w:document>'
        for encoding in ("utf-8", "utf-16"):
            members = {"[Content_Types].xml": "", "word/document.xml": text.encode(encoding)}
            assert refusal(tmp_path, packed(members)) == "entities"


def test_a_bomb_costs_nothing(tmp_path: Path):
    bomb = packed({"[Content_Types].xml": "", "word/document.xml": b"<w:p>" + b" " * 300_000_000})
    assert len(bomb) < 1_000_000
    assert refusal(tmp_path, bomb) == "too_large"
    wide = tbl(*[[tc("1", '<w:gridSpan w:val="99999"/>')] * 200] * 30)
    assert refusal(tmp_path, docx(wide)) == "too_large"
    nested = "<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000
    assert refusal(tmp_path, docx(nested)) == "damaged"


def test_a_bad_one_is_a_row_of_the_problems(tmp_path: Path):
    made(tmp_path, docx(TITLE, PROSE), "good.docx")
    made(tmp_path, docx(TITLE, PROSE)[:-99], "bad.docx")
    found = all_tables.gather(tmp_path)
    assert found.reports["report"].tolist() == ["good"] and found.problems["code"].tolist() == ["damaged"]


def test_every_provincial_report(originals: Path):
    paths = sorted((originals / "corpora" / "provincial").glob("*.docx"))
    assert len(paths) == 22
    for path in paths:
        report = read(path)
        assert report.province.startswith(path.stem.split("-")[0]) and report.year == 2024, path.name
        assert len(report.text) > 10_000 and report.problems == () and len(report.sections) > 10, path.name
        facts(report)
