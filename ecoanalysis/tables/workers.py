"""Read files in processes of their own, which can be ended: no file holds up or takes down the others.

In: files, and the work to do on each report in them. Out: the results in the order of the files, and for a report whose
worker took too long or died, what the caller makes of an `Ended`. Where no process can be started, the work is done here.
"""

import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from ecoanalysis import reading
from ecoanalysis.reading import Source
from ecoanalysis.tables import bounds

LIMIT = 120.0  # seconds that pass before a report is given up, computing (`bounds`) or waiting
MOST = 8  # workers: more only fill the memory
AHEAD = 3  # files that a worker is given at a time, so that it need not wait for the next
# A fork has all knowledge loaded; on macOS its system libraries do not survive one.
FORKS = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Ended:
    """A report whose worker ended before it was read; `code` is timed_out or crashed."""

    code: str
    name: str
    path: Path


@dataclass(slots=True)
class _Worker:
    """A process, the files that it has (each by its place, and how many of its reports are done), and until when to wait."""

    process: BaseProcess
    line: Connection
    files: deque[tuple[int, int]] = field(default_factory=deque)
    report: tuple[str, Path] | None = None
    until: float = 0.0
    started: bool = False

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()


def each(
    files: Sequence[Path | Source],
    work: Callable[[Source], _Result],
    ended: Callable[[Ended], _Result],
    progress: Callable[[], object] = lambda: None,
) -> list[_Result]:
    """Do some work on every report of some files and return the results in order; `progress` is called after each file."""
    results: list[list[_Result]] = [[] for _ in files]
    waiting = deque((at, 0) for at in range(len(files)))
    workers: list[_Worker] = []
    most = min(len(files), MOST, os.cpu_count() or 1)
    with suppress(_NoProcess):
        try:
            while waiting or any(worker.files for worker in workers):
                _employ(workers, most, work, files, waiting)
                for worker, message in _messages(workers):
                    at, done = worker.files.popleft()
                    if message is None:
                        progress()
                        continue
                    if isinstance(message, Ended):
                        results[at].append(ended(message if message.name else replace(message, **_named(files[at]))))
                        waiting.extendleft(
                            reversed([(at, done + 1), *worker.files])
                        )  # also what is behind it in an archive
                        workers.remove(worker)
                    else:
                        results[at].append(message[0])
                        worker.files.appendleft((at, done + 1))
        finally:
            for worker in workers:
                worker.end()
        return [result for found in results for result in found]
    return [work(source) for file in files for source in reading.sources(file)]


def _named(file: Path | Source) -> dict[str, Any]:
    """Name a file whose worker ended before it said which report was begun."""
    return {"name": reading.name_of(file), "path": file.path if isinstance(file, Source) else file}


class _NoProcess(Exception):
    """No process can be started: in a process that may have none, or from a script that starts itself anew in each."""


def _employ(workers: list[_Worker], most: int, work: Callable, files: Sequence[Path | Source], waiting: deque) -> None:
    """Start workers while files wait, and give each its next ones, in turn."""
    while len(workers) < most and len(workers) < len(waiting):
        workers.append(_start(work))
    while waiting:
        worker = min(workers, key=lambda one: len(one.files))
        if len(worker.files) >= AHEAD:
            return
        if not worker.files:
            worker.report, worker.until = None, time.monotonic() + LIMIT
        at, done = waiting.popleft()
        worker.files.append((at, done))
        with suppress(OSError):  # a worker that is dead already says so when it is waited for
            worker.line.send((files[at], done))


def _start(work: Callable) -> _Worker:
    if multiprocessing.current_process().daemon:
        raise _NoProcess
    context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking where threads run, as in a notebook's kernel
        process.start()
    there.close()
    return _Worker(process, here)


def _messages(workers: list[_Worker]) -> Iterator[tuple[_Worker, Any]]:
    """Yield what busy workers say: a result in a tuple, None when a file is done, an `Ended`; wait for one at most."""
    busy = [worker for worker in workers if worker.files]
    left = min(worker.until for worker in busy) - time.monotonic()
    said = set(wait([worker.line for worker in busy], max(left, 0)))
    for worker in busy:
        message = _message(worker) if worker.line in said else _late(worker)
        if message != ():
            yield worker, message


def _late(worker: _Worker) -> Ended | tuple:
    if time.monotonic() < worker.until:
        return ()
    return _ended(worker, "timed_out")


def _message(worker: _Worker) -> Any:
    """Take a message; an empty one says only that work goes on."""
    try:
        message = worker.line.recv()
    except (EOFError, OSError):
        if not worker.started:
            raise _NoProcess from None
        return _ended(worker, "crashed")
    worker.started = True
    worker.until = time.monotonic() + LIMIT
    if isinstance(message, str):
        return ()
    if message and len(message) == 2:
        worker.report = message
        return ()
    worker.report = None if message is None else worker.report
    return message


def _ended(worker: _Worker, code: str) -> Ended:
    worker.end()
    code = "timed_out" if bounds.SPENT and worker.process.exitcode == -bounds.SPENT else code
    return Ended(code, *(worker.report or ("", Path())))


def _serve(line: Connection, work: Callable[[Source], object]) -> None:
    """Work in a process of one's own: take files, say which report is begun, send each result, and None after the last."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits is interrupted, and ends this
    bounds.bound_memory()
    line.send("ready")
    with suppress(EOFError, BrokenPipeError):
        for file, done in iter(partial(line.recv), None):
            bounds.bound_time()
            for source in islice(reading.sources(file), done, None):
                bounds.bound_time()
                line.send((source.name, source.path))
                line.send((work(source),))
            line.send(None)
