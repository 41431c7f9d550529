"""Enforcement from inspection to fine, city by city, and the fine per case where arithmetic allows it.

In: facts. Out: a row for every place and stage. Within a city the stages are of one scope and one period; a stage of
another is kept and says so. A case filed (立案) is no decision, so it never stands under a fine.
"""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row, grouped
from ecoanalysis.comparing.groups import class_of
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.standards import national
from ecoanalysis.tables.sure import SURE

INSPECTED, FILED, DECIDED = "enforcement.firms_inspected", "enforcement.cases_filed", "enforcement.penalties"
FINES, SPARED, PER_CASE = "enforcement.fines", "enforcement.no_penalty_cases", "enforcement.fine_per_penalty"
STAGES = (INSPECTED, FILED, DECIDED, FINES, SPARED)


def funnel(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return the panels of the stages and of the fine per case below each other, for the places that give any stage.

    To a panel's reasons comes `terms`: a stage of another scope or period than most stages of its city. The fine per
    case is as reported, or derived from fines and decisions of one scope and period, in doubt where either is; where there is none,
    `reason` says why: `no_fines`, `filed_only` (a case filed is no decision), `no_decisions`, `apart`, `unsure` (apart, and fines or
    decisions in doubt). A year without facts raises `RequestError`.
    """
    known = of_places(facts, reports, sure)
    stages = pd.concat([placed_panel(known, metric, year) for metric in STAGES], ignore_index=True)
    heard = set(stages.loc[~stages["reason"].isin(UNHEARD), "place"])
    rows = stages[stages["place"].isin(heard)].to_dict("records")
    of_place = grouped(rows, "place")
    for own in of_place.values():
        _one_terms(own)
    fines = placed_panel(known, PER_CASE, year)
    per_case = fines[fines["place"].isin(heard)].to_dict("records")
    for row in per_case:
        if row["reason"] in UNHEARD:
            row |= _not_computed({own["metric"]: own for own in of_place[row["place"]]})
    return pd.DataFrame([*rows, *per_case], columns=stages.columns)


def _one_terms(own: Sequence[Row]) -> None:
    """Mark the stages of a place whose scope or period is not that of most of its stages."""
    valued = [row for row in own if pd.notna(row["value"]) and not row["unsure"]]
    counts = Counter(_terms(row) for row in valued)
    usual = max(valued, key=lambda row: (counts[_terms(row)], _standing(row)), default=None)
    for row in valued:
        if usual and _terms(row) != _terms(usual):
            row["comparable"] = False
            row["reason"] = ";".join(filter(None, (row["reason"], "terms")))
            row["why"] = (Finding("funnel.terms", {"this": row, "usual": usual}),)


def _terms(row: Row) -> tuple:
    scope = row["scope"] if class_of(row) != WHOLE else ""
    return class_of(row), scope, str(row["period_start"]), str(row["period_end"])


def _standing(row: Row) -> tuple[bool, bool]:
    return full_year(row["period_start"], row["period_end"]), class_of(row) == WHOLE


def _not_computed(own: dict[str, Row]) -> Row:
    given = {metric for metric, row in own.items() if pd.notna(row["value"])}
    if any(own[metric]["unsure"] for metric in given & {FINES, DECIDED}):
        code = "unsure"
    elif FINES not in given:
        code = "no_fines"
    elif DECIDED in given:
        code = "apart"
    else:
        code = "filed_only" if FILED in given else "no_decisions"
    return {"reason": code, "why": (Finding(f"funnel.{code}"),)}


def funnel_finding(table: pd.DataFrame, year: int) -> list[Finding]:
    """Return how many places give each stage, the lowest and highest fine per case, who has cases filed only, and the nation."""
    per_case = table[table["metric"] == PER_CASE]
    heard = table.loc[~table["reason"].isin(UNHEARD) & (table["unsure"] == ""), "place"]
    said = [Finding("funnel.count", {"year": year, "count": heard.nunique()})]
    if len(known := per_case[per_case["comparable"]].sort_values("value").to_dict("records")):
        code = "funnel.per_case" if len(known) > 1 else "funnel.per_case_one"
        said.append(Finding(code, {"count": len(known), "low": known[0], "high": known[-1]}))
    if filed := per_case[per_case["reason"] == "filed_only"].to_dict("records"):
        said.append(Finding("funnel.filed", {"places": filed}))
    return [*said, *national_note(year)]


def national_note(year: int) -> list[Finding]:
    """Return the nation's fine per decision of a year as a note, nothing where national.csv lacks a part."""
    fines, decided = national(FINES, year), national(DECIDED, year)
    if fines is None or decided is None:
        return []
    parts = {"fines": fines.value, "value": fines.value / decided.value}
    count = {"value": decided.value, "unit": "case", "bound": "="}
    return [Finding("funnel.national", {"year": year, "decided": count, **parts})]
