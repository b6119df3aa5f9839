"""Hours come in whole classes: cuts that tell the linear relaxation so.

The relaxation gives a teacher 3.2 classes of 5 JP for 16 hours and calls three quarters of a minimum three quarters of a valid teacher; whole
classes take four of them. For a guru mapel all combinations of linear hours, counted TTLE and a TTU are enumerated, and with small whole weights
the least that any of them weighs becomes a cut: it holds for every plan because it was taken over all of them (Chvatal's rounding, by
enumeration). No plan is lost; the relaxation of a district then leaves out most of what cannot be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scheduler.cp.builder import greatest_value, total
from scheduler.policy.schema import DutyKind
from scheduler.workload.variables import Expression, Term, Variables


@dataclass(frozen=True, slots=True)
class Chances:
    """What decides whether a guru mapel is valid, in JTM.

    ``sizes`` are those of the linear classes that could be taken, ``most`` how many there are of each. ``missing`` are to come from classes and
    at most ``duties`` from TTLE; beside a TTU ``missing_with_ttu`` from classes alone (None: no TTU is possible).
    """

    sizes: tuple[int, ...]
    most: tuple[int, ...]
    duties: int
    missing: int
    missing_with_ttu: int | None


@dataclass(frozen=True, slots=True)
class Cut:
    """``sum(weights * classes) + by_duty * duties`` is at least ``without`` where no TTU is held and ``with_ttu`` where one is.

    Of everybody if the shortfall is added on the left, else (``of_valid``) only of who meets the minimum; None: nobody can so.
    """

    weights: tuple[int, ...]
    by_duty: int
    of_valid: bool
    without: int | None
    with_ttu: int | None


def post_whole_classes(variables: Variables, t: str, small: Expression) -> None:
    """Post the cuts of a guru mapel; ``small`` are the TTLE hours that count. None where a duty counts otherwise than as TTU or TTLE alone."""
    policy, ttu = variables.case.policy, variables.has_ttu.get(t)
    count_otherwise = any(greatest_value(variables.duty_jtm(t, kind)) > 0 for kind in (DutyKind.TEACHING, DutyKind.SPECIAL))
    classes, certain = linear_classes(variables, t)
    if variables.builder.is_switched or count_otherwise or not classes or (ttu is not None and policy.ttle_counts_with_ttu):
        return
    wali = policy.guru_wali_jtm if variables.case.is_guru_wali(t) else 0
    missing_with_ttu = None
    if ttu is not None:
        most = policy.ttu_max_per_teacher * max(variables.scope.posts[p].rule.jtm for p in variables.ttu_posts(t))
        beside = wali if policy.guru_wali_counts_with_ttu else 0
        missing_with_ttu = max(0, policy.min_jtm - most - beside - certain, policy.ttu_min_real_jtm - certain)
    sizes = tuple(sorted(classes))
    available = tuple(greatest_value(classes[size]) for size in sizes)
    for cut in cuts_of(Chances(sizes, available, greatest_value(small), max(0, policy.min_jtm - wali - certain), missing_with_ttu)):
        weight = total([(weight, classes[size]) for weight, size in zip(cut.weights, sizes, strict=True)]) + cut.by_duty * small
        post_cut(variables, t, cut, weight)


def post_cut(variables: Variables, t: str, cut: Cut, weight: Expression) -> None:
    model, ttu, meets = variables.model, variables.has_ttu.get(t), variables.meets_minimum[t]
    without, with_ttu = cut.without, cut.with_ttu
    if without is None and with_ttu is None:
        model.add(meets == 0)
    elif without is None:
        model.add(meets <= ttu)
        model.add(weight >= (with_ttu or 0) * meets)
    elif with_ttu is None:
        model.add(weight >= without * meets)
        if ttu is not None:
            model.add(meets + ttu <= 1)
    else:
        eased = total([] if ttu is None else [(without - with_ttu, ttu)])
        if cut.of_valid:  # nothing is asked of who is not valid, for ``eased`` is not below 0 then
            model.add(weight + eased >= without * meets)
        else:
            model.add(variables.shortfall[t] + weight + eased >= without)


def linear_classes(variables: Variables, t: str) -> tuple[dict[int, Expression], int]:
    """How many linear classes of each size the teacher takes, and the hours that are certain."""
    found: dict[int, list[Term]] = defaultdict(list)
    for g in variables.groups_of[t]:
        key = variables.scope.groups[g].key
        if key.recognised_jp and variables.case.is_linear(t, key.subject):
            found[key.recognised_jp].append((1, variables.classes[t, g]))
    fixed = sum(need.recognised_jp for need in variables.fixed_needs[t] if variables.case.is_linear(t, need.subject))
    return {size: total(parts) for size, parts in found.items()}, fixed + variables.case.teachers[t].outside_jtm


@cache
def cuts_of(chances: Chances) -> tuple[Cut, ...]:
    """A cut for every weight of a class up to its hours, each as strong as it can be, without those that their neighbours imply."""
    largest = chances.sizes[-1]
    found = []
    for by_duty in (0, 1):
        for of_valid in (False, True):
            row = [cut_of(chances, step, by_duty, of_valid) for step in range(largest + 1)]
            found += [row[step] for step in range(1, largest + 1) if says_something(row[step]) and not is_implied(row, step)]
    return tuple(found)


def cut_of(chances: Chances, step: int, by_duty: int, of_valid: bool) -> Cut:
    """The cut in which the largest class weighs ``step`` and every other its part of it, rounded up."""
    weights = tuple(-(-step * size // chances.sizes[-1]) for size in chances.sizes)
    without = least_weight(chances, weights, chances.missing, chances.duties, by_duty, of_valid)
    if chances.missing_with_ttu is None:
        return Cut(weights, by_duty, of_valid, without, without)
    with_ttu = least_weight(chances, weights, chances.missing_with_ttu, 0, by_duty, of_valid)
    if of_valid and without is not None and with_ttu is not None:
        with_ttu = min(without, with_ttu)
    return Cut(weights, by_duty, of_valid, without, with_ttu)


def least_weight(chances: Chances, weights: Sequence[int], missing: int, duties: int, by_duty: int, of_valid: bool) -> int | None:
    """Least weight (and shortfall) of classes and duties; of those that leave no shortfall where only who is valid is meant (None: nobody is)."""
    options = (
        (weight + by_duty * duty, max(0, missing - hours - duty))
        for hours, weight in lightest_classes(chances, weights, missing).items()
        for duty in range(duties + 1)
    )
    return min((weight + short for weight, short in options if not (of_valid and short)), default=None)


def lightest_classes(chances: Chances, weights: Sequence[int], missing: int) -> dict[int, int]:
    """For every number of hours that whole classes make, their least weight. Who has more than all that is missing could do with a class less."""
    lightest = {0: 0}
    for size, most, weight in zip(chances.sizes, chances.most, weights, strict=True):
        for hours, before in sorted(lightest.items()):
            for count in range(1, most + 1):
                more = hours + count * size
                lightest[more] = min(lightest.get(more, before + count * weight), before + count * weight)
                if more >= missing:
                    break
    return lightest


def says_something(cut: Cut) -> bool:
    return cut.without is None or cut.with_ttu is None or max(cut.without, cut.with_ttu) > 0


def is_implied(row: Sequence[Cut], step: int) -> bool:
    """Whether the cut is the mean of its neighbours, so that they say it already."""
    if not 0 < step < len(row) - 1:
        return False
    left, own, right = (numbers_of(cut) for cut in row[step - 1 : step + 2])
    return all(2 * middle == first + last for first, middle, last in zip(left, own, right, strict=True))


def numbers_of(cut: Cut) -> tuple[int, ...]:
    """Weights and limits; a limit that is missing is missing in the whole row."""
    return (*cut.weights, cut.without or 0, cut.with_ttu or 0)
