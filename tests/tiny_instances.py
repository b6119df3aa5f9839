"""Random cases small enough for exhaustive search, over all rulesets, with everything that the division of work knows.

The same seed gives the same cases on every machine: only ``random.Random`` with a text as its seed is used.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Distance,
    DutySetting,
    Extracurricular,
    Group,
    OpenHours,
    Position,
    Presence,
    Rombel,
    School,
    StructureRow,
    Teacher,
)
from scheduler.domain.instance import Instance, Settings
from scheduler.domain.plan import Plan
from scheduler.policy.case import Case, NeedKind
from scheduler.policy.load import load_law, load_policy, policy_ids
from scheduler.policy.schema import DutyHolding, DutyKind, DutyUnitKind, Law
from tests import brute_force
from tests.build import duty, no_duties, registry_subjects, school, teacher

FEWEST_PLANS, MOST_PLANS = (1, 60, 60, 200, 400), 6000
"""A case is drawn again until its number of plans is at least one of these, chosen at random, and at most that."""

FIELDS = {"ipa": "ipa", "ips": "ips", "matematika": "matematika", "seni_budaya": "seni_budaya", "informatika": "informatika"}
"""Subjects and the certificate made for each; under most tables ``fisika`` is linear to ``ipa`` too."""


def tiny_case(seed: str) -> tuple[Case, Plan | None]:
    """A random case, and for some a former plan to stay close to."""
    fewest = random.Random(seed).choice(FEWEST_PLANS)
    for attempt in range(1000):
        rng = random.Random(f"{seed}/{attempt}")
        case = Case(*TinyInstance(rng).build())
        if case.needs and fewest <= brute_force.number_of_plans(case) <= MOST_PLANS:
            return case, former_plan(rng, case)
    raise AssertionError("no tiny case was drawn")


def former_plan(rng: random.Random, case: Case) -> Plan | None:
    """In one case of four any plan at all: also one that is no longer legal."""
    if rng.random() >= 0.25:
        return None
    teaching = {need_id: rng.choice([None, *case.teachers]) for need_id in case.need if rng.random() < 0.9}
    held = [(post, unit, rng.choice([None, *case.teachers])) for post in case.duty_posts for unit in post.units[:2]]
    return brute_force.plan_of(case, teaching, held, ())


class TinyInstance:
    """One random instance: one or two schools, up to three teachers, four needs and three duty posts."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.policy = rng.choice(policy_ids())
        # The patterns of 15/2018 ask for 12 or 18 hours at home, which only large needs reach.
        self.large = rng.random() < (0.7 if self.policy == "permendikbud15_2018" else 0.3)
        self.two_schools = rng.random() < 0.6
        self.schools = ("1", "2") if self.two_schools else ("1",)
        self.subjects = rng.sample(list(FIELDS), rng.choice((1, 1, 2)))
        self.codes = [f"G{index + 1}" for index in range(rng.choice((2, 3, 3)))]

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def build(self) -> tuple[Instance, Law]:
        rombels = self.rombels()
        settings = self.settings()
        structure = self.structure(rombels)
        instance = Instance(
            settings=settings,
            schools=tuple(self.school(npsn) for npsn in self.schools),
            rombels=rombels,
            subjects=registry_subjects(self.subjects),
            structure=structure,
            teachers=tuple(self.teacher(code) for code in self.codes),
            extracurriculars=self.clubs(),
            open_hours=self.open_hours(),
            distances=(Distance("1", "2", 3.0, self.rng.choice((None, 10))),) if self.two_schools and self.chance(0.8) else (),
            groups=self.groups(rombels, structure),
        )
        instance = replace(instance, duties=self.duties(instance))
        instance = replace(instance, assignments=self.assignments(instance))
        return instance, load_law(settings)

    # --- numbers of the ruleset --------------------------------------------------------------------------------------------------------

    def settings(self) -> Settings:
        return Settings(
            policy=self.policy,
            main_school="1" if self.two_schools and self.chance(0.6) else "",
            count_kokurikuler=self.chance(0.8),
            shortfall_first=self.chance(0.2),
            share_within_kecamatan=self.chance(0.3),
            overrides=self.overrides(),
        )

    def overrides(self) -> dict[str, str]:
        """Minima within reach of a few hours; now and then a cap, a floor or a switch turned over."""
        rng = self.rng
        numbers: dict[str, int | str] = {
            "bk_min": rng.choice((1, 2, 3)),
            "bk_ttu_equivalent": rng.choice((0, 1, 2)),
            "bk_two_duties_equivalent": rng.choice((0, 1)),
        }
        if load_policy(self.policy).bk_unit == "students":
            numbers = {"bk_min": rng.choice((20, 40)), "bk_ttu_equivalent": 15, "bk_home_min": rng.choice((0, 10))}
        if not self.large:
            # A TTU of 12 alone would reach a small minimum; beside a larger one it has to be joined by real hours.
            least = rng.choice((rng.randint(3, 10), rng.randint(14, 19)))
            numbers |= {"min_jtm": least, "ttu_min_real_jtm": rng.randint(1, 5), "ttle_cap_jtm": rng.randint(1, 6)}
        now_and_then = {
            "max_jtm": rng.randint(5, 12) if not self.large else rng.randint(14, 24),
            "home_min_jtm": rng.randint(1, 5),
            "outside_max_jtm": rng.randint(0, 5),
            "outside_needs_assignment": rng.choice(("Ya", "Tidak")),
            "ttle_counts_with_ttu": "Ya",
            "guru_wali_jtm": rng.randint(0, 3),
            "guru_wali_counts_with_ttu": "Ya",
            "principal_min_real_jtm": rng.randint(0, 4),
            "split_hours_recognised": "Ya",
            "bk_home_min": 1,
            "ttu_max_per_teacher": 2,
            "structure_cap": "Tidak",
        }
        numbers |= {key: value for key, value in now_and_then.items() if self.chance(0.12)}
        if "max_jtm" in numbers:  # no ruleset may have a maximum below its minimum
            numbers["max_jtm"] = max(int(numbers["max_jtm"]), int(numbers.get("min_jtm", load_policy(self.policy).min_jtm)))
        return {key: str(value) for key, value in numbers.items()}

    # --- schools, classes, needs ---------------------------------------------------------------------------------------------------------

    def school(self, npsn: str) -> School:
        return school(
            npsn,
            partner=npsn != "1",
            level="MTs" if self.policy.startswith("kma") else "SMP",
            laboratories=self.rng.choice((0, 1, 2)),
            kecamatan=self.rng.choice(("Taman Rajo", "Taman Rajo", "Sekernan")),
        )

    def rombels(self) -> tuple[Rombel, ...]:
        """One to three in all, at either school; the curriculum decides the structure row."""
        places = [self.rng.choice(self.schools) for _ in range(self.rng.choice((1, 1, 2)))]
        return tuple(
            Rombel(npsn, f"{7 + index}A", 7, "k" if self.chance(0.6) else "m", self.rng.choice((15, 25))) for index, npsn in enumerate(places)
        )

    def structure(self, rombels: Sequence[Rombel]) -> tuple[StructureRow, ...]:
        rows = []
        for curriculum in sorted({rombel.curriculum for rombel in rombels}):
            for subject in self.subjects:
                jp = self.jp()
                koku = self.rng.choice((0, 0, 1)) if jp > 1 else 0
                limit = self.rng.choice((None, None, jp - 1)) if jp > 1 else None
                rows.append(StructureRow(curriculum, 7, subject, jp - koku, koku, (), self.chance(0.85), limit))
        return tuple(rows)

    def jp(self) -> int:
        return self.rng.randint(5, 9) if self.large else self.rng.randint(1, 5)

    def open_hours(self) -> tuple[OpenHours, ...]:
        if not self.two_schools or self.chance(0.6):
            return ()
        return (OpenHours("2", self.rng.choice(self.subjects), self.jp(), row=5),)

    def groups(self, rombels: Sequence[Rombel], structure: Sequence[StructureRow]) -> tuple[Group, ...]:
        """Two rombels of a school taught together, now and then."""
        home = [rombel for rombel in rombels if rombel.school == "1"]
        if len(home) < 2 or self.chance(0.8):
            return ()
        return (Group("K1", "1", tuple(rombel.name for rombel in home), self.rng.choice(self.subjects), self.jp()),)

    # --- teachers ------------------------------------------------------------------------------------------------------------------------

    def teacher(self, code: str) -> Teacher:
        rng = self.rng
        position = rng.choices(list(Position), weights=(10, 2, 1, 1))[0]
        field = rng.choice(self.subjects)
        certificate = rng.choices([FIELDS[field], "fisika", None], weights=(8, 1, 1))[0]
        if position is Position.COUNSELLOR:
            certificate = rng.choice(("bk", "bk", None))
        return teacher(
            code,
            certificate,
            rng.choices([*self.schools, "99"], weights=[6, *([5] * (len(self.schools) - 1)), 1])[0],
            position=position,
            may_teach=tuple(rng.sample(self.subjects, 1)) if self.chance(0.3) else (),
            willing=self.chance(0.85),
            outside_jtm=rng.choice((0, 0, 0, 0, 1, 3)),
            min_jp=rng.randint(1, 4) if self.chance(0.06) else None,
            max_jp=rng.randint(3, 9) if self.chance(0.1) else None,
            presence=Presence.LEAVE if self.chance(0.06) else Presence.ACTIVE,
            age=rng.choice((None, None, None, None, 40, 61)),
            priority=rng.choice((None, None, 1, 2)),
        )

    # --- duties --------------------------------------------------------------------------------------------------------------------------

    def clubs(self) -> tuple[Extracurricular, ...]:
        if self.chance(0.7):
            return ()
        leader = self.rng.choice(("", "", *self.codes))
        return (Extracurricular("1", "Pramuka", self.rng.choice((None, 12, 30)), leader),)

    def duties(self, instance: Instance) -> tuple[DutySetting, ...]:
        """All duties off but up to three posts, with numbers, candidates and pinned holders of every kind."""
        rules = load_policy(self.policy).duties
        level = instance.schools[0].level
        fitting = [rule for rule in rules if not rule.school_levels or level in rule.school_levels]
        by_kind = {kind: [rule for rule in fitting if rule.kind is kind] for kind in DutyKind}
        wanted = [by_kind[kind] for kind in self.rng.choices(list(DutyKind), weights=(4, 6, 3, 1), k=self.rng.choice((0, 1, 2, 2, 3)))]
        personal = [rule for rule in fitting if rule.holding is DutyHolding.PERSONAL and rule.kind is DutyKind.TTLE]
        wanted += [personal for _ in range(self.rng.choice((0, 0, 1, 2, 4)))]
        chosen = list(dict.fromkeys((self.rng.choice(self.schools), self.rng.choice(rules).id) for rules in wanted if rules))
        rows = [self.duty_row(instance, npsn, rule_id) for npsn, rule_id in chosen]
        off = [row for npsn in self.schools for row in no_duties((rule.id for rule in rules), npsn) if (npsn, row.duty) not in chosen]
        if instance.extracurriculars:
            off = [row for row in off if not (row.school == "1" and row.duty == "pembina_ekskul")]
        return (*(row for row in rows if row is not None), *off)

    def duty_row(self, instance: Instance, npsn: str, duty_id: str) -> DutySetting | None:
        rng = self.rng
        rule = next(rule for rule in load_policy(self.policy).duties if rule.id == duty_id)
        if rule.holding is DutyHolding.PERSONAL:
            return duty(duty_id, npsn, holders=(rng.choice([t.code for t in instance.teachers if t.home == npsn] or self.codes),))
        maximum = rng.choice((1, 1, 2))
        minimum = rng.randint(0, maximum)
        candidates = tuple(rng.sample(self.codes, rng.randint(1, len(self.codes)))) if self.chance(0.25) else ()
        if self.chance(0.75):
            return duty(duty_id, npsn, minimum=minimum, maximum=maximum, candidates=candidates)
        rombels = [rombel.name for rombel in instance.rombels_of(npsn)]
        unit = rng.choice(rombels) if rule.unit is DutyUnitKind.ROMBEL and rombels and self.chance(0.5) else ""
        return duty(duty_id, npsn, minimum=minimum, maximum=maximum, candidates=candidates, holders=(rng.choice(self.codes),), unit=unit)

    # --- Penugasan -----------------------------------------------------------------------------------------------------------------------

    def assignments(self, instance: Instance) -> tuple[AssignmentRow, ...]:
        """Up to three rows. A Kunci across two schools is left out, for a school asked alone could not be weighed by itself."""
        needs = [n for n in Case(instance, load_law(instance.settings)).needs if n.kind is not NeedKind.OPEN_HOURS and len(n.rombels) == 1]
        rows: list[AssignmentRow] = []
        for _ in range(self.rng.choice((0, 0, 1, 2, 3))):
            if not needs:
                break
            need = self.rng.choice(needs)
            t = self.rng.choice(instance.teachers)
            kind = self.rng.choices(list(AssignmentKind), weights=(2, 3, 4, 2))[0]
            jp = None
            if kind is AssignmentKind.LOCK:
                if t.home != need.school or any(row.teacher == t.code and row.rombel == need.rombels[0] for row in rows):
                    continue
                jp = self.rng.randint(1, need.jp - 1) if need.jp > 1 and self.chance(0.4) else None
            if kind is AssignmentKind.FORBID and any(row.kind is AssignmentKind.LOCK and row.teacher == t.code for row in rows):
                continue
            rows.append(AssignmentRow(need.school, need.rombels[0], need.subject, t.code, kind, jp))
        return tuple(rows)
