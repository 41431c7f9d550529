"""Tell the populations that a number may be of: a city's core, a river, a group of sections, the whole.

In: a run of numbers in its sentence, and what was said before. Out: `Held` records with the wording, empty for the whole.
Which wordings may be compared is not decided here but in `knowledge/scopes.csv`.
"""

import re
from dataclasses import replace
from math import log1p

from ecoanalysis.extracting import (
    apposition,
    described_populations,
    earlier_populations,
    roles,
    scopes,
    sections,
    waters,
)
from ecoanalysis.extracting.discourse import JOINED, PART, Discourse, Held
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import Piece, Subject
from ecoanalysis.knowledge.catalogue import Metric

_NATION = "全国"
# What is measured, and so of a part of a place as often as of the whole; what is counted or paid is seldom of a part.
_MEASURED = frozenset({"%", "1", "ug/m3", "mg/m3", "mg/L", "dB", "grade", "day"})
_IN_TURN = re.compile(r"[，,；;\s]*[^，,；;、\d\s]{0,6}(?:分别|依次)")  # 升幅分别为


def populations(
    here: Discourse, run: Run, at: int, metric: Metric, anchor: int, match_end: int, first: int, subject: Subject | None
) -> list[Held]:
    """Return the populations that a number of a run may be of.

    `anchor` and `match_end` are where the metric's first word stands, `first` where the words that name it open,
    `subject` what the number goes on from, if it names none itself.
    """
    number = run.numbers[at]
    if any(placed.start == number.start for placed in here.source.placings_in(number.start, number.end)):
        return [Held((here.text[number.start : number.end],), "own_clause", {"put_in_order": 1.0})]
    clause = run.outer or run.clause
    run = replace(run, low=described_populations.low_of(here, run))
    own = _own_words(here, run, at, metric, anchor, first)
    own += _phrases(here, run, anchor, match_end)
    own += described_populations.noun_phrases(here, run, number, metric, anchor)
    own += described_populations.described(here, run, metric, anchor, match_end)
    said = [s for s in here.source.scopes_in(here.start, number.start)]
    found = [
        _named(here, run, metric, said, nth, number.start, anchor) for nth in range(max(0, len(said) - 4), len(said))
    ]
    listed = _listed_places(here, run, at, metric)
    found += listed
    if subject is not None:
        features = {
            "subjects": 1.0,
            "subjects_is_whole": float(subject.scope in scopes.WHOLE_OR_UNSAID),
            "subjects_past_scope": float(any(s.start >= run.low for s in said)),
            "subjects_level": float(subject.stat == "level"),
        }
        found.append(Held((subject.scope,), "subject", features))
    found += _in_bracket_behind(here, number)
    if part := _part(here, run.clause, anchor):
        found.append(Held((part,), "own_clause", {"part": 1.0}))
    if here.row:
        named = any(here.text[scope.start : scope.end] == here.row for scope in said)
        found.append(Held((here.row,), "own_clause", {"row": 1.0, "row_named": float(named)}))
    found += earlier_populations.recalled(here, metric, bool(said), subject)
    for held in own:
        held.features["own_words"] = 1.0
    whole = {
        "whole": 1.0,
        "whole_past_scope": float(bool(said)),
        "whole_past_clause_scope": float(any(s.start >= clause.start for s in said)),
        "whole_past_frame": float(earlier_populations.passed(here, metric)),
        "whole_past_opening": float(earlier_populations.opened(here, metric)),
        f"whole_past_opening_in_{metric.domain}": float(earlier_populations.opened(here, metric)),
        "whole_past_own": float(
            any(not earlier_populations.stands_for_whole(here, metric, held.values[0]) for held in own)
        ),
        "whole_goes_on": float(subject is not None and subject.scope not in scopes.WHOLE_OR_UNSAID),
    }
    nation = any(here.text[s.start : s.end] == _NATION for s in said)
    return _compared(here, metric, [*own, *found, Held(("",), "assumed", whole)], listed, nation)


