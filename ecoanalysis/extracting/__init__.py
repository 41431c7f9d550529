"""From a Report to its quantities and facts."""

from ecoanalysis.extracting.tabular import extract, quantities, tables

__all__ = ["extract", "quantities", "tables"]
