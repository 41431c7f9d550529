"""Say how much was left out for doubt, and from which confidence values are ranked.

In: facts, or a table that has the column `sure`. Out: a sentence, or a line to stand below a chart.
"""

from collections.abc import Sequence

import pandas as pd

from ecoanalysis.comparing.evidence import told
from ecoanalysis.comparing.places import REGION
from ecoanalysis.knowledge.wording import say
from ecoanalysis.tables.sure import SURE


def doubt_finding(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    sure: float = SURE,
    language: str = "zh",
) -> str:
    """Return how many values of cities and districts, of these years and domains, were left out for doubt; "" for none."""
    rows = told(facts, year, reports, domains, sure)
    count = int(((rows["unsure"] != "") & (rows["place_kind"] != REGION)).sum())
    return say("doubt.finding", language, count=count, sure=sure) if count else ""


def sure_line(table: pd.DataFrame, language: str = "zh") -> str:
    """Return from which confidence the values of a table are ranked; "" for a table that does not say."""
    if "sure" not in table or table["sure"].isna().all():
        return ""
    return say("sure.line", language, sure=float(table["sure"].dropna().iloc[0]))
