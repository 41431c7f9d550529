"""Read a run of numbers by a list of metrics that stands before it: SO2、NO2浓度分别为8、19, 达标率、优良率均为100%.

In: a run in its sentence. Out: `Candidate` records, each a metric for each number, or several metrics for one.
"""

import re
from functools import cache
from itertools import pairwise
from math import log1p

from ecoanalysis.extracting import sections
from ecoanalysis.extracting.candidates import (
    EACH,
    Candidate,
    Role,
    Scene,
    Spans,
    in_range,
    stat_features,
    stats,
    stats_of,
)
from ecoanalysis.extracting.cue_readings import Window, of_group, tiers
from ecoanalysis.extracting.cues import Match, Naming
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import IN_TURN, Run, turn
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import metrics

# An item that ends so has a subject before it, 综合利用量 that of 固废产生量; others share what the last one ends with.
_MEASURE = re.compile(r"(?:(?<!需氧)[量率]|比例|面积|次数)[、，,和及与以]{0,2}$")
_ITEMS = re.compile(r"、|，|,|以及|和(?!谐)|及(?!以|时|其)|与")


def by_list(scene: Scene, run: Run, role: Role, windows: list[Window], naming: Naming) -> list[Candidate]:
    """Return what a list of subjects gives: one each in order, or all of them one value."""
    found = []
    for name, left, matches in windows:
        # What no two metrics are named in is no list of them; a word may stand for two (昼夜).
        several = name == "own" and len(run.numbers) > 1
        paired = any(span in scene.source.wording.paired for match in matches[:1] for span in match.spans)
        if name not in ("own", "clause", "sentence", "since") or (
            len({m.metric.id for m in matches}) < 2 and not paired and not several
        ):
            continue
        # 二氧化硫、氮氧化物排放量 are two emissions, whatever 二氧化硫 would be alone.
        named = _listed(scene, run, left, role, naming, shared="tail") or _listed(scene, run, left, role, naming)
        found += _list_readings(scene, run, role, name, named, {})
        if not found:
            found += _partly_named(scene, run, left, role, name, naming)
        headed = _listed(scene, run, left, role, naming, shared="head")
        if headed and [m.metric for m in headed] != [m.metric for m in named]:
            group = sections.find(scene.source.text, left[0][0], min(headed[0].spans[-1][1], run.start))
            marks = {"list_headed": 1.0, "list_headed_group": float(bool(group))}
            found += _list_readings(scene, run, role, name, headed, marks)
    return found


def _list_readings(
    scene: Scene, run: Run, role: Role, name: str, named: list[Match], marks: Features
) -> list[Candidate]:
    at, total = turn(scene.source, run)
    if total == len(named) > len(run.numbers):
        named, marks = named[at : at + len(run.numbers)], marks | {"list_in_turn": 1.0}
    aligned = len(named) == len(run.numbers)
    if not aligned and (len(named) < 2 or len(run.numbers) > 1 or total):  # 分别 gives no value to several
        return []
    numbers, found = run.numbers if aligned else run.numbers * len(named), []
    for stat in ("level", "change", "rank", "streak"):
        if not all(stat in stats_of(match, n, role.change) for match, n in zip(named, numbers, strict=True)):
            continue
        features = stat_features(run, role, stat, named[0].metric) | marks
        features["list_aligned" if aligned else "list_shared"] = 1.0
        if not aligned:
            features["list_says_each"] = float(bool(EACH.search(role.left)))
        upto = role.change.start if stat == "change" and role.change else run.start
        features |= _list_features(scene, run, name, named, upto)
        pairs = tuple((match.metric, n) for match, n in zip(named, numbers, strict=True))
        if stat == "level" and not all(in_range(metric, n) for metric, n in pairs):
            features["out_of_range"] = 1.0
        one = Candidate(stat, pairs, "list", features, tuple(named))
        one.change = role.change if stat == "change" else None
        found.append(one)
        found += _joint_reading(scene, run, one)
    return found


