"""Reading only what is new, and tables that do not depend on how they came about."""

import hashlib
import os
import shutil
import signal
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from filelock import FileLock, Timeout

from ecoanalysis import extracting, tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.tables import across, batches, parsing, parts, schema, store, workers, writing

SAMPLES = Path(__file__).parents[1] / "data" / "raw"
TEXT = "{city}生态环境局2024年工作总结\n2024年，全市优良天数比率9{number}.5%，PM2.5平均浓度2{number}微克/立方米。\n"
forked = pytest.mark.skipif(not workers.FORKS, reason="what a test puts in a report's place, only a fork takes over")


@pytest.fixture
def cities(project: Path) -> Path:
    """A project of five reports that was parsed."""
    for number, city in enumerate(["云浮市", "赣州市", "海口市", "商洛市", "信阳市"]):
        text = TEXT.format(city=city, number=number)
        (project / "data" / "raw" / f"{'abcde'[number]}.txt").write_text(text, encoding="utf-8")
    tables.update()
    return project


def hashes(folder: Path) -> dict[str, str]:
    """What every file of the tables holds, the parts apart."""
    files = [file for file in folder.rglob("*") if file.is_file() and ".parts" not in file.parts]
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def fail_on_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every report that is read from now on fail."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError("it was read")

    monkeypatch.setattr(extracting, "tables", fails)
    monkeypatch.setattr(batches.workers, "FORKS", False)  # the knowledge is not loaded by reading, which fails
    monkeypatch.setattr(workers, "_start", no_process)


def no_process(*_: object) -> None:
    raise workers._NoProcess


def read_again() -> set[str]:
    problems = tables.parse().problems
    return set(problems.loc[problems["code"] == "internal", "report"])


def test_what_did_not_change_is_not_read_again(cities: Path, monkeypatch: pytest.MonkeyPatch):
    before = hashes(cities / "data" / "processed")
    fail_on_reading(monkeypatch)
    assert not read_again()
    shutil.rmtree(cities / "data" / "processed" / ".parts" / "nothing", ignore_errors=True)
    assert hashes(cities / "data" / "processed") == before


def test_tables_may_be_looked_at_before_they_are_written_and_are_left_where_nothing_changed(
    cities: Path, monkeypatch: pytest.MonkeyPatch
):
    processed = cities / "data" / "processed"
    before, same = hashes(processed), tables.load(processed).facts
    (processed / "facts.csv").unlink()
    found, write = tables.prepared(None, processed)
    assert found.facts.equals(same) and not (processed / "facts.csv").exists()
    write()
    assert hashes(processed) == before
    monkeypatch.setattr(parsing, "_assemble", None)
    found, write = tables.prepared(None, processed)
    write()
    assert found.facts.equals(same) and hashes(processed) == before


CORRECTION = "report,quote,field,was,should_be,who,why\nd,PM2.5平均浓度23微克/立方米,value,23,24,王工,手误\n"


@pytest.mark.parametrize(
    ("file", "content", "again"),
    [
        ("data/raw/b.txt", "赣州市生态环境局2024年工作总结\n2024年，优良天数比率91.5%。\n", {"b"}),
        ("data/raw/c.toml", "year = 2023\n", {"c"}),
        ("data/raw/f.txt", "赣州市生态环境局2024年工作总结\n2024年，优良天数比率91.5%。\n", {"f"}),
        ("data/corrections.csv", CORRECTION, {"d"}),
    ],
)
def test_only_what_changed_is_read_again(
    cities: Path, monkeypatch: pytest.MonkeyPatch, file: str, content: str, again: set[str]
):
    fail_on_reading(monkeypatch)
    (cities / file).write_text(content, encoding="utf-8")
    if "corrections" in file:  # which fits no fact of a report that failed, and had fitted before
        monkeypatch.setattr(parsing.corrections, "refuse", lambda *_: None)
    assert read_again() == again
    assert read_again() == again, "what failed is tried again, and nothing else is"


