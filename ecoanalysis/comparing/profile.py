"""One city among its peers: where each of its values stands, what does not compare, and what it is silent on.

In: facts and a city. Out: one row per metric that the city speaks of, and per indicator of the scorecard that it does not.
The peers of a value are the cities that compare with it: those of the panel's group, or of the city's own (中心城区) where
the city is not in that one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.coverage import in_order
from ecoanalysis.comparing.finding import Finding, Noted, Row, why
from ecoanalysis.comparing.groups import class_of, group_of
from ecoanalysis.comparing.panel import COLUMNS as PANEL
from ecoanalysis.comparing.panel import filled, placed_panel
from ecoanalysis.comparing.places import of_places, resolve
from ecoanalysis.comparing.ranking import FEWEST
from ecoanalysis.comparing.verdicts import moved
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.place_names import CITY
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.tables.sure import SURE

COLUMNS = [
    *("metric", "state", "value", "unit", "better", "peers", "median", "q1", "q3", "low", "high", "rank", "behind"),
    *("last", "last_report", "last_start", "last_end", "last_quote"),
]
COMPARED, ALONE = "compared", "alone"  # the other states are unsure, withheld, planned and silent
_GROUPS = {"scope", "tier", "period", "unit", "dust", "standard", "definition", "round"}  # what another group may mend


def profile(
    facts: pd.DataFrame, city: str, year: int, reports: pd.DataFrame | None = None, sure: float = SURE
) -> pd.DataFrame:
    """Return one row per metric of a city in `year`: the columns of its panel row, and where it stands among its peers.

    `state` is compared (at least two other cities have a comparable value), alone (`why` says why), unsure (to be checked), withheld, planned
    or silent. `peers` counts the other cities; `median`, `q1` and `q3` (linear quartiles), `low` and `high` are theirs, in
    the unit of the row. `rank` counts the city too, 1 is best, level values share the better rank; `behind` counts the
    peers that are worse; both NaN where neither direction is better. `last` is the city's value of the year before, of the same scope, period, condition and standard.
    `attrs["peers"]` holds the panel rows of the peers. A city without any report raises `RequestError`.
    """
    return _profile(_panels_of(facts, reports, sure), resolve([city], facts)[0], year)


def prepare(
    facts: pd.DataFrame, cities: Sequence[str], year: int, reports: pd.DataFrame | None = None, sure: float = SURE
) -> None:
    """Make the panels that the profiles of these cities are made of, and keep them for this process and its copies.

    Profiles of the same facts then take a fraction of the time.
    """
    panels = _panels_of(facts, reports, sure)
    if panels not in _kept:
        _kept.append(panels)
    for place in resolve(cities, facts):
        _profile(panels, place, year)


_kept: list["Panels"] = []


class Panels:
    """The facts with their places as `known`, and the panels of them, each made once however many profiles ask for it."""

    def __init__(self, facts: pd.DataFrame, reports: pd.DataFrame | None, sure: float) -> None:
        self._of = facts.copy(deep=False), reports if reports is None else reports.copy(deep=False)
        self._made: dict[tuple[object, ...], list[Row]] = {}
        self.sure = sure
        self.known = of_places(facts, reports, sure)

    def rows(self, metric: str, year: int, on: tuple[str, ...] = ()) -> list[Row]:
        """Return the rows of a panel of levels; they are everybody's, so change none."""
        key = metric, year, on
        if key not in self._made:
            self._made[key] = placed_panel(self.known, metric, year, on=on).to_dict("records")
        return self._made[key]

    def are_of(self, facts: pd.DataFrame, reports: pd.DataFrame | None, sure: float) -> bool:
        """Return whether these are the panels of just these facts, whatever somebody wrote into them meanwhile."""
        own, told = self._of
        if self.sure != sure or (told is None) != (reports is None):
            return False
        return facts.equals(own) and facts.attrs == own.attrs and (told is None or told.equals(reports))


def _panels_of(facts: pd.DataFrame, reports: pd.DataFrame | None, sure: float) -> Panels:
    """Return the panels of these facts: those that `prepare` keeps, else none made yet."""
    kept = (panels for panels in _kept if panels.are_of(facts, reports, sure))
    return next(kept, None) or Panels(facts, reports, sure)


