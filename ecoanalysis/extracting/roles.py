"""Tell what part a number plays in its clause: a value, a change, a placing, or a number quoted for comparison.

In: the text just before and after a number. Out: a role, and for changes the direction and what they are against.
"""

import re
from dataclasses import dataclass
from functools import cache

from ecoanalysis.knowledge import tables


@dataclass(frozen=True, slots=True)
class Change:
    """A movement: `sign` is +1 or -1, or 0 where the text only says better or worse (then `better` is +1 or -1)."""

    sign: int
    better: int
    start: int


# What may stand between a word of movement and its number: 降幅分别为, 升幅均超过, 上升(变差).
_TOWARDS = (
    r"(?:(?<=[幅度率])(?:都|均|各|分别|依次)?(?:是|为)?|[(（](?:改善|好转|变好|变差|恶化)[)）])?"
    r"(?:了|达到|达|约|近|超过|又)?\s?"
)
# What stands between the movement that a list of places is of and a number of the list: 降幅 前三位的是甲县（3.2%）、乙县（.
_BRACKET = re.compile(r"[（(][^（()）]*[)）]")
_LISTS = re.compile(
    r"[^,，。;；%\d]{0,12}(?:\d位?[^,，。;；%\d]{0,4})?"
    r"(?:最大|最多|居前|靠前|前[\d一二三四五六七八九十]|较大|的[^,，。;；%\d]{0,8}(?:有|是|为|分别|依次|[:：]))"
    r"(?:[^。；;%,，]|%[)）]?(?:[、,，和及与]|$)|[,，](?![^,，。;；（(]*(?:有|为|是|分别|依次|最|超|达)))*"
)
_SIGNS = {"+": (1, 0), "-": (-1, 0), ">": (0, 1), "<": (0, -1)}
_SIGNED = re.compile(r"(?:同比|环比)\s?$")
_COMPARISON = re.compile(r"同比|环比|同期|[较比][^,，。;；]{2,}|[与和同][^,，。;；]{2,12}比|分别|依次|各|[、,，]$")
GRADE = re.compile("[ⅠⅡⅢⅣⅤ]类")
GRADED = re.compile(
    r"(?:标准)?的(?:断面|点位|河流|水体)?(?:数量?)?(?:共|有|为|是)*\s?\d"
)  # a grade that others are counted by
# Words that say of what follows, or precedes, that it is not there: 无Ⅴ类断面, 全部消除劣Ⅴ类, 劣Ⅴ类断面清零.
_ABSENT = r"(?:无(?![锡为害人])|没有|未(?:再)?(?:出现|发现|发生|检出)|不存在|不再(?:有|出现)?|杜绝|消除|消灭|告别|退出|摆脱|脱离|清零)"
ABSENT_BEFORE = re.compile(_ABSENT + r"[^，,。；;：:]*$")
ABSENT_AFTER = re.compile(r"[^，,。；;：:、]{0,10}(?:清零|消除|消灭|归零|为零|不复存在|一个也没有)")
# What a comparison quotes in a bracket: 比2023年6月（96.7%）少3.4个百分点, 好于全国平均（87%）.
COMPARED = re.compile(
    r"(?:[比较](?![例率重为好])|[与和同](?=[^，,。；;]{2,14}$)|[优好高低]于)[^，,。；;、（(）)]{2,14}$"
)
SAME_PERIOD = re.compile(
    r"(?:[较比与同]|相比)(?:上年|去年|前年|上月|20\d\d年)(?:同期)?的$|(?:上年|去年)?同期[(（]?$|(?:上年|去年|前年)同期(?:的|为|是|仅)?$|(?<![较比与同])(?:上个?月|上一?季度|上期)为$|^而?(?:上年|去年)同期(?!相比|比)[^,，。;；]*$|全[国省]同期[^,，。;；]{0,4}$"
)
TARGET_BEFORE = re.compile(
    r"(?:优于|好于|高于|低于|高出|超出|超过|超|超额|距|距离|比(?!例|率|重)|较(?!为|好|[去上前]))[^,，。;；]{0,14}(?:目标|任务|标准|限值|要求|(?<![两二三四五]年)(?:均值|平均|平均水平|平均值)|进度)"
    r"(?:值|要求|浓度|水平|的)*(?:高|低|多|少|快|出|了|约|近|提高|提升|上升|下降|降低|增加|减少)*$|[较比](?![去上前同])[一-鿿]{1,6}[市县区州盟旗]的?(?:高|低|多|少|好|差)$|(?:比|较|低于|高于)(?:[省市州国]|上级|自治区)[^,，。;；]{0,3}(?:下达|要求|控制|考核|上限|定)[^,，。;；]{0,18}(?:高|低|多|少)?$|[与和同](?:[^,，。;；]{0,12}(?:目标|任务|要求|平均|均值)(?:值|水平)?|全[国省市区州县]|周边[^,，。;；]{0,6})相?比(?:高|低|多|少|快|出|了|提高|提升|上升|下降|降低|增加|减少)*$|(?:优|好|高|低)于(?:全国|全省|全区|全市|周边)[^,，。;；]{0,6}的?$"
)
TARGET_AFTER = re.compile(
    r"^(?:左右|以上|以下)?的?(?:[省市州国]定|年度|考核|控制|规划|预期|既定|约束性)*(?:目标|任务|要求|考核线)"
)
TARGET_NAMED = re.compile(
    r"(?:(?:年度|考核|国家|省里?|市里?|州|自治区|上级|省定|市定)?(?:目标|任务|要求|指标)(?:值|任务)?|[省市州国里](?:下达|定|考核)的?)"
    r"(?:是|为)?(?:不?[高低超少]于|不超过|确保|控制在)?$"
)
FROM = re.compile(r"(?:由|从|自)[^,，。;；、]{0,14}$")
TO = re.compile(
    r"^[^,，。;；]{0,12}?(?:升|降|增|减|提高|压缩|压减|缩|缩短|变|转|调整|上升|下降|增长|提升|增加|减少|改善|优化)(?:至|到|为)"
)
LIMIT = re.compile(
    r"[一二三]级标准(?:PM2\.5|PM10|SO2|NO2|CO|O3)(?:为|是)$|(?:标准值?|阈值|上限|下限|临界值|可处|可并处)(?:为|是|了|约|仅)*$|(?:限值|过渡值|准则值|指导值)[^,，。;；\d]{0,12}(?:PM2\.5|PM10)?[^,，。;；\d]{0,4}$"
)
DISTANCE = re.compile(r"(?:还差|相差|差距|差)(?:为|是|了|约|仅)*$")
PER = re.compile(
    r"每(?:再)?(?:提高|提升|上升|升高|增加|下降|降低|减少|改善)$"
)  # a relation between two values is no value
OVER = re.compile(r"^(?:以上|以下)?的(?:有|天|日|月|时(?!限|间)|小时|站|城市|县|区县|点位)")
LIMIT_AFTER = re.compile(r"^(?:以下|以内)?的?(?:国家|空气质量|环境质量|环境空气|[一二三]级|年均|日均)*(?:标准|限值)")
LEGAL = re.compile(r"^的?罚款")  # 可处10万元以上100万元以下罚款 quotes a law
DUE = re.compile(r"(?:应|应当|须|需|未|尚未|待)(?:完成|整改|办结|销号)$")
RATIO_BEFORE = re.compile(r"(?:相当于|相當於|是|为)(?:去年|上年)(?:同期)?的$")
MEANT = re.compile(r"(?:这|该|此)(?:就)?是[^。，,]{0,10}目标")
PLANNED = re.compile(
    r"(?:(?:书记|市长|厅长|局长|会议|上级|国家)要求|(?<![主重只不])要(?:求)?(?:达到|到|控制在|保持在|稳定在|降[至到]|升[至到])|拟|力争|确保|预计|(?<!按)计划(?:到|在|于|将|用|再|新增|完成)|预期|争取达到|争取实现|努力实现|规划到|目标是|目标为|目标:|目标：)"
)
LEVEL_VERB = re.compile(r"(?:至|(?<!幅达)到|(?<!幅)为|(?<!幅)达|在)$")


