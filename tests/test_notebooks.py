"""The notebooks: thin, typed, stored without outputs, and run on the samples from top to bottom."""

import ast
import json
from pathlib import Path

import nbformat
import pytest

from ecoanalysis import paths, reporting, tables
from ecoanalysis.charts.chart import read_index
from ecoanalysis.reporting.parameters import declared

NOTEBOOKS = sorted(paths.notebooks().glob("*.ipynb"))
NAMES = ["00_corpus", "01_air", "02_water", "03_soil", "04_enforcement", "05_party_building"]
NAMES += ["06_scorecard", "07_promises_and_silence", "08_city_profile", "09_language"]


@pytest.fixture(scope="session")
def ran(tmp_path_factory):
    """All notebooks, run once on the sample reports that the project ships."""
    folder = tmp_path_factory.mktemp("notebooks")
    tables.parse(None, folder / "processed", samples=True)
    results = reporting.run((), {}, folder / "processed", folder / "figures")
    return folder / "figures", {result.name: result for result in results}


def test_the_notebooks_are_all_there():
    assert [file.stem for file in NOTEBOOKS] == NAMES


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_reports_and_does_not_process(file):
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 10 and notebook.cells[0].cell_type == "markdown"
    for cell in code:
        assert not cell.outputs and cell.execution_count is None
        loops = (ast.FunctionDef, ast.Lambda, ast.For, ast.While, ast.ListComp, ast.DictComp, ast.GeneratorExp)
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, loops)]
    assert "parameters" in notebook.cells[1].metadata.tags


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_stored_as_jupyter_stores_it(file):
    text = file.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_parameters_are_typed_and_explained(file):
    parameters = declared(file)
    assert {"cities", "year", "language"} <= set(parameters)
    assert all(parameter.help for parameter in parameters.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_from_top_to_bottom(ran, name):
    figures, results = ran
    assert results[name].ok, results[name].message
    page = (results[name].folder / f"{name}.html").read_text(encoding="utf-8")
    assert "示例文本，据公开数据改写" in page
    pictures = sorted(results[name].folder.glob("*.png"))
    assert pictures
    listed = {row["file"] for row in read_index(figures / "index.csv")}
    assert {picture.relative_to(figures).as_posix() for picture in pictures} <= listed


def test_the_default_year_is_the_latest_with_two_cities(ran):
    _, results = ran
    assert {result.folder.parent.name for result in results.values()} == {"2024"}


def test_a_notebook_opened_before_anything_was_parsed_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("ECOANALYSIS_PROCESSED", str(tmp_path))
    monkeypatch.chdir(paths.notebooks())
    cells = nbformat.read(Path("01_air.ipynb"), as_version=4).cells
    names: dict = {}
    exec(cells[1].source, names)
    with pytest.raises(Exception, match="run `make report`") as refusal:
        exec(cells[2].source, names)
    assert refusal.value._render_traceback_() == [f"RequestError: {refusal.value}"]