def _partly_named(scene: Scene, run: Run, left: Spans, role: Role, name: str, naming: Naming) -> list[Candidate]:
    """Return the values of those items of a list that name a metric, where each item has a value: 产生量、贮存量分别为3万吨、1万吨."""
    if name != "own" or len(run.numbers) < 2 or not IN_TURN.search(scene.source.text, run.low, run.start):
        return []
    items = _items(scene, run, left, role)
    if len(items) != len(run.numbers):
        return []
    named, numbers = [], []
    for item, number in zip(items, run.numbers, strict=True):
        measured = bool(_MEASURE.search(scene.source.text, *item))
        matches = _item(run, left, item, None, role, naming, number, measured)
        if not matches and not measured:  # 市级、县级达标率: of the same, each of another population
            return []
        if matches and stats_of(matches[0], number, role.change)[:1] == ["level"]:
            named.append(matches[0])
            numbers.append(number)
    if not named or any("subject" in match.metric.scopes for match in named):
        return []
    features = stat_features(run, role, "level", named[0].metric) | {"list_partly": 1.0}
    features |= _list_features(scene, run, name, named, run.start)
    pairs = tuple((match.metric, number) for match, number in zip(named, numbers, strict=True))
    return [Candidate("level", pairs, "list", features, tuple(named))]


def _list_features(scene: Scene, run: Run, name: str, named: list[Match], upto: int) -> Features:
    """Tell how a list stands to its numbers, which begin, with their verb, at `upto`."""
    plain, source = scene.plain, scene.source
    end = max(match.spans[-1][1] for match in named)
    every = [span for match in named for span in match.spans]
    start = min(every)[0]
    of_groups = [of_group(scene, run, tiers()[m.metric.id]) for m in named if m.metric.id in tiers()]
    features: Features = {f"list_{mark}": 1.0 for found in of_groups for mark in found}
    return features | {
        f"list_from_{name}": 1.0,
        "list_in_own": float(name == "own"),
        "words_left_own": log1p(plain.count(run.low, upto, every)),
        "list_length": float(min(len(named), 6) - 2) / 2,
        "words_between": log1p(plain.count(end, upto, every)),
        "list_words_inside": log1p(plain.count(start, end, every)),
        "numbers_between": float(min(source.count(end, run.start), 3)),
        "list_numbers_inside": float(min(source.count(start, end), 3)),
        "clauses_between": float(min(plain.breaks(end, run.start), 3)),
    }


def _joint_reading(scene: Scene, run: Run, one: Candidate) -> list[Candidate]:
    """Return what one value of two groups of sections together is of: 23个国、省考断面优良率95.7%.

    Said of each (均), it is a value of each of them.
    """
    joint = _joint().get(frozenset(metric.id for metric, _ in one.pairs))
    if joint is None or len(run.numbers) > 1:
        return []
    groups = [group for group in sections.find(scene.source.text, scene.start, run.end) if group.start <= run.start]
    features = {**one.features, "joint": 1.0, "joint_one_group": float(bool(groups) and groups[-1].joint)}
    pairs = ((metrics()[joint], run.numbers[0]),)
    return [Candidate(one.stat, pairs, "list", features, one.matches[:1], (), one.change)]


def by_tier(scene: Scene, run: Run, role: Role, found: list[Candidate]) -> list[Candidate]:
    """Return what values of two groups of sections, named together, are of: 国、省考断面优良率分别为93%和96%, 均为100%."""
    groups = [one for one in sections.find(scene.source.text, scene.start, run.start) if one.joint or one.several]
    if not groups or len(run.numbers) > 2:
        return []
    words = scene.source.text[groups[-1].start : groups[-1].end]
    swapped = not 0 <= words.find("国") < max(words.find("省"), words.find("区"))
    split = []
    for one in found:
        names = _parted().get(one.pairs[0][0].id) if one.matches and one.origin != "list" else None
        if names is None:
            continue
        parts = [metrics()[name] for name in (names[::-1] if swapped else names)]
        numbers = run.numbers if len(run.numbers) == 2 else run.numbers * 2
        if not all(one.stat in stats(part, n, role.change) for part, n in zip(parts, numbers, strict=True)):
            continue
        marks = {
            "tiers": 1.0,
            "tiers_aligned": float(len(run.numbers) == 2),
            "tiers_each": float(bool(EACH.search(scene.source.text, groups[-1].end, run.start))),
            "tiers_several": float(groups[-1].several),
        }
        features = {k: v for k, v in one.features.items() if k != "run_shares_metric" and not k.startswith("group_")}
        pairs = tuple(zip(parts, numbers, strict=True))
        split.append(Candidate(one.stat, pairs, "list", features | marks, one.matches * 2, (), one.change))
    return split


