"""The workbook's layout, once: every sheet with its columns.

The reader, the writer, the template and docs/workbook.md are all made from ``SHEETS``. A column's meaning stands in the text catalogue
(``report/text/*/sheets.toml``) under ``Column.text_key``; here are only names, aliases, kinds and bounds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scheduler.domain.entities import AssignmentKind, AvailabilityKind, Position, Presence, SlotKind
from scheduler.domain.instance import DAYS


class Kind(StrEnum):
    """What a cell holds. The catalogue describes each under ``kind_<value>``."""

    TEXT = "text"
    TEXT_OR_DATE = "text_or_date"
    """Kept as text; a date is kept in ISO form (letterhead)."""
    CODE = "code"
    """A short name that others refer to; a whole number is read as its digits."""
    DIGITS = "digits"
    """NIP, NUPTK: digits as text, never a number."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CLOCK = "clock"
    YES_NO = "yes_no"
    COUNT_OR_YES = "count_or_yes"
    CHOICE = "choice"
    GRADE = "grade"
    BLOCKS = "blocks"
    DAY = "day"
    SCHOOL = "school"
    ROMBEL = "rombel"
    CLASS = "class"
    """A rombel, or the code of a teaching group."""
    GROUP = "group"
    TEACHER = "teacher"
    SUBJECT = "subject"
    CERTIFICATE = "certificate"
    DUTY = "duty"
    CURRICULUM = "curriculum"
    BELL = "bell"
    ROOM = "room"
    POLICY = "policy"
    LINEARITY = "linearity"
    REMARK = "remark"
    """Free text for people; not read."""
    VALUE = "value"
    """Nilai of Pengaturan: what it may be depends on the key."""
    COMPUTED = "computed"
    """A formula for people; not read."""


REFERENCES: Final = frozenset(
    {
        Kind.SCHOOL,
        Kind.ROMBEL,
        Kind.CLASS,
        Kind.GROUP,
        Kind.TEACHER,
        Kind.SUBJECT,
        Kind.CERTIFICATE,
        Kind.DUTY,
        Kind.CURRICULUM,
        Kind.BELL,
        Kind.ROOM,
        Kind.POLICY,
        Kind.LINEARITY,
    }
)
"""Kinds that name something else."""

UNREAD: Final = frozenset({Kind.REMARK, Kind.COMPUTED})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed list: as the workbook writes it, as the program keeps it, and other ways to write it."""

    label: str
    value: object
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column (or a key of Pengaturan).

    Parameters
    ----------
    field
        name of the entity's field; for a column that is not read, a name of its own
    name, english
        the header, and its English alias
    many
        several values in a cell, separated by comma or semicolon
    least, most
        bounds of a number, both allowed
    choices
        the closed list of a CHOICE or YES_NO; for free text only what the dropdown proposes
    """

    field: str
    name: str
    english: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    many: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def header(self) -> str:
        """The header as the template writes it: a required column carries a star."""
        return f"{self.name}*" if self.required else self.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.english, *self.aliases)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; ``table`` is the field of ``Instance`` that it fills."""

    table: str
    name: str
    english: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that become fields of the entity."""
        return tuple(column for column in self.columns if column.kind not in UNREAD)

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)

    def text_key(self, column: Column) -> str:
        """Key of the column's meaning in the text catalogue."""
        return column.field if column.kind is Kind.REMARK else f"{self.table}_{column.field}"


def setting_text_key(column: Column) -> str:
    """Key of the meaning of a key of Pengaturan; a number of the policy has the common one."""
    if column in LETTERHEAD:
        return f"letterhead_{column.field.casefold().replace(' ', '_')}"
    return f"settings_{column.field}" if column in SETTINGS else "settings_override"


def key(text: str) -> str:
    """A name without capitals, blanks, punctuation and the star of required columns: what two spellings of one name have in common."""
    return re.sub(r"[^\w]|_", "", text.casefold())


YES_NO: Final = (
    Choice("Ya", True, ("Yes", "Y", "True", "Benar", "1", "Ada")),
    Choice("Tidak", False, ("No", "N", "T", "False", "Salah", "0", "Tidak Ada")),
)

LEVELS: Final = tuple(Choice(level, level) for level in ("SMP", "MTs", "SD", "MI", "SMA", "MA", "SMK", "MAK", "SLB"))

