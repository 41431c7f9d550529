"""What a year's ranking may be held against: the national figure of that year, the limit then in force, and if facts are at
hand what the province's and the nation's own reports say; and how far each city lies from a limit.

In: a panel. Out: a row a reference, none where a mean or a share of a full year is not what the panel compares; the
panel's rows with limit, gap and whether the limit is met, the one in force or that of a standard that the reader names.
Published annual means can be judged again under another standard; counts of days cannot, and are refused.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row
from ecoanalysis.comparing.groups import class_of, group_of
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import at_level, of_places
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.phrases import phrase
from ecoanalysis.knowledge.place_names import CITY, place_label
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.standards import Limit, has_limit, limit, limits, national

COLUMNS = ["kind", "value", "unit", "year", "dust", "standard", "zh", "en", "source"]
MEANS = ("%", "ug/m3", "mg/m3", "1")  # units of means, shares and indices: a national count or sum is no city's measure
# What national figures are of: cities as a whole, and the sections, stations and sources that the nation assesses.
NATIONWIDE = (WHOLE, "national_sections", "national_stations", "coastal", "city_sources")
_DUST = {"dust_included": "raw", "dust_excluded": "excluded"}


def baselines(panel: pd.DataFrame, facts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the lines that belong into a ranking of `panel`: `kind` is national, limit or region, `value` in the panel's unit.

    `facts` adds what provincial and national reports say of the same: the province where all comparable cities lie in
    it, the nation where no national figure is known.

    The national figure counts dust days as the compared values say that they do, else as is usual in that year.
    A panel of changes, of counts, or of a part of a year has none. Sources: knowledge/national.csv, standards.csv.
    """
    shared = panel[panel["comparable"]]
    nothing = pd.DataFrame(columns=COLUMNS)
    if shared.empty:
        return nothing
    row = shared.iloc[0].to_dict()
    unit = catalogue.metrics()[row["metric"]].unit
    if row["stat"] != "level" or unit not in MEANS or not full_year(row["period_start"], row["period_end"]):
        return nothing
    found = [*_national(row), *_limit(row)]
    if facts is not None:
        around = {place.province for name in shared["city"] if (place := places.find(name))}
        found += _region(row, at_level(facts, "province"), around) if len(around) == 1 else []
        if all(one["kind"] != "national" for one in found):
            found += _region(row, at_level(facts, "nation"), {phrase("place.nation")})
    return pd.DataFrame([one | {"unit": unit, "year": row["year"]} for one in found], columns=COLUMNS)


def _region(row: Mapping[str, Any], facts: pd.DataFrame, names: set[str]) -> list[dict[str, Any]]:
    known = of_places(facts, sure=row["sure"])
    if not (known["year"] == row["year"]).any():
        return []
    said = placed_panel(known, row["metric"], int(row["year"]))
    said = said[said["place"].isin(names) & said["value"].notna() & (said["bound"] == "=") & (said["unsure"] == "")]
    alike = [one for one in said.to_dict("records") if one["reason"] != "conflict" and group_of(one) == group_of(row)]
    return [
        {"kind": "region", "value": one["value"], "dust": "", "standard": "", "source": one["report"]}
        | {language: place_label(one["place"], CITY, language) for language in ("zh", "en")}
        for one in alike
    ]


