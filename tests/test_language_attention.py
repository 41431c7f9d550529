"""Attention, its intervals, and the rules of papers, on small texts counted by hand."""

import numpy as np
import pandas as pd
import pytest

from ecoanalysis.errors import CatalogueError, RequestError
from ecoanalysis.language import attention, bootstrap, gather, index, ranks
from ecoanalysis.language.corpus import hits
from ecoanalysis.language.index import Rule, read_rules, rules
from ecoanalysis.language.words import phrases, theme_words
from ecoanalysis.reading import Report, read_text
from ecoanalysis.tables.parts import _report_row, frame_of
from ecoanalysis.wording.word_tables import note

# 13 characters in two sentences: 大气污染防治 (air, 6) with 大气 and 大气污染 inside; 水质 (water, 2).
NESTED = "大气污染防治有力。水质好。"


def texts(**named: str) -> pd.DataFrame:
    return pd.DataFrame({"report": list(named), "text": list(named.values())})


def of_reports(*reports: Report) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    from dataclasses import asdict

    rows = [{"report": report.report, "text": report.text} for report in reports]
    sections = [{"report": report.report, **asdict(part)} for report in reports for part in report.sections]
    return (
        frame_of("texts", rows),
        frame_of("reports", [_report_row(report) | {"path": "x", "sha256": "x"} for report in reports]),
        frame_of("sections", sections),
    )


def cell(table: pd.DataFrame, theme: str, unit: str, nested: str, report: str = "a") -> tuple[int, int]:
    keys = {"report": report, "theme": theme, "unit": unit, "nested": nested}
    row = table[np.logical_and.reduce([table[key] == value for key, value in keys.items()])]
    assert len(row) == 1
    return int(row["count"].iloc[0]), int(row["of"].iloc[0])


BY_HAND = [
    # 大气污染防治 alone; or with 大气 and 大气污染 in it: 6 + 2 + 4
    ("air", "characters", "longest", (6, 13)),
    ("air", "characters", "each", (12, 13)),
    # the words are 大气污染防治, 有力, 水质, 好
    ("air", "tokens", "longest", (1, 4)),
    ("air", "tokens", "each", (3, 4)),
    ("air", "sentences", "longest", (1, 2)),
    ("air", "sentences", "each", (1, 2)),
    ("air", "sections", "longest", (1, 1)),
    ("water", "characters", "each", (2, 13)),
    ("water", "tokens", "longest", (1, 4)),
    ("noise", "characters", "longest", (0, 13)),
    ("noise", "sections", "each", (0, 1)),
]


@pytest.mark.parametrize(("theme", "unit", "nested", "wanted"), BY_HAND)
def test_shares_counted_by_hand(theme: str, unit: str, nested: str, wanted: tuple[int, int]):
    table = attention(gather(texts(a=NESTED)))
    assert cell(table, theme, unit, nested) == wanted
    assert np.allclose(table["share"], table["count"] / table["of"])


def test_sections_are_those_of_the_table():
    report = read_text("一、大气\n臭氧下降。\n二、水\n水质改善。\n三、其他\n大气、水质均好。\n", "a", year=2024)
    found, reports, sections = of_reports(report)
    table = attention(gather(found, reports, sections))
    assert cell(table, "air", "sections", "longest") == (2, 3)
    assert cell(table, "noise", "sections", "longest") == (0, 3)


def test_blanks_are_no_characters_and_quotes_do_not_hide_a_word():
    table = attention(gather(texts(a="“四强” 党支部。\n\n　空气“质量”好。")))
    # 空气质量 stands over five places; the blanks between the sentences and before 党支部 do not count
    assert cell(table, "air", "characters", "longest") == (5, 16)


def test_every_report_counts_by_itself_whatever_the_order():
    some = texts(b=NESTED, a="声环境质量好。" * 6 + "空气好。" * 3, c="党建引领。水质好。" * 5)
    whole, turned = attention(gather(some)), attention(gather(some.iloc[::-1]))
    pd.testing.assert_frame_equal(whole, turned)
    alone = attention(gather(some[some["report"] == "a"]))
    pd.testing.assert_frame_equal(whole[whole["report"] == "a"].reset_index(drop=True), alone)


