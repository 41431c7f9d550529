"""Figures and slogans, party and operations, modals, superlatives: small texts counted by hand."""

import pandas as pd
import pytest

from ecoanalysis.extracting import quantities as extract_quantities
from ecoanalysis.language import density, gather, modality, superlatives, together, together_sentences
from ecoanalysis.language.corpus import Corpus
from ecoanalysis.wording.word_tables import note

COLUMNS = ["report", "start", "end", "kind", "value"]


def corpus_of(text: str, planned_from: int | None = None) -> Corpus:
    sections = None
    if planned_from is not None:
        about = {"report": "a", "heading": "", "level": 1, "domain": ""}
        sections = pd.DataFrame(
            [
                about | {"section": 0, "start": 0, "end": planned_from, "planned": False},
                about | {"section": 1, "start": planned_from, "end": len(text), "planned": True},
            ]
        )
    return gather(pd.DataFrame({"report": ["a"], "text": [text]}), sections=sections)


def quantities_of(text: str) -> pd.DataFrame:
    from ecoanalysis.extracting.quantities import find

    return pd.DataFrame([("a", one.start, one.end, one.kind, one.value) for one in find(text)], columns=COLUMNS)


def test_only_what_can_be_verified_is_a_quantity():
    # 36宗 and 97.5% count; the year, the name 三线一单 and the withheld value do not; slogans: 久久为功, 真抓实干
    text = "2024年查处36宗，优良率97.5%。落实三线一单，罚款**万元。久久为功，真抓实干。"
    found = density(corpus_of(text), quantities_of(text)).iloc[0]
    assert (found["quantities"], found["slogans"], found["characters"]) == (2, 2, len(text))
    assert found["quantities_per_1000"] == pytest.approx(2 / len(text) * 1000)
    assert found["quantities_per_slogan"] == 1


def test_density_has_intervals_over_sentences():
    text = "查处36宗。久久为功。会议召开。" * 5
    found = density(corpus_of(text), quantities_of(text)).iloc[0]
    assert found["quantities_low"] < found["quantities_per_1000"] < found["quantities_high"]
    assert found["slogans_low"] < found["slogans_per_1000"] < found["slogans_high"]


def test_a_report_without_slogans_has_no_ratio():
    text = "查处36宗。"
    assert pd.isna(density(corpus_of(text), quantities_of(text))["quantities_per_slogan"].iloc[0])


TEXT = "党支部开展入河排污口排查。党员大会召开。水质好。纪委约谈排污单位，整改到位。会议结束。"


def test_party_and_operations_in_one_sentence():
    corpus = corpus_of(TEXT)
    row = together(corpus).iloc[0]
    # party words in sentences 1, 2 and 4; operations in 1, 3 and 4
    assert (row["count"], row["party"], row["sentences"], row["share"]) == (2, 3, 5, 0.4)
    assert 0 <= row["low"] < 0.4 < row["high"] <= 1
    found = together_sentences(corpus)
    assert found["quote"].tolist() == ["党支部开展入河排污口排查。", "纪委约谈排污单位，整改到位。"]
    assert all(TEXT[row.start : row.end] == row.quote for row in found.itertuples())


def test_offsets_are_those_of_each_report():
    some = pd.DataFrame({"report": ["b", "a"], "text": [TEXT, "会议召开。" + TEXT]})
    found = together_sentences(gather(some))
    named = dict(zip(some["report"], some["text"], strict=True))
    assert found["report"].tolist() == ["a", "a", "b", "b"]
    assert all(named[row.report][row.start : row.end] == row.quote for row in found.itertuples())


def test_modals_by_strength_and_in_plans():
    done, plans = "确保水质达标，优良率97%以上。", "力争PM2.5降到25左右，确保不反弹。"
    found = modality(corpus_of(done + plans, len(done)))
    rows = {row["modal"]: (row["strength"], row["count"], row["planned"]) for row in found.to_dict("records")}
    assert rows == {"确保": ("hard", 2, 1), "以上": ("hard", 1, 0), "力争": ("soft", 1, 1), "左右": ("soft", 1, 1)}
    assert found["modal"].tolist()[0] == "确保"
    assert found["per_1000"].iloc[0] == pytest.approx(2 / len(done + plans) * 1000)


