"""The tables: what the schema refuses, how reports become rows, and that nothing half-written is ever loaded."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis import extracting, tables
from ecoanalysis.errors import ReadingError, RequestError, TableError
from ecoanalysis.reading import archives
from ecoanalysis.reading.report import Report
from ecoanalysis.tables import checks, schema
from ecoanalysis.wording import tables as worded

PM25 = {
    **{"report": "a", "city": "云浮市", "district": "", "adcode": "445300", "metric": "air.pm25", "stat": "level"},
    **{"value": 20.0, "unit": "ug/m3", "unit_text": "微克/立方米", "bound": "=", "period_start": date(2024, 1, 1)},
    **{"period_end": date(2024, 12, 31), "scope": "全市", "scope_class": "whole", "basis": "", "status": "reported"},
    **{"condition": "", "start": 0, "end": 9, "quote": "PM2.5为20", "rule": "cue"},
    **dict.fromkeys(("metric_from", "scope_from", "period_from", "doubt", "runner_up"), ""),
    **{"about_city": "云浮市", "about_district": "", "about_adcode": "445300", "level": "city", "confidence": 1.0},
}


NOWHERE = {"city": "", "about_city": ""}


def facts(*changes: dict) -> pd.DataFrame:
    return schema.conform(pd.DataFrame([PM25 | change for change in changes]), "facts")


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader and an extractor of a few lines, so that these tests hold whatever the real ones read."""

    def read(path: Path, *_: object) -> Report:
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

    def both(report: Report, *_: object) -> tuple[pd.DataFrame, pd.DataFrame]:
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

    monkeypatch.setattr(archives, "read_bytes", read)
    monkeypatch.setattr(extracting, "tables", both)


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
    assert not list((tmp_path / "processed").glob(".writing-*")), "the draft folder is gone"


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
    assert not list(tmp_path.glob(".writing-*"))


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


def test_one_text_in_several_encodings_is_one_report(raw: Path):
    text = "云浮市生态环境局2024年工作总结\n\n全市PM2.5平均浓度20微克/立方米，优良率97.5%。\n"
    for encoding in ("gb18030", "utf-8", "utf-16"):
        (raw / f"{encoding}.txt").write_bytes(text.encode(encoding))
    (raw / "windows.txt").write_bytes(text.replace("\n", "\r\n").encode())
    found = tables.gather(raw)
    assert codes(found) == dict.fromkeys(["utf-16", "utf-8", "windows"], "same_text")
    assert all(message.startswith("the same text as gb18030") for message in found.problems["message"])


def test_one_city_named_short_and_in_full_is_ranked_once(raw: Path):
    for name, city, value in (("a", "赣州", 20), ("b", "赣州市", 21), ("c", "云浮", 19)):
        (raw / f"{name}.txt").write_text(f"2024年，全市PM2.5年均浓度{value}微克/立方米。", encoding="utf-8")
        (raw / f"{name}.toml").write_text(f'city = "{city}"', encoding="utf-8")
    found = tables.gather(raw)
    assert found.reports["city"].tolist() == ["赣州市", "赣州市", "云浮市"]
    (said,) = found.problems["message"]
    assert "20 ug/m3 (a: " in said and "21 ug/m3 (b: " in said
    panel = worded.panel(found.facts, "air.pm25", 2024, found.reports)
    assert panel[["city", "reason"]].values.tolist() == [["云浮市", ""], ["赣州市", "conflict"]]


def test_a_report_without_a_year_says_which_it_counts_for(raw: Path):
    said = "全市PM2.5平均浓度20微克/立方米，优良率97.5%"
    texts = {"a": f"云浮市生态环境局工作总结\n{said}。", "b": f"赣州市生态环境局工作总结\n2023年1月至6月，{said}。"}
    for name, text in texts.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
        (raw / f"{name}.toml").write_text("", encoding="utf-8")
    found = tables.gather(raw)
    assert found.reports["year"].isna().tolist() == [True, False]
    (note,) = found.problems.itertuples()
    assert (note.report, note.code, note.severity) == ("a", "no_year", "note")
    assert "in no chart of a year. A line such as `year = 2024` in a.toml" in note.message


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


