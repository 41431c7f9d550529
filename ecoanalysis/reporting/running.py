"""Make a run of the notebooks in figures/runs/<time>/: what changed is run, what did not is carried over.

In: names and parameters, checked before anything is done. Out: a `Result` a notebook. A notebook that fails does not
stop the others; its folder then holds the notebook with its error and no figures. All of a run is made of one set of tables,
which it keeps beside its pages, and of one state of the code.
"""

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis import paths, tables
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import front, record, runs
from ecoanalysis.reporting.changes import TABLES
from ecoanalysis.reporting.parameters import together
from ecoanalysis.reporting.plan import Job, plan
from ecoanalysis.reporting.record import Page, Record
from ecoanalysis.reporting.warm import LIMIT, executed
from ecoanalysis.tables.pictures import INDEX, add_to_index, read_index


@dataclass(frozen=True, slots=True)
class Result:
    """How a notebook ran: `folder` is where its page or its error is, `message` what went wrong; `carried` if it need not run."""

    name: str
    ok: bool
    folder: Path
    message: str = ""
    carried: bool = False


def run(
    names: str | Iterable[str] = (),
    parameters: dict[str, Any] | None = None,
    processed: str | Path | None = None,
    figures: str | Path | None = None,
    notebooks: str | Path | None = None,
    each_city: bool = False,
    force: bool = False,
    wait: bool = False,
    keep: int = 0,
    timeout: float | None = None,
    **more: Any,
) -> list[Result]:
    """Execute notebooks, by default all, and export their figures; results come in the order of the notebooks.

    With `each_city` a notebook about one city is run for every city that has a report of the year.
    A notebook that takes longer than `timeout` seconds, by default 1800, is ended and has failed.
    Parameters of the notebooks may stand in `parameters` or as keywords: `run("01_air", year=2024, cities=["赣州"])`.

    A notebook whose file, parameters, tables and code are those of an earlier run is not run again, but with `force`; where
    that is so of all, no new run is made. Of the run before, pages that nobody asked for now are kept as long as they are
    of these tables and this code. `keep` is how many runs to keep, 0 for all.

    A request that makes no sense raises `RequestError` before anything is run, as do tables that are not there and, but
    with `wait`, another run that goes on.
    """
    source = Path(processed or paths.processed()).absolute()
    target = Path(figures or paths.figures()).absolute()
    wanted = [names] if isinstance(names, str) else list(names)
    given = together([*(parameters or {}).items(), *more.items()])
    found = tables.load(source)
    jobs = plan(wanted, given, found, notebooks, each_city)
    with runs.alone(target, wait):
        runs.heal(target)
        versions = record.versions()
        code, stamp = record.code_hash(jobs[0].notebook.parent, versions), record.tables_hash(source)
        before = next((told for _, told in runs.whole(target)), None)
        asked = {job.folder for job in jobs}
        keys = {job.folder: record.key(job, code, stamp) for job in [*jobs, *_others(jobs, before)]}
        stays = _stay(target, {folder: key for folder, key in keys.items() if not force or folder not in asked})
        if before and stays.keys() >= asked and _keys(page for _, page in stays.values()) == _keys(before.pages):
            told = replace(before, pages=[replace(page, state="carried") for page in before.pages])
        else:
            told = Record(
                run=runs.new_name(target),
                started=datetime.now().astimezone().isoformat(timespec="seconds"),
                language=jobs[0].parameters.get("language", "zh"),
                previous=before.run if before else "",
                asked={"names": wanted, "parameters": given, "each_city": each_city, "force": force},
                versions=versions,
                code=code,
                tables=stamp,
                left_out=_left_out(before, {*stays, *asked}, keys, code, stamp),
                unread=_unread(found.problems),
            )
            told = _make(told, jobs, keys, stays, source, target, timeout or LIMIT)
        if keep:
            runs.keep(target, keep)
    made = {page.folder: page for page in told.pages}
    return [_result(made[job.folder], target / runs.RUNS / told.run) for job in jobs]


def _others(jobs: list[Job], before: Record | None) -> list[Job]:
    """Return jobs for the pages of the run before that nobody asked for now, where their notebook is still there."""
    asked = {job.folder for job in jobs}
    found = [page for page in before.pages if page.folder not in asked] if before else []
    others = [Job(one.name, jobs[0].notebook.with_stem(one.name), one.parameters, one.folder) for one in found]
    return [job for job in others if job.notebook.is_file()]


