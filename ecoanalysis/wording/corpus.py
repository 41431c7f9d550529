"""What was read: the reports, what was repaired in them, and what was amiss.

In: the tables. Out: tables for readers, and the finding in a sentence.
"""

import pandas as pd

from ecoanalysis.comparing.places import with_places
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.knowledge.tables import rows as knowledge
from ecoanalysis.wording.sentences import say


def corpus(reports: pd.DataFrame, facts: pd.DataFrame, quantities: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return the reports with place, year, what was repaired, and how many facts and quantities were read in each."""
    spoken = with_places(facts, reports)
    spoken = spoken[spoken["told_by"] == ""].drop_duplicates("report").set_index("report")
    rows = reports.assign(
        place=[
            place_label(spoken["place"][name], spoken["place_kind"][name], language)
            if name in spoken.index
            else city or province
            for name, city, province in zip(reports["report"], reports["city"], reports["province"], strict=True)
        ],
        facts=reports["report"].map(facts["report"].value_counts()).fillna(0).astype(int),
        quantities=reports["report"].map(quantities["report"].value_counts()).fillna(0).astype(int),
    )
    rows["genre"] = rows["genre"].map({row["genre"]: row[language] for row in knowledge("genres.csv")}).fillna("")
    rows["year"] = rows["year"].astype("str").where(rows["year"].notna(), say("page.not_stated", language))
    rows["repairs"] = [_repairs(done, language) for done in rows["repairs"]]
    names = ("report", "place", "year", "genre", "characters", "quantities", "facts", "encoding", "repairs")
    return rows[list(names)].rename(columns={name: say(f"column.{name}", language) for name in names})


def _repairs(done: str, language: str) -> str:
    """Say what `pinyin gloss 31; traditional 402` means; a kind without a wording stays as it is."""
    called = {row["kind"]: row[language] for row in knowledge("repairs.csv")}
    counted = [one.rpartition(" ") for one in done.split("; ") if one]
    said = [say("repair.one", language, kind=called.get(kind, kind), count=count) for kind, _, count in counted]
    return ("；" if language == "zh" else "; ").join(said)


def problems(found: pd.DataFrame, language: str = "zh") -> pd.DataFrame:
    """Return the table of problems for readers, worst first."""
    worst = found["severity"].map({"error": 0, "warning": 1, "note": 2})
    names = ("severity", "report", "code", "message")
    rows = found.assign(worst=worst).sort_values(["worst", "report"], kind="stable")
    called = {row["code"]: row[language] for row in knowledge("problems.csv")}
    rows["code"] = [called.get(code, code) for code in rows["code"]]
    rows["severity"] = [say(f"severity.{severity}", language) for severity in rows["severity"]]
    return rows[list(names)].rename(columns={name: say(f"column.{name}", language) for name in names})
