"""What a run of numbers can be read as: metrics and statistic, each candidate with what speaks for and against it.

In: a run in its sentence, and what was read before it. Out: `Candidate` records, one of which says that it is no fact. Which
one holds is decided by weights (`model`), not by the order in which they are found.
"""

import re
from functools import cache
from itertools import pairwise
from math import log1p

from ecoanalysis.extracting import apposition, roles
from ecoanalysis.extracting.candidates import Candidate, Role, Scene, Spans
from ecoanalysis.extracting.cue_readings import by_cue, compare, naming_of, part_of_word, windows_of
from ecoanalysis.extracting.cues import Match, Naming
from ecoanalysis.extracting.inheritance import inherited
from ecoanalysis.extracting.metric_lists import by_list, by_tier
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import IN_TURN, Run
from ecoanalysis.knowledge import tables

_JOINS = ("和", "、", "及", "与", "以及")
_OWN_FOLLOWS = re.compile(r"[，,]\s?(?:均值|平均)?(?:为|达到?)\s?\d")  # 低于全省平均36微克/立方米，为34
_COMPARES = re.compile(r"相比|同期比|同比|[与和较同][^，,；;。]{2,14}比[，,]|[比较](?:去年|上年|前一年)?同期")


def candidates(scene: Scene, run: Run) -> list[Candidate]:
    """Return the readings of a run, the last of them that it is no fact."""
    text, number = scene.source.text, run.numbers[0]
    left = "".join(text[a:b] for a, b in run.clause.outside(run.low, run.start))
    right = text[run.end : run.clause.end]
    role = _role(scene, run, left, right)
    naming = naming_of(scene, run, role.change)
    windows = windows_of(scene, run, naming)
    found = [*by_cue(scene, run, role, windows), *by_list(scene, run, role, windows, naming)]
    found += by_tier(scene, run, role, found)
    found += _all_of_them(scene, run, found)
    found += inherited(scene, run, role)
    # 去年同期2.89 is told to compare with, and 浓度超过160的有18天 to count over: no facts of their own.
    if {"prior", "threshold"} & role.flags:
        found = [one for one in found if one.stat != "level"]
    # 增加的有甲县（5天） tells how many more; whether 上升的有甲县（35微克/立方米） tells how much more or how much, nobody knows.
    if "headed_amount" in role.flags:
        found = [one for one in found if one.stat == "change" and number.kind in ("count", "duration")]
    if "headed" in role.flags and number.unit == "%" and any(m.unit == "%" for one in found for m, _ in one.pairs):
        found = []
    best: dict[tuple, Candidate] = {}
    lists = {metric.id for one in found if one.origin == "list" for metric, _ in one.pairs}
    for one in found:
        compare(one, found)
        if one.origin != "list" and one.matches and one.pairs[0][0].id in lists:
            one.features["one_of_list"] = 1.0
        best.setdefault((*one.key, one.origin), one)
    nothing = {"none": 1.0, **{f"none_{name}": 1.0 for name in role.flags}}
    nothing |= {f"none_{number.kind}": 1.0}
    if not any(one.origin in ("own", "right", "list") for one in found):
        nothing["none_unnamed"] = 1.0
    return [*best.values(), Candidate("none", (), "none", nothing)]


