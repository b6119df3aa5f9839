"""Jadwal Kelas and Jadwal Guru: a page for every class and a slip for every teacher, days side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from scheduler.domain.entities import SlotKind
from scheduler.domain.plan import Lesson
from scheduler.report.excel.booklet import SIGNATURE_LINES, SIGNATURE_ROW, SIGNATURES_POINTS, Booklet, Signature, write_signatures
from scheduler.report.excel.master import TIME_LOOK, lesson_look, slot_words, subject_looks
from scheduler.report.excel.matrix import duty_lines
from scheduler.report.excel.paper import CENTER, HEAD, LINE_POINTS, PLAIN, SPECIAL, TOTAL, TOTAL_FILL, TOTAL_NAME, Look, Paper, Value
from scheduler.report.excel.summary import week_words
from scheduler.report.matrix import matrix_teacher
from scheduler.report.weeks import ClassWeek, Grid, GridRow, TeacherPlace, TeacherWeek
from scheduler.report.words import sum_of

CLASS_WIDTH = 156
TEACHER_WIDTH = 98
PERIOD_WIDTH = 6
CLOCK_WIDTH = 13
TEACHER_ROW = 22
SLIP_GAP = 18
SUM = Look(bold=True, size=9, across="center", fill=TOTAL_FILL)
LEAST_CLASS_ROW = 25
"""A class's hour holds two lines of 9 points; where the signatures leave less, the page goes without them."""

SPECIAL_ROW = 15
SPECIAL_SIZE = 9
SPECIAL_CELL = replace(SPECIAL, size=SPECIAL_SIZE)
NO_HOUR = Look(fill="F0F0F0")

Words = Callable[[Sequence[Lesson]], str]


def write_classes(booklet: Booklet) -> None:
    """A page for every class, to hang in its room: subjects and teachers by day."""
    weeks = booklet.tables.class_weeks
    if not weeks or not booklet.tables.summary.placed_jp:
        write_no_week(booklet, "classes")
        return
    layout = Layout.of([week.grid for week in weeks], CLASS_WIDTH)
    paper = booklet.paper("classes", layout.widths)
    for week in weeks:
        paper.page_break()
        write_class(booklet, paper, layout, week)
    booklet.finish(paper)


def write_class(booklet: Booklet, paper: Paper, layout: Layout, week: ClassWeek) -> None:
    booklet.heading(paper, "class", week.rombel.school, rombel=week.rombel.name)
    homeroom = booklet.teacher(week.homeroom) if week.homeroom else booklet.say("dash")
    facts = [booklet.say("class_homeroom", name=homeroom)]
    if week.rombel.room:
        facts.append(booklet.say("class_room", room=week.rombel.room))
    if week.rombel.students:
        facts.append(booklet.say("class_students", count=week.rombel.students))
    paper.sentence("     ".join(facts), replace(PLAIN, bold=True))

    def words(lessons: Sequence[Lesson]) -> str:
        people = [booklet.teacher(lesson.teacher) if lesson.teacher else booklet.say("nobody") for lesson in lessons]
        if len(lessons) == 1:
            return f"{booklet.subject_in_cell(lessons[0].subject)}\n{people[0]}"
        groups = zip(lessons, people, strict=True)
        return "\n".join(f"{booklet.names.subjects[lesson.subject].short}: {name}" for lesson, name in groups)

    lines = max(1, len(week.grid.rows))
    room = (paper.page_points - paper.used_points - 22) / lines
    signed = (paper.page_points - paper.used_points - 22 - SIGNATURES_POINTS) / lines
    write_grid(booklet, paper, layout, week, words, min(38.0, signed if signed >= LEAST_CLASS_ROW else room))
    if signed >= LEAST_CLASS_ROW:
        person = booklet.tables.case.teachers[week.homeroom] if week.homeroom else None
        head = booklet.principal(week.rombel.school)
        paper.gap(8)
        known = Signature((booklet.say("sign_known"), booklet.say("sign_principal")), *head)
        own = Signature((booklet.place_and_date, booklet.say("sign_homeroom")), *((person.name, person.nip) if person else ("", "")))
        write_signatures(booklet, paper, ((layout.part(0.04, 0.4), known), (layout.part(0.7, 1.0), own)))


def write_no_week(booklet: Booklet, key: str) -> None:
    paper = booklet.paper(key, (CLASS_WIDTH / 3,) * 3)
    booklet.heading(paper, key)
    paper.sentence(week_words(booklet, booklet.tables.summary))
    booklet.finish(paper)


