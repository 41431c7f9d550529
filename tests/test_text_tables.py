"""Tables of texts: which columns tell what, which rows are read, and of which place, year and level each row is."""

import pickle
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from files import packed
from matplotlib.text import Text

import ecoanalysis as eco
from ecoanalysis import comparing, reading, tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.study import Study

DOC = "{year}年，全市PM2.5平均浓度{value}微克/立方米，优良天数比例80.5%。\n全年立案{value}宗。"
CORPUS = pd.DataFrame(
    [
        {"省份": "河南省", "城市": city, "年份": year, "doc": DOC.format(year=year, value=value), "标题": ""}
        for city, year, value in (("信阳市", 2015, 64), ("信阳", 2016, 61), ("南阳市", 2016, 66), ("濮阳市", 2016, 70))
    ]
)
NAMES = ["信阳市-2015", "信阳市-2016", "南阳市-2016", "濮阳市-2016"]


def sources(what: object, **how: object) -> list[reading.Source]:
    found = [item for item in reading.inputs(what, **how) if not isinstance(item, reading.Problem)]
    return [source for item in found for source in reading.sources(item)]


def problems(what: object, **how: object) -> list[reading.Problem]:
    return [item for item in reading.inputs(what, **how) if isinstance(item, reading.Problem)]


def kept(frame: pd.DataFrame, file: Path) -> Path:
    """The frame in the format that the file's ending names; a CSV of GB18030 where its name says so."""
    kind = file.suffix
    if kind == ".xlsx":
        frame.to_excel(file, index=False, engine="xlsxwriter")
    elif kind == ".jsonl":
        frame.to_json(file, orient="records", lines=True, force_ascii=False)
    elif kind == ".parquet":
        frame.to_parquet(file)
    else:
        encoding = "gb18030" if "gb" in file.stem else "utf-16" if "16" in file.stem else "utf-8-sig"
        frame.to_csv(file, index=False, sep="\t" if kind == ".tsv" else ",", encoding=encoding)
    return file


@pytest.mark.parametrize("name", ["a.csv", "gb.csv", "a16.tsv", "a.tsv", "a.xlsx", "a.jsonl", "a.parquet"])
def test_a_table_gives_the_tables_that_its_dataframe_gives(project: Path, name: str):
    file = kept(CORPUS, project / "data" / "raw" / name)
    of_file, of_frame = tables.gather(project / "data" / "raw"), eco.parse(CORPUS)
    assert of_file.reports["report"].tolist() == NAMES
    assert of_file.reports["path"].tolist() == [f"{file.name}/{report}" for report in NAMES]
    assert of_file.facts.query("metric == 'air.pm25'")["value"].tolist() == [64, 61, 66, 70]
    for table in ("texts", "sections", "quantities", "facts", "problems"):
        pd.testing.assert_frame_equal(getattr(of_file, table), getattr(of_frame, table))
    differing = ["path", "encoding"]
    pd.testing.assert_frame_equal(of_file.reports.drop(columns=differing), of_frame.reports.drop(columns=differing))
    assert set(of_frame.reports["place_from"]) == set(of_frame.reports["year_from"]) == {"table"}
    assert [source.name for source in sources(str(file))] == NAMES
    assert not (project / "data" / "processed").exists(), "what is read from a DataFrame is not written unasked"


def test_columns_are_told_where_their_names_say_nothing(project: Path):
    frame = CORPUS.set_axis(["a", "b", "c", "d", "e"], axis=1)
    columns = {"city": "b", "year": "c", "report": "e"}
    found = sources(frame.assign(e=["x/1", "x", "x", ""]), text="d", columns=columns)
    assert [source.name for source in found] == ["x-1", "x", "x-2", "濮阳市-2016"]
    with pytest.raises(RequestError, match=r"no column of texts among: a, b, c, d, e\. Name it with --text"):
        sources(frame)
    with pytest.raises(RequestError, match=r"has no column 'dok' for text\. Nearest: doc"):
        sources(CORPUS, text="dok")
    with pytest.raises(RequestError, match=r"no field 'citi'\. Nearest: city"):
        sources(CORPUS, columns={"citi": "b"})
    with pytest.raises(RequestError, match="no encoding named 'gbkk'"):
        sources(CORPUS, encoding="gbkk")


