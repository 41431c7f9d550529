"""Where a project keeps its things: data/raw, data/processed, data/corrections.csv, data/reading_weights.toml, metrics,
figures and notebooks.

In: the current directory. Out: the folders of the project it lies in, so that a notebook in `notebooks/`
and a command at the top find the same tables. Nothing is created but what `replacing` is asked for. The variables `ECOANALYSIS_PROCESSED` and
`ECOANALYSIS_FIGURES` name other folders for tables and figures; so a run tells the notebooks where it wants them.
"""

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecoanalysis.errors import RequestError

_REPOSITORY = Path(__file__).resolve().parent.parent


def project(start: str | Path | None = None) -> Path:
    """Return the project that `start` (by default the current directory) lies in: the nearest folder with `data/raw`.

    A folder that lies in no project gets the one that this package was installed from, if there is one, else itself.

    >>> (project() / "data").name
    'data'
    """
    here = Path(start or ".").resolve()
    for folder in (here, *here.parents, _REPOSITORY):
        if (folder / "data" / "raw").is_dir():
            return folder
    return here


def raw() -> Path:
    """Return the folder of the reports as published; nothing is written there but a manifest that is asked for."""
    return project() / "data" / "raw"


def corrections() -> Path:
    """Return the file in which people overrule readings; a project need not have one."""
    return project() / "data" / "corrections.csv"


def weights() -> Path:
    """Return the file of the project's own weights of the reading, which `ecoanalysis train` writes; it need not be there."""
    return project() / "data" / "reading_weights.toml"


def own_metrics() -> Path:
    """Return the folder of the project's own metrics; a project need not have one."""
    return project() / "metrics"


def processed() -> Path:
    """Return the folder of the tidy tables."""
    return _told("ECOANALYSIS_PROCESSED") or project() / "data" / "processed"


def figures() -> Path:
    """Return the folder that the notebooks export to."""
    return _told("ECOANALYSIS_FIGURES") or project() / "figures"


def _told(variable: str) -> Path | None:
    """Return the folder that a variable names; as a path, an address would be a folder `s3:` wherever one happens to be."""
    value = os.environ.get(variable, "")
    if "://" in value:
        raise RequestError(
            f"{variable} is {value}, an address, and a folder is wanted; --processed of parse takes an address"
        )
    return Path(value) if value else None


def notebooks() -> Path:
    """Return the folder of the notebooks."""
    return project() / "notebooks"


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a file to write, and put it in the place of `file` once it is complete; where it fails, the old one stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".replacing-", dir=file.parent) as folder:
        draft = Path(folder) / file.name
        yield draft
        os.replace(draft, file)


# What is not seen but moves a terminal, the order of letters or a cell's end; breaks of lines are no harm in a text.
UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f"
)
_UNSEEN = re.compile(f"[{UNSEEN}\t\n\r\u2028\u2029]")
_HALF = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Return a name that a stranger gave, as tables, pages and terminals may show it: one line, all of it to be seen.

    A file's name that is not in UTF-8 is taken to be in the encoding of Chinese Windows.

    >>> plain("a" + chr(10) + "b"), plain(chr(27) + "[31m"), plain("蚌埠".encode("gbk").decode("utf-8", "surrogateescape"))
    ('a_b', '_[31m', '蚌埠')
    """
    if _HALF.search(text):
        try:
            text = text.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
        except UnicodeEncodeError:  # halves of characters that stand for no bytes
            text = _HALF.sub("_", text)
    return unicodedata.normalize("NFC", _UNSEEN.sub("_", text))


def shown(path: str | Path) -> str:
    """Return `path` as tables and messages show it: from the project's top where it lies within, with `/` everywhere.

    >>> shown(raw() / "yunfu-2024.txt")
    'data/raw/yunfu-2024.txt'
    """
    whole = Path(path).absolute()
    seen = whole.relative_to(project()) if whole.is_relative_to(project()) else whole
    return "/".join(map(plain, seen.as_posix().split("/")))