def _profile(panels: Panels, place: str, year: int) -> pd.DataFrame:
    known = panels.known
    levels = (known["place"] == place) & (known["stat"] == "level") & known["year"].notna()
    own = known[levels].to_dict("records")
    standard = [row["metric"] for row in rows("scorecard.csv")]
    wanted = {*(fact["metric"] for fact in own if fact["year"] == year), *standard}
    made, peers = [], []
    for metric in in_order(metric for metric in catalogue.metrics() if metric in wanted):
        row, others = _among_peers(panels, metric, year, place)
        made.append(row | _standing(row, others) | _last([fact for fact in own if fact["metric"] == metric], row))
        peers += others
    frame = pd.DataFrame(made)
    frame = frame[[*COLUMNS, *(name for name in PANEL if name not in COLUMNS)]]
    frame.attrs["peers"] = Noted(peers)
    return frame


def _among_peers(panels: Panels, metric: str, year: int, place: str) -> tuple[Row, list[Row]]:
    """Return the panel row of a place, and the rows of the others that compare with it; no others where fewer than two."""
    one = panels.rows(metric, year)
    row, others = _row(one, place, metric, year, panels.sure), _others(one, place)
    if row["reason"] and set(row["reason"].split(";")) <= _GROUPS:
        one = panels.rows(metric, year, _group_names(row, year))
        within, others = _row(one, place, metric, year, panels.sure), _others(one, place)
        row = within if within["comparable"] and len(others) >= FEWEST - 1 else row
    if row["comparable"] and len(others) < FEWEST - 1:
        few = Finding("profile.few" if len(others) else "profile.nobody", {"count": len(others)})
        row = row | {"comparable": False, "reason": "few", "why": (few,)}
    return row, others if row["comparable"] else []


def _others(one: list[Row], place: str) -> list[Row]:
    return [row for row in one if row["comparable"] and row["place"] != place]


def _row(one: list[Row], place: str, metric: str, year: int, sure: float) -> Row:
    """Return the row of a place; one that stands in no report of that year is silent."""
    if found := next((row for row in one if row["place"] == place), None):
        return found
    silent = {"place": place, "place_kind": CITY, "publisher": "", "sample": False, "sure": sure, "why": why("silent")}
    return filled(silent, metric, year, catalogue.metrics()[metric].unit)


def _group_names(row: Row, year: int) -> tuple[str, ...]:
    names = class_of(row), period_label(row["period_start"], row["period_end"], "zh", year)
    return (*names, row["unit_text"]) if "unit" in row["reason"].split(";") and row["unit_text"] else names


def _standing(row: Row, others: list[Row]) -> Row:
    better = catalogue.metrics()[row["metric"]].better
    silent = {"doubt": "unsure", "withheld": "withheld", "planned": "planned", "silent": "silent"}
    found: dict[str, Any] = {"state": silent.get(row["reason"], COMPARED if len(others) else ALONE), "better": better}
    found |= dict.fromkeys(("median", "q1", "q3", "low", "high", "rank", "behind"), np.nan) | {"peers": len(others)}
    if not others:
        return found
    values = np.array([other["value"] for other in others], dtype=float)
    names = ("low", "q1", "median", "q3", "high")
    found |= {name: float(np.quantile(values, at)) for name, at in zip(names, (0, 0.25, 0.5, 0.75, 1), strict=True)}
    if better != "none":
        sign = 1 if better == "higher" else -1
        ahead, behind = (int((side * sign * (values - row["value"]) > 0).sum()) for side in (1, -1))
        found |= {"rank": 1 + ahead, "behind": behind}
    return found


