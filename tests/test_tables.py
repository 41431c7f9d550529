"""The tables: what the schema refuses, how reports become rows, and that nothing half-written is ever loaded."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis import tables
from ecoanalysis.errors import ReadingError, RequestError, TableError
from ecoanalysis.reading import files
from ecoanalysis.reading.report import Report
from ecoanalysis.tables import checks, parsing, schema

PM25 = {
    **{"report": "a", "city": "云浮市", "district": "", "adcode": "445300", "metric": "air.pm25", "stat": "level"},
    **{"value": 20.0, "unit": "ug/m3", "unit_text": "微克/立方米", "bound": "=", "period_start": date(2024, 1, 1)},
    **{"period_end": date(2024, 12, 31), "scope": "全市", "scope_class": "whole", "basis": "", "status": "reported"},
    **{"start": 0, "end": 9, "quote": "PM2.5为20", "rule": "cue"},
}


def facts(*changes: dict) -> pd.DataFrame:
    return schema.conform(pd.DataFrame([PM25 | change for change in changes]), "facts")


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader and an extractor of a few lines, so that these tests hold whatever the real ones read."""

    def read(path: Path) -> Report:
        text = Path(path).read_text(encoding="utf-8")
        if not text:
            raise ReadingError("empty", f"{path} is empty")
        if "boom" in text:
            raise ZeroDivisionError("a fault of the program")
        return Report(path.stem, str(path), f"hash of {text}", text, city="云浮市", year=2024, sample="sample" in text)

    def found(report: Report) -> list[dict]:
        hits = re.finditer(r"PM2\.5为(\d+)", report.text)
        return [
            {"report": report.report, "value": float(hit[1]), "start": hit.start(), "end": hit.end(), "quote": hit[0]}
            for hit in hits
        ]

    def both(report: Report) -> tuple[pd.DataFrame, pd.DataFrame]:
        shift = "shifted" in report.text
        rows = found(report)
        measured = [PM25 | row | {"start": row["start"] + shift, "end": row["end"] + shift} for row in rows]
        fixed = {
            "high": float("nan"),
            "unit_text": "",
            "unit": "",
            "bound": "=",
            "kind": "count",
            "head": "",
            "fact": True,
        }
        facts = pd.DataFrame(measured) if rows else schema.empty("facts")
        return facts, pd.DataFrame([row | fixed for row in rows]) if rows else schema.empty("quantities")

    monkeypatch.setattr(files, "read", read)
    monkeypatch.setattr(parsing.extracting, "tables", both)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def codes(found: tables.Tables) -> dict[str, str]:
    return dict(zip(found.problems["report"], found.problems["code"], strict=True))


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"value": "20"}, "value"),
        ({"city": None}, "city"),
        ({"start": "0"}, "start"),
        ({"bound": "=="}, "bound"),
        ({"metric": ""}, "metric"),
        ({"period_end": "2024-12-31"}, "period_end"),
    ],
)
def test_schema_names_table_column_and_row(change: dict, column: str):
    with pytest.raises(TableError, match=rf"table facts, column {column}, row 1 \(report 'a'\)"):
        facts({}, change)


def test_schema_refuses_missing_and_unknown_columns():
    with pytest.raises(TableError, match="no column rule"):
        schema.conform(pd.DataFrame([PM25]).drop(columns="rule"), "facts")
    with pytest.raises(TableError, match="unknown column colour"):
        schema.conform(pd.DataFrame([PM25]).assign(colour="red"), "facts")


def test_withheld_values_and_open_periods_stay_empty():
    row = facts({"value": float("nan"), "period_end": None}).iloc[0]
    assert pd.isna(row["value"]) and pd.isna(row["period_end"])


def test_whole_numbers_may_be_missing_and_not_broken():
    row = {"report": "a", "code": "odd", "severity": "note", "message": "m", "end": None}
    rows = schema.conform(pd.DataFrame([row | {"start": None}, row | {"start": 3}]), "problems")
    assert rows["start"].tolist() == [pd.NA, 3]
    with pytest.raises(TableError, match="table problems, column start, row 1"):
        schema.conform(pd.DataFrame([row | {"start": None}, row | {"start": 3.5}]), "problems")


