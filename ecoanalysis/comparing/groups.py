"""What must be equal for two values to be compared, and how a reader may ask for one such group.

In: facts, or rows of a panel. Out: `Group` tuples, the reasons why two of them differ, and the names that a group goes by
(中心城区, urban_core, 上半年 …).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.scopes import UNKNOWN, WHOLE, classes
from ecoanalysis.knowledge.standards import breaks, passed
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counts_as

On = str | Sequence[str]


class Group(NamedTuple):
    """Population, period, what is counted, stated conditions, and the breaks that the period lies behind."""

    scope: str
    start: object
    end: object
    counted: str
    condition: str
    era: tuple


def class_of(row: Mapping[str, Any]) -> str:
    """Return the class of a row's scope, `unknown` where there is no such class."""
    return row["scope_class"] if row["scope_class"] in classes() else UNKNOWN


def group_of(fact: Mapping[str, Any]) -> Group:
    """Return the group of a fact: two values compare only where these are equal."""
    name = class_of(fact)
    scope = f"{name}:{fact['scope']}" if classes()[name]["compares"] == "wording" else name
    start, end = fact["period_start"], fact["period_end"]
    era = passed(fact["metric"], *(None if pd.isna(day) else day.date() for day in (start, end)))
    return Group(scope, start, end, counts_as(fact["unit"], fact["unit_text"]), fact["condition"], era)


def differences(group: Group, reference: Group, metric: str) -> list[str]:
    """Return the codes of the reasons why a value of `group` is not compared with one of `reference`."""
    found = ["unit"] if group.counted != reference.counted else []
    if group.scope != reference.scope:
        families = [classes()[scope.split(":")[0]]["family"] for scope in (group.scope, reference.scope)]
        found.append("tier" if families == ["sections", "sections"] else "scope")
    if (group.start, group.end) != (reference.start, reference.end):
        found.append("period")
    reasons = {row["condition"]: row["reason"] for row in rows("conditions.csv")}
    said = set(group.condition.split(";")) ^ set(reference.condition.split(";"))
    found += [reasons[code] for code in sorted(said) if code]
    if "period" not in found:
        return list(dict.fromkeys(found))
    # A period on the other side of a break is not only another period: the figure itself is another one.
    era = set(sum(group.era, ())) ^ set(sum(reference.era, ()))
    return list(dict.fromkeys([*found, *(one.reason for one in breaks(metric) if one.code in era)]))


def names_of(fact: Mapping[str, Any], year: int) -> set[str]:
    """Return what a reader may call the group of a fact: its scope and class, its period, its unit as counted."""
    named = classes()[class_of(fact)]
    names = {fact["scope"], class_of(fact), named["zh"], named["en"], fact["unit_text"], fact["condition"]}
    for language in ("zh", "en"):
        names |= {period_label(fact["period_start"], fact["period_end"], language, of) for of in (year, None)}
    return names - {""}


def matching(facts: pd.DataFrame, on: On, year: int | None = None) -> pd.Series:
    """Return which facts lie in the group that `on` names, a text or several of them: 中心城区, ["全市", "上半年"].

    上半年 is that of `year`, or without one that of each fact's own column `year`. A name that no fact goes by raises `RequestError` with those that there are.
    """
    wanted: list[str] = list(on) if isinstance(on, (list, tuple)) else [str(on)]
    records = [(fact, fact["year"] if year is None else year) for fact in facts.to_dict("records")]
    named = [names_of(*record) for record in records]
    known = set().union(*named)
    for name in wanted:
        if name not in known:
            there = ", ".join(sorted({_usual_name(*record) for record in records}))
            near = nearest(name, known) or "none"
            raise RequestError(f"no value on {name!r}. Nearest: {near}; there are {there or 'no values at all'}")
    if not any(set(wanted) <= names for names in named):
        raise RequestError(
            f"no value is on all of {', '.join(wanted)} at once; name a scope, a period and a unit of one value"
        )
    return pd.Series([set(wanted) <= names for names in named], index=facts.index, dtype=bool)


def _usual_name(fact: Mapping[str, Any], year: int) -> str:
    scope = fact["scope"] if class_of(fact) != WHOLE else ""
    return f"{scope or classes()[class_of(fact)]['zh']} {period_label(fact['period_start'], fact['period_end'], 'zh', year)}"
