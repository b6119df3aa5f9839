"""At most one change of school a day."""

from scheduler.domain.entities import Distance, OpenHours
from scheduler.domain.instance import Settings
from tests import build
from tests.rules import plans

AWAY, LATER = "2/mitra1/IPA", "1/7B/IPA"
CASE = plans.small_case(
    {"ipa": 1},
    [build.teacher("A", "ipa")],
    {7: 2},
    slots=build.week((8, 8)),
    schools=(build.school("1"), build.school("2", partner=True)),
    settings=Settings(main_school="1"),
    open_hours=(OpenHours("2", "ipa", 1, row=1),),
    distances=(Distance("1", "2", minutes=20),),
)
TIMES = [("1/7A/IPA", "Senin", 1, 1), (AWAY, "Senin", 4, 1), (LATER, "Selasa", 7, 1)]
GOOD = plans.plan(CASE, dict.fromkeys(("1/7A/IPA", AWAY, LATER), "A"), lessons=TIMES)


def test_one_change_a_day_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_going_there_and_back_is_reported() -> None:
    violation = plans.assert_only("one_change_of_school", CASE, plans.with_lesson(CASE, GOOD, 2, day="Senin"))
    assert violation.facts == {"teacher": "A", "day": "Senin", "changes": 2}
