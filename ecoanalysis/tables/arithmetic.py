"""Reckon within what a place says of one scope and period: parts and wholes, shares and their counts.

In: facts. Out: `Problem` records, each of which quotes every figure it is about. Which figures belong together stands in
`knowledge/checks.csv`; only what has the same place, scope, period and condition is held together, and only counts of
the same thing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from operator import attrgetter

import pandas as pd

from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.reading.report import Problem
from ecoanalysis.tables.exact_figures import Operand, checks, many, operands, problem

Check = dict[str, str]
Figures = dict[str, list[Operand]]
_by_value = attrgetter("value")


def arithmetic(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each check of `checks.csv` (at_most, sum, share) that a place's figures do not pass.

    Figures of one report are held together, else those of all the place's reports. A gap beyond what the rounding of the
    written digits explains is a note up to twice that, then a warning; a sum that leaves a rest is a note.
    """
    wanted = checks("at_most", "sum", "share")
    for reports in _alike(facts, wanted):
        verdicts: dict[tuple[str, ...], list[Problem | None]] = {}
        for check in wanted:
            for found in _together(check, reports):
                named = sorted({figure.report for figures in found.values() for figure in figures})
                told = (check["rate"] or check["check"], *named)
                if not any(map(many, found.values())):  # else they are of several things
                    judge = _shares if check["kind"] == "share" else _sums
                    verdicts.setdefault(told, []).extend(judge(check, found))
        for passed in verdicts.values():
            # A completion rate may be of either inspection: it is wrong only if it fits neither.
            if all(passed):
                yield from filter(None, passed[:1])


def _alike(facts: pd.DataFrame, wanted: Iterable[Check]) -> Iterator[dict[str, Figures]]:
    """Yield the figures of each place, scope, period and condition, by report and metric."""
    names = {name for check in wanted for name in _names(check)}
    wholes = {name for check in wanted for name in _wholes(check)}
    alike: dict[tuple, dict[str, Figures]] = {}
    for figure in operands(facts[facts["metric"].isin(names)], "level", names - wholes):
        dated = pd.notna(figure.period_start) and pd.notna(figure.period_end)
        reported_by = "" if dated else figure.report
        key = (figure.place, reported_by, figure.scope, figure.condition, figure.period_start, figure.period_end)
        metrics = alike.setdefault(key, {}).setdefault(figure.report, {})
        metrics.setdefault(figure.metric, []).append(figure)
    for reports in alike.values():
        for metrics in reports.values():
            for name, figures in metrics.items():  # those after 其中 are parts of the others, where there are others
                metrics[name] = [figure for figure in figures if not figure.quote.startswith("其中")] or figures
        yield reports


def _names(check: Check) -> list[str]:
    return [*check["parts"].split(";"), *_wholes(check), *filter(None, [check["rate"]])]


def _wholes(check: Check) -> list[str]:
    """Return the metrics that make the whole: none where it is a number or the days of the period."""
    return [name for name in check["whole"].split(";") if "." in name]


def _together(check: Check, reports: dict[str, Figures]) -> Iterator[Figures]:
    """Yield what each report says that says all that the check needs; failing any such, what all say together."""
    complete = [figures for figures in reports.values() if _complete(check, figures)]
    if not complete and not check["near"] and len(reports) > 1:
        pooled: Figures = {}
        for figures in reports.values():
            for name, values in figures.items():
                pooled.setdefault(name, []).extend(values)
        complete = [pooled] if _complete(check, pooled) else []
    for figures in complete:
        yield {name: figures[name] for name in _names(check) if name in figures}


def _complete(check: Check, figures: Figures) -> bool:
    needed = [*check["parts"].split(";"), *filter(None, [check["rate"]])]
    return all(name in figures for name in needed) and (
        not _wholes(check) or any(name in figures for name in _wholes(check))
    )


