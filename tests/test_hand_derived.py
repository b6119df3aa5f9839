"""How many teachers can be valid: numbers derived by hand, reached by trying every division of whole classes.

The five-by-five table: 8 rombel (3+3+2), every TTLE a teacher could want, koordinator projek switched off, no partner school. A school here has
one subject; every division gives each class to one teacher and each TTU to nobody or to one teacher, and the checker's own count of the valid
ones is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest

from scheduler.domain.entities import DutySetting, Extracurricular, OpenHours, Position, Teacher
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone, Plan, TeacherLoad
from scheduler.policy.case import Case
from scheduler.policy.load import load_policy
from scheduler.verify.check import check
from scheduler.verify.workload import teacher_loads
from tests import build
from tests.rules import plans

CURRENT = "permendikdasmen11_2025"
P2024 = "permendikbudristek25_2024"
P2018 = "permendikbud15_2018"
PP74 = "pp74_2008"
KMA = "kma890_2019"
RULESETS = (CURRENT, P2024, P2018, PP74, KMA)

MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")
EKSKUL = "pembina_ekskul"
PROJEK = "koord_projek"


def school_of(policy: str, subject: str, jp: int | tuple[int, int], teachers: Sequence[Teacher], **parts: Any) -> Case:
    """A school with this subject alone, the three TTU, and as many ekskul as the ruleset could ask for."""
    duties = [build.duty(duty) for duty in (*MAIN_DUTIES, EKSKUL, *([PROJEK] if parts.pop("projek", False) else []))]
    known = {rule.id for rule in load_policy(policy).duties}
    clubs = tuple(Extracurricular(build.HOME, f"Ekskul {index + 1}", students=20) for index in range(4 * len(teachers)))
    grades = parts.pop("grades", {7: 3, 8: 3, 9: 2})
    return plans.small_case(
        {subject: jp},
        teachers,
        grades,
        [duty for duty in duties if duty.duty in known],
        policy,
        extracurriculars=clubs,
        **parts,
    )


def divisions(case: Case, main_duties: int) -> Iterator[tuple[TeacherLoad, ...]]:
    """The loads of every division: so many classes to each teacher (all covered, nobody above 40), the TTU to any ``main_duties`` or fewer.

    Classes are alike, so only their numbers matter. Each teacher has three ekskul, and with projek three rombels of it while they last.
    """
    codes = tuple(case.teachers)
    needs = [need for need in case.needs if need.jp]
    most = [case.max_jp(code) // needs[0].jp for code in codes]
    held = [(EKSKUL, f"Ekskul {index + 1}", codes[index // 3]) for index in range(3 * len(codes)) if EKSKUL in duties_of(case)]
    rombels = [need.rombels[0] for need in needs] if PROJEK in duties_of(case) else []
    held += [(PROJEK, rombel, codes[index // 3]) for index, rombel in enumerate(rombels) if index // 3 < len(codes)]
    for counts in product(*(range(limit + 1) for limit in most)):
        if sum(counts) != len(needs):
            continue
        teachers = [code for code, count in zip(codes, counts, strict=True) for _ in range(count)]
        teaching = dict(zip((need.id for need in needs), teachers, strict=True))
        for size in range(main_duties + 1):
            for holders in combinations(codes, size):
                main = [(duty, "1", code) for duty, code in zip(MAIN_DUTIES, holders, strict=False)]
                yield teacher_loads(case, bare_plan(case, teaching, [*held, *main]))


def bare_plan(case: Case, teaching: dict[str, str], held: Sequence[plans.Held]) -> Plan:
    """The decisions alone; nothing recorded, which would take most of the time."""
    return replace(
        plans.EMPTY,
        assignments=tuple(plans.assignment(case, need.id, teaching.get(need.id)) for need in case.needs),
        duties=tuple(plans.holding(case, *row) for row in held),
    )


def duties_of(case: Case) -> set[str]:
    return {post.duty for post in case.duty_posts}


def most_valid(case: Case, main_duties: int = 0) -> int:
    """The largest number of valid teachers over all divisions."""
    return max(sum(load.counted and load.met for load in loads) for loads in divisions(case, main_duties))


def teachers_of(certificate: str, count: int) -> list[Teacher]:
    return [build.teacher(f"T{index + 1}", certificate) for index in range(count)]


# --- the five-by-five table ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "valid"), list(zip(RULESETS, (2, 1, 1, 1, 1), strict=True)))
def test_two_teachers_of_ips(policy: str, valid: int) -> None:
    # 4 JP x 8 = 32, no TTU. 11/2025: 16 + 6 + 2 (guru wali) = 24 each. 25/2024, 15/2018 and KMA have no guru wali: 16 + 6 = 22 is too little,
    # 20 + 6 = 26 leaves 12 + 6 = 18. PP 74 has no TTLE: 24 leaves 8.
    assert most_valid(school_of(policy, "ips", 4, teachers_of("ips", 2))) == valid


@pytest.mark.parametrize(("policy", "valid"), list(zip(RULESETS, (2, 2, 2, 1, 2), strict=True)))
def test_three_teachers_of_ipa_without_a_main_duty(policy: str, valid: int) -> None:
    # 5 JP x 8 = 40. Floors 16 (11/2025) and 18 (25/2024, 15/2018, KMA) are both 20 in whole classes: two teachers 20, 20, nothing left.
    # PP 74: 25 leaves 15 for the other two.
    assert most_valid(school_of(policy, "ipa", 5, teachers_of("ipa", 3))) == valid


@pytest.mark.parametrize("policy", RULESETS)
def test_three_teachers_of_ipa_with_three_main_duties(policy: str) -> None:
    # Beside a TTU 12 real hours are needed, 15 in whole classes, and 3 x 15 = 45 > 40: two teachers everywhere (PP 74: 15 + 12 = 27 each).
    assert most_valid(school_of(policy, "ipa", 5, teachers_of("ipa", 3)), main_duties=3) == 2


@pytest.mark.parametrize("policy", RULESETS)
def test_three_teachers_of_ipa_in_nine_rombels_with_three_main_duties(policy: str) -> None:
    # 5 JP x 9 = 45 = 3 x 15, and 15 + 12 = 27 for each.
    assert most_valid(school_of(policy, "ipa", 5, teachers_of("ipa", 3), grades={7: 3, 8: 3, 9: 3}), main_duties=3) == 3


@pytest.mark.parametrize("policy", RULESETS)
def test_one_teacher_of_ppkn(policy: str) -> None:
    # 3 JP x 8 = 24 real hours.
    assert most_valid(school_of(policy, "pendidikan_pancasila", 3, teachers_of("ppkn", 1))) == 1


@pytest.mark.parametrize(("policy", "valid"), [(CURRENT, 2), (P2024, 2)])
def test_two_teachers_of_ips_with_koordinator_projek(policy: str, valid: int) -> None:
    # 3 rombels of projek = 6 JTM each. 25/2024 counts them as teaching: 16 + 6 + 6 = 28 for both. 11/2025 counts them as TTLE, inside the cap
    # that the ekskul fill already: 16 + 6 + 2 as before.
    assert most_valid(school_of(policy, "ips", 4, teachers_of("ips", 2), projek=True)) == valid


def test_filling_one_teacher_first_loses_a_valid_teacher() -> None:
    # The usual rule gives the first teacher 24 of the 32 hours of IPS: 8 + 6 + 2 = 16 remain for the other.
    case = school_of(CURRENT, "ips", 4, teachers_of("ips", 2))
    loads = [loads for loads in divisions(case, 0) if loads[0].linear_jtm == 24]
    assert [[load.recognised_jtm for load in division] for division in loads] == [[24 + 6 + 2, 8 + 6 + 2]]
    assert [load.met for load in loads[0]] == [True, False]


# --- caps and additions ----------------------------------------------------------------------------------------------------------------


def load_of(case: Case, classes: int, held: Sequence[plans.Held] = (), code: str = "T1") -> TeacherLoad:
    """The load of one teacher with the first ``classes`` classes of the school and these duties."""
    needs = [need.id for need in case.needs if need.jp][:classes]
    return next(load for load in teacher_loads(case, bare_plan(case, dict.fromkeys(needs, code), held)) if load.teacher == code)


def clubs(count: int, code: str = "T1") -> list[plans.Held]:
    return [(EKSKUL, f"Ekskul {index + 1}", code) for index in range(count)]


@pytest.mark.parametrize(("policy", "recognised"), [(CURRENT, 20 + 6 + 2), (P2024, 20 + 6), (P2018, 20 + 6), (KMA, 20 + 6)])
def test_cap_of_the_other_duties(policy: str, recognised: int) -> None:
    # 4 classes of IPA = 20. Four ekskul weigh 8 (24 in KMA, 6 each); together 6 count.
    load = load_of(school_of(policy, "ipa", 5, teachers_of("ipa", 1)), 4, clubs(4))
    assert (load.recognised_jtm, load.duty_jtm) == (recognised, 6)


def test_pp74_knows_no_other_duties() -> None:
    case = school_of(PP74, "ipa", 5, teachers_of("ipa", 1))
    assert EKSKUL not in duties_of(case)
    assert load_of(case, 4).recognised_jtm == 20


def test_beside_a_main_duty_neither_other_duties_nor_guru_wali_count() -> None:
    # 2 classes of IPA = 10 real hours: 10 + 12 = 22, and 12 - 10 = 2 are missing to the real hours. "10 + TTU 12 + guru wali 2" is not valid.
    load = load_of(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 1)), 2, [("wakasek", "1", "T1"), *clubs(3)])
    assert (load.recognised_jtm, load.guru_wali_jtm, load.shortfall, load.met) == (22, 0, 2, False)
    assert load.reasons == ("too_few_hours", "too_few_hours_beside_main_duty", "duties_beside_main_duty", "single_teacher_with_few_hours")


def test_twelve_real_hours_are_enough_beside_a_main_duty() -> None:
    # 3 classes of IPA = 15: 15 + 12 = 27.
    assert load_of(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 1)), 3, [("wakasek", "1", "T1")]).recognised_jtm == 27


@pytest.mark.parametrize(("policy", "recognised"), [(CURRENT, 24), (P2024, 22), (P2018, 22), (PP74, 22), (KMA, 22)])
def test_guru_wali_counts_two_hours_under_11_2025_only(policy: str, recognised: int) -> None:
    # 22 JP in 11 classes of 2 JP.
    case = school_of(policy, "informatika", 2, teachers_of("informatika", 1), grades={7: 11})
    assert load_of(case, 11).recognised_jtm == recognised


@pytest.mark.parametrize(("policy", "recognised"), [(CURRENT, 3 * 5 + 6 + 2), (P2024, 3 * 5 + 6), (P2018, 3 * 5 + 6), (KMA, 3 * 5 + 6)])
def test_pembimbing_khusus_counts_outside_the_cap(policy: str, recognised: int) -> None:
    case = school_of(policy, "ipa", 5, teachers_of("ipa", 1))
    duty = build.duty("pembimbing_khusus", holders=("T1",))
    case = with_duty(case, duty)
    assert load_of(case, 3, [("pembimbing_khusus", "1", "T1")]).recognised_jtm == recognised
    both = load_of(case, 3, [("pembimbing_khusus", "1", "T1"), *clubs(3)])
    assert (both.recognised_jtm, both.duty_jtm) == (recognised + 6, 12)
    # Beside a TTU it counts nothing: 15 + 12.
    assert load_of(case, 3, [("pembimbing_khusus", "1", "T1"), ("wakasek", "1", "T1")]).recognised_jtm == 27


def with_duty(case: Case, row: DutySetting) -> Case:
    others = tuple(duty for duty in case.instance.duties if duty.duty != row.duty)
    return Case(replace(case.instance, duties=(*others, row)), case.law)


def test_personal_duty_counts_inside_the_cap() -> None:
    # Union office in the kabupaten: 1 JTM. With two ekskul 1 + 4 = 5, with three 1 + 6 = 7 capped at 6.
    case = with_duty(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 1)), build.duty("organisasi_kabupaten", holders=("T1",)))
    personal = ("organisasi_kabupaten", "1", "T1")
    assert load_of(case, 3, [personal, *clubs(2)]).duty_jtm == 5
    assert load_of(case, 3, [personal, *clubs(3)]).duty_jtm == 6


def test_holders_beyond_the_quota_count_nothing() -> None:
    # A school of 8 rombel has one wakasek; the workbook allows two. The pinned one counts, the other is no TTU holder: 15 + 2 (guru wali).
    case = with_duty(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 2)), build.duty("wakasek", maximum=2, holders=("T2",)))
    held = [("wakasek", "1", "T1"), ("wakasek", "+1", "T2")]
    assert load_of(case, 3, held).recognised_jtm == 15 + 2
    assert load_of(case, 3, held, "T2").recognised_jtm == 15 + 12


def test_counted_hours_of_duties_follow_the_order_of_the_plan() -> None:
    # OSIS 2, then three ekskul of 2: the last has no room under the cap of 6.
    case = with_duty(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 1)), build.duty("pembina_osis"))
    made = plans.plan(case, {}, [("pembina_osis", "1", "T1"), *clubs(3)])
    assert [duty.counted_jtm for duty in made.duties] == [2, 2, 2, 0]


# --- kokurikuler -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("counted", "valid"), [(True, 2), (False, 1)])
def test_kokurikuler_switched_off_changes_recognised_hours_only(counted: bool, valid: int) -> None:
    # IPS 3 + 1, two teachers. Counted: 16 + 6 + 2 = 24 each. Not counted, 3 a class: 12 + 8 = 20 for both, or 6 classes (18 + 8 = 26) and 6 + 8.
    case = school_of(CURRENT, "ips", (3, 1), teachers_of("ips", 2), settings=Settings(count_kokurikuler=counted))
    assert most_valid(case) == valid
    load = load_of(case, 4)
    assert (load.home_jtm, load.linear_jtm) == (16, 16 if counted else 12)


# --- guru BK ---------------------------------------------------------------------------------------------------------------------------


def guidance_load(policy: str, rombels: int, held: Sequence[plans.Held] = (), students: int = 25, grades: int = 8) -> TeacherLoad:
    """The load of a guru BK who guides so many of the school's rombels."""
    case = school_of(policy, "ipa", 5, [build.counsellor("K")], grades={7: grades}, rombels=build.rombels({7: grades}, students=students))
    needs = [need.id for need in case.needs if need.id.endswith("/BK")][:rombels]
    return teacher_loads(case, bare_plan(case, dict.fromkeys(needs, "K"), held))[0]


