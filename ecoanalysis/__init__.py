"""Read the work reports of Chinese bureaus of ecology and environment into tidy tables, and compare the cities.

>>> import ecoanalysis as eco
>>> sorted(eco.__all__)
['charts', 'explain', 'extract', 'gap', 'load', 'panel', 'parse', 'read', 'run', 'weigh']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecoanalysis import charts
    from ecoanalysis.extracting.explain import explain
    from ecoanalysis.extracting.tabular import extract
    from ecoanalysis.extracting.weighing import weigh
    from ecoanalysis.reading import read
    from ecoanalysis.reporting import run
    from ecoanalysis.tables import load, parse
    from ecoanalysis.wording.tables import gap, panel

__all__ = ["charts", "explain", "extract", "gap", "load", "panel", "parse", "read", "run", "weigh"]

_HOMES = {
    "explain": "extracting",
    "extract": "extracting",
    "gap": "wording.tables",
    "load": "tables",
    "panel": "wording.tables",
    "parse": "tables",
    "read": "reading",
    "run": "reporting",
    "weigh": "extracting",
}


def __dir__() -> list[str]:
    """Offer the public names to tab completion."""
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line starts without pandas and matplotlib."""
    if name == "charts":
        return import_module("ecoanalysis.charts")
    if name in _HOMES:
        return getattr(import_module(f"ecoanalysis.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'ecoanalysis' has no attribute {name!r}; it has {', '.join(__all__)}")
