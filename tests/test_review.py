"""Review: what is in doubt is listed worst first, and what a person said of it holds until its sentence changes."""

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from click.testing import CliRunner

from ecoanalysis import extracting, tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.tables import corrections, parts, review, verdicts

TEXT = (
    "云浮市生态环境局2024年工作总结\n"
    "2024年，全市空气质量优良率达97.5%，PM2.5平均浓度22微克/立方米，同比下降8.3%。\n"
    "检查企业120家次，立案查处环境违法案件12宗。\n"
)
GANZHOU = "赣州市生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度20微克/立方米。\n"
DOUBTS = {"air.pm25": (0.6, "period_assumed"), "enforcement.cases_filed": (0.4, "scope_assumed")}
Rows = list[dict[str, str]]


@pytest.fixture
def doubtful(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two reports, some readings of which are in doubt; its tables are made."""
    read = extracting.tables

    def unsurely(report, *told):
        facts, quantities = read(report, *told)
        for metric, (confidence, doubt) in DOUBTS.items():
            facts.loc[facts["metric"] == metric, ["confidence", "doubt"]] = [confidence, doubt]
        return facts, quantities

    monkeypatch.setattr(extracting, "tables", unsurely)
    for name, text in (("yunfu", TEXT), ("ganzhou", GANZHOU)):
        (project / "data" / "raw" / f"{name}.txt").write_text(text, encoding="utf-8")
    tables.parse()
    return project


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def asked(project: Path) -> Rows:
    assert run("review")[0] == 0
    return [row for _, row in review.read(project / "data" / "processed" / "review.xlsx")]


def filled(project: Path, rows: Rows) -> Path:
    """Save rows as a person's spreadsheet program would."""
    file = project / "filled.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet(review.SHEET)
        for at, row in enumerate([dict(zip(rows[0], rows[0], strict=True)), *rows]):
            for column, (name, cell) in enumerate(row.items()):
                number = name in ("value", "cities", "confidence") and cell.replace(".", "", 1).isdigit()
                sheet.write_number(at, column, float(cell)) if number else sheet.write_string(at, column, cell)
    return file


def of(rows: Rows, report: str, metric: str, stat: str = "level") -> dict[str, str]:
    found = [row for row in rows if (row["report"], row["read_metric"], row["read_stat"]) == (report, metric, stat)]
    assert len(found) == 1
    return found[0]


def fact(report: str, metric: str, stat: str = "level") -> dict:
    facts = tables.parse().facts
    same = (facts["report"] == report) & (facts["metric"] == metric) & (facts["stat"] == stat)
    (row,) = facts[same].to_dict("records")
    return row


def test_the_queue_is_worst_for_the_charts_first(doubtful: Path):
    rows = asked(doubtful)
    assert [(row["report"], row["read_metric"], row["read_stat"], row["cities"]) for row in rows] == [
        ("ganzhou", "air.pm25", "level", "2"),
        ("yunfu", "air.pm25", "level", "2"),
        ("yunfu", "enforcement.cases_filed", "level", "1"),
        ("yunfu", "air.pm25", "change", "0"),
    ]
    first = rows[1]
    assert first["sentence"].startswith("2024年，全市空气质量优良率") and first["quote"] in first["sentence"]
    assert first["reason_zh"] == "期间未写明，按全年推断" and first["confidence"] == "0.6"
    assert (first["read_value"], first["read_unit"], first["read_period_end"]) == ("22", "ug/m3", "2024-12-31")
    assert not any(first[name] for name in review.FILLED)


def test_two_runs_write_the_same_bytes(doubtful: Path):
    file = doubtful / "data" / "processed" / "review.xlsx"
    asked(doubtful)
    once = file.read_bytes()
    asked(doubtful)
    assert file.read_bytes() == once


@pytest.mark.parametrize("word", ["right", "对", "Right"])
def test_what_was_confirmed_is_certain_and_says_by_whom(doubtful: Path, word: str):
    rows = asked(doubtful)
    of(rows, "yunfu", "air.pm25").update(verdict=word, by="王工", when="2025-03-01")
    status, said = run("review", "--apply", filled(doubtful, rows))
    assert status == 0 and said.startswith("right: 1, other value: 0, not a fact: 0")
    row = fact("yunfu", "air.pm25")
    assert (row["confidence"], row["doubt"], row["value"]) == (1.0, "", 22.0)
    assert row["rule"].endswith("; confirmed by 王工, 2025-03-01")
    assert fact("ganzhou", "air.pm25")["confidence"] == 0.6
    left = [(row["report"], row["read_metric"], row["read_stat"]) for row in asked(doubtful)]
    assert ("yunfu", "air.pm25", "level") not in left and len(left) == 3


def test_another_value_and_no_fact_hold_in_every_later_run(doubtful: Path):
    rows = asked(doubtful)
    of(rows, "yunfu", "air.pm25").update(verdict="错值", value="23", period_end="2024/6/30", scope="无", by="王工")
    of(rows, "yunfu", "enforcement.cases_filed").update(verdict="不是")
    status, said = run("review", "--apply", filled(doubtful, rows))
    assert status == 0 and said.startswith("right: 0, other value: 1, not a fact: 1")
    for _ in range(2):
        row = fact("yunfu", "air.pm25")
        assert (row["value"], row["period_end"], row["scope"]) == (23.0, pd.Timestamp(2024, 6, 30), "")
        assert (row["confidence"], row["scope_class"]) == (1.0, "whole")
    assert not (tables.load().facts["metric"] == "enforcement.cases_filed").any()
    notes = tables.load().problems.query("code == 'corrected'")["message"]
    assert any("value was 22, is 23" in note and "confirmed by 王工" in note for note in notes)
    assert any("removed, confirmed" in note for note in notes)
    assert [row["report"] for row in asked(doubtful)] == ["ganzhou", "yunfu"], "what was reviewed is not asked again"


def test_a_review_is_asked_again_only_where_the_sentence_changed(doubtful: Path):
    rows = asked(doubtful)
    of(rows, "yunfu", "air.pm25").update(verdict="right")
    run("review", "--apply", filled(doubtful, rows))
    assert "yunfu" not in [row["report"] for row in asked(doubtful)[:1]]
    source = doubtful / "data" / "raw" / "yunfu.txt"
    source.write_text(TEXT.replace("检查企业", "全年检查企业"), encoding="utf-8")
    assert fact("yunfu", "air.pm25")["confidence"] == 1.0, "another sentence changed"
    source.write_text(TEXT.replace("全市空气", "中心城区空气"), encoding="utf-8")
    assert fact("yunfu", "air.pm25")["confidence"] == 0.6
    waits = tables.load().problems.query("code == 'review_waits'")
    assert len(waits) == 1 and "is not in the report any more" in waits["message"].iloc[0]
    assert of(asked(doubtful), "yunfu", "air.pm25")["read_value"] == "22"


def test_a_confirmed_reading_stands_where_another_version_reads_otherwise(doubtful: Path, monkeypatch):
    rows = asked(doubtful)
    of(rows, "yunfu", "air.pm25").update(verdict="right")
    run("review", "--apply", filled(doubtful, rows))
    read = extracting.tables

    def otherwise(report, *told):
        facts, quantities = read(report, *told)
        facts.loc[(facts["metric"] == "air.pm25") & (facts["stat"] == "level"), "scope"] = "中心城区"
        return facts, quantities

    monkeypatch.setattr(extracting, "tables", otherwise)
    monkeypatch.setattr(parts, "state", lambda: "of another version")
    row = fact("yunfu", "air.pm25")
    assert (row["scope"], row["confidence"]) == ("全市", 1.0)
    assert fact("ganzhou", "air.pm25")["scope"] == "中心城区"


def test_taking_a_review_back_twice_changes_nothing(doubtful: Path):
    rows = asked(doubtful)
    of(rows, "yunfu", "air.pm25").update(verdict="other value", value="23")
    file = filled(doubtful, rows)
    run("review", "--apply", file)
    once = (doubtful / "data" / "corrections.csv").read_bytes()
    tables.parse()
    assert run("review", "--apply", file) == (
        0,
        "right: 0, other value: 0, not a fact: 0, taken back before: 1; `ecoanalysis parse` uses them\n",
    )
    assert (doubtful / "data" / "corrections.csv").read_bytes() == once
    of(rows, "yunfu", "air.pm25").update(verdict="right", value="")
    status, said = run("review", "--apply", filled(doubtful, rows))
    assert status == 2 and "line 2 of data/corrections.csv says otherwise" in said


def test_corrections_by_hand_are_kept(doubtful: Path):
    head = "report,quote,field,was,should_be,who,why\n"
    old = "yunfu,PM2.5平均浓度22微克/立方米,confirmed,22,,王工,seen the bulletin\n"
    (doubtful / "data" / "corrections.csv").write_text(head + old, encoding="gb18030")
    tables.parse()
    assert fact("yunfu", "air.pm25")["rule"].endswith("; confirmed by 王工: seen the bulletin")
    rows = asked(doubtful)
    of(rows, "ganzhou", "air.pm25").update(verdict="right")
    assert run("review", "--apply", filled(doubtful, rows))[0] == 0
    assert fact("yunfu", "air.pm25")["confidence"] == fact("ganzhou", "air.pm25")["confidence"] == 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "0123456789ab"}, "row 3: the key 0123456789ab is of no reading in these tables"),
        ({"key": ""}, "row 3: the key is missing"),
        ({"key": "="}, "the key = is of no reading"),
        ({"read_value": "23"}, "row 3: read_value is not that of the key"),
        ({"report": "ganzhou"}, "row 3: report is not that of the key"),
        ({"verdict": "right", "sentence": "全市一切都好。"}, "row 3: sentence is not that of the key"),
        ({"verdict": "right", "quote": "一切都好"}, "row 3: quote is not that of the key"),
        ({"verdict": "right", "when": "yesterday"}, "row 3: 'yesterday' is no date; write it as 2024-12-31"),
        ({"verdict": "错值", "value": "2200"}, "row 3: value 2200 is not within 1 to "),
        ({"verdict": "righ"}, "row 3: verdict 'righ' is none. Nearest: right"),
        ({"verdict": "other value"}, "row 3: the verdict is 'other value', but no attribute is filled in"),
        ({"verdict": "right", "value": "23"}, "row 3: value is filled in, but the verdict is right"),
        ({"value": "23"}, "row 3: value is filled in, but the verdict is empty"),
        ({"verdict": "错值", "value": "many"}, "row 3: 'many' is no number"),
        ({"verdict": "错值", "metric": "air.pm2"}, "row 3: no metric 'air.pm2'. Nearest: air.pm25"),
        ({"verdict": "错值", "metric": "air.good_days"}, "row 3: a level of air.good_days is in day, not in ug/m3"),
        ({"verdict": "错值", "period_end": "2023-12-31"}, "row 3: the period would end before it starts"),
        ({"verdict": "错值", "about_city": "云福市"}, "row 3: no city named '云福市'. Nearest: 云浮市"),
    ],
)
def test_a_review_with_a_fault_is_refused_whole(doubtful: Path, change: dict[str, str], said: str):
    rows = asked(doubtful)
    rows[0].update(verdict="right")
    rows[1].update(change)
    status, output = run("review", "--apply", filled(doubtful, rows))
    assert status == 2 and said in output and "nothing was written" in output
    assert not (doubtful / "data" / "corrections.csv").exists()


