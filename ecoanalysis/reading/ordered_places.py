"""Read lists of places with their values, in lines of a page: 由好到差：1武夷山2.4186；2光泽2.5307, 汶上县(32µg/m3)、兖州区(31µg/m3).

In: a line, and the one above it that may say what is measured. Out: the rows of a table, or nothing where it is not surely one.
"""

import re

from ecoanalysis.knowledge import places
from ecoanalysis.reading.figures import is_value
from ecoanalysis.reading.flattened_columns import GENERIC, NO_CELL, Columns
from ecoanalysis.reading.table_headers import unit_of

_LISTED = re.compile(r"([\u4e00-\u9fff]{2,12})[（(]([-+]?\d+(?:\.\d+)?\s?[^\d（()）、，\s]?[^（()）、，]{0,12})[)）]")


def listed_values(text: str) -> list[tuple[str, str]]:
    """Return the places and values of a line that is nothing but a list of them.

    >>> listed_values("汶上县(32µg/m3)、兖州区(31µg/m3)、 |")
    [('汶上县', '32µg/m3'), ('兖州区', '31µg/m3')]
    """
    text = text.strip("|｜ 、，")
    found = _LISTED.findall(text)
    rest = _LISTED.sub("", text)
    whole = len(found) > 1 and not rest.strip("、， ") and all(is_value(value.strip()) for _, value in found)
    return [(place, value.strip()) for place, value in found] if whole else []


# What orders places, each with its value: 由好到差：1武夷山2.4186；2光泽2.5307.
_ORDERED = re.compile(
    r"排名|排序|排列|名次|由[好差低高优劣大小]到[好差低高优劣大小]|从[好差低高优劣大小]到[好差低高优劣大小]|依次|各[省市县区州旗镇街乡]"
)
_POPULATION = re.compile(
    r"(?:\d{1,3}|各)个?(?:[县市区州旗镇街道乡盟（）()、，]|街镇|乡镇){1,12}|[街乡]镇|各地|情况|如下|[为是的]$"
)
_UNIT_AT_END = re.compile(r"[（(]\s?单位\s?[:：]?\s?([^（）()]{1,12})[）)]\s?。?$")
_NOTE = re.compile(r"[（(][^（）()]*[）)]")
# A note that says when is kept.
_OF_TIME = re.compile(
    r"[（(](?:(?:上年|去年|前年|20\d\d年)(?:度|同期|同月)?|(?:20\d\d年)?\d{1,2}(?:[-—至~]\d{1,2})?月(?:份)?)[）)]"
)
_ITEM = re.compile(
    r"\s*([①-⑳]|\d{1,3}[.、．]?)?\s?([\u4e00-\u9fff]{2,12}?)\s?(\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)*(?:[%％天件个]|[μµ]g/m[3³]|微克/立方米)?)"
    r"\s*(?:[；;、，,。]+|(?=[\s\u4e00-\u9fff①-⑳])|$)|\s*[…⋯.]{2,}\s*"
)
_SEVERAL_ITEMS = re.compile(
    r"[:：](?:\s?[①-⑳\d]{0,3}[.、．]?\s?[\u4e00-\u9fff]{2,12}?\s?\d{1,9}(?:\.\d{1,9})?[/\d.]{0,20}(?:[%％天件个]|[μµ]g/m[3³]|微克/立方米)?"
    r"[\s；;、，,。]{0,6}){3}"
)

_LEADS_ON = re.compile(r"。[^。]{4,60}(?:如下|依次|排序|排列|名次)[^。]{0,4}[:：]\s*$")


def places_in_order(text: str) -> bool:
    """Whether a line may hold a sentence that is a list of places and values, or leads to one in the next line, among others."""
    if len(text) >= 4000 or not re.search("[。；;]", text.rstrip("。；;\n ")):
        return False
    return bool(_SEVERAL_ITEMS.search(text) or _LEADS_ON.search(text))


