"""Which words tell two groups of reports apart.

In: a `Corpus`, whose words `count` counts once for every comparison (numbers, punctuation and blanks are no words, neither
there nor in the totals), and the names of the reports of both groups. Out: a row a word with frequencies, the
log-likelihood G², effect sizes with 95% intervals, and how evenly the word is spread.

Sources: G²: Dunning (1993), Computational Linguistics 19(1), in the form of Rayson and Garside (2000), Comparing
Corpora, 1-6, which is that of the calculator at ucrel.lancs.ac.uk/llwizard.html. BIC: Wilson (2013), Embracing Bayes
factors for key item analysis in corpus linguistics. Log ratio: Hardie (2014), Log Ratio: an informal introduction,
with the interval of Katz et al. (1978), Biometrics 34, 469-474. Log-odds: Monroe, Colaresi and Quinn (2008), Political
Analysis 16(4), 372-403, equations 15-22. Dispersion: Gries (2008), Int. J. of Corpus Linguistics 13(4), 403-437, made
to reach 1 by Lijffijt and Gries (2012), ibid. 17(1), 147-149. Many words: Šidák (1967), JASA 62, 626-633.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from ahocorasick_rs import AhoCorasick

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.language.corpus import Corpus

PER = 10_000  # words that rates are per
LEAST = 5  # occurrences in both groups together below which a word is not tested
PRIOR = 500.0  # words that the prior of the log-odds weighs
LEVEL = 0.05
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells of a table of `reports` by `words`: `n[i]` times the word `word[i]` in the report `report[i]`.

    `sizes` are the words of each report in all, repeated ones included. Reports and words are sorted. `plain` is the text
    of all without quotation marks, in which report r runs from `bases[r]` to `bases[r + 1]`.
    """

    reports: list[str]
    words: list[str]
    report: np.ndarray
    word: np.ndarray
    n: np.ndarray
    sizes: np.ndarray
    plain: str
    bases: np.ndarray
    made: dict[str, object]


def count(corpus: Corpus) -> Counts:
    """Return how often each word stands in each report, the same in any order of the reports.

    >>> from ecoanalysis.language.corpus import gather
    >>> counts = count(gather(pd.DataFrame({"report": ["a"], "text": ["水质好，水质差。"]})))
    >>> counts.words, counts.n.tolist(), counts.sizes.tolist()
    (['好', '差', '水质'], [1, 1, 2], [4])
    """
    words = sorted(corpus.vocabulary[at] for at in np.flatnonzero(corpus.is_word))
    number = {word: at for at, word in enumerate(words)}
    code = np.array([number.get(token, -1) for token in corpus.vocabulary], dtype=np.int64)[corpus.tokens]
    report = corpus.sentences["report"].to_numpy()[corpus.token_sentences]
    cells = np.sort((report * len(words) + code)[code >= 0])
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    n = np.diff(first, append=len(cells))
    rows, columns = np.divmod(cells[first], max(len(words), 1))
    sizes = np.bincount(rows, n, len(corpus.reports)).astype(np.int64)
    bases = np.append(corpus.bases, len(corpus.text))
    plain, places = corpus.plain
    bases = bases if places is None else np.searchsorted(places, bases)
    return Counts(corpus.reports, words, rows, columns, n, sizes, plain, bases, corpus.made)


