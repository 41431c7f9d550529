"""Try a metric at once: what its cues read in a text, and in every report there is.

In: the id of a metric of the catalogue and a text. Out: a `Trial`. Nothing is written, and corrections are not applied.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecoanalysis import extracting, paths, reading
from ecoanalysis.errors import ReadingError, RequestError, nearest
from ecoanalysis.extracting.quantities import NOT_QUANTITIES
from ecoanalysis.knowledge import catalogue


@dataclass(frozen=True, slots=True)
class Trial:
    """What a metric reads: rows of `explain` for the text, and of the table of facts for the reports.

    `otherwise` are the numbers of the text that it does not read, `unread` the reports that cannot be read, and why.
    """

    text: pd.DataFrame
    otherwise: pd.DataFrame
    reports: pd.DataFrame
    read: int
    unread: dict[str, str]


def attempt(metric: str, text: str, raw: Path | None = None) -> Trial:
    """Return what a metric reads in a text and in the reports of a folder, by default data/raw.

    >>> found = attempt("air.pm25", "PM2.5浓度22微克/立方米")
    >>> found.text[["number", "value"]].values.tolist()
    [['22微克/立方米', 22.0]]
    """
    known = catalogue.metrics()
    if metric not in known:
        near = nearest(metric, known) or "none"
        raise RequestError(
            f"No metric named {metric!r}. Nearest: {near}. One of your own goes into {paths.shown(paths.own_metrics())}/"
        )
    said = extracting.explain(text)
    is_it = said["metric"] == metric
    reports, read, unread = [], 0, {}
    for source in reading.all_sources(raw or paths.raw()):
        try:
            facts = extracting.extract(source.read())
        except ReadingError as error:
            unread[source.path.name] = str(error)
            continue
        read += 1
        reports.append(facts[facts["metric"] == metric])
    found = pd.concat(reports, ignore_index=True) if reports else said.head(0)
    return Trial(said[is_it], said[~is_it & ~said["kind"].isin(NOT_QUANTITIES)], found, read, unread)
