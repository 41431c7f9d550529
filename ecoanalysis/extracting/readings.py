"""What a run of numbers can be read as: metrics and statistic, each candidate with what speaks for and against it.

In: a run in its sentence, and what was read before it. Out: `Candidate` records, one of which says that it is no fact. Which
one holds is decided by weights (`model`), not by the order in which they are found.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from math import log1p

from ecoanalysis.extracting import roles, sections
from ecoanalysis.extracting.cues import Lexicon, Match
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity, measures
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.source import Plain, Source, Subject, converted, converts
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import Metric, metrics

Spans = list[tuple[int, int]]
Window = tuple[str, Spans, Spans]  # its name, and the spans left and right of the number
Pairs = tuple[tuple[Metric, Quantity], ...]
_ITEMS = re.compile(r"、|，|,|以及|和(?!谐)|及(?!以|时|其)|与")
_ITEM_END = re.compile("[、，,；;]")
_EACH = re.compile(r"均(?!值)|都|皆|各为|分别|依次|双双|双|[两三四二2-4]项|[两三]者")
_SEVERAL = re.compile(r"([两二三四五六2-6])(?:项|者|个指标)")
_COMPARES = re.compile(r"相比|同期比|同比|[与和较][^，,；;]{2,8}比[，,]")
_SHARED = re.compile(r"[，,]\s*[^，,；;。：:\d]{0,6}(?:均(?!值)|都|全部|悉数|已全部|皆)[^，,；;。：:]*")
_MOVING = re.compile(r"(?:减少|增加|降低|提高|提升|压减)了?(?:全[市省区县])?$")
_PART = re.compile(r"\s*(?:其中|包括|包含|含)")
_WIDEST = 4  # candidates of one window
_NUMERALS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}


@dataclass(slots=True)
class Candidate:
    """One reading of a run: a metric for each of its numbers (or several for one), a statistic, and its features."""

    stat: str
    pairs: Pairs
    origin: str
    features: Features
    matches: tuple[Match, ...] = ()
    subjects: tuple[Subject, ...] = ()
    change: roles.Change | None = None

    @property
    def key(self) -> tuple:
        return self.stat, tuple((metric.id, number.start) for metric, number in self.pairs)


@dataclass(slots=True)
class Memory:
    """What was read before in the paragraph: the subjects of the last run, all levels of the sentence, those before it."""

    last: list[Subject] = field(default_factory=list)
    history: list[Subject] = field(default_factory=list)
    before: list[Subject] = field(default_factory=list)
    latest: list[Subject] = field(default_factory=list)
    label: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a run is read: the spans of its sentence, in which a topic may have been said before it, and its marks."""

    source: Source
    start: int
    end: int
    reach: Spans
    plain: Plain
    memory: Memory


def candidates(scene: Scene, run: Run) -> list[Candidate]:
    """Return the readings of a run, the last of them that it is no fact."""
    text, number = scene.source.text, run.numbers[0]
    left = "".join(text[a:b] for a, b in run.clause.outside(run.low, run.start))
    right = text[run.end : run.clause.end]
    role = _role(scene, run, left, right)
    windows = _windows(scene, run)
    named = [_matches(scene, run, role, left, right, near=run.until) for _, left, right in windows]
    found = [*_by_cue(scene, run, role, windows, named), *_by_list(scene, run, role, windows, named)]
    found += _inherited(scene, run, role)
    best: dict[tuple, Candidate] = {}
    lists = {metric.id for one in found if one.origin == "list" for metric, _ in one.pairs}
    for one in found:
        _compare(one, found)
        if one.origin != "list" and one.matches and one.pairs[0][0].id in lists:
            one.features["one_of_list"] = 1.0
        best.setdefault((*one.key, one.origin), one)
    nothing = {"none": 1.0, **{f"none_{name}": 1.0 for name in role.flags}}
    nothing |= {f"none_{number.kind}": 1.0}
    if not any(one.origin in ("own", "right", "list") for one in found):
        nothing["none_unnamed"] = 1.0
    return [*best.values(), Candidate("none", (), "none", nothing)]


