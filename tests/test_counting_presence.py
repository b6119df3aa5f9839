"""Teachers present against classes, over sets of slots; long lessons against days."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.counting.finding import Finding
from scheduler.counting.presence import times_in_words
from scheduler.counting.week import findings
from scheduler.domain.entities import AssignmentRow, Availability, AvailabilityKind, Rombel, StructureRow, Teacher
from scheduler.policy.case import Case
from tests.build import HOME, case, locked, teacher, week

TWO = {7: 2}


def found(of: Case, kind: str) -> list[Finding]:
    return [finding for finding in findings(of) if finding.kind == kind]


def away(code: str, day: str, *periods: int) -> tuple[Availability, ...]:
    return tuple(Availability(code, day, period, AvailabilityKind.IMPOSSIBLE) for period in periods or (None,))


def full(staff: Sequence[Teacher], grades: dict[int, int], closed: Sequence[Availability] = (), rows: Sequence[AssignmentRow] = ()) -> Case:
    """Classes of 10 JP of IPA in a week of 5 × 2 periods."""
    return case({"ipa": 10}, staff, grades, availability=closed, assignments=tuple(rows), slots=week((2, 2, 2, 2, 2)))


def test_a_set_of_slots_is_short_though_each_slot_alone_is_fine() -> None:
    # Two full classes; A is away on Thursday and Friday, C has 2 JP. Each of these 4 periods has two teachers, B and C, for two classes;
    # but together B gives 4 and C 2 of the 8 that are needed: 2 missing.
    staff = [teacher("A", "ipa"), teacher("B", "ipa"), teacher("C", "ipa", max_jp=2)]
    (note,) = found(full(staff, TWO, (*away("A", "Kamis"), *away("A", "Jumat"))), "too_few_teacher_hours")
    facts = note.facts
    assert (facts["times"], facts["needed"], facts["available"], facts["missing"]) == ("Kamis 1-2; Jumat 1-2", 8, 6, 2)
    assert not note.hard


def test_with_enough_hours_the_set_is_fine() -> None:
    staff = [teacher("A", "ipa"), teacher("B", "ipa"), teacher("C", "ipa", max_jp=4)]
    assert not found(full(staff, TWO, (*away("A", "Kamis"), *away("A", "Jumat"))), "too_few_teacher_hours")


def test_two_subjects_locked_to_teachers_who_share_their_absence_leave_no_week() -> None:
    # One class, 5 + 5 JP in 5 × 2 periods, both teachers away on Friday: each has 8 open slots for 5 JP, but nobody is there on Friday.
    rows = (locked("A", "7A", "ipa"), locked("B", "7A", "ips"))
    one = case(
        {"ipa": 5, "ips": 5},
        [teacher("A", "ipa"), teacher("B", "ips")],
        {7: 1},
        availability=(*away("A", "Jumat"), *away("B", "Jumat")),
        assignments=rows,
        slots=week((2, 2, 2, 2, 2)),
    )
    (over,) = [finding for finding in findings(one) if finding.hard]
    assert (over.kind, over.facts["times"], over.facts["missing"]) == ("locked_lessons_without_teacher", "Jumat 1-2", 2)


def test_unlocked_lessons_may_stand_without_a_teacher() -> None:
    rows = (locked("A", "7A", "ipa"),)
    one = case(
        {"ipa": 5, "ips": 5},
        [teacher("A", "ipa"), teacher("B", "ips")],
        {7: 1},
        availability=(*away("A", "Jumat"), *away("B", "Jumat")),
        assignments=rows,
        slots=week((2, 2, 2, 2, 2)),
    )
    assert not [finding for finding in findings(one) if finding.hard]
    (note,) = found(one, "too_few_teachers_present")
    assert note.facts["missing"] == 2


def test_empty_periods_may_lie_where_nobody_is() -> None:
    # 8 JP in 10 periods: the two empty ones are Friday's.
    rows = (locked("A", "7A", "ipa"),)
    one = case({"ipa": 8}, [teacher("A", "ipa")], {7: 1}, availability=away("A", "Jumat"), assignments=rows, slots=week((2, 2, 2, 2, 2)))
    assert not [finding for finding in findings(one) if finding.hard]
    assert not found(one, "too_few_teachers_present")


def test_one_class_may_be_short_where_the_school_is_not() -> None:
    # C and D are there on Friday, but for 7B alone; 7A has A, who is away: 2 periods without a teacher.
    rows = (locked("A", "7A", "ipa"),)
    staff = [teacher("A", "ipa"), teacher("C", "ipa"), teacher("D", "ipa")]
    (over,) = found(
        case(
            {"ipa": 8, "ips": 2},
            [*staff, teacher("E", "ips", max_jp=1)],
            TWO,
            availability=away("A", "Jumat"),
            assignments=rows,
            slots=week((2,) * 5),
        ),
        "class_without_its_teachers",
    )
    # Of the 2 JP of IPS one may be taught by E, so one period of Friday at least stays without a teacher.
    assert (over.facts["rombels"], over.facts["times"], over.facts["missing"], over.hard) == ("7A", "Jumat 1-2", 1, False)


def test_a_teacher_locked_elsewhere_has_fewer_hours_for_these_classes() -> None:
    # 7A in the morning pattern, 7B in the afternoon's; A is locked to 7B with all 10 of his JP Maks, so 7A has nobody.
    rombels = (Rombel(HOME, "7A", 7, "k"), Rombel(HOME, "7B", 7, "k", bell="siang"))
    slots = (*week((2,) * 5), *week((2,) * 5, "siang"))
    rows = (locked("A", "7B", "ipa"), locked("B", "7A", "ips"))
    busy = case(
        {"ipa": 5, "ips": 5}, [teacher("A", "ipa", max_jp=5), teacher("B", "ips", mgmp_day="Jumat")], rombels=rombels, slots=slots, assignments=rows
    )
    notes = found(busy, "too_few_teachers_present")
    assert [note.facts["pattern"] for note in found(busy, "too_few_teacher_hours") + notes] == []
    # With the fifth JP of A taken, only B's hours are left for 7A: told as hours that exceed their teachers.
    (short,) = found(busy, "subject_hours_exceed_teachers")
    assert short.facts["missing"] == 5


def test_times_are_named_in_runs() -> None:
    slots = [("Jumat", 1), ("Jumat", 2), ("Jumat", 4), ("Sabtu", 3)]
    assert times_in_words(slots) == "Jumat 1-2, 4; Sabtu 3"


def test_double_lessons_need_pairs_of_periods() -> None:
    # Three periods a day have room for one lesson of two: 5, where 3 × 2 = 6 are wanted; 12 JP fit 15 periods.
    rows = tuple(StructureRow("k", 7, subject, 4, blocks=(2, 2)) for subject in ("ipa", "ips", "matematika"))
    crowded = case({"ipa": 4, "ips": 4, "matematika": 4}, [teacher("A", "ipa")], {7: 1}, structure=rows, slots=week((3, 3, 3, 3, 3)))
    (over,) = found(crowded, "class_blocks_exceed_days")
    assert (over.hard, over.facts["length"], over.facts["lessons"], over.facts["room"]) == (True, 2, 6, 5)


def test_locked_double_lessons_need_pairs_of_open_periods() -> None:
    # Periods 2 and 4 closed on every day of four: 10 open periods for 8 JP, none of them beside another.
    closed = tuple(slot for day in ("Senin", "Selasa", "Rabu", "Kamis", "Jumat") for slot in away("A", day, 2, 4))
    rows = (StructureRow("k", 7, "ipa", 8, blocks=(2, 2, 2, 2)),)
    split = case(
        {"ipa": 8}, [teacher("A", "ipa")], {7: 1}, structure=rows, availability=closed, assignments=(locked("A", "7A", "ipa"),), slots=week((4,) * 5)
    )
    (over,) = found(split, "locked_blocks_exceed_open_periods")
    assert (over.hard, over.facts["lessons"], over.facts["room"]) == (True, 4, 0)