def test_intervals_are_those_of_a_plain_bootstrap():
    sentences = [
        "空气质量优良。",
        "水质。",
        "开展检查工作。",
        "空气好。",
        "会议召开。",
        "大气污染防治。",
        "其他情况良好。",
        "好。",
    ]
    table = attention(gather(texts(a="".join(sentences * 3))))
    air = table[(table["theme"] == "air") & (table["unit"] == "characters") & (table["nested"] == "longest")].iloc[0]
    above = np.array([6, 0, 0, 2, 0, 6, 0, 0] * 3)  # 空气质量优良, 空气, 大气污染防治
    below = np.array([len(sentence) for sentence in sentences] * 3)
    assert air["share"] == pytest.approx(above.sum() / below.sum())
    rng = np.random.default_rng(7)
    picked = rng.integers(0, 24, size=(20_000, 24))
    low, high = np.quantile(above[picked].sum(1) / below[picked].sum(1), [0.025, 0.975])
    # a thousand draws place the ends of the interval within about a twentieth of its width
    assert air["low"] == pytest.approx(low, abs=(high - low) / 15)
    assert air["high"] == pytest.approx(high, abs=(high - low) / 15)


def test_few_sentences_have_no_interval_nor_has_what_is_never_said():
    few = attention(gather(texts(a=NESTED)))
    assert few["low"].isna().all() and few["high"].isna().all()
    more = attention(gather(texts(a=NESTED * 4)))
    assert more[more["unit"] == "sections"]["low"].isna().all()
    noise = more[(more["theme"] == "noise") & (more["unit"] != "sections")]
    assert noise[["low", "high"]].isna().all(axis=None)


def test_a_long_report_is_drawn_in_parts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap, "DRAWS", 420)
    table = attention(gather(texts(a="空气好。会议召开。" * 5000)))
    row = table[(table["theme"] == "air") & (table["unit"] == "sentences")].iloc[0]
    # a share of 1/2 of 10,000 sentences has a standard error of 0.005
    assert row["low"] == pytest.approx(0.4902, abs=0.002) and row["high"] == pytest.approx(0.5098, abs=0.002)


def rule(name: str, **fields: object) -> Rule:
    about = dict.fromkeys(("authors", "authors_en", "title", "journal", "known", "known_zh"), "")
    given = {"words": ("生态", "生态环境"), "match": "text", "nested": "each", "count": "occurrences", "of": "tokens"}
    given["themes"] = ()
    return Rule(id=name, year=2000, **about, **given | fields)  # type: ignore[arg-type]


# 15 characters, two sentences; the words: 生态环境, 改善, 开展, 生态, 调查, 工作.
SAID = "生态环境改善。开展生态调查工作。"
RULED = [
    ({}, 3, 6),  # 生态 twice, 生态环境 once
    ({"nested": "longest"}, 2, 6),
    ({"match": "tokens", "nested": "longest", "words": ("生态",)}, 1, 6),  # not within 生态环境
    ({"match": "text", "words": ("生态",)}, 2, 6),
    ({"count": "characters", "of": "characters"}, 8, 16),
    ({"count": "characters", "of": "characters", "nested": "longest"}, 6, 16),
    ({"count": "sentences", "of": "sentences"}, 2, 2),
    ({"count": "sentence_characters", "of": "characters", "words": ("调查",)}, 9, 16),
]


@pytest.mark.parametrize(("fields", "count", "of"), RULED)
def test_rules_counted_by_hand(fields: dict, count: int, of: int):
    row = index(gather(texts(a=SAID)), [rule("own", **fields)]).iloc[0]
    assert (row["count"], row["of"], row["value"]) == (count, of, pytest.approx(count / of))


def test_a_bare_count_has_no_total():
    table = index(gather(texts(a=SAID * 5)), [rule("own", count="sentences", of="none", words=("调查",))])
    row = table.iloc[0]
    assert row["value"] == 5 and pd.isna(row["of"])
    assert 0 < row["low"] < 5 < row["high"] <= 10


