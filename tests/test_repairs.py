"""Repairs: each does what it says, in the least amount, and none is shown that another beats.

The school of most tests: 7 rombel with 4 JP of IPS = 28 JP and two certified teachers A and B; the 12-hour duties are in other hands. Under 11/2025
A is valid with 16 + 2 (guru wali) + 6 (small duties) = 24; the 12 JP that are left give B 12 + 2 + 6 = 20: 4 JTM are missing.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.diagnose.candidates import edited_case
from scheduler.diagnose.edits import EDITS, applied
from scheduler.diagnose.prices import Price, Prices, load_prices
from scheduler.diagnose.reach import Reached, reached
from scheduler.diagnose.repair import RepairSearch, repairs
from scheduler.domain.entities import Distance, OpenHours
from scheduler.domain.explanation import Edit, Repair
from scheduler.domain.instance import Settings
from scheduler.domain.solving import SolveOptions
from scheduler.errors import PolicyError
from scheduler.formats.checking import check_json_instance
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from scheduler.planning import make_plan
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.report.repairs import repair_sentence
from scheduler.report.text import Text
from tests import brute_force
from tests.build import case, duty, no_duties, rombels, school, teacher
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "60")) // 5
ONE_WORKER = SolveOptions(workers=1)
MOST_PLANS = 2000
"""A changed case with more plans than this is solved anew, but not searched exhaustively."""

MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")
HELD = (duty("wakasek", holders=("X",)), duty("kepala_perpustakaan", holders=("Y",)), duty("kepala_laboratorium", holders=("Z",)))
OTHERS = tuple(teacher(code) for code in "UVWXYZ")
PAIR = (teacher("A", "ips"), teacher("B", "ips"))
TWO_SCHOOLS = {"schools": (school(), school("2", partner=True)), "distances": (Distance("1", "2", 6.0, 20),)}
ONE_SCHOOL_MODE = Settings(main_school="1")


def searched(of: Case, prices: Prices | None = None) -> RepairSearch:
    return repairs(of, reached(of, ONE_WORKER), (), ONE_WORKER, prices or load_prices())


def cheap(kind: str) -> Prices:
    """Prices under which one kind comes before all others."""
    return Prices({name: Price(1 if name == kind else 1000) for name in load_prices().of_kind})


def only(found: RepairSearch, kind: str) -> Repair:
    return next(repair for repair in found.repairs if repair.kind == kind)


def test_nothing_is_to_repair_where_everybody_is_valid() -> None:
    assert searched(case({"ips": 4}, [*PAIR, *OTHERS], duties=HELD)).repairs == ()


# --- hours ---------------------------------------------------------------------------------------------------------------------------------


def test_one_class_at_a_school_without_known_classes_is_enough() -> None:
    repair = searched(case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD, settings=ONE_SCHOOL_MODE, **TWO_SCHOOLS)).repairs[0]
    # 28 + 4 = 32 JP: 16 each. Price 20 + 4 JP + 6 km.
    assert (repair.kind, repair.price, repair.becomes_valid, repair.loses) == ("partner_hours", 30, ("B",), ())
    assert (repair.valid_before, repair.valid_after, repair.shortfall_before, repair.shortfall_after) == (1, 2, 4, 0)
    assert repair.proved
    assert len(repair.edits) == 1


def test_a_willing_colleague_goes_where_the_teacher_is_not_willing() -> None:
    staff = [teacher("A", "ips"), teacher("B", "ips", willing=False), *OTHERS]
    repair = searched(case({"ips": 4}, staff, {7: 7}, duties=HELD, settings=ONE_SCHOOL_MODE, **TWO_SCHOOLS)).repairs[0]
    assert (repair.price, repair.becomes_valid, repair.edits[0].facts["teacher"]) == (30, ("B",), "A")


def test_consent_is_part_of_the_repair_where_nobody_is_willing() -> None:
    staff = [teacher("A", "ips", willing=False), teacher("B", "ips", willing=False), *OTHERS]
    repair = searched(case({"ips": 4}, staff, {7: 7}, duties=HELD, settings=ONE_SCHOOL_MODE, **TWO_SCHOOLS)).repairs[0]
    # 15 points for the consent beside the 30.
    assert ([edit.kind for edit in repair.edits], repair.price, repair.unverified) == (["willing", "partner_hours"], 45, True)


def partner_with_classes(*partner_staff: object) -> Case:
    """The partner has 6 rombel of its own: 24 JP of IPS."""
    classes = {**TWO_SCHOOLS, "rombels": (*rombels({7: 7}), *rombels({7: 6}, "2"))}
    duties = [*HELD, *no_duties(MAIN_DUTIES, "2")]
    return case({"ips": 4}, [*PAIR, *OTHERS, *partner_staff], duties=duties, settings=ONE_SCHOOL_MODE, **classes)  # type: ignore[list-item]


def test_a_partner_gives_a_class_away_by_an_order_of_the_dinas() -> None:
    repair = searched(partner_with_classes(teacher("P", home="2", may_teach=("ips",)), teacher("Q", home="2"))).repairs[0]
    # P teaches the classes without a certificate, and gives one away. Price 30 + 4 JP + 6 km.
    assert (repair.kind, repair.price, repair.becomes_valid, repair.loses) == ("partner_class", 40, ("B",), ())


def test_a_class_of_a_certified_teacher_is_no_need_of_the_other_school() -> None:
    found = searched(partner_with_classes(teacher("P", "ips", "2"), teacher("Q", home="2")), cheap("partner_class"))
    assert not any(edit.kind == "partner_class" for repair in found.repairs for edit in repair.edits)


def test_a_partner_that_needs_its_hours_gives_none() -> None:
    # Two teachers share the partner's 24 JP: 16 + 2 + 6 makes one valid, and a class less would leave none; the partner keeps that one.
    found = searched(partner_with_classes(teacher("P", "ips", "2"), teacher("Q", "ips", "2")), cheap("partner_class"))
    assert all(repair.valid_after > repair.valid_before for repair in found.repairs)
    assert all("P" not in repair.loses for repair in found.repairs)


def test_hours_outside_the_file_are_exactly_those_that_are_missing() -> None:
    repair = only(searched(case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD), cheap("outside_hours")), "outside_hours")
    assert (dict(repair.edits[0].facts), repair.becomes_valid, repair.unverified) == ({"teacher": "B", "jtm": 4}, ("B",), True)


def test_open_hours_want_only_consent() -> None:
    staff = [teacher("A", "ips", willing=False), teacher("B", "ips", willing=False), *OTHERS]
    hours = (OpenHours("2", "ips", 4, row=1),)
    of = case({"ips": 4}, staff, {7: 7}, duties=HELD, settings=ONE_SCHOOL_MODE, open_hours=hours, **TWO_SCHOOLS)
    repair = searched(of).repairs[0]
    assert (repair.kind, repair.price, repair.becomes_valid, repair.unverified) == ("willing", 15, ("B",), True)


def test_kokurikuler_hours_that_were_not_counted_mend_it() -> None:
    # 8 × 3 = 24 counted JP: 18 + 6; with kokurikuler 32: 16 + 16.
    repair = searched(case({"ips": (3, 1)}, [*PAIR, *OTHERS], duties=HELD, settings=Settings(count_kokurikuler=False))).repairs[0]
    assert (repair.kind, repair.price, repair.becomes_valid) == ("kokurikuler", 5, ("B",))


def test_a_teacher_with_a_limit_of_twelve_may_teach_more() -> None:
    staff = [teacher("A", "ips"), teacher("B", "ips", max_jp=12), *OTHERS]
    repair = searched(case({"ips": 4}, staff, {7: 9}, duties=HELD)).repairs[0]
    assert (repair.kind, repair.price, repair.becomes_valid) == ("max_jp", 10, ("B",))


def test_unconfirmed_linearity_is_marked_so() -> None:
    # 3 × 5 + 2 + 6 = 23; the table's row ipa → informatika is marked C: 3 JP more would count.
    staff = [teacher("A", "ipa"), *(replace(other, may_teach=("informatika",)) for other in OTHERS)]
    repair = only(searched(case({"ipa": 5, "informatika": 3}, staff, {7: 3}, duties=HELD), cheap("unverified_linearity")), "unverified_linearity")
    assert (repair.becomes_valid, repair.unverified) == (("A",), True)


# --- duties --------------------------------------------------------------------------------------------------------------------------------


def test_one_main_duty_that_was_switched_off_makes_both_valid_under_15_2018() -> None:
    # 32 JP, no TTU: 20 + 6 reach 24, the other's 12 + 5 do not. With one TTU: 12 + 12 = 24.
    of = case({"ips": 4}, list(PAIR), policy="permendikbud15_2018", duties=no_duties(MAIN_DUTIES))
    repair = searched(of).repairs[0]
    assert (repair.kind, repair.price, repair.becomes_valid, len(repair.edits)) == ("duty_post", 5, ("B",), 1)


def test_a_laboratory_brings_a_main_duty() -> None:
    # B: 12 real hours and 12 of the head of laboratory.
    of = case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD[:2], schools=(school(laboratories=0),))
    assert only(searched(of, cheap("laboratory")), "laboratory").becomes_valid == ("B",)


def test_a_library_brings_a_main_duty() -> None:
    of = case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=(HELD[0], HELD[2]), schools=(school(has_library=False),))
    assert only(searched(of, cheap("library")), "library").becomes_valid == ("B",)


def test_candidates_of_a_main_duty_are_opened() -> None:
    of = case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=(*HELD[:2], duty("kepala_laboratorium", candidates=("Z",))))
    repair = only(searched(of, cheap("duty_candidates")), "duty_candidates")
    assert (repair.becomes_valid, repair.unverified) == (("B",), True)


def test_two_clubs_are_found_where_three_would_do_too() -> None:
    # 40 JP, no duty at all: 24 + 2 = 26 and 16 + 2 = 18, 6 are missing: three clubs of 2. But 20 + 2 + 2 each needs only two.
    of = case({"ips": 4}, list(PAIR), {7: 10}, duties=())
    small = [rule.id for rule in of.policy.duties if rule.id != "pembina_ekskul"]
    off = case({"ips": 4}, list(PAIR), {7: 10}, duties=no_duties(small))
    repair = only(searched(off, cheap("extracurricular")), "extracurricular")
    assert (len(repair.edits), repair.valid_after, repair.shortfall_after) == (2, 2, 0)


# --- the school, the law ---------------------------------------------------------------------------------------------------------------------


def test_one_rombel_more_brings_the_hours() -> None:
    repair = only(searched(case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD), cheap("rombel_more")), "rombel_more")
    assert (repair.becomes_valid, repair.uncovered_after) == (("B",), 0)


def test_a_rombel_that_the_pupils_do_not_fill_needs_new_ones() -> None:
    # PP 74/2008: 6 JTM at home. 3 JP at home and 21 elsewhere are 24, and not valid; with a second rombel 6 + 21. 25 pupils do not fill two rombel.
    hours = tuple(OpenHours("2", "pjok", 3, row=number) for number in range(1, 8))
    of = case({"pjok": 3}, [teacher("A", "pjok")], {7: 1}, policy="pp74_2008", settings=ONE_SCHOOL_MODE, open_hours=hours, **TWO_SCHOOLS)
    repair = searched(of).repairs[0]
    # 90 and 30 points.
    assert (repair.kind, repair.price, repair.becomes_valid, repair.unverified) == ("rombel_more", 120, ("A",), True)


def test_a_rombel_more_that_leaves_lessons_without_teachers_is_not_shown() -> None:
    # Matematika: 40 JP in the hands of one teacher, the most there is; a ninth class would stay without one.
    staff = [*PAIR, *OTHERS, teacher("M", "matematika")]
    found = searched(case({"ips": 3, "matematika": 5}, staff, duties=HELD), cheap("rombel_more"))
    assert all(repair.kind != "rombel_more" for repair in found.repairs)


def test_a_teacher_moves_to_where_the_hours_are() -> None:
    found = searched(partner_with_classes(teacher("Q", home="2", may_teach=("ips",))), cheap("teacher_moved"))
    # The partner's 24 JP are taught by Q, who has no certificate: with them the one who moves is valid, the other keeps 28 JP.
    assert only(found, "teacher_moved").valid_after == 2


def test_the_minimum_falls_no_further_than_needed() -> None:
    repair = only(searched(case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD), cheap("minimum")), "minimum")
    assert (repair.edits[0].facts["min_jtm"], repair.becomes_valid) == (20, ("B",))


def test_repairs_of_two_teachers_are_combined() -> None:
    # IPA beside IPS: 3 × 5 + 2 + 6 = 23 and 3 × 4 + 2 + 6 = 20, so that 1 and 4 JTM are missing.
    of = case({"ipa": 5, "ips": 4}, [teacher("A", "ipa"), teacher("B", "ips"), *OTHERS], {7: 3}, duties=HELD)
    found = searched(of, Prices({**load_prices().of_kind, "rombel_more": Price(1000)}))
    both = only(found, "combination")
    # 80 + 4 × 1 and 80 + 4 × 4 points.
    assert (both.becomes_valid, both.price, both.shortfall_after) == (("A", "B"), 180, 0)
    assert {code: repair.kind for code, repair in found.by_teacher.items()} == {"A": "outside_hours", "B": "outside_hours"}


def test_three_main_duties_and_a_ninth_rombel_make_three_teachers_valid() -> None:
    # IPA: 9 × 5 = 45 JP are 15 each, and beside a main duty 15 + 12 reach 24; with 40 JP, or with two main duties, only two are valid.
    # Points: 3 × 5 and 90.
    staff = [teacher("A", "ipa"), teacher("B", "ipa"), teacher("C", "ipa"), *OTHERS]
    repair = searched(case({"ipa": 5}, staff, {7: 4, 8: 4}, duties=no_duties(MAIN_DUTIES))).repairs[0]
    assert (repair.kind, repair.price, repair.becomes_valid) == ("combination", 105, ("C",))
    assert [edit.kind for edit in repair.edits] == ["duty_post"] * 3 + ["rombel_more"]


# --- the search as a whole -------------------------------------------------------------------------------------------------------------------


def test_what_was_not_tried_in_time_is_not_shown() -> None:
    of = case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD)
    found = repairs(of, reached(of, ONE_WORKER), (), SolveOptions(workers=1, seconds=0.0), load_prices())
    assert (found.repairs, found.finished) == ((), False)


def test_a_stop_ends_the_search() -> None:
    of = case({"ips": 4}, [*PAIR, *OTHERS], {7: 7}, duties=HELD)
    options = SolveOptions(workers=1)
    before = reached(of, options)
    options.stop.set()
    assert repairs(of, before, (), options, load_prices()).finished is False


@pytest.mark.slow
def test_the_main_school_of_taman_rajo_has_at_least_three_repairs_and_the_first_does_what_it_says(tmp_path: Path) -> None:
    instance, _ = read_workbook(Path(__file__).parents[1] / "instances/taman-rajo/sekolah.xlsx")
    of = Case(instance, load_law(instance.settings))
    found = repairs(of, reached(of, SolveOptions()), (), SolveOptions(), load_prices())
    assert len(found.repairs) >= 3
    assert "G09" in found.repairs[0].becomes_valid
    path = tmp_path / "baru.xlsx"
    write_workbook(applied(instance, found.repairs[0].edits), path)
    changed, _ = read_workbook(path)
    plan = make_plan(Case(changed, load_law(changed.settings)), SolveOptions(), with_week=False)
    counted = [load for load in plan.teachers if load.counted]
    promised = (found.repairs[0].valid_after, found.repairs[0].shortfall_after)
    assert (sum(load.met for load in counted), sum(load.shortfall for load in counted)) == promised


def test_a_change_that_leaves_no_plan_is_an_answer_not_an_unfinished_search() -> None:
    # Drawn at random: one of its changes, solved, is INFEASIBLE.
    of, _ = tiny_case("hunt1172")
    assert repairs(of, reached(of, ONE_WORKER), (), ONE_WORKER, load_prices()).finished


def test_two_searches_find_the_same() -> None:
    of = partner_with_classes(teacher("P", home="2", may_teach=("ips",)), teacher("Q", home="2"))
    before = reached(of, ONE_WORKER)
    assert searched(of) == repairs(of, before, (), SolveOptions(workers=2), load_prices())


@pytest.mark.parametrize("index", range(COUNT))
def test_repairs_of_a_tiny_case_do_what_they_say(index: int) -> None:
    of, _ = tiny_case(f"{SEED}-repair-{index}")
    before = reached(of, ONE_WORKER)
    found = repairs(of, before, (), ONE_WORKER, load_prices())
    assert found.finished
    valid = {repair.number: keeps_its_promise(of, before, repair) for repair in found.repairs}
    for repair in found.repairs:
        for other in found.repairs:
            is_better = other.price <= repair.price and other.shortfall_after <= repair.shortfall_after
            beaten = other is not repair and is_better and valid[other.number] >= valid[repair.number]
            assert not beaten, f"SCHEDULER_SEED={SEED}, case {index}: {other} beats {repair}"


def keeps_its_promise(of: Case, before: Reached, repair: Repair) -> frozenset[str]:
    """Apply the repair and divide the work anew: the numbers are those that were promised. Returns who is valid then."""
    changed = edited_case(of, repair.edits)
    again = reached(changed, ONE_WORKER)
    promised = (repair.valid_after, repair.shortfall_after, repair.uncovered_after)
    assert (len(again.valid), again.shortfall, again.uncovered) == promised, f"SCHEDULER_SEED={SEED}: {repair}"
    assert set(repair.becomes_valid) == again.valid - before.valid
    assert set(repair.loses) == before.valid - again.valid
    assert again.uncovered <= before.uncovered
    if brute_force.number_of_plans(changed) <= MOST_PLANS:
        best = brute_force.best_plan(changed, again.plan.partners, compared=[level.name for level in again.levels])
        assert best is not None
        assert (set(best.valid), best.levels["shortfall_jtm"]) == (again.valid, again.shortfall), f"SCHEDULER_SEED={SEED}: {repair}"
    new_problems = Counter(p.kind for p in check_json_instance(changed.instance, "")) - Counter(p.kind for p in check_json_instance(of.instance, ""))
    assert not new_problems, f"SCHEDULER_SEED={SEED}: {repair}"
    return again.valid


# --- words ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_repair_is_said_in_words(lang: str) -> None:
    of = partner_with_classes(teacher("P", home="2", may_teach=("ips",)), teacher("Q", home="2"))
    repair = searched(of).repairs[0]
    sentence = repair_sentence(Text(lang), of, repair)
    assert all(word in sentence for word in ("Guru B (B)", "4 JP", "SMP 2", "6 km", "20 men" if lang == "id" else "20 min"))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", EDITS)
def test_every_kind_of_edit_has_its_sentence(kind: str, lang: str) -> None:
    of = case({"ips": 4}, list(PAIR), {7: 2})
    facts: dict[str, str | int | float] = {"teacher": "A", "school": "1", "rombel": "7A", "subject": "ips", "duty": "wakasek", "name": "Tari"}
    edit = Edit(kind, {**facts, "jp": 4, "jtm": 3, "grade": 7, "maximum": 1, "min_jtm": 20, "number": 1})
    repair = Repair(1, kind, (edit, replace(edit, kind="kokurikuler")), 1, ("A",), (), 0, 1, 4, 0, 0, 0, True)
    assert "{" not in repair_sentence(Text(lang), of, repair)


# --- prices --------------------------------------------------------------------------------------------------------------------------------


def test_every_kind_of_edit_has_a_price_with_its_reason_in_both_languages() -> None:
    prices = load_prices().of_kind
    assert prices.keys() == EDITS.keys()
    assert all(price.reason_id and price.reason_en for price in prices.values())


def test_two_classes_of_one_visit_cost_the_way_once() -> None:
    edits = [Edit("partner_class", {"teacher": "A", "school": "2", "rombel": name, "subject": "ips", "jp": 4, "km": 6.0}) for name in ("7A", "7B")]
    # 30 for the visit, 6 km, 2 × 4 JP.
    assert load_prices().of(edits) == 44


def test_a_price_file_replaces_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "harga.toml"
    path.write_text("[partner_class]\npoints = 7\n[partner_class.per]\nkm = 0\n", encoding="utf-8")
    prices = load_prices(path)
    assert (prices.of_kind["partner_class"].points, dict(prices.of_kind["partner_class"].per)) == (7, {"jp": 1, "km": 0, "km_unknown": 15})
    assert prices.of_kind["minimum"] == load_prices().of_kind["minimum"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("[partner_klass]\npoints = 7\n", "policy.unknown_key_near"),
        ("[partner_class]\npoint = 7\n", "policy.unknown_key_near"),
        ("[partner_class]\npoints = '7'\n", "policy.not_a_number"),
        ("[partner_class]\npoints = true\n", "policy.not_a_number"),
        ("[partner_class]\npoints = -1\n", "policy.too_small"),
        ("[partner_class]\nper = 4\n", "policy.wrong_value"),
        ("[partner_class.per]\nmiles = 4\n", "policy.unknown_key"),
        ("[partner_class]\nreason_id = 4\n", "policy.not_a_text"),
        ("partner_class = 4\n", "policy.wrong_value"),
        ("[partner_class\n", "policy.not_toml"),
    ],
)
def test_a_price_file_that_is_not_understood_is_refused(content: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "harga.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_prices(path)
    assert [problem.kind for problem in refused.value.problems] == [kind]
    assert Text("id").say(kind, **{"file": "", "cell": "", **refused.value.problems[0].facts})


def test_a_price_file_that_is_not_there_is_named() -> None:
    with pytest.raises(PolicyError):
        load_prices("tidak-ada.toml")
