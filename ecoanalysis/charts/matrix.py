"""Many metrics and many cities at once: a cell for each, shaded by the rank within its metric.

In: panels, or the rank correlations between them. Out: a Chart. What does not compare is hatched, what is silent stays blank.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import sheet, write
from ecoanalysis.charts.style import BEHIND, INK, MAIN, NOTE, PAPER, WIDE, drawing
from ecoanalysis.charts.text import fitted, line_height, text_width, widest, wrap
from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.comparing.relation import FEWEST_PAIRS, correlations, one_year
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import SEMICOLON, joined, metric_name, panel_scale, short_name, subject, with_unit
from ecoanalysis.wording.sentences import say

_MOST = 12  # cities shown
_ROW = 6.0  # mm of a row, at least
_TALL = 46.0  # mm of a turned head, at most
_SHADES = LinearSegmentedColormap.from_list("rank", ["#eaf2f8", MAIN])
_SIGNED = LinearSegmentedColormap.from_list("signed", ["#6b4c9a", "#f7f7f7", MAIN])


def matrix(panels: Sequence[pd.DataFrame], language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the panels that have a ranking as a heatmap, metrics by cities: those that have most comparable values."""
    year = one_year(panels)
    title = say("title.matrix", language, year=year)
    panels = list({panel["metric"].iloc[0]: panel for panel in panels if ranked(panel)}.values())
    if not panels:
        return Nothing(say("nothing.matrix", language, title=title), pd.DataFrame())
    table = pd.concat(panels, ignore_index=True)
    compared = table[table["comparable"]]
    counts = compared.groupby("place").size().sort_values(ascending=False, kind="stable")
    shown, hidden = list(counts.index[:_MOST]), len(counts) - _MOST
    metrics, scales = [panel["metric"].iloc[0] for panel in panels], [panel_scale(panel, language) for panel in panels]
    kinds = dict(zip(table["place"], table["place_kind"], strict=True))
    ranks = pd.concat([_ranked(panel) for panel in panels])
    wide = ranks.pivot(index="metric", columns="place", values="share").reindex(index=metrics, columns=shown)
    cells = {(row["metric"], row["place"]): row for row in table.to_dict("records") if pd.notna(row["value"])}
    more = say("matrix.hidden", language, count=hidden) if hidden > 0 else ""
    terms = joined([say("terms.matrix", language), more], language, SEMICOLON)
    names = [place_label(place, kinds[place], language) for place in shown]
    source = source_line(compared[compared["place"].isin(shown)], year, language)
    with drawing():
        named = zip(panels, scales, strict=True)
        heads = [with_unit(subject(panel.iloc[0], language), scale.name, language) for panel, scale in named]
        page, axes, cell = _frame(wide, heads, names, width, (title, terms, source), cmap=_SHADES, vmin=0.0, vmax=1.0)
        for (metric, place), row in cells.items():
            if metric in metrics and place in shown:
                at = (shown.index(place), metrics.index(metric))
                text = scales[at[1]].number(row["value"], row["bound"])
                if not row["comparable"]:
                    axes.add_patch(_hatched(at))
                if text_width(text, NOTE) <= cell - 0.6:
                    colour = PAPER if row["comparable"] and wide.loc[metric, place] > 0.6 else INK
                    box = None if row["comparable"] else BEHIND
                    write(axes, at[0] + 0.5, at[1] + 0.5, text, colour, row, ha="center", bbox=box)
        parts = [f"{metric_name(metric, language)} {(compared['metric'] == metric).sum()}" for metric in metrics]
        places = compared["place"].nunique()
        said = say("summary.matrix", language, counts=joined(parts, language), places=places)
        return Chart(page.figure, table, title, source, "matrix", language, said)


