"""FET's files (https://lalescu.ro/liviu/fet/): read as a timetabling problem, with a list of what was not understood."""

from scheduler.formats.fet.building import Unknown
from scheduler.formats.fet.reading import FetFile, read_fet, read_fet_timetable

__all__ = ["FetFile", "Unknown", "read_fet", "read_fet_timetable"]
