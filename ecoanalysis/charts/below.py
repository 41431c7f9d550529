"""Lines of text below a picture: who is not in it, after the reason that several share.

In: pieces of text. Out: lines that fit the sheet, their height, and the writing of them.
"""

from collections.abc import Iterable, Sequence

from ecoanalysis.charts.sheet import Sheet, line_height
from ecoanalysis.charts.style import GREY, NOTE, fill, wrap
from ecoanalysis.wording.sentences import say

_MOST = 12  # reasons with lines of their own


def by_reason(pairs: Iterable[tuple[str, str]], width: float, language: str) -> list[str]:
    """Return lines that name things after the reason that they share, given (reason, name) pairs; names stay whole.

    The reasons of most names have lines of their own, the others share one.
    """
    comma, colon, stop = ("、", "：", "。") if language == "zh" else (", ", ": ", ".")
    shared: dict[str, list[str]] = {}
    for reason, name in pairs:
        shared.setdefault(reason, []).append(name)
    own = sorted(shared, key=lambda reason: -len(shared[reason]))[:_MOST]
    if len(shared) > _MOST:
        rest = [name for reason, names in shared.items() if reason not in own for name in names]
        shared = {reason: shared[reason] for reason in own} | {say("below.other", language): rest}
    lines: list[str] = []
    for reason, names in shared.items():
        *first, last = wrap(reason + colon, width - 3.0, NOTE)
        pieces = [last + (" " if language == "en" else ""), *(name + comma for name in names[:-1]), names[-1] + stop]
        lines += [*first, *fill(pieces, width - 3.0, NOTE)]
    return lines


def height_below(lines: Sequence[str]) -> float:
    """Return the height in mm that lines below a picture need."""
    return len(lines) * line_height(NOTE) + (2.0 if lines else 0.0)


def write_below(page: Sheet, lines: Sequence[str]) -> None:
    """Write lines at the foot of the sheet's body."""
    for at, line in enumerate(reversed(lines)):
        y = (page.below + (at + 1) * line_height(NOTE) - 1.0) / page.height
        page.figure.text(1.5 / page.width, y, line, fontsize=NOTE, color=GREY, va="top")
