"""Figures held against another report: a change against last year's, a rank against the other cities' values."""

import pytest
from rows import facts_of, reckoned

from ecoanalysis.tables.checks import last_year, ranks

LAST = ["2023-01-01", "2023-12-31"]
HALF = ["2024-01-01", "2024-06-30"]


def years(value: float, moved: float, unit: str, last: float, **more: dict) -> list[dict]:
    """Value and change of 2024, and what another report said of 2023."""
    said = {"city": "云浮市", "report": "r24"}
    return [
        {"value": value, "quote": f"{value:.12g}", **said, **more.get("now", {})},
        {"value": moved, "unit": unit, "stat": "change", "basis": "yoy", "quote": f"{moved:.12g}", **said}
        | more.get("change", {}),
        {"value": last, "quote": f"{last:.12g}", **said, "report": "r23", "period": LAST, **more.get("before", {})},
    ]


RATE = {"metric": "air.good_days_rate"}
PERCENT = RATE | {"unit": "%"}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # 22.0 after −8.3 % was 23.99
        (years(22.0, -8.3, "%", 24), []),
        # whole numbers: 22 may be 21.5 to 22.5, so 23.4 to 24.6 before, and 25 may be 24.5
        (years(22, -8.3, "%", 25), []),
        (years(22, -8.3, "%", 26), ["change_differs note: the first two give 23.99 for the year before, not 26"]),
        (years(22, -8.3, "%", 30), ["change_differs warning: the first two give 23.99 for the year before, not 30"]),
        (years(22.4, -8.3, "%", 26.1), ["change_differs warning: the first two give 24.43 for the year before, not 26.1"]),
        # in the metric's own unit
        (years(22, -2, "ug/m3", 24), []),
        (years(22.1, -2.1, "ug/m3", 25.1), ["change_differs warning: the first two give 24.2 for the year before, not 25.1"]),
        # points, and a per cent of a rate that may mean points: 94.5 % after +0.5 was 94.0, or 94.03 if relative
        (years(94.5, 0.5, "pp", 94.0, now=PERCENT, change=RATE, before=PERCENT), []),
        (years(94.5, 37.5, "%", 57.0, now=PERCENT, change=RATE, before=PERCENT), []),
        (years(94.5, 37.5, "%", 68.7, now=PERCENT, change=RATE, before=PERCENT), []),
        (years(94.5, 37.5, "%", 80.0, now=PERCENT, change=RATE, before=PERCENT), [
            "change_differs warning: the first two give 68.73 for the year before, not 80"]),
        # another scope, period, condition, basis, place or counted unit, a bound or a plan: nothing to hold
        (years(22, -8.3, "%", 30, before={"scope": "中心城区"}), []),
        (years(22, -8.3, "%", 30, before={"period": ["2023-01-01", "2023-06-30"]}), []),
        (years(22, -8.3, "%", 30, before={"period": ["2022-01-01", "2022-12-31"]}), []),
        (years(22, -8.3, "%", 30, before={"condition": "dust_excluded"}), []),
        (years(22, -8.3, "%", 30, change={"basis": "较2020年"}), []),
        (years(22, -8.3, "%", 30, before={"city": "赣州市"}), []),
        (years(22, -8.3, "%", 30, before={"bound": "<"}), []),
        (years(22, -8.3, "%", 30, now={"status": "planned"}), []),
        (years(22, -100, "%", 30), []),
        # the last of February is one day in every year
        (years(22, -8.3, "%", 30, now={"period": ["2024-01-01", "2024-02-29"]},
               change={"period": ["2024-01-01", "2024-02-29"]}, before={"period": ["2023-01-01", "2023-02-28"]}), [
            "change_differs warning: the first two give 23.99 for the year before, not 30"]),
        # two values of the year before: the nearer one fits
        (years(22, -8.3, "%", 30) + years(22, -8.3, "%", 24)[2:], []),
    ],
)  # fmt: skip
def test_a_change_is_held_against_the_year_before(rows: list[dict], found: list[str]):
    facts = facts_of(rows)
    assert [reckoned(problem) for problem in last_year(facts)] == found
    problems = list(last_year(facts))
    assert all("r23: " in problem.message and "r24: " in problem.message for problem in problems)
    assert all("re-check" in problem.message and "复核" in problem.message for problem in problems)


