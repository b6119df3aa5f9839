"""``export``: a verified plan for aSc, for calendars, as a page, as a PDF, and in the shape of Dapodik's sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_file, refuse_folder, refuse_input
from scheduler.app.verify import Verified, verify_files
from scheduler.domain.entities import SlotKind
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Lesson
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.asc import AscWeek, asc_file
from scheduler.formats.files import atomic_path
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.words import Words

if TYPE_CHECKING:
    from scheduler.formats.ical import Term, WeeklyEvent

LONGEST_NAME = 80
PAPER_KEY = "Ukuran Kertas"
ASC_WORDS = ("any_day", "every_day", "all_weeks", "whole_year", "whole_class", "upacara", "pembiasaan", "istirahat", "lain")
SHEET_WORDS = ("lessons", "classes", "teachers", "subjects")

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that was written; ``key`` and ``facts`` are its sentence in ``export.toml``, ``remarks`` what a person must know of it."""

    path: Path
    school: str
    key: str
    facts: Facts = field(default_factory=dict)
    remarks: tuple[tuple[str, Facts], ...] = ()


@dataclass(frozen=True, slots=True)
class Papers:
    """``files`` is empty where the checker refuses the plan: ``verified`` says why.

    ``stale`` are files of an earlier run that this plan has no more.
    """

    exit: Exit
    verified: Verified
    files: tuple[PaperFile, ...] = ()
    stale: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """A workbook and the plan for it."""

    workbook: Path
    plan: Path
    policy: str = ""
    lang: str = "id"

    def verified(self) -> Verified:
        """What the checker says.

        Raises
        ------
        InputError
            a file cannot be understood, or the plan was made for another workbook, or divides nothing
        """
        verified = verify_files(self.workbook, self.plan, policy=self.policy)
        if verified.exit is Exit.OK and not verified.plan.assignments:
            raise InputError([Problem("export.no_plan", self.plan.name)])
        return verified

    def text(self) -> Text:
        return Text(self.lang)


Content = tuple[bytes, PaperFile]
"""A file's bytes, and what is to be said of it."""


# --- one file a school -----------------------------------------------------------------------------------------------------------------------------


def export_asc(sources: Sources, out: Path) -> Papers:
    """The plan as aSc XML, a file for each school.

    Raises
    ------
    InputError
        a file cannot be understood, the plan was made for another one, or no school has a week
    OutputRefusedError
        a result would replace a file, or does not end in .xml
    """
    if out.suffix.lower() != ".xml":
        raise OutputRefusedError("not_asc", out)
    return of_schools(sources, out, asc_content, needs_week=True)


def asc_content(verified: Verified, npsn: str, path: Path, text: Text) -> Content:
    written = asc_file(verified.opened.case, verified.plan, npsn, asc_words(text))
    days = text.joined(text.say(f"report.day_{day.casefold()}") for day in written.days)
    facts: Facts = {"file": str(path), "lessons": written.lessons, "cards": written.cards, "days": len(written.days), "names": days}
    remarks: list[tuple[str, Facts]] = [("asc_steps", {**facts, "name": path.name})]
    if written.other_clock:
        remarks.append(("asc_clock", {"days": text.joined(text.say(f"report.day_{day.casefold()}") for day in written.other_clock)}))
    for key, count in (("asc_events", written.events_left_out), ("asc_no_teacher", written.without_teacher), ("asc_open", written.without_class)):
        if count:
            remarks.append((key, {"count": count}))
    if not written.cards:
        remarks.append(("asc_no_cards", {}))
    return written.content, PaperFile(path, npsn, "asc_done", facts, tuple(remarks))


def asc_words(text: Text) -> Mapping[str, str]:
    return {word: text.say(f"export.asc_{word}") for word in (*ASC_WORDS, *SHEET_WORDS)}


def export_paste(sources: Sources, out: Path) -> Papers:
    """The lessons as a sheet to paste into aSc; raises what ``export_asc`` does."""
    refuse_ending(out, ".xlsx")
    return of_schools(sources, out, paste_content, needs_week=False)


