"""What a notebook shows beside its charts: prose and tables, with everything from a report escaped.

In: sentences, or a table for readers. Out: objects that a notebook shows as HTML.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.comparing.finding import Finding
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.tables.anchor import ANCHOR, anchor_of
from ecoanalysis.wording.names import value_text
from ecoanalysis.wording.sentences import say, sentences
from ecoanalysis.wording.tables import FACT
from ecoanalysis.wording.word_findings import Finding as Counted
from ecoanalysis.wording.word_tables import note

# What tells a row's value, its place and its quote.
_NEEDED = {
    *("place", "place_kind", "report", "start", "end"),
    *("value", "unit", "unit_text", "bound", "stat", "basis", "derived"),
}


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of a page. `text` is HTML in which nothing of a report stands unescaped."""

    text: str = field(repr=False)  # a notebook would hold it a second time

    def _repr_html_(self) -> str:
        return self.text


def prose(*said: str | Finding | Sequence[Finding], about: Sequence[pd.DataFrame] = (), language: str = "zh") -> Html:
    """Return findings or texts as paragraphs, findings of one list in one; the values of the panels that they are `about` lead to the evidence.

    >>> prose(Finding("finding.withheld", {"count": 2})).text
    '<p class="finding">2个未公开</p>'
    """
    texts = [
        one if isinstance(one, str) else sentences([one] if isinstance(one, Finding) else one, language) for one in said
    ]
    said_so = linked([text for text in texts if text], about, language)
    return Html("".join(f'<p class="finding">{text}</p>' for text in said_so))


def linked(sentences: Iterable[str], frames: Iterable[pd.DataFrame], language: str = "zh") -> list[str]:
    """Return sentences as HTML in which the values that rows of `frames` hold lead to their quotes.

    A value is told by its text (18.1微克/立方米); of several rows with one text, that of the place named last before it.
    """
    texts: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in (row for frame in frames for row in _said(frame).to_dict("records")):
        label = place_label(row["place"], row["place_kind"], language)
        texts.setdefault(value_text(row, language), []).append((label, row))
    if not texts:
        return [escape(sentence) for sentence in sentences]
    known = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\d.])(?:{known})")
    return [_linked(sentence, pattern, texts) for sentence in sentences]


def _said(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame that hold a report's value, with what tells the value, its place and its quote."""
    if "report" not in frame:
        return frame.iloc[:0]
    said = frame["report"].notna() & (frame["report"] != "") & frame["value"].notna()
    return frame.loc[said, [name for name in frame.columns if name in _NEEDED]]


def _linked(sentence: str, pattern: re.Pattern[str], texts: dict[str, list[tuple[str, dict[str, Any]]]]) -> str:
    parts, at = [], 0
    for found in pattern.finditer(sentence):
        if anchor := _nearest(sentence[: found.start()], texts[found[0]]):
            parts += [escape(sentence[at : found.start()]), f'<a href="#{anchor}">{escape(found[0])}</a>']
            at = found.end()
    return "".join(parts) + escape(sentence[at:])


def _nearest(before: str, rows: list[tuple[str, dict[str, Any]]]) -> str:
    """Return the anchor of the row whose place is named last, empty where none is: a value may be somebody else's."""
    at, row = max(((before.rfind(label), row) for label, row in rows), key=lambda found: found[0])
    return anchor_of(row) if at >= 0 else ""


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
    return Html("".join(f'<p class="finding">{_with_links(one)}</p>' for one in findings))


def _with_links(finding: Counted) -> str:
    if not finding.leads:
        return escape(finding.text)
    known = "|".join(re.escape(piece) for piece in sorted(finding.leads, key=len, reverse=True))
    pieces = re.split(rf"((?<![\d.])(?:{known}))", finding.text)
    return "".join(
        f'<a href="#{finding.leads[piece]}">{escape(piece)}</a>' if piece in finding.leads else escape(piece)
        for piece in pieces
    )


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


def stacked(*pieces: Html) -> Html:
    """Return pieces of a page one below the other."""
    return Html("".join(piece.text for piece in pieces))


def tables(frames: Sequence[pd.DataFrame], language: str = "zh") -> Html:
    """Return several tables one below the other; those without rows are left out."""
    filled = [frame for frame in frames if len(frame)]
    return Html("".join(table(frame, language).text for frame in filled or frames[:1]))


def _cell(cell: object) -> str:
    """Return a cell as HTML; a pair of a text and an anchor is a link."""
    if isinstance(cell, tuple):
        text, anchor = cell
        return f'<a href="#{anchor}">{escape(text)}</a>'
    return "" if pd.isna(cell) else escape(str(cell))


def table(frame: pd.DataFrame, language: str = "zh", samples: bool = False) -> Html:
    """Return a table in full, nothing shortened; `samples` says that it rests on sample reports.

    Rows of evidence are what links lead to; in a table of comparability each value is such a link, elsewhere a cell that
    is a pair of a text and an anchor.
    """
    if frame.empty:
        return Html(f"<p>{escape(say('table.empty', language))}</p>")
    head = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    value = frame.columns.get_loc(say("column.value", language)) if frame.index.name == FACT else -1
    rows, seen = [], set()
    for key, cells in zip(frame.index, frame.itertuples(index=False), strict=True):
        texts = [_cell(cell) for cell in cells]
        if value >= 0 and key:
            texts[value] = f'<a href="#{key}">{texts[value]}</a>'
        opening = f'<tr id="{key}">' if frame.index.name == ANCHOR and key not in seen else "<tr>"
        seen.add(key)
        rows.append(
            opening + "".join(f"<td>{text}" for text in texts)
        )  # HTML needs no ends here: a tenth of a long page
    body = f'<table class="evidence"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    sample = escape(say("page.sample", language))
    note = f"<p class='source'>{sample}</p>" if samples else ""
    return Html(body + note)
