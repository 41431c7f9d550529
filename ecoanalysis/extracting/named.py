"""Read a run of numbers by the words that stand beside it: the metric that they name, or a list of metrics.

In: a run in its sentence. Out: `Candidate` records, each with how its words stand to the number.
"""

import re
from functools import cache
from itertools import pairwise
from math import log1p
from typing import NamedTuple

from ecoanalysis.extracting import roles, sections
from ecoanalysis.extracting.candidates import EACH, Candidate, Role, Scene, Spans, stat_features, stats
from ecoanalysis.extracting.cues import Cues, Lexicon, Match, Naming
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity, measures
from ecoanalysis.extracting.runs import Run
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import metrics

_ITEMS = re.compile(r"、|，|,|以及|和(?!谐)|及(?!以|时|其)|与")
_ITEM_END = re.compile("[、，,；;]")
_SHARED = re.compile(r"[，,]\s*[^，,；;。：:\d]{0,6}(?:均(?!值)|都|全部|悉数|已全部|皆)[^，,；;。：:]*")
_ALONE = re.compile("[国省区][考控]")
_PROVINCE = re.compile("省|自治区|区[考控]")
_WIDEST = 4  # candidates of one window


class Window(NamedTuple):
    """Where words that name a run may stand: the spans left of the number, and what they and those on its right name."""

    name: str
    left: Spans
    matches: list[Match]


def windows_of(scene: Scene, run: Run, naming: Naming) -> list[Window]:
    """Return the windows about a run, the nearest first."""
    return [Window(name, left, naming.matches(left, right, run.until)) for name, left, right in _spans_of(scene, run)]


def _spans_of(scene: Scene, run: Run) -> list[tuple[str, Spans, Spans]]:
    """Return where words that name a run may stand, left and right of it, each with a name: the nearest first."""
    clause, number = run.clause, run.numbers[0]
    own = clause.outside(run.low, run.start)
    right = clause.outside(run.end, run.until)
    whole = clause.outside(clause.start, run.start) if number.streak else own
    found: list[tuple[str, Spans, Spans]] = [("own", own, []), ("right", whole, right)]
    if run.outer is not None:
        head = run.outer.outside(run.outer.start, clause.start - 1)
        found.append(("clause", [*head, *own], []))
        if not scene.plain.count(run.outer.start, clause.start - 1) and scene.start < run.outer.start:
            found.append(("aside", [(scene.start, run.outer.start), *head, *own], []))
    elif run.low > clause.start:
        found.append(("clause", clause.outside(clause.start, run.start), []))
    alike = [s.end for s in scene.memory.history if s.metric.unit == number.unit and s.end <= clause.start]
    since = max([scene.start, *alike])
    if since < clause.start and run.outer is None:
        found.append(("sentence", [(since, clause.start), *clause.outside(clause.start, run.start)], []))
        if since > scene.start:
            found.append(("sentence", [(scene.start, clause.start), *clause.outside(clause.start, run.start)], []))
    if len(run.numbers) > 1 and run.outer is None:
        crossed = scene.source.numbers(scene.start, clause.start)
        if crossed and crossed[-1].end > since:
            found.append(("since", [(crossed[-1].end, clause.start), *clause.outside(clause.start, run.start)], []))
    shared = _SHARED.match(scene.source.text, clause.end, scene.end)
    if shared and run.until == clause.end:
        found.append(("predicate", own, [*right, shared.span()]))
    if scene.memory.label:
        found.append(("label", [scene.memory.label, *own], []))
    return found


def naming_of(scene: Scene, run: Run, change: roles.Change | None) -> Naming:
    """Return what tells which metrics the words about a run name."""
    # A topic behind the number counts up to the next item: 中央督察信访件5件、省督察信访件3件.
    end = max(run.clause.end, run.numbers[0].end)
    upto = _ITEM_END.search(scene.source.text, run.numbers[0].end, end)
    said = [(scene.start, upto.start() if upto else max(run.clause.end, run.start)), *scene.reach]
    wording = scene.source.wording
    return Naming(wording, (run.start, run.numbers[0].end), said, _possible(wording.known, run.numbers[0], change))


def by_cue(scene: Scene, run: Run, role: Role, windows: list[Window]) -> list[Candidate]:
    found: dict[tuple, Candidate] = {}
    for name, _, matches in windows:
        if name == "since":  # of lists alone: the sentence holds its words too
            continue
        kept = 0
        seen: set[str] = set()
        for match in matches:
            if match.metric.id in seen:
                continue
            possible = stats(match.metric, run.numbers[0], role.change)
            if not possible:
                continue
            seen.add(match.metric.id)
            kept += 1
            for stat in possible:
                pairs = tuple((match.metric, number) for number in run.numbers)
                one = Candidate(stat, pairs, name, _cue_features(scene, run, role, name, stat, match), (match,))
                one.change = role.change if stat == "change" else None
                found.setdefault((*one.key, match.spans), one)
            if kept == _WIDEST:
                break
    return list(found.values())


