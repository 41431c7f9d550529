"""What the words of reports say: attention, substance, keyness, reuse, and how a figure was made.

`gather` makes the texts ready once, and `lay_out` their letters; every statistic takes one of the two, or what was counted
in it. Each result says how it was made: `note`.
"""

from ecoanalysis.language.attention import attention
from ecoanalysis.language.collocations import collocations
from ecoanalysis.language.concordance import kwic
from ecoanalysis.language.corpus import Corpus, gather
from ecoanalysis.language.counting import Counts, count, split
from ecoanalysis.language.cutting import Cut, cut, cut_all, made_with
from ecoanalysis.language.findings import (
    Finding,
    attention_finding,
    ranks_finding,
    reuse_finding,
    substance_finding,
    together_finding,
)
from ecoanalysis.language.index import index, ranks
from ecoanalysis.language.keyness import keyness
from ecoanalysis.language.modals import modality
from ecoanalysis.language.note import note
from ecoanalysis.language.passages import diffusion, longest, passages
from ecoanalysis.language.readable import (
    modal_totals,
    readable,
    readable_attention,
    readable_ranks,
    readable_rules,
    readable_themes,
    with_damage,
)
from ecoanalysis.language.reuse import boilerplate, pairs
from ecoanalysis.language.shingles import Layout, lay_out
from ecoanalysis.language.substance import (
    density,
    slogans,
    superlatives,
    together,
    together_sentences,
)
from ecoanalysis.language.words import stop_words

__all__ = [
    "Corpus",
    "Counts",
    "Cut",
    "Finding",
    "Layout",
    "attention",
    "attention_finding",
    "boilerplate",
    "collocations",
    "count",
    "cut",
    "cut_all",
    "density",
    "diffusion",
    "gather",
    "index",
    "keyness",
    "kwic",
    "lay_out",
    "longest",
    "made_with",
    "modal_totals",
    "modality",
    "note",
    "pairs",
    "passages",
    "ranks",
    "ranks_finding",
    "readable",
    "readable_attention",
    "readable_ranks",
    "readable_rules",
    "readable_themes",
    "reuse_finding",
    "slogans",
    "split",
    "stop_words",
    "substance_finding",
    "superlatives",
    "together",
    "together_finding",
    "together_sentences",
    "with_damage",
]
