"""What an Excel workbook would take, found out before a library opens it: one that would fill the memory is refused.

In: the path of an .xlsx. Out: the bytes of its largest sheet, or a `ReadingError` format, damaged or too_large.

The library keeps a sheet as a full rectangle and copies a shared text for each cell that refers to it, so that two cells far
apart, or one long text and many cells, take gigabytes from a file of kilobytes; where memory ends, so does the process. So
each part is followed tag by tag, as the library will read it: what directories and `dimension` claim counts for nothing.
Where the two might read differently, the larger is taken, or the file is refused. Texts are counted in bytes.
"""

import lzma
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.file_kinds import RATIO, open_archive

UNPACKED = 500_000_000  # bytes of the parts, which are held in memory
MOST_CELLS = 2_000_000  # of a sheet, from A1 to the last row and column
MOST_TEXTS = 2_000_000  # shared texts
MOST_REFERRED = 250_000_000  # bytes of the shared texts that cells refer to, each time counted
MOST_TAGS = 10_000_000  # of all parts
_TAG = 4_000_000  # bytes of a tag or a comment
_CHUNK = 1 << 20
_CELL = re.compile(r"([A-Za-z]{1,3})0{0,9}([1-9][0-9]{0,6})")
_ROW = re.compile(r"0{0,9}([1-9][0-9]{0,6})")
# The parser takes each byte for a letter, for a part that is no good UTF-8 may be read too; controls are blanks to it.
_BLANKS = bytes(32 if byte < 32 and byte not in b"\t\n\r" else byte for byte in range(256))
_UTF8, _UTF16 = b"\xef\xbb\xbf", (b"\xfe\xff", b"\xff\xfe")
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, RuntimeError, EOFError, NotImplementedError)


def check_workbook(path: Path) -> int:
    """Return the bytes of a workbook's largest sheet; ReadingError format, damaged or too_large.

    Each part is unpacked to its end, for the directory of an archive may lie.
    """
    with open_archive(path) as archive:
        infos = archive.infolist()
        if "xl/workbook.xml" not in {info.filename for info in infos}:
            raise ReadingError("format", "is no Excel workbook (.xlsx). Save it as one.")
        size, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
        if size > UNPACKED or size > max(1_000_000, RATIO * packed):
            bounds = f"at most {UNPACKED:,} are read, and no more than {RATIO} times the packed size"
            raise _too_large(f"unpacks to {size:,} bytes; {bounds}")
        if sum(map(_holds_texts, infos)) > 1:
            raise _damaged("two parts hold the shared texts")
        totals = _Totals()
        try:
            sheets = [_read_part(archive, info, totals) for info in sorted(infos, key=_holds_texts, reverse=True)]
        except _DAMAGE as error:
            raise _damaged(str(error)[:120]) from None
    return max(sheets)


def _too_large(what: str) -> ReadingError:
    return ReadingError("too_large", f"{what}. Save it as CSV or divide it.")


def _damaged(what: str) -> ReadingError:
    return ReadingError("damaged", f"is damaged ({what}). Fetch it again.")


def _holds_texts(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith("sharedstrings.xml")


def _read_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, totals: "_Totals") -> int:
    """Follow a part to its end; return its bytes if it is a sheet, else 0.

    Pictures and the like are no XML, and nothing is looked for in them but what would make a lenient reader find a sheet.
    """
    part, is_xml, sheet, tail = _Part(totals, _holds_texts(info)), True, False, b""
    with archive.open(info) as stream:
        for chunk in _chunks(stream):
            sheet = sheet or b"sheetData" in tail + chunk
            tail = chunk[-20:]
            is_xml = is_xml and part.feed(chunk)
    is_xml = is_xml and part.end()
    if not is_xml and (sheet or _holds_texts(info)):
        raise _damaged(f"{info.filename[:80]} is no XML")
    return info.file_size if sheet else 0


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    first = True
    while chunk := stream.read(_CHUNK):
        yield chunk.removeprefix(_UTF8) if first else chunk
        first = False


@dataclass(slots=True)
class _Totals:
    """What was counted in all parts: tags, the bytes of each shared text, and those that cells refer to."""

    tags: int = 0
    texts: array = field(default_factory=lambda: array("L"))
    longest: int = 0
    referred: int = 0

    def refer(self, pieces: list[str]) -> None:
        """Count the text that a cell's value refers to; where it is not sure which that will be, the longest."""
        number = int(pieces[0]) if len(pieces) == 1 and pieces[0].isdecimal() and len(pieces[0]) < 10 else -1
        self.referred += self.texts[number] if 0 <= number < len(self.texts) else self.longest
        if self.referred > MOST_REFERRED:
            raise _too_large(f"has cells whose texts are over {MOST_REFERRED:,} bytes, as they repeat long ones")


