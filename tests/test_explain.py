"""What is shown of a reading: how sure it is, what it could have been, and what it leaves unexplained."""

import importlib
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import ecoanalysis as eco
from ecoanalysis.cli import main
from ecoanalysis.extracting import model

TEXT = "2024年，全市PM2.5平均浓度26微克/立方米，同比下降7.1%；优良天数比例93.4%，全省第二。"


@pytest.fixture(scope="module")
def weighed() -> pd.DataFrame:
    return eco.weigh(TEXT)


def test_what_is_read_comes_with_how_sure_it_is_and_what_else_it_could_be():
    said = eco.explain(TEXT).set_index("number")
    assert said.loc["26微克/立方米", "confidence"] >= 0.9 and said.loc["26微克/立方米", "doubt"] == ""
    assert said.loc["26微克/立方米", "runner_up"] == "none"
    assert said.loc["2024年", "confidence"] == ""


def test_the_words_that_nothing_explains_are_shown():
    said = eco.explain("2024年，大鹏展翅般的PM2.5平均浓度为26微克/立方米。").set_index("number")["left_over"]
    assert said["26微克/立方米"] == "大鹏展翅般" and said["2024年"] == ""


def test_every_decision_has_candidates_whose_shares_add_up_to_one(weighed: pd.DataFrame):
    of_numbers = weighed.groupby(["start", "decision"], sort=False)
    assert {len(rows) for _, rows in weighed.groupby("start")["decision"].unique().items()} == {4}
    for _, rows in of_numbers:
        assert rows["share"].sum() == pytest.approx(1, abs=0.001)
        assert rows["chosen"].sum() == 1 and rows["chosen"].iloc[0]
        assert rows["share"].is_monotonic_decreasing


def test_the_chosen_candidates_are_what_is_extracted(weighed: pd.DataFrame):
    chosen = weighed[weighed["chosen"]].pivot_table(
        index="number", columns="decision", values="candidate", aggfunc="first"
    )
    facts = eco.explain(TEXT).query("metric != ''").set_index("number")
    assert chosen.loc[facts.index, "reading"].tolist() == (facts["metric"] + " " + facts["stat"]).tolist()
    for name in ("period", "scope", "status"):
        assert chosen.loc[facts.index, name].tolist() == facts[name].tolist()


def test_reasons_are_the_five_largest_contributions_with_their_sign(weighed: pd.DataFrame):
    (reasons,) = weighed.query("number == '26微克/立方米' and candidate == 'no fact'")["reasons"]
    weights = model.weights()["reading"]
    largest = sorted(("none", "none_concentration"), key=lambda name: -abs(weights[name]))
    assert reasons == ", ".join(f"{name} {weights[name]:+.1f}" for name in largest)
    assert weighed["reasons"].str.count(",").max() == 4


def test_a_number_said_twice_is_weighed_twice():
    found = eco.weigh("全市优良天数比例93%，市区优良天数比例93%。").query("decision == 'scope' and chosen")
    assert found["number"].tolist() == ["93%", "93%"] and found["start"].is_unique


def test_a_text_without_numbers_has_no_candidates():
    found = eco.weigh("我们努力工作。")
    assert found.empty and {"number", "decision", "candidate", "share", "reasons"} <= set(found)


def test_the_command_shows_confidence_doubt_and_runner_up():
    lines = CliRunner().invoke(main, ["explain", TEXT]).output.splitlines()
    assert "; confidence 0." in lines[2] and "second best: no fact" in lines[2]
    unsure = CliRunner().invoke(main, ["explain", "环境空气质量达标率和水质达标率均为98%，同比提升5%。"]).output
    assert "in doubt: " in unsure


def test_the_command_shows_the_candidates():
    result = CliRunner().invoke(main, ["explain", "--candidates", TEXT])
    lines = result.output.splitlines()
    assert result.exit_code == 0 and lines[0] == "26微克/立方米, reading:"
    assert lines[1].startswith(" *") and "air.pm25 level [own] from_own +" in lines[1]
    assert "no fact [none] none" in lines[2] and "26微克/立方米, scope:" in lines


def test_the_worked_example_is_what_is_printed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    worked = importlib.import_module("worked")
    page = worked.PAGE.read_text(encoding="utf-8")
    assert page.count("$ ecoanalysis explain") == 2
    assert worked.worked(page) == page, "the weights changed: python benchmarks/worked.py writes the example anew"
