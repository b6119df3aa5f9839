"""Proofs of what counting finds impossible, and of what the slots of the week bound: each a few sums that anyone can follow.

The sums of who can be valid stand in ``counting.proofs``; these here are about classes, times, and the hours of one person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.counting.blocks import block_lengths, open_stretches, room_for, stretches
from scheduler.counting.capacity import lesson_slots, most_disjoint, open_slots, patterns_of
from scheduler.counting.finding import Finding
from scheduler.counting.presence import Presence, Shortage, SlotKey, any_shortage, groups_of_classes, locked_shortage, slots_of_day, times_in_words
from scheduler.counting.proof_facts import Given
from scheduler.counting.proof_sums import Sheet
from scheduler.counting.rooms import most_room_periods, special_rooms
from scheduler.counting.week_count import WeekCount
from scheduler.domain.entities import AvailabilityKind, Rombel
from scheduler.domain.instance import DAYS
from scheduler.domain.proof import Conclusion, Operation, Proof, Relation
from scheduler.policy.case import Case, Need
from scheduler.policy.schema import Source

FILE = "finding_proofs"
"""The sentences' file: ``Number.says`` and ``Proof.kind`` are full keys."""


def finding_proofs(case: Case, findings: Iterable[Finding]) -> tuple[Proof, ...]:
    """A proof of every hard finding that rests on a sum, and of the notes that bound the week; numbered in the order of the findings."""
    found = FoundProofs(WeekCount(case))
    proofs = [proof for finding in findings for proof in found.of(finding)]
    return tuple(replace(proof, id=f"H{index + 1:02}") for index, proof in enumerate(proofs))


