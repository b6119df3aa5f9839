"""Tugas tambahan, wali kelas and pembina ekskul as Dapodik registers them: who holds what now."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from scheduler.domain.entities import DutySetting, Extracurricular
from scheduler.formats.columns import key
from scheduler.formats.dapodik.classes import Classes
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.people import HEADS, Member, Reference, Staff, duties_in
from scheduler.formats.dapodik.reading import NOWHERE, Place
from scheduler.formats.dapodik.source import ClassRow, LessonRow
from scheduler.formats.dapodik.vocabulary import is_one_of
from scheduler.policy.load import find_duty
from scheduler.policy.schema import DutyHolding, DutyKind, DutyUnitKind, Policy

HOMEROOM: Final = "wali_kelas"
LEADER: Final = re.compile(r"^\s*pembina\s+", re.IGNORECASE)


class Duties:
    """The rows of Tugas Tambahan and Ekskul, as far as the ruleset lets somebody hold them together."""

    def __init__(self, npsn: str, policy: Policy, staff: Staff, doubts: Doubts) -> None:
        self.npsn = npsn
        self.policy = policy
        self.staff = staff
        self.doubts = doubts
        self.rows: list[DutySetting] = []
        self.clubs: dict[str, Extracurricular] = {}
        self.held: Counter[tuple[str, str]] = Counter()
        self.main_duty: dict[str, str] = {}

    def take(self, classes: Classes) -> None:
        for member in list(self.staff.members):
            for row in member.rows:
                for text in duties_in(row.duties):
                    self.take_duty(member, text, row.place)
        for rombel in classes.rombels:
            self.take_homeroom(classes.homerooms[rombel.name])
        for name, lesson in classes.clubs.items():
            self.take_club(name, lesson)
        fixed = sum(len(row.holders) for row in self.rows) + sum(bool(club.leader) for club in self.clubs.values())
        if fixed:
            self.doubts.check("duties_fixed", NOWHERE, ("duties", 0, "holders"), count=fixed)

    def take_homeroom(self, row: ClassRow) -> None:
        if not (row.homeroom or row.homeroom_id):
            self.doubts.note("class_without_homeroom", row.place, None, rombel=row.name)
            return
        member = self.staff.resolve(Reference(row.homeroom, row.place, f"wali {row.name}", own_id=row.homeroom_id))
        if member is not None:
            self.hold(member, HOMEROOM, row.place, row.name)

    def take_duty(self, member: Member, text: str, place: Place) -> None:
        if any(is_one_of(text, "kinds", entry) for entry in HEADS):
            return
        duty, rest = self.duty_in(text)
        if duty is None:
            self.doubts.note("duty_without_hours", place, None, value=text, name=member.name)
            return
        rule = self.policy.duty(duty)
        if duty == HOMEROOM:
            return  # the list of rombel says of which class
        if rest and rule is not None:
            self.doubts.check("duty_read_as", place, None, value=text, duty=rule.name, name=member.name)
        if not member.code:
            if rule is not None and rule.holding is DutyHolding.ASSIGNED and rule.kind is DutyKind.TTU:
                self.reserve(duty, rule.name, place)
            return
        if rule is not None and rule.unit is DutyUnitKind.EKSKUL:
            self.lead(rest or LEADER.sub("", text).strip(), None, member, place)
            return
        self.hold(member, duty, place)

    def duty_in(self, text: str) -> tuple[str | None, str]:
        """The duty that a text names, and the words behind it that the ruleset does not know (``Kepala Laboratorium Fisika``).

        Whoever is Pembina of something without a rule of its own leads a club.
        """
        parts = text.split()
        for count in range(len(parts), 1, -1):
            duty = find_duty(self.policy, " ".join(parts[:count]))
            if duty is not None:
                return duty, " ".join(parts[count:])
        duty = find_duty(self.policy, text)
        club = next((rule.id for rule in self.policy.duties if rule.unit is DutyUnitKind.EKSKUL), None)
        return (club, LEADER.sub("", text).strip()) if duty is None and LEADER.match(text) else (duty, "")

    def reserve(self, duty: str, name: str, place: Place) -> None:
        """A post that a tenaga kependidikan holds is not free for a teacher."""
        if not any(row.duty == duty and row.maximum == 0 for row in self.rows):
            if any(row.duty == duty for row in self.rows):
                return
            self.rows.append(DutySetting(self.npsn, duty, maximum=0))
            self.doubts.check("duty_held_by_staff", place, ("duties", len(self.rows) - 1, "maximum"), value=name)

    def hold(self, member: Member, duty: str, place: Place, unit: str = "") -> None:
        """Pin the duty to its holder, unless the two cannot go together."""
        rule = self.policy.duty(duty)
        if rule is None or any(row.duty == duty and row.unit == unit and member.code in row.holders for row in self.rows):
            return
        if not self.may_add(member, duty, place, rule.name if not unit else f"{rule.name} {unit}"):
            return
        self.rows = [row for row in self.rows if not (row.duty == duty and row.maximum == 0)]
        self.rows.append(DutySetting(self.npsn, duty, holders=(member.code,), unit=unit))

    def may_add(self, member: Member, duty: str, place: Place, named: str) -> bool:
        rule = self.policy.duty(duty)
        assert rule is not None
        if not member.code:
            self.doubts.check("holder_is_staff", place, None, value=member.name, duty=named)
            return False
        if not member.is_home:
            self.doubts.check("holder_from_elsewhere", place, None, value=member.name, duty=named)
            return False
        if rule.kind is DutyKind.TTU and self.main_duty.setdefault(member.code, duty) != duty:
            first = self.policy.duty(self.main_duty[member.code])
            self.doubts.check("two_main_duties", place, None, value=member.name, duty=named, other=first.name if first else "")
            return False
        if rule.max_per_teacher is not None and self.held[member.code, duty] >= rule.max_per_teacher:
            self.doubts.check("duty_too_often", place, None, value=member.name, duty=named, limit=rule.max_per_teacher)
            return False
        self.held[member.code, duty] += 1
        return True

    # --- clubs -------------------------------------------------------------------------------------------------------------------------------------

    def take_club(self, name: str, lesson: LessonRow) -> None:
        reference = Reference(lesson.teacher, lesson.place, name, lesson.nuptk, lesson.nip, lesson.teacher_id)
        named = bool(lesson.teacher or lesson.nuptk or lesson.teacher_id)
        self.lead(name, lesson.students, self.staff.resolve(reference) if named else None, lesson.place)

    def lead(self, name: str, students: int | None, member: Member | None, place: Place) -> None:
        """A club with its leader; the same club named twice is one."""
        if not name or key(name) in ("ekstrakurikuler", "ekskul"):
            if member is not None:
                self.doubts.check("club_unnamed", place, None, value=member.name)
            return
        known = self.clubs.get(key(name), Extracurricular(self.npsn, name))
        leader = known.leader
        club_duty = next((rule.id for rule in self.policy.duties if rule.unit is DutyUnitKind.EKSKUL), None)
        if not leader and member is not None and club_duty and self.may_add(member, club_duty, place, name):
            leader = member.code
        self.clubs[key(name)] = Extracurricular(self.npsn, known.name, known.students if students is None else students, leader)
