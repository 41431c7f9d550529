"""Fill the phrases of `knowledge/wording`: the only place that makes sentences.

In: a code and values, or a `Finding`. Out: text in the language asked for. A brace of a phrase may say, behind a colon,
how its value is put into words: {low:value} is the value of a row with its unit, {names:cities} a list of places.
`_WAYS` holds these ways; whatever else stands behind a colon is Python's own, such as {share:.0%}.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from string import Formatter
from typing import Any

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.knowledge.phrases import domain_name, phrase
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.standards import breaks
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counted_name, scale_of
from ecoanalysis.wording.names import (
    COLON,
    COMMA,
    MOST_NAMED,
    PAUSE,
    SEMICOLON,
    column_in,
    joined,
    label_of,
    metric_name,
    period_of,
    scope_and_period,
    scope_label,
    several,
    short_name,
    subject,
    terms,
    together,
    value_text,
)

_SEVERAL = re.compile(r"(cities|places|bureaus|indicators|domains|words)(\d*)")  # what is named, and how many at most


def say(code: str, language: str = "zh", /, **values: object) -> str:
    """Return the phrase of `code` with its braces filled.

    >>> say("finding.withheld", "zh", count=2), say("finding.withheld", "en", count=2)
    ('2个未公开', '2 withheld')
    """
    return _Filling(language).format(phrase(code, language), **values)


def sentence(finding: Finding, language: str = "zh") -> str:
    """Return a finding as a sentence.

    >>> sentence(Finding("finding.left_out", {"parts": [Finding("finding.withheld", {"count": 2})]}))
    '另有2个未公开。'
    """
    return say(finding.code, language, **finding.values)


def sentences(findings: Iterable[Finding], language: str = "zh") -> str:
    """Return findings as one text."""
    return together([sentence(one, language) for one in findings], language)


def reasons(found: Sequence[Finding], language: str = "zh") -> str:
    """Return why a value is not compared, empty for no reason."""
    return joined([sentence(one, language) for one in found], language, SEMICOLON)


class _Filling(Formatter):
    """Python's way to fill braces, with the ways of `_WAYS` besides."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Finding):
            return sentence(value, self.language)
        if format_spec in _WAYS:
            return _WAYS[format_spec](value, self.language)
        if named := _SEVERAL.fullmatch(format_spec):
            names = [_NAMES.get(named[1], _name)(one, self.language) for one in value]
            return several(names, self.language, named[1], int(named[2] or MOST_NAMED))
        return super().format_field(value, format_spec)


def _name(one: Any, language: str) -> str:
    """Return a name as it is, the place of a row by its label, a finding as it reads."""
    if isinstance(one, Finding):
        return sentence(one, language)
    return one if isinstance(one, str) else label_of(one, language)


def _domain(domain: str, language: str) -> str:
    name = domain_name("nature" if domain == "governance" else domain, language)
    return name if language == "zh" else name.lower()


def _lacks(pairs: Iterable[tuple[str, Sequence[Finding]]], language: str) -> str:
    """Return indicators by the reason that they share: 细颗粒物、臭氧：未公布."""
    named: dict[str, list[str]] = {}
    for metric, found in pairs:
        named.setdefault(reasons(found, language), []).append(short_name(metric, language))
    told = [several(names, language, most=len(names)) + COLON[language] + said for said, names in named.items()]
    return joined(told, language, SEMICOLON)


def _money(value: float, language: str) -> str:
    """Return an amount with two decimals of its scale: a quotient has no more."""
    scale = scale_of("CNY", [value], language)
    return scale.text(round(value / scale.per, 2) * scale.per)


def _list(values: Iterable[Any], language: str, by: dict[str, str] = COMMA) -> str:
    return joined([_name(one, language) for one in values], language, by)


def _level(tied: Sequence[Any], language: str) -> str:
    """Return the value that rows share: about 100% and 100% are level, but not the same words."""
    texts = dict.fromkeys(value_text(row, language) for row in tied)
    return ("、" if language == "zh" else " / ").join(texts)


