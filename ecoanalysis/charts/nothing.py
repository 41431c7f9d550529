"""What stands in place of a picture where no report says anything: one sentence.

In: the panel or table that holds nothing, and what it is about. Out: a `Nothing`, which shows itself on a page and
writes no file.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from ecoanalysis.charts.chart import add_to_index, files_of, in_index
from ecoanalysis.wording.names import place_labels, several
from ecoanalysis.wording.sentences import say

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Nothing:
    """A sentence that says who is silent on what; `data` are the rows without a value."""

    text: str
    data: pd.DataFrame
    kind: str = "nothing"

    def save(self, name: str, folder: str | Path | None = None) -> list[Path]:
        """Write nothing, and remove what an earlier run left under this name, lest it pass for new."""
        files = files_of(name, folder)
        for file in files:
            file.unlink(missing_ok=True)
        index, listed = in_index(files[0])
        if index.is_file():
            add_to_index(index, [], without=listed)
        return []

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>"


def nothing(rows: pd.DataFrame, title: str, language: str = "zh") -> Nothing:
    """Return the sentence that none of the places in `rows` reports what `title` names."""
    if rows.empty:
        return Nothing(say("nothing.at_all", language, title=title), rows)
    places = place_labels(rows.drop_duplicates("place"), language)
    names = several(places, language, "places", _MOST_NAMED)
    return Nothing(say("nothing.reported", language, title=title, places=names), rows)
