"""The closed lists of the workbook: as it writes each value, as the program keeps it, and other ways to write it."""

from __future__ import annotations

from typing import Final

from scheduler.domain.entities import AssignmentKind, AvailabilityKind, Position, Presence, SlotKind, WeekRuleKind
from scheduler.domain.instance import DAYS
from scheduler.formats.columns import Choice

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

WEEK_RULE_KINDS: Final = (
    Choice("Bersamaan Maksimal", WeekRuleKind.AT_ONCE, ("Serentak Maksimal", "Most At Once")),
    Choice("Jam Terakhir Maksimal", WeekRuleKind.LAST_HOUR, ("Most Last Hours",)),
    Choice("Jam Awal", WeekRuleKind.FIRST_HOURS, ("Pagi", "First Hours")),
    Choice("Jam Tetap", WeekRuleKind.FIXED, ("Fixed Hour",)),
    Choice("Jam Kosong Maksimal", WeekRuleKind.IDLE_HOURS, ("Most Idle Hours",)),
    Choice("JP Sehari Maksimal", WeekRuleKind.DAY_HOURS, ("Most Hours A Day",)),
    Choice("Hari Mengajar Maksimal", WeekRuleKind.DAYS, ("Most Teaching Days",)),
    Choice("Tanpa Jam Pertama", WeekRuleKind.NO_FIRST_HOUR, ("No First Hour",)),
    Choice("Tanpa Jam Terakhir", WeekRuleKind.NO_LAST_HOUR, ("No Last Hour",)),
)

RULE_STRENGTHS: Final = (Choice("Wajib", True, ("Harus", "Required")), Choice("Sebaiknya", False, ("Keinginan", "Wish")))

PAPERS: Final = (Choice("F4", "F4", ("Folio",)), Choice("A4", "A4"))

DAY_CHOICES: Final = tuple(
    Choice(day, day, aliases)
    for day, aliases in zip(
        DAYS, (("Monday",), ("Tuesday",), ("Wednesday",), ("Thursday",), ("Friday", "Jum'at"), ("Saturday",), ("Sunday", "Ahad")), strict=True
    )
)

OWNERSHIPS: Final = tuple(Choice(label, label) for label in ("Negeri", "Swasta"))

EMPLOYMENTS: Final = tuple(Choice(label, label) for label in ("PNS", "CPNS", "PPPK", "PPPK Paruh Waktu", "GTY/PTY", "Guru Honor Sekolah"))
