"""Make the weights of the reading anew from all labelled texts that may be used, and draw whether its confidence holds.

usage: python benchmarks/train.py [WEIGHTS]

Learned from are the short cases and labelled texts of tests/, the batches that tests/data/first_sight/batches.csv leaves to
training, and where ECOANALYSIS_ORIGINALS names them, the original reports and what lies beside them. The weights go to
ecoanalysis/knowledge/reading_weights.toml, or to the file that is named; the picture is docs/reliability.png. The worked
example of docs/reading.md is written anew, unless a file is named.
"""

import csv
import os
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from reliability import draw
from worked import PAGE, worked

from ecoanalysis.errors import RequestError
from ecoanalysis.extracting import fitting, measures, model, scoring, training
from ecoanalysis.knowledge.catalogue import metrics
from ecoanalysis.reading import Report, is_report, read, read_text
from ecoanalysis.tables import gold as golds

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "cases"
DATA = ROOT / "tests" / "data"
FIRST_SIGHT = DATA / "first_sight"
DOMAINS = ("air", "enforcement", "governance", "inspection", "nature", "noise", "party", "soil", "traps", "water")
# Nothing is known but that a fact is right if its reading, period, population and status are.
START: model.Weights = {decision: {} for decision in model.DECISIONS} | {"confidence": {"product": 1.0}}
ABOUT = "Weights of the reading, learned by `make train`; what the features mean: docs/reading.md"


@dataclass(slots=True)
class Labelled:
    """A set of reports and what people read in them; `judged` are metrics that they looked for even where none is found."""

    reports: list[Report]
    gold: pd.DataFrame
    judged: set[str]
    whole: bool = True


def main() -> None:
    """Learn, write, and say what cross-validation found."""
    fitting.needed()
    began = time.perf_counter()
    labelled = list(sets())
    taught = [lesson for one in labelled for lesson in lessons(one)]
    learned = training.learn(taught, START, training.RIDGE)
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "ecoanalysis" / "knowledge" / "reading_weights.toml"
    model.write(learned.weights, file, ABOUT)
    whole = [one for one in labelled if one.whole]
    gold = pd.concat([one.gold for one in whole], ignore_index=True)
    judged = pd.concat([of(learned.facts, one) for one in whole], ignore_index=True)
    columns = ["report", "province", "city", "district"]
    places = [[getattr(one, name) for name in columns] for part in whole for one in part.reports]
    names = measures.names_of(pd.DataFrame(places, columns=columns))
    print(
        f"{len(taught)} texts, {sum(lesson.whole for lesson in taught)} of them whole; each place read by the others:"
    )
    print("\n".join([*list(golds.score(scoring.score(judged, gold)))[-6:], *golds.worth(judged, gold, names)]))
    draw(measures.calibration(judged["confidence"], measures.right(judged, gold)), ROOT / "docs" / "reliability.png")
    if len(sys.argv) == 1:
        PAGE.write_text(worked(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"written to {file} in {time.perf_counter() - began:.0f} s")


def lessons(one: Labelled) -> list[training.Lesson]:
    """Return a set as lessons; of its short cases each stands for itself."""
    groups = [(report, training.place_of(report) if one.whole else report.report) for report in one.reports]
    maker = one.reports[0].report.split("/")[0].rstrip("-0123456789") if one.whole else ""
    return training.lessons(groups, one.gold, one.judged, one.whole, maker)


def of(facts: pd.DataFrame, one: Labelled) -> pd.DataFrame:
    """Return the facts read in a set that its people judged."""
    return facts[facts["report"].isin({report.report for report in one.reports}) & facts["metric"].isin(one.judged)]


def sets() -> Iterator[Labelled]:
    """Yield every labelled set that may be learned from; reports are named after the set, for names may come twice."""
    yield cases([CASES / f"{domain}.toml" for domain in DOMAINS])
    yield folder("published", ROOT / "data" / "raw", DATA / "published_facts.csv", whole=False)
    yield folder("passages", DATA / "passages" / "text", DATA / "passages" / "facts.csv")
    for name in batches("training"):
        yield folder(name, FIRST_SIGHT / name / "text", FIRST_SIGHT / name / "facts.csv")
    if originals := os.environ.get("ECOANALYSIS_ORIGINALS"):
        shared = Path(originals)
        yield folder("seeds", shared / "seeds", shared / "gold" / "facts.csv")
        yield folder("more", shared / "passages-more" / "text", shared / "passages-more" / "facts.csv")
        yield replace(cases([shared / "cases" / "first-sight.toml"]), whole=True)


def batches(used_for: str) -> list[str]:
    """Return the batches that batches.csv leaves to `training`, or holds out."""
    with (FIRST_SIGHT / "batches.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["used_for"] not in ("training", "held_out"):
            raise RequestError(f"batches.csv, {row['batch']}: used_for {row['used_for']!r} is not training or held_out")
    return [row["batch"] for row in rows if row["used_for"] == used_for]


def folder(name: str, texts: Path, facts: Path, whole: bool = True) -> Labelled:
    """Return the texts of a folder; without `whole`, their table names but some of their facts."""
    gold = pd.read_csv(facts, dtype=str, keep_default_na=False)
    gold["value"] = pd.to_numeric(gold["value"], errors="coerce")
    files = [file for file in sorted(texts.iterdir()) if is_report(file)]
    if not whole:
        files = [file for file in files if file.stem in set(gold["report"])]
    listed = (DATA / "judged_metrics.txt").read_text(encoding="utf-8").split("\n")[1:]
    reports = [read(file) for file in files]
    return Labelled(
        [replace(one, report=f"{name}/{one.report}") for one in reports],
        gold.assign(report=[f"{name}/{report}" for report in gold["report"]]),
        {*listed, *gold["metric"]},
        whole,
    )


def cases(files: Iterable[Path]) -> Labelled:
    """Return short cases, each a report; those with a known gap teach nothing."""
    reports, rows = [], []
    for file in files:
        for at, case in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["case"], 1):
            if "gives" in case and "known_gap" not in case:
                name, year = f"{file.stem}-{at}", case.get("year", 2024)
                reports.append(read_text(case["text"], name, year=year, city=case.get("city", "某市")))
                rows += [_row(fact, name, year, case["text"]) for fact in case["gives"] if fact["metric"] in metrics()]
    listed = (DATA / "case_metrics.txt").read_text(encoding="utf-8").split("\n")[1:]
    return Labelled(reports, pd.DataFrame(rows), {*listed, *(row["metric"] for row in rows)}, whole=False)


def _row(fact: dict, report: str, year: int, text: str) -> dict:
    start, _, end = fact.get("period", f"{year}-01-01/{year}-12-31").partition("/")
    row = {"unit": metrics()[fact["metric"]].unit, "stat": "level", "bound": "=", "scope": "", "basis": ""}
    row |= {"status": "reported", **fact, "optional": "yes" if fact.get("optional") else ""}
    return row | {"report": report, "period_start": start, "period_end": end, "quote": text}


if __name__ == "__main__":
    main()
