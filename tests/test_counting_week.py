"""What the week forbids, by counting: class hours, locked hours, blocks, rooms, teachers present."""

from __future__ import annotations

from dataclasses import replace

from scheduler.counting.capacity import open_periods
from scheduler.counting.finding import Finding
from scheduler.counting.week import findings
from scheduler.domain.entities import (
    Availability,
    AvailabilityKind,
    Distance,
    Group,
    Rombel,
    Room,
    Slot,
    SlotKind,
    StructureRow,
)
from scheduler.domain.instance import Settings
from scheduler.domain.rules import Part
from scheduler.policy.case import Case
from scheduler.report.text import LANGUAGES, Text
from tests.build import HOME, case, locked, registry_subjects, school, teacher, week

ONE_CLASS = {7: 1}


def found(of: Case, kind: str) -> list[Finding]:
    return [finding for finding in findings(of) if finding.kind == kind]


def test_more_hours_than_the_grid_is_impossible_and_said_first() -> None:
    # 48 JP in 10 + 10 + 10 + 10 + 7 = 47 periods.
    crowded = case({"ipa": 30, "ips": 18}, [teacher("A", "ipa"), teacher("B", "ips")], ONE_CLASS, slots=week((10, 10, 10, 10, 7)))
    first = findings(crowded)[0]
    assert (first.kind, first.hard, first.part, first.excess) == ("class_hours_exceed_grid", True, Part.WEEK, 1)
    sentence = Text("id").say(f"findings.{first.kind}", **first.facts)
    assert sentence.startswith("48 JP untuk kelas 7A (SMP 1), seminggu hanya 47 jam")


def test_the_largest_excess_is_the_loudest() -> None:
    # 7A: 50 in 40, 8A: 45 in 40.
    rows = (StructureRow("k", 7, "ipa", 50), StructureRow("k", 8, "ipa", 45))
    loud = findings(case({"ipa": 1}, [teacher("A", "ipa")], {7: 1, 8: 1}, structure=rows, slots=week()))
    assert [(f.facts["rombel"], f.excess) for f in loud if f.kind == "class_hours_exceed_grid"] == [("7A", 10), ("8A", 5)]


def test_fewer_hours_than_the_grid_are_a_note_for_all_such_classes_together() -> None:
    # 9 of 40 periods in both classes.
    (note,) = found(case({"ipa": 9}, [teacher("A", "ipa")], {7: 2}, slots=week()), "class_hours_below_grid")
    assert not note.hard
    assert (note.facts["rombels"], note.facts["empty"]) == ("7A, 7B", 31)


def test_a_full_grid_is_no_finding() -> None:
    full = case({"ipa": 40}, [teacher("A", "ipa")], ONE_CLASS, slots=week())
    assert not [f for f in findings(full) if f.kind.startswith("class_hours")]


def test_parallel_groups_take_the_time_of_the_class_once() -> None:
    # 38 JP + Islam and Kristen 3 JP each at the same time = 41; one after the other they would be 44.
    groups = (
        Group("AI", HOME, ("7A",), "pabp_islam", 3, parallel="AK"),
        Group("AK", HOME, ("7A",), "pabp_kristen", 3, parallel="AI"),
    )
    parts = {"groups": groups, "subjects": registry_subjects(["ipa", "pabp_islam", "pabp_kristen"])}
    (over,) = found(case({"ipa": 38}, [teacher("A", "ipa")], ONE_CLASS, slots=week(), **parts), "class_hours_exceed_grid")
    assert over.facts["jp"] == 41


def test_ceremonies_and_breaks_are_no_periods() -> None:
    slots = (*week((8, 8, 8, 8, 7)), Slot("pagi", "Jumat", 8, SlotKind.CEREMONY, order=8))
    (over,) = found(case({"ipa": 40}, [teacher("A", "ipa")], ONE_CLASS, slots=slots), "class_hours_exceed_grid")
    assert over.facts["periods"] == 39


def test_a_rombel_of_the_second_shift_has_its_own_grid() -> None:
    slots = (*week(), *week((6, 6, 6, 6, 6), "siang"))
    rombels = (Rombel(HOME, "7A", 7, "k"), Rombel(HOME, "7B", 7, "k", bell="siang"))
    (over,) = found(case({"ipa": 35}, [teacher("A", "ipa")], rombels=rombels, slots=slots), "class_hours_exceed_grid")
    assert (over.facts["rombel"], over.facts["periods"]) == ("7B", 30)


def test_without_any_bell_times_there_is_no_week() -> None:
    (without,) = found(case({"ipa": 5}, [teacher("A", "ipa")]), "no_bell_times")
    assert (without.hard, without.part, without.facts["count"]) == (True, Part.WEEK, 8)


