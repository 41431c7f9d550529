"""Run the notebooks: parameters checked first, figures and pages delivered whole."""

from ecoanalysis.reporting.parameters import together
from ecoanalysis.reporting.plan import foresee
from ecoanalysis.reporting.running import Result, check, run

__all__ = ["Result", "check", "foresee", "run", "together"]
