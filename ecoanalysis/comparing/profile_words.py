"""Put a city's profile into words: how it stands among its peers, what moved, what is missing.

In: what `profile` returns. Out: Chinese or English sentences, each with its numbers and the caveat that goes with them.
"""

from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.places import place_label
from ecoanalysis.comparing.words import metric_name, terms
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.wording import say


def profile_finding(table: pd.DataFrame, language: str = "zh") -> list[str]:
    """Return what a profile shows, in three to five sentences."""
    first = table.iloc[0]
    label = place_label(first["place"], first["place_kind"], language)
    states = table["state"].value_counts()
    compared = table[table["state"] == "compared"]
    about = {"city": label, "year": first["year"], "count": len(compared)}
    if compared.empty:
        said = [say("profile.none", language, **about)]
    else:
        directed = compared[compared["better"] != "none"]
        ahead, behind, level = _sides(directed, "median")
        sides = {"directed": len(directed), "ahead": ahead, "behind": behind, "level": level}
        said = [say("profile.compared" if len(directed) else "profile.undirected", language, **about, **sides)]
        said += _ends(directed, language)
    said += _moved(table, language)
    missing = [
        say(f"profile.{state}_count", language, count=states[state])
        for state in ("alone", "unsure", "withheld", "planned", "silent")
        if state in states
    ]
    if missing:
        said.append(say("profile.missing", language, parts=("，" if language == "zh" else ", ").join(missing)))
    return [*said, say("profile.caveat", language)] if len(compared) else said


def _sides(rows: pd.DataFrame, against: str) -> tuple[int, int, int]:
    """Return how many values are better than those of a column, how many worse, how many level."""
    gain = np.where(rows["better"] == "lower", -1, 1) * (rows["value"] - rows[against]).round(9)
    return int((gain > 0).sum()), int((gain < 0).sum()), int((gain == 0).sum())


def _ends(directed: pd.DataFrame, language: str) -> list[str]:
    """Return where the city stands best, ahead of more peers than behind, and where worst, as far as its peers differ."""
    differ = directed[(directed["low"] < directed["high"]) | (directed["value"] != directed["low"])]
    if differ.empty:
        return []
    share = (differ["rank"] - 1 - differ["behind"]) / differ["peers"]
    said = []
    if share.min() < 0:
        said.append(say("profile.best", language, best=_standing(differ.loc[share.idxmin()].to_dict(), language)))
    if share.max() > 0:
        said.append(say("profile.worst", language, worst=_standing(differ.loc[share.idxmax()].to_dict(), language)))
    return said


def _standing(row: dict[str, Any], language: str) -> str:
    scope = terms(row, language) if row["scope_class"] != WHOLE else ""
    name = metric_name(row["metric"], language) + (say("profile.of_scope", language, scope=scope) if scope else "")
    level = row["peers"] - (row["rank"] - 1) - row["behind"] > 0
    filling: dict[str, object] = {"name": name, "value": value_text(row, language), "of": row["peers"] + 1}
    filling |= {"rank": say("profile.level_rank" if level else "profile.own_rank", language, rank=int(row["rank"]))}
    return say("profile.standing", language, **filling, median=median_text(row, language))


def median_text(row: dict[str, Any], language: str) -> str:
    """Return the median of a row's peers with its unit."""
    return value_text(row | {"value": float(f"{row['median']:.4g}"), "bound": "=", "derived": False}, language)


def _moved(table: pd.DataFrame, language: str) -> list[str]:
    both = table[table["last"].notna() & (table["better"] != "none")]
    if both.empty:
        return []
    better, worse, same = _sides(both, "last")
    counts = {"better": better, "worse": worse, "same": same}
    return [say("profile.moved", language, count=len(both), **counts)]