@pytest.mark.parametrize(
    ("rombels", "held", "required", "shortfall"),
    [
        (5, [], 5, 0),
        # 5 - 4 = 1 rombel missing: 24 / 5 = 4.8, rounded up.
        (4, [], 5, 5),
        # 2 missing: 48 / 5 = 9.6.
        (3, [], 5, 10),
        # One TTLE changes nothing, two count as one rombel.
        (4, clubs(1, "K"), 5, 5),
        (4, clubs(2, "K"), 4, 0),
        # A TTU counts as three; TTLE beside it add nothing.
        (2, [("wakasek", "1", "K")], 2, 0),
        (1, [("wakasek", "1", "K"), *clubs(2, "K")], 2, 5),
    ],
)
def test_guru_bk_guides_rombels(rombels: int, held: list[plans.Held], required: int, shortfall: int) -> None:
    load = guidance_load(CURRENT, rombels, held)
    assert (load.guidance, load.required_guidance, load.shortfall) == (rombels, required, shortfall)
    assert load.recognised_jtm == 24 - shortfall
    assert load.guru_wali_jtm == 0
    assert load.excepted is None


def test_guru_bk_of_a_school_with_fewer_than_five_rombels_is_excepted() -> None:
    load = guidance_load(CURRENT, 4, grades=4)
    assert (load.met, load.excepted) == (False, "exception_few_rombels")


