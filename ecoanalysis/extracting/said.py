"""Hold what was said so far in a sentence, and make facts of it.

In: a sentence, then matches of metrics and numbers as its clauses are read. Out: `Fact` records, each with its period,
scope, status and quote; and what the next clause may go on from.
"""

import re

from ecoanalysis.extracting import roles
from ecoanalysis.extracting.context import Context
from ecoanalysis.extracting.cues import SHARED, Match
from ecoanalysis.extracting.naming import Namer, Spans
from ecoanalysis.extracting.periods import Period
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import Fact, Source, Subject, converted, converts
from ecoanalysis.knowledge.catalogue import Metric, metrics
from ecoanalysis.reading.report import Sentence

_AND = re.compile("和|及(?!时)|与")
_HOPED = re.compile(r"力争|目标")
# 年度主要目标为：优良率90%以上; not 完成年度目标任务如下：.
_HEAD = re.compile(r"(?:^|[，,；;。])(?:(?!完成|实现|达)[^，,；;。：:])*目标(?:任务)?(?:为|是|如下|有|包括)[：:]$")
_DONE = re.compile(r"目前|已|实际")


class Said:
    """What was said so far in one sentence: the subjects that may go on, all that were bound, and the facts made."""

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

    def add(
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
        """Make a fact of a metric and a number, for each period that holds, and note it as what may go on."""
        if match.metric.domain in SHARED and roles.others_business(self.text[self.start : number.start]):
            return
        metric, inherited = match.metric, rule in ("subject inherited", "subject of its clause")
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
            if metric.domain == "enforcement":
                scope = self.context.kind_of(scope, clause, metric, number, low, following)
            elif metric.scopes == ("tier",):
                scope = self.context.tier_of(scope, clause, number)
        if not scope and self.found and self.found[-1].metric == metric.counterpart and stat == "level":
            scope = self.found[-1].scope
        if stat in ("level", "change") and self.context.foreign(scope):
            return
        start, end = self._quoted(clause, match, number, low)
        hoped = roles.PLANNED.search(self.text, clause.start, number.start)
        # A target set beside a result (95%，考核目标是90%) is that of its own number alone.
        beside = planned and any(fact.status == "reported" for fact in self.found)
        aimed = not beside and bool(_HOPED.search(self.text, clause.start, number.start))
        aimed = aimed or (clause.mark in ("：", ":") and bool(_HEAD.search(self.text[self.start : clause.start])))
        self.hoped = (self.hoped or aimed) and not _DONE.search(self.text, clause.start, number.start)
        # How many sections are meant is no target, though a share of them is: 力争10个国考断面优良比例达到90%.
        aside = metric.scopes == ("tier",) and following < clause.end
        intended = (planned or self.planned or hoped or self.hoped) and not aside
        bounds = [(value, number.bound)]
        if number.high is not None and stat == "level":
            bounds = [(value, ">="), (converted(number.high, number, metric), "<=")]
        spans = self.context.standing if metric.domain == "inspection" else self.context.periods
        for during in [period] if period else spans(number.start):
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

    def unnumbered(self, clause: Clause) -> Spans:
        """Return the words between the last number of the sentence and a clause."""
        start = max([self.start, *(other.end for other in self.source.numbers(self.start, clause.start))])
        return [(start, clause.start)] if start < clause.start else []


def counterpart(metric: Metric, number: Quantity) -> Metric | None:
    """Return the metric that says the same in the number's unit (days for a share of days), if the catalogue has one."""
    other = metrics().get(metric.counterpart)
    return other if other is not None and converts(number, other) else None


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
