"""Dapodik's local web service: three questions, asked one after the other, and nothing but read.

Of each answer only the fields below are kept; the others (NIK, mother's name, pupils) are thrown away while the JSON is read.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException
from typing import Any, Final
from urllib import error, parse, request

from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.dapodik.identity import NIP_DIGITS, NUPTK_DIGITS, number_of
from scheduler.formats.dapodik.reading import Place
from scheduler.formats.dapodik.source import (
    ClassRow,
    LessonRow,
    PersonRow,
    SchoolFacts,
    Sources,
    degrees,
    grade_of,
    whole,
    without_kind,
    yes_or_no,
)

TOKEN_VARIABLE: Final = "DAPODIK_TOKEN"
SECONDS_BETWEEN: Final = 0.35
"""The desktop server chokes on questions that come together."""

SECONDS_OF_AN_ANSWER: Final = 60
MOST_PAGES: Final = 50
MOST_BYTES: Final = 1 << 26

KEPT: Final = frozenset(
    {
        *("results", "rows", "message"),
        *("npsn", "nama", "bentuk_pendidikan_id_str", "status_sekolah_str", "alamat_jalan", "lintang", "bujur", "kecamatan", "kabupaten_kota"),
        *("ptk_id", "ptk_terdaftar_id", "ptk_induk", "nuptk", "nip", "jenis_ptk_id_str", "status_kepegawaian_id_str", "pangkat_golongan_terakhir"),
        *("rombongan_belajar_id", "tingkat_pendidikan_id", "tingkat_pendidikan_id_str", "semester_id", "jenis_rombel", "jenis_rombel_str"),
        *("kurikulum_id_str", "id_ruang_str", "ptk_id_str", "anggota_rombel", "pembelajaran"),
        *(
            "pembelajaran_id",
            "induk_pembelajaran_id",
            "mata_pelajaran_id_str",
            "nama_mata_pelajaran",
            "jam_mengajar_per_minggu",
            "status_di_kurikulum_str",
        ),
    }
)
"""Keys of the answers that are needed; every other value is dropped as soon as it is read."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WebService:
    """Where Dapodik answers, for which school, and the token that it gave us. ``semester`` is ``20261``, "" for the current one."""

    address: str
    npsn: str
    token: str
    semester: str = ""
    wait: Callable[[float], None] = time.sleep


