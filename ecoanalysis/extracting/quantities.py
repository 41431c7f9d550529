"""Find every number of a text: the quantities, and what is a number but no quantity.

In: a repaired text. Out: ``Quantity`` records in reading order, each quoting the text. Units come from
``knowledge/units.csv``; nothing here knows what is being measured.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from ecoanalysis.extracting.numerals import read_grade, read_number
from ecoanalysis.knowledge import tables

NOT_QUANTITIES = frozenset({"date", "ordinal", "heading", "name"})
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?"
CHINESE = r"[〇零一二两三四五六七八九十百千万亿]+(?:点[一二三四五六七八九零]+)?"
MASK = r"\*{1,4}(?:\.\*+)?|[xX×]{1,4}(?:\.[xX×]+)?(?![A-Za-z])|[○〇]{2,4}"
YEAR = r"(?:(?:19|20)(?:\d\d|\*\*|[xX×]{2}|\d[xX×])|\*{4}|[xX×]{4}|[二一][〇零九][〇零一二三四五六七八九]{2})"
LONGEST = 16  # digits: what is longer is an identifier
DASH = r"\s?(?:[-—–~～]{1,2}|至|到)\s?"
# A classifier that counts when a Chinese numeral stands before it; others (一级, 两地, 三方) mostly name things.
COUNTED_IN_CHINESE = "微克/立方米|毫克/立方米|毫克/升|平方公里|吨/年|吨/日|吨/天|公里|千米|公顷|分贝|小时|亩|吨|个百分点|个工作日|部门|人次|家次|场次|项|个|件|宗|起|家|次|场|篇|块|座|条|处|年|天|成|倍|类|份|名|亿元|万元|元|人(?!民|员|才|类|居|大|生)"


@dataclass(frozen=True, slots=True)
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


def measures(quantity: Quantity) -> bool:
    """Tell whether a quantity measures (a share, a concentration, a sum) rather than counts; masked ones too."""
    kind = units().get(quantity.unit_text, {"kind": "number"})["kind"] if quantity.kind == "masked" else quantity.kind
    return kind not in ("count", "vague", "ratio")


@cache
def units() -> dict[str, dict[str, str]]:
    """Return the rows of units.csv by the unit as written."""
    return {row["text"]: row for row in tables.rows("units.csv")}


@cache
def _bounds(side: str) -> dict[str, str]:
    return {row["text"]: row["bound"] for row in tables.rows("words/bounds.csv") if row["side"] == side}


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    """One alternation, tried from left to right at each place where a number may open."""
    guards = {row["text"]: f"(?![{row['not_before']}])" for row in tables.rows("words/unit_guards.csv")}
    unit = "|".join(
        re.escape(word).replace("/", "[/／]") + guards.get(word, "") for word in sorted(units(), key=len, reverse=True)
    )
    names = _either(list(tables.words("words/names.txt")))
    formulas = "|".join(tables.words("words/formulas.txt"))
    before, after = _either(list(_bounds("before"))), _either(list(_bounds("after")))
    tail = rf"(?P<more>[多余几])?(?:\s(?=[万亿][元吨人余多]))?(?P<power>[百千]?[万亿]{{1,2}})?(?P<more2>[多余])?\s?(?P<unit>{unit})?(?P<after>{after})?"
    day = r"\d{1,2}日|[*xX]{1,2}日"
    month = r"(?:\d{1,2}|[*xX]{1,2})月"
    dates = "|".join(
        [
            rf"{YEAR}\s?年?{DASH}{YEAR}\s?年度?",
            rf"{YEAR}\s?年度?(?:\s?{month}份?(?:\s?(?:{day}))?)?(?:{DASH}(?:{month}(?:{day})?|{day}))?",
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
            rf"\d{{1,2}}月?{DASH}\d{{1,2}}月份?",
            rf"{month}\s?{day}(?:{DASH}(?:{month})?{day})?|{month}份?(?!度)|{day}(?=[,，讯电、至)）\s]|上午|下午|$)",
            r"[一二三四1-4前]{1,2}个?季度|前三季度|“?[“]?十[一二三四五]五[”]?",
            r"\d{1,2}[:：]\d{2}|\d{1,2}时\d{0,2}分?",
        ]
    )
    # Most of a text opens no number: a first look at one character passes over it quickly.
    opens = {word[0] for word in (*tables.words("words/names.txt"), *_bounds("before"))}
    first = "".join(sorted(re.escape(character) for character in opens))
    return re.compile(
        rf"(?=[{first}\dA-Za-z*×○〇零一二两三四五六七八九十百千万亿ⅠⅡⅢⅣⅤ劣优良第数好几半年月前《(（〔\[+\-]|^)(?:(?P<title>《[^》\n]{{1,80}}》)"
        rf"|(?P<heading>^\s*(?:[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|\d{{1,2}}(?:[、.．](?!\d)|(?:\.\d+)+\s)))"
        rf"|(?P<name>{names}|(?<![A-Za-z])(?:{formulas}))"
        rf"|(?P<date>{dates})"
        rf"|(?P<ordinal>第(?P<place>\d+|{CHINESE}|[*xX×]{{1,3}})(?P<placed>名|位)?|(?<=[。;；:：,，\n])[一二三四五六七八九十]+(?:是|要))"
        rf"|(?P<grade>(?P<low>劣\s?|[优良])?(?P<roman>[ⅠⅡⅢⅣⅤ]|I{{1,3}}|IV|V|[一二三四五])"
        rf"(?:(?P<to>[-—–~～、至到]{{1,2}})(?P<roman2>[ⅠⅡⅢⅣⅤ]|I{{1,3}}|IV|V|[一二三四五]))?类(?P<grade_after>及?以上|及?以下)?)"
        rf"|(?P<percent>(?P<pc_before>{before})?百分(?:之(?P<pc>{CHINESE}|{ARABIC})|百)(?P<pc_after>{after})?)"
        rf"|(?P<numeral>(?:(?P<before>{before})(?:每立方米|每升)?)?(?P<sign>(?<![\dA-Za-z%％])[-+])?"
        rf"(?P<arabic>{ARABIC})(?:(?P<dash>{DASH})(?P<arabic2>{ARABIC}))?{tail})"
        rf"|(?P<masked>(?P<mask_before>{before})?(?P<mask>{MASK})(?P<mask_more>[多余])?(?P<mask_power>[万亿]+)?\s?"
        rf"(?P<mask_unit>{unit})(?P<mask_after>{after})?)"
        rf"|(?P<bare>(?<=[为到达至数率度])(?:{MASK})(?=[,，。;；、)）]))"
        rf"|(?P<crown>(?P<crowns>[二三四五六七八九]|\d+)连冠)"
        rf"|(?P<zero>(?<=[为是到])零(?=[,，。;；、]|$))"
        rf"|(?P<vague>(?:数|好几|几)(?:十|百|千|万|亿)+\s?(?P<vague_unit>{unit}))"
        rf"|(?P<half>半(?:个)?(?P<half_unit>小时|年|天|个月))(?!以来)"
        rf"|(?P<chinese>(?P<cn_before>{before})?(?P<cn>{CHINESE})(?P<cn_more>[余多几])?(?P<cn_power>[万亿])?(?P<cn_unit>{COUNTED_IN_CHINESE})?(?P<cn_tenth>(?<=成)[一二三四五六七八九半])?"
        rf"(?P<cn_after>{after})?))",
        re.MULTILINE,
    )


@cache
def _opens() -> re.Pattern[str]:
    """The spans of a text that quotation marks enclose, opening and closing alike on one line."""
    return re.compile(r"“[^“”\n]{1,40}”|\"[^\"\n]{1,40}\"|「[^」\n]{1,40}」")


def find(text: str) -> list[Quantity]:
    """Return every number of a text in reading order, the non-quantities by their kind too.

    >>> [(q.value, q.unit_text, q.bound, q.kind) for q in find("罚款约828万元,PM2.5浓度22微克/立方米")]
    [(8280000.0, '元', '~', 'money'), (None, '', '=', 'name'), (22.0, '微克/立方米', '=', 'concentration')]
    """
    quoted = [match.span() for match in _opens().finditer(text)]
    found: list[Quantity] = []
    at = 0
    for match in _pattern().finditer(text):
        while at < len(quoted) and quoted[at][1] <= match.start():
            at += 1
        inside = at < len(quoted) and quoted[at][0] < match.start() and match.end() <= quoted[at][1]
        quantity = _READERS[match.lastgroup or ""](match, text, inside)
        if quantity is not None:
            found.append(quantity)
    return found


def _plain(match: re.Match[str], kind: str) -> Quantity:
    return Quantity(match.start(), match.end(), None, None, "", "", 1.0, "=", kind, match[0])


def _name(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _plain(match, "name")


def _title(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _plain(match, "name") if re.search(rf"\d|{CHINESE}", match[0]) else None


def _heading(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _plain(match, "heading")


def _date(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _plain(match, "date")


_RANKED = re.compile(
    r"(?:全[国省市区县州](?:\d{1,4}个)?[^,，。、;；第\d]{0,6}|[省国市]内|(?:列|排名?|[位排]?居|并列)[^,，。、;；第\d]{0,6}|位次|倒数|正数|[市县区城][^,，。]{0,3}中)(?:的|为|在)?$"
)


def _ordinal(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    place = match["place"]
    if not place:
        return _plain(match, "heading")
    ranked = match["placed"] or (_RANKED.search(text, max(0, match.start() - 14), match.start()))
    follows = text[match.end() : match.end() + 1]
    if not ranked or (
        not match["placed"] and follows in tuple("轮批届次季三期类种个十方一二环条款章节次卷阶产") and follows
    ):
        return _plain(match, "ordinal")
    value = None if place[0] in "*xX×" else float(read_number(place))
    return Quantity(match.start(), match.end(), value, None, "", "rank", 1.0, "=", "rank", match[0])


_OF_GRADE = re.compile(
    r"\s?(?:水质?|断面|水体|河流|海水)?的?(?:断面|点位|河涌|河道|河段|支流)?(?:面积)?(?:比例|占比|占|比率|断面|水体|点位|河流|湖库|海水|\d|\)|的为)|水?达标率|[进出](?!境)|区|[企事疫苗项市]"
)


def _grade(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    chinese = match["roman"] in "一二三四五"
    near = text[max(0, match.start() - 24) : match.start()]
    if chinese and not re.search(r"水|断面|河|湖|江|库|海", near) and not text.startswith("水", match.end()):
        return _plain(match, "name")
    if match["to"] or _OF_GRADE.match(text, match.end()) or (match["low"] or "").strip() in ("优", "良"):
        return _plain(match, "name")
    if re.search(
        r"消除|杜绝|消灭|[非个]$|(?:没有|未|无)(?:出现|发生|现)?[^,，。;；]{0,4}$|出现$|优于$", near
    ) and not near.endswith(("达到或优于", "达到优于", "达到或好于", "优于或达到")):
        return _plain(match, "name")
    value = read_grade((match["low"] or "").strip() + match["roman"])
    after = match["grade_after"] or ""
    better = after.endswith("以上") or near.endswith(("达到或优于", "达到优于", "达到或好于", "优于或达到"))
    bound = "<=" if better else ">=" if after else "="
    if better and re.search(r"个[^，,。;；]{0,12}$", near):
        return _plain(match, "name")  # 197个断面达到Ⅲ类及以上 counts sections
    return Quantity(match.start(), match.end(), float(value), None, "类", "grade", 1.0, bound, "grade", match[0])


def _bound(before: str | None, more: str | None, after: str | None) -> str:
    if after:
        bound = _bounds("after")[after]
        return bound if bound != "~" or not before else _bounds("before")[before]
    if more:
        return ">"
    return _bounds("before")[before] if before else "="


def _numeral(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    power, unit_text = match["power"] or "", match["unit"] or ""
    if unit_text == "年" or (not unit_text and text.startswith("年", match.end())):
        return _years(match, text, read_number(match["arabic"] + power))
    if (inside and not unit_text) or len(match["arabic"]) > LONGEST:
        return _plain(match, "name")
    low = float(read_number(match["arabic"] + power))
    high = None
    if match["arabic2"]:
        high = float(read_number(match["arabic2"] + power))
        if high <= low and match["dash"].strip() in ("-", "—", "–"):
            return _plain(match, "name")
    if match["sign"] == "-":
        low = -low
    if not unit_text and power and text.startswith(("资金", "投资", "专项"), match.end()):
        return replace(_quantity(match, low, high, "", _bound(match["before"], None, None), "money"), unit="CNY")
    bound = _bound(match["before"], match["more"] or match["more2"], match["after"])
    nought = low == 0 and not unit_text and text[match.start() - 1 : match.start()] in tuple("为是到")
    return _quantity(match, low, high, unit_text, bound, "zero" if nought else "")


def _percent(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    """百分之九十五 is 95 %, 百分之百 and 百分百 are 100 %."""
    value = float(read_number(match["pc"])) if match["pc"] and match["pc"] != "百" else 100.0
    return _quantity(match, value, None, "%", _bound(match["pc_before"], None, match["pc_after"]))


def _quantity(
    match: re.Match[str], low: float | None, high: float | None, unit_text: str, bound: str, kind: str = ""
) -> Quantity:
    unit_text = unit_text.replace("／", "/")
    row = units().get(unit_text, {"unit": "", "factor": "1", "kind": "number"})
    return Quantity(
        match.start(),
        match.end(),
        low,
        high,
        unit_text,
        row["unit"],
        float(row["factor"]),
        bound,
        kind or row["kind"],
        match[0],
    )


_STREAK = re.compile(r"(?:连续|蝉联|连年)(?:第|约|近)?$")


def _years(match: re.Match[str], text: str, value: Decimal) -> Quantity | None:
    """N年 is a streak after 连续, else a duration; four digits would have been a date."""
    end = match.end() if match[0].endswith("年") else match.end() + 1
    streak = bool(_STREAK.search(text, max(0, match.start() - 4), match.start()))
    kind = "streak" if streak else "date"
    return Quantity(match.start(), end, float(value), None, "年", "year", 1.0, "=", kind, match[0], streak)


def _masked(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    if match.start() and text[match.start() - 1].isascii() and text[match.start() - 1].isalpha():
        return None
    unit_text = match["mask_unit"]
    if (
        unit_text in ("市", "县", "区", "镇", "乡", "村", "省", "人")
        and match["mask"][0] in "xX×*○〇"
        and not _counts(match, text)
    ):
        return _plain(match, "name")
    bound = _bound(match["mask_before"], match["mask_more"], match["mask_after"])
    return _quantity(match, None, None, unit_text, bound, "masked")


def _counts(match: re.Match[str], text: str) -> bool:
    """A masked place (XX市) reads like a masked count (*人); only persons are counted, and at a clause's end."""
    return match["mask_unit"] == "人" and text[match.end() : match.end() + 1] in tuple(",，。;；、)） \n")


