"""Read one report and say what it gives.

In: a `Source`, and the corrections that are for it. Out: an `Outcome`: the report, its quantities and facts as corrected,
and its problems. A report that cannot be read, or that the code fails on, is a problem and nothing else.
"""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecoanalysis import extracting, paths
from ecoanalysis.errors import ReadingError, TableError
from ecoanalysis.extracting.quantities import NOT_QUANTITIES
from ecoanalysis.reading import Problem, Report, Sentence, Source
from ecoanalysis.tables import corrections, workers
from ecoanalysis.tables.checks import out_of_range
from ecoanalysis.tables.confirmed import Reviewed
from ecoanalysis.tables.corrections import Correction
from ecoanalysis.tables.schema import conform, empty

Corrections = tuple[Correction | Reviewed, ...]
# What another run may do otherwise though nothing changed, as for want of memory: it is tried again each time.
_PASSING = ("internal", "timed_out", "crashed", "unreadable", "missing")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one report gave; `report` is None if it could not be read. `misfits` are the corrections that fit no fact."""

    name: str
    report: Report | None
    quantities: pd.DataFrame
    facts: pd.DataFrame
    problems: tuple[Problem, ...]
    misfits: tuple[str, ...] = ()

    @property
    def lasting(self) -> bool:
        """Return whether the same bytes give the same again."""
        return not any(problem.code in _PASSING for problem in self.problems)


def outcome(source: Source, corrected: Corrections) -> Outcome:
    """Return what a report gives; whatever it brings about must not stop the others, nor be lost."""
    try:
        report = source.read()
        unread: list[Problem] = []
        facts, quantities = extracting.tables(report, lambda *failure: unread.append(_unread(report, *failure)))
        facts, quantities = _checked(facts, "facts", report), _checked(quantities, "quantities", report)
        facts, notes, misfits = corrections.apply(facts, list(corrected), report)
        problems = [*report.problems, *unread, *notes, *_silence(report, quantities, facts), *_undated(report, facts)]
        problems += out_of_range(facts)
        return Outcome(report.report, report, quantities, facts, tuple(problems), tuple(misfits))
    except ReadingError as error:
        return _without(source.name, error.code, str(error))
    except MemoryError:
        what = f"reading it takes more than {workers.MEMORY / 1e9:.0f} GB of memory. Divide it"
        return _without(source.name, "too_large", f"{paths.shown(source.path)} is left out, because {what}")
    except Exception as error:
        return failed(source.name, source.path, error)


def failed(name: str, path: Path, error: Exception) -> Outcome:
    """Account for a report that this program failed on."""
    what = f"{paths.shown(path)} is left out, because this program failed on it: {_what(error)}. Please report this"
    return _without(name, "internal", what)


def ended(worker: workers.Ended) -> Outcome:
    """Account for a report whose worker took too long or died."""
    if worker.code == "timed_out":
        limits = f"{workers.SECONDS:.0f} seconds of computing, or {workers.LIMIT:.0f} of waiting"
        what = f"this program did not come to an end with it in {limits}"
    else:
        what = "it ended the process that read it, as for want of memory"
    message = f"{paths.shown(worker.report.path)} is left out, because {what}. Divide it, or report this"
    return _without(worker.report.name, worker.code, message)


def _without(name: str, code: str, message: str) -> Outcome:
    return Outcome(name, None, empty("quantities"), empty("facts"), (Problem(name, code, "error", message),))


def _checked(frame: pd.DataFrame, table: str, report: Report) -> pd.DataFrame:
    rows = conform(frame, table)
    said = zip(rows["start"], rows["end"], rows["quote"], rows["report"], strict=True)
    for row, (start, end, quote, name) in enumerate(said):
        if report.text[start:end] != quote or name != report.report:
            raise TableError(f"table {table}, row {row}: {start} to {end} does not say {quote!r}")
    return rows


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
