"""Put targets and promises into sentences, and their figures into rows that charts and links understand.

In: a table of `targets` or `promises`. Out: sentences with numbers and caveats, and rows like facts.
"""

from typing import Any

import pandas as pd

from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.promises import KEPT, OUTCOMES
from ecoanalysis.comparing.verdicts import MET, MISSED, OTHER
from ecoanalysis.comparing.words import metric_name
from ecoanalysis.knowledge.wording import say

JUDGED = (MET, KEPT, MISSED, OTHER)  # outcomes that rest on a result of the plan's own terms
_MOST = 3  # missed plans that a sentence names
_SHARED = ("place", "place_kind", "metric", "stat", "basis", "publisher", "sample", "sure", "year")

Row = dict[str, Any]


def figure(row: Row, side: str) -> Row:
    """Return the planned (`side` target) or the reported figure (result) of a row as a row of facts."""
    own = {name.removeprefix(f"{side}_"): value for name, value in row.items() if name.startswith(f"{side}_")}
    return {name: row[name] for name in _SHARED} | own


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return both figures of each row below each other, those that some report states, as rows of facts."""
    rows = [figure(row, side) for row in table.to_dict("records") for side in ("target", "result")]
    columns = [*_SHARED, *(name.removeprefix("target_") for name in table if name.startswith("target_"))]
    frame = pd.DataFrame(rows, columns=columns)
    return frame[frame["report"] != ""].reset_index(drop=True)


def outcome_name(outcome: str, language: str = "zh") -> str:
    """Return what an outcome is called.

    >>> outcome_name("missed"), outcome_name("no_report", "en")
    ('未达到', 'no report yet')
    """
    return say(f"outcome.{outcome}", language)


def labels_of(table: pd.DataFrame, language: str = "zh") -> dict[str, str]:
    """Return what a chart calls each place of a table whose rows may repeat places."""
    places = table.drop_duplicates("place")
    return dict(zip(places["place"], place_labels(places, language), strict=True))


def plan_name(row: Row, language: str = "zh") -> str:
    """Return what a plan is about: its metric, or the change of its metric."""
    name = metric_name(row["metric"], language)
    return say("name.change", language, name=name) if row["stat"] == "change" else name


def target_finding(table: pd.DataFrame, year: int, language: str = "zh") -> list[str]:
    """Return sentences on a table of `targets`: how many were met, which were missed, what is not judged and why."""
    return _finding(table, year, "target", language)


def promise_finding(table: pd.DataFrame, year: int, language: str = "zh") -> list[str]:
    """Return sentences on a table of `promises`: how many were kept, which were not, and what silence means there."""
    return _finding(table, year, "promise", language)


def _finding(table: pd.DataFrame, year: int, kind: str, language: str) -> list[str]:
    if table.empty:
        return [say(f"{kind}.none", language, year=year, due=year + 1)]
    counts = table["outcome"].value_counts()
    about = {"year": year, "due": year + 1, "count": len(table), "places": table["place"].nunique()}
    judged = sum(int(counts.get(outcome, 0)) for outcome in JUDGED)
    parts = [
        say("promise.part", language, name=outcome_name(o, language), count=counts[o]) for o in OUTCOMES if o in counts
    ]
    said = [say(f"{kind}.count", language, judged=judged, parts=_list(parts, language), **about)]
    missed = table[table["outcome"] == MISSED]
    if len(missed):
        labels = labels_of(table, language)
        named = [_plan(row, labels[row["place"]], language) for row in missed.head(_MOST).to_dict("records")]
        plans = ("；" if language == "zh" else "; ").join(named)
        more = say("promise.more", language, count=len(missed)) if len(missed) > _MOST else ""
        said.append(say("promise.missed", language, plans=plans + more))
    if judged < len(table):
        said[-1] += _gap(language) + say("promise.unjudged", language, count=len(table) - judged)
    samples = say("sample", language) + ("。" if language == "zh" else ".") if table["sample"].any() else ""
    return [*said, _gap(language).join(filter(None, (say(f"{kind}.caveat", language, **about), samples)))]


def _plan(row: Row, label: str, language: str) -> str:
    target, result = (value_text(figure(row, side), language) for side in ("target", "result"))
    name = plan_name(row, language)
    return say("promise.plan", language, place=label, name=name, target=target, result=result)


def _gap(language: str) -> str:
    return "" if language == "zh" else " "


def _list(parts: list[str], language: str) -> str:
    return ("，" if language == "zh" else ", ").join(parts)