@pytest.mark.usefixtures("fakes")
def test_tables_come_back_as_they_were_written(raw: Path, tmp_path: Path):
    (raw / "a.txt").write_text("PM2.5为20。", encoding="utf-8")
    made = tables.parse(raw, tmp_path / "processed")
    kept = tables.load(tmp_path / "processed")
    for name in schema.TABLES:
        pd.testing.assert_frame_equal(getattr(kept, name), getattr(made, name))
    assert (tmp_path / "processed" / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbfreport,city")
    assert not list((tmp_path / "processed").glob(".*")), "the draft folder is gone"


@pytest.mark.usefixtures("fakes")
def test_the_package_describes_every_column(raw: Path, tmp_path: Path):
    (raw / "a.txt").write_text("PM2.5为20。", encoding="utf-8")
    tables.parse(raw, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"]: resource["schema"]["fields"] for resource in package["resources"]}
    assert set(described) == {"facts.csv", *(f"{name}.parquet" for name in schema.TABLES)}
    header = (tmp_path / "facts.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert [field["name"] for field in described["facts.csv"]] == header
    assert all(field["description"] for fields in described.values() for field in fields)


@pytest.mark.usefixtures("fakes")
def test_a_table_of_another_run_is_refused(raw: Path, tmp_path: Path):
    (raw / "a.txt").write_text("PM2.5为20。", encoding="utf-8")
    tables.parse(raw, tmp_path)
    schema.empty("facts").to_parquet(tmp_path / "facts.parquet")
    with pytest.raises(RequestError, match=r"facts\.parquet is missing or not of the last run"):
        tables.load(tmp_path)


@pytest.mark.usefixtures("fakes")
def test_a_failed_write_leaves_the_old_tables(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (raw / "a.txt").write_text("PM2.5为20。", encoding="utf-8")
    tables.parse(raw, tmp_path)
    (raw / "b.txt").write_text("PM2.5为30。", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OSError, match="no space left"):
        tables.parse(raw, tmp_path)
    assert tables.load(tmp_path).reports["report"].tolist() == ["a"]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("fakes")
def test_one_bad_report_never_stops_the_others(raw: Path):
    for name, text in {"good": "PM2.5为20", "empty": "", "fault": "boom", "offset": "PM2.5为20 shifted"}.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
    found = tables.gather(raw)
    assert found.facts["report"].tolist() == ["good"]
    assert codes(found) == {"empty": "empty", "fault": "internal", "offset": "internal"}
    message = found.problems.set_index("report").loc["fault", "message"]
    assert "ZeroDivisionError: a fault of the program (test_tables.py, line" in message


@pytest.mark.usefixtures("fakes")
def test_two_reports_of_one_name_are_both_refused(raw: Path):
    for name in ("a.txt", "a.md", "b.txt"):
        (raw / name).write_text("PM2.5为20", encoding="utf-8")
    found = tables.gather(raw)
    assert found.reports["report"].tolist() == ["b"]
    assert found.problems["code"].tolist() == ["same_name", "same_name"]


@pytest.mark.usefixtures("fakes")
def test_what_is_no_report_is_passed_over(raw: Path):
    for name in ("a.txt", "a.toml", ".hidden.txt", "~$open.txt", "README.md"):
        (raw / name).write_text("PM2.5为20", encoding="utf-8")
    assert tables.gather(raw).reports["report"].tolist() == ["a"]


@pytest.mark.usefixtures("fakes")
def test_a_report_without_figures_and_a_text_read_twice_are_said(raw: Path):
    for name, text in {"a": "PM2.5为20", "b": "PM2.5为20", "c": "没有数字"}.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
    found = tables.gather(raw)
    assert codes(found) == {"b": "same_text", "c": "no_figure"}
    assert len(found.reports) == 3


@pytest.mark.usefixtures("fakes")
def test_samples_step_back_for_reports_of_ones_own(raw: Path):
    (raw / "shipped.txt").write_text("sample PM2.5为20", encoding="utf-8")
    (raw / "silent.txt").write_text("没有数字", encoding="utf-8")
    assert set(tables.gather(raw).reports["report"]) == {"shipped", "silent"}
    (raw / "own.txt").write_text("PM2.5为30", encoding="utf-8")
    found = tables.gather(raw)
    assert set(found.reports["report"]) == {"own", "silent"}
    assert codes(found)["shipped"] == "sample_left_out"
    assert set(tables.gather(raw, samples=True).facts["report"]) == {"own", "shipped"}
    assert tables.gather([raw / "shipped.txt", raw / "own.txt"]).problems.empty


@pytest.mark.usefixtures("fakes")
def test_nothing_in_raw_is_written(raw: Path, tmp_path: Path):
    (raw / "a.txt").write_text("PM2.5为20", encoding="utf-8")
    before = {entry.name: entry.stat() for entry in os.scandir(raw)}, raw.stat().st_mtime_ns
    tables.parse(raw, tmp_path / "processed")
    assert ({entry.name: entry.stat() for entry in os.scandir(raw)}, raw.stat().st_mtime_ns) == before


def test_an_empty_folder_says_what_to_do(raw: Path):
    with pytest.raises(RequestError, match="put text files there"):
        tables.gather(raw)
    with pytest.raises(RequestError, match="no folder"):
        tables.gather(raw / "missing")


def test_contradictions_are_said_and_bounds_are_not():
    said = list(checks.contradictions(facts({}, {"value": 21.5, "quote": "PM2.5为21.5"})))
    assert [problem.code for problem in said] == ["contradiction"]
    assert "20 ug/m3 (PM2.5为20); 21.5 ug/m3 (PM2.5为21.5)" in said[0].message
    fine = [{"value": 19.0, "bound": ">"}, {"value": 21.0, "scope": "中心城区"}, {"value": 22.0, "status": "planned"}]
    assert not list(checks.contradictions(facts({}, {}, *fine)))


def test_values_outside_the_plausible_range_are_said():
    said = list(
        checks.out_of_range(facts({}, {"value": 2000.0}, {"stat": "change", "value": -8.0}), {"air.pm25": (1, 300)})
    )
    assert [problem.message for problem in said] == ["air.pm25 is 2000 ug/m3, outside 1 to 300: PM2.5为20. It is kept"]
