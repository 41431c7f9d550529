"""The catalogue holds every metric id that it must, and refuses what contradicts itself, naming file and line."""

from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis.errors import CatalogueError
from ecoanalysis.knowledge import catalogue

ENTRY = '[air.one]\nzh = "一"\nen = "One"\nunit = "%"\nbetter = "higher"\n'


def load(*texts: str) -> dict:
    found: dict = {}
    for at, text in enumerate(texts):
        catalogue.load(text, f"file{at}.toml", found)
    return found


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([ENTRY.replace('"%"', '"percent"')], "file0.toml, line 1, [air.one]: no written unit converts to 'percent'"),
        ([ENTRY, ENTRY], "file1.toml, line 1, [air.one]: this id is defined twice"),
        (
            [ENTRY + 'cues = ["甲 乙"]\n' + ENTRY.replace("one", "two") + 'cues = ["甲 {乙,丙}"]'],
            "line 7, [air.two]: the cue '甲 乙' is claimed by air.one",
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