def test_a_partner_school_without_bell_times_is_a_note() -> None:
    schools = (school(), school("2", bell="lain", partner=True))
    rombels = (Rombel(HOME, "7A", 7, "k"), Rombel("2", "7A", 7, "k"))
    two = case({"ipa": 5}, [teacher("A", "ipa")], rombels=rombels, schools=schools, slots=week())
    (without,) = found(two, "no_bell_times")
    assert (without.hard, without.facts["npsn"]) == (False, "2")


def test_a_partner_school_without_bell_times_uses_those_of_the_main_school() -> None:
    schools = (school(), school("2", bell="lain", partner=True))
    rombels = (Rombel(HOME, "7A", 7, "k"), Rombel("2", "7A", 7, "k"))
    settings = Settings(main_school=HOME)
    two = case({"ipa": 50}, [teacher("A", "ipa")], rombels=rombels, schools=schools, slots=week(), settings=settings)
    assert [finding.facts["npsn"] for finding in found(two, "class_hours_exceed_grid")] == [HOME, "2"]


def test_locked_hours_above_the_open_slots_are_impossible() -> None:
    # Locked to 8 × 5 = 40 JP, but away on Monday: 32 slots.
    away = (Availability("A", "Senin", None, AvailabilityKind.IMPOSSIBLE),)
    rows = tuple(locked("A", f"{grade}{letter}", "ipa") for grade, letters in ((7, "ABC"), (8, "ABC"), (9, "AB")) for letter in letters)
    (over,) = found(case({"ipa": 5}, [teacher("A", "ipa")], availability=away, assignments=rows, slots=week()), "locked_hours_exceed_open_slots")
    assert (over.hard, over.facts["jp"], over.facts["periods"]) == (True, 40, 32)


def test_an_mgmp_day_closes_the_day() -> None:
    busy = case({"ipa": 5}, [teacher("A", "ipa", mgmp_day="Rabu")], slots=week())
    assert open_periods(busy, "A") == 32


def test_single_closed_periods_are_counted_once() -> None:
    twice = tuple(Availability("A", "Senin", 1, kind) for kind in (AvailabilityKind.IMPOSSIBLE, AvailabilityKind.UNWANTED))
    assert open_periods(case({"ipa": 5}, [teacher("A", "ipa")], availability=twice, slots=week()), "A") == 39


def test_two_shifts_that_do_not_overlap_add_up() -> None:
    # Morning 5 × 8 from 07.15 to 12.35, afternoon 5 × 5 from 13.00: 65 periods for who teaches in both.
    afternoon = tuple(replace(slot, start=780 + 40 * slot.order, end=820 + 40 * slot.order) for slot in week((5, 5, 5, 5, 5), "siang"))
    rombels = (Rombel(HOME, "7A", 7, "k"), Rombel(HOME, "7B", 7, "k", bell="siang"))
    assert open_periods(case({"ipa": 5}, [teacher("A", "ipa")], rombels=rombels, slots=(*week(), *afternoon)), "A") == 65


def test_two_shifts_without_a_clock_are_not_mixed_on_a_day() -> None:
    slots = tuple(replace(slot, start=None, end=None) for slot in (*week(), *week((5, 5, 5, 5, 5), "siang")))
    rombels = (Rombel(HOME, "7A", 7, "k"), Rombel(HOME, "7B", 7, "k", bell="siang"))
    assert open_periods(case({"ipa": 5}, [teacher("A", "ipa")], rombels=rombels, slots=slots), "A") == 40


def test_a_locked_subject_with_more_lessons_than_days_of_its_teacher_is_impossible() -> None:
    # 5 JP in 2+2+1 need three days; the teacher is there on two.
    away = tuple(Availability("A", day, None, AvailabilityKind.IMPOSSIBLE) for day in ("Senin", "Selasa", "Rabu"))
    short = case({"ipa": 5}, [teacher("A", "ipa")], ONE_CLASS, availability=away, assignments=(locked("A", "7A", "ipa"),), slots=week())
    (over,) = found(short, "locked_lessons_exceed_teacher_days")
    assert (over.hard, over.facts["lessons"], over.facts["days"]) == (True, 3, 2)


def test_more_lessons_than_days_are_a_note() -> None:
    # 12 JP in six blocks of two, five days: one day has two of them.
    (note,) = found(case({"ipa": 12}, [teacher("A", "ipa")], ONE_CLASS, slots=week()), "more_lessons_than_days")
    assert (note.hard, note.facts["lessons"], note.facts["days"]) == (False, 6, 5)


def test_a_lesson_longer_than_any_day_is_impossible() -> None:
    rows = (StructureRow("k", 7, "ipa", 5, blocks=(5,)),)
    (over,) = found(case({"ipa": 5}, [teacher("A", "ipa")], ONE_CLASS, structure=rows, slots=week((4, 4, 4, 4, 4))), "lesson_longer_than_day")
    assert (over.hard, over.facts["length"], over.facts["periods"]) == (True, 5, 4)