def _role(scene: Scene, run: Run, left: str, right: str) -> Role:
    text, number = scene.source.text, run.numbers[0]
    flags = set()
    change = roles.change_before(left, run.start - len(left), text[run.clause.start : run.low])
    against = scene.source.numbers(run.clause.start, change.start)[-1:] if change is not None else []
    said = left
    if change is not None and against and not text[against[0].end : change.start].strip():
        # What a movement is held against may have a number of its own: 比省下达的31微克/立方米低2微克/立方米.
        said = text[run.clause.start : against[0].start] + text[change.start : run.start]
    if reason := roles.quoted(said, right, number.kind, run.numbers[-1].bound):
        flags.add(_REASONS[reason])
        if _REASONS[reason] == "against_target" and _OWN_FOLLOWS.match(text, run.end):
            flags.add("prior")
    if run.outer is not None and not scene.plain.count(run.low, run.start):
        before = text[run.outer.start : run.clause.start].rstrip("(（")
        if reason := roles.quoted(before, right, number.kind, "="):
            flags.add(_REASONS[reason])
    flags |= _beside(scene, run)
    if change is None and _COMPARES.search(text, scene.start, run.low):
        change = roles.change_before(left, run.start - len(left), "同比")
        flags |= {"compared_before"} if change else set()
    if change is None and run.outer is not None and not left.strip():
        change = _bracketed(scene, run)
    if change is None and number.unit in ("%", "pp") and left.strip() in _JOINS:
        change = _shared(scene, run)
    if change is None and _of_item(scene, run):
        change = roles.headed(text[scene.start : run.start], scene.start)
        flags |= {"headed" if number.unit in ("%", "pp") else "headed_amount"} if change else set()
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
    return Role(change, frozenset(flags), left, right)


def _beside(scene: Scene, run: Run) -> set[str]:
    """Return the flags that the clause around a run gives: what is not there, what is compared with, who stand in apposition."""
    text, clause, number = scene.source.text, run.outer or run.clause, run.numbers[0]
    flags = set()
    if number.kind == "grade":
        before = roles.ABSENT_BEFORE.search(text[clause.start : run.start])
        flags |= {"graded"} if roles.GRADED.match(text, run.end) else set()
        flags |= {"absent"} if before or roles.ABSENT_AFTER.match(text, run.end) else set()
    if run.outer is not None and run.low == run.clause.start:
        ahead = roles.COMPARED.search(text[clause.start : run.clause.start - 1])
        behind = text[run.clause.end + 1 : clause.end][:4]
        if ahead and not text[run.low : run.start].strip():
            flags.add("compared_with" if roles.moves(behind) else "compared_aside")
        elif ahead and behind.startswith("相比"):  # 与去年9月（PM2.5为27）相比
            flags.add("prior")
    if run.outer is not None and number.bound[:1] in "<>" and _DEFINES.fullmatch(text, run.low, run.start):
        flags.add("threshold")
    if number.kind == "count" and apposition.names(text, clause.start, number):
        flags.add("apposition")
    return flags


_DEFINES = re.compile(r"\s*[A-Za-z][A-Za-z0-9.]{1,7}值?\s*[<>＜＞≤≥]?\s*")  # 酸雨（pH<5.6）, 优良（AQI≤100）
_REASONS = {
    "what is still due": "due",
    "a limit": "limit",
    "a limit that is named behind": "limit_behind",
    "a distance": "distance",
    "a relation": "relation",
    "last year's value": "prior",
    "a comparison with a target or a mean": "against_target",
    "a ratio to last year": "ratio",
    "the value that it came from": "came_from",
    "a threshold that is counted over": "threshold",
    "a grade that is counted over": "threshold_grade",
    "what a law says": "law",
}


def _shared(scene: Scene, run: Run) -> roles.Change | None:
    """A movement said of each in order holds on for the next number: 分别上升58.8%（10微克/立方米）和55.6%."""
    text, start = scene.source.text, run.clause.start
    led = IN_TURN.search(text, start, run.low)
    first = next((n.start for n in scene.source.numbers(led.start(), run.low)), None) if led else None
    return roles.change_before(text[start:first], start) if first is not None else None


def _bracketed(scene: Scene, run: Run) -> roles.Change | None:
    """A bracket right behind a change says it in another unit: 下降7.1%（2微克/立方米）."""
    behind = [s for s in scene.memory.latest if s.stat == "change" and s.end <= run.clause.start - 1]
    if not behind or scene.source.text[behind[-1].end : run.clause.start - 1].strip():
        return None
    return roles.Change(-1 if (behind[-1].value or 0) < 0 else 1, 0, run.start)


