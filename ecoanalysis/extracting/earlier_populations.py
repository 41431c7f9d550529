"""Tell the populations that were said before a sentence, and whether words speak of the whole or of a part.

In: what was said up to a place (`Discourse`). Out: `Held` records for the sentences before, the headings, a label and the number
before; and how parts are named that were not chosen, which makes a wider reading doubtful.
"""

import re
from functools import lru_cache
from math import log1p

from ecoanalysis.extracting import scopes, sections
from ecoanalysis.extracting.discourse import Discourse, Frame, Held
from ecoanalysis.extracting.model import Features
from ecoanalysis.extracting.source import Subject
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge import scopes as classified
from ecoanalysis.knowledge.catalogue import Metric

# What a heading says beside a population where all below it is of that one: 市区环境空气质量.
_NO_MORE = re.compile("(?:环境|空气|大气|质量|状况|情况|方面|[：:\\s])*")
_stands_for = lru_cache(10_000)(classified.scope_class)


def stands_for_whole(here: Discourse, metric: Metric, words: str) -> bool:
    """Tell whether words stand for the whole beside a metric: 全市, the report's own place, 近岸海域 of what is measured there."""
    return words in scopes.WHOLE_OR_UNSAID or _stands_for(words, here.names_in_order, metric.id) == "whole"


def passed(here: Discourse, metric: Metric) -> bool:
    """Tell whether the paragraph, or the heading above it, spoke of a part before."""
    frames = [frame.value[0] for frame in here.scopes if not frame.fresh and not frame.parted]
    heads = [here.text[s.start : s.end] for span in here.headings[:1] for s in here.source.scopes_in(*span)[:1]]
    return any(not stands_for_whole(here, metric, words) for words in (*frames, *heads))


def opened(here: Discourse, metric: Metric) -> bool:
    """Tell whether the section opened with a part, of which all of it may be: 一、环境空气。宜昌城区优良率72.5%。细颗粒物58微克."""
    opening = (frame.value[0] for frame in here.scopes if frame.opens and not frame.parted)
    return any(not stands_for_whole(here, metric, words) for words in opening)


def rivals(here: Discourse, metric: Metric, chosen: Held, found: list[Held]) -> frozenset[str]:
    """Return how parts are named that were not chosen, though the words beside the number or before it speak of them."""
    others = [held for held in found if not {*held.values} & {*chosen.values}]
    parts = [held for held in others if not all(stands_for_whole(here, metric, value) for value in held.values)]
    marks = {held.origin for held in parts}
    marks |= {name for held in parts for name, value in held.features.items() if value}
    marks |= {"before"} if passed(here, metric) else set()
    section = [frame.value[0] for frame in here.scopes if frame.fresh and not frame.parted]
    marks |= {"in_section"} if any(not stands_for_whole(here, metric, words) for words in section) else set()
    return frozenset(marks)


def recalled(here: Discourse, metric: Metric, said: bool, subject: Subject | None) -> list[Held]:
    """Return the populations of the sentences before, the headings, the label and the number before; `said`: so is one here."""
    found = [_frame(here, metric, frame, said) for frame in here.scopes]
    found += _headings(here, metric, said)
    if here.group and {"sections", "tier"} & {*metric.scopes}:
        again = bool(sections.find(here.text, here.start, here.end))
        found.append(Held((here.group,), "sentence_before", {"group_before": 1.0, "group_before_again": float(again)}))
    if here.label:
        found.append(Held((here.label,), "heading", {"label": 1.0, "label_past_scope": float(said)}))
    if here.last_scope is not None and subject is None:
        found.append(_last(here, metric, here.last_scope, said))
    return found


def _sort(here: Discourse, metric: Metric, words: str, where: str) -> Features:
    """Return what sort of population some words tell of, alone and beside the metric's domain: a core holds on in air, a basin not."""
    sort = _stands_for(words, here.names_in_order, metric.id)
    return {f"{where}_of_{sort}": 1.0, f"{where}_of_{sort}_in_{metric.domain}": 1.0}


def _frame(here: Discourse, metric: Metric, frame: Frame, said: bool) -> Held:
    features = {
        "frame": 1.0,
        "frame_leads": float(frame.leads),
        "frame_ago": log1p(frame.ago),
        "frame_past_scope": float(said),
        "frame_other_paragraph": float(frame.fresh > 0),
        "frame_other_paragraph_within": float(frame.fresh > 0 and frame.within),
        "frame_other_section": float(frame.parted > 0),
        "frame_whole": float(frame.value[0] in scopes.WHOLE),
        "frame_alone": float(frame.alone),
        "frame_alone_fresh": float(frame.alone and not frame.ago),
        "frame_topic": float(frame.topic),
        "frame_topic_fresh": float(frame.topic and not frame.fresh),
        "frame_last": float(frame.last),
        "frame_same_domain": float(frame.domain == metric.domain),
        "frame_part": float(not stands_for_whole(here, metric, frame.value[0])),
        "frame_group": float(bool(scopes.GROUP.match(frame.value[0]))),
        **({} if frame.parted else _sort(here, metric, frame.value[0], "frame")),
        **(_sort(here, metric, frame.value[0], "frame_opens") if frame.opens and not frame.parted else {}),
    }
    return Held(frame.value, "sentence_before", features)


def _headings(here: Discourse, metric: Metric, said: bool) -> list[Held]:
    framed = any(not frame.parted for frame in here.scopes)
    found = []
    for nth, span in enumerate(here.headings[:2]):
        for scope in here.source.scopes_in(*span)[:1]:
            words = here.text[scope.start : scope.end]
            part = not stands_for_whole(here, metric, words)
            features = {
                "heading": 1.0,
                "heading_alone": float(part and bool(_NO_MORE.fullmatch(here.text[scope.end : span[1]]))),
                "heading_outer": float(nth > 0),
                "heading_past_scope": float(said),
                "heading_past_frame": float(framed),
                "heading_opens": float(scope.start - span[0] <= 4),
                "heading_place": float(words in here.own_names),
                "heading_part": float(part),
                "heading_part_first": float(not said and not framed),
                "heading_whole": float(words in scopes.WHOLE),
                **_sort(here, metric, words, "heading"),
            }
            found.append(Held((words,), "heading", features))
    return found


def _last(here: Discourse, metric: Metric, last: tuple[str, str, str], said: bool) -> Held:
    words, domain, origin = last
    other = not here.last_here and places.is_place(words) and words not in here.own_names
    several = sum(frame.ago == 1 for frame in here.scopes) > 1
    features = {
        "last": 1.0,
        "last_whole": float(words in scopes.WHOLE_OR_UNSAID),
        "last_same_domain": float(domain == metric.domain),
        "last_assumed": float(origin == "assumed"),
        "last_doubted": 1 - here.last_share,
        "last_part_share": here.last_share * (not stands_for_whole(here, metric, words)),
        "last_past_part": float(origin == "assumed" and passed(here, metric)),
        "last_past_scope": float(said),
        "last_other_place": float(
            other
        ),  # 其中甲县98%。PM2.5浓度26: what was said of one place of several ends with its sentence
        "last_other_place_of_several": float(other and several),
        **_sort(here, metric, words, "last"),
    }
    return Held((words,), "sentence", features)
