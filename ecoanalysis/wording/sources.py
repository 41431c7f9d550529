"""Where the numbers of a page are from: the reports, and the national figures and limits that they are held against.

In: reports, facts and panels. Out: tables for readers. Addresses are given as text: nothing is fetched.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.standards import has_limit, limit, nationals
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.wording.names import metric_name
from ecoanalysis.wording.sentences import say


def bibliography(reports: pd.DataFrame, year: int | Sequence[int] | None, language: str = "zh") -> pd.DataFrame:
    """Return the reports about a year, several, or any (None), with publisher, title, date, address, whether a sample."""
    years = [year] if isinstance(year, int) else year
    rows = (reports if years is None else reports[reports["year"].isin(years)]).sort_values(
        ["adcode", "year", "report"]
    )
    names = ("report", "publisher", "title", "published", "url", "sample")
    shown = rows[list(names)].astype({"sample": object})
    shown["sample"] = [say("page.yes", language) if sample else "" for sample in rows["sample"]]
    return shown.rename(columns={name: say(f"column.{name}", language) for name in names})


def references(metrics: Sequence[str], year: int, language: str = "zh") -> pd.DataFrame:
    """Return the national figures of a year and the limits then in force for some metrics, each with its source."""
    rows = []
    for metric in metrics:
        scale, name = scale_of(catalogue.metrics()[metric].unit, language=language), metric_name(metric, language)
        for one in nationals(metric):
            if one.year == year:
                dust = say(f"dust.{one.dust}", language) if one.dust else ""
                rows.append((name, say("reference.national", language, dust=dust), scale.text(one.value), one.source))
        if has_limit(metric, date(year, 12, 31)):
            known = limit(metric, date(year, 12, 31))
            rows.append((name, getattr(known, language), scale.text(known.value), known.source))
    titles = [say(f"column.{name}", language) for name in ("metric", "reference", "value", "source")]
    return pd.DataFrame(rows, columns=titles)
