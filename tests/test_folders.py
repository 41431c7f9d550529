"""Trees of folders, links, archives, and the manifest that corrects what is read of them."""

import os
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from files import packed
from test_text_tables import CORPUS, kept, problems, sources

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.reading import manifest


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


def test_of_many_wrong_rows_the_first_are_told_the_nearest_name(tmp_path: Path):
    (tmp_path / "2016-0.txt").write_text("立案1宗", encoding="utf-8")
    rows = [f"2016-{number}.doc.txt,信阳市" for number in range(50)]
    (tmp_path / "manifest.csv").write_text("\n".join(["file,city", *rows]), encoding="utf-8")
    said = [one.message for one in problems(tmp_path) if one.code == "manifest_unused"]
    assert len(said) == 50 and "Nearest of those without a row: 2016-0.txt." in said[0]
    assert sum("Nearest" in one for one in said) == manifest._HINTS
    assert said[-1] == "manifest.csv, row 51: there is no 2016-49.doc.txt. Mend the name, or remove the row."


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


def test_names_are_of_one_line_and_one_direction(tmp_path: Path):
    (tmp_path / "a\nb\u202ec.txt").write_text("立案1宗", encoding="utf-8")
    (source,) = sources(tmp_path)
    assert source.name == "a_b_c" and source.read().path == "a_b_c.txt"


def test_an_archive_is_opened_for_each_member(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(60):
            archive.writestr(f"{number}.txt", f"立案{number}宗")
    assert [source.read().text for source in sources(tmp_path)] == [f"立案{number}宗" for number in range(60)]
