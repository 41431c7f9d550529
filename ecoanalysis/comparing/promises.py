"""What was planned against what was reported: targets within a year, and promises from one year's report to the next.

In: facts and reports. Out: a row for each planned figure with both figures, both quotes, and the outcome. `verdicts` says
which results a plan may be held against. A district's plan is the district's, never its city's.
"""

import pandas as pd

from ecoanalysis.comparing.coverage import in_order
from ecoanalysis.comparing.expectations import GENRE, PART_YEAR, SAME_DOMAIN, expected, heard
from ecoanalysis.comparing.finding import NOWHERE, Finding, Row, why
from ecoanalysis.comparing.places import of_places
from ecoanalysis.comparing.verdicts import (
    MET,
    MISSED,
    NOT_COMPARABLE,
    OTHER,
    UNSURE,
    WITHHELD,
    Verdict,
    computed,
    judge,
    own_group,
    told,
)
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.place_names import DISTRICT, place_label
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.tables.sure import SURE

KEPT, SILENT, NO_REPORT, NOT_EXPECTED, LATER = "kept", "silent", "no_report", "not_expected", "later"
NO_RESULT = "no_result"
OUTCOMES = (
    *(MISSED, MET, KEPT, OTHER, NOT_COMPARABLE, UNSURE, WITHHELD),
    *(SILENT, NO_RESULT, NOT_EXPECTED, NO_REPORT, LATER),
)
_WHERE = ("report", "start", "end", "quote")
_SIDE = (
    *("value", "unit", "unit_text", "bound", "period_start", "period_end", "scope", "scope_class", "condition"),
    *_WHERE,
)
COLUMNS = [
    *("city", "place", "place_kind", "metric", "stat", "basis", "force", "outcome", "why"),
    *(f"target_{name}" for name in _SIDE),
    *(f"result_{name}" for name in _SIDE),
    *("formula", *(f"base_{name}" for name in _WHERE), "undated", "publisher", "sample", "sure", "year", "due"),
]


def targets(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return the planned figures whose period lies in `year`, each beside the reported one of the same terms.

    Plans are those of that year's reports and of the reports of the year before. `outcome` is met, missed, other (reached
    neither way, for nothing says which way is better), not_comparable, unsure (either figure was read with a confidence
    below `sure`), withheld or no_result; `why` holds findings that
    say why it is none of the first two. `target_…` and `result_…` hold value, unit, bound, period, scope, quote and its place,
    `force` how firmly the plan is worded. A table without rows means that nothing was planned.
    """
    known = of_places(facts, reports, sure)
    dated = (known["status"] == "planned") & known["period_end"].notna() & (known["year"] == year)
    plans = known[dated & known["report_year"].isin((year - 1, year))]
    results = known[(known["status"] == "reported") & (known["year"] == year)]
    nothing = Verdict(NO_RESULT, why=told("no_result"))
    made = [_row(plan, _verdict(plan, results, known) or nothing, year, year) for plan in _once(plans, year)]
    return _frame(made)


def promises(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return what the reports of `year` planned for the next, each beside what the report of the next year says of it.

    A plan without a period is one for the next year (`undated`); one that is due after it is `later`. `outcome` is
    kept, missed, other, not_comparable, unsure, withheld, later, or, where nothing is reported: `silent` (a report of the next
    year that `expectations` expects to hold the figure does not), not_expected (the reports that there are need not hold it)
    or no_report. The other columns are those of `targets`; `due` is the next year. Without `reports` neither genre nor
    period of a report is known.
    """
    known = of_places(facts, reports, sure)
    due = year + 1
    plans = known[(known["status"] == "planned") & (known["report_year"] == year) & (known["told_by"] == "")]
    plans = plans[(plans["year"] > year) | (plans["period_start"].isna() & plans["period_end"].isna())]
    results = known[(known["status"] == "reported") & (known["report_year"] == due) & (known["year"] == due)]
    texts = heard(facts, reports)
    texts = texts[texts["year"] == due]
    made = []
    for plan in _once(plans, due):
        later = Verdict(LATER, why=told("later", due=due)) if plan["year"] > due else None
        verdict = later or _verdict(plan, results, known) or _unanswered(plan, texts, due)
        made.append(_row(plan, verdict, year, due))
    frame = _frame(made)
    return frame.assign(outcome=frame["outcome"].replace({MET: KEPT}))


def force(quote: str) -> str:
    """Return how firmly a clause is worded, by `words/force.csv`; several classes with ; between, in reading order.

    >>> force("力争PM2.5平均浓度控制在28微克/立方米左右"), force("完成75个项目")
    ('strive;about', '')
    """
    found = sorted((quote.find(row["text"]), row["force"]) for row in rows("words/force.csv") if row["text"] in quote)
    return ";".join(dict.fromkeys(code for _, code in found))


def _once(plans: pd.DataFrame, due: int) -> list[Row]:
    """Return each plan once, as its oldest report words it; one without a period gets the year that it is for."""
    found: dict[tuple, Row] = {}
    plans = plans.assign(doubtful=plans["unsure"] != "")
    for row in plans.sort_values(["doubtful", "report_year", "report", "start"], kind="stable").to_dict("records"):
        row["undated"] = pd.isna(row["period_start"]) and pd.isna(row["period_end"])
        if row["undated"]:
            row |= {"period_start": pd.Timestamp(due, 1, 1), "period_end": pd.Timestamp(due, 12, 31), "year": due}
        value = row["value"] if pd.notna(row["value"]) else None
        key = (row["place"], row["metric"], row["stat"], own_group(row), row["bound"], value, row["basis"])
        found.setdefault(key, row)
    return list(found.values())


