"""Tables of texts that others made with care or with malice: a fault costs its row or its file; nothing is run."""

import datetime
import os
import pickle
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from files import packed, xlsx
from pyarrow import parquet
from test_text_tables import CORPUS, NAMES, kept, problems, sources

from ecoanalysis.reading import cells, workbook


def test_a_cell_that_is_too_long_costs_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cells, "LONGEST", 5000)
    quoted = '2016,"' + "长" * 3000 + '\n""引"",\n' * 900 + '"\n'
    bare = f"2017,{'长' * 9000}\n"
    (tmp_path / "a.csv").write_text(f"year,doc\n2015,甲\n{quoted}{bare}2018,乙\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(
        f'{{"doc": "甲"}}\n{{"doc": "{"长" * 9000}"}}\n[1]\n{{"doc"\n{"[" * 4000}\n{{"doc": "乙"}}', encoding="utf-8"
    )
    assert [source.text for source in sources(tmp_path)] == ["甲", "乙", "甲", "乙"]
    assert [one.report for one in problems(tmp_path)] == ["a/3", "a/4", "b/2", "b/3", "b/4", "b/5"]
    (tmp_path / "a.csv").write_text(f'year,doc\n2015,甲\n2016,"{"长" * 9000}\n2017,乙\n', encoding="utf-8")
    (said,) = [one for one in problems(tmp_path, glob="*.csv")]
    assert "over 5,000 characters and a quote in it is never closed" in said.message


def test_a_row_whose_cells_have_slipped_is_not_read(tmp_path: Path):
    (tmp_path / "a.csv").write_text("city,year,doc\n信阳市,2016,甲,乙\n南阳市,2016,丙,,\n", encoding="utf-8")
    assert [source.name for source in sources(tmp_path)] == ["南阳市-2016"]
    assert "has 4 cells under 3 names" in problems(tmp_path)[0].message


def test_damaged_tables_are_problems(tmp_path: Path):
    kept(CORPUS, tmp_path / "good.csv")
    whole = kept(CORPUS, tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[:-200])
    (tmp_path / "b.xlsx").write_bytes(b"no")
    (tmp_path / "c.xlsx").write_bytes(packed({"xl/workbook.xml": bytes(30_000_000)}))
    lying = bytearray(packed({"xl/workbook.xml": bytes(3_000_000)}))
    entry = lying.index(b"PK\x01\x02") + 24
    lying[entry : entry + 4] = (1000).to_bytes(4, "little")
    (tmp_path / "d.xlsx").write_bytes(bytes(lying))
    (tmp_path / "e.xlsx").write_bytes(packed({"a.txt": "x"}))
    (tmp_path / "f.parquet").write_bytes(b"PAR1" + bytes(99) + b"PAR1")
    good = kept(CORPUS, tmp_path / "g.parquet").read_bytes()
    (tmp_path / "g.parquet").write_bytes(good[:200] + bytes(80) + good[280:])
    (tmp_path / "h.csv").write_bytes(b"")
    (tmp_path / "i.jsonl").write_bytes(bytes(range(256)) * 9)
    squeezed = packed({"xl/workbook.xml": "x" * 999})
    (tmp_path / "j.xlsx").write_bytes(squeezed[:45] + b"\xff" * 8 + squeezed[53:])  # what is squeezed is no longer
    squeezed = packed({"xl/workbook.xml": "x" * 999}, zipfile.ZIP_LZMA)
    (tmp_path / "m.xlsx").write_bytes(squeezed[:56] + b"\xff" * 8 + squeezed[64:])
    plain = pd.DataFrame({"doc": ["大气"]}).to_parquet(index=False, compression=None)
    (tmp_path / "k.parquet").write_bytes(plain.replace("大气".encode(), b"\xe5\xa4\xe6\xe5\xa4\xe6"))  # no UTF-8
    (tmp_path / "l.parquet").write_bytes(plain.replace(b"doc", b"\xb8oc"))
    found = {one.report: one.code for one in problems(tmp_path)}
    assert [source.name for source in sources(tmp_path)][-4:] == NAMES
    assert found.pop("g", "damaged") == "damaged"
    assert found == {"a": "damaged", "b": "damaged", "c": "too_large", "d": "damaged", "e": "format", "f": "damaged",
                     "h": "empty", "i": "binary", "j": "damaged", "k": "damaged", "l": "damaged", "m": "damaged"}  # fmt: skip


