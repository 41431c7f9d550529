"""The scorecard: arithmetic by hand and beside pymcdm, what is refused and why, and the artists of its chart."""

import random

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from pymcdm import normalizations
from pymcdm.methods import TOPSIS
from pymcdm.weights import entropy_weights as reference_weights
from rows import FULL, facts_of, metric_rows, reports_of, said_of
from test_charts import beyond, overlapping, texts

from ecoanalysis import charts, comparing
from ecoanalysis.charts.chart import areas
from ecoanalysis.charts.style import MAIN
from ecoanalysis.comparing.multicriteria import choose, entropy_weights, rank_range, ranks, topsis
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.wording import tables
from ecoanalysis.wording.names import scope_and_period
from ecoanalysis.wording.sentences import reasons

pytestmark = pytest.mark.filterwarnings("ignore:Alternatives with indices")  # pymcdm on who is best or worst in all
HALF = ["2024-01-01", "2024-06-30"]
PM25 = {"赣州市": 20, "云浮市": 30, "佛山市": 40, "海口市": 25}
GOOD = {"赣州市": 90, "云浮市": 95, "佛山市": 80, "海口市": 99}


def facts_of_air(pm25=PM25, good=GOOD, more=()):
    air = metric_rows("air.pm25", "ug/m3", pm25) + metric_rows("air.good_days_rate", "%", good)
    return facts_of([*air, *more])


def card_of(facts, **more):
    return tables.scorecard(facts, 2024, reports_of(facts), **more)


def weights_of(card):
    return {row["metric"]: row for row in card.attrs["weights"]}


def test_topsis_of_three_by_two_worked_out_by_hand():
    # First column 3, 4, 0 has length 5; second 0, 6, 8 has length 10. Half weights: 0.3, 0.4, 0 and 0, 0.3, 0.4.
    # The first is better low, the second high: the best is (0, 0.4), the worst (0.4, 0).
    matrix = np.array([[3.0, 0.0], [4.0, 6.0], [0.0, 8.0]])
    found = topsis(matrix, np.array([0.5, 0.5]), np.array([False, True]))
    # Distances to best and worst: 0.5 and 0.1; sqrt(0.17) and 0.3; 0 and more.
    assert found == pytest.approx([0.1 / 0.6, 0.3 / (0.3 + 0.17**0.5), 1.0])
    assert ranks(found).tolist() == [3, 2, 1]
    # Alone, the first column gives 3, 4, 0 the ranks 2, 3, 1, the second 3, 2, 1.
    best, worst = rank_range(matrix, np.array([False, True]))
    assert (
        (best.tolist()[2], worst.tolist()[2]) == (1, 1) and best.tolist()[:2] == [2, 2] and worst.tolist()[:2] == [3, 3]
    )


def test_entropy_weights_worked_out_by_hand():
    # Shares 1/4 and 3/4: entropy 0.811278 of one bit; shares 0 and 1: none; equal shares: all of it.
    weights = entropy_weights(np.array([[1.0, 0.0, 7.0], [3.0, 5.0, 7.0]]))
    assert weights == pytest.approx([0.188722 / 1.188722, 1 / 1.188722, 0.0], abs=1e-6)
    assert entropy_weights(np.full((3, 2), 100.0)).tolist() == [0, 0]
    with pytest.raises(RequestError, match="no negative number"):
        entropy_weights(np.array([[1.0], [-1.0]]))


@pytest.mark.parametrize("seed", range(5))
def test_scores_and_weights_are_those_of_pymcdm(seed):
    chance = np.random.default_rng(seed)
    matrix = chance.uniform(1, 100, (3 + 3 * seed, 2 + seed))
    higher = chance.random(matrix.shape[1]) > 0.5
    weights = entropy_weights(matrix)
    assert weights == pytest.approx(reference_weights(matrix))
    method = TOPSIS(normalizations.vector_normalization)
    for some in (weights, np.full(len(weights), 1 / len(weights))):
        expected = method(matrix, some, np.where(higher, 1, -1))
        assert topsis(matrix, some, higher) == pytest.approx(expected)


