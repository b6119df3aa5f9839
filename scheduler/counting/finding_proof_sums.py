"""What the proofs of findings share: the cells of the workbook behind a number, and sums that several of them need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.counting.capacity import most_disjoint, open_slots, patterns_of
from scheduler.counting.presence import Presence, SlotKey, groups_of_classes
from scheduler.counting.proof_facts import Given
from scheduler.counting.proof_sums import Sheet
from scheduler.counting.week_count import WeekCount
from scheduler.domain.entities import AvailabilityKind, Rombel
from scheduler.domain.instance import DAYS
from scheduler.domain.proof import Conclusion, Operation, Proof, Relation
from scheduler.policy.case import Case, Need
from scheduler.policy.schema import Source

FILE = "finding_proofs"
"""The sentences' file: ``Number.says`` and ``Proof.kind`` are full keys."""


@dataclass(frozen=True)
class FoundProofs:
    """The look-ups and sums from which each proof is built anew: a finding names only what it is about."""

    week: WeekCount

    @property
    def case(self) -> Case:
        return self.week.case

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