def _compared(here: Discourse, metric: Metric, found: list[Held], listed: list[Held], nation: bool) -> list[Held]:
    """Add to each population what it is beside the others, and its features by the sort of metric."""
    sort = "plain" if metric.unit in _MEASURED else "counted"
    kind = next((name for name in ("subject", "sections") if name in metric.scopes), sort)
    nation |= here.last_scope is not None and here.last_scope[0] == _NATION
    aligned = any("list_aligned_each" in held.features for held in listed)
    items = {name for held in listed if _shared(held) for name in held.values}
    full = {held.values[0] for held in found if "noun" in held.features}
    for held in found:
        if held not in listed and held.values[0] in items:
            held.features["item_of_list"] = 1.0  # 甲河、乙河均为Ⅱ类 is not of 乙河 alone
        whole = all(earlier_populations.stands_for_whole(here, metric, value) for value in held.values)
        # 南汊河3条河流 is but the end of 柘水、南汊河3条河流7个断面
        part = held.values[0] and any(held.values[0] != name and held.values[0] in name for name in full)
        held.features["part_of_noun"] = float(bool(part))
        held.features["beside_list"] = float(aligned and held not in listed)
        held.features["within_nation"] = float(nation and _NATION not in held.values)
        held.features["stands_for_whole"] = float(bool(held.values[0]) and whole)
        held.features = {f"{kind}_{name}": value for name, value in held.features.items() if value} | held.features
    return found


def _named(here: Discourse, run: Run, metric: Metric, said: list[scopes.Scope], nth: int, at: int, anchor: int) -> Held:
    scope = said[nth]
    clause = run.outer or run.clause
    words = here.text[scope.start : scope.end]
    if here.label and words in scopes.WHOLE:
        words = here.label
    own = scope.start >= run.low
    behind = here.text[scope.end : scope.end + 1]
    grouped, leads = bool(scopes.GROUP.match(words)), _leads(here, run, scope)
    features: Features = {
        "said": 1.0,
        "said_own": float(own),
        "said_clause": float(not own and scope.start >= clause.start),
        "said_sentence": float(scope.start < clause.start),
        "said_nearest": float(nth == len(said) - 1),
        "said_nearest_clause": float(nth == len(said) - 1 and scope.start >= clause.start),
        "said_opens_sentence": float(scope.start - here.start <= 12),
        "said_behind_anchor": float(anchor < scope.start < at),
        "said_touches_number": float(scope.end == at or here.text[scope.end : at].strip() in ("为", "是", "(", "（")),
        "said_touches_anchor": float(scope.end == anchor),
        "said_carries": float(scope.carries),
        "said_whole": float(words in scopes.WHOLE),
        "said_place": float(words in here.own_names),
        "said_group": float(grouped),
        "said_group_leads": float(grouped and leads),
        "said_numbers_between": min(here.source.count(scope.end, at), 4) / 2,
        "said_stop_between": float(any(mark in here.text[scope.end : at] for mark in "；;")),
        "said_leads": float(leads),
        "said_listed": float(
            behind in tuple("、和与及")
            or (anchor > scope.end and bool(re.search("[、和及与]", here.text[scope.end : anchor])))
        ),
    }
    inside = clause.bracket(scope.start) or (run.outer.bracket(scope.start) if run.outer else None)
    if inside and not inside[0] <= at <= inside[1]:
        features["said_in_other_bracket"] = 1.0
    origin = "own_clause" if scope.start >= clause.start else "sentence"
    return Held((words,), origin, features)


def _in_bracket_behind(here: Discourse, number: Quantity) -> list[Held]:
    """Return the place that a bracket right behind a number names: 93.3%（应县）、60.0%（山阴县）."""
    text = here.text
    behind = (
        here.source.scopes_in(number.end, number.end + 16) if text[number.end : number.end + 1] in ("（", "(") else []
    )
    alone = [s for s in behind if s.start == number.end + 1 and text[s.end : s.end + 1] in ("）", ")")]
    return [Held((text[s.start : s.end],), "own_clause", {"bracket_behind": 1.0}) for s in alone]


def _leads(here: Discourse, run: Run, scope: scopes.Scope) -> bool:
    """Tell whether a scope opens its part of the clause, behind no more than a time or another scope."""
    start = run.low if scope.start >= run.low else run.clause.start if scope.start >= run.clause.start else here.start
    ahead = here.text[start : scope.start]
    pieces: list[Piece] = [*here.source.times_in(start, scope.start), *here.source.scopes_in(start, scope.start)]
    for other in pieces:
        ahead = ahead.replace(here.text[other.start : other.end], "")
    return roles.says_nothing_new(ahead)


