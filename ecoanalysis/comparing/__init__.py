"""Compare cities: `panel` and its comparability, `coverage`, `evidence`, and the finding in words."""

from ecoanalysis.comparing.counts import FUNNEL, counts
from ecoanalysis.comparing.coverage import coverage, shared_metrics, states
from ecoanalysis.comparing.evidence import evidence
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.places import default_year, of_cities
from ecoanalysis.comparing.words import finding

__all__ = [
    "FUNNEL",
    "counts",
    "coverage",
    "default_year",
    "evidence",
    "finding",
    "of_cities",
    "panel",
    "shared_metrics",
    "states",
]
