"""Charts: one small module a kind, each of which takes a table of `comparing` and returns a `Chart`;
`prose` and `table` for what stands beside them on a page."""

from ecoanalysis.charts.change import change
from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.counts import counts
from ecoanalysis.charts.coverage import coverage
from ecoanalysis.charts.page import export, prose, table
from ecoanalysis.charts.ranking import ranking
from ecoanalysis.charts.side_by_side import side_by_side

__all__ = ["Chart", "change", "counts", "coverage", "export", "prose", "ranking", "side_by_side", "table"]
