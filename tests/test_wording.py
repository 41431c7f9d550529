"""Phrases are data: the same codes in every language, each used, and no Chinese prose in the code that compares or draws."""

import ast
import re
from pathlib import Path

import pytest
from rows import facts_of, metric_rows

from ecoanalysis import charts, comparing
from ecoanalysis.comparing.finding import Finding, why
from ecoanalysis.errors import CatalogueError, RequestError
from ecoanalysis.knowledge.phrases import LANGUAGES, checked, phrases
from ecoanalysis.wording import tables
from ecoanalysis.wording.names import value_text
from ecoanalysis.wording.sentences import reasons, say, sentence, sentences

PACKAGE = Path(__file__).parents[1] / "ecoanalysis"
CHINESE = re.compile("[\u4e00-\u9fff]")
# Codes of which the last part is one of the data's own words: a reason, a state, an outcome.
MADE_OF_DATA = re.compile(
    r"(domain|genre|status|stat|state|mark|reason|outcome|severity|place|better|direction|table|column|rule|modal|others"
    r"|count|no_gap|funnel|progress|scorecard|profile|slope|target|language|silence|series|summary|labels|hollow|baseline"
    r"|names|value|relation|finding|promise|dust|why_left)\..+"
)


def literals(file: Path) -> list[str]:
    """Return the texts of a module that are no docstrings, the fixed parts of f-strings among them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docs = {id(node.body[0].value) for node in documented if node.body and isinstance(node.body[0], ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


@pytest.mark.parametrize("room", ["comparing", "wording", "charts", "study.py", "reporting"])
def test_no_chinese_stands_in_the_code_that_compares_words_or_draws(room: str):
    files = sorted((PACKAGE / room).rglob("*.py")) if "." not in room else [PACKAGE / room]
    # How lines break knows a few characters by themselves.
    found = [(file.name, text) for file in files for text in literals(file) if CHINESE.search(text)]
    # A message of a wrong request shows how a city is written.
    assert [name for name, _ in found] in ([], ["text.py"], ["plan.py"]), found


def test_every_phrase_is_used():
    texts = {text for file in PACKAGE.rglob("*.py") for text in literals(file)}
    unused = [code for code in phrases()["zh"] if code not in texts and not MADE_OF_DATA.fullmatch(code)]
    assert not unused


def test_every_code_that_is_named_has_a_phrase_in_each_language():
    named = set()
    for file in PACKAGE.rglob("*.py"):
        named |= set(
            re.findall(r'(?:\bsay|\bphrase|\bFinding)\(\s*"([a-z_0-9.]*[a-z_0-9])"', file.read_text(encoding="utf-8"))
        )
    assert len(named) > 200
    assert all(code in phrases()[language] for code in named for language in LANGUAGES)


def test_files_of_different_codes_or_braces_are_refused():
    with pytest.raises(CatalogueError, match=r"wording/en.toml has no a.c, which another language has"):
        checked({"zh": {"a": {"b": "x", "c": "y"}}, "en": {"a": {"b": "x"}}})
    with pytest.raises(CatalogueError, match=r"en.toml, a.b: nothing fills count"):
        checked({"zh": {"a": {"b": "{n}"}}, "en": {"a": {"b": "{count}"}}})
    with pytest.raises(RequestError, match="no labels in 'fr'"):
        say("finding.withheld", "fr", count=1)


def test_a_finding_holds_values_and_the_facts_behind_them():
    rows = metric_rows("air.pm25", "ug/m3", {"云浮市": 20, "赣州市": 18.1, "商洛市": 24})
    panel = tables.panel(facts_of(rows), "air.pm25", 2024)
    (found,) = comparing.finding(panel)
    assert (found.code, found.values["count"], found.values["year"]) == ("finding.ranking", 3, 2024)
    assert len(found.facts) == 2 and not CHINESE.search(found.code)
    assert sentence(found).startswith("2024年，3个城市的细颗粒物") and sentence(found, "en").startswith("Mean PM2.5")
    assert sentences([found, found], "en").count("lowest Ganzhou at 18.1 µg/m³") == 2


def test_reasons_are_codes_with_the_rows_that_they_are_about():
    row = {"scope": "中心城区", "scope_class": "urban_core", "place_kind": "city"}
    whole = {"scope": "全市", "scope_class": "whole", "place_kind": "city"}
    found = why("scope", row, whole)
    assert reasons(found) == "中心城区（非全市）" and reasons(found, "en") == "urban core (not whole city)"
    # The others go by their class: the words of one city's report would puzzle.
    assert reasons(why("scope", whole, row | {"scope": "赣州市区"})) == "全市（非中心城区）"
    assert reasons(()) == ""
    silent = [Finding("mark.silent"), Finding("mark.planned")]
    assert reasons(silent, "en") == "not reported; target only"


@pytest.mark.parametrize(("count", "code"), [(2, "finding.side_by_side"), (3, "finding.ranking")])
def test_two_comparable_values_are_no_ranking(count: int, code: str):
    values = dict(list({"云浮市": 20, "赣州市": 18, "商洛市": 24}.items())[:count])
    panel = tables.panel(facts_of(metric_rows("air.pm25", "ug/m3", values)), "air.pm25", 2024)
    assert comparing.finding(panel)[0].code == code
    assert charts.ranking(panel).kind == code.partition(".")[2]


def test_a_change_bears_its_sign_and_a_level_none():
    row = {"value": 7.9, "unit": "%", "unit_text": "", "bound": "=", "stat": "change"}
    assert value_text(row) == value_text(row, "en") == "+7.9%" and value_text(row | {"value": -7.9}) == "−7.9%"
    assert value_text(row | {"stat": "level"}) == "7.9%"
