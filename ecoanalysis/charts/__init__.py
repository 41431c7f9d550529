"""Charts: one small module a kind, each of which takes a table of `comparing` and returns a `Chart`;
`prose` and `table` for what stands beside them on a page."""

from ecoanalysis.charts.beside import beside
from ecoanalysis.charts.change import change
from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.counts import counts
from ecoanalysis.charts.coverage import coverage
from ecoanalysis.charts.funnel import funnel
from ecoanalysis.charts.lines import lines
from ecoanalysis.charts.page import export, prose, table, tables
from ecoanalysis.charts.profile import profile
from ecoanalysis.charts.progress import progress
from ecoanalysis.charts.ranking import ranking
from ecoanalysis.charts.scorecard import scorecard
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.silence import silence
from ecoanalysis.charts.slope import slope
from ecoanalysis.charts.targets import promises, targets

__all__ = [
    "Chart",
    "beside",
    "change",
    "counts",
    "coverage",
    "export",
    "funnel",
    "lines",
    "profile",
    "progress",
    "promises",
    "prose",
    "ranking",
    "scorecard",
    "side_by_side",
    "silence",
    "slope",
    "table",
    "tables",
    "targets",
]
