"""The catalogue holds every metric id that it must, and refuses what contradicts itself, naming file and line."""

from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis.errors import CatalogueError
from ecoanalysis.extracting import extract
from ecoanalysis.knowledge import catalogue, codebook
from ecoanalysis.reading import read_text
from ecoanalysis.tables import gold

ENTRY = '[air.one]\nzh = "一"\nen = "One"\nunit = "%"\nbetter = "higher"\n'
TWO = ENTRY.replace("one", "two")


def load(*texts: str) -> dict:
    found: dict = {}
    for at, text in enumerate(texts):
        catalogue.load(text, f"file{at}.toml", found)
    catalogue.refuse_contradictions(found)
    return found


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([ENTRY.replace('"%"', '"percent"')], "file0.toml, line 1, [air.one]: no written unit converts to 'percent'"),
        ([ENTRY, ENTRY], "file1.toml, line 1, [air.one]: this id is defined twice"),
        (
            [ENTRY + 'cues = ["甲 乙"]\n' + TWO + 'cues = ["甲 {乙,丙}"]'],
            "line 7, [air.two]: the cue '甲 乙' is claimed by air.one (file0.toml, line 1, [air.one]) too",
        ),
        (
            [ENTRY + 'cues = ["甲"]\n', TWO + 'cues = ["甲"]'],
            "file1.toml, line 1, [air.two]: the cue '甲' is claimed by",
        ),
        ([ENTRY + 'counted = ["项", "蹦"]'], "counted '蹦' is no unit as written"),
        ([ENTRY + 'not = ["{甲,乙"]'], "file0.toml, line 1, [air.one]: a brace is left open"),
        ([ENTRY + "source = 3095"], "'source' is missing or not text"),
        ([ENTRY + 'cues = "甲"'], "'cues' must be a list of texts"),
        ([ENTRY + 'cues = ["无 甲 = zero"]'], "cue '无 甲 = zero': what stands behind = is no number"),
        ([ENTRY + "range = [100, 0]"], "'range' must be the lowest and the highest plausible value"),
        ([ENTRY + 'range = ["0", "100"]'], "'range' must be"),
        ([ENTRY + 'counterpart = "air.onee"'], "no counterpart 'air.onee'. Nearest: air.one"),
        (['zh = "一"'], "file0.toml: 'zh' is no metric; open each with a line such as [air.my_metric]"),
        (['[air]\nzh = "一"'], "file0.toml: 'air' is no metric"),
        (
            ["[air.one]\nzh = “一”"],
            "file0.toml: Invalid value (at line 2, column 6); quotes and signs must be the plain",
        ),
        ([ENTRY + 'cues = ["{甲,乙"]'], "a brace is left open"),
        ([ENTRY + 'cues = ["甲 {乙,}"]'], "a word that may be empty"),
        ([ENTRY + 'cue = ["甲"]'], "unknown key 'cue'. Nearest: cues"),
        ([ENTRY.replace("higher", "up")], "better = 'up' is none of higher, lower, none"),
        ([ENTRY + 'stats = ["levels"]'], "stats ['levels'] are none of level"),
        ([ENTRY.replace('zh = "一"\n', "")], "'zh' is missing"),
        (["[air.one"], "file0.toml: "),
    ],
)
def test_contradictions_are_refused(texts: list[str], said: str) -> None:
    with pytest.raises(CatalogueError) as error:
        load(*texts)
    assert said in str(error.value)


def test_metrics_of_the_gold_tables_are_known(originals: Path) -> None:
    wanted = pd.read_csv(originals / "gold" / "metrics.csv").set_index("metric")
    known = catalogue.table().set_index("metric")
    columns = ["domain", "zh", "en", "unit", "better"]
    assert known.loc[wanted.index, columns].to_dict() == wanted[columns].to_dict()


def test_every_metric_can_be_named() -> None:
    assert [metric.id for metric in catalogue.metrics().values() if not metric.cues] == []


def write(project: Path, text: str, name: str = "my.toml", encoding: str = "utf-8") -> None:
    (project / "metrics" / name).write_text(text, encoding=encoding)


