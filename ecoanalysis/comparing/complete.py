"""Choose indicators and cities so that no value is missing and none has to be guessed.

In: a table of comparable values, a row a city and a column an indicator, NaN where a city has none. Out: the columns, and
the rows that have all of them; or the reason why there is no such choice.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError

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
