"""Tell the populations that words beside a number describe, though no list holds them: 来信40件, 城市污水处理率, 14个出境断面.

In: a run of numbers in its sentence, and the words that name its metric. Out: `Held` records, each with what speaks for it.
"""

import re
from functools import cache
from math import log1p

from ecoanalysis.extracting import groups, roles, scopes, waters
from ecoanalysis.extracting.discourse import PART, Discourse, Held
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.runs import Run
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import Metric

_WORDS = re.compile(r"[一-鿿A-Za-z“”]{1,12}")
_WATER = tuple("河江湖溪海渠库港段流")
_COUNTED = re.compile(r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3}|[*xX×]{1,4})个(?=[^，,。；;]{0,8}(?:断面|点位))")
_PLACE_BEHIND = re.compile(
    r"(?P<of>的?是?)(?P<place>[一-鿿]{1,8}(?:市|县|区|州|旗|镇|乡|街道))(?=[，,。；;、…\s（(和与]|$)"
)
_ASIDE = re.compile(
    r"^(?:其中|另有|另外|包括|以|而|有|含|共有?|完成)+"
    r"|(?:各|共|合计|共计|总计|累计|一共|有|设有?|约|占|仅|计|是|位?列|位?居|最[高低好差优]|升|降|平均?|分布在|介于)+$"
)
_MEASURED = re.compile(
    r"^(?:该|这|此)|(?:率|比例|占比|数|量|浓度|值|幅度|并列|完成)$|年[内底]"
)  # what is measured, not of whom
_LABEL = re.compile(
    r"\s*(?:[(（]?\d{1,2}[)）.、．]\s?)?(?P<name>[一-鿿]{2,10}?(?:河|江|湖|水库|水源地?|断面|点位|湖心)?)"
    r"(?:[国省市县]控|[国省市]考|考核|交接|出境|入境)*(?:断面|点位)?[：:]"
)
_GENERIC = re.compile(r"^(?:地表水|水质|监测|考核|评价)*断面$")  # what any section is called


def low_of(here: Discourse, run: Run) -> int:
    """Return where the words beside a run alone begin: with the count of the group that it is of, 8县区优良率95.9%."""
    wide = [scope.start for scope in here.source.scopes_in(here.start, run.start) if scope.start < run.low < scope.end]
    return min([run.low, *wide])


def described(here: Discourse, run: Run, metric: Metric, anchor: int, match_end: int) -> list[Held]:
    """Return the populations that the words beside a run describe; `anchor` and `match_end` bound the metric's first word."""
    found = [
        _settlement(here, run, metric, anchor, match_end),
        _account(here, run, metric),
        _labelled(here, run, metric),
    ]
    found += [_before_count(here, run), _behind(here, run)]
    if not run.low <= anchor < run.start:
        found.append(_aside(here, run, anchor))
    return [held for held in found if held is not None]


def sections(here: Discourse, run: Run, at: int, anchor: int) -> list[Held]:
    """Return the group of sections last said before a number, by what it is called and not by who assesses it."""
    number = run.numbers[at]
    until = min(max(anchor, run.low), number.start)
    found = []
    for (start, end), kind in groups.of_sections(here.text, here.start, run.clause.end):
        if start <= number.start < end:
            found.append(Held((_of(here, run, start) + kind,), "own_clause", {"kind_counted": 1.0} | _of_kind(kind)))
        elif start <= until and not run.clause.bracket(start):
            features = {
                "kind": 1.0,
                "kind_own": float(end > run.low),
                "kind_clause": float(end > run.clause.start),
                "kind_many": float(not here.text.startswith(kind[0], start)),
                "kind_numbers_between": log1p(here.source.count(end, number.start)),
            }
            origin = "own_clause" if end > run.clause.start else "sentence"
            found.append(Held((_of(here, run, start) + kind,), origin, features | _of_kind(kind)))
    for held in found[:-1]:
        held.features["kind_earlier"] = 1.0
    return found[-2:]


