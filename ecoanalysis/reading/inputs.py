"""What there is to read: the one way from what a user names to the reports, one after the other.

In: a folder, files, or a DataFrame, and what the user says of tables. Out, as it is come upon: a `Path` (a file, whose
reports `sources` gives), a `Source` (a row of a table, or a file that lies deeper or that the manifest speaks of), or a
`Problem`, also for what is not followed or cannot be opened. Links that lead out of the folder are refused; what starts with
a dot, and what a browser saves beside a page, is passed over. Nothing is held but names: a corpus need not fit into memory.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.reading.archives import Source, is_report, sources
from ecoanalysis.reading.cells import check_encoding, is_table
from ecoanalysis.reading.manifest import NAME, read_manifest
from ecoanalysis.reading.report import Problem
from ecoanalysis.reading.stated_metadata import clean, known_fields
from ecoanalysis.reading.text_tables import Asked, frame_sources, table_sources

Item = Path | Source | Problem
_PAGES = (".html", ".htm")
_BESIDE = ("_files", ".files", "_文件")  # page.html has its pictures in page_files


def inputs(
    what: Any, *, glob: str = "", text: str = "", encoding: str = "", columns: Mapping[str, str] | None = None
) -> Iterator[Item]:
    """Yield what there is to read in a folder (to any depth), in some files, or in a DataFrame, and what is amiss.

    `glob` is a pattern for the names of files, from the folder's top: `*.txt`, `2016/*`; * stands for any characters, / too.
    `text` names the column of texts, `columns` others by field (`{"city": "地名"}`), `encoding` that of a CSV, where names and
    encoding are not found by themselves. A folder that is not there, nothing to read, a field or an encoding that is not
    known, and tables without such a column where there is nothing else raise `RequestError`.
    """
    check_encoding(encoding)
    told = dict(columns or {}) | ({"text": text} if text else {})
    for key in told:
        if key not in known_fields():
            raise RequestError(
                f"no field {key!r}. Nearest: {nearest(key, known_fields()) or ', '.join(known_fields())}"
            )
    asked = Asked(told, encoding)
    found: Iterator[Item]
    if hasattr(what, "iloc"):
        found, where = frame_sources(what, asked), "the DataFrame"
    elif isinstance(what, (str, Path)) and not Path(what).is_file():
        found, where = _in_folder(Path(what), glob, asked), paths.shown(what)
    else:
        named = [what] if isinstance(what, (str, Path)) else what
        found, where = _files([Path(file).absolute() for file in named], asked), "what was named"
    some, useless = False, []
    for item in found:
        some = some or not (isinstance(item, Problem) and item.code == "no_column")
        useless += [item.message] if not some and isinstance(item, Problem) else []
        yield item
    if not some:
        matching = f" that matches {glob!r}" if glob else ""
        raise RequestError(
            "; ".join(useless[:3]) or f"no report{matching} in {where}; put reports there and run this again"
        )


def how_many(what: Any, glob: str = "") -> int | None:
    """Return how many items `inputs` is about to yield, looking at names alone; None for tables, whose rows nobody has counted.

    It is for a bar of progress: what will be refused counts too.
    """
    if hasattr(what, "iloc"):
        return len(what)
    if isinstance(what, (str, Path)) and not Path(what).is_file():
        walked = (files for files in _walk(Path(what).absolute()) if not isinstance(files, Problem))
        found = [path for files in walked for name, path in files if name != NAME and _matches(name, glob)]
    else:
        found = [Path(what)] if isinstance(what, (str, Path)) else list({*map(Path, what)})
    reports = [path for path in found if is_report(path)]
    return None if any(map(is_table, reports)) else len(reports)


def name_of(item: Item) -> str:
    """Return the name of the report that an item is or, for an archive, that its members' names begin with."""
    if isinstance(item, Path):
        return clean(item.stem)
    return item.report if isinstance(item, Problem) else item.name


def all_sources(what: Any) -> Iterator[Source]:
    """Yield the reports in what a user names, without what is amiss."""
    for item in inputs(what):
        if not isinstance(item, Problem):
            yield from sources(item)


