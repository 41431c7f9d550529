"""How every picture looks: a Chinese font from a package, quiet colours, sizes in millimetres.

In: nothing. Out: the palette, and `drawing`, within which figures have the font and the house style.
The font is Noto Sans SC (SIL Open Font License 1.1) from `pylopdf-fonts-zh-cn`; PDF files embed a subset of it.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib import font_manager

WIDE = 156.0  # mm: the type area of an official A4 page
MM = 72 / 25.4  # points in a millimetre

INK, GREY, LINE, PAPER = "#1f2933", "#66707c", "#d3d8dd", "#ffffff"
# Blue and orange differ for every kind of colour vision and in grey print; red against green does neither.
MAIN, BETTER, WORSE = "#1f6fa8", "#1f6fa8", "#d9730d"
STATES = {"reported": "#1f6fa8", "withheld": "#f0b469", "unsure": "#1f6fa8", "planned": "#b9d7ec", "silent": "#eef0f2"}

# Of a text that something may run behind.
BEHIND: dict[str, Any] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.4}

TITLE, TEXT, NOTE, SOURCE = 11.0, 8.5, 7.5, 7.0  # points


@cache
def _family() -> str:
    path = str(pylopdf_fonts_zh_cn.sans_path())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the house style."""
    settings: Any = {
        "font.family": [_family()],
        "font.size": TEXT,
        "axes.unicode_minus": True,
        "text.parse_math": False,  # a name with two $ in it is no formula
        "text.color": INK,
        "axes.edgecolor": LINE,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.6,
        "xtick.color": GREY,
        "ytick.color": INK,
        "hatch.linewidth": 0.6,
        "pdf.fonttype": 42,
        "svg.fonttype": "path",  # a slide must not depend on the fonts of the machine that shows it
        "svg.hashsalt": "ecoanalysis",
        "savefig.facecolor": PAPER,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # Of many values that are alike, some dots of a swarm share a place.
        warnings.filterwarnings("ignore", message=".*points cannot be placed.*")
        yield