def correlation_matrix(panels: Sequence[pd.DataFrame], language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return Spearman's rank correlations between the metrics of some panels, with the number of cities in each cell."""
    year = one_year(panels)
    panels = list({panel["metric"].iloc[0]: panel for panel in panels}.values())
    found = correlations(panels)
    title = say("title.correlations", language, year=year)
    if found["rho"].isna().all():
        return Nothing(say("nothing.correlations", language, title=title, fewest=FEWEST_PAIRS), found)
    known = found[found["rho"].notna()]
    metrics = [panel["metric"].iloc[0] for panel in panels]
    metrics = [metric for metric in metrics if metric in {*known["one"], *known["other"]}]
    wide = found.pivot(index="other", columns="one", values="rho").reindex(index=metrics[1:], columns=metrics[:-1])
    names = [short_name(metric, language) for metric in metrics]
    few = say("terms.correlations_few", language, fewest=FEWEST_PAIRS) if found["rho"].isna().any() else ""
    terms = joined([say("terms.correlations", language), few], language, SEMICOLON)
    shown = pd.concat([panel[panel["comparable"]] for panel in panels if panel["metric"].iloc[0] in metrics])
    source = source_line(shown[shown.groupby("place")["metric"].transform("size") > 1], year, language)
    with drawing():
        texts = (title, terms, source)
        page, axes, _ = _frame(wide, names[1:], names[:-1], width, texts, cmap=_SIGNED, vmin=-1.0, vmax=1.0)
        for row in found[found["other"].isin(wide.index) & found["one"].isin(wide.columns)].itertuples():
            at = (metrics.index(row.one), metrics.index(row.other) - 1)
            if np.isnan(row.rho):
                axes.add_patch(_hatched(at))
            text = f"({row.n})" if np.isnan(row.rho) else f"{round(row.rho, 2) + 0.0:.2f} ({row.n})".replace("-", "−")
            colour = PAPER if abs(row.rho) > 0.7 else INK
            write(axes, at[0] + 0.5, at[1] + 0.5, text, colour, ha="center")
        best = known.loc[known["rho"].abs().idxmax()]
        said = say("summary.correlations", language, **best[["one", "other", "rho", "n"]], count=len(known))
        return Chart(page.figure, found, title, source, "correlation_matrix", language, said)


def _ranked(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the comparable rows of a panel with their rank within it as a share: 1 is best, or most where neither way is."""
    rows = panel[panel["comparable"]].copy()
    upwards = catalogue.metrics()[panel["metric"].iloc[0]].better != "lower"
    ranks = rows["value"].rank(ascending=upwards)
    return rows.assign(share=(ranks - 1) / max(len(rows) - 1, 1) if rows["value"].nunique() > 1 else 0.5)


def _frame(
    wide: pd.DataFrame, rows: list[str], columns: list[str], width: float, texts: tuple[str, str, str], **shades: Any
) -> Any:
    """Return the sheet, its axes with shaded cells and names of rows and columns, and mm of a cell."""
    import seaborn as sns  # here, for it takes half a second to load

    label = min(widest(rows, NOTE) + 3.0, width * 0.36)
    lines = ["\n".join(wrap(name, label - 3.0, NOTE)) for name in rows]
    row = max(_ROW, max(text.count("\n") + 1 for text in lines) * line_height(NOTE) * 0.92 + 1.0)
    cell = min((width - label - 3.0) / len(wide.columns), 22.0)
    level = [wrap(name, cell - 1.5, NOTE) for name in columns]
    fits = all(len(lines) <= 4 and widest(lines, NOTE) <= cell for lines in level)
    heads = ["\n".join(lines) for lines in level] if fits else [fitted(name, _TALL, NOTE) for name in columns]
    head = (max(map(len, level)) * line_height(NOTE) if fits else widest(heads, NOTE)) + 2.5
    page = sheet(width, head + row * len(wide), *texts)
    axes = page.axes(label, cell * len(wide.columns), head, row * len(wide))
    bare: dict[str, Any] = {"cbar": False, "xticklabels": False, "yticklabels": False}
    sns.heatmap(wide.astype(float), ax=axes, linewidths=0.8, linecolor=PAPER, **bare, **shades)
    axes.xaxis.tick_top()
    axes.set(xlabel="", ylabel="")
    axes.set_xticks(np.arange(len(columns)) + 0.5, heads, fontsize=NOTE, rotation=0 if fits else 90, color=INK)
    axes.set_yticks(np.arange(len(rows)) + 0.5, lines, fontsize=NOTE, rotation=0, color=INK, linespacing=1.25)
    axes.tick_params(axis="both", length=0)
    return page, axes, cell


def _hatched(at: tuple[int, int]) -> Rectangle:
    corner = (at[0] + 0.03, at[1] + 0.06)
    return Rectangle(corner, 0.94, 0.88, facecolor="none", edgecolor="#b4bcc5", linewidth=0, hatch="////")
