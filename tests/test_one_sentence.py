"""A sentence that the program fails on costs its own facts, not the report's, and is told."""

from pathlib import Path

import pytest

import ecoanalysis as eco
from ecoanalysis import tables
from ecoanalysis.extracting import facts, readings, statements
from ecoanalysis.extracting.source import Source
from ecoanalysis.reading import read_text

TEXT = (
    "云浮市生态环境局2024年工作总结\n"
    "2024年，全市PM2.5平均浓度为21微克/立方米。优良天数比例为97.5%，罚款44万元。全市PM10平均浓度为35微克/立方米。\n"
)
MEANT = "优良天数比例为97.5%，罚款44万元。"


@pytest.fixture(params=["choosing", "stating", "leaving"])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The middle sentence fails: at its second number, so that a fact was made before, or as it ends."""
    candidates, keep, leave = readings.candidates, statements.keep, facts.Discourse.leave

    def choosing(scene, run):
        if "罚款" in scene.source.text[run.low : run.start]:
            raise ZeroDivisionError("a fault of the program")
        return candidates(scene, run)

    def kept(reader, run, chosen):
        keep(reader, run, chosen)
        if "罚款" in reader.text[run.low : run.start]:
            raise ZeroDivisionError("a fault of the program")

    def left(discourse):
        leave(discourse)
        if "罚款" in discourse.text[discourse.start : discourse.end]:
            raise ZeroDivisionError("a fault of the program")

    where = {
        "choosing": (readings, "candidates", choosing),
        "stating": (statements, "keep", kept),
        "leaving": (facts.Discourse, "leave", left),
    }
    monkeypatch.setattr(*where[request.param])


@pytest.mark.usefixtures("failing")
def test_the_other_sentences_give_facts_and_the_problem_names_this_one(tmp_path: Path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    found = tables.gather(tmp_path)
    assert found.facts["metric"].tolist() == ["air.pm25", "air.pm10"]
    assert found.facts["period_start"].dt.year.tolist() == [2024, 2024]
    assert {"97.5%", "44万元"} <= set(found.quantities["quote"])
    (row,) = found.problems[found.problems["code"] == "sentence_unread"].to_dict("records")
    assert row["report"] == "a" and row["severity"] == "warning"
    text = found.texts["text"].iloc[0]
    assert text[int(row["start"]) : int(row["end"])].strip() == MEANT
    assert "优良天数比例" in row["message"]
    assert "ZeroDivisionError: a fault of the program (test_one_sentence.py, line" in row["message"]


@pytest.mark.usefixtures("failing")
def test_in_python_a_warning_says_so():
    with pytest.warns(UserWarning, match=r"the sentence at characters \d+ to \d+ is left out: ZeroDivisionError"):
        found = eco.extract(read_text(TEXT, "a"))
    assert found["metric"].tolist() == ["air.pm25", "air.pm10"]


@pytest.mark.usefixtures("failing")
def test_what_is_explained_says_so():
    said = eco.explain(TEXT).set_index("number")["why"]
    assert (
        said["97.5%"]
        == said["44万元"]
        == "the program failed on its sentence: ZeroDivisionError: a fault of the program"
    )
    assert said["21微克/立方米"].startswith("cue PM2.5")


@pytest.mark.usefixtures("failing")
def test_training_is_told_of_it():
    with pytest.raises(ZeroDivisionError):
        facts.read(Source(read_text(TEXT, "a")))