@dataclass(frozen=True)
class FoundProofs:
    """Builds each proof anew from the case: a finding names only what it is about."""

    week: WeekCount

    @property
    def case(self) -> Case:
        return self.week.case

    def of(self, finding: Finding) -> Iterator[Proof]:
        build = BUILDERS.get(finding.kind)
        if build is not None:
            proof = build(self, finding)
            if proof is not None:
                yield proof

    # --- look-ups --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def rombel(self) -> Mapping[tuple[str, str], tuple[int, Rombel]]:
        return {(rombel.school, rombel.name): (index, rombel) for index, rombel in enumerate(self.case.instance.rombels)}

    @cached_property
    def teacher_row(self) -> Mapping[str, int]:
        return {teacher.code: index for index, teacher in enumerate(self.case.instance.teachers)}

    @cached_property
    def classes(self) -> Mapping[tuple[str, str], Presence]:
        return {(classes.npsn, classes.pattern): classes for classes in groups_of_classes(self.week)}

    def patterns_of(self, code: str) -> tuple[str, ...]:
        """Bell patterns of the schools where the teacher may teach."""
        return tuple(sorted(patterns_of(self.case, code)))

    def person(self, code: str) -> dict[str, str]:
        return {"teacher": code, "name": self.case.teachers[code].name}

    def hour_cells(self, need: Need) -> tuple[str, ...]:
        """Where the JP of a need stand: the row of Penugasan that gives it a part of its own, else where those of the whole stand."""
        if "#" not in need.id:
            return self.whole_cells(need)
        return tuple(
            f"assignments[{index}].jp"
            for index, row in enumerate(self.case.instance.assignments)
            if (row.school, row.subject, row.teacher, row.jp) == (need.school, need.subject, need.locked, need.jp)
            and (row.rombel in need.rombels or f"/{row.rombel}/" in need.id)
        )

    def whole_cells(self, need: Need) -> tuple[str, ...]:
        """Where the JP of a class's subject stand: the rows of the structure, or of the group."""
        groups = [f"groups[{i}].jp" for i, g in enumerate(self.case.instance.groups) if need.id.split("#")[0].startswith(f"{g.school}/{g.code}/")]
        if groups:
            return tuple(groups)
        curricula = {self.rombel[need.school, name][1].curriculum for name in need.rombels if (need.school, name) in self.rombel}
        return tuple(
            f"structure[{i}].{column}"
            for i, row in enumerate(self.case.instance.structure)
            if row.curriculum in curricula and row.grade == need.grade and row.subject == need.subject
            for column in ("intra_jp", "koku_jp")
            if getattr(row, column)
        )

    def lock_cells(self, code: str, needs: Sequence[Need]) -> tuple[str, ...]:
        """Rows of Penugasan that lock these needs to the teacher."""
        return tuple(
            f"assignments[{index}].teacher"
            for index, row in enumerate(self.case.instance.assignments)
            if row.teacher == code
            and any(n.school == row.school and n.subject == row.subject and (row.rombel in n.rombels or f"/{row.rombel}/" in n.id) for n in needs)
        )

    def slot_cells(self, pattern: str, day: str) -> tuple[str, ...]:
        rows = [i for i, s in enumerate(self.case.instance.slots) if s.pattern == pattern and s.day == day]
        return (f"slots[{rows[0]}].day", f"slots[{rows[-1]}].day") if len(rows) > 1 else tuple(f"slots[{row}].day" for row in rows)

    def away_cells(self, code: str, keys: Iterable[SlotKey]) -> tuple[str, ...]:
        """Rows of Ketersediaan, and the MGMP day, that close these slots for the teacher."""
        closed = frozenset(keys)
        days = {day for day, _ in closed}
        rows = [
            f"availability[{index}].day"
            for index, row in enumerate(self.case.instance.availability)
            if row.teacher == code
            and row.kind is AvailabilityKind.IMPOSSIBLE
            and (row.day in days if row.period is None else (row.day, row.period) in closed)
        ]
        mgmp = [f"teachers[{self.teacher_row[code]}].mgmp_day"] if self.case.teachers[code].mgmp_day in days else []
        return (*mgmp, *rows)

    # --- sums that several proofs share ------------------------------------------------------------------------------------------------

    def given(
        self, sheet: Sheet, says: str, value: int, names: Mapping[str, str] | None = None, paths: tuple[str, ...] = (), source: Source | None = None
    ) -> str:
        return sheet.given(Given(f"{FILE}.{says}", value, names or {}, paths, source))

    def work(self, sheet: Sheet, operation: Operation, says: str, operands: Sequence[str], names: Mapping[str, str] | None = None) -> str:
        return sheet.sure(operation, f"{FILE}.{says}", operands, names)

    def hours_of_needs(self, sheet: Sheet, needs: Sequence[Need], says: str, names: Mapping[str, str], locked: str = "") -> str:
        """Classes × JP of each subject, and their sum; with the rows of Kunci where they are those ``locked`` to a teacher."""
        alike: dict[tuple[str, int], list[Need]] = {}
        for need in needs:
            alike.setdefault((need.subject, need.jp), []).append(need)
        rows = []
        for (subject, jp), members in alike.items():
            who = {"subject": self.case.instance.subject(subject).name}
            paths = tuple(dict.fromkeys(cell for need in members for cell in self.hour_cells(need)))
            rombels = ", ".join(dict.fromkeys(name for need in members for name in need.rombels))
            cells = self.lock_cells(locked, members) if locked else ()
            count = self.given(sheet, "lessons_count", len(members), {**who, "rombels": rombels}, cells)
            hours = self.given(sheet, "lesson_hours", jp, who, paths)
            rows.append(self.work(sheet, Operation.PRODUCT, "lessons_hours", [count, hours], who))
        return self.work(sheet, Operation.SUM, says, rows, names)

    def periods_of(self, sheet: Sheet, pattern: str, days: Iterable[str] | None = None) -> str:
        """Lesson periods of each day, and of all of them."""
        counts = {day: sum(slot.day == day for slot in self.week.slots[pattern]) for day in DAYS}
        wanted = [day for day in (DAYS if days is None else days) if counts[day]]
        rows = [self.given(sheet, "day_periods", counts[day], {"day": day}, self.slot_cells(pattern, day)) for day in wanted]
        return self.work(sheet, Operation.SUM, "week_periods", rows, {"days": ", ".join(wanted)})

    def open_periods(self, sheet: Sheet, code: str, patterns: Sequence[str]) -> str:
        """Periods of the week less those that are closed for the teacher, day by day."""
        if len(patterns) != 1:
            counts = [(day, most_disjoint([s for s in open_slots(self.case, code, patterns) if s.day == day])) for day in DAYS]
            rows = [self.given(sheet, "open_day", count, {"day": day, **self.person(code)}) for day, count in counts if count]
            return self.work(sheet, Operation.SUM, "open_week", rows, self.person(code))
        pattern = patterns[0]
        rows = [self.periods_of(sheet, pattern)]
        is_open = self.week.open_slots(code, pattern)
        for day in DAYS:
            closed = [(s.day, s.period) for s in self.week.slots[pattern] if s.day == day and (s.day, s.period) not in is_open]
            if closed:
                rows.append(self.given(sheet, "closed_day", len(closed), {"day": day, **self.person(code)}, self.away_cells(code, closed)))
        return self.work(sheet, Operation.DIFFERENCE, "open_week", rows, self.person(code))

    def most_jp(self, sheet: Sheet, code: str) -> str:
        """JP Maks, or the ruleset's most less what is held elsewhere."""
        teacher = self.case.teachers[code]
        row, legal = self.teacher_row[code], self.case.policy.max_jtm - teacher.outside_jtm
        if teacher.max_jp is not None and teacher.max_jp <= legal:
            given = self.given(sheet, "max_jp", teacher.max_jp, self.person(code), (f"teachers[{row}].max_jp",))
            return self.work(sheet, Operation.SUM, "most_jp", [given], self.person(code))
        law = self.given(sheet, "law_max_jtm", self.case.policy.max_jtm, source=self.case.policy.sources.get("max_jtm"))
        held = (
            [self.given(sheet, "outside_jtm", teacher.outside_jtm, self.person(code), (f"teachers[{row}].outside_jtm",))]
            if teacher.outside_jtm
            else []
        )
        return self.work(sheet, Operation.DIFFERENCE, "most_jp", [law, *held], self.person(code))

    def compared(
        self, sheet: Sheet, kind: str, left: str, right: str, names: Mapping[str, str], school: str = "", teachers: tuple[str, ...] = ()
    ) -> Proof:
        """The proof whose claim is that ``left`` is more than ``right``."""
        return Proof("", f"{FILE}.{kind}", school, teachers, tuple(sheet.numbers), (Conclusion(left, Relation.MORE_THAN, right),), names=names)


