"""From a Report to its quantities and facts."""

from ecoanalysis.extracting.explain import explain
from ecoanalysis.extracting.tabular import extract, quantities, tables

__all__ = ["explain", "extract", "quantities", "tables"]
