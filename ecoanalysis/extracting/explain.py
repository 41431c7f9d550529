"""Show how a text is read: number by number, what it was read as and how surely, or why it became no fact.

In: a text. Out: a DataFrame with a row a fact, or a number that became none.
"""

from bisect import bisect_right

import pandas as pd

from ecoanalysis.extracting import model, roles
from ecoanalysis.extracting.cues import Naming
from ecoanalysis.extracting.facts import decided, likeliest
from ecoanalysis.extracting.quantities import NOT_QUANTITIES, Quantity
from ecoanalysis.extracting.sentences import Clause, clauses
from ecoanalysis.extracting.source import Fact, Plain, Source, Spans, converts
from ecoanalysis.reading import read_text
from ecoanalysis.reading.report import Sentence

# pandas leaves out the middle where a screen is narrow: what was read stands at both ends.
COLUMNS = [
    *(
        "number",
        "metric",
        "stat",
        "period",
        "scope",
        "basis",
        "status",
        "confidence",
        "doubt",
        "runner_up",
        "left_over",
    ),
    *("kind", "why", "bound", "value", "unit"),
]
_KINDS = {"date": "a date", "ordinal": "an ordinal", "heading": "a heading's number", "name": "part of a name"}
Unread = dict[tuple[int, int], str]  # sentences that the program failed on, with the error


def explain(text: str, year: int | None = None) -> pd.DataFrame:
    """Return what is read in a text; `year` is the one that it reports on, where the text does not say.

    `doubt` is the code of what is doubted most, `runner_up` the second best reading; `left_over` are the words of the number's
    clause that nothing in the reading explains. `weigh` shows all that a number could have been.

    >>> explain("优良率99.5%,同比提高0.3个百分点")[["number", "metric", "stat", "value"]].values.tolist()
    [['99.5%', 'air.good_days_rate', 'level', 99.5], ['0.3个百分点', 'air.good_days_rate', 'change', 0.3]]
    >>> explain("大会有1310人参加")[["why", "left_over"]].values.tolist()
    [['no words of a known metric stand beside it', '大会有 参加']]
    """
    source = Source(read_text(text, year=year) if year else read_text(text))
    unread: Unread = {}

    def failed(sentence: Sentence, error: Exception) -> None:
        unread[sentence.start, sentence.end] = f"{type(error).__name__}: {error}"

    found = decided(source, model.weights(), likeliest, failed)
    spans = [span for _, decision in found for match in decision.reading.matches for span in match.spans]
    parts = _Clauses(source, spans)
    facts: dict[int, list[Fact]] = {}
    for fact, _ in found:
        facts.setdefault(fact.number, []).append(fact)
    rows: list[tuple[int, dict]] = []
    for number in source.quantities:
        read_as = facts.pop(number.start, [])
        rows += [(number.start, _fact_row(number.number, number.kind, fact)) for fact in read_as]
        if not read_as:
            rows.append((number.start, _row(number.number, number.kind, _why_not(source, number, parts, unread))))
    for start, implied in facts.items():
        rows += [(start, _fact_row(source.text[start : fact.end], "implied", fact)) for fact in implied]
    for start, row in rows:
        row["left_over"] = parts.left_over(start)
    return pd.DataFrame([row for _, row in sorted(rows, key=lambda row: row[0])], columns=COLUMNS)


class _Clauses:
    """The clauses of a text, each with the words in it that neither the language nor `spans` explain."""

    def __init__(self, source: Source, spans: Spans) -> None:
        self.text = source.text
        self.rest = bytearray(len(source.text))
        self.found: list[tuple[Sentence, Clause]] = []
        for sentence in source.report.sentences:
            low, high = sentence.start, sentence.end
            self.found += [(sentence, clause) for clause in clauses(source.text, low, high)]
            self.rest[low:high] = Plain(source, low, high).rest
        for start, end in spans:
            self.rest[start:end] = bytes(end - start)
        self.starts = [clause.start for _, clause in self.found]
        self.left: dict[int, str] = {}

    def around(self, at: int) -> tuple[Sentence, Clause]:
        """Return the sentence and the clause that a place lies in."""
        return self.found[bisect_right(self.starts, at) - 1]

    def left_over(self, at: int) -> str:
        """Return the words that nothing explains in the clause that a place lies in."""
        _, clause = self.around(at)
        if clause.start not in self.left:
            signs = [self.text[at] if self.rest[at] else " " for at in range(clause.start, clause.end)]
            self.left[clause.start] = " ".join("".join(signs).split())
        return self.left[clause.start]


def _row(number: str, kind: str, why: str, **read: object) -> dict:
    return dict.fromkeys(COLUMNS, "") | {"number": number, "kind": kind, "why": why} | read


def _fact_row(number: str, kind: str, fact: Fact) -> dict:
    period = " to ".join(day.isoformat() if day else "open" for day in (fact.period_start, fact.period_end))
    stated = "" if period == "open to open" else period
    value = "withheld" if fact.value is None else fact.value
    names = ("metric", "stat", "unit", "bound", "scope", "basis", "status", "confidence", "doubt", "runner_up")
    same = {name: getattr(fact, name) for name in names}
    return _row(number, kind, fact.rule, value=value, period=stated, **same)


def _why_not(source: Source, number: Quantity, parts: _Clauses, unread: Unread) -> str:
    if number.kind in NOT_QUANTITIES:
        return f"{_KINDS[number.kind]}, no quantity"
    for (start, end), error in unread.items():
        if start <= number.start < end:
            return f"the program failed on its sentence: {error}"
    sentence, clause = parts.around(number.start)
    left, right = (clause.start, number.start), (number.end, clause.end)
    span, reach = (number.start, number.end), [(sentence.start, clause.end)]
    named = Naming(source.wording, span, reach, source.wording.known.cues).matches([left], [right])
    if not named:
        return "no words of a known metric stand beside it"
    metric = named[0].metric
    if reason := roles.quoted(source.text[slice(*left)], source.text[slice(*right)], number.kind, number.bound):
        return f"{metric.id} is named, but the number is {reason}"
    if not converts(number, metric):
        return f"{metric.id} is named, but it is not counted in {number.unit_text or 'a number without a unit'}"
    return f"{metric.id} is named, but nothing ties the number to it"
