"""The anchors of a page: where a number's sentence stands among the evidence.

In: what is quoted. Out: a name for its row on a page, which links lead to.
"""

import hashlib
from collections.abc import Collection
from typing import Any

import pandas as pd

ANCHOR = "anchor"  # the name of an index that holds anchors


def anchor_of(row: dict[str, Any]) -> str:
    """Return the anchor of a quote on a page: the same for the same quote, and safe whatever the report is called.

    >>> anchor_of({"report": "<b>", "start": 1, "end": 5}).isalnum()
    True
    """
    said = [row["report"], int(row["start"]), int(row["end"])]
    return "f" + hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()[:12]


def with_anchor(facts: pd.DataFrame, anchors: Collection[str]) -> pd.DataFrame:
    """Return the facts whose anchor is among some."""
    where = facts[["report", "start", "end"]].to_dict("records")
    return facts[[anchor_of(row) in anchors for row in where]]
