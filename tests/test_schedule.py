"""Schedules: what is printed runs when pasted, a Monday is a Monday, and somebody is told of a failure."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import schedule

ROOT = Path(__file__).parents[1]
BARE = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}


@pytest.fixture
def awkward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a folder whose name has all that shells, cron and systemd read otherwise."""
    top = tmp_path / 'It\'s 100% "mine" $HOME'
    for folder in ("data/raw", "notebooks", "figures"):
        (top / folder).mkdir(parents=True)
    for sample in sorted((ROOT / "data" / "raw").glob("yunfu-2024.*")):
        shutil.copy(sample, top / "data" / "raw")
    shutil.copy(ROOT / "notebooks" / "00_corpus.ipynb", top / "notebooks")
    monkeypatch.chdir(top)
    return top


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["schedule", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
def test_the_line_for_cron_runs_as_cron_runs_it(awkward: Path):
    line = printed("cron", "0 6 * * 1", "--samples", "--keep", "5")
    when, command = re.fullmatch(r"((?:\S+ ){5})(.*)\n", line).groups()
    assert when == "0 6 * * 1 "
    assert not re.search(r"(?<!\\)%", command), "cron takes a bare % for a line break"
    done = subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], env=BARE | {"HOME": "/"}, cwd="/")
    said = (awkward / "figures" / "last-run.txt").read_text(encoding="utf-8")
    assert done.returncode == 0, said
    assert (awkward / "figures" / "latest" / "index.html").is_file(), said


def as_systemd_reads(text: str) -> tuple[list[str], str]:
    """Return the words that a service starts and its folder: quotes and backslashes as in C, %% and $$ for one each."""
    service = re.search(r"ExecStart=(.*)\n", text)[1]
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(service)]
    return words, re.search(r"WorkingDirectory=(.*)\n", text)[1].replace("%%", "%")


@pytest.mark.slow
def test_the_service_for_systemd_runs_as_systemd_runs_it(awkward: Path):
    """No shell, hardly any environment, nothing on standard input, in the folder that it names."""
    words, place = as_systemd_reads(printed("systemd", "0 6 * * 1", "--samples", "--keep", "5"))
    told = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(words, env=BARE | {"HOME": "/", "LANG": "C"}, cwd=place, **told)
    assert done.returncode == 0, done.stdout
    assert (awkward / "figures" / "latest" / "index.html").is_file(), done.stdout


def test_the_units_for_systemd_start_this_installation_in_this_folder(awkward: Path):
    text = printed("systemd", "*/30 8-18 * * 1-5", "01_air", "-p", "language", 'e"n$%')
    words, place = as_systemd_reads(text)
    assert words == [*schedule.command(), "01_air", "-p", "language", 'e"n$%']
    assert os.access(words[0], os.X_OK) and Path(words[0]).parent == Path(sys.executable).parent
    assert place == str(awkward)
    assert "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 8..18:0/30:00\n" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_takes_the_units(awkward: Path, tmp_path: Path):
    for name, text in schedule.systemd("0 6 * * 1", ["--keep", "5"]).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [tmp_path / "ecoanalysis.service", tmp_path / "ecoanalysis.timer"]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True)
    assert not [line for line in done.stderr.splitlines() if "ecoanalysis" in line], done.stderr
    assert done.returncode == 0 or "ecoanalysis" not in done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
@pytest.mark.parametrize("when", ["0 7 * * 1", "*/15 8-18 * * 1-5", "30 6 1,15 * *", "0 0 * 1-6/2 *", "5 4 * * 0,7"])
def test_systemd_understands_every_schedule(when: str):
    done = subprocess.run(["systemd-analyze", "calendar", schedule.calendar(when)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("0 7 * *", "has 4 fields, and cron has 5"),
        ("61 7 * * 1", "'61' is no minute: write numbers from 0 to 59"),
        ("0 7 * * Mon", "'Mon' is no weekday"),
        ("0 7 * * 5-1", "'5-1' is no weekday"),
        ("*/0 7 * * 1", "'\\*/0' is no minute"),
        ("0 7 1 * 1", "names a day of the month and a weekday"),
        ("0 7 * * 1;rm", "is no weekday"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(when: str, message: str):
    for make in (schedule.cron, schedule.systemd, schedule.scheduler):
        with pytest.raises(RequestError, match=message):
            make(when)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("0 6 * * 1", "2025-01-20"),
        ("0 6 * * 0", "2025-01-19"),
        ("0 6 * * 7", "2025-01-19"),
        ("0 6 * * 6", "2025-01-25"),
    ],
)
def test_a_weekday_is_the_one_that_cron_means(when: str, day: str):
    (job,) = schedule.scheduler(when).get_jobs()
    zone = ZoneInfo("Asia/Shanghai")
    job.trigger.timezone = zone
    saturday = datetime(2025, 1, 18, 12, tzinfo=zone)
    assert job.trigger.get_next_fire_time(None, saturday) == datetime.fromisoformat(f"{day}T06:00").replace(tzinfo=zone)


def test_the_scheduler_makes_the_report_in_a_process_of_its_own(project: Path, monkeypatch: pytest.MonkeyPatch):
    from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED

    ended: list = []
    waiting = schedule.scheduler("0 6 * * 1", ["no_such_notebook"])
    (job,) = waiting.get_jobs()
    waiting.add_listener(
        lambda event: (ended.append(event), waiting.shutdown(wait=False)), EVENT_JOB_EXECUTED | EVENT_JOB_ERROR
    )
    waiting.modify_job(job.id, next_run_time=datetime.now(ZoneInfo("UTC")))
    waiting.start()
    assert ended[0].exception is None and ended[0].retval == 2, "the request was refused, and the scheduler went on"


def test_somebody_is_told_of_a_failure_and_no_shell_reads_it(tmp_path: Path):
    told, made = tmp_path / "told", tmp_path / "made"
    teller = tmp_path / "tell me.sh"
    teller.write_text(f'#!/bin/sh\necho "$@" > "{told}"; cat >> "{told}"\n')
    teller.chmod(0o755)
    with schedule.on_failure(f"'{teller}' -s $(touch {made})") as amiss:
        amiss.append(f"01_air: $(touch {made}); `touch {made}`")
    assert told.read_text() == f"-s $(touch {made})\n01_air: $(touch {made}); `touch {made}`\n" and not made.exists()


@pytest.mark.parametrize("fails", [True, False])
def test_a_refused_run_is_told_too_and_a_good_one_is_not(project: Path, tmp_path: Path, fails: bool):
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    told = tmp_path / "told"
    command = f"{shlex.quote(sys.executable)} -c 'import sys; open(sys.argv[1], \"w\").write(sys.stdin.read())' {told}"
    if not fails:
        with schedule.on_failure(command):
            pass
        assert not told.exists()
        return
    result = CliRunner().invoke(main, ["report", "--notify", command])
    assert result.exit_code == 2 and told.read_text() == result.stderr.removeprefix("Error: ")


def test_a_command_that_cannot_be_run_is_refused_before_anything_is_done(capfd: pytest.CaptureFixture[str]):
    for command in ("no-such-command-here", "'open", ""):
        with pytest.raises(RequestError, match="--notify"), schedule.on_failure(command or " "):
            raise AssertionError("the block ran")
    with schedule.on_failure("false") as amiss:
        amiss.append("something")
    assert "--notify: Command '['false']' returned non-zero exit status 1" in capfd.readouterr().err
