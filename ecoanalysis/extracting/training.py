"""Learn the weights of the reading from reports that people labelled.

In: reports and a table of facts that people read in them. Out: `Weights`, and the facts that are read of each place by
weights that had not seen it, with the confidence promised. What a person left optional may be read or left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

import pandas as pd

from ecoanalysis.extracting import confidence, facts, fitting, model
from ecoanalysis.extracting.candidates import Key, key_of
from ecoanalysis.extracting.confidence import Decision
from ecoanalysis.extracting.fitting import Question
from ecoanalysis.extracting.scoring import ATTRIBUTES, agrees, rows_by_key
from ecoanalysis.extracting.source import Fact, Source, whole_names
from ecoanalysis.reading.report import Report

RIDGE = 0.3  # for weights learned from nothing
HOLD = 10.0  # for those that start at the shipped ones: less, and twenty reports made the reading of others worse
SOBER = 12.0  # for confidence: the facts of a report err together, so that they teach less than their number says
ROUNDS = 2
FOLDS = 5
Rows = dict[tuple, list[dict[str, str]]]


@dataclass(slots=True)
class Lesson:
    """A labelled report: where it is of (so that places are left out whole), its source and what people read in it.

    `maker` names the set that it was written and labelled in, where there are several: texts of other makers are read less well,
    and so is told how well by sets left out whole.
    """

    report: Report
    group: str
    rows: Rows
    judged: frozenset[str]
    whole: bool = (
        True  # a text as published, not a sentence made to be hard: only these tell how often a reading is right
    )
    maker: str = ""
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        self.source = Source(self.report)

    def has(self, fact: Fact) -> bool | None:
        """Tell whether a person read a fact with all its attributes; None where they left it optional, as a part of what is counted."""
        wanted = self.rows.get(_gold_key((fact.metric, fact.stat, fact.unit, fact.value)), [])
        period = _dates((fact.period_start, fact.period_end))
        said = {"bound": fact.bound, "period": period, "scope": fact.scope, "basis": fact.basis, "status": fact.status}
        same = [row for row in wanted if all(agrees(name, said[name], row) for name in ATTRIBUTES)]
        return None if same and all(row["optional"] for row in same) else bool(same)


def lessons(
    reports: Iterable[tuple[Report, str]],
    gold: pd.DataFrame,
    judged: Iterable[str],
    whole: bool = True,
    maker: str = "",
) -> list[Lesson]:
    """Join reports, each with the place it is of, with what people read in them; other metrics than `judged` are unknown."""
    by_report: dict[str, Rows] = defaultdict(dict)
    for key, rows in rows_by_key(gold).items():
        by_report[key[0]][key[1:]] = rows
    known = frozenset(judged)
    return [Lesson(report, group, by_report[report.report], known, whole, maker) for report, group in reports]


class _Teacher:
    """Notes every question, and chooses the right readings where there are any.

    With `alone`, periods and populations are those that the reader would choose: what goes on from them meets its mistakes, as
    it will in use (Ross, Gordon and Bagnell 2011).
    """

    def __init__(self, lesson: Lesson, alone: bool) -> None:
        self.lesson, self.alone = lesson, alone
        self.wholes = whole_names(lesson.report)
        self.questions: list[Question] = []

    def __call__(self, kind: str, candidates: list, scores: list[float], key: Key | None) -> int:
        right = self._right(kind, candidates, key)
        if any(right) and not all(right):
            features = [one.features for one in candidates]
            self.questions.append(Question(kind, features, right, self.lesson.group, self.lesson.maker))
        taught = kind == "reading" or not self.alone
        allowed = [at for at, good in enumerate(right) if good and taught] or range(len(candidates))
        return max(allowed, key=scores.__getitem__)

    def _right(self, kind: str, candidates: list, key: Key | None) -> list[bool]:
        if kind == "reading":
            return self._readings(candidates)
        assert key is not None
        wanted = self.lesson.rows.get(_gold_key(key), [])
        if kind == "scope":  # of whom a part is, whose kind is said, its label does not tell
            wanted = [row for row in wanted if not row["optional"]]
        right = [all(self._holds(kind, value, wanted) for value in held.values) for held in candidates]
        # Of places that share a value one alone is but a part of what is right.
        most = max((len(held.values) for held, good in zip(candidates, right, strict=True) if good), default=0)
        return [good and len(held.values) == most for held, good in zip(candidates, right, strict=True)]

    def _readings(self, candidates: list) -> list[bool]:
        shares, optional, unknown = [], False, False
        for one in candidates:
            keys = [key_of(one, metric, number) for metric, number in one.pairs]
            rows = [self.lesson.rows.get(_gold_key(key), []) for key in keys]
            optional |= bool(rows) and all(found and all(row["optional"] for row in found) for found in rows)
            unknown |= any(key[0] not in self.lesson.judged for key in keys)
            shares.append(bool(rows) and all(rows))
        # The fullest reading is the right one: of two metrics that share a value, one alone is half of it. What stands
        # beyond another number may have a like value of its own.
        near = [good and not one.features.get("numbers_between") for one, good in zip(candidates, shares, strict=True)]
        shares = near if any(near) else shares
        fullest = max((len(one.pairs) for one, good in zip(candidates, shares, strict=True) if good), default=0)
        shares = [good and len(one.pairs) == fullest for one, good in zip(candidates, shares, strict=True)]
        if not any(shares) or optional:
            for at, one in enumerate(candidates):
                strange = (
                    unknown and not any(shares) and any(metric.id not in self.lesson.judged for metric, _ in one.pairs)
                )
                shares[at] = shares[at] or one.stat == "none" or strange
        return shares

    def _holds(self, kind: str, value: object, wanted: list[dict[str, str]]) -> bool:
        text = _dates(value) if isinstance(value, tuple) else str(value)
        if kind == "scope":  # the place's own name is the whole
            text = "" if text in self.wholes else text
            wanted = [row | {"scope": "" if row["scope"] in self.wholes else row["scope"]} for row in wanted]
        return any(agrees(kind, text, {**row, "quote": ""}, strict=True) for row in wanted)


def _dates(period: tuple) -> str:
    return "/".join(day.isoformat() if day else "" for day in period)


def _gold_key(key: Key) -> tuple:
    metric, stat, unit, value = key
    return metric, stat, unit, "withheld" if value is None else f"{value:.9g}"


@dataclass(slots=True)
class Learned:
    """Weights, and the facts that the whole texts of each place give by weights that had not seen the place.

    `facts` has the columns of the table `facts` that `scoring` judges, and `confidence`.
    """

    weights: model.Weights
    facts: pd.DataFrame


@dataclass(slots=True)
class _Seen:
    """A fact of a place left out: in which fold, how it was decided, and whether it is right; None if nobody judged it."""

    fold: int
    report: str
    fact: Fact
    decision: Decision
    right: bool | None


def place_of(report: Report) -> str:
    """Return where a report is of, or its name: reports of one place say much in the same words."""
    return f"{report.city}{report.district}" or report.province or report.report


def learn(taught: list[Lesson], start: model.Weights, ridge: float = HOLD) -> Learned:
    """Return weights learned from labelled reports that keep near `start`, as `ridge` says, and what cross-validation read.

    Each round asks anew, and the answers of all rounds count: those given with the right periods and populations before, and
    those given with the reader's own.
    """
    weights = start
    asked: list[Question] = []
    for nth in range(ROUNDS):
        asked += _questions(taught, weights, alone=nth > 0)
        weights = weights | _fitted(asked, start, ridge)
    seen = _crossed(taught, asked, start, ridge)
    sure = fitting.fit(_doubts(seen), start["confidence"], SOBER)
    for fold in range(FOLDS):
        others = fitting.fit(_doubts([one for one in seen if one.fold != fold]), start["confidence"], SOBER)
        for one in (one for one in seen if one.fold == fold):
            share, doubt = confidence.judge(one.decision, others)
            one.fact = replace(one.fact, confidence=share, doubt=doubt)
    return Learned(weights | {"confidence": sure}, table((one.report, one.fact) for one in seen))


def table(found: Iterable[tuple[str, Fact]]) -> pd.DataFrame:
    """Return facts, each with its report, as a table that can be scored."""
    columns = ["report", *Fact.__dataclass_fields__]
    return pd.DataFrame([{"report": report, **asdict(fact)} for report, fact in found], columns=columns)


def _questions(taught: list[Lesson], weights: model.Weights, alone: bool) -> list[Question]:
    asked: list[Question] = []
    for lesson in taught:
        teacher = _Teacher(lesson, alone)
        facts.decided(lesson.source, weights, teacher)
        asked += teacher.questions
    return asked


def _fitted(asked: list[Question], start: model.Weights, ridge: float) -> model.Weights:
    kinds = [kind for kind in model.DECISIONS if kind != "confidence"]
    return {kind: fitting.fit([one for one in asked if one.kind == kind], start[kind], ridge) for kind in kinds}


def _crossed(taught: list[Lesson], asked: list[Question], start: model.Weights, ridge: float) -> list[_Seen]:
    """Read the whole texts of each fold's makers (or places) by weights that answer the questions of other makers and places."""
    makers = sorted({lesson.maker for lesson in taught if lesson.maker})
    keys = [*makers, *sorted({lesson.group for lesson in taught if not lesson.maker})]
    fold_of = {key: at % FOLDS for at, key in enumerate(keys)}
    seen = []
    for fold in range(FOLDS):
        held = [one for one in taught if one.whole and fold_of[one.maker or one.group] == fold]
        places = {lesson.group for lesson in held}
        others = [one for one in asked if fold_of[one.maker or one.group] != fold and one.group not in places]
        weights = start | _fitted(others, start, ridge)
        for lesson in held:
            for fact, decision in facts.decided(lesson.source, weights, facts.likeliest):
                right = lesson.has(fact) if fact.metric in lesson.judged else None
                seen.append(_Seen(fold, lesson.report.report, fact, decision, right))
    return seen


def _doubts(seen: list[_Seen]) -> list[Question]:
    """Return for each judged fact the question whether it is right: against nothing, which weighs 0."""
    judged = [(confidence.features(one.decision), one.right) for one in seen if one.right is not None]
    return [Question("confidence", [{}, features], [not right, right]) for features, right in judged]
