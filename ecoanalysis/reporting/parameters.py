"""The parameters of a notebook: what its cell declares, and whether what is asked for fits.

In: a notebook whose cell tagged `parameters` holds typed, commented assignments; values from a command line or Python.
Out: values of the declared types, or a `RequestError` that names the nearest right thing.
"""

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecoanalysis.errors import RequestError, nearest

TYPES = ("int", "float", "str", "bool", "list[str]", "list[int]")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its type as written, its default, and the comment that is its help."""

    name: str
    type: str
    default: Any
    help: str


def declared(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters that a notebook declares, in order; a cell that is not typed raises `RequestError`."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        raise RequestError(f"{notebook.name}: {len(tagged)} cells are tagged `parameters`, where one is needed")
    source = "".join(tagged[0]["source"])
    found = [_parameter(node, source.splitlines(), notebook.name) for node in ast.parse(source).body]
    return {parameter.name: parameter for parameter in found}


def _parameter(node: ast.stmt, lines: list[str], where: str) -> Parameter:
    line = lines[node.lineno - 1]
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
        raise RequestError(f"{where}: `{line.strip()}` is no parameter; write `name: type = default  # help`")
    kind = ast.unparse(node.annotation)
    if kind not in TYPES:
        raise RequestError(f"{where}: type {kind} of {node.target.id} is none of {', '.join(TYPES)}")
    return Parameter(node.target.id, kind, ast.literal_eval(node.value), line.partition("#")[2].strip())


def convert(parameter: Parameter, value: Any) -> Any:
    """Return `value` as the parameter's type; words of a command line are read, anything else must already fit.

    >>> year = Parameter("year", "int", 0, "")
    >>> convert(year, "2024")
    2024
    >>> convert(year, "last")
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: year = 'last' is not of type int
    >>> convert(Parameter("cities", "list[str]", [], ""), "赣州 云浮，商洛")
    ['赣州', '云浮', '商洛']
    >>> convert(Parameter("cities", "list[str]", [], ""), '["威海", "九江"]')
    ['威海', '九江']
    """
    try:
        return _converted(parameter.type, value)
    except (ValueError, KeyError):
        raise RequestError(f"{parameter.name} = {value!r} is not of type {parameter.type}") from None


def _converted(kind: str, value: Any) -> Any:
    if kind.startswith("list["):
        items = _items(value) if isinstance(value, str) else value
        if not isinstance(items, (list, tuple)):
            raise ValueError
        return [_converted(kind[5:-1], item) for item in items]
    if kind == "bool":
        return value if isinstance(value, bool) else _WORDS[value.lower() if isinstance(value, str) else ""]
    if kind == "str":
        if not isinstance(value, str):
            raise ValueError
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float) if kind == "float" else (str, int)):
        raise ValueError
    return float(value) if kind == "float" else int(value)


def _items(words: str) -> list[str]:
    """Part words at commas and blanks of either language; a list as Python writes it is one too."""
    return [item for item in (part.strip("[]()\"'“”‘’") for part in re.split(r"[\s,，、;；]+", words)) if item]


def together(given: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return parameters by name; one that is given twice raises `RequestError`, whatever its values.

    >>> together([("year", 2024), ("language", "en")])
    {'year': 2024, 'language': 'en'}
    >>> together([("year", 2024), ("year", "2023")])
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: year is given twice, as 2024 and as '2023'; give it once
    """
    found: dict[str, Any] = {}
    for name, value in given:
        if name in found:
            raise RequestError(f"{name} is given twice, as {found[name]!r} and as {value!r}; give it once")
        found[name] = value
    return found


def fitting(parameters: dict[str, Parameter], given: dict[str, Any], where: str) -> dict[str, Any]:
    """Return all values of a run, defaults included; a name that is not declared raises `RequestError`."""
    for name in given:
        if name not in parameters:
            near = nearest(name, parameters) or ", ".join(parameters)
            raise RequestError(f"{where} has no parameter {name!r}. Nearest: {near}; it has {', '.join(parameters)}")
    return {
        name: convert(parameter, given[name]) if name in given else parameter.default
        for name, parameter in parameters.items()
    }
