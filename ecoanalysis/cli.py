"""The command line: arguments and calls, nothing else.

Exit status: 0 all well, 1 something failed (the rest was still done), 2 the request was wrong (nothing was done).
Every import of weight stands inside the command that needs it, so that help appears at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecoanalysis.errors import EcoanalysisError, RequestError

if TYPE_CHECKING:
    from ecoanalysis.tables import Tables

_FOLDER = click.Path(file_okay=False, path_type=Path)
_raw = click.option("--raw", type=_FOLDER, help="Folder of reports, by default data/raw.")
_processed = click.option("--processed", type=_FOLDER, help="Folder of the tables, by default data/processed.")
_samples = click.option("--samples", is_flag=True, help="Keep the samples beside reports of your own.")


class _Refusal(click.ClickException):
    """What was asked for makes no sense: exit status 2."""

    exit_code = 2


class _Commands(click.Group):
    """Commands whose refusals are one plain message on standard error."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RequestError as error:
            raise _Refusal(str(error)) from error
        except (EcoanalysisError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ecoanalysis")
def main() -> None:
    """Read work reports of bureaus of ecology and environment into tables, and compare the cities."""


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_raw
@_processed
@_samples
def parse(files: tuple[Path, ...], raw: Path | None, processed: Path | None, samples: bool) -> None:
    """Read reports into tables: a whole folder, or FILES."""
    from ecoanalysis import tables

    if files and raw:
        raise RequestError("name either a folder with --raw or files, not both")
    sys.exit(_summary(tables.parse(files or raw, processed, samples=samples)))


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-p", "parameters", nargs=2, multiple=True, metavar="KEY VALUE", help="Set a parameter of the notebooks.")
@click.option("--cities", help="Cities to show, with commas between; by default all.")
@click.option("--year", type=int, help="The year that the reports speak of.")
@_raw
@_processed
@click.option("--figures", type=_FOLDER, help="Folder to export to, by default figures.")
@_samples
def report(
    names: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    cities: str | None,
    year: int | None,
    raw: Path | None,
    processed: Path | None,
    figures: Path | None,
    samples: bool,
) -> None:
    """Read reports, run notebooks, export figures.

    Runs all the notebooks, or those that NAME names.
    """
    from ecoanalysis import paths, reporting, tables

    given: dict[str, Any] = dict(parameters)
    if cities is not None:
        given["cities"] = cities
    if year is not None:
        given["year"] = year
    found = tables.gather(raw, samples=samples)
    status = _summary(found)
    reporting.check(list(names), given, found)
    tables.write(found, processed)
    for result in reporting.run(list(names), given, processed=processed, figures=figures):
        click.echo(f"{result.name}: {paths.shown(result.folder) if result.ok else result.message}", err=not result.ok)
        status = status if result.ok else 1
    sys.exit(status)


@main.command()
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@_processed
def check(strict: bool, processed: Path | None) -> None:
    """List what is amiss, worst first; status 1 if a report was left out."""
    from ecoanalysis import tables

    problems = tables.load(processed).problems
    for row in problems.fillna({"start": -1}).itertuples():
        place = f", from character {row.start}" if row.start >= 0 else ""
        click.echo(f"{row.severity}: {row.report}{place}: {row.message} [{row.code}]")
    failing = problems["severity"].isin(["error", "warning"] if strict else ["error"])
    click.echo(f"problems: {_counted(problems['severity'].tolist())}")
    sys.exit(int(failing.any()))


@main.command()
@click.argument("text")
def explain(text: str) -> None:
    """Show which rule reads what in TEXT, or why none does."""
    from ecoanalysis import extracting

    for row in extracting.explain(text).astype(str).itertuples():
        measured = row.metric, row.stat, row.bound, row.value, row.unit, row.period, row.scope, row.basis, row.status
        click.echo(f"{row.number} ({row.kind}): {' '.join(filter(None, measured)) or 'no fact'}; {row.why}")


@main.command()
def metrics() -> None:
    """List the known metrics."""
    from ecoanalysis.knowledge import catalogue

    known = catalogue.table()
    for row in known.itertuples():
        click.echo(f"{row.metric:<40} {row.unit:<8} {row.better:<6} {row.zh}  {row.en}")
    click.echo(f"{len(known)} metrics")


def _summary(tables: "Tables") -> int:
    """Say what was read, and return the exit status: 1 if a report had to be left out."""
    severities = tables.problems["severity"].tolist()
    advice = " (`ecoanalysis check` lists them)" if severities else ""
    click.echo(f"reports: {len(tables.reports)}, facts: {len(tables.facts)}, problems: {_counted(severities)}{advice}")
    if left_out := int((tables.problems["code"] == "sample_left_out").sum()):
        click.echo(f"samples left out beside reports of your own: {left_out} (--samples keeps them)")
    for row in tables.problems[tables.problems["severity"] == "error"].itertuples():
        click.echo(f"error: {row.report}: {row.message}", err=True)
    return int("error" in severities)


def _counted(severities: list[str]) -> str:
    counts = {name: severities.count(name) for name in ("error", "warning", "note")}
    said = ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items() if count)
    return said or "none"
