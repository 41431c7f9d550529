"""Keyness, collocations and concordance, against published examples and values worked out by hand."""

import math
from itertools import accumulate

import numpy as np
import pandas as pd
import pytest

from ecoanalysis.errors import RequestError
from ecoanalysis.language import Cut, collocations, count, gather, keyness, kwic, split
from ecoanalysis.language.keyness import log_likelihood, log_odds, log_ratio, threshold
from ecoanalysis.wording.word_tables import note


def corpus_of(words):
    """Return a corpus of words that stand with blanks between them."""
    texts = pd.DataFrame({"report": list(words), "text": [text.replace(" ", "") for text in words.values()]})
    tokens = {report: text.split(" ") for report, text in words.items()}
    cuts = {report: Cut(some, [0, *accumulate(map(len, some))][:-1]) for report, some in tokens.items()}
    return gather(texts, cuts=cuts)


# a, b, c, d, G². The first is the example of the course beside Hardie and McEnery's Corpus Linguistics (2012); the
# others by the formula 2 (a ln(a/E1) + b ln(b/E2)) with round expectations: E = 20, 20 and E = 10, 30.
LIKELIHOODS = [
    (52, 57, 50_000, 75_000, 2.65),
    (30, 10, 1000, 1000, 2 * (30 * math.log(1.5) + 10 * math.log(0.5))),
    (0, 40, 1000, 3000, 2 * 40 * math.log(40 / 30)),
    (10, 30, 1000, 3000, 0.0),
]


@pytest.mark.parametrize(("a", "b", "c", "d", "g2"), LIKELIHOODS)
def test_log_likelihood_is_that_of_the_published_calculator(a, b, c, d, g2):
    assert log_likelihood(np.array([float(a)]), np.array([float(b)]), c, d)[0] == pytest.approx(g2, abs=0.005)


@pytest.mark.parametrize(
    ("words", "level", "g2"), [(1, 0.05, 3.8415), (1, 0.01, 6.6349), (1, 0.001, 10.8276), (1, 0.0001, 15.1367)]
)
def test_the_threshold_for_one_word_is_the_quantile_of_chi_square(words, level, g2):
    assert threshold(words, level) == pytest.approx(g2, abs=0.0005)


def test_the_threshold_rises_with_the_words_tested():
    # Šidák: 1 - 0.95^(1/2) = 0.0253 for each of two words, whose quantile is 5.0024 (table of chi-square at 0.0253).
    assert threshold(2) == pytest.approx(5.002, abs=0.005)
    assert threshold(100) < threshold(10_000)


def test_log_ratio_counts_doublings_and_takes_half_for_none():
    ratio, low, high = log_ratio(np.array([8.0, 0.0]), np.array([2.0, 4.0]), 1000, 1000)
    assert ratio.tolist() == [2.0, -3.0]
    spread = math.sqrt(1 / 8 + 1 / 2 - 2 / 1000) / math.log(2)
    assert (low[0], high[0]) == pytest.approx((2 - 1.95996 * spread, 2 + 1.95996 * spread), abs=1e-4)


def test_log_odds_shrink_rare_words_more_than_frequent_ones():
    odds, spread = log_odds(np.array([3.0, 300.0]), np.array([1.0, 100.0]), 10_000, 10_000)
    assert 0 < odds[0] < odds[1] and (odds / spread)[0] < 2 < (odds / spread)[1]


def test_log_odds_by_hand():
    # Two words, 60 of 100 against 20 of 100, prior of 100 words: 40 and 60 of them.
    odds, spread = log_odds(np.array([60.0, 40.0]), np.array([20.0, 80.0]), 100, 100, prior=100)
    assert odds[0] == pytest.approx(math.log(100 / 100) - math.log(60 / 140))
    assert odds[1] == pytest.approx(-odds[0])
    assert spread[0] == pytest.approx(math.sqrt(1 / 100 + 1 / 60))


