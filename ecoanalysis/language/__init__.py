"""What the words of reports say: attention, substance, how a figure was made.

`gather` makes the texts ready once; every statistic takes the `Corpus` that it returns.
"""

from ecoanalysis.language.attention import attention
from ecoanalysis.language.corpus import Corpus, gather
from ecoanalysis.language.cutting import Cut, cut, cut_all, made_with
from ecoanalysis.language.index import index, ranks
from ecoanalysis.language.note import note
from ecoanalysis.language.substance import (
    bare_superlatives,
    density,
    modality,
    superlatives,
    together,
    together_sentences,
)

__all__ = [
    "Corpus",
    "Cut",
    "attention",
    "bare_superlatives",
    "cut",
    "cut_all",
    "density",
    "gather",
    "index",
    "made_with",
    "modality",
    "note",
    "ranks",
    "superlatives",
    "together",
    "together_sentences",
]
