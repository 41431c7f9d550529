"""Mend single characters: lost bytes, pinyin glosses, traditional forms, full-width digits, rubbish at the end.

In: a text. Out: the text after one kind of mending, and how often it acted; a clean text costs a search.

Some pages were kept in GBK, two bytes a character, and lost a byte: from there to the next plain character every pair
is read one byte off (`環?！贝蛟臁皥?` for 環保”打造“執). Such runs are read right again where one reading clearly wins; those
that no byte makes sense of stay as they are and are found by `damaged`.
"""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from string import whitespace

import opencc

from ecoanalysis.reading.encoding import BAD

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹ\u0300\u0301\u0304\u030c"
_LATIN = f"a-zü{_TONED}"
_HAN = "\u3400-\u9fff"
_HALF = re.compile("[\ud800-\udfff]")
_TONE_SEEN = re.compile(f"[{_TONED}]")
_GLOSS = re.compile(
    rf"(?<=[{_HAN}])[(（]([{_LATIN}]{{1,8}})[)）]"  # 環(huán)
    rf"|(?<=[{_HAN}])\??([{_LATIN}]{{1,8}})[)）]"  # 環huán), the opening bracket lost or turned into ?
    rf"|(?<=[{_HAN}])[(（]([{_LATIN}]{{1,8}})(?=[{_HAN}])"  # 環(huán保
)
_SYLLABLE = re.compile("(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouü]{1,3}(?:ng?|r)?")
_WIDE = {ord("％"): "%", ord("\u3000"): " ", ord("\xa0"): " "} | {
    code: chr(code - 0xFEE0) for block in ("０９", "ＡＺ", "ａｚ") for code in range(ord(block[0]), ord(block[1]) + 1)
}
_WIDE_SEEN = re.compile("[％０-９Ａ-Ｚａ-ｚ\u3000\xa0]")
_PUNCTUATION = {"!": "！", ",": "，", ";": "；", ":": "：", "(": "（", ")": "）"}
_WIDE_POINT = re.compile(r"(?<=\d)．(?=\d)")
# A mark where the byte was lost, and the run up to plain text. Its first character may since have become plain
# punctuation.
_MARKED = re.compile(r"(?<=[\u4e00-\u9fff)])[?\ufffd](?P<run>[!,;:()]?[^\x00-\x7f]{2,30})")
# At the run's end half a character is left over. Its other half is the plain character that follows, or a second mark
# that swallowed the bracket of the gloss after it.
_EATEN = re.compile(rf"[?\ufffd][{_LATIN}]+\)")
_GLOSS_BEFORE = re.compile(rf"\([{_LATIN}]+\)$")
_LEADS = range(0x81, 0xFF)
_TRAILS = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
_CLEARLY = 5
_LONGEST = 30
_MOST = 1000  # damaged places looked at: a text with more is no text that lost a byte here and there


def whole(text: str, lone: str = "replace") -> str:
    """Return a text with the halves of characters that a damaged file holds put together; a lone one stands as U+FFFD,
    or with `ignore` is dropped.

    >>> whole("\\ud840\\udc0b市\\ud800"), whole("优良率" + chr(0xD83D) + "99%", "ignore")
    ('𠀋市\ufffd', '优良率99%')
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", lone) if _HALF.search(text) else text


def drop_halves(text: str) -> tuple[str, int]:
    """Drop halves of characters, which no file can hold; two that belong together are joined."""
    return whole(text, "ignore"), len(_HALF.findall(text))


def drop_tail(text: str) -> tuple[str, int]:
    """Drop question marks and broken characters at the very end: four or more are rubbish, fewer may be a question."""
    kept = text.rstrip(f"?？{BAD}" + whitespace)
    marks = sum(not char.isspace() for char in text[len(kept) :])
    return (kept, marks) if marks >= 4 else (text, 0)


def drop_glosses(text: str) -> tuple[str, int]:
    """Drop the pinyin that converters set after a character; without a tone mark it must be a syllable among others."""
    toned, dropped = len(_TONE_SEEN.findall(text)), 0

    def drop(match: re.Match[str]) -> str:
        nonlocal dropped
        latin = match.group(1) or match.group(2) or match.group(3)
        if _TONE_SEEN.search(latin) or (match.group(1) and toned >= 3 and _SYLLABLE.fullmatch(latin)):
            dropped += 1
            return ""
        return match.group()

    return (_GLOSS.sub(drop, text) if toned else text), dropped


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
    text, points = _WIDE_POINT.subn(".", text)
    wide = len(_WIDE_SEEN.findall(text))
    return (text.translate(_WIDE) if wide else text), wide + points


def restore_bytes(text: str) -> tuple[str, int]:
    """Read damaged runs again with the lost byte put back.

    >>> restore_bytes("智慧環(huán)?！贝蛟臁皥?zhí)法先鋒")
    ('智慧環(huán)保”打造“執法先鋒', 1)
    >>> restore_bytes("為珳仕菰础⒖茖W調度提供依據")
    ('為精準溯源、科學調度提供依據', 1)
    """
    out: list[str] = []
    position = times = 0
    for start, end in damaged(text):
        if start < position:
            continue
        if found := _reread(text, start, end):
            begin, stop, mended = found
            out += [text[position:begin], mended]
            position = stop
            times += 1
    return ("".join([*out, text[position:]]), times) if times else (text, 0)


def damaged(text: str) -> list[tuple[int, int]]:
    """Return where the runs stand that look damaged, from their mark if there is one, in reading order."""
    spans = []
    if "?" in text or "\ufffd" in text:
        spans += [match.span() for match in _MARKED.finditer(text) if _is_strange(match["run"][:8])]
    for match in _odd().finditer(text):
        if sum(map(_is_rare, text[max(0, match.start() - 3) : match.end() + 3])) >= 3:
            spans.append(_around(text, match.start()))
        if len(spans) >= 2 * _MOST:
            break
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans)[:_MOST]:
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _is_strange(run: str) -> bool:
    """Whether a mark stands before no question's end: rare characters follow, odd ones or after punctuation."""
    return any(map(_is_rare, run)) and (_odd().search(run) is not None or not run[0].isalpha())


