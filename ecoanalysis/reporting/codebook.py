"""What an exported panel's columns, codes and variables mean: value labels, and the codebook.

In: the long form. Out: labels by column, and the codebook as a DataFrame. The wording stands in `knowledge/export.csv`
and `knowledge/export_labels.csv`.
"""

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.phrases import LANGUAGES, phrase
from ecoanalysis.knowledge.scopes import UNKNOWN, classes
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.reporting.forms import columns, groups, variables
from ecoanalysis.wording.sentences import say

CODEBOOK = ("kind", "name", "variable", "code", "year", "unit", "zh", "en", "source")


@dataclass(frozen=True, slots=True)
class Label:
    """One value of a coded column: its number in Stata, the word in other formats, and what it means."""

    code: int
    word: str
    zh: str
    en: str


@cache
def labels() -> dict[str, dict[str, Label]]:
    """Return the labels of every coded column by the value that the tables hold.

    >>> labels()["bound"][">="].word, labels()["scope_class"]["urban_core"].code
    ('at_least', 1)
    """
    found: dict[str, dict[str, Label]] = {}
    for row in rows("export_labels.csv"):
        found.setdefault(row["column"], {})[row["value"]] = Label(int(row["code"]), row["word"], row["zh"], row["en"])
    for name, row in classes().items():
        found.setdefault("scope_class", {})[name] = Label(int(row["order"]), name, row["zh"], row["en"])
    for at, row in enumerate(rows("reasons.csv"), 1):
        found["reason"][row["code"]] = Label(
            at, row["code"], *(_plain(row["code"], language) for language in LANGUAGES)
        )
    return found


def _plain(code: str, language: str) -> str:
    """Return a reason's wording without what is filled in for each value; its code where nothing would be left."""
    text = re.split(r"[：:] ?\{", phrase(f"reason.{code}", language))[0]
    return code if "{" in text else text


def worded(values: pd.DataFrame) -> pd.DataFrame:
    """Return an export with words for its coded columns, such as at_least for >=; yes-or-no columns stay as they are."""
    words = {name: label.word for name, label in labels()["bound"].items()}
    return values.assign(bound=values["bound"].map(words)) if "bound" in values else values


def coded(values: pd.DataFrame) -> pd.DataFrame:
    """Return an export with whole numbers for its coded columns; of several reasons the first counts."""
    numbers = {}
    for name in (name for name in labels() if name in values):
        texts = values[name].astype("str").str.split(";").str[0]
        unknown = labels()[name].get(UNKNOWN, Label(-1, "", "", "")).code
        numbers[name] = texts.map({text: label.code for text, label in labels()[name].items()}).fillna(unknown)
    return values.assign(**{name: codes.astype("int16") for name, codes in numbers.items()})


def codebook(values: pd.DataFrame, form: str) -> pd.DataFrame:
    """Return what every column, code and metric of an export is, with unit, names and source.

    `values` is the long form, also of a wide export. `kind` is column, code, metric, or group: the scope, period and
    counted unit that a metric's comparable values share in a year.
    """
    found = [{"kind": "column", "name": name, "variable": name} | row for name, row in columns(form).items()]
    for name, known in labels().items():
        if name in columns(form):
            found += [
                {"kind": "code", "name": f"{name} {label.word}".strip(), "variable": name, "code": str(label.code)}
                | {"zh": label.zh, "en": label.en}
                for label in known.values()
            ]
    told = set(values["metric"])
    for metric in (metric for metric in catalogue.metrics().values() if metric.id in told):
        about = {"zh": metric.zh, "en": metric.en, "unit": metric.unit, "source": metric.source}
        found.append({"kind": "metric", "name": metric.id, "variable": variables()[metric.id]} | about)
    for row in groups(values).to_dict("records"):
        code = "export.group" if row["kept"] else "export.group_long"
        about = {name: say(code, name, terms=row[name], count=row["cities"]) for name in LANGUAGES}
        variable = variables()[row["metric"]]
        found.append({"kind": "group", "name": row["metric"], "variable": variable, "year": str(row["year"])} | about)
    return pd.DataFrame(found, columns=list(CODEBOOK)).fillna("")


def variable_labels(names: list[str]) -> dict[str, str]:
    """Return a label of at most 80 characters for each variable: what it is in English and Chinese, and its unit.

    >>> variable_labels(["air_pm25"])["air_pm25"]
    'Mean PM2.5 concentration [ug/m3] 细颗粒物（PM2.5）平均浓度'
    """
    metrics = catalogue.metrics().values()
    said = {variables()[metric.id]: f"{metric.en} [{metric.unit}] {metric.zh}" for metric in metrics}
    said |= {row["column"]: f"{row['en']} {row['zh']}" for row in rows("export.csv")}
    return {name: said[name] if len(said[name]) <= 80 else said[name][:79] + "…" for name in names}
