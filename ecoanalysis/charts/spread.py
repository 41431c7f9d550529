"""Move labels apart that want to stand at nearly the same height.

In: the heights that labels want, in mm. Out: heights as near to these as leave room between them, in the same order.
"""

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights between `low` and `high` at least `gap` apart with the least sum of squared shifts.

    Labels that want the same height keep their order. Too many labels for the room run on past `high`.
    Source: pooling of adjacent violators (Barlow et al. 1972) on heights less the gaps above them.

    >>> spread([10, 10, 30], 4, 0, 40)
    [8.0, 12.0, 30.0]
    >>> spread([0, 1], 4, 0, 40)
    [0.0, 4.0]
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[list[float]] = []  # sum and number of the labels pooled
    for rank, at in enumerate(order):
        blocks.append([wanted[at] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    room = max(high - (len(wanted) - 1) * gap, low)
    levels = [min(max(total / count, low), room) for total, count in blocks for _ in range(int(count))]
    placed = [0.0] * len(wanted)
    for rank, at in enumerate(order):
        placed[at] = float(levels[rank] + rank * gap)
    return placed
