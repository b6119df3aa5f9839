"""A small workbook without a fault, as plain rows, for tests that break it in one place."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HOME, PARTNER = "10000001", "10000002"

GOOD: dict[str, list[list[Any]]] = {
    "Pengaturan": [
        ["Kunci", "Nilai"],
        ["Tahun Pelajaran", "2026/2027"],
        ["Semester", "Ganjil"],
        ["Kebijakan", "permendikdasmen11_2025"],
        ["Sekolah Utama", HOME],
        ["Tanggal Mulai", datetime(2026, 7, 13)],
        ["min_jtm", 20],
    ],
    "Sekolah": [
        ["NPSN", "Nama Sekolah", "Jenjang", "Peran", "Pola Waktu", "Lintang", "Bujur", "Laboratorium"],
        [HOME, "SMP Satu", "SMP", "Induk", "pagi", -1.5, 103.5, 1],
        [PARTNER, "SMP Dua", "SMP", "Mitra", None, None, None, "Ya"],
    ],
    "Rombel": [
        ["NPSN", "Rombel", "Tingkat", "Kurikulum", "Jumlah Siswa", "Ruang"],
        [HOME, "7A", 7, "k", 25, "Lab IPA"],
        [HOME, "7B", 7, "k", 26, None],
        [HOME, "8A", "VIII", "k", 24, None],
    ],
    "Struktur": [
        ["Kurikulum", "Tingkat", "Mapel", "JP Intrakurikuler", "JP Kokurikuler", "Pola Blok"],
        ["k", 7, "IPA", 4, 1, "2+2+1"],
        ["k", 7, "Matematika", 4, 1, None],
        ["k", 7, "PAI", 2, 1, "3"],
        ["k", 8, "IPA", 4, 1, None],
        ["k", 8, "MTK", 4, 1, None],
        ["k", 8, "PAI", 2, 1, None],
    ],
    "Guru": [
        ["Kode", "Nama", "NIP", "NUPTK", "NPSN Induk", "Jabatan", "Sertifikat", "Mapel Diampu", "JP Min", "JP Maks", "Keadaan", "Sampai", "Usia"],
        ["G01", "Ani, S.Pd", "198701012010012001", "0123456789012345", HOME, "Guru Mapel", "IPA", "Matematika", None, 30, None, None, 39],
        ["G02", "Budi, M.Pd", "198801012010011002", None, HOME, None, "Matematika", None, None, None, "Aktif", None, 38],
        ["G03", "Citra", None, None, HOME, None, "PAI", None, None, None, None, None, None],
        ["G04", "Dewi", None, None, HOME, "Guru BK", "BK", None, None, None, None, None, None],
        ["G05", "Eko", None, None, PARTNER, None, "Matematika", None, None, None, None, None, None],
    ],
    "Tugas Tambahan": [
        ["NPSN", "Tugas", "Satuan", "Minimal", "Maksimal", "Calon", "Pemegang"],
        [HOME, "Wali Kelas", "7A", None, None, None, "G01"],
        [HOME, "Wali Kelas 7B", None, None, None, None, "Budi, M.Pd"],
        [HOME, "Pembina OSIS", None, 0, 1, "G01, G02", None],
    ],
    "Ekskul": [["NPSN", "Nama", "Jumlah Siswa", "Pembina"], [HOME, "Pramuka", 60, "Citra (G03)"]],
    "Jam Mitra": [["NPSN", "Mapel", "JP", "Rombel"], [PARTNER, "IPA", 5, "7A"]],
    "Jarak": [["NPSN Asal", "NPSN Tujuan", "Km", "Menit"], [HOME, PARTNER, 5.5, 15]],
    "Penugasan": [
        ["NPSN", "Rombel", "Mapel", "Guru", "Sifat", "JP"],
        [HOME, "7A", "IPA", "Ani, S.Pd (G01)", "Kunci", None],
        [HOME, "7B", "Matematika", "G02", "Kunci", 3],
        [HOME, "7B", "Matematika", "G01", "Kunci", 2],
        [HOME, "8A", "IPA", "G01", "Semester Lalu", None],
    ],
    "Kelompok": [
        ["Kode", "NPSN", "Rombel", "Mapel", "JP", "Serentak Dengan"],
        ["I1", HOME, "7A, 7B", "PAI", 3, None],
        ["K1", HOME, "7A, 7B", "PAK", 3, "I1"],
    ],
    "Ruang": [["NPSN", "Ruang", "Jenis", "Kapasitas", "Mapel"], [HOME, "Lab IPA", "Laboratorium", 30, "IPA"]],
    "Waktu": [
        ["Pola", "Hari", "Jam Ke", "Mulai", "Selesai", "Jenis"],
        ["pagi", "Senin", None, time(7, 15), time(7, 55), "Upacara"],
        ["pagi", "Senin", 1, "07.55", "08.35", "KBM"],
        ["pagi", "Senin", 2, "08:35", "09:15", "KBM"],
        ["pagi", "Selasa", 1, time(7, 15), time(7, 55), "KBM"],
    ],
    "Ketersediaan": [["Guru", "Hari", "Jam Ke", "Sifat"], ["G02", "Senin", 2, "Tidak Bisa"], ["G01", "Selasa", None, "Sebaiknya Tidak"]],
    "Aturan Jadwal": [
        ["Aturan", "Sifat", "NPSN", "Rombel", "Mapel", "Guru", "Hari", "Jam Ke", "Angka"],
        ["Bersamaan Maksimal", "Wajib", None, None, "IPA", None, None, None, 1],
        ["Jam Tetap", "Sebaiknya", HOME, "7A", "IPA", None, "Senin", 2, None],
        ["Jam Kosong Maksimal", "Sebaiknya", None, None, None, None, None, None, 2],
    ],
}

START = date(2026, 7, 13)


def good_workbook() -> Workbook:
    """The workbook in openpyxl's hands, plain: values only."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in GOOD.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: Workbook, folder: Path) -> Path:
    path = folder / "sekolah.xlsx"
    book.save(path)
    return path
