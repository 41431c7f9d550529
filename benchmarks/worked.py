"""Write the worked example of docs/reading.md anew: what its commands print by the weights as they are.

usage: python benchmarks/worked.py
"""

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from ecoanalysis.cli import main

PAGE = Path(__file__).parents[1] / "docs" / "reading.md"
_BLOCK = re.compile(r"(?<=```\n)\$ ecoanalysis (.*)\n(?:.*\n)*?(?=```)")


def worked(page: str) -> str:
    """Return a page with every block that opens with a command filled with what the command prints."""
    return _BLOCK.sub(_printed, page)


def _printed(block: re.Match[str]) -> str:
    return f"$ ecoanalysis {block[1]}\n{CliRunner().invoke(main, shlex.split(block[1])).output}"


if __name__ == "__main__":
    PAGE.write_text(worked(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
