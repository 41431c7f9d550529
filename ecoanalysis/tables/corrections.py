"""Overrule what was read by data/corrections.csv, which people write by hand (docs/corrections.md says how).

In: the file, and the facts of one report as read. Out: the facts as corrected, with a note of each correction for the
table of problems. A row must hit exactly one fact: what it says was read is held against what was read this time.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.scopes import scope_class
from ecoanalysis.reading.report import Problem, Report
from ecoanalysis.tables import handwritten
from ecoanalysis.tables.schema import TABLES

NEEDED = ("report", "quote", "field", "was", "should_be", "who", "why")
REMOVE = "fact"
FIELDS = (
    "value",
    "unit",
    "unit_text",
    "metric",
    "stat",
    "bound",
    "period_start",
    "period_end",
    "scope",
    "basis",
    "status",
)
_COLUMNS = {column.name: column for column in TABLES["facts"]}
_DAYS = ("period_start", "period_end")


@dataclass(frozen=True, slots=True)
class Correction:
    """One row. `about` holds further cells that say which fact is meant, by column of the table of facts."""

    line: int
    report: str
    quote: str
    field: str
    was: str
    should_be: str
    who: str
    why: str
    about: tuple[tuple[str, str], ...]

    @property
    def where(self) -> str:
        return f"line {self.line} ({self.report})"


def load(path: Path | None = None) -> list[Correction]:
    """Return the corrections of a file, by default the project's; none where there is no file.

    A row that cannot be right raises `RequestError`, which names file and line of each.
    """
    file = path or paths.corrections()
    if not file.is_file():
        return []
    rows = handwritten.read(file, NEEDED, [*NEEDED, *_COLUMNS])
    found = [_correction(line, row) for line, row in rows]
    refuse(file, [f"{one.where}: {fault}" for one in found if (fault := _fault(one))])
    return found


def refuse(file: Path, faults: list[str]) -> None:
    """Raise `RequestError` if there are faults: the run stops, and nothing is written."""
    if faults:
        raise RequestError(
            f"{paths.shown(file)} does not fit; nothing was written\n"
            + "\n".join(sorted(faults, key=lambda fault: int(fault.split()[1])))
        )


def _correction(line: int, row: dict[str, str]) -> Correction:
    about = tuple((name, cell) for name, cell in row.items() if cell and name not in NEEDED)
    row["report"] = unicodedata.normalize("NFC", row["report"])
    return Correction(line=line, about=about, **{name: row[name] for name in NEEDED})


def _fault(one: Correction) -> str:
    if missing := [name for name in ("report", "quote", "field", "who", "why") if not getattr(one, name)]:
        return f"{missing[0]} is empty"
    if one.field == REMOVE:
        return f"should_be must be empty: the field {REMOVE!r} removes the fact" if one.should_be else ""
    if one.field not in FIELDS:
        near = nearest(one.field, [*FIELDS, REMOVE]) or ", ".join([*FIELDS, REMOVE])
        return f"no field {one.field!r} that can be corrected. Nearest: {near}"
    if one.field == "value" and not one.should_be:
        return f"should_be is empty; write {handwritten.WITHHELD}, or remove the fact with the field {REMOVE!r}"
    try:
        for name, cell in ((one.field, one.should_be), *one.about, *([(one.field, one.was)] if one.was else ())):
            _typed(name, cell)
    except ValueError as error:
        return str(error)
    return ""


def _typed(name: str, cell: str) -> object:
    """Return a cell as the column `name` of the facts holds it; ValueError says what is wrong."""
    column = _COLUMNS[name]
    if name in ("value", "start", "end"):
        return handwritten.number(cell)
    if name in _DAYS:
        return handwritten.day(cell)
    if name == "metric" and cell not in catalogue.metrics():
        raise ValueError(f"no metric {cell!r}. Nearest: {nearest(cell, catalogue.metrics()) or 'none'}")
    if column.needed and not cell:
        raise ValueError(f"{name} may not be empty")
    if column.allowed and cell not in column.allowed:
        raise ValueError(f"{name} {cell!r} is not one of {', '.join(filter(None, column.allowed))}")
    return cell


def unknown(corrections: Iterable[Correction], reports: Iterable[str]) -> list[str]:
    """Return a fault for each row whose report is none of `reports`."""
    known = set(reports)
    strange = [one for one in corrections if one.report not in known]
    return [f"{one.where}: there is no such report. Nearest: {nearest(one.report, known) or 'none'}" for one in strange]


def apply(
    facts: pd.DataFrame, corrections: list[Correction], report: Report
) -> tuple[pd.DataFrame, list[Problem], list[str]]:
    """Return the facts of a report as corrected, a note of each correction, and a fault for each row that does not fit."""
    faults, hits = [], []
    for one in (one for one in corrections if one.report == report.report):
        found = _hits(facts, one)
        if len(found) == 1:
            hits.append((int(found.index[0]), one))
        else:
            faults.append(f"{one.where}: {_none(facts, one) if found.empty else _several(found)}")
    faults += _twice(hits)
    if faults:
        return facts, [], faults
    corrected, notes = facts.copy(), []
    for at, one in hits:
        notes.append(_note(facts.loc[at], one))
        corrected.loc[at, "rule"] += f"; corrected by {one.who}: {one.why} ({one.field} was {one.was or 'empty'})"
        if one.field != REMOVE:
            corrected.loc[at, one.field] = _typed(one.field, one.should_be)
    own = (report.district or report.city or report.province,)
    for at, one in hits:
        row = corrected.loc[at]
        faults += [f"{one.where}: {fault}"] if (fault := _inconsistent(row)) else []
        corrected.loc[at, "scope_class"] = scope_class(row["scope"], own, row["metric"])
    removed = [at for at, one in hits if one.field == REMOVE]
    return corrected.drop(index=removed).reset_index(drop=True), notes, faults


def _hits(facts: pd.DataFrame, one: Correction) -> pd.DataFrame:
    """Return the facts that a row can mean: those of its very quote, or where there is none, those whose quote holds it."""
    exact = _as_read(facts[facts["quote"] == one.quote], one)
    return exact if len(exact) else _as_read(facts[facts["quote"].str.contains(one.quote, regex=False)], one)


def _as_read(facts: pd.DataFrame, one: Correction) -> pd.DataFrame:
    said = [*one.about]
    if one.field != REMOVE:
        said.append((one.field, one.was))
    elif one.was:
        said.append(("value", one.was))
    fits = [all(_same(name, row[name], cell) for name, cell in said) for row in facts.to_dict("records")]
    return facts[fits]


def _same(name: str, value: object, cell: str) -> bool:
    if name in ("value", "start", "end"):
        meant = handwritten.number(cell or handwritten.WITHHELD)
        return f"{value:.9g}" == f"{meant:.9g}"
    if name in _DAYS:
        meant = handwritten.day(cell)
        return value == meant or bool(pd.isna(value) and pd.isna(meant))
    return value == cell


def _none(facts: pd.DataFrame, one: Correction) -> str:
    quoted = facts[[one.quote in quote for quote in facts["quote"]]]
    if quoted.empty:
        return f"no fact quotes {one.quote!r}. Nearest: {nearest(one.quote, facts['quote'], 1) or 'none'}"
    return f"no fact of this quote was read like that; it was read as {_listed(quoted)}"


def _several(found: pd.DataFrame) -> str:
    return (
        f"fits {len(found)} facts: {_listed(found)}; say which in further columns, such as metric, stat, scope or start"
    )


def _listed(facts: pd.DataFrame) -> str:
    return "; ".join(_said(row) for _, row in facts.head(6).iterrows())


def _said(fact: pd.Series) -> str:
    value = handwritten.WITHHELD if pd.isna(fact["value"]) else f"{fact['value']:.12g}"
    words = fact["metric"], fact["stat"], fact["bound"], value, fact["unit"], fact["scope"]
    return f"{' '.join(filter(None, words))}, from {fact['start']}"


def _twice(hits: list[tuple[int, Correction]]) -> list[str]:
    """Return a fault for each row that corrects what a row before corrects already."""
    faults = []
    for position, (at, one) in enumerate(hits):
        for before, other in hits[:position]:
            if at == before and (one.field == other.field or REMOVE in (one.field, other.field)):
                faults.append(f"{one.where}: line {other.line} corrects or removes the same already")
    return faults


def _inconsistent(fact: pd.Series) -> str:
    metric, stat = catalogue.metrics()[fact["metric"]], fact["stat"]
    fitting = {"level": [metric.unit], "change": ["%", "pp", metric.unit], "rank": ["rank"], "streak": ["year"]}[stat]
    if fact["unit"] not in fitting:
        return f"a {stat} of {metric.id} is in {' or '.join(fitting)}, not in {fact['unit']}; correct its unit too"
    if fact["period_end"] < fact["period_start"]:
        return "the period would end before it starts"
    return ""


def _note(fact: pd.Series, one: Correction) -> Problem:
    change = "removed" if one.field == REMOVE else f"{one.field} {one.was or 'empty'} became {one.should_be or 'empty'}"
    message = f"{_said(fact)}: {change}, by {one.who}: {one.why}"
    return Problem(one.report, "corrected", "note", message, int(fact["start"]), int(fact["end"]))
