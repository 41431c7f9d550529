"""Read what numbers say beside a value: changes, placings, years in a row; and values that words state alone.

In: a number in its clause and what was said before. Out: facts, added to what was said.
"""

import re
from dataclasses import replace

from ecoanalysis.extracting import levels, roles
from ecoanalysis.extracting.context import PART
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.naming import Fits
from ecoanalysis.extracting.periods import Time
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.said import Said, counterpart
from ecoanalysis.extracting.scopes import Scope
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import Fact, Subject, converts
from ecoanalysis.knowledge.catalogue import Metric

_EACH = re.compile(r"分别|依次")
_LEVEL = re.compile(r"[、，,和]\s*(?:基本)?持平")
_AMONG = re.compile(r"(?<=[列居排])(?:在)?[一-鿿]{2,8}$")


def change(said: Said, clause: Clause, run: list[Quantity], low: int, left: str, change: roles.Change) -> None:
    number = run[0]

    def fits(metric: Metric) -> bool:
        if "change" not in metric.stats or number.unit == "%":
            return "change" in metric.stats
        return metric.unit == "%" if number.unit == "pp" else converts(number, metric)

    ahead = clause.outside(low, change.start)
    named = said.namer.listed(ahead, number, fits) or said.namer.best(ahead, [], number, fits)
    silent = roles.says_nothing_new("".join(said.text[a:b] for a, b in ahead))
    if not named and number.unit == "pp" and not (silent and said.subjects):
        named = said.namer.best([(said.start, clause.start), *ahead], [], number, fits, own=low)
    rule = ""
    if not named and silent and not said.subjects and (spans := said.unnumbered(clause)):
        named = said.namer.best(spans, [], number, fits)
    if not named and silent:
        meant = said.subjects[:1] if "前者" in left else said.subjects[-1:] if "后者" in left else said.subjects
        moved = _moved(said, [s for s in meant if fits(s.metric)], number, change.sign)
        if moved and len(run) > 1 and len(moved) != len(run):
            moved = [s for s in said.history[-len(run) :] if fits(s.metric)]
        moved = moved or [replace(s, metric=other) for s in meant if (other := counterpart(s.metric, number))]
        named, rule = [subject.again() for subject in moved], "subject inherited"
    pairs = levels.paired(levels.joined(said, clause, named, run, low), run)
    if len(run) == 1 and len(named) > 1 and _EACH.search(left):
        pairs = [(named[0], number), *_steady(said, named[1:], run[-1].end)]
    if not pairs:
        return
    year = next((period[1].year for period in said.context.periods(number.start) if period[1]), said.source.report.year)
    since = max([said.start, *(subject.end for subject in said.history)])
    said.basis = roles.basis(said.text[min(since, clause.start) : number.start], year, said.basis)
    for match, quantity in pairs:
        said.add(clause, match, "change", quantity, low, change=change, basis=said.basis, rule=rule)


def _steady(said: Said, named: list[Match], at: int) -> list[tuple[Match, Quantity]]:
    """Return a change of 0 for the metric that 持平 behind a change is of: 分别下降10%和持平."""
    steady = _LEVEL.match(said.text, at, said.end)
    if steady is None or not named:
        return []
    unit = "pp" if named[0].metric.unit == "%" else "%"
    return [(named[0], Quantity(steady.start(), steady.end(), 0.0, None, "", unit, 1.0, "=", "change", steady[0]))]


def _changes(metric: Metric) -> bool:
    return "change" in metric.stats


def _moved(said: Said, subjects: list[Subject], number: Quantity, sign: int) -> list[Subject]:
    """Return what a change without a subject is of. A rate that stands at 100 % cannot have fallen: then the value before."""
    if number.unit == "%" and sign < 0 and subjects and all(s.metric.unit == "%" and s.value == 100 for s in subjects):
        return [s for s in said.history if "change" in s.metric.stats and s.value != 100][-1:]
    return subjects


def rank(said: Said, clause: Clause, number: Quantity, low: int, left: str) -> None:
    if left.endswith("倒数"):
        return

    def fits(metric: Metric) -> bool:
        lowest, highest = number.number.endswith("最低"), number.number.endswith("最高")
        return (
            "rank" in metric.stats
            and not (lowest and metric.better != "lower")
            and not (highest and metric.better == "lower")
        )

    if roles.SPREAD.search(left):
        return
    named, rule = _ranked(said, clause, number, low, left, fits)
    before = said.text[said.start : number.end]
    basis = roles.among(before[-40:]) or roles.among(before)
    for match in named:
        for period, scope in levels.holders(said, clause, match, [number], number, low):
            said.add(clause, match, "rank", number, low, basis=basis, rule=rule, period=period, scope=scope)


