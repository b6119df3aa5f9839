"""What a reader must know beside the runs themselves: what was kept, by which rulesets, and where the schools are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.policy.schema import Policy


@dataclass(frozen=True, slots=True)
class SmallSchool:
    """The class of schools that the study asks about: at most so many rombel, and fewer than so many pupils."""

    rombels: int = 8
    students: int = 200


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind an experiment.

    Parameters
    ----------
    title
        what was tried, in the user's words; "" = the catalogue's title
    policies
        the rulesets that were in force in some run, the user's replacements in them; their unverified numbers are shown
    kept
        what every run has in common: a number of the policy (or another name the catalogue knows) and its value as text
    scenarios
        what each named scenario changes: its name, and value by axis
    notes
        whole sentences, in the language of the reader, on where the schools are from (``staf rekaan``, the method, its seed)
    invented
        the staff is made up by a method, not reported by schools: every page says so
    small
        the class of schools the study asks about
    studied
        the thresholds the study asks about, in JTM
    """

    title: str = ""
    policies: tuple[Policy, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    invented: bool = False
    small: SmallSchool = SmallSchool()
    studied: tuple[int, ...] = (24, 22, 20, 18, 16)