def test_ranks_change_with_the_rule():
    # a says 生态 often in long sentences, b seldom in short ones, c never
    some = texts(
        a="生态生态生态生态，今年以来会议多次召开研究部署有关事项。会议再次召开并作出安排部署要求各单位抓好落实。",
        b="生态好。生态好。",
        c="会议召开。",
    )
    chosen = [rule("words", count="occurrences", of="none"), rule("sentences", count="sentences", of="sentences")]
    table = index(gather(some), chosen)
    by_rule = {name: dict(zip(part["report"], part["rank"], strict=True)) for name, part in table.groupby("rule")}
    assert by_rule == {"words": {"a": 1, "b": 2, "c": 3}, "sentences": {"b": 1, "a": 2, "c": 3}}
    wide = ranks(table)
    assert wide[["report", "words", "sentences", "best", "worst", "moves"]].values.tolist() == [
        ["a", 1, 2, 1, 2, 1],
        ["b", 2, 1, 1, 2, 1],
        ["c", 3, 3, 3, 3, 0],
    ]


def test_equal_values_share_the_better_rank():
    table = index(gather(texts(a=SAID, b=SAID, c="会议召开。")), [rule("own")])
    assert table["rank"].tolist() == [1, 1, 3]


def test_a_rule_of_themes_counts_as_attention_does():
    corpus = gather(texts(a=NESTED + "查处噪声扰民。"))
    own = next(one for one in rules() if one.id == "own")
    shares = attention(corpus).query("unit == 'characters' and nested == 'longest'").set_index("theme")["count"]
    assert index(corpus, [own])["count"].tolist() == [shares[list(own.themes)].sum()] == [6 + 2 + 2 + 4]


def test_at_least_four_papers_are_named():
    papers = [one for one in rules() if one.journal]
    assert len(papers) >= 4 and all(one.authors and one.title and one.year and one.known for one in papers)
    assert set(index(gather(texts(a=NESTED)))["rule"]) == {one.id for one in rules()}


