"""Results as tables for readers: scores, weights, plans held against results.

In: the tables of `scorecard`, `promises` and `targets`. Out: tables with titles in Chinese or English, to stand on a page.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.evidence import anchor_of, value_text
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.periods import period_label
from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.promise_words import figure, labels_of, outcome_name, plan_name
from ecoanalysis.comparing.scorecard_words import short_name, span
from ecoanalysis.knowledge.wording import say
from ecoanalysis.tables.sure import SURE


def panels(
    facts: pd.DataFrame,
    metrics: Sequence[str],
    year: int,
    reports: pd.DataFrame | None = None,
    sure: float = SURE,
) -> list[pd.DataFrame]:
    """Return the panel of each of some metrics."""
    return [panel(facts, metric, year, reports, sure=sure) for metric in metrics]


def card_table(card: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return scores and ranks of a scorecard, a row a place; where there are none, why."""
    rows = []
    why = "why_not" if language == "zh" else "why_not_en"
    for label, row in zip(place_labels(card, language), card.to_dict("records"), strict=True):
        scored = pd.notna(row["rank_equal"])
        ranks = [f"{row['rank_equal']:g}", f"{row['rank_entropy']:g}", span(row["rank_best"], row["rank_worst"])]
        scores = [f"{row['score_equal']:.2f}", f"{row['score_entropy']:.2f}"]
        rows.append([label, *(ranks if scored else [""] * 3), *(scores if scored else [""] * 2), row[why]])
    codes = ("key_equal", "key_entropy", "key_range", "score_equal", "score_entropy")
    titles = [say("column.place", language), *(say(f"scorecard.{code}", language) for code in codes)]
    return pd.DataFrame(rows, columns=[*titles, say("column.why_not", language)])


def weights_table(card: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return the indicators of a scorecard with their weights in per cent, or why they were left out."""
    rows = []
    for row in card.attrs["weights"]:
        weights = [f"{100 * row[name]:.0f}%" if row["on_card"] else "" for name in ("weight_equal", "weight_entropy")]
        left_out = row["left_out" if language == "zh" else "left_out_en"]
        rows.append([short_name(row["metric"], language), *weights, row["cities"], left_out])
    codes = ("metric", "weight_equal", "weight_entropy", "cities", "why_not")
    return pd.DataFrame(rows, columns=[say(f"column.{code}", language) for code in codes])


def card_values(card: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of panels that a scorecard rests on."""
    return pd.DataFrame(card.attrs["values"])


def plan_table(table: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return plans beside results, a row a plan, with the sentences of both; a figure is its text and its anchor."""
    labels = labels_of(table, language) if len(table) else {}
    rows = [_plan(row, labels[row["place"]], language) for row in table.to_dict("records")]
    codes = ("place", "metric", "target", "target_period", "result", "outcome", "why", "target_quote", "result_quote")
    return pd.DataFrame(rows, columns=[say(f"column.{code}", language) for code in codes])


def _plan(row: dict[str, Any], label: str, language: str) -> list[object]:
    figures = [figure(row, side) for side in _SIDES]
    target, result = ((value_text(one, language), anchor_of(one)) if one["report"] else "" for one in figures)
    period = period_label(row["target_period_start"], row["target_period_end"], language)
    said = [outcome_name(row["outcome"], language), row["why" if language == "zh" else "why_en"]]
    quotes = [f"{row[f'{side}_report']}：{row[f'{side}_quote']}" if row[f"{side}_report"] else "" for side in _SIDES]
    return [label, plan_name(row, language), target, period, result, *said, *quotes]


_SIDES = ("target", "result")
