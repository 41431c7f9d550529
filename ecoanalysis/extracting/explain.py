"""Show how a text is read: number by number, which rule read it, or why nothing did.

In: a text. Out: a DataFrame with a row a fact, or a number that became none.
"""

import pandas as pd

from ecoanalysis.extracting import roles
from ecoanalysis.extracting.facts import read
from ecoanalysis.extracting.quantities import NOT_QUANTITIES, Quantity
from ecoanalysis.extracting.sentences import clauses
from ecoanalysis.extracting.source import Fact, Source, converts
from ecoanalysis.reading import read_text

# pandas leaves out the middle where a screen is narrow: what was read stands at both ends.
COLUMNS = ["number", "metric", "stat", "period", "scope", "basis", "status", "kind", "why", "bound", "value", "unit"]
_KINDS = {"date": "a date", "ordinal": "an ordinal", "heading": "a heading's number", "name": "part of a name"}


def explain(text: str, year: int | None = None) -> pd.DataFrame:
    """Return what is read in a text; `year` is the one that it reports on, where the text does not say.

    >>> explain("优良率99.5%,同比提高0.3个百分点")[["number", "metric", "stat", "value"]].values.tolist()
    [['99.5%', 'air.good_days_rate', 'level', 99.5], ['0.3个百分点', 'air.good_days_rate', 'change', 0.3]]
    >>> explain("大会有1310人参加").why.tolist()
    ['no words of a known metric stand beside it']
    """
    report = read_text(text, year=year) if year else read_text(text)
    source = Source(report)
    facts: dict[int, list[Fact]] = {}
    for fact in read(source):
        facts.setdefault(fact.number, []).append(fact)
    rows: list[tuple[int, dict]] = []
    for number in source.quantities:
        read_as = facts.pop(number.start, [])
        rows += [(number.start, _fact_row(number.number, number.kind, fact)) for fact in read_as]
        if not read_as:
            rows.append((number.start, _row(number.number, number.kind, _why_not(source, number))))
    for start, implied in facts.items():
        rows += [(start, _fact_row(report.text[start : fact.end], "implied", fact)) for fact in implied]
    return pd.DataFrame([row for _, row in sorted(rows, key=lambda row: row[0])], columns=COLUMNS)


def _row(number: str, kind: str, why: str, **read: object) -> dict:
    return dict.fromkeys(COLUMNS, "") | {"number": number, "kind": kind, "why": why} | read


def _fact_row(number: str, kind: str, fact: Fact) -> dict:
    period = " to ".join(day.isoformat() if day else "open" for day in (fact.period_start, fact.period_end))
    stated = "" if period == "open to open" else period
    value = "withheld" if fact.value is None else fact.value
    same = {name: getattr(fact, name) for name in ("metric", "stat", "unit", "bound", "scope", "basis", "status")}
    return _row(number, kind, fact.rule, value=value, period=stated, **same)


def _why_not(source: Source, number: Quantity) -> str:
    if number.kind in NOT_QUANTITIES:
        return f"{_KINDS[number.kind]}, no quantity"
    sentence = next(s for s in source.report.sentences if s.start <= number.start < s.end)
    clause = next(c for c in clauses(source.text, sentence.start, sentence.end) if c.start <= number.start < c.end)
    left, right = (clause.start, number.start), (number.end, clause.end)
    named = source.wording.matches([left], [right], (number.start, number.end), [(sentence.start, clause.end)])
    if not named:
        return "no words of a known metric stand beside it"
    metric = named[0].metric
    if reason := roles.quoted(source.text[slice(*left)], source.text[slice(*right)], number.kind, number.bound):
        return f"{metric.id} is named, but the number is {reason}"
    if not converts(number, metric):
        return f"{metric.id} is named, but it is not counted in {number.unit_text or 'a number without a unit'}"
    return f"{metric.id} is named, but nothing ties the number to it"
