"""Score extracted facts against facts that a person read.

In: two DataFrames with the columns of the table `facts` (the person's may have `optional` too). Out: a `Score`: what was
found, missed and invented, and how often each attribute of the found is right.
"""

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

ATTRIBUTES = ("bound", "period", "scope", "basis", "status")
WHOLE = frozenset({"", "全市", "全区", "全县", "全省", "全州", "我市", "全系统", "全市域"})
Row = dict[str, str]


@dataclass(frozen=True)
class Score:
    """Facts as keys (report, metric, stat, unit, value); `wrong` lists the attributes that differ, with both readings."""

    found: list[tuple]
    missed: list[tuple]
    invented: list[tuple]
    wrong: dict[str, list[tuple]]
    strict: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * len(self.found) / (2 * len(self.found) + len(self.missed) + len(self.invented) or 1)

    @property
    def strict_f1(self) -> float:
        """The same, counting a fact only if all its attributes are right."""
        return 2 * self.strict / (2 * len(self.found) + len(self.missed) + len(self.invented) or 1)

    def accuracy(self, attribute: str) -> float:
        """Return the share of the found facts whose attribute is right."""
        return 1 - len(self.wrong[attribute]) / (len(self.found) or 1)


def score(facts: pd.DataFrame, gold: pd.DataFrame) -> Score:
    """Pair facts one to one with those of `gold`, those with most attributes in common first.

    Facts agree where report, metric, stat, unit and value do. Exact repetitions count once. A row of `gold` marked optional
    counts neither way; a fact that only repeats another with the attributes of a row of `gold` is not invented.

    >>> row = {"report": "a", "metric": "air.pm25", "stat": "level", "unit": "ug/m3", "value": 22.0, "bound": "="}
    >>> score(pd.DataFrame([row]), pd.DataFrame([row, row | {"value": 18.1}])).missed
    [('a', 'air.pm25', 'level', 'ug/m3', '18.1')]
    """
    golds, saids = _rows(gold), _rows(facts)
    found, missed, invented, strict = [], [], [], 0
    wrong: dict[str, list[tuple]] = {attribute: [] for attribute in ATTRIBUTES}
    for key in sorted({*golds, *saids}):
        wanted, said = list(golds.get(key, [])), list(saids.get(key, []))
        for meant, got in _paired(wanted, said):
            if meant["optional"]:
                continue
            found.append(key)
            differing = [attribute for attribute in ATTRIBUTES if not _agrees(attribute, got[attribute], meant)]
            strict += not differing
            for attribute in differing:
                wrong[attribute].append((key, meant[attribute], got[attribute]))
        missed += [key for row in wanted if not row["optional"]]
        invented += [key for row in said if not any(_same(row, other) for other in golds.get(key, []))]
    return Score(found, missed, invented, wrong, strict)


def _rows(frame: pd.DataFrame) -> dict[tuple, list[Row]]:
    """Return the distinct rows of a table by their key, all as text."""
    columns = ("report", "metric", "stat", "unit", "bound", "scope", "basis", "status", "optional", "quote")
    found: dict[tuple, dict[tuple, Row]] = defaultdict(dict)
    for record in frame.to_dict("records"):
        row = {name: str(record[name]) if name in record and not pd.isna(record[name]) else "" for name in columns}
        row["period"] = "/".join(_day(record.get(name)) for name in ("period_start", "period_end"))
        value = pd.to_numeric(record.get("value"), errors="coerce")
        key = row["report"], row["metric"], row["stat"], row["unit"], "withheld" if pd.isna(value) else f"{value:.9g}"
        found[key].setdefault(tuple(row[attribute] for attribute in ATTRIBUTES), row)
    return {key: list(rows.values()) for key, rows in found.items()}


def _day(value: object) -> str:
    day = pd.to_datetime(value, errors="coerce")  # type: ignore[call-overload]
    return "" if pd.isna(day) else day.date().isoformat()


def _paired(wanted: list[Row], said: list[Row]) -> list[tuple[Row, Row]]:
    """Take pairs out of both lists, the best first; a row that is not optional goes before one that is."""
    pairs = []
    while wanted and said:
        best = max(((_common(meant, got), -i, -j) for i, meant in enumerate(wanted) for j, got in enumerate(said)))
        pairs.append((wanted.pop(-best[1]), said.pop(-best[2])))
    return pairs


def _common(meant: Row, got: Row) -> float:
    return sum(_agrees(attribute, got[attribute], meant) for attribute in ATTRIBUTES) + (not meant["optional"]) / 10


def _same(row: Row, gold: Row) -> bool:
    return all(_agrees(attribute, row[attribute], gold) for attribute in ATTRIBUTES)


def _agrees(attribute: str, said: str, gold: Row) -> bool:
    meant = gold[attribute]
    if attribute == "scope":
        if meant in WHOLE:
            return said in WHOLE or (said in gold["quote"] if gold["quote"] else not meant)
        return said == meant or (said != "" and (meant in said or said in meant) and abs(len(said) - len(meant)) <= 6)
    if attribute == "basis":
        return meant in ("", said) or (said != "" and (meant in said or said in meant))
    return said == meant
