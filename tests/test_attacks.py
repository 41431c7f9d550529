"""Files and names that mean harm: each is read or a row of the problems, within the bounds, and nothing of it acts."""

import ast
import csv
import io
import json
import os
import pickle
import sys
import zlib
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from files import docx, objects_pdf, p, packed, part, tbl, tc
from lxml import etree
from matplotlib.text import Text
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from rows import facts_of
from test_hostile import calls

from ecoanalysis import charts, paths, tables, wording
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.reading import read, read_text, sources
from ecoanalysis.reading.reader import _STRANGE, MOST_CHARACTERS
from ecoanalysis.reporting.parameters import declared, fitting
from ecoanalysis.tables import handwritten, parsing, store, workbook
from ecoanalysis.tables.arithmetic import arithmetic, parts_of_years
from ecoanalysis.tables.checks import contradictions, last_year, ranks
from ecoanalysis.wording import tables as worded

TEXT = "蚌埠市生态环境局2024年工作总结\n2024年，全市优良天数比例80.5%，罚款828万元。\n"
PROSE = "<p>2024年，全市优良天数比例80.5%，PM2.5平均浓度35微克/立方米，空气质量总体改善，群众满意。</p>"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")


def page(body: str) -> bytes:
    return f'<html><head><meta charset="utf-8"></head><body>{PROSE}{body}'.encode()


