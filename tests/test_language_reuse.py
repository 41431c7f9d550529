"""Text reuse: what is shared, where it stands, and that estimates agree with exact counts."""

import random

import numpy as np
import pandas as pd
import pytest

from ecoanalysis.language import diffusion, lay_out, longest, passages, reuse
from ecoanalysis.language.shingles import shared, strings
from ecoanalysis.wording.word_tables import note

# 39 letters without the marks; cut in two, 20 and 19.
COMMON = "全面落实河长制湖长制各项要求，健全巡河机制。持续开展入河排污口排查整治行动，消除隐患。"
SLOGAN = "深入贯彻习近平生态文明思想和全国生态环境保护大会精神"


def tables_of(rows):
    """Return the tables of texts and reports from name, city, year and text."""
    names = [row[0] for row in rows]
    texts = pd.DataFrame({"report": names, "text": [row[3] for row in rows]})
    years = pd.array([row[2] for row in rows], dtype="Int64")
    reports = pd.DataFrame(
        {"report": names, "city": [row[1] for row in rows], "district": "", "year": years, "sample": False}
    )
    return texts, reports


def own(seed, length=60):
    """Return prose of its own: no thirteen of its characters stand anywhere else."""
    rng = random.Random(seed)
    return "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(length)) + "。"


def three():
    return tables_of(
        [
            ("yunfu-2023", "云浮市", 2023, own(1) + COMMON + own(2)),
            ("ganzhou-2024", "赣州市", 2024, own(3) + "\n" + COMMON.replace("，", "\n") + own(4)),
            ("yunfu-2024", "云浮市", 2024, own(5) + own(1)),
        ]
    )


def letters(text):
    return "".join(filter(str.isalnum, text))


def test_the_shared_letters_of_each_report_are_counted():
    table = reuse.boilerplate(lay_out(*three())).set_index("report")
    shared_letters = len(letters(COMMON))
    assert table["covered"].to_dict() == {"yunfu-2023": shared_letters, "ganzhou-2024": shared_letters, "yunfu-2024": 0}
    assert table.loc["yunfu-2023", "share"] == pytest.approx(shared_letters / (120 + shared_letters))
    assert table["formula"].eq(0).all()


def test_within_a_city_only_its_own_reports_are_compared():
    table = reuse.boilerplate(lay_out(*three(), within=True)).set_index("report")
    assert table["covered"].to_dict() == {"yunfu-2023": 60, "ganzhou-2024": 0, "yunfu-2024": 60}


def test_the_interval_of_a_share_is_over_sentences():
    table = reuse.boilerplate(lay_out(*three())).set_index("report")
    row = table.loc["yunfu-2023"]
    # Sentences of 60, 20 and 19 (in both parts), 60 letters; the two in the middle are shared.
    first, second = (len(letters(part)) for part in COMMON.split("。")[:2])
    sizes, covered = np.array([60, first, second, 60]), np.array([0, first, second, 0])
    share = covered.sum() / sizes.sum()
    spread = np.sqrt(4 / 3 * ((covered - share * sizes) ** 2).sum()) / sizes.sum()
    assert (row["low"], row["high"]) == pytest.approx((max(share - 1.96 * spread, 0), share + 1.96 * spread), abs=1e-4)


def test_every_offset_leads_back_to_the_text():
    texts, reports = three()
    table = passages(lay_out(texts, reports))
    text = dict(zip(texts["report"], texts["text"], strict=True))
    for row in table.itertuples():
        assert text[row.report][row.start : row.end] == row.quote
    assert [letters(quote) for quote in table["quote"]] == [letters(COMMON)] * 2
    assert table["characters"].eq(len(letters(COMMON))).all()


def test_the_longest_passages_name_both_reports_the_earlier_first():
    row = longest(passages(lay_out(*three()))).iloc[0]
    assert (row["report"], row["other"], row["first_year"]) == ("yunfu-2023", "ganzhou-2024", 2023)
    assert row["quote"].startswith("全面落实") and row["other_quote"].startswith("全面落实")
    assert row["reports"] == row["places"] == 2


