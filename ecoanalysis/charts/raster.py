"""A picture in dots from a PDF page, as small as a screen, a phone and a slide allow.

In: a PDF of one page. Out: a PNG with a palette, less than half of one without: of the few hundred colours of a chart,
most of them along the edges of letters and lines, those that are rare and near to another become that other.
"""

import io

import numpy as np
import pandas as pd
import pypdfium2
from PIL import Image
from PIL.PngImagePlugin import PngInfo

_USUAL, _APART = 96, 96  # colours that most dots have, and those that differ most from all others


def png(pdf: bytes, dpi: int, told: dict[str, str]) -> bytes:
    """Return the first page of a PDF as a PNG file that says what is `told` of it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pixels = document[0].render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True).to_numpy().copy()
    finally:
        document.close()
    info = PngInfo()
    for name, text in told.items():
        info.add_itxt(name, text)
    buffer = io.BytesIO()
    _reduced(pixels).save(buffer, "png", dpi=(dpi, dpi), pnginfo=info)
    return buffer.getvalue()


def _reduced(pixels: np.ndarray) -> Image.Image:
    """Return pixels of red, green, blue and a byte that says nothing as a picture with a palette."""
    packed = pixels.view("<u4")[:, :, 0]  # a colour is one number
    codes, colours = pd.factorize(packed.ravel())
    parts = np.stack([colours & 255, colours >> 8 & 255, colours >> 16 & 255], axis=1).astype(np.int32)
    kept = list(np.argsort(-np.bincount(codes), kind="stable")[:_USUAL])
    apart = np.stack([((parts - parts[one]) ** 2).sum(1) for one in kept])
    nearest, distance = apart.argmin(0), apart.min(0)
    while len(kept) < _USUAL + _APART and distance.max() > 0:  # a mark of a few dots keeps the colour that it means
        kept.append(distance.argmax())
        far = ((parts - parts[kept[-1]]) ** 2).sum(1)
        nearest, distance = np.where(far < distance, len(kept) - 1, nearest), np.minimum(far, distance)
    image = Image.fromarray(nearest.astype(np.uint8)[codes].reshape(packed.shape), "P")
    image.putpalette(parts[kept].astype(np.uint8).tobytes())
    return image
