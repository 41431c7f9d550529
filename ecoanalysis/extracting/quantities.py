"""Find every number of a text: the quantities, and what is a number but no quantity.

In: a repaired text. Out: ``Quantity`` records in reading order, each quoting the text. Units come from
``knowledge/units.csv``; nothing here knows what is being measured. A number that cannot be read is a name.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from ecoanalysis.errors import NumberError
from ecoanalysis.extracting import number_patterns as patterns
from ecoanalysis.extracting.number_patterns import bounds, units
from ecoanalysis.extracting.numerals import LONGEST, read_grade, read_number

__all__ = ["NOT_QUANTITIES", "Quantity", "find", "measures", "units"]

NOT_QUANTITIES = frozenset({"date", "ordinal", "heading", "name"})


# Not frozen: a text has thousands of them, and to freeze one takes longer than to find it.
@dataclass(slots=True, unsafe_hash=True)
class Quantity:
    """A number in a text. `value` is in the written unit with 万 and 亿 multiplied in, None where withheld or vague."""

    start: int
    end: int
    value: float | None
    high: float | None
    unit_text: str
    unit: str
    factor: float
    bound: str
    kind: str
    number: str
    streak: bool = False


class _Hit(NamedTuple):
    """A pattern's match, the bounding words before it, where these open, and whether quotation marks enclose it."""

    match: re.Match[str]
    text: str
    start: int
    before: str
    inside: bool

    @property
    def number(self) -> str:
        return self.text[self.start : self.match.end()]

    def follows(self, words: str | tuple[str, ...]) -> bool:
        return self.text.startswith(words, self.match.end())


def measures(quantity: Quantity) -> bool:
    """Tell whether a quantity measures (a share, a concentration, a sum) rather than counts; masked ones too."""
    kind = units().get(quantity.unit_text, {"kind": "number"})["kind"] if quantity.kind == "masked" else quantity.kind
    return kind not in ("count", "vague", "ratio")


def find(text: str) -> list[Quantity]:
    """Return every number of a text in reading order, the non-quantities by their kind too.

    >>> [(q.value, q.unit_text, q.bound, q.kind) for q in find("罚款约828万元,PM2.5浓度22微克/立方米")]
    [(8280000.0, '元', '~', 'money'), (None, '', '=', 'name'), (22.0, '微克/立方米', '=', 'concentration')]
    """
    marked = [match.span() for match in patterns.quoted().finditer(text)]
    found: list[Quantity] = []
    at = 0
    for start, before, match in _matches(text):
        while at < len(marked) and marked[at][1] <= start:
            at += 1
        inside = at < len(marked) and marked[at][0] < start and match.end() <= marked[at][1]
        hit = _Hit(match, text, start, before, inside)
        try:
            quantity = _READERS[match.lastgroup or ""](hit)
        except NumberError:  # costs the number, not the report
            quantity = _plain(hit, "name")
        if quantity is not None:
            found.append(quantity)
    return found


