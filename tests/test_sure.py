"""What is not sure is never ranked."""

import pandas as pd
import pytest
from click.testing import CliRunner
from rows import facts_of, metric_rows, reports_of, said_of

from ecoanalysis import charts, comparing, extracting, tables
from ecoanalysis.cli import main
from ecoanalysis.errors import CatalogueError, RequestError, TableError
from ecoanalysis.knowledge import doubts
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.reading import read_text
from ecoanalysis.reporting import forms as export
from ecoanalysis.tables.schema import TABLES, conform
from ecoanalysis.tables.sure import check_facts
from ecoanalysis.wording import tables as worded
from ecoanalysis.wording.sentences import sentences

CITIES = {"云浮市": 20, "赣州市": 18, "商洛市": 25, "佛山市": 22, "惠州市": 16}
HALF = ["2024-01-01", "2024-06-30"]
DOUBT = {"confidence": 0.6, "doubt": "period_assumed"}
PM25 = {"metric": "air.pm25", "unit": "ug/m3"}


def with_doubt(*doubtful: str, **more) -> list[dict]:
    return [row | (DOUBT | more if row["city"] in doubtful else {}) for row in metric_rows(**PM25, values=CITIES)]


def panel_of(rows: list[dict], **more) -> pd.DataFrame:
    facts = facts_of(rows)
    return worded.panel(facts, "air.pm25", 2024, reports_of(facts), **more).set_index("city")


def test_a_value_in_doubt_stands_hollow_with_its_reason():
    row = panel_of(with_doubt("商洛市")).loc["商洛市"]
    assert (row["value"], row["comparable"], row["reason"], row["unsure"]) == (25, False, "doubt", "period_assumed")
    assert row["why_not"] == "待核：期间未写明，按全年推断"
    assert row["why_not_en"] == "to be checked: period not stated, taken to be the report's whole year"


@pytest.mark.parametrize(("sure", "ranked"), [(0.9, 4), (0.6, 5), (0.601, 4), (0.0, 5), (1.0, 4)])
def test_sure_says_from_which_confidence_values_are_ranked(sure: float, ranked: int):
    panel = panel_of(with_doubt("商洛市"), sure=sure)
    assert panel["comparable"].sum() == ranked and (panel["sure"] == sure).all()


# What else a city says of the metric beside its value in doubt (25, full year, whole city), and what then stands.
BESIDE = [
    ([{"value": 24}], (24, True, "")),  # one of the same kind: no conflict
    ([{"value": 24, "confidence": 0.95}], (24, True, "")),
    ([{"value": 24}, {"value": 26}], (24, False, "conflict")),  # two sure ones are
    ([{"value": 24, "confidence": 0.5}], (25, False, "doubt")),
    ([{"value": 24, "period": HALF}], (24, False, "period")),  # of another period, but sure
    ([{"value": 24, "scope": "石化行业"}], (25, False, "doubt")),  # of a population that never compares
    ([{"value": float("nan")}], (float("nan"), False, "withheld")),
    ([{"value": 24, "status": "planned"}], (25, False, "doubt")),
]


@pytest.mark.parametrize(("more", "wanted"), BESIDE, ids=range(len(BESIDE)))
def test_what_stands_of_sure_and_doubtful_values(more: list[dict], wanted: tuple):
    rows = [*with_doubt("商洛市"), *({**PM25, "city": "商洛市"} | one for one in more)]
    row = panel_of(rows).loc["商洛市"]
    assert (str(row["value"]), row["comparable"], row["reason"]) == (str(float(wanted[0])), *wanted[1:])


@pytest.mark.parametrize("sure", [1.5, -0.1, "0.9", True, float("nan")])
def test_a_confidence_that_is_none_is_refused(sure: object):
    facts = facts_of(with_doubt())
    asks = [
        lambda: worded.panel(facts, "air.pm25", 2024, sure=sure),
        lambda: worded.slope(facts, "air.pm25", (2023, 2024), sure=sure),
        lambda: worded.series(facts, "air.pm25", sure=sure),
        lambda: worded.scorecard(facts, 2024, sure=sure),
        lambda: worded.promises(facts, 2024, sure=sure),
        lambda: worded.silence(facts, reports_of(facts), sure=sure),
        lambda: worded.profile(facts, "云浮市", 2024, sure=sure),
        lambda: worded.progress(facts, 2024, sure=sure),
        lambda: comparing.states(facts, sure=sure),
        lambda: export.long(facts, sure=sure),
    ]
    for ask in asks:
        with pytest.raises(RequestError, match="is no confidence: give a number from 0 to 1"):
            ask()


