"""Hold what was read against what a person read: the gold table of a user's own readings.

In: a CSV file with a row a fact (docs/scoring.md names its columns), and the table of facts. Out: the gold as a table that
`extracting.scoring` takes, what is odd about it, the facts that it can judge, and how well they were read in lines of text.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.extracting import measures
from ecoanalysis.extracting.scoring import Score
from ecoanalysis.knowledge import catalogue
from ecoanalysis.tables import handwritten, store
from ecoanalysis.tables.schema import DAYS, FACTS
from ecoanalysis.tables.sure import SURE

NEEDED = ("report", "metric", "stat", "value", "unit", "bound", *DAYS, "scope", "basis", "status")
_NUMBERS = ("report", "text", "value", "unit_text")
_PLACES = ("report", "province", "city", "district", "year")
_ALLOWED = {name: FACTS[name].allowed for name in ("stat", "bound", "status")} | {"optional": ("", "yes", "no")}


def read(path: str | Path) -> pd.DataFrame:
    """Return a gold table, with a column `line`; further columns such as `quote` are kept.

    A missing column and cells that cannot be right raise `RequestError`, which names file and line of each.
    """
    file = Path(path)
    found, faults = [], []
    for line, row in handwritten.read(file, NEEDED):
        try:
            found.append({**row, **_read(row), "line": line})
        except ValueError as error:
            faults.append(f"line {line}: {error}")
    handwritten.refuse(f"{paths.shown(file)} is no gold table", faults if found or faults else ["it holds no row"])
    return pd.DataFrame(found)


def _read(row: dict[str, str]) -> dict[str, object]:
    """Return the cells of a row that are no plain text; ValueError says what is wrong with the row."""
    for name in ("report", "metric", "unit"):
        if not row[name]:
            raise ValueError(f"{name} is empty")
    for name, allowed in _ALLOWED.items():
        if name in row and row[name] not in allowed:
            raise ValueError(f"{name} {row[name]!r} is not one of {', '.join(filter(None, allowed))}")
    value = handwritten.number(row["value"] or handwritten.WITHHELD)
    days = {name: handwritten.day(row[name]) for name in DAYS}
    return {"value": value, **days, "optional": "yes" if row.get("optional") == "yes" else ""}


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


def score(result: Score) -> Iterator[str]:
    """Yield a line for each report, domain and all, and one for each attribute."""
    yield f"{'':<32} {'found':>6} {'missed':>6} {'invented':>8} {'precision':>9} {'recall':>6} {'F1':>6} {'strict F1':>9}"
    for row in result.table().itertuples():
        counts = f"{row.part:<32} {row.found:>6} {row.missed:>6} {row.invented:>8}"
        yield f"{counts} {row.precision:>9.3f} {row.recall:>6.3f} {row.f1:>6.3f} {row.strict_f1:>9.3f}"
    for name, right in result.judged.items():
        yield f"{name:<32} {result.accuracy(name):.3f} right of {len(right)}"


def _share(share: measures.Share, nothing: str) -> str:
    """Return a share in words; of nothing there is none."""
    return str(share) if share.of else nothing


def worth(found: pd.DataFrame, gold: pd.DataFrame, names: measures.Names) -> Iterator[str]:
    """Yield what a chart could show of the facts, and where they have a confidence, whether it holds."""
    result = measures.ranked(found, gold, names)
    yield f"{f'ranked at confidence >= {SURE}':<32} {_share(result.ranked, 'nothing is ranked')}"
    yield f"{'ranked rightly of the rankable':<32} {_share(result.rankable, 'nothing is rankable')}"
    if "confidence" not in found:
        return
    yield f"{f'facts at confidence >= {SURE}':<32} {result.sure}"
    yield from reliability(measures.calibration(measures.confidence(found), measures.right(found, gold)))


def reliability(table: pd.DataFrame) -> Iterator[str]:
    """Yield for each tenth of confidence what was promised and what was found."""
    yield f"{'confidence':<32} {'facts':>6} {'promised':>8} {'found':>6}"
    for row in table.itertuples():
        yield f"{f'{row.tenth:.1f} to {row.tenth + 0.1:.1f}':<32} {row.n:>6} {row.promised:>8.3f} {row.found:>6.3f}"
    yield f"{'expected calibration error':<32} {measures.expected_error(table):.3f}"


def numbers(found: pd.DataFrame, file: Path) -> Iterator[str]:
    """Yield how many of the numbers that a person listed were found with their units."""
    rows = handwritten.read(file, _NUMBERS)
    share, more = measures.numbers(found, pd.DataFrame([row for _, row in rows], columns=list(_NUMBERS)))
    yield f"{'numbers with their units':<32} {share.share:.3f} found of {share.of}, {more} beyond them"


def places(reports: pd.DataFrame, file: Path, errors: bool) -> Iterator[str]:
    """Yield how often place and year of a report are right, and wrong though sure; with `errors` each that is wrong."""
    wanted = pd.DataFrame([row for _, row in handwritten.read(file, _PLACES)], columns=list(_PLACES))
    for name, found in (("place", measures.place(reports, wanted)), ("year", measures.year(reports, wanted))):
        wrong = f"{found.sure_wrong.right} wrong of {found.sure_wrong.of} at confidence >= {SURE}"
        yield f"{f'{name} of the report, if stated':<32} {found.right}; {wrong}"
        for report, meant, read in found.wrong if errors else ():
            yield f"{name}: {report}: meant {meant or 'nothing'}, read {read or 'nothing'}"
