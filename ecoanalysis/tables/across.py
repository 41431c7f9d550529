"""Hold the figures of all reports against each other, also where they are too many to be in memory at once.

In: the facts of a run with their reports, piece by piece. Out: the problems that only several reports show. What is held
together is of one place, or of one province for ranks; so many facts are laid by place into files, each checked by itself.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple
from functools import cache
from math import ceil
from multiprocessing import current_process, get_context
from os import cpu_count
from pathlib import Path
from zlib import crc32

import pandas as pd
import pyarrow as pa

from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.reading import Problem
from ecoanalysis.tables import workers
from ecoanalysis.tables.arithmetic import arithmetic, parts_of_years
from ecoanalysis.tables.checks import contradictions, last_year, otherwise, ranks
from ecoanalysis.tables.sure import SURE, unsure

AT_ONCE = 200_000  # facts that are held together in memory
_UNUSED = ["rule", "metric_from", "scope_from", "period_from", "runner_up", "confidence", "doubt", "adcode", "level"]
_ABOUT = ["report", "city", "province", "year", "place_confidence", "year_confidence"]


class Across:
    """The facts of a run of `count` facts, laid by place into files of `folder` where they are many."""

    def __init__(self, count: int, folder: Path) -> None:
        self._shards = ceil(count / AT_ONCE)
        self._folder = folder
        self._files: dict[tuple[str, int], pa.ipc.RecordBatchStreamWriter] = {}
        self._held: list[pd.DataFrame] = []

    def add(self, facts: pa.Table, reports: pa.Table) -> None:
        """Take some facts and their reports; what was read in doubt proves no report wrong, and stays out."""
        told = reports.select(_ABOUT).to_pandas().set_index("report")
        rows = facts.to_pandas()
        rows = rows[unsure(rows, told.astype(object).where(told.notna(), None).to_dict("index"), SURE) == ""]
        rows = rows.drop(columns=_UNUSED).assign(report_year=rows["report"].map(told["year"].astype("float64")))
        if self._shards <= 1:
            self._held.append(rows)
            return
        told_of = zip(rows["about_city"], rows["about_adcode"], rows["report"], strict=True)
        within = [_prefecture(city, adcode) or report for city, adcode, report in told_of]
        self._lay("place", rows, within)
        ranked = rows[(rows["about_city"] != "") & (rows["about_district"] == "") & _may_rank(rows)]
        self._lay("province", ranked, [_province(city) for city in ranked["about_city"]])

    def problems(self) -> list[Problem]:
        """Return what does not fit together, in an order that depends on the facts alone."""
        if self._shards <= 1:
            held = pd.concat(self._held, ignore_index=True) if self._held else pd.DataFrame()
            found = [*_of_places(held), *_of_provinces(held)] if len(held) else []
        else:
            for writer in self._files.values():
                writer.close()
            files = [(kind, str(self._file(kind, number))) for kind, number in sorted(self._files)]
            found = [problem for some in _mapped(_check, files) for problem in some]
        return sorted(found, key=lambda problem: tuple(map(str, astuple(problem))))

    def _lay(self, kind: str, rows: pd.DataFrame, within: list[str]) -> None:
        numbers = pd.Series([crc32(name.encode()) % self._shards for name in within], index=rows.index)
        for number, some in rows.groupby(numbers):
            table = pa.Table.from_pandas(some, preserve_index=False)
            if (kind, number) not in self._files:
                self._files[kind, number] = pa.ipc.new_stream(self._file(kind, number), table.schema)
            self._files[kind, number].write_table(table)

    def _file(self, kind: str, number: int) -> Path:
        return self._folder / f"{kind}-{number}.arrow"


@cache
def _prefecture(city: str, adcode: str) -> str:
    """Return what two facts of one place have in common; empty where only their report says whose they are."""
    place = places.find(city) if city and not adcode else None
    return city and ((adcode or (place.adcode if place else ""))[:4] or city)


@cache
def _province(city: str) -> str:
    place = places.find(city)
    return place.province if place else ""


def _may_rank(rows: pd.DataFrame) -> pd.Series:
    better = {name for name, metric in catalogue.metrics().items() if metric.better != "none"}
    return rows["metric"].isin(better) & rows["stat"].isin(["rank", "level"])


def _mapped(work: Callable[[tuple[str, str]], list[Problem]], tasks: list[tuple[str, str]]) -> Iterator[list[Problem]]:
    if current_process().daemon:  # it may have no processes of its own
        yield from map(work, tasks)
        return
    context = get_context("fork" if workers.FORKS else "spawn")
    with ProcessPoolExecutor(min(workers.MOST, cpu_count() or 1), context) as pool:
        yield from pool.map(work, tasks)


def _check(task: tuple[str, str]) -> list[Problem]:
    kind, file = task
    with pa.ipc.open_stream(file) as stream:
        facts = stream.read_all().to_pandas()
    return list(_of_places(facts) if kind == "place" else _of_provinces(facts))


def _of_places(facts: pd.DataFrame) -> Iterator[Problem]:
    years = {
        name: None if pd.isna(year) else int(year)
        for name, year in zip(facts["report"], facts["report_year"], strict=True)
    }
    yield from contradictions(facts, years)
    yield from otherwise(facts, years)
    for check in (arithmetic, parts_of_years, last_year):
        yield from check(facts)


def _of_provinces(facts: pd.DataFrame) -> Iterator[Problem]:
    yield from ranks(facts)
