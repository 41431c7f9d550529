"""The exported panel: what compares and what does not, keys, codes, labels, and cells that no spreadsheet reckons."""

import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner
from lxml import etree
from pandas.io.stata import StataReader
from rows import FULL, facts_of, metric_rows, reports_of

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reporting import export as writing
from ecoanalysis.reporting import forms as export
from ecoanalysis.tables import schema, store

LAST = ["2023-01-01", "2023-12-31"]
HALF = ["2024-01-01", "2024-06-30"]
PM25 = {"云浮市": 20, "赣州市": 22, "商洛市": 24}
ROWS = [
    *metric_rows("air.pm25", "ug/m3", PM25, quote="=1+1"),
    {"city": "广州市", "value": 21, "scope": "中心城区", "quote": "+中心城区"},
    {"city": "深圳市", "value": 17, "period": HALF},
    {"city": "珠海市", "value": float("nan")},
    {"city": "惠州市", "district": "大亚湾经济技术开发区", "value": 15},
    {"city": "惠州市", "district": "惠城区", "value": 16},
    {"city": "", "value": 30},
    *metric_rows("air.good_days_rate", "%", {"云浮市": 97.5, "赣州市": 93}, bound=">="),
    *metric_rows("air.pm25", "ug/m3", {"云浮市": 21, "赣州市": 23}, period=LAST, scope="中心城区"),
    {"city": "云浮市", "value": 19, "status": "planned", "period": ["2025-01-01", "2025-12-31"]},
]


def made(facts: list[dict] = ROWS) -> SimpleNamespace:
    found = facts_of(facts)
    return SimpleNamespace(facts=found, reports=reports_of(found))


@pytest.fixture
def values() -> pd.DataFrame:
    found = made()
    return export.long(found.facts, found.reports)


def test_long_holds_every_value_and_says_why_one_does_not_compare(values: pd.DataFrame):
    found = values[(values["year"] == 2024) & (values["metric"] == "air.pm25")].set_index("place")
    assert found.loc[list(PM25), "value"].to_dict() == PM25 and found.loc[list(PM25), "comparable"].all()
    others = found.drop(list(PM25))
    assert not others["comparable"].any() and others["why_not"].ne("").all() and others["why_not_en"].ne("").all()
    assert others["reason"].to_dict() == {
        **{"广州市": "scope", "深圳市": "period", "珠海市": "withheld", "惠州市/惠城区": "district"},
        **{"惠州市/大亚湾经济技术开发区": "district", "anonymous": "anonymous"},
    }
    assert pd.isna(found.loc["珠海市", "value"])
    assert set(values["year"]) == {2023, 2024}, "a plan is no value"


def test_the_code_is_the_places_own(values: pd.DataFrame):
    codes = values.drop_duplicates("place").set_index("place")["adcode"]
    # A development zone has no code of its own, and never its city's.
    assert codes["云浮市"] == "445300" and codes["惠州市/惠城区"] == "441302"
    assert codes["惠州市/大亚湾经济技术开发区"] == codes["anonymous"] == ""
    assert not values.duplicated(["place", "year", "metric"]).any()
    assert not values[values["adcode"] != ""].duplicated(["adcode", "year", "metric"]).any()


def test_wide_holds_only_what_compares(values: pd.DataFrame):
    table = export.wide(values)
    assert not table.duplicated(["adcode", "year"]).any()
    of = table.set_index(["place", "year"])
    assert of["air_pm25"].dropna().to_dict() == {(city, 2024): value for city, value in PM25.items()}
    assert of.loc[("云浮市", 2024), ["compared", "left_out", "withheld"]].tolist() == [1, 1, 0]
    assert of.loc[("广州市", 2024), ["compared", "left_out", "withheld"]].tolist() == [0, 1, 0]
    assert of.loc[("珠海市", 2024), ["compared", "left_out", "withheld"]].tolist() == [0, 0, 1]
    assert "惠州市" not in set(table["place"]), "a district never stands for its city"


def test_a_wide_column_never_joins_two_scopes(values: pd.DataFrame):
    """In 2023 two cities compare, but in their urban core."""
    assert values[values["year"] == 2023]["comparable"].all()
    groups = export.groups(values).set_index(["metric", "year"])
    assert groups.loc[("air.pm25", 2023), ["en", "kept"]].tolist() == ["urban core, full year, ug/m3", False]
    assert groups.loc[("air.pm25", 2024), ["zh", "kept", "cities"]].tolist() == ["全市, 全年, ug/m3", True, 3]
    table = export.wide(values)
    assert table.loc[table["year"] == 2023, "air_pm25"].isna().all()
    assert (table.loc[table["year"] == 2023, "left_out"] == 1).all()


