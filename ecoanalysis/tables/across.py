"""Hold the figures of all reports against each other, also where they are too many to be in memory at once.

In: the facts of a run with their reports, piece by piece. Out: the problems that only several reports show. What is held
together is of one place, or of one province for ranks; so many facts are laid by place into files, each checked by itself.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple
from functools import cache
from math import ceil
from multiprocessing import current_process, get_context
from os import cpu_count, getpid
from pathlib import Path
from zlib import crc32

import pandas as pd
import pyarrow as pa

from ecoanalysis.knowledge import places
from ecoanalysis.reading import Problem
from ecoanalysis.tables import workers
from ecoanalysis.tables.arithmetic import arithmetic, parts_of_years
from ecoanalysis.tables.checks import contradictions, last_year, otherwise, ranks
from ecoanalysis.tables.sure import SURE, unsure

AT_ONCE = 50_000  # facts that are held together in memory
_UNUSED = ["rule", "metric_from", "scope_from", "period_from", "runner_up", "confidence", "doubt", "adcode", "level"]
_ABOUT = ["report", "city", "province", "year", "place_confidence", "year_confidence"]


class Across:
    """The facts of a run of `count` facts, laid into files of `folder`: into several, by province, where they are many."""

    def __init__(self, count: int, folder: Path) -> None:
        self._shards = max(ceil(count / AT_ONCE), 1)
        self._folder = folder
        self._files: dict[int, pa.ipc.RecordBatchStreamWriter] = {}

    def add(self, facts: pa.Table, reports: pa.Table) -> None:
        """Take some facts and their reports; what was read in doubt proves no report wrong, and stays out."""
        told = reports.select(_ABOUT).to_pandas().set_index("report")
        rows = facts.to_pandas()
        rows = rows[unsure(rows, told.astype(object).where(told.notna(), None).to_dict("index"), SURE) == ""]
        rows = rows.drop(columns=_UNUSED).assign(report_year=rows["report"].map(told["year"].astype("float64")))
        told_of = zip(rows["about_city"], rows["about_adcode"], rows["report"], strict=True)
        names = [_province(city, adcode) or report for city, adcode, report in told_of]
        numbers = pd.Series([crc32(name.encode()) % self._shards for name in names], index=rows.index)
        for number, some in rows.groupby(numbers):
            table = pa.Table.from_pandas(some, preserve_index=False)
            if number not in self._files:
                self._files[number] = pa.ipc.new_stream(self._file(number), table.schema)
            self._files[number].write_table(table)

    def problems(self) -> list[Problem]:
        """Return what does not fit together, in an order that depends on the facts alone."""
        for writer in self._files.values():
            writer.close()
        told = [problem for some in _mapped([*map(self._file, sorted(self._files))]) for problem in some]
        return sorted(told, key=lambda problem: tuple(map(str, astuple(problem))))

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.arrow"


@cache
def _province(city: str, adcode: str) -> str:
    """Return what two facts have in common that are held together; empty where only their report says whose they are."""
    place = places.find(city) if city and not adcode else None
    return city and ((adcode or (place.adcode if place else ""))[:2] or city)


def _mapped(files: list[Path]) -> Iterator[list[Problem]]:
    if len(files) <= 1 or current_process().daemon:  # such a process may have none of its own
        yield from map(_check, files)
        return
    context = get_context("fork" if workers.FORKS else "spawn")
    with ProcessPoolExecutor(min(workers.MOST, cpu_count() or 1), context, workers.end_with, (getpid(),)) as pool:
        yield from pool.map(_check, files)


def _check(file: Path) -> list[Problem]:
    with pa.ipc.open_stream(file) as stream:
        facts = stream.read_all().to_pandas()
    checks = (contradictions, otherwise, arithmetic, parts_of_years, last_year, ranks)
    return [problem for check in checks for problem in check(facts)]
