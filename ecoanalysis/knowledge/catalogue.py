"""Load the catalogue of metrics and refuse it where it contradicts itself.

In: `metrics/*.toml` of this package and of the project, one table a metric (docs/metrics.md says how to write one). Out:
`Metric` records by id, and the table `metrics`. A cue is compiled to words in reading order; which words a text holds is
found in `extracting.cues`.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from ecoanalysis.errors import CatalogueError, nearest
from ecoanalysis.knowledge import tables
from ecoanalysis.paths import own_metrics, shown

STATS = ("level", "change", "rank", "streak")
BETTER = ("higher", "lower", "none")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that name a metric, each a tuple of its spellings.

    `before` and `after` stand on their side of the number; `free` on either, the number anywhere among them; `topics`
    were said earlier. `implied` is the value that the words alone state (无劣Ⅴ类 is 0), None where a number states it. Where
    `moves`, the number must be a share by which the metric moved.
    """

    text: str
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]
    free: tuple[tuple[str, ...], ...]
    topics: tuple[tuple[str, ...], ...]
    implied: float | None = None
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """How a metric follows from two others where no report states it: `times` x `of` / `over`, rounded to `decimals`.

    `over` is a metric, or "days" for the days of the period.
    """

    of: str
    over: str
    times: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that bureaus report. `excluded` words beside a number, and `elsewhere` words said before it, mean something else.

    `counted` are the written units that a level may have, `low` and `high` its plausible range, `scopes` further wordings of
    scope, or ("subject",) where the words before the metric say whose value it is, or ("sections",) where it is of a group of
    assessed sections. `where` is its file, line and id. `shared` and `standing` are traits of its domain (`domains.csv`).
    """

    id: str
    domain: str
    zh: str
    en: str
    unit: str
    better: str
    low: float
    high: float
    cues: tuple[Cue, ...]
    excluded: tuple[str, ...]
    elsewhere: tuple[str, ...]
    counted: frozenset[str]
    stats: frozenset[str]
    scopes: tuple[str, ...]
    counterpart: str
    source: str
    derived: Derived | None
    where: str
    shared: bool = False
    standing: bool = False


@lru_cache(4096)  # one word stands in many cues
def spellings(word: str) -> tuple[str, ...]:
    """Return every spelling of a word with alternatives in braces, in lower case.

    >>> spellings("优良{天数,日,}比例")
    ('优良天数比例', '优良日比例', '优良比例')
    """
    return tuple(dict.fromkeys(_spelled(word.translate(LOWER))))


def _spelled(word: str) -> list[str]:
    pieces = _INNERMOST.split(word)  # what stands between braces, and what within, in turns
    nested = any("{" in piece or "}" in piece for piece in pieces[::2])
    if nested and len(pieces) == 1:
        raise CatalogueError(f"a brace is left open in {word!r}")
    parts = [piece.split(",") if at % 2 else [piece] for at, piece in enumerate(pieces)]
    found = ["".join(chosen) for chosen in product(*parts)]
    return [spelling for way in found for spelling in _spelled(way)] if nested else found


_INNERMOST = re.compile(r"\{([^{}]*)\}")
WORD = re.compile(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^\s])+")  # blanks within braces belong to the word


def read_cue(text: str) -> Cue:
    """Compile a cue: words in reading order, `#` for the number, `#%` for a movement, `@` before a topic, `= 0` for a value implied.

    >>> cue = read_cue("@督察 # {问题,任务}")
    >>> cue.after, cue.topics
    ((('问题', '任务'),), (('督察',),))
    """
    wording, _, implied = text.partition("=")
    moves = "#%" in wording
    words = WORD.findall(wording.replace("#%", "#"))
    if not words:
        raise CatalogueError(f"cue {text!r} has no words")
    if any("" in spellings(word.lstrip("@")) for word in words):
        raise CatalogueError(f"cue {text!r} has a word that may be empty: leave it out, words may stand apart")
    topics = tuple(_topic(word[1:]) for word in words if word.startswith("@"))
    said = [word for word in words if not word.startswith("@")]
    at = said.index("#") if "#" in said else None
    parts = ([], [], said) if at is None else (said[:at], said[at + 1 :], [])
    before, after, free = (tuple(map(spellings, part)) for part in parts)
    return Cue(text, before, after, free, topics, _implied(text, implied), moves)


def _implied(text: str, value: str) -> float | None:
    try:
        return float(value) if value.strip() else None
    except ValueError:
        raise CatalogueError(f"cue {text!r}: what stands behind = is no number") from None


def _topic(word: str) -> tuple[str, ...]:
    """Return the spellings of a topic: those written, or with a colon before its name those of topics.toml."""
    if not word.startswith(":"):
        return spellings(word)
    shared = topics()
    if word[1:] not in shared:
        raise CatalogueError(f"no topic {word[1:]!r} in topics.toml. Nearest: {nearest(word[1:], shared) or 'none'}")
    return spellings(shared[word[1:]])


@cache
def topics() -> dict[str, str]:
    """Return the topics that several metrics share, by name."""
    return tomllib.loads(tables.text("topics.toml"))


@cache
def counted() -> dict[str, frozenset[str]]:
    """Return, for each unit of the catalogue, the units as written that a level of it may have."""
    written: dict[str, set[str]] = {}
    for row in tables.rows("units.csv"):
        written.setdefault(row["unit"], set()).add(row["text"])
        if row["kind"] == "concentration":  # its unit is often said once, of all pollutants: 单位同前
            written[row["unit"]].add("")
    for row in tables.rows("counted.csv"):
        written.setdefault(row["unit"], set()).update(row["texts"].split())
    written["1"].add("")  # an index or a placing has no unit
    return {unit: frozenset(texts) for unit, texts in written.items()}


@cache
def metrics() -> dict[str, Metric]:
    """Return all metrics by id: the shipped ones, and instead of or beside them those of the project's folder `metrics`.

    The files are read once a process. What contradicts itself raises `CatalogueError`, which names file and line.

    >>> metrics()["air.pm25"].unit
    'ug/m3'
    """
    shipped: dict[str, Metric] = {}
    for file in sorted(files("ecoanalysis.knowledge").joinpath("metrics").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            load(file.read_text(encoding="utf-8"), file.name, shipped)
    own: dict[str, Metric] = {}
    for path in sorted(own_metrics().glob("*.toml")):
        load(_text(path), shown(path), own)
    found = shipped | own
    refuse_contradictions(found)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CatalogueError(f"{shown(path)} is not UTF-8; save it as UTF-8 in the editor") from None


def load(text: str, name: str, found: dict[str, Metric]) -> None:
    """Add the metrics of one file to `found`; CatalogueError names the file and line of what is wrong."""
    try:
        domains = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f'{name}: {error}; quotes and signs must be the plain ones: " = [ ] ,') from error
    lines = _lines(text)
    for domain, entries in domains.items():
        if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
            raise CatalogueError(f"{name}: {domain!r} is no metric; open each with a line such as [air.my_metric]")
        for key, entry in entries.items():
            identity = f"{domain}.{key}"
            where = f"{name}, line {lines.get(identity, 1)}, [{identity}]"
            if identity in found:
                raise CatalogueError(f"{where}: this id is defined twice; keep one of the two entries")
            found[identity] = _metric(identity, domain, entry, where)


def refuse_contradictions(found: dict[str, Metric]) -> None:
    """Raise CatalogueError where two metrics claim one cue, or a counterpart is no metric."""
    claimed: dict[tuple, Metric] = {}
    for metric in found.values():
        if metric.counterpart and metric.counterpart not in found:
            known = nearest(metric.counterpart, found) or "none"
            raise CatalogueError(f"{metric.where}: no counterpart {metric.counterpart!r}. Nearest: {known}")
        for part in (metric.derived.of, metric.derived.over) if metric.derived else ():
            if part not in found and part != DAYS:
                known = nearest(part, found) or "none"
                raise CatalogueError(f"{metric.where}: derived from {part!r}, which is no metric. Nearest: {known}")
        for claim in (claim for cue in metric.cues for claim in _claims(cue, metric)):
            if (other := claimed.setdefault(claim, metric)) is not metric:
                advice = f"({other.where}) too; make one more specific"
                raise CatalogueError(f"{metric.where}: the cue {claim[0]!r} is claimed by {other.id} {advice}")


_OPENING = re.compile(r"\s*\[\s*([^\[\]]*?)\s*\]")


def _lines(text: str) -> dict[str, int]:
    """Return the line on which each metric of a file is opened; all are found at once, for there are hundreds."""
    openings = ((_OPENING.match(line), number) for number, line in enumerate(text.split("\n"), 1))
    return {opening[1]: number for opening, number in openings if opening}


LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # only ASCII: str.lower would turn Ⅲ into ⅲ
TEXTS = ("zh", "en", "unit", "better", "counterpart", "source")
OPTIONAL = ("counterpart", "source")
LISTS = {"cues", "not", "counted", "stats", "scopes"}
KEYS = {*TEXTS, *LISTS, "range", "derived"}
DAYS = "days"  # of the period, as a denominator


def _metric(identity: str, domain: str, entry: dict, where: str) -> Metric:
    _refuse_entry(entry, where)
    low, high = _range(entry, where)
    refused = entry.get("not", [])
    # What has no good direction is not praised for years in a row.
    stats = entry.get("stats", STATS if entry["better"] != "none" else STATS[:3])
    try:
        return Metric(
            id=identity,
            domain=domain,
            **{key: entry.get(key, "") for key in TEXTS},
            low=low,
            high=high,
            cues=tuple(read_cue(cue) for cue in entry.get("cues", [])),
            excluded=tuple(way for word in refused if not word.startswith("@") for way in spellings(word)),
            elsewhere=tuple(way for word in refused if word.startswith("@") for way in spellings(word[1:])),
            counted=_ways(entry.get("counted", counted()[entry["unit"]])),
            stats=frozenset(stats),
            scopes=(*entry.get("scopes", []), *(("kind",) if _trait(domain, "kinds") else ())),
            derived=_derived(entry, where),
            where=where,
            shared=_trait(domain, "shared"),
            standing=_trait(domain, "standing"),
        )
    except CatalogueError as error:
        raise CatalogueError(f"{where}: {error}") from error


def _ways(texts: Iterable[str]) -> frozenset[str]:
    """Return units as written with those that say 'each time' beside them: 件 is written 件(次) too."""
    return frozenset(way for text in texts for way in (text, f"{text}(次)"))


def _trait(domain: str, name: str) -> bool:
    """Tell whether `domains.csv` gives a domain a trait; one that it does not list has none."""
    return any(row[name] == "yes" for row in tables.rows("domains.csv") if row["domain"] == domain)


def _refuse_entry(entry: dict, where: str) -> None:
    """Raise CatalogueError for a key that is unknown or missing, or whose value cannot be right."""
    for key in entry:
        if key not in KEYS:
            raise CatalogueError(f"{where}: unknown key {key!r}. Nearest: {nearest(key, KEYS) or 'none'}")
    for key in LISTS & entry.keys():
        if not isinstance(entry[key], list) or not all(isinstance(word, str) for word in entry[key]):
            raise CatalogueError(f'{where}: {key!r} must be a list of texts, such as {key} = ["…", "…"]')
    for key in TEXTS:
        if not isinstance(entry.get(key, "" if key in OPTIONAL else None), str):
            raise CatalogueError(f"{where}: {key!r} is missing or not text")
    if entry["better"] not in BETTER:
        raise CatalogueError(f"{where}: better = {entry['better']!r} is none of {', '.join(BETTER)}")
    if strange := set(entry.get("stats", [])) - set(STATS):
        raise CatalogueError(f"{where}: stats {sorted(strange)} are none of {', '.join(STATS)}")
    units, advice = counted(), "see units.csv and counted.csv"
    if entry["unit"] not in units:
        near = nearest(entry["unit"], units) or "none"
        raise CatalogueError(f"{where}: no written unit converts to {entry['unit']!r}. Nearest: {near}; {advice}")
    written = frozenset().union(*units.values())
    for word in entry.get("counted", []):
        if word not in written:
            near = nearest(word, written) or "none"
            raise CatalogueError(f"{where}: counted {word!r} is no unit as written. Nearest: {near}; {advice}")


def _range(entry: dict, where: str) -> tuple[float, float]:
    limits = entry.get("range", [float("-inf"), float("inf")])
    if isinstance(limits, list) and len(limits) == 2 and all(type(limit) in (int, float) for limit in limits):
        if limits[0] < limits[1]:
            return float(limits[0]), float(limits[1])
    raise CatalogueError(
        f"{where}: 'range' must be the lowest and the highest plausible value, such as range = [0, 100]"
    )


def _derived(entry: dict, where: str) -> Derived | None:
    """Return how a metric follows from others, None where the entry does not say."""
    said = entry.get("derived")
    if said is None:
        return None
    kinds: dict[str, Any] = {"of": str, "over": str, "times": (int, float), "decimals": int}
    if not isinstance(said, dict) or set(said) != set(kinds) or not all(isinstance(said[k], kinds[k]) for k in kinds):
        advice = 'derived = { of = "air.good_days", over = "days", times = 100, decimals = 1 }'
        raise CatalogueError(f"{where}: 'derived' must be written like {advice}")
    return Derived(said["of"], said["over"], float(said["times"]), said["decimals"])


def _claims(cue: Cue, metric: Metric) -> list[tuple]:
    """Every way of writing a cue, with what else must agree before two metrics could both claim a number."""
    words = [*cue.before, ("#",), *cue.after] if cue.before or cue.after else list(cue.free)
    topics = tuple(sorted(cue.topics))
    return [(" ".join(chosen), topics, metric.unit, metric.stats) for chosen in product(*words)]


def table() -> pd.DataFrame:
    """Return the table `metrics`: one row a metric, without the cues."""
    names = ["id", "domain", "zh", "en", "unit", "better", "low", "high", "source"]
    rows = [[getattr(metric, name) for name in names] for metric in metrics().values()]
    return pd.DataFrame(rows, columns=["metric", *names[1:]])
