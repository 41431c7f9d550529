"""Scoring what was read against a table of a user's own readings, and trying a metric on a text and on all reports."""

import re
import shlex
import shutil
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.tables import gold

TEXT = "云浮市生态环境局2024年工作总结\n2024年，全市优良率达97.5%，PM2.5平均浓度22微克/立方米。\n立案查处环境违法案件12宗。\n"
HEAD = "report,metric,stat,value,unit,bound,period_start,period_end,scope,basis,status,optional,quote\n"
YEAR = "=,2024-01-01,2024-12-31,全市,,reported"
RATE = f"yunfu,air.good_days_rate,level,97.5,%,{YEAR},,优良率达97.5%\n"
PM25 = f"yunfu,air.pm25,level,22,ug/m3,{YEAR},,PM2.5平均浓度22微克/立方米\n"


@pytest.fixture
def yunfu(project: Path) -> Path:
    """A project whose one report was parsed."""
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    tables.parse()
    return project


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def score(project: Path, text: str, *more: str, encoding: str = "utf-8-sig") -> Result:
    (project / "gold.csv").write_text(text, encoding=encoding)
    return run("score", "gold.csv", *more)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_reports_domains_and_attributes_are_scored(yunfu: Path, encoding: str):
    result = score(yunfu, HEAD + RATE + PM25, encoding=encoding)
    assert result.exit_code == 0, result.stderr
    lines = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()[1:]}
    assert lines["yunfu"] == lines["air"] == lines["all"] == ["2", "0", "0", "1.000", "1.000", "1.000", "1.000"]
    assert lines["period"] == ["1.000", "right", "of", "2"] and lines["basis"][-1] == "0"
    assert result.stderr == "not judged: 1 facts of enforcement, of which the gold has no row\n"


def test_errors_are_listed_with_their_quotes(yunfu: Path):
    other = RATE.replace("97.5,%", "98.5,%").replace("达97.5%", "达98.5%")
    result = score(yunfu, HEAD + other + PM25.replace("全市", "中心城区"), "--errors")
    assert result.stdout.splitlines()[-3:] == [
        "missed: yunfu air.good_days_rate level 98.5 %: 优良率达98.5%",
        "invented: yunfu air.good_days_rate level 97.5 %: 全市优良率达97.5%",
        "scope: yunfu air.pm25 level 22 ug/m3: meant 中心城区, read 全市: PM2.5平均浓度22微克/立方米",
    ]


def test_facts_of_another_table_are_scored(yunfu: Path):
    for name in ("facts.csv", "facts.parquet"):
        result = score(yunfu, HEAD + PM25, "--facts", f"data/processed/{name}")
        assert "all" in result.stdout and result.stdout.splitlines()[1].split()[1:4] == ["1", "0", "1"]


def test_what_is_odd_about_a_gold_table_is_said(yunfu: Path):
    strange = RATE.replace("yunfu", "yunfo")
    said = score(yunfu, HEAD + strange + PM25.replace("22,ug", "2200,ug")).stderr
    assert "no fact was read from yunfo: all its rows count as missed. Nearest: yunfu" in said
    assert "[air.pm25]: its range excludes 2200 ug/m3 of yunfu (line 3)" in said


def test_a_metric_that_is_not_known_is_refused_with_the_nearest(yunfu: Path):
    result = score(yunfu, HEAD + RATE + PM25.replace("air.pm25", "air.pm2"))
    assert result.exit_code == 2 and "line 3: no metric 'air.pm2'. Nearest: air.pm25" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace("basis,", "") + RATE, "gold.csv has no column 'basis'; it needs report, metric, stat"),
        (HEAD, "it holds no row"),
        (HEAD + RATE.replace("97.5,", "97.5%,", 1), "line 2: '97.5%' is no number"),
        (
            HEAD + RATE + PM25.replace("level", "value"),
            "line 3: stat 'value' is not one of level, change, rank, streak",
        ),
        (HEAD + RATE.replace("2024-12-31", "2024年底"), "line 2: '2024年底' is no date"),
        (HEAD + RATE.replace(",=,", ",==,"), "line 2: bound '==' is not one of"),
        (HEAD + RATE.replace("yunfu", ""), "line 2: report is empty"),
        (HEAD + RATE.replace("level,", "value,") * 12, "and 2 more"),
    ],
)
def test_a_table_that_is_no_gold_is_refused(yunfu: Path, text: str, said: str):
    result = score(yunfu, text)
    assert result.exit_code == 2 and said in result.stderr


def test_a_withheld_value_is_read_from_an_empty_cell_or_the_word(tmp_path: Path):
    (tmp_path / "gold.csv").write_text(
        HEAD + RATE.replace("97.5,", ",", 1) + PM25.replace("22,", "withheld,", 1), "utf-8"
    )
    assert gold.read(tmp_path / "gold.csv")["value"].isna().all()


def test_a_metric_of_ones_own_is_tried_at_once(project: Path):
    entry = '[my.cases]\nzh = "违法案件"\nen = "Cases"\nunit = "case"\nbetter = "none"\ncues = ["环境违法 立案查处 案件 #"]\n'
    (project / "metrics" / "my.toml").write_text(entry, encoding="utf-8")
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    result = run("metrics", "try", "立案查处环境违法案件9宗，优良率97%，来访35人", "--metric", "my.cases")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "in the text: 1 read as my.cases",
        "  9宗: level = 9.0 case (cue 立案查处 环境违法 案件)",
        "  97%: read as air.good_days_rate instead",
        "  35人: no words of a known metric stand beside it",
        "yunfu: level = 12 case: 立案查处环境违法案件12宗",
        "in 1 report: 1 read as my.cases",
    ]


def test_trying_says_which_reports_cannot_be_read_and_needs_a_metric_that_is_known(yunfu: Path):
    (yunfu / "data" / "raw" / "empty.txt").touch()
    result = run("metrics", "try", "立案12宗", "--metric", "air.pm25")
    assert result.exit_code == 0 and "empty.txt was not read: " in result.stderr
    result = run("metrics", "try", "立案12宗", "--metric", "pm25")
    assert result.exit_code == 2
    assert "No metric named 'pm25'. Nearest: air.pm25" in result.stderr and "goes into metrics/" in result.stderr


def test_a_project_without_reports_says_so(project: Path):
    with pytest.raises(RequestError, match="no report in data/raw"):
        tables.gather()
    assert run("metrics", "try", "立案12宗", "--metric", "air.pm25").exit_code == 2


def test_a_new_user_who_does_what_the_page_says_succeeds(project: Path):
    root = Path(__file__).parents[1]
    page = textwrap.dedent((root / "docs" / "metrics.md").read_text(encoding="utf-8").replace("\n   ", "\n"))
    shutil.copytree(root / "data" / "raw", project / "data" / "raw", dirs_exist_ok=True)
    (project / "metrics" / "my.toml").write_text(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    command, said = re.search(r"```\n\$ ecoanalysis (.*?)\n(.*?)```", page, re.DOTALL).groups()
    assert run(*shlex.split(command)).stdout == said
