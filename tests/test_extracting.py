"""What is read out of a sentence, and what must not be: the cases of tests/cases, each a short text."""

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis.extracting import explain, extract, quantities
from ecoanalysis.extracting.confidence import SURE
from ecoanalysis.extracting.scoring import ATTRIBUTES, score
from ecoanalysis.knowledge.catalogue import metrics
from ecoanalysis.reading import Report, read_text

CASES = Path(__file__).parent / "cases"
DOMAINS = sorted({metric.domain for metric in metrics().values()})
# The cases are complete in these; of metrics that came later they list only some.
LISTED = frozenset((CASES.parent / "data" / "case_metrics.txt").read_text(encoding="utf-8").split("\n")[1:])
FACTS = [CASES / f"{name}.toml" for name in [*DOMAINS, "traps"] if (CASES / f"{name}.toml").exists()]


def cases(*files: Path) -> list:
    """Return the cases of some files as pytest parameters; one with a known gap must fail."""
    found = []
    for file in files:
        for at, case in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["case"], 1):
            marks = [pytest.mark.xfail(reason=case["known_gap"], strict=True)] if "known_gap" in case else []
            found.append(pytest.param(case, id=f"{file.stem}-{at}", marks=marks))
    return found


@cache
def read_once(text: str, year: int, city: str = "某市") -> tuple[Report, pd.DataFrame]:
    """Return the report of a case and its facts: several tests look at the same."""
    report = read_text(text, year=year, city=city)
    return report, extract(report)


def gold(case: dict) -> pd.DataFrame:
    """Return the facts that a case gives, with what they leave out filled in."""
    rows = []
    for fact in case["gives"]:
        start, _, end = fact.get("period", f"{case.get('year', 2024)}-01-01/{case.get('year', 2024)}-12-31").partition(
            "/"
        )
        row = {"stat": "level", "bound": "=", "scope": "", "basis": "", "status": "reported", **fact}
        row |= {"report": "text", "period_start": start, "period_end": end, "quote": case["text"]}
        row |= {
            "unit": fact.get("unit", metrics()[fact["metric"]].unit),
            "optional": "yes" if fact.get("optional") else "",
        }
        rows.append(row)
    return pd.DataFrame(rows)


@pytest.mark.parametrize("case", cases(*FACTS))
def test_case(case: dict) -> None:
    report, facts = read_once(case["text"], case.get("year", 2024), case.get("city", "某市"))
    known = facts[facts.metric.isin({*LISTED, *(fact["metric"] for fact in case["gives"])})]
    result = score(known, gold(case))
    assert not result.missed and not result.invented, (result.missed, result.invented)
    assert not any(result.wrong[attribute] for attribute in ATTRIBUTES), result.wrong
    assert [report.text[a:b] for a, b in zip(facts.start, facts.end, strict=True)] == facts.quote.tolist()
    for fact in case["gives"]:
        if "condition" in fact:
            alike = known[(known.metric == fact["metric"]) & (known.value == fact["value"])]
            assert set(alike.condition) == {fact["condition"]}


@pytest.mark.slow
def test_what_is_read_wrongly_is_rarely_sure() -> None:
    sure, wrong = 0, []
    for case in (case for file in FACTS for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]):
        _, facts = read_once(case["text"], case.get("year", 2024), case.get("city", "某市"))
        listed = {*LISTED, *(fact["metric"] for fact in case["gives"])}
        known = facts[facts.metric.isin(listed) & (facts.confidence >= SURE)]
        result = score(known, gold(case)) if case["gives"] else None
        sure += len(known)
        wrong += known["quote"].tolist() if result is None else [one.quote for one in result.invented]
        wrong += [one[0].quote for differing in result.wrong.values() for one in differing] if result else []
    assert sure > 300 and len(wrong) <= sure / 20, (sure, wrong)


@pytest.mark.parametrize("case", cases(CASES / "quantities.toml"))
def test_quantity(case: dict) -> None:
    found = quantities(read_text(case["text"], year=2024))
    said = [
        [row.quote, None if pd.isna(row.value) else row.value, row.unit_text, row.bound, row.kind]
        for row in found.itertuples()
        if case.get("all") or row.kind not in ("date", "ordinal", "heading", "name")
    ]
    assert said == [
        [None if part == "" and at == 1 else part for at, part in enumerate(row)] for row in case["quantities"]
    ]


def test_what_is_explained_shows_metric_and_value_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = str(explain("2024年，优良率99.5%，同比提高0.3个百分点，国考断面水质优良率达到100%")).splitlines()
    assert all(len(line) <= 80 for line in lines)
    shown = [line for line in lines if "water.national_sections_good_rate" in line or "air.good_days_rate" in line]
    assert [line.split()[-2:] for line in shown] == [["99.5", "%"], ["0.3", "pp"], ["100.0", "%"]]