@dataclass(frozen=True, slots=True)
class _Role:
    """What the words beside a number say of its part: a movement before it, and flags such as `limit`."""

    change: roles.Change | None
    flags: frozenset[str]
    left: str
    right: str


def _role(scene: Scene, run: Run, left: str, right: str) -> _Role:
    text, number = scene.source.text, run.numbers[0]
    flags = set()
    if reason := roles.quoted(left, right, number.kind, run.numbers[-1].bound):
        flags.add(_REASONS[reason])
    if run.outer is not None and not scene.plain.count(run.low, run.start):
        before = text[run.outer.start : run.clause.start]
        if reason := roles.quoted(before, right, number.kind, "="):
            flags.add(_REASONS[reason])
    change = roles.change_before(left, run.start - len(left), text[run.clause.start : run.low])
    if change is None and _COMPARES.search(text, scene.start, run.low):
        change = roles.change_before(left, run.start - len(left), "同比")
        flags |= {"compared_before"} if change else set()
    if change is None and run.outer is not None and not left.strip():
        change = _bracketed(scene, run)
    if number.kind == "steady":
        change = roles.Change(1, 0, number.start)
    if roles.LEVEL_VERB.search(left):
        flags.add("level_verb")
    if number.kind == "count" and _uncounted().match(right):
        flags.add("uncounted")
    if number.kind == "count" and roles.counts_rivals(text, number.start):
        flags.add("rivals")
    if roles.TARGET_AFTER.match(right) or roles.TARGET_NAMED.search(left):
        flags.add("target")
    if left.endswith("倒数"):
        flags.add("from_the_end")
    if roles.SPREAD.search(left):
        flags.add("spread")
    if number.kind in ("number", "zero") and not number.unit_text:
        flags.add("unitless")
    return _Role(change, frozenset(flags), left, right)


_REASONS = {
    "what is still due": "due",
    "a limit, or a distance from it": "limit",
    "last year's value": "prior",
    "a comparison with a target or a mean": "against_target",
    "a ratio to last year": "ratio",
    "the value that it came from": "came_from",
    "a threshold that is counted over": "threshold",
    "what a law says": "law",
}


def _bracketed(scene: Scene, run: Run) -> roles.Change | None:
    """A bracket right behind a change says it in another unit: 下降7.1%（2微克/立方米）."""
    behind = [s for s in scene.memory.latest if s.stat == "change" and s.end <= run.clause.start - 1]
    if not behind or scene.source.text[behind[-1].end : run.clause.start - 1].strip():
        return None
    return roles.Change(-1 if (behind[-1].value or 0) < 0 else 1, 0, run.start)


@cache
def _uncounted() -> re.Pattern[str]:
    """The nouns that no metric counts: 5个方面, 四部门."""
    return re.compile("|".join(tables.words("words/uncounted.txt")))


def stats(metric: Metric, number: Quantity, change: roles.Change | None) -> list[str]:
    """Return the statistics that a number can be of a metric."""
    if number.kind == "rank":
        lowest, highest = number.number.endswith("最低"), number.number.endswith("最高")
        wrong = (lowest and metric.better != "lower") or (highest and metric.better == "lower")
        return ["rank"] if "rank" in metric.stats and not wrong else []
    if number.streak:
        return ["streak"] if "streak" in metric.stats else []
    if number.kind == "steady":
        return ["change"] if "change" in metric.stats else []
    found = ["level"] if "level" in metric.stats and converts(number, metric) else []
    moved = number.unit == "%" or (metric.unit == "%" if number.unit == "pp" else converts(number, metric))
    if change is not None and "change" in metric.stats and moved:
        found.append("change")
    return found


