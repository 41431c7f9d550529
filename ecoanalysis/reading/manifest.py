"""The manifest of a folder of reports: manifest.csv at its top, a row a file, in columns what sidecars say one by one.

In: the folder. Out: a `Manifest`: what its rows say of which file, and what is amiss with them. It may be kept in Excel (as
CSV in UTF-8 or GB18030); the names of its columns are those of `knowledge/words/columns.csv`. A sidecar overrules it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ecoanalysis.errors import ReadingError, nearest
from ecoanalysis.reading.cells import sheets
from ecoanalysis.reading.report import Problem
from ecoanalysis.reading.stated_metadata import Told, cell_text, columns, fields_of, known_fields

NAME = "manifest.csv"
_QUOTED = re.compile(r"'(?='*[=+\-@\t\r\n＝＋－＠].)", re.S)  # what keeps a text from being a formula
_FIELDS = {*known_fields()} - {"text", "file", "report", "read_as"}
_SHOWN = 5
_HINTS = 20  # rows whose nearest names are looked for: who mends these knows how the others went wrong


@dataclass(slots=True)
class Manifest:
    """What the rows say, by file without its ending too; `used` are those that a report was found for."""

    rows: dict[str, Told] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    without: list[str] = field(default_factory=list)
    inside: dict[str, list[str]] = field(default_factory=dict)

    def of(self, file: str) -> tuple[Told, ...]:
        """Return what is said of a file, named from the top of the folder."""
        if not self.rows:  # as nearly always; a table asks for each of its rows
            return ()
        for name in (file, str(PurePosixPath(file).with_suffix(""))):
            if name in self.rows:
                self.used.add(name)
                return (self.rows[name],)
        self.without.append(file)
        return ()

    def within(self, file: str) -> dict[str, Told]:
        """Return what is said of the members of an archive, by their names in it."""
        if not self.inside:
            for name in self.rows:
                for archive in map(str, PurePosixPath(name).parents):
                    self.inside.setdefault(archive, []).append(name)
        found = {name.removeprefix(f"{file}/"): self.rows[name] for name in self.inside.get(file, ())}
        self.used |= {f"{file}/{name}" for name in found}
        return found

    def notes(self) -> Iterator[Problem]:
        """Yield what is amiss with its rows, once all files have been asked for: rows unused, and files without one."""
        yield from self.problems
        others = [PurePosixPath(name).name for name in self.without[:1000]]
        for number, file in enumerate(name for name in self.rows if name not in self.used):
            near = nearest(PurePosixPath(file).name, others) if number < _HINTS else ""
            advice = f"Nearest of those without a row: {near}" if near else "Mend the name, or remove the row"
            yield Problem(file, "manifest_unused", "warning", f"{self.rows[file].where}: there is no {file}. {advice}.")
        if self.rows and self.without:
            named = ", ".join(self.without[:_SHOWN]) + (" ..." if len(self.without) > _SHOWN else "")
            message = f"files that have no row in {NAME}, {len(self.without)} in all: {named}"
            yield Problem("manifest", "manifest_without", "note", message)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder, an empty one where there is none or where it cannot be understood at all."""
    manifest = Manifest()
    if not (folder / NAME).is_file():
        return manifest
    try:
        for row in (row for sheet in sheets(folder / NAME) for row in sheet.rows):
            place = f"{NAME}, row {row.number}"
            found = columns(row.cells, {})
            if "file" not in found:
                raise ReadingError("no_column", f"has no column file among: {', '.join(row.cells)}")
            cells = {key: _QUOTED.sub("", cell_text(row.cells.get(column)), 1) for key, column in found.items()}
            file = _plain(cells.pop("file"))
            fields, amiss = fields_of({key: cell for key, cell in cells.items() if key in _FIELDS})
            if row.amiss or not file or file in manifest.rows:
                what = row.amiss or ("names no file" if not file else f"is a second one of {file}; the first was taken")
                manifest.problems.append(Problem("manifest", "manifest_row", "warning", f"{place} {what}."))
            else:
                manifest.rows[file] = Told(fields, "manifest", place, amiss)
    except (ReadingError, OSError) as error:
        code = getattr(error, "code", "unreadable")
        manifest.problems.append(Problem("manifest", code, "error", f"{NAME} {error}. Nothing in it was used"))
        manifest.rows.clear()
    return manifest


def _plain(file: str) -> str:
    """Return a file as others name it too: Windows with \\, some from the top of the project."""
    parts = unicodedata.normalize("NFC", file).replace("\\", "/").removeprefix("data/raw/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))
