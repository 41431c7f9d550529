"""How much of a report is about each theme.

In: a `Corpus`. Out: a row for every report, theme, unit of counting and rule for nested words. The units: characters
that stand in words of the theme, tokens that are such words, sentences and sections that hold one.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecoanalysis.language.bootstrap import HOW, intervals
from ecoanalysis.language.corpus import Corpus, Hits, in_tokens, marked
from ecoanalysis.language.words import NESTED, THEMES, theme_words, themes

UNITS = ("characters", "tokens", "sentences", "sections")
_KEYS = ["report", "theme", "unit", "nested"]


def attention(corpus: Corpus) -> pd.DataFrame:
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
    found = [theme_counts(corpus, nested) for nested in NESTED]
    held = [one["occurrences"] > 0 for one in found]
    above = np.hstack(
        [part for one, some in zip(found, held, strict=True) for part in (one["characters"], one["tokens"], some)]
    )
    below = np.column_stack([corpus.sentences["characters"], corpus.sentences["words"], np.ones(len(corpus.sentences))])
    of = np.tile(np.repeat(np.arange(3), len(THEMES)), len(NESTED))
    low, high = intervals(corpus, above, below, of)
    sections, all_sections = (np.stack(some, 1) for some in zip(*(_sections(corpus, one) for one in held), strict=True))

    def column(own: np.ndarray, of_sections: np.ndarray) -> np.ndarray:
        """Return numbers by report, rule, unit and theme in the order of the rows: reports, themes, units, rules."""
        units = own.reshape(len(own), len(NESTED), -1, len(THEMES))
        return np.concatenate([units, of_sections[:, :, None]], axis=2).transpose(0, 3, 2, 1).ravel()

    rows = pd.MultiIndex.from_product([corpus.reports, THEMES, UNITS, NESTED], names=_KEYS)
    table = rows.to_frame(index=False)
    count, total = column(by_report(corpus, above), sections), column(by_report(corpus, below)[:, of], all_sections)
    table["count"], table["of"] = count.astype(np.int64), total.astype(np.int64)
    table["share"] = np.divide(count, total, out=np.zeros(len(count)), where=total > 0)
    none = np.full(sections.shape, np.nan)
    table["low"], table["high"] = column(low, none), column(high, none)
    damaged = corpus.damaged.loc[corpus.damaged.index.repeat(len(table) // len(corpus.reports))].reset_index(drop=True)
    return marked(pd.concat([table, damaged], axis=1), corpus, "attention", "bootstrap", **HOW)


def theme_counts(corpus: Corpus, nested: str) -> dict[str, np.ndarray]:
    """Return how often the words of each theme (columns, as in `THEMES`) stand in each sentence (rows).

    The keys are occurrences and characters, counted in the text, and tokens.
    """
    lists = [themes()[name].words for name in THEMES]
    member = np.column_stack([np.isin(theme_words(), words) for words in lists]).astype(float)
    return in_text(corpus, corpus.found[nested], member) | {
        "tokens": among_tokens(corpus, theme_words(), nested, member)
    }


def in_text(corpus: Corpus, found: Hits, member: np.ndarray) -> dict[str, np.ndarray]:
    """Return occurrences and characters of lists in each sentence; `member` has a row a word and a column a list."""
    held = member[found.word]
    return {
        "occurrences": _summed(corpus, found.sentence, held),
        "characters": _summed(corpus, found.sentence, held * (found.end - found.start)[:, None]),
    }


def among_tokens(corpus: Corpus, words: Sequence[str], nested: str, member: np.ndarray) -> np.ndarray:
    """Return how many tokens of each sentence are words of each list; under each also those that stand within tokens."""
    pairs = in_tokens(corpus, words, nested)
    held = np.zeros((len(corpus.vocabulary), member.shape[1]))
    np.add.at(held, pairs[:, 0], member[pairs[:, 1]])
    if nested == "longest":
        held = np.minimum(held, 1.0)  # a phrase with two words of a list is one token
    kept = np.asarray(held.any(axis=1))[corpus.tokens]
    return _summed(corpus, corpus.token_sentences[kept], held[corpus.tokens[kept]])


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
