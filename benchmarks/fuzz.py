"""Look for bytes that break the reading: each input is read, and whatever is no ReadingError is kept as a file.

    python benchmarks/fuzz.py word --seconds 600

In: what to fuzz (one of TARGETS), for how long. Out: a file for each place in the code where an input failed, took more than
ten seconds or a gigabyte, in `--into`, and a line on each. With atheris (Apache-2.0; `pip install atheris`, no dependency of
this package) the search follows which lines run; without it, inputs are changed blindly.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

try:
    import atheris
except ImportError:
    atheris = None  # type: ignore[assignment]
else:
    with atheris.instrument_imports(include=["ecoanalysis.reading", "ecoanalysis.extracting"]):
        for name in ("extracting", "reading.pdf", "reading.web_page", "reading.word"):
            import_module(f"ecoanalysis.{name}")

from files import W, docx, p, packed, paragraph, part, pdf, ruled, tbl, tc

from ecoanalysis.errors import ReadingError, RequestError
from ecoanalysis.extracting import tables
from ecoanalysis.reading import read_text
from ecoanalysis.reading.encoding import decode
from ecoanalysis.reading.inputs import all_sources
from ecoanalysis.reading.reader import read_bytes
from ecoanalysis.reading.word import read_word

TEXT = "蚌埠市生态环境局2024年工作总结\n一、大气\n2024年，全市PM2.5浓度22微克/立方米，同比下降4.3%；罚款2,040.5万元，约占三分之二。"
AIR = [["县区", "PM2.5浓度（μg/m3）", "同比（%）"], ["怀远县", "35", "-8.3"], ["五河县", "*", "0"]]
CUT = b"\n=====\n"  # between the parts of a Word file


def _word(data: bytes) -> None:
    body, styles, numbering = [*data.split(CUT), b"", b""][:3]
    whole = (part(one.decode("utf-8", "replace")) for one in (b"<w:body>" + body + b"</w:body>", styles, numbering))
    names = ("word/document.xml", "word/styles.xml", "word/numbering.xml")
    read_word(packed({"[Content_Types].xml": "", **dict(zip(names, whole, strict=True))}, zipfile.ZIP_STORED))


def _sidecar(data: bytes) -> None:
    read_bytes(Path("a.txt"), "a", TEXT.encode(), data)


def _text(data: bytes) -> None:
    report = read_text(data.decode("utf-8", "ignore"), "a", year=2024)
    for frame in tables(report):
        for row in frame.itertuples():
            assert report.text[row.start : row.end] == row.quote


def _as(ending: str) -> Callable[[bytes], object]:
    return lambda data: read_bytes(Path("a" + ending), "a", data)


def _file(ending: str) -> Callable[[bytes], object]:
    """Archives and tables are read where they lie, each with all that is in it."""
    file = Path(tempfile.mkdtemp(prefix="ecoanalysis-fuzz-")) / f"a{ending}"

    def read(data: bytes) -> None:
        file.write_bytes(data)
        with suppress(RequestError):  # nothing to read in it
            for source in all_sources(file):
                with suppress(ReadingError):
                    source.read()

    return read


def _workbook(frame: pd.DataFrame) -> bytes:
    made = BytesIO()
    frame.to_excel(made, index=False, engine="xlsxwriter")
    return made.getvalue()


_GRID = "".join(f"<tr>{''.join(f'<td rowspan=1 colspan=2>{cell}</td>' for cell in row)}</tr>" for row in AIR)
_LIST = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>'
)
_STYLE = '<w:style w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="1"/></w:style>'
_NUMBERED = p("大气", '<w:pStyle w:val="1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>')
_CELLS = [[tc("1", '<w:gridSpan w:val="2"/><w:vMerge/>'), "2"], ["3", "4", "5"]]
_PAGE = f'<html><head><meta charset="utf-8"><title>{TEXT[:18]}</title></head><body><div class="con"><h1>{TEXT}</h1><p>'
_DRAWN = [(120.0, 780.0, 22.0, TEXT[:18]), *paragraph(TEXT[18:], 700), *ruled(AIR, 500)]

_ROWS = pd.DataFrame({"城市": ["信阳", "合肥"], "年份": [2016, 2024], "doc": [TEXT, f"<p>{TEXT}</p>"]})

# What is fuzzed: by what, and from which inputs on.
TARGETS: dict[str, tuple[Callable[[bytes], object], list[bytes]]] = {
    "decode": (decode, [TEXT.encode(code, "ignore") for code in ("utf-8", "gb18030", "big5hkscs", "utf-16")]),
    "page": (_as(".html"), [f"{_PAGE}{TEXT}</p><table>{_GRID}</table></div><nav><a>x</a></nav>".encode()]),
    "word": (
        _word,
        [(p(TEXT) + _NUMBERED + tbl(*AIR, *_CELLS)).encode() + CUT + _STYLE.encode() + CUT + _LIST.encode()],
    ),
    "docx": (_as(".docx"), [docx(p(TEXT), tbl(*AIR))]),
    "pdf": (_as(".pdf"), [pdf(_DRAWN, _DRAWN), pdf(_DRAWN, turned=90)]),
    "sidecar": (
        _sidecar,
        ['city = "合肥市"\nyear = 2024\nperiod_end = 2024-06-30\ngenre = ""\ndistrict = "x"\n'.encode()],
    ),
    "zip": (
        _file(".zip"),
        [packed({"2016/信阳市.txt": TEXT, "a.toml": "year = 2016", "b.zip": packed({"c.html": _PAGE})})],
    ),
    "csv": (_file(".csv"), [_ROWS.to_csv(index=False).encode(code) for code in ("utf-8-sig", "gb18030")]),
    "jsonl": (_file(".jsonl"), [_ROWS.to_json(orient="records", lines=True, force_ascii=False).encode()]),
    "xlsx": (_file(".xlsx"), [_workbook(_ROWS)]),
    "parquet": (_file(".parquet"), [_ROWS.to_parquet(index=False)]),
    "text": (_text, [TEXT.encode(), *(line.encode() for line in TEXT.split("\n"))]),
}
# Pieces that blind changes and libFuzzer's own dictionary take from.
PIECES = [
    *(
        "优良率99.1%、",
        "PM2.5",
        "劣Ⅴ类",
        "同比上升",
        "百分之",
        "几十",
        "万亿",
        "1,234",
        "*",
        "《",
        "（",
        "\n",
        "2024年1-6月",
        "约占",
    ),
    *(
        "<table>",
        "<tr>",
        "<td rowspan=9>",
        "</p>",
        "<pre>",
        "<sup>",
        "&#0;",
        "<!--",
        '<w:numFmt w:val="decimal"/>',
        "<w:del>",
    ),
    *(
        '<w:lvl w:ilvl="x">',
        '<w:vMerge w:val="restart"/>',
        "<w:tbl>",
        "<w:tc>",
        "</w:p>",
        '"9999999999"',
        f'xmlns="{W}"',
    ),
    *(
        "/Kids [2 0 R]",
        "endstream",
        "0 0 0 0 re f",
        "/F 1e9 Tf",
        "Tj",
        "cm",
        "q",
        "/Rotate 91",
        "<<",
        "[[",
        "=",
        '"""',
        "9e999",
    ),
]


