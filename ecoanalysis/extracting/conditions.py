"""Find the words that say under which condition a value was made: 扣除沙尘影响后, 标况, 三年平均.

In: a report. Out: for a fact, the codes of `knowledge/conditions.csv` that its sentence states before its number, or in the
bracket right after it; some, such as the round of an inspection, hold on to the end of their paragraph. Of two words with one reason (未扣除沙尘, 扣除沙尘) the last one said holds.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from ecoanalysis.errors import CatalogueError
from ecoanalysis.extracting.source import Fact
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reading.report import Report

_ASIDE = re.compile(r"\s*[（(]([^（()）0-9]*)[）)]")


@dataclass(frozen=True, slots=True)
class _Known:
    code: str
    words: re.Pattern[str]
    metrics: tuple[str, ...]
    reason: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions that a report states, and where its sentences and its paragraphs start."""

    text: str
    sentences: tuple[int, ...]
    paragraphs: tuple[int, ...]
    stated: tuple[tuple[int, int, _Known], ...]

    def of(self, fact: Fact) -> str:
        """Return the conditions of a fact, with ; between, empty where none is stated."""
        if not self.stated:
            return ""
        sentence, paragraph = _before(self.sentences, fact.number), _before(self.paragraphs, fact.number)
        aside = _ASIDE.match(self.text, fact.end)
        end = aside.end() if aside else fact.number
        found: dict[str, str] = {}
        for at, stop, known in self.stated:
            start = paragraph if known.lasting else sentence
            if start <= at and stop <= end and (fact.metric in known.metrics or _domain(fact) in known.metrics):
                found[known.reason] = known.code
        return ";".join(sorted(found.values()))


def find(report: Report) -> Conditions:
    """Return the conditions that a report states, in reading order.

    >>> from ecoanalysis.reading import read_text
    >>> find(read_text("扣除沙尘影响后，优良率为89.3%。", "example")).stated[0][2].code
    'dust_excluded'
    """
    found = [(m.start(), m.end(), known) for known in _conditions() for m in known.words.finditer(report.text)]
    # 未扣除沙尘 holds 扣除沙尘: what lies within a longer wording is not said.
    whole = [one for one in found if not any(_within(one, other) for other in found)]
    starts = tuple(sentence.start for sentence in report.sentences)
    opens = {sentence.paragraph: sentence.start for sentence in reversed(report.sentences)}
    return Conditions(report.text, starts, tuple(sorted(opens.values())), tuple(sorted(whole, key=lambda one: one[0])))


def _before(starts: tuple[int, ...], at: int) -> int:
    """Return the last start that is not after a place."""
    return starts[max(bisect_right(starts, at) - 1, 0)] if starts else 0


def _within(one: tuple[int, int, _Known], other: tuple[int, int, _Known]) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and (one[0], one[1]) != (other[0], other[1])


def _domain(fact: Fact) -> str:
    return fact.metric.split(".")[0]


@cache
def _conditions() -> tuple[_Known, ...]:
    found = []
    for row in rows("conditions.csv"):
        try:
            words = re.compile(row["wording"])
        except re.error as error:
            raise CatalogueError(
                f"conditions.csv, {row['condition']}: {row['wording']!r} is no pattern: {error}"
            ) from None
        found.append(
            _Known(
                row["condition"], words, tuple(row["metrics"].split(";")), row["reason"], row["within"] == "paragraph"
            )
        )
    return tuple(found)
