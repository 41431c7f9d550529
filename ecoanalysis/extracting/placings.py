"""Find places that a text puts in an order without their values: 由好到差依次为甲市、乙市和丙县, 前三位的是甲市、乙市.

In: a text. Out: `Placing`s, a name with its place. Of the last (后三位) nobody says of how many, so that they have none unless
their places are said: 后10名（从第120名到第129名）.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ecoanalysis.extracting.numerals import NumberError, read_number
from ecoanalysis.extracting.waters import AND
from ecoanalysis.knowledge import places

# Ways to order: by what is good, or by the value, from the lowest (rising) or from the highest (falling).
RISING = ("低到高", "小到大", "少到多", "低至高", "小至大", "少至多")
FALLING = ("高到低", "大到小", "多到少", "高至低", "大至小", "多至少")
_BEST = ("好到差", "优到差", "优到劣", "好至差", "优至劣", "好到坏")
_ORDER = re.compile(f"[由从](?P<way>{'|'.join((*_BEST, *RISING, *FALLING))})")
_MANY = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_KIND = r"(?:的|个|城市|设区市|地市|县区|区县|县|区|市|州|镇|街道|乡|乡镇|[（(][市县区乡镇街道、]{1,8}[)）])"
_SPAN = rf"(?:[（(]从?第(?P<from>{_MANY})名?[到至—-]第?{_MANY}[名位]?[)）])?"
_LED = re.compile(
    rf"(?:(?P<side>[前后])(?P<count>{_MANY})(?:[名位个]|(?=[的是为:：]))?{_SPAN}{_KIND}{{0,3}}|依次|先后|(?<=[差劣坏高低大小多少])(?:的?顺序)?(?:排[列序名])?(?=[为是：:])|排[列序名]如下)"
    rf"(?:[（(]?[由从][一-鿿]到[一-鿿][）)]?)?(?:依次|分别|先后)?(?:是|为|有)?[：:]?\s{{0,3}}(?=[一-鿿])(?<=[是为有：:\s])"
)
_NAME = re.compile(
    rf"(?P<name>[一-鿿]{{2,12}}?)"
    rf"(?:[（(](?:(?P<tied>{_MANY})个?[市县区镇]?|(?:[与和同][一-鿿、]{{2,16}}(?:相同|同分)?[，,]?)?)并列第(?P<tie>{_MANY})[名位]?[)）])?"
    r"(?:(?P<and>、|[和与及](?![平田静硕布]))|(?=[，,。；;\n]|$))"
)
_TRAILED = re.compile(rf"(?:分?列|位?居|位列|排名?|排在)全?[国省市]?前(?P<count>{_MANY})[名位]")  # 甲、乙、丙列前三位
# A rank of how far a value moved, or of the worst, is none of the value.
_OTHERWISE = re.compile("幅|改善|变化|恶化|较差|最差|倒数|超标|末|问题")
_NO_NAME = re.compile("[为从到由是]|依次")
_MOST = 400  # names of one row
_BACK = 200  # characters
_VALUES = re.compile(r"[，,]?(?:分别|依次)|[（(]\d")


@dataclass(frozen=True, slots=True)
class Placing:
    """A name, where it stands, its place, and by which way of ordering it is placed: empty where words say that the best is
    first, or say nothing of it.

    `led` is where the words open that lead to the row: 前10名（从第1名到第10名）为.
    """

    start: int
    end: int
    rank: int
    way: str
    led: int


def find(text: str) -> list[Placing]:
    """Return the places that a text puts in order, in reading order.

    >>> text = "优良天数比例从高到低居前三位的是抚州市、赣州市和景德镇市（2市并列第2），居后两位的是新余市和萍乡市。"
    >>> [(text[one.start:one.end], one.rank, one.way) for one in find(text)]
    [('抚州市', 1, '高到低'), ('赣州市', 2, '高到低'), ('景德镇市', 2, '高到低')]
    """
    found = [one for led in _LED.finditer(text) for one in _listed(text, led)]
    found += [one for behind in _TRAILED.finditer(text) for one in _trailed(text, behind)]
    return sorted(found, key=lambda one: one.start)


def _listed(text: str, led: re.Match[str]) -> Iterator[Placing]:
    opening = _since(text, led.start(), "。\n", _BACK)
    ways = [match["way"] for match in _ORDER.finditer(text, opening, led.end())]
    first = _number(led["from"]) or 1
    unsaid = led["side"] == "后" and not led["from"]
    if unsaid or (not led["side"] and not ways) or _OTHERWISE.search(text, max(opening, led.start() - 14), led.end()):
        return
    names = _names(text, led.end())
    count = _number(led["count"]) if led["count"] else len(names)
    if len(names) < 2 or len(names) != count:
        return
    way = ways[-1] if ways and ways[-1] not in _BEST else ""
    ranks: list[int] = []
    for at, (_, tied, tie) in enumerate(names):
        ranks.append(first + at)
        if tied:
            ranks[-tied:] = [tie] * min(tied, len(ranks))
    for ((start, end), _, _), rank in zip(names, ranks, strict=True):
        yield Placing(start, end, rank, way, led.start())


def _trailed(text: str, behind: re.Match[str]) -> Iterator[Placing]:
    """The names in a row before the words that place them: 武夷山、光泽、政和列前三位."""
    opening = _since(text, behind.start(), "，,。；;：:\n", _BACK)
    parts = AND.split(text[opening : behind.start()])
    before = text[_since(text, opening, "。\n", 60) : opening]
    placed = all(map(places.is_place, parts))
    if len(parts) < 2 or len(parts) != _number(behind["count"]) or not placed or _OTHERWISE.search(before[-14:]):
        return
    ways = [match["way"] for match in _ORDER.finditer(before)]
    at = opening
    for rank, name in enumerate(parts, 1):
        yield Placing(at, at + len(name), rank, ways[-1] if ways and ways[-1] not in _BEST else "", opening)
        at += len(name) + 1


def _number(text: str | None) -> int:
    """A number that was said; 0 where none was, or one that is none: 前两三名."""
    try:
        return int(read_number(text)) if text else 0
    except NumberError:
        return 0


def _since(text: str, at: int, marks: str, back: int) -> int:
    """Where the part of a text opens that ends at a place: behind the last of some marks, but no farther back than so many characters."""
    low = max(0, at - back)
    return max((text.rfind(mark, low, at) for mark in marks), default=-1) + 1 or low


def _names(text: str, at: int) -> list[tuple[tuple[int, int], int, int]]:
    """Return the names that stand in a row, each with how many share which place; nothing where one of them is no place."""
    found: list[tuple[tuple[int, int], int, int]] = []
    while (match := _NAME.match(text, at)) and len(found) < _MOST:
        if _NO_NAME.search(match["name"]) or not places.is_place(match["name"]):
            return []
        tie = _number(match["tie"])
        tied = _number(match["tied"]) or int(bool(tie))  # 并列第六 alone places the one before it
        found.append((match.span("name"), tied, tie))
        at = match.end()
        if not match["and"]:
            return [] if _VALUES.match(text, at) else found
    return []
