"""Find the words that a fact quotes.

In: a run and the words that name its metric. Out: the span of the shortest part of the text that says both.
"""

import re

from ecoanalysis.extracting.candidates import Scene
from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run

_AND = re.compile("和|及(?!时)|与")


def quoted(scene: Scene, run: Run, match: Match | None, number: Quantity) -> tuple[int, int]:
    """Return the shortest clause that holds a number and, where they stand in the same sentence, the metric's words."""
    text = scene.source.text
    words = [span for span in match.spans if scene.start <= span[0] < scene.end] if match else []
    start = min([number.start, *(span[0] for span in words)])
    end = max([number.end, *(span[1] for span in words)])
    floor = _floor(text, scene.start, run, start)
    while floor < start and text[floor] in "、，,；;。 \n":
        floor += 1
    if run.clause.start < floor < start and _AND.match(text, floor):
        floor += 1
    if text[end : end + 1] == "”" and "“" in text[floor:end]:
        end += 1
    return floor, end


def _floor(text: str, opening: int, run: Run, start: int) -> int:
    """Return where the number's own part of the clause begins, or the clause of words that stand before it."""
    if start >= run.clause.start:
        return run.low if start >= run.low else run.clause.start
    floor = start
    while floor > opening and text[floor - 1] not in "，,；;。：:":
        floor -= 1
    return floor
