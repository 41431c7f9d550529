"""Cut all texts once, for every statistic after.

In: the tables `reports`, `texts` and `sections`. Out: a `Corpus`: the texts one after the other, their sentences, and
which word of the vocabulary stands where. Reports stand in the order of their names, whatever that of the files.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.phrases import LANGUAGES, phrase
from ecoanalysis.language.cutting import Cut, cut_all, find, finder, is_word, made_with, parts, plain
from ecoanalysis.language.words import NESTED, phrases, theme_words, unquoted
from ecoanalysis.reading import Section
from ecoanalysis.reading.sentences import sentences as sentences_of

_BLANKS = np.array([ord(blank) for blank in " \t\n\r\f\v\xa0\u2002\u2003\u3000"], dtype=np.uint32)
_REPAIR = re.compile(r"(.+?) (\d+)(?:; |$)")
_GAP = "\n"  # between two texts, so that no word reaches from one into the next


@dataclass(frozen=True, slots=True)
class Hits:
    """Where words of a list stand: the number of the word, start and end in the corpus's text, and the sentence."""

    word: np.ndarray
    start: np.ndarray
    end: np.ndarray
    sentence: np.ndarray


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts made ready to be counted. Offsets are code points of `text`, in which report r starts at `bases[r]`.

    `plain` is that text without quotation marks, and where each of its characters stands. `starts` is where all tokens
    start, and `phrase` which of them are phrases: those hold words, the cutter's own are words.

    `sentences` has a row for each: report (its number), start, end, section (its number among all), planned, characters
    (without blanks), words. `is_word` tells which of the `vocabulary` are words; `tokens` are numbers into it and stand in
    the sentences `token_sentences`. `found` is where `theme_words` stand, under each rule for nested words.
    """

    reports: list[str]
    text: str
    starts: np.ndarray
    phrase: np.ndarray
    plain: tuple[str, np.ndarray | None]
    bases: np.ndarray
    sentences: pd.DataFrame
    vocabulary: list[str]
    is_word: np.ndarray
    tokens: np.ndarray
    token_sentences: np.ndarray
    damaged: pd.DataFrame
    found: dict[str, Hits]
    made: dict[str, object]

    def rows(self) -> np.ndarray:
        """Return where each report's sentences begin, and at the end their number."""
        return np.searchsorted(self.sentences["report"].to_numpy(), np.arange(len(self.reports) + 1))


def gather(
    texts: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    sections: pd.DataFrame | None = None,
    cutter: str = "jieba",
    cuts: Mapping[str, Cut] | None = None,
) -> Corpus:
    """Return the texts of the table `texts` ready to be counted; `cuts` spares the cutting where it was done before.

    `reports` tells which texts were damaged, are samples and speak of which year, `sections` what is planned; without
    them nothing is. No text, or two of one report, raise `RequestError`.

    >>> corpus = gather(pd.DataFrame({"report": ["a"], "text": ["空气好。水质好。"]}))
    >>> corpus.sentences[["start", "end", "characters", "words"]].values.tolist()
    [[0, 4, 4, 2], [4, 8, 4, 2]]
    """
    named = dict(zip(texts["report"], texts["text"], strict=True))
    if not named or len(named) < len(texts):
        what = "no text" if not named else f"two texts of {texts['report'][texts['report'].duplicated()].iloc[0]!r}"
        raise RequestError(f"{what} to count words in; run `ecoanalysis parse` and take `load().texts`")
    cuts = cuts or cut_all(texts, cutter)
    names = sorted(named)
    bases = np.cumsum([0, *(len(named[name]) + len(_GAP) for name in names)])[:-1]
    text = _GAP.join(named[name] for name in names)
    found = _sentences(names, named, bases, reports, sections)
    vocabulary, tokens, starts = _numbered([cuts[name] for name in names], bases)
    phrase = np.fromiter(map(frozenset(phrases()).__contains__, vocabulary), dtype=bool, count=len(vocabulary))[tokens]
    kept, where = within(starts, found)
    tokens, where = tokens[kept], where[kept]
    words = np.fromiter(map(is_word, vocabulary), dtype=bool, count=len(vocabulary))
    found["characters"] = _filled(text, found)
    found["words"] = np.bincount(where, words[tokens], len(found)).astype(np.int64)
    made = made_with(cutter) | sample(texts, reports)
    repairs = {} if reports is None else dict(zip(reports["report"], reports["repairs"], strict=True))
    damaged, bare = pd.DataFrame([damage_of(repairs.get(name, "")) for name in names]), plain(text)
    corpus = Corpus(
        names, text, starts, phrase, bare, bases, found, vocabulary, words, tokens, where, damaged, {}, made
    )
    corpus.found.update({nested: hits(corpus, theme_words(), nested) for nested in NESTED})
    return corpus


