"""How far a share would move with other sentences of the same kind: percentile intervals over sentences.

In: a corpus, and for every sentence what is above and below the line of some ratios. Out: the ends of 95% intervals, by
report. Efron (1979), Annals of Statistics 7(1), 1-26; percentile method: Efron and Tibshirani (1993), An Introduction to
the Bootstrap, chapter 13. Sentences are drawn with replacement within each report, all counts of a draw together.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ecoanalysis.language.corpus import Corpus

DRAWS = 1000
_SEED = 20240605
HOW = {"draws": DRAWS, "seed": _SEED}  # what a table with intervals notes of them
LEAST = 5  # sentences: fewer say nothing of how far a share would move
_ENDS = (0.025, 0.975)
_CELLS = 4_000_000  # draws times sentences held at once
_SMALL = 250_000  # multiplications that BLAS leaves to one thread
_EXACT = 2**24  # whole numbers below it are exact in 32 bits


def intervals(
    corpus: Corpus, above: np.ndarray, below: np.ndarray, of: Sequence[int] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of the interval of each ratio (columns), by report (rows).

    `above` and `below` hold a row of whole numbers for every sentence of the corpus. A ratio is the sum of a column of
    `above` by that of the column of `below` that `of` names. Reports of fewer than five sentences get NaN, and so does a count of nothing. The draws
    depend on the number of sentences alone: an interval does not depend on the other reports.
    """
    rows, of = corpus.rows(), np.asarray(of)
    low = np.full((len(corpus.reports), above.shape[1]), np.nan)
    high = low.copy()
    for at, (first, last) in enumerate(pairwise(rows)):
        if last - first < LEAST:
            continue
        said = above[first:last].any(axis=0)  # what a report never says is 0 in every draw: that is no interval
        sums = _drawn(np.hstack([above[first:last][:, said], below[first:last]]))
        upper, lower = sums[:, : said.sum()], sums[:, said.sum() :][:, of[said]]
        ratios = np.divide(upper, lower, out=np.zeros_like(upper), where=lower > 0)
        low[at, said], high[at, said] = np.quantile(ratios, _ENDS, axis=0)
    return low, high


def _drawn(values: np.ndarray) -> np.ndarray:
    """Return the sums of the columns for each draw of as many rows as there are, with replacement."""
    chunk = max(1, _CELLS // len(values))
    small = values.sum() * len(values) < _EXACT  # even if one row were drawn every time
    values = values.astype(np.float32 if small else np.float64)
    parts = []
    for done in range(0, DRAWS, chunk):
        times = _times(len(values), done, min(chunk, DRAWS - done))
        # A small product is done by one thread: many small ones by several wait for each other on a busy machine.
        step = _SMALL // values.size if _SMALL // values.size >= 8 else len(times)
        weights = times.astype(values.dtype)
        parts += [weights[at : at + step] @ values for at in range(0, len(weights), step)]
    return np.vstack(parts)


@lru_cache(maxsize=256)
def _times(size: int, done: int, draws: int) -> np.ndarray:
    """Return how often each sentence (columns) is drawn in each draw (rows).

    Every statistic takes the same draws, and so does every report of so many sentences.
    """
    rng = np.random.default_rng([_SEED, size, done])
    picked = rng.integers(0, size, size=(draws, size), dtype=np.int32)
    picked += (np.arange(draws, dtype=np.int32) * size)[:, None]
    return np.bincount(picked.ravel(), minlength=draws * size).astype(np.uint8).reshape(draws, size)
