"""Turn report files into the tables.

In: the folder of reports, or some files, and the project's corrections. Out: `Tables`, and by `parse` the same written to
data/processed. A report that cannot be read, or that the code fails on, becomes a row of the table of problems; the others
are still read.
"""

import hashlib
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from ecoanalysis import extracting, paths
from ecoanalysis.errors import ReadingError, RequestError, TableError
from ecoanalysis.extracting import model
from ecoanalysis.extracting.quantities import NOT_QUANTITIES
from ecoanalysis.knowledge import catalogue
from ecoanalysis.reading import Problem, Report, Sentence, Source, inputs, name_of, read_text
from ecoanalysis.tables import bounds, corrections, workers
from ecoanalysis.tables.arithmetic import arithmetic, parts_of_years
from ecoanalysis.tables.checks import contradictions, last_year, otherwise, out_of_range, ranks
from ecoanalysis.tables.confirmed import Reviewed
from ecoanalysis.tables.corrections import Correction
from ecoanalysis.tables.schema import SEVERITIES, TABLES, conform, empty
from ecoanalysis.tables.store import Tables, about_reports, write
from ecoanalysis.tables.sure import SURE, unsure
from ecoanalysis.tables.workers import Ended

_LONGEST = 2000  # characters of a message
Sources = Any  # a folder, files, or a DataFrame


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What one file gave; `report` is None if it could not be read. `misfits` are the corrections that fit no fact."""

    report: Report | None
    quantities: pd.DataFrame
    facts: pd.DataFrame
    problems: tuple[Problem, ...]
    misfits: tuple[str, ...] = ()


def parse(
    sources: Sources | None = None, processed: str | Path | None = None, *, samples: bool = False, **how: Any
) -> Tables:
    """Read reports into the tables, write them to the folder `processed`, and return them. See `gather`.

    What is read from a DataFrame is written only where `processed` says so.

    >>> frame = pd.DataFrame({"城市": ["信阳"], "年份": [2016], "doc": ["2016年，全市PM2.5平均浓度61微克/立方米。"]})
    >>> parse(frame).facts[["report", "city", "value"]].values.tolist()
    [['信阳市-2016', '信阳市', 61.0]]
    """
    tables = gather(sources, samples=samples, **how)
    if processed or not isinstance(sources, pd.DataFrame):
        write(tables, processed)
    tables.facts.attrs["reports"] = about_reports(tables.reports)
    return tables


def gather(sources: Sources | None = None, *, samples: bool = False, **how: Any) -> Tables:
    """Read reports into the tables and write nothing.

    `sources` is a folder (by default data/raw), a file or some, or a DataFrame with a text in each row; all of these two are
    kept. Of a folder, the samples are left out once a report that is none gives figures, unless `samples` asks for them.
    `how` is what `reading.inputs` is told: `glob`, `text`, `columns`, `encoding`. The project's corrections overrule
    what is read. No report, and a correction that does not fit exactly one fact, raise `RequestError`.
    """
    of_folder = sources is None or (isinstance(sources, (str, Path)) and not Path(sources).is_file())
    ranges = {name: (metric.low, metric.high) for name, metric in catalogue.metrics().items()}
    model.weights()  # a file that is damaged is refused before anything is read
    corrected = corrections.load()
    items = list(inputs(paths.raw() if sources is None else sources, **how))
    refused = [item for item in items if isinstance(item, Problem)]
    wanted = [item for item in items if not isinstance(item, Problem)]
    # delay: no bar for what takes less than a second; disable=None: none where nobody watches.
    bar = tqdm(total=len(wanted), desc="reading", unit="report", leave=False, delay=1, disable=None)
    if workers.FORKS:
        extracting.tables(read_text("优良率99%"))  # loads the knowledge once, for every worker
    parsed = workers.each(wanted, partial(_parse_one, ranges=ranges, corrected=corrected), _ended, bar.update)
    bar.close()
    if of_folder and not samples:
        parsed = _without_samples(parsed)
    known = {name_of(item) for item in items} | {one.report.report for one in parsed if one.report}
    if corrections.unknown(corrected, known):
        with suppress(RequestError):
            known |= {name_of(item) for item in inputs(paths.raw())}  # a correction may be for one that is not read now
    strange = corrections.unknown(corrected, known)
    corrections.refuse(paths.corrections(), [*strange, *(fault for one in parsed for fault in one.misfits)])
    return _assemble(parsed, [*refused, *_same_text(parsed), *_checks(parsed)])


def _parse_one(
    source: Source, ranges: dict[str, tuple[float, float]], corrected: list[Correction | Reviewed]
) -> _Parsed:
    try:
        report = source.read()
        unread: list[Problem] = []
        facts, quantities = extracting.tables(report, lambda *failure: unread.append(_unread(report, *failure)))
        facts, quantities = _checked(facts, "facts", report), _checked(quantities, "quantities", report)
        facts, notes, misfits = corrections.apply(facts, corrected, report)
        problems = [*report.problems, *unread, *notes, *_silence(report, quantities, facts), *_undated(report, facts)]
        problems += out_of_range(facts, ranges)
        return _Parsed(report, quantities, facts, tuple(problems), tuple(misfits))
    except ReadingError as error:
        problem = Problem(source.name, error.code, "error", str(error))
    except MemoryError:
        what = f"reading it takes more than {bounds.MEMORY / 1e9:.0f} GB of memory. Divide it"
        problem = Problem(source.name, "too_large", "error", f"{paths.shown(source.path)} is left out, because {what}")
    except Exception as error:  # whatever one report brings about must not stop the others, nor be lost
        problem = Problem(source.name, "internal", "error", _internal(source.path, error))
    return _Parsed(None, empty("quantities"), empty("facts"), (problem,))


def _ended(worker: Ended) -> _Parsed:
    """Account for a report whose worker took too long or died."""
    if worker.code == "timed_out":
        what = f"this program did not come to an end with it in {bounds.SECONDS:.0f} seconds of computing, or {workers.LIMIT:.0f} of waiting"
    else:
        what = "it ended the process that read it, as for want of memory"
    message = f"{paths.shown(worker.path)} is left out, because {what}. Divide it, or report this"
    problem = Problem(worker.name, worker.code, "error", message)
    return _Parsed(None, empty("quantities"), empty("facts"), (problem,))


def _checked(frame: pd.DataFrame, table: str, report: Report) -> pd.DataFrame:
    rows = conform(frame, table)
    for row in rows.itertuples():
        if report.text[row.start : row.end] != row.quote or row.report != report.report:
            raise TableError(f"table {table}, row {row.Index}: {row.start} to {row.end} does not say {row.quote!r}")
    return rows


def _internal(file: Path, error: Exception) -> str:
    return f"{paths.shown(file)} is left out, because this program failed on it: {_what(error)}. Please report this"


def _unread(report: Report, sentence: Sentence, error: Exception) -> Problem:
    """Account for a sentence that the program failed on; the others of its report are read all the same."""
    opening = report.text[sentence.start : sentence.end].strip()[:20]
    message = (
        f"the sentence “{opening}…” is left out, because this program failed on it: {_what(error)}. Please report this"
    )
    return Problem(report.report, "sentence_unread", "warning", message, sentence.start, sentence.end)


def _what(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}, line {frame.lineno})"


def _silence(report: Report, quantities: pd.DataFrame, facts: pd.DataFrame) -> Iterator[Problem]:
    figures = int((~quantities["kind"].isin(NOT_QUANTITIES)).sum())
    if not figures and facts.empty:
        yield Problem(report.report, "no_figure", "warning", f"{report.path} holds no figure")
    elif facts.empty:
        message = f"none of the {figures} figures in {report.path} is of a known metric"
        yield Problem(report.report, "no_fact", "warning", f"{message}; `ecoanalysis explain` says why")


def _undated(report: Report, facts: pd.DataFrame) -> Iterator[Problem]:
    """Note a report whose year is not known, and which it counts for: that of most of its facts (comparing does so)."""
    if report.year is not None or facts.empty:
        return
    usual = facts["period_end"].fillna(facts["period_start"]).dt.year.mode().max()
    if pd.isna(usual):
        counts = "its facts have no period either, so that it is in no chart of a year"
    else:
        counts = f"what has no period counts for {usual:.0f}, the year of most of its facts"
    message = f"no year is stated; {counts}. A line such as `year = 2024` in {report.report}.toml gives it one"
    yield Problem(report.report, "no_year", "note", message)


def _same_text(parsed: list[_Parsed]) -> Iterator[Problem]:
    """Compare the repaired text without its blanks: one report may be saved in several encodings and formats."""
    first: dict[str, str] = {}
    for report in (one.report for one in parsed if one.report):
        digest = hashlib.sha256("".join(report.text.split()).encode()).hexdigest()
        if digest in first:
            message = f"the same text as {first[digest]}: its city is counted twice; remove one"
            yield Problem(report.report, "same_text", "warning", message)
        first.setdefault(digest, report.report)


def _checks(parsed: list[_Parsed]) -> Iterator[Problem]:
    """Hold the figures of all reports against each other."""
    found = [one.facts for one in parsed if len(one.facts)]
    if found:
        facts = pd.concat(found, ignore_index=True)
        reports = [one.report for one in parsed if one.report]
        # What was read in doubt proves no report wrong.
        facts = facts[unsure(facts, {one.report: _about(one) for one in reports}, SURE) == ""]
        years = {one.report: one.year for one in reports}
        yield from contradictions(facts, years)
        yield from otherwise(facts, years)
        for check in (arithmetic, parts_of_years, last_year, ranks):
            yield from check(facts)


def _about(report: Report) -> dict[str, Any]:
    """Return what is known of a report's place and year, and how surely."""
    names = ("city", "province", "year", "place_confidence", "year_confidence")
    return {name: getattr(report, name, None) for name in names}


