"""Read a web page (.html): the article, its tables, and what the page says of itself.

In: bytes. Out: a `Document`. Scripts, styles, navigation and what is hidden are left out; nothing is run or fetched.
The article is one of the containers that government sites use (`knowledge/words/page-parts.csv`), else the innermost
element that still holds most of the text that is no link.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from lxml import etree, html

from ecoanalysis.errors import ReadingError
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.paths import plain
from ecoanalysis.reading.document import Document, Writer, superscript
from ecoanalysis.reading.encoding import Decoded, decode
from ecoanalysis.reading.grids import Grid, require_size
from ecoanalysis.reading.title import head

LARGEST_PAGE = 20_000_000
MOST_TAGS = 500_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8"}
_NO_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "svg")
_CONTROLS = ("select", "button", "textarea", "input")
_BLOCK = re.compile(
    "address|article|blockquote|body|br|caption|center|d[dlt]|div|fieldset|figcaption|figure|form|h[1-6r]|li|main|ol|p|pre"
    "|section|table|tbody|t[dhr]|tfoot|thead|title|ul"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LONGEST_HEADING = 60
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t]{{0,40}}[\r\n]\s{{0,40}}(?=[{_WIDE}])")
_BESIDE_TITLE = re.compile("(?:来源|发布时间|发布日期|成文日期|时间|日期)\\s*[:：]")
_DATE = re.compile(r"((?:19|20)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SITE_TAIL = re.compile(r"\s{0,9}[-_|–—]{1,2}\s{0,9}[^-_|–—]{0,60}$")
_FRAME = ("nav", "header", "footer", "aside")
_MOST = 0.7  # share of the text that keeps the search for the article going down
_ENOUGH = 0.4  # share of the article found by density that a known container must hold
_LEAST, _LONG = 40, 300  # characters


def read_page(data: bytes) -> Document:
    """Read a page; ReadingError too_large or binary."""
    if len(data) > LARGEST_PAGE:
        raise ReadingError("too_large", f"has {len(data):,} bytes; of a web page {LARGEST_PAGE:,} are read.")
    if data.count(b"<") > MOST_TAGS:
        raise ReadingError("too_large", f"holds more than {MOST_TAGS:,} tags. Save the article alone.")
    decoded = _decoded(data)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", decoded.text)
    root = etree.fromstring(text.encode("utf-8"), parser) if text.strip() else None
    if root is None:
        return Document("", decoded.encoding)
    meta, link = _meta(root), root.find(".//link[@rel='canonical']")
    title = _title(root, meta)
    etree.strip_elements(root, *_NO_TEXT, *_CONTROLS, with_tail=False)
    fields = _fields(root, meta)
    if link is not None:
        fields.setdefault("url", link.get("href", ""))
    _drop_frame(root)
    article = _article(root)
    writer = Writer()
    if title and title not in _start(article):
        writer.line(title)
    for block in _blocks(article):
        if isinstance(block, Grid):
            writer.table(block)
            continue
        text, level, preformatted = block
        for line in text.split("\n") if preformatted else [_unwrapped(text)]:
            writer.line(line, level=level if len(line) <= _LONGEST_HEADING else 0)
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


@cache
def _names(part: str) -> tuple[str, ...]:
    """The names that pages give to a part of theirs, the surest first."""
    return tuple(name for row in rows("words/page-parts.csv") if row["part"] == part for name in row["names"].split())


def _meta(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        if name and (content := " ".join((element.get("content") or "").split())):
            found.setdefault(name, content)
    return found


def _meta_of(meta: dict[str, str], part: str) -> str:
    return next((meta[name] for name in _names(part) if name in meta), "")


def _title(root: html.HtmlElement, meta: dict[str, str]) -> str:
    """The article's title: from the meta elements, else the only h1, else the page's without the site's name."""
    if said := _meta_of(meta, "title"):
        return said[:500]
    heads = [text for one in root.iter("h1") if 4 <= len(text := _flat(one)) <= 80]
    if len(heads) == 1:
        return heads[0]
    title = root.find(".//title")
    whole = _flat(title)[:500] if title is not None else ""
    cut = _SITE_TAIL.sub("", whole)
    return cut if len(cut) >= 6 else whole


def _fields(root: html.HtmlElement, meta: dict[str, str]) -> dict[str, Any]:
    """What the page says of itself, the meta elements before what is printed beside the title."""
    text = _start(root, 20_000).replace("\n", " ")
    labelled = _BESIDE_TITLE.search(text)
    seen = head(text[labelled.start() :][:500] if labelled else "")
    date = _DATE.search(_meta_of(meta, "published"))
    publishers = (
        name for name in (_meta_of(meta, "publisher"), seen.publisher) if name and name not in _names("unnamed")
    )
    fields = {
        "title": _meta_of(meta, "title"),
        "publisher": next(publishers, "") or _meta_of(meta, "site"),
        "published": "-".join(f"{int(part):02}" for part in date.groups()) if date else str(seen.published or ""),
        "url": _meta_of(meta, "url"),
    }
    return {key: plain(value) for key, value in fields.items() if value and len(value) < 500}