@cache
def _changes() -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    rows = {row["text"]: row for row in tables.rows("words/changes.csv")}
    words = "|".join(sorted(map(re.escape, rows), key=len, reverse=True))
    return re.compile(rf"(?P<word>{words}){_TOWARDS}$"), rows


@cache
def _movements() -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    """The words of movement that need nothing beside them, wherever they stand."""
    rows = {word: row for word, row in _changes()[1].items() if not row["short"]}
    return re.compile("|".join(sorted(map(re.escape, rows), key=len, reverse=True))), rows


@cache
def _bodies() -> re.Pattern[str]:
    others = "|".join(tables.words("words/others.txt"))
    return re.compile(rf"(?:^|(?<=[，,。；;：:、\s])|(?<=[省市区县]))(?:(?P<other>{others})|生态环境|环保|环境保护)")


def headed(said: str, offset: int) -> Change | None:
    """Return the movement that a list of places opens with, for the values behind it; `offset` is where `said` starts.

    >>> headed("降幅居前三的是：甲县（", 0), headed("降幅明显，甲县", 0)
    (Change(sign=-1, better=0, start=0), None)
    """
    said = _BRACKET.sub(lambda one: "（" + "　" * (len(one[0]) - 2) + "）", said)  # an item's own movement is its own
    pattern, rows = _movements()
    match = next(reversed(list(pattern.finditer(said))), None)
    if match is None or not _LISTS.fullmatch(said, match.end()):
        return None
    return Change(*_SIGNS[rows[match[0]]["sign"]], offset + match.start())


