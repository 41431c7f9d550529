"""Read members of a zip archive within bounds, whatever its directory claims.

In: an open archive and a member. Out: its bytes, or a `ReadingError` of code encrypted, damaged or too_large.
"""

import io
import zipfile
import zlib

from ecoanalysis.errors import ReadingError

RATIO = 250  # times that a text may shrink; XML of Word shrinks some 30 times, a bomb a thousand times
_SMALL = 1_000_000


def opened(data: bytes) -> zipfile.ZipFile:
    """Open an archive, or say that it is damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ReadingError("damaged", f"is a damaged archive ({error}). Fetch it again.") from None


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Return a member's bytes, at most `most` of them."""
    if info.flag_bits & 0x1:
        raise ReadingError("encrypted", "is encrypted. Save it without a password.")
    if info.file_size > most or (info.file_size > _SMALL and info.file_size > RATIO * info.compress_size):
        raise ReadingError("too_large", _too_large(info.file_size, most))
    try:
        with archive.open(info) as stream:
            data = stream.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise ReadingError("damaged", f"is damaged ({error}). Fetch it again.") from None
    if len(data) > most:
        raise ReadingError("too_large", _too_large(len(data), most))
    return data


def _too_large(size: int, most: int) -> str:
    return f"unpacks to {size:,} bytes; at most {most:,} are read, and no more than {RATIO} times the packed size."
