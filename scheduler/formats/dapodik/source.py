"""What Dapodik knows of one school, whether it came from downloads or from its web service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from scheduler.formats.cells import ROMAN
from scheduler.formats.columns import key
from scheduler.formats.dapodik.identity import NIP_DIGITS, NO_NUMBER, NUPTK_DIGITS, Number, number_of
from scheduler.formats.dapodik.reading import SCHOOL, Place, Record, SheetRead
from scheduler.formats.dapodik.vocabulary import is_one_of

YEAR: Final = re.compile(r"(20\d\d)\s*/\s*(20\d\d)")
TERM_ID: Final = re.compile(r"(20\d\d)([12])")
"""``20261``: the first semester of 2026/2027."""

SEMESTERS: Final = {
    "Genap": re.compile(r"genap|\b2\b|\bII\b", re.IGNORECASE),
    "Ganjil": re.compile(r"ganjil|gasal|\b1\b|\bI\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school as one sheet (or answer) describes it; "" where it says nothing."""

    place: Place
    npsn: str = ""
    name: str = ""
    level: str = ""
    ownership: str = ""
    address: str = ""
    kecamatan: str = ""
    kabupaten: str = ""
    latitude: float | None = None
    longitude: float | None = None
    term: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row about a PTK. ``own_id`` is the web service's; ``is_home`` None where nothing says whether this is the satminkal."""

    place: Place
    name: str
    nuptk: Number = NO_NUMBER
    nip: Number = NO_NUMBER
    employment: str = ""
    kind: str = ""
    title_before: str = ""
    title_after: str = ""
    certificate: str = ""
    competence: str = ""
    duties: str = ""
    teaches: str = ""
    jjm: int | None = None
    rank: str = ""
    is_home: bool | None = None
    own_id: str = ""
    tells_certificate: bool = True
    """whether the source has certificates at all"""


