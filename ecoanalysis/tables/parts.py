"""Keep what reports gave, many in a file: a part is one Parquet file with a row a report.

In: outcomes with their keys. Out: a part, whose columns hold each report's rows of every table, and again these tables
from some rows of a part. A key says from what an outcome was made: a report whose key is known is not read again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ecoanalysis import paths
from ecoanalysis.extracting import model
from ecoanalysis.knowledge import catalogue
from ecoanalysis.reading import LARGEST, Problem, Report, Source
from ecoanalysis.tables.outcome import Corrections, Outcome
from ecoanalysis.tables.schema import TABLES, conform, empty

KEPT = ("reports", "texts", "sections", "quantities", "facts", "problems")
LEDGER = ("key", "lasting", "name", "read", "sample", "figures", "facts_count", "same", "misfits")
_LONGEST = 2000  # characters of a message
_PACKAGE = Path(__file__).resolve().parents[1]
_READS = ("errors.py", "paths.py", "knowledge", "reading", "extracting", "tables")  # what an outcome depends on
_SAID = ("name", "where", "told", "encoding", "within")  # what a source brings beside its file
_LIBRARIES = ("ahocorasick-rs", "charset-normalizer", "lxml", "numpy", "opencc", "pandas", "pyarrow", "pypdfium2")


def state() -> str:
    """Return a hash of all that every outcome depends on: code, knowledge, the project's metrics and weights, libraries."""
    known = [
        [
            sorted(value) if isinstance(value, frozenset) else value
            for value in map(metric.__getattribute__, metric.__slots__)
        ]
        for metric in catalogue.metrics().values()
    ]
    return hashlib.sha256(repr((_code(), known, model.weights())).encode()).hexdigest()[:32]


@cache
def _code() -> str:
    digest = hashlib.sha256(repr([version(name) for name in _LIBRARIES]).encode())
    for name in _READS:
        for file in sorted([_PACKAGE / name, *(_PACKAGE / name).rglob("*")]):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(_PACKAGE)}\n{file.stat().st_size}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def key(source: Source, told: Corrections, top: Path) -> str:
    """Return what an outcome is known by: a hash of place, bytes and sidecar of a report, and of what people say of it.

    People speak in the manifest, in a table and by corrections. `top` is the project. Where the bytes cannot be read, or are
    too many to be, it starts with ? and stands for nothing lasting.
    """
    path = source.path
    where = path.as_posix().removeprefix(f"{top.as_posix()}/")
    folders = max(2, source.name.count("/"))  # whose names tell place and year
    said = (where, path.parts[-folders - 1 :], told, *(getattr(source, name) for name in _SAID))
    digest = hashlib.sha256(repr(said).encode(errors="surrogatepass"))
    if source.text is not None:
        digest.update(source.text.encode(errors="surrogatepass"))
        return digest.hexdigest()[:32]
    unread = f"?{digest.hexdigest()[:31]}"
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return unread
        sidecar = path.with_suffix(".toml")
        for data in (path.read_bytes(), sidecar.read_bytes() if sidecar.is_file() else None):
            digest.update(b"none" if data is None else b"%d:%b" % (len(data), data))
    except OSError:
        return unread
    return digest.hexdigest()[:32]


@cache
def arrow_schema(table: str) -> pa.Schema:
    """Return how a table is stored."""
    return pa.Schema.from_pandas(empty(table), preserve_index=False)


def arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    """Return a table as it is stored; it conforms to its schema already."""
    return pa.Table.from_pandas(frame, schema=arrow_schema(table), preserve_index=False)


def frame_of(table: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as the table of that name."""
    names = [column.name for column in TABLES[table]]
    return conform(pd.DataFrame(rows, columns=names), table) if rows else empty(table)


def part(outcomes: Sequence[tuple[str, Outcome]]) -> pa.Table:
    """Return a part: a row an outcome, with its key, what the ledger needs of it, and its rows of each table in a list."""
    found = [one for _, one in outcomes]
    columns: dict[str, Any] = {
        "key": [key for key, _ in outcomes],
        "lasting": [one.lasting and not key.startswith("?") for key, one in outcomes],
        "name": [one.name for one in found],
        "read": [one.report is not None for one in found],
        "sample": [one.report is not None and one.report.sample for one in found],
        "figures": [one.report is not None and len(one.quantities) > 0 for one in found],
        "facts_count": pa.array([len(one.facts) for one in found], pa.int32()),
        "same": [_same(one.report) for one in found],
        "misfits": pa.array([list(one.misfits) for one in found], pa.list_(pa.string())),
    }
    reports = [[one.report] if one.report else [] for one in found]
    rows: dict[str, list[list[dict[str, Any]]]] = {
        "reports": [list(map(_report_row, own)) for own in reports],
        "texts": [[{"report": one.report, "text": one.text} for one in own] for own in reports],
        "sections": [
            [{"report": one.report, **asdict(each)} for one in own for each in one.sections] for own in reports
        ],
        "problems": [list(map(problem_row, one.problems)) for one in found],
    }
    for name in KEPT:
        if name in rows:
            counts = list(map(len, rows[name]))
            frame = frame_of(name, [row for own in rows[name] for row in own])
        else:
            frames = [getattr(one, name) for one in found]
            counts = list(map(len, frames))
            frame = pd.concat([empty(name), *frames], ignore_index=True)
        columns[name] = _lists(arrow(frame, name), counts)
    return pa.table(columns)


def _lists(table: pa.Table, counts: Iterable[int]) -> pa.ListArray:
    struct = pa.StructArray.from_arrays([column.combine_chunks() for column in table.columns], fields=[*table.schema])
    return pa.ListArray.from_arrays(pa.array([0, *accumulate(counts)], pa.int32()), struct)


def problem_row(problem: Problem) -> dict[str, object]:
    """Return a problem as a row; what strangers named in its message stands on one line, and not without end."""
    return asdict(problem) | {"message": paths.plain(" ".join(problem.message.split()))[:_LONGEST]}


def rows_of(part: pa.Table, table: str) -> pa.Table:
    """Return the rows of a table that some rows of a part hold, in their order."""
    structs = part.column(table).combine_chunks().flatten()
    return pa.Table.from_arrays(structs.flatten(), schema=arrow_schema(table))


def _same(report: Report | None) -> str:
    """Return what two reports of the same text have in common: one may be saved in several encodings and formats."""
    return hashlib.sha256("".join(report.text.split()).encode()).hexdigest()[:32] if report else ""


def _report_row(report: Report) -> dict[str, Any]:
    row = {column.name: getattr(report, column.name, None) for column in TABLES["reports"]}
    repairs = "; ".join(f"{kind} {count}" for kind, count in report.repairs.items())
    if not (report.city or report.province or report.level == "nation"):
        row["place_confidence"] = 0.0  # of a place that is not known nothing is certain
    return row | {"repairs": repairs, "characters": len(report.text)}
