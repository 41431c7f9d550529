"""The longest passages that reports of several places share, where they stand, and how they spread by year.

In: a `Layout`, and the strings its places share. Out: a row for each time that a passage stands in a report; a row a
passage; a row a passage and year.

Passages are maximal: two reports agree from their first letter to their last and not beyond; then letters that agree by
chance beyond the first or last mark of a clause are cut off, and words, numbers, units, brackets and runs of Latin
letters that an edge tears (`whole`). Shared strings are sorted by what follows them, as in a suffix array (Manber and
Myers 1993), so that those which agree longest stand side by side.
"""

import re
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd

from ecoanalysis.extracting.quantities import units
from ecoanalysis.language.cutting import cut, made_with
from ecoanalysis.language.shingles import Layout, N, Shared, formula_at, hashes, made, shared

_MOST = 50  # passages listed
_LOOKED_AT = 8  # places of a passage where words are looked up
_LINKS = 8  # neighbours that each string is held against
_LONGEST = 1 << 15  # letters of a passage, at most
_WHERE = ["report", "start", "end", "quote"]
_ROOM = 24  # characters around an edge that are cut into words to see where they end
_BRACKETS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "〔": "〕", "「": "」", "『": "』"}
_MARKS = re.compile("[" + re.escape("".join([*_BRACKETS, *_BRACKETS.values()])) + "]")
_LAST = re.compile(r"\s*\n\s*\S{1,2}\Z")


def passages(layout: Layout) -> pd.DataFrame:
    """Return every place where one of the fifty longest shared passages stands, longest passage first.

    Columns: passage (from 1), characters (letters and digits), places, formula, report, place, year, start, end (of the
    repaired text), quote (the text from start to end: punctuation may differ from report to report). A passage that
    overlaps a longer listed one, wherever it stands, is left out as a variant of it.
    """
    found = shared(layout)
    listed: list[tuple[int, np.ndarray]] = []
    taken = np.zeros(len(layout.letters), dtype=bool)
    groups = np.full(len(layout.letters) + 1, -1)  # of each letter which shared string starts there, -1 for none
    groups[found.at] = found.group
    for at, size, string in zip(*(column.tolist() for column in _longest(layout, found, groups)), strict=True):
        if len(listed) == _MOST:
            break
        if taken[at : at + size].any():
            continue
        size, where = _untorn(layout, found, groups, _everywhere(layout, found, at, size, string), size)
        if not len(where) or any(taken[place : place + size].any() for place in where):
            continue
        listed.append((size, where))
        for place in where:
            taken[place : place + size] = True
    listed.sort(key=lambda one: -one[0])
    rows: list[tuple] = []
    for number, (size, where) in enumerate(listed, 1):
        owners = len(set(layout.owner[layout.report[where]].tolist()))
        about = number, size, owners, owners >= formula_at(layout)
        rows += [(*about, *_quoted(layout, place, size)) for place in where.tolist()]
    names = ["passage", "characters", "places", "formula", "report", "place", "year", "start", "end", "quote"]
    table = pd.DataFrame(rows, columns=names).astype({"year": "Int64", "formula": "bool"})
    known = {(place, year) for place, year in zip(layout.places, layout.years, strict=True) if year is not None}
    reporting = dict(sorted(Counter(year for _, year in known).items()))
    about_all = {"interval": "none", "most": _MOST, "reporting": reporting} | made_with()
    table.attrs["made"] = made(layout, "passages") | about_all
    return table


