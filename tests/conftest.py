"""What the tests share: where the original reports lie, and a project of one's own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecoanalysis import tables
from ecoanalysis.extracting import model
from ecoanalysis.extracting.cues import lexicon
from ecoanalysis.knowledge import catalogue


def forget_the_catalogue() -> None:
    """Have the catalogue read anew: it is read once a process."""
    catalogue.metrics.cache_clear()
    lexicon.cache_clear()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project without reports or metrics, which the test runs in."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "metrics").mkdir()
    monkeypatch.chdir(tmp_path)
    forget_the_catalogue()
    yield tmp_path
    forget_the_catalogue()


@pytest.fixture(scope="session")
def originals() -> Path:
    """The folder that holds the original reports and their gold tables; they are not part of the project."""
    folder = os.environ.get("ECOANALYSIS_ORIGINALS", "")
    if folder:
        assert (Path(folder) / "seeds").is_dir(), f"ECOANALYSIS_ORIGINALS names {folder}, which holds no seeds"
        return Path(folder)
    why = "ECOANALYSIS_ORIGINALS is not set: the original reports are not part of the project"
    if os.environ.get("CI"):
        pytest.fail(f"{why}, but continuous integration must have them")
    pytest.skip(why)


@pytest.fixture(scope="session")
def sample_tables() -> tables.Tables:
    """The tables of the samples that the project ships, read once; whoever changes them works on a copy."""
    return tables.gather(Path(__file__).parents[1] / "data" / "raw", samples=True)


@pytest.fixture
def sure_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every reading be sure, for tests of what is done with one."""
    weights = model.weights() | {"confidence": {"bias": 10.0}}
    monkeypatch.setattr(model, "weights", lambda: weights)