def test_letters_that_agree_by_chance_beyond_a_clause_are_cut_off():
    rows = [
        ("a", "甲市", 2024, f"本年。{COMMON}今年另有{own(1)}"),
        ("b", "乙市", 2024, f"去年。{COMMON}今年又有{own(2)}"),
    ]
    table = passages(lay_out(*tables_of(rows)))
    assert {letters(quote) for quote in table["quote"]} == {letters(COMMON)}


def test_a_passage_within_a_longer_one_is_a_variant_of_it():
    first = COMMON.split("。")[0]
    rows = [
        ("a", "甲市", 2022, own(1) + COMMON),
        ("b", "乙市", 2023, own(2) + COMMON),
        ("c", "丙市", 2024, own(3) + first + own(4)),
    ]
    table = longest(passages(lay_out(*tables_of(rows))))
    assert table[["characters", "places"]].values.tolist() == [[len(letters(COMMON)), 2]]


def test_diffusion_counts_the_places_of_each_year():
    cities = [("甲市", 2021), ("乙市", 2022), ("甲市", 2022), ("丙市", 2024), ("丁市", None)]
    rows = [(f"r{at}", city, year, own(at) + COMMON + own(at + 50)) for at, (city, year) in enumerate(cities)]
    table = diffusion(passages(lay_out(*tables_of(rows))))
    assert table[["year", "places", "so_far", "new"]].values.tolist() == [
        [2021, 1, 1, 1],
        [2022, 2, 2, 1],
        [2024, 1, 3, 1],
    ]
    assert table["of"].tolist() == [1, 2, 1] and set(table["quote"]) == {COMMON[:-1]}


# What two reports share begins or ends inside a number, a number with its unit, brackets, a Latin run.
AIR = "全市细颗粒物年均浓度持续稳定改善"
TORN = [
    (f"{AIR}为22.5微克/立方米。", f"{AIR}为22.5微克/日。", f"{AIR}为"),
    (f"下降22.5微克。{AIR}", f"上升27.5微克。{AIR}", AIR),
    (f"{AIR}。\n\n一、甲", f"{AIR}。\n\n一、乙", AIR),
    (f"{AIR}（同比下降5%）。", f"{AIR}（同比下降8个）。", AIR),
    (f"{AIR}，CODMn", f"{AIR}，CODcr", AIR),
]


@pytest.mark.parametrize(("one", "other", "left"), TORN)
def test_a_passage_tears_no_number_unit_bracket_or_latin_run(one, other, left):
    rows = [("a", "甲市", 2022, own(1) + one + own(2)), ("b", "乙市", 2023, own(3) + other + own(4))]
    assert set(passages(lay_out(*tables_of(rows)))["quote"]) == {left}


def test_what_half_of_the_places_say_is_a_formula():
    rows = [(f"r{at}", f"{at}市", 2024, own(at) + (SLOGAN if at < 4 else "") + "。") for at in range(8)]
    layout = lay_out(*tables_of(rows))
    table = reuse.boilerplate(layout).set_index("report")
    assert table.loc["r0", "formula"] == table.loc["r0", "share"] > 0 == table.loc["r7", "share"]
    assert passages(layout)["formula"].all()
    three_of_six = lay_out(*tables_of([row for row in rows if row[0] in ("r0", "r1", "r2", "r5", "r6", "r7")]))
    assert not passages(three_of_six)["formula"].any()


def test_the_same_text_twice_is_not_held_against_itself():
    rows = [
        ("a", "甲市", 2024, own(1) + own(2)),
        ("b", "乙市", 2024, own(1) + " \n" + own(2)),
        ("c", "丙市", 2024, own(1)),
    ]
    table = reuse.boilerplate(lay_out(*tables_of(rows))).set_index("report")
    # 乙市 comes before 甲市: the one that stays is the first by place.
    assert table["same_as"].to_dict() == {"a": "b", "b": "", "c": ""}
    assert table["covered"].to_dict() == {"a": 60, "b": 60, "c": 60}
    alone = reuse.boilerplate(lay_out(*tables_of(rows[:2])))
    assert alone["covered"].eq(0).all()


