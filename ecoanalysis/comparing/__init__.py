"""Compare cities: `panel` and its comparability, `coverage`, `evidence`, and the finding in words."""

from ecoanalysis.comparing.baselines import baselines, baselines_finding
from ecoanalysis.comparing.beside import association, beside, beside_finding
from ecoanalysis.comparing.comparability import comparability
from ecoanalysis.comparing.corpus import corpus, corpus_finding, problems
from ecoanalysis.comparing.counts import ACTIVITIES, FUNNEL, INSPECTION, counts
from ecoanalysis.comparing.coverage import coverage, shared_metrics, states
from ecoanalysis.comparing.evidence import behind, evidence, told
from ecoanalysis.comparing.funnel import funnel, funnel_finding
from ecoanalysis.comparing.gap import gap, gap_finding, judged
from ecoanalysis.comparing.listed import card_table, card_values, panels, plan_table, weights_table
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.places import (
    chosen,
    cities_of,
    default_year,
    default_years,
    fullest_city,
    of_cities,
    resolve,
    slug,
)
from ecoanalysis.comparing.profile import peers, profile
from ecoanalysis.comparing.profile_words import profile_finding
from ecoanalysis.comparing.progress import progress, progress_finding
from ecoanalysis.comparing.promise_words import figures, promise_finding, target_finding
from ecoanalysis.comparing.promises import promises, targets
from ecoanalysis.comparing.scorecard import indicators, scorecard
from ecoanalysis.comparing.scorecard_words import scorecard_finding
from ecoanalysis.comparing.series import series
from ecoanalysis.comparing.series_words import series_finding
from ecoanalysis.comparing.silence import silence, standard_metrics
from ecoanalysis.comparing.silence_words import silence_finding
from ecoanalysis.comparing.slope import slope
from ecoanalysis.comparing.slope_words import slope_finding
from ecoanalysis.comparing.sources import bibliography, references
from ecoanalysis.comparing.sure_words import doubt_finding
from ecoanalysis.comparing.words import finding

__all__ = [
    "ACTIVITIES",
    "FUNNEL",
    "INSPECTION",
    "association",
    "baselines",
    "baselines_finding",
    "behind",
    "beside",
    "beside_finding",
    "bibliography",
    "card_table",
    "card_values",
    "chosen",
    "cities_of",
    "comparability",
    "corpus",
    "corpus_finding",
    "counts",
    "coverage",
    "default_year",
    "default_years",
    "doubt_finding",
    "evidence",
    "figures",
    "finding",
    "fullest_city",
    "funnel",
    "funnel_finding",
    "gap",
    "gap_finding",
    "indicators",
    "judged",
    "of_cities",
    "panel",
    "panels",
    "peers",
    "plan_table",
    "problems",
    "profile",
    "profile_finding",
    "progress",
    "progress_finding",
    "promise_finding",
    "promises",
    "references",
    "resolve",
    "scorecard",
    "scorecard_finding",
    "series",
    "series_finding",
    "shared_metrics",
    "silence",
    "silence_finding",
    "slope",
    "slope_finding",
    "slug",
    "standard_metrics",
    "states",
    "target_finding",
    "targets",
    "told",
    "weights_table",
]
