"""Cut what a web page adds to a report: share buttons, copyright notes, lists of other pages.

In: the text. Out: the text without them, and how many pieces went. What counts is in
`knowledge/words/boilerplate-*.txt`. A sentence that holds a figure is never cut, whatever else it holds.
"""

import re
from functools import cache

from ecoanalysis.knowledge.tables import words

_NOTICE = 150
_LISTS = re.compile("相关|推荐|延伸|猜你")
# What may stand in a notice without being a figure: telephone numbers, addresses, dates.
_NO_FIGURE = re.compile(
    r"(?:https?://|www\.)[\w./?=&%#-]+|\S{1,64}@\S{1,64}|\d{3,4}-\d{7,8}(?:-\d+)?|\b1\d{10}\b|(?<!\d)\d{5}(?=热线)|\d{1,9}号"
    r"|(?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?|(?:19|20)\d{2}(?!\d)年?|\d{1,2}:\d{2}(?::\d{2})?",
    re.ASCII,
)
_SENTENCE = re.compile("[^。！？!?]*[。！？!?]*[”）)]?")


@cache
def _patterns() -> tuple[frozenset[str], re.Pattern[str]]:
    phrases = "|".join(map(re.escape, words("words/boilerplate-phrases.txt")))
    return frozenset(words("words/boilerplate-lines.txt")), re.compile(phrases)


def cut(text: str) -> tuple[str, int]:
    """Cut boilerplate lines and sentences.

    >>> cut("罚款5万元。" + chr(10) + "免责声明:文稿来自网络。" + chr(10) + "相关文章" + chr(10) + "某市工作总结")
    ('罚款5万元。', 3)
    """
    lines, phrases = _patterns()
    old = text.split("\n")
    new: list[str] = []
    times = 0
    for number, line in enumerate(old):
        bare = line.strip()
        if bare in lines:
            times += 1
            if _LISTS.match(bare) and _only_titles(old[number + 1 :]):
                times += sum(bool(rest.strip()) for rest in old[number + 1 :])
                break
            continue
        if phrases.search(line):
            kept = _without_notices(line, phrases)
            times += kept != line
            if kept != line and not kept.strip():
                continue
            line = kept
        new.append(line)
    if not times:
        return text, 0
    return "\n".join(new).rstrip("\n"), times


def _only_titles(rest: list[str]) -> bool:
    """Whether nothing but short lines without a sentence or a figure follows."""
    return all(len(line) <= 60 and "。" not in line and not _has_figure(line) for line in rest)


def _without_notices(line: str, phrases: re.Pattern[str]) -> str:
    """The line without its notices: all of it where it opens with one and holds no figure, else those sentences."""
    parts = _SENTENCE.findall(line)
    if len(line) <= _NOTICE and phrases.search(parts[0]) and not _has_figure(line):
        return ""
    return "".join(part for part in parts if not phrases.search(part) or _has_figure(part))


def _has_figure(text: str) -> bool:
    return any(char.isdigit() for char in _NO_FIGURE.sub("", text))