def written(counts: Counts, words: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Return of each word whether the texts of some reports hold its characters, be it within longer words."""
    text = "\n".join(counts.plain[counts.bases[row] : counts.bases[row + 1]] for row in rows)
    found = np.zeros(len(words), dtype=bool)
    if len(words):
        matches = AhoCorasick(list(words)).find_matches_as_indexes(text, overlapping=True)
        found[[one[0] for one in matches]] = True
    return found


def split(reports: pd.DataFrame, column: str, value: object, other: object = None) -> tuple[list[str], list[str]]:
    """Return the reports whose `column` is `value`, and the others, or those where it is `other`.

    A city against the rest: `split(reports, "city", "云浮市")`; a year against another: `split(reports, "year", 2024,
    2023)`; a genre against another: `split(reports, "genre", "party_feature", "annual_summary")`. Reports that do not
    say are left out, and with cities those of districts, which do not stand for their city. Where a side has no report,
    `RequestError` names the values that have.
    """
    known = reports[reports[column].notna() & (reports[column].astype(str) != "")]
    if column == "city":
        known = known[known["district"] == ""]
    sides = [known[known[column] == value]["report"]]
    sides.append((known[known[column] != value] if other is None else known[known[column] == other])["report"])
    for side, wanted in zip(sides, (value, other), strict=True):
        if side.empty:
            have = sorted({str(name) for name in known[column]})
            what = f"no report whose {column} is {wanted}" if wanted is not None else f"no report but of {value}"
            near = nearest(str(wanted), have) or ", ".join(have[:8]) or "none"
            raise RequestError(f"{what}. Nearest: {near}; put its report into data/raw and run `ecoanalysis parse`")
    return sorted(sides[0]), sorted(sides[1])


def rows_of(counts: Counts, reports: Collection[str]) -> np.ndarray:
    """Return which rows these reports are; a report that was not counted raises `RequestError`."""
    number = {report: at for at, report in enumerate(counts.reports)}
    for report in reports:
        if report not in number:
            near = nearest(report, counts.reports)
            raise RequestError(f"the words of {report!r} were not counted. Nearest: {near}; cut its text too")
    return np.array(sorted(number[report] for report in set(reports)), dtype=np.int64)


def keyness(
    counts: Counts,
    target: Collection[str],
    reference: Collection[str],
    without: Collection[str] = (),
    least: int = LEAST,
) -> pd.DataFrame:
    """Return the words of two groups of reports, most typical of `target` first, by the z-score of the log-odds.

    Columns: word; target, reference (occurrences); target_rate, reference_rate (per 10,000 words); g2, bic, key (G²
    above the threshold for so many words); log_ratio (base 2) with low and high; log_odds (base e) with log_odds_low,
    log_odds_high and z; reports (of the target that use it); dp_norm (0 even, 1 in one report alone; empty where the
    target is one report); reference_reports and reference_dp_norm, the same of the reference; inside (the one group has
    no such word, but its texts hold the characters, within longer words; looked up for words that are key). Words `without` (stop words) or rarer than `least` are not tested, but count in the totals.
    The intervals take words for independent draws; where `dp_norm` is high they are too narrow. Groups that share a
    report, or have none, raise `RequestError`.
    """
    rows, others = _groups(counts, target, reference)
    cells = [np.isin(counts.report, group) for group in (rows, others)]
    every = [np.bincount(counts.word[own], counts.n[own], len(counts.words)).astype(np.int64) for own in cells]
    tested = np.flatnonzero((every[0] + every[1] >= least) & ~np.isin(counts.words, sorted(without)))
    a, b = (one[tested].astype(float) for one in every)
    sizes = int(counts.sizes[rows].sum()), int(counts.sizes[others].sum())
    table = pd.DataFrame({"word": np.array(counts.words, dtype=object)[tested]}).astype({"word": "str"})
    table["target"], table["reference"] = a.astype(int), b.astype(int)
    table["target_rate"], table["reference_rate"] = a / max(sizes[0], 1) * PER, b / max(sizes[1], 1) * PER
    table["g2"] = log_likelihood(a, b, *sizes)
    table["bic"] = table["g2"] - np.log(max(sum(sizes), 1))
    table["key"] = table["g2"] > threshold(len(tested))
    table["log_ratio"], table["low"], table["high"] = log_ratio(a, b, *sizes)
    table["log_odds"], spread = log_odds(a, b, *sizes)
    table["log_odds_low"], table["log_odds_high"] = table["log_odds"] - _Z * spread, table["log_odds"] + _Z * spread
    table["z"] = table["log_odds"] / spread
    for prefix, group in (("", rows), ("reference_", others)):
        spread_over = _dispersions(counts, group)
        table[f"{prefix}reports"], table[f"{prefix}dp_norm"] = (column[tested] for column in spread_over)
    table["inside"] = _inside(counts, table, rows, others)
    table = table.sort_values(["z", "word"], ascending=[False, True], ignore_index=True)
    about = {"note": "language.note.keyness", "interval": "katz", "reports": len(rows) + len(others)}
    about |= {"target_reports": len(rows), "reference_reports": len(others), "least": least, "tested": len(tested)}
    about |= {"target_words": sizes[0], "reference_words": sizes[1], "threshold": round(threshold(len(tested)), 2)}
    # The characters are those of all reports counted, not of these two groups.
    table.attrs["made"] = {key: value for key, value in counts.made.items() if key != "characters"} | about
    return table


def log_likelihood(a: np.ndarray, b: np.ndarray, c: int, d: int) -> np.ndarray:
    """Return G² of words that occur `a` times in `c` words and `b` times in `d` words.

    >>> log_likelihood(np.array([52.0]), np.array([57.0]), 50_000, 75_000).round(2).tolist()
    [2.65]
    """
    return 2 * (x_log_ratio(a, c * (a + b) / (c + d)) + x_log_ratio(b, d * (a + b) / (c + d)))


def x_log_ratio(observed: np.ndarray, expected: np.ndarray, units: int = 1) -> np.ndarray:
    """Return x ln(x/E), which is 0 for x = 0; `expected` is E times `units`."""
    safe = np.where(observed > 0, observed, 1.0)
    return np.where(observed > 0, observed * np.log(safe * units / np.where(observed > 0, expected, 1.0)), 0.0)


def threshold(words: int, level: float = LEVEL) -> float:
    """Return the G² that chance exceeds for any of so many words with a probability of `level` (Šidák; 1 degree of freedom).

    >>> round(threshold(1), 2), round(threshold(1000), 2)
    (3.84, 16.4)
    """
    alone = 1 - (1 - level) ** (1 / max(words, 1))
    return NormalDist().inv_cdf(1 - alone / 2) ** 2


def log_ratio(a: np.ndarray, b: np.ndarray, c: int, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the binary logarithm of the ratio of two rates, and its 95% interval; no occurrence counts as half a one.

    >>> [one.round(2).tolist() for one in log_ratio(np.array([40.0]), np.array([10.0]), 1000, 1000)]
    [[2.0], [1.01], [2.99]]
    """
    a, b = np.where(a == 0, 0.5, a), np.where(b == 0, 0.5, b)
    ratio = np.log2((a / max(c, 1)) / (b / max(d, 1)))
    spread = np.sqrt(np.maximum(1 / a - 1 / max(c, 1) + 1 / b - 1 / max(d, 1), 0)) / np.log(2)
    return ratio, ratio - _Z * spread, ratio + _Z * spread


def log_odds(a: np.ndarray, b: np.ndarray, c: int, d: int, prior: float = PRIOR) -> tuple[np.ndarray, np.ndarray]:
    """Return the weighted log-odds ratio and its standard deviation.

    The prior is informative: it weighs `prior` words, of which each word has the share that it has in both groups.

    >>> odds, spread = log_odds(np.array([30.0]), np.array([10.0]), 1000, 1000)
    >>> odds.round(4).tolist(), spread.round(4).tolist()
    ([0.7068], [0.2739])
    """
    expected = prior * (a + b) / max(c + d, 1)
    ya, yb = a + expected, b + expected
    odds = np.log(ya / (c + prior - ya)) - np.log(yb / (d + prior - yb))
    return odds, np.sqrt(1 / ya + 1 / yb)


def _groups(counts: Counts, target: Collection[str], reference: Collection[str]) -> tuple[np.ndarray, np.ndarray]:
    if set(target) & set(reference) or not target or not reference:
        both = sorted(set(target) & set(reference))
        what = f"{both[0]!r} is in both groups" if both else "a group is empty"
        raise RequestError(f"two groups of different reports are needed: {what}; see language.split")
    return rows_of(counts, target), rows_of(counts, reference)


def _inside(counts: Counts, table: pd.DataFrame, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Tell of each key word that one group has not as a word whether its texts hold the characters all the same."""
    found = np.zeros(len(table), dtype=bool)
    for column, group in (("target", rows), ("reference", others)):
        missing = np.flatnonzero(table["key"] & (table[column] == 0))
        found[missing] = written(counts, table["word"].iloc[missing].tolist(), group)
    return found


def _dispersions(counts: Counts, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return in how many of the reports each word stands, and its DP (Gries) over them, made to reach 1."""
    rows = rows[counts.sizes[rows] > 0]
    inside = np.isin(counts.report, rows)
    word, n, report = counts.word[inside], counts.n[inside], counts.report[inside]
    used = np.bincount(word, minlength=len(counts.words))
    if len(rows) < 2:
        return used, np.full(len(counts.words), np.nan)
    expected = counts.sizes / counts.sizes[rows].sum()
    total = np.bincount(word, n, len(counts.words))
    # Parts without the word add the share that their size expects: all shares are 1, less those of the parts with it.
    parts = np.abs(n / total[word] - expected[report]) - expected[report]
    dp = (np.bincount(word, parts, len(counts.words)) + 1) / 2
    return used, np.where(used > 0, dp / (1 - expected[rows].min()), np.nan)
