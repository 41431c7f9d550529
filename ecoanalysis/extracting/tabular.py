"""Turn what was read from a report into the tables `facts` and `quantities`.

In: a Report. Out: DataFrames with the columns of the project's tables; offsets are code points of the report's text.
"""

import warnings

import pandas as pd

from ecoanalysis.extracting import conditions
from ecoanalysis.extracting.about_places import about
from ecoanalysis.extracting.facts import Failed, read
from ecoanalysis.extracting.quantities import NOT_QUANTITIES, Quantity
from ecoanalysis.extracting.source import Fact, Source
from ecoanalysis.knowledge.catalogue import metrics
from ecoanalysis.knowledge.scopes import scope_class
from ecoanalysis.reading.report import Report, Sentence

FACTS = [
    "report",
    "city",
    "district",
    "adcode",
    "about_city",
    "about_district",
    "about_adcode",
    "level",
    "metric",
    "stat",
    "value",
    "unit",
    "unit_text",
    "bound",
    "period_start",
    "period_end",
    "scope",
    "scope_class",
    "condition",
    "basis",
    "status",
    "start",
    "end",
    "quote",
    "rule",
    "metric_from",
    "scope_from",
    "period_from",
    "confidence",
    "doubt",
    "runner_up",
]
_PLACES = tuple("市县区旗州盟")
QUANTITIES = ["report", "start", "end", "quote", "value", "high", "unit_text", "unit", "bound", "kind", "head", "fact"]


def extract(report: Report) -> pd.DataFrame:
    """Return the facts of a report, one a row, in reading order. A sentence that the program fails on is left out with a warning.

    >>> from ecoanalysis.reading import read_text
    >>> facts = extract(read_text("云浮市生态环境局2024年工作总结\\n2024年，全市空气质量优良率达97.5%。", "example"))
    >>> facts[["metric", "value", "unit", "scope", "quote"]].values.tolist()
    [['air.good_days_rate', 97.5, '%', '全市', '全市空气质量优良率达97.5%']]
    """
    return tables(report)[0]


def quantities(report: Report) -> pd.DataFrame:
    """Return every number of a report, the non-quantities by their kind too, and whether it became a fact."""
    return tables(report)[1]


def tables(report: Report, failed: Failed | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables of a report, reading it once.

    A sentence that the program fails on gives no facts; `failed` is told of it and of the error, or else a warning is.
    """
    source = Source(report)
    found = read(source, failed=failed or _warn)
    used = {fact.number for fact in found}
    stated = conditions.find(report)
    facts = pd.DataFrame([_fact(report, fact, stated.of(fact)) for fact in found], columns=FACTS)
    numbers = pd.DataFrame(
        [_quantity(source, number, number.start in used) for number in source.quantities], columns=QUANTITIES
    )
    for column in ("period_start", "period_end"):
        facts[column] = pd.to_datetime(facts[column])
    facts["value"] = facts["value"].astype(float)
    for column in ("value", "high"):
        numbers[column] = numbers[column].astype(float)
    return facts, numbers


def _warn(sentence: Sentence, error: Exception) -> None:
    span = f"characters {sentence.start} to {sentence.end}"
    warnings.warn(f"the sentence at {span} is left out: {type(error).__name__}: {error}", stacklevel=4)


def _fact(report: Report, fact: Fact, condition: str) -> tuple:
    # A river called as a county is (白河, 天河) is a river where waters are measured.
    water = "subject" in metrics()[fact.metric].scopes and not fact.scope.endswith(_PLACES)
    told = about(report, "" if water else fact.scope)
    place = (
        report.report,
        report.city,
        report.district,
        report.adcode,
        told.city,
        told.district,
        told.adcode,
        told.level,
    )
    read_as = fact.metric, fact.stat, fact.value, fact.unit, fact.unit_text, fact.bound
    when = fact.period_start, fact.period_end
    scope = fact.scope, scope_class(fact.scope, told.names, fact.metric), condition
    quote = fact.basis, fact.status, fact.start, fact.end, report.text[fact.start : fact.end], fact.rule
    origins = fact.metric_from, fact.scope_from, fact.period_from
    return *place, *read_as, *when, *scope, *quote, *origins, fact.confidence, fact.doubt, fact.runner_up


def _quantity(source: Source, number: Quantity, fact: bool) -> tuple:
    text = source.text
    head = _head(text, number) if number.kind not in NOT_QUANTITIES else ""
    quote = text[number.start : number.end]
    read_as = number.value, number.high, number.unit_text, number.unit, number.bound, number.kind
    return source.report.report, number.start, number.end, quote, *read_as, head, fact


def _head(text: str, number: Quantity) -> str:
    """Return the words that follow a number up to the next mark, eight at most: the noun that it counts."""
    head = ""
    for character in text[number.end : number.end + 8]:
        if not "一" <= character <= "鿿":
            break
        head += character
    return head
