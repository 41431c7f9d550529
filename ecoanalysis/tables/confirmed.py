"""Let the readings stand that a person reviewed (docs/review.md says how).

In: the rows of data/corrections.csv that a review wrote, and the facts of one report as read. Out: the facts with what
was confirmed, corrected or removed. A row holds as long as its sentence stands in the report, also when another version
reads the sentence otherwise; when the sentence changed, the row waits, and its fact is asked for again. What a fact says
is held as texts, attribute by attribute, and by keys that stay the same for the same reading of the same sentence,
wherever in the report it stands.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.scopes import scope_class
from ecoanalysis.reading.report import Problem, Report
from ecoanalysis.tables import handwritten
from ecoanalysis.tables.schema import DAYS

ATTRIBUTES = (
    *("metric", "stat", "value", "unit", "unit_text", "bound", *DAYS),
    *("scope", "basis", "status", "about_city", "about_district"),
)
NUMBERS = ("value", "start", "end", "confidence")
_STOPS = "。！？!?\n"
_STOP = re.compile(f"[{_STOPS}]")
_SIGNS = 12  # hexadecimal digits of a hash that tell sentences and readings apart
_APART = " ¦ "
CONFIRM, REMOVE = "confirmed", "fact"  # what a row of the corrections does to a fact as a whole


def sentence_of(text: str, start: int, end: int) -> str:
    """Return the sentence around a span of a text.

    >>> sentence_of("甲。全市PM2.5为20。乙", 4, 9)
    '全市PM2.5为20。'
    """
    before = max(text.rfind(stop, 0, start) for stop in _STOPS) + 1
    after = _STOP.search(text, end)
    return text[before : after.end() if after else len(text)].strip()


def cell_of(value: Any) -> str:
    """Return an attribute as a text: dates as 2024-12-31, a value that is not known as `withheld`.

    >>> cell_of(22.0), cell_of(float("nan")), cell_of(pd.NaT)
    ('22', 'withheld', '')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if value is pd.NaT:
        return ""
    return handwritten.WITHHELD if pd.isna(value) else f"{value:.12g}"


