"""Undo what a page's layout tore: lines broken inside a sentence, gaps in words and numbers, a μ or a subscript lost.

In: the text. Out: the text mended, and how often. Blanks between words stay; a line break is mended only where the line before it
cannot be whole: a bracket is open, it ends in a comma, a number waits for its unit, it leaves a sentence amidst its clauses and
a figure with its unit follows, or a long line or a line of a hard-wrapped paragraph stops without a full stop and what follows
is no heading and no new beginning.
"""

import re
from itertools import pairwise

from ecoanalysis.knowledge.tables import pattern

_HAN = "㐀-鿿"
_TERMINAL = "。！？；!?;：:…"
_CLOSING = '”’）)】》」』"'
_ENDED = re.compile(rf"[{_TERMINAL}][{_CLOSING}]*$|[{_CLOSING}]$")
_FULL_STOP = re.compile(rf"[。！？；;!?][{_CLOSING}]*$")
_COMMA = re.compile("[，。；、,;]")
_CLAUSE = re.compile("[，。；：、,;:]|[！？]")
_NUMBER_END = re.compile(r"[0-9○〇Xx*](?:\.[0-9]+)?$")
_UNIT_ALONE = re.compile(rf"(?:{pattern('line_unit').pattern})(?:以上|以下|左右)?(?:[，,。；;、：:（(]|$)")
_FIGURE = re.compile(rf"[0-9][0-9.,]{{0,14}}\s?(?![年月日])(?:{pattern('line_unit').pattern})[，。；、,;]")
# What follows such a figure in prose; a cell of a table ends with it.
_TORN_OFF = re.compile(rf"[0-9][0-9.,]{{0,14}}\s?(?![年月日])(?:{pattern('line_unit').pattern})[，。；、,;{_HAN}]")
_AMIDST = re.compile(r"(?<=[^\s|])[^\S\n]{0,20}\n[^\S\n]{0,20}(?=[，。；、])")  # nothing begins with these
_HEADING = re.compile("[（(]?[一二三四五六七八九十]{1,3}[、）)]")
_TORN_LINES = 4  # that begin so in a page which broke its lines before figures
_GOES_ON = re.compile(f"[，、,][^。；;]*[{_HAN}]$")  # a sentence that its line leaves amidst its clauses
_OPENERS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】"}
_LONG = 40
_TAIL = 400
# One side of the blank is a single character: 浓 度, 平均 浓. Titles in two halves have long words on both sides.
_TORN = re.compile(
    rf"(?<=[{_HAN}])[ \u3000](?=[{_HAN}](?:[ \u3000]|[^{_HAN}]))|(?<=[ \u3000][{_HAN}])[ \u3000](?=[{_HAN}])"
)
_GAP = re.compile(rf"(?<=[{_HAN}])[ \u3000](?=[{_HAN}])")
# Digits torn apart before a unit: 9 4 . 1%, 97 . 2 ％, 1 4 6微克. A row of a table (0 7 1 8) has no unit behind it.
# So is a point with a blank before a unit or in a bracket (1. 87); 1. 2个 may number what follows.
_DIGITS = re.compile(
    rf"(?<=[{_HAN}])[ ]?(?:\d(?: \d)+(?: ?\. ?\d(?: \d)*)?|\d+(?: \. ?| ?\. )\d+) ?(?=[%％微毫μ])"
    rf"|(?<=[{_HAN}（(])\d{{1,3}}\. \d{{1,3}}(?=个百分点|[）)]|(?![年月日个项])(?:{pattern('line_unit').pattern}))"
)
# A blank within a date or a place in an order: 1 月 1 日, 第 5.
_IN_DATE = re.compile(r"(?<=\d)[ ](?=[年月日](?![ ]))|(?<=\d)[ ](?=[年月日][ ]\d)|(?<=[年月第])[ ](?=\d)(?!\d{4}年)")
# Blanks just inside a bracket, behind it, or before one with a figure: 荣成市 ( 3.22 ) 、.
_IN_BRACKET = re.compile(
    rf"(?<=[（(]) (?=[{_HAN}0-9+-])|(?<=[{_HAN}0-9%]) (?=[)）])|(?<=[)）]) (?=[、，。；])|(?<=[{_HAN}]) (?=[(（][0-9. ]{{1,9}}[)）])"
)
_TORN_NAME = re.compile(r"(?<![A-Za-z])PM ?2(?: [.．] ?| ?[.．] )5(?![0-9])")
_SUBSCRIPT = re.compile(r"PM\s{0,20}?\n\s{0,20}(2\.5|10)[ \t]{0,20}\n?")
_MICRO = re.compile("[?？\ufffd](?=g/m[3³*^])")


def join_lines(text: str) -> tuple[str, int]:
    """Join broken lines.

    >>> join_lines("受理环境信访投诉862" + chr(10) + chr(10) + "宗，有力回应群众关切。")
    ('受理环境信访投诉862宗，有力回应群众关切。', 1)
    """
    if "\n" not in text:
        return text, 0
    text, amidst = _AMIDST.subn("", text)
    lines = text.split("\n")
    wrapped = _wrapped(lines) | _torn_off(lines)
    pieces = [lines[0].rstrip()]
    tail, length, joined, gap = lines[0].strip(), len(lines[0]), 0, 1
    for number in range(1, len(lines)):
        line = lines[number].rstrip()
        bare = line.lstrip()
        if not bare:
            gap += 1
            continue
        if tail and (number in wrapped or _broken(tail, length, bare)):
            pieces += [glue(tail, bare), bare]
            tail, length, joined = (tail + bare)[-_TAIL:], length + len(bare), joined + 1
        else:
            pieces += ["\n" * gap, line]
            tail, length = bare[-_TAIL:], len(bare)
        gap = 1
    return "".join(pieces), joined + amidst