@pytest.mark.usefixtures("fakes")
def test_nothing_in_raw_is_written(raw: Path, tmp_path: Path):
    (raw / "a.txt").write_text("PM2.5为20", encoding="utf-8")

    def state() -> dict[str, tuple[int, int, int]]:
        files = {".": raw.stat()} | {entry.name: entry.stat() for entry in os.scandir(raw)}
        return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in files.items()}

    before = state()
    tables.parse(raw, tmp_path / "processed")
    assert state() == before


def test_an_empty_folder_says_what_to_do(raw: Path):
    with pytest.raises(RequestError, match="put reports there"):
        tables.gather(raw)
    with pytest.raises(RequestError, match="no folder"):
        tables.gather(raw / "missing")


def test_contradictions_are_said_and_bounds_are_not():
    said = list(checks.contradictions(facts({}, {"value": 21.5, "quote": "PM2.5为21.5"}).assign(report_year=0)))
    assert [problem.code for problem in said] == ["contradiction"]
    assert "20 ug/m3 (PM2.5为20); 21.5 ug/m3 (PM2.5为21.5)" in said[0].message
    core = {"scope": "中心城区", "scope_class": "urban_core"}
    fine = [{"value": 19.0, "bound": ">"}, {"value": 21.0} | core, {"value": 22.0, "status": "planned"}]
    fine.append({"value": 23.0, "quote": "其中县城PM2.5为23"})
    assert not list(checks.contradictions(facts({}, {}, *fine).assign(report_year=0)))


def counted(value: float, quote: str, report: str = "a", **more: object) -> dict:
    metric = {"metric": "enforcement.cases_filed", "unit": "case", "unit_text": "宗"}
    return {"value": value, "quote": quote, "report": report, **metric, **more}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([counted(167, "2024年全市立案167宗"), counted(176, "全年共立案176宗")], "167 case (2024年全市立案167宗); 176 case"),
        ([counted(13, "全市设有13个国考断面"), counted(21, "21个省考断面")], ""),
        ([counted(1200, "出动1200人次"), counted(300, "夜查出动300人次")], ""),
        ([counted(167, "立案167宗"), counted(176, "查处案件176宗", "b")], "(a: 立案167宗); 176 case (b: 查处案件176宗)"),
        ([counted(167, "立案167宗"), counted(167, "查处案件167宗", "b")], ""),
        ([counted(167, "立案167宗"), counted(30, "涉水30宗"), counted(31, "涉气31宗", "b")], ""),
        ([counted(167, "立案167宗"), counted(176, "立案176宗", "b", city="赣州市")], ""),
        ([counted(167, "立案167宗"), counted(176, "立案176宗", "b", district="云安区")], ""),
        ([counted(1, "立案1宗", **NOWHERE), counted(2, "立案2宗", "b", **NOWHERE)], ""),
        ([{}, {"report": "b", "value": 21.5, "unit_text": "ug/m3", "scope": "", "quote": "PM2.5是21.5"}], "(b: PM2.5是21.5)"),
    ],
)  # fmt: skip
def test_parts_are_no_contradiction_and_two_reports_of_one_city_are(rows: list[dict], message: str):
    said = [problem.message for problem in checks.contradictions(facts(*rows).assign(report_year=2024))]
    assert len(said) == bool(message) and message in "".join(said)


def test_what_has_no_period_contradicts_only_within_a_year():
    undated = {"period_start": None, "period_end": None}
    rows = facts(undated, undated | {"report": "b", "value": 30.0})
    assert not list(checks.contradictions(rows.assign(report_year=rows["report"].map({"a": 2023, "b": 2024}))))
    (problem,) = checks.contradictions(rows.assign(report_year=2024))
    assert problem.report == "b" and "20 ug/m3 (a: PM2.5为20); 30 ug/m3 (b: " in problem.message


def test_values_outside_the_plausible_range_are_said():
    said = list(checks.out_of_range(facts({}, {"value": 2000.0}, {"stat": "change", "value": -8.0})))
    assert [problem.message for problem in said] == ["air.pm25 is 2000 ug/m3, outside 1 to 300: PM2.5为20. It is kept"]


def test_a_place_that_is_not_known_is_not_certain(project):
    """A text that names no place is of an unknown one: its confidence is 0."""
    (project / "data" / "raw" / "r.txt").write_text("工作总结\n2024年，优良率达97.5%。\n", encoding="utf-8")
    (row,) = tables.parse().reports.to_dict("records")
    assert (row["city"], row["province"], row["place_confidence"]) == ("", "", 0.0)
