"""Read a run of numbers by the words that stand beside it: the metric that they name. Lists of metrics are read in `metric_lists`.

In: a run in its sentence. Out: `Candidate` records, each with how its words stand to the number.
"""

import re
from functools import cache
from itertools import pairwise
from math import log1p
from typing import NamedTuple

from ecoanalysis.extracting import roles, sections
from ecoanalysis.extracting.candidates import PART, Candidate, Role, Scene, Spans, stat_features, stats, stats_of
from ecoanalysis.extracting.cues import Cues, Lexicon, Match, Naming
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity, measures
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.spans import years_of
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import metrics

_ITEM_END = re.compile("[、，,；;]")
_SHARED = re.compile(r"[，,]\s*[^，,；;。：:\d]{0,6}(?:均(?!值)|都|全部|悉数|已全部|皆)[^，,；;。：:]*")
_QUALIFIES = re.compile("^(?:不?含|不?包括|其中|剔除|扣除|除)|除外$")  # what a bracket adds to a name or takes from it
_ALONE = re.compile("[国省区][考控]")
_PROVINCE = re.compile("省|自治区|区[考控]")
_NOUN = 3  # characters; a noun between a cue and the next number has fewer
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
    own = [*clause.outside(run.low, run.start), *_named_in_bracket(scene, run)]
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


def _named_in_bracket(scene: Scene, run: Run) -> Spans:
    """Return the span of a bracket without numbers that stands right before a run and says what it is: 三级（轻度污染）72天."""
    inner = [
        (a + 1, b - 1)
        for a, b in run.clause.brackets
        if run.low < b <= run.start and not scene.source.text[b : run.start].strip()
    ]
    if not inner or scene.source.numbers(*inner[-1]) or _QUALIFIES.search(scene.source.text[slice(*inner[-1])]):
        return []
    return inner[-1:]


def naming_of(scene: Scene, run: Run, change: roles.Change | None) -> Naming:
    """Return what tells which metrics the words about a run name."""
    # A topic behind the number counts up to the next item: 中央督察信访件5件、省督察信访件3件.
    end = max(run.clause.end, run.numbers[0].end)
    upto = _ITEM_END.search(scene.source.text, run.numbers[0].end, end)
    said = [(scene.start, upto.start() if upto else max(run.clause.end, run.start)), *scene.reach]
    wording = scene.source.wording
    numbers = tuple({number.unit: number for number in run.numbers}.values())
    return Naming(wording, (run.start, run.numbers[0].end), said, _possible(wording.known, numbers, change))


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
            possible = stats_of(match, run.numbers[0], role.change)
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
    if rights:
        features |= _behind_features(scene, run, rights)
    if lefts:
        end = max(span[1] for span in lefts)
        first = min(span[0] for span in lefts)
        features["words_between"] = log1p(plain.count(end, upto, lefts))
        features["words_touch_end"] = min(plain.run_after(end, upto), 4) / 2
        features["words_touch_start"] = min(plain.run_before(first, scene.start), 4) / 2
        features["words_negated"] = float(source.text[max(first - 1, 0) : first] in ("未", "不", "非"))
        # What lies between a caption and its row is other rows.
        since = max(end, scene.start) if name == "label" else end
        crossed = source.numbers(since, at)
        features["numbers_between"] = float(min(len(crossed), 3))
        features["same_unit_between"] = float(any(q.unit == run.numbers[0].unit for q in crossed))
        features["clauses_between"] = float(min(plain.breaks(since, run.start), 3))
        behind = [one for one in scene.memory.unread if first <= one.start and run.outer is not one.clause]
        if behind:  # 噪声214件，占44%；废水76件，占16%
            features["cue_past_words"] = log1p(plain.count(behind[-1].low, behind[-1].start, lefts))
        if run.numbers[0].unit == "%":  # 优良断面47个；Ⅳ类断面8个，占13.8% is not of the good ones
            features["grade_between"] = float(bool(roles.GRADE.search(source.text, end, run.start)))
            counted = [s.metric for s in scene.memory.history if s.counts and s.end > end]
            other = bool(counted) and match.metric.id not in (counted[-1].id, counted[-1].counterpart)
            features["other_counted_between"] = float(other)
    elif not rights:
        features["topic_only"] = 1.0
    else:
        features["words_before"] = log1p(plain.count(run.low, at, []))
        features["words_between_behind"] = log1p(plain.count(run.end, max(rights[0][0], run.end), []))
    features["words_left_own"] = log1p(plain.count(run.low, upto, match.spans))
    features["grade_apart"] = float(_graded_apart(scene, run, match))
    # 29个水源达标率86% counts no sources that meet the standard.
    cut = any(source.text.startswith(("率", "比例"), end) for _, end in match.spans)
    features["words_cut"] = float(cut and match.metric.unit != "%")
    if name == "sentence":
        features["words_of_last"] = float(_with_last_words(scene, run, match))
    if len(match.spans) > 1:
        ordered = sorted(match.spans)
        inner = sum(plain.count(a[1], b[0], []) for a, b in pairwise(ordered) if a[1] <= b[0])
        features["words_inside"] = log1p(inner)
    if name != "own" and PART.match(source.text, run.clause.start):
        features["words_of_part"] = log1p(plain.count(run.low, upto, match.spans))
    if len(run.numbers) > 1:
        features["run_shares_metric"] = 1.0
        features["run_of_places"] = float(_in_a_row(scene, run) == len(run.numbers))
        features["run_of_years"] = float(years_of(scene.source.times_in(run.clause.start, at), len(run.numbers)) != [])
    if stat == "level" and name in ("own", "clause"):
        features |= _said_again(scene, run, match)
    if (groups := tiers()).get(match.metric.id):
        features |= of_group(scene, run, groups[match.metric.id])
    return features


