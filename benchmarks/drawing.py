"""Draw how a report becomes facts, for docs/reading.md.

usage: python benchmarks/drawing.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

STEPS = [
    ("Report", "text, place, period,\nheadings, sentences"),
    ("Pieces", "numbers, words,\ntimes, places;\nwhat is unexplained"),
    ("Candidates", "metric, statistic,\nperiod, population,\nstatus, with origins"),
    ("Weights", "readable features,\nlearned from\nlabelled texts"),
    ("Facts", "likeliest reading,\nconfidence, doubt,\nrunner-up"),
]
BLUE, GREY = "#0072B2", "#555555"


def main() -> None:
    """Draw five boxes in a row and save them."""
    figure, axes = plt.subplots(figsize=(11, 2.3), dpi=160)
    for at, (name, says) in enumerate(STEPS):
        left = at * 2.3
        axes.add_patch(FancyBboxPatch((left, 0), 1.9, 1.5, boxstyle="round,pad=0.03", fc="white", ec=BLUE, lw=1.4))
        axes.text(left + 0.95, 1.22, name, ha="center", va="center", fontsize=12, weight="bold", color=BLUE)
        axes.text(left + 0.95, 0.58, says, ha="center", va="center", fontsize=8.5, color=GREY, linespacing=1.4)
        if at:
            axes.annotate(
                "", (left - 0.05, 0.75), (left - 0.35, 0.75), arrowprops={"arrowstyle": "->", "color": GREY, "lw": 1.4}
            )
    axes.set(xlim=(-0.1, len(STEPS) * 2.3 - 0.25), ylim=(-0.1, 1.65))
    axes.axis("off")
    figure.savefig(Path(__file__).parents[1] / "docs" / "reading.png", bbox_inches="tight")


if __name__ == "__main__":
    main()
