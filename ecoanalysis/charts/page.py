"""What a notebook shows beside its charts: prose and tables, with everything from a report escaped.

In: sentences, or a table for readers. Out: objects that a notebook shows as HTML.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.comparing.finding import Finding
from ecoanalysis.tables.anchor import ANCHOR, anchor_of
from ecoanalysis.wording.names import label_of, value_text
from ecoanalysis.wording.sentences import say, sentences
from ecoanalysis.wording.tables import FACT, MOST
from ecoanalysis.wording.word_findings import Finding as Counted
from ecoanalysis.wording.word_tables import note


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of a page. `text` is HTML in which nothing of a report stands unescaped."""

    text: str = field(repr=False)  # a notebook would hold it a second time

    def _repr_html_(self) -> str:
        return self.text


def prose(*said: str | Finding | Sequence[Finding], about: Sequence[pd.DataFrame] = (), language: str = "zh") -> Html:
    """Return findings or texts as paragraphs, findings of one list in one; the values of the panels that they are `about` lead to the evidence.

    A value is told by its text (18.1微克/立方米); of several rows with one text, that of the place named last before it.

    >>> prose(Finding("finding.withheld", {"count": 2})).text
    '<p class="finding">2个未公开</p>'
    """
    values: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for frame in about:
        if "report" not in frame:
            continue
        stated = frame["report"].notna() & (frame["report"] != "") & frame["value"].notna()
        for row in frame[stated].to_dict("records"):
            values.setdefault(value_text(row, language), []).append((label_of(row, language), row))

    texts = [
        one if isinstance(one, str) else sentences([one] if isinstance(one, Finding) else one, language) for one in said
    ]
    return _paragraphs(_with_links(text, values, _nearest) for text in texts if text)


def _nearest(before: str, rows: list[tuple[str, dict[str, Any]]]) -> str:
    """Return the anchor of the row whose place is named last, empty where none is: a value may be somebody else's."""
    at, row = max(((before.rfind(label), row) for label, row in rows), key=lambda found: found[0])
    return anchor_of(row) if at >= 0 else ""


def _paragraphs(texts: Iterable[str]) -> Html:
    return Html("".join(f'<p class="finding">{text}</p>' for text in texts))


def _with_links(text: str, leads: Mapping[str, Any], anchor: Callable[[str, Any], str]) -> str:
    """Return a text as HTML, whose pieces lead to the `anchor` of what stands before them and of their lead, if any."""
    known = "|".join(re.escape(piece) for piece in sorted(leads, key=len, reverse=True))
    parts, at = [], 0
    for found in re.finditer(rf"(?<![\d.])(?:{known})", text) if leads else ():
        if lead := anchor(text[: found.start()], leads[found[0]]):
            parts += [escape(text[at : found.start()]), f'<a href="#{lead}">{escape(found[0])}</a>']
            at = found.end()
    return "".join(parts) + escape(text[at:])


def export(folder: Path, **pictures: Chart | Nothing) -> Html:
    """Save pictures below `folder`, each under the name that it is given as, and return them one below the other.

    Where there is nothing to draw, the sentence that says so stands in its place and no file is written.
    """
    for name, picture in pictures.items():
        picture.save(name, folder)
    return Html("".join(picture._repr_html_() for picture in pictures.values()))


def found(*findings: Counted) -> Html:
    """Return findings on words as paragraphs; their numbers lead to the rows that they rest on.

    >>> found(Counted("22 < 35", {"35": "f1"})).text
    '<p class="finding">22 &lt; <a href="#f1">35</a></p>'
    """
    return _paragraphs(_with_links(one.text, one.leads, lambda _, lead: lead) for one in findings)


def counted(frame: pd.DataFrame, title: str, language: str = "zh") -> Html:
    """Return a table of `language.readable` with a heading, and below it how it was counted.

    Where it rests on samples, or does not list all rows, it says so.
    """
    made = frame.attrs["made"]
    notes = [note(frame, language)]
    if made["rows"] > len(frame):
        notes.append(say("table.more", language, count=made["rows"] - len(frame)))
    below = f"<p class='source'>{escape(' '.join(notes))}</p>"
    heading = f"<h3>{escape(say(f'table.{title}', language))}</h3>"
    return Html(heading + table(frame, language, bool(made["samples"])).text + below)


def remark(text: str) -> Html:
    """Return a text as a line of small print; an empty one is none."""
    return Html(f"<p class='source'>{escape(text)}</p>" if text else "")


def leads(piece: Html) -> set[str]:
    """Return the anchors that the links of a piece lead to."""
    return set(re.findall(r'href="#([^"]+)"', piece.text))


def stacked(*pieces: Html) -> Html:
    """Return pieces of a page one below the other."""
    return Html("".join(piece.text for piece in pieces))


def tables(frames: Sequence[pd.DataFrame], language: str = "zh") -> Html:
    """Return several tables one below the other; those without rows are left out."""
    filled = [frame for frame in frames if len(frame)]
    return Html("".join(table(frame, language).text for frame in filled or frames[:1]))


def table(frame: pd.DataFrame, language: str = "zh", samples: bool = False) -> Html:
    """Return a table with no text shortened; `samples` says that it rests on sample reports.

    Evidence has all its rows, for links lead to them; another table has 1,500 at most, and says how many more there are.
    Rows of evidence are what links lead to; in a table of comparability each value is such a link, elsewhere a cell that
    is a pair of a text and an anchor.
    """
    if frame.empty:
        return Html(f"<p>{escape(say('table.empty', language))}</p>")
    head = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    value = frame.columns.get_loc(say("column.value", language)) if frame.index.name == FACT else -1
    rows, seen = [], set()
    more = len(frame) - MOST if frame.index.name != ANCHOR else 0
    frame = frame.head(MOST) if more > 0 else frame
    for key, cells in zip(frame.index, frame.itertuples(index=False), strict=True):
        texts = [_cell(cell) for cell in cells]
        if value >= 0 and key:
            texts[value] = f'<a href="#{key}">{texts[value]}</a>'
        opening = f'<tr id="{key}">' if frame.index.name == ANCHOR and key not in seen else "<tr>"
        seen.add(key)
        # HTML needs no ends here: a tenth of a long page
        rows.append(opening + "".join(f"<td>{text}" for text in texts))
    body = f'<table class="evidence"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    notes = [say("page.sample", language)] if samples else []
    notes += [say("table.rest", language, count=more)] if more > 0 else []
    return stacked(Html(body), *map(remark, notes))


def _cell(cell: object) -> str:
    if isinstance(cell, tuple):
        text, anchor = cell
        return f'<a href="#{anchor}">{escape(text)}</a>'
    return "" if pd.isna(cell) else escape(str(cell))
