"""Bind the numbers of a report to what its words say of them.

In: a Report. Out: ``Fact`` records in reading order, each quoting the text, with where its attributes come from and the
probability that all of them are right. A sentence is read run by run from left to right; for each run the candidates are
weighed (`readings`), then the periods and populations of what was chosen (`discourse`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import log1p

from ecoanalysis.extracting import model, readings, roles, when, whom
from ecoanalysis.extracting.candidates import PART, Candidate, Memory, Scene
from ecoanalysis.extracting.confidence import Decision, judge
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.discourse import Discourse, Held
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run, runs
from ecoanalysis.extracting.scopes import WHOLE
from ecoanalysis.extracting.sentences import Clause, clauses
from ecoanalysis.extracting.source import Fact, Plain, Source, Subject, converted
from ecoanalysis.extracting.status import statuses
from ecoanalysis.knowledge.catalogue import Metric
from ecoanalysis.reading.report import Report, Sentence

ENDLESS = 1500  # characters
_AND = re.compile("和|及(?!时)|与")

# What a reading's origin is called in the table of facts.
_ORIGINS = {
    **dict.fromkeys(("own", "right", "clause"), "own_clause"),
    **dict.fromkeys(("last", "history", "several", "latest"), "subject"),
    **{
        "sentence": "sentence",
        "predicate": "sentence",
        "aside": "sentence",
        "before": "sentence_before",
        "label": "heading",
    },
}

Key = tuple[str, str, str, float | None]
Chooser = Callable[[str, list, list[float], Key | None], int]


def facts(report: Report) -> list[Fact]:
    """Return the facts of a report in reading order."""
    return read(Source(report))


def read(source: Source, weights: model.Weights | None = None, choose: Chooser | None = None) -> list[Fact]:
    """Return the facts of a report whose words and numbers were found already.

    `weights` are the project's own or the shipped ones unless given; `choose` may overrule which candidate is taken, as training does.
    """
    return [fact for fact, _ in decided(source, weights or model.weights(), choose or likeliest)]


def decided(source: Source, weights: model.Weights, choose: Chooser) -> list[tuple[Fact, Decision]]:
    """Return the facts of a report, each with how it was decided."""
    reader = Reader(source, weights, choose)
    for sentence in (part for whole in source.report.sentences for part in _parts(whole, source.text)):
        if sentence.end <= source.title[1]:
            continue  # a title repeats what the text says, rounded
        reader.sentence(sentence)
    return sorted(reader.made, key=lambda pair: (pair[0].number, pair[0].start))


def key_of(one: Candidate, metric: Metric, number: Quantity) -> Key:
    """Return what a reading makes of a number: metric, statistic, unit and value."""
    value, unit = _value(metric, one.stat, number, one.change)
    return metric.id, one.stat, unit, value


def likeliest(kind: str, candidates: list, scores: list[float], key: Key | None) -> int:
    """Return which candidate scores best."""
    return max(range(len(scores)), key=scores.__getitem__)


@dataclass(slots=True)
class _Reading:
    """What was chosen for a run."""

    candidate: Candidate
    share: float
    runner_up: str


class Reader:
    """Reads a report sentence by sentence."""

    def __init__(self, source: Source, weights: model.Weights, choose: Chooser) -> None:
        self.source, self.text = source, source.text
        self.weights, self.choose = weights, choose
        self.discourse = Discourse(source)
        self.memory = Memory()
        self.paragraph = -1
        self.made: list[tuple[Fact, Decision]] = []

    def sentence(self, sentence: Sentence) -> None:
        """Read a sentence, and add its facts to those made."""
        self.discourse.enter(sentence)
        fresh = sentence.paragraph != self.paragraph
        self.paragraph = sentence.paragraph
        before = [] if fresh else [*self.memory.before[-2:], *self.memory.history][-3:]
        counts = [s for s in self.memory.history if s.counts]
        told = sorted(counts, key=lambda s: s.value or 0)[-2:] if counts else self.memory.told
        label = self._label(sentence) if fresh else self.memory.label
        self.memory = Memory(before=before, told=told, label=label)
        self.here, self.basis, self.hoped = sentence, "", False
        self.found: list[Fact] = []
        if not self._silent(sentence):
            self.scene = Scene(
                self.source,
                sentence.start,
                sentence.end,
                self.discourse.reach,
                Plain(self.source, sentence.start, sentence.end),
                self.memory,
            )
            for clause in clauses(self.text, sentence.start, sentence.end):
                self._clause(clause)
        self.discourse.leave()

    def _silent(self, sentence: Sentence) -> bool:
        """Tell whether a sentence holds nothing that could be a fact: most of a report's prose."""
        start, end = sentence.start, sentence.end
        if self.source.numbers(start, end) or self.source.wording.implies(start, end):
            return False
        return not (roles.BEST.search(self.text, start, end) or roles.STEADY.search(self.text, start, end))

    def _label(self, sentence: Sentence) -> tuple[int, int] | None:
        """Return the innermost heading, or the short line without a number above a paragraph: what it is about."""
        above = self.text[: sentence.start].rstrip()[-40:]
        line = above.rpartition("\n")[2].strip(" |｜\t")
        if 2 <= len(line) <= 24 and not re.search(r"[。；，\d]", line.replace("PM2.5", "").replace("PM10", "")):
            end = len(self.text[: sentence.start].rstrip())
            return (end - len(above.rpartition("\n")[2]), end)
        return self.discourse.headings[0] if self.discourse.headings else None

    def _clause(self, clause: Clause) -> None:
        said = len(self.found)
        low, numbered = clause.start, False
        for run in runs(self.source, clause):
            numbered = True
            if run.outer is None:
                run = replace(run, low=max(low, clause.start))
            chosen = self._choose(readings.candidates(self.scene, run))
            self._keep(run, chosen)
            if run.outer is None and chosen.candidate.stat != "none":
                behind = max((fact.end for fact in self.found[said:]), default=run.end)
                joins = behind > run.end and re.match(
                    r"[^，,、]{0,6}(?:和|、|以?及|与)", self.text[behind : behind + 8]
                )
                low = behind if joins else run.end
            elif run.outer is None and numbered and not self._compared(chosen, run):
                low = run.end
        if len(self.found) == said:
            self._implied(clause)
        if len(self.found) == said and not numbered and not PART.match(self.text, clause.start):
            if not roles.goes_on(self.text[clause.start : clause.end]):
                self.memory.last = []

    def _compared(self, chosen: _Reading, run: Run) -> bool:
        """Tell whether a number is only quoted, so that what stands before it belongs to the next: 由71.2%升至80%."""
        left = self.text[run.low : run.start]
        return bool(roles.quoted(left, self.text[run.end : run.clause.end], run.numbers[0].kind, run.numbers[-1].bound))

    def _choose(self, found: list[Candidate]) -> _Reading:
        scores = [model.score(self.weights["reading"], one.features) for one in found]
        at = self.choose("reading", found, scores, None)
        parts = model.shares(scores)
        same = sum(part for one, part in zip(found, parts, strict=True) if one.key == found[at].key)
        others = [(part, one) for one, part in zip(found, parts, strict=True) if one.key != found[at].key]
        second = max(others, key=lambda pair: pair[0])[1] if others else None
        named = " ".join([*dict.fromkeys(m.id for m, _ in second.pairs), second.stat]) if second else ""
        return _Reading(found[at], same, named)

    def _implied(self, clause: Clause) -> None:
        found = readings.implied(self.scene, clause.outside(clause.start, clause.end), clause.end)
        if not found:
            return
        chosen = self._choose(found)
        if chosen.candidate.stat == "none":
            return
        number = chosen.candidate.pairs[0][1]
        self._keep(Run((number,), clause, clause.start, clause.end), chosen)

    # --- what was chosen becomes facts

    def _keep(self, run: Run, chosen: _Reading) -> None:
        one = chosen.candidate
        if one.stat == "none":
            if not roles.says_nothing_new("".join(self.text[a:b] for a, b in run.clause.outside(run.low, run.start))):
                self.memory.last = [] if run.outer is None else self.memory.last
            return
        if one.stat == "change":
            end = run.end if run.numbers[0].kind == "steady" else run.start
            self.basis = roles.basis(self.text[self.scene.start : end], self.source.report.year, self.basis)
        kept: list[Subject] = []
        for at, (metric, number) in enumerate(one.pairs):
            match = one.matches[min(at, len(one.matches) - 1)] if one.matches else None
            if match is not None and len(one.matches) == 1:
                match = one.matches[0]
            subject = one.subjects[min(at, len(one.subjects) - 1)] if one.subjects else None
            kept += self._fact(run, chosen, metric, number, match, subject)
        self._remember(one, kept)

    def _remember(self, one: Candidate, kept: list[Subject]) -> None:
        kept = list({(s.metric.id, s.end): s for s in kept}.values())  # one of several places that share a value
        self.memory.latest = kept
        if one.stat == "level":
            self.memory.last = kept
            self.memory.history += kept
        elif one.stat in ("change", "rank") and one.matches:
            self.memory.last = kept

    def _fact(
        self,
        run: Run,
        chosen: _Reading,
        metric: Metric,
        number: Quantity,
        match: Match | None,
        subject: Subject | None,
    ) -> list[Subject]:
        """Make the facts of one number and metric, for each period and population that holds."""
        one = chosen.candidate
        if metric.shared and roles.others_business(self.text[self.scene.start : number.start]):
            return []
        value, unit = _value(metric, one.stat, number, one.change)
        anchor, word_end = match.spans[0] if match and match.spans else (number.start, number.start)
        first = min(anchor, one.change.start) if one.change and match and match.spans else number.start
        if one.stat == "change" and match and match.spans:
            first = anchor
        own = next((s for s in reversed(self.memory.history) if s.metric is metric), None)
        carried = (subject or own) if match is None else None
        if one.stat == "level" and subject is not None:
            carried = subject
        at = run.numbers.index(number) if number in run.numbers else 0
        key = (metric.id, one.stat, unit, value)
        periods, period_share = self._hold("period", when.periods(self.discourse, run, at, metric), key)
        populations = whom.populations(self.discourse, run, at, metric, anchor, word_end, first, carried)
        scopes, scope_share = self._hold("scope", populations, key)
        start, end = self._quoted(run, match, number)
        rule, basis = self._rule(one, match), self._basis(one, run)
        bounds = [(value, number.bound)]
        if number.high is not None and one.stat == "level":
            bounds = [(value, ">="), (converted(number.high, number, metric), "<=")]
        kept = []
        spans = match.spans if match else ()
        left = log1p(self.scene.plain.count(run.clause.start, run.start, spans))
        year_sure = self.source.report.year_confidence
        near = any(held.origin == "own_clause" for held in populations)
        for period in periods.values:
            self.discourse.last_period = period
            status, status_share = self._hold("status", statuses(self, run, metric, number, period), key)
            decision = Decision(
                one,
                chosen.share,
                periods,
                period_share,
                scopes,
                scope_share,
                status_share,
                left,
                near,
                status.values[0] == "reported",
                year_sure,
            )
            confidence, doubt = judge(decision, self.weights["confidence"])
            for scope in scopes.values:
                if one.stat in ("level", "change") and whom.foreign(self.discourse, scope):
                    continue
                self.discourse.last_scope = (scope, metric.domain)
                for amount, bound in bounds:
                    fact = Fact(
                        metric.id,
                        one.stat,
                        amount,
                        unit,
                        number.unit_text,
                        bound,
                        period[0],
                        period[1],
                        scope,
                        basis,
                        status.values[0],
                        start,
                        end,
                        rule,
                        number.start,
                        _ORIGINS.get(one.origin, one.origin),
                        scopes.origin,
                        periods.origin,
                        confidence,
                        doubt,
                        chosen.runner_up,
                    )
                    self.found.append(fact)
                    self.made.append((fact, decision))
                counts = number.kind == "count"
                kept.append(Subject(metric, value, scope, start, number.end, one.stat, number.unit, counts))
        return kept

    def _hold(self, kind: str, found: list[Held], key: Key) -> tuple[Held, float]:
        """Return what holds, of the periods, populations or statuses that may, and its probability."""
        scores = [model.score(self.weights[kind], held.features) for held in found]
        at = self.choose(kind, found, scores, key)
        parts = model.shares(scores)
        same = _meant(found[at])
        return found[at], sum(part for held, part in zip(found, parts, strict=True) if _meant(held) == same)

    def _basis(self, one: Candidate, run: Run) -> str:
        if one.stat == "change":
            return self.basis
        if one.stat == "rank":
            before = self.text[self.scene.start : run.end]
            return roles.among(before[-40:]) or roles.among(before)
        return ""

    def _rule(self, one: Candidate, match: Match | None) -> str:
        if match is None:
            return "subject inherited"
        words = " ".join(self.text[a:b] for a, b in sorted(match.spans) if b > a)
        said = [words and f"cue {words}", "implied" if one.origin == "implied" else ""]
        return "; ".join(part for part in said if part) or "topic said before"

    def _quoted(self, run: Run, match: Match | None, number: Quantity) -> tuple[int, int]:
        """Return the shortest clause that holds a number and, where they stand in the same sentence, the metric's words."""
        clause, low = run.clause, run.low
        words = [span for span in match.spans if self.scene.start <= span[0] < self.scene.end] if match else []
        start = min([number.start, *(span[0] for span in words)])
        end = max([number.end, *(span[1] for span in words)])
        if start >= clause.start:
            floor = low if start >= low else clause.start
        else:
            floor = start
            while floor > self.scene.start and self.text[floor - 1] not in "，,；;。：:":
                floor -= 1
        while floor < start and self.text[floor] in "、，,；;。 \n":
            floor += 1
        if floor < start and floor > clause.start and _AND.match(self.text, floor):
            floor += 1
        if self.text[end : end + 1] == "”" and "“" in self.text[floor:end]:
            end += 1
        return floor, end