def _ranked(said: Said, clause: Clause, number: Quantity, low: int, left: str, fits: Fits) -> tuple[list[Match], str]:
    """Return what a place is held in: what was said before where the clause names nothing new, else what it names."""
    ahead = _unplaced(said, clause.start, number.start, said.text[clause.start : number.start])
    left = _unplaced(said, low, number.start, left)
    together = re.match(r"\s*(两|三|四|五|六)项", ahead)
    if together and roles.says_nothing_new(ahead):
        several = said.history[-("一两三四五六".find(together[1]) + 1) :]
        return [subject.again() for subject in several if fits(subject.metric)], "subject inherited"
    silent = roles.says_nothing_new(left)
    if said.subjects and (silent or roles.says_nothing_new(ahead)):
        return [subject.again() for subject in said.subjects if fits(subject.metric)], "subject inherited"
    spans, whole = clause.outside(low, number.start), clause.outside(clause.start, number.start)
    named = said.namer.listed(spans, number, fits) or said.namer.best(spans, [], number, fits)
    if not named and silent:
        named = said.namer.listed(whole, number, fits) or said.namer.best(whole, [], number, fits)
    if not named and silent and roles.says_nothing_new(ahead):
        named = said.namer.best(said.unnumbered(clause), [], number, fits)
        if not named and len({subject.metric for subject in said.history}) == 1:
            return [said.history[-1].again()] if fits(said.history[-1].metric) else [], "subject inherited"
    return named, ""


def _unplaced(said: Said, start: int, end: int, text: str) -> str:
    """Return a text without the places and times in it, nor the words that say among whom a place is held."""
    held: list[Scope | Time] = [*said.source.scopes_in(start, end)]
    held += said.source.times_in(start, end)
    for words in held:
        text = text.replace(said.text[words.start : words.end], "")
    return roles.without_among(_AMONG.sub("", text))


def streak(said: Said, clause: Clause, number: Quantity, bound: list[Fact]) -> None:
    """连续4年 belongs to what its clause is about: the values bound in it, else the metric that it names."""

    def fits(metric: Metric) -> bool:
        return "streak" in metric.stats

    levels = {fact.metric for fact in bound if fact.stat == "level"}
    named = [subject.again() for subject in said.subjects if subject.metric.id in levels and fits(subject.metric)]
    if not named:
        spans = clause.outside(clause.start, clause.end)
        named = said.namer.best(spans, [], number, lambda metric: fits(metric) and metric.unit != "grade")
    if named and named[0].cue.text and PART.match(said.text, clause.start):
        # 其中优良比例连续4年… is of what the sentence spoke of, where that is a share too.
        other = [s for s in said.history if s.metric.unit == named[0].metric.unit and fits(s.metric)]
        if other and all(s.metric.domain != named[0].metric.domain for s in other):
            named = [other[0].again()]
    lasting = _unplaced(said, clause.start, number.start, said.text[clause.start : number.start])
    if not named and roles.says_nothing_new(lasting):
        named = [subject.again() for subject in said.subjects if fits(subject.metric)]
    own = clause.outside(clause.start, clause.end)
    if not named and not said.namer.best(own, [], number, lambda metric: "level" in metric.stats):
        spans = [(said.start, clause.end)]
        named = said.namer.best(spans, [], number, lambda metric: fits(metric) and "level" not in metric.stats)
    for match in named:
        said.add(clause, match, "streak", number, clause.start, rule="" if match.cue.text else "subject of its clause")


def implied(said: Said, clause: Clause) -> None:
    """Read values that words state without a number: 无劣Ⅴ类断面 is 0 of them, 同比持平 a change of 0."""
    steady = roles.STEADY.search(said.text, clause.start, clause.end)
    if steady and said.subjects and roles.says_nothing_new(said.text[clause.start : steady.start()]):
        change = roles.Change(1, 0, steady.start())
        text = said.text[clause.start : steady.start()]
        for subject in said.subjects[:1] if "前者" in text else said.subjects[-1:] if "后者" in text else said.subjects:
            unit = "pp" if subject.metric.unit == "%" else "%"
            number = Quantity(steady.start(), steady.end(), 0.0, None, "", unit, 1.0, "=", "change", steady[0])
            said.add(
                clause,
                subject.again(),
                "change",
                number,
                clause.start,
                change=change,
                basis="yoy",
                rule="subject inherited",
            )
        return
    if steady:
        number = Quantity(steady.start(), steady.end(), 0.0, None, "", "%", 1.0, "=", "change", steady[0])
        before = clause.outside(clause.start, steady.start())
        named = said.namer.listed(before, number, _changes) or said.namer.best(before, [], number, _changes)
        if not named and roles.says_nothing_new(
            _unplaced(said, clause.start, steady.start(), said.text[clause.start : steady.start()])
        ):
            named = said.namer.best(said.unnumbered(clause), [], number, _changes)
        for match in named:
            unit = "pp" if match.metric.unit == "%" else "%"
            change = roles.Change(1, 0, steady.start())
            said.add(clause, match, "change", replace(number, unit=unit), clause.start, change=change, basis="yoy")
        return
    for match in said.namer.implied(clause.outside(clause.start, clause.end), clause.end):
        start, end = min(match.spans)[0], max(match.spans)[1]
        number = Quantity(
            start, end, match.cue.implied, None, "", match.metric.unit, 1.0, "=", "implied", said.text[start:end]
        )
        said.add(clause, match, "level", number, clause.start, rule="implied")
