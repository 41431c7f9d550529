"""Arithmetic checks: worked out by hand, each beside what must not be held together."""

import pandas as pd
import pytest
from rows import facts_of, reckoned

from ecoanalysis.knowledge import catalogue
from ecoanalysis.tables import checks, parsing
from ecoanalysis.tables.arithmetic import arithmetic, parts_of_years
from ecoanalysis.tables.exact_figures import checks as known_checks
from ecoanalysis.tables.exact_figures import half_step
from ecoanalysis.tables.rounding import finest, same_rounded

LAST = ["2023-01-01", "2023-12-31"]
HALF = ["2024-01-01", "2024-06-30"]


def tasks(done: float, ongoing: float, total: float, **more: dict) -> list[dict]:
    named = {"tasks_done": done, "tasks_ongoing": ongoing, "tasks": total}
    said = {"tasks_done": "完成{}项", "tasks_ongoing": "推进{}项", "tasks": "共{}项任务"}
    return [
        fact(f"inspection.central_{name}", value, "task", said[name].format(f"{value:.12g}"), unit_text="项")
        | more.get(name, {})
        for name, value in named.items()
    ]


def fact(metric: str, value: float, unit: str, quote: str = "", **more: object) -> dict:
    return {"city": "云浮市", "metric": metric, "value": value, "unit": unit, "quote": quote or f"{value:.12g}", **more}


