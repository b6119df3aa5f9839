"""A school with a larger or smaller share of certified teachers.

The method: in every school its teachers (principals excepted) stand in one row, those with a certificate first, each part in an order drawn from the
seed, the school and the teacher's code; the first of them, as many as the share says (rounded half up), have a certificate. So a larger share never
takes one away, and neither the order of the sheet nor the other schools matter. Who gets one gets that of the first subject of Mapel Diampu that
some certificate is linear to (who has no such subject gets none); who loses one may go on teaching what it was linear to.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from scheduler.domain.entities import Position, Teacher
from scheduler.domain.instance import Instance
from scheduler.policy.schema import Linearity

COUNTED_POSITIONS = (Position.SUBJECT_TEACHER, Position.COUNSELLOR, Position.ACTING_PRINCIPAL)


def with_share(instance: Instance, share: float, linearity: Linearity, seed: int) -> Instance:
    """The instance with so large a share of certified teachers in each of its schools."""
    certified = {code for school in instance.schools for code in chosen(instance, school.npsn, share, linearity, seed)}
    homes = {school.npsn for school in instance.schools}
    return replace(
        instance,
        teachers=tuple(
            changed(instance, teacher, teacher.code in certified, linearity) if teacher.home in homes and is_asked(teacher) else teacher
            for teacher in instance.teachers
        ),
    )


def is_asked(teacher: Teacher) -> bool:
    return teacher.position in COUNTED_POSITIONS


def chosen(instance: Instance, npsn: str, share: float, linearity: Linearity, seed: int) -> list[str]:
    """Codes of who has a certificate."""
    staff = [teacher for teacher in instance.teachers if teacher.home == npsn and is_asked(teacher)]
    wanted = int(share * len(staff) + 0.5)
    able = [teacher for teacher in staff if teacher.certificate is not None or new_certificate(teacher, linearity) is not None]
    row = sorted(able, key=lambda teacher: (teacher.certificate is None, drawn(seed, npsn, teacher.code)))
    return [teacher.code for teacher in row[:wanted]]


def drawn(seed: int, npsn: str, code: str) -> bytes:
    return hashlib.sha256(f"{seed}|{npsn}|{code}".encode()).digest()


def new_certificate(teacher: Teacher, linearity: Linearity) -> str | None:
    """The certificate that bears the subject's own name where there is one, else the first of the table."""
    for subject in teacher.may_teach:
        found = [row.certificate for row in linearity.rows if row.subject == subject]
        if found:
            return subject if subject in found else found[0]
    return None


def changed(instance: Instance, teacher: Teacher, certified: bool, linearity: Linearity) -> Teacher:
    if certified == (teacher.certificate is not None):
        return teacher
    if certified:
        return replace(teacher, certificate=new_certificate(teacher, linearity))
    taught = {row.subject for row in instance.structure}
    linear = [row.subject for row in linearity.rows if row.certificate == teacher.certificate and row.subject in taught]
    return replace(teacher, certificate=None, may_teach=tuple(dict.fromkeys((*teacher.may_teach, *linear))))
