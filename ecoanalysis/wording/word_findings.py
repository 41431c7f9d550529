"""What the words of some reports say, in a sentence each: the finding, its number, and what it does not mean.

In: tables of this package, and what the page calls each report. Out: a `Finding`, whose numbers lead to the rows behind
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ecoanalysis.language.index import rules as known_rules
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.word_tables import MOST, anchor, interval


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence or two; `leads` gives for pieces of the text the anchor of the row that they rest on."""

    text: str
    leads: dict[str, str] = field(default_factory=dict)


def attention_finding(
    index: pd.DataFrame, reports: pd.DataFrame, labels: Mapping[str, str], language: str = "zh"
) -> Finding:
    """Say which report writes most and least of the work of a bureau, under the rule `own`."""
    own = index[index["rule"] == "own"].sort_values(["value", "report"], ascending=[False, True])
    ends = {"top": own.iloc[0], "bottom": own.iloc[-1]}
    about: dict[str, object] = {"reports": len(own)}
    for end, row in ends.items():
        share = interval(row["value"], row["low"], row["high"], language, named=True)
        about |= {end: labels[row["report"]], f"{end}_share": share}
    genres = reports.loc[reports["report"].isin(own["report"]), "genre"].nunique()
    damaged = int((own["damaged"] != "").sum())
    text = say("finding.attention" if len(own) > 1 else "finding.attention_one", language, **about)
    if genres > 1:
        text += say("finding.attention_genres", language, genres=genres)
    if damaged:
        text += say("finding.attention_damaged", language, count=damaged)
    leads = {f"{100 * row['value']:.1f}%": anchor("ranks", row["report"]) for row in ends.values()}
    return Finding(text, leads)


def ranks_finding(ranks: pd.DataFrame, labels: Mapping[str, str], language: str = "zh") -> Finding:
    """Say how far the ranks of reports depend on the way of counting."""
    if len(ranks) < 2:
        return Finding(say("finding.ranks_one", language))
    row = ranks.iloc[0]
    span = say("finding.span", language, best=row["best"], worst=row["worst"])
    stay, rules = int((ranks["moves"] == 0).sum()), len(ranks.columns) - 4
    about = {"rules": rules, "stay": stay, "reports": len(ranks), "place": labels[row["report"]], "span": span}
    text = say("finding.ranks" if stay else "finding.ranks_none", language, **about)
    bare = [one for one in known_rules() if one.of == "none" and row.get(one.id) in (row["best"], row["worst"])]
    if bare:  # the rank under such a rule follows the length of the report
        text += say("finding.ranks_bare", language, rank=row[bare[0].id])
    return Finding(text, {span: anchor("ranks", row["report"])})


def reuse_finding(
    boilerplate: pd.DataFrame, longest: pd.DataFrame, labels: Mapping[str, str], language: str = "zh"
) -> Finding:
    """Say how much of the reports stands in those of other places too, and name the longest passage."""
    n = boilerplate.attrs["made"]["n"]
    if longest.empty:
        return Finding(say("finding.reuse_none", language, reports=len(boilerplate), n=n))
    top = boilerplate.sort_values(["share", "report"], ascending=[False, True]).iloc[0]
    share, first = interval(top["share"], top["low"], top["high"], language, named=True), longest.iloc[0]
    size = say("finding.letters", language, count=first["characters"])
    about = {"n": n, "median": f"{100 * boilerplate['share'].median():.1f}%", "top": labels[top["report"]]}
    about |= {"share": share, "size": size, "one": labels[first["report"]], "other": labels[first["other"]]}
    leads = {size: anchor("passages", first["report"], first["start"], first["end"])}
    leads |= {f"{100 * top['share']:.1f}%": anchor("boilerplate", top["report"])}
    return Finding(say("finding.reuse", language, **about), leads)


def substance_finding(
    density: pd.DataFrame, superlatives: pd.DataFrame, labels: Mapping[str, str], language: str = "zh"
) -> Finding:
    """Say how dense figures and slogans stand, and how many superlatives have no number in their sentence."""
    top = density.sort_values(["slogans_per_1000", "report"], ascending=[False, True]).iloc[0]
    most = interval(top["slogans_per_1000"], top["slogans_low"], top["slogans_high"], language, False, True)
    bare = superlatives[~superlatives["numbered"]]
    told = say("finding.bare", language, count=len(bare))
    names = ("quantities", "slogans")
    about: dict[str, object] = {name: f"{density[f'{name}_per_1000'].median():.1f}" for name in names}
    about |= {"top": labels[top["report"]], "most": most, "count": len(superlatives), "bare": told}
    leads = {f"{top['slogans_per_1000']:.1f}": anchor("density", top["report"])}
    if 0 < len(bare) <= MOST:  # the row with that number, for those without a number stand first
        leads[told] = anchor("superlatives", *bare.iloc[-1][["report", "start", "end"]])
    return Finding(say("finding.substance", language, **about), leads)


def together_finding(
    together: pd.DataFrame, sentences: pd.DataFrame, labels: Mapping[str, str], language: str = "zh"
) -> Finding:
    """Say how many sentences that speak of the party speak of operations as well."""
    count, party = int(together["count"].sum()), int(together["party"].sum())
    if not count:
        return Finding(say("finding.together_none", language, party=party, reports=len(together)))
    top = together.sort_values(["count", "report"], ascending=[False, True]).iloc[0]
    told = say("finding.sentences", language, count=count)
    own = say("finding.sentences", language, count=top["count"])
    about = {"party": party, "told": told, "share": f"{100 * count / party:.0f}%", "own": own}
    leads = {}
    if count <= MOST:  # the last row, which has that number, and the first of the report
        first = sentences[sentences["report"] == top["report"]].iloc[0]
        leads[own] = anchor("together", *first[["report", "start", "end"]])
        leads[told] = anchor("together", *sentences.iloc[-1][["report", "start", "end"]])
    return Finding(say("finding.together", language, top=labels[top["report"]], **about), leads)
