"""A file becomes a Report: decoded, repaired, placed, dated, and cut into sections and sentences."""

from ecoanalysis.reading.archives import Source, is_report, sources
from ecoanalysis.reading.inputs import all_sources, how_many, inputs, name_of
from ecoanalysis.reading.manifest import NAME as MANIFEST
from ecoanalysis.reading.reader import LARGEST, read, read_text
from ecoanalysis.reading.report import Address, Problem, Report, Section, Sentence

__all__ = [
    "LARGEST",
    "MANIFEST",
    "Address",
    "Problem",
    "Report",
    "Section",
    "Sentence",
    "Source",
    "all_sources",
    "how_many",
    "inputs",
    "is_report",
    "name_of",
    "read",
    "read_text",
    "sources",
]
