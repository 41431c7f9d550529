"""What reading a file gives: a Report, its sections, its sentences, and what was amiss.

Offsets are code points of `Report.text`, the repaired text that is kept.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Problem:
    """Something amiss in a report: a row of the table `problems`."""

    report: str
    code: str
    severity: str  # error, warning or note
    message: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a report below one heading. `level` 0 is what stands before the first heading."""

    section: int
    heading: str
    level: int
    start: int
    end: int
    domain: str
    planned: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the paragraph and the section it stands in, and whether it speaks of what is planned."""

    start: int
    end: int
    paragraph: int
    section: int
    planned: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read: its text and who it is by, of where, of when.

    `report` is the file's name without its ending. `period_start` and `period_end` bound what is reported on; an end of
    None is a period still running when the text was written (今年以来), both None is a period that nothing states.
    `city` is the full name of a prefecture-level place (云浮市), `district` that of a county or a development zone, and
    `adcode` the six-digit GB/T 2260 code of the finest of them that has one; empty strings where not known.
    """

    report: str
    path: str
    sha256: str
    text: str
    title: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    licence: str = ""
    city: str = ""
    adcode: str = ""
    province: str = ""
    district: str = ""
    year: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    genre: str = ""
    encoding: str = ""
    repairs: dict[str, int] = field(default_factory=dict)
    anonymous: bool = False
    sample: bool = False
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    problems: tuple[Problem, ...] = ()