def test_pp74_counts_pupils() -> None:
    # 150 pupils: 5 rombels of 30. With 4 of them 30 are missing: 30 x 24 / 150 = 4.8, rounded up.
    assert guidance_load(PP74, 5, students=30).met
    load = guidance_load(PP74, 4, students=30)
    assert (load.guidance, load.required_guidance, load.shortfall) == (120, 150, 5)


def test_pp74_asks_80_pupils_beside_a_main_duty() -> None:
    # 150 - 70 = 80: 3 rombels of 27 = 81.
    load = guidance_load(PP74, 3, [("wakasek", "1", "K")], students=27)
    assert (load.guidance, load.required_guidance, load.met) == (81, 80, True)


def test_pp74_asks_40_pupils_at_home() -> None:
    # 6 x 25 = 150 at another school and one rombel of 25 at home: 15 short of 40, 15 x 24 / 150 = 2.4, rounded up.
    schools = (build.school("1"), build.school("2"))
    rombels = (*build.rombels({7: 1}), *build.rombels({7: 6}, "2"))
    case = school_of(PP74, "ipa", 5, [build.counsellor("K")], schools=schools, rombels=rombels)
    guided = {need.id: "K" for need in case.needs if need.id.endswith("/BK")}
    load = teacher_loads(case, bare_plan(case, guided, ()))[0]
    assert (load.guidance, load.shortfall, load.reasons) == (175, 3, ("too_few_guided_at_home",))


