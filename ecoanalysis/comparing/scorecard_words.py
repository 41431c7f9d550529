"""Put a scorecard into words: why a city or an indicator is not on it, and how little it knows.

In: what `scorecard` computes. Out: Chinese or English prose.
"""

import pandas as pd

from ecoanalysis.comparing.complete import FEWEST_CITIES, Choice
from ecoanalysis.comparing.periods import full_year
from ecoanalysis.comparing.places import place_labels
from ecoanalysis.comparing.reasons import UNHEARD
from ecoanalysis.comparing.words import metric_name, several, shared_terms
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.knowledge.wording import domain_name, say

FEW_CITIES = 10  # fewer make weights that are noise
_LITTLE = 0.5  # of the values considered: a card that knows no more than this says first that it knows little


def short_name(metric: str, language: str = "zh") -> str:
    """Return the short name of an indicator, for columns and rows.

    >>> short_name("air.good_days_rate"), short_name("air.good_days_rate", "en")
    ('优良天数比例', 'good-day share')
    """
    named = {row["metric"]: row for row in rows("scorecard.csv")}
    return named[metric][language] if metric in named else metric_name(metric, language)


def refusal(choice: Choice, most_missing: float, language: str) -> str:
    """Return why there is no scorecard, empty where there is one."""
    if not choice.refusal:
        return ""
    return say(f"scorecard.{choice.refusal}", language, missing=f"{choice.missing:.0%}", most=f"{most_missing:.0%}")


def missing_values(panels: dict[str, pd.DataFrame], indicators: list[str], place: str, language: str) -> str:
    """Return which indicators of the card a place has no comparable value of, and why."""
    column = "why_not" if language == "zh" else "why_not_en"
    said = {metric: panels[metric][panels[metric]["place"] == place] for metric in indicators}
    if all(rows["reason"].isin(UNHEARD).all() for rows in said.values()):
        return say("scorecard.silent", language)
    reasons: dict[str, list[str]] = {}
    for metric, found in said.items():
        # A place whose report is of another year stands in the panels of what it states, and in no other.
        why = found[column].iloc[0] if len(found) else say("mark.silent", language)
        reasons.setdefault(why, []).append(short_name(metric, language))
    pause, stop = ("：", "；") if language == "zh" else (": ", "; ")
    return stop.join(several(names, language, most=len(names)) + pause + why for why, names in reasons.items() if why)


def of_full_year(panel: pd.DataFrame) -> bool:
    """Return whether the comparable values of a panel are of the full year; a panel without any is."""
    shared = panel[panel["comparable"]]
    return shared.empty or full_year(shared["period_start"].iloc[0], shared["period_end"].iloc[0])


def differing_terms(weights: list[dict], language: str) -> dict[str, str]:
    """Return scope and period of each indicator on the card where these are not all the same, else nothing."""
    column = "terms" if language == "zh" else "terms_en"
    terms = {row["metric"]: row[column] for row in weights if row["on_card"]}
    return terms if len(set(terms.values())) > 1 else {}


def left_out_of_card(
    values: pd.DataFrame, metric: str, panel: pd.DataFrame, choice: Choice, most_missing: float, language: str
) -> str:
    """Return why an indicator is not on the card."""
    stated = values[metric].dropna()
    if len(stated) < FEWEST_CITIES:
        return say(
            "scorecard.indicator_few" if len(stated) else "scorecard.indicator_none", language, count=len(stated)
        )
    if not of_full_year(panel):
        return say("scorecard.indicator_part", language, terms=shared_terms(panel, language))
    if stated.nunique() == 1:
        text = scale_of(panel["unit"].iloc[0], stated, language).text(stated.iloc[0])
        return say("scorecard.indicator_saturated", language, count=len(stated), value=text)
    if choice.refusal:
        return refusal(choice, most_missing, language)
    whole = values[[*choice.indicators, metric]].dropna()
    if len(whole) >= FEWEST_CITIES and whole[metric].nunique() == 1:
        text = scale_of(panel["unit"].iloc[0], whole[metric], language).text(whole[metric].iloc[0])
        return say("scorecard.indicator_level", language, count=len(whole), value=text)
    with_it = values[[*choice.indicators, metric]]
    missing = with_it.loc[with_it.notna().any(axis=1)].isna().to_numpy().mean()
    code = "scorecard.indicator_missing" if missing > most_missing else "scorecard.indicator_gaps"
    return say(code, language, count=len(whole), missing=f"{missing:.0%}", most=f"{most_missing:.0%}")


