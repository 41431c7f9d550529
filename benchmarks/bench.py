"""Measure this machine against itself: reading and extracting beside jieba and a plain regular expression, in one run.

usage: python benchmarks/bench.py [MEGABYTES]

Only the ratios mean anything: machines differ. The text is the project's samples repeated, or the original reports where
ECOANALYSIS_ORIGINALS names them. Peers that happen to be installed join the table.
"""

import importlib
import os
import re
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from ecoanalysis.extracting.facts import Source, read
from ecoanalysis.extracting.quantities import find
from ecoanalysis.knowledge import tables
from ecoanalysis.reading import read as read_file
from ecoanalysis.reading import read_text

RAW = Path(__file__).parent.parent / "data" / "raw"


def text_of(megabytes: float) -> str:
    """Return reports one after the other, as many as make so many megabytes of UTF-8."""
    originals = os.environ.get("ECOANALYSIS_ORIGINALS")
    files = sorted((Path(originals) / "seeds").glob("*.txt") if originals else RAW.glob("*.txt"))
    once = "\n".join(read_file(file).text for file in files) + "\n"
    return once * max(round(megabytes * 1e6 / len(once.encode())), 1)


def plain(text: str) -> int:
    """Find a number and one of the units by a single expression."""
    units = "|".join(re.escape(row["text"]) for row in tables.rows("units.csv"))
    return sum(1 for _ in re.finditer(rf"\d[\d,.]*\s?(?:{units})", text))


def segmenters() -> dict[str, Callable[[str], object]]:
    """Return jieba, and the other segmenters that are installed."""
    found: dict[str, Callable[[str], object]] = {}
    for name, function in (("jieba", "lcut"), ("rjieba", "cut"), ("pkuseg", "pkuseg"), ("LAC", "LAC")):
        try:
            found[f"{name}.{function}"] = getattr(importlib.import_module(name), function)
        except ImportError:
            continue
    return found


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main() -> None:
    """Print the table."""
    text = text_of(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
    size = len(text.encode()) / 1e6
    cutters = segmenters()
    for cut in cutters.values():
        cut("热身")
    rows = [("plain re: number and unit", seconds(lambda: plain(text))[0])]
    rows += [(name, seconds(lambda cut=cut: cut(text))[0]) for name, cut in cutters.items()]
    jieba = dict(rows)["jieba.lcut"]
    reading, report = seconds(lambda: read_text(text, "bench"))
    numbers = seconds(lambda: find(report.text))[0]
    finding, source = seconds(lambda: Source(report))
    binding, facts = seconds(lambda: read(source))
    rows += [("reading: repair, sections, sentences", reading), ("finding: numbers alone", numbers)]
    rows += [("finding: numbers, words, times, scopes", finding)]
    rows += [("binding: facts", binding), ("text to facts", finding + binding)]
    print(f"{size:.2f} MB of UTF-8, {len(facts)} facts")
    print(f"{'':<40}{'seconds':>9}{'MB/s':>9}{'x jieba':>9}")
    for name, taken in rows:
        print(f"{name:<40}{taken:>9.2f}{size / taken:>9.2f}{jieba / taken:>9.2f}")
    longer, tenfold = text * 10, None
    taken, tenfold = seconds(lambda: read(Source(read_text(longer, "bench"))))
    print(
        f"ten times the text, on one line too: {taken / (reading + finding + binding):.1f} times as long, {len(tenfold)} facts"
    )
    tracemalloc.start()
    read(Source(read_text(text, "bench")))
    print(f"peak memory beside the text: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
