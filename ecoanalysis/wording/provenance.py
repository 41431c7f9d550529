"""Say in one sentence how a figure of this package was made.

In: a table with ``attrs["made"]``. Out: its counting rule, sample, uncertainty and cutter, in Chinese or English.
"""

import pandas as pd

from ecoanalysis.errors import RequestError
from ecoanalysis.wording.sentences import say


def note(table: pd.DataFrame, language: str = "zh") -> str:
    """Return how a result was made, for a page or a chart's source line; a table without that raises `RequestError`.

    >>> from ecoanalysis.language.attention import attention
    >>> from ecoanalysis.language.corpus import gather
    >>> note(attention(gather(pd.DataFrame({"report": ["a"], "text": ["空气好。"]}))), "en")[:53]
    'Counted are the characters, tokens, sentences and sec'
    """
    made = table.attrs.get("made")
    if not made:
        raise RequestError('this table does not say how it was made: give one whose attrs hold "made"')
    parts = [say(made["note"], language, **made)]
    if "characters" in made:
        parts.append(say("language.note.sample" + (".own" if made.get("samples") else ""), language, **made))
    parts.append(say(f"language.note.interval.{made['interval']}", language, **made))
    if "cutter" in made:
        parts.append(say("language.note.cutter", language, **made))
    return "".join(parts) if language == "zh" else " ".join(parts)
