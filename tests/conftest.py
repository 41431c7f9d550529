"""What the tests share: where the original reports lie."""

import os
from pathlib import Path

import pytest


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
