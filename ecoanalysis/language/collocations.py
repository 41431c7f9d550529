"""Which words stand beside a word more often than chance would have it.

In: a `Corpus` and the word. Out: a row a neighbour with counts and the measures of association.

Sources: the table of four cells and its expectation: Evert (2008), Corpora and collocations, section 4; G² over all four
cells: Dunning (1993), Computational Linguistics 19(1); logDice: Rychlý (2008), A lexicographer-friendly association
score, 6-9; pointwise mutual information: Church and Hanks (1990), Computational Linguistics 16(1).
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.language.corpus import Corpus
from ecoanalysis.language.counting import distinct
from ecoanalysis.language.keyness import threshold
from ecoanalysis.language.words import unquoted

WINDOW = 5  # words left and right
LEAST = 3  # times together below which a pair is not listed


def collocations(
    corpus: Corpus,
    node: str,
    window: int | None = WINDOW,
    without: Collection[str] = (),
    least: int = LEAST,
) -> pd.DataFrame:
    """Return the neighbours of the word `node`, strongest logDice first.

    With a `window` the units are words: a neighbour is one at most so many words away within the sentence, and one
    between two nodes counts once. With `window=None` the units are sentences that hold both. Columns: word, together,
    word_n, expected (together by chance), g2, key (G² above the threshold for so many pairs), log_dice (at most 14), pmi
    (bits; below 0 where the two avoid each other). Words `without` (stop words) are not listed, nor those together
    less than `least` times. Quotation marks in `node` are disregarded. A word
    that no report has raises `RequestError`.
    """
    node = unquoted(node) or node
    vocabulary = np.array(corpus.vocabulary, dtype=object)
    if not (at := np.flatnonzero(corpus.is_word & (vocabulary == node))).size:
        known = nearest(node, vocabulary[corpus.is_word].tolist()) or "none"
        raise RequestError(f"no report has the word {node!r}. Nearest: {known}; for a phrase of several words use kwic")
    together, near, word_n, units = (_by_sentence if window is None else _by_window)(corpus, int(at[0]), window or 0)
    node_n = int(word_n[at[0]])
    listed = (together >= least) & ~np.isin(vocabulary, [*without, node])
    table = pd.DataFrame({"word": vocabulary[listed]}).astype({"word": "str"})
    table["together"], table["word_n"] = together[listed], word_n[listed]
    table["expected"] = near * table["word_n"] / units
    table["g2"] = log_likelihood(together[listed], near, word_n[listed], units)
    table["log_dice"] = log_dice(together[listed], node_n, word_n[listed])
    table["pmi"] = np.log2(table["together"] / table["expected"])
    table["key"] = table["g2"] > threshold(len(table))
    table = table.sort_values(["log_dice", "word"], ascending=[False, True], ignore_index=True)
    about: dict[str, object] = {"note": "language.note.collocations" + ("" if window else "_sentence")}
    about |= {"interval": "none", "node": node}
    about |= {"node_n": node_n, "window": window, "least": least, "units": units, "pairs": len(table)}
    table.attrs["made"] = corpus.made | about | {"threshold": round(threshold(len(table)), 2)}
    return table


def log_dice(together: np.ndarray, one: np.ndarray | int, other: np.ndarray | int) -> np.ndarray:
    """Return 14 + log2(2 f(xy) / (f(x) + f(y))).

    >>> log_dice(np.array([8, 4]), 8, np.array([8, 8])).tolist()
    [14.0, 13.0]
    """
    return 14 + np.log2(2 * together / (np.asarray(one) + other))


def log_likelihood(together: np.ndarray, one: np.ndarray | int, other: np.ndarray, units: int) -> np.ndarray:
    """Return G² over the four cells: both, the one alone, the other alone, neither.

    Dunning (1993), table 2, gives 270.72 for "the swiss", with cells 110, 2442, 111 and 29114:

    >>> log_likelihood(np.array([110.0]), 110 + 2442, np.array([110 + 111.0]), 110 + 2442 + 111 + 29114).round(2).tolist()
    [270.72]
    """
    one, other = np.broadcast_to(one, other.shape).astype(float), other.astype(float)
    observed = np.array([together, one - together, other - together, units - one - other + together])
    expected = np.array([one * other, one * (units - other), (units - one) * other, (units - one) * (units - other)])
    safe = np.where(observed > 0, observed, 1.0)
    terms = np.where(observed > 0, observed * np.log(safe * units / np.where(observed > 0, expected, 1.0)), 0.0)
    return 2 * terms.sum(axis=0)


def _words(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Return the tokens that are words, and the sentences that they stand in."""
    kept = corpus.is_word[corpus.tokens]
    return corpus.tokens[kept], corpus.token_sentences[kept]


def _by_window(corpus: Corpus, node: int, window: int) -> tuple[np.ndarray, int, np.ndarray, int]:
    """Return how often each word is near the node, how many words are, how often each occurs, and all words."""
    code, sentence = _words(corpus)
    nodes = np.flatnonzero(code == node)
    near = np.zeros(len(code), dtype=bool)
    for step in range(1, window + 1):
        for other in (nodes - step, nodes + step):
            inside = (other >= 0) & (other < len(near))
            same = sentence[other[inside]] == sentence[nodes[inside]]
            near[other[inside][same]] = True
    near[nodes] = False
    size = len(corpus.vocabulary)
    return np.bincount(code[near], minlength=size), int(near.sum()), np.bincount(code, minlength=size), len(code)


def _by_sentence(corpus: Corpus, node: int, _: int) -> tuple[np.ndarray, int, np.ndarray, int]:
    """Return how many sentences hold each word and the node, the node, each word, and how many sentences there are."""
    size = len(corpus.vocabulary)
    code, sentence = _words(corpus)
    sentence, code = np.divmod(distinct(sentence.astype(np.int64) * size + code), size)
    held = np.isin(sentence, sentence[code == node])
    together, word_n = (np.bincount(some, minlength=size) for some in (code[held], code))
    return together, int(word_n[node]), word_n, len(distinct(sentence))