def _sums(check: Check, found: Figures) -> list[Problem | None]:
    """Hold the smallest parts against the largest whole: what several values leave open is no fault.

    The problem is None where all is well, and there is none where the figures do not belong together.
    """
    names = check["parts"].split(";")
    first = min(found[names[0]], key=_by_value)
    parts = [first, *(min(_near(check, found[name], first), key=_by_value, default=first) for name in names[1:])]
    near = [_near(check, found.get(name, []), first) for name in _wholes(check)]
    wholes = [max(values, key=_by_value) for values in near if values]
    figures = [*parts, *wholes]
    if len(set(parts)) < len(names) or len({figure.counts for figure in figures}) > 1:
        return []
    whole = sum(figure.value for figure in wholes) if wholes else _fixed(check, first)
    if not wholes and not whole:
        return []
    total, rounding = sum(part.value for part in parts), sum(figure.half for figure in figures)
    added = " + ".join(f"{part.value:.12g}" for part in parts) + (f" = {total:.12g}" if len(parts) > 1 else "")
    over = total - whole
    if over > rounding:
        severity = "warning" if over > 2 * rounding else "note"
        return [problem(check, "parts_exceed", severity, figures, f"{added}, above {whole:.12g}", first)]
    short = check["kind"] == "sum" and -over > rounding
    return [problem(check, "parts_short", "note", figures, f"{added}, not {whole:.12g}", first) if short else None]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a rate fits counts: `misfit` 1 is the most that rounding explains. `excused`: days without data may be why."""

    misfit: float
    excused: bool
    figures: tuple[Operand, ...]
    reckoned: str


def _shares(check: Check, found: Figures) -> list[Problem | None]:
    """Hold a rate against the counts that it may be made of; it is well if any of them fit."""
    fits = []
    for rate in _distinct(found[check["rate"]]):
        parts = _distinct(_near(check, found[check["parts"]], rate))
        wholes: list[Operand | None] = []
        for name in _wholes(check):
            wholes += _distinct(_near(check, found.get(name, []), rate))
        fits += [fit for pair in product(parts, wholes or [None]) if (fit := _fit(check, rate, *pair))]
    if not fits:
        return []
    best = min(fits, key=lambda fit: fit.misfit)
    if best.misfit <= 1 + 1e-9:
        return [None]
    severity = "warning" if best.misfit > 2 and not best.excused else "note"
    return [problem(check, "share_differs", severity, best.figures, best.reckoned, best.figures[0])]


def _fit(check: Check, rate: Operand, part: Operand, whole: Operand | None) -> _Fit | None:
    size = whole.value if whole else _fixed(check, part)
    if not size or (whole and whole.counts != part.counts):
        return None
    share = 100 * part.value / size
    rounding = rate.half + (100 * part.half + share * (whole.half if whole else 0.0)) / size
    excused = bool(check["slack"]) and share < rate.value <= share / float(check["slack"])
    figures = (part, rate, whole) if whole else (part, rate)
    reckoned = f"{part.value:.12g} of {size:.12g} is {share:.4g} %, not {rate.value:.12g} %"
    return _Fit(abs(rate.value - share) / rounding, excused, figures, reckoned)


def _fixed(check: Check, figure: Operand) -> float:
    """Return a whole that is no metric: a number, or the days of the period; 0 where it is a metric or open."""
    if check["whole"] == "days":
        days = figure.period_end - figure.period_start
        return 0.0 if pd.isna(days) else days.days + 1.0
    return 0.0 if _wholes(check) else float(check["whole"])


def _near(check: Check, figures: Iterable[Operand], to: Operand) -> list[Operand]:
    """Return the figures that start as near in the same report as the check asks; all where it does not ask."""
    if not check["near"]:
        return list(figures)
    most = int(check["near"])
    return [figure for figure in figures if figure.report == to.report and abs(figure.start - to.start) <= most]


def _distinct(figures: Iterable[Operand]) -> list[Operand]:
    return list({(figure.value, figure.counts): figure for figure in figures}.values())


def parts_of_years(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem where a count or a sum of money of a part of a year is above that of the full year.

    Both are of one place, metric, scope, condition and counted unit. Of several values the smallest of the part is held
    against the largest of the year; a gap is a warning where it is above twice what rounding explains, below it a note.
    """
    (check,) = checks("within")
    wanted = {name for name in facts["metric"].unique() if _adds_up(name, check["parts"].split(";"))}
    alike: dict[tuple, dict[tuple, list[Operand]]] = {}
    for figure in operands(facts[facts["metric"].isin(wanted)], "level"):
        start, end = figure.period_start, figure.period_end
        if pd.isna(start) or pd.isna(end) or start.year != end.year:
            continue
        key = (figure.place, figure.metric, figure.scope, figure.condition, figure.counts, start.year)
        alike.setdefault(key, {}).setdefault((start, end), []).append(figure)
    for (*_, year), periods in alike.items():
        yield from _held(check, periods, (pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)))


def _adds_up(metric: str, listed: list[str]) -> bool:
    known = catalogue.metrics()[metric]
    counted = known.unit in ("CNY", "day") or not known.unit.isascii() or scale_of(known.unit).counted
    # A sum per penalty is a mean.
    return counted and (metric in listed or known.domain in listed) and "_per_" not in metric


def _held(check: dict[str, str], periods: dict[tuple, list[Operand]], year: tuple) -> Iterator[Problem]:
    whole = periods.get(year, [])
    if not whole or many(whole):
        return
    most = max(whole, key=_by_value)
    for period, figures in periods.items():
        if period == year or many(figures):
            continue
        least = min(figures, key=_by_value)
        rounding, over = least.half + most.half, least.value - most.value
        if over > rounding:
            severity, above = (
                "warning" if over > 2 * rounding else "note",
                f"{least.value:.12g}, above {most.value:.12g}",
            )
            yield problem(check, "part_above_year", severity, [least, most], above, least)
