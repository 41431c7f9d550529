"""Tell the periods that a number may be of.

In: a run of numbers in its sentence, and what was said before. Out: `Held` records: times of its clause, of its sentence, of
sentences before, of headings and tables, and the report's own period. What no words set is the report's, and says so.
"""

import re
from datetime import date
from math import log1p

from ecoanalysis.extracting.discourse import JOINED, PART, Discourse, Frame, Held
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import measures
from ecoanalysis.extracting.runs import Run
from ecoanalysis.extracting.single_days import of_days, since_days, standing, within_month
from ecoanalysis.extracting.spans import Period, Time, days, is_calendar_year, opening, up_to, years_of
from ecoanalysis.knowledge.catalogue import Metric

# The year that a value is held against is not its own: 去年优良率为89.3%，比2008年提高了1.6个百分点.
_AGAINST = re.compile(r"(?:[较比与同]于?|在(?=20[0-9]{2}年的?基础上))((?:19|20)[0-9]{2})年")
# Kinds and units that the years of a span add up to.
_SUMS, _SUMMED = ("mass", "money", "area", "length", "volume"), ("t", "CNY")
_SINCE = {"since_arrival", "since_handed"}
# What years have together is of their span: 2022、2023年累计立案262件.
_TOGETHER = re.compile("累计|合计|总计|(?<!均)共(?!同)|[两二三四五六七八九十]年")
_ANNUAL = re.compile("年均|年平均|年日|全年")  # of a year, not of the quarter that was said before


def periods(here: Discourse, run: Run, at: int, metric: Metric) -> list[Held]:
    """Return the periods that a number of a run may be of, `at` being its place in the run."""
    number = run.numbers[at]
    said = here.source.times_in(here.start, number.start)
    every = [time for time in said if not _of_bracket(here, time, number.start)]
    seasons = {time.start for time in every if time.season}  # 2023年春季 says no more than 春季 of when
    times = [time for time in every if not time.day and time.end not in seasons]
    latest = range(max(0, len(times) - 4), len(times))
    found = [_said(here, run, times, nth, number.start) for nth in latest if not _goes_on(here, times, nth)]
    if times and times[-1].season:
        return found[-1:]  # narrower than all that may hold from before
    found += _combined(here, times, number.start)
    found += of_days(here, every, number.start)
    listed = _listed_times(here, run)
    if listed and len(run.numbers) > 1 and len(listed) == len(run.numbers):
        found.append(
            Held((listed[at],), "list", {"list": 1.0, "list_each": float("分别" in here.text[run.low : run.start])})
        )
    found += [_framed(here, frame, times) for frame in here.times]
    for nth, span in enumerate(here.headings[:2]):
        for time in here.source.times_in(*span)[:1]:
            if time.period:
                features = {
                    "heading": 1.0,
                    "heading_outer": float(nth > 0),
                    "heading_past_time": float(bool(times)),
                    "heading_past_frame": float(any(f.leads and not f.fresh for f in here.times)),
                } | {f"heading_{name}": value for name, value in _shape(here, time.period).items()}
                found.append(Held((time.period,), "heading", features))
    if here.caption:
        for time in here.source.times_in(*here.caption)[:1]:
            if time.period:
                found.append(Held((time.period,), "table", {"caption": 1.0}))
    found += [*_titled(here, bool(times)), *_last(here, bool(times))]
    found += since_days(here, found, metric, number.start)
    found += [standing(here, held) for held in found if within_month(here, held) and not _SINCE & held.features.keys()]
    found += [_opened(held) for held in found if _closes_only(held)]
    adds_up = number.kind in _SUMS or metric.unit in _SUMMED or not measures(number)
    found += [_last_of_years(held) for held in found if _spans_years(held) and not adds_up]
    until = [time for time in here.source.times_in(number.start, here.end) if time.until and time.period]
    if until:
        found.append(Held((up_to(until[0].period),), "sentence", {"until_ahead": 1.0}))  # type: ignore[arg-type]
    origin = "title" if here.source.report.year else "assumed"
    own = {
        "own": 1.0,
        "own_past_time": float(bool(times)),
        "own_past_frame": float(any(f.leads and not f.fresh for f in here.times)),
    }
    own["own_is_open"] = float(here.own[0] is None or here.own[1] is None)
    silent = not here.source.times_in(here.source.line(number.start), number.start)
    own["own_in_silence"] = float(silent)
    own["own_open_in_silence"] = float(silent and bool(own["own_is_open"]))
    found.append(Held((here.own,), "assumed" if origin == "assumed" else "title", own))
    if metric.standing or here.standing:
        name = "standing" if metric.standing else "beside_standing"
        for held in found:
            for trait in (
                "stands_at_day",
                "until_ahead",
                "day",
                "day_before",
                "own",
                "frame_stands",
                "from_opening",
                "titled",
                "last",
            ):
                if trait in held.features:
                    held.features[f"{name}_{trait}"] = 1.0
    here.standing = here.standing or metric.standing
    summed = "累计" in here.text[here.start : number.start]
    against = {int(year) for year in _AGAINST.findall(here.text, here.start, here.end)}
    annual = bool(_ANNUAL.search(here.text, run.low, number.start))
    for held in found:
        last = held.values[-1][1]
        held.features["last_of_years_summed"] = float(summed and "last_of_years" in held.features)
        held.features["held_against"] = float(last is not None and last.year in against)
        held.features["annual_of_year"] = float(annual and days(held.values[-1]) in (364, 365))
        held.features["annual_of_part"] = float(annual and days(held.values[-1]) < 364)
        held.features["as_last"] = float(len(held.values) == 1 and held.values[0] == here.last_period)
        held.features["year_ahead"] = float(ahead(here, held.values[0]))
        held.features["is_own"] = float(held.values[0] == here.own)
        past = bool(here.arrival and last and here.arrival < last and not _SINCE & held.features.keys())
        held.features[f"past_arrival_{metric.domain}"] = float(past)
    return found


