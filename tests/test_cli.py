"""The command line: exit statuses, plain messages, and that a refused request leaves everything as it was."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecoanalysis import reporting, tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import plan as planning
from ecoanalysis.tables import schema


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def made(*severities: str) -> tables.Tables:
    rows = [
        {"report": f"r{n}", "code": "odd", "severity": severity, "message": f"m{n}", "start": n or None, "end": n + 5}
        for n, severity in enumerate(severities)
    ]
    problems = schema.conform(pd.DataFrame(rows), "problems") if rows else schema.empty("problems")
    return tables.Tables(**{name: schema.empty(name) for name in schema.TABLES} | {"problems": problems})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the commands asked of the library, which answers at once with tables and notebooks without fault."""
    seen: dict = {"tables": made(), "results": []}

    def prepared(sources: object, processed: object, *, samples: bool, **_: object) -> tuple[tables.Tables, object]:
        seen["read"] = sources, samples
        return seen["tables"], lambda: seen.update(written=processed)

    def plan(names: tuple[str, ...], parameters: dict, found: tables.Tables, each_city: bool) -> None:
        seen["planned"] = names, parameters
        seen["each city"] = each_city
        if parameters.get("year") == 1999:
            raise RequestError("no report of 1999. Nearest: 2024")

    monkeypatch.setenv("ECOANALYSIS_FIGURES", str(tmp_path_factory.mktemp("figures")))
    monkeypatch.setattr(tables, "prepared", prepared)
    monkeypatch.setattr(planning, "plan", plan)
    monkeypatch.setattr(reporting, "run", lambda *asked: seen["results"])
    return seen


def test_help_lists_the_commands():
    said = run("--help").output
    assert all(command in said for command in ("parse", "report", "check", "explain", "metrics", "codebook", "score"))


def test_report_hands_its_parameters_on(asked: dict, tmp_path: Path):
    result = run(
        "report", "01_air", "-p", "language", "en", "--cities", "赣州,云浮", "--year", 2024, "--processed", tmp_path
    )
    assert result.exit_code == 0, result.output
    assert asked["planned"] == (("01_air",), {"language": "en", "cities": "赣州,云浮", "year": 2024})
    assert asked["written"] == tmp_path and asked["read"] == (None, False)
    assert asked["each city"] is False
    run("report", "--each-city")
    assert asked["each city"] is True


def test_a_refused_report_writes_nothing(asked: dict):
    result = run("report", "--year", 1999)
    assert (result.exit_code, result.stderr) == (2, "Error: no report of 1999. Nearest: 2024\n")
    assert "read" in asked and "written" not in asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-p", "languag", "en"], "00_corpus has no parameter 'languag'. Nearest: language"),
        (["07_air"], "no notebook named '07_air'. Nearest: 01_air"),
        (["-p", "language", "fr"], "no labels in 'fr'. Nearest: zh; the languages are zh and en"),
        (["-p", "year", "last"], "year = 'last' is not of type int"),
        (["--cities", "火星"], "no city named '火星'. Nearest: "),
        (["-p", "cities", '["云浮", "赣洲"]'], "no city named '赣洲'. Nearest: 株洲, 赣州"),
        (["--year", 2024, "-p", "year", 2023], "year is given twice, as '2023' and as 2024; give it once"),
        (["--cities", "赣州", "-p", "cities", "赣州"], "cities is given twice"),
        (["-p", "year", 2024, "-p", "year", 2024], "year is given twice"),
    ],
)
def test_what_no_report_could_mend_is_refused_before_any_is_read(asked: dict, arguments: list, message: str):
    result = run("report", *arguments)
    assert result.exit_code == 2 and result.stderr.startswith(f"Error: {message}")
    assert not {"read", "written"} & set(asked)


def test_a_city_that_only_a_sidecar_knows_is_not_refused_before_reading(asked: dict, tmp_path: Path):
    (tmp_path / "a.toml").write_text("city = '雄安新区'", encoding="utf-8")
    assert run("report", "--raw", tmp_path, "--cities", "雄安新区").exit_code == 0
    assert run("report", "--raw", tmp_path, "--cities", "火星").exit_code == 2


