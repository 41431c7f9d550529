"""Substance against phrases: figures and slogans, party building and operations in one sentence, superlatives, modals.

In: a `Corpus`, and the table `quantities`. Out: a row a report for each statistic, and the sentences behind it with their
offsets in the report's text; a row a report and modal. `knowledge/words/modal_guards.csv` says what must or must not
stand beside a modal: 以上 is one after a quantity (97%以上), not in 县级及以上; 基本 is none in 基本功.
"""

import re

import numpy as np
import pandas as pd

from ecoanalysis.extracting.quantities import NOT_QUANTITIES, find
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.language.attention import by_report
from ecoanalysis.language.bootstrap import HOW, intervals
from ecoanalysis.language.corpus import Corpus, Hits, marked, within
from ecoanalysis.language.words import PARTY, WORK, theme_words, themes

PER = 1000  # characters that densities are for
NOT_VERIFIABLE = NOT_QUANTITIES | {"masked", "vague"}  # withheld, or so loose (数十家) that nothing can be checked

NO_BACKING = frozenset({"rank", "streak", "grade"})
_COUNTS = frozenset({"count", "number"})
FEW = 3  # counts below it (两项, 1个) back no superlative
_ROOM = 24  # characters beside a modal in which its quantity is looked for
_NO_AMOUNT = NOT_QUANTITIES - {"date"} | {"grade", "streak"}  # Ⅲ类以上 names a class; 2025年以内 is a term


def density(corpus: Corpus, quantities: pd.DataFrame) -> pd.DataFrame:
    """Return how many verifiable quantities and how many slogans each report has per 1,000 characters without blanks.

    Columns: report, characters, quantities, quantities_per_1000 with quantities_low and quantities_high, slogans,
    slogans_per_1000 with slogans_low and slogans_high (95% percentile intervals over sentences), quantities_per_slogan
    (empty where there is no slogan), damaged, damaged_zh, damaged_en. Dates, ordinals, headings and names are no
    quantities, withheld and vague ones cannot be verified.
    """
    _, sentence = _verifiable(corpus, quantities)
    size = len(corpus.sentences)
    counted = sentence, listed(corpus, "slogans").sentence
    above = np.column_stack([np.bincount(one, minlength=size) for one in counted])
    below = corpus.sentences[["characters"]].to_numpy()
    low, high = intervals(corpus, above, below, [0, 0])
    count, characters = by_report(corpus, above), by_report(corpus, below)
    rate = np.divide(count, characters, out=np.zeros_like(count), where=characters > 0)
    table = pd.DataFrame({"report": corpus.reports, "characters": characters[:, 0].astype(np.int64)})
    for at, name in enumerate(("quantities", "slogans")):
        table[name] = count[:, at].astype(np.int64)
        table[f"{name}_per_{PER}"] = rate[:, at] * PER
        table[f"{name}_low"], table[f"{name}_high"] = low[:, at] * PER, high[:, at] * PER
    table["quantities_per_slogan"] = table["quantities"] / table["slogans"].where(table["slogans"] > 0)
    return marked(pd.concat([table, corpus.damaged], axis=1), corpus, "density", "bootstrap", **HOW)


def together(corpus: Corpus) -> pd.DataFrame:
    """Return in how many sentences each report speaks of the party and of operations at once (党建+业务).

    Columns: report, count (sentences with a word of the party's lists and one of operations), party (sentences with one
    of the party's), sentences, share = count / sentences with low and high, damaged, damaged_zh, damaged_en.

    >>> from ecoanalysis.language.corpus import gather
    >>> text = "党支部开展入河排污口排查。党员大会召开。水质好。"
    >>> together(gather(pd.DataFrame({"report": ["a"], "text": [text]})))[["count", "party", "sentences"]].values.tolist()
    [[1, 2, 3]]
    """
    party, work = (_spoken(corpus, names) for names in (PARTY, WORK))
    above = np.column_stack([party & work, party])
    below = np.ones((len(party), 1))
    low, high = intervals(corpus, above[:, :1], below, [0])
    count, of = by_report(corpus, above), by_report(corpus, below)[:, 0]
    table = pd.DataFrame({"report": corpus.reports})
    table["count"], table["party"], table["sentences"] = np.column_stack([count, of]).astype(np.int64).T
    table["share"] = np.divide(count[:, 0], of, out=np.zeros_like(of), where=of > 0)
    table["low"], table["high"] = low[:, 0], high[:, 0]
    return marked(pd.concat([table, corpus.damaged], axis=1), corpus, "together", "bootstrap", **HOW)