def _possible(known: Lexicon, number: Quantity, change: roles.Change | None) -> frozenset[str]:
    """Return the metrics that a number can be of; what tells is its kind and unit, so each sort is looked up once."""
    sort = (number.kind, number.unit, number.unit_text, number.streak, number.number[-2:], change is not None)
    if (found := known.sorts.get(sort)) is None:
        found = known.sorts[sort] = frozenset(m.id for m in metrics().values() if stats(m, number, change))
    return found


# --- by words


def _windows(scene: Scene, run: Run) -> list[Window]:
    """Return where words that name a run may stand, each with a name: the nearest first."""
    clause, number = run.clause, run.numbers[0]
    own = clause.outside(run.low, run.start)
    right = clause.outside(run.end, run.until)
    whole = clause.outside(clause.start, run.start) if number.streak else own
    found: list[Window] = [("own", own, []), ("right", whole, right)]
    if run.outer is not None:
        head = run.outer.outside(run.outer.start, clause.start - 1)
        found.append(("clause", [*head, *own], []))
    elif run.low > clause.start:
        found.append(("clause", clause.outside(clause.start, run.start), []))
    alike = [s.end for s in scene.memory.history if s.metric.unit == number.unit and s.end <= clause.start]
    since = max([scene.start, *alike])
    if since < clause.start and run.outer is None:
        found.append(("sentence", [(since, clause.start), *clause.outside(clause.start, run.start)], []))
        if since > scene.start:
            found.append(("sentence", [(scene.start, clause.start), *clause.outside(clause.start, run.start)], []))
    shared = _SHARED.match(scene.source.text, clause.end, scene.end)
    if shared and run.until == clause.end:
        found.append(("predicate", own, [*right, shared.span()]))
    if scene.memory.label:
        found.append(("label", [scene.memory.label, *own], []))
    return found


def _matches(scene: Scene, run: Run, role: _Role, left: Spans, right: Spans, near: int | None = None) -> list[Match]:
    if not any(low < high for low, high in (*left, *right)) and not scene.source.wording.known.topical:
        return []
    # A topic behind the number counts up to the next item: 中央督察信访件5件、省督察信访件3件.
    end = run.clause.end
    upto = _ITEM_END.search(scene.source.text, run.numbers[0].end, max(end, run.numbers[0].end))
    said = [(scene.start, upto.start() if upto else max(end, run.start)), *scene.reach]
    among = _possible(scene.source.wording.known, run.numbers[0], role.change)
    return scene.source.wording.matches(left, right, (run.start, run.numbers[0].end), said, near=near, among=among)


def _by_cue(scene: Scene, run: Run, role: _Role, windows: list[Window], named: list[list[Match]]) -> list[Candidate]:
    found: dict[tuple, Candidate] = {}
    for (name, _, _), matches in zip(windows, named, strict=True):
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


def _cue_features(scene: Scene, run: Run, role: _Role, name: str, stat: str, match: Match) -> Features:
    plain, source = scene.plain, scene.source
    upto = role.change.start if stat == "change" and role.change and run.low <= role.change.start else run.start
    features = _stat_features(run, role, stat, match.metric)
    lefts = [span for span in match.spans if span[0] < run.start]
    rights = [span for span in match.spans if span[0] >= run.start]
    features[f"from_{name}"] = 1.0
    features["cue_length"] = min(match.score, 14.0) / 4
    kind = "measure" if measures(run.numbers[0]) else "count"
    if rights:
        features[f"cue_behind_{kind}"] = 1.0
        if any(start - run.end < 2 for start, _ in rights):
            features["counts_noun"] = 1.0
    if lefts:
        end = max(span[1] for span in lefts)
        first = min(span[0] for span in lefts)
        features["words_between"] = log1p(plain.count(end, upto, lefts))
        features["words_touch_end"] = min(plain.run_after(end, upto), 4) / 2
        features["words_touch_start"] = min(plain.run_before(first, scene.start), 4) / 2
        crossed = [q for q in source.numbers(end, run.start)]
        features["numbers_between"] = float(min(len(crossed), 3))
        features["same_unit_between"] = float(any(q.unit == run.numbers[0].unit for q in crossed))
        features["clauses_between"] = float(min(plain.breaks(end, run.start), 3))
    elif not rights:
        features["topic_only"] = 1.0
    else:
        features["words_before"] = log1p(plain.count(run.low, run.start, []))
        features["words_between_behind"] = log1p(plain.count(run.end, max(rights[0][0], run.end), []))
    features["words_left_own"] = log1p(plain.count(run.low, upto, match.spans))
    if len(match.spans) > 1:
        ordered = sorted(match.spans)
        inner = sum(plain.count(a[1], b[0], []) for a, b in pairwise(ordered) if a[1] <= b[0])
        features["words_inside"] = log1p(inner)
    if len(run.numbers) > 1:
        features["run_shares_metric"] = 1.0
    return features


