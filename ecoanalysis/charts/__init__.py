"""Charts: functions that each take a table of `comparing` or `language` and return a `Chart`;
`prose` and `table` for what stands beside them on a page."""

# ruff: noqa: F401  (what is imported here is what the room offers)

from ecoanalysis.charts.attention import attention, attention_bars, rank_lines, rank_slope
from ecoanalysis.charts.beside import beside
from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.counts import counts, funnel
from ecoanalysis.charts.lines import lines, slope
from ecoanalysis.charts.many import distribution, multiples, relation
from ecoanalysis.charts.matrix import correlation_matrix, matrix
from ecoanalysis.charts.page import counted, export, found, prose, stacked, table, tables
from ecoanalysis.charts.profile import profile
from ecoanalysis.charts.progress import progress
from ecoanalysis.charts.ranking import change, ranking
from ecoanalysis.charts.reuse import reuse
from ecoanalysis.charts.scorecard import scorecard
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.silence import coverage, silence
from ecoanalysis.charts.targets import promises, targets
from ecoanalysis.charts.words import cloud, contrast, keyness, word_cloud
from ecoanalysis.wording.captions import source_of
from ecoanalysis.wording.names import report_labels
