"""Whose value is it: a city's, a district's, a province's or the nation's, or nobody's that we know.

In: facts, and the table of reports if at hand. Out: the same facts with the year they belong to, the place they stand
for, the publisher of their report, and whether they are sure enough to be used. Whose a value is, its columns `about_…`
say: a provincial bulletin speaks of many cities. A district never stands for its city, nor does a province; an
anonymous report is a place of its own. `at_level` makes provinces, or the nation, places that compare among themselves.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.phrases import phrase
from ecoanalysis.knowledge.place_names import ANONYMOUS, CITY, DISTRICT, ELSEWHERE, REGION, place_label
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.tables.store import about_reports
from ecoanalysis.tables.sure import SURE, by_report, check_facts, unsure

_WHOLE = {"province": "province", "nation": "country"}  # the class of a scope that says the whole of it


def with_places(facts: pd.DataFrame, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return the facts with `year`, `report_year`, `place`, `place_kind`, `publisher`, `sample`, `told_by`, `unsure`, `sure`.

    `place` tells places apart (云浮市, 惠州市/大亚湾经济技术开发区, or the report's name where the city is not known).
    A fact belongs to the year of its period's end, else of its start, else of its report. Where the report's year is
    not known, it is the one that most of its facts belong to. `told_by` names who says it where that is not the place's
    own report. `unsure` is the code of why a fact is used in no comparison, empty where its confidence is at least `sure`.
    """
    check_facts(facts)
    known = sources(facts, reports)
    facts = facts.copy(deep=False)
    facts.attrs = {}  # pandas copies what is noted there at every step; all of it stands in the columns below
    year = facts["period_end"].dt.year.fillna(facts["period_start"].dt.year)
    counts = year.groupby([facts["report"], year.rename("year")]).size().rename("count").reset_index()
    usual = counts.sort_values(["count", "year"]).set_index("report")["year"].to_dict()  # of equals the later year
    report_year = facts["report"].map(usual | {name: row["year"] for name, row in known.items() if row["year"]})
    publisher = _told(facts, known, "publisher", "")
    kind = _kinds(facts, known)
    return facts.assign(
        year=year.fillna(report_year.astype("float64")).astype("Int64"),
        report_year=report_year.astype("float64").astype("Int64"),
        place=_places(facts, kind),
        place_kind=kind,
        publisher=publisher,
        sample=_told(facts, known, "sample", False),
        told_by=publisher.mask(publisher == "", facts["report"]).mask(_own(facts), ""),
        unsure=unsure(facts, known, sure),
        sure=sure,
    )


