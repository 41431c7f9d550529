"""Read a web page (.html): the article, its tables, and what the page says of itself.

In: bytes. Out: a `Document`. Scripts, styles, navigation and what is hidden are left out; nothing is run or fetched.
`knowledge/words/page-parts.csv` knows where government sites keep the article and its particulars.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.article import NO_TEXT, article, drop, named
from ecoanalysis.reading.document import Document, Writer
from ecoanalysis.reading.encoding import Decoded, decode
from ecoanalysis.reading.superscripts import raised
from ecoanalysis.reading.table_sentences import MOST_CELLS, Grid
from ecoanalysis.reading.title import head

LARGEST_PAGE = 20_000_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8"}
_BLOCKS = {
    *(
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
    ),
    *("figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table"),
    *("tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t]{{0,40}}[\r\n]\s{{0,40}}(?=[{_WIDE}])")
_BESIDE_TITLE = re.compile("(?:来源|发布时间|发布日期|成文日期|时间|日期)\\s*[:：]")
_DATE = re.compile(r"((?:19|20)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SITE_TAIL = re.compile(r"\s{0,9}[-_|–—]{1,2}\s{0,9}[^-_|–—]{0,60}$")
_LONGEST_HEADING = 60


def read_page(data: bytes) -> Document:
    """Read a page; ReadingError too_large or binary."""
    if len(data) > LARGEST_PAGE:
        raise ReadingError("too_large", f"has {len(data):,} bytes; of a web page {LARGEST_PAGE:,} are read.")
    decoded = _decoded(data)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", decoded.text)
    root = etree.fromstring(text.encode("utf-8"), parser) if text.strip() else None
    if root is None:
        return Document("", decoded.encoding)
    meta, link = _meta(root), root.find(".//link[@rel='canonical']")
    title = _title(root, meta)
    etree.strip_elements(root, *NO_TEXT, with_tail=False)
    fields = _fields(root, meta)
    drop(root)
    main = article(root)
    writer = Writer()
    if title and title not in _start(main):
        writer.line(title)
    _write(main, writer)
    if link is not None and "url" not in fields:
        fields["url"] = link.get("href", "")
    return replace(writer.document(decoded.encoding, bad=decoded.bad), fields=fields)


def _decoded(data: bytes) -> Decoded:
    """The text by its bytes; where these leave a choice, by what the page says."""
    said = _CHARSET.search(data[:4096])
    codec = _CODECS.get(said[1].decode("ascii").lower(), "") if said else ""
    found = decode(data)
    if codec and codec != found.encoding and not found.encoding.startswith("utf"):
        text = data.decode(codec, errors="replace")
        if text.count("\ufffd") <= found.bad:
            return Decoded(text, codec, text.count("\ufffd"))
    return found


def _meta(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        if name and (content := " ".join((element.get("content") or "").split())):
            found.setdefault(name, content)
    return found


def _of(meta: dict[str, str], part: str) -> str:
    return next((meta[name] for name in named(part) if name in meta), "")


def _title(root: etree._Element, meta: dict[str, str]) -> str:
    """The article's title: from the meta elements, else the only h1, else the page's without the site's name."""
    if said := _of(meta, "title"):
        return said
    heads = [text for one in root.iter("h1") if 4 <= len(text := _flat(one)) <= 80]
    if len(heads) == 1:
        return heads[0]
    named = root.find(".//title")
    whole = _flat(named) if named is not None else ""
    cut = _SITE_TAIL.sub("", whole)
    return cut if len(cut) >= 6 else whole


def _fields(root: etree._Element, meta: dict[str, str]) -> dict[str, Any]:
    """What the page says of itself, the meta elements before what is printed beside the title."""
    text = _start(root, 20_000).replace("\n", " ")
    labelled = _BESIDE_TITLE.search(text)
    seen = head(text[labelled.start() :][:500] if labelled else "")
    date = _DATE.search(_of(meta, "published"))
    publisher = next(
        (name for name in (_of(meta, "publisher"), seen.publisher) if name and name not in named("unnamed")), ""
    )
    fields = {
        "title": _of(meta, "title"),
        "publisher": publisher or _of(meta, "site"),
        "published": "-".join(f"{int(part):02}" for part in date.groups()) if date else str(seen.published or ""),
        "url": _of(meta, "url"),
    }
    return {key: value for key, value in fields.items() if value and len(value) < 500}


def _flat(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _start(element: etree._Element, most: int = 400) -> str:
    """The first characters of an element's text."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        piece = " ".join(piece.split())
        pieces.append(piece)
        length += len(piece)
        if length > most:
            break
    return "\n".join(filter(None, pieces))[:most]


def _write(main: etree._Element, writer: Writer) -> None:
    """Write the lines and tables of an element in reading order."""
    pieces: list[str] = []
    level = preformatted = 0

    def end_line() -> None:
        text = "".join(pieces)
        lines = text.split("\n") if preformatted else [" ".join(_WRAPPED.sub("", text.strip()).split())]
        for line in lines:
            writer.line(line, level=level if len(line) <= _LONGEST_HEADING else 0)
        pieces.clear()

    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            if tag in _BLOCKS:
                end_line()
                level = 0 if tag in _HEADINGS else level
                preformatted -= tag == "pre"
            if element.tail and element is not main:
                pieces.append(element.tail)
            continue
        if tag in _BLOCKS or tag == "br":
            end_line()
        level = _HEADINGS.get(tag, level)
        preformatted += tag == "pre"
        if tag == "table" and (grid := _grid(element)):
            for caption in element.iter("caption"):
                writer.line(_flat(caption))
            writer.table(grid)
            walk.skip_subtree()
        elif element.text:
            pieces.append(raised(element.text, pieces) if tag == "sup" else element.text)
    end_line()


def _grid(table: etree._Element) -> Grid | None:
    """The cells of a table, merged ones repeated; None where a table only lays out the page."""
    lines = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    if len(lines) < 2 or table.find(".//table") is not None or max(map(len, lines)) < 2:
        return None
    cells: dict[tuple[int, int], str] = {}
    again: set[tuple[int, int]] = set()
    for number, row in enumerate(lines):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in cells:
                column += 1
            text = "\n".join(_lines_of(cell))
            for down in range(_span(cell, "rowspan", len(lines) - number)):
                for right in range(_span(cell, "colspan", 500)):
                    cells.setdefault((number + down, column + right), text)
                    if down or right:
                        again.add((number + down, column + right))
            if len(cells) > MOST_CELLS:
                raise ReadingError("too_large", f"holds a table of more than {MOST_CELLS:,} cells. Leave it out.")
    width = max(column for _, column in cells) + 1
    if any(len(text) > 300 or text.count("\n") > 5 for text in cells.values()):
        return None
    return Grid([[cells.get((row, column), "") for column in range(width)] for row in range(len(lines))], again)


def _lines_of(cell: etree._Element) -> Iterator[str]:
    """The lines of a cell, broken where its blocks are."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in _BLOCKS or element.tag == "br":
            pieces.append("\0")
        if event == "start" and element.text:
            pieces.append(raised(element.text, pieces) if element.tag == "sup" else element.text)
        elif event == "end" and element is not cell and element.tail:
            pieces.append(element.tail)
    for line in "".join(pieces).split("\0"):
        if text := " ".join(_WRAPPED.sub("", line).split()):
            yield text


def _span(cell: etree._Element, name: str, most: int) -> int:
    text = (cell.get(name) or "").strip()
    return max(1, min(int(text), most)) if re.fullmatch(r"\d{1,6}", text) else 1
