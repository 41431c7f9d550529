"""What charts of words share: whose reports they rest on, and how they were counted.

In: the table of reports, those a chart shows, and the sentence on how it was counted. Out: labels and the source line.
"""

from collections.abc import Collection

import pandas as pd

from ecoanalysis.knowledge.place_names import ANONYMOUS, CITY, DISTRICT, ELSEWHERE
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import place_labels
from ecoanalysis.wording.sentences import say


def source_of(reports: pd.DataFrame, shown: Collection[str], note: str, language: str) -> str:
    """Return the line that names the publishers, the years and samples, then the `note` on how it was counted."""
    rows = with_kinds(reports[reports["report"].isin(shown)])
    years = sorted({int(year) for year in rows["year"].dropna()})
    span = "–".join(str(year) for year in dict.fromkeys((*years[:1], *years[-1:]))) or "?"
    stop = "。" if language == "zh" else ". "
    # Once a place: where one has several reports, its name would pass for that of two places.
    once = rows.assign(sample=bool(rows["sample"].any())).drop_duplicates(["place", "publisher"])
    return source_line(once, span, language) + stop + note


def report_labels(reports: pd.DataFrame, language: str) -> dict[str, str]:
    """Return a label for each report: its place, where a place has several the year, and of one year a number."""
    rows = with_kinds(reports)
    once = rows.drop_duplicates("place")
    places = rows["place"].map(dict(zip(once["place"], place_labels(once, language), strict=True)))
    dated = places + " " + rows["year"].map(lambda year: "" if pd.isna(year) else str(int(year)))
    labels = places.mask(places.duplicated(keep=False), dated.str.strip())
    several = labels.duplicated(keep=False)
    numbers = rows.assign(label=labels).groupby("label")["report"].rank(method="first").astype(int)
    nth = numbers.map(lambda number: say("labels.nth", language, number=_numeral(number, language)))
    return dict(zip(rows["report"], labels.mask(several, labels + nth), strict=True))


def _numeral(number: int, language: str) -> str:
    return say("labels.numerals", language)[number - 1] if number < 10 else str(number)


def with_kinds(reports: pd.DataFrame) -> pd.DataFrame:
    """Return the reports with the columns `place` and `place_kind` that tell places apart."""
    kind = reports["anonymous"].map({True: ANONYMOUS, False: ELSEWHERE})
    kind = kind.mask(reports["city"] != "", CITY).mask(reports["district"] != "", DISTRICT)
    place = reports["city"].where(reports["city"] != "", reports["report"])
    place = place.mask(kind == DISTRICT, reports["city"] + "/" + reports["district"])
    return reports.assign(place=place, place_kind=kind)
