"""Dapodik's downloads and its web service: read as one school's instance, with a list of what is missing or doubtful."""

from scheduler.formats.dapodik.answers import Answer, read_answers
from scheduler.formats.dapodik.assemble import Imported, assemble
from scheduler.formats.dapodik.doubts import Doubt, Urgency
from scheduler.formats.dapodik.reading import Place, read_file
from scheduler.formats.dapodik.source import Sources, gather

__all__ = ["Answer", "Doubt", "Imported", "Place", "Sources", "Urgency", "assemble", "gather", "read_answers", "read_file"]
