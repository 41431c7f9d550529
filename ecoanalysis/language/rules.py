"""The counting rules of published papers.

In: ``knowledge/attention_rules.toml``. Out: `Rule` records; an entry that contradicts itself raises `CatalogueError`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from ecoanalysis.errors import CatalogueError
from ecoanalysis.knowledge import tables
from ecoanalysis.language.words import NESTED, theme

MATCHES = ("text", "tokens")
COUNTS = ("occurrences", "characters", "sentences", "sentence_characters")
TOTALS = ("tokens", "characters", "sentences", "none")
_ALLOWED = {"match": MATCHES, "nested": NESTED, "count": COUNTS, "of": TOTALS}
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
