"""What a year's ranking may be held against: the national figure of that year, the limit then in force, and if facts are at
hand what the province's and the nation's own reports say.

In: a panel. Out: a row a reference, none where a mean or a share of a full year is not what the panel compares.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.groups import class_of, group_of
from ecoanalysis.comparing.levels import at_level
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.phrases import phrase
from ecoanalysis.knowledge.place_names import CITY, place_label
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.standards import has_limit, limit, national

COLUMNS = ["kind", "value", "unit", "year", "dust", "standard", "zh", "en", "source"]
MEANS = (
    "%",
    "ug/m3",
    "mg/m3",
    "1",
)  # units of means, shares and indices: a national count or sum is no city's measure
# What national figures are of: cities as a whole, and the sections, stations and sources that the nation assesses.
NATIONWIDE = (WHOLE, "national_sections", "national_stations", "coastal", "city_sources")
_DUST = {"dust_included": "raw", "dust_excluded": "excluded"}


def baselines(
    panel: pd.DataFrame, facts: pd.DataFrame | None = None, reports: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the lines that belong into a ranking of `panel`: `kind` is national, limit or region, `value` in the panel's unit.

    `facts` adds what provincial and national reports say of the same: the province where all comparable cities lie in
    it, the nation where no national figure is known.

    The national figure counts dust days as the compared values say that they do, else as is usual in that year.
    A panel of changes, of counts, or of a part of a year has none. Sources: knowledge/national.csv, standards.csv.
    """
    return pd.DataFrame(_found(panel, facts, reports), columns=COLUMNS)


def _found(
    panel: pd.DataFrame, facts: pd.DataFrame | None = None, reports: pd.DataFrame | None = None
) -> list[dict[str, Any]]:
    shared = panel[panel["comparable"]]
    if shared.empty:
        return []
    row = shared.iloc[0].to_dict()
    unit = catalogue.metrics()[row["metric"]].unit
    if row["stat"] != "level" or unit not in MEANS or not full_year(row["period_start"], row["period_end"]):
        return []
    found = [*_national(row), *_limit(row)]
    if facts is not None:
        around = {place.province for name in shared["city"] if (place := places.find(name))}
        found += _region(row, at_level(facts, "province", reports), reports, around) if len(around) == 1 else []
        if all(one["kind"] != "national" for one in found):
            found += _region(row, at_level(facts, "nation", reports), reports, {phrase("place.nation")})
    return [one | {"unit": unit, "year": row["year"]} for one in found]


def _region(
    row: Mapping[str, Any], facts: pd.DataFrame, reports: pd.DataFrame | None, names: set[str]
) -> list[dict[str, Any]]:
    """What a region's report gives that compares with a row of the panel."""
    known = of_places(facts, reports, row["sure"])
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
