"""Results as tables for readers: scores, weights, plans held against results.

In: the tables of `scorecard`, `promises` and `targets`. Out: tables with titles in Chinese or English, to stand on a page.
"""

from typing import Any

import pandas as pd

from ecoanalysis.comparing.promises import figure
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording.names import label_of, place_labels, short_name, subject, value_text
from ecoanalysis.wording.sentences import reasons, say


def card_table(card: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return scores and ranks of a scorecard, a row a place; where there are none, why."""
    rows = []
    why = "why_not" if language == "zh" else "why_not_en"
    for label, row in zip(place_labels(card, language), card.to_dict("records"), strict=True):
        scored = pd.notna(row["rank_equal"])
        ranks = [
            f"{row['rank_equal']:g}",
            f"{row['rank_entropy']:g}",
            say("scorecard.range", ends=(row["rank_best"], row["rank_worst"])),
        ]
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
    said = [say(f"outcome.{row['outcome']}", language), row["why" if language == "zh" else "why_en"]]
    quotes = [f"{row[f'{side}_report']}：{row[f'{side}_quote']}" if row[f"{side}_report"] else "" for side in _SIDES]
    return [label, subject(row, language), target, period, result, *said, *quotes]


_SIDES = ("target", "result")
