"""Name periods as people do, and say which of them two values may share.

In: the first and last day of a period, NaT where open or unknown. Out: 全年, 上半年, 1–10月, 今年以来, or English.
"""

import pandas as pd

_NAMED = {
    ("01-01", "12-31"): ("全年", "full year"),
    ("01-01", "06-30"): ("上半年", "first half"),
    ("07-01", "12-31"): ("下半年", "second half"),
    ("01-01", "03-31"): ("第一季度", "first quarter"),
    ("04-01", "06-30"): ("第二季度", "second quarter"),
    ("07-01", "09-30"): ("第三季度", "third quarter"),
    ("10-01", "12-31"): ("第四季度", "fourth quarter"),
    ("01-01", "09-30"): ("前三季度", "first three quarters"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def full_year(start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Return whether a period is one calendar year.

    >>> full_year(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"))
    True
    """
    if pd.isna(start) or pd.isna(end):
        return False
    return start.year == end.year and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)


def period_label(start: pd.Timestamp, end: pd.Timestamp, language: str = "zh", year: int | None = None) -> str:
    """Return what a period is called; the year is left out where it is `year`.

    >>> day = pd.Timestamp
    >>> period_label(day("2023-01-01"), day("2023-06-30"), year=2023)
    '上半年'
    >>> period_label(day("2024-01-01"), day("2024-10-31"))
    '2024年1–10月'
    >>> period_label(day("2023-01-01"), pd.NaT, year=2023), period_label(pd.NaT, pd.NaT)
    ('今年以来', '未写明期间')
    >>> period_label(day("2023-01-01"), day("2023-06-30"), "en")
    'first half of 2023'
    """
    chinese = language == "zh"
    if pd.isna(start) and pd.isna(end):
        return "未写明期间" if chinese else "period not stated"
    if pd.isna(start):
        return f"截至{_day(end, language, year)}" if chinese else f"up to {_day(end, language, year)}"
    if pd.isna(end):
        return _open(start, language, year)
    if start == end:
        return _day(start, language, year)
    if start.year != end.year:
        return _years(start, end, language)
    return _within(start, end, language, year)


def _within(start: pd.Timestamp, end: pd.Timestamp, language: str, year: int | None) -> str:
    """Name a period that lies in one calendar year."""
    chinese = language == "zh"
    if named := _NAMED.get((f"{start:%m-%d}", f"{end:%m-%d}")):
        name = named[0 if chinese else 1]
    elif start.day == 1 and end.is_month_end:
        first, last = start.month, end.month
        if chinese:
            name = f"{first}月" if first == last else f"{first}–{last}月"
        else:
            name = _MONTHS[first - 1] if first == last else f"{_MONTHS[first - 1]}–{_MONTHS[last - 1]}"
    else:
        name = f"{_day(start, language, start.year)}–{_day(end, language, start.year)}"
    if start.year == year:
        return name
    if chinese:
        return f"{start.year}年{name}"
    return f"{name} of {start.year}" if named else f"{name} {start.year}"


def _open(start: pd.Timestamp, language: str, year: int | None) -> str:
    if (start.month, start.day) == (1, 1):
        if language == "zh":
            return "今年以来" if start.year == year else f"{start.year}年以来"
        return "year to date" if start.year == year else f"since {start.year}"
    day = _day(start, language, year)
    return f"{day}以来" if language == "zh" else f"since {day}"


def _years(start: pd.Timestamp, end: pd.Timestamp, language: str) -> str:
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{start.year}–{end.year}" + ("年" if language == "zh" else "")
    return f"{_day(start, language, None)}–{_day(end, language, None)}"


def _day(day: pd.Timestamp, language: str, year: int | None) -> str:
    if language == "zh":
        return ("" if day.year == year else f"{day.year}年") + f"{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]}" + ("" if day.year == year else f" {day.year}")
