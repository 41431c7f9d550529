"""Cut a clause into runs: numbers that stand together and are read together.

In: a clause and its quantities. Out: `Run` records in reading order, those of a bracket behind what it stands beside.
6、19、44微克/立方米 is one run, whose unit is its last number's; values that words state alone (持平, 全省最优) are numbers too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecoanalysis.extracting import roles
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import Source

_JOIN = re.compile(r"\s*(?:[、,，]|和|及|与|以及)\s*$")
_JOIN_CLOSELY = re.compile(r"\s*(?:、|和|及|与|以及)\s*$")
# What a bracket holds against its whole is no part of it.
_COMPARES = re.compile("同比|环比|同期|上年|去年|增[长加]|减少|下降|上升")
IN_TURN = re.compile("分别|依次")
_ASIDE = re.compile("^[(（][^()（）]{1,20}[)）]")  # 分别为71（扣沙后62）、31（扣沙后28）
_BOUNDS = ("以上", "以下", "以内", "之内")  # a bound said once, behind the last


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers read together. `low` and `until` bound what stands beside them alone; `outer` is the clause around a bracket."""

    numbers: tuple[Quantity, ...]
    clause: Clause
    low: int
    until: int
    outer: Clause | None = None

    @property
    def start(self) -> int:
        return self.numbers[0].start

    @property
    def end(self) -> int:
        return self.numbers[-1].end


def runs(source: Source, clause: Clause) -> Iterator[Run]:
    """Yield the runs of a clause in reading order."""
    numbers = source.numbers(clause.start, clause.end)
    outside = [number for number in numbers if not clause.bracket(number.start)]
    outside = sorted([*outside, *_worded(source.text, clause, outside)], key=lambda number: number.start)
    led = IN_TURN.search(source.text, clause.start, clause.end)
    joined = list(_joined(source.text, outside, led.end() if led else clause.end))
    brackets = list(clause.brackets)
    for at, run in enumerate(joined):
        while brackets and brackets[0][0] < run[0].start:
            yield from _inside(source, clause, brackets.pop(0))
        until = joined[at + 1][0].start if at + 1 < len(joined) else clause.end
        low = joined[at - 1][-1].end if at else clause.start
        yield Run(tuple(run), clause, low, until)
    for bracket in brackets:
        yield from _inside(source, clause, bracket)
    if placed := source.placings_in(clause.start, clause.end):
        ranks = (Quantity(p.start, p.end, float(p.rank), None, "", "rank", 1.0, "=", "rank", p.way) for p in placed)
        yield Run(tuple(ranks), clause, joined[-1][-1].end if joined else clause.start, clause.end)


def turn(source: Source, run: Run) -> tuple[int, int]:
    """Return which in turn the first number of a run is, of how many that a clause says 分别 or 依次 of: of 分别改善5.1%、3.2%和提高2.1个百分点
    the third of 3. 0 of 0 where nothing is said in turn.
    """
    clause, ranks = run.clause, run.numbers[0].kind == "rank"
    led = IN_TURN.search(source.text, clause.start, run.start)
    if led is None:
        return 0, 0
    said = led.start()
    starts = [n.start for n in source.numbers(said, clause.end) if (n.kind == "rank") == ranks]
    starts += [] if ranks else [match.start() for match in roles.STEADY.finditer(source.text, said, clause.end)]
    starts = [start for start in starts if not clause.bracket(start)]
    return (sorted(starts).index(run.start), len(starts)) if run.start in starts else (0, 0)


def _inside(source: Source, clause: Clause, bracket: tuple[int, int]) -> Iterator[Run]:
    aside = Clause(bracket[0] + 1, bracket[1] - 1, (), "(")
    numbers = _as_the_whole(source, clause, bracket, source.numbers(aside.start, aside.end))
    worded = _worded(source.text, aside, numbers)
    joined = list(_joined(source.text, sorted([*numbers, *worded], key=lambda number: number.start), aside.end))
    for at, run in enumerate(joined):
        low = joined[at - 1][-1].end if at else aside.start
        until = joined[at + 1][0].start if at + 1 < len(joined) else aside.end
        yield Run(tuple(run), aside, low, until, clause)


