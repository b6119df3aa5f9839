"""Proofs about classes and rooms: more hours, or longer lessons, than the week has room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.counting.blocks import block_lengths, open_stretches, room_for, stretches
from scheduler.counting.capacity import lesson_slots
from scheduler.counting.finding import Finding
from scheduler.counting.finding_proof_sums import FoundProofs
from scheduler.counting.proof_sums import Sheet
from scheduler.counting.rooms import most_room_periods, special_rooms
from scheduler.domain.instance import DAYS
from scheduler.domain.proof import Operation, Proof
from scheduler.policy.case import Need


def class_hours(found: FoundProofs, finding: Finding) -> Proof:
    """JP of a class, subject by subject, against the periods of its week."""
    sheet, week = Sheet(), found.week
    npsn, name = str(finding.facts["npsn"]), str(finding.facts["rombel"])
    names = {"rombel": name, "school": week.school_name(npsn)}
    alone: dict[str, list[Need]] = {}
    parallel: dict[str, list[Need]] = {}
    for need in week.of_rombel[npsn, name]:
        (parallel if need.parallel else alone).setdefault(need.parallel or need.subject, []).append(need)
    rows = []
    for subject, needs in alone.items():
        paths = tuple(dict.fromkeys(cell for need in needs for cell in found.whole_cells(need)))
        shown = {"subject": found.case.instance.subject(subject).name, "rombel": name}
        rows.append(found.given(sheet, "class_subject", sum(need.jp for need in needs), shown, paths))
    for groups in parallel.values():
        subjects = ", ".join(dict.fromkeys(found.case.instance.subject(need.subject).name for need in groups))
        longest = max(groups, key=lambda need: need.jp)
        rows.append(found.given(sheet, "class_parallel", longest.jp, {"subject": subjects, "rombel": name}, found.hour_cells(longest)))
    jp = found.work(sheet, Operation.SUM, "class_hours", rows, names)
    return found.compared(sheet, "class_hours_exceed_grid", jp, found.periods_of(sheet, week.pattern[npsn, name]), names, npsn)


def long_lesson(found: FoundProofs, finding: Finding) -> Proof:
    """A block longer than the longest stretch of any day."""
    sheet, need = Sheet(), found.case.need[str(finding.facts["need"])]
    names = {"subject": str(finding.facts["subject"]), "rombel": str(finding.facts["rombel"]), "school": str(finding.facts["school"])}
    pattern = found.week.pattern_of(need)
    block = found.work(sheet, Operation.SUM, "longest_lesson", [found.given(sheet, "block", max(need.blocks), names, found.hour_cells(need))], names)
    longest_of = {day: max(lengths) for day, lengths in stretches(found.week, pattern).items()}
    longest = max(longest_of, key=lambda day: longest_of[day])
    given = found.given(sheet, "stretch", longest_of[longest], {"day": longest}, found.slot_cells(pattern, longest))
    return found.compared(sheet, "lesson_longer_than_day", block, found.work(sheet, Operation.SUM, "longest_stretch", [given]), names, need.school)


def class_blocks(found: FoundProofs, finding: Finding) -> Proof:
    """Long lessons of a class against those that its days have room for."""
    npsn, name = str(finding.facts["npsn"]), str(finding.facts["rombel"])
    needs = found.week.of_rombel[npsn, name]
    pattern = found.week.pattern[npsn, name]
    names = {"rombel": name, "school": found.week.school_name(npsn)}
    sheet = Sheet()
    lessons, room = blocks_lines(found, sheet, needs, stretches(found.week, pattern), int(finding.facts["length"]), pattern, names)
    return found.compared(sheet, finding.kind, lessons, room, names, npsn)


def locked_blocks(found: FoundProofs, finding: Finding) -> Proof:
    """Long lessons that are locked to a teacher against those that the open periods have room for."""
    code, pattern = str(finding.facts["teacher"]), str(finding.facts["pattern"])
    needs = [need for need in found.week.locked[code] if found.week.pattern_of(need) == pattern]
    sheet, names = Sheet(), found.person(code)
    lessons, room = blocks_lines(found, sheet, needs, open_stretches(found.week, code, pattern), int(finding.facts["length"]), pattern, names)
    return found.compared(sheet, finding.kind, lessons, room, names, teachers=(code,))


def blocks_lines(
    found: FoundProofs,
    sheet: Sheet,
    needs: Sequence[Need],
    by_day: Mapping[str, Sequence[int]],
    length: int,
    pattern: str,
    names: Mapping[str, str],
) -> tuple[str, str]:
    """Lessons at least so long, subject by subject, and how many of them each day has room for."""
    rows = []
    sets: dict[str, list[Need]] = {}
    for need in needs:
        sets.setdefault(need.parallel or need.subject, []).append(need)
    for members in sets.values():
        count = sum(own >= length for own in block_lengths(members))
        subjects = ", ".join(dict.fromkeys(found.case.instance.subject(need.subject).name for need in members))
        cells = tuple(dict.fromkeys(cell for need in members for cell in found.hour_cells(need)))
        if count:
            rows.append(found.given(sheet, "long_lessons", count, {**names, "subject": subjects, "length": f"{length}"}, cells))
    lessons = found.work(sheet, Operation.SUM, "all_long_lessons", rows, {**names, "length": f"{length}"})
    days = [
        found.given(sheet, "day_room", room_for(length, lengths), {"day": day, "length": f"{length}"}, found.slot_cells(pattern, day))
        for day, lengths in by_day.items()
    ]
    return lessons, found.work(sheet, Operation.SUM, "week_room", days, {**names, "length": f"{length}"})


def room_hours(found: FoundProofs, finding: Finding) -> Proof | None:
    """JP of the subjects that need a room against rooms × periods."""
    sheet, week, npsn = Sheet(), found.week, str(finding.facts["npsn"])
    names = {"subjects": str(finding.facts["subjects"]), "school": week.school_name(npsn)}
    for subjects, rooms in special_rooms(found.case, npsn):
        needs = [need for need in week.lessons if need.school == npsn and need.subject in subjects]
        if ", ".join(found.case.instance.subject(subject).name for subject in sorted(subjects)) == names["subjects"]:
            paths = tuple(f"rooms[{i}].name" for i, r in enumerate(found.case.instance.rooms) if r.school == npsn and subjects & set(r.subjects))
            jp = found.hours_of_needs(sheet, needs, "room_hours", names)
            patterns = sorted({pattern for (school, _), pattern in week.pattern.items() if school == npsn and pattern})
            if len(patterns) == 1:
                periods = found.periods_of(sheet, patterns[0])
            else:
                counts = {day: most_room_periods([slot for slot in lesson_slots(found.case, patterns) if slot.day == day]) for day in DAYS}
                rows = [found.given(sheet, "room_day", count, {"day": day}) for day, count in counts.items() if count]
                periods = found.work(sheet, Operation.SUM, "week_periods", rows, {"days": ", ".join(day for day, count in counts.items() if count)})
            count = found.given(sheet, "rooms", rooms, names, paths)
            most = found.work(sheet, Operation.PRODUCT, "rooms_periods", [count, periods], names)
            return found.compared(sheet, "room_hours_exceed_rooms", jp, most, names, npsn)
    return None
