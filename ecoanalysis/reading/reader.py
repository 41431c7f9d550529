"""Read a file into a Report.

In: the path of a file. Out: a `Report`, or a `ReadingError` whose code says why the file cannot be read at all.
The file is only ever opened for reading. Its content decides how it is read, not its name: see `_document`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading.anonymous import is_anonymous
from ecoanalysis.reading.document import Document, plain
from ecoanalysis.reading.encoding import decode
from ecoanalysis.reading.file_kinds import ENDINGS, NAMES, kind
from ecoanalysis.reading.genre import genre
from ecoanalysis.reading.given import placed
from ecoanalysis.reading.period import Dated, when
from ecoanalysis.reading.place import Whose, whose
from ecoanalysis.reading.place_evidence import Page
from ecoanalysis.reading.repair import Repaired, repair
from ecoanalysis.reading.report import Problem, Report
from ecoanalysis.reading.sections import sections
from ecoanalysis.reading.sentences import sentences
from ecoanalysis.reading.sidecar import PLACE, sidecar
from ecoanalysis.reading.title import head

LARGEST = 50_000_000


def read(path: str | Path) -> Report:
    """Read one report; nothing is written.

    Raises ReadingError with code missing, directory, unreadable, too_large, format, binary, empty, damaged, encrypted,
    old_word or entities.
    """
    path = Path(path)
    return read_bytes(path, path.stem, bytes_of(path))


def read_bytes(path: Path, name: str, data: bytes, beside: bytes | None = None) -> Report:
    """Read the bytes of a file as the report `name`; `beside` is its sidecar where that is no file of its own."""
    document = _document(path, data)
    repaired = repair(document.text)
    if not repaired.text.strip():
        raise ReadingError("empty", f"{path.name} holds no text. Put the report's text into it, or remove it.")
    fields, problems = sidecar(path, beside)
    problems = [replace(problem, report=name) for problem in problems]
    addresses, headings = repaired.carried(document)
    report = _report(repaired, name, path, document.fields | fields, headings)
    return replace(
        report,
        path=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=document.encoding,
        repairs=_counted(document, repaired),
        problems=(*problems, *report.problems, *_notes(name, path, document), *_damage(name, document, repaired)),
        addresses=addresses,
    )


def read_text(text: str, name: str = "text", **fields: Any) -> Report:
    """Read a text at hand as a report called `name`; `fields` overrule what is guessed, as a sidecar's do.

    >>> read_text("2024年，全市空气质量优良率达97.5%。", year=2024).period_end
    datetime.date(2024, 12, 31)
    """
    repaired = repair(text)
    addresses, _ = repaired.carried(Document(text))
    return replace(_report(repaired, name, Path(name), fields), repairs=repaired.repairs, addresses=addresses)


def _report(
    repaired: Repaired, name: str, path: Path, fields: dict[str, Any], headings: Sequence[tuple[int, int, int]] = ()
) -> Report:
    text = repaired.text
    guessed = _guess(name, path, repaired.naming, fields)
    parts = sections(text, guessed["year"], headings)
    return Report(
        report=name,
        path="",
        sha256="",
        text=text,
        sections=parts,
        sentences=sentences(text, parts, guessed["year"]),
        **guessed,
    )


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file that may be a report, or raise a ReadingError that says what to do."""
    if path.is_dir():
        raise ReadingError(
            "directory", f"{path.name} is a folder, not a report. Move the files in it up, or rename it."
        )
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
    """Read the bytes as what they are; what a format needs is imported when a file of it comes."""
    try:
        found = kind(data, path.suffix)
        if found == "word":
            from ecoanalysis.reading.word import read_word

            document = read_word(data)
        elif found == "page":
            from ecoanalysis.reading.web_page import read_page

            document = read_page(data)
        elif found == "pdf":
            from ecoanalysis.reading.pdf import read_pdf

            document = read_pdf(data)
        elif found == "zip":
            message = (
                "is an archive of reports: `ecoanalysis parse` reads them, in Python `reading.sources` gives each."
            )
            raise ReadingError("archive", message)
        else:
            document = plain(decode(data))
    except ReadingError as error:
        raise ReadingError(error.code, f"{path.name} {error}") from None
    if found != ENDINGS[path.suffix.lower()]:
        note = "wrong_ending", "note", f"is {NAMES[found]}, whatever its ending says, and was read as one"
        return replace(document, notes=(*document.notes, note))
    return document


