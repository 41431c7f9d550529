"""Look over the facts for what cannot all be right, within a report and between two of one place.

In: facts and the catalogue's plausible ranges. Out: `Problem` records. Nothing is changed or left out: two
figures that contradict each other both stay, and the table of problems says so.
"""

import re
from collections.abc import Iterator

import pandas as pd

from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.scopes import WHOLE, classes
from ecoanalysis.reading.report import Problem
from ecoanalysis.tables.exact_figures import Operand, checks, half_step, many, operands, problem
from ecoanalysis.tables.rounding import finest
from ecoanalysis.tables.schema import DAYS

# Two values of all these in common are the same figure said twice.
SAME = ["owner", "metric", "stat", "unit", "counted", *DAYS, "year", "population", "condition", "basis", "status"]
# What has these units is not the sum of its parts; a count, a length or a sum of money may be stated of each part.
_WHOLE_ONLY = {"%", "pp", "ug/m3", "mg/m3", "mg/L", "dB", "1", "grade", "rank", "day", "year"}
_NO_WORD = re.compile(
    "[^一-鿿]|全年|全市|全省|全区|全县|全州|我市|本市|今年|去年|年度|以来|截至|目前|累计|共计|合计|总计|共|总|已|约|达|为|年|月|日"
    "|不超过|超过|多于|不少于|少于|至少|不低于|低于|不足|以上|以下|以内|逾"
)


