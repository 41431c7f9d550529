"""Makes the files that the tests of formats read: real ones, written with nothing but the standard library."""

import io
import zipfile
from collections.abc import Mapping
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def packed(members: dict[str, bytes | str], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def part(content: str, root: str = "document") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{W}" xmlns:mc="{MC}">{content}</w:{root}>'


def xlsx(rows: str, texts: tuple[str, ...] = (), sheets: int = 1, **parts: bytes | str) -> bytes:
    """An Excel workbook of these rows of SpreadsheetML, which so many names name; its cells may refer to `texts`."""
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = "".join(f'<sheet name="{at}" sheetId="{at + 1}" r:id="s"/>' for at in range(sheets))
    relation = f'<Relationships><Relationship Id="s" Type="{of}/worksheet" Target="sheet.xml"/></Relationships>'
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.replace("word/document", "xl/workbook"),
        "xl/workbook.xml": f'<workbook xmlns:r="{of}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relation,
        "xl/sheet.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
    }
    return packed(members | {f"xl/{name}.xml": content for name, content in parts.items()})


def docx(*body: str, **parts: str) -> bytes:
    """A Word file of these pieces of WordprocessingML; `parts` are further parts, such as styles=..."""
    members = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS}
    members["word/document.xml"] = part(f"<w:body>{''.join(body)}</w:body>")
    return packed(members | {f"word/{name}.xml": content for name, content in parts.items()})


def p(text: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tbl(*rows: list[str]) -> str:
    """A table of cells, which are texts or made by `tc`."""
    lines = ("".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


# A PDF's content is made of these: (left, bottom, size, text), (left, bottom, right, top) for a line, or raw operators.
Drawn = tuple[float, float, float, str] | tuple[float, float, float, float] | str


def pdf(*pages: list[Drawn], turned: int = 0, trailer: str = "") -> bytes:
    """A PDF whose text is in a Chinese font that is not embedded, as many bureaus' files are."""
    kids = [10 + 2 * number for number in range(len(pages))]
    objects = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>",
        3: "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        4: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe)"
        " /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>",
        5: "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
        6: "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        " /Length 1 >> stream\n0\nendstream",
    }
    for kid, page in zip(kids, pages, strict=True):
        content = "\n".join(map(_operators, page))
        objects[kid] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {turned} /Contents {kid + 1} 0 R"
            " /Resources << /Font << /F 3 0 R >> /XObject << /I 6 0 R >> >> >>"
        )
        objects[kid + 1] = f"<< /Length {len(content)} >> stream\n{content}\nendstream"
    return objects_pdf(objects, trailer)


def _operators(drawn: Drawn) -> str:
    if isinstance(drawn, str):
        return drawn
    if isinstance(drawn[3], str):
        left, bottom, size, text = drawn
        return f"BT /F {size} Tf {left} {bottom} Td <{text.encode('utf-16-be').hex()}> Tj ET"
    left, bottom, right, top = drawn
    return f"{left} {bottom} m {right} {top} l S"


def objects_pdf(objects: Mapping[int, str | bytes], trailer: str = "") -> bytes:
    """A PDF of these objects, of which the first is the catalogue."""
    data, places = b"%PDF-1.4\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        content = content if isinstance(content, bytes) else content.encode("latin-1")
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = "".join(f"{number} 1\n{place:010} 00000 n \n" for number, place in places.items())
    end = f"xref\n0 1\n0000000000 65535 f \n{table}trailer << /Size 999 /Root 1 0 R {trailer} >>\nstartxref\n{len(data)}\n%%EOF"
    return data + end.encode("latin-1")


def paragraph(text: str, top: float, size: float = 16, width: int = 28, left: float = 72) -> list[Drawn]:
    """A paragraph as it is set: two characters of indent, lines of `width` characters, 1.75 lines apart."""
    lines = [text[: width - 2]] + [text[start : start + width] for start in range(width - 2, len(text), width)]
    return [(left + 2 * size * (not number), top - 28 * number, size, line) for number, line in enumerate(lines)]


def ruled(rows: list[list[str]], top: float, left: float = 72, width: float = 110, height: float = 24) -> list[Drawn]:
    """A table with a line around every cell."""
    low, right = top - height * len(rows), left + width * len(rows[0])
    drawn: list[Drawn] = [(left, top - height * row, right, top - height * row) for row in range(len(rows) + 1)]
    drawn += [(left + width * column, low, left + width * column, top) for column in range(len(rows[0]) + 1)]
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            drawn.append((left + width * column + 4, top - height * (row + 1) + 8, 10, text))
    return drawn
