"""A teacher is away for a day: who takes over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from scheduler.app.exits import Exit
from scheduler.cli.commands import build as commands
from scheduler.domain.absence import OfferKind, Proposal
from scheduler.domain.entities import Availability, AvailabilityKind
from scheduler.domain.plan import Plan
from scheduler.formats.json import write_instance, write_plan
from scheduler.policy.case import Case
from scheduler.timetable.absence import proposals
from tests import build
from tests.rules import plans

MONDAY = date(2026, 11, 23)
A, C, D = build.teacher("A", "ipa"), build.teacher("C", "ipa"), build.teacher("D", "ips")
IPA_A, IPA_B, IPS_A, IPS_B = "1/7A/IPA", "1/7B/IPA", "1/7A/IPS", "1/7B/IPS"


def one_class(*others: object, **parts: object) -> tuple[Case, Plan]:
    """7A on Senin: IPA of A in hour 1, IPS of D in hours 2 and 3; A has nothing else."""
    case = plans.small_case({"ipa": 1, "ips": 2}, [A, D, *others], {7: 1}, slots=build.week((3, 3)), **parts)  # type: ignore[list-item]
    return case, plans.plan(case, {IPA_A: "A", IPS_A: "D"}, lessons=[(IPA_A, "Senin", 1, 1), (IPS_A, "Senin", 2, 2)])


def chosen(found: tuple[Proposal, ...]) -> list[str]:
    return [proposal.chosen.teacher if proposal.chosen else "-" for proposal in found]


def test_colleague_of_the_subject_takes_the_lesson() -> None:
    case, plan = one_class(C)
    (proposal,) = proposals(case, plan, "A", MONDAY)
    assert proposal.chosen is not None
    assert (proposal.chosen.kind, proposal.chosen.teacher, proposal.chosen.linear) == (OfferKind.SUBSTITUTE, "C", True)


def test_who_cannot_come_at_that_hour_is_not_offered() -> None:
    case, plan = one_class(C, availability=(Availability("C", "Senin", 1, AvailabilityKind.IMPOSSIBLE),))
    (proposal,) = proposals(case, plan, "A", MONDAY)
    assert "C" not in {offer.teacher for offer in proposal.offers}


def test_who_teaches_elsewhere_at_that_hour_is_not_offered() -> None:
    # C has 7B in hour 1, when A's lesson in 7A is.
    case = plans.small_case({"ipa": 1}, [A, C], {7: 2}, slots=build.week((3, 3)))
    plan = plans.plan(case, {IPA_A: "A", IPA_B: "C"}, lessons=[(IPA_A, "Senin", 1, 1), (IPA_B, "Senin", 1, 1)])
    (proposal,) = proposals(case, plan, "A", MONDAY)
    assert [offer.kind for offer in proposal.offers] == [OfferKind.AT_THE_END]


def test_colleague_who_knows_the_class_goes_before_one_who_does_not() -> None:
    knows = build.teacher("K", "ipa", may_teach=("ips",))
    case = plans.small_case({"ipa": 1, "ips": 1}, [A, C, knows], {7: 1}, slots=build.week((3, 3)))
    plan = plans.plan(case, {IPA_A: "A", IPS_A: "K"}, lessons=[(IPA_A, "Senin", 1, 1), (IPS_A, "Selasa", 1, 1)])
    (proposal,) = proposals(case, plan, "A", MONDAY)
    assert [offer.teacher for offer in proposal.offers if offer.teacher] == ["K", "C"]


def test_one_colleague_cannot_be_in_two_classes() -> None:
    # Two lessons of two hours and a colleague for one: C takes 7A in hours 1-2. In hours 2-3 of 7B C would be in both; 7B's is its last lesson.
    case = plans.small_case({"ipa": 2, "ips": 1}, [A, C, D], {7: 2}, slots=build.week((4,)))
    lessons = [(IPA_A, "Senin", 1, 2), (IPA_B, "Senin", 3, 2), (IPS_A, "Senin", 3, 1), (IPS_B, "Senin", 1, 1)]
    plan = plans.plan(case, {IPA_A: "A", IPA_B: "A", IPS_A: "D", IPS_B: "D"}, lessons=lessons)
    assert chosen(proposals(case, plan, "A", MONDAY)) == ["C", "C"]
    busy = plans.small_case({"ipa": 2, "ips": 1}, [A, C, D], {7: 2}, slots=build.week((4,)), availability=(_away("C", 3),))
    assert chosen(proposals(busy, plan, "A", MONDAY)) == ["C", ""]


def _away(code: str, period: int) -> Availability:
    return Availability(code, "Senin", period, AvailabilityKind.IMPOSSIBLE)


def test_swap_lets_the_free_hour_fall_at_the_end_of_the_day() -> None:
    # Nobody else may teach IPA. D's IPS in hour 3 comes forward to hour 1.
    case = plans.small_case({"ipa": 1, "ips": 1}, [A, D], {7: 1}, slots=build.week((3,)))
    plan = plans.plan(case, {IPA_A: "A", IPS_A: "D"}, lessons=[(IPA_A, "Senin", 1, 1), (IPS_A, "Senin", 3, 1)])
    (proposal,) = proposals(case, plan, "A", MONDAY)
    assert proposal.chosen is not None
    assert (proposal.chosen.kind, proposal.chosen.teacher) == (OfferKind.SWAP, "D")


def test_lesson_that_nobody_can_take_is_said() -> None:
    # The last lesson of the day has two hours, A's one: they cannot change places.
    case, plan = one_class()
    (proposal,) = proposals(case, plan, "A", MONDAY)
    assert (proposal.offers, proposal.chosen) == ((), None)


def test_day_without_lessons_has_nothing_to_propose() -> None:
    case, plan = one_class(C)
    assert proposals(case, plan, "A", date(2026, 11, 24)) == ()


def test_command_tells_the_substitutes_and_writes_the_sheet(tmp_path: Path) -> None:
    case, plan = one_class(C)
    write_instance(case.instance, tmp_path / "sekolah.json")
    write_plan(plan, tmp_path / "plan.json")
    files = [str(tmp_path / name) for name in ("sekolah.json", "plan.json")]
    shown = CliRunner().invoke(commands("id"), ["absent", *files, "--teacher", "a", "--date", "23-11-2026", "-o", str(tmp_path / "pengganti.xlsx")])
    assert shown.exit_code == Exit.OK, shown.output
    assert "Guru C (C)" in shown.output
    cells = [cell.value for row in load_workbook(tmp_path / "pengganti.xlsx").active.rows for cell in row]  # type: ignore[union-attr]
    assert "Guru C (C)" in cells


def files_of(folder: Path) -> list[str]:
    """A school and its plan, as the command wants them."""
    case, plan = one_class(C)
    write_instance(case.instance, folder / "sekolah.json")
    write_plan(plan, folder / "plan.json")
    return [str(folder / name) for name in ("sekolah.json", "plan.json")]


def test_substitutes_never_replace_another_workbook(tmp_path: Path) -> None:
    asked = ["absent", *files_of(tmp_path), "--teacher", "A", "--date", "2026-11-23", "-o"]
    for name, content in (("rencana.xlsx", None), ("notes.xlsx", b"no workbook")):
        other = tmp_path / name
        if content is None:
            Workbook().save(other)
        else:
            other.write_bytes(content)
        before = other.read_bytes()
        refused = CliRunner().invoke(commands("id"), [*asked, str(other)])
        assert (refused.exit_code, "bukan daftar guru pengganti" in refused.output) == (Exit.WRONG_USAGE, True)
        assert other.read_bytes() == before


def test_substitutes_replace_those_of_another_day(tmp_path: Path) -> None:
    asked = ["absent", *files_of(tmp_path), "--teacher", "A", "--date", "2026-11-23", "-o", str(tmp_path / "pengganti.xlsx")]
    assert [CliRunner().invoke(commands("id"), asked).exit_code for _ in range(2)] == [Exit.OK, Exit.OK]


@pytest.mark.parametrize(("lang", "words"), [("id", "kemarin bukan tanggal"), ("en", "kemarin is no date")])
def test_word_that_is_no_date_is_answered_with_both_forms(tmp_path: Path, lang: str, words: str) -> None:
    refused = CliRunner().invoke(commands(lang), ["absent", *files_of(tmp_path), "--teacher", "A", "--date", "kemarin"])
    assert refused.exit_code == Exit.WRONG_USAGE
    assert all(part in refused.output for part in (words, "2026-11-23", "23-11-2026"))


def test_command_names_an_unknown_teacher(tmp_path: Path) -> None:
    case, plan = one_class(C)
    write_instance(case.instance, tmp_path / "sekolah.json")
    write_plan(plan, tmp_path / "plan.json")
    files = [str(tmp_path / name) for name in ("sekolah.json", "plan.json")]
    shown = CliRunner().invoke(commands("id"), ["absent", *files, "--teacher", "Z", "--date", "2026-11-23"])
    assert shown.exit_code == Exit.NOT_UNDERSTOOD
    assert "A, D, C" in shown.output
