"""The scorecard: cities by several indicators at once, and how little such a score knows.

In: facts. Out: one row per place with its score and rank under entropy weights and under equal ones, the range of its rank
when indicators are left out, and why it has none. Only comparable values enter; no value is guessed: cities and indicators
without a gap are chosen instead (`multicriteria.choose`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import Finding, Noted, Row, Why, why
from ecoanalysis.comparing.multicriteria import (
    FEWEST_CITIES,
    Choice,
    choose,
    entropy_weights,
    rank_range,
    ranks,
    topsis,
)
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.tables.sure import SURE

COLUMNS = [
    *("city", "place", "place_kind", "score_entropy", "rank_entropy", "score_equal", "rank_equal", "rank_best"),
    *("rank_worst", "known", "known_share", "why", "publisher", "sample", "report", "sure", "year"),
]
FEW_CITIES = 10  # fewer make weights that are noise
_LITTLE = 0.5  # of the values considered: a card that knows no more than this says first that it knows little
_NEAR_SHARE, _NEAR_SPREAD = 0.75, 0.01  # of the cities at one value; of the mean between lowest and highest


def scorecard(
    facts: pd.DataFrame,
    year: int,
    reports: pd.DataFrame | None = None,
    metrics: Sequence[str] | None = None,
    most_missing: float = 0.3,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return one row per place: scores from 0 to 1 by TOPSIS and ranks, NaN where `why` says why there are none.

    `metrics` are the indicators to consider, by default those of knowledge/scorecard.csv; one without a good direction
    raises `RequestError`. Indicators and cities are chosen so that none has a gap; a set of indicators of whose cells more
    than `most_missing` are empty is refused, and so is an indicator that most cities give for a part of the year. `known` counts the comparable values of a place, `known_share` is their
    share of all indicators considered. Places stand by their equal-weight rank. No value enters that was read with a confidence below `sure`.

    `attrs` hold records: "weights" (one per indicator considered: weight, direction, saturation, the scope and period of
    its comparable values as a row in `terms`, why it was left out),
    "values" (the rows of the panels that entered) and "card" (counts, shares, and why there is no card).
    """
    names = indicators(metrics)
    if not 0 <= most_missing < 1:
        raise RequestError(f"most_missing={most_missing} is no share: give one from 0 to less than 1, such as 0.3")
    known = of_places(facts, reports, sure)
    panels = {metric: placed_panel(known, metric, year) for metric in names}
    everyone = _places(panels)
    alike = {metric: panel[panel["comparable"]].set_index("place")["value"] for metric, panel in panels.items()}
    values = pd.DataFrame(alike, index=everyone.index)
    heard = [metric for metric in names if values[metric].count() >= FEWEST_CITIES]
    heard = [metric for metric in heard if of_full_year(panels[metric]) and values[metric].nunique() > 1]
    choice = choose(values[heard], most_missing)
    scores = _scores(values.loc[choice.cities, choice.indicators])
    card = everyone.join(scores)
    card["known"] = values.notna().sum(axis=1)
    card["known_share"] = card["known"] / len(names)
    refused = refusal(choice, most_missing)
    card["why"] = [
        () if place in choice.cities else refused or _missing_values(panels, choice.indicators, place)
        for place in card.index
    ]
    card = card.sort_values(["rank_equal", "rank_entropy", "known", "order"], ascending=[True, True, False, True])
    frame = card.reset_index().assign(sure=sure, year=year)[COLUMNS]
    frame.attrs["weights"] = Noted(_weights(values, panels, choice, most_missing))
    used = [panels[metric][panels[metric]["place"].isin(choice.cities)] for metric in choice.indicators]
    frame.attrs["values"] = Noted(pd.concat(used).to_dict("records") if used else [])
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


