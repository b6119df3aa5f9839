"""aSc Timetables: its XML written and read, and the sheet from which it pastes lessons."""

from scheduler.formats.asc.periods import AscWeek
from scheduler.formats.asc.reading import read_asc
from scheduler.formats.asc.source import AscFile
from scheduler.formats.asc.writing import WrittenAsc, asc_file

__all__ = ["AscFile", "AscWeek", "WrittenAsc", "asc_file", "read_asc"]
