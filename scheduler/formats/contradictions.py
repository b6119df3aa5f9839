"""What an instance cannot say at once: things twice, numbers that do not fit, times that overlap.

Each check is a generator over a ``View``; ``CHECKS`` at the end lists them. Penugasan, Kelompok and Tugas Tambahan have modules of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from itertools import pairwise
from typing import Any, Final

from scheduler.domain.entities import SlotKind
from scheduler.domain.problem import Problem
from scheduler.formats.columns import Kind
from scheduler.formats.references import LISTED_AT_MOST
from scheduler.formats.sheets import letterhead_of_schools
from scheduler.formats.view import View
from scheduler.policy.case import GUIDANCE

Check = Callable[[View], Iterator[Problem]]


def twice(view: View, kind: str, table: str, field: str, fields: tuple[str, ...], identity: Callable[[Any], Hashable]) -> Iterator[Problem]:
    """A Problem for every row whose identity an earlier row has already; a falsy identity is none."""
    first: dict[Hashable, int] = {}
    for index, entity in view.rows(table, *fields):
        own = identity(entity)
        if not own:
            continue
        if own in first:
            value = str(getattr(entity, field))
            yield view.problem(kind, table, index, field, value=value, other_cell=view.place(table, first[own], field))
        else:
            first[own] = index


# --- schools and rombels ---------------------------------------------------------------------------------------------------------------


def schools_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(view, "duplicate_school", "schools", "npsn", ("npsn",), lambda school: school.npsn.casefold())


def a_school_is_home(view: View) -> Iterator[Problem]:
    """At least one school is Induk, and the Sekolah Utama is one."""
    schools = list(view.rows("schools", "partner"))
    if schools and all(school.partner for _, school in schools):
        yield view.problem("no_home_school", "schools", schools[0][0], "partner")
        return
    for index, school in schools:
        if school.npsn == view.instance.settings.main_school and school.partner:
            yield view.problem("main_school_is_partner", "schools", index, "partner", value=school.name)


def coordinates_are_whole(view: View) -> Iterator[Problem]:
    for index, school in view.rows("schools", "latitude", "longitude"):
        if (school.latitude is None) != (school.longitude is None):
            field = "longitude" if school.longitude is None else "latitude"
            yield view.problem("half_coordinates", "schools", index, field, value=school.name)


def rombels_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(
        view, "duplicate_rombel", "rombels", "name", ("school", "name"), lambda rombel: rombel.name and (rombel.school, rombel.name.casefold())
    )


def rombels_have_structure(view: View) -> Iterator[Problem]:
    """The curriculum of a rombel has hours for its grade."""
    if not view.places.is_whole("structure", "curriculum", "grade"):
        return
    graded = {(row.curriculum, row.grade) for row in view.instance.structure}
    known = view.names.directory(Kind.CURRICULUM).ids
    for index, rombel in view.rows("rombels", "curriculum", "grade"):
        if rombel.curriculum in known and (rombel.curriculum, rombel.grade) not in graded:
            yield view.problem("no_structure", "rombels", index, "grade", value=rombel.name, curriculum=rombel.curriculum, grade=rombel.grade)


# --- structure -------------------------------------------------------------------------------------------------------------------------


def structure_rows_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(
        view,
        "duplicate_structure",
        "structure",
        "subject",
        ("curriculum", "grade", "subject"),
        lambda row: (row.curriculum, row.grade, row.subject),
    )


def guidance_has_no_hours(view: View) -> Iterator[Problem]:
    """BK is counted in rombels guided, one for each; hours of it in Struktur would count a rombel twice."""
    for index, row in view.rows("structure", "subject", "intra_jp", "koku_jp"):
        if row.subject == GUIDANCE and row.jp > 0:
            yield view.problem("guidance_in_structure", "structure", index, "subject", value=row.jp)


def blocks_make_up_the_hours(view: View) -> Iterator[Problem]:
    for index, row in view.rows("structure", "intra_jp", "koku_jp", "blocks"):
        if row.blocks and sum(row.blocks) != row.jp:
            facts = {"value": "+".join(map(str, row.blocks)), "sum": sum(row.blocks), "jp": row.jp}
            yield view.problem("blocks_do_not_sum", "structure", index, "blocks", **facts)


# --- teachers --------------------------------------------------------------------------------------------------------------------------


def teachers_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(view, "duplicate_teacher", "teachers", "code", ("code",), lambda t: t.code.casefold())
    yield from twice(view, "duplicate_nip", "teachers", "nip", ("nip",), lambda t: t.nip.replace(" ", ""))
    yield from twice(view, "duplicate_nuptk", "teachers", "nuptk", ("nuptk",), lambda t: t.nuptk.replace(" ", ""))


def wanted_hours_are_possible(view: View) -> Iterator[Problem]:
    for index, t in view.rows("teachers", "min_jp", "max_jp"):
        if t.min_jp is not None and t.max_jp is not None and t.min_jp > t.max_jp:
            yield view.problem("minimum_above_maximum", "teachers", index, "min_jp", value=t.name, least=t.min_jp, most=t.max_jp)


# --- partner hours, ways, rooms ----------------------------------------------------------------------------------------------------------


def open_hours_are_partners(view: View) -> Iterator[Problem]:
    """Open hours are another school's, and of classes that are not described in full elsewhere in the file."""
    taught = {
        (rombel.school, rombel.name, row.subject)
        for rombel in view.instance.rombels
        for row in view.instance.structure
        if (row.curriculum, row.grade) == (rombel.curriculum, rombel.grade)
    }
    for index, row in view.rows("open_hours", "school", "subject", "rombel"):
        if row.school == view.instance.settings.main_school:
            yield view.problem("open_hours_at_main_school", "open_hours", index, "school", value=row.school)
        elif (row.school, row.rombel, row.subject) in taught:
            yield view.problem("open_hours_twice", "open_hours", index, "rombel", value=row.rombel)


