"""iCalendar: weekly lessons that a phone's calendar takes.

The clock is the school's: times stand with the zone's name, whose rule is in the file (Indonesia's zones have no summer time). The same lesson keeps
its UID from plan to plan, so that a second import moves it.

Reference: RFC 5545 (iCalendar), sections 3.1 (lines and folding), 3.3.11 (escaping), 3.6.1 (VEVENT), 3.6.5 (VTIMEZONE).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduler.domain.instance import DAYS

PRODUCT: Final = "-//scheduler//jadwal//ID"
LINE_OCTETS: Final = 75
ZONES: Final = {"Asia/Jakarta": ("WIB", 7), "Asia/Pontianak": ("WIB", 7), "Asia/Makassar": ("WITA", 8), "Asia/Jayapura": ("WIT", 9)}
"""Zone → its short name and hours ahead of UTC."""

CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class WeeklyEvent:
    """A lesson at the same time every week; ``start`` and ``end`` are minutes after midnight, ``key`` makes its UID."""

    key: str
    day: str
    start: int
    end: int
    summary: str
    location: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """First and last date of lessons, days without any, and the zone of the clock."""

    first: date
    last: date
    zone: str = "Asia/Jakarta"
    free: tuple[date, ...] = ()


def calendar(name: str, events: Sequence[WeeklyEvent], term: Term) -> bytes:
    """The .ics file of one teacher or class; an event whose day does not come within the term is left out."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    lines += [f"X-WR-TIMEZONE:{term.zone}", *zone_lines(term.zone)]
    for event in sorted(events, key=lambda event: (DAYS.index(event.day), event.start, event.key)):
        lines += event_lines(event, term)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode("utf-8")


def zone_lines(zone: str) -> Iterator[str]:
    short, hours = ZONES[zone]
    offset = f"+{hours:02d}00"
    yield from ("BEGIN:VTIMEZONE", f"TZID:{zone}", "BEGIN:STANDARD", "DTSTART:19700101T000000")
    yield from (f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", f"TZNAME:{short}", "END:STANDARD", "END:VTIMEZONE")


def event_lines(event: WeeklyEvent, term: Term) -> Iterator[str]:
    first = first_on(event.day, term.first)
    free = [day for day in term.free if day.weekday() == first.weekday() and first <= day <= term.last]
    if first > term.last or all(day in free for day in weekly(first, term.last)):
        return
    zone, stamp = f"TZID={term.zone}", f"{term.first:%Y%m%d}T000000Z"
    yield from ("BEGIN:VEVENT", f"UID:{hashlib.sha256(event.key.encode()).hexdigest()[:32]}@scheduler", f"DTSTAMP:{stamp}")
    yield f"DTSTART;{zone}:{local(first, event.start)}"
    yield f"DTEND;{zone}:{local(first, event.end)}"
    yield f"RRULE:FREQ=WEEKLY;UNTIL={utc(term.last, term.zone)}"
    if free:
        yield f"EXDATE;{zone}:{','.join(local(day, event.start) for day in free)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    for name, value in (("LOCATION", event.location), ("DESCRIPTION", event.description)):
        if value:
            yield f"{name}:{escaped(value)}"
    yield from ("TRANSP:OPAQUE", "END:VEVENT")


def first_on(day: str, start: date) -> date:
    return start + timedelta(days=(DAYS.index(day) - start.weekday()) % len(DAYS))


def weekly(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(weeks=1)


def local(day: date, minutes: int) -> str:
    return f"{day:%Y%m%d}T{minutes // 60:02d}{minutes % 60:02d}00"


def utc(last: date, zone: str) -> str:
    """The last second of the day in UTC: UNTIL must be in UTC where DTSTART names a zone."""
    return f"{datetime.combine(last, time(23, 59, 59)) - timedelta(hours=ZONES[zone][1]):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    plain = CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Parts of at most 75 octets, each but the first after a blank; no character is cut."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > LINE_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part
