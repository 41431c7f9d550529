"""Read numbers that state a value: which metrics the words beside them name, or go on from before.

In: a run of numbers in its clause. Out: facts, added to what was said.
"""

import re
from dataclasses import replace
from functools import cache

from ecoanalysis.extracting import roles
from ecoanalysis.extracting.context import PART
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.naming import Fits, Spans
from ecoanalysis.extracting.periods import Period, Time
from ecoanalysis.extracting.quantities import Quantity, measures
from ecoanalysis.extracting.said import Said
from ecoanalysis.extracting.scopes import Scope
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import converts
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import Metric, metrics

_POSTPOSED = re.compile(r"\s*(?:$|已|均|都|全部|纳入|得到|[、，,。;；)）”\"和及或且并|]|与|以上|用于|左右)")
_SHARED = re.compile(r"[，,]\s*[^，,；;。：:\d]{0,6}(?:均(?!值)|都|全部|悉数|已全部|皆)[^，,；;。：:]*")
_TOGETHER = re.compile("统计|共计|合计|总计|累计|共")
_RATE = re.compile(r"[一-鿿]{2}(?:率|比例|比重|占比)")
_MOVING = re.compile(r"(?:减少|增加|降低|提高|提升|压减)了?(?:全[市省区县])?$")
_EACH = re.compile(r"均|都|皆|各为")
_EACH_OF = re.compile(r"均(?!值)|都|皆|各为|分别|依次|双双|连续")
_ACTUAL = re.compile(r"^\s*实际(?:完成|达到|值)?(?:为|是)?$")
_REACHED = re.compile(r"(?:已|共|最终)?(?:达到|达|为|升至|降至|升到|降到|提高到|降低到)")


def level(said: Said, clause: Clause, run: list[Quantity], low: int, following: int, left: str, right: str) -> None:
    if _uncounted().match(right) and run[0].kind == "count":
        return
    named = _named(said, clause, run, low, following)
    rule = ""
    if not named:
        named, rule = _inherited(said, run, low, left), "subject inherited"
    if not named and not said.subjects and roles.says_nothing_new(_TOGETHER.sub("", _bare(said, run, low, left))):
        named, rule = _pending(said, clause, run[0], right), "subject of the clause before"
    named = joined(said, clause, named, run, low)
    planned = measures(run[0]) and bool(roles.TARGET_AFTER.match(right) or roles.TARGET_NAMED.search(left))
    pairs = paired(named, run)
    if pairs or not (roles.says_nothing_new(left) or PART.match(said.text, clause.start)):
        said.subjects = []
    if not pairs and len(named) == 1:
        pairs = [(named[0], quantity) for quantity in run] if _shares(said, clause, named[0], run, low) else []
    pairs = [(match, quantity) for match, quantity in pairs if not _moved(said, match)]
    for match, quantity in pairs:
        for period, scope in holders(said, clause, match, run, quantity, low):
            said.add(clause, match, "level", quantity, low, planned=planned, rule=rule, period=period, scope=scope)


def joined(said: Said, clause: Clause, named: list[Match], run: list[Quantity], low: int) -> list[Match]:
    """Return what one value of two groups of sections together is of, else what was named: 23个国、省考断面优良率95.7%.

    Said of each (均), or as lasting (连续4年), it is a value of each of them.
    """
    parts = {metric for match in named for metric in (_joint().get(match.metric.id),) if metric}
    if len(run) > 1 or len(parts) != 1 or any(match.metric.id not in _joint() for match in named):
        return named
    group = said.context.sections(clause, run[0], min(named[0].spans)[0] if named[0].cue.text else run[0].start, low)
    if group is None or not group.joint or _EACH_OF.search(said.text, group.end, run[0].start):
        return named
    return [replace(named[0], metric=metrics()[parts.pop()])]


@cache
def _joint() -> dict[str, str]:
    rows = tables.rows("words/joint.csv")
    return {row[part]: row["joint"] for row in rows for part in ("first", "second")}


def _moved(said: Said, match: Match) -> bool:
    """Tell whether a verb before the metric makes its number a movement, of which no base is stated: 减少重污染天数23天."""
    if match.metric.unit not in ("day", "%", "ug/m3") or not match.cue.text or not match.spans:
        return False
    start = min(match.spans)[0]
    return bool(_MOVING.search(said.text, max(said.start, start - 6), start))


def _named(said: Said, clause: Clause, run: list[Quantity], low: int, following: int) -> list[Match]:
    """Return the metrics that the words beside a run of numbers name."""
    number, end = run[0], run[-1].end

    def fits(metric: Metric) -> bool:
        return "level" in metric.stats and converts(number, metric)

    left, right = clause.outside(low, number.start), clause.outside(end, clause.end)
    if number.kind == "grade":
        left = clause.outside(clause.start, number.start)
    if measures(number):
        if listed := said.namer.listed(left, number, fits):
            return listed
        whole = clause.outside(clause.start, number.start)
        if _EACH.search(said.text, low, number.start) and (listed := said.namer.listed(whole, number, fits)):
            return listed
        near = said.namer.best(left, [], number, fits)
        far = said.namer.best(_since(said, clause, number, low), [], number, fits, own=low)
        far = [match for match in far if not _other_rate(said, match, left)]
        best = far if far and (not near or _extends(far[0], near[0])) else near
        found = best or said.namer.best(left, right, number, fits)
        return found or _again_said(said, clause, left, number, fits, low)
    if _POSTPOSED.match(said.text[end : clause.end]):
        listed = said.namer.listed(left, number, fits) if len(run) > 1 else []
        found = listed or said.namer.best(left, [], number, fits)
        return found or said.namer.best(left, _predicate(said, clause), number, fits)
    found = said.namer.best(left, right, number, fits, ahead=(end, following), near=following)
    found = found or said.namer.best(left, [], number, fits)
    predicate = _predicate(said, clause) if not found else []
    if not predicate:
        return found
    right = [*clause.outside(end, following), *predicate]
    return said.namer.best(left, right, number, fits, ahead=(end, following))


