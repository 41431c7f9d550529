"""Run one notebook in this process: papermill with the kernel of Jupyter in the process itself, then a page without code.

In: a job. Out: the executed notebook and, where it ran well, an HTML page, in the job's folder; a text that says what went
wrong, empty if nothing did. Whoever runs a second job in one process gets the state of the first: `warm.py` gives each a
process of its own. As a program it takes one job as JSON on standard input and prints the text as JSON.
"""

import json
import os
import re
import shutil
import signal
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import papermill
from ipykernel.inprocess.client import InProcessKernelClient
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat.v4 import output_from_msg
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from ecoanalysis.reporting.front import page_of

_SHOWN = ("display_data", "execute_result", "error")


def run(job: dict[str, Any]) -> str:
    """Execute a notebook, write its page, and return an empty text, or what went wrong.

    After `seconds` the cell that is running is interrupted with a `TimeoutError`, where the system has such an alarm.
    """
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / f"{job['name']}.ipynb"
    shutil.copyfile(job["notebook"], output)  # what is left where this process is ended from outside
    os.environ |= job["environment"]
    sys.path[0] = ""  # what lies beside the notebook can be imported, as in Jupyter
    try:
        _alarm(job["seconds"])
        papermill.execute_notebook(
            job["notebook"],
            output,
            job["parameters"],
            engine_name="here",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(Path(job["notebook"]).parent),
        )
        write_page(output, job["parameters"])
        return ""
    except PapermillExecutionError as error:
        return f"{error.ename}: {error.evalue} (cell {error.exec_count})"
    except Exception as error:  # whatever stops one notebook must not stop the others
        return f"{type(error).__name__}: {error}"
    finally:
        _alarm(0)
        _make_portable(output)


def _alarm(seconds: float) -> None:
    """Have whatever runs after so many seconds interrupted; 0 means never."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"took longer than the {seconds:g} s that --timeout allows")

    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)


class _Kernel(InProcessKernel):
    """The kernel of ipykernel that lives in this process; that it has no threads for messages must not forbid to await."""

    _supports_kernel_subshells = False
    shell_channel_thread = SimpleNamespace(parent_thread=None)


class _Here(Engine):
    """An engine of papermill that needs no second process, no ports and no messages over them."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, *_: Any, **__: Any) -> None:
        """Execute the cells up to the first that fails, each with the outputs that Jupyter would show."""
        kernel = _kernel()
        for at, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            nb_man.cell_start(cell, at)
            failed = _execute(kernel, cell)
            if failed:
                nb_man.cell_exception(cell, at)
            nb_man.cell_complete(cell, at)
            if failed:
                break


papermill_engines.register("here", _Here)


def _kernel() -> InProcessKernelClient:
    manager = InProcessKernelManager(config=Config(HistoryManager={"enabled": False}))
    manager.kernel = _Kernel(parent=manager, session=manager.session)
    manager.kernel.shell.enable_matplotlib("inline")  # type: ignore[union-attr]  # pictures of pyplot stand in the notebook, as in Jupyter
    client = manager.client()
    client.start_channels()
    return client


def _execute(kernel: InProcessKernelClient, cell: nbformat.NotebookNode) -> bool:
    """Execute a cell, note its outputs and return whether it failed; what is printed in one go is one output."""
    kernel.execute(cell.source, allow_stdin=False)
    reply = kernel.get_shell_msg()["content"]
    cell.execution_count, cell.outputs = reply["execution_count"], []
    while kernel.iopub_channel.msg_ready():
        message = kernel.get_iopub_msg()
        kind, last = message["msg_type"], cell.outputs[-1] if cell.outputs else {}
        if kind == "stream" and last.get("name") == message["content"]["name"]:
            last["text"] += message["content"]["text"]
        elif kind == "stream" or kind in _SHOWN:
            cell.outputs.append(output_from_msg(message))
        elif kind == "clear_output":
            cell.outputs = []
    return reply["status"] == "error" and "raises-exception" not in cell.metadata.get("tags", [])


def _make_portable(file: Path) -> None:
    """Let the executed notebook open with the usual kernel anywhere, and name no folder of this machine."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook["metadata"].pop("papermill", None)
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Exporter(HTMLExporter):
    """The exporter of nbconvert without its last step, which reads the whole page again, for seconds where it is long."""

    def from_notebook_node(  # type: ignore[override]  # as nbconvert has it
        self, nb: nbformat.NotebookNode, resources: Any = None, **more: Any
    ) -> tuple[str, Any]:
        resources = self._init_resources(resources)
        known = {"notebook_metadata": self._nb_metadata, "parent": self, "resources": resources}
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(**known))
        self.register_filter("highlight_code", Highlight2HTML(parent=self))
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **more)
        html = _CODED.sub(lambda code: chr(int(code[1])), html)
        return _BARE_IMAGE.sub('<img alt="No description has been provided for this image"', html), resources


_CODED = re.compile(r"&#(\d{3,6});")  # letters of the texts between the cells, Chinese ones among them
_BARE_IMAGE = re.compile(r"<img(?![^>]*\balt=)")


@cache
def exporter() -> HTMLExporter:
    """Return what turns a notebook into HTML: no code, no scripts, nothing from elsewhere."""
    return _Exporter(template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)


def write_page(file: Path, parameters: dict[str, Any]) -> None:
    """Write the page beside an executed notebook."""
    notebook = nbformat.read(file, as_version=4)
    body, _ = exporter().from_notebook_node(notebook)
    heading = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    language = parameters.get("language", "zh")
    chinese, _, english = heading.partition(" · ")
    title = f"{parameters.get('year', '')} {english if language == 'en' and english else chinese}".strip()
    file.with_suffix(".html").write_text(page_of(title, body, language), encoding="utf-8")


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
