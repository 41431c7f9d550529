"""Tables said in sentences, and the facts that these yield."""

import tomllib
from pathlib import Path

import pytest

from ecoanalysis.extracting import tables
from ecoanalysis.reading import read_text
from ecoanalysis.reading.grids import Grid
from ecoanalysis.reading.table_headers import labels
from ecoanalysis.reading.table_sentences import sentences_of

CASES = tomllib.loads((Path(__file__).parent / "cases" / "grids.toml").read_text(encoding="utf-8"))["case"]


def grid(table: str) -> Grid:
    cells = [[cell.strip() for cell in line.split("|")] for line in table.strip().split("\n")]
    again = set()
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if cell in ("^", "<"):
                again.add((row, column))
                line[column] = cells[row - 1][column] if cell == "^" else line[column - 1]
    return Grid(cells, again)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["name"],
            marks=[pytest.mark.xfail(reason=case["known_gap"], strict=True)] if "known_gap" in case else [],
        )
        for case in CASES
    ],
)
def test_case(case: dict):
    said = [text for _, text in sentences_of(grid(case["table"]), [case["caption"]] if "caption" in case else [])]
    report = read_text("安徽省2024年生态环境工作总结\n\n" + "\n".join(said), "table")
    found = tables(report)[0]
    found = found[found["status"] == "reported"].copy()
    found["value"] = [value if value == value else "withheld" for value in found["value"].astype(object)]
    found["year"] = [end.year for end in found["period_end"]]
    rows = found[["metric", "stat", "value", "unit", "scope", "year"]].values.tolist()
    assert sorted(map(str, rows)) == sorted(map(str, case["gives"])), "\n".join(said)
    for words in case.get("says", []):
        assert any(words in line for line in said), said


def test_paragraphs_laid_out_in_a_table_stay_paragraphs():
    long = "2024年，全市立案167件，罚款828万元，移送公安机关3件，受理群众投诉862件，均已办结，群众的满意程度有所提高，各项任务圆满完成，全市环境安全形势总体平稳可控。"
    assert list(sentences_of(Grid([["一、执法", long + "\n其他略。"]]), [])) == [
        (1, "一、执法"),
        (1, long),
        (1, "其他略。"),
    ]


def test_a_table_of_any_size_or_kind_ends_soon_and_small():
    wide = Grid([["指标" * 30, *["名" * 80] * 300], ["数", *["1"] * 300]] * 100)
    assert sum(len(text) for _, text in sentences_of(wide, [])) < 20_000_000
    for cells in ([[]], [[""]], [["", ""]], [["1", "2"], ["3", "4"]], [["", "1"], ["", ""]], [["-", "-"], ["—", "1"]]):
        list(sentences_of(Grid(cells), ["", "单位：", "表"]))


@pytest.mark.parametrize(
    "text", ["较上年下降（%）", "下降幅度", "质量提升项目数（个）", "罚款（万元）", "2024年1-11月", "全省排名"]
)
def test_labels_never_lose_all_of_a_header(text: str):
    assert all(label.text or label.kind == "rank" for label in labels(text))


def test_tables_of_markdown(tmp_path: Path):
    from ecoanalysis.reading import read

    path = tmp_path / "report.md"
    path.write_text(
        "# 蚌埠市2024年总结\n\n| 县区 | PM2.5浓度（μg/m3） |\n|:---|---:|\n| 怀远县 | 35 |\n\n立案3件。\n", "utf-8"
    )
    report = read(path)
    assert report.text.split("\n")[1:] == ["怀远县PM2.5浓度35μg/m3。", "立案3件。"]
    assert report.address(report.text.index("35μg")) == "table 1, row 2"
