"""What the READMEs promise: the cron line runs, the two languages show the same commands, the tables are described."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ecoanalysis import tables
from ecoanalysis.tables.schema import TABLES

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]


def blocks(readme: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)


def test_both_readmes_show_the_same_commands():
    def bare(readme: Path) -> list[str]:
        return [re.sub(r"\s*#.*", "", line) for block in blocks(readme, r"\w*") for line in block.splitlines()]

    assert bare(READMES[0]) == bare(READMES[1])


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.name)
def test_the_traced_number_is_there(readme: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    (block,) = [block for block in blocks(readme, "python") if ">>>" in block]
    example = doctest.DocTestParser().get_doctest(block, {}, readme.name, str(readme), 0)
    assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.name)
def test_links_lead_somewhere(readme: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", readme.read_text(encoding="utf-8"))
    assert links and all((ROOT / link).exists() for link in links)


@pytest.mark.slow
def test_the_cron_line_runs(tmp_path: Path):
    """Run it as cron does: by /bin/sh, with hardly any environment, in a home that holds the project."""
    (line,) = blocks(READMES[0], "cron")
    command = re.fullmatch(r"(?:\S+ ){5}(.*)\n", line)[1]
    assert "%" not in command, "cron takes % for a line break"
    project = tmp_path / "ecoanalysis"
    for folder in (".venv", "data/raw", "notebooks", "figures"):
        (project / folder).mkdir(parents=True)
    (project / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    for sample in sorted((ROOT / "data" / "raw").glob("yunfu-2024.*")):
        shutil.copy(sample, project / "data" / "raw")
    shutil.copy(ROOT / "notebooks" / "00_corpus.ipynb", project / "notebooks")
    bare = {
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/sh",
        "LOGNAME": os.environ.get("USER", "root"),
    }
    done = subprocess.run(["/bin/sh", "-c", command], env=bare, cwd=tmp_path, stdin=subprocess.DEVNULL)
    said = (project / "figures" / "last-run.txt").read_text(encoding="utf-8")
    assert done.returncode == 0, said
    assert tables.load(project / "data" / "processed").reports["report"].tolist() == ["yunfu-2024"]
    assert list((project / "figures").rglob("00_corpus*.html")), said


def test_every_column_is_described():
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    for table, columns in TABLES.items():
        part = text.split(f"## {table}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)`.*\| (.+) \|$", part, re.MULTILINE) == [(c.name, c.description) for c in columns]