def of_places(facts: pd.DataFrame, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return what `with_places` does without the values of provinces and the nation: a city's row is a city's."""
    known = with_places(facts, reports, sure)
    return known[known["place_kind"] != REGION]


def _kinds(facts: pd.DataFrame, known: dict[str, dict]) -> pd.Series:
    """Return what kind of place each value is of; a county-level city under its province is one like any city."""
    kind = _told(facts, known, "anonymous", True).map({True: ANONYMOUS, False: ELSEWHERE})
    region = facts["level"].isin(("province", "nation")) & (facts["about_city"] == "")  # a municipality is a city too
    kind = kind.mask((kind == ELSEWHERE) & region, REGION)
    kind = kind.mask(facts["about_city"] != "", CITY)
    named = facts["about_city"].unique()
    alone = [name for name in named if any(one.level == "county" for one in places.bearers(name))]
    within = (facts["level"] == "county") & ~facts["about_city"].isin(alone)
    return kind.mask((facts["about_district"] != "") | (within & (kind == CITY)), DISTRICT)


def _places(facts: pd.DataFrame, kind: pd.Series) -> pd.Series:
    place = facts["about_city"].where(kind == CITY, facts["report"])
    district = facts["about_district"].mask(facts["about_district"] == "", facts["scope"])
    return place.mask(kind == DISTRICT, facts["about_city"] + "/" + district)


def called(row: Mapping[str, Any]) -> str:
    """Return what tables call the place of a row: a city by its full name, any other by its label."""
    return row["place"] if row["place_kind"] == CITY else place_label(row["place"], row["place_kind"])


def by_code(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return what sorts rows by the codes of their places, those without one last."""
    found = places.find(row["place"])
    return found.adcode if found else "9", row["place"]


def _own(facts: pd.DataFrame) -> pd.Series:
    """Return which facts are of the very place whose report says them, or of none that is known."""
    same = (facts["city"] == facts["about_city"]) & (facts["district"] == facts["about_district"])
    return same | ((facts["about_city"] == "") & (facts["about_district"] == ""))


def _told(facts: pd.DataFrame, known: dict[str, dict], name: str, otherwise: object) -> pd.Series:
    """Return what is known of the report of each fact, `otherwise` where nothing is."""
    told = {report: about.get(name, otherwise) for report, about in known.items()}
    return by_report(facts, told, otherwise, "str" if isinstance(otherwise, str) else "bool")


def sources(facts: pd.DataFrame, reports: pd.DataFrame | None) -> dict[str, dict]:
    """Return what is known of each report, from the table, and of reports that are not in it from what `load` noted."""
    noted = facts.attrs.get("reports", {})
    return noted if reports is None else noted | about_reports(reports)


def resolve(names: Iterable[str], facts: pd.DataFrame) -> list[str]:
    """Return the full names of cities that facts or reports speak of, given short or full names.

    A name that is no city, or a city that has no report, raises `RequestError` with the nearest that have one.
    """
    known = sorted(set(_city(facts).unique()) - {""})
    found = []
    for name in names:
        place = places.find(name)
        full = name if name in known else place.name if place else ""
        if full not in known:
            short = [places.label(city) for city in known]
            near = nearest(name, [*known, *short]) or ", ".join(known[:8])
            what = f"no report of {full}" if full else f"no city named {name!r}"
            raise RequestError(f"{what}. Nearest: {near}; put its report into data/raw and run `ecoanalysis parse`")
        found.append(full)
    return list(dict.fromkeys(found))


def of_cities(facts: pd.DataFrame, cities: Iterable[str] = ()) -> pd.DataFrame:
    """Return the facts about these cities and their districts, or the reports of these.

    No name means every place, the anonymous included.
    """
    wanted = resolve(cities, facts)
    return facts[_city(facts).isin(wanted)] if wanted else facts


def _city(rows: pd.DataFrame) -> pd.Series:
    return rows["about_city" if "about_city" in rows else "city"]


def chosen(facts: pd.DataFrame, reports: pd.DataFrame, cities: Iterable[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the facts about these cities, and the reports that are theirs or tell one of these facts."""
    wanted = resolve(cities, facts)
    if not wanted:
        return facts, reports
    about = facts[_city(facts).isin(wanted)]
    return about, reports[reports["city"].isin(wanted) | reports["report"].isin(about["report"])]


def cities_of(reports: pd.DataFrame, year: int) -> list[str]:
    """Return the cities that have a report of their own about a year, in the order of their codes."""
    own = reports[(reports["city"] != "") & (reports["district"] == "") & (reports["year"] == year)]
    return sorted(set(own["city"]), key=slug)


def fullest_city(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None, sure: float = SURE) -> str:
    """Return the city that states most facts of a year, sure and of the full year if any is: those have peers.

    Where no city states any, this raises `RequestError`.
    """
    known = with_places(facts, reports, sure)
    known = known[(known["year"] == year) & (known["place_kind"] == CITY)]
    known = known[known["unsure"] == ""] if (known["unsure"] == "").any() else known
    if known.empty:
        raise RequestError(f"no facts of any city for {year}; name another year")
    whole = [full_year(*period) for period in zip(known["period_start"], known["period_end"], strict=True)]
    counts = (known[whole] if any(whole) else known)["place"].value_counts()
    return min(counts.index[counts == counts.max()], key=slug)


def slug(city: str) -> str:
    """Return a name for a city's folder: two that are romanised alike have different codes.

    >>> slug("宿州市"), slug("苏州市")
    ('341300-suzhou', '320500-suzhou')
    """
    if place := places.find(city):
        return f"{place.adcode}-{place.pinyin.lower().replace(' ', '')}"
    return "".join(filter(str.isalnum, city)) or "_"


def default_year(reports: pd.DataFrame, year: int = 0) -> int:
    """Return `year`, or for 0 the latest year that two cities report on (failing that, the latest of any report).

    A year that no report is about raises `RequestError` with those that are known.
    """
    years = reports.dropna(subset=["year"])
    if years.empty:
        raise RequestError("no report with a year; put reports into data/raw and run `ecoanalysis parse`")
    known = sorted({int(known) for known in years["year"]})
    if year:
        if year not in known:
            near = min(known, key=lambda other: abs(other - year))
            years = ", ".join(map(str, known))
            raise RequestError(f"no report of {year}. Nearest: {near}; there are reports of {years}")
        return year
    cities = years[(years["city"] != "") & (years["district"] == "")].groupby("year")["city"].nunique()
    return int(max(cities.index[cities >= 2], default=known[-1]))


def default_years(reports: pd.DataFrame) -> list[int]:
    """Return the years that a report is made for where none is asked for: the default year, after the year before it.

    The year before is left out where fewer than two cities report on it.
    """
    last = default_year(reports)
    return [last - 1, last] if len(cities_of(reports, last - 1)) >= 2 else [last]


def at_level(facts: pd.DataFrame, level: str, reports: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the facts about provinces or about the nation (`level`), with its name in the columns of the city.

    Municipalities are provinces as well. `reports` tells whose own reports these are; `ecoanalysis.load` and
    `ecoanalysis.parse` note that in the facts. Another level raises `RequestError`.

    >>> at_level(pd.DataFrame({"level": []}), "county")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: level = 'county' is none of province, nation; cities are compared without it
    """
    if level not in _WHOLE:
        raise RequestError(f"level = {level!r} is none of {', '.join(_WHOLE)}; cities are compared without it")
    levels = {report: about.get("level") or "" for report, about in sources(facts, reports).items()}
    found = facts[facts["level"] == level]
    code = found["about_adcode"].str[:2]
    names = {one[:2]: place.province for one in found["about_adcode"] if (place := places.by_adcode(one))}
    name = code.map(names).fillna("") if level == "province" else pd.Series(phrase("place.nation"), found.index)
    own = (by_report(found, levels, "", "str") == level) & (found["adcode"].str[:2] == code)
    whole = found["scope_class"].mask(found["scope_class"] == _WHOLE[level], WHOLE)
    made = found.assign(about_city=name, city=found["city"].mask(own, name), scope_class=whole)
    made.attrs = facts.attrs
    return made[name != ""]
