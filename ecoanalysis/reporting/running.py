"""Make a run of the notebooks in figures/runs/<time>/: what changed is run, two at a time, what did not is carried over.

In: names and parameters, checked before anything is done. Out: a `Result` a notebook. A notebook that fails does not
stop the others; its folder then holds the notebook with its error and no figures. All of a run is made of one set of tables,
which it keeps beside its pages, and of one state of the code.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ecoanalysis import paths, tables
from ecoanalysis.charts.chart import INDEX, add_to_index, read_index
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import front, record, runs
from ecoanalysis.reporting.parameters import together
from ecoanalysis.reporting.plan import Job, plan
from ecoanalysis.reporting.record import Page, Record

_AT_ONCE = 2
TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Result:
    """How a notebook ran: `folder` is where its page or its error is, `message` what went wrong; `carried` if it need not run."""

    name: str
    ok: bool
    folder: Path
    message: str = ""
    carried: bool = False


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
    force: bool = False,
    wait: bool = False,
    keep: int = 0,
    **more: Any,
) -> list[Result]:
    """Execute notebooks, by default all, and export their figures; results come in the order of the notebooks.

    With `each_city` a notebook about one city is run for every city that has a report of the year.
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
    jobs = plan(wanted, given, tables.load(source), notebooks, each_city)
    with runs.alone(target, wait):
        runs.heal(target, source)
        stamp = record.code_hash(jobs[0].notebook.parent), record.tables_hash(source)
        last, before = next(runs.whole(target), (None, None))
        keys = {job.folder: record.key(job, *stamp) for job in jobs}
        ready = {} if force else _ready(target, set(keys.values()))
        stays = {folder: ready[key] for folder, key in keys.items() if key in ready}
        left_out = _others(last, before, jobs, stamp, stays)
        if before and stays.keys() >= keys.keys() and _keys(page for _, page in stays.values()) == _keys(before.pages):
            pages, made = [replace(page, state="carried") for page in before.pages], last
        else:
            asked = {"names": wanted, "parameters": given, "each_city": each_city, "force": force}
            making = _Making(target, source, last, asked, stamp, keys, stays, left_out)
            pages, made = making.make(jobs)
        if keep:
            runs.keep(target, keep)
    told = {page.folder: page for page in pages}
    return [_result(told[job.folder], made) for job in jobs]  # type: ignore[arg-type]


def _ready(figures: Path, wanted: set[str]) -> dict[str, tuple[Path, Page]]:
    """Return the pages with these keys that lie in some run, as they were left, by key."""
    found: dict[str, tuple[Path, Page]] = {}
    for folder in runs.folders(figures):
        told = record.read(folder)
        for page in told.pages if told and found.keys() < wanted else ():
            if page.key in wanted and page.key not in found and page.state != "failed" and runs.intact(folder, page):
                found[page.key] = folder, page
    return found


def _others(
    last: Path | None,
    before: Record | None,
    jobs: list[Job],
    stamp: tuple[str, str],
    stays: dict[str, tuple[Path, Page]],
) -> dict[str, str]:
    """Add to `stays` the pages of the last run that nobody asked for and that still hold; return the others and why not."""
    left_out, asked = {}, {job.folder for job in jobs}
    for page in before.pages if before else ():
        notebook = jobs[0].notebook.with_name(f"{page.name}.ipynb")
        if page.folder in asked:
            continue
        if not notebook.is_file():
            left_out[page.folder] = "its notebook is gone"
        elif record.key(Job(page.name, notebook, page.parameters, page.folder), *stamp) != page.key:
            left_out[page.folder] = "the tables, the notebook or the program changed, and it was not asked for"
        elif not runs.intact(last, page):  # type: ignore[arg-type]
            left_out[page.folder] = "its files were changed or removed, and it was not asked for"
        else:
            stays[page.folder] = last, page  # type: ignore[assignment]
    return left_out


def _keys(pages: Iterable[Page]) -> dict[str, str]:
    return {page.folder: page.key for page in pages}


def _result(page: Page, made: Path) -> Result:
    name = page.folder.partition("/")[2]
    where = made / page.folder
    if page.state == "failed":
        return Result(name, False, where, f"{page.why}; see {paths.shown(where)}/{page.name}.ipynb")
    return Result(name, True, where, carried=page.state == "carried")


