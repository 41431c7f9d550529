"""Texts and names that mean harm: what reaches tables, pages, terminals and cells is text, and nothing of it acts."""

import ast
import csv
import io
import json
import os
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from lxml import etree
from matplotlib.text import Text
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from ecoanalysis import charts, paths, tables, wording
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.reading import read, read_text
from ecoanalysis.reading.reader import _STRANGE
from ecoanalysis.reporting.parameters import declared, fitting
from ecoanalysis.tables import handwritten, parsing, review, store, writing
from ecoanalysis.wording import tables as worded

TEXT = "蚌埠市生态环境局2024年工作总结\n2024年，全市优良天数比例80.5%，罚款828万元。\n"


def test_what_is_not_seen_is_taken_out_of_a_text() -> None:
    """Turned about, 15% would show as 51%."""
    report = read_text("优良率\u202e15\u202c%，\x1b[31m罚款\x9b5万元\u2066\ufff9\U000e0041。")
    assert report.text == "优良率15%，[31m罚款5万元。" and report.repairs == {"invisible character": 7}


def test_a_table_that_breaks_off_in_its_last_row() -> None:
    """A row of cells in lines whose last cell is missing at the end of the text."""
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
    for cut in range(1, 12):
        assert read_text("\n".join(lines[:-cut]) + "\n。").text


NAMES = [
    *(b"a\nb.txt", b"\x1b[31mred.txt", "蚌埠".encode("gbk") + b".txt", b"\xff\xfe.txt", b"-rf.txt", b"=1+1.txt", b"x\r=1.txt"),
    *("a\u202etxt.b.txt".encode(), b"<script>alert(1)<.txt", b"'q'.txt", b"$x$.txt", b"{body}.txt", b"--help.txt", b"a..b.txt"),
]  # fmt: skip
CITIES = [
    f"{name}市"
    for name in [
        "云浮",
        "赣州",
        "安康",
        "商洛",
        "蚌埠",
        "合肥",
        "威海",
        "九江",
        "宿州",
        "苏州",
        "保定",
        "长沙",
        "武汉",
        "西安",
    ]
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
    from ecoanalysis.charts.text import _measure

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
        one["hash"] = writing.hash_of(project / "processed" / one["path"])
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
        sheet = book.add_worksheet(review.SHEET)
        sheet.write_row(0, 0, ["key", "verdict"])
        sheet.write_formula(1, 0, "=cmd|' /C calc'!A0", None, "shown")
        sheet.write_formula(1, 1, "='\\\\elsewhere\\[x.xlsx]S'!A1", None, "right")
    assert review.read(tmp_path / "a.xlsx") == [(2, {"key": "shown", "verdict": "right"})]


@pytest.mark.parametrize("cell", ["x" * 200_000, 'x"\0'])
def test_a_cell_that_no_table_has_is_refused(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.csv").write_text(f"a,b\n1,{cell}\n", encoding="utf-8")
    try:
        assert handwritten.read(tmp_path / "a.csv", ["a"])
    except RequestError as error:
        assert "a.csv, line" in str(error)
