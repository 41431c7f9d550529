"""Find the words that name metrics, and decide which metric the words around a number name.

In: the text of a report, once. Out: a `Wording`, which tells for the words on both sides of a number which metrics they
name, how specifically, and where the words stand. All words are found in one pass (Aho-Corasick).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import LOWER, Cue, Metric, metrics, spellings, topics

SHORT = 3000  # characters
RARE = (
    300  # one word of the environment in so many characters: bureaus have one in 50 to 170, governments in 500 or more
)
TOPIC_WEIGHT = 1.5  # a topic said before counts less than a word of the clause itself, however long it is

Spans = list[tuple[int, int]]
# Two letters of a word, or the 2 of CO2; the 1 of CO1.2mg/m3 is a value's.
_LATIN = re.compile(r"[A-Za-z](?:[A-Za-z]|2(?![\d.]))")
_TO_GRADE = re.compile(r"[ⅠⅡⅢⅣ]类?(?:水质)?[-—–~～至到]{1,2}(?=劣?[ⅡⅢⅣⅤ])")
# Nor does what is worse than a grade: 劣于Ⅲ类, Ⅳ类及以下.
_WORSE_GRADE = re.compile(r"[劣低]于(?=[ⅠⅡⅢⅣ])|[ⅡⅢⅣ]类?(?:水质|标准)?(?:及其?|或)?以下")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cue with its words as slot numbers, and those that its metric excludes beside the number or where a topic is said."""

    metric: Metric
    cue: Cue
    before: tuple[int, ...]
    after: tuple[int, ...]
    free: tuple[int, ...]
    topics: tuple[int, ...]
    excluded: frozenset[int]
    elsewhere: frozenset[int]
    needed: frozenset[int]

    @property
    def first(self) -> int | None:
        """The slot that must be filled first; a topic alone has none."""
        words = self.after or self.before or self.free
        return words[-1] if words else None


class Cues:
    """The cues that are tried of a number: by the slot that must be filled first, and those of topics alone."""

    def __init__(self, entries: list[Entry], slots: list[list[int]]) -> None:
        self.entries, self.slots = entries, slots
        self.topical = [entry for entry in entries if entry.first is None]
        self.by_slot: dict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.first is not None:
                self.by_slot[entry.first].append(entry)
        needed = frozenset(slot for entry in entries for slot in entry.needed | entry.excluded)
        self.filled = _Filled(needed, slots)

    def of(self, ids: frozenset[str]) -> "Cues":
        """Return those of some metrics."""
        return Cues([entry for entry in self.entries if entry.metric.id in ids], self.slots)


class _Filled(dict[int, frozenset[int]]):
    """The slots that each word fills, of those that some cues need; found when a word is first met."""

    def __init__(self, needed: frozenset[int], slots: list[list[int]]) -> None:
        super().__init__()
        self.needed, self.slots = needed, slots

    def __missing__(self, word: int) -> frozenset[int]:
        found = self[word] = self.needed.intersection(self.slots[word])
        return found


@dataclass(frozen=True, slots=True)
class Match:
    """A metric named by words standing at `spans`; `gap` is how far the nearest is from the number.

    `head` is where the first word that must follow the number stands, the noun that it counts, or None for free words.
    """

    metric: Metric
    cue: Cue
    score: float
    recency: int
    gap: int
    spans: tuple[tuple[int, int], ...]
    head: int | None = None


class Lexicon:
    """The words of all cues, each known by the slots that it may fill, and the cues by the slot that must be filled first."""

    def __init__(self, catalogue: dict[str, Metric]) -> None:
        slots: dict[tuple[str, ...], int] = {}
        entries = [entry for metric in catalogue.values() for entry in _entries(metric, slots)]
        filled: dict[str, list[int]] = defaultdict(list)
        for words, slot in slots.items():
            for word in words:
                filled[word].append(slot)
        self.pairs = {row["text"]: (row["first"], row["second"]) for row in tables.rows("words/pairs.csv")}
        for word, halves in self.pairs.items():
            filled[word] += [slot for half in halves for slot in filled.get(half, [])]
        self.words = list(filled)
        self.slots = [filled[word] for word in self.words]
        implying = [entry for entry in entries if entry.cue.implied is not None and entry.first is not None]
        self.implying = Cues(implying, self.slots)  # those that state a value themselves
        first = self.implying.by_slot.keys()
        self.words_implying = frozenset(at for at, slots in enumerate(self.slots) if not first.isdisjoint(slots))
        self.cues = Cues([entry for entry in entries if entry.cue.implied is None or entry.first is None], self.slots)
        self.environment = slots.get(spellings(topics()["environment"]), -1)
        self.automaton = AhoCorasick(self.words)
        self.sorts: dict[tuple, Cues] = {}  # what a sort of number can be, as it is asked for


