"""The panel of all metrics and years: long, one row a place, year and metric; wide, one row a city and year.

In: facts and reports. Out: plain DataFrames whose key is the six-digit `adcode`. Whether a value compares is what
`comparing.panel` says, metric by metric and year by year; in the wide form only values that compare stand.
"""

import hashlib
import re
from collections.abc import Iterable

import pandas as pd

from ecoanalysis.comparing.groups import group_of
from ecoanalysis.comparing.places import of_places
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.place_names import CITY, DISTRICT
from ecoanalysis.knowledge.scopes import classes
from ecoanalysis.knowledge.standards import breaks
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counts_as
from ecoanalysis.tables.sure import SURE
from ecoanalysis.wording.names import SEMICOLON, joined, scope_label
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.tables import panel

_LONGEST = 32  # characters of a variable's name in Stata


def long(
    facts: pd.DataFrame, reports: pd.DataFrame | None = None, years: Iterable[int] = (), sure: float = SURE
) -> pd.DataFrame:
    """Return every value that a report states or withholds, one row a place, year and metric.

    The value is the place's representative one, in the canonical unit `unit`; `comparable`, `reason` and `why_not` say
    whether it compares with the values that most cities share, and why not. `knowledge/export.csv` says what each column
    is. What was read with a confidence below `sure` compares with nothing. `years` are those wanted, by default all; no
    fact of any raises `RequestError`.
    """
    known = of_places(facts, reports, sure)
    stated = known[(known["stat"] == "level") & (known["status"] == "reported") & known["year"].notna()]
    panels = []
    for year in _wanted(stated, years):
        this_year = ((known["year"] == year) | (known["report_year"] == year)).fillna(False)
        told = stated.loc[stated["year"] == year, "metric"].unique()
        for metric in _given(set(told)):
            # Who says nothing of the whole domain would only be a row that is silent.
            domain = known["metric"].str.startswith(f"{metric.split('.')[0]}.")
            heard = known["place"].isin(known.loc[this_year & domain, "place"].unique())
            panels.append(panel(facts.loc[known.index[this_year & heard]], metric, year, reports, sure=sure))
    spoken = pd.concat([found[found["report"] != ""] for found in panels], ignore_index=True)
    spoken["adcode"], spoken["province"] = zip(*map(_code, spoken["place"], spoken["place_kind"]), strict=True)
    order = {metric: at for at, metric in enumerate(catalogue.metrics())}
    spoken = spoken.assign(nowhere=spoken["adcode"] == "", order=spoken["metric"].map(order))
    spoken = spoken.sort_values(["nowhere", "adcode", "place", "year", "order"], ignore_index=True)
    return spoken[[name for name in columns("long") if name in spoken]]


def _given(told: set[str]) -> list[str]:
    """Return the metrics that are told, and those that may follow from one that is, in the catalogue's order."""
    known = catalogue.metrics().values()
    return [one.id for one in known if one.id in told or (one.derived and one.derived.of in told)]


def _wanted(stated: pd.DataFrame, years: Iterable[int]) -> list[int]:
    known = sorted({int(year) for year in stated["year"]})
    if not known:
        raise RequestError("no value with a year to export; put reports into data/raw and run `ecoanalysis parse`")
    if strange := sorted(set(years) - set(known)):
        raise RequestError(f"no value of {strange[0]}; there are values of {', '.join(map(str, known))}")
    return sorted(set(years)) or known


def _code(place: str, kind: str) -> tuple[str, str]:
    """Return code and province; a place without a code of its own, such as a development zone, has an empty one."""
    city, _, district = place.partition("/")
    found = None
    if kind == CITY:
        found = places.find(city)
    elif kind == DISTRICT:
        found = places.find(district, within=city)
    around = found or (places.find(city) if kind == DISTRICT else None)
    return (found.adcode if found else "", around.province if around else "")


def columns(form: str) -> dict[str, dict[str, str]]:
    """Return the columns of the long or the wide form with what `knowledge/export.csv` says of them.

    >>> [*columns("wide")]
    ['adcode', 'adcode_number', 'place', 'province', 'year', 'sample', 'compared', 'left_out', 'withheld']
    """
    return {row["column"]: row for row in rows("export.csv") if row["form"] in (form, "both")}


