"""Show what each number of a text could have been: every candidate, its probability, and what spoke for and against it.

In: a text. Out: a DataFrame with a row a candidate, in the order in which the reader decided.
"""

from collections.abc import Iterator

import pandas as pd

from ecoanalysis.extracting import model
from ecoanalysis.extracting.candidates import Candidate, Key, key_of
from ecoanalysis.extracting.discourse import Held
from ecoanalysis.extracting.facts import decided, likeliest
from ecoanalysis.extracting.source import Source, whole_names
from ecoanalysis.extracting.statements import meaning
from ecoanalysis.reading import read_text

COLUMNS = ["number", "decision", "candidate", "origin", "share", "chosen", "reasons", "start"]
REASONS = 5  # the largest contributions to a score; the others seldom change it
_NOT_SAID = "not said"


def weigh(text: str, year: int | None = None) -> pd.DataFrame:
    """Return the candidates for each number of a text, the likeliest first, with the features that weighed most.

    `decision` is reading, period, scope or status; periods, populations and statuses are weighed of the reading that was
    chosen. `share` is the candidate's probability, `origin` where it comes from. `reasons` are its five largest features, each
    times its weight; docs/reading.md says what they mean. `start` is where the number stands. `year` is the one that the text reports on, where it does not say.

    >>> weigh("优良率99.5%").query("chosen")[["number", "decision", "candidate"]].values.tolist()[0]
    ['99.5%', 'reading', 'air.good_days_rate level']
    """
    source = Source(read_text(text, year=year) if year else read_text(text))
    record = _Record(model.weights(), whole_names(source.report))
    decided(source, record.weights, record, lambda *_: None)
    return pd.DataFrame(record.rows, columns=COLUMNS)


class _Record:
    """Chooses what is likeliest, and notes what was weighed."""

    def __init__(self, weights: model.Weights, wholes: frozenset[str]) -> None:
        self.weights, self.wholes = weights, wholes
        self.rows: list[tuple] = []
        self.number: tuple[str, int] = "", 0
        self.pending: Iterator[tuple[Key, tuple[str, int]]] = iter(())

    def __call__(self, kind: str, candidates: list, scores: list[float], key: Key | None) -> int:
        at = likeliest(kind, candidates, scores, key)
        if kind == "reading":
            self._of_run(candidates, candidates[at])
        elif kind == "period":  # the first that is asked of a number
            self.number = next((number for other, number in self.pending if other == key), self.number)
        parts = model.shares(scores) if kind == "reading" else scores
        seen = set()
        for nth in sorted(range(len(parts)), key=lambda nth: -parts[nth]):
            one = candidates[nth]
            same = one.key if kind == "reading" else meaning(one, self.wholes)
            if kind != "reading" and same in seen:
                continue  # what means the same was weighed together
            seen.add(same)
            name = _reading(one) if kind == "reading" else _held(one)
            reasons = _reasons(self.weights[kind], one.features)
            number, start = self.number
            self.rows.append((number, kind, name, one.origin, round(parts[nth], 4), nth == at, reasons, start))
        return at

    def _of_run(self, candidates: list[Candidate], chosen: Candidate) -> None:
        widest = max(candidates, key=lambda one: len(one.pairs))
        numbers = {number.start: number.number for _, number in widest.pairs}
        self.number = "、".join(numbers.values()), min(numbers, default=0)
        keys = [key_of(chosen, metric, number) for metric, number in chosen.pairs]
        self.pending = iter([(key, (one.number, one.start)) for key, (_, one) in zip(keys, chosen.pairs, strict=True)])


def _reading(one: Candidate) -> str:
    return " ".join([*dict.fromkeys(metric.id for metric, _ in one.pairs), one.stat]) if one.pairs else "no fact"


def _held(held: Held) -> str:
    return "、".join(_value(value) for value in held.values)


def _value(value: object) -> str:
    if not isinstance(value, tuple):
        return str(value) or _NOT_SAID
    return " to ".join(day.isoformat() if day else "open" for day in value) if any(value) else _NOT_SAID


def _reasons(weights: dict[str, float], features: model.Features) -> str:
    parts = {name: weights.get(name, 0.0) * value for name, value in features.items()}
    largest = sorted(parts, key=lambda name: -abs(parts[name]))[:REASONS]
    return ", ".join(f"{name} {parts[name]:+.1f}" for name in largest if abs(parts[name]) >= 0.05)