def _with_last_words(scene: Scene, run: Run, match: Match) -> bool:
    """Tell whether a number has its own word and shares the others with the value before it: 化学需氧量排放量3.42万吨，氨氮0.36万吨."""
    own = [span for span in match.spans if run.low <= span[0] < run.start]
    others = [span for span in match.spans if span not in own]
    last = scene.memory.history[-1:]
    shared = bool(last) and all(last[0].start <= low and high <= last[0].end for low, high in others)
    return bool(own and others) and shared and not scene.plain.count(run.low, run.start, own)


def _graded_apart(scene: Scene, run: Run, match: Match) -> bool:
    """Tell whether what a number counts is of a grade that the words do not hold: Ⅱ-Ⅲ类断面17个 are not all sections."""
    if match.metric.unit in ("%", "grade"):
        return False
    end = max([run.start, *(stop for _, stop in match.spans)])
    grades = (grade.span() for grade in roles.GRADE.finditer(scene.source.text, run.low, end))
    return any(not any(a <= low and high <= b for a, b in match.spans) for low, high in grades)


def _in_a_row(scene: Scene, run: Run) -> int:
    """Return how many places stand in a row before a run, each of which may have one of its values."""
    said = [s for s in scene.source.scopes_in(scene.start, run.start) if not run.clause.bracket(s.start)]
    count = min(len(said), 1)
    for before, behind in pairwise(reversed(said)):
        if scene.source.text[behind.end : before.start].strip() not in ("、", "和", "与", "及"):
            break
        count += 1
    return count


def _behind_features(scene: Scene, run: Run, rights: Spans) -> Features:
    """Tell how words stand behind a number: as its noun, as what is not there, or as the next number's."""
    source, number = scene.source, run.numbers[0]
    features: Features = {f"cue_behind_{'measure' if measures(number) else 'count'}": 1.0}
    if not number.unit_text:
        features["cue_behind_bare"] = 1.0
    if any(start - run.end < 2 for start, _ in rights):
        features["counts_noun"] = 1.0
    following = source.numbers(run.until, run.until + 1)
    alike = bool(following) and following[0].unit_text == number.unit_text
    behind = max(stop for _, stop in rights)
    if alike and behind <= run.until and scene.plain.count(behind, run.until) < _NOUN:
        features["cue_touches_next"] = 1.0  # 203个国考断面中优良断面196个
    if roles.ABSENT_BEFORE.search(source.text[run.end : max(start for start, _ in rights)]):
        features["cue_behind_absent"] = 1.0
    return features