def _national(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    if class_of(row) not in NATIONWIDE:
        return []
    dust = next((_DUST[code] for code in row["condition"].split(";") if code in _DUST), "")
    found = national(row["metric"], int(row["year"]), dust)
    if found is None:
        return []
    return [{"kind": "national", "value": found.value, "dust": found.dust, "standard": "", "source": found.source}]


def _limit(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    day = row["period_end"].date()
    if not has_limit(row["metric"], day):
        return []
    found = limit(row["metric"], day)
    names = {"standard": found.standard, "zh": found.zh, "en": found.en}
    return [{"kind": "limit", "value": found.value, "dust": "", "source": found.source, **names}]


def baselines_finding(panel: pd.DataFrame) -> list[Finding]:
    """Return how many of the comparable cities do better than the nation, and how many keep the limit; none without either."""
    values = panel.loc[panel["comparable"], "value"]
    sign = 1 if catalogue.metrics()[panel["metric"].iloc[0]].better == "lower" else -1
    parts = []
    for row in baselines(panel).to_dict("records"):
        kept = sign * values < sign * row["value"] if row["kind"] == "national" else values <= row["value"]
        dust = Finding(f"baseline.{row['dust']}") if row["dust"] else ""
        parts.append(Finding(f"baseline.than_{row['kind']}", {"count": int(kept.sum()), "row": row, "dust": dust}))
    return [Finding("baseline.finding", {"count": len(values), "parts": parts})] if parts else []


def gap(panel: pd.DataFrame, standard: str = "") -> pd.DataFrame:
    """Return the rows of a panel of levels with `standard`, `limit`, `gap`, `over`, `meets` and `no_gap`.

    `standard` is one of standards.csv, such as GB 3095-2026 stage 1; without it the one in force on the panel's last
    31 December is meant. `gap` is the value minus the limit in the metric's unit, `over` the same as a share of the limit
    in per cent. Both are missing where a value is no exact figure of a whole year, and `no_gap` holds findings that say why: a limit for a
    year does not bear on half of one, nor on a three-year mean. Whose value it is and where (scope) does not matter to the gap, only to comparing.
    A metric that counts days, and a limit that the table does not hold, raise `RequestError`.
    """
    if panel["stat"].iloc[0] != "level":
        raise RequestError(
            f"a limit bears on levels, and this is a panel of {panel['stat'].iloc[0]}; ask for stat='level'"
        )
    metric, year = panel["metric"].iloc[0], int(panel["year"].iloc[0])
    known = limit(metric, date(year, 12, 31), standard)
    why = [_why_none(row) for row in panel.to_dict("records")]
    judged = pd.Series([code == "" for code in why], index=panel.index)
    value = panel["value"].where(judged)
    # A limit below which a value must stay: all of standards.csv are such, and the catalogue says lower is better.
    assert catalogue.metrics()[metric].better == "lower", f"{metric} has a limit and is not better the lower"
    return panel.assign(
        standard=known.standard,
        limit=known.value,
        gap=(value - known.value).round(6),
        over=((value / known.value - 1) * 100).round(1),
        meets=np.where(judged, value <= known.value, None),
        no_gap=[(Finding(f"no_gap.{code}"),) if code else () for code in why],
    )


def judged(panel: pd.DataFrame) -> pd.DataFrame:
    """Return a row a standard that has a limit for a panel's metric: `limit`, how many cities were judged, met, exceeded.

    Published annual means judged again, under standards before, after and beside the one in force; guidelines are left out.
    Only what compares in the panel is counted. A metric without limits gives no rows.
    """
    metric = panel["metric"].iloc[0]
    ranked = panel[panel["comparable"]]
    rows = []
    for known in limits(metric):
        met = gap(ranked, known.standard)["meets"].dropna() if len(ranked) else pd.Series(dtype=bool)
        rows.append((known.standard, known.value, len(met), int(met.sum()), int((~met.astype(bool)).sum())))
    return pd.DataFrame(rows, columns=["standard", "limit", "judged", "met", "exceeded"])


def gap_finding(panel: pd.DataFrame) -> list[Finding]:
    """Return how many cities exceed the limit in force, and how many would under other standards.

    None where no comparable value of a whole year can be judged, or no limit is in force.
    """
    metric, year = panel["metric"].iloc[0], int(panel["year"].iloc[0])
    table = judged(panel).set_index("standard")
    if not has_limit(metric, date(year, 12, 31)) or not len(table) or not table["judged"].iloc[0]:
        return []
    known, unit = limit(metric, date(year, 12, 31)), panel["unit"].iloc[0]
    again = [
        Finding("gap.again", _about(one, unit) | {"count": table["exceeded"][one.standard]})
        for one in limits(metric)
        if one.standard != known.standard
    ]
    counts = {"count": table["judged"][known.standard], "over": table["exceeded"][known.standard]}
    said = {"year": year, "metric": metric, **_about(known, unit), **counts}
    return [Finding("gap.finding_again" if again else "gap.finding", said | ({"again": again} if again else {}))]


def _about(known: Limit, unit: str) -> Row:
    return {"standard": known, "limit": {"value": known.value, "unit": unit, "bound": "="}}


def _why_none(row: dict) -> str:
    if pd.isna(row["value"]):
        return "no_value"
    if row["unsure"]:
        return "unsure"
    if row["bound"] != "=":
        return "bound"
    if row["condition"]:
        return "condition"
    return "" if full_year(row["period_start"], row["period_end"]) else "period"