def value(text: str, place: str = "") -> str:
    return f'<c {place and f"r={place!r}"} t="inlineStr"><is><t>{text}</t></is></c>'


def row(*texts: str) -> str:
    return f"<row>{''.join(map(value, texts))}</row>"


REFERS = '<row><c t="s"><v>{}</v></c></row>'
# Workbooks that the library would fill the memory with, or that it may take for others than they are, and what is said.
WORKBOOKS: dict[str, tuple[bytes, str]] = {
    "far": (xlsx(row("doc") + f"<row>{value('甲', 'XFD1048576')}</row>"), "too_large"),
    "no-places": (xlsx(row("doc") + "<row/>" * 3000 + f"<row>{'<c/>' * 700}{value('甲')}</row>"), "too_large"),
    "rows-alone": (xlsx(row("doc") + f'<row r="1048576">{"<c/>" * 2}{value("甲")}</row>'), "too_large"),
    "lying": (xlsx("", sheet=f'<s><dimension ref="A1"/><sheetData><row>{value("甲", "CV1048576")}</row></sheetData></s>'), "too_large"),
    "prefixed": (xlsx("", sheet='<x:s xmlns:x="x"><x:sheetData><x:c r="CV1048576"><x:v>1</x:v></x:c></x:sheetData></x:s>'), "too_large"),
    "shared": (xlsx(row("doc") + REFERS.format(1) * 90, ("甲", "乙" * 5000)), "too_large"),
    "unclear": (xlsx(row("doc") + REFERS.format("0<!-- -->1") * 90, ("乙" * 5000, *"甲丙")), "too_large"),
    "claimed": (xlsx(row("doc", "甲"), sharedStrings='<sst uniqueCount="99999999999"/>'), "too_large"),
    "same": (xlsx(row("doc", "甲"), sheets=10_001), "too_large"),
    "tags": (xlsx("<row/>" * 5001), "too_large"),
    "unclosed": (xlsx("", sheet='<s><sheetData><row><c><v>1</v></c></rov></sheetData></s>'), "damaged"),
    "declared": (xlsx("", sheet="<!DOCTYPE s [<!ENTITY a 'b'>]><s><sheetData/></s>"), "damaged"),
    "nested": (xlsx(f"<row><c><is>{row('甲')}</is></c></row>"), "damaged"),
    "nowhere": (xlsx(f"<row>{value('甲', '1A')}</row>"), "damaged"),
    "hidden": (xlsx("", sheet=b"\xff\xfe" + "<a><!--".encode("utf-16-le") + b"<sheetData></sheetData>" + "--></a>".encode("utf-16-le")), "damaged"),
    "commented": (xlsx(f"<!--{'ab' * 200}-->{row('doc')}{row('甲')}"), ""),
    "control": (xlsx(row("doc") + row("甲\x0b")), ""),
    "marked": (xlsx("", sheet=f"\ufeff<s><sheetData>{row('doc')}{row('甲')}</sheetData></s>"), ""),
    "picture": (xlsx(row("doc") + row("甲"), media=bytes(range(256))), ""),
    "styled": (xlsx(row("doc") + row("甲") + '<row r="1048576"><c r="CV1048576" s="1"/></row>'), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "MOST_REFERRED", 1_000_000)
    monkeypatch.setattr(workbook, "MOST_TAGS", 5000)
    data, code = WORKBOOKS[name]
    (tmp_path / "a.xlsx").write_bytes(data)
    (tmp_path / "b.csv").write_text("doc\n乙\n", encoding="utf-8")
    assert [(one.report, one.code) for one in problems(tmp_path)] == ([("a", code)] if code else [])
    assert [source.text.strip() for source in sources(tmp_path)] == ["乙"] if code else ["甲", "乙"]


def test_rows_that_unpack_to_more_and_more_are_read_as_far_as_they_may_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cells, "UNPACKED", 100_000)
    monkeypatch.setattr(cells, "RATIO", 1)
    monkeypatch.setattr(cells, "LONGEST", 5000)
    (tmp_path / "a.xlsx").write_bytes(xlsx(row("doc") + REFERS.format(0) * 20, ("长" * 3000,), sheets=5))
    kept(pd.DataFrame({"doc": ["短", "长" * 9000, *["长" * 3000] * 90]}), tmp_path / "b.parquet")
    (tmp_path / "c.csv").write_text("doc\n乙\n", encoding="utf-8")
    found = [source.text[0] for source in sources(tmp_path)]
    assert found[-1] == "乙" and found.count("短") == 1 and 30 < found.count("长") < 60
    said = [(one.report, one.code) for one in problems(tmp_path)]
    assert said == [("a", "too_large"), ("b/2", "row_unread"), ("b", "too_large")]


