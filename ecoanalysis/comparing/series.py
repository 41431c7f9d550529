"""A metric over the years: a line a city, cut where the figure became another figure, and the nation beside it.

In: facts. Out: a row for every place and year, then the national figures, raw and without dust apart. Values that are
alike, years that follow each other and no break between them make a `segment`: only within one may points be joined.
"""

from collections import Counter
from typing import Any

import pandas as pd

from ecoanalysis.comparing.baselines import MEANS, NATIONWIDE
from ecoanalysis.comparing.groups import On, class_of
from ecoanalysis.comparing.panel import precedence
from ecoanalysis.comparing.periods import full_year, period_label
from ecoanalysis.comparing.places import CITY, place_label
from ecoanalysis.comparing.yearly import Row, against, by_year, why_columns
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.standards import nationals, passed
from ecoanalysis.tables.sure import SURE

NATION = "nation"
COLUMNS = [
    *("city", "year", "value", "bound", "unit", "unit_text", "segment", "dust", "comparable", "why_not", "why_not_en"),
    *("reason", "period", "scope", "scope_class", "condition", "formula", "report", "start", "end", "quote", "source"),
    *("period_start", "period_end", "place", "place_kind", "publisher", "sample", "unsure", "sure", "metric", "stat"),
]


def series(
    facts: pd.DataFrame, metric: str, reports: pd.DataFrame | None = None, on: On = (), sure: float = SURE
) -> pd.DataFrame:
    """Return one row per place and year that gives `metric`, years in order, and the national figures below.

    All comparable values are of one scope, one set of months, one unit and one condition: that which most cities have,
    or that `on` names; none was read with a confidence below `sure`. `segment` numbers, within a place (and the nation's `dust`), the runs of years that may be
    joined; it is 0 where a value does not compare. National rows have the `place_kind` nation and a `source`; there
    are none beside parts of a year, counts, or scopes that no national figure is of. `attrs["metric"]` is the metric.
    An unknown metric, or a group that no value is of, raises `RequestError`.
    """
    found: dict[tuple[str, int], list[Row]] = {}
    rows = by_year(facts, metric, (), reports, on, sure)
    for row in rows:
        found.setdefault((row["place"], int(row["year"])), []).append(row)
    reference = _reference([row for row in rows if row["why"] is None and row["asked"]])
    made = [_row(alike, reference) for _, alike in sorted(found.items())]
    made += _nation(metric, reference)
    _number(made)
    frame = pd.DataFrame([row | {"metric": metric, "stat": "level"} for row in made], columns=COLUMNS)
    frame.attrs["metric"] = metric
    return frame.astype({"comparable": bool, "sample": bool})


def _reference(rows: list[Row]) -> Row | None:
    """Return a row of the season that most cities have, most values of these, ties to the full year and whole city."""
    cities = Counter(season for _, season in {(row["place"], row["season"]) for row in rows})
    values = Counter(row["season"] for row in rows)
    ranked = sorted(rows, key=lambda row: (-cities[row["season"]], -values[row["season"]], *precedence(row)[2:5]))
    return ranked[0] if ranked else None


def _row(alike: list[Row], reference: Row | None) -> dict[str, Any]:
    """Return the value of a place and year: that of the reference's kind, else the representative one with the reason."""
    of_kind = [row for row in alike if reference and row["season"] == reference["season"] and row["why"] is None]
    row = of_kind[0] if of_kind else min(alike, key=precedence)
    why = {"reason": "", "why_not": "", "why_not_en": ""}
    if not of_kind:
        why = why_columns(row["why"], row) if row["why"] else against(row, reference)
    name = row["place"] if row["place_kind"] == CITY else place_label(row["place"], row["place_kind"])
    period = period_label(row["period_start"], row["period_end"], year=row["year"])
    about = {"city": name, "period": period, "dust": "", "source": "", "comparable": bool(of_kind)}
    return row | why | about | {"era": row["group"].era}


def _nation(metric: str, reference: Row | None) -> list[dict[str, Any]]:
    if reference is None or not full_year(reference["period_start"], reference["period_end"]):
        return []
    if catalogue.metrics()[metric].unit not in MEANS or class_of(reference) not in NATIONWIDE:
        return []
    texts = dict.fromkeys(("unit_text", "why_not", "why_not_en", "reason", "condition", "formula", "report"), "")
    shared = {**texts, "city": "全国", "place": "全国", "place_kind": NATION, "bound": "=", "start": -1, "end": -1}
    shared |= {
        "quote": "",
        "publisher": "",
        "sample": False,
        "unsure": "",
        "sure": reference["sure"],
        "comparable": True,
        "scope_class": "country",
        "period": "全年",
    }
    rows = []
    for one in nationals(metric):
        start, end = pd.Timestamp(one.year, 1, 1), pd.Timestamp(one.year, 12, 31)
        own = {"year": one.year, "value": one.value, "unit": one.unit, "dust": one.dust, "scope": one.scope}
        own |= {"source": one.source, "period_start": start, "period_end": end}
        rows.append(shared | own | {"era": passed(metric, start.date(), end.date())})
    return rows


def _number(rows: list[dict[str, Any]]) -> None:
    """Number the runs of years that may be joined; the rows of a place stand together, in order of years."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        row["segment"] = 0
        if row["comparable"]:
            before = last.get((row["place"], row["dust"]))
            joined = before and before["year"] + 1 == row["year"] and before["era"] == row["era"]
            row["segment"] = before["segment"] + (not joined) if before else 1
            last[row["place"], row["dust"]] = row