# --- principals ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [CURRENT, P2024, P2018, KMA])
def test_definitive_principal_has_24_from_the_post_and_is_not_counted(policy: str) -> None:
    case = school_of(policy, "ipa", 5, [build.teacher("T1", "ipa", position=Position.PRINCIPAL)])
    load = load_of(case, 0)
    assert (load.recognised_jtm, load.counted, load.shortfall, load.reasons) == (24, False, 0, ("principal_post",))


def test_acting_principal_is_a_teacher() -> None:
    # 4 classes = 20, guru wali 2.
    case = school_of(CURRENT, "ipa", 5, [build.teacher("T1", "ipa", position=Position.ACTING_PRINCIPAL)])
    load = load_of(case, 4)
    assert (load.recognised_jtm, load.counted, load.met) == (22, True, False)


@pytest.mark.parametrize(("classes", "recognised", "shortfall"), [(1, 18 + 5, 1), (2, 18 + 10, 0)])
def test_pp74_principal_must_teach_six_hours(classes: int, recognised: int, shortfall: int) -> None:
    case = school_of(PP74, "ipa", 5, [build.teacher("T1", "ipa", position=Position.PRINCIPAL)])
    load = load_of(case, classes)
    assert (load.recognised_jtm, load.required_jtm, load.shortfall, load.counted) == (recognised, 24, shortfall, True)