@pytest.mark.parametrize(
    ("metric", "unit", "years", "kept"),
    [
        ("air.good_days_rate", "%", (2025, 2026), [False, True]),  # of equals the latest stands
        ("air.pm10", "ug/m3", (2020, 2021), [False, True]),
        ("air.pm10", "ug/m3", (2022, 2023), [True, True]),
        ("air.good_days_rate", "%", (2023, 2025), [True, True]),
    ],
)
def test_a_wide_column_never_crosses_a_break(metric: str, unit: str, years: tuple[int, int], kept: list[bool]):
    rows = [
        row | {"report": f"{row['city']}{year}"}
        for year in years
        for row in metric_rows(metric, unit, {"云浮市": 90, "赣州市": 80}, period=[f"{year}-01-01", f"{year}-12-31"])
    ]
    found = made(rows)
    values = export.long(found.facts, found.reports)
    groups = export.groups(values)
    assert groups["kept"].tolist() == kept and groups["en"].nunique() == len(set(kept))
    cells = export.wide(values).groupby("year")[export.variables()[metric]].count()
    assert cells.tolist() == [2 * one for one in kept]
    if metric == "air.good_days_rate" and not all(kept):
        assert groups["en"].tolist() == [
            "whole city, full year, %, before any change",
            "whole city, full year, %, in part judged by GB 3095-2026",
        ]


def test_about_and_derived_values_stand_in_the_long_form_only():
    days = metric_rows("air.good_days", "day", {"商洛市": 366, "赣州市": 183}, unit_text="天")
    rows = [*metric_rows("air.pm25", "ug/m3", PM25), {"city": "广州市", "value": 30, "bound": "~"}, *days]
    found = made(rows)
    values = export.long(found.facts, found.reports).set_index(["place", "metric"])
    # 183 of 366 days of the leap year 2024 are half; no report states a share.
    assert values.loc[("赣州市", "air.good_days_rate"), ["value", "derived"]].tolist() == [50, True]
    assert values.loc[("赣州市", "air.good_days_rate"), "formula"] == "183÷366×100%"
    assert values.loc[("广州市", "air.pm25"), ["bound", "comparable"]].tolist() == ["~", True]
    table = export.wide(values.reset_index()).set_index("place")
    assert "air_good_days_rate" not in table and pd.isna(table.loc["广州市", "air_pm25"])
    assert table.loc["广州市", "left_out"] == 1 and table.loc["赣州市", ["compared", "left_out"]].tolist() == [2, 1]


def test_the_order_of_the_facts_is_no_matter(values: pd.DataFrame):
    found = made(ROWS[::-1])
    # Rows are told apart by their place in the text, which is turned round as well.
    pd.testing.assert_frame_equal(export.long(found.facts, found.reports), values)


def test_years_are_chosen_and_others_refused(values: pd.DataFrame):
    found = made()
    assert (
        export.long(found.facts, found.reports, [2024])["value"].count()
        == values["value"][values["year"] == 2024].count()
    )
    assert set(export.long(found.facts, found.reports, [2023])["year"]) == {2023}
    with pytest.raises(RequestError, match="no value of 1999; there are values of 2023, 2024"):
        export.long(found.facts, found.reports, [1999])
    with pytest.raises(RequestError, match="no value with a year"):
        export.long(schema.empty("facts"), schema.empty("reports"))


def test_variable_names_suit_stata():
    names = list(export.variables().values())
    assert len(set(names)) == len(names) == len(catalogue.metrics())
    assert all(name.isidentifier() and name.isascii() and len(name) <= 32 for name in names)
    assert not set(names) & {row["column"] for row in rows("export.csv")}


