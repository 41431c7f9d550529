"""The rows of a table, one after the other, whatever it is kept in: CSV, TSV, Excel, JSON lines, Parquet, a DataFrame.

In: a path, and the encoding if told. Out: `Sheet`s, whose rows are read as they are asked for: a table need not fit into
memory, but for those of Excel. Cells are never reckoned, unpickled or followed. `ReadingError` says what cannot be read.
"""

import csv
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from ecoanalysis.errors import ReadingError, RequestError, nearest
from ecoanalysis.reading.encoding import encoding_of
from ecoanalysis.reading.file_kinds import RATIO, open_archive

LONGEST = 20_000_000  # characters of a row
_UNPACKED = 500_000_000  # bytes of an Excel file, which is held in memory
EXCEL_CELL = 32_767  # characters that a cell of Excel holds
_SAMPLE = 1_000_000
_DELIMITERS = ",\t;|"
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as the table shows it, and its cells by column, or what is `amiss` with it."""

    number: int
    cells: dict[str, Any]
    amiss: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, empty where a file holds but one, and its rows."""

    name: str
    rows: Iterator[Row]
    encoding: str = ""


def is_table(path: Path) -> bool:
    """Whether a file's name promises a table of texts.

    >>> is_table(Path("a.CSV")), is_table(Path("a.txt"))
    (True, False)
    """
    return path.suffix.lower() in _READERS


def sheets(path: Path, encoding: str = "") -> Iterator[Sheet]:
    """Yield the tables of a file; `encoding` is that of a CSV, TSV or JSON lines file where it is not to be guessed."""
    if not path.is_file():
        raise ReadingError("unreadable", "is not a regular file. Put the table in its place.")
    yield from _READERS[path.suffix.lower()](path, encoding)


def frame_rows(frame: Any) -> Iterator[Row]:
    """Yield the rows of a DataFrame, numbered from 0 as `iloc` does."""
    names = list(map(str, frame.columns))
    for start in range(0, len(frame), _BATCH):
        part = frame.iloc[start : start + _BATCH].astype(object)
        part = part.where(part.notna(), None)
        for number, values in enumerate(part.itertuples(index=False, name=None), start):
            yield Row(number, dict(zip(names, values, strict=True)))


def check_encoding(name: str) -> None:
    """Raise RequestError if an encoding is none that is known."""
    try:
        "a".encode(name or "utf-8")
    except LookupError:
        near = nearest(name, ("utf-8", "gb18030", "big5", "utf-16")) or "utf-8, gb18030, big5, utf-16"
        raise RequestError(f"no encoding named {name!r}. Nearest: {near}") from None


def _delimited(path: Path, encoding: str) -> Iterator[Sheet]:
    with _opened(path, encoding) as stream:
        first = stream.readline(LONGEST)
        stream.seek(0)
        delimiter = "\t" if path.suffix.lower() == ".tsv" else max(_DELIMITERS, key=first.count)
        csv.field_size_limit(2 * LONGEST)
        yield Sheet("", _csv_rows(stream, delimiter), stream.encoding)


def _csv_rows(stream: TextIO, delimiter: str) -> Iterator[Row]:
    lines = _Lines(stream)
    header: list[str] = []
    number = 0
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.size, lines.quotes = 0, 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = [str(error)]
        number += 1
        if not header:
            header = [cell.removeprefix("\ufeff").strip() for cell in cells]
            continue
        named = dict(zip(header, cells, strict=False))
        if lines.size > LONGEST:
            unclosed = (
                " and a quote in it is never closed, so that all that follows is in it" if lines.quotes % 2 else ""
            )
            yield Row(number, {}, f"has over {LONGEST:,} characters{unclosed}. Divide it, or look at its quotes")
        elif any(cells[len(header) :]):
            yield Row(number, named, f"has {len(cells)} cells under {len(header)} names. Look at its quotes and commas")
        elif any(cells):
            yield Row(number, named)


