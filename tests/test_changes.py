"""What changed between two runs: facts that are new, gone or otherwise, ranks that moved, and both sentences."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from rows import facts_of, metric_rows, reports_of
from stub import VALUES, Stub, folder, runs, stub, tables_of

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.comparing.changes import fact_changes, rank_changes
from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import changes

__all__ = ["folder", "stub"]


def both(before: list[dict], now: list[dict]) -> tuple:
    facts = facts_of(before), facts_of(now)
    return facts, (reports_of(facts[0]), reports_of(facts[1]))


def told(changed: pd.DataFrame) -> list[tuple]:
    return [
        (row.change, (row.now or row.before)["place"], *[side and side["value"] for side in (row.before, row.now)])
        for row in changed.itertuples()
    ]


def test_new_gone_and_changed_facts_are_told_apart():
    before = metric_rows("air.pm25", "ug/m3", {"云浮市": 20, "赣州市": 18, "佛山市": 25})
    now = metric_rows("air.pm25", "ug/m3", {"云浮市": 21, "赣州市": 18, "韶关市": 22})
    found = told(fact_changes(*both(before, now)))
    assert sorted(found) == [
        ("changed", "云浮市", 20, 21),
        ("gone", "佛山市", 25, None),
        ("new", "韶关市", None, 22),
    ]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"quote": "otherwise worded"}, []),
        ({"report": "published again under another name"}, []),
        ({"unit_text": "微克"}, []),
        ({"bound": "<="}, ["changed"]),
        ({"period": ["2024-01-01", "2024-06-30"]}, ["changed"]),
        ({"confidence": 0.5, "doubt": "metric_distant"}, ["changed"]),
        ({"scope": "中心城区"}, ["gone", "new"]),
        ({"status": "planned"}, ["gone", "new"]),
        ({"period": ["2023-01-01", "2023-12-31"]}, ["gone", "new"]),
    ],
)
def test_what_counts_as_a_change(more: dict, kind: list[str]):
    before = metric_rows("air.pm25", "ug/m3", {"云浮市": 20})
    found = fact_changes(*both(before, [row | more for row in before]))
    assert sorted(found["change"]) == kind


def test_what_is_said_twice_and_then_once_is_gone_once():
    rows = metric_rows("air.pm25", "ug/m3", {"云浮市": 20})
    twice = [*rows, rows[0] | {"value": 20}]
    assert list(fact_changes(*both(twice, rows))["change"]) == ["gone"]
    assert fact_changes(*both(twice, twice)).empty
    withheld = [rows[0] | {"value": float("nan")}]
    assert fact_changes(*both(withheld, withheld)).empty, "what is withheld in both is no change"


def test_ranks_move_by_another_citys_value_too_and_best_is_first():
    before = metric_rows("air.good_days_rate", "%", {"云浮市": 99, "赣州市": 98, "佛山市": 90, "韶关市": 90})
    now = metric_rows("air.good_days_rate", "%", {"云浮市": 97, "赣州市": 98, "佛山市": 90, "韶关市": 95})
    pair = both(before, now)
    moved = rank_changes(*pair, fact_changes(*pair))
    assert moved[["place", "rank_before", "rank_now"]].to_numpy().tolist() == [
        ["赣州市", 2, 1],
        ["云浮市", 1, 2],
        ["佛山市", 3, 4],
    ]


def test_of_an_unchanged_metric_no_rank_is_looked_at():
    pair = both(metric_rows("air.pm25", "ug/m3", VALUES), metric_rows("air.pm25", "ug/m3", VALUES))
    assert rank_changes(*pair, fact_changes(*pair)).empty


def test_the_command_compares_the_last_two_runs_with_both_quotes(folder: Path, stub: Stub):
    def asked(*names: str) -> object:
        return CliRunner().invoke(main, ["changes", *names, "--figures", str(folder / "figures")])

    runs(folder)
    assert asked().exit_code == 2 and "1 whole run in " in asked().stderr
    tables.write(tables_of({"赣州市": 18.0, "云浮市": 26.0, "佛山市": 25.0, "汕头市": 17.0}), folder / "processed")
    runs(folder)
    lines = asked().stdout.splitlines()
    assert lines[0] == "changed: Yunfu, Mean PM2.5 concentration (whole city, full year): 20.5 µg/m³ → 26 µg/m³"
    assert lines[1:3] == ["  before: 云浮市：年均浓度20.5微克", "  now: 云浮市：年均浓度26.0微克"]
    assert "new: Shantou, Mean PM2.5 concentration (whole city, full year): 17 µg/m³" in lines
    assert "rank: Yunfu, Mean PM2.5 concentration 2024: 2 → 4 (20.5 µg/m³ → 26 µg/m³)" in lines
    assert lines[-1].endswith(": 1 new, 1 gone, 1 changed, 3 ranks")
    older, newer = lines[-1].split(":")[0].removeprefix("from ").split(" to ")
    assert asked(older, "latest").stdout == asked(older, newer).stdout == asked().stdout
    wrong = asked(older[:-1])
    assert wrong.exit_code == 2 and f"no run named '{older[:-1]}' in " in wrong.stderr and older in wrong.stderr


def test_a_run_without_its_tables_says_so(folder: Path, stub: Stub):
    runs(folder)
    runs(folder, force=True)
    assert changes.of_runs(figures=folder / "figures").counts() == {"new": 0, "gone": 0, "changed": 0, "ranks": 0}
    (folder / "figures" / "latest" / "tables" / "facts.parquet").unlink()
    with pytest.raises(RequestError, match="missing or not of the last run"):
        changes.of_runs(figures=folder / "figures")
    tables.write(tables_of(VALUES | {"云浮市": 21}), folder / "processed")
    runs(folder)
    assert "没有与上次" in (folder / "figures" / "latest" / "index.html").read_text(encoding="utf-8")
