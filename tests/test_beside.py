"""Party-building activity beside outcomes: side by side, and a rank correlation only where there are cities enough."""

import itertools
import math

import pandas as pd
import pytest
from rows import facts_of, metric_rows, reports_of
from test_charts import MANY, beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.comparing.beside import spearman
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording import tables
from ecoanalysis.wording.sentences import sentences

HALF = ["2024-01-01", "2024-06-30"]


def rows_of(count, half=()):
    rows = []
    for at, city in enumerate(MANY[:count]):
        rows += metric_rows("party.theme_party_days", "time", {city: 3 + at * 7 % 12}, unit_text="次")
        rows += metric_rows("air.pm25", "ug/m3", {city: 20 + at * 5 % 13}, **({"period": HALF} if at in half else {}))
    return rows


def beside_of(rows):
    facts = facts_of(rows)
    return tables.beside(facts, 2024, reports_of(facts))


def test_only_cities_that_count_an_activity_stand_there_with_their_outcomes():
    extra = metric_rows("air.pm25", "ug/m3", {"商洛市": 20})
    extra += [
        {
            "city": "惠州市",
            "district": "大亚湾经济技术开发区",
            "metric": "party.theme_party_days",
            "unit": "time",
            "value": 9,
        }
    ]
    table = beside_of([*rows_of(3), *extra])
    assert set(table["city"]) == set(MANY[:3]) and set(table["side"]) == {"activity", "outcome"}
    value = table[(table["metric"] == "air.pm25")].set_index("city")["value"]
    assert value[MANY[1]] == 25


@pytest.mark.parametrize(
    ("count", "half", "told"), [(9, (), False), (10, (), True), (10, (3,), False), (12, (3,), True)]
)
def test_no_correlation_of_fewer_than_ten_comparable_cities(count, half, told):
    table = beside_of(rows_of(count, half))
    row = comparing.association(table).set_index("metric").loc["air.pm25"]
    assert row["n"] == count - len(half) and math.isnan(row["rho"]) != told
    said = sentences(comparing.beside_finding(table, 2024))
    assert ("等级相关系数" in said) == told and ("不足10个，只并列，不算相关" in said) != told
    assert not told or "相关不是因果" in said


def test_spearman_has_ties_at_their_mean_rank():
    # Ranks 1.5 1.5 3 4 against 1 2 3 4: their Pearson correlation is 4.5 / sqrt(4.5 * 5).
    rho, low, high = spearman(pd.Series([1, 1, 2, 3]), pd.Series([1, 2, 3, 4]))
    assert rho == pytest.approx(4.5 / math.sqrt(22.5)) and low < rho < high


def test_an_indicator_that_does_not_vary_correlates_with_nothing():
    rows = [row | ({"value": 20} if row["metric"] == "air.pm25" else {}) for row in rows_of(12)]
    assert comparing.association(beside_of(rows))["rho"].isna().all()


def test_panes_share_rows_hollow_outcomes_say_why_and_numbers_lead_to_facts():
    table = beside_of(rows_of(4, half=(2,)))
    chart = charts.beside(table, 2024)
    written = "".join(texts(chart)).replace("\n", "")
    assert "主题党日活动次数 3次" in written and "上半年（非全年）：无锡" in written
    marks = {text.get_gid() for text in chart.figure.axes[0].texts}
    wanted = table[table["value"].notna()].to_dict("records")
    assert {f"fact-{anchor_of(row)}" for row in wanted} <= marks


@pytest.mark.parametrize(("language", "width"), list(itertools.product(("zh", "en"), (156.0, 75.0))))
def test_nothing_meets(language, width):
    rows = rows_of(5, half=(2,)) + metric_rows("air.good_days_rate", "%", {MANY[0]: 98, MANY[3]: 77.5})
    rows += metric_rows("party.integrity_talks", "time", {MANY[0]: 120}, unit_text="人次")
    chart = charts.beside(beside_of(rows), 2024, language, width)
    assert not overlapping(chart) and not beyond(chart)
    assert language == "zh" or not any("一" <= letter <= "鿿" for text in texts(chart) for letter in text)


def test_without_activities_a_sentence_stands_there():
    table = beside_of(metric_rows("air.pm25", "ug/m3", {"商洛市": 20}))
    assert table.empty and "没有城市写出党建活动的次数" in charts.beside(table, 2024).text
