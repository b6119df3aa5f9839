"""Block patterns, and blocks over a break."""

from dataclasses import replace

from scheduler.domain.entities import Slot, SlotKind
from scheduler.domain.instance import Settings
from tests import build
from tests.rules import plans

NEED = "1/7A/IPA"


def test_other_blocks_than_the_pattern_are_reported() -> None:
    # 5 JP = 2+2+1; moving one hour from Monday to Thursday gives 2+1+1+1.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], slots=build.week())
    good = plans.plan(case, {NEED: "A"}, lessons=[(NEED, "Senin", 1, 2), (NEED, "Selasa", 1, 2), (NEED, "Rabu", 1, 1)])
    plans.assert_good(case, good)
    halves = (replace(good.lessons[0], length=1), replace(good.lessons[0], day="Kamis", length=1))
    violation = plans.assert_only("split_events", case, plans.recorded(case, replace(good, lessons=(*halves, *good.lessons[1:]))))
    assert violation.facts == {"need": NEED, "lengths": "2+1+1+1", "blocks": "2+2+1"}


def test_block_over_a_break_is_reported_where_the_school_forbids_it() -> None:
    # Periods 1 2 | break | 3 4 on Monday.
    kinds = (SlotKind.LESSON, SlotKind.LESSON, SlotKind.BREAK, SlotKind.LESSON, SlotKind.LESSON)
    slots = tuple(Slot("pagi", "Senin", period, kind, order=order) for order, (period, kind) in enumerate(zip((1, 2, 0, 3, 4), kinds, strict=True)))
    strict = plans.small_case({"pjok": 2}, [build.teacher("A", "pjok")], slots=slots, settings=Settings(blocks_may_straddle_breaks=False))
    good = plans.plan(strict, {"1/7A/PJOK": "A"}, lessons=[("1/7A/PJOK", "Senin", 3, 2)])
    plans.assert_good(strict, good)
    over_the_break = plans.with_lesson(strict, good, 0, period=2)
    plans.assert_only("split_events", strict, over_the_break)
    free = plans.small_case({"pjok": 2}, [build.teacher("A", "pjok")], slots=slots, settings=Settings(blocks_may_straddle_breaks=True))
    plans.assert_good(free, over_the_break)
