"""Read a Word file (.docx): paragraphs in order, headings by their style, numbers of lists, tables in place.

In: bytes. Out: a `Document`. Read straight from the parts of the package that hold text, each within bounds: pictures
and embedded files are never unpacked, deleted and hidden text is left out, entities are refused and nothing outside the
file is looked at.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.document import Document, Writer
from ecoanalysis.reading.numbering import Numbering
from ecoanalysis.reading.package import member, opened
from ecoanalysis.reading.superscripts import raised
from ecoanalysis.reading.table_sentences import MOST_CELLS, Grid

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OFFICE = "/officeDocument"
LARGEST_PART = 30_000_000
_WIDEST = 500  # columns that a cell may claim
# Deleted and moved text, the pinyin over characters, and what older programs show instead of a drawing.
_LEFT_OUT = {W + "del", W + "moveFrom", W + "rt", _FALLBACK, W + "pPr", W + "rPr"}
_BLANKS = {W + "tab": " ", W + "ptab": " ", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_HEADING = re.compile(r"(?:heading|标题) ?(\d)|(title|标题)", re.I)


def read_word(data: bytes) -> Document:
    """Read a .docx; ReadingError encrypted, damaged, too_large or entities."""
    with opened(data) as archive:
        parts = _Parts(archive)
        styles, numbering = _Styles(parts.tree("styles.xml")), Numbering(parts.tree("numbering.xml"))
        writer = Writer()
        for name in (parts.main, parts.beside("footnotes.xml"), parts.beside("endnotes.xml")):
            if name in archive.namelist():
                _Body(writer, styles, numbering).read(parts.stream(name))
    return writer.document("docx")


class _Parts:
    """The parts of a package that hold text."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self.main = "word/document.xml"
        if "_rels/.rels" in self._names:
            for relation in _parsed(self._bytes("_rels/.rels")).iter("{*}Relationship"):
                if relation.get("Type", "").endswith(_OFFICE) and relation.get("TargetMode") != "External":
                    self.main = relation.get("Target", "").lstrip("/")
        if self.main not in self._names:
            raise ReadingError("damaged", "is no whole Word file: its text is missing. Save it again as .docx.")

    def beside(self, name: str) -> str:
        return f"{self.main.rpartition('/')[0]}/{name}".lstrip("/")

    def tree(self, name: str) -> etree._Element | None:
        """A part beside the text, None where there is none."""
        name = self.beside(name)
        return _parsed(self._bytes(name)) if name in self._names else None

    def stream(self, name: str) -> io.BytesIO:
        return io.BytesIO(self._bytes(name))

    def _bytes(self, name: str) -> bytes:
        data = member(self._archive, self._archive.getinfo(name), LARGEST_PART)
        # Word never declares a document type; whoever does has entities in mind.
        if any(mark.encode(code) in data for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le")):
            raise ReadingError("entities", "declares entities, which no Word file needs; it is not read.")
        return data


def _parsed(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise ReadingError("damaged", f"is a damaged Word file ({error}). Save it again as .docx.") from None


class _Styles:
    """Which styles are headings, which are entries of a table of contents, and which lists they number."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._styles = {} if tree is None else {one.get(W + "styleId"): one for one in tree.iter(W + "style")}

    def level(self, style: str | None, properties: etree._Element | None) -> int:
        """The level of a heading from 1, or 0; -1 for an entry of a table of contents."""
        own = _value(properties, "outlineLvl")
        if own and own.isdecimal() and int(own) < 9:
            return int(own) + 1
        for one in self._family(style):
            name = _value(one, "name") or ""
            if re.match(r"toc ?\d", name, re.I):
                return -1
            heading = _HEADING.fullmatch(name)
            if heading:
                return int(heading[1] or 1)
            outline = _value(one.find(W + "pPr"), "outlineLvl")
            if outline and outline.isdecimal() and int(outline) < 9:
                return int(outline) + 1
        return 0

    def numbers(self, style: str | None) -> etree._Element | None:
        found = (one.find(f"{W}pPr/{W}numPr") for one in self._family(style))
        return next((one for one in found if one is not None), None)

    def _family(self, style: str | None) -> Iterator[etree._Element]:
        """A style and those it is based on."""
        seen: set[str | None] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = _value(self._styles[style], "basedOn")


class _Body:
    """Writes the paragraphs and tables of one part."""

    def __init__(self, writer: Writer, styles: _Styles, numbering: Numbering) -> None:
        self._writer, self._styles, self._numbering = writer, styles, numbering

    def read(self, stream: io.BytesIO) -> None:
        """Write what stands outside of tables and drawings, letting go of each piece once it is written."""
        options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        nested = 0
        try:
            for event, element in etree.iterparse(stream, events=("start", "end"), tag=(W + "p", W + "tbl"), **options):
                nested += 1 if event == "start" else -1
                if event == "end" and not nested:
                    if element.tag == W + "p":
                        self._paragraph(element)
                    else:
                        self._writer.table(_grid(element))
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise ReadingError("damaged", f"is a damaged Word file ({error}). Save it again as .docx.") from None

    def _paragraph(self, paragraph: etree._Element) -> None:
        properties = paragraph.find(W + "pPr")
        style = _value(properties, "pStyle")
        level = self._styles.level(style, properties)
        if level < 0:
            return
        text = _text(paragraph)
        own = properties.find(W + "numPr") if properties is not None else None
        number = self._numbering.next(own if own is not None else self._styles.numbers(style)) if text.strip() else ""
        for line in (number + text).split("\n"):
            self._writer.line(line, level=level if len(line) <= 60 else 0)


def _value(element: etree._Element | None, name: str) -> str | None:
    found = element.find(W + name) if element is not None else None
    return found.get(W + "val") if found is not None else None


def _text(element: etree._Element) -> str:
    """The text below an element; paragraphs of a drawing or a cell are lines of their own."""
    pieces: list[str] = []
    # By hand, not recursively: files may nest deeper than Python calls.
    stack: list[etree._Element | str] = [element]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            pieces.append(one)
        elif one.tag in (W + "t", _MATH + "t"):
            pieces.append(raised(one.text or "", pieces) if _is_raised(one) else one.text or "")
        elif one.tag in _BLANKS:
            pieces.append(_BLANKS[one.tag])
        elif one.tag not in _LEFT_OUT and not _is_hidden(one):
            if one is not element and one.tag == W + "p":
                stack.append("\n")
            stack.extend(reversed(one))
            if one is not element and one.tag == W + "txbxContent":
                stack.append("\n")
    return "".join(pieces)


def _is_raised(text: etree._Element) -> bool:
    return _value(text.getparent().find(W + "rPr"), "vertAlign") == "superscript"


def _is_hidden(element: etree._Element) -> bool:
    return element.tag == W + "r" and element.find(f"{W}rPr/{W}vanish") is not None


def _grid(table: etree._Element) -> Grid:
    """The cells of a table, merged ones repeated; a row longer than the others makes these longer."""
    cells: list[list[str]] = []
    again: set[tuple[int, int]] = set()
    count = 0
    for row in table.iterfind(f"./{W}tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        line: list[str] = [""] * int(min(_number(row.find(W + "trPr"), "gridBefore"), _WIDEST))
        for cell in row.iterfind(f".//{W}tc"):
            if next(cell.iterancestors(W + "tr")) is not row:
                continue  # of a table within a cell: its text is the cell's
            properties = cell.find(W + "tcPr")
            span = max(1, min(_number(properties, "gridSpan"), _WIDEST))
            merged = properties is not None and (up := properties.find(W + "vMerge")) is not None
            above = cells[-1][len(line)] if cells and len(line) < len(cells[-1]) else ""
            goes_on = merged and up.get(W + "val", "continue") != "restart"
            text = above if goes_on else _text(cell).strip()
            again |= {(len(cells), len(line) + number) for number in range(0 if goes_on else 1, span)}
            line += [text] * span
        cells.append(line)
        count += len(line)
        if count > MOST_CELLS:
            raise ReadingError("too_large", f"holds a table of more than {MOST_CELLS:,} cells. Leave it out.")
    width = max(map(len, cells), default=0)
    return Grid([line + [""] * (width - len(line)) for line in cells], again)


def _number(properties: etree._Element | None, name: str) -> int:
    value = _value(properties, name) or ""
    return int(value) if re.fullmatch(r"\d{1,6}", value) else 0
