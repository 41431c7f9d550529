"""What is in doubt, worst for the charts first, as an Excel file that a person fills in (docs/review.md).

In: the tables of data/processed. Out: the queue as a DataFrame, and the file. `verdicts` takes it back.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.doubts import OTHER, doubt_text
from ecoanalysis.knowledge.scopes import classes
from ecoanalysis.tables import workbook
from ecoanalysis.tables.attributes import ATTRIBUTES, key_of, reading_of, sentence_of
from ecoanalysis.tables.confirmed import Reviewed
from ecoanalysis.tables.store import Tables, about_reports
from ecoanalysis.tables.sure import SURE, check_sure, unsure

READ = tuple(f"read_{name}" for name in ATTRIBUTES)
ASKED = (
    "key",
    "cities",
    "confidence",
    "reason_zh",
    "reason_en",
    "report",
    "name",
    "sentence",
    "quote",
    *READ,
    "runner_up",
)
FILLED = ("verdict", *ATTRIBUTES, "by", "when", "why")
_FULL = ("01-01", "12-31")


def queue(tables: Tables, done: list[Any] | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return the facts with a confidence below `sure`, one a row, those first that would enter the largest rankings.

    `cities` is how many cities the ranking would have that the value would enter, 0 where it would enter none. Readings
    that `done`, rows of the corrections, have settled are left out, and so are repeats of one sentence.
    """
    check_sure(sure)
    facts, texts = tables.facts, dict(zip(tables.texts["report"], tables.texts["text"], strict=True))
    settled = {row.key for row in done or () if isinstance(row, Reviewed)}
    size = _sizes(facts)
    rows: dict[str, dict[str, Any]] = {}
    for fact in facts[~(facts["confidence"] >= sure)].to_dict("records"):
        sentence = sentence_of(texts[fact["report"]], fact["start"], fact["end"])
        if (key := key_of(fact, sentence)) not in settled:
            rows.setdefault(key, _row(fact, key, sentence, size))
    order = sorted(rows.values(), key=lambda row: (-row["cities"], row["confidence"], row["report"], row["at"]))
    return pd.DataFrame(order, columns=list(ASKED)).astype({"cities": "int64", "confidence": "float64"})


def keys(tables: Tables) -> dict[str, tuple[dict[str, Any], str]]:
    """Return every fact and its sentence by key, those of no doubt too: what was reviewed may have become certain."""
    texts = dict(zip(tables.texts["report"], tables.texts["text"], strict=True))
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for fact in tables.facts.to_dict("records"):
        sentence = sentence_of(texts[fact["report"]], fact["start"], fact["end"])
        found.setdefault(key_of(fact, sentence), (fact, sentence))
    return found


def _row(fact: Mapping[str, Any], key: str, sentence: str, size: Mapping[tuple, int]) -> dict[str, Any]:
    doubt = fact["doubt"] or OTHER
    about = {"key": key, "cities": size.get(_group(fact), 0) if _ranked(fact) else 0, "at": fact["start"]}
    said = {"name": catalogue.metrics()[fact["metric"]].zh, "sentence": sentence, "quote": fact["quote"]}
    why = {"reason_zh": doubt_text(doubt, "zh"), "reason_en": doubt_text(doubt, "en")}
    read = {f"read_{name}": cell for name, cell in reading_of(fact).items()}
    kept = {name: fact[name] for name in ("confidence", "report", "runner_up")}
    return about | said | why | read | kept


def _ranked(fact: Mapping[str, Any]) -> bool:
    """Return whether a ranking would take a value, were it certain: a city's level, reported, of a full year."""
    start, end = fact["period_start"], fact["period_end"]
    if pd.isna(start) or pd.isna(end) or pd.isna(fact["value"]) or fact["bound"] not in ("=", "~"):
        return False
    full = (f"{start:%m-%d}", f"{end:%m-%d}") == _FULL and start.year == end.year
    city = fact["about_city"] != "" and fact["about_district"] == ""
    result = fact["stat"] == "level" and fact["status"] == "reported"
    return full and city and result and classes().get(fact["scope_class"], {}).get("compares") == "class"


def _group(fact: Mapping[str, Any]) -> tuple:
    return fact["metric"], fact["period_end"], fact["scope_class"]


def _sizes(facts: pd.DataFrame) -> dict[tuple, int]:
    """Return how many cities give each metric of a year and scope, in doubt or not."""
    cities: dict[tuple, set[str]] = {}
    for fact in facts[(facts["stat"] == "level") & (facts["status"] == "reported")].to_dict("records"):
        if _ranked(fact):
            cities.setdefault(_group(fact), set()).add(fact["about_city"])
    return {group: len(named) for group, named in cities.items()}


def reports_in_doubt(tables: Tables, sure: float = SURE) -> pd.DataFrame:
    """Return the reports of which place or year are in doubt: nothing of theirs is ranked until a sidecar says more."""
    about = about_reports(tables.reports)
    once = tables.facts.assign(confidence=1.0, doubt="").drop_duplicates("report")
    code = unsure(once, about, sure)
    shown = once.assign(code=code)[code != ""][["report", "code"]].merge(tables.reports, on="report")
    shown["reason_zh"], shown["reason_en"] = ([doubt_text(one, lang) for one in shown["code"]] for lang in ("zh", "en"))
    names = (
        "report",
        "title",
        "city",
        "district",
        "year",
        "place_confidence",
        "year_confidence",
        "reason_zh",
        "reason_en",
    )
    return shown[[name for name in names if name in shown]]


def write(
    tables: Tables, done: list[Any] | None = None, output: Path | None = None, sure: float = SURE
) -> tuple[Path, int]:
    """Write the queue to `output`, by default review.xlsx beside the tables, and return the file and its rows."""
    file = Path(output or paths.processed() / "review.xlsx")
    rows = queue(tables, done, sure)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".reviewing-", dir=file.parent) as folder:
        draft = Path(folder) / file.name
        workbook.write(draft, rows.reindex(columns=[*ASKED, *FILLED]), FILLED, reports_in_doubt(tables, sure))
        os.replace(draft, file)
    return file, len(rows)
