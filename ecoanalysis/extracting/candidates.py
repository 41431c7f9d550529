"""One reading of a run of numbers, and what all readings share.

In: a run where it stands. Out: `Candidate`, with its features; `Scene` and `Memory`, in which it is read; which statistics a number
can be of a metric, and what value it then has.
"""

import re
from dataclasses import dataclass, field

from ecoanalysis.extracting import placings, roles
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.source import Plain, Source, Subject, converted, converts
from ecoanalysis.knowledge.catalogue import Metric

Spans = list[tuple[int, int]]
Pairs = tuple[tuple[Metric, Quantity], ...]
Key = tuple[str, str, str, float | None]
EACH = re.compile(r"均(?!值)|都|皆|各为|分别|依次|双双|双|[两三四二2-4]项|[两三]者")
_IN_POINTS = ("ug/m3", "mg/m3", "1")  # of which bureaus also say 下降8.6个百分点, though they mean per cent
PART = re.compile(r"\s*(?:其中|包括|包含|含)")


@dataclass(slots=True)
class Candidate:
    """One reading of a run: a metric for each of its numbers (or several for one), a statistic, and its features."""

    stat: str
    pairs: Pairs
    origin: str
    features: Features
    matches: tuple[Match, ...] = ()
    subjects: tuple[Subject, ...] = ()
    change: roles.Change | None = None

    @property
    def key(self) -> tuple:
        return self.stat, tuple((metric.id, number.start) for metric, number in self.pairs)


@dataclass(slots=True)
class Memory:
    """What was read before in the paragraph: the subjects of the last run, all levels of the sentence, those before it."""

    last: list[Subject] = field(default_factory=list)
    history: list[Subject] = field(default_factory=list)
    before: list[Subject] = field(default_factory=list)
    latest: list[Subject] = field(default_factory=list)
    told: list[Subject] = field(
        default_factory=list
    )  # the greatest counts of an earlier sentence, of whatever paragraph
    label: tuple[int, int] | None = None
    unread: list[Run] = field(
        default_factory=list
    )  # runs of the sentence that are no fact, though words stand before them


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a run is read: the spans of its sentence, in which a topic may have been said before it, and its marks."""

    source: Source
    start: int
    end: int
    reach: Spans
    plain: Plain
    memory: Memory


@dataclass(frozen=True, slots=True)
class Role:
    """What the words beside a number say of its part: a movement before it, and flags such as `limit`."""

    change: roles.Change | None
    flags: frozenset[str]
    left: str
    right: str


def stats(metric: Metric, number: Quantity, change: roles.Change | None) -> list[str]:
    """Return the statistics that a number can be of a metric."""
    if number.kind == "rank":
        lowest = number.number.endswith(("最低", *placings.RISING))
        highest = number.number.endswith(("最高", *placings.FALLING))
        wrong = (lowest and metric.better != "lower") or (highest and metric.better == "lower")
        return ["rank"] if "rank" in metric.stats and not wrong else []
    if number.streak:
        return ["streak"] if "streak" in metric.stats else []
    if number.kind == "steady":
        return ["change"] if "change" in metric.stats else []
    found = ["level"] if "level" in metric.stats and converts(number, metric) else []
    points = metric.unit == "%" or metric.unit in _IN_POINTS
    moved = number.unit == "%" or (points if number.unit == "pp" else converts(number, metric))
    if change is not None and "change" in metric.stats and moved:
        found.append("change")
    return found


def stats_of(match: Match, number: Quantity, change: roles.Change | None) -> list[str]:
    """Return the statistics that a number can be of what a cue names; of a movement's cue only a share by which it moved."""
    found = stats(match.metric, number, change)
    return found if not match.cue.moves else ["change"] if "change" in found and number.unit in ("%", "pp") else []


def stat_features(run: Run, role: Role, stat: str, metric: Metric) -> Features:
    number = run.numbers[0]
    features: Features = {f"is_{stat}": 1.0}
    if role.change is not None and number.kind != "steady" and not {"headed", "headed_amount"} & role.flags:
        features[f"{stat}_behind_verb"] = 1.0
    if number.unit == "pp":
        features[f"{stat}_in_points"] = 1.0
        features["points_of_no_share"] = float(metric.unit != "%")
    for flag in role.flags:
        features[f"{stat}_{flag}"] = 1.0
    if stat == "level":
        if not in_range(metric, number):
            features["out_of_range"] = 1.0
        if number.unit_text and number.unit_text in metric.counted:
            features["unit_as_counted"] = 1.0
    return features


def in_range(metric: Metric, number: Quantity) -> bool:
    """Tell whether a number, where it is known, lies in a metric's range."""
    value = converted(number.value, number, metric)
    return value is None or metric.low <= value <= metric.high


def key_of(one: Candidate, metric: Metric, number: Quantity) -> Key:
    """Return what a reading makes of a number: metric, statistic, unit and value."""
    value, unit = value_of(metric, one.stat, number, one.change)
    return metric.id, one.stat, unit, value


def value_of(metric: Metric, stat: str, number: Quantity, change: roles.Change | None) -> tuple[float | None, str]:
    """Return a fact's value and unit; a change is signed by the way the number itself moved."""
    if stat in ("rank", "streak"):
        return number.value, "rank" if stat == "rank" else "year"
    if number.kind == "steady":
        return 0.0, "pp" if metric.unit == "%" else "%"
    if stat != "change" or change is None:
        return converted(number.value, number, metric), metric.unit
    sign = change.sign or change.better * (-1 if metric.better == "lower" else 1)
    relative = number.unit in ("%", "pp")
    value = number.value if relative else converted(number.value, number, metric)
    printed = value is not None and (value < 0 or number.number.startswith("+"))
    signed = None if value is None else (value if printed else sign * value) + 0.0
    return signed, number.unit if relative else metric.unit
