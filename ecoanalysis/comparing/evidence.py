"""The facts behind a chart, each with the sentence that says it.

In: facts. Out: a table for readers: place, metric, value with unit and bound as reported, scope, period, the quote, and
where in which report it stands. Its index holds an anchor for each fact, which links on a page lead to.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.coverage import in_order
from ecoanalysis.comparing.periods import period_label
from ecoanalysis.comparing.places import place_label, with_places
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.knowledge.unit_names import counted_name, scale_of
from ecoanalysis.knowledge.wording import say
from ecoanalysis.tables.anchor import ANCHOR, anchor_of
from ecoanalysis.tables.sure import SURE


def evidence(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    language: str = "zh",
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the facts of a year, of several, or of all (None), in these domains (none means all), air first.

    What was read with a confidence below `sure` says so, and why.

    Scope and quote stay as the report has them, in Chinese; `language` is that of everything else.
    """
    rows = told(facts, year, reports, domains, sure)
    rows = rows.assign(
        order=rows["metric"].map({metric: at for at, metric in enumerate(in_order(catalogue.metrics()))})
    )
    rows = rows.sort_values(["order", "place", "report", "start"])
    only = year if isinstance(year, int) else None
    shown = [_shown(row, only, language) for row in rows.to_dict("records")]
    columns = ("metric", "place", "value", "scope", "period", "status", "quote", "report", "at")
    titles = {name: say(f"column.{name}", language) for name in columns}
    index = pd.Index([anchor_of(row) for row in rows.to_dict("records")], name=ANCHOR)
    return pd.DataFrame(shown, columns=list(columns), index=index).rename(columns=titles)


def told(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the facts of a year, of several, or of all (None), in these domains (none means all), with their places."""
    known = catalogue.metrics()
    wanted = [metric for metric, entry in known.items() if not domains or entry.domain in domains]
    rows = with_places(facts, reports, sure)
    years = [year] if isinstance(year, int) else year
    of_years = rows["year"].isin(years) if years is not None else True
    return rows[rows["metric"].isin(wanted) & of_years]


def behind(facts: pd.DataFrame, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the facts that the rows of some tables come from, told by report and place in its text."""
    said = {anchor_of(row) for frame in frames for row in frame.to_dict("records") if row["report"]}
    return facts[[anchor_of(row) in said for row in facts[["report", "start", "end"]].to_dict("records")]]


def _shown(row: dict[str, Any], year: int | None, language: str) -> dict[str, str]:
    metric = catalogue.metrics()[row["metric"]]
    return {
        "place": place_label(row["place"], row["place_kind"], language),
        "metric": f"{getattr(metric, language)} {say('stat.' + row['stat'], language)}".strip(),
        "value": value_text(row, language),
        "scope": row["scope"],
        "period": period_label(row["period_start"], row["period_end"], language, year),
        "status": _status(row, language),
        "quote": row["quote"],
        "report": row["report"],
        "at": f"{row['start']}–{row['end']}",
    }


def _status(row: dict[str, Any], language: str) -> str:
    status = say("status." + row["status"], language)
    if not row["unsure"]:
        return status
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    return status + comma + say("mark.doubt", language) + colon + doubt_text(row["unsure"], language)


def value_text(row: dict[str, Any], language: str = "zh") -> str:
    """Return the value of a fact or a panel's row as readers see it; a withheld one says that it is.

    A count keeps the word it was counted in (宗, 家次), for that decides what it may be compared with.

    >>> row = {"value": 96.0, "unit": "case", "unit_text": "宗", "bound": ">", "stat": "level"}
    >>> value_text(row), value_text(row, "en")
    ('超过96宗', 'over 96 cases')
    >>> value_text(row | {"unit_text": "家"}, "en")
    'over 96 firms'
    """
    if pd.isna(row["value"]):
        return say("mark.withheld", language)
    if row["stat"] in ("rank", "streak"):
        basis = row["basis"] if row["stat"] == "rank" else ""
        code = f"value.{row['stat']}" + ("_among" if basis else "")
        return say(code, language, value=f"{row['value']:g}", basis=basis)
    scale = scale_of(row["unit"], [row["value"]], language)
    if scale.counted and row["unit_text"]:
        scale = scale.called(row["unit_text"] if language == "zh" else counted_name(row["unit"], row["unit_text"]))
    text = scale.text(row["value"], row["bound"], signed=row["stat"] == "change")
    return say("value.derived", language, value=text) if row.get("derived") else text