def _listed_places(here: Discourse, run: Run, at: int, metric: Metric) -> list[Held]:
    """Return the places or subjects that stand in a list before a run: one each in order, or all with one value."""
    low, clause = run.low, run.clause
    found = []
    lists: list[tuple[str, list[str]]] = []
    if "subject" in metric.scopes:
        lists.append(("subjects", _waters(here, run, metric)))
    own = sorted((i, i + len(w)) for w in metric.scopes if (i := here.text.find(w, low, run.start)) >= 0)
    if here.in_a_row(own):
        lists.append(("words", [here.text[a:b] for a, b in own]))
    start = (
        here.start if _IN_TURN.match(here.text, clause.start, run.start) else clause.start
    )  # 依次是甲市和乙市，分别为
    said = [s for s in here.source.scopes_in(start, run.start) if not clause.bracket(s.start)]
    row = _row_at_end(here, said)
    if len(row) == len(said) or (start != clause.start and not here.source.numbers(row[0].start, run.start)):
        lists.append(("places", [here.text[s.start : s.end] for s in row]))
    if "subject" not in metric.scopes:
        apposed = [apposition.names(here.text, clause.start, q) for q in here.source.numbers(clause.start, run.start)]
        apposed = [names for names in apposed if not any(_names(metric, name) for name in names)]
        lists += [("apposed", names) for names in apposed if len(run.numbers) in (1, len(names))]
    beside = here.text[clause.start : run.start]
    headed = metric.unit == "grade" and bool(waters.headed(here.text, run.end))
    marks = {
        "each": float(bool(waters.EACH.search(here.text, low, run.start))),
        "counted": float(waters.counted(beside)),
        "called": float(waters.called(beside)),
        "headed": float(headed),
    }
    for name, names in lists:
        if len(names) < 2 and not (names and headed):
            continue
        if len(run.numbers) == len(names) and not headed:
            found.append(Held((names[at],), "list", {f"list_{name}": 1.0, "list_aligned_each": marks["each"]}))
        elif len(run.numbers) == 1:
            of = marks if name == "subjects" else {"each": marks["each"]}
            features = {f"list_shared_{mark}": value for mark, value in of.items()}
            found.append(Held(tuple(names), "list", {f"list_shared_{name}": 1.0, **features}))
    return found


def _shared(held: Held) -> bool:
    """Tell whether words say that those of a list share a value: 均为, 两个断面."""
    return bool(held.features.get("list_shared_each") or held.features.get("list_shared_counted"))


def _waters(here: Discourse, run: Run, metric: Metric) -> list[str]:
    """Return the waters or sections that stand in a row before a run, or in a bracket behind their number."""
    text, clause = here.text, run.clause
    if metric.unit == "grade" and (names := waters.headed(text, run.end)):
        return names
    whole = "".join(text[a:b] for a, b in clause.outside(clause.start, run.start))
    beside = "".join(text[a:b] for a, b in clause.outside(run.low, run.start))
    names = waters.in_a_row(whole if waters.counted(whole) else beside)
    for start, end in clause.brackets:
        if not names and end <= run.start:
            names = waters.in_bracket(text[clause.start : start], text[start + 1 : end - 1])
    return [] if metric.unit != "grade" and any(_names(metric, name) for name in names) else names


def _row_at_end(here: Discourse, said: list[scopes.Scope]) -> list[scopes.Scope]:
    """Return the last of some wordings of scope that stand in a row, one joined to the next."""
    row = said[-1:]
    for scope in reversed(said[:-1]):
        if here.text[scope.end : row[0].start].strip() not in JOINED:
            break
        row.insert(0, scope)
    return row


def _names(metric: Metric, words: str) -> bool:
    """Tell whether words name a metric, and so none of whom it is: 总磷、总氮浓度分别为."""
    return any(
        word in words for cue in metric.cues for part in (*cue.before, *cue.free) for word in part if len(word) > 1
    )


