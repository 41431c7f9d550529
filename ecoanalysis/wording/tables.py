"""Tables as people read them: the comparison tables with their reasons in words, and the evidence, scores, plans and sources.

In: what the functions of `comparing` take or give. Out: their tables with `why_not` and `why_not_en` in place of findings, and
tables with titles in one language. The index of evidence holds an anchor for each fact, which the values in a table of
comparability lead to. Addresses are given as text: nothing is fetched.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import pandas as pd

from ecoanalysis import comparing
from ecoanalysis.comparing.coverage import in_order, told
from ecoanalysis.comparing.panel import check_metric
from ecoanalysis.comparing.places import with_places
from ecoanalysis.comparing.promises import figure
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.phrases import LANGUAGES
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.knowledge.standards import has_limit, limit, nationals
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.tables.anchor import ANCHOR, anchor_of
from ecoanalysis.tables.sure import SURE
from ecoanalysis.wording.names import (
    COLON,
    SEMICOLON,
    column_in,
    joined,
    label_of,
    metric_name,
    period_of,
    place_labels,
    scope_label,
    short_name,
    subject,
    value_text,
)
from ecoanalysis.wording.sentences import reasons, say

_P = ParamSpec("_P")


def worded(table: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """Return a table with two columns of text, Chinese and with _en English, in place of each column of findings.

    `columns` says what the texts of a column are called, as in why="why_not".
    """
    for column, name in columns.items():
        at = table.columns.get_loc(column)
        found = table[column]
        table = table.drop(columns=column)
        for step, language in enumerate(LANGUAGES):
            texts = [reasons(one or (), language) for one in found]
            table.insert(at + step, column_in(language, name), pd.Series(texts, table.index, "str"))
    return table


def _readable(made: Callable[_P, pd.DataFrame], **columns: str) -> Callable[_P, pd.DataFrame]:
    @wraps(made)
    def readable(*args: _P.args, **kwargs: _P.kwargs) -> pd.DataFrame:
        return worded(made(*args, **kwargs), **columns)

    return readable


panel = _readable(comparing.panel, why="why_not")
gap = _readable(comparing.gap, no_gap="no_gap")
series = _readable(comparing.series, why="why_not")
slope = _readable(comparing.slope, why="why_not")
targets = _readable(comparing.targets, why="why")
promises = _readable(comparing.promises, why="why")
profile = _readable(comparing.profile, why="why_not")
scorecard = _readable(comparing.scorecard, why="why_not")
funnel = _readable(comparing.funnel, why="why_not")
counts = _readable(comparing.counts, why="why_not")
beside = _readable(comparing.beside, why="why_not")
progress = _readable(comparing.progress, round="round", why="why_not")
silence = _readable(comparing.silence, why="why", bad_why="bad_why")


def evidence(
    facts: pd.DataFrame,
    year: int | Sequence[int] | None,
    reports: pd.DataFrame | None = None,
    domains: Sequence[str] = (),
    language: str = "zh",
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the facts of a year, of several, or of all (None), in these domains (none means all), air first.

    What was read with a confidence below `sure` says so, and why.

    Scope and quote stay as the report has them, in Chinese; `language` is that of everything else.
    """
    rows = told(facts, year, reports, domains, sure)
    order = {metric: at for at, metric in enumerate(in_order(catalogue.metrics()))}
    rows = rows.assign(order=rows["metric"].map(order)).sort_values(["order", "place", "report", "start"])
    only = year if isinstance(year, int) else None
    shown = [_shown(row, only, language) for row in rows.to_dict("records")]
    index = pd.Index([anchor_of(row) for row in rows.to_dict("records")], name=ANCHOR)
    return titled(pd.DataFrame(shown, columns=_EVIDENCE, index=index), _EVIDENCE, language)


def titled(rows: pd.DataFrame, names: Sequence[str], language: str) -> pd.DataFrame:
    """Return some columns of a table with titles for readers."""
    return rows[list(names)].rename(columns={name: say(f"column.{name}", language) for name in names})


_EVIDENCE = ["metric", "place", "value", "scope", "period", "status", "quote", "report", "at"]