def scorecard_finding(card: pd.DataFrame, language: str = "zh") -> list[str]:
    """Return what a scorecard shows, and first how little it knows: three to six sentences."""
    about = card.attrs["card"]
    shares = {"share": f"{about['known_share']:.0%}", "chosen": len(about["indicators"])}
    code = "scorecard.knows" if about["known_share"] > _LITTLE else "scorecard.knows_little"
    knows = say(code, language, **about | shares)
    if about["refusal"]:
        return [knows, say("scorecard.none", language, why=about["why_not" if language == "zh" else "why_not_en"])]
    scored = card[card["rank_equal"].notna()]
    scored = scored.assign(label=place_labels(scored, language))
    said = [knows, _ends(scored, language), _weights(card, scored, language), _narrow(about["indicators"], language)]
    if terms := differing_terms(card.attrs["weights"], language):
        of = [say("scorecard.of", language, name=short_name(metric, language), terms=terms[metric]) for metric in terms]
        said.append(say("scorecard.differ", language, terms=("；" if language == "zh" else "; ").join(of)))
    level = [row["metric"] for row in card.attrs["weights"] if row["saturated"] == "all"]
    if level:
        names = several([short_name(metric, language) for metric in level], language, "indicators")
        said.append(say("scorecard.level", language, names=names))
    return said


def _ends(scored: pd.DataFrame, language: str) -> str:
    ends = {}
    for name, at in (("first", 0), ("last", -1)):
        row = scored.iloc[at]
        tied = scored[scored["rank_equal"] == row["rank_equal"]]
        ends[name] = several(list(tied["label"]), language)
        ends[f"{name}_rank"] = f"{tied['rank_equal'].iloc[0]:.0f}"
        ends[f"{name}_range"] = span(tied["rank_best"].min(), tied["rank_worst"].max())
    widest = scored.loc[(scored["rank_worst"] - scored["rank_best"]).idxmax()]
    widest_range = span(widest["rank_best"], widest["rank_worst"])
    return say("scorecard.ends", language, widest=widest["label"], widest_range=widest_range, **ends)


def span(best: float, worst: float) -> str:
    """Return a range of ranks: 2–5, or 2 where there is no range.

    >>> span(2, 5), span(2.0, 2.0)
    ('2–5', '2')
    """
    return f"{best:.0f}" if best == worst else f"{best:.0f}–{worst:.0f}"


def _weights(card: pd.DataFrame, scored: pd.DataFrame, language: str) -> str:
    heaviest = max(card.attrs["weights"], key=lambda row: row["weight_entropy"])
    moved = int((scored["rank_equal"] != scored["rank_entropy"]).sum())
    filling = {"name": short_name(heaviest["metric"], language), "share": f"{heaviest['weight_entropy']:.0%}"}
    code = "scorecard.moved" if moved else "scorecard.unmoved"
    change = say(code, language, moved=moved, count=len(scored))
    said = say("scorecard.weights", language, equal=f"{heaviest['weight_equal']:.0%}", moved=change, **filling)
    return said + (say("scorecard.noise", language, count=len(scored)) if len(scored) < FEW_CITIES else "")


def _narrow(indicators: list[str], language: str) -> str:
    """Say which domains the card knows of, and that it judges nothing else."""
    considered = [catalogue.metrics()[row["metric"]].domain for row in rows("scorecard.csv")]
    held = list(dict.fromkeys(catalogue.metrics()[metric].domain for metric in indicators))
    others = [domain for domain in dict.fromkeys(considered) if domain not in held]
    names = several([short_name(metric, language) for metric in indicators], language, "indicators", most=6)
    if not others:
        return say("scorecard.all", language, names=names)
    outside = several([_domain(domain, language) for domain in others], language, most=6)
    return say("scorecard.narrow", language, names=names, others=outside)


def _domain(domain: str, language: str) -> str:
    name = domain_name("nature" if domain == "governance" else domain, language)
    return name if language == "zh" else name.lower()
