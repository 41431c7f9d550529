"""Load the word lists: themes, phrases, the user dictionary and the stop words.

In: the text files of ``knowledge/words``. Out: `Theme` records and tuples of words. A list that is empty, that repeats a
word, or that claims a word of another list without saying so is refused with `CatalogueError`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from ecoanalysis.errors import CatalogueError, RequestError, nearest
from ecoanalysis.knowledge import tables

THEMES = (
    *("air", "water", "soil_waste", "noise", "enforcement", "inspections", "approvals"),
    *("party_organisation", "party_discipline", "slogans", "modals", "superlatives"),
)
WORK = THEMES[:7]
PARTY = ("party_organisation", "party_discipline")
NESTED = ("longest", "each")
PHRASE = 4  # characters: a theme word so long is matched before cutting, a shorter one only told to the cutter
_HEADER = re.compile(r"#\s*(zh|en|source|version|nested|shares|classes):\s*(.*)")
_NEEDED = ("zh", "en", "source", "version", "nested")


@dataclass(frozen=True, slots=True)
class Theme:
    """A list of words. `nested`: a word inside a longer listed word counts as the longer only (longest), or as both (each).

    `classes` gives the class of each word in a list that has classes (hard and soft modals).
    """

    id: str
    zh: str
    en: str
    source: str
    version: str
    nested: str
    words: tuple[str, ...]
    shares: frozenset[str] = frozenset()
    classes: dict[str, str] = field(default_factory=dict)


def read_theme(name: str, text: str) -> Theme:
    """Read one theme's file: header lines, then a word a line, with its class after a blank where the list has classes.

    >>> lines = ["# zh: 噪声", "# en: Noise", "# source: own", "# version: 1", "# nested: longest", "噪声", "声环境"]
    >>> read_theme("noise", chr(10).join(lines)).words
    ('噪声', '声环境')
    >>> read_theme("noise", chr(10).join([*lines, "噪声"]))
    Traceback (most recent call last):
    ecoanalysis.errors.CatalogueError: words/themes/noise.txt: '噪声' stands there twice; remove one
    """
    header = {match[1]: match[2].strip() for line in text.splitlines() if (match := _HEADER.match(line))}
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if missing := [key for key in _NEEDED if not header.get(key)]:
        raise _refusal(name, f"no line `# {missing[0]}: ...` in its header; add one")
    if header["nested"] not in NESTED:
        raise _refusal(name, f"nested is {header['nested']!r}; write one of {' and '.join(NESTED)}")
    if not lines:
        raise _refusal(name, "holds no word; add some, or remove the file")
    words = [line[0] for line in lines]
    if twice := next((word for at, word in enumerate(words) if word in words[:at]), None):
        raise _refusal(name, f"{twice!r} stands there twice; remove one")
    known = [one.strip() for one in header.get("classes", "").split(",") if one.strip()]
    for line in lines:
        if (known and line[1:] not in [[one] for one in known]) or (not known and len(line) > 1):
            must = f" and one of {known}" if known else ""
            raise _refusal(name, f"the line {' '.join(line)!r} must be a word{must}")
    shares = frozenset(header.get("shares", "").replace(",", " ").split())
    classes = {line[0]: line[1] for line in lines} if known else {}
    about = {key: header[key] for key in _NEEDED}
    return Theme(id=name, words=tuple(words), shares=shares, classes=classes, **about)


def check_themes(themes: Iterable[Theme]) -> dict[str, Theme]:
    """Return the themes by their ids, or refuse a word that two of them claim and neither shares with the other."""
    found: dict[str, Theme] = {}
    owner: dict[str, Theme] = {}
    for theme in themes:
        for word in theme.words:
            other = owner.setdefault(word, theme)
            if other is not theme and other.id not in theme.shares and theme.id not in other.shares:
                where = f"{word!r} is in {other.id} too; remove it from one, or write `# shares: {other.id}`"
                raise _refusal(theme.id, where)
        found[theme.id] = theme
    return found


def _refusal(name: str, why: str) -> CatalogueError:
    return CatalogueError(f"words/themes/{name}.txt: {why}")


@cache
def themes() -> dict[str, Theme]:
    """Return the themes of this package by their ids.

    >>> themes()["air"].en, "细颗粒物" in themes()["air"].words, themes()["modals"].classes["力争"]
    ('Air', True, 'soft')
    """
    return check_themes(read_theme(name, tables.text(f"words/themes/{name}.txt")) for name in THEMES)


def theme(name: str) -> Theme:
    """Return one theme; another name raises `RequestError`.

    >>> theme("waters")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: No theme named 'waters'. Nearest: water, soil_waste. The themes are air, water, \
soil_waste, noise, enforcement, inspections, approvals, party_organisation, party_discipline, slogans, modals, superlatives.
    """
    if name not in themes():
        near = nearest(name, THEMES) or "none"
        raise RequestError(f"No theme named {name!r}. Nearest: {near}. The themes are {', '.join(THEMES)}.")
    return themes()[name]


@cache
def theme_words() -> tuple[str, ...]:
    """Return the words of all themes, sorted."""
    return tuple(sorted({word for one in themes().values() for word in one.words}))


@cache
def phrases() -> tuple[str, ...]:
    """Return what is matched before cutting: the phrases, and the longer words of the themes, without quotation marks."""
    own = [unquoted(word) for word in tables.words("words/phrases.txt")]
    long = [unquoted(word) for one in themes().values() for word in one.words if len(word) >= PHRASE]
    return tuple(sorted({*own, *long}))


@cache
def dictionary() -> tuple[str, ...]:
    """Return the words that the cutter is told of: the user dictionary, and the shorter words of the themes.

    Words of Latin letters are left to it: told of COD, jieba cuts CODEX in two.
    """
    short = [word for word in theme_words() if 1 < len(word) < PHRASE and not word.isascii()]
    return tuple(sorted({*tables.words("words/dictionary.txt"), *short}))


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing of what a text is about.

    >>> "的" in stop_words(), "臭氧" in stop_words()
    (True, False)
    """
    return frozenset(tables.words("words/stop-words.txt"))


QUOTES = "“”\"‘’「」『』＂'"
_UNQUOTED = {ord(mark): None for mark in QUOTES}


def unquoted(text: str) -> str:
    """Return a text without its quotation marks.

    >>> unquoted("“四强”党支部")
    '四强党支部'
    """
    return text.translate(_UNQUOTED)