def test_rows_that_say_too_little_are_said_by_their_number(project: Path):
    rows = [
        ("信阳市", "2016", "x"),
        ("信阳市", 2016, "y"),
        ("信阳市", 2015, " "),
        ("赣洲市", "近年", "z"),
        ("", "", "w"),
    ]
    kept(pd.DataFrame(rows, columns=["city", "year", "text"]), project / "data" / "raw" / "t.csv")
    found = tables.gather(project / "data" / "raw")
    assert found.reports["report"].tolist() == ["信阳市-2016", "信阳市-2016-2", "t/5", "t/6"]
    said = found.problems[found.problems["code"] != "no_figure"]
    assert said.query("code in ('same_name', 'no_text', 'cell', 'sidecar_place')")[
        ["report", "code"]
    ].values.tolist() == [
        ["t/5", "sidecar_place"],
        ["t/5", "cell"],
        ["信阳市-2015", "no_text"],
        ["信阳市-2016-2", "same_name"],
    ]
    messages = dict(zip(said["code"], said["message"], strict=True))
    assert messages["no_text"] == "t.csv, row 4 holds no text."
    assert messages["sidecar_place"].startswith(
        "t.csv, row 5: city = '赣洲市' is no place that is known. Nearest: 株洲市"
    )
    assert messages["cell"].startswith("t.csv, row 5: year = '近年' is no year")


def test_what_the_text_surely_says_otherwise_is_in_doubt():
    text = "信阳市生态环境局2015年工作总结\n2015年，信阳市PM2.5平均浓度64微克/立方米。\n信阳市生态环境局"
    frame = pd.DataFrame({"city": ["信阳市", "南阳市"], "year": [2016, 2015], "text": [text, f"{text} "]})
    found = eco.parse(frame)
    assert found.reports[["city", "year"]].values.tolist() == [["信阳市", 2016], ["南阳市", 2015]]
    assert (found.reports["year_confidence"] < 0.9).tolist() == [True, False]
    assert (found.reports["place_confidence"] < 0.9).tolist() == [False, True]
    said = found.problems.set_index("code")["message"]
    assert said["year_disputed"].startswith("DataFrame, row 0 says 2016, the heading 2015; 2016 was taken")
    assert said["place_disputed"].startswith("DataFrame, row 1 says 河南省南阳市, the title 河南省信阳市")


def test_half_a_year_of_a_table_stays_half_a_year():
    frame = pd.DataFrame(
        {"city": ["信阳市"], "year": [2016], "doc": ["信阳市2016年上半年工作总结\n2016年上半年，立案3宗。"]}
    )
    (row,) = eco.parse(frame).reports.to_dict("records")
    assert (row["year"], str(row["period_end"].date()), row["year_confidence"]) == (2016, "2016-06-30", 1.0)


@pytest.mark.parametrize(
    ("file", "columns", "level"),
    [
        ("nation.csv", {"year": 2016}, "nation"),
        ("a.csv", {"year": 2016, "province": "全国"}, "nation"),
        ("a.csv", {"year": 2016, "级别": "国家"}, "nation"),
        ("a.csv", {"year": 2016, "province": "河南省", "city": ""}, "province"),
        ("a.csv", {"year": 2016, "city": "信阳市"}, "city"),
        ("a.csv", {"year": 2016, "city": "信阳市", "district": "浉河区"}, "county"),
    ],
)
def test_a_level_is_kept(project: Path, file: str, columns: dict, level: str):
    row = {**columns, "doc": "2016年，PM2.5平均浓度47微克/立方米。"}
    kept(pd.DataFrame([row]), project / "data" / "raw" / file)
    found = tables.gather(project / "data" / "raw")
    names = {"nation": "全国-2016", "province": "河南省-2016", "city": "信阳市-2016", "county": "信阳市浉河区-2016"}
    assert found.reports[["report", "level", "place_confidence"]].values.tolist() == [[names[level], level, 1.0]]
    assert found.facts["level"].tolist() == [level]


