"""The targets ``minimum_hours`` and ``home_school_minimum``: what the ruleset recognises of each teacher's hours, and what is missing to it.

The twin of ``verify.recognition``, written as linear bounds from below: ``shortfall[t]`` is at least everything that can be missing, and
``meets_minimum[t]`` can hold only where it is 0. A credit that a teacher may choose not to use (a duty's hours, a pattern) is a variable with an
upper bound, for using more of it never hurts. Numbers are the policy's; hours are JTM a week.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder, greatest_value, total
from scheduler.domain.entities import Position
from scheduler.policy.schema import DutyKind, OutsidePattern
from scheduler.workload.variables import Expression, Variables
from scheduler.workload.whole_classes import post_whole_classes


def minimum_hours(builder: Builder, variables: Variables) -> None:
    """Every counted teacher should reach the minimum; where not, ``shortfall`` says by how much.

    ``shortfall[t] + most * meets_minimum[t] <= most``. Source: 11/2025 ps. 8, 13-17; 25/2024; 15/2018; PP 74/2008 ps. 52-54; KMA 890/2019.
    """
    for t in variables.scope.counted:
        if variables.case.is_counsellor(t):
            missing_guidance(variables, t)
        elif variables.case.teachers[t].position is Position.PRINCIPAL:
            missing_of_principal(variables, t)
        else:
            missing_hours(variables, t)
        most = variables.most_shortfall(t)
        builder.model.add(variables.shortfall[t] + most * variables.meets_minimum[t] <= most)


def home_school_minimum(builder: Builder, variables: Variables) -> None:
    """Below the home school's minimum nobody is valid, whatever is taught elsewhere: ``shortfall[t] >= home_min_jtm - home``.

    Source: PP 74/2008 ps. 52. Guru BK have a home minimum of their own, in rombels or pupils.
    """
    least = variables.case.policy.home_min_jtm
    for t in variables.scope.counted:
        if least is not None and not variables.case.is_counsellor(t):
            with builder.rule("home_school_minimum", teacher=t) as post:
                post(builder.model.add(variables.shortfall[t] >= least - at_home(variables, t)))


def missing_hours(variables: Variables, t: str) -> None:
    """Guru mapel: ``min_jtm - recognised``, and beside a TTU also ``ttu_min_real_jtm - real``.

    recognised = real + TTU, or real + pembimbing khusus + min(cap, TTLE) + guru wali.
    """
    policy, model, shortfall = variables.case.policy, variables.model, variables.shortfall[t]
    real = real_hours(variables, t)
    small = credit(variables, t, DutyKind.TTLE, policy.ttle_cap_jtm, policy.ttle_counts_with_ttu)
    recognised = total(
        [
            (1, real),
            (1, variables.duty_jtm(t, DutyKind.TTU)),
            (1, small),
            (1, credit(variables, t, DutyKind.SPECIAL, None, False)),
            (1, guru_wali_hours(variables, t)),
        ]
    )
    model.add(shortfall >= policy.min_jtm - recognised)
    if t in variables.has_ttu:
        model.add(shortfall >= policy.ttu_min_real_jtm * variables.has_ttu[t] - real)
    post_whole_classes(variables, t, small)


def missing_of_principal(variables: Variables, t: str) -> None:
    """Definitive principal under a ruleset that wants real hours beside the post: ``principal_min_real_jtm - real`` (PP 74/2008 ps. 54 (1))."""
    real = real_hours(variables, t)
    variables.model.add(variables.shortfall[t] >= variables.case.policy.principal_min_real_jtm - real)


def missing_guidance(variables: Variables, t: str) -> None:
    """Guru BK: rombels (pupils) missing to the required ones, turned into JTM and rounded up.

    ``bk_min * shortfall >= min_jtm * missing``; required is less beside a TTU, or beside two or more TTLE.
    """
    policy, model = variables.case.policy, variables.model
    eased: list[tuple[int, cp_model.LinearExpr]] = []
    if t in variables.has_ttu:
        eased.append((min(policy.bk_min, policy.bk_ttu_equivalent), variables.has_ttu[t]))
    if greatest_value(variables.duty_units(t, DutyKind.TTLE)) >= 2:
        two_duties = model.new_bool_var(f"two_duties[{t}]")
        model.add(variables.duty_units(t, DutyKind.TTLE) >= 2 * two_duties)
        if t in variables.has_ttu:
            model.add(two_duties + variables.has_ttu[t] <= 1)
        eased.append((min(policy.bk_min, policy.bk_two_duties_equivalent), two_duties))
    missing = [policy.bk_min - total(eased) - variables.guided(t)]
    if policy.bk_home_min is not None:
        missing.append(policy.bk_home_min - variables.guided(t, at_home_only=True))
    for amount in missing:
        model.add(max(1, policy.bk_min) * variables.shortfall[t] >= policy.min_jtm * amount)


def at_home(variables: Variables, t: str) -> Expression:
    """Hours that count as taught at home: linear ones there, and duties that count as teaching."""
    return variables.linear_jtm(t, at_home=True) + variables.duty_jtm(t, DutyKind.TEACHING)


def real_hours(variables: Variables, t: str) -> Expression:
    """Recognised teaching: at home, and elsewhere as far as the ruleset recognises it."""
    return at_home(variables, t) + outside_hours(variables, t)


def outside_hours(variables: Variables, t: str) -> Expression:
    """Recognised hours away from home: up to the cap, and under the accepted patterns where the ruleset has them (15/2018)."""
    policy, model = variables.case.policy, variables.model
    outside = variables.linear_jtm(t, at_home=False)
    most = greatest_value(outside)
    if most == 0 or (policy.outside_max_jtm is None and not policy.outside_patterns):
        return outside
    most = most if policy.outside_max_jtm is None else min(most, policy.outside_max_jtm)
    recognised = model.new_int_var(0, most, f"recognised_outside[{t}]")
    model.add(recognised <= outside)
    if policy.outside_patterns:
        accepted = [pattern_holds(variables, t, pattern) for pattern in policy.outside_patterns if is_possible(variables, t, pattern)]
        model.add(recognised <= most * total((1, pattern) for pattern in accepted))
    return recognised


def is_possible(variables: Variables, t: str, pattern: OutsidePattern) -> bool:
    enough_duties = pattern.ttle_min_jtm <= variables.case.policy.ttle_cap_jtm
    return enough_duties and not (pattern.no_surplus and variables.case.has_surplus(t))


def pattern_holds(variables: Variables, t: str, pattern: OutsidePattern) -> cp_model.IntVar:
    """A claim that one pattern of the SKTP verification list is met: no TTU, enough hours at home, enough recognised TTLE."""
    model = variables.model
    holds = model.new_bool_var(f"pattern_holds[{t}, {pattern.id}]")
    model.add(at_home(variables, t) >= pattern.home_min_jtm * holds)
    if pattern.ttle_min_jtm:
        model.add(variables.duty_jtm(t, DutyKind.TTLE) >= pattern.ttle_min_jtm * holds)
    if t in variables.has_ttu:
        model.add(holds + variables.has_ttu[t] <= 1)
    return holds


def credit(variables: Variables, t: str, kind: DutyKind, cap: int | None, beside_ttu: bool) -> Expression:
    """Hours of the duties of a kind that count: up to the cap, and beside a TTU only where the ruleset lets them."""
    hours = variables.duty_jtm(t, kind)
    most = greatest_value(hours) if cap is None else min(cap, greatest_value(hours))
    if most == 0:
        return total([])
    used = variables.model.new_int_var(0, most, f"credit[{t}, {kind.value}]")
    variables.model.add(used <= hours)
    if t in variables.has_ttu and not beside_ttu:
        variables.model.add(used <= most - most * variables.has_ttu[t])
    return total([(1, used)])


def guru_wali_hours(variables: Variables, t: str) -> Expression:
    """Hours of the guru wali, lost beside a TTU where the ruleset says so."""
    policy = variables.case.policy
    if not variables.case.is_guru_wali(t):
        return total([])
    if t in variables.has_ttu and not policy.guru_wali_counts_with_ttu:
        return policy.guru_wali_jtm - policy.guru_wali_jtm * variables.has_ttu[t]
    return total([], policy.guru_wali_jtm)