def pair(good_days: dict | None = None, rate: dict | None = None) -> list[dict]:
    """346 of 366 days are 94.54 %: a leap year."""
    days = fact("air.good_days", 346, "day", "优良天数346天") | (good_days or {})
    return [days, fact("air.good_days_rate", 94.5, "%", "优良率94.5%") | (rate or {})]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # 81 + 158 = 239
        (tasks(81, 158, 239), []),
        (tasks(81, 150, 239), ["parts_short note: 81 + 150 = 231, not 239"]),
        (tasks(81, 159, 239), ["parts_exceed warning: 81 + 159 = 240, above 239"]),
        (tasks(240, 0, 239)[::2], ["parts_exceed warning: 240, above 239"]),
        # not of one scope, period, counted unit, condition or place; bounds, plans and parts say nothing
        (tasks(240, 0, 239, tasks={"scope": "第二轮中央督察"})[::2], []),
        (tasks(240, 0, 239, tasks={"period": LAST})[::2], []),
        (tasks(240, 0, 239, tasks={"unit_text": "批次"})[::2], []),
        (tasks(240, 0, 239, tasks={"condition": "dust_excluded"})[::2], []),
        (tasks(240, 0, 239, tasks={"city": "赣州市"})[::2], []),
        (tasks(240, 0, 239, tasks={"district": "云安区"})[::2], []),
        (tasks(240, 0, 239, tasks={"bound": ">="})[::2], []),
        (tasks(240, 0, 239, tasks_done={"status": "planned"})[::2], []),
        (tasks(240, 0, 239, tasks={"quote": "其中省级239项"})[::2], []),
        (tasks(240, 0, float("nan"))[::2], []),
        # of several wholes the largest counts, and of several parts the smallest
        ([*tasks(240, 0, 239)[::2], tasks(1, 1, 300)[2]], []),
        # two reports of a city: together where neither says all
        (tasks(240, 0, 239, tasks={"report": "b"})[::2], ["parts_exceed warning: 240, above 239"]),
        (tasks(240, 0, 239, tasks={"report": "b"})[::2] + tasks(81, 158, 239, tasks={"report": "云浮市"})[2:], [
            "parts_exceed warning: 240, above 239"]),
        # what has no period is held together within one report only
        ([row | {"period": [None, None]} for row in tasks(240, 0, 239)[::2]], ["parts_exceed warning: 240, above 239"]),
        ([row | {"period": [None, None], "report": f"r{at}"} for at, row in enumerate(tasks(240, 0, 239)[::2])], []),
        # the days of a period, and what excludes each other
        ([fact("air.good_days", 183, "day", period=HALF)], ["parts_exceed warning: 183, above 182"]),
        ([fact("air.good_days", 182, "day", period=HALF)], []),
        ([fact("air.good_days", 183, "day", period=["2024-01-01", None])], []),
        ([fact("air.good_days_rate", 99.5, "%"), fact("air.heavy_pollution_days_rate", 1.6, "%")], [
            "parts_exceed warning: 99.5 + 1.6 = 101.1, above 100"]),
        # 35.5 against 35 may be rounding: 35 is anything up to 35.5
        ([fact("air.pm25", 35.5, "ug/m3"), fact("air.pm10", 35, "ug/m3")], []),
        ([fact("air.pm25", 35.8, "ug/m3"), fact("air.pm10", 35, "ug/m3")], ["parts_exceed note: 35.8, above 35"]),
        ([fact("air.pm25", 40, "ug/m3"), fact("air.pm10", 35, "ug/m3")], ["parts_exceed warning: 40, above 35"]),
        # shares: 346/366 = 94.54 %; 94.8 % would be 346 of 365 valid days; 93.8 % is of no days; 9 % more is no gap of data
        (pair(), []),
        (pair(rate={"value": 94.8, "quote": "94.8%"}), ["share_differs note: 346 of 366 is 94.54 %, not 94.8 %"]),
        (pair(rate={"value": 93.8, "quote": "93.8%"}), ["share_differs warning: 346 of 366 is 94.54 %, not 93.8 %"]),
        (pair(rate={"value": 95, "quote": "95%"}), []),
        (pair(rate={"value": 45.9, "quote": "45.9%"}, good_days={"value": 150, "quote": "150天"}), [
            "share_differs note: 150 of 366 is 40.98 %, not 45.9 %"]),
        (pair(rate={"value": 49.5, "quote": "49.5%"}, good_days={"value": 150, "quote": "150天"}), [
            "share_differs warning: 150 of 366 is 40.98 %, not 49.5 %"]),
        (pair(rate={"value": 60.0, "scope": "中心城区"}), []),
        (pair(rate={"value": 60.0, "period": HALF}), []),
        (pair(rate={"value": 60.0, "bound": ">"}), []),
        # 81 of 239 is 33.89 %; a rate that fits the province's inspection (9 of 10) is no fault
        ([*tasks(81, 158, 239), fact("inspection.tasks_done_rate", 33.9, "%")], []),
        ([*tasks(81, 158, 239), fact("inspection.tasks_done_rate", 39.3, "%", "完成率39.3%")], [
            "share_differs warning: 81 of 239 is 33.89 %, not 39.3 %"]),
        ([*tasks(81, 158, 239), fact("inspection.tasks_done_rate", 90, "%"),
          fact("inspection.provincial_tasks", 10, "task"), fact("inspection.provincial_tasks_done", 9, "task")], []),
        # four values of one metric in one scope: nothing tells which belong together
        ([fact("air.good_days", value, "day") for value in (300, 301, 302, 303)] + pair()[1:], []),
    ],
)  # fmt: skip
def test_parts_and_shares(rows: list[dict], found: list[str]):
    facts = facts_of(rows)
    assert [reckoned(problem) for problem in arithmetic(facts)] == found
    assert [reckoned(problem) for problem in arithmetic(facts[::-1])] == found


def test_figures_far_apart_in_the_text_are_not_held_together():
    facts = facts_of([*tasks(81, 158, 239), fact("inspection.tasks_done_rate", 90, "%")])
    assert [problem.code for problem in arithmetic(facts)] == ["share_differs"]
    facts.loc[3, ["start", "end"]] = [500, 505]
    assert not list(arithmetic(facts))


