"""The commands about runs: what changed between two of them, and making them on a schedule.

`cli.py` adds them to the others; exit statuses are the same.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecoanalysis.cli_places import FOLDER

if TYPE_CHECKING:
    from ecoanalysis.reporting import Result


@click.command()
@click.argument("older", default="")
@click.argument("newer", default="")
@click.option("--figures", type=FOLDER, help="Folder that the runs are in, by default figures.")
def changes(older: str, newer: str, figures: Path | None) -> None:
    """Say what changed between two runs, by default the last two: facts with both sentences, and ranks.

    OLDER and NEWER are the names of their folders in figures/runs, or latest.
    """
    from ecoanalysis.reporting import changes as changing

    found = changing.of_runs(older, newer, figures)
    for change, place, metric, terms, before, now, quote_before, quote_now in found.table("en").to_numpy():
        click.echo(f"{change}: {place}, {metric} ({terms}): {' → '.join(filter(None, (before, now)))}")
        _quotes(quote_before, quote_now)
    for place, metric, rank_before, rank_now, before, now, quote_before, quote_now in found.moves("en").to_numpy():
        click.echo(f"rank: {place}, {metric}: {rank_before} → {rank_now} ({before} → {now})")
        _quotes(quote_before, quote_now)
    counts = ", ".join(f"{count} {name}" for name, count in found.counts().items())
    click.echo(f"from {found.before} to {found.now}: {counts}")


def _quotes(before: str, now: str) -> None:
    for name, quote in (("before", before), ("now", now)):
        if quote:
            click.echo(f"  {name}: {quote}")


# What follows the time belongs to `ecoanalysis report`.
@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("how", type=click.Choice(["cron", "systemd", "run"]))
@click.argument("when", default="0 7 * * 1")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def schedule(how: str, when: str, arguments: tuple[str, ...]) -> None:
    """Make the report on a schedule: WHEN is as cron has it, by default Mondays at 7.

    cron prints a line for `crontab -e`, systemd a service and a timer for ~/.config/systemd/user, and run waits and makes
    the report until it is ended with Ctrl-C. ARGUMENTS go to `ecoanalysis report`, such as --keep 10.
    """
    from ecoanalysis.reporting import schedule as scheduling

    if how == "cron":
        click.echo(scheduling.cron(when, arguments), nl=False)
    elif how == "systemd":
        for name, text in scheduling.systemd(when, arguments).items():
            click.echo(f"# ~/.config/systemd/user/{name}\n{text}")
        click.echo("# then: systemctl --user daemon-reload && systemctl --user enable --now ecoanalysis.timer")
    else:
        waiting = scheduling.scheduler(when, arguments)
        click.echo(f"the report is made at {when}; end this with Ctrl-C", err=True)
        waiting.start()


def told(results: "list[Result]", figures: Path) -> list[str]:
    """Say what a run made, and return what it said of notebooks that failed."""
    from ecoanalysis import paths

    latest = f"{paths.shown(figures)}/latest/index.html"
    failed = [f"{result.name}: {result.message}" for result in results if not result.ok]
    for result in results:
        if not result.ok:
            click.echo(f"{result.name}: {result.message}", err=True)
        elif not result.carried:
            click.echo(f"{result.name}: {paths.shown(result.folder)}")
    carried = sum(result.carried for result in results)
    if carried == len(results):
        click.echo(f"nothing new; all of it is in {latest} (--force makes it again)")
    elif failed:
        click.echo(f"{latest} stays as it was")
    else:
        click.echo(f"all of it is in {latest}" + f"; {carried} were unchanged" * bool(carried))
    return failed
