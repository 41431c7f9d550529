"""Put a panel into a sentence: the finding, with its numbers and its caveat.

In: a panel. Out: Chinese or English prose that claims no more than the panel holds, and the parts that charts share.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.periods import full_year, period_label
from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.reasons import scope_label
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.wording import check_language, say

FEWEST = 3  # comparable values that make a ranking
MOST_NAMED = 3  # names in a row before the rest are only counted


def ranked(panel: pd.DataFrame) -> bool:
    """Return whether a panel has enough comparable values for a ranking: three."""
    return int(panel["comparable"].sum()) >= FEWEST


def metric_name(metric: str, language: str = "zh") -> str:
    """Return a metric's name in Chinese or English.

    >>> metric_name("air.good_days", "en")
    'Days with good or moderate air quality (AQI ≤ 100)'
    """
    return getattr(catalogue.metrics()[metric], check_language(language)).replace("<=", "≤").replace(">=", "≥")


def subject(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return what a panel is about: its metric, or the change of its metric."""
    name = metric_name(panel["metric"].iloc[0], language)
    return say("name.change", language, name=name) if panel["stat"].iloc[0] == "change" else name


def terms(row: dict[str, Any], language: str = "zh") -> str:
    """Return scope and period of a panel's row, such as 中心城区，上半年; a scope that is not written is left out."""
    period = period_label(row["period_start"], row["period_end"], language, row["year"])
    scope = scope_label(row, language) if row["scope"] else ""
    return ("，" if language == "zh" else ", ").join(filter(None, (scope, period)))


def shared_terms(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return the scope and period that all comparable values have, empty where there is none."""
    shared = panel[panel["comparable"]]
    if shared.empty:
        return ""
    row = shared.iloc[0].to_dict()
    # The words of one city would not do for all: the class has a name of its own, in Chinese too.
    return terms(row | {"scope": scope_label(row | {"scope": ""}, "zh")}, language)


def titled(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return a title for a panel: its year and metric; where what compares is of a part of the year, that part."""
    year, name = int(panel["year"].iloc[0]), subject(panel, language)
    alike = panel[panel["comparable"]]
    if ranked(panel) and not full_year(alike["period_start"].iloc[0], alike["period_end"].iloc[0]):
        period = period_label(alike["period_start"].iloc[0], alike["period_end"].iloc[0], language)
        return say("title.ranking_part", language, period=period, name=name)
    return say("title.ranking", language, year=year, name=name)


def finding(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return what a panel shows: lowest and highest of the comparable values, or each value where there is no ranking.

    What is left out is counted, and why; no value in doubt is named.
    """
    panel = panel.assign(label=place_labels(panel, language))
    valued = panel[panel["value"].notna() & (panel["unsure"] == "")]
    about = {"year": panel["year"].iloc[0], "name": subject(panel, language)}
    if valued.empty:
        said = say("finding.nothing", language, **about)
    elif ranked(panel):
        said = _ranking(panel, about, language)
    else:
        values = [_value(row, language) for row in valued.to_dict("records")]
        said = say("finding.side_by_side", language, values=("；" if language == "zh" else "; ").join(values), **about)
    return said + _left_out(panel, language)


def _ranking(panel: pd.DataFrame, about: dict[str, object], language: str) -> str:
    values = panel[panel["comparable"]].sort_values("value", kind="stable").to_dict("records")
    low, high = ([row for row in values if row["value"] == values[at]["value"]] for at in (0, -1))
    shared = {"count": len(values), "terms": shared_terms(panel, language), **about}
    if len(low) == len(values):
        return say("finding.equal", language, high=_values(low, language), **shared)
    return say("finding.ranking", language, low=_end(low, language), high=_end(high, language), **shared)


def _end(tied: list[dict[str, Any]], language: str) -> str:
    """Return who is at one end of a ranking, all of them where several are level, and with what value."""
    if len(tied) == 1:
        return say("finding.end", language, place=tied[0]["label"], value=_values(tied, language))
    names = several([row["label"] for row in tied], language)
    return say("finding.tied", language, places=names, value=_values(tied, language))


def _values(tied: list[dict[str, Any]], language: str) -> str:
    # About 100% and 100% are level, but not the same words.
    texts = dict.fromkeys(value_text(row, language) for row in tied)
    return ("、" if language == "zh" else " / ").join(texts)


def several(names: Sequence[str], language: str = "zh", what: str = "cities", most: int = MOST_NAMED) -> str:
    """Return names of cities, places or bureaus as one phrase: all of them, or the first `most` and how many there are.

    >>> several(["宜春", "威海"]), several(["Yichun", "Weihai"], "en"), several(["九江"])
    ('宜春、威海', 'Yichun and Weihai', '九江')
    >>> several(list("甲乙丙丁")), several(["A", "B", "C", "D", "E"], "en")
    ('甲、乙、丙等4个城市', 'A, B, C and 2 more')
    """
    comma = "、" if language == "zh" else ", "
    if len(names) > most:
        count = len(names) if language == "zh" else len(names) - most
        return say(f"names.{what}", language, names=comma.join(names[:most]), count=count)
    if language == "zh" or len(names) < 2:
        return comma.join(names)
    return say("names.last", language, names=comma.join(names[:-1]), last=names[-1])


def _left_out(panel: pd.DataFrame, language: str) -> str:
    reasons = panel["reason"]
    silent = int(reasons.isin(("silent", "planned")).sum())
    counts = {code: int((reasons == code).sum()) for code in ("withheld", "moved")} | {"silent": silent}
    doubtful = panel["unsure"] != ""
    if ranked(panel):
        counts = {"other": int((panel["value"].notna() & ~panel["comparable"] & ~doubtful).sum()), **counts}
    counts["unsure"] = int(doubtful.sum())
    parts = [say(f"finding.{kind}", language, count=count) for kind, count in counts.items() if count]
    code = "finding.left_out" if (panel["value"].notna() & ~doubtful).any() else "finding.of_these"
    return say(code, language, parts=("，" if language == "zh" else ", ").join(parts)) if parts else ""


def _value(row: dict[str, Any], language: str) -> str:
    return say(
        "finding.value",
        language,
        place=row["label"],
        value=value_text(row, language),
        terms=row["why_not" if language == "zh" else "why_not_en"]
        if row["reason"] == "conflict"
        else terms(row, language),
    )
