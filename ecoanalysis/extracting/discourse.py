"""Keep track of when and of whom a text speaks: title, headings, paragraphs, sentences and clauses set it, narrow it and let it go.

In: the sentences of a report in order. Out: for a number the periods and the populations it may be of, as `Held` records,
each with where it comes from and what speaks for it. Which one holds is decided by weights (`model`).
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log1p

from ecoanalysis.extracting import kinds, roles, scopes, sections
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.periods import Period, Time, days, opening, up_to
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.sentences import Clause
from ecoanalysis.extracting.source import Source, Subject, own_names
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.catalogue import Metric
from ecoanalysis.reading.report import Section, Sentence

PART = re.compile(r"\s*(?:其中|包括|包含|含)")
_JOINED = ("、", "和", "与", "及")
_EACH = re.compile(r"分别|依次|均|都|皆|各(?![类种级])")
_LABEL = re.compile(
    r"[◎●■◆※【\s]*(?:\d[、.．])?(?P<label>[一-鿿]{2,9}?)(?:志)?\s*(?:[(（][^)）]*[)）])?\s*(?:[：:】]|(?<=[)）])\s)"
)
_ALL_YEAR = re.compile("全年|年度|年均")


@dataclass(slots=True)
class Held:
    """What may hold for a number: one value, or several that share it; where it comes from, and what speaks for it."""

    values: tuple
    origin: str
    features: Features


@dataclass(frozen=True, slots=True)
class _Frame:
    """A time or a population that an earlier sentence said, how it stood there, and how many sentences ago."""

    value: tuple
    leads: bool
    ago: int
    fresh: int  # paragraphs since
    colon: bool = False  # the sentence announced what follows
    parted: int = 0  # sections since
    alone: bool = False  # the sentence says nothing else


def _aged(frame: _Frame, crossed: int, parted: int) -> _Frame:
    return replace(frame, ago=frame.ago + 1, fresh=frame.fresh + crossed, parted=frame.parted + parted)


class Discourse:
    """What was said of times and populations up to a place of a report; moved on sentence by sentence."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.own: Period = (source.report.period_start, source.report.period_end)
        self.own_names = frozenset(own_names(source.report))
        self.times: list[_Frame] = []
        self.scopes: list[_Frame] = []
        self.label = ""
        self.sentence: Sentence | None = None
        self.headings: list[tuple[int, int]] = []
        self.above: list[Section] = []
        self.passed = 0
        self.reach: list[tuple[int, int]] = []
        self.caption: tuple[int, int] | None = None
        self.last_period: Period | None = None
        self.last_scope: tuple[str, str] | None = None
        self.kind = ""
        self.standing = False
        self.tables: dict[int, tuple[int, int]] = {}
        for address in source.report.addresses:
            if address.table:
                self.tables.setdefault(address.table, self._caption(address.start))

    # --- moving on

    def enter(self, sentence: Sentence) -> None:
        """Move on to a sentence; what was said before ages, and a new section drops it."""
        before = self.sentence
        self.sentence, self.start, self.end = sentence, sentence.start, sentence.end
        fresh = before is None or sentence.paragraph != before.paragraph or sentence.section != before.section
        if before is None or sentence.section != before.section:
            self.headings = self._headings(sentence)
        self.reach = [] if before is None or fresh else [(before.start, before.end)]
        self.reach += [*self.headings, self.source.title]
        self.kind = ""
        if fresh:
            self.label = self._labelled(sentence.start)
            self._enter_table(sentence.start)
            self.last_period = self.last_scope = None
            self.standing = False
        if before is not None:
            crossed = int(sentence.paragraph != before.paragraph)
            parted = int(sentence.section != before.section)
            self.times = [_aged(frame, crossed, parted) for frame in self.times[-3:]]
            self.scopes = [_aged(frame, crossed, parted) for frame in self.scopes[-3:]]

    def leave(self) -> None:
        """End a sentence: the times and populations that it said may hold on."""
        times = [time for time in self.source.times_in(self.start, self.end) if not time.day]
        if times:
            first = times[0]
            leads = first.start - self.start <= 12 and not re.search(r"[，,；;]", self.text[self.start : first.start])
            colon = self.text[self.end - 1] in "：:"
            alone = self.end - self.start - (first.end - first.start) <= 4
            self.times.append(_Frame((first, tuple(self._joined(times, 0))), leads, 0, 0, colon, 0, alone))
            if len(times) > 1:
                self.times.append(_Frame((times[-1], (times[-1].period or self.own,)), False, 0, 0, colon))
        said = [scope for scope in self.source.scopes_in(self.start, self.end) if scope.carries]
        if said:
            self.scopes.append(
                _Frame((self.text[said[0].start : said[0].end],), said[0].start - self.start <= 12, 0, 0)
            )

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
        self.reach.append(self.caption)
        said = self.source.scopes_in(*self.caption)
        if said and not self.label:
            self.label = self.text[said[-1].start : said[-1].end]

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
                return "" if place.name in (report.city, report.district, report.province) else label
        return ""

    # --- periods

    def periods(self, run: Run, at: int, metric: Metric) -> list[Held]:
        """Return the periods that a number of a run may be of, `at` being its place in the run."""
        number = run.numbers[at]
        every = self.source.times_in(self.start, number.start)
        times = [time for time in every if not time.day]
        found = [self._said(run, times, nth, number.start) for nth in range(max(0, len(times) - 4), len(times))]
        found += self._combined(times, number.start)
        found += self._days(every, number.start)
        listed = self._listed_times(run)
        if listed and len(run.numbers) > 1 and len(listed) == len(run.numbers):
            found.append(Held((listed[at],), "list", {"list": 1.0}))
        found += [self._framed(frame, bool(times)) for frame in self.times]
        for nth, span in enumerate(self.headings[:2]):
            for time in self.source.times_in(*span)[:1]:
                if time.period:
                    features = {
                        "heading": 1.0,
                        "heading_outer": float(nth > 0),
                        "heading_past_time": float(bool(times)),
                        "heading_past_frame": float(any(f.leads and not f.fresh for f in self.times)),
                    }
                    found.append(Held((time.period,), "heading", features))
        if self.caption:
            for time in self.source.times_in(*self.caption)[:1]:
                if time.period:
                    found.append(Held((time.period,), "table", {"caption": 1.0}))
        found += [self._standing(held) for held in found if self._within_month(held)]
        ahead = [time for time in self.source.times_in(number.start, self.end) if time.until and time.period]
        if ahead:
            found.append(Held((up_to(ahead[0].period),), "sentence", {"until_ahead": 1.0}))  # type: ignore[arg-type]
        origin = "title" if self.source.report.year else "assumed"
        own = {
            "own": 1.0,
            "own_past_time": float(bool(times)),
            "own_past_frame": float(any(f.leads and not f.fresh for f in self.times)),
        }
        own["own_is_open"] = float(self.own[0] is None or self.own[1] is None)
        found.append(Held((self.own,), "assumed" if origin == "assumed" else "title", own))
        if metric.standing or self.standing:
            name = "standing" if metric.standing else "beside_standing"
            for held in found:
                for trait in ("stands_at_day", "until_ahead", "day", "own", "frame_stands"):
                    if trait in held.features:
                        held.features[f"{name}_{trait}"] = 1.0
        self.standing = self.standing or metric.standing
        for held in found:
            held.features["as_last"] = float(len(held.values) == 1 and held.values[0] == self.last_period)
            held.features["year_ahead"] = float(self.ahead(held.values[0]))
            held.features["is_own"] = float(held.values[0] == self.own)
        return found

    def _said(self, run: Run, times: list[Time], nth: int, at: int) -> Held:
        time = times[nth]
        values = (time.period or self.own,)
        low = nth
        while low and self.text[times[low - 1].end : times[low].start].strip() in _JOINED:
            low -= 1
        joined = self._joined(times, low)
        if len(joined) > 1 and nth == len(times) - 1:
            values = tuple(joined)
        clause = run.outer or run.clause
        own = time.start >= run.low
        between = self.text[time.end : at]
        features: Features = {
            "said": 1.0,
            "said_own": float(own),
            "said_clause": float(not own and time.start >= clause.start),
            "said_sentence": float(time.start < clause.start),
            "said_nearest": float(nth == len(times) - 1),
            "said_second": float(nth == len(times) - 2),
            "said_opens": float(
                time.start - self.start <= 12 and not re.search(r"[，,；;]", self.text[self.start : time.start])
            ),
            "said_numbers_between": min(len(self.source.numbers(time.end, at)), 4) / 2,
            "said_stop_between": float(any(mark in between for mark in "；;")),
            "said_until": float(time.until),
            "said_joined": float(len(values) > 1),
        }
        features |= self._shape(time.period)
        inside = clause.bracket(time.start) or (run.outer.bracket(time.start) if run.outer else None)
        if inside and not inside[0] <= at <= inside[1]:
            features["said_in_other_bracket"] = 1.0
        if not time.period:
            features["said_now"] = 1.0
        origin = "own_clause" if time.start >= clause.start else "sentence"
        return Held(values, origin, features)

    def _shape(self, period: Period | None) -> Features:
        if period is None:
            return {}
        start, end = period
        year = self.source.report.year
        of = (end or start).year if (end or start) else None
        return {
            "shape_year": float(days(period) in (364, 365)),
            "shape_month": float(days(period) < 31),
            "shape_open": float(end is None),
            "shape_no_start": float(start is None),
            "shape_years": float(days(period) > 366 and start is not None and end is not None),
            "earlier_year": float(bool(year and of and of < year)),
            "later_year": float(bool(year and of and of > year)),
            "within_own": float(self._within_own(period)),
        }

    def _within_own(self, period: Period) -> bool:
        """Tell whether a period is a part of a report's whole year: said in passing, as a rule."""
        return days(self.own) >= 360 > days(period)

    def _combined(self, times: list[Time], at: int) -> list[Held]:
        """Return what two times said one after the other mean: 2002年以来，…至2007年底; 截至11月底，今年…."""
        if len(times) < 2:
            return []
        first, last = times[-2], times[-1]
        since, until = first.period, last.period
        if since and until and last.until and since[1] is None:
            return [Held(((since[0], until[1]),), "sentence", {"since_until": 1.0})]
        if first.until and until and since and days(until) >= 360 and until[0] == opening(since):
            if re.fullmatch(r"[，,\s]*(?:[全我本][市州县区省])?", self.text[first.end : last.start]):
                return [Held(((until[0], since[1]),), "sentence", {"until_then_year": 1.0})]
        return []

    def _framed(self, frame: _Frame, past: bool) -> Held:
        time, values = frame.value
        features: Features = {
            "frame": 1.0,
            "frame_leads": float(frame.leads),
            "frame_ago": log1p(frame.ago),
            "frame_past_time": float(past),
            "frame_other_paragraph": float(frame.fresh > 0),
            "frame_other_paragraph_leads": float(frame.fresh > 0 and frame.leads),
            "frame_announced": float(frame.colon),
            "frame_other_section": float(frame.parted > 0),
            "frame_other_section_leads": float(frame.parted > 0 and frame.leads),
            "frame_alone": float(frame.alone),
            "frame_until": float(time.until),
            "frame_part_follows": float(frame.ago == 1 and bool(PART.match(self.text, self.start))),
        }
        shape = self._shape(time.period)
        features |= {f"frame_{name}": value for name, value in shape.items()}
        if not time.period:
            features["frame_now"] = 1.0
        return Held(tuple(values), "sentence_before", features)

    def _days(self, times: list[Time], at: int) -> list[Held]:
        """Return the last day named before a number, of which what is counted by days is: 6月19日，已办结9件."""
        days_ = [time for time in times if time.day]
        if not days_:
            return []
        time = days_[-1]
        features: Features = {
            "day": 1.0,
            "day_opens": float(time.start - self.start <= 12),
            "day_past_time": float(times[-1] is not time),
            "day_numbers_between": min(len(self.source.numbers(time.end, at)), 4) / 2,
        }
        return [Held((time.period,), "sentence", features)]

    def _within_month(self, held: Held) -> bool:
        """Tell whether a period runs up to a day within a month."""
        period = held.values[0]
        return len(held.values) == 1 and bool(period[1]) and up_to(period) != period and period[0] != period[1]

    def _standing(self, held: Held) -> Held:
        """What an inspection counts stands as of a day, and says no opening: 截至11月21日."""
        return Held((up_to(held.values[0]),), held.origin, {**held.features, "stands_at_day": 1.0})

    def _joined(self, times: list[Time], at: int) -> list[Period]:
        """Return the periods of an expression and of those joined to it: 2022年、2023年."""
        joined: list[Period] = []
        while True:
            joined.append(times[at].period or self.own)
            if at + 1 == len(times) or self.text[times[at].end : times[at + 1].start].strip() not in _JOINED:
                return joined
            at += 1

    def _listed_times(self, run: Run) -> list[Period]:
        times = [t for t in self.source.times_in(run.clause.start, run.start) if not t.day]
        return [t.period or self.own for t in times] if self._in_a_row([(t.start, t.end) for t in times]) else []

    def ahead(self, period: Period) -> bool:
        """Tell whether a period is a whole year after the one reported on: what is said of it is planned."""
        year, start, end = self.source.report.year, period[0], period[1]
        return bool(year and start and end and start.year > year and (end - start).days > 360)

    def _in_a_row(self, spans: list[tuple[int, int]]) -> bool:
        return all(self.text[a[1] : b[0]].strip() in _JOINED for a, b in pairwise(spans)) and len(spans) > 1

    # --- populations

    def foreign(self, scope: str) -> bool:
        """Tell whether a value is that of the nation, quoted in the report of a place in it."""
        report = self.source.report
        return scope == "全国" and bool(report.province or report.city)

    def populations(
        self, run: Run, at: int, metric: Metric, anchor: int, match_end: int, first: int, subject: Subject | None
    ) -> list[Held]:
        """Return the populations that a number of a run may be of.

        `anchor` and `match_end` are where the metric's first word stands, `first` where the words that name it open,
        `subject` what the number goes on from, if it names none itself.
        """
        number = run.numbers[at]
        clause = run.outer or run.clause
        own = self._own_words(run, at, metric, anchor, first)
        own += self._phrases(run, anchor, match_end)
        kind = "subject" if "subject" in metric.scopes else "sections" if "sections" in metric.scopes else "plain"
        said = [s for s in self.source.scopes_in(self.start, number.start)]
        found = [self._named(run, said, nth, number.start, anchor) for nth in range(max(0, len(said) - 4), len(said))]
        found += self._listed_places(run, at, metric)
        if subject is not None:
            features = {
                "subjects": 1.0,
                "subjects_is_whole": float(subject.scope in ("", *scopes.WHOLE)),
                "subjects_past_scope": float(any(s.start >= run.low for s in said)),
                "subjects_level": float(subject.stat == "level"),
            }
            found.append(Held((subject.scope,), "subject", features))
        if part := self._part(run.clause, anchor):
            found.append(Held((part,), "own_clause", {"part": 1.0}))
        for frame in self.scopes:
            features = {
                "frame": 1.0,
                "frame_leads": float(frame.leads),
                "frame_ago": log1p(frame.ago),
                "frame_past_scope": float(bool(said)),
                "frame_other_paragraph": float(frame.fresh > 0),
                "frame_other_section": float(frame.parted > 0),
                "frame_whole": float(frame.value[0] in scopes.WHOLE),
            }
            found.append(Held(frame.value, "sentence_before", features))
        for nth, span in enumerate(self.headings[:2]):
            for scope in self.source.scopes_in(*span)[:1]:
                features = {
                    "heading": 1.0,
                    "heading_outer": float(nth > 0),
                    "heading_past_scope": float(bool(said)),
                    "heading_past_frame": float(any(not f.parted for f in self.scopes)),
                }
                found.append(Held((self.text[scope.start : scope.end],), "heading", features))
        if self.label:
            found.append(Held((self.label,), "heading", {"label": 1.0, "label_past_scope": float(bool(said))}))
        if self.last_scope is not None and subject is None:
            found.append(
                Held(
                    (self.last_scope[0],),
                    "sentence",
                    {
                        "last": 1.0,
                        "last_whole": float(self.last_scope[0] in ("", *scopes.WHOLE)),
                        "last_same_domain": float(self.last_scope[1] == metric.domain),
                        "last_past_scope": float(bool(said)),
                    },
                )
            )
        for held in own:
            held.features["own_words"] = 1.0
        whole = {
            "whole": 1.0,
            "whole_past_scope": float(bool(said)),
            "whole_past_clause_scope": float(any(s.start >= clause.start for s in said)),
            "whole_goes_on": float(subject is not None and subject.scope not in ("", *scopes.WHOLE)),
        }
        found = [*own, *found, Held(("",), "assumed", whole)]
        for held in found:
            held.features = {f"{kind}_{name}": value for name, value in held.features.items() if value} | held.features
        return found

    def _named(self, run: Run, said: list[scopes.Scope], nth: int, at: int, anchor: int) -> Held:
        scope = said[nth]
        clause = run.outer or run.clause
        words = self.text[scope.start : scope.end]
        if self.label and words in scopes.WHOLE:
            words = self.label
        own = scope.start >= run.low
        behind = self.text[scope.end : scope.end + 1]
        features: Features = {
            "said": 1.0,
            "said_own": float(own),
            "said_clause": float(not own and scope.start >= clause.start),
            "said_sentence": float(scope.start < clause.start),
            "said_nearest": float(nth == len(said) - 1),
            "said_nearest_clause": float(nth == len(said) - 1 and scope.start >= clause.start),
            "said_opens_sentence": float(scope.start - self.start <= 12),
            "said_behind_anchor": float(anchor < scope.start < at),
            "said_touches_number": float(
                scope.end == at or self.text[scope.end : at].strip() in ("为", "是", "(", "（")
            ),
            "said_touches_anchor": float(scope.end == anchor),
            "said_carries": float(scope.carries),
            "said_whole": float(words in scopes.WHOLE),
            "said_place": float(words in self.own_names),
            "said_group": float(words[0].isdigit()),
            "said_numbers_between": min(len(self.source.numbers(scope.end, at)), 4) / 2,
            "said_stop_between": float(any(mark in self.text[scope.end : at] for mark in "；;")),
            "said_leads": float(self._leads(run, scope)),
            "said_listed": float(
                behind in tuple("、和与及")
                or (anchor > scope.end and bool(re.search("[、和及与]", self.text[scope.end : anchor])))
            ),
        }
        inside = clause.bracket(scope.start) or (run.outer.bracket(scope.start) if run.outer else None)
        if inside and not inside[0] <= at <= inside[1]:
            features["said_in_other_bracket"] = 1.0
        origin = "own_clause" if scope.start >= clause.start else "sentence"
        return Held((words,), origin, features)

    def _leads(self, run: Run, scope: scopes.Scope) -> bool:
        """Tell whether a scope opens its part of the clause, behind no more than a time or another scope."""
        start = (
            run.low if scope.start >= run.low else run.clause.start if scope.start >= run.clause.start else self.start
        )
        ahead = self.text[start : scope.start]
        for other in (*self.source.times_in(start, scope.start), *self.source.scopes_in(start, scope.start)):
            ahead = ahead.replace(self.text[other.start : other.end], "")
        return roles.says_nothing_new(ahead)

    def _listed_places(self, run: Run, at: int, metric: Metric) -> list[Held]:
        """Return the places or subjects that stand in a list before a run: one each in order, or all with one value."""
        low, clause = run.low, run.clause
        found = []
        lists: list[tuple[str, list[str]]] = []
        if "subject" in metric.scopes:
            head = _EACH.split("".join(self.text[a:b] for a, b in clause.outside(low, run.start)))
            names = [scopes.subject(part) for part in re.split(r"[、和及与]", head[0])] if len(head) > 1 else []
            lists.append(("subjects", names if len(names) > 1 and all(names) else []))
        own = sorted((i, i + len(w)) for w in metric.scopes if (i := self.text.find(w, low, run.start)) >= 0)
        if self._in_a_row(own):
            lists.append(("words", [self.text[a:b] for a, b in own]))
        said = [s for s in self.source.scopes_in(clause.start, run.start) if not clause.bracket(s.start)]
        if self._in_a_row([(s.start, s.end) for s in said]):
            lists.append(("places", [self.text[s.start : s.end] for s in said]))
        each = bool(_EACH.search(self.text, low, run.start))
        for name, names in lists:
            if len(names) < 2:
                continue
            if len(run.numbers) == len(names):
                found.append(Held((names[at],), "list", {f"list_{name}": 1.0}))
            elif len(run.numbers) == 1:
                found.append(Held(tuple(names), "list", {f"list_shared_{name}": 1.0, "list_shared_each": float(each)}))
        return found

    def _own_words(self, run: Run, at: int, metric: Metric, anchor: int, first: int) -> list[Held]:
        """Return what the metric's own wordings of scope say: a water's name, a group of sections, 县级以上."""
        number, clause = run.numbers[at], run.clause
        found: list[tuple[str, str]] = []
        if "subject" in metric.scopes:
            end = first if metric.unit == "grade" else min(first, anchor)
            left = "".join(self.text[a:b] for a, b in clause.outside(run.low, end))
            found.append(("water_before", scopes.subject(re.split(r"[、：:]", left)[-1])))
            found.append(("water_said", scopes.water_said(self.text[self.start : number.start])))
        if "sections" in metric.scopes:
            found.append(("rivers", sections.rivers(self.text, run.low, number.start)))
            found += self._sections(run, number.start, anchor)
        if "tier" in metric.scopes:
            found.append(("tier", sections.tier(self.text, number.start, number.end, clause.start, clause.end)))
        wordings = tuple(word for word in metric.scopes if word not in ("subject", "sections", "tier", "kind"))
        if wordings:
            low = min(run.low, max(self.start, anchor - 16))
            for side, words in self._wordings(wordings, run, number.end, low, number.start):
                found.append((f"wording_{side}", words))
        if "kind" in metric.scopes:
            self.kind = kinds.kind(self.text, clause.start, number.start) or self.kind
            found.append(("kind", self.kind))
        return [Held((words,), "own_clause", {name: 1.0}) for name, words in found if words]

    def _phrases(self, run: Run, anchor: int, match_end: int) -> list[Held]:
        """Return the phrases for a population right before a metric's words, or with the first of them: 重点区域, 交接断面."""
        found = []
        if anchor >= run.start:
            ahead = self.text[run.low : run.start]
            if words := scopes.phrase(ahead):
                found.append(Held((words,), "own_clause", {"phrase_before_number": 1.0}))
            return found
        start = run.low if anchor >= run.low else run.clause.start if anchor >= run.clause.start else self.start
        for time in self.source.times_in(start, anchor):
            start = max(start, time.end)
        for name, end in (("phrase", anchor), ("phrase_with_word", match_end)):
            if words := scopes.phrase(self.text[start:end]):
                features = {
                    name: 1.0,
                    f"{name}_in_own": float(anchor >= run.low),
                    f"{name}_in_clause": float(anchor >= run.clause.start),
                }
                found.append(Held((words,), "own_clause", features))
        return found

    def group(self, run: Run, anchor: int) -> sections.Group | None:
        """Return the group of assessed sections last said before a metric's words or its number."""
        until = min(anchor, run.start)
        groups = [one for one in sections.find(self.text, self.start, run.clause.end) if one.start <= until]
        groups = [one for one in groups if not run.clause.bracket(one.start)]
        return groups[-1] if groups else None

    def _sections(self, run: Run, at: int, anchor: int) -> list[tuple[str, str]]:
        """Return the words for a group of sections, with the water or basin that stands right before them."""
        group = self.group(run, anchor)
        if group is None:
            return []
        start = run.end if group.start == run.start else group.start
        name = "sections" if group.end > run.low or anchor < run.low else "sections_before"
        if name == "sections_before" and sections.other_waters(self.text, run.low, run.start, run.end):
            name = "sections_past_others"
        if water := sections.stretch(self.text, self.start, group.start):
            return [(name, water + self.text[group.start : group.end])]
        ahead = self.source.scopes_in(max(self.start, group.start - 12), group.start)
        if ahead and ahead[-1].end == group.start and not ahead[-1].carries:
            start = ahead[-1].start
        return [(name, self.text[start : group.end])]

    def _part(self, clause: Clause, anchor: int) -> str:
        """Return what a part is of, where the clause names one: 其中大气类案件罚款120万元."""
        match = PART.match(self.text, clause.start)
        words = self.text[match.end() : anchor].strip() if match and anchor > match.end() else ""
        fits = 2 <= len(words) <= 12 and not re.search(r"[\d、，,]", words) and not roles.says_nothing_new(words)
        return words if fits else ""

    def _wordings(self, wordings: tuple[str, ...], run: Run, end: int, low: int, start: int) -> list[tuple[str, str]]:
        """Return the metric's own wordings of scope right after the number, and the last before it."""
        after = re.match(r"[^、，,。;；]*", self.text[end : min(max(run.until, end), end + 12)])
        found = []
        for side, part in (("behind", after[0] if after else ""), ("before", self.text[low:start])):
            standing = [words for words in wordings if words in part]
            if words := max(standing, key=lambda words: (part.rfind(words) + len(words), len(words)), default=""):
                found.append((side, words))
        return found