def _matches(text: str) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Yield where each number opens, the words that bound it from before, and its match."""
    tried, before = patterns.tried(), patterns.before()
    forms = patterns.names, patterns.share, patterns.fraction, patterns.numeral, patterns.masked, patterns.chinese
    bounded = [form() for form in forms]
    heads = {match.start("heading"): match for match in patterns.heading().finditer(text)}
    end = 0
    for opener in patterns.openers().finditer(text):
        start = opener.start()
        if start < end:
            continue
        match, words = heads.get(start), ""
        for pattern in () if match else tried[opener[0]]:
            match = pattern.match(text, start)
            if match and pattern is before:
                words, inner = match["before"], match.end()
                match = next((found for one in bounded if (found := one.match(text, inner))), None)
                match = match if match and match.lastgroup != "name" else None
            if match:
                break
        if match:
            end = match.end()
            yield start, words, match


def _value(numeral: str) -> float | None:
    """Return what a numeral is worth; None where it is no number that anyone would count to."""
    if len(numeral) > LONGEST:
        return None
    numeral = numeral.replace(" ", "")
    plain = numeral.isascii() and "," not in numeral
    return float(numeral) if plain else float(read_number(numeral))


def _plain(hit: _Hit, kind: str) -> Quantity:
    return Quantity(hit.start, hit.match.end(), None, None, "", "", 1.0, "=", kind, hit.number)


def _kind(kind: str) -> Callable[[_Hit], Quantity]:
    return lambda hit: _plain(hit, kind)


def _title(hit: _Hit) -> Quantity | None:
    return _plain(hit, "name") if re.search(f"{patterns.D}|[{patterns.CN}]", hit.number) else None


def _ordinal(hit: _Hit) -> Quantity:
    match, text = hit.match, hit.text
    place = match["place"]
    if not place:
        return _plain(hit, "heading")
    ranked = match["placed"] or (
        patterns.RANKED.search(text, max(0, hit.start - 26), hit.start)
        and not hit.follows(tuple("轮批届次季三期类种个十方一二环条款章节次卷阶产"))
    )
    value = None if place[0] in "*xX×" else _value(place)
    if not ranked or (value is None and place[0] not in "*xX×"):
        return _plain(hit, "ordinal")
    return Quantity(hit.start, match.end(), value, None, "", "rank", 1.0, "=", "rank", hit.number)


def _grade(hit: _Hit) -> Quantity:
    match, text = hit.match, hit.text
    near = text[max(0, hit.start - 24) : hit.start]
    if match["roman"] in "一二三四五" and not patterns.OF_WATER.search(near) and not hit.follows("水"):
        return _plain(hit, "name")
    others = patterns.SHARED_GRADE.match(text, match.end())
    stop = others.end() if others else match.end()
    of_others = patterns.OF_GRADE.match(text, stop) and not patterns.HEADS_NAMES.match(text, stop)
    if match["to"] or of_others or (match["low"] or "").strip() in ("优", "良"):
        return _plain(hit, "name")
    if patterns.RID_OF.search(near) and not near.endswith(patterns.OR_BETTER):
        return _plain(hit, "name")
    value = read_grade((match["low"] or "").strip() + match["roman"])
    after = match["grade_after"] or ""
    better = after.endswith("以上") or near.endswith(patterns.OR_BETTER)
    bound = "<=" if better else ">=" if after else "="
    if better and patterns.COUNTED.search(near):
        return _plain(hit, "name")  # 197个断面达到Ⅲ类及以上 counts sections
    return Quantity(hit.start, match.end(), float(value), None, "类", "grade", 1.0, bound, "grade", hit.number)


def _bound(before: str, more: str | None, after: str | None) -> str:
    if not (before or more or after):
        return "="
    if after:
        bound = bounds("after")[after]
        return bound if bound != "~" or not before else bounds("before")[before]
    if more:
        return ">"
    return bounds("before")[before]


def _numeral(hit: _Hit) -> Quantity:
    match = hit.match
    power, unit_text = (match["power"] or "").strip(), match["unit"] or ""
    low = _value(match["arabic"] + power)
    if low is None:
        return _plain(hit, "name")
    if unit_text == "年" or (not unit_text and hit.follows("年")):
        return _years(hit, low)
    if not unit_text and (hit.inside or patterns.CAPTION.search(hit.text, max(0, hit.start - 4), hit.start)):
        return _plain(hit, "name")
    if not (unit_text or power or "." in match["arabic"]) and patterns.placed(hit.text, hit.start, match.end()):
        return Quantity(hit.start, match.end(), low, None, "", "rank", 1.0, "=", "rank", hit.number)
    high = None
    if match["arabic2"]:
        high = _value(match["arabic2"] + power)
        if high is None or (high <= low and match["dash"].strip(" %％") in ("-", "—", "–")):
            return _plain(hit, "name")
    if match["sign"] and match["sign"] != "+":
        low = -low
    if not unit_text and power and hit.follows(("资金", "投资", "专项")):
        return replace(_quantity(hit, low, high, "", _bound(hit.before, None, None), "money"), unit="CNY")
    bound = _bound(hit.before, match["more"] or match["more2"] or match["over"], match["after"])
    nought = low == 0 and not unit_text and hit.text[hit.start - 1 : hit.start] in tuple("为是到")
    return _quantity(hit, low, high, unit_text, bound, "zero" if nought else "")


def _percent(hit: _Hit) -> Quantity:
    """百分之九十五 is 95 %, 百分百 is 100 %, 千分之三 3 ‰, 三分之二 66.67 %."""
    match = hit.match
    bound = _bound(hit.before, None, match["after"])
    if not match["part"] or (match["whole"], match["part"]) == ("百", "百"):
        return _quantity(hit, 100.0, None, "%", bound)
    part, whole = _value(match["part"]), _value(match["whole"])
    if part is None or not whole or (part > whole and whole < 100):
        return _plain(hit, "name")
    if whole == 1000:
        return _quantity(hit, part, None, "‰", bound)
    return _quantity(hit, part if whole == 100 else round(100 * part / whole, 2), None, "%", bound)


def _slash(hit: _Hit) -> Quantity:
    """1/3 is 33.33 %, where words before it tell that it is a share."""
    match = hit.match
    top, under = int(match["top"]), int(match["under"])
    if top >= under:
        return _plain(hit, "name")
    return _quantity(hit, round(100 * top / under, 2), None, "%", _bound(hit.before, None, match["slash_after"]))


def _moiety(hit: _Hit) -> Quantity:
    """近一半, 半数以上: half, where it is bounded; else a way of speaking."""
    bound = _bound(hit.before, None, hit.match["half_after"])
    return _quantity(hit, 50.0, None, "%", bound) if bound != "=" else _plain(hit, "name")


_PLAIN = str.maketrans("／（）", "/()")


@cache
def _unit(text: str) -> tuple[str, str, float, str]:
    """Return a unit as it is called, its canonical unit, the factor to that, and what kind of quantity it makes."""
    called = re.sub(r"\s", "", text).translate(_PLAIN)
    row = units().get(called, {"unit": "", "factor": "1", "kind": "number"})
    return called, row["unit"], float(row["factor"]), row["kind"]


def _quantity(hit: _Hit, low: float | None, high: float | None, unit_text: str, bound: str, kind: str = "") -> Quantity:
    called, unit, factor, usual = _unit(unit_text)
    return Quantity(hit.start, hit.match.end(), low, high, called, unit, factor, bound, kind or usual, hit.number)


def _years(hit: _Hit, value: float) -> Quantity:
    """N年 is a streak after 连续, else a duration; four digits would have been a date."""
    end = hit.match.end() + (not hit.match[0].endswith("年"))
    streak = bool(patterns.STREAK.search(hit.text, max(0, hit.start - 4), hit.start))
    kind = "streak" if streak else "date"
    return Quantity(hit.start, end, value, None, "年", "year", 1.0, "=", kind, hit.number, streak)


def _masked(hit: _Hit) -> Quantity | None:
    match = hit.match
    if match["vague"]:
        return _quantity(hit, None, None, match["mask_unit"], "~", "vague")
    before = hit.text[match.start() - 1 : match.start()]
    if before.isascii() and before.isalpha():
        return None
    unit_text = match["mask_unit"]
    if unit_text in ("市", "县", "区", "镇", "乡", "村", "省", "人") and not _counts(hit):
        return _plain(hit, "name")
    bound = _bound(hit.before, match["mask_more"] or match["mask_over"], match["mask_after"])
    return _quantity(hit, None, None, unit_text, bound, "masked")


def _counts(hit: _Hit) -> bool:
    """A masked place (XX市) reads like a masked count (*人); only persons are counted, and at a clause's end."""
    return hit.match["mask_unit"] == "人" and hit.follows(tuple(",，。;；、)） \n"))


