"""Find which assessed sections a value is of: 国考断面, 23个国、省考断面, 市控及以上断面.

In: a text and a span of it. Out: `Group` records with the words as written, or the rivers that a share is of. Which groups
may be compared is decided in `knowledge/scopes.csv`.
"""

import re
from dataclasses import dataclass

_AND = "(?:[、和与及]|[(（])?"
_ASSESSED = (
    rf"(?:(?:(?:国家级?|国){_AND}(?:省级?|自治区级?|区级?|市级?)?[)）]?(?:[、和与及]?市级?)?|(?<![全我本])(?:省级?(?:[、和与及]?市级?)?"
    r"|自治区级?|区级?|市级?(?:[、和与及]?县级?)?|县级?))(?:(?<!市)考核|控(?:考核)?|考(?!核))(?:及?以上)?|(?:江河|湖库|河流|湖泊)考核(?=断面))"
)
_HOW_MANY = r"(?:\d{1,5}|[*xX×]{1,6}|[一二三四五六七八九十百]{1,5})个"
_SECTIONS = re.compile(
    rf"(?:{_HOW_MANY})?(?:地表水)?{_ASSESSED}(?:(?:断面)?(?:[、和与及]|以及)?(?:{_HOW_MANY})?{_ASSESSED})*"
    r"(?:地表水|河流|湖库|水质|交接|跨界|入境|出境|入海|评价|监测|考核){0,2}断面"
)
_BOTH = re.compile("国.*[省区]|[省区].*国")


@dataclass(frozen=True, slots=True)
class Group:
    """The sections that a value is of, such as 23个国、省考断面; `joint` where those of the nation and the province are one group."""

    start: int
    end: int
    joint: bool
    several: bool


def find(text: str, start: int, end: int) -> list[Group]:
    """Return the groups of assessed sections that a span names; `several` where two groups stand side by side.

    >>> text = "23个国、省考断面，市控以上断面"
    >>> [(text[one.start:one.end], one.joint) for one in find(text, 0, len(text))]
    [('23个国、省考断面', True), ('市控以上断面', False)]
    """
    found = []
    for match in _SECTIONS.finditer(text, start, end):
        both = _BOTH.search(match[0]) is not None
        counts, kinds = len(re.findall(_HOW_MANY, match[0])), len(re.findall("[考控](?!核断)", match[0]))
        # 国考、省考断面 are two groups, 国、省考断面 and 47个国考、省考断面 are one.
        several = counts > 1 or (not counts and kinds > 1)
        found.append(Group(match.start(), match.end(), both and counts < 2, both and several))
    return found


_STRETCH = re.compile(
    r"[^\s，,。；;、：:（）()“”\d的个在对把将和及与沿从看年月日全市省县区州]{1,3}(?:河|江|湖)(?:流域|干流|支流)?(?:[一-鿿]{2,4}段)?$"
)


def tier(text: str, start: int, end: int, low: int, high: int) -> str:
    """Return the kind of assessed sections that a number counts, with the water before it: 黄河干流5个国考断面.

    >>> text = "8个国考断面、3个区考断面，市控断面12个"
    >>> tier(text, 0, 2, 0, 13), tier(text, 7, 9, 0, 13), tier(text, 18, 21, 14, 21)
    ('国考断面', '区考断面', '市控断面')
    """
    for group in find(text, low, high):
        if group.start <= start < group.end:
            following = re.search(_HOW_MANY, text[end : group.end])
            kind = text[end : end + following.start() if following else group.end].strip("、和与及以")
            return stretch(text, low, start) + kind
        if group.end == start:
            return text[group.start : group.end]
    return ""


def stretch(text: str, low: int, end: int) -> str:
    """Return the water, or stretch of one, that a text names right before a place: 黄河兰州段.

    >>> stretch("全市黄河兰州段国控断面", 0, 7)
    '黄河兰州段'
    """
    named = _STRETCH.search(text[max(low, end - 14) : end])
    return named[0] if named else ""


_OTHER_WATERS = re.compile(r"水功能区|河流|湖|水库|地表水|水源|(?<=[^，,；;。：:类的质])断面")
_MORE = re.compile(r"个?(?:监测|考核)?断面")
_RIVERS = re.compile(r"[ⅠⅡⅢⅣⅤ]类(?:水质|水体)?的?(河涌|河流|河道|支流|湖泊|湖库)")


def other_waters(text: str, low: int, start: int, end: int) -> bool:
    """Tell whether the words before a number, from `low` on, or the noun behind it name other waters than those said before.

    >>> other_waters("水功能区达标率96%", 0, 7, 10), other_waters("劣Ⅴ类断面比例为0", 0, 8, 9)
    (True, False)
    """
    return bool(_OTHER_WATERS.search(text, low, start) or _MORE.match(text, end - 1))


def rivers(text: str, start: int, end: int) -> str:
    """Return the waters whose share by grade a span names instead of sections, or an empty string.

    >>> rivers("劣Ⅴ类河涌占比", 0, 7)
    '河涌'
    """
    named = _RIVERS.search(text, start, end)
    return named[1] if named else ""
