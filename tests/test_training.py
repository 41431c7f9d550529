"""Weights learned from a user's labelled reports: what is gained, what is refused, and which weights reading takes."""

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import CatalogueError, RequestError
from ecoanalysis.extracting import extract, model, training
from ecoanalysis.reading import read
from ecoanalysis.tables import gold as golds

ROOT = Path(__file__).parents[1]
CITIES = ("云浮市", "赣州市", "信阳市", "南通市", "榆林市", "咸宁市")
LINE = (
    "{year}年，全市PM2.5平均浓度{a}微克/立方米，PM10平均浓度{b}微克/立方米，优良率{c}%，同比提高{d}个百分点。"
    "立案查处环境违法案件{b}宗，罚款{a}万元。\n"
)


def text_of(at: int) -> str:
    lines = [
        LINE.format(year=2024 - row, a=20 + at + row, b=40 + 2 * at + row, c=80 + at + row, d=1 + at / 10)
        for row in range(7)
    ]
    return f"{CITIES[at]}生态环境局2024年工作总结\n" + "".join(lines)


@pytest.fixture
def labelled(project: Path) -> Path:
    """A project with a labelled report of each of six cities, by someone to whom changes are no facts."""
    folder = project / "texts"
    folder.mkdir()
    for at in range(len(CITIES)):
        (folder / f"r{at}.txt").write_text(text_of(at), encoding="utf-8")
    found = pd.concat([extract(read(file)) for file in sorted(folder.iterdir())])
    found[found["stat"] == "level"][list(golds.NEEDED)].to_csv(project / "gold.csv", index=False)
    return project


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def edit(file: Path, old: str, new: str, count: int = 0) -> None:
    changed = re.sub(old, new, file.read_text(encoding="utf-8"), count=count)
    file.write_text(changed, encoding="utf-8")


def figures(output: str) -> dict[str, list[str]]:
    return {line[:36].strip(): line[36:].split() for line in output.splitlines() if line[36:].strip()}


@pytest.mark.slow
def test_what_is_learned_is_written_and_read_by(labelled: Path):
    result = run("train", "gold.csv", "--text", "texts")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("6 reports of 6 places with 210 facts")
    said = figures(result.stdout)
    assert float(said["strict F1"][1]) > float(said["strict F1"][0]) + 0.05
    assert "written to data/reading_weights.toml" in result.stdout
    own = model.weights()
    shipped = model.shipped()
    assert own != shipped and set(own) == set(model.DECISIONS)
    # Few reports move the weights and do not replace them.
    far = [abs(own["scope"][name] - weight) for name, weight in shipped["scope"].items()]
    assert max(far) < 1 and sum(distance < 0.1 for distance in far) > 0.8 * len(far)
    assert (extract(read(labelled / "texts" / "r0.txt"))["stat"] == "level").all()
    (labelled / "data" / "raw" / "r.txt").write_text(text_of(0), encoding="utf-8")
    assert "read by the project's own weights: data/reading_weights.toml" in run("parse").stdout
    (labelled / "data" / "reading_weights.toml").unlink()
    assert model.weights() == model.shipped()
    assert (extract(read(labelled / "texts" / "r0.txt"))["stat"] == "change").any()


@pytest.mark.slow
def test_the_same_reports_give_the_same_weights(labelled: Path):
    assert run("train", "gold.csv", "--text", "texts", "-o", "one.toml").stderr == ""
    (labelled / "texts" / "more.txt").write_text(text_of(0), encoding="utf-8")  # nobody labelled it
    result = run("train", "gold.csv", "--text", "texts", "-o", "other/two.toml")
    assert result.stderr == "left out, for GOLD has no row of them: more\n"
    assert (labelled / "one.toml").read_bytes() == (labelled / "other" / "two.toml").read_bytes()
    assert not (labelled / "data" / "reading_weights.toml").exists()
    assert sorted(file.name for file in (labelled / "other").iterdir()) == ["two.toml"]


@pytest.mark.slow
def test_weights_that_gain_nothing_are_not_written(labelled: Path):
    found = pd.concat([extract(read(file)) for file in sorted((labelled / "texts").iterdir())])
    found[list(golds.NEEDED)].to_csv(labelled / "gold.csv", index=False)
    result = run("train", "gold.csv", "--text", "texts")
    assert result.exit_code == 1 and "nothing is written" in result.stdout
    assert not (labelled / "data" / "reading_weights.toml").exists()


@pytest.mark.parametrize(
    ("old", "new", "count", "said"),
    [
        ("air.pm25", "air.pm2", 1, "line 2: no metric 'air.pm2'. Nearest: air.pm25"),
        ("r5,", "r9,", 0, "no text for r9. Nearest: r"),
        (r"r[45],.*\n", "", 0, "reports of 4 places; at least 5 are needed"),
        (r"(r[0-4],.*2024.*\n)|(r5,.*\n){5}", "", 0, "facts that are not optional; at least 200 are needed"),
        ("level", "lewel", 1, "line 2: stat 'lewel' is not one of"),
    ],
)
def test_what_teaches_nothing_is_refused(labelled: Path, old: str, new: str, count: int, said: str):
    edit(labelled / "gold.csv", old, new, count)
    result = run("train", "gold.csv", "--text", "texts", "-o", "own.toml")
    assert result.exit_code == 2 and said in result.stderr
    assert not (labelled / "own.toml").exists()


