"""The command line: arguments and calls, nothing else.

Exit status: 0 all well, 1 something failed (the rest was still done), 2 the request was wrong (nothing was done).
Every import of weight stands inside the command that needs it, so that help appears at once.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecoanalysis import cli_reading, cli_runs
from ecoanalysis.cli_places import FILE, FOLDER, OUTPUT, Place, beside
from ecoanalysis.errors import CatalogueError, EcoanalysisError, RequestError

if TYPE_CHECKING:
    from ecoanalysis.tables import Tables

_raw = click.option("--raw", type=FOLDER, help="Folder of reports, by default data/raw.")
_processed = click.option("--processed", type=FOLDER, help="Folder of the tables, by default data/processed.")
_place = click.option("--processed", type=Place(), help="Folder or address of the tables, by default data/processed.")
_glob = click.option("--glob", default="", help="Only files whose names from the folder's top match, such as '2016/*'.")
_samples = click.option("--samples", is_flag=True, help="Keep the samples beside reports of your own.")
_output = click.option("-o", "--output", type=OUTPUT, help="File to write.")
_on = click.option("--on", default="", metavar="ADDRESS", help="Read on the workers of a Dask scheduler (tcp://…).")


class _Commands(click.Group):
    """Commands whose refusals are one plain message on standard error."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (RequestError, CatalogueError) as error:
            raise click.UsageError(str(error)) from error  # exit status 2
        except (EcoanalysisError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ecoanalysis")
def main() -> None:
    """Read work reports of bureaus of ecology and environment into tables, and compare the cities."""


@main.command()
@click.argument("files", nargs=-1, type=FILE)
@_raw
@_place
@_glob
@click.option("--text", default="", metavar="COLUMN", help="Column of a table that holds the texts.")
@click.option(
    "--column",
    "columns",
    nargs=2,
    multiple=True,
    metavar="FIELD COLUMN",
    help="Column that holds city, year, report ...",
)
@click.option("--encoding", default="", help="Encoding of a table in CSV, where it is guessed wrongly.")
@_samples
@click.option("--force", is_flag=True, help="Read all reports again, not only what changed.")
@_on
def parse(
    files: tuple[Path, ...],
    raw: Path | None,
    processed: Path | str | None,
    samples: bool,
    force: bool,
    on: str,
    **how: Any,
) -> None:
    """Read reports into tables: a whole folder, or FILES. What did not change since the last time is not read again.

    A table of texts (CSV, TSV, xlsx, JSON lines, Parquet) is a report a row; its columns are found by their usual names.
    """
    from ecoanalysis import tables

    if files and raw:
        raise RequestError("name either a folder with --raw or files, not both")
    if files and how["glob"]:
        raise RequestError("--glob chooses from a folder; name either files or a pattern")
    how["columns"] = dict(how["columns"])
    tables.update(files or raw, processed, samples=samples, force=force, on=on, **how)
    sys.exit(int(bool(_summary(tables.load(processed, columns=["report"])))))


@main.command()
@click.option("--force", is_flag=True, help="Replace a manifest that is there.")
@_output
@_raw
@_place
def manifest(force: bool, output: Path | None, raw: Path | None, processed: Path | str | None) -> None:
    """Write data/raw/manifest.csv from what was read: a row a report, with its place and year, to be corrected in Excel.

    What a row says overrules what is read; what was read in doubt is left empty for you to fill in.
    """
    from ecoanalysis import paths, tables
    from ecoanalysis.tables import manifest as writing

    file, rows, doubtful = writing.write(tables.load(processed).reports, raw, output, force)
    click.echo(f"{rows} reports, {doubtful} to be filled in: {paths.shown(file)}")


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-p", "parameters", nargs=2, multiple=True, metavar="KEY VALUE", help="Set a parameter of the notebooks.")
@click.option("--cities", help="Cities to show, with commas between; by default all.")
@click.option("--year", type=int, help="The year that the reports speak of.")
@click.option("--sure", type=float, help="The confidence, 0 to 1, from which values are ranked; by default 0.9.")
@_raw
@_processed
@click.option("--each-city", is_flag=True, help="Run a notebook about one city for every city, each in its own folder.")
@click.option("--figures", type=FOLDER, help="Folder to export to, by default figures.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="End a notebook that takes longer; by default 1800.",
)
@_samples
@click.option("--force", is_flag=True, help="Read every report and run every notebook, also where nothing changed.")
@_on
@click.option("--wait", is_flag=True, help="Wait for the end of another run instead of refusing.")
@click.option("--keep", type=click.IntRange(1), help="Keep only so many runs, the newest, and the last whole one.")
@click.option("--inbox", type=FOLDER, help="Move the complete files of this folder into data/raw first.")
@click.option("--notify", metavar="COMMAND", help="Run this where something failed, with what failed on its input.")
def report(
    names: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    raw: Path | None,
    processed: Path | None,
    each_city: bool,
    figures: Path | None,
    timeout: float | None,
    samples: bool,
    force: bool,
    on: str,
    wait: bool,
    keep: int | None,
    inbox: Path | None,
    notify: str | None,
    **shortcuts: Any,
) -> None:
    """Read what is new or changed, run notebooks, export figures.

    Runs all the notebooks, or those that NAME names, as far as something changed since they were run; figures/latest is
    the last run in which no notebook failed, also where a report could not be read.
    """
    from ecoanalysis import paths, reporting, tables
    from ecoanalysis.reporting.plan import plan

    # --cities, --year and --sure are parameters of the notebooks too.
    chosen = [(name, value) for name, value in shortcuts.items() if value is not None]
    given = reporting.together([*parameters, *chosen])
    target = figures or paths.figures()
    with ExitStack() as alone, reporting.on_failure(notify) as amiss:
        reporting.foresee(names, given, raw)
        if inbox or target.exists():  # a refused request leaves no folder behind
            alone.enter_context(reporting.alone(target, wait))
        for one in reporting.take(inbox, raw) if inbox else ():
            click.echo(f"{paths.shown(one.file)}: {f'left, for {one.why}' if one.why else 'taken from the inbox'}")
        found, write = tables.prepared(raw, processed or paths.processed(), samples=samples, force=force, on=on)
        amiss += _summary(found)
        plan(names, given, found, each_city=each_city)
        alone.enter_context(reporting.alone(target, wait))
        write()
        results = reporting.run(names, given, processed, figures, None, each_city, force, wait, keep or 0, timeout)
        amiss += cli_runs.told(results, target)
    sys.exit(int(bool(amiss)))


@main.command()
@click.option(
    "--apply",
    "filled",
    type=OUTPUT,
    help="Take a filled-in review back into data/corrections.csv.",
)
@click.option("--sure", type=float, default=0.9, show_default=True, help="List what was read with less confidence.")
@_output
@_place
def review(filled: Path | None, sure: float, output: Path | None, processed: Path | str | None) -> None:
    """List what is in doubt, worst for the charts first, in an Excel file to be filled in.

    It is data/processed/review.xlsx by default; docs/review.md says how to fill it in.
    """
    from ecoanalysis import paths, tables
    from ecoanalysis.tables import review as reviewing
    from ecoanalysis.tables import verdicts

    file = None if filled else beside(processed, output)
    found = tables.load(processed)
    if filled:
        counts = verdicts.apply(filled, found).items()
        click.echo(f"{', '.join(f'{name}: {count}' for name, count in counts)}; `ecoanalysis parse` uses them")
        return
    written, count = reviewing.write(found, file or (Path(processed, "review.xlsx") if processed else None), sure)
    click.echo(f"{count} readings to be checked: {paths.shown(written)}")


@main.command()
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@_place
def check(strict: bool, processed: Path | str | None) -> None:
    """List what is amiss, worst first; status 1 if a report was left out."""
    from ecoanalysis import tables

    problems = tables.load(processed, columns=["report"]).problems
    for row in problems.fillna({"start": -1}).itertuples():
        place = f", from character {row.start}" if row.start >= 0 else ""
        click.echo(f"{row.severity}: {row.report}{place}: {row.message} [{row.code}]")
    failing = problems["severity"].isin(["error", "warning"] if strict else ["error"])
    click.echo(f"problems: {_counted(problems['severity'].tolist())}")
    sys.exit(int(failing.any()))


@main.command()
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet", "xlsx", "dta"]), default="csv", show_default=True
)
@click.option("--wide", is_flag=True, help="One row a city and year, a column a metric.")
@click.option("--year", "years", type=int, multiple=True, help="Only this year; may be given several times.")
@click.option(
    "--sure", type=float, default=0.9, show_default=True, help="The confidence, 0 to 1, from which values compare."
)
@_output
@_place
def export(
    form: str, wide: bool, years: tuple[int, ...], sure: float, output: Path | None, processed: Path | str | None
) -> None:
    """Write the panel of cities and years for other programs, with a codebook.

    One row a place, year and metric, in data/processed/panel-long.csv by default.
    """
    from ecoanalysis import paths, tables
    from ecoanalysis.reporting import export as exporting

    file = beside(processed, output)
    done = exporting.write(tables.load(processed), form, wide, file, years, sure)
    click.echo(f"{done.rows} rows: {', '.join(paths.shown(file) for file in done.files)}")
    if done.differing:
        where = "left out of some years" if wide else "not one column in the wide form"
        click.echo(
            f"other scope, period or unit in some years (the codebook says which), so {where}: {', '.join(done.differing)}"
        )


