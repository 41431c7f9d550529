"""The phrases of findings, charts and pages, a file a language: `wording/zh.toml`, `wording/en.toml`.

In: a code, such as finding.ranking, and a language. Out: the phrase, its braces unfilled; `wording` fills them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Any

from ecoanalysis.errors import CatalogueError, RequestError, nearest
from ecoanalysis.knowledge.tables import text

LANGUAGES = ("zh", "en")


def phrase(code: str, language: str = "zh") -> str:
    """Return the phrase of a code; a language that is none raises `RequestError`, an unknown code `CatalogueError`.

    >>> phrase("finding.withheld"), phrase("finding.withheld", "en")
    ('{count}个未公开', '{count} withheld')
    """
    known = phrases()[check_language(language)]
    if code not in known:
        raise CatalogueError(
            f"no phrase {code!r} in wording/{language}.toml. Nearest: {nearest(code, known) or 'none'}"
        )
    return known[code]


def domain_name(domain: str, language: str = "zh") -> str:
    """Return the name of a domain of metrics; one that a project made for itself is called by its id.

    >>> domain_name("air", "en"), domain_name("my", "en")
    ('Air', 'my')
    """
    return phrases()[check_language(language)].get(f"domain.{domain}", domain)


def check_language(language: str) -> str:
    """Return `language`, or raise `RequestError` where it is none that there are phrases in.

    >>> check_language("english")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: no labels in 'english'. Nearest: en; the languages are zh and en
    """
    if language not in LANGUAGES:
        near = nearest(language, LANGUAGES) or language[:2].lower()
        near = near if near in LANGUAGES else "zh"
        raise RequestError(f"no labels in {language!r}. Nearest: {near}; the languages are zh and en")
    return language


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Return the phrases by language and code."""
    return checked({language: tomllib.loads(text(f"wording/{language}.toml")) for language in LANGUAGES})


def checked(files: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the phrases of some files by language and code, having looked that all have the same codes, and no brace that the first lacks.

    >>> checked({"zh": {"a": {"b": "{n}个"}}, "en": {"a": {"b": "{count} of them"}}})
    Traceback (most recent call last):
    ecoanalysis.errors.CatalogueError: wording/en.toml, a.b: nothing fills count; see zh.toml
    """
    found = {language: dict(_flat(file)) for language, file in files.items()}
    first, *others = found
    for language in others:
        if unlike := sorted(found[first].keys() ^ found[language].keys()):
            lacks = language if unlike[0] in found[first] else first
            raise CatalogueError(
                f"wording/{lacks}.toml has no {unlike[0]}, which another language has; write it there too"
            )
        for code, said in found[language].items():
            if strange := sorted(fields(said) - fields(found[first][code])):
                raise CatalogueError(f"wording/{language}.toml, {code}: nothing fills {strange[0]}; see {first}.toml")
    return found


def fields(said: str) -> set[str]:
    """Return the names in the braces of a phrase.

    >>> sorted(fields("{city:place} since {day.year}"))
    ['city', 'day']
    """
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(said) if name}


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