def reading_of(fact: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of a fact as texts."""
    return {name: cell_of(fact[name]) for name in ATTRIBUTES}


def joined(reading: Mapping[str, str]) -> str:
    """Return a reading as one text; `parted` gives it back."""
    return _APART.join(reading[name].replace("¦", "|") for name in ATTRIBUTES)


def parted(text: str) -> dict[str, str] | None:
    """Return the reading that `joined` made a text of, None where it is none."""
    cells = [cell.strip() for cell in text.split(_APART.strip())]
    return dict(zip(ATTRIBUTES, cells, strict=True)) if len(cells) == len(ATTRIBUTES) else None


def digest(*texts: str) -> str:
    """Return a short hash of texts, without regard to blanks.

    >>> digest("全市 优良率", "甲") == digest("全市优良率", "甲")
    True
    """
    plain = "\0".join("".join(text.split()) for text in texts)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:_SIGNS]


def key_of(fact: Mapping[str, Any], sentence: str) -> str:
    """Return the key of a fact: the same for the same reading of the same sentence of the same report."""
    return digest(fact["report"], sentence, fact["quote"], joined(reading_of(fact)))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One verdict: the reading that was asked about, the one that is right (none: no fact), who said so and when."""

    line: int
    report: str
    sentence: str
    quote: str
    asked: dict[str, str]
    right: dict[str, str] | None
    who: str
    when: str
    key: str


def vouched(who: str, when: str) -> str:
    """Return who confirmed a reading and when, as far as told.

    >>> vouched("王工", "2025-03-01"), vouched("", "")
    ('confirmed by 王工, 2025-03-01', 'confirmed')
    """
    by = f" by {who}" if who else ""
    return f"confirmed{by}{', ' + when if when else ''}"


def reviewed(line: int, row: Mapping[str, str]) -> Reviewed:
    """Return the verdict that a row of the file holds; ValueError says what is wrong with it."""
    asked = parted(row["was"])
    if asked is None or not row.get("sentence") or row["field"] not in (CONFIRM, REMOVE):
        raise ValueError(
            "a row that a review wrote was changed: `was` and `sentence` must stay; delete it, and review again"
        )
    right = {name: row.get(name, "") for name in ATTRIBUTES} if row["field"] == CONFIRM else None
    names = {name: row.get(name, "") for name in ("report", "sentence", "quote", "who", "when", "key")}
    return Reviewed(line=line, asked=asked, right=right, **names)


def stand(
    facts: pd.DataFrame, rows: list[Reviewed], report: Report, taken: set[int], removed: list[int]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the facts of a report with what was reviewed, and a note of each change and of each row that waits.

    Facts `taken` by corrections of another kind stay as these left them; those of `removed` go.
    """
    own = [row for row in rows if row.report == report.report]
    if not own:
        return facts.drop(index=removed).reset_index(drop=True), []
    records = facts.to_dict("index")
    sentences = {at: digest(sentence_of(report.text, one["start"], one["end"])) for at, one in records.items()}
    readings = {at: reading_of(one) for at, one in records.items()}
    free = set(records) - taken
    found: dict[int, Reviewed] = {}
    for exact in (True, False):  # what is read as it was asked about comes first, whatever the order of rows
        for row in own:
            if row in found.values():
                continue
            there = {at: readings[at] for at in sorted(free - set(found)) if sentences[at] == row.sentence}
            found |= dict.fromkeys(_meant(row, there, exact), row)
    notes = _waiting(own, found, sentences, report)
    changed, further = _changed(facts, found, readings, report)
    removed = removed + [at for at, row in found.items() if row.right is None]
    return changed.drop(index=removed).reset_index(drop=True), [*notes, *further]


def _meant(row: Reviewed, there: Mapping[int, dict[str, str]], exact: bool) -> list[int]:
    """Return the facts of a sentence that a row means: one, or several that read alike."""
    wanted = [row.asked] + ([row.right] if row.right else [])
    if exact:
        return next((hits for one in wanted if (hits := [at for at, read in there.items() if read == one])), [])
    values = {one["value"] for one in wanted}
    alike = {at: read for at, read in there.items() if read["value"] in values}
    scores = {at: max(len(read.items() & one.items()) for one in wanted) for at, read in alike.items()}
    if row.right is None:  # nothing is removed that could be another fact
        scores = {at: score for at, score in scores.items() if there[at]["metric"] == row.asked["metric"]}
    best = [at for at, score in scores.items() if score == max(scores.values())]
    return best if all(there[at] == there[best[0]] for at in best) else []


def _waiting(
    own: list[Reviewed], found: Mapping[int, Reviewed], sentences: Mapping[int, str], report: Report
) -> list[Problem]:
    """Return a note of each row that hits nothing; one that removes what is not read any more has done its work."""
    hit = {id(row) for row in found.values()}
    left = [row for row in own if id(row) not in hit and row.right is not None]
    why = {True: "is not read like that any more", False: "is not in the report any more"}
    return [
        Problem(
            report.report,
            "review_waits",
            "note",
            f"line {row.line} of data/corrections.csv, {vouched(row.who, row.when)}, waits: its sentence "
            f"{why[row.sentence in sentences.values()]}: {row.quote}. Look at it again, and delete the row",
        )
        for row in left
    ]


def _changed(
    facts: pd.DataFrame, found: Mapping[int, Reviewed], readings: Mapping[int, dict[str, str]], report: Report
) -> tuple[pd.DataFrame, list[Problem]]:
    facts, notes = facts.copy(), []
    for at, row in found.items():
        said, read = vouched(row.who, row.when), readings[at]
        right = row.right or read
        was = {name: f"{name} was {read[name] or 'empty'}" for name in ATTRIBUTES if right[name] != read[name]}
        for name in was:
            facts.loc[at, name] = typed(name, right[name])  # type: ignore[assignment]
        if was or row.right is None:
            now = ", ".join(f"{before}, is {right[name] or 'empty'}" for name, before in was.items())
            message = f"{row.quote}: {now or 'removed'}, {said}"
            place = int(facts.loc[at, "start"]), int(facts.loc[at, "end"])  # type: ignore[arg-type]
            notes.append(Problem(report.report, "corrected", "note", message, *place))
        vouch(facts, at, f"{said} ({', '.join(was.values())})" if was else said, report)
    return facts, notes


def typed(name: str, cell: str) -> object:
    """Return a cell as the column `name` of the facts holds it; ValueError says what is wrong."""
    if name in NUMBERS:
        return handwritten.number(cell)
    if name in DAYS:
        return handwritten.day(cell)
    return cell


def vouch(facts: pd.DataFrame, at: int, said: str, report: Report) -> None:
    """Note in place that a person vouches for a fact: it is certain, and what follows from its attributes is right."""
    facts.loc[at, "rule"] += f"; {said}"
    facts.loc[at, ["confidence", "doubt"]] = [1.0, ""]
    row = facts.loc[at]
    city, district = row["about_city"], row["about_district"]
    names = (district or city or report.district or report.city or report.province,)
    facts.loc[at, "scope_class"] = scope_class(row["scope"], names, row["metric"])
    if city or district:
        county = places.find(district, within=city) if district else None
        place = county or places.find(city)
        facts.loc[at, "about_adcode"] = place.adcode if place else row["about_adcode"]
        facts.loc[at, "level"] = "county" if district or (place and place.level == "county") else "city"
