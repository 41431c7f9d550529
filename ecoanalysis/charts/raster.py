"""A picture in dots from a PDF page, as small as a screen, a phone and a slide allow.

In: a PDF of one page. Out: a PNG with a palette of 128 colours, a third of one without: of the few hundred colours of a
chart the rarest, all of them along edges of letters and lines, become the nearest of the others.
"""

import io

import numpy as np
import pandas as pd
import pypdfium2
from PIL import Image
from PIL.PngImagePlugin import PngInfo

_COLOURS = 128


def png(pdf: bytes, dpi: int, told: dict[str, str]) -> bytes:
    """Return the first page of a PDF as a PNG file that says what is `told` of it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pixels = document[0].render(scale=dpi / 72, rev_byteorder=True).to_numpy().copy()
    finally:
        document.close()
    info = PngInfo()
    for name, text in told.items():
        info.add_itxt(name, text)
    buffer = io.BytesIO()
    _reduced(pixels).save(buffer, "png", dpi=(dpi, dpi), pnginfo=info)
    return buffer.getvalue()


def _reduced(pixels: np.ndarray) -> Image.Image:
    """Return pixels of red, green and blue as a picture with a palette."""
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    codes, colours = pd.factorize(packed.ravel())
    usual = np.argsort(-np.bincount(codes), kind="stable")[:_COLOURS]
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    nearest = np.array([((parts[usual] - one) ** 2).sum(1).argmin() for one in parts], np.uint8)
    image = Image.fromarray(nearest[codes].reshape(packed.shape), "P")
    image.putpalette(parts[usual].astype(np.uint8).tobytes())
    return image
