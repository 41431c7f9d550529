"""One row per city: its value of a metric in a year, and whether that may be compared with the others.

In: facts. Out: a DataFrame with a row for every place that reports on that year: its representative value, or NaN where
it withholds the figure or says nothing, `comparable`, and `why` not, as findings. Two values are comparable only where
`groups` says that they are of one group; the group that most cities share is the reference, or the one that the reader
names. What follows from two reported values by safe arithmetic (a share from days) stands in, marked `derived`.
"""

from collections import Counter
from numbers import Integral

import pandas as pd

from ecoanalysis.comparing.finding import NOWHERE, Noted, Row, Why, grouped, reason_of, why
from ecoanalysis.comparing.groups import On, class_of, differences, group_of, matching
from ecoanalysis.comparing.places import by_code, called, of_places
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.catalogue import DAYS, Derived
from ecoanalysis.knowledge.periods import full_year, period_label
from ecoanalysis.knowledge.place_names import CITY
from ecoanalysis.knowledge.scopes import UNKNOWN, WHOLE, classes
from ecoanalysis.knowledge.unit_names import counts_as
from ecoanalysis.tables.rounding import finest
from ecoanalysis.tables.sure import SURE

COLUMNS = [
    *("city", "value", "unit", "unit_text", "bound", "period_start", "period_end", "period", "scope", "scope_class"),
    *("condition", "status", "basis", "derived", "formula", "comparable", "why", "reason"),
    *("report", "start", "end", "quote", "place", "place_kind", "publisher", "sample", "told_by", "confidence"),
    *("unsure", "sure", "metric", "stat", "year"),
]
STATS = ("level", "change")
_BOUNDS_ONLY = ("<", "<=", ">", ">=")
_NEVER = {"unknown_scope", "narrow_scope", "no_period", "open_period", "bound"}  # why a sure value stands alone


def panel(
    facts: pd.DataFrame,
    metric: str,
    year: int,
    reports: pd.DataFrame | None = None,
    stat: str = "level",
    on: On = (),
    sure: float = SURE,
) -> pd.DataFrame:
    """Return one row per city with its value of `metric` in `year`, in the unit of the column `unit`.

    `stat` is `level`, or `change` for the published change against the year before. `reports` tells publishers, samples
    and the year of facts without a period; `ecoanalysis.load` notes the same in the facts. A value is a city's
    representative one: reported, never planned; a full year before a part; the whole city before a part; what its own
    report says before what another body tells (`told_by`). Where no report states it but it follows from two others, it
    is `derived` and has its `formula`. What was read with a confidence below `sure` compares with nothing: it stands
    only where a city has nothing surer of its kind, and `unsure` is the code of its doubt.
    `on` names the group to compare instead of the one that most cities share: a scope (中心城区), a period (上半年), a
    counting unit, or several of these in a list; of each city only such a value compares.
    Comparable rows stand first, best first. `attrs["tied"]` holds a row of each group that as many
    cities share as the reference. An unknown metric, a year without facts, a group that no value is of, and a `sure` outside 0 to 1 raise
    `RequestError`.
    """
    return placed_panel(of_places(facts, reports, sure), metric, year, stat, on)


def placed_panel(known: pd.DataFrame, metric: str, year: int, stat: str = "level", on: On = ()) -> pd.DataFrame:
    """Return what `panel` does, of facts whose places are known already (`of_places`): so that many panels ask only once."""
    check_metric(metric)
    if stat not in STATS:
        raise RequestError(f"a panel is of {' or '.join(STATS)}, not of {stat!r}: ranks are among different cities")
    if not isinstance(year, Integral):
        raise RequestError(f"year = {year!r} is not a whole number, such as 2024")
    this_year = known[known["year"] == year]
    if this_year.empty:
        years = ", ".join(str(other) for other in sorted(known["year"].dropna().unique()))
        raise RequestError(f"no facts of {year}; there are facts of {years or 'no year'}")
    said = values_of(this_year, metric, stat)
    named = on not in ((), [])
    said["asked"] = matching(said, on, year) if named else True
    moved = (this_year["metric"] == metric) & (this_year["status"] == "reported") & (stat == "level")
    moved &= this_year["unsure"] == ""
    otherwise = set(this_year.loc[moved, "place"])
    of_place = grouped(said.to_dict("records"), "place")
    picked = [_representative(city, of_place.get(city["place"], []), otherwise) for city in _cities(known, said, year)]
    reference, tied = most_shared([row for row in picked if not row["why"] and row["asked"]], named)
    for row in picked:
        if not row["why"]:
            unlike = differences(row["group"], reference["group"], metric) if reference else "alone"
            row["why"] = why(unlike, row, reference)
    unit = reference["unit"] if reference else catalogue.metrics()[metric].unit
    rows = [filled(row, metric, year, unit, stat) for row in picked]
    sign = 1 if catalogue.metrics()[metric].better == "lower" else -1
    frame = pd.DataFrame(sorted(rows, key=lambda row: _order(row, sign)), columns=COLUMNS)
    frame.attrs["tied"] = Noted(tied)
    return frame


