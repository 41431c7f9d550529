"""The notebooks: thin, typed, stored without outputs, and run on the samples from top to bottom."""

import ast
import dataclasses
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from ecoanalysis import paths, reporting, tables
from ecoanalysis.reporting.parameters import declared
from ecoanalysis.tables.pictures import read_index

NOTEBOOKS = sorted(paths.notebooks().glob("*.ipynb"))
NAMES = [
    *("00_corpus", "01_air", "02_water", "03_soil", "04_enforcement", "05_party_building"),
    *("06_scorecard", "07_promises_and_silence", "08_city_profile", "09_language"),
]


@pytest.fixture(scope="session")
def ran(tmp_path_factory, sample_tables):
    """All notebooks of 2024 and two of 2023, run once on the sample reports that the project ships."""
    folder = tmp_path_factory.mktemp("notebooks")
    tables.write(sample_tables, folder / "processed")
    given = {"processed": folder / "processed", "figures": folder / "figures"}
    earlier = reporting.run(["01_air", "04_enforcement"], year=2023, **given)
    later = reporting.run(year=2024, **given)
    # The run of 2024 holds the pages of 2023 too, for nothing that they are made from changed.
    runs, latest = folder / "figures" / "runs", folder / "figures" / "latest"
    within = {one.folder: Path(*one.folder.relative_to(runs).parts[1:]) for one in [*earlier, *later]}
    return latest, [dataclasses.replace(one, folder=latest / within[one.folder]) for one in [*earlier, *later]]


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


def pages(ran) -> Iterator[tuple[str, str]]:
    """Every page, with its name."""
    for result in ran[1]:
        (page,) = result.folder.glob("*.html")
        yield f"{result.folder.name} {result.name}", page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_notebook_runs_from_top_to_bottom(ran):
    figures, results = ran
    assert {result.name: result.message for result in results if not result.ok} == {}
    assert sorted({result.name.split("/")[0] for result in results}) == NAMES
    listed = {row["file"] for row in read_index(figures / "index.csv")}
    for result in results:
        pictures = sorted(result.folder.glob("*.png"))
        assert pictures, result.folder
        assert {picture.relative_to(figures).as_posix() for picture in pictures} <= listed
    for name, page in pages(ran):
        assert "示例文本，据公开数据改写" in page, name


@pytest.mark.slow
def test_every_page_opens_with_its_finding(ran):
    for name, page in pages(ran):
        said = re.findall(r'<p class="finding">(.*?)</p>', page)
        assert len(said) >= 1 and page.index(said[0]) < page.index("<img"), name
        assert sum(text.count("。") for text in said) >= 2 or "00_corpus" in name, name


@pytest.mark.slow
def test_every_number_leads_to_the_sentence_that_says_it(ran):
    followed = 0
    for name, page in pages(ran):
        rows = {
            row[1]: html.unescape(re.sub("<[^>]+>", " ", row[2])).replace(",", "")
            for row in re.finditer(r'<tr id="([^"]+)">(.*?)(?=<tr|</tbody>)', page)
        }
        links = re.findall(r'<a href="#([^"]+)"[^>]*>([^<]*)</a>', page)
        assert {anchor for anchor, _ in links} <= set(rows), name
        for anchor, text in links:
            if "推算" not in text:  # what follows from two numbers leads to the first of them
                assert all(digits in rows[anchor] for digits in re.findall(r"\d+(?:\.\d+)?", text)), (name, text)
                followed += 1
        linked = re.findall(r'<td><a href="#[^"]+">', page)
        assert linked or name.split()[1] in ("00_corpus", "07_promises_and_silence", "09_language"), name
    assert followed > 500


@pytest.mark.slow
def test_a_half_years_value_stands_hollow_with_its_period(ran):
    _, results = ran
    (air,) = [result for result in results if result.name == "01_air" and "2023" in result.folder.parts]
    rows = pd.read_csv(air.folder / "air_good_days_rate.csv", encoding="utf-8-sig")
    (row,) = rows[rows["city"] == "商洛市"].to_dict("records")
    assert not row["comparable"] and row["period"] == "上半年" and row["why_not"] != "未公布"
    drawn = (air.folder / "air_good_days_rate.svg").read_text(encoding="utf-8")
    assert "商洛" in drawn


@pytest.mark.slow
def test_the_district_never_stands_for_its_city(ran):
    figures, _ = ran
    for file in figures.rglob("*.csv"):
        rows = pd.read_csv(file, encoding="utf-8-sig", dtype=str)
        if {"report", "place", "comparable"} <= set(rows):
            bay = rows[rows["report"] == "daya-bay"]
            assert not (bay["comparable"] == "True").any() and not (bay["place"] == "惠州市").any(), file.name


def test_a_notebook_opened_before_anything_was_parsed_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("ECOANALYSIS_PROCESSED", str(tmp_path))
    monkeypatch.chdir(paths.notebooks())
    cells = nbformat.read(Path("01_air.ipynb"), as_version=4).cells
    names: dict = {}
    exec(cells[1].source, names)
    with pytest.raises(Exception, match="run `make report`") as refusal:
        exec(cells[2].source, names)
    assert refusal.value._render_traceback_() == [f"RequestError: {refusal.value}"]


@pytest.mark.slow
def test_cities_of_which_no_metric_ranks_have_a_page_too(ran, tmp_path):
    figures, _ = ran
    given = {"cities": ["赣州", "云浮", "海口"], "year": 2024}
    (result,) = reporting.run("01_air", given, (figures / "tables").resolve(), tmp_path)
    assert result.ok and not (result.folder / "air_matrix.png").exists(), result.message