def projects(exempt: float, needing: float, **more: object) -> list[dict]:
    named = (("key_projects", 240), ("key_projects_exempt", exempt), ("key_projects_eia_required", needing))
    return [
        fact(f"governance.{name}", value, "project", f"{value:.12g}个", unit_text="个") | more for name, value in named
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (projects(81, 159), []),
        (projects(81, 158), ["parts_short note: 81 + 158 = 239, not 240"]),
        (projects(81, 160), ["parts_exceed warning: 81 + 160 = 241, above 240"]),
        # 其中 before a part of that name is how parts are said; before the whole it is another whole
        ([row | ({"quote": "其中豁免环评81个"} if at else {}) for at, row in enumerate(projects(81, 160))], [
            "parts_exceed warning: 81 + 160 = 241, above 240"]),
        ([projects(81, 160)[0] | {"quote": "其中省级240个"}, *projects(81, 160)[1:]], []),
        # a part of a part beside the part is none
        ([*tasks(81, 158, 239), tasks(40, 0, 0)[0] | {"quote": "其中2024年完成40项"}], []),
        # 8 of 10 is 80 %, by the inspection's own rate too
        ([*tasks(8, 2, 10), fact("inspection.central_tasks_done_rate", 95, "%", "完成率95%")], [
            "share_differs warning: 8 of 10 is 80 %, not 95 %"]),
        ([*tasks(8, 2, 10), fact("inspection.central_tasks_done_rate", 80, "%", "完成率80%")], []),
        ([*tasks(8, 2, 10), fact("inspection.provincial_tasks_done_rate", 95, "%", "完成率95%")], []),
    ],
)  # fmt: skip
def test_projects_and_each_inspections_own_rate(rows: list[dict], found: list[str]):
    assert [reckoned(problem) for problem in arithmetic(facts_of(rows))] == found


def spans(part: float, year: float, metric: str = "enforcement.penalties", unit: str = "case", **more: dict) -> list:
    half = fact(metric, part, unit, report="h1", period=HALF) | more.get("half", {})
    return [half, fact(metric, year, unit, report="fy") | more.get("full", {})]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (spans(300, 200), ["part_above_year warning: 300, above 200"]),
        (spans(200, 200), []),
        (spans(200, 300), []),
        (spans(190, 170, "air.good_days", "day"), ["part_above_year warning: 190, above 170"]),
        # 130万元 is exact to 5000 yuan, 2亿元 to 50 million and 1.2亿元 to 5 million
        (spans(1.3e6, 1.2e6, "enforcement.fines", "CNY", half={"quote": "130万元"}, full={"quote": "120万元"}), [
            "part_above_year warning: 1300000, above 1200000"]),
        (spans(2e8, 1.2e8, "enforcement.fines", "CNY", half={"quote": "2亿元"}, full={"quote": "1.2亿元"}), [
            "part_above_year note: 200000000, above 120000000"]),
        # of several values the smallest part and the largest year
        ([*spans(300, 200), *spans(150, 100)], []),
        # means, shares, and what is there on a day are no sums of their parts
        (spans(40, 22, "air.pm25", "ug/m3"), []),
        (spans(99, 95, "air.good_days_rate", "%"), []),
        (spans(25, 24, "water.sections_good", "section"), []),
        (spans(9e4, 8e4, "enforcement.fine_per_penalty", "CNY"), []),
        # another scope, year, place, counted unit or condition; bounds and plans
        (spans(300, 200, full={"scope": "中心城区"}), []),
        (spans(300, 200, full={"period": LAST}), []),
        (spans(300, 200, full={"city": "赣州市"}), []),
        (spans(300, 200, full={"unit_text": "家"}), []),
        (spans(300, 200, half={"bound": "<="}), []),
        (spans(300, 200, half={"status": "planned"}), []),
    ],
)  # fmt: skip
def test_a_part_of_a_year_is_not_above_the_year(rows: list[dict], found: list[str]):
    facts = facts_of(rows)
    assert [reckoned(problem) for problem in parts_of_years(facts)] == found
    assert [reckoned(problem) for problem in parts_of_years(facts[::-1])] == found


def test_what_adds_up_is_known():
    known = catalogue.metrics()
    (check,) = known_checks("within")
    domains = {metric.domain for metric in known.values()}
    assert all(name in known or name in domains for name in check["parts"].split(";"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (22, 22.3, True),
        (22, 22.5, False),  # half up: 23
        (23, 22.5, True),
        (22, 21.5, True),
        (22.3, 22.25, True),  # 22.25 is binary exact, 2.675 is not: both go up
        (2.68, 2.675, True),
        (22, 25, False),
        (22.4, 22.3, False),
        (20, 22, False),  # nothing says that 20 was rounded to tens
        (22, 22, True),
        (-8, -8.3, True),
        (0, 0.4, True),
        (6580000, 6580600, True),  # 658万元 of 658.06万元
        (1e7, 9.6e6, False),  # 1000万元 and 960万元
        (1e8, 1.04e8, True),  # 1亿元 of 1.04亿元
    ],
)
def test_one_value_may_be_the_other_rounded(one: float, other: float, same: bool):
    assert same_rounded(one, other) is same and same_rounded(other, one) is same


