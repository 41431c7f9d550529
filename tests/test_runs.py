"""Where runs live: what is run again and what carried over, `latest`, the front page, one run at a time, and what is kept."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from filelock import FileLock
from lxml import html
from stub import VALUES, Stub, folder, notebook, runs, stub, tables_of

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import EcoanalysisError, RequestError
from ecoanalysis.reporting import record
from ecoanalysis.reporting import runs as living
from ecoanalysis.tables import schema, writing
from ecoanalysis.tables.pictures import read_index

__all__ = ["folder", "stub"]


def latest(folder: Path) -> record.Record:
    told = record.read(folder / "figures" / "latest")
    assert told is not None
    return told


def count(folder: Path) -> int:
    return len(living.folders(folder / "figures"))


def test_a_run_is_a_folder_that_holds_all_of_it_and_latest_leads_there(folder: Path, stub: Stub):
    results = runs(folder)
    (run,) = (folder / "figures" / "runs").iterdir()
    assert [result.folder for result in results] == [run / "2024" / "01_air", run / "2024" / "02_water"]
    assert os.readlink(folder / "figures" / "latest") == f"runs/{run.name}"
    assert tables.load(run / "tables").facts["value"].tolist() == list(VALUES.values())
    assert [row["file"] for row in read_index(run / "index.csv")] == [
        "2024/01_air/picture.png",
        "2024/02_water/picture.png",
    ]
    told = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert told["whole"] and told["versions"]["python"] and told["asked"]["parameters"] == {}
    page = told["pages"][0]
    assert page["parameters"] == {"cities": [], "year": 2024, "language": "zh"} and page["state"] == "made"
    assert page["files"]["picture.png"] == record.hash_of(run / "2024" / "01_air" / "picture.png")


def test_tables_of_many_facts_which_lie_by_year_are_in_the_run_too(
    folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writing, "MANY", 1)
    tables.write(tables.load(folder / "processed"), folder / "processed")
    runs(folder)
    kept = folder / "figures" / "latest" / "tables"
    assert not (kept / "facts.parquet").exists() and list((kept / "facts").glob("year=*/*.parquet"))
    assert sorted(tables.load(kept).facts["value"]) == sorted(VALUES.values())
    assert all(one.carried for one in runs(folder))


def test_where_nothing_changed_nothing_is_run_and_no_run_is_made(folder: Path, stub: Stub):
    first = runs(folder)
    again = runs(folder)
    assert len(stub.ran) == 2 and count(folder) == 1
    assert [one.folder for one in again] == [one.folder for one in first]
    assert [one.carried for one in first + again] == [False, False, True, True]
    runs(folder, force=True)
    assert len(stub.ran) == 4 and count(folder) == 2


def test_a_notebook_that_changed_is_run_and_the_others_are_carried_over(folder: Path, stub: Stub):
    runs(folder)
    notebook(folder / "notebooks" / "01_air.ipynb", "otherwise")
    runs(folder)
    assert stub.ran[2:] == ["2024/01_air"] and count(folder) == 2
    made, carried = latest(folder).pages
    assert (made.state, carried.state, carried.made_in) == ("made", "carried", latest(folder).previous)
    files = [run / "2024" / "02_water" / "02_water.html" for run in living.folders(folder / "figures")]
    assert files[0].stat().st_ino == files[1].stat().st_ino
    listed = [row["title"] for row in read_index(folder / "figures" / "latest" / "index.csv")]
    assert listed == ["otherwise", "of 02_water"]


@pytest.mark.parametrize("what", ["tables", "parameters", "helper"])
def test_whatever_a_page_is_made_from_makes_it_anew(folder: Path, stub: Stub, what: str):
    runs(folder)
    if what == "tables":
        tables.write(tables_of(VALUES | {"云浮市": 21}), folder / "processed")
    elif what == "helper":
        (folder / "notebooks" / "mine.py").write_text("x = 1")
    runs(folder, **({"language": "en"} if what == "parameters" else {}))
    assert len(stub.ran) == 4 and count(folder) == 2


def test_a_page_that_nobody_asked_for_stays_while_it_holds_and_is_left_out_else(folder: Path, stub: Stub):
    runs(folder)
    runs(folder, "01_air", language="en")
    assert [page.folder for page in latest(folder).pages] == ["2024/01_air", "2024/02_water"]
    tables.write(tables_of(VALUES | {"云浮市": 21}), folder / "processed")
    runs(folder, "01_air")
    assert [page.folder for page in latest(folder).pages] == ["2024/01_air"]
    assert latest(folder).left_out == [{"folder": "2024/02_water", "why": ["tables"]}]
    page = (folder / "figures" / "latest" / "index.html").read_text(encoding="utf-8")
    assert "<li>02_water of 02_water: 数据表已变</li>" in page and 'href="2024/02_water' not in page
    runs(folder, "01_air")
    assert count(folder) == 3


@pytest.mark.parametrize("why", ["notebook", "gone", "files", "code"])
def test_a_page_that_is_left_out_says_why(folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch, why: str):
    runs(folder)
    if why == "notebook":
        notebook(folder / "notebooks" / "02_water.ipynb", "otherwise")
    elif why == "gone":
        (folder / "notebooks" / "02_water.ipynb").unlink()
    elif why == "files":
        (folder / "figures" / "latest" / "2024" / "02_water" / "picture.png").write_bytes(b"painted over")
    else:
        (folder / "notebooks" / "mine.py").write_text("x = 1")
    runs(folder, "01_air", force=True)
    assert latest(folder).left_out == [{"folder": "2024/02_water", "why": [why]}]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_could_not_be_read_stands_in_the_run_and_does_not_hold_latest_back(
    folder: Path, stub: Stub, language: str
):
    runs(folder)
    first = latest(folder)
    assert first.unread == [] and "未能读取" not in (folder / "figures" / "latest" / "index.html").read_text("utf-8")
    rows = [
        {"report": "b<i>", "code": "empty", "severity": "error", "message": "b.txt holds <b>no text</b>"},
        {"report": "a", "code": "format", "severity": "error", "message": "a.jpg is of a format that is not read"},
        {"report": "c", "code": "no_year", "severity": "note", "message": "no year is stated"},
    ]
    amiss = schema.conform(pd.DataFrame(rows).assign(start=None, end=None), "problems")
    tables.write(replace(tables.load(folder / "processed"), problems=amiss), folder / "processed")
    assert all(one.ok for one in runs(folder, language=language))
    told = latest(folder)
    assert told.run > first.run and told.whole
    assert told.unread == [
        {"name": row["report"], "code": row["code"], "message": row["message"]} for row in rows[1::-1]
    ]
    text = (folder / "figures" / "latest" / "index.html").read_text(encoding="utf-8")
    assert "<b>" not in text and "<i>" not in text and "no year" not in text
    page = html.fromstring(text)
    cells = [[cell.text_content() for cell in row.xpath("./td")] for row in page.xpath("//h2[2]/preceding::tr")]
    called = "文件没有文字，请补上内容或移走" if language == "zh" else "no text"
    assert cells[-1] == ["b<i>", called, "b.txt holds <b>no text</b>"]
    assert (": 2" if language == "en" else "：2项") in page.xpath("string(//h2[1])")
    assert all(one.carried for one in runs(folder, language=language)) and latest(folder).unread == told.unread


def test_an_empty_file_beside_two_good_ones_is_named_in_the_run(project: Path, stub: Stub):
    for name, city in (("ganzhou", "赣州市"), ("yunfu", "云浮市")):
        text = f"{city}生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度20微克/立方米。\n"
        (project / "data" / "raw" / f"{name}.txt").write_text(text, encoding="utf-8")
    (project / "data" / "raw" / "empty.txt").touch()
    notebook(project / "notebooks" / "01_air.ipynb", "of 01_air")
    done = CliRunner().invoke(main, ["report"])
    assert done.exit_code == 1 and "error: empty: " in done.stderr
    told = latest(project)
    assert told.whole and [(one["name"], one["code"]) for one in told.unread] == [("empty", "empty")]
    page = html.fromstring((project / "figures" / "latest" / "index.html").read_text(encoding="utf-8"))
    assert page.xpath("//td[text()='empty']") and told.unread[0]["message"] in page.text_content()
    again = CliRunner().invoke(main, ["report"])
    assert again.exit_code == 1 and "nothing new" in again.stdout and count(project) == 1


def test_a_file_that_somebody_changed_is_made_anew(folder: Path, stub: Stub):
    runs(folder)
    (folder / "figures" / "latest" / "2024" / "01_air" / "picture.png").write_bytes(b"painted over")
    runs(folder)
    assert stub.ran[2:] == ["2024/01_air"]
    assert b"18.0" in (folder / "figures" / "latest" / "2024" / "01_air" / "picture.png").read_bytes()


def test_a_failed_run_is_kept_and_latest_stays(folder: Path, stub: Stub):
    runs(folder)
    good = latest(folder).run
    notebook(folder / "notebooks" / "02_water.ipynb", "fail: <b>boom</b>")
    tables.write(tables_of(VALUES | {"云浮市": 21}), folder / "processed")
    air, water = runs(folder)
    assert air.ok and not water.ok and water.message.startswith("fail: <b>boom</b>; see ")
    assert latest(folder).run == good
    (newest, _) = living.folders(folder / "figures")
    told = record.read(newest)
    assert told and not told.whole and told.pages[1].why == "fail: <b>boom</b>"
    assert "fail: &lt;b&gt;boom&lt;/b&gt;" in (newest / "index.html").read_text(encoding="utf-8")
    assert [file.name for file in water.folder.iterdir()] == ["02_water.ipynb"]
    notebook(folder / "notebooks" / "02_water.ipynb", "mended")
    assert [one.carried for one in runs(folder)] == [True, False], "what went well in the failed run is not run again"
    assert latest(folder).whole and latest(folder).run > newest.name


def test_the_front_page_links_every_page_shows_its_finding_and_each_leads_back(folder: Path, stub: Stub):
    notebook(folder / "notebooks" / "02_water.ipynb", "<script>alert(1)</script> & “water”")
    runs(folder)
    front = folder / "figures" / "latest" / "index.html"
    text = front.read_text(encoding="utf-8")
    assert "<script>" not in text and "Content-Security-Policy" in text
    page = html.fromstring(text)
    pages = [front.parent / link for link in page.xpath("//h3/a/@href")]
    assert [one.name for one in pages] == ["01_air.html", "02_water.html"]
    said = page.xpath("//p[@class='finding']/text()")
    assert [one for one in said if "water”" in one] == ["<script>alert(1)</script> & “water” [18.0, 20.5, 25.0, 22.0]"]
    for one in pages:
        (back,) = html.fromstring(one.read_text(encoding="utf-8")).xpath("//a[contains(@href, 'index.html')]/@href")
        assert (one.parent / back).resolve() == front.resolve()


@pytest.mark.parametrize(("language", "first"), [("zh", "这是第一次运行"), ("en", "This is the first run")])
def test_the_front_page_says_what_is_new_in_the_language_of_the_run(
    folder: Path, stub: Stub, language: str, first: str
):
    runs(folder, language=language)
    front = folder / "figures" / "latest" / "index.html"
    assert first in front.read_text(encoding="utf-8")
    changed = {"赣州市": 18.0, "云浮市": 26.0, "佛山市": 25.0, "汕头市": 17.0}
    tables.write(tables_of(changed, "<i>{value}</i>"), folder / "processed")
    runs(folder, language=language)
    text = front.read_text(encoding="utf-8")
    place, was, now = (
        ("云浮", "20.5微克/立方米", "26微克/立方米") if language == "zh" else ("Yunfu", "20.5 µg/m³", "26 µg/m³")
    )
    rows = [[cell.text_content() for cell in row.xpath("./td")] for row in html.fromstring(text).xpath("//tr")]
    (facts,) = [row for row in rows if row[1:2] == [place]]
    assert facts[4:] == [was, now, "云浮市：年均浓度20.5微克", "云浮市：<i>26.0</i>"]
    (moved,) = [row for row in rows if row[:1] == [place]]
    assert moved[2:4] == ["2", "4"] and "<i>" not in text


def test_a_second_run_says_so_or_waits(folder: Path, stub: Stub):
    (folder / "figures").mkdir()
    code = "import sys; from pathlib import Path; from ecoanalysis.reporting.runs import alone\n"
    code += "with alone(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, folder / "figures"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "held\n"
    with pytest.raises(RequestError, match=r"another run is writing to .*; try again when it has ended, or use --wait"):
        runs(folder)
    assert not stub.ran
    other.kill()  # the lock ends with the process
    other.wait()
    assert all(result.ok for result in runs(folder, wait=True))


def test_a_lock_that_was_left_locks_nothing(folder: Path, stub: Stub):
    (folder / "figures").mkdir()
    (folder / "figures" / ".lock").touch()
    assert len(runs(folder)) == 2
    with FileLock(folder / "figures" / ".lock", timeout=0):
        pass


def test_what_an_ended_run_left_is_removed_and_latest_put_right(folder: Path, stub: Stub):
    runs(folder)
    figures = folder / "figures"
    (figures / "runs" / ".making-x" / "2024").mkdir(parents=True)
    (figures / ".gone-latest").mkdir()
    (figures / "latest").unlink()  # as where a run ended between its name and the link
    runs(folder)
    assert sorted(one.name for one in figures.iterdir()) == [".lock", "latest", "runs"]
    assert [one.name for one in (figures / "runs").iterdir()] == [latest(folder).run] and len(stub.ran) == 2


def test_a_run_whose_record_is_damaged_counts_for_nothing(folder: Path, stub: Stub):
    runs(folder)
    (folder / "figures" / "latest" / "run.json").write_text('{"run": 1')
    runs(folder)
    assert len(stub.ran) == 4 and latest(folder).whole


def test_where_no_link_can_be_made_latest_is_a_folder_of_the_same_files(
    folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("not here")

    runs(folder)  # a link first, which the folder then takes the place of
    monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(os, "link", refuse)
    for value in (21, 23):
        tables.write(tables_of(VALUES | {"云浮市": value}), folder / "processed")
        runs(folder)
        made = folder / "figures" / "latest"
        assert not made.is_symlink() and latest(folder).run == living.folders(folder / "figures")[0].name
        assert str(float(value)).encode() in (made / "2024" / "01_air" / "picture.png").read_bytes()
    monkeypatch.undo()
    assert sorted(one.name for one in (folder / "figures").iterdir()) == [".lock", "latest", "runs"]


def test_a_folder_of_somebody_elses_is_not_replaced(folder: Path, stub: Stub):
    (folder / "figures" / "latest").mkdir(parents=True)
    (folder / "figures" / "latest" / "mine.txt").write_text("kept")
    with pytest.raises(EcoanalysisError, match="latest is a folder that no run made; move it away"):
        runs(folder)
    assert (folder / "figures" / "latest" / "mine.txt").read_text() == "kept"


def test_keep_removes_the_oldest_and_never_the_last_whole_run(folder: Path, stub: Stub):
    names = []
    for value in (21, 22, 23):
        tables.write(tables_of(VALUES | {"云浮市": value}), folder / "processed")
        runs(folder)
        names.append(latest(folder).run)
    notebook(folder / "notebooks" / "02_water.ipynb", "fail")
    for value in (24, 25):
        tables.write(tables_of(VALUES | {"云浮市": value}), folder / "processed")
        runs(folder, keep=2)
    left = [run.name for run in living.folders(folder / "figures")]
    assert len(left) == 3 and left[-1] == names[-1] == latest(folder).run


def test_runs_follow_each_other_where_the_clock_was_set_back(folder: Path, stub: Stub):
    runs(folder)
    late = folder / "figures" / "runs" / "2999-12-31T235959"
    (folder / "figures" / "runs" / latest(folder).run).rename(late)
    told = json.loads((late / "run.json").read_text(encoding="utf-8")) | {"run": late.name}
    (late / "run.json").write_text(json.dumps(told), encoding="utf-8")
    runs(folder, force=True)
    assert latest(folder).run == "3000-01-01T000000"
