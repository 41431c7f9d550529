"""Read the text layer of a PDF: page by page, paragraphs put together, tables where lines are drawn around them.

In: bytes. Out: a `Document` with the page of every line. Running heads, page numbers and slanted watermarks are left
out; pictures of text are not recognised, and said to be there. Lengths are points (1/72 inch).
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from statistics import median
from typing import Any

import pylopdf_fonts_zh_cn
import pypdfium2
from pypdfium2 import PdfSysfontBase, raw

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.document import Document, Writer
from ecoanalysis.reading.grids import Grid
from ecoanalysis.reading.line_breaks import glue
from ecoanalysis.reading.pdf_page import Char, Ruled, chars_of, has_picture, rules_of, tables

MOST_PAGES = 1000
MOST_CHARS = 5_000_000
_PAGE_NUMBER = re.compile(
    r"[-—–－·•.\s]*(?:第?\s*\d{1,4}\s*页?|[ivxIVX]{1,5})(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[-—–－·•.\s]*"
)
_MARGIN = 0.12  # of the page's height, at the top and at the bottom, where running heads and page numbers stand
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f]")
_CHINESE = {raw.FXFONT_GB2312_CHARSET, raw.FXFONT_CHINESEBIG5_CHARSET}
_LENT = 0x5A48  # a handle of ours, which PDFium only hands back
_WHOLE = 0  # the table that stands for the whole file
_ENDED = re.compile("[。！？；：!?;:][”’）)』」》]*$")


@dataclass(slots=True)
class _Line:
    """Characters side by side, in the order of the page's content."""

    chars: list[Char]
    size: float  # of the largest
    page: int

    @property
    def text(self) -> str:
        gaps = [char.left - before.right for before, char in pairwise(self.chars)]
        usual = max(0.0, median(gaps)) if gaps else 0.0  # set wide, a line has gaps inside its words
        pieces = [self.chars[0].text]
        for gap, (before, char) in zip(gaps, pairwise(self.chars), strict=True):
            wide = gap - usual > (0.25 if before.text.isascii() and char.text.isascii() else 0.8) * char.size
            pieces.append(" " + char.text if wide and " " not in (before.text, char.text) else char.text)
        return "".join(pieces).strip()

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return self.chars[-1].right

    @property
    def middle(self) -> float:
        return max(self.chars, key=lambda char: char.size).middle


@dataclass(slots=True)
class _Page:
    """What is on a page, in reading order."""

    number: int
    height: float
    parts: list[_Line | Ruled] = field(default_factory=list)

    @property
    def lines(self) -> list[_Line]:
        return [part for part in self.parts if isinstance(part, _Line)]


@dataclass(slots=True)
class _Table:
    """A table, its upright lines, and the page of each row."""

    grid: Grid
    lefts: list[float]
    pages: list[int]

    def goes_on(self, part: Ruled, page: int) -> bool:
        """Take the part on the next page, if it is one, without a header that is said again."""
        alike = len(self.lefts) == len(part.lefts) and all(
            abs(a - b) < 6 for a, b in zip(self.lefts, part.lefts, strict=True)
        )
        if self.pages[-1] != page - 1 or not alike:
            return False
        old, more = self.grid.cells, part.grid()
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, more.cells, strict=False)))
        self.pages += [page] * (len(more.cells) - same)
        repeated = {(row - same + len(old), column) for row, column in more.repeated if row >= same}
        self.grid = Grid(old + more.cells[same:], self.grid.repeated | repeated)
        return True


def read_pdf(data: bytes) -> Document:
    """Read a PDF; ReadingError encrypted, damaged, scan or garbled."""
    if (
        PdfSysfontBase.SINGLETON is None
    ):  # lent for as long as Python runs; what somebody else has set up is left as it is
        _WithChinese().setup()
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise ReadingError("encrypted", "is encrypted. Save it without a password.") from None
        raise ReadingError("damaged", f"is a damaged PDF ({error}). Fetch it again.") from None
    try:
        pages, pictures = _pages(pdf)
        count = len(pdf)
    finally:
        pdf.close()
    text = "".join(char.text for page in pages for line in page.lines for char in line.chars)
    if not any(page.parts for page in pages):
        message = "holds pictures of pages and no text. Have its text recognised (OCR), and save that."
        raise ReadingError("scan", message)
    if len(_UNREADABLE.findall(text)) * 3 > len(text):
        raise ReadingError("garbled", "does not say which characters its fonts show. Save it from its source again.")
    _drop_furniture(pages)
    return replace(_written(pages).document("pdf"), notes=tuple(_notes(pictures, len(pages), count)))


def _pages(pdf: pypdfium2.PdfDocument) -> tuple[list[_Page], list[int]]:
    """The pages, and the numbers of those that are pictures without text."""
    pages: list[_Page] = []
    pictures: list[int] = []
    length = 0
    for number in range(min(len(pdf), MOST_PAGES)):
        try:
            page = pdf[number]
        except pypdfium2.PdfiumError:
            pages.append(_Page(number + 1, 0))
            continue
        chars = list(chars_of(page))
        length += len(chars)
        if length > MOST_CHARS:
            break
        if len(chars) < 10 and has_picture(page):
            pictures.append(number + 1)
        pages.append(_Page(number + 1, page.get_height(), _parts(chars, tables(rules_of(page)), number + 1)))
        page.close()
    return pages, pictures


