"""Read a run of numbers as going on from before: 同比提高2个百分点 is of the value that its sentence gave.

In: a run in its sentence, and what was read before it. Out: `Candidate` records, each with how far it reaches back and what new
words stand in between.
"""

import re
from dataclasses import replace
from math import log1p

from ecoanalysis.extracting import roles
from ecoanalysis.extracting.candidates import EACH, PART, Candidate, Role, Scene, stat_features, stats
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run, turn
from ecoanalysis.extracting.source import Subject, converts
from ecoanalysis.knowledge.catalogue import Metric, metrics

_SEVERAL = re.compile(r"([两二三四五六2-6])(?:项|者|个指标)")
_GIVES = ("", "各", "为", "均", "均为", "各为", "分别为")
# What says that a total is shared out among places: 街镇分布：甲镇58件; below a heading 按属地.
_SHARED_OUT = re.compile(
    r"分布[在为是]?[：:]|(?:按|从|分)(?:所属)?(?:地区|属地|区域|区县|县区|地域|辖区|市州|县市|镇|街|乡|行政)|具体[为是]"
)
_BACK = 24  # characters before its clause in which 三项 may be said
_ROW = 6  # items of a list of places that are looked at
_NUMERALS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}


def inherited(scene: Scene, run: Run, role: Role) -> list[Candidate]:
    """Return what goes on from before: the last subjects, one of those before them, or those of the sentence before."""
    memory, number = scene.memory, run.numbers[0]
    groups: list[tuple[str, list[Subject]]] = []
    if memory.last:
        groups.append(("last", memory.last))
        if "前者" in role.left or "后者" in role.left:
            groups.append(("last_named", memory.last[:1] if "前者" in role.left else memory.last[-1:]))
    if run.outer is not None and memory.latest != memory.last:
        groups.append(("latest", memory.latest))
    # 三项 is a number itself, so that what stands left of the run begins behind it.
    said = scene.source.text[max(scene.start, run.clause.start - _BACK) : run.start]
    wanted = next(reversed(list(_SEVERAL.finditer(said))), None)
    together = len(run.numbers) if len(run.numbers) > 1 else 0
    if wanted:
        together = _NUMERALS.get(wanted[1]) or int(wanted[1])
    read = [*memory.before, *memory.history]
    told = memory.latest if len(memory.latest) > together else memory.history  # in one run, or each in its clause
    if wanted and said[: wanted.start()].endswith("前") and len(told) > together:
        groups.append(("first_said", told[:together]))
    else:
        if together and len(read) >= together:
            groups.append(("several_said" if wanted else "several", read[-together:]))
        if in_turn := _in_turn(scene, run):
            groups.append(("turn", in_turn))
    for at, subject in enumerate(reversed(memory.history[-6:])):
        groups.append((f"history{min(at, 2)}", [subject]))
    for subject in reversed(memory.before[-2:]):
        groups.append(("before", [subject]))
    for subject in reversed(memory.told if number.kind == "count" else []):
        groups.append(("told", [subject]))
    found = []
    for name, group in groups:
        found += _going_on(scene, run, role, name, group)
        other = [replace(s, metric=c) for s in group[:1] if (c := _counterpart(s.metric, number))]
        if len(group) == 1 and other:
            found += _going_on(scene, run, role, f"{name}_counterpart", other)
    return found


def _in_turn(scene: Scene, run: Run) -> list[Subject]:
    """Return the subjects whose turn it is in a clause that says of each in order: 分别下降17.9%、提高16.2个百分点."""
    at, total = turn(scene.source, run)
    together = [*scene.memory.before, *scene.memory.history][-total:]
    return together[at : at + len(run.numbers)] if 1 < total == len(together) else []


def _counterpart(metric: Metric, number: Quantity) -> Metric | None:
    """Return the metric that says the same in the number's unit (days for a share of days), if the catalogue has one."""
    other = metrics().get(metric.counterpart)
    return other if other is not None and converts(number, other) else None


def _going_on(scene: Scene, run: Run, role: Role, name: str, group: list[Subject]) -> list[Candidate]:
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
    possible = [stats(metric, number, role.change) for metric, number in pairs]
    for stat in ("level", "change", "rank", "streak"):
        if not all(stat in each for each in possible):
            continue
        features = stat_features(run, role, stat, pairs[0][0])
        features |= _going_on_features(scene, run, role, name, stat, group)
        one = Candidate(stat, pairs, name.split("_")[0].rstrip("012"), features, (), tuple(group))
        one.change = role.change if stat == "change" else None
        found.append(one)
    return found


