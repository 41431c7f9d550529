"""Hold what was read against what a person read: the gold table of a user's own readings.

In: a CSV file with a row a fact (docs/scoring.md names its columns), and the table of facts. Out: the gold as a table that
`extracting.scoring` takes, what is odd about it, and the facts that it can judge.
"""

from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.tables import handwritten, store
from ecoanalysis.tables.schema import DAYS, FACTS

NEEDED = ("report", "metric", "stat", "value", "unit", "bound", *DAYS, "scope", "basis", "status")
_ALLOWED = {name: FACTS[name].allowed for name in ("stat", "bound", "status")} | {"optional": ("", "yes", "no")}


def read(path: str | Path) -> pd.DataFrame:
    """Return a gold table, with a column `line`; further columns such as `quote` are kept.

    A missing column and cells that cannot be right raise `RequestError`, which names file and line of each.
    """
    file = Path(path)
    rows = handwritten.read(file, NEEDED)
    faults = [f"line {line}: {fault}" for line, row in rows if (fault := _fault(row))]
    handwritten.refuse(f"{paths.shown(file)} is no gold table", faults if rows else ["it holds no row"])
    gold = pd.DataFrame([{**row, "line": line} for line, row in rows])
    gold["value"] = [handwritten.number(cell or handwritten.WITHHELD) for cell in gold["value"]]
    for name in DAYS:
        gold[name] = [handwritten.day(cell) for cell in gold[name]]
    gold["optional"] = gold["optional"].where(gold["optional"] == "yes", "") if "optional" in gold else ""
    return gold


def _fault(row: dict[str, str]) -> str:
    for name in ("report", "metric", "unit"):
        if not row[name]:
            return f"{name} is empty"
    for name, allowed in _ALLOWED.items():
        if name in row and row[name] not in allowed:
            return f"{name} {row[name]!r} is not one of {', '.join(filter(None, allowed))}"
    try:
        handwritten.number(row["value"] or handwritten.WITHHELD)
        handwritten.day(row["period_start"])
        handwritten.day(row["period_end"])
    except ValueError as error:
        return str(error)
    return ""


def facts(path: str | Path | None = None) -> pd.DataFrame:
    """Return the facts to be scored: those of a table as CSV or Parquet, by default those of data/processed."""
    if path is None:
        return store.load().facts
    file = Path(path)
    if file.suffix != ".parquet":
        return read(file)
    table = pd.read_parquet(file)
    if missing := [name for name in NEEDED if name not in table.columns]:
        raise RequestError(f"{paths.shown(file)} has no column {missing[0]!r}; it needs {', '.join(NEEDED)}")
    return table


def unknown_metrics(gold: pd.DataFrame) -> list[str]:
    """Return a fault for each row whose metric the catalogue does not know: its line and the nearest."""
    known = catalogue.metrics()
    return [
        f"line {row.line}: no metric {row.metric!r}. Nearest: {nearest(row.metric, known) or 'none'}"
        for row in gold[~gold["metric"].isin(known)].itertuples()
    ]


def judged(found: pd.DataFrame, gold: pd.DataFrame) -> pd.DataFrame:
    """Return the facts that the gold can judge: those of its reports and of the domains that it speaks of at all."""
    domains = _domain(gold)
    return found[found["report"].isin(gold["report"]) & _domain(found).isin(domains)]


def oddities(gold: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """Return what a person should look at before believing a score, a line each."""
    odd = []
    for name in sorted(set(gold["report"]) - set(found["report"])):
        near = nearest(name, found["report"]) or "none"
        odd.append(f"no fact was read from {name}: all its rows count as missed. Nearest: {near}")
    unjudged = found[found["report"].isin(gold["report"])].drop(index=judged(found, gold).index)
    if len(unjudged):
        domains = ", ".join(sorted(set(_domain(unjudged))))
        odd.append(f"not judged: {len(unjudged)} facts of {domains}, of which the gold has no row")
    return odd + implausible(gold)


def implausible(gold: pd.DataFrame) -> list[str]:
    """Return a line for each level that a person read and that the catalogue calls implausible, with the place of both."""
    known = catalogue.metrics()
    levels = gold[(gold["stat"] == "level") & (gold["optional"] == "") & gold["metric"].isin(known)]
    return [
        f"{known[row.metric].where}: its range excludes {row.value:.12g} {row.unit} of {row.report} (line {row.line})"
        for row in levels.dropna(subset=["value"]).itertuples()
        if not known[row.metric].low <= row.value <= known[row.metric].high
    ]


def _domain(frame: pd.DataFrame) -> pd.Series:
    return frame["metric"].str.partition(".")[0]
