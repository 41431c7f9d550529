"""The scorecard: cities by several indicators at once, and how little such a score knows.

In: facts. Out: one row per place with its score and rank under entropy weights and under equal ones, the range of its rank
when indicators are left out, and why it has none. Only comparable values enter; no value is guessed: cities and indicators
without a gap are chosen instead (`complete.choose`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.complete import FEWEST_CITIES, Choice, choose
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.scorecard_words import left_out_of_card, missing_values, of_full_year, refusal
from ecoanalysis.comparing.topsis import entropy_weights, rank_range, ranks, topsis
from ecoanalysis.comparing.words import shared_terms
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.tables.sure import SURE

COLUMNS = [
    *("city", "place", "place_kind", "score_entropy", "rank_entropy", "score_equal", "rank_equal", "rank_best"),
    *("rank_worst", "known", "known_share", "why_not", "why_not_en", "publisher", "sample", "report", "sure", "year"),
]
_NEAR_SHARE, _NEAR_SPREAD = 0.75, 0.01  # of the cities at one value; of the mean between lowest and highest


def scorecard(
    facts: pd.DataFrame,
    year: int,
    reports: pd.DataFrame | None = None,
    metrics: Sequence[str] | None = None,
    most_missing: float = 0.3,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return one row per place: scores from 0 to 1 by TOPSIS and ranks, NaN where `why_not` says why there are none.

    `metrics` are the indicators to consider, by default those of knowledge/scorecard.csv; one without a good direction
    raises `RequestError`. Indicators and cities are chosen so that none has a gap; a set of indicators of whose cells more
    than `most_missing` are empty is refused, and so is an indicator that most cities give for a part of the year. `known` counts the comparable values of a place, `known_share` is their
    share of all indicators considered. Places stand by their equal-weight rank. No value enters that was read with a confidence below `sure`.

    `attrs` hold records: "weights" (one per indicator considered: weight, direction, saturation, the scope and period of
    its comparable values as `terms` and `terms_en`, why it was left out),
    "values" (the rows of the panels that entered) and "card" (counts, shares, and why there is no card).
    """
    names = indicators(metrics)
    if not 0 <= most_missing < 1:
        raise RequestError(f"most_missing={most_missing} is no share: give one from 0 to less than 1, such as 0.3")
    panels = {metric: panel(facts, metric, year, reports, sure=sure) for metric in names}
    everyone = _places(panels)
    values = _values(panels, everyone.index)
    heard = [metric for metric in names if values[metric].count() >= FEWEST_CITIES]
    heard = [metric for metric in heard if of_full_year(panels[metric]) and values[metric].nunique() > 1]
    choice = choose(values[heard], most_missing)
    scores = _scores(values.loc[choice.cities, choice.indicators])
    card = everyone.join(scores)
    card["known"] = values.notna().sum(axis=1)
    card["known_share"] = card["known"] / len(names)
    for column, language in (("why_not", "zh"), ("why_not_en", "en")):
        reason = refusal(choice, most_missing, language)
        card[column] = [
            "" if place in choice.cities else reason or missing_values(panels, choice.indicators, place, language)
            for place in card.index
        ]
    card = card.sort_values(["rank_equal", "rank_entropy", "known", "order"], ascending=[True, True, False, True])
    frame = card.reset_index().assign(sure=sure, year=year)[COLUMNS]
    frame.attrs["weights"] = _weights(values, panels, choice, most_missing)
    used = [panels[metric][panels[metric]["place"].isin(choice.cities)] for metric in choice.indicators]
    frame.attrs["values"] = pd.concat(used).to_dict("records") if used else []
    frame.attrs["card"] = _summary(values, choice, year, most_missing)
    return frame


def indicators(metrics: Sequence[str] | None = None) -> list[str]:
    """Return the indicators of a scorecard in order: those of scorecard.csv, or `metrics`; one without a good direction is refused."""
    listed = [row["metric"] for row in rows("scorecard.csv")]
    names = list(dict.fromkeys(listed if metrics is None else metrics))
    if not names:
        raise RequestError("a scorecard needs indicators: leave `metrics` out for those of knowledge/scorecard.csv")
    for metric in names:
        known = catalogue.metrics().get(metric)
        if known and known.better == "none":
            raise RequestError(
                f"{metric} has no good direction: more of it is neither better nor worse, so it cannot be scored. "
                f"Nearest that can: {listed[0]}; `ecoanalysis metrics` says which direction is better"
            )
    return sorted(names, key=lambda metric: (listed.index(metric) if metric in listed else len(listed), metric))


