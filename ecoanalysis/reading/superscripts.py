"""Write a raised figure so that it is not taken for a digit of the number before it.

In: the raised characters and the pieces of text before them. Out: the characters to write.
"""

_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def raised(text: str, before: list[str]) -> str:
    """Return superscript digits as such after a digit (10⁴), and as plain ones elsewhere (m3).

    >>> raised("4", ["排放10"]), raised("3", ["35μg/m"])
    ('⁴', '3')
    """
    last = next((piece[-1] for piece in reversed(before) if piece), "")
    return text.translate(_RAISED) if last.isdigit() else text