def sample(texts: pd.DataFrame, reports: pd.DataFrame | None = None) -> dict[str, object]:
    """Return of what a result was counted: so many reports, characters, and reports that are samples of this project.

    >>> sample(pd.DataFrame({"report": ["a"], "text": ["空气"]}))
    {'reports': 1, 'characters': 2, 'samples': 0}
    """
    own = 0 if reports is None else int(reports.loc[reports["report"].isin(texts["report"]), "sample"].sum())
    return {"reports": len(texts), "characters": int(texts["text"].str.len().sum()), "samples": own}


def damage_of(repairs: str) -> dict[str, str]:
    """Return `damaged` ("" sound, "mended" put right whole, "lost" characters went missing), `damaged_zh` and `damaged_en`.

    >>> damage_of("lost byte 2; line join 5")["damaged_en"], damage_of("line join 1")["damaged"]
    ('characters lost (lost bytes restored: 2)', '')
    """
    kinds = {row["kind"]: row for row in tables.rows("repairs.csv") if row["damage"]}
    found = [(kinds[kind], count) for kind, count in _REPAIR.findall(repairs) if kind in kinds]
    if not found:
        return dict.fromkeys(("damaged", "damaged_zh", "damaged_en"), "")
    worst = "lost" if any(row["damage"] == "lost" for row, _ in found) else "mended"
    said = {"damaged": worst}
    for language in LANGUAGES:
        parts = [phrase("repair.one", language).format(kind=one[language], count=count) for one, count in found]
        what = ("；" if language == "zh" else "; ").join(parts)
        said[f"damaged_{language}"] = phrase(f"language.damaged.{worst}", language).format(what=what)
    return said


def marked(table: pd.DataFrame, corpus: Corpus, rule: str, interval: str = "none", **more: object) -> pd.DataFrame:
    """Note in `attrs["made"]` how a table was made: its counting rule, as the wordings call it, and what it depends on."""
    table.attrs["made"] = corpus.made | {"note": f"language.note.{rule}", "interval": interval} | more
    return table


def hits(corpus: Corpus, words: Sequence[str], nested: str = "longest") -> Hits:
    """Return where words stand in the sentences of a corpus, quotation marks inside disregarded.

    A word must not tear a token: that is, start or end within one that reaches beyond it, such as 河流 in 渭河|流域; phrases,
    which were matched before cutting, may be torn. `nested`: longest counts a word inside a longer one of `words` as the longer only, each counts both.
    """
    word, start, end = find(finder(tuple(words), nested == "each"), *corpus.plain).T
    inside, where = within(start, corpus.sentences)
    inside &= ~_tearing(corpus, start, end)
    return Hits(word[inside], start[inside], end[inside], where[inside])


