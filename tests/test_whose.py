"""Whose report it is, of when, and how sure that is: openings as bureaus write them, and sources that contradict."""

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecoanalysis.comparing.places import of_places
from ecoanalysis.errors import RequestError
from ecoanalysis.extracting import extract
from ecoanalysis.reading import Report, read, read_text
from ecoanalysis.reading.period import find_period
from ecoanalysis.reading.place import find_place
from ecoanalysis.reading.place_evidence import Imprint, weights
from ecoanalysis.reading.reader import read_bytes
from ecoanalysis.tables.parsing import parse
from ecoanalysis.tables.store import load

CASES = tomllib.loads((Path(__file__).parent / "cases" / "places.toml").read_text(encoding="utf-8"))["report"]
KEYS = ("province", "city", "district", "level", "year")


def opened(case: dict) -> Report:
    path = Path(case.get("path") or case.get("name", "x.txt"))
    return read_bytes(path, path.stem, case["text"].encode())


def test_openings_are_many():
    assert len(CASES) >= 60 and len({case["path"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["path"] for case in CASES])
def test_opening(case: dict):
    report = opened(case)
    assert [getattr(report, key) or "" for key in KEYS] == [case.get(key, "") for key in KEYS]
    if "period" in case:
        assert [str(report.period_start), str(report.period_end)] == case["period"]


def test_openings_that_name_their_place_are_mostly_sure():
    """A confidence that doubts everything would be of no use."""
    named = [opened(case) for case in CASES if case.get("city")]
    assert sum(report.place_confidence >= 0.9 for report in named) > 0.85 * len(named)
    assert sum(report.year_confidence >= 0.9 for report in named) > 0.85 * len(named)


def test_places_of_the_originals(originals: Path):
    cases = tomllib.loads((originals / "cases" / "places.toml").read_text(encoding="utf-8"))["report"]
    for case in cases:
        report = opened(case)
        expected = [case["city"], case.get("district", ""), case.get("year", report.year)]
        assert [report.city, report.district, report.year] == expected, case["text"][:30]


def labelled(originals: Path) -> Iterator[tuple[dict[str, str], Report]]:
    folder = originals / "passages-more"
    with (folder / "places.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row, read(folder / "text" / f"{row['report']}.txt")


def test_pages_as_they_are_laid_out(originals: Path):
    wrong, sure = [], []
    for row, report in labelled(originals):
        city = "" if report.city == report.province else report.city  # the labels give 天津市 as a province
        place = [city, report.district] == [row["city"], row["district"]]
        year = str(report.year or "") == row["year"]
        wrong += [row["report"]] if not (place and year) else []
        sure += [row["report"]] if not place and report.place_confidence >= 0.9 else []
        sure += [row["report"]] if not year and report.year_confidence >= 0.9 else []
    assert len(wrong) <= 2 and not sure, (wrong, sure)


def test_a_place_in_title_and_file_name_that_differ_is_doubted():
    path = Path("临汾市2022.txt")
    report = read_bytes(path, path.stem, "运城市生态环境局2022年工作总结\n全市优良天数251天。".encode())
    (problem,) = report.problems
    assert problem.code == "place_disputed" and "运城市" in problem.message and "临汾市" in problem.message
    assert report.place_confidence < 0.9 <= report.year_confidence


def test_a_year_in_title_and_file_name_that_differ_is_doubted():
    path = Path("运城市2021.txt")
    report = read_bytes(path, path.stem, "运城市生态环境局2022年工作总结\n全市优良天数251天。".encode())
    (problem,) = report.problems
    assert problem.code == "year_disputed" and "2021 and 2022" in problem.message
    assert report.year_confidence < 0.9 <= report.place_confidence


def test_what_a_person_says_is_sure(tmp_path: Path):
    (tmp_path / "临汾市2021.txt").write_text("运城市生态环境局2022年工作总结\n全市优良天数251天。", encoding="utf-8")
    (tmp_path / "临汾市2021.toml").write_text('city = "临汾"\nyear = 2021\n', encoding="utf-8")
    report = read(tmp_path / "临汾市2021.txt")
    assert (report.city, report.level, report.year, report.problems) == ("临汾市", "city", 2021, ())
    assert (report.place_from, report.place_confidence) == ("sidecar", 1.0)
    assert (report.year_from, report.year_confidence) == ("sidecar", 1.0)


def test_a_district_whose_name_is_not_known_is_no_city():
    report = read_text("2023年，我区优良天数300天。\n来源：宜宾市生态环境局", title="区生态环境分局2023年工作总结")
    assert (report.city, report.level) == ("", "county")


@pytest.mark.parametrize(
    ("title", "text", "source"),
    [
        ("宜宾市2023年环境状况", "优良天数300天。", "title"),
        ("", "来源：宜宾市生态环境局\n全市优良天数300天。", "publisher"),
        ("", f"全市优良天数300天。{'治污攻坚。' * 90}\n宜宾市生态环境局", "signature"),
        ("", "治污攻坚。", "none"),
    ],
)
def test_the_source_of_a_place(title: str, text: str, source: str):
    publisher = "宜宾市生态环境局" if source == "publisher" else ""
    assert find_place(Imprint(title, text, publisher)).source == source


def test_every_sign_has_a_weight_and_a_source():
    known = weights()
    assert all(weight > 0 and source for source, weight in known.values())
    assert (
        find_period("2023年总结", "").confidence
        > 0.9
        > find_period("", "治污攻坚。" * 30 + "2021年达标。2022年一次。").confidence
    )


@pytest.mark.parametrize(
    "hostile",
    ["1" * 20_000 + "月", "开发区" * 7000, "生态环境和" * 5000, "《" * 20_000, "2023年" * 5000, "来源" * 9000],
)
def test_hostile_texts_are_read_at_once(hostile: str):
    find_place(Imprint(hostile[:60], hostile))
    find_period(hostile[:60], hostile)
    assert read_text(hostile).city == ""


def test_samples_are_sure(tmp_path: Path):
    (tmp_path / "a.txt").write_text("优良天数300天。", encoding="utf-8")
    (tmp_path / "a.toml").write_text("sample = true\n", encoding="utf-8")
    report = read(tmp_path / "a.txt")
    assert (report.place_confidence, report.year_confidence, report.place_from) == (1.0, 1.0, "none")


def test_an_old_table_of_reports_is_refused(tmp_path: Path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("宜宾市2023年环境状况\n优良率97.5%。", encoding="utf-8")
    tables = parse(tmp_path / "raw", tmp_path / "processed")
    row = tables.reports.loc[0, ["level", "place_from", "year_from"]]
    assert row.tolist() == ["city", "title", "title"] and tables.reports["place_confidence"][0] > 0.9
    package = tmp_path / "processed" / "datapackage.json"
    package.write_text(package.read_text(encoding="utf-8").replace("place_confidence", "sure"), encoding="utf-8")
    with pytest.raises(RequestError, match="another version"):
        load(tmp_path / "processed")


def test_a_municipality_is_a_province_and_a_city():
    facts = extract(
        read_text("重庆市生态环境局2023年工作总结\n2023年，全市PM2.5平均浓度33.6微克/立方米，上海市28微克/立方米。")
    )
    assert facts[["about_city", "level"]].values.tolist() == [["重庆市", "province"], ["上海市", "province"]]
    assert of_places(facts)["place"].tolist() == ["重庆市", "上海市"]


# Words for a whole are those of the report's own level. Text, then for the first fact: value, about_city, about_district, level.
LEVELS = {
    "a city in its county's report": (
        "光山县环保局2022年工作总结\n全市PM2.5浓度44微克/立方米；我县PM2.5浓度36微克/立方米。",
        [(44, "信阳市", "", "city"), (36, "信阳市", "光山县", "county")],
    ),
    "a county in its city's report": (
        "宁德市生态环境局2023年工作总结\n2023年，全市PM2.5浓度19微克/立方米。我县空气质量优良率99.7%。",
        [(19, "宁德市", "", "city"), (99.7, "宁德市", "", "county")],
    ),
    "a city below a city speaks of 全市": (
        "义乌市2023年环境状况公报\n全市PM2.5平均浓度25微克/立方米。",
        [(25, "金华市", "义乌市", "county")],
    ),
    "a river that is called as a county elsewhere": (
        "娄底市2022年水环境质量公报\n2022年，资江、涟水水质均为Ⅱ类。",
        [(2, "娄底市", "", "city"), (2, "娄底市", "", "city")],
    ),
    "a city's region is no core of it": (
        "湛江市2023年环境质量公报\n2023年湛江市区域环境噪声昼间平均等效声级56.1分贝。",
        [(56.1, "湛江市", "", "city")],
    ),
}


@pytest.mark.parametrize("name", LEVELS)
def test_a_value_is_of_the_level_that_its_words_say(name: str):
    text, expected = LEVELS[name]
    facts = extract(read_text(text, "x"))
    found = facts[["value", "about_city", "about_district", "level"]]
    assert [tuple(row) for row in found.itertuples(index=False)] == expected
    assert not (facts["scope_class"] == "urban_core").any()