def _scores(values: pd.DataFrame) -> pd.DataFrame:
    """Return scores and ranks of complete rows; none for an empty table."""
    names = ["score_entropy", "rank_entropy", "score_equal", "rank_equal", "rank_best", "rank_worst"]
    if values.empty:
        return pd.DataFrame(columns=names, index=values.index, dtype="float64")
    matrix = values.to_numpy()
    higher = np.array([catalogue.metrics()[metric].better == "higher" for metric in values.columns])
    equal = np.full(matrix.shape[1], 1 / matrix.shape[1])
    by_entropy, by_equal = (topsis(matrix, weights, higher) for weights in (entropy_weights(matrix), equal))
    best, worst = rank_range(matrix, higher)
    columns = (by_entropy, ranks(by_entropy), by_equal, ranks(by_equal), best, worst)
    return pd.DataFrame(dict(zip(names, columns, strict=True)), index=values.index, dtype="float64")


def _weights(values: pd.DataFrame, panels: dict[str, pd.DataFrame], choice: Choice, most: float) -> list[dict]:
    """Return a record for each indicator considered, those of the card first."""
    card = values.loc[choice.cities, choice.indicators]
    weights = dict(zip(card.columns, entropy_weights(card.to_numpy()) if len(card) else (), strict=True))
    found = []
    for metric in sorted(values.columns, key=lambda metric: metric not in weights):
        stated = values[metric].dropna()
        on_card = metric in weights
        used = stated.loc[choice.cities] if on_card else stated
        row = {"metric": metric, "better": catalogue.metrics()[metric].better, "on_card": on_card}
        row |= {"weight_entropy": weights.get(metric, 0.0), "weight_equal": on_card / max(len(weights), 1)}
        row |= {"cities": len(stated), "saturated": saturation(used)}
        alike = panels[metric][panels[metric]["comparable"]].head(1).to_dict("records")
        row |= {"terms": [first | {"scope": ""} for first in alike]}
        row |= {"left_out": () if on_card else _left_out(values, metric, panels[metric], choice, most)}
        found.append(row)
    return found


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
    return {"year": year} | counts | shares | chosen | {"why": refusal(choice, most_missing)}


def refusal(choice: Choice, most_missing: float) -> Why:
    """Return why there is no scorecard, nothing where there is one."""
    about = {"missing": choice.missing, "most": most_missing}
    return (Finding(f"scorecard.{choice.refusal}", about),) if choice.refusal else ()


def _missing_values(panels: dict[str, pd.DataFrame], indicators: list[str], place: str) -> Why:
    """Return which indicators of the card a place has no comparable value of, and why."""
    said = {metric: panels[metric][panels[metric]["place"] == place] for metric in indicators}
    if all(rows["reason"].isin(UNHEARD).all() for rows in said.values()):
        return (Finding("scorecard.silent"),)
    # A place whose report is of another year stands in the panels of what it states, and in no other.
    lacks = [(metric, found["why"].iloc[0] if len(found) else why("silent")) for metric, found in said.items()]
    return (Finding("scorecard.lacks", {"lacks": [pair for pair in lacks if pair[1]]}),)


def _left_out(values: pd.DataFrame, metric: str, panel: pd.DataFrame, choice: Choice, most_missing: float) -> Why:
    stated = values[metric].dropna()
    count = {"count": len(stated)}
    if len(stated) < FEWEST_CITIES:
        return (Finding("scorecard.indicator_few" if len(stated) else "scorecard.indicator_none", count),)
    first = panel[panel["comparable"]].iloc[0].to_dict()
    if not of_full_year(panel):
        return (Finding("scorecard.indicator_part", {"terms": first | {"scope": ""}}),)
    if stated.nunique() == 1:
        return (Finding("scorecard.indicator_saturated", count | {"value": first | {"bound": "="}}),)
    if choice.refusal:
        return refusal(choice, most_missing)
    whole = values[[*choice.indicators, metric]].dropna()
    if len(whole) >= FEWEST_CITIES and whole[metric].nunique() == 1:
        level = first | {"value": whole[metric].iloc[0], "bound": "="}
        return (Finding("scorecard.indicator_level", {"count": len(whole), "value": level}),)
    with_it = values[[*choice.indicators, metric]]
    missing = with_it.loc[with_it.notna().any(axis=1)].isna().to_numpy().mean()
    code = "scorecard.indicator_missing" if missing > most_missing else "scorecard.indicator_gaps"
    return (Finding(code, {"count": len(whole), "missing": missing, "most": most_missing}),)


