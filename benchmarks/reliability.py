"""Draw whether the confidence of the reading holds: what it promises against what is found.

In: the table of `measures.calibration`. Out: a PNG. The same table gives the same picture.
"""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, TITLE, drawing
from ecoanalysis.extracting import measures

FEW = 30  # facts, below which a share tells little
INCHES = 100 / 25.4


def draw(table: pd.DataFrame, file: Path) -> None:
    """Draw a dot for each tenth of confidence, with the number of its facts, beside the line where all promises are kept."""
    with drawing():
        figure = Figure(figsize=(INCHES, INCHES * 1.06), facecolor=PAPER)
        axes = figure.add_axes((0.13, 0.11, 0.83, 0.75))
        axes.fill_between([0, 1], [-0.05, 0.95], [0.05, 1.05], color=LINE, alpha=0.5, linewidth=0)
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8)
        axes.text(0.36, 0.27, "线上：所许即所得；灰带：相差5个百分点以内", fontsize=NOTE, color=GREY)
        many = table["n"] >= FEW
        axes.plot(table["promised"][many], table["found"][many], "o", color=MAIN, markersize=6)
        axes.plot(table["promised"][~many], table["found"][~many], "o", color=MAIN, markerfacecolor=PAPER, markersize=6)
        for row in table.itertuples():
            above = row.found > row.promised  # beside the dot, away from the line
            axes.annotate(
                f"{row.n}",
                (row.promised, row.found),
                (0, 6) if above else (0, -14),
                textcoords="offset points",
                ha="center",
                fontsize=NOTE,
                color=INK,
            )
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xticks=_TENTHS, yticks=_TENTHS)
        axes.set_xticklabels([f"{share:.0%}" for share in _TENTHS], fontsize=NOTE)
        axes.set_yticklabels([f"{share:.0%}" for share in _TENTHS], fontsize=NOTE)
        axes.set_xlabel("许诺的可信度（每十分之一的平均）", fontsize=TEXT)
        axes.tick_params(length=0)
        axes.spines[["top", "right"]].set_visible(False)
        figure.text(0.02, 0.955, "可信度与实际正确率", fontsize=TITLE, color=INK)
        error = f"纵轴：各项属性全部正确的事实所占比例；期望校准误差{measures.expected_error(table):.3f}"
        figure.text(0.02, 0.92, error, fontsize=NOTE, color=GREY)
        figure.text(0.02, 0.89, f"点旁为事实数，空心的不足{FEW}条", fontsize=NOTE, color=GREY)
        figure.savefig(file, dpi=200, metadata={"Software": None})


_TENTHS = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
