"""Tables of this package for readers: places for reports, intervals beside values, names of columns in their language.

In: a result, and what the page calls each report. Out: a table whose index holds an anchor for each row, which findings
lead to; ``attrs["made"]`` is that of the result, and `note` says in a few sentences how it was made.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.language.attention import UNITS
from ecoanalysis.language.index import rules
from ecoanalysis.language.words import NESTED, THEMES, theme, unquoted
from ecoanalysis.tables.anchor import ANCHOR, anchor_of
from ecoanalysis.wording.names import joined, together, with_unit
from ecoanalysis.wording.sentences import say

MOST = 300  # rows
COLUMNS = {
    "superlatives": ("number", "place", "superlative", "numbered", "sentence", "report", "at"),
    "slogans": ("place", "slogan", "sentence", "report", "at"),
    "together": ("number", "place", "of_report", "quote", "report", "at"),
    "passages": (
        *("passage", "characters", "places", "first_year", "is_formula", "place", "quote", "report", "at"),
        *("other_place", "other_quote", "other", "other_at"),
    ),
    "diffusion": ("passage", "quote", "year", "places_of", "new", "so_far"),
    "boilerplate": ("place", "characters", "covered", "share", "formula_share", "report"),
    "kwic": ("place", "left", "keyword", "right", "line", "report", "at"),
    "collocations": ("word", "together", "expected", "g2", "key", "log_dice", "pmi"),
    "density": ("place", "characters", "quantities_per_1000", "slogans_per_1000", "damage", "report"),
    "modality": ("modal", "strength", "count", "planned", "reports"),
}


def note(table: pd.DataFrame, language: str = "zh") -> str:
    """Return how a result was made, for a page or a chart's source line; a table without that raises `RequestError`.

    >>> from ecoanalysis.language.attention import attention
    >>> from ecoanalysis.language.corpus import gather
    >>> note(attention(gather(pd.DataFrame({"report": ["a"], "text": ["空气好。"]}))), "en")[:53]
    'Counted are the characters, tokens, sentences and sec'
    """
    made = table.attrs.get("made")
    if not made:
        raise RequestError('this table does not say how it was made: give one whose attrs hold "made"')
    parts = [say(made["note"], language, **made)]
    if "characters" in made:
        parts.append(say("language.note.sample" + (".own" if made.get("samples") else ""), language, **made))
    parts.append(say(f"language.note.interval.{made['interval']}", language, **made))
    if "cutter" in made:
        parts.append(say("language.note.cutter", language, **made))
    return together(parts, language)


def readable(table: pd.DataFrame, kind: str, labels: Mapping[str, str], language: str = "zh") -> pd.DataFrame:
    """Return a result for readers: the first 300 rows, with the columns that `COLUMNS` names for its kind.

    Columns of quotes stay in Chinese. `labels` gives for each report what it is called (``charts.report_labels``).
    """
    counts = table["report"].value_counts() if "report" in table else {}
    rows = [
        row | {"number": number, "of_report": counts[row["report"]] if "report" in row else 0}
        for number, row in enumerate(table.head(MOST).to_dict("records"), 1)
    ]
    cells = {
        say(f"column.{name}", language): [_cell(row, name, labels, language) for row in rows] for name in COLUMNS[kind]
    }
    shown = pd.DataFrame(cells)
    if kind == "boilerplate" and not table["formula"].any():
        shown = shown.drop(columns=say("column.formula_share", language))
    return _anchored(shown, table, kind)


def with_damage(labels: Mapping[str, str], damaged: pd.DataFrame, language: str = "zh") -> dict[str, str]:
    """Return the labels of reports, those of damaged texts with a word on it.

    `damaged` has the columns report and damaged, as an `index` has.

    >>> with_damage({"a": "甲", "b": "乙"}, pd.DataFrame({"report": ["a", "b"], "damaged": ["", "lost"]}))
    {'a': '甲', 'b': '乙（原文有缺失）'}
    """
    said = {kind: say(f"labels.{kind}", language) if kind else "" for kind in damaged["damaged"].unique()}
    marks = dict(zip(damaged["report"], damaged["damaged"].map(said), strict=True))
    return {report: label + marks.get(report, "") for report, label in labels.items()}


def readable_attention(attention: pd.DataFrame, labels: Mapping[str, str], language: str = "zh") -> pd.DataFrame:
    """Return for readers the share of each theme (columns) in the characters of each report (rows), with its interval."""
    own = attention[(attention["unit"] == "characters") & (attention["nested"] == "longest")]
    told = [interval(*ends, language) for ends in zip(own["share"], own["low"], own["high"], strict=True)]
    wide = own.assign(told=told).pivot(index="report", columns="theme", values="told")[list(THEMES)].reset_index()
    shown = pd.DataFrame({say("column.place", language): wide["report"].map(labels)})
    for name in THEMES:
        shown[getattr(theme(name), language)] = wide[name]
    shown[say("column.report", language)] = wide["report"]
    wide.attrs["made"] = attention.attrs["made"] | {"note": "language.note.by_report"}
    return _anchored(shown.head(MOST), wide, "attention")


def readable_ranks(
    index: pd.DataFrame, ranks: pd.DataFrame, labels: Mapping[str, str], language: str = "zh"
) -> pd.DataFrame:
    """Return for readers the ranks of reports under every rule, with the share under the rule `own` and its interval."""
    called = rule_names(index, language)
    own = index[index["rule"] == "own"].set_index("report")
    rows = ranks.merge(own[["value", "low", "high", "count", "of", f"damaged_{language}"]], on="report")
    table = pd.DataFrame({say("column.place", language): rows["report"].map(labels)})
    counted = zip(rows["value"], rows["low"], rows["high"], rows["count"], rows["of"], strict=True)
    table[say("column.share", language)] = [
        f"{interval(value, low, high, language)} = {count:.0f}/{of:.0f}" for value, low, high, count, of in counted
    ]
    for rule, name in called.items():
        table[name] = rows[rule]
    table[say("column.moves", language)] = rows["moves"]
    table[say("column.damage", language)] = rows[f"damaged_{language}"]
    table[say("column.report", language)] = rows["report"]
    return _anchored(table, ranks, "ranks")


def readable_themes(attention: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return for readers the share of each theme in all reports together, by unit, nested words counted once and each.

    Beside it stand the median of the reports' shares of characters, and the smallest and largest.
    """
    total = attention.groupby(["theme", "unit", "nested"])[["count", "of"]].sum()
    share = (total["count"] / total["of"]).unstack(["unit", "nested"]).loc[list(THEMES)]
    own = attention[(attention["unit"] == "characters") & (attention["nested"] == "longest")].groupby("theme")["share"]
    spread = own.quantile([0.5, 0.0, 1.0]).unstack()
    shown = pd.DataFrame({say("column.theme", language): [getattr(theme(name), language) for name in share.index]})
    for unit in UNITS:
        once, each = (share[unit, nested].map("{:.1%}".format).to_numpy() for nested in NESTED)
        shown[say(f"column.of_{unit}", language)] = [f"{a} / {b}" for a, b in zip(once, each, strict=True)]
    middle, least, most = (spread.loc[share.index, at].map("{:.1%}".format).to_numpy() for at in (0.5, 0.0, 1.0))
    shown[say("column.spread", language)] = [f"{a} ({b}–{c})" for a, b, c in zip(middle, least, most, strict=True)]
    shown.attrs["made"] = attention.attrs["made"] | {"rows": len(shown), "interval": "pooled"}
    return shown


