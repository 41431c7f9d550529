"""The commands about what is read in a sentence and how well: explain, score, train, metrics, codebook.

`cli.py` adds them to the others; exit statuses are the same.
"""

import sys
from pathlib import Path

import click

from ecoanalysis.cli_places import FILE, FOLDER, OUTPUT


@click.command()
@click.argument("text")
@click.option("--candidates", is_flag=True, help="Show all that each number could be, and what speaks for it.")
def explain(text: str, candidates: bool) -> None:
    """Show what is read in TEXT and how surely, or why nothing is."""
    from ecoanalysis import extracting
    from ecoanalysis.knowledge.doubts import doubt_text

    if candidates:
        for (_, decision), rows in extracting.weigh(text).groupby(["start", "decision"], sort=False):
            click.echo(f"{rows['number'].iloc[0]}, {decision}:")
            for row in rows.itertuples():
                mark = "*" if row.chosen else " "
                parts = filter(None, (row.candidate, row.origin and f"[{row.origin}]", row.reasons))
                click.echo(f" {mark}{row.share:>7.1%}  {' '.join(parts)}")
        return
    for row in extracting.explain(text).astype(str).itertuples():
        measured = row.metric, row.stat, row.bound, row.value, row.unit, row.period, row.scope, row.basis, row.status
        sure = row.confidence and f"confidence {row.confidence}"
        doubt = row.doubt and f"in doubt: {doubt_text(row.doubt, 'en')}"
        second = row.runner_up and f"second best: {row.runner_up.replace('none', 'no fact')}"
        left = row.left_over and f"not explained: {row.left_over}"
        said = "; ".join(filter(None, (row.why, sure, doubt, second, left)))
        click.echo(f"{row.number} ({row.kind}): {' '.join(filter(None, measured)) or 'no fact'}; {said}")


@click.command()
@click.argument("gold", type=FILE)
@click.option("--facts", type=FILE, help="Table of facts to score, by default that of data/processed.")
@click.option("--quantities", type=FILE, help="Table of all numbers that a person found: are they found too?")
@click.option("--places", type=FILE, help="Table of whose report each is, and of which year: is it read so?")
@click.option("--errors", is_flag=True, help="List what was missed, invented or read otherwise, with its quote.")
def score(gold: Path, facts: Path | None, quantities: Path | None, places: Path | None, errors: bool) -> None:
    """Score what was read against GOLD, a table of what a person read."""
    from ecoanalysis import tables
    from ecoanalysis.extracting import measures, scoring
    from ecoanalysis.tables import gold as golds
    from ecoanalysis.tables import handwritten

    wanted, found = golds.read(gold), golds.facts(facts)
    handwritten.refuse("the gold table names metrics that are not known", golds.unknown_metrics(wanted))
    for line in golds.oddities(wanted, found):
        click.echo(line, err=True)
    judged = golds.judged(found, wanted)
    result = scoring.score(judged, wanted)
    lines = [*golds.score(result)]
    lines += golds.worth(judged, wanted, measures.names_of(found if facts else tables.load().reports))
    if quantities:
        lines += golds.numbers(tables.load().quantities, quantities)
    if places:
        lines += golds.places(tables.load().reports, places, errors)
    click.echo("\n".join(lines))
    for row in result.errors().itertuples() if errors else ():
        said = f": meant {row.meant or 'nothing'}, read {row.read or 'nothing'}" if row.error in result.wrong else ""
        click.echo(f"{row.error}: {row.report} {row.metric} {row.stat} {row.value} {row.unit}{said}: {row.quote}")


@click.command()
@click.argument("gold", type=FILE)
@click.option("--text", required=True, type=FOLDER, help="Folder with a text for each report of GOLD.")
@click.option("-o", "--output", type=OUTPUT, help="File to write, whatever was gained.")
def train(gold: Path, text: Path, output: Path | None) -> None:
    """Learn weights of the reading from GOLD, a table of what a person read.

    They are written to data/reading_weights.toml if they read better than those that are shipped; status 1 if not.
    """
    from ecoanalysis.tables import learning

    gain = learning.train(gold, text, output)
    if gain.unlabelled:
        click.echo(f"left out, for GOLD has no row of them: {', '.join(gain.unlabelled)}", err=True)
    click.echo("\n".join(learning.gain(gain)))
    sys.exit(int(gain.file is None))


@click.group(invoke_without_command=True)
@click.pass_context
def metrics(ctx: click.Context) -> None:
    """List the known metrics, or try one."""
    from ecoanalysis.knowledge import catalogue

    if ctx.invoked_subcommand is None:
        known = catalogue.table()
        for row in known.itertuples():
            click.echo(f"{row.metric:<40} {row.unit:<8} {row.better:<6} {row.zh}  {row.en}")
        click.echo(f"{len(known)} metrics")


@metrics.command("try")
@click.argument("text")
@click.option("--metric", required=True, help="The metric to try, such as air.pm25 or one of your own.")
@click.option("--raw", type=FOLDER, help="Folder of reports, by default data/raw.")
def try_metric(text: str, metric: str, raw: Path | None) -> None:
    """Show what a metric reads in TEXT and in all the reports of data/raw."""
    from ecoanalysis.tables import metric_trial

    lines, unread = metric_trial.attempt(metric, text, raw)
    click.echo("\n".join(lines))
    for line in unread:
        click.echo(line, err=True)


@click.command()
def codebook() -> None:
    """Print what is known of every metric as a page in Markdown."""
    from ecoanalysis.knowledge import codebook

    click.echo(codebook.page(), nl=False)
