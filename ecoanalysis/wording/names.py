"""What readers call things: metrics, scopes, periods, values with their unit, several names in a row.

In: names of the tables, or their rows. Out: text in Chinese or English.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.phrases import check_language, phrase
from ecoanalysis.knowledge.place_names import ANONYMOUS, CITY, DISTRICT, ELSEWHERE, place_label
from ecoanalysis.knowledge.scopes import UNKNOWN, WHOLE, classes
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import Scale, counted_name, scale_of

MOST_NAMED = 3  # names in a row before the rest are only counted
COMMA, PAUSE, SEMICOLON, COLON, STOP = (
    {"zh": zh, "en": en} for zh, en in (("，", ", "), ("、", ", "), ("；", "; "), ("：", ": "), ("。", ". "))
)

Row = Mapping[str, Any]


def joined(parts: Sequence[str], language: str = "zh", by: Mapping[str, str] = COMMA) -> str:
    """Return the parts that are not empty with a comma, or another mark, between them."""
    return by[language].join(filter(None, parts))


def together(sentences: Sequence[str], language: str = "zh") -> str:
    """Return sentences one after the other: English ones with a blank between them."""
    return ("" if language == "zh" else " ").join(filter(None, sentences))


def column_in(language: str, name: str = "why_not") -> str:
    """Return the column of a table of `wording.tables` that holds a text in a language."""
    return name if language == "zh" else f"{name}_{language}"


def metric_name(metric: str, language: str = "zh") -> str:
    """Return a metric's name in Chinese or English.

    >>> metric_name("air.good_days", "en")
    'Days with good or moderate air quality (AQI ≤ 100)'
    """
    return getattr(catalogue.metrics()[metric], check_language(language)).replace("<=", "≤").replace(">=", "≥")


def short_name(metric: str, language: str = "zh", listed: str = "scorecard.csv") -> str:
    """Return the short name of a metric that a list of the knowledge has one for, such as an indicator; else its name.

    >>> short_name("air.good_days_rate"), short_name("air.o3", "en", "standard_metrics.csv")
    ('优良天数比例', 'Ozone')
    """
    named = next((row[language] for row in rows(listed) if row["metric"] == metric), "")
    return named or metric_name(metric, language)


def subject(row: Row, language: str = "zh") -> str:
    """Return what a row is about: its metric, or the change of its metric."""
    name = metric_name(row["metric"], language)
    return phrase("name.change", language).format(name=name) if row["stat"] == "change" else name


def label_of(row: Row, language: str = "zh") -> str:
    """Return what readers call the place of a row."""
    return place_label(row["place"], row["place_kind"], language)


def place_labels(table: pd.DataFrame, language: str = "zh") -> list[str]:
    """Return what readers call the place of each row of a table."""
    known = {pair: place_label(*pair, language) for pair in zip(table["place"], table["place_kind"], strict=True)}
    return [known[pair] for pair in zip(table["place"], table["place_kind"], strict=True)]


def scope_label(row: Row, language: str = "zh") -> str:
    """Return the scope as written, or the name of its class where nothing is written or the label is English."""
    name = row["scope_class"] if row["scope_class"] in classes() else UNKNOWN
    if language == "en" and name == WHOLE and row.get("place_kind") == "district":
        return "whole district"
    return (row["scope"] if language == "zh" else "") or classes()[name][language]


def period_of(row: Row, language: str = "zh") -> str:
    """Return what the period of a row is called; its year is left out where it is the one that the row stands for."""
    return period_label(row["period_start"], row["period_end"], language, row["year"])


def scope_and_period(row: Row, language: str = "zh") -> str:
    """Return scope and period of a row: 中心城区，上半年."""
    return joined([scope_label(row, language), period_of(row, language)], language)


def terms(row: Row, language: str = "zh") -> str:
    """Return scope and period of a row; a scope that is not written is left out."""
    return joined([scope_label(row, language) if row["scope"] else "", period_of(row, language)], language)


def shared_terms(panel: pd.DataFrame, language: str = "zh") -> str:
    """Return the scope and period that all comparable values have, empty where there is none."""
    shared = panel[panel["comparable"]]
    # The words of one city would not do for all, so the scope is called by its class.
    return "" if shared.empty else scope_and_period(shared.iloc[0].to_dict() | {"scope": ""}, language)


def value_text(row: Row, language: str = "zh") -> str:
    """Return the value of a fact or a panel's row as readers see it; a withheld one says that it is.

    A count keeps the word it was counted in (宗, 家次), for that decides what it may be compared with.

    >>> row = {"value": 96.0, "unit": "case", "unit_text": "宗", "bound": ">", "stat": "level"}
    >>> value_text(row), value_text(row, "en")
    ('超过96宗', 'over 96 cases')
    >>> value_text(row | {"unit_text": "家"}, "en")
    'over 96 firms'
    """
    if pd.isna(row["value"]):
        return phrase("mark.withheld", language)
    if row["stat"] in ("rank", "streak"):
        basis = row["basis"] if row["stat"] == "rank" else ""
        said = phrase(f"value.{row['stat']}" + ("_among" if basis else ""), language)
        return said.format(value=f"{row['value']:g}", basis=basis)
    scale = scale_of(row["unit"], [row["value"]], language)
    if scale.counted and row["unit_text"]:
        scale = scale.called(row["unit_text"] if language == "zh" else counted_name(row["unit"], row["unit_text"]))
    text = scale.text(row["value"], row["bound"], signed=row["stat"] == "change")
    return phrase("value.derived", language).format(value=text) if row.get("derived") else text


def with_unit(name: str, unit: str, language: str = "zh") -> str:
    """Return a name with its unit in brackets, without them where there is no unit."""
    if not unit:
        return name
    return f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"


def panel_scale(panel: pd.DataFrame, language: str) -> Scale:
    """Return one scale for all values of a panel; counts keep their word (宗) where every report uses the same."""
    valued = panel.dropna(subset=["value"])
    scale = scale_of(panel["unit"].iloc[0], valued["value"].tolist(), language)
    words = set(valued["unit_text"]) if len(valued) else set()
    same = scale.counted and language == "zh" and len(words) == 1 and "" not in words
    return scale.called(words.pop()) if same else scale


def several(names: Sequence[str], language: str = "zh", what: str = "cities", most: int = MOST_NAMED) -> str:
    """Return names of cities, places or bureaus as one phrase: all of them, or the first `most` and how many there are.

    >>> several(["宜春", "威海"]), several(["Yichun", "Weihai"], "en"), several(["九江"])
    ('宜春、威海', 'Yichun and Weihai', '九江')
    >>> several(list("甲乙丙丁")), several(["A", "B", "C", "D", "E"], "en")
    ('甲、乙、丙等4个城市', 'A, B, C and 2 more')
    """
    if len(names) > most:
        count = len(names) if language == "zh" else len(names) - most
        return phrase(f"names.{what}", language).format(names=PAUSE[language].join(names[:most]), count=count)
    if language == "zh" or len(names) < 2:
        return PAUSE[language].join(names)
    return phrase("names.last", language).format(names=PAUSE[language].join(names[:-1]), last=names[-1])


def report_labels(reports: pd.DataFrame, language: str) -> dict[str, str]:
    """Return a label for each report: its place, where a place has several the year, and of one year a number."""
    rows = with_kinds(reports)
    once = rows.drop_duplicates("place")
    places = rows["place"].map(dict(zip(once["place"], place_labels(once, language), strict=True)))
    dated = places + " " + rows["year"].map(lambda year: "" if pd.isna(year) else str(int(year)))
    labels = places.mask(places.duplicated(keep=False), dated.str.strip())
    several = labels.duplicated(keep=False)
    numbers = rows.assign(label=labels).groupby("label")["report"].rank(method="first").astype(int)
    numerals = [*phrase("labels.numerals", language), *map(str, range(10, len(rows) + 1))]
    nth = numbers.map(lambda number: phrase("labels.nth", language).format(number=numerals[number - 1]))
    return dict(zip(rows["report"], labels.mask(several, labels + nth), strict=True))


def with_kinds(reports: pd.DataFrame) -> pd.DataFrame:
    """Return the reports with the columns `place` and `place_kind` that tell places apart."""
    kind = reports["anonymous"].map({True: ANONYMOUS, False: ELSEWHERE})
    kind = kind.mask(reports["city"] != "", CITY).mask(reports["district"] != "", DISTRICT)
    place = reports["city"].where(reports["city"] != "", reports["report"])
    place = place.mask(kind == DISTRICT, reports["city"] + "/" + reports["district"])
    return reports.assign(place=place, place_kind=kind)