def readable_rules(index: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return for readers the rules of an `index`: the papers, what each counts of what, and how its rule is known."""
    called = rule_names(index, language)
    rows = []
    for rule in (one for one in rules() if one.id in called):
        told = (rule.authors if language == "zh" else rule.authors_en), rule.title, rule.journal
        how = [say(f"rule.{name}.{getattr(rule, name)}", language) for name in ("match", "nested", "count", "of")]
        listed = "、".join(rule.words or [getattr(theme(name), language) for name in rule.themes])
        known = rule.known_zh if language == "zh" else rule.known
        rows.append((called[rule.id], joined(told, language), *how, listed, known))
    names = ("rule", "paper", "match", "nested", "counted", "of", "listed", "known")
    shown = pd.DataFrame(rows, columns=[say(f"column.{name}", language) for name in names])
    shown.attrs["made"] = index.attrs["made"] | {"rows": len(shown), "interval": "none"}
    return shown


def rule_names(index: pd.DataFrame, language: str) -> dict[str, str]:
    """Return what the rules of an `index` are called: first author and year, in the order of the rules."""
    once = index.drop_duplicates("rule")
    names = once["authors" if language == "zh" else "authors_en"]
    named = zip(once["rule"], names, once["year"], strict=True)
    papers = {rule: {"author": re.split("[、,]", name)[0], "year": year} for rule, name, year in named}
    return {
        rule: say("rule.own" if rule == "own" else "rule.paper", language, **about) for rule, about in papers.items()
    }


def modal_totals(modality: pd.DataFrame) -> pd.DataFrame:
    """Return how often all reports together use each modal, most first: modal, strength, count, planned, reports."""
    counted = {"count": ("count", "sum"), "planned": ("planned", "sum"), "reports": ("report", "nunique")}
    table = modality.groupby(["modal", "strength"]).agg(**counted).reset_index()
    table = table.sort_values(["count", "modal"], ascending=[False, True], ignore_index=True)
    table.attrs["made"] = modality.attrs["made"]
    return table


def anchor(kind: str, report: str, start: int = 0, end: int = 0) -> str:
    """Return the anchor of a row about a report, or about a stretch of its text, in the table of a kind."""
    return anchor_of({"report": f"{kind}|{report}", "start": start, "end": end})


def interval(value: float, low: float, high: float, language: str, percent: bool = True, named: bool = False) -> str:
    """Return a share or rate with its 95% interval, where it has one; `named` says which interval it is.

    >>> interval(0.25, 0.2, 0.31, "en"), interval(3.2, float("nan"), float("nan"), "zh", percent=False)
    ('25.0% (20.0–31.0%)', '3.2')
    """
    scale, sign = (100, "%") if percent else (1, "")
    text = f"{scale * value:.1f}{sign}"
    if pd.isna(low):
        return text
    ends = f"{scale * low:.1f}–{scale * high:.1f}{sign}"
    ends = say("page.interval", language, ends=ends) if named else ends
    return with_unit(text, ends, language)


def _anchored(shown: pd.DataFrame, table: pd.DataFrame, kind: str) -> pd.DataFrame:
    rows = table.head(MOST).to_dict("records")
    anchors = [anchor(kind, row.get("report", ""), row.get("start", 0), row.get("end", 0)) for row in rows]
    shown = shown.head(MOST)
    shown.index = pd.Index(anchors, name=ANCHOR)
    shown.attrs["made"] = table.attrs["made"] | {"rows": len(table)}
    return shown


def _cell(row: dict[str, Any], name: str, labels: Mapping[str, str], language: str) -> object:
    if name in _SPECIAL:
        return _SPECIAL[name](row, labels, language)
    value = row[name]
    if isinstance(value, bool):
        return say("page.yes", language) if value else ""
    if isinstance(value, str):
        return value.replace("\n", " ")  # a page shows a line's end as a blank
    return f"{value:.2f}" if isinstance(value, float) else value


def _closed(quote: str) -> str:
    """Return a quote without its quotation marks where one of them has lost its other half."""
    pairs = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"))
    whole = all(quote.count(one) == quote.count(other) for one, other in pairs) and quote.count('"') % 2 == 0
    return quote if whole else unquoted(quote)


def _rate(name: str) -> Callable[[dict[str, Any], Mapping[str, str], str], str]:
    def told(row: dict[str, Any], _: Mapping[str, str], language: str) -> str:
        ends = row[f"{name}_per_1000"], row[f"{name}_low"], row[f"{name}_high"]
        return f"{interval(*ends, language, percent=False)} = {row[name]}"

    return told


_SPECIAL: dict[str, Callable[[dict[str, Any], Mapping[str, str], str], object]] = {
    "place": lambda row, labels, _: labels[row["report"]],
    "other_place": lambda row, labels, _: labels[row["other"]],
    "at": lambda row, *_: f"{row['start']}–{row['end']}",
    "other_at": lambda row, *_: f"{row['other_start']}–{row['other_end']}",
    "places_of": lambda row, *_: f"{row['places']}/{row['of']}",
    "superlative": lambda row, *_: _closed(row["quote"]),
    "slogan": lambda row, *_: row["quote"],
    "share": lambda row, _, language: interval(row["share"], row["low"], row["high"], language),
    "is_formula": lambda row, _, language: say("page.yes", language) if row["formula"] else "",
    "formula_share": lambda row, *_: f"{100 * row['formula']:.1f}%",
    "damage": lambda row, _, language: row[f"damaged_{language}"],
    "strength": lambda row, _, language: say(f"modal.{row['strength']}", language),
    "quantities_per_1000": _rate("quantities"),
    "slogans_per_1000": _rate("slogans"),
}
