"""The rows of a table, one after the other, whatever it is kept in: CSV, TSV, Excel, JSON lines, Parquet, a DataFrame.

In: a path, and the encoding if told. Out: `Sheet`s, whose rows are read as they are asked for: a table need not fit into
memory, but for those of Excel. Cells are never reckoned, unpickled or followed. `ReadingError` says what cannot be read.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from ecoanalysis.errors import ReadingError, RequestError, nearest
from ecoanalysis.reading.encoding import encoding_of
from ecoanalysis.reading.file_kinds import RATIO
from ecoanalysis.reading.workbook import UNPACKED, check_workbook

LONGEST = 20_000_000  # characters of a row
EXCEL_CELL = 32_767  # characters that a cell of Excel holds
_SAMPLE = 1_000_000
_DELIMITERS = ",\t;|"
_BATCH = 200
_A_ROW, _A_CELL, _A_SHEET = 1000, 25, 1_000_000  # bytes that these count for at least
_SHEETS = 10_000_000_000  # bytes of all sheets, if all were as large as the largest
_COLUMNS = 16_384  # as many as Excel has
_CHUNK = 100_000_000  # bytes of a Parquet file's column that may be packed however well


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

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(LONGEST):
            self.size += len(line)
            quotes = line.count('"')
            part = line
            while len(part) == LONGEST and not part.endswith(("\n", "\r")):
                part = self._stream.readline(LONGEST)
                self.size += len(part)
                quotes += part.count('"')
            self.quotes += quotes
            yield line if self.size <= LONGEST else '"' * quotes + "\n"


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
            yield Row(number, {}, _too_long())
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

    largest = check_workbook(path)
    bound = _Bound(path)
    with _guarded(python_calamine.CalamineError):
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
    if len(names) * max(largest, _A_SHEET) > _SHEETS:  # all may be one, by many names
        raise ReadingError(
            "too_large", f"has {len(names):,} sheets, too many of their size. Save it as CSV or divide it."
        )
    for name in names:
        with _guarded(python_calamine.CalamineError):
            sheet = book.get_sheet_by_name(name)
        yield Sheet(name if len(names) > 1 else "", _excel_rows(sheet, bound))


def _excel_rows(sheet: Any, bound: "_Bound") -> Iterator[Row]:
    header: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        bound.take(_A_CELL * len(cells))
        if not header:
            header = [str(cell).strip() for cell in cells] if any(cell != "" for cell in cells) else []
        elif any(cell != "" for cell in cells):
            yield bound.row(number, dict(zip(header, cells, strict=False)))


class _Bound:
    """What the rows of a packed table may come to: a text that repeats takes next to nothing there, and all of it here."""

    def __init__(self, path: Path) -> None:
        self._most = self._left = max(UNPACKED, RATIO * path.stat().st_size)

    def take(self, size: int) -> None:
        """Count some bytes; ReadingError too_large where they are too many in all."""
        self._left -= size
        if self._left < 0:
            message = (
                f"unpacks to rows of over {self._most:,} bytes; what follows is left out. Save it as CSV or divide it."
            )
            raise ReadingError("too_large", message)

    def row(self, number: int, cells: dict[str, Any]) -> Row:
        """Count a row and return it, or that it is too long."""
        size = sum(len(cell) for cell in cells.values() if isinstance(cell, str | bytes))
        self.take(_A_ROW + size)
        return Row(number, cells) if size <= LONGEST else Row(number, {}, _too_long())


def _too_long() -> str:
    return f"has over {LONGEST:,} characters. Divide it"


def _parquet(path: Path, _: str) -> Iterator[Sheet]:
    import pyarrow
    from pyarrow import parquet

    damage = pyarrow.ArrowException, OSError, UnicodeDecodeError
    with _guarded(*damage):
        # Types that Arrow noted are not asked for: by them each batch would hold the whole dictionary of its texts.
        footer = io.BytesIO()
        parquet.read_metadata(path).write_metadata_file(footer)
        metadata = parquet.read_metadata(io.BytesIO(footer.getvalue().replace(b"ARROW:schema", b"arrow:schema")))
        _check_chunks(metadata)
        zones = {field.name: field.type for field in parquet.read_schema(path) if hasattr(field.type, "tz")}
        file = parquet.ParquetFile(path, metadata=metadata, pre_buffer=False, buffer_size=1 << 20)
    with file:
        yield Sheet("", _parquet_rows(file, zones, _Bound(path), damage))


def _check_chunks(metadata: Any) -> None:
    """Refuse what says that it unpacks to too much: a page of a column is unpacked as a whole."""
    if metadata.num_columns > _COLUMNS:
        raise ReadingError("too_large", f"has over {_COLUMNS:,} columns. Leave some out.")
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            size = chunk.total_uncompressed_size
            if size > max(_CHUNK, RATIO * chunk.total_compressed_size):
                message = f"has a column that unpacks to {size:,} bytes, over {RATIO} times its size. Save it as CSV."
                raise ReadingError("too_large", message)


def _parquet_rows(
    file: Any, zones: dict[str, Any], bound: "_Bound", damage: tuple[type[Exception], ...]
) -> Iterator[Row]:
    """Yield rows, one in memory at a time: any may be long, packed to nothing.

    Lists are left out, and what else is no plain column: a list may be longer than any text.
    """
    columns = map(file.schema.column, range(len(file.schema)))
    plain = [
        at for at, column in enumerate(columns) if not column.max_repetition_level and column.max_definition_level < 2
    ]
    groups = range(file.metadata.num_row_groups)
    with _guarded(*damage):
        # By their numbers, for a name may hold a dot, and may be there twice.
        batches = file.reader.iter_batches(1, row_groups=groups, column_indices=plain, use_threads=False)
        for number, batch in enumerate(batches, 1):
            if batch.nbytes > 4 * LONGEST:  # a character has at most four bytes
                bound.take(batch.nbytes)
                yield Row(number, {}, _too_long())
                continue
            try:
                cells = {
                    name: _cell(column, zones.get(name)) for name, column in zip(batch.schema.names, batch, strict=True)
                }
            except (OverflowError, RecursionError) as error:
                bound.take(_A_ROW)
                yield Row(number, {}, f"holds what cannot be read: {str(error)[:80]}. Mend it")
                continue
            yield bound.row(number, cells)


def _cell(column: Any, zoned: Any) -> Any:
    return (column.cast(zoned) if zoned else column)[0].as_py()


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
