"""Periods that single days tell: the day of an event, the day up to which inspectors counted, the day on which they came."""

from datetime import date
from math import log1p

from ecoanalysis.extracting.discourse import Discourse, Held
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.spans import Time, up_to
from ecoanalysis.knowledge.catalogue import Metric

_LONGEST_BATCH = 31  # days


def of_days(here: Discourse, times: list[Time], at: int) -> list[Held]:
    """Return the last day named before a number, of which what is counted by days is: 6月19日，已办结9件."""
    days_ = [time for time in times if time.day]
    if not days_:
        return _before(here, times)
    time = days_[-1]
    features: Features = {
        "day": 1.0,
        "day_opens": float(time.start - here.start <= 12),
        "day_past_time": float(times[-1] is not time),
        "day_numbers_between": min(here.source.count(time.end, at), 4) / 2,
    }
    return [Held((time.period,), "sentence", features)]


def _before(here: Discourse, times: list[Time]) -> list[Held]:
    """Return the day that a sentence before named last, of which a batch may still be told: …转办第二批。按地区分：甲市5件."""
    if here.day is None:
        return []
    features: Features = {
        "day_before": 1.0,
        "day_before_past_time": float(bool(times)),
        "day_before_ago": log1p(here.day.ago),
        "day_before_other_paragraph": float(here.day.fresh > 0),
        "day_before_other_section": float(here.day.parted > 0),
        "day_before_leads": float(here.day.leads),
    }
    return [Held((here.day.value[0].period,), "sentence_before", features)]


def within_month(here: Discourse, held: Held) -> bool:
    """Tell whether a period runs up to a day within a month."""
    period = held.values[0]
    return len(held.values) == 1 and bool(period[1]) and up_to(period) != period and period[0] != period[1]


def standing(here: Discourse, held: Held) -> Held:
    """What an inspection counts stands as of a day, and says no opening: 截至11月21日."""
    start = held.values[0][0]  # 4月26日至5月26日 says its opening, 截至5月26日 does not
    features = {**held.features, "stands_at_day": 1.0, "stands_of_range": float(start is not None and start.day != 1)}
    return Held((up_to(held.values[0]),), held.origin, features)


def since_days(here: Discourse, found: list[Held], metric: Metric, at: int) -> list[Held]:
    """What inspectors count up to a day they count from the day on which they came (8月10日进驻…。截至9月10日，办结92件), what
    they handed over from that day: 8日转办31件。截至11日，办结14件."""
    here.arrive(at)
    handed = here.day.value[0].period[0] if here.day and here.day.value[0].period else None
    ends: dict[date, Held] = {}
    for held in found:
        start, end = held.values[0]
        if end and (start is None or (start.month, start.day) == (1, 1)) and (end.month, end.day) != (12, 31):
            ends.setdefault(end, held)
    held_since = []
    for name, since, longest in (("since_arrival", here.arrival, 9999), ("since_handed", handed, _LONGEST_BATCH)):
        for end, held in ends.items():
            if since and 0 < (end - since).days < longest:
                features = {name: 1.0, f"{name}_{metric.domain}": 1.0, f"{name}_ahead": float(not here.arrived)}
                marks = (mark for mark in ("said_nearest", "last", "titled") if held.features.get(mark))
                features |= {f"{name}_{mark}": 1.0 for mark in marks}
                held_since.append(Held(((since, end),), held.origin, features))
    return held_since
