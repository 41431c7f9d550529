"""Find the article in a web page.

In: the root of a parsed page. Out: the element that holds the article: one of the containers that government sites use
(`knowledge/words/page-parts.csv`), else the innermost element that still holds most of the text that is no link.
"""

import re
from functools import cache

from lxml import etree

from ecoanalysis.knowledge.tables import rows

NO_TEXT = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "select",
    "button",
    "textarea",
    "input",
)
_AROUND = ("nav", "header", "footer", "aside")
_MOST = 0.7  # share of the text that keeps the search going down
_ENOUGH = 0.4  # share of the article found by density that a known container must hold
_LEAST, _LONG = 40, 300  # characters


@cache
def named(part: str) -> tuple[str, ...]:
    """Return the names that pages give to a part of theirs, the surest first."""
    return tuple(name for row in rows("words/page-parts.csv") if row["part"] == part for name in row["names"].split())


def _called(element: etree._Element) -> set[str]:
    """The id and the classes of an element, in small letters."""
    return set(f"{element.get('id') or ''} {element.get('class') or ''}".lower().split())


def drop(root: etree._Element) -> None:
    """Take out what is hidden, and navigation by its tag or name."""
    dropped, kept = set(named("dropped")), set(named("container"))
    for element in [*root.iter(etree.Element)]:
        if element.tag in ("html", "body", "head") or element.getparent() is None:
            continue
        style = re.sub(r"\s", "", element.get("style") or "").lower()
        words = {word for name in _called(element) for word in (name, *re.split("[-_]", name))}
        if (
            "display:none" in style
            or (element.tag in _AROUND and not _is_article(element))
            or (words & dropped and not _called(element) & kept and not _is_article(element))
        ):
            _remove(element)


def _is_article(element: etree._Element) -> bool:
    """Whether an element that is named like a page's frame holds prose all the same."""
    prose, links = _lengths(element)
    text = "".join(element.itertext())
    return prose > 4 * links and (text.count("。") >= 3 or prose >= _LONG)


def _remove(element: etree._Element) -> None:
    """Remove an element and keep the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _lengths(element: etree._Element) -> tuple[int, int]:
    """How many characters of prose and of links an element holds."""
    links = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return sum(len(piece.strip()) for piece in element.itertext()) - links, links


def article(root: etree._Element) -> etree._Element:
    """Return the element that holds the article."""
    body = root.find(".//body")
    body = root if body is None else body
    dense = _densest(body)
    wanted = _lengths(dense)[0]
    called: dict[str, list[etree._Element]] = {}
    for element in body.iter(etree.Element):
        for name in _called(element):
            called.setdefault(name, []).append(element)
    for name in named("container"):
        found = [(*_lengths(element), element) for element in called.get(name, ())]
        good = [(prose, element) for prose, links, element in found if prose >= max(_LEAST, links, _ENOUGH * wanted)]
        if good:
            return max(good, key=lambda one: one[0])[1]
    return dense


def _densest(body: etree._Element) -> etree._Element:
    """The innermost element that holds most of the text which is no link; never only part of a table."""
    prose = _prose(body)
    here = body
    while True:
        inside = max(here, key=lambda child: prose.get(child, 0), default=None)
        if inside is None or prose.get(inside, 0) < max(_LEAST, _MOST * prose[here]):
            return here
        here = inside


def _prose(body: etree._Element) -> dict[etree._Element, int]:
    """For every element the characters of its text that is no link."""
    counts: dict[etree._Element, int] = {}
    linked = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            linked += element.tag == "a"
            counts[element] = 0 if linked else len((element.text or "").strip())
            continue
        linked -= element.tag == "a"
        parent = element.getparent()
        if element is not body and parent is not None:
            counts[parent] = (
                counts.get(parent, 0) + counts[element] + (0 if linked else len((element.tail or "").strip()))
            )
    return counts