def _of(here: Discourse, run: Run, start: int) -> str:
    """Return the water, or stretch of one, whose sections are spoken of: 赣江干流 of 赣江干流4个断面."""
    words = scopes.phrase(here.text[max(here.start, start - 14) : start])
    return words if words and words[-1] in _WATER else ""


def noun_phrases(here: Discourse, run: Run, number: Quantity, metric: Metric, anchor: int) -> list[Held]:
    """Return the full names that a sentence said last up to a number, or that count the number itself."""
    clause, found = run.outer or run.clause, []
    said = here.source.phrases_in(here.start, clause.end)
    said = [one for one in said if one.end <= number.start or one.start <= number.start < one.end]
    for nth, one in enumerate(reversed(said[-3:])):
        sort = scopes.sort(one.words)
        between = here.text[one.end : number.start]
        opening = clause.start if one.start >= clause.start else here.start
        features = {
            "noun": 1.0,
            f"noun_of_{sort}": 1.0,
            f"noun_of_{sort}_in_{metric.domain}": 1.0,
            "noun_own": float(one.end > run.low),
            "noun_clause": float(one.end > clause.start),
            "noun_sentence": float(one.end <= clause.start),
            "noun_nearest": float(nth == 0),
            "noun_nearest_clause": float(nth == 0 and one.end > clause.start),
            "noun_holds": float(one.end > number.start),
            "noun_behind_words": float(one.start > anchor),
            "noun_counted": float(one.counted),
            "noun_listed": float(one.listed),
            "noun_opens": float(roles.says_nothing_new(here.text[opening : one.start])),
            "noun_numbers_between": log1p(here.source.count(one.end, number.start)),
            "noun_scope_behind": float(bool(here.source.scopes_in(one.end, number.start))),
            "noun_stop_between": float(bool(re.search("[；;]", between))),
            "noun_count_behind": float(bool(re.match(r"\s?\d+[个座处条家]", here.text[one.end : one.end + 6]))),
            "noun_in_bracket": float(bool(clause.bracket(one.start))),
        }
        origin = "own_clause" if one.end > clause.start else "sentence"
        found.append(Held((one.words,), origin, features))
    return found


def _before_count(here: Discourse, run: Run) -> Held | None:
    """Return the population whose members are counted before a share of them: 省控河流142个断面优良比例93.0%."""
    counted = _COUNTED.search(here.text, run.clause.start, run.start)
    words = scopes.phrase(here.text[run.clause.start : counted.start()]) if counted else ""
    return (
        Held((words,), "own_clause", {"before_count": 1.0, "before_count_water": float(words[-1] in _WATER)})
        if words
        else None
    )


def _behind(here: Discourse, run: Run) -> Held | None:
    """Return the place that stands right behind a rank, or behind a value that describes it: 第1名某市, 364天的某县."""
    match = _PLACE_BEHIND.match(here.text, run.end)
    if match is None or not (run.numbers[-1].kind == "rank" or match["of"]):
        return None
    return Held((match["place"],), "own_clause", {"behind": 1.0, "behind_rank": float(run.numbers[-1].kind == "rank")})


def _of_kind(kind: str) -> Features:
    return {"kind_bare": float(kind == "断面"), "kind_generic": float(bool(_GENERIC.match(kind)))}


def _labelled(here: Discourse, run: Run, metric: Metric) -> Held | None:
    """Return the water or section that heads a paragraph: (2)虎渡河某断面：…均值为Ⅳ类."""
    match = _LABEL.match(here.text, here.source.line(run.start)) if "subject" in metric.scopes else None
    if match is None or match.end() > run.start:
        return None
    return Held((match["name"],), "heading", {"paragraph_label": 1.0})