class _Lines:
    """Lines for the reader of CSV. Of a row that has become too long only the quotes are kept, for where it ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.size = self.quotes = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST)
        if not line:
            raise StopIteration
        self.size += len(line)
        quotes = line.count('"')
        part = line
        while len(part) == LONGEST and not part.endswith(("\n", "\r")):
            part = self._stream.readline(LONGEST)
            self.size += len(part)
            quotes += part.count('"')
        self.quotes += quotes
        return line if self.size <= LONGEST else '"' * quotes + "\n"


def _json_lines(path: Path, encoding: str) -> Iterator[Sheet]:
    with _opened(path, encoding) as stream:
        rows = _json_rows(stream)
        first = list(islice(rows, _BATCH))
        names = dict.fromkeys(name for row in first for name in row.cells)
        yield Sheet("", chain((replace(row, cells=names | row.cells) for row in first), rows), stream.encoding)


def _json_rows(stream: TextIO) -> Iterator[Row]:
    number, whole = 0, True
    while line := stream.readline(LONGEST):
        number += whole
        begins, whole = whole, line.endswith("\n") or len(line) < LONGEST
        if not begins or not line.strip("\ufeff \t\r\n"):
            continue
        if not whole:
            yield Row(number, {}, f"has over {LONGEST:,} characters. Divide it")
            continue
        try:
            cells = json.loads(line.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, f"is no JSON: {str(error)[:80]}. Mend it")
            continue
        yield Row(number, cells if isinstance(cells, dict) else {}, "" if isinstance(cells, dict) else "is no object")


def _opened(path: Path, encoding: str) -> TextIO:
    """Open a text in its encoding; bytes that are no text in it become U+FFFD."""
    if not encoding:
        with path.open("rb") as stream:
            sample = stream.read(_SAMPLE)
        if not sample.strip():
            raise ReadingError("empty", "is empty. Put the table's rows into it, or remove it.")
        encoding = encoding_of(sample[: sample.rfind(b"\n") + 1] or sample)
    return path.open(encoding=encoding, errors="replace", newline="")


def _excel(path: Path, _: str) -> Iterator[Sheet]:
    import python_calamine

    _check_packed(path)
    with _guarded(python_calamine.CalamineError):
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
    for name in names:
        with _guarded(python_calamine.CalamineError):
            sheet = book.get_sheet_by_name(name)
        yield Sheet(name if len(names) > 1 else "", _excel_rows(sheet))


def _excel_rows(sheet: Any) -> Iterator[Row]:
    header: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if not header:
            header = [str(cell).strip() for cell in cells] if any(cell != "" for cell in cells) else []
        elif any(cell != "" for cell in cells):
            yield Row(number, dict(zip(header, cells, strict=False)))


def _check_packed(path: Path) -> None:
    """Refuse what is no Excel file, and a bomb: each part is unpacked to its end, for its directory may lie."""
    with open_archive(path) as archive:
        infos = archive.infolist()
        if "xl/workbook.xml" not in {info.filename for info in infos}:
            raise ReadingError("format", "is no Excel workbook (.xlsx). Save it as one.")
        size, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
        if size > _UNPACKED or size > max(1_000_000, RATIO * packed):
            message = f"unpacks to {size:,} bytes; at most {_UNPACKED:,} are read. Save it as CSV or divide it."
            raise ReadingError("too_large", message)
        with _guarded(zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, NotImplementedError):
            for info in infos:
                with archive.open(info) as stream:
                    while stream.read(1 << 20):
                        pass


def _parquet(path: Path, _: str) -> Iterator[Sheet]:
    import pyarrow
    from pyarrow import parquet

    damage = pyarrow.ArrowException, OSError, UnicodeDecodeError
    with _guarded(*damage):
        file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    with file:
        yield Sheet("", _parquet_rows(file, damage))


def _parquet_rows(file: Any, damage: tuple[type[Exception], ...]) -> Iterator[Row]:
    number = 0
    with _guarded(*damage):
        for batch in file.iter_batches(batch_size=_BATCH):
            for cells in batch.to_pylist():
                number += 1
                yield Row(number, cells)


@contextmanager
def _guarded(*damage: type[Exception]) -> Iterator[None]:
    """Say of what a library refuses that the file is damaged; a panic in Rust is no Exception but a BaseException."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, damage) or type(error).__name__ == "PanicException":
            raise ReadingError("damaged", f"is damaged ({str(error)[:120]}). Fetch it again.") from None
        raise


_READERS: dict[str, Callable[[Path, str], Iterator[Sheet]]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".xlsx": _excel,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
}
