"""From results of `language` to their charts: reports become places, and each chart says how it was counted.

In: a result, and the table of reports. Out: a Chart, or a sentence where there is nothing to draw; labels of reports and the
source line that charts of words share.
"""

from collections.abc import Collection

import pandas as pd

from ecoanalysis.charts.attention import attention
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.keyness import keyness
from ecoanalysis.charts.rank_slope import rank_slope
from ecoanalysis.charts.word_cloud import word_cloud
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.place_names import ANONYMOUS, CITY, DISTRICT, ELSEWHERE
from ecoanalysis.language import Counts, split, stop_words
from ecoanalysis.language import keyness as key_words
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import place_labels
from ecoanalysis.wording.provenance import note
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.word_tables import rule_names


def attention_bars(index: pd.DataFrame, reports: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return how much of each report is about the work of a bureau, under the rule `own` of an `index`."""
    own = index[index["rule"] == "own"]
    table = own.assign(place=own["report"].map(report_labels(reports, language)), theme="work", share=own["value"])
    table["damaged"] = own["damaged"] != ""
    own.attrs["made"] = index.attrs["made"] | {"note": "language.note.own"}
    source = source_of(reports, list(own["report"]), note(own, language), language)
    name, rule = say("name.work", language), say("rule.work", language)
    return attention(table, name, rule, source, language)


def rank_lines(index: pd.DataFrame, reports: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return how the ranks of an `index` change from rule to rule; one report alone has no ranks."""
    labels = report_labels(reports, language)
    mark = index["damaged"].map(lambda damaged: "*" if damaged else "")
    table = index.assign(place=index["report"].map(labels) + mark)
    name = say("name.environment", language)
    if table["report"].nunique() < 2:
        return Nothing(say("finding.ranks_one", language), table)
    table.attrs["made"] = index.attrs["made"] | {"interval": "ranks"}
    source = source_of(reports, list(table["report"]), note(table, language), language)
    return rank_slope(table, name, rule_names(index, language), source, language)


def contrast(
    counts: Counts,
    reports: pd.DataFrame,
    column: str,
    value: object,
    other: object = None,
    language: str = "zh",
) -> Chart | Nothing:
    """Return the words that tell the reports whose `column` is `value` from all others, or from those where it is `other`.

    Names of the reports' own places are left out: that a city names itself is no finding. Where one side has no report, it
    is a sentence.
    """
    names = _name(column, value, reports, language), _name(column, other, reports, language)
    try:
        sides = split(reports, column, value, other)
    except RequestError:
        title = say("title.keyness", language, target=names[0], reference=names[1])
        return Nothing(say("keyness.one_side", language, title=title), reports.iloc[:0])
    table = key_words(counts, *sides, without=stop_words() | _places(reports))
    source = source_of(reports, [*sides[0], *sides[1]], note(table, language), language)
    return keyness(table, names, source, language)


def cloud(counts: Counts, reports: pd.DataFrame, language: str = "zh") -> Chart:
    """Return a word cloud of all words but stop words, as decoration."""
    total = pd.Series(counts.n).groupby(counts.word).sum()
    said = {counts.words[at]: int(n) for at, n in total.items() if counts.words[at] not in stop_words()}
    source = source_of(reports, counts.reports, say("cloud.rule", language), language)
    return word_cloud(said, say("title.word_cloud", language), source, language)


def _places(reports: pd.DataFrame) -> set[str]:
    """Return what the places of reports are called, short and in full."""
    full = (set(reports["city"]) | set(reports["district"])) - {""}
    return full | {places.label(name) for name in full} | {name[:-1] for name in full if len(name) > 2}


def _name(column: str, value: object, reports: pd.DataFrame, language: str) -> str:
    if value is None:
        return say(f"others.{column}", language)
    if column == "city":
        rows = with_kinds(reports[(reports["city"] == value) & (reports["district"] == "")])
        return place_labels(rows.head(1), language)[0] if len(rows) else str(value)
    if column == "genre":
        return say(f"genre.{value}", language)
    return say("name.year", language, year=value)


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
