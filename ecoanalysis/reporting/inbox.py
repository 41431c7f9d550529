"""Take reports from a folder that others put them into, once they are complete.

In: a folder, such as one that is synchronised or downloaded to. Out: its files moved into data/raw, where nothing is ever
overwritten, and for each that stays the reason. A file counts as complete when it has not changed for ten minutes, no process that
can be seen has it open for writing, and it is not named as browsers and Office name what they still write; one that is renamed into the
folder brings its old time and is taken at once. Nothing is remembered from run to run: what a second look would tell, ten minutes do.
"""

import filecmp
import os
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.reading import is_report

STEADY = 600  # seconds without a change after which a file is complete: longer than who writes it pauses
_PROCESSES = Path("/proc")
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".!ut")
_TAKING = ".taking-"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file of the inbox: `file` is where it lies now, `why` why it stays where it was, empty if it was taken."""

    file: Path
    why: str = ""


def take(inbox: Path, raw: str | Path | None = None) -> list[Taken]:
    """Move the complete reports and sidecars of a folder into `raw`, by default data/raw, in the order of their names.

    A folder that is not there, or that lies in `raw`, raises `RequestError`.
    """
    target = Path(raw or paths.raw()).absolute()
    if not inbox.is_dir():
        raise RequestError(f"no folder {paths.shown(inbox)}; make it, or name another with --inbox")
    if inbox.resolve() == target.resolve():
        raise RequestError(f"{paths.shown(inbox)} is the folder of the reports itself; name another with --inbox")
    target.mkdir(parents=True, exist_ok=True)
    for left in target.glob(f"{_TAKING}*"):  # of a run that was ended amidst; its source is still in the inbox
        left.unlink()
    found = [file for file in sorted(inbox.iterdir()) if not file.name.startswith((".", "~$"))]
    written = open_for_writing()
    # A sidecar comes first: no report is read without the one that lies beside it.
    return [_take(file, target, written) for file in sorted(found, key=lambda file: file.suffix != ".toml")]


def _take(file: Path, raw: Path, written: set[tuple[int, int]]) -> Taken:
    final = raw / file.name
    if (why := _incomplete(file, written)) or (why := _unfit(file, raw)):
        return Taken(file, why)
    if final.is_file() and filecmp.cmp(file, final, shallow=False):  # a run was ended before it could remove it here
        file.unlink()
        return Taken(final)
    try:
        os.link(file, final)  # fails where the name is taken, and leaves no moment with half a file
    except FileExistsError:
        return Taken(file, f"{paths.shown(final)} is there already")
    except OSError:  # another disk, or one without links: only this run writes here, and the name was free
        draft = raw / f"{_TAKING}{file.name}"
        shutil.copy2(file, draft)
        draft.rename(final)
    file.unlink()
    return Taken(final)


def open_for_writing() -> set[tuple[int, int]]:
    """Return disk and number of every file that some process has open for writing, as far as this system shows it.

    Linux shows a user's own processes, and root all of them; elsewhere none is seen.
    """
    found = set()
    for handle in _PROCESSES.glob("[0-9]*/fd/*") if _PROCESSES.is_dir() else ():
        try:
            told = (handle.parents[1] / "fdinfo" / handle.name).read_text().split("flags:", 1)[1].split()[0]
            if int(told, 8) & os.O_ACCMODE != os.O_RDONLY:
                opened = handle.stat()
                found.add((opened.st_dev, opened.st_ino))
        except (OSError, ValueError, IndexError):  # it has ended or closed the file, or is somebody else's
            continue
    return found


def _incomplete(file: Path, written: set[tuple[int, int]]) -> str:
    """Return why a file is not, or may not be, a complete file, an empty text if it is."""
    if file.is_symlink() or not file.is_file():
        return "it is no plain file"
    if file.name.lower().endswith(_UNFINISHED):
        return "it is still being fetched"
    now = file.stat()
    if (now.st_dev, now.st_ino) in written:
        return "a program has it open for writing; a run after that takes it"
    age = time.time() - now.st_mtime
    if abs(age) < STEADY:
        return f"it changed {abs(age):.0f} seconds ago and may not be complete; a run ten minutes after that takes it"
    return ""


def _unfit(file: Path, raw: Path) -> str:
    """Return why a file cannot be among the reports, an empty text if it can; the same file is there if its move was ended."""
    sidecar = file.suffix == ".toml"
    if not sidecar and not is_report(file):
        return "it is no report"
    name = unicodedata.normalize("NFC", file.stem)
    for other in sorted(raw.iterdir()):
        alike = unicodedata.normalize("NFC", other.stem) == name and (other.suffix == ".toml") == sidecar
        same = other.name == file.name and other.is_file() and filecmp.cmp(file, other, shallow=False)
        if alike and not same:
            return f"{paths.shown(other)} is there already; rename or remove one"
    return ""