def _shown(row: dict[str, Any], year: int | None, language: str) -> dict[str, str]:
    metric = catalogue.metrics()[row["metric"]]
    return {
        "place": place_label(row["place"], row["place_kind"], language),
        "metric": f"{getattr(metric, language)} {say('stat.' + row['stat'], language)}".strip(),
        "value": value_text(row, language),
        "scope": row["scope"],
        "period": period_label(row["period_start"], row["period_end"], language, year),
        "status": _status(row, language),
        "quote": row["quote"],
        "report": row["report"],
        "at": f"{row['start']}–{row['end']}",
    }


def _status(row: dict[str, Any], language: str) -> str:
    status = say("status." + row["status"], language)
    if not row["unsure"]:
        return status
    doubt = say("mark.doubt", language) + COLON[language] + doubt_text(row["unsure"], language)
    return joined([status, doubt], language)


FACT = "fact"
MOST = 1_500  # rows of a table on a page; a browser takes seconds to lay out ten thousand
_COLUMNS = ("metric", "place", "value", "scope", "period", "compares", "formula")


def comparability(panels: Sequence[pd.DataFrame], language: str = "zh") -> pd.DataFrame:
    """Return the rows of panels, or of a profile, that say anything: value, scope, period, whether it compares.

    Who is silent on the metric of a panel is counted in one row. What does not compare comes first where all are more rows
    than a page shows.
    """
    shown, anchors, alike = [], [], []
    for panel in panels:
        panel = panel.assign(label=place_labels(panel, language))
        spoken = panel[panel["report"] != ""]
        for row in spoken.to_dict("records"):
            lonely = row["comparable"] and len(panel["metric"].unique()) == 1 and panel["comparable"].sum() == 1
            shown.append((metric_name(row["metric"], language), *_row(row, lonely, language)))
            anchors.append(anchor_of(row))
            alike.append(bool(row["comparable"]))
        silent, about = len(panel) - len(spoken), panel["metric"].unique()
        if silent and len(about) == 1:
            name = metric_name(about[0], language)
            shown.append((name, say("comparability.silent", language, count=silent), *[""] * (len(_COLUMNS) - 2)))
            anchors.append("")
            alike.append(False)
    titles = [say(f"column.{column}", language) for column in _COLUMNS]
    table = pd.DataFrame(shown, columns=titles, index=pd.Index(anchors, name=FACT, dtype="str"))
    return table.iloc[np.argsort(alike, kind="stable")] if len(table) > MOST else table


def _row(row: dict, lonely: bool, language: str) -> tuple[str, ...]:
    scope = row["scope"] or (scope_label(row, language) if row["scope_class"] else "")
    why = row[column_in(language)] or say("compares.alone" if lonely else "compares.yes", language)
    return row["label"], value_text(row, language), scope, period_of(row, language), why, row["formula"]


