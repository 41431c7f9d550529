"""Turn the bytes of a file into text, whatever Chinese encoding they are in.

In: bytes. Out: a `Decoded` with the text (lines ended by one newline), the name of the encoding, and how many bytes
made no sense and stand as U+FFFD. One bad byte or a cut tail never spoils the rest.
"""

import codecs
from contextlib import suppress
from dataclasses import dataclass

from charset_normalizer import from_bytes

from ecoanalysis.errors import ReadingError
from ecoanalysis.knowledge.tables import words

BAD = "\ufffd"
_SAMPLE = 65536
_LEGACY = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and the number of places where bytes made no sense."""

    text: str
    encoding: str
    bad: int


def decode(data: bytes) -> Decoded:
    """Decode a file's bytes; ReadingError `binary` where they are no text.

    >>> decode("污染".encode("gb18030"))
    Decoded(text='污染', encoding='gb18030', bad=0)
    """
    encoding = encoding_of(data)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text.rstrip(BAD), encoding.removesuffix("-sig"), text.count(BAD))


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text's bytes, or of its first ones; ReadingError `binary` where they are no text."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        # Without a mark, UTF-16 shows by the zero bytes of its newlines and digits; anything else with zeros is binary.
        if best := _commonest(sample, _LEGACY[2:], True):
            return best
        raise ReadingError("binary", "is no text: it holds zero bytes. Save it as text.")
    if _is_utf8(data):
        return "utf-8"
    if best := _commonest(sample, _LEGACY, False):
        return best
    guess = from_bytes(sample).best()
    if guess is None or _printable(str(guess)) < 0.9:
        raise ReadingError("binary", "is no text, or in an encoding that is not known. Save it as UTF-8.")
    return guess.encoding


def _is_utf8(data: bytes) -> bool:
    """UTF-8 that holds a few bad bytes is still UTF-8: other encodings break at nearly every character."""
    with suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return True
    text = data.decode("utf-8", errors="replace")[:_SAMPLE]
    return text.count(BAD) * 5 < sum("\u0080" <= char != BAD for char in text)


def _commonest(sample: bytes, encodings: tuple[str, ...], plain: bool) -> str | None:
    """The encoding that gives most common characters, if enough of them."""
    scores = {name: _share(sample.decode(name, errors="replace"), plain) for name in encodings}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= 0.2 else None


def _printable(text: str) -> float:
    """The share of characters that people type: letters of any script and plain ASCII."""
    return sum(char.isalpha() or " " <= char <= "~" or char.isspace() for char in text) / max(len(text), 1)


def _share(text: str, plain: bool) -> float:
    """The share of common Chinese characters among those beyond ASCII; with `plain`, of them and ASCII in all."""
    common = set(words("words/common-characters.txt")[0])
    judged = [char for char in text if plain or char > "\u007f"]
    good = sum(char in common or " " <= char <= "~" or char == "\n" for char in judged)
    return good / len(judged) if judged else 0.0