@cache
def _parted() -> dict[str, tuple[str, str]]:
    """Return the metrics of the nation's and the province's sections, by either's id and by that of both together."""
    rows = tables.rows("words/joint.csv")
    return {row[name]: (row["first"], row["second"]) for row in rows for name in ("first", "second", "joint")}


@cache
def _joint() -> dict[frozenset[str], str]:
    return {frozenset((row["first"], row["second"])): row["joint"] for row in tables.rows("words/joint.csv")}


def _listed(scene: Scene, run: Run, left: Spans, role: Role, naming: Naming, shared: str = "") -> list[Match]:
    """Return the metrics that a list of subjects names, in order, or nothing where it names fewer than two."""
    items = _items(scene, run, left, role)
    if not items:
        return []
    # What the items share: the words at the list's head, or its last item and what follows it.
    common = {"head": items[0], "tail": items[-1]}.get(shared)
    first: dict[str, Match] = {}
    numbers = run.numbers if len(run.numbers) == len(items) else (None,) * len(items)
    for item, number in zip(items, numbers, strict=True):
        measured = bool(_MEASURE.search(scene.source.text, *item))
        for match in _item(run, left, item, common, role, naming, number, measured):
            first.setdefault(match.metric.id, match)
    if shared == "tail" and not _share_tail(list(first.values()), items[-1][0]):
        return []
    return list(first.values()) if len(first) > 1 else []


def _items(scene: Scene, run: Run, left: Spans, role: Role) -> Spans:
    """Return the items of a list that stands before a run, or nothing where none does."""
    left = [span for span in left if span[0] < span[1]]
    if not left:
        return []
    text = scene.source.text
    low, high = left[0][0], left[-1][1]
    if role.change is not None and low < role.change.start:
        high = min(high, role.change.start)
    cuts = [low, *(match.end() for match in _ITEMS.finditer(text, low, high)), high]
    if len(cuts) == 2 or len(cuts) > 40:
        if not any(low <= a and b <= high for a, b in scene.source.wording.paired):
            return []
    several = len(run.numbers)
    # 612个国控断面中，Ⅰ类、Ⅱ类断面分别占: as many items as values, the last of them
    if 1 < several < len(cuts) - 1 and text[cuts[-several - 1] - 1] in "，,":
        cuts = cuts[-several - 1 :]
    return list(pairwise(cuts))


def _share_tail(named: list[Match], last: int) -> bool:
    """Tell whether the first of some items is named by a word that stands within the last item, behind that one's own name."""
    behind = [start for start, _ in named[0].spans if start >= last] if named else []
    return bool(behind) and min(behind) > last


def _item(
    run: Run,
    left: Spans,
    item: tuple[int, int],
    common: tuple[int, int] | None,
    role: Role,
    naming: Naming,
    number: Quantity | None,
    measured: bool,
) -> list[Match]:
    """Return the metric that one item of a list names: by its own words, else by them and the list's common end.

    Where its `number` is known, one that it can be a value of is taken before others. What is `measured` has its subject
    before it.

    Words that are `common` to the items are each item's too: 国考断面达标率、优Ⅲ类比例, 化学需氧量、氨氮排放量. A word that
    stands for two (昼夜) names two metrics.
    """
    if not naming.inside([item]):
        return []
    start, end = item
    stretches = [[item], [(start, left[-1][1])], [(left[0][0], end)]]
    if common is not None:
        stretches.insert(0, sorted({item, common}))
    if measured:
        stretches = [stretch for stretch in stretches if stretch[-1][1] <= end]
    for stretch in stretches:
        spans = [(max(a, low), min(b, high)) for low, high in stretch for a, b in left if b > low and a < high]
        matches = naming.matches(spans, [], end)
        named = [
            m
            for m in matches
            if any(start <= a and b <= end for a, b in m.spans)
            and not (measured and m.cue.topics and m.recency >= end)
            and any(stats_of(m, number, role.change) for number in run.numbers)
        ]
        if number is not None:
            named.sort(key=lambda m: not in_range(m.metric, number))
        if named:
            paired = naming.wording.paired
            both = [m for m in named if m.score == named[0].score and any(span in paired for span in m.spans)]
            return both or named[:1]
    return []
