"""Bind the quantities of a report to the metrics that its words name.

In: a Report. Out: ``Fact`` records in reading order, each quoting the text. A sentence is read clause by clause from left
to right; what the clause before was about goes on only where the next one names no subject of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ecoanalysis.extracting import roles
from ecoanalysis.extracting.context import PART, Context
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.naming import Fits, Namer, Spans
from ecoanalysis.extracting.periods import Period, Time
from ecoanalysis.extracting.quantities import Quantity, measures
from ecoanalysis.extracting.scopes import Scope
from ecoanalysis.extracting.sentences import Clause, clauses
from ecoanalysis.extracting.source import Fact, Source, Subject, converted, converts
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import Metric, metrics
from ecoanalysis.reading.report import Report, Sentence

ENDLESS = 1500  # characters
_AND = re.compile("和|及(?!时)|与")
_JOIN = re.compile(r"\s*(?:[、,，]|和|及|与|以及)\s*$")
_POSTPOSED = re.compile(r"\s*(?:$|已|均|都|全部|纳入|得到|[、，,。;；)）”\"和及或且并|]|与|以上|用于|左右)")
_SHARED = re.compile(r"[，,]\s*(?:均|都|全部|悉数|已全部|皆)[^，,；;。：:]*")
_AMONG = re.compile(r"(?<=[列居排])(?:在)?[一-鿿]{2,8}$")
_EACH = re.compile(r"均|都|皆|各为")
_ACTUAL = re.compile(r"^\s*实际(?:完成|达到|值)?(?:为|是)?$")
_REACHED = re.compile(r"(?:已|共|最终)?(?:达到|达|为|升至|降至|升到|降到|提高到|降低到)")
_HOPED = re.compile(r"力争|目标")
_DONE = re.compile(r"目前|已|实际")


def facts(report: Report) -> list[Fact]:
    """Return the facts of a report in reading order."""
    return read(Source(report))


def read(source: Source) -> list[Fact]:
    """Return the facts of a report whose words and numbers were found already."""
    found: list[Fact] = []
    context = Context(source)
    for sentence in (part for whole in source.report.sentences for part in _parts(whole, source.text)):
        if sentence.end <= source.title[1]:
            continue  # a title repeats what the text says, rounded
        context.enter(sentence)
        facts = SentenceReader(source, sentence, context).read()
        context.leave(_domain(facts))
        found.extend(facts)
    return sorted(found, key=lambda fact: (fact.number, fact.start))


class SentenceReader:
    """Reads one sentence; holds what was said so far in it."""

    def __init__(self, source: Source, sentence: Sentence, context: Context) -> None:
        self.source, self.text, self.context = source, source.text, context
        self.start, self.end = sentence.start, sentence.end
        self.planned = sentence.planned or bool(roles.MEANT.search(self.text, self.start, self.end))
        self.namer = Namer(source, sentence.start, context.reach)
        self.subjects: list[Subject] = []
        self.history: list[Subject] = []
        self.basis = ""
        self.hoped = False
        self.found: list[Fact] = []

    def read(self) -> list[Fact]:
        """Return the facts of the sentence."""
        if self._silent() and not self.source.scopes_in(self.start, self.end):
            return []
        for clause in clauses(self.text, self.start, self.end):
            said = len(self.found)
            self._clause(clause)
            self.context.note(clause, _domain(self.found[said:]))
        return self.found

    def _silent(self) -> bool:
        """Tell whether a sentence holds nothing that could be a fact: most of a report's prose."""
        if self.source.numbers(self.start, self.end) or self.source.wording.implies(self.start, self.end):
            return False
        return not roles.BEST.search(self.text, self.start, self.end)

    def _clause(self, clause: Clause) -> None:
        self.namer.until = clause.end
        numbers = self.source.numbers(clause.start, clause.end)
        inside = [number for number in numbers if clause.bracket(number.start)]
        outside = [number for number in numbers if not clause.bracket(number.start)]
        outside = sorted([*outside, *self._placings(clause, outside)], key=lambda number: number.start)
        said = len(self.found)
        runs = list(self._runs([number for number in outside if not number.streak]))
        low = floor = clause.start
        for at, run in enumerate(runs):
            if at and self.text[runs[at - 1][-1].end : run[0].start].strip():
                low = floor
            following = runs[at + 1][0].start if at + 1 < len(runs) else clause.end
            if self._run(clause, run, low, following):
                floor = run[-1].end
            self._brackets(clause, inside, low, following)
        if not runs:
            self._brackets(clause, inside, clause.start, clause.end)
        for streak in (number for number in outside if number.streak):
            self._streak(clause, streak, self.found[said:])
        if len(self.found) == said:
            self._implied(clause)
        if len(self.found) == said and not inside and not PART.match(self.text, clause.start):
            if not roles.says_nothing_new(self.text[clause.start : clause.end]):
                self.subjects = []

    def _placings(self, clause: Clause, numbers: list[Quantity]) -> list[Quantity]:
        """Return the first places that words state: 全省最优, 全省居首."""
        found = []
        for match in roles.BEST.finditer(self.text, clause.start, clause.end):
            if not any(number.start < match.end() and match.start("place") < number.end for number in numbers):
                found.append(Quantity(match.start(), match.end(), 1.0, None, "", "rank", 1.0, "=", "rank", match[0]))
        return found

    def _runs(self, numbers: list[Quantity]) -> Iterator[list[Quantity]]:
        """Yield numbers in runs: 6、19、44微克/立方米 is one, its unit being the last one's."""
        run: list[Quantity] = []
        for number in numbers:
            if run and _JOIN.match(self.text[run[-1].end : number.start]) and _alike(run[-1], number):
                run.append(number)
                continue
            if run:
                yield _with_unit(run)
            run = [number]
        if run:
            yield _with_unit(run)

    def _run(self, clause: Clause, run: list[Quantity], low: int, following: int) -> bool:
        """Read one run of numbers by the part that it plays; False where it is only quoted to compare with (由71.2%升至80%)."""
        number = run[0]
        left = "".join(self.text[a:b] for a, b in clause.outside(low, number.start))
        right = self.text[run[-1].end : clause.end]
        if number.kind == "rank":
            self._rank(clause, number, low, left)
            return True
        if any(
            pattern.search(left)
            for pattern in (roles.DUE, roles.LIMIT, roles.SAME_PERIOD, roles.TARGET_BEFORE, roles.RATIO_BEFORE)
        ):
            return False
        if (roles.FROM.search(left) and roles.TO.match(right)) or roles.OVER.match(right):
            return False
        if number.kind != "grade" and roles.LIMIT_AFTER.match(right):
            return False
        if roles.LEGAL.match(right) and run[-1].bound in (">=", "<="):
            return False
        change = roles.change_before(left, number.start - len(left))
        if change is not None and not roles.LEVEL_VERB.search(left):
            self._change(clause, run, low, left, change)
        else:
            self._level(clause, run, low, following, left, right)
        return True

    # --- levels

    def _level(self, clause: Clause, run: list[Quantity], low: int, following: int, left: str, right: str) -> None:
        if _uncounted().match(right) and run[0].kind == "count":
            return
        named = self._named(clause, run, low, following)
        rule = ""
        if not named:
            named, rule = self._inherited(run, low, left), "subject inherited"
        if not named and not self.subjects and roles.says_nothing_new(left):
            named, rule = self._pending(clause, run[0], right), "subject of the clause before"
        planned = measures(run[0]) and bool(roles.TARGET_AFTER.match(right) or roles.TARGET_NAMED.search(left))
        pairs = _paired(named, run)
        if pairs or not (roles.says_nothing_new(left) or PART.match(self.text, clause.start)):
            self.subjects = []
        if not pairs and len(named) == 1:
            pairs = [(named[0], quantity) for quantity in run] if self._shares(clause, named[0], run, low) else []
        for match, quantity in pairs:
            for period, scope in self._holders(clause, match, run, quantity, low):
                self._add(clause, match, "level", quantity, low, planned=planned, rule=rule, period=period, scope=scope)

    def _named(self, clause: Clause, run: list[Quantity], low: int, following: int) -> list[Match]:
        """Return the metrics that the words beside a run of numbers name."""
        number, end = run[0], run[-1].end

        def fits(metric: Metric) -> bool:
            return "level" in metric.stats and converts(number, metric)

        left, right = clause.outside(low, number.start), clause.outside(end, clause.end)
        if number.kind == "grade":
            left = clause.outside(clause.start, number.start)
        if measures(number):
            if listed := self.namer.listed(left, number, fits):
                return listed
            whole = clause.outside(clause.start, number.start)
            if _EACH.search(self.text, low, number.start) and (listed := self.namer.listed(whole, number, fits)):
                return listed
            near = self.namer.best(left, [], number, fits)
            far = self.namer.best(self._since(clause, number, low), [], number, fits, own=low)
            best = far if far and (not near or _extends(far[0], near[0])) else near
            found = best or self.namer.best(left, right, number, fits)
            return found or self._again_said(clause, left, number, fits, low)
        if _POSTPOSED.match(self.text[end : clause.end]):
            listed = self.namer.listed(left, number, fits) if len(run) > 1 else []
            found = listed or self.namer.best(left, [], number, fits)
            return found or self.namer.best(left, self._predicate(clause), number, fits)
        found = self.namer.best(left, right, number, fits, ahead=(end, following), near=following)
        return found or self.namer.best(left, [], number, fits)

    def _since(self, clause: Clause, number: Quantity, low: int) -> Spans:
        """Return the sentence from the last value of the same unit up to a number: its subject may stand a clause before."""
        start = max([self.start, *(subject.end for subject in self.history if subject.metric.unit == number.unit)])
        return [(start, clause.start), *clause.outside(clause.start, number.start)] if start < low else []

    def _again_said(self, clause: Clause, left: Spans, number: Quantity, fits: Fits, low: int) -> list[Match]:
        """Return a metric that a clause opens and the one before completes: 国考断面优良比例95%，省考97%."""
        spans = [(self.start, clause.start), *left] if clause.start > self.start else left
        found = self.namer.best(spans, [], number, fits, own=low)
        return [match for match in found if match.spans and match.spans[0][0] >= low]

    def _predicate(self, clause: Clause) -> Spans:
        """Return the next clause where it says what holds for all that was counted: 保护区7个、…47个，均完成规范化建设."""
        match = _SHARED.match(self.text, clause.end, self.end)
        return [match.span()] if match else []

    def _shares(self, clause: Clause, match: Match, run: list[Quantity], low: int) -> bool:
        """Tell whether a run of values is of as many times or places: 一季度、二季度浓度分别为41、22微克/立方米."""
        times, names = self.context.listed(clause, match.metric, low, run[0].start)
        return len(run) in (len(times), len(names))

    def _holders(
        self, clause: Clause, match: Match, run: list[Quantity], number: Quantity, low: int
    ) -> list[tuple[Period | None, str | None]]:
        """Return the times and places that a value is for, where a list of them stands before it; else one of neither."""
        times, names = self.context.listed(clause, match.metric, low, run[0].start)
        at = run.index(number)
        if len(run) > 1 and len(times) == len(run):
            return [(times[at], None)]
        if len(run) > 1 and len(names) == len(run):
            return [(None, names[at])]
        if len(run) == 1 and len(names) > 1 and _EACH.search(self.text, low, number.start):
            return [(None, name) for name in names]
        return [(None, None)]

    def _inherited(self, run: list[Quantity], low: int, left: str) -> list[Match]:
        """Return the metrics of the value before, where only a further place or time is named: 凉山州95.8%、资阳市82.4%."""
        if run[0].kind == "grade":
            return [subject.again() for subject in self.history if subject.metric.unit == "grade"][-1:]
        if _REACHED.fullmatch(left.strip()):
            return [subject.again() for subject in self.subjects if converts(run[0], subject.metric)]
        if _ACTUAL.search(left) and self.subjects:
            return [subject.again() for subject in self.subjects if converts(run[0], subject.metric)]
        said: list[Scope | Time] = [*self.source.scopes_in(low, run[0].start)]
        said += self.source.times_in(low, run[0].start)
        for words in said:
            left = left.replace(self.text[words.start : words.end], "")
        if not said or not roles.says_nothing_new(left):
            return []
        return [subject.again() for subject in self.subjects if converts(run[0], subject.metric)]

    def _pending(self, clause: Clause, number: Quantity, right: str) -> list[Match]:
        """Return what the clauses before named without giving a value: A率，B率，三者都保持100%; 某市决定最多，为9起."""

        def fits(metric: Metric) -> bool:
            return "level" in metric.stats and converts(number, metric)

        spans = self._unnumbered(clause)
        if not spans or not (measures(number) or _POSTPOSED.match(right)):
            return []
        return self.namer.listed(spans, number, fits) or self.namer.best(spans, [], number, fits)

    def _unnumbered(self, clause: Clause) -> Spans:
        """Return the words between the last number of the sentence and a clause."""
        start = max([self.start, *(other.end for other in self.source.numbers(self.start, clause.start))])
        return [(start, clause.start)] if start < clause.start else []

    # --- changes, placings, streaks, brackets, what is implied

    def _change(self, clause: Clause, run: list[Quantity], low: int, left: str, change: roles.Change) -> None:
        number = run[0]

        def fits(metric: Metric) -> bool:
            if "change" not in metric.stats or number.unit == "%":
                return "change" in metric.stats
            return metric.unit == "%" if number.unit == "pp" else converts(number, metric)

        ahead = clause.outside(low, change.start)
        named = self.namer.listed(ahead, number, fits) or self.namer.best(ahead, [], number, fits)
        silent = roles.says_nothing_new("".join(self.text[a:b] for a, b in ahead))
        if not named and number.unit == "pp" and not (silent and self.subjects):
            named = self.namer.best([(self.start, clause.start), *ahead], [], number, fits, own=low)
        rule = ""
        if not named and silent and not self.subjects and (spans := self._unnumbered(clause)):
            named = self.namer.best(spans, [], number, fits)
        if not named and silent:
            meant = self.subjects[:1] if "前者" in left else self.subjects[-1:] if "后者" in left else self.subjects
            moved = self._moved([s for s in meant if fits(s.metric)], number, change.sign)
            if moved and len(run) > 1 and len(moved) != len(run):
                moved = [s for s in self.history[-len(run) :] if fits(s.metric)]
            moved = moved or [replace(s, metric=other) for s in meant if (other := _counterpart(s.metric, number))]
            named, rule = [subject.again() for subject in moved], "subject inherited"
        pairs = _paired(named, run)
        if not pairs:
            return
        year = next(
            (period[1].year for period in self.context.periods(number.start) if period[1]), self.source.report.year
        )
        since = max([self.start, *(subject.end for subject in self.history)])
        self.basis = roles.basis(self.text[min(since, clause.start) : number.start], year, self.basis)
        for match, quantity in pairs:
            self._add(clause, match, "change", quantity, low, change=change, basis=self.basis, rule=rule)

    def _moved(self, subjects: list[Subject], number: Quantity, sign: int) -> list[Subject]:
        """Return what a change without a subject is of. A rate that stands at 100 % cannot have fallen: then the value before."""
        if (
            number.unit == "%"
            and sign < 0
            and subjects
            and all(s.metric.unit == "%" and s.value == 100 for s in subjects)
        ):
            return [s for s in self.history if "change" in s.metric.stats and s.value != 100][-1:]
        return subjects

    def _rank(self, clause: Clause, number: Quantity, low: int, left: str) -> None:
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
        ahead = roles.without_among(_AMONG.sub("", self.text[clause.start : number.start]))
        left = roles.without_among(_AMONG.sub("", left))
        together = re.match(r"\s*(两|三|四|五|六)项", ahead)
        rule = "subject inherited"
        if together and roles.says_nothing_new(ahead):
            named = [
                subject.again()
                for subject in self.history[-("一两三四五六".find(together[1]) + 1) :]
                if fits(subject.metric)
            ]
        elif self.subjects and roles.says_nothing_new(left):
            named = [subject.again() for subject in self.subjects if fits(subject.metric)]
        else:
            rule = ""
            spans, whole = clause.outside(low, number.start), clause.outside(clause.start, number.start)
            named = self.namer.listed(spans, number, fits) or self.namer.best(spans, [], number, fits)
            if not named and roles.says_nothing_new(left):
                named = self.namer.listed(whole, number, fits) or self.namer.best(whole, [], number, fits)
        said = self.text[self.start : number.end]
        basis = roles.among(said[-40:]) or roles.among(said)
        for match in named:
            for period, scope in self._holders(clause, match, [number], number, low):
                self._add(clause, match, "rank", number, low, basis=basis, rule=rule, period=period, scope=scope)

    def _streak(self, clause: Clause, number: Quantity, bound: list[Fact]) -> None:
        """连续4年 belongs to what its clause is about: the values bound in it, else the metric that it names."""

        def fits(metric: Metric) -> bool:
            return "streak" in metric.stats

        levels = {fact.metric for fact in bound if fact.stat == "level"}
        named = [subject.again() for subject in self.subjects if subject.metric.id in levels and fits(subject.metric)]
        if not named:
            spans = clause.outside(clause.start, clause.end)
            named = self.namer.best(spans, [], number, lambda metric: fits(metric) and metric.unit != "grade")
        if not named and roles.says_nothing_new(self.text[clause.start : number.start]):
            named = [subject.again() for subject in self.subjects if fits(subject.metric)]
        if not named:
            spans = [(self.start, clause.end)]
            named = self.namer.best(spans, [], number, lambda metric: fits(metric) and "level" not in metric.stats)
        for match in named:
            self._add(
                clause, match, "streak", number, clause.start, rule="" if match.cue.text else "subject of its clause"
            )

    def _brackets(self, clause: Clause, inside: list[Quantity], low: int, high: int) -> None:
        """Read the brackets that open between two places of a clause; one that holds but a number says more of what is before."""
        for start, end in clause.brackets:
            if (
                not low <= start < high
                or roles.LIMIT.search(self.text[clause.start : start])
                or roles.SAME_PERIOD.search(self.text[clause.start : start] + "(")
            ):
                continue
            aside = Clause(start + 1, end - 1, (), "")
            numbers = [
                number
                for number in inside
                if start < number.start < end and not number.streak and number.kind != "rank"
            ]
            for at, number in enumerate(numbers):
                alone = not at and roles.says_nothing_new(self.text[start + 1 : number.start])
                if alone and self._restated(clause, number, start, low):
                    continue
                self._run(aside, [number], low if alone else numbers[at - 1].end if at else start + 1, end - 1)

    def _restated(self, clause: Clause, number: Quantity, start: int, low: int) -> bool:
        """Read a bracket that says what is right before it in another unit: 下降7.1%（2微克/立方米）, 87.4%（320天）."""
        before = [fact for fact in self.found if self._ends_at(fact, start)]
        for fact in before:
            metric = metrics()[fact.metric]
            other = metric if fact.stat == "change" and converts(number, metric) else _counterpart(metric, number)
            if other is None or number.unit == fact.unit or fact.stat not in ("level", "change"):
                continue
            change = roles.Change(-1 if (fact.value or 0) < 0 else 1, 0, start) if fact.stat == "change" else None
            again = Subject(other, None, fact.scope, fact.start, start).again()
            rule = "the same in another unit"
            self._add(
                clause, again, fact.stat, number, low, change=change, basis=fact.basis, rule=rule, scope=fact.scope
            )
            return True
        return False

    def _ends_at(self, fact: Fact, at: int) -> bool:
        return fact.end <= at and not self.text[fact.end : at].strip()

    def _implied(self, clause: Clause) -> None:
        """Read values that words state without a number: 无劣Ⅴ类断面 is 0 of them, 同比持平 a change of 0."""
        steady = roles.STEADY.search(self.text, clause.start, clause.end)
        if steady and self.subjects and roles.says_nothing_new(self.text[clause.start : steady.start()]):
            change = roles.Change(1, 0, steady.start())
            for subject in self.subjects:
                unit = "pp" if subject.metric.unit == "%" else "%"
                number = Quantity(steady.start(), steady.end(), 0.0, None, "", unit, 1.0, "=", "change", steady[0])
                self._add(
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
        for match in self.namer.implied(clause.outside(clause.start, clause.end), clause.end):
            start, end = min(match.spans)[0], max(match.spans)[1]
            number = Quantity(
                start, end, match.cue.implied, None, "", match.metric.unit, 1.0, "=", "implied", self.text[start:end]
            )
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
        period: Period | None = None,
        scope: str | None = None,
    ) -> None:
        metric, inherited = match.metric, rule == "subject inherited"
        value, unit = _value(metric, stat, number, change)
        following = min((other.start for other in self.source.numbers(number.end, clause.end)), default=clause.end)
        anchor = match.spans[0][0] if match.cue.text and match.spans else number.start
        first = anchor if stat == "change" and match.spans and not inherited else number.start
        subject = (
            next((s for s in reversed(self.history) if s.metric is metric), None)
            if inherited and stat != "level"
            else None
        )
        if scope is None:
            scope = self.context.scope_of(clause, metric, number, anchor, first, low, following, subject)
        if stat in ("level", "change") and self.context.foreign(scope):
            return
        start, end = self._quoted(clause, match, number, low)
        hoped = roles.PLANNED.search(self.text, clause.start, number.start)
        self.hoped = (self.hoped or bool(_HOPED.search(self.text, clause.start, number.start))) and not _DONE.search(
            self.text, clause.start, number.start
        )
        intended = planned or self.planned or hoped or self.hoped
        bounds = [(value, number.bound)]
        if number.high is not None and stat == "level":
            bounds = [(value, ">="), (converted(number.high, number, metric), "<=")]
        for during in [period] if period else self.context.periods(number.start):
            status = "planned" if intended or self.context.ahead(during) else "reported"
            for amount, bound in bounds:
                fact = (metric.id, stat, amount, unit, number.unit_text, bound, *during, scope, basis, status)
                self.found.append(Fact(*fact, start, end, self._rule(match, rule), number.start))
        said = Subject(metric, value if stat == "level" else None, scope, start, number.end)
        if stat == "level":
            self.subjects.append(said)
            self.history.append(said)
        elif stat in ("change", "rank") and not inherited:
            self.subjects = [said]

    def _rule(self, match: Match, rule: str) -> str:
        words = " ".join(self.text[a:b] for a, b in sorted(match.spans) if b > a)
        return "; ".join(part for part in (words and f"cue {words}", rule) if part) or "topic said before"

    def _quoted(self, clause: Clause, match: Match, number: Quantity, low: int) -> tuple[int, int]:
        """Return the shortest clause that holds a number and, where they stand in the same sentence, the metric's words."""
        words = [span for span in match.spans if self.start <= span[0] < self.end]
        start = min([number.start, *(span[0] for span in words)])
        end = max([number.end, *(span[1] for span in words)])
        if start >= clause.start:
            floor = low if start >= low else clause.start
        else:
            floor = start
            while floor > self.start and self.text[floor - 1] not in "，,；;。：:":
                floor -= 1
        while floor < start and self.text[floor] in "、，,；;。 \n":
            floor += 1
        if floor < start and floor > clause.start and _AND.match(self.text, floor):
            floor += 1
        if self.text[end : end + 1] == "”" and "“" in self.text[floor:end]:
            end += 1
        return floor, end