def test_a_project_adds_a_metric_and_overrides_one_whole(project: Path) -> None:
    write(project, ENTRY.replace("air.one", "my.birds") + 'cues = ["观鸟 {比例,占比}"]', encoding="utf-8-sig")
    write(project, ENTRY.replace("air.one", "air.pm25").replace("%", "ug/m3") + 'cues = ["尘埃"]', "air.toml")
    read = catalogue.metrics()
    assert (read["my.birds"].domain, read["my.birds"].where) == ("my", "metrics/my.toml, line 1, [my.birds]")
    assert (read["air.pm25"].zh, read["air.pm25"].excluded) == ("一", ()), "nothing of the shipped entry is left"
    assert list(read)[-1] == "my.birds" and list(read).index("air.pm25") < list(read).index("air.pm10")
    facts = extract(read_text("全市观鸟占比3.5%，细颗粒物浓度20微克/立方米，尘埃浓度30微克/立方米。"))
    assert facts[["metric", "value"]].values.tolist() == [["my.birds", 3.5], ["air.pm25", 30.0]]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (
            ENTRY.replace("air.", "my.") + 'cues = ["优良率"]',
            "utf-8",
            "metrics/my.toml, line 1, [my.one]: the cue '优良率'",
        ),
        (
            ENTRY.replace('"%"', '"percents"'),
            "utf-8",
            "metrics/my.toml, line 1, [air.one]: no written unit converts to",
        ),
        (ENTRY.replace("一", "优良率"), "gb18030", "metrics/my.toml is not UTF-8; save it as UTF-8"),
    ],
)
def test_a_project_may_not_contradict_the_catalogue(project: Path, text: str, encoding: str, said: str) -> None:
    write(project, text, encoding=encoding)
    with pytest.raises(CatalogueError) as error:
        catalogue.metrics()
    assert said in str(error.value)


def test_overriding_a_metric_frees_its_cues(project: Path) -> None:
    write(project, ENTRY.replace("air.one", "air.good_days_rate") + 'cues = ["蓝天率"]\n' + ENTRY + 'cues = ["优良率"]')
    assert catalogue.metrics()["air.one"].cues[0].text == "优良率"


@pytest.mark.parametrize("name", ["samples_gold.csv", "passages/facts.csv"])
def test_no_range_excludes_what_people_read(name: str) -> None:
    assert gold.implausible(gold.read(Path(__file__).parent / "data" / name)) == []


@pytest.mark.parametrize("name", ["gold/facts.csv", "passages/facts.csv"])
def test_no_range_excludes_what_people_read_in_originals(originals: Path, name: str) -> None:
    assert gold.implausible(gold.read(originals / name)) == []


def test_no_range_excludes_what_cities_published(originals: Path) -> None:
    levels = pd.read_csv(originals / "samples" / "facts.csv").query("stat == 'level'")
    published = levels.assign(report=levels["city"], optional="", line=levels.index + 2)
    assert gold.implausible(published) == []


def test_a_range_that_a_persons_reading_breaks_is_named() -> None:
    row = {"report": "a", "metric": "air.pm25", "stat": "level", "unit": "ug/m3", "optional": "", "line": 7}
    (said,) = gold.implausible(
        pd.DataFrame([row | {"value": 22.0}, row | {"value": 0.5}, row | {"value": float("nan")}])
    )
    assert said.startswith("air.toml, line ")
    assert said.endswith(", [air.pm25]: its range excludes 0.5 ug/m3 of a (line 7)")


def test_the_codebook_says_of_every_metric_what_the_catalogue_holds() -> None:
    text, known = codebook.page(), catalogue.metrics()
    entries = {part.split("`")[0]: part for part in text.split("\n### `")[1:]}
    assert set(entries) == set(known)
    for identity, metric in known.items():
        assert metric.zh in entries[identity] and metric.en in entries[identity] and metric.source in entries[identity]
    assert "{" not in text and "}" not in text, "braces are for those who write cues"
    pm25 = entries["air.pm25"]
    assert "- unit ug/m3 (微克/立方米); lower is better; plausible from 1 to 300\n" in pm25
    assert "细颗粒物" in pm25.split("- said: ")[1] and "传感器" in pm25.split("- not beside: ")[1]
