"""Measure what a reading is good for: its ranked values, its promises, its numbers, its places and years.

In: tables of what was read and of what a person read, as `scoring` takes. Out: counts and shares, each over what the person
states; a table without the column `confidence` is taken at its word.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ecoanalysis.extracting.confidence import SURE
from ecoanalysis.extracting.quantities import NOT_QUANTITIES
from ecoanalysis.extracting.scoring import keyed, rows_by_key, same
from ecoanalysis.knowledge.scopes import WHOLE, scope_class

Names = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """The share, 0 of nothing."""
        return self.right / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.share:.3f} right of {self.of}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a chart would show: `ranked` values that are right in every attribute, `rankable` gold values ranked rightly.

    `sure` are all facts read at that confidence or above.
    """

    ranked: Share
    rankable: Share
    sure: Share


class Placed(NamedTuple):
    """Whose report, or of when: stated ones that are right, those wrong of the confident, and (report, meant, read) of the wrong."""

    right: Share
    sure_wrong: Share
    wrong: list[tuple[str, str, str]]


def names_of(frame: pd.DataFrame) -> Names:
    """Return what the own place of each report is called, from those columns province, city and district that are there."""
    columns = [name for name in ("province", "city", "district") if name in frame]
    found: Names = {}
    for row in frame[["report", *columns]].drop_duplicates().fillna("").itertuples(index=False):
        found.setdefault(row[0], set()).update(filter(None, row[1:]))
    return found


def right(facts: pd.DataFrame, gold: pd.DataFrame) -> pd.Series:
    """Return for each fact whether a person read it with every attribute."""
    golds = rows_by_key(gold)
    found = [any(same(row, meant) for meant in golds.get(key, [])) for key, row in keyed(facts)]
    return pd.Series(found, facts.index, dtype=bool)


def confidence(facts: pd.DataFrame) -> pd.Series:
    """Return how sure the reading is of each fact; where a table does not say, it is taken at its word."""
    if "confidence" not in facts:
        return pd.Series(1.0, facts.index)
    return pd.to_numeric(facts["confidence"], errors="coerce").fillna(1.0).clip(0, 1)


def ranked(facts: pd.DataFrame, gold: pd.DataFrame, names: Names, sure: float = SURE) -> Ranked:
    """Return how many of the values that a chart would rank are right, and how many that it should rank it would.

    Charts rank a level that was reported of the whole place for a full calendar year, as it is or about, read at a
    confidence of `sure` or above.
    """
    good, certain = right(facts, gold), confidence(facts) >= sure
    shown = rankable(facts, names) & certain
    firm = gold[gold["optional"] == ""] if "optional" in gold else gold
    wanted = {key for key, _ in keyed(firm[rankable(firm, names)])}
    got = {key for key, _ in keyed(facts[shown & good])}
    return Ranked(
        Share(int(good[shown].sum()), int(shown.sum())),
        Share(len(wanted & got), len(wanted)),
        Share(int(good[certain].sum()), int(certain.sum())),
    )


def rankable(frame: pd.DataFrame, names: Names) -> pd.Series:
    """Tell of each row whether a chart would rank its value."""
    start, end = pd.to_datetime(frame["period_start"]), pd.to_datetime(frame["period_end"])
    full = (
        (start.dt.month == 1)
        & (start.dt.day == 1)
        & (end.dt.month == 12)
        & (end.dt.day == 31)
        & (start.dt.year == end.dt.year)
    )
    reported = (frame["stat"] == "level") & (frame["status"] == "reported") & frame["bound"].isin(["=", "~"])
    places = zip(frame["scope"].fillna(""), frame["report"], frame["metric"], strict=True)
    whole = [scope_class(scope, names.get(report, ()), metric) == WHOLE for scope, report, metric in places]
    return full & reported & frame["value"].notna() & pd.Series(whole, frame.index, dtype=bool)


def calibration(promised: pd.Series, found: pd.Series) -> pd.DataFrame:
    """Return for each tenth of confidence that has facts how many, the confidence promised on average and the share right.

    >>> calibration(pd.Series([0.91, 0.99, 0.5]), pd.Series([True, True, False])).round(2).values.tolist()
    [[0.5, 1.0, 0.5, 0.0], [0.9, 2.0, 0.95, 1.0]]
    """
    frame = pd.DataFrame({"promised": promised, "found": found.astype(float)})
    frame["tenth"] = (promised * 10 + 1e-9).astype(int).clip(upper=9) / 10
    return (
        frame.groupby("tenth")
        .agg(n=("found", "size"), promised=("promised", "mean"), found=("found", "mean"))
        .reset_index()
    )


def expected_error(table: pd.DataFrame) -> float:
    """Return how far promised and found are apart, on average over the facts of all tenths."""
    apart = (table["promised"] - table["found"]).abs() * table["n"]
    return float(apart.sum() / (table["n"].sum() or 1))


def numbers(found: pd.DataFrame, wanted: pd.DataFrame) -> tuple[Share, int]:
    """Return how many numbers of a labelled table were found with their units, and how many more were said.

    Numbers agree where report, value (to nine digits) and unit as written do, apart from 万, 亿 and blanks.
    """
    if "kind" in found:
        found = found[~found["kind"].isin(NOT_QUANTITIES)]
    have, want = _counted(found[found["report"].isin(wanted["report"])]), _counted(wanted)
    return Share((want & have).total(), want.total()), (have - want).total()


def _counted(frame: pd.DataFrame) -> Counter:
    unit = frame["unit_text"].astype(str).str.replace(r"[万亿\s]", "", regex=True)
    value = pd.to_numeric(frame["value"], errors="coerce").map(lambda v: "withheld" if pd.isna(v) else f"{v:.9g}")
    return Counter(zip(frame["report"], value, unit, strict=True))


def place(reports: pd.DataFrame, wanted: pd.DataFrame) -> Placed:
    """Judge whose report each is: city and district, and the province where a person states it."""

    def spoken(row: dict, meant: dict) -> str:
        names = row["province"] if meant["province"] else "", row["city"], row["district"]
        return " ".join(dict.fromkeys(filter(None, names)))  # 天津市 is province and city in one

    return _placed(reports, wanted, spoken, "place_confidence")


def year(reports: pd.DataFrame, wanted: pd.DataFrame) -> Placed:
    """Judge of which year each report is."""

    def spoken(row: dict, _: dict) -> str:
        return "" if pd.isna(row["year"]) or row["year"] == "" else str(int(row["year"]))

    return _placed(reports, wanted, spoken, "year_confidence")


def _placed(reports: pd.DataFrame, wanted: pd.DataFrame, spoken: Callable[[dict, dict], str], certain: str) -> Placed:
    """Hold what `spoken` says of a report against what it says of the person's row; a report not read says nothing."""
    rows = {row["report"]: row for row in reports.to_dict("records")}
    silent = {"province": "", "city": "", "district": "", "year": "", certain: 0.0}
    stated, well, sure, sure_wrong, wrong = 0, 0, 0, 0, []
    for meant in wanted.to_dict("records"):
        got = rows.get(meant["report"], silent)
        want, read = spoken(meant, meant), spoken(got, meant)
        stated += bool(want)
        well += bool(want) and want == read
        if read and got.get(certain, 1.0) >= SURE:
            sure += 1
            sure_wrong += want != read
        if want != read:
            wrong.append((meant["report"], want, read))
    return Placed(Share(well, stated), Share(sure_wrong, sure), wrong)
