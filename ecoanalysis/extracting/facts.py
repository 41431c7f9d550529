"""Bind the quantities of a report to the metrics that its words name.

In: a Report. Out: ``Fact`` records in reading order, each quoting the text. A sentence is read clause by clause from left
to right; what the clause before was about goes on only where the next one names no subject of its own.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from ecoanalysis.extracting import periods, roles, scopes
from ecoanalysis.extracting.cues import Match, Wording
from ecoanalysis.extracting.quantities import NOT_QUANTITIES, Quantity, find, measures
from ecoanalysis.extracting.sentences import Clause, clauses
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import Cue, Metric
from ecoanalysis.reading.report import Report, Sentence

_JOIN = re.compile(r"\s*(?:[、,，]|和|及|与|以及)\s*$")
_ITEMS = re.compile(r"、|，|,|以及|和(?!谐)|及(?!以|时|其)|与")
_POSTPOSED = re.compile(r"\s*(?:$|[、，,。;；)）”\"和及或且并|]|与|以上|用于|左右)")
_SHARED = re.compile(r"[，,]\s*(?:均|都|全部|悉数|已全部|皆)[^，,；;。：:]*")
_AMONG = re.compile(r"(?<=[列居排])(?:在)?[一-鿿]{2,8}$")
_PART = re.compile(r"\s*(?:其中|包括|包含|含)")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something measured; the columns of the table `facts`. `number` is the place of its quantity, for the account."""

    metric: str
    stat: str
    value: float | None
    unit: str
    unit_text: str
    bound: str
    period_start: date | None
    period_end: date | None
    scope: str
    basis: str
    status: str
    start: int
    end: int
    rule: str
    number: int


@dataclass(slots=True)
class Subject:
    """What was bound last: a metric, its value, and where its words and number stand."""

    metric: Metric
    value: float | None
    unit: str
    scope: str
    start: int
    end: int


@cache
def _conversions() -> dict[tuple[str, str], float]:
    return {(row["from"], row["to"]): float(row["factor"]) for row in tables.rows("conversions.csv")}


def converts(quantity: Quantity, metric: Metric) -> bool:
    """Tell whether a quantity as written can be a level of a metric."""
    if quantity.unit_text in metric.counted:
        return bool(quantity.unit_text) or quantity.kind in ("number", "masked")
    return bool(quantity.unit) and (quantity.unit == metric.unit or (quantity.unit, metric.unit) in _conversions())


def converted(value: float | None, quantity: Quantity, metric: Metric) -> float | None:
    """Return a written value in the metric's own unit."""
    if value is None:
        return None
    factor = _conversions().get((quantity.unit, metric.unit), 1.0) if quantity.unit != metric.unit else 1.0
    return float(f"{value * quantity.factor * factor:.12g}")


