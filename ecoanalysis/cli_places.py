"""What a command takes for a place: a folder or file of this machine, or for tables an address such as s3://bucket/tables.

In: a word of the command line. Out: a `Path`, or the address as it is. An address where only this machine's folders will do is
refused: as a path it would be a folder `s3:` in the one that the user happens to be in.
"""

from pathlib import Path
from typing import Any

import click

from ecoanalysis.errors import RequestError

_MARK = "://"


class Local(click.Path):
    """A folder or file of this machine."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if _MARK in str(value):
            taking = "--processed of parse, check, manifest, review and export takes an address"
            self.fail(
                f"{str(value)!r} is an address, and a {self.name} of this machine is wanted; {taking}", param, ctx
            )
        if not self.dir_okay and Path(value).is_dir():
            self.fail(f"{str(value)!r} is a folder, and a file is wanted; --raw of parse takes a folder", param, ctx)
        return super().convert(value, param, ctx)


FOLDER = Local(file_okay=False, path_type=Path)
OUTPUT = Local(dir_okay=False, path_type=Path)
FILE = Local(exists=True, dir_okay=False, path_type=Path)


class Place(click.ParamType):
    """A folder, or an address such as s3://bucket/tables."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | Path:
        return value if _MARK in str(value) else FOLDER.convert(value, param, ctx)


def beside(processed: str | Path | None, output: Path | None) -> Path | None:
    """Return the file that a command writes: `output`, or None for the usual one, which tables at an address have not."""
    if output is None and _MARK in str(processed):
        raise RequestError(f"{processed} is an address: name the file to write on this machine with -o")
    return output
