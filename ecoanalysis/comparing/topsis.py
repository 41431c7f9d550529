"""Composite scores by TOPSIS, with weights from entropy or equal ones. Arithmetic only: nothing here knows what is scored.

In: a matrix, a row an alternative and a column an indicator, without gaps. Out: weights, scores between 0 and 1, ranks.
"""

import numpy as np

from ecoanalysis.errors import RequestError

_SAME = 1e-9  # scores that differ by less are level


def entropy_weights(matrix: np.ndarray) -> np.ndarray:
    """Return a weight for each column: 1 less its entropy, as a share of all; a column without differences gets 0.

    Entropy is -sum(p ln p) / ln n over p = x / sum(x), with 0 ln 0 = 0 (Shannon 1948; Hwang and Yoon 1981, ch. 3.2.2).
    Where no column has differences all weights are 0. A negative number, or fewer than two rows, raises `RequestError`.

    >>> entropy_weights(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist()
    [1.0, 0.0]
    """
    if len(matrix) < 2 or (matrix < 0).any():
        raise RequestError("entropy weights need two rows or more, and no negative number: they are made of shares")
    shares = matrix / np.where(matrix.sum(axis=0) > 0, matrix.sum(axis=0), 1.0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    differs = np.ptp(matrix, axis=0) > 0
    divergence = np.where(differs, 1 + (shares * logs).sum(axis=0) / np.log(len(matrix)), 0.0)
    return divergence / divergence.sum() if differs.any() else divergence


def topsis(matrix: np.ndarray, weights: np.ndarray, higher: np.ndarray) -> np.ndarray:
    """Return how near each row is to the best of all columns: 1 is best in all, 0 worst in all (Hwang and Yoon 1981).

    Columns are divided by their Euclidean length and weighted; the score is d- / (d+ + d-), of the distances to the worst
    and to the best value of each column. `higher` says for each column whether more is better. Where nothing that has a
    weight differs, the scores are NaN.

    >>> topsis(np.array([[3.0], [4.0], [5.0]]), np.array([1.0]), np.array([True])).round(3).tolist()
    [0.0, 0.5, 1.0]
    """
    lengths = np.sqrt((matrix**2).sum(axis=0))
    weighted = matrix / np.where(lengths > 0, lengths, 1.0) * weights
    top, bottom = weighted.max(axis=0), weighted.min(axis=0)
    to_best = np.sqrt(((weighted - np.where(higher, top, bottom)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - np.where(higher, bottom, top)) ** 2).sum(axis=1))
    both = to_best + to_worst
    return np.divide(to_worst, both, out=np.full(len(matrix), np.nan), where=both > 0)


def ranks(scores: np.ndarray) -> np.ndarray:
    """Return 1 for the highest score; level scores share the better rank.

    >>> ranks(np.array([0.2, 0.9, 0.9])).tolist()
    [3, 1, 1]
    """
    return 1 + (scores[None, :] > scores[:, None] + _SAME).sum(axis=1)


def rank_range(matrix: np.ndarray, higher: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst rank of each row under both weightings, with all columns and with each left out."""
    columns = np.arange(matrix.shape[1])
    kept = [columns, *(np.delete(columns, one) for one in columns)]
    found = []
    for some in kept:
        part = matrix[:, some]
        for weights in (entropy_weights(part), np.full(len(some), 1 / len(some))):
            found.append(ranks(topsis(part, weights, higher[some])))
    return np.min(found, axis=0), np.max(found, axis=0)
