"""Substance against phrases: figures and slogans, party building and operations in one sentence, modals, superlatives.

In: a `Corpus`, and the table `quantities`. Out: a row a report for each statistic, and the sentences behind it with their
offsets in the report's text.
"""

import numpy as np
import pandas as pd

from ecoanalysis.extracting.quantities import NOT_QUANTITIES
from ecoanalysis.language.attention import by_report
from ecoanalysis.language.bootstrap import DRAWS, SEED, intervals
from ecoanalysis.language.corpus import Corpus, Hits, within
from ecoanalysis.language.words import PARTY, WORK, theme_words, themes

PER = 1000  # characters that densities are for
NOT_VERIFIABLE = NOT_QUANTITIES | {"masked", "vague"}  # withheld, or so loose (数十家) that nothing can be checked


def density(corpus: Corpus, quantities: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Return how many verifiable quantities and how many slogans each report has per 1,000 characters without blanks.

    Columns: report, characters, quantities, quantities_per_1000 with quantities_low and quantities_high, slogans,
    slogans_per_1000 with slogans_low and slogans_high (95% percentile intervals over sentences), quantities_per_slogan
    (empty where there is no slogan), damaged, damaged_zh, damaged_en. Dates, ordinals, headings and names are no
    quantities, withheld and vague ones cannot be verified.
    """
    _, sentence = _verifiable(corpus, quantities)
    size = len(corpus.sentences)
    above = np.column_stack(
        [np.bincount(one, minlength=size) for one in (sentence, _listed(corpus, "slogans").sentence)]
    )
    below = corpus.sentences[["characters"]].to_numpy()
    low, high = intervals(corpus, above, below, [0, 0], draws, seed)
    count, characters = by_report(corpus, above), by_report(corpus, below)
    rate = np.divide(count, characters, out=np.zeros_like(count), where=characters > 0)
    table = pd.DataFrame({"report": corpus.reports, "characters": characters[:, 0].astype(np.int64)})
    for at, name in enumerate(("quantities", "slogans")):
        table[name] = count[:, at].astype(np.int64)
        table[f"{name}_per_{PER}"] = rate[:, at] * PER
        table[f"{name}_low"], table[f"{name}_high"] = low[:, at] * PER, high[:, at] * PER
    table["quantities_per_slogan"] = table["quantities"] / table["slogans"].where(table["slogans"] > 0)
    return _made(pd.concat([table, corpus.damaged], axis=1), corpus, "density", draws=draws, seed=seed)


def together(corpus: Corpus, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
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
    low, high = intervals(corpus, above[:, :1], below, [0], draws, seed)
    count, of = by_report(corpus, above), by_report(corpus, below)[:, 0]
    table = pd.DataFrame(
        {
            "report": corpus.reports,
            "count": count[:, 0].astype(np.int64),
            "party": count[:, 1].astype(np.int64),
            "sentences": of.astype(np.int64),
            "share": np.divide(count[:, 0], of, out=np.zeros_like(of), where=of > 0),
            "low": low[:, 0],
            "high": high[:, 0],
        }
    )
    return _made(pd.concat([table, corpus.damaged], axis=1), corpus, "together", draws=draws, seed=seed)


def together_sentences(corpus: Corpus) -> pd.DataFrame:
    """Return the sentences that `together` counts: report, start, end, quote."""
    kept = np.flatnonzero(_spoken(corpus, PARTY) & _spoken(corpus, WORK))
    own = corpus.sentences.iloc[kept]
    table = _quoted(corpus, own["report"].to_numpy(), own["start"].to_numpy(), own["end"].to_numpy())
    return _made(table, corpus, "together")


def modality(corpus: Corpus) -> pd.DataFrame:
    """Return how often each report uses each modal of targets.

    Columns: report, modal, strength (hard: 确保; soft: 力争), count, planned (those in sentences that speak of what is
    planned), per_1000 characters. Modals that a report does not use have no row.
    """
    words = themes()["modals"].words
    found = _listed(corpus, "modals")
    own = corpus.sentences
    rows = pd.DataFrame(
        {
            "report": np.array(corpus.reports, dtype=object)[own["report"].to_numpy()[found.sentence]],
            "modal": np.array(words, dtype=object)[found.word],
            "planned": own["planned"].to_numpy()[found.sentence],
        }
    )
    table = rows.groupby(["report", "modal"])["planned"].agg(count="size", planned="sum").reset_index()
    table.insert(2, "strength", table["modal"].map(themes()["modals"].classes).astype(object))
    characters = dict(zip(corpus.reports, by_report(corpus, own[["characters"]].to_numpy())[:, 0], strict=True))
    table["per_1000"] = table["count"] / table["report"].map(characters).astype(float) * PER
    order = table.sort_values(["report", "count", "modal"], ascending=[True, False, True])
    return _made(order.reset_index(drop=True), corpus, "modality")


def superlatives(corpus: Corpus, quantities: pd.DataFrame) -> pd.DataFrame:
    """Return each superlative and whether its sentence carries a number.

    Columns: report, start, end, quote (the superlative); sentence_start, sentence_end, sentence; numbered (a verifiable
    quantity stands in the sentence, other than the rank that the superlative itself is).
    """
    found = _listed(corpus, "superlatives")
    places, sentence = _verifiable(corpus, quantities)
    table = _with_sentences(corpus, found)
    total = np.bincount(sentence, minlength=len(corpus.sentences))[found.sentence]
    # 全省第一 is read as a rank as well: it does not back itself.
    starts, ends = np.sort(places[:, 0]), np.sort(places[:, 1])
    inside = np.searchsorted(starts, found.end, "left") - np.searchsorted(ends, found.start, "right")
    table["numbered"] = total > inside
    return _made(table, corpus, "superlatives")


def slogans(corpus: Corpus) -> pd.DataFrame:
    """Return each slogan that `density` counts: report, start, end, quote; sentence_start, sentence_end, sentence."""
    return _made(_with_sentences(corpus, _listed(corpus, "slogans")), corpus, "slogans")


def bare_superlatives(table: pd.DataFrame) -> pd.DataFrame:
    """Return of the rows of `superlatives` how many each report has, and how many carry no number (bare)."""
    grouped = table.groupby("report")["numbered"].agg(count="size", numbered="sum").reset_index()
    grouped["bare"] = grouped["count"] - grouped["numbered"]
    grouped.attrs["made"] = table.attrs.get("made", {})
    return grouped


def _with_sentences(corpus: Corpus, found: Hits) -> pd.DataFrame:
    """Return what was found with the sentences that it stands in."""
    own = corpus.sentences
    report = own["report"].to_numpy()[found.sentence]
    table = _quoted(corpus, report, found.start, found.end)
    first, last = own["start"].to_numpy()[found.sentence], own["end"].to_numpy()[found.sentence]
    base = corpus.bases[report]
    table["sentence_start"], table["sentence_end"] = first - base, last - base
    table["sentence"] = [corpus.text[low:high] for low, high in zip(first, last, strict=True)]
    return table


def _listed(corpus: Corpus, name: str) -> Hits:
    """Return where the words of one theme stand, but not inside a longer word of another theme."""
    words = themes()[name].words
    number = np.full(len(theme_words()), -1)
    number[np.searchsorted(theme_words(), words)] = np.arange(len(words))
    found = corpus.found[themes()[name].nested]
    own = number[found.word] >= 0
    return Hits(number[found.word[own]], found.start[own], found.end[own], found.sentence[own])


def _spoken(corpus: Corpus, names: tuple[str, ...]) -> np.ndarray:
    """Return which sentences hold a word of these themes."""
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


def _made(table: pd.DataFrame, corpus: Corpus, rule: str, **more: object) -> pd.DataFrame:
    about = {"note": f"language.note.{rule}", "interval": "bootstrap" if more else "none"}
    table.attrs["made"] = corpus.made | about | more
    return table
