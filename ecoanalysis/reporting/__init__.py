"""Run the notebooks: parameters checked first, a run delivered whole, and what is new since the one before."""

from ecoanalysis.reporting.inbox import take
from ecoanalysis.reporting.parameters import together
from ecoanalysis.reporting.plan import foresee
from ecoanalysis.reporting.running import Result, run
from ecoanalysis.reporting.runs import alone
from ecoanalysis.reporting.schedule import on_failure

__all__ = ["Result", "alone", "foresee", "on_failure", "run", "take", "together"]