def _parts(sentence: Sentence, text: str) -> Iterator[Sentence]:
    """Yield a sentence, in parts cut at commas where it has no end: each costs what its own length does."""
    start = sentence.start
    while sentence.end - start > ENDLESS:
        cut = max(text.rfind(mark, start + ENDLESS // 2, start + ENDLESS) for mark in "，,；;、") + 1
        cut = cut or start + ENDLESS
        yield replace(sentence, start=start, end=cut)
        start = cut
    yield replace(sentence, start=start) if start > sentence.start else sentence


def _domain(facts: list[Fact]) -> str:
    return facts[-1].metric.split(".")[0] if facts else ""


def _extends(far: Match, near: Match) -> bool:
    """Tell whether words said since an earlier clause say more than those of the clause alone, and of the same thing."""
    covered = all(any(low < end and start < high for low, high in far.spans) for start, end in near.spans)
    return covered and far.score > near.score


def _alike(first: Quantity, second: Quantity) -> bool:
    if "rank" in (first.kind, second.kind):
        return False
    if first.kind == second.kind == "concentration":
        return True
    return first.unit == second.unit or (first.kind == "number" and not first.unit_text)


def _with_unit(run: list[Quantity]) -> list[Quantity]:
    """Give each number without a unit that of the next number which has one."""
    filled: list[Quantity] = []
    for number in reversed(run):
        if not number.unit_text and filled:
            near = filled[-1]
            number = replace(number, unit_text=near.unit_text, unit=near.unit, factor=near.factor, kind=near.kind)
        filled.append(number)
    return filled[::-1]


def _counterpart(metric: Metric, number: Quantity) -> Metric | None:
    """Return the metric that says the same in the number's unit (days for a share of days), if the catalogue has one."""
    other = metrics().get(metric.counterpart)
    return other if other is not None and converts(number, other) else None


def _paired(named: list[Match], run: list[Quantity]) -> list[tuple[Match, Quantity]]:
    """Give each number its metric: one each in order, one value shared by all, or several counts of one thing."""
    if len(run) == len(named):
        return list(zip(named, run, strict=True))
    if len(run) == 1:
        return [(match, run[0]) for match in named]
    if len(named) == 1 and run[0].kind == "count":
        return [(named[0], run[0])]
    return []


def _value(metric: Metric, stat: str, number: Quantity, change: roles.Change | None) -> tuple[float | None, str]:
    """Return a fact's value and unit; a change is signed by the way the number itself moved."""
    if stat in ("rank", "streak"):
        return number.value, "rank" if stat == "rank" else "year"
    if change is None:
        return converted(number.value, number, metric), metric.unit
    sign = change.sign or change.better * (-1 if metric.better == "lower" else 1)
    relative = number.unit in ("%", "pp")
    value = number.value if relative else converted(number.value, number, metric)
    signed = None if value is None else (sign * value if value >= 0 else value) + 0.0
    return signed, number.unit if relative else metric.unit


@cache
def _uncounted() -> re.Pattern[str]:
    """The nouns that no metric counts: 5个方面, 四部门."""
    return re.compile("|".join(tables.words("words/uncounted.txt")))