def _around(text: str, at: int) -> tuple[int, int]:
    """The plain-free run around a place, begun a few characters before the first rare one."""
    start = at
    while 0 < start > at - _LONGEST and text[start - 1] > "\x7f" and any(map(_is_rare, text[start - 1 : start + 2])):
        start -= 1
    end = at
    while end < len(text) and end - at < _LONGEST and text[end] > "\x7f":
        end += 1
    return start, end


def _reread(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """Where to put which characters instead, trying each place in the run where the byte may have been lost."""
    marked = text[start] in "?\ufffd"
    for begin in [start] if marked else range(start, min(start + 6, end - 2)):
        run = text[begin + marked : end]
        run = _PUNCTUATION.get(run[0], run[0]) + run[1:]
        before = _GLOSS_BEFORE.sub("", text[max(0, begin - 12) : begin])[-1:]
        if found := _shifted(before, run, text, end):
            return begin, *found
    return None


def _shifted(before: str, run: str, text: str, end: int) -> tuple[int, str] | None:
    """The run with a first byte put back and its last half completed, and where the text goes on."""
    try:
        raw = run.encode("gbk")
        middle = raw[1:-1].decode("gbk")
    except UnicodeError:
        return None
    if not middle or any(map(_is_rare, middle)):
        return None
    first = _clear((before, char, middle[0]) for char in _readings((lead, raw[0]) for lead in _LEADS))
    if first is None:
        return None
    if eaten := _EATEN.match(text, end):
        after = text[eaten.end() : eaten.end() + 1]
        last = _clear((middle[-1], char, after) for char in _readings((raw[-1], trail) for trail in _TRAILS))
        return (eaten.end(), first + middle + last) if last else None
    own = _readings([(raw[-1], ord(char)) for char in text[end : end + 1]])
    return (end + 1, first + middle + own[0]) if own and not _is_rare(own[0]) else None


def _readings(pairs: Iterable[tuple[int, int]]) -> list[str]:
    found = []
    for pair in pairs:
        with suppress(ValueError):
            found.append(bytes(pair).decode("gbk"))
    return found


def _clear(readings: Iterable[tuple[str, str, str]]) -> str | None:
    """The character that makes a word with its neighbours, where no other does nearly so."""
    scored = sorted(((_words(before, char, after), char) for before, char, after in readings), reverse=True)
    if not scored or not scored[0][0]:
        return None
    runner_up = scored[1][0] if len(scored) > 1 else 0
    return scored[0][1] if scored[0][0] >= _CLEARLY * runner_up else None


def _words(before: str, char: str, after: str) -> int:
    known = _pairs()
    return known.get(simplify(before + char)[0], 0) + known.get(simplify(char + after)[0], 0)


@cache
def _pairs() -> dict[str, int]:
    """Words of two characters and how often they occur, from the dictionary that comes with jieba."""
    spec = find_spec("jieba")  # found but not imported, which would take longer than all the rest
    dictionary = Path(spec.origin if spec and spec.origin else "").parent / "dict.txt"
    lines = (line.split(" ") for line in dictionary.read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, count, *_ in lines if len(word) == 2}


@cache
def _odd() -> re.Pattern[str]:
    """Characters of GBK that are neither in GB 2312 nor the traditional form of one that is."""
    chars = _readings(product(_LEADS, _TRAILS))
    return re.compile("[" + "".join(char for char in chars if "\u4e00" <= char <= "\u9fff" and not _level(char)) + "]")


@cache
def _level(char: str) -> int:
    """The row of GB 2312 that a character, simplified, stands in; 0 where it stands in none."""
    return (simplify(char)[0].encode("gb2312", "ignore") or b"\0")[0]


def _is_rare(char: str) -> bool:
    """Neither plain, nor punctuation, nor among the 3,755 characters of GB 2312's first level, in either script."""
    return char > "\x7f" and not (_level(char) in (0xA1, 0xA3) or 0xB0 <= _level(char) <= 0xD7)
