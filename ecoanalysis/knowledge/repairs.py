"""What the repair of a text is called, and whether it was damaged before.

In: what was repaired, as the table of reports says it (lost byte 2; line join 5). Out: the kind of damage and its label.
"""

import re

from ecoanalysis.knowledge.phrases import LANGUAGES, phrase
from ecoanalysis.knowledge.tables import rows

_REPAIR = re.compile(r"(.+?) (\d+)(?:; |$)")


def damage_of(repairs: str) -> dict[str, str]:
    """Return `damaged` ("" sound, "mended" put right whole, "lost" characters went missing), `damaged_zh` and `damaged_en`.

    >>> damage_of("lost byte 2; line join 5")["damaged_en"], damage_of("line join 1")["damaged"]
    ('characters lost (lost bytes restored: 2)', '')
    """
    kinds = {row["kind"]: row for row in rows("repairs.csv") if row["damage"]}
    found = [(kinds[kind], count) for kind, count in _REPAIR.findall(repairs) if kind in kinds]
    if not found:
        return dict.fromkeys(("damaged", "damaged_zh", "damaged_en"), "")
    worst = "lost" if any(row["damage"] == "lost" for row, _ in found) else "mended"
    said = {"damaged": worst}
    for language in LANGUAGES:
        parts = [phrase("repair.one", language).format(kind=one[language], count=count) for one, count in found]
        what = ("；" if language == "zh" else "; ").join(parts)
        said[f"damaged_{language}"] = phrase(f"language.damaged.{worst}", language).format(what=what)
    return said
