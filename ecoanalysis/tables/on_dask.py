"""Do tasks on the workers of a Dask scheduler, with what `workers` promises of processes on one machine.

In: tasks, and the address of a scheduler whose workers see reports, project and tables under the same names. Out: the same
parts. A worker reads each batch in a process of its own, so that a report costs nothing but itself; a worker that is lost
costs its batch, which Dask gives to another.
"""

import multiprocessing
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ecoanalysis import extracting, paths
from ecoanalysis.errors import RequestError
from ecoanalysis.reading import read_text
from ecoanalysis.tables import parts, workers
from ecoanalysis.tables.batches import Task, again, in_processes, work

_WAIT = 30  # seconds for a scheduler, and for its first worker


def each(tasks: Iterator[Task], address: str) -> Iterator[tuple[Task, str]]:
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
    ((_, part),) = workers.each([task], work, again)
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
