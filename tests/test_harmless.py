"""Cells of CSV files that strangers filled: no formula, and what they wrote comes back whole."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from rows import facts_of, metric_rows, reports_of

from ecoanalysis import charts
from ecoanalysis.tables import gold, store
from ecoanalysis.tables.harmless import harmless, harmless_table, restored
from ecoanalysis.tables.pictures import add_to_index, read_index
from ecoanalysis.tables.schema import empty
from ecoanalysis.wording import tables

QUOTES = ["=HYPERLINK(\"http://x\",\"y\")", "@SUM(1)", "+1", "-1+1", "＝1", "'=1", "'plain'", "优良率99.5%", "\t=1"]  # fmt: skip


@pytest.mark.parametrize("text", ["", "=", "-", "'", "''", *QUOTES, "''=1", "\r=1"])
def test_a_text_comes_back_as_it_was_and_never_opens_a_formula(text: str):
    assert restored(harmless(text)) == text
    assert len(harmless(text)) < 2 or harmless(text)[0] not in "=+-@＝＋－＠\t\r\n"


def test_numbers_dates_and_gaps_stay():
    table = pd.DataFrame({"n": [-1.5, None], "d": pd.to_datetime(["2024-01-01", None]), "=t": ["=1+1", None]})
    made = harmless_table(table)
    assert made["n"].equals(table["n"]) and made["d"].equals(table["d"]) and list(made) == ["n", "d", "'=t"]
    assert made["'=t"].tolist()[0] == "'=1+1" and pd.isna(made["'=t"].tolist()[1])
    assert list(harmless_table(table[:0])) == ["n", "d", "'=t"]


def cells(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_facts_for_excel_hold_no_formula_and_are_read_as_they_were(tmp_path: Path):
    facts = facts_of([{"city": "云浮市", "value": at, "quote": quote} for at, quote in enumerate(QUOTES)])
    others = {name: empty(name) for name in ("texts", "sections", "quantities", "problems", "metrics")}
    store.write(store.Tables(reports=reports_of(facts), facts=facts, **others), tmp_path)
    rows = cells(tmp_path / "facts.csv")
    assert {row["bound"] for row in rows} == {"="}, "a bound is a sign alone"
    for row in rows:
        assert not any(len(cell) > 1 and cell[0] in "=@+-＝\t" for cell in row.values())
    assert gold.facts(tmp_path / "facts.csv")["quote"].tolist() == QUOTES
    assert store.load(tmp_path).facts["quote"].tolist() == QUOTES


def test_the_rows_of_a_chart_hold_no_formula(tmp_path: Path):
    facts = facts_of(metric_rows("air.pm25", "ug/m3", {"云浮市": 20, "赣州市": 22}, quote="=1+1"))
    chart = charts.ranking(tables.panel(facts, "air.pm25", 2024, reports_of(facts)))
    rows = cells(chart.save("a", tmp_path)[-1])
    assert [row["quote"] for row in rows] == ["'=1+1"] * 2 and rows[0]["value"] == "20.0"


def test_the_index_of_figures_keeps_its_titles(tmp_path: Path):
    row = {"file": "a.png", "title": "=1+1", "source": "@x", "kind": "k", "language": "zh", "rows": "2"}
    add_to_index(tmp_path / "index.csv", [row])
    assert read_index(tmp_path / "index.csv") == [row]
    assert cells(tmp_path / "index.csv")[0]["title"] == "'=1+1"
