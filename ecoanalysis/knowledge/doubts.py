"""Why a value is in doubt: the sentences of `doubts.csv`.

In: a code, as the column `doubt` of the facts holds it. Out: a sentence in Chinese or English.
"""

from functools import cache

from ecoanalysis.errors import CatalogueError, nearest
from ecoanalysis.knowledge.tables import rows

SURE = 0.9  # the confidence from which a value is ranked, where nobody asks for another
OTHER, PLACE_UNSURE, YEAR_UNSURE = "other", "report_place_unsure", "report_year_unsure"


@cache
def doubts() -> dict[str, dict[str, str]]:
    """Return the sentences by code; a code without one in both languages, or twice, raises `CatalogueError`.

    >>> doubts()["period_assumed"]["zh"]
    '期间未写明，按全年推断'
    """
    return checked(rows("doubts.csv"))


def checked(table: tuple[dict[str, str], ...]) -> dict[str, dict[str, str]]:
    """Return rows by code, having looked that each is whole and that the codes that this package gives are there."""
    found: dict[str, dict[str, str]] = {}
    for row in table:
        code = row["code"]
        if code in found:
            raise CatalogueError(f"doubts.csv: {code} stands there twice")
        if missing := [language for language in ("zh", "en") if not row.get(language)]:
            raise CatalogueError(f"doubts.csv, {code}: no sentence in {missing[0]}")
        found[code] = {language: row[language] for language in ("zh", "en")}
    if lacking := [code for code in (OTHER, PLACE_UNSURE, YEAR_UNSURE) if code not in found]:
        raise CatalogueError(f"doubts.csv has no {lacking[0]}")
    return found


def doubt_text(code: str, language: str = "zh") -> str:
    """Return the sentence of a code; an unknown one raises `CatalogueError`.

    >>> doubt_text("scope_assumed", "en")
    'scope not stated, taken to be the whole place'
    """
    if code not in doubts():
        near = nearest(code, doubts()) or ", ".join(doubts())
        raise CatalogueError(f"no doubt {code!r} in doubts.csv. Nearest: {near}")
    return doubts()[code][language]
