"""The patterns by which numbers are found, and at which characters each is tried.

In: the units, names and bounds of `knowledge`. Out: compiled patterns. None of them can backtrack without bound: runs are
possessive or have a largest length, so that a text costs what its length does. A digit is 0 to 9, also in full width.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from ecoanalysis.knowledge import tables

D = "[0-9０-９]"
CN = "〇零一二两三四五六七八九十百千万亿"
ARABIC = rf"(?>{D}{{1,3}}(?:,{D}{{3}}){{1,6}}(?!{D}|,{D})|{D}++)(?:[.．]{D}++)?"
# Thousands apart by a blank, as GB/T 15835 allows, before a unit, which cells of a table have not: 5 320人次, 1 284.5万元.
SPACED = rf"(?<![0-9０-９A-Za-z.．]){D}{{1,3}}(?:[ ]{D}{{3}}){{1,3}}(?:[.．]{D}++)?(?!{D})"
CHINESE = rf"[{CN}]++(?:点[〇零一二三四五六七八九]++)?"
# X counts as withheld before no letter, unless a concentration's unit follows.
MASK = r"(?:\*{1,4}+(?:\.\*{1,4}+)?|[xX×]{1,4}+(?:\.[xX×]{1,4}+)?(?![A-Za-z](?!g/))|[○〇]{2,4}+)"
YEAR = (
    rf"(?:(?:19|20)(?:{D}{D}|\*\*|[xX×]{{2}}|{D}[xX×])|\*{{4}}|[xX×]{{4}}|[二一][〇零九][〇零一二三四五六七八九]{{2}})"
)
DASH = r"\s?(?:[-—–~～－−]{1,2}|至|到)\s?"
_BOTH_PERCENT = rf"[%％](?:[-—–~～－−]{{1,2}})(?={ARABIC}[%％])"  # 77.4%~100%, but 由71%到80% is a change
SIGN = "-+−－"
_ENDS = r"[,，。;；、)）的\n]"
_END = ""  # the key of a tree's node where a word ends


def either(words: Iterable[str] | Mapping[str, str]) -> str:
    """Return an expression for the longest of some words; a mapping gives what must hold behind each.

    >>> re.match(either(["家", "家次"]), "家次")[0]
    '家次'
    """
    tree: dict = {}
    for word, guard in words.items() if isinstance(words, Mapping) else ((word, "") for word in words):
        node = tree
        for token in _tokens(word):
            node = node.setdefault(token, {})
        node[_END] = guard
    return _branches(tree)


def _tokens(word: str) -> Iterator[str]:
    """Yield the characters of a word as expressions; pages set blanks about the parts of a unit: μg / m 3."""
    for at, character in enumerate(word):
        parted = at and (character in "/·" or word[at - 1] in "/·" or word[at - 1 : at + 2] == "个百分")
        power = at and "/" in word and character in "23³" and word[at - 1].isascii()
        yield (r"\s?" if parted or power else "") + ("[/／]" if character == "/" else re.escape(character))


def _branches(tree: dict) -> str:
    branches = [token + _branches(node) for token, node in tree.items() if token != _END]
    if _END in tree:
        branches.append(tree[_END])
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@cache
def bounds(side: str) -> dict[str, str]:
    """Return the bounds that words state before or after a number."""
    return {row["text"]: row["bound"] for row in tables.rows("words/bounds.csv") if row["side"] == side}


@cache
def units() -> dict[str, dict[str, str]]:
    """Return the rows of units.csv by the unit as written, in every spelling."""
    table: dict[str, dict[str, str]] = {}
    for row in tables.rows("units.csv"):
        table.setdefault(row["text"], row)
    for row in tables.rows("units.csv"):
        for text in _spelled(row["text"]):
            table.setdefault(text, row)
    return table


def _spelled(text: str) -> set[str]:
    texts = {text}
    for row in tables.rows("words/unit_spellings.csv"):
        texts |= {one.replace(row["part"], also) for one in texts for also in row["also"].split()}
    return texts


@cache
def _unit() -> str:
    """Units, each with what may not follow: a letter or figure after those in letters, some characters after others."""
    guards = {row["text"]: f"(?![{row['not_before']}])" for row in tables.rows("words/unit_guards.csv")}
    letters = {
        text: f"(?![A-Za-z{'0-9' if text[-1].isdigit() else ''}])" for text in units() if text[-1] in _LATIN + "23³²"
    }
    return either({text: guards.get(text) or letters.get(text, "") for text in units()})


_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _tail(name: str) -> str:
    return rf"(?:[ ]?(?P<{name}after>{either(tuple(bounds('after')))})|(?P<{name}over>多(?={_ENDS})))?"


@cache
def numeral() -> re.Pattern[str]:
    """A number in Arabic digits, with its sign, its range, 万 and 亿, its unit and what bounds it from behind."""
    first = "".join(sorted({re.escape(text[0]) for text in units()}))
    powers = "[百千]?[万亿]{1,2}"
    return re.compile(
        rf"(?P<numeral>(?:每立方米|每升)?(?P<sign>(?<![0-9０-９A-Za-z%％])[{SIGN}])?(?P<arabic>{SPACED}(?=[ ]?[多余]?(?:{powers})?[多余]?[ ]?[{first}])|{ARABIC})"
        rf"(?:(?P<dash>{DASH}|{_BOTH_PERCENT})(?P<arabic2>{ARABIC}))?(?P<more>[多余几]|[ ]余)?"
        rf"(?P<power>{powers}|\s{powers}(?=[多余]?\s?[{first}]))?(?P<more2>[多余])?(?:(?=\s?[{first}])\s?(?P<unit>{_unit()}))?{_tail('')})"
    )


@cache
def masked() -> re.Pattern[str]:
    """A number that is withheld, or only hinted at, before a unit; or withheld at the end of a clause."""
    return re.compile(
        rf"(?P<masked>(?:(?P<mask>{MASK})|(?P<vague>(?:数|好几|几|(?<![以线网路岸海地])上)[十百千万亿]{{1,4}}+))"
        rf"(?P<mask_more>[多余])?(?P<mask_power>[万亿]{{1,2}})?\s?(?P<mask_unit>{_unit()}){_tail('mask_')})"
        rf"|(?P<bare>(?<=[为到达至数率度]){MASK}(?=[,，。;；、)）]))"
    )


@cache
def share() -> re.Pattern[str]:
    """A share in words: 百分之九十五, 千分之三, 三分之二, 一半以上."""
    after = either(tuple(bounds("after")))
    return re.compile(
        rf"(?P<percent>(?:百分百|(?P<whole>[{CN}]{{1,4}}+)分之(?P<part>{CHINESE}|{ARABIC}))(?P<after>{after})?)"
        rf"|(?P<moiety>(?:一半|半数)(?P<half_after>{after})?)"
    )


@cache
def _fraction() -> str:
    """A fraction where the word before it tells that it is a share: 占1/3, 减少约1/3."""
    after = either(tuple(bounds("after")))
    led = "占达为少降了升高减加缩压剩的约近超过足到逾多"
    return rf"(?P<slash>(?<=[{led}])(?P<top>[1-9])/(?P<under>10|[2-9])(?![0-9/.年月日])(?P<slash_after>{after})?)"


@cache
def fraction() -> re.Pattern[str]:
    """A fraction in digits."""
    return re.compile(_fraction())


@cache
def chinese() -> re.Pattern[str]:
    """A number in Chinese numerals with a classifier that counts, and what bounds it from behind."""
    counted = "|".join(tables.words("words/counted-in-chinese.txt"))
    return re.compile(
        rf"(?P<zero>(?<=[为是到])零(?=[,，。;；、\n]|$))"
        rf"|(?P<chinese>(?P<cn>{CHINESE})(?P<cn_more>[余多几])?(?P<cn_power>[万亿])?(?P<cn_unit>{counted})?"
        rf"(?P<cn_tenth>(?<=成)[一二三四五六七八九半])?{_tail('cn_')})"
    )


@cache
def heading() -> re.Pattern[str]:
    """The number that opens a line, as its group `heading`."""
    return re.compile(
        rf"^[^\S\n]{{0,40}}+(?P<heading>[(（](?:[一二三四五六七八九十]|{D}){{1,6}}+[)）]|[一二三四五六七八九十]{{1,6}}+、"
        rf"|{D}{{1,2}}(?:[、.．](?!{D})|(?:\.{D}{{1,3}}+){{1,6}}+\s))",
        re.MULTILINE,
    )


@cache
def _dates() -> str:
    day, month = rf"{D}{{1,2}}日|[*xX]{{1,2}}日", rf"(?:{D}{{1,2}}|[*xX]{{1,2}})月"
    dates = (
        rf"{YEAR}\s?年?{DASH}{YEAR}\s?年度?",
        rf"{YEAR}\s?年度?(?:\s?{month}份?(?:\s?(?:{day}))?)?(?:{DASH}(?:{month}(?:{day})?|{day}))?",
        rf"{D}{{4}}[-/.]{D}{{1,2}}[-/.]{D}{{1,2}}",
        rf"{D}{{1,2}}月?{DASH}{D}{{1,2}}月份?",
        rf"{month}\s?{day}(?:{DASH}(?:{month})?{day})?|{month}份?(?!度)|{day}(?=[,，讯电、至)）\s]|上午|下午|$)",
        "[一二三四1-4前]{1,2}个?季度|前三季度|十[一二三四五]五",
        rf"{D}{{1,2}}[:：]{D}{{2}}|{D}{{1,2}}时{D}{{0,2}}分?",
    )
    return f"(?P<date>{'|'.join(dates)})"


@cache
def figured() -> re.Pattern[str]:
    """What opens with a figure and is no plain number: a fraction, a name, a date (by a first look at what follows it)."""
    names = "|".join(tables.words("words/figures.txt"))
    look = rf"(?={D}{{1,4}}[-/.:：年月日时个季至到—–~～－−*xX×\s])"
    return re.compile(rf"{_fraction()}|(?P<name>(?<![A-Za-z])(?:{names}))|{look}{_dates()}")


# What follows the first of several grades that share their 类: Ⅲ、Ⅳ和劣Ⅴ类.
_GRADES = r"(?:\s?[、和及与]\s?劣?\s?[ⅠⅡⅢⅣⅤ]){1,12}\s?类"


@cache
def other() -> re.Pattern[str]:
    """What is no quantity, or a placing or a grade: titles, dates in words, 第三, Ⅲ类."""
    roman = "[ⅠⅡⅢⅣⅤ]|I{1,3}|IV|V|[一二三四五]"
    return re.compile(
        rf"(?P<title>《[^》\n]{{1,80}}+》)|{_dates()}"
        rf"|(?P<ordinal>第(?P<place>{D}++|{CHINESE}|[*xX×]{{1,3}}+)(?P<placed>名|位)?|(?<=[。;；:：,，\n])[一二三四五六七八九十]{{1,4}}+(?:是|要))"
        rf"|(?P<grade>(?P<low>劣(?:于\s?(?:地表水)?(?=[ⅤV五]))?\s?|[优良])?(?P<roman>{roman})"
        rf"(?:(?P<to>[-—–~～至到]{{1,2}})(?P<roman2>{roman}))?(?:\s?类(?P<grade_after>及?以上|及?以下)?|(?<=[ⅠⅡⅢⅣⅤ])(?={_GRADES})))"
        rf"|(?P<crown>(?P<crowns>[二三四五六七八九])连冠)|(?P<half>半(?:个)?(?P<half_unit>小时|年|天|个月)(?!以来))"
    )


@cache
def names() -> re.Pattern[str]:
    """Names and slogans that hold a numeral, by their words."""
    return re.compile(f"(?P<name>{either(tables.words('words/names.txt'))})")


@cache
def formulas() -> re.Pattern[str]:
    """Names written with digits that open with a letter."""
    return re.compile(rf"(?P<name>(?<![A-Za-z])(?:{'|'.join(tables.words('words/formulas.txt'))}))")


@cache
def before() -> re.Pattern[str]:
    """The words that bound a number from before, and the blank after them."""
    return re.compile(rf"(?P<before>{either(tuple(bounds('before')))})[ ]?(?={D}|[{SIGN}*xX×○{CN}每])")


@cache
def tried() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return, for each character at which a number may open, what is tried there and in which order."""
    table: dict[str, list[re.Pattern[str]]] = {}

    def at(characters: Iterable[str], *patterns: re.Pattern[str]) -> None:
        for character in characters:
            table.setdefault(character, []).extend(p for p in patterns if p not in table.get(character, ()))

    digits = "0123456789０１２３４５６７８９"
    at({word[0] for word in tables.words("words/names.txt")}, names())
    at(_LATIN, formulas())
    at(digits + "〔[(（第日最", figured())
    at("《*xX×前第劣优良ⅠⅡⅢⅣⅤIV一二三四五六七八九十半", other())
    at("半" + CN, share())
    at(digits + SIGN, numeral())
    at("*xX×○〇数好几上", masked())
    at(CN, chinese())
    at({word[0] for word in bounds("before")}, before())
    return {character: tuple(patterns) for character, patterns in table.items()}