@pytest.mark.parametrize("text", ["1234567890123456789。", "2024-12-31 2024-12-30，98.76，54.32", "——，。；" * 9, ""])
def test_numbers_and_marks_are_no_passage(text):
    layout = lay_out(*tables_of([("a", "甲市", 2024, text), ("b", "乙市", 2024, text + "年")]))
    assert reuse.boilerplate(layout)["covered"].eq(0).all()
    assert passages(layout).empty and longest(passages(layout)).empty and diffusion(passages(layout)).empty
    assert reuse.pairs(layout).empty


def mixed_reports(count=30):
    """Return reports of one city each, which share sentences out of a stock."""
    rng = random.Random(7)
    stock = [own(1000 + at, 30) for at in range(40)]
    rows = []
    for at in range(count):
        parts = [*rng.sample(stock, 12), *(own(5000 + 20 * at + k, 30) for k in range(12))]
        rng.shuffle(parts)
        rows.append((f"r{at:02}", f"{at:02}市", 2020 + at % 3, "".join(parts)))
    return rows


def test_results_are_the_same_in_any_order():
    rows = mixed_reports()
    turned = random.Random(3).sample(rows, len(rows))
    for compute in (reuse.boilerplate, reuse.pairs, passages):
        pd.testing.assert_frame_equal(*(compute(lay_out(*tables_of(some))) for some in (rows, turned)))


def test_pairs_are_those_of_sets_in_python():
    rows = mixed_reports(8)
    sets = {}
    for name, _, _, text in rows:
        whole = letters(text)
        sets[name] = {whole[at : at + 13] for at in range(len(whole) - 12)}
    table = reuse.pairs(lay_out(*tables_of(rows)))
    found = {(row.report, row.other): (row.shared, row.share, row.jaccard) for row in table.itertuples()}
    expected = {}
    for one in sets:
        for other in sets:
            if one < other and (both := len(sets[one] & sets[other])):
                expected[one, other] = both, both / len(sets[one]), both / len(sets[one] | sets[other])
    assert found.keys() == expected.keys()
    for pair, values in expected.items():
        assert found[pair] == pytest.approx(values)


def test_the_estimate_of_minhash_agrees_with_the_exact_similarity(monkeypatch):
    layout = lay_out(*tables_of(mixed_reports()))
    exact = reuse.pairs(layout).set_index(["report", "other"])["jaccard"]
    monkeypatch.setattr(reuse, "EXACT", 1)
    estimated = reuse.pairs(layout).set_index(["report", "other"])
    error = estimated["jaccard"] - exact.reindex(estimated.index)
    bound = np.sqrt(exact * (1 - exact) / reuse.BINS).reindex(estimated.index)
    assert (error.abs() < 4 * bound).all()
    assert abs(error.mean()) < 0.01
    inside = estimated["low"].le(exact.reindex(estimated.index)) & estimated["high"].ge(exact.reindex(estimated.index))
    assert inside.mean() > 0.9
    assert len(estimated) > 0.5 * (exact > 0.1).sum()
    assert "MinHash" in note(estimated)


def test_a_very_long_repetition_ends():
    rows = [("a", "甲市", 2024, "水" * 70_000), ("b", "乙市", 2024, "气" + "水" * 69_000)]
    layout = lay_out(*tables_of(rows))
    assert reuse.boilerplate(layout)["covered"].tolist() == [70_000, 69_000]
    table = passages(layout)
    assert 0 < len(table) < 2000
    assert (table.groupby(["passage", "report"])["start"].diff().dropna() >= table["characters"].iloc[0]).all()


def test_no_string_reaches_into_the_next_report():
    text = "一二三四五六七八九十甲乙"
    layout = lay_out(*tables_of([("a", "甲市", 2024, text), ("b", "乙市", 2024, text)]))
    assert len(strings(layout)[0]) == 0 and len(shared(layout).at) == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("within", [False, True])
def test_every_result_says_how_it_was_counted(language, within):
    layout = lay_out(*three(), within=within)
    listed = passages(layout)
    for table in (reuse.boilerplate(layout), reuse.pairs(layout), listed, longest(listed), diffusion(listed)):
        told = note(table, language)
        assert "3" in told and "2" in told and "{" not in told
