"""Tie what is drawn to the sentence it comes from: the id of an artist names the fact.

In: an artist, and the row of a table that it shows. Out: nothing; in an SVG file the artist's group bears the id.
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.artist import Artist


def mark(artist: Artist, row: Mapping[str, Any]) -> None:
    """Give the artist the id `fact-<report>-<start>` of the fact in `row`; a row of no report leaves it without one."""
    if row.get("report"):
        artist.set_gid(f"fact-{row['report']}-{int(row['start'])}")
