"""Which places have a report of which year, and of what each report may be expected to speak.

In: facts and reports. Out: a row for each report, and a code that says why its silence on a domain means something, or
why it does not: a report of one month, or a feature on party building, need not hold the figures of a year's air.
"""

from typing import Any

import pandas as pd

from ecoanalysis.comparing.places import of_places
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.tables import rows

SAME_DOMAIN, GENRE = "same_domain", "genre"  # why a report is expected to hold a figure
PART_YEAR, OTHER_TOPIC = "part_year", "other_topic"  # why it is not
COLUMNS = ["report", "place", "place_kind", "year", "genre", "whole_year", "domains", "topics", "publisher", "sample"]
_BROAD = 2  # domains of the environment that a summary speaks of, unless it is a summary of one domain only


def heard(facts: pd.DataFrame, reports: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the reports that hold a fact, a row for each place that they speak for, with year, genre and `domains`.

    `domains` are those of the standard metrics that it reports, for a count of patrols is no word on the air itself;
    `topics` are those of all that it reports. `whole_year` is false where a report is known to cover a part of a year
    only. Without `reports` neither genre nor period of a report is known.
    """
    known = of_places(facts, reports)
    known = known[known["told_by"] == ""]
    results = known[known["status"] == "reported"]
    about = known.drop_duplicates(["report", "place"])
    about = about[["report", "place", "place_kind", "report_year", "publisher", "sample"]]
    more = ["report", "genre", "period_start", "period_end"]
    more_known = reports[more] if reports is not None else facts.iloc[:0].assign(genre="")[more]
    texts = about.rename(columns={"report_year": "year"}).merge(more_known, on="report", how="left")
    texts["whole_year"] = [_whole(row) for row in texts.to_dict("records")]
    texts["domains"] = _domains(texts, results[results["metric"].isin(stands_for())])
    texts["topics"] = _domains(texts, results)
    return texts[COLUMNS].dropna(subset=["year"]).reset_index(drop=True)


def stands_for() -> dict[str, str]:
    """Return the standard metrics, and those that say the same in another way, each with the standard one.

    >>> stands_for()["air.good_days"], stands_for()["air.pm25"]
    ('air.good_days_rate', 'air.pm25')
    """
    standard = rows("standard_metrics.csv")
    other = {also: row["metric"] for row in standard for also in row["also"].split(";") if also}
    return other | {row["metric"]: row["metric"] for row in standard}


def expectation(report: dict[str, Any], domain: str) -> str:
    """Return why a report, a row of `heard`, may be expected to state a figure of `domain` for its year, or why not.

    It is where it covers the year and states another standard metric of the domain, or is of a genre that `genres.csv`
    calls broad and speaks of two domains of the environment.

    >>> bulletin = {"genre": "bulletin", "whole_year": True, "domains": {"air", "water"}}
    >>> expectation(bulletin, "air"), expectation(bulletin, "noise")
    ('same_domain', 'genre')
    >>> expectation(bulletin | {"domains": {"air"}}, "noise"), expectation(bulletin | {"whole_year": False}, "air")
    ('other_topic', 'part_year')
    """
    if not report["whole_year"]:
        return PART_YEAR
    if domain in report["domains"]:
        return SAME_DOMAIN
    broad = {row["genre"]: set(filter(None, row["broad"].split(";"))) for row in rows("genres.csv")}
    usual = broad.get(report["genre"], set())
    return GENRE if domain in usual and len(usual & set(report["domains"])) >= _BROAD else OTHER_TOPIC


def expected(reports: list[dict[str, Any]], domain: str) -> str:
    """Return the best of the expectations that several reports of one place and year raise, empty without any report."""
    order = (SAME_DOMAIN, GENRE, OTHER_TOPIC, PART_YEAR)
    return min((expectation(report, domain) for report in reports), key=order.index, default="")


def _domains(texts: pd.DataFrame, results: pd.DataFrame) -> list[frozenset[str]]:
    domain = results["metric"].str.split(".").str[0]
    spoken = domain.groupby([results["report"], results["place"]]).agg(frozenset).to_dict()
    return [spoken.get(pair, frozenset()) for pair in zip(texts["report"], texts["place"], strict=True)]


def _whole(row: dict[str, Any]) -> bool:
    """A report whose period nobody states is taken at its year; one that is still open covers a part."""
    start, end = row["period_start"], row["period_end"]
    return (pd.isna(start) and pd.isna(end)) or full_year(start, end)
