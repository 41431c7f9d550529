"""Read reports in batches, each kept as a part; what is kept already is not read again.

In: reports to be, one by one, and where parts are kept. Out: the ledger, a row a report: in which part it lies, and what the
run needs to know of it. Batches are read in processes of this machine, or on the workers of a Dask scheduler that see
reports, project and tables under the same names: each batch in a process of its own there too, so that a report costs
nothing but itself; a worker that is lost costs its batch, which Dask gives to another.
"""

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ecoanalysis import extracting, paths, reading
from ecoanalysis.errors import EcoanalysisError, RequestError
from ecoanalysis.reading import Source, read_text
from ecoanalysis.tables import parts, workers
from ecoanalysis.tables.outcome import Corrections, Outcome, ended, failed, outcome
from ecoanalysis.tables.store import Place, drafting
from ecoanalysis.tables.workers import Begun, Ended

_FIRST, _MOST = 4, 256  # items of a batch: few at first, that all workers have some
_BYTES = 8_000_000
_WAIT = 30  # seconds for a scheduler of Dask, and for its first worker
_STALE = 3600  # seconds after which a draft is of a run that was ended


@dataclass(frozen=True, slots=True)
class Task:
    """A batch: items, each with its key and its corrections, and where its part goes.

    `lost` are the reports that no worker survived, `suspected` those that one worker died of.
    """

    items: tuple[tuple[Source, str, Corrections], ...]
    parts: str
    lost: tuple[Ended, ...] = ()
    suspected: tuple[Begun, ...] = ()
    tried: bool = False

    @property
    def part(self) -> str:
        """Return the name of its part, which the same batch always has."""
        return hashlib.sha256(" ".join(key for _, key, _ in self.items).encode()).hexdigest()[:32] + ".parquet"


def work(task: Task, begun: workers.Say) -> str:
    """Read a batch, and write its part; say each report that is begun."""
    lost = {(one.report.item, one.report.number): one for one in task.lost}
    outcomes: list[tuple[str, Outcome]] = []
    for at, (item, key, corrected) in enumerate(task.items):
        if (at, -1) in lost:
            outcomes.append((key, ended(lost[at, -1])))
            continue
        begun(Begun(at, -1, item.name, item.path))
        try:
            for number, source in enumerate(reading.sources(item)):
                if (at, number) in lost:
                    outcomes.append((key, ended(lost[at, number])))
                    continue
                begun(Begun(at, number, source.name, source.path))
                outcomes.append((key, outcome(source, corrected)))
        except Exception as error:  # an archive that cannot be opened must not stop the others
            outcomes.append((key, failed(item.name, item.path, error)))
    begun("writing")
    place = Place(task.parts)
    with drafting(place) as draft:
        pq.write_table(parts.part(outcomes), draft / task.part)
        place.take(draft / task.part, task.part)
    return task.part


def again(task: Task, one: Ended | None) -> Task:
    """Return the task to be done instead of one whose worker ended.

    A worker may be killed for another's fault, so that a report is left out once it took two with it.
    """
    if one is None:
        if task.tried:
            raise EcoanalysisError(f"a process that wrote a part of the tables to {task.parts} died twice")
        return replace(task, tried=True)
    if one.code == "crashed" and one.report not in task.suspected:
        return replace(task, suspected=(*task.suspected, one.report))
    return replace(task, lost=(*task.lost, one))


class Kept:
    """The parts in a folder or at an address, each with its ledger."""

    def __init__(self, address: str) -> None:
        self.address, self._place = address, Place(address)
        self._ledgers: dict[str, pd.DataFrame] = {}

    def known(self) -> dict[str, str]:
        """Return in which part the outcomes of each key are."""
        found: dict[str, str] = {}
        for file in sorted(self._place.files.glob(f"{self._place.root}/*.parquet")):
            name = file.rpartition("/")[2]
            try:
                ledger = self.ledger(name)
            except (OSError, ValueError, pa.ArrowException):  # damaged, so that its reports are read again
                continue
            found |= dict.fromkeys(ledger.loc[ledger.groupby("key")["lasting"].transform("all"), "key"], name)
        self._place.files.invalidate_cache()  # workers elsewhere add parts to what was listed
        return found

    def ledger(self, part: str) -> pd.DataFrame:
        """Return what the run needs to know of the outcomes in a part."""
        if part not in self._ledgers:
            with self._place.files.open(self._place / part, "rb") as stream:
                table = pq.read_table(stream, columns=list(parts.LEDGER)).to_pandas()
            misfits = list(map(tuple, table["misfits"]))  # nearly all are empty, and so are one
            self._ledgers[part] = table.assign(misfits=misfits, part=part, row=range(len(table)))
        return self._ledgers[part]

    def read(self, part: str) -> pa.Table:
        """Return a part."""
        with self._place.files.open(self._place / part, "rb") as stream:
            return pq.read_table(stream, columns=list(parts.KEPT))

    def clean(self, used: Iterable[str]) -> None:
        """Remove what no report of this run is in, parts that another version made, and drafts of runs that were ended."""
        files, root = self._place.files, self._place.root
        kept = {f"{root}/{name}" for name in used}
        for file in files.glob(f"{root}/*.parquet"):
            if file not in kept:
                files.rm(file, recursive=True)
        parent = root.rpartition("/")[0]
        for other in files.ls(parent, detail=False):
            if other.rstrip("/") != root and files.isdir(other):
                files.rm(other, recursive=True)
        if self._place.local:
            for draft in Path(root).glob(".writing-*"):
                if time.time() - draft.stat().st_mtime > _STALE:
                    files.rm(str(draft), recursive=True)