def _settlement(here: Discourse, run: Run, metric: Metric, anchor: int, match_end: int) -> Held | None:
    """Return the sort of settlement or facility that opens the metric's words or stands right before them: 城市污水处理率."""
    low = run.low if anchor >= run.low else run.clause.start
    span = groups.settlement(here.text, low, min(max(match_end, anchor), run.start))
    if span is None:
        return None
    between = here.text[span[1] : anchor] if anchor < run.start else here.text[span[1] : run.start]
    features = {
        "settlement": 1.0,
        f"settlement_{metric.domain}": 1.0,
        "settlement_opens": float(roles.says_nothing_new(here.text[low : span[0]])),
        "settlement_in_words": float(span[0] >= anchor),
        "settlement_apart": log1p(len(between)),
        "settlement_villages": float("村" in here.text[slice(*span)]),
        "settlement_city": float(here.text[span[0] : span[1]].startswith("城市")),
    }
    return Held((here.text[slice(*span)],), "own_clause", features)


def _aside(here: Discourse, run: Run, anchor: int) -> Held | None:
    """Return what the words before a number name where they name no metric, so that one said before goes on: 来信40件."""
    if here.source.scopes_in(run.low, run.start):
        return None
    left = here.text[run.low : run.start]
    change = roles.change_before(left, 0, left)
    words = left[: change.start] if change else left
    for time in here.source.times_in(run.low, run.start):
        words = words.replace(here.text[time.start : time.end], "")
    words = waters.subject(re.split(r"[、：:，,；;]", words.strip("、，,；;：:"))[-1])
    words = _ASIDE.sub("", words)
    if not _WORDS.fullmatch(words) or _MEASURED.search(words) or roles.says_nothing_new(words):
        return None
    features = {
        "aside": 1.0,
        "aside_words_behind": float(anchor > run.start),
        "aside_named_before": float(anchor < run.low),
        "aside_in_bracket": float(run.outer is not None),
        "aside_length": log1p(len(words)),
        "aside_change": float(change is not None),
        "aside_part": float(bool(PART.match(here.text, run.clause.start))),
        "aside_listed": float(
            here.text[run.low : run.low + 1] in tuple("、，,；;") or here.text[run.until - 1] in "、，,；;"
        ),
        "aside_place": float(words[-1] in "市县区州旗省盟"),
    }
    return Held((words,), "own_clause", features)


def _account(here: Discourse, run: Run, metric: Metric) -> Held | None:
    """Return what was counted just before, where a sum of money is its: 按日连续处罚3件，罚款286万元."""
    last = here.said_last
    if last is None or last.start < here.start or last.metric is metric or run.numbers[0].kind != "money":
        return None
    between = here.text[last.end : run.start]
    features = {
        "account": 1.0,
        "account_beyond": float(bool(re.search(r"[；;。]", between))),
        "account_part": float(bool(PART.search(here.text, here.start, last.start))),
        "account_numbers_between": float(here.source.count(last.end, run.start)),
        "account_same_scope": float(last.words in here.text[here.start : last.start]),
    }
    return Held((last.words,), "sentence", features)


def kind_of_cases(text: str, start: int, end: int) -> str:
    """Return the kind of cases that a clause opens with, or an empty string.

    >>> kind_of_cases("针对工地扬尘立案30宗", 0, 8), kind_of_cases("查处各类环境违法案件80件", 0, 10)
    ('工地扬尘', '')
    """
    match = _case_kinds().search(text, max(start - 1, 0), end)
    return match["kind"] if match else ""


@cache
def _case_kinds() -> re.Pattern[str]:
    named = "|".join(sorted(tables.words("words/case-kinds.txt"), key=len, reverse=True))
    cases = r"类(?:环境|生态环境)?(?:违法|违法行为)?(?:案件|问题)?|(?=立案|违法案件|案件)"
    return re.compile(rf"(?:^|[，,；;：:、。月\s]|其中|查处|针对|全[市区县州])(?P<kind>{named})(?:{cases})(?!型|企业)")