# --- classes ---------------------------------------------------------------------------------------------------------------------------


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


# --- one teacher -----------------------------------------------------------------------------------------------------------------------


def locked_in_open_slots(found: FoundProofs, finding: Finding) -> Proof:
    """Locked JP of a teacher against the open periods."""
    sheet, week, code = Sheet(), found.week, str(finding.facts["teacher"])
    patterns = str(finding.facts["patterns"]).split(", ")
    needs = [need for need in week.locked[code] if week.pattern_of(need) in patterns]
    jp = found.hours_of_needs(sheet, needs, "locked_hours", found.person(code), code)
    return found.compared(sheet, finding.kind, jp, found.open_periods(sheet, code, patterns), found.person(code), teachers=(code,))


def locked_above_most(found: FoundProofs, finding: Finding) -> Proof:
    """Locked JP of a teacher against the most that may be taught."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    jp = found.hours_of_needs(sheet, found.week.staff.locked[code], "locked_hours", found.person(code), code)
    return found.compared(sheet, finding.kind, jp, found.most_jp(sheet, code), found.person(code), teachers=(code,))


def wanted_jp(found: FoundProofs, sheet: Sheet, code: str) -> str:
    given = found.given(sheet, "min_jp", found.case.teachers[code].min_jp or 0, found.person(code), (f"teachers[{found.teacher_row[code]}].min_jp",))
    return found.work(sheet, Operation.SUM, "wanted_jp", [given], found.person(code))


def wanted_above_all(found: FoundProofs, finding: Finding) -> Proof:
    """JP Min against the most that may be taught, or all hours of the subjects that the teacher may teach."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    wanted = wanted_jp(found, sheet, code)
    needs = [need for need in found.week.staff.may_have.get(code, ()) if need.jp > 0]
    by_needs = sum(need.jp for need in needs) < found.case.max_jp(code)
    most = found.hours_of_needs(sheet, needs, "all_hours", found.person(code)) if by_needs else found.most_jp(sheet, code)
    return found.compared(sheet, finding.kind, wanted, most, found.person(code), teachers=(code,))