ROLES: Final = (Choice("Induk", False, ("Home", "Utama")), Choice("Mitra", True, ("Partner",)))

SEMESTERS: Final = (Choice("Ganjil", "Ganjil", ("1", "Gasal", "Odd")), Choice("Genap", "Genap", ("2", "Even")))

POSITIONS: Final = (
    Choice("Guru Mapel", Position.SUBJECT_TEACHER, ("Guru", "Guru Mata Pelajaran", "Subject Teacher", "Teacher")),
    Choice("Guru BK", Position.COUNSELLOR, ("BK", "Guru Bimbingan Konseling", "Guru Bimbingan dan Konseling", "Konselor", "Counsellor")),
    Choice("Kepala Sekolah", Position.PRINCIPAL, ("Kepsek", "Kepala Madrasah", "Principal")),
    Choice("Plt Kepala Sekolah", Position.ACTING_PRINCIPAL, ("Plt", "Plt. Kepala Sekolah", "Pelaksana Tugas Kepala Sekolah", "Acting Principal")),
)

PRESENCES: Final = (
    Choice("Aktif", Presence.ACTIVE, ("Active",)),
    Choice("Cuti", Presence.LEAVE, ("Leave",)),
    Choice("Tugas Belajar", Presence.STUDY, ("Study Leave", "Study")),
    Choice("Pensiun", Presence.RETIRED, ("Retired",)),
)

ASSIGNMENT_KINDS: Final = (
    Choice("Kunci", AssignmentKind.LOCK, ("Lock", "Tetap")),
    Choice("Larang", AssignmentKind.FORBID, ("Forbid", "Dilarang")),
    Choice("Semester Lalu", AssignmentKind.FORMER, ("Former", "Last Semester", "Lalu")),
    Choice("Dinas", AssignmentKind.DINAS, ("Penugasan Dinas", "Office")),
)

SLOT_KINDS: Final = (
    Choice("KBM", SlotKind.LESSON, ("Lesson", "Pelajaran", "Jam Pelajaran")),
    Choice("Upacara", SlotKind.CEREMONY, ("Ceremony", "Upacara Bendera")),
    Choice("Istirahat", SlotKind.BREAK, ("Break",)),
    Choice("Pembiasaan", SlotKind.HABIT, ("Habit", "Literasi")),
    Choice("Lain", SlotKind.OTHER, ("Other", "Lainnya", "Lain-lain")),
)

AVAILABILITY_KINDS: Final = (
    Choice("Tidak Bisa", AvailabilityKind.IMPOSSIBLE, ("Impossible", "Unavailable")),
    Choice("Sebaiknya Tidak", AvailabilityKind.UNWANTED, ("Unwanted", "Rather Not")),
)

DAY_CHOICES: Final = tuple(
    Choice(day, day, aliases)
    for day, aliases in zip(
        DAYS, (("Monday",), ("Tuesday",), ("Wednesday",), ("Thursday",), ("Friday", "Jum'at"), ("Saturday",), ("Sunday", "Ahad")), strict=True
    )
)

OWNERSHIPS: Final = tuple(Choice(label, label) for label in ("Negeri", "Swasta"))

EMPLOYMENTS: Final = tuple(Choice(label, label) for label in ("PNS", "CPNS", "PPPK", "PPPK Paruh Waktu", "GTY/PTY", "Guru Honor Sekolah"))

REMARK: Final = Column("remark", "Catatan", "Remark", Kind.REMARK, aliases=("Keterangan", "Note", "Notes"))

NPSN: Final = Column("school", "NPSN", "School", Kind.SCHOOL, required=True, aliases=("NPSN Sekolah",))
SUBJECT: Final = Column("subject", "Mapel", "Subject", Kind.SUBJECT, required=True, aliases=("Mata Pelajaran", "Matpel"))
DAY: Final = Column("day", "Hari", "Day", Kind.DAY, required=True, choices=DAY_CHOICES)