def test_the_command_refuses_such_a_confidence_before_it_reads():
    result = CliRunner().invoke(main, ["report", "01_air", "--sure", "90"])
    assert result.exit_code == 2 and "sure = 90.0 is no confidence" in result.output


@pytest.mark.parametrize(
    ("column", "code"), [("place_confidence", "report_place_unsure"), ("year_confidence", "report_year_unsure")]
)
def test_nothing_of_a_report_in_doubt_is_ranked(column: str, code: str):
    facts = facts_of(with_doubt())
    reports = reports_of(facts).assign(**{column: 1.0})
    reports.loc[reports["city"] == "商洛市", column] = 0.5
    panel = worded.panel(facts, "air.pm25", 2024, reports).set_index("city")
    assert panel.loc["商洛市", ["comparable", "unsure"]].tolist() == [False, code]
    assert panel["comparable"].sum() == 4
    loose = worded.panel(facts, "air.pm25", 2024, reports, sure=0.5)
    assert loose["comparable"].all()
    few = worded.panel(facts, "air.pm25", 2024, reports.assign(year=pd.NA, **{column: 0.0}))
    assert few["comparable"].any() == (column == "year_confidence"), "no year claimed, nothing to be wrong by"


def test_no_sentence_rests_on_a_value_in_doubt():
    facts = facts_of(with_doubt("惠州市", "商洛市"))
    reports = reports_of(facts)
    panel = worded.panel(facts, "air.pm25", 2024, reports)
    said = sentences(comparing.finding(panel))
    assert "最低赣州18" in said and "最高佛山22" in said and said.endswith("另有2个待核。")
    assert "惠州" not in said and "商洛" not in said
    assert worded.gap(panel).set_index("city").loc["惠州市", "no_gap"] == "待核"
    assert sentences(comparing.doubt_finding(facts, 2024, reports)).startswith(
        "另有2个数值的读法把握不足（置信度低于0.9）"
    )
    assert sentences(comparing.doubt_finding(facts, 2024, reports, sure=0.5)) == ""
    few = sentences(
        comparing.finding(worded.panel(facts[facts["value"].isin((16, 25, 20))], "air.pm25", 2024, reports))
    )
    assert "云浮20" in few and "惠州" not in few, "nor does what is only shown side by side"


def test_a_chart_says_from_which_confidence_it_ranks_and_draws_doubt_hollow():
    facts = facts_of(with_doubt("商洛市"))
    panel = worded.panel(facts, "air.pm25", 2024, reports_of(facts), sure=0.85)
    for language, line, reason in (
        ("zh", "置信度≥0.85方入排名", "待核：期间未写明，按全年推断"),
        ("en", "Only values of confidence ≥ 0.85 are ranked", "to be checked: period not stated"),
    ):
        chart = charts.ranking(panel, language)
        texts = " ".join(
            text.get_text().replace("\n", " ") for text in chart.figure.findobj() if hasattr(text, "get_text")
        )
        assert line in chart.source and reason in texts.replace("  ", " ")
        dots = [dot for dot in chart.figure.axes[0].lines if dot.get_marker() == "o"]
        hollow = [dot for dot in dots if dot.get_markerfacecolor() != dot.get_color()]
        assert [float(dot.get_xdata()[0]) for dot in hollow] == [25.0]


def test_change_between_years_and_lines_leave_doubt_out():
    before = [
        row | {"period": ["2023-01-01", "2023-12-31"], "report": row["city"] + "23"} for row in with_doubt("商洛市")
    ]
    facts = facts_of([*with_doubt("佛山市"), *before])
    slope = worded.slope(facts, "air.pm25", (2023, 2024)).set_index("city")
    assert slope["comparable"].sum() == 3
    assert slope.loc["佛山市", "why_not"] == "2024年：待核：期间未写明，按全年推断"
    assert slope.loc["商洛市", "unsure"] == "period_assumed"
    series = worded.series(facts, "air.pm25").set_index(["city", "year"])
    assert not series.loc[("佛山市", 2024), "comparable"] and series.loc[("佛山市", 2023), "comparable"]
    assert len(worded.slope(facts, "air.pm25", (2023, 2024), sure=0.5).query("comparable")) == 5


