"""Overrule what was read by data/corrections.csv, which people write by hand (docs/corrections.md says how).

In: the file, and the facts of one report as read. Out: the facts as corrected, with a note of each correction for the
table of problems. A row must hit exactly one fact: what it says was read is held against what was read this time. Who
corrects or confirms a fact vouches for all of it: its confidence is 1. Rows that a review wrote are for `confirmed`.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import nearest
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.reading.report import Problem, Report
from ecoanalysis.tables import confirmed, handwritten
from ecoanalysis.tables.confirmed import ATTRIBUTES, CONFIRM, NUMBERS, REMOVE, Reviewed
from ecoanalysis.tables.schema import DAYS, FACTS

NEEDED = ("report", "quote", "field", "was", "should_be", "who", "why")
MORE = ("when", "sentence", "key")  # columns that a review writes
_BARE = (REMOVE, CONFIRM)  # fields that change no attribute


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
    when: str
    about: tuple[tuple[str, str], ...]


def load(path: Path | None = None) -> list[Correction | Reviewed]:
    """Return the corrections of a file, by default the project's; none where there is no file.

    A row that cannot be right raises `RequestError`, which names file and line of each.
    """
    file = path or paths.corrections()
    if not file.is_file():
        return []
    found: list[Correction | Reviewed] = []
    faults = []
    for line, row in handwritten.read(file, NEEDED, [*NEEDED, *MORE, *FACTS]):
        row["report"] = unicodedata.normalize("NFC", row["report"])
        try:
            found.append(_correction(line, row))
        except ValueError as error:
            faults.append(f"line {line} ({row['report']}): {error}")
    refuse(file, faults)
    return found


def refuse(file: Path, faults: list[str]) -> None:
    """Raise `RequestError` if there are faults: the run stops, and nothing is written."""
    in_order = sorted(faults, key=lambda fault: int(fault.split()[1]))
    handwritten.refuse(f"{paths.shown(file)} does not fit; nothing was written", in_order)


def _where(one: Correction | Reviewed) -> str:
    return f"line {one.line} ({one.report})"


def _correction(line: int, row: dict[str, str]) -> Correction | Reviewed:
    """Return what a row says; ValueError says what is wrong with it."""
    if row.get("key"):
        verdict = confirmed.reviewed(line, row)
        _check((verdict.right or {}).items())
        return verdict
    if missing := [name for name in ("report", "quote", "field", "who", "why") if not row[name]]:
        raise ValueError(f"{missing[0]} is empty")
    about = tuple((name, cell) for name, cell in row.items() if cell and name not in (*NEEDED, *MORE))
    one = Correction(line=line, about=about, when=row.get("when", ""), **{name: row[name] for name in NEEDED})
    if one.field not in (*ATTRIBUTES, *_BARE):
        near = nearest(one.field, [*ATTRIBUTES, *_BARE]) or ", ".join([*ATTRIBUTES, *_BARE])
        raise ValueError(f"no field {one.field!r} that can be corrected. Nearest: {near}")
    if one.field in _BARE and one.should_be:
        does = "removes" if one.field == REMOVE else "confirms"
        raise ValueError(f"should_be must be empty: the field {one.field!r} {does} the fact")
    if one.field == "value" and not one.should_be:
        raise ValueError(
            f"should_be is empty; write {handwritten.WITHHELD}, or remove the fact with the field {REMOVE!r}"
        )
    if one.field not in _BARE:
        check_cell(one.field, one.should_be)
    _check(about)
    if one.was:
        check_cell("value" if one.field in _BARE else one.field, one.was)
    return one


def _check(cells: Iterable[tuple[str, str]]) -> None:
    for name, cell in cells:
        check_cell(name, cell)


def check_cell(name: str, cell: str) -> object:
    """Return a cell as the column `name` of the facts holds it; ValueError says what is wrong."""
    column = FACTS[name]
    if name in (*NUMBERS, *DAYS):
        return confirmed.typed(name, cell)
    if name.startswith("about_") and cell and not (name == "about_district" or places.bearers(cell)):
        near = nearest(cell, [place.name for place in places.all_places() if place.level != "county"])
        raise ValueError(f"no city named {cell!r}. Nearest: {near or 'none'}")
    if name == "metric" and cell not in catalogue.metrics():
        raise ValueError(f"no metric {cell!r}. Nearest: {nearest(cell, catalogue.metrics()) or 'none'}")
    if column.needed and not cell:
        raise ValueError(f"{name} may not be empty")
    if cell and column.allowed and cell not in column.allowed:
        raise ValueError(f"{name} {cell!r} is not one of {', '.join(column.allowed)}")
    return cell


def unknown(corrections: Iterable[Correction | Reviewed], reports: Iterable[str]) -> list[str]:
    """Return a fault for each row whose report is none of `reports`."""
    known = set(reports)
    strange = [one for one in corrections if one.report not in known]
    return [
        f"{_where(one)}: there is no such report. Nearest: {nearest(one.report, known) or 'none'}" for one in strange
    ]


def apply(
    facts: pd.DataFrame, corrections: list[Correction | Reviewed], report: Report
) -> tuple[pd.DataFrame, list[Problem], list[str]]:
    """Return the facts of a report as corrected, a note of each correction, and a fault for each row that does not fit."""
    if not corrections:
        return facts, [], []
    faults, hits = [], []
    by_hand = [one for one in corrections if isinstance(one, Correction) and one.report == report.report]
    for one in by_hand:
        found = _hits(facts, one)
        if len(found) == 1:
            hits.append((int(found.index[0]), one))
        else:
            which = "say which in further columns, such as metric, stat, scope or start"
            several = f"fits {len(found)} facts: {_listed(found)}; {which}"
            faults.append(f"{_where(one)}: {_none(facts, one) if found.empty else several}")
    faults += _twice(hits)
    if faults:
        return facts, [], faults
    corrected, notes = facts.copy(), []
    for at, one in hits:
        if one.field != CONFIRM:
            notes.append(_note(facts.loc[at], one))
        if one.field not in _BARE:
            corrected.loc[at, one.field] = check_cell(one.field, one.should_be)
    for at, one in hits:
        confirmed.vouch(corrected, at, _said_by(one), report)
        faults += [f"{_where(one)}: {fault}"] if (fault := inconsistent(corrected.loc[at])) else []
    pinned = [one for one in corrections if isinstance(one, Reviewed)]
    removed = [at for at, one in hits if one.field == REMOVE]
    corrected, further = confirmed.stand(corrected, pinned, report, {at for at, _ in hits}, removed)
    return corrected, [*notes, *further], faults


def _said_by(one: Correction) -> str:
    when = f", {one.when}" if one.when else ""
    if one.field == CONFIRM:
        return f"{confirmed.vouched(one.who, one.when)}: {one.why}"
    return f"corrected by {one.who}{when}: {one.why} ({one.field} was {one.was or 'empty'})"


def _hits(facts: pd.DataFrame, one: Correction) -> pd.DataFrame:
    """Return the facts that a row can mean: those of its very quote, or where there is none, those whose quote holds it."""
    exact = _as_read(facts[facts["quote"] == one.quote], one)
    return exact if len(exact) else _as_read(facts[facts["quote"].str.contains(one.quote, regex=False)], one)


def _as_read(facts: pd.DataFrame, one: Correction) -> pd.DataFrame:
    said = [*one.about]
    if one.field not in _BARE:
        said.append((one.field, one.was))
    elif one.was:
        said.append(("value", one.was))
    fits = [all(_same(name, row[name], cell) for name, cell in said) for row in facts.to_dict("records")]
    return facts[fits]


def _same(name: str, value: object, cell: str) -> bool:
    if name in NUMBERS:
        meant = handwritten.number(cell or handwritten.WITHHELD)
        return f"{value:.9g}" == f"{meant:.9g}"
    if name in DAYS:
        meant = handwritten.day(cell)
        return value == meant or bool(pd.isna(value) and pd.isna(meant))
    return value == cell


def _none(facts: pd.DataFrame, one: Correction) -> str:
    quoted = facts[[one.quote in quote for quote in facts["quote"]]]
    if quoted.empty:
        return f"no fact quotes {one.quote!r}. Nearest: {nearest(one.quote, facts['quote'], 1) or 'none'}"
    return f"no fact of this quote was read like that; it was read as {_listed(quoted)}"


def _listed(facts: pd.DataFrame) -> str:
    return "; ".join(_said(row) for _, row in facts.head(6).iterrows())


def _said(fact: pd.Series) -> str:
    value = confirmed.cell_of(fact["value"])
    words = fact["metric"], fact["stat"], fact["bound"], value, fact["unit"], fact["scope"]
    return f"{' '.join(filter(None, words))}, from {fact['start']}"


def _twice(hits: list[tuple[int, Correction]]) -> list[str]:
    """Return a fault for each row that corrects what a row before corrects already."""
    faults = []
    for position, (at, one) in enumerate(hits):
        for before, other in hits[:position]:
            if at == before and (one.field == other.field or {REMOVE, CONFIRM} & {one.field, other.field}):
                faults.append(f"{_where(one)}: line {other.line} corrects or removes the same already")
    return faults


def inconsistent(fact: pd.Series) -> str:
    """Return what of a corrected fact cannot be, "" where all fits."""
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
