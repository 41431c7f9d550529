"""Put a city's profile into words: how it stands among its peers, what moved, what is missing.

In: what `profile` returns. Out: Chinese or English sentences, each with its numbers and the caveat that goes with them.
"""

from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.places import place_label
from ecoanalysis.comparing.words import metric_name
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
        for state in ("alone", "withheld", "planned", "silent")
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
    """Return where the city stands best and worst, as far as its peers differ and the two are not one."""
    differ = directed[(directed["low"] < directed["high"]) | (directed["value"] != directed["low"])]
    if differ.empty:
        return []
    share = (differ["rank"] - 1 - differ["behind"]) / differ["peers"]
    best, worst = (differ.loc[at].to_dict() for at in (share.idxmin(), share.idxmax()))
    if share.min() == share.max():
        return [say("profile.one_end", language, best=_standing(best, language))]
    return [say("profile.ends", language, best=_standing(best, language), worst=_standing(worst, language))]


def _standing(row: dict[str, Any], language: str) -> str:
    filling: dict[str, object] = {"name": metric_name(row["metric"], language), "value": value_text(row, language)}
    filling |= {"rank": int(row["rank"]), "of": row["peers"] + 1, "median": median_text(row, language)}
    return say("profile.standing", language, **filling)


def median_text(row: dict[str, Any], language: str) -> str:
    """Return the median of a row's peers with its unit."""
    return value_text(row | {"value": round(row["median"], 4), "bound": "="}, language)


def _moved(table: pd.DataFrame, language: str) -> list[str]:
    both = table[table["last"].notna() & (table["better"] != "none")]
    if both.empty:
        return []
    better, worse, same = _sides(both, "last")
    counts = {"better": better, "worse": worse, "same": same}
    return [say("profile.moved", language, count=len(both), **counts)]
