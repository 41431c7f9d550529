"""Tell values that differ from values of which one is the other rounded.

In: values in one canonical unit. Out: whether they can be the same figure, which was written with more digits, and what
“about” hides.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_WAN, _YI = 10_000, 100_000_000  # large numbers are written in 万 or 亿


def same_rounded(a: float, b: float) -> bool:
    """Return whether one value is the other rounded half up to fewer digits, or equal to it.

    Digits are those after the point; from 10000 on those of a number in 万, from 100 million on of one in 亿. Round
    numbers below that are taken as written in full: 20 is not 22 rounded.

    >>> same_rounded(22, 22.3), same_rounded(22.25, 22.3), same_rounded(22, 22.5), same_rounded(20, 22)
    (True, True, False, False)
    >>> same_rounded(6580000, 6580600), same_rounded(6580000, 6590600)
    (True, False)
    """
    fine, coarse = sorted((_decimal(a), _decimal(b)), key=_last_digit)
    step = Decimal(1).scaleb(_last_digit(coarse))
    return (fine / step).quantize(Decimal(1), ROUND_HALF_UP) * step == coarse


def finest(values: Iterable[float]) -> float | None:
    """Return the value written with most digits where each of the others is it rounded; None where they contradict.

    >>> finest([22, 22.3, 22.25]), finest([22, 25]), finest([22.0])
    (22.25, None, 22.0)
    """
    first, *others = sorted(values, key=lambda value: _last_digit(_decimal(value)))
    return first if all(same_rounded(first, other) for other in others) else None


def hidden(value: float, bound: str) -> float:
    """Return how far a value may lie off that is only about so much: half a unit of its last digit that is not 0.

    An exact value hides nothing here; its own rounding is a matter of `exact_figures.half_step`.

    >>> hidden(30, "~"), hidden(29.5, "~"), hidden(658e4, "~"), hidden(30, "=")
    (5.0, 0.05, 5000.0, 0.0)
    """
    if bound != "~" or not value:
        return 0.0
    return 0.5 * 10.0 ** int(_decimal(value).normalize().as_tuple().exponent)


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.12g}")


def _last_digit(value: Decimal) -> int:
    """Return the power of ten of the last digit that a value needs: -1 of 22.3, 0 of 20, 4 of 658万."""
    most = 8 if abs(value) >= _YI else 4 if abs(value) >= _WAN else 0
    return min(int(value.normalize().as_tuple().exponent), most)