def ranked(rank: float, basis: str = "全省", values: dict[str, float] | None = None, **more: object) -> list[dict]:
    """Yunfu's rank for PM2.5 in Guangdong, its value 22, and those of other cities."""
    levels = {"云浮市": 22, "汕头市": 20, "中山市": 21, "赣州市": 10} if values is None else values
    first = {"city": "云浮市", "stat": "rank", "unit": "rank", "value": rank, "basis": basis, "quote": "居全省第一"}
    return [
        first,
        *({"city": city, "value": value, "quote": f"PM2.5为{value:.12g}"} | more for city, value in levels.items()),
    ]


@pytest.mark.parametrize(
    ("rows", "ahead"),
    [
        # 20 and 22 differ by more than rounding; 21 may be 21.5 and 22 too
        (ranked(1), 1),
        (ranked(2), 0),
        (ranked(1, "全省21个城市"), 1),
        (ranked(1, "全国"), 0),
        (ranked(1, "全省国考城市"), 0),
        (ranked(1, values={"云浮市": 22.0, "汕头市": 21.9}), 0),
        (ranked(1, values={"云浮市": 22.4, "汕头市": 22.1, "中山市": 22.2}), 2),
        (ranked(2, values={"云浮市": 22.4, "汕头市": 22.1, "中山市": 22.2}), 2),
        (ranked(3, values={"云浮市": 22.4, "汕头市": 22.1, "中山市": 22.2}), 0),
        (ranked(1, values={"汕头市": 20}), 0),
        (ranked(1, scope="中心城区"), 0),
        (ranked(1, period=HALF), 0),
        (ranked(1, bound="<="), 0),
        ([row | {"metric": "enforcement.penalties", "unit": "case" if row.get("stat") != "rank" else "rank"} for row in ranked(1)], 0),
        ([row | ({"condition": "dust_excluded"} if row["city"] == "汕头市" else {}) for row in ranked(1)], 0),
        ([row | ({"district": "澄海区"} if row["city"] == "汕头市" else {}) for row in ranked(1)], 0),
        # a county-level city under its province may not be among those ranked
        ([*ranked(1, values={"云浮市": 22})[1:], {"city": "黄石市", "stat": "rank", "unit": "rank", "value": 1, "basis": "全省"}, {"city": "黄石市", "value": 30}, {"city": "潜江市", "value": 20}], 0),
        # of two values of a city the worse counts
        ([*ranked(1), {"city": "汕头市", "value": 25}], 0),
    ],
)  # fmt: skip
def test_a_rank_is_held_against_the_other_cities(rows: list[dict], ahead: int):
    found = list(ranks(facts_of(rows)))
    assert len(found) == (ahead > 0)
    assert all(f"at least {ahead} of the province are better" in problem.message for problem in found)


def test_a_rank_names_the_better_city_and_both_quotes():
    (problem,) = ranks(facts_of(ranked(1)))
    assert (problem.report, problem.code, problem.severity) == ("云浮市", "rank_differs", "warning")
    assert all(said in problem.message for said in ("云浮市: 居全省第一", "云浮市: PM2.5为22", "汕头市: PM2.5为20"))
    assert "赣州" not in problem.message and "中山" not in problem.message


def test_higher_is_better_for_a_rate():
    rows = [row | {"metric": "air.good_days_rate"} | ({} if row.get("stat") else {"unit": "%"}) for row in ranked(1)]
    assert (
        "中山" not in next(ranks(facts_of([*rows[:1], rows[1] | {"value": 99.0}, rows[2] | {"value": 99.9}]))).message
    )
    assert not list(ranks(facts_of([*rows[:1], rows[1] | {"value": 99.9}, rows[2] | {"value": 99.0}])))
