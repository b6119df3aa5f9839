"""``verify``: the checker alone, without a solver; of a plan, or of the proofs of an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.app.dossier import strangers
from scheduler.app.exits import Exit, verified
from scheduler.app.plan_files import Pair, pair_of
from scheduler.app.source import LawChoice, Opened, open_case, open_under
from scheduler.domain.plan import PartnerAlone, Plan
from scheduler.domain.problem import Problem
from scheduler.domain.proof import Proof
from scheduler.errors import InputError
from scheduler.formats.json import instance_sha256, is_explanation, read_explanation, read_plan, read_proofs
from scheduler.policy.case import Case
from scheduler.verify.check import Report, check
from scheduler.verify.premises import KINDS, rests_on_open_needs
from scheduler.verify.proof import Fault, faults, premise_faults
from scheduler.verify.record import missing_records


@dataclass(frozen=True, slots=True)
class Verified:
    """``same_instance`` is False where the file has changed since the plan was made."""

    exit: Exit
    opened: Opened
    plan: Plan
    report: Report
    pair: Pair
    same_instance: bool


def verify_files(path: Path, plan_path: Path, strict: bool = False, policy: str = "") -> Verified:
    """Check a plan against its file, under the ruleset and the numbers that the plan names; and its workbook against the plan.

    ``policy`` says where the plan's ruleset is, if it is neither shipped nor the one of the file's Pengaturan.

    Raises
    ------
    InputError
        a file cannot be understood, or the plan was made for another one
    """
    plan = read_plan(plan_path)
    opened = open_under(path, plan.policy, LawChoice(policy))
    refuse_other_plan(opened.case, plan, path, plan_path)
    report = check(opened.case, plan)
    report = replace(report, violations=(*report.violations, *missing_records(plan)))
    pair = pair_of(plan, plan_path)
    if pair is Pair.MIXED:
        code = Exit.NOT_UNDERSTOOD
    elif report.violations:
        code = Exit.REFUSED
    else:
        code = verified(report.loads, strict)
    return Verified(code, opened, plan, report, pair, instance_sha256(opened.case.instance) == plan.instance_sha256)


def refuse_other_plan(case: Case, plan: Plan, path: Path, plan_path: Path) -> None:
    """A plan of which most needs are unknown here belongs to another file: one sentence says more than a Violation for every row."""
    unknown = sum(row.need not in case.need for row in plan.assignments)
    if 2 * unknown > len(plan.assignments):
        facts: dict[str, str | int] = {"value": path.name, "unknown": unknown, "count": len(plan.assignments)}
        raise InputError([Problem("cli.plan_of_other_file", plan_path.name, facts=facts)])


# --- proofs ------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """A proof with everything that is wrong with it, premises included where the workbook was given.

    ``on_open_needs``: it rests on which classes of other schools are open to visitors, which a search found when the explanation was made: taken from
    the explanation as it is. ``unchecked``: the file is one proof alone, and does not say which those are; its sums are right.
    """

    proof: Proof
    faults: tuple[Fault, ...]
    on_open_needs: bool = False
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class ProofsVerified:
    """``opened`` is None where the arithmetic alone was asked for; ``strangers`` are files beside that are not those of the dossier."""

    exit: Exit
    checks: tuple[ProofCheck, ...]
    opened: Opened | None = None
    same_instance: bool = True
    strangers: tuple[Path, ...] = ()


def verify_proofs(path: Path, workbook: Path | None = None, policy: str = "") -> ProofsVerified:
    """Do every sum of a penjelasan.json (or of one proof) again; with the workbook, look up every premise too.

    ``policy`` says where the ruleset is, if it is neither shipped nor the one of the workbook's Pengaturan.

    Raises
    ------
    InputError
        a file cannot be understood
    """
    explanation = read_explanation(path) if is_explanation(path) else None
    proofs = explanation.proofs if explanation is not None else read_proofs(path)
    opened = None
    if workbook is not None:
        opened = open_case(workbook, LawChoice(policy)) if explanation is None else open_under(workbook, explanation.policy, LawChoice(policy))
    partners = explanation.partners if explanation is not None else None
    checks = tuple(checked(proof, opened, partners) for proof in proofs)
    unchecked = any(check.unchecked for check in checks)
    return ProofsVerified(
        exit=Exit.REFUSED if any(check.faults for check in checks) else Exit.NOT_UNDERSTOOD if unchecked else Exit.OK,
        checks=checks,
        opened=opened,
        same_instance=opened is None or explanation is None or instance_sha256(opened.case.instance) == explanation.instance_sha256,
        strangers=strangers(explanation, path) if explanation is not None else (),
    )


def checked(proof: Proof, opened: Opened | None, partners: Sequence[PartnerAlone] | None) -> ProofCheck:
    """Faults of the arithmetic; those of the premises only where the arithmetic stands. ``partners`` is None where the file does not tell them."""
    wrong = faults(proof)
    if wrong or opened is None:
        return ProofCheck(proof, wrong)
    if proof.kind not in KINDS:
        wrong = tuple(premise_faults(opened.case, (), proof))
        return ProofCheck(proof, wrong or tuple(unfounded(opened.case, proof)))
    rests = rests_on_open_needs(opened.case, proof)
    if rests and partners is None:
        return ProofCheck(proof, (), rests, unchecked=True)
    return ProofCheck(proof, tuple(premise_faults(opened.case, partners or (), proof)), rests)


def unfounded(case: Case, proof: Proof) -> Iterator[Fault]:
    """A proof about classes and times must be one of those that counting writes for this file: each of its lines, cells and words the same."""
    from scheduler.counting.finding_proofs import finding_proofs
    from scheduler.counting.week import findings

    if without_ids(proof) not in [without_ids(found) for found in finding_proofs(case, findings(case))]:
        yield Fault("proof_of_nothing", proof.id)


def without_ids(proof: Proof) -> Proof:
    return replace(proof, id="", parts=tuple(without_ids(part) for part in proof.parts))
