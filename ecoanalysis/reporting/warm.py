"""Run notebooks in processes that have imported already what they need, several at once.

In: jobs. Out: for each, as it is done, the folder that it was made in and what went wrong. One process imports all, loads the
tables, makes what several notebooks want, and then makes a copy of itself (a fork) for every notebook: so each begins alike, none sees what another left, and one that hangs or
dies takes none along. Where the system cannot fork, each notebook has a process that imports anew.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ecoanalysis.errors import EcoanalysisError
from ecoanalysis.reporting.plan import Job
from ecoanalysis.tables.sure import SURE
from ecoanalysis.tables.workers import FORKS, end_with

LIMIT = 1800.0  # seconds that a notebook may take unless another limit is given
MOST = 8  # notebooks at once: more only fill the memory
_GRACE = 10.0  # seconds to write down that the limit was reached, before the process is ended
_ENVIRONMENT = {"PYTHONIOENCODING": "utf-8", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def executed(
    jobs: Iterable[Job], processed: Path, figures: Path, seconds: float = LIMIT
) -> Iterator[tuple[Job, Path, str, float]]:
    """Run jobs and yield each when it is done: its draft folder in `figures`, what went wrong, if anything, and its seconds.

    A notebook that takes longer than `seconds` is ended.
    """
    jobs = list(jobs)
    at_once = max(1, min(len(jobs), MOST, os.cpu_count() or 1))
    warm = _Warm(jobs[0].notebook.absolute().parent, processed, jobs) if FORKS and jobs else None
    pool = ThreadPoolExecutor(at_once)
    try:
        running = {pool.submit(_timed, job, processed, figures, seconds, warm): job for job in jobs}
        with tqdm(total=len(jobs), unit="notebook", disable=None) as bar:
            for done in as_completed(running):
                yield running[done], *done.result()
                bar.update()
    finally:
        if warm:
            warm.end()  # and with it what still runs
        pool.shutdown(cancel_futures=True)


def _timed(job: Job, processed: Path, figures: Path, seconds: float, warm: "_Warm | None") -> tuple[Path, str, float]:
    began = time.monotonic()
    draft = Path(tempfile.mkdtemp(prefix=".making-", dir=figures))
    request = {
        "name": job.name,
        "notebook": str(job.notebook.absolute()),
        "parameters": job.parameters,
        "folder": str(draft / job.folder),
        "environment": {"ECOANALYSIS_PROCESSED": str(processed), "ECOANALYSIS_FIGURES": str(draft)},
        "seconds": seconds,
    }
    message = (warm.run if warm else _cold)(request)
    return draft, message, round(time.monotonic() - began, 2)


def _cold(request: dict[str, Any]) -> str:
    """Run a job in a process that begins from nothing."""
    command = [sys.executable, "-m", "ecoanalysis.reporting.execute"]
    environment = os.environ | request["environment"] | _ENVIRONMENT
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            env=environment,
            timeout=request["seconds"] + _GRACE,
        )
    except subprocess.TimeoutExpired:
        return _too_long(request)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [_died(request)])[-1]
    return json.loads(done.stdout.splitlines()[-1])


def _too_long(request: dict[str, Any]) -> str:
    return f"took longer than the {request['seconds']:g} s that --timeout allows and was ended"


def _died(request: dict[str, Any]) -> str:
    return f"the process of {request['name']} ended before it was done (out of memory, or ended from outside?)"


class _Warm:
    """The process that has imported all; it is asked for copies of itself over the socket that is its standard input."""

    def __init__(self, folder: Path, processed: Path, jobs: list[Job]) -> None:
        self._control, there = socket.socketpair()
        command = [sys.executable, "-c", "from ecoanalysis.reporting.warm import serve; serve()"]
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=there.fileno(), stdout=subprocess.DEVNULL, env=os.environ | _ENVIRONMENT
        )
        there.close()
        wanted = {"processed": str(processed), "parameters": [job.parameters for job in jobs]}
        with suppress(OSError):
            self._control.sendall(json.dumps(wanted).encode() + b"\n")

    def run(self, request: dict[str, Any]) -> str:
        """Run a job in a copy and return what went wrong, an empty text if nothing did."""
        line, there = socket.socketpair()
        with line, line.makefile("rw", encoding="utf-8") as stream:
            with there, suppress(OSError):
                socket.send_fds(self._control, [b"+"], [there.fileno()])
            try:
                own = int(stream.readline())  # the copy says who it is
                line.settimeout(request["seconds"] + _GRACE)
                stream.write(json.dumps(request) + "\n")
                stream.flush()
                return json.loads(stream.readline())
            except TimeoutError:
                os.killpg(own, signal.SIGKILL)
                return _too_long(request)
            except (ValueError, OSError):  # nothing came: it is no more
                return _died(request)

    def end(self) -> None:
        self._control.close()
        self._process.wait()


def serve() -> None:
    """Import all, make what a first line asks for, then a copy for each socket that is sent, until nobody can send any more."""
    control = socket.socket(fileno=os.dup(0))
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    wanted = json.loads(control.makefile("rb", buffering=0).readline() or "null")
    if wanted is None:  # who asks is gone
        return
    gc.disable()  # what is made now stays: looking through it time and again finds nothing
    _import_all(several=len(wanted["parameters"]) > 1)
    with suppress(Exception):  # who needs it will say what is wrong
        _prepare(**wanted)
    gc.collect()
    gc.freeze()  # copies neither look through what is here nor touch its memory
    gc.enable()
    copies: set[int] = set()
    here = os.getpid()
    while sent := socket.recv_fds(control, 1, 1)[1]:
        line = socket.socket(fileno=sent[0])
        copies -= {own for own in copies if os.waitpid(own, os.WNOHANG)[0]}
        own = os.fork()
        if own == 0:
            control.close()
            _copy(line, here)
        copies.add(own)
        line.close()
    for own in copies:
        with suppress(ProcessLookupError):
            os.killpg(own, signal.SIGKILL)
        os.waitpid(own, 0)


def _import_all(several: bool) -> None:
    """Import what the notebooks need, and make what each would make alike; no thread may be started here.

    What only some charts need, and takes a second, is imported where there are several notebooks to share it.
    """
    # To jsonschema, behind nbformat, this is optional; it takes a second to load, and checks a format that no notebook has.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # what Python calls absent
    import ipykernel.debugger  # noqa: F401  # the kernel imports these when it begins
    import IPython.core.completerlib
    import IPython.core.magics  # noqa: F401
    import nbformat
    import pandas as pd
    import pandas.io.formats.csvs

    del sys.modules["rfc3987_syntax"]  # to a notebook it is there
    if several:
        import seaborn  # noqa: F401

    from ecoanalysis import language, study  # noqa: F401
    from ecoanalysis.charts.chart import Chart
    from ecoanalysis.charts.layout import sheet
    from ecoanalysis.charts.style import WIDE, drawing
    from ecoanalysis.knowledge import catalogue, places, scopes
    from ecoanalysis.reporting import execute

    with suppress(EcoanalysisError):  # a metric that is wrong is said where it is needed
        catalogue.metrics(), scopes.classes(), places.all_places(), places.find("")
    with drawing():  # fonts, phrases, and what matplotlib imports only to write a file
        blank = Chart(sheet(WIDE, 10.0, "0", "", "").figure, pd.DataFrame(), "", "", "", "zh", "")
    for form in ("png", "svg"):
        blank.made(form)
    execute.exporter().from_notebook_node(nbformat.v4.new_notebook())


def _prepare(processed: str, parameters: list[dict[str, Any]]) -> None:
    """Load the tables, and make the panels that the profiles of several cities share, for the copies to have them."""
    from ecoanalysis import charts, comparing
    from ecoanalysis.charts.chart import Chart
    from ecoanalysis.tables import store
    from ecoanalysis.wording import tables

    found = store.keep(processed)
    cities: dict[tuple[int, float], list[str]] = {}
    for given in parameters:
        if given.get("city") and given.get("year"):
            cities.setdefault((given["year"], given.get("sure", SURE)), []).append(given["city"])
    for (year, sure), several in cities.items():
        if len(several) > 1:
            comparing.prepare(found.facts, several, year, found.reports, sure)
            first = charts.profile(tables.profile(found.facts, several[0], year, found.reports, sure=sure))
            if isinstance(first, Chart):
                first.made("svg"), first.made("png")  # its names and letters are those of the others


def _copy(line: socket.socket, parent: int) -> None:
    """Run one job in this copy, which ends with it, whatever happens."""
    try:
        os.setsid()  # to be ended with all that it starts, but not any more with the group of the run
        end_with(parent)
        from ecoanalysis.reporting import execute

        with line.makefile("rw", encoding="utf-8") as stream:
            stream.write(f"{os.getpid()}\n")
            stream.flush()
            stream.write(json.dumps(execute.run(json.loads(stream.readline()))) + "\n")
    finally:
        os._exit(0)
