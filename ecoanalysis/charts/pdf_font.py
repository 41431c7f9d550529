"""A TrueType subset of the house font, for PDF files.

In: the characters of a figure. Out: a font file with just these. The font of the package has PostScript outlines, which
matplotlib embeds as if they were TrueType: some readers, Acrobat among them, then refuse the text. Characters that the
knowledge of the package holds are converted once an installation and kept in matplotlib's folder for caches.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
import numpy as np
import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from matplotlib.figure import Figure
from matplotlib.text import Text

from ecoanalysis import knowledge

_ERROR = 0.5  # thousandths of an em by which a curve may move
_MISSING = ".notdef"


@contextmanager
def truetype(figure: Figure) -> Iterator[None]:
    """Let all texts of a figure use a TrueType subset of the font while a PDF is written."""
    texts = figure.findobj(Text)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "subset.ttf"
        subset({ord(letter) for text in texts for letter in text.get_text()}).save(file)
        try:
            for text in texts:
                text.get_fontproperties().set_file(str(file))
            yield
        finally:
            for text in texts:
                text.get_fontproperties().set_file(None)


def subset(characters: set[int]) -> TTFont:
    """Return a TrueType font of some code points of the house font; those that it lacks are left out."""
    source, known = _source(), _characters()
    mapped = {code: known[code] for code in sorted(characters | {ord(" ")}) if code in known}
    names = [_MISSING, *sorted(set(mapped.values()) - {_MISSING})]
    builder = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    builder.font.recalcTimestamp = False  # same characters, same bytes
    builder.font["head"].created = builder.font["head"].modified = source["head"].modified
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(mapped)
    builder.font["loca"], builder.font["glyf"] = newTable("loca"), newTable("glyf")  # setupGlyf takes no compiled ones
    glyf = builder.font["glyf"]
    glyf.glyphOrder, glyf.glyphs = names, {name: Glyph(_outlined(name)) for name in names}
    lefts = {name: getattr(glyf[name], "xMin", 0) for name in names}
    builder.setupHorizontalMetrics({name: (source["hmtx"].metrics[name][0], lefts[name]) for name in names})
    builder.setupHorizontalHeader(ascent=source["hhea"].ascent, descent=source["hhea"].descent)
    builder.setupMaxp()
    family = source["name"].getBestFamilyName()
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupPost(keepGlyphNames=False)
    builder.font["OS/2"] = deepcopy(source["OS/2"])  # its metrics, and that it may be embedded
    return builder.font


@cache
def _source() -> TTFont:
    return TTFont(_file(), lazy=True)


if hasattr(os, "register_at_fork"):  # a fork reads from the same place of an open file: two at once would read nonsense
    os.register_at_fork(after_in_child=_source.cache_clear)


def _file() -> str:
    return str(pylopdf_fonts_zh_cn.sans_path())


@cache
def _characters() -> dict[int, str]:
    return _source().getBestCmap()


def _outlined(name: str) -> bytes:
    """Return the table of a glyph with TrueType outlines in place of its PostScript ones."""
    kept = prepared()
    if name not in kept:
        kept[name] = _converted(name)
    return kept[name]


def _converted(name: str) -> bytes:
    shapes = _source().getGlyphSet()
    pen = TTGlyphPen(shapes)
    shapes[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
    glyph = pen.glyph()
    glyph.recalcBounds(None)
    return glyph.compile(None, recalcBBoxes=False)


@cache
def prepared() -> dict[str, bytes]:
    """Return the converted glyphs of all characters of the knowledge, by name; made once an installation, in a second or two."""
    names = sorted({_characters()[code] for code in _knowledge() if code in _characters()})
    told = f"{Path(_file()).stat().st_size} {_ERROR} {mpl.__version__} {' '.join(names)}"
    file = Path(mpl.get_cachedir()) / f"ecoanalysis-{hashlib.sha256(told.encode()).hexdigest()[:16]}.npz"
    with suppress(OSError, ValueError, KeyError), np.load(file, allow_pickle=False) as kept:
        whole, cuts = kept["data"].tobytes(), [0, *kept["ends"]]
        return {name: whole[start:end] for name, (start, end) in zip(names, pairwise(cuts), strict=True)}
    tables = [_converted(name) for name in names]
    ends = np.cumsum([len(table) for table in tables])
    with suppress(OSError):  # where nothing can be kept, it is made again the next time
        draft = file.with_suffix(f".{os.getpid()}.npz")
        np.savez(draft, ends=ends, data=np.frombuffer(b"".join(tables), np.uint8))
        os.replace(draft, file)
    return dict(zip(names, tables, strict=True))


def _knowledge() -> set[int]:
    files = (file for file in Path(knowledge.__file__).parent.rglob("*") if file.suffix in (".toml", ".csv", ".txt"))
    return {ord(letter) for file in files for letter in file.read_text(encoding="utf-8")}
