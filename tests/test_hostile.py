"""What a report's text must not be able to do: make reading it cost more than in proportion to its length."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from ecoanalysis.extracting.facts import Source, read
from ecoanalysis.reading import read_text

RUNS = [
    "9",
    "(",
    "()",
    "、",
    "的",
    "，",
    "1、",
    "“",
    "X",
    "*",
    "2024年",
    "一",
    "优良率99%、",
    "PM2.5",
    " ",
    "《",
    "一、",
    "全省第一",
    "1.",
    " 1",
    "度 ",
    "(",
    "排前3名",
    "从好到差依次为甲县、",
    "前两三名是甲市、乙市、",
    "Ⅱ类断面是：甲桥、",
]


def calls(work: Callable[[], object]) -> int:
    """Count the Python lines that some work runs: the same on any machine, however busy."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Callable:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_a_run_costs_in_proportion(run: str) -> None:
    """Four times the run takes at most five times the work."""
    short, long = (run * (size // len(run)) for size in (2_000, 8_000))
    read(Source(read_text(short, "hostile")))  # load the knowledge first
    once = calls(lambda: read(Source(read_text(short, "hostile"))))
    assert calls(lambda: read(Source(read_text(long, "hostile")))) <= 5 * once + 2_000


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_a_million_characters_are_read(run: str) -> None:
    """No expression backtracks badly: this would not end."""
    report = read_text(run * (200_000 // len(run)), "hostile")
    assert len(report.text) <= 200_000
    Source(report)
