"""Composite scores: indicators and cities without a gap, entropy weights, TOPSIS. Arithmetic only.

In: a matrix, a row an alternative and a column an indicator. Out: the rows and columns that are complete, weights, scores
between 0 and 1, ranks and how far they move. Nothing here knows what is scored, and no missing value is guessed.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

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


FEWEST_CITIES, FEWEST_INDICATORS = 3, 2
MOST_INDICATORS = 14  # every set of them is tried


class Choice(NamedTuple):
    """Columns and rows without a gap; empty lists and a `refusal` (few, apart, missing) where there are none.

    `missing` is the share of cells that are empty among the rows with a value in one of the columns or more: of the set
    that was chosen, or where it is refused for that, of the set with the least.
    """

    indicators: list[str]
    cities: list[str]
    missing: float
    refusal: str


def choose(values: pd.DataFrame, most_missing: float) -> Choice:
    """Return the set of columns for which columns times complete rows is greatest.

    A set is refused where more than the share `most_missing` of its cells is empty, where fewer than three rows or two
    columns are left, or where a column does not differ among the complete rows. Ties go to the set with more rows, then
    to the one with less missing, then to the columns that stand first. More than 14 columns raise `RequestError`.

    >>> nan = float("nan")
    >>> values = pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 2, nan], "c": [1, nan, nan, nan]}, index=list("wxyz"))
    >>> choose(values, 0.3)
    Choice(indicators=['a', 'b'], cities=['w', 'x', 'y'], missing=0.125, refusal='')
    """
    if len(values.columns) > MOST_INDICATORS:
        raise RequestError(
            f"{len(values.columns)} usable indicators are too many for one card; name at most {MOST_INDICATORS} in `metrics`"
        )
    if len(values.columns) < FEWEST_INDICATORS:
        return Choice([], [], 1.0, "few")
    matrix = values.to_numpy(dtype=float)
    known = ~np.isnan(matrix)
    sets = _sets(len(values.columns))
    held = known.astype(int) @ sets.T.astype(int)
    size = sets.sum(axis=1)
    complete = (held == size).sum(axis=0)
    missing = 1 - held.sum(axis=0) / np.maximum((held > 0).sum(axis=0) * size, 1)
    ahead = np.lexsort((np.arange(len(sets)), missing.round(12), -complete, -complete * size))
    fit = [at for at in ahead if complete[at] >= FEWEST_CITIES and _differ(matrix[:, sets[at]])]
    if not fit:
        return Choice([], [], 1.0, "apart")
    best = next((at for at in fit if missing[at] <= most_missing + 1e-12), None)
    if best is None:
        return Choice([], [], float(missing[fit].min()), "missing")
    indicators = values.columns[sets[best]].tolist()
    return Choice(indicators, values.index[known[:, sets[best]].all(axis=1)].tolist(), float(missing[best]), "")


def _sets(columns: int) -> np.ndarray:
    """Return every set of two columns or more as a row of True and False, those with the first columns first."""
    bits = np.arange(2**columns - 1, 0, -1)[:, None] >> np.arange(columns - 1, -1, -1) & 1
    return bits[bits.sum(axis=1) >= FEWEST_INDICATORS].astype(bool)


def _differ(matrix: np.ndarray) -> bool:
    whole = matrix[~np.isnan(matrix).any(axis=1)]
    return bool((np.ptp(whole, axis=0) > 0).all())