def together_sentences(corpus: Corpus) -> pd.DataFrame:
    """Return the sentences that `together` counts: report, start, end, quote."""
    kept = np.flatnonzero(_spoken(corpus, PARTY) & _spoken(corpus, WORK))
    own = corpus.sentences.iloc[kept]
    table = _quoted(corpus, own["report"].to_numpy(), own["start"].to_numpy(), own["end"].to_numpy())
    return marked(table, corpus, "together")


def superlatives(corpus: Corpus, quantities: pd.DataFrame) -> pd.DataFrame:
    """Return each superlative and whether its sentence carries a number.

    Columns: report, start, end, quote (the superlative); sentence_start, sentence_end, sentence; numbered (a verifiable
    quantity stands in the sentence that measures something: no rank or streak, and no count of less than `FEW`).
    """
    found = listed(corpus, "superlatives")
    places, sentence = _verifiable(corpus, quantities[_backs(quantities)])
    table = _with_sentences(corpus, found)
    total = np.bincount(sentence, minlength=len(corpus.sentences))[found.sentence]
    # 全省第一 is read as a rank as well: it does not back itself.
    starts, ends = np.sort(places[:, 0]), np.sort(places[:, 1])
    inside = np.searchsorted(starts, found.end, "left") - np.searchsorted(ends, found.start, "right")
    table["numbered"] = total > inside
    return marked(table, corpus, "superlatives")


def _backs(quantities: pd.DataFrame) -> np.ndarray:
    """Return which quantities can back a superlative: 第一, 连续四年 and 两项 cannot."""
    few = quantities["kind"].isin(_COUNTS)
    if "value" in quantities:
        few &= ~(pd.to_numeric(quantities["value"]).abs() >= FEW)
    return (~quantities["kind"].isin(NO_BACKING) & ~few).to_numpy(dtype=bool)


def slogans(corpus: Corpus) -> pd.DataFrame:
    """Return each slogan that `density` counts: report, start, end, quote; sentence_start, sentence_end, sentence."""
    return marked(_with_sentences(corpus, listed(corpus, "slogans")), corpus, "slogans")


def _with_sentences(corpus: Corpus, found: Hits) -> pd.DataFrame:
    own = corpus.sentences
    report = own["report"].to_numpy()[found.sentence]
    table = _quoted(corpus, report, found.start, found.end)
    first, last = own["start"].to_numpy()[found.sentence], own["end"].to_numpy()[found.sentence]
    base = corpus.bases[report]
    table["sentence_start"], table["sentence_end"] = first - base, last - base
    table["sentence"] = [corpus.text[low:high] for low, high in zip(first, last, strict=True)]
    return table


def listed(corpus: Corpus, name: str) -> Hits:
    """Return where the words of one theme stand; of nested words the longest of all themes, where its list says so."""
    words = themes()[name].words
    number = np.full(len(theme_words()), -1)
    number[np.searchsorted(theme_words(), words)] = np.arange(len(words))
    found = corpus.found[themes()[name].nested]
    own = number[found.word] >= 0
    return Hits(number[found.word[own]], found.start[own], found.end[own], found.sentence[own])


def _spoken(corpus: Corpus, names: tuple[str, ...]) -> np.ndarray:
    wanted = np.isin(theme_words(), [word for name in names for word in themes()[name].words])
    spoken = np.zeros(len(corpus.sentences), dtype=bool)
    spoken[corpus.found["longest"].sentence[wanted[corpus.found["longest"].word]]] = True
    return spoken


