"""The files of a folder, to any depth, in the order of their names.

In: a folder. Out: each file with its name from the folder's top; a `Problem` for what is not followed or cannot be opened.
Links that lead out of the folder are refused. What starts with a dot, and what a browser saves beside a page, is passed over.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from ecoanalysis.reading.report import Problem
from ecoanalysis.reading.told import clean

_PAGES = (".html", ".htm")
_BESIDE = ("_files", ".files", "_文件")  # page.html has its pictures in page_files


def walk(top: Path) -> Iterator[list[tuple[str, Path]] | Problem]:
    """Yield of each folder in turn, the top first, its files with their names from the top, and what is refused."""
    waiting = [(top, "")]
    whole = Path(os.path.realpath(top))
    while waiting:
        folder, within = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            name = clean(within) or folder.name
            message = f"the folder {name} cannot be opened: {error.strerror or error}. Check who may read it."
            yield Problem(name, "unreadable", "error", message)
            continue
        files, folders = [], []
        pages = {entry.name.rpartition(".")[0] for entry in entries if entry.name.lower().endswith(_PAGES)}
        for entry in entries:
            name = f"{within}/{entry.name}".lstrip("/")
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            if entry.is_symlink() and (refused := _refused(Path(entry.path), clean(name), whole)):
                yield refused
            elif not entry.is_dir():
                files.append((name, Path(entry.path)))
            elif not any(entry.name == f"{page}{end}" for page in pages for end in _BESIDE):
                folders.append((Path(entry.path), name))
        yield files
        waiting.extend(reversed(folders))


def _refused(link: Path, name: str, whole: Path) -> Problem | None:
    """Return why a link is not followed: it leads out, or to a folder that is read where it lies."""
    target = Path(os.path.realpath(link))
    if not target.is_relative_to(whole):
        message = f"{name} is a link that leads out of the folder; it is not followed. Put the file itself there."
        return Problem(name, "link", "error", message)
    if target.is_dir():
        return Problem(
            name, "link", "note", f"{name} is a link to a folder in the folder, which is read where it lies."
        )
    return None
