"""Files as Dapodik downloads them, written by us from their layouts with invented people.

Headings, rows and merged cells stand where the real ones have them. Every personal column is filled with ``PERSONAL`` marks, so that a test can look
for them wherever the program writes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

NPSN: Final = "69900001"
SCHOOL: Final = "SMP NEGERI 99 CONTOH"

MARK: Final = "RAHASIA"
"""Begins every value of a personal column."""

PTK_HEADINGS: Final = ("No", "Nama", "NUPTK", "JK", "Tempat Lahir", "Tanggal Lahir", "NIP", "Status Kepegawaian", "Jenis PTK")
PTK_GROUP: Final = (
    *("Gelar Depan", "Gelar Belakang", "Jenjang", "Jurusan/Prodi", "Sertifikasi", "TMT Kerja", "Tugas Tambahan", "Mengajar"),
    *("Jam Tugas \nTambahan", "JJM", "Total JJM", "Siswa", "Kompetensi"),
)
LIST_HEADINGS: Final = (
    *PTK_HEADINGS,
    *("Agama", "Alamat Jalan", "RT", "RW", "Nama Dusun", "Desa/Kelurahan", "Kecamatan", "Kode Pos", "Telepon", "HP", "Email", "Tugas Tambahan"),
    *("SK CPNS", "Tanggal CPNS", "SK Pengangkatan", "TMT Pengangkatan", "Lembaga Pengangkatan", "Pangkat Golongan", "Sumber Gaji"),
    *("Nama Ibu Kandung", "Status Perkawinan", "Nama Suami/Istri", "NIP Suami/Istri", "Pekerjaan Suami/Istri", "TMT PNS"),
    *("Sudah Lisensi Kepala Sekolah", "Pernah Diklat Kepengawasan", "Keahlian Braille", "Keahlian Bahasa Isyarat", "NPWP", "Nama Wajib Pajak"),
    *("Kewarganegaraan", "Bank", "Nomor Rekening Bank", "Rekening Atas Nama", "NIK", "No KK", "Karpeg", "Karis/Karsu", "Lintang", "Bujur", "NUKS"),
)
REKAP_HEADINGS: Final = (
    *("No", "Jenis Rombel", "Tingkat", "Nama Rombel", "Kurikulum", "Program/Kompetensi Keahlian", "Nama PTK", "NUPTK", "PTK Induk", "Kepegawaian"),
    *("Nama Matpel", "Kode Matpel", "JJM", "Jml Siswa", "Tgl SK Mengajar", "SK Mengajar", "Status di Kurikulum"),
)
PERSONAL_HEADINGS: Final = frozenset(
    {
        *("Tempat Lahir", "Agama", "Alamat Jalan", "Nama Dusun", "Desa/Kelurahan", "Kecamatan", "Kode Pos", "Telepon", "HP", "Email"),
        *("Nama Ibu Kandung", "Status Perkawinan", "Nama Suami/Istri", "NIP Suami/Istri", "Pekerjaan Suami/Istri", "NPWP", "Nama Wajib Pajak"),
        *("Kewarganegaraan", "Bank", "Nomor Rekening Bank", "Rekening Atas Nama", "NIK", "No KK", "Karpeg", "Karis/Karsu", "RT", "RW", "NUKS"),
    }
)


@dataclass(frozen=True)
class Ptk:
    """An invented PTK; values go into the cells as they are."""

    name: str
    nuptk: object = ""
    nip: object = ""
    kind: str = "Guru"
    certificate: str = ""
    duties: str = ""
    employment: str = "PNS"
    before: str = ""
    after: str = ""
    teaches: str = ""
    jjm: object = ""
    competence: str = ""
    rank: str = "III/d"
    has_no: bool = True


@dataclass(frozen=True)
class Kelas:
    name: str
    grade: object
    students: object = 28
    homeroom: str = ""
    curriculum: str = "Kurikulum SMP Merdeka"
    room: str = ""


@dataclass(frozen=True)
class Ajar:
    """A row of Rekap Pembelajaran."""

    rombel: str
    subject: str
    jjm: object
    teacher: str
    nuptk: object = ""
    home: object = "Ya"
    grade: object = ""
    kind: str = "Kelas"
    students: object = 28
    status: str = "Matpel Wajib"
    curriculum: str = "Kurikulum SMP Merdeka"


def nuptk(number: int) -> str:
    """An invented NUPTK: 16 digits, not ending in 0."""
    return f"{4000 + number:04d}7500{number:04d}0113"


def nip(number: int) -> str:
    """An invented NIP: 18 digits."""
    return f"1985{number % 12 + 1:02d}152010011{number:03d}"


def personal(row: int, heading: str) -> str:
    return f"{MARK} {heading} {row}"


PROFILE: Final = {
    "Nama Sekolah": SCHOOL,
    "NPSN": NPSN,
    "Jenjang Pendidikan": "SMP",
    "Status Sekolah": "Negeri",
    "Alamat Sekolah": "Jl. Pendidikan 1",
    "RT / RW": f"{MARK} RT",
    "Kode Pos": "36382",
    "Kelurahan": "Contoh",
    "Kecamatan": "Kec. Contoh Raya",
    "Kabupaten/Kota": "Kab. Contoh",
    "Provinsi": "Prov. Contoh",
}
CLASS_HEADINGS: Final = ("No", "Nama Rombel", "Tingkat Kelas", "Jumlah Siswa", None, None, "Wali Kelas", "Kurikulum", "Ruangan")


# --- writing ---------------------------------------------------------------------------------------------------------------------------------------


def write_profil(
    path: Path,
    people: Sequence[Ptk],
    classes: Sequence[Kelas],
    shift: int = 0,
    npsn: str = NPSN,
    sheets: Iterable[str] = ("PTK", "Rombongan Belajar"),
) -> Path:
    """Unduh Profil Sekolah; ``shift`` more rows of title above each heading."""
    book = Workbook()
    profile = book.worksheets[0]
    profile.title = "Profil Sekolah"
    profile["A1"] = "Profil Sekolah"
    for number, (label, value) in enumerate(PROFILE.items(), start=1):
        value = npsn if label == "NPSN" else value
        for column, content in zip("ABCD", (number, label, ":", value), strict=True):
            profile[f"{column}{number + 3}"] = content
    profile["B16"], profile["C16"], profile["D16"], profile["G16"] = "Posisi Geografis", ":", "-1.4757", "Lintang"
    profile["D17"], profile["G17"] = "103.7541", "Bujur"
    profile["B18"], profile["D18"] = "Nama Wajib Pajak", f"{MARK} wajib pajak"
    for name in sheets:
        sheet = book.create_sheet(name)
        if name == "PTK":
            write_people(sheet, people, shift)
        else:
            write_classes(sheet, classes, shift)
    for name in ("Peserta Didik", "Prasarana", "Sarana", "Blockgrant"):
        book.create_sheet(name)["A1"] = name
    schedule = book.create_sheet("Jadwal")
    schedule["A1"] = "Jadwal Pembelajaran"
    for column, heading in enumerate(("No", "Ruang / Prasarana", "Pembelajaran Jam Ke-", "Senin", "Selasa"), start=1):
        schedule.cell(6, column, heading)
    book.save(path)
    return path


def title(sheet: Worksheet, name: str) -> None:
    sheet["A1"], sheet["A2"], sheet["A3"] = name, SCHOOL, "Kec. Contoh Raya, Kab. Contoh, Prov. Contoh"
    sheet["A4"], sheet["C4"] = "Tanggal Unduh: 2026-07-01 08:00:00", f"Pengunduh: {MARK} pengunduh"


def write_people(sheet: Worksheet, people: Sequence[Ptk], shift: int = 0) -> None:
    title(sheet, "Daftar Pendidik dan Tenaga Kependidikan")
    top = 5 + shift
    for column, heading in enumerate(PTK_HEADINGS, start=1):
        sheet.cell(top, column, heading)
        sheet.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
    sheet.cell(top, 10, "Keterangan")
    sheet.merge_cells(start_row=top, end_row=top, start_column=10, end_column=22)
    for column, heading in enumerate(PTK_GROUP, start=10):
        sheet.cell(top + 1, column, heading)
    for number, p in enumerate(people, start=1):
        row = (
            *(number if p.has_no else None, p.name, p.nuptk, "P", personal(number, "Tempat Lahir"), personal(number, "Tanggal Lahir"), p.nip),
            *(p.employment, p.kind, p.before, p.after, "S1", personal(number, "Jurusan"), p.certificate, "2010-01-01", p.duties, p.teaches),
            *("", p.jjm, p.jjm, "", p.competence),
        )
        for column, value in enumerate(row, start=1):
            put(sheet, top + 1 + number, column, value)


def write_classes(sheet: Worksheet, classes: Sequence[Kelas], shift: int = 0) -> None:
    title(sheet, "Daftar Rombongan Belajar")
    top = 6 + shift
    for column, heading in enumerate(
        ("No", "Nama Rombel", "Tingkat Kelas", "Jumlah Siswa", None, None, "Wali Kelas", "Kurikulum", "Ruangan"), start=1
    ):
        sheet.cell(top, column, heading)
    sheet.merge_cells(start_row=top, end_row=top, start_column=4, end_column=6)
    for column, heading in enumerate(("L", "P", "Total"), start=4):
        sheet.cell(top + 1, column, heading)
    for number, c in enumerate(classes, start=1):
        row = (number, c.name, c.grade, 12, "", c.students, c.homeroom, c.curriculum, c.room)
        for column, value in enumerate(row, start=1):
            put(sheet, top + 1 + number, column, value)


def write_rekap(path: Path, rows: Sequence[Ajar | str], shift: int = 0, npsn: str = NPSN, term: str = ": 2026/2027 Ganjil") -> Path:
    """Rekap Pembelajaran; a text among the rows is a merged row that heads a group."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Rekap Mengajar"
    sheet["A1"] = "Rekap Pembelajaran"
    labels = (
        ("Nama Sekolah", f": {SCHOOL}"),
        ("NPSN", f": {npsn}"),
        ("Semester", term),
        ("Tanggal", ": 2026-07-01"),
        ("Pengunduh", f": {MARK} pengunduh"),
    )
    for number, (label, value) in enumerate(labels, start=2):
        sheet[f"A{number}"], sheet[f"C{number}"] = label, value
    top = 8 + shift
    for column, heading in enumerate(REKAP_HEADINGS, start=1):
        sheet.cell(top, column, heading)
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            sheet.cell(top + number, 1, row)
            sheet.merge_cells(start_row=top + number, end_row=top + number, start_column=1, end_column=17)
            continue
        grade = row.grade or row.rombel[:1]
        cells = (
            *((number, row.kind, grade, row.rombel, row.curriculum) if row.rombel else (None,) * 5),
            None,
            *((row.teacher, row.nuptk or None, row.home, "PNS") if row.teacher else (None, row.nuptk or None, None, None)),
            *(row.subject, 401000000, row.jjm, row.students, personal(number, "Tgl SK"), personal(number, "SK"), row.status),
        )
        for column, value in enumerate(cells, start=1):
            put(sheet, top + number, column, value)
    book.save(path)
    return path


