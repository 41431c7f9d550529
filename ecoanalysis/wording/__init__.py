"""Put comparison tables into words: sentences, reasons, and tables as people read them, in the language asked for."""

# ruff: noqa: F401  (what is imported here is what the room offers)

from ecoanalysis.wording.sentences import say, sentence, sentences
from ecoanalysis.wording.tables import (
    bibliography,
    card_table,
    comparability,
    corpus,
    evidence,
    plan_table,
    problems,
    references,
    weights_table,
)