def _verdict(plan: Row, results: pd.DataFrame, known: pd.DataFrame) -> Verdict | None:
    """Return what the results say of a plan: for a change the reported change, else one computed from two levels."""
    if plan["unsure"]:
        return Verdict(UNSURE, why=why("doubt", plan))
    own = results[(results["place"] == plan["place"]) & (results["metric"] == plan["metric"])]
    if (own["told_by"] == "").any():
        own = own[own["told_by"] == ""]
    alike = (own["stat"] == plan["stat"]) & (own["basis"] == plan["basis"])
    certain = own["unsure"] == ""
    said = judge(plan, own[alike & certain].to_dict("records"))
    if said and said.outcome != NOT_COMPARABLE:
        return said
    if plan["stat"] == "change" and (found := computed(plan, own[certain], known[known["unsure"] == ""])):
        return found
    return _doubtful(plan, own[alike & ~certain].to_dict("records"), said is None) or said


def _doubtful(plan: Row, results: list[Row], nothing_else: bool) -> Verdict | None:
    """Return the verdict on results in doubt, of the plan's own group or, where there is nothing else, of any."""
    group = own_group(plan)
    found = [row for row in results if own_group(row) == group] or (results if nothing_else else [])
    return Verdict(UNSURE, found[0], why=why("doubt", found[0])) if found else None


def _unanswered(plan: Row, texts: pd.DataFrame, due: int) -> Verdict:
    own = texts[texts["place"] == plan["place"]]
    expects = expected(own.assign(domains=own["topics"]).to_dict("records"), catalogue.metrics()[plan["metric"]].domain)
    if not expects:
        return Verdict(NO_REPORT)
    if expects in (SAME_DOMAIN, GENRE):
        return Verdict(SILENT, why=told(f"silent_{expects}", due=due))
    return Verdict(NOT_EXPECTED, why=told(PART_YEAR if expects == PART_YEAR else "other_topic", due=due))


def _row(plan: Row, verdict: Verdict, year: int, due: int) -> Row:
    result, base = verdict.result, verdict.result.get("base", {})
    city = place_label(plan["place"], plan["place_kind"]) if plan["place_kind"] == DISTRICT else plan["city"]
    row = plan | {"city": city, "force": force(plan["quote"]), "year": year, "due": due}
    row |= {"outcome": verdict.outcome, "why": verdict.why, "formula": result.get("formula", "")}
    row |= {f"target_{name}": plan[name] for name in _SIDE}
    row |= {f"result_{name}": result.get(name, NOWHERE.get(name, "")) for name in _SIDE}
    return row | {f"base_{name}": base.get(name, NOWHERE.get(name, "")) for name in _WHERE}


def _frame(made: list[Row]) -> pd.DataFrame:
    """Return the rows in the order of metrics, within each what was missed first."""
    metrics = in_order(catalogue.metrics())

    def order(row: Row) -> tuple:
        kind = metrics.index(row["metric"]), row["stat"] != "level", row["stat"]
        return *kind, OUTCOMES.index(row["outcome"]), row["place"]

    return pd.DataFrame(sorted(made, key=order), columns=COLUMNS)


JUDGED = (MET, KEPT, MISSED, OTHER)  # outcomes that rest on a result of the plan's own terms
_MOST = 3  # missed plans that a sentence names
_SIDES = ("target", "result")
_SHARED = ("place", "place_kind", "metric", "stat", "basis", "publisher", "sample", "sure", "year")


def figure(row: Row, side: str) -> Row:
    """Return the planned (`side` target) or the reported figure (result) of a row as a row of facts."""
    own = {name.removeprefix(f"{side}_"): value for name, value in row.items() if name.startswith(f"{side}_")}
    return {name: row[name] for name in _SHARED} | own


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return both figures of each row below each other, those that some report states, as rows of facts."""
    rows = [figure(row, side) for row in table.to_dict("records") for side in _SIDES]
    columns = [*_SHARED, *(name.removeprefix("target_") for name in table if name.startswith("target_"))]
    frame = pd.DataFrame(rows, columns=columns)
    return frame[frame["report"] != ""].reset_index(drop=True)


def target_finding(table: pd.DataFrame, year: int) -> list[Finding]:
    """Return findings on a table of `targets`: how many were met, which were missed, what is not judged and why."""
    return _finding(table, year, "target")


def promise_finding(table: pd.DataFrame, year: int) -> list[Finding]:
    """Return findings on a table of `promises`: how many were kept, which were not, and what silence means there."""
    return _finding(table, year, "promise")


def _finding(table: pd.DataFrame, year: int, kind: str) -> list[Finding]:
    years = {"year": year, "due": year + 1}
    if table.empty:
        return [Finding(f"{kind}.none", years)]
    counts = table["outcome"].value_counts()
    judged = sum(int(counts.get(outcome, 0)) for outcome in JUDGED)
    parts = [Finding("promise.part", {"outcome": one, "count": counts[one]}) for one in OUTCOMES if one in counts]
    about = {"count": len(table), "places": table["place"].nunique(), "judged": judged, "parts": parts}
    said = [Finding(f"{kind}.count", years | about)]
    if missed := table[table["outcome"] == MISSED].to_dict("records"):
        code = "promise.missed_more" if len(missed) > _MOST else "promise.missed"
        plans = [{"row": row, **{side: figure(row, side) for side in _SIDES}} for row in missed[:_MOST]]
        named = [Finding("promise.plan", plan) for plan in plans]
        said.append(Finding(code, {"plans": named, "count": len(missed)}))
    if judged < len(table):
        said.append(Finding("promise.unjudged", {"count": len(table) - judged}))
    said.append(Finding(f"{kind}.caveat", years))
    return [*said, Finding("page.samples")] if table["sample"].any() else said
