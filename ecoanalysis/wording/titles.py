"""What stands at the head of a picture of a panel.

In: a panel. Out: its title in Chinese or English.
"""

import pandas as pd

from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.knowledge.periods import full_year, period_label
from ecoanalysis.wording.names import subject
from ecoanalysis.wording.sentences import say


def titled(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return a title for a panel: its year and metric; where what compares is of a part of the year, that part."""
    first, alike = panel.iloc[0], panel[panel["comparable"]]
    name = subject(first, language)
    if ranked(panel):
        start, end = alike["period_start"].iloc[0], alike["period_end"].iloc[0]
        if not full_year(start, end):
            return say("title.ranking_part", language, period=period_label(start, end, language), name=name)
    return say("title.ranking", language, year=int(first["year"]), name=name)