def test_a_card_is_topsis_over_the_comparable_values():
    card = card_of(facts_of_air())
    scored = card.set_index("city")
    matrix = np.array([[PM25[city], GOOD[city]] for city in scored.index], dtype=float)
    method, types = TOPSIS(normalizations.vector_normalization), np.array([-1, 1])
    assert scored["score_equal"].tolist() == pytest.approx(method(matrix, np.array([0.5, 0.5]), types).tolist())
    by_entropy = method(matrix, reference_weights(matrix), types)
    assert scored["score_entropy"].tolist() == pytest.approx(by_entropy.tolist())
    # PM2.5 alone puts 赣州 first and 海口 second, the good days 海口 first and 赣州 third.
    assert scored.loc["赣州市", ["rank_best", "rank_worst"]].tolist() == [1, 3]
    assert scored.loc["海口市", ["rank_best", "rank_worst"]].tolist() == [1, 2]
    assert scored.loc["佛山市", ["rank_equal", "rank_best", "rank_worst"]].tolist() == [4, 4, 4]
    assert weights_of(card)["air.pm25"]["weight_entropy"] + weights_of(card)["air.good_days_rate"][
        "weight_entropy"
    ] == pytest.approx(1)


def test_rows_in_any_order_make_the_same_card():
    facts = facts_of_air(more=metric_rows("air.o3", "ug/m3", {"赣州市": 130, "云浮市": 140, "佛山市": 160}))
    first = card_of(facts)
    for seed in range(3):
        mixed = facts.sample(frac=1, random_state=random.Random(seed).randint(0, 99))
        again = card_of(mixed)
        pd.testing.assert_frame_equal(first, again)
        assert first.attrs["weights"] == again.attrs["weights"]


def test_what_is_withheld_bound_or_of_another_scope_never_enters():
    more = [
        *metric_rows("air.pm25", "ug/m3", {"商洛市": 1}, period=HALF),
        *metric_rows("air.good_days_rate", "%", {"商洛市": 100, "惠州市": 100}),
        *metric_rows("air.pm25", "ug/m3", {"惠州市": 1}, bound="<"),
        *metric_rows("air.pm25", "ug/m3", {"安康市": float("nan")}),
        *metric_rows("air.good_days_rate", "%", {"安康市": 100}),
    ]
    card = card_of(facts_of_air(more=more)).set_index("city")
    plain = card_of(facts_of_air()).set_index("city")
    scores = ["score_entropy", "score_equal", "rank_best", "rank_worst"]
    pd.testing.assert_frame_equal(card.loc[plain.index, scores], plain[scores])
    assert card.loc["商洛市", "why_not"] == "PM2.5：上半年（非全年）"
    assert card.loc["商洛市", "why_not_en"] == "PM2.5: first half (not full year)"
    assert card.loc["惠州市", "why_not"].startswith("PM2.5：只给出界限")
    assert card.loc["安康市", "why_not"] == "PM2.5：未公开"
    assert card.loc[["商洛市", "惠州市", "安康市"], "rank_equal"].isna().all()


def test_a_saturated_indicator_is_said_and_weighs_nothing():
    full = dict.fromkeys(PM25, 100.0)
    more = metric_rows("water.source_compliance_rate", "%", full)
    card = card_of(facts_of_air(more=more))
    row = weights_of(card)["water.source_compliance_rate"]
    assert (row["saturated"], row["weight_entropy"], row["on_card"]) == ("all", 0, False)
    assert reasons(row["left_out"]) == "4个城市都是100%，不区分任何城市"
    pd.testing.assert_series_equal(card["score_equal"], card_of(facts_of_air())["score_equal"])
    assert "饱和" in said_of(comparing.scorecard_finding(card))[-1]
    nearly = metric_rows("water.source_compliance_rate", "%", full | {"云浮市": 90.0})
    assert weights_of(card_of(facts_of_air(more=nearly)))["water.source_compliance_rate"]["saturated"] == "near"


