"""Put back the byte that a damaged place lost, where one reading clearly wins.

Some pages were kept in GBK, two bytes a character, and lost a byte: from there to the next plain character every pair
is read one byte off (`環?！贝蛟臁皥?` for 環保”打造“執). In: a text. Out: the text with such runs read right again, and
how many were; runs that no byte makes sense of stay as they are and are found by `damaged`.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from ecoanalysis.reading.characters import LATIN, simplify

_HAN = "\u4e00-\u9fff"
_WIDE = {"!": "！", ",": "，", ";": "；", ":": "：", "(": "（", ")": "）"}
# A mark where the byte was lost, and the run up to plain text. Its first character may since have become plain
# punctuation.
_MARKED = re.compile(rf"(?<=[{_HAN})])[?\ufffd](?P<run>[!,;:()]?[^\x00-\x7f]{{2,30}})")
# At the run's end half a character is left over. Its other half is the plain character that follows, or a second mark
# that swallowed the bracket of the gloss after it.
_EATEN = re.compile(rf"[?\ufffd][{LATIN}]+\)")
_GLOSS_BEFORE = re.compile(rf"\([{LATIN}]+\)$")
_LEADS = range(0x81, 0xFF)
_TRAILS = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
_CLEARLY = 5
_LONGEST = 30
_MOST = 1000  # damaged places looked at: a text with more is no text that lost a byte here and there


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
        run = _WIDE.get(run[0], run[0]) + run[1:]
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