def wanted_in_open_periods(found: FoundProofs, finding: Finding) -> Proof:
    """JP Min against the open periods of the week."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    wanted = wanted_jp(found, sheet, code)
    return found.compared(sheet, finding.kind, wanted, found.open_periods(sheet, code, found.patterns_of(code)), found.person(code), teachers=(code,))


def wanted_between_classes(found: FoundProofs, finding: Finding) -> Proof | None:
    """The least whole classes that reach JP Min against JP Maks; locked ones are had in any case."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    who = found.person(code)
    staff = found.week.staff
    locked = [need for need in staff.locked[code] if need.jp > 0]
    held = [found.hours_of_needs(sheet, locked, "locked_hours", who, code)] if locked else []
    wanted = found.work(sheet, Operation.DIFFERENCE, "wanted_besides", [wanted_jp(found, sheet, code), *held], who)
    most = found.work(sheet, Operation.DIFFERENCE, "most_besides", [found.most_jp(sheet, code), *held], who)
    free = [need for need in staff.may_have[code] if need.jp > 0 and not need.locked]
    counts: dict[int, int] = {}
    for need in free:
        counts[need.jp] = counts.get(need.jp, 0) + 1
    pairs = []
    rows = []
    for jp, count in counts.items():
        cells = tuple(dict.fromkeys(cell for need in free if need.jp == jp for cell in found.hour_cells(need)))
        number, hours = found.given(sheet, "free_count", count, who), found.given(sheet, "free_hours", jp, who, cells)
        pairs += [number, hours]
        rows.append(found.work(sheet, Operation.PRODUCT, "free_total", [number, hours], who))
    found.work(sheet, Operation.SUM, "all_hours", rows, who)
    least = sheet.work(Operation.LEAST_WHOLE, f"{FILE}.least_whole", [wanted, *pairs], who)
    return None if least is None else found.compared(sheet, finding.kind, least, most, who, teachers=(code,))


def locked_days(found: FoundProofs, finding: Finding) -> Proof:
    """Blocks of a locked lesson against the open days times the blocks a day may have."""
    sheet, week, need = Sheet(), found.week, found.case.need[str(finding.facts["need"])]
    code, pattern = str(finding.facts["teacher"]), found.week.pattern_of(need)
    names = {**found.person(code), "subject": str(finding.facts["subject"]), "rombel": str(finding.facts["rombel"])}
    blocks = found.given(sheet, "blocks", len(need.blocks), names, found.hour_cells(need))
    lessons = found.work(sheet, Operation.SUM, "lessons", [blocks], names)
    days = {slot.day for slot in week.slots[pattern]}
    open_days = {day for day, _ in week.open_slots(code, pattern)}
    closed = [(slot.day, slot.period) for slot in week.slots[pattern] if slot.day not in open_days]
    all_days = found.given(sheet, "days", len(days), names)
    away = found.given(sheet, "closed_days", len(days) - len(open_days), names, found.away_cells(code, closed))
    present = found.work(sheet, Operation.DIFFERENCE, "open_days", [all_days, away], names)
    if not open_days:
        return found.compared(sheet, finding.kind, lessons, present, names, need.school, (code,))
    most = found.work(
        sheet, Operation.PRODUCT, "most_lessons", [present, found.given(sheet, "lessons_a_day", week.lessons_a_day(need), names)], names
    )
    return found.compared(sheet, finding.kind, lessons, most, names, need.school, (code,))


