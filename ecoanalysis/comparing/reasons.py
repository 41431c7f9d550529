"""Say in Chinese and English why a value is not compared.

In: the code of a reason, the value's row, and the row of the reference. Out: texts. The wording stands in
`knowledge/reasons.csv`.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from ecoanalysis.comparing.periods import period_label
from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.knowledge.scopes import UNKNOWN, WHOLE, classes
from ecoanalysis.knowledge.standards import breaks
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counted_name, scale_of

UNHEARD = ("silent", "planned", "moved")  # codes of rows without a value that somebody withholds


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row is not compared: one code or more, the row, and what it was held against."""

    codes: str | list[str]
    row: dict[str, Any] = field(default_factory=dict)
    reference: dict[str, Any] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)


def explain(row: dict[str, Any], year: int) -> dict[str, str]:
    """Return the columns `period`, `reason`, `why_not` and `why_not_en` of a panel's row that has a `why`."""
    why: Why | None = row["why"]
    start, end = row.get("period_start"), row.get("period_end")
    period = period_label(start, end, year=year) if row.get("report") else ""
    if why is None:
        return {"period": period, "reason": "", "why_not": "", "why_not_en": ""}
    codes = [why.codes] if isinstance(why.codes, str) else why.codes
    chinese = "；".join(_text(code, why, year, "zh") for code in codes)
    english = "; ".join(_text(code, why, year, "en") for code in codes)
    return {"period": period, "reason": ";".join(codes), "why_not": chinese, "why_not_en": english}


def scope_label(row: dict[str, Any], language: str) -> str:
    """Return the scope as written, or the name of its class where nothing is written or the label is English."""
    name = row["scope_class"] if row["scope_class"] in classes() else UNKNOWN
    if language == "en" and name == WHOLE and row.get("place_kind") == "district":
        return "whole district"
    return (row["scope"] if language == "zh" else "") or classes()[name][language]


def terms_of(row: dict[str, Any], year: int, language: str) -> str:
    """Return scope and period of a row: 中心城区，上半年."""
    scope, period = scope_label(row, language), period_label(row["period_start"], row["period_end"], language, year)
    return f"{scope}，{period}" if language == "zh" else f"{scope}, {period}"


def _text(code: str, why: Why, year: int, language: str) -> str:
    # The reference stands for a group, so its scope is called by its class; one city's wording would puzzle.
    reference = _say(code, why.reference | {"scope": ""}, year, language, []) if why.reference else ""
    this = _say(code, why.row, year, language, why.values) if why.row else ""
    return _wording()[code][language].format(this=this, reference=reference)


def _say(code: str, row: dict[str, Any], year: int, language: str, values: list[float]) -> str:
    if code == "doubt":
        return doubt_text(row["unsure"], language)
    if code in ("scope", "tier", "unknown_scope", "narrow_scope"):
        return scope_label(row, language)
    if code == "open_period" and row["scope_class"] != WHOLE:
        return terms_of(row, year, language)
    if code in ("period", "open_period"):
        return period_label(row["period_start"], row["period_end"], language, year)
    if code in ("dust", "standard", "definition", "round"):
        return _condition(code, row, language)
    if code == "bound":
        return scale_of(row["unit"], [row["value"]], language).text(row["value"], row["bound"])
    if code == "conflict":
        scale = scale_of(row["unit"], values, language)
        return ("、" if language == "zh" else ", ").join(scale.text(value) for value in values)
    if code == "unit":
        if language == "zh":
            return row["unit_text"] or scale_of(row["unit"]).name
        return counted_name(row["unit"], row["unit_text"]) or "another unit"
    return terms_of(row, year, language)


def _condition(reason: str, row: dict[str, Any], language: str) -> str:
    """Return under which conditions of one kind a value was made, or that none is stated."""
    stated = [known for known in rows("conditions.csv") if known["condition"] in row["condition"].split(";")]
    names = [known[language] for known in stated if known["reason"] == reason]
    day = row["period_end"]
    if not names and pd.notna(day):
        behind = [one for one in breaks(row["metric"]) if one.reason == reason and one.day <= day.date()]
        names = [getattr(behind[-1], language)] if behind and behind[-1].day.year == day.year else []
    return ("、" if language == "zh" else ", ").join(names) or ("未注明" if language == "zh" else "not stated")


@cache
def _wording() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("reasons.csv")}