for _command in (
    *(cli_runs.changes, cli_runs.schedule),
    *(cli_reading.explain, cli_reading.score, cli_reading.train, cli_reading.metrics, cli_reading.codebook),
):
    main.add_command(_command)


def _summary(tables: "Tables") -> list[str]:
    """Say what was read, and return what it said of reports that had to be left out."""
    from ecoanalysis import paths

    severities = tables.problems["severity"].tolist()
    advice = " (`ecoanalysis check` lists them)" if severities else ""
    click.echo(f"reports: {len(tables.reports)}, facts: {len(tables.facts)}, problems: {_counted(severities)}{advice}")
    if paths.weights().is_file():
        click.echo(f"read by the project's own weights: {paths.shown(paths.weights())}")
    if left_out := int((tables.problems["code"] == "sample_left_out").sum()):
        click.echo(f"samples left out beside reports of your own: {left_out} (--samples keeps them)")
    errors = tables.problems[tables.problems["severity"] == "error"]
    amiss = [f"error: {row.report}: {row.message}" for row in errors.itertuples()]
    for line in amiss:
        click.echo(line, err=True)
    return amiss


def _counted(severities: list[str]) -> str:
    counts = {name: severities.count(name) for name in ("error", "warning", "note")}
    said = ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items() if count)
    return said or "none"
