"""State what was chosen for a run: as facts, and as the subjects that later numbers may go on from.

In: a `Reader` at a run, and the reading chosen for it. Out: facts added to the reader's, one for each period and population that
holds; how sure they are is said when the whole report is read (`confidence`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecoanalysis.extracting import earlier_populations, model, period_candidates, population_candidates, roles
from ecoanalysis.extracting.candidates import Candidate, Key, Scene, value_of
from ecoanalysis.extracting.confidence import Decision
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.discourse import Held, Said
from ecoanalysis.extracting.groups import of_places
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.scopes import WHOLE
from ecoanalysis.extracting.source import Fact, Subject, converted
from ecoanalysis.extracting.status import hints, statuses
from ecoanalysis.extracting.surroundings import of_sentence
from ecoanalysis.knowledge.catalogue import Metric

if TYPE_CHECKING:
    from ecoanalysis.extracting.facts import Reader

# What a reading's origin is called in the table of facts.
_ORIGINS = {
    **dict.fromkeys(("own", "right", "clause"), "own_clause"),
    **dict.fromkeys(("last", "history", "several", "latest"), "subject"),
    **dict.fromkeys(("sentence", "predicate", "aside"), "sentence"),
    **{"before": "sentence_before", "told": "sentence_before", "label": "heading"},
}

_AND = re.compile("和|及(?!时)|与")
_WHOLE_OF = {"province": "全省", "city": "全市"}
_SAID_HERE = ("list", "subject", "sentence")


@dataclass(slots=True)
class Chosen:
    """What was chosen for a run, its probability, and the second best."""

    candidate: Candidate
    share: float
    runner_up: str


@dataclass(frozen=True, slots=True)
class _Said:
    """One number of a run as a metric's: the words that name the metric, the subject it goes on from, its value and unit."""

    run: Run
    chosen: Chosen
    metric: Metric
    number: Quantity
    match: Match | None
    subject: Subject | None
    value: float | None
    unit: str

    @property
    def stat(self) -> str:
        return self.chosen.candidate.stat

    @property
    def key(self) -> Key:
        return self.metric.id, self.stat, self.unit, self.value

    @property
    def at(self) -> int:
        return self.run.numbers.index(self.number) if self.number in self.run.numbers else 0

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return self.match.spans if self.match else ()


def keep(reader: "Reader", run: Run, chosen: Chosen) -> None:
    """Add the facts of a run to those of the reader, and remember what later numbers may go on from."""
    one = chosen.candidate
    if one.stat == "none":
        if run.numbers[0].unit_text == "倍" and "超" in reader.text[run.low : run.start]:
            return  # 超出二级标准0.13倍 speaks of nothing new
        if reader.scene.plain.count(run.low, run.start) and not roles.counts_rivals(reader.text, run.start):
            reader.memory.unread.append(run)
        if not roles.says_nothing_new("".join(reader.text[a:b] for a, b in run.clause.outside(run.low, run.start))):
            reader.memory.last = [] if run.outer is None else reader.memory.last
        return
    if one.stat == "change":
        end = run.end if run.numbers[0].kind == "steady" else run.start
        reader.basis = roles.basis(reader.text[reader.scene.start : end], reader.source.report.year, reader.basis)
    kept: list[Subject] = []
    for at, (metric, number) in enumerate(one.pairs):
        match = one.matches[min(at, len(one.matches) - 1)] if one.matches else None
        subject = one.subjects[min(at, len(one.subjects) - 1)] if one.subjects else None
        others = reader.of_others or roles.others_business(reader.text[reader.scene.start : number.start])
        if metric.shared and others:
            continue
        value, unit = value_of(metric, one.stat, number, one.change)
        kept += _state(reader, _Said(run, chosen, metric, number, match, subject, value, unit))
    _remember(reader, one, kept, run.outer is not None)


def _remember(reader: "Reader", one: Candidate, kept: list[Subject], aside: bool) -> None:
    kept = list({(s.metric.id, s.end): s for s in kept}.values())  # one of several places that share a value
    reader.memory.latest = kept
    if aside and any(s.metric is not kept[0].metric for s in reader.memory.last for _ in kept[:1]):
        return  # 占有效天数（365天）的93.2% is not of the 365
    if one.stat == "level":
        reader.memory.last = kept
        reader.memory.history += kept
    elif one.stat in ("change", "rank") and one.matches:
        reader.memory.last = kept


