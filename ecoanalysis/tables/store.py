"""Keep the tables in data/processed, or at any address that fsspec knows, and load them again.

In: `Tables`, checked against the schema on the way, or files that `writing` made of them. Out: a Parquet file per table,
`facts.csv` for Excel and `datapackage.json`, which says what every column is and holds a hash of every file. Each file is
replaced whole, the package description last; tables that do not match it are refused on loading, so a half-written set
is never used.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from filelock import FileLock
from fsspec.implementations.local import LocalFileSystem

from ecoanalysis import paths
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.tables.parts import arrow
from ecoanalysis.tables.schema import TABLES, Column, conform, empty
from ecoanalysis.tables.writing import Writer, hash_of, years_of

PACKAGE = "datapackage.json"
_ADVICE = "run `make report` or `ecoanalysis parse`"
_ABOUT = (
    *("year", "publisher", "anonymous", "sample", "city", "province", "level"),
    *("place_confidence", "year_confidence"),
)
_LARGE = ("texts", "sections", "quantities")  # what stays away where columns of the facts are asked for


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


class Place:
    """Where tables are kept: a folder, by default data/processed, or an address such as s3://bucket/tables."""

    def __init__(self, processed: str | Path | None) -> None:
        self.shown = str(processed or paths.shown(paths.processed()))
        try:
            self.files, self.root = fsspec.core.url_to_fs(str(processed or paths.processed()))
        except (ValueError, ImportError) as error:
            raise RequestError(f"no tables can be kept at {self.shown}: {error}") from None
        self.local = isinstance(self.files, LocalFileSystem)
        if self.local and Path(self.root).is_file():
            raise RequestError(f"{self.shown} is a file, and tables are kept in a folder; name another place")

    def __truediv__(self, name: str) -> str:
        return f"{self.root}/{name}"

    def take(self, file: Path, name: str) -> None:
        """Move a file that is complete to its place."""
        self.files.makedirs((self / name).rpartition("/")[0], exist_ok=True)
        if self.local:
            os.replace(file, self / name)
        else:
            self.files.put_file(str(file), self / name)

    def package(self) -> dict[str, Any]:
        """Return the package description, its resources by name; `RequestError` says that there is none, or a damaged one."""
        try:
            package = json.loads(self.files.cat_file(self / PACKAGE))
            return package | {"resources": {resource["name"]: resource for resource in package["resources"]}}
        except FileNotFoundError:
            raise RequestError(f"no tables in {self.shown}; {_ADVICE}") from None
        except (IsADirectoryError, ValueError, TypeError, KeyError, RecursionError):
            raise RequestError(f"{self.shown}/{PACKAGE} is damaged; {_ADVICE}") from None

    def holds(self, resource: dict[str, Any]) -> bool:
        """Return whether the files of a resource are there, as they were written."""
        try:
            return resource["hash"] == _hash_of([self._hash(self / name) for name in _names(resource)])
        except OSError:
            return False

    def _hash(self, file: str) -> str:
        with self.files.open(file, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Be the only one that writes to a folder of tables and its parts, and wait for that; an address has no lock.

    The lock is the operating system's: it ends with the process, however that ends. What an ended one left half written is
    removed.
    """
    if not place.local:
        yield
        return
    Path(place.root).mkdir(parents=True, exist_ok=True)
    file = Path(place.root).absolute() / ".lock"
    if file.is_dir():
        raise RequestError(f"{paths.shown(file)} is a folder, where the file that locks the tables lies: remove it.")
    with FileLock(file, is_singleton=True) as lock:  # who has it may write within
        for left in Path(place.root).glob(".writing-*") if lock.lock_counter == 1 else ():
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def drafting(place: Place) -> Iterator[Path]:
    """Give a folder to write to, near the place of the tables, and take it away again."""
    if place.local:
        Path(place.root).mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=place.root if place.local else None))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write(tables: Tables, processed: str | Path | None = None) -> None:
    """Check every table against the schema and write them all to the folder or address `processed`.

    A table that is not as its schema says raises `TableError`, and nothing is written. The same tables give the same bytes.
    """
    pieces = {name: arrow(conform(getattr(tables, name), name), name) for name in TABLES}
    place = Place(processed)
    with alone(place), drafting(place) as draft:
        writer = Writer(draft, len(tables.facts))
        writer.append(pieces)
        deliver(writer.close(), draft, place)


def deliver(files: Sequence[Path], draft: Path, place: Place) -> None:
    """Put the files of a draft in the place of what was there, the package description last; then former files go."""
    package = draft / PACKAGE
    package.write_text(_describe(files, draft), encoding="utf-8")
    named = {file.relative_to(draft).as_posix(): file for file in [*files, package]}
    for name in named:
        if place.files.isdir(place / name):
            raise RequestError(
                f"{place.shown}/{name} is a folder, where a file is to be; move it away. Nothing was written"
            )
    for name, file in named.items():
        place.take(file, name)
    former = ["facts.parquet", "facts.csv"] if (draft / "facts").exists() else []
    kept = {place / name for name in named}
    former = [place / name for name in former] + place.files.glob(place / "facts/year=*/*.parquet")
    for name in former:
        if name not in kept and place.files.exists(name):
            place.files.rm_file(name)


def load(
    processed: str | Path | None = None, *, years: Sequence[int] | None = None, columns: Sequence[str] | None = None
) -> Tables:
    """Load the tables that `parse` wrote, by default those of the project that the current directory lies in.

    Of large corpora, `years` loads the facts of these years only (of their period, else of their report), and `columns`
    these columns of the facts only; texts, sections and quantities then stay away, and their tables have no rows.

    A folder without tables, with tables of two different runs, and an unknown column raise `RequestError`.

    >>> load("no/such/folder")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: no tables in no/such/folder; run `make report` or `ecoanalysis parse`
    """
    place = Place(processed)
    known = [column.name for column in TABLES["facts"]]
    for name in set(columns or ()) - set(known):
        raise RequestError(f"facts have no column {name!r}. Nearest: {nearest(name, known) or ', '.join(known)}")
    package = place.package()
    if (kept := _kept.get(place.root)) and kept[0] == package and years is None and columns is None:
        return Tables(**{name: getattr(kept[1], name).copy(deep=False) for name in TABLES})
    found = {}
    for name in [name for name in TABLES if columns is None or name not in _LARGE]:
        resource = package["resources"].get(name, {})
        if not resource or not _to_be_trusted(place, resource, columns):
            raise RequestError(f"{place.shown}/{name}.parquet is missing or not of the last run; {_ADVICE}")
        if resource.get("schema") != _schema(TABLES[name]):
            raise RequestError(
                f"{place.shown}/{name}.parquet was made by another version of this package; {_ADVICE} again"
            )
        if name != "facts":
            found[name] = _read(place, _names(resource))
    found["facts"] = _facts(place, package["resources"]["facts"], found["reports"], years, columns)
    tables = Tables(**{name: found[name] if name in found else empty(name) for name in TABLES})
    if columns is None:
        # A chart made from the facts alone must still name its publishers and say which reports are samples.
        tables.facts.attrs["reports"] = about_reports(tables.reports)
    return tables


_kept: dict[str, tuple[dict[str, Any], Tables]] = {}


def keep(processed: str | Path | None = None) -> Tables:
    """Load tables, and let `load` return copies of them in this process and its copies, as long as the folder describes the same."""
    place = Place(processed)
    _kept[place.root] = place.package(), load(processed)
    return load(processed)


def _to_be_trusted(place: Place, resource: dict[str, Any], columns: Sequence[str] | None) -> bool:
    """Return whether files are of the last run; by year they are named after their content, and some columns wanted at once."""
    if columns is not None and not isinstance(resource["path"], str):
        return all(place.files.exists(place / name) for name in _names(resource))
    return place.holds(resource)


def _facts(
    place: Place,
    resource: dict[str, Any],
    reports: pd.DataFrame,
    years: Sequence[int] | None,
    columns: Sequence[str] | None,
) -> pd.DataFrame:
    if years is None:
        return _read(place, _names(resource), columns)
    files = [name for name in _names(resource) if "=" not in name or int(name.split("=")[1].split("/")[0]) in years]
    needed = columns and dict.fromkeys([*columns, "report", "period_start", "period_end"])
    facts = _read(place, files, needed) if files else empty("facts")
    facts = facts[years_of(facts, reports).isin(list(years))].reset_index(drop=True)
    return facts[list(columns)] if columns else facts


def _read(place: Place, names: Sequence[str], columns: Iterable[str] | None = None) -> pd.DataFrame:
    try:
        source = ds.dataset([place / name for name in names], format="parquet", filesystem=place.files)
        return source.to_table(columns=columns and list(columns)).to_pandas()
    except pa.ArrowInvalid:
        raise RequestError(f"{place.shown}/{names[0].partition('/')[0]} is no table in Parquet; {_ADVICE}") from None


class _Told(dict[str, dict[str, Any]]):
    """What is told of reports. pandas copies attributes deeply whenever rows are chosen; of many reports that takes seconds."""

    def __deepcopy__(self, _: Any) -> "_Told":
        return self


def about_reports(reports: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return by report its year, publisher and place, how sure these are, whether it is a sample; None where not known."""
    about = reports.set_index("report")[[name for name in _ABOUT if name in reports]].astype(object)
    return _Told(about.where(about.notna(), None).to_dict("index"))


def _describe(files: Sequence[Path], draft: Path) -> str:
    by_name: dict[str, list[Path]] = {}
    for file in files:
        table = file.relative_to(draft).parts[0].partition(".")[0]
        by_name.setdefault(table + ("-csv" if file.suffix == ".csv" else ""), []).append(file)
    package = {
        "profile": "data-package",
        "name": "ecoanalysis",
        "title": "What the work reports of bureaus of ecology and environment say, number by number",
        "version": version("ecoanalysis"),
        "resources": [_resource(name, found, draft) for name, found in by_name.items()],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(name: str, files: list[Path], draft: Path) -> dict[str, object]:
    form = files[0].suffix.removeprefix(".")
    media = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
    where = [file.relative_to(draft).as_posix() for file in files]
    return {
        "name": name,
        "path": where if "/" in where[0] else where[0],
        "format": form,
        "mediatype": media[form],
        "encoding": "utf-8",
        "bytes": sum(file.stat().st_size for file in files),
        "hash": _hash_of([hash_of(file) for file in files]),
        "schema": _schema(TABLES[name.removesuffix("-csv")]),
    }


def _names(resource: dict[str, Any]) -> list[str]:
    return [resource["path"]] if isinstance(resource["path"], str) else resource["path"]


def _hash_of(hashes: list[str]) -> str:
    """Return the hash of a file, of several that of their hashes."""
    return f"sha256:{hashes[0] if len(hashes) == 1 else hashlib.sha256(' '.join(hashes).encode()).hexdigest()}"


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
        constraints["enum"] = list(column.allowed)
    return field | ({"constraints": constraints} if constraints else {})