Each = Callable[[Iterator[Task]], Iterator[tuple[Task, str]]]


in_processes: Each = partial(workers.each, work=work, again=again)


def on_dask(tasks: Iterator[Task], address: str) -> Iterator[tuple[Task, str]]:
    """Yield the tasks with their parts as they get done; a scheduler that cannot be reached raises `RequestError`."""
    try:
        from distributed import Client
    except ImportError:
        raise RequestError("--on needs Dask: pip install 'ecoanalysis[dask]'") from None
    state, project = parts.state(), str(paths.project())
    try:
        client = Client(address, timeout=_WAIT, set_as_default=False)
        client.wait_for_workers(1, timeout=_WAIT)
    except (OSError, ValueError) as error:
        raise RequestError(f"no Dask scheduler with workers at {address}: {error}") from None
    with client:
        running: dict[Any, Task] = {}
        for task in tasks:
            running[client.submit(_on_worker, task, project, state, pure=False)] = task
            while len(running) >= 2 * max(sum(client.nthreads().values()), 1):
                yield from _done(client, running)
        while running:
            yield from _done(client, running)


def _done(client: Any, running: dict[Any, Task]) -> Iterator[tuple[Task, str]]:
    from distributed import KilledWorker, wait

    with client.as_current():
        finished = wait(list(running), return_when="FIRST_COMPLETED").done
    for future in finished:
        task = running.pop(future)
        try:
            yield task, future.result()
        except KilledWorker:  # several workers are gone: what is in it is found out here
            yield from in_processes(iter([task]))


def _on_worker(task: Task, project: str, state: str) -> str:
    if _loaded(project) != state:
        raise RequestError(
            "a Dask worker has another version of this package or of the project's metrics or weights; "
            "install the same there, and start the workers anew"
        )
    multiprocessing.current_process().daemon = False  # Dask's nanny made it one, which may have no processes
    ((_, part),) = in_processes(iter([task]))
    return part


@cache
def _loaded(project: str) -> str:
    """Load the knowledge once for every process that a worker starts, and return what it is."""
    if not Path(project).is_dir():
        raise RequestError(f"a Dask worker sees no folder {project}; reports and project must lie on a shared disk")
    os.chdir(project)
    state = parts.state()
    extracting.tables(read_text("优良率99%"))
    return state


def read_all(
    items: Iterable[Source],
    kept: Kept,
    told: Callable[[str], Corrections],
    force: bool,
    each: Each,
    progress: Callable[[int], object],
) -> pd.DataFrame:
    """Read what is not kept already, or with `force` all; return the ledger.

    `told` gives the corrections of a name. The ledger has the reports in the order of the items, with the number and
    the name of their `item`.
    """
    known = {} if force else kept.known()
    order: list[tuple[str, str]] = []
    where: dict[str, str] = {}
    top = paths.project()

    def tasks() -> Iterator[Task]:
        batch: list[tuple[Source, str, Corrections]] = []
        done = size = 0
        for item in items:
            corrected = told(item.name)
            key = parts.key(item, corrected, top)
            order.append((key, item.name))
            if key in known:
                where[key] = known[key]
                progress(1)
                continue
            if not (done or batch) and workers.FORKS:
                extracting.tables(read_text("优良率99%"))  # loads the knowledge once, for every worker
            batch.append((item, key, corrected))
            size += _size(item)
            if len(batch) >= min(_FIRST + done // 2, _MOST) or size > _BYTES:
                yield Task(tuple(batch), kept.address)
                done, batch, size = done + len(batch), [], 0
        if batch:
            yield Task(tuple(batch), kept.address)

    for task, part in each(tasks()):
        where |= dict.fromkeys((key for _, key, _ in task.items), part)
        progress(len(task.items))
    numbers = {key: at for at, (key, _) in enumerate(order)}
    # Part by part: of many reports, to join whole columns of keys takes more memory than all that is kept of them.
    ledgers = [_of_items(kept.ledger(part), part, where, numbers) for part in dict.fromkeys(where.values())]
    if not ledgers:
        # Without rows, a column of no type would be taken for names of columns and not for what holds.
        return pd.DataFrame(columns=["item", "item_name", "part", *parts.LEDGER]).astype({"read": bool})
    ledger = pd.concat(ledgers).sort_values(["item", "row"], ignore_index=True)
    return ledger.assign(item_name=pd.Series([order[at][1] for at in ledger["item"]], dtype="str"))


def _of_items(ledger: pd.DataFrame, part: str, where: dict[str, str], numbers: dict[str, int]) -> pd.DataFrame:
    """Return of a part's ledger the rows of items that are taken from it, with their numbers."""
    rows = ledger[[where.get(key) == part for key in ledger["key"]]]
    return rows.assign(item=[numbers[key] for key in rows["key"]])


def _size(item: Source) -> int:
    if item.text is not None:
        return len(item.text)
    try:
        return item.path.stat().st_size
    except OSError:
        return 0
