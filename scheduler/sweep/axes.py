"""What may be varied, and the values of ``--over KEY=VALUES``: everything that is wrong with them is named at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Final

from scheduler.domain.experiment import Axis
from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.policy.files import number_keys
from scheduler.policy.layers import NO, YES, number_name
from scheduler.policy.load import check_number, find_duty, load_curriculum, load_linearity, load_policy, policy_ids
from scheduler.policy.schema import DutyHolding, DutyUnitKind

MOST_VALUES: Final = 1000
"""More values of one axis are a slip of the keys."""


class Kind(StrEnum):
    """What an axis does to a school; ``changes`` has one function for each."""

    POLICY = "policy"
    LINEARITY = "linearity"
    CURRICULUM = "curriculum"
    NUMBER = "number"
    """A number of the ruleset."""
    SETTING = "setting"
    """A yes or no of the sheet Pengaturan."""
    ROMBEL = "rombel"
    CERTIFIED = "certified"
    RADIUS = "radius"
    PARTNERS = "partners"
    DUTY = "duty"
    """How many holders of a duty of the school the ruleset recognises, more or fewer."""


NAMED: Final[Mapping[str, Kind]] = {
    "policy": Kind.POLICY,
    "linearity": Kind.LINEARITY,
    "curriculum": Kind.CURRICULUM,
    "rombel": Kind.ROMBEL,
    "certified": Kind.CERTIFIED,
    "radius": Kind.RADIUS,
    "partners": Kind.PARTNERS,
    "unverified_linearity": Kind.SETTING,
    "shortfall_first": Kind.SETTING,
    "share_within_kecamatan": Kind.SETTING,
}

ALIASES: Final[Mapping[str, str]] = {
    "kebijakan": "policy",
    "linearitas": "linearity",
    "linearitas_c": "unverified_linearity",
    "kurikulum": "curriculum",
    "bersertifikat": "certified",
    "mitra": "partners",
    "radius_berbagi": "radius",
    "sharing_radius_km": "radius",
    "kekurangan_didahulukan": "shortfall_first",
    "berbagi_dalam_kecamatan": "share_within_kecamatan",
    "hitung_kokurikuler": "count_kokurikuler",
}
"""Other names of axes, as the sheet Pengaturan and people have them."""

RANGE = re.compile(r"([+-]?\d+(?:\.\d+)?):([+-]?\d+(?:\.\d+)?)(?::([+-]?\d+(?:\.\d+)?))?")


@dataclass(frozen=True, slots=True)
class AxisKind:
    """The one name of an axis, and what it does."""

    name: str
    kind: Kind


class ValueFaultError(ValueError):
    """A value that its axis does not have; ``kind`` is the key of the sentence."""

    def __init__(self, kind: str, **facts: str | int) -> None:
        self.kind, self.facts = kind, facts
        super().__init__(kind)


@cache
def school_duties() -> frozenset[str]:
    """Duties of any shipped ruleset of which a school has so and so many, and which it hands out itself."""
    duties = (duty for policy in policy_ids() for duty in load_policy(policy).duties)
    return frozenset(duty.id for duty in duties if duty.unit is DutyUnitKind.SCHOOL and duty.holding is DutyHolding.ASSIGNED)


def axis_kind(text: str) -> AxisKind | None:
    """The axis that a key means, None where it means none."""
    name = number_name(text)
    name = ALIASES.get(name, name)
    if name in NAMED:
        return AxisKind(name, NAMED[name])
    if name in number_keys():
        return AxisKind(name, Kind.NUMBER)
    duty = next((found for policy in policy_ids() if (found := find_duty(load_policy(policy), text)) is not None), None)
    return AxisKind(duty, Kind.DUTY) if duty in school_duties() and duty is not None else None


def known_axes() -> str:
    """What may be varied, in one line."""
    return ", ".join((*NAMED, *sorted(school_duties()), *number_keys()))


# --- --over --------------------------------------------------------------------------------------------------------------------------------


def parse_over(texts: Iterable[str]) -> tuple[tuple[Axis, ...], list[Problem]]:
    """The axes of all ``--over``, and everything that is wrong with them."""
    axes: dict[str, Axis] = {}
    problems: list[Problem] = []
    for text in texts:
        key, separator, written = text.partition("=")
        if not separator or not key.strip() or not written.strip():
            problems.append(problem("sweep.not_key_values", text))
            continue
        axis = axis_kind(key)
        if axis is None:
            problems.append(problem("sweep.unknown_axis", text, key=key.strip(), known=known_axes()))
            continue
        if axis.name in axes:
            problems.append(problem("sweep.repeated_axis", text, key=axis.name))
            continue
        values = tuple(read_values(axis, written, text, problems))
        axes[axis.name] = Axis(axis.name, values)
    return tuple(axes.values()), problems


def read_values(axis: AxisKind, written: str, text: str, problems: list[Problem]) -> Iterator[str]:
    """The values in the order written, each in its one spelling; faults go to ``problems``."""
    seen = set()
    for part in (part.strip() for part in written.split(",")):
        try:
            values = list(expanded(part))
        except ValueFaultError as fault:
            problems.append(problem(fault.kind, text, key=axis.name, **fault.facts))
            continue
        for value in values:
            found, faults = checked(axis, value, text)
            problems += faults
            if found is not None and found in seen:
                problems.append(problem("sweep.repeated_value", text, key=axis.name, value=found))
            elif found is not None:
                seen.add(found)
                yield found


def expanded(part: str) -> Iterator[str]:
    """``12:24:2`` is 12, 14 … 24; without the third number in steps of one, and down where the second is less. Anything else is itself."""
    match = RANGE.fullmatch(part)
    if match is None:
        yield part
        return
    first, last = Decimal(match[1]), Decimal(match[2])
    step = Decimal(match[3]) if match[3] else Decimal(1 if last >= first else -1)
    if step == 0 or (last - first) * step < 0:
        raise ValueFaultError("sweep.empty_range", value=part)
    if (last - first) / step >= MOST_VALUES:
        raise ValueFaultError("sweep.too_many_values", value=part, most=MOST_VALUES)
    signed = part.lstrip().startswith(("+", "-"))
    for index in range(int((last - first) / step) + 1):
        value = first + index * step
        yield f"{value:+f}" if signed and value >= 0 else f"{value:f}"


def checked(axis: AxisKind, value: str, place: str) -> tuple[str | None, list[Problem]]:
    """The value in its one spelling; None with Problems where the axis has no such value."""
    try:
        return SPELLINGS[axis.kind](axis, value), []
    except ValueFaultError as fault:
        return None, [problem(fault.kind, place, key=axis.name, **fault.facts)]
    except PolicyError as error:
        return None, [Problem(found.kind, sheet=place, facts=found.facts) for found in error.problems]


def problem(kind: str, place: str, **facts: str | int) -> Problem:
    """A Problem at an argument of the command line, or at a scenario."""
    return Problem(kind, sheet=place, facts=facts)


# --- one spelling a value ----------------------------------------------------------------------------------------------------------------------


def policy_value(axis: AxisKind, value: str) -> str:
    load_policy(value)
    return value


def linearity_value(axis: AxisKind, value: str) -> str:
    load_linearity(value)
    return value


def curriculum_value(axis: AxisKind, value: str) -> str:
    load_curriculum(value)
    return value


def number_value(axis: AxisKind, value: str) -> str:
    """As ``--set`` takes it; whether a number may have the value is the same in every ruleset."""
    check_number(axis.name, value)
    word = " ".join(value.casefold().split())
    return "ya" if word in YES else "tidak" if word in NO else str(int(word)) if word.lstrip("+").isdecimal() else word


def yes_or_no(axis: AxisKind, value: str) -> str:
    word = value.casefold().strip()
    if word in YES or word in NO:
        return "ya" if word in YES else "tidak"
    raise ValueFaultError("sweep.not_yes_or_no", value=value)


def rombel_value(axis: AxisKind, value: str) -> str:
    """``8``: so many; ``+1``, ``-1``: more or fewer than there are, ``+0``: as they are."""
    if not re.fullmatch(r"[+-]?\d+", value) or value == "0":
        raise ValueFaultError("sweep.not_a_count", value=value)
    return signed_text(value) if value[0] in "+-" else str(int(value))


def duty_value(axis: AxisKind, value: str) -> str:
    """``+1``: one holder more than the ruleset recognises, ``0``: as it is."""
    if not re.fullmatch(r"[+-]\d+|0", value):
        raise ValueFaultError("sweep.not_a_change", value=value)
    return signed_text(value)


def signed_text(value: str) -> str:
    return f"{int(value):+d}" if int(value) else "+0"


def share_value(axis: AxisKind, value: str) -> str:
    """A share as 0.8 or 80%."""
    number = decimal(value.removesuffix("%"), value)
    share = number / 100 if value.endswith("%") else number
    if not 0 <= share <= 1:
        raise ValueFaultError("sweep.not_a_share", value=value)
    return plain(share)


def radius_value(axis: AxisKind, value: str) -> str:
    number = decimal(value, value)
    if number < 0:
        raise ValueFaultError("sweep.not_a_number", value=value)
    return plain(number)


def decimal(digits: str, value: str) -> Decimal:
    try:
        number = Decimal(digits.strip())
    except InvalidOperation:
        raise ValueFaultError("sweep.not_a_number", value=value) from None
    if not number.is_finite():
        raise ValueFaultError("sweep.not_a_number", value=value)
    return number


def plain(number: Decimal) -> str:
    """Without needless zeros and without an exponent."""
    return f"{number.normalize():f}" if number else "0"


SPELLINGS: Final[Mapping[Kind, Callable[[AxisKind, str], str]]] = {
    Kind.POLICY: policy_value,
    Kind.LINEARITY: linearity_value,
    Kind.CURRICULUM: curriculum_value,
    Kind.NUMBER: number_value,
    Kind.SETTING: yes_or_no,
    Kind.ROMBEL: rombel_value,
    Kind.CERTIFIED: share_value,
    Kind.RADIUS: radius_value,
    Kind.PARTNERS: yes_or_no,
    Kind.DUTY: duty_value,
}


def contradictions(names: Sequence[str]) -> Iterator[Problem]:
    """Axes that would change the same thing."""
    if {"partners", "outside_max_jtm"} <= set(names):
        yield problem("sweep.contradicting_axes", "--over", key="partners", other="outside_max_jtm")