def test_all_are_read_again_when_asked_for_or_read_by_other_knowledge(cities: Path, monkeypatch: pytest.MonkeyPatch):
    fail_on_reading(monkeypatch)
    (cities / "data" / "reading_weights.toml").write_bytes(
        (Path(parts.__file__).parents[1] / "knowledge" / "reading_weights.toml").read_bytes()
    )
    assert not read_again(), "the same weights"
    assert set(tables.parse(force=True).problems["report"]) == set("abcde")
    monkeypatch.setattr(parts, "_code", lambda: "other code")
    assert read_again() == set("abcde")


def test_own_metrics_are_part_of_what_is_known(cities: Path):
    from tests.conftest import forget_the_catalogue

    before = parts.state()
    (cities / "metrics" / "own.toml").write_text(
        '[my.visits]\nzh = "走访"\nen = "Visits"\nunit = "time"\nbetter = "none"\ncues = ["走访"]\nsource = "own"\n',
        encoding="utf-8",
    )
    forget_the_catalogue()
    assert parts.state() != before


def test_the_tables_do_not_depend_on_how_they_came_about(cities: Path, monkeypatch: pytest.MonkeyPatch):
    folder = cities / "data" / "processed"
    extra = cities / "data" / "raw" / "bb.txt"
    extra.write_text(TEXT.format(city="广州市", number=7), encoding="utf-8")
    tables.update()  # one report more than is kept
    incremental = hashes(folder)
    tables.update(processed=cities / "cold")
    assert hashes(cities / "cold") == incremental
    shutil.rmtree(folder / ".parts")
    monkeypatch.setattr(workers, "MOST", 1)
    tables.update()
    assert hashes(folder) == incremental
    monkeypatch.setattr(batches, "_MOST", 1)
    monkeypatch.setattr(workers, "_start", no_process)
    tables.update(force=True)
    assert hashes(folder) == incremental
    extra.unlink()
    tables.update()
    assert tables.load().reports["report"].tolist() == list("abcde")


def test_damaged_parts_and_tables_heal(cities: Path):
    folder = cities / "data" / "processed"
    whole = hashes(folder)
    for part in folder.glob(".parts/*/*.parquet"):
        part.write_bytes(b"PAR1 no more")
    (folder / "facts.parquet").write_bytes(b"")
    tables.update()
    assert hashes(folder) == whole
    (folder / ".parts" / "of another version").mkdir()
    (cities / "data" / "raw" / "a.txt").unlink()
    tables.update()
    assert len(list((folder / ".parts").iterdir())) == 2, "the parts of this version and what the last run was"


@forked
def test_a_worker_that_is_killed_costs_nothing(cities: Path, monkeypatch: pytest.MonkeyPatch):
    whole = hashes(cities / "data" / "processed")
    real, mark = extracting.tables, cities / "killed"

    def killed_once(report, *told):
        if report.report == "b" and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(report, *told)

    monkeypatch.setattr(extracting, "tables", killed_once)
    tables.update(force=True)
    assert mark.exists() and hashes(cities / "data" / "processed") == whole