class _Odd(Exception):
    """What no program writes, and what another parser may take for something else."""


class _Part:
    """Follows the tags of one part. Cells, rows and texts without a place have the one after the last, as in the library."""

    def __init__(self, totals: _Totals, holds_texts: bool) -> None:
        self._totals, self._holds_texts = totals, holds_texts
        self._parser = expat.ParserCreate("ISO-8859-1")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._declare
        self._fed = 0
        self._in_sheet = self._in_cell = False
        self._row = self._column = 0  # of the next cell
        self._here = (0, 0)
        self._kind = ""
        self._rows = self._columns = self._cells = 0
        self._pieces: list[str] = []

    def feed(self, chunk: bytes) -> bool:
        """Follow some more; return whether it is XML still."""
        if not self._fed and chunk.startswith(_UTF16):
            return False
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk.translate(_BLANKS))
        except (expat.ExpatError, _Odd):
            return False
        # A tag that goes on is looked at from its beginning with every chunk.
        return self._fed - self._parser.CurrentByteIndex <= _TAG

    def end(self) -> bool:
        """Return whether the part was XML to its end."""
        try:
            self._parser.Parse(b"", True)
        except (expat.ExpatError, _Odd):
            return False
        return True

    def _declare(self, *_: object) -> None:
        raise _Odd

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._totals.tags += 1
        if self._totals.tags > MOST_TAGS:
            raise _too_large(f"holds over {MOST_TAGS:,} tags")
        tag = name.rpartition(":")[2]
        if self._holds_texts:
            self._start_text(tag, attributes)
        if tag == "sheetData":
            self._in_sheet = True
        elif self._in_sheet:
            self._start_in_sheet(tag, attributes)

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sst":  # room is made for as many as this claims
            count = re.sub(r"\D", "", attributes.get("uniqueCount", ""))
            if len(count) > 9 or int(count or 0) > MOST_TEXTS:
                raise _too_large(f"claims to hold over {MOST_TEXTS:,} texts")
        elif tag == "si":
            self._listen()

    def _start_in_sheet(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("v", "is"):
            if self._in_cell:
                self._place()
            if tag == "v" and self._kind == "s":
                self._listen()
        elif tag == "c":
            if self._in_cell:
                raise _Odd
            self._in_cell, self._kind = True, attributes.get("t", "")
            self._here = _place_of(attributes["r"]) if "r" in attributes else (self._row, self._column)
            self._column = self._here[1] + 1
        elif tag == "row":
            if self._in_cell:
                raise _Odd
            if "r" in attributes:
                self._row = _number(_ROW.fullmatch(attributes["r"]), 1) - 1

    def _listen(self) -> None:
        self._pieces = []
        self._parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._in_cell = False
        elif tag == "v" and self._in_sheet:
            if self._kind == "s":
                self._totals.refer(self._pieces)
            self._parser.CharacterDataHandler = None
        elif tag == "row":
            self._row, self._column = self._row + 1, 0
        elif tag == "si" and self._holds_texts:
            self._parser.CharacterDataHandler = None
            self._keep(sum(map(len, self._pieces)))

    def _keep(self, size: int) -> None:
        self._totals.texts.append(size)
        self._totals.longest = max(self._totals.longest, size)
        if len(self._totals.texts) > MOST_TEXTS:
            raise _too_large(f"holds over {MOST_TEXTS:,} texts")

    def _place(self) -> None:
        """Count a cell with a value, and how far the sheet reaches with it."""
        row, column = self._here
        self._cells += 1
        if row < self._rows and column < self._columns and self._cells <= MOST_CELLS:
            return
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
        if max(self._rows * self._columns, self._cells) > MOST_CELLS:
            raise _too_large(
                f"has a sheet of {self._rows:,} rows and {self._columns:,} columns, as far as its cells lie apart; at most "
                f"{MOST_CELLS:,} cells are read. Clear those that lie far off"
            )


def _place_of(reference: str) -> tuple[int, int]:
    """Return row and column, counted from 0.

    >>> _place_of("XFD1048576")
    (1048575, 16383)
    """
    found = _CELL.fullmatch(reference)
    row, column = _number(found, 2), 0
    for letter in found[1].upper() if found else "":
        column = 26 * column + ord(letter) - 64
    return row - 1, column - 1


def _number(found: re.Match[str] | None, group: int) -> int:
    if found is None:
        raise _Odd
    return int(found[group])
