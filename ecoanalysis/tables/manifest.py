"""Write the manifest of a folder of reports from what was read, to be corrected in Excel.

In: the table `reports`. Out: manifest.csv (UTF-8 with a byte order mark, no cell a formula), which `reading.manifest` takes
back. Place and year are filled in where they are sure; of others the column `read_as` says what they were taken for, so
that a guess does not become certain because nobody looked.
"""

from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.reading import MANIFEST
from ecoanalysis.tables.harmless import harmless_table
from ecoanalysis.tables.sure import SURE

_PLACE = ["province", "city", "district", "level"]
COLUMNS = ["file", *_PLACE, "year", "title", "publisher", "published", "url", "licence", "read_as"]


def write(
    reports: pd.DataFrame, raw: Path | None = None, output: Path | None = None, force: bool = False
) -> tuple[Path, int, int]:
    """Write the manifest and return its file, the number of its rows, and of those whose place or year is to be filled in.

    It is manifest.csv in the folder of reports unless `output` names another. One that is there is replaced with `force`
    alone, else this raises `RequestError`: somebody may have edited it.
    """
    folder = raw or paths.raw()
    file = output or folder / MANIFEST
    if not file.parent.is_dir():
        raise RequestError(f"no folder {paths.shown(file.parent)}; name the folder of reports with --raw")
    if file.exists() and not force:
        beside = "-o writes another beside it, --force replaces it (run `ecoanalysis parse` before, or edits are lost)"
        raise RequestError(f"{paths.shown(file)} is there already; {beside}")
    rows = manifest(reports)
    with paths.replacing(file) as draft:
        harmless_table(rows).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
    return file, len(rows), int((rows["read_as"] != "").sum())


def manifest(reports: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a manifest: what is sure of each report, and in `read_as` what is not."""
    year = reports["year"].astype("str").where(reports["year"].notna(), "")
    rows = reports.assign(file=reports["path"], year=year, read_as="")
    for part, columns in (("place", _PLACE), ("year", ["year"])):
        unsure = reports[f"{part}_confidence"] < SURE
        said = rows[columns].agg(lambda cells: " ".join(filter(None, dict.fromkeys(cells))), axis=1)
        share = reports[f"{part}_confidence"].map("{:.2f}".format)
        rows["read_as"] = rows["read_as"].mask(unsure, rows["read_as"] + part + ": " + said + " (" + share + "); ")
        for column in columns:
            rows[column] = rows[column].mask(unsure, "")
    return rows[COLUMNS].assign(read_as=rows["read_as"].str.removesuffix("; "))
