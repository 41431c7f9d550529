"""Turn report files into the tables.

In: the folder of reports, or some files, and the project's corrections. Out: `Tables`, and by `parse` the same written to
data/processed. A report that cannot be read, or that the code fails on, becomes a row of the table of problems; the others
are still read. What each report gave is kept in `.parts` beside the tables (`batches`), so that it is read again only when
its bytes, what is said beside it or what it is read by changed; deleting that folder costs nothing but the time.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pyarrow as pa
from tqdm import tqdm

from ecoanalysis import paths
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.reading import Problem, Source, how_many, inputs, name_of
from ecoanalysis.reading.stated_metadata import clean
from ecoanalysis.tables import batches, corrections, parts
from ecoanalysis.tables.across import Across
from ecoanalysis.tables.batches import Kept
from ecoanalysis.tables.outcome import Corrections
from ecoanalysis.tables.schema import SEVERITIES, TABLES, conform
from ecoanalysis.tables.store import PACKAGE, Place, Tables, about_reports, alone, deliver, drafting, load, write
from ecoanalysis.tables.writing import Writer

Sources = Any  # a folder, files, or a DataFrame
Where = str | Path | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What a run is made of: where the parts are, the reports that are in the tables, and what is amiss between them.

    `stamp` stands for all that the tables are made of; it is empty where something may turn out otherwise next time.
    """

    kept: Kept
    ledger: pd.DataFrame
    problems: list[Problem]
    stamp: str

    @property
    def facts(self) -> int:
        return int(self.ledger["facts_count"].sum()) if len(self.ledger) else 0


def parse(
    sources: Sources | None = None,
    processed: Where = None,
    *,
    samples: bool = False,
    force: bool = False,
    on: str = "",
    **how: Any,
) -> Tables:
    """Read reports into the tables, write them to the folder `processed`, and return them. See `gather` and `update`.

    What is read from a DataFrame is written only where `processed` says so.

    >>> frame = pd.DataFrame({"城市": ["信阳"], "年份": [2016], "doc": ["2016年，全市PM2.5平均浓度61微克/立方米。"]})
    >>> parse(frame).facts[["report", "city", "value"]].values.tolist()
    [['信阳市-2016', '信阳市', 61.0]]
    """
    if processed or not isinstance(sources, pd.DataFrame):
        update(sources, processed, samples=samples, force=force, on=on, **how)
        return load(processed)
    tables = gather(sources, samples=samples, on=on, **how)
    tables.facts.attrs["reports"] = about_reports(tables.reports)
    return tables


def update(
    sources: Sources | None = None,
    processed: Where = None,
    *,
    samples: bool = False,
    force: bool = False,
    on: str = "",
    **how: Any,
) -> None:
    """Read reports into the tables and write them to the folder or address `processed`, never having them all in memory.

    What is kept there from the last run is not read again, but with `force`. `on` is the address of a Dask scheduler, such as
    tcp://10.0.0.1:8786, whose workers see the reports and `processed` under the same names. See `gather` for the rest.
    """
    with _read(sources, processed, samples, force, on, how) as run:
        place = Place(processed)
        if not force and _unchanged(place, run.stamp):
            return
        with drafting(place) as draft:
            writer = Writer(draft, run.facts)
            for pieces in _assemble(run):
                writer.append(pieces)
            deliver(writer.close(), draft, place)
        _note(place, run.stamp)


def prepared(
    raw: Path | None, processed: str | Path, *, samples: bool = False, force: bool = False, on: str = ""
) -> tuple[Tables, Callable[[], None]]:
    """Return the tables that `update` would write, and what writes them; these may be looked at before.

    Where nothing changed they are those that are there, and nothing is written.
    """
    place = Place(processed)
    with _read(raw, processed, samples, force, on, {}) as run:
        if not force and _unchanged(place, run.stamp):
            return load(processed), lambda: None
        found = _gathered(run)

    def written() -> None:
        with alone(place):
            write(found, processed)
            _note(place, run.stamp)

    return found, written


