"""Bind the numbers of a report to what its words say of them.

In: a Report. Out: ``Fact`` records in reading order, each quoting the text, with where its attributes come from and the
probability that all of them are right. A sentence is read run by run from left to right; for each run the candidates are
weighed (`readings`), then what was chosen is stated (`statements`). A sentence that the code fails on costs its own facts only.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ecoanalysis.extracting import model, readings, roles, statements
from ecoanalysis.extracting.candidates import PART, Candidate, Key, Memory, Scene
from ecoanalysis.extracting.confidence import Decision, judged
from ecoanalysis.extracting.discourse import Discourse
from ecoanalysis.extracting.runs import Run, runs
from ecoanalysis.extracting.sentences import Clause, clauses
from ecoanalysis.extracting.source import Fact, Plain, Source, whole_names
from ecoanalysis.extracting.statements import Chosen
from ecoanalysis.extracting.surroundings import of_report
from ecoanalysis.reading.report import Report, Sentence

ENDLESS = 1500  # characters

# A paragraph that goes on by parts of what the one before told: 各县(市、区)中，甲县为100%.
_BY_PARTS = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九\d]{1,2}[）)、.])?(?:各[县市区州盟旗镇街乡]|其中|分[县市区地]|按照?(?:涉及|所属|行政)?(?:[县市区地属]|辖区)|[前后]\s?\d{1,2}\s?[名位])"
)

# What the caption of a table says that its values are: 附：各镇PM2.5浓度（微克/立方米）; not 表3 各镇空气质量.
_MEASURED = re.compile("浓度|指数|天数|[率比]例?[（(]|优良率|达标率|均值")

Chooser = Callable[[str, list, list[float], Key | None], int]
Failed = Callable[[Sentence, Exception], None]


def facts(report: Report) -> list[Fact]:
    """Return the facts of a report in reading order."""
    return read(Source(report))


def read(source: Source, weights: model.Weights | None = None, failed: Failed | None = None) -> list[Fact]:
    """Return the facts of a report whose words and numbers were found already.

    `weights` are the project's own or the shipped ones unless given; `failed` is told of a sentence that the code fails on.
    """
    return [fact for fact, _ in decided(source, weights or model.weights(), likeliest, failed)]


def decided(
    source: Source, weights: model.Weights, choose: Chooser, failed: Failed | None = None
) -> list[tuple[Fact, Decision]]:
    """Return the facts of a report, each with how it was decided.

    `choose` says which candidate is taken, as training does. A sentence that the code fails on is told to `failed` and left out;
    without `failed`, as in training, the error is raised.
    """
    reader = Reader(source, weights, choose)
    for sentence in (part for whole in source.report.sentences for part in _parts(whole, source.text)):
        if sentence.end <= source.title[1]:
            continue  # a title repeats what the text says, rounded
        said = len(reader.made)
        try:
            reader.sentence(sentence)
        except Exception as error:
            if failed is None:
                raise
            reader.forget(said)
            failed(sentence, error)
    made = sorted(reader.made, key=lambda pair: (pair[0].number, pair[0].start))
    return judged(made, weights["confidence"])


def likeliest(kind: str, candidates: list, scores: list[float], key: Key | None) -> int:
    """Return which candidate scores best."""
    return max(range(len(scores)), key=scores.__getitem__)


class Reader:
    """Reads a report sentence by sentence."""

    def __init__(self, source: Source, weights: model.Weights, choose: Chooser) -> None:
        self.source, self.text = source, source.text
        self.weights, self.choose = weights, choose
        self.discourse = Discourse(source)
        self.manner, self.wholes = of_report(source), whole_names(source.report)
        title = source.report.title
        # 某市应急管理局2023年工作总结; not 市人大常委会听取年度环境状况报告
        self.of_others = roles.others_business(title[:20]) and not re.search("环境|环保", title)
        self.memory = Memory()
        self.paragraph = -1
        self.made: list[tuple[Fact, Decision]] = []

    def sentence(self, sentence: Sentence) -> None:
        """Read a sentence, and add its facts to those made."""
        self.discourse.enter(sentence)
        try:
            self._begin(sentence)
            if not self._silent(sentence):
                plain = Plain(self.source, sentence.start, sentence.end)
                self.scene = Scene(self.source, sentence.start, sentence.end, self.discourse.reach, plain, self.memory)
                for clause in clauses(self.text, sentence.start, sentence.end):
                    self._clause(clause)
        finally:
            self.discourse.leave()

    def forget(self, said: int) -> None:
        """Drop what a sentence said before the code failed on it: all facts but the first `said`, and what could go on from it."""
        del self.made[said:]
        self.memory = Memory(label=self.memory.label)

    def _begin(self, sentence: Sentence) -> None:
        """Take from before what may go on in a sentence."""
        fresh = sentence.paragraph != self.paragraph
        self.paragraph = sentence.paragraph
        opening = self.discourse.headings[0][0] if self.discourse.headings else sentence.start
        parts = fresh and any(_BY_PARTS.match(self.text, at) for at in (sentence.start, opening))
        before = [] if fresh and not parts else [*self.memory.before[-2:], *self.memory.history][-3:]
        counts = [s for s in self.memory.history if s.counts]
        told = sorted(counts, key=lambda s: s.value or 0)[-2:] if counts else self.memory.told
        label = self._label(sentence) if fresh else self.memory.label
        self.memory = Memory(before=before, told=told, label=label)
        self.here, self.basis, self.hoped, self.planned_before = sentence, "", False, False
        self.found: list[Fact] = []

    def _silent(self, sentence: Sentence) -> bool:
        """Tell whether a sentence holds nothing that could be a fact: most of a report's prose."""
        start, end = sentence.start, sentence.end
        named = self.source.wording.implies(start, end) or self.source.placings_in(start, end)
        if self.source.numbers(start, end) or named:
            return False
        return not (roles.BEST.search(self.text, start, end) or roles.STEADY.search(self.text, start, end))

    def _label(self, sentence: Sentence) -> tuple[int, int] | None:
        """Return a table's caption, the short line without a number above a paragraph or the innermost heading: what it is about."""
        caption = self.discourse.caption
        if caption and caption[0] < caption[1] and _MEASURED.search(self.text, *caption):
            return caption
        end = sentence.start
        while end and self.text[end - 1].isspace():
            end -= 1
        above = self.text[max(0, end - 40) : end].rpartition("\n")[2]
        line = above.strip(" |｜\t")
        if 2 <= len(line) <= 24 and not re.search(r"[。；，\d]", line.replace("PM2.5", "").replace("PM10", "")):
            return (end - len(above), end)
        return self.discourse.headings[0] if self.discourse.headings else None

    def _clause(self, clause: Clause) -> None:
        said = len(self.found)
        low, numbered = clause.start, False
        for run in runs(self.source, clause):
            numbered = True
            if run.outer is None and run.low != low:
                run = replace(run, low=low)
            chosen = self._choose(readings.candidates(self.scene, run))
            statements.keep(self, run, chosen)
            if run.outer is None and chosen.candidate.stat != "none":
                behind = max((fact.end for fact in self.found[said:]), default=run.end)
                joins = behind > run.end and re.match(
                    r"[^，,、]{0,6}(?:和|、|以?及|与)", self.text[behind : behind + 8]
                )
                low = behind if joins else run.end
            elif run.outer is None and numbered and not self._compared(run):
                low = run.end
        self._implied(clause, said)
        if len(self.found) == said and not numbered and not PART.match(self.text, clause.start):
            if not roles.goes_on(self.text[clause.start : clause.end]):
                self.memory.last = []

    def _compared(self, run: Run) -> bool:
        """Tell whether a number is only quoted, or counts rivals, so that what stands before it belongs to the next: 由71.2%升至80%."""
        if run.numbers[0].kind == "count" and roles.counts_rivals(self.text, run.start):
            return True
        left = self.text[run.low : run.start]
        return bool(roles.quoted(left, self.text[run.end : run.clause.end], run.numbers[0].kind, run.numbers[-1].bound))

    def _choose(self, found: list[Candidate]) -> Chosen:
        scores = [model.score(self.weights["reading"], one.features) for one in found]
        at = self.choose("reading", found, scores, None)
        parts = model.shares(scores)
        key = found[at].key
        alike = [one.key == key for one in found]
        same = sum(part for part, is_same in zip(parts, alike, strict=True) if is_same)
        others = [(part, one) for one, part, is_same in zip(found, parts, alike, strict=True) if not is_same]
        second = max(others, key=lambda pair: pair[0])[1] if others else None
        named = " ".join([*dict.fromkeys(m.id for m, _ in second.pairs), second.stat]) if second else ""
        return Chosen(found[at], same, named)

    def _implied(self, clause: Clause, said: int) -> None:
        """Read what the words of a clause state without a number, but of a metric that its numbers gave: `said` facts were before."""
        given = {fact.metric for fact in self.found[said:]}
        found = readings.implied(self.scene, clause.outside(clause.start, clause.end), clause.end, given)
        if not found:
            return
        chosen = self._choose(found)
        if chosen.candidate.stat == "none":
            return
        number = chosen.candidate.pairs[0][1]
        statements.keep(self, Run((number,), clause, clause.start, clause.end), chosen)


def _parts(sentence: Sentence, text: str) -> Iterator[Sentence]:
    """Yield a sentence, in parts cut at commas where it has no end: each costs what its own length does."""
    start = sentence.start
    while sentence.end - start > ENDLESS:
        cut = max(text.rfind(mark, start + ENDLESS // 2, start + ENDLESS) for mark in "，,；;、") + 1
        cut = cut or start + ENDLESS
        yield replace(sentence, start=start, end=cut)
        start = cut
    yield replace(sentence, start=start) if start > sentence.start else sentence
