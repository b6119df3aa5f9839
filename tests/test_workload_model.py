"""The workload model where it bites: what is counted together, what never exists, what is held, and what the levels mean to each other."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Distance,
    DutySetting,
    OpenHours,
    Teacher,
)
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.rules import RULES, Kept, Part
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.policy.case import Case
from scheduler.verify.check import check
from scheduler.verify.levels import level_names
from scheduler.workload.components import connected
from scheduler.workload.descent import divide
from scheduler.workload.levels import LEVELS
from scheduler.workload.model import built
from scheduler.workload.partners import alone
from scheduler.workload.rules import POSTED
from scheduler.workload.scope import Eligibility, WeekCut, whole_scope
from scheduler.workload.solve import WorkloadOutcome, solve_workload
from tests import build
from tests.rules.plans import small_case
from tests.tiny_instances import tiny_case

P2024 = "permendikbudristek25_2024"
ONE = SolveOptions(workers=1)


def plan_of(case: Case, outcome: WorkloadOutcome, former: Plan | None = None) -> Plan:
    """The outcome as a plan, checked: no Violation, every level as recorded."""
    plan = Plan(
        policy=PolicyUsed(case.policy.id, dict(case.policy.overrides)),
        instance_sha256="",
        status=PlanStatus(outcome.status, Status.UNKNOWN),
        levels=outcome.levels,
        assignments=outcome.assignments,
        duties=outcome.duties,
        partners=outcome.partners,
        priority_proved=outcome.priority_proved,
    )
    assert check(case, plan, former).violations == ()
    return plan


def solved(case: Case, former: Plan | None = None, options: SolveOptions = ONE, **limits: object) -> Plan:
    return plan_of(case, solve_workload(case, options, former=former, **limits), former)  # type: ignore[arg-type]


def teachers_of(plan: Plan) -> dict[str, str | None]:
    return {row.need: row.teacher for row in plan.assignments}


def values(plan: Plan) -> dict[str, int]:
    return {level.name: level.value for level in plan.levels}


def row(rombel: str, subject: str, teacher: str, kind: AssignmentKind, npsn: str = "1", jp: int | None = None) -> AssignmentRow:
    return AssignmentRow(npsn, rombel, subject, teacher, kind, jp)


def two_schools(
    teachers: Sequence[Teacher],
    here: int,
    there: int,
    main: str = "",
    policy: str = P2024,
    jp: int = 6,
    **parts: Any,
) -> Case:
    """Schools 1 and 2, 10 minutes apart, with so many rombels of B. Indonesia each."""
    return small_case(
        {"bahasa_indonesia": jp},
        teachers,
        policy=policy,
        schools=(build.school("1"), build.school("2", partner=bool(main))),
        rombels=(*build.rombels({7: here}), *build.rombels({7: there}, "2")),
        distances=(Distance("1", "2", 4.0, 10),),
        settings=Settings(main_school=main),
        **parts,
    )


def bin_teacher(code: str, home: str = "1", **fields: object) -> Teacher:
    return build.teacher(code, "bahasa_indonesia", home, **fields)


# --- the parts of the model --------------------------------------------------------------------------------------------------------------


def test_posted_rules_are_those_of_the_domain() -> None:
    posted = [rule.name for rule in RULES if rule.part is Part.WORKLOAD and rule.kept is Kept.POST]
    assert list(POSTED) == posted


def test_every_level_has_its_expression() -> None:
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")])
    assert list(LEVELS) == [*level_names(case, True)[:3], "below_minimum_partners", *level_names(case, True)[3:]]


def test_interchangeable_needs_are_counted_together() -> None:
    # 8 rombel in three grades: three groups.
    case = build.case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")])
    groups = whole_scope(case, Eligibility(case, {})).groups
    assert [(group.key.grade, group.size) for group in groups] == [(7, 3), (8, 3), (9, 2)]


def test_forbidden_teacher_splits_a_group() -> None:
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
    case = small_case({"ipa": 5}, teachers, {7: 3}, assignments=(row("7B", "ipa", "A", AssignmentKind.FORBID),))
    groups = whole_scope(case, Eligibility(case, {})).groups
    assert [(group.key.eligible, group.size) for group in groups] == [(("A", "B"), 2), (("B",), 1)]


def test_need_that_a_cut_names_is_counted_by_itself() -> None:
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 3})
    groups = whole_scope(case, Eligibility(case, {}), cuts=(WeekCut((("1/7B/IPA", "A"),)),)).groups
    assert [[need.id for need in group.needs] for group in groups] == [["1/7A/IPA", "1/7C/IPA"], ["1/7B/IPA"]]


def test_locked_need_is_a_constant() -> None:
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 2}, assignments=(row("7A", "ipa", "A", AssignmentKind.LOCK),))
    variables = built(whole_scope(case, Eligibility(case, {})))
    assert list(variables.classes) == [("A", 0)]
    assert [need.id for need in variables.fixed_needs["A"]] == ["1/7A/IPA"]


@pytest.mark.parametrize("index", range(40))
def test_eligibility_by_look_up_equals_trying_every_teacher(index: int) -> None:
    case, _ = tiny_case(f"eligibility-{index}")
    everything_open = {npsn: frozenset(case.need) for npsn in case.schools}
    eligibility = Eligibility(case, everything_open)
    for need in case.needs:
        if not need.locked:
            assert eligibility.eligible(need) == case.eligible(need)


def test_every_rule_can_be_switched() -> None:
    case = build.case({"ipa": 5}, [build.teacher("A", "ipa", min_jp=5)])
    switches = built(whole_scope(case, Eligibility(case, {})), switches=True).builder.switches
    rules = {rule for rule, _ in switches}
    assert rules == {*POSTED} - {"partner_floor"}
    assert ("max_jtm", (("teacher", "A"),)) in switches


# --- hard limits -------------------------------------------------------------------------------------------------------------------------


def test_least_hours_beyond_the_needs_leave_no_plan() -> None:
    # JP Min 10, but the school has one class of 5.
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa", min_jp=10)])
    assert solve_workload(case, ONE).status is Status.INFEASIBLE


def test_two_holders_pinned_to_one_unit_leave_no_plan() -> None:
    duties = [DutySetting("1", "wali_kelas", holders=("A",), unit="7A"), DutySetting("1", "wali_kelas", holders=("B",), unit="7A")]
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], duties=duties)
    assert solve_workload(case, ONE).status is Status.INFEASIBLE


def test_capacity_of_the_week_binds() -> None:
    # Three classes of 5; the week lets A teach 10.
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 3})
    assert values(solved(case))["uncovered_jp"] == 0
    assert values(solved(case, capacity={"A": 10}))["uncovered_jp"] == 5


def test_cut_of_the_week_keeps_its_pairs_apart() -> None:
    # A and B share two classes as they like; not both to A, not both to B.
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
    case = small_case({"ipa": 5}, teachers, {7: 2})
    cuts = tuple(WeekCut((("1/7A/IPA", t), ("1/7B/IPA", t))) for t in "AB")
    assert sorted(filter(None, teachers_of(solved(case, cuts=cuts)).values())) == ["A", "B"]


def test_cut_through_locked_needs_leaves_no_plan() -> None:
    locks = tuple(row(rombel, "ipa", "A", AssignmentKind.LOCK) for rombel in ("7A", "7B"))
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 2}, assignments=locks)
    cut = WeekCut((("1/7A/IPA", "A"), ("1/7B/IPA", "A")))
    assert solve_workload(case, ONE, cuts=(cut,)).status is Status.INFEASIBLE


def test_split_subject_has_two_teachers() -> None:
    # 5 JP of 7A: 3 pinned to A, the other 2 are free. Neither part is recognised.
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa", max_jp=2)]
    case = small_case({"ipa": 5}, teachers, assignments=(row("7A", "ipa", "A", AssignmentKind.LOCK, jp=3),))
    plan = solved(case)
    assert teachers_of(plan)["1/7A/IPA#1"] == "A"
    assert values(plan)["uncovered_jp"] == 0
    assert [need.recognised_jp for need in case.needs if need.subject == "ipa"] == [0, 0]


# --- other schools -----------------------------------------------------------------------------------------------------------------------


def test_visit_makes_a_teacher_valid_where_hours_elsewhere_count() -> None:
    # 25/2024: 3 x 6 = 18 at home, one class of 6 at the other school: 24. One visit of 10 minutes.
    plan = solved(two_schools([bin_teacher("A")], here=3, there=1))
    assert (values(plan)["below_minimum"], values(plan)["visits"], values(plan)["travel"]) == (0, 1, 10)


def test_needs_of_a_staffed_school_are_closed_to_visitors_under_11_2025() -> None:
    # School 2 has its own teacher for its one class: nothing is left to A, who has 18 + 2.
    teachers = [bin_teacher("A"), bin_teacher("B", "2")]
    plan = solved(two_schools(teachers, here=3, there=1, policy="permendikdasmen11_2025"))
    assert teachers_of(plan)["2/7A/BIN"] == "B"
    assert {partner.school: partner.open_needs for partner in plan.partners} == {"1": (), "2": ()}


def test_need_without_own_linear_teacher_is_open_to_visitors_under_11_2025() -> None:
    # 18 + 6 + 2 (guru wali): A visits the class for which school 2 has nobody.
    plan = solved(two_schools([bin_teacher("A")], here=3, there=1, policy="permendikdasmen11_2025"))
    assert teachers_of(plan)["2/7A/BIN"] == "A"
    assert {partner.school: partner.open_needs for partner in plan.partners} == {"2": ("2/7A/BIN",)}


def test_dinas_opens_a_need_to_one_visitor() -> None:
    # B has three classes of his own; the Dinas opens one to A, who has three at home: 18 + 6 = 24 (+ 2). B is then valid no longer, but the
    # school could keep him valid only with four classes.
    teachers = [bin_teacher("A"), bin_teacher("B", "2")]
    dinas = (row("7A", "bahasa_indonesia", "A", AssignmentKind.DINAS, "2"),)
    plan = solved(two_schools(teachers, here=3, there=3, policy="permendikdasmen11_2025", assignments=dinas))
    assert teachers_of(plan)["2/7A/BIN"] == "A"
    assert values(plan)["below_minimum"] == 1


def test_open_hours_of_a_partner_need_nobody_and_count() -> None:
    # 3 x 6 + 2 (guru wali) = 20 at home, 4 open hours at the partner: 24.
    case = two_schools(
        [bin_teacher("A")], 3, 0, main="1", policy="permendikdasmen11_2025", open_hours=(OpenHours("2", "bahasa_indonesia", 4, row=2),)
    )
    plan = solved(case)
    assert (values(plan)["below_minimum"], values(plan)["visits"]) == (0, 1)


def test_partner_school_keeps_the_number_valid_it_reaches_alone() -> None:
    # 25/2024, no duties: A (school 1, one class) and B (school 2, four classes: 24). Level 2 counts the main school first and would give A
    # three of B's classes; the floor of school 2 keeps them.
    teachers = [bin_teacher("A"), bin_teacher("B", "2")]
    plan = solved(two_schools(teachers, here=1, there=4, main="1"))
    assert [(partner.school, partner.valid_alone) for partner in plan.partners] == [("2", 1)]
    assert (values(plan)["below_minimum"], values(plan)["below_minimum_partners"]) == (1, 0)


def test_partner_school_asked_alone_knows_what_its_staff_hold_elsewhere() -> None:
    # B reaches 24 at school 2, but is pinned to a main duty of school 1, beside which 30 real hours are asked here: no floor that nobody can keep.
    duties = (build.duty("kepala_perpustakaan", "1", minimum=1, maximum=1, holders=("B",)),)
    teachers = [bin_teacher("A"), bin_teacher("B", "2")]
    case = two_schools(teachers, here=1, there=4, main="1", duties=duties, overrides={"ttu_min_real_jtm": "30"})
    assert [(school.record.school, school.record.valid_alone) for school in alone(case, ONE)] == [("2", 0)]
    assert solve_workload(case, ONE).status is Status.OPTIMAL


def test_in_a_district_all_schools_count_alike() -> None:
    # The same two schools without a Sekolah Utama: one of the two teachers is valid either way, and Prioritas (the sheet) says A.
    teachers = [bin_teacher("A"), bin_teacher("B", "2")]
    plan = solved(two_schools(teachers, here=1, there=4))
    assert values(plan)["below_minimum"] == 1
    assert sum(teacher == "A" for teacher in teachers_of(plan).values()) == 4


def test_parts_that_share_nothing_are_solved_apart() -> None:
    # Three schools; only 1 and 2 are in reach of each other.
    teachers = [bin_teacher(code, home) for code, home in (("A", "1"), ("B", "2"), ("C", "3"))]
    case = small_case(
        {"bahasa_indonesia": 6},
        teachers,
        policy=P2024,
        schools=tuple(build.school(npsn) for npsn in "123"),
        rombels=tuple(rombel for npsn in "123" for rombel in build.rombels({7: 2}, npsn)),
        distances=(Distance("1", "2", 4.0),),
    )
    scope = whole_scope(case, Eligibility(case, {}))
    parts = connected(scope)
    assert [part.schools for part in parts] == [("1", "2"), ("3",)]
    names = level_names(case, False)
    sums = [sum(level.value for level in same) for same in zip(*(divide(part, names, ONE).levels for part in parts), strict=True)]
    assert sums == [level.value for level in divide(scope, names, ONE).levels]


def test_school_alone_has_neither_visitors_nor_visits() -> None:
    # School 2 alone: B has one class and no other; it keeps a floor of 0 and leaves nothing open.
    teachers = [bin_teacher("A"), bin_teacher("B", "2")]
    case = two_schools(teachers, here=3, there=1, main="1", policy="permendikdasmen11_2025")
    records = {school.record.school: school.record for school in alone(case, ONE)}
    assert (records["2"].valid_alone, records["2"].open_needs) == (0, ())


# --- duties ------------------------------------------------------------------------------------------------------------------------------


def test_wali_kelas_teach_their_rombel() -> None:
    # A teaches the two classes of grade 7, B those of grade 8; each is wali of two of their own.
    locks = tuple(row(rombel, "ipa", t, AssignmentKind.LOCK) for rombel, t in (("7A", "A"), ("8A", "B")))
    teachers = [build.teacher("B", "ipa"), build.teacher("A", "ipa")]
    case = small_case({"ipa": 5}, teachers, {7: 1, 8: 1}, [build.duty("wali_kelas")], assignments=locks)
    plan = solved(case)
    assert {duty.unit: duty.teacher for duty in plan.duties} == {"7A": "A", "8A": "B"}
    assert values(plan)["wali_elsewhere"] == 0


def test_pinned_unit_keeps_its_holder() -> None:
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
    pin = DutySetting("1", "wali_kelas", holders=("B",), unit="7B")
    plan = solved(small_case({"ipa": 5}, teachers, {7: 2}, [pin]))
    assert {duty.unit: duty.teacher for duty in plan.duties} == {"7A": "A", "7B": "B"}


def test_holder_beyond_the_quota_counts_nothing() -> None:
    # One wakasek is recognised; the workbook wants two. Three classes of 5 each (15): one is valid with 27, the other has 15 + 2.
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
    case = small_case({"ipa": 5}, teachers, {7: 3, 8: 3}, [build.duty("wakasek", minimum=2, maximum=2)])
    plan = solved(case)
    assert [duty.counted_jtm for duty in plan.duties] == [12, 0]
    assert (values(plan)["unfilled_duties"], values(plan)["below_minimum"]) == (0, 1)


def test_no_duty_is_held_without_need() -> None:
    # Four classes of 6 are 24: the optional OSIS stays empty.
    plan = solved(small_case({"bahasa_indonesia": 6}, [bin_teacher("A")], {7: 4}, [build.duty("pembina_osis")]))
    assert plan.duties == ()
    assert values(plan)["optional_duty_units"] == 0


# --- who loses, and what stays -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("priorities", "valid"), [((None, None), "A"), ((None, 1), "B"), ((2, 1), "B")])
def test_who_stays_below_is_chosen_by_priority(priorities: tuple[int | None, int | None], valid: str) -> None:
    # 4 classes of 6 = 24 under 25/2024: one of two equal colleagues can be valid.
    teachers = [bin_teacher(code, priority=priority) for code, priority in zip("AB", priorities, strict=True)]
    outcome = solve_workload(small_case({"bahasa_indonesia": 6}, teachers, {7: 4}, policy=P2024), ONE)
    assert outcome.priority_proved
    assert {row.teacher for row in outcome.assignments if row.jp} == {valid}


def test_shortfall_may_come_before_the_number_valid() -> None:
    # 7 classes of 5 = 35 for two teachers under 25/2024: 25 and 10 leave one below, 14 short; 20 and 15 leave two below, 4 + 9 = 13 short.
    def levels(shortfall_first: bool) -> dict[str, int]:
        settings = Settings(shortfall_first=shortfall_first)
        teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
        return values(solved(small_case({"ipa": 5}, teachers, {7: 7}, policy=P2024, settings=settings)))

    assert (levels(False)["below_minimum"], levels(False)["shortfall_jtm"]) == (1, 14)
    assert (levels(True)["below_minimum"], levels(True)["shortfall_jtm"]) == (2, 13)


def test_replanning_an_unchanged_case_changes_nothing() -> None:
    case = build.case({"ipa": (4, 1), "ips": (3, 1)}, [build.teacher(code, field) for code, field in (("A", "ipa"), ("B", "ipa"), ("C", "ips"))])
    before = solved(case)
    after = solved(case, former=before)
    assert values(after)["changes"] == 0
    assert after.assignments == before.assignments


def test_replanning_moves_only_what_must_move() -> None:
    # A had all three classes and the OSIS; now A may teach one class only (JP Maks 5): two needs change hands, the duty stays.
    teachers = [build.teacher("A", "ipa"), build.teacher("B", None, may_teach=("ipa",))]
    duties = [build.duty("pembina_osis", minimum=1, maximum=1, candidates=("A",))]
    before = solved(small_case({"ipa": 5}, teachers, {7: 3}, duties))
    assert set(teachers_of(before).values()) == {"A"}
    case = small_case({"ipa": 5}, [replace(teachers[0], max_jp=5), teachers[1]], {7: 3}, duties)
    assert values(solved(case, former=before))["changes"] == 2


def test_lost_duty_is_a_change() -> None:
    duties = [build.duty("pembina_osis", minimum=1, maximum=1)]
    before = solved(small_case({"ipa": 5}, [build.teacher("A", "ipa")], duties=duties))
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", None)], duties=[replace(duties[0], candidates=("B",))])
    assert values(solved(case, former=before))["changes"] == 1


def test_last_semesters_teacher_goes_on_where_nothing_speaks_against_it() -> None:
    # Two equal teachers with two classes each; last semester B had 7A and 7C.
    former = tuple(row(rombel, "ipa", t, AssignmentKind.FORMER) for rombel, t in (("7A", "B"), ("7B", "A"), ("7C", "B"), ("7D", "A")))
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], {7: 4}, assignments=former)
    plan = solved(case)
    assert values(plan)["not_continued"] == 0
    assert [row.teacher for row in plan.assignments] == ["B", "A", "B", "A"]


# --- limits and progress -----------------------------------------------------------------------------------------------------------------


def test_same_input_and_one_worker_give_the_same_plan() -> None:
    case = build.case({"ipa": (4, 1), "ips": (3, 1)}, [build.teacher(code, field) for code, field in (("A", "ipa"), ("B", "ipa"), ("C", "ips"))])
    options = SolveOptions(workers=1, deterministic_limit=1.0)
    assert solve_workload(case, options) == solve_workload(case, options)


def test_stop_before_the_start_leaves_the_plan_unknown() -> None:
    stop = threading.Event()
    stop.set()
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")])
    assert solve_workload(case, SolveOptions(workers=1, stop=stop)).status is Status.UNKNOWN


def test_stop_after_the_first_level_leaves_a_legal_plan_with_true_numbers() -> None:
    # Every level that no solve has reached keeps its value at hand and a bound below it.
    stop = threading.Event()

    def stop_at_the_first_level(progress: Progress) -> None:
        if progress.stage == "uncovered_jp":
            stop.set()

    case = build.case({"ipa": (4, 1), "ips": (3, 1)}, [build.teacher(code, field) for code, field in (("A", "ipa"), ("B", "ipa"), ("C", "ips"))])
    outcome = solve_workload(case, SolveOptions(workers=1, stop=stop), stop_at_the_first_level)
    assert outcome.status is Status.FEASIBLE
    plan_of(case, outcome)


def test_nothing_is_heard_of_a_partner_school_without_teachers() -> None:
    partner = build.school("2", partner=True)
    subjects = build.registry_subjects(["ipa", "ips"])
    parts: dict[str, Any] = {"schools": (build.school(), partner), "subjects": subjects, "open_hours": (OpenHours("2", "ips", 4, row=1),)}
    case = build.case({"ipa": 4}, [build.teacher("A", "ipa")], {7: 2}, settings=Settings(main_school="1"), **parts)
    heard: list[Progress] = []
    solve_workload(case, ONE, heard.append)
    assert heard
    assert [news for news in heard if partner.name in news.detail] == []


def test_listener_hears_every_level() -> None:
    heard: list[str] = []
    case = small_case({"ipa": 5}, [build.teacher("A", "ipa")])
    solve_workload(case, ONE, lambda progress: heard.append(progress.stage))
    assert list(dict.fromkeys(stage for stage in heard if stage in LEVELS)) == list(level_names(case, False))
