"""Tell what kind of text a report is.

In: the title and the repaired text. Out: an id of `knowledge/genres.csv`, or an empty string where no row fits.
"""

import re

from ecoanalysis.knowledge.tables import rows


def genre(title: str, text: str) -> str:
    """Return the kind of a text.

    >>> genre("在市生态环境局2025年工作会议上的讲话", "")
    'speech'
    """
    for column, part in (("title", title), ("opening", text[:800])):
        for row in rows("genres.csv"):
            if row[column] and re.search(row[column], part):
                return row["genre"]
    return ""
