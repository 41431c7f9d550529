"""How much of a report is about each theme.

In: a `Corpus`. Out: a row for every report, theme, unit of counting and rule for nested words. The units: characters
that stand in words of the theme, tokens that are such words, sentences and sections that hold one.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ecoanalysis.language.bootstrap import DRAWS, SEED, intervals
from ecoanalysis.language.corpus import Corpus, hits, in_tokens
from ecoanalysis.language.words import NESTED, THEMES, themes

UNITS = ("characters", "tokens", "sentences", "sections")
_KEYS = ["report", "theme", "unit", "nested", "count", "of", "share", "low", "high"]


def attention(corpus: Corpus, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Return the share of each report on each theme.

    Columns: report, theme; unit (characters, tokens, sentences, sections); nested (longest: a word inside a longer
    listed word counts as the longer only; each: both count); count, of and share = count / of; low and high, the 95%
    percentile interval over sentences, empty for sections and for reports of fewer than five sentences; damaged,
    damaged_zh, damaged_en. Characters are those without blanks; tokens those with a letter or a Chinese character.

    >>> from ecoanalysis.language.corpus import gather
    >>> corpus = gather(pd.DataFrame({"report": ["a"], "text": ["空气好。水质好。"]}))
    >>> rows = attention(corpus)
    >>> rows[(rows["theme"] == "air") & (rows["nested"] == "longest")][["unit", "count", "of"]].values.tolist()
    [['characters', 2, 8], ['tokens', 1, 4], ['sentences', 1, 2], ['sections', 1, 1]]
    """
    lists = {name: themes()[name].words for name in THEMES}
    parts = [_of(corpus, lists, nested, draws, seed) for nested in NESTED]
    table = pd.concat(parts).sort_values(["at", "order", "kind"], kind="stable")
    table = table[_KEYS].reset_index(drop=True)
    table = table.merge(corpus.damaged.assign(report=corpus.reports), on="report")
    table.attrs["made"] = corpus.made | {"note": "language.note.attention", "draws": draws, "seed": seed}
    return table


def _of(corpus: Corpus, lists: Mapping[str, Sequence[str]], nested: str, draws: int, seed: int) -> pd.DataFrame:
    """Return the rows under one rule for nested words, with numbers to sort them by."""
    found = counts(corpus, lists, nested)
    size = len(lists)
    above = np.hstack([found["characters"], found["tokens"], found["occurrences"] > 0]).astype(float)
    own = corpus.sentences
    sizes = [own["characters"].to_numpy(), own["words"].to_numpy(), np.ones(len(own))]
    below = np.repeat(np.column_stack(sizes), size, axis=1).astype(float)
    low, high = intervals(corpus, above, below, draws, seed)
    sections, of = _sections(corpus, found["occurrences"] > 0)
    empty = np.full_like(sections, np.nan)
    columns = [
        np.hstack([by_report(corpus, above), sections]),
        np.hstack([by_report(corpus, below), of]),
        np.hstack([low, empty]),
        np.hstack([high, empty]),
    ]
    reports, kinds = len(corpus.reports), len(UNITS)
    count, total = (column.ravel().astype(np.int64) for column in columns[:2])
    return pd.DataFrame(
        {
            "at": np.repeat(np.arange(reports), kinds * size),
            "order": np.tile(np.arange(size), reports * kinds),
            "kind": np.tile(np.repeat(np.arange(kinds), size), reports),
            "report": np.repeat(np.array(corpus.reports, dtype=object), kinds * size),
            "theme": np.tile(np.array(list(lists), dtype=object), reports * kinds),
            "unit": np.tile(np.repeat(np.array(UNITS, dtype=object), size), reports),
            "nested": nested,
            "count": count,
            "of": total,
            "share": np.divide(count, total, out=np.zeros(len(count)), where=total > 0),
            "low": columns[2].ravel(),
            "high": columns[3].ravel(),
        }
    )


def counts(corpus: Corpus, lists: Mapping[str, Sequence[str]], nested: str) -> dict[str, np.ndarray]:
    """Return how often the words of each list (columns) stand in each sentence (rows): occurrences, characters, tokens.

    Under longest a word inside a longer one of any of these lists counts as the longer only. Tokens count where they
    are a word of the list; under each also for every such word within them.
    """
    words = sorted({word for listed in lists.values() for word in listed})
    number = {word: at for at, word in enumerate(words)}
    member = np.zeros((len(words), len(lists)))
    for at, listed in enumerate(lists.values()):
        member[[number[word] for word in listed], at] = 1
    found = hits(corpus, words, nested)
    pairs = in_tokens(corpus, words, nested)
    held = np.zeros((len(corpus.vocabulary), len(lists)))
    np.add.at(held, pairs[:, 0], member[pairs[:, 1]])
    kept = held.any(axis=1)[corpus.tokens]
    return {
        "occurrences": _summed(corpus, found.sentence, member[found.word]),
        "characters": _summed(corpus, found.sentence, member[found.word] * (found.end - found.start)[:, None]),
        "tokens": _summed(corpus, corpus.token_sentences[kept], held[corpus.tokens[kept]]),
    }


def by_report(corpus: Corpus, values: np.ndarray) -> np.ndarray:
    """Return the sums of the sentences' rows, by report."""
    sums = np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0)])[corpus.rows()]
    return np.diff(sums, axis=0)


def _summed(corpus: Corpus, sentence: np.ndarray, values: np.ndarray) -> np.ndarray:
    size = len(corpus.sentences)
    return np.column_stack([np.bincount(sentence, column, size) for column in values.T])


def _sections(corpus: Corpus, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return in how many sections of each report a sentence holds the words, and how many sections there are."""
    section = corpus.sentences["section"].to_numpy()
    numbers, first = np.unique(section, return_index=True)
    report = corpus.sentences["report"].to_numpy()[first]
    holds = np.column_stack([np.bincount(section, column)[numbers] > 0 for column in held.T])
    size = len(corpus.reports)
    counted = np.column_stack([np.bincount(report, column, size) for column in holds.T])
    return counted, np.repeat(np.bincount(report, minlength=size)[:, None], held.shape[1], axis=1).astype(float)