def ordered_values(text: str) -> list[list[str]]:
    """Return a table of the places that a text orders by a measure, with their values; nothing where it does not surely.

    Of two measures apart by a slash each place has both values: PM10/PM2.5：甲镇69/36、乙镇71/37.

    >>> ordered_values("1-9月10个县(市、区)CWQI由好到差：1武夷山2.4186；2光泽2.5307；3松溪2.6642。")
    [['排名', '区域', '1-9月CWQI'], ['1', '武夷山', '2.4186'], ['2', '光泽', '2.5307'], ['3', '松溪', '2.6642']]
    """
    head, _, tail = text.replace(":", "：").rpartition("：")
    if unit := _UNIT_AT_END.search(text):  # the colon may be that of 单位：
        head, _, tail = text[: unit.start()].replace(":", "：").rpartition("：")
    if len(head) > 60 or NO_CELL.search(head):
        return []
    measures = [_measure(part, unit[1] if unit else "") for part in _SLASHES.split(head)]
    if not _ORDERED.search(head) and not all(map(Columns.measures, measures)):
        return []
    found, at = [], 0
    while (item := _ITEM.match(tail, at)) and item.end() > at:
        found += [[(item[1] or "").strip(".、．"), item[2], *item[3].split("/")]] if item[2] else []
        at = item.end()
    named = [place for _, place, *_ in found if places.is_place(place)]
    whole = len(found) >= 3 and len(named) == len(found) and not tail[at:].strip()
    if not whole or any(len(item) != len(measures) + 2 for item in found) or any(map(_several, measures)):
        return []
    numbers = [number for number, *_ in found]
    if "" in numbers and any(numbers):
        return []  # a second figure of the item before: 夹江县 35 88 沐川县 30
    if all(map(str.isdecimal, numbers)):
        ranks = [int(number) for number in numbers]
        if ranks != sorted(ranks) or ranks[-1] - ranks[0] > len(ranks):
            return []
        return [["排名", "区域", *measures], *found]
    return [["区域", *measures], *(item[1:] for item in found)]


_NUMBERED = re.compile(r"^[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、．)）]\s{0,3}")
_SIDE = re.compile(
    r"[前后末][\d一二两三四五六七八九十]{1,3}[名位]|最[好差高低优]"
)  # which end of the order a list shows


def led_values(head: str, line: str) -> list[list[str]]:
    """Return a table of places with their values in brackets, where the line before them says what orders them, or measures.

    >>> led_values("10个县(区)综合指数由低到高排列如下:", "西盟县(1.12)、景东县(1.27)。")
    [['区域', '综合指数'], ['西盟县', '1.12'], ['景东县', '1.27']]
    >>> led_values("6.综合指数", "前两位：大同(4.25)、朔州(4.93)；后两位：临汾(6.88)、太原(6.54)。")[-1]
    ['太原', '6.54']
    """
    head = _NUMBERED.sub("", head.rstrip(":： "))
    parts = [part.replace(":", "：").rpartition("：") for part in re.split("[；;]", line.rstrip("。 "))]
    sided = all(_SIDE.search(said) for said, _, _ in parts)
    ordered = len(parts) == 1 and not parts[0][0] and _ORDERED.search(head)
    if not (ordered or (sided and Columns.measures(head))) or len(head) > 60 or NO_CELL.search(head):
        return []
    lists = [listed_values(places) for _, _, places in parts]
    found = [[place, value] for items in lists for place, value in items]
    return [["区域", _measure(head, "")], *found] if all(lists) else []


_SLASHES = re.compile(r"(?<=[\u4e00-\u9fff\d）)])/(?=[\u4e00-\u9fffA-Z])(?![^（(]*[）)])")


def _several(measure: str) -> bool:
    """Whether a head names more than one measure: PM2.5、PM10浓度."""
    return sum(map(Columns.measures, re.split("[、和及与]", measure))) > 1


def _measure(head: str, unit: str) -> str:
    """What a head measures, without the words that order and the places, and its unit in brackets."""
    said = (
        part for note in _NOTE.findall(head) if not GENERIC.fullmatch(note) for part in re.split("[，,]", note[1:-1])
    )
    unit = next(filter(None, map(unit_of, said)), unit)
    when = "".join(note[1:-1] for note in _OF_TIME.findall(head))
    bare = when + _ORDERED.sub("", _POPULATION.sub("", _NOTE.sub("", head))).strip(" ，,")
    bare = re.sub("^[县市区州旗镇乡]{2,4}(?=[^县市区州旗镇乡])", "", bare)
    return bare + (f"({unit})" if unit else "")