def _of_item(scene: Scene, run: Run) -> bool:
    """Tell whether a number opens a bracket, or stands right behind a place, as that of an item in a list does: 甲县（5天）."""
    if run.outer is not None:
        return not scene.source.text[run.clause.start : run.start].strip()
    return any(scope.end == run.start for scope in scene.source.scopes_in(max(run.start - 14, scene.start), run.start))


_NOUN = 6  # characters
# What was done with all that were just counted is of the same number: 信访件26件，全部办结.
_ALL = re.compile(
    "(?:[（(][^()（）]{1,60}[)）])?[，,]?(?:目前|现)?(?:均?已)?(?:经)?(?:全部|全数|悉数|均(?!值)|都)(?:已|经|按期|按时|如期|得到|予以|完成|了)*"
)


def _all_of_them(scene: Scene, run: Run, found: list[Candidate]) -> list[Candidate]:
    """Return the reading that a count is of what was counted, and of what was done with all of it too."""
    if len(run.numbers) > 1 or run.numbers[0].kind != "count":
        return []
    named = [one for one in found if one.stat == "level" and one.origin != "list" and one.matches]
    nouns = [one.matches[0].spans[-1][1] for one in named if one.features.get("counts_noun")]
    ends = [run.end, *(end for end in nouns if end - run.end <= _NOUN)]  # 43件信访件全部办结
    said = next(filter(None, (_ALL.match(scene.source.text, end) for end in ends)), None)
    if said is None:
        return []
    counted = [one for one in named if all(end <= said.start() for _, end in one.matches[0].spans)]
    # Right behind it: 均未完成整治 and 全部要求年底前完成 are of nothing done. A cue may hold 完成 itself.
    behind = said.start() + 1, said.end()
    done = [one for one in named if any(behind[0] <= start <= behind[1] for start, _ in one.matches[0].spans)]
    return [
        Candidate(
            "level",
            (*one.pairs, *other.pairs),
            "list",
            {**one.features, "all_of_them": 1.0},
            (*one.matches, *other.matches),
        )
        for one in counted[:2]
        for other in done[:2]
        if one.pairs[0][0] is not other.pairs[0][0]
    ]


@cache
def _uncounted() -> re.Pattern[str]:
    """The nouns that no metric counts: 5个方面, 四部门."""
    return re.compile("|".join(tables.words("words/uncounted.txt")))


def implied(scene: Scene, spans: Spans, end: int, given: set[str]) -> list[Candidate]:
    """Return the readings of a clause whose words state a value (无劣Ⅴ类断面), the last of them that it is no fact.

    `given` are the metrics of which the clause's numbers gave values.
    """
    said = [(scene.start, end), *scene.reach]
    wording = scene.source.wording
    matches = Naming(wording, (end, end), said, wording.known.implying).matches(spans, [])
    # Words that state a value by themselves stand in their own order, and near: 无劣Ⅴ类断面.
    matches = [
        m
        for m in matches
        if list(m.spans) == sorted(m.spans) and _near(m) and not {m.metric.id, m.metric.counterpart} & given
    ]
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
        features["implied_beside_facts"] = float(bool(given))
        features["implied_past_numbers"] = float(bool(scene.source.numbers(spans[0][0], start)))
        features["implied_joins_on"] = float(scene.source.text[stop : stop + 1] in ("、", "和", "及", "与"))
        found.append(Candidate("level", ((match.metric, number),), "implied", features, (match,)))
    for one in found:
        compare(one, found)
        cut = any(part_of_word(one.matches[0], other.matches[0]) for other in found)
        one.features["implied_part_of_word"] = float(cut)
    return [*found, Candidate("none", (), "none", {"none_implied": 1.0})] if found else []


def _near(match: Match) -> bool:
    return all(second[0] - first[1] <= 12 for first, second in pairwise(match.spans))
