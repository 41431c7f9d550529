"""Read a Word file (.docx): paragraphs in order, headings by their style, numbers of lists, tables in place.

In: bytes. Out: a `Document`. Read straight from the parts of the package that hold text, each within bounds: pictures
and embedded files are never unpacked, deleted and hidden text is left out, entities are refused and nothing outside the
file is looked at.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.document import Document, Writer, superscript
from ecoanalysis.reading.file_kinds import member_bytes, open_archive
from ecoanalysis.reading.grids import Grid, require_size

LARGEST_PART = 30_000_000
_NAMES = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
_W = f"{{{_NAMES['w']}}}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False}
_WIDEST = 500  # columns that a cell may claim
# Deleted and moved text, the pinyin over characters, and what older programs show instead of a drawing.
_LEFT_OUT = {_W + "del", _W + "moveFrom", _W + "rt", _FALLBACK, _W + "pPr", _W + "rPr"}
_BLANKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "txbxContent": "\n"}
_BLANKS = {_W + name: blank for name, blank in _BLANKS.items()}
_HEADING = re.compile(r"(?:heading|标题) ?(\d)|(title|标题)", re.I)
_LEVELS, _LONGEST_NUMBER = {*"012345678"}, 40  # of lists
_DEEPEST = 20  # styles that are based on one another
_DIGITS = "零一二三四五六七八九"
_CHINESE = re.compile(
    "(?:chinese|taiwanese)Counting(?:Thousand)?|japaneseCounting|koreanDigital2|ideographDigital|chineseLegalSimplified"
)


def read_word(data: bytes) -> Document:
    """Read a .docx; ReadingError encrypted, damaged, too_large or entities."""
    with open_archive(data) as archive:
        parts = _Parts(archive)
        styles = {one.get(_W + "styleId"): one for one in parts.tree("styles.xml").iter(_W + "style")}
        numbering = _Numbering(parts.tree("numbering.xml"))
        writer = Writer()
        for name in (parts.main, parts.beside("footnotes.xml"), parts.beside("endnotes.xml")):
            if name in parts.names:
                for element in _outermost(parts.read(name)):
                    if element.tag == _W + "tbl":
                        writer.table(_grid(element))
                        continue
                    text, level = _paragraph(element, styles, numbering)
                    for line in text.split("\n"):
                        writer.line(line, level=level if len(line) <= 60 else 0)
    return writer.document("docx")


class _Parts:
    """The parts of a package that hold text."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = set(archive.namelist())
        self.main = "word/document.xml"
        if "_rels/.rels" in self.names:
            for relation in _parsed(self.read("_rels/.rels")).iter("{*}Relationship"):
                if relation.get("Type", "").endswith("/officeDocument") and relation.get("TargetMode") != "External":
                    self.main = relation.get("Target", "").lstrip("/")
        if self.main not in self.names:
            raise ReadingError("damaged", "is no whole Word file: its text is missing. Save it again as .docx.")

    def beside(self, name: str) -> str:
        return f"{self.main.rpartition('/')[0]}/{name}".lstrip("/")

    def tree(self, name: str) -> etree._Element:
        """A part beside the text; an empty element where there is none."""
        name = self.beside(name)
        return _parsed(self.read(name)) if name in self.names else etree.Element("none")

    def read(self, name: str) -> bytes:
        data = member_bytes(self._archive, self._archive.getinfo(name), LARGEST_PART)
        # Word never declares a document type; whoever does has entities in mind.
        if any(mark.encode(code) in data for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le")):
            raise ReadingError("entities", "declares entities, which no Word file needs; it is not read.")
        return data


def _parsed(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> ReadingError:
    return ReadingError("damaged", f"is a damaged Word file ({error}). Save it again as .docx.")


def _outermost(data: bytes) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables that stand in no other, letting go of each once it is used."""
    nested = 0
    walk = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), tag=(_W + "p", _W + "tbl"), huge_tree=False, **_SAFE
    )
    try:
        for event, element in walk:
            nested += 1 if event == "start" else -1
            if event == "end" and not nested:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _damaged(error) from None


def _family(paragraph: etree._Element, styles: dict[str, etree._Element]) -> list[etree._Element]:
    """A paragraph, its style and those that this is based on: what is not said by one is said by the next."""
    found, style = [paragraph], _value(paragraph, "w:pPr/w:pStyle")
    while style in styles and styles[style] not in found and len(found) <= _DEEPEST:
        found.append(styles[style])
        style = _value(styles[style], "w:basedOn")
    return found


def _level(family: list[etree._Element]) -> int:
    """The level of a heading from 1, or 0; -1 for an entry of a table of contents."""
    for one in family:
        name = _value(one, "w:name")
        if re.match(r"toc ?\d", name, re.I):
            return -1
        if heading := _HEADING.fullmatch(name):
            return int(heading[1] or 1)
        if (outline := _number(one, "w:pPr/w:outlineLvl", 9)) < 9:
            return outline + 1
    return 0


class _Numbering:
    """Writes out the numbers that Word counts by itself: 一、 （二） 3. and the like stand in no paragraph's text."""

    def __init__(self, tree: etree._Element) -> None:
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        for one in tree.iter(_W + "abstractNum"):
            levels = {
                int(at): level for level in one.iter(_W + "lvl") if (at := level.get(_W + "ilvl", "0")) in _LEVELS
            }
            self._levels[one.get(_W + "abstractNumId", "")] = levels
        self._kind = {one.get(_W + "numId", ""): _value(one, "w:abstractNumId") for one in tree.iter(_W + "num")}

    def next(self, properties: etree._Element) -> str:
        """Count one paragraph of a list and return its number; nothing for bullets and lists that are not there."""
        kind, depth = self._kind.get(_value(properties, "w:numId"), ""), _number(properties, "w:ilvl")
        levels = self._levels.get(kind, {})
        if depth not in levels:
            return ""
        counts = self._counts[kind]
        counts[depth] = counts.get(depth, _number(levels[depth], "w:start", 1) - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if _value(levels[depth], "w:numFmt") == "bullet":
            return ""

        def counted(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _written(counts.get(at, 1), _value(levels[at], "w:numFmt")) if at in levels else ""

        return re.sub(r"%(\d)", counted, _value(levels[depth], "w:lvlText")[:_LONGEST_NUMBER])


def _written(number: int, form: str) -> str:
    """A number in the form that a list wants.

    >>> _written(12, "chineseCounting"), _written(3, "decimal"), _written(2, "decimalEnclosedCircle")
    ('十二', '3', '②')
    """
    if _CHINESE.fullmatch(form) and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _DIGITS[tens]) * bool(tens) + "十" * bool(tens) + _DIGITS[ones] * bool(ones)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    return "" if form == "none" else str(number)


def _value(element: etree._Element, path: str) -> str:
    found = element.find(path, _NAMES)
    return found.get(_W + "val", "") if found is not None else ""


def _number(element: etree._Element, path: str, otherwise: int = 0) -> int:
    value = _value(element, path)
    return int(value) if re.fullmatch(r"\d{1,6}", value) else otherwise


def _paragraph(paragraph: etree._Element, styles: dict[str, etree._Element], numbering: _Numbering) -> tuple[str, int]:
    """The text of a paragraph with its number, and its level as a heading or 0; no text of a table of contents."""
    family = _family(paragraph, styles)
    level = _level(family)
    text = _text(paragraph) if level >= 0 else ""
    lists = (one.find("w:pPr/w:numPr", _NAMES) for one in family)
    listed = next((one for one in lists if one is not None), None) if text.strip() else None
    return (text if listed is None else numbering.next(listed) + text), level


def _text(element: etree._Element) -> str:
    """The text below an element; paragraphs of a drawing or a cell are lines of their own."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        if event == "end":
            pieces += ["\n"] * (one.tag == _W + "p" and one is not element)
        elif one.tag in (_W + "t", _MATH + "t"):
            raised = _value(one.getparent(), "w:rPr/w:vertAlign") == "superscript"
            pieces.append(superscript(one.text or "", pieces) if raised else one.text or "")
        elif one.tag in _BLANKS:
            pieces.append(_BLANKS[one.tag])
        elif one.tag in _LEFT_OUT or (one.tag == _W + "r" and one.find("w:rPr/w:vanish", _NAMES) is not None):
            walk.skip_subtree()
    return "".join(pieces)


def _grid(table: etree._Element) -> Grid:
    """The cells of a table, merged ones repeated; a row longer than the others makes these longer."""
    cells: list[list[str]] = []
    repeated: set[tuple[int, int]] = set()
    count = 0
    for row in table.iterfind("w:tr", _NAMES):
        if row.find("w:trPr/w:del", _NAMES) is not None:
            continue
        line: list[str] = [""] * min(_number(row, "w:trPr/w:gridBefore"), _WIDEST)
        for cell in row.iterfind(".//w:tc", _NAMES):
            if next(cell.iterancestors(_W + "tr")) is not row:
                continue  # of a table within a cell: its text is the cell's
            span = max(1, min(_number(cell, "w:tcPr/w:gridSpan"), _WIDEST))
            up = cell.find("w:tcPr/w:vMerge", _NAMES)
            goes_on = up is not None and up.get(_W + "val", "continue") != "restart"
            above = cells[-1][len(line)] if cells and len(line) < len(cells[-1]) else ""
            repeated |= {(len(cells), len(line) + number) for number in range(0 if goes_on else 1, span)}
            line += [above if goes_on else _text(cell).strip()] * span
        cells.append(line)
        count += len(line)
        require_size(count)
    return Grid.padded(cells, repeated)