def _cities(known: pd.DataFrame, said: pd.DataFrame, year: int) -> list[dict]:
    """Return who reports on a year, and who is told of: whom only others speak of is not silent, it has no report."""
    own = known[(known["report_year"] == year) & (known["told_by"] == "")]
    about = ["place", "place_kind", "publisher", "sample", "sure"]
    return pd.concat([own, said])[about].drop_duplicates("place").to_dict("records")


def values_of(facts: pd.DataFrame, metric: str, stat: str) -> pd.DataFrame:
    """Return the facts of a metric, and the levels that follow from others where a place states none of their group."""
    stated = facts[(facts["metric"] == metric) & (facts["stat"] == stat)].assign(derived=False, formula="")
    if stat == "change":
        return stated[stated["basis"] == "yoy"]
    follows = derived(facts, metric)
    # What a report states itself, for the same population and period, comes before what can be worked out, and what is sure before
    # what is in doubt.
    reported = stated[stated["status"] == "reported"]
    told, certain = _told(reported), _told(reported[reported["unsure"] == ""])
    rows = follows.to_dict("records")
    follows = follows[[(row["place"], group_of(row)) not in (told if row["unsure"] else certain) for row in rows]]
    return pd.concat([stated, follows]) if len(follows) else stated


def _told(facts: pd.DataFrame) -> set[tuple]:
    return {(row["place"], group_of(row)) for row in facts.to_dict("records")}


def check_metric(metric: str) -> None:
    known = catalogue.metrics()
    if metric not in known:
        named = [identity for identity, entry in known.items() if metric and metric in f"{entry.zh} {entry.en}"]
        near = nearest(metric, known) or ", ".join(named[:3]) or "none"
        advice = f"`ecoanalysis metrics` lists all {len(known)}."
        raise RequestError(f"No metric named {metric!r}. Nearest: {near}. {advice}")


def _representative(city: dict, facts: list[dict], otherwise: set[str]) -> dict:
    """Return the fact that stands for a place, as a row with `group` and with `why` it compares with nothing.

    `otherwise` are the places that report the metric in some other way, by its change or a rank.
    """
    row = city | {"group": None, "asked": False}
    results = [fact for fact in facts if fact["status"] == "reported"]
    if not results:
        return row | {"why": why("moved" if city["place"] in otherwise else "planned" if facts else "silent")}
    certain = [fact for fact in results if not fact["unsure"]]
    best = row | settled(certain) if certain else {}
    doubtful = [fact for fact in results if fact["unsure"] and (not best or group_of(fact) != best["group"])]
    # Better a value in doubt that could be compared than a sure one that never can.
    if doubtful and (not best or reason_of(best["why"]) in _NEVER):
        return row | settled(doubtful)
    return best


def settled(alike: list[dict]) -> dict:
    """Return the fact that stands for several of one place, with its `group`, and `why` it compares with none.

    What the place's own report says stands first; values of one group that contradict each other are a conflict.
    """
    ranked = sorted(alike, key=precedence)
    best = ranked[0]
    group = group_of(best)
    rivals = [fact for fact in ranked if group_of(fact) == group and fact["bound"] == best["bound"]]
    rivals = [fact for fact in rivals if bool(fact["told_by"]) == bool(best["told_by"])]
    values = list(dict.fromkeys(fact["value"] for fact in rivals if pd.notna(fact["value"])))
    if len(values) > 1 and (exact := finest(values)) is not None:  # 22 is 22.3, rounded
        best, values = next(fact for fact in rivals if fact["value"] == exact), [exact]
    return best | {"group": group, "why": alone(best, values)}


def precedence(fact: dict) -> tuple:
    length = fact["period_end"] - fact["period_start"]
    return (
        not fact["asked"],
        pd.isna(fact["value"]),
        not full_year(fact["period_start"], fact["period_end"]),
        int(classes()[class_of(fact)]["order"]),
        0 if pd.isna(length) else -length.days,
        fact["bound"] in _BOUNDS_ONLY,
        bool(fact["told_by"]),
        fact["bound"] == "~",
        fact["report"],
        fact["start"],
    )


def alone(row: dict, values: list[float]) -> Why:
    """Return why a value could be compared with no other whatever."""
    name = class_of(row)
    if row["place_kind"] != CITY and pd.notna(row["value"]):
        return why(row["place_kind"])
    if row["unsure"]:
        return why("doubt", row)
    if pd.isna(row["value"]):
        return why("withheld")
    if name == UNKNOWN:
        return why("unknown_scope", row)
    if classes()[name]["compares"] == "never":
        return why("narrow_scope", row)
    if pd.isna(row["period_end"]):
        return why("no_period" if pd.isna(row["period_start"]) else "open_period", row)
    if row["bound"] in _BOUNDS_ONLY:
        return why("bound", row)
    return why("conflict", row | {"values": values}) if len(values) > 1 else ()


