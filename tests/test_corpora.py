"""Corpora as people hold them: tables of texts, trees of folders, and the manifest that corrects what is read of them."""

import os
import pickle
import tracemalloc
import zipfile
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
from ecoanalysis.reading import cells

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


def test_provinces_compare_among_themselves_and_are_baselines_of_their_cities():
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
    facts = eco.parse(frame).facts
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
    chart = eco.charts.ranking(panel, beside=beside, language="en")
    assert any("Henan 73 (2013, by its report)" in text.get_text() for text in chart.figure.findobj(Text))
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


def test_folders_to_any_depth(project: Path):
    raw = project / "data" / "raw"
    text = "PM2.5平均浓度61微克/立方米。"
    names = [
        "2016/信阳市.txt",
        "河南省/南阳市2016.txt",
        "河南省/濮阳市/空气/年报/2016.txt",
        "2015/信阳市.txt",
        "甲.txt",
    ]
    hidden = [".git/a.txt", "__MACOSX/a.txt", "甲_files/a.txt", "2016/README.md"]
    for name in [*names, *hidden, "甲.html"]:
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text(text, encoding="utf-8")
    (raw / "甲.html").rename(raw / "乙.html")
    (raw / "甲_files").rename(raw / "乙_files")
    found = tables.gather(raw).reports.set_index("report")
    assert set(found["path"]) == {*names, "乙.html"}
    where = found[["city", "year"]].to_dict("index")
    assert where["2016/信阳市"] == {"city": "信阳市", "year": 2016} and where["2015/信阳市"]["year"] == 2015
    assert where["河南省/南阳市2016"] == {"city": "南阳市", "year": 2016}
    assert where["河南省/濮阳市/空气/年报/2016"] == {"city": "濮阳市", "year": 2016}
    assert found.loc["2016/信阳市", "year_from"] == "folder"
    assert [source.name for source in sources(raw, glob="2016/*")] == ["2016/信阳市"]
    assert len(sources(raw, glob="*.txt")) == len(sources(raw, glob="**/*.txt")) == 5
    with pytest.raises(RequestError, match="no report that matches '2017/"):
        sources(raw, glob="2017/*")
    found = tables.gather([raw / "2016" / "信阳市.txt"]).reports
    assert found[["report", "path"]].values.tolist() == [["2016/信阳市", "2016/信阳市.txt"]]


def test_links_out_of_the_folder_are_refused(tmp_path: Path):
    raw, away = tmp_path / "raw", tmp_path / "away"
    (raw / "a").mkdir(parents=True)
    away.mkdir()
    (away / "secret.txt").write_text("立案1宗", encoding="utf-8")
    (raw / "a" / "b.txt").write_text("立案2宗", encoding="utf-8")
    for name, target in {
        "file.txt": away / "secret.txt",
        "folder": away,
        "up": tmp_path,
        "round": raw,
        "gone.txt": away / "x",
    }.items():
        os.symlink(target, raw / name)
    os.symlink("../a/b.txt", raw / "a" / "c.txt")
    assert [source.name for source in sources(raw)] == ["a/b", "a/c"]
    assert {(one.report, one.severity) for one in problems(raw)} == {
        *((name, "error") for name in ("file.txt", "folder", "up", "gone.txt")),
        ("round", "note"),
    }