def paste_content(verified: Verified, npsn: str, path: Path, text: Text) -> Content:
    from scheduler.formats.asc.paste import paste_sheet

    content, rows = paste_sheet(verified.opened.case, verified.plan, npsn, asc_words(text))
    return content, PaperFile(path, npsn, "paste_done", {"file": str(path), "rows": rows}, (("paste_steps", {"name": path.name}),))


def export_dapodik(sources: Sources, out: Path) -> Papers:
    """Pembelajaran and Jadwal in Dapodik's shape; raises what ``export_asc`` does."""
    refuse_ending(out, ".xlsx")
    return of_schools(sources, out, dapodik_content, needs_week=False)


def dapodik_content(verified: Verified, npsn: str, path: Path, text: Text) -> Content:
    from scheduler.report.excel.dapodik import dapodik_table

    table = dapodik_table(Words(Tables(verified.opened.case, verified.plan), text), npsn)
    facts: Facts = {"file": str(path), "rows": table.rows, "jjm": table.jjm}
    return table.content, PaperFile(path, npsn, "dapodik_done", facts, (("dapodik_steps", {}),))


Maker = Callable[[Verified, str, Path, Text], Content]


def of_schools(sources: Sources, out: Path, make: Maker, needs_week: bool) -> Papers:
    """A file for each school that has classes; with several schools the NPSN stands in each name."""
    for source in (sources.workbook, sources.plan):
        refuse_input(out, source)
    verified = sources.verified()
    if verified.exit is not Exit.OK:
        return Papers(verified.exit, verified)
    case = verified.opened.case
    with_classes = dict.fromkeys(rombel.school for rombel in case.instance.rombels)
    schools = [npsn for npsn in with_classes if not needs_week or AscWeek(case.instance, npsn).days]
    if not schools:
        raise InputError([Problem("export.no_week", sources.workbook.name, "Waktu")])
    targets = {npsn: out if len(schools) == 1 else out.with_name(f"{out.stem}-{file_name(npsn)}{out.suffix}") for npsn in schools}
    for target in targets.values():
        refuse_existing(target)
    made = [make(verified, npsn, target, sources.text()) for npsn, target in targets.items()]
    write_all({file.path: content for content, file in made})
    return Papers(Exit.OK, verified, tuple(file for _, file in made))


# --- one file --------------------------------------------------------------------------------------------------------------------------------------


def export_html(sources: Sources, out: Path) -> Papers:
    """The whole plan as one page; raises what ``export_asc`` does."""
    refuse_ending(out, ".html")

    def make(tables: Tables) -> tuple[bytes, Facts]:
        from scheduler.report.html.whole import whole_page

        return whole_page(tables, sources.text()), {"classes": len(tables.class_weeks), "teachers": len(tables.teacher_weeks)}

    return whole(sources, out, "html_done", make)


def export_pdf(sources: Sources, out: Path, paper: str = "") -> Papers:
    """All weeks as a PDF; ``paper`` "" = as Pengaturan says. Raises what ``export_asc`` does, and ImportError without reportlab."""
    refuse_ending(out, ".pdf")

    def make(tables: Tables) -> tuple[bytes, Facts]:
        from scheduler.report.pdf import weeks_pdf

        size = paper or tables.case.instance.settings.letterhead.get(PAPER_KEY, "").casefold() or "f4"
        written = weeks_pdf(tables, sources.text(), size)
        return written.content, {"pages": written.pages, "missing": " ".join(written.missing)}

    papers = whole(sources, out, "pdf_done", make)
    return with_remark(papers, "pdf_letters", "missing")


def with_remark(papers: Papers, key: str, fact: str) -> Papers:
    """The same with a remark on each file of which the fact is not empty."""
    files = (PaperFile(f.path, f.school, f.key, f.facts, ((key, f.facts),) if f.facts[fact] else ()) for f in papers.files)
    return Papers(papers.exit, papers.verified, tuple(files), papers.stale)