def _since(said: Said, clause: Clause, number: Quantity, low: int) -> Spans:
    """Return the sentence from the last value of the same unit up to a number: its subject may stand a clause before."""
    start = max([said.start, *(subject.end for subject in said.history if subject.metric.unit == number.unit)])
    return [(start, clause.start), *clause.outside(clause.start, number.start)] if start < low else []


def _again_said(said: Said, clause: Clause, left: Spans, number: Quantity, fits: Fits, low: int) -> list[Match]:
    """Return a metric that a clause opens and the one before completes: 国考断面优良比例95%，省考97%."""
    spans = [(said.start, clause.start), *left] if clause.start > said.start else left
    found = said.namer.best(spans, [], number, fits, own=low)
    found = [match for match in found if match.spans and match.spans[0][0] >= low]
    return [match for match in found if not _other_rate(said, match, left)]


def _predicate(said: Said, clause: Clause) -> Spans:
    """Return the next clause where it says what holds for all that was counted: 保护区7个、…47个，均完成规范化建设."""
    match = _SHARED.match(said.text, clause.end, said.end)
    return [match.span()] if match else []


def _shares(said: Said, clause: Clause, match: Match, run: list[Quantity], low: int) -> bool:
    """Tell whether a run of values is of as many times or places: 一季度、二季度浓度分别为41、22微克/立方米."""
    times, names = said.context.listed(clause, match.metric, low, run[0].start)
    return len(run) in (len(times), len(names))


def holders(
    said: Said, clause: Clause, match: Match, run: list[Quantity], number: Quantity, low: int
) -> list[tuple[Period | None, str | None]]:
    """Return the times and places that a value is for, where a list of them stands before it; else one of neither."""
    times, names = said.context.listed(clause, match.metric, low, run[0].start)
    at = run.index(number)
    if len(run) > 1 and len(times) == len(run):
        return [(times[at], None)]
    if len(run) > 1 and len(names) == len(run):
        return [(None, names[at])]
    if len(run) == 1 and len(names) > 1 and _EACH.search(said.text, low, number.start):
        return [(None, name) for name in names]
    return [(None, None)]


def _inherited(said: Said, run: list[Quantity], low: int, left: str) -> list[Match]:
    """Return the metrics of the value before, where only a further place or time is named: 凉山州95.8%、资阳市82.4%."""
    if run[0].kind == "grade":
        return [subject.again() for subject in said.history if subject.metric.unit == "grade"][-1:]
    if _REACHED.fullmatch(left.strip()):
        return [subject.again() for subject in said.subjects if converts(run[0], subject.metric)]
    if _ACTUAL.search(left) and said.subjects:
        return [subject.again() for subject in said.subjects if converts(run[0], subject.metric)]
    bare = _bare(said, run, low, left)
    if said.subjects and roles.TARGET_NAMED.search(left) and measures(run[0]):
        return [subject.again() for subject in said.subjects if converts(run[0], subject.metric)]
    if bare == left or not roles.says_nothing_new(bare):
        return []
    return [subject.again() for subject in said.subjects if converts(run[0], subject.metric)]


def _bare(said: Said, run: list[Quantity], low: int, left: str) -> str:
    """Return the text before a number without the places and times in it."""
    held: list[Scope | Time] = [*said.source.scopes_in(low, run[0].start)]
    held += said.source.times_in(low, run[0].start)
    for words in held:
        left = left.replace(said.text[words.start : words.end], "")
    return left


def _pending(said: Said, clause: Clause, number: Quantity, right: str) -> list[Match]:
    """Return what the clauses before named without giving a value: A率，B率，三者都保持100%; 某市决定最多，为9起."""

    def fits(metric: Metric) -> bool:
        return "level" in metric.stats and converts(number, metric)

    spans = said.unnumbered(clause)
    if not spans or not (measures(number) or _POSTPOSED.match(right)):
        return []
    return said.namer.listed(spans, number, fits) or said.namer.best(spans, [], number, fits)


def _other_rate(said: Said, match: Match, own: Spans) -> bool:
    """Tell whether a clause names a rate of its own beside a match's words: 污水治理率提高，厕所普及率达85%."""
    text = "".join(
        character
        for start, end in own
        for at, character in enumerate(said.text[start:end], start)
        if not any(low <= at < high for low, high in match.spans)
    )
    return bool(_RATE.search(text))


def _extends(far: Match, near: Match) -> bool:
    """Tell whether words said since an earlier clause say more than those of the clause alone, and of the same thing."""
    covered = all(any(low < end and start < high for low, high in far.spans) for start, end in near.spans)
    return covered and far.score > near.score


def paired(named: list[Match], run: list[Quantity]) -> list[tuple[Match, Quantity]]:
    """Give each number its metric: one each in order, one value shared by all, or several counts of one thing."""
    if len(run) == len(named):
        return list(zip(named, run, strict=True))
    if len(run) == 1:
        return [(match, run[0]) for match in named]
    if len(named) == 1 and run[0].kind == "count":
        return [(named[0], run[0])]
    return []


@cache
def _uncounted() -> re.Pattern[str]:
    """The nouns that no metric counts: 5个方面, 四部门."""
    return re.compile("|".join(tables.words("words/uncounted.txt")))
