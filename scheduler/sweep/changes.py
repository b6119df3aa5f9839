"""A scenario put to a school: settings, curriculum, rombels, certificates, and the ruleset's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from scheduler.domain.entities import DutySetting, StructureRow
from scheduler.domain.instance import Instance
from scheduler.errors import PolicyError
from scheduler.policy.case import Case
from scheduler.policy.load import curriculum_ids, load_curriculum, load_law, load_subjects
from scheduler.policy.schema import Curriculum, DutyRule, Law
from scheduler.sweep.axes import Kind, axis_kind
from scheduler.sweep.certified import with_share
from scheduler.sweep.resizing import resized, wanted_rombels

NO_PARTNERS = {"outside_max_jtm": "0"}
"""What "no partner hours" is in the ruleset's own terms: nothing outside is recognised, and nobody is sent."""


class CannotApplyError(Exception):
    """A scenario that cannot be put to this school; ``key`` is that of the sentence."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True, slots=True)
class Applied:
    """The school under a scenario. ``dropped`` rows of the workbook could not be kept."""

    case: Case
    dropped: int


def by_kind(changes: Mapping[str, str]) -> dict[Kind, dict[str, str]]:
    """Changes sorted by what they do."""
    found: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for name, value in changes.items():
        axis = axis_kind(name)
        assert axis is not None, name
        found[axis.kind][axis.name] = value
    return found


def school_in_question(instance: Instance) -> str:
    """NPSN of the Sekolah Utama, of the only school, or "" for a whole district."""
    return instance.settings.main_school or (instance.schools[0].npsn if len(instance.schools) == 1 else "")


def applied(instance: Instance, changes: Mapping[str, str], seed: int = 0) -> Applied:
    """The instance under the changes.

    Raises
    ------
    CannotApplyError
        the school has no such state: fewer rombels than grades, a curriculum without hours for a grade …
    """
    wanted = by_kind(changes)
    dropped = 0
    instance = with_settings(instance, wanted)
    for curriculum in wanted[Kind.CURRICULUM].values():
        instance, lost = under_curriculum(instance, load_curriculum(curriculum))
        dropped += lost
    for value in wanted[Kind.ROMBEL].values():
        npsn = school_in_question(instance)
        smaller = resized(instance, npsn, wanted_rombels(instance, npsn, value))
        if smaller is None:
            raise CannotApplyError("sweep.error_rombel")
        instance, dropped = smaller.instance, dropped + smaller.dropped
    try:
        law = load_law(instance.settings, [subject.id for subject in instance.subjects if subject.own])
    except PolicyError:
        raise CannotApplyError("sweep.error_law") from None
    for share in wanted[Kind.CERTIFIED].values():
        instance = with_share(instance, float(share), law.linearity, seed)
    for duty, value in wanted[Kind.DUTY].items():
        law = with_holders(law, duty, int(value))
        instance = with_room_for(instance, duty, int(value))
    return Applied(Case(instance, law), dropped)


def with_settings(instance: Instance, wanted: Mapping[Kind, Mapping[str, str]]) -> Instance:
    """What the sheet Pengaturan would say."""
    settings = instance.settings
    overrides = {**settings.overrides, **wanted[Kind.NUMBER]}
    if wanted[Kind.PARTNERS].get("partners") == "tidak":
        overrides |= NO_PARTNERS
    radius = wanted[Kind.RADIUS].get("radius")
    switches = {name: value == "ya" for name, value in wanted[Kind.SETTING].items()}
    changed = replace(
        settings,
        policy=wanted[Kind.POLICY].get("policy", settings.policy),
        linearity=wanted[Kind.LINEARITY].get("linearity", settings.linearity),
        sharing_radius_km=settings.sharing_radius_km if radius is None else float(radius),
        overrides=overrides,
        **switches,  # type: ignore[arg-type]
    )
    return replace(instance, settings=changed)


# --- the curriculum ----------------------------------------------------------------------------------------------------------------------------


def under_curriculum(instance: Instance, curriculum: Curriculum) -> tuple[Instance, int]:
    """Every rombel under another curriculum, and how many rows of Penugasan spoke of a subject that is gone.

    The structure is the curriculum's: its ordinary rows, of its elective ones those whose subject the grade had before, and as they were the rows
    of subjects that no shipped curriculum knows (the school's own).
    """
    if any(school.level not in curriculum.school_levels for school in instance.schools):
        raise CannotApplyError("sweep.error_level")
    rows: list[StructureRow] = []
    for grade in sorted({rombel.grade for rombel in instance.rombels}):
        former = {r.curriculum for r in instance.rombels if r.grade == grade}
        had = {row.subject: row for row in instance.structure if row.grade == grade and row.curriculum in former}
        new = [row for row in curriculum.rows if row.grade == grade and (not row.elective or row.subject in had)]
        if not new:
            raise CannotApplyError("sweep.error_grade")
        rows += [
            StructureRow(curriculum.id, grade, row.subject, row.intra_jp, row.koku_jp, row.blocks, structure_max_jp=row.intra_jp + row.koku_jp)
            for row in new
        ]
        rows += [replace(row, curriculum=curriculum.id) for subject, row in had.items() if subject not in shipped_subjects()]
    subjects = {row.subject for row in rows} | {group.subject for group in instance.groups}
    kept = tuple(row for row in instance.assignments if row.subject in subjects or not is_lesson_subject(instance, row.subject))
    known = {subject.id for subject in instance.subjects}
    changed = replace(
        instance,
        rombels=tuple(replace(rombel, curriculum=curriculum.id) for rombel in instance.rombels),
        structure=tuple(rows),
        assignments=kept,
        subjects=instance.subjects + tuple(load_subjects()[name] for name in dict.fromkeys(row.subject for row in rows) if name not in known),
    )
    return changed, len(instance.assignments) - len(kept)


def is_lesson_subject(instance: Instance, subject: str) -> bool:
    """Whether the subject stood in the structure: guidance does not."""
    return any(row.subject == subject for row in instance.structure)


@cache
def shipped_subjects() -> frozenset[str]:
    return frozenset(row.subject for curriculum in curriculum_ids() for row in load_curriculum(curriculum).rows)


# --- duties ------------------------------------------------------------------------------------------------------------------------------------


def with_holders(law: Law, duty_id: str, more: int) -> Law:
    """The ruleset recognising so many holders more (or fewer, never below none) of a duty, for schools of every size."""
    if law.policy.duty(duty_id) is None:
        raise CannotApplyError("sweep.error_no_duty")
    duties = tuple(enlarged(duty, more) if duty.id == duty_id else duty for duty in law.policy.duties)
    return replace(law, policy=replace(law.policy, duties=duties))


def enlarged(duty: DutyRule, more: int) -> DutyRule:
    steps = tuple(replace(step, count=max(0, step.count + more)) for step in duty.by_rombel)
    return replace(duty, by_rombel=steps, per_unit=max(0, duty.per_unit + more))


def with_room_for(instance: Instance, duty_id: str, more: int) -> Instance:
    """A Maksimal that the workbook states moves along; a duty it switches off (0) stays off."""

    def moved(row: DutySetting) -> DutySetting:
        return replace(row, maximum=max(row.minimum or 0, row.maximum + more)) if row.maximum else row

    return replace(instance, duties=tuple(moved(row) if row.duty == duty_id else row for row in instance.duties))
