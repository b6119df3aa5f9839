"""What ``explain`` says of random tiny cases that cannot make everybody valid is what exhaustive search finds.

``SCHEDULER_EXPLAINED`` says how many such cases, ``SCHEDULER_SEED`` which; the seed is printed with every failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scheduler.diagnose.edits import applied
from scheduler.diagnose.explain import explain
from scheduler.diagnose.reach import reached
from scheduler.domain.explanation import Explanation, Repair
from scheduler.domain.plan import Status
from scheduler.domain.proof import Proof
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.verify.proof import faults
from tests import brute_force
from tests.brute_force import Best, best_plan
from tests.seeds import SEED
from tests.test_workload_brute_force import in_short
from tests.tiny_instances import MOST_PLANS, tiny_case

COUNT = int(os.environ.get("SCHEDULER_EXPLAINED", "12"))
IN_ONE_TEST = 4
ALONE = SolveOptions(workers=1)


@pytest.mark.parametrize("part", range(-(-COUNT // IN_ONE_TEST)))
def test_every_claim_is_what_exhaustive_search_finds(part: int) -> None:
    wanted = min(IN_ONE_TEST, COUNT - part * IN_ONE_TEST)
    done = 0
    for index in range(part * 1_000_000, (part + 1) * 1_000_000):
        seed = f"explain-{SEED}-{index}"
        case, _ = tiny_case(seed)
        explanation = explain(case, ALONE)
        best = best_plan(case, reached(case, ALONE).plan.partners)
        if best is not None and len(best.valid) == len(case.counted):
            continue
        try:
            assert_explained(case, explanation, best)
        except AssertionError as error:
            raise AssertionError(f"SCHEDULER_SEED={SEED}, case {index}: {error}\n{in_short(case)}") from None
        done += 1
        if done == wanted:
            return


def assert_explained(case: Case, explanation: Explanation, best: Best | None) -> None:
    assert_proofs_stand(case, explanation)
    if best is None:
        assert explanation.status is Status.INFEASIBLE
        assert explanation.conflicts
        return
    assert explanation.largest is not None
    assert explanation.largest.value == explanation.largest.most == len(best.valid)
    assert explanation.largest.proved and len(explanation.largest.bases) > 1
    assert {row.teacher for row in explanation.teachers} == case.counted - set(best.valid)
    assert all(row.proof or row.conflict for row in explanation.teachers)
    assert all(group.value == group.most for group in explanation.groups)
    for repair in explanation.repairs:
        assert_does_what_it_said(case, repair)


def assert_proofs_stand(case: Case, explanation: Explanation) -> None:
    for proof in explanation.proofs:
        assert not faults(proof)
        for mutated in mutations(proof):
            assert faults(mutated), f"changed unnoticed: {mutated}"


def mutations(proof: Proof) -> Iterator[Proof]:
    """The proof with one of its numbers, or of its parts' numbers, changed by one."""
    for index, number in enumerate(proof.numbers):
        for value in (number.value - 1, number.value + 1):
            yield replace(proof, numbers=(*proof.numbers[:index], replace(number, value=value), *proof.numbers[index + 1 :]))
    for index, inner in enumerate(proof.parts):
        for mutated in mutations(inner):
            yield replace(proof, parts=(*proof.parts[:index], mutated, *proof.parts[index + 1 :]))


def assert_does_what_it_said(case: Case, repair: Repair) -> None:
    """The repaired case reaches the promised numbers, by a new solve, and by exhaustive search where it is still tiny."""
    instance = applied(case.instance, repair.edits)
    mended = Case(instance, load_law(instance.settings))
    after = reached(mended, ALONE)
    assert (len(after.valid), after.shortfall, after.uncovered) == (repair.valid_after, repair.shortfall_after, repair.uncovered_after)
    if brute_force.number_of_plans(mended) <= MOST_PLANS:
        best = best_plan(mended, after.plan.partners)
        assert best is not None
        assert len(best.valid) == repair.valid_after
        assert sum(best.levels[name] for name in ("shortfall_jtm",)) == repair.shortfall_after
