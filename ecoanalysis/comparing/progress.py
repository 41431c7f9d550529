"""Tasks from inspections: how many are done of those assigned, by city and round, as of the day that the report says.

In: facts. Out: a row for every place and round with its numbers and the share done. Nobody is ranked: rounds differ in their
tasks, and reports in their day.
"""

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row, grouped
from ecoanalysis.comparing.groups import class_of
from ecoanalysis.comparing.places import by_code, called, of_places
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.tables.sure import SURE

FAMILIES = ("central", "provincial")
PARTS = {"": "assigned", "_done": "done", "_ongoing": "ongoing"}
COLUMNS = [
    *("city", "family", "round", "assigned", "done", "ongoing", "share", "formula", "as_of", "why"),
    *("reason", "period_start", "period_end", "scope", "scope_class", "report", "start", "end", "quote"),
    *("place", "place_kind", "publisher", "sample", "unsure", "sure", "year", "marks"),
]


def progress(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return one row per place and round with tasks `assigned`, `done`, `ongoing` and the `share` done in per cent.

    Numbers of a row are of one scope and one day; of several days of the year the last counts. The share is derived from
    exact numbers only; without it `reason` is unsure (read with a confidence below `sure`), withheld, no_assigned, no_done, bound, conflict (two values of one day) or
    more_done (more done than assigned). `marks` holds the fact behind each number; `report`, `start`, `end`, `quote`
    are those of the first. A year without facts gives an empty table.
    """
    known = of_places(facts, reports, sure)
    wanted = {f"inspection.{family}_tasks{part}": (family, name) for family in FAMILIES for part, name in PARTS.items()}
    known = known[(known["year"] == year) & known["metric"].isin(wanted) & (known["stat"] == "level")]
    found: dict[tuple[str, str, str], list[Row]] = {}
    for fact in known[known["status"] == "reported"].sort_values(["report", "start"]).to_dict("records"):
        family, part = wanted[fact["metric"]]
        scope = "" if class_of(fact) == WHOLE else fact["scope"]
        found.setdefault((family, fact["place"], scope), []).append(fact | {"part": part})
    rows = [_row(family, _latest(facts), year) for (family, _, _), facts in found.items()]
    rows.sort(key=lambda row: (FAMILIES.index(row["family"]), *by_code(row), row["scope"]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _latest(facts: list[Row]) -> list[Row]:
    """Return the facts of the last day; of those with one last day the most that are of one period."""

    def last(own: list[Row]) -> tuple:
        start, end = own[0]["period_start"], own[0]["period_end"]
        return pd.notna(end), end if pd.notna(end) else pd.Timestamp.min, len(own), pd.isna(start)

    return max(grouped(facts, "period_end", "period_start").values(), key=last)


def _row(family: str, facts: list[Row], year: int) -> Row:
    # What is sure stands before what is not, and the place's own report before another body's.
    facts = sorted(facts, key=lambda fact: (fact["unsure"] != "", fact["told_by"] != ""))
    certain = {fact["part"] for fact in facts if not fact["unsure"]}
    facts = [fact for fact in facts if not fact["unsure"] or fact["part"] not in certain]
    first = facts[0]
    marks = {name: next((fact for fact in facts if fact["part"] == name), None) for name in PARTS.values()}
    values = {name: fact["value"] if fact else np.nan for name, fact in marks.items()}
    row = first | values
    row["city"] = called(first)
    row |= {"family": family, "year": year, "marks": {name: fact for name, fact in marks.items() if fact}}
    whole = class_of(first) == WHOLE
    row["round"] = (Finding(f"progress.{family}") if whole else Finding("progress.scope", {"row": first}),)
    row["as_of"] = period_label(first["period_start"], first["period_end"], year=year)
    code = _why_not(facts, values)
    share = np.nan if code else round(100 * values["done"] / values["assigned"], 1)
    formula = "" if code else f"{values['done']:g}÷{values['assigned']:g}×100%"
    row |= {"share": share, "formula": formula, "reason": code}
    doubt = next((fact["unsure"] for fact in facts if fact["unsure"]), "") if code == "unsure" else ""
    return row | {"unsure": doubt, "why": (Finding(f"progress.{code}", {"row": {"unsure": doubt}}),) if code else ()}


def _why_not(facts: list[Row], values: dict[str, float]) -> str:
    """Return the code of why no share is derived, "" where it is."""
    needed = [fact for fact in facts if fact["part"] in ("assigned", "done")]
    if any(fact["unsure"] for fact in needed):
        return "unsure"
    if any(pd.isna(fact["value"]) for fact in needed):
        return "withheld"
    for name in ("assigned", "done"):
        if pd.isna(values[name]):
            return f"no_{name}"
        if len({fact["value"] for fact in needed if fact["part"] == name}) > 1:
            return "conflict"
    if any(fact["bound"] != "=" for fact in needed):
        return "bound"
    return "more_done" if values["done"] > values["assigned"] or not values["assigned"] else ""


def progress_finding(table: pd.DataFrame, year: int) -> list[Finding]:
    """Return how many places give a share done of each family, between which values, and that their days differ."""
    shared = table[table["share"].notna()]
    said = []
    for family, rows in shared.groupby("family", sort=False):
        places = [Finding("progress.one", {"row": row, **row}) for row in rows.to_dict("records")]
        said.append(
            Finding("progress.finding", {"year": year, "name": Finding(f"progress.{family}"), "places": places})
        )
    if not said:
        return [Finding("progress.none", {"year": year})]
    days = shared[["period_start", "period_end"]].drop_duplicates()
    return [*said, Finding("progress.days")] if len(days) > 1 else said