# --- one block a teacher -----------------------------------------------------------------------------------------------------------------------


def write_teachers(booklet: Booklet) -> None:
    """A slip for every teacher, portrait, two on a page where they fit: classes and subjects by day, and the sum of the hours."""
    weeks = booklet.tables.teacher_weeks
    if not weeks:
        write_no_week(booklet, "teachers")
        return
    grids = [place.grid for week in weeks for place in week.places]
    layout = Layout.of(grids, TEACHER_WIDTH)
    paper = booklet.paper("teachers", layout.widths, landscape=False)
    points = [teacher_points(booklet, week) for week in weeks]
    paper.shrink([[height + SLIP_GAP for height in points]], least=0.85)
    for week, height in zip(weeks, points, strict=True):
        if paper.fits(height + SLIP_GAP):
            paper.gap(SLIP_GAP)
        else:
            paper.page_break()
        write_teacher(booklet, paper, layout, week)
    booklet.finish(paper)


def teacher_points(booklet: Booklet, week: TeacherWeek) -> float:
    """Height of a slip: head, grids with their sums, then the hours and duties beside the signatures."""
    rows = [row for place in week.places for row in place.grid.rows]
    lessons = sum(row.period > 0 for row in rows)
    grids = 33 * len(week.places) + TEACHER_ROW * lessons + 17 * (len(rows) - lessons)
    named = 16 * len(week.places) if len(week.places) > 1 else 0
    return 78 + named + grids + SIGNATURE_ROW * max(SIGNATURE_LINES, len(sum_rows(booklet, week)) + 1) + 8


def write_teacher(booklet: Booklet, paper: Paper, layout: Layout, week: TeacherWeek) -> None:
    teacher = booklet.tables.case.teachers[week.teacher]
    booklet.short_heading(paper, "teacher", teacher.home, name=teacher.name)
    facts = [booklet.say("teacher_code", code=booklet.names.label(teacher.code, teacher.home))]
    if teacher.nip:
        facts.append(booklet.say("sign_nip", nip=teacher.nip))
    paper.sentence("     ".join(facts), replace(PLAIN, bold=True))

    def words(lessons: Sequence[Lesson]) -> str:
        return "\n".join(f"{', '.join(x.rombels) or booklet.say('dash')}\n{booklet.names.subjects[x.subject].short}" for x in lessons)

    for place in week.places:
        if len(week.places) > 1 or place.school != teacher.home:
            paper.sentence(booklet.names.school(place.school), replace(PLAIN, bold=True))
        write_grid(booklet, paper, layout, place, words, TEACHER_ROW, size=8)
        write_day_sums(booklet, paper, layout, place)
    write_teacher_sum(booklet, paper, layout, week)


def write_day_sums(booklet: Booklet, paper: Paper, layout: Layout, place: TeacherPlace) -> None:
    """Hours taught on each day."""
    columns = layout.columns(place.grid)
    paper.put(paper.row, columns[0][0], booklet.say("head_sum"), SUM, to_column=columns[0][1])
    at = 1
    for group in place.grid.day_groups:
        paper.put(paper.row, columns[at][0], None, SUM, to_column=columns[at][1])
        for day in group:
            at += 1
            hours = sum(bool(lessons) for (on, _), lessons in place.lessons.items() if on == day)
            paper.put(paper.row, columns[at][0], hours or None, SUM, to_column=columns[at][1])
        at += 1
    paper.advance(14.5)


def write_teacher_sum(booklet: Booklet, paper: Paper, layout: Layout, week: TeacherWeek) -> None:
    """Jumlah JTM and every duty with what counts of it, their sum and its word; beside them the principal and the teacher sign."""
    rows = sum_rows(booklet, week)
    teacher = booklet.tables.case.teachers[week.teacher]
    label, figure = layout.part(0, 0.36), layout.part(0.36, 0.45)
    paper.gap(6)
    top = paper.row
    paper.put(top, label[0], booklet.say("head_hours_and_duties"), replace(HEAD, size=8), to_column=label[1])
    paper.put(top, figure[0], booklet.say("head_jtm"), replace(HEAD, size=8), to_column=figure[1])
    for row, (words, value) in enumerate(rows, top + 1):
        last = row == top + len(rows)
        paper.put(row, label[0], words, replace(TOTAL_NAME, size=8, across="left") if last else Look(size=8), to_column=label[1])
        paper.put(row, figure[0], value, replace(TOTAL, size=8) if last else Look(size=8, across="center"), to_column=figure[1])
    known = Signature((booklet.say("sign_known"), booklet.say("sign_principal")), *booklet.principal(teacher.home))
    own = Signature((booklet.place_and_date, booklet.say("sign_self")), teacher.name, teacher.nip)
    write_signatures(booklet, paper, ((layout.part(0.48, 0.72), known), (layout.part(0.74, 1.0), own)), least_lines=len(rows) + 1)


