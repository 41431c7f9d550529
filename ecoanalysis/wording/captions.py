"""What stands above and below a picture: its title, unit and terms, what is hollow, who is not in it, the source line.

In: a panel or another comparison table. Out: text in Chinese or English.
"""

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.comparing.series import NATION, drawn
from ecoanalysis.comparing.slope import pair
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import full_year, period_label
from ecoanalysis.knowledge.place_names import ANONYMOUS, CITY, DISTRICT, ELSEWHERE
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.names import (
    PAUSE,
    SEMICOLON,
    STOP,
    column_in,
    joined,
    place_labels,
    several,
    shared_terms,
    subject,
    with_kinds,
)
from ecoanalysis.wording.sentences import say, sentence


def silent_list(labels: Sequence[str], language: str, opening: str = "silent.list") -> list[str]:
    """Return how many places are silent, and their names, as pieces that a line break must not split."""
    named = [*(label + PAUSE[language] for label in labels[:-1]), *labels[-1:]]
    return [say(opening, language, count=len(labels)), *named]


def terms_line(panel: pd.DataFrame, scale: Scale, language: str) -> str:
    """Return what the values have in common: unit, scope, period, and which direction is better."""
    better = catalogue.metrics()[panel["metric"].iloc[0]].better
    parts = [scale.name, shared_terms(panel, language), say(f"better.{better}", language)]
    return joined(parts, language, SEMICOLON)


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
    line = say("source.line", language, publishers=publishers, year=year)
    sure = rows.get("sure", pd.Series()).dropna()
    ranked_from = say("sure.line", language, sure=float(sure.iloc[0])) if len(sure) else ""
    sample = say("page.sample", language) if rows["sample"].any() else ""
    return joined([line, ranked_from, sample], language, STOP)


def source_of(reports: pd.DataFrame, shown: Collection[str], note: str, language: str) -> str:
    """Return the line that names the publishers, the years and samples, then the `note` on how it was counted."""
    rows = with_kinds(reports[reports["report"].isin(shown)])
    years = sorted({int(year) for year in rows["year"].dropna()})
    span = "–".join(str(year) for year in dict.fromkeys((*years[:1], *years[-1:]))) or "?"
    # Once a place: where one has several reports, its name would pass for that of two places.
    once = rows.assign(sample=bool(rows["sample"].any())).drop_duplicates(["place", "publisher"])
    return source_line(once, span, language) + STOP[language] + note


def hollow_line(panel: pd.DataFrame, language: str) -> str:
    """Return what the hollow dots of a panel mean, empty where it has none."""
    hollow = panel[panel["value"].notna() & ~panel["comparable"]]
    if hollow.empty:
        return ""
    doubtful = hollow["unsure"] != ""
    kind = "only_unsure" if doubtful.all() else "unsure" if doubtful.any() else "unlike"
    return say(f"hollow.{kind}", language)


def told_by(panel: pd.DataFrame, language: str) -> list[str]:
    """Return for each row who says its value, empty where that is the place's own report, or for all the same body."""
    valued = panel.loc[panel["report"] != "", "told_by"]
    if valued.nunique() <= 1:
        return [""] * len(panel)
    return [say("page.told_by", language, source=source) if source else "" for source in panel["told_by"]]


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


def not_drawn(table: pd.DataFrame, language: str = "zh") -> list[tuple[str, str]]:
    """Return (reason, name) of what a chart of the table leaves out: places with one year, values that do not compare."""
    shown = set(drawn(table)["place"])
    label = dict(zip(table["place"], place_labels(table, language), strict=True))
    single = table[table["comparable"] & ~table["place"].isin(shown) & (table["place_kind"] != NATION)]
    said = [(say("series.single", language), label[place]) for place in single["place"]]
    for (reason, place), rows in table[~table["comparable"]].groupby([column_in(language), "place"], sort=False):
        said.append((reason, f"{label[place]} {joined(list(map(str, rows['year'])), language, PAUSE)}"))
    return said


def without_pair(table: pd.DataFrame, language: str = "zh") -> list[tuple[str, str]]:
    """Return (reason, name) of each place that has no pair in the chart; one that has a pair of another kind shows it."""
    rest = table[~table["comparable"]]
    rest = rest.assign(label=place_labels(rest, language)).to_dict("records")
    why = column_in(language)
    return [(row[why], sentence(pair(row), language) if pd.notna(row["change"]) else row["label"]) for row in rest]


def titled(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return a title for a panel: its year and metric; where what compares is of a part of the year, that part."""
    first, alike = panel.iloc[0], panel[panel["comparable"]]
    name = subject(first, language)
    if ranked(panel):
        start, end = alike["period_start"].iloc[0], alike["period_end"].iloc[0]
        if not full_year(start, end):
            return say("title.ranking_part", language, period=period_label(start, end, language), name=name)
    return say("title.ranking", language, year=int(first["year"]), name=name)
