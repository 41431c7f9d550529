"""Compare cities: tables of values, reasons as codes, and findings as data. No language, no picture: `wording` has the words."""

# ruff: noqa: F401  (what is imported here is what the room offers)

from ecoanalysis.comparing.baselines import baselines, baselines_finding, gap, gap_finding, judged
from ecoanalysis.comparing.beside import ACTIVITIES, association, beside, beside_finding, counts
from ecoanalysis.comparing.coverage import (
    behind,
    compared,
    corpus_finding,
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

_MOVED = dict.fromkeys(("bibliography", "comparability", "corpus", "problems", "references"), "wording")
_MOVED |= dict.fromkeys(("card_table", "plan_table", "weights_table"), "wording") | {"panels": "study.Study.panels"}


def __getattr__(name: str) -> object:
    """Say where a name went that was here before."""
    where = f" any more; it is in ecoanalysis.{_MOVED[name]} (CHANGELOG.md)" if name in _MOVED else ""
    raise AttributeError(f"module 'ecoanalysis.comparing' has no attribute {name!r}{where}")
