"""What a panel shows: its lowest and highest comparable values, or each value where there is no ranking, and what is left out.

In: a panel. Out: findings that claim no more than the panel holds.
"""

from typing import Any

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.errors import RequestError

FEWEST = 3  # comparable values that make a ranking
UNHEARD = ("silent", "planned", "moved")  # reasons of rows without a value that somebody withholds


def ranked(panel: pd.DataFrame) -> bool:
    """Return whether a panel has enough comparable values for a ranking: three; one without any row raises `RequestError`."""
    if panel.empty:
        raise RequestError("this panel has no rows; make it of facts of a year that some place reports on")
    return int(panel["comparable"].sum()) >= FEWEST


def finding(panel: pd.DataFrame) -> list[Finding]:
    """Return lowest and highest of the comparable values, or each value where there is no ranking; no value in doubt.

    What is left out is counted, and why.
    """
    valued = panel[panel["value"].notna() & (panel["unsure"] == "")]
    about: dict[str, Any] = {"year": panel["year"].iloc[0], "about": panel.iloc[0][["metric", "stat"]].to_dict()}
    if valued.empty:
        said = Finding("finding.nothing", about)
    elif ranked(panel):
        said = _extremes(panel, about)
    else:
        values = [
            Finding("finding.conflict" if row["reason"] == "conflict" else "finding.value", {"row": row})
            for row in valued.to_dict("records")
        ]
        said = Finding("finding.side_by_side", about | {"values": values})
    return [said, *_left_out(panel)]


def _extremes(panel: pd.DataFrame, about: dict[str, Any]) -> Finding:
    values = panel[panel["comparable"]].sort_values("value", kind="stable").to_dict("records")
    low, high = ([row for row in values if row["value"] == values[at]["value"]] for at in (0, -1))
    about |= {"count": len(values), "terms": values[0] | {"scope": ""}, "high": high}
    return (
        Finding("finding.equal", about) if len(low) == len(values) else Finding("finding.ranking", about | {"low": low})
    )


def _left_out(panel: pd.DataFrame) -> list[Finding]:
    reasons, doubtful = panel["reason"], panel["unsure"] != ""
    counts = {code: int((reasons == code).sum()) for code in ("withheld", "moved")}
    counts |= {"silent": int(reasons.isin(("silent", "planned")).sum())}
    if ranked(panel):
        counts = {"other": int((panel["value"].notna() & ~panel["comparable"] & ~doubtful).sum()), **counts}
    counts["unsure"] = int(doubtful.sum())
    parts = [Finding(f"finding.{kind}", {"count": count}) for kind, count in counts.items() if count]
    code = "finding.left_out" if (panel["value"].notna() & ~doubtful).any() else "finding.of_these"
    return [Finding(code, {"parts": parts})] if parts else []