def distances_are_distinct(view: View) -> Iterator[Problem]:
    for index, row in view.rows("distances", "origin", "destination"):
        if row.origin == row.destination:
            yield view.problem("distance_to_itself", "distances", index, "destination", value=row.origin)
    yield from twice(
        view,
        "duplicate_distance",
        "distances",
        "destination",
        ("origin", "destination"),
        lambda row: frozenset((row.origin, row.destination)) if row.origin != row.destination else None,
    )


def clubs_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(view, "duplicate_club", "extracurriculars", "name", ("school", "name"), lambda club: (club.school, club.name.casefold()))


def rooms_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(view, "duplicate_room", "rooms", "name", ("school", "name"), lambda room: (room.school, room.name.casefold()))


# --- times -----------------------------------------------------------------------------------------------------------------------------


def clocks_are_whole(view: View) -> Iterator[Problem]:
    for index, slot in view.rows("slots", "start", "end"):
        if (slot.start is None) != (slot.end is None):
            yield view.problem("half_clock", "slots", index, "end" if slot.end is None else "start")
        elif slot.start is not None and slot.end is not None and slot.end <= slot.start:
            yield view.problem("ends_before_start", "slots", index, "end", value=clock(slot.end), start=clock(slot.start))


def periods_are_numbered(view: View) -> Iterator[Problem]:
    """A lesson's hour has a number, no other hour of the day has the same, and the numbers rise through the day."""
    for index, slot in view.rows("slots", "period", "kind"):
        if slot.kind is SlotKind.LESSON and slot.period < 1:
            yield view.problem("lesson_without_period", "slots", index, "period")
    numbered = ("pattern", "day", "period")
    yield from twice(view, "duplicate_period", "slots", "period", numbered, lambda s: s.period > 0 and (s.pattern, s.day, s.period))
    for rows in days(view, *numbered):
        lessons = [(index, slot) for index, slot in rows if slot.period > 0]
        for (_, earlier), (index, later) in pairwise(lessons):
            if later.period < earlier.period:
                yield view.problem("period_out_of_order", "slots", index, "period", value=later.period, earlier=earlier.period)


def slots_do_not_overlap(view: View) -> Iterator[Problem]:
    for rows in days(view, "pattern", "day", "start", "end"):
        timed = sorted(((i, s) for i, s in rows if s.start is not None and s.end is not None), key=lambda row: (row[1].start, row[1].end))
        for (first, earlier), (index, later) in pairwise(timed):
            if later.start < earlier.end:
                facts = {"value": clock(later.start), "end": clock(earlier.end), "other_cell": view.place("slots", first, "end")}
                yield view.problem("overlapping_slots", "slots", index, "start", **facts)


def days(view: View, *needed: str) -> Iterator[list[tuple[int, Any]]]:
    """The slots of each day of each pattern, in the order of the day."""
    by_day: dict[tuple[str, str], list[tuple[int, Any]]] = defaultdict(list)
    for index, slot in view.rows("slots", *needed):
        by_day[slot.pattern, slot.day].append((index, slot))
    for rows in by_day.values():
        yield sorted(rows, key=lambda row: row[1].order)


def unavailable_hours_exist(view: View) -> Iterator[Problem]:
    """Jam Ke of Ketersediaan is an hour of that day in some pattern, where the workbook has patterns."""
    known = {(slot.day, slot.period) for slot in view.instance.slots} if view.places.is_whole("slots", "day", "period") else set()
    for index, row in view.rows("availability", "day", "period"):
        if known and row.period is not None and (row.day, row.period) not in known:
            yield view.problem("unknown_period", "availability", index, "period", value=row.period, day=row.day)


def letterhead_names_schools(view: View) -> Iterator[Problem]:
    """A key of Pengaturan for one school alone, ``Nomor SK (10502807)``, names a school of the file."""
    known = view.names.directory(Kind.SCHOOL).ids
    for column in letterhead_of_schools(view.instance.settings.letterhead) if known else ():
        npsn = column.field.removesuffix(")").rpartition("(")[2]
        if npsn not in known:
            yield view.problem("unknown_school", "settings", 0, column.field, value=npsn, known=", ".join(sorted(known)[:LISTED_AT_MOST]))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}.{minutes % 60:02d}"


CHECKS: Final[tuple[Check, ...]] = (
    schools_are_distinct,
    a_school_is_home,
    coordinates_are_whole,
    rombels_are_distinct,
    rombels_have_structure,
    structure_rows_are_distinct,
    guidance_has_no_hours,
    blocks_make_up_the_hours,
    teachers_are_distinct,
    wanted_hours_are_possible,
    open_hours_are_partners,
    distances_are_distinct,
    clubs_are_distinct,
    letterhead_names_schools,
    rooms_are_distinct,
    clocks_are_whole,
    periods_are_numbered,
    slots_do_not_overlap,
    unavailable_hours_exist,
)
