"""Tables that a page flattened into lines: what is said of them, what stays as it was, and the facts that they yield."""

import tomllib
from pathlib import Path

import pytest
from test_hostile import calls

from ecoanalysis.extracting import extract
from ecoanalysis.reading import read, read_text
from ecoanalysis.reading.flattened_tables import flatten
from ecoanalysis.reading.repair import repair

CASES = Path(__file__).parent / "cases"
BLOCKS = tomllib.loads((CASES / "flattened.toml").read_text(encoding="utf-8"))
FACTS = tomllib.loads((CASES / "flattened_facts.toml").read_text(encoding="utf-8"))["case"]


def marked(cases: list[dict]) -> list:
    gap = [[pytest.mark.xfail(reason=case["known_gap"], strict=True)] if "known_gap" in case else [] for case in cases]
    return [pytest.param(case, id=case["name"], marks=marks) for case, marks in zip(cases, gap, strict=True)]


@pytest.mark.parametrize("case", marked(BLOCKS["table"]))
def test_a_table_is_said_row_by_row(case: dict):
    done = repair(case["text"])
    assert done.text.strip() == case["says"]
    assert done.repairs["flattened table"] == 1
    assert "flattened table" not in repair(done.text).repairs


@pytest.mark.parametrize("case", marked(BLOCKS["untouched"]))
def test_what_is_not_surely_a_table_stays_as_it_was(case: dict):
    assert flatten(case["text"]).after == case["text"]


def facts(case: dict) -> list[tuple]:
    """The facts that a case gives, with what they leave out filled in."""
    year = case.get("year", 2024)
    rows = []
    for given in case["gives"]:
        metric, stat, value, unit, scope, *more = given
        period, basis, status, bound = [*more, *[""] * (4 - len(more))]
        period = period or f"{year}-01-01/{year}-12-31"
        rows.append((metric, stat, float(value), unit, scope, period, basis, status or "reported", bound or "="))
    return sorted(rows)


@pytest.mark.parametrize("case", marked(FACTS))
def test_facts(case: dict):
    report = read_text(case["text"].strip(), year=case.get("year", 2024), city="某市")
    found = [
        (
            *(row.metric, row.stat, float(row.value), row.unit, row.scope),
            *(f"{row.period_start:%F}/{row.period_end:%F}", row.basis, row.status, row.bound),
        )
        for row in extract(report).itertuples()
    ]
    assert sorted(found) == facts(case), report.text


TABLE = "县区 综合指数 优良率（%）\n霍山县 2.48 95.3\n金寨县 2.40 96.1\n"


def test_rows_have_addresses_also_behind_other_repairs(tmp_path: Path):
    path = tmp_path / "report.txt"
    path.write_text(f"六安市2024年空气质量\n平均 浓 度略。\n{TABLE}全年立案3\n件。\n{TABLE}完。", "utf-8")
    report = read(path)
    places = [report.text.index("金寨县综合"), report.text.index("96.1"), report.text.rindex("霍山县综合")]
    assert [report.address(at) for at in places] == ["table 1, row 3", "table 1, row 3", "table 2, row 2"]
    assert [report.address(report.text.index(words)) for words in ("立案", "完。", "平均")] == ["", "", ""]
    assert report.repairs["flattened table"] == 2


def test_tables_of_lines_are_counted_after_those_of_the_file(tmp_path: Path):
    path = tmp_path / "report.md"
    path.write_text(f"# 六安市2024年\n\n| 县区 | 优良率（%） |\n|---|---|\n| 寿县 | 80.1 |\n\n{TABLE}完。", "utf-8")
    report = read(path)
    assert report.address(report.text.index("80.1")) == "table 1, row 2"
    assert report.address(report.text.index("95.3")) == "table 2, row 2"


def test_no_figure_of_a_row_is_lost():
    kept = flatten("名次 县区 综合指数 优良率（%）\n3 霍山县 2.48 95.3\n4 金寨县 2.40 96.1").after
    assert all(figure in kept for figure in ("3", "2.48", "95.3", "4", "2.40", "96.1"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["排名\n城市\n综合指数\n", "县区 | ", "PM2.5\n", "1\n", "县区 综合指数 优良率\n", "市" * 9 + "("]
)
def test_a_long_text_of_any_kind_is_looked_through(line: str):
    """Nothing is lost, and four times the lines take at most five times the work."""
    assert len(flatten(line * 3_000).after) >= len(line) * 2_500
    once = calls(lambda: flatten(line * 50))
    assert calls(lambda: flatten(line * 200)) <= 5 * once + 2_000
