"""Counts of several kinds side by side: what was inspected, filed, fined, spared.

In: facts. Out: the panels of these metrics below each other.
"""

from collections.abc import Sequence

import pandas as pd

from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.tables.sure import SURE

FUNNEL = (
    "enforcement.cases_filed",
    "enforcement.penalties",
    "enforcement.no_penalty_cases",
    "enforcement.lenient_cases",
    "enforcement.seizures",
    "enforcement.production_limits",
    "enforcement.police_transfers",
)
INSPECTION = (
    "inspection.central_tasks",
    "inspection.central_tasks_done",
    "inspection.central_tasks_ongoing",
    "inspection.provincial_tasks",
    "inspection.provincial_tasks_done",
)
ACTIVITIES = (
    "party.theme_party_days",
    "party.three_meetings_one_lesson",
    "party.education_sessions",
    "party.practice_activities",
    "party.integrity_education",
    "party.integrity_talks",
    "party.supervision_checks",
)


def counts(
    facts: pd.DataFrame,
    metrics: Sequence[str],
    year: int,
    reports: pd.DataFrame | None = None,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the panels of `metrics` below each other; metrics of different units raise `RequestError`.

    Counts of different things (cases, firms, yuan) share no axis.
    """
    known = of_places(facts, reports, sure)
    panels = [placed_panel(known, metric, year) for metric in metrics]
    if len({catalogue.metrics()[metric].unit for metric in metrics}) != 1:
        units = ", ".join(f"{metric} in {catalogue.metrics()[metric].unit}" for metric in metrics)
        raise RequestError(f"counts of one unit share an axis, these are not: {units}; ask for each unit apart")
    return pd.concat(panels, ignore_index=True)