def test_a_year_without_reports_leaves_the_tables_as_they_were(project: Path):
    (project / "data" / "raw" / "a.txt").write_text(
        "云浮市生态环境局2024年工作总结\n全市PM2.5平均浓度20微克/立方米。", encoding="utf-8"
    )
    shutil.copytree(Path(__file__).parents[1] / "notebooks", project / "notebooks")
    assert run("parse").exit_code == 0
    before = {file.name: file.stat().st_mtime_ns for file in (project / "data" / "processed").iterdir()}
    for arguments in (["--year", 1999], ["--cities", "广州"]):
        assert run("report", *arguments).exit_code == 2
    assert {file.name: file.stat().st_mtime_ns for file in (project / "data" / "processed").iterdir()} == before
    assert not (project / "figures").exists()


def test_one_failed_notebook_fails_the_run_and_not_the_others(asked: dict):
    outcomes = [("01_air", False, "cell 3: boom"), ("02_water", True, "")]
    asked["results"] = [reporting.Result(n, ok, Path("figures/2024"), m) for n, ok, m in outcomes]
    result = run("report")
    assert result.exit_code == 1
    assert result.stderr == "01_air: cell 3: boom\n" and "02_water: figures/2024" in result.stdout


def test_a_report_left_out_fails_the_run_that_went_on(asked: dict):
    asked["tables"] = made("error", "note")
    result = run("report")
    assert result.exit_code == 1 and "written" in asked
    assert "1 error, 1 note" in result.stdout and "error: r0: m0" in result.stderr


@pytest.mark.parametrize(
    ("severities", "plain", "strict"),
    [((), 0, 0), (("note",), 0, 0), (("warning", "note"), 0, 1), (("error", "warning"), 1, 1)],
)
def test_check_lists_the_worst_and_fails_as_asked(severities: tuple[str, ...], plain: int, strict: int, tmp_path: Path):
    tables.write(made(*severities), tmp_path)
    result = run("check", "--processed", tmp_path)
    assert result.exit_code == plain
    assert all(f"{severity}: r{n}" in result.stdout for n, severity in enumerate(severities))
    assert run("check", "--strict", "--processed", tmp_path).exit_code == strict


def test_check_before_anything_was_parsed_says_what_to_run(tmp_path: Path):
    result = run("check", "--processed", tmp_path)
    assert result.exit_code == 2 and "run `make report` or `ecoanalysis parse`" in result.stderr


def test_parse_takes_a_folder_or_files_but_not_both(tmp_path: Path):
    (tmp_path / "a.txt").touch()
    result = run("parse", tmp_path / "a.txt", "--raw", tmp_path)
    assert result.exit_code == 2 and "not both" in result.stderr
    assert run("parse", tmp_path / "missing.txt").exit_code == 2


def test_a_folder_that_cannot_be_written_is_one_plain_message(
    asked: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.undo()
    (tmp_path / "processed").write_text("a file where a folder should be")
    (tmp_path / "a.txt").write_text("2024年", encoding="utf-8")
    result = run("parse", tmp_path / "a.txt", "--processed", tmp_path / "processed")
    assert result.exit_code in (1, 2) and "Traceback" not in result.output


def test_explain_says_what_is_read_and_what_is_not():
    result = run("explain", "根据“1310”部署，优良率99.5%,同比提高0.3个百分点")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0 and len(lines) == 3
    assert lines[0].startswith("1310 (name): no fact; ")
    assert lines[1].startswith("99.5% (share): air.good_days_rate level = 99.5 %")
    assert lines[2].startswith("0.3个百分点 (points): air.good_days_rate change = 0.3 pp yoy")


def test_metrics_are_listed():
    listed = run("metrics").stdout
    assert "air.pm25" in listed and listed.rstrip().endswith("metrics")


def test_a_catalogue_that_contradicts_itself_is_a_wrong_request(project: Path):
    (project / "metrics" / "my.toml").write_text("[my.birds]\nzh = '鸟'", encoding="utf-8")
    result = run("metrics")
    assert result.exit_code == 2 and "metrics/my.toml, line 1, [my.birds]: 'en' is missing" in result.stderr
