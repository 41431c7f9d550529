"""The panels of one set of facts, each made once however many profiles ask for it.

In: facts and reports. Out: `Panels`. Who profiles many cities, each in a copy of this process, has them kept before
(`comparing.prepare`): every copy then has them already.
"""

import pandas as pd

from ecoanalysis.comparing.finding import Row
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places

_kept: list["Panels"] = []


class Panels:
    """The facts with their places (`of_places`) as `known`, and the panels of them that somebody asked for."""

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


def panels_of(facts: pd.DataFrame, reports: pd.DataFrame | None, sure: float) -> Panels:
    """Return the panels of these facts: those that are kept, else none made yet."""
    kept = next((panels for panels in _kept if panels.are_of(facts, reports, sure)), None)
    return kept or Panels(facts, reports, sure)


def keep(panels: Panels) -> None:
    """Let `panels_of` return these in this process, and in its copies, where it is asked for the same facts."""
    if panels not in _kept:
        _kept.append(panels)
