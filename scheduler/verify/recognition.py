"""What a ruleset recognises of the hours one teacher has.

Each function is one paragraph of the regulation, on plain numbers; who teaches and holds what is read elsewhere (``verify.hours``). Sources:
Permendikdasmen 11/2025 ps. 13-17, Permendikbudristek 25/2024, Permendikbud 15/2018 with the SKTP verification list, PP 74/2008 ps. 52-54,
KMA 890/2019; the numbers themselves, with article and confidence, stand in the policy's TOML. JTM are lesson hours a week.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.policy.schema import OutsidePattern, Policy


@dataclass(frozen=True, slots=True)
class Tally:
    """Hours of one teacher before the ruleset weighs them, all in JTM a week.

    ``home`` and ``outside`` are linear recognised hours taught at the home school and elsewhere. ``teaching_duties`` are duties that count as
    teaching at home, ``main_duties`` TTU, ``special_duties`` pembimbing khusus, ``other_duties`` TTLE before the cap; all without units beyond
    the post's quota. ``main_units`` and ``other_units`` count the units held.
    """

    home: int = 0
    outside: int = 0
    teaching_duties: int = 0
    main_duties: int = 0
    main_units: int = 0
    special_duties: int = 0
    other_duties: int = 0
    other_units: int = 0

    @property
    def at_home(self) -> int:
        """Hours that count as taught at home."""
        return self.home + self.teaching_duties


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is recognised of a Tally.

    ``outside`` are the recognised hours elsewhere, ``real`` all recognised teaching (home, duties that count as teaching, elsewhere),
    ``duties`` the JTM of all duties that count (those in ``real`` included), ``recognised`` everything together.
    """

    outside: int
    real: int
    duties: int
    guru_wali: int
    recognised: int
    shortfall: int


def recognise(policy: Policy, tally: Tally, guru_wali: bool, surplus: bool) -> Recognition:
    """Recognised hours of a guru mapel, and what is missing to the minimum.

    With a TTU: real + TTU (+ TTLE and guru wali where the ruleset lets them count beside it), of which ``ttu_min_real_jtm`` must be real.
    Without: real + pembimbing khusus + TTLE up to the cap + guru wali. In both cases ``home_min_jtm`` must be taught at home.

    Parameters
    ----------
    guru_wali
        whether the teacher is guru wali
    surplus
        whether the home school has more certified teachers of the field than it needs (15/2018)
    """
    outside = recognised_outside(policy, tally, surplus)
    real = tally.at_home + outside
    duties = tally.teaching_duties + min(other_duties_cap(policy, tally.main_units), tally.other_duties)
    if tally.main_units:
        duties += tally.main_duties
        wali = policy.guru_wali_jtm if guru_wali and policy.guru_wali_counts_with_ttu else 0
    else:
        duties += tally.special_duties
        wali = policy.guru_wali_jtm if guru_wali else 0
    recognised = tally.home + outside + duties + wali
    missing_beside_main = policy.ttu_min_real_jtm - real if tally.main_units else 0
    shortfall = max(0, policy.min_jtm - recognised, missing_beside_main, missing_at_home(policy, tally))
    return Recognition(outside, real, duties, wali, recognised, shortfall)


def recognise_principal(policy: Policy, tally: Tally, surplus: bool) -> Recognition:
    """Recognised hours of a definitive principal: those of the post, and where the ruleset wants real hours besides (PP 74/2008 ps. 54 (1)), these.

    Other duties count nothing beside the post.
    """
    outside = recognised_outside(policy, tally, surplus)
    real = tally.at_home + outside
    if policy.principal_min_real_jtm == 0:
        return Recognition(outside, real, tally.teaching_duties, 0, policy.principal_jtm, 0)
    shortfall = max(0, policy.principal_min_real_jtm - real, missing_at_home(policy, tally))
    return Recognition(outside, real, tally.teaching_duties, 0, policy.principal_jtm + real, shortfall)


def other_duties_cap(policy: Policy, main_units: int) -> int:
    """Most JTM of TTLE that count (ps. 16); nothing beside a TTU (ps. 17) unless the ruleset says otherwise."""
    return policy.ttle_cap_jtm if main_units == 0 or policy.ttle_counts_with_ttu else 0


def recognised_outside(policy: Policy, tally: Tally, surplus: bool) -> int:
    """Recognised hours at schools that are not the home school: up to the cap, and under the accepted patterns where the ruleset has them."""
    capped = tally.outside if policy.outside_max_jtm is None else min(tally.outside, policy.outside_max_jtm)
    if not policy.outside_patterns:
        return capped
    accepted = tally.main_units == 0 and any(holds(pattern, policy, tally, surplus) for pattern in policy.outside_patterns)
    return capped if accepted else 0


def holds(pattern: OutsidePattern, policy: Policy, tally: Tally, surplus: bool) -> bool:
    """Whether a pattern of the SKTP verification list is met: enough at home, enough recognised TTLE, no surplus where it asks so."""
    counted_duties = min(policy.ttle_cap_jtm, tally.other_duties)
    return tally.at_home >= pattern.home_min_jtm and counted_duties >= pattern.ttle_min_jtm and not (pattern.no_surplus and surplus)


def missing_at_home(policy: Policy, tally: Tally) -> int:
    """Hours missing to the home school's minimum; a teacher below it is not valid, whatever is taught elsewhere."""
    return 0 if policy.home_min_jtm is None else policy.home_min_jtm - tally.at_home


def required_guidance(policy: Policy, tally: Tally) -> int:
    """Rombels (pupils under PP 74/2008) a guru BK must guide: fewer beside a TTU (ps. 15), or beside two or more TTLE (ps. 16)."""
    if tally.main_units:
        return max(0, policy.bk_min - policy.bk_ttu_equivalent)
    if tally.other_units >= 2:
        return max(0, policy.bk_min - policy.bk_two_duties_equivalent)
    return policy.bk_min


def guidance_shortfall(policy: Policy, tally: Tally, guided: int, guided_at_home: int) -> int:
    """What a guru BK misses, in JTM: missing rombels (or pupils) × min_jtm / bk_min, rounded up."""
    missing_home = 0 if policy.bk_home_min is None else policy.bk_home_min - guided_at_home
    missing = max(0, required_guidance(policy, tally) - guided, missing_home)
    return -(-missing * policy.min_jtm // max(1, policy.bk_min))
