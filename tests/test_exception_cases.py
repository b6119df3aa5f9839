"""Exceptions with their computed need, as the official form has it: classes × JP, the sum, divided and rounded."""

from __future__ import annotations

from scheduler.diagnose.exceptions import exception_cases
from scheduler.diagnose.reach import reached
from scheduler.domain.explanation import ExceptionCase, NeedRow
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from tests.build import case, no_duties, teacher

MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")


def excepted(of: Case) -> tuple[ExceptionCase, ...]:
    return exception_cases(of, reached(of, SolveOptions(workers=1)).loads)


def test_who_misses_the_minimum_even_alone_is_excepted_by_the_structure() -> None:
    # 3 × 4 = 12 JP, 12 + 2 + 6 = 20 at most; 12 / 24 is below one whole teacher, so that one is needed.
    (found,) = excepted(case({"ips": 4}, [teacher("A", "ips")], {7: 3}, duties=no_duties(MAIN_DUTIES)))
    assert (found.teacher, found.reason, found.rows) == ("A", "exception_curriculum_structure", (NeedRow("ips", 3, 4, 12),))
    assert (found.total, found.divisor, found.needed, found.certified) == (12, 24, 1, ("A",))


def test_staff_that_matches_the_need_is_excepted() -> None:
    # 11 × 4 = 44 JP, 44 / 24 = 1.83: case by case, taken as 2. Two are there; 24 + 20 JP, limited to 12 the second reaches 12 + 2 + 6 = 20.
    staff = [teacher("A", "ips"), teacher("B", "ips", max_jp=12)]
    (found,) = excepted(case({"ips": 4}, staff, {7: 11}, duties=no_duties(MAIN_DUTIES)))
    assert (found.teacher, found.reason) == ("B", "exception_staffing_matches_need")
    assert (found.total, found.needed, found.certified) == (44, 2, ("A", "B"))


def test_a_surplus_is_no_exception() -> None:
    # 7 × 4 = 28 JP: one teacher is needed (28 / 24 = 1.17), two are there.
    assert excepted(case({"ips": 4}, [teacher("A", "ips"), teacher("B", "ips")], {7: 7}, duties=no_duties(MAIN_DUTIES))) == ()


def test_the_rows_of_a_family_sum_up_to_its_need() -> None:
    # Seni budaya and prakarya of one certificate: 2 × 3 and 2 × 2.
    of = case({"seni_budaya": 3, "prakarya": 2}, [teacher("A", "seni_budaya")], {7: 2}, duties=no_duties(MAIN_DUTIES))
    (found,) = excepted(of)
    assert sum(row.total for row in found.rows) == found.total
    assert all(row.classes * row.jp == row.total for row in found.rows)


def test_article_and_confidence_are_the_rulesets() -> None:
    of = case({"ips": 4}, [teacher("A", "ips")], {7: 3}, duties=no_duties(MAIN_DUTIES))
    (found,) = excepted(of)
    source = of.policy.sources["exception_curriculum_structure"]
    assert (found.article, found.confidence) == (source.article, source.confidence)
    assert found.article


def test_valid_teachers_have_no_exception() -> None:
    assert excepted(case({"ips": 4}, [teacher("A", "ips")], duties=no_duties(MAIN_DUTIES))) == ()
