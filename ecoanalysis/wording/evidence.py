"""The facts behind a chart, each with the sentence that says it.

In: facts. Out: a table for readers: place, metric, value with unit and bound as reported, scope, period, the quote, and
where in which report it stands. Its index holds an anchor for each fact, which links on a page lead to.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.coverage import in_order
from ecoanalysis.comparing.evidence import told
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.tables.anchor import ANCHOR, anchor_of
from ecoanalysis.tables.sure import SURE
from ecoanalysis.wording.names import value_text
from ecoanalysis.wording.sentences import say


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
