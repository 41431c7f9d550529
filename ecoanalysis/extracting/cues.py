"""Find the words that name metrics, and decide which metric the words around a number name.

In: the text of a report, once. Out: a `Wording`, which tells for the words on both sides of a number which metrics they
name, how specifically, and where the words stand. All words are found in one pass (Aho-Corasick).
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import LOWER, Cue, Metric, metrics, spellings, topics

SHORT = 3000  # characters
RARE = (
    300  # one word of the environment in so many characters: bureaus have one in 50 to 170, governments in 500 or more
)
TOPIC_WEIGHT = 1.5  # a topic said before counts less than a word of the clause itself, however long it is


@dataclass(frozen=True, slots=True)
class Entry:
    """A cue with its words as slot numbers."""

    metric: Metric
    cue: Cue
    before: tuple[int, ...]
    after: tuple[int, ...]
    free: tuple[int, ...]
    topics: tuple[int, ...]
    needed: frozenset[int]


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
        self.by_slot: dict[int, list[Entry]] = defaultdict(list)
        self.implying: dict[int, list[Entry]] = defaultdict(list)
        self.topical: list[Entry] = []
        self.excluded: dict[str, frozenset[int]] = {}
        self.elsewhere: dict[str, frozenset[int]] = {}
        for metric in catalogue.values():
            self.excluded[metric.id] = frozenset(slots.setdefault((word,), len(slots)) for word in metric.excluded)
            self.elsewhere[metric.id] = frozenset(slots.setdefault((word,), len(slots)) for word in metric.elsewhere)
            for cue in metric.cues:
                parts = [
                    tuple(slots.setdefault(word, len(slots)) for word in part)
                    for part in (cue.before, cue.after, cue.free, cue.topics)
                ]
                before, after, free, topical = parts
                entry = Entry(metric, cue, before, after, free, topical, frozenset(before + after + free))
                key = entry.after or entry.before or entry.free
                if not key:
                    self.topical.append(entry)
                elif cue.implied is None:
                    self.by_slot[key[-1]].append(entry)
                else:
                    self.implying[key[-1]].append(entry)
        filled: dict[str, list[int]] = defaultdict(list)
        for words, slot in slots.items():
            for word in words:
                filled[word].append(slot)
        self.pairs = {row["text"]: (row["first"], row["second"]) for row in tables.rows("words/pairs.csv")}
        for word, halves in self.pairs.items():
            filled[word] += [slot for half in halves for slot in filled.get(half, [])]
        self.words = list(filled)
        self.slots = [filled[word] for word in self.words]
        self.environment = slots.get(spellings(topics()["environment"]), -1)
        self.automaton = AhoCorasick(self.words)
        self.sorts: dict[tuple, frozenset[str]] = {}  # metrics that a sort of number can be of, as they are asked for


@cache
def lexicon() -> Lexicon:
    """Return the words of the catalogue."""
    return Lexicon(metrics())


Window = dict[int, list[tuple[int, int]]]


class Wording:
    """Where the words of all cues stand in one text."""

    def __init__(self, text: str, known: Lexicon | None = None) -> None:
        self.known = known or lexicon()
        lowered = text.translate(LOWER)
        found = sorted(
            self.known.automaton.find_matches_as_indexes(lowered, overlapping=True), key=lambda hit: (hit[1], hit[2])
        )
        self.hits = [(start, end, self.known.slots[word]) for word, start, end in found]
        self.paired = [(start, end) for word, start, end in found if self.known.words[word] in self.known.pairs]
        self.starts = [hit[0] for hit in self.hits]
        self.assumed = self._own_business(text)
        self.implying = [start for start, _, slots in self.hits if not self.known.implying.keys().isdisjoint(slots)]
        self.places: dict[int, list[int]] = defaultdict(list)
        for start, _, slots in self.hits:
            for slot in slots:
                self.places[slot].append(start)

    def _own_business(self, text: str) -> int | None:
        """Return the topic that goes without saying: the environment, but for a long text that seldom speaks of it.

        A bureau's own report need not say that the funds it won are for the environment; a government's must.
        """
        environment = self.known.environment
        times = sum(environment in slots for _, _, slots in self.hits)
        return environment if len(text) < SHORT or times * RARE > len(text) else None

    def implies(self, start: int, end: int) -> bool:
        """Tell whether a span holds a word that could state a value without a number."""
        at = bisect_left(self.implying, start)
        return at < len(self.implying) and self.implying[at] < end

    def window(self, spans: list[tuple[int, int]]) -> Window:
        """Return the hits that lie within the spans, by slot, in reading order."""
        inside: Window = defaultdict(list)
        for low, high in spans:
            for at in range(bisect_left(self.starts, low), bisect_left(self.starts, high)):
                start, end, slots = self.hits[at]
                if end <= high:
                    for slot in slots:
                        inside[slot].append((start, end))
        return inside

    def said(self, slot: int, spans: list[tuple[int, int]]) -> int | None:
        """Return where a word was last said within the spans, the nearest span first."""
        places = self.places.get(slot, [])
        for low, high in spans:
            at = bisect_left(places, high) - 1
            if at >= 0 and places[at] >= low:
                return places[at]
        return None

    def matches(
        self,
        left: list[tuple[int, int]],
        right: list[tuple[int, int]],
        number: tuple[int, int],
        reach: list[tuple[int, int]],
        implied: bool = False,
        near: int | None = None,
        among: frozenset[str] | None = None,
    ) -> list[Match]:
        """Return every metric that the words left and right of a number name, the most specific first.

        `left` and `right` are spans of the clause, `reach` those in which a topic may have been said before, the nearest
        first. With `implied`, only cues that state their value themselves are tried, else only those that do not. Words
        that a metric excludes count up to `near`: beyond it, they belong to the next number. `among` are the metrics that may
        take the number, all where it is None.
        """
        before, after = self.window(left), self.window(right)
        if not before and not after and not self.known.topical:
            return []
        both = before if not after else after if not before else _merged(before, after)
        keyed = self.known.implying if implied else self.known.by_slot
        held = both.keys()
        tried = [
            entry
            for slot in held & keyed.keys()
            for entry in keyed[slot]
            if (among is None or entry.metric.id in among) and entry.needed <= held
        ]
        if not implied:
            tried += [entry for entry in self.known.topical if among is None or entry.metric.id in among]
        foreign = self.assumed is None and self.said(self.known.environment, reach) is None
        beside = both if near is None else {slot for slot, spans in both.items() if spans[0][0] < near}
        found = []
        for entry in tried:
            if not self.known.excluded[entry.metric.id].isdisjoint(beside):
                continue
            if foreign and entry.metric.shared:
                continue
            if any(self.said(slot, reach) is not None for slot in self.known.elsewhere[entry.metric.id]):
                continue
            spans = self._words(entry, before, after, both)
            recency = self._topics(entry, reach) if spans is not None else None
            if spans is None or recency is None:
                continue
            gap = min((max(number[0] - end, start - number[1], 0) for start, end in spans), default=0)
            score = sum(end - start for start, end in spans) + TOPIC_WEIGHT * len(entry.topics)
            head = spans[len(entry.before)][0] if entry.after else None
            found.append(Match(entry.metric, entry.cue, score, recency, gap, tuple(spans), head))
        return sorted(found, key=_rank)

    def _words(self, entry: Entry, before: Window, after: Window, both: Window) -> list[tuple[int, int]] | None:
        if entry.free:
            return _nearest(entry.free, both, late=True)
        left = _nearest(entry.before, before, late=True)
        right = _nearest(entry.after, after, late=False)
        return None if left is None or right is None else left + right

    def _topics(self, entry: Entry, reach: list[tuple[int, int]]) -> int | None:
        """Return how recently the least recent topic was said, or None where one was not."""
        said = [0 if slot == self.assumed else self.said(slot, reach) for slot in entry.topics]
        return (
            None
            if any(place is None for place in said)
            else min((place for place in said if place is not None), default=0)
        )


def _rank(match: Match) -> tuple:
    """Order matches: the most specific first; of two cues of one metric, the one whose words stand nearer together."""
    extent = max((end for _, end in match.spans), default=0) - min((start for start, _ in match.spans), default=0)
    return -match.score, -match.recency, match.gap, match.metric.id, extent, match.cue.text


def _merged(before: Window, after: Window) -> Window:
    return {slot: sorted(before.get(slot, []) + after.get(slot, [])) for slot in {*before, *after}}


def _nearest(slots: tuple[int, ...], window: Window, late: bool) -> list[tuple[int, int]] | None:
    """Fill each slot as near to the number as it can stand, no two with the same letters; in the order of the slots.

    `late` where the number stands at the window's end. Bureaus say 移送公安机关 and 向公安机关移送 alike: order does not count.
    """
    found = {slot: window.get(slot, []) for slot in slots}
    if not all(found.values()):
        return None
    spans: dict[int, tuple[int, int]] = {}
    # The longest words first: 水体 must not take letters from 优良水体比例.
    for slot in sorted(found, key=lambda slot: -max(end - start for start, end in found[slot])):
        free = [span for span in found[slot] if all(span[1] <= low or high <= span[0] for low, high in spans.values())]
        if not free:
            return None
        spans[slot] = (
            max(free, key=lambda s: (s[1], s[1] - s[0])) if late else min(free, key=lambda s: (s[0], s[0] - s[1]))
        )
    return [spans[slot] for slot in slots]