def test_a_break_cuts_the_day_only_where_lessons_may_not_run_over_it() -> None:
    # Periods 1-3, a break, periods 4-6: at most 3 in a row, or 6 over the break.
    slots = tuple(
        Slot("pagi", day, period, kind, order=order)
        for day in ("Senin", "Selasa")
        for order, (period, kind) in enumerate([(1, SlotKind.LESSON), (2, SlotKind.LESSON), (3, SlotKind.LESSON), (0, SlotKind.BREAK)])
    ) + tuple(Slot("pagi", day, period, SlotKind.LESSON, order=period + 1) for day in ("Senin", "Selasa") for period in (4, 5, 6))
    rows = (StructureRow("k", 7, "ipa", 4, blocks=(4,)),)
    strict = case({"ipa": 4}, [teacher("A", "ipa")], ONE_CLASS, structure=rows, slots=slots, settings=Settings(blocks_may_straddle_breaks=False))
    loose = case({"ipa": 4}, [teacher("A", "ipa")], ONE_CLASS, structure=rows, slots=slots)
    assert [finding.facts["periods"] for finding in found(strict, "lesson_longer_than_day")] == [3]
    assert not found(loose, "lesson_longer_than_day")


def test_two_parallel_groups_cannot_be_locked_to_one_teacher() -> None:
    groups = (
        Group("AI", HOME, ("7A",), "pabp_islam", 3, parallel="AK"),
        Group("AK", HOME, ("7A",), "pabp_kristen", 3, parallel="AI"),
    )
    rows = (locked("A", "AI", "pabp_islam"), locked("A", "AK", "pabp_kristen"))
    subjects = registry_subjects(["ipa", "pabp_islam", "pabp_kristen"])
    both = case({"ipa": 5}, [teacher("A", "pai")], ONE_CLASS, groups=groups, assignments=rows, subjects=subjects, slots=week())
    assert [finding.hard for finding in found(both, "parallel_groups_one_teacher")] == [True]


def test_subjects_share_the_rooms_that_name_them() -> None:
    # Three classes × (20 + 8) JP = 84 in two rooms × 40 periods = 80: one room serves both subjects, the other one of them.
    rooms = (Room(HOME, "Lab 1", "lab", subjects=("ipa",)), Room(HOME, "Lab 2", "lab", subjects=("ipa", "informatika")))
    crowded = case({"ipa": 20, "informatika": 8}, [teacher("A", "ipa")], {7: 3}, rooms=rooms, slots=week())
    (over,) = found(crowded, "room_hours_exceed_rooms")
    assert (over.hard, over.facts["jp"], over.facts["periods"], over.facts["rooms"]) == (True, 84, 80, 2)


def test_an_ordinary_room_limits_nothing() -> None:
    assert not found(case({"ipa": 40}, [teacher("A", "ipa")], {7: 3}, rooms=(Room(HOME, "R1"),), slots=week()), "room_hours_exceed_rooms")


def test_too_few_teachers_on_a_day_leave_lessons_without_one() -> None:
    # Two full classes; B is away on Friday, so each of its 8 periods has one teacher for two classes.
    away = (Availability("B", "Jumat", None, AvailabilityKind.IMPOSSIBLE),)
    (note,) = found(
        case({"ipa": 40}, [teacher("A", "ipa"), teacher("B", "ipa")], {7: 2}, availability=away, slots=week()), "too_few_teachers_present"
    )
    assert (note.hard, note.facts["day"], note.facts["teachers"], note.facts["missing"]) == (False, "Jumat", 1, 8)


def test_every_finding_has_a_sentence_in_both_languages() -> None:
    """Over the cases that between them have most kinds; the keys' equality in both languages is test_text's."""
    away = tuple(Availability("A", day, None, AvailabilityKind.IMPOSSIBLE) for day in ("Senin", "Selasa", "Rabu"))
    crowded = case(
        {"ipa": 50, "ips": 12},
        [teacher("A", "ipa", min_jp=45, max_jp=30)],
        ONE_CLASS,
        availability=away,
        assignments=(locked("A", "7A", "ipa"),),
        rooms=(Room(HOME, "Lab", "lab", subjects=("ipa",)),),
        slots=week(),
    )
    kinds = {finding.kind for finding in findings(crowded)}
    assert len(kinds) >= 8
    for lang in LANGUAGES:
        assert all(Text(lang).say(f"findings.{finding.kind}", **finding.facts) for finding in findings(crowded))


def test_schools_that_may_share_a_teacher_without_a_travel_time_are_noted() -> None:
    # A row of Jarak that gives km but no minutes: nobody can be planned at both schools on one day.
    pair = (school("1"), school("2", partner=True))
    way = Distance("1", "2", km=6.0)
    unsaid = case({"ipa": 2}, [teacher("A", "ipa")], settings=Settings(main_school="1"), schools=pair, distances=(way,), slots=week())
    assert len(found(unsaid, "way_unknown")) == 1
    said = replace(unsaid.instance, distances=(replace(way, minutes=15),))
    assert found(Case(said, unsaid.law), "way_unknown") == []
