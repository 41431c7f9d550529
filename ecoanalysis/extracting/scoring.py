"""Score extracted facts against facts that a person read.

In: two DataFrames with the columns of the table `facts` (the person's may have `optional` too). Out: a `Score`: what was
found, missed and invented, and how often each attribute of the found is right, in all, by report and by domain.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ecoanalysis.extracting.scopes import WHOLE_OR_UNSAID

ATTRIBUTES = ("bound", "period", "scope", "basis", "status")
WHOLE = WHOLE_OR_UNSAID | {"全系统", "全市域"}
Row = dict[str, str]


class Reading(NamedTuple):
    """What was read, all as text; `quote` is empty where the table has none."""

    report: str
    metric: str
    stat: str
    unit: str
    value: str
    quote: str

    @property
    def domain(self) -> str:
        """The domain of the metric, such as air."""
        return self.metric.split(".")[0]


@dataclass(frozen=True)
class Score:
    """The readings that agree, those of which `right` in every attribute, and those missed and invented.

    `judged` lists by attribute the found readings that the person states it of, `wrong` those that differ, with both values.
    """

    found: list[Reading]
    right: list[Reading]
    missed: list[Reading]
    invented: list[Reading]
    judged: dict[str, list[Reading]]
    wrong: dict[str, list[tuple[Reading, str, str]]]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * len(self.found) / (2 * len(self.found) + len(self.missed) + len(self.invented) or 1)

    @property
    def strict_f1(self) -> float:
        """The same, counting a fact only if all its attributes are right."""
        return 2 * len(self.right) / (2 * len(self.found) + len(self.missed) + len(self.invented) or 1)

    def accuracy(self, attribute: str) -> float:
        """Return the share of the judged facts whose attribute is right; 1 where there is none."""
        return 1 - len(self.wrong[attribute]) / (len(self.judged[attribute]) or 1)

    def of(self, kind: str, name: str) -> "Score":
        """Return the score of one `report` or one `domain`, as `kind` says."""

        def belongs(one: Reading) -> bool:
            return getattr(one, kind) == name

        def part(readings: list[Reading]) -> list[Reading]:
            return [one for one in readings if belongs(one)]

        judged = {name: part(readings) for name, readings in self.judged.items()}
        wrong = {name: [one for one in differing if belongs(one[0])] for name, differing in self.wrong.items()}
        return Score(part(self.found), part(self.right), part(self.missed), part(self.invented), judged, wrong)

    def table(self) -> pd.DataFrame:
        """Return a row for each report, then for each domain, then for all: how many were found, and how well."""
        every = [*self.found, *self.missed, *self.invented]
        rows = [self.of("report", name)._line(name) for name in sorted({one.report for one in every})]
        rows += [self.of("domain", name)._line(name) for name in sorted({one.domain for one in every})]
        return pd.DataFrame([*rows, self._line("all")])

    def _line(self, name: str) -> dict[str, object]:
        found, missed, invented = len(self.found), len(self.missed), len(self.invented)
        line: dict[str, object] = {"part": name, "found": found, "missed": missed, "invented": invented}
        line |= {"precision": found / (found + invented or 1), "recall": found / (found + missed or 1)}
        return line | {"f1": self.f1, "strict_f1": self.strict_f1}

    def errors(self) -> pd.DataFrame:
        """Return a row for each reading missed or invented, and for each attribute that differs, in the order of the reports."""
        rows = [{"error": "missed", **one._asdict(), "meant": "", "read": ""} for one in self.missed]
        rows += [{"error": "invented", **one._asdict(), "meant": "", "read": ""} for one in self.invented]
        for name, differing in self.wrong.items():
            rows += [{"error": name, **one._asdict(), "meant": meant, "read": read} for one, meant, read in differing]
        columns = ["error", *Reading._fields, "meant", "read"]
        return pd.DataFrame(rows, columns=columns).sort_values("report", kind="stable", ignore_index=True)


def score(facts: pd.DataFrame, gold: pd.DataFrame) -> Score:
    """Pair facts one to one with those of `gold`, those with most attributes in common first.

    Facts agree where report, metric, stat, unit and value do. Exact repetitions count once. A row of `gold` marked optional
    counts neither way; a fact that only repeats another with the attributes of a row of `gold` is not invented.

    >>> row = {"report": "a", "metric": "air.pm25", "stat": "level", "unit": "ug/m3", "value": 22.0, "bound": "="}
    >>> [one.value for one in score(pd.DataFrame([row]), pd.DataFrame([row, row | {"value": 18.1}])).missed]
    ['18.1']
    """
    golds, saids = rows_by_key(gold), rows_by_key(facts)
    result = Score([], [], [], [], {name: [] for name in ATTRIBUTES}, {name: [] for name in ATTRIBUTES})
    for key in sorted({*golds, *saids}):
        wanted, said = list(golds.get(key, [])), list(saids.get(key, []))
        for meant, got in _paired(wanted, said):
            if meant["optional"]:
                continue
            _judge(result, _reading(meant, meant["quote"] or got["quote"]), meant, got)
        result.missed.extend(_reading(row, row["quote"]) for row in wanted if not row["optional"])
        extra = [row for row in said if not any(same(row, other) for other in golds.get(key, []))]
        result.invented.extend(_reading(row, row["quote"]) for row in extra)
    return result


def _reading(row: Row, quote: str) -> Reading:
    return Reading(row["report"], row["metric"], row["stat"], row["unit"], row["value"], quote)


def _judge(result: Score, one: Reading, meant: Row, got: Row) -> None:
    """Add a reading that was found to the result."""
    result.found.append(one)
    differing = [attribute for attribute in ATTRIBUTES if not agrees(attribute, got[attribute], meant)]
    if not differing:
        result.right.append(one)
    for attribute in ATTRIBUTES:
        # Most facts have no basis, and none can be wrong there: they would but flatter the share.
        if attribute != "basis" or meant["basis"]:
            result.judged[attribute].append(one)
        if attribute in differing:
            result.wrong[attribute].append((one, meant[attribute], got[attribute]))


def rows_by_key(frame: pd.DataFrame) -> dict[tuple, list[Row]]:
    """Return the distinct rows of a table by their key, all as text."""
    found: dict[tuple, dict[tuple, Row]] = defaultdict(dict)
    for key, row in keyed(frame):
        found[key].setdefault(tuple(row[attribute] for attribute in ATTRIBUTES), row)
    return {key: list(rows.values()) for key, rows in found.items()}


def keyed(frame: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Yield each row of a table as text, with its key: report, metric, stat, unit and value."""
    columns = ("report", "metric", "stat", "unit", "bound", "scope", "basis", "status", "optional", "quote")
    for record in frame.to_dict("records"):
        row = {name: str(record[name]) if name in record and not pd.isna(record[name]) else "" for name in columns}
        row["period"] = "/".join(_day(record.get(name)) for name in ("period_start", "period_end"))
        value = pd.to_numeric(record.get("value"), errors="coerce")
        row["value"] = "withheld" if pd.isna(value) else f"{value:.9g}"
        yield tuple(row[name] for name in ("report", "metric", "stat", "unit", "value")), row


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
    return sum(agrees(attribute, got[attribute], meant) for attribute in ATTRIBUTES) + (not meant["optional"]) / 10


def same(row: Row, gold: Row) -> bool:
    """Tell whether every attribute as read is the one that a person states."""
    return all(agrees(attribute, row[attribute], gold) for attribute in ATTRIBUTES)


def agrees(attribute: str, said: str, gold: Row, strict: bool = False) -> bool:
    """Tell whether an attribute as read is the one that a person states; `strict` asks for the whole where none is stated."""
    meant = gold[attribute]
    if attribute == "scope":
        if meant in WHOLE:
            return said in WHOLE or (not strict and (said in gold["quote"] if gold["quote"] else not meant))
        return said == meant or (said != "" and (meant in said or said in meant) and abs(len(said) - len(meant)) <= 6)
    if attribute == "basis":
        return meant in ("", said) or (said != "" and (meant in said or said in meant))
    return said == meant