def _goes_on(here: Discourse, times: list[Time], nth: int) -> bool:
    """Tell whether a time is one of a row that goes on, of which the last stands for all: 2022年、2023年."""
    after = times[nth + 1 : nth + 2]
    return bool(after) and here.text[times[nth].end : after[0].start].strip() in JOINED


def _titled(here: Discourse, past: bool) -> list[Held]:
    """Return the time that the title says: …情况（截至4月18日）; the report's own period leaves days out."""
    return [
        Held((time.period,), "title", {"titled": 1.0, "titled_day": float(time.day), "titled_past_time": float(past)})
        for time in here.source.times_in(*here.source.title)[-1:]
        if time.period and (time.day or time.until)
    ]


def _last(here: Discourse, past: bool) -> list[Held]:
    """Return the period of the fact before in the paragraph: 4月18日，转办64件。涉及甲市15件."""
    if here.last_period is None:
        return []
    features = {
        "last": 1.0,
        "last_past_time": float(past),
        "last_day": float(here.last_period[0] == here.last_period[1]),
    }
    return [Held((here.last_period,), "sentence", features)]


def _closes_only(held: Held) -> bool:
    return len(held.values) == 1 and held.values[0][0] is None and held.values[0][1] is not None


def _opened(held: Held) -> Held:
    """What a year's account has counted up to a day began with the year: 截至2017年12月25日，优良天数136天."""
    end = held.values[0][1]
    return Held(((opening((None, end)), end),), held.origin, {**held.features, "from_opening": 1.0})


def _spans_years(held: Held) -> bool:
    start, end = held.values[0]
    return len(held.values) == 1 and bool(start and end) and end.year > start.year and days(held.values[0]) > 366


def _last_of_years(held: Held) -> Held:
    """A mean or a share that an account of several years tells is that of the last one: 五年来，…优良率达到90%."""
    year = held.values[0][1].year
    return Held(((date(year, 1, 1), date(year, 12, 31)),), held.origin, {**held.features, "last_of_years": 1.0})


def _said(here: Discourse, run: Run, times: list[Time], nth: int, at: int) -> Held:
    time = times[nth]
    values: tuple[Period, ...] = (time.period or here.own,)
    low = nth
    while low and here.text[times[low - 1].end : times[low].start].strip() in JOINED:
        low -= 1
    joined = here.joined(times, low)
    if len(joined) > 1 and nth == len(times) - 1:
        values = tuple(joined)
        start, end = joined[0][0], joined[-1][1]
        if _TOGETHER.search(here.text, time.end - 3, at) and start and end and start < end:
            values = ((start, end),)
    clause = run.outer or run.clause
    own = time.start >= run.low
    between = here.text[time.end : at]
    features: Features = {
        "said": 1.0,
        "said_own": float(own),
        "said_clause": float(not own and time.start >= clause.start),
        "said_sentence": float(time.start < clause.start),
        "said_nearest": float(nth == len(times) - 1),
        "said_second": float(nth == len(times) - 2),
        "said_opens": float(
            time.start - here.start <= 12 and not re.search(r"[，,；;]", here.text[here.start : time.start])
        ),
        "said_numbers_between": min(here.source.count(time.end, at), 4) / 2,
        "said_stop_between": float(any(mark in between for mark in "；;")),
        "said_until": float(time.until),
        "said_joined": float(len(values) > 1),
    }
    features |= _shape(here, time.period)
    if _shut(between):  # 优良天数246天（上年255天），占67.4%
        features["said_in_other_bracket"] = 1.0
        features["said_shut_earlier"] = features.get("earlier_year", 0.0)
    if not time.period:
        features["said_now"] = 1.0
    origin = "own_clause" if time.start >= clause.start else "sentence"
    return Held(values, origin, features)


