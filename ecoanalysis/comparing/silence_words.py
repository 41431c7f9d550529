"""Put the silence table into sentences: how much is left out, what most often, and what vanished after a bad year.

In: a table of `silence`. Out: sentences with numbers and caveats.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ecoanalysis.comparing.coverage import PLANNED, REPORTED, SILENT, UNSURE, WITHHELD
from ecoanalysis.comparing.promise_words import labels_of
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.wording import say

_MOST = 3  # cases that a sentence names

Row = dict[str, Any]


def silence_finding(table: pd.DataFrame, language: str = "zh") -> list[str]:
    """Return two to four sentences: what was reported of what could be expected, and who fell silent after a bad year."""
    due = table[table["state"].isin((REPORTED, WITHHELD, UNSURE, PLANNED, SILENT))]
    if due.empty:
        return [say("silence.none", language)]
    silent = due[due["state"] == SILENT]
    counts = {"expected": len(due), "reported": int((due["state"] == REPORTED).sum()), "silent": len(silent)}
    sizes = {"places": due["place"].nunique(), "metrics": table["metric"].nunique(), "years": years_of(table, language)}
    said = [say("silence.count", language, **counts, **sizes)]
    if len(silent):
        name = silent["metric"].mode().iloc[0]
        of = {"silent": int((silent["metric"] == name).sum()), "expected": int((due["metric"] == name).sum())}
        said[0] += _gap(language) + say("silence.most", language, name=short_name(name, language), **of)
    cases = list(fell_silent(table, language))
    if cases:
        texts = ("；" if language == "zh" else "; ").join(text for text, _ in cases[:_MOST])
        more = say("promise.more", language, count=len(cases)) if len(cases) > _MOST else ""
        said.append(say("silence.went", language, count=len(cases), cases=texts + more))
    else:
        said.append(say("silence.went_none", language, count=_followed(table)))
    samples = say("silence.samples", language) if table["sample"].any() else ""
    return [*said, _gap(language).join(filter(None, (say("silence.caveat", language), samples)))]


def fell_silent(table: pd.DataFrame, language: str = "zh") -> Iterator[tuple[str, Row]]:
    """Yield what vanished after a bad year, in words, and its row: 宁波：PM10（2023年：公布的变化+7.9%…；2024年未公布）."""
    labels = labels_of(table, language)
    for row in table[table["went_silent_after_bad"].astype(bool)].to_dict("records"):
        about = {"name": short_name(row["metric"], language), "before": row["year"] - 1, "year": row["year"]}
        case = say("silence.case.one", language, bad=row["bad_why" if language == "zh" else "bad_why_en"], **about)
        yield say("silence.case", language, place=labels[row["place"]], cases=case), row


def short_name(metric: str, language: str = "zh") -> str:
    """Return the short name of a standard metric.

    >>> short_name("air.good_days_rate"), short_name("air.o3", "en")
    ('优良天数比例', 'Ozone')
    """
    return next(row[language] for row in rows("standard_metrics.csv") if row["metric"] == metric)


def years_of(table: pd.DataFrame, language: str = "zh") -> str:
    """Return the years of a table, the last two joined by a word: 2023、2024, or 2022, 2023 and 2024."""
    years = [str(year) for year in sorted(table["year"].unique())]
    if language == "zh" or len(years) < 2:
        return "、".join(years)
    return say("names.last", language, names=", ".join(years[:-1]), last=years[-1])


def _followed(table: pd.DataFrame) -> int:
    """Return how many bad figures have a report in the next year that would have to give the figure again."""
    due = table[table["state"].isin((REPORTED, WITHHELD, PLANNED, SILENT))]
    after = {(row.place, row.metric, row.year - 1) for row in due.itertuples()}
    bad = table[(table["state"] == REPORTED) & (table["bad"] != "")]
    return sum((row.place, row.metric, row.year) in after for row in bad.itertuples())


def _gap(language: str) -> str:
    return "" if language == "zh" else " "
