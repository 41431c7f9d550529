"""Runs that are ended at any moment, disks that are full or read-only, inputs that vanish: the next run makes good.

`ECOANALYSIS_KILLS=65` ends that many runs; without it a few are. What is killed takes from the inbox, reads small reports in
earnest, and makes a run whose notebooks alone are stubbed.
"""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stub import VALUES, Stub, folder, notebook, runs, stub, tables_of

from ecoanalysis import tables
from ecoanalysis.reporting import inbox, record, running
from ecoanalysis.reporting import runs as living
from ecoanalysis.tables import batches, workers

__all__ = ["folder", "stub"]
KILLS = int(os.environ.get("ECOANALYSIS_KILLS", "20"))
_DOING = {"open", "os.rename", "os.mkdir", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:]+(?:[+-]\d\d:\d\d)?|\"seconds\": [\d.]+")


def monday(place: Path) -> None:
    """What a scheduled run does: empties the inbox, reads what is new, makes the run, and removes the oldest."""
    inbox.take(place / "inbox", place / "raw")
    tables.update(place / "raw", place / "processed")
    assert all(result.ok for result in runs(place, keep=1))


def ended(place: Path, after: int) -> int:
    """Do what `monday` does in a process that is killed before it touches the disk for the `after`th time; how often it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # whatever happens here must not come back into the tests
        try:
            seen = 0

            def watch(event: str, arguments: tuple) -> None:
                nonlocal seen
                if event in _DOING and any(str(one).startswith(str(place)) for one in arguments):
                    seen += 1
                    if seen == after:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(watch)
            monday(place)
            os.write(writing, str(seen).encode())
        except BaseException:
            os.write(writing, traceback.format_exc()[-4000:].encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        told = said.read()
    os.waitpid(child, 0)
    assert told.isdigit() or not told, told
    return int(told or 0)


def state(place: Path) -> dict[str, bytes]:
    """Every file of a project by its name, without the times of runs."""
    found = {}
    for file in sorted(place.rglob("*")):
        name = _TIME.sub("TIME", file.relative_to(place).as_posix())
        if file.is_symlink():
            found[name] = _TIME.sub("TIME", os.readlink(file)).encode()
        elif file.is_file():
            text = file.suffix in (".json", ".html")
            found[name] = _TIME.sub("TIME", file.read_text("utf-8")).encode() if text else file.read_bytes()
    return found


def latest_is_whole(place: Path) -> None:
    """What people see is one whole run, of one set of tables, at any moment."""
    latest = place / "figures" / "latest"
    told = record.read(latest)
    assert told and told.whole and (latest / "index.html").is_file()
    values = tables.load(latest / "tables").facts["value"].tolist()
    for page in told.pages:
        assert living.intact(latest, page)
        assert str(values) in (latest / page.folder / f"{page.name}.html").read_text("utf-8")


def report(file: Path, city: str, value: int) -> None:
    """A small report, written an hour ago."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{city}生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度{value}微克/立方米。\n", "utf-8")
    os.utime(file, (time.time() - 3600,) * 2)


