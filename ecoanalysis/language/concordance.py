"""A word in its contexts: every place where reports say it, with what stands left and right (KWIC).

In: a `Corpus` and a word or phrase. Out: a row an occurrence, with offsets in the repaired text and its line.
"""

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.language.corpus import Corpus, within
from ecoanalysis.language.words import QUOTES, unquoted

WIDTH = 20  # characters left and right

_COLUMNS = ["report", "start", "end", "left", "keyword", "right", "sentence", "line"]


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
    table.attrs["made"] = corpus.made | {"note": "language.note.kwic", "interval": "none", "keyword": keyword}
    return table


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
