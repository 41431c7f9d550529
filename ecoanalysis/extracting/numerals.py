"""Read one number as a government report writes it.

In: the characters of a number, in Arabic or Chinese numerals or both. Out: an exact Decimal.
"""

from decimal import Decimal

from ecoanalysis.errors import NumberError

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
STEPS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
LONGEST = 20  # characters: what is longer is an identifier, or rubbish
ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


def read_number(text: str) -> Decimal:
    """Read one number as a government report writes it.

    Every character must be used: a partial number raises ``NumberError``.

    >>> read_number("1,234.5万")
    Decimal('12345000.0')
    >>> read_number("二十三")
    Decimal('23')
    >>> read_number("二亿三千万"), read_number("二百一十六点四万")
    (Decimal('230000000'), Decimal('2164000.0'))
    >>> read_number("十余")
    Traceback (most recent call last):
    ecoanalysis.errors.NumberError: '十余' is not a number: '余' is left over
    """
    if len(text) > 2 * LONGEST:
        raise NumberError(f"{text[:LONGEST]!r}… is not a number: it has {len(text)} characters")
    text = text.translate(WIDE)
    digits = text.rstrip("百千万亿")
    if digits and digits.isascii():
        value = _arabic(digits, text)
        for power in text[len(digits) :]:
            value *= STEPS.get(power) or MYRIADS[power]
        return value
    return _chinese(text)


def _arabic(digits: str, text: str) -> Decimal:
    plain = digits.replace(",", "")
    if not plain.replace(".", "", 1).replace("-", "", 1).isdigit():
        raise NumberError(f"{text!r} is not a number: {plain!r} is left over")
    return Decimal(plain)


def _chinese(text: str) -> Decimal:
    """Read Chinese numerals: 一百二十三, 二〇二四, 三点五, 两万."""
    whole, _, fraction = text.partition("点")
    for character in whole + fraction.rstrip("十百千万亿"):
        if character not in DIGITS and character not in STEPS and character not in MYRIADS:
            raise NumberError(f"{text!r} is not a number: {character!r} is left over")
    if not whole:
        raise NumberError(f"{text!r} is not a number")
    if len(whole) > 1 and all(character in DIGITS for character in whole):
        value = Decimal("".join(str(DIGITS[character]) for character in whole))
    else:
        value = Decimal(_positional(whole))
    digits = fraction.rstrip("十百千万亿")
    value += Decimal("0." + "".join(str(DIGITS[character]) for character in digits)) if digits else 0
    for power in fraction[len(digits) :]:
        value *= STEPS.get(power) or MYRIADS[power]
    return value


def _positional(text: str) -> int:
    for myriad in ("亿", "万"):
        if myriad in text:
            ahead, _, behind = text.rpartition(myriad)
            return (_positional(ahead) or 1) * MYRIADS[myriad] + _positional(behind)
    total = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            total, digit = total + (digit or 1) * STEPS[character], 0
    return total + digit


def read_grade(text: str) -> int:
    """Read a water-quality grade: 1 to 5 for Ⅰ to Ⅴ, 6 for below Ⅴ (GB 3838-2002).

    >>> read_grade("劣Ⅴ"), read_grade("三"), read_grade("II")
    (6, 3, 2)
    """
    if text.startswith("劣"):
        return 6
    grade = ROMAN.get(text) or DIGITS.get(text) or (int(text) if text.isdigit() else 0)
    if not 1 <= grade <= 5:
        raise NumberError(f"{text!r} is no grade from Ⅰ to Ⅴ")
    return grade
