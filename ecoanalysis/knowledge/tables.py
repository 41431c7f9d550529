"""Read the small tables and word lists of this folder.

In: the name of a file. Out: rows as dictionaries, or words in the order of the file. Lines opening with # are remarks.
"""

import csv
import re
from functools import cache
from importlib.resources import files


def text(name: str) -> str:
    """Return a knowledge file as text; FileNotFoundError names what is missing."""
    return files("ecoanalysis.knowledge").joinpath(name).read_text(encoding="utf-8")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file.

    >>> rows("units.csv")[0]["unit"]
    '%'
    """
    return tuple(csv.DictReader(line for line in text(name).splitlines() if not line.startswith("#")))


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a text file, one on a line.

    >>> "三会一课" in words("words/names.txt")
    True
    """
    lines = (line.split("#")[0].strip() for line in text(name).splitlines())
    return tuple(line for line in lines if line)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a pattern of `words/patterns.csv`, by its name.

    >>> bool(pattern("title_meeting").search("在2025年工作会议上的讲话"))
    True
    """
    return re.compile({row["name"]: row["pattern"] for row in rows("words/patterns.csv")}[name])
