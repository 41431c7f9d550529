"""Write the tables as files, piece by piece, so that they never need to be in memory whole.

In: pieces of the tables in their order, and a draft folder. Out: a Parquet file per table and `facts.csv`; facts from
`MANY` on as a Parquet file per year, `facts/year=2024/….parquet`, and not as CSV, which no spreadsheet would hold. The
bytes depend on the rows alone, not on the pieces that they came in.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ecoanalysis.tables.harmless import harmless_table
from ecoanalysis.tables.parts import arrow_schema
from ecoanalysis.tables.schema import TABLES

MANY = 1_000_000  # facts; a sheet of Excel holds 1,048,576 rows
_GROUPS = {"texts": 500}  # rows that are written at a time
_GROUP = 20_000
_GROUP_OF_YEAR = 5_000  # there are dozens of years, and each waits for its own


class _File:
    """A Parquet file that is written in groups of equally many rows."""

    def __init__(self, path: Path, table: str, group: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self._group, self._waiting, self._rows = path, group, [arrow_schema(table).empty_table()], 0
        self._writer = pq.ParquetWriter(path, arrow_schema(table))

    def append(self, rows: pa.Table) -> None:
        self._waiting.append(rows)
        self._rows += len(rows)
        if self._rows >= self._group:
            self._write(whole_groups=True)

    def close(self) -> None:
        self._write(whole_groups=False)
        self._writer.close()

    def _write(self, whole_groups: bool) -> None:
        rows = pa.concat_tables(self._waiting)
        end = len(rows) // self._group * self._group if whole_groups else len(rows)
        for start in range(0, end, self._group):
            # In one chunk, or its bounds would show in the file.
            self._writer.write_table(rows.slice(start, min(self._group, end - start)).combine_chunks())
        self._waiting, self._rows = [rows.slice(end).combine_chunks()], len(rows) - end


class Writer:
    """The tables on their way into the folder `draft`; by year where `facts` are many."""

    def __init__(self, draft: Path, facts: int) -> None:
        self._draft, self._by_year = draft, facts >= MANY
        self._files = {
            name: _File(draft / f"{name}.parquet", name, _GROUPS.get(name, _GROUP))
            for name in TABLES
            if not (name == "facts" and self._by_year)
        }
        self._years: dict[int, _File] = {}
        self._csv = None if self._by_year else (draft / "facts.csv").open("w", encoding="utf-8-sig", newline="")
        self._append_csv(arrow_schema("facts").empty_table(), header=True)

    def append(self, pieces: Mapping[str, pa.Table]) -> None:
        """Add rows to some tables; facts come with their reports."""
        for name, rows in pieces.items():
            if name != "facts":
                self._files[name].append(rows)
            elif self._by_year:
                self._append_by_year(rows, pieces["reports"])
            else:
                self._files[name].append(rows)
                self._append_csv(rows, header=False)

    def close(self) -> list[Path]:
        """Write what waits, and return the files."""
        if self._csv:
            self._csv.close()
        for file in (*self._files.values(), *self._years.values()):
            file.close()
        # Named after what they hold: a new run's stand beside those of the last until all are there.
        by_year = [
            file.path.rename(file.path.with_name(f"{hash_of(file.path)[:32]}.parquet")) for file in self._years.values()
        ]
        csv = [self._draft / "facts.csv"] if self._csv else []
        return sorted([*csv, *(file.path for file in self._files.values()), *by_year])

    def _append_by_year(self, facts: pa.Table, reports: pa.Table) -> None:
        columns = ["report", "period_start", "period_end"]
        years = years_of(facts.select(columns).to_pandas(), reports.select(["report", "year"]).to_pandas())
        for year in sorted(years.unique()):
            if year not in self._years:
                path = self._draft / "facts" / f"year={year}" / "facts.parquet"
                self._years[year] = _File(path, "facts", _GROUP_OF_YEAR)
            self._years[year].append(facts.filter(pa.array(years == year)))

    def _append_csv(self, facts: pa.Table, header: bool) -> None:
        if self._csv:
            rows = harmless_table(facts.to_pandas())  # `score` and corrections give the texts back as they were
            rows.to_csv(self._csv, index=False, header=header, lineterminator="\n")


def years_of(facts: pd.DataFrame, reports: pd.DataFrame) -> pd.Series:
    """Return the year of each fact: that in which its period ends, else starts, else that of its report, else 0."""
    own = facts["report"].map(reports.set_index("report")["year"].astype("float64"))
    return facts["period_end"].fillna(facts["period_start"]).dt.year.fillna(own).fillna(0).astype("int64")


def hash_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