def test_texts_that_cannot_be_read_or_are_not_there_are_refused(labelled: Path):
    (labelled / "texts" / "r1.txt").write_bytes(b"")
    (labelled / "texts" / "r2.md").write_text("优良率99%", encoding="utf-8")
    said = run("train", "gold.csv", "--text", "texts").stderr
    assert "r1 cannot be read: " in said and "two texts are called r2: rename one" in said
    result = run("train", "gold.csv", "--text", "text")
    assert result.exit_code == 2 and "no folder text; name with --text" in result.stderr


def test_what_learning_needs_is_said_where_it_is_missing(labelled: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    result = run("train", "gold.csv", "--text", "texts")
    assert result.exit_code == 2 and "learning weights needs scipy, which is not installed here" in result.stderr


GOOD = "version = 1\n" + "".join(f"[{decision}]\na = 1\n" for decision in model.DECISIONS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "[", "is damaged: "),
        (GOOD.replace("version = 1", "version = 9"), "is of version 9, and this program reads version 1"),
        (GOOD.replace("version = 1", ""), "is without a version, and this program reads version 1"),
        (GOOD.replace("[scope]\na = 1\n", ""), r"\[scope\] must be a table of numbers"),
        (GOOD.replace("[scope]\na = 1", "[scope]\na = '1'"), r"\[scope\] must be a table of numbers"),
        (GOOD.replace("[scope]\na = 1", "[scope]\na = nan"), r"\[scope\] must be a table of numbers"),
        (GOOD.replace("[scope]\na = 1", "[scope]\na = true"), r"\[scope\] must be a table of numbers"),
        (GOOD.replace("[scope]\na = 1", "[scope]"), r"\[scope\] must be a table of numbers, and holds none"),
        (GOOD.replace("[scope]\na = 1", "[scope]\nfar = 1e300"), r"\[scope\] .* but 'far' is 1e\+300"),
        (GOOD.replace("[scope]\na = 1", "[scope]\nfar = -inf"), r"\[scope\] .* but 'far' is -inf"),
    ],
)
def test_a_file_of_weights_that_is_none_is_refused(text: str, said: str):
    with pytest.raises(CatalogueError, match=f"^mine.toml.*{said}.*ecoanalysis train") as caught:
        model.read(text, "mine.toml")
    assert model.read(GOOD, "mine.toml")["scope"] == {"a": 1.0}, caught


@pytest.mark.parametrize("content", [b"version = 9\n", b"\xff\xfe\x00"])
def test_nothing_is_parsed_by_damaged_weights(project: Path, content: bytes):
    (project / "data" / "raw" / "r.txt").write_text(text_of(0), encoding="utf-8")
    (project / "data" / "reading_weights.toml").write_bytes(content)
    result = run("parse")
    assert result.exit_code == 2 and "data/reading_weights.toml is " in result.stderr
    assert not (project / "data" / "processed").exists()
    with pytest.raises(CatalogueError, match="without a file of its own, a project reads by the shipped weights"):
        tables.gather()


def test_what_is_written_is_read_back(tmp_path: Path):
    model.write(model.shipped(), tmp_path / "w.toml", "All of it")
    text = (tmp_path / "w.toml").read_text(encoding="utf-8")
    assert text.startswith("# All of it\nversion = 1\n") and model.read(text, "w.toml") == model.shipped()


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script behind `make train`."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("train")


def test_every_batch_is_there_and_only_the_newest_are_held_out(script: ModuleType):
    taught, held_out = script.batches("training"), script.batches("held_out")
    for name in (*taught, *held_out):
        labelled = script.folder(name, script.FIRST_SIGHT / name / "text", script.FIRST_SIGHT / name / "facts.csv")
        assert set(labelled.gold["report"]) <= {report.report for report in labelled.reports}, name
    assert held_out, "nothing is left to measure on"
    assert [*taught, *held_out] == sorted([*taught, *held_out])


def test_a_batch_is_learned_from_or_held_out(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(script, "FIRST_SIGHT", tmp_path)
    (tmp_path / "batches.csv").write_text("batch,used_for\na,training\nb,held_out\n", encoding="utf-8")
    assert (script.batches("training"), script.batches("held_out")) == (["a"], ["b"])
    (tmp_path / "batches.csv").write_text("batch,used_for\na,heldout\n", encoding="utf-8")
    with pytest.raises(RequestError, match="a: used_for 'heldout' is not training or held_out"):
        script.batches("training")


@pytest.mark.slow
def test_short_cases_teach_but_do_not_tell_how_often_a_reading_is_right(script: ModuleType):
    cases = script.cases([script.CASES / "noise.toml"])
    taught = script.lessons(cases)
    assert len({lesson.group for lesson in taught}) == len(taught) == len(cases.reports) > 3
    learned = training.learn(taught, script.START, training.RIDGE)
    assert learned.facts.empty and len(learned.weights["reading"]) > 10


def test_the_curve_is_drawn_the_same_twice(script: ModuleType, tmp_path: Path):
    table = pd.DataFrame({"tenth": [0.5, 0.9], "n": [12, 80], "promised": [0.55, 0.95], "found": [0.5, 0.96]})
    for name in ("a.png", "b.png"):
        script.draw(table, tmp_path / name)
    data = (tmp_path / "a.png").read_bytes()
    assert data.startswith(b"\x89PNG") and data == (tmp_path / "b.png").read_bytes()