class NoRedirects(request.HTTPRedirectHandler):
    """The token is for the address that was named, not for where a page sends us."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


def read_web(service: WebService) -> Sources:
    """School, teachers, classes with their lessons.

    Raises
    ------
    InputError
        nobody answers, the token is refused, or the answer is none of Dapodik's
    """
    client = Client(service)
    school = client.ask("getSekolah")
    people = client.ask("getGtk")
    classes = client.ask("getRombonganBelajar")
    sources = Sources()
    sources.schools = [school_of(row, client.place("getSekolah")) for row in school]
    sources.people = [person_of(row, client.place("getGtk", row)) for row in people if text(row, "nama")]
    for row in classes:
        place = client.place("getRombonganBelajar", row)
        sources.classes.append(class_of(row, place))
        sources.lessons += lessons_of(row, place)
    term = next((term for row in classes if (term := text(row, "semester_id"))), service.semester)
    sources.schools = [replace(one, term=term) for one in sources.schools]
    return sources


class Client:
    """Asks one question at a time, with a pause between."""

    def __init__(self, service: WebService) -> None:
        self.service = service
        self.opener = request.build_opener(request.ProxyHandler({}), NoRedirects())
        self.asked = 0

    def place(self, question: str, row: Answer | None = None) -> Place:
        return Place(self.service.address, question, text(row, "nama") if row else "")

    def ask(self, question: str) -> list[Answer]:
        """All rows of an answer, page after page where it comes in pages."""
        rows, total = self.page(question, {})
        page = 2
        while 0 < len(rows) < total and page <= MOST_PAGES:
            more, _ = self.page(question, {"page": str(page), "limit": str(len(rows) // (page - 1))})
            fresh = [row for row in more if row not in rows]
            if not fresh:
                break
            rows += fresh
            page += 1
        return rows

    def page(self, question: str, paging: Mapping[str, str]) -> tuple[list[Answer], int]:
        if self.asked:
            self.service.wait(SECONDS_BETWEEN)
        self.asked += 1
        content = self.fetch(question, paging)
        rows = content.get("rows") if isinstance(content, dict) else None
        rows = [rows] if isinstance(rows, dict) else rows
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.refused("web_not_dapodik", question)
        if not rows:
            raise self.refused("web_nothing", question)
        return rows, whole(content.get("results")) or len(rows)

    def fetch(self, question: str, paging: Mapping[str, str]) -> Any:
        semester = {"semester_id": self.service.semester} if self.service.semester else {}
        query = parse.urlencode({"npsn": self.service.npsn, **semester, **paging})
        address = f"{self.service.address.rstrip('/')}/WebService/{question}?{query}"
        asked = request.Request(address, headers={"Authorization": f"Bearer {self.service.token}", "Accept": "application/json"})
        try:
            with self.opener.open(asked, timeout=SECONDS_OF_AN_ANSWER) as answer:
                content = answer.read(MOST_BYTES)
        except error.HTTPError as refusal:
            kind = "web_token_refused" if refusal.code in (401, 403) else "web_status"
            raise self.refused(kind, question, status=refusal.code) from None
        except (OSError, ValueError, HTTPException) as failure:
            raise self.refused("web_unreachable", question) from failure
        try:
            return json.loads(content, object_pairs_hook=needed)
        except (ValueError, RecursionError):
            raise self.refused("web_not_dapodik", question) from None

    def refused(self, kind: str, question: str, **facts: str | int) -> InputError:
        return InputError([Problem(f"dapodik.{kind}", self.service.address, question, "", {"address": self.service.address, **facts})])


def needed(pairs: list[tuple[str, Any]]) -> Answer:
    """An object of the answer with the fields that are needed; of pupils only how many there are."""
    kept = {name: value for name, value in pairs if name in KEPT}
    if isinstance(kept.get("anggota_rombel"), list):
        kept["anggota_rombel"] = len(kept["anggota_rombel"])
    return kept


# --- rows as the downloads have them ---------------------------------------------------------------------------------------------------------------


def text(row: Answer | None, name: str) -> str:
    value = (row or {}).get(name)
    return "" if value is None or isinstance(value, list | dict) else " ".join(str(value).split())


def school_of(row: Answer, place: Place) -> SchoolFacts:
    return SchoolFacts(
        place,
        npsn=text(row, "npsn").upper(),
        name=text(row, "nama"),
        level=text(row, "bentuk_pendidikan_id_str"),
        ownership=text(row, "status_sekolah_str"),
        address=text(row, "alamat_jalan"),
        kecamatan=without_kind(text(row, "kecamatan")),
        kabupaten=without_kind(text(row, "kabupaten_kota")),
        latitude=degrees(row.get("lintang"), 90),
        longitude=degrees(row.get("bujur"), 180),
    )


def person_of(row: Answer, place: Place) -> PersonRow:
    return PersonRow(
        place,
        text(row, "nama"),
        number_of(text(row, "nuptk"), NUPTK_DIGITS),
        number_of(text(row, "nip"), NIP_DIGITS),
        employment=text(row, "status_kepegawaian_id_str"),
        kind=text(row, "jenis_ptk_id_str"),
        rank=text(row, "pangkat_golongan_terakhir"),
        is_home=yes_or_no(text(row, "ptk_induk")),
        own_id=text(row, "ptk_id"),
        tells_certificate=False,
    )


def class_of(row: Answer, place: Place) -> ClassRow:
    students = row.get("anggota_rombel")
    return ClassRow(
        place,
        text(row, "nama"),
        grade_of(text(row, "tingkat_pendidikan_id_str") or text(row, "tingkat_pendidikan_id"), text(row, "nama")),
        kind=kind_of(row),
        students=students if isinstance(students, int) and students else None,
        homeroom=text(row, "ptk_id_str"),
        homeroom_id=text(row, "ptk_id"),
        curriculum=text(row, "kurikulum_id_str"),
        room=text(row, "id_ruang_str"),
    )


def kind_of(row: Answer) -> str:
    return text(row, "jenis_rombel_str") or text(row, "jenis_rombel")


def lessons_of(row: Answer, place: Place) -> Iterator[LessonRow]:
    rombel = class_of(row, place)
    stated = row.get("pembelajaran")
    lessons = [lesson for lesson in stated if isinstance(lesson, dict)] if isinstance(stated, list) else []
    known = {text(lesson, "pembelajaran_id") for lesson in lessons}
    for lesson in lessons:
        # Nama Mata Pelajaran Lokal may be anything; the name of the reference is the first to be asked.
        subject = text(lesson, "mata_pelajaran_id_str") or text(lesson, "nama_mata_pelajaran")
        if not subject:
            continue
        yield LessonRow(
            place,
            rombel.name,
            subject,
            whole(lesson.get("jam_mengajar_per_minggu")),
            grade=rombel.grade,
            kind=rombel.kind,
            curriculum=rombel.curriculum,
            teacher_id=text(lesson, "ptk_id"),
            students=rombel.students,
            status=text(lesson, "status_di_kurikulum_str"),
            is_part=text(lesson, "induk_pembelajaran_id") in known - {"", text(lesson, "pembelajaran_id")},
        )