def _own_words(here: Discourse, run: Run, at: int, metric: Metric, anchor: int, first: int) -> list[Held]:
    """Return what the metric's own wordings of scope say: a water's name, a group of sections, 县级以上."""
    number, clause = run.numbers[at], run.clause
    found: list[tuple[str, str]] = []
    if "subject" in metric.scopes:
        end = run.start if metric.unit == "grade" else min(first, anchor)
        left = "".join(here.text[a:b] for a, b in clause.outside(run.low, end))
        for time in here.source.times_in(run.low, end):  # 陶岔1月水质
            left = left.replace(here.text[time.start : time.end], "")
        found.append(("water_before", waters.subject(re.split(r"[、：:]", left)[-1])))
        found.append(("water_said", waters.water_said(here.text[here.start : number.start])))
    if "sections" in metric.scopes:
        found.append(("rivers", sections.rivers(here.text, run.low, number.start)))
        found += _sections(here, run, number.start, anchor)
    if "tier" in metric.scopes:
        found.append(("tier", sections.tier(here.text, number.start, number.end, clause.start, clause.end)))
    wordings = tuple(word for word in metric.scopes if word not in ("subject", "sections", "tier", "kind"))
    if wordings:
        low = min(run.low, max(here.start, anchor - 16))
        for side, words in _wordings(here, wordings, run, number.end, low, number.start):
            found.append((f"wording_{side}", words))
    if "kind" in metric.scopes:
        here.kind = described_populations.kind_of_cases(here.text, clause.start, number.start) or here.kind
        found.append(("kind", here.kind))
    held = [Held((words,), "own_clause", {name: 1.0}) for name, words in found if words]
    if {"sections", "tier"} & {*metric.scopes}:
        held += described_populations.sections(here, run, at, anchor)
    return held


def _phrases(here: Discourse, run: Run, anchor: int, match_end: int) -> list[Held]:
    """Return the phrases for a population right before a metric's words, or with the first of them: 重点区域, 交接断面."""
    found = []
    if anchor >= run.start:
        ahead = here.text[run.low : run.start]
        if words := scopes.phrase(ahead):
            found.append(
                Held((words,), "own_clause", {"phrase_before_number": 1.0, f"phrase_of_{scopes.sort(words)}": 1.0})
            )
        return found
    start = run.low if anchor >= run.low else run.clause.start if anchor >= run.clause.start else here.start
    for time in here.source.times_in(start, anchor):
        start = max(start, time.end)
    for name, end in (("phrase", anchor), ("phrase_with_word", match_end)):
        words = scopes.phrase(here.text[start:end])
        if words and not any(held.values[0].startswith(words) for held in found):  # 白塔桥 of 白塔桥断面
            features = {
                name: 1.0,
                f"{name}_of_{scopes.sort(words)}": 1.0,
                "phrase_length": log1p(len(words)),
                f"{name}_in_own": float(anchor >= run.low),
                f"{name}_in_clause": float(anchor >= run.clause.start),
            }
            found.append(Held((words,), "own_clause", features))
    return found


def group(here: Discourse, run: Run, anchor: int) -> sections.Group | None:
    """Return the group of assessed sections last said before a metric's words or its number."""
    until = min(anchor, run.start)
    groups = [one for one in sections.find(here.text, here.start, run.clause.end) if one.start <= until]
    groups = [one for one in groups if not run.clause.bracket(one.start)]
    return groups[-1] if groups else None


def _sections(here: Discourse, run: Run, at: int, anchor: int) -> list[tuple[str, str]]:
    """Return the words for a group of sections, with the water or basin that stands right before them."""
    named = group(here, run, anchor)
    if named is None:
        return []
    start = run.end if named.start == run.start else named.start
    name = "sections" if named.end > run.low or anchor < run.low else "sections_before"
    if name == "sections_before" and sections.other_waters(here.text, run.low, run.start, run.end):
        name = "sections_past_others"
    if water := sections.stretch(here.text, here.start, named.start):
        return [(name, water + here.text[named.start : named.end])]
    ahead = here.source.scopes_in(max(here.start, named.start - 12), named.start)
    if ahead and ahead[-1].end == named.start and not ahead[-1].carries:
        start = ahead[-1].start
    return [(name, here.text[start : named.end])]


def _part(here: Discourse, clause: Clause, anchor: int) -> str:
    """Return what a part is of, where the clause names one: 其中大气类案件罚款120万元."""
    match = PART.match(here.text, clause.start)
    words = here.text[match.end() : anchor].strip() if match and anchor > match.end() else ""
    fits = 2 <= len(words) <= 12 and not re.search(r"[\d、，,]", words) and not roles.says_nothing_new(words)
    return words if fits else ""


def _wordings(
    here: Discourse, wordings: tuple[str, ...], run: Run, end: int, low: int, start: int
) -> list[tuple[str, str]]:
    """Return the metric's own wordings of scope right after the number, and the last before it."""
    after = re.match(r"[^、，,。;；]*", here.text[end : min(max(run.until, end), end + 12)])
    found = []
    for side, part in (("behind", after[0] if after else ""), ("before", here.text[low:start])):
        standing = [words for words in wordings if words in part]
        if words := max(standing, key=lambda words: (part.rfind(words) + len(words), len(words)), default=""):
            found.append((side, words))
    return found
