"""Say how likely it is that all of a fact is right, and what speaks against it most.

In: what was decided for a fact, and how clearly. Out: a probability, calibrated on reports that the weights had not seen,
and a code of `knowledge/doubts.csv` where it is below 0.9.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from math import log1p, prod

from ecoanalysis.extracting import model
from ecoanalysis.extracting.candidates import Candidate
from ecoanalysis.extracting.discourse import Held
from ecoanalysis.extracting.scopes import WHOLE, WHOLE_OR_UNSAID
from ecoanalysis.extracting.source import Fact
from ecoanalysis.extracting.spans import Period, is_calendar_year
from ecoanalysis.extracting.status import PLANS
from ecoanalysis.extracting.surroundings import DOUBTFUL
from ecoanalysis.knowledge.catalogue import metrics

SURE = 0.9
_INHERITED = frozenset({"last", "history", "several", "before", "label", "sentence"})

# How a part that is named near makes a wider reading doubtful: where it stands, and in what words.
_NEAR = (
    *("own_clause", "sentence", "before", "heading", "said", "phrase", "phrase_with_word", "settlement"),
    *("aside", "account", "kind", "before_count", "wording_before", "in_section"),
    *("noun", "noun_opens", "noun_nearest_clause", "noun_counted", "list_shared_apposed"),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one fact: the reading, its period and population, each with its probability.

    `rivals` tell how parts are named that were not chosen: in the clause, the sentence, before it. `around` is what the
    report and the sentence are like, `reported` says that the fact is not planned.
    """

    reading: Candidate
    reading_share: float
    period: Held
    period_share: float
    scope: Held
    scope_share: float
    status_share: float
    rivals: frozenset[str]
    around: model.Features
    reported: bool


def features(decision: Decision) -> model.Features:
    """Return what tells whether all of a fact is right: how clear each decision was, what spoke for it, and what is around."""
    reading, around = decision.reading, decision.around
    shares = (decision.reading_share, decision.period_share, decision.scope_share, decision.status_share)
    whole = float(decision.scope.values[0] in WHOLE_OR_UNSAID)
    found = {
        "bias": 1.0,
        "reading": model.log_odds(decision.reading_share),
        "period": model.log_odds(decision.period_share),
        "scope": model.log_odds(decision.scope_share),
        "status": model.log_odds(decision.status_share),
        "product": model.log_odds(prod(shares)),
        "weakest": model.log_odds(min(shares)),
        **{f"passed_{origin}": float(origin in decision.rivals) for origin in _NEAR},
        **{f"whole_passed_{origin}": whole * (origin in decision.rivals) for origin in _NEAR},
        f"reading_from_{reading.origin}": 1.0,
        f"period_from_{decision.period.origin}": 1.0,
        f"scope_from_{decision.scope.origin}": 1.0,
        "scope_whole": whole,
        "whole_of_sections": float(
            whole and any("sections" in m.scopes or "tier" in m.scopes for m, _ in reading.pairs)
        ),
        "whole_of_subjects": float(whole and any("subject" in m.scopes for m, _ in reading.pairs)),
        "whole_behind_words": whole * reading.features.get("words_touch_start", 0.0),
        "whole_words_left": whole * around.get("words_left", 0.0),
        "counts": float(any(number.kind == "count" for _, number in reading.pairs)),
        # Some metrics are worded plainly (PM2.5), some as much else is (三会一课, funds won).
        **{f"of_{name}": 1.0 for metric, _ in reading.pairs for name in (metric.domain, metric.id)},
    }
    if whole and reading.stat == "level" and decision.reported and is_calendar_year(decision.period.values[0]):
        # What a chart would rank is the commonest and plainest kind of statement, and has odds of its own.
        apart = ("product", "counts", "reading_from", "period_from", "scope_from", "of_")
        own = {name: value for name, value in found.items() if name.startswith(apart)} | around
        found |= {"yearly_whole": 1.0, **{f"yearly_whole_{name}": value for name, value in own.items()}}
    else:
        found["partial_product"] = found["product"]
    chosen = {"reading": reading.features, "period": decision.period.features, "scope": decision.scope.features}
    for kind, held in chosen.items():
        found |= {f"{kind}_{name}": value for name, value in held.items() if f"{kind}_{name}" not in found}
    return {name: value for name, value in (found | around).items() if value}


def judged(found: list[tuple[Fact, Decision]], weights: dict[str, float]) -> list[tuple[Fact, Decision]]:
    """Return the facts of a report with their confidence, which leans on the report's others too."""
    beside = _Beside([fact for fact, _ in found])
    told: dict[tuple, set[float | None]] = defaultdict(set)
    for fact, decision in found:
        told[id(decision.reading), _subject(fact)].add(fact.value)
    result = []
    for fact, decision in found:
        decision = replace(decision, around=decision.around | beside.features(fact))
        share, doubt = judge(decision, weights)
        if share >= SURE and (kept_back := _kept_back(decision)):
            share, doubt = SURE - 0.01, kept_back
        # Of several values that one list gives the same, no more than one is right.
        values = len(told[id(decision.reading), _subject(fact)])
        if values > 1 and share > 1 / values:
            share, doubt = round(1 / values, 3), doubt or "rival_reading"
        result.append((replace(fact, confidence=share, doubt=doubt), decision))
    return result


