"""Put the change between two years into words: how many became better or worse, who most, and who has no pair.

In: the table of `comparing.slope`. Out: Chinese or English sentences, and pairs of reason and name.
"""

from typing import Any

import pandas as pd

from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.words import metric_name, several, shared_terms
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.knowledge.wording import say

_SAID = {"better": "better", "worse": "worse", "moved": "moved_most", "same": "same", "": "about"}


def slope_finding(table: pd.DataFrame, language: str = "zh") -> str:
    """Return how many cities compare and which way they moved, the largest move each way, and what is left out.

    Where a report's own published change does not follow from the two values, the cities are named.
    """
    table = table.assign(label=place_labels(table, language))
    shown = table[table["comparable"]]
    metric, first, last = table.attrs["about"]
    about = {"first": first, "last": last, "name": metric_name(metric, language)}
    left = len(table) - len(shown)
    if shown.empty:
        return say("slope.none", language, count=left, **about)
    parts = [_moves(shown, direction, language) for direction in ("better", "worse", "moved", "same", "")]
    joined = ("，" if language == "zh" else ", ").join(filter(None, parts))
    said = say("slope.finding", language, count=len(shown), terms=shared_terms(shown, language), parts=joined, **about)
    if left:
        said += say("slope.left", language, count=left)
    unlike = shown[shown["agrees"].eq(False)]
    if len(unlike):
        said += say("slope.disagree", language, names=several(unlike["label"].tolist(), language))
    return said


def _moves(shown: pd.DataFrame, direction: str, language: str) -> str:
    """Return how many moved in a direction, and the one that moved most with both its values."""
    rows = shown[shown["direction"] == direction]
    if rows.empty:
        return ""
    most = rows.loc[rows["change"].abs().idxmax()].to_dict()
    return say(f"slope.{_SAID[direction]}", language, count=len(rows), most=_pair(most, language))


def _pair(row: dict[str, Any], language: str) -> str:
    scale = scale_of(row["unit"], [row["value0"], row["value"]], language)
    values = {"first": scale.text(row["value0"], row["bound0"]), "last": scale.text(row["value"], row["bound"])}
    return say("slope.pair", language, place=row["label"], **values)


def without_pair(table: pd.DataFrame, language: str = "zh") -> list[tuple[str, str]]:
    """Return (reason, name) of each place that has no pair in the chart; one that has a pair of another kind shows it."""
    rest = table[~table["comparable"]]
    rest = rest.assign(label=place_labels(rest, language)).to_dict("records")
    why = "why_not" if language == "zh" else "why_not_en"
    return [(row[why], _pair(row, language) if pd.notna(row["change"]) else row["label"]) for row in rest]
