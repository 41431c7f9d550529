"""Lend PDFium a Chinese font for files that bring none.

Many PDFs name a Chinese font and do not hold it. Where the machine has none either, PDFium takes every glyph to be
empty, and a text of one character (a cell with a 3 in it) is lost. In: nothing. Out: `lend`, after which the fonts of
the machine are still asked first.
"""

import ctypes
from functools import cache
from typing import Any

import pylopdf_fonts_zh_cn
from pypdfium2 import PdfSysfontBase, raw

_CHINESE = {raw.FXFONT_GB2312_CHARSET, raw.FXFONT_CHINESEBIG5_CHARSET}
_LENT = 0x5A48  # a handle of ours, which PDFium only hands back
_WHOLE = 0  # the table that stands for the whole file


class _WithChinese(PdfSysfontBase):
    """The machine's fonts, and Noto Sans SC where a Chinese font is wanted that they lack."""

    def __init__(self) -> None:
        super().__init__()
        self._data = pylopdf_fonts_zh_cn.sans_path().read_bytes()

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:
        found = super().MapFont(_, weight, italic, charset, pitch, face, exact)
        return _LENT if not found and charset in _CHINESE else found

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != _LENT:
            return super().GetFontData(_, font, table, buffer, size)
        if table != _WHOLE:
            return 0
        if buffer and size >= len(self._data):
            ctypes.memmove(buffer, self._data, len(self._data))
        return len(self._data)

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:
        return 0 if font == _LENT else super().GetFaceName(_, font, buffer, size)

    def GetFontCharset(self, _: Any, font: int) -> int:
        return raw.FXFONT_GB2312_CHARSET if font == _LENT else super().GetFontCharset(_, font)

    def DeleteFont(self, _: Any, font: int) -> None:
        if font != _LENT:
            super().DeleteFont(_, font)


@cache
def lend() -> None:
    """Lend the font for as long as Python runs; a handler that somebody else has set up is left as it is."""
    if PdfSysfontBase.SINGLETON is None:
        _WithChinese().setup()
