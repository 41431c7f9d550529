"""Who stays silent on what every bureau has to make known, year by year, and who fell silent after a bad year.

In: facts and reports. Out: a row for each place, standard metric and year. Silence counts only where a report of that
year may be expected to hold the figure; `expectations` says when. No report is no silence, and a figure that another
year's report gives is reported. A year is bad (`bad`) where the figure is worse than the year before, the limit, the
nation, or most comparable cities.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import pandas as pd

from ecoanalysis.comparing.coverage import PLANNED, REPORTED, SILENT, UNSURE, WITHHELD, most_telling
from ecoanalysis.comparing.expectations import GENRE, SAME_DOMAIN, expected, heard, stands_for
from ecoanalysis.comparing.finding import NOWHERE, Finding, Row, Why
from ecoanalysis.comparing.groups import class_of
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import called, of_places
from ecoanalysis.comparing.verdicts import moved, own_group
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.place_names import CITY, DISTRICT
from ecoanalysis.knowledge.scopes import WHOLE, classes
from ecoanalysis.knowledge.standards import has_limit, limit, national
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.tables.sure import SURE

NOT_EXPECTED, NO_REPORT = "not_expected", "no_report"
STATES = (REPORTED, WITHHELD, UNSURE, PLANNED, SILENT, NOT_EXPECTED, NO_REPORT)
_FACT = (
    *("stat", "value", "unit", "unit_text", "bound", "basis", "period_start", "period_end", "scope", "scope_class"),
    *("report", "start", "end", "quote", "unsure"),
)
COLUMNS = [
    *("city", "place", "place_kind", "metric", "year", "state", "criterion", "why", "reports", "stated"),
    *_FACT,
    *("bad", "bad_why", "went_silent_after_bad", "publisher", "sample", "sure"),
]
_MOST = 3  # cases that a sentence names
_FEWEST = 2  # cities with a report that make a year worth a column


def standard_metrics() -> list[str]:
    """Return the metrics that `standard_metrics.csv` lists, in its order.

    >>> standard_metrics()[:2]
    ['air.good_days_rate', 'air.pm25']
    """
    return [row["metric"] for row in rows("standard_metrics.csv")]


def silence(
    facts: pd.DataFrame, reports: pd.DataFrame, years: Sequence[int] | None = None, sure: float = SURE
) -> pd.DataFrame:
    """Return one row for each place with a report, each standard metric and each of `years`, by default all that two
    cities report.

    `state` is reported, withheld, unsure (read with a confidence below `sure`), planned, silent, not_expected (there are reports, but none that need hold the figure)
    or no_report. `criterion` is why a report is expected to hold it (same_domain: it covers the year and states another
    standard metric of the domain; genre: it is a broad summary or bulletin) or why none is (other_topic, part_year); `why` says
    so in words. `stated` is the metric that was in fact stated, for days may stand for a share of days. `bad` are the
    criteria of `bad_years` that a reported figure meets. `went_silent_after_bad` is true on a silent row whose place
    reported a bad figure for the year before; `bad_why` then repeats what that was.
    A place that is not known by name cannot be followed and is left out.
    """
    placed = of_places(facts, reports, sure)
    known = placed[placed["place_kind"].isin((CITY, DISTRICT)) & (placed["told_by"] == "")]
    texts = heard(facts, reports)
    texts = texts[texts["place_kind"].isin((CITY, DISTRICT))]
    counts = texts[texts["place_kind"] == CITY].groupby("year")["place"].nunique()
    wanted = years if years is not None else counts.index[counts >= _FEWEST].astype(int).tolist()
    said = _said(known)
    of = {key: part.to_dict("records") for key, part in texts.groupby(["place", "year"])}
    places = texts.sort_values(["place_kind", "place"], kind="stable").drop_duplicates("place")  # cities first
    places = places[["place", "place_kind", "publisher", "sample"]].to_dict("records")
    grid = product(places, standard_metrics(), sorted(wanted))
    made = [_row(place, metric, year, said.get((place["place"], metric, year)), of) for place, metric, year in grid]
    judged = _bad(placed, made, said)
    for row in made:
        row |= _after(row, judged)
    return pd.DataFrame([row | {"sure": sure} for row in made], columns=COLUMNS)


def _said(known: pd.DataFrame) -> dict[tuple, Row]:
    """Return what says most of each place, standard metric and year: the metric itself before what stands for it."""
    stands = stands_for()
    own = known[known["metric"].isin(stands)]
    own = own.assign(stated=own["metric"], metric=own["metric"].map(stands))
    own = own.assign(proxy=own["stated"] != own["metric"]).sort_values("proxy", kind="stable")
    found = most_telling(own, ["place", "metric", "year"]).to_dict("records")
    return {(row["place"], row["metric"], row["year"]): row for row in found}


def _row(place: Row, metric: str, year: int, fact: Row | None, of: dict[tuple, list[Row]]) -> Row:
    texts = of.get((place["place"], year), [])
    criterion = expected(texts, catalogue.metrics()[metric].domain)
    state = fact["state"] if fact else SILENT if criterion in (SAME_DOMAIN, GENRE) else NOT_EXPECTED
    state = state if fact or texts else NO_REPORT
    said = fact or NOWHERE
    about = {"metric": metric, "year": year, "state": state, "criterion": criterion, "city": called(place)}
    about |= {"why": _why(criterion, fact), "reports": ";".join(sorted({text["report"] for text in texts}))}
    return place | about | {name: said.get(name, "") for name in ("stated", *_FACT)}


def _why(criterion: str, fact: Row | None) -> Why:
    """Say why silence is one or none; of a figure in doubt, why it is."""
    if fact:
        return (Finding("silence.why.doubt", {"row": fact}),) if fact["state"] == UNSURE and fact["unsure"] else ()
    return (Finding(f"silence.why.{criterion}"),) if criterion else ()


def _bad(known: pd.DataFrame, made: list[Row], said: dict[tuple, Row]) -> dict[tuple, list]:
    """Return the bad figures by place, standard metric and year, of the years shown and of those before them."""
    years = {row["year"] for row in made}
    wanted = {
        (row["stated"], metric, year)
        for (_, metric, year), row in said.items()
        if row["state"] == REPORTED and not pd.isna(year) and {year, year + 1} & years
    }
    found: dict[tuple, list] = {}
    for stated, metric, year in sorted(wanted):
        for place, why in bad(known, stated, int(year)).items():
            fact = said.get((place, metric, year))
            if fact and fact["stated"] == stated and fact["state"] == REPORTED:
                found[place, metric, year] = why
    return found


def _after(row: Row, judged: dict[tuple, list]) -> Row:
    """Return the columns on bad years: of the row's own figure, or, where it is silent, of the year before."""
    key = row["place"], row["metric"], row["year"]
    before = judged.get((*key[:2], key[2] - 1), []) if row["state"] == SILENT else []
    why = judged.get(key, []) or before
    bad = ";".join(criterion_of(one) for one in why)
    return {"bad": bad, "bad_why": tuple(why), "went_silent_after_bad": bool(before)}