def _entries(metric: Metric, slots: dict[tuple[str, ...], int]) -> Iterator[Entry]:
    """Yield the cues of a metric; words that have no slot yet are given one."""

    def of(words: Iterable[tuple[str, ...]]) -> tuple[int, ...]:
        return tuple(slots.setdefault(word, len(slots)) for word in words)

    excluded = frozenset(of((word,) for word in metric.excluded))
    elsewhere = frozenset(of((word,) for word in metric.elsewhere))
    for cue in metric.cues:
        before, after, free, topical = (of(part) for part in (cue.before, cue.after, cue.free, cue.topics))
        needed = frozenset(before + after + free)
        # 削减 beside a tonnage is a metric of its own; beside a share it says how the emissions moved.
        refused = frozenset() if cue.moves else excluded
        yield Entry(metric, cue, before, after, free, topical, refused, elsewhere, needed)


@cache
def lexicon() -> Lexicon:
    """Return the words of the catalogue."""
    return Lexicon(metrics())


Window = dict[int, Spans]


class Wording:
    """Where the words of all cues stand in one text."""

    def __init__(self, text: str, known: Lexicon | None = None) -> None:
        self.known = known or lexicon()
        lowered = text.translate(LOWER)
        found = sorted(
            self.known.automaton.find_matches_as_indexes(lowered, overlapping=True), key=lambda hit: (hit[1], hit[2])
        )
        found = [hit for hit in found if not _within_word(lowered, hit[1], hit[2])]
        ranges = [match.span() for match in _TO_GRADE.finditer(lowered)]  # Ⅲ-Ⅳ类 names neither grade alone
        lows, highs = dict(ranges), {end for _, end in ranges}
        worse = [match.span() for match in _WORSE_GRADE.finditer(lowered)]
        lows |= {start: end for start, end in worse if end - start > 2}
        highs |= {end for start, end in worse if end - start == 2}
        found = [hit for hit in found if hit[1] not in highs and hit[2] > lows.get(hit[1], 0)]
        self.hits = [(start, end, word) for word, start, end in found]
        self.paired = [(start, end) for word, start, end in found if self.known.words[word] in self.known.pairs]
        self.starts = [hit[0] for hit in self.hits]
        self.places: dict[int, list[int]] = defaultdict(list)
        for start, _, word in self.hits:
            for slot in self.known.slots[word]:
                self.places[slot].append(start)
        self.assumed = self._own_business(text)
        self.implying = [start for start, _, word in self.hits if word in self.known.words_implying]

    def _own_business(self, text: str) -> int | None:
        """Return the topic that goes without saying: the environment, but for a long text that seldom speaks of it.

        A bureau's own report need not say that the funds it won are for the environment; a government's must.
        """
        environment = self.known.environment
        times = len(self.places[environment])
        return environment if len(text) < SHORT or times * RARE > len(text) else None

    def implies(self, start: int, end: int) -> bool:
        """Tell whether a span holds a word that could state a value without a number."""
        at = bisect_left(self.implying, start)
        return at < len(self.implying) and self.implying[at] < end

    def said(self, slot: int, spans: Spans) -> int | None:
        """Return where a word was last said within the spans, the nearest span first."""
        if not (places := self.places.get(slot)):
            return None
        for low, high in spans:
            at = bisect_left(places, high) - 1
            if at >= 0 and places[at] >= low:
                return places[at]
        return None


def _within_word(text: str, start: int, end: int) -> bool:
    """Tell whether Latin letters go on beyond a span, so that it is part of a word: CO of COD."""
    return any(_LATIN.match(text, at - 1) for at in (start, end) if at)


