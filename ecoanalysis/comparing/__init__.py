"""Compare cities: tables of values, reasons as codes, and findings as data. No language, no picture: `wording` has the words."""

from ecoanalysis.comparing.baselines import baselines, baselines_finding, gap, gap_finding, judged
from ecoanalysis.comparing.beside import ACTIVITIES, FUNNEL, INSPECTION, association, beside, beside_finding, counts
from ecoanalysis.comparing.coverage import (
    behind,
    compared,
    corpus_finding,
    coverage,
    doubt_finding,
    shared_metrics,
    states,
    survey,
    survey_finding,
    told,
)
from ecoanalysis.comparing.funnel import funnel, funnel_finding
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.places import (
    at_level,
    chosen,
    cities_of,
    default_year,
    default_years,
    fullest_city,
    of_cities,
    resolve,
    slug,
)
from ecoanalysis.comparing.profile import peers, prepare, profile, profile_finding
from ecoanalysis.comparing.progress import progress, progress_finding
from ecoanalysis.comparing.promises import figures, promise_finding, promises, target_finding, targets
from ecoanalysis.comparing.ranking import finding
from ecoanalysis.comparing.scorecard import card_values, indicators, scorecard, scorecard_finding
from ecoanalysis.comparing.series import series, series_finding
from ecoanalysis.comparing.silence import silence, silence_finding, standard_metrics
from ecoanalysis.comparing.slope import slope, slope_finding

__all__ = [
    "ACTIVITIES",
    "FUNNEL",
    "INSPECTION",
    "association",
    "at_level",
    "baselines",
    "baselines_finding",
    "behind",
    "beside",
    "beside_finding",
    "card_values",
    "chosen",
    "cities_of",
    "compared",
    "corpus_finding",
    "counts",
    "coverage",
    "default_year",
    "default_years",
    "doubt_finding",
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
    "peers",
    "prepare",
    "profile",
    "profile_finding",
    "progress",
    "progress_finding",
    "promise_finding",
    "promises",
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
    "survey",
    "survey_finding",
    "target_finding",
    "targets",
    "told",
]

_MOVED = {
    **dict.fromkeys(
        (
            "bibliography",
            "card_table",
            "comparability",
            "corpus",
            "plan_table",
            "problems",
            "references",
            "weights_table",
        ),
        "ecoanalysis.wording",
    ),
    "panels": "ecoanalysis.study.Study.panels",
}


def __getattr__(name: str) -> object:
    """Say where a name went that was here before."""
    if name in _MOVED:
        raise AttributeError(f"ecoanalysis.comparing has no {name!r} any more; it is in {_MOVED[name]} (CHANGELOG.md)")
    raise AttributeError(f"module 'ecoanalysis.comparing' has no attribute {name!r}")
