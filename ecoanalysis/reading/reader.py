"""Read a file into a Report.

In: the path of a file. Out: a `Report`, or a `ReadingError` whose code says why the file cannot be read at all.
The file is only ever opened for reading. Its content decides how it is read, not its name.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from ecoanalysis.errors import ReadingError
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reading.document import Document, shortened, text_document
from ecoanalysis.reading.encoding import BAD, Decoded, decode
from ecoanalysis.reading.file_kinds import ENDINGS, NAMES, file_kind
from ecoanalysis.reading.period import Dating, find_period, part_named
from ecoanalysis.reading.place import Attribution, find_place
from ecoanalysis.reading.place_evidence import Imprint
from ecoanalysis.reading.repair import Repaired, repair
from ecoanalysis.reading.report import Problem, Report
from ecoanalysis.reading.sections import sections
from ecoanalysis.reading.sentences import sentences
from ecoanalysis.reading.sidecar import sidecar_fields, sidecar_place
from ecoanalysis.reading.stated_metadata import PLACE, Told, clean, together
from ecoanalysis.reading.time_expressions import Period, full
from ecoanalysis.reading.title import head

LARGEST = 50_000_000
_SURE = 0.9
_IN_DOUBT = 0.85
# Of a report that is parsed: the longest yearly ones have half of it, and it takes some six seconds.
MOST_CHARACTERS = 150_000
# What charts write of what strangers gave, and what no name has: pictures, scripts that the font of the charts lacks.
_DRAWN = ("province", "city", "district", "publisher")
_STRANGE = re.compile("[^ -~·•\xc0-\xff‘’“”…—℃Ⅰ-Ⅻ\u3001-\u3011\u4e00-\u9fa5\uff01-\uff5e]")
# A run of *, X, x or × where a name or a value should be: *项, xxx%, XX市.
_MASK = re.compile(
    r"(?<![A-Za-z0-9.×*])(?:\*{1,6}|[XxＸ]{1,4}|×{1,4})(?![A-Za-z0-9×*]|射线|光|波)(?=[\u4e00-\u9fff%％、,，。.·]|\Z)"
)

# In a title a mask is a place's or a bureau's, not a speaker's: 局长李XX.
_MASKED_PLACE = re.compile(rf"(?:{_MASK.pattern})(?=[省市县区州旗镇乡局厅])")


def read(path: str | Path) -> Report:
    """Read one report, whatever its length; nothing is written.

    Raises ReadingError with code missing, directory, unreadable, too_large, format, binary, empty, damaged, encrypted,
    old_word or entities.
    """
    path = Path(path)
    return read_bytes(path, clean(path.stem), bytes_of(path), most=LARGEST)


def read_bytes(
    path: Path,
    name: str,
    data: bytes,
    packed_sidecar: bytes | None = None,
    told: tuple[Told, ...] = (),
    most: int = MOST_CHARACTERS,
) -> Report:
    """Read the bytes of a file as the report `name`; `packed_sidecar` is its sidecar where that is no file of its own.

    `told` is what people say of it beside its sidecar, which overrules them. The folders that lie in the name, or else two,
    tell place and year too. Of its text the first `most` characters are read; a problem says where that is not all.
    """
    fields, problems = sidecar_fields(path, name, packed_sidecar)
    told = (*told, Told(fields, "sidecar", f"{name}.toml"))
    filed = (path.stem, *(folder.name for folder in list(path.parents)[: max(2, name.count("/"))]))
    document = shortened(_document(path, data), most)
    return _read(document, path.name, name, data, filed, told, problems)


def read_row(text: str, name: str, told: tuple[Told, ...], filed: tuple[str, ...], encoding: str = "") -> Report:
    """Read a text out of a table, which may be a web page; `filed` are the names of the table and its folders."""
    data = text.encode("utf-8", "replace")
    where = told[0].where if told else name
    try:
        if len(data) > LARGEST:
            message = f"has a text of {len(data):,} bytes; at most {LARGEST:,} are read. Split it."
            raise ReadingError("too_large", message)
        page = file_kind(data, ".txt") == "page"
        document = _as_kind("page", data) if page else text_document(Decoded(text, encoding, text.count(BAD)))
    except ReadingError as error:
        raise ReadingError(error.code, f"{where} {error}") from None
    return _read(shortened(document, MOST_CHARACTERS), where, name, data, ("", *filed), told, [])


def read_text(text: str, name: str = "text", **fields: Any) -> Report:
    """Read a text at hand as a report called `name`; `fields` overrule what is guessed, as a sidecar's do.

    >>> read_text("2024年，全市空气质量优良率达97.5%。", year=2024).period_end
    datetime.date(2024, 12, 31)
    """
    return _report(Document(text), repair(text), name, (Path(name).stem, "", ""), (Told(fields, "sidecar", name),))


def _read(
    document: Document,
    shown: str,
    name: str,
    data: bytes,
    filed: tuple[str, ...],
    told: tuple[Told, ...],
    problems: list[Problem],
) -> Report:
    repaired = repair(document.text)
    if not repaired.text.strip():
        raise ReadingError("empty", f"{shown} holds no text. Put the report's text into it, or remove it.")
    report = _report(document, repaired, name, filed, (Told(document.fields), *told))
    notes = [Problem(name, code, severity, f"{shown} {message}") for code, severity, message in document.notes]
    found = (*problems, *report.problems, *notes, *_damage(name, document, repaired))
    return replace(report, path=str(shown), sha256=hashlib.sha256(data).hexdigest(), problems=found)


def _report(
    document: Document, repaired: Repaired, name: str, filed: tuple[str, ...], told: tuple[Told, ...]
) -> Report:
    text = repaired.text
    addresses, headings = repaired.carry(document)
    guessed = _guess(name, filed, repaired.text_of_names, told)
    parts = sections(text, guessed["year"], headings)
    return Report(
        report=name,
        path="",
        sha256="",
        text=text,
        encoding=document.encoding,
        repairs=({"bad bytes": document.bad} if document.bad else {}) | repaired.repairs,
        sections=parts,
        sentences=sentences(text, parts, guessed["year"]),
        addresses=addresses,
        **guessed,
    )


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file that may be a report, or raise a ReadingError that says what to do."""
    if path.is_dir():
        message = f"{path.name} is a folder, not a report. Move the files in it up, or rename it."
        raise ReadingError("directory", message)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            message = f"{path.name} has {size:,} bytes; at most {LARGEST:,} are read. Split it into its reports."
            raise ReadingError("too_large", message)
        if not path.is_file():
            raise ReadingError("unreadable", f"{path.name} is not a regular file. Put the report in its place.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadingError("missing", f"There is no file {path}. Look at its name and its folder.") from None
    except OSError as error:
        message = f"{path.name} cannot be opened: {error.strerror or error}. Check who may read it."
        raise ReadingError("unreadable", message) from error
    if not data.strip():
        raise ReadingError("empty", f"{path.name} is empty. Put the report's text into it, or remove it.")
    return data


def _document(path: Path, data: bytes) -> Document:
    """Read the bytes as what they are."""
    try:
        found = file_kind(data, path.suffix)
        document = _as_kind(found, data)
    except ReadingError as error:
        raise ReadingError(error.code, f"{path.name} {error}") from None
    if found != ENDINGS[path.suffix.lower()]:
        note = "wrong_ending", "note", f"is {NAMES[found]}, whatever its ending says, and was read as one"
        return replace(document, notes=(*document.notes, note))
    return document


def _as_kind(found: str, data: bytes) -> Document:
    """What a format needs is imported when a file of it comes."""
    if found == "word":
        from ecoanalysis.reading.word import read_word

        return read_word(data)
    if found == "page":
        from ecoanalysis.reading.web_page import read_page

        return read_page(data)
    if found == "pdf":
        from ecoanalysis.reading.pdf import read_pdf

        return read_pdf(data)
    if found == "zip":
        ways = "`ecoanalysis parse` reads them, in Python `reading.sources` gives each"
        raise ReadingError("archive", f"is an archive of reports: {ways}.")
    return text_document(decode(data))


def _guess(name: str, filed: tuple[str, ...], text: str, told: tuple[Told, ...]) -> dict[str, Any]:
    """What the text says of itself, overruled by what people say, and what is amiss with either.

    `filed` are the names of the file and of the folders above it, the nearest first.
    """
    fields, who = together(told)
    top = head(text)
    title, publisher = fields.get("title", top.title), fields.get("publisher", top.publisher)
    anonymous = fields.get("anonymous", is_anonymous(top.title, text) and not fields.get("city"))
    stem, *folders = filed
    published = _day(fields.get("published", "")) or top.published
    dating = find_period(title or top.opening, text, published, stem, tuple(folders))
    found = Attribution() if anonymous else find_place(Imprint(title, text, publisher, stem, tuple(folders)))
    guessed: dict[str, Any] = asdict(found.place) | {
        "title": title,
        "publisher": publisher,
        "published": top.published.isoformat() if top.published else "",
        "genre": genre(title, text),
        "anonymous": anonymous,
    }
    guessed |= {"level": found.level, "place_from": found.source, "place_confidence": found.confidence}
    guessed |= {"year": dating.period.year, "period_start": dating.period.start, "period_end": dating.period.end}
    guessed |= {"year_from": dating.source, "year_confidence": dating.confidence}
    named, amiss = ({}, []) if anonymous else sidecar_place(fields, found.place)
    by = next((who[key] for key in PLACE if key in fields), Told())
    problems = [Problem(name, "sidecar_place", "warning", f"{by.where}: {message}.") for message in amiss]
    problems += [Problem(name, "cell", "warning", f"{one.where}: {said}.") for one in told for said in one.amiss]
    problems += _disputes(name, fields, found, dating)
    doubts = dict(_doubts(name, named, fields, who, found, dating))
    rest = {key: value for key, value in fields.items() if key not in PLACE}
    named_so = title if genre(title, "") else ""  # the first line of what has no title may be anything
    part = part_named(fields["year"], named_so, text) if fields.get("year") else None
    sure = _sure(named, fields, who, dating, part) | dict.fromkeys(doubts, _IN_DOUBT)
    whole = guessed | rest | sure
    drawn = {key: _STRANGE.sub("_", whole[key]) for key in _DRAWN}
    return whole | drawn | {"problems": (*problems, *doubts.values())}


def is_anonymous(title: str, text: str) -> bool:
    """Whether names or values are masked, as in a template: in the title, or three times.

    >>> is_anonymous("", "公示处罚*起,许可*项,达标率xxx%。"), is_anonymous("", "氮氧化物(NOx)排放,规格3×5米。")
    (True, False)
    """
    return bool(_MASKED_PLACE.search(title)) or len(_MASK.findall(text)) >= 3


def genre(title: str, text: str) -> str:
    """Return what kind of text a report is: an id of `knowledge/genres.csv`, or an empty string where no row fits.

    >>> genre("在市生态环境局2025年工作会议上的讲话", "")
    'speech'
    """
    for column, part in (("title", title), ("opening", text[:800])):
        for row in rows("genres.csv"):
            if row[column] and re.search(row[column], part):
                return row["genre"]
    return ""


def _sure(
    named: dict[str, str], fields: dict[str, Any], who: dict[str, Told], dating: Dating, part: Period | None
) -> dict[str, Any]:
    """What people say of place and time is sure; a year alone means the whole of it, but for the part that the text names, and a
    cell's may be of a half-year."""
    sure: dict[str, Any] = {}
    if named or "level" in fields:
        finest = "city" if named["city"] not in ("", named["province"]) else "province"
        level = fields.get("level") or ("county" if named["district"] else finest)
        by = next(who[key].by for key in PLACE if key in fields)
        sure |= named | {"level": level, "place_from": by, "place_confidence": 1.0}
    if "year" in fields:
        by = who["year"].by
        sure |= {"year_from": by, "year_confidence": 1.0}
        period = part or full(fields["year"])
        read = by != "sidecar" and dating.period.year == fields["year"]
        if "period_start" not in fields and "period_end" not in fields and not read:
            sure |= {"period_start": period.start, "period_end": period.end}
    if fields.get("sample"):  # the project's own texts
        sure |= {"place_confidence": 1.0, "year_confidence": 1.0}
    return sure


def _doubts(
    name: str,
    named: dict[str, str],
    fields: dict[str, Any],
    who: dict[str, Told],
    found: Attribution,
    dating: Dating,
) -> Iterator[tuple[str, Problem]]:
    """What a table says and the text surely says otherwise: columns are filled by the thousand, and a report held in
    January is often filed under the year that begins."""
    by, year = who.get("year", Told()), dating.period.year
    if by.by == "table" and year and year != fields["year"] and dating.confidence >= _SURE:
        message = _doubt(by, str(fields["year"]), dating.source, str(year))
        yield ("year_confidence", Problem(name, "year_disputed", "warning", message))
    by = next((who[key] for key in PLACE if key in fields), Told())
    if by.by != "table" or not named or found.source == "none" or found.confidence < _SURE:
        return
    ours = tuple(named[key] for key in PLACE[:3])
    theirs = (found.place.province, found.place.city, found.place.district)
    if ours != theirs:
        said, meant = ("".join(dict.fromkeys(one)) or "the nation" for one in (ours, theirs))
        yield ("place_confidence", Problem(name, "place_disputed", "warning", _doubt(by, said, found.source, meant)))


def _doubt(by: Told, said: str, source: str, meant: str) -> str:
    rest = f"{said} was taken, and nothing of it is ranked until the manifest says which."
    return f"{by.where} says {said}, the {source} {meant}; {rest}"


def _disputes(name: str, fields: dict[str, Any], found: Attribution, dating: Dating) -> Iterator[Problem]:
    """Two sources that name different places, or different years, where no person says which."""
    rest = f"nothing of it is ranked until {name}.toml says which"
    if found.rivals and not set(PLACE) & set(fields):
        place = found.place.district or found.place.city or found.place.province or "none"
        message = f"{' and '.join(found.rivals)} are both named as whose report it is; {place} was taken, and {rest}."
        yield Problem(name, "place_disputed", "warning", message)
    if dating.rivals and "year" not in fields:
        years = " and ".join(map(str, dating.rivals))
        message = f"{years} are both named as its year; {dating.period.year} was taken, and {rest}."
        yield Problem(name, "year_disputed", "warning", message)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _damage(report: str, decoded: Document, repaired: Repaired) -> Iterator[Problem]:
    if decoded.bad:
        message = f"{decoded.bad} places hold bytes that are no text in {decoded.encoding}; they stand as \ufffd."
        yield Problem(report, "bad_bytes", "warning", message)
    for start, end in repaired.damage:
        left = "no reading clearly wins, so it is left as it is. Compare the original."
        message = f"Bytes were lost at {repaired.text[start:end]!r}; {left}"
        yield Problem(report, "lost_byte", "warning", message, start, end)
