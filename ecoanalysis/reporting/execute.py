"""Run one notebook in a process of its own: papermill, then a page without code.

In: a job as JSON on standard input. Out: the executed notebook and, where it ran well, an HTML page, in the job's
folder; one line of JSON on standard output that says whether it ran and, if not, why.
"""

import json
import os
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any

_KERNEL = "ecoanalysis"
_CELL_SECONDS = 900


def main() -> None:
    """Run the job that stands on standard input."""
    job = json.load(sys.stdin)
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kernels:
        _install_kernel(Path(kernels))
        message = _execute(job, folder / f"{job['name']}.ipynb")
    if not message:
        _page(folder / f"{job['name']}.ipynb", job["parameters"])
    json.dump({"message": message}, sys.stdout, ensure_ascii=False)


def _install_kernel(folder: Path) -> None:
    """Offer this very interpreter as a kernel: a `python3` elsewhere on the machine may be another one."""
    spec = folder / "kernels" / _KERNEL
    spec.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel = {"argv": argv, "display_name": _KERNEL, "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, (str(folder), os.environ.get("JUPYTER_PATH", ""))))


def _execute(job: dict[str, Any], output: Path) -> str:
    """Execute a notebook and return an empty text, or what went wrong."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    message = ""
    try:
        papermill.execute_notebook(
            job["notebook"],
            output,
            job["parameters"],
            kernel_name=_KERNEL,
            progress_bar=False,
            cwd=job["cwd"],
            execution_timeout=_CELL_SECONDS,
        )
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue} (cell {error.exec_count})"
    except Exception as error:  # whatever stops one notebook must not stop the others
        message = f"{type(error).__name__}: {error}"
    if output.is_file():
        _make_portable(output)
    return message


def _make_portable(file: Path) -> None:
    """Let the executed notebook open with the usual kernel anywhere, and name no folder of this machine."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook["metadata"].pop("papermill", None)
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _page(file: Path, parameters: dict[str, Any]) -> None:
    """Write the page beside the notebook: no code, no scripts, nothing from elsewhere."""
    import nbformat
    from nbconvert.exporters import HTMLExporter

    notebook = nbformat.read(file, as_version=4)
    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    heading = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    language = parameters.get("language", "zh")
    chinese, _, english = heading.partition(" · ")
    title = f"{parameters.get('year', '')} {english if language == 'en' and english else chinese}".strip()
    template = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    page = template.replace("{lang}", "en" if language == "en" else "zh-CN").replace("{title}", escape(title))
    file.with_suffix(".html").write_text(page.replace("{body}", body), encoding="utf-8")


if __name__ == "__main__":
    main()
