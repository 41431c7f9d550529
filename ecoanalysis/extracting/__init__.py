"""From a Report to its quantities and facts."""

from ecoanalysis.extracting.explain import explain
from ecoanalysis.extracting.tabular import extract, quantities, tables
from ecoanalysis.extracting.weighing import weigh

__all__ = ["explain", "extract", "quantities", "tables", "weigh"]
