"""The workbook's layout, once: every sheet with its columns.

The reader, the writer, the template and docs/workbook.md are all made from ``SHEETS``. A column's meaning stands in the text catalogue
(``report/text/*/sheets.toml``) under ``Sheet.text_key``; here are only names, aliases, kinds and bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from scheduler.formats.choices import (
    ASSIGNMENT_KINDS,
    AVAILABILITY_KINDS,
    DAY_CHOICES,
    EMPLOYMENTS,
    LEVELS,
    OWNERSHIPS,
    PAPERS,
    POSITIONS,
    PRESENCES,
    ROLES,
    RULE_STRENGTHS,
    SEMESTERS,
    SLOT_KINDS,
    WEEK_RULE_KINDS,
    YES_NO,
)
from scheduler.formats.columns import Column, Kind, Sheet

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
    Column("Pemerintah Daerah", "Pemerintah Daerah", "Local Government", Kind.TEXT),
    Column("Dinas", "Dinas", "Education Office", Kind.TEXT),
    Column("Telepon", "Telepon", "Telephone", Kind.TEXT),
    Column("Email", "Email", "E-mail", Kind.TEXT, aliases=("Surel",)),
    Column("Kode Pos", "Kode Pos", "Postal Code", Kind.TEXT),
    Column("Laman", "Laman", "Website", Kind.TEXT, aliases=("Situs Web",)),
    Column("Logo", "Logo", "Logo", Kind.TEXT),
    Column("Nomor SK", "Nomor SK", "Decree Number", Kind.TEXT, aliases=("No SK",)),
    Column("Nomor SK Tugas Tambahan", "Nomor SK Tugas Tambahan", "Number of the Decree on Duties", Kind.TEXT),
    Column("Tanggal SK", "Tanggal SK", "Decree Date", Kind.TEXT_OR_DATE),
    Column("Tempat", "Tempat", "Place", Kind.TEXT),
    Column("Tanggal Rapat", "Tanggal Rapat", "Meeting Date", Kind.TEXT_OR_DATE),
    Column("Nama Kepala Sekolah", "Nama Kepala Sekolah", "Principal's Name", Kind.TEXT),
    Column("NIP Kepala Sekolah", "NIP Kepala Sekolah", "Principal's NIP", Kind.DIGITS),
    Column("Pangkat Kepala Sekolah", "Pangkat Kepala Sekolah", "Principal's Rank", Kind.TEXT),
    Column("Nama Waka Kurikulum", "Nama Waka Kurikulum", "Vice Principal's Name", Kind.TEXT),
    Column("NIP Waka Kurikulum", "NIP Waka Kurikulum", "Vice Principal's NIP", Kind.DIGITS),
    Column("Tembusan", "Tembusan", "Copies To", Kind.TEXT),
    Column("Mengingat", "Mengingat", "In View Of", Kind.TEXT),
    Column("Memperhatikan", "Memperhatikan", "Considering Also", Kind.TEXT),
    Column("Nomor Surat Keterangan", "Nomor Surat Keterangan", "Number of the Statement", Kind.TEXT),
    Column("Tanggal Surat Keterangan", "Tanggal Surat Keterangan", "Date of the Statement", Kind.TEXT_OR_DATE),
    Column("Nomor Surat Tugas", "Nomor Surat Tugas", "Number of the Order", Kind.TEXT),
    Column("Tanggal Surat Tugas", "Tanggal Surat Tugas", "Date of the Order", Kind.TEXT_OR_DATE),
    Column("Alamat Dinas", "Alamat Dinas", "Address of the Education Office", Kind.TEXT),
    Column("Tempat Dinas", "Tempat Dinas", "Place of the Education Office", Kind.TEXT),
    Column("Nama Kepala Dinas", "Nama Kepala Dinas", "Name of the Head of the Education Office", Kind.TEXT),
    Column("NIP Kepala Dinas", "NIP Kepala Dinas", "NIP of the Head of the Education Office", Kind.DIGITS),
    Column("Pangkat Kepala Dinas", "Pangkat Kepala Dinas", "Rank of the Head of the Education Office", Kind.TEXT),
    Column("Ukuran Kertas", "Ukuran Kertas", "Paper Size", Kind.CHOICE, aliases=("Kertas",), choices=PAPERS),
    Column("Catatan Lembar", "Catatan Lembar", "Sheet Note", Kind.TEXT),
)
"""The keys of Pengaturan that documents print; ``field`` is the key under which ``Settings.letterhead`` keeps the value.

With an NPSN behind it, ``Nomor SK (10502807)``, a key holds for that school alone: a district's schools, or a partner school that signs a letter.
"""

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
            Column("week_hours", "Jam Tersedia", "Week Hours", Kind.COMPUTED),
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
            Column("locked_jp", "JP Terkunci", "Locked JP", Kind.COMPUTED),
            Column("rank", "Pangkat/Gol", "Rank", Kind.TEXT, aliases=("Pangkat", "Pangkat Golongan", "Pangkat/Golongan", "Golongan", "Gol")),
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
            Column("need_jp", "JP Mapel", "Need JP", Kind.COMPUTED),
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
    Sheet(
        "week_rules",
        "Aturan Jadwal",
        "Week Rules",
        (
            Column("kind", "Aturan", "Rule", Kind.CHOICE, required=True, choices=WEEK_RULE_KINDS),
            Column("required", "Sifat", "Strength", Kind.CHOICE, required=True, choices=RULE_STRENGTHS),
            Column("school", "NPSN", "School", Kind.SCHOOL, aliases=("NPSN Sekolah",)),
            Column("rombel", "Rombel", "Class", Kind.ROMBEL, aliases=("Kelas",)),
            Column("subject", "Mapel", "Subject", Kind.SUBJECT, aliases=("Mata Pelajaran", "Matpel")),
            Column("teacher", "Guru", "Teacher", Kind.TEACHER, aliases=("Nama Guru", "Kode Guru")),
            Column("day", "Hari", "Day", Kind.DAY, choices=DAY_CHOICES),
            Column("period", "Jam Ke", "Period", Kind.INTEGER, aliases=("Jam",), least=1),
            Column("amount", "Angka", "Amount", Kind.INTEGER, aliases=("Jumlah",), least=0),
            REMARK,
        ),
    ),
)

GUIDE: Final = "Petunjuk"
LISTS: Final = "Daftar"
UNREAD_SHEETS: Final = (GUIDE, LISTS, "Instructions", "Lists", "Temuan")
"""Sheets that are for people or for dropdowns, and never read."""

REVIEW: Final = ("Perlu Diperiksa", "To Check")
"""What an import from Dapodik left to be looked at: not read with the workbook, and a note says that it is still there."""

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


def letterhead_of_schools(letterhead: Mapping[str, str]) -> tuple[Column, ...]:
    """The keys of this letterhead that hold for one school alone, in the order of ``LETTERHEAD``."""
    own = [(column, field) for column in LETTERHEAD for field in letterhead if field.startswith(f"{column.field} (")]
    return tuple(replace(column, field=field, name=field) for column, field in own)


def setting_text_key(column: Column) -> str:
    """Key of the meaning of a key of Pengaturan; a number of the policy has the common one."""
    letter = column.field.partition(" (")[0]
    if any(letter == known.field for known in LETTERHEAD):
        return f"letterhead_{letter.casefold().replace(' ', '_')}"
    return f"settings_{column.field}" if column in SETTINGS else "settings_override"