def contradictions(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each figure that a report, or two reports of one place, give with values that exclude each other.

    Two exact values do so, a warning; where one is the other rounded, it is a note. So do an exact value and a bound,
    beyond what the rounding of the value explains: 93% 以上 does not contradict 93.5%. Estimates are left alone, and so
    are parts: after 其中 stands one, and two counts or sums in one report are of one thing only where the same words
    state them (13个国考断面 and 21个省考断面 are two). What has no period is compared within one `report_year`.
    """
    known = facts[facts["value"].notna() & ~facts["quote"].str.startswith("其中") & (facts["bound"] != "~")]
    known = keyed(known[(known["bound"] == "=") | (known["status"] == "reported")])
    same_teller = [*SAME, "foreign"]  # a city's own report and another body's are held together by `otherwise`
    varied = known.groupby(same_teller, dropna=False)[["value", "bound"]].transform("nunique").max(axis=1) > 1
    for _, same in known[varied].groupby(same_teller, dropna=False, sort=False):
        whole = _one_each(same) or _one_each(same[same["bound"] == "="])
        for alike in [same] if whole else [alike for _, alike in same.groupby("words", sort=False)]:
            yield from _excluding(alike)


def _one_each(same: pd.DataFrame) -> bool:
    """Return whether there are several reports and each gives one value: then whatever the words, it is one figure."""
    return same["report"].nunique() > 1 and bool(same.groupby("report")["value"].nunique().max() == 1)


def _excluding(alike: pd.DataFrame) -> Iterator[Problem]:
    """Yield the problem of figures that are of one thing, if any."""
    exact = alike[alike["bound"] == "="]
    if exact["value"].nunique() > 1:
        yield _contradiction(exact, rounded=finest(exact["value"].unique()) is not None)
    for limit in alike[alike["bound"] != "="].drop_duplicates(["bound", "value", "report"]).itertuples():
        beyond = [_beyond(limit.bound, limit.value, one) for one in exact.itertuples()]
        if any(beyond):
            yield _contradiction(pd.concat([exact[beyond], alike.loc[[limit.Index]]]))


def _beyond(bound: str, limit: float, exact) -> bool:  # type: ignore[no-untyped-def]
    """Return whether a bound excludes an exact value, and any that it may be the rounding of."""
    gap = limit - exact.value if bound in (">", ">=") else exact.value - limit
    half = half_step(exact.value, exact.unit, exact.quote)
    return gap > half + 1e-9 or (gap == half == 0 and bound in ("<", ">"))


def keyed(facts: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that tell figures apart and are none of the table's own."""
    measure = facts["unit"].isin(_WHOLE_ONLY)
    undated = facts["period_start"].isna() & facts["period_end"].isna()
    # A county has a code of its own, whatever its name is written like; a zone without one goes by its city's and its name.
    own = facts["about_adcode"].ne("") & ~facts["about_adcode"].str.endswith("00")
    of_city = facts["about_adcode"].where(facts["about_adcode"] != "", facts["about_city"])
    of_city += ("/" + facts["about_district"]).mask(own, "")
    return facts.assign(
        owner=of_city.where(facts["about_city"] != "", facts["report"]),
        foreign=foreign(facts),
        counted=facts["unit_text"].mask(measure, ""),
        year=facts["report_year"].fillna(0).where(undated, 0),
        population=[_population(*pair) for pair in zip(facts["scope_class"], facts["scope"], strict=True)],
        words=facts["quote"].str.replace(_NO_WORD, "", regex=True).mask(measure, ""),
    )


def foreign(facts: pd.DataFrame) -> pd.Series:
    """Return which facts are of a known place other than the one whose report says them."""
    same = (facts["city"] == facts["about_city"]) & (facts["district"] == facts["about_district"])
    return (facts["about_city"] != "") & ~same


def _population(name: str, wording: str) -> str:
    """Return what must be equal for one population, as in comparing: the class, or the words where these tell more."""
    if name == WHOLE:
        return ""
    by_class = name in classes() and classes()[name]["compares"] == "class"
    return name if by_class else f"{name}:{wording}"


def _contradiction(same: pd.DataFrame, rounded: bool = False) -> Problem:
    first = same.drop_duplicates(["value", "bound"])
    named = same["report"].nunique() > 1
    said = "; ".join(
        f"{'' if row.bound == '=' else row.bound}{row.value:.12g} {row.unit} ({f'{row.report}: ' if named else ''}{row.quote})"
        for row in first.itertuples()
    )
    last = first.iloc[-1]
    why = ", of which one is the other rounded" if rounded else ""
    message = f"{last['metric']} has several values for one scope and period{why}: {said}. All are kept"
    where = int(last["start"]), int(last["end"])
    if rounded:
        return Problem(last["report"], "rounded", "note", message, *where)
    return Problem(last["report"], "contradiction", "warning", message, *where)


def out_of_range(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a warning for each level outside its metric's plausible range."""
    columns = ("report", "metric", "stat", "value", "unit", "quote", "start", "end")
    for report, name, stat, value, unit, quote, start, end in zip(*map(facts.get, columns), strict=True):
        metric = catalogue.metrics()[name]
        if stat == "level" and (value < metric.low or value > metric.high):  # none is where a value is withheld
            said = f"{name} is {value:.12g} {unit}, outside {metric.low:.12g} to {metric.high:.12g}"
            yield Problem(report, "out_of_range", "warning", f"{said}: {quote}. It is kept", start, end)


_SHOWN = 3  # better cities that a message names


def last_year(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem where a value and its change against the year before do not give the value reported then.

    All three are of one place, scope, condition and counted unit, and of the same days of their years. A gap beyond what
    rounding explains is a note up to twice that, then a warning: figures are often stated anew, and the message says why.
    """
    (check,) = checks("change")
    levels: dict[tuple, list[Operand]] = {}
    for level in operands(facts[facts["metric"].isin(set(facts.loc[facts["stat"] == "change", "metric"]))], "level"):
        if key := _key(level):
            levels.setdefault(key, []).append(level)
    seen = set()
    for change in operands(facts[facts["basis"] == "yoy"], "change"):
        key = _key(change)
        if key is None or (key, change.value, change.unit, change.report) in seen:
            continue
        seen.add((key, change.value, change.unit, change.report))
        now = levels.get(key, [])
        own = [level for level in now if level.report == change.report] or now
        before = levels.get((*key[:-1], key[-1] - 1), [])
        if own and before and not many(own) and not many(before):
            # Of several values the change is of the one beside which it stands.
            value = min(own, key=lambda level: (abs(level.start - change.start), level.start))
            yield from _held(check, value, change, [level for level in before if level.counts == value.counts])


def _key(figure: Operand) -> tuple | None:
    """Return what must be alike, the year last; None for a period that is open or spans years."""
    start, end = figure.period_start, figure.period_end
    if pd.isna(start) or pd.isna(end) or start.year != end.year:
        return None
    # The last of February is one day, whatever its number.
    days = (start.month, start.day, end.month, 0 if end.is_month_end else end.day)
    return (figure.place, figure.metric, figure.scope, figure.condition, days, end.year)


def _held(check: dict[str, str], value: Operand, change: Operand, before: list[Operand]) -> Iterator[Problem]:
    tried = [
        (abs(implied - last.value) / (rounding + last.half or 1e-9), last, implied)
        for implied, rounding in _implied(value, change)
        for last in before
    ]
    if not tried:
        return
    misfit, last, implied = min(tried, key=lambda one: one[0])
    if misfit > 1 + 1e-9:
        reckoned = f"the first two give {implied:.4g} for the year before, not {last.value:.12g}"
        severity = "warning" if misfit > 2 else "note"
        yield problem(check, "change_differs", severity, [value, change, last], reckoned, change)


def _implied(value: Operand, change: Operand) -> Iterator[tuple[float, float]]:
    """Yield what the year before may have had, and how far rounding may carry it.

    A rate that rose by 3 % may have risen by 3 points.
    """
    if change.unit in ("pp", value.unit):
        yield value.value - change.value, value.half + change.half
    if change.unit == "%" and change.value - change.half > -100:
        before = value.value / (1 + change.value / 100)
        # Reckoned to the farther end of both roundings.
        end = (abs(value.value) + value.half) / (1 + (change.value - change.half) / 100)
        yield before, end - abs(before)


def ranks(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a warning where a city calls itself n-th of its province and n cities of it have a better value.

    The values are of one metric, scope, period, condition and counted unit, and better by more than rounding explains.
    Of a city with several values the worst counts. Metrics without a better direction are left alone.
    """
    (check,) = checks("rank")
    better = {name: metric.better for name, metric in catalogue.metrics().items() if metric.better != "none"}
    among = re.compile(check["basis"])
    said = [one for one in operands(facts, "rank") if one.metric in better and among.fullmatch(one.basis)]
    rivals = _rivals(operands(facts[facts["metric"].isin({one.metric for one in said})], "level"), better)
    for rank in said:
        alike = rivals.get(_ground(rank), {})
        own = alike.get(rank.city)
        if own is None:
            continue
        ahead = [one for city, one in alike.items() if city != rank.city and one.counts == own.counts]
        ahead = sorted((one for one in ahead if _ahead(one, own, better[rank.metric])), key=lambda one: one.city)
        if len(ahead) >= rank.value:
            reckoned = f"at least {len(ahead)} of the province are better than {own.value:.12g} {own.unit}"
            yield problem(check, "rank_differs", "warning", [rank, own, *ahead[:_SHOWN]], reckoned, rank)


def _rivals(levels: list[Operand], better: dict[str, str]) -> dict[tuple | None, dict[str, Operand]]:
    """Return the worst value of each prefecture by what must be alike."""
    found: dict[tuple | None, dict[str, Operand]] = {}
    for level in levels:
        if ground := _ground(level):
            cities = found.setdefault(ground, {})
            sign = 1 if better[level.metric] == "lower" else -1
            if level.city not in cities or sign * level.value > sign * cities[level.city].value:
                cities[level.city] = level
    return found


def _ground(figure: Operand) -> tuple | None:
    """Return what must be alike, the province among it; None for what is no prefecture's or compares with nothing."""
    place = places.find(figure.city) if figure.city and not figure.district else None
    # A county-level city under its province is often not among those ranked; a municipality is alone in its own.
    if place is None or not place.adcode.endswith("00") or place.city == place.province:
        return None
    name = figure.scope.partition(":")[0]
    compares = classes()[name]["compares"] if name in classes() else "class" if not name else "never"
    if compares == "never" or pd.isna(figure.period_start) or pd.isna(figure.period_end):
        return None
    scope = figure.scope if compares == "wording" else name
    return (place.province, figure.metric, scope, figure.period_start, figure.period_end, figure.condition)


def _ahead(one: Operand, own: Operand, better: str) -> bool:
    gap = own.value - one.value if better == "lower" else one.value - own.value
    return gap > own.half + one.half


def otherwise(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a warning for each exact value of a place that another body gives and the place's own report contradicts.

    A value that is the other rounded is no contradiction. What has no period is compared within one `report_year`.
    """
    known = facts[facts["value"].notna() & (facts["bound"] == "=") & ~facts["quote"].str.startswith("其中")]
    known = keyed(known)
    places = known.groupby(SAME, dropna=False)["foreign"].transform("nunique") == 2
    for _, same in known[places].groupby(SAME, dropna=False, sort=False):
        own = same[~same["foreign"]]
        for told in same[same["foreign"]].drop_duplicates(["report", "value"]).itertuples():
            if not any(finest([told.value, value]) is not None for value in own["value"]):
                yield _problem(told, own.iloc[0])


def _problem(told, own: pd.Series) -> Problem:  # type: ignore[no-untyped-def]
    place = told.about_district or told.about_city
    said = f"{told.metric} of {place} is {told.value:.12g} {told.unit} ({told.report}: {told.quote})"
    message = f"{said}, but {own['value']:.12g} in its own report ({own['report']}: {own['quote']}), which stands first"
    return Problem(told.report, "told_otherwise", "warning", f"{message}. Both are kept", told.start, told.end)
