"""The reports in a file: the file itself, or the members of the zip archive that it is.

In: a path. Out: `Source`s, each to be read by itself, so that one bad member never stops the others. An archive is
unpacked in memory, a member at a time, within bounds; nothing is written, and no name in it is used as a path.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ecoanalysis.errors import ReadingError
from ecoanalysis.paths import plain
from ecoanalysis.reading.file_kinds import file_kind, member_bytes, open_archive
from ecoanalysis.reading.reader import LARGEST, bytes_of, read_bytes
from ecoanalysis.reading.report import Report

MOST_MEMBERS = 500
MOST_BYTES = 500_000_000
MOST_ENTRIES = 10_000  # pictures and all
_ARCHIVE, _ENTRY = b"PK", b"PK\x01\x02"
_CLUTTER = ("Thumbs.db", "desktop.ini")  # what systems leave in archives


@dataclass(frozen=True, slots=True)
class Source:
    """A report to be: its name, where it lies, and `read`, which gives the Report or raises ReadingError."""

    name: str
    path: Path
    read: Callable[[], Report]


def is_report(path: str | Path) -> bool:
    """Tell whether a file may be a report: no sidecar, no README, nothing that starts with a dot or that Office locks.

    >>> is_report("a.txt"), is_report("a.toml"), is_report("README.md"), is_report("~$a.docx")
    (True, False, False, False)
    """
    path = Path(path)
    return not path.name.startswith((".", "~$")) and path.suffix != ".toml" and path.stem.upper() != "README"


def sources(path: str | Path) -> Iterator[Source]:
    """Yield the reports in a file. Nothing but an archive is opened before `read` is called.

    A member is named after the archive and its place there, such as 2024/云浮市. Members of one name are refused.
    """
    path = Path(path)
    packed = _packed(path)
    if packed is None:
        yield Source(plain(path.stem), path, lambda: read_bytes(path, plain(path.stem), bytes_of(path)))
        return
    if packed.count(_ENTRY) > MOST_ENTRIES:
        most = f"{path.name} holds more than {MOST_ENTRIES:,} files, of which none is read. Divide it."
        yield Source(plain(path.stem), path, partial(_refuse, ReadingError("too_large", most)))
        return
    archive = open_archive(packed)
    infos = [(info, _shown(info)) for info in archive.infolist() if not info.filename.endswith("/")]
    sidecars = {name: info for info, name in infos if name.suffix == ".toml"}
    kept = ((info, name) for info, name in infos if name.name not in _CLUTTER and "__MACOSX" not in name.parts)
    members = [(info, name) for info, name in kept if is_report(name)]
    names = Counter(name.with_suffix("") for _, name in members)
    whole = plain(path.stem)
    left = MOST_BYTES
    for number, (info, name) in enumerate(members):
        report = f"{whole}/{name.with_suffix('').as_posix()}"
        left -= info.file_size
        if number == MOST_MEMBERS or left < 0:
            most = f"at most {MOST_MEMBERS} files of {MOST_BYTES:,} bytes in all are read"
            error = ReadingError("too_large", f"{path.name}: {most}; {name} and what follows are left out. Divide it.")
            yield Source(report, path / name, partial(_refuse, error))
            return
        if names[name.with_suffix("")] > 1:
            message = f"{path.name} has several files called {name.stem}: none of them is read; rename all but one."
            yield Source(report, path / name, partial(_refuse, ReadingError("same_name", message)))
        else:
            sidecar = sidecars.get(name.with_suffix(".toml"))
            yield Source(report, path / name, partial(_read_member, archive, info, sidecar, path / name, report))
    if not members:
        error = ReadingError("empty", f"{path.name} holds no file that may be a report. Pack the reports themselves.")
        yield Source(whole, path, partial(_refuse, error))


def _packed(path: Path) -> bytes | None:
    """The bytes of an archive of reports; None for any other file, and for one that `read` will refuse."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            if stream.read(2) != _ARCHIVE:
                return None
        data = bytes_of(path)
        return data if file_kind(data, path.suffix) == "zip" else None
    except (ReadingError, OSError):
        return None


def _shown(info: zipfile.ZipInfo) -> Path:
    """A member's name, in the encoding of Chinese Windows where it says no other, without what leads elsewhere."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    parts = [re.sub(r'[\x00-\x1f\x7f:*?"<>|]', "_", part).strip() for part in re.split(r"[/\\]", name)]
    kept = [part[-100:] for part in parts if part not in ("", ".", "..")]
    return Path("/".join(map(plain, kept[-5:])) or "_")


def _refuse(error: ReadingError) -> Report:
    raise error


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, sidecar: zipfile.ZipInfo | None, path: Path, report: str
) -> Report:
    try:
        data = member_bytes(archive, info, LARGEST)
        fields = member_bytes(archive, sidecar, LARGEST) if sidecar else None
    except ReadingError as error:
        raise ReadingError(error.code, f"{path.name} {error}") from None
    return read_bytes(path, report, data, fields)