def of_full_year(panel: pd.DataFrame) -> bool:
    """Return whether the comparable values of a panel are of the full year; a panel without any is."""
    shared = panel[panel["comparable"]]
    return shared.empty or full_year(shared["period_start"].iloc[0], shared["period_end"].iloc[0])


def scorecard_finding(card: pd.DataFrame) -> list[Finding]:
    """Return what a scorecard shows, and first how little it knows: three to six findings."""
    about = card.attrs["card"] | {"chosen": len(card.attrs["card"]["indicators"])}
    code = "scorecard.knows" if about["known_share"] > _LITTLE else "scorecard.knows_little"
    knows = Finding(code, about)
    if about["refusal"]:
        return [knows, Finding("scorecard.none", {"why": about["why"]})]
    scored, weights = card[card["rank_equal"].notna()], card.attrs["weights"]
    said = [knows, _ends(scored), _heaviest(weights, scored), _narrow(about["indicators"])]
    if differing := differing_terms(weights):
        of = [Finding("scorecard.of", {"metric": metric, "terms": terms}) for metric, terms in differing.items()]
        said.append(Finding("scorecard.differ", {"of": of}))
    if level := [row["metric"] for row in weights if row["saturated"] == "all"]:
        said.append(Finding("scorecard.level", {"metrics": level}))
    return said


def differing_terms(weights: list[dict]) -> dict[str, Row]:
    """Return a row of the scope and period of each indicator on the card where these are not all the same, else nothing."""
    terms = {row["metric"]: row["terms"][0] for row in weights if row["on_card"]}
    kinds = {(row["scope_class"], row["period_start"], row["period_end"]) for row in terms.values()}
    return terms if len(kinds) > 1 else {}


def _ends(scored: pd.DataFrame) -> Finding:
    ends: Row = {}
    for name, at in (("first", 0), ("last", -1)):
        tied = scored[scored["rank_equal"] == scored["rank_equal"].iloc[at]]
        ends |= {name: tied.to_dict("records"), f"{name}_range": (tied["rank_best"].min(), tied["rank_worst"].max())}
    widest = scored.loc[(scored["rank_worst"] - scored["rank_best"]).idxmax()].to_dict()
    return Finding("scorecard.ends", ends | {"widest": widest, "range": (widest["rank_best"], widest["rank_worst"])})


def _heaviest(weights: list[dict], scored: pd.DataFrame) -> Finding:
    heaviest = max(weights, key=lambda row: row["weight_entropy"])
    moved = int((scored["rank_equal"] != scored["rank_entropy"]).sum())
    change = Finding("scorecard.moved" if moved else "scorecard.unmoved", {"moved": moved, "count": len(scored)})
    code = "scorecard.weights_noise" if len(scored) < FEW_CITIES else "scorecard.weights"
    shares = {"share": heaviest["weight_entropy"], "equal": heaviest["weight_equal"]}
    return Finding(code, {"metric": heaviest["metric"], "change": change, "count": len(scored), **shares})


def _narrow(indicators_: list[str]) -> Finding:
    """Say which domains the card knows of, and that it judges nothing else."""
    considered = [catalogue.metrics()[row["metric"]].domain for row in rows("scorecard.csv")]
    held = {catalogue.metrics()[metric].domain for metric in indicators_}
    others = [domain for domain in dict.fromkeys(considered) if domain not in held]
    return Finding("scorecard.narrow" if others else "scorecard.all", {"metrics": indicators_, "others": others})


def card_values(card: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of panels that a scorecard rests on."""
    return pd.DataFrame(card.attrs["values"])