def _bare(hit: _Hit) -> Quantity:
    return _quantity(hit, None, None, "", "=", "masked")


def _crown(hit: _Hit) -> Quantity:
    years = _value(hit.match["crowns"])
    return Quantity(hit.start, hit.match.end(), years, None, "连冠", "year", 1.0, "=", "streak", hit.number, True)


def _zero(hit: _Hit) -> Quantity:
    return _quantity(hit, 0.0, None, "", "=", "zero")


def _half(hit: _Hit) -> Quantity:
    if hit.match["half_unit"] == "年":
        return _plain(hit, "date")
    return _quantity(hit, 0.5, None, hit.match["half_unit"], "=")


def _tenth(text: str | None) -> float:
    """Return what follows 成: 八成五 is 85 %, 八成半 too."""
    return 0.0 if not text else 0.5 if text == "半" else float(read_number(text)) / 10


_EVERY = ("每年", "每月", "每周", "每日", "每季度")


def _chinese(hit: _Hit) -> Quantity:
    match = hit.match
    numeral, unit_text = match["cn"], match["cn_unit"] or ""
    value = _value(numeral + (match["cn_power"] or ""))
    if value is None or (set(numeral) <= set("百千万亿") and not (hit.before or match["cn_more"])):
        return _plain(hit, "name")  # 罚款金额（万元） names a unit
    bound = _bound(hit.before, match["cn_more"] or match["cn_over"], match["cn_after"])
    if "点" in numeral and not unit_text and not hit.inside:
        return _quantity(hit, value, None, "", "=")
    if (
        hit.follows(tuple("0123456789"))
        or (hit.inside and not unit_text.endswith("元"))
        or (not unit_text and not (numeral[-1] in "十百千万亿" and (hit.before or match["cn_more"])))
    ):
        return _plain(hit, "name")
    if unit_text == "年":
        return _years(hit, value)
    if unit_text == "成":
        return _quantity(hit, round((value + _tenth(match["cn_tenth"])) * 10, 1), None, "%", bound)
    if numeral == "一" and not hit.text.endswith(_EVERY, max(0, hit.start - 6), max(0, hit.start - 2)):
        return _plain(hit, "name")
    if unit_text in ("万元", "亿元"):
        value, unit_text = value * {"万": 1e4, "亿": 1e8}[unit_text[0]], "元"
    return _quantity(hit, value, None, unit_text, bound)


_READERS: dict[str, Callable[[_Hit], Quantity | None]] = {
    "title": _title,
    "heading": _kind("heading"),
    "name": _kind("name"),
    "date": _kind("date"),
    "ordinal": _ordinal,
    "grade": _grade,
    "percent": _percent,
    "slash": _slash,
    "moiety": _moiety,
    "numeral": _numeral,
    "masked": _masked,
    "bare": _bare,
    "zero": _zero,
    "crown": _crown,
    "half": _half,
    "chinese": _chinese,
}