def _meant(held: Held) -> tuple:
    """Return what a wording means: 全市 and no word are both the whole."""
    return tuple("" if value in WHOLE else value for value in held.values)


def _value(metric: Metric, stat: str, number: Quantity, change: roles.Change | None) -> tuple[float | None, str]:
    """Return a fact's value and unit; a change is signed by the way the number itself moved."""
    if stat in ("rank", "streak"):
        return number.value, "rank" if stat == "rank" else "year"
    if number.kind == "steady":
        return 0.0, "pp" if metric.unit == "%" else "%"
    if stat != "change" or change is None:
        return converted(number.value, number, metric), metric.unit
    sign = change.sign or change.better * (-1 if metric.better == "lower" else 1)
    relative = number.unit in ("%", "pp")
    value = number.value if relative else converted(number.value, number, metric)
    signed = None if value is None else (sign * value if value >= 0 else value) + 0.0
    return signed, number.unit if relative else metric.unit


def _parts(sentence: Sentence, text: str) -> Iterator[Sentence]:
    """Yield a sentence, in parts cut at commas where it has no end: each costs what its own length does."""
    start = sentence.start
    while sentence.end - start > ENDLESS:
        cut = max(text.rfind(mark, start + ENDLESS // 2, start + ENDLESS) for mark in "，,；;、") + 1
        cut = cut or start + ENDLESS
        yield replace(sentence, start=start, end=cut)
        start = cut
    yield replace(sentence, start=start) if start > sentence.start else sentence
