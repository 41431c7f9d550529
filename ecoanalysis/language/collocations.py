"""What stands around a word: the places where texts say it, and which words stand beside it more often than chance has it.

In: a `Corpus` and the word. Out: a row a place, with its offsets in the repaired text and its line; a row a neighbour,
with counts and the measures of association.

Sources: the table of four cells and its expectation: Evert (2008), Corpora and collocations, section 4; G² over all four
cells: Dunning (1993), Computational Linguistics 19(1); logDice: Rychlý (2008), A lexicographer-friendly association
score, 6-9; pointwise mutual information: Church and Hanks (1990), Computational Linguistics 16(1).
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.language.corpus import Corpus, distinct, marked, within
from ecoanalysis.language.keyness import threshold, x_log_ratio
from ecoanalysis.language.words import QUOTES, unquoted

WINDOW = 5  # words left and right
LEAST = 3  # times together below which a pair is not listed
WIDTH = 20  # characters left and right
_COLUMNS = ["report", "start", "end", "left", "keyword", "right", "sentence", "line"]


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
    rule, above = "collocations" if window else "collocations_sentence", round(threshold(len(table)), 2)
    about: dict[str, Any] = {"node": node, "node_n": node_n, "window": window, "least": least, "units": units}
    return marked(table, corpus, rule, **about, pairs=len(table), threshold=above)


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
    return 2 * x_log_ratio(observed, expected, units).sum(axis=0)


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


def kwic(corpus: Corpus, keyword: str, width: int = WIDTH) -> pd.DataFrame:
    """Return where the texts say `keyword`, sorted by report and place; an empty keyword raises `RequestError`.

    Quotation marks are disregarded, in the keyword and in the texts: 四强党支部 finds “四强”党支部; `keyword` is always
    `text[start:end]`. `left` and `right` are up to `width` characters, line breaks written as blanks;
    `sentence` is the whole sentence, and `line` counts from 1.

    >>> from ecoanalysis.language.corpus import gather
    >>> corpus = gather(pd.DataFrame({"report": ["a"], "text": ["一、大气。\\n打好蓝天保卫战，蓝天增多。"]}))
    >>> kwic(corpus, "蓝天", 3).drop(columns="sentence").values.tolist()
    [['a', 8, 10, ' 打好', '蓝天', '保卫战', 2], ['a', 14, 16, '卫战，', '蓝天', '增多。', 2]]
    """
    if not keyword.strip():
        raise RequestError("no keyword: give a word or phrase as the repaired text writes it, such as '三线一单'")
    places, ends = _found(corpus, unquoted(keyword) or keyword)
    inside, sentence = within(places, corpus.sentences)
    around = corpus.sentences[["report", "start", "end"]].to_numpy()[sentence[inside]].tolist()
    edges = zip(places[inside].tolist(), ends[inside].tolist(), around, strict=True)
    rows = [_row(corpus, *one, width) for one in edges]
    table = pd.DataFrame(rows, columns=_COLUMNS).astype({"start": "int64", "end": "int64", "line": "int64"})
    return marked(table, corpus, "kwic", keyword=keyword)


def _found(corpus: Corpus, keyword: str) -> tuple[np.ndarray, np.ndarray]:
    """Return where the keyword starts and ends; a keyword of quotation marks alone is found in the text as it stands."""
    text, places = corpus.plain if unquoted(keyword) else (corpus.text, None)
    found, at = [], text.find(keyword)
    while at >= 0:
        found.append(at)
        at = text.find(keyword, at + len(keyword))
    starts = np.array(found, dtype=np.int64)
    ends = starts + len(keyword)
    if places is None or not len(starts):
        return starts, ends
    starts, ends = places[starts], places[ends - 1] + 1
    torn = np.array([sum(mark in QUOTES for mark in corpus.text[a:b]) % 2 for a, b in zip(starts, ends, strict=True)])
    before = np.array([corpus.text[at - 1 : at] in tuple(QUOTES) for at in starts])
    return starts - (torn & before), ends  # “四强”党支部, not 四强”党支部


def _row(corpus: Corpus, at: int, end: int, around: list[int], width: int) -> tuple:
    report, first, last = around
    base = int(corpus.bases[report])
    after = int(corpus.bases[report + 1]) - 1 if report + 1 < len(corpus.bases) else len(corpus.text)
    left, right = corpus.text[max(at - width, base) : at], corpus.text[end : min(end + width, after)]
    said = corpus.text[first : max(last, end)]
    line = corpus.text.count("\n", base, at) + 1
    beside = left.replace("\n", " "), corpus.text[at:end], right.replace("\n", " ")
    return corpus.reports[report], at - base, end - base, *beside, said, line
