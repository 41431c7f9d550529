"""Say how well reports were read, in lines of plain text.

In: what `extracting.scoring` and `extracting.measures` found, or what training gained. Out: the lines that the commands print.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.extracting import measures
from ecoanalysis.extracting.confidence import SURE
from ecoanalysis.extracting.scoring import Score
from ecoanalysis.tables import handwritten
from ecoanalysis.tables.learning import Gain, Reading

NUMBERS = ("report", "text", "value", "unit_text")
PLACES = ("report", "province", "city", "district", "year")


def score(result: Score) -> Iterator[str]:
    """Yield a line for each report, domain and all, and one for each attribute."""
    yield f"{'':<32} {'found':>6} {'missed':>6} {'invented':>8} {'precision':>9} {'recall':>6} {'F1':>6} {'strict F1':>9}"
    for row in result.table().itertuples():
        counts = f"{row.part:<32} {row.found:>6} {row.missed:>6} {row.invented:>8}"
        yield f"{counts} {row.precision:>9.3f} {row.recall:>6.3f} {row.f1:>6.3f} {row.strict_f1:>9.3f}"
    for name, right in result.judged.items():
        yield f"{name:<32} {result.accuracy(name):.3f} right of {len(right)}"


def _share(share: measures.Share, nothing: str) -> str:
    """Return a share in words; of nothing there is none."""
    return str(share) if share.of else nothing


def worth(found: pd.DataFrame, gold: pd.DataFrame, names: measures.Names) -> Iterator[str]:
    """Yield what a chart could show of the facts, and where they have a confidence, whether it holds."""
    result = measures.ranked(found, gold, names)
    yield f"{f'ranked at confidence >= {SURE}':<32} {_share(result.ranked, 'nothing is ranked')}"
    yield f"{'ranked rightly of the rankable':<32} {_share(result.rankable, 'nothing is rankable')}"
    if "confidence" not in found:
        return
    yield f"{f'facts at confidence >= {SURE}':<32} {result.sure}"
    yield from reliability(measures.calibration(measures.confidence(found), measures.right(found, gold)))


def reliability(table: pd.DataFrame) -> Iterator[str]:
    """Yield for each tenth of confidence what was promised and what was found."""
    yield f"{'confidence':<32} {'facts':>6} {'promised':>8} {'found':>6}"
    for row in table.itertuples():
        yield f"{f'{row.tenth:.1f} to {row.tenth + 0.1:.1f}':<32} {row.n:>6} {row.promised:>8.3f} {row.found:>6.3f}"
    yield f"{'expected calibration error':<32} {measures.expected_error(table):.3f}"


def numbers(found: pd.DataFrame, file: Path) -> Iterator[str]:
    """Yield how many of the numbers that a person listed were found with their units."""
    rows = handwritten.read(file, NUMBERS)
    share, more = measures.numbers(found, pd.DataFrame([row for _, row in rows], columns=list(NUMBERS)))
    yield f"{'numbers with their units':<32} {share.share:.3f} found of {share.of}, {more} beyond them"


def places(reports: pd.DataFrame, file: Path, errors: bool) -> Iterator[str]:
    """Yield how often place and year of a report are right, and wrong though sure; with `errors` each that is wrong."""
    wanted = pd.DataFrame([row for _, row in handwritten.read(file, PLACES)], columns=list(PLACES))
    for name, found in (("place", measures.place(reports, wanted)), ("year", measures.year(reports, wanted))):
        wrong = f"{found.sure_wrong.right} wrong of {found.sure_wrong.of} at confidence >= {SURE}"
        yield f"{f'{name} of the report, if stated':<32} {found.right}; {wrong}"
        for report, meant, read in found.wrong if errors else ():
            yield f"{name}: {report}: meant {meant or 'nothing'}, read {read or 'nothing'}"


def gain(found: Gain) -> Iterator[str]:
    """Yield what training gained, by weights that had not seen the place of the report they read."""
    yield f"{found.reports} reports of {found.places} places with {found.facts} facts; each place read by what the others teach:"
    yield f"{'':<36} {'shipped':>9} {'learned':>9}"
    before, after = _figures(found.before), _figures(found.after)
    for name in before:
        yield f"{name:<36} {before[name]:>9} {after[name]:>9}"
    if found.file:
        yield f"written to {paths.shown(found.file)}"
        if found.file.resolve() == paths.weights().resolve():
            yield "reports are read by it from now on: `ecoanalysis parse`; delete it to read by the shipped weights again"
    else:
        yield "nothing gained in strict F1, so nothing is written; -o FILE writes the weights all the same"


def _figures(one: Reading) -> dict[str, str]:
    return {
        "F1": f"{one.score.f1:.3f}",
        "strict F1": f"{one.score.strict_f1:.3f}",
        "share of ranked right": f"{one.all_ranked.share:.3f}",
        f"share of ranked right at >= {SURE}": f"{one.ranked.ranked.share:.3f}",
        f"values ranked at >= {SURE}": str(one.ranked.ranked.of),
        "rankable ranked rightly": f"{one.ranked.rankable.share:.3f}",
        "expected calibration error": f"{one.expected_error:.3f}",
    }
