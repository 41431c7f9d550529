"""Find the weights that make the right candidates likeliest.

In: `Question`s, each the features of some candidates and which of them are right. Out: a weight for each feature. It is a
conditional logit (McFadden 1974): the log-likelihood that a right candidate is chosen, less half the squared distance of the
weights from where they start times `ridge`, is maximised; what few questions speak of stays near its start.
"""

import importlib.util
from dataclasses import dataclass

import numpy as np

from ecoanalysis.errors import RequestError
from ecoanalysis.extracting.model import Features

STEPS = 100
_LEAST = 0.02  # a smaller weight changes no decision


@dataclass(slots=True)
class Question:
    """One decision: the features of its candidates, which of them are right, the place that its report is of, and the `maker` of its set."""

    kind: str
    features: list[Features]
    right: list[bool]
    group: str = ""
    maker: str = ""


def needed() -> None:
    """Refuse where the library that learning needs is not installed."""
    if importlib.util.find_spec("scipy") is None:
        raise RequestError(
            "learning weights needs scipy, which is not installed here: `pip install scipy`, and train again"
        )


def fit(questions: list[Question], start: dict[str, float], ridge: float) -> dict[str, float]:
    """Return weights learned from questions, three decimals each; the same questions give the same weights."""
    from scipy.optimize import minimize

    if not questions:
        return start
    table = _Table(questions, start, ridge)
    found = minimize(table.loss, table.start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    learned = {name: round(float(weight), 3) for name, weight in zip(table.names, found.x, strict=True)}
    return {name: weight for name, weight in (start | learned).items() if abs(weight) >= _LEAST}


class _Table:
    """The candidates of many questions as one sparse matrix; `of` says which question a row is of."""

    def __init__(self, questions: list[Question], start: dict[str, float], ridge: float) -> None:
        from scipy.sparse import csr_matrix

        self.names = sorted({name for one in questions for features in one.features for name in features})
        at = {name: column for column, name in enumerate(self.names)}
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        of: list[int] = []
        right: list[bool] = []
        for number, one in enumerate(questions):
            for features, ok in zip(one.features, one.right, strict=True):
                rows += [len(of)] * len(features)
                columns += [at[name] for name in features]
                values += list(features.values())
                of.append(number)
                right.append(ok)
        self.matrix = csr_matrix((values, (rows, columns)), shape=(len(of), len(self.names)))
        self.turned = self.matrix.T.tocsr()
        self.of, self.right, self.count = np.array(of, dtype=int), np.array(right, dtype=float), len(questions)
        self.opens = np.searchsorted(self.of, np.arange(self.count))
        self.start, self.ridge = np.array([start.get(name, 0.0) for name in self.names]), ridge

    def loss(self, weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Return what is minimised, and its slope."""
        scores = self.matrix @ weights
        top = np.maximum.reduceat(scores, self.opens)
        parts = np.exp(scores - top[self.of])
        every = np.add.reduceat(parts, self.opens)
        good = np.maximum(np.add.reduceat(parts * self.right, self.opens), 1e-300)
        away = weights - self.start
        loss = float(np.sum(np.log(every) - np.log(good))) + self.ridge / 2 * float(away @ away)
        pull = parts / every[self.of] - parts * self.right / good[self.of]
        return loss, self.turned @ pull + self.ridge * away