def _end(tied: Sequence[Any], language: str) -> str:
    """Return who stands at one end of a ranking, all of them where several are level, and with what value."""
    return say("finding.end" if len(tied) == 1 else "finding.tied", language, places=tied, values=tied)


def _figure(row: Any, language: str) -> str:
    """Return a value with its bound, or values that differ."""
    values = row.get("values") or [row["value"]]
    scale = scale_of(row["unit"], values, language)
    bound = "=" if "values" in row else row.get("bound", "=")
    return joined([scale.text(value, bound) for value in values], language, PAUSE)


def _why(row: Any, language: str, column: str = "why", name: str = "why_not") -> str:
    """Return why a row does not compare; a row of a table for readers says it in words already."""
    found = row.get(column, "")
    return row[column_in(language, name)] if isinstance(found, str) else reasons(found, language)


def _from_to(row: Any, language: str) -> str:
    scale = scale_of(row["unit"], [row["value0"], row["value"]], language)
    ends = (scale.text(row["value0"], row["bound0"]), scale.text(row["value"], row["bound"]))
    return ("→" if language == "zh" else " → ").join(ends)


def _counted(row: Any, language: str) -> str:
    if language == "zh":
        return row["unit_text"] or scale_of(row["unit"]).name
    return counted_name(row["unit"], row["unit_text"]) or "another unit"


def _condition(kind: str, row: Any, language: str) -> str:
    """Return under which conditions of one kind a value was made, or that none is stated."""
    stated = [known for known in rows("conditions.csv") if known["condition"] in row["condition"].split(";")]
    names = [known[language] for known in stated if known["reason"] == kind]
    day = row["period_end"]
    if not names and pd.notna(day):
        behind = [one for one in breaks(row["metric"]) if one.reason == kind and one.day <= day.date()]
        names = [getattr(behind[-1], language)] if behind and behind[-1].day.year == day.year else []
    return joined(names, language, PAUSE) or phrase("reason_part.not_stated", language)


# What is named otherwise than by its own name.
_NAMES: dict[str, Callable[[Any, str], str]] = {"indicators": short_name, "domains": _domain}

# How a value is put into words, by what stands behind the colon of a brace.
_WAYS: dict[str, Callable[[Any, str], str]] = {
    "metric": metric_name,
    "indicator": short_name,
    "standard_metric": partial(short_name, listed="standard_metrics.csv"),
    "subject": subject,
    "place": label_of,
    "value": value_text,
    "level": _level,
    "end": _end,
    "figure": _figure,
    "counted": _counted,
    "scope": scope_label,
    "period": period_of,
    "terms": terms,
    "scope_and_period": scope_and_period,
    "opened": lambda row, language: (period_of if row["scope_class"] == WHOLE else scope_and_period)(row, language),
    "doubt": lambda row, language: doubt_text(row["unsure"], language),
    "why": _why,
    "bad_why": partial(_why, column="bad_why", name="bad_why"),
    "from_to": _from_to,
    "years": lambda years, language: several([*map(str, years)], language, most=len(years)),
    "outcome": lambda outcome, language: phrase(f"outcome.{outcome}", language),
    "fine": lambda row, language: _money(row["value"], language),
    "money": _money,
    "signed": lambda value, _: f"{value:.2f}".replace("-", "−"),
    "lacks": _lacks,
    "span": lambda ends, _: "–".join(dict.fromkeys(f"{end:.0f}" for end in ends)),  # of ranks: 2–5, or 2
    "called": lambda one, language: one[language] if isinstance(one, Mapping) else getattr(one, language),
    "reasons": reasons,
    "list": _list,
    "pauses": partial(_list, by=PAUSE),
    "clauses": partial(_list, by=SEMICOLON),
    **{kind: partial(_condition, kind) for kind in ("dust", "standard", "definition", "round")},
}