def silence_finding(table: pd.DataFrame) -> list[Finding]:
    """Return two to four findings: what was reported of what could be expected, and who fell silent after a bad year."""
    due = table[table["state"].isin((REPORTED, WITHHELD, UNSURE, PLANNED, SILENT))]
    if due.empty:
        return [Finding("silence.none")]
    silent = due[due["state"] == SILENT]
    counts = {"expected": len(due), "reported": int((due["state"] == REPORTED).sum()), "silent": len(silent)}
    sizes = {"places": due["place"].nunique(), "metrics": table["metric"].nunique()}
    said = [Finding("silence.count", counts | sizes | {"years": sorted(table["year"].unique())})]
    if len(silent):
        most = silent["metric"].mode().iloc[0]
        of = {"silent": int((silent["metric"] == most).sum()), "expected": int((due["metric"] == most).sum())}
        said.append(Finding("silence.most", {"metric": most} | of))
    if cases := [one for one, _ in fell_silent(table)]:
        code = "silence.went_more" if len(cases) > _MOST else "silence.went"
        said.append(Finding(code, {"count": len(cases), "cases": cases[:_MOST]}))
    else:
        said.append(Finding("silence.went_none", {"count": _followed(table)}))
    said.append(Finding("silence.caveat"))
    return [*said, Finding("silence.samples")] if table["sample"].any() else said


def fell_silent(table: pd.DataFrame) -> Iterator[tuple[Finding, Row]]:
    """Yield what vanished after a bad year, and its row: 宁波：PM10（2023年：公布的变化+7.9%…；2024年未公布）."""
    for row in table[table["went_silent_after_bad"].astype(bool)].to_dict("records"):
        yield Finding("silence.case", {"row": row, "before": row["year"] - 1}), row


