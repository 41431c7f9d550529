"""Work in processes of their own, which are bounded and can be ended: no report holds up or takes down the others.

In: tasks, taken one by one as workers get free, and the work on one, which says each report that it begins. Out: what the
work gives, as it gets done. A task whose worker took too long or died is done again, after the caller was told of an
`Ended`: which report it had begun. Where no process can be started, the work is done here.

The system bounds what a worker may use of memory in all, and of processor time for one report: what it wants beyond
fails with `MemoryError`, and a report on which it computes too long ends it with the signal SIGPROF. Counted is the time
that it computes, not the time that passes, so that a busy machine loses no report. Where the system knows no such bound
(memory on anything but Linux, both on Windows) none is set.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

LIMIT = 120.0  # seconds that pass before a report is given up, computing or waiting
MOST = 8  # workers: more only fill the memory
# A fork has all knowledge loaded; on macOS its system libraries do not survive one.
FORKS = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
_Task = TypeVar("_Task")
Say = Callable[["Begun | str"], None]  # a text says only that work goes on
Work = Callable[[Any, Say], Any]
MEMORY = 1_000_000_000  # bytes that a worker may hold
SECONDS = 10.0  # of the processor, for one report
SPENT = getattr(signal, "SIGPROF", None)
_PR_SET_PDEATHSIG = 1


def bound_memory() -> None:
    """Let this process hold `MEMORY` bytes; one that was forked from a large one, at least half as much of its own.

    Limited are data that can be written: code, fonts and what is mapped from files count for nothing.
    """
    if sys.platform != "linux":
        return
    import resource

    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    held = {words[0]: 1024 * int(words[1]) for words in lines if words[0] in ("VmData:", "VmRSS:")}
    most = held["VmData:"] + max(MEMORY - held["VmRSS:"], MEMORY // 2)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what dies leaves no image of its memory


def bound_time(seconds: float) -> None:
    """Give this process so many seconds of the processor, counted from now; with 0, as many as it wants."""
    if SPENT is not None:
        signal.signal(SPENT, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def end_with(parent: int) -> None:
    """Have the system end this process with the one that made it, however that ends; only Linux does.

    What hears of it otherwise: who waits for a line that nobody holds any more. But a process that hangs waits for none, and a
    fork holds the lines of its siblings, and the locks.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it had ended before
            os._exit(1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A report that a worker begins: the number of its item in the task and its own in the item, its name and its file."""

    item: int
    number: int
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Ended:
    """A report whose worker ended before it was read; `code` is timed_out or crashed."""

    code: str
    report: Begun


class _NoProcess(Exception):
    """No process can be started: in a process that may have none, or from a script that starts itself anew in each."""


@dataclass(slots=True)
class _Worker:
    """A process, the task that it has and the report that it has begun, and until when to wait for it."""

    process: BaseProcess
    line: Connection
    task: Any = None
    begun: Begun | None = None
    until: float = 0.0
    started: bool = False

    def give(self, task: Any) -> None:
        self.task, self.begun, self.until = task, None, time.monotonic() + LIMIT
        with suppress(OSError):  # a worker that is dead already says so when it is waited for
            self.line.send(task)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()


def each(
    tasks: Iterable[_Task], work: Work, again: Callable[[_Task, Ended | None], _Task]
) -> Iterator[tuple[_Task, Any]]:
    """Do some work on each task, and yield the tasks with what the work gave, in the order in which it was done.

    `again` returns the task to be done instead of one whose worker ended; it is told of None where no report was begun.
    What the work raises is raised here.
    """
    coming = iter(tasks)
    back: deque[_Task] = deque()
    idle: list[_Worker] = []
    busy: list[_Worker] = []
    try:
        while True:
            while len(busy) < min(MOST, os.cpu_count() or 1):
                task = back.popleft() if back else next(coming, None)
                if task is None:
                    break
                try:
                    worker = idle.pop() if idle else _start(work)
                except _NoProcess:
                    back.appendleft(task)
                    raise
                busy.append(worker)
                worker.give(task)
            if not busy:
                return
            for worker, message in _messages(busy):
                busy.remove(worker)
                if isinstance(message, Ended | None):
                    back.append(again(worker.task, message))
                    continue
                idle.append(worker)
                if isinstance(message, Exception):
                    raise message
                yield worker.task, message[0]
    except _NoProcess:
        left = [worker.task for worker in busy]
    finally:
        for worker in (*busy, *idle):
            worker.end()
    for task in chain(left, back, coming):
        yield task, work(task, lambda _: None)


def _start(work: Work) -> _Worker:
    if multiprocessing.current_process().daemon:
        raise _NoProcess
    context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work, os.getpid()), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking where threads run, as in a notebook's kernel
        process.start()
    there.close()
    return _Worker(process, here)


def _messages(busy: list[_Worker]) -> Iterator[tuple[_Worker, Any]]:
    """Yield what ends a worker's task: a result in a tuple, an error, an `Ended`, or None where nothing was begun."""
    left = min(worker.until for worker in busy) - time.monotonic()
    wait([worker.line for worker in busy], max(left, 0))
    for worker in list(busy):
        if worker.line.poll():
            message = _message(worker)
        elif time.monotonic() >= worker.until:
            message = _ended(worker, "timed_out")
        else:
            continue
        if not isinstance(message, Begun | str):
            yield worker, message


def _message(worker: _Worker) -> Any:
    """Take a message; one that only says that work goes on gives more time."""
    try:
        message = worker.line.recv()
    except (EOFError, OSError):
        if not worker.started:
            raise _NoProcess from None
        return _ended(worker, "crashed")
    # What is no report, as writing to a slow disk, may take longer.
    worker.started, worker.until = True, time.monotonic() + (LIMIT if isinstance(message, Begun) else 10 * LIMIT)
    if isinstance(message, Begun | str):
        worker.begun = message if isinstance(message, Begun) else None
    return message


def _ended(worker: _Worker, code: str) -> Ended | None:
    worker.end()
    code = "timed_out" if SPENT and worker.process.exitcode == -SPENT else code
    return Ended(code, worker.begun) if worker.begun else None


def _serve(line: Connection, work: Work, parent: int) -> None:
    """Work in a process of one's own: take tasks, say which report is begun, send each result or what stops the work."""
    end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits is interrupted, and ends this
    bound_memory()
    line.send("ready")

    def say(message: Begun | str) -> None:
        bound_time(SECONDS if isinstance(message, Begun) else 0)
        line.send(message)

    with suppress(EOFError, BrokenPipeError):
        for task in iter(partial(line.recv), None):
            try:
                result: object = (work(task, say),)
            except (EOFError, BrokenPipeError):
                raise
            except Exception as error:
                result = error
            line.send(result)