def test_two_files_of_one_name_in_a_folder(tmp_path: Path):
    for name in ("a/x.txt", "b/x.txt", "b/x.md", "c/y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("立案2宗", encoding="utf-8")
    (tmp_path / "c.zip").write_bytes(packed({"y.txt": "立案2宗"}))
    assert [source.name for source in sources(tmp_path)] == ["a/x", "c/y"]
    assert [(one.report, one.code) for one in problems(tmp_path)] == [
        ("c", "same_name"), ("b/x", "same_name"), ("b/x", "same_name")
    ]  # fmt: skip


def test_the_manifest_overrules_and_a_sidecar_overrules_it(project: Path):
    raw = project / "data" / "raw"
    for name in ("2016/甲.txt", "2016/乙.txt", "丙.txt"):
        (raw / name).parent.mkdir(exist_ok=True)
        (raw / name).write_text(f"信阳市工作总结。2016年，{name[-5]}立案61宗。", encoding="utf-8")
    (raw / "2016" / "乙.toml").write_text('city = "濮阳市"', encoding="utf-8")
    (raw / "丁.zip").write_bytes(packed({"a/b.txt": "2016年，立案61件。"}))
    kept(CORPUS[:1], raw / "t.csv")
    lines = [
        "文件,城市,年份,发布日期,网址,备注",
        "2016\\甲.txt,南阳,2014,2015/3/1,'=1+1,x",
        "2016/乙,南阳市,2015,,,",
        "丁.zip/a/b.txt,开封市,,,,",
        "t.csv/信阳市-2015,鹤壁市,,,,",
        "2016/戊.txt,南阳市,近年,,,",
        "2016/甲.txt,信阳市,,,,",
    ]
    (raw / "manifest.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    found = tables.gather(raw)
    told = found.reports.set_index("report")[["city", "year", "place_from", "year_from"]]
    assert told.loc["2016/甲"].tolist() == ["南阳市", 2014, "manifest", "manifest"]
    assert told.loc["2016/乙"].tolist() == ["濮阳市", 2015, "sidecar", "manifest"]
    assert told.loc["丁/a/b", "city"] == "开封市"
    assert told.loc["信阳市-2015"].tolist() == ["鹤壁市", 2015, "manifest", "table"]
    assert found.reports.set_index("report").loc["2016/甲", ["published", "url"]].tolist() == ["2015-03-01", "=1+1"]
    said = found.problems.set_index("code")["message"]
    assert said["manifest_unused"].startswith("manifest.csv, row 6: there is no 2016/戊.txt.")
    assert said["manifest_without"] == "files that have no row in manifest.csv, 1 in all: 丙.txt"
    assert not problems(raw, glob="2016/*"), "what a pattern leaves out is not missing"
    assert said["manifest_row"] == "manifest.csv, row 7 is a second one of 2016/甲.txt; the first was taken."


def test_the_manifest_is_written_from_what_was_read(project: Path):
    raw = project / "data" / "raw"
    (raw / "a").mkdir()
    (raw / "a" / "x.txt").write_text("=2+5 信阳市生态环境局2016年工作总结\n2016年，信阳市立案61宗。", encoding="utf-8")
    (raw / "a" / "x.toml").write_text('title = "=cmd|1"', encoding="utf-8")
    (raw / "y.txt").write_text("立案62宗。", encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(main, ["parse"]).exit_code == 0
    done = runner.invoke(main, ["manifest"])
    assert done.exit_code == 0 and "2 reports, 1 to be filled in: data/raw/manifest.csv" in done.output
    assert (raw / "manifest.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = pd.read_csv(raw / "manifest.csv", dtype=str, keep_default_na=False).set_index("file")
    assert rows.loc["a/x.txt", ["city", "year", "title", "read_as"]].tolist() == ["信阳市", "2016", "'=cmd|1", ""]
    assert rows.loc["y.txt", "city"] == "" and rows.loc["y.txt", "read_as"].startswith("place:  (0.00)")
    again = runner.invoke(main, ["manifest"])
    assert again.exit_code == 2 and "data/raw/manifest.csv is there already" in again.output
    rows.loc["y.txt", ["city", "year"]] = ["南阳市", "2015"]
    rows.to_csv(raw / "manifest.csv")
    (raw / "a" / "x.toml").unlink()
    found = tables.parse(raw).reports.set_index("report")
    assert found.loc["y", ["city", "year", "place_from"]].tolist() == ["南阳市", 2015, "manifest"]
    assert found.loc["a/x", "title"] == "=cmd|1"
    assert runner.invoke(main, ["manifest", "--force"]).exit_code == 0
    kept_rows = pd.read_csv(raw / "manifest.csv", dtype=str, keep_default_na=False).set_index("file")
    assert kept_rows.loc["y.txt", ["city", "year", "read_as"]].tolist() == ["南阳市", "2015", ""]


def test_a_manifest_that_cannot_be_read_is_said_and_stops_nothing(tmp_path: Path):
    (tmp_path / "a.txt").write_text("立案1宗", encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("name,city\na.txt,信阳市", encoding="utf-8")
    assert [source.name for source in sources(tmp_path)] == ["a"]
    assert "has no column file among: name, city" in problems(tmp_path)[0].message


def test_the_command_reads_a_table(project: Path):
    file = kept(CORPUS.rename(columns={"doc": "wen", "城市": "di"}), project / "gb.csv")
    arguments = ["parse", str(file), "--text", "wen", "--column", "city", "di", "--encoding", "gb18030"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0 and "reports: 4" in done.output, done.output
    assert tables.load().reports["report"].tolist() == NAMES
    wrong = CliRunner().invoke(main, ["parse", str(file)])
    assert wrong.exit_code == 2 and "Name it with --text" in wrong.output


# What others made with care or with malice.


def test_a_cell_that_is_too_long_costs_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cells, "LONGEST", 5000)
    quoted = '2016,"' + "长" * 3000 + '\n""引"",\n' * 900 + '"\n'
    bare = f"2017,{'长' * 9000}\n"
    (tmp_path / "a.csv").write_text(f"year,doc\n2015,甲\n{quoted}{bare}2018,乙\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(
        f'{{"doc": "甲"}}\n{{"doc": "{"长" * 9000}"}}\n[1]\n{{"doc"\n{"[" * 4000}\n{{"doc": "乙"}}', encoding="utf-8"
    )
    assert [source.text for source in sources(tmp_path)] == ["甲", "乙", "甲", "乙"]
    assert [one.report for one in problems(tmp_path)] == ["a/3", "a/4", "b/2", "b/3", "b/4", "b/5"]
    (tmp_path / "a.csv").write_text(f'year,doc\n2015,甲\n2016,"{"长" * 9000}\n2017,乙\n', encoding="utf-8")
    (said,) = [one for one in problems(tmp_path, glob="*.csv")]
    assert "over 5,000 characters and a quote in it is never closed" in said.message


def test_a_row_whose_cells_have_slipped_is_not_read(tmp_path: Path):
    (tmp_path / "a.csv").write_text("city,year,doc\n信阳市,2016,甲,乙\n南阳市,2016,丙,,\n", encoding="utf-8")
    assert [source.name for source in sources(tmp_path)] == ["南阳市-2016"]
    assert "has 4 cells under 3 names" in problems(tmp_path)[0].message


def test_damaged_tables_are_problems(tmp_path: Path):
    kept(CORPUS, tmp_path / "good.csv")
    whole = kept(CORPUS, tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[:-200])
    (tmp_path / "b.xlsx").write_bytes(b"no")
    (tmp_path / "c.xlsx").write_bytes(packed({"xl/workbook.xml": bytes(30_000_000)}))
    lying = bytearray(packed({"xl/workbook.xml": bytes(3_000_000)}))
    entry = lying.index(b"PK\x01\x02") + 24
    lying[entry : entry + 4] = (1000).to_bytes(4, "little")
    (tmp_path / "d.xlsx").write_bytes(bytes(lying))
    (tmp_path / "e.xlsx").write_bytes(packed({"a.txt": "x"}))
    (tmp_path / "f.parquet").write_bytes(b"PAR1" + bytes(99) + b"PAR1")
    good = kept(CORPUS, tmp_path / "g.parquet").read_bytes()
    (tmp_path / "g.parquet").write_bytes(good[:200] + bytes(80) + good[280:])
    (tmp_path / "h.csv").write_bytes(b"")
    (tmp_path / "i.jsonl").write_bytes(bytes(range(256)) * 9)
    found = {one.report: one.code for one in problems(tmp_path)}
    assert [source.name for source in sources(tmp_path)][-4:] == NAMES
    assert found.pop("g", "damaged") == "damaged"
    assert found == {"a": "damaged", "b": "damaged", "c": "too_large", "d": "damaged", "e": "format", "f": "damaged",
                     "h": "empty", "i": "binary"}  # fmt: skip


def test_nothing_in_a_table_is_run_or_followed(tmp_path: Path):
    class Harm:
        def __reduce__(self) -> tuple:
            return os.mkdir, (str(tmp_path / "harmed"),)

    frame = pd.DataFrame({"city": ["信阳市"], "year": [2016], "doc": [pickle.dumps(Harm())]})
    frame.to_parquet(tmp_path / "a.parquet")
    kept(frame.assign(city="../../etc", doc="=1+1\u202e甲"), tmp_path / "b.csv")
    (source,) = sources(tmp_path)
    assert source.name == "..-..-etc-2016" and source.read().text
    assert [one.code for one in problems(tmp_path)] == ["no_text"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.csv"]


def test_formulas_and_links_of_excel_are_what_was_shown(tmp_path: Path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("说明").write_column(0, 0, ["这是说明", "各市一行"])
        sheet = book.add_worksheet("市")
        sheet.write_row(2, 1, ["城市", "年份", "正文"])
        sheet.write_row(3, 1, ["信阳市", 2016])
        sheet.write_formula(3, 3, "='[http://example.invalid/x.xlsx]a'!A1", None, "立案61宗")
        sheet.write_row(5, 1, ["南阳市", 2016, "长" * 32_767])
    found = sources(tmp_path)
    assert [(source.name, source.told[0].where) for source in found] == [
        ("信阳市-2016", "a.xlsx, sheet 市, row 4"),
        ("南阳市-2016", "a.xlsx, sheet 市, row 6"),
    ]
    assert found[0].text == "立案61宗"
    assert [(one.code, one.severity) for one in problems(tmp_path)] == [("cut_cell", "warning"), ("no_column", "note")]


def test_names_are_of_one_line_and_one_direction(tmp_path: Path):
    (tmp_path / "a\nb\u202ec.txt").write_text("立案1宗", encoding="utf-8")
    (source,) = sources(tmp_path)
    assert source.name == "a_b_c" and source.read().path == "a_b_c.txt"


def test_an_archive_is_opened_for_each_member(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(60):
            archive.writestr(f"{number}.txt", f"立案{number}宗")
    assert [source.read().text for source in sources(tmp_path)] == [f"立案{number}宗" for number in range(60)]
