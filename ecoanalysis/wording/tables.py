"""The comparison tables as people read them: why a value does not compare stands in words, in Chinese and in English.

In: what the functions of `comparing` take. Out: their tables, with `why_not` and `why_not_en` in place of findings.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import pandas as pd

from ecoanalysis import comparing
from ecoanalysis.knowledge.phrases import LANGUAGES
from ecoanalysis.wording.sentences import reasons

_P = ParamSpec("_P")


def worded(table: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """Return a table with two columns of text, Chinese and with _en English, in place of each column of findings.

    `columns` says what the texts of a column are called, as in why="why_not".
    """
    for column, name in columns.items():
        at = table.columns.get_loc(column)
        found = table[column]
        table = table.drop(columns=column)
        for step, language in enumerate(LANGUAGES):
            texts = [reasons(one or (), language) for one in found]
            table.insert(
                at + step, name if language == "zh" else f"{name}_{language}", pd.Series(texts, table.index, "str")
            )
    return table


def _readable(made: Callable[_P, pd.DataFrame], **columns: str) -> Callable[_P, pd.DataFrame]:
    @wraps(made)
    def readable(*args: _P.args, **kwargs: _P.kwargs) -> pd.DataFrame:
        return worded(made(*args, **kwargs), **columns)

    return readable


panel = _readable(comparing.panel, why="why_not")
gap = _readable(comparing.gap, no_gap="no_gap")
series = _readable(comparing.series, why="why_not")
slope = _readable(comparing.slope, why="why_not")
targets = _readable(comparing.targets, why="why")
promises = _readable(comparing.promises, why="why")
profile = _readable(comparing.profile, why="why_not")
scorecard = _readable(comparing.scorecard, why="why_not")
funnel = _readable(comparing.funnel, why="why_not")
counts = _readable(comparing.counts, why="why_not")
beside = _readable(comparing.beside, why="why_not")
progress = _readable(comparing.progress, round="round", why="why_not")
silence = _readable(comparing.silence, why="why", bad_why="bad_why")
