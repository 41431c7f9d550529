"""Who speaks of what: reported, withheld, to be checked, only planned, or silent.

In: facts and reports. Out: a state for every metric and place, long (`states`) or as a table (`coverage`), and the
metrics that most places speak of.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.places import of_places, with_places
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.place_names import CITY, place_label
from ecoanalysis.tables.sure import SURE

REPORTED, WITHHELD, UNSURE, PLANNED, SILENT = "reported", "withheld", "unsure", "planned", "silent"
DOMAINS = ("air", "noise", "water", "soil", "nature", "enforcement", "inspection", "governance", "party")
_SAYS = {"level": 2, "change": 1, "rank": 0, "streak": 0}
_WEIGHT = {REPORTED: 3, WITHHELD: 2, UNSURE: 1, PLANNED: 1, SILENT: 0}


def states(
    facts: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    metrics: Sequence[str] | None = None,
    year: int | None = None,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return one row per metric and place with its `state`, for the places that report on `year` (None: any year).

    `metrics` may name the metrics in order; without it they are all that some place speaks of, air first.
    Only a place's own reports count. The state is unsure where nothing of confidence `sure` is reported, but something less.
    """
    known = of_places(facts, reports, sure)
    known = known[known["told_by"] == ""]
    if year is not None:
        places = known[(known["report_year"] == year)]
        known = known[known["year"] == year]
    else:
        places = known
    spoken = [metric for metric in in_order(catalogue.metrics()) if metric in set(known["metric"])]
    order = spoken if metrics is None else list(metrics)
    about = ["place", "place_kind", "report", "publisher", "sample"]
    places = places[about].drop_duplicates("place").sort_values(["place_kind", "place"], key=_cities_first)
    best = most_telling(known, ["metric", "place"])[["metric", "place", "state"]]
    grid = places.merge(pd.DataFrame({"metric": order}, dtype="str"), how="cross")
    return grid.merge(best, how="left", on=["metric", "place"]).fillna({"state": SILENT})


def most_telling(known: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return of each group of facts the one that says most, with its `state`; of equals the first, and sure ones first.

    A level says more than a change, a change more than a rank: a withheld value stays withheld beside its rank.
    """
    state = known["status"].map({"reported": REPORTED, "planned": PLANNED})
    state = state.mask((state == REPORTED) & known["value"].isna(), WITHHELD)
    certain = known["unsure"] == ""
    state = state.mask(~certain, UNSURE)
    best = known.assign(state=state, certain=certain, said=known["stat"].map(_SAYS), weight=state.map(_WEIGHT))
    best = best.sort_values(["certain", "said", "weight"], ascending=False, kind="stable").drop_duplicates(keys)
    # A target beside a result in doubt is not only a target.
    doubted = known[~certain & (known["status"] == "reported")].set_index(keys).index
    return best.assign(
        state=best["state"].mask((best["state"] == PLANNED) & best.set_index(keys).index.isin(doubted), UNSURE)
    )


def coverage(
    facts: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    metrics: Sequence[str] | None = None,
    year: int | None = None,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return a table with a row per metric and a column per place that holds reported, withheld, unsure, planned or silent."""
    long = states(facts, reports, metrics, year, sure)
    pairs = zip(long["place"], long["place_kind"], strict=True)
    long["city"] = [place if kind == CITY else place_label(place, kind) for place, kind in pairs]
    wide = long.drop_duplicates(["metric", "city"]).pivot(index="metric", columns="city", values="state")
    return wide.loc[long["metric"].unique(), long["city"].unique()].rename_axis(columns=None)


def shared_metrics(
    facts: pd.DataFrame,
    year: int,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    most: int = 40,
    least: int = 2,
    sure: float = SURE,
) -> list[str]:
    """Return the metrics of these domains that at least `least` places speak of, at most `most`, in catalogue order."""
    known = catalogue.metrics()
    for domain in domains:
        if domain not in (own := {metric.domain for metric in known.values()}):
            near = nearest(domain, own) or DOMAINS[0]
            raise RequestError(f"no domain {domain!r}. Nearest: {near}; there are {', '.join(sorted(own))}")
    long = states(facts, reports, year=year, sure=sure)
    heard = long[long["state"].isin((REPORTED, WITHHELD))]
    counts = heard["metric"].value_counts()
    counts = counts[[metric for metric in counts.index if not domains or known[metric].domain in domains]]
    chosen = set(counts[counts >= least].sort_values(ascending=False, kind="stable").index[:most])
    return [metric for metric in in_order(known) if metric in chosen]


def in_order(metrics: Iterable[str]) -> list[str]:
    """Return metrics in the order in which such reports speak of them: air first, party building last."""
    known = catalogue.metrics()
    last = len(DOMAINS)
    place = {domain: at for at, domain in enumerate(DOMAINS)}
    return sorted(metrics, key=lambda metric: place.get(known[metric].domain, last))


def _cities_first(column: pd.Series) -> pd.Series:
    if column.name != "place_kind":
        return column
    return column.map({"city": 0, "district": 1, "anonymous": 2, "elsewhere": 3})


def corpus_finding(reports: pd.DataFrame, facts: pd.DataFrame, found: pd.DataFrame, year: int) -> list[Finding]:
    """Return how many reports and places speak of `year`, how many facts, how many withheld, and what was amiss in reading."""
    about = with_places(facts, reports)
    about = about[about["year"] == year]
    heard = states(facts, reports, year=year)
    heard = heard[heard["state"].isin((REPORTED, WITHHELD))]
    counts = {
        "year": year,
        "reports": about["report"].nunique(),
        "places": about["place"].nunique(),
        "facts": len(about),
        "withheld": int(about["value"].isna().sum()),
        "shared": len(shared_metrics(facts, year, reports, most=len(heard))),
    }
    amiss = int(found["severity"].isin(("error", "warning")).sum())
    said = [Finding("finding.coverage", counts)]
    return [*said, Finding("finding.problems", {"count": amiss})] if amiss else said
