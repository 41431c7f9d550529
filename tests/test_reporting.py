"""Running notebooks: parameters refused before anything is done, one failure kept apart, nothing old left as new."""

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest
from rows import facts_of, metric_rows, reports_of

from ecoanalysis import charts, reporting, tables
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.reporting.execute import write_page
from ecoanalysis.reporting.parameters import convert, declared
from ecoanalysis.reporting.plan import plan
from ecoanalysis.tables import store
from ecoanalysis.tables.pictures import read_index
from ecoanalysis.tables.schema import TABLES, empty
from ecoanalysis.wording import tables as worded

PARAMETERS = """cities: list[str] = []  # names of cities
year: int = 0  # the year; 0 means the latest that two cities report on
language: str = "zh"  # labels: zh or en
share: float = 0.5  # a share
strict: bool = False  # whether to be strict"""
GOOD = """from ecoanalysis import charts, paths, tables
from ecoanalysis.wording import tables as worded
data = tables.load()
chart = charts.ranking(worded.panel(data.facts, "air.pm25", year, data.reports), language)
files = chart.save("pm25", paths.figures() / str(year) / "good")
import sys
print(sys.executable, cities)
charts.prose("<script>alert(1)</script>")"""
BAD = """from ecoanalysis.errors import RequestError
raise RequestError("nothing was parsed; run `make report`")"""

SHOWS = """import asyncio, sys
from IPython.display import HTML, display
import matplotlib.pyplot as plt
import pandas as pd
import beside
print("one", __name__)
print("two")
print("beside", file=sys.stderr)
await asyncio.sleep(0)
!echo shell
display(HTML("<b>x</b>"))
plt.plot([1, beside.here]); plt.show()
pd.DataFrame({"a": [1]})"""


def write_notebook(file: Path, code: str, parameters: str = PARAMETERS) -> None:
    cells = [nbformat.v4.new_markdown_cell("# 空气 · Air"), nbformat.v4.new_code_cell(parameters)]
    cells[1].metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, file)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Tables of four cities, and a folder of two notebooks of which one fails."""
    folder = tmp_path_factory.mktemp("project")
    values = {"赣州市": 18, "云浮市": 20.5, "佛山市": 25}
    facts = facts_of([*metric_rows("air.pm25", "ug/m3", values)])
    reports = reports_of(facts)
    known = catalogue.table()[[column.name for column in TABLES["metrics"]]]
    parts = {"reports": reports, "facts": facts, "metrics": known}
    rest = {name: empty(name) for name in ("texts", "sections", "quantities", "problems")}
    found = tables.Tables(**parts, **rest)
    tables.write(found, folder / "processed")
    (folder / "notebooks").mkdir()
    write_notebook(folder / "notebooks" / "bad.ipynb", BAD)
    write_notebook(folder / "notebooks" / "good.ipynb", GOOD)
    return folder, found


@pytest.fixture(scope="module")
def ran(made):
    """Both notebooks run once, over what a run that was ended amidst left of the failing one."""
    folder, _ = made
    former = folder / "figures" / "runs" / ".making-2020" / "2024" / "bad"
    former.mkdir(parents=True)
    (former / "old.png").write_bytes(b"old")
    given = {"cities": "赣州 云浮,佛山市", "year": "2024"}
    results = reporting.run((), given, folder / "processed", folder / "figures", folder / "notebooks")
    (run,) = (folder / "figures" / "runs").glob("[!.]*")
    return run, {result.name: result for result in results}


@pytest.mark.slow
def test_a_failing_notebook_does_not_stop_the_others(ran):
    run, results = ran
    assert list(results) == ["bad", "good"]
    assert results["good"].ok and not results["bad"].ok
    assert results["bad"].message.startswith("RequestError: nothing was parsed; run `make report`")
    assert results["good"].folder == run / "2024" / "good"


@pytest.mark.slow
def test_what_failed_is_kept_and_nothing_old_is_left_as_new(ran):
    run, _ = ran
    assert [file.name for file in (run / "2024" / "bad").iterdir()] == ["bad.ipynb"]
    outputs = json.loads((run / "2024" / "bad" / "bad.ipynb").read_text(encoding="utf-8"))["cells"][-1]["outputs"]
    assert outputs[0]["ename"] == "RequestError"
    assert outputs[0]["traceback"] == ["RequestError: nothing was parsed; run `make report`"]
    assert [row["file"] for row in read_index(run / "index.csv")] == ["2024/good/pm25.png"]
    assert not list(run.parent.rglob(".making-*"))


@pytest.mark.slow
def test_the_page_has_no_code_and_nothing_unescaped(ran):
    run, _ = ran
    page = (run / "2024" / "good" / "good.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page and "<title>2024 空气</title>" in page and ">空气 · Air<" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script" not in page
    assert "paths.figures" not in page and "http://" not in page and "https://" not in page


@pytest.mark.slow
def test_the_executed_notebook_ran_on_this_python_and_names_no_folder_of_the_run(ran):
    run, _ = ran
    notebook = json.loads((run / "2024" / "good" / "good.ipynb").read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3" and "papermill" not in notebook["metadata"]
    printed = "".join(notebook["cells"][-1]["outputs"][0]["text"])
    assert printed == f"{sys.executable} ['赣州市', '云浮市', '佛山市']\n"


@pytest.mark.slow
def test_every_format_is_delivered(ran):
    run, _ = ran
    names = {file.name for file in (run / "2024" / "good").iterdir()}
    assert names == {"good.ipynb", "good.html", "pm25.png", "pm25.svg", "pm25.pdf", "pm25.csv"}


@pytest.fixture(scope="module")
def ran_hard(made, tmp_path_factory):
    """Notebooks that leave traces, that look for them, that hang, that die, and one of all kinds of outputs; run with a limit."""
    folder, _ = made
    notebooks, figures = (tmp_path_factory.mktemp(name) for name in ("hard", "figures"))
    traces = """import ecoanalysis.paths, os, sys, pandas
