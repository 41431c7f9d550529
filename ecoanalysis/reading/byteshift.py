"""placeholder"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    start: int
    end: int


def mend(text):
    return text, 0
