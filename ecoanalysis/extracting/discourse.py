"""Keep track of when and of whom a text speaks: title, headings, paragraphs, sentences and clauses set it, narrow it and let it go.

In: the sentences of a report in order. Out: a `Discourse`, which holds what may go on from before. Of a number, `period_candidates` tells
the periods and `population_candidates` the populations it may be of, as `Held` records, each with where it comes from and what speaks for it; which
one holds is decided by weights (`model`).
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ecoanalysis.extracting import scopes, sections
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.source import Source, own_names
from ecoanalysis.extracting.spans import Period, Time
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.catalogue import Metric
from ecoanalysis.reading.report import Section, Sentence

PART = re.compile(r"\s*(?:其中|包括|包含|含)")
JOINED = ("、", "和", "与", "及")
_LABEL = re.compile(
    r"[◎●■◆※【\s]*+(?:\d[、.．])?(?P<label>[一-鿿]{2,9}?)(?:志)?\s{0,4}+(?:[(（][^)）]{0,40}[)）])?\s{0,4}(?:[：:】]|(?<=[)）])\s)"
)

# What a letter answers, all of it: 您提出的《关于加快农村生活污水治理的提案》收悉.
_ASKED = re.compile(r"《关于[^》\n]{4,60}的?(?:提案|建议|议案)》|《关于[^》\n]{4,60}》(?:的?(?:提案|建议|议案)|收悉)")
_LETTER = 600  # characters in which it is said

# A name that heads a table's row, and not what is measured in it.
_ROW = re.compile(r"(?!.*(?:浓度|率|指数|天数|比例|类别|水质|排名))[一-鿿（）()·、]{2,14}")
# What says that the day of its sentence is the one from which an inspection counts: 8月10日督察组入驻.
_ARRIVES = re.compile("进驻|入驻")
_SHARED = re.compile("(?:平均|均值|合计)?(?:水质)?$")  # which the measures of a row, or its sort, add to its name
_NUMBERED = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*)+")


@dataclass(slots=True)
class Held:
    """What may hold for a number: one value, or several that share it; where it comes from, and what speaks for it."""

    values: tuple
    origin: str
    features: Features


@dataclass(slots=True)
class Frame:
    """A time or a population that an earlier sentence said, how it stood there, and how many sentences ago."""

    value: tuple
    leads: bool
    ago: int
    fresh: int  # paragraphs since
    colon: bool = False  # the sentence announced what follows
    parted: int = 0  # sections since
    alone: bool = False  # the sentence says nothing else
    last: bool = False  # said last in its sentence, behind others
    domain: str = ""  # of what was read last in its sentence
    within: bool = False  # said behind the opening sentence of its paragraph
    opens: bool = False  # said in the first sentence of its section
    topic: bool = False  # of a population alone the sentence says that it is well or ill, without a number

    def age(self, crossed: int, parted: int) -> None:
        """Move it away by a sentence, which may open a paragraph or a section."""
        self.ago += 1
        self.fresh += crossed
        self.parted += parted


@dataclass(frozen=True, slots=True)
class Said:
    """What was counted last: the metric, the words that named it, and where they start and its number ends."""

    metric: Metric
    words: str
    start: int
    end: int


def _finest(label: str) -> str:
    """Return the last place that a label names: 周口 of 河南周口, so that the finer one holds."""
    for at in range(1, len(label) - 1):
        if (place := places.find(label[at:])) is not None and places.find(label[:at]) is not None:
            return label[at:] if place.level != "province" else label
    return label


def _row_of(said: str) -> str:
    """Return what heads a row of a table, with which each of its clauses opens; empty where that is what is measured.

    >>> _row_of("环保大楼二氧化硫17微克/立方米；环保大楼综合指数为4.88。"), _row_of("PM2.5浓度2020年为35；PM2.5浓度2021年为33。")
    ('环保大楼', '')
    """
    clauses = said.split("；")
    first, last = min(clauses), max(clauses)  # what these two open with alike, all do
    alike = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    label = _SHARED.sub("", first[:alike]) if len(clauses) > 1 else ""
    return label if _ROW.fullmatch(label) else ""


class Discourse:
    """What was said of times and populations up to a place of a report; moved on sentence by sentence."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.own: Period = (source.report.period_start, source.report.period_end)
        self.own_names = frozenset(own_names(source.report))
        self.names_in_order = tuple(sorted(self.own_names))
        self.times: list[Frame] = []
        self.day: Frame | None = None  # said last
        # Of those who inspect; where it is said only behind what they count, from there.
        spans = ((sentence.start, sentence.end) for sentence in source.report.sentences)
        self.arrival = next(filter(None, (self._arrival(*span) for span in spans)), None)
        self.arrived = False
        self.scopes: list[Frame] = []
        self.label = ""
        self.sentence: Sentence | None = None
        self.within = self.opens = False
        self.headings: list[tuple[int, int]] = []
        self.above: list[Section] = []
        self.passed = 0
        self.reach: list[tuple[int, int]] = []
        self.caption: tuple[int, int] | None = None
        self.row = ""  # what heads the row of a table that the sentence says
        self.last_period: Period | None = None
        self.last_scope: tuple[str, str, str] | None = None  # the wording, the metric's domain, and where it came from
        self.last_share = 1.0  # how sure that one is
        self.last_here = False  # whether it was read in this sentence
        self.said_last: Said | None = None
        self.kind = ""
        self.group = ""  # of sections, said last in a sentence before of the paragraph
        self.standing = False
        asked = _ASKED.search(self.text, 0, _LETTER)
        self.asked = asked.span() if asked else (0, 0)
        self.tables: dict[int, tuple[int, int]] = {}
        for address in source.report.addresses:
            if address.table:
                self.tables.setdefault(address.table, self._caption(address.start))

    # --- moving on

    def enter(self, sentence: Sentence) -> None:
        """Move on to a sentence; what was said before ages, and a new section drops it."""
        before = self.sentence
        self.sentence, self.start, self.end = sentence, sentence.start, sentence.end
        self.last_here = False
        self.row = ""
        fresh = before is None or sentence.paragraph != before.paragraph or sentence.section != before.section
        self.opens = before is None or sentence.section != before.section
        if self.opens:
            self.headings = self._headings(sentence)
        self.within = not fresh
        self.reach = [] if before is None or fresh else [(before.start, before.end)]
        self.reach += [*self.headings, self.source.title if any(self.source.title) else self._opening(sentence)]
        self.reach += [self.asked] if self.asked[1] <= self.start else []
        self.kind = ""
        if fresh:
            self.label = self._labelled(sentence.start)
            self._enter_table(sentence.start)
            self.last_period = self.last_scope = None
            self.standing, self.group = False, ""
        if before is not None:
            crossed = int(sentence.paragraph != before.paragraph)
            parted = int(sentence.section != before.section)
            self.times, self.scopes = self.times[-3:], self.scopes[-4:]
            for frame in (*self.times, *self.scopes, *([self.day] if self.day else [])):
                frame.age(crossed, parted)

    def _opening(self, sentence: Sentence) -> tuple[int, int]:
        """Return the span of the first sentence, for those behind it: of a text without a title it says what all is about."""
        first = self.source.report.sentences[0]
        return (first.start, first.end) if first.end <= sentence.start else (0, 0)

    def leave(self) -> None:
        """End a sentence: the times and populations that it said may hold on."""
        said = self.source.times_in(self.start, self.end)
        self.arrive(self.end)
        if dated := [time for time in said if time.day and time.period]:
            self.day = Frame((dated[-1],), dated[-1].start - self.start <= 12, 0, 0)
        times = [time for time in said if not (time.day or time.season)]  # which are of their sentence alone
        if times:
            first = times[0]
            leads = first.start - self.start <= 12 and not re.search(r"[，,；;]", self.text[self.start : first.start])
            colon = self.text[self.end - 1] in "：:"
            alone = self.end - self.start - (first.end - first.start) <= 4
            self.times.append(
                Frame((first, tuple(self.joined(times, 0))), leads, 0, 0, colon, 0, alone, within=self.within)
            )
            if len(times) > 1:
                self.times.append(
                    Frame((times[-1], (times[-1].period or self.own,)), False, 0, 0, colon, within=self.within)
                )
        if groups := sections.find(self.text, self.start, self.end):
            self.group = self.text[groups[-1].start : groups[-1].end]
        self._leave_scopes()

    def arrive(self, end: int) -> None:
        """Note the day on which inspectors arrived, where the sentence has said it up to a place."""
        if day := self._arrival(self.start, end):
            self.arrival, self.arrived = day, True

    def _arrival(self, start: int, end: int) -> date | None:
        if not _ARRIVES.search(self.text, start, end):
            return None
        for time in self.source.times_in(start, end):
            first, last = time.period or (None, None)
            if first and (time.day or last is None or (last - first).days < 27):
                return first
        return None

    def _leave_scopes(self) -> None:
        """Keep the first and the last population that a sentence says, or the one that a short line names and no more."""
        said = [scope for scope in self.source.scopes_in(self.start, self.end) if scope.carries]
        numbered = bool(self.source.numbers(self.start, self.end))
        words = [self.text[scope.start : scope.end] for scope in said]
        if self.end - self.start <= 20 and not numbered:
            topic = scopes.phrase(_NUMBERED.sub("", self.text[self.start : self.end]).strip(" 。：:；;\n"))
            words = [topic] if topic else words
        stated = self.text[self.end - 1] in "。；;"
        alone = not numbered and not stated and self.end - self.start <= 20
        if words:
            leads = alone or not said or said[0].start - self.start <= 12
            domain = self.last_scope[1] if self.last_scope else ""
            said_of = not numbered and stated and leads
            first = Frame((words[0],), leads, 0, 0, alone=alone, domain=domain, within=self.within, topic=said_of)
            first.opens = self.opens
            self.scopes.append(first)
            if words[-1] != words[0]:
                self.scopes.append(Frame((words[-1],), False, 0, 0, last=True, domain=domain, within=self.within))

    def _caption(self, start: int) -> tuple[int, int]:
        """Return the span of the line above a table where it is a caption and no prose, else an empty one."""
        end = len(self.text[:start].rstrip())
        line = self.text.rfind("\n", 0, end) + 1
        prose = end - line > 60 or self.text[end - 1 : end] in tuple("。；;！？")
        return (end, end) if prose else (line, end)

    def _enter_table(self, start: int) -> None:
        """In a table, look to the time and the place that its caption says."""
        self.caption = None
        at = bisect_right(self.source.report.addresses, start, key=lambda address: address.start) - 1
        address = self.source.report.addresses[at] if at >= 0 else None
        if address is None or not address.table or start >= address.end:
            return
        self.caption = self.tables[address.table]
        row = _row_of(self.text[self.start : self.end])
        dated = self.source.times_in(
            self.start, self.start + len(row)
        )  # 全年 below 1月, 2月 heads a row, and is nobody
        self.row = "" if dated else row
        self.reach.append(self.caption)
        said = [self.text[scope.start : scope.end] for scope in self.source.scopes_in(*self.caption)]
        said = [words for words in said if not scopes.GROUP.match(words)]  # 各区 are the rows, not what the table is of
        if said and not self.label:
            self.label = said[-1]

    def _headings(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Return the spans of the headings that a sentence stands below, the innermost first."""
        parts = self.source.report.sections
        for section in parts[self.passed : sentence.section + 1]:
            while self.above and self.above[-1].level >= section.level:
                self.above.pop()
            self.above.append(section)
        self.passed = sentence.section + 1
        return [(part.start, part.start + len(part.heading) + 1) for part in reversed(self.above) if part.heading]

    def _labelled(self, start: int) -> str:
        """Return the place that heads a paragraph, where it is not the report's own."""
        match = _LABEL.match(self.text, start)
        label = match["label"] if match else ""
        for at in range(len(label) - 1):
            if (place := places.find(label[at:])) is not None:
                report = self.source.report
                return "" if place.name in (report.city, report.district, report.province) else _finest(label)
        return ""

    def joined(self, times: list[Time], at: int) -> list[Period]:
        """Return the periods of an expression and of those joined to it: 2022年、2023年."""
        joined: list[Period] = []
        while True:
            joined.append(times[at].period or self.own)
            if at + 1 == len(times) or self.text[times[at].end : times[at + 1].start].strip() not in JOINED:
                return joined
            at += 1

    def in_a_row(self, spans: list[tuple[int, int]]) -> bool:
        return all(self.text[a[1] : b[0]].strip() in JOINED for a, b in pairwise(spans)) and len(spans) > 1