def others_business(text: str) -> bool:
    """Tell whether the body that was named last is another than the bureau of the environment.

    >>> others_business("市卫健委召开新闻发布会"), others_business("自然资源局查处45宗；生态环境局查处")
    (True, False)
    """
    named = [match["other"] for match in _bodies().finditer(text)]
    return bool(named and named[-1])


def change_before(left: str, offset: int, clause: str = "") -> Change | None:
    """Return the movement that the text before a number ends in, or None. `offset` is where `left` starts.

    A short word such as 多 needs a comparison, in `left` or in what its `clause` said before it.

    同比 right before a number is a movement too, which the number's own sign directs.

    >>> change_before("PM2.5浓度同比下降", 0)
    Change(sign=-1, better=0, start=9)
    >>> change_before("新增", 0) is None
    True
    """
    pattern, rows = _changes()
    match = pattern.search(left)
    if match is None:
        signed = _SIGNED.search(left)
        return Change(1, 0, offset + signed.start()) if signed else None
    row = rows[match["word"]]
    ahead = left[: match.start()]
    if row["short"] and (
        (not _COMPARISON.search(clause + ahead) and ahead.strip("、,， ")) or ahead.endswith(("新", "最", "超", "提"))
    ):
        return None
    if ahead.endswith(("新", "增")):
        return None
    return Change(*_SIGNS[row["sign"]], offset + match.start())


def moves(text: str) -> bool:
    """Tell whether words open with a movement: 少3.4个百分点.

    >>> moves("少3.4"), moves("其中")
    (True, False)
    """
    return any(text.startswith(word) for word in _changes()[1])


_BASES = re.compile(
    r"(?P<mean>同比前?[两二三四五]年均值)|(?P<end>[较比](?:去年|上年)年?[底末])|(?P<on>在(?:19|20)\d\d年(?:的)?基础上)"
    r"|(?P<since>近[两二三四五]年|[三四五]年来|(?:19|20)\d\d年以来|[“\"]?十[一二三四五]五[”\"]?以来|[较比与][一二两三四五六七八九十]年前|[较比与]历史最[高低好差])"
    r"|(?P<span>(?:[“\"]?十[一二三四五]五[”\"]?(?:期间|时期|以来)?|(?<!前)[三四五]年(?:来|间)?)累计|[“\"]?十[一二三四五]五[”\"]?期间)"
    r"|(?P<yoy>同比|(?:去年|上年|前一年|上一年|去年度|上年度))"
    r"|(?P<month>环比|[较比同跟](?:上月|上季度|上周|上个月))"
    r"|(?P<with>[与和跟][上前](?:月|季度|周|个月)(?:同期)?相?比)"
    r"|[较比与同和跟](?P<year>(?:19|20)\d\d)年(?:同期|同月|底|末|度)?(?!度?目标)"
    r"|(?P<part>[较比与同和跟](?:今年|本年)?(?:第?[一二三四]季度|1?\d月份?|年初|上一?个?(?:年度)?采暖[季期])(?:相?比)?)"
    r"|(?P<round>[较比](?:上一?|第?[一二三四首])轮)"
    r"|[较比与和](?P<words>[“\"]?[十]?[一二三四五]五[^,，。;；]{0,6}?末[^,，。;；上下升降提增减]{0,4})"
    r"|[较比与](?P<several>前[两二三四五]年(?:均值|平均值?)?|[“\"]十[一二三四五]五[”\"])"
    r"|(?:由|从)(?P<from>(?:19|20)\d\d年)(?:的|同期的)"
)


def basis(said: str, year: int | None, before: str = "") -> str:
    """Return what a change is against: `yoy`, or the words as written; the last of them that is said counts.

    `said` runs from the sentence's start to the number, `year` is the fact's own, `before` the last basis of the sentence.

    >>> basis("较2020年", 2023), basis("较2022年", 2023), basis("环比", 2023), basis("比去年同期", None), basis("比第二季度", 2024)
    ('较2020年', 'yoy', '环比', 'yoy', '比第二季度')
    """
    found = list(_BASES.finditer(said))
    if not found:
        return before or "yoy"
    last = found[-1]
    if last["yoy"] or (last["year"] and year and int(last["year"]) == year - 1):
        return "yoy"
    if any(last[name] for name in ("month", "with", "mean", "part", "end", "on", "since", "span")):
        return last[0]
    return last["from"] or last[0].strip("与同")


