"""Where tables are: which commands take an address, that none makes a folder of its name, and what lies there instead of tables."""

import hashlib
import json
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


@pytest.mark.parametrize("variable", ["ECOANALYSIS_PROCESSED", "ECOANALYSIS_FIGURES"])
@pytest.mark.parametrize("address", ["memory://x/y", "file:///x/y", "s3://bucket/x"])
def test_a_variable_names_a_folder(address: str, variable: str, project: Path, monkeypatch: pytest.MonkeyPatch):
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv(variable, address)
    refused = run("parse" if variable == "ECOANALYSIS_PROCESSED" else "report")
    assert refused.exit_code == 2 and f"{variable} is {address}, an address, and a folder is wanted" in refused.stderr
    assert names(project / "data") == {"raw"} and not list(project.glob("*:"))


@pytest.mark.parametrize("address", ["nosuch://x/y", "file://{}/data/raw/yunfu.txt"])
def test_where_no_tables_can_be(address: str, project: Path):
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    for command in ("parse", "check"):
        refused = run(command, "--processed", where := address.format(project))
        assert refused.exit_code == 2 and where in refused.stderr
    assert names(project / "data") == {"raw"}


@pytest.mark.parametrize("file", ["facts.parquet", "facts.csv", "datapackage.json"])
def test_a_folder_in_the_place_of_a_file_is_said_and_nothing_is_written(file: str, project: Path):
    report, kept = project / "data" / "raw" / "yunfu.txt", project / "data" / "processed"
    report.write_text(TEXT, encoding="utf-8")
    assert run("parse").exit_code == 0
    (kept / file).unlink()
    (kept / file).mkdir()
    before = {one.name: one.read_bytes() for one in kept.iterdir() if one.is_file()}
    report.write_text(TEXT.replace("20微克", "21微克"), encoding="utf-8")
    refused = run("parse")
    assert refused.exit_code == 2 and f"data/processed/{file} is a folder" in refused.stderr
    assert {one.name: one.read_bytes() for one in kept.iterdir() if one.is_file()} == before
    (kept / file).rmdir()
    assert run("parse").exit_code == 0 and run("check").exit_code == 0


def test_a_folder_among_the_parts_is_in_nobody_s_way(project: Path):
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    assert run("parse").exit_code == 0
    (part,) = (project / "data" / "processed" / ".parts").glob("*/*.parquet")
    part.with_name("other.parquet").mkdir()
    assert run("parse").exit_code == 0 and not part.with_name("other.parquet").exists()


def test_what_is_called_a_table_and_is_none_is_said(project: Path):
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    assert run("parse").exit_code == 0
    kept = project / "data" / "processed"
    (kept / "reports.parquet").write_text("no Parquet")
    package = json.loads((kept / "datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["name"] == "reports":
            resource["hash"] = "sha256:" + hashlib.sha256(b"no Parquet").hexdigest()
    (kept / "datapackage.json").write_text(json.dumps(package))
    refused = run("check")
    assert refused.exit_code == 2 and "data/processed/reports.parquet is no table in Parquet" in refused.stderr
    assert run("parse").exit_code == 0 and run("check").exit_code == 0


@pytest.mark.parametrize("command", [["parse"], ["parse", "data/raw/no.parquet"]])
def test_where_nothing_can_be_read_there_are_tables_that_say_so(command: list[str], project: Path):
    (project / "data" / "raw" / "no.parquet").write_text("no Parquet")
    for _ in range(2):
        done = run(*command)
        assert done.exit_code == 1 and "no.parquet is damaged" in done.stderr
        assert done.stdout.startswith("reports: 0, facts: 0, problems: 1 error")


def test_a_folder_called_like_a_table_is_a_folder(project: Path):
    folder = project / "data" / "raw" / "corpus.parquet"
    folder.mkdir()
    rows = pd.DataFrame({"city": ["信阳"], "year": [2016], "doc": ["2016年，全市PM2.5平均浓度61微克/立方米。"]})
    rows.to_parquet(folder / "part-0.parquet")
    assert run("parse").stdout.startswith("reports: 1, facts: 1, problems: none")
    refused = run("parse", "data/raw/corpus.parquet")
    assert refused.exit_code == 2 and "is a folder, and a file is wanted" in refused.stderr
