"""How far a share would move with other sentences of the same kind: percentile intervals over sentences.

In: a corpus, and for every sentence what is above and below the line of some ratios. Out: the ends of 95% intervals, by
report. Efron (1979), Annals of Statistics 7(1), 1-26; percentile method: Efron and Tibshirani (1993), An Introduction to
the Bootstrap, chapter 13. Sentences are drawn with replacement within each report, all counts of a draw together.
"""

import hashlib

import numpy as np

from ecoanalysis.language.corpus import Corpus

DRAWS = 1000
SEED = 20240605
LEAST = 5  # sentences: fewer say nothing of how far a share would move
_ENDS = np.array([0.025, 0.975])
_CELLS = 4_000_000  # draws times sentences held at once


def intervals(
    corpus: Corpus, above: np.ndarray, below: np.ndarray, draws: int = DRAWS, seed: int = SEED
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of the interval of each ratio (columns), by report (rows).

    `above` and `below` hold a row for every sentence of the corpus and a column for every ratio: a ratio is the sum of
    the one by the sum of the other. Reports of fewer than five sentences get NaN. Every report draws by itself, seeded
    by `seed` and its own text: its interval does not depend on the other reports.
    """
    rows = corpus.rows()
    low = np.full((len(corpus.reports), above.shape[1]), np.nan)
    high = low.copy()
    kinds, which = np.unique(below, axis=1, return_inverse=True)
    for at, (first, last) in enumerate(zip(rows[:-1], rows[1:], strict=True)):
        if last - first < LEAST:
            continue
        said = above[first:last].any(axis=0)  # what a report never says has 0 in every draw
        low[at, ~said] = high[at, ~said] = 0.0
        sums = _drawn(np.hstack([above[first:last][:, said], kinds[first:last]]), _seed(corpus, at, seed), draws)
        upper, lower = sums[:, : said.sum()], sums[:, said.sum() :][:, which.ravel()[said]]
        ratios = np.divide(upper, lower, out=np.zeros_like(upper), where=lower > 0)
        low[at, said], high[at, said] = _percentiles(ratios)
    return low, high


def _seed(corpus: Corpus, at: int, seed: int) -> list[int]:
    after = corpus.bases[at + 1] if at + 1 < len(corpus.bases) else len(corpus.text)
    digest = hashlib.sha256(corpus.text[corpus.bases[at] : after].strip().encode("utf-8", "replace")).digest()
    return [seed, int.from_bytes(digest[:8], "big")]


def _drawn(values: np.ndarray, seed: list[int], draws: int) -> np.ndarray:
    """Return the sums of the columns for each draw of as many rows as there are, with replacement."""
    rng = np.random.default_rng(seed)
    size = len(values)
    chunk = max(1, _CELLS // size)
    sums = []
    for done in range(0, draws, chunk):
        count = min(chunk, draws - done)
        picked = rng.integers(0, size, size=(count, size), dtype=np.uint32 if size >= 2**16 else np.uint16)
        flat = picked + (np.arange(count) * size)[:, None]
        times = np.bincount(flat.ravel(), minlength=count * size).reshape(count, size)
        sums.append(times.astype(np.float64) @ values)
    return np.vstack(sums)


def _percentiles(ratios: np.ndarray) -> np.ndarray:
    """Return the 2.5th and 97.5th percentile of each column, as numpy's quantile does: sorting whole is faster here."""
    ordered = np.sort(np.ascontiguousarray(ratios.T), axis=1)
    place = _ENDS * (ordered.shape[1] - 1)
    under = np.floor(place).astype(int)
    over = np.minimum(under + 1, ordered.shape[1] - 1)
    share = place - under
    return (ordered[:, under] * (1 - share) + ordered[:, over] * share).T