def test_the_finest_of_several_values_is_told_if_they_agree():
    assert finest([22, 22.25, 22.3]) == finest([22.25, 22.3, 22]) == 22.25
    assert finest([22, 22.3, 22.4]) is None and finest([22.3]) == 22.3


CORE = {"scope": "中心城区"}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # 中心城区 and 市区 are one class, which comparing takes for one population
        ([CORE | {"value": 22}, {"scope": "市区", "value": 25, "report": "b"}], ["contradiction warning"]),
        ([CORE | {"value": 22}, {"value": 25, "report": "b"}], []),
        # rivers are one only by their names, and parts of a city by theirs
        ([{"scope": "新兴江", "value": 22}, {"scope": "罗定江", "value": 25, "report": "b"}], []),
        ([{"scope": "云安区", "value": 22}, {"scope": "罗定市", "value": 25, "report": "b"}], []),
        ([{"scope": "云安区", "value": 22}, {"scope": "云安区", "value": 25, "report": "b"}], ["contradiction warning"]),
        # an exact value that a bound excludes, beyond what rounding explains
        ([{"value": 22}, {"value": 30, "bound": ">=", "report": "b"}], ["contradiction warning"]),
        ([{"value": 22}, {"value": 20, "bound": "<"}], ["contradiction warning"]),
        ([{"value": 22}, {"value": 20, "bound": ">="}], []),
        ([{"value": 92.96}, {"value": 93, "bound": ">="}], ["contradiction warning"]),
        ([{"value": 93}, {"value": 93.4, "bound": ">"}], []),
        ([{"value": 22}, {"value": 30, "bound": "~"}], []),
        ([{"value": 22}, {"value": 30, "bound": ">=", "scope": "中心城区"}], []),
        ([{"value": 22, "status": "planned"}, {"value": 30, "bound": ">=", "status": "planned"}], []),
        # a count that bound and words say of one thing, and of two
        ([fact("water.sections_good", 20, "section", "优良断面20个"),
          fact("water.sections_good", 20, "section", "优良断面超过20个", bound=">")], ["contradiction warning"]),
        ([fact("water.sections_good", 20, "section", "优良国考断面20个"),
          fact("water.sections_good", 25, "section", "优良省考断面超过25个", bound=">")], []),
        # two reports say it of the city in their own words
        ([fact("water.sections_good", 20, "section", "优良断面20个"),
          fact("water.sections_good", 25, "section", "水质优良的超过25个", bound=">", report="b")], ["contradiction warning"]),
        # one is the other rounded
        ([{"value": 22}, {"value": 22.3, "report": "b"}], ["rounded note"]),
        ([{"value": 22}, {"value": 22.3}, {"value": 22.4, "report": "b"}], ["contradiction warning"]),
        ([{"value": 22}, {"value": 22.6, "report": "b"}], ["contradiction warning"]),
    ],
)  # fmt: skip
def test_what_contradicts_and_what_is_only_rounded(rows: list[dict], found: list[str]):
    facts = facts_of([{"city": "云浮市", "quote": f"{row['value']:.12g}"} | row for row in rows])
    for shown in (facts, facts[::-1]):
        problems = list(checks.contradictions(shown.assign(report_year=0)))
        assert [f"{problem.code} {problem.severity}" for problem in problems] == found
        assert all(quote in problem.message for problem in problems for quote in shown["quote"])


def test_a_problem_names_every_quote_in_both_languages():
    (problem,) = arithmetic(facts_of(tasks(81, 159, 239, tasks={"quote": "=239项"})))
    assert (problem.report, problem.start, problem.end) == ("云浮市", 0, 1)
    assert problem.message.startswith("tasks done and under way are not all tasks")
    assert "完成数与推进数之和不等于任务总数" in problem.message
    for said in ("tasks_done 81 task (完成81项)", "tasks_ongoing 159 task (推进159项)", "tasks 239 task (=239项)"):
        assert said in problem.message


