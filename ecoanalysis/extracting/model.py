"""Weigh candidates: a log-linear score over features that a person can read.

In: for each candidate its features by name. Out: the probability of each. The weights stand in
`knowledge/reading_weights.toml`, one section a decision, or in the file that `ecoanalysis train` wrote for the project.
"""

import os
import tempfile
import tomllib
from functools import cache
from itertools import repeat
from math import exp, log
from operator import mul
from pathlib import Path

from ecoanalysis import paths
from ecoanalysis.errors import CatalogueError
from ecoanalysis.knowledge import tables

Features = dict[str, float]
Weights = dict[str, dict[str, float]]
VERSION = 1
DECISIONS = ("reading", "period", "scope", "status", "confidence")
_LARGEST = 1000.0  # learned weights lie within some tens; beyond this exp overflows and every reading is certain
_ADVICE = "Make it anew with `ecoanalysis train`; without a file of its own, a project reads by the shipped weights."


def weights() -> Weights:
    """Return the weights to read by: those of the project's own file where it has one, else the shipped ones."""
    file = paths.weights()
    return _own(file, file.stat().st_mtime_ns) if file.is_file() else shipped()


@cache
def shipped() -> Weights:
    """Return the weights that the project ships."""
    return read(tables.text("reading_weights.toml"), "reading_weights.toml")


@cache
def _own(file: Path, _changed: int) -> Weights:
    try:
        return read(file.read_text(encoding="utf-8"), paths.shown(file))
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{paths.shown(file)} is damaged: it is no text in UTF-8. {_ADVICE}") from error


def read(text: str, name: str) -> Weights:
    """Read a file of weights; CatalogueError says what is wrong with it."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name} is damaged: {error}. {_ADVICE}") from error
    if found.get("version") != VERSION:
        said = f"of version {found['version']}" if "version" in found else "without a version"
        raise CatalogueError(f"{name} is {said}, and this program reads version {VERSION}. {_ADVICE}")
    for decision in DECISIONS:
        weights = found.get(decision)
        if not isinstance(weights, dict) or not weights:
            raise CatalogueError(f"{name}: [{decision}] must be a table of numbers, and holds none. {_ADVICE}")
        for key, weight in weights.items():
            if not _is_number(weight):
                said = f"must be a table of numbers from {-_LARGEST:g} to {_LARGEST:g}, but {key!r} is {weight!r}"
                raise CatalogueError(f"{name}: [{decision}] {said}. {_ADVICE}")
    return {decision: {key: float(weight) for key, weight in found[decision].items()} for decision in DECISIONS}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


def write(weights: Weights, file: Path, about: str) -> None:
    """Write a file of weights that says what they are about; the file is replaced whole or not at all."""
    lines = [f"# {about}", f"version = {VERSION}"]
    for decision in DECISIONS:
        lines += ["", f"[{decision}]", *(f'"{name}" = {weight}' for name, weight in sorted(weights[decision].items()))]
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=file.parent) as folder:
        draft = Path(folder) / file.name
        draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(draft, file)


def score(weights: dict[str, float], features: Features) -> float:
    """Return the sum of the weights of the features, each times its value."""
    known = map(weights.get, features, repeat(0.0))
    return sum(map(mul, known, features.values()))


def shares(scores: list[float]) -> list[float]:
    """Return the probability of each of some candidates by its score.

    >>> [round(share, 2) for share in shares([0.0, 0.0, log(2.0)])]
    [0.25, 0.25, 0.5]
    """
    top = max(scores)
    parts = [exp(one - top) for one in scores]
    whole = sum(parts)
    return [part / whole for part in parts]


def logistic(value: float) -> float:
    """Return the probability whose log-odds are `value`."""
    return 1.0 / (1.0 + exp(-max(min(value, 30.0), -30.0)))


def log_odds(share: float) -> float:
    """Return the log-odds of a probability, kept away from 0 and 1."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return log(share / (1 - share))