def doubled(found: tables.Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts of some samples and once more of reports that say otherwise, a rank that cannot be; all are sure."""
    facts = found.facts[found.facts["report"].isin(found.reports["report"][::12])]
    others = facts.assign(report=facts["report"] + "-again", value=facts["value"] * 1.3 + 1)
    level = found.facts.query("report == 'ganzhou-2024' and metric == 'air.pm25' and stat == 'level'").head(1)
    rival = level.assign(report="yunfu-2024", about_city="吉安市", about_adcode="360800", value=level["value"] / 2)
    rank = level.assign(stat="rank", value=1.0, unit="rank", basis="全省")
    reports = pd.concat([found.reports, found.reports.assign(report=found.reports["report"] + "-again")])
    more = [one.assign(scope="全市", scope_class="whole") for one in (level, rank, rival)]
    return pd.concat([facts, others, *more], ignore_index=True).assign(confidence=1.0, doubt=""), reports


def test_many_facts_are_held_together_as_few_are(
    sample_tables: tables.Tables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    facts, reports = doubled(sample_tables)
    found = []
    for at_once in (1_000_000, 50):
        monkeypatch.setattr(across, "AT_ONCE", at_once)
        held = across.Across(len(facts), tmp_path)
        for name in ("", "-again"):
            own = reports["report"].str.endswith("-again") == bool(name)
            ours = facts["report"].isin(reports.loc[own, "report"])
            held.add(
                parts.arrow(schema.conform(facts[ours], "facts"), "facts"),
                parts.arrow(schema.conform(reports[own], "reports"), "reports"),
            )
        found.append(held.problems())
    assert found[0] == found[1] and list(tmp_path.glob("*.arrow"))
    assert {problem.code for problem in found[0]} >= {"contradiction", "rank_differs"}


def test_many_facts_lie_by_year(sample_tables: tables.Tables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    tables.write(sample_tables, tmp_path / "few")
    monkeypatch.setattr(writing, "MANY", 1)
    monkeypatch.setattr(writing, "_GROUP_OF_YEAR", 7)
    tables.write(sample_tables, tmp_path / "many")
    many = tables.load(tmp_path / "many")
    years = writing.years_of(sample_tables.facts, sample_tables.reports)
    by_year = sample_tables.facts.loc[years.sort_values(kind="stable").index].reset_index(drop=True)
    pd.testing.assert_frame_equal(many.facts, by_year)
    assert not (tmp_path / "many" / "facts.csv").exists()
    some = {}
    for name in ("few", "many"):
        some[name] = tables.load(tmp_path / name, years=[2023], columns=["metric", "value"])
        assert not len(some[name].texts) and len(some[name].reports)
    pd.testing.assert_frame_equal(some["few"].facts, some["many"].facts)
    assert len(some["many"].facts) == (years == 2023).sum()
    tables.write(sample_tables.__class__(**{n: getattr(sample_tables, n) for n in schema.TABLES}), tmp_path / "many")
    next((tmp_path / "many" / "facts").rglob("*.parquet")).unlink()
    with pytest.raises(RequestError, match=r"facts\.parquet is missing or not of the last run"):
        tables.load(tmp_path / "many", columns=["value"])
    monkeypatch.undo()
    tables.write(sample_tables, tmp_path / "many")
    assert hashes(tmp_path / "many") == hashes(tmp_path / "few"), "what was by year is gone"


def test_an_unknown_column_is_refused(cities: Path):
    with pytest.raises(RequestError, match=r"facts have no column 'valu'\. Nearest: value"):
        tables.load(columns=["valu"])


@pytest.mark.parametrize("address", ["memory://scale/tables", "file://{}/elsewhere"])
def test_the_tables_may_lie_at_any_address(cities: Path, address: str):
    where = address.format(cities)
    assert CliRunner().invoke(main, ["parse", "--processed", where]).exit_code == 0
    place, local = store.Place(where), store.Place(cities / "data" / "processed")
    for name in ("facts.parquet", "facts.csv", "datapackage.json"):
        assert place.files.cat_file(place / name) == local.files.cat_file(local / name)
    pd.testing.assert_frame_equal(tables.load(where).facts, tables.load().facts)
    assert "facts: 10" in CliRunner().invoke(main, ["parse", "--processed", where]).output


def test_a_scheduler_that_is_not_there_is_said(cities: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batches, "_WAIT", 1)
    (cities / "data" / "raw" / "a.txt").write_text(TEXT.format(city="广州市", number=7), encoding="utf-8")
    result = CliRunner().invoke(main, ["parse", "--on", "tcp://127.0.0.1:9"])
    assert result.exit_code == 2 and "no Dask scheduler with workers at tcp://127.0.0.1:9" in result.stderr


@pytest.mark.slow
def test_dask_gives_the_same_bytes_though_a_worker_is_killed(project: Path, monkeypatch: pytest.MonkeyPatch):
    from distributed import LocalCluster

    for file in sorted(SAMPLES.glob("*.txt"))[:20]:
        shutil.copy(file, project / "data" / "raw" / file.name)
    monkeypatch.setattr(batches, "_MOST", 3)  # so that there are several
    tables.update()
    real, killed = batches._done, []

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:

        def done(*given):
            if not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)
            yield from real(*given)

        monkeypatch.setattr(batches, "_done", done)
        tables.update(processed=project / "dask", on=cluster.scheduler_address)
    assert killed and hashes(project / "dask") == hashes(project / "data" / "processed")


def change(project: Path, file: str, content: str | bytes) -> None:
    target = project / "data" / "raw" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)


ROWS = "城市,年份,正文\n云浮市,2024,PM2.5平均浓度20微克/立方米。\n赣州市,2024,PM2.5平均浓度{}微克/立方米。\n"


def test_what_changed_in_a_corpus_is_read_again_alone(cities: Path, monkeypatch: pytest.MonkeyPatch):
    for number, city in enumerate(["云浮市", "赣州市", "海口市"]):
        change(cities, f"2024/{city}.txt", TEXT.format(city=city, number=number + 5))
    change(cities, "texts.csv", ROWS.format(30))
    tables.update()
    with zipfile.ZipFile(cities / "more.zip", "w") as archive:
        for name in "甲乙":
            archive.writestr(f"{name}.txt", TEXT.format(city="广州市", number=9))
    packed = (cities / "more.zip").read_bytes()
    fail_on_reading(monkeypatch)
    assert not read_again()
    again = set()
    for file, content, names in [
        ("texts.csv", ROWS.format(31), {"赣州市-2024"}),
        ("manifest.csv", "file,year\nb.txt,2022\n", {"b"}),
        ("manifest.csv", "file,year\nb.txt,2022\n2024/海口市.txt,2022\n", {"2024/海口市"}),
        ("2024/云浮市.txt", TEXT.format(city="云浮市", number=8), {"2024/云浮市"}),
        ("2024/赣州市.toml", "year = 2023\n", {"2024/赣州市"}),
        ("2024/more.zip", packed, {"2024/more/甲", "2024/more/乙"}),
    ]:
        change(cities, file, content)
        again |= names  # what failed is tried again
        assert read_again() == again, file


def test_what_is_amiss_before_reading_is_in_tables_that_have_nothing_new(cities: Path):
    def amiss() -> list[str]:
        return tables.load().problems.query("code == 'manifest_unused'")["report"].tolist()

    for name in ("z.txt", "y.txt"):
        change(cities, "manifest.csv", f"file,year\n{name},2022\n")
        tables.update()
        assert amiss() == [name]
    (cities / "data" / "raw" / "manifest.csv").unlink()
    tables.update()
    assert amiss() == []


def test_a_correction_reaches_what_lies_deep(cities: Path):
    with zipfile.ZipFile(cities / "more.zip", "w") as archive:
        archive.writestr("甲.txt", TEXT.format(city="广州市", number=6))
    change(cities, "2024/more.zip", (cities / "more.zip").read_bytes())
    tables.update()
    (cities / "data" / "corrections.csv").write_text(
        CORRECTION.replace("\nd,", "\n2024/more/甲,").replace("23", "26").replace("24,王", "27,王"), encoding="utf-8"
    )
    facts = tables.parse().facts
    assert facts.query("report == '2024/more/甲' and metric == 'air.pm25'")["value"].tolist() == [27.0]


def test_who_writes_to_a_folder_of_tables_is_alone(cities: Path, monkeypatch: pytest.MonkeyPatch):
    """From what is kept being looked up to what is not used being removed, nobody else may write there."""
    steps, lock = [], FileLock(cities / "data" / "processed" / ".lock")

    def watched(home: object, name: str) -> None:
        real = getattr(home, name)

        def step(*given):
            with pytest.raises(Timeout):
                lock.acquire(timeout=0)
            steps.append(name)
            return real(*given)

        monkeypatch.setattr(home, name, step)

    watched(batches.Kept, "known")
    watched(parsing, "deliver")
    watched(store, "deliver")
    watched(batches.Kept, "clean")
    change(cities, "a.txt", TEXT.format(city="广州市", number=7))
    tables.update()
    (cities / "data" / "processed" / "facts.csv").unlink()
    _, write = tables.prepared(None, cities / "data" / "processed")
    write()
    assert steps == ["known", "deliver", "clean", "known", "clean", "deliver"]
    lock.acquire(timeout=0).lock.release()
