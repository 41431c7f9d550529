"""What a run says of itself: run.json, and what each of its pages was made from.

In: jobs, the tables, the files of this package. Out: keys that change when, and only when, a page has to be made again;
`Record` and `Page`, written to and read from run.json.
"""

import hashlib
import json
import platform
import re
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import ecoanalysis
from ecoanalysis import paths
from ecoanalysis.reporting.plan import Job
from ecoanalysis.tables.store import PACKAGE
from ecoanalysis.tables.writing import hash_of

FILE = "run.json"


@dataclass(frozen=True, slots=True)
class Page:
    """A notebook's part of a run. `state` is made, carried (from the run `made_in`) or failed, and `why`; `files` are hashes by name."""

    name: str
    folder: str
    parameters: dict[str, Any]
    key: str
    made_in: str
    state: str = "made"
    why: str = ""
    seconds: float = 0.0
    title: str = ""
    findings: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What a run says of itself.

    `left_out` are pages of the run before that nobody asked for and that do not hold any more, each with its `folder` and `why`:
    tables or code changed, the notebook changed or is gone, or somebody changed its files. `unread` are the reports, or what else
    is amiss as an error, that the tables are without, each with `name`, `code` and `message`; a run may be whole without them.
    """

    run: str
    started: str
    language: str
    previous: str
    asked: dict[str, Any]
    versions: dict[str, str]
    code: str
    tables: str
    left_out: list[dict[str, Any]]
    unread: list[dict[str, str]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    whole: bool = False
    seconds: float = 0.0

    def save(self, folder: Path) -> None:
        """Write run.json into the folder of a run that is being made."""
        (folder / FILE).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(run: Path) -> Record | None:
    """Return what a run says of itself; None where it says nothing that can be understood."""
    try:
        told = json.loads((run / FILE).read_text(encoding="utf-8"))
        return Record(**told | {"pages": [Page(**page) for page in told["pages"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def tables_hash(processed: Path) -> str:
    """Return a hash of the tables in a folder: of their description, which holds one of each."""
    return hash_of(processed / PACKAGE)


def table_files(processed: Path) -> list[str]:
    """Return the names of the files that the description of the tables lists, and its own, last."""
    listed = json.loads((processed / PACKAGE).read_text(encoding="utf-8"))["resources"]
    files = [[path] if isinstance(path := resource["path"], str) else path for resource in listed]  # many lie by year
    return [*(file for some in files for file in some), PACKAGE]


def code_hash(notebooks: Path, versions: dict[str, str]) -> str:
    """Return a hash of all that makes a page but its notebook and the tables: this package, metrics of one's own, versions."""
    package = Path(ecoanalysis.__file__).parent
    files = [file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    files += [*paths.own_metrics().glob("*.toml"), *notebooks.glob("*.py")]
    lines = [f"{file.name} {hash_of(file)}" for file in sorted(files)]
    return hashlib.sha256("\n".join([*lines, json.dumps(versions)]).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of what it builds on, by name."""
    names = {re.match(r"[\w.-]+", text)[0] for text in requires("ecoanalysis") or ()}  # type: ignore[index]
    found = {"python": platform.python_version()}
    for name in sorted({"ecoanalysis", *names}):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # one of an extra that is not installed
            continue
    return found


def key(job: Job, code: str, tables: str) -> str:
    """Return the key of a job's page: the same for the same notebook, parameters, folder, code and tables."""
    parts = [job.name, job.folder, job.parameters, hash_of(job.notebook), code, tables]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