def card_table(card: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return scores and ranks of a scorecard, a row a place; where there are none, why."""
    rows = []
    for label, row in zip(place_labels(card, language), card.to_dict("records"), strict=True):
        scored = pd.notna(row["rank_equal"])
        ends = say("scorecard.range", ends=(row["rank_best"], row["rank_worst"]))
        ranks = [f"{row['rank_equal']:g}", f"{row['rank_entropy']:g}", ends]
        scores = [f"{row['score_equal']:.2f}", f"{row['score_entropy']:.2f}"]
        rows.append(
            [label, *(ranks if scored else [""] * 3), *(scores if scored else [""] * 2), row[column_in(language)]]
        )
    codes = ("key_equal", "key_entropy", "key_range", "score_equal", "score_entropy")
    titles = [say("column.place", language), *(say(f"scorecard.{code}", language) for code in codes)]
    return pd.DataFrame(rows, columns=[*titles, say("column.why_not", language)])


def weights_table(card: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return the indicators of a scorecard with their weights in per cent, or why they were left out."""
    rows = []
    for row in card.attrs["weights"]:
        weights = [f"{100 * row[name]:.0f}%" if row["on_card"] else "" for name in ("weight_equal", "weight_entropy")]
        left_out = reasons(row["left_out"], language)
        rows.append([short_name(row["metric"], language), *weights, row["cities"], left_out])
    codes = ("metric", "weight_equal", "weight_entropy", "cities", "why_not")
    return pd.DataFrame(rows, columns=[say(f"column.{code}", language) for code in codes])


def plan_table(table: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return plans beside results, a row a plan, with the sentences of both; a figure is its text and its anchor."""
    rows = [_plan(row, label_of(row, language), language) for row in table.to_dict("records")]
    codes = ("place", "metric", "target", "target_period", "result", "outcome", "why", "target_quote", "result_quote")
    return pd.DataFrame(rows, columns=[say(f"column.{code}", language) for code in codes])


def _plan(row: dict[str, Any], label: str, language: str) -> list[object]:
    figures = [figure(row, side) for side in _SIDES]
    target, result = ((value_text(one, language), anchor_of(one)) if one["report"] else "" for one in figures)
    period = period_label(row["target_period_start"], row["target_period_end"], language)
    said = [say(f"outcome.{row['outcome']}", language), row[column_in(language, "why")]]
    quotes = [f"{row[f'{side}_report']}：{row[f'{side}_quote']}" if row[f"{side}_report"] else "" for side in _SIDES]
    return [label, subject(row, language), target, period, result, *said, *quotes]


_SIDES = ("target", "result")


def corpus(reports: pd.DataFrame, facts: pd.DataFrame, quantities: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return the reports with place, year, what was repaired, and how many facts and quantities were read in each."""
    spoken = with_places(facts, reports)
    spoken = spoken[spoken["told_by"] == ""].drop_duplicates("report").set_index("report")
    labels = dict(zip(spoken.index, place_labels(spoken, language), strict=True))
    named = reports["city"].where(reports["city"] != "", reports["province"])
    rows = reports.assign(
        place=reports["report"].map(labels).fillna(named),
        facts=reports["report"].map(facts["report"].value_counts()).fillna(0).astype(int),
        quantities=reports["report"].map(quantities["report"].value_counts()).fillna(0).astype(int),
    )
    rows["genre"] = rows["genre"].map({row["genre"]: row[language] for row in knowledge("genres.csv")}).fillna("")
    rows["year"] = rows["year"].astype("str").where(rows["year"].notna(), say("page.not_stated", language))
    rows["repairs"] = [_repairs(done, language) for done in rows["repairs"]]
    names = ("report", "place", "year", "genre", "characters", "quantities", "facts", "encoding", "repairs")
    return titled(rows, names, language)


def _repairs(done: str, language: str) -> str:
    """Say what `pinyin gloss 31; traditional 402` means; a kind without a wording stays as it is."""
    called = {row["kind"]: row[language] for row in knowledge("repairs.csv")}
    counted = [one.rpartition(" ") for one in done.split("; ") if one]
    said = [say("repair.one", language, kind=called.get(kind, kind), count=count) for kind, _, count in counted]
    return joined(said, language, SEMICOLON)


def problems(found: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return the table of problems for readers, worst first."""
    worst = found["severity"].map({"error": 0, "warning": 1, "note": 2})
    rows = found.assign(worst=worst).sort_values(["worst", "report"], kind="stable")
    called = {row["code"]: row[language] for row in knowledge("problems.csv")}
    rows["code"] = [called.get(code, code) for code in rows["code"]]
    rows["severity"] = [say(f"severity.{severity}", language) for severity in rows["severity"]]
    return titled(rows, ("severity", "report", "code", "message"), language)


def bibliography(reports: pd.DataFrame, year: int | Sequence[int] | None, language: str = "zh") -> pd.DataFrame:
    """Return the reports about a year, several, or any (None), with publisher, title, date, address, whether a sample."""
    years = [year] if isinstance(year, int) else year
    rows = reports if years is None else reports[reports["year"].isin(years)]
    rows = rows.sort_values(["adcode", "year", "report"])
    rows = rows.assign(sample=[say("page.yes", language) if sample else "" for sample in rows["sample"]])
    return titled(rows, ("report", "publisher", "title", "published", "url", "sample"), language)


def references(metrics: Sequence[str], year: int, language: str = "zh") -> pd.DataFrame:
    """Return the national figures of a year and the limits then in force for some metrics, each with its source."""
    rows = []
    for metric in metrics:
        check_metric(metric)
        scale, name = scale_of(catalogue.metrics()[metric].unit, language=language), metric_name(metric, language)
        for one in nationals(metric):
            if one.year == year:
                dust = say(f"dust.{one.dust}", language) if one.dust else ""
                rows.append((name, say("reference.national", language, dust=dust), scale.text(one.value), one.source))
        if has_limit(metric, date(year, 12, 31)):
            known = limit(metric, date(year, 12, 31))
            rows.append((name, getattr(known, language), scale.text(known.value), known.source))
    titles = [say(f"column.{name}", language) for name in ("metric", "reference", "value", "source")]
    return pd.DataFrame(rows, columns=titles)