def _said_again(scene: Scene, run: Run, match: Match) -> Features:
    """Tell whether the clause gave the metric a value already: 15项整改任务完成14项 is not of twice the same."""
    said = [s for s in scene.memory.history if s.metric is match.metric and s.end > run.clause.start]
    if not said or scene.source.scopes_in(said[-1].end, run.start) or scene.source.times_in(said[-1].end, run.start):
        return {}
    less = (run.numbers[0].value or 0) <= (said[-1].value or 0)
    return {"said_in_clause_more" if less else "said_in_clause_less": 1.0}


def of_group(scene: Scene, run: Run, kind: str) -> Features:
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
def tiers() -> dict[str, str]:
    """Return which sections a metric is of, those of the nation, of the province or of both, by its id."""
    return {row[kind]: kind for row in tables.rows("words/joint.csv") for kind in ("first", "second", "joint")}


def _possible(known: Lexicon, numbers: tuple[Quantity, ...], change: roles.Change | None) -> Cues:
    """Return the cues of what some numbers can be; what tells is kind and unit, so each sort is looked up once."""
    sort = (change is not None, *(_sort(number) for number in numbers))
    if (found := known.sorts.get(sort)) is None:
        ids = frozenset(m.id for m in metrics().values() if any(stats(m, number, change) for number in numbers))
        found = known.sorts[sort] = known.cues.of(ids)
    return found


def _sort(number: Quantity) -> tuple:
    ends = number.number[-2:] if number.kind == "rank" else ""  # 最高, 最低
    return number.kind, number.unit, number.unit_text, number.streak, ends


def compare(one: Candidate, others: list[Candidate]) -> None:
    """Note how much longer the words of another metric are, and that words of another stand nearer, or since what goes on."""
    if one.subjects and not one.matches:
        since, metric = one.subjects[-1].end, one.subjects[-1].metric
        named = [o.matches[0] for o in others if o.matches and o.stat == one.stat and o.matches[0].spans]
        if any(m.metric is not metric and min(m.spans)[0] >= since for m in named):
            one.features["goes_on_past_named"] = 1.0
    if not one.matches or one.origin == "list":
        return
    own = one.matches[0]
    # Ⅲ类13个，占43.3% is the share of what was just counted; of 国考断面 the good ones have a share of their own.
    silent = [
        o for o in others if o.features.get("goes_on_last_counterpart") and o.features.get("goes_on_silent_level")
    ]
    joint = own.metric.id in tiers() and any(tiers().get(o.pairs[0][0].id) == "joint" for o in silent)
    if one.stat == "level" and silent and not joint and all(o.pairs[0][0] is not own.metric for o in silent):
        one.features["past_counterpart"] = 1.0
    rivals = [
        o
        for o in others
        if o.matches
        and o.origin != "list"
        and o.matches[0].metric is not own.metric
        and o.stat == one.stat
        and "out_of_range" not in o.features
    ]
    longer = max((o.matches[0].score - own.score for o in rivals), default=0.0)
    if longer > 0:
        one.features["longer_rival"] = min(longer, 8.0) / 4
    end = max((e for _, e in own.spans), default=0)
    if any(max((e for _, e in o.matches[0].spans), default=0) > end for o in rivals):
        one.features["nearer_rival"] = 1.0
    # 水环境质量良好，优良率92%: the words of the one and more name the other, and no number stands between.
    fuller = [o for o in rivals if o.matches[0].score > own.score and _within(own.spans, o.matches[0].spans)]
    if fuller:
        one.features["words_of_rival"] = 1.0
        one.features["words_of_near_rival"] = float(any(not o.features.get("numbers_between") for o in fuller))
    if not one.features.get("numbers_between") and any(
        o.matches[0].score < own.score and _within(o.matches[0].spans, own.spans) for o in rivals
    ):
        one.features["holds_words_of_rival"] = 1.0
    if any(part_of_word(own, o.matches[0]) for o in rivals):
        one.features["part_of_word"] = 1.0


def _within(spans: tuple[tuple[int, int], ...], others: tuple[tuple[int, int], ...]) -> bool:
    return bool(spans) and all(any(low <= a and b <= high for low, high in others) for a, b in spans)


def part_of_word(one: Match, other: Match) -> bool:
    """Tell whether a word of a match opens within a word of another: 重污染天气 of 严重污染天气, Ⅴ类占 of 劣Ⅴ类."""
    low = min(one.spans)[0] if one.spans else 0
    return any(a < low < b for a, b in other.spans)
