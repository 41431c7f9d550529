"""What a notebook shows beside its charts: prose and tables, with everything from a report escaped.

In: sentences, or a table for readers. Out: objects that a notebook shows as HTML.
"""

from dataclasses import dataclass
from html import escape

import pandas as pd

from ecoanalysis.knowledge.wording import say


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of a page. `text` is HTML in which nothing of a report stands unescaped."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def prose(*sentences: str) -> Html:
    """Return sentences as paragraphs.

    >>> prose("22 < 35").text
    '<p class="finding">22 &lt; 35</p>'
    """
    return Html("".join(f'<p class="finding">{escape(sentence)}</p>' for sentence in sentences))


def table(frame: pd.DataFrame, language: str = "zh", samples: bool = False) -> Html:
    """Return a table in full, nothing shortened; `samples` says that it rests on sample reports."""
    if frame.empty:
        return Html(f"<p>{escape(say('table.empty', language))}</p>")
    with pd.option_context("display.max_colwidth", None):
        body = frame.to_html(index=False, border=0, classes="evidence", na_rep="", escape=True)
    note = f"<p class='source'>{escape(say('sample', language))}</p>" if samples else ""
    return Html(body + note)
