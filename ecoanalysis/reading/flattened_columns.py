"""Tell the columns of a table that a page flattened by its header, and whether a row keeps to them.

In: the cells of a header, or of what may be a row. Out: `Columns`, or None where the header is not surely one. The
words of headers are in `knowledge/words/table-headers.csv`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from ecoanalysis.knowledge import places
from ecoanalysis.reading.figures import PRIOR, is_empty, is_figure, is_value
from ecoanalysis.reading.table_headers import column_kind, holds_word, is_period, labels

BAR, TAB, WIDE, BLANK = "|", "\t", "  ", " "
_STYLES = {
    BAR: re.compile("[|｜]"),
    TAB: re.compile("\t"),
    WIDE: re.compile(r"\s{2,}"),
    BLANK: re.compile(r"\s+"),
}
_LONGEST = 30
_LABELLED = 3  # columns from the left, one of which must hold labels
_BRACKETED = re.compile(r"[（(〔\[][^（()）]*(?:[(（][^（()）]*[)）][^（()）]*)?[)）〕\]]")
NO_CELL = re.compile(r"[。！？!?；;]")
_NO_HEADER = re.compile(r"[。！？!?；;：:，,、》《“”]|^(?:附|续)?[图表]\s*[\d一二三四五六七八九十]|\d{4}[-/.]\d")
# What only says that places stand below, whichever.
_PLACES = r"[各全省市州盟县区旗乡镇街道地城级设辖行政单位功能名称域及和、/（）()]"
GENERIC = re.compile(rf"(?!单位$){_PLACES}{{1,14}}")
# What is aimed at in words: 不降低, 完成省下达任务.
_WORDED = re.compile(
    r"不[减降增下恶][少低加降化]|(?:完成|达到|满足)[^\d\s]{2,14}|持续(?:改善|提升|下降)|稳中向好|基本消除|(?:得到)?有效(?:保障|管控)|(?:保持|总体|基本)稳定"
)
_COUNT = re.compile(r"(?:并列)?第?\d{1,3}[名位]?|[一二三四五六七八九十]{1,3}")
_GLUED_HEAD = re.compile(
    rf"(序号|排名|名次)?((?:断面|点位|站点|河流|水库)(?:名称)?|{_PLACES}{{1,10}}?(?=[^省市州盟县区旗乡镇名称（）()、/]))(\S+)"
)
_STARTS = re.compile(
    r"PM2\.5|PM10|SO2|NO2|CO(?![D2])|O3|AQI|综合指数|空气质量|优良|达标|同比|环比|排名|名次|二氧化|一氧化|臭氧|细颗粒物|可吸入"
)
_TORN = re.compile(r"(?<=[\u4e00-\u9fff）)])(?=[-+]?\d)|(?<=\d)(?=[\u4e00-\u9fff]{2})")
_TORN_FIGURE = re.compile(r"(\d{1,3})\.\s(\d{1,4}%?)")  # 100. 00%
_GROUPS = ("类别", "类型", "分类", "领域", "方面", "指标类型", "指标类别")  # over the labels of groups of rows
_LEFTMOST = ("单位", "时间", "年份", "年度", "时段", "月份")  # over the labels of rows where nothing else is


@dataclass(frozen=True, slots=True)
class Columns:
    """The header's rows and what each column holds: count, label, figure, words, or nothing where it is not known.

    In a loose table lines and bars already say what a cell is, so its cells may be anything short.
    """

    head: list[list[str]]
    kinds: tuple[str, ...]
    loose: bool

    @classmethod
    def of(cls, head: list[list[str]], loose: bool, below: Sequence[list[str]] = ()) -> "Columns | None":
        """Return the columns of a header; None where too little of it is known.

        The rows `below` tell what stands under words that are not known.
        """
        if len(head) > 1:  # merged cells of the upper row repeated to the right
            upper: Iterator[str] = accumulate(head[0], lambda left, cell: cell or left)
            head = [list(upper), *head[1:]]
        texts = ["".join(dict.fromkeys(cells)) for cells in zip(*head, strict=True)]
        kinds = [kind_of(text) if text else "" for text in texts]
        kinds = [kind or _kind_below([row[at] for row in below]) for at, kind in enumerate(kinds)]
        if kinds and loose and not texts[0]:
            kinds[0] = "label"
        at = int(kinds[:1] == ["count"])
        if "label" not in kinds and texts[at : at + 1] and texts[at] in _LEFTMOST:
            kinds[at] = "label"
        if texts[:1] and texts[0] in _GROUPS and "label" in kinds[1:_LABELLED]:
            kinds[0] = "label"
        first = kinds.index("label") if "label" in kinds else -1
        again = [at for at, kind in enumerate(kinds) if kind == "label" and at > first and texts[at] == texts[first]]
        half = len(texts) // 2
        if again and "figure" in kinds[first : again[-1]] and texts[:half] * 2 != texts:
            return None  # tables side by side, not of one make: what stands at the right is of no place at the left
        named = [at for at, kind in enumerate(kinds) if kind == "label" and at > first and texts[at] != texts[first]]
        kinds = ["words" if at in named and kinds[at - 1] != "label" else kind for at, kind in enumerate(kinds)]
        if not 0 <= first < _LABELLED or "figure" not in kinds[first + 1 :] or kinds.count("") * 3 > len(kinds):
            return None
        return cls(head, tuple(kinds), loose)

    @staticmethod
    def may_begin(header: list[str]) -> bool:
        """Whether one of the first columns of a header holds the names of places or measures, or may still follow."""
        return len(header) != _LABELLED or any(cell in _LEFTMOST or kind_of(cell) == "label" for cell in header)

    @staticmethod
    def measures(text: str) -> bool:
        """Whether a text is surely what is measured."""
        return bool(text) and header_cell(text) and kind_of(text) == "figure" and labels(text)[0].kind == "measure"

    def fit(self, cells: list[str]) -> list[str] | None:
        """Return the cells as a row of this table, or None where they are none.

        A row without its number (全市), one under a merged cell and the last of tables side by side are put right.
        """
        for row in self._ways(list(map(with_prior, cells))):
            below = not row[0] and self.kinds[0] == "label"  # a cell that goes on from the row above
            if all(map(self._suits, self.kinds[below:], row[below:])) and self._says_figures(row):
                return row
        return None

    def _ways(self, cells: list[str]) -> list[list[str]]:
        width = len(self.kinds)
        if len(cells) == width:
            return [cells]
        merged = self.kinds[0] == "label" and self.kinds[1] in ("label", "count")
        if len(cells) == width - 1 and (self.kinds[0] == "count" or merged):
            # A figure is no label: then the row is broken, and not without what stood at its left.
            whole = self.kinds[:2] == ("label", "count") or not is_value(cells[0])
            return [["", *cells]] if whole else []
        at = self.kinds.index("label")
        if len(cells) == width + 1 and not self.loose and not any(map(is_value, cells[at : at + 2])):
            # A label in two parts is 环保 | 大楼; 指数 | 甲市 is the end of the header.
            torn = kind_of(cells[at]) != "figure"
            return [[*cells[:at], f"{cells[at]} {cells[at + 1]}", *cells[at + 2 :]]] if torn else []
        half = width // 2
        if len(cells) == half and self.head[-1] == self.head[-1][:half] * 2:
            return [cells + [""] * half]
        return []

    def _suits(self, kind: str, cell: str) -> bool:
        if kind == "count":
            return (
                is_empty(cell)
                or _COUNT.fullmatch(cell.partition(PRIOR)[0]) is not None
                or (self.loose and is_cell(cell, 40))
            )
        if kind == "label" and not self.loose:
            return is_cell(cell, 40) and not is_value(cell) and not is_empty(cell)
        if kind == "figure" and not self.loose:
            return is_figure(cell) or is_empty(cell) or _WORDED.fullmatch(cell) is not None
        return not cell or is_cell(cell, 60)

    def _says_figures(self, row: list[str]) -> bool:
        said = [cell for kind, cell in zip(self.kinds, row, strict=True) if kind == "figure" and not is_empty(cell)]
        figures = [cell for cell in said if not _WORDED.fullmatch(cell)]
        return 2 * sum(map(is_figure, figures)) > len(figures) or bool(said and not figures)


def _kind_below(cells: list[str]) -> str:
    """Return what a column holds by its cells: figures, words, or nothing where they are too few or of both kinds."""
    said = [cell for cell in cells if not is_empty(cell)]
    figures = sum(map(is_figure, said))
    if len(said) < 2 or 0 < figures < len(said):
        return ""
    return "figure" if figures else "label" if all(map(places.is_place, said)) else "words"


def style_of(text: str) -> str:
    """Return what parts the cells of a line: bars, tabs, wide blanks, else blanks."""
    if "|" in text or "｜" in text:
        return BAR
    return TAB if "\t" in text else WIDE if "  " in text else BLANK


def cells_of(text: str, style: str) -> list[str]:
    """Return the cells of a line.

    >>> cells_of("| 县区 | 35 |", "|")
    ['县区', '35']
    """
    if style == BAR:  # a bar at the start alone stands behind an empty corner
        text = re.sub(r"^[|｜](.*)[|｜]$|^(.*)[|｜]$", r"\1\2", text)
    cells = map(str.strip, _STYLES[style].split(text))
    return [f"{torn[1]}.{torn[2]}" if (torn := _TORN_FIGURE.fullmatch(cell)) else cell for cell in cells]


def is_cell(text: str, longest: int) -> bool:
    """Whether a text is short enough for a cell, and no sentence."""
    return 0 < len(text) <= longest and not NO_CELL.search(text)


@lru_cache(10_000)
def header_cell(text: str) -> bool:
    """Whether a text may be a cell of a header.

    >>> [header_cell(text) for text in ("县（市、区）", "PM2.5(ug/m3)", "32", "联系电话：", "表1 各县优良率")]
    [True, True, False, False, False]
    """
    return (
        0 < len(text) <= _LONGEST and not is_value(with_prior(text)) and not _NO_HEADER.search(_BRACKETED.sub("", text))
    )


def is_title(text: str) -> bool:
    """Whether a line above a table is its title, though it might be a header: 2024年1月某市各县区空气质量排名."""
    return len(text) > 10 and not is_period(text.removesuffix("及同期")) and not _BRACKETED.search(text)


@lru_cache(10_000)
def kind_of(header: str) -> str:
    """Return what a column holds by its header: count, label, figure, words, or nothing where it is not known."""
    header = re.sub(r"\s+", "", header)
    read = labels(header)
    kinds = {label.kind for label in read}
    if column_kind(header) == "number" or "rank" in kinds:
        return "count"
    if column_kind(header) == "unit" or holds_word("remark", header):
        return "words"
    if GENERIC.fullmatch(header) or (column_kind(header) == "place" and places.bearers(header)):
        return "label"  # 新城 is a district's name too
    moves = kinds & {"change", "moved", "prior", "period", "target"}
    if places.bearers(header) or moves or any(label.unit for label in read) or holds_word("figure", header):
        return "figure"
    if holds_word("words", header) or kinds & {"target", "plain"}:
        return "label" if column_kind(header) == "measure" else "words"
    if column_kind(header):
        return "label"
    return "figure" if "place" in kinds else ""


# What goes on with the header in the line above: a bracket, what is measured of a pollutant, or the rest of its name.
CONTINUES = re.compile(
    r"[（(][^（()）]{1,20}[）)]|[年月季日]?(?:平均|均值|累计)?浓度(?:均值|平均值)?|[年月季日]均值?|化[硫氮碳]|颗粒物.{0,10}"
)


_END = re.compile("名称|类别|因子|项目|属性|类型|倍数|指数")


def two_rows(header: list[str]) -> list[list[list[str]]]:
    """Return the ways in which cells that follow one another are a header of two rows: measures, and what is said of each.

    >>> two_rows(["县区", "PM2.5", "优良率", "浓度", "同比", "实测值", "同比"])
    [[['县区', 'PM2.5', 'PM2.5', '优良率', '优良率'], ['县区', '浓度', '同比', '实测值', '同比']]]
    >>> two_rows(["城市", "6月", "1-6月", "昼间", "夜间", "昼间", "夜间"])
    [[['城市', '6月', '6月', '1-6月', '1-6月'], ['城市', '昼间', '夜间', '昼间', '夜间']]]
    """
    labelled = 2 if len(header) > 2 and kind_of(header[1]) == "label" else 1
    front, rest = header[:labelled], header[labelled:]
    found = [
        [front + over, front + rest[upper:]] for upper in range(2, len(rest) // 2 + 1) if (over := _over(rest, upper))
    ]
    return found + _over_times(header)


def _over_times(header: list[str]) -> list[list[list[str]]]:
    """A header whose times, last of all, stand below one of its cells: 断面 | 目标 | 实测类别 | 备注 | 1月 | 2月 | 3月."""
    first = next((at for at, cell in enumerate(header) if is_period(cell)), len(header))
    over = [at for at in range(first) if kind_of(header[at]) == "figure"]
    times = header[first:]
    if not over or len(times) < 3 or not all(map(is_period, times)):
        return []
    at = over[-1]
    before, behind = header[:at], header[at + 1 : first]
    return [[[*before, *[header[at]] * len(times), *behind], [*before, *times, *behind]]]


def mended(header: list[str]) -> list[str]:
    """Return a header with the ends of words that a page broke off joined to what they end: 流域 | 名称, 5 | 月.

    >>> mended(["河流", "名称", "5", "月", "水质", "类别"])
    ['河流名称', '5月', '水质类别']
    """
    joined: list[str] = []
    for cell in header:
        if joined and (_END.fullmatch(cell) if not joined[-1].isdigit() else cell in ("月", "月份")):
            joined[-1] += cell
        else:
            joined.append(cell)
    return joined


def _over(cells: list[str], upper: int) -> list[str]:
    """Return which of the first `upper` cells stands over each of the others; nothing where they are no two rows."""
    measures, lower = cells[:upper], cells[upper:]
    each = len(lower) // upper
    if each > 1 and lower == lower[:each] * upper:
        return [measure for measure in measures for _ in range(each)]
    moved = [bool({"change", "moved", "rank"} & {label.kind for label in labels(cell)}) for cell in lower]
    if moved[0] or moved.count(False) != upper or True not in moved:
        return []
    return [measures[count - 1] for count in accumulate(int(not one) for one in moved)]


_PRIOR = re.compile(r"[（(](\d+(?:\.\d+)?)[）)]$")


def with_prior(cell: str) -> str:
    """Return a figure with last year's in brackets behind it, named as such.

    >>> with_prior("2.88(2.61)")
    '2.88（去年同期2.61）'
    """
    return _PRIOR.sub(rf"{PRIOR}\1）", cell)


def with_units(header: list[str], units: list[str]) -> list[str]:
    """Return a header with the units that stand in a row below it, the first for the first figures.

    >>> with_units(["时间", "PM2.5", "达标率"], ["μg/m3"])
    ['时间', 'PM2.5(μg/m3)', '达标率']
    """
    figures = [at for at, cell in enumerate(header) if kind_of(cell) == "figure"]
    of = dict(zip(figures, units, strict=False))
    return [f"{cell}({of[at]})" if at in of else cell for at, cell in enumerate(header)]


def split_cells(cells: list[str]) -> list[str]:
    """Part the words of a row that stand against its figures.

    >>> split_cells(["1会宁县52", "26"])
    ['1', '会宁县', '52', '26']
    """
    return [part for cell in cells for part in _TORN.split(cell)]


def split_header(text: str) -> list[list[str]]:
    """Return the ways to part a header that a page glued together.

    >>> split_header("县区PM10(ug/m3)PM2.5(ug/m3)优良天数比例(%)")[0]
    ['县区', 'PM10(ug/m3)', 'PM2.5(ug/m3)', '优良天数比例(%)']
    """
    match = _GLUED_HEAD.fullmatch(text) if len(text) <= 200 and not is_value(text) else None
    if match is None:
        return []
    front = [part for part in match.groups()[:2] if part]
    inside = [bracket.span() for bracket in _BRACKETED.finditer(match[3])]
    shut = [high for _, high in inside]
    starts = [start.start() for start in _STARTS.finditer(match[3])]
    free = [at for at in starts if not any(low < at < high for low, high in inside)]
    ways = (_cut(match[3], shut), _cut(match[3], sorted({*shut, *free})))
    return [[*front, *parts] for parts in ways if len(parts) > 1 and all(map(header_cell, parts))]


def _cut(text: str, places: list[int]) -> list[str]:
    return [text[low:high] for low, high in pairwise([0, *places, len(text)]) if low < high]
