"""Mend single characters: pinyin glosses, traditional forms, full-width digits, rubbish at the end.

In: a text. Out: the text after one kind of mending, and how often it acted; a clean text costs a search.
"""

import re
import unicodedata
from functools import cache
from string import whitespace

import opencc

from ecoanalysis.reading.encoding import BAD

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹ\u0300\u0301\u0304\u030c"
LATIN = f"a-zü{_TONED}"
_HAN = "\u3400-\u9fff"
_HALF = re.compile("[\ud800-\udfff]")
_TONE_SEEN = re.compile(f"[{_TONED}]")
_GLOSS = re.compile(
    rf"(?<=[{_HAN}])[(（]([{LATIN}]{{1,8}})[)）]"  # 環(huán)
    rf"|(?<=[{_HAN}])\??([{LATIN}]{{1,8}})[)）]"  # 環huán), the opening bracket lost or turned into ?
    rf"|(?<=[{_HAN}])[(（]([{LATIN}]{{1,8}})(?=[{_HAN}])"  # 環(huán保
)
_SYLLABLE = re.compile("(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouü]{1,3}(?:ng?|r)?")
_WIDE = {ord("％"): "%", ord("\u3000"): " ", ord("\xa0"): " "} | {
    code: chr(code - 0xFEE0) for block in ("０９", "ＡＺ", "ａｚ") for code in range(ord(block[0]), ord(block[1]) + 1)
}
_WIDE_SEEN = re.compile("[％０-９Ａ-Ｚａ-ｚ\u3000\xa0]")
_WIDE_POINT = re.compile(r"(?<=\d)．(?=\d)")


def drop_halves(text: str) -> tuple[str, int]:
    """Drop halves of characters, which no file can hold; two that belong together are joined.

    >>> drop_halves("优良率" + chr(0xD83D) + "99%")
    ('优良率99%', 1)
    """
    halves = len(_HALF.findall(text))
    return (text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore"), halves) if halves else (text, 0)


def drop_tail(text: str) -> tuple[str, int]:
    """Drop question marks and broken characters at the very end: four or more are rubbish, fewer may be a question."""
    kept = text.rstrip(f"?？{BAD}" + whitespace)
    marks = sum(not char.isspace() for char in text[len(kept) :])
    return (kept, marks) if marks >= 4 else (text, 0)


def drop_glosses(text: str) -> tuple[str, int]:
    """Drop the pinyin that converters set after a character; without a tone mark it must be a syllable among others."""
    toned = len(_TONE_SEEN.findall(text)) if _TONE_SEEN.search(text) else 0
    if not toned:
        return text, 0
    dropped = 0

    def drop(match: re.Match[str]) -> str:
        nonlocal dropped
        latin = match.group(1) or match.group(2) or match.group(3)
        if _TONE_SEEN.search(latin) or (match.group(1) and toned >= 3 and _SYLLABLE.fullmatch(latin)):
            dropped += 1
            return ""
        return match.group()

    return _GLOSS.sub(drop, text), dropped


@cache
def _simplified() -> tuple[dict[int, str], re.Pattern[str], opencc.OpenCC]:
    """Characters of traditional text only, with their simplified forms; those in GB 2312 may be meant (乾县, 著)."""
    converter = opencc.OpenCC("t2s")
    chars = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    forms = converter.convert("\n".join(chars)).split("\n")
    table = {}
    for char, form in zip(chars, forms, strict=True):
        form = form if form != char else unicodedata.normalize("NFKC", char)
        if form != char and len(form) == 1 and not char.encode("gb2312", "ignore"):
            table[ord(char)] = form
    seen = re.compile("[" + "".join(map(chr, table)) + "]")
    return table, seen, converter


def simplify(text: str) -> tuple[str, int]:
    """Turn traditional characters into simplified ones, one for one, so that nothing moves.

    In a text that is traditional throughout, characters with two simplified forms (乾, 徵) follow their words.
    """
    table, seen, converter = _simplified()
    if not seen.search(text):
        return text, 0
    evidence = len(seen.findall(text))
    if evidence * 50 < len(text):
        return text.translate(table), evidence
    lines = ((line, converter.convert(line)) for line in text.split("\n"))
    new_text = "\n".join(new if len(new) == len(old) else "".join(map(converter.convert, old)) for old, new in lines)
    return new_text, sum(old != new for old, new in zip(text, new_text, strict=True))


def narrow(text: str) -> tuple[str, int]:
    """Turn full-width digits, letters, ％ and spaces into plain ones; Chinese punctuation stays."""
    points = 0
    if "．" in text:
        text, points = _WIDE_POINT.subn(".", text)
    wide = len(_WIDE_SEEN.findall(text)) if _WIDE_SEEN.search(text) else 0
    return (text.translate(_WIDE) if wide else text), wide + points
