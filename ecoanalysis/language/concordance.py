"""A word in its contexts: every place where reports say it, with what stands left and right (KWIC).

In: a `Corpus` and a word or phrase. Out: a row an occurrence, with offsets in the repaired text and its line.
"""

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.language.corpus import Corpus, within

WIDTH = 20  # characters left and right

_COLUMNS = ["report", "start", "end", "left", "keyword", "right", "sentence", "line"]


def kwic(corpus: Corpus, keyword: str, width: int = WIDTH) -> pd.DataFrame:
    """Return where the texts say `keyword`, sorted by report and place; an empty keyword raises `RequestError`.

    Always `text[start:end] == keyword`. `left` and `right` are up to `width` characters, line breaks written as blanks;
    `sentence` is the whole sentence, and `line` counts from 1.

    >>> from ecoanalysis.language.corpus import gather
    >>> corpus = gather(pd.DataFrame({"report": ["a"], "text": ["一、大气。\\n打好蓝天保卫战，蓝天增多。"]}))
    >>> kwic(corpus, "蓝天", 3).drop(columns="sentence").values.tolist()
    [['a', 8, 10, ' 打好', '蓝天', '保卫战', 2], ['a', 14, 16, '卫战，', '蓝天', '增多。', 2]]
    """
    if not keyword.strip():
        raise RequestError("no keyword: give a word or phrase as the repaired text writes it, such as '三线一单'")
    found, at = [], corpus.text.find(keyword)
    while at >= 0:
        found.append(at)
        at = corpus.text.find(keyword, at + len(keyword))
    places = np.array(found, dtype=np.int64)
    inside, sentence = within(places, corpus.sentences)
    around = corpus.sentences[["report", "start", "end"]].to_numpy()[sentence[inside]].tolist()
    rows = [_row(corpus, *one, keyword, width) for one in zip(places[inside].tolist(), around, strict=True)]
    table = pd.DataFrame(rows, columns=_COLUMNS).astype({"start": "int64", "end": "int64", "line": "int64"})
    table.attrs["made"] = corpus.made | {"note": "language.note.kwic", "interval": "none", "keyword": keyword}
    return table


def _row(corpus: Corpus, at: int, around: list[int], keyword: str, width: int) -> tuple:
    report, first, last = around
    base = int(corpus.bases[report])
    after = int(corpus.bases[report + 1]) - 1 if report + 1 < len(corpus.bases) else len(corpus.text)
    end = at + len(keyword)
    left, right = corpus.text[max(at - width, base) : at], corpus.text[end : min(end + width, after)]
    said = corpus.text[first : max(last, end)]
    line = corpus.text.count("\n", base, at) + 1
    beside = left.replace("\n", " "), keyword, right.replace("\n", " ")
    return corpus.reports[report], at - base, end - base, *beside, said, line