def test_provinces_compare_among_themselves_and_are_baselines_of_their_cities(tmp_path: Path):
    def rows(level: str, values: dict[str, int]) -> list[dict]:
        said = {"province": "全省", "city": "全市", "nation": "全国"}[level]
        return [
            {
                level if level != "nation" else "province": name,
                "year": 2013,
                "doc": f"2013年，{said}PM2.5平均浓度{value}微克/立方米。",
            }
            for name, value in values.items()
        ]

    cities = rows("city", {"信阳市": 61, "南阳市": 64, "濮阳市": 69})
    provinces = rows("province", {"河南省": 73, "河北省": 70, "湖北省": 54})
    frame = pd.DataFrame([*cities, *provinces, *rows("nation", {"全国": 72})])
    found = eco.parse(frame)
    facts = found.facts
    panel = eco.panel(facts, "air.pm25", 2013)
    assert panel["city"].tolist() == ["信阳市", "南阳市", "濮阳市"], "a province is no city"
    among = eco.panel(comparing.at_level(facts, "province"), "air.pm25", 2013)
    assert among[["city", "value", "comparable", "told_by"]].values.tolist() == [
        [name, value, True, ""] for name, value in (("湖北省", 54), ("河北省", 70), ("河南省", 73))
    ]
    nation = eco.panel(comparing.at_level(facts, "nation"), "air.pm25", 2013)
    assert nation[["city", "value"]].values.tolist() == [["全国", 72]]
    beside = comparing.baselines(panel, facts)
    assert comparing.baselines(panel).empty, "no national figure and no limit of that year is known"
    assert beside[["kind", "zh", "en", "value", "source"]].values.tolist() == [
        ["region", "河南", "Henan", 73, "河南省-2013"],
        ["region", "全国", "nation", 72, "全国-2013"],
    ]
    chart = eco.charts.ranking(panel, facts=facts, language="en")
    assert any("Henan 73 (2013, by its report)" in text.get_text() for text in chart.figure.findobj(Text))
    study = Study(found, found.facts, found.reports, 2013, 0.9, "en", tmp_path)
    shown = study.charts.ranking(study.panel("air.pm25"))
    assert any("Henan 73" in text.get_text() for text in shown.figure.findobj(Text)), "in the notebooks too"
    with pytest.raises(RequestError, match="level = 'city' is none of province, nation"):
        comparing.at_level(facts, "city")


def test_a_web_page_in_a_cell_is_read_as_one():
    page = "<html><head><title>信阳市2016年工作总结</title></head><body><p>2016年，立案61宗。</p><script>1</script></body></html>"
    (source,) = sources(pd.DataFrame({"doc": [page]}))
    assert "立案61宗" in source.read().text and "<p>" not in source.read().text


def test_a_source_is_read_alike_in_another_process(project: Path):
    raw = project / "data" / "raw"
    kept(CORPUS, raw / "a.csv")
    (raw / "2016").mkdir()
    (raw / "2016" / "信阳市.txt").write_text(CORPUS["doc"][1], encoding="utf-8")
    (raw / "b.zip").write_bytes(packed({"c/d.txt": CORPUS["doc"][1], "c/d.toml": 'city = "南阳市"', "e.txt": b""}))
    found = sources(raw)
    assert [source.name for source in found] == [*NAMES, "b/c/d", "b/e", "2016/信阳市"]
    for source in (one for one in found if one.name != "b/e"):
        assert pickle.loads(pickle.dumps(source)).read() == source.read()
    assert found[4].read().city == "南阳市"


def test_a_table_is_read_row_by_row(tmp_path: Path):
    """The memory that it takes is that of a row, not of the file."""
    with (tmp_path / "a.csv").open("w", encoding="utf-8") as stream:
        stream.write("city,year,doc\n")
        for number in range(400):
            stream.write(f'信阳市,{1980 + number % 40},"{"水质优良。" * 10_000}"\n')
    assert (tmp_path / "a.csv").stat().st_size > 50_000_000
    list(reading.inputs(CORPUS))  # loads what is loaded once
    tracemalloc.start()
    count = sum(isinstance(item, reading.Source) for item in reading.inputs(tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400 and peak < 20_000_000


def test_the_command_reads_a_table(project: Path):
    file = kept(CORPUS.rename(columns={"doc": "wen", "城市": "di"}), project / "gb.csv")
    arguments = ["parse", str(file), "--text", "wen", "--column", "city", "di", "--encoding", "gb18030"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0 and "reports: 4" in done.output, done.output
    assert tables.load().reports["report"].tolist() == NAMES
    wrong = CliRunner().invoke(main, ["parse", str(file)])
    assert wrong.exit_code == 2 and "Name it with --text" in wrong.output