class Found:
    """The failures seen, one a place in the code."""

    def __init__(self, folder: Path, target: str) -> None:
        self._folder, self._target, self._seen = folder, target, set[str]()
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, work: Callable[[bytes], object], data: bytes) -> None:
        began = time.process_time()
        try:
            work(data)
        except ReadingError:
            pass
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            self.keep(f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}", data, str(error))
        if time.process_time() - began > 3:
            self.keep(f"slow-{len(data).bit_length()}", data, f"{time.process_time() - began:.1f} s")

    def keep(self, what: str, data: bytes, message: str) -> None:
        if what not in self._seen:
            self._seen.add(what)
            (self._folder / f"{self._target}-{what}").write_bytes(data)
            print(f"{self._target}: {what}: {message[:200]!r}", flush=True)


def blindly(work: Callable[[bytes], object], seeds: list[bytes], found: Found, seconds: float, seed: int) -> int:
    """Change bytes, repeat stretches, put in pieces; now and then repeat one piece very often. Return the inputs tried."""
    chance, until, count = random.Random(seed), time.monotonic() + seconds, 0
    pieces = [piece.encode() for piece in PIECES]
    while time.monotonic() < until:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice([1, 2, 4, 12])):
            low = chance.randrange(len(data) + 1)
            high = min(len(data), low + chance.choice([0, 1, 4, 30]))
            new = chance.choice([bytes(data[low:high]) * 3, b"", chance.choice(pieces), chance.randbytes(2)])
            data[low:high] = new * chance.choice([1] * 30 + [50, 2000])
        found.run(work, bytes(data))
        count += 1
    return count


def guided(work: Callable[[bytes], object], seeds: list[bytes], found: Found, seconds: float, seed: int) -> None:
    """Let atheris look for inputs that run new lines; it ends the process."""
    corpus = found._folder / f"corpus-{found._target}"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(data)
    words = corpus.with_suffix(".dict")
    words.write_text("".join('"' + "".join(map("\\x{:02x}".format, piece.encode())) + '"\n' for piece in PIECES))
    flags = [f"-max_total_time={seconds:.0f}", "-timeout=10", "-rss_limit_mb=1024", "-max_len=20000", f"-seed={seed}"]
    flags += [
        f"-dict={words}",
        f"-artifact_prefix={found._folder}/{found._target}-",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *flags], lambda data: found.run(work, data))
    atheris.Fuzz()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("target", choices=TARGETS)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--into", type=Path, default=Path("fuzzed"))
    arguments.add_argument("--blindly", action="store_true", help="without atheris, though it is there")
    given = arguments.parse_args()
    work, seeds = TARGETS[given.target]
    found = Found(given.into, given.target)
    for data in seeds:
        with suppress(ReadingError):
            work(data)  # loads what is known, which counts against no input
    if atheris and not given.blindly:
        guided(work, seeds, found, given.seconds, given.seed)
        return
    print(f"{given.target}: {blindly(work, seeds, found, given.seconds, given.seed)} inputs")


if __name__ == "__main__":
    main()