def _going_on_features(scene: Scene, run: Run, role: Role, name: str, stat: str, group: list[Subject]) -> Features:
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
    if number.kind == "count" and stat == "level" and subject.value is not None and number.value is not None:
        features["goes_on_within" if number.value <= subject.value else "goes_on_beyond"] = 1.0
    features["goes_on_words"] = log1p(left)
    if name.endswith("counterpart"):
        features[f"goes_on_counterpart_{stat}"] = 1.0
    if stat == "level" and not number.unit_text:
        features["goes_on_unitless"] = 1.0
    if stat == "rank":  # what many values are summed up in is what places are ranked by
        features["goes_on_rank_of_index"] = float(subject.metric.unit == "1")
    features["goes_on_silent"] = float(left == 0)
    features[f"goes_on_silent_{stat}"] = float(left == 0)
    features["goes_on_single_of_several"] = float(len(group) == 1 and bool(_SEVERAL.search(role.left)))
    if stat != "rank":
        features["goes_on_words_clause"] = log1p(plain.count(run.clause.start, run.low, []) if run.low > low else 0)
    features["goes_on_same_unit"] = float(subject.unit == number.unit and stat == "level")
    features["goes_on_other_unit"] = float(subject.unit != number.unit and stat == "level")
    if stat == "level" and (scene.source.scopes_in(run.low, run.start) or scene.source.times_in(run.low, run.start)):
        features["goes_on_place_or_time"] = 1.0
    if stat == "level" and left == 0:
        features |= _of_a_place(scene, run, name, subject)
    if inside:
        close = (
            not scene.source.text[subject.end : run.clause.start - 1].strip()
            if subject.end < run.clause.start
            else False
        )
        features["goes_on_bracket"] = 1.0
        features["goes_on_bracket_close"] = float(close and left == 0)
    # Of what has moved twice, the second movement goes on from the first: 比2014年削减1.8%，比2010年削减9.7%.
    told = [s.end for s in scene.memory.latest if s.metric is subject.metric and s.end <= run.start]
    since = max([subject.end, *told])
    features["clauses_between"] = float(min(plain.breaks(max(since, scene.start), run.start), 3))
    between = scene.source.count(since, run.start) if name != "turn" else 0
    features["numbers_between"] = float(min(between, 3))
    if len(run.numbers) > 1:
        features["goes_on_aligned" if len(group) == len(run.numbers) else "goes_on_run_of_one"] = 1.0
    elif len(group) > 1:
        each = bool(EACH.search(role.left))
        features["goes_on_all" if each else "goes_on_all_unsaid"] = 1.0
    if PART.match(scene.source.text, run.clause.start):
        features["goes_on_part"] = 1.0
    if subject.value == 100 and stat == "change" and number.unit == "%" and role.change and role.change.sign < 0:
        features["cannot_have_moved"] = 1.0
    if subject.stat != "level":
        features["goes_on_behind_change"] = 1.0
    return features | _past(scene, run, stat, subject)


def _past(scene: Scene, run: Run, stat: str, subject: Subject) -> Features:
    """Tell whether something else was spoken of in between: 优良断面47个；Ⅳ类断面8个，占13.8% is not of the good ones."""
    unread = [one for one in scene.memory.unread if subject.end <= one.start and run.outer is not one.clause]
    if not unread:
        return {}
    if stat != "level":  # 认可率81.5%，较上月提高2.3个百分点 is not of the rate before it
        return {f"goes_on_past_words_{stat}": log1p(scene.plain.count(unread[-1].low, unread[-1].start))}
    graded = roles.GRADE.search(scene.source.text, max(subject.end, scene.start), run.start)
    counted = run.numbers[0].unit == "%" and unread[-1].numbers[-1].kind == "count"
    return {
        "goes_on_past_words": log1p(scene.plain.count(unread[-1].low, unread[-1].start)),
        "goes_on_past_count": float(counted),
        "goes_on_past_grade": float(counted and bool(graded)),
    }


def _of_a_place(scene: Scene, run: Run, name: str, subject: Subject) -> Features:
    """唐山市15件、石家庄市14件; 烟台市（26微克/立方米）: a place and its value alone are an item of a list of places."""
    number = run.numbers[0]
    at = run.clause.start - 1 if run.outer is not None else run.start
    if not _behind_place(scene, at):
        return {}
    alike = [q for q in scene.source.numbers(scene.start, scene.end) if q.unit_text == number.unit_text]
    row = sum(_behind_place(scene, q.start) for q in alike[:_ROW])
    shared_out = any(
        _SHARED_OUT.search(scene.source.text, *span) for span in ((scene.start, run.start), *scene.reach[:2])
    )
    return {
        "goes_on_place_value": 1.0,
        f"goes_on_place_value_shared_out_{name}": float(shared_out),
        f"goes_on_place_value_{name}": 1.0,
        "goes_on_place_value_same_unit": float(subject.unit == number.unit),
        "goes_on_place_row": min(row, _ROW) / _ROW,
        f"goes_on_place_row_{number.kind}": float(row > 2),
    }


def _behind_place(scene: Scene, at: int) -> bool:
    """Tell whether a place stands right before a number, or parted from it by a word that gives it its value."""
    before = scene.source.scopes_in(max(at - 14, scene.start), at)
    return any(scene.source.text[scope.end : at] in _GIVES for scope in before)
