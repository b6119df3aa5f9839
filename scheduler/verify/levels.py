"""Every level of the objective, recomputed from the plan's decisions: the names are those of ``domain.plan``, smaller is better."""

from __future__ import annotations

from collections import Counter, defaultdict

from scheduler.domain.entities import AvailabilityKind, Position
from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, WORKLOAD_LEVELS, Plan, TeacherLoad
from scheduler.policy.case import Case
from scheduler.verify.hours import loads_of
from scheduler.verify.reading import Reading
from scheduler.verify.week import Week
from scheduler.verify.week_rules import wishes_cost

WALI_KELAS = "wali_kelas"


def level_names(case: Case, replanned: bool) -> tuple[str, ...]:
    """Names of the workload levels that exist for a case, in the order in which they are minimised.

    ``below_minimum_partners`` exists in one-school mode where another school of the file has counted teachers, ``changes`` with a former plan.
    The setting ``shortfall_first`` puts ``shortfall_jtm`` before ``below_minimum``.
    """
    absent = set() if replanned else {"changes"}
    if not partner_teachers(case):
        absent.add("below_minimum_partners")
    names = [name for name in WORKLOAD_LEVELS if name not in absent]
    if case.instance.settings.shortfall_first:
        names.remove("shortfall_jtm")
        names.insert(names.index("below_minimum"), "shortfall_jtm")
    return tuple(names)


def partner_teachers(case: Case) -> frozenset[str]:
    """In one-school mode the counted teachers at home in another school of the file; in district mode nobody."""
    if not case.main_school:
        return frozenset()
    return frozenset(code for code in case.counted if case.teachers[code].home in case.schools and case.teachers[code].home != case.main_school)


def workload_levels(case: Case, plan: Plan, former: Plan | None = None) -> dict[str, int]:
    """Values of the workload levels in their order."""
    reading = Reading(case, plan)
    return workload_levels_of(reading, loads_of(reading), former)


def workload_levels_of(reading: Reading, loads: tuple[TeacherLoad, ...], former: Plan | None) -> dict[str, int]:
    """``workload_levels`` of a plan already read."""
    values = {
        **_duty_levels(reading),
        **_minimum_levels(reading.case, loads),
        **_teaching_levels(reading),
        **_visit_levels(reading),
        **_evenness_levels(reading),
        "uncovered_jp": sum(need.jp for need in reading.case.needs if need.required and reading.teacher_of.get(need.id) is None),
        "not_continued": not_continued(reading),
        "wali_elsewhere": wali_elsewhere(reading),
    }
    if former is not None:
        values["changes"] = changes(former, reading.plan)
    return {name: values[name] for name in level_names(reading.case, former is not None)}


def _duty_levels(reading: Reading) -> dict[str, int]:
    """Units missing to the least numbers, and units held above them."""
    margins = [len(units) - reading.posts[place].minimum for place, units in reading.held.items()]
    return {"unfilled_duties": sum(max(0, -margin) for margin in margins), "optional_duty_units": sum(max(0, margin) for margin in margins)}


def _minimum_levels(case: Case, loads: tuple[TeacherLoad, ...]) -> dict[str, int]:
    """Counted teachers below the minimum (excepted ones too), and what they miss together."""
    partners = partner_teachers(case)
    below = [load for load in loads if load.counted and not load.met]
    return {
        "below_minimum": sum(load.teacher not in partners for load in below),
        "below_minimum_partners": sum(load.teacher in partners for load in below),
        "shortfall_jtm": sum(load.shortfall for load in below),
    }


def _teaching_levels(reading: Reading) -> dict[str, int]:
    """JP that certified teachers teach outside their certificate, and different (teacher, subject, grade) to prepare."""
    case = reading.case
    return {
        "nonlinear_jp": sum(case.nonlinear_jp(code, need) for code, needs in reading.taught.items() for need in needs),
        "preparations": len({(code, need.subject, need.grade) for code, needs in reading.taught.items() for need in needs if need.jp > 0}),
    }


def _visit_levels(reading: Reading) -> dict[str, int]:
    """Teachers sent to other schools, once a (teacher, school), and the way of each visit in minutes (km where no minutes are known)."""
    home = {code: teacher.home for code, teacher in reading.case.teachers.items()}
    visits = {(code, need.school) for code, needs in reading.taught.items() for need in needs if need.school != home[code]}
    routes = Counter((home[code], school) for code, school in visits)
    return {"visits": len(visits), "travel": sum(count * reading.case.travel_cost(*route) for route, count in routes.items())}


def _evenness_levels(reading: Reading) -> dict[str, int]:
    """Guru mapel without any hours, and largest minus smallest load per school.

    Of active ones whose home school is in the file; in JP of this plan alone (what is held outside the file is not counted).
    """
    case = reading.case
    hours = defaultdict(list)
    for code, needs in reading.taught.items():
        teacher = case.teachers[code]
        teaches = teacher.position in (Position.SUBJECT_TEACHER, Position.ACTING_PRINCIPAL)
        if teaches and code in case.active and teacher.home in case.schools:
            hours[teacher.home].append(sum(need.jp for need in needs))
    return {
        "teachers_without_hours": sum(jp == 0 for school in hours.values() for jp in school),
        "spread_jp": sum(max(school) - min(school) for school in hours.values()),
    }


def not_continued(reading: Reading) -> int:
    """Needs that last semester's teacher still may teach and does not."""
    case = reading.case
    former = [need for need in case.needs if need.former in case.teachers and case.may_teach(need.former, need)]
    return sum(reading.teacher_of.get(need.id) != need.former for need in former)


def wali_elsewhere(reading: Reading) -> int:
    """Wali kelas who teach their rombel nothing (guidance counts as teaching); units that name no rombel of the school are not asked."""
    rombels = {(rombel.school, rombel.name) for rombel in reading.case.instance.rombels}
    classes = {code: {(need.school, rombel) for need in needs for rombel in need.rombels} for code, needs in reading.taught.items()}
    held = [(holding.teacher, (holding.post.school, holding.unit)) for holding in reading.holdings if holding.post.duty == WALI_KELAS]
    return sum(rombel in rombels and rombel not in classes[code] for code, rombel in held)


def changes(former: Plan, plan: Plan) -> int:
    """Needs in both plans whose teacher differs, and duty holdings (school, duty, teacher) that were lost."""
    before = {row.need: row.teacher for row in former.assignments}
    after = {row.need: row.teacher for row in plan.assignments}
    moved = sum(before[need] != teacher for need, teacher in after.items() if need in before)
    lost = Counter((d.school, d.duty, d.teacher) for d in former.duties) - Counter((d.school, d.duty, d.teacher) for d in plan.duties)
    return moved + lost.total()


def week_levels(case: Case, plan: Plan) -> dict[str, int]:
    """Values of the levels of the week in their order."""
    return week_levels_of(Week(Reading(case, plan)))


def week_levels_of(week: Week) -> dict[str, int]:
    """``week_levels`` of a week already read; ``week_wishes`` is the last one where Aturan Jadwal has wishes."""
    values = {
        "idle_hours": sum(week.idle_hours.values()),
        "teacher_days": sum(len(days) for days in week.days_of.values()),
        "unwanted_times": sum(1 for _ in week.periods_against(AvailabilityKind.UNWANTED)),
    }
    levels = {name: values[name] for name in WEEK_LEVELS}
    wishes = wishes_cost(week)
    return levels if wishes is None else {**levels, WEEK_WISHES: wishes}