def whole(sources: Sources, out: Path, key: str, make: Callable[[Tables], tuple[bytes, Facts]]) -> Papers:
    for source in (sources.workbook, sources.plan):
        refuse_input(out, source)
    refuse_existing(out)
    verified = sources.verified()
    if verified.exit is not Exit.OK:
        return Papers(verified.exit, verified)
    refuse_without_lessons(sources, verified)
    content, facts = make(Tables(verified.opened.case, verified.plan))
    write_all({out: content})
    return Papers(Exit.OK, verified, (PaperFile(out, "", key, {"file": str(out), **facts}),))


# --- calendars -------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CalendarWish:
    """``first`` None = Tanggal Mulai; ``last`` None = the end of its semester; ``free`` are days without lessons."""

    first: date | None = None
    last: date | None = None
    zone: str = "Asia/Jakarta"
    free: tuple[date, ...] = ()


def export_ical(sources: Sources, folder: Path, wish: CalendarWish) -> Papers:
    """A calendar for every class and every teacher, in folders ``kelas`` and ``guru``.

    Raises
    ------
    InputError
        a file cannot be understood, the plan has no timetable, Waktu has no clock times, or no first day is known
    OutputRefusedError
        ``folder`` is a file, or a file in it is none of ours
    """
    from scheduler.formats.ical import PRODUCT, calendar

    refuse_file(folder)
    verified = sources.verified()
    if verified.exit is not Exit.OK:
        return Papers(verified.exit, verified)
    refuse_without_lessons(sources, verified)
    term = term_of(verified, wish, sources.workbook)
    calendars = list(Calendars(verified, sources).all())
    targets: dict[Path, bytes] = {}
    for kind, name, events in calendars:
        stem = free_stem(folder / kind, file_name(name), targets)
        targets[stem] = calendar(name, events, term)

    def is_ours(path: Path) -> bool:
        return path.is_file() and PRODUCT.encode() in path.read_bytes()[:400]

    for target in targets:
        refuse_folder(target)
        if target.exists() and not is_ours(target):
            raise OutputRefusedError("exists", target)
    write_all(targets)
    text = sources.text()
    facts: Facts = {
        "folder": str(folder),
        "classes": sum(kind == "kelas" for kind, _, _ in calendars),
        "teachers": sum(kind == "guru" for kind, _, _ in calendars),
        "first": text.date(term.first),
        "last": text.date(term.last),
    }
    stale = tuple(path for path in sorted(folder.rglob("*.ics")) if path not in targets and is_ours(path))
    remarks: tuple[tuple[str, Facts], ...] = (("ical_steps", {}),)
    return Papers(Exit.OK, verified, (PaperFile(folder, "", "ical_done", facts, remarks),), stale)


def term_of(verified: Verified, wish: CalendarWish, workbook: Path) -> Term:
    """First and last day: as wished, else Tanggal Mulai and the end of the half year in which it lies."""
    from scheduler.formats.ical import Term

    first = wish.first or verified.opened.case.instance.settings.start_date
    if first is None:
        raise InputError([Problem("export.no_start", workbook.name, "Pengaturan")])
    last = wish.last or (date(first.year, 12, 31) if first.month > 6 else date(first.year, 6, 30))
    if last < first:
        facts = {"first": first.isoformat(), "last": last.isoformat()}
        raise InputError([Problem("export.term_backwards", workbook.name, "Pengaturan", facts=facts)])
    return Term(first, last, wish.zone, wish.free)