def _tearing(corpus: Corpus, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Tell which stretches tear a token of the cutter that reaches beyond them."""
    first, last = (np.searchsorted(corpus.starts, one, "right") - 1 for one in (start, end - 1))
    stops = np.append(corpus.starts[1:], np.iinfo(np.int64).max)[last]
    stops = np.where(last == len(corpus.starts) - 1, end, stops)
    begins_within = (corpus.starts[first] < start) & ~corpus.phrase[first]
    ends_within = (stops > end) & ~corpus.phrase[last]
    return (first != last) & (begins_within | ends_within)


def in_tokens(corpus: Corpus, words: Sequence[str], nested: str = "longest") -> np.ndarray:
    """Return how often each word (columns) stands among the tokens, by words of the vocabulary (rows), as pairs.

    With longest a token counts where it is the word, or is a phrase that is none of `words` and the cutter makes
    it some of them. With each also words that stand within other words count. The pairs are
    (number in the vocabulary, number of the word), one for each time.
    """
    if nested == "longest":
        number = {unquoted(word): at for at, word in enumerate(words)}
        known, cutter = frozenset(phrases()), str(corpus.made["cutter"])
        pairs = []
        for at, token in enumerate(corpus.vocabulary):
            if token in number:
                pairs.append((at, number[token]))
            elif token in known:
                pairs += [(at, number[part]) for part in dict.fromkeys(parts(token, cutter)) if part in number]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)
    joined = _GAP.join(corpus.vocabulary)
    ends = np.cumsum([len(token) + len(_GAP) for token in corpus.vocabulary])
    found = find(finder(tuple(words), True), joined)
    return np.column_stack([np.searchsorted(ends, found[:, 1], "right"), found[:, 0]])


def _sentences(
    names: list[str],
    texts: Mapping[str, str],
    bases: np.ndarray,
    reports: pd.DataFrame | None,
    sections: pd.DataFrame | None,
) -> pd.DataFrame:
    years = {} if reports is None else dict(zip(reports["report"], reports["year"], strict=True))
    parts = {} if sections is None else {str(name): rows for name, rows in sections.groupby("report")}
    rows: list[tuple[int, int, int, int, bool]] = []
    before = 0
    for at, (name, base) in enumerate(zip(names, bases.tolist(), strict=True)):
        own = _parts(parts.get(name), len(texts[name]))
        year = years.get(name)
        found = sentences_of(texts[name], own, None if year is None or pd.isna(year) else int(year))
        rows += [(at, one.start + base, one.end + base, one.section + before, one.planned) for one in found]
        before += max(part.section for part in own) + 1
    columns = {"report": "int64", "start": "int64", "end": "int64", "section": "int64", "planned": "bool"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _parts(rows: pd.DataFrame | None, length: int) -> list[Section]:
    if rows is None or rows.empty:
        return [Section(0, "", 0, 0, length, "", False)]
    fields = ["section", "heading", "level", "start", "end", "domain", "planned"]
    return [Section(*row) for row in rows.sort_values("section")[fields].itertuples(index=False, name=None)]


def _numbered(cuts: list[Cut], bases: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Number the tokens by their vocabulary, in the order in which its words are met."""
    words = dict.fromkeys(chain.from_iterable(dict.fromkeys(one.tokens) for one in cuts))
    numbers = dict(zip(words, range(len(words)), strict=True))
    size = sum(len(one.tokens) for one in cuts)
    every = chain.from_iterable(one.tokens for one in cuts)
    tokens = np.fromiter(map(numbers.__getitem__, every), dtype=np.int32, count=size)
    starts = [np.array(one.starts, dtype=np.int64) + base for one, base in zip(cuts, bases, strict=True)]
    return list(numbers), tokens, np.concatenate(starts)


def distinct(numbers: np.ndarray) -> np.ndarray:
    """Return the different numbers, sorted: by sorting, which takes a fiftieth of the time of the hashes of `numpy.unique`.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    numbers = np.sort(numbers)
    return numbers[np.concatenate([np.ones(min(len(numbers), 1), dtype=bool), numbers[1:] != numbers[:-1]])]


def within(places: np.ndarray, sentences: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which places stand in a sentence, and in which."""
    if sentences.empty:
        return np.zeros(len(places), dtype=bool), np.zeros(len(places), dtype=np.int64)
    where = np.searchsorted(sentences["start"].to_numpy(), places, "right") - 1
    return (where >= 0) & (places < sentences["end"].to_numpy()[where]), where


def _filled(text: str, sentences: pd.DataFrame) -> np.ndarray:
    """Return the characters of each sentence that are no blanks."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    filled = np.concatenate([[0], np.cumsum(~np.isin(points, _BLANKS))])
    return filled[sentences["end"].to_numpy()] - filled[sentences["start"].to_numpy()]