def sum_rows(booklet: Booklet, week: TeacherWeek) -> list[tuple[str, Value]]:
    """What the teacher has, line by line; the last line is the sum against the minimum and the word on it."""
    row = next(row for row in booklet.tables.loads if row.teacher == week.teacher)
    taught = [a for a in booklet.tables.plan.assignments if a.teacher == week.teacher]
    person = matrix_teacher(booklet.names, week.teacher, row.load.home_school, taught)
    lines: list[tuple[str, Value]] = [(booklet.say("sum_hours"), row.dapodik_jp)]
    if row.load.counted and row.linear_jtm != row.dapodik_jp and not booklet.tables.case.is_counsellor(week.teacher):
        lines.append((booklet.say("sum_linear"), row.linear_jtm))
    lines += duty_lines(booklet, person)
    if not row.load.counted:
        return [*lines, (booklet.say("sum_not_counted"), booklet.say("dash"))]
    word = booklet.say(f"standing_{row.standing.value}")
    if booklet.tables.case.is_counsellor(week.teacher):
        lines.append((sum_of(booklet, row), ""))
    return [*lines, (booklet.say("sum_recognised", whole=row.required_jtm, word=word), row.recognised_jtm)]


# --- the grid --------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a sheet whose blocks may have different days: an edge wherever one of the grids has one."""

    edges: tuple[int, ...]

    @classmethod
    def of(cls, grids: Sequence[Grid], width: int) -> Layout:
        return cls(tuple(sorted({edge for grid in grids for edge in grid_edges(grid, width)})))

    @property
    def widths(self) -> tuple[float, ...]:
        return tuple(float(right - left) for left, right in pairwise(self.edges))

    def part(self, first: float, last: float) -> tuple[int, int]:
        """First and last column of a part of the width, at the edges nearest to these shares of it; at least one column."""

        def nearest(share: float) -> int:
            return min(range(len(self.edges)), key=lambda index: abs(self.edges[index] - share * self.edges[-1]))

        return nearest(first) + 1, max(nearest(last), nearest(first) + 1)

    def columns(self, grid: Grid) -> tuple[tuple[int, int], ...]:
        """First and last column of the sheet for each column of a grid: hour, then for each run of days its clock and its days."""
        edges = grid_edges(grid, self.edges[-1])
        return tuple((self.edges.index(left) + 1, self.edges.index(right)) for left, right in pairwise(edges))


def grid_edges(grid: Grid, width: int) -> tuple[int, ...]:
    """Where the columns of a grid begin, in units of column width: hour, clocks and days; the days share what is left."""
    day = (width - PERIOD_WIDTH - CLOCK_WIDTH * len(grid.day_groups)) / len(grid.days)
    edges, at = [0, PERIOD_WIDTH], float(PERIOD_WIDTH)
    for group in grid.day_groups:
        at += CLOCK_WIDTH
        edges.append(round(at))
        for _ in group:
            at += day
            edges.append(round(at))
    return (*edges[:-1], width)


def write_grid(booklet: Booklet, paper: Paper, layout: Layout, week: ClassWeek | TeacherPlace, words: Words, points: float, size: float = 9) -> None:
    """Hours from top to bottom, days side by side; each run of days with equal clock times has its own column WAKTU."""
    grid, columns = week.grid, layout.columns(week.grid)
    write_grid_head(booklet, paper, grid, columns)
    top = paper.row
    for row in grid.rows:
        paper.put(paper.row, columns[0][0], row.period or None, replace(CENTER, bold=True), to_column=columns[0][1])
        paper.advance(points if row.period else special_points(booklet, paper, grid, row, columns))
    column = 1
    for group in grid.day_groups:
        write_clock(booklet, paper, grid, group, top, columns[column])
        breaks = write_common_slots(booklet, paper, grid, group, top, columns[column + 1 : column + 1 + len(group)])
        for day in group:
            column += 1
            write_grid_day(booklet, paper, week, day, top, columns[column], words, breaks, size)
        column += 1