def glue(before: str, after: str) -> str:
    """Return what stands between two lines that are joined: a blank between Latin letters."""
    return " " if all(char.isascii() and char.isalpha() for char in (before[-1:], after[:1])) else ""


def _broken(tail: str, length: int, after: str) -> bool:
    """Whether a line of this length that ends with `tail` stops inside a sentence that `after` goes on with."""
    if pattern("line_mark").match(after):
        return False
    if _open_bracket(tail, after):
        return True
    if _ENDED.search(tail):
        return False
    if _NUMBER_END.search(tail) and (pattern("line_unit") if _CLAUSE.search(tail) else _UNIT_ALONE).match(after):
        return True
    if tail[-1] in "，、," or (_GOES_ON.search(tail) and _FIGURE.match(after)):
        return True
    whole = pattern("line_beginning").match(after) or not _CLAUSE.search(tail) or not _CLAUSE.search(after)
    return length >= _LONG and not whole


def _open_bracket(tail: str, after: str) -> bool:
    """Whether a bracket opened in the last few words is still open, and closes soon."""
    near, soon = tail[-60:], after[:60]
    return any(near.count(opener) > near.count(closer) and closer in soon for opener, closer in _OPENERS.items())


def _wrapped(lines: list[str]) -> set[int]:
    """Number the lines that go on a hard-wrapped paragraph: lines of nearly equal width, the last shorter and ended."""
    going_on: set[int] = set()
    lines = [line.strip() for line in lines]
    start = 0
    while start < len(lines):
        stop = start
        while stop + 1 < len(lines) and _is_wrapped(
            lines[stop], lines[stop + 1], _width(lines[start]), stop - start > 1
        ):
            stop += 1
        block = lines[start : stop + 1]
        clauses = sum(_CLAUSE.search(line) is not None for line in block)
        enough = clauses * 2 >= len(block) if len(block) > 2 else _COMMA.search(block[0])
        if stop > start and enough and _FULL_STOP.search(lines[stop]):
            going_on.update(range(start + 1, stop + 1))
            start = stop + 1
        else:
            start = max(stop, start + 1)
    return going_on


def _torn_off(lines: list[str]) -> set[int]:
    """Number the lines before whose figures a page broke nearly every sentence: 征收排污费 | 138.7万元，占全年计划的 | 55.5%."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    found = {
        number
        for before, number in pairwise(filled)
        if re.search(f"[{_HAN}]$", lines[before].rstrip())
        and not _HEADING.match(lines[before].lstrip())
        and _TORN_OFF.match(lines[number].lstrip())
    }
    return found if len(found) >= _TORN_LINES else set()


def _is_wrapped(line: str, after: str, width: float, sure: bool) -> bool:
    """Whether a line of about a width is no end, and what follows no wider and no beginning: 全市 opens many a paragraph.

    `sure` says that some lines of the width went before: then such a word is but the next of the sentence.
    """
    even = 10 <= width <= 80 and abs(_width(line) - width) <= 4 and 0 < _width(after) <= width + 4
    begins = even and (pattern("line_mark").match(after) or (not sure and pattern("line_beginning").match(after)))
    return even and not begins and not _ENDED.search(line)


def _width(line: str) -> float:
    """The room that a line takes, in Chinese characters: letters and digits have half of one, blanks a quarter."""
    return len(line) - sum(map(str.isascii, line)) / 2 - line.count(" ") / 4


def close_gaps(text: str) -> tuple[str, int]:
    """Close the gaps inside words and numbers.

    >>> close_gaps("PM2.5平均 浓 度 21微克，安全 利用率 9 4 . 1%")
    ('PM2.5平均浓度 21微克，安全利用率94.1%', 4)
    >>> close_gaps("党建引领 绿色发展")
    ('党建引领 绿色发展', 0)
    """
    if " " not in text and "\u3000" not in text:
        return text, 0
    lines = [_close_line(line) for line in text.split("\n")]
    text, torn, mended = "\n".join(line for line, _ in lines), sum(times for _, times in lines), 0
    text, dates = _IN_DATE.subn("", text)
    text, inside = _IN_BRACKET.subn("", text)
    text, names = _TORN_NAME.subn("PM2.5", text)

    def joined(match: re.Match[str]) -> str:
        nonlocal mended
        closed = match[0].replace(" ", "")
        mended += closed != match[0]
        return closed

    return _DIGITS.sub(joined, text), torn + dates + inside + names + mended


def _close_line(line: str) -> tuple[str, int]:
    """Close a line's torn words; a line torn in several places keeps no blank between characters."""
    closed, torn = _TORN.subn("", line)
    if torn < 2:
        return closed, torn
    closed, more = _GAP.subn("", closed)
    return closed, torn + more


def restore_subscript(text: str) -> tuple[str, int]:
    """Put back on the line the figures of a formula that a page set below it.

    >>> restore_subscript("整改取得成效，PM\\n2.5\\n年平均浓度".replace(chr(92) + "n", chr(10)))
    ('整改取得成效，PM2.5年平均浓度', 1)
    """
    return _SUBSCRIPT.subn(r"PM\1", text)


def restore_micro(text: str) -> tuple[str, int]:
    """Put back a μ that was lost before g/m3.

    >>> restore_micro("47?g/m3")
    ('47μg/m3', 1)
    """
    return _MICRO.subn("μ", text)
