"""The one place that decides which values are sure enough to be compared.

In: facts, what is known of their reports, and the confidence from which a value is used. Out: for each fact the code of
`doubts.csv` that says why it is not, empty where it is. `comparing.with_places` notes it in the column `unsure`, and the checks hold only what is sure.
"""

from collections.abc import Mapping
from numbers import Real
from typing import Any

import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge.doubts import OTHER, PLACE_UNSURE, SURE, YEAR_UNSURE

_NEEDED = ("about_city", "about_district", "level", "confidence", "doubt")


def check_sure(sure: float) -> float:
    """Return `sure`, or raise `RequestError` where it is no confidence.

    >>> check_sure(90)
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: sure = 90 is no confidence: give a number from 0 to 1, such as 0.9
    """
    if isinstance(sure, bool) or not isinstance(sure, Real) or not 0 <= sure <= 1:
        raise RequestError(f"sure = {sure!r} is no confidence: give a number from 0 to 1, such as {SURE}")
    return float(sure)


def check_facts(facts: pd.DataFrame) -> None:
    """Refuse facts of an earlier version, which do not say how sure they are nor whose the values are."""
    if missing := [name for name in _NEEDED if name not in facts]:
        raise RequestError(
            f"these facts have no column {missing[0]!r}: an earlier version made them; run `ecoanalysis parse` again"
        )


def unsure(facts: pd.DataFrame, reports: Mapping[str, Mapping[str, Any]], sure: float) -> pd.Series:
    """Return why each fact is not used, empty where its confidence and that of its report are at least `sure`."""
    check_sure(sure)
    own = facts["doubt"].mask(facts["doubt"] == "", OTHER).where(~(facts["confidence"] >= sure), "")
    amiss = by_report(facts, _reports_unsure(reports, sure), "", "str")
    return amiss.where(amiss != "", own)


def by_report(facts: pd.DataFrame, told: Mapping[str, object], otherwise: object, dtype: str) -> pd.Series:
    """Return for each fact what is told of its report, `otherwise` where nothing is; a report is looked up once."""
    codes, names = pd.factorize(facts["report"])
    values = pd.Series([told.get(name, otherwise) for name in names], dtype=dtype)
    return values.iloc[codes].set_axis(facts.index)


def _reports_unsure(reports: Mapping[str, Mapping[str, Any]], sure: float) -> dict[str, str]:
    """Return the reports of which it is not sure enough of where or of when they are, each with the code.

    A report that names neither place nor year claims nothing that its facts could be wrong by.
    """
    found: dict[str, str] = {}
    for name, about in reports.items():
        for confidence, told, code in (
            ("place_confidence", about.get("city") or about.get("province"), PLACE_UNSURE),
            ("year_confidence", about.get("year"), YEAR_UNSURE),
        ):
            given = about.get(confidence)
            if told and given is not None and not given >= sure:
                found.setdefault(name, code)
    return found
