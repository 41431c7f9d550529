"""Try a metric at once: what its cues read in a text, and in every report there is.

In: the id of a metric of the catalogue and a text. Out: lines that say it. Nothing is written, and corrections are not
applied.
"""

from pathlib import Path

from ecoanalysis import extracting, paths, reading
from ecoanalysis.errors import ReadingError, RequestError, nearest
from ecoanalysis.extracting.quantities import NOT_QUANTITIES
from ecoanalysis.knowledge import catalogue


def attempt(metric: str, text: str, raw: Path | None = None) -> tuple[list[str], list[str]]:
    """Return what a metric reads in a text and in the reports of a folder, by default data/raw, and what cannot be read.

    >>> attempt("air.pm25", "PM2.5浓度22微克/立方米")[0][:2]
    ['in the text: 1 read as air.pm25', '  22微克/立方米: level = 22.0 ug/m3 (cue PM2.5)']
    """
    known = catalogue.metrics()
    if metric not in known:
        near = nearest(metric, known) or "none"
        raise RequestError(
            f"No metric named {metric!r}. Nearest: {near}. One of your own goes into {paths.shown(paths.own_metrics())}/"
        )
    said = extracting.explain(text)
    is_it = said["metric"] == metric
    lines = [f"in the text: {is_it.sum()} read as {metric}"]
    for row in said[is_it].itertuples():
        value = " ".join(filter(None, (str(row.value), row.unit, row.scope)))
        lines.append(f"  {row.number}: {row.stat} {row.bound} {value} ({row.why})")
    for row in said[~is_it & ~said["kind"].isin(NOT_QUANTITIES)].itertuples():
        lines.append(f"  {row.number}: {f'read as {row.metric} instead' if row.metric else row.why}")
    reports, count, unread = 0, 0, []
    for source in reading.all_sources(raw or paths.raw()):
        try:
            facts = extracting.extract(source.read())
        except ReadingError as error:
            unread.append(f"{source.path.name} was not read: {error}")
            continue
        reports += 1
        for row in facts[facts["metric"] == metric].itertuples():
            count += 1
            value = "withheld" if row.value != row.value else f"{row.value:.12g}"
            lines.append(f"{row.report}: {row.stat} {row.bound} {value} {row.unit}: {row.quote}")
    lines.append(f"in {reports} report{'s' * (reports != 1)}: {count} read as {metric}")
    return lines, unread
