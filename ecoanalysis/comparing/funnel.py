"""Enforcement from inspection to fine, city by city, and the fine per case where arithmetic allows it.

In: facts. Out: a row for every place and stage. Within a city the stages are of one scope and one period; a stage of
another is kept and says so. A case filed (立案) is no decision, so it never stands under a fine.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.groups import class_of
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.periods import full_year, period_label
from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.reasons import UNHEARD, scope_label
from ecoanalysis.comparing.words import several
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.standards import national
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.knowledge.wording import say
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
    stages = pd.concat([panel(facts, metric, year, reports, sure=sure) for metric in STAGES], ignore_index=True)
    heard = set(stages.loc[~stages["reason"].isin(UNHEARD), "place"])
    rows = stages[stages["place"].isin(heard)].to_dict("records")
    of_place: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        of_place.setdefault(row["place"], []).append(row)
    for own in of_place.values():
        _one_terms(own)
    fines = panel(facts, PER_CASE, year, reports, sure=sure)
    per_case = fines[fines["place"].isin(heard)].to_dict("records")
    for row in per_case:
        if row["reason"] in UNHEARD:
            row |= _not_computed({own["metric"]: own for own in of_place[row["place"]]})
    return pd.DataFrame([*rows, *per_case], columns=stages.columns)


def _one_terms(own: Sequence[dict[str, Any]]) -> None:
    """Mark the stages of a place whose scope or period is not that of most of its stages."""
    valued = [row for row in own if pd.notna(row["value"]) and not row["unsure"]]
    counts = Counter(_terms(row) for row in valued)
    usual = max(valued, key=lambda row: (counts[_terms(row)], _standing(row)), default=None)
    for row in valued:
        if usual and _terms(row) != _terms(usual):
            row["comparable"] = False
            row["reason"] = ";".join(filter(None, (row["reason"], "terms")))
            for column, language in (("why_not", "zh"), ("why_not_en", "en")):
                told = {name: _said(one, language) for name, one in (("this", row), ("usual", usual))}
                row[column] = say("funnel.terms", language, **told)


def _terms(row: dict[str, Any]) -> tuple:
    return (
        class_of(row),
        row["scope"] if class_of(row) != WHOLE else "",
        str(row["period_start"]),
        str(row["period_end"]),
    )


def _standing(row: dict[str, Any]) -> tuple[bool, bool]:
    return full_year(row["period_start"], row["period_end"]), class_of(row) == WHOLE


def _said(row: dict[str, Any], language: str) -> str:
    period = period_label(row["period_start"], row["period_end"], language, row["year"])
    return ("，" if language == "zh" else ", ").join((scope_label(row, language), period))


def _not_computed(own: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Say why there is no fine per case."""
    given = {metric for metric, row in own.items() if pd.notna(row["value"])}
    if any(own[metric]["unsure"] for metric in given & {FINES, DECIDED}):
        code = "unsure"
    elif FINES not in given:
        code = "no_fines"
    elif DECIDED in given:
        code = "apart"
    else:
        code = "filed_only" if FILED in given else "no_decisions"
    return {"reason": code, "why_not": say(f"funnel.{code}", "zh"), "why_not_en": say(f"funnel.{code}", "en")}


def funnel_finding(table: pd.DataFrame, year: int, language: str = "zh") -> str:
    """Return how many places give each stage, the lowest and highest fine per case, who has cases filed only, and the nation."""
    table = table.assign(label=place_labels(table, language))
    per_case = table[table["metric"] == PER_CASE]
    heard = table.loc[~table["reason"].isin(UNHEARD) & (table["unsure"] == ""), "place"]
    said = say("funnel.count", language, year=year, count=heard.nunique())
    known = per_case[per_case["comparable"]].sort_values("value")
    if len(known):
        ends = [
            say("finding.end", language, place=row["label"], value=_money(row["value"], language))
            for row in (known.iloc[0], known.iloc[-1])
        ]
        code = "funnel.per_case" if len(known) > 1 else "funnel.per_case_one"
        said += say(code, language, count=len(known), low=ends[0], high=ends[1])
    filed = per_case.loc[per_case["reason"] == "filed_only", "label"].tolist()
    if filed:
        said += say("funnel.filed", language, names=several(filed, language))
    return said + national_note(year, language)


def national_note(year: int, language: str = "zh") -> str:
    """Return the nation's fine per decision of a year as a note, "" where national.csv lacks a part."""
    fines, decided = national(FINES, year), national(DECIDED, year)
    if fines is None or decided is None:
        return ""
    parts = {"fines": _money(fines.value, language), "decided": scale_of("case", language=language).text(decided.value)}
    return say("funnel.national", language, year=year, value=_money(fines.value / decided.value, language), **parts)


def _money(value: float, language: str) -> str:
    scale = scale_of("CNY", [value], language)
    return scale.text(round(value / scale.per, 2) * scale.per)