print(hasattr(pandas, "left_behind"), os.environ.get("LEFT_BEHIND"), "left_behind" in globals(), os.path.exists("beside.py"))
pandas.left_behind = left_behind = 1
os.environ["LEFT_BEHIND"] = "1"
os.chdir("/")"""
    write_notebook(notebooks / "first.ipynb", traces)
    write_notebook(notebooks / "second.ipynb", traces)
    write_notebook(notebooks / "hangs.ipynb", "print('begun')\nwhile True: pass")
    write_notebook(notebooks / "dies.ipynb", "import os\nos._exit(3)")
    write_notebook(notebooks / "shows.ipynb", SHOWS)
    (notebooks / "beside.py").write_text("here = 7")
    results = reporting.run((), {}, folder / "processed", figures, notebooks, timeout=20)
    return notebooks, {result.name: result for result in results}


def outputs(file: Path) -> list:
    return nbformat.read(file, as_version=4).cells[-1].outputs


def printed(found: list, name: str) -> str:
    return "".join(one.text for one in found if one.get("name") == name)


@pytest.mark.slow
def test_no_notebook_sees_what_another_left(ran_hard):
    _, results = ran_hard
    for name in ("first", "second"):
        assert results[name].ok, results[name].message
        (said,) = outputs(results[name].folder / f"{name}.ipynb")
        assert said.text == "False None False True\n"


@pytest.mark.slow
def test_a_notebook_that_hangs_is_ended_and_says_where(ran_hard):
    _, results = ran_hard
    assert results["hangs"].message.startswith("TimeoutError: took longer than the 20 s that --timeout allows (cell 3)")
    said, error = outputs(results["hangs"].folder / "hangs.ipynb")
    assert said.text == "begun\n" and error.ename == "TimeoutError"
    assert [file.name for file in results["hangs"].folder.iterdir()] == ["hangs.ipynb"]


@pytest.mark.slow
def test_a_notebook_whose_process_dies_fails_alone(ran_hard):
    _, results = ran_hard
    assert results["dies"].message.startswith("the process of dies ended before it was done")
    assert [file.name for file in results["dies"].folder.iterdir()] == ["dies.ipynb"]
    assert [name for name, result in results.items() if result.ok] == ["first", "second", "shows"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells which files are open")
@pytest.mark.slow
def test_copies_of_the_process_share_no_open_file():
    program = """import gc, os