def test_what_is_no_plain_column_of_parquet_costs_nothing_and_a_day_that_is_none_its_row(tmp_path: Path):
    days = pa.array([2**31 - 1, 17_000, 17_001], pa.date32())
    zoned = pa.array([datetime.datetime(2016, 1, 1)] * 3, pa.timestamp("us", "Asia/Shanghai")).cast(pa.int64())
    moments = pa.compute.subtract(zoned, 8 * 3_600_000_000).cast(pa.timestamp("us", "Asia/Shanghai"))
    table = {
        "doc": pa.array([*"甲乙丙"]).dictionary_encode(),
        "l": [[1]] * 3,
        "s": [{"a": 1}] * 3,
        "d": days,
        "year": moments,
    }
    parquet.write_table(pa.table(table), tmp_path / "a.parquet")
    parquet.write_table(pa.table({"doc": [["甲"]]}), tmp_path / "b.parquet")
    assert [source.text for source in sources(tmp_path)] == ["乙", "丙"]
    assert [(one.report, one.code) for one in problems(tmp_path)] == [("a/1", "row_unread"), ("b", "no_column")]
    assert {source.told[0].fields["year"] for source in sources(tmp_path)} == {2016}
    (read,) = [row.cells for sheet in cells.sheets(tmp_path / "a.parquet") for row in sheet.rows if row.number == 2]
    assert [*read] == ["doc", "d", "year"] and str(read["year"]) == "2016-01-01 00:00:00+08:00"


def test_a_table_of_a_hundred_megabytes_is_read(tmp_path: Path):
    """Ten thousand rows of ten kilobytes, as a Parquet file of texts and of categories, which are a dictionary."""
    letters = "".join(chr(0x4E00 + at * 7919 % 20_000) for at in range(14_000))
    texts = pa.array([f"{at}{letters[at : at + 3400]}" for at in range(10_000)])
    for name, doc in (("a", texts), ("b", texts.dictionary_encode())):
        parquet.write_table(pa.table({"doc": doc}), tmp_path / f"{name}.parquet")
    assert sum(len(source.text or "") for source in sources(tmp_path)) > 68_000_000
    assert problems(tmp_path) == []


def test_nothing_in_a_table_is_run_or_followed(tmp_path: Path):
    class Harm:
        def __reduce__(self) -> tuple:
            return os.mkdir, (str(tmp_path / "harmed"),)

    frame = pd.DataFrame({"city": ["信阳市"], "year": [2016], "doc": [pickle.dumps(Harm())]})
    frame.to_parquet(tmp_path / "a.parquet")
    kept(frame.assign(city="../../etc", doc="=1+1\u202e甲"), tmp_path / "b.csv")
    (source,) = sources(tmp_path)
    assert source.name == "..-..-etc-2016" and source.read().text
    assert [one.code for one in problems(tmp_path)] == ["no_text"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.csv"]


def test_formulas_and_links_of_excel_are_what_was_shown(tmp_path: Path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("说明").write_column(0, 0, ["这是说明", "各市一行"])
        sheet = book.add_worksheet("市")
        sheet.write_row(2, 1, ["城市", "年份", "正文"])
        sheet.write_row(3, 1, ["信阳市", 2016])
        sheet.write_formula(3, 3, "='[http://example.invalid/x.xlsx]a'!A1", None, "立案61宗")
        sheet.write_row(5, 1, ["南阳市", 2016, "长" * 32_767])
    found = sources(tmp_path)
    assert [(source.name, source.told[0].where) for source in found] == [
        ("信阳市-2016", "a.xlsx, sheet 市, row 4"),
        ("南阳市-2016", "a.xlsx, sheet 市, row 6"),
    ]
    assert found[0].text == "立案61宗"
    assert [(one.code, one.severity) for one in problems(tmp_path)] == [("cut_cell", "warning"), ("no_column", "note")]