def two_at_once(found: FoundProofs, finding: Finding) -> Proof:
    """Two lessons that start together, one person."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    names = {**found.person(code), "first": str(finding.facts["first"]), "second": str(finding.facts["second"])}
    rows = [
        found.given(sheet, "lesson_at_once", 1, {"need": names[key]}, found.lock_cells(code, [found.case.need[names[key]]]))
        for key in ("first", "second")
    ]
    at_once = found.work(sheet, Operation.SUM, "lessons_at_once", rows, names)
    one = found.work(sheet, Operation.SUM, "one_person", [found.given(sheet, "person", 1, found.person(code))], found.person(code))
    return found.compared(sheet, finding.kind, at_once, one, names, teachers=(code,))


# --- duties ----------------------------------------------------------------------------------------------------------------------------


def pinned(found: FoundProofs, finding: Finding) -> Proof:
    """Named holders or units against what one duty, or one teacher, may have."""
    sheet, facts = Sheet(), finding.facts
    names = {key: str(facts[key]) for key in ("school", "duty", "duties", "teacher", "name") if key in facts}
    held = next((facts[key] for key in ("holders", "units") if key in facts), str(facts.get("duties", "")).count(", ") + 1)
    count = found.work(sheet, Operation.SUM, "held", [found.given(sheet, "held_given", int(held), names)], names)
    limit = found.work(sheet, Operation.SUM, "limit", [found.given(sheet, "limit_given", int(facts["limit"]), names)], names)
    return found.compared(sheet, finding.kind, count, limit, names, teachers=(names["teacher"],) if "teacher" in names else ())


# --- Hall: teachers present against classes ----------------------------------------------------------------------------------------------


def of_all_classes(found: FoundProofs, finding: Finding) -> Proof | None:
    """The classes of a school and bell pattern together, over the slots that the flow names."""
    classes = found.classes[str(finding.facts["npsn"]), str(finding.facts["pattern"])]
    lack = locked_shortage(classes) if finding.hard else any_shortage(classes)
    return None if lack is None else hall(found, finding, classes, lack)


def of_one_class(found: FoundProofs, finding: Finding) -> Proof | None:
    """The first of the classes that a note names."""
    classes = found.classes[str(finding.facts["npsn"]), str(finding.facts["pattern"])]
    name = str(finding.facts["rombels"]).split(", ")[0]
    alone = replace(classes, rombels=tuple(rombel for rombel in classes.rombels if rombel.name == name))
    lack = locked_shortage(alone) if finding.hard else any_shortage(alone)
    return None if lack is None else hall(found, finding, alone, lack)


def of_one_day(found: FoundProofs, finding: Finding) -> Proof | None:
    """The full classes, over the periods of one day in which fewer teachers than classes can be there."""
    classes = found.classes[str(finding.facts["npsn"]), str(finding.facts["pattern"])].full
    lack = slots_of_day(classes, str(finding.facts["day"]))
    return None if lack is None else hall(found, finding, classes, lack)


def hall(found: FoundProofs, finding: Finding, classes: Presence, lack: Shortage) -> Proof | None:
    """Classes × slots against what the teachers who can be there give to these slots, and what may be empty or without a teacher."""
    if any(found.week.class_jp(rombel) > len(classes.slots) for rombel in classes.rombels):
        return None
    sheet = Sheet()
    rombels = ", ".join(rombel.name for rombel in classes.rombels)
    names = {"school": found.week.school_name(classes.npsn), "times": times_in_words(lack.slots), "rombels": rombels}
    cells = tuple(f"rombels[{found.rombel[rombel.school, rombel.name][0]}].name" for rombel in classes.rombels)
    count = found.given(sheet, "classes", len(classes.rombels), names, cells)
    slots = slots_line(found, sheet, classes, lack.slots)
    needed = found.work(sheet, Operation.PRODUCT, "needed", [count, slots], names)
    rows = [*teachers_lines(found, sheet, classes, lack, slots), *spare_lines(found, sheet, classes, count, finding.hard)]
    most = found.work(sheet, Operation.SUM, "available", rows, names)
    found.work(sheet, Operation.DIFFERENCE, "missing", [needed, most], names)
    return found.compared(sheet, finding.kind, needed, most, names, classes.npsn)


def slots_line(found: FoundProofs, sheet: Sheet, classes: Presence, slots: Sequence[SlotKey]) -> str:
    rows = []
    for day in DAYS:
        of_day = [key for key in slots if key[0] == day]
        if of_day:
            rows.append(found.given(sheet, "day_slots", len(of_day), {"times": times_in_words(of_day)}, found.slot_cells(classes.pattern, day)))
    return found.work(sheet, Operation.SUM, "slots", rows, {"times": times_in_words(slots)})


def teachers_lines(found: FoundProofs, sheet: Sheet, classes: Presence, lack: Shortage, slots: str) -> Iterator[str]:
    """Those who can be there at all these times together, as teachers × slots; the others one by one, by what they can give."""
    within = frozenset(lack.slots)
    away = [code for code in classes.hours if not classes.open[code] & within]
    whole = [code for code in classes.hours if lack.given.get(code, 0) == len(within)]
    partly = [code for code in classes.hours if code not in away and code not in whole]
    named = {"times": times_in_words(lack.slots)}
    staff = found.given(sheet, "staff", len(classes.hours), named, tuple(f"teachers[{found.teacher_row[code]}].code" for code in classes.hours))
    others = []
    if away:
        cells = tuple(cell for code in away for cell in found.away_cells(code, within))
        who = ", ".join(f"{found.case.teachers[code].name} ({code})" for code in away)
        others.append(found.given(sheet, "away", len(away), {**named, "names": who}, cells))
    if partly:
        who = ", ".join(f"{found.case.teachers[code].name} ({code})" for code in partly)
        others.append(found.given(sheet, "partly", len(partly), {**named, "names": who}))
    present = found.work(sheet, Operation.DIFFERENCE, "present", [staff, *others], named)
    if whole:
        yield found.work(sheet, Operation.PRODUCT, "present_hours", [present, slots], named)
    else:
        yield present
    for code in partly:
        open_count = len(classes.open[code] & within)
        if classes.hours[code] < open_count:
            row = found.teacher_row[code]
            yield found.given(sheet, "own_hours", classes.hours[code], {**named, **found.person(code)}, (f"teachers[{row}].max_jp",))
        else:
            closed = within - classes.open[code]
            yield found.given(sheet, "own_slots", open_count, {**named, **found.person(code)}, found.away_cells(code, closed))


def spare_lines(found: FoundProofs, sheet: Sheet, classes: Presence, count: str, hard: bool) -> Iterator[str]:
    """Periods that the classes' hours leave empty, and lessons that may be without a teacher."""
    week = found.week
    grid = found.work(sheet, Operation.PRODUCT, "grid", [count, found.periods_of(sheet, classes.pattern)])
    by_hours: dict[int, list[Rombel]] = {}
    for rombel in classes.rombels:
        by_hours.setdefault(week.class_jp(rombel), []).append(rombel)
    rows = []
    for jp, rombels in by_hours.items():
        needs = [need for rombel in rombels for need in week.of_rombel.get((rombel.school, rombel.name), ())]
        cells = tuple(dict.fromkeys(cell for need in needs for cell in found.hour_cells(need)))
        names = {"rombels": ", ".join(rombel.name for rombel in rombels)}
        if jp:
            pair = [found.given(sheet, "alike_classes", len(rombels), names), found.given(sheet, "alike_hours", jp, names, cells)]
            rows.append(found.work(sheet, Operation.PRODUCT, "alike_total", pair, names))
    yield found.work(sheet, Operation.DIFFERENCE, "empty", [grid, *rows])
    yield found.given(sheet, "unlocked" if hard else "unteachable", classes.unlocked_jp if hard else classes.unteachable_jp)


BUILDERS: Mapping[str, Callable[[FoundProofs, Finding], Proof | None]] = {
    "class_hours_exceed_grid": class_hours,
    "lesson_longer_than_day": long_lesson,
    "class_blocks_exceed_days": class_blocks,
    "locked_blocks_exceed_open_periods": locked_blocks,
    "room_hours_exceed_rooms": room_hours,
    "locked_hours_exceed_open_slots": locked_in_open_slots,
    "locked_hours_exceed_maximum": locked_above_most,
    "minimum_jp_out_of_reach": wanted_above_all,
    "minimum_jp_exceeds_open_periods": wanted_in_open_periods,
    "minimum_jp_between_classes": wanted_between_classes,
    "locked_lessons_exceed_teacher_days": locked_days,
    "parallel_groups_one_teacher": two_at_once,
    "pinned_above_maximum": pinned,
    "pinned_too_often": pinned,
    "pinned_main_duties": pinned,
    "locked_lessons_without_teacher": of_all_classes,
    "too_few_teacher_hours": of_all_classes,
    "class_without_its_teachers": of_one_class,
    "too_few_teachers_present": of_one_day,
}
"""Findings that rest on a sum, and who builds the proof."""
