"""Say what a metric did over the years, and what of it a picture shows or leaves out.

In: the table of `comparing.series`. Out: sentences, the rows to draw, and pairs of reason and name.
"""

from itertools import pairwise

import pandas as pd

from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.series import NATION
from ecoanalysis.comparing.words import metric_name, several
from ecoanalysis.knowledge.standards import breaks
from ecoanalysis.knowledge.wording import say
from ecoanalysis.tables.rounding import hidden


def series_finding(table: pd.DataFrame, language: str = "zh") -> str:
    """Return how many cities have two years or more that compare, which of them only fell or only rose, and the breaks.

    Only values of one segment are held against each other.
    """
    name = metric_name(table.attrs["metric"], language)
    shown = drawn(table)
    cities = shown[shown["place_kind"] != NATION]
    if cities.empty:
        return say("series.none", language, name=name)
    about = cities.drop_duplicates("place")
    labels = dict(zip(about["place"], place_labels(about, language), strict=True))
    count = {"count": len(labels), "first": cities["year"].min(), "last": cities["year"].max()}
    said = say("series.finding", language, name=name, **count)
    moves = {place: _steps(rows) for place, rows in cities.groupby("place", sort=False)}
    for code, sign in (("fell", -1), ("rose", 1)):
        names = [labels[place] for place, steps in moves.items() if steps and all(sign * step > 0 for step in steps)]
        if names:
            said += say(f"series.{code}", language, names=several(names, language), count=len(names))
    about_only = cities[cities["bound"] == "~"]["place"].unique()
    if len(about_only):
        said += say("series.about", language, names=several([labels[place] for place in about_only], language))
    cut = [one for one in breaks(table.attrs["metric"]) if count["first"] <= one.day.year <= count["last"]]
    return said + "".join(say("series.break", language, year=one.day.year, why=getattr(one, language)) for one in cut)


def _steps(rows: pd.DataFrame) -> list[float]:
    """Return the changes between years that are joined, 0 where values that are only about so much can hide one."""
    values = rows.to_dict("records")
    return [_step(a, b) for a, b in pairwise(values) if a["segment"] == b["segment"]]


def _step(first: dict, last: dict) -> float:
    moved = last["value"] - first["value"]
    slack = hidden(first["value"], first["bound"]) + hidden(last["value"], last["bound"])
    return moved if abs(moved) > slack else 0.0


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparable values of the cities that have two years of them or more, and the nation in these years."""
    values = table[table["comparable"]]
    cities = values[values["place_kind"] != NATION]
    cities = cities[cities.groupby("place")["year"].transform("nunique") > 1]
    nation = values[
        (values["place_kind"] == NATION) & values["year"].between(cities["year"].min(), cities["year"].max())
    ]
    return pd.concat([cities, nation])


def not_drawn(table: pd.DataFrame, language: str = "zh") -> list[tuple[str, str]]:
    """Return (reason, name) of what a chart of the table leaves out: places with one year, values that do not compare."""
    shown = set(drawn(table)["place"])
    label = dict(zip(table["place"], place_labels(table, language), strict=True))
    single = table[table["comparable"] & ~table["place"].isin(shown) & (table["place_kind"] != NATION)]
    said = [(say("series.single", language), label[place]) for place in single["place"]]
    why = "why_not" if language == "zh" else "why_not_en"
    for (reason, place), rows in table[~table["comparable"]].groupby([why, "place"], sort=False):
        years = ("、" if language == "zh" else ", ").join(map(str, rows["year"]))
        said.append((reason, f"{label[place]} {years}"))
    return said