@pytest.mark.parametrize("name", ["sentence", "quote", "report"])
def test_a_review_without_a_column_or_a_row_is_refused(doubtful: Path, name: str):
    rows = [{key: cell for key, cell in row.items() if key != name} | {"verdict": "right"} for row in asked(doubtful)]
    status, said = run("review", "--apply", filled(doubtful, rows))
    assert status == 2 and f"has no column {name!r}" in said
    bare = [dict.fromkeys(row, "") for row in rows]
    status, said = run("review", "--apply", filled(doubtful, bare))
    assert status == 2 and "holds no row to take back" in said
    assert not (doubtful / "data" / "corrections.csv").exists()


def test_a_key_that_stands_twice_and_a_file_that_is_none_are_refused(doubtful: Path):
    rows = asked(doubtful)
    status, said = run("review", "--apply", filled(doubtful, [*rows, rows[0]]))
    assert status == 2 and "stands in an earlier row already" in said
    other = doubtful / "other.xlsx"
    other.write_text("no workbook", encoding="utf-8")
    for file, why in ((other, "is no review"), (doubtful / "gone.xlsx", "no file gone.xlsx")):
        with pytest.raises(RequestError, match=why):
            verdicts.apply(file, tables.load())
    with pytest.raises(RequestError, match="sure = 9"):
        review.queue(tables.load(), sure=9)


def test_a_row_of_a_review_that_was_edited_in_the_corrections_is_refused(doubtful: Path):
    rows = asked(doubtful)
    rows[0].update(verdict="right")
    run("review", "--apply", filled(doubtful, rows))
    file = doubtful / "data" / "corrections.csv"
    file.write_text(file.read_text(encoding="utf-8-sig").replace(",confirmed,", ",value,"), encoding="utf-8")
    with pytest.raises(RequestError, match="a row that a review wrote was changed"):
        corrections.load(file)


def test_no_text_of_a_report_is_a_formula(doubtful: Path):
    table = pd.DataFrame([dict.fromkeys(review.ASKED, "=HYPERLINK(1)") | {"cities": 1, "confidence": 0.5}])
    file = doubtful / "formulas.xlsx"
    review.write_workbook(file, table, pd.DataFrame())
    ((_, row),) = review.read(file)
    assert row["quote"] == "=HYPERLINK(1)", "read back as the text that it is"
    import zipfile

    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
