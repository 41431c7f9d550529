"""The index of figures, index.csv: a row a picture, with its title and source.

In: rows, and the file of a picture. Out: the index that lists it, read and written. Nothing here draws, so that who only looks
what there is need not load what does.
"""

import csv
from pathlib import Path

from ecoanalysis import paths
from ecoanalysis.tables.harmless import harmless, restored

INDEX = "index.csv"
_COLUMNS = ("file", "title", "source", "kind", "language", "rows")


def in_index(file: Path) -> tuple[Path, str]:
    """Return the index that lists a picture, that of all figures where it lies among them, and its name in there."""
    top = paths.figures().resolve()
    inside = file.resolve().is_relative_to(top)
    name = file.resolve().relative_to(top) if inside else Path(file.name)
    return (top if inside else file.parent) / INDEX, name.as_posix()


def add_to_index(index: Path, rows: list[dict[str, str]], without: str = "") -> None:
    """Add rows to an index of figures in place of those of the same file, and of `without`: a file, or all below a folder."""
    new = {row["file"]: row for row in rows}
    kept = [row for row in read_index(index) if row["file"] not in new]
    if without:
        kept = [row for row in kept if row["file"] != without and not row["file"].startswith(without.rstrip("/") + "/")]
    together = sorted([*kept, *new.values()], key=lambda row: row["file"])
    with paths.replacing(index) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in together)


def read_index(index: Path) -> list[dict[str, str]]:
    """Return the rows of an index of figures; none where there is no such file."""
    if not index.is_file():
        return []
    with index.open(encoding="utf-8-sig", newline="") as stream:
        return [{name: restored(cell or "") for name, cell in row.items()} for row in csv.DictReader(stream)]
