"""The original reports: whose and of when they are, what was mended, and that every offset holds."""

import tomllib
from pathlib import Path

import pytest

from ecoanalysis.reading import Report, read

EXPECTED = tomllib.loads((Path(__file__).parent / "cases" / "reading_originals.toml").read_text(encoding="utf-8"))


def facts_of(report: Report) -> list[str | int]:
    period = [report.year or "", str(report.period_start or ""), str(report.period_end or "")]
    return [report.province, report.city, report.district, report.adcode, *period]


@pytest.mark.parametrize("name", EXPECTED["seeds"])
def test_seed(originals: Path, name: str):
    assert facts_of(read(originals / "seeds" / f"{name}.txt")) == EXPECTED["seeds"][name]


@pytest.mark.parametrize("name", EXPECTED["passages"])
def test_passage(originals: Path, name: str):
    assert facts_of(read(originals / "passages" / "text" / f"{name}.txt")) == EXPECTED["passages"][name]


def test_masked_reports_are_anonymous_and_others_not(originals: Path):
    assert [read(path).anonymous for path in sorted((originals / "seeds").glob("*.txt"))] == [False] * 3 + [True, False]


def test_provincial_reports(originals: Path):
    for path in sorted((originals / "corpora" / "provincial").glob("*.txt")):
        report = read(path)
        assert report.province == path.stem.rsplit("-", 1)[0], path.name
        assert report.city in ("", report.province) and report.district == "" and report.year == 2025, path.name
        assert report.genre == "annual_summary" and not report.anonymous and not report.problems, path.name


def every_original(originals: Path) -> list[Path]:
    return sorted(path for folder in ("seeds", "passages", "corpora") for path in (originals / folder).rglob("*.txt"))


def test_sections_and_sentences_cover_the_text(originals: Path):
    for path in every_original(originals):
        report = read(path)
        text = report.text
        assert report.sections[0].start == 0 and report.sections[-1].end == len(text), path.name
        for one, after in zip(report.sections, report.sections[1:], strict=False):
            assert one.end == after.start, path.name
        assert "".join("".join(text[one.start : one.end] for one in report.sentences).split()) == "".join(text.split())
        for one in report.sentences:
            section = report.sections[one.section]
            assert section.start <= one.start and one.end <= section.end, (path.name, text[one.start : one.end])


def test_repairing_again_changes_nothing(originals: Path, tmp_path: Path):
    for path in every_original(originals):
        once = read(path)
        again = tmp_path / "again.txt"
        again.write_text(once.text, encoding="utf-8")
        assert read(again).text == once.text, path.name


def test_every_digit_of_a_report_is_kept(originals: Path):
    """Repair may drop the digits of a telephone or an address, and nothing else."""
    for path in every_original(originals):
        before = [char for char in path.read_text(encoding="utf-8") if char.isdigit()]
        after = [char for char in read(path).text if char.isdigit()]
        assert len(before) - len(after) in (0, 12), path.name


def test_what_was_mended_in_the_seeds(originals: Path):
    mended = {path.stem[:3]: read(path) for path in (originals / "seeds").glob("*.txt")}
    assert mended["000"].repairs == {"line join": 5}
    assert mended["001"].repairs == {"line join": 1}
    assert mended["002"].repairs == {"boilerplate": 1}
    assert set(mended["003"].repairs) == {"boilerplate"}
    kinds = {"trailing rubbish", "lost byte", "pinyin gloss", "traditional", "lost byte, left"}
    assert set(mended["004"].repairs) == kinds
    damage = [problem for problem in mended["004"].problems if problem.code == "lost_byte"]
    assert len(damage) == mended["004"].repairs["lost byte, left"] == 2
    for problem in damage:
        assert mended["004"].text[problem.start : problem.end] in problem.message