def _places(panels: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what is known of each place; its report is the first that states one of the values."""
    every = pd.concat(panels.values(), ignore_index=True)
    every["silent"] = every["report"] == ""
    every = every.sort_values(["place", "silent", "report"], kind="stable").drop_duplicates("place")
    every = every.set_index("place")[["city", "place_kind", "publisher", "sample", "report"]]
    return every.sort_index().assign(order=range(len(every)))


def _values(panels: dict[str, pd.DataFrame], places: pd.Index) -> pd.DataFrame:
    columns = {}
    for metric, one in panels.items():
        comparable = one[one["comparable"]]
        columns[metric] = comparable.set_index("place")["value"].reindex(places)
    return pd.DataFrame(columns)


def _higher(metrics: Sequence[str]) -> np.ndarray:
    return np.array([catalogue.metrics()[metric].better == "higher" for metric in metrics])


def _scores(values: pd.DataFrame) -> pd.DataFrame:
    """Return scores and ranks of complete rows; none for an empty table."""
    names = ["score_entropy", "rank_entropy", "score_equal", "rank_equal", "rank_best", "rank_worst"]
    if values.empty:
        return pd.DataFrame(columns=names, index=values.index, dtype="float64")
    matrix, higher = values.to_numpy(), _higher(list(values.columns))
    equal = np.full(matrix.shape[1], 1 / matrix.shape[1])
    by_entropy, by_equal = (topsis(matrix, weights, higher) for weights in (entropy_weights(matrix), equal))
    best, worst = rank_range(matrix, higher)
    columns = (by_entropy, ranks(by_entropy), by_equal, ranks(by_equal), best, worst)
    return pd.DataFrame(dict(zip(names, columns, strict=True)), index=values.index, dtype="float64")


def _weights(values: pd.DataFrame, panels: dict[str, pd.DataFrame], choice: Choice, most: float) -> list[dict]:
    """Return a record for each indicator considered, those of the card first."""
    weights = dict(
        zip(choice.indicators, entropy_weights_of(values.loc[choice.cities, choice.indicators]), strict=True)
    )
    found = []
    for metric in sorted(values.columns, key=lambda metric: metric not in weights):
        stated = values[metric].dropna()
        on_card = metric in weights
        used = stated.loc[choice.cities] if on_card else stated
        row = {"metric": metric, "better": catalogue.metrics()[metric].better, "on_card": on_card}
        row |= {"weight_entropy": weights.get(metric, 0.0), "weight_equal": on_card / max(len(weights), 1)}
        row |= {"cities": len(stated), "saturated": saturation(used)}
        row |= {"terms": shared_terms(panels[metric], "zh"), "terms_en": shared_terms(panels[metric], "en")}
        for column, language in (("left_out", "zh"), ("left_out_en", "en")):
            row[column] = "" if on_card else left_out_of_card(values, metric, panels[metric], choice, most, language)
        found.append(row)
    return found


def entropy_weights_of(values: pd.DataFrame) -> np.ndarray:
    """Return the entropy weights of a table's columns, none for an empty table."""
    return entropy_weights(values.to_numpy()) if len(values) else np.empty(0)


def saturation(values: pd.Series) -> str:
    """Return `all` where all values are equal, `near` where three in four are or all lie within 1 % of their mean, else "".

    >>> saturation(pd.Series([100, 100, 100])), saturation(pd.Series([100, 100, 100, 69])), saturation(pd.Series([64, 99]))
    ('all', 'near', '')
    """
    if len(values) < FEWEST_CITIES:
        return ""
    if values.nunique() == 1:
        return "all"
    level = values.value_counts().iloc[0] / len(values)
    close = values.max() - values.min() <= _NEAR_SPREAD * abs(values.mean())
    return "near" if level >= _NEAR_SHARE or close else ""


def _summary(values: pd.DataFrame, choice: Choice, year: int, most_missing: float) -> dict[str, Any]:
    cells = int(values.notna().sum().sum())
    counts = {"places": len(values), "cities": len(choice.cities), "considered": len(values.columns)}
    shares = {"known": cells, "known_share": cells / max(values.size, 1), "missing": choice.missing}
    chosen = {"indicators": choice.indicators, "refusal": choice.refusal, "most_missing": most_missing}
    why = {f"why_not{end}": refusal(choice, most_missing, language) for end, language in (("", "zh"), ("_en", "en"))}
    return {"year": year} | counts | shares | chosen | why
