"""The tidy tables: what they hold (`schema`), how reports become them (`parsing`), where they are kept (`store`)."""

from ecoanalysis.tables.parsing import gather, parse, prepared, update
from ecoanalysis.tables.store import Tables, load, write

__all__ = ["Tables", "gather", "load", "parse", "prepared", "update", "write"]
