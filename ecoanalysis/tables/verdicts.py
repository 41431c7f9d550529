"""Take a review back: what a person wrote into review.xlsx becomes rows of data/corrections.csv.

In: the filled-in file and the tables it was made from. Out: the file of corrections with a row for each verdict, written
whole or not at all. A row whose key or reading was changed is refused, for nobody could say what it is a verdict on.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.tables import corrections, handwritten, review
from ecoanalysis.tables.confirmed import ATTRIBUTES, CONFIRM, Reviewed, cell_of, digest, joined, reading_of, typed
from ecoanalysis.tables.harmless import harmless_table
from ecoanalysis.tables.store import Tables

RIGHT, OTHER, NONE = review.VERDICTS
_WORDS = {"对": RIGHT, "right": RIGHT, "错值": OTHER, "other value": OTHER, "不是": NONE, "not a fact": NONE}
_EMPTY = ("none", "无")
_WITHHELD = ("withheld", "未公开")
_FOREIGN = "{name} is not that of the key {key}; were columns sorted apart or cells edited? Write the review anew"
_COLUMNS = ("key", "verdict", "report", "sentence", "quote", *review.READ, *ATTRIBUTES)
_ROW = (*corrections.NEEDED, *corrections.MORE, *ATTRIBUTES)


def apply(path: Path, tables: Tables) -> dict[str, int]:
    """Add the verdicts of a review to the project's corrections, and return how many there are of each kind.

    A key or a reading that was changed, is missing, unknown or there twice, a verdict that is none and a cell that
    cannot be right raise `RequestError`, which names each row; nothing is then written.
    """
    rows = review.read(path)
    if not rows:
        raise RequestError(f"{paths.shown(path)} holds no row to take back; write it anew with `ecoanalysis review`")
    if missing := [name for name in _COLUMNS if name not in rows[0][1]]:
        raise RequestError(f"{paths.shown(path)} has no column {missing[0]!r}; write it anew with `ecoanalysis review`")
    target = paths.corrections()
    before = {row.key: row for row in corrections.load(target) if isinstance(row, Reviewed)}
    known, made, faults = review.by_key(tables.facts, tables.texts), [], []  # what was reviewed may be certain now
    counts = dict.fromkeys((RIGHT, OTHER, NONE, "taken back before"), 0)
    seen: set[str] = set()
    for at, row in rows:
        try:
            verdict = _verdict(row)
            new = _row(row, verdict, known, before, seen)
        except ValueError as error:
            faults.append(f"row {at}: {error}")
            continue
        if new and new["key"] in before:
            counts["taken back before"] += 1
        elif new:
            made.append(new)
            counts[verdict] += 1
    handwritten.refuse(f"{paths.shown(path)} cannot be taken back; nothing was written", faults)
    if made:
        _append(target, made)
    return counts


def _verdict(row: Mapping[str, str]) -> str:
    said = row["verdict"].lower()
    if said and said not in _WORDS:
        raise ValueError(f"verdict {row['verdict']!r} is none. Nearest: {nearest(said, _WORDS) or ', '.join(_WORDS)}")
    filled = [name for name in ATTRIBUTES if row[name]]
    verdict = _WORDS.get(said, "")
    if filled and verdict != OTHER:
        raise ValueError(f"{filled[0]} is filled in, but the verdict is {said or 'empty'}; write {OTHER!r}")
    if verdict == OTHER and not filled:
        raise ValueError(f"the verdict is {said!r}, but no attribute is filled in that would be right")
    return verdict


def _row(
    row: Mapping[str, str], verdict: str, known: Mapping[str, Any], before: Mapping[str, Reviewed], seen: set[str]
) -> dict[str, str] | None:
    """Return the row of corrections for a verdict, None where there is none; ValueError says what is wrong."""
    key = row["key"]
    if not key:
        raise ValueError("the key is missing; each row needs the one that it was written with")
    if key in seen:
        raise ValueError(f"the key {key} stands in an earlier row already")
    seen.add(key)
    when = _when(row)
    if old := before.get(key):
        _check_unchanged(row, old.report, old.sentence, old.quote)
        return _known(row, verdict, old)
    if key not in known:
        raise ValueError(f"the key {key} is of no reading in these tables; write the review anew")
    fact, sentence = known[key]
    read = reading_of(fact)
    strange = [name for name in ATTRIBUTES if row[f"read_{name}"] != read[name].strip()]
    if strange:
        raise ValueError(_FOREIGN.format(name=f"read_{strange[0]}", key=key))
    _check_unchanged(row, fact["report"], digest(sentence), fact["quote"])
    if not verdict:
        return None
    right = _right(row, fact) if verdict == OTHER else read
    about = {"report": fact["report"], "quote": fact["quote"], "sentence": digest(sentence), "key": key}
    said = {"field": "fact" if verdict == NONE else CONFIRM, "was": joined(read), "should_be": ""}
    by = {"who": row.get("by", ""), "when": when, "why": row.get("why", "")}
    return about | said | by | ({} if verdict == NONE else right)


def _check_unchanged(row: Mapping[str, str], report: str, sentence: str, quote: str) -> None:
    """Refuse a row whose report, sentence or quote was edited: a verdict is one on the text that was asked about."""
    if row["report"] != report:
        raise ValueError(_FOREIGN.format(name="report", key=row["key"]))
    for name, wanted in (("sentence", sentence), ("quote", digest(quote))):
        # What no cell holds was cut when it was written.
        if len(row[name]) < review.CELL and digest(row[name]) != wanted:
            raise ValueError(_FOREIGN.format(name=name, key=row["key"]))


def _when(row: Mapping[str, str]) -> str:
    """Return the day of a verdict as 2025-03-01, empty where it was not told."""
    try:
        return cell_of(handwritten.day(row.get("when", "")))
    except ValueError as error:
        raise ValueError(f"{error} (column when)") from None


def _known(row: Mapping[str, str], verdict: str, before: Reviewed) -> dict[str, str] | None:
    """Let a verdict that was taken back already pass, and refuse one that says otherwise."""
    same = (before.right is None) == (verdict == NONE)
    if before.right is not None and verdict == OTHER:
        filled = {name: _cell(name, row[name]) for name in ATTRIBUTES if row[name]}
        same = same and all(before.right[name] == cell for name, cell in filled.items())
    if verdict == RIGHT:
        same = same and before.right == before.asked
    if verdict and not same:
        raise ValueError(
            f"line {before.line} of data/corrections.csv says otherwise of the key {before.key}; change it there"
        )
    return {"key": before.key} if verdict else None


def _right(row: Mapping[str, str], fact: Mapping[str, Any]) -> dict[str, str]:
    """Return the reading that a person gave, looked over as a hand-written correction is."""
    given = {}
    for name in filter(row.get, ATTRIBUTES):
        try:
            given[name] = _cell(name, row[name])
            corrections.check_cell(name, given[name])
        except ValueError as error:
            raise ValueError(f"{error} (column {name})") from None
    right = reading_of(fact) | given
    fact = dict(fact) | {name: typed(name, cell) for name, cell in right.items()}
    if fault := corrections.inconsistent(pd.Series(fact)):
        raise ValueError(fault)
    metric = catalogue.metrics()[fact["metric"]]
    if fact["stat"] == "level" and not (pd.isna(fact["value"]) or metric.low <= fact["value"] <= metric.high):
        within = f"{metric.low:.12g} to {metric.high:.12g} {metric.unit}"
        raise ValueError(f"value {right['value']} is not within {within}, the range of {metric.id} (column value)")
    return right


def _cell(name: str, cell: str) -> str:
    if cell.lower() in _EMPTY:
        return ""
    withheld = name == "value" and cell in _WITHHELD
    return cell_of(typed(name, handwritten.WITHHELD if withheld else cell))


def _append(file: Path, made: list[dict[str, str]]) -> None:
    """Write the corrections with the new rows, having looked that they can be read again; the old file stays if not."""
    old = [row for _, row in handwritten.read(file, corrections.NEEDED)] if file.is_file() else []
    columns = list(dict.fromkeys([*(old[0] if old else ()), *_ROW]))
    rows = pd.DataFrame([*old, *made], columns=columns).fillna("")
    with paths.replacing(file) as draft:
        harmless_table(rows).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
        corrections.load(draft)
