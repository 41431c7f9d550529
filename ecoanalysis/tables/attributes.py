"""What a fact says, attribute by attribute, and the sentence that it stands in: what a person reviews.

In: facts and the text of their report. Out: readings as texts, the sentences, and keys that stay the same for the same
reading of the same sentence, wherever in the report it stands.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

ATTRIBUTES = (
    *("metric", "stat", "value", "unit", "unit_text", "bound", "period_start", "period_end", "scope", "basis"),
    *("status", "about_city", "about_district"),
)
WITHHELD = "withheld"
_STOPS = "。！？!?\n"
_STOP = re.compile(f"[{_STOPS}]")
_SIGNS = 12  # hexadecimal digits of a hash that tell sentences and readings apart
_APART = " ¦ "


def sentence_of(text: str, start: int, end: int) -> str:
    """Return the sentence around a span of a text.

    >>> sentence_of("甲。全市PM2.5为20。乙", 4, 9)
    '全市PM2.5为20。'
    """
    before = max(text.rfind(stop, 0, start) for stop in _STOPS) + 1
    after = _STOP.search(text, end)
    return text[before : after.end() if after else len(text)].strip()


def cell_of(value: Any) -> str:
    """Return an attribute as a text: dates as 2024-12-31, a value that is not known as `withheld`.

    >>> cell_of(22.0), cell_of(float("nan")), cell_of(pd.NaT)
    ('22', 'withheld', '')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if value is pd.NaT:
        return ""
    return WITHHELD if pd.isna(value) else f"{value:.12g}"


def reading_of(fact: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of a fact as texts."""
    return {name: cell_of(fact[name]) for name in ATTRIBUTES}


def joined(reading: Mapping[str, str]) -> str:
    """Return a reading as one text; `parted` gives it back."""
    return _APART.join(reading[name].replace("¦", "|") for name in ATTRIBUTES)


def parted(text: str) -> dict[str, str] | None:
    """Return the reading that `joined` made a text of, None where it is none."""
    cells = [cell.strip() for cell in text.split(_APART.strip())]
    return dict(zip(ATTRIBUTES, cells, strict=True)) if len(cells) == len(ATTRIBUTES) else None


def digest(*texts: str) -> str:
    """Return a short hash of texts, without regard to blanks.

    >>> digest("全市 优良率", "甲") == digest("全市优良率", "甲")
    True
    """
    plain = "\0".join("".join(text.split()) for text in texts)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:_SIGNS]


def key_of(fact: Mapping[str, Any], sentence: str) -> str:
    """Return the key of a fact: the same for the same reading of the same sentence of the same report."""
    return digest(fact["report"], sentence, fact["quote"], joined(reading_of(fact)))
