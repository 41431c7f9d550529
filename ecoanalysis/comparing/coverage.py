"""Who speaks of what: reported, withheld, to be checked, only planned, or silent.

In: facts and reports. Out: a state for every metric and place; the metrics that most places speak of, with a panel each, and findings that name what has no picture; the facts behind all that.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places, with_places
from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.place_names import ANONYMOUS, CITY, DISTRICT, ELSEWHERE, REGION
from ecoanalysis.tables.sure import SURE

REPORTED, WITHHELD, UNSURE, PLANNED, SILENT = "reported", "withheld", "unsure", "planned", "silent"
DOMAINS = ("air", "noise", "water", "soil", "nature", "enforcement", "inspection", "governance", "party")
_KINDS = (CITY, DISTRICT, ANONYMOUS, ELSEWHERE)  # in this order
_SAYS = {"level": 2, "change": 1, "rank": 0, "streak": 0}
_WEIGHT = {REPORTED: 3, WITHHELD: 2, UNSURE: 1, PLANNED: 1, SILENT: 0}
_MOST = 60  # metrics of a domain that are looked at: the ones most places speak of


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
    places = known
    if year is not None:
        places, known = known[known["report_year"] == year], known[known["year"] == year]
    spoken = [metric for metric in in_order(catalogue.metrics()) if metric in set(known["metric"])]
    order = spoken if metrics is None else list(metrics)
    about = ["place", "place_kind", "report", "publisher", "sample"]
    places = places[about].drop_duplicates("place").sort_values("place")
    places = places.sort_values("place_kind", key=lambda kinds: kinds.map(_KINDS.index), kind="stable")
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
    place = {domain: at for at, domain in enumerate(DOMAINS)}
    return sorted(metrics, key=lambda metric: place.get(catalogue.metrics()[metric].domain, len(place)))


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


def survey(
    facts: pd.DataFrame, year: int, domains: Sequence[str], reports: pd.DataFrame | None = None, sure: float = SURE
) -> list[pd.DataFrame]:
    """Return the panel of each metric of these domains that a place speaks of in `year`, in the order of the catalogue."""
    spoken = shared_metrics(facts, year, reports, domains, most=_MOST, least=1, sure=sure)
    known = of_places(facts, reports, sure)
    return [placed_panel(known, metric, year) for metric in spoken]


def compared(panels: Sequence[pd.DataFrame], without: Sequence[str] = ()) -> list[pd.DataFrame]:
    """Return the panels that have a ranking, but for the metrics `without`."""
    return [one for one in panels if ranked(one) and one["metric"].iloc[0] not in without]


def survey_finding(panels: Sequence[pd.DataFrame]) -> list[Finding]:
    """Return how many metrics three cities or more report alike, and the others with how many cities report each."""
    alike = compared(panels)
    said = [Finding("survey.count", {"metrics": len(panels), "compared": len(alike)})]
    rest = [one for one in panels if not ranked(one)]
    heard = [(one["metric"].iloc[0], int((one["value"].notna() & (one["place_kind"] == "city")).sum())) for one in rest]
    named = [Finding("survey.one", {"metric": metric, "count": count}) for metric, count in heard if count]
    return [*said, Finding("survey.rest", {"rest": named})] if named else said


def told(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the facts of a year, of several, or of all (None), in these domains (none means all), with their places."""
    known = catalogue.metrics()
    wanted = [metric for metric, entry in known.items() if not domains or entry.domain in domains]
    rows = with_places(facts, reports, sure)
    years = [year] if isinstance(year, int) else year
    of_years = rows["year"].isin(years) if years is not None else True
    return rows[rows["metric"].isin(wanted) & of_years]


def behind(facts: pd.DataFrame, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the facts that the rows of some tables come from, told by report and place in its text."""
    where = ["report", "start", "end"]
    said = pd.concat([frame[where] for frame in frames]).drop_duplicates()
    return facts[facts.set_index(where).index.isin(said.set_index(where).index)]


def doubt_finding(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    sure: float = SURE,
) -> list[Finding]:
    """Return how many values of cities and districts, of these years and domains, were left out for doubt, if any."""
    rows = told(facts, year, reports, domains, sure)
    count = int(((rows["unsure"] != "") & (rows["place_kind"] != REGION)).sum())
    return [Finding("doubt.finding", {"count": count, "sure": sure})] if count else []
