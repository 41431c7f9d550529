"""Charts: one small module a kind, each of which takes a table of `comparing` and returns a `Chart`."""

from ecoanalysis.charts.change import change
from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.counts import counts
from ecoanalysis.charts.coverage import coverage
from ecoanalysis.charts.ranking import ranking
from ecoanalysis.charts.side_by_side import side_by_side

__all__ = ["Chart", "change", "counts", "coverage", "ranking", "side_by_side"]