@dataclass(frozen=True, slots=True)
class _Making:
    """A new run: where it goes, what it is made from, and the pages that stay as they are."""

    figures: Path
    processed: Path
    last: Path | None
    asked: dict[str, Any]
    stamp: tuple[str, str]
    keys: dict[str, str]
    stays: dict[str, tuple[Path, Page]]
    left_out: dict[str, str]

    def make(self, jobs: list[Job]) -> tuple[list[Page], Path]:
        """Make the run beside the others and give it its name; return its pages and its folder."""
        started, clock = datetime.now().astimezone().replace(microsecond=0), time.monotonic()
        name = runs.new_name(self.figures, started)
        draft = runs.begin(self.figures, name)
        try:
            for file in record.table_files(self.processed):
                runs.carry(self.processed / file, draft / TABLES / file)
            if record.tables_hash(draft / TABLES) != self.stamp[1]:
                raise RequestError("the tables were written anew meanwhile; run this again")
            pages = self._pages(jobs, draft, name)
            told = Record(
                run=name,
                started=started.isoformat(),
                seconds=round(time.monotonic() - clock, 2),
                whole=not any(page.state == "failed" for page in pages),
                language=jobs[0].parameters.get("language", "zh"),
                previous=self.last.name if self.last else "",
                asked=self.asked,
                versions=record.versions(),
                code=self.stamp[0],
                tables=self.stamp[1],
                pages=pages,
                left_out=self.left_out,
            )
            front.write(draft, told, self.last)
            return pages, runs.finish(draft, self.figures, told)
        except BaseException:
            runs.remove(draft)
            raise

    def _pages(self, jobs: list[Job], draft: Path, name: str) -> list[Page]:
        """Carry over what stays and run the rest; return all pages in the order of their folders."""
        rows, pages = [], []
        for folder, (run, page) in self.stays.items():
            runs.carry(run / folder, draft / folder)
            pages.append(replace(page, state="carried", seconds=0.0))
            rows += [row for row in read_index(run / INDEX) if row["file"].startswith(f"{folder}/")]
        todo = [job for job in jobs if job.folder not in self.stays]
        for job, part, message, seconds in _execute(todo, draft / TABLES, draft):
            rows += _deliver(job, part, draft, message)
            page = Page(job.name, job.folder, job.parameters, self.keys[job.folder], name, seconds=seconds)
            pages.append(front.described(page, draft, message))
        add_to_index(draft / INDEX, rows)
        return sorted(pages, key=lambda page: page.folder)


def _execute(jobs: list[Job], processed: Path, figures: Path) -> Iterator[tuple[Job, Path, str, float]]:
    """Run jobs, two at a time; yield each with its draft folder, what went wrong, if anything, and its seconds."""
    with ThreadPoolExecutor(_AT_ONCE) as pool, tqdm(total=len(jobs), unit="notebook", disable=None) as bar:
        running = {pool.submit(_timed, job, processed, figures): job for job in jobs}
        try:
            for done in as_completed(running):
                yield running[done], *done.result()
                bar.update()
        finally:
            pool.shutdown(cancel_futures=True)


def _timed(job: Job, processed: Path, figures: Path) -> tuple[Path, str, float]:
    clock = time.monotonic()
    return *_run(job, processed, figures), round(time.monotonic() - clock, 2)


def _run(job: Job, processed: Path, figures: Path) -> tuple[Path, str]:
    """Run a job into a draft folder; return the draft and what went wrong, if anything."""
    draft = Path(tempfile.mkdtemp(prefix=".making-", dir=figures))
    request = {
        "name": job.name,
        "notebook": str(job.notebook.absolute()),
        "parameters": job.parameters,
        "folder": str(draft / job.folder),
        "cwd": str(job.notebook.absolute().parent),
    }
    places = {"ECOANALYSIS_PROCESSED": str(processed), "ECOANALYSIS_FIGURES": str(draft)}
    done = subprocess.run(
        [sys.executable, "-m", "ecoanalysis.reporting.execute"],
        input=json.dumps(request),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **places, "PYTHONIOENCODING": "utf-8", "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
    )
    if done.returncode:
        return draft, (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    return draft, json.loads(done.stdout.splitlines()[-1])["message"]


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