def packing(data: bytes, times: int = 1) -> bytes:
    """A stream of a PDF, packed several times over."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    head = f"<< /Length {len(data)} /Filter [{'/FlateDecode ' * times}] >> stream\n"
    return head.encode() + data + b"\nendstream"


def paper(content: bytes, kids: str = "10 0 R", count: int = 1, resources: str = "", **more: str) -> bytes:
    """A PDF of one page that says PM10 in a plain font, and what comes before that."""
    say = b" BT /F 9 Tf (PM10) Tj ET "
    kind = f"/Font << /F 3 0 R >> {resources}"
    objects: dict[int, bytes | str] = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {count} /Kids [{kids}] >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        10: f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R /Resources << {kind} >> >>",
        11: packing(content + say),
    }
    return objects_pdf(objects | {int(number[1:]): content for number, content in more.items()})


def forms(deep: int) -> dict[str, str]:
    """Forms that draw the next eleven times, and the next of that."""
    found = {}
    for number in range(20, 20 + deep):
        inner = f"/Font << /F 3 0 R >> /XObject << /X {number + 1} 0 R >>"
        content = "/X Do " * 11 if number < 19 + deep else "BT /F 9 Tf (1) Tj ET"
        found[f"o{number}"] = (
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << {inner} >> /Length {len(content)} >> stream\n"
            f"{content}\nendstream"
        )
    return found


def numbering(levels: str) -> str:
    list_of = '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>'
    return part(f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{list_of}', "numbering")


def listed(level: int) -> str:
    return p("罚款", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')


_STYLES = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(20_000))
_LEVELS = "".join(f'<w:lvl w:ilvl="{n}"><w:lvlText w:val="%1"/></w:lvl>' for n in range(20_000))
_HIGH = "".join(f"<tr><td>县{n}区<td>优良率{n}号" for n in range(12_000)) + "<tr><td>县<td>80.1" * 12_000
_WIDE = ("<tr>" + "".join(f"<td>优良率{n}" for n in range(400))) + ("<tr>" + "<td>80.1" * 400) * 200
_MERGED = [[tc("", '<w:vMerge/><w:gridSpan w:val="500"/>')]] * 150

# What a file holds, by its name, and what becomes of it: codes of problems, of which one must be said; none is read whole.
FILES: dict[str, tuple[bytes, set[str]]] = {
    "line.txt": (TEXT.encode() + "的".encode() * 10_000_000, {"too_long"}),
    "nines.txt": (TEXT.encode() + b"9" * 10_000_000, {"too_long"}),
    "headings.txt": (TEXT.encode() + "一、大气\n".encode() * 1_000_000, {"too_long"}),
    "headings.html": (page("<h2>大气</h2>" * 1_000_000), {"too_large"}),
    "tags.html": (page("<p>" * 6_000_000), {"too_large"}),
    "title.html": (f"<html><title>{'-' * 5_000_000}</title>{PROSE}".encode(), set()),
    "deep.html": (page("<div><span>" * 200_000), set()),
    "high.html": (page(f"<table>{_HIGH}</table>"), {"timed_out", "too_long", ""}),
    "wide.html": (page(f"<table>{_WIDE}</table>"), {"timed_out", "too_long", ""}),
    "styles.docx": (docx(p(TEXT), *[p("罚款", '<w:pStyle w:val="s0"/>')] * 5000, styles=part(_STYLES, "styles")), set()),
    "levels.docx": (docx(p(TEXT), *map(listed, range(20_000)), numbering=numbering(_LEVELS)), set()),
    "merged.docx": (docx(p(TEXT), tbl([tc("的 " * 200_000, '<w:gridSpan w:val="500"/>')], *_MERGED)), {"too_large", "too_long", ""}),
    "pages.pdf": (paper(b"BT /F 9 Tf (123 45) Tj ET " * 9_000, "10 0 R " * 1000, 1000), {"timed_out", "too_long"}),
    "count.pdf": (paper(b"", count=2_000_000_000), set()),
    "cycle.pdf": (paper(b"", "2 0 R 10 0 R 2 0 R", 1000), {"scan", ""}),
    "arrays.pdf": (paper(b"", resources="/Q " + "[" * 500_000), {"damaged", "scan", ""}),
    "packed.pdf": (paper(b" " * 400_000_000), {"crashed", "too_large", ""}),
    "forms.pdf": (paper(b"/X Do ", resources="/XObject << /X 20 0 R >>", **forms(9)), {"crashed", "timed_out", ""}),
    "entries.zip": (packed({f"{n}.txt": b"" for n in range(10_001)}, 0), {"too_large"}),
    "entities.docx": (
        packed({"[Content_Types].xml": "", "word/document.xml": f'<!DOCTYPE d [<!ENTITY a "{"a" * 99}">]><d>{"&a;" * 99}</d>'}),
        {"entities"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> tables.Tables:
    """All of them read in one run, with a good one among them."""
    folder = tmp_path_factory.mktemp("attacks")
    for name, (data, _) in FILES.items():
        (folder / f"{name.replace('.', '-')}{Path(name).suffix}").write_bytes(data)
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    return parsing.gather(folder)


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_bomb_is_read_or_said(parsed: tables.Tables, name: str) -> None:
    report, wanted = name.replace(".", "-"), FILES[name][1]
    rows = parsed.problems[parsed.problems["report"] == report]
    codes = set(rows["code"]) - {"no_figure", "no_fact", "no_year", "wrong_ending", "same_text"}
    assert codes <= wanted and (codes or not wanted or "" in wanted), rows.to_string()
    assert (report in set(parsed.reports["report"])) == (not (set(rows["severity"]) & {"error"}))
    assert "good" in set(parsed.facts["report"])


@linux
@pytest.mark.slow
def test_a_worker_keeps_to_its_memory(parsed: tables.Tables) -> None:
    """The largest of all processes that this one started and that ended: a gigabyte and what is mapped from files."""
    import resource

    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < 1_300_000_000


def test_a_text_beyond_the_bound_is_read_to_a_line_s_end(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(TEXT + "工作有力。\n" * 40_000, encoding="utf-8")
    assert len(read(tmp_path / "long.txt").text) > 200_000
    (source,) = sources(tmp_path / "long.txt")
    report = source.read()
    assert MOST_CHARACTERS - 10 <= len(report.text) <= MOST_CHARACTERS and report.text.endswith("工作有力。")
    assert [problem.code for problem in report.problems] == ["too_long"]


def test_what_is_not_seen_is_taken_out_of_a_text() -> None:
    """Turned about, 15% would show as 51%."""
    report = read_text("优良率\u202e15\u202c%，\x1b[31m罚款\x9b5万元\u2066\ufff9\U000e0041。")
    assert report.text == "优良率15%，[31m罚款5万元。" and report.repairs == {"invisible character": 7}


def test_a_table_that_breaks_off_in_its_last_row() -> None:
    """A row of cells in lines whose last cell is missing at the end of the text."""
    for cut in range(1, 12):
        lines = [
            "县区",
            "PM2.5浓度（μg/m3）",
            "同比（%）",
            "怀远县",
            "35",
            "-8.3",
            "五河县",
            "31",
            "2.0",
            "固镇县",
            "30",
            "1.0",
        ]
        assert read_text("\n".join(lines[:-cut]) + "\n。").text


NAMES = [
    *(b"a\nb.txt", b"\x1b[31mred.txt", "蚌埠".encode("gbk") + b".txt", b"\xff\xfe.txt", b"-rf.txt", b"=1+1.txt", b"x\r=1.txt"),
    *("a\u202etxt.b.txt".encode(), b"<script>alert(1)<.txt", b"'q'.txt", b"$x$.txt", b"{body}.txt", b"--help.txt", b"a..b.txt"),
]  # fmt: skip
CITIES = [
    "云浮市",
    "赣州市",
    "安康市",
    "商洛市",
    "蚌埠市",
    "合肥市",
    "威海市",
    "九江市",
    "宿州市",
    "苏州市",
    "保定市",
    "长沙市",
    "武汉市",
    "西安市",
]
SIDECARS = {
    "-rf": 'title = "<script>alert(1)</script>"\npublisher = "$\\\\frac{1$ 🦄\\u202e"\ncity = "x\\r=1+1"\nurl = "javascript:alert(1)"',
    "=1+1": 'city = "../../../etc"',
    "a..b": 'district = "<img src=x onerror=alert(1)>"',
    "'q'": 'city = "🦄$\\\\frac{1$"',
    "$x$": "year = 99999\ncity = 5",
}  # fmt: skip


@pytest.fixture
def named(project: Path) -> tables.Tables:
    """Reports whose names and sidecars mean harm, parsed and written in a project of their own."""
    raw = project / "data" / "raw"
    for number, (name, city) in enumerate(zip(NAMES, CITIES, strict=True)):
        file = os.fsencode(raw) + b"/" + name
        text = f"{city}生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度{20 + number}微克/立方米，优良天数比率9{number % 9}.5%。\n"
        try:
            Path(os.fsdecode(file)).write_text(text, encoding="utf-8")
        except (OSError, UnicodeError):
            pytest.skip("this filesystem takes no such names")
    for name, text in SIDECARS.items():
        (raw / f"{name}.toml").write_text(text, encoding="utf-8")
    return parsing.parse()


def test_names_are_one_line_and_all_of_them_is_seen(named: tables.Tables) -> None:
    names = set(named.reports["report"])
    assert {"a_b", "_[31mred", "蚌埠", "-rf", "=1+1", "x_=1", "a_txt.b", "<script>alert(1)<", "{body}"} <= names
    assert len(names) == len(NAMES)
    for frame in (named.reports, named.facts, named.problems):
        for column in frame.select_dtypes("str"):
            assert all(text.isprintable() for text in frame[column] if isinstance(text, str) and column != "quote"), (
                column
            )
    assert {"_$\\frac{1$", "../../../etc", "x_=1+1"} <= set(named.reports["city"])


def test_a_terminal_is_told_nothing_but_text(named: tables.Tables) -> None:
    shown = CliRunner().invoke(main, ["check"]).output
    assert "99999" in shown and all(line.isprintable() for line in shown.split("\n"))


def test_tables_for_excel_hold_no_formula(named: tables.Tables) -> None:
    facts = (paths.processed() / "facts.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(facts, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])} and "\r" not in facts
    assert not [cell for row in rows for cell in row if len(cell) > 1 and cell[0] in "=+-@"]


def acting(html: str) -> list[str]:
    """What of a page would act: scripts, what runs on an event, addresses that are none of the page's own."""
    found = []
    for element in etree.HTML(html).iter(etree.Element):
        found += [element.tag] if element.tag in ("script", "iframe", "object", "embed", "link", "base", "form") else []
        for name, value in element.attrib.items():
            leads = name in ("href", "src") and not value.startswith(("#", "data:image/png"))
            found += [f"{element.tag} {name}={value[:50]}"] if leads or name.startswith("on") else []
    return found


