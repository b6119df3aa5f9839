"""Writes the shipped workbooks: ``python -m instances.build [NAME …]``.

Each function is one instance, in the words of the domain. What is fact and what is invented stands in the README beside each workbook.
Teachers are invented everywhere ("staf rekaan"); no person stands behind a code.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Availability,
    AvailabilityKind,
    Distance,
    DutySetting,
    Extracurricular,
    Group,
    OpenHours,
    Position,
    Presence,
    Rombel,
    Room,
    School,
    Slot,
    SlotKind,
    StructureRow,
    Subject,
    Teacher,
)
from scheduler.domain.instance import DAYS, Instance, Settings
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import load_curriculum, load_subjects
from scheduler.population.schools import Method, district

FOLDER = Path(__file__).parent
DEMO = "taman-rajo"
DEMO_COPY = FOLDER.parent / "scheduler" / "demo" / "sekolah.xlsx"
"""The same workbook inside the package, for ``scheduler demo`` where only the package is installed."""
INVENTED = "staf rekaan: semua guru di berkas ini karangan, bukan orang sungguhan"
LESSON_MINUTES = 40


@dataclass
class Staff:
    """Numbers teachers as ``G01``, ``G02`` … and names them ``Guru 01`` …"""

    home: str
    prefix: str = "G"
    hired: int = 0

    def __call__(self, certificate: str | None, *, teaches: Sequence[str] = (), **fields: object) -> Teacher:
        self.hired += 1
        number = f"{self.hired:02d}"
        code = f"{self.prefix}{number}"
        name = f"Guru {number}" if self.prefix == "G" else f"Guru {self.prefix}-{number}"
        employment = "PNS" if certificate else "Guru Honor Sekolah"
        return replace(
            Teacher(code, name, self.home, employment=employment, certificate=certificate, may_teach=tuple(teaches), age=44),
            **fields,  # type: ignore[arg-type]
        )


def settings(**fields: object) -> Settings:
    return replace(
        Settings(
            school_year="2026/2027",
            semester="Ganjil",
            start_date=date(2026, 7, 13),
            letterhead={"Catatan Lembar": INVENTED},
        ),
        **fields,  # type: ignore[arg-type]
    )


def bell(
    pattern: str, start: int, days: Mapping[str, int], breaks_after: Mapping[int, int], ceremony_day: str = "Senin", minutes: int = LESSON_MINUTES
) -> tuple[Slot, ...]:
    """Periods of so many ``minutes`` from ``start`` (minutes after midnight); upacara takes as much at the start of ``ceremony_day``.

    ``breaks_after`` maps a period to the minutes of the break that follows it.
    """
    slots: list[Slot] = []
    for day, count in days.items():
        clock = start
        order = 0

        def add(period: int, kind: SlotKind, length: int, day: str = day) -> None:
            nonlocal clock, order
            slots.append(Slot(pattern, day, period, kind, clock, clock + length, order))
            clock, order = clock + length, order + 1

        if day == ceremony_day:
            add(0, SlotKind.CEREMONY, minutes)
        for period in range(1, count + 1):
            add(period, SlotKind.LESSON, minutes)
            if period in breaks_after and period < count:
                add(0, SlotKind.BREAK, breaks_after[period])
    return tuple(slots)


FIVE_DAYS_41 = {"Senin": 8, "Selasa": 9, "Rabu": 9, "Kamis": 9, "Jumat": 6}
"""41 JP a week, as Merdeka with one subject of muatan lokal asks for; Monday loses an hour to the upacara."""

SIX_DAYS_45 = {"Senin": 8, "Selasa": 8, "Rabu": 8, "Kamis": 8, "Jumat": 6, "Sabtu": 7}


def morning(pattern: str = "pagi", days: Mapping[str, int] = FIVE_DAYS_41) -> tuple[Slot, ...]:
    """From 07.15, with breaks of 20 minutes after the fourth and of 30 minutes after the seventh hour."""
    return bell(pattern, 7 * 60 + 15, days, {4: 20, 7: 30})


def rombels(npsn: str, students: Mapping[int, Sequence[int]], curriculum: str, **fields: object) -> tuple[Rombel, ...]:
    """``{7: (26, 26, 25)}`` gives 7A 7B 7C with so many pupils."""
    return tuple(
        replace(Rombel(npsn, f"{grade}{'ABCDEFGHIJKL'[index]}", grade, curriculum, count), **fields)  # type: ignore[arg-type]
        for grade, counts in students.items()
        for index, count in enumerate(counts)
    )


def merdeka(extra: Mapping[int, str], curriculum: str = "merdeka_smp_2025", name: str | None = None) -> tuple[StructureRow, ...]:
    """The compulsory structure of Kurikulum Merdeka with one 2-JP subject more in each grade."""
    rows = load_curriculum(curriculum).rows
    return tuple(
        StructureRow(name or curriculum, r.grade, r.subject, r.intra_jp, r.koku_jp, r.blocks, True, r.intra_jp + r.koku_jp)
        for r in rows
        if not r.elective or r.subject == extra.get(r.grade)
    )


def own_structure(curriculum: str, hours: Mapping[str, int], grades: Iterable[int] = (7, 8, 9)) -> tuple[StructureRow, ...]:
    """A curriculum of the workbook's own: so many JP in every grade."""
    return tuple(StructureRow(curriculum, grade, subject, jp, 0, own_blocks(subject, jp)) for grade in grades for subject, jp in hours.items())