def _kept_back(decision: Decision) -> str:
    """Return the doubt that keeps a fact from being sure, however likely it is; an empty string if none does."""
    if decision.reported and any(f"status_{name}" in decision.around for name in PLANS):
        return "status_unsure"  # what is announced as a plan is no sure result
    doubtful = DOUBTFUL.keys() & decision.around.keys()
    if decision.period.origin not in ("title", "assumed"):
        doubtful -= {"during_inspection"}
    return "words_unexplained" if doubtful else ""


class _Beside:
    """What the other facts of a report say of one: of two values for the same, one at least is wrong."""

    def __init__(self, facts: list[Fact]) -> None:
        self.values: dict[tuple, set[float | None]] = defaultdict(set)
        self.scopes: dict[tuple, set[str]] = defaultdict(set)
        self.periods: Counter[Period] = Counter()
        self.wholes = 0
        for fact in facts:
            self.values[_subject(fact)].add(fact.value)
            self.scopes[fact.metric, fact.stat].add(_scope(fact))
            self.periods[fact.period_start, fact.period_end] += 1
            self.wholes += not _scope(fact)
        self.levels: dict[tuple, list[float]] = defaultdict(list)
        for fact in facts:
            if fact.stat == "level" and fact.value:
                self.levels[fact.metric, fact.period_start, fact.period_end, _scope(fact)].append(fact.value)
        self.count = len(facts)

    def features(self, fact: Fact) -> model.Features:
        """Return what tells of a fact how it stands to the others."""
        period = fact.period_start, fact.period_end
        found = {
            "alone": float(self.count == 1),
            "many_facts": log1p(min(self.count, 40)),
            "period_shared": self.periods[period] / self.count,
            "whole_shared": 0.0 if _scope(fact) else self.wholes / self.count,
            "other_populations": min(len(self.scopes[fact.metric, fact.stat]) - 1, 3),
        }
        if fits := self._days_fit(fact):
            found[f"days_{fits}"] = 1.0
        if len(self.values[_subject(fact)]) > 1:
            found |= {"contradicted": 1.0, f"contradicted_{fact.stat}": 1.0}
        if not _scope(fact) and fact.stat == "level" and is_calendar_year(period):
            found |= {f"yearly_whole_{name}": value for name, value in found.items()}
        return {name: value for name, value in found.items() if value}

    def _days_fit(self, fact: Fact) -> str:
        """Tell whether days and their share, told of the same, make up the days of their period: 338 days, 92.3 %, of a year."""
        other = metrics()[fact.metric].counterpart
        units = {fact.unit, metrics()[other].unit} if other else set()
        if fact.stat != "level" or units != {"day", "%"} or not (fact.value and fact.period_start and fact.period_end):
            return ""
        within = (fact.period_end - fact.period_start).days + 1
        pairs = [(fact.value, value) for value in self.levels[other, fact.period_start, fact.period_end, _scope(fact)]]
        wholes = [100 * (a / b if fact.unit == "day" else b / a) for a, b in pairs]
        return (
            "" if not wholes else "fit" if any(0.92 * within < whole < 1.01 * within for whole in wholes) else "misfit"
        )


def _scope(fact: Fact) -> str:
    return "" if fact.scope in WHOLE else fact.scope


def _subject(fact: Fact) -> tuple:
    period = fact.period_start, fact.period_end
    return fact.metric, fact.stat, fact.unit, fact.bound, period, _scope(fact), fact.basis, fact.status


def judge(decision: Decision, weights: dict[str, float]) -> tuple[float, str]:
    """Return the confidence in a fact, and the main doubt where it is not sure."""
    share = model.logistic(model.score(weights, features(decision)))
    return round(share, 3), "" if share >= SURE else _doubt(decision)


def _doubt(decision: Decision) -> str:
    parts = {
        "reading": decision.reading_share,
        "period": decision.period_share,
        "scope": decision.scope_share,
        "status": decision.status_share,
    }
    weakest = min(parts, key=lambda name: parts[name])
    near = {"period": decision.period.origin, "scope": decision.scope.origin}.get(weakest) in ("own_clause", "list")
    if decision.reading.features.get("out_of_range"):
        return "value_out_of_range"
    if weakest == "reading":
        if decision.reading.origin in _INHERITED:
            return "metric_inherited"
        return "words_unexplained" if decision.reading.features.get("words_between", 0) > 1 else "rival_reading"
    if near:  # its own clause says it, and yet something else may be meant
        return "rival_reading" if parts[weakest] < SURE else "other"
    if weakest == "period":
        return "period_assumed" if decision.period.origin in ("assumed", "title") else "period_distant"
    if weakest == "scope":
        return "scope_assumed" if decision.scope.origin == "assumed" else "scope_distant"
    return "status_unsure"
