"""Measure what a report costs beside drawing alone: CPU seconds of all notebooks, and of as many plain charts of matplotlib.

usage: python benchmarks/pictures.py [NOTEBOOK ...]

Only the ratios mean anything: machines differ. A plain chart has twenty labelled rows and is saved as PNG, SVG and PDF. A
profile of one city among 300, with reports made of the samples, is measured beside papermill with a kernel of its own on the
same tables.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from scale import make

from ecoanalysis import tables

PLAIN = """
import io, sys
from matplotlib.figure import Figure
for _ in range(int(sys.argv[1])):
    figure = Figure(figsize=(6.14, 4.5))
    axes = figure.add_axes((0.2, 0.1, 0.7, 0.8))
    axes.barh([f"row {at}" for at in range(20)], range(20))
    for at in range(20):
        axes.text(at, at, f"{at}.5")
    axes.set_title("twenty rows")
    for form in ("png", "svg", "pdf"):
        figure.savefig(io.BytesIO(), format=form, dpi=220)
"""
PAPERMILL = """
import sys, papermill
notebook, folder, *cities = sys.argv[1:]
for city in cities:
    given = {"city": city, "year": 2024}
    papermill.execute_notebook(notebook, f"{folder}/{city}.ipynb", given, kernel_name="python3", progress_bar=False)
"""
COMMAND = ("-c", "from ecoanalysis.cli import main; main()")
MANY = 300
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "08_city_profile.ipynb"


def seconds(arguments: Iterable[object], **places: str) -> float:
    """Return the CPU seconds of a Python program with all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | places)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both ratios."""
    print(f"{'CPU seconds':<52}{'':>8}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        report = seconds([*COMMAND, "report", *sys.argv[1:], "--processed", f"{folder}/samples", "--figures", figures])
        count = len(list(figures.rglob("*.pdf")))
        drawn = seconds(["-c", PLAIN, count]) - seconds(["-c", PLAIN, 0])
        print(f"{f'{count} plain charts of matplotlib, three formats each':<52}{drawn:>8.1f}{1:>8.1f}")
        print(
            f"{f'report with {count} pictures, reading included':<52}{report:>8.1f}{report / drawn:>8.1f}", flush=True
        )
        raw, processed = Path(folder) / "raw", f"{folder}/processed"
        make(raw, MANY)
        where = ("--raw", raw, "--processed", processed)
        seconds([*COMMAND, "parse", *where])
        cities = tables.load(processed, columns=["report"]).reports["city"].loc[lambda city: city != ""].unique()
        profile = [*COMMAND, "report", "08_city_profile", "--each-city", "--year", 2024, *where, "--figures"]
        one = seconds([*profile, f"{folder}/one", "--cities", cities[0]])
        own = (seconds([*profile, f"{folder}/many"]) - one) / (len(cities) - 1)
        elsewhere = {"ECOANALYSIS_PROCESSED": processed, "ECOANALYSIS_FIGURES": f"{folder}/plain"}
        plain = seconds(["-c", PAPERMILL, NOTEBOOK, folder, *cities[:3]], **elsewhere) / 3
        print(f"{'a city with plain papermill, without a page':<52}{plain:>8.2f}{1:>8.2f}")
        print(f"{f'a city more of {len(cities)} with --each-city':<52}{own:>8.2f}{own / plain:>8.2f}")


if __name__ == "__main__":
    main()
