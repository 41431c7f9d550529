"""What a run will do, decided and checked before anything is done.

In: names of notebooks, parameters, and the tables. Out: jobs, each a notebook with all its parameters and its folder,
or a `RequestError`: an unknown notebook, parameter, city or language, a value of another type, a `sure` that is no
confidence, a year without reports.
What needs no report to be seen is refused by `foresee`, before any is read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from ecoanalysis import paths
from ecoanalysis.comparing import places as comparing
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.phrases import check_language
from ecoanalysis.reporting.parameters import declared, fitting
from ecoanalysis.tables import Tables
from ecoanalysis.tables.sure import SURE, check_sure


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to run: its file, its parameters, and its folder below that of all figures, such as 2024/01_air."""

    name: str
    notebook: Path
    parameters: dict[str, Any]
    folder: str


def foresee(names: Iterable[str], given: dict[str, Any], raw: str | Path | None = None) -> None:
    """Raise `RequestError` where a run makes no sense whatever the reports in the folder `raw` say."""
    for name, notebook in _wanted(names, None).items():
        values = _values(name, notebook, given)
        for city in (*values.get("cities", ()), *filter(None, [values.get("city", "")])):
            _check_place(city, Path(raw or paths.raw()))


def _values(name: str, notebook: Path, given: dict[str, Any]) -> dict[str, Any]:
    values = fitting(declared(notebook), given, name)
    check_language(values.get("language", "zh"))
    check_sure(values.get("sure", SURE))
    return values


def _check_place(name: str, raw: Path) -> None:
    """Refuse a name that is no place's; a sidecar may bring one that the list of places does not have."""
    sidecars = (file.read_text(encoding="utf-8", errors="replace") for file in raw.glob("*.toml") if file.is_file())
    if places.bearers(name) or any(name in text for text in sidecars):
        return
    cities = [place for place in places.all_places() if place.level != "county"]
    near = nearest(name, [known for place in cities for known in (place.name, place.short)])
    raise RequestError(f"no city named {name!r}. Nearest: {near or 'none'}; write it as 云浮 or 云浮市")


def plan(
    names: Iterable[str],
    given: dict[str, Any],
    tables: Tables,
    notebooks: str | Path | None = None,
    each_city: bool = False,
) -> list[Job]:
    """Return a job for each named notebook, or for all of them, and for each of the years of `default_years` if none is given.

    With `each_city` a notebook about one city, one that has the parameter `city`, is run for every city that has a
    report of the year; where none of the notebooks is, this raises `RequestError`.
    """
    wanted = _wanted(names, notebooks)
    years = cache(partial(_years, tables))  # most notebooks ask for the same ones
    jobs = [job for name, notebook in wanted.items() for job in _jobs(name, notebook, given, tables, years)]
    if not each_city:
        return jobs
    if not any("city" in job.parameters for job in jobs):
        raise RequestError(
            f"none of {', '.join(wanted)} is about one city; name 08_city_profile, or leave out --each-city"
        )
    return [one for job in jobs for one in _each_city(job, tables)]


def _each_city(job: Job, tables: Tables) -> list[Job]:
    """Return the job for every city of its year, each in a folder of its own; a job about all cities stays as it is."""
    if "city" not in job.parameters:
        return [job]
    year, name, _ = job.folder.split("/")
    cities = job.parameters.get("cities") or comparing.cities_of(tables.reports, int(year))
    return [
        replace(job, parameters=job.parameters | {"city": city}, folder=f"{year}/{name}/{comparing.slug(city)}")
        for city in cities
    ]


def _wanted(names: Iterable[str], notebooks: str | Path | None) -> dict[str, Path]:
    folder = Path(notebooks or paths.notebooks())
    known = {file.stem: file for file in sorted(folder.glob("*.ipynb"))}
    if not known:
        raise RequestError(f"no notebooks in {paths.shown(folder)}; run this in a copy of the project")
    wanted = [name.removesuffix(".ipynb") for name in names] or list(known)
    for name in wanted:
        if name not in known:
            near = nearest(name, known) or ", ".join(known)
            raise RequestError(f"no notebook named {name!r}. Nearest: {near}; there are {', '.join(known)}")
    return {name: known[name] for name in wanted}


def _jobs(
    name: str, notebook: Path, given: dict[str, Any], tables: Tables, years: Callable[..., list[int]]
) -> list[Job]:
    values = _values(name, notebook, given)
    if "cities" in values:
        values["cities"] = comparing.resolve(values["cities"], tables.facts)
    if values.get("city"):
        values["city"] = comparing.resolve([values["city"]], tables.facts)[0]
    about = [values["city"]] if values.get("city") else values.get("cities", [])
    return [_job(name, notebook, values, year, tables) for year in years(tuple(about), values.get("year"))]


def _years(tables: Tables, about: tuple[str, ...], asked: int | None) -> list[int]:
    """Return the years to make a notebook for that is about some cities; None is asked for by one without a year."""
    reports = comparing.chosen(tables.facts, tables.reports, about)[1]
    return comparing.default_years(reports) if asked == 0 else [comparing.default_year(reports, asked or 0)]


def _job(name: str, notebook: Path, values: dict[str, Any], year: int, tables: Tables) -> Job:
    values = values | ({"year": year} if "year" in values else {})
    if "city" not in values:
        return Job(name, notebook, values, f"{year}/{name}")
    among = comparing.of_cities(tables.facts, values.get("cities", ()))
    values["city"] = values["city"] or comparing.fullest_city(among, year, tables.reports, values.get("sure", SURE))
    return Job(name, notebook, values, f"{year}/{name}/{comparing.slug(values['city'])}")
