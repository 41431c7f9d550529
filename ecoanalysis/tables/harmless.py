"""Keep what strangers wrote from being a formula in a spreadsheet.

In: texts or a table. Out: the same, with a ' before each text that a spreadsheet would reckon; `restored` takes it away.
"""

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def opens_formula(text: str) -> bool:
    """Return whether a text opens like a formula. A lone sign is none: `=` is a bound, and spreadsheets keep it as text.

    >>> opens_formula("=1+1"), opens_formula("="), opens_formula("优良率99.5%")
    (True, False, False)
    """
    return len(text) > 1 and text.startswith(_FORMULA)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that opens like one gets a ' before it.

    So does one that opens so after such marks, for `restored` to give back what stood there.

    >>> harmless("=HYPERLINK(1)"), harmless("优良率99.5%"), harmless("'=1")
    ("'=HYPERLINK(1)", '优良率99.5%', "''=1")
    """
    return f"'{text}" if opens_formula(text.lstrip("'")) else text


def restored(text: str) -> str:
    """Return the text that `harmless` was given.

    >>> restored("'=HYPERLINK(1)"), restored("=1"), restored("'quoted'")
    ('=HYPERLINK(1)', '=1', "'quoted'")
    """
    return text[1:] if text.startswith("'") and opens_formula(text.lstrip("'")) else text


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every text harmless, names of columns too; numbers and dates stay."""
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    made = {name: table[name].map(_harmless_cell) if name in texts else table[name] for name in table}
    return pd.DataFrame(made, columns=table.columns, index=table.index).rename(columns=_harmless_cell)


def _harmless_cell(cell: object) -> object:
    return harmless(cell) if isinstance(cell, str) else cell