def test_dispersion_is_0_for_an_even_word_and_1_for_one_that_stands_in_one_part():
    counts = count(corpus_of({"one": "a x", "two": "a y", "other": "z"}))
    table = keyness(counts, ["one", "two"], ["other"], least=1).set_index("word")
    assert table.loc[["a", "x"], "dp_norm"].tolist() == [0, 1]


GRIES = [
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
]


def test_the_dispersion_of_a_table_is_that_of_a_word_alone():
    texts = {f"part{at}": text for at, text in enumerate(GRIES)} | {"other": "a b b b b"}
    counts = count(corpus_of(texts))
    table = keyness(counts, [f"part{at}" for at in range(5)], ["other"]).set_index("word")
    assert table.loc["a", ["target", "reference", "reports"]].tolist() == [15, 1, 5]
    assert table.loc["a", "dp_norm"] == pytest.approx(0.18 / 0.82)
    # "e" is once in every part: half of .02 + 0 + 0 + 0 + .02.
    assert table.loc["e", "dp_norm"] == pytest.approx(0.02 / 0.82)
    assert table.loc["a", "target_rate"] == pytest.approx(15 / 50 * 10_000)


def test_keyness_is_the_same_in_any_order_and_leaves_out_numbers_and_stop_words():
    words = {"甲": "大气 的 22.5 ， 大气 治理", "乙": "的 水 水 的 治理", "丙": "大气 的 的 22.5 水"}
    both = corpus_of(words), corpus_of(dict(reversed(words.items())))
    one, other = (keyness(count(some), ["甲"], ["丙", "乙"], without=["的"], least=1) for some in both)
    pd.testing.assert_frame_equal(one, other)
    assert one["word"].tolist() == ["大气", "治理", "水"]
    assert one["dp_norm"].isna().all()
    assert one.attrs["made"]["target_words"] == 4 and one.attrs["made"]["reference_words"] == 9
    assert one.attrs["made"]["tested"] == 3


def test_characters_within_longer_words_of_the_other_group_are_noted():
    # 党员 stands in the second text only within a longer word, 大气 not at all.
    corpus = corpus_of({"甲": "党员 " * 30 + "大气 " * 30, "乙": "党员干部 " * 3 + "水 " * 60})
    table = keyness(count(corpus), ["甲"], ["乙"]).set_index("word")
    assert table["key"][["党员", "大气"]].all() and (table["reference"][["党员", "大气"]] == 0).all()
    assert table["inside"][["党员", "大气", "水"]].tolist() == [True, False, False]
    assert (table.loc["水", "reports"], table.loc["水", "reference_reports"]) == (0, 1)


def test_groups_must_differ():
    counts = count(corpus_of({"甲": "大气", "乙": "水"}))
    with pytest.raises(RequestError, match="'甲' is in both groups"):
        keyness(counts, ["甲"], ["甲", "乙"])
    with pytest.raises(RequestError, match=r"not counted\. Nearest: 甲"):
        keyness(counts, ["甲甲"], ["乙"])


REPORTS = pd.DataFrame(
    {
        "report": ["a", "b", "c", "d"],
        "city": ["云浮市", "赣州市", "云浮市", ""],
        "district": ["", "", "新兴县", ""],
        "year": pd.array([2023, 2024, 2024, None], dtype="Int64"),
        "genre": ["annual_summary", "party_feature", "", "annual_summary"],
    }
)


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        (("city", "云浮市"), (["a"], ["b"])),
        (("year", 2024, 2023), (["b", "c"], ["a"])),
        (("year", 2024), (["b", "c"], ["a"])),
        (("genre", "party_feature", "annual_summary"), (["b"], ["a", "d"])),
    ],
)
def test_reports_are_split_by_a_column(asked, sides):
    assert split(REPORTS, *asked) == sides


def test_a_split_without_reports_names_those_that_are():
    with pytest.raises(RequestError, match=r"no report whose year is 2022\. Nearest: 2023, 2024"):
        split(REPORTS, "year", 2022)


