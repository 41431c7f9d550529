"""The front page of a run, index.html: its pages with their findings, what failed, and what is new since the run before.

In: a run that is being made and what it says of itself. Out: index.html, and in every page of the run a link that leads
back to it. Whatever comes from a report or a notebook stands there escaped.
"""

import re
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from lxml import html as lxml_html

from ecoanalysis.errors import EcoanalysisError
from ecoanalysis.reporting import changes, record
from ecoanalysis.reporting.record import Page, Record
from ecoanalysis.wording.names import joined
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.tables import problems

INDEX = "index.html"
_MOST = 200  # rows of a table of what is new; `ecoanalysis changes` has them all


def described(page: Page, run: Path, message: str) -> Page:
    """Return a page that was just made with its title, findings and hashes, having led it back to the front page.

    `message` is what went wrong, if anything; such a page has only its notebook.
    """
    folder, title, findings = run / page.folder, page.name, []
    file = folder / f"{page.name}.html"
    if file.is_file():
        _lead_back(file, "../" * (page.folder.count("/") + 1), page.parameters.get("language", "zh"))
        parsed = lxml_html.parse(str(file), lxml_html.HTMLParser(encoding="utf-8", huge_tree=True))
        title = parsed.findtext(".//title") or title
        findings = [" ".join(one.text_content().split()) for one in parsed.xpath("//p[@class='finding']")]
    files = {one.name: record.hash_of(one) for one in sorted(folder.iterdir()) if one.is_file()}
    state = "failed" if message else page.state
    return replace(page, state=state, why=message, title=title, findings=findings, files=files)


def _lead_back(file: Path, up: str, language: str) -> None:
    link = f'<p class="source"><a href="{up}{INDEX}">{escape(say("run.back", language))}</a></p>'
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"<body[^>]*>", lambda body: f"{body[0]}\n{link}", text, count=1), encoding="utf-8")


def write(run: Path, told: Record, others: Path) -> None:
    """Write the front page of a run that is being made; `others` is the folder of all runs."""
    language = told.language
    title = say("run.title", language, time=told.started[:16].replace("T", " "))
    counts = {state: sum(page.state == state for page in told.pages) for state in ("made", "carried", "failed")}
    parts = [f"<h1>{escape(title)}</h1>", _paragraph(say("run.counts", language, **counts), "source"), *_failures(told)]
    parts += [*_unread(told), *_news(run, told, others), *_pages(told)]
    (run / INDEX).write_text(page_of(title, "\n".join(parts), language), encoding="utf-8")


def page_of(title: str, body: str, language: str) -> str:
    """Return a whole page; `body` is HTML, `title` is a text."""
    page = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    filled = {"lang": "en" if language == "en" else "zh-CN", "title": escape(title), "body": body}
    return re.sub(r"\{(lang|title|body)\}", lambda brace: filled[brace[1]], page)


def _failures(told: Record) -> list[str]:
    failed = [page for page in told.pages if page.state == "failed"]
    if not failed:
        return []
    lines = [f"<li>{_link(page, f'{page.name}.ipynb')}: {escape(page.why)}</li>" for page in failed]
    return [f"<h2>{escape(say('run.failed', told.language))}</h2>", f"<ul>{''.join(lines)}</ul>"]


def _unread(told: Record) -> list[str]:
    """Return what the run is without, as a table for readers, which holds names and messages as texts."""
    if not told.unread:
        return []
    rows = pd.DataFrame(told.unread).rename(columns={"name": "report"}).assign(severity="error")
    said = say("run.unread", told.language, count=len(rows))
    return [f"<h2>{escape(said)}</h2>", _table(problems(rows, told.language).iloc[:, 1:], told.language)]


def _news(run: Path, told: Record, others: Path) -> list[str]:
    """Return what is new since the last whole run: how much changed, the facts with both sentences, the ranks."""
    language = told.language
    parts = [f"<h2>{escape(say('run.news', language))}</h2>"]
    before = others / told.previous
    earlier = record.read(before) if told.previous else None
    if earlier is None:
        parts.append(_paragraph(say("run.first", language)))
    elif earlier.tables == told.tables:
        parts.append(_paragraph(say("run.same", language, run=earlier.run)))
    else:
        try:
            found = changes.between(before, run)
        except EcoanalysisError as error:  # tables of another version, or that somebody removed, stop no run
            parts.append(_paragraph(say("run.incomparable", language, run=earlier.run, why=str(error))))
        else:
            parts.append(_paragraph(say("run.changes", language, run=earlier.run, **found.counts()), "finding"))
            parts += [_table(rows, language) for rows in (found.table(language), found.moves(language)) if len(rows)]
    if told.left_out:
        known = {page.folder: page for page in earlier.pages} if earlier else {}
        parts.append(_paragraph(say("run.left_out", language, count=len(told.left_out), run=told.previous), "source"))
        lines = []
        for one in told.left_out:
            title = known[one["folder"]].title if one["folder"] in known else one["folder"]
            why = joined([say(f"why_left.{what}", language) for what in one["why"]], language)
            lines.append(f"<li>{escape(f'{title}: {why}')}</li>")
        parts.append(f"<ul>{''.join(lines)}</ul>")
    return parts


def _table(rows: pd.DataFrame, language: str) -> str:
    from ecoanalysis.charts.page import table  # with it comes all that draws, for a second

    more = len(rows) - _MOST
    note = _paragraph(say("table.more", language, count=more), "source") if more > 0 else ""
    return table(rows[:_MOST], language).text + note


def _pages(told: Record) -> list[str]:
    """Return the pages by year, the newest first, each with its findings."""
    parts: list[str] = []
    good = [page for page in told.pages if page.state != "failed"]
    for year in sorted({page.folder.partition("/")[0] for page in good}, reverse=True):
        parts.append(f"<h2>{escape(year)}</h2>")
        for page in (page for page in good if page.folder.startswith(f"{year}/")):
            parts.append(f"<h3>{_link(page, f'{page.name}.html')}</h3>")
            parts += [_paragraph(one, "finding") for one in page.findings]
            if page.state == "carried":
                parts.append(_paragraph(say("run.carried", told.language, run=page.made_in), "source"))
    return parts


def _link(page: Page, file: str) -> str:
    return f'<a href="{escape(quote(f"{page.folder}/{file}"))}">{escape(page.title)}</a>'


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"