def _in_folder(folder: Path, glob: str, asked: Asked) -> Iterator[Item]:
    if not folder.is_dir():
        raise RequestError(f"no folder {paths.shown(folder)}; name a folder of reports with --raw, or make data/raw")
    asked.manifest = read_manifest(folder)
    for found in _walk(folder.absolute()):
        if isinstance(found, Problem):
            yield found
            continue
        files = [(name, path) for name, path in found if is_report(path) and name != NAME]
        yield from _together([(name, path) for name, path in files if _matches(name, glob)], asked)
    if not glob:
        yield from asked.manifest.notes()


def _walk(top: Path) -> Iterator[list[tuple[str, Path]] | Problem]:
    """Yield of each folder in turn, the top first, its files with their names from the top, and what is refused."""
    amiss: list[Problem] = []

    def closed(error: OSError) -> None:
        name = clean(os.path.relpath(error.filename, top)) if error.filename != str(top) else top.name
        message = f"the folder {name} cannot be opened: {error.strerror or error}. Check who may read it."
        amiss.append(Problem(name, "unreadable", "error", message))

    for folder, inner, files in os.walk(top, onerror=closed):
        here, folders, found = Path(folder).relative_to(top), set(inner), []
        pages = [name.rpartition(".")[0] for name in (*inner, *files) if name.lower().endswith(_PAGES)]
        beside = {page + end for page in pages for end in _BESIDE}
        inner.clear()
        for name in sorted(name for name in (*folders, *files) if name[0] != "." and name != "__MACOSX"):
            path, called = Path(folder, name), (here / name).as_posix()
            if path.is_symlink() and (refused := _refused(path, clean(called), top)):
                amiss.append(refused)
            elif name not in folders:
                found.append((called, path))
            elif name not in beside:
                inner.append(name)
        yield from amiss
        amiss.clear()
        yield found
    yield from amiss


def _refused(link: Path, name: str, top: Path) -> Problem | None:
    """Return why a link is not followed: it leads out, or to a folder that is read where it lies."""
    target, whole = (Path(os.path.realpath(path)) for path in (link, top))
    if not target.is_relative_to(whole):
        said = "that leads out of the folder; it is not followed. Put the file itself there."
        return Problem(name, "link", "error", f"{name} is a link {said}")
    said = "to a folder in the folder, which is read where it lies."
    return Problem(name, "link", "note", f"{name} is a link {said}") if target.is_dir() else None


def _files(files: Iterable[Path], asked: Asked) -> Iterator[Item]:
    """Files that were named: those of data/raw by their names from its top, as if the folder were read."""
    raw = paths.raw().absolute()
    if any(file.is_relative_to(raw) for file in files):
        asked.manifest = read_manifest(raw)
    named = sorted({file for file in files if is_report(file)})
    yield from _together(
        [(file.relative_to(raw).as_posix() if file.is_relative_to(raw) else file.name, file) for file in named], asked
    )


def _matches(name: str, glob: str) -> bool:
    return not glob or fnmatchcase(name, glob) or fnmatchcase(f"/{name}", glob)


def _together(files: list[tuple[str, Path]], asked: Asked) -> Iterator[Item]:
    """Yield some files with their names from the top; of two that would be one report, neither."""
    names = [clean(str(PurePosixPath(name).with_suffix(""))) for name, _ in files]
    counts = Counter(name for name, (_, path) in zip(names, files, strict=True) if not is_table(path))
    for report, (name, path) in zip(names, files, strict=True):
        if is_table(path):
            yield from table_sources(path, clean(name), asked)
        elif counts[report] > 1 or report in asked.names or (path.suffix == ".zip" and path.with_suffix("").is_dir()):
            others = [
                other for called, (_, other) in zip(names, files, strict=True) if called == report and other != path
            ]
            there = ", ".join(map(paths.shown, others)) or "another report"
            message = f"{paths.shown(path)} has the same name as {there}: neither is read; rename one"
            yield Problem(report, "same_name", "error", message)
        else:
            asked.names.add(report)
            within = asked.manifest.within(clean(name))
            told = () if within else asked.manifest.of(clean(name))
            plain = "/" not in name and not told and not within
            yield path if plain else Source(report, path, clean(name), told, within=within)
