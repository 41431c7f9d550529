"""What is new since an earlier run: the facts and ranks of two runs' tables, as a table for readers.

In: two folders of runs. Out: `Changes`, whose table of facts quotes the sentences of both runs.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis import paths, tables
from ecoanalysis.comparing.changes import CHANGED, GONE, NEW, fact_changes, rank_changes
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import runs
from ecoanalysis.wording.names import joined, label_of, scope_and_period, subject, value_text
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.tables import titled

TABLES = "tables"
_CALLED = {CHANGED: "run.changed", NEW: "run.new", GONE: "run.gone"}  # in the order in which they are shown


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes between two runs: `facts` and `ranks` as `comparing.changes` gives them, and the names of both runs."""

    before: str
    now: str
    facts: pd.DataFrame
    ranks: pd.DataFrame

    def counts(self) -> dict[str, int]:
        """Return how many facts are new, gone and changed, and how many ranks moved."""
        kinds = Counter(self.facts["change"])
        return {**{kind: kinds[kind] for kind in (NEW, GONE, CHANGED)}, "ranks": len(self.ranks)}

    def table(self, language: str = "zh") -> pd.DataFrame:
        """Return the facts that changed for readers, changed ones first: values and sentences of both runs."""
        shown = list(_CALLED)
        order = sorted(range(len(self.facts)), key=lambda at: shown.index(self.facts["change"].iloc[at]))
        rows = [_shown(kind, before, now, language) for kind, before, now in self.facts.iloc[order].to_numpy()]
        names = ("change", "place", "metric", "terms", "before", "now", "quote_before", "quote_now")
        return titled(pd.DataFrame(rows, columns=names), names, language)

    def moves(self, language: str = "zh") -> pd.DataFrame:
        """Return the ranks that moved for readers, with the values of both runs and their sentences."""
        rows = []
        for row in self.ranks.itertuples():
            about = label_of(row.now, language), f"{subject(row.now, language)} {row.year}"
            values = [value_text(side, language) for side in (row.before, row.now)]
            rows.append((*about, row.rank_before, row.rank_now, *values, _quote(row.before), _quote(row.now)))
        names = ("place", "metric", "rank_before", "rank_now", "before", "now", "quote_before", "quote_now")
        return titled(pd.DataFrame(rows, columns=names), names, language)


def _shown(kind: str, before: dict[str, Any] | None, now: dict[str, Any] | None, language: str) -> tuple[str, ...]:
    row = now or before or {}
    about = (say(_CALLED[kind], language), label_of(row, language), _measured(row, language))
    values = (_value(before, language), _value(now, language), _quote(before), _quote(now))
    return (*about, scope_and_period(row, language), *values)


def _measured(row: dict[str, Any], language: str) -> str:
    status = say(f"status.{row['status']}", language) if row["status"] == "planned" else ""
    stat = say(f"stat.{row['stat']}", language) if row["stat"] not in ("level", "change") else ""
    return joined([f"{subject(row, language)} {stat}".strip(), status], language)


def _value(row: dict[str, Any] | None, language: str) -> str:
    if row is None:
        return ""
    return joined([value_text(row, language), say("mark.doubt", language) if row["unsure"] else ""], language)


def _quote(row: dict[str, Any] | None) -> str:
    return f"{row['report']}：{row['quote']}" if row else ""


def between(before: Path, now: Path) -> Changes:
    """Return what changed between the tables that two runs keep."""
    old, new = tables.load(before / TABLES), tables.load(now / TABLES)
    facts, reports = (old.facts, new.facts), (old.reports, new.reports)
    changed = fact_changes(facts, reports)
    return Changes(before.name, now.name, changed, rank_changes(facts, reports, changed))


def of_runs(older: str = "", newer: str = "", figures: str | Path | None = None) -> Changes:
    """Return what changed between two runs by their names, by default the last two whole ones.

    Fewer than two runs, and a name that is no run's, raise `RequestError`.
    """
    folder = Path(figures or paths.figures()).absolute()
    known = [run for run, _ in runs.whole(folder)]
    now = runs.find(folder, newer).resolve() if newer else max(known, default=None)
    earlier = [run for run in known if now and run.name < now.name]
    before = runs.find(folder, older).resolve() if older else max(earlier, default=None)
    if now is None or before is None:
        there = f"{len(known)} whole run{'s' * (len(known) != 1)} in {paths.shown(folder)}"
        raise RequestError(f"{there}, and two are compared; run `ecoanalysis report` first")
    return between(before, now)
