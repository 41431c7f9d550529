"""What a run will do, decided and checked before anything is done.

In: names of notebooks, parameters, and the tables. Out: jobs, each a notebook with all its parameters and its folder,
or a `RequestError`: an unknown notebook, parameter, city or language, a value of another type, a year without reports.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecoanalysis import paths
from ecoanalysis.comparing.places import default_year, resolve
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge.wording import check_language
from ecoanalysis.reporting.parameters import declared, fitting
from ecoanalysis.tables import Tables


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to run: its file, its parameters, and its folder below that of all figures, such as 2024/01_air."""

    name: str
    notebook: Path
    parameters: dict[str, Any]
    folder: str


def plan(names: Iterable[str], given: dict[str, Any], tables: Tables, notebooks: str | Path | None = None) -> list[Job]:
    """Return a job for each named notebook, or for all of them."""
    folder = Path(notebooks or paths.notebooks())
    known = {file.stem: file for file in sorted(folder.glob("*.ipynb"))}
    if not known:
        raise RequestError(f"no notebooks in {paths.shown(folder)}; run this in a copy of the project")
    wanted = [name.removesuffix(".ipynb") for name in names] or list(known)
    for name in wanted:
        if name not in known:
            near = nearest(name, known) or ", ".join(known)
            raise RequestError(f"no notebook named {name!r}. Nearest: {near}; there are {', '.join(known)}")
    return [_job(name, known[name], given, tables) for name in dict.fromkeys(wanted)]


def _job(name: str, notebook: Path, given: dict[str, Any], tables: Tables) -> Job:
    values = fitting(declared(notebook), given, name)
    reports = tables.reports
    if "language" in values:
        check_language(values["language"])
    if "cities" in values:
        values["cities"] = resolve(values["cities"], reports)
        if values["cities"]:
            reports = reports[reports["city"].isin(values["cities"])]
    year = default_year(reports, values.get("year", 0))
    if "year" in values:
        values["year"] = year
    return Job(name, notebook, values, f"{year}/{name}")
