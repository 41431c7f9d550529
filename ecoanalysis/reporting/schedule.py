"""Run the report with nobody watching: lines for cron, units for systemd, or a process that waits; and tell of a failure.

In: five fields as cron has them, such as `0 7 * * 1`, and arguments of `ecoanalysis report`. Out: text that starts the report of this
very checkout and installation, or a scheduler. Where a day of the month and a weekday are both given, cron takes either and
others take both, so that is refused. A failure is told by a command of the user's, such as `mail -s ecoanalysis me@example.org`,
with what went wrong on its standard input: no shell reads it, and nothing of a message ever becomes a word of it.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ecoanalysis import paths
from ecoanalysis.errors import RequestError

if TYPE_CHECKING:
    from apscheduler.schedulers.blocking import BlockingScheduler

MONDAY = "0 7 * * 1"
_FIELDS = ("minute", "hour", "day of the month", "month", "weekday")
_MOST = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SECONDS = 60  # that a command which tells of a failure may take
_PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")


def command(arguments: Sequence[str] = ()) -> list[str]:
    """Return the words that start the report of this installation."""
    return [str(Path(sys.executable).with_name("ecoanalysis")), "report", *arguments]


def cron(when: str = MONDAY, arguments: Sequence[str] = ()) -> str:
    """Return the line for `crontab -e` that makes the report of this project; what it said last is kept in figures."""
    fields(when)
    said = shlex.quote(str(paths.figures().absolute() / "last-run.txt"))
    line = f"cd {shlex.quote(str(paths.project()))} && {shlex.join(command(arguments))} > {said} 2>&1"
    if "\n" in line:
        raise RequestError(
            "cron has one line for a command, and a folder or argument here has a line break in its name"
        )
    return f"{when} {line.replace('%', chr(92) + '%')}\n"  # cron takes a bare % for a line break


def systemd(when: str = MONDAY, arguments: Sequence[str] = ()) -> dict[str, str]:
    """Return the text of a service and of its timer, by the names that they are to be saved under."""
    words = " ".join(_quoted(word) for word in command(arguments))
    folder = str(paths.project()).replace("%", "%%")
    service = f"[Unit]\nDescription=Work reports compared\n\n[Service]\nType=oneshot\nWorkingDirectory={folder}\nExecStart={words}\n"
    timer = (
        f"[Unit]\nDescription=Work reports compared, on schedule\n\n[Timer]\nOnCalendar={calendar(when)}\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return {"ecoanalysis.service": service, "ecoanalysis.timer": timer}


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$").replace("\n", "\\n")
    return f'"{escaped}"'


def calendar(when: str) -> str:
    """Return a schedule as systemd writes it.

    >>> calendar("0 7 * * 1"), calendar("*/15 8-18 * * 1-5"), calendar("30 6 1,15 * *")
    ('Mon *-*-* 7:0:00', 'Mon,Tue,Wed,Thu,Fri *-*-* 8..18:0/15:00', '*-*-1,15 6:30:00')
    """
    minute, hour, day, month, weekday = fields(when)
    days = "" if weekday == "*" else f"{_weekdays(weekday)} "
    minute, hour, day, month = (
        re.sub(r"\*/(\d+)", rf"{low}/\1", text).replace("-", "..")
        for text, (low, _) in zip((minute, hour, day, month), _MOST, strict=False)
    )
    return f"{days}*-{month}-{day} {hour}:{minute}:00"


def _weekdays(text: str) -> str:
    """Return weekdays by name: a number means another day to cron than to other schedulers."""
    found: list[str] = []
    for part in text.split(","):
        low, high, step = _PART.fullmatch(part).groups()  # type: ignore[union-attr]
        days = range(int(low or 0), int(high or low or 6) + 1, int(step or 1))
        found += [_DAYS[day] for day in days]
    return ",".join(dict.fromkeys(found))


def fields(when: str) -> list[str]:
    """Return the five fields of a schedule, numbers only; anything else raises `RequestError`.

    >>> fields("0 7 * *")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: '0 7 * *' has 4 fields, and cron has 5: minute, hour, day of the month, month, \
weekday, as in '0 7 * * 1' for Mondays at 7
    """
    parts = when.split()
    if len(parts) != len(_FIELDS):
        told = f"{when!r} has {len(parts)} fields, and cron has {len(_FIELDS)}: {', '.join(_FIELDS)}"
        raise RequestError(f"{told}, as in {MONDAY!r} for Mondays at 7")
    for name, text, (least, most) in zip(_FIELDS, parts, _MOST, strict=True):
        for part in text.split(","):
            read = _PART.fullmatch(part)
            numbers = [int(number) for number in read.groups()[:2] if number] if read else []
            if (
                not read
                or numbers != sorted(numbers)
                or any(not least <= one <= most for one in numbers)
                or read[3] == "0"
            ):
                raise RequestError(f"{part!r} is no {name}: write numbers from {least} to {most}, as in {MONDAY!r}")
    if parts[2] != "*" and parts[4] != "*":
        raise RequestError(f"{when!r} names a day of the month and a weekday; leave one of them as *")
    return parts


def scheduler(when: str = MONDAY, arguments: Sequence[str] = ()) -> "BlockingScheduler":
    """Return a scheduler of APScheduler that makes the report, each time in a process of its own; `start()` it.

    One that was missed while the machine slept is made up for once; one that still goes on is not begun again.
    """
    try:
        from apscheduler.schedulers.blocking import BlockingScheduler
        from apscheduler.triggers.cron import CronTrigger
    except ImportError:
        raise RequestError("`schedule run` needs APScheduler: pip install -e '.[schedule]'") from None
    minute, hour, day, month, weekday = fields(when)
    days = "*" if weekday == "*" else _weekdays(weekday).lower()
    trigger = CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=days)
    made = BlockingScheduler()
    made.add_job(report, trigger, [list(arguments)], misfire_grace_time=None, coalesce=True, max_instances=1)
    return made


def report(arguments: Sequence[str] = ()) -> int:
    """Make the report in a process of its own, in the folder of this project; return its exit status."""
    return subprocess.run(command(arguments), cwd=paths.project()).returncode


@contextmanager
def on_failure(command: str | None) -> Iterator[list[str]]:
    """Run `command` if the list that this gives has lines when the block ends, or the block raises; the list goes to its input.

    A command that does not exist raises `RequestError` before the block. One that fails, or takes over a minute, is said on
    standard error, which is all that comes of it.
    """
    try:
        words = shlex.split(command) if command is not None else []
    except ValueError as error:
        raise RequestError(f"--notify {command!r} is no command: {error}") from None
    if command is not None and (not words or shutil.which(words[0]) is None):
        raise RequestError(f"--notify: no command {(words or [command])[0]!r}; give one that can be run")
    amiss: list[str] = []
    try:
        yield amiss
    except Exception as error:
        amiss.append(str(error))
        raise
    finally:
        if amiss and words:
            _tell(words, "\n".join(amiss) + "\n")


def _tell(words: list[str], message: str) -> None:
    try:
        subprocess.run(words, input=message, encoding="utf-8", timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"--notify: {error}", file=sys.stderr)