def _flat(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _unwrapped(text: str) -> str:
    return " ".join(_WRAPPED.sub("", text.strip()).split())


def _start(element: html.HtmlElement, most: int = 400) -> str:
    """The first characters of an element's text."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(" ".join(piece.split()))
        length += len(pieces[-1])
        if length > most:
            break
    return "\n".join(filter(None, pieces))[:most]


def _blocks(root: html.HtmlElement) -> Iterator[tuple[str, int, bool] | Grid]:
    """Yield tables, and the text of each other block, the level of its heading or 0, and whether its lines are meant."""
    pieces: list[str] = []
    level = preformatted = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if pieces and _BLOCK.fullmatch(tag):
            yield "".join(pieces), level, preformatted > 0
            pieces.clear()
        if event == "end":
            level = 0 if tag in _HEADINGS else level
            preformatted -= tag == "pre"
            if element.tail and element is not root:
                pieces.append(element.tail)
            continue
        level = _HEADINGS.get(tag, level)
        preformatted += tag == "pre"
        if tag == "table" and (grid := _grid(element)):
            yield from ((_flat(caption), 0, False) for caption in element.iter("caption"))
            yield grid
            walk.skip_subtree()
        elif element.text:
            pieces.append(superscript(element.text, pieces) if tag == "sup" else element.text)
    if pieces:
        yield "".join(pieces), level, preformatted > 0


def _grid(table: html.HtmlElement) -> Grid | None:
    """The cells of a table, merged ones repeated; None where a table only lays out the page."""
    lines = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    if len(lines) < 2 or table.find(".//table") is not None or max(map(len, lines)) < 2:
        return None
    cells: dict[tuple[int, int], str] = {}
    repeated: set[tuple[int, int]] = set()
    for number, row in enumerate(lines):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in cells:
                column += 1
            lines_of = (_unwrapped(block[0]) for block in _blocks(cell) if not isinstance(block, Grid))
            text = "\n".join(filter(None, lines_of))
            for down in range(_span(cell, "rowspan", len(lines) - number)):
                for right in range(_span(cell, "colspan", 500)):
                    cells.setdefault((number + down, column + right), text)
                    if down or right:
                        repeated.add((number + down, column + right))
            require_size(len(cells))
    width = max(column for _, column in cells) + 1
    if any(len(text) > 300 or text.count("\n") > 5 for text in cells.values()):
        return None
    return Grid([[cells.get((row, column), "") for column in range(width)] for row in range(len(lines))], repeated)


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    text = (cell.get(name) or "").strip()
    return max(1, min(int(text), most)) if re.fullmatch(r"\d{1,6}", text) else 1


def _drop_frame(root: html.HtmlElement) -> None:
    """Take out what is hidden, and navigation by its tag or name."""
    dropped, kept, lengths = set(_names("dropped")), set(_names("container")), _lengths(root)
    for element in [*root.iter(etree.Element)]:
        if element.tag in ("html", "body", "head") or element.getparent() is None:
            continue
        style = re.sub(r"\s", "", element.get("style") or "").lower()
        called = _called(element)
        words = {word for name in called for word in (name, *re.split("[-_]", name))}
        framing = element.tag in _FRAME or (words & dropped and not called & kept)
        if "display:none" in style or (framing and not _is_prose(element, *lengths[element])):
            element.drop_tree()


def _called(element: html.HtmlElement) -> set[str]:
    """The id and the classes of an element, in small letters."""
    return set(f"{element.get('id') or ''} {element.get('class') or ''}".lower().split())


def _is_prose(element: html.HtmlElement, prose: int, links: int) -> bool:
    """Whether an element that is named like a page's frame holds prose all the same."""
    return prose > 4 * links and (element.text_content().count("。") >= 3 or prose >= _LONG)


def _lengths(root: html.HtmlElement) -> dict[html.HtmlElement, tuple[int, int]]:
    """For every element how many characters of prose and of links it holds."""
    found: dict[html.HtmlElement, tuple[int, int]] = {}
    prose = links = linked = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            linked += element.tag == "a"
            found[element] = prose, links
        else:
            found[element] = prose - found[element][0], links - found[element][1]
            linked -= element.tag == "a"
        length = len(((element.text if event == "start" else element.tail) or "").strip())
        prose, links = (prose, links + length) if linked else (prose + length, links)
    return found


def _article(root: html.HtmlElement) -> html.HtmlElement:
    """Return the element that holds the article."""
    body = root.find(".//body")
    body = root if body is None else body
    lengths = _lengths(body)
    dense = _densest(body, lengths)
    wanted = max(_LEAST, _ENOUGH * lengths[dense][0])
    called: dict[str, list[html.HtmlElement]] = {}
    for element in body.iter(etree.Element):
        for name in _called(element):
            called.setdefault(name, []).append(element)
    for name in _names("container"):
        good = [one for one in called.get(name, ()) if lengths[one][0] >= max(wanted, lengths[one][1])]
        if good:
            return max(good, key=lambda one: lengths[one][0])
    return dense


def _densest(body: html.HtmlElement, lengths: dict[html.HtmlElement, tuple[int, int]]) -> html.HtmlElement:
    """The innermost element that holds most of the text which is no link."""
    here = body
    while True:
        inside = max(here.iterchildren(etree.Element), key=lambda child: lengths[child][0], default=None)
        if inside is None or lengths[inside][0] < max(_LEAST, _MOST * lengths[here][0]):
            return here
        here = inside