def _without_samples(parsed: list[_Parsed]) -> list[_Parsed]:
    """Leave the samples out, with a note for each, if any other report gave a figure."""
    if not any(one.report and not one.report.sample and len(one.quantities) for one in parsed):
        return parsed
    return [_left_out(one.report) if one.report and one.report.sample else one for one in parsed]


def _left_out(report: Report) -> _Parsed:
    message = "a sample, left out because there are reports of your own; --samples keeps it"
    problem = Problem(report.report, "sample_left_out", "note", message)
    return _Parsed(None, empty("quantities"), empty("facts"), (problem,))


def _assemble(parsed: list[_Parsed], further: list[Problem]) -> Tables:
    reports = [one.report for one in parsed if one.report]
    problems = [*further, *(problem for one in parsed for problem in one.problems)]
    problems.sort(key=lambda problem: (SEVERITIES.index(problem.severity), problem.report, problem.start or 0))
    metrics = catalogue.table()
    return Tables(
        reports=_frame("reports", [_report_row(report) for report in reports]),
        texts=_frame("texts", [{"report": report.report, "text": report.text} for report in reports]),
        sections=_frame("sections", [{"report": r.report, **asdict(part)} for r in reports for part in r.sections]),
        quantities=pd.concat([empty("quantities"), *(one.quantities for one in parsed)], ignore_index=True),
        facts=pd.concat([empty("facts"), *(one.facts for one in parsed)], ignore_index=True),
        problems=_frame(
            "problems",
            [
                asdict(problem) | {"message": paths.plain(" ".join(problem.message.split()))[:_LONGEST]}
                for problem in problems
            ],
        ),
        metrics=conform(metrics[[column.name for column in TABLES["metrics"]]], "metrics"),
    )


def _frame(table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    names = [column.name for column in TABLES[table]]
    return conform(pd.DataFrame(rows, columns=names), table) if rows else empty(table)


def _report_row(report: Report) -> dict[str, object]:
    row = {column.name: getattr(report, column.name, None) for column in TABLES["reports"]}
    repairs = "; ".join(f"{kind} {count}" for kind, count in report.repairs.items())
    if not (report.city or report.province or report.level == "nation"):
        row["place_confidence"] = 0.0  # of a place that is not known nothing is certain
    return row | {"repairs": repairs, "characters": len(report.text)}
