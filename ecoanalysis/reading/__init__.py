"""A file becomes a Report: decoded, repaired, placed, dated, and cut into sections and sentences."""

from ecoanalysis.reading.archives import Source, is_report, sources
from ecoanalysis.reading.reader import LARGEST, read, read_text
from ecoanalysis.reading.report import Address, Problem, Report, Section, Sentence

__all__ = [
    "LARGEST",
    "Address",
    "Problem",
    "Report",
    "Section",
    "Sentence",
    "Source",
    "is_report",
    "read",
    "read_text",
    "sources",
]
