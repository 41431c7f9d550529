"""Tables of texts that others made with care or with malice: a fault costs its row or its file; nothing is run."""

import os
import pickle
from pathlib import Path

import pandas as pd
import pytest
from files import packed
from test_text_tables import CORPUS, NAMES, kept, problems, sources

from ecoanalysis.reading import cells


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
    plain = pd.DataFrame({"doc": ["大气"]}).to_parquet(index=False, compression=None)
    (tmp_path / "k.parquet").write_bytes(plain.replace("大气".encode(), b"\xe5\xa4\xe6\xe5\xa4\xe6"))  # no UTF-8
    (tmp_path / "l.parquet").write_bytes(plain.replace(b"doc", b"\xb8oc"))
    found = {one.report: one.code for one in problems(tmp_path)}
    assert [source.name for source in sources(tmp_path)][-4:] == NAMES
    assert found.pop("g", "damaged") == "damaged"
    assert found == {"a": "damaged", "b": "damaged", "c": "too_large", "d": "damaged", "e": "format", "f": "damaged",
                     "h": "empty", "i": "binary", "j": "damaged", "k": "damaged", "l": "damaged"}  # fmt: skip


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
