"""Runs without kernels: notebooks whose page is written in this process, for tests of where runs live and what they say."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from rows import facts_of, metric_rows, reports_of

from ecoanalysis import tables
from ecoanalysis.reporting import running
from ecoanalysis.reporting.plan import Job
from ecoanalysis.tables.pictures import INDEX, add_to_index
from ecoanalysis.tables.schema import empty

PAGE = '<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body>\n<p class="finding">{said}</p>\n</body></html>\n'
CELL = 'cities: list[str] = []  # the cities\nyear: int = 0  # the year\nlanguage: str = "zh"  # zh or en'
VALUES = {"赣州市": 18.0, "云浮市": 20.5, "佛山市": 25.0, "韶关市": 22.0}


def tables_of(values: dict[str, float], quote: str = "年均浓度{value}微克") -> tables.Tables:
    """Tables of one metric, each value with its sentence."""
    rows = metric_rows("air.pm25", "ug/m3", values)
    facts = facts_of([row | {"quote": quote.format(value=row["value"])} for row in rows])
    rest = {name: empty(name) for name in ("texts", "sections", "quantities", "problems", "metrics")}
    return tables.Tables(reports=reports_of(facts), facts=facts, **rest)


def notebook(file: Path, code: str = "") -> None:
    """A notebook with its parameters; what its code cell holds decides what the stub makes of it."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": f"# {file.stem}"},
        {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": CELL},
        {"cell_type": "code", "metadata": {}, "source": code},
    ]
    cells = [one | {"outputs": [], "execution_count": None} if one["cell_type"] == "code" else one for one in cells]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    whole = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(whole), encoding="utf-8")


class Stub:
    """In place of the running of notebooks: writes the notebook, page and picture of each, and notes that it ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(
        self, jobs: list[Job], processed: Path, figures: Path, seconds: float
    ) -> Iterator[tuple[Job, Path, str, float]]:
        for job in jobs:
            yield job, *self._one(job, processed, figures), 0.5

    def _one(self, job: Job, processed: Path, figures: Path) -> tuple[Path, str]:
        self.ran.append(job.folder)
        part = figures / f".making-{job.name}-{job.parameters['year']}"
        made = part / job.folder
        made.mkdir(parents=True)
        code = json.loads(job.notebook.read_text(encoding="utf-8"))["cells"][2]["source"]
        values = tables.load(processed).facts["value"].tolist()
        (made / f"{job.name}.ipynb").write_text("executed", encoding="utf-8")
        if code.startswith("fail"):
            return part, code
        page = PAGE.format(title=escape(f"{job.name} {code}"), said=escape(f"{code} {values}"))
        (made / f"{job.name}.html").write_text(page, encoding="utf-8")
        (made / "picture.png").write_bytes(json.dumps(values).encode())
        add_to_index(part / INDEX, [{"file": f"{job.folder}/picture.png", "title": code}])
        return part, ""


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Stub:
    """Notebooks are not executed but stubbed."""
    made = Stub()
    monkeypatch.setattr(running, "executed", made)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tables of four cities and two notebooks."""
    tables.write(tables_of(VALUES), tmp_path / "processed")
    for name in ("01_air", "02_water"):
        notebook(tmp_path / "notebooks" / f"{name}.ipynb", f"of {name}")
    return tmp_path


def runs(folder: Path, *names: str, **more: object) -> list[running.Result]:
    """Run the notebooks of such a folder."""
    given = {name: folder / name for name in ("processed", "figures", "notebooks")}
    return running.run(names, {}, **given, **more)