def _stay(figures: Path, keys: dict[str, str]) -> dict[str, tuple[Path, Page]]:
    """Return of these pages those that lie in some run, with this key and as they were left there, by folder."""
    found: dict[str, tuple[Path, Page]] = {}
    for run in runs.folders(figures):
        told = record.read(run) if found.keys() < keys.keys() else None
        for page in told.pages if told else ():
            wanted = page.folder not in found and page.key == keys.get(page.folder) and page.state != "failed"
            if wanted and runs.intact(run, page):
                found[page.folder] = run, page
    return found


def _keys(pages: Iterable[Page]) -> dict[str, str]:
    return {page.folder: page.key for page in pages}


def _left_out(
    before: Record | None, kept: set[str], keys: dict[str, str], code: str, stamp: str
) -> list[dict[str, Any]]:
    """Return the pages of the run before that this one does not have, each with what kept it from being carried over."""
    if before is None:
        return []
    changed = ["tables"] * (before.tables != stamp) + ["code"] * (before.code != code)

    def why(page: Page) -> list[str]:
        if page.folder not in keys:
            return ["gone"]
        return changed or ["files" if page.key == keys[page.folder] else "notebook"]

    return [{"folder": page.folder, "why": why(page)} for page in before.pages if page.folder not in kept]


def _unread(problems: pd.DataFrame) -> list[dict[str, str]]:
    """Return what could not be read, each once, by name."""
    errors = problems[problems["severity"] == "error"]
    rows = errors[["report", "code", "message"]].rename(columns={"report": "name"})
    return rows.drop_duplicates().sort_values([*rows], kind="stable").to_dict("records")


def _result(page: Page, run: Path) -> Result:
    name, where = page.folder.partition("/")[2], run / page.folder
    message = f"{page.why}; see {paths.shown(where)}/{page.name}.ipynb" if page.state == "failed" else ""
    return Result(name, not message, where, message, carried=page.state == "carried")


def _make(
    told: Record,
    jobs: list[Job],
    keys: dict[str, str],
    stays: dict[str, tuple[Path, Page]],
    processed: Path,
    figures: Path,
    timeout: float,
) -> Record:
    """Make a run beside the others and give it its name: carry over what stays, run the rest. Return what it says of itself."""
    clock, draft = time.monotonic(), runs.begin(figures, told.run)
    try:
        for file in record.table_files(processed):
            runs.carry(processed / file, draft / TABLES / file)
        if record.tables_hash(draft / TABLES) != told.tables:
            raise RequestError("the tables were written anew meanwhile; run this again")
        rows, pages = [], []
        for folder, (run, page) in stays.items():
            runs.carry(run / folder, draft / folder)
            pages.append(replace(page, state="carried", seconds=0.0))
            rows += [row for row in read_index(run / INDEX) if row["file"].startswith(f"{folder}/")]
        anew = [job for job in jobs if job.folder not in stays]
        for job, part, message, seconds in executed(anew, draft / TABLES, draft, timeout):
            rows += _deliver(job, part, draft, message)
            page = Page(job.name, job.folder, job.parameters, keys[job.folder], told.run, seconds=seconds)
            pages.append(front.described(page, draft, message))
        add_to_index(draft / INDEX, rows)
        pages.sort(key=lambda page: page.folder)
        whole = not any(page.state == "failed" for page in pages)
        told = replace(told, pages=pages, whole=whole, seconds=round(time.monotonic() - clock, 2))
        front.write(draft, told, figures / runs.RUNS)
        runs.finish(draft, figures, told)
        return told
    except BaseException:
        runs.remove(draft)
        raise


def _deliver(job: Job, part: Path, run: Path, message: str) -> list[dict[str, str]]:
    """Put what a job made into its place in the run; return its rows of the index of figures."""
    made, place = part / job.folder, run / job.folder
    made.mkdir(parents=True, exist_ok=True)
    rows = [] if message else read_index(part / INDEX)
    if message:
        for file in made.iterdir():
            if file.suffix != ".ipynb":
                file.unlink()
    place.parent.mkdir(parents=True, exist_ok=True)
    made.rename(place)
    shutil.rmtree(part)
    return rows
