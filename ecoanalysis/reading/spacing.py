"""Close the gaps that a page's layout tore into words and numbers, and put back the letter that μ lost.

In: a text. Out: the text and how often it was mended. A blank goes where a Chinese character stands alone beside it
(浓 度), and between single digits that a unit follows (9 4 . 1%); blanks between words stay.
"""

import re

_HAN = "㐀-鿿"
# One side of the blank is a single character: 浓 度, 平均 浓. Titles in two halves have long words on both sides.
_TORN = re.compile(
    rf"(?<=[{_HAN}])[ \u3000](?=[{_HAN}](?:[ \u3000]|[^{_HAN}]))|(?<=[ \u3000][{_HAN}])[ \u3000](?=[{_HAN}])"
)
_BLANK = re.compile(rf"(?<=[{_HAN}])[ \u3000](?=[{_HAN}])")
# Digits torn apart before a unit: 9 4 . 1%, 97 . 2 ％, 1 4 6微克. A row of a table (0 7 1 8) has no unit behind it.
_DIGITS = re.compile(rf"(?<=[{_HAN}])[ ]?(?:\d(?: \d)+(?: ?\. ?\d(?: \d)*)?|\d+(?: \. ?| ?\. )\d+) ?(?=[%％微毫μ])")
# A blank within a date or a place in an order: 1 月 1 日, 第 5.
_IN_DATE = re.compile(r"(?<=\d)[ ](?=[年月日](?![ ]))|(?<=\d)[ ](?=[年月日][ ]\d)|(?<=[年月第])[ ](?=\d)")
_SUBSCRIPT = re.compile(r"PM\s{0,20}?\n\s{0,20}(2\.5|10)[ \t]{0,20}\n?")
_MICRO = re.compile("[?？\ufffd](?=g/m[3³*^])")


def close(text: str) -> tuple[str, int]:
    """Close the gaps inside words and numbers.

    >>> close("PM2.5平均 浓 度 21微克，安全 利用率 9 4 . 1%")
    ('PM2.5平均浓度 21微克，安全利用率94.1%', 4)
    >>> close("党建引领 绿色发展")
    ('党建引领 绿色发展', 0)
    """
    if " " not in text and "\u3000" not in text:
        return text, 0
    lines = [_line(line) for line in text.split("\n")]
    text, torn, mended = "\n".join(line for line, _ in lines), sum(times for _, times in lines), 0
    text, dates = _IN_DATE.subn("", text)

    def joined(match: re.Match[str]) -> str:
        nonlocal mended
        closed = match[0].replace(" ", "")
        mended += closed != match[0]
        return closed

    return _DIGITS.sub(joined, text), torn + dates + mended


def _line(line: str) -> tuple[str, int]:
    """Close a line's torn words; a line torn in several places keeps no blank between characters."""
    closed, torn = _TORN.subn("", line)
    if torn < 2:
        return closed, torn
    closed, more = _BLANK.subn("", closed)
    return closed, torn + more


def subscript(text: str) -> tuple[str, int]:
    """Put back on the line the figures of a formula that a page set below it.

    >>> subscript("整改取得成效，PM\\n2.5\\n年平均浓度".replace(chr(92) + "n", chr(10)))
    ('整改取得成效，PM2.5年平均浓度', 1)
    """
    return _SUBSCRIPT.subn(r"PM\1", text)


def micro(text: str) -> tuple[str, int]:
    """Put back a μ that was lost before g/m3.

    >>> micro("47?g/m3")
    ('47μg/m3', 1)
    """
    return _MICRO.subn("μ", text)
