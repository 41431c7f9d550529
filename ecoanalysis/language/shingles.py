"""Lay reports out for comparing: their letters in one row, with a hash for any stretch of them.

In: the tables of texts and reports. Out: a `Layout`, and the strings of n letters that several places share.
Letters are Chinese characters, other letters and digits: punctuation, blanks and line breaks do not keep two passages
apart. The hash is a polynomial one modulo 2^64 over mixed code points (Karp and Rabin 1987, IBM J. Res. Dev. 31(2)), so
that the hash of any stretch comes from two running sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from ecoanalysis.language.corpus import sample
from ecoanalysis.reading.sentences import spans

# Thirteen characters are some seven or eight words, longer than most names and set phrases of Chinese prose; of the
# longer ones (习近平新时代中国特色社会主义思想, the names of laws) those that most places write are marked as formulas.
N = 13
FORMULA_SHARE, FORMULA_PLACES = 0.5, 4  # a formula stands in half of the places, and in four at least

_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))
_MARKS = np.array([ord(mark) for mark in "。！？；，、：!?;,:\n（）()《》“”"], dtype=np.uint32)
_BEYOND = 0x110000  # above all code points: what separates reports, another one after each


@dataclass(frozen=True, slots=True)
class Layout:
    """Reports in a row, sorted by place and name; one with the letters of an earlier one is only noted in `same_as`.

    `letters`, `offsets` (code points in the report's text), and the numbers `report`, `sentence` and `clause` have a value
    a letter, and one for the separator before each report; report k has letters `starts[k]` to `starts[k + 1] - 1` without it.
    `owner` is a number for each report: only strings of different owners are compared, the places, or with `within`
    the reports, of one place each. `sums` and `inverse` make the hashes; `kept` is what `shared` found, once.
    """

    reports: list[str]
    texts: list[str]
    places: list[str]
    years: list[int | None]
    same_as: dict[str, str]
    within: bool
    owner: np.ndarray
    starts: np.ndarray
    letters: np.ndarray
    offsets: np.ndarray
    report: np.ndarray
    sentence: np.ndarray
    clause: np.ndarray
    sums: np.ndarray
    inverse: np.ndarray
    sample: dict[str, object]
    kept: list["Shared"] = field(default_factory=list, repr=False, compare=False)

    @property
    def sizes(self) -> np.ndarray:
        """Return how many letters each report has."""
        return np.diff(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Shared:
    """Strings of `N` letters that two owners or more have: where (`at`, in letters), and which string (`group`).

    Both are sorted by group, then place. `spread` says of each group how many owners have it, `formula` whether it is
    one; `distinct` of each report how many different strings of so many letters it has in all.
    """

    at: np.ndarray
    group: np.ndarray
    spread: np.ndarray
    formula: np.ndarray
    distinct: np.ndarray


def lay_out(texts: pd.DataFrame, reports: pd.DataFrame, within: bool = False) -> Layout:
    """Return the reports laid out, the same in any order of the rows.

    `texts` has the columns report and text; of `reports`, report, city, district, year and sample are used. `within` compares
    the reports of each place among themselves, not with those of other places.
    """
    about = {row["report"]: row for row in reports[["report", "city", "district", "year"]].to_dict("records")}
    rows = sorted(
        (_place(about[report]), report, text) for report, text in zip(texts["report"], texts["text"], strict=True)
    )
    kept = []
    same_as: dict[str, str] = {}
    seen: dict[bytes, str] = {}
    for place, report, text in rows:
        code, offset, clause = _letters(text)
        if (first := seen.setdefault(code.tobytes(), report)) != report:
            same_as[report] = first
            continue
        kept.append((report, text, place, code, offset, clause))
    names, written, places = [row[0] for row in kept], [row[1] for row in kept], [row[2] for row in kept]
    years = [None if pd.isna(about[name]["year"]) else int(about[name]["year"]) for name in names]
    sizes = np.array([len(row[3]) + 1 for row in kept], dtype=np.int64)
    letters = _joined([row[3] for row in kept], range(_BEYOND, _BEYOND + len(kept))).astype(np.uint32)
    offsets = [row[4] for row in kept]
    return Layout(
        names,
        written,
        places,
        years,
        same_as,
        within,
        np.arange(len(kept)) if within else np.unique(places, return_inverse=True)[1],
        np.concatenate([[0], np.cumsum(sizes)]),
        letters,
        _joined(offsets, [0] * len(kept)),
        np.repeat(np.arange(len(kept), dtype=np.int32), sizes),
        _sentences(written, offsets),
        _joined([row[5] for row in kept], [-1] * len(kept)),
        *_sums(letters.astype(np.uint64)),
        sample(texts, reports),
    )


def hashes(layout: Layout, start: np.ndarray, length: np.ndarray | int) -> np.ndarray:
    """Return a hash for the stretch of `length` letters from each `start`: equal letters, equal hash."""
    return (layout.sums[start + length] - layout.sums[start]) * layout.inverse[start]


def strings(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return where strings of `N` letters start that lie in one report and are not half digits, and their mixed hashes."""
    count = len(layout.letters) - N + 1
    if count < 1:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    alphabetic = np.concatenate(
        [[0], np.cumsum(_table("isalpha")[np.minimum(layout.letters, _BEYOND)], dtype=np.int32)]
    )
    inside = (layout.report[:count] == layout.report[N - 1 :]) & (layout.letters[:count] < _BEYOND)
    at = np.flatnonzero(inside & (2 * (alphabetic[N:] - alphabetic[:-N]) > N))
    found = hashes(layout, at, N)
    if layout.within:
        places = np.unique(layout.places, return_inverse=True)[1].astype(np.uint64)
        found = found + mixed(places + np.uint64(1))[layout.report[at]]
    return at, mixed(found)


def shared(layout: Layout) -> Shared:
    """Return the strings of `N` letters that two owners or more have."""
    if layout.kept:
        return layout.kept[0]
    at, code = strings(layout)
    order = np.argsort(code, kind="stable")
    at, code = at[order], code[order]
    report = layout.report[at]
    new = np.ones(len(at), dtype=bool)
    new[1:] = code[1:] != code[:-1]
    other = new.copy()
    other[1:] |= report[1:] != report[:-1]
    distinct = np.bincount(report[other], minlength=len(layout.reports))
    owner = layout.owner[report]
    other[1:] = new[1:] | (owner[1:] != owner[:-1])
    group = np.cumsum(new) - 1
    spread = np.bincount(group, other).astype(np.int64)
    kept = spread[group] > 1
    number = np.cumsum(spread > 1) - 1
    spread, group = spread[spread > 1], number[group[kept]]
    layout.kept.append(Shared(at[kept], group, spread, spread >= formula_at(layout), distinct))
    return layout.kept[0]


def formula_at(layout: Layout) -> float:
    """Return how many owners make a shared string a formula."""
    return max(FORMULA_SHARE * len(set(layout.owner.tolist())), FORMULA_PLACES)


def made(layout: Layout, rule: str) -> dict[str, object]:
    """Return what a result says of how it was made; `rule` names its counting rule in the wordings."""
    note = f"language.note.{rule}" + ("_within" if layout.within else "")
    return layout.sample | {"note": note, "n": N, "within": layout.within, "places": len(set(layout.places))}


def _place(row: dict) -> str:
    """Return what tells the places of reports apart; a report of an unknown place is a place of its own."""
    if row["city"] and row["district"]:
        return f"{row['city']}/{row['district']}"
    return row["city"] or row["report"]


def _joined(parts: list[np.ndarray], before: Sequence[int]) -> np.ndarray:
    """Return the parts in a row, each with a number before it."""
    pieces = [piece for part, first in zip(parts, before, strict=True) for piece in ([first], part)]
    return np.concatenate([np.zeros(0, np.int64), *pieces]).astype(np.int32)


@cache
def _table(test: str) -> np.ndarray:
    """Return of every code point whether it passes a test of `str`; the last answers for separators."""
    passes = getattr(str, test)
    return np.array([*(passes(chr(code)) for code in range(_BEYOND)), False])


def _letters(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the letters of a text, where each stands, and how many marks of clauses stand before it."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    offsets = np.flatnonzero(_table("isalnum")[codes])
    return codes[offsets], offsets, np.cumsum(np.isin(codes, _MARKS), dtype=np.int32)[offsets]


def _sentences(texts: list[str], offsets: list[np.ndarray]) -> np.ndarray:
    """Return the number of the sentence of each letter, counted through all reports."""
    numbers, before = [np.zeros(0, np.int32)], 0
    for text, offset in zip(texts, offsets, strict=True):
        begins = [start for start, _, _ in spans(text)]
        within = np.searchsorted(begins, np.concatenate([[0], offset]), side="right") + before
        numbers.append(within.astype(np.int32))
        before += len(begins) + 1
    return np.concatenate(numbers)


def _sums(letters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    powers = np.cumprod(np.full(len(letters), _BASE), dtype=np.uint64)
    inverse = np.cumprod(np.full(len(letters), _INVERSE), dtype=np.uint64)
    return np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed(letters) * powers, dtype=np.uint64)]), inverse


def mixed(code: np.ndarray) -> np.ndarray:
    """Return 64-bit numbers well mixed: the last step of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA)."""
    code = (code ^ (code >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    code = (code ^ (code >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return code ^ (code >> np.uint64(31))
