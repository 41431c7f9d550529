"""Say beside a report's score that its text was damaged before it was counted.

In: the table `reports`. Out: a row a report: `damaged`, and what was lost or mended, in Chinese and English. What counts
as damage stands in ``knowledge/repairs.csv``.
"""

import re
from collections.abc import Sequence

import pandas as pd

from ecoanalysis.knowledge.phrases import LANGUAGES
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.wording.sentences import say

_REPAIR = re.compile(r"(.+?) (\d+)(?:; |$)")


def damage(names: Sequence[str], reports: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return for each report `damaged` ("" sound, "mended" put right whole, "lost" characters went missing) and the words.

    >>> reports = pd.DataFrame({"report": ["a", "b"], "repairs": ["lost byte 2; line join 5", "line join 1"]})
    >>> damage(["a", "b"], reports)[["damaged", "damaged_en"]].values.tolist()
    [['lost', 'characters lost (lost bytes restored: 2)'], ['', '']]
    """
    known = {} if reports is None else dict(zip(reports["report"], reports["repairs"], strict=True))
    return pd.DataFrame([_row(known.get(name, "")) for name in names], columns=list(_row("")))


def _row(repairs: str) -> dict[str, str]:
    kinds = {row["kind"]: row for row in rows("repairs.csv") if row["damage"]}
    found = [(kinds[kind], count) for kind, count in _REPAIR.findall(repairs) if kind in kinds]
    if not found:
        return dict.fromkeys(("damaged", "damaged_zh", "damaged_en"), "")
    worst = "lost" if any(row["damage"] == "lost" for row, _ in found) else "mended"
    row = {"damaged": worst}
    for language in LANGUAGES:
        parts = [say("repair.one", language, kind=one[language], count=count) for one, count in found]
        what = ("；" if language == "zh" else "; ").join(parts)
        row[f"damaged_{language}"] = say(f"language.damaged.{worst}", language, what=what)
    return row