# --- other schools ---------------------------------------------------------------------------------------------------------------------


def outside_load(policy: str, classes: int, outside: int, held: Sequence[plans.Held] = (), colleagues: int = 0, jp: int = 6) -> TeacherLoad:
    """A teacher of B. Indonesia with ``classes`` of 6 JP at home and ``outside`` JTM held at a school that is not in the file."""
    first, *others = teachers_of("bahasa_indonesia", 1 + colleagues)
    case = school_of(policy, "bahasa_indonesia", jp, [replace(first, outside_jtm=outside), *others])
    return load_of(case, classes, held)


@pytest.mark.parametrize(
    ("classes", "outside", "clubs_held", "colleagues", "recognised"),
    [
        # >= 18 at home: 6 of the 10 hours elsewhere count.
        (3, 10, 0, 0, 18 + 6),
        # 12 at home and no TTLE: no pattern holds.
        (2, 6, 0, 0, 12),
        # 12 at home, 6 TTLE, no surplus (one teacher; 48 JP need two): 12 + 6 + 6.
        (2, 6, 3, 0, 12 + 6 + 6),
        # 4 of the 6 TTLE are not enough.
        (2, 6, 2, 0, 12 + 4),
        # Three certified teachers where 48 JP need two: surplus, only the TTLE count.
        (2, 6, 3, 2, 12 + 6),
    ],
)
def test_accepted_patterns_of_15_2018(classes: int, outside: int, clubs_held: int, colleagues: int, recognised: int) -> None:
    assert outside_load(P2018, classes, outside, clubs(clubs_held), colleagues).recognised_jtm == recognised


def test_15_2018_recognises_nothing_elsewhere_beside_a_main_duty() -> None:
    # 18 + 12 at home; the 6 hours elsewhere are lost.
    assert outside_load(P2018, 3, 6, [("wakasek", "1", "T1")]).recognised_jtm == 30


@pytest.mark.parametrize("policy", [CURRENT, P2024])
def test_no_cap_on_hours_elsewhere_today(policy: str) -> None:
    # 6 at home, 18 elsewhere (and guru wali under 11/2025).
    assert outside_load(policy, 1, 18).linear_jtm == 24


def test_pp74_asks_six_hours_at_home() -> None:
    # Nothing at home, 24 elsewhere: recognised 24, yet 6 short at home.
    load = outside_load(PP74, 0, 24)
    assert (load.recognised_jtm, load.shortfall, load.met) == (24, 6, False)
    assert load.reasons[0] == "too_few_hours_at_home"
    assert outside_load(PP74, 1, 18).met


