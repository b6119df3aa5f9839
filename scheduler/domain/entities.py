"""What a workbook speaks of: schools, rombels, subjects, teachers, duties, rooms and bell times.

All classes are frozen and hold only the standard library's types. Ids are the users' own: a school by its NPSN, a teacher by
``code``, a rombel by ``(school, name)``, a subject by the id of the subject registry (``policy/subjects.toml``) or of the workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Position(StrEnum):
    """Jabatan of a teacher."""

    SUBJECT_TEACHER = "guru_mapel"
    COUNSELLOR = "guru_bk"
    PRINCIPAL = "kepala_sekolah"
    ACTING_PRINCIPAL = "plt_kepala_sekolah"
    """Plt: still a teacher, who must teach."""


class Presence(StrEnum):
    """Keadaan of a teacher."""

    ACTIVE = "aktif"
    LEAVE = "cuti"
    STUDY = "tugas_belajar"
    RETIRED = "pensiun"


class AssignmentKind(StrEnum):
    """Sifat of a row of Penugasan."""

    LOCK = "kunci"
    FORBID = "larang"
    FORMER = "semester_lalu"
    DINAS = "dinas"
    """A class of a partner school that the Dinas has opened to this visiting teacher."""


class SlotKind(StrEnum):
    """Jenis of a row of Waktu; only LESSON slots carry lessons."""

    LESSON = "kbm"
    CEREMONY = "upacara"
    BREAK = "istirahat"
    HABIT = "pembiasaan"
    OTHER = "lain"


class AvailabilityKind(StrEnum):
    IMPOSSIBLE = "tidak_bisa"
    UNWANTED = "sebaiknya_tidak"


class WeekRuleKind(StrEnum):
    """Aturan of a row of Aturan Jadwal; ``amount`` is its Angka."""

    AT_ONCE = "bersamaan_maksimal"
    """At most ``amount`` lessons of the subject at one time in a school (PJOK on one field)."""
    LAST_HOUR = "jam_terakhir_maksimal"
    """A class has the subject in the last hour of at most ``amount`` days a week."""
    FIRST_HOURS = "jam_awal"
    """The subject lies within the first ``amount`` hours of the day (PJOK in the morning)."""
    FIXED = "jam_tetap"
    """A lesson of the class's subject starts on this day, at this hour where one is given."""
    IDLE_HOURS = "jam_kosong_maksimal"
    """A teacher has at most ``amount`` idle hours a week; as a wish the excess counts squared, which spreads them evenly."""
    DAY_HOURS = "jp_sehari_maksimal"
    """A teacher teaches at most ``amount`` JP a day."""
    DAYS = "hari_mengajar_maksimal"
    """A teacher teaches on at most ``amount`` days."""
    NO_FIRST_HOUR = "tanpa_jam_pertama"
    NO_LAST_HOUR = "tanpa_jam_terakhir"


