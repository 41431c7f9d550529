"""Provinces, or the nation, as places of their own: never a city, but compared among themselves.

In: facts. Out: the facts about one level, each with the province (or the nation) as the place that it is of, so that all of
comparing takes them as it takes cities'; beside cities they are baselines.
"""

import pandas as pd

from ecoanalysis.comparing.places import sources
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.phrases import phrase
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.tables.sure import by_report

_WHOLE = {"province": "province", "nation": "country"}  # the class of a scope that says the whole of it


def at_level(facts: pd.DataFrame, level: str, reports: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the facts about provinces or about the nation (`level`), with its name in the columns of the city.

    Municipalities are provinces as well. `reports` tells whose own reports these are; `ecoanalysis.load` and
    `ecoanalysis.parse` note that in the facts. Another level raises `RequestError`.

    >>> at_level(pd.DataFrame({"level": []}), "county")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: level = 'county' is none of province, nation; cities are compared without it
    """
    if level not in _WHOLE:
        raise RequestError(f"level = {level!r} is none of {', '.join(_WHOLE)}; cities are compared without it")
    levels = {report: about.get("level") or "" for report, about in sources(facts, reports).items()}
    found = facts[facts["level"] == level]
    code = found["about_adcode"].str[:2]
    names = {one[:2]: place.province for one in found["about_adcode"] if (place := places.by_adcode(one))}
    name = code.map(names).fillna("") if level == "province" else pd.Series(phrase("place.nation"), found.index)
    own = (by_report(found, levels, "", "str") == level) & (found["adcode"].str[:2] == code)
    whole = found["scope_class"].mask(found["scope_class"] == _WHOLE[level], WHOLE)
    made = found.assign(about_city=name, city=found["city"].mask(own, name), scope_class=whole)
    made.attrs = facts.attrs
    return made[name != ""]
