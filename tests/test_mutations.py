"""What pages and converters do to a text must cost neither the report nor the evening: no exception, no wait, true quotes."""

import multiprocessing
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_hostile import calls

from ecoanalysis.extracting import explain, tables
from ecoanalysis.extracting.numerals import read_number
from ecoanalysis.extracting.quantities import find
from ecoanalysis.reading import read_text

resource = pytest.importorskip("resource")  # not on Windows

PASSAGES = Path(__file__).parent / "data" / "passages" / "text"
OWN = (
    "2024年，全市PM2.5浓度22微克/立方米，同比下降4.3%；35个国考断面达到Ⅱ类水质，东湖劣于Ⅴ类。",
    "立案查处环境违法案件138宗，罚款2,040.5万元，约占三分之二；PM10月均浓度*微克/立方米。",
)
# Kinds of text on which a pattern once did not come to an end, or could not.
ENDLESS = {
    "figures before a lake": "9" * 42 + "湖劣于Ⅴ类",
    "figures before a section": "断面" + "1" * 400 + "断面达Ⅱ类",
    "figures and commas": "1," * 2500 + "个断面达Ⅱ类",
    "figures and points": "1." * 2500 + "湖劣于Ⅴ类",
    "thousands": "1,234" * 1000,
    "Chinese numerals": "第" + "一" * 5000 + "名",
    "myriads": "百分之" + "亿" * 5000 + "元",
    "brackets": "（" * 2500 + "(" * 2500,
    "stars": "*" * 2500 + "*." * 1200 + "家",
    "units": "微克/" * 1200 + "5个" * 1200,
    "blanks": "PM" + " \n" * 2500 + "湖　　" * 900 + "达Ⅱ类",
    "words of standing": "湖" + "好转为" * 400 + "稳定达到" * 300 + "劣于Ⅴ类",
}
FOREIGN = ("٣", "߅", "२", "²", "₃", "Ⅻ", "㊂", "５", "𝟗", chr(0xD83D), chr(0xDC00), chr(0), "\ufffd", "\u200b")


def holds(text: str) -> None:
    """Read a text and hold what is read against it."""
    report = read_text(text, "mutated", year=2024)
    report.text.encode("utf-8")
    for frame in tables(report):
        for row in frame.itertuples():
            assert report.text[row.start : row.end] == row.quote
    explain(text, year=2024)


@cache
def passages() -> list[str]:
    return [*OWN, *(file.read_text(encoding="utf-8")[:500] for file in sorted(PASSAGES.glob("*.txt"))[:12])]


def mutated(text: str, seed: int, changes: int) -> str:
    """Do to a text, at places of a seed, what mutilates texts."""
    chance = random.Random(seed)
    for _ in range(changes):
        low = chance.randrange(len(text) + 1)
        high = min(len(text), low + chance.randrange(1, 60))
        piece = text[low:high]
        new = chance.choice(
            [
                str(chance.randrange(10)) * chance.choice([1, 2, 22, 80]),
                "".join(character for character in piece if character not in "，。；、,;（）()"),
                piece * 3,
                chance.choice(FOREIGN),
                piece[::-1],
                piece + passages()[chance.randrange(len(passages()))][:40],
                piece.replace("\n", ""),
                chance.choice(["*", "X", "(", "《", "“", "十", "万亿", "-", "%", "\n"]) * chance.randrange(1, 40),
            ]
        )
        text = text[:low] + new + text[high:]
    return text


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(0, 13))
def test_a_mutilated_text_is_read(seed: int, changes: int, which: int) -> None:
    holds(mutated(passages()[which % len(passages())], seed, changes))


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(
    st.text(
        st.sampled_from([*"0123456789.,%*X-至约近一二十百万亿个家件年月第《》“”(（断面湖达Ⅱ类水质优良率 \n", *FOREIGN]),
        max_size=80,
    )
)
def test_a_jumble_is_read(text: str) -> None:
    holds(text)


def limited(text: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
    holds(text)


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_run_comes_to_an_end(text: str) -> None:
    """A process that may use half a minute of the processor reads it; without a bound it would use years."""
    holds(OWN[0])  # load the knowledge first
    process = multiprocessing.get_context("fork").Process(target=limited, args=(text,))
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.mark.parametrize("character", FOREIGN)
def test_no_character_loses_a_number(character: str) -> None:
    quoted = [
        number.number
        for number in find(f"{character}件，1{character}个，第{character}名，前{character}个月，罚款5万元")
    ]
    assert quoted[-1] == "5万元"
    holds(f"优良天数比例{character}99.1%，前{character}个月，近{character}年，二〇二{character}年，罚款5万元")


@pytest.mark.parametrize(
    "run", ["9", "1,", "1.", "一", "*", "(", "微克/", "5个", "约", "1/", "1+", "“", "X", "几万", " 5 "]
)
def test_numbers_cost_in_proportion(run: str) -> None:
    """Four times the run takes at most five times the lines of Python, and patterns look at no place twice."""
    short, long = (run * (size // len(run)) for size in (1_000, 4_000))
    find(short)
    assert calls(lambda: find(long)) <= 5 * calls(lambda: find(short)) + 500


def test_full_width_figures_are_figures() -> None:
    assert [(n.value, n.unit_text) for n in find("罚款１２．５万元，３５件")] == [(125000.0, "元"), (35.0, "件")]
    assert read_number("１２．５万") == 125000
