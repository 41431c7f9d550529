"""Say how likely it is that all of a fact is right, and what speaks against it most.

In: what was decided for a fact, and how clearly. Out: a probability, calibrated on reports that the weights had not seen,
and a code of `knowledge/doubts.csv` where it is below 0.9.
"""

from dataclasses import dataclass
from datetime import date
from math import prod

from ecoanalysis.extracting import model
from ecoanalysis.extracting.candidates import Candidate
from ecoanalysis.extracting.discourse import Held
from ecoanalysis.extracting.periods import Period
from ecoanalysis.extracting.scopes import WHOLE

SURE = 0.9
_INHERITED = frozenset({"last", "history", "several", "before", "label", "sentence"})
# How a part that is named near makes a wider reading doubtful: where it stands, and in what words.
_NEAR = (
    *("own_clause", "sentence", "before", "heading", "said", "phrase", "phrase_with_word", "settlement"),
    *("aside", "account", "kind", "before_count", "wording_before"),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one fact: the reading, its period and population, each with its probability."""

    reading: Candidate
    reading_share: float
    period: Held
    period_share: float
    scope: Held
    scope_share: float
    status_share: float
    words_left: float  # log of one more than the characters beside the number that nothing explains
    rivals: frozenset[str]  # how parts are named that were not chosen: in the clause, the sentence, before it
    reported: bool  # and not planned
    year_sure: float  # how sure it is of which year the report is


def features(decision: Decision) -> model.Features:
    """Return what tells whether all of a fact is right."""
    reading = decision.reading
    shares = (decision.reading_share, decision.period_share, decision.scope_share, decision.status_share)
    whole = float(decision.scope.values[0] in ("", *WHOLE))
    found = {
        "bias": 1.0,
        "reading": model.log_odds(decision.reading_share),
        "period": model.log_odds(decision.period_share),
        "scope": model.log_odds(decision.scope_share),
        "status": model.log_odds(decision.status_share),
        "product": model.log_odds(prod(shares)),
        "weakest": model.log_odds(min(shares)),
        "words_left": decision.words_left,
        "words_touch": reading.features.get("words_touch_start", 0.0),
        **{f"passed_{origin}": float(origin in decision.rivals) for origin in _NEAR},
        **{f"whole_passed_{origin}": whole * (origin in decision.rivals) for origin in _NEAR},
        f"reading_from_{reading.origin}": 1.0,
        f"period_from_{decision.period.origin}": 1.0,
        f"scope_from_{decision.scope.origin}": 1.0,
        f"is_{reading.stat}": 1.0,
        "scope_whole": whole,
        "whole_of_sections": float(
            whole and any("sections" in m.scopes or "tier" in m.scopes for m, _ in reading.pairs)
        ),
        "whole_of_subjects": float(whole and any("subject" in m.scopes for m, _ in reading.pairs)),
        "whole_behind_words": whole * reading.features.get("words_touch_start", 0.0),
        "whole_words_left": whole * decision.words_left,
        "counts": float(any(number.kind == "count" for _, number in reading.pairs)),
        "out_of_range": reading.features.get("out_of_range", 0.0),
        "year_sure": decision.year_sure,
    }
    if whole and reading.stat == "level" and decision.reported and _calendar_year(decision.period.values[0]):
        # What a chart would rank is the commonest and plainest kind of statement, and has odds of its own.
        origins = [name for name in found if name.startswith(("reading_from", "period_from", "scope_from"))]
        own = ("product", "counts", "words_left", "words_touch", *origins)
        found |= {"yearly_whole": 1.0, **{f"yearly_whole_{name}": found[name] for name in own}}
    else:
        found["partial_product"] = found["product"]
    return {name: value for name, value in found.items() if value}


def _calendar_year(period: Period) -> bool:
    start, end = period
    return bool(start and end) and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31))  # type: ignore[union-attr]


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
    if decision.reading.features.get("out_of_range"):
        return "value_out_of_range"
    if weakest == "reading":
        if decision.reading.origin in _INHERITED:
            return "metric_inherited"
        return "words_unexplained" if decision.reading.features.get("words_between", 0) > 1 else "rival_reading"
    if weakest == "period":
        return "period_assumed" if decision.period.origin in ("assumed", "title") else "period_distant"
    if weakest == "scope":
        return "scope_assumed" if decision.scope.origin == "assumed" else "scope_distant"
    return "status_unsure"
