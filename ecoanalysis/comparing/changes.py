"""What changed between two readings of the reports: facts that are new, gone or of another value, and ranks that moved.

In: facts and reports of before and of now. Out: two tables, a row a change, with the facts of both sides and their quotes.
Which report says a thing does not matter, but where its place is not known: a report that is published again under another
name changes nothing.
"""

from typing import Any

import pandas as pd

from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places, with_places
from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.knowledge import catalogue

NEW, GONE, CHANGED = "new", "gone", "changed"
_SAME = ["place", "metric", "stat", "scope", "condition", "basis", "status", "year"]  # what makes it the same statement
_SAYS = ["value", "unit", "bound", "period_start", "period_end", "unsure"]  # what it says
_RANK = ["metric", "year", "place", "rank_before", "rank_now", "before", "now"]


def fact_changes(facts: tuple[pd.DataFrame, pd.DataFrame], reports: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Return the facts that changed from the first of two readings to the second: `change`, and the rows `before` and `now`.

    `change` is new, gone or changed: another value, unit, bound or period, or a reading that came into doubt or out of it.
    A row is a fact with its place as a dictionary, None on the side that has none.
    """
    sides = [with_places(one, told) for one, told in zip(facts, reports, strict=True)]
    before, now = (side.assign(said=_text(side, _SAYS), key=_text(side, _SAME)) for side in sides)
    unlike = _unlike(before, now), _unlike(now, before)
    old, new = (
        dict(zip(zip(*_numbered(side, ["key"]), strict=True), side.to_dict("records"), strict=True)) for side in unlike
    )
    pairs = [(old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys())]
    rows = [(GONE if one is None else NEW if other is None else CHANGED, other, one) for other, one in pairs]
    return pd.DataFrame(rows, columns=["change", "before", "now"], dtype=object)


def _text(facts: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return what stands in some columns as one text a row; whether a reading is in doubt counts, and not why."""
    told = facts[columns].assign(unsure=facts["unsure"] != "") if "unsure" in columns else facts[columns]
    return pd.Series(["\t".join(map(str, row)) for row in told.itertuples(index=False)], facts.index, dtype=object)


def _unlike(facts: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the facts that the others lack; what stands there twice must stand twice among the others too."""
    mine, theirs = (list(zip(*_numbered(side, ["key", "said"]), strict=True)) for side in (facts, others))
    known = set(theirs)
    return facts[[one not in known for one in mine]]


def _numbered(facts: pd.DataFrame, columns: list[str]) -> list[pd.Series]:
    return [*(facts[column] for column in columns), facts.groupby(columns).cumcount()]


def rank_changes(
    facts: tuple[pd.DataFrame, pd.DataFrame],
    reports: tuple[pd.DataFrame, pd.DataFrame],
    changes: pd.DataFrame,
) -> pd.DataFrame:
    """Return the places whose rank in a metric and year is another, best first being 1, by reason of `changes`.

    `before` and `now` are the rows of both panels. A place that has a rank on one side alone is among the changed facts.
    """
    sides = [of_places(one, told) for one, told in zip(facts, reports, strict=True)]
    moved = [row for row in [*changes["before"], *changes["now"]] if row]
    touched = {(row["metric"], row["year"]) for row in moved}
    rows = []
    for metric, year in sorted((metric, year) for metric, year in touched if pd.notna(year)):
        before, now = (_ranks(side, metric, int(year)) for side in sides)
        for place in now.keys() & before.keys():
            if before[place]["rank"] != now[place]["rank"]:
                ranks = before[place]["rank"], now[place]["rank"]
                rows.append((metric, int(year), place, *ranks, before[place], now[place]))
    rows.sort(key=lambda row: (row[0], row[1], row[4], row[2]))
    return pd.DataFrame(rows, columns=_RANK, dtype=object)


def _ranks(known: pd.DataFrame, metric: str, year: int) -> dict[str, dict[str, Any]]:
    """Return the comparable rows of a panel by place, with their `rank`; equal values share the better one."""
    about = catalogue.metrics().get(metric)
    if about is None:
        return {}
    parts = {metric, about.derived.of, about.derived.over} if about.derived else {metric}
    told = known[known["metric"].isin(parts)]
    if not (told["year"] == year).any():
        return {}
    panel = placed_panel(told, metric, year)
    if panel.empty or not ranked(panel):
        return {}
    alike = panel[panel["comparable"]]
    ranks = alike["value"].rank(method="min", ascending=about.better == "lower").astype(int)
    return {row["place"]: row for row in alike.assign(rank=ranks).to_dict("records")}