@pytest.mark.parametrize(
    ("value", "unit", "quote", "half"),
    [
        (22, "ug/m3", "PM2.5平均浓度22微克/立方米", 0.5),
        (22.4, "ug/m3", "22.4微克", 0.05),
        (2.89, "1", "综合指数2.89", 0.005),
        (239, "task", "共239项", 0),
        (346, "day", "346天", 0),
        (346.5, "day", "平均346.5天", 0.05),
        (12000, "case", "1.2万件", 500),
        (1234, "case", "1,234件", 0),
        (6580600, "CNY", "罚款658.06万元", 50),
        (100000000, "CNY", "罚款1亿元", 5e7),
        (-8.3, "%", "下降8.3%", 0.05),
        (80, "%", "达八成", 0.5),
        (22, "ug/m3", "2022年为２２微克", 0.5),
        (0, "section", "无劣Ⅴ类断面", 0),
    ],
)
def test_half_a_step_of_the_last_written_digit(value: float, unit: str, quote: str, half: float):
    assert half_step(value, unit, quote) == pytest.approx(half)


def test_values_under_two_conditions_do_not_contradict_each_other():
    rows = [{"city": "云浮市", "value": 20}, {"city": "云浮市", "value": 22}]
    assert len(list(checks.contradictions(facts_of(rows).assign(report_year=0)))) == 1
    assert not list(
        checks.contradictions(facts_of([rows[0], rows[1] | {"condition": "dust_excluded"}]).assign(report_year=0))
    )


def test_two_reports_of_a_city_and_year_give_one_row_that_names_both_quotes():
    rows = [
        {"city": "云浮市", "value": v, "report": r, "quote": f"PM2.5为{v}"}
        for v, r in ((20, "a"), (22, "b"), (22, "b"))
    ]
    (problem,) = checks.contradictions(facts_of(rows).assign(report_year=0))
    assert "(a: PM2.5为20)" in problem.message and "(b: PM2.5为22)" in problem.message


def test_a_share_above_100_quotes_its_words():
    facts = facts_of([fact("air.good_days_rate", 101, "%", "优良率101%")])
    (problem,) = checks.out_of_range(facts)
    assert "outside 0 to 100: 优良率101%" in problem.message
    # A recovery rate may pass 100 by definition; all others are shares of a whole.
    open_ended = {name for name, metric in catalogue.metrics().items() if metric.unit == "%" and metric.high != 100}
    assert open_ended == set(), open_ended


def test_the_checks_name_known_metrics_of_one_unit():
    known = catalogue.metrics()
    for check in known_checks("at_most", "sum", "share"):
        names = [name for name in f"{check['parts']};{check['whole']}".split(";") if "." in name]
        assert len({known[name].unit for name in names}) == 1, check
        assert all(check[column] for column in ("zh", "en", "source")), check
        assert bool(check["rate"]) == (check["kind"] == "share")
        assert not check["rate"] or known[check["rate"]].unit == "%"


def test_the_tables_hold_the_checks(tmp_path, sure_reading):
    text = "云浮市生态环境局2024年工作总结\n中央生态环境保护督察整改任务共239项，已完成整改240项。\n全市优良天数346天，优良天数比例93.5%。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    found = parsing.gather(tmp_path).problems
    assert set(found["code"]) == {"parts_exceed", "share_differs"}
    assert [text[row.start : row.end] in row.message for row in found.itertuples()] == [True, True]


def test_one_place_is_one_by_its_code_whatever_its_name():
    """Two wordings of a county's name do not hide that its reports contradict each other; a zone is not its city."""
    two = pd.DataFrame(
        {
            "about_city": "云浮市",
            "about_district": ["罗定市", "罗定"],
            "about_adcode": "445381",
            "report": ["a", "b"],
            "city": "云浮市",
            "district": ["罗定市", "罗定"],
            "unit": "ug/m3",
            "unit_text": "",
            "quote": "",
            "scope": "",
            "scope_class": "whole",
            "period_start": pd.NaT,
            "period_end": pd.NaT,
        }
    )
    assert checks.keyed(two.assign(report_year=0))["owner"].nunique() == 1
    zone = two.assign(about_adcode="445300", about_district=["", "高新区"])
    assert checks.keyed(zone.assign(report_year=0))["owner"].nunique() == 2
