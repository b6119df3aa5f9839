"""The invented staff of a school: who the teachers are whom a public table only counts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from scheduler.domain.entities import Position, Rombel, StructureRow, Teacher
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import load_linearity, load_policy, load_subjects
from scheduler.population.filling import Filled
from scheduler.population.method import Method

LARGEST_PART_OF_COUNSELLORS = 6
"""At most one teacher of six is guru BK: a school with two teachers for six rombel has none, whatever its size."""

PRIVATE = "swasta"


def staff_of(school: Filled, rombels: Sequence[Rombel], structure: Sequence[StructureRow], method: Method) -> tuple[Teacher, ...]:
    """As many teachers as the school has: a principal, guru BK, and the others given to the subjects in proportion to their hours.

    Each subject's share of the teachers is blurred by up to ``subject_blur`` either way; the largest missing share is filled first.
    """
    rng = random.Random(f"{method.seed}/{school.facts.npsn}/staff")
    hours = hours_of(rombels, structure)
    fields = certificates(method.stated.policy, tuple(hours))
    people = People(school, method, rng, fields)
    blur = method.number("subject_blur")
    staff = [people.principal(rng.choices(list(hours), list(hours.values()))[0])]
    others = school.teachers - 1
    counsellors = min(school.rombel // method.whole("rombel_per_counsellor"), others // LARGEST_PART_OF_COUNSELLORS)
    staff += [people.counsellor(number) for number in range(1, counsellors + 1)]
    others -= counsellors
    missing = {subject: jp * others / sum(hours.values()) + rng.uniform(-blur, blur) for subject, jp in hours.items()}
    for number in range(1, others + 1):
        subject = max(missing, key=lambda name: missing[name])
        missing[subject] -= 1
        staff.append(people.subject_teacher(number, subject, tuple(hours)))
    return tuple(staff)


def hours_of(rombels: Sequence[Rombel], structure: Sequence[StructureRow]) -> dict[str, int]:
    """JP a week of each subject at the school, in the order of the structure."""
    grades = Counter(rombel.grade for rombel in rombels)
    hours: dict[str, int] = {}
    for line in structure:
        if grades[line.grade]:
            hours[line.subject] = hours.get(line.subject, 0) + line.jp * grades[line.grade]
    return hours


class People:
    """Makes teachers of one school, each from the same stream of chance."""

    def __init__(self, school: Filled, method: Method, rng: random.Random, fields: Mapping[str, str | None]) -> None:
        self.npsn, self.private = school.facts.npsn, school.facts.status.casefold() == PRIVATE
        self.method, self.rng, self.fields = method, rng, fields

    def principal(self, subject: str) -> Teacher:
        """A principal must be certified (Permendikbudristek 40/2021 ps. 2)."""
        words = self.method.stated.words
        certificate = self.fields[subject]
        return Teacher(
            f"{self.npsn}-KS", words.principal, self.npsn, Position.PRINCIPAL, employment=self.employment(certificate), certificate=certificate
        )

    def counsellor(self, number: int) -> Teacher:
        certified = self.rng.random() < self.method.number("certified_share")
        certificate = "bk" if certified else None
        return Teacher(
            f"{self.npsn}-BK{number}",
            self.method.stated.words.counsellor.format(number=number),
            self.npsn,
            Position.COUNSELLOR,
            employment=self.employment(certificate),
            certificate=certificate,
            may_teach=() if certified else (GUIDANCE,),
            willing=self.willing(),
        )

    def subject_teacher(self, number: int, subject: str, subjects: Sequence[str]) -> Teacher:
        certified = self.rng.random() < self.method.number("certified_share")
        second = self.rng.random() < self.method.number("second_subject_share")
        others = [other for other in subjects if other != subject]
        also = (self.rng.choice(others),) if second and others else ()
        certificate = self.fields[subject] if certified else None
        return Teacher(
            f"{self.npsn}-{number:02d}",
            self.method.stated.words.teacher.format(number=f"{number:02d}"),
            self.npsn,
            employment=self.employment(certificate),
            certificate=certificate,
            may_teach=also if certificate else (subject, *also),
            willing=self.willing(),
        )

    def willing(self) -> bool:
        return self.rng.random() < self.method.number("willing_share")

    def employment(self, certificate: str | None) -> str:
        words = self.method.stated.words
        if self.private:
            return words.private
        return words.public_certified if certificate else words.public_uncertified


@cache
def certificates(policy: str, subjects: tuple[str, ...]) -> Mapping[str, str | None]:
    """For every subject the certificate linear to it: that of its name or short code, else the first of the table; None where there is none."""
    pairs = sorted(load_linearity(load_policy(policy).linearity).pairs())
    short = {subject: load_subjects()[subject].short.casefold() for subject in subjects}
    found: dict[str, str | None] = {}
    for subject in subjects:
        linear = [certificate for certificate, taught in pairs if taught == subject]
        named = [certificate for certificate in linear if certificate == short[subject] or certificate in subject]
        found[subject] = (named or linear or [None])[0]  # type: ignore[list-item]
    return found