def test_scores_medians_and_funnels_leave_doubt_out():
    wide = [
        row | (DOUBT if (row["city"], metric) == ("商洛市", "air.o3") else {})
        for metric, unit in (("air.pm25", "ug/m3"), ("air.o3", "ug/m3"), ("air.pm10", "ug/m3"))
        for row in metric_rows(metric, unit, {city: value + len(metric) for city, value in CITIES.items()})
    ]
    facts = facts_of(wide)
    card = worded.scorecard(facts, 2024, metrics=["air.pm25", "air.o3", "air.pm10"]).set_index("place")
    assert pd.isna(card.loc["商洛市", "rank_equal"]) and "待核" in card.loc["商洛市", "why_not"]
    profile = worded.profile(facts, "云浮市", 2024).set_index("metric")
    assert profile.loc["air.o3", "peers"] == 3 and profile.loc["air.pm25", "peers"] == 4
    assert worded.profile(facts, "商洛市", 2024).set_index("metric").loc["air.o3", "state"] == "unsure"
    fines = [
        {"city": "云浮市", "metric": "enforcement.fines", "unit": "CNY", "value": 1000},
        {"city": "云浮市", "metric": "enforcement.penalties", "unit": "case", "unit_text": "件", "value": 10} | DOUBT,
    ]
    per_case = worded.funnel(facts_of(fines), 2024).set_index("metric").loc["enforcement.fine_per_penalty"]
    assert (per_case["value"], per_case["reason"], per_case["comparable"]) == (100, "doubt", False)
    fines[1] |= {"period": ["2024-01-01", "2024-06-30"]}
    per_case = worded.funnel(facts_of(fines), 2024).set_index("metric").loc["enforcement.fine_per_penalty"]
    assert pd.isna(per_case["value"]) and per_case["reason"] == "unsure"


def test_promises_are_not_judged_by_what_is_in_doubt():
    plan = {"city": "云浮市", **PM25, "status": "planned", "bound": "<=", "value": 21, "report": "plan"}
    rows = [plan, {"city": "云浮市", **PM25, "value": 20, "report": "result"}]
    for at, outcome in ((None, "met"), (0, "unsure"), (1, "unsure")):
        facts = facts_of([row | (DOUBT if at == number else {}) for number, row in enumerate(rows)])
        table = worded.targets(facts, 2024)
        assert table["outcome"].tolist() == [outcome]
        assert (table["why"].iloc[0] == "待核：期间未写明，按全年推断") == (outcome == "unsure")
        assert charts.targets(table, 2024) is not None
    assert "待核1" in "".join(said_of(comparing.target_finding(table, 2024))).replace(" ", "")


def test_a_figure_in_doubt_is_neither_reported_nor_silence():
    facts = facts_of([*with_doubt("云浮市"), *metric_rows("air.pm10", "ug/m3", CITIES)])
    reports = reports_of(facts)
    states = comparing.states(facts, reports, year=2024).set_index(["metric", "place"])["state"]
    assert states["air.pm25", "云浮市"] == "unsure" and states["air.pm25", "赣州市"] == "reported"
    silence = worded.silence(facts, reports, [2024]).set_index(["metric", "place"])
    assert silence.loc[("air.pm25", "云浮市"), ["state", "why"]].tolist() == ["unsure", "期间未写明，按全年推断"]
    assert silence.loc[("air.o3", "云浮市"), "state"] == "silent"


def test_tasks_in_doubt_give_no_share():
    tasks = [("inspection.central_tasks", 240), ("inspection.central_tasks_done", 239)]
    rows = [{"city": "云浮市", "metric": metric, "unit": "task", "value": value} for metric, value in tasks]
    facts = facts_of([rows[0], rows[1] | DOUBT])
    (row,) = worded.progress(facts, 2024).to_dict("records")
    assert pd.isna(row["share"]) and row["reason"] == "unsure" and row["why_not"].startswith("待核：期间未写明")
    (row,) = worded.progress(facts, 2024, sure=0.5).to_dict("records")
    assert row["share"] == 99.6


def test_an_export_says_how_sure_each_value_is():
    facts = facts_of(with_doubt("商洛市"))
    values = export.long(facts, reports_of(facts)).set_index("place")
    assert values.loc["商洛市", ["confidence", "reason", "comparable"]].tolist() == [0.6, "doubt", False]
    assert values.loc["云浮市", "confidence"] == 1.0


