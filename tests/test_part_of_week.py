"""A part of a week built anew: what is not freed stays exactly, by general constraints alone."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.cli.commands import build as commands
from scheduler.domain.entities import Availability, AvailabilityKind
from scheduler.domain.plan import Lesson, Plan, Status
from scheduler.domain.solving import SolveOptions
from scheduler.formats.json import write_instance, write_plan
from scheduler.planning import remake_part
from scheduler.policy.case import Case
from scheduler.timetable.kept import Part, kept_by
from scheduler.verify.check import check
from tests import build
from tests.rules import plans

OPTIONS = SolveOptions(workers=1, deterministic_limit=20.0)
TEACHING = {"1/7A/IPA": "A", "1/7B/IPA": "A", "1/7A/IPS": "B", "1/7B/IPS": "B"}
TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ips")]


def two_classes(*away: Availability) -> Case:
    """7A and 7B with IPA and IPS of 2 JP each; two days of two hours: both grids are full."""
    return plans.small_case({"ipa": 2, "ips": 2}, TEACHERS, {7: 2}, slots=build.week((2, 2, 2)), availability=away)


def week_of(case: Case) -> Plan:
    """7A: IPA Senin, IPS Selasa. 7B: IPS Senin, IPA Selasa. Rabu is free."""
    at = [("1/7A/IPA", "Senin"), ("1/7A/IPS", "Selasa"), ("1/7B/IPS", "Senin"), ("1/7B/IPA", "Selasa")]
    return plans.plan(case, TEACHING, lessons=[(need, day, 1, 2) for need, day in at])


def places(lessons: tuple[Lesson, ...]) -> dict[str, str]:
    return {lesson.need: lesson.day for lesson in lessons}


def test_only_the_lessons_of_the_named_class_move() -> None:
    # A can no longer come on Senin: 7A's IPA must go, and 7B's lessons may not. Of 7A's other days Selasa has A in 7B: only Rabu is left.
    case = two_classes(Availability("A", "Senin", None, AvailabilityKind.IMPOSSIBLE))
    plan = remake_part(case, OPTIONS, week_of(case), Part(classes=frozenset({"7A"})))
    assert places(plan.lessons) == {"1/7A/IPA": "Rabu", "1/7A/IPS": "Selasa", "1/7B/IPS": "Senin", "1/7B/IPA": "Selasa"}
    assert check(case, plan).violations == ()


def test_a_part_that_cannot_be_built_is_proved_so() -> None:
    # The same, with Selasa and Senin freed only: nowhere for 7A's IPA.
    case = two_classes(Availability("A", "Senin", None, AvailabilityKind.IMPOSSIBLE))
    plan = remake_part(case, OPTIONS, week_of(case), Part(classes=frozenset({"7A"}), days=frozenset({"Senin", "Selasa"})))
    assert (plan.status.timetable, plan.lessons) == (Status.INFEASIBLE, ())


def test_lessons_of_a_named_day_stay_on_it() -> None:
    case = two_classes()
    former = week_of(case)
    plan = remake_part(case, OPTIONS, former, Part(days=frozenset({"Senin"})))
    assert places(plan.lessons) == places(former.lessons)


def test_days_narrow_the_classes_and_teachers_that_are_named() -> None:
    case = two_classes()
    former = week_of(case)
    kept = kept_by(case, former.lessons, Part(classes=frozenset({"7A"}), teachers=frozenset({"B"}), days=frozenset({"Senin"})))
    # Freed on Senin: 7A's IPA by its class, 7B's IPS by its teacher.
    assert [lesson.need for lesson in kept.lessons] == ["1/7A/IPS", "1/7B/IPA"]


def saved(folder: Path, case: Case, plan: Plan) -> tuple[Path, Path]:
    file, former = folder / "sekolah.json", folder / "lama.json"
    write_instance(case.instance, file)
    write_plan(plan, former)
    return file, former


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(commands("id"), [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_command_writes_the_plan_with_its_part_built_anew(tmp_path: Path) -> None:
    case = two_classes(Availability("A", "Senin", None, AvailabilityKind.IMPOSSIBLE))
    file, former = saved(tmp_path, case, week_of(case))
    code, _ = run("plan", file, "-o", tmp_path / "baru", "--from", former, "--only-class", "7a", "--workers", 1, "--time-limit", 5)
    lessons = json.loads((tmp_path / "baru" / "plan.json").read_text())["lessons"]
    assert code == Exit.OK
    assert {lesson["need"]: lesson["day"] for lesson in lessons}["1/7A/IPA"] == "Rabu"


def test_what_is_proved_of_a_part_is_said_to_hold_with_the_rest_kept(tmp_path: Path) -> None:
    case = two_classes()
    file, former = saved(tmp_path, case, week_of(case))
    _, words = run("plan", file, "-o", tmp_path / "baru", "--from", former, "--only-class", "7A", "--workers", 1, "--time-limit", 5)
    sheets = load_workbook(tmp_path / "baru" / "rencana.xlsx")
    said = {sheet.title: " ".join(str(cell.value) for row in sheet.rows for cell in row if cell.value) for sheet in sheets.worksheets}
    assert "terbukti terbaik dengan bagian lain tetap" in words
    assert "terbukti tidak bisa kurang dari 0, dengan bagian lain tetap" in words
    assert "terbukti terbaik dengan bagian lain tetap" in said[sheets.sheetnames[0]]
    assert "dengan bagian lain tetap" in said["Mutu Jadwal"]


def test_command_without_a_former_plan_is_wrong_usage(tmp_path: Path) -> None:
    file, _ = saved(tmp_path, two_classes(), week_of(two_classes()))
    code, words = run("plan", file, "-o", tmp_path / "baru", "--only-day", "senin")
    assert code == Exit.WRONG_USAGE
    assert "--from" in words


def test_command_names_what_it_does_not_know(tmp_path: Path) -> None:
    file, former = saved(tmp_path, two_classes(), week_of(two_classes()))
    code, words = run("plan", file, "-o", tmp_path / "baru", "--from", former, "--only-class", "7Z", "--only-teacher", "Z")
    assert code == Exit.NOT_UNDERSTOOD
    assert "7A, 7B" in words
    assert "A, B" in words


def test_command_proves_that_the_part_is_too_small(tmp_path: Path) -> None:
    case = two_classes(Availability("A", "Senin", None, AvailabilityKind.IMPOSSIBLE))
    file, former = saved(tmp_path, case, week_of(case))
    code, words = run("plan", file, "-o", tmp_path / "baru", "--from", former, "--only-class", "7A", "--only-day", "senin", "--workers", 1)
    assert code == Exit.IMPOSSIBLE
    assert "Buka lebih banyak" in words


def test_a_division_of_work_that_no_longer_holds_is_refused(tmp_path: Path) -> None:
    # A has gone: what A taught has to be given to somebody first.
    former = week_of(two_classes())
    case = plans.small_case({"ipa": 2, "ips": 2}, [build.teacher("B", "ips")], {7: 2}, slots=build.week((2, 2, 2)))
    file, plan = saved(tmp_path, case, former)
    code, words = run("plan", file, "-o", tmp_path / "baru", "--from", plan, "--only-class", "7A")
    assert code == Exit.NOT_UNDERSTOOD
    assert "tidak berlaku lagi" in words
