"""Measure reading many reports: one process, two, Dask with two workers; then loading, filtering and pivoting many facts.

usage: python benchmarks/scale.py [REPORTS] [FACTS]     (by default 1000 and 500000; in full 100000 and 5000000)

The reports are the samples, four in one, told of other places and years; of 100,000 there is about a gigabyte. Memory is
the most that the process holds that leads the work, without its workers.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pyarrow.parquet as pq

from ecoanalysis import tables
from ecoanalysis.knowledge import places
from ecoanalysis.reading import read
from ecoanalysis.tables import store
from ecoanalysis.tables.writing import Writer

RAW = Path(__file__).parents[1] / "data" / "raw"
LED = """
import json, re, resource, sys, time
from pathlib import Path
from ecoanalysis.tables import update, workers
workers.MOST = int(sys.argv[1])
start = time.perf_counter()
update(processed=sys.argv[2], on=sys.argv[3], force=sys.argv[4] == "force")
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime
# On Linux ru_maxrss begins at the peak of the program that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()) if sys.platform == "linux" else None
led_by = int(peak[1]) / 1e3 if peak else own.ru_maxrss / 1e6
print(json.dumps([time.perf_counter() - start, *cpu, led_by]))
"""


def bodies() -> Iterator[Callable[[str, int], str]]:
    """Yield what makes a report of a place and a year, for ever."""
    texts = [read(file).text.partition("\n")[2] for file in sorted(RAW.glob("*.txt"))]
    at = 0
    while True:
        own = "\n".join(texts[(at + step) % len(texts)] for step in (0, 13, 26, 39))
        yield (
            lambda name, year, own=own: (
                f"{name}生态环境局{year}年工作总结\n\n"
                + own.replace("2023年", f"{year - 1}年").replace("2024年", f"{year}年")
            )
        )
        at += 1


def make(folder: Path, count: int) -> float:
    """Write so many reports, of one place in every other year and of cities first, and return their megabytes."""
    folder.mkdir(parents=True)
    years = [*range(2024, 1974, -2), *range(2023, 1973, -2)]
    cities_first = sorted(places.all_places(), key=lambda place: place.level != "city")
    for number, (body, (year, place)) in enumerate(zip(bodies(), product(years, cities_first), strict=False)):
        if number == count:
            break
        (folder / f"{place.adcode}-{year}.txt").write_text(body(place.name, year), encoding="utf-8")
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


def led(project: Path, processes: int, name: str, on: str = "", force: str = "") -> list[float]:
    """Read a project in a process of its own: seconds, CPU seconds of it and of its workers, its megabytes."""
    given = [sys.executable, "-c", LED, str(processes), str(project / name), on, force]
    done = subprocess.run(
        given, cwd=project, capture_output=True, text=True, check=True, env=os.environ | {"TQDM_DISABLE": "1"}
    )
    return json.loads(done.stdout.splitlines()[-1])


def many_facts(project: Path, count: int) -> Path:
    """Write so many facts, those that were read again and again."""
    folder = project / "many"
    read = {name: pq.read_table(project / "two" / f"{name}.parquet") for name in ("facts", "reports")}
    place = store.Place(folder)
    with store.drafting(place) as draft:
        writer = Writer(draft, count)
        for start in range(0, count, len(read["facts"])):
            writer.append(read | {"facts": read["facts"].slice(0, count - start)})
        store.deliver(writer.close(), draft, place)
    return folder


def asked(folder: Path) -> tuple[float, float, float, int]:
    """Load needed columns of all facts, filter, and pivot; return the seconds of each and the facts."""
    steps = [time.perf_counter()]
    facts = tables.load(folder, columns=["about_city", "metric", "stat", "value", "period_end"]).facts
    steps.append(time.perf_counter())
    some = facts[(facts["metric"] == "air.pm25") & (facts["stat"] == "level")]
    steps.append(time.perf_counter())
    some.assign(year=some["period_end"].dt.year).pivot_table(index="about_city", columns="year", values="value")
    steps.append(time.perf_counter())
    return steps[1] - steps[0], steps[2] - steps[1], steps[3] - steps[2], len(facts)


def main() -> None:
    """Print the tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    facts = int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    project = Path(tempfile.mkdtemp(prefix="ecoanalysis-scale-"))
    try:
        size = make(project / "data" / "raw", count)
        print(f"{count} reports, {size:.0f} MB; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"{'':<28}{'seconds':>9}{'reports/s':>11}{'CPU led':>9}{'CPU workers':>13}{'led by, MB':>12}")

        def row(name: str, found: list[float]) -> float:
            print(
                f"{name:<28}{found[0]:>9.1f}{count / found[0]:>11.1f}{found[1]:>9.1f}{found[2]:>13.1f}{found[3]:>12.0f}",
                flush=True,
            )
            return found[0]

        one, two = row("one process", led(project, 1, "one")), row("two processes", led(project, 2, "two"))
        row("nothing new", led(project, 2, "two"))
        from distributed import LocalCluster

        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            dask = row("Dask, two workers", led(project, 2, "dask", cluster.scheduler_address))
        same = [
            (project / name / "facts.parquet").read_bytes()
            for name in ("one", "two", "dask")
            if (project / name / "facts.parquet").exists()
        ]
        print(f"speed-up {one / two:.2f}; Dask beside the pool {dask / two:.2f}; same bytes: {len(set(same)) <= 1}")
        loading, filtering, pivoting, held = asked(many_facts(project, facts))
        print(f"{held} facts: load {loading:.2f} s, filter {filtering:.2f} s, pivot {pivoting:.2f} s")
    finally:
        shutil.rmtree(project)


if __name__ == "__main__":
    main()