@pytest.mark.parametrize("shape", ["long", "wide"])
def test_stata_reads_it_with_its_labels(tmp_path: Path, shape: str, values: pd.DataFrame):
    file = tmp_path / "a.dta"
    writing.write(made(), "dta", shape == "wide", file)
    assert file.read_bytes().startswith(b"<stata_dta><header><release>118</release>")
    with StataReader(file) as reader:
        table, told, named = reader.read(convert_categoricals=False), reader.value_labels(), reader.variable_labels()
    assert all(named[name] and len(named[name]) <= 80 for name in table)
    assert table.loc[table["place"] == "云浮市", ["adcode", "adcode_number"]].values.tolist()[0] == ["445300", 445300]
    if shape == "wide":
        assert named["air_pm25"] == "Mean PM2.5 concentration [ug/m3] 细颗粒物（PM2.5）平均浓度"
        assert table["adcode_number"].is_unique == (table["year"].nunique() == 1)
        assert not table.duplicated(["adcode_number", "year"]).any()
        return
    assert table["value"].equals(values["value"]) and table["quote"].tolist() == values["quote"].tolist()
    for name in ("bound", "comparable", "reason", "scope_class", "place_kind", "sample"):
        assert set(table[name]) <= set(told[name]), name
    assert {told["bound"][code] for code in table["bound"]} == {"exact 准确值", "at least 不低于"}
    assert [told["comparable"][code] == "compares 可比" for code in table["comparable"]] == values[
        "comparable"
    ].tolist()
    assert table["period_end"].max() == pd.Timestamp(FULL[1])


def test_a_long_quote_goes_into_stata_whole(tmp_path: Path):
    quote = "。" * 3000
    writing.write(made([ROWS[0] | {"quote": quote}]), "dta", output=tmp_path / "a.dta")
    assert pd.read_stata(tmp_path / "a.dta")["quote"].tolist() == [quote]


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]


def dangerous() -> SimpleNamespace:
    found = made([ROWS[0] | {"report": text.strip() + str(at), "quote": text} | {"city": city} for at, (text, city) in
                  enumerate(zip(DANGEROUS, ["云浮市", "赣州市", "商洛市", "广州市", "深圳市", "珠海市", "中山市"], strict=True))])  # fmt: skip
    found.reports["publisher"] = "=cmd|' /C calc'!A0"
    return found


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path):
    done = writing.write(dangerous(), "csv", output=tmp_path / "a.csv")
    assert [file.name for file in done.files] == ["a.csv", "a-codebook.csv"]
    for file in done.files:
        cells = pd.read_csv(file, dtype=str, keep_default_na=False)
        texts = [text for name in cells for text in cells[name]]
        assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    cells = pd.read_csv(tmp_path / "a.csv", dtype={"adcode": str})
    assert sorted(cells["quote"]) == sorted(f"'{text}" for text in DANGEROUS)
    assert set(cells["bound"]) == {"exact"} and cells["value"].tolist() == [20.0] * 7


