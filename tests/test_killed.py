"""Real runs that are killed while workers read and notebooks are executed: nothing of them goes on, and the next makes good."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stub import notebook

from ecoanalysis.reporting import record
from ecoanalysis.reporting import runs as living

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="only Linux tells which processes are in a folder, and ends them"
    ),
]
TEXT = "{city}生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度{value}微克/立方米。\n"
CITIES = {
    "ganzhou": "赣州市",
    "yunfu": "云浮市",
    "foshan": "佛山市",
    "shaoguan": "韶关市",
    "haikou": "海口市",
    "xinyang": "信阳市",
}
# Whoever comes to a pipe that is there says so, and comes no further.
HOLD = """import os, signal
def hold(pipe):
    if os.path.exists(pipe):
        with open(pipe, "w") as said:
            said.write("here")
        while True:
            signal.pause()
"""
RUN = f"""{HOLD}
from ecoanalysis import cli, extracting
from ecoanalysis.tables import batches
batches._STALE = 0  # a worker may be killed while it writes a part: an hour later its draft is cleared away
read = extracting.tables
def held(report, *told):
    if report.report == "yunfu":
        hold("reading")
    return read(report, *told)
extracting.tables = held
cli.main(["report", "--year", "2024"])
"""
CODE = f"""{HOLD}
hold("../running")
from ecoanalysis import tables
print(sorted(tables.load().facts["value"]))
"""


def write_reports(place: Path, least: int) -> None:
    for number, (name, city) in enumerate(CITIES.items()):
        text = TEXT.format(city=city, value=least + number)
        (place / "data" / "raw" / f"{name}.txt").write_text(text, encoding="utf-8")


def processes(place: Path) -> set[int]:
    """Return the processes that run in a folder."""
    found = set()
    for one in Path("/proc").glob("[0-9]*"):
        try:
            if (one / "cwd").resolve(strict=True).is_relative_to(place):
                found.add(int(one.name))
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def ends(process: int) -> bool:
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 30)[0])
    finally:
        os.close(handle)


def start(place: Path) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ECOANALYSIS_")}
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "start_new_session": True}
    return subprocess.Popen([sys.executable, "-c", RUN], cwd=place, env=environment, **told)


def whole(place: Path) -> str:
    """Return the name of the run that `latest` is, which must be whole."""
    latest = place / "figures" / "latest"
    told = record.read(latest)
    assert told and told.whole and (latest / "index.html").is_file()
    assert told.pages and all(living.intact(latest, page) for page in told.pages)
    return told.run


def values(place: Path) -> str:
    executed = json.loads((place / "figures" / "latest" / "2024" / "small" / "small.ipynb").read_text("utf-8"))
    return "".join(executed["cells"][-1]["outputs"][0]["text"])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A project with six reports, a small notebook and one run; since that the reports have changed."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    write_reports(tmp_path, 20)
    notebook(tmp_path / "notebooks" / "small.ipynb", CODE)
    first = start(tmp_path)
    assert first.wait() == 0, first.stderr.read()
    write_reports(tmp_path, 40)
    yield tmp_path
    for process in processes(tmp_path):
        os.kill(process, signal.SIGKILL)


def test_a_run_that_is_killed_leaves_no_process_and_the_next_makes_good(place: Path):
    before = whole(place)
    for moment in ("reading", "running"):
        os.mkfifo(place / moment)
        for kill in (os.kill, os.killpg):
            pipe = os.open(place / moment, os.O_RDONLY | os.O_NONBLOCK)
            run = start(place)
            reached = select.select([pipe, run.stderr], [], [], 120)[0]
            assert reached == [pipe], run.stderr.read()
            several = processes(place)
            assert len(several) > 1
            kill(run.pid, signal.SIGKILL)
            run.wait()
            os.close(pipe)
            assert {one for one in several if not ends(one)} == set(), f"{kill.__name__} while {moment}"
            assert whole(place) == before
        os.remove(place / moment)
    assert values(place) == f"{[20.0 + number for number in range(len(CITIES))]}\n"
    last = start(place)
    assert last.wait() == 0, last.stderr.read()
    assert whole(place) > before
    assert values(place) == f"{[40.0 + number for number in range(len(CITIES))]}\n"
    left = [one.name for one in place.rglob(".*") if one.name not in (".lock", ".parts")]
    assert left == [] and processes(place) == set()
