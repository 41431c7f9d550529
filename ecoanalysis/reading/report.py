"""What reading a file gives: a Report, its sections, its sentences, and what was amiss.

Offsets are code points of `Report.text`, the repaired text that is kept.
"""

from bisect import bisect_right
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
class Address:
    """Where a span of the text stands in the file: its page, or its table and row, each counted from 1.

    >>> print(Address(0, 9, page=3, table=2, row=5))
    page 3, table 2, row 5
    """

    start: int
    end: int
    page: int | None = None
    table: int | None = None
    row: int | None = None

    def __str__(self) -> str:
        named = (("page", self.page), ("table", self.table), ("row", self.row))
        return ", ".join(f"{name} {number}" for name, number in named if number)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read: its text and who it is by, of where, of when.

    `report` is the file's name without its ending. `period_start` and `period_end` bound what is reported on; an end of
    None is a period still running when the text was written (今年以来), both None is a period that nothing states.
    `city` is the full name of a prefecture-level place (云浮市), `district` that of a county or a development zone, and
    `adcode` the six-digit GB/T 2260 code of the finest of them that has one; empty strings where not known. `level` is
    nation, province, city or county (districts and zones too), also where the place itself is not named. `place_from` and
    `year_from` are where place and year were found (sidecar, title, publisher, heading, file, folder, body, dateline,
    signature, none), the confidences how sure that is; sure of none is an empty place that nothing speaks for.
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
    level: str = ""
    place_from: str = "none"
    place_confidence: float = 0.0
    year: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    year_from: str = "none"
    year_confidence: float = 0.0
    genre: str = ""
    encoding: str = ""
    repairs: dict[str, int] = field(default_factory=dict)
    anonymous: bool = False
    sample: bool = False
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    problems: tuple[Problem, ...] = ()
    addresses: tuple[Address, ...] = ()

    def address(self, start: int) -> str:
        """Say where in the file a place of the text stands, as "page 3, table 2, row 5".

        Only PDF files have pages, and only tables have rows; the rest of a text has the empty address.

        >>> Report("a", "", "", "一、二", addresses=(Address(2, 3, page=4),)).address(2)
        'page 4'
        """
        before = bisect_right(self.addresses, start, key=lambda address: address.start)
        address = self.addresses[before - 1] if before else None
        return str(address) if address and start < address.end else ""
