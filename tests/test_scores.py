"""How much of what reports say is read: on the samples, on labelled passages, and on the original reports."""

import tomllib
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from ecoanalysis.extracting import tables
from ecoanalysis.extracting.scoring import Score, score
from ecoanalysis.reading import read

HERE = Path(__file__).parent
SAMPLES = sorted((HERE.parent / "data" / "raw").glob("*.toml"))


def read_all(files: list[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the facts and the numbers of some reports, having held each fact against its text."""
    facts, numbers = [], []
    for file in files:
        report = read(file)
        found, counted = tables(report)
        assert [report.text[a:b] for a, b in zip(found.start, found.end, strict=True)] == found.quote.tolist()
        facts.append(found)
        numbers.append(counted)
    return pd.concat(facts), pd.concat(numbers)


def gold(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype={"scope": str, "basis": str, "optional": str}, keep_default_na=True)


def scored(facts: pd.DataFrame, wanted: pd.DataFrame) -> Score:
    """Score facts by the metrics that the labelled tables cover."""
    judged = set((HERE / "data" / "judged_metrics.txt").read_text(encoding="utf-8").split("\n")[1:])
    return score(facts[facts.metric.isin(judged) & facts.report.isin(wanted.report)], wanted)


@pytest.fixture(scope="module")
def samples() -> Score:
    files = [file.with_suffix(".txt") for file in SAMPLES]
    wanted = gold(HERE / "data" / "samples_gold.csv")
    return scored(read_all([file for file in files if file.stem in set(wanted.report)])[0], wanted)


def test_samples_are_read(samples: Score) -> None:
    assert samples.f1 >= 0.95
    assert samples.strict_f1 >= 0.90


def test_what_the_samples_miss_is_known(samples: Score) -> None:
    """Each miss is written down, and one that is read at last must leave the list."""
    gaps = tomllib.loads((HERE / "cases" / "sample_gaps.toml").read_text(encoding="utf-8"))
    for name, keys in (("missed", samples.missed), ("invented", samples.invented)):
        assert sorted(" ".join(key[:-1]) for key in keys) == sorted(gap["fact"] for gap in gaps.get(name, []))


def test_passages_of_other_bureaus_are_read() -> None:
    folder = HERE / "data" / "passages"
    result = scored(read_all(sorted((folder / "text").glob("*.txt")))[0], gold(folder / "facts.csv"))
    assert result.f1 >= 0.95
    assert result.strict_f1 >= 0.80
    for attribute, least in {"bound": 0.97, "period": 0.92, "status": 0.97, "scope": 0.88, "basis": 0.97}.items():
        assert result.accuracy(attribute) >= least, attribute


def test_original_reports_are_read(originals: Path) -> None:
    facts, numbers = read_all(sorted((originals / "seeds").glob("*.txt")))
    result = scored(facts, gold(originals / "gold" / "facts.csv"))
    assert result.f1 >= 0.97
    assert result.strict_f1 >= 0.90
    for attribute, least in {"bound": 0.97, "period": 0.97, "status": 0.97, "scope": 0.92, "basis": 0.92}.items():
        assert result.accuracy(attribute) >= least, attribute
    found, wanted, beyond = counted(numbers, pd.read_csv(originals / "gold" / "quantities.csv", keep_default_na=False))
    assert found / wanted >= 0.99
    assert beyond <= 0.1 * wanted


def counted(numbers: pd.DataFrame, wanted: pd.DataFrame) -> tuple[int, int, int]:
    """Return how many of the wanted numbers were found, how many there are, and how many more were said."""
    numbers = numbers[~numbers.kind.isin(["date", "ordinal", "heading", "name"])]

    def keys(frame: pd.DataFrame) -> Counter:
        unit = frame.unit_text.astype(str).str.replace(r"[万亿\s]", "", regex=True)
        value = pd.to_numeric(frame.value, errors="coerce").map(lambda v: "withheld" if pd.isna(v) else f"{v:.9g}")
        return Counter(zip(frame.report, value, unit, strict=True))

    want, have = keys(wanted), keys(numbers)
    return (want & have).total(), want.total(), (have - want).total()