@cache
def openers() -> re.Pattern[str]:
    """The characters at which a number may open; a letter only where none stands before it."""
    return re.compile("[" + "".join(re.escape(character) for character in tried()) + "]")


@cache
def quoted() -> re.Pattern[str]:
    """The spans that quotation marks enclose, opening and closing alike on one line."""
    return re.compile('[“"「](?:(?<=“)[^“”\n]{1,40}+”|(?<=")[^"\n]{1,40}+"|(?<=「)[^」\n]{1,40}+」)')


# What stands about an ordinal, a grade or a number of years, and tells what it is.
RANKED = re.compile(
    r"(?:全[国省市区县州](?:[0-9]{1,4}个)?[^,，。、;；第0-9]{0,6}|[省国市]内|(?:列|排名?|[位排]?居|并列)[^,，。、;；第0-9]{0,6}|位次|倒数|正数|[市县区城][^,，。]{0,3}中)(?:的|为|在)?"
    r"(?:(?:第[0-9一二三四五六七八九十]{1,3}[名位]?(?:、|和)){1,4})?$"
)
LISTED = re.compile(r"(?:依次|排名|排序|排行|名次)[^。；;\n]{0,120}$")
PLACED = re.compile(r"(?:排名|排序|名次|位次)为\s?$")
OF_GRADE = re.compile(
    r"\s?(?:水质?|断面|水体|河流|海水|标准)?的?(?:断面|点位|河涌|河道|河段|支流)?(?:面积)?(?:比例|占比|占|比率|断面|水体|点位|河流|湖库|海水|[0-9]|\)|的为)|水?达标率|[进出](?!境)|区|[企事疫苗项市]"
)
OF_WATER = re.compile("水|断面|河|湖|江|库|海")
HEADS_NAMES = re.compile(
    r"的?(?:断面|测点|点位|水体|河流)(?:\s?\d{1,3}\s?个)?[，,]?(?:分别)?(?:是|为|有|包括)?(?<=[是为有括])[：:]?(?=\s?[一-鿿]{2})|断面[：:]"
)  # Ⅱ类断面是：甲桥、乙口
SHARED_GRADE = re.compile(_GRADES)
RID_OF = re.compile("消除|杜绝|消灭|[非个]$|(?:没有|未|无)(?:出现|发生|现)?[^,，。;；]{0,4}$|出现$|优于$")
COUNTED = re.compile("个[^，,。;；]{0,12}$")
OR_BETTER = ("达到或优于", "达到优于", "达到或好于", "优于或达到")
STREAK = re.compile("(?:连续|蝉联|连年)(?:第|约|近)?$")


def placed(text: str, start: int, end: int) -> bool:
    """Tell whether a bare number is a place: 排名为1, or one of a list in order: 依次是：1.甲市 2.乙市.

    >>> placed("排名为3", 3, 4), placed("依次是：1.甲市 2.乙市", 4, 5), placed("1.甲市", 0, 1)
    (True, True, False)
    """
    if PLACED.search(text, max(start - 6, 0), start):
        return True
    opens = text[start - 1 : start] in ("：", ":", " ", "，", "、") and text[end : end + 1] in (".", "．")
    return opens and "一" <= text[end + 1 : end + 2] <= "鿿" and bool(LISTED.search(text, max(start - 140, 0), start))


# What numbers a picture or a table: 见表2, 附图3.
CAPTION = re.compile(r"(?:[见如于由附]|^|[\s（(，,。；;])附?[图表]\s?$")
