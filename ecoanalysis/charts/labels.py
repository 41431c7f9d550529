"""The texts that charts share: units and terms, the source line.

In: a panel. Out: text in Chinese or English.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.places import ANONYMOUS, CITY, DISTRICT, ELSEWHERE, place_labels
from ecoanalysis.comparing.sure_words import sure_line
from ecoanalysis.comparing.words import several, shared_terms
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import Scale, scale_of
from ecoanalysis.knowledge.wording import say


def panel_scale(panel: pd.DataFrame, language: str) -> Scale:
    """Return one scale for all values of a panel; counts keep their word (宗) where every report uses the same."""
    valued = panel.dropna(subset=["value"])
    scale = scale_of(panel["unit"].iloc[0], valued["value"].tolist(), language)
    words = set(valued["unit_text"]) if len(valued) else set()
    return (
        scale.called(words.pop())
        if scale.counted and language == "zh" and len(words) == 1 and "" not in words
        else scale
    )


def silent_list(labels: Sequence[str], language: str, opening: str = "silent.list") -> list[str]:
    """Return how many places are silent, and their names, as pieces that a line break must not split."""
    comma = "、" if language == "zh" else ", "
    return [say(opening, language, count=len(labels)), *(label + comma for label in labels[:-1]), *labels[-1:]]


def terms_line(panel: pd.DataFrame, scale: Scale, language: str) -> str:
    """Return what the values have in common: unit, scope, period, and which direction is better."""
    better = catalogue.metrics()[panel["metric"].iloc[0]].better
    parts = [scale.name, shared_terms(panel, language), say(f"better.{better}", language)]
    return ("；" if language == "zh" else "; ").join(filter(None, parts))


def source_line(rows: pd.DataFrame, year: int | str, language: str = "zh") -> str:
    """Return the line that says whose reports these are, from which confidence values are ranked, and which are samples.

    `rows` has the columns place, place_kind, publisher, sample and report, as a panel does; where nobody speaks of the
    metric, the line names those who are silent.
    """
    spoke = rows[rows["report"] != ""].drop_duplicates("report")
    spoke = rows.drop_duplicates("place") if spoke.empty else spoke
    labels = zip(spoke.to_dict("records"), place_labels(spoke, language), strict=True)
    names = list(dict.fromkeys(_publisher(row, label, language) for row, label in labels))
    publishers = say("source.publishers", language, names=several(names, language, "bureaus"))
    line = say("source", language, publishers=publishers, year=year)
    sample = say("sample", language) if rows["sample"].any() else ""
    return ("。" if language == "zh" else ". ").join(filter(None, (line, sure_line(rows, language), sample)))


def hollow_line(panel: pd.DataFrame, language: str) -> str:
    """Return what the hollow dots of a panel mean, empty where it has none."""
    hollow = panel[panel["value"].notna() & ~panel["comparable"]]
    if hollow.empty:
        return ""
    doubtful = hollow["unsure"] != ""
    return say("hollow.only_unsure" if doubtful.all() else "hollow.unsure" if doubtful.any() else "hollow", language)


def told_by(panel: pd.DataFrame, language: str) -> list[str]:
    """Return for each row who says its value, empty where that is the place's own report, or for all the same body."""
    valued = panel.loc[panel["report"] != "", "told_by"]
    if valued.nunique() <= 1:
        return [""] * len(panel)
    return [say("told_by", language, source=source) if source else "" for source in panel["told_by"]]


def _publisher(row: dict[str, Any], label: str, language: str) -> str:
    kind = row["place_kind"]
    if kind in (ANONYMOUS, ELSEWHERE) and not row["publisher"]:
        return say("source.anonymous", language)
    if row.get("told_by"):
        return row["told_by"]
    if language == "zh":
        return row["publisher"] or say("source.bureau", "zh", place=label)
    if kind in (CITY, DISTRICT):
        return say("source.bureau", "en", place=label)
    return say("source.anonymous", "en")