def _stat_features(run: Run, role: _Role, stat: str, metric: Metric) -> Features:
    number = run.numbers[0]
    features: Features = {f"is_{stat}": 1.0}
    if role.change is not None and number.kind != "steady":
        features[f"{stat}_behind_verb"] = 1.0
    if number.unit == "pp":
        features[f"{stat}_in_points"] = 1.0
    for flag in role.flags:
        features[f"{stat}_{flag}"] = 1.0
    if stat == "level":
        value = converted(number.value, number, metric)
        if value is not None and not metric.low <= value <= metric.high:
            features["out_of_range"] = 1.0
        if number.unit_text and number.unit_text in metric.counted:
            features["unit_as_counted"] = 1.0
    return features


def _compare(one: Candidate, others: list[Candidate]) -> None:
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


# --- by lists


def _by_list(scene: Scene, run: Run, role: _Role, windows: list[Window], known: list[list[Match]]) -> list[Candidate]:
    """Return what a list of subjects gives: one each in order, or all of them one value."""
    found = []
    for (name, left, _), matches in zip(windows, known, strict=True):
        # What no two metrics are named in is no list of them; a word may stand for two (昼夜).
        paired = any(span in scene.source.wording.paired for match in matches[:1] for span in match.spans)
        if name not in ("own", "clause", "sentence") or (len({m.metric.id for m in matches}) < 2 and not paired):
            continue
        named = _listed(scene, run, left, role)
        if len(named) < 2:
            continue
        aligned = len(named) == len(run.numbers)
        if not aligned and len(run.numbers) > 1:
            continue
        numbers = run.numbers if aligned else run.numbers * len(named)
        for stat in ("level", "change", "rank", "streak"):
            if not all(stat in stats(match.metric, n, role.change) for match, n in zip(named, numbers, strict=True)):
                continue
            features = _stat_features(run, role, stat, named[0].metric)
            features["list_aligned" if aligned else "list_shared"] = 1.0
            features["list_in_own"] = float(name == "own")
            if not aligned:
                features["list_says_each"] = float(bool(_EACH.search(role.left)))
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


def _listed(scene: Scene, run: Run, left: Spans, role: _Role) -> list[Match]:
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
        for match in _item(scene, run, left, start, end, role):
            first.setdefault(match.metric.id, match)
    return list(first.values()) if len(first) > 1 else []


def _item(scene: Scene, run: Run, left: Spans, start: int, end: int, role: _Role) -> list[Match]:
    """Return the metric that one item of a list names: by its own words, else by them and the list's common end.

    A word that stands for two (昼夜) names two metrics.
    """
    for open_, stop in ((start, end), (start, left[-1][1]), (left[0][0], end)):
        spans = [(max(a, open_), min(b, stop)) for a, b in left if b > open_ and a < stop]
        matches = _matches(scene, run, role, spans, [], near=end)
        named = [
            m
            for m in matches
            if any(start <= a and b <= end for a, b in m.spans) and stats(m.metric, run.numbers[0], role.change)
        ]
        if named:
            paired = scene.source.wording.paired
            both = [m for m in named if m.score == named[0].score and any(span in paired for span in m.spans)]
            return both or named[:1]
    return []


