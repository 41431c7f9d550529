"""One city among its peers: where each of its values stands, what does not compare, and what it is silent on.

In: facts and a city. Out: one row per metric that the city speaks of, and per indicator of the scorecard that it does not.
The peers of a value are the cities that compare with it: those of the panel's group, or of the city's own (中心城区) where
the city is not in that one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.coverage import in_order
from ecoanalysis.comparing.groups import class_of, group_of
from ecoanalysis.comparing.panel import COLUMNS as PANEL
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.periods import period_label
from ecoanalysis.comparing.places import CITY, of_places, resolve
from ecoanalysis.comparing.words import FEWEST
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.wording import LANGUAGES, say
from ecoanalysis.tables.sure import SURE

COLUMNS = [
    *("metric", "state", "value", "unit", "better", "peers", "median", "q1", "q3", "low", "high", "rank", "behind"),
    *("last", "last_report", "last_start", "last_end", "last_quote"),
]
COMPARED, ALONE = "compared", "alone"  # the other states are unsure, withheld, planned and silent
_GROUPS = {
    "scope",
    "tier",
    "period",
    "unit",
    "dust",
    "standard",
    "definition",
    "round",
}  # reasons that another group may mend


def profile(
    facts: pd.DataFrame,
    city: str,
    year: int,
    reports: pd.DataFrame | None = None,
    metrics: Sequence[str] | None = None,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return one row per metric of a city in `year`: the columns of its panel row, and where it stands among its peers.

    `state` is compared (at least two other cities have a comparable value), alone (`why_not` says why), unsure (to be checked), withheld, planned
    or silent. `peers` counts the other cities; `median`, `q1` and `q3` (linear quartiles), `low` and `high` are theirs, in
    the unit of the row. `rank` counts the city too, 1 is best, level values share the better rank; `behind` counts the
    peers that are worse; both NaN where neither direction is better. `last` is the city's value of the year before, of the same scope, period, condition and standard.
    `attrs["peers"]` holds the panel rows of the peers. A city without any report raises `RequestError`.
    """
    place = resolve([city], facts)[0]
    known = of_places(facts, reports, sure)
    own = known[(known["place"] == place) & (known["stat"] == "level")]
    standard = [row["metric"] for row in rows("scorecard.csv")]
    wanted = {*own.loc[own["year"] == year, "metric"], *standard}
    every = in_order(metric for metric in catalogue.metrics() if metric in wanted)
    names = every if metrics is None else list(dict.fromkeys(metrics))
    made, peers = [], []
    for metric in names:
        row, others = _among_peers(facts, metric, year, reports, place, sure)
        made.append(row | _standing(row, others) | _last(own[own["metric"] == metric], row))
        peers += others.to_dict("records")
    frame = pd.DataFrame(made)
    frame = frame[[*COLUMNS, *(name for name in PANEL if name not in COLUMNS)]]
    frame.attrs["peers"] = peers
    return frame


