"""Tell what kind of file some bytes are, whatever the name says, and open those that are zip archives within bounds.

In: bytes and the ending of the name. Out: text, page, word, pdf or zip, and the bytes of an archive's members; a
`ReadingError` with what to do about what is not read.
"""

import io
import re
import zipfile
import zlib
from pathlib import Path

from ecoanalysis.errors import ReadingError

# What a name's ending promises. A file of another ending (.xls, .jpg) is refused unseen.
ENDINGS = {
    **dict.fromkeys((".txt", ".text", ".md"), "text"),
    **dict.fromkeys((".html", ".htm", ".shtml"), "page"),
    **dict.fromkeys((".docx", ".doc"), "word"),
    ".pdf": "pdf",
    ".zip": "zip",
}
# What `cells` reads, a report a row. Its kind is told by its ending alone: content cannot tell a CSV from a text.
TABLES = (".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet")
NAMES = {"text": "a text", "page": "a web page", "word": "a Word file", "pdf": "a PDF", "zip": "a zip archive"}
RATIO = 250  # times that a text may shrink; XML of Word shrinks some 30 times, a bomb a thousand times
_SMALL = 1_000_000
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What the files of older Office programs hold, which are also the coat of encrypted ones, and what to do about each.
_OLD = (
    ("EncryptedPackage", "encrypted", "is encrypted. Save it without a password."),
    ("WordDocument", "old_word", "is in the old Word format (.doc). Open it in Word or WPS and save it as .docx."),
    ("", "format", "is of an old Office format that is not read. Save its text as .docx or .txt."),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BLANK = rb"[\xef\xbb\xbf \t\r\n]*"
# How files open that are not read: the code of the error, and what to say.
_REFUSED = (
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM",
        "binary",
        "is a picture, not a text. Have its text recognised first, and save that.",
    ),
    (
        rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ",
        "format",
        "is an archive of a kind that is not read. Unpack it, or pack it as .zip.",
    ),
    (_BLANK + rb"\{\\rtf", "format", "is a rich text file (RTF). Save it as .docx."),
    (
        _BLANK + rb"(?is:(?:From|Subject|Date|Content-\w+):.{0,1000}MIME-Version|MIME-Version:)",
        "format",
        "is a web archive (MHTML). Save the page as .html.",
    ),
)
_TAGS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p|span|h[1-6]|br|article|section)\b[^<]{0,500}>", re.I
)


def file_kind(data: bytes, ending: str) -> str:
    """Return the kind of a file's content; ReadingError format, encrypted, old_word, binary or damaged.

    >>> file_kind(b"<html><body>...", ".txt"), file_kind("第1条".encode(), ".md"), file_kind(b"%PDF-1.7", ".docx")
    ('page', 'text', 'pdf')
    """
    if ending.lower() in TABLES:
        how = "Unpack it where it is in an archive, and read it with `ecoanalysis parse`"
        raise ReadingError("format", f"is a table, which gives a report a row and is none itself. {how}.")
    if ending.lower() not in ENDINGS:
        known = ", ".join(ENDINGS)
        tables = ", ".join(TABLES)
        said = f"is of a format that is not read. Save it as one of {known}; a table of texts, a report a row, as {tables}."
        raise ReadingError("format", said)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        return _packed(data)
    for mark, code, message in _OLD if data.startswith(_OLE) else ():
        if mark.encode("utf-16-le") in data:
            raise ReadingError(code, message)
    for opening, code, message in _REFUSED:
        if re.match(opening, data[:2000]):
            raise ReadingError(code, message)
    head = data[:4096].replace(b"\0", b"")  # UTF-16
    head = re.sub(rb"^(?:[\xef\xbb\xbf\xff\xfe\s]|<\?xml[^>]*>|<!--.*?-->)+", b"", head, flags=re.S)
    return "page" if _TAGS.match(head) else "text"


def _packed(data: bytes) -> str:
    """What a zip archive is: a Word file, another office file, or an archive of reports."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            small = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            opening = archive.read("mimetype")[:100].decode("ascii", "replace") if small else ""
    except _DAMAGE as error:
        raise ReadingError("damaged", f"is a damaged archive or Word file ({error}). Fetch it again.") from None
    if "[Content_Types].xml" not in names:
        if opening:
            raise ReadingError("format", f"is of a format that is not read ({opening}). Save it as .docx.")
        return "zip"
    if any(name.startswith("word/") for name in names):
        return "word"
    what = "a spreadsheet" if any(name.startswith("xl/") for name in names) else "no Word file"
    raise ReadingError("format", f"is {what}. Save its text as .docx or .txt.")


def open_archive(packed: bytes | Path) -> zipfile.ZipFile:
    """Open an archive, or say that it is damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(packed) if isinstance(packed, bytes) else packed)
    except _DAMAGE as error:
        raise ReadingError("damaged", f"is a damaged archive ({error}). Fetch it again.") from None


def member_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Return a member's bytes, at most `most`, whatever the directory claims; ReadingError encrypted, damaged, too_large."""
    if info.flag_bits & 0x1:
        raise ReadingError("encrypted", "is encrypted. Save it without a password.")
    size = info.file_size
    if size <= most and (size <= _SMALL or size <= RATIO * info.compress_size):
        try:
            with archive.open(info) as stream:
                data = stream.read(most + 1)
        except _DAMAGE as error:
            raise ReadingError("damaged", f"is damaged ({error}). Fetch it again.") from None
        if len(data) <= most:
            return data
        size = len(data)
    message = f"unpacks to {size:,} bytes; at most {most:,} are read, and no more than {RATIO} times the packed size."
    raise ReadingError("too_large", message)
