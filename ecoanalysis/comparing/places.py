"""Whose value is it: a city's, a district's, or nobody's that we know.

In: facts, and the table of reports if at hand. Out: the same facts with the year they belong to, the place they stand
for, and the publisher of their report. A district never stands for its city; an anonymous report is a place of its own.
"""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import places

CITY, DISTRICT, ANONYMOUS, ELSEWHERE = "city", "district", "anonymous", "elsewhere"


def with_places(facts: pd.DataFrame, reports: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the facts with the columns `year`, `report_year`, `place`, `place_kind`, `publisher` and `sample` added.

    `place` tells places apart (云浮市, 惠州市/大亚湾经济技术开发区, or the report's name where the city is not known).
    A fact belongs to the year of its period's end, else of its start, else of its report. Where the report's year is
    not known, it is the one that most of its facts belong to.
    """
    known = sources(facts, reports)
    facts = facts.copy(deep=False)
    facts.attrs = {}  # pandas copies what is noted there, every report's publisher, in every step
    year = facts["period_end"].dt.year.fillna(facts["period_start"].dt.year)
    counts = year.groupby([facts["report"], year.rename("year")]).size().rename("count").reset_index()
    usual = counts.sort_values(["count", "year"]).set_index("report")["year"].to_dict()  # of equals the later year
    report_year = facts["report"].map(usual | {name: row["year"] for name, row in known.items() if row["year"]})
    kind = _told(facts, known, "anonymous", True).map({True: ANONYMOUS, False: ELSEWHERE})
    kind = kind.mask(facts["city"] != "", CITY).mask(facts["district"] != "", DISTRICT)
    place = facts["city"].where(facts["city"] != "", facts["report"])
    place = place.mask(kind == DISTRICT, facts["city"] + "/" + facts["district"])
    placed = facts.assign(
        year=year.fillna(report_year.astype("float64")).astype("Int64"),
        report_year=report_year.astype("float64").astype("Int64"),
        place=place,
        place_kind=kind,
        publisher=_told(facts, known, "publisher", ""),
        sample=_told(facts, known, "sample", False),
    )
    placed.attrs = {}  # pandas copies what is noted here at every step; all of it stands in the columns now
    return placed


def _told(facts: pd.DataFrame, known: dict[str, dict], name: str, otherwise: object) -> pd.Series:
    """Return what is known of the report of each fact, `otherwise` where nothing is."""
    told = [known.get(report, {}).get(name, otherwise) for report in facts["report"]]
    return pd.Series(told, index=facts.index, dtype="str" if isinstance(otherwise, str) else "bool")


def sources(facts: pd.DataFrame, reports: pd.DataFrame | None) -> dict[str, dict]:
    """Return year, publisher, anonymous and sample of each report, from the table or from what `load` noted."""
    if reports is None:
        return facts.attrs.get("reports", {})
    rows = reports.set_index("report")[["year", "publisher", "anonymous", "sample"]].astype(object)
    return rows.where(rows.notna(), None).to_dict("index")


def place_label(place: str, kind: str, language: str = "zh") -> str:
    """Return what a chart calls a place.

    >>> place_label("云浮市", CITY), place_label("云浮市", CITY, "en"), place_label("report-7", ANONYMOUS)
    ('云浮', 'Yunfu', '匿名')
    >>> place_label("惠州市/惠城区", DISTRICT), place_label("惠州市/大亚湾经济技术开发区", DISTRICT, "en")
    ('惠城（惠州）', 'development zone of Huizhou')
    """
    chinese = language == "zh"
    if kind == ANONYMOUS:
        return "匿名" if chinese else "anonymous"
    if kind == ELSEWHERE:
        return "地点未识别" if chinese else "place not known"
    if kind == CITY:
        return places.label(place, language)
    city, _, district = place.partition("/")
    county = places.find(district, within=city) if city else places.find(district)
    name = (county.short if chinese else county.pinyin) if county else district
    if not city:
        return name
    if chinese:
        return f"{name}（{places.label(city)}）"
    within = places.label(city, "en")
    return f"{name} ({within})" if county else f"development zone of {within}"


def place_labels(panel: pd.DataFrame, language: str) -> list[str]:
    """Return a label for each row; where two cities are romanised alike, the province tells them apart."""
    known = list(zip(panel["place"], panel["place_kind"], strict=True))
    short = {pair: place_label(*pair, language) for pair in known}
    shared = Counter(short.values())
    labels = []
    for place, kind in known:
        label = short[place, kind]
        found = places.find(place) if kind == CITY and shared[label] > 1 else None
        labels.append(f"{label} ({places.label(found.province, language)})" if found else label)
    return labels


def resolve(names: Iterable[str], facts: pd.DataFrame) -> list[str]:
    """Return the full names of cities that the facts speak of, given short or full names.

    A name that is no city, or a city that has no report, raises `RequestError` with the nearest that have one.
    """
    known = sorted(set(facts["city"]) - {""})
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
    """Return the facts of these cities and their districts; no name means every place, the anonymous included."""
    wanted = resolve(cities, facts)
    return facts[facts["city"].isin(wanted)] if wanted else facts


def cities_of(reports: pd.DataFrame, year: int) -> list[str]:
    """Return the cities that have a report of their own about a year, in the order of their codes."""
    own = reports[(reports["city"] != "") & (reports["district"] == "") & (reports["year"] == year)]
    return sorted(set(own["city"]), key=slug)


def fullest_city(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None) -> str:
    """Return the city that states most facts of a year; where none does, this raises `RequestError`."""
    known = with_places(facts, reports)
    counts = known[(known["year"] == year) & (known["place_kind"] == CITY)]["city"].value_counts()
    if counts.empty:
        raise RequestError(f"no facts of any city for {year}; name another year")
    return min(counts.index[counts == counts.max()], key=slug)


def slug(city: str) -> str:
    """Return a name for a city's folder: two that are romanised alike have different codes.

    >>> slug("宿州市"), slug("苏州市")
    ('341300-suzhou', '320500-suzhou')
    """
    place = places.find(city)
    return f"{place.adcode}-{place.pinyin.lower().replace(' ', '')}" if place else "".join(filter(str.isalnum, city))


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
