"""Modals of targets: which words of the list are modals where they stand, and how often reports use each.

In: a `Corpus`. Out: a row a report and modal. `knowledge/words/modal_guards.csv` says what must or must not stand beside a
word: 以上 is one after a quantity (97%以上), not in 县级及以上; 基本 is none in 基本功.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from ecoanalysis.extracting.quantities import NOT_QUANTITIES, find
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.language.attention import by_report
from ecoanalysis.language.corpus import Corpus, Hits
from ecoanalysis.language.substance import PER, listed, marked
from ecoanalysis.language.words import themes

_ROOM = 24  # characters beside a modal in which its quantity is looked for
_NO_AMOUNT = NOT_QUANTITIES - {"date"} | {"grade", "streak"}  # Ⅲ类以上 names a class; 2025年以内 is a term


def modality(corpus: Corpus) -> pd.DataFrame:
    """Return how often each report uses each modal of targets.

    Columns: report, modal, strength (hard: 确保; soft: 力争), count, planned (those in sentences that speak of what is
    planned), per_1000 characters. Modals that a report does not use have no row.

    >>> from ecoanalysis.language.corpus import gather
    >>> text = "确保97%以上。县级及以上水源。PM2.5控制在25微克左右。练好基本功。左右岸。"
    >>> modality(gather(pd.DataFrame({"report": ["a"], "text": [text]})))["modal"].tolist()
    ['以上', '左右', '控制在', '确保']
    """
    words = themes()["modals"].words
    found = _modals(corpus, listed(corpus, "modals"))
    own = corpus.sentences
    every = pd.DataFrame(
        {
            "report": np.array(corpus.reports, dtype=object)[own["report"].to_numpy()[found.sentence]],
            "modal": np.array(words, dtype=object)[found.word],
            "planned": own["planned"].to_numpy()[found.sentence],
        }
    )
    table = every.groupby(["report", "modal"])["planned"].agg(count="size", planned="sum").reset_index()
    table.insert(2, "strength", table["modal"].map(themes()["modals"].classes).astype(object))
    characters = dict(zip(corpus.reports, by_report(corpus, own[["characters"]].to_numpy())[:, 0], strict=True))
    table["per_1000"] = table["count"] / table["report"].map(characters).astype(float) * PER
    order = table.sort_values(["report", "count", "modal"], ascending=[True, False, True])
    return marked(order.reset_index(drop=True), corpus, "modality")


def _modals(corpus: Corpus, found: Hits) -> Hits:
    words = themes()["modals"].words
    places = zip(found.word.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    kept = np.array([_is_modal(corpus.text, words[word], start, end) for word, start, end in places], dtype=bool)
    return Hits(found.word[kept], found.start[kept], found.end[kept], found.sentence[kept])


def _is_modal(text: str, word: str, start: int, end: int) -> bool:
    guard = _guards().get(word)
    return guard is None or guard(text, start, end)


@cache
def _guards() -> dict[str, Callable[[str, int, int], bool]]:
    return {row["modal"]: _guard(row) for row in rows("words/modal_guards.csv")}


def _guard(row: dict[str, str]) -> Callable[[str, int, int], bool]:
    before = re.compile(f"(?:{row['not_before']})\\Z") if row["not_before"] else None
    after = re.compile(row["not_after"]) if row["not_after"] else None

    def allowed(text: str, start: int, end: int) -> bool:
        if (before and before.search(text, max(start - _ROOM, 0), start)) or (after and after.match(text, end)):
            return False
        return not row["place"] or _measured(text, start, end, row["place"])

    return allowed


def _measured(text: str, start: int, end: int, place: str) -> bool:
    """Tell whether a quantity ends where the modal starts, or starts where it ends: 约 and blanks may stand between."""
    low, high = (max(start - _ROOM, 0), end) if place == "before" else (start, end + _ROOM)
    around = re.split(r"[\n。；;！!？?]", text[low:high])
    near = around[-1] if place == "before" else around[0]
    size = end - start
    for one in find(near):
        if one.kind in _NO_AMOUNT or (one.value is None and one.kind != "date"):
            continue
        if place == "before" and one.start < len(near) - size <= one.end + _unit(near, one.end, len(near) - size):
            return True
        if place == "after" and one.end > size and not near[size : one.start].strip(" 约在到至为"):
            return True
    return False


def _unit(text: str, start: int, end: int) -> int:
    """Return the length of what stands between a number and the modal, if it is a unit that is not listed: 20蒸吨/小时以下."""
    between = text[start:end]
    return (
        len(between)
        if re.fullmatch(r"[\w/／%·²³ ]{0,6}", between) and not re.search(r"[的和及与或，为]", between)
        else 0
    )
