"""What ``policies`` and ``policies show`` tell: rulesets as rows, and the numbers that follow from others. No words, no formatting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.domain.instance import Settings
from scheduler.policy.load import curriculum_ids, load_curriculum, load_linearity, load_policy, policy_ids
from scheduler.policy.schema import Confidence, Curriculum, DutyKind, DutyRule, Linearity, OutsidePattern, Policy, Source

Value = int | bool | str | None
"""None = the ruleset says that there is no such rule."""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number of the law; ``key`` is what ``--set`` calls it and its label's key in ``report/text/*/policy.toml``."""

    key: str
    value: Value
    source: Source

    @property
    def unverified(self) -> bool:
        return is_unverified(self.source)


@dataclass(frozen=True, slots=True)
class DerivedRow:
    """A number that follows from others and stands in no file. ``formula`` is its sum in figures (``24 - 6 - 2``), ``keys`` what it follows from."""

    key: str
    value: int
    formula: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurriculumSummary:
    """A curriculum with its obligatory JP a week by grade."""

    id: str
    title: str
    title_en: str
    weekly_jp: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """One line of ``policies``. ``unverified`` counts the numbers, duties and patterns that rest on something marked C."""

    id: str
    title: str
    title_en: str
    in_force: str
    linearity: str
    default: bool
    duties: int
    unverified: int


@dataclass(frozen=True, slots=True)
class PolicyDescription:
    """Everything of one ruleset, as ``policies show`` tells it."""

    policy: Policy
    numbers: tuple[NumberRow, ...]
    derived: tuple[DerivedRow, ...]
    duties: tuple[DutyRule, ...]
    patterns: tuple[OutsidePattern, ...]
    linearity: Linearity
    curricula: tuple[CurriculumSummary, ...]


def policy_summaries() -> tuple[PolicySummary, ...]:
    """The shipped rulesets, the default first."""
    default = Settings().policy
    ids = sorted(policy_ids(), key=lambda policy_id: (policy_id != default, policy_id))
    return tuple(summary_of(load_policy(policy_id), policy_id == default) for policy_id in ids)


def describe(policy_id: str, overrides: Mapping[str, str] | None = None, unverified: bool = False) -> PolicyDescription:
    """One ruleset with the user's own numbers, its default linearity table, and the curricula there are."""
    policy = load_policy(policy_id, overrides)
    return PolicyDescription(
        policy=policy,
        numbers=number_rows(policy),
        derived=derived_rows(policy),
        duties=policy.duties,
        patterns=policy.outside_patterns,
        linearity=load_linearity(policy.linearity, unverified),
        curricula=tuple(curriculum_summary(load_curriculum(curriculum_id)) for curriculum_id in curriculum_ids()),
    )


def summary_of(policy: Policy, default: bool) -> PolicySummary:
    sources = [*policy.sources.values(), *(pattern.source for pattern in policy.outside_patterns)]
    doubtful_duties = sum(is_unverified(duty.source) or is_unverified(duty.holders_source) for duty in policy.duties)
    return PolicySummary(
        id=policy.id,
        title=policy.title,
        title_en=policy.title_en,
        in_force=policy.in_force,
        linearity=policy.linearity,
        default=default,
        duties=len(policy.duties),
        unverified=sum(map(is_unverified, sources)) + doubtful_duties,
    )


def number_rows(policy: Policy) -> tuple[NumberRow, ...]:
    """Every number of the ruleset, in the order of the schema."""
    return tuple(NumberRow(key, plain(getattr(policy, key)), source) for key, source in policy.sources.items())


def derived_rows(policy: Policy) -> tuple[DerivedRow, ...]:
    """The least real hours and guidance that the numbers leave: 16 or 18 JTM without a TTU, 12 with one."""
    return (real_jtm_without_ttu(policy), real_jtm_with_ttu(policy), *guidance_rows(policy))


def real_jtm_without_ttu(policy: Policy) -> DerivedRow:
    """Least real JTM with the most that small duties and guru wali may add: ``min_jtm - ttle_cap_jtm - guru_wali_jtm``."""
    return difference("real_jtm_without_ttu", policy, "min_jtm", "ttle_cap_jtm", "guru_wali_jtm")


def real_jtm_with_ttu(policy: Policy) -> DerivedRow:
    """Least real JTM beside a TTU: the ruleset's own number, or what 12 JTM and the duties that count with it leave of the minimum."""
    ttu = max((duty.jtm for duty in policy.duties if duty.kind is DutyKind.TTU), default=0)
    cap = policy.ttle_cap_jtm if policy.ttle_counts_with_ttu else 0
    wali = policy.guru_wali_jtm if policy.guru_wali_counts_with_ttu else 0
    left = policy.min_jtm - ttu - cap - wali
    formula = f"max({policy.ttu_min_real_jtm}, {policy.min_jtm} - {ttu} - {cap} - {wali})"
    keys = ("ttu_min_real_jtm", "min_jtm", "ttle_cap_jtm", "guru_wali_jtm")
    return DerivedRow("real_jtm_with_ttu", max(policy.ttu_min_real_jtm, left), formula, keys)


def guidance_rows(policy: Policy) -> tuple[DerivedRow, ...]:
    """What a guru BK must guide beside a TTU, and beside two small duties."""
    return (
        difference("bk_min_with_ttu", policy, "bk_min", "bk_ttu_equivalent"),
        difference("bk_min_with_two_duties", policy, "bk_min", "bk_two_duties_equivalent"),
    )


def difference(key: str, policy: Policy, *keys: str) -> DerivedRow:
    """The first number less the others, never below 0."""
    first, *others = (int(getattr(policy, name)) for name in keys)
    formula = " - ".join(str(number) for number in (first, *others))
    return DerivedRow(key, max(0, first - sum(others)), formula, keys)


def curriculum_summary(curriculum: Curriculum) -> CurriculumSummary:
    grades = sorted({row.grade for row in curriculum.rows})
    weekly = {g: sum(row.intra_jp + row.koku_jp for row in curriculum.rows if row.grade == g and not row.elective) for g in grades}
    return CurriculumSummary(curriculum.id, curriculum.title, curriculum.title_en, weekly)


def is_unverified(source: Source) -> bool:
    """Marked C, and not replaced by the user."""
    return source.confidence is Confidence.C and not source.overridden


def plain(value: Value) -> Value:
    return str(value) if isinstance(value, StrEnum) else value
