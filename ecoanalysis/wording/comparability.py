"""The table that says of every value whether it compares, and if not why.

In: panels. Out: a table for readers, a row a place and metric, whose index holds the anchor of each value's fact.
"""

from collections.abc import Sequence

import pandas as pd

from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording.names import metric_name, place_labels, scope_label, value_text
from ecoanalysis.wording.sentences import say

FACT = "fact"
_COLUMNS = ("metric", "place", "value", "scope", "period", "compares", "formula")


def comparability(panels: Sequence[pd.DataFrame], language: str = "zh") -> pd.DataFrame:
    """Return the rows of panels, or of a profile, that say anything: value, scope, period, whether it compares.

    Who is silent on the metric of a panel is counted in one row.
    """
    shown, anchors = [], []
    for panel in panels:
        panel = panel.assign(label=place_labels(panel, language))
        spoken = panel[panel["report"] != ""]
        for row in spoken.to_dict("records"):
            lonely = row["comparable"] and len(panel["metric"].unique()) == 1 and panel["comparable"].sum() == 1
            shown.append((metric_name(row["metric"], language), *_row(row, lonely, language)))
            anchors.append(anchor_of(row))
        silent, about = len(panel) - len(spoken), panel["metric"].unique()
        if silent and len(about) == 1:
            name = metric_name(about[0], language)
            shown.append((name, say("comparability.silent", language, count=silent), *[""] * (len(_COLUMNS) - 2)))
            anchors.append("")
    titles = [say(f"column.{column}", language) for column in _COLUMNS]
    return pd.DataFrame(shown, columns=titles, index=pd.Index(anchors, name=FACT, dtype="str"))


def _row(row: dict, lonely: bool, language: str) -> tuple[str, ...]:
    scope = row["scope"] or (scope_label(row, language) if row["scope_class"] else "")
    why = row["why_not" if language == "zh" else "why_not_en"] or say(
        "compares.alone" if lonely else "compares.yes", language
    )
    period = period_label(row["period_start"], row["period_end"], language, row["year"])
    return row["label"], value_text(row, language), scope, period, why, row["formula"]