def _shut(words: str) -> int:
    """Return where a bracket is closed that was opened before these words, from 1 on; 0 where none is."""
    depth = 0
    for at, character in enumerate(words, 1):
        depth += (character in "（(") - (character in "）)")
        if depth < 0:
            return at
    return 0


def _of_bracket(here: Discourse, time: Time, at: int) -> bool:
    """Tell whether a time was said in a bracket for what stands there: 94.5%（全年目标95.5%），浓度27; 率（截至6月底）56%."""
    closed = time.end + _shut(here.text[time.end : at])
    if closed == time.end:
        return False
    return bool(here.source.numbers(time.end, closed) or re.search("[，,；;、]", here.text[closed:at]))


def _shape(here: Discourse, period: Period | None) -> Features:
    if period is None:
        return {}
    start, end = period
    year = here.source.report.year
    last = end or start
    of = last.year if last else None
    return {
        "shape_year": float(days(period) in (364, 365)),
        "shape_month": float(days(period) < 31),
        "shape_open": float(end is None),
        "shape_no_start": float(start is None),
        "shape_years": float(days(period) > 366 and start is not None and end is not None),
        "earlier_year": float(bool(year and of and of < year)),
        "later_year": float(bool(year and of and of > year)),
        "within_own": float(_within_own(here, period)),
    }


def _within_own(here: Discourse, period: Period) -> bool:
    """Tell whether a period is a part of a report's whole year: said in passing, as a rule."""
    return days(here.own) >= 360 > days(period)


def _combined(here: Discourse, times: list[Time], at: int) -> list[Held]:
    """Return what two times said one after the other mean: 2002年以来，…至2007年底; 截至11月底，今年…."""
    if len(times) < 2:
        return []
    first, last = times[-2], times[-1]
    since, until = first.period, last.period
    if since and until and last.until and since[1] is None:
        return [Held(((since[0], until[1]),), "sentence", {"since_until": 1.0})]
    if first.until and until and since and days(until) >= 360 and until[0] == opening(since):
        if re.fullmatch(r"[，,\s]*(?:[全我本][市州县区省])?", here.text[first.end : last.start]):
            return [Held(((until[0], since[1]),), "sentence", {"until_then_year": 1.0})]
    return []


def _framed(here: Discourse, frame: Frame, times: list[Time]) -> Held:
    time, values = frame.value
    past = bool(times)
    # 全年 is all of the year that was said before: 2019年，…。全年立案57起.
    year = is_calendar_year(values[0]) and past and here.text[times[-1].start : times[-1].end].strip() == "全年"
    features: Features = {
        "frame_of_whole": float(year and not frame.fresh),
        "frame": 1.0,
        "frame_leads": float(frame.leads),
        "frame_ago": log1p(frame.ago),
        "frame_past_time": float(past),
        "frame_other_paragraph": float(frame.fresh > 0),
        "frame_other_paragraph_leads": float(frame.fresh > 0 and frame.leads),
        "frame_other_paragraph_within": float(frame.fresh > 0 and frame.within),
        "frame_announced": float(frame.colon),
        "frame_other_section": float(frame.parted > 0),
        "frame_other_section_leads": float(frame.parted > 0 and frame.leads),
        "frame_alone": float(frame.alone),
        "frame_until": float(time.until),
        "frame_part_follows": float(frame.ago == 1 and bool(PART.match(here.text, here.start))),
    }
    shape = _shape(here, time.period)
    features |= {f"frame_{name}": value for name, value in shape.items()}
    if not time.period:
        features["frame_now"] = 1.0
    return Held(tuple(values), "sentence_before", features)


def _listed_times(here: Discourse, run: Run) -> list[Period]:
    times = [t for t in here.source.times_in(run.clause.start, run.start) if not t.day]
    if years := years_of(times, len(run.numbers)):
        return years
    row = times or [t for t in here.source.times_in(here.start, run.start) if not t.day][-len(run.numbers) :]
    return [t.period or here.own for t in row] if here.in_a_row([(t.start, t.end) for t in row]) else []


def ahead(here: Discourse, period: Period) -> bool:
    """Tell whether a period is a whole year after the one reported on: what is said of it is planned."""
    year, start, end = here.source.report.year, period[0], period[1]
    return bool(year and start and end and start.year > year and (end - start).days > 360)