def wide(values: pd.DataFrame) -> pd.DataFrame:
    """Return the long form as one row a city and year, with a column a metric.

    A cell holds a value only where it compares with those of the same year, and that year's terms are the ones that the
    column is of (see `groups`): a column never joins two scopes, periods, conditions or sides of a break. No cell says
    that its value is only about so much or derived, so such values have none. `left_out` counts the row's values that have
    no cell, `withheld` those that a report withholds. Districts, and places without a code, stand in the long form only.
    """
    cities = values[(values["place_kind"] == CITY) & (values["adcode"] != "")]
    if cities.empty:
        raise RequestError("no value of a city with a code; export the long form, which holds every place")
    key = ["adcode", "place", "province", "year"]
    terms = groups(values).set_index(["metric", "year"])["kept"].to_dict()
    usual = [terms.get(pair, False) for pair in zip(cities["metric"], cities["year"], strict=True)]
    plain = (cities["bound"] == "=") & ~cities["derived"].astype(bool)
    compared = cities["comparable"] & plain & pd.Series(usual, index=cities.index)
    present = cities["value"].notna()
    counts = cities.assign(compared=compared, left_out=present & ~compared, withheld=~present).groupby(key)
    heads = counts[["sample", "compared", "left_out", "withheld"]].sum().astype("int64").astype({"sample": "bool"})
    cells = cities[compared].pivot(index=key, columns="metric", values="value")
    order = [metric for metric in catalogue.metrics() if metric in cells.columns]
    table = heads.join(cells[order].rename(columns=variables())).reset_index()
    table.columns.name = None
    return table


def groups(values: pd.DataFrame) -> pd.DataFrame:
    """Return of which scope, period, counted unit, condition and era the values of each metric and year are that compare.

    An era is what lies between breaks (breaks.csv); it is named where a metric has values of several. Columns: metric,
    year, zh, en (the terms in words), cities, and `kept`: whether they are the terms that most values
    of the metric have over all years, those of the latest year among equals. Only such years stand in the wide form.
    """
    found, eras = [], {}
    for (metric, year), alike in values[values["comparable"]].groupby(["metric", "year"], sort=False):
        first = alike.iloc[0].to_dict()
        said = {language: _terms(first, language) for language in ("zh", "en")}
        eras[metric, year] = group_of(first).era
        found.append({"metric": metric, "year": year, **said, "cities": len(alike)})
    for row in found:
        own = eras[row["metric"], row["year"]]
        if any(metric == row["metric"] and era != own for (metric, _), era in eras.items()):
            row |= {language: f"{row[language]}, {_era(row['metric'], own, language)}" for language in ("zh", "en")}
    table = pd.DataFrame(found, columns=["metric", "year", "zh", "en", "cities"])
    table["total"] = table.groupby(["metric", "en"])["cities"].transform("sum")
    table["latest"] = table.groupby(["metric", "en"])["year"].transform("max")
    usual = table.sort_values(["total", "latest", "en"]).groupby("metric")["en"].last()
    table["kept"] = table["en"] == table["metric"].map(usual)
    return table.drop(columns=["total", "latest"]).sort_values(["metric", "year"], ignore_index=True)


def _terms(row: dict, language: str) -> str:
    by_wording = classes()[row["scope_class"]]["compares"] == "wording"
    label = row["scope"] if by_wording else scope_label(row | {"scope": ""}, language)
    period = period_label(row["period_start"], row["period_end"], language, int(row["year"]))
    counted = counts_as(row["unit"], row["unit_text"])
    parts = (label, period, "" if counted == "1" else counted, row.get("condition", ""))
    return ", ".join(filter(None, parts))


def _era(metric: str, era: tuple, language: str) -> str:
    """Say which breaks lie before a period, and which within it."""
    before, by_end = era
    said = [(one, one.code in before) for one in breaks(metric) if one.code in by_end]
    names = [getattr(one, language) for one, _ in said]
    words = [
        name if whole else say("export.part", language, name=name) for name, (_, whole) in zip(names, said, strict=True)
    ]
    return joined(words, language, SEMICOLON) or say("export.before", language)


def variables() -> dict[str, str]:
    """Return the variable name of every metric: letters, digits and _, at most 32, each once.

    A name that is too long is cut and ends in four digits of its hash, so that it is the same in every export.

    >>> variables()["air.pm25"], variables()["enforcement.complaints_satisfaction_rate"]
    ('air_pm25', 'enforcement_complaints_sati_1e08')
    """
    names: dict[str, str] = {}
    for metric in catalogue.metrics():
        name = re.sub(r"\W", "_", metric, flags=re.ASCII)
        digest = hashlib.sha256(metric.encode()).hexdigest()[:4]
        short = len(name) <= _LONGEST and name not in names.values()
        names[metric] = name if short else f"{name[: _LONGEST - 5]}_{digest}"
    return names
