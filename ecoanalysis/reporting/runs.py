"""Where runs live: figures/runs/<time>/, one folder a run, and figures/latest, which leads to the last whole one.

In: the folder of all figures. Out: runs by their folders, newest first, and folders that are there wholly or not at all: a run
is made in a folder whose name begins with a dot and gets its name when it is whole. What an ended process left is removed
by the next, which alone may write (`alone`).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from ecoanalysis import paths
from ecoanalysis.errors import EcoanalysisError, RequestError, nearest
from ecoanalysis.reporting.record import FILE, Page, Record, hash_of, read

RUNS, LATEST = "runs", "latest"
_MAKING, _GONE = ".making-", ".gone-"
_TIME = "%Y-%m-%dT%H%M%S"


@contextmanager
def alone(figures: Path, wait: bool = False) -> Iterator[None]:
    """Be the only run that writes to `figures`; where another does, wait for its end, or raise `RequestError`.

    The lock is the operating system's: it ends with the process, however that ends.
    """
    figures.mkdir(parents=True, exist_ok=True)
    lock = FileLock(figures.absolute() / ".lock", is_singleton=True)  # one within another is no second run
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        where = paths.shown(figures)
        raise RequestError(f"another run is writing to {where}; try again when it has ended, or use --wait") from None
    try:
        yield
    finally:
        lock.release()


def folders(figures: Path) -> list[Path]:
    """Return the folders of the runs that were finished, newest first."""
    found = (figures / RUNS).glob("[!.]*") if (figures / RUNS).is_dir() else ()
    return sorted((run for run in found if (run / FILE).is_file()), key=lambda run: run.name, reverse=True)


def whole(figures: Path) -> Iterator[tuple[Path, Record]]:
    """Yield the runs in which no notebook failed, newest first, with what they say of themselves."""
    for run in folders(figures):
        if (record := read(run)) and record.whole:
            yield run, record


def find(figures: Path, name: str) -> Path:
    """Return the folder of a run by its name; `RequestError` names the nearest where there is none."""
    known = {run.name: run for run in folders(figures)} | {LATEST: figures / LATEST}
    if name not in known or not known[name].is_dir():
        near = nearest(name, known) or "none"
        raise RequestError(f"no run named {name!r} in {paths.shown(figures / RUNS)}. Nearest: {near}")
    return known[name]


def new_name(figures: Path) -> str:
    """Return a name for a run: its time, or a second after the newest run where the clock was set back."""
    last = max((run.name for run in folders(figures)), default="")
    now = datetime.now().strftime(_TIME)
    return now if now > last else (datetime.strptime(last, _TIME) + timedelta(seconds=1)).strftime(_TIME)


def begin(figures: Path, name: str) -> Path:
    """Return an empty folder for a run that is being made."""
    draft = figures / RUNS / f"{_MAKING}{name}-{os.getpid()}"
    draft.mkdir(parents=True)
    return draft


def finish(draft: Path, figures: Path, record: Record) -> None:
    """Give a run that is made its name, and let `latest` lead to it if no notebook failed."""
    record.save(draft)
    final = figures / RUNS / record.run
    draft.rename(final)
    if record.whole:
        _point(figures, final)


def heal(figures: Path) -> None:
    """Remove what a run left that was ended amidst, and let `latest` lead to the newest whole run."""
    for folder in (figures, figures / RUNS):
        for left in [*folder.glob(f"{_MAKING}*"), *folder.glob(f"{_GONE}*")]:
            remove(left)
    newest = next(whole(figures), None)
    pointed = read(figures / LATEST)
    if newest and (pointed is None or pointed.run != newest[1].run):
        _point(figures, newest[0])


def _point(figures: Path, run: Path) -> None:
    """Let `latest` lead to a run: a relative link; where none can be made, a folder of the same files."""
    latest, draft, gone = figures / LATEST, figures / f"{_MAKING}{LATEST}", figures / f"{_GONE}{LATEST}"
    remove(draft)
    try:
        draft.symlink_to(Path(RUNS, run.name), target_is_directory=True)
    except (OSError, NotImplementedError):
        carry(run, draft)
    if latest.is_dir() and not latest.is_symlink():
        if not (latest / FILE).is_file():
            remove(draft)
            raise EcoanalysisError(f"{paths.shown(latest)} is a folder that no run made; move it away")
        remove(gone)
        latest.rename(gone)  # a folder cannot be replaced in one step
    elif latest.is_symlink() and not draft.is_symlink():
        latest.unlink()
    os.replace(draft, latest)
    remove(gone)


def keep(figures: Path, most: int) -> None:
    """Remove all runs but the newest `most` and the last whole one."""
    last = next((run for run, _ in whole(figures)), None)
    for run in folders(figures)[most:]:
        if run != last:
            gone = run.with_name(f"{_GONE}{run.name}")
            run.rename(gone)
            remove(gone)


def remove(path: Path) -> None:
    """Remove a file, link or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def carry(source: Path, target: Path) -> None:
    """Let `target` be what the file or folder `source` is: by hard links where these can be made, else by copies."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link)
    else:
        _link(source, target)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target)


def intact(run: Path, page: Page) -> bool:
    """Return whether all files of a page are as the run left them."""
    try:
        return all(hash_of(run / page.folder / name) == known for name, known in page.files.items())
    except OSError:
        return False
