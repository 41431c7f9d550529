"""A TrueType subset of the house font, for PDF files.

In: the characters of a figure. Out: a font file with just these. The font of the package has PostScript outlines, which
matplotlib embeds as if they were TrueType: some readers, Acrobat among them, then refuse the text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pylopdf_fonts_zh_cn
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font
from fontTools.ttLib import TTFont, newTable
from matplotlib.figure import Figure
from matplotlib.text import Text

_ERROR = 0.5  # thousandths of an em by which a curve may move
_MAXP = ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements")


@contextmanager
def truetype(figure: Figure) -> Iterator[None]:
    """Let all texts of a figure use a TrueType subset of the font while a PDF is written."""
    texts = figure.findobj(Text)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "subset.ttf"
        _subset({ord(letter) for text in texts for letter in text.get_text()}).save(file)
        try:
            for text in texts:
                text.get_fontproperties().set_file(str(file))
            yield
        finally:
            for text in texts:
                text.get_fontproperties().set_file(None)


def _subset(characters: set[int]) -> TTFont:
    options = Options(layout_features=[], notdef_outline=True, hinting=False)
    font = load_font(str(pylopdf_fonts_zh_cn.sans_path()), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(characters | {ord(" ")}))
    subsetter.subset(font)
    return _outlined(font)


def _outlined(font: TTFont) -> TTFont:
    """Replace PostScript outlines by TrueType ones."""
    order, shapes = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(shapes)
        shapes[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font.recalcBBoxes = True  # on saving, which also fills in what maxp counts
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name in order:
        glyphs[name].recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyphs[name], "xMin", 0))
    font["maxp"].tableVersion = 0x00010000
    for field in (*_MAXP, "maxSizeOfInstructions"):
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
    return font
