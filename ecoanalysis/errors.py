"""The errors that users of this package may meet. Each message says what, the nearest right thing, and what to do."""

import difflib
from collections.abc import Iterable


class EcoanalysisError(Exception):
    """Anything that this package refuses, with a message meant for people."""

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in a notebook: IPython asks for this, and a wall of frames would hide it."""
        return [f"{type(self).__name__}: {self}"]


class NumberError(EcoanalysisError, ValueError):
    """A text is not a number as government reports write it."""


class CatalogueError(EcoanalysisError):
    """The knowledge files contradict themselves; the message names the file and the entry."""


class ReadingError(EcoanalysisError):
    """A file cannot be read as a report. `code` names the kind of fault, as in the table of problems."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TableError(EcoanalysisError):
    """A table is not as its schema says; the message names the table, the column and the row."""


class RequestError(EcoanalysisError):
    """What was asked for does not exist or makes no sense; nothing was done."""


def nearest(wanted: str, known: Iterable[str], most: int = 3) -> str:
    """Return the known names nearest to `wanted`, joined by commas, or an empty string.

    >>> nearest("pm25", ["air.pm25", "air.pm10", "water.grade"])
    'air.pm25, air.pm10'
    """
    names = sorted(set(known))
    holding = [name for name in names if wanted and wanted in name]
    scores = {name: max(_likeness(wanted, name), _likeness(wanted, name.rpartition(".")[2])) for name in names}
    alike = sorted((name for name in names if scores[name] >= 0.5), key=lambda name: -scores[name])
    return ", ".join(list(dict.fromkeys([*holding, *alike]))[:most])


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
