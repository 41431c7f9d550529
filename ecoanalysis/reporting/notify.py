"""Tell somebody that a run failed, by a command of theirs.

In: a command, such as `mail -s ecoanalysis me@example.org`. Out: the command run with what went wrong on its standard input. No shell
reads it, and nothing of a message ever becomes a word of it.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ecoanalysis.errors import RequestError

_SECONDS = 60


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
