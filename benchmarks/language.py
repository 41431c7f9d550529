"""Measure what the words cost: cutting and every statistic of ecoanalysis.language beside jieba.lcut, in one run.

usage: python benchmarks/language.py [MEGABYTES]

Only the ratios mean anything: machines differ. The goal: with jieba at most 2.5 times what `jieba.lcut` alone takes on the
same text, with rjieba less than half of it, and less than 1 GB of memory. The text is made of the project's
samples, or of the original reports where ECOANALYSIS_ORIGINALS names them. A statistic joins by a line in STATISTICS.
"""

import importlib.util
import os
import random
import re
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pandas as pd

from ecoanalysis import language, reading
from ecoanalysis.extracting.quantities import find
from ecoanalysis.language.cutting import cut, cut_all

RAW = Path(__file__).parent.parent / "data" / "raw"

Work = Callable[[language.Corpus, pd.DataFrame, pd.DataFrame, pd.DataFrame], object]

# What is measured: a name, and what is done with the corpus, the quantities, the texts and the table of reports.
STATISTICS: dict[str, Work] = {
    "attention": lambda corpus, *_: language.attention(corpus),
    "index of papers": lambda corpus, *_: language.ranks(language.index(corpus)),
    "density": lambda corpus, found, *_: language.density(corpus, found),
    "party and operations": lambda corpus, *_: (language.together(corpus), language.together_sentences(corpus)),
    "modality": lambda corpus, *_: language.modality(corpus),
    "superlatives": lambda corpus, found, *_: language.superlatives(corpus, found),
    "keyness": lambda corpus, found, texts, known: keyness(corpus, known),
    "collocations, keyword in context": lambda corpus, *_: (
        language.collocations(corpus, "环境"),
        language.kwic(corpus, "环境质量"),
    ),
    "reuse": lambda corpus, found, texts, known: reuse(texts, known),
}


def keyness(corpus: language.Corpus, known: pd.DataFrame) -> object:
    counts = language.count(corpus)
    return language.keyness(counts, *language.split(known, "year", 2024), without=language.stop_words())


def reuse(texts: pd.DataFrame, known: pd.DataFrame) -> object:
    layout = language.lay_out(texts, known)
    passages = language.passages(layout)
    spread = language.longest(passages), language.diffusion(passages)
    return language.boilerplate(layout), language.pairs(layout), spread


def reports(megabytes: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return texts of so many megabytes of UTF-8 as reports of 300 cities, their quantities, and the table of reports.

    Each copy of a report has the sentences in another order, and in four of five the words: so that as much is shared as
    in reports of one time, a fifth, and no two are the same.
    """
    originals = os.environ.get("ECOANALYSIS_ORIGINALS")
    files = sorted((Path(originals) / "seeds").glob("*.txt") if originals else RAW.glob("*.txt"))
    once = [re.findall("[^。]+。?", reading.read(file).text) for file in files]
    pieces = {
        piece: ([(one.start, one.end, one.kind) for one in find(piece)], cut(piece).tokens)
        for piece in chain.from_iterable(once)
    }
    times = max(round(megabytes * 1e6 / sum(len(piece.encode()) for piece in chain.from_iterable(once))), 1)
    rng, texts, found = random.Random(1), {}, []
    for name, own in [(f"{copy:05}-{at}", own) for copy in range(times) for at, own in enumerate(once)]:
        text = ""
        for piece in rng.sample(own, len(own)):
            quantities, tokens = pieces[piece]
            found += [(name, len(text) + start, len(text) + end, kind) for start, end, kind in quantities]
            text += piece if rng.random() < 0.2 else "".join(rng.sample(tokens[:-1], len(tokens) - 1)) + tokens[-1]
        texts[name] = text
    known = pd.DataFrame({"report": list(texts), "city": [f"{at % 300}市" for at in range(len(texts))], "district": ""})
    known = known.assign(year=[2023 + at % 2 for at in range(len(texts))], repairs="", sample=False)
    table = pd.DataFrame({"report": list(texts), "text": list(texts.values())})
    return table, pd.DataFrame(found, columns=["report", "start", "end", "kind"]), known


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def measure(texts: pd.DataFrame, found: pd.DataFrame, known: pd.DataFrame, cutter: str) -> list[tuple[str, float]]:
    """Return the seconds of each step with one cutter, its dictionary being loaded."""
    language.cut("热身", cutter)
    took, cuts = seconds(lambda: cut_all(texts, cutter))
    steps = [(f"{cutter}: cut, phrases first", took)]
    took, corpus = seconds(lambda: language.gather(texts, known, cutter=cutter, cuts=cuts))
    steps.append(("sentences, vocabulary, theme words", took))
    for name, work in STATISTICS.items():
        steps.append((name, seconds(lambda work=work: work(corpus, found, texts, known))[0]))
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
    texts, found, known = reports(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
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
        for name, took in measure(texts, found, known, cutter):
            print(f"{name:<40}{took:>9.2f}{took / plain:>15.2f}")
    if (most := memory()) is not None:
        print(f"peak memory of the process, jieba.lcut's own list included: {most:.0f} MB")


if __name__ == "__main__":
    main()
