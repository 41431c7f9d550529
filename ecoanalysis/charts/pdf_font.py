"""A TrueType subset of the house font, for PDF files.

In: the characters of a figure. Out: a font file with just these. The font of the package has PostScript outlines, which
matplotlib embeds as if they were TrueType: some readers, Acrobat among them, then refuse the text.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from matplotlib.figure import Figure
from matplotlib.text import Text

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
    source, known = _source(), _source().getBestCmap()
    mapped = {code: known[code] for code in sorted(characters | {ord(" ")}) if code in known}
    names = [_MISSING, *sorted(set(mapped.values()) - {_MISSING})]
    builder = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    builder.font.recalcTimestamp = False  # same characters, same bytes
    builder.font["head"].created = builder.font["head"].modified = source["head"].modified
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(mapped)
    builder.setupGlyf({name: _outlined(name) for name in names})
    lefts = {name: getattr(builder.font["glyf"][name], "xMin", 0) for name in names}
    builder.setupHorizontalMetrics({name: (source["hmtx"].metrics[name][0], lefts[name]) for name in names})
    builder.setupHorizontalHeader(ascent=source["hhea"].ascent, descent=source["hhea"].descent)
    builder.setupMaxp()
    family = source["name"].getBestFamilyName()
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupPost(keepGlyphNames=False)
    builder.font["OS/2"] = deepcopy(source["OS/2"])  # its metrics, and that it may be embedded
    return builder.font


@cache
def _outlined(name: str) -> Glyph:
    """Return a glyph with TrueType outlines in place of its PostScript ones."""
    shapes = _source().getGlyphSet()
    pen = TTGlyphPen(shapes)
    shapes[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
    return pen.glyph()


@cache
def _source() -> TTFont:
    return TTFont(str(pylopdf_fonts_zh_cn.sans_path()), lazy=True)


if hasattr(os, "register_at_fork"):  # a fork reads from the same place of an open file: two at once would read nonsense
    os.register_at_fork(after_in_child=_source.cache_clear)