# --- from before


def _inherited(scene: Scene, run: Run, role: _Role) -> list[Candidate]:
    """Return what goes on from before: the last subjects, one of those before them, or those of the sentence before."""
    memory, number = scene.memory, run.numbers[0]
    groups: list[tuple[str, list[Subject]]] = []
    if memory.last:
        groups.append(("last", memory.last))
        if "前者" in role.left or "后者" in role.left:
            groups.append(("last_named", memory.last[:1] if "前者" in role.left else memory.last[-1:]))
    if run.outer is not None and memory.latest != memory.last:
        groups.append(("latest", memory.latest))
    wanted = _SEVERAL.search(role.left)
    together = len(run.numbers) if len(run.numbers) > 1 else 0
    if wanted:
        together = _NUMERALS.get(wanted[1]) or int(wanted[1])
    if together and len(memory.history) >= together:
        groups.append(("several_said" if wanted else "several", memory.history[-together:]))
    for at, subject in enumerate(reversed(memory.history[-6:])):
        groups.append((f"history{min(at, 2)}", [subject]))
    for subject in reversed(memory.before[-2:]):
        groups.append(("before", [subject]))
    found = []
    for name, group in groups:
        found += _going_on(scene, run, role, name, group)
        other = [replace(s, metric=c) for s in group[:1] if (c := _counterpart(s.metric, number))]
        if len(group) == 1 and other:
            found += _going_on(scene, run, role, f"{name}_counterpart", other)
    return found


def _counterpart(metric: Metric, number: Quantity) -> Metric | None:
    """Return the metric that says the same in the number's unit (days for a share of days), if the catalogue has one."""
    other = metrics().get(metric.counterpart)
    return other if other is not None and converts(number, other) else None


def _going_on(scene: Scene, run: Run, role: _Role, name: str, group: list[Subject]) -> list[Candidate]:
    count = len(run.numbers)
    if len(group) == count:
        pairs = tuple((s.metric, n) for s, n in zip(group, run.numbers, strict=True))
    elif count == 1:
        pairs = tuple((s.metric, run.numbers[0]) for s in group)
    elif len(group) == 1:
        pairs = tuple((group[0].metric, n) for n in run.numbers)
    else:
        return []
    found = []
    for stat in ("level", "change", "rank", "streak"):
        if not all(stat in stats(metric, number, role.change) for metric, number in pairs):
            continue
        features = _stat_features(run, role, stat, pairs[0][0])
        features |= _going_on_features(scene, run, role, name, stat, group)
        one = Candidate(stat, pairs, name.split("_")[0].rstrip("012"), features, (), tuple(group))
        one.change = role.change if stat == "change" else None
        found.append(one)
    return found