def _state(reader: "Reader", said: _Said) -> list[Subject]:
    """Make the facts of one number and metric, for each period and population that holds."""
    found = period_candidates.periods(reader.discourse, said.run, said.at, said.metric)
    periods, period_share = _hold(reader, "period", found, said.key)
    populations = _populations(reader, said)
    scopes, scope_share = _hold(reader, "scope", populations, said.key)
    scope_share *= _passed_on(reader, scopes)
    left = reader.scene.plain.count(said.run.clause.start, said.run.start, said.spans)
    around = reader.manner | of_sentence(reader.source, reader.scene.start, said.run, left)
    rivals = earlier_populations.rivals(reader.discourse, said.metric, scopes, populations)
    quote = _quoted(reader.scene, said.run, said.match, said.number)
    kept = []
    for period in periods.values:
        local = said.run.outer is not None  # as a bracket is
        if not local:
            reader.discourse.last_period = period
        choices = statuses(reader, said.run, said.metric, said.number, period)
        status, status_share = _hold(reader, "status", choices, said.key)
        if not local:
            reader.planned_before = status.values[0] == "planned"
        decision = Decision(
            reading=said.chosen.candidate,
            reading_share=said.chosen.share,
            period=periods,
            period_share=period_share,
            scope=scopes,
            scope_share=scope_share,
            status_share=status_share,
            rivals=rivals,
            around=around | hints(choices),
            reported=status.values[0] == "reported",
        )
        for scope in scopes.values:
            if (
                not {"account", "aside", "bracket_behind"} & scopes.features.keys()
            ):  # which say it of their own number alone
                last = reader.discourse.last_scope
                origin = last[2] if last and "last" in scopes.features else scopes.origin  # goes on being assumed
                reader.discourse.last_scope = (scope, said.metric.domain, origin)
                reader.discourse.last_share, reader.discourse.last_here = scope_share, True
            for fact in _facts(reader, said, decision, (period, scope, status.values[0]), quote):
                if fact not in reader.found:  # what goes on from several places and names its own is one
                    reader.found.append(fact)
                    reader.made.append((fact, decision))
            number = said.number
            counts = number.kind == "count"
            kept.append(Subject(said.metric, said.value, scope, quote[0], number.end, said.stat, number.unit, counts))
    if said.spans and said.stat == "level" and said.spans[0][0] < said.number.start:
        start, end = said.spans[0]
        reader.discourse.said_last = Said(said.metric, reader.text[start:end], start, said.number.end)
    return kept


def _quoted(scene: Scene, run: Run, match: Match | None, number: Quantity) -> tuple[int, int]:
    """Return the shortest clause that holds a number and, where they stand in the same sentence, the metric's words."""
    text = scene.source.text
    words = [span for span in match.spans if scene.start <= span[0] < scene.end] if match else []
    start = min([number.start, *(span[0] for span in words)])
    end = max([number.end, *(span[1] for span in words)])
    floor = _floor(text, scene.start, run, start)
    while floor < start and text[floor] in "、，,；;。 \n":
        floor += 1
    if run.clause.start < floor < start and _AND.match(text, floor):
        floor += 1
    if text[end : end + 1] == "”" and "“" in text[floor:end]:
        end += 1
    return floor, end


def _floor(text: str, opening: int, run: Run, start: int) -> int:
    """Return where the number's own part of the clause begins, or the clause of words that stand before it."""
    if start >= run.clause.start:
        return run.low if start >= run.low else run.clause.start
    floor = start
    while floor > opening and text[floor - 1] not in "，,；;。：:":
        floor -= 1
    return floor


def _passed_on(reader: "Reader", held: Held) -> float:
    """Return how sure the population is that this one goes on from: no surer than the one before was."""
    last = reader.discourse.last_scope
    goes_on = held.origin in ("sentence", "subject") and last is not None and last[0] in held.values
    return reader.discourse.last_share if goes_on else 1.0