SETTINGS: Final[tuple[Column, ...]] = (
    Column("school_year", "Tahun Pelajaran", "School Year", Kind.TEXT, aliases=("Tahun Ajaran",)),
    Column("semester", "Semester", "Semester", Kind.CHOICE, choices=SEMESTERS),
    Column("policy", "Kebijakan", "Policy", Kind.POLICY),
    Column("linearity", "Linearitas", "Linearity", Kind.LINEARITY),
    Column("unverified_linearity", "Linearitas C", "Unverified Linearity", Kind.YES_NO, choices=YES_NO),
    Column("count_kokurikuler", "Hitung Kokurikuler", "Count Kokurikuler", Kind.YES_NO, choices=YES_NO),
    Column("main_school", "Sekolah Utama", "Main School", Kind.SCHOOL),
    Column("start_date", "Tanggal Mulai", "Start Date", Kind.DATE),
    Column("shortfall_first", "Kekurangan Didahulukan", "Shortfall First", Kind.YES_NO, choices=YES_NO),
    Column("blocks_may_straddle_breaks", "Blok Melintasi Istirahat", "Blocks May Straddle Breaks", Kind.YES_NO, choices=YES_NO),
    Column("sharing_radius_km", "Radius Berbagi (km)", "Sharing Radius (km)", Kind.DECIMAL, aliases=("Radius Berbagi",), least=0),
    Column("share_within_kecamatan", "Berbagi dalam Kecamatan", "Share Within Kecamatan", Kind.YES_NO, choices=YES_NO),
)
"""The keys of Pengaturan that are fields of ``Settings``. Any other key is one of ``LETTERHEAD`` or a number of the policy."""

LETTERHEAD: Final[tuple[Column, ...]] = (
    Column("Pemerintah Daerah", "Pemerintah Daerah", "Local Government", Kind.TEXT_OR_DATE),
    Column("Dinas", "Dinas", "Education Office", Kind.TEXT_OR_DATE),
    Column("Telepon", "Telepon", "Telephone", Kind.TEXT_OR_DATE),
    Column("Email", "Email", "E-mail", Kind.TEXT_OR_DATE, aliases=("Surel",)),
    Column("Nomor SK", "Nomor SK", "Decree Number", Kind.TEXT_OR_DATE, aliases=("No SK",)),
    Column("Tanggal SK", "Tanggal SK", "Decree Date", Kind.TEXT_OR_DATE),
    Column("Tempat", "Tempat", "Place", Kind.TEXT_OR_DATE),
    Column("Tanggal Rapat", "Tanggal Rapat", "Meeting Date", Kind.TEXT_OR_DATE),
    Column("Nama Kepala Sekolah", "Nama Kepala Sekolah", "Principal's Name", Kind.TEXT_OR_DATE),
    Column("NIP Kepala Sekolah", "NIP Kepala Sekolah", "Principal's NIP", Kind.DIGITS),
    Column("Pangkat Kepala Sekolah", "Pangkat Kepala Sekolah", "Principal's Rank", Kind.TEXT_OR_DATE),
    Column("Nama Waka Kurikulum", "Nama Waka Kurikulum", "Vice Principal's Name", Kind.TEXT_OR_DATE),
    Column("NIP Waka Kurikulum", "NIP Waka Kurikulum", "Vice Principal's NIP", Kind.DIGITS),
    Column("Tembusan", "Tembusan", "Copies To", Kind.TEXT_OR_DATE),
    Column("Catatan Lembar", "Catatan Lembar", "Sheet Note", Kind.TEXT_OR_DATE),
)
"""The keys of Pengaturan that documents print; ``field`` is the key under which ``Settings.letterhead`` keeps the value."""

WHOLE_DISTRICT: Final = "Semua sekolah"
"""Sekolah Utama where a workbook says outright that no school is the main one."""

