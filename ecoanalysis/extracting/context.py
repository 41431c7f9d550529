"""Keep what holds on from sentence to sentence: the period, the scope, the place a paragraph is about.

In: the sentences of a report in order. Out: for a number, its periods and its scope. A period that opens a sentence frames
the sentences after it in the paragraph; one said in passing holds to its sentence's end. A paragraph headed by a place
(宁波(2014年)：…) is about that place.
"""

import re
from bisect import bisect_right
from itertools import pairwise

from ecoanalysis.extracting import kinds, roles, scopes, sections
from ecoanalysis.extracting.periods import Period, Time, days, opening, up_to
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import Source, Subject
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.catalogue import Metric
from ecoanalysis.reading.report import Section, Sentence

PART = re.compile(r"\s*(?:其中|包括|包含|含)")
_EACH = re.compile(r"分别|依次|均|都|皆")
_JOINED = ("、", "和", "与", "及")
_LABEL = re.compile(
    r"[◎●■◆※【\s]*(?:\d[、.．])?(?P<label>[一-鿿]{2,9}?)(?:志)?\s*(?:[(（][^)）]*[)）])?\s*(?:[：:】]|(?<=[)）])\s)"
)


class Context:
    """What holds at each place of a report; moved on sentence by sentence."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.own: Period = (source.report.period_start, source.report.period_end)
        self.frame: list[Period] = []
        self.during: list[Period] = []
        self.continued: list[Period] = []
        self.until: Period | None = None
        self.framed = ("", "")
        self.label = ""
        self.scope, self.leading, self.domain = "", False, ""
        self.sentence: Sentence | None = None
        self.headings: list[tuple[int, int]] = []
        self.above: list[Section] = []
        self.passed = 0
        self.reach: list[tuple[int, int]] = []
        self.tables: dict[int, tuple[int, int]] = {}
        for address in source.report.addresses:
            if address.table:
                self.tables.setdefault(address.table, self._caption(address.start))

    def enter(self, sentence: Sentence) -> None:
        """Move on to a sentence; a new paragraph or section drops what the one before framed."""
        before = self.sentence
        self.sentence, self.start, self.end = sentence, sentence.start, sentence.end
        self.scope, self.leading, self.domain = "", False, ""
        fresh = before is None or sentence.paragraph != before.paragraph or sentence.section != before.section
        if before is None or sentence.section != before.section:
            self.headings = self._headings(sentence)
        headings = self.headings
        self.reach = [] if before is None or fresh else [(before.start, before.end)]
        self.reach += [*headings, self.source.title]
        # 其中 speaks of what the sentence before does.
        self.kind = ""
        self.continued = self.during if not fresh and PART.match(self.text, sentence.start) else []
        if fresh:
            self.frame, self.framed = self._heading_period(headings), ("", "")
            self.until = None
            self.label = self._labelled(sentence.start)
            self._enter_table(sentence.start)

    def _caption(self, start: int) -> tuple[int, int]:
        """Return the span of the line above a table where it is a caption and no prose, else an empty one."""
        end = len(self.text[:start].rstrip())
        opening = self.text.rfind("\n", 0, end) + 1
        prose = end - opening > 60 or self.text[end - 1 : end] in tuple("。；;！？")
        return (end, end) if prose else (opening, end)

    def _enter_table(self, start: int) -> None:
        """In a table, take over the time and the place that its caption says."""
        at = bisect_right(self.source.report.addresses, start, key=lambda address: address.start) - 1
        address = self.source.report.addresses[at] if at >= 0 else None
        if address is None or not address.table or start >= address.end:
            return
        caption = self.tables[address.table]
        self.reach.append(caption)
        times, said = self.source.times_in(*caption), self.source.scopes_in(*caption)
        if times and times[0].period:
            self.frame = [times[0].period]
        if said and not self.label:
            self.label = self.text[said[-1].start : said[-1].end]

    def _headings(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Return the spans of the headings that a sentence stands below, the innermost first."""
        sections = self.source.report.sections
        for section in sections[self.passed : sentence.section + 1]:
            while self.above and self.above[-1].level >= section.level:
                self.above.pop()
            self.above.append(section)
        self.passed = sentence.section + 1
        return [(part.start, part.start + len(part.heading) + 1) for part in reversed(self.above) if part.heading]

    def _heading_period(self, headings: list[tuple[int, int]]) -> list[Period]:
        for span in headings:
            times = self.source.times_in(*span)
            if times and times[0].period:
                return [times[0].period]
        return []

    def _labelled(self, start: int) -> str:
        """Return the place that heads a paragraph, where it is not the report's own."""
        match = _LABEL.match(self.text, start)
        label = match["label"] if match else ""
        for at in range(len(label) - 1):
            if (place := places.find(label[at:])) is not None:
                report = self.source.report
                return "" if place.name in (report.city, report.district, report.province) else label
        return ""

    # --- periods

    def periods(self, at: int) -> list[Period]:
        """Return the periods that hold for what stands at a place of the sentence; two where two years share a value."""
        times = self.source.times_in(self.start, at)
        if not times:
            return self.continued or self.frame or [self.own]
        last = len(times) - 1
        since, until = times[last - 1].period if last else None, times[last].period
        if since and until and times[last].until and since[1] is None:
            return [(since[0], until[1])]  # 2002年以来，…至2007年底
        if last and times[last - 1].until and until and since and days(until) >= 360 and until[0] == opening(since):
            if re.fullmatch(r"[，,\s]*(?:[全我本][市州县区省])?", self.text[times[last - 1].end : times[last].start]):
                return [(until[0], since[1])]  # 截至11月底，今年…
        while last and self.text[times[last - 1].end : times[last].start].strip() in _JOINED:
            last -= 1
        return self._joined(times, last)

    def standing(self, at: int) -> list[Period]:
        """Return the periods of what an inspection counts: 截至11月21日 is a day, and says no opening.

        Such a day holds on in its paragraph (截至3月底，整改任务14项。交办信访件90件), and for what its sentence says before it.
        """
        times = self.source.times_in(self.start, at)
        until = times[-1:] or [time for time in self.source.times_in(at, self.end) if time.until][:1]
        if until and until[0].until and until[0].period:
            period = up_to(until[0].period)
            return self.periods(at) if times and period == until[0].period else [period]
        if not times and self.until and not self.continued:
            return [self.until]
        return self.periods(at)

    def _joined(self, times: list[Time], at: int) -> list[Period]:
        """Return the periods of an expression and of those joined to it: 2022年、2023年."""
        joined: list[Period] = []
        while True:
            joined.append(times[at].period or self.own)
            if at + 1 == len(times) or self.text[times[at].end : times[at + 1].start].strip() not in _JOINED:
                return joined
            at += 1

    def leave(self, domain: str) -> None:
        """End the sentence: what opened it holds on, for the scope only in the domain of the last fact."""
        times = self.source.times_in(self.start, self.end)
        self.during = self.continued
        if times:
            self.until = up_to(times[0].period) if times[0].until and times[0].period else None
        if times and not times[0].until and times[0].start - self.start <= 12:
            if not re.search(r"[，,；;]", self.text[self.start : times[0].start]):
                self.during = joined = self._joined(times, 0)
                self.frame = joined if all(self._frames(period) for period in joined) else self.frame
        if self.leading and domain:
            self.framed = (self.scope, domain)

    def ahead(self, period: Period) -> bool:
        """Tell whether a period is a whole year after the one reported on: what is said of it is planned."""
        year, start, end = self.source.report.year, period[0], period[1]
        return bool(year and start and end and start.year > year and (end - start).days > 360)

    def listed(self, clause: Clause, metric: Metric, low: int, end: int) -> tuple[list[Period], list[str]]:
        """Return the times, and the places or subjects, that stand in a list before a number; either may be empty."""
        times = self.source.times_in(clause.start, end)
        joined = (
            [time.period or self.own for time in times] if self._in_a_row([(t.start, t.end) for t in times]) else []
        )
        if metric.scopes == ("subject",):
            head = _EACH.split("".join(self.text[a:b] for a, b in clause.outside(low, end)))
            names = [scopes.subject(part) for part in re.split(r"[、和及与]", head[0])] if len(head) > 1 else []
            return joined, names if len(names) > 1 and all(names) else []
        own = sorted((at, at + len(w)) for w in metric.scopes if (at := self.text.find(w, low, end)) >= 0)
        if self._in_a_row(own):
            return joined, [self.text[a:b] for a, b in own]
        said = self._said(clause, clause.start, end)
        row = self._in_a_row([(scope.start, scope.end) for scope in said])
        return joined, [self.text[scope.start : scope.end] for scope in said] if row else []

    def _in_a_row(self, spans: list[tuple[int, int]]) -> bool:
        return all(self.text[a[1] : b[0]].strip() in _JOINED for a, b in pairwise(spans)) and len(spans) > 1

    def _frames(self, period: Period) -> bool:
        """Tell whether a period can hold on: in a report on a whole year, a month is said in passing."""
        own, span = days(self.own), days(period)
        return own < 360 or span >= 360

    # --- scopes

    def foreign(self, scope: str) -> bool:
        """Tell whether a value is that of the nation, quoted in the report of a place in it."""
        report = self.source.report
        return scope == "全国" and bool(report.province or report.city)

    def note(self, clause: Clause, domain: str) -> None:
        """Note the scope that a clause leaves for those after it: one that opens it, or that it names without a value.

        `domain` is that of the facts read in the clause, empty where there were none: only then it is for any domain.
        """
        bound = bool(domain)
        if clause.mark in ("；", ";") and not self.leading:
            self.scope = ""
        if clause.start == self.start and not bound and not roles.goes_on(self.text[clause.start : clause.end]):
            self.framed = ("", "")  # the sentence turns to something else
        said = [scope for scope in self._said(clause, clause.start, clause.end) if scope.carries]
        # 26个区县 says for whom the value beside it is, and sets no scene.
        said = [s for s in said if (self._leads(clause, s) if bound else not self.text[s.start].isdigit())]
        if said:
            self.scope = self.text[said[-1].start : said[-1].end]
            self.leading = self._leads(clause, said[-1])
            self.domain = domain

    def _said(self, clause: Clause, start: int, end: int) -> list[scopes.Scope]:
        return [scope for scope in self.source.scopes_in(start, end) if not clause.bracket(scope.start)]

    def _leads(self, clause: Clause, scope: scopes.Scope) -> bool:
        """Tell whether a scope opens its clause, behind no more than a time or another scope."""
        said: list[Time | scopes.Scope] = [*self.source.times_in(clause.start, scope.start)]
        said += self.source.scopes_in(clause.start, scope.start)
        ahead = "".join(self.text[a:b] for a, b in clause.outside(clause.start, scope.start))
        for other in said:
            ahead = ahead.replace(self.text[other.start : other.end], "")
        return roles.says_nothing_new(ahead)

    def scope_of(
        self,
        clause: Clause,
        metric: Metric,
        number: Quantity,
        anchor: int,
        first: int,
        low: int,
        following: int,
        subject: Subject | None,
    ) -> str:
        """Return for whom a value is: by the metric's own words, by its clause, else by what was said before.

        `anchor` is where the metric's first word stands, `first` is where the words that name the metric open, `low` where the number's own part of the clause does,
        `following` where the next number's does; `subject` is what the value goes on from, if it names none itself.
        """
        if metric.scopes == ("subject",):
            if subject is not None and subject.scope:
                return subject.scope
            end = first if metric.unit == "grade" else min(first, anchor)
            left = "".join(self.text[a:b] for a, b in clause.outside(low, end))
            named = scopes.subject(re.split(r"[、：:]", left)[-1]) or scopes.water_said(
                self.text[self.start : number.start]
            )
        elif metric.domain == "enforcement" and metric.scopes != ("subject",):
            named = ""  # a place goes before the kind, which `kind_of` adds
        elif metric.scopes == ("tier",):
            named = ""  # for whom goes before which sections are counted, which `tier_of` adds
        elif metric.scopes == ("sections",):
            named = subject.scope if subject is not None else self._sections(clause, number, anchor, low)
        else:
            # What is named a clause before its number says there of which it is: 9个县级以上水源地，水质达标率为100%.
            named = self._own_wording(metric.scopes, number, min(low, max(self.start, anchor - 16)), following)
        if named:
            return named
        said = self._said(clause, min(clause.start, low), number.start)
        # One that stands behind the metric's words in a list is that of the next item: 国考断面、县级城市水源地优良比例.
        said = [s for s in said if s.start <= anchor or not re.search("[、和及与]", self.text[anchor : s.start])]
        # A water's name holds for its own item of a list: 主要江河湖泊和饮用水水源地水质达标率.
        said = [s for s in said if s.carries or not re.search("[、和及与]", self.text[s.end : max(anchor, s.end)])]
        if said:
            wording = self.text[said[-1].start : said[-1].end]
            return self.label if self.label and wording in scopes.WHOLE else wording
        if subject is not None:
            return subject.scope
        if part := self._part(clause, anchor):
            return part
        if self.scope and (self.domain in ("", metric.domain) or self.scope in scopes.WHOLE):
            return self.scope
        return (self.framed[0] if self.framed[1] == metric.domain else "") or self.label

    def kind_of(self, scope: str, clause: Clause, metric: Metric, number: Quantity, low: int, following: int) -> str:
        """Return the kind of cases that a value is of, where it is not of some other place.

        That is the metric's own wording (行政拘留), or the kind that its clause opens with (扬尘类案件, 针对工地扬尘立案).
        """
        report = self.source.report
        self.kind = scope if scope.endswith("流域") else self.kind
        if metric.scopes == ("subject",) or scope not in {
            "",
            *scopes.WHOLE,
            report.city,
            report.city.removesuffix("市"),
        }:
            return scope
        self.kind = kinds.kind(self.text, clause.start, number.start) or self.kind
        return self._own_wording(metric.scopes, number, low, following) or self.kind or scope

    def tier_of(self, scope: str, clause: Clause, number: Quantity) -> str:
        """Return the kind of sections that a number counts (国考断面), where it is not of some other place or nation."""
        tier = sections.tier(self.text, number.start, number.end, clause.start, clause.end)
        return tier if tier and (self._own(scope) or scope in tier) else scope

    def _own(self, scope: str) -> bool:
        """Tell whether a scope is none or the whole of the report's own place."""
        report = self.source.report
        own = {report.district or report.city, (report.district or report.city).removesuffix("市")}
        return scope in {"", *own, *scopes.WHOLE} - {"全省", "我省"}

    def sections(self, clause: Clause, number: Quantity, anchor: int, low: int) -> sections.Group | None:
        """Return the group of sections that a number is of: the last said before the metric's words, or before the number.

        One said before the number's own part of the clause goes on only where that part names no other waters.
        """
        until = min(anchor, number.start)
        found = [one for one in sections.find(self.text, self.start, clause.end) if one.start <= until]
        found = [one for one in found if not clause.bracket(one.start)]
        if not found or found[-1].end > low or anchor < low:
            return found[-1] if found else None
        others = sections.other_waters(self.text, low, number.start, number.end)
        return None if others or self._said(clause, low, number.start) else found[-1]

    def _sections(self, clause: Clause, number: Quantity, anchor: int, low: int) -> str:
        """Return the words for a group of sections, with the water or basin that stands right before them."""
        if rivers := sections.rivers(self.text, low, number.start):
            return rivers
        group = self.sections(clause, number, anchor, low)
        if group is None:
            return ""
        start = number.end if group.start == number.start else group.start
        if water := sections.stretch(self.text, self.start, group.start):
            return water + self.text[group.start : group.end]
        ahead = self.source.scopes_in(max(self.start, group.start - 12), group.start)
        if ahead and ahead[-1].end == group.start and not ahead[-1].carries:
            start = ahead[-1].start
        return self.text[start : group.end]

    def _part(self, clause: Clause, anchor: int) -> str:
        """Return what a part is of, where the clause names one: 其中大气类案件罚款120万元."""
        match = PART.match(self.text, clause.start)
        words = self.text[match.end() : anchor].strip() if match and anchor > match.end() else ""
        return (
            words
            if 2 <= len(words) <= 12 and not re.search(r"[\d、，,]", words) and not roles.says_nothing_new(words)
            else ""
        )

    def _own_wording(self, wordings: tuple[str, ...], number: Quantity, low: int, following: int) -> str:
        """Return the metric's own wording of scope that stands right after the number, else the last before it."""
        after = re.match(r"[^、，,。;；]*", self.text[number.end : min(following, number.end + 12)])
        for part in (after[0] if after else "", self.text[low : number.start]):
            standing = [words for words in wordings if words in part]
            if words := max(standing, key=lambda words: (part.rfind(words) + len(words), len(words)), default=""):
                return words
        return ""
