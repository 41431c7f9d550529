"""The attention to the environment under the counting rules of several papers, side by side.

In: ``knowledge/attention_rules.toml``, whose entries become `Rule` records (one that contradicts itself raises
`CatalogueError`), and a `Corpus`. Out: a value for every report and rule, with its interval and its rank; and how far
ranks move with the rule.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.errors import CatalogueError
from ecoanalysis.knowledge import tables
from ecoanalysis.language.attention import among_tokens, by_report, in_text
from ecoanalysis.language.bootstrap import HOW, intervals
from ecoanalysis.language.corpus import Corpus, hits, marked
from ecoanalysis.language.words import NESTED, theme, theme_words, themes

_TOTALS = {"tokens": 0, "characters": 1, "sentences": 2, "none": 2}  # and the column that each is counted in
_ALLOWED = {
    "match": ("text", "tokens"),
    "nested": NESTED,
    "count": ("occurrences", "characters", "sentences", "sentence_characters"),
    "of": tuple(_TOTALS),
}
_TEXTS = ("id", "authors", "authors_en", "title", "journal", "known", "known_zh")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one paper counts; the file says what each field means."""

    id: str
    authors: str
    authors_en: str
    title: str
    journal: str
    year: int
    words: tuple[str, ...]
    themes: tuple[str, ...]
    match: str
    nested: str
    count: str
    of: str
    known: str
    known_zh: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of the file.

    >>> [rule.id for rule in rules()][:2]
    ['chen_chen_2018', 'chen_kahn_liu_wang_2018']
    """
    return read_rules(tables.text("attention_rules.toml"))


def read_rules(text: str) -> tuple[Rule, ...]:
    """Read the rules of a TOML file's text."""
    found = tuple(_rule(entry) for entry in tomllib.loads(text).get("rule", []))
    names = [rule.id for rule in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise CatalogueError(f"attention_rules.toml: two rules are called {twice!r}; rename one")
    return found


def _rule(entry: dict[str, Any]) -> Rule:
    name = entry.get("id", "without an id")
    for key in (*_TEXTS, "year", *_ALLOWED):
        if key not in entry:
            raise CatalogueError(f"attention_rules.toml, rule {name}: no {key}; add it")
    for key, allowed in _ALLOWED.items():
        if entry[key] not in allowed:
            raise CatalogueError(f"attention_rules.toml, rule {name}: {key} is none of {', '.join(allowed)}")
    if ("words" in entry) == ("themes" in entry):
        raise CatalogueError(f"attention_rules.toml, rule {name}: give either words or themes")
    if entry["match"] == "tokens" and entry["count"] == "characters":
        raise CatalogueError(f"attention_rules.toml, rule {name}: characters are counted in the text; set match so")
    themes = tuple(theme(one).id for one in entry.get("themes", ()))
    about = {key: entry[key] for key in (*_TEXTS, "year", *_ALLOWED)}
    return Rule(words=tuple(dict.fromkeys(entry.get("words", ()))), themes=themes, **about)


def index(corpus: Corpus, which: Sequence[Rule] | None = None) -> pd.DataFrame:
    """Return the attention of each report under each rule, by default those of `rules()`.

    Columns: report, rule; authors, authors_en, year; count, of (empty for a rule without a total) and value = count /
    of, or the bare count; low and high, the 95% percentile interval over sentences; rank, 1 for the highest value of
    the rule, ties sharing the better rank; damaged, damaged_zh, damaged_en.
    """
    chosen = tuple(which or rules())
    above = np.column_stack([_above(corpus, rule) for rule in chosen])
    own = corpus.sentences
    below = np.column_stack([own["words"], own["characters"], np.ones(len(own))])
    of = [_TOTALS[rule.of] for rule in chosen]
    low, high = intervals(corpus, above, below, of)
    count, total = by_report(corpus, above), by_report(corpus, below)[:, of]
    # A bare count is drawn as its mean a sentence, and multiplied by the sentences again.
    scale = np.where([rule.of == "none" for rule in chosen], total, 1.0)
    value = np.divide(count, total, out=np.zeros_like(count), where=total > 0) * scale
    parts = []
    for at, rule in enumerate(chosen):
        about = {name: getattr(rule, name) for name in ("authors", "authors_en", "year")}
        part = pd.DataFrame({"report": corpus.reports, "rule": rule.id, **about, "count": count[:, at]})
        part["of"] = np.nan if rule.of == "none" else total[:, at]
        part["value"], part["low"], part["high"] = value[:, at], (low * scale)[:, at], (high * scale)[:, at]
        part["rank"] = part["value"].round(12).rank(method="min", ascending=False).astype(int)
        parts.append(pd.concat([part, corpus.damaged], axis=1))
    table = pd.concat(parts, ignore_index=True)
    return marked(table, corpus, "index", "bootstrap", rules=len(chosen), **HOW)


def ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Return the ranks of an `index`: a row a report, a column a rule, then the best and worst rank and their distance.

    Reports whose rank moves farthest stand first.

    >>> table = pd.DataFrame({"report": ["a", "b", "a", "b"], "rule": ["x", "x", "y", "y"], "rank": [1, 2, 1, 1]})
    >>> ranks(table).values.tolist()
    [['b', 2, 1, 1, 2, 1], ['a', 1, 1, 1, 1, 0]]
    """
    names = list(dict.fromkeys(table["rule"]))
    wide = table.pivot(index="report", columns="rule", values="rank")[names]
    best, worst = wide.min(axis=1), wide.max(axis=1)
    wide = wide.assign(best=best, worst=worst, moves=worst - best).rename_axis(columns=None).reset_index()
    wide = wide.sort_values(["moves", "report"], ascending=[False, True], ignore_index=True)
    wide.attrs["made"] = table.attrs.get("made", {})
    return wide


def _above(corpus: Corpus, rule: Rule) -> np.ndarray:
    words = theme_words() if rule.themes else rule.words
    member = np.isin(words, [word for name in rule.themes for word in themes()[name].words] if rule.themes else words)
    column = member[:, None].astype(float)
    if rule.match == "tokens":
        held = among_tokens(corpus, words, rule.nested, column)[:, 0]
    else:
        found = corpus.found[rule.nested] if rule.themes else hits(corpus, words, rule.nested)
        counted = in_text(corpus, found, column)
        if rule.count == "characters":
            return counted["characters"][:, 0]
        held = counted["occurrences"][:, 0]
    if rule.count == "occurrences":
        return held
    return (held > 0) * (corpus.sentences["characters"].to_numpy() if rule.count == "sentence_characters" else 1)