from ecoanalysis.charts.text import text_width
from ecoanalysis.reporting import warm
warm._import_all(several=True)
text_width("x", 8)
if not os.fork():
    gc.unfreeze()  # what nothing leads to any more is open, and harmless
    gc.collect()
    found = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    print([os.readlink(one) for one in found if os.path.lexists(one) and os.readlink(one).endswith(("tf", "(deleted)"))])
else:
    os.wait()"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"


def test_tables_that_are_kept_are_loaded_unread_and_unchanged(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_kept", {})
    folder, _ = made
    copy = tmp_path / "processed"
    shutil.copytree(folder / "processed", copy)
    kept = store.keep(copy)
    kept.facts["value"] = 0.0
    (copy / "facts.parquet").unlink()
    again = tables.load(copy)
    assert again.facts["value"].tolist() == [18, 20.5, 25] and again.facts.attrs["reports"]
    described = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    (copy / "datapackage.json").write_text(json.dumps(described | {"version": "0"}), encoding="utf-8")
    with pytest.raises(RequestError, match=r"facts\.parquet is missing"):
        tables.load(copy)


@pytest.mark.slow
def test_outputs_are_those_of_plain_papermill(ran_hard):
    notebooks, results = ran_hard
    given = {"year": 2024}  # so that both have a cell of parameters more
    plain = {"kernel_name": "python3", "progress_bar": False, "cwd": notebooks}
    papermill.execute_notebook(notebooks / "shows.ipynb", notebooks / "plain.ipynb", given, **plain)
    ours, theirs = (outputs(file) for file in (results["shows"].folder / "shows.ipynb", notebooks / "plain.ipynb"))
    page = (results["shows"].folder / "shows.html").read_text(encoding="utf-8")
    assert page.count("<img") == page.count('<img alt="No description') == 1
    # A kernel of its own sends what is printed from time to time: in how many pieces, and what comes first, is chance.
    for name in ("stdout", "stderr"):
        assert printed(ours, name) == printed(theirs, name) != ""
    assert [one for one in ours if one.output_type != "stream"] == [
        one for one in theirs if one.output_type != "stream"
    ]


@pytest.mark.parametrize(
    ("names", "given", "message"),
    [
        (["god"], {}, "no notebook named 'god'. Nearest: good"),
        ([], {"yaer": 2024}, "has no parameter 'yaer'. Nearest: year"),
        ([], {"year": "last"}, "year = 'last' is not of type int"),
        ([], {"year": 2019}, "no report of 2019. Nearest: 2024"),
        ([], {"cities": ["云符"]}, "no city named '云符'. Nearest: 云浮"),
        ([], {"cities": "广州"}, "no report of 广州市"),
        ([], {"language": "english"}, "no labels in 'english'. Nearest: en"),
        ([], {"cities": 7}, "cities = 7 is not of type list"),
        ([], {"cities": '["云浮","九江"]'}, "no report of 九江市"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_before_anything_is_done(made, names, given, message):
    folder, _ = made
    with pytest.raises(RequestError) as refusal:
        reporting.run(names, given, folder / "processed", folder / "elsewhere", folder / "notebooks")
    assert message in str(refusal.value)
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize(
    "words",
    [
        "赣州,云浮",
        "赣州，云浮",
        "赣州、云浮",
        "赣州 云浮",
        '["赣州","云浮"]',
        "['赣州', '云浮']",
        "[赣州,云浮]",
        "“赣州”、“云浮”",
    ],
)
def test_a_list_may_be_written_as_people_write_it(made, words):
    folder, found = made
    (job,) = plan(["good"], {"cities": words}, found, folder / "notebooks")
    assert job.parameters["cities"] == ["赣州市", "云浮市"]


def test_a_parameter_given_twice_is_refused(made):
    folder, _ = made
    with pytest.raises(RequestError, match="year is given twice, as 2023 and as 2024; give it once"):
        reporting.run([], {"year": 2023}, folder / "processed", folder / "elsewhere", folder / "notebooks", year=2024)


def test_without_tables_a_run_says_what_to_do(tmp_path):
    with pytest.raises(RequestError, match="run `make report`"):
        reporting.run([], {}, tmp_path, tmp_path / "figures")


def test_defaults_are_filled_in_and_the_year_is_found(made):
    folder, found = made
    (job,) = plan(["good.ipynb"], {"cities": ["云浮"]}, found, folder / "notebooks")
    assert job.folder == "2024/good"
    assert job.parameters == {"cities": ["云浮市"], "year": 2024, "language": "zh", "share": 0.5, "strict": False}


def test_a_notebook_about_one_city_is_run_for_each_of_them(made, tmp_path):
    folder, found = made
    cell = 'city: str = ""  # the city\nyear: int = 0  # the year'
    write_notebook(tmp_path / "one.ipynb", "", cell)
    jobs = plan(["one"], {}, found, tmp_path, each_city=True)
    assert [job.parameters["city"] for job in jobs] == ["赣州市", "佛山市", "云浮市"]
    assert [job.folder for job in jobs] == [
        "2024/one/360700-ganzhou",
        "2024/one/440600-foshan",
        "2024/one/445300-yunfu",
    ]
    (alone,) = plan(["one"], {"city": "云浮"}, found, tmp_path)
    assert (alone.parameters["city"], alone.folder) == ("云浮市", "2024/one/445300-yunfu")
    assert plan(["one"], {}, found, tmp_path)[0].parameters["city"], "without a name, the city that states most"
    write_notebook(tmp_path / "one.ipynb", "", cell + "\ncities: list[str] = []  # to choose from")
    some = plan(["one"], {"cities": "云浮 佛山"}, found, tmp_path, each_city=True)
    assert [job.parameters["city"] for job in some] == ["云浮市", "佛山市"]
    with pytest.raises(RequestError, match="none of good is about one city; name 08_city_profile"):
        plan(["good"], {}, found, folder / "notebooks", each_city=True)


def test_without_a_year_the_latest_that_two_cities_report_on_and_the_one_before_are_made(made):
    folder, found = made
    before = found.reports.assign(report=found.reports["report"] + "-2023", year=2023).astype({"year": "Int64"})
    for few, wanted in ((before, ["2023/good", "2024/good"]), (before[:1], ["2024/good"])):
        both = dataclasses.replace(found, reports=pd.concat([found.reports, few], ignore_index=True))
        assert [job.folder for job in plan(["good"], {}, both, folder / "notebooks")] == wanted
        assert [job.folder for job in plan(["good"], {"year": 2023}, both, folder / "notebooks")] == ["2023/good"]


def test_parameters_are_typed_and_their_comment_is_the_help(made):
    folder, _ = made
    parameters = declared(folder / "notebooks" / "good.ipynb")
    assert parameters["year"].help == "the year; 0 means the latest that two cities report on"
    assert convert(parameters["share"], "0.25") == 0.25 and convert(parameters["strict"], "yes") is True
    for name, value in (("year", 1.5), ("year", True), ("strict", "perhaps"), ("language", 3), ("share", "half")):
        with pytest.raises(RequestError, match="is not of type"):
            convert(parameters[name], value)


def test_a_parameter_without_a_type_is_refused(tmp_path):
    write_notebook(tmp_path / "loose.ipynb", "", "year = 2024")
    with pytest.raises(RequestError, match=r"loose.ipynb: `year = 2024` is no parameter"):
        declared(tmp_path / "loose.ipynb")


def test_a_chart_of_loaded_facts_alone_still_names_publishers_and_samples(made, tmp_path):
    _, found = made
    tables.write(dataclasses.replace(found, reports=found.reports.assign(sample=True)), tmp_path)
    chart = charts.ranking(worded.panel(tables.load(tmp_path).facts, "air.pm25", 2024))
    assert "云浮市生态环境局" in chart.source and chart.source.endswith("示例文本，据公开数据改写")


def test_an_english_page_has_an_english_title(tmp_path):
    write_notebook(tmp_path / "air.ipynb", "")
    write_page(tmp_path / "air.ipynb", {"language": "en", "year": 2024})
    page = (tmp_path / "air.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page and "<title>2024 Air</title>" in page