def own_blocks(subject: str, jp: int) -> tuple[int, ...]:
    if jp == 3 and subject == "pjok":
        return (3,)
    return (2,) * (jp // 2) + (1,) * (jp % 2)


def registry(structure: Iterable[StructureRow], more: Iterable[str] = ()) -> tuple[Subject, ...]:
    known = load_subjects()
    return tuple(known[subject] for subject in dict.fromkeys([*(row.subject for row in structure), *more, GUIDANCE]))


def clubs(npsn: str, *names: str, students: int = 24) -> tuple[Extracurricular, ...]:
    return tuple(Extracurricular(npsn, name, students) for name in names)


# --- taman-rajo ------------------------------------------------------------------------------------------------------------------------

SMPN_18, SMPN_55, SMPN_57, SMPN_43, SMPN_4 = "10502807", "10505317", "10505905", "10506053", "10502821"


def taman_rajo() -> Instance:
    """SMPN 18 Muaro Jambi at Kemingking Dalam: 8 rombel, fewer than 200 pupils, four partner schools."""
    structure = merdeka({7: "bahasa_daerah", 8: "koding_ka", 9: "koding_ka"})
    schools = (
        School(SMPN_18, "SMP Negeri 18 Muaro Jambi", "SMP", "Negeri", False, "Taman Rajo", "Muaro Jambi", "Kemingking Dalam",
               bell="pagi", latitude=-1.4757, longitude=103.7541),
        School(SMPN_55, "SMP Negeri 55 Muaro Jambi", "SMP", "Negeri", True, "Taman Rajo", "Muaro Jambi", "Sekumbung",
               laboratories=0, bell="pagi"),
        School(SMPN_57, "SMP Negeri 57 Muaro Jambi", "SMP", "Negeri", True, "Taman Rajo", "Muaro Jambi", "Rukam",
               laboratories=0, bell="pagi", latitude=-1.4789, longitude=103.8837),
        School(SMPN_43, "SMP Negeri 43 Muaro Jambi", "SMP", "Negeri", True, "Kumpeh Ulu", "Muaro Jambi", "Jl. Jambi Suak Kandis KM 33",
               bell="pagi", latitude=-1.5331, longitude=103.8277),
        School(SMPN_4, "SMP Negeri 4 Muaro Jambi", "SMP", "Negeri", True, "Kumpeh Ulu", "Muaro Jambi", "Jl. Suak Kandis KM 12",
               bell="pagi", latitude=-1.5640, longitude=103.7124),
    )  # fmt: skip
    classes = (
        rombels(SMPN_18, {7: (26, 25, 25), 8: (24, 24, 24), 9: (25, 24)}, "merdeka_smp_2025")
        + rombels(SMPN_55, {7: (21,), 8: (20,), 9: (22,)}, "merdeka_smp_2025")
        + rombels(SMPN_57, {7: (20,), 8: (21,), 9: (20,)}, "merdeka_smp_2025")
        + rombels(SMPN_43, {7: (28,), 8: (27,), 9: (29,)}, "merdeka_smp_2025")
        + rombels(SMPN_4, {7: (30,), 8: (29,), 9: (28,)}, "merdeka_smp_2025")
    )
    teachers = (*_kemingking_dalam(), *_sekumbung(), *_rukam(), *_kumpeh_ulu(), *_suak_kandis())
    return Instance(
        settings=settings(main_school=SMPN_18),
        schools=schools,
        rombels=classes,
        subjects=registry(structure, ("pabp_kristen",)),
        structure=structure,
        teachers=teachers,
        duties=(
            DutySetting(SMPN_18, "wakasek", holders=("G04",)),
            DutySetting(SMPN_18, "kepala_perpustakaan", candidates=("G05",)),
            DutySetting(SMPN_18, "organisasi_kabupaten", holders=("G11",)),
        ),
        extracurriculars=clubs(SMPN_18, "Pramuka", "Voli", "Rohis", "Tari Melayu") + clubs(SMPN_43, "Pramuka", "Futsal"),
        distances=(
            Distance(SMPN_18, SMPN_57, 14.4, 50, "darat dan penyeberangan"),
            Distance(SMPN_18, SMPN_43, 10.4, 35, "darat"),
            Distance(SMPN_18, SMPN_55, 16.0, 60, "penyeberangan"),
            Distance(SMPN_18, SMPN_4, 10.9, 40, "darat dan penyeberangan"),
        ),
        groups=tuple(
            group
            for grade in (7, 8, 9)
            for group in (
                Group(f"ISLAM-{grade}A", SMPN_18, (f"{grade}A",), "pabp_islam", 3, f"KRISTEN-{grade}A"),
                Group(f"KRISTEN-{grade}A", SMPN_18, (f"{grade}A",), "pabp_kristen", 3, f"ISLAM-{grade}A"),
            )
        ),
        slots=morning(),
        availability=(
            Availability("G15", "Senin", 1, AvailabilityKind.UNWANTED),
            Availability("G10", "Jumat", None, AvailabilityKind.IMPOSSIBLE),
        ),
    )


def _kemingking_dalam() -> tuple[Teacher, ...]:
    hire = Staff(SMPN_18)
    return (
        hire("matematika", position=Position.PRINCIPAL, age=55, max_jp=12),
        hire("pai", age=50),
        hire("ppkn", age=47),
        hire("bahasa_indonesia", age=52),
        hire("bahasa_indonesia", age=41),
        hire("matematika", age=45),
        hire("ipa", age=53),
        hire("fisika", age=44),
        hire("biologi", age=36),
        hire("ips", age=51),
        hire("ekonomi", age=43),
        hire("geografi", age=39, willing=False, note="tidak bersedia mengajar di sekolah lain"),
        hire("bahasa_inggris", age=46),
        hire("pjok", age=38),
        hire("tik", teaches=("koding_ka",), age=40),
        hire(None, teaches=("seni_budaya", "bahasa_daerah"), age=33),
        hire("kristen", age=42),
    )


def _sekumbung() -> tuple[Teacher, ...]:
    """Three rombel without a teacher of IPS: 12 JP lie open."""
    hire = Staff(SMPN_55, "S")
    return (
        hire("ppkn", position=Position.PRINCIPAL, age=54),
        hire("pai"),
        hire("bahasa_indonesia", teaches=("pendidikan_pancasila",)),
        hire("matematika", teaches=("informatika",)),
        hire(None, teaches=("ipa",)),
        hire(None, teaches=("bahasa_inggris", "pjok")),
        hire(None, teaches=("informatika", "bahasa_daerah", "koding_ka", "seni_budaya")),
    )


def _rukam() -> tuple[Teacher, ...]:
    """Three rombel without a teacher of IPA: 15 JP lie open."""
    hire = Staff(SMPN_57, "R")
    return (
        hire("pai", position=Position.PRINCIPAL, age=51),
        hire(None, teaches=("pabp_islam", "pendidikan_pancasila")),
        hire("bahasa_indonesia"),
        hire("matematika"),
        hire("ips"),
        hire(None, teaches=("bahasa_inggris", "seni_budaya")),
        hire(None, teaches=("pjok", "informatika", "bahasa_daerah", "koding_ka")),
    )


def _kumpeh_ulu() -> tuple[Teacher, ...]:
    """Three rombel with a teacher for every subject: a full partner, nothing lies open."""
    hire = Staff(SMPN_43, "K")
    return (
        hire("bahasa_indonesia", position=Position.PRINCIPAL, age=56),
        hire("pai"),
        hire("ppkn"),
        hire("bahasa_indonesia"),
        hire("matematika"),
        hire("ipa"),
        hire("ips"),
        hire("bahasa_inggris"),
        hire("pjok"),
        hire("seni_budaya"),
        hire("tik"),
        hire(None, teaches=("bahasa_daerah", "koding_ka")),
    )


def _suak_kandis() -> tuple[Teacher, ...]:
    """Three rombel with a young staff; PJOK is taught by one of the honorary teachers."""
    hire = Staff(SMPN_4, "E")
    return (
        hire("ips", position=Position.PRINCIPAL, age=50),
        hire("pai"),
        hire(None, teaches=("pendidikan_pancasila", "seni_budaya")),
        hire("bahasa_indonesia"),
        hire("matematika"),
        hire("biologi"),
        hire(None, teaches=("ips", "bahasa_daerah")),
        hire("bahasa_inggris"),
        hire(None, teaches=("pjok",)),
        hire("informatika", teaches=("koding_ka",)),
    )


# --- smp-3, smp-6 ------------------------------------------------------------------------------------------------------------------------


def smp_3() -> Instance:
    """A rural school of 3 rombel and 9 teachers, with open hours at two neighbours of which no more is known."""
    home, first, second = "20000003", "20000031", "20000032"
    structure = merdeka({7: "bahasa_daerah", 8: "bahasa_daerah", 9: "bahasa_daerah"})
    hire = Staff(home)
    teachers = (
        hire("ips", position=Position.PRINCIPAL, age=55),
        hire("pai", teaches=("bahasa_daerah",)),
        hire("bahasa_indonesia", teaches=("pendidikan_pancasila",)),
        hire("matematika", teaches=("informatika",)),
        hire("ipa"),
        hire("ips", teaches=("pendidikan_pancasila",)),
        hire("bahasa_inggris"),
        hire(None, teaches=("pjok", "seni_budaya")),
        hire(None, teaches=("informatika", "seni_budaya", "bahasa_daerah")),
    )
    return Instance(
        settings=settings(main_school=home),
        schools=(
            School(home, "SMP Rekaan 3", "SMP", "Negeri", False, "Kecamatan Rekaan", "Kabupaten Rekaan", laboratories=1, bell="pagi"),
            School(first, "SMP Mitra Utara", "SMP", "Negeri", True, "Kecamatan Rekaan", "Kabupaten Rekaan", bell="pagi"),
            School(second, "SMP Mitra Selatan", "SMP", "Swasta", True, "Kecamatan Rekaan", "Kabupaten Rekaan", bell="pagi"),
        ),
        rombels=rombels(home, {7: (22,), 8: (21,), 9: (23,)}, "merdeka_smp_2025"),
        subjects=registry(structure),
        structure=structure,
        teachers=teachers,
        open_hours=tuple(
            OpenHours(npsn, subject, jp, "", row)
            for row, (npsn, subject, jp) in enumerate(
                [
                    (first, "matematika", 5),
                    (first, "matematika", 5),
                    (first, "ipa", 5),
                    (first, "ipa", 5),
                    (second, "ips", 4),
                    (second, "bahasa_inggris", 4),
                    (second, "bahasa_inggris", 4),
                    (second, "bahasa_inggris", 4),
                ],
                start=1,
            )
        ),
        distances=(Distance(home, first, 6.0, 20, "darat"), Distance(home, second, 9.5, 30, "darat")),
        extracurriculars=clubs(home, "Pramuka", "Voli"),
        slots=morning(),
    )


def smp_6() -> Instance:
    """6 rombel, 12 teachers, a guru BK, a teacher on leave and one who retires before the semester, last semester's division as wish."""
    home = "20000006"
    structure = merdeka({7: "bahasa_daerah", 8: "bahasa_daerah", 9: "bahasa_daerah"})
    hire = Staff(home)
    teachers = (
        hire("bahasa_indonesia", position=Position.PRINCIPAL, age=57),
        hire("pai"),
        hire("ppkn"),
        hire("bahasa_indonesia"),
        hire("bahasa_indonesia", presence=Presence.RETIRED, presence_since=date(2026, 7, 1), age=60),
        hire("matematika"),
        hire("matematika", presence=Presence.LEAVE, presence_until=date(2026, 12, 31)),
        hire("ipa"),
        hire("ips"),
        hire("bahasa_inggris"),
        hire("pjok"),
        hire("seni_budaya", teaches=("bahasa_daerah",)),
        hire(None, teaches=("informatika", "bahasa_daerah", "bahasa_indonesia")),
        hire("bk", position=Position.COUNSELLOR),
    )
    former = tuple(
        AssignmentRow(home, name, subject, teacher, AssignmentKind.FORMER)
        for subject, teacher in (("ipa", "G08"), ("ips", "G09"), ("bahasa_inggris", "G10"))
        for name in ("7A", "7B", "8A", "8B")
    )
    return Instance(
        settings=settings(main_school=home),
        schools=(School(home, "SMP Rekaan 6", "SMP", "Negeri", False, "Kecamatan Rekaan", "Kabupaten Rekaan", bell="pagi"),),
        rombels=rombels(home, {7: (24, 24), 8: (23, 23), 9: (25, 24)}, "merdeka_smp_2025"),
        subjects=registry(structure),
        structure=structure,
        teachers=teachers,
        assignments=(*former, AssignmentRow(home, "9A", "matematika", "G06", AssignmentKind.LOCK)),
        extracurriculars=clubs(home, "Pramuka", "Basket", "Paduan Suara"),
        slots=morning(),
        availability=(Availability("G02", "Jumat", 6, AvailabilityKind.IMPOSSIBLE), Availability("G11", "Kamis", None, AvailabilityKind.UNWANTED)),
    )


# --- smp-27 ------------------------------------------------------------------------------------------------------------------------------


def smp_27() -> Instance:
    """A town school: 27 rombel in two shifts of 30-minute hours, labs, two religions taught in parallel, about 55 teachers."""
    home = "20000027"
    structure = merdeka({7: "bahasa_daerah", 8: "koding_ka", 9: "koding_ka"})
    students = {7: (32,) * 9, 8: (31,) * 9, 9: (32,) * 9}
    classes = tuple(replace(rombel, bell="siang" if rombel.grade == 7 else "pagi") for rombel in rombels(home, students, "merdeka_smp_2025"))
    hire = Staff(home)
    plan: tuple[tuple[str, int], ...] = (
        ("pai", 4), ("kristen", 1), ("ppkn", 4), ("bahasa_indonesia", 7), ("matematika", 6), ("ipa", 6), ("ips", 5),
        ("bahasa_inggris", 5), ("pjok", 4), ("tik", 5), ("seni_budaya", 3),
    )  # fmt: skip
    head = hire("ipa", position=Position.PRINCIPAL, age=57)
    certified = tuple(hire(field, teaches=("koding_ka",) if field == "tik" else ()) for field, count in plan for _ in range(count))
    others = (
        hire(None, teaches=("seni_budaya",)),
        hire(None, teaches=("bahasa_daerah",)),
        hire("bk", position=Position.COUNSELLOR),
        hire("bk", position=Position.COUNSELLOR),
        hire("bk", position=Position.COUNSELLOR),
    )
    groups = tuple(
        group
        for grade, first, second in ((8, "8A", "8B"), (9, "9A", "9B"))
        for group in (
            Group(f"ISLAM-{grade}", home, (first, second), "pabp_islam", 3, f"KRISTEN-{grade}"),
            Group(f"KRISTEN-{grade}", home, (first, second), "pabp_kristen", 3, f"ISLAM-{grade}"),
        )
    )
    labs = tuple(Room(home, f"Lab Komputer {index}", "Laboratorium Komputer", 36, ("informatika", "koding_ka")) for index in (1, 2, 3, 4))
    return Instance(
        settings=settings(main_school=home),
        schools=(School(home, "SMP Rekaan 27", "SMP", "Negeri", False, "Kota Rekaan", "Kota Rekaan", laboratories=2, bell="pagi"),),
        rombels=classes,
        subjects=registry(structure, ("pabp_kristen",)),
        structure=structure,
        teachers=(head, *certified, *others),
        groups=groups,
        rooms=labs,
        extracurriculars=clubs(home, "Pramuka", "PMR", "Basket", "Voli", "Tari", "Paduan Suara", "Robotik", students=30),
        slots=bell("pagi", 6 * 60 + 45, FIVE_DAYS_41, {4: 15, 7: 10}, minutes=30)
        + bell("siang", 12 * 60, FIVE_DAYS_41, {4: 15, 7: 10}, ceremony_day="", minutes=30),
    )


# --- mts-9 -------------------------------------------------------------------------------------------------------------------------------


MTS_HOURS = {
    "quran_hadis": 2,
    "akidah_akhlak": 2,
    "fikih": 2,
    "ski": 2,
    "bahasa_arab": 3,
    "pendidikan_pancasila": 3,
    "bahasa_indonesia": 6,
    "matematika": 5,
    "ipa": 5,
    "ips": 4,
    "bahasa_inggris": 4,
    "pjok": 3,
    "informatika": 2,
    "seni_budaya": 2,
}
"""45 JP a week: an invented structure of a madrasah tsanawiyah, not a regulation's."""


def mts_9() -> Instance:
    """A madrasah tsanawiyah of 9 rombel under KMA 890/2019, six days a week."""
    home = "60000009"
    structure = own_structure("mts_rekaan", MTS_HOURS)
    hire = Staff(home)
    teachers = (
        hire("fikih", position=Position.PRINCIPAL, age=54),
        hire("quran_hadis"),
        hire("akidah_akhlak"),
        hire("fikih"),
        hire("ski"),
        hire("bahasa_arab"),
        hire("ppkn"),
        hire("bahasa_indonesia"),
        hire("bahasa_indonesia"),
        hire("matematika"),
        hire("matematika"),
        hire("ipa"),
        hire("ipa"),
        hire("ips"),
        hire("ips"),
        hire("bahasa_inggris"),
        hire(None, teaches=("bahasa_inggris", "seni_budaya")),
        hire("pjok"),
        hire("tik"),
        hire("seni_budaya"),
    )
    return Instance(
        settings=settings(main_school=home, policy="kma890_2019", unverified_linearity=True),
        schools=(School(home, "MTs Rekaan 9", "MTs", "Swasta", False, "Kecamatan Rekaan", "Kabupaten Rekaan", bell="mts"),),
        rombels=rombels(home, {7: (28, 28, 27), 8: (27, 27, 26), 9: (28, 27, 27)}, "mts_rekaan"),
        subjects=registry(structure),
        structure=structure,
        teachers=teachers,
        extracurriculars=clubs(home, "Pramuka", "Hadrah", "Tahfiz"),
        slots=bell("mts", 7 * 60, SIX_DAYS_45, {4: 20}),
    )


# --- tiny ones for tests -----------------------------------------------------------------------------------------------------------------


def tiny_one() -> Instance:
    """One rombel, two subjects, two teachers, a week of 8 periods: small enough to plan by hand."""
    structure = own_structure("mini", {"matematika": 5, "ipa": 3}, grades=(7,))
    hire = Staff("1")
    return Instance(
        settings=settings(main_school="1", overrides={"min_jtm": "5"}),
        schools=(School("1", "SMP Mini", bell="pagi"),),
        rombels=rombels("1", {7: (25,)}, "mini"),
        subjects=registry(structure),
        structure=structure,
        teachers=(hire("matematika"), hire("ipa")),
        slots=bell("pagi", 435, {"Senin": 3, "Selasa": 3, "Rabu": 2}, {}, ceremony_day=""),
    )


def tiny_ips() -> Instance:
    """The first row of the hand-derived table: IPS, 8 rombel of 4 JP, two teachers; 16 + 16 makes both valid, 24 + 8 only one."""
    structure = own_structure("mini", {"ips": 4})
    hire = Staff("1")
    return Instance(
        settings=settings(main_school="1"),
        schools=(School("1", "SMP Mini IPS", bell="pagi"),),
        rombels=rombels("1", {7: (25, 25, 25), 8: (25, 25, 25), 9: (25, 25)}, "mini"),
        subjects=registry(structure),
        structure=structure,
        teachers=(hire("ips"), hire("ips")),
        duties=tuple(DutySetting("1", duty, 0, 0) for duty in ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")),
        slots=bell("pagi", 435, dict.fromkeys(DAYS[:5], 4), {}, ceremony_day=""),
    )


# --- five that say no --------------------------------------------------------------------------------------------------------------------


def tiga_guru_ipa() -> Instance:
    """Three teachers of IPA on 40 JP without a main duty: 20 + 20 makes two valid, the third has nothing."""
    home = "20000101"
    structure = own_structure("rekaan", {"ipa": 5})
    hire = Staff(home)
    return Instance(
        settings=settings(main_school=home),
        schools=(School(home, "SMP Tiga Guru IPA", bell="pagi"),),
        rombels=rombels(home, {7: (25, 25, 25), 8: (25, 25, 25), 9: (25, 25)}, "rekaan"),
        subjects=registry(structure),
        structure=structure,
        teachers=(hire("ipa"), hire("ipa"), hire("ipa")),
        duties=(
            *(DutySetting(home, duty, 0, 0) for duty in ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")),
            DutySetting(home, "wali_kelas", minimum=0),
        ),
        slots=bell("pagi", 435, dict.fromkeys(DAYS[:5], 5), {}, ceremony_day=""),
    )


SIX_DAYS_47 = {"Senin": 8, "Selasa": 8, "Rabu": 8, "Kamis": 8, "Jumat": 7, "Sabtu": 8}

HOURS_48 = {
    "pabp_islam": 3,
    "pendidikan_pancasila": 3,
    "bahasa_indonesia": 6,
    "matematika": 5,
    "ipa": 5,
    "ips": 4,
    "bahasa_inggris": 4,
    "pjok": 3,
    "informatika": 3,
    "seni_budaya": 3,
    "bahasa_daerah": 2,
    "muatan_lokal": 2,
    "koding_ka": 2,
    "bahasa_arab": 3,
}
"""41 JP of the national structure with one local subject, and 7 JP that the school has put on top."""


def jam_kelas_berlebih() -> Instance:
    """One class of 48 JP in a week of 47 hours, at a private school in its first year."""
    home = "20000102"
    structure = own_structure("rekaan", HOURS_48, grades=(7,))
    hire = Staff(home)
    return Instance(
        settings=settings(main_school=home),
        schools=(School(home, "SMP Jam Berlebih", ownership="Swasta", bell="pagi"),),
        rombels=rombels(home, {7: (25,)}, "rekaan"),
        subjects=registry(structure),
        structure=structure,
        teachers=(
            hire(None, teaches=("pabp_islam", "bahasa_arab")),
            hire(None, teaches=("pendidikan_pancasila", "ips", "muatan_lokal")),
            hire(None, teaches=("bahasa_indonesia", "bahasa_daerah")),
            hire(None, teaches=("matematika", "ipa")),
            hire(None, teaches=("bahasa_inggris", "seni_budaya")),
            hire(None, teaches=("pjok", "informatika", "koding_ka")),
        ),
        slots=bell("pagi", 420, SIX_DAYS_47, {4: 20}),
    )


def guru_terkunci() -> Instance:
    """A teacher locked to 24 hours who is there in 20 slots: MGMP on Monday, away on Tuesday and for half of Wednesday."""
    home = "20000103"
    structure = own_structure("rekaan", {"ips": 4})
    classes = rombels(home, {7: (25, 25), 8: (25, 25), 9: (25, 25)}, "rekaan")
    hire = Staff(home)
    pinned = hire("ips", mgmp_day="Senin")
    return Instance(
        settings=settings(main_school=home),
        schools=(School(home, "SMP Guru Terkunci", bell="pagi"),),
        rombels=classes,
        subjects=registry(structure),
        structure=structure,
        teachers=(pinned, hire(None, teaches=("ips",))),
        duties=(DutySetting(home, "wali_kelas", minimum=0),),
        assignments=tuple(AssignmentRow(home, rombel.name, "ips", pinned.code, AssignmentKind.LOCK) for rombel in classes),
        slots=bell("pagi", 435, dict.fromkeys(DAYS[:5], 8), {4: 20}, ceremony_day=""),
        availability=(
            Availability(pinned.code, "Selasa", None, AvailabilityKind.IMPOSSIBLE),
            *(Availability(pinned.code, "Rabu", period, AvailabilityKind.IMPOSSIBLE) for period in (1, 2, 3, 4)),
        ),
    )


SIXTEEN_TEACHERS: tuple[tuple[str, str | None, int, int], ...] = (
    ("pabp_islam", "pai", 3, 1), ("pendidikan_pancasila", "ppkn", 3, 1), ("bahasa_indonesia", "bahasa_indonesia", 6, 2),
    ("matematika", "matematika", 5, 2), ("ipa", "ipa", 5, 2), ("ips", "ips", 4, 2), ("bahasa_inggris", "bahasa_inggris", 4, 2),
    ("pjok", "pjok", 3, 1), ("informatika", "tik", 3, 1), ("seni_budaya", "seni_budaya", 2, 1), ("bahasa_daerah", None, 2, 1),
)  # fmt: skip
"""(subject, certificate, JP a class, teachers): 40 JP a class, 16 teachers; two of a subject have four of the eight classes each."""

ABSENT_ON_FRIDAY = ("pabp_islam", "bahasa_indonesia", "ips", "bahasa_inggris", "seni_budaya", "bahasa_daerah")
"""1 + 2 + 2 + 2 + 1 + 1 = 9 of the 16 teachers."""


def jumat_sembilan_absen() -> Instance:
    """Eight classes whose 40 hours fill the week, everything locked to 16 teachers, nine of whom cannot come on Friday."""
    home = "20000104"
    structure = own_structure("rekaan", {subject: jp for subject, _, jp, _ in SIXTEEN_TEACHERS})
    classes = rombels(home, {7: (25, 25, 25), 8: (25, 25, 25), 9: (25, 25)}, "rekaan")
    hire = Staff(home)
    staff = {
        subject: tuple(hire(certificate, teaches=() if certificate else (subject,)) for _ in range(count))
        for subject, certificate, _, count in SIXTEEN_TEACHERS
    }
    return Instance(
        settings=settings(main_school=home),
        schools=(School(home, "SMP Jumat Sepi", bell="pagi"),),
        rombels=classes,
        subjects=registry(structure),
        structure=structure,
        teachers=tuple(teacher for of_subject in staff.values() for teacher in of_subject),
        assignments=tuple(
            AssignmentRow(home, rombel.name, subject, of_subject[index * len(of_subject) // len(classes)].code, AssignmentKind.LOCK)
            for subject, of_subject in staff.items()
            for index, rombel in enumerate(classes)
        ),
        slots=bell("pagi", 435, dict.fromkeys(DAYS[:5], 8), {4: 20}, ceremony_day=""),
        availability=tuple(
            Availability(teacher.code, "Jumat", None, AvailabilityKind.IMPOSSIBLE) for subject in ABSENT_ON_FRIDAY for teacher in staff[subject]
        ),
    )


def jam_induk_pp74() -> Instance:
    """PP 74/2008: 3 hours of PJOK at home and 21 at a partner are 24, but 6 must be taught at home."""
    home, partner = "20000105", "20000151"
    structure = own_structure("rekaan", {"pjok": 3}, grades=(7,))
    return Instance(
        settings=settings(school_year="2016/2017", start_date=date(2016, 7, 18), policy="pp74_2008", main_school=home),
        schools=(
            School(home, "SMP Jam Induk", bell="pagi"),
            School(partner, "SMP Mitra Jam Induk", partner=True, bell="pagi"),
        ),
        rombels=rombels(home, {7: (25,)}, "rekaan"),
        subjects=registry(structure),
        structure=structure,
        teachers=(Staff(home)("pjok"),),
        open_hours=tuple(OpenHours(partner, "pjok", 3, "", row) for row in range(1, 8)),
        distances=(Distance(home, partner, 5.0, 20, "darat"),),
        slots=bell("pagi", 435, dict.fromkeys(DAYS[:5], 6), {}, ceremony_day=""),
    )


INSTANCES: Mapping[str, Callable[[], Instance]] = {
    "taman-rajo": taman_rajo,
    "smp-3": smp_3,
    "smp-6": smp_6,
    "smp-27": smp_27,
    "mts-9": mts_9,
    "tiny-one": tiny_one,
    "tiny-ips": tiny_ips,
    "tiga-guru-ipa": tiga_guru_ipa,
    "jam-kelas-berlebih": jam_kelas_berlebih,
    "guru-terkunci": guru_terkunci,
    "jumat-sembilan-absen": jumat_sembilan_absen,
    "jam-induk-pp74": jam_induk_pp74,
}

IMPOSSIBLE = ("jam-kelas-berlebih", "guru-terkunci", "jumat-sembilan-absen")
"""Instances without any plan, on purpose: ``check`` says why, and no solution is shipped."""


# --- populations -----------------------------------------------------------------------------------------------------------------------


def kabupaten_88() -> Instance:
    """88 rows of Kabupaten Banjar, teachers shared within the kecamatan."""
    return district(KABUPATEN, Method())


def muaro_jambi() -> Instance:
    """75 schools of Muaro Jambi by their coordinates, teachers shared within 15 km."""
    return district(FOLDER / "muaro-jambi" / "sekolah.csv", Method(radius_km=15))


def sampel_provinsi() -> Instance:
    """60 schools drawn by the totals of 22 provinces; nobody is shared."""
    return district(PROVINCES, Method(scale_to=60))


KABUPATEN = FOLDER / "kabupaten-88" / "sekolah.csv"
PROVINCES = FOLDER.parent / "scheduler" / "population" / "provinces.csv"

POPULATIONS: Mapping[str, Callable[[], Instance]] = {
    "kabupaten-88": kabupaten_88,
    "muaro-jambi": muaro_jambi,
    "sampel-provinsi": sampel_provinsi,
}
"""Many schools with the staff of ``scheduler population``; too large for tests that solve, and shipped without solutions."""


def main(names: Sequence[str]) -> None:
    builders = {**INSTANCES, **POPULATIONS}
    for name in names or builders:
        folder = FOLDER / name
        folder.mkdir(exist_ok=True)
        write_workbook(builders[name](), folder / "sekolah.xlsx")
        if name == DEMO:
            shutil.copyfile(folder / "sekolah.xlsx", DEMO_COPY)


if __name__ == "__main__":
    main(sys.argv[1:])
