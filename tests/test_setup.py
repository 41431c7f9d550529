"""The set-up files agree with each other, and `make` chooses its Python with care."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def requirement(text: str) -> tuple[str, str]:
    name, bounds = re.fullmatch(r"([\w.-]+)\s*(.*)", text).groups()
    return name.lower().replace("_", "-"), bounds.replace(" ", "")


def test_conda_and_pip_name_the_same_dependencies():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = {requirement(text) for text in listed if isinstance(text, str)} - {("pip", "")}
    by_pip = {requirement(text) for part in listed if isinstance(part, dict) for text in part["pip"] if text[0] != "-"}
    assert conda | by_pip == {requirement(text) for text in PROJECT["dependencies"]} | {
        ("python", PROJECT["requires-python"])
    }


def test_what_is_imported_is_asked_for():
    """What happens to come along with another package may stay away with its next version."""
    found = {ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "ecoanalysis").rglob("*.py")}
    nodes = [node for tree in found for node in ast.walk(tree)]
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    top = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"ecoanalysis"}
    providers = packages_distributions()
    extras = PROJECT["optional-dependencies"]
    extra = [*extras["train"], *extras["schedule"]]  # needed by one command each, which says so
    asked = {requirement(text)[0] for text in [*PROJECT["dependencies"], *extra]}
    assert not {name for name in top if not {requirement(p)[0] for p in providers[name]} & asked}


def test_every_locked_package_has_a_hash_and_none_an_address():
    packages = re.findall(r"^\S+==\S+.*?(?=^\S|\Z)", LOCK, re.MULTILINE | re.DOTALL)
    assert len(packages) == len(re.findall(r"^\S", LOCK, re.MULTILINE)) > 50
    assert all("--hash=sha256:" in package for package in packages)
    assert not re.search(r"https?:|://|--(extra-)?index|--find-links| @ ", LOCK)


def test_the_lock_holds_what_the_project_asks_for():
    locked = {requirement(line.split("==")[0])[0] for line in LOCK.splitlines() if "==" in line.split(";")[0]}
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {requirement(text)[0] for text in asked} <= locked


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def fake_python(path: Path, version: str) -> Path:
    """A Python that says its version and can do no more; without a version it fails as a manager's shim does."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\ntest "$1" = -c && test -n "{version}" && echo "{version}"\n')
    path.chmod(0o755)
    return path


def make(clone: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess:
    path = f"{before}:/usr/local/bin:/usr/bin:/bin"
    return subprocess.run(["make", *arguments], cwd=clone, env={"PATH": path}, capture_output=True, text=True)


@pytest.mark.parametrize("goal", ["report", "test"])
def test_make_refuses_other_pythons_by_name(clone: Path, goal: str):
    old = fake_python(clone / "old" / "python3.10", "3.10")
    done = make(clone, goal, f"PYTHON={old}")
    assert done.returncode == 2 and not (clone / ".venv").exists()
    assert f"needs Python 3.11, 3.12 or 3.13, and found none of them among: {old}. {old} is Python 3.10." in done.stdout
    assert f"make {goal} PYTHON=/path/to/python3.12" in done.stdout


def test_make_passes_over_a_python_that_does_not_run(clone: Path):
    fake_python(clone / "bin" / "python3.13", "")
    fake_python(clone / "bin" / "python3.12", "3.12")
    done = make(clone, "setup", before=str(clone / "bin"))
    assert "Making .venv with python3.12 (Python 3.12)" in done.stdout
    assert done.returncode == 2 and "apt install python3.12-venv" in done.stdout