def _verifiable(corpus: Corpus, quantities: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return where the verifiable quantities stand (start, end in the corpus's text), and in which sentences."""
    number = {report: at for at, report in enumerate(corpus.reports)}
    rows = quantities[~quantities["kind"].isin(NOT_VERIFIABLE) & quantities["report"].isin(corpus.reports)]
    base = corpus.bases[rows["report"].map(number).to_numpy(dtype=np.int64)]
    start, end = rows["start"].to_numpy() + base, rows["end"].to_numpy() + base
    inside, where = within(start, corpus.sentences)
    return np.column_stack([start[inside], end[inside]]), where[inside]


def _quoted(corpus: Corpus, report: np.ndarray, start: np.ndarray, end: np.ndarray) -> pd.DataFrame:
    base = corpus.bases[report]
    quotes = [corpus.text[low:high] for low, high in zip(start, end, strict=True)]
    names = np.array(corpus.reports, dtype=object)[report]
    return pd.DataFrame({"report": names, "start": start - base, "end": end - base, "quote": quotes})


def modality(corpus: Corpus) -> pd.DataFrame:
    """Return how often each report uses each modal of targets.

    Columns: report, modal, strength (hard: 确保; soft: 力争), count, planned (those in sentences that speak of what is
    planned), per_1000 characters. Modals that a report does not use have no row.

    >>> from ecoanalysis.language.corpus import gather
    >>> text = "确保97%以上。县级及以上水源。PM2.5控制在25微克左右。练好基本功。左右岸。"
    >>> modality(gather(pd.DataFrame({"report": ["a"], "text": [text]})))["modal"].tolist()
    ['以上', '左右', '控制在', '确保']
    """
    words = themes()["modals"].words
    found = _modals(corpus, listed(corpus, "modals"))
    own = corpus.sentences
    every = own[["report", "planned"]].iloc[found.sentence].reset_index(drop=True)
    every["report"] = np.array(corpus.reports, dtype=object)[every["report"]]
    every["modal"] = np.array(words, dtype=object)[found.word]
    table = every.groupby(["report", "modal"])["planned"].agg(count="size", planned="sum").reset_index()
    table.insert(2, "strength", table["modal"].map(themes()["modals"].classes).astype(object))
    characters = dict(zip(corpus.reports, by_report(corpus, own[["characters"]].to_numpy())[:, 0], strict=True))
    table["per_1000"] = table["count"] / table["report"].map(characters).astype(float) * PER
    order = table.sort_values(["report", "count", "modal"], ascending=[True, False, True])
    return marked(order.reset_index(drop=True), corpus, "modality")


def _modals(corpus: Corpus, found: Hits) -> Hits:
    guards = {row["modal"]: row for row in rows("words/modal_guards.csv")}
    own = [guards.get(word, {}) for word in themes()["modals"].words]
    places = zip(found.word.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    kept = np.array([_stands(corpus.text, start, end, own[word]) for word, start, end in places], dtype=bool)
    return Hits(found.word[kept], found.start[kept], found.end[kept], found.sentence[kept])


def _stands(text: str, start: int, end: int, guard: dict[str, str]) -> bool:
    """Tell whether what is beside a modal is as its row of the guards wants it; without a row anything is."""
    before, after, place = map(guard.get, ("not_before", "not_after", "place"))
    if before and re.compile(f"(?:{before})\\Z").search(text, max(start - _ROOM, 0), start):
        return False
    if after and re.compile(after).match(text, end):
        return False
    return not place or _measured(text, start, end, place)


def _measured(text: str, start: int, end: int, place: str) -> bool:
    """Tell whether a quantity ends where the modal starts, or starts where it ends: 约 and blanks may stand between."""
    low, high = (max(start - _ROOM, 0), end) if place == "before" else (start, end + _ROOM)
    around = re.split(r"[\n。；;！!？?]", text[low:high])
    near = around[-1] if place == "before" else around[0]
    size = end - start
    for one in find(near):
        if one.kind in _NO_AMOUNT or (one.value is None and one.kind != "date"):
            continue
        if place == "before" and one.start < len(near) - size <= one.end + _unit(near, one.end, len(near) - size):
            return True
        if place == "after" and one.end > size and not near[size : one.start].strip(" 约在到至为"):
            return True
    return False


def _unit(text: str, start: int, end: int) -> int:
    """Return the length of what stands between a number and the modal, if it is a unit that is not listed: 20蒸吨/小时以下."""
    between = text[start:end]
    unit = re.fullmatch(r"[\w/／%·²³ ]{0,6}", between) and not re.search(r"[的和及与或，为]", between)
    return len(between) if unit else 0