def _cue_features(scene: Scene, run: Run, role: Role, name: str, stat: str, match: Match) -> Features:
    plain, source, at = scene.plain, scene.source, run.start
    upto = role.change.start if stat == "change" and role.change and run.low <= role.change.start else at
    features = stat_features(run, role, stat, match.metric)
    lefts = [span for span in match.spans if span[0] < at]
    rights = [span for span in match.spans if span[0] >= at]
    features[f"from_{name}"] = 1.0
    features["cue_length"] = min(match.score, 14.0) / 4
    kind = "measure" if measures(run.numbers[0]) else "count"
    if rights:
        features[f"cue_behind_{kind}"] = 1.0
        if not run.numbers[0].unit_text:
            features["cue_behind_bare"] = 1.0
        if any(start - run.end < 2 for start, _ in rights):
            features["counts_noun"] = 1.0
    if lefts:
        end = max(span[1] for span in lefts)
        first = min(span[0] for span in lefts)
        features["words_between"] = log1p(plain.count(end, upto, lefts))
        features["words_touch_end"] = min(plain.run_after(end, upto), 4) / 2
        features["words_touch_start"] = min(plain.run_before(first, scene.start), 4) / 2
        crossed = [q for q in source.numbers(end, at)]
        features["numbers_between"] = float(min(len(crossed), 3))
        features["same_unit_between"] = float(any(q.unit == run.numbers[0].unit for q in crossed))
        features["clauses_between"] = float(min(plain.breaks(end, at), 3))
    elif not rights:
        features["topic_only"] = 1.0
    else:
        features["words_before"] = log1p(plain.count(run.low, at, []))
        features["words_between_behind"] = log1p(plain.count(run.end, max(rights[0][0], run.end), []))
    features["words_left_own"] = log1p(plain.count(run.low, upto, match.spans))
    if len(match.spans) > 1:
        ordered = sorted(match.spans)
        inner = sum(plain.count(a[1], b[0], []) for a, b in pairwise(ordered) if a[1] <= b[0])
        features["words_inside"] = log1p(inner)
    if len(run.numbers) > 1:
        features["run_shares_metric"] = 1.0
    if stat == "level" and name in ("own", "clause"):
        features |= _said_again(scene, run, match)
    if (groups := _groups()).get(match.metric.id):
        features |= _of_group(scene, run, groups[match.metric.id])
    return features


def _said_again(scene: Scene, run: Run, match: Match) -> Features:
    """Tell whether the clause gave the metric a value already: 15项整改任务完成14项 is not of twice the same."""
    said = [s for s in scene.memory.history if s.metric is match.metric and s.end > run.clause.start]
    if not said or scene.source.scopes_in(said[-1].end, run.start) or scene.source.times_in(said[-1].end, run.start):
        return {}
    less = (run.numbers[0].value or 0) <= (said[-1].value or 0)
    return {"said_in_clause_more" if less else "said_in_clause_less": 1.0}


def _of_group(scene: Scene, run: Run, kind: str) -> Features:
    """Tell whether a share is of the sections that its sentence named last: 国控断面6个，优良5个，占83.3%."""
    named = [group for group in sections.find(scene.source.text, scene.start, run.start) if group.end <= run.start]
    if not named:
        return {f"group_unsaid_{kind}": 1.0}
    behind = scene.source.text[named[-1].end : run.start]
    words = scene.source.text[named[-1].start : named[-1].end]
    if _ALONE.search(behind):  # 国考断面优良比例95.5%，省考97.2%
        words = behind
    meant = (
        "joint"
        if named[-1].joint and words != behind
        else "first"
        if "国" in words
        else "second"
        if _PROVINCE.search(words)
        else "joint"
    )
    return {"group_named" if meant == kind else "group_differs": 1.0}


@cache
def _groups() -> dict[str, str]:
    """Return which sections a metric is of, those of the nation, of the province or of both, by its id."""
    return {row[kind]: kind for row in tables.rows("words/joint.csv") for kind in ("first", "second", "joint")}


def _possible(known: Lexicon, number: Quantity, change: roles.Change | None) -> Cues:
    """Return the cues of what a number can be; what tells is its kind and unit, so each sort is looked up once."""
    ends = number.number[-2:] if number.kind == "rank" else ""  # 最高, 最低
    sort = (number.kind, number.unit, number.unit_text, number.streak, ends, change is not None)
    if (found := known.sorts.get(sort)) is None:
        ids = frozenset(m.id for m in metrics().values() if stats(m, number, change))
        found = known.sorts[sort] = known.cues.of(ids)
    return found


