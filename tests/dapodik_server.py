"""A stand-in for Dapodik's local web service: answers as it does, with invented people, and remembers how it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.dapodik_files import HOURS, MARK, NPSN, SCHOOL, TAUGHT_BY, TEACHERS

TOKEN: Final = "t0k3n-rahasia"
PAGE: Final = 4
"""Rows of an answer that comes in pages."""

Answers = dict[str, Any]


def school() -> Answers:
    return {
        "sekolah_id": "s-1",
        "nama": SCHOOL,
        "npsn": NPSN,
        "bentuk_pendidikan_id": 6,
        "bentuk_pendidikan_id_str": "SMP",
        "status_sekolah_str": "Negeri",
        "alamat_jalan": "Jl. Pendidikan 1",
        "kecamatan": "Kec. Contoh Raya",
        "kabupaten_kota": "Kab. Contoh",
        "lintang": "-1.4757",
        "bujur": "103.7541",
        "email": f"{MARK}@contoh",
    }


def teachers() -> list[Answers]:
    return [
        {
            "ptk_id": f"p-{index}",
            "ptk_terdaftar_id": f"pt-{index}",
            "ptk_induk": "0" if index == 9 else "1",
            "nama": person.name,
            "jenis_kelamin": "P",
            "tempat_lahir": f"{MARK} tempat {index}",
            "tanggal_lahir": f"{MARK} tanggal {index}",
            "nik": f"{MARK} nik {index}",
            "agama_id_str": f"{MARK} agama {index}",
            "nuptk": person.nuptk or None,
            "nip": person.nip or None,
            "jenis_ptk_id_str": person.kind,
            "status_kepegawaian_id_str": person.employment,
            "pangkat_golongan_terakhir": "III/d",
            "rwy_pend_formal": [{"nama": f"{MARK} sekolah"}],
        }
        for index, person in enumerate(TEACHERS)
    ]


def classes() -> list[Answers]:
    found = []
    for position, (name, grade) in enumerate((("VII-A", 7), ("VIII-A", 8), ("IX-A", 9))):
        lessons = [
            {
                "pembelajaran_id": f"b-{position}-{number}",
                "mata_pelajaran_id_str": subject,
                "nama_mata_pelajaran": subject,
                "ptk_terdaftar_id": f"pt-{TAUGHT_BY[subject]}",
                "ptk_id": f"p-{TAUGHT_BY[subject]}",
                "jam_mengajar_per_minggu": f"{jjm}",
                "status_di_kurikulum_str": "Matpel Wajib",
            }
            for number, (subject, jjm) in enumerate(HOURS.items())
        ]
        found.append(
            {
                "rombongan_belajar_id": f"r-{position}",
                "nama": name,
                "tingkat_pendidikan_id": f"{grade}",
                "tingkat_pendidikan_id_str": f"Kelas {grade}",
                "semester_id": "20261",
                "jenis_rombel": "1",
                "jenis_rombel_str": "Kelas",
                "kurikulum_id_str": "Kurikulum SMP Merdeka",
                "ptk_id": f"p-{position + 1}",
                "ptk_id_str": TEACHERS[position + 1].name,
                "anggota_rombel": [{"nama": f"{MARK} murid {n}", "nisn": f"{MARK}{n}"} for n in range(27 + position)],
                "pembelajaran": lessons,
            }
        )
    club = {"rombongan_belajar_id": "r-9", "nama": "Pramuka", "jenis_rombel": "51", "jenis_rombel_str": "Ekstrakurikuler", "pembelajaran": []}
    return [*found, club]


class Dapodik:
    """What the service answers, and a record of the questions: (path, query, token, method), and most at a time."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[], Any]] = {"getSekolah": school, "getGtk": teachers, "getRombonganBelajar": classes}
        self.asked: list[tuple[str, dict[str, list[str]], str, str]] = []
        self.moments: list[float] = []
        self.in_pages = False
        self.raw: bytes | None = None
        self.status = 200
        self.at_once = self.most_at_once = 0
        self.address = ""


@contextmanager
def running() -> Iterator[Dapodik]:
    """The service on a free port of this machine, for the length of a test."""
    dapodik = Dapodik()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with lock:
                dapodik.at_once += 1
                dapodik.most_at_once = max(dapodik.most_at_once, dapodik.at_once)
            try:
                self.answer()
            finally:
                with lock:
                    dapodik.at_once -= 1

        def answer(self) -> None:
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            dapodik.asked.append((path, query, self.headers.get("Authorization", ""), self.command))
            dapodik.moments.append(time.monotonic())
            question = path.removeprefix("/WebService/")
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.send(401, b'{"success": false, "message": "token"}')
            elif dapodik.status != 200:
                self.send(dapodik.status, b"")
            elif dapodik.raw is not None:
                self.send(200, dapodik.raw)
            elif query.get("npsn") != [NPSN]:
                self.send(200, b'{"results": 0, "id": "x", "start": 0, "limit": 0, "rows": []}')
            else:
                rows = dapodik.answers[question]()
                self.send(200, json.dumps(self.wrapped(rows, query)).encode())

        def wrapped(self, rows: Any, query: dict[str, list[str]]) -> Answers:
            total = len(rows) if isinstance(rows, list) else 1
            if dapodik.in_pages and isinstance(rows, list):
                start = (int(query.get("page", ["1"])[0]) - 1) * PAGE
                rows = rows[start : start + PAGE]
            return {"results": total, "id": "id", "start": 0, "limit": total, "rows": rows}

        def send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{dapodik.address}/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    dapodik.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield dapodik
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
