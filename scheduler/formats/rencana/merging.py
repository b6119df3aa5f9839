"""What the sheets say, put together: who teaches each need, when, and who holds what; compared with the plan that was written.

Two sheets say who teaches: where only one of them was changed, the change counts; where both were and differ, the cells are named. Without the
plan of before nothing can be told apart: the sheets must agree then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scheduler.domain.edits import Edit, EditKind, Hour
from scheduler.domain.plan import DutyHolding, Lesson, Plan
from scheduler.formats.rencana.codes import Code
from scheduler.formats.rencana.duties import HolderCell
from scheduler.formats.rencana.master import HourCell
from scheduler.formats.rencana.matrix import TaughtCell
from scheduler.formats.rencana.pages import Page, Problems

if TYPE_CHECKING:
    from scheduler.policy.case import Case, Need

UNKNOWN = "\0"
"""In place of a teacher: no plan of before says it."""

Teacher = str | None
CellText = Callable[[str, Sequence[tuple[str, Teacher]]], str]
"""(school, [(subject, teacher)]) → what the cell of Jadwal Induk looks like."""


@dataclass
class Merger:
    """One reading of a workbook. ``former`` is the plan it was written from, None where that is not known.

    ``matrix_schools`` are those whose Pembagian Tugas was found, ``shown`` the (school, class) that Jadwal Induk has columns for.
    """

    case: Case
    former: Plan | None
    problems: Problems
    hours: Sequence[HourCell]
    taught: Sequence[TaughtCell]
    holders: Sequence[HolderCell] | None
    matrix_schools: Mapping[str, Page]
    duties_page: Page | None
    timetabled: Mapping[str, Need]
    shown: frozenset[tuple[str, str]]
    text_of: CellText
    edits: list[Edit] = field(default_factory=list)
    hour_places: dict[tuple[str, str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    taught_places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    needs_in: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        rows = self.former.assignments if self.former else ()
        self.before: dict[str, Teacher] = {row.need: row.teacher for row in rows}
        self.needs_of: dict[tuple[str, str, str], list[Need]] = defaultdict(list)
        for need in self.case.needs:
            for rombel in need.rombels:
                self.needs_of[need.school, rombel, need.subject].append(need)
        self.lessons_before: dict[str, list[Lesson]] = defaultdict(list)
        for lesson in self.former.lessons if self.former else ():
            self.lessons_before[lesson.need].append(lesson)
        self.hours_before = {
            Hour(lesson.need, lesson.day, period)
            for lessons in self.lessons_before.values()
            for lesson in lessons
            for period in range(lesson.period, lesson.period + lesson.length)
        }

    def former_teacher(self, need: Need) -> Teacher:
        return self.before.get(need.id, UNKNOWN if self.former is None else None)

    # --- the week --------------------------------------------------------------------------------------------------------------------------

    def occupancy(self) -> dict[str, dict[tuple[str, int], list[tuple[HourCell, Code]]]]:
        """For every need the hours in which its classes have it, each with the cells that say so."""
        found: dict[str, dict[tuple[str, int], list[tuple[HourCell, Code]]]] = defaultdict(lambda: defaultdict(list))
        for cell in self.hours:
            for code in cell.codes:
                need = self.need_of_cell(cell, code)
                if need is not None:
                    found[need.id][cell.day, cell.period].append((cell, code))
                    self.hour_places[need.id, cell.day, cell.period].append(cell.place)
                    self.needs_in[cell.place].append(need.id)
        for need_id, times in found.items():
            self.same_in_all_classes(self.case.need[need_id], times)
        return found

    def need_of_cell(self, cell: HourCell, code: Code) -> Need | None:
        """The need that a code of a class means; of a subject with several teachers the one that this teacher has."""
        needs = [need for need in self.needs_of[cell.school, cell.rombel, code.subject] if need.id in self.timetabled]
        if len(needs) > 1:
            own = [need for need in needs if (self.former_teacher(need) or "") in (code.teachers or ("",))]
            here = [need for need in own if Hour(need.id, cell.day, cell.period) in self.hours_before]
            needs = here[:1] or own
        if len(needs) == 1:
            return needs[0]
        kind = "several_teachers" if needs or self.needs_of[cell.school, cell.rombel, code.subject] else "subject_not_in_class"
        self.problems.add(cell.page, kind, cell.row, cell.column, value=cell.text, rombel=cell.rombel)
        return None

    def same_in_all_classes(self, need: Need, times: Mapping[tuple[str, int], Sequence[tuple[HourCell, Code]]]) -> None:
        """A group of several classes has its hour in all of them."""
        rombels = {rombel for rombel in need.rombels if (need.school, rombel) in self.shown}
        for (day, period), cells in times.items():
            missing = rombels - {cell.rombel for cell, _ in cells}
            if missing:
                cell = cells[0][0]
                facts: dict[str, str | int] = {"value": cell.text, "day": day, "period": period, "missing": ", ".join(sorted(missing))}
                self.problems.add(cell.page, "group_parted", cell.row, cell.column, **facts)

    def is_shown(self, need: Need) -> bool:
        """Whether Jadwal Induk shows the need's lessons."""
        return any((need.school, rombel) in self.shown for rombel in need.rombels)

    def lessons(self, occupancy: Mapping[str, Mapping[tuple[str, int], object]], teachers: Mapping[str, Teacher]) -> tuple[Lesson, ...]:
        """The week of the sheet; lessons that it does not show stay as they were."""
        found: list[Lesson] = []
        for need in self.timetabled.values():
            if not self.is_shown(need):
                found += self.lessons_before[need.id]
                continue
            days: dict[str, set[int]] = defaultdict(set)
            for day, period in occupancy.get(need.id, {}):
                days[day].add(period)
            for day, periods in days.items():
                found += self.day_lessons(need, day, periods, teachers.get(need.id))
        return tuple(found)

    def day_lessons(self, need: Need, day: str, periods: set[int], teacher: Teacher) -> Iterator[Lesson]:
        """Lessons of one day: those of before where the hours are the same, else each run of hours is one."""
        before = [lesson for lesson in self.lessons_before[need.id] if lesson.day == day]
        blocks = [(lesson.period, lesson.length) for lesson in before]
        if {period + i for period, length in blocks for i in range(length)} != periods:
            blocks = list(runs(periods))
        rooms = {(lesson.period, lesson.length): lesson.room for lesson in before}
        other = next((lesson.room for lesson in self.lessons_before[need.id]), "")
        for period, length in blocks:
            room = rooms.get((period, length), other)
            yield Lesson(need.id, need.school, need.rombels, need.subject, teacher, day, period, length, room)

    def hour_edits(self) -> None:
        """Cells of Jadwal Induk that have another subject than before."""
        before: dict[tuple[str, str, str, int], set[str]] = defaultdict(set)
        for hour in self.hours_before:
            if need := self.case.need.get(hour.need):
                for rombel in need.rombels:
                    before[need.school, rombel, hour.day, hour.period].add(need.id)
        for cell in self.hours:
            was, now = before[cell.school, cell.rombel, cell.day, cell.period], set(self.needs_in[cell.place])
            if was != now:
                old = self.text_of(cell.school, [(self.case.need[n].subject, self.before.get(n)) for n in sorted(was)])
                came = tuple(sorted(now - was))
                edit = Edit(EditKind.HOUR, cell.place, old, cell.text, (*sorted(was - now), *came), came, school=cell.school)
                self.edits.append(replace(edit, rombel=cell.rombel, day=cell.day, period=cell.period))

    # --- who teaches -----------------------------------------------------------------------------------------------------------------------

    def teachers(self, occupancy: Mapping[str, Mapping[tuple[str, int], Sequence[tuple[HourCell, Code]]]]) -> dict[str, Teacher]:
        """Who teaches each need, by both sheets."""
        lines: dict[tuple[str, str, str], list[TaughtCell]] = defaultdict(list)
        for cell in self.taught:
            if not self.needs_of[cell.school, cell.rombel, cell.code.subject]:
                self.problems.add(cell.page, "subject_not_in_class", cell.row, cell.column, value=cell.text, rombel=cell.rombel)
            lines[cell.school, cell.rombel, cell.code.subject].append(cell)
        divided = self.divided(lines)
        found: dict[str, Teacher] = {}
        for need in self.case.needs:
            before = self.former_teacher(need)
            in_matrix = before
            cells: list[TaughtCell] = []
            if need.school in self.matrix_schools and need.rombels and need.id not in divided and self.in_columns(need):
                in_matrix, cells = self.by_matrix(need, [cell for rombel in need.rombels for cell in lines[need.school, rombel, need.subject]])
            spoken = [pair for pairs in occupancy.get(need.id, {}).values() for pair in pairs]
            found[need.id] = self.agreed(need, before, in_matrix, cells, spoken)
        return found

    def in_columns(self, need: Need) -> bool:
        own = {rombel.name for rombel in self.case.instance.rombels_of(need.school)}
        return bool(own & set(need.rombels))

    def divided(self, lines: Mapping[tuple[str, str, str], Sequence[TaughtCell]]) -> set[str]:
        """Needs of a class's subject that has several: they must be as they were, for a line does not say which of them it means."""
        found: set[str] = set()
        for (school, rombel, subject), needs in self.needs_of.items():
            if len(needs) < 2 or school not in self.matrix_schools:
                continue
            found |= {need.id for need in needs}
            wanted: Counter[str] = Counter()
            for need in needs:
                wanted[self.former_teacher(need) or ""] += need.jp
            cells = lines.get((school, rombel, subject), ())
            stated = Counter({(cell.code.teachers or ("",))[0]: cell.jp or 0 for cell in cells})
            if self.former is None:
                self.need_plan_file(self.matrix_schools[school])
            elif +stated != +wanted:
                cell = next((c for c in cells if wanted.get((c.code.teachers or ("",))[0], 0) != c.jp), None)
                page = cell.page if cell else self.matrix_schools[school]
                row, column = (cell.row, cell.column) if cell else (1, 1)
                self.problems.add(page, "divided_subject", row, column, rombel=rombel, subject=self.short(subject))
        return found

    def need_plan_file(self, page: Page) -> None:
        self.problems.add(page, "without_plan_file", 1, 1)

    def short(self, subject: str) -> str:
        return self.case.instance.subject(subject).short

    def by_matrix(self, need: Need, cells: list[TaughtCell]) -> tuple[Teacher, list[TaughtCell]]:
        """The teacher on whose line the class's hours stand."""
        by_teacher: dict[tuple[str, ...], list[TaughtCell]] = defaultdict(list)
        for cell in cells:
            by_teacher[cell.code.teachers].append(cell)
            self.taught_places[need.id].append(cell.place)
            if cell.jp is not None and cell.jp != need.jp:
                facts: dict[str, str | int] = {"value": cell.text, "jp": need.jp, "rombel": cell.rombel, "subject": self.short(need.subject)}
                self.problems.add(cell.page, "other_hours", cell.row, cell.column, **facts)
        per_class = Counter(cell.rombel for cell in cells)
        if any(count > 1 for count in per_class.values()):
            last = cells[-1]
            first = next(cell for cell in cells if cell.rombel == last.rombel)
            words = {"rombel": last.rombel, "subject": self.short(need.subject), "other_cell": first.place}
            self.problems.add(last.page, "taught_twice", last.row, last.column, **words)
        if not cells:
            return None, []
        columns = {rombel.name for rombel in self.case.instance.rombels_of(need.school)} & set(need.rombels)
        if (len(by_teacher) > 1 and all(count == 1 for count in per_class.values())) or columns != set(per_class):
            last = cells[-1]
            self.problems.add(last.page, "group_divided", last.row, last.column, subject=self.short(need.subject), rombels=", ".join(need.rombels))
        return self.one_of(need, cells[0].code, cells[0]), cells

    def one_of(self, need: Need, code: Code, cell: HourCell | TaughtCell) -> Teacher:
        """The teacher meant: of several with one code the one of before."""
        if len(code.teachers) < 2:
            return code.teachers[0] if code.teachers else None
        before = self.former_teacher(need)
        if before in code.teachers:
            return before
        self.problems.add(cell.page, "two_of_one_code", cell.row, cell.column, value=cell.text, known=", ".join(code.teachers))
        return None

    def agreed(
        self, need: Need, before: Teacher, in_matrix: Teacher, cells: Sequence[TaughtCell], spoken: Sequence[tuple[HourCell, Code]]
    ) -> Teacher:
        """One teacher out of both sheets: who was changed counts."""
        in_week = {self.one_of(need, code, cell): cell for cell, code in reversed(spoken)}
        if before is UNKNOWN:
            in_matrix = next(iter(in_week), None) if in_matrix is UNKNOWN else in_matrix
            differing = [cell for teacher, cell in in_week.items() if teacher != in_matrix]
            if differing:
                self.disagree(need, cells, differing[0])
            return in_matrix
        new = {teacher: cell for teacher, cell in in_week.items() if teacher != before}
        if in_matrix != before:
            others = [cell for teacher, cell in new.items() if teacher != in_matrix]
            if others:
                self.disagree(need, cells, others[0])
            self.teacher_edit(need, before, in_matrix, cells, ())
            return in_matrix
        if not new:
            return before
        teacher, cell = next(iter(new.items()))
        if len(in_week) > 1:
            facts = {"value": cell.text, "rombel": cell.rombel, "subject": self.short(need.subject)}
            self.problems.add(cell.page, "only_some_hours", cell.row, cell.column, **facts)
            return before
        self.teacher_edit(need, before, teacher, (), [cell for cell, _ in spoken])
        return teacher

    def disagree(self, need: Need, cells: Sequence[TaughtCell], cell: HourCell) -> None:
        other = cells[0].place if cells else (self.matrix_schools[need.school].title if need.school in self.matrix_schools else "-")
        facts = {"value": cell.text, "rombel": cell.rombel, "subject": self.short(need.subject), "other_cell": other}
        self.problems.add(cell.page, "sheets_differ", cell.row, cell.column, **facts)

    def teacher_edit(self, need: Need, before: Teacher, after: Teacher, cells: Sequence[TaughtCell], hours: Sequence[HourCell]) -> None:
        place = ", ".join(dict.fromkeys([*(cell.place for cell in cells), *(cell.place for cell in hours)]))
        if not place and need.school in self.matrix_schools:
            place = self.matrix_schools[need.school].title
        was, now = (self.text_of(need.school, [(need.subject, teacher)]) for teacher in (before, after))
        self.edits.append(
            Edit(EditKind.TEACHER, place, was, now if cells or hours else "", (need.id,), teachers=(before or "", after or ""), school=need.school)
        )

    # --- duties ----------------------------------------------------------------------------------------------------------------------------

    def duties(self) -> tuple[DutyHolding, ...]:
        """Who holds what, in the order of the posts; without the sheet as before."""
        before = {(d.school, d.duty, d.unit): d.teacher for d in (self.former.duties if self.former else ())}
        if self.holders is None:
            return self.former.duties if self.former else ()
        after: dict[tuple[str, str, str], str] = {}
        stated = set()
        for cell in self.holders:
            key = (cell.school, cell.duty, cell.unit)
            stated.add(key)
            teacher = self.holder_of(cell, before.get(key, ""))
            if teacher:
                after[key] = teacher
            old = before.get(key, "")
            if self.former is not None and teacher != old:
                words = self.case.teachers[old].name if old in self.case.teachers else old
                edit = Edit(EditKind.DUTY, cell.place, words, cell.text, teachers=(old, teacher), school=cell.school)
                self.edits.append(replace(edit, duty=cell.duty, unit=cell.unit))
        for school, duty, unit in sorted(before.keys() - stated):
            if self.duties_page is not None:
                facts = {"duty": self.duty_name(duty), "unit": unit, "holder": before[school, duty, unit]}
                self.problems.add(self.duties_page, "duty_row_missing", 1, 1, **facts)
        weight = {(post.school, post.duty): post for post in self.case.duty_posts}
        order = {(post.school, post.duty, unit): n for n, (post, unit) in enumerate((p, u) for p in weight.values() for u in p.units)}
        keys = sorted(after, key=lambda key: order.get(key, len(order)))
        return tuple(DutyHolding(*key, after[key], weight[key[:2]].rule.jtm, 0) for key in keys if key[:2] in weight)

    def duty_name(self, duty: str) -> str:
        rule = self.case.policy.duty(duty)
        return rule.name if rule else duty

    def holder_of(self, cell: HolderCell, before: str) -> str:
        """The holder by name; of two who bear it the one of before or of the NIP beside it."""
        by_nip = {teacher.nip.replace(" ", ""): code for code, teacher in self.case.teachers.items() if teacher.nip}
        named = by_nip.get(cell.nip, "")
        if not cell.teachers:
            return ""
        if before in cell.teachers:
            if named and named not in cell.teachers:
                self.problems.add(cell.page, "name_and_nip_differ", cell.row, cell.column, value=cell.text, nip=cell.nip)
            return before
        if len(cell.teachers) == 1:
            if named and named not in (*cell.teachers, before):
                self.problems.add(cell.page, "name_and_nip_differ", cell.row, cell.column, value=cell.text, nip=cell.nip)
            return cell.teachers[0]
        if named in cell.teachers:
            return named
        self.problems.add(cell.page, "two_of_one_name", cell.row, cell.column, value=cell.text, known=", ".join(cell.teachers))
        return ""


def runs(periods: set[int]) -> Iterator[tuple[int, int]]:
    """(first, length) of each run of consecutive numbers."""
    start = before = -1
    for period in sorted(periods):
        if period != before + 1:
            if start >= 0:
                yield start, before - start + 1
            start = period
        before = period
    if start >= 0:
        yield start, before - start + 1
