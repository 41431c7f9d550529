"""What the words of reports say: attention, substance, keyness, reuse, and how a figure was made.

`gather` makes the texts ready once, and `lay_out` their letters; every statistic takes one of the two, or what was counted
in it. Each result holds in its `attrs` how it was made; `wording.word_tables.note` says it.
"""

# ruff: noqa: F401  (what is imported here is what the room offers)

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

_READABLE = ("readable", *(f"readable_{what}" for what in ("attention", "ranks", "rules", "themes")))
_FOUND = ("Finding", *(f"{what}_finding" for what in ("attention", "ranks", "reuse", "substance", "together")))
_MOVED = dict.fromkeys(("modal_totals", "note", "with_damage", *_READABLE), "word_tables")
_MOVED |= dict.fromkeys(_FOUND, "word_findings")


def __getattr__(name: str) -> object:
    """Say where a name went that was here before."""
    where = f" any more; it is in ecoanalysis.wording.{_MOVED[name]} (CHANGELOG.md)" if name in _MOVED else ""
    raise AttributeError(f"module 'ecoanalysis.language' has no attribute {name!r}{where}")