ENTRY = '[[rule]]\nid="x"\nauthors="A"\nauthors_en="A"\ntitle="T"\njournal="J"\nyear=2000\nknown="K"\nknown_zh="K"\n'
GOOD = ENTRY + 'match="text"\nnested="each"\ncount="occurrences"\nof="tokens"\n'
WRONG = [
    (ENTRY + 'words=["a"]\n', "no match"),
    (GOOD.replace('"each"', '"all"') + 'words=["a"]\n', "nested is none of longest, each"),
    (GOOD, "either words or themes"),
    (GOOD.replace('"text"', '"tokens"').replace("occurrences", "characters") + 'words=["a"]\n', "counted in the text"),
    (GOOD + 'words=["a"]\n' + GOOD + 'words=["a"]\n', "two rules are called 'x'"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_a_rule_that_makes_no_sense_is_refused(text: str, why: str):
    with pytest.raises(CatalogueError, match=why):
        read_rules(text)


CLEAN = (
    "2024年，全市生态环境质量持续改善，空气质量优良率达97.5%。\n"
    "全面推进污染防治攻坚战，查处环境违法案件36宗。\n"
    "党支部开展入河排污口排查，受到群众好评。\n"
    "推动噪声污染防治，声环境质量达标。\n"
    "确保水质稳定达标，力争完成年度任务。\n"
)
GLOSSED = (
    "2024年，全市生態(tài)環(huán)境質(zhì)量持續(xù)改善，空氣(qì)質(zhì)量優(yōu)良率達(dá)97.5%。\n"
    "全面推進(jìn)污染防治攻堅(jiān)戰(zhàn)，查處(chǔ)環(huán)境違(wéi)法案件36宗。\n"
    "黨(dǎng)支部開(kāi)展入河排污口排查，受到群眾(zhòng)好評(píng)。\n"
    "推動(dòng)噪聲(shēng)污染防治，聲(shēng)環(huán)境質(zhì)量達(dá)標(biāo)。\n"
    "確(què)保水質(zhì)穩(wěn)定達(dá)標(biāo)，力爭(zhēng)完成年度任務(wù)。\n"
)


def test_traditional_characters_with_glosses_score_as_the_clean_text_does():
    clean = gather(*of_reports(read_text(CLEAN, "a", year=2024)))
    glossed = gather(*of_reports(read_text(GLOSSED, "a", year=2024)))
    says = ["damaged", "damaged_zh", "damaged_en"]
    for measure in (attention, index):
        one, other = measure(clean), measure(glossed)
        pd.testing.assert_frame_equal(one.drop(columns=says), other.drop(columns=says))
        assert set(one["damaged"]) == {""} and set(other["damaged"]) == {"mended"}
    assert "pinyin glosses dropped" in glossed.damaged["damaged_en"].iloc[0]
    assert "夹注拼音" in glossed.damaged["damaged_zh"].iloc[0]


def test_lost_characters_are_said_beside_the_score():
    reports = pd.DataFrame({"report": ["a"], "repairs": ["bad bytes 3; line join 9"], "year": [2024], "sample": [True]})
    corpus = gather(texts(a=NESTED), reports)
    row = attention(corpus).iloc[0]
    assert (row["damaged"], row["damaged_zh"]) == ("lost", "原文有缺失（无法解码的字节3处）")


def test_notes_name_rule_sample_interval_and_cutter():
    reports = pd.DataFrame({"report": ["a"], "repairs": [""], "year": [2024], "sample": [True]})
    corpus = gather(texts(a=NESTED), reports)
    said = note(attention(corpus))
    assert all(part in said for part in ("计数规则", "1份报告", "1份为示例文本", "1000次", "jieba 0.42.1"))
    assert "Intervals: 95% percentiles of 1000 draws" in note(index(corpus), "en")
    with pytest.raises(RequestError, match="does not say how it was made"):
        note(pd.DataFrame())


def test_no_text_and_two_of_one_report_are_refused():
    with pytest.raises(RequestError, match="no text to count"):
        gather(texts())
    with pytest.raises(RequestError, match="two texts of 'a'"):
        gather(pd.concat([texts(a="水"), texts(a="水")]))


@pytest.mark.parametrize("text", ["", "\n\n", "，。", "空气", "a" * 5000])
def test_odd_texts_do_no_harm(text: str):
    corpus = gather(texts(a=text, b="空气好。"))
    assert len(attention(corpus)) == 2 * 12 * 4 * 2
    assert index(corpus)["value"].notna().all()


# Words of the lists whose characters stand across two words of the text.
TORN = [
    ("渭河流域治理。", "河流"),
    ("核查处理结果。", "查处"),
    ("减免罚款。", "免罚"),
    ("突出问题解决不力。", "决不"),
    ("阳宗海水质改善。", "海水"),
]


@pytest.mark.parametrize(("text", "word"), TORN)
def test_a_word_across_two_words_of_the_text_is_none(text, word):
    corpus = gather(pd.DataFrame({"report": ["a"], "text": [text]}))
    assert len(hits(corpus, [word]).word) == 0
    alone = gather(pd.DataFrame({"report": ["a"], "text": [f"，{word}。"]}))
    assert len(hits(alone, [word]).word) == 1


def test_a_phrase_that_is_no_word_of_a_list_counts_for_the_words_in_it():
    phrase = "PM2.5浓度"
    assert phrase in phrases() and phrase not in theme_words() and "PM2.5" in theme_words()
    table = attention(gather(pd.DataFrame({"report": ["a"], "text": [f"{phrase}。"]})))
    row = table[(table["theme"] == "air") & (table["unit"] == "tokens") & (table["nested"] == "longest")].iloc[0]
    assert (row["count"], row["of"]) == (1, 1)


def test_a_count_of_nothing_has_no_interval():
    table = attention(gather(pd.DataFrame({"report": ["a"], "text": ["空气好。" * 6]})))
    rows = table[(table["unit"] == "characters") & (table["nested"] == "longest")].set_index("theme")
    assert rows.loc["air", "low"] > 0 == rows.loc["water", "count"]
    assert rows.loc["water", ["low", "high"]].isna().all()