SHEETS: Final[tuple[Sheet, ...]] = (
    Sheet(
        "settings",
        "Pengaturan",
        "Settings",
        (
            Column("key", "Kunci", "Key", Kind.CODE, required=True),
            Column("value", "Nilai", "Value", Kind.VALUE),
            REMARK,
        ),
    ),
    Sheet(
        "schools",
        "Sekolah",
        "Schools",
        (
            Column("npsn", "NPSN", "School Id", Kind.CODE, required=True),
            Column("name", "Nama Sekolah", "School Name", Kind.TEXT, required=True, aliases=("Nama", "Name")),
            Column("level", "Jenjang", "Level", Kind.CHOICE, required=True, choices=LEVELS),
            Column("ownership", "Status", "Ownership", Kind.TEXT, choices=OWNERSHIPS),
            Column("partner", "Peran", "Role", Kind.CHOICE, choices=ROLES),
            Column("kecamatan", "Kecamatan", "Subdistrict", Kind.TEXT, aliases=("Kec",)),
            Column("kabupaten", "Kabupaten", "District", Kind.TEXT, aliases=("Kabupaten/Kota", "Kab", "Kota")),
            Column("address", "Alamat", "Address", Kind.TEXT),
            Column("has_library", "Perpustakaan", "Library", Kind.YES_NO, choices=YES_NO),
            Column("laboratories", "Laboratorium", "Laboratories", Kind.COUNT_OR_YES, aliases=("Lab",), choices=YES_NO, least=0),
            Column("bell", "Pola Waktu", "Bell Pattern", Kind.BELL),
            Column("latitude", "Lintang", "Latitude", Kind.DECIMAL, least=-90, most=90),
            Column("longitude", "Bujur", "Longitude", Kind.DECIMAL, least=-180, most=180),
            REMARK,
        ),
        required=True,
    ),
    Sheet(
        "rombels",
        "Rombel",
        "Classes",
        (
            NPSN,
            Column("name", "Rombel", "Class", Kind.CODE, required=True, aliases=("Nama Rombel", "Kelas")),
            Column("grade", "Tingkat", "Grade", Kind.GRADE, required=True, aliases=("Tingkat Kelas",), least=1, most=12),
            Column("curriculum", "Kurikulum", "Curriculum", Kind.CURRICULUM, required=True),
            Column("students", "Jumlah Siswa", "Students", Kind.INTEGER, aliases=("Siswa", "Jml Siswa"), least=0),
            Column("room", "Ruang", "Room", Kind.ROOM, aliases=("Ruangan",)),
            Column("bell", "Pola Waktu", "Bell Pattern", Kind.BELL),
            Column("weekly_jp", "JP per Minggu", "Weekly JP", Kind.COMPUTED),
            REMARK,
        ),
        required=True,
    ),
    Sheet(
        "structure",
        "Struktur",
        "Structure",
        (
            Column("curriculum", "Kurikulum", "Curriculum", Kind.CURRICULUM, required=True),
            Column("grade", "Tingkat", "Grade", Kind.GRADE, required=True, least=1, most=12),
            SUBJECT,
            Column("intra_jp", "JP Intrakurikuler", "Intra JP", Kind.INTEGER, required=True, aliases=("JP", "Intrakurikuler"), least=0),
            Column("koku_jp", "JP Kokurikuler", "Koku JP", Kind.INTEGER, aliases=("Kokurikuler",), least=0),
            Column("blocks", "Pola Blok", "Blocks", Kind.BLOCKS, aliases=("Blok",)),
            Column("must_be_covered", "Wajib Terisi", "Must Be Covered", Kind.YES_NO, choices=YES_NO),
            Column("total_jp", "JP Total", "Total JP", Kind.COMPUTED),
            REMARK,
        ),
    ),
    Sheet(
        "teachers",
        "Guru",
        "Teachers",
        (
            Column("code", "Kode", "Code", Kind.CODE, required=True, aliases=("Kode Guru",)),
            Column("name", "Nama", "Name", Kind.TEXT, required=True, aliases=("Nama Guru", "Nama PTK", "Nama Lengkap")),
            Column("nip", "NIP", "Civil Servant Number", Kind.DIGITS),
            Column("nuptk", "NUPTK", "Educator Number", Kind.DIGITS),
            Column("home", "NPSN Induk", "Home School", Kind.SCHOOL, required=True, aliases=("Satminkal", "Sekolah Induk", "NPSN")),
            Column("employment", "Status Kepegawaian", "Employment", Kind.TEXT, aliases=("Kepegawaian", "Status Guru"), choices=EMPLOYMENTS),
            Column("position", "Jabatan", "Position", Kind.CHOICE, aliases=("Jenis PTK",), choices=POSITIONS),
            Column("certificate", "Sertifikat", "Certificate", Kind.CERTIFICATE, aliases=("Sertifikasi", "Bidang Studi Sertifikasi")),
            Column("may_teach", "Mapel Diampu", "May Teach", Kind.SUBJECT, aliases=("Mengajar", "Mapel Lain"), many=True),
            Column("min_jp", "JP Min", "Min JP", Kind.INTEGER, aliases=("JP Minimal",), least=0),
            Column("max_jp", "JP Maks", "Max JP", Kind.INTEGER, aliases=("JP Maksimal",), least=0),
            Column("outside_jtm", "JTM di Luar", "Outside JTM", Kind.INTEGER, aliases=("JTM Luar",), least=0),
            Column("willing", "Bersedia ke Mitra", "Willing To Travel", Kind.YES_NO, aliases=("Bersedia",), choices=YES_NO),
            Column("presence", "Keadaan", "Presence", Kind.CHOICE, choices=PRESENCES),
            Column("presence_until", "Sampai", "Until", Kind.DATE),
            Column("presence_since", "Sejak", "Since", Kind.DATE),
            Column("birth_date", "Tanggal Lahir", "Birth Date", Kind.DATE, aliases=("Tgl Lahir",)),
            Column("age", "Usia", "Age", Kind.INTEGER, aliases=("Umur",), least=15, most=100),
            Column("priority", "Prioritas", "Priority", Kind.INTEGER, least=0),
            Column("mgmp_day", "Hari MGMP", "MGMP Day", Kind.DAY, choices=DAY_CHOICES),
            Column("note", "Catatan", "Note", Kind.TEXT, aliases=("Keterangan", "Remark", "Notes")),
        ),
        required=True,
    ),
    Sheet(
        "duties",
        "Tugas Tambahan",
        "Duties",
        (
            NPSN,
            Column("duty", "Tugas", "Duty", Kind.DUTY, required=True, aliases=("Tugas Tambahan", "Nama Tugas")),
            Column("unit", "Satuan", "Unit", Kind.CODE, aliases=("Untuk",)),
            Column("minimum", "Minimal", "Minimum", Kind.INTEGER, aliases=("Min",), least=0),
            Column("maximum", "Maksimal", "Maximum", Kind.INTEGER, aliases=("Maks", "Max"), least=0),
            Column("candidates", "Calon", "Candidates", Kind.TEACHER, many=True),
            Column("holders", "Pemegang", "Holders", Kind.TEACHER, aliases=("Holder",), many=True),
            REMARK,
        ),
    ),
    Sheet(
        "extracurriculars",
        "Ekskul",
        "Clubs",
        (
            NPSN,
            Column("name", "Nama", "Name", Kind.CODE, required=True, aliases=("Nama Ekskul", "Ekskul", "Club")),
            Column("students", "Jumlah Siswa", "Students", Kind.INTEGER, aliases=("Siswa",), least=0),
            Column("leader", "Pembina", "Leader", Kind.TEACHER),
            REMARK,
        ),
    ),
    Sheet(
        "open_hours",
        "Jam Mitra",
        "Partner Hours",
        (
            NPSN,
            SUBJECT,
            Column("jp", "JP", "JP", Kind.INTEGER, required=True, aliases=("Jumlah JP",), least=1),
            Column("rombel", "Rombel", "Class", Kind.ROMBEL, aliases=("Kelas",)),
            REMARK,
        ),
    ),
    Sheet(
        "distances",
        "Jarak",
        "Distances",
        (
            Column("origin", "NPSN Asal", "Origin", Kind.SCHOOL, required=True, aliases=("Asal",)),
            Column("destination", "NPSN Tujuan", "Destination", Kind.SCHOOL, required=True, aliases=("Tujuan",)),
            Column("km", "Km", "Distance (km)", Kind.DECIMAL, aliases=("Jarak (km)", "Jarak"), least=0),
            Column("minutes", "Menit", "Minutes", Kind.INTEGER, least=0),
            Column("mode", "Cara", "Mode", Kind.TEXT),
            REMARK,
        ),
    ),
    Sheet(
        "assignments",
        "Penugasan",
        "Assignments",
        (
            NPSN,
            Column("rombel", "Rombel", "Class", Kind.CLASS, required=True, aliases=("Kelas", "Rombel/Kelompok")),
            SUBJECT,
            Column("teacher", "Guru", "Teacher", Kind.TEACHER, required=True, aliases=("Nama Guru", "Kode Guru")),
            Column("kind", "Sifat", "Kind", Kind.CHOICE, required=True, choices=ASSIGNMENT_KINDS),
            Column("jp", "JP", "JP", Kind.INTEGER, least=1),
            REMARK,
        ),
    ),
    Sheet(
        "groups",
        "Kelompok",
        "Groups",
        (
            Column("code", "Kode", "Code", Kind.CODE, required=True, aliases=("Kode Kelompok",)),
            NPSN,
            Column("rombels", "Rombel", "Classes", Kind.ROMBEL, required=True, aliases=("Kelas", "Class"), many=True),
            SUBJECT,
            Column("jp", "JP", "JP", Kind.INTEGER, required=True, least=1),
            Column("parallel", "Serentak Dengan", "Parallel With", Kind.GROUP, aliases=("Serentak",)),
            REMARK,
        ),
    ),
    Sheet(
        "rooms",
        "Ruang",
        "Rooms",
        (
            NPSN,
            Column("name", "Ruang", "Room", Kind.CODE, required=True, aliases=("Nama Ruang", "Ruangan")),
            Column("kind", "Jenis", "Kind", Kind.TEXT),
            Column("capacity", "Kapasitas", "Capacity", Kind.INTEGER, least=0),
            Column("subjects", "Mapel", "Subjects", Kind.SUBJECT, aliases=("Mata Pelajaran", "Subject"), many=True),
            REMARK,
        ),
    ),
    Sheet(
        "slots",
        "Waktu",
        "Times",
        (
            Column("pattern", "Pola", "Pattern", Kind.CODE, required=True, aliases=("Pola Waktu",)),
            DAY,
            Column("period", "Jam Ke", "Period", Kind.INTEGER, aliases=("Jam",), least=0),
            Column("start", "Mulai", "Start", Kind.CLOCK),
            Column("end", "Selesai", "End", Kind.CLOCK),
            Column("kind", "Jenis", "Kind", Kind.CHOICE, required=True, choices=SLOT_KINDS),
            REMARK,
        ),
    ),
    Sheet(
        "availability",
        "Ketersediaan",
        "Availability",
        (
            Column("teacher", "Guru", "Teacher", Kind.TEACHER, required=True, aliases=("Nama Guru", "Kode Guru")),
            DAY,
            Column("period", "Jam Ke", "Period", Kind.INTEGER, aliases=("Jam",), least=1),
            Column("kind", "Sifat", "Kind", Kind.CHOICE, required=True, choices=AVAILABILITY_KINDS),
            REMARK,
        ),
    ),
)