def longest(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each of the `passages`, with the first two places that have it.

    Columns: passage, characters, reports, places, first_year, formula, report, start, end, quote, other, other_start,
    other_end, other_quote. The earliest year comes first, then the order of names; a report without a year comes last.
    """
    rows = []
    ordered = table.sort_values(["passage", "year", "report", "start"], na_position="last")
    for number, every in ordered.groupby("passage"):
        first = every.iloc[0]
        others = every[every["place"] != first["place"]]
        second = (others if len(others) else every[every["report"] != first["report"]]).iloc[0]
        about = first[["characters", "places", "year", "formula", *_WHERE]]
        rows.append((number, every["report"].nunique(), *about, *second[_WHERE]))
    names = ["passage", "reports", "characters", "places", "first_year", "formula", *_WHERE]
    result = pd.DataFrame(rows, columns=[*names, "other", "other_start", "other_end", "other_quote"])
    result.insert(2, "reports", result.pop("reports"))
    result = result.astype({"first_year": "Int64"})
    result.attrs["made"] = table.attrs["made"]
    return result


def diffusion(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each of the `passages` how many places had it in each year.

    Columns: passage, year, places (that year), of (places with a report of that year), so_far (places that have had it by
    then), new, quote. Reports without a year are
    left out; years in which no report has the passage have no row, which may only mean that no report is at hand.
    """
    known = table.dropna(subset=["year"]).drop_duplicates(["passage", "year", "place"])
    first = known.sort_values("year", kind="stable").drop_duplicates(["passage", "place"])
    result = known.groupby(["passage", "year"]).size().rename("places").reset_index()
    new = first.groupby(["passage", "year"]).size().rename("new").reset_index()
    result = result.merge(new, how="left", on=["passage", "year"]).fillna({"new": 0}).astype({"new": "int64"})
    result.insert(3, "so_far", result.groupby("passage")["new"].cumsum())
    result.insert(3, "of", result["year"].map(table.attrs["made"]["reporting"]).astype("int64"))
    result["quote"] = result["passage"].map(table.drop_duplicates("passage").set_index("passage")["quote"])
    result.attrs["made"] = table.attrs["made"] | {"note": "language.note.diffusion"}
    return result


def _longest(layout: Layout, found: Shared, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return start, length and first string of maximal passages, longest first, each wording once."""
    at, group = _sorted_by_what_follows(layout, found)
    owner, before = layout.owner[layout.report[at]], layout.letters[at - 1]
    parts = []
    for step in range(1, _LINKS + 1):
        one, other = np.arange(len(at) - step), np.arange(step, len(at))
        apart = (group[one] == group[other]) & (owner[one] != owner[other]) & (before[one] != before[other])
        one, other = at[one[apart]], at[other[apart]]
        parts.append(np.stack([one, _agreement(layout, one, other), group[:-step][apart]]))
    start, length, string = _trimmed(layout, found, groups, *np.concatenate(parts, axis=1))
    content = hashes(layout, start, length)
    order = np.lexsort((start, content))
    first = order[np.flatnonzero(np.diff(content[order], prepend=content[order][:1] ^ np.uint64(1)))]
    first = first[np.lexsort((start[first], -length[first]))]
    return start[first], length[first], string[first]


def _sorted_by_what_follows(layout: Layout, found: Shared) -> tuple[np.ndarray, np.ndarray]:
    """Return the shared strings of each group, those side by side that agree in the next 16, 48, 112 or 240 letters too."""
    keys, follow = [found.at], found.at + N
    for size in (16, 32, 64, 128):
        start = np.minimum(follow, len(layout.letters) - 1)
        keys.append(hashes(layout, start, np.minimum(size, len(layout.letters) - start)))
        follow = follow + size
    order = np.lexsort((*[keys[0], *reversed(keys[1:])], found.group))
    return found.at[order], found.group[order]


def _agreement(layout: Layout, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return for how many letters two stretches agree; separators differ, so none runs on into another report."""
    length = np.zeros(len(one), dtype=np.int64)
    room = len(layout.letters) - np.maximum(one, other)
    step = _LONGEST
    while step:
        longer = length + step
        fits = longer <= room
        safe = np.where(fits, longer, 0)
        length = np.where(fits & (hashes(layout, one, safe) == hashes(layout, other, safe)), longer, length)
        step //= 2
    return length


def _trimmed(
    layout: Layout, found: Shared, groups: np.ndarray, start: np.ndarray, length: np.ndarray, string: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Begin and end passages with a clause where that takes less than a string off, and leaves a shared one."""
    edges = np.append(np.flatnonzero(np.diff(layout.clause, prepend=-1)), len(layout.letters))
    end = start + length
    later = edges[np.searchsorted(edges, start)]
    earlier = edges[np.maximum(np.searchsorted(edges, end, side="right") - 1, 0)]
    later = np.where((later - start < N) & (end - later >= N) & (groups[later] >= 0), later, start)
    earlier = np.where((end - earlier < N) & (earlier - later >= N), earlier, end)
    return later, earlier - later, np.where(later == start, string, groups[later])


def _untorn(layout: Layout, found: Shared, groups: np.ndarray, where: np.ndarray, size: int) -> tuple[int, np.ndarray]:
    """Return a passage without what its edges tear in any report, and where it stands; nowhere if too little is left."""
    words = True  # looked up once: where nothing but one word is repeated, there would be no end of it
    while size >= N:
        torn = [_torn(layout, place, size, words and at < _LOOKED_AT) for at, place in enumerate(where.tolist())]
        off, words = np.array(torn).max(axis=0), False
        if not off.any():
            return size, where
        at, size = int(where[0] + off[0]), size - int(off.sum())
        if size < N or groups[at] < 0:
            break
        where = _everywhere(layout, found, at, size, int(groups[at]))
    return size, where[:0]


def _torn(layout: Layout, at: int, size: int, words: bool) -> tuple[int, int]:
    """Return how many letters at either end of a passage belong to something that the edge tears in two."""
    text, places = layout.texts[layout.report[at]], layout.offsets[at : at + size]
    start, end = whole(text, int(places[0]), int(places[-1]) + 1, words)
    first, last = np.searchsorted(places, [start, end])
    return int(first), size - int(last)


def _everywhere(layout: Layout, found: Shared, at: int, size: int, string: int) -> np.ndarray:
    """Return where the passage of `size` letters from `at` stands, no two overlapping; it begins with that shared string."""
    first, last = np.searchsorted(found.group, [string, string + 1])
    where = found.at[first:last]
    where = where[where + size <= len(layout.letters)]
    kept: list[int] = []
    for place in np.sort(where[hashes(layout, where, size) == hashes(layout, np.array([at]), size)]).tolist():
        if not kept or place >= kept[-1] + size:
            kept.append(place)
    return np.array(kept)


def _quoted(layout: Layout, at: int, size: int) -> tuple[str, str, int | None, int, int, str]:
    number = int(layout.report[at])
    start, end = int(layout.offsets[at]), int(layout.offsets[at + size - 1]) + 1
    quote = layout.texts[number][start:end]
    return layout.reports[number], layout.places[number], layout.years[number], start, end, quote


def whole(text: str, start: int, end: int, words: bool = True) -> tuple[int, int]:
    """Return start and end moved inwards to where nothing is torn; both are the same where nothing is left.

    >>> text = "浓度为22.5微克/立方米（同比下降5%），好转"
    >>> [text[slice(*whole(text, *edges))] for edges in ((0, 6), (4, 12), (0, 18), (6, 24))]
    ['浓度为', '', '浓度为22.5微克/立方米', '（同比下降5%），好转']
    """
    first, last = _step(text, start, end, words)
    while (first, last) != (start, end) and first < last:
        start, end = first, last
        first, last = _step(text, start, end, False)
    return first, max(first, last)


def _step(text: str, start: int, end: int, words: bool) -> tuple[int, int]:
    first, last = _balanced(text, *_inward(text, start, end, words))
    orphan = _LAST.search(text, first, last)  # a last line of one or two characters: the number of the next heading
    return first, orphan.start() if orphan else last


def _inward(text: str, start: int, end: int, words: bool) -> tuple[int, int]:
    """Move both edges out of the piece that each tears."""
    for low, high in _pieces(text, start, words):
        if low < start < high:
            start = high
    for low, high in _pieces(text, end, words):
        if low < end < high:
            end = low
    return start, max(start, end)


def _pieces(text: str, at: int, words: bool) -> list[tuple[int, int]]:
    """Return the numbers with units, Latin runs and words around a place, as starts and ends."""
    base = max(at - _ROOM, 0)
    around = text[base : at + _ROOM]
    found = [(base + match.start(), base + match.end()) for match in _solid().finditer(around)]
    if words:
        # From the last mark on: a window that opens within a word would be cut otherwise than the text.
        mark = max((match.end() for match in re.finditer(r"[^\w]", text[base:at])), default=0)
        starts = [base + mark + one for one in cut(text[base + mark : at + _ROOM]).starts]
        found += zip(starts, [*starts[1:], min(at + _ROOM, len(text))], strict=True)
    return found


@cache
def _solid() -> re.Pattern[str]:
    """Return what matches a number with its unit, a number in Chinese characters, a unit alone, or a Latin run."""
    names = sorted((name for name in units() if len(name) > 1), key=len, reverse=True)
    unit = "|".join(map(re.escape, [*names, *(name for name in units() if len(name) == 1)]))
    latin = r"[A-Za-z0-9０-９ⅠⅡⅢⅣⅤⅥ](?:[A-Za-z0-9０-９.．,，+\-－~～—/／:：%％‰ⅠⅡⅢⅣⅤⅥ]*[A-Za-z0-9０-９%％‰])?"
    chinese = r"[一二三四五六七八九十百千万亿零〇两]+"
    return re.compile(rf"(?:第?{latin}|第?{chinese})\s*(?:个)?(?:{unit})?|(?:{'|'.join(map(re.escape, names))})")


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Take off what stands before a bracket that closes without having opened, and after one that stays open."""
    opened: list[int] = []
    for match in _MARKS.finditer(text, start, end):
        if match[0] in _BRACKETS:
            opened.append(match.start())
        elif not opened:
            return match.end(), end
        else:
            opened.pop()
    return start, opened[0] if opened else end
