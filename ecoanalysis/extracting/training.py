"""Learn the weights of the reading from reports that people labelled.

In: reports and a table of facts that people read in them. Out: `Weights`, and per fact the probability promised and whether it
was right, by reports that the weights had not seen. Each decision is a conditional logit (McFadden 1974) over its candidates:
the log-likelihood that a right one is chosen, less half the squared weights times `RIDGE`, is maximised. What a person left
optional may be read or left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ecoanalysis.extracting import confidence, facts, model
from ecoanalysis.extracting.facts import Key
from ecoanalysis.extracting.scoring import ATTRIBUTES, agrees, rows_by_key
from ecoanalysis.extracting.source import Source
from ecoanalysis.reading.report import Report

RIDGE = 0.3
ROUNDS = 3
FOLDS = 5
Rows = dict[tuple, list[dict[str, str]]]


@dataclass(slots=True)
class Question:
    """One decision: the features of its candidates, which of them are right, and where it stands."""

    kind: str
    features: list[model.Features]
    right: list[bool]
    group: str


@dataclass(slots=True)
class Lesson:
    """A labelled report: where it is of (so that places are left out whole), its source and what people read in it."""

    report: Report
    group: str
    rows: Rows
    judged: frozenset[str]
    whole: bool = True  # a text as published, not a sentence made to be hard: only these tell how often a reading is right
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        self.source = Source(self.report)


def lessons(
    reports: Iterable[tuple[Report, str]], gold: pd.DataFrame, judged: Iterable[str], whole: bool = True
) -> list[Lesson]:
    """Join reports, each with the place it is of, with what people read in them; other metrics than `judged` are unknown."""
    by_report: dict[str, Rows] = defaultdict(dict)
    for key, rows in rows_by_key(gold).items():
        by_report[key[0]][key[1:]] = rows
    known = frozenset(judged)
    return [Lesson(report, group, by_report[report.report], known, whole) for report, group in reports]


class _Teacher:
    """Chooses the right candidates where there are any, and notes every question."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.questions: list[Question] = []

    def __call__(self, kind: str, candidates: list, scores: list[float], key: Key | None) -> int:
        right = self._right(kind, candidates, key)
        if any(right) and not all(right):
            features = [one.features for one in candidates]
            self.questions.append(Question(kind, features, right, self.lesson.group))
        allowed = [at for at, good in enumerate(right) if good] or range(len(candidates))
        return max(allowed, key=scores.__getitem__)

    def _right(self, kind: str, candidates: list, key: Key | None) -> list[bool]:
        if kind == "reading":
            return self._readings(candidates)
        assert key is not None
        wanted = self.lesson.rows.get(_gold_key(key), [])
        return [all(self._holds(kind, value, wanted) for value in held.values) for held in candidates]

    def _readings(self, candidates: list) -> list[bool]:
        shares, optional, unknown = [], False, False
        for one in candidates:
            keys = [facts.key_of(one, metric, number) for metric, number in one.pairs]
            rows = [self.lesson.rows.get(_gold_key(key), []) for key in keys]
            optional |= bool(rows) and all(found and all(row["optional"] for row in found) for found in rows)
            unknown |= any(key[0] not in self.lesson.judged for key in keys)
            shares.append(bool(rows) and all(rows))
        # The fullest reading is the right one: of two metrics that share a value, one alone is half of it. What stands
        # beyond another number may have a like value of its own.
        near = [good and not one.features.get("numbers_between") for one, good in zip(candidates, shares, strict=True)]
        shares = near if any(near) else shares
        fullest = max((len(one.pairs) for one, good in zip(candidates, shares, strict=True) if good), default=0)
        shares = [good and len(one.pairs) == fullest for one, good in zip(candidates, shares, strict=True)]
        if not any(shares) or optional:
            for at, one in enumerate(candidates):
                strange = unknown and not any(shares) and any(metric.id not in self.lesson.judged for metric, _ in one.pairs)
                shares[at] = shares[at] or one.stat == "none" or strange
        return shares

    def _holds(self, kind: str, value: object, wanted: list[dict[str, str]]) -> bool:
        if kind == "period":
            text = "/".join(day.isoformat() if day else "" for day in value)  # type: ignore[attr-defined]
        else:
            text = str(value)
        return any(agrees(kind, text, {**row, "quote": ""}, strict=True) for row in wanted)


