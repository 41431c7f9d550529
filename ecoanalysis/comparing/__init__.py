"""Compare cities: `panel` and its comparability, `coverage`, `evidence`, and the finding in words."""

from ecoanalysis.comparing.comparability import comparability
from ecoanalysis.comparing.corpus import corpus, corpus_finding, problems
from ecoanalysis.comparing.counts import ACTIVITIES, FUNNEL, INSPECTION, counts
from ecoanalysis.comparing.coverage import coverage, shared_metrics, states
from ecoanalysis.comparing.evidence import evidence
from ecoanalysis.comparing.gap import gap
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.places import cities_of, default_year, fullest_city, of_cities, slug
from ecoanalysis.comparing.sources import bibliography, references
from ecoanalysis.comparing.words import finding

__all__ = [
    "ACTIVITIES",
    "FUNNEL",
    "INSPECTION",
    "bibliography",
    "cities_of",
    "comparability",
    "corpus",
    "corpus_finding",
    "counts",
    "coverage",
    "default_year",
    "evidence",
    "finding",
    "fullest_city",
    "gap",
    "of_cities",
    "panel",
    "problems",
    "references",
    "shared_metrics",
    "slug",
    "states",
]