def _notes(pictures: list[int], read: int, count: int) -> Iterator[tuple[str, str, str]]:
    if pictures:
        shown = ", ".join(map(str, pictures[:10])) + (" and more" if len(pictures) > 10 else "")
        yield "scan_pages", "warning", f"has pages that are pictures without text, whose figures are not read: {shown}"
    if read < count:
        message = f"has {count:,} pages, of which the first {read:,} were read. Split it into its reports"
        yield "too_long", "warning", message


def _parts(chars: Sequence[Char], ruled: list[Ruled], page: int) -> list[_Line | Ruled]:
    """Lines and tables, each where its first character stands in the content."""
    parts: list[_Line | Ruled] = []
    for char in chars:
        if table := next((table for table in ruled if table.take(char)), None):
            if table.count == 1:
                parts.append(table)
            continue
        last = parts[-1] if parts else None
        if isinstance(last, _Line) and _goes_on(last.chars[-1], last.size, char):
            last.chars.append(char)
            last.size = max(last.size, char.size)
        else:
            parts.append(_Line([char], char.size, page))
    return [part for part in parts if isinstance(part, Ruled) or part.text]


def _goes_on(before: Char, size: float, char: Char) -> bool:
    """Whether a character stands in the same line as the one before it; a lowered figure (PM2.5) does."""
    return abs(char.middle - before.middle) < 0.6 * max(size, char.size) and char.left > before.left - 0.5 * size


def _drop_furniture(pages: list[_Page]) -> None:
    """Drop page numbers, and lines that stand at the head or foot of most pages."""
    edges = [
        [line for line in page.lines if not _MARGIN * page.height < line.middle < (1 - _MARGIN) * page.height]
        for page in pages
    ]
    often = Counter(text for lines in edges for text in {_alike(line.text) for line in lines})
    least = max(3, len(pages) // 2) if len(pages) > 2 else 2
    for page, lines in zip(pages, edges, strict=True):
        running = (line for line in lines if often[_alike(line.text)] >= least and not _ENDED.search(line.text))
        dropped = {*map(id, running), *(id(line) for line in lines if _PAGE_NUMBER.fullmatch(line.text))}
        page.parts = [part for part in page.parts if id(part) not in dropped]


def _alike(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _written(pages: list[_Page]) -> Writer:
    """Write paragraphs and tables; what goes on over pages is one."""
    found: list[list[_Line] | _Table] = []
    for page in pages:
        margins = _margins(page.lines)
        for number, part in enumerate(page.parts):
            last = found[-1] if found else None
            if isinstance(part, Ruled):
                if not (isinstance(last, _Table) and number == 0 and last.goes_on(part, page.number)):
                    grid = part.grid()
                    found.append(_Table(grid, part.lefts, [page.number] * len(grid.cells)))
            elif isinstance(last, list) and _wraps(last[-1], part, margins):
                last.append(part)
            else:
                found.append([part])
    writer = Writer()
    for block in found:
        if isinstance(block, _Table):
            writer.table(block.grid, block.pages)
        else:
            text = ""
            for line in block:
                text += glue(text, line.text) + line.text
            writer.line(text, page=block[0].page)
    return writer


def _margins(lines: list[_Line]) -> tuple[float, float]:
    """Where the lines of a page's text begin and end."""
    long = [line for line in lines if len(line.chars) >= 10] or lines
    if not long:
        return 0.0, 0.0
    return min(line.left for line in long), sorted(line.right for line in long)[-1 - len(long) // 20]


def _wraps(before: _Line, line: _Line, margins: tuple[float, float]) -> bool:
    """Whether a line goes on the paragraph of the one before: that one is full, this one is not indented."""
    left, right = margins
    full = before.right > right - 1.6 * before.size and before.left < right - 10 * before.size
    return full and line.left < left + 0.9 * line.size and abs(line.size - before.size) < 0.2 * before.size


class _WithChinese(PdfSysfontBase):
    """The machine's fonts, and Noto Sans SC where a Chinese font is wanted that they lack.

    Many PDFs name a Chinese font and do not hold it. Where the machine has none either, PDFium takes every glyph to be
    empty, and a text of one character (a cell with a 3 in it) is lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self._data = pylopdf_fonts_zh_cn.sans_path().read_bytes()

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:
        found = super().MapFont(_, weight, italic, charset, pitch, face, exact)
        return _LENT if not found and charset in _CHINESE else found

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != _LENT:
            return super().GetFontData(_, font, table, buffer, size)
        if table != _WHOLE:
            return 0
        if buffer and size >= len(self._data):
            ctypes.memmove(buffer, self._data, len(self._data))
        return len(self._data)

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:
        return 0 if font == _LENT else super().GetFaceName(_, font, buffer, size)

    def GetFontCharset(self, _: Any, font: int) -> int:
        return raw.FXFONT_GB2312_CHARSET if font == _LENT else super().GetFontCharset(_, font)

    def DeleteFont(self, _: Any, font: int) -> None:
        if font != _LENT:
            super().DeleteFont(_, font)