def _followed(table: pd.DataFrame) -> int:
    """Return how many bad figures have a report in the next year that would have to give the figure again."""
    due = table[table["state"].isin((REPORTED, WITHHELD, PLANNED, SILENT))]
    after = {(row.place, row.metric, row.year - 1) for row in due.itertuples()}
    bad = table[(table["state"] == REPORTED) & (table["bad"] != "")]
    return sum((row.place, row.metric, row.year) in after for row in bad.itertuples())


WORSENED, FELL_BACK, OVER_LIMIT, BELOW_NATION, LAST_QUARTER = "change", "level", "limit", "national", "quartile"
_QUARTERED = 8  # comparable cities that have a last quarter worth the name


def bad(known: pd.DataFrame, metric: str, year: int) -> dict[str, list[Finding]]:
    """Return for each place why its figure of `metric` in `year` is a bad one; a place without a reason is not there.

    Of facts whose places are known already (`of_places`). The criteria: a published change against the year before in the
    worse direction; a level worse than the place's own of the year before, both of one group; a level over the limit in
    force; one worse than the national figure of that year; one in the worst quarter of at least eight comparable cities.
    The limit and the nation are held against exact figures of full years only. A metric of which neither direction is
    better has no bad year.
    """
    better = catalogue.metrics()[metric].better
    if better == "none":
        return {}
    sign = 1.0 if better == "lower" else -1.0
    how = catalogue.metrics()[metric].derived
    known = known[known["metric"].isin((metric, how.of, how.over) if how else (metric,))]
    levels, before, changes = (
        _panel(known, metric, of, stat) for of, stat in ((year, "level"), (year - 1, "level"), (year, "change"))
    )
    earlier = {row["place"]: row for row in before.to_dict("records")}
    quarter = _last_quarter(levels, sign)
    found: dict[str, list[Finding]] = {}
    for row in changes.to_dict("records"):
        if sign * row["value"] > 0:
            found.setdefault(row["place"], []).append(_criterion(WORSENED, row=row))
    for row in levels.to_dict("records"):
        for at, one in enumerate(_of_level(row, earlier.get(row["place"]), quarter, sign)):
            first = Finding("silence.bad.first", {"row": row, "criterion": one})
            found.setdefault(row["place"], []).append(one if at else first)
    return found


def _panel(known: pd.DataFrame, metric: str, year: int, stat: str) -> pd.DataFrame:
    try:
        found = placed_panel(known, metric, year, stat)
    except RequestError:  # no facts at all of that year
        return pd.DataFrame(columns=["place", "value", "comparable"])
    return found[found["value"].notna() & found["bound"].isin(("=", "~")) & (found["unsure"] == "")]


def _of_level(row: Row, earlier: Row | None, quarter: tuple[float, int] | None, sign: float) -> Iterator[Finding]:
    metric, value, year = row["metric"], row["value"], int(row["year"])
    if earlier and own_group(row) == moved(own_group(earlier), 1) and sign * (value - earlier["value"]) > 0:
        yield _criterion(FELL_BACK, before=earlier)
    if full_year(row["period_start"], row["period_end"]) and classes()[class_of(row)]["compares"] == "class":
        day = row["period_end"].date()
        if has_limit(metric, day) and value > (known := limit(metric, day)).value:
            yield _criterion(OVER_LIMIT, limit=_of(row, known.value), standard=known)
        mean = national(metric, year)
        if mean and row["scope_class"] == WHOLE and not row["condition"] and sign * (value - mean.value) > 0:
            yield _criterion(BELOW_NATION, limit=_of(row, mean.value))
    if quarter and row["comparable"] and sign * (value - quarter[0]) > 0:
        yield _criterion(LAST_QUARTER, count=quarter[1])


def _last_quarter(levels: pd.DataFrame, sign: float) -> tuple[float, int] | None:
    """Return the value beyond which the worst quarter lies and the number of cities; None where they are too few."""
    values = levels.loc[levels["comparable"].astype(bool), "value"].astype(float)
    return (float(values.quantile(0.75 if sign > 0 else 0.25)), len(values)) if len(values) >= _QUARTERED else None


def _criterion(code: str, **values: object) -> Finding:
    return Finding(f"silence.bad.{code}", values)


def _of(row: Row, value: float) -> Row:
    return {"value": value, "unit": row["unit"], "bound": "="}


def criterion_of(found: Finding) -> str:
    """Return the criterion that a finding of `bad` is of.

    >>> criterion_of(Finding("silence.bad.first", {"criterion": Finding("silence.bad.limit")}))
    'limit'
    """
    return found.values.get("criterion", found).code.rpartition(".")[2]