@pytest.fixture
def before(folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one run; since then a report has changed, and another lies in its inbox with a sidecar.

    Reports are read in this process, for it is the one that is killed: `test_killed` kills while workers read.
    """

    def no_process(*_: object) -> None:
        raise workers._NoProcess

    monkeypatch.setattr(workers, "_start", no_process)
    for number, city in enumerate(("赣州市", "云浮市", "佛山市")):
        report(folder / "raw" / f"{number}.txt", city, 18 + number)
    tables.update(folder / "raw", folder / "processed")
    runs(folder)
    report(folder / "raw" / "1.txt", "云浮市", 26)
    report(folder / "inbox" / "a.txt", "韶关市", 22)
    (folder / "inbox" / "a.toml").write_text('title = "whole"')
    os.utime(folder / "inbox" / "a.toml", (time.time() - 3600,) * 2)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_run_that_is_killed_at_any_moment_leaves_what_the_next_one_makes_whole(
    before: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    # Whoever is killed leaves the temporary files of its system, which removes them some day; this test is no system.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))
    monkeypatch.setattr(
        batches, "_STALE", 0
    )  # a draft of a part may be another machine's, and is given an hour to go on
    whole = {file.name: file.read_bytes() for file in (before / "inbox").iterdir()}

    kept = shutil.copytree(before, tmp_path_factory.mktemp("kept") / "project", symlinks=True)

    def anew() -> Path:  # in the same folder: what is kept of a report is kept of that very file
        shutil.rmtree(before)
        return shutil.copytree(kept, before, symlinks=True)

    place = anew()
    steps = ended(place, after=0)
    wanted = state(place)
    assert steps > 200 and "figures/latest" in wanted and not list(place.rglob(".making-*"))
    moments = random.Random(7).sample(range(1, steps + 1), min(KILLS, steps))
    for moment in sorted(moments):
        place = anew()
        ended(place, moment)
        latest_is_whole(place)
        taken = [place / where / name for where in ("inbox", "raw") for name in ("a.txt", "a.toml")]
        assert {one.name: one.read_bytes() for one in taken if one.exists()} == whole
        monday(place)
        assert state(place) == wanted, f"killed at step {moment} of {steps}"


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True)
    if done.returncode:
        pytest.skip("a small disk takes the right to mount one, which this process has not")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def test_on_a_full_disk_latest_stays_and_the_next_run_makes_good(folder: Path, stub: Stub):
    figures = folder / "figures"
    refused = 0
    with mounted(figures, "size=1500k,nr_inodes=200"):
        runs(folder)
        for free in range(0, 160, 8):
            tables.write(tables_of(VALUES | {"云浮市": 30.0 + free}), folder / "processed")
            filler = figures / "filler"
            with contextlib.suppress(OSError), filler.open("wb") as stream:
                while True:
                    stream.write(bytes(4096))
                    stream.flush()
            os.truncate(filler, max(filler.stat().st_size - 1024 * free, 0))
            try:
                runs(folder, keep=1)
            except OSError as error:
                assert error.errno == 28 or "No space left" in str(error), error
                refused += 1
            latest_is_whole(folder)
            assert not list(figures.rglob(".making-*"))
            filler.unlink()
        assert refused > 5
        runs(folder, keep=1)
        assert "182.0" in (figures / "latest" / "2024" / "01_air" / "01_air.html").read_text()
    figures.rmdir()


def test_a_folder_that_cannot_be_written_is_said_and_left_alone(folder: Path, stub: Stub):
    figures = folder / "figures"
    with mounted(figures, "size=4m"):
        runs(folder)
        before = state(folder)
        subprocess.run(["mount", "-o", "remount,ro", figures], check=True)
        with pytest.raises(OSError, match="Read-only"):
            runs(folder, force=True)
        assert state(folder) == before


def _without_tables(place: Path) -> None:
    shutil.rmtree(place / "processed")


def _without_a_notebook(place: Path) -> None:
    (place / "notebooks" / "02_water.ipynb").unlink()


def _other_tables(place: Path) -> None:
    tables.write(tables_of(VALUES | {"云浮市": 31.0}), place / "processed")


@pytest.mark.parametrize("happens", [_without_tables, _without_a_notebook, _other_tables])
@pytest.mark.parametrize("moment", ["heal", "begin"])
def test_what_vanishes_or_changes_while_a_run_is_made(
    folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch, happens: Callable, moment: str
):
    runs(folder)
    tables.write(tables_of(VALUES | {"云浮市": 29.0}), folder / "processed")
    done = getattr(living, moment)
    monkeypatch.setattr(living, moment, lambda *given: (happens(folder), done(*given))[1])
    with contextlib.suppress(Exception):
        runs(folder)
    monkeypatch.setattr(living, moment, done)
    latest_is_whole(folder)
    assert not list(folder.rglob(".making-*"))
    tables.write(tables_of(VALUES | {"云浮市": 29.0}), folder / "processed")
    notebook(folder / "notebooks" / "02_water.ipynb", "of 02_water")
    monkeypatch.setattr(running, "executed", stub)
    assert all(result.ok for result in runs(folder))
    assert "29.0" in (folder / "figures" / "latest" / "2024" / "02_water" / "02_water.html").read_text()
