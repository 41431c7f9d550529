"""All metrics of some domains: which of them enough cities report alike, and who reports the others.

In: facts. Out: a panel a metric, and findings that name what has no picture.
"""

from collections.abc import Sequence

import pandas as pd

from ecoanalysis.comparing.coverage import shared_metrics
from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places
from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.tables.sure import SURE

_MOST = 60  # metrics of a domain that are looked at: the ones most places speak of


def survey(
    facts: pd.DataFrame, year: int, domains: Sequence[str], reports: pd.DataFrame | None = None, sure: float = SURE
) -> list[pd.DataFrame]:
    """Return the panel of each metric of these domains that a place speaks of in `year`, in the order of the catalogue."""
    spoken = shared_metrics(facts, year, reports, domains, most=_MOST, least=1, sure=sure)
    known = of_places(facts, reports, sure)
    return [placed_panel(known, metric, year) for metric in spoken]


def compared(panels: Sequence[pd.DataFrame], without: Sequence[str] = ()) -> list[pd.DataFrame]:
    """Return the panels that have a ranking, but for the metrics `without`."""
    return [one for one in panels if ranked(one) and one["metric"].iloc[0] not in without]


def survey_finding(panels: Sequence[pd.DataFrame]) -> list[Finding]:
    """Return how many metrics three cities or more report alike, and the others with how many cities report each."""
    alike = compared(panels)
    said = [Finding("survey.count", {"metrics": len(panels), "compared": len(alike)})]
    rest = [one for one in panels if not ranked(one)]
    heard = [(one["metric"].iloc[0], int((one["value"].notna() & (one["place_kind"] == "city")).sum())) for one in rest]
    named = [Finding("survey.one", {"metric": metric, "count": count}) for metric, count in heard if count]
    return [*said, Finding("survey.rest", {"rest": named})] if named else said