@dataclass(frozen=True, slots=True)
class ClassRow:
    place: Place
    name: str
    grade: int | None
    kind: str = ""
    students: int | None = None
    homeroom: str = ""
    homeroom_id: str = ""
    curriculum: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A pembelajaran: a teacher has a subject in a rombel for so many hours. ``continued``: the teacher's cell was blank, as above is meant.
    ``is_part``: its hours are in those of another row (induk pembelajaran)."""

    place: Place
    rombel: str
    subject: str
    jjm: int | None
    grade: int | None = None
    kind: str = ""
    curriculum: str = ""
    teacher: str = ""
    nuptk: Number = NO_NUMBER
    nip: Number = NO_NUMBER
    teacher_id: str = ""
    is_home: bool | None = None
    employment: str = ""
    students: int | None = None
    status: str = ""
    continued: bool = False
    is_part: bool = False


@dataclass(slots=True)
class Sources:
    """Everything that was read, in the order in which it was given."""

    schools: list[SchoolFacts] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    classes: list[ClassRow] = field(default_factory=list)
    lessons: list[LessonRow] = field(default_factory=list)
    unread: list[Place] = field(default_factory=list)
    """Lists of pupils: recognised and not read."""

    def join(self, other: Sources) -> None:
        """Take in what another source knows of the same school; what was read first stays first."""
        self.schools += other.schools
        self.people += other.people
        self.classes += other.classes
        self.lessons += other.lessons
        self.unread += other.unread


def gather(sheets: Iterable[SheetRead]) -> Sources:
    sources = Sources()
    for sheet in sheets:
        if sheet.labels.get("npsn") or sheet.layout == SCHOOL:
            sources.schools.append(school_of(sheet))
        if sheet.layout == "people":
            sources.people += people_of(sheet)
        elif sheet.layout == "classes":
            sources.classes += classes_of(sheet)
        elif sheet.layout == "lessons":
            sources.lessons += lessons_of(sheet.records)
        elif sheet.layout == "pupils":
            sources.unread.append(sheet.place)
    return sources


# --- from sheets -----------------------------------------------------------------------------------------------------------------------------------


def school_of(sheet: SheetRead) -> SchoolFacts:
    labels = Record(sheet.labels, sheet.place)
    return SchoolFacts(
        sheet.place,
        npsn=re.sub(r"\W", "", labels.text("npsn")).upper(),
        name=labels.text("name"),
        level=labels.text("level"),
        ownership=labels.text("ownership"),
        address=labels.text("address"),
        kecamatan=without_kind(labels.text("kecamatan")),
        kabupaten=without_kind(labels.text("kabupaten")),
        latitude=degrees(labels.raw("latitude"), 90),
        longitude=degrees(labels.raw("longitude"), 180),
        term=labels.text("term"),
    )


def people_of(sheet: SheetRead) -> Iterator[PersonRow]:
    tells = "certificate" in sheet.fields
    for record in sheet.records:
        number, civil = number_of(record.raw("nuptk"), NUPTK_DIGITS, record.exact), number_of(record.raw("nip"), NIP_DIGITS, record.exact)
        # Signatures and sums below the list have neither a kind nor a number.
        if not record.text("name") or not (record.text("kind") or number or civil):
            continue
        yield PersonRow(
            record.place,
            record.text("name"),
            number,
            civil,
            employment=record.text("employment"),
            kind=record.text("kind"),
            title_before=record.text("title_before"),
            title_after=record.text("title_after"),
            certificate=record.listed("certificate"),
            competence=record.text("competence"),
            duties=record.listed("duties"),
            teaches=record.listed("teaches"),
            jjm=whole(record.raw("jjm")),
            rank=record.text("rank"),
            is_home=yes_or_no(record.text("is_home")),
            tells_certificate=tells,
        )


def classes_of(sheet: SheetRead) -> Iterator[ClassRow]:
    for record in sheet.records:
        grade = grade_of(record.text("grade"), record.text("name"))
        if not record.text("name") or (grade is None and not record.text("curriculum")):
            continue
        yield ClassRow(
            record.place,
            record.text("name"),
            grade,
            kind=record.text("kind"),
            students=whole(record.raw("students")),
            homeroom=record.text("homeroom"),
            curriculum=record.text("curriculum"),
            room=record.text("room"),
        )


CLASS_FIELDS: Final = ("kind", "grade", "rombel", "curriculum", "students")
TEACHER_FIELDS: Final = ("teacher", "nuptk", "nip", "is_home", "employment")


def lessons_of(records: Sequence[Record]) -> Iterator[LessonRow]:
    """Rows with a subject; a blank class or teacher is the one above, as merged cells look once they are read.

    A row that holds one cell only is the heading of a group.
    """
    above: dict[str, Record] = {}
    for record in records:
        if record.filled < 2 or not key(record.text("subject")):
            continue
        continues_class, continued = not record.text("rombel"), not (record.text("teacher") or record.text("nuptk"))
        of_class = above.get("class", record) if continues_class else record
        of_teacher = above.get("teacher", record) if continued else record
        if not of_class.text("rombel"):
            continue
        above = {"class": of_class, "teacher": of_teacher}
        yield LessonRow(
            record.place,
            of_class.text("rombel"),
            record.text("subject"),
            whole(record.raw("jjm")),
            grade=grade_of(of_class.text("grade"), of_class.text("rombel")),
            kind=of_class.text("kind"),
            curriculum=of_class.text("curriculum"),
            teacher=of_teacher.text("teacher"),
            nuptk=number_of(of_teacher.raw("nuptk"), NUPTK_DIGITS, record.exact),
            nip=number_of(of_teacher.raw("nip"), NIP_DIGITS, record.exact),
            is_home=yes_or_no(of_teacher.text("is_home")),
            employment=of_teacher.text("employment"),
            students=whole(record.raw("students") if record.raw("students") is not None else of_class.raw("students")),
            status=record.text("status"),
            continued=continued and of_teacher is not record,
        )


# --- values ----------------------------------------------------------------------------------------------------------------------------------------


def whole(raw: object) -> int | None:
    """A whole number, typed as such or as text (``4``, ``4.00``, ``4 jam``); None for anything else."""
    if isinstance(raw, bool) or raw is None:
        return None
    if isinstance(raw, int | float):
        return int(raw) if raw >= 0 and float(raw).is_integer() else None
    match = re.fullmatch(r"\s*(\d+)(?:[.,]0+)?\s*(?:jam|jp|jtm|orang|siswa)?\s*", str(raw), re.IGNORECASE)
    return int(match[1]) if match else None


def grade_of(text: str, name: str = "") -> int | None:
    """``7``, ``Kelas VII``, ``7.0``; where nothing is stated, the numeral with which the class's name begins."""
    for word in re.findall(r"[A-Za-z]+|\d+", text) + re.findall(r"^(?:kelas\s*)?([IVX]+|\d+)", name, re.IGNORECASE):
        if word.upper() in ROMAN:
            return ROMAN[word.upper()]
        if word.isdigit() and 1 <= int(word) <= 13:
            return int(word)
    return None


def yes_or_no(text: str) -> bool | None:
    if is_one_of(text, "answers", "yes"):
        return True
    return False if is_one_of(text, "answers", "no") else None


def without_kind(place: str) -> str:
    """``Kec. Taman Rajo`` → ``Taman Rajo``, ``Kab. Muaro Jambi`` → ``Muaro Jambi``; a Kota stays one."""
    return re.sub(r"^(kec(amatan)?|kab(upaten)?)\b[.\s]*", "", place, flags=re.IGNORECASE)


def degrees(raw: object, most: int) -> float | None:
    """A coordinate; None where it is 0 or none."""
    try:
        value = float(str(raw).replace(",", "."))
    except ValueError:
        return None
    return value if 0 < abs(value) <= most else None


def term_of(text: str) -> tuple[str, str]:
    """School year and semester: ``2026/2027 Ganjil``, ``20261``."""
    year, term = YEAR.search(text), TERM_ID.search(text.replace("/", " "))
    if year is None and term is not None:
        return f"{term[1]}/{int(term[1]) + 1}", "Ganjil" if term[2] == "1" else "Genap"
    rest = text.replace(year[0], " ") if year else text
    semester = next((name for name, form in SEMESTERS.items() if form.search(rest)), "")
    return (f"{year[1]}/{year[2]}" if year else ""), semester
