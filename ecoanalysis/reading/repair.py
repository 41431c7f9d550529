"""Mend what re-posting did to a text, and count each kind of mending.

In: the text as decoded. Out: a `Repaired`: the text that is kept (all offsets are into it), how often each kind of
repair was made, and the damage that was seen but left. Punctuation and quotation marks of the body are never touched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from ecoanalysis.knowledge.tables import pattern, words
from ecoanalysis.paths import UNSEEN
from ecoanalysis.reading.characters import (
    damaged,
    drop_glosses,
    drop_halves,
    drop_tail,
    narrow,
    restore_bytes,
    simplify,
)
from ecoanalysis.reading.document import Document, carry
from ecoanalysis.reading.flattened import Flattened
from ecoanalysis.reading.flattened_tables import flatten
from ecoanalysis.reading.line_breaks import close_gaps, join_lines, restore_micro, restore_subscript
from ecoanalysis.reading.report import Address
from ecoanalysis.reading.table_clauses import labelled_figures

_BLANK = re.compile(r"\n{10,}")
_NOTICE = 150
_LISTS = re.compile("相关|推荐|延伸|猜你")
_SENTENCE = re.compile("[^。！？!?]*[。！？!?]*[”）)]?")
# A by-line that dates the page tells of when its report is: 2025-04-09 来源：某报 责任编辑：某人.
_DATED = re.compile(r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d)", re.ASCII)
_INVISIBLE = re.compile(f"[{UNSEEN}]")


@dataclass(slots=True)
class Repaired:
    """The kept text, the number of repairs of each kind, damage that was left, as offsets into the text, and its `flattened`:
    the tables that were lines, in the text as it stood between the steps."""

    text: str
    repairs: dict[str, int] = field(default_factory=dict)
    damage: list[tuple[int, int]] = field(default_factory=list)
    flattened: Flattened = field(default_factory=lambda: Flattened("", "", ()))

    def carry(self, document: Document) -> tuple[tuple[Address, ...], tuple[tuple[int, int, int], ...]]:
        """Return the addresses and headings of the document at their places in the kept text, tables of lines too."""
        if self.flattened.tables:
            document = self.flattened.document(*carry(document, self.flattened.before))
        return carry(document, self.text)

    @property
    def text_of_names(self) -> str:
        """The kept text with the lines that tables were instead of their sentences, which name a place with every figure."""
        pieces, last = [], 0
        for table in self.flattened.tables:
            at = self.text.find(table.text, last)
            if at >= 0:
                pieces += [self.text[last:at], self.flattened.before[table.start : table.end]]
                last = at + len(table.text)
        return "".join([*pieces, self.text[last:]])

    def apply(self, kind: str, step: Callable[[str], tuple[str, int]]) -> None:
        """Run one step, which returns the new text and how often it acted, and count it under its kind."""
        self.text, times = step(self.text)
        if times:
            self.repairs[kind] = self.repairs.get(kind, 0) + times


def repair(text: str) -> Repaired:
    """Mend a decoded text.

    >>> done = repair("生態(tài)環(huán)境投訴８６２" + chr(10) + chr(10) + "宗，辦結。")
    >>> done.text
    '生态环境投诉862宗，办结。'
    >>> done.repairs
    {'pinyin gloss': 2, 'traditional': 5, 'full width': 3, 'line join': 1}
    """
    done = Repaired(text)
    done.apply("half character", drop_halves)
    done.apply("invisible character", lambda old: _INVISIBLE.subn("", old))
    done.apply("blank lines", lambda old: _BLANK.subn("\n\n", old) if "\n" * 10 in old else (old, 0))
    done.apply("trailing rubbish", drop_tail)
    done.apply("lost byte", restore_bytes)
    done.apply("pinyin gloss", drop_glosses)
    done.apply("traditional", simplify)
    done.apply("full width", narrow)
    done.apply("lost letter", restore_micro)
    done.apply("subscript", restore_subscript)
    done.flattened = flatten(done.text)
    done.apply("flattened table", lambda _: (done.flattened.after, len(done.flattened.tables)))
    done.apply("unit in brackets", labelled_figures)
    done.apply("torn word", close_gaps)
    done.apply("boilerplate", _cut_boilerplate)
    done.apply("line join", join_lines)
    done.damage = damaged(done.text)
    if done.damage:
        done.repairs["lost byte, left"] = len(done.damage)
    return done


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words("words/boilerplate-phrases.txt"))))


def _cut_boilerplate(text: str) -> tuple[str, int]:
    """Cut what a web page adds: share buttons, notices, lists of other pages; never a sentence that holds a figure.

    >>> _cut_boilerplate("罚款5万元。" + chr(10) + "免责声明:文稿来自网络。" + chr(10) + "相关文章" + chr(10) + "某市工作总结")
    ('罚款5万元。', 3)
    """
    lines = words("words/boilerplate-lines.txt")
    old = text.split("\n")
    new: list[str] = []
    times = 0
    for number, line in enumerate(old):
        bare = line.strip()
        if bare in lines:
            times += 1
            rest = old[number + 1 :] if _LISTS.match(bare) else []
            if rest and all(len(one) <= 60 and "。" not in one and not _has_figure(one) for one in rest):
                times += sum(bool(one.strip()) for one in rest)  # titles of other pages, to the end
                break
            continue
        kept = _without_notices(line) if _phrases().search(line) else line
        times += kept != line
        if kept == line or kept.strip():
            new.append(kept)
    return ("\n".join(new).rstrip("\n"), times) if times else (text, 0)


def _without_notices(line: str) -> str:
    """The line without its notices: all of it where it opens with one and holds no figure, else those sentences."""
    parts = _SENTENCE.findall(line)
    if len(line) <= _NOTICE and _phrases().search(parts[0]) and not _has_figure(line):
        return line if _DATED.search(line) else ""
    return "".join(part for part in parts if not _phrases().search(part) or _has_figure(part))


def _has_figure(text: str) -> bool:
    return any(char.isdigit() for char in pattern("notice_number").sub("", text))
