"""Tell what kind of file some bytes are, whatever the name says.

In: bytes and the ending of the name. Out: text, page, word, pdf or zip; a `ReadingError` for kinds that are not read,
with what to do about it.
"""

import io
import re
import zipfile
import zlib

from ecoanalysis.errors import ReadingError

# What a name's ending promises. A file of another ending (.xlsx, .jpg) is refused unseen.
ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "page",
    ".htm": "page",
    ".docx": "word",
    ".doc": "word",
    ".pdf": "pdf",
    ".zip": "zip",
}
NAMES = {"text": "a text", "page": "a web page", "word": "a Word file", "pdf": "a PDF", "zip": "a zip archive"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
RATIO = 250  # times that a text may shrink; XML of Word shrinks some 30 times, a bomb a thousand times
_SMALL = 1_000_000
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")
_TAGS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p|span|h[1-6]|br|article|section)\b[^<]{0,500}>", re.I
)


def kind(data: bytes, ending: str) -> str:
    """Return the kind of a file's content; ReadingError format, encrypted, old_word, binary or damaged.

    >>> kind(b"<html><body>...", ".txt"), kind("第1条".encode(), ".md"), kind(b"%PDF-1.7", ".docx")
    ('page', 'text', 'pdf')
    """
    if ending.lower() not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise ReadingError("format", f"is of a format that is not read. Save it as one of {known}.")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_ARCHIVE):
        return _packed(data)
    if data.startswith(_OLE):
        _refuse_compound(data)
    if data.startswith(_PICTURES):
        raise ReadingError("binary", "is a picture, not a text. Have its text recognised first, and save that.")
    if data.startswith(_ARCHIVES):
        raise ReadingError("format", "is an archive of a kind that is not read. Unpack it, or pack it as .zip.")
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{\\rtf"):
        raise ReadingError("format", "is a rich text file (RTF). Save it as .docx.")
    if re.match(
        rb"(?:From|MIME-Version|Subject|Date|Content-\w+):.{0,1000}MIME-Version|MIME-Version:", head, re.S | re.I
    ):
        raise ReadingError("format", "is a web archive (MHTML). Save the page as .html.")
    return "page" if _is_page(data) else "text"


def _is_page(data: bytes) -> bool:
    """Whether a text opens with a tag of a page, after remarks and blanks."""
    head = data[:4096].replace(b"\0", b"")  # UTF-16
    head = re.sub(rb"^(?:[\xef\xbb\xbf\xff\xfe\s]|<\?xml[^>]*>|<!--.*?-->)+", b"", head, flags=re.S)
    return _TAGS.match(head) is not None


def _packed(data: bytes) -> str:
    """What a zip archive is: a Word file, another office file, or an archive of reports."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            opening = (
                archive.read("mimetype")[:100]
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
                else b""
            )
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ReadingError("damaged", f"is a damaged archive or Word file ({error}). Fetch it again.") from None
    if "[Content_Types].xml" not in names:
        if opening:
            raise ReadingError(
                "format", f"is of a format that is not read ({opening.decode('ascii', 'replace')}). Save it as .docx."
            )
        return "zip"
    if any(name.startswith("word/") for name in names):
        return "word"
    what = "a spreadsheet" if any(name.startswith("xl/") for name in names) else "no Word file"
    raise ReadingError("format", f"is {what}. Save its text as .docx or .txt.")


def _refuse_compound(data: bytes) -> None:
    """Say what to do about the files of older Office programs, which are also the coat of encrypted ones."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadingError("encrypted", "is encrypted. Save it without a password.")
    if "WordDocument".encode("utf-16-le") in data:
        raise ReadingError("old_word", "is in the old Word format (.doc). Open it in Word or WPS and save it as .docx.")
    raise ReadingError("format", "is of an old Office format that is not read. Save its text as .docx or .txt.")


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
