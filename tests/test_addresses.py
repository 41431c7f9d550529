"""Tables at an address: which commands take one, and that none makes a folder of its name."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecoanalysis.cli import main

TEXT = "云浮市生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度20微克/立方米。\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(params=["memory://addresses/tables", "file://{}/elsewhere"])
def address(request: pytest.FixtureRequest, project: Path) -> str:
    """Where the tables of a project with one report are."""
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    where = request.param.format(project)
    done = run("parse", "--processed", where)
    assert done.exit_code == 0, done.output
    return where


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} - {"elsewhere"}


def test_what_only_reads_the_tables_takes_an_address(address: str, project: Path):
    before = names(project)
    done = run("manifest", "--processed", address)
    assert done.exit_code == 0, done.output
    rows = pd.read_csv(project / "data" / "raw" / "manifest.csv")
    assert rows[["file", "city"]].values.tolist() == [["yunfu.txt", "云浮市"]]
    assert run("check", "--processed", address).exit_code == 0
    assert names(project) == before and names(project / "data") == {"raw"}


@pytest.mark.parametrize(("command", "file"), [("export", "panel.csv"), ("review", "review.xlsx")])
def test_what_writes_a_file_is_told_which_one(address: str, project: Path, command: str, file: str):
    before = names(project)
    refused = run(command, "--processed", address)
    assert (
        refused.exit_code == 2 and f"{address} is an address: name the file to write on this machine" in refused.stderr
    )
    assert names(project) == before and names(project / "data") == {"raw"}
    done = run(command, "--processed", address, "-o", project / file)
    assert done.exit_code == 0, done.output
    assert (project / file).is_file() and names(project / "data") == {"raw"}


@pytest.mark.parametrize(
    "arguments",
    [
        *(["report", option, "memory://x/y"] for option in ("--processed", "--raw", "--figures", "--inbox")),
        *([command, "-o", "s3://bucket/file"] for command in ("export", "review", "manifest")),
        ["parse", "--raw", "s3://bucket/raw"],
        ["parse", "https://example.org/a.txt"],
        ["changes", "--figures", "file:///x"],
        ["metrics", "try", "2微克", "--metric", "air.pm25", "--raw", "s3://bucket/raw"],
    ],
    ids=" ".join,
)
def test_where_this_machine_is_wanted_an_address_is_refused(arguments: list[str], project: Path):
    before = names(project)
    refused = run(*arguments)
    assert refused.exit_code == 2 and "is an address, and a" in refused.stderr
    assert "--processed of parse, check, manifest, review and export takes an address" in refused.stderr
    assert names(project) == before and names(project / "data") == {"raw"}
