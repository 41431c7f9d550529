"""Find groups of places and of sections that are counted or taken together, and the sort of settlement that words speak of.

In: a text. Out: spans: 12个县（市、区）, 8县区, 9市1区, 14个出境断面, or the 城市 of 城市污水处理率. What the kinds are called is in
`knowledge/words/group_heads.txt`, `section_kinds.txt` and `settlements.txt`.
"""

import re
from functools import cache

from ecoanalysis.knowledge import tables

Span = tuple[int, int]
_MANY = r"(?:(?<![\d.．])\d{1,4}|(?<![一-鿿])[*xX×]{1,6}|[一二两三四五六七八九十百]{1,4})"


@cache
def _places() -> re.Pattern[str]:
    kinds = "|".join(tables.words("words/group_heads.txt"))
    few = r"(?:(?<![一-鿿])|(?<=全[省市州区县]))[两三四五六七八九十]{1,3}(?=[县市区州盟旗]{2}|[县市区][(（]|市[一二两三四五六七八九十]+区)"
    counted = rf"{_MANY}个(?:{kinds})|(?:(?<![\d.．])\d{{1,3}}|{few}|(?<=市)[一二两三四五六七八九十](?=区))(?:{kinds})"
    bracketed = r"[县市区旗州][(（](?:特区|[市县区旗、])+[)）]"
    return re.compile(
        rf"(?:{counted})(?:(?:[和与及、]|以及|连同)?(?:{counted}))*(?:政府)?(?:所在(?:地|城市))?"
        rf"|各(?:{kinds})|{_MANY}?{bracketed}"
    )


def of_places(text: str) -> list[Span]:
    """Return the groups of places that a text counts or takes together.

    >>> text = "7个县（市、区）优良率97%，9市1区达标，各区19微克，38市控断面"
    >>> [text[low:high] for low, high in of_places(text)]
    ['7个县（市、区）', '9市1区', '各区']
    """
    return [match.span() for match in _places().finditer(text)]


@cache
def _sections() -> re.Pattern[str]:
    kinds = "|".join(tables.words("words/section_kinds.txt"))
    many = r"(?:(?<![\d.．])\d{1,5}|[*xX×]{1,6}|[一二三四五六七八九十百]{1,5})个"
    sections = rf"(?P<many>{many})?(?P<kind>(?:(?:{kinds})[、的和与]?)*)断面"
    rivers = r"(?P<rivers>(?<!\d)(?:\d{1,3}|[一二两三四五六七八九十]{1,3})条[^，,。；;、\d（(]{0,5}(?:河流|支流|河涌|河道|水系|河))"
    return re.compile(f"{sections}|{rivers}")


def of_sections(text: str, start: int, end: int) -> list[tuple[Span, str]]:
    """Return the groups of sections that a span counts or describes, each with its words but for the count.

    >>> text = "14个出境断面Ⅱ类，断面水质好，4个断面达标"
    >>> [(text[low:high], kind) for (low, high), kind in of_sections(text, 0, len(text))]
    [('14个出境断面', '出境断面'), ('4个断面', '断面')]
    >>> of_sections("9条河流水质优良", 0, 8)
    [((0, 4), '9条河流')]
    """
    found = _sections().finditer(text, start, end)
    return [
        (match.span(), match["rivers"] or f"{match['kind']}断面")
        for match in found
        if match["many"] or match["kind"] or match["rivers"]
    ]


@cache
def _settlements() -> re.Pattern[str]:
    sorts = "|".join(sorted(tables.words("words/settlements.txt"), key=len, reverse=True))
    return re.compile(rf"(?:{sorts})(?:、(?:{sorts}))*(?:(?:声环境)?功能区)?")


def settlement(text: str, start: int, end: int) -> Span | None:
    """Return the last sort of settlement that a span speaks of.

    >>> text = "县城污水处理率90%，城市功能区昼间达标率"
    >>> settlement(text, 0, 8), settlement(text, 11, len(text))
    ((0, 2), (11, 16))
    """
    found = None
    for match in _settlements().finditer(text, start, end):
        found = match.span()
    return found