def _last(own: list[Row], row: Row) -> Row:
    """Return the value of the year before that is of the same group as a row, NaN where there is none or several."""
    found: dict[str, Any] = {"last": np.nan, "last_report": "", "last_start": -1, "last_end": -1, "last_quote": ""}
    dated = pd.notna(row["period_start"]) and pd.notna(row["period_end"])
    if pd.isna(row["value"]) or row["unsure"] or row["bound"] != "=" or not dated:
        return found
    before = [fact for fact in own if (fact["status"], fact["bound"], fact["unsure"]) == ("reported", "=", "")]
    before = [fact for fact in before if pd.notna(fact["value"]) and fact["year"] == row["year"] - 1]
    before.sort(key=lambda fact: (fact["told_by"], fact["report"], fact["start"]))
    alike = [fact for fact in before if moved(group_of(fact), 1) == group_of(row)]
    alike = [fact for fact in alike if not fact["told_by"]] or alike
    if len({fact["value"] for fact in alike}) != 1:
        return found
    one = alike[0]
    return {"last": one["value"]} | {f"last_{name}": one[name] for name in ("report", "start", "end", "quote")}


def peers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the other cities that a profile holds its city against, and its own figures of the year before."""
    before = table[table["last_report"] != ""]
    last = {"report": before["last_report"], "start": before["last_start"], "end": before["last_end"]}
    return pd.concat(
        [pd.DataFrame(table.attrs["peers"]), before.assign(value=before["last"], **last)], ignore_index=True
    )


def profile_finding(table: pd.DataFrame) -> list[Finding]:
    """Return what a profile shows, in three to five findings."""
    first, states = table.iloc[0].to_dict(), table["state"].value_counts()
    compared = table[table["state"] == COMPARED]
    about: dict[str, Any] = {"row": first, "year": first["year"], "count": len(compared)}
    if compared.empty:
        said = [Finding("profile.none", about)]
    else:
        directed = compared[compared["better"] != "none"]
        ahead, behind, level = _sides(directed, "median")
        about |= {"directed": len(directed), "ahead": ahead, "behind": behind, "level": level}
        said = [Finding("profile.compared" if len(directed) else "profile.undirected", about), *_ends(directed)]
    both = table[table["last"].notna() & (table["better"] != "none")]
    if len(both):
        better, worse, same = _sides(both, "last")
        said.append(Finding("profile.moved", {"count": len(both), "better": better, "worse": worse, "same": same}))
    missing = [
        Finding(f"profile.{state}_count", {"count": states[state]})
        for state in (ALONE, "unsure", "withheld", "planned", "silent")
        if state in states
    ]
    if missing:
        said.append(Finding("profile.missing", {"parts": missing}))
    return [*said, Finding("profile.caveat")] if len(compared) else said


def _sides(rows: pd.DataFrame, against: str) -> tuple[int, int, int]:
    """Return how many values are better than those of a column, how many worse, how many level."""
    gain = np.where(rows["better"] == "lower", -1, 1) * (rows["value"] - rows[against]).round(9)
    return int((gain > 0).sum()), int((gain < 0).sum()), int((gain == 0).sum())


def _ends(directed: pd.DataFrame) -> list[Finding]:
    """Return where the city stands best, ahead of more peers than behind, and where worst, as far as its peers differ."""
    differ = directed[(directed["low"] < directed["high"]) | (directed["value"] != directed["low"])]
    if differ.empty:
        return []
    share = (differ["rank"] - 1 - differ["behind"]) / differ["peers"]
    best, worst = (differ.loc[at].to_dict() for at in (share.idxmin(), share.idxmax()))
    ends = [("best", best)] if share.min() < 0 else []
    ends += [("worst", worst)] if share.max() > 0 else []
    return [Finding(f"profile.{code}", {"at": _stands(row)}) for code, row in ends]


def _stands(row: dict[str, Any]) -> Finding:
    """Return a value with its rank, level or not, among the peers, of the whole city or of a named scope."""
    tied = row["peers"] - (row["rank"] - 1) - row["behind"] > 0
    rank = Finding("profile.level_rank" if tied else "profile.own_rank", {"rank": int(row["rank"])})
    scope = "" if row["scope_class"] == WHOLE else Finding("profile.of_scope", {"row": row})
    median = row | {"value": float(f"{row['median']:.4g}"), "bound": "=", "derived": False}
    return Finding(
        "profile.standing", {"row": row, "scope": scope, "of": row["peers"] + 1, "rank": rank, "median": median}
    )