def _populations(reader: "Reader", said: _Said) -> list[Held]:
    """Return the populations that a number may be of; one that goes on from a value before may be of that value's."""
    number, change = said.number, said.chosen.candidate.change
    anchor, word_end = said.spans[0] if said.spans else (number.start, number.start)
    first = min(anchor, change.start) if change and said.spans else number.start
    if said.stat == "change" and said.spans:
        first = anchor
    own = next((s for s in reversed(reader.memory.history) if s.metric is said.metric), None)
    carried = (said.subject or own) if said.match is None else None
    if said.stat == "level" and said.subject is not None:
        carried = said.subject
    return population_candidates.populations(
        reader.discourse, said.run, said.at, said.metric, anchor, word_end, first, carried
    )


def _facts(reader: "Reader", said: _Said, decision: Decision, held: tuple, quote: tuple[int, int]) -> Iterator[Fact]:
    """Yield the fact of a number, or the two bounds of a range, for a period, population and status."""
    (period, scope, status), one, number = held, said.chosen.candidate, said.number
    bounds = [(said.value, number.bound)]
    if number.high is not None and one.stat == "level":
        bounds = [(said.value, ">="), (converted(number.high, number, said.metric), "<=")]
    for value, bound in bounds:
        yield Fact(
            metric=said.metric.id,
            stat=one.stat,
            value=value,
            unit=said.unit,
            unit_text=number.unit_text,
            bound=bound,
            period_start=period[0],
            period_end=period[1],
            scope=scope,
            basis=_basis(reader, said),
            status=status,
            start=quote[0],
            end=quote[1],
            rule=_rule(reader.text, said),
            number=number.start,
            metric_from=_ORIGINS.get(one.origin, one.origin),
            scope_from=decision.scope.origin,
            period_from=decision.period.origin,
            runner_up=said.chosen.runner_up,
        )


def _hold(reader: "Reader", kind: str, found: list[Held], key: Key) -> tuple[Held, float]:
    """Return what holds, of the periods, populations or statuses that may, and its probability.

    What several candidates say alike (a heading, and a sentence before) is as likely as they are together; of those the
    one that was said in the sentence is taken, so that a scope stands as it is written (我区), else the likeliest.
    """
    parts = model.shares([model.score(reader.weights[kind], held.features) for held in found])
    meant = [meaning(held, reader.wholes) for held in found]
    together: dict[tuple, float] = defaultdict(float)
    for value, part in zip(meant, parts, strict=True):
        together[value] += part
    likely = [
        together[value] + (part + _is_said(held)) / 1e6 for held, value, part in zip(found, meant, parts, strict=True)
    ]
    at = reader.choose(kind, found, likely, key)
    return found[at], together[meant[at]]


def _is_said(held: Held) -> bool:
    """Tell whether words say it: those of the clause, or 我区 and its like where they go on within the sentence."""
    carried = held.origin in _SAID_HERE and not WHOLE.isdisjoint(held.values)
    return any(held.values) and (held.origin == "own_clause" or carried)


def meaning(held: Held, wholes: frozenset[str]) -> tuple:
    """Return what a wording means: 全市, the place's own name and no word are all the whole, as `wholes` lists them."""
    if wholes.isdisjoint(held.values):
        return held.values
    return tuple("" if value in wholes else value for value in held.values)


def _basis(reader: "Reader", said: _Said) -> str:
    if said.stat == "change":
        return reader.basis
    if said.stat == "rank":
        return _among(reader, said)
    return ""


def _among(reader: "Reader", said: _Said) -> str:
    """Return among whom a place is held: by words beside it, or the group of places that the text spoke of last before."""
    before = reader.text[reader.scene.start : said.run.end]
    placed = bool(reader.source.placings_in(said.number.start, said.number.end))
    if not placed and (among := roles.among(before[-40:]) or roles.among(before)):
        return among
    here = reader.discourse
    paragraph = reader.source.line(said.run.start), reader.scene.start
    for start, end in ((reader.scene.start, said.run.start), paragraph, here.caption or (0, 0), *here.reach):
        text = reader.text[start:end]
        if groups := of_places(text):
            return text[slice(*groups[-1])]
    # Where a report puts its own parts in order nobody need say among whom.
    return _WHOLE_OF.get(reader.source.report.level, "") if placed or here.caption else ""


def _rule(text: str, said: _Said) -> str:
    if said.match is None:
        return "subject inherited"
    words = " ".join(text[a:b] for a, b in sorted(said.spans) if b > a)
    parts = [words and f"cue {words}", "implied" if said.chosen.candidate.origin == "implied" else ""]
    return "; ".join(part for part in parts if part) or "topic said before"