def gather(sources: Sources | None = None, *, samples: bool = False, on: str = "", **how: Any) -> Tables:
    """Read reports into the tables and write none.

    `sources` is a folder (by default data/raw), a file or some, or a DataFrame with a text in each row; all of these two are
    kept. Of a folder, the samples are left out once a report that is none gives figures, unless `samples` asks for them.
    `how` is what `reading.inputs` is told: `glob`, `text`, `columns`, `encoding`. The project's corrections overrule
    what is read. No report, and a correction that does not fit exactly one fact, raise `RequestError`.
    """
    with _read(sources, None, samples, False, on, how, keep=False) as run:
        return _gathered(run)


def _gathered(run: _Read) -> Tables:
    pieces: dict[str, list[pa.Table]] = {name: [parts.arrow_schema(name).empty_table()] for name in TABLES}
    for some in _assemble(run):
        for name, rows in some.items():
            pieces[name].append(rows)
    return Tables(**{name: pa.concat_tables(found).to_pandas() for name, found in pieces.items()})


@contextmanager
def _read(
    sources: Sources | None,
    processed: Where,
    samples: bool,
    force: bool,
    on: str,
    how: dict[str, Any],
    keep: bool = True,
) -> Iterator[_Read]:
    """Read what is not kept; give what the run is made of, and afterwards remove the parts that it has no use for."""
    of_folder = sources is None or (isinstance(sources, (str, Path)) and not Path(sources).is_file())
    state = parts.state()  # a file of weights that is damaged is refused before anything is read
    corrected = corrections.load()
    problems: list[Problem] = []
    named = paths.raw() if sources is None else sources
    items = _readable(inputs(named, **how), problems)
    first = next(items, None)  # a request that makes no sense leaves no folder behind
    with alone(Place(processed)) if keep else nullcontext(), _folder_of_parts(processed, keep) as folder:
        kept = Kept(f"{folder}/{state}")
        # delay: no bar for what takes less than a second; disable=None: none where nobody watches.
        with tqdm(desc="reading", unit="report", leave=False, delay=1, disable=None) as bar:
            if not bar.disable:  # a large folder is not listed twice for nobody
                bar.total = how_many(named, how.get("glob", ""))
            each = partial(batches.on_dask, address=on) if on else batches.in_processes
            there = chain([first], items) if first else ()
            ledger = batches.read_all(there, kept, _told(corrected), force, each, bar.update)
        used, refused = ledger, tuple(problems)
        if of_folder and not samples and (used["figures"] & ~used["sample"]).any():
            left_out = used["sample"]
            problems += [Problem(name, "sample_left_out", "note", _LEFT_OUT) for name in used.loc[left_out, "name"]]
            used = used[~left_out]
        known = {*ledger["item_name"], *used["name"], *map(name_of, refused)} if corrected else set()
        if corrections.unknown(corrected, known):
            with suppress(RequestError):  # a correction may be for one that is not read now
                known |= {name_of(item) for item in inputs(paths.raw())}
        strange = corrections.unknown(corrected, known)
        corrections.refuse(paths.corrections(), [*strange, *(fault for own in used["misfits"] for fault in own)])
        problems += _same_text(used)
        digest = hashlib.sha256(repr((state, refused, samples, of_folder)).encode(errors="surrogatepass"))
        for key in ledger["key"]:
            digest.update(key.encode())
        stamp = digest.hexdigest() if ledger["lasting"].all() else ""
        yield _Read(kept, used, problems, stamp)
        if keep:
            kept.clean(ledger["part"].unique())


def _readable(items: Iterable[Path | Source | Problem], refused: list[Problem]) -> Iterator[Source]:
    """Yield what can be read; what cannot goes to `refused`."""
    for item in items:
        if isinstance(item, Problem):
            refused.append(item)
        else:
            yield item if isinstance(item, Source) else Source(name_of(item), item, clean(item.name))


