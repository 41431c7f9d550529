"""What a worker may use of the machine: memory in all, and processor time for one report.

In: a process that reads strangers' files. Out: the same process, bounded by the system: what it wants beyond fails with
`MemoryError`, and a report on which it computes too long ends it with the signal SIGPROF. Counted is the time that it
computes, not the time that passes, so that a busy machine loses no report. Where the system knows no such bound (memory on
anything but Linux, both on Windows) none is set.
"""

import signal
import sys
from pathlib import Path

MEMORY = 1_000_000_000  # bytes that a worker may hold
SECONDS = 10.0  # of the processor, for one report
SPENT = getattr(signal, "SIGPROF", None)


def bound_memory() -> None:
    """Let this process hold `MEMORY` bytes; one that was forked from a large one, at least half as much of its own.

    Limited are data that can be written: code, fonts and what is mapped from files count for nothing.
    """
    if sys.platform != "linux":
        return
    import resource

    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    held = {words[0]: 1024 * int(words[1]) for words in lines if words[0] in ("VmData:", "VmRSS:")}
    most = held["VmData:"] + max(MEMORY - held["VmRSS:"], MEMORY // 2)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what dies leaves no image of its memory


def bound_time(seconds: float = SECONDS) -> None:
    """Give this process so many seconds of the processor, counted from now; with 0, as many as it wants."""
    if SPENT is not None:
        signal.signal(SPENT, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