def _going_on_features(scene: Scene, run: Run, role: _Role, name: str, stat: str, group: list[Subject]) -> Features:
    plain, subject, number = scene.plain, group[-1], run.numbers[0]
    features: Features = {f"goes_on_{name}": 1.0, f"goes_on_{stat}": 1.0}
    inside = run.outer is not None
    upto = role.change.start if stat == "change" and role.change and run.low <= role.change.start else run.start
    low = run.low
    if stat in ("rank", "streak") and not inside:
        low = max(run.clause.start, min(run.low, run.clause.start))
    left = plain.count(run.low, upto, [])
    if stat == "rank":
        left = plain.unplaced(run.low, upto)
    features["goes_on_words"] = log1p(left)
    features["goes_on_silent"] = float(left == 0)
    features[f"goes_on_silent_{stat}"] = float(left == 0)
    features["goes_on_single_of_several"] = float(len(group) == 1 and bool(_SEVERAL.search(role.left)))
    if stat != "rank":
        features["goes_on_words_clause"] = log1p(plain.count(run.clause.start, run.low, []) if run.low > low else 0)
    features["goes_on_same_unit"] = float(subject.unit == number.unit and stat == "level")
    features["goes_on_other_unit"] = float(subject.unit != number.unit and stat == "level")
    if stat == "level" and (scene.source.scopes_in(run.low, run.start) or scene.source.times_in(run.low, run.start)):
        features["goes_on_place_or_time"] = 1.0
    # 唐山市15件、石家庄市14件; 烟台市（26微克/立方米）: a place and its value alone are an item of a list of places.
    at = run.clause.start - 1 if inside and left == 0 else run.start
    named = [
        s
        for s in scene.source.scopes_in(max(at - 14, scene.start), at)
        if s.end == at or scene.source.text[s.end : at] in ("各", "为", "均", "均为", "分别为")
    ]
    if stat == "level" and named and (left == 0):
        features["goes_on_place_value"] = 1.0
        features[f"goes_on_place_value_{name}"] = 1.0
        features["goes_on_place_value_same_unit"] = float(subject.unit == number.unit)
    if inside:
        close = (
            not scene.source.text[subject.end : run.clause.start - 1].strip()
            if subject.end < run.clause.start
            else False
        )
        features["goes_on_bracket"] = 1.0
        features["goes_on_bracket_close"] = float(close and left == 0)
    features["clauses_between"] = float(min(plain.breaks(max(subject.end, scene.start), run.start), 3))
    between = scene.source.numbers(subject.end, run.start) if subject.end < run.start else []
    features["numbers_between"] = float(min(len(between), 3))
    if len(run.numbers) > 1:
        features["goes_on_aligned" if len(group) == len(run.numbers) else "goes_on_run_of_one"] = 1.0
    elif len(group) > 1:
        each = bool(_EACH.search(role.left))
        features["goes_on_all" if each else "goes_on_all_unsaid"] = 1.0
    if _PART.match(scene.source.text, run.clause.start):
        features["goes_on_part"] = 1.0
    if subject.value == 100 and stat == "change" and number.unit == "%" and role.change and role.change.sign < 0:
        features["cannot_have_moved"] = 1.0
    if subject.stat != "level":
        features["goes_on_behind_change"] = 1.0
    return features


# --- without a number


def implied(scene: Scene, spans: Spans, end: int) -> list[Candidate]:
    """Return the readings of a clause whose words state a value (无劣Ⅴ类断面), the last of them that it is no fact."""
    said = [(scene.start, end), *scene.reach]
    matches = scene.source.wording.matches(spans, [], (end, end), said, implied=True)
    # Words that state a value by themselves stand in their own order, and near: 无劣Ⅴ类断面.
    matches = [m for m in matches if list(m.spans) == sorted(m.spans) and _near(m)]
    found = []
    for match in matches[:2]:
        start, stop = min(match.spans)[0], max(match.spans)[1]
        words = scene.source.text[start:stop]
        number = Quantity(start, stop, match.cue.implied, None, "", match.metric.unit, 1.0, "=", "implied", words)
        features: Features = {"is_implied": 1.0, "cue_length": min(match.score, 14.0) / 4}
        inner = sum(scene.plain.count(a[1], b[0], []) for a, b in pairwise(match.spans))
        features["words_inside"] = log1p(inner)
        features["words_touch_end"] = min(scene.plain.run_after(stop, end), 4) / 2
        features["words_touch_start"] = min(scene.plain.run_before(start, scene.start), 4) / 2
        features["implied_beside_numbers"] = float(bool(scene.source.numbers(spans[0][0], end)))
        found.append(Candidate("level", ((match.metric, number),), "implied", features, (match,)))
    return [*found, Candidate("none", (), "none", {"none_implied": 1.0})] if found else []


def _near(match: Match) -> bool:
    return all(second[0] - first[1] <= 12 for first, second in pairwise(match.spans))