def most_shared(rows: list[dict], named: bool) -> tuple[dict | None, list[dict]]:
    """Return a row of the group that most cities share, and one of each group that as many share.

    Ties go to the full year, then to the whole city. A value that stands alone is a reference only where it is for the
    whole city and the full year, or where the reader `named` its group.
    """
    counts = Counter(row["group"] for row in rows)
    standing = [row for row in rows if named or counts[row["group"]] > 1 or _standard(row)]
    if not standing:
        return None, []
    first = min(standing, key=lambda row: (-counts[row["group"]], *precedence(row)[2:5], row["group"].counted))
    level = {row["group"]: row for row in standing if counts[row["group"]] == counts[first["group"]]}
    return first, [row for group, row in level.items() if group != first["group"]]


def _standard(row: dict) -> bool:
    return row["scope_class"] == WHOLE and full_year(row["period_start"], row["period_end"])


def filled(row: Row, metric: str, year: int, unit: str, stat: str = "level") -> Row:
    """Return the row of a place, with `why` it does not compare, with all the columns of a panel."""
    empty = dict.fromkeys(COLUMNS, "") | NOWHERE | {"confidence": float("nan"), "derived": False, "bound": "="}
    full = empty | {"unit": unit} | row | {"metric": metric, "stat": stat, "year": year}
    period = period_label(full["period_start"], full["period_end"], year=year) if full["report"] else ""
    reason = reason_of(row["why"])
    return full | {"city": called(row), "period": period, "comparable": not row["why"], "reason": reason}


def _order(row: dict, sign: int) -> tuple:
    """Comparable values best first, then the hollow ones, those to be checked, the withheld, the silent."""
    last = {"doubt": 2, "withheld": 3, "moved": 4, "planned": 5, "silent": 6}
    place = last.get(row["reason"], 1) if row["why"] else 0
    return (place, 0.0 if pd.isna(row["value"]) else sign * row["value"], *by_code(row))


def derived(facts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return a row for each value of `metric` that follows from reported ones, none where the catalogue has no formula.

    The quote and its place are those of the first part; `formula` shows both numbers. What follows from a part in doubt is in
    doubt too. Rows have the columns of `facts`, and `derived` and `formula`.
    """
    how = catalogue.metrics()[metric].derived
    empty = facts.iloc[:0].assign(derived=pd.Series(dtype=bool), formula=pd.Series(dtype=str))
    if how is None:
        return empty
    exact = (facts["stat"] == "level") & (facts["bound"] == "=") & (facts["status"] == "reported")
    exact &= facts["value"].notna()
    made = []
    for row in facts[exact & (facts["metric"] == how.of)].to_dict("records"):
        found = _days(row) if how.over == DAYS else _partner(row, facts[exact & (facts["metric"] == how.over)])
        if not found or not found["value"] or (how.times == 100 and row["value"] > found["value"]):
            continue  # more done than assigned is no share of it
        made.append(_row(row, found, metric, how))
    return pd.DataFrame(made, columns=empty.columns).astype(empty.dtypes) if made else empty


def _days(row: dict) -> dict | None:
    """Return the days of a value's period as a part that is as sure as the value itself."""
    start, end = row["period_start"], row["period_end"]
    return None if pd.isna(start) or pd.isna(end) else row | {"value": float((end - start).days + 1)}


def _partner(row: dict, others: pd.DataFrame) -> dict | None:
    """Return the one value that `row` may be divided by, None where there is none or several; one in doubt only for want of a surer."""
    mine = _terms(row)
    alike = [other for other in others[others["report"] == row["report"]].to_dict("records") if _terms(other) == mine]
    # A fine per firm is no fine per penalty: the denominator must be counted in its own unit.
    alike = [other for other in alike if counts_as(other["unit"], other["unit_text"]) == other["unit"]]
    certain = [other for other in alike if not other["unsure"]]
    values = {other["value"]: other for other in reversed(certain or alike)}
    return next(iter(values.values())) if len(values) == 1 else None


def _terms(row: dict) -> tuple:
    group = group_of(row)
    return row["place"], row["scope"], group.scope, group.start, group.end, group.condition


def _row(row: dict, part: dict, metric: str, how: Derived) -> dict:
    over = part["value"]
    value = round(how.times * row["value"] / over, how.decimals)
    known = catalogue.metrics()
    formula = f"{row['value']:.12g}÷{over:.12g}" + (f"×{how.times:g}%" if how.times == 100 else "")
    measured = {"metric": metric, "value": value, "unit": known[metric].unit, "unit_text": ""}
    sure = {name: min(row, part, key=lambda one: one["confidence"])[name] for name in ("confidence", "doubt")}
    sure["unsure"] = row["unsure"] or part["unsure"]
    return row | measured | sure | {"derived": True, "formula": formula, "rule": f"derived: {formula}"}
