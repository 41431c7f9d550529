"""Run notebooks into figures/<year>/<notebook>/, several at once.

In: names and parameters, checked before anything is done. Out: a `Result` a notebook. A notebook that fails does not
stop the others; its folder then holds the notebook with its error and no figures, so that old ones do not pass for new.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecoanalysis import paths, tables
from ecoanalysis.charts.chart import INDEX, add_to_index, read_index
from ecoanalysis.reporting.parameters import together
from ecoanalysis.reporting.plan import Job, plan
from ecoanalysis.reporting.warm import LIMIT, executed


@dataclass(frozen=True, slots=True)
class Result:
    """How a notebook ran: `folder` is where its page or its error is, `message` what went wrong."""

    name: str
    ok: bool
    folder: Path
    message: str = ""


def check(names: Iterable[str], parameters: dict[str, Any], found: tables.Tables, each_city: bool = False) -> None:
    """Raise `RequestError` where a run with these names and parameters makes no sense for these tables."""
    plan(names, parameters, found, each_city=each_city)


def run(
    names: str | Iterable[str] = (),
    parameters: dict[str, Any] | None = None,
    processed: str | Path | None = None,
    figures: str | Path | None = None,
    notebooks: str | Path | None = None,
    each_city: bool = False,
    timeout: float | None = None,
    **more: Any,
) -> list[Result]:
    """Execute notebooks, by default all, and export their figures; results come in the order of the notebooks.

    With `each_city` a notebook about one city is run for every city that has a report of the year.
    A notebook that takes longer than `timeout` seconds, by default 1800, is ended and has failed.
    Parameters of the notebooks may stand in `parameters` or as keywords: `run("01_air", year=2024, cities=["赣州"])`.

    A request that makes no sense raises `RequestError` before anything is run, as do tables that are not there.
    """
    source = Path(processed or paths.processed()).absolute()
    target = Path(figures or paths.figures()).absolute()
    wanted = [names] if isinstance(names, str) else names
    given = together([*(parameters or {}).items(), *more.items()])
    jobs = plan(wanted, given, tables.load(source), notebooks, each_city)
    target.mkdir(parents=True, exist_ok=True)
    results = {}
    for job, draft, message, _ in executed(jobs, source, target, timeout or LIMIT):
        results[job.folder] = _deliver(job, draft, target, message)
    return [results[job.folder] for job in jobs]


def _deliver(job: Job, draft: Path, figures: Path, message: str) -> Result:
    """Put what a job made in place of what a former run left."""
    made, final = draft / job.folder, figures / job.folder
    made.mkdir(parents=True, exist_ok=True)
    rows = read_index(draft / INDEX)
    if message:
        rows = []
        for file in made.iterdir():
            if file.suffix != ".ipynb":
                file.unlink()
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():
        final.rename(draft / "former")
    made.rename(final)
    add_to_index(figures / INDEX, rows, without=job.folder)
    shutil.rmtree(draft)
    return Result(
        job.folder.partition("/")[2],
        not message,
        final,
        message and f"{message}; see {paths.shown(final)}/{job.name}.ipynb",
    )
