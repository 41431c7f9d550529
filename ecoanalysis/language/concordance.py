"""A word in its contexts: every place where reports say it, with what stands left and right (KWIC).

In: the table of texts and a word or phrase. Out: a row an occurrence, with offsets in the repaired text and its line.
"""

from bisect import bisect_right

import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.reading.sentences import spans

WIDTH = 20  # characters left and right

_COLUMNS = ["report", "start", "end", "left", "keyword", "right", "sentence", "line"]


def kwic(texts: pd.DataFrame, keyword: str, width: int = WIDTH) -> pd.DataFrame:
    """Return where the texts say `keyword`, sorted by report and place; an empty keyword raises `RequestError`.

    `texts` has the columns report and text, and always `text[start:end] == keyword`. `left` and `right` are up to
    `width` characters, line breaks written as blanks; `sentence` is the whole sentence, and `line` counts from 1.

    >>> texts = pd.DataFrame({"report": ["a"], "text": ["一、大气。\\n打好蓝天保卫战，蓝天增多。"]})
    >>> kwic(texts, "蓝天", 3).drop(columns="sentence").values.tolist()
    [['a', 8, 10, ' 打好', '蓝天', '保卫战', 2], ['a', 14, 16, '卫战，', '蓝天', '增多。', 2]]
    """
    if not keyword.strip():
        raise RequestError("no keyword: give a word or phrase as the repaired text writes it, such as '三线一单'")
    rows = []
    for report, text in sorted(zip(texts["report"], texts["text"], strict=True)):
        rows += _of_text(report, text, keyword, width)
    types = {"start": "int64", "end": "int64", "line": "int64"}
    table = pd.DataFrame(rows, columns=_COLUMNS).astype(types)
    characters = int(texts["text"].str.len().sum())
    table.attrs["made"] = {"note": "note.kwic", "reports": len(texts), "characters": characters}
    return table


def _of_text(report: str, text: str, keyword: str, width: int) -> list[tuple]:
    start = text.find(keyword)
    if start < 0:
        return []
    parts = list(spans(text))
    begins = [part[0] for part in parts]
    rows = []
    line, counted = 1, 0
    while start >= 0:
        end = start + len(keyword)
        line, counted = line + text.count("\n", counted, start), start
        part = parts[max(bisect_right(begins, start) - 1, 0)]
        left, right = text[max(start - width, 0) : start], text[end : end + width]
        sentence = text[part[0] : max(part[1], end)]
        rows.append((report, start, end, left.replace("\n", " "), keyword, right.replace("\n", " "), sentence, line))
        start = text.find(keyword, end)
    return rows