def _gold_key(key: Key) -> tuple:
    metric, stat, unit, value = key
    return metric, stat, unit, "withheld" if value is None else f"{value:.9g}"


def learn(taught: list[Lesson], start: model.Weights) -> model.Weights:
    """Return weights learned from labelled reports, those of confidence by cross-validation over places."""
    weights = _decisions(taught, start)
    promised, right = crossed(taught, start)
    table = _Table([Question("confidence", [{}, one], [not ok, ok], "") for one, ok in zip(promised, right, strict=True)])
    return weights | {"confidence": table.fit()}


def crossed(taught: list[Lesson], start: model.Weights) -> tuple[list[model.Features], list[bool]]:
    """Return for each fact read by weights that had not seen its place what its confidence is judged by, and whether it is right."""
    groups = sorted({lesson.group for lesson in taught})
    fold_of = {group: at % FOLDS for at, group in enumerate(groups)}
    features: list[model.Features] = []
    right: list[bool] = []
    for fold in range(FOLDS):
        weights = _decisions([one for one in taught if fold_of[one.group] != fold], start)
        for lesson in taught:
            if fold_of[lesson.group] == fold and lesson.whole:
                for decision, ok in judged_facts(lesson, weights):
                    features.append(confidence.features(decision))
                    right.append(ok)
    return features, right


def judged_facts(lesson: Lesson, weights: model.Weights) -> list[tuple[confidence.Decision, bool]]:
    """Return how each fact of a report was decided and whether all of it is right; what nobody judged is left out."""
    found = []
    for fact, decision in facts.decided(lesson.source, weights, facts.likeliest):
        if fact.metric not in lesson.judged:
            continue
        wanted = lesson.rows.get(_gold_key((fact.metric, fact.stat, fact.unit, fact.value)), [])
        period = "/".join(day.isoformat() if day else "" for day in (fact.period_start, fact.period_end))
        said = {"bound": fact.bound, "period": period, "scope": fact.scope, "basis": fact.basis, "status": fact.status}
        ok = any(all(agrees(name, said[name], row) for name in ATTRIBUTES) for row in wanted)
        found.append((decision, ok))
    return found


def _decisions(taught: list[Lesson], start: model.Weights) -> model.Weights:
    weights = start
    for _ in range(ROUNDS):
        asked: list[Question] = []
        for lesson in taught:
            teacher = _Teacher(lesson)
            facts.decided(lesson.source, weights, teacher)
            asked += teacher.questions
        by_kind = {kind: [one for one in asked if one.kind == kind] for kind in ("reading", "period", "scope", "status")}
        weights = weights | {kind: _Table(found).fit() for kind, found in by_kind.items()}
    return weights


class _Table:
    """The candidates of many questions as one sparse matrix; `of` says which question a row is of."""

    def __init__(self, questions: list[Question]) -> None:
        from scipy.sparse import csr_matrix

        self.names = sorted({name for one in questions for features in one.features for name in features})
        at = {name: column for column, name in enumerate(self.names)}
        rows, columns, values, of, right = [], [], [], [], []
        for number, one in enumerate(questions):
            for features, ok in zip(one.features, one.right, strict=True):
                rows += [len(of)] * len(features)
                columns += [at[name] for name in features]
                values += list(features.values())
                of.append(number)
                right.append(ok)
        self.matrix = csr_matrix((values, (rows, columns)), shape=(len(of), len(self.names)))
        self.of, self.right, self.count = np.array(of, dtype=int), np.array(right, dtype=float), len(questions)

    def fit(self) -> dict[str, float]:
        """Return the weights that make the right candidates likeliest."""
        from scipy.optimize import minimize

        if not self.count:
            return {}
        found = minimize(self._loss, np.zeros(len(self.names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
        return {name: round(float(weight), 3) for name, weight in zip(self.names, found.x, strict=True) if abs(weight) >= 0.0005}

    def _loss(self, weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = self.matrix @ weights
        top = np.full(self.count, -np.inf)
        np.maximum.at(top, self.of, scores)
        parts = np.exp(scores - top[self.of])
        every = np.bincount(self.of, parts, self.count)
        good = np.bincount(self.of, parts * self.right, self.count)
        loss = float(np.sum(np.log(every) - np.log(np.maximum(good, 1e-300)))) + RIDGE / 2 * float(weights @ weights)
        pull = parts / every[self.of] - parts * self.right / np.maximum(good[self.of], 1e-300)
        return loss, self.matrix.T @ pull + RIDGE * weights
