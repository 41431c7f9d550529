"""The words of findings, charts and pages, in Chinese and English.

In: a code of `wording.csv` and what its braces are filled with. Out: the text.
"""

from functools import cache

from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge.tables import rows

LANGUAGES = ("zh", "en")


def say(code: str, language: str = "zh", /, **filling: object) -> str:
    """Return the wording of `code`.

    >>> say("finding.withheld", "zh", count=2), say("finding.withheld", "en", count=2)
    ('2个未公开', '2 withheld')
    """
    return _wording()[code][check_language(language)].format(**filling)


def domain_name(domain: str, language: str = "zh") -> str:
    """Return the name of a domain of metrics; one that a project made for itself is called by its id.

    >>> domain_name("air", "en"), domain_name("my", "en")
    ('Air', 'my')
    """
    row = _wording().get(f"domain.{domain}")
    return row[check_language(language)] if row else domain


def check_language(language: str) -> str:
    """Return `language`, or raise `RequestError` where it is none that labels are written in.

    >>> check_language("english")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: no labels in 'english'. Nearest: en; the languages are zh and en
    """
    if language not in LANGUAGES:
        near = nearest(language, LANGUAGES) or language[:2].lower()
        near = near if near in LANGUAGES else "zh"
        raise RequestError(f"no labels in {language!r}. Nearest: {near}; the languages are zh and en")
    return language


@cache
def _wording() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("wording.csv")}