# A provincial bulletin tells of many cities.
def test_checks_hold_only_what_is_sure(project):
    (project / "data" / "raw" / "a.txt").write_text(
        "云浮市生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度22微克/立方米。\n", encoding="utf-8"
    )
    (project / "data" / "raw" / "b.txt").write_text(
        "云浮市生态环境局2024年工作总结\n2024年，全市PM2.5平均浓度25微克/立方米。\n", encoding="utf-8"
    )
    assert "contradiction" in set(tables.gather().problems["code"])
    reading = extracting.tables

    def unsurely(report, *told):
        facts, quantities = reading(report, *told)
        return facts.assign(confidence=0.5 if report.report == "b" else 1.0), quantities

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extracting, "tables", unsurely)
        assert "contradiction" not in set(tables.gather().problems["code"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"confidence": 1.2}, "column confidence, row 0 .*: 1.2 is not from 0 to 1"),
        ({"confidence": float("nan")}, "column confidence, row 0 .*: nan is not from 0 to 1"),
        ({"doubt": "because"}, "column doubt, row 0 .*: 'because' is not one of period_assumed"),
        ({"level": "town"}, "column level, row 0 .*: 'town' is not one of nation, province, city, county"),
        ({"metric_from": "guess"}, "column metric_from, row 0 .*: 'guess' is not one of own_clause"),
    ],
)
def test_the_schema_refuses_what_cannot_be(change: dict, said: str):
    row = facts_of([{"city": "云浮市", **PM25, "value": 20}]).assign(**change)
    with pytest.raises(TableError, match=said):
        conform(row, "facts")


def test_the_new_columns_stand_where_the_schema_says():
    names = [column.name for column in TABLES["facts"]]
    at = names.index("adcode")
    assert names[at + 1 : at + 5] == ["about_city", "about_district", "about_adcode", "level"]
    assert names[names.index("rule") + 1 :] == [
        "metric_from",
        "scope_from",
        "period_from",
        "confidence",
        "doubt",
        "runner_up",
    ]


def test_facts_of_an_earlier_version_are_refused_with_what_to_do():
    facts = facts_of(with_doubt())
    check_facts(facts)
    for name in ("confidence", "about_city"):
        with pytest.raises(RequestError, match=f"no column '{name}'.*run `ecoanalysis parse` again"):
            worded.panel(facts.drop(columns=name), "air.pm25", 2024)


def test_every_doubt_has_a_sentence_in_both_languages():
    assert {"period_assumed", "scope_assumed", "other", "report_place_unsure", "report_year_unsure"} <= set(
        doubts.doubts()
    )
    whole = tuple(dict(row) for row in knowledge("doubts.csv"))
    for broken, said in (
        ([{**whole[0], "en": ""}, *whole[1:]], "no sentence in en"),
        ([*whole, whole[0]], "stands there twice"),
        ([row for row in whole if row["code"] != "other"], "has no other"),
    ):
        with pytest.raises(CatalogueError, match=said):
            doubts.checked(tuple(broken))
    with pytest.raises(CatalogueError, match=r"no doubt 'period' in doubts.csv. Nearest: period_"):
        doubts.doubt_text("period")


@pytest.mark.parametrize(
    ("text", "metric", "never"),
    [
        ("2024年，全市Ⅰ、Ⅱ、Ⅲ类水质断面比例分别为5%、60%、25%。", "water.sections_grade3_rate", {5, 60}),
        ("2024年，全市GDP增速、优良天数比例分别为5.6%、88.2%。", "air.good_days_rate", {5.6}),
    ],
)
def test_of_values_that_one_list_gives_the_same_none_is_sure(text: str, metric: str, never: set[float]):
    facts = extracting.extract(read_text(text, year=2024, city="某市"))
    told = facts[(facts.metric == metric) & (facts.confidence >= 0.9)]
    assert never.isdisjoint(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "2024年，目标任务：全市优良天数比例86%，PM2.5浓度32微克/立方米。",
        "绩效目标：检查企业800家次，立案100件，优良率85%。",
        "2024年工作要点：全市优良率达86%，PM2.5浓度32微克/立方米。",
        "预计2024年全市PM2.5浓度31微克/立方米，优良天数315天。",
        "《攻坚方案》明确，全市PM2.5平均浓度32微克/立方米。",
        "2024年省下达目标：优良天数比例86%，重污染天数3天。",
        "全市日均受理投诉36件，月均检查企业326家次。",
        "全市年均立案126件。近五年平均优良天数比例86.2%。",
        "国家标准：PM2.5年均值35微克/立方米、PM10年均值70微克/立方米。",
        "全市优良天数最少的区为286天。",
        "若剔除沙尘天气影响，全市优良率为88.2%。",
        "督察进驻期间，我市责令整改98家，立案处罚23家，罚款120万元。",
    ],
)
def test_what_its_words_make_a_plan_a_mean_a_limit_or_a_part_is_no_sure_result(text: str):
    facts = extracting.extract(read_text(text, year=2024, city="某市"))
    assert len(facts) and not ((facts.status == "reported") & (facts.confidence >= 0.9)).any()