class Naming:
    """Tells which metrics the words about one number name.

    `reach` are the spans in which a topic may have been said before, the nearest first; `tried` the cues of the metrics
    that may take the number. The windows about a number overlap, so what holds in all of them is found once.
    """

    def __init__(self, wording: Wording, number: tuple[int, int], reach: Spans, tried: Cues) -> None:
        self.wording, self.number, self.reach, self.tried = wording, number, reach, tried
        self.foreign = wording.assumed is None and wording.said(wording.known.environment, reach) is None
        self._named: dict[tuple, list[Match]] = {}
        self._recent: dict[tuple[int, ...], int | None] = {}
        self._barred: dict[str, bool] = {}

    def matches(self, left: Spans, right: Spans, near: int | None = None) -> list[Match]:
        """Return every metric that the words left and right of the number name, the most specific first.

        `left` and `right` are spans of the clause. Words that a metric excludes count up to `near`: beyond it, they belong
        to the next number.
        """
        before, after = self.inside(left), self.inside(right)
        if not (before or after or self.tried.topical):
            return []
        asked = before, after, near
        if asked not in self._named:
            self._named[asked] = self._matches(self._window(before), self._window(after), near)
        return self._named[asked]

    def inside(self, spans: Spans) -> tuple[int, ...]:
        """Return which hits within the spans matter to the cues that are tried, in reading order."""
        starts, hits, filled = self.wording.starts, self.wording.hits, self.tried.filled
        inside = []
        for low, high in spans:
            for at in range(bisect_left(starts, low), bisect_left(starts, high)):
                _, end, word = hits[at]
                if end <= high and filled[word]:
                    inside.append(at)
        return tuple(inside)

    def _window(self, inside: tuple[int, ...]) -> Window:
        """Return where some hits stand, by slot."""
        window: Window = defaultdict(list)
        for at in inside:
            start, end, word = self.wording.hits[at]
            for slot in self.tried.filled[word]:
                window[slot].append((start, end))
        return window

    def _matches(self, before: Window, after: Window, near: int | None) -> list[Match]:
        both = before if not after else after if not before else _merged(before, after)
        by_slot, held = self.tried.by_slot, both.keys()
        filled = [entry for slot in held & by_slot.keys() for entry in by_slot[slot] if entry.needed <= held]
        filled += self.tried.topical
        if not filled:
            return []
        beside = both if near is None else {slot for slot, spans in both.items() if spans[0][0] < near}
        found = []
        for entry in filled:
            if not entry.excluded.isdisjoint(beside) or self._belongs_elsewhere(entry):
                continue
            recency = self._recency(entry.topics)
            spans = _words(entry, before, after, both) if recency is not None else None
            if spans is not None and recency is not None:
                found.append(self._match(entry, spans, recency))
        return sorted(found, key=_rank)

    def _match(self, entry: Entry, spans: Spans, recency: int) -> Match:
        low, high = self.number
        gap = min([max(low - end, start - high, 0) for start, end in spans], default=0)
        score = sum([end - start for start, end in spans]) + TOPIC_WEIGHT * len(entry.topics)
        head = spans[len(entry.before)][0] if entry.after else None
        return Match(entry.metric, entry.cue, score, recency, gap, tuple(spans), head)

    def _belongs_elsewhere(self, entry: Entry) -> bool:
        """Tell whether what was said before the number bars a metric: it is another body's business, or another metric's."""
        metric = entry.metric
        if (barred := self._barred.get(metric.id)) is None:
            said = any(self.wording.said(slot, self.reach) is not None for slot in entry.elsewhere)
            barred = self._barred[metric.id] = said or (self.foreign and metric.shared)
        return barred

    def _recency(self, topics: tuple[int, ...]) -> int | None:
        """Return how recently the least recent topic was said, or None where one was not."""
        if not topics:
            return 0
        if topics not in self._recent:
            said = [0 if slot == self.wording.assumed else self.wording.said(slot, self.reach) for slot in topics]
            self._recent[topics] = None if None in said else min(place for place in said if place is not None)
        return self._recent[topics]


def _words(entry: Entry, before: Window, after: Window, both: Window) -> Spans | None:
    if entry.free:
        return _nearest(entry.free, both, late=True)
    left = _nearest(entry.before, before, late=True)
    right = _nearest(entry.after, after, late=False) if left is not None else None
    return None if left is None or right is None else left + right


def _rank(match: Match) -> tuple:
    """Order matches: the most specific first; of two cues of one metric, the one whose words stand nearer together."""
    extent = max((end for _, end in match.spans), default=0) - min((start for start, _ in match.spans), default=0)
    return -match.score, -match.recency, match.gap, match.metric.id, extent, match.cue.text


def _merged(before: Window, after: Window) -> Window:
    return {slot: sorted(before.get(slot, []) + after.get(slot, [])) for slot in {*before, *after}}


def _nearest(slots: tuple[int, ...], window: Window, late: bool) -> Spans | None:
    """Fill each slot as near to the number as it can stand, no two with the same letters; in the order of the slots.

    `late` where the number stands at the window's end. Bureaus say 移送公安机关 and 向公安机关移送 alike: order does not count.
    """
    if len(slots) < 2:
        return [_near(window[slot], late) for slot in slots] if all(slot in window for slot in slots) else None
    found = {slot: window.get(slot, []) for slot in slots}
    if not all(found.values()):
        return None
    nearest = [_near(found[slot], late) for slot in slots]
    if len(found) == len(slots) and all(a[1] <= b[0] for a, b in pairwise(sorted(nearest))):
        return nearest
    spans: dict[int, tuple[int, int]] = {}
    # The longest words first: 水体 must not take letters from 优良水体比例.
    for slot in sorted(found, key=lambda slot: -max(end - start for start, end in found[slot])):
        free = [span for span in found[slot] if all(span[1] <= low or high <= span[0] for low, high in spans.values())]
        if not free:
            return None
        spans[slot] = _near(free, late)
    return [spans[slot] for slot in slots]


def _near(spans: Spans, late: bool) -> tuple[int, int]:
    """Return the span that is nearest to the number, the longer of two that are as near."""
    if len(spans) == 1:
        return spans[0]
    return max(spans, key=lambda s: (s[1], -s[0])) if late else min(spans, key=lambda s: (s[0], -s[1]))
