"""Imports go one way only, read from the syntax trees so that an import inside a function counts too."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "ecoanalysis").rglob("*.py"))
ORDER = [
    {"errors"},
    {"paths"},
    {"knowledge"},
    {"reading"},
    {"extracting"},
    {"tables"},
    {"comparing", "language"},
    {"wording"},
    {"charts"},
    {"study"},
    {"reporting"},
    {"cli_places"},
    {"cli_reading", "cli_runs"},
    {"cli"},
]
LEVEL = {part: level for level, parts in enumerate(ORDER) for part in parts}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import hides where it points"
            assert all(name.name != "*" for name in node.names), f"{file}: import *"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_imports_go_one_way(file: Path):
    part = file.relative_to(ROOT / "ecoanalysis").parts[0].removesuffix(".py")
    if part == "__init__":
        return  # the public names come from everywhere
    for name in imported(file):
        if name.startswith("ecoanalysis."):
            other = name.split(".")[1]
            assert other == part or LEVEL[other] < LEVEL[part], f"{part} must not import {other}"
        if LEVEL[part] < LEVEL["charts"]:
            assert name.split(".")[0] not in {"matplotlib", "seaborn"}, f"{part} must not import {name}"


def test_help_needs_no_pandas():
    code = "import sys; from ecoanalysis import cli; assert 'pandas' not in sys.modules, 'pandas'"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_tab_completion_offers_the_public_names():
    import ecoanalysis

    assert [name for name in dir(ecoanalysis) if not name.startswith("__")] == sorted(ecoanalysis.__all__)
    assert all(hasattr(ecoanalysis, name) for name in dir(ecoanalysis))


def test_a_run_with_nothing_to_do_needs_nothing_that_draws():
    code = "import sys; from ecoanalysis import reporting, tables; assert 'matplotlib' not in sys.modules, 'matplotlib'"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