def test_charts_and_pages_show_names_as_text(named: tables.Tables) -> None:
    assert acting('<p onclick="x"><a href="javascript:1">') == ["p onclick=x", "a href=javascript:1"]
    facts, reports = named.facts, named.reports
    panel = worded.panel(facts, "air.pm25", 2024, reports)
    shown = charts.ranking(panel)
    parts = [shown._repr_html_(), charts.table(wording.evidence(facts, 2024)).text, charts.table(reports).text]
    parts += [
        charts.table(wording.corpus(reports, facts, named.quantities)).text,
        charts.prose("<script>", about=[panel]).text,
    ]
    assert acting("".join(parts)) == [] and "&lt;script&gt;" in "".join(parts)
    drawn = " ".join(text.get_text() for text in shown.figure.findobj(Text)).replace("\n", "")
    assert "_$\\frac{1$" in drawn and "../../../etc" in drawn
    for file in shown.save("pm25"):
        assert file.stat().st_size and file.parent == paths.figures()


def test_every_letter_that_a_name_may_have_is_in_the_font() -> None:
    from ecoanalysis.charts.style import _measure

    known = set(_measure().get_charmap())
    assert [hex(code) for code in range(32, 0x10000) if not _STRANGE.match(chr(code)) and code not in known] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a = " + "[" * 5000, "sidecar_invalid"),
        ("a = " + "9" * 5000, "sidecar_invalid"),
        ("city." + "a." * 4000 + "a = 1", "sidecar_wrong_value"),
        ('title = "' + "长" * 5000 + '"', "sidecar_wrong_value"),
        ("#" * 30_000, "sidecar_invalid"),
        ("year = 0", "sidecar_wrong_value"),
        ("year = " + "9" * 4000, "sidecar_wrong_value"),
        ("".join(f"a{n} = 1\n" for n in range(1500)), "sidecar_unknown_key"),
    ],
)
def test_a_sidecar_never_stops_its_report(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    report = read(tmp_path / "a.txt")
    assert report.city == "蚌埠市" and {problem.code for problem in report.problems} == {code}
    assert all(len(problem.message) < 1000 for problem in report.problems)


CODE = [
    '"); __import__("os").system("touch pwned") #',
    "'''\n__import__('os').abort()\n'''",
    '\\" + x\n',
    "{{x}}",
    "\u2028x\r",
]


@pytest.mark.parametrize("value", CODE)
def test_a_parameter_stays_a_text(value: str) -> None:
    """What papermill writes into the notebook is an assignment of that very text."""
    notebook = load_notebook_node(str(paths.notebooks() / "08_city_profile.ipynb"))
    made = parameterize_notebook(notebook, {"city": value, "cities": [value]}, kernel_name="python3", language="python")
    (cell,) = [cell for cell in made.cells if "injected-parameters" in cell.metadata.get("tags", ())]
    lines = ast.parse(cell.source).body
    assert {line.targets[0].id: ast.literal_eval(line.value) for line in lines} == {"city": value, "cities": [value]}


@pytest.mark.parametrize("name", ["city; import os", "__class__", "year=1\nimport os #", "city "])
def test_a_parameter_s_name_is_one_of_the_notebook_s(name: str) -> None:
    with pytest.raises(RequestError, match="has no parameter"):
        fitting(declared(paths.notebooks() / "08_city_profile.ipynb"), {name: "1"}, "08_city_profile")


class Loaded:
    """What would make a file when it is unpickled."""

    def __reduce__(self) -> tuple:
        return open, ("pwned", "w")


def test_a_pickled_object_in_parquet_is_not_loaded(project: Path, sample_tables: tables.Tables) -> None:
    store.write(sample_tables, project / "processed")
    file = project / "processed" / "metrics.parquet"
    table = pq.read_table(file)
    hostile = {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": pickle.dumps(Loaded())}
    fields = [field.with_metadata(hostile) for field in table.schema]
    pq.write_table(table.cast(pa.schema(fields, {b"pandas": json.dumps({"x": 1}).encode()})), file)
    with pytest.raises(RequestError, match=r"metrics\.parquet is missing or not of the last run"):
        store.load(project / "processed")
    described = json.loads((project / "processed" / "datapackage.json").read_text(encoding="utf-8"))
    for one in described["resources"]:
        one["hash"] = store._hash(project / "processed" / one["path"])
    (project / "processed" / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    try:
        store.load(project / "processed")
    except Exception as error:
        assert "pwned" not in str(error)
    assert not (project / "pwned").exists()
    (project / "processed" / "datapackage.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(RequestError, match="damaged"):
        store.load(project / "processed")


def test_a_review_with_links_and_formulas_is_read_as_what_they_show(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet(workbook.SHEET)
        sheet.write_row(0, 0, ["key", "verdict"])
        sheet.write_formula(1, 0, "=cmd|' /C calc'!A0", None, "shown")
        sheet.write_formula(1, 1, "='\\\\elsewhere\\[x.xlsx]S'!A1", None, "right")
    assert workbook.read(tmp_path / "a.xlsx") == [(2, {"key": "shown", "verdict": "right"})]


@pytest.mark.parametrize("cell", ["x" * 200_000, 'x"\0'])
def test_a_cell_that_no_table_has_is_refused(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.csv").write_text(f"a,b\n1,{cell}\n", encoding="utf-8")
    try:
        assert handwritten.read(tmp_path / "a.csv", ["a"])
    except RequestError as error:
        assert "a.csv, line" in str(error)


def test_a_thousand_contradictions_cost_in_proportion() -> None:
    """One report that says one thing in ten thousand ways is held against itself where no worker's bounds reach."""

    def judged(count: int) -> int:
        said = (
            {"city": "云浮市", "value": at / 100, "quote": str(at), "start": at, "end": at + 1} for at in range(count)
        )
        facts = facts_of(list(said)).assign(report="a", adcode="445300")
        checks = (partial(contradictions, years={"a": 2024}), arithmetic, parts_of_years, last_year, ranks)
        return calls(lambda: [list(check(facts)) for check in checks])

    judged(10)
    assert judged(2000) <= 5 * judged(500) + 2_000
