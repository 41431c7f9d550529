"""The reports in a file: the file itself, or the members of the zip archive that it is.

In: a path. Out: `Source`s, each to be read by itself, so that one bad member never stops the others. An archive is
unpacked in memory, a member at a time, within bounds; nothing is written, and no name in it is used as a path.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.file_kinds import file_kind, member_bytes, open_archive
from ecoanalysis.reading.reader import LARGEST, bytes_of, read_bytes, read_row
from ecoanalysis.reading.report import Report
from ecoanalysis.reading.stated_metadata import Told, clean

MOST_MEMBERS = 500
MOST_BYTES = 500_000_000
MOST_ENTRIES = 10_000  # pictures and all
_ARCHIVE = b"PK"
_CLUTTER = ("Thumbs.db", "desktop.ini")  # what systems leave in archives


@dataclass(frozen=True, slots=True)
class Source:
    """A report to be: `read` gives it or raises ReadingError. Plain data, so that another process can read it.

    `name` is the report's, `path` where it lies, `where` the same from the top of the raw folder, for tables and messages.
    `told` is what people say of it. A row of a table brings its `text`; a member of an archive, its place and its
    sidecar's in there (-1 for none). `within` is what the manifest says of the members, should the file be an archive.
    """

    name: str
    path: Path
    where: str
    told: tuple[Told, ...] = ()
    text: str | None = None
    encoding: str = ""
    member: tuple[Path, int, int] | None = None
    within: Mapping[str, Told] = field(default_factory=dict)
    refused: tuple[str, str] | None = None

    def read(self) -> Report:
        """Return the report. Its `path` is where it lies in the raw folder."""
        if self.refused:
            raise ReadingError(*self.refused)
        if self.text is not None:
            filed = Path(self.where).parts[-2::-1]  # the table and its folders, the nearest first
            report = read_row(self.text, self.name, self.told, (Path(filed[0]).stem, *filed[1:]), self.encoding)
        elif self.member:
            report = _read_member(self, *self.member)
        else:
            report = read_bytes(self.path, self.name, bytes_of(self.path), None, self.told)
        return replace(report, path=self.where)


def is_report(path: str | Path) -> bool:
    """Tell whether a file may be a report: no sidecar, no README, nothing that starts with a dot or that Office locks.

    >>> is_report("a.txt"), is_report("a.toml"), is_report("README.md"), is_report("~$a.docx")
    (True, False, False, False)
    """
    path = Path(path)
    return not path.name.startswith((".", "~$")) and path.suffix != ".toml" and path.stem.upper() != "README"


def sources(item: str | Path | Source) -> Iterator[Source]:
    """Yield the reports in a file, or in what `inputs` gave. Nothing but an archive is opened before `read` is called.

    A member is named after the archive and its place there, such as 2024/云浮市. Members of one name are refused.
    """
    source = item if isinstance(item, Source) else Source(clean(Path(item).stem), Path(item), clean(Path(item).name))
    if source.text is not None or source.member or source.refused or not _is_packed(source.path):
        yield source
        return
    try:
        archive = open_archive(source.path)
    except ReadingError as error:
        yield replace(source, refused=(error.code, f"{source.path.name} {error}"))
        return
    with archive:
        if len(archive.filelist) > MOST_ENTRIES:
            most = f"{source.path.name} holds more than {MOST_ENTRIES:,} files, of which none is read. Divide it."
            yield replace(source, refused=("too_large", most))
            return
        yield from _members(archive, source)


def _members(archive: zipfile.ZipFile, whole: Source) -> Iterator[Source]:
    infos = [(at, info, _shown(info)) for at, info in enumerate(archive.infolist()) if not info.filename.endswith("/")]
    sidecars = {name: at for at, _, name in infos if name.suffix == ".toml"}
    kept = (one for one in infos if one[2].name not in _CLUTTER and "__MACOSX" not in one[2].parts)
    members = [one for one in kept if is_report(one[2])]
    names = Counter(name.with_suffix("") for _, _, name in members)
    file, left = whole.path.name, MOST_BYTES
    for number, (at, info, name) in enumerate(members):
        short = name.with_suffix("").as_posix()
        told = whole.within.get(name.as_posix()) or whole.within.get(short)
        member = Source(
            f"{whole.name}/{short}", whole.path / name, f"{whole.where}/{name.as_posix()}", (told,) if told else ()
        )
        left -= info.file_size
        if number == MOST_MEMBERS or left < 0:
            most = f"at most {MOST_MEMBERS} files of {MOST_BYTES:,} bytes in all are read"
            yield replace(
                member, refused=("too_large", f"{file}: {most}; {name} and what follows are left out. Divide it.")
            )
            return
        if names[name.with_suffix("")] > 1:
            message = f"{file} has several files called {name.stem}: none of them is read; rename all but one."
            yield replace(member, refused=("same_name", message))
        else:
            yield replace(member, member=(whole.path, at, sidecars.get(name.with_suffix(".toml"), -1)))
    if not members:
        message = f"{file} holds no file that may be a report. Pack the reports themselves."
        yield replace(whole, refused=("empty", message))


def _is_packed(path: Path) -> bool:
    """Whether a file is an archive of reports; not so any other file, nor one that `read` will refuse."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            if stream.read(2) != _ARCHIVE:
                return False
        return file_kind(bytes_of(path), path.suffix) == "zip"
    except (ReadingError, OSError):
        return False


def _shown(info: zipfile.ZipInfo) -> Path:
    """A member's name, in the encoding of Chinese Windows where it says no other, without what leads elsewhere."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    parts = [re.sub(r'[:*?"<>|]', "_", clean(part)) for part in re.split(r"[/\\]", name)]
    kept = [part[-100:] for part in parts if part not in ("", ".", "..")]
    return Path("/".join(kept[-5:]) or "_")


def _read_member(source: Source, path: Path, at: int, sidecar: int) -> Report:
    try:
        with open_archive(path) as archive:
            infos = archive.infolist()
            data = member_bytes(archive, infos[at], LARGEST)
            fields = member_bytes(archive, infos[sidecar], LARGEST) if sidecar >= 0 else None
    except ReadingError as error:
        raise ReadingError(error.code, f"{source.path.name} {error}") from None
    return read_bytes(source.path, source.name, data, fields, source.told)
