"""How much of a report stands in others too.

In: a `Layout`, and the strings its places share. Out: the share of each report that is boilerplate, and the overlap of
each two reports: exact up to some thousands of reports, beyond that estimated from a few numbers each.

The estimate: one hash is cut into `BINS` bins and the smallest of each kept (one permutation hashing: Li, Owen and Zhang
2012, NeurIPS 25; MinHash: Broder 1997). Pairs whose signatures agree in both bins of some two are candidates (Indyk and
Motwani 1998): of pairs with a Jaccard similarity (strings that both have by strings that either has) of 0.2 that finds
99%, of 0.1 72%.
"""

import numpy as np
import pandas as pd

from ecoanalysis.language.corpus import distinct
from ecoanalysis.language.shingles import Layout, N, Shared, made, mixed, shared, strings

EXACT = 3000  # reports up to which every two are compared; a square of so many takes 36 MB
BINS = 256  # numbers that stand for a report where there are too many
_ROWS = 2  # bins that must agree together
_EMPTY = np.uint64(2**64 - 1)
_Z = 1.959964
_BLOCK = 4096


def boilerplate(layout: Layout) -> pd.DataFrame:
    """Return which share of each report's letters lies in passages that another place's report has too.

    Columns: report, place, characters (letters and digits), covered, share with low and high (95%), formula (the share
    that formulas cover), same_as (the report of the very same text, which it was not compared with). A passage is
    13 letters or more. The share grows with the reports compared. The interval takes the report's sentences as
    drawn at random (linearised ratio: Cochran 1977, Sampling Techniques, 6.4); it is empty below two sentences.
    """
    found = shared(layout)
    formulas = found.at[found.formula[found.group]]
    covered, formula = (_covered(layout, at) for at in (found.at, formulas))
    count, sizes = len(layout.reports), layout.sizes
    own, set_phrases = (np.bincount(layout.report, some, count).astype(np.int64) for some in (covered, formula))
    share = own / np.maximum(sizes, 1)
    spread = _spread(layout, covered, share)
    table = pd.DataFrame({"report": layout.reports, "place": layout.places, "characters": sizes, "covered": own})
    table["share"], table["low"] = share, np.clip(share - _Z * spread, 0, 1)
    table["high"], table["formula"] = np.clip(share + _Z * spread, 0, 1), set_phrases / np.maximum(sizes, 1)
    table["same_as"] = ""
    twins = table.set_index("report", drop=False).loc[list(layout.same_as.values())].reset_index(drop=True)
    twins = twins.assign(report=list(layout.same_as), same_as=list(layout.same_as.values()))
    table = pd.concat([table, twins]).sort_values("report", ignore_index=True)
    table.attrs["made"] = made(layout, "boilerplate") | {"interval": "sentences"}
    return table


def pairs(layout: Layout) -> pd.DataFrame:
    """Return the overlap of every two reports of different places that share a string of 13 letters.

    Columns: report, other (report before other in the order of places), place, other_place, shared (different strings
    of 13 letters that both have), share (of those of report), other_share, jaccard with low and high. Up to `EXACT`
    reports all is counted, and low and high are jaccard itself; beyond, jaccard is estimated with its
    95% interval, the others follow from it, and pairs that overlap little may be missing.
    """
    exact = len(layout.reports) <= EXACT
    if exact:
        found = shared(layout)
        one, other, both = _exact(layout, found)
        sizes = found.distinct
        jaccard = both / np.maximum(sizes[one] + sizes[other] - both, 1)
        low = high = jaccard
    else:
        one, other, sizes, (jaccard, low, high) = _estimated(layout)
        both = np.rint(jaccard / (1 + jaccard) * (sizes[one] + sizes[other])).astype(np.int64)
    names, places = np.array(layout.reports, dtype=object), np.array(layout.places, dtype=object)
    table = pd.DataFrame(
        {"report": names[one], "other": names[other], "place": places[one], "other_place": places[other]}
    )
    table["shared"], table["share"] = both, both / np.maximum(sizes[one], 1)
    table["other_share"], table["jaccard"] = both / np.maximum(sizes[other], 1), jaccard
    table["low"], table["high"] = low, high
    table.attrs["made"] = made(layout, "pairs") | {"interval": "none" if exact else "wilson"}
    return table


def _covered(layout: Layout, at: np.ndarray) -> np.ndarray:
    """Return of each letter whether a string of N letters that starts at one of `at` holds it."""
    edges = np.zeros(len(layout.letters) + 1, dtype=np.int32)
    edges[at] += 1
    edges[at + N] -= 1
    return np.cumsum(edges)[:-1] > 0


