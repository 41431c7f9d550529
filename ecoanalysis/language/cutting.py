"""Cut texts into words: the phrases of the field first, the longest first, then the cutter.

In: a repaired text. Out: a `Cut`, whose tokens stand one after the other and together cover the text, blanks and
punctuation too. jieba is the cutter; rjieba (``pip install ecoanalysis[fast]``) may stand in.
"""

import hashlib
import importlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import accumulate, chain

import numpy as np
import pandas as pd
from ahocorasick_rs import AhoCorasick, MatchKind

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.language.words import QUOTES, dictionary, phrases, unquoted

CUTTERS = ("jieba", "rjieba")
_MARKS = np.array([ord(mark) for mark in QUOTES], dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Cut:
    """One text in words. A token starts at the code point `starts` gives, and ends where the next one starts.

    A phrase with quotation marks inside stands among the tokens without them.
    """

    tokens: list[str]
    starts: list[int]


def cut(text: str, cutter: str = "jieba") -> Cut:
    """Return a text in words. A cutter that is not known or not installed raises `RequestError`.

    >>> cut("推进“四强”党支部建设").tokens
    ['推进', '“', '四强党支部', '建设']
    >>> cut("推进“四强”党支部建设").starts
    [0, 2, 3, 9]
    """
    return _cut(text, _cutter(cutter), {})


def _cut(text: str, words: Callable[[str], list[str]], known: dict[str, str]) -> Cut:
    """Cut one text; of equal tokens the one in `known` is kept, so that a word takes its memory once."""
    pieces: list[str] = []
    named: dict[int, str] = {}
    at = 0
    for which, start, end in find(finder(phrases()), *plain(text)).tolist():
        phrase = phrases()[which]
        if start > at:
            pieces += words(text[at:start])
        if end - start != len(phrase):
            named[len(pieces)] = phrase
        pieces.append(text[start:end])
        at = end
    if at < len(text):
        pieces += words(text[at:])
    starts = [0, *accumulate(map(len, pieces))][:-1]
    for place, phrase in named.items():
        pieces[place] = phrase
    return Cut(list(map(known.setdefault, pieces, pieces)), starts)


def parts(phrase: str, cutter: str = "jieba") -> list[str]:
    """Return what the cutter alone makes of a phrase.

    >>> parts("PM2.5浓度")
    ['PM2.5', '浓度']
    """
    return _cutter(cutter)(phrase)


def cut_all(texts: pd.DataFrame, cutter: str = "jieba") -> dict[str, Cut]:
    """Return the texts of the table `texts` in words, by report, in the order of the reports' names.

    >>> list(cut_all(pd.DataFrame({"report": ["b", "a"], "text": ["水质", "空气"]})))
    ['a', 'b']
    """
    named = dict(zip(texts["report"], texts["text"], strict=True))
    words, known = _cutter(cutter), dict[str, str]()
    return {report: _cut(named[report], words, known) for report in sorted(named)}


def made_with(cutter: str = "jieba") -> dict[str, str]:
    """Return what a result depends on: the cutter, its version, its dictionary, and the phrases, by their hashes.

    >>> sorted(made_with())
    ['cutter', 'dictionary', 'phrases', 'version']
    """
    _cutter(cutter)
    inner = _hash(_jieba().get_dict_file().read()) if cutter == "jieba" else f"rjieba-{version('rjieba')}"
    return {
        "cutter": cutter,
        "version": version(cutter),
        "dictionary": f"{inner}+{_hash(chr(10).join(dictionary()).encode())}",
        "phrases": _hash("\n".join(phrases()).encode()),
    }


def is_word(token: str) -> bool:
    """Tell whether a token holds a letter or a Chinese character: numbers, blanks and punctuation are no words.

    >>> is_word("水质"), is_word("PM2.5"), is_word("22.5%"), is_word("，")
    (True, True, False, False)
    """
    return any(map(str.isalpha, token))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _cutter(name: str) -> Callable[[str], list[str]]:
    if name not in CUTTERS:
        near = nearest(name, CUTTERS) or CUTTERS[0]
        raise RequestError(f"no cutter {name!r}. Nearest: {near}; the cutters are {' and '.join(CUTTERS)}")
    return _jieba_alone if name == "jieba" else _rjieba().cut


def _jieba_alone(text: str) -> list[str]:
    """Cut with our own tokenizer. `jieba.del_word` anywhere in the process writes a set that all tokenizers look into."""
    names = importlib.import_module("jieba.finalseg")
    tokenizer = _jieba()
    others, names.Force_Split_Words = names.Force_Split_Words, set()  # type: ignore[attr-defined]
    try:
        return list(tokenizer.lcut(text))
    finally:
        names.Force_Split_Words = others  # type: ignore[attr-defined]


@cache
def _jieba():  # type: ignore[no-untyped-def]
    """Return a tokenizer of our own. Its dictionary is read here: jieba itself would keep a cache in the shared /tmp."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42 still imports pkg_resources, and has old escapes
        jieba = importlib.import_module("jieba")
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in dictionary():
        tokenizer.add_word(word)
    return tokenizer


@cache
def _rjieba():  # type: ignore[no-untyped-def]
    try:
        rjieba = importlib.import_module("rjieba")
    except ImportError:
        advice = "Install it with `pip install 'ecoanalysis[fast]'`, or leave the cutter at jieba."
        raise RequestError(f"rjieba is not installed. {advice}") from None
    tokenizer = rjieba.Jieba()
    for word in dictionary():
        tokenizer.add_word(word, None, None)
    return tokenizer


@dataclass(frozen=True, slots=True)
class Finder:
    """An automaton of words; `latin` are the numbers of those that open or end with a Latin letter or a digit."""

    automaton: AhoCorasick
    words: tuple[str, ...]
    latin: frozenset[int]
    overlapping: bool


@cache
def finder(words: tuple[str, ...], overlapping: bool = False) -> Finder:
    """Return what finds these words, the longest first, or with `overlapping` also those inside others."""
    plain_words = tuple(map(unquoted, words))
    kind = MatchKind.Standard if overlapping else MatchKind.LeftmostLongest
    latin = frozenset(at for at, word in enumerate(plain_words) if _latin(word[0]) or _latin(word[-1]))
    return Finder(AhoCorasick(plain_words, matchkind=kind), plain_words, latin, overlapping)


def find(searched: Finder, text: str, places: np.ndarray | None = None) -> np.ndarray:
    """Return where words stand in a text: rows of which word, start and end.

    `places` are those of the characters, where the text is a `plain` one. A word of Latin letters or digits must not
    stand within a longer run of them.

    >>> find(finder(("“四强”党支部", "COD")), *plain("“四强”党支部，CODcr")).tolist()
    [[0, 1, 7]]
    """
    matches = searched.automaton.find_matches_as_indexes(text, overlapping=searched.overlapping)
    if searched.latin:
        words, latin = searched.words, searched.latin
        matches = [one for one in matches if one[0] not in latin or _whole(words[one[0]], text, one[1], one[2])]
    found = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches)).reshape(-1, 3)
    if places is not None and len(found):
        found[:, 1], found[:, 2] = places[found[:, 1]], places[found[:, 2] - 1] + 1
    return found


def _whole(word: str, text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (_latin(word[0]) and _latin(before)) and not (_latin(word[-1]) and _latin(after))


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def plain(text: str) -> tuple[str, np.ndarray | None]:
    """Return a text without quotation marks, and where each of its characters stood; None where it has no marks.

    >>> plain("“四强”")[0], plain("“四强”")[1].tolist(), plain("四强")
    ('四强', [1, 2], ('四强', None))
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    places = np.flatnonzero(~np.isin(points, _MARKS))
    if len(places) == len(points):
        return text, None
    return points[places].tobytes().decode("utf-32-le", "surrogatepass"), places
