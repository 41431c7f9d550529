"""Bind the quantities of a report to the metrics that its words name.

In: a Report. Out: ``Fact`` records in reading order, each quoting the text. A sentence is read clause by clause from left
to right; what the clause before was about goes on only where the next one names no subject of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ecoanalysis.extracting import levels, movements, roles
from ecoanalysis.extracting.context import PART, Context
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.said import Said, counterpart
from ecoanalysis.extracting.sentences import Clause, clauses
from ecoanalysis.extracting.source import Fact, Source, Subject, converts
from ecoanalysis.knowledge.catalogue import metrics
from ecoanalysis.reading.report import Report, Sentence

ENDLESS = 1500  # characters
_JOINS = re.compile(r"(?:治理|整治|处理|改造|建设|任务|工程|项目|工作)?(?:和|、|以?及|与)")
_JOIN = re.compile(r"\s*(?:[、,，]|和|及|与|以及)\s*$")


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


class SentenceReader(Said):
    """Reads one sentence, clause by clause and in each number by number, by the part that it plays."""

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
        return not (
            roles.BEST.search(self.text, self.start, self.end) or roles.STEADY.search(self.text, self.start, self.end)
        )

    def _clause(self, clause: Clause) -> None:
        self.namer.until = clause.end
        numbers = self.source.numbers(clause.start, clause.end)
        inside = [number for number in numbers if clause.bracket(number.start)]
        outside = [number for number in numbers if not clause.bracket(number.start)]
        outside = sorted([*outside, *self._placings(clause, outside)], key=lambda number: number.start)
        outside = [number for number in outside if not self._counts_rivals(clause, number, outside)]
        said = len(self.found)
        runs = list(self._runs([number for number in outside if not number.streak]))
        low = floor = clause.start
        for at, run in enumerate(runs):
            if at and self.text[runs[at - 1][-1].end : run[0].start].strip():
                low = floor
            following = runs[at + 1][0].start if at + 1 < len(runs) else clause.end
            before = len(self.found)
            if self._run(clause, run, low, following):
                floor = run[-1].end
                # What was counted and what is counted next may share no words: 77个村庄的污水治理和45个村的环境整治.
                named = max((fact.end for fact in self.found[before:]), default=floor)
                floor = named if named > floor and _JOINS.match(self.text, named) else floor
            self._brackets(clause, inside, low, following)
        if not runs:
            self._brackets(clause, inside, clause.start, clause.end)
        for streak in (number for number in outside if number.streak):
            movements.streak(self, clause, streak, self.found[said:])
        if len(self.found) == said:
            movements.implied(self, clause)
        if len(self.found) == said and not inside and not PART.match(self.text, clause.start):
            if not roles.goes_on(self.text[clause.start : clause.end]):
                self.subjects = []

    def _counts_rivals(self, clause: Clause, number: Quantity, others: list[Quantity]) -> bool:
        """Tell whether a number counts those among whom a place is held: 在168个重点城市中排第9位, 放到168个重点城市里看."""
        if number.kind != "count" or not roles.counts_rivals(self.text, number.start):
            return False
        if any(other.kind == "rank" and other.start > number.start for other in others):
            return True
        return roles.goes_on(self.text[clause.start : clause.end])

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
            movements.rank(self, clause, number, low, left)
            return True
        if roles.quoted(left, right, number.kind, run[-1].bound):
            return False
        change = roles.change_before(left, number.start - len(left), self.text[clause.start : low])
        if change is not None and not roles.LEVEL_VERB.search(left):
            movements.change(self, clause, run, low, left, change)
        else:
            levels.level(self, clause, run, low, following, left, right)
        return True

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
            moved = fact.stat == "change" and (number.unit == "%" or converts(number, metric))
            other = metric if moved else counterpart(metric, number)
            if other is None or number.unit == fact.unit or fact.stat not in ("level", "change"):
                continue
            change = roles.Change(-1 if (fact.value or 0) < 0 else 1, 0, start) if fact.stat == "change" else None
            again = Subject(other, None, fact.scope, fact.start, start).again()
            rule = "the same in another unit"
            self.add(
                clause, again, fact.stat, number, low, change=change, basis=fact.basis, rule=rule, scope=fact.scope
            )
            return True
        return False

    def _ends_at(self, fact: Fact, at: int) -> bool:
        return fact.end <= at and not self.text[fact.end : at].strip()


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


def _alike(first: Quantity, second: Quantity) -> bool:
    if "rank" in (first.kind, second.kind):
        return False
    if first.kind == second.kind == "concentration":
        return True
    return first.unit == second.unit or (first.kind == "number" and not first.unit_text)


def _with_unit(run: list[Quantity]) -> list[Quantity]:
    """Give each number without a unit that of the next one which has one, and all the bound of the last: 80%、86%以上."""
    if run[-1].number.endswith(("以上", "以下")):
        run = [replace(number, bound=run[-1].bound) if number.bound == "=" else number for number in run]
    filled: list[Quantity] = []
    for number in reversed(run):
        if not number.unit_text and filled:
            near = filled[-1]
            number = replace(number, unit_text=near.unit_text, unit=near.unit, factor=near.factor, kind=near.kind)
        filled.append(number)
    return filled[::-1]