class Calendars:
    """Every class's and every teacher's lessons as weekly events."""

    def __init__(self, verified: Verified, sources: Sources) -> None:
        self.case, self.plan = verified.opened.case, verified.plan
        self.words = Words(Tables(self.case, self.plan), sources.text())
        self.file = sources.workbook.name
        self.weeks = {school.npsn: AscWeek(self.case.instance, school.npsn) for school in self.case.instance.schools}
        self.clocks = {(s.pattern, s.day, s.period): (s.start, s.end) for s in self.case.instance.slots if s.kind is SlotKind.LESSON}
        self.numbers = self._numbers()

    def _numbers(self) -> Mapping[Lesson, int]:
        """Which lesson of its need each is, in the order of the week: a part of its UID that a change of time leaves as it is."""
        seen: Counter[str] = Counter()
        numbers = {}
        for lesson in sorted(self.plan.lessons, key=lambda lesson: (DAYS.index(lesson.day), lesson.period)):
            seen[lesson.need] += 1
            numbers[lesson] = seen[lesson.need]
        return numbers

    def all(self) -> Iterator[tuple[str, str, list[WeeklyEvent]]]:
        """(folder, name, events); with several schools the school's name stands behind the class's."""
        several = len(self.words.names.class_schools) > 1
        for school in self.words.names.class_schools:
            for rombel in self.case.instance.rombels_of(school.npsn):
                lessons = [x for x in self.plan.lessons if x.school == school.npsn and rombel.name in x.rombels]
                if lessons:
                    name = f"{rombel.name} - {school.name}" if several else rombel.name
                    yield "kelas", name, [self.event("kelas", lesson, self.of_class(lesson)) for lesson in lessons]
        for code, teacher in self.case.teachers.items():
            lessons = [lesson for lesson in self.plan.lessons if lesson.teacher == code]
            if lessons:
                yield "guru", f"{teacher.name} ({code})", [self.event("guru", lesson, self.of_teacher(lesson)) for lesson in lessons]

    def of_class(self, lesson: Lesson) -> tuple[str, str]:
        teacher = self.words.teacher(lesson.teacher) if lesson.teacher else self.words.say("nobody")
        return self.words.subject(lesson.subject), teacher

    def of_teacher(self, lesson: Lesson) -> tuple[str, str]:
        return f"{', '.join(lesson.rombels) or self.words.say('dash')} {self.words.subject(lesson.subject)}", ""

    def event(self, kind: str, lesson: Lesson, said: tuple[str, str]) -> WeeklyEvent:
        """``kind`` is part of the UID, so that a class and its teacher fit into one calendar."""
        from scheduler.formats.ical import WeeklyEvent

        pattern = self.weeks[lesson.school].lesson_bell(lesson)
        start = self.clocks.get((pattern, lesson.day, lesson.period), (None, None))[0]
        end = self.clocks.get((pattern, lesson.day, lesson.period + lesson.length - 1), (None, None))[1]
        if start is None or end is None:
            facts: Facts = {"pattern": pattern, "day": lesson.day, "period": lesson.period}
            raise InputError([Problem("export.no_clock", self.file, "Waktu", facts=facts)])
        place = ", ".join(part for part in (lesson.room, self.words.names.school(lesson.school)) if part)
        hours = self.words.text.say("export.ical_hours", first=lesson.period, last=lesson.period + lesson.length - 1)
        summary, more = said
        key = f"{kind}/{lesson.need}#{self.numbers[lesson]}"
        return WeeklyEvent(key, lesson.day, start, end, summary, place, "\n".join(part for part in (more, hours) if part))


# --- files -----------------------------------------------------------------------------------------------------------------------------------------


def refuse_without_lessons(sources: Sources, verified: Verified) -> None:
    if not verified.plan.lessons:
        raise InputError([Problem("export.no_timetable", sources.plan.name)])


def refuse_ending(path: Path, ending: str) -> None:
    if path.suffix.lower() != ending:
        raise OutputRefusedError(f"not_{ending.removeprefix('.')}", path)


def refuse_existing(path: Path) -> None:
    """What is there may have been changed by hand since."""
    refuse_folder(path)
    if path.exists():
        raise OutputRefusedError("exists", path)


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Every file is complete before the first takes its place."""
    with ExitStack() as stack:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(atomic_path(path)).write_bytes(content)


def file_name(name: str) -> str:
    """A name that every file system takes: letters, digits and a few signs, and not too long."""
    kept = "".join(c if c.isalnum() or c in " .,()_-" else "_" for c in name).strip(" .")
    return kept[:LONGEST_NAME].strip(" .") or "_"


def free_stem(folder: Path, name: str, taken: Iterable[Path]) -> Path:
    """``name.ics``, with a number where another file has that name already, whatever its capitals."""
    known = {str(path).casefold() for path in taken}
    candidates = (folder / f"{name}{ending}.ics" for ending in ("", *(f" {number}" for number in range(2, len(known) + 3))))
    return next(path for path in candidates if str(path).casefold() not in known)
