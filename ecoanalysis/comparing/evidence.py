"""The facts behind a chart.

In: facts. Out: those of some years and domains with their places, or those that the rows of other tables come from.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.places import with_places
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.place_names import REGION
from ecoanalysis.tables.sure import SURE


def told(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the facts of a year, of several, or of all (None), in these domains (none means all), with their places."""
    known = catalogue.metrics()
    wanted = [metric for metric, entry in known.items() if not domains or entry.domain in domains]
    rows = with_places(facts, reports, sure)
    years = [year] if isinstance(year, int) else year
    of_years = rows["year"].isin(years) if years is not None else True
    return rows[rows["metric"].isin(wanted) & of_years]


def behind(facts: pd.DataFrame, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the facts that the rows of some tables come from, told by report and place in its text."""
    said = {quote for frame in frames for quote in _quotes(frame) if quote[0]}
    facts = facts[facts["report"].isin({report for report, _, _ in said})]
    return facts[[quote in said for quote in _quotes(facts)]]


def _quotes(rows: pd.DataFrame) -> Iterator[tuple[str, int, int]]:
    return zip(rows["report"], rows["start"], rows["end"], strict=True)


def doubt_finding(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    sure: float = SURE,
) -> list[Finding]:
    """Return how many values of cities and districts, of these years and domains, were left out for doubt, if any."""
    rows = told(facts, year, reports, domains, sure)
    count = int(((rows["unsure"] != "") & (rows["place_kind"] != REGION)).sum())
    return [Finding("doubt.finding", {"count": count, "sure": sure})] if count else []