def special_points(booklet: Booklet, paper: Paper, grid: Grid, row: GridRow, columns: Sequence[tuple[int, int]]) -> float:
    """Height of a line without lessons: two lines where a ceremony stands in the column of one day."""
    at, lines = 1, 1
    for group in grid.day_groups:
        alike = len({row.slots[day].kind if day in row.slots else None for day in group}) == 1
        for index, day in enumerate(group, at + 1):
            last = columns[at + len(group)] if alike else columns[index]
            if day in row.slots:
                lines = max(lines, paper.lines(slot_words(booklet, row.slots[day]), paper.width(columns[index][0], last[1]), SPECIAL_SIZE))
        at += len(group) + 1
    return SPECIAL_ROW + (lines - 1) * LINE_POINTS * SPECIAL_SIZE / 10


def write_grid_head(booklet: Booklet, paper: Paper, grid: Grid, columns: Sequence[tuple[int, int]]) -> None:
    heads = [booklet.say("head_hour")]
    for group in grid.day_groups:
        heads += [booklet.say("head_time"), *(booklet.day(day).upper() for day in group)]
    for word, (first, last) in zip(heads, columns, strict=True):
        paper.put(paper.row, first, word, HEAD, to_column=last)
    paper.advance(18)


def write_clock(booklet: Booklet, paper: Paper, grid: Grid, group: Sequence[str], top: int, at: tuple[int, int]) -> None:
    for index, row in enumerate(grid.rows):
        slot = next((row.slots[day] for day in group if day in row.slots), None)
        words = booklet.clock(slot.start, slot.end) if slot else ""
        paper.put(top + index, at[0], words, TIME_LOOK if slot else NO_HOUR, to_column=at[1])


def write_common_slots(
    booklet: Booklet, paper: Paper, grid: Grid, group: Sequence[str], top: int, columns: Sequence[tuple[int, int]]
) -> frozenset[int]:
    """Breaks and ceremonies that all days of a run share are one cell over these days; returns the indexes of their rows."""
    common = set()
    for index, row in enumerate(grid.rows):
        kinds = {row.slots[day].kind if day in row.slots else None for day in group}
        if len(kinds) == 1 and is_special(row, group[0]):
            common.add(index)
            paper.put(top + index, columns[0][0], slot_words(booklet, row.slots[group[0]]), SPECIAL_CELL, to_column=columns[-1][1])
    return frozenset(common)


def is_special(row: GridRow, day: str) -> bool:
    return day in row.slots and row.slots[day].kind is not SlotKind.LESSON


def write_grid_day(
    booklet: Booklet,
    paper: Paper,
    week: ClassWeek | TeacherPlace,
    day: str,
    top: int,
    at: tuple[int, int],
    words: Words,
    common: frozenset[int],
    size: float,
) -> None:
    """One day: lessons of several hours are one cell, as long as no break lies between."""
    looks = subject_looks(booklet)
    rows = [(index, row) for index, row in enumerate(week.grid.rows) if index not in common]

    def content(entry: tuple[int, GridRow]) -> tuple[int, object]:
        index, row = entry
        lessons = week.lessons.get((day, row.period), ()) if row.period and not is_special(row, day) else ()
        gaps = sum(other < index for other in common)
        return (gaps, tuple((x.need, x.day, x.period) for x in lessons)) if lessons else (index, None)

    for _, run in groupby(rows, key=content):
        entries = list(run)
        (first, row), last = entries[0], entries[-1][0]
        if day not in row.slots:
            paper.put(top + first, at[0], None, NO_HOUR, to_column=at[1])
        elif is_special(row, day):
            paper.put(top + first, at[0], slot_words(booklet, row.slots[day]), SPECIAL_CELL, to_column=at[1])
        else:
            lessons = week.lessons.get((day, row.period), ())
            value, height = words(lessons), sum(paper.sheet.row_dimensions[top + index].height or 0.0 for index in range(first, last + 1))
            look = replace(lesson_look(lessons, looks), size=paper.fitting_size(value, paper.width(*at), height, size))
            paper.put(top + first, at[0], value, look, to_column=at[1], to_row=top + last)