def _notes(report: str, path: Path, document: Document) -> list[Problem]:
    return [Problem(report, code, severity, f"{path.name} {message}") for code, severity, message in document.notes]


def _guess(name: str, path: Path, text: str, fields: dict[str, Any]) -> dict[str, Any]:
    """What the text says of itself, overruled by what the sidecar says, and what is amiss with either."""
    top = head(text)
    title = fields.get("title", top.title)
    anonymous = is_anonymous(top.title, text) and not fields.get("city")
    anonymous = fields.get("anonymous", anonymous)
    folders = tuple(folder.name for folder in list(path.parents)[:2])
    dated = when(title or top.opening, text, _day(fields.get("published", "")) or top.published, path.stem, folders)
    page = Page(title, text, fields.get("publisher", top.publisher), path.stem, folders)
    found = Whose() if anonymous else whose(page)
    guessed: dict[str, Any] = {
        "title": title,
        "publisher": top.publisher,
        "published": top.published.isoformat() if top.published else "",
        "city": found.where.city,
        "adcode": found.where.adcode,
        "province": found.where.province,
        "district": found.where.district,
        "level": found.level,
        "place_from": found.source,
        "place_confidence": found.confidence,
        "year": dated.when.year,
        "period_start": dated.when.start,
        "period_end": dated.when.end,
        "year_from": dated.source,
        "year_confidence": dated.confidence,
        "genre": genre(title, text),
        "anonymous": anonymous,
    }
    named, amiss = ({}, []) if anonymous else placed(fields, found.where)
    problems = [Problem(name, "sidecar_place", "warning", f"{name}.toml: {message}.") for message in amiss]
    problems += _disputes(name, fields, found, dated)
    rest = {key: value for key, value in fields.items() if key not in PLACE}
    sample = (
        {"place_confidence": 1.0, "year_confidence": 1.0} if fields.get("sample") else {}
    )  # the project's own texts
    return guessed | rest | _said(named) | _dated(fields) | sample | {"problems": tuple(problems)}


def _said(named: dict[str, str]) -> dict[str, Any]:
    """What a sidecar names is sure, for a person said so."""
    if not named:
        return {}
    place = ("county", named["district"]), ("province", named["city"] == named["province"]), ("city", named["city"])
    level = next((level for level, said in place if said), "province" if named["province"] else "")
    return named | {"level": level, "place_from": "sidecar", "place_confidence": 1.0}


def _disputes(name: str, fields: dict[str, Any], found: Whose, dated: Dated) -> list[Problem]:
    """Two sources that name different places, or different years, where no person says which."""
    rest = f"nothing of it is ranked until {name}.toml says which"
    problems = []
    if found.rivals and not set(PLACE) & set(fields):
        place = found.where.district or found.where.city or found.where.province or "none"
        message = f"{' and '.join(found.rivals)} are both named as whose report it is; {place} was taken, and {rest}."
        problems.append(Problem(name, "place_disputed", "warning", message))
    if dated.rivals and "year" not in fields:
        years = " and ".join(map(str, dated.rivals))
        message = f"{years} are both named as its year; {dated.when.year} was taken, and {rest}."
        problems.append(Problem(name, "year_disputed", "warning", message))
    return problems


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """A sidecar that gives only the year means the whole of it."""
    if "year" not in fields:
        return {}
    sure = {"year_from": "sidecar", "year_confidence": 1.0}
    if "period_start" in fields or "period_end" in fields:
        return sure
    return sure | {"period_start": date(fields["year"], 1, 1), "period_end": date(fields["year"], 12, 31)}


def _counted(decoded: Document, repaired: Repaired) -> dict[str, int]:
    bad = {"bad bytes": decoded.bad} if decoded.bad else {}
    return bad | repaired.repairs


def _damage(report: str, decoded: Document, repaired: Repaired) -> list[Problem]:
    problems = []
    if decoded.bad:
        message = f"{decoded.bad} places hold bytes that are no text in {decoded.encoding}; they stand as \ufffd."
        problems.append(Problem(report, "bad_bytes", "warning", message))
    for start, end in repaired.doubts:
        quote = repaired.text[start:end]
        message = (
            f"Bytes were lost at {quote!r}; no reading clearly wins, so it is left as it is. Compare the original."
        )
        problems.append(Problem(report, "lost_byte", "warning", message, start, end))
    return problems
