"""Mend what re-posting did to a text, and count each kind of mending.

In: the text as decoded. Out: a `Repaired`: the text that is kept (all offsets are into it), how often each kind of
repair was made, and the damage that was seen but left. Punctuation and quotation marks of the body are never touched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ecoanalysis.reading.boilerplate import cut
from ecoanalysis.reading.characters import drop_glosses, drop_halves, drop_tail, narrow, simplify
from ecoanalysis.reading.document import Document, carried
from ecoanalysis.reading.flat import Flat
from ecoanalysis.reading.flattened_tables import flatten
from ecoanalysis.reading.line_breaks import join
from ecoanalysis.reading.lost_bytes import doubts, mend
from ecoanalysis.reading.report import Address
from ecoanalysis.reading.spacing import close, micro, subscript

_BLANK = re.compile(r"\n{10,}")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\xad\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(slots=True)
class Repaired:
    """The kept text, the number of repairs of each kind, damage that was left, as offsets into the text, and its `flat`:
    the tables that were lines, in the text as it stood between the steps."""

    text: str
    repairs: dict[str, int] = field(default_factory=dict)
    doubts: list[tuple[int, int]] = field(default_factory=list)
    flat: Flat = field(default_factory=lambda: Flat("", "", ()))

    def carried(self, document: Document) -> tuple[tuple[Address, ...], tuple[tuple[int, int, int], ...]]:
        """Return the addresses and headings of the document at their places in the kept text, tables of lines too."""
        if self.flat.tables:
            document = self.flat.document(*carried(document, self.flat.before))
        return carried(document, self.text)

    @property
    def naming(self) -> str:
        """The kept text with the lines that tables were instead of their sentences, which name a place with every figure."""
        pieces, last = [], 0
        for table in self.flat.tables:
            at = self.text.find(table.text, last)
            if at >= 0:
                pieces += [self.text[last:at], self.flat.before[table.start : table.end]]
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
    done.apply("lost byte", mend)
    done.apply("pinyin gloss", drop_glosses)
    done.apply("traditional", simplify)
    done.apply("full width", narrow)
    done.apply("lost letter", micro)
    done.apply("subscript", subscript)
    done.flat = flatten(done.text)
    done.apply("flattened table", lambda _: (done.flat.after, len(done.flat.tables)))
    done.apply("torn word", close)
    done.apply("boilerplate", cut)
    done.apply("line join", join)
    done.doubts = doubts(done.text)
    if done.doubts:
        done.repairs["lost byte, left"] = len(done.doubts)
    return done
