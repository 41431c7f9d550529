"""Count the words of reports once, for every comparison after.

In: the cuts of reports (`tokens` and `starts` each). Out: `Counts`, how often each word stands in each report. A word is
a token that holds a letter or a Chinese character: numbers, punctuation and blanks are not counted, nor is their total.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError, nearest


class Tokens(Protocol):
    """What is asked of a cut: its tokens, and the code point where each starts."""

    @property
    def tokens(self) -> list[str]: ...

    @property
    def starts(self) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells of a table of `reports` by `words`: `n[i]` times the word `word[i]` in the report `report[i]`.

    `sizes` are the words of each report in all, repeated ones included. Reports and words are sorted.
    """

    reports: list[str]
    words: list[str]
    report: np.ndarray
    word: np.ndarray
    n: np.ndarray
    sizes: np.ndarray


def is_word(token: str) -> bool:
    """Return whether a token holds a letter or a Chinese character.

    >>> [token for token in ("生态", "PM2.5", "22.5%", "，", "\\n") if is_word(token)]
    ['生态', 'PM2.5']
    """
    return any(map(str.isalpha, token))


def count(cuts: Mapping[str, Tokens]) -> Counts:
    """Return how often each word stands in each report, the same in any order of the reports."""
    reports = sorted(cuts)
    counted = [Counter(cuts[report].tokens) for report in reports]
    words = sorted(filter(is_word, set().union(*counted)))
    number = {word: at for at, word in enumerate(words)}
    kept = [[(number[word], n) for word, n in one.items() if word in number] for one in counted]
    pairs = np.array([pair for one in kept for pair in one], dtype=np.int64).reshape(-1, 2)
    report = np.repeat(np.arange(len(reports)), [len(one) for one in kept])
    sizes = np.bincount(report, pairs[:, 1], len(reports)).astype(np.int64)
    return Counts(reports, words, report, pairs[:, 0], pairs[:, 1], sizes)


def distinct(numbers: np.ndarray) -> np.ndarray:
    """Return the different numbers, sorted: by sorting, which takes a fiftieth of the time of the hashes of `numpy.unique`.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    numbers = np.sort(numbers)
    return numbers[np.concatenate([np.ones(min(len(numbers), 1), dtype=bool), numbers[1:] != numbers[:-1]])]


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
