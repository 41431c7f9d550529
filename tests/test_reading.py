"""Short texts and what reading must make of them, from cases/reading.toml."""

import tomllib
from pathlib import Path

import pytest

from ecoanalysis.reading.period import find_period
from ecoanalysis.reading.place import find_place
from ecoanalysis.reading.place_evidence import Imprint
from ecoanalysis.reading.reader import genre, is_anonymous
from ecoanalysis.reading.repair import repair
from ecoanalysis.reading.sections import sections
from ecoanalysis.reading.sentences import sentences

CASES = tomllib.loads((Path(__file__).parent / "cases" / "reading.toml").read_text(encoding="utf-8"))


def cases(kind: str):
    return pytest.mark.parametrize(
        "case", CASES[kind], ids=[case.get("name") or (case.get("title") or case["text"])[:24] for case in CASES[kind]]
    )


@cases("repair")
def test_repair(case):
    done = repair(case["text"])
    assert done.text == case["kept"]
    assert done.repairs == case["repairs"]


@cases("repair")
def test_a_repaired_text_needs_no_repair(case):
    done = repair(case["kept"])
    assert done.text == case["kept"]
    assert set(done.repairs) <= {"lost byte, left"}


@cases("where")
def test_where(case):
    found = find_place(Imprint(case.get("title", ""), case["text"])).place
    assert [found.province, found.city, found.district, found.adcode] == case["gives"]


@cases("when")
def test_when(case):
    found = find_period(case.get("title", ""), case.get("text", ""), case.get("published")).period
    assert [found.year or "", str(found.start or ""), str(found.end or "")] == case["gives"]


@cases("anonymous")
def test_anonymous(case):
    assert is_anonymous(case.get("title", ""), case.get("text", "")) is case["gives"]


@cases("sections")
def test_sections(case):
    found = sections(case["text"], case.get("year"))
    assert [[part.heading, part.level, part.domain, part.planned] for part in found] == case["gives"]


@cases("sentences")
def test_sentences(case):
    text = case["text"]
    found = sentences(text, sections(text), case.get("year"))
    if "gives" in case:
        assert [text[one.start : one.end] for one in found] == case["gives"]
    if "planned" in case:
        assert [one.planned for one in found] == case["planned"]


@cases("genre")
def test_genre(case):
    assert genre(case.get("title", ""), case.get("text", "")) == case["gives"]
