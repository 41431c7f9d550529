"""What a chart could show of what was read, whether a confidence holds, and whether numbers, places and years are right."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.extracting import measures
from ecoanalysis.tables import gold as golds

NAMES = {"a": {"云浮市", "广东省"}}


def fact(number: float, **other: object) -> dict:
    row = {"report": "a", "metric": "air.pm25", "stat": "level", "value": number, "unit": "ug/m3", "bound": "="}
    row |= {
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "scope": "全市",
        "basis": "",
        "status": "reported",
    }
    return row | {"optional": "", "confidence": 0.95} | other


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        ({}, True),
        ({"bound": "~"}, True),
        ({"scope": ""}, True),
        ({"scope": "云浮"}, True),
        ({"scope": "中心城区"}, False),
        ({"scope": "赣州市"}, False),
        ({"bound": ">"}, False),
        ({"stat": "change"}, False),
        ({"status": "planned"}, False),
        ({"value": float("nan")}, False),
        ({"period_end": "2024-06-30"}, False),
        ({"period_start": "2023-01-01"}, False),
        ({"period_start": "", "period_end": ""}, False),
    ],
)
def test_charts_rank_a_level_of_the_whole_place_and_a_full_year(other: dict, counts: bool):
    assert measures.rankable(pd.DataFrame([fact(22, **other)]), NAMES).tolist() == [counts]


def test_ranked_values_are_held_against_what_a_person_read():
    gold = pd.DataFrame(
        [fact(1), fact(2), fact(3), fact(4, scope="中心城区"), fact(5, optional="yes"), fact(6, bound=">")]
    )
    found = pd.DataFrame(
        [
            fact(1),
            fact(2, confidence=0.89),
            fact(3, period_start="2023-01-01", period_end="2023-12-31"),
            *(fact(4), fact(5), fact(6, bound=">"), fact(7)),
        ]
    )
    result = measures.ranked(found, gold, NAMES)
    assert result.ranked == measures.Share(2, 5)  # 1 and 5, of 1, 3, 4, 5, 7
    assert result.rankable == measures.Share(1, 3)  # 1, of 1, 2, 3
    assert result.sure == measures.Share(3, 6)
    unsure = measures.ranked(found.drop(columns="confidence"), gold, NAMES)
    assert unsure.rankable == measures.Share(2, 3) and unsure.sure.of == 7


def test_promises_are_held_against_what_was_found():
    table = measures.calibration(pd.Series([1.0, 0.9, 0.31, 0.39, 0.3]), pd.Series([True, False, False, True, False]))
    assert table["tenth"].tolist() == [0.3, 0.9] and table["n"].tolist() == [3, 2]
    assert table["found"].round(3).tolist() == [0.333, 0.5]
    assert measures.expected_error(table) == pytest.approx((0.45 * 2 + 0) / 5)
    assert measures.expected_error(table.head(0)) == 0


def test_numbers_agree_by_value_and_unit():
    wanted = pd.DataFrame([("a", 3e4, "万元"), ("a", "withheld", "件"), ("a", 5, "家")])
    found = pd.DataFrame([("a", 3e4, "元", "money"), ("a", None, "件", "masked"), ("a", 5, "件", "count")])
    more = pd.DataFrame([("a", 2024, "年", "date"), ("b", 5, "家", "count")])
    columns = ["report", "value", "unit_text"]
    table = pd.concat([found, more]).set_axis([*columns, "kind"], axis=1)
    assert measures.numbers(table, wanted.set_axis(columns, axis=1)) == (measures.Share(2, 3), 1)


def test_places_and_years_are_judged_where_stated_and_wrong_where_sure():
    columns = ["report", "province", "city", "district", "year", "place_confidence", "year_confidence"]
    read = [
        ("a", "广东省", "云浮市", "", 2024, 1.0, 1.0),
        ("b", "广东省", "云浮市", "", 2023, 0.95, 0.5),
        ("c", "天津市", "天津市", "", None, 0.95, 0.0),
        ("d", "江苏省", "南京市", "", 2022, 0.4, 0.95),
    ]
    meant = [
        ("a", "", "云浮市", "", "2024"),
        ("b", "广东省", "云浮市", "罗定市", "2024"),
        ("c", "天津市", "", "", "2024"),
        ("d", "江苏省", "", "", ""),
        ("e", "", "赣州市", "", "2020"),
    ]
    reports, wanted = pd.DataFrame(read, columns=columns), pd.DataFrame(meant, columns=columns[:5])
    place, year = measures.place(reports, wanted), measures.year(reports, wanted)
    assert (place.right, place.sure_wrong) == (measures.Share(2, 5), measures.Share(1, 3))
    assert place.wrong[0] == ("b", "广东省 云浮市 罗定市", "广东省 云浮市")
    assert (year.right, year.sure_wrong) == (measures.Share(1, 4), measures.Share(1, 2))
    assert year.wrong == [("b", "2024", "2023"), ("c", "2024", ""), ("d", "", "2022"), ("e", "2020", "")]


TEXT = "云浮市生态环境局2024年工作总结\n2024年，全市优良率达97.5%，PM2.5平均浓度22微克/立方米。\n"


def test_the_command_says_it_all(project: Path):
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    tables.parse()
    rows = [fact(22, report="yunfu"), fact(97.5, report="yunfu", metric="air.good_days_rate", unit="%")]
    pd.DataFrame(rows).drop(columns="confidence").to_csv("gold.csv", index=False)
    Path("q.csv").write_text("report,text,value,unit_text\nyunfu,97.5%,97.5,%\nyunfu,5天,5,天\n", "utf-8")
    Path("p.csv").write_text("report,province,city,district,year\nyunfu,,云浮市,罗定市,2024\n", "utf-8")
    options = ["--quantities", "q.csv", "--places", "p.csv", "--errors"]
    result = CliRunner().invoke(main, ["score", "gold.csv", *options])
    assert result.exit_code == 0, result.stderr
    lines = [line for line in result.stdout.splitlines() if line]
    for start, end in {
        "ranked rightly of the rankable ": " right of 2",
        "facts at confidence >= 0.9 ": "",
        "confidence ": "facts promised  found",
        "expected calibration error ": "",
        "numbers with their units ": "0.500 found of 2, 1 beyond them",
        "place of the report, if stated ": "0.000 right of 1; 1 wrong of 1 at confidence >= 0.9",
        "year of the report, if stated ": "1.000 right of 1; 0 wrong of 1 at confidence >= 0.9",
        "place: yunfu: meant 云浮市 罗定市, read 云浮市": "",
    }.items():
        assert [line for line in lines if line.startswith(start) and line.endswith(end)], (start, lines)


def test_tables_of_numbers_and_places_need_their_columns(project: Path):
    (project / "data" / "raw" / "yunfu.txt").write_text(TEXT, encoding="utf-8")
    tables.parse()
    pd.DataFrame([fact(22, report="yunfu")]).to_csv("gold.csv", index=False)
    Path("q.csv").write_text("report,value\nyunfu,97.5\n", "utf-8")
    for option, said in {"--quantities": "no column 'text'", "--places": "no column 'province'"}.items():
        result = CliRunner().invoke(main, ["score", "gold.csv", option, "q.csv"])
        assert result.exit_code == 2 and said in result.stderr


def test_of_no_ranking_no_share_is_told():
    """Nothing ranked is no share of 0, and is said in words."""
    plan = pd.DataFrame([fact(22) | {"status": "planned"}])
    lines = list(golds.worth(plan, plan, {}))
    assert lines[0].endswith("nothing is ranked") and lines[1].endswith("nothing is rankable")
