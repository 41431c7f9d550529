"""Corrections: what a row of data/corrections.csv does to the facts, and that one which does not fit stops the run."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError

TEXT = (
    "云浮市生态环境局2024年工作总结\n"
    "2024年，全市空气质量优良率达97.5%，PM2.5平均浓度22微克/立方米，同比下降8.3%。\n"
    "云城区、云安区PM10浓度分别为40微克/立方米和40微克/立方米。\n"
    "检查企业120家次，立案查处环境违法案件12宗。\n"
)
ROW = {
    **{"report": "yunfu", "quote": "PM2.5平均浓度22微克/立方米", "field": "value", "was": "22", "should_be": "23"},
    **{"who": "王工", "why": "与公报不符"},
}


@pytest.fixture
def yunfu(project: Path) -> Path:
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    return project


def write(project: Path, *rows: dict, encoding: str = "utf-8-sig") -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with (project / "data" / "corrections.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def fact(metric: str, stat: str = "level") -> dict:
    facts = tables.gather().facts
    (row,) = facts[(facts.metric == metric) & (facts["stat"] == stat)].to_dict("records")
    return row


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_value_is_overruled_and_says_so(yunfu: Path, encoding: str):
    write(yunfu, ROW, encoding=encoding)
    first, second = fact("air.pm25"), fact("air.pm25")
    assert first["value"] == second["value"] == 23, "a second run does the same"
    assert first["rule"].endswith("; corrected by 王工: 与公报不符 (value was 22)")
    notes = tables.gather().problems.query("code == 'corrected'")
    (message,) = notes["message"]
    assert message.startswith("air.pm25 level = 22 ug/m3")
    assert message.endswith(": value 22 became 23, by 王工: 与公报不符")
    assert notes["start"].tolist() == [first["start"]]


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"field": "metric", "was": "air.pm25", "should_be": "air.pm10"}, "metric", "air.pm10"),
        ({"field": "scope", "was": "全市", "should_be": "中心城区"}, "scope_class", "urban_core"),
        ({"field": "status", "was": "reported", "should_be": "planned"}, "status", "planned"),
        (
            {"field": "period_end", "was": "2024/12/31", "should_be": "2024/6/30"},
            "period_end",
            pd.Timestamp(2024, 6, 30),
        ),
        ({"field": "period_start", "was": "2024-1-1", "should_be": ""}, "period_start", pd.NaT),
        ({"field": "bound", "was": "=", "should_be": "<="}, "bound", "<="),
        ({"quote": "PM2.5平均"}, "value", 23.0),
    ],
)
def test_other_fields_are_overruled(yunfu: Path, change: dict, column: str, value: object):
    write(yunfu, ROW | change)
    facts = tables.gather().facts
    (row,) = facts[facts.rule.str.contains("corrected by")].to_dict("records")
    assert row[column] == value or (pd.isna(row[column]) and pd.isna(value))


def test_a_value_may_be_withheld_and_a_fact_removed(yunfu: Path):
    rate = {"quote": "全市空气质量优良率达97.5%", "was": "97.5"}
    write(yunfu, ROW | {"should_be": "withheld"}, ROW | rate | {"field": "fact", "should_be": ""})
    found = tables.gather()
    assert pd.isna(found.facts.set_index(["metric", "stat"]).loc[("air.pm25", "level"), "value"])
    assert "air.good_days_rate" not in set(found.facts["metric"])
    assert found.problems.query("code == 'corrected'")["message"].str.contains("removed, by 王工").sum() == 1


def test_further_columns_say_which_of_several_facts_is_meant(yunfu: Path):
    shared = tables.gather().facts.query("metric == 'air.pm10'").iloc[0]
    row = ROW | {"quote": "PM10", "was": "40", "should_be": "41"}
    write(yunfu, row)
    with pytest.raises(RequestError, match=r"line 2 \(yunfu\): fits 2 facts: air.pm10 level = 40"):
        tables.gather()
    write(yunfu, row | {"scope": shared["scope"]})
    assert sorted(tables.gather().facts.query("metric == 'air.pm10'")["value"]) == [40, 41]


def test_two_fields_of_one_fact_are_corrected_by_two_rows(yunfu: Path):
    rows = [{"field": "value", "was": "12", "should_be": "2"}, {"field": "unit_text", "was": "宗", "should_be": "起"}]
    write(yunfu, *(ROW | {"quote": "12宗"} | row for row in rows))
    facts = tables.gather().facts
    (row,) = facts[facts.rule.str.contains("corrected by")].to_dict("records")
    assert (row["value"], row["unit_text"], row["rule"].count("corrected by")) == (2, "起", 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"was": "21"}, "no fact of this quote was read like that; it was read as air.pm25 level = 22 ug/m3"),
        (
            {"quote": "PM2.5平均浓度20微克/立方米"},
            "no fact quotes 'PM2.5平均浓度20微克/立方米'. Nearest: PM2.5平均浓度22",
        ),
        ({"report": "yunfo"}, "line 2 (yunfo): there is no such report. Nearest: yunfu"),
        ({"field": "vaule"}, "no field 'vaule' that can be corrected. Nearest: value"),
        ({"field": "city"}, "no field 'city' that can be corrected"),
        ({"who": ""}, "who is empty"),
        ({"why": ""}, "why is empty"),
        ({"quote": ""}, "quote is empty"),
        ({"should_be": "23微克"}, "'23微克' is no number; write one such as 22.5, or withheld"),
        ({"should_be": ""}, "should_be is empty; write withheld, or remove the fact with the field 'fact'"),
        ({"field": "fact"}, "should_be must be empty: the field 'fact' removes the fact"),
        ({"field": "metric", "was": "air.pm25", "should_be": "pm10"}, "no metric 'pm10'. Nearest: air.pm10"),
        (
            {"field": "metric", "was": "air.pm25", "should_be": "air.good_days"},
            "is in day, not in ug/m3; correct its unit",
        ),
        ({"field": "status", "was": "reported", "should_be": "done"}, "status 'done' is not one of reported, planned"),
        (
            {"field": "period_end", "was": "2024-12-31", "should_be": "2024年"},
            "'2024年' is no date; write it as 2024-12-31",
        ),
        (
            {"field": "period_end", "was": "2024-12-31", "should_be": "2023-12-31"},
            "the period would end before it starts",
        ),
        ({"stat": "levels"}, "stat 'levels' is not one of level, change, rank, streak"),
        ({"colour": "red"}, "data/corrections.csv has a column 'colour' that means nothing"),
    ],
)
def test_a_row_that_does_not_fit_stops_the_run(yunfu: Path, change: dict, said: str):
    write(yunfu, ROW | change)
    result = CliRunner().invoke(main, ["parse"])
    assert result.exit_code == 2 and "data/corrections.csv" in result.stderr
    assert said in result.stderr
    assert not (yunfu / "data" / "processed" / "facts.parquet").exists()


def test_every_row_that_does_not_fit_is_named(yunfu: Path):
    write(yunfu, ROW, ROW | {"was": "21"}, ROW | {"should_be": "24"}, ROW | {"report": "foshan"})
    with pytest.raises(RequestError) as error:
        tables.gather()
    assert [line.split(" (")[0] for line in str(error.value).split("\n")[1:]] == ["line 3", "line 4", "line 5"]
    write(yunfu, ROW, ROW | {"should_be": "24"})
    with pytest.raises(RequestError, match=r"line 3 \(yunfu\): line 2 corrects or removes the same already"):
        tables.gather()


def test_a_table_without_its_columns_or_with_stray_commas_is_refused(yunfu: Path):
    file = yunfu / "data" / "corrections.csv"
    file.write_text("report,quote,field,was,should_be,why\n", encoding="utf-8")
    with pytest.raises(RequestError, match=r"data/corrections\.csv has no column 'who'; it needs report, quote, field"):
        tables.gather()
    file.write_text("report,quote,field,was,should_be,who,why\nyunfu,a,b,c,d,e,f,g\n", encoding="utf-8")
    with pytest.raises(RequestError, match="line 2: more cells than the head has columns; a text with a comma"):
        tables.gather()
    file.write_bytes(b"PK\x03\x04\xff\xff")
    with pytest.raises(RequestError, match="is no CSV file"):
        tables.gather()


def test_corrections_of_reports_that_are_not_read_now_wait(yunfu: Path):
    write(yunfu, ROW)
    other = yunfu / "other.txt"
    other.write_text("2024年，全市优良率达95%。", encoding="utf-8")
    assert tables.gather([other]).facts["value"].tolist() == [95]
    (yunfu / "data" / "raw" / "yunfu.txt").write_bytes(b"\x00\x00")
    (yunfu / "data" / "raw" / "other.txt").write_text("2024年，全市优良率达95%。", encoding="utf-8")
    found = tables.gather()
    assert found.reports["report"].tolist() == ["other"] and "corrected" not in set(found.problems["code"])


def test_a_corrected_value_is_judged_anew(yunfu: Path):
    write(yunfu, ROW | {"should_be": "2200"})
    messages = tables.gather().problems.query("code == 'out_of_range'")["message"].tolist()
    assert len(messages) == 1 and "air.pm25 is 2200 ug/m3, outside 1 to 300" in messages[0]


@pytest.mark.slow
def test_the_example_of_the_page_fits_the_samples(sample_tables: tables.Tables, project: Path):
    root = Path(__file__).parents[1]
    (block,) = re.findall(
        r"```csv\n(.*?)```", (root / "docs" / "corrections.md").read_text(encoding="utf-8"), re.DOTALL
    )
    for file in (root / "data" / "raw").iterdir():
        shutil.copy(file, project / "data" / "raw")
    (project / "data" / "corrections.csv").write_text(block, encoding="utf-8")
    facts = tables.gather().facts
    assert len(facts) == len(sample_tables.facts) - 1 and facts["rule"].str.contains("corrected by 王工").sum() == 2
