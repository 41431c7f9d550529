"""Tell what a header or a label of a table says: a place, a time, a measure, a change, a rank, a unit.

In: the text of a cell. Out: `Label`s, the unit split off. The words are in `knowledge/words/table-headers.csv`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.tables import rows

_YEAR = r"(?:(?:19|20)\d{2}年?(?:度)?)"
_PART = (
    r"(?:\d{1,2}(?:[-—–~～至]\d{1,2})?月(?:份)?|第?[一二三四]季度|前三季度|[上下]半年|全年"
    r"|[“\"]?十[一二三四五]五[”\"]?(?:末|期间|以来)?)"
)
_PERIOD = re.compile(rf"(?!$){_YEAR}?(?:[-—–~～至]{_YEAR})?{_PART}?(?:累计|合计)?")
_PLACE = re.compile(
    r"[\u4e00-\u9fff（）()·]{1,20}(?:省|市|州|盟|县|旗|区|镇|乡|街道|流域|断面|河|江|湖|水库|水源地|站|厂|公司|点位)"
    r"|合计|总计|小计|平均|均值|平均值|全[省市县区州国]"
)
_NUMBERED = re.compile(
    r"^(?:\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,2}[)）]|其中\s*[:：]?)\s*"
)
_BRACKET = re.compile(r"[（(\[【]([^（()）\[\]【】]*(?:[(（][A-Za-z]+[)）])?)[)）\]】]$")
_SLASH = re.compile(r"(?:/|(?<=[\u4e00-\u9fff])(?=[%％‰]))([%％‰]|[\u4e00-\u9fffA-Za-zμµ]{1,3}(?:/.{1,4})?)$")
_BASIS = re.compile(
    r"同比(?:20\d\d年|三年均值)?|环比|[较与比](?:上一?年度?|去年|前[一二三]年|20\d\d年|上月|上一?季度|基准年|基期|[“\"]?十[一二三四]五[”\"]?末?)(?:同期|同月)?"
    r"(?:相比|比)?"
)
# A header that begins with its time: 2015年目标, 2024年1-6月PM2.5浓度, 1-6月完成.
_TIMED = re.compile(rf"((?:{_YEAR}(?:[-—–~～至]{_YEAR})?{_PART}?|{_PART})(?:累计|[底末])?)(?=[^较比.\-/])(.{{2,}})")
_CAPTION = re.compile(
    r"单位\s*[:：]|[图表](?:格)?\s*[\d一二三四五六七八九十]|(?:表|情况|统计|一览|排名|浓度|达标率|优良率|名单|同比变化|变化|对比)\s*(?:[（(].*)?$"
)
# What a caption holds beside the words for what is measured, in this order.
_NO_MEASURE = [
    re.compile(pattern)
    for pattern in (
        r"[（(]?单位\s*[:：].*$",
        r"[（(](?:节选|摘录|部分|略)[)）]$",
        r"^[（(]?[一二三四五六七八九十]{1,3}[、）)]",
        r"^附?[图表]格?\s*[\d一二三四五六七八九十]*(?:[-—.]\d+)?[:：.、\s]*",
        r"(?:19|20)\d{2}年?(?:度)?(?:\d{1,2}(?:[-—–~～至]\d{1,2})?月(?:份)?|[一二三四]季度|[上下]半年)?",
        r"^.{0,8}?(?:全[省市县区州国]|各?[市县区州镇乡]+[（(][市县区州镇乡街道、]+[)）]|各?(?:[市县区州镇乡]|镇街|街道|街镇)+)",
        r"(?:统计|一览|汇总|对比|对照|排名|情况|同比|环比|变化)*表?$",
    )
]
_POWERS = "十百千万亿"
_NO_UNIT = re.compile("无量纲|—|-|/")
_ONE_CASE = re.compile(r"企业|公司|当事人|排污单位|责任单位|被处罚|姓名|工厂$")


@dataclass(frozen=True, slots=True)
class Label:
    """A header or label, or a part of one: its words, what they say (`kind`), and the unit of the values."""

    text: str
    kind: str
    unit: str = ""


@cache
def _words(match: str) -> tuple[tuple[str, str], ...]:
    known = (row for row in rows("words/table-headers.csv") if row["match"] == match)
    return tuple((word, row["kind"]) for row in known for word in row["words"].split())


@cache
def _moves() -> re.Pattern[str]:
    words = "|".join(word for word, kind in _words("part") if kind in ("moved", "change"))
    return re.compile(f"({words})(?:率|幅度|趋势|情况|值|量|比例|百分比|百分点)*")


@cache
def _units() -> frozenset[str]:
    """The units as they may be written in a header, counting words too."""
    counted = {text for row in rows("counted.csv") for text in row["texts"].split()}
    return frozenset(counted | {row["text"] for row in rows("units.csv")})


def unit_of(text: str) -> str:
    """Return the unit that a text is, without 单位: before it; empty where it is none.

    >>> unit_of("单位：μg/m3"), unit_of("万元"), unit_of("折纯")
    ('μg/m3', '万元', '')
    """
    bare = re.sub(r"^单位\s*[:：为]?|\s+", "", text).replace("％", "%")
    return bare if bare in _units() or (bare[:1] in _POWERS and bare.lstrip(_POWERS) in _units()) else ""


def unnumbered(text: str) -> str:
    """Return a label without the number that it is listed by.

    >>> unnumbered("1.森林覆盖率"), unnumbered("99.5")
    ('森林覆盖率', '99.5')
    """
    return _NUMBERED.sub("", text)


def is_period(text: str) -> bool:
    """Tell whether a cell is a year, a month or another period, and so no figure."""
    return _PERIOD.fullmatch(text) is not None


def column_kind(text: str) -> str:
    """Return what the header of a column of labels says of them: number, unit, place, measure, or nothing.

    >>> column_kind("断面名称"), column_kind("监测指标"), column_kind("序号"), column_kind("备注")
    ('place', 'measure', 'number', '')
    """
    text = re.sub(r"\s+", "", text)
    whole = dict(_words("whole")).get(text, "")
    if whole in ("number", "unit", "place"):
        return whole
    return next((kind for word, kind in _words("part") if kind in ("measure", "place") and word in text), "")


def names_firm_or_person(text: str) -> bool:
    """Tell whether a header or a label speaks of single firms or persons: what they paid is no figure of a place.

    >>> names_firm_or_person("被处罚单位名称"), names_firm_or_person("某某化工有限公司"), names_firm_or_person("断面名称")
    (True, True, False)
    """
    return _ONE_CASE.search(text) is not None


def holds_word(kind: str, text: str) -> bool:
    """Tell whether a header holds a word of a kind.

    >>> holds_word("figure", "优良天数比例"), holds_word("figure", "备注")
    (True, False)
    """
    return any(word in text for word, known in _words("part") if known == kind)


def captions(above: Sequence[str]) -> list[str]:
    """Return those of the lines just above a table that may be its caption or give its unit, the nearest first.

    >>> captions(["二、空气质量", "表1 各县区优良率", "（单位：%）"])
    ['（单位：%）', '表1 各县区优良率']
    """
    found: list[str] = []
    for line in reversed(above[-2:]):
        if len(line) > 60 or "。" in line or not _CAPTION.search(line):
            break
        found.append(line)
    return found


def measure_of(caption: str) -> str:
    """Return what a caption says is measured.

    >>> measure_of("表1 2024年各县（市、区）PM2.5平均浓度（单位：微克/立方米）")
    'PM2.5平均浓度'
    """
    for pattern in _NO_MEASURE:
        caption = pattern.sub("", caption).strip()
    return caption


@lru_cache(10_000)
def labels(text: str) -> tuple[Label, ...]:
    """Read one header over figures, or one label beside them.

    >>> labels("PM2.5浓度（μg/m3）")
    (Label(text='PM2.5浓度', kind='measure', unit='μg/m3'),)
    >>> [(label.text, label.kind, label.unit) for label in labels("优良率同比变化/%")]
    [('优良率', 'measure', '%'), ('同比', 'change', '%')]
    >>> labels("怀远县")[0].kind, labels("2024年1-6月")[0].kind, labels("全省排名")[0]
    ('place', 'period', Label(text='全省', kind='rank', unit=''))
    """
    text, unit = _split_unit(unnumbered(re.sub(r"\s+", "", text)))
    whole = dict(_words("whole")).get(text)
    if not text or (unit_of(text) and not holds_word("rank", text)):
        return (Label("", "plain", unit or unit_of(text)),)
    if is_period(text):
        return (Label(f"{text}年" if re.fullmatch(r"(?:19|20)\d{2}", text) else text, "period", unit),)
    if whole:
        return (Label(text, whole, unit),)
    if _PLACE.fullmatch(text) or places.bearers(text):
        return (Label(text, "place", unit),)
    if timed := _TIMED.fullmatch(text):
        if holds_word("target", text):
            return (*labels(timed[1]), Label(timed[2], "target", unit))
        said = (one for one in labels(timed[2]) if one.kind not in ("plain", "prior"))
        return (*labels(timed[1]), *(Label(one.text, one.kind, unit or one.unit) for one in said))
    if holds_word("target", text):
        return (Label(text, "target", unit),)
    return tuple(Label(words, kind, unit) for words, kind in _measured(text))


def of_kind(found: Iterable[Label], kind: str) -> list[str]:
    """Return the words of those labels that say something of a kind."""
    return [label.text for label in found if label.kind == kind]


def measures_something(header: tuple[Label, ...]) -> bool:
    """Tell whether a header says what the figures below it measure."""
    kinds = {label.kind for label in header}
    return "measure" in kinds and not kinds & {"rank", "change", "moved", "target"}


def names_pollutant(name: str, measures: list[str]) -> bool:
    """Whether labels name a pollutant: 一氧化碳（CO） does CO, 二氧化碳（CO2） does not."""
    return any(re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z0-9])", text) for text in measures)


def _split_unit(text: str) -> tuple[str, str]:
    for pattern in (_BRACKET, _SLASH):
        match = pattern.search(text)
        said = re.split("[，,；;]", match[1])[0] if match else ""  # μg/m³，CO为mg/m³
        if match and (unit_of(said) or _NO_UNIT.fullmatch(said)):
            return text[: match.start()], unit_of(said)
    return text, ""


def _measured(text: str) -> list[tuple[str, str]]:
    """What is measured, and whether it is its rank or its change that the figures give."""
    for word in (word for word, kind in _words("part") if kind == "rank"):
        if word in text:
            ahead = text.split(word)[0]
            before = re.sub("在?(?:全市)?(?:全国)?(?:全省)?$", "", ahead)
            among = ahead[len(before) :].removeprefix("在")
            return [(before, "measure")] * bool(before) + [(among, "rank")]
    basis = _BASIS.search(text)
    move = _moves().search(text)
    rest = _moves().sub("", text.replace(basis[0], "") if basis else text)
    if not (basis or (move and not rest)):
        return [(text, "measure")]
    measure = [(rest, "measure")] if rest else []
    directed = move is not None and dict(_words("part"))[move[1]] == "moved"
    said = (basis[0] if basis else "") + (move[1] if move and directed else "")
    return [*measure, (said, "moved" if directed else "change")]


_TURNED = (
    ("降幅", "升幅"),
    ("下降", "上升"),
    ("降低", "升高"),
    ("减少", "增加"),
    ("改善", "恶化"),
    ("增长", "下降"),
    ("提高", "降低"),
    ("提升", "下降"),
)


def moved(words: str, value: str) -> tuple[str, str]:
    """Return the words of a movement and its bare figure; a negative one went the other way.

    >>> moved("同比降幅", "5.2%"), moved("同比改善", "-3.2%")
    (('同比降幅', '5.2%'), ('同比恶化', '3.2%'))
    """
    value = re.sub(r"^[－−–—]", "-", value)
    if not value.startswith("-"):
        return words, value
    ways = {**{one: other for one, other in _TURNED}, **{other: one for one, other in reversed(_TURNED)}}
    said = next((word for word in ways if word in words), "")
    return (words.replace(said, ways[said]), value[1:]) if said else (words, value)


def change(basis: str, value: str) -> tuple[str, str]:
    """Return the words and the bare figure of a change whose direction only its sign says.

    >>> change("同比", "-8.3"), change("较2020年", "2.1%"), change("同比", "0")
    (('同比下降', '8.3'), ('较2020年上升', '2.1%'), ('同比持平', ''))
    """
    value = re.sub(r"^[－−–—]", "-", value)
    if re.fullmatch(r"[-+]?0(?:\.0+)?%?", value):
        return f"{basis}持平", ""
    down = value.startswith(("-", "↓")) or value.endswith("↓")
    return f"{basis}{'下降' if down else '上升'}", value.strip("-+＋↑↓")