def _as_the_whole(source: Source, clause: Clause, bracket: tuple[int, int], numbers: list[Quantity]) -> list[Quantity]:
    """Give the parts that a bracket counts without a unit the unit of their whole: 办案57起（查封扣押33、限产停产15）."""
    whole = next((n for n in reversed(source.numbers(clause.start, bracket[0])) if n.end == bracket[0]), None)
    bare = len(numbers) > 1 and all(n.kind == "number" and not n.unit_text for n in numbers)
    if whole is None or whole.kind != "count" or not bare or _COMPARES.search(source.text, *bracket):
        return numbers
    return [
        replace(n, unit_text=whole.unit_text, unit=whole.unit, factor=whole.factor, kind=whole.kind) for n in numbers
    ]


def _worded(text: str, clause: Clause, numbers: list[Quantity]) -> Iterator[Quantity]:
    """Yield first places (全省最优) and changes of nought (持平) that words state."""
    for match in roles.BEST.finditer(text, clause.start, clause.end):
        if not any(number.start < match.end() and match.start("place") < number.end for number in numbers):
            yield Quantity(match.start(), match.end(), 1.0, None, "", "rank", 1.0, "=", "rank", match[0])
    for match in roles.STEADY.finditer(text, clause.start, clause.end):
        if not clause.bracket(match.start()):
            yield Quantity(match.start(), match.end(), 0.0, None, "", "", 1.0, "=", "steady", match[0])


def _joined(text: str, numbers: list[Quantity], led: int) -> Iterator[list[Quantity]]:
    """Join numbers that stand together and are alike; from where words lead to values in turn, alike or not: 分别为301天、82.2%."""
    run: list[Quantity] = []
    for number in numbers:
        between = text[run[-1].end : number.start] if run else ""
        between = _ASIDE.sub("", between) if run and led <= run[-1].start else between
        in_turn = run and led <= run[-1].start and _JOIN_CLOSELY.match(between) and _counts(run[-1]) and _counts(number)
        if run and (in_turn or (_JOIN.match(between) and _alike(run[-1], number))):
            run.append(number)
            continue
        if run:
            yield _with_unit(run)
        run = [number]
    if run:
        yield _with_unit(run)


def _counts(number: Quantity) -> bool:
    """Tell whether a number is a value with its unit, as those of several measures in turn are."""
    return bool(number.unit_text) and not number.streak and number.kind not in ("rank", "steady", "number")


def _alike(first: Quantity, second: Quantity) -> bool:
    if first.streak or second.streak or "rank" in (first.kind, second.kind):
        return False
    if "steady" in (first.kind, second.kind):
        return first.unit in ("%", "pp", "")
    if first.kind == second.kind == "concentration":
        return True
    if {first.unit, second.unit} == {"%", "pp"}:  # PM2.5与优良率分别改善28.0%和9.7个百分点
        return True
    if _begins(first, second):
        return True
    return first.unit == second.unit or (first.kind == "number" and not first.unit_text)


def _begins(first: Quantity, second: Quantity) -> bool:
    """Tell whether a unit is but the beginning of the next number's: 12个和6个工作日."""
    return (
        first.kind == "count" and first.unit_text != second.unit_text and second.unit_text.startswith(first.unit_text)
    )


def _with_unit(run: list[Quantity]) -> list[Quantity]:
    """Give each number without a unit that of the next one which has one, and all the bound of the last: 80%、86%以上."""
    if run[-1].number.endswith(_BOUNDS):
        run = [replace(number, bound=run[-1].bound) if number.bound == "=" else number for number in run]
    filled: list[Quantity] = []
    for number in reversed(run):
        bare = not number.unit_text or (filled and _begins(number, filled[-1]))
        if bare and number.kind != "steady" and filled and filled[-1].kind != "steady":
            near = filled[-1]
            number = replace(number, unit_text=near.unit_text, unit=near.unit, factor=near.factor, kind=near.kind)
        filled.append(number)
    return filled[::-1]
