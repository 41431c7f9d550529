"""Two metrics side by side, city by city: how far their orders agree, and how sure that is. Nothing here speaks of causes.

In: two panels of one year. Out: a row for every city that has a comparable value of both, and the rank correlation with a
bootstrap interval.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.errors import RequestError

FEWEST_PAIRS = 10  # cities below which a rank correlation says nothing
_DRAWS, _SEED = 2000, 20240605
_BOTH = [
    *("place", "place_kind", "city", "value", "unit", "metric", "stat"),
    *("report", "start", "end", "publisher", "sample", "sure"),
]


def pairs(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the cities that have a comparable value in both panels: the columns of `one`, those of the other with _y."""
    one_year([one, other])
    first, second = (panel.loc[panel["comparable"], _BOTH] for panel in (one, other))
    return first.merge(second, on=["place", "place_kind", "city"], suffixes=("", "_y"))


def one_year(panels: Sequence[pd.DataFrame]) -> int:
    """Return the year of some panels; none at all, one without rows, and panels of several years raise `RequestError`."""
    if not panels or any(panel.empty for panel in panels):
        raise RequestError("give a panel or more, each with rows: of a year that some place reports on")
    years = {int(panel["year"].iloc[0]) for panel in panels}
    if len(years) > 1:
        raise RequestError(f"these panels are of {', '.join(map(str, sorted(years)))}; give panels of one year")
    return years.pop()


def spearman(one: pd.Series, other: pd.Series) -> tuple[float, float, float]:
    """Return Spearman's rank correlation, ties at their mean rank, with the ends of its 95 % bootstrap interval.

    Cities are drawn with replacement; the interval is that of percentiles (Efron and Tibshirani 1993, An Introduction to the
    Bootstrap, ch. 13). With fewer than ten pairs, or where one side does not vary, all three are NaN.

    >>> rho, low, high = spearman(pd.Series(range(12)), pd.Series([1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10]))
    >>> round(rho, 3), 0.8 < low < rho < high <= 1.0
    (0.958, True)
    """
    values = np.column_stack([one.to_numpy(dtype=float), other.to_numpy(dtype=float)])
    if len(values) < FEWEST_PAIRS or (np.ptp(values, axis=0) == 0).any():
        return np.nan, np.nan, np.nan
    drawn = np.random.default_rng(_SEED).integers(0, len(values), (_DRAWS, len(values)))
    found = [rho for sample in drawn if not np.isnan(rho := _rho(values[sample]))]
    low, high = np.percentile(found, [2.5, 97.5])
    return _rho(values), float(low), float(high)


def _rho(values: np.ndarray) -> float:
    if (np.ptp(values, axis=0) == 0).any():
        return np.nan
    ranks = pd.DataFrame(values).rank().to_numpy()
    return float(np.corrcoef(ranks.T)[0, 1])


def relation_finding(one: pd.DataFrame, other: pd.DataFrame) -> list[Finding]:
    """Return how many cities give both metrics, and how far the two orders agree."""
    both = pairs(one, other)
    rho, low, high = spearman(both["value"], both["value_y"])
    first, second = (panel[["metric", "stat"]].iloc[0].to_dict() for panel in (one, other))
    metrics = {"one": first, "other": second, "year": one_year([one, other])}
    if np.isnan(rho):
        return [Finding("relation.few", metrics | {"n": len(both), "fewest": FEWEST_PAIRS})]
    return [Finding("relation.rho", metrics | {"n": len(both), "rho": rho, "low": low, "high": high})]


def correlations(panels: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rank correlation of every two panels: columns one, other (metrics), n and rho, NaN for fewer than ten cities."""
    found = []
    for at, one in enumerate(panels):
        for other in panels[at + 1 :]:
            both = pairs(one, other)
            enough = len(both) >= FEWEST_PAIRS
            rho = _rho(both[["value", "value_y"]].to_numpy(dtype=float)) if enough else np.nan
            found.append((one["metric"].iloc[0], other["metric"].iloc[0], len(both), rho))
    return pd.DataFrame(found, columns=["one", "other", "n", "rho"])
