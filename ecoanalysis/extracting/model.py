"""Weigh candidates: a log-linear score over features that a person can read.

In: for each candidate its features by name. Out: the probability of each. The weights stand in
`knowledge/reading_weights.toml`, one section a decision, and are learned by `ecoanalysis train`.
"""

import tomllib
from functools import cache
from math import exp, log

from ecoanalysis.errors import CatalogueError
from ecoanalysis.knowledge import tables

Features = dict[str, float]
Weights = dict[str, dict[str, float]]
VERSION = 1
DECISIONS = ("reading", "period", "scope", "status", "confidence")


@cache
def shipped() -> Weights:
    """Return the weights that the project ships."""
    return read(tables.text("reading_weights.toml"), "reading_weights.toml")


def read(text: str, name: str) -> Weights:
    """Read a file of weights; CatalogueError says what is wrong with it."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name} is damaged: {error}. Make it anew with `ecoanalysis train`.") from error
    if found.get("version") != VERSION:
        raise CatalogueError(
            f"{name} is of version {found.get('version')}, and this program reads {VERSION}. Make it anew with `ecoanalysis train`."
        )
    for decision in DECISIONS:
        weights = found.get(decision)
        if not isinstance(weights, dict) or not all(type(weight) in (int, float) for weight in weights.values()):
            raise CatalogueError(
                f"{name}: [{decision}] must be a table of numbers. Make the file anew with `ecoanalysis train`."
            )
    return {decision: {key: float(weight) for key, weight in found[decision].items()} for decision in DECISIONS}


def score(weights: dict[str, float], features: Features) -> float:
    """Return the sum of the weights of the features, each times its value."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def shares(scores: list[float]) -> list[float]:
    """Return the probability of each of some candidates by its score.

    >>> [round(share, 2) for share in shares([0.0, 0.0, log(2.0)])]
    [0.25, 0.25, 0.5]
    """
    top = max(scores)
    parts = [exp(one - top) for one in scores]
    return [part / sum(parts) for part in parts]


def logistic(value: float) -> float:
    """Return the probability whose log-odds are `value`."""
    return 1.0 / (1.0 + exp(-max(min(value, 30.0), -30.0)))


def log_odds(share: float) -> float:
    """Return the log-odds of a probability, kept away from 0 and 1."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return log(share / (1 - share))
