"""Keep the tables in data/processed and load them again.

In: `Tables`, checked against the schema on the way. Out: a Parquet file per table, `facts.csv` for Excel and
`datapackage.json`, which says what every column is and holds a hash of every file. Each file is replaced whole, the
package description last; tables that do not match it are refused on loading, so a half-written set is never used.
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.tables.harmless import harmless_table
from ecoanalysis.tables.schema import TABLES, Column, conform

_PACKAGE = "datapackage.json"
_ADVICE = "run `make report` or `ecoanalysis parse`"
_ABOUT = (
    *("year", "publisher", "anonymous", "sample", "city", "province", "level"),
    *("place_confidence", "year_confidence"),
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of data/processed as plain DataFrames; `ecoanalysis.tables.schema` says what each column is."""

    reports: pd.DataFrame
    texts: pd.DataFrame
    sections: pd.DataFrame
    quantities: pd.DataFrame
    facts: pd.DataFrame
    problems: pd.DataFrame
    metrics: pd.DataFrame


def write(tables: Tables, processed: str | Path | None = None) -> None:
    """Check every table against the schema and write them all to the folder `processed`.

    A table that is not as its schema says raises `TableError`, and nothing is written.
    """
    folder = Path(processed or paths.processed())
    checked = {name: conform(getattr(tables, name), name) for name in TABLES}
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        for name, frame in checked.items():
            frame.to_parquet(draft / f"{name}.parquet", index=False)
        # `score` and corrections give the texts back as they were.
        harmless_table(checked["facts"]).to_csv(
            draft / "facts.csv", index=False, encoding="utf-8-sig", lineterminator="\n"
        )
        files = sorted(draft.iterdir())
        (draft / _PACKAGE).write_text(_describe(files), encoding="utf-8")
        for file in [*files, draft / _PACKAGE]:
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def load(processed: str | Path | None = None) -> Tables:
    """Load the tables that `parse` wrote, by default those of the project that the current directory lies in.

    A folder without tables, or with tables of two different runs, raises `RequestError`.

    >>> load("no/such/folder")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: no tables in no/such/folder; run `make report` or `ecoanalysis parse`
    """
    folder = Path(processed or paths.processed())
    where = processed or paths.shown(folder)
    try:
        package = json.loads((folder / _PACKAGE).read_text(encoding="utf-8"))
        resources = {resource["path"]: resource for resource in package["resources"]}
    except FileNotFoundError:
        raise RequestError(f"no tables in {where}; {_ADVICE}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RequestError(f"{where}/{_PACKAGE} is damaged; {_ADVICE}") from None
    for name, columns in TABLES.items():
        file = folder / f"{name}.parquet"
        resource = resources.get(file.name, {})
        if not file.is_file() or resource.get("hash") != _hash(file):
            raise RequestError(f"{where}/{file.name} is missing or not of the last run; {_ADVICE}")
        if resource.get("schema") != _schema(columns):
            raise RequestError(f"{where}/{file.name} was made by another version of this package; {_ADVICE} again")
    tables = Tables(**{name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES})
    # A chart made from the facts alone must still name its publishers and say which reports are samples.
    tables.facts.attrs["reports"] = about_reports(tables.reports)
    return tables


def about_reports(reports: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return by report its year, publisher and place, how sure these are, whether it is a sample; None where not known."""
    about = reports.set_index("report")[[name for name in _ABOUT if name in reports]].astype(object)
    return about.where(about.notna(), None).to_dict("index")


def _describe(files: list[Path]) -> str:
    package = {
        "profile": "data-package",
        "name": "ecoanalysis",
        "title": "What the work reports of bureaus of ecology and environment say, number by number",
        "version": version("ecoanalysis"),
        "resources": [_resource(file) for file in files],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(file: Path) -> dict[str, object]:
    form = file.suffix.removeprefix(".")
    media = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
    return {
        "name": file.stem + ("-csv" if form == "csv" else ""),
        "path": file.name,
        "format": form,
        "mediatype": media[form],
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": _hash(file),
        "schema": _schema(TABLES[file.stem]),
    }


def _schema(columns: tuple[Column, ...]) -> dict[str, object]:
    return {"fields": [_field(column) for column in columns], "missingValues": [""]}


def _field(column: Column) -> dict[str, object]:
    kinds = {"str": "string", "float64": "number", "bool": "boolean", "datetime64[us]": "date"}
    field: dict[str, object] = {
        "name": column.name,
        "type": kinds.get(column.dtype, "integer"),
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    constraints: dict[str, object] = {"required": True} if column.needed else {}
    if column.allowed:
        constraints["enum"] = [value for value in column.allowed if value]
    return field | ({"constraints": constraints} if constraints else {})


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