@contextmanager
def _folder_of_parts(processed: Where, keep: bool) -> Iterator[str]:
    if keep and not str(processed).startswith("memory:"):  # which other processes do not see
        place = Place(processed)
        place.files.makedirs(place / ".parts", exist_ok=True)  # a run that reads nothing well writes no part
        yield place / ".parts" if place.local else place.files.unstrip_protocol(place / ".parts")
        return
    with tempfile.TemporaryDirectory(prefix="ecoanalysis-") as folder:
        yield folder


_LEFT_OUT = "a sample, left out because there are reports of your own; --samples keeps it"
_STAMP = ".parts/last.json"  # what the tables are made of, as of the run that wrote them


def _note(place: Place, stamp: str) -> None:
    package = hashlib.sha256(place.files.cat_file(place / PACKAGE)).hexdigest()
    place.files.pipe_file(place / _STAMP, json.dumps({"stamp": stamp, "package": package}).encode())


def _unchanged(place: Place, now: str) -> bool:
    """Return whether the tables are whole and those that this run would write."""
    if not now:
        return False
    try:
        last = json.loads(place.files.cat_file(place / _STAMP))
        package = hashlib.sha256(place.files.cat_file(place / PACKAGE)).hexdigest()
        if (last["stamp"], last["package"]) != (now, package):
            return False
        return all(map(place.holds, place.package()["resources"].values()))
    except (OSError, ValueError, KeyError, TypeError, RequestError):
        return False


def _told(corrected: Iterable[object]) -> Callable[[str], Corrections]:
    """Return what gives the corrections of a report, or of the reports of an archive, by its name."""
    by_name: dict[str, list] = {}
    for one in corrected:
        name = PurePosixPath(one.report)  # type: ignore[attr-defined]
        for each in {one.report, *map(str, name.parents)}:  # type: ignore[attr-defined]
            by_name.setdefault(each, []).append(one)
    return lambda name: tuple(by_name.get(name, ()))


def _same_text(ledger: pd.DataFrame) -> Iterator[Problem]:
    read = ledger[ledger["read"]]
    first = read.drop_duplicates("same").set_index("same")["name"]
    for name, same in read.loc[read["same"].duplicated(), ["name", "same"]].itertuples(index=False):
        message = f"the same text as {first[same]}: its city is counted twice; remove one"
        yield Problem(name, "same_text", "warning", message)


def _assemble(run: _Read) -> Iterator[Mapping[str, pa.Table]]:
    """Yield the tables piece by piece, the reports in their order, and last the problems, worst first."""
    read = lru_cache(maxsize=2)(run.kept.read)
    problems: list[pa.Table] = []
    with tempfile.TemporaryDirectory(prefix="ecoanalysis-") as folder:
        across = Across(run.facts, Path(folder))
        stretches = (run.ledger["part"] != run.ledger["part"].shift()).cumsum()
        for _, rows in run.ledger.groupby(stretches):
            some = read(rows["part"].iloc[0]).take(pa.array(rows["row"]))
            pieces = {name: parts.rows_of(some, name) for name in parts.KEPT}
            problems.append(pieces.pop("problems"))
            yield pieces
            across.add(pieces["facts"], pieces["reports"])
        further = [*map(parts.problem_row, (*run.problems, *across.problems()))]
    found = pa.concat_tables([parts.arrow(parts.frame_of("problems", further), "problems"), *problems])
    order = found.select(["severity", "report", "start"]).to_pandas().fillna({"start": 0})
    order["severity"] = order["severity"].map(SEVERITIES.index)
    yield {"problems": found.take(pa.array(order.sort_values([*order], kind="stable").index))}
    metrics = catalogue.table()[[column.name for column in TABLES["metrics"]]]
    yield {"metrics": parts.arrow(conform(metrics, "metrics"), "metrics")}