def _bare(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _quantity(match, None, None, "", "=", "masked")


def _crown(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    years = float(read_number(match["crowns"]))
    return Quantity(match.start(), match.end(), years, None, "连冠", "year", 1.0, "=", "streak", match[0], True)


def _zero(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _quantity(match, 0.0, None, "", "=", "zero")


def _vague(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    return _quantity(match, None, None, match["vague_unit"], "~", "vague")


def _half(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    if match["half_unit"] == "年":
        return _plain(match, "date")
    return _quantity(match, 0.5, None, match["half_unit"], "=")


def _tenth(text: str | None) -> float:
    """Return what follows 成: 八成五 is 85 %, 八成半 too."""
    return 0.0 if not text else 0.5 if text == "半" else float(read_number(text)) / 10


def _chinese(match: re.Match[str], text: str, inside: bool) -> Quantity | None:
    numeral, unit_text = match["cn"], match["cn_unit"] or ""
    if len(numeral) > LONGEST:
        return _plain(match, "name")
    magnitude = numeral[-1] in "十百千万亿"
    if set(numeral) <= set("百千万亿") and not (match["cn_before"] or match["cn_more"]):
        return _plain(match, "name")  # 罚款金额（万元） names a unit
    if "点" in numeral and not unit_text and not inside:
        return _quantity(match, float(read_number(numeral)), None, "", "=")
    if (
        text[match.end() : match.end() + 1].isdigit()
        or (inside and not unit_text.endswith("元"))
        or (not unit_text and not (magnitude and (match["cn_before"] or match["cn_more"])))
    ):
        return _plain(match, "name")
    if unit_text == "年":
        return _years(match, text, read_number(numeral))
    if unit_text == "成":
        share = round((float(read_number(numeral)) + _tenth(match["cn_tenth"])) * 10, 1)
        return _quantity(match, share, None, "%", _bound(match["cn_before"], match["cn_more"], match["cn_after"]))
    if numeral == "一" and not text.endswith(
        ("每年", "每月", "每周", "每日", "每季度"), max(0, match.start() - 6), match.start() - 2
    ):
        return _plain(match, "name")
    value = float(read_number(numeral + (match["cn_power"] or "")))
    for power in ("万", "亿"):
        if unit_text == power + "元":
            value, unit_text = value * {"万": 1e4, "亿": 1e8}[power], "元"
    return _quantity(match, value, None, unit_text, _bound(match["cn_before"], match["cn_more"], match["cn_after"]))


_READERS = {
    "title": _title,
    "heading": _heading,
    "name": _name,
    "date": _date,
    "ordinal": _ordinal,
    "grade": _grade,
    "percent": _percent,
    "numeral": _numeral,
    "masked": _masked,
    "bare": _bare,
    "zero": _zero,
    "crown": _crown,
    "vague": _vague,
    "half": _half,
    "chinese": _chinese,
}