_AMONG = re.compile(
    r"(?:(?<=在)|(?<=放到))(?:[一-鿿\d]{2,16}?(?=[中里内](?!心))|[一-鿿]{2,6}(?=[排列居位]))|"
    r"(?:(?<=[列居名])|(?<=排)(?!名))(?:在)?(?!排名)[一-鿿]{2,6}?(?=市?第)|"
    r"全[国省市区县州疆]\s?(?:\d{1,6}|[*xX×]{1,6})?\s?(?:个|座)?(?:[^第排位居列名,，。、;；前]{0,8}?(?:城市|区县|县区|县|市州|市|州市|站点|单位))?|[省国市区]内|全系统"
    r"|(?:\d{1,6}|[*xX×]{1,6})\s?(?:个|座)[^第,，。、;；]{1,8}(?:城市|设区市|地级市|区县|县市区|县|市州|市)"
)


_ORDERED = re.compile(
    r"[与和同][一-鿿、]{2,12}?(?=并列)|[由从](?:低到高|高到低|好到差|优到差|优到劣|好到坏)(?:的顺序)?|放[到在]|(?<=[里中])来?[看比]较?$"
)


def without_among(text: str) -> str:
    """Return a text without the words that say among whom, with whom and in which order a place is held.

    >>> without_among("在全国168个重点城市中排名"), without_among("在全省21个城市中与某市并列")
    ('在中排名', '在中并列')
    """
    return _ORDERED.sub("", _AMONG.sub("", text))


def goes_on(text: str) -> bool:
    """Tell whether a clause names no subject of its own, but at most among whom a place is held.

    >>> goes_on("放到全国168个重点城市里比"), goes_on("群众满意度同比")
    (True, False)
    """
    return says_nothing_new(without_among(text) if "城市" in text or "排" in text else text)


_GROUP = re.compile(
    r"(?:\d{1,6}|[*xX×]{1,6})\s?[个座]?[^第,，。、;；\d]{0,8}?(?:城市|设区市|地级市|区县|县区|县市区|市县|市州|州市|市|县)"
)


def counts_rivals(text: str, at: int) -> bool:
    """Tell whether the number that opens at a place counts those among whom a place is held: 168个重点城市.

    >>> counts_rivals("在全国168个重点城市中排名第9", 3), counts_rivals("立案168件", 2)
    (True, False)
    """
    return _GROUP.match(text, at) is not None


def among(said: str) -> str:
    """Return among whom a placing is, the last said: 全省, 全国168个重点城市, 省内.

    >>> among("列全国168个重点城市"), among("位居全省")
    ('全国168个重点城市', '全省')
    """
    found = [match[0] for match in _AMONG.finditer(said)]
    return found[-1] if found else ""


# Placings said in words. 最低 is a first place only where low is good, 最高 only where it is not bad.
SPREAD = re.compile(r"幅度|降幅|增幅|升幅|改善率")  # a place for how far a value moved is none for the value
BEST = re.compile(
    r"(?P<among>全[国省市区县州疆]|[省国市]内)(?:[^,，。;；\d第]{0,6}?)(?P<place>最优|最好|最低|最高|最佳|居首|首位|榜首|第一名?)(?!的)"
)
STEADY = re.compile(
    r"(?:同比|较上年|比上年|与上年|与去年|较去年)?(?:基本)?持平|(?:同比|较上年|比上年|与上年相比|较去年)(?:基本|保持)?(?:不变|没有变化|无变化)(?!的)"
)


@cache
def _filler() -> re.Pattern[str]:
    return re.compile("|".join(tables.words("words/fillers.txt")))


def says_nothing_new(text: str) -> bool:
    """Tell whether words name no subject of their own, so that the subject said before goes on.

    >>> says_nothing_new("比去年同期"), says_nothing_new("群众满意度同比")
    (True, False)
    """
    rest = _filler().sub("", text)
    return not re.search(r"[一-鿿A-Za-z]", rest)


_QUOTED = {
    "what is still due": DUE,
    "a limit": LIMIT,
    "a distance": DISTANCE,
    "a relation": PER,
    "last year's value": SAME_PERIOD,
    "a comparison with a target or a mean": TARGET_BEFORE,
    "a ratio to last year": RATIO_BEFORE,
}


def quoted(left: str, right: str, kind: str, bound: str) -> str:
    """Return for what a number is only quoted, by the text on both sides of it, or an empty string.

    >>> quoted("优良率由", "升至80%", "share", "="), quoted("优良率", "", "share", "=")
    ('the value that it came from', '')
    """
    for reason, pattern in _QUOTED.items():
        if pattern.search(left):
            return reason
    if FROM.search(left) and TO.match(right):
        return "the value that it came from"
    if OVER.match(right):
        return "a grade that is counted over" if kind == "grade" else "a threshold that is counted over"
    if kind != "grade" and LIMIT_AFTER.match(right):
        return "a limit that is named behind"
    return "what a law says" if LEGAL.match(right) and bound in (">=", "<=") else ""
