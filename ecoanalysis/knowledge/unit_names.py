"""Write values as readers expect them: unit names in Chinese or English, a sensible scale, no scientific notation.

In: values in canonical units (CNY, ug/m3, grade). Out: a `Scale` that turns them into what a label shows.
Names and scales stand in `unit_names.csv`; what a counting word counts stands in `counted_in.csv`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from ecoanalysis.errors import CatalogueError, nearest
from ecoanalysis.knowledge.tables import rows

_GRADES = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ", 5: "Ⅴ", 6: "劣Ⅴ"}
_ROMAN = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "劣": "below "}
# Of grades the lower number is the better water: 达三类以上 is <= 3.
_GRADE_BOUNDS = {
    "zh": {"~": "约{}", ">": "差于{}", ">=": "{}及以下", "<": "优于{}", "<=": "{}及以上"},
    "en": {"~": "about {}", ">": "worse than {}", ">=": "{} or worse", "<": "better than {}", "<=": "{} or better"},
}
_BOUNDS = {
    "zh": {"~": "约{}", ">": "超过{}", ">=": "不低于{}", "<": "低于{}", "<=": "不高于{}"},
    "en": {"~": "about {}", ">": "over {}", ">=": "at least {}", "<": "under {}", "<=": "at most {}"},
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How values of one canonical unit are shown: divided by `per`, followed by `name`."""

    unit: str
    name: str
    per: float
    language: str
    counted: bool = False

    def called(self, name: str) -> "Scale":
        """Return the same scale with the unit's name as a report has it, such as 宗 for 件."""
        return replace(self, name=name)

    def number(self, value: float, bound: str = "=", signed: bool = False) -> str:
        """Return a value in this scale as digits, with the words of its bound.

        >>> scale_of("CNY", [6580600]).number(6580600)
        '658.06'
        >>> scale_of("grade").number(6)
        '劣Ⅴ'
        """
        return self._bounded(self._digits(value / self.per, signed), bound)

    def text(self, value: float, bound: str = "=", signed: bool = False) -> str:
        """Return a value with its unit.

        >>> scale_of("CNY", [6580600]).text(6580600, ">"), scale_of("ug/m3", language="en").text(18.1)
        ('超过658.06万元', '18.1 µg/m³')
        >>> scale_of("grade").text(3, "<="), scale_of("grade", language="en").text(3, "<=")
        ('Ⅲ类及以上', 'grade III or better')
        """
        digits = self._digits(value / self.per, signed)
        tight = self.language == "zh" or self.name in ("", "%")
        grade = self.unit == "grade" and self.language == "en"
        whole = f"{self.name} {digits}" if grade else digits + ("" if tight else " ") + self.name
        return self._bounded(whole, bound)

    def _bounded(self, text: str, bound: str) -> str:
        bounds = _GRADE_BOUNDS if self.unit == "grade" else _BOUNDS
        return bounds[self.language].get(bound, "{}").format(text)

    def _digits(self, value: float, signed: bool) -> str:
        if self.unit == "grade" and not signed and value in _GRADES:
            roman = _GRADES[int(value)]
            return "".join(_ROMAN[letter] for letter in roman) if self.language == "en" else roman
        # Four decimals are more than any report gives; trailing zeros would claim a precision that nobody claimed.
        digits = f"{round(value, 4):,.4f}".rstrip("0").rstrip(".")
        digits = digits if self.language == "en" else digits.replace(",", "")
        if digits == "-0":
            digits = "0"
        return ("+" if signed and value > 0 else "") + digits.replace("-", "−")


def scale_of(unit: str, values: Iterable[float] = (), language: str = "zh") -> Scale:
    """Return the scale for `values` of a canonical unit: the largest of them decides between 元, 万元 and 亿元.

    A classifier of `units.csv` such as 棵 is its own name; any other unit without one raises `CatalogueError`.

    >>> scale_of("case").name, scale_of("case", language="en").name
    ('件', 'cases')
    """
    known = _scales()
    if unit not in known and unit in _classifiers():
        return Scale(unit, unit, 1.0, language)
    if unit not in known:
        raise CatalogueError(f"unit_names.csv: no unit {unit!r}. Nearest: {nearest(unit, known)}")
    largest = max((abs(value) for value in values if not math.isnan(value)), default=0.0)
    row = [row for row in known[unit] if float(row["from"]) <= largest][-1]
    return Scale(unit, row[language], float(row[f"{language}_per"]), language, row["counted"] == "yes")


def counts_as(unit: str, wording: str) -> str:
    """Return what a number of the canonical unit `unit`, counted in the word `wording`, is a count of.

    >>> counts_as("case", "宗") == counts_as("case", "件"), counts_as("case", "家"), counts_as("case", "")
    (True, 'firm', 'case')
    >>> counts_as("CNY", "万元")
    'CNY'
    """
    if unit not in _scales() or _scales()[unit][0]["counted"] == "no" or not wording:
        return unit
    table = _counted()
    return table.get((unit, wording)) or table.get(("*", wording)) or wording


def counted_name(unit: str, wording: str) -> str:
    """Return the English name of what is counted, empty where the counting word is not known.

    >>> counted_name("case", "家"), counted_name("case", "宗"), counted_name("case", "批次")
    ('firms', 'cases', '')
    """
    counts = counts_as(unit, wording)
    return scale_of(counts, language="en").name if counts in _scales() else ""


@cache
def _scales() -> dict[str, list[dict[str, str]]]:
    scales: dict[str, list[dict[str, str]]] = {}
    for row in rows("unit_names.csv"):
        scales.setdefault(row["unit"], []).append(row)
    return scales


@cache
def _classifiers() -> frozenset[str]:
    return frozenset(row["unit"] for row in rows("units.csv") if not row["unit"].isascii())


@cache
def _counted() -> dict[tuple[str, str], str]:
    return {(row["unit"], row["wording"]): row["counts"] for row in rows("counted_in.csv")}