def test_missing_values_are_refused_past_the_stated_share():
    # Of eight cities, four state both: 4 of 16 cells are missing.
    pm25 = PM25 | {"太原市": 40, "大同市": 41}
    good = GOOD | {"无锡市": 80, "徐州市": 70}
    card = card_of(facts_of_air(pm25, good))
    assert card.attrs["card"]["missing"] == 0.25 and card["rank_equal"].notna().sum() == 4
    assert card.set_index("city").loc["太原市", "why_not"] == "优良天数比例：未公布"
    strict = card_of(facts_of_air(pm25, good), most_missing=0.2)
    assert strict["rank_equal"].isna().all() and strict.attrs["card"]["refusal"] == "missing"
    assert strict["why_not"].iloc[0] == "任何一组指标的缺值都在25%以上（上限20%），不评分"
    assert said_of(comparing.scorecard_finding(strict))[1].startswith("没有评分：")
    with pytest.raises(RequestError, match="most_missing=1 is no share"):
        card_of(facts_of_air(), most_missing=1)


@pytest.mark.parametrize(
    ("pm25", "good", "refusal"),
    [
        ({"赣州市": 20, "云浮市": 30}, {"赣州市": 90, "云浮市": 80}, "few"),
        ({"赣州市": 20, "云浮市": 30, "佛山市": 25}, {}, "few"),
        ({"赣州市": 20, "云浮市": 30, "佛山市": 25}, {"赣州市": 90, "海口市": 80, "无锡市": 70}, "apart"),
    ],
)
def test_fewer_than_three_cities_or_two_indicators_are_no_card(pm25, good, refusal):
    card = card_of(facts_of_air(pm25, good))
    assert card.attrs["card"]["refusal"] == refusal
    assert card["score_equal"].isna().all() and card["why_not"].str.contains("不评分").all()
    for language in ("zh", "en"):
        chart = charts.scorecard(card, language)
        assert chart.kind == "nothing" and said_of(comparing.scorecard_finding(card), language)[1] in chart.text


def test_the_choice_keeps_most_and_ties_go_to_more_cities():
    nan = float("nan")
    wide = pd.DataFrame(
        {"a": [1, 2, 3, 4, 5, 6], "b": [6, 5, 4, 3, 2, 1], "c": [1, 2, 9, 4, nan, nan]}, index=list("uvwxyz")
    )
    # Two columns of six rows are as much as three of four: the six rows win.
    assert choose(wide, 0.5).indicators == ["a", "b"] and len(choose(wide, 0.5).cities) == 6
    wide.loc["y", "c"] = 3
    assert choose(wide, 0.5).indicators == ["a", "b", "c"]
    wide["c"] = [7, 7, 7, 7, 7, nan]  # level in the rows that are complete
    assert choose(wide, 0.5).indicators == ["a", "b"]


def test_indicators_have_a_direction_and_a_source():
    known = catalogue.metrics()
    for row in rows("scorecard.csv"):
        assert known[row["metric"]].better in ("higher", "lower"), row["metric"]
        assert all(row[name] for name in ("zh", "en", "why_zh", "why_en", "source"))
        assert not row["metric"].startswith(("enforcement.", "inspection.", "party."))
    with pytest.raises(RequestError, match=r"enforcement\.penalties has no good direction"):
        card_of(facts_of_air(), metrics=["air.pm25", "enforcement.penalties"])
    with pytest.raises(RequestError, match=r"No metric named 'air\.pm2'"):
        card_of(facts_of_air(), metrics=["air.pm25", "air.pm2"])


