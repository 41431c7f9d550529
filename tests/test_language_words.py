"""Cutting, phrases and word lists."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis.errors import CatalogueError, RequestError
from ecoanalysis.knowledge import tables
from ecoanalysis.language import cut, cut_all, made_with
from ecoanalysis.language.words import PHRASE, THEMES, check_themes, phrases, read_theme, themes

HEADER = "# zh: 甲\n# en: A\n# source: own\n# version: 1\n# nested: longest\n"
CUTTERS = [
    "jieba",
    pytest.param("rjieba", marks=pytest.mark.skipif("not __import__('importlib.util').util.find_spec('rjieba')")),
]


@pytest.mark.parametrize("cutter", CUTTERS)
@pytest.mark.parametrize("written", ["“四强”党支部", '"四强"党支部', "四强党支部", "「四强」党支部", "‘四强’党支部"])
def test_a_phrase_is_one_token_whatever_the_quotes(written: str, cutter: str):
    text = f"推进{written}建设"
    found = cut(text, cutter)
    assert "四强党支部" in found.tokens
    at = found.tokens.index("四强党支部")
    assert text[found.starts[at] :].startswith("四强")
    assert found.tokens[-1] == "建设" and found.starts[-1] == len(text) - 2


def test_what_others_tell_jieba_does_not_change_the_cut():
    import jieba

    text = "杭研大厦旁的小明硕士毕业于中国科学院"
    before = cut(text).tokens
    assert "杭研" in before  # a word that only the hidden Markov model finds
    jieba.del_word("杭研")
    try:
        assert cut(text).tokens == before
        assert "杭研" in jieba.finalseg.Force_Split_Words
    finally:
        jieba.finalseg.Force_Split_Words.discard("杭研")


def test_the_longest_phrase_is_taken():
    assert cut("打好污染防治攻坚战").tokens == ["打好污染防治攻坚战"]
    assert cut("劣Ⅴ类断面全面消除").tokens[0] == "劣Ⅴ类"
    assert cut("三线一单").tokens == ["三线一单"]


def test_a_phrase_of_latin_letters_is_not_torn_from_a_longer_one():
    assert "COD" in cut("COD浓度下降").tokens
    assert "COD" not in cut("CODEX").tokens


@pytest.mark.parametrize(
    "text", ["", " \n", "“”", "一个“", "”水质”\n\n“空气”好", "党建+业务，PM2.5为22.5微克/立方米。"]
)
def test_tokens_cover_the_text(text: str):
    found = cut(text)
    ends = [*found.starts[1:], len(text)] if found.starts else []
    assert "".join(text[start:end] for start, end in zip(found.starts, ends, strict=True)) == text
    assert found.starts == sorted(set(found.starts))


def test_texts_are_cut_alike_in_any_order():
    texts = pd.DataFrame({"report": ["b", "a", "c"], "text": ["水质好转。", "空气质量优良率提高。", ""]})
    assert cut_all(texts) == cut_all(texts.iloc[::-1])
    assert list(cut_all(texts)) == ["a", "b", "c"]


def test_a_strange_or_missing_cutter_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(RequestError, match=r"no cutter 'jeiba'\. Nearest: jieba"):
        cut("水", "jeiba")
    from ecoanalysis.language import cutting

    cutting._rjieba.cache_clear()
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(
        RequestError, match=r"rjieba is not installed. Install it with `pip install 'ecoanalysis\[fast\]'`"
    ):
        cut("水", "rjieba")


def test_cutting_leaves_nothing_in_the_shared_folder_and_says_nothing(tmp_path: Path):
    code = "from ecoanalysis.language import cut; cut('水质')"
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_jieba_itself_is_left_as_it_was():
    import jieba

    cut("水质")
    assert "四强党支部" not in jieba.dt.FREQ and "入河排污口" not in jieba.dt.FREQ


def test_results_name_what_cut_them():
    made = made_with()
    assert (made["cutter"], made["version"]) == ("jieba", "0.42.1")
    assert all(made.values())


REFUSED = [
    ("# en: A\n噪声\n", "no line `# zh"),
    (HEADER, "holds no word"),
    (HEADER + "噪声\n声级\n噪声\n", "'噪声' stands there twice"),
    (HEADER.replace("longest", "never") + "噪声\n", "nested is 'never'"),
    (HEADER + "噪声 hard\n", "must be a word"),
    (HEADER + "# classes: hard, soft\n确保 firm\n", "must be a word and one of"),
    (HEADER + "# classes: hard, soft\n确保\n", "must be a word and one of"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_a_list_that_makes_no_sense_is_refused(text: str, why: str):
    with pytest.raises(CatalogueError, match=r"words/themes/own\.txt") as refusal:
        read_theme("own", text)
    assert why in str(refusal.value)


def test_a_word_of_two_lists_is_refused_unless_one_says_so():
    one, other = read_theme("one", HEADER + "督察\n"), read_theme("other", HEADER + "督察\n")
    with pytest.raises(CatalogueError, match="'督察' is in one too"):
        check_themes([one, other])
    sharing = read_theme("other", HEADER + "# shares: one\n督察\n")
    assert list(check_themes([one, sharing])) == ["one", "other"]
    assert list(check_themes([sharing, one])) == ["other", "one"]


@pytest.mark.parametrize("name", THEMES)
def test_every_list_is_rich_and_says_where_it_is_from(name: str):
    theme = themes()[name]
    assert len(theme.words) >= 40 and theme.source and theme.version
    assert all(word == word.strip() and "#" not in word for word in theme.words)


def test_longer_theme_words_are_matched_before_cutting():
    assert {"四强党支部", "三线一单", "劣Ⅴ类", "大气污染防治"} <= set(phrases())
    assert all(len(word) >= PHRASE for word in set(phrases()) - set(tables.words("words/phrases.txt")))
