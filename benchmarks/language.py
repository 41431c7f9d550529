"""Measure what the words cost: cutting and every statistic of ecoanalysis.language beside jieba.lcut, in one run.

usage: python benchmarks/language.py [MEGABYTES]

Only the ratios mean anything: machines differ. The goal: with jieba at most 2.5 times what `jieba.lcut` alone takes on the
same text, with rjieba less than half of it, and less than 1 GB of memory. The text is the project's samples repeated as
many reports, or the original ones where ECOANALYSIS_ORIGINALS names them. A statistic joins by a line in STATISTICS.
"""

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ecoanalysis import language, reading
from ecoanalysis.extracting.quantities import find
from ecoanalysis.language.cutting import cut_all

RAW = Path(__file__).parent.parent / "data" / "raw"

# What is measured: a name, and what is done with the texts, their cuts, the corpus made of both, and the quantities.
STATISTICS: dict[str, Callable[[pd.DataFrame, dict, language.Corpus, pd.DataFrame], object]] = {
    "attention": lambda texts, cuts, corpus, found: language.attention(corpus),
    "index of papers": lambda texts, cuts, corpus, found: language.ranks(language.index(corpus)),
    "density": lambda texts, cuts, corpus, found: language.density(corpus, found),
    "party and operations": lambda texts, cuts, corpus, found: (
        language.together(corpus),
        language.together_sentences(corpus),
    ),
    "modality": lambda texts, cuts, corpus, found: language.modality(corpus),
    "superlatives": lambda texts, cuts, corpus, found: language.superlatives(corpus, found),
}


def reports(megabytes: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return texts of so many megabytes of UTF-8 as reports, and their quantities."""
    originals = os.environ.get("ECOANALYSIS_ORIGINALS")
    files = sorted((Path(originals) / "seeds").glob("*.txt") if originals else RAW.glob("*.txt"))
    once = [reading.read(file).text for file in files]
    found = [[(one.start, one.end, one.kind) for one in find(text)] for text in once]
    times = max(round(megabytes * 1e6 / sum(len(text.encode()) for text in once)), 1)
    names = [f"{copy:05}-{at}" for copy in range(times) for at in range(len(once))]
    texts = pd.DataFrame({"report": names, "text": once * times})
    rows = [(name, *row) for name, some in zip(names, found * times, strict=True) for row in some]
    return texts, pd.DataFrame(rows, columns=["report", "start", "end", "kind"])


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def measure(texts: pd.DataFrame, found: pd.DataFrame, cutter: str) -> list[tuple[str, float]]:
    """Return the seconds of each step with one cutter, its dictionary being loaded."""
    language.cut("热身", cutter)
    took, cuts = seconds(lambda: cut_all(texts, cutter))
    steps = [(f"{cutter}: cut, phrases first", took)]
    took, corpus = seconds(lambda: language.gather(texts, cutter=cutter, cuts=cuts))
    steps.append(("sentences, vocabulary, theme words", took))
    for name, work in STATISTICS.items():
        steps.append((name, seconds(lambda work=work: work(texts, cuts, corpus, found))[0]))
    return [*steps, (f"{cutter}: everything", sum(took for _, took in steps))]


def memory() -> float | None:
    """Return the most memory that this process has held, in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Print the table."""
    texts, found = reports(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
    whole = "\n".join(texts["text"])
    import jieba

    jieba.setLogLevel(60)
    jieba.lcut("热身")
    plain, _ = seconds(lambda: len(jieba.lcut(whole)))
    print(f"{len(whole.encode()) / 1e6:.2f} MB of UTF-8, {len(texts)} reports")
    print(f"{'':<40}{'seconds':>9}{'of jieba.lcut':>15}")
    print(f"{'jieba.lcut alone':<40}{plain:>9.2f}{1:>15.2f}")
    for cutter in ("jieba", "rjieba"):
        if importlib.util.find_spec(cutter) is None:
            print(f"{cutter} is not installed: pip install 'ecoanalysis[fast]'")
            continue
        for name, took in measure(texts, found, cutter):
            print(f"{name:<40}{took:>9.2f}{took / plain:>15.2f}")
    if (most := memory()) is not None:
        print(f"peak memory of the process, jieba.lcut's own list included: {most:.0f} MB")


if __name__ == "__main__":
    main()
