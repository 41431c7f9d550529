"""Files that mean to exhaust: each is read or a row of the problems, within its bounds of memory and time."""

import io
import random
import subprocess
import sys
import zlib
from pathlib import Path

import pyarrow as pa
import pytest
from files import docx, objects_pdf, p, packed, part, tbl, tc, xlsx
from pyarrow import parquet
from rows import facts_of
from test_attacks import TEXT
from test_hostile import calls

from ecoanalysis import tables
from ecoanalysis.reading import read, sources
from ecoanalysis.reading.reader import MOST_CHARACTERS
from ecoanalysis.tables.arithmetic import arithmetic, parts_of_years
from ecoanalysis.tables.checks import contradictions, last_year, ranks

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


def repeated(rows: list[str] | pa.DictionaryArray, times: int, **how: object) -> bytes:
    """A Parquet file of the same rows several times over."""
    stream, table = io.BytesIO(), pa.table({"doc": rows})
    with parquet.ParquetWriter(stream, table.schema, compression="zstd", **how) as writer:
        for _ in range(times):
            writer.write_table(table)
    return stream.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


_CODED = pa.DictionaryArray.from_arrays(pa.array([0] * 1000), ["9" * 21_000_000])
_SHARING = {"use_dictionary": False, "column_encoding": {"doc": "DELTA_BYTE_ARRAY"}}
_VARIED = "".join(random.Random(1).choices("大气水土壤噪声", k=300_000))
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
    "far.xlsx": (xlsx(f"<row>{cell('A1', 'doc')}</row><row>{cell('XFD1048576', TEXT)}</row>"), {"too_large"}),
    "high.xlsx": (xlsx(f"<row>{cell('CV1048576', TEXT)}</row>"), {"too_large"}),
    "shared.xlsx": (xlsx('<row><c t="s"><v>0</v></c></row>' * 60_000, (_VARIED,)), {"too_large"}),
    "coded.parquet": (repeated(_CODED, 1), {"too_large"}),
    "sharing.parquet": (repeated(["9" * 21_000_000] * 10, 5, **_SHARING), {"too_large"}),
    "entities.docx": (
        packed({"[Content_Types].xml": "", "word/document.xml": f'<!DOCTYPE d [<!ENTITY a "{"a" * 99}">]><d>{"&a;" * 99}</d>'}),
        {"entities"},
    ),
}  # fmt: skip


# In a process of its own, whose children are this run's workers alone: what other tests left running counts for nothing.
# Its own peak is the kernel's VmHWM, for ru_maxrss of a new program begins at the peak of the one that started it.
ALONE = """
import re, resource, sys
from pathlib import Path
from ecoanalysis import tables
from ecoanalysis.tables import parsing
tables.write(parsing.gather(Path(sys.argv[1])), Path(sys.argv[2]))
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[tables.Tables, int, int]:
    """All of them read in one run, with a good one among them, and the bytes of who gave out the work and of the largest worker."""
    folder, out = tmp_path_factory.mktemp("attacks"), tmp_path_factory.mktemp("processed")
    for name, (data, _) in FILES.items():
        (folder / f"{name.replace('.', '-')}{Path(name).suffix}").write_bytes(data)
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", ALONE, folder, out], capture_output=True, text=True, check=True)
    driver, worker = (1024 * int(kilobytes) for kilobytes in run.stdout.split()[-2:])
    return tables.load(out), driver, worker


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_bomb_is_read_or_said(parsed: tuple[tables.Tables, int, int], name: str) -> None:
    found, *_ = parsed
    report, wanted = name.replace(".", "-"), FILES[name][1]
    rows = found.problems[found.problems["report"] == report]
    codes = set(rows["code"]) - {"no_figure", "no_fact", "no_year", "wrong_ending", "same_text"}
    assert codes <= wanted and (codes or not wanted or "" in wanted), rows.to_string()
    assert (report in set(found.reports["report"])) == (not (set(rows["severity"]) & {"error"}))
    assert "good" in set(found.facts["report"])


@linux
@pytest.mark.slow
def test_a_worker_keeps_to_its_memory(parsed: tuple[tables.Tables, int, int]) -> None:
    """A gigabyte, and what is mapped from files; who reads tables and gives out their rows takes no more, though unbounded."""
    assert max(parsed[1:]) < 1_300_000_000


def test_a_text_beyond_the_bound_is_read_to_a_line_s_end(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(TEXT + "工作有力。\n" * 40_000, encoding="utf-8")
    assert len(read(tmp_path / "long.txt").text) > 200_000
    (source,) = sources(tmp_path / "long.txt")
    report = source.read()
    assert MOST_CHARACTERS - 10 <= len(report.text) <= MOST_CHARACTERS and report.text.endswith("工作有力。")
    assert [problem.code for problem in report.problems] == ["too_long"]


def test_a_thousand_contradictions_cost_in_proportion() -> None:
    """One report that says one thing in ten thousand ways is held against itself where no worker's bounds reach."""

    def judged(count: int) -> int:
        said = (
            {"city": "云浮市", "value": at / 100, "quote": str(at), "start": at, "end": at + 1} for at in range(count)
        )
        facts = facts_of(list(said)).assign(report="a", adcode="445300", report_year=2024)
        checks = (contradictions, arithmetic, parts_of_years, last_year, ranks)
        return calls(lambda: [list(check(facts)) for check in checks])

    judged(10)
    assert judged(2000) <= 5 * judged(500) + 2_000