# What the list writes, and where it is a modal of a target; the others only look like one.
MODALS = [
    ("优良率达到97%以上。", ["以上"]),
    ("罚款10万元以下。", ["以下"]),
    ("三个月以内完成。", ["以内"]),
    ("PM2.5浓度控制在25微克/立方米左右。", ["控制在", "左右"]),
    ("优良率不低于90%，天数不少于330天。", ["不低于", "不少于"]),
    ("PM2.5浓度不高于 30微克/立方米。", ["不高于"]),
    ("关停20蒸吨/小时以下锅炉。", ["以下"]),
    ("县级及以上水源地达标。", []),
    ("省控以上断面达标。", []),
    ("左右岸同治，上下游协同。", []),
    ("以上报告，请予审议。", []),
    ("浓度为25微克。以上报告请审议。", []),
    ("Ⅲ类及以上水体。", []),
    ("不低于去年水平。", []),
    ("练好基本功，掌握基本情况。", []),
    ("争取资金3亿元。", []),
    ("突出问题解决不力。", []),
    ("共同努力。", []),
    ("基本消除重污染天气，争取完成任务，努力改善空气。", ["基本消除", "争取", "努力"]),
]


@pytest.mark.parametrize(("text", "modals"), MODALS)
def test_a_word_is_a_modal_only_beside_what_makes_it_one(text: str, modals: list[str]):
    assert sorted(modality(corpus_of(text))["modal"]) == sorted(modals)


def test_a_modal_inside_a_longer_listed_word_is_none():
    assert modality(corpus_of("上下联动，齐抓共管。")).empty


SUPERLATIVE = [
    ("空气质量全省第一。", False),  # the rank is the superlative itself
    ("优良率97.5%，全省第一。", True),
    ("全省首创，走在全国前列。", False),
    ("在全省率先建成3座监测站。", True),
    ("连续四年全省第一，两项工作排名第一。", False),
    ("在全省率先建成1座监测站。", False),
    ("水质全省最好，达到Ⅱ类。", False),
    ("两年来，罚款30万元，全省首例。", True),
    ("2024年全国首个。", False),  # a year is no quantity
]


@pytest.mark.parametrize(("text", "numbered"), SUPERLATIVE)
def test_superlatives_with_and_without_a_number(text: str, numbered: bool):
    found = superlatives(corpus_of(text), quantities_of(text))
    assert len(found) and set(found["numbered"]) == {numbered}
    assert all(text[row.start : row.end] == row.quote for row in found.itertuples())
    assert set(found["sentence"]) == {text}


def test_a_number_of_another_sentence_backs_nothing():
    text = "优良率97.5%。全省首创。水质全省第一。"
    table = superlatives(corpus_of(text), quantities_of(text))
    assert table["numbered"].tolist() == [False, False]


def test_nothing_of_all_that_is_no_error():
    corpus = corpus_of("会议召开。")
    nothing = pd.DataFrame(columns=COLUMNS)
    assert density(corpus, nothing)[["quantities", "slogans"]].values.tolist() == [[0, 0]]
    assert superlatives(corpus, nothing).empty and modality(corpus).empty and together_sentences(corpus).empty


def test_every_result_says_how_it_was_made():
    corpus, found = corpus_of(TEXT), quantities_of(TEXT)
    for table in (density(corpus, found), together(corpus), modality(corpus), superlatives(corpus, found)):
        assert "计数规则" in note(table) and "Sample: 1 reports" in note(table, "en")


def test_extracted_tables_can_be_given():
    from ecoanalysis.reading import read_text

    report = read_text("2024年，查处36宗，全省第一。", "a")
    table = extract_quantities(report)
    assert density(gather(pd.DataFrame({"report": ["a"], "text": [report.text]})), table)["quantities"].iloc[0] == 2
