"""Make small tables of facts and reports for tests, from what matters in each row."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.knowledge.scopes import scope_class
from ecoanalysis.tables.schema import TABLES, conform
from ecoanalysis.wording.sentences import sentence

FULL = ["2024-01-01", "2024-12-31"]
_FACT = {
    "city": "", "district": "", "metric": "air.pm25", "stat": "level", "unit": "ug/m3", "unit_text": "", "bound": "=",
    "period": FULL, "scope": "全市", "condition": "", "basis": "", "status": "reported", "value": float("nan"), "quote": "…",
    "metric_from": "own_clause", "scope_from": "own_clause", "period_from": "own_clause", "confidence": 1.0, "doubt": "",
    "runner_up": "",
}  # fmt: skip


def facts_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as the table of facts; a row that names no report is of its own place's report."""
    made = []
    for at, row in enumerate(rows):
        row = _FACT | row
        start, end = (pd.Timestamp(day) if day else pd.NaT for day in row.pop("period"))
        row.setdefault("report", f"{row['city'] or 'anonymous'}{row['district']}")
        told = "about_city" in row or "about_district" in row
        row.setdefault("about_city", row["city"])
        row.setdefault("about_district", "" if told else row["district"])
        row.setdefault("level", "county" if row["about_district"] else "city" if row["about_city"] else "")
        names = [row["about_city"], row["about_city"].removesuffix("市"), row["about_district"]]
        made.append(
            row
            | {
                "adcode": "",
                "about_adcode": "",
                "period_start": start,
                "period_end": end,
                "start": at,
                "end": at + 1,
                "rule": "test",
            }
            | {"scope_class": scope_class(row["scope"], names, row["metric"]), "value": float(row["value"])}
        )
    return conform(pd.DataFrame(made)[[column.name for column in TABLES["facts"]]], "facts")


def reports_of(facts: pd.DataFrame, year: int = 2024, sample: bool = False) -> pd.DataFrame:
    """Return a table of the reports that the facts are of, all about `year`."""
    rows = facts.drop_duplicates("report")[["report", "city", "adcode", "district"]].to_dict("records")
    texts = {column.name: "" for column in TABLES["reports"] if column.dtype == "str"}
    others = {"year": year, "period_start": pd.NaT, "period_end": pd.NaT, "characters": 1, "sample": sample}
    others |= {"place_from": "sidecar", "place_confidence": 1.0, "year_from": "sidecar", "year_confidence": 1.0}
    full = []
    for row in rows:
        where = {"path": "x", "sha256": "x", "publisher": row["city"] and f"{row['city']}生态环境局"}
        full.append(texts | others | where | {"anonymous": not row["city"]} | row)
    return conform(pd.DataFrame(full).astype({"year": "Int64"}), "reports")


def metric_rows(metric: str, unit: str, values: dict[str, float], **more: Any) -> list[dict[str, Any]]:
    """Return a row for each city with its value of a metric."""
    return [{"city": city, "metric": metric, "unit": unit, "value": value, **more} for city, value in values.items()]


def of_year(
    year: int, value: float, city: str = "云浮市", months: Sequence[str] = ("01-01", "12-31"), **more: Any
) -> dict[str, Any]:
    """Return a row of a year, or of some months of it, in the report of that year."""
    report = f"{city}{more.get('district', '')}{year}"
    return {"city": city, "report": report, "value": value, "period": [f"{year}-{day}" for day in months]} | more


def over_years(rows: list[dict[str, Any]], **more: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the facts of rows and their reports, whose names end in the year that each is about."""
    facts = facts_of(rows)
    reports = reports_of(facts).assign(**more)
    reports["year"] = reports["report"].str[-4:].astype("Int64")
    return facts, reports


def reckoned(problem: Any) -> str:
    """Return code, severity and what was worked out, of a problem that a check found."""
    text = re.fullmatch(r".*: (.*)\. All are kept", problem.message)[1]
    return f"{problem.code} {problem.severity}: {text}"


def said_of(findings: list[Finding], language: str = "zh") -> list[str]:
    """Return each finding as a sentence."""
    return [sentence(one, language) for one in findings]