def write_daftar(path: Path, people: Sequence[Ptk], shift: int = 0) -> Path:
    """Unduh Daftar Guru: 51 columns, most of them nobody's business here."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    title(sheet, "Daftar Guru")
    top = 5 + shift
    for column, heading in enumerate(LIST_HEADINGS, start=1):
        sheet.cell(top, column, heading)
    for number, p in enumerate(people, start=1):
        known = {"No": number, "Nama": p.name, "NUPTK": p.nuptk, "NIP": p.nip, "Status Kepegawaian": p.employment, "Jenis PTK": p.kind}
        known |= {"Tugas Tambahan": p.duties, "Pangkat Golongan": p.rank, "JK": "L"}
        for column, heading in enumerate(LIST_HEADINGS, start=1):
            put(sheet, top + number, column, known.get(heading, personal(number, heading) if heading in PERSONAL_HEADINGS else ""))
    book.save(path)
    return path


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if value not in (None, ""):
        sheet.cell(row, column).value = value  # type: ignore[assignment]
        if isinstance(value, str):
            sheet.cell(row, column).data_type = "s"  # a name that begins with = is no formula


def spoil(path: Path) -> Path:
    """Make the file one that openpyxl refuses and Excel only repairs: a font size that is no number, as malformed generators write it."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    parts["xl/styles.xml"] = re.sub(rb'<sz val="[^"]*"', b'<sz val="sebelas"', parts["xl/styles.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


# --- a school of three classes ---------------------------------------------------------------------------------------------------------------------

HOURS: Final = {
    "Pendidikan Agama Islam dan Budi Pekerti": 3,
    "Pendidikan Pancasila": 3,
    "Bahasa Indonesia": 6,
    "Matematika (Umum)": 5,
    "Ilmu Pengetahuan Alam (IPA)": 5,
    "Ilmu Pengetahuan Sosial (IPS)": 4,
    "Bahasa Inggris": 4,
    "Pendidikan Jasmani, Olahraga, dan Kesehatan": 3,
    "Informatika": 3,
    "Seni Tari": 3,
}
"""JJM of a class: the totals of the curriculum of 2025."""

TEACHERS: Final = (
    Ptk("AHMAD FAUZI", nuptk(1), nip(1), "Kepala Sekolah", "Matematika", before="Drs.", after="M.Pd"),
    Ptk("Siti Aminah", nuptk(2), nip(2), certificate="Pendidikan Agama Islam", after="S.Pd.I"),
    Ptk("Budi Santoso", nuptk(3), nip(3), certificate="Guru Mata Pelajaran PPKn SMP", duties="Wakil Kepala Sekolah Kurikulum"),
    Ptk("Rina Wati", nuptk(4), nip(4), certificate="Bahasa Indonesia"),
    Ptk("Joko Susilo", nuptk(5), nip(5), certificate="Matematika", duties="Kepala Laboratorium"),
    Ptk("Dewi Lestari", nuptk(6), nip(6), certificate="Ilmu Pengetahuan Alam (IPA)"),
    Ptk("Hendra Gunawan", nuptk(7), nip(7), certificate="IPS"),
    Ptk("Maya Sari", nuptk(8), nip(8), certificate="Bahasa Inggris", duties="Pembina OSIS"),
    Ptk("Yusuf Maulana", nuptk(9), "", certificate="", employment="PPPK"),
    Ptk("Lina Marlina", nuptk(10), "", certificate="", employment="Guru Honor Sekolah"),
    Ptk("Tono Tata Usaha", "", "", "Tenaga Kependidikan", duties="Kepala Perpustakaan"),
)

TAUGHT_BY: Final = {
    "Pendidikan Agama Islam dan Budi Pekerti": 1,
    "Pendidikan Pancasila": 2,
    "Bahasa Indonesia": 3,
    "Matematika (Umum)": 4,
    "Ilmu Pengetahuan Alam (IPA)": 5,
    "Ilmu Pengetahuan Sosial (IPS)": 6,
    "Bahasa Inggris": 7,
    "Pendidikan Jasmani, Olahraga, dan Kesehatan": 8,
    "Informatika": 8,
    "Seni Tari": 9,
}
"""Subject → position in ``TEACHERS``."""

CLASSES: Final = (Kelas("VII-A", 7, 30, "Siti Aminah"), Kelas("VIII-A", 8, 29, "Rina Wati"), Kelas("IX-A", 9, 27, "Dewi Lestari"))


def lessons(rombels: Sequence[tuple[str, int]] = (("7-A", 7), ("8-A", 8), ("9-A", 9)), people: Sequence[Ptk] = TEACHERS) -> list[Ajar | str]:
    """Every class has every subject; the classes are written otherwise than in Profil (``7-A`` for ``VII-A``)."""
    rows: list[Ajar | str] = []
    for rombel, grade in rombels:
        for subject, jjm in HOURS.items():
            person = people[TAUGHT_BY[subject]]
            rows.append(Ajar(rombel, subject, f"{jjm}", person.name, person.nuptk, grade=grade))
    return rows


def plain_school(folder: Path) -> tuple[Path, Path]:
    """Profil and Rekap of a school without any trap."""
    return write_profil(folder / "profil.xlsx", TEACHERS, CLASSES), write_rekap(folder / "rekap.xlsx", lessons())


def with_ptk(index: int, **changes: object) -> tuple[Ptk, ...]:
    """The school's people with one of them changed."""
    return (*TEACHERS[:index], replace(TEACHERS[index], **changes), *TEACHERS[index + 1 :])  # type: ignore[arg-type]
