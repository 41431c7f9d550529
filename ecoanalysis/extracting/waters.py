"""Tell of which waters and sections a value is by the words before it: 西江水质保持, 黑河高崖、六坝桥断面水质达到.

In: the words between the last number and this one. Out: names as written.
"""

import re

from ecoanalysis.extracting.number_patterns import HEADS_NAMES

_FILL = re.compile(
    r"^(?:\d{1,6}年|(?:\d{1,2}[-—~至])?\d{1,2}月|[上下]半年|但|仍|却|同比|分别[是为]|对|较去|较|超过|位列|位居|当天|当日|今年|全年|其中|目前|[省市国]控|[省市国]考|监测|考核|开展|推动|推进|实现|确保|力争|全省|全市|全区|全县|的|县级|和|及|与|在)+"
    r"|(?:[两三四五六七八九十]|\d{1,6})个(?:单项|项目|奖项)中?$"
    r"|(?:出境|入境)?(?:水质|水体|水环境|断面水质|总体|类别|稳定|持续|连续|恶化|改善|提升|分别|依次|全(?=$)|由|从|虽|类别|年均值|均值|保持|达到或好于|达到或优于|好转至|好转为|好转|升至|达到|达|的|为|是|均|都|全部|全面|优于|或|标准|以上|在|(?:\d{1,6}|[一二两三四五六七八九十*]+)个(?:[国省市]考|[国省市]控)?|(?:监测)?断面$|\d{1,6}|年|：|:|——)++$"
)
_QUALITY = re.compile(r"(?<=.)(?:断面)?(?:水质|水环境质量|水体质量)")
_MEETS = re.compile("《|达到|优于|符合")
_FROM = re.compile(r"(?:由|从)(?:原来|上年|去年)?的?劣?[ⅠⅡⅢⅣⅤ一二三四五\d].*$")
_WON = re.compile(r"^.*(?:荣获|获评|获得|取得|夺得|摘得|勇夺)")
# How many stand before it in a row: 柳浦、庙头两个断面, 甲河、乙河等4条河流1-3月水质.
_COUNTED = re.compile(
    r"等?(?P<count>[0-9]{1,2}|[两二三四五六七八九十]{1,2})(?:[个条座处][^，,、]{0,14}|(?:断面|点位|河|湖|水?库)[^，,、]{0,6})$"
)
# What says that each of a row has the value.
EACH = re.compile(r"分别|依次|均(?!值)|都(?![市江])|皆|全部|同为|各(?![类种级])")
# What stands between the names of a row; not the 和 of 政和, 和田, 和静.
AND = re.compile(r"、|(?<=[^、])[和及与](?=[^、，,]{2})(?![平田静硕布])")
# The last character of what is surely a water or a section.
_CALLED = re.compile("[河江湖海渠库港溪沟泉涌塘淀桥闸坝站口段湾]$|断面|水源|水库")
_MOST = 14  # characters of a name
_FARTHEST = 200  # of a name with the words about it


def counted(words: str) -> bool:
    """Tell whether words end with how many waters or sections they named: 柳浦、庙头两个断面."""
    return _COUNTED.search(EACH.split(words)[0]) is not None


def in_a_row(words: str) -> list[str]:
    """Return the waters or sections that stand in a row before a value; nothing where there are not several.

    >>> in_a_row("黑河高崖、六坝桥断面水质达到"), in_a_row("柳浦、庙头两个断面均为"), in_a_row("西江水质保持")
    (['黑河高崖', '六坝桥'], ['柳浦', '庙头'], [])
    """
    names = [subject(part) for part in AND.split(_COUNTED.sub("", EACH.split(words)[0]))]
    return names if len(names) > 1 and all(1 < len(name) <= _MOST for name in names) else []


def headed(text: str, at: int) -> list[str]:
    """Return the names that a grade which ends at a place of a text heads: Ⅱ类断面是：甲桥、乙口.

    >>> headed("Ⅱ类断面是：糯扎渡、思茅港、黑河；其余", 2), headed("Ⅱ类水质断面", 2)
    (['糯扎渡', '思茅港', '黑河'], [])
    """
    if (head := HEADS_NAMES.match(text, at)) is None:
        return []
    listed = re.match(r"[^，,。；;\n（(：:]{2,200}", text[head.end() : head.end() + 200].lstrip())
    names = AND.split(listed[0]) if listed else []
    return (
        names if names and all(1 < len(name) <= _MOST and not re.search(r"\d|[是为占]", name) for name in names) else []
    )


def called(words: str) -> bool:
    """Tell whether the last of a row is surely called a water or a section: 七间房断面水质达到.

    >>> called("阿及堡、北杂木断面达到"), called("城区、县城")
    (True, False)
    """
    last = AND.split(_COUNTED.sub("", EACH.split(words)[0]))[-1]
    return _CALLED.search(last) is not None or _CALLED.search(subject(last)) is not None


def in_bracket(words: str, inside: str) -> list[str]:
    """Return the names that a bracket gives of the sections counted before it: 4个国考断面（甲桥、乙桥、丙闸、丁口）.

    >>> in_bracket("两个国考断面", "甲桥、乙桥")
    ['甲桥', '乙桥']
    """
    match = _COUNTED.search(words)
    names = [subject(part) for part in AND.split(inside)]
    number = "一二三四五六七八九十".find(match["count"].replace("两", "二")) + 1 if match else 0
    number = int(match["count"]) if match and match["count"].isdigit() else number
    return names if number == len(names) > 1 and all(1 < len(name) <= _MOST for name in names) else []


def subject(left: str) -> str:
    """Return the body of water, or other subject, that the words before a value name: 西江水质保持 gives 西江.

    >>> subject("西江水质保持"), subject("主要河流水质达到"), subject("赣江干流4个断面稳定保持")
    ('西江', '主要河流', '赣江干流')
    """
    return trimmed(left.strip(' 、和及与，,“”"；;。~～'))


def trimmed(words: str) -> str:
    """Return a name without the words about it that name nothing; empty where it is too long for one."""
    if len(words) > _FARTHEST:
        return ""
    words = _MEETS.split(_QUALITY.split(_FROM.sub("", _WON.sub("", words)))[0])[0]
    while (shorter := _FILL.sub("", words)) != words:
        words = shorter
    return words if len(words) <= _MOST else ""


def water_said(before: str) -> str:
    """Return the last river, lake or reservoir that a text names, or an empty string.

    >>> water_said("推动淡澳河水污染防治达标攻坚，")
    '淡澳河'
    """
    named = [
        match[0]
        for match in re.finditer(
            r"[^\s，,。；;、：:的个(（)）“”\d的动进在对把将和及与沿了排入跨]{1,3}(?:河|江|湖|水库)", before
        )
    ]
    return named[-1] if named else ""
