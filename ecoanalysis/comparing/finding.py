"""What a table shows, and why a value is not compared, as data: a code, the values that go with it, the facts behind them.

Nothing here knows a language: `wording` turns a finding into a sentence. Values are numbers, names of metrics and places,
rows of tables, and other findings.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import pandas as pd

from ecoanalysis.tables.anchor import anchor_of

Row = dict[str, Any]
# What a row holds where no report gives a value; texts are empty.
NOWHERE: Row = {"value": float("nan"), "period_start": pd.NaT, "period_end": pd.NaT, "start": -1, "end": -1}


@dataclass(frozen=True, slots=True)
class Finding:
    """A code of `knowledge/wording` and what its phrase is filled with.

    >>> Finding("finding.withheld", {"count": 2}).facts
    ()
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the anchors of the facts that stand behind the finding, each once, in the order of its values."""
        return tuple(dict.fromkeys(anchor_of(row) for row in _rows(self.values.values()) if row.get("report")))


class Noted(list[Row]):
    """Rows that a table notes in its `attrs`, which pandas copies deeply at every step: of many rows that takes seconds."""

    def __deepcopy__(self, _: Any) -> "Noted":
        return self


Why = tuple[Finding, ...]  # the reasons why a value is not compared; none where it is


def why(codes: str | Iterable[str], row: Row | None = None, reference: Row | None = None) -> Why:
    """Return the reasons of some codes, each with the row that it is about and the one that this was held against.

    The reference stands for a group, so its scope is that of its class: one city's wording would puzzle.
    """
    about: Row = {"this": row or {}, "reference": (reference or {}) | {"scope": ""}}
    return tuple(Finding(f"reason.{code}", about) for code in ([codes] if isinstance(codes, str) else codes))


def reason_of(found: Why) -> str:
    """Return the codes of reasons, with ; between.

    >>> reason_of(why(["scope", "period"]))
    'scope;period'
    """
    codes = (one.values.get("reason") or one.code.partition(".")[2] for one in found)
    return ";".join(dict.fromkeys(codes))


def grouped(rows: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    """Return rows by what they hold under a name, or under several as a tuple, in the order in which it is met.

    >>> grouped([{"place": "a", "year": 1}, {"place": "a", "year": 2}], "place")["a"][1]["year"]
    2
    """
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(itemgetter(*names)(row), []).append(row)
    return found


def _rows(values: Iterable[Any]) -> Iterator[Row]:
    for value in values:
        if isinstance(value, Finding):
            yield from _rows(value.values.values())
        elif isinstance(value, Mapping):
            yield dict(value)
        elif isinstance(value, (list, tuple)):
            yield from _rows(value)
