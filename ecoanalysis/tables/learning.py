"""Learn weights of the reading from a user's own labelled reports, and say what they gain.

In: a gold table (`tables.gold`) and a folder with a text for each of its reports. Out: `Gain`, how well the shipped weights
read these reports and how well weights that had not seen their place, in lines of text too, and a file of weights where they
read better.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecoanalysis import paths
from ecoanalysis.errors import ReadingError, RequestError, nearest
from ecoanalysis.extracting import facts, fitting, measures, model, scoring, training
from ecoanalysis.knowledge import catalogue
from ecoanalysis.reading import Problem, Report, inputs, sources
from ecoanalysis.tables import gold as golds
from ecoanalysis.tables import handwritten
from ecoanalysis.tables.sure import SURE

LEAST_FACTS, LEAST_PLACES = 200, 5
_STRICT = "strict F1"  # what has to rise


@dataclass(frozen=True, slots=True)
class Gain:
    """What training did: on how much, how well the reports were read before and after, and where the weights were written.

    `before` and `after` are figures by what they measure. `file` is None where nothing was gained and no file was asked for. `unlabelled` are texts without a row.
    """

    reports: int
    places: int
    facts: int
    before: dict[str, float]
    after: dict[str, float]
    file: Path | None
    unlabelled: list[str]


def train(gold: str | Path, texts: str | Path, output: Path | None = None) -> Gain:
    """Learn weights from the reports of a gold table, starting at the shipped ones, and write them where they read better.

    They go to the project's own data/reading_weights.toml, by which everything is read from then on, or to `output`, and
    there in any case. A gold table that is refused, metrics that are not known, rows without a text, texts that cannot be
    read, and too few facts or places to learn from raise `RequestError`; then nothing is written.
    """
    fitting.needed()
    wanted = golds.read(gold)
    wanted["report"] = [unicodedata.normalize("NFC", name) for name in wanted["report"]]  # as texts are named
    nothing = f"nothing is learned from {paths.shown(Path(gold))}"
    advice = "`ecoanalysis codebook` prints the ids; a metric of your own goes into metrics/"
    handwritten.refuse(nothing, golds.unknown_metrics(wanted.drop_duplicates("metric")), advice)
    reports, unlabelled, faults = _texts(wanted, Path(texts))
    advice = f"each report of the table needs a text of its name in {paths.shown(Path(texts))}, whatever its format"
    handwritten.refuse(nothing, faults, advice)
    groups = {training.place_of(report) for report in reports}
    firm = int((wanted["optional"] == "").sum())
    advice = "from fewer, weights learn the wording of a few reports and read others worse; label more"
    handwritten.refuse(nothing, list(_too_few(firm, len(groups))), advice)
    start = model.shipped()
    domains = {metric.partition(".")[0] for metric in wanted["metric"]}
    judged = [metric for metric in catalogue.metrics() if metric.partition(".")[0] in domains]
    taught = training.lessons([(report, training.place_of(report)) for report in reports], wanted, judged)
    learned = training.learn(taught, start)
    shipped = training.table((one.report.report, fact) for one in taught for fact in facts.read(one.source, start))
    before, after = (_figures(found, wanted, reports) for found in (shipped, learned.facts))
    file = output or (paths.weights() if after[_STRICT] > before[_STRICT] else None)
    if file:
        about = f"Weights of the reading, learned by `ecoanalysis train` from {len(reports)} reports with {firm} facts."
        model.write(learned.weights, file, about)
    return Gain(len(reports), len(groups), firm, before, after, file, unlabelled)


def _texts(gold: pd.DataFrame, folder: Path) -> tuple[list[Report], list[str], list[str]]:
    """Return the reports that the gold has rows of, the names of texts that it has none of, and what is amiss."""
    if not folder.is_dir():
        raise RequestError(
            f"no folder {paths.shown(folder)}; name with --text the folder of the texts that you labelled"
        )
    wanted = set(gold["report"])
    found: dict[str, Report] = {}
    items = list(inputs(folder))
    every = {item.report for item in items if isinstance(item, Problem) and item.code == "same_name"}
    faults = [f"two texts are called {name}: rename one" for name in sorted(every)]
    for source in (one for item in items if not isinstance(item, Problem) for one in sources(item)):
        every.add(source.name)
        if source.name in wanted:
            try:
                found[source.name] = source.read()
            except ReadingError as error:
                faults.append(f"{source.name} cannot be read: {error}")
    missing = sorted(wanted - every)
    faults += [f"no text for {name}. Nearest: {nearest(name, every) or 'none'}" for name in missing]
    return [found[name] for name in sorted(found)], sorted(every - wanted), faults


def _too_few(firm: int, places: int) -> Iterator[str]:
    if firm < LEAST_FACTS:
        yield f"{firm} facts that are not optional; at least {LEAST_FACTS} are needed"
    if places < LEAST_PLACES:
        yield f"reports of {places} places; at least {LEAST_PLACES} are needed, for each is read by what the others teach"


def _figures(found: pd.DataFrame, gold: pd.DataFrame, reports: list[Report]) -> dict[str, float]:
    places = pd.DataFrame([(one.report, one.province, one.city, one.district) for one in reports])
    names = measures.names_of(places.set_axis(["report", "province", "city", "district"], axis=1))
    judged = golds.judged(found, gold)
    table = measures.calibration(judged["confidence"], measures.right(judged, gold))
    score, sure = scoring.score(judged, gold), measures.ranked(judged, gold, names)
    return {
        "F1": score.f1,
        _STRICT: score.strict_f1,
        "share of ranked right": measures.ranked(
            judged, gold, names, sure=0.0
        ).ranked.share,  # whatever their confidence
        f"share of ranked right at >= {SURE}": sure.ranked.share,
        f"values ranked at >= {SURE}": sure.ranked.of,
        "rankable ranked rightly": sure.rankable.share,
        "expected calibration error": float(measures.expected_error(table)),
    }


def gain(found: Gain) -> Iterator[str]:
    """Yield what training gained, by weights that had not seen the place of the report they read."""
    yield f"{found.reports} reports of {found.places} places with {found.facts} facts; each place read by what the others teach:"
    yield f"{'':<36} {'shipped':>9} {'learned':>9}"
    for name, before in found.before.items():
        yield f"{name:<36} {_shown(before):>9} {_shown(found.after[name]):>9}"
    if found.file:
        yield f"written to {paths.shown(found.file)}"
        if found.file.resolve() == paths.weights().resolve():
            yield "reports are read by it from now on: `ecoanalysis parse`; delete it to read by the shipped weights again"
    else:
        yield "nothing gained in strict F1, so nothing is written; -o FILE writes the weights all the same"


def _shown(figure: float) -> str:
    return str(figure) if isinstance(figure, int) else f"{figure:.3f}"
