"""What a format reader hands over: the text before repair, and what the format knows beyond the text.

In: lines and tables in reading order, put in with `Writer`. Out: a `Document`. Offsets are code points of its text;
`carry` takes them over to the text that repair made of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ecoanalysis.reading.characters import narrow, simplify, whole
from ecoanalysis.reading.encoding import Decoded
from ecoanalysis.reading.grids import Grid
from ecoanalysis.reading.report import Address
from ecoanalysis.reading.table_headers import captions
from ecoanalysis.reading.table_sentences import sentences_of

_DASHES = re.compile(r"\s*:?-{2,}:?\s*")
_RULE = re.compile(r"^[ ]{0,3}\|(?:[ ]{0,9}:?-{2,}:?[ ]{0,9}\|)+[ ]*$", re.M)
_KEY = 8  # characters that must agree before two texts are taken to be in step again
_REACH = 5000
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text, its encoding, the places with bad bytes, and what the format says.

    `fields` are such as a sidecar sets (title, publisher, published); `headings` are (start, end, level); `notes` are a
    code, its severity and what to know about the file, after its name.
    """

    text: str
    encoding: str = ""
    bad: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    headings: tuple[tuple[int, int, int], ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()


def shortened(document: Document, most: int) -> Document:
    """Return a document of at most so many characters, cut between two lines where that is possible, with a note that says so."""
    if len(document.text) <= most:
        return document
    end = document.text.rfind("\n", most // 2, most) + 1 or most
    message = f"has {len(document.text):,} characters, of which the first {end:,} were read. Split it into its reports"
    return replace(
        document,
        text=document.text[:end],
        addresses=tuple(one for one in document.addresses if one.end <= end),
        headings=tuple(one for one in document.headings if one[1] <= end),
        notes=(*document.notes, ("too_long", "warning", message)),
    )


def text_document(decoded: Decoded) -> Document:
    """Return a text file's document. Its tables are those of Markdown, with a line of dashes under the header.

    >>> text_document(Decoded("|县区|优良率（%）|\\n|---|---|\\n|怀远县|80.1|", "utf-8", 0)).text
    '怀远县优良率80.1%。'
    """
    if not _RULE.search(decoded.text):
        return Document(decoded.text, decoded.encoding, decoded.bad)
    writer = Writer()
    barred: list[str] = []
    for line in [*decoded.text.split("\n"), ""]:
        if line.lstrip().startswith("|"):
            barred.append(line)
            continue
        if len(barred) > 1 and not _RULE.fullmatch(barred[0]):
            rows = [[cell.strip() for cell in one.strip().strip("|").split("|")] for one in barred]
            width = max(map(len, rows))
            kept = [row + [""] * (width - len(row)) for row in rows if not all(map(_DASHES.fullmatch, row))]
            writer.table(Grid(kept))
        else:  # a bar alone, and a rule whose header a page broke over lines
            for one in barred:
                writer.line(one)
        barred = []
        writer.line(line)
    return replace(writer.document(decoded.encoding), bad=decoded.bad)


class Writer:
    """Puts a document together, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0
        self._addresses: list[Address] = []
        self._headings: list[tuple[int, int, int]] = []
        self._tables = 0

    def line(self, text: str, page: int | None = None, level: int = 0) -> None:
        """Add a paragraph or, with a level from 1, a heading; a line without text is left out."""
        text = whole(text).strip()
        if not text:
            return
        if level:
            self._headings.append((self._length, self._length + len(text), level))
        self._add(text, page)

    def table(self, grid: Grid, pages: Sequence[int] = ()) -> None:
        """Add a table as sentences, `pages` the page of each row; the lines just before may hold its caption and unit."""
        self._tables += 1
        for row, text in sentences_of(grid, captions(self._lines[-2:])):
            self._add(whole(text), pages[row - 1] if pages else None, self._tables, row)

    def document(self, encoding: str, **known: Any) -> Document:
        """Return what was put in; `known` are fields of `Document`."""
        known |= {"addresses": tuple(self._addresses), "headings": tuple(self._headings)}
        return Document("\n".join(self._lines), encoding, **known)

    def _add(self, text: str, page: int | None, table: int | None = None, row: int | None = None) -> None:
        if page or table:
            add_address(self._addresses, Address(self._length, self._length + len(text), page, table, row))
        self._lines.append(text)
        self._length += len(text) + 1


def add_address(found: list[Address], one: Address) -> None:
    """Add the address of the next span of a text; spans of one page, table and row are one."""
    last = found[-1] if found else None
    if last and (last.page, last.table, last.row) == (one.page, one.table, one.row):
        found[-1] = replace(last, end=one.end)
    else:
        found.append(one)


def superscript(text: str, before: list[str]) -> str:
    """Return superscript digits as such after a digit (10⁴), and as plain ones elsewhere (m3).

    >>> superscript("4", ["排放10"]), superscript("3", ["35μg/m"])
    ('⁴', '3')
    """
    last = next((piece[-1] for piece in reversed(before) if piece), "")
    return text.translate(_SUPERSCRIPTS) if last.isdigit() else text


def carry(document: Document, text: str) -> tuple[tuple[Address, ...], tuple[tuple[int, int, int], ...]]:
    """Return the addresses and headings of a document at their places in the repaired text."""
    if not document.addresses and not document.headings:
        return (), ()
    spans = [(one.start, one.end) for one in document.addresses] + [(start, end) for start, end, _ in document.headings]
    place = _moved(document.text, text, sorted({place for span in spans for place in span}))
    addresses = (replace(one, start=place[one.start], end=place[one.end]) for one in document.addresses)
    headings = ((place[start], place[end], level) for start, end, level in document.headings)
    return tuple(one for one in addresses if one.start < one.end), tuple(one for one in headings if one[0] < one[1])


def _moved(old: str, new: str, places: list[int]) -> dict[int, int]:
    """Where each of some places (in order) of the old text stands in the new one.

    Repair drops characters, changes single ones and adds next to none: the texts are walked side by side, and where they
    part, the nearest place from which they agree again is taken.
    """
    old = narrow(simplify(old)[0])[0]
    found: dict[int, int] = {}
    here = there = 0
    for place in places:
        while here < place and there < len(new):
            if old[here] == new[there] or old[here + 1 : here + 4] == new[there + 1 : there + 4]:
                here, there = here + 1, there + 1
            else:
                here, there = _in_step(old, new, here, there)
        # What was dropped up to beyond the place: the place is where the text goes on.
        found[place] = min(there, len(new))
    return found


def _in_step(old: str, new: str, here: int, there: int) -> tuple[int, int]:
    for skipped in (0, 1):
        key = new[there + skipped : there + skipped + _KEY]
        again = old.find(key, here, here + _REACH) if key else -1
        if again >= 0:
            return again, there + skipped
    return here + 1, there + 1
