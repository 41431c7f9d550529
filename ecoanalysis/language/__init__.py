"""What the words of reports say: attention, substance, keyness, reuse, and how a figure was made.

`gather` makes the texts ready once, and `lay_out` their letters; every statistic takes one of the two, or what was counted
in it. Each result holds in its `attrs` how it was made; `wording.word_tables.note` says it.
"""

from ecoanalysis.language.attention import attention
from ecoanalysis.language.collocations import collocations, kwic
from ecoanalysis.language.corpus import Corpus, gather
from ecoanalysis.language.cutting import Cut, cut, cut_all, made_with
from ecoanalysis.language.index import index, ranks
from ecoanalysis.language.keyness import Counts, count, keyness, split
from ecoanalysis.language.passages import diffusion, longest, passages
from ecoanalysis.language.reuse import boilerplate, pairs
from ecoanalysis.language.shingles import Layout, lay_out
from ecoanalysis.language.substance import (
    density,
    modality,
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
    "Layout",
    "attention",
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
    "modality",
    "pairs",
    "passages",
    "ranks",
    "slogans",
    "split",
    "stop_words",
    "superlatives",
    "together",
    "together_sentences",
]

_MOVED = {
    **dict.fromkeys(
        (
            *(
                "modal_totals",
                "note",
                "readable",
                "readable_attention",
                "readable_ranks",
                "readable_rules",
                "readable_themes",
            ),
            "with_damage",
        ),
        "word_tables",
    ),
    **dict.fromkeys(
        (
            *("Finding", "attention_finding", "ranks_finding", "reuse_finding", "substance_finding"),
            "together_finding",
        ),
        "word_findings",
    ),
}


def __getattr__(name: str) -> object:
    """Say where a name went that was here before."""
    if name in _MOVED:
        raise AttributeError(
            f"ecoanalysis.language has no {name!r} any more; it is in ecoanalysis.wording.{_MOVED[name]} (CHANGELOG.md)"
        )
    raise AttributeError(f"module 'ecoanalysis.language' has no attribute {name!r}")