def _among_peers(
    facts: pd.DataFrame, metric: str, year: int, reports: pd.DataFrame | None, place: str, sure: float
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the panel row of a place, and the rows of the others that compare with it; no others where fewer than two."""
    one = panel(facts, metric, year, reports, sure=sure)
    row, others = _row(one, place, metric, year, sure), _others(one, place)
    if row["reason"] and set(row["reason"].split(";")) <= _GROUPS:
        one = panel(facts, metric, year, reports, on=_group_names(row, year), sure=sure)
        within, others = _row(one, place, metric, year, sure), _others(one, place)
        row = within if within["comparable"] and len(others) >= FEWEST - 1 else row
    if row["comparable"] and len(others) < FEWEST - 1:
        texts = [say("profile.few" if len(others) else "profile.nobody", name, count=len(others)) for name in LANGUAGES]
        row |= {"comparable": False, "reason": "few", "why_not": texts[0], "why_not_en": texts[1]}
    return row, others if row["comparable"] else others.iloc[:0]


def _others(one: pd.DataFrame, place: str) -> pd.DataFrame:
    return one[one["comparable"] & (one["place"] != place)]


def _row(one: pd.DataFrame, place: str, metric: str, year: int, sure: float) -> dict[str, Any]:
    """Return the row of a place; one that stands in no report of that year is silent."""
    found = one[one["place"] == place].to_dict("records")
    if found:
        return found[0]
    empty: dict[str, Any] = dict.fromkeys(PANEL, "")
    empty |= {"place": place, "city": place, "place_kind": CITY, "metric": metric, "stat": "level", "year": year}
    empty |= {"value": np.nan, "period_start": pd.NaT, "period_end": pd.NaT, "start": -1, "end": -1, "bound": "="}
    empty |= {
        "comparable": False,
        "derived": False,
        "sample": False,
        "reason": "silent",
        "sure": sure,
        "confidence": np.nan,
    }
    silent = {"why_not": say("mark.silent", "zh"), "why_not_en": say("mark.silent", "en")}
    return empty | silent | {"unit": catalogue.metrics()[metric].unit}


def _group_names(row: dict[str, Any], year: int) -> list[str]:
    names = [class_of(row), period_label(row["period_start"], row["period_end"], "zh", year)]
    return [*names, row["unit_text"]] if "unit" in row["reason"].split(";") and row["unit_text"] else names


def _standing(row: dict[str, Any], others: pd.DataFrame) -> dict[str, Any]:
    """Return the state of a row, and its place among the others."""
    better = catalogue.metrics()[row["metric"]].better
    silent = {"doubt": "unsure", "withheld": "withheld", "planned": "planned", "silent": "silent"}
    found: dict[str, Any] = {"state": silent.get(row["reason"], COMPARED if len(others) else ALONE), "better": better}
    found |= dict.fromkeys(("median", "q1", "q3", "low", "high", "rank", "behind"), np.nan) | {"peers": len(others)}
    if not len(others):
        return found
    values = others["value"].to_numpy(dtype=float)
    names = ("low", "q1", "median", "q3", "high")
    found |= {name: float(np.quantile(values, at)) for name, at in zip(names, (0, 0.25, 0.5, 0.75, 1), strict=True)}
    if better != "none":
        sign = 1 if better == "higher" else -1
        ahead, behind = (int((side * sign * (values - row["value"]) > 0).sum()) for side in (1, -1))
        found |= {"rank": 1 + ahead, "behind": behind}
    return found


def _last(own: pd.DataFrame, row: dict[str, Any]) -> dict[str, Any]:
    """Return the value of the year before that is of the same group as a row, NaN where there is none or several."""
    found: dict[str, Any] = {"last": np.nan, "last_report": "", "last_start": -1, "last_end": -1, "last_quote": ""}
    if (
        pd.isna(row["value"])
        or row["unsure"]
        or row["bound"] != "="
        or pd.isna(row["period_end"])
        or pd.isna(row["period_start"])
    ):
        return found
    group, year = group_of(row), pd.DateOffset(years=1)
    before = own[(own["status"] == "reported") & (own["bound"] == "=") & own["value"].notna() & (own["unsure"] == "")]
    before = before[before["year"] == row["year"] - 1].sort_values(["told_by", "report", "start"]).to_dict("records")
    same = [fact for fact in before if pd.notna(fact["period_start"]) and pd.notna(fact["period_end"])]
    moved = [(fact, group_of(fact)) for fact in same]
    alike = [one for one, of in moved if of._replace(start=of.start + year, end=of.end + year) == group]
    alike = [fact for fact in alike if not fact["told_by"]] or alike
    if len({fact["value"] for fact in alike}) != 1:
        return found
    one = alike[0]
    return {"last": one["value"]} | {f"last_{name}": one[name] for name in ("report", "start", "end", "quote")}


def peers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the other cities that a profile holds its city against, and its own figures of the year before."""
    before = table[table["last_report"] != ""]
    last = {"report": before["last_report"], "start": before["last_start"], "end": before["last_end"]}
    return pd.concat(
        [pd.DataFrame(table.attrs["peers"]), before.assign(value=before["last"], **last)], ignore_index=True
    )
