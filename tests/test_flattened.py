"""Tables that a page flattened into lines: what is said of them, what stays as it was, and the facts that they yield."""

import time
import tomllib
from pathlib import Path

import pytest

from ecoanalysis.extracting import extract
from ecoanalysis.reading import read, read_text
from ecoanalysis.reading.repair import repair

CASES = Path(__file__).parent / "cases"
FACTS = tomllib.loads((CASES / "flattened_facts.toml").read_text(encoding="utf-8"))["case"]


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


def marked(cases: list[dict]) -> list:
    gap = [[pytest.mark.xfail(reason=case["known_gap"], strict=True)] if "known_gap" in case else [] for case in cases]
    return [pytest.param(case, id=case["name"], marks=marks) for case, marks in zip(cases, gap, strict=True)]


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