def compare(one: Candidate, others: list[Candidate]) -> None:
    """Note how much longer the words of another metric are, and that words of another stand nearer."""
    if not one.matches or one.origin == "list":
        return
    own = one.matches[0]
    rivals = [
        o
        for o in others
        if o.matches and o.origin != "list" and o.matches[0].metric is not own.metric and o.stat == one.stat
    ]
    longer = max((o.matches[0].score - own.score for o in rivals), default=0.0)
    if longer > 0:
        one.features["longer_rival"] = min(longer, 8.0) / 4
    end = max((e for _, e in own.spans), default=0)
    if any(max((e for _, e in o.matches[0].spans), default=0) > end for o in rivals):
        one.features["nearer_rival"] = 1.0
    if any(_within(own.spans, o.matches[0].spans) for o in rivals if o.matches[0].score > own.score):
        one.features["words_of_rival"] = 1.0


def _within(spans: tuple[tuple[int, int], ...], others: tuple[tuple[int, int], ...]) -> bool:
    return bool(spans) and all(any(low <= a and b <= high for low, high in others) for a, b in spans)


def by_list(scene: Scene, run: Run, role: Role, windows: list[Window], naming: Naming) -> list[Candidate]:
    """Return what a list of subjects gives: one each in order, or all of them one value."""
    found = []
    for name, left, matches in windows:
        if name not in ("own", "clause", "sentence", "since"):
            continue
        # What no two metrics are named in is no list of them; a word may stand for two (昼夜).
        paired = any(span in scene.source.wording.paired for match in matches[:1] for span in match.spans)
        if len({m.metric.id for m in matches}) < 2 and not paired:
            continue
        named = _listed(scene, run, left, role, naming)
        if len(named) < 2:
            continue
        aligned = len(named) == len(run.numbers)
        if not aligned and len(run.numbers) > 1:
            continue
        numbers = run.numbers if aligned else run.numbers * len(named)
        possible = [stats(match.metric, n, role.change) for match, n in zip(named, numbers, strict=True)]
        for stat in ("level", "change", "rank", "streak"):
            if not all(stat in each for each in possible):
                continue
            features = stat_features(run, role, stat, named[0].metric)
            features["list_aligned" if aligned else "list_shared"] = 1.0
            features["list_in_own"] = float(name == "own")
            if not aligned:
                features["list_says_each"] = float(bool(EACH.search(role.left)))
            end = max(match.spans[-1][1] for match in named)
            upto = role.change.start if stat == "change" and role.change else run.start
            every = [span for match in named for span in match.spans]
            features["words_left_own"] = log1p(scene.plain.count(run.low, upto, every))
            features["list_length"] = float(min(len(named), 6) - 2) / 2
            features["words_between"] = log1p(scene.plain.count(end, upto, every))
            features["list_words_inside"] = log1p(scene.plain.count(min(every)[0], end, every))
            features["numbers_between"] = float(min(len(scene.source.numbers(end, run.start)), 3))
            features["list_numbers_inside"] = float(min(len(scene.source.numbers(min(every)[0], end)), 3))
            features["clauses_between"] = float(min(scene.plain.breaks(end, run.start), 3))
            features[f"list_from_{name}"] = 1.0
            pairs = tuple((match.metric, n) for match, n in zip(named, numbers, strict=True))
            one = Candidate(stat, pairs, "list", features, tuple(named))
            one.change = role.change if stat == "change" else None
            found.append(one)
            found += _joint_reading(scene, run, one)
    return found


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


@cache
def _joint() -> dict[frozenset[str], str]:
    return {frozenset((row["first"], row["second"])): row["joint"] for row in tables.rows("words/joint.csv")}


def _listed(scene: Scene, run: Run, left: Spans, role: Role, naming: Naming) -> list[Match]:
    """Return the metrics that a list of subjects names, in order, or nothing where it names fewer than two."""
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
    first: dict[str, Match] = {}
    for start, end in pairwise(cuts):
        for match in _item(run, left, start, end, role, naming):
            first.setdefault(match.metric.id, match)
    return list(first.values()) if len(first) > 1 else []


def _item(run: Run, left: Spans, start: int, end: int, role: Role, naming: Naming) -> list[Match]:
    """Return the metric that one item of a list names: by its own words, else by them and the list's common end.

    A word that stands for two (昼夜) names two metrics.
    """
    if not naming.inside([(start, end)]):
        return []
    for open_, stop in ((start, end), (start, left[-1][1]), (left[0][0], end)):
        spans = [(max(a, open_), min(b, stop)) for a, b in left if b > open_ and a < stop]
        matches = naming.matches(spans, [], end)
        named = [
            m
            for m in matches
            if any(start <= a and b <= end for a, b in m.spans) and stats(m.metric, run.numbers[0], role.change)
        ]
        if named:
            paired = naming.wording.paired
            both = [m for m in named if m.score == named[0].score and any(span in paired for span in m.spans)]
            return both or named[:1]
    return []