def test_indicators_of_several_scopes_name_theirs():
    core = metric_rows(
        "air.o3", "ug/m3", {"赣州市": 130, "云浮市": 140, "佛山市": 160, "海口市": 120}, scope="中心城区"
    )
    card = card_of(facts_of_air(more=core))
    row = weights_of(card)["air.o3"]
    assert row["on_card"] and [scope_and_period(row["terms"][0], language) for language in ("zh", "en")] == [
        "中心城区，全年",
        "urban core, full year",
    ]
    chinese, english = (" ".join(said_of(comparing.scorecard_finding(card), language)) for language in ("zh", "en"))
    assert "范围不尽相同：PM2.5为全市，全年；" in chinese and "为中心城区，全年。" in chinese
    assert "not of one population: PM2.5: whole city, full year; " in english
    assert "not of one population" not in " ".join(said_of(comparing.scorecard_finding(card_of(facts_of_air())), "en"))
    for language, said in (("zh", "中心城区，全年"), ("en", "urban core, full year")):
        chart = charts.scorecard(card, language)
        assert said in " ".join(" ".join(texts(chart)).split()) and not overlapping(chart) and not beyond(chart)


def test_an_indicator_of_half_a_year_is_refused():
    half = metric_rows("air.o3", "ug/m3", {"赣州市": 130, "云浮市": 140, "佛山市": 160, "海口市": 120}, period=HALF)
    card = card_of(facts_of_air(more=half))
    row = weights_of(card)["air.o3"]
    assert not row["on_card"] and reasons(row["left_out"]) == "可比的数值只是一年的一部分（全市，上半年）"
    assert reasons(row["left_out"], "en") == "comparable values are of a part of the year (whole city, first half)"
    pd.testing.assert_series_equal(card["score_equal"], card_of(facts_of_air())["score_equal"])


def test_the_finding_says_first_how_little_is_known():
    chinese = said_of(comparing.scorecard_finding(card_of(facts_of_air())))
    assert chinese[0].startswith("2024年的评分所知甚少：4个地方中4个可评，11项备选指标中用了2项，")
    assert "只有18%" in chinese[0]  # 8 of 44 cells
    assert "只有4个城市时，熵权主要反映偶然差异" in chinese[2]
    english = said_of(comparing.scorecard_finding(card_of(facts_of_air())), "en")
    assert english[0].startswith("The scorecard of 2024 knows little: 4 of 4 places and 2 of 11 indicators")
    assert 3 <= len(chinese) == len(english) <= 5


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chart_shows_ranks_values_and_who_is_left_out(language):
    more = metric_rows("air.pm25", "ug/m3", {"商洛市": 15}, period=HALF, scope="中心城区")
    card = card_of(facts_of_air(more=more))
    chart = charts.scorecard(card, language)
    ranked = chart.figure.axes[0]
    dots = [line for line in ranked.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == [1, 2, 3, 4]
    assert {to_hex(dot.get_markerfacecolor()) for dot in dots} == {MAIN}
    assert len([line for line in ranked.lines if line.get_marker() == "D"]) == 4
    written = " ".join(texts(chart))
    names = ("商洛", "中心城区（非全市）") if language == "zh" else ("Shangluo", "urban core (not whole city)")
    assert all(name in written for name in names)
    assert {"20", "30", "99"} <= set(texts(chart)) and len(areas(chart.figure)) == 8
    assert not overlapping(chart) and not beyond(chart)


@pytest.mark.parametrize("count", [3, 40])
def test_a_chart_of_few_or_many_cities_has_no_texts_in_each_others_way(count):
    names = list(dict.fromkeys(row["city"] for row in rows("places.csv") if row["city"].endswith("市")))[4 : 4 + count]
    chance = random.Random(count)
    made = [
        fact
        for metric, unit in (("air.pm25", "ug/m3"), ("air.good_days_rate", "%"), ("air.o3", "ug/m3"))
        for fact in metric_rows(metric, unit, {city: chance.randint(20, 99) for city in names}, period=FULL)
    ]
    card = card_of(facts_of(made))
    for language in ("zh", "en"):
        chart = charts.scorecard(card, language)
        assert not overlapping(chart) and not beyond(chart)
