"""What never changes in a notebook, said once: the facts and reports of some cities, the year, the confidence, the language.

In: the parameters of a notebook. Out: a `Study`, whose methods are the tables of `comparing` and what a page shows of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ecoanalysis import charts, comparing, paths, wording
from ecoanalysis.charts.page import Html, leads, remark, stacked
from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.groups import On
from ecoanalysis.knowledge.phrases import check_language
from ecoanalysis.tables import Tables, load
from ecoanalysis.tables.anchor import with_anchor
from ecoanalysis.tables.sure import SURE
from ecoanalysis.tables.writing import MANY
from ecoanalysis.wording import tables as worded
from ecoanalysis.wording.tables import MOST

Years = Sequence[int] | None  # none given: those of the study; None: all


@dataclass(frozen=True, slots=True)
class Study:
    """The facts and reports of the cities of a study, for `year`; `tables` are all that was read.

    `sure` is the confidence from which values are ranked, `language` that of all texts, `folder` where pictures go.
    `shown` are the anchors of the facts that what was shown so far leads to: of very many, evidence lists only these.
    """

    tables: Tables
    facts: pd.DataFrame
    reports: pd.DataFrame
    year: int
    sure: float
    language: str
    folder: Path
    shown: set[str] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def open(
        cls, name: str, cities: Sequence[str] = (), year: int = 0, sure: float = SURE, language: str = "zh"
    ) -> "Study":
        """Return the study that a notebook `name` makes of some cities (none means all) and a year (0 means the latest).

        A city without a report, a year that no report is about, and a language that is none raise `RequestError`.
        """
        check_language(language)
        tables = load()
        facts, reports = comparing.chosen(tables.facts, tables.reports, cities)
        year = comparing.default_year(reports, year)
        return cls(tables, facts, reports, year, sure, language, paths.figures() / str(year) / name)

    @property
    def years(self) -> list[int]:
        """Return the year of the study after the one before it."""
        return [self.year - 1, self.year]

    @property
    def samples(self) -> bool:
        """Return whether any of the reports is a sample."""
        return bool(self.reports["sample"].any())

    @property
    def charts(self) -> SimpleNamespace:
        """Return the charts of `ecoanalysis.charts`, each in the language of the study and with all facts that were read."""
        own = {"language": self.language, "facts": self.tables.facts}
        kinds = {name: kind for name, kind in vars(charts).items() if callable(kind)}
        asked = {name: signature(kind).parameters for name, kind in kinds.items()}
        given = {name: {key: own[key] for key in own if key in asked[name]} for name in kinds}
        return SimpleNamespace(
            **{name: partial(kind, **given[name]) if given[name] else kind for name, kind in kinds.items()}
        )

    def make(self, made: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Return what a function of `comparing` or `wording.tables` makes of the facts and reports of the study.

        What the function takes of facts, reports, year, sure and language is given to it, unless it is among `more`.
        """
        own = {name: getattr(self, name) for name in ("reports", "year", "sure", "language")}
        asked = signature(made)
        named = asked.bind_partial(more.pop("facts", self.facts), *given).arguments | more
        return made(**{name: value for name, value in own.items() if name in asked.parameters} | named)

    def within(self, folder: str) -> "Study":
        """Return the same study with its pictures in a folder of that name within its own."""
        return replace(self, folder=self.folder / folder)

    def panel(self, metric: str, stat: str = "level", on: On = ()) -> pd.DataFrame:
        """Return one row per city with its value of `metric` in the year of the study; see `comparing.panel`."""
        return self.make(worded.panel, metric, stat=stat, on=on)

    def panels(self, metrics: Sequence[str]) -> list[pd.DataFrame]:
        """Return the panel of each of some metrics."""
        return [self.panel(metric) for metric in metrics]

    def survey(self, *domains: str) -> list[pd.DataFrame]:
        """Return the panel of each metric of some domains that a place speaks of; see `comparing.survey`."""
        return [worded.worded(one, why="why_not") for one in self.make(comparing.survey, domains=domains)]

    def slope(self, metric: str) -> pd.DataFrame:
        """Return the change of `metric` from the year before to the year of the study; see `comparing.slope`."""
        return self.make(worded.slope, metric, years=self.years)

    def series(self, metric: str) -> pd.DataFrame:
        """Return `metric` over all years; see `comparing.series`."""
        return self.make(worded.series, metric)

    def told(self, domains: Sequence[str] = (), years: Years = ()) -> pd.DataFrame:
        """Return the facts of these domains and years with their places; no years are those of the study, None is all."""
        return self.make(comparing.told, self._years(years), domains=domains)

    def states(self, domains: Sequence[str]) -> pd.DataFrame:
        """Return who reports what of some domains: all metrics that a place speaks of; see `comparing.states`."""
        return self.make(comparing.states, metrics=self.make(comparing.shared_metrics, domains=domains, least=1))

    def doubt(self, domains: Sequence[str] = (), years: Years = ()) -> list[Finding]:
        """Return how many values of these domains and years were left out for doubt."""
        return self.make(comparing.doubt_finding, self._years(years), domains=domains)

    def prose(self, *said: Finding | Sequence[Finding], about: Sequence[pd.DataFrame] = ()) -> Html:
        """Return findings as paragraphs whose values lead to the evidence."""
        return self._led(charts.prose(*said, about=about, language=self.language))

    def show(self, **pictures: Any) -> Html:
        """Save pictures under the names that they are given as, and return them one below the other."""
        return self._led(charts.export(self.folder, **pictures))

    def listing(self, *frames: pd.DataFrame) -> Html:
        """Return tables one below the other; those without rows are left out."""
        return self._led(charts.tables(frames, self.language))

    def comparability(self, *panels: pd.DataFrame) -> Html:
        """Return the table that says of every value whether it compares, and if not why."""
        return self._led(charts.table(wording.comparability(panels, self.language), self.language))

    def evidence(self, domains: Sequence[str] = (), years: Years = (), facts: pd.DataFrame | None = None) -> Html:
        """Return the facts of these domains and years, or of `facts`, with the sentences that say them.

        Of more than 1,500 only those are listed that the page leads to, and it says where the others are.
        """
        facts, asked = self.facts if facts is None else facts, self._years(years)
        count = len(comparing.told(facts, asked, self.reports, domains, self.sure))
        listed = facts if count <= MOST else with_anchor(facts, self.shown)
        rows = wording.evidence(listed, asked, self.reports, domains, self.language, self.sure)
        file = "facts.csv" if len(self.tables.facts) < MANY else "facts/year=*/*.parquet"
        rest = self._rest("rest.facts", len(rows), count, file)
        return stacked(charts.table(rows, self.language, self.samples), rest)

    def sources(self, metrics: Sequence[str] = (), years: Years = ()) -> Html:
        """Return the reports, and the national figures and limits that some metrics are held against.

        Of more than 1,500 reports only those are listed that the page leads to.
        """
        rows = wording.bibliography(self.reports, self._years(years), self.language)
        count = len(rows)
        if count > MOST:
            cited = self.reports[self.reports["report"].isin(with_anchor(self.facts, self.shown)["report"])]
            rows = wording.bibliography(cited, self._years(years), self.language).head(MOST)
        rest = self._rest("rest.reports", len(rows), count, "reports.parquet")
        references = [wording.references(metrics, self.year, self.language)] if metrics else []
        if rest.text:
            return stacked(charts.table(rows, self.language), rest, *(charts.tables([one]) for one in references))
        return charts.tables([rows, *references], self.language)

    def corpus(self) -> pd.DataFrame:
        """Return what was read, a row a report, for readers."""
        return wording.corpus(self.reports, self.facts, self.tables.quantities, self.language)

    def _led(self, piece: Html) -> Html:
        """Note where a piece of the page leads to."""
        self.shown.update(leads(piece))
        return piece

    def _rest(self, code: str, listed: int, count: int, file: str) -> Html:
        """Say how many facts or reports are not listed, and where they are; nothing where all are."""
        said = {"listed": listed, "count": count - listed, "file": file}
        return remark(wording.say(code, self.language, **said) if count > listed else "")

    def _years(self, years: Years) -> Sequence[int] | None:
        return self.years if years is not None and not len(years) else years
