"""Which words stand beside a word more often than chance would have it.

In: texts, their cuts, and the word. Out: a row a neighbour with counts and the measures of association.

Sources: the table of four cells and its expectation: Evert (2008), Corpora and collocations, section 4; G² over all four
cells: Dunning (1993), Computational Linguistics 19(1); logDice: Rychlý (2008), A lexicographer-friendly association
score, 6-9; pointwise mutual information: Church and Hanks (1990), Computational Linguistics 16(1).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.language.counting import Tokens, distinct, is_word
from ecoanalysis.language.keyness import threshold
from ecoanalysis.reading.sentences import spans

WINDOW = 5  # words left and right
LEAST = 3  # times together below which a pair is not listed


def collocations(
    texts: pd.DataFrame,
    cuts: Mapping[str, Tokens],
    node: str,
    window: int | None = WINDOW,
    without: Collection[str] = (),
    least: int = LEAST,
    made: Mapping[str, object] | None = None,
) -> pd.DataFrame:
    """Return the neighbours of the word `node`, strongest logDice first.

    With a `window` the units are words: a neighbour is one at most so many words away within the sentence, and one
    between two nodes counts once. With `window=None` the units are sentences that hold both. Columns: word, together,
    word_n, expected (together by chance), g2, key (G² above the threshold for so many pairs), log_dice (at most 14), pmi
    (bits; below 0 where the two avoid each other). Words `without` (stop words) are not listed, nor those together
    less than `least` times. A word that no cut holds raises `RequestError`.
    """
    stream = _stream(texts, cuts)
    if node not in stream.number:
        known = nearest(node, stream.number) or "none"
        raise RequestError(f"no report has the word {node!r}. Nearest: {known}; for a phrase of several words use kwic")
    counted = _by_sentence(stream, node) if window is None else _by_window(stream, node, window)
    together, near, word_n, units = counted
    node_n = int(word_n[stream.number[node]])
    listed = together >= least
    listed[[stream.number[word] for word in (*without, node) if word in stream.number]] = False
    table = pd.DataFrame({"word": np.array(stream.words, dtype=object)[listed]}).astype({"word": "str"})
    table["together"], table["word_n"] = together[listed], word_n[listed]
    table["expected"] = near * table["word_n"] / units
    table["g2"] = log_likelihood(together[listed], near, word_n[listed], units)
    table["log_dice"] = log_dice(together[listed], node_n, word_n[listed])
    table["pmi"] = np.log2(table["together"] / table["expected"])
    table["key"] = table["g2"] > threshold(len(table))
    table = table.sort_values(["log_dice", "word"], ascending=[False, True], ignore_index=True)
    note = "note.collocations" if window else "note.collocations_sentence"
    about = {"note": note, "node": node, "node_n": node_n, "window": window, "least": least, "reports": len(texts)}
    about |= {"units": units, "pairs": len(table), "threshold": round(threshold(len(table)), 2)}
    table.attrs["made"] = dict(made or {}) | about
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


@dataclass(frozen=True, slots=True)
class _Stream:
    """All words of all reports in a row: the number of each in `words`, and of the sentence that it stands in."""

    words: list[str]
    number: dict[str, int]
    code: np.ndarray
    sentence: np.ndarray


def _stream(texts: pd.DataFrame, cuts: Mapping[str, Tokens]) -> _Stream:
    words = sorted(filter(is_word, set().union(*(cuts[report].tokens for report in texts["report"]))))
    number = {word: at for at, word in enumerate(words)}
    codes, sentences, before = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for report, text in sorted(zip(texts["report"], texts["text"], strict=True)):
        cut = cuts[report]
        code = np.fromiter((number.get(token, -1) for token in cut.tokens), np.int64, len(cut.tokens))
        begins = [start for start, _, _ in spans(text)]
        within = np.searchsorted(begins, np.asarray(cut.starts, dtype=np.int64), side="right") + before
        before += len(begins) + 1
        codes.append(code[code >= 0])
        sentences.append(within[code >= 0])
    return _Stream(words, number, np.concatenate(codes), np.concatenate(sentences))


def _by_window(stream: _Stream, node: str, window: int) -> tuple[np.ndarray, int, np.ndarray, int]:
    """Return how often each word is near the node, how many words are, how often each occurs, and all words."""
    nodes = np.flatnonzero(stream.code == stream.number[node])
    near = np.zeros(len(stream.code), dtype=bool)
    for step in range(1, window + 1):
        for other in (nodes - step, nodes + step):
            inside = (other >= 0) & (other < len(near))
            same = stream.sentence[other[inside]] == stream.sentence[nodes[inside]]
            near[other[inside][same]] = True
    near[nodes] = False
    together = np.bincount(stream.code[near], minlength=len(stream.words))
    return together, int(near.sum()), np.bincount(stream.code, minlength=len(stream.words)), len(stream.code)


def _by_sentence(stream: _Stream, node: str) -> tuple[np.ndarray, int, np.ndarray, int]:
    """Return how many sentences hold each word and the node, the node, each word, and how many sentences there are."""
    pairs = distinct(stream.sentence * len(stream.words) + stream.code)
    sentence, code = np.divmod(pairs, len(stream.words))
    held = np.isin(sentence, sentence[code == stream.number[node]])
    together, word_n = (np.bincount(some, minlength=len(stream.words)) for some in (code[held], code))
    return together, int(word_n[stream.number[node]]), word_n, len(distinct(sentence))