def _spread(layout: Layout, covered: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the standard error of each report's share over its sentences."""
    own = np.ones(len(layout.letters), dtype=bool)
    own[layout.starts[:-1]] = False
    sentence, report = layout.sentence[own], layout.report[own]
    numbers, first, sizes = np.unique(sentence, return_index=True, return_counts=True)
    inside = np.bincount(sentence, covered[own])[numbers] if len(numbers) else np.zeros(0)
    of = report[first]
    rest = np.bincount(of, (inside - share[of] * sizes) ** 2, len(share))
    many = np.bincount(of, minlength=len(share)).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(many > 1, np.sqrt(many / (many - 1) * rest) / layout.sizes, np.nan)


def _exact(layout: Layout, found: Shared) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of reports that share strings, and how many: a string counts once a report.

    Most strings stand in the same reports as their neighbours, so each set of reports is multiplied out only once.
    """
    count = len(layout.reports)
    group, report = np.divmod(distinct(found.group * count + layout.report[found.at]), count)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    label = np.random.default_rng(13).integers(0, 2**63, count, dtype=np.uint64)
    sets = np.add.reduceat(label[report], starts) if len(starts) else np.zeros(0, np.uint64)
    _, first, weight = np.unique(sets, return_index=True, return_counts=True)
    number = np.full(len(found.spread), -1)
    number[first] = np.arange(len(first))
    row = number[group]
    row, report = row[row >= 0], report[row >= 0]
    both = np.zeros((count, count), dtype=np.float64)
    for start in range(0, len(first), _BLOCK):
        inside = (row >= start) & (row < start + _BLOCK)
        held = np.zeros((min(_BLOCK, len(first) - start), count), dtype=np.float32)
        held[row[inside] - start, report[inside]] = 1
        both += held.T @ (held * weight[start : start + _BLOCK, None].astype(np.float32))
    one, other = np.nonzero(np.triu(both, 1))
    apart = layout.owner[one] != layout.owner[other]
    one, other = one[apart], other[apart]
    return one, other, both[one, other].astype(np.int64)


def _estimated(layout: Layout) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple]:
    """Return likely pairs, the strings of each report, and the estimated similarity of the pairs with its interval.

    Pairs are found by one hash and measured by another: those found by a hash agree in it more than they do in truth.
    """
    at, code = strings(layout)
    report, count = layout.report[at], len(layout.reports)
    one, other = candidates(signatures(report, mixed(~code), count))
    apart = layout.owner[one] != layout.owner[other]
    one, other = one[apart], other[apart]
    alike = similarity(signatures(report, code, count), one, other)
    sizes = [len(distinct(part)) for part in np.split(code, np.searchsorted(report, np.arange(1, count)))]
    return one, other, np.array(sizes, dtype=np.int64), alike


def signatures(report: np.ndarray, code: np.ndarray, reports: int) -> np.ndarray:
    """Return a row of `BINS` numbers for each of so many reports.

    `code` are well mixed 64-bit hashes, and `report` the number of the report that each belongs to.
    """
    least = np.full(reports * BINS, _EMPTY)
    np.minimum.at(least, report.astype(np.int64) * BINS + (code >> np.uint64(56)).astype(np.int64), code)
    return least.reshape(reports, BINS)


def candidates(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of reports whose signatures agree in both bins of some two, the lower number first."""
    count, found = len(rows), [np.zeros(0, np.int64)]
    for start in range(0, BINS, _ROWS):
        band = rows[:, start : start + _ROWS]
        filled = np.flatnonzero((band != _EMPTY).all(axis=1))
        order = filled[np.lexsort((filled, band[filled, 1], band[filled, 0]))]
        same = np.ones(max(len(order) - 1, 0), dtype=bool)
        step = 1
        while len(same) and same.any():
            # Neighbours `step` apart are of one bucket where both ends hold the same numbers, for the rows are sorted.
            same = (band[order[step:]] == band[order[:-step]]).all(axis=1)
            found.append(order[:-step][same] * count + order[step:][same])
            step += 1
            same = same[: len(order) - step] if step < len(order) else same[:0]
    return tuple(np.divmod(distinct(np.concatenate(found)), max(count, 1)))  # type: ignore[return-value]


def similarity(rows: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the estimated similarity of pairs, and its 95% interval (Wilson 1927 over the bins that are not empty)."""
    agree, filled = np.zeros(len(one)), np.zeros(len(one))
    for bin_ in range(BINS):
        a, b = rows[one, bin_], rows[other, bin_]
        agree += (a == b) & (a != _EMPTY)
        filled += (a != _EMPTY) | (b != _EMPTY)
    filled = np.maximum(filled, 1)
    share = agree / filled
    middle = (share + _Z**2 / (2 * filled)) / (1 + _Z**2 / filled)
    half = _Z / (1 + _Z**2 / filled) * np.sqrt(share * (1 - share) / filled + _Z**2 / (4 * filled**2))
    return share, np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
