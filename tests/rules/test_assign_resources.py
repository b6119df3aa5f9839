"""Rooms."""

from dataclasses import replace

from scheduler.domain.entities import Room
from tests import build
from tests.rules import plans

ROOMS = (Room(build.HOME, "Lab IPA", subjects=("ipa",)), Room(build.HOME, "Lab 2", subjects=("ipa",)), Room(build.HOME, "Aula"))
ROMBELS = tuple(replace(rombel, room="R7A") for rombel in build.rombels({7: 1}))
CASE = plans.small_case(
    {"ipa": 1, "ips": 1}, [build.teacher("A", "ipa"), build.teacher("B", "ips")], rombels=ROMBELS, rooms=ROOMS, slots=build.week((4,))
)
LESSONS = [("1/7A/IPA", "Senin", 1, 1, "Lab IPA"), ("1/7A/IPS", "Senin", 2, 1, "R7A")]
GOOD = plans.plan(CASE, {"1/7A/IPA": "A", "1/7A/IPS": "B"}, lessons=LESSONS)


def test_subject_in_one_of_its_rooms_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)
    plans.assert_good(CASE, plans.with_lesson(CASE, GOOD, 0, room="Lab 2"))


def test_subject_outside_its_rooms_is_reported() -> None:
    violation = plans.assert_only("assign_resources", CASE, plans.with_lesson(CASE, GOOD, 0, room=""))
    assert violation.facts == {"need": "1/7A/IPA", "day": "Senin", "period": 1, "room": "-", "allowed": "Lab 2, Lab IPA"}


def test_ordinary_subject_needs_no_room_but_takes_no_other() -> None:
    plans.assert_good(CASE, plans.with_lesson(CASE, GOOD, 1, room=""))
    plans.assert_only("assign_resources", CASE, plans.with_lesson(CASE, GOOD, 1, room="Aula"))
