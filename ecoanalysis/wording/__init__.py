"""Put comparison tables into words: sentences, reasons, and tables as people read them, in the language asked for."""

from ecoanalysis.wording.comparability import comparability
from ecoanalysis.wording.corpus import corpus, problems
from ecoanalysis.wording.evidence import evidence
from ecoanalysis.wording.listed import card_table, plan_table, weights_table
from ecoanalysis.wording.sentences import say, sentence, sentences
from ecoanalysis.wording.sources import bibliography, references

__all__ = [
    "bibliography",
    "card_table",
    "comparability",
    "corpus",
    "evidence",
    "plan_table",
    "problems",
    "references",
    "say",
    "sentence",
    "sentences",
    "weights_table",
]
