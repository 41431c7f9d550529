"""That no report holds up or takes down the others: workers that are ended, that die, and that cannot be started."""

import os
import time
from pathlib import Path

import pytest

from ecoanalysis import extracting
from ecoanalysis.reading import Report
from ecoanalysis.tables import parsing, workers

GOOD = "某市生态环境局2024年工作总结\n2024年，全市优良天数比率97.5%。\n"

pytestmark = pytest.mark.skipif(
    not workers.FORKS, reason="what a test puts in a report's place, only a fork takes over"
)


def hangs(report: Report) -> None:
    time.sleep(3600)


def dies(report: Report) -> None:
    os._exit(9)


def wants_memory(report: Report) -> None:
    bytearray(2_000_000_000)


def computes(report: Report) -> None:
    while True:
        pass


def written(folder: Path, *names: str) -> list[Path]:
    files = [folder / f"{name}.txt" for name in names]
    for number, file in enumerate(files):
        file.write_text(GOOD.replace("97.5", f"9{number}.5"), encoding="utf-8")
    return files


@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        (hangs, "timed_out", "come to an end"),
        (computes, "timed_out", "come to an end"),
        (dies, "crashed", "ended the process"),
        (wants_memory, "too_large", "memory"),
    ],
)
def test_a_bad_report_costs_itself_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, fault: object, code: str, says: str
) -> None:
    files = written(project / "data" / "raw", "a", "bad", "c", "d", "e")
    # Each bound is near only for the fault that it is there for, so that a busy machine ends no other report.
    monkeypatch.setattr(workers, "LIMIT", 6.0 if fault is hangs else 120.0)
    monkeypatch.setattr(workers, "SECONDS", 2.0 if fault is computes else 60.0)
    real = extracting.tables
    monkeypatch.setattr(extracting, "tables", lambda r, *told: fault(r) if r.report == "bad" else real(r, *told))
    tables = parsing.gather(files)
    assert tables.reports.report.tolist() == ["a", "c", "d", "e"]
    rows = tables.problems[tables.problems.severity == "error"]
    assert rows[["report", "code"]].values.tolist() == [["bad", code]]
    assert says in rows.message.iloc[0] and "bad.txt is left out" in rows.message.iloc[0]


def test_what_lies_behind_it_in_an_archive_is_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zipfile

    files = written(project, "a", "bad", "c")
    packed = project / "data" / "raw" / "all.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files:
            archive.write(file, file.name)
    real = extracting.tables
    monkeypatch.setattr(extracting, "tables", lambda r, *told: dies(r) if r.report == "all/bad" else real(r, *told))
    tables = parsing.gather([packed])
    assert tables.reports.report.tolist() == ["all/a", "all/c"]
    assert tables.problems[tables.problems.code == "crashed"].report.tolist() == ["all/bad"]


def test_no_process_is_left(project: Path) -> None:
    import multiprocessing

    parsing.gather(written(project / "data" / "raw", "a", "b"))
    assert not multiprocessing.active_children()
