"""The bar of progress: in a terminal it says of how many and how long still, elsewhere nothing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis import reading

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
termios = pytest.importorskip("termios", reason="this system has no pseudo-terminals")
SAMPLES = Path(__file__).parents[1] / "data" / "raw"
PARSE = [sys.executable, "-c", "from ecoanalysis import cli; cli.main()", "parse"]


@pytest.fixture
def samples(project: Path) -> int:
    """A project with so many samples that they take more than a second; their number."""
    reports = [file for file in sorted(SAMPLES.glob("*")) if reading.is_report(file)][:40]
    for report in reports:
        for file in SAMPLES.glob(f"{report.stem}.*"):
            shutil.copy(file, project / "data" / "raw")
    return len(reports)


def in_a_terminal(place: Path) -> str:
    """Return what a command says on standard error that is a terminal of 100 columns."""
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (25, 100))  # it has no columns at first
    child = subprocess.Popen(PARSE, cwd=place, stdout=subprocess.DEVNULL, stderr=there)
    os.close(there)
    said = bytearray()
    try:
        while piece := os.read(here, 65536):
            said += piece
    except OSError:  # the other end is closed, which Linux tells in this way
        pass
    os.close(here)
    assert child.wait() == 0, said
    return said.decode()


@pytest.mark.slow
def test_in_a_terminal_the_bar_says_of_how_many_and_how_long_still(project: Path, samples: int):
    said = in_a_terminal(project)
    steps = re.findall(rf"reading: +\d+%\|[^|]*\| (\d+)/{samples} \[\d\d:\d\d<(\d\d:\d\d)", said)
    assert steps and all(0 < int(done) <= samples for done, _ in steps), said
    assert said.rstrip(" ").endswith("\r"), "the bar is taken away at the end"


@pytest.mark.slow
def test_elsewhere_nothing_is_said(project: Path, samples: int):
    done = subprocess.run(PARSE, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "" and f"reports: {samples}" in done.stdout


def test_as_many_are_counted_as_are_read(tmp_path: Path):
    for name in ("a.txt", "b/c.txt", "b/d.html", "b/d_files/e.txt", ".f.txt", "README.md", "a.toml", "manifest.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("file\n" if name == "manifest.csv" else "立案1宗", encoding="utf-8")
    for pattern, count in (("", 3), ("b/*", 2), ("*.html", 1)):
        assert reading.how_many(tmp_path, pattern) == count == len(list(reading.inputs(tmp_path, glob=pattern)))
    assert reading.how_many([tmp_path / "a.txt", str(tmp_path / "b" / "c.txt")]) == 2
    assert reading.how_many(tmp_path / "a.txt") == 1
    assert reading.how_many(pd.DataFrame({"text": ["a", "b"]})) == 2
    (tmp_path / "t.csv").write_text("text\n", encoding="utf-8")
    assert reading.how_many(tmp_path) is None, "nobody has counted its rows"