def test_full_partner_keeps_its_valid_teacher() -> None:
    # Partner school with one teacher and 4 classes of 6 JP: alone 24 + 2 (guru wali), valid. The main school's teacher has one class (6 + 2).
    # Every class given away takes the partner's teacher to 20 at most, and 4 classes cannot make two teachers valid: the partner is full.
    case = plans.small_case(
        {"bahasa_indonesia": 6},
        [build.teacher("A", "bahasa_indonesia"), build.teacher("X", "bahasa_indonesia", home="2")],
        schools=(build.school("1"), build.school("2", partner=True)),
        rombels=(*build.rombels({7: 1}), *build.rombels({7: 4}, "2")),
        settings=Settings(main_school="1"),
    )
    theirs = [need.id for need in case.needs if need.school == "2"]
    alone = (PartnerAlone("2", 1, ()),)
    for given in range(5):
        teaching = {"1/7A/BIN": "A"} | dict.fromkeys(theirs[:given], "A") | dict.fromkeys(theirs[given:], "X")
        rules = {violation.rule for violation in check(case, plans.plan(case, teaching, partners=alone)).violations}
        assert rules == (set() if given == 0 else {"partner_open_needs", "partner_floor"})


def test_open_hours_of_a_partner_make_a_teacher_valid() -> None:
    # 3 classes of 6 = 18 + 2 (guru wali) at home, one open class of 4 at the partner: 24.
    case = school_of(
        CURRENT,
        "bahasa_indonesia",
        6,
        teachers_of("bahasa_indonesia", 1),
        schools=(build.school("1"), build.school("2", partner=True)),
        open_hours=(OpenHours("2", "bahasa_indonesia", 4, row=1),),
        settings=Settings(main_school="1"),
    )
    teaching = dict.fromkeys([need.id for need in case.needs if need.school == "1"][:3], "T1") | {"2/mitra1/BIN": "T1"}
    load = teacher_loads(case, bare_plan(case, teaching, ()))[0]
    assert (load.home_jtm, load.partner_jtm, load.recognised_jtm, load.met) == (18, 4, 24, True)


# --- exceptions ------------------------------------------------------------------------------------------------------------------------


def test_too_small_a_subject_is_excepted_for_the_curriculum_structure() -> None:
    # 1 JP x 8 = 8: with a TTU 8 + 12 = 20, without 8 + 6 + 2 = 16.
    case = school_of(CURRENT, "informatika", 1, teachers_of("informatika", 1))
    assert load_of(case, 8).excepted == "exception_curriculum_structure"


def test_who_could_reach_the_minimum_alone_is_not_excepted_for_the_structure_but_for_the_staffing() -> None:
    # IPS 32 JP: alone one teacher has 32, enough. 32 / 24 = 1.33 needs one teacher, so that one is no surplus ...
    assert load_of(school_of(CURRENT, "ips", 4, teachers_of("ips", 1)), 1).excepted == "exception_staffing_matches_need"
    # ... two are: the second cannot rely on article 20.
    assert load_of(school_of(CURRENT, "ips", 4, teachers_of("ips", 2)), 1).excepted is None


def test_single_teacher_is_excepted_where_article_20_b_is_unknown() -> None:
    # 15/2018 has no exception by staffing; the only teacher of the subject is guru tunggal. 4 JTM are below the 12 of the warning.
    load = load_of(school_of(P2018, "ips", 4, teachers_of("ips", 1)), 1)
    assert load.excepted == "exception_single_teacher"
    assert "single_teacher_with_few_hours" in load.reasons


def test_exceptions_can_be_switched_off() -> None:
    off = {"exception_curriculum_structure": "Tidak", "exception_staffing_matches_need": "Tidak", "exception_single_teacher": "Tidak"}
    case = school_of(CURRENT, "ips", 4, teachers_of("ips", 1), overrides=off)
    assert load_of(case, 1).excepted is None


def test_teacher_without_a_lesson_of_the_field_is_not_excepted() -> None:
    load = load_of(school_of(CURRENT, "ipa", 5, [build.teacher("T1", "matematika")]), 0)
    assert (load.excepted, "no_lessons_of_the_field" in load.reasons) == (None, True)