class Source:
    """One report with everything that was found in it, in reading order."""

    def __init__(self, report: Report) -> None:
        self.report, self.text = report, report.text
        self.wording = Wording(report.text)
        self.quantities = find(report.text)
        self.times = periods.find(report.text, report.year, (report.period_start, report.period_end))
        self.scopes = scopes.find(report.text)
        self.titled = report.text.find("\n") if report.text.count("\n") and len(report.text.split("\n", 1)[0]) < 60 else 0
        self._quantity_starts = [quantity.start for quantity in self.quantities]
        self._time_starts = [time.start for time in self.times]
        self._scope_starts = [scope.start for scope in self.scopes]

    def numbers(self, start: int, end: int) -> list[Quantity]:
        """Return the quantities within a span, leaving out the dates, names and headings."""
        low, high = bisect_left(self._quantity_starts, start), bisect_left(self._quantity_starts, end)
        return [quantity for quantity in self.quantities[low:high] if quantity.kind not in NOT_QUANTITIES]

    def times_in(self, start: int, end: int) -> list[periods.Time]:
        """Return the time expressions that open within a span."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    def scopes_in(self, start: int, end: int) -> list[scopes.Scope]:
        """Return the wordings of scope that open within a span."""
        return self.scopes[bisect_left(self._scope_starts, start) : bisect_left(self._scope_starts, end)]


def facts(report: Report) -> list[Fact]:
    """Return the facts of a report in reading order."""
    return read(Source(report))


def read(source: Source) -> list[Fact]:
    """Return the facts of a report whose words and numbers were found already."""
    found: list[Fact] = []
    frame: list[periods.Period] = []
    framed = ("", "")
    before: Sentence | None = None
    for sentence in source.report.sentences:
        if sentence.end <= source.titled:
            continue  # a title repeats what the text says, rounded
        if before is None or sentence.paragraph != before.paragraph or sentence.section != before.section:
            frame, framed = _heading_period(source, sentence), ("", "")
        reader = SentenceReader(source, sentence, frame, framed, before)
        found.extend(reader.read())
        frame, framed = reader.frame, reader.framed
        before = sentence
    return sorted(found, key=lambda fact: (fact.number, fact.start))


def _heading_period(source: Source, sentence: Sentence) -> list[periods.Period]:
    """Return the period that the headings above a sentence state, the innermost first."""
    level = 99
    for section in reversed(source.report.sections[: sentence.section + 1]):
        if section.level < level and section.heading:
            level = section.level
            times = source.times_in(section.start, section.start + len(section.heading) + 1)
            if times and times[0].period:
                return [times[0].period]
    return []


class SentenceReader:
    """Reads one sentence; holds what was said so far in it."""

    def __init__(
        self,
        source: Source,
        sentence: Sentence,
        frame: list[periods.Period],
        framed: tuple[str, str],
        before: Sentence | None,
    ) -> None:
        self.source, self.text, self.wording = source, source.text, source.wording
        self.sentence = sentence
        self.start, self.end = sentence.start, sentence.end
        report = source.report
        self.own: periods.Period = (report.period_start, report.period_end)
        self.frame, self.framed = frame, framed
        self.reach = self._reach(before)
        self.subjects: list[Subject] = []
        self.history: list[Subject] = []
        self.scope = ""
        self.basis = ""
        self.planned = sentence.planned
        self.found: list[Fact] = []

    def _reach(self, before: Sentence | None) -> list[tuple[int, int]]:
        """Return where a topic may have been said, nearest first: the sentence before, the headings above, the title."""
        spans = []
        if before is not None and before.paragraph == self.sentence.paragraph:
            spans.append((before.start, before.end))
        sections = self.source.report.sections
        level = 99
        for section in reversed(sections[: self.sentence.section + 1]):
            if section.level < level and section.heading:
                level = section.level
                spans.append((section.start, section.start + len(section.heading) + 1))
        return [*spans, (0, max(self.text.find("\n"), 0))]

    def read(self) -> list[Fact]:
        """Return the facts of the sentence."""
        for clause in clauses(self.text, self.start, self.end):
            self._clause(clause)
        self._set_frame()
        return self.found

    def _set_frame(self) -> None:
        """A period that opens a sentence holds for those after it, not one said in passing; a scope for those of its domain."""
        times = self.source.times_in(self.start, self.end)
        if times and not times[0].until and not re.search(r"[，,；;]", self.text[self.start : times[0].start]) and times[0].start - self.start <= 12:
            self.frame = self._joined(times, 0)
        if self.scope and self.found:
            self.framed = (self.scope, self.found[-1].metric.split(".")[0])

    def _joined(self, times: list[periods.Time], at: int) -> list[periods.Period]:
        """Return the periods of an expression and of those joined to it: 2022年、2023年."""
        joined = []
        while True:
            period = times[at].period
            joined.append(self.own if period is None else period)
            between = self.text[times[at].end : times[at + 1].start] if at + 1 < len(times) else None
            if between is None or between.strip() not in ("、", "和", "与", "及"):
                return joined
            at += 1

    def _periods(self, at: int) -> list[periods.Period]:
        """Return the periods that hold for what stands at a place of the sentence."""
        times = self.source.times_in(self.start, at)
        if not times:
            return self.frame or [self.own]
        last = len(times) - 1
        if last and times[last].until and times[last].period and times[last - 1].period and not times[last - 1].period[1]:
            return [(times[last - 1].period[0], times[last].period[1])]  # 2002年以来，…至2007年底
        while last and self.text[times[last - 1].end : times[last].start].strip() in ("、", "和", "与", "及"):
            last -= 1
        return self._joined(times, last)

    # --- clauses

    def _clause(self, clause: Clause) -> None:
        numbers = self.source.numbers(clause.start, clause.end)
        inside = [number for number in numbers if clause.bracket(number.start)]
        outside = [number for number in numbers if not clause.bracket(number.start)]
        outside = sorted([*outside, *self._placings(clause, outside)], key=lambda number: number.start)
        said = len(self.found)
        streaks = [number for number in outside if number.streak]
        counted = [number for number in outside if not number.streak]
        runs = list(self._runs(counted))
        low = clause.start
        for at, run in enumerate(runs):
            if at and self.text[runs[at - 1][-1].end : run[0].start].strip():
                low = runs[at - 1][-1].end
            following = runs[at + 1][0].start if at + 1 < len(runs) else clause.end
            self._run(clause, run, low, following)
            self._brackets(clause, inside, low, following)
        if not runs:
            self._brackets(clause, inside, clause.start, clause.end)
        for streak in streaks:
            self._streak(clause, streak, self.found[said:])
        if len(self.found) == said:
            self._implied(clause, bool(outside))
        if len(self.found) == said and not inside and not _PART.match(self.text, clause.start):
            if not roles.says_nothing_new(self.text[clause.start : clause.end]):
                self.subjects = []
        self._note_scope(clause)

    def _note_scope(self, clause: Clause) -> None:
        said = [scope for scope in self._scopes_said(clause, clause.end) if scope.carries and self._leads(clause, scope)]
        if said:
            self.scope = self.text[said[-1].start : said[-1].end]

    def _leads(self, clause: Clause, scope: scopes.Scope) -> bool:
        """Tell whether a scope opens its clause, behind no more than a time or another scope: only then it holds on."""
        said = [*self.source.times_in(clause.start, scope.start), *self.source.scopes_in(clause.start, scope.start)]
        ahead = self.text[clause.start : scope.start]
        for other in said:
            ahead = ahead.replace(self.text[other.start : other.end], "")
        return roles.says_nothing_new(ahead)

    def _runs(self, numbers: list[Quantity]) -> Iterator[list[Quantity]]:
        """Yield numbers in runs: 6、19、44微克/立方米 is one, its unit being the last one's."""
        run: list[Quantity] = []
        for number in numbers:
            if run and _JOIN.match(self.text[run[-1].end : number.start]) and self._same_kind(run[-1], number):
                run.append(number)
                continue
            if run:
                yield self._with_unit(run)
            run = [number]
        if run:
            yield self._with_unit(run)

    def _same_kind(self, first: Quantity, second: Quantity) -> bool:
        if first.kind == "rank" or second.kind == "rank":
            return False
        return first.unit == second.unit or (first.kind == "number" and not first.unit_text)

    def _with_unit(self, run: list[Quantity]) -> list[Quantity]:
        last = run[-1]
        if not last.unit_text:
            return run
        named = {"unit_text": last.unit_text, "unit": last.unit, "factor": last.factor, "kind": last.kind}
        return [number if number.unit_text else replace(number, **named) for number in run]

    # --- one run of numbers

    def _run(self, clause: Clause, run: list[Quantity], low: int, following: int) -> None:
        number = run[0]
        left = "".join(self.text[a:b] for a, b in clause.outside(low, number.start))
        right = self.text[run[-1].end : clause.end]
        if number.kind == "rank":
            self._rank(clause, number, low, left)
            return
        if roles.DUE.search(left) or roles.SAME_PERIOD.search(left) or roles.TARGET_BEFORE.search(left) or roles.RATIO_BEFORE.search(left):
            return
        if roles.FROM.search(left) and roles.TO.match(right):
            return
        change = roles.change_before(left, number.start - len(left))
        if change is not None and not roles.LEVEL_VERB.search(left):
            self._change(clause, run, low, left, change)
            return
        self._level(clause, run, low, following, left, right)

    def _level(self, clause: Clause, run: list[Quantity], low: int, following: int, left: str, right: str) -> None:
        number = run[0]
        if _blocked(right) and number.kind == "count":
            return
        named = self._named_level(clause, run, low, following)
        rule = ""
        if not named:
            named, rule = self._inherited(clause, run, low, left), "subject inherited"
        if not named and not self.subjects and roles.says_nothing_new(left):
            named, rule = self._pending(clause, number, right), "subject of the clause before"
        planned = bool(roles.TARGET_AFTER.match(right) or roles.TARGET_NAMED.search(left))
        pairs = self._paired(named, run, left)
        if pairs or not (roles.says_nothing_new(left) or _PART.match(self.text, clause.start)):
            self.subjects = []
        for match, quantity in pairs:
            self._add(clause, match, "level", quantity, low, planned=planned, rule=rule)

    def _paired(self, named: list[Match], run: list[Quantity], left: str) -> list[tuple[Match, Quantity]]:
        """Give each number its metric: one each in order, one value shared by all, or the last number alone."""
        if not named:
            return []
        if len(run) == len(named):
            return list(zip(named, run, strict=True))
        if len(run) == 1:
            return [(match, run[0]) for match in named]
        if len(named) == 1 and run[0].kind == "count":
            return [(named[0], run[0])]
        return []

    def _named_level(self, clause: Clause, run: list[Quantity], low: int, following: int) -> list[Match]:
        number, end = run[0], run[-1].end

        def fits(metric: Metric) -> bool:
            return "level" in metric.stats and converts(number, metric)

        left = clause.outside(low, number.start)
        right = clause.outside(end, clause.end)
        if number.kind == "grade":
            left = clause.outside(clause.start, number.start)
        if measures(number):
            listed = self._listed(left, number, fits)
            if listed:
                return listed
            near = self._best(left, [], number, fits)
            far = self._best(self._since(clause, number, low), [], number, fits, own=low)
            generic = not near or len(near[0].spans) < 2
            best = far if far and generic and (not near or far[0].score > near[0].score) else near
            return best or self._best(left, right, number, fits)
        if _POSTPOSED.match(self.text[end : clause.end]):
            if len(run) > 1 and (listed := self._listed(left, number, fits)):
                return listed
            found = self._best(left, [], number, fits)
            return found or self._best(left, self._predicate(clause), number, fits)
        found = self._best(left, right, number, fits, ahead=(end, following), near=following)
        return found or self._best(left, [], number, fits)

    def _predicate(self, clause: Clause) -> list[tuple[int, int]]:
        """Return the next clause where it says what holds for all that was counted: 保护区7个、…47个，均完成规范化建设."""
        match = _SHARED.match(self.text, clause.end, self.end)
        return [match.span()] if match else []

    def _since(self, clause: Clause, number: Quantity, low: int) -> list[tuple[int, int]]:
        """Return the sentence from the last value of the same unit up to a number: its subject may stand a clause before."""
        bound = [subject.end for subject in self.history if subject.unit == number.unit]
        start = max([self.start, *bound])
        return [(start, clause.start), *clause.outside(clause.start, number.start)] if start < low else []

    def _best(
        self,
        left: list[tuple[int, int]],
        right: list[tuple[int, int]],
        number: Quantity,
        fits: Callable[[Metric], bool],
        ahead: tuple[int, int] | None = None,
        own: int | None = None,
        near: int | None = None,
    ) -> list[Match]:
        """Return the metric that the words name best, as a list of one, or an empty one.

        With `ahead`, a word must open within that span, right after the number: it is the noun that is counted. With
        `own`, the last word must stand after that place: words of an earlier clause alone name nothing.
        """
        if not left and not right:
            return []
        reach = [(self.start, right[-1][1] if right else number.start), *self.reach]
        for match in self.wording.matches(left, right, (number.start, number.end), reach, near=near):
            if not fits(match.metric):
                continue
            if ahead and not any(ahead[0] <= start < ahead[1] for start, _ in match.spans):
                continue
            if own is not None and not any(start >= own for start, _ in match.spans):
                continue
            return [match]
        return []

    def _listed(self, left: list[tuple[int, int]], number: Quantity, fits: Callable[[Metric], bool]) -> list[Match]:
        """Return the metrics that a list of subjects names in order (国考、省考断面优良比例), or nothing where it names one."""
        if not left:
            return []
        low, high = left[0][0], left[-1][1]
        cuts = [low, *(match.end() for match in _ITEMS.finditer(self.text, low, high)), high]
        found: list[Match] = []
        for start, end in zip(cuts, cuts[1:], strict=False):
            found.extend(self._item(left, start, end, number, fits))
        kinds = list(dict.fromkeys(match.metric.id for match in found))
        if len(kinds) < 2:
            return []
        first = {match.metric.id: match for match in reversed(found)}
        return [first[kind] for kind in kinds]

    def _item(
        self, left: list[tuple[int, int]], start: int, end: int, number: Quantity, fits: Callable[[Metric], bool]
    ) -> list[Match]:
        """Return the metric that one item of a list names: by its own words, else by them and the list's common end.

        A word that stands for two (昼夜) names two metrics.
        """
        reach = [(self.start, number.start), *self.reach]
        for stop in (end, left[-1][1]):
            spans = [(max(a, start), min(b, stop)) for a, b in left if b > start and a < stop]
            matches = self.wording.matches(spans, [], (number.start, number.end), reach)
            named = [match for match in matches if match.spans and match.spans[0][0] < end and fits(match.metric)]
            if named:
                pair = [m for m in named if m.score == named[0].score and any(span in self.wording.paired for span in m.spans)]
                return pair or named[:1]
        return []

    def _inherited(self, clause: Clause, run: list[Quantity], low: int, left: str) -> list[Match]:
        """Return the metrics of the value before, where only a further place is named: 凉山州95.8%、资阳市82.4%."""
        said = self.source.scopes_in(low, run[0].start)
        rest = left
        for scope in said:
            rest = rest.replace(self.text[scope.start : scope.end], "")
        if not said or not roles.says_nothing_new(rest) or not self.subjects:
            return []
        fitting = [subject for subject in self.subjects if converts(run[0], subject.metric)]
        return [_again(subject, run[0]) for subject in fitting]

    def _pending(self, clause: Clause, number: Quantity, right: str) -> list[Match]:
        """Return what the clauses before named without giving a value: A率，B率，三者都保持100%; 某市决定最多，为9起."""

        def fits(metric: Metric) -> bool:
            return "level" in metric.stats and converts(number, metric)

        if not measures(number) and not _POSTPOSED.match(right):
            return []
        start = max([self.start, *(other.end for other in self.source.numbers(self.start, clause.start))])
        spans = [(start, clause.start)] if start < clause.start else []
        return (self._listed(spans, number, fits) or self._best(spans, [], number, fits)) if spans else []

    # --- changes, placings, streaks, brackets

    def _change(self, clause: Clause, run: list[Quantity], low: int, left: str, change: roles.Change) -> None:
        number = run[0]

        def fits(metric: Metric) -> bool:
            if "change" not in metric.stats:
                return False
            if number.unit == "%":
                return True
            return metric.unit == "%" if number.unit == "pp" else converts(number, metric)

        ahead = clause.outside(low, change.start)
        named = self._listed(ahead, number, fits) or self._best(ahead, [], number, fits)
        if not named and number.unit in ("pp", ""):
            named = self._best([(self.start, clause.start), *ahead], [], number, fits, own=low)
        rule = ""
        if not named and roles.says_nothing_new(left):
            sign = change.sign or 1
            named, rule = [_again(subject, number) for subject in self._changed(fits, number, sign)], "subject inherited"
        pairs = self._paired(named, run, left)
        if not pairs:
            return
        year = next((period[1].year for period in self._periods(number.start) if period[1]), self.source.report.year)
        self.basis = roles.basis(self.text[clause.start : number.start], year, self.basis)
        for match, quantity in pairs:
            self._add(clause, match, "change", quantity, low, change=change, basis=self.basis, rule=rule)

    def _changed(self, fits: Callable[[Metric], bool], number: Quantity, sign: int) -> list[Subject]:
        """Return what a change without a subject is of: the last value that can have moved so.

        A rate at its ceiling cannot have fallen to it, and a relative change is seldom that of a rate.
        """
        fitting = [subject for subject in self.subjects if fits(subject.metric)]
        if fitting and not (number.unit == "%" and sign < 0 and all(s.metric.unit == "%" and s.value == 100 for s in fitting)):
            return fitting
        earlier = [s for s in self.history if fits(s.metric) and not (s.metric.unit == "%" and s.value == 100)]
        return earlier[-1:] if self.subjects and fitting else []

    def _rank(self, clause: Clause, number: Quantity, low: int, left: str) -> None:
        if left.endswith("倒数") or self.text[max(number.start - 2, 0) : number.start] == "倒数":
            return

        def fits(metric: Metric) -> bool:
            if "rank" not in metric.stats:
                return False
            word = number.number
            return not (word.endswith("最低") and metric.better != "lower") and not (word.endswith("最高") and metric.better == "lower")

        rule = ""
        spans = clause.outside(low, number.start)
        ahead = _AMONG.sub("", self.text[clause.start : number.start])
        together = re.match(r"\s*(两|三|四|五|六)项", ahead)
        left = _AMONG.sub("", left)
        if together and roles.says_nothing_new(ahead):
            count = "一二三四五六".find(together[1]) + 1 or 2
            named, rule = [_again(s, number) for s in self.history[-count:] if fits(s.metric)], "subject inherited"
        elif roles.says_nothing_new(left) and self.subjects:
            named, rule = [_again(s, number) for s in self.subjects if fits(s.metric)], "subject inherited"
        else:
            whole = clause.outside(clause.start, number.start)
            named = self._listed(spans, number, fits) or self._best(spans, [], number, fits)
            if not named and roles.says_nothing_new(left):
                named = self._listed(whole, number, fits) or self._best(whole, [], number, fits)
        said = self.text[self.start : number.end]
        for match in named:
            self._add(clause, match, "rank", number, low, basis=roles.among(said[-40:]) or roles.among(said), rule=rule)

    def _placings(self, clause: Clause, numbers: list[Quantity]) -> list[Quantity]:
        """Return the first places that words state: 全省最优, 全省居首."""
        found = []
        for match in roles.BEST.finditer(self.text, clause.start, clause.end):
            if not any(number.start < match.end() and match.start("place") < number.end for number in numbers):
                found.append(Quantity(match.start(), match.end(), 1.0, None, "", "rank", 1.0, "=", "rank", match[0]))
        return found

    def _streak(self, clause: Clause, number: Quantity, bound: list[Fact]) -> None:
        """连续4年 belongs to what its clause is about: the values bound in it, else the metric that it names."""

        def fits(metric: Metric) -> bool:
            return "streak" in metric.stats

        levels = [fact for fact in bound if fact.stat == "level"]
        subjects = [s for s in self.subjects if any(fact.metric == s.metric.id for fact in levels) and fits(s.metric)]
        named = [_again(subject, number) for subject in subjects]
        if not named:
            spans = clause.outside(clause.start, clause.end)
            named = self._best([span for span in spans if span[0] < number.start], [span for span in spans if span[1] > number.end], number, lambda m: fits(m) and m.unit != "grade")
            if not named and roles.says_nothing_new(self.text[clause.start : number.start]):
                named = [_again(subject, number) for subject in self.subjects if fits(subject.metric)]
            if not named:
                named = self._best([(self.start, clause.end)], [], number, lambda m: fits(m) and "level" not in m.stats)
        for match in named:
            self._add(clause, match, "streak", number, clause.start, keep=True)

    def _brackets(self, clause: Clause, inside: list[Quantity], low: int, high: int) -> None:
        """Read the brackets that stand between two places of a clause."""
        for start, end in clause.brackets:
            if not low <= start < high:
                continue
            aside = Clause(start + 1, end - 1, (), "")
            numbers = [number for number in inside if start < number.start < end and not number.streak and number.kind != "rank"]
            if roles.SAME_PERIOD.search(self.text[clause.start : start] + "("):
                continue
            for at, number in enumerate(numbers):
                alone = not at and roles.says_nothing_new(self.text[start + 1 : number.start])
                self._run(aside, [number], low if alone else numbers[at - 1].end if at else start + 1, end - 1)

    def _implied(self, clause: Clause, numbered: bool) -> None:
        """Read values that words state without a number: 无劣Ⅴ类断面 is 0 of them, 同比持平 a change of 0."""
        steady = roles.STEADY.search(self.text, clause.start, clause.end)
        if steady and self.subjects and roles.says_nothing_new(self.text[clause.start : steady.start()]):
            number = Quantity(steady.start(), steady.end(), 0.0, None, "", "", 1.0, "=", "change", steady[0])
            for subject in self.subjects:
                unit = "pp" if subject.metric.unit == "%" else "%"
                change = roles.Change(1, 0, steady.start())
                self._add(clause, _again(subject, number), "change", replace(number, unit=unit), clause.start, change=change, basis="yoy")
            return
        spans = clause.outside(clause.start, clause.end)
        reach = [(self.start, clause.end), *self.reach]
        matches = self.wording.matches(spans, [], (clause.end, clause.end), reach, implied=True)
        for match in matches[:1]:
            start, end = min(match.spans)[0], max(match.spans)[1]
            number = Quantity(start, end, match.cue.implied, None, "", match.metric.unit, 1.0, "=", "implied", self.text[start:end])
            self._add(clause, match, "level", number, clause.start, rule="implied")

    # --- making the fact

    def _add(
        self,
        clause: Clause,
        match: Match,
        stat: str,
        number: Quantity,
        low: int,
        *,
        planned: bool = False,
        change: roles.Change | None = None,
        basis: str = "",
        rule: str = "",
        keep: bool = False,
    ) -> None:
        metric = match.metric
        value, unit = self._value(metric, stat, number, change)
        scope = self._scope(clause, match, number, low, stat, rule)
        words = [span for span in match.spans if self.start <= span[0] < self.end]
        start = min([number.start, *(span[0] for span in words)])
        start, end = self._quoted(clause, start, max([number.end, *(span[1] for span in words)]), low)
        hoped = roles.PLANNED.search(self.text, clause.start, number.start)
        status = "planned" if planned or self.planned or hoped else "reported"
        cue = " ".join(self.text[a:b] for a, b in sorted(match.spans) if b > a)
        told = "; ".join(part for part in (cue and f"cue {cue}", rule) if part)
        bounds = [(value, number.bound)]
        if number.high is not None and stat == "level":
            bounds = [(value, ">="), (converted(number.high, number, metric), "<=")]
        for period in self._periods(number.start):
            for amount, bound in bounds:
                self.found.append(
                    Fact(
                        metric.id, stat, amount, unit, number.unit_text, bound, *period, scope, basis, status, start, end, told, number.start
                    )
                )
        if stat == "level" and not keep:
            subject = Subject(metric, value, metric.unit, scope, start, number.end)
            self.subjects.append(subject)
            self.history.append(subject)
        elif stat in ("change", "rank") and "inherited" not in rule:
            self.subjects = [Subject(metric, None, metric.unit, scope, start, number.end)]

    def _value(self, metric: Metric, stat: str, number: Quantity, change: roles.Change | None) -> tuple[float | None, str]:
        if stat in ("rank", "streak"):
            return number.value, "rank" if stat == "rank" else "year"
        if change is None:
            return converted(number.value, number, metric), metric.unit
        sign = change.sign or change.better * (-1 if metric.better == "lower" else 1)
        relative = number.unit in ("%", "pp")
        value = number.value if relative else converted(number.value, number, metric)
        return None if value is None else (sign * value if value >= 0 else value) + 0.0, number.unit if relative else metric.unit

    def _quoted(self, clause: Clause, start: int, end: int, low: int) -> tuple[int, int]:
        """Widen a span to its clause: back to the number before it, on to the end where words follow the number."""
        floor = low if start >= low else max(clause.start, self.start) if start >= clause.start else start
        if start < clause.start:
            back = re.search(r"[^，,；;。：:]*$", self.text[self.start : start])
            floor = start - len(back[0]) if back else start
        while floor < start and self.text[floor] in "、，,；;。 \n和及与":
            floor += 1
        return floor, end

    def _scope(self, clause: Clause, match: Match, number: Quantity, low: int, stat: str, rule: str) -> str:
        metric = match.metric
        following = min((other.start for other in self.source.numbers(number.end, clause.end)), default=clause.end)
        if metric.scopes and metric.scopes[0] == "subject":
            first = number.start if stat != "change" else (match.spans[0][0] if match.spans else number.start)
            inherited = next((s.scope for s in reversed(self.history) if s.metric.id == metric.id), "") if "inherited" in rule else ""
            if inherited:
                return inherited
            left = "".join(self.text[a:b] for a, b in clause.outside(low, first))
            named = scopes.subject(re.split(r"[、：:]", left)[-1]) or scopes.water_said(self.text[self.start : number.start])
            if named:
                return named
        else:
            named = self._named_scope(metric.scopes, number, low, following)
            if named:
                return named
        said = self._scopes_said(clause, number.start)
        if said:
            return self.text[said[-1].start : said[-1].end]
        if "inherited" in rule and self.subjects:
            return self.subjects[-1].scope
        return self.scope or (self.framed[0] if self.framed[1] == metric.domain else "")

    def _named_scope(self, wordings: tuple[str, ...], number: Quantity, low: int, following: int) -> str:
        """Return the metric's own wording of scope that stands right after the number, else the last before it."""
        after = self.text[number.end : min(following, number.end + 12)]
        for part in (after, self.text[low : number.start]):
            at, _, words = max(((part.rfind(words), len(words), words) for words in wordings), default=(-1, 0, ""))
            if at >= 0:
                return words
        return ""

    def _scopes_said(self, clause: Clause, end: int) -> list[scopes.Scope]:
        return [scope for scope in self.source.scopes_in(clause.start, end) if not clause.bracket(scope.start)]


def _again(subject: Subject, number: Quantity) -> Match:
    """Return a match that says: the same metric as before."""
    return Match(subject.metric, Cue("", (), (), (), ()), 0.0, 0, 0, ((subject.start, subject.start),))


@cache
def _heads() -> re.Pattern[str]:
    return re.compile("|".join(tables.words("words/uncounted.txt")))


def _blocked(right: str) -> bool:
    """Tell whether what is counted is none of what metrics count: 5个方面, 四部门."""
    return bool(_heads().match(right))