@dataclass(frozen=True, slots=True)
class School:
    """A school of the file.

    ``partner`` is True for a row with Peran = Mitra. ``laboratories`` is a count. ``bell`` names a pattern of Waktu.
    """

    npsn: str
    name: str
    level: str = "SMP"
    ownership: str = ""
    partner: bool = False
    kecamatan: str = ""
    kabupaten: str = ""
    address: str = ""
    has_library: bool = True
    laboratories: int = 1
    bell: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Rombel:
    """A class group. ``students`` is None where the workbook leaves it out."""

    school: str
    name: str
    grade: int
    curriculum: str
    students: int | None = None
    room: str = ""
    bell: str = ""

    @property
    def id(self) -> str:
        return f"{self.school}/{self.name}"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject. ``religion`` names the religion of a PABP subject (``islam``, ``kristen``, …), else empty."""

    id: str
    name: str
    short: str
    religion: str = ""
    own: bool = False
    """True when the workbook, not the registry, defined it."""


@dataclass(frozen=True, slots=True)
class StructureRow:
    """Weekly hours of one subject in one grade of one curriculum.

    ``intra_jp`` and ``koku_jp`` are JP a week; both are timetabled. ``blocks`` are the lengths of its lessons in JP and sum to both together.
    ``structure_max_jp`` is the curriculum's own total for the subject (hours above it are not recognised); None = no such limit known.
    """

    curriculum: str
    grade: int
    subject: str
    intra_jp: int
    koku_jp: int = 0
    blocks: tuple[int, ...] = ()
    must_be_covered: bool = True
    structure_max_jp: int | None = None

    @property
    def jp(self) -> int:
        return self.intra_jp + self.koku_jp


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher as the workbook has it.

    ``certificate`` is a certificate id, or None for a teacher without one. ``may_teach`` are subjects the teacher is able to teach though
    they need not be recognised. ``outside_jtm`` are recognised JTM already held at a school outside the file. ``priority`` is smaller for
    who comes first; None = the order of the sheet. ``home`` may be a school that is not in the file (a teacher shared in from outside).
    """

    code: str
    name: str
    home: str
    position: Position = Position.SUBJECT_TEACHER
    nip: str = ""
    nuptk: str = ""
    employment: str = ""
    certificate: str | None = None
    may_teach: tuple[str, ...] = ()
    min_jp: int | None = None
    max_jp: int | None = None
    outside_jtm: int = 0
    willing: bool = True
    presence: Presence = Presence.ACTIVE
    presence_until: date | None = None
    presence_since: date | None = None
    birth_date: date | None = None
    age: int | None = None
    priority: int | None = None
    mgmp_day: str = ""
    note: str = ""
    rank: str = ""
    """Pangkat/Gol, as documents print it."""


@dataclass(frozen=True, slots=True)
class DutySetting:
    """A row of Tugas Tambahan; None = the ruleset's default.

    ``minimum`` and ``maximum`` count units (holders) at the school; ``maximum`` 0 switches the duty off. ``unit`` is filled where a holder is
    pinned to one unit (``wali kelas 7A``); empty = any unit, in the order of the units.
    """

    school: str
    duty: str
    minimum: int | None = None
    maximum: int | None = None
    candidates: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Extracurricular:
    """An ekskul: one unit of the duty of its pembina."""

    school: str
    name: str
    students: int | None = None
    leader: str = ""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """A row of Jam Mitra: one class's subject at a partner school, optional to fill. ``row`` makes its id stable."""

    school: str
    subject: str
    jp: int
    rombel: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Distance:
    """Way between two schools, valid in both directions."""

    origin: str
    destination: str
    km: float | None = None
    minutes: int | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A row of Penugasan. ``jp`` only where a class's subject is split between teachers."""

    school: str
    rombel: str
    subject: str
    teacher: str
    kind: AssignmentKind
    jp: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A teaching group over one or more rombels (Kelompok); ``parallel`` names the code of a group that starts at the same time.

    Where groups exist for a religion subject, they replace the rombels' own need of that subject family.
    """

    code: str
    school: str
    rombels: tuple[str, ...]
    subject: str
    jp: int
    parallel: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room. ``subjects`` must be taught in a room of ``kind`` that names them; empty = an ordinary room."""

    school: str
    name: str
    kind: str = ""
    capacity: int | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A row of Waktu. ``start`` and ``end`` are minutes after midnight, None where the workbook gives none.

    Breaks and ceremonies have a place in the day (``order``, the order of the rows) but no lesson: their ``period`` may be 0.
    """

    pattern: str
    day: str
    period: int
    kind: SlotKind = SlotKind.LESSON
    start: int | None = None
    end: int | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Availability:
    """A row of Ketersediaan; ``period`` None = the whole day."""

    teacher: str
    day: str
    period: int | None
    kind: AvailabilityKind


@dataclass(frozen=True, slots=True)
class WeekRule:
    """A row of Aturan Jadwal: a rule of the school's own for its week, binding (``required``) or a wish.

    "" or None = not stated: every school, every class that has the subject, every teacher. What ``amount`` counts depends on the kind.
    """

    kind: WeekRuleKind
    required: bool
    school: str = ""
    rombel: str = ""
    subject: str = ""
    teacher: str = ""
    day: str = ""
    period: int | None = None
    amount: int | None = None