def sheet(file: Path, number: int) -> list[tuple[str, str, str]]:
    """Return type, text and formula of each cell, read from the parts of the file."""
    with zipfile.ZipFile(file) as parts:
        shared = etree.fromstring(parts.read("xl/sharedStrings.xml"))
        cells = etree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
    texts = ["".join(item.itertext()) for item in shared]
    found = []
    for cell in cells.iterfind(".//{*}c"):
        kind, value = cell.get("t", "n"), cell.findtext("{*}v", "")
        found.append((kind, texts[int(value)] if kind == "s" else value, cell.findtext("{*}f", "")))
    return found


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path):
    writing.write(dangerous(), "xlsx", output=tmp_path / "a.xlsx")
    panel, codebook = sheet(tmp_path / "a.xlsx", 1), sheet(tmp_path / "a.xlsx", 2)
    assert not [formula for _, _, formula in panel + codebook if formula]
    kinds = {text: kind for kind, text, _ in panel}
    assert all(kinds[text.replace("\r", "_x000D_")] == "s" for text in DANGEROUS)
    assert kinds["445300"] == "s" and kinds["20"] == "n"
    assert {"kind", "zh", "en", "air.pm25"} <= {text for _, text, _ in codebook}


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "dta"])
@pytest.mark.parametrize("wide", [False, True])
def test_two_runs_give_the_same_bytes(tmp_path: Path, form: str, wide: bool):
    files = [tmp_path / name / f"a.{form}" for name in ("one", "two")]
    written = [writing.write(made(ROWS[::step]), form, wide, file) for file, step in zip(files, (1, -1), strict=True)]
    for one, two in zip(*(done.files for done in written), strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert sorted(file.name for file in files[0].parent.iterdir()) == sorted(file.name for file in written[0].files)


def test_the_codebook_names_every_column_and_code(tmp_path: Path, values: pd.DataFrame):
    for shape, frame in (("long", values), ("wide", export.wide(values))):
        book = writing.codebook(values, shape)
        assert set(frame) <= set(book["variable"])
        told = book[book["kind"].isin(("column", "code", "metric"))]
        assert told[["zh", "en"]].ne("").all(axis=None)
    book = writing.codebook(values, "long")
    assert set(values["reason"].str.split(";").str[0]) <= set(book.loc[book["variable"] == "reason", "name"].str[7:])
    pm25 = book[(book["kind"] == "metric") & (book["name"] == "air.pm25")].iloc[0]
    assert pm25[["variable", "unit", "zh"]].tolist() == ["air_pm25", "ug/m3", "细颗粒物（PM2.5）平均浓度"]
    out = book[(book["kind"] == "group") & (book["year"] == "2023")].iloc[0]
    assert out["en"] == "urban core, full year, ug/m3: 2 values; not in the wide form"


def test_labels_are_told_apart():
    for name, known in writing.labels().items():
        assert len({label.code for label in known.values()}) == len(known), name
        assert len({(label.zh, label.en) for label in known.values()}) == len(known), name
        assert len({label.word for label in known.values()}) == len(known), name


@pytest.fixture
def parsed(project: Path) -> Path:
    text = "云浮市生态环境局2024年工作总结\n2024年，全市PM2.5年均浓度20微克/立方米。\n"
    (project / "data" / "raw" / "a.txt").write_text(text, encoding="utf-8")
    tables.parse()
    return project


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["export", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_writes_where_it_says(parsed: Path):
    assert run() == (0, "1 rows: data/processed/panel-long.csv, data/processed/panel-long-codebook.csv\n")
    assert run("--format", "dta", "--wide", "--year", 2024)[0] == 0
    assert run("--format", "xlsx", "-o", parsed / "out" / "a.xlsx") == (0, "1 rows: out/a.xlsx\n")
    assert (parsed / "data" / "processed" / "panel-wide.dta").is_file() and (parsed / "out" / "a.xlsx").is_file()
    tables.load()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--year", 1999], "no value of 1999; there are values of 2024"),
        (["--format", "ods"], "'ods' is not one of"),
        (["--format", "dta", "-o", "a.csv"], "a.csv does not end in .dta"),
        (["--processed", "nowhere"], "no tables in nowhere"),
    ],
)
def test_a_wrong_request_writes_nothing(parsed: Path, arguments: list, message: str):
    before = sorted(parsed.rglob("*"))
    status, said = run(*arguments)
    assert status == 2 and message in said
    assert sorted(parsed.rglob("*")) == before


def exported(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["export", "--processed", str(folder), "-o", str(folder / "panel.csv"), *options])
    return result.exit_code, result.output


@pytest.fixture
def doubted(tmp_path: Path) -> Path:
    """Tables in which one of three cities was read with a confidence of 0.95 and one with 0.8."""
    rows = metric_rows("air.pm25", "ug/m3", PM25)
    rows[1] |= {"confidence": 0.95}
    rows[2] |= {"confidence": 0.8, "doubt": "period_assumed"}
    facts = facts_of(rows)
    others = {name: schema.empty(name) for name in schema.TABLES}
    store.write(tables.Tables(**others | {"facts": facts, "reports": reports_of(facts)}), tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "compared"), [((), 2), (("--sure", "0.8"), 3), (("--sure", "0.96"), 1), (("--sure", "0"), 3)]
)
def test_the_command_compares_what_is_sure_enough(doubted: Path, options: tuple, compared: int):
    assert exported(doubted, *options)[0] == 0
    found = pd.read_csv(doubted / "panel.csv", encoding="utf-8-sig")
    assert len(found) == 3 and found["comparable"].sum() == compared
    assert exported(doubted, "--wide", *options)[0] == 0
    assert pd.read_csv(doubted / "panel.csv", encoding="utf-8-sig")["air_pm25"].notna().sum() == compared


@pytest.mark.parametrize("sure", ["90", "-0.1", "nan"])
def test_no_confidence_is_refused_and_nothing_written(doubted: Path, sure: str):
    status, said = exported(doubted, "--sure", sure)
    assert status == 2 and "is no confidence: give a number from 0 to 1, such as 0.9" in said
    assert not (doubted / "panel.csv").exists()