def test_collocations_in_a_window_by_hand():
    corpus = corpus_of({"a": "打好 蓝天 保卫战 。 水 水 水 。 蓝天 保卫战 水 水", "b": "保卫战 水 水 水"})
    table = collocations(corpus, "蓝天", window=1, least=1).set_index("word")
    # 14 words; near a 蓝天 within its sentence: 打好, 保卫战, 保卫战. 水 follows no 蓝天 at distance 1.
    assert table["together"].to_dict() == {"打好": 1, "保卫战": 2}
    assert table.loc["保卫战", "expected"] == pytest.approx(3 * 3 / 14)
    assert table.loc["保卫战", "pmi"] == pytest.approx(math.log2(2 * 14 / 9))
    assert table.loc["保卫战", "log_dice"] == pytest.approx(14 + math.log2(2 * 2 / (2 + 3)))
    cells = [(2, 9 / 14), (1, 33 / 14), (1, 33 / 14), (10, 121 / 14)]
    assert table.loc["保卫战", "g2"] == pytest.approx(2 * sum(o * math.log(o / e) for o, e in cells))


def test_collocations_by_sentence_count_sentences():
    corpus = corpus_of({"a": "党建 业务 业务 。 党建 融合 。 业务 。", "b": "党建 与 业务"})
    table = collocations(corpus, "党建", window=None, least=1, without=["与"]).set_index("word")
    assert table["together"].to_dict() == {"业务": 2, "融合": 1}
    assert table.attrs["made"]["units"] == 4
    assert table.loc["业务", "expected"] == pytest.approx(3 * 3 / 4)
    with pytest.raises(RequestError, match="Nearest: 党建"):
        collocations(corpus, "党建党")


def test_keyword_in_context_leads_back_to_the_text():
    texts = pd.DataFrame({"report": ["b", "a"], "text": ["标题\n\n打好蓝天保卫战。又见蓝天", "无"]})
    corpus = gather(texts)
    table = kwic(corpus, "蓝天")
    assert [texts["text"][0][start:end] for start, end in zip(table["start"], table["end"], strict=True)] == [
        "蓝天"
    ] * 2
    assert table["line"].tolist() == [3, 3]
    assert table["sentence"].tolist() == ["打好蓝天保卫战。", "又见蓝天"]
    assert table["left"].tolist() == ["标题  打好", "标题  打好蓝天保卫战。又见"]
    assert kwic(corpus, "碧水").empty


@pytest.mark.parametrize("written", ["“四强”党支部", "四强党支部"])
@pytest.mark.parametrize("asked", ["“四强”党支部", "四强党支部", '"四强"党支部'])
def test_quotation_marks_do_not_hide_a_keyword(written, asked):
    text = f"打好蓝天保卫战。推进{written}建设。推进{written}建设。"
    corpus = gather(pd.DataFrame({"report": ["a"], "text": [text]}))
    table = kwic(corpus, asked)
    assert table["keyword"].tolist() == [written] * 2
    assert [text[row.start : row.end] for row in table.itertuples()] == [written] * 2
    assert collocations(corpus, asked, least=1)["word"].tolist() == ["建设", "推进"]


def test_a_keyword_of_nothing_is_refused():
    corpus = gather(pd.DataFrame({"report": ["a"], "text": ["蓝天"]}))
    with pytest.raises(RequestError, match="no keyword"):
        kwic(corpus, " ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_result_says_how_it_was_counted(language):
    corpus = corpus_of({"甲": "大气 治理 大气", "乙": "水 治理 水 水"})
    words = keyness(count(corpus), ["甲"], ["乙"], least=1)
    both = (collocations(corpus, "大气", least=1), collocations(corpus, "大气", window=None, least=1))
    for table in (words, *both, kwic(corpus, "大气")):
        said = note(table, language)
        assert "{" not in said and "jieba 0.42.1" in said
    assert "3" in note(words, language) and "4" in note(words, language)
