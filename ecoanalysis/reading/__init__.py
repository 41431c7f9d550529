"""A file becomes a Report: decoded, repaired, placed, dated, and cut into sections and sentences."""

from ecoanalysis.reading.reader import LARGEST, read, read_text
from ecoanalysis.reading.report import Problem, Report, Section, Sentence

__all__ = ["LARGEST", "Problem", "Report", "Section", "Sentence", "read", "read_text"]
