"""Tell what population a scope wording stands for, so that only like is compared with like.

In: the wording as a report has it (中心城区, 11个国考断面, 赣州市). Out: a class of `scope_classes.csv`.
Wordings stand in `scopes.csv`; a county or county-level city of the report's own city is a part of it, as `places.csv`
knows. What is in neither is `unknown`, and `unknown` compares with nothing.
"""

import re
from collections.abc import Iterable
from functools import cache

from ecoanalysis.errors import CatalogueError
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.tables import rows

WHOLE = "whole"
UNKNOWN = "unknown"
PART = "sub_area"

_COUNT = re.compile(r"^[0-9〇零一二两三四五六七八九十百]+[个条处项座]")
_WHOLE = ("全市", "全区", "全县", "全州", "我市", "我区")
_BRACKETS = str.maketrans("()", "（）")


def scope_class(scope: str, place_names: Iterable[str] = (), metric: str = "") -> str:
    """Return the class of a scope as written in a report whose own place is called by `place_names`.

    Nothing, words for the whole and the report's own place are `whole`. So is a population that the metric's name fixes
    already, when `metric` is given: 国考断面 of `water.national_sections_good_rate`. Beside some metrics a wording stands for
    another population, as `scopes_by_metric.csv` says.

    >>> [scope_class(scope, ["赣州市", "赣州"]) for scope in ("全市", "赣州市中心城区", "县级及以上城市", "赣江干流")]
    ['whole', 'urban_core', 'county_and_above', 'water_body']
    >>> scope_class("石化行业")
    'unknown'
    >>> scope_class("龙南市", ["赣州市"]), scope_class("昆明市", ["赣州市"]), scope_class("赣州市区", ["赣州市"])
    ('sub_area', 'unknown', 'urban_core')
    >>> scope_class("11个国考断面"), scope_class("11个国考断面", metric="water.national_sections_good_rate")
    ('national_sections', 'whole')
    >>> scope_class("县级以上", metric="air.pm25"), scope_class("县级以上", metric="water.source_compliance_rate")
    ('county_and_above', 'county_and_above_sources')
    """
    exact, endings = _wordings()
    wording = scope.translate(_BRACKETS).strip()
    named = [name for name in place_names if name]
    short = [place.short for name in named for place in places.bearers(name) if place.name == name]
    own = tuple(sorted({*named, *short}, key=len, reverse=True))
    for rest in _shorter(wording, own):
        if not rest:
            return WHOLE
        if (rest, metric) in _by_metric():
            return _by_metric()[rest, metric]
        if rest in exact:
            name, whole_for = exact[rest]
            return WHOLE if {metric, metric.split(".")[0]} & {*whole_for} else name
    inside = [place.name for place in places.bearers(wording) if place.level == "county" and place.city in own]
    if wording in inside:
        return PART
    for ending, name in endings:
        if wording.endswith(ending):
            return name
    # Only now the short names: 綦江 is a river first.
    return PART if inside else UNKNOWN


@cache
def classes() -> dict[str, dict[str, str]]:
    """Return the classes of `scope_classes.csv` by name: order, compares, zh, en.

    >>> classes()["water_body"]["compares"]
    'wording'
    """
    return {row["class"]: row for row in rows("scope_classes.csv")}


def _shorter(wording: str, places: tuple[str, ...]) -> Iterable[str]:
    """Yield the wording, then what is left of it without its own place, words for the whole, and a count."""
    openings = [opening for opening in ("", *places, *_WHOLE) if wording.startswith(opening)]
    for rest in (wording.removeprefix(opening) for opening in openings):
        yield rest
        if count := _COUNT.match(rest):
            yield rest[count.end() :]


@cache
def _by_metric() -> dict[tuple[str, str], str]:
    """Return the classes of wordings that stand for another population beside a metric."""
    found: dict[tuple[str, str], str] = {}
    for row in rows("scopes_by_metric.csv"):
        if row["class"] not in classes():
            raise CatalogueError(
                f"scopes_by_metric.csv, {row['wording']}: no class {row['class']!r} in scope_classes.csv"
            )
        found |= {(row["wording"], metric): row["class"] for metric in row["metrics"].split(";")}
    return found


@cache
def _wordings() -> tuple[dict[str, tuple[str, tuple[str, ...]]], tuple[tuple[str, str], ...]]:
    """Return the exact wordings with class and metrics, and the endings, longest first."""
    exact: dict[str, tuple[str, tuple[str, ...]]] = {}
    endings: list[tuple[str, str]] = []
    for row in rows("scopes.csv"):
        wording, name = row["wording"], row["class"]
        if name not in classes():
            raise CatalogueError(f"scopes.csv, {wording}: no class {name!r} in scope_classes.csv")
        if wording in exact:
            raise CatalogueError(f"scopes.csv: {wording} stands there twice")
        if wording.startswith("*"):
            endings.append((wording[1:], name))
        else:
            exact[wording] = (name, tuple(filter(None, (row["whole_for"] or "").split(";"))))
    return exact, tuple(sorted(endings, key=lambda pair: -len(pair[0])))