GUIDE: Final = "Petunjuk"
LISTS: Final = "Daftar"
UNREAD_SHEETS: Final = (GUIDE, LISTS, "Instructions", "Lists", "Temuan")
"""Sheets that are for people or for dropdowns, and never read."""

PERSONAL_HEADERS: Final = (
    "NIK",
    "No KK",
    "Nomor KK",
    "Nama Ibu Kandung",
    "Nama Ibu",
    "Bank",
    "Nama Bank",
    "Nomor Rekening Bank",
    "Nomor Rekening",
    "No Rekening",
    "Rekening",
    "Rekening Atas Nama",
    "NPWP",
    "Nama Wajib Pajak",
    "Alamat",
    "Alamat Jalan",
    "Alamat Rumah",
    "RT",
    "RW",
    "RT/RW",
    "Nama Dusun",
    "Desa/Kelurahan",
    "Kecamatan",
    "Kode Pos",
    "Telepon",
    "No Telepon",
    "HP",
    "No HP",
    "Email",
    "JK",
    "Jenis Kelamin",
    "Tempat Lahir",
    "Agama",
    "Status Perkawinan",
    "Nama Suami/Istri",
    "NIP Suami/Istri",
    "Pekerjaan Suami/Istri",
    "Karpeg",
    "Karis/Karsu",
    "Kewarganegaraan",
    "Lintang",
    "Bujur",
)
"""Columns about people that a list from Dapodik brings along: in Guru they are left unread (UU 27/2022 on personal data)."""

BY_TABLE: Final[Mapping[str, Sheet]] = {sheet.table: sheet for sheet in SHEETS}
