"""Say one figure of a table as a clause, by what it is: a level, a change, a rank, last year's value, a target.

In: the words of its labels, the cell and its unit. Out: the clause.
"""

import re

from ecoanalysis.reading.figures import RANK, VALUE
from ecoanalysis.reading.table_headers import change, moved, unit_of

# A line of labels with their units in brackets, each before its figure: 综合利用率（%） 46.9.
_LABELLED = re.compile(
    r"(?:(?<=^)|(?<=[，,；;\n]))(?P<label>[^\S\n]*[^\s（()），,。；;:：|]{2,24})[（(](?P<unit>[^（()）\n\d]{1,8})[）)][^\S\n]*[:：]?[^\S\n]*"
    r"(?P<figure>-?\d[\d,]*(?:\.\d+)?)(?=[^\S\n]*(?:[，,；;。]|$))",
    re.M,
)
_YEAR = re.compile(r"(20\d[05])年")  # with which a plan ends
_SAID = {"≥": "不低于", "≤": "不高于", ">": "高于", "＞": "高于", "<": "低于", "＜": "低于"}


def of_five_years(time: str) -> str:
    """Return the five years that end with a year, of which such a sum is.

    >>> of_five_years("2025年")
    '2021—2025年累计'
    """
    return _YEAR.sub(lambda year: f"{int(year[1]) - 4}—{year[1]}年累计", time)


def as_clause(subject: str, kind: str, words: str, cell: str, unit: str) -> str:
    """Return a figure as a clause; `kind` is that of its labels, empty for the level itself.

    >>> as_clause("怀远县PM2.5浓度", "", "", "35", "μg/m3"), as_clause("怀远县PM2.5", "rank", "全省", "3", "")
    ('怀远县PM2.5浓度35μg/m3', '怀远县PM2.5全省排名第3')
    """
    if kind == "rank" and (rank := RANK.fullmatch(cell)):
        return f"{subject}{words}排名第{rank[1]}"
    if kind == "change":
        way, figure = change(words, cell)
        return f"{subject}{way}{figure}{unit if figure else ''}"
    if kind == "moved":
        way, figure = moved(words, cell)
        return f"{subject}{way}{figure}{unit}"
    if kind == "prior":
        return f"{subject}{words if words[:1] == '上' and words[:2] != '上年' else '上年同期'}为{cell}{unit}"
    if kind == "target":
        bound = _SAID.get(cell[:1], "")
        return f"{subject}{words.removesuffix('值')}为{bound}{cell[bool(bound) :]}{unit}"
    # 为 keeps a figure off a name that ends in one (PM2.5), and stands before grades and bare numbers.
    tied = "" if ((unit and unit != "类") or VALUE.fullmatch(cell)["unit"]) and not subject[-1:].isascii() else "为"  # type: ignore[index]
    return f"{subject}{tied}{cell}{unit}"


def labelled_figures(text: str) -> tuple[str, int]:
    """Put the unit of a label behind its figure, and say how often.

    >>> labelled_figures("综合利用率（%） 46.9，审批环评（个）491，罚款（万元）：40")
    ('综合利用率46.9%，审批环评491个，罚款40万元', 3)
    """
    done = 0

    def said(match: re.Match[str]) -> str:
        nonlocal done
        unit = unit_of(match["unit"])
        done += bool(unit)
        return as_clause(match["label"], "", "", match["figure"], unit) if unit else match[0]

    return _LABELLED.sub(said, text), done
