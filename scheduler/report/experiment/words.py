"""The words of an experiment's answers: what an axis and its values are called, numbers and shares as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from scheduler.domain.experiment import Axis
from scheduler.policy.schema import Policy
from scheduler.report.experiment.background import Background
from scheduler.report.experiment.gathered import StoredRun
from scheduler.report.text import Text

NUMBER_AND_YEAR: Final = re.compile(r"^.*?\d+/\d{4}")
"""The short name of a regulation: its title up to number and year."""

DECIMAL: Final = re.compile(r"\d+\.\d+")

LONGEST_CODE: Final = 15
"""Digits of the longest teacher's code that is shown: NUPTK has 16 and NIP 18, and neither belongs on a page that is handed on."""

UNCHANGED: Final = ("+0", "-0")

YES_NO: Final = {"ya": "yes", "true": "yes", "tidak": "no", "false": "no"}


@dataclass(frozen=True)
class Words:
    """The catalogue and the names of the rulesets."""

    text: Text
    background: Background

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``experiment.toml``."""
        return self.text.say(f"experiment.{key}", **facts)

    def number(self, value: float, decimals: int = 1) -> str:
        return self.text.number(value, decimals)

    def percent(self, share: float | None, decimals: int = 1) -> str:
        """``61,2%``; a dash where there is nothing to divide. 100% and 0% are only said where they are exact."""
        if share is None:
            return self.say("dash")
        least = 10.0**-decimals
        shown = round(100 * share, decimals)
        if 0 < share < 1:
            shown = min(max(shown, least), 100 - least)
        return self.say("percent", value=self.number(shown))

    def sentence(self, key: str, /, **facts: object) -> str:
        """The same, beginning with a capital whatever its first fact is."""
        said = self.say(key, **facts)
        return said[:1].upper() + said[1:]

    def yes_no(self, value: bool) -> str:
        return self.text.say("report.yes" if value else "report.no")

    # --- axes ------------------------------------------------------------------------------------------------------------------------------

    def axis(self, name: str) -> str:
        """What is varied, in words; a name nobody has words for is shown as it is."""
        keys = (f"experiment.axis_{name}", f"policy.{name}")
        known = next((self.text.say(key) for key in keys if self.text.has(key)), "")
        return known or self.duties.get(name, name)

    @cached_property
    def duties(self) -> dict[str, str]:
        rules = [rule for policy in self.background.policies for rule in policy.duties]
        return {rule.id: rule.name_en if self.text.lang == "en" and rule.name_en else rule.name for rule in reversed(rules)}

    def value(self, axis: str, value: str) -> str:
        """One value of an axis: rulesets by their short title, numbers with the unit of the axis."""
        if axis == "policy":
            return self.ruleset(value)
        if value.casefold() in YES_NO:
            return self.text.say(f"report.{YES_NO[value.casefold()]}")
        if value in UNCHANGED or (axis in self.duties and value == "0"):
            return self.say("unchanged")
        if axis == "certified":
            return self.percent(float(value))
        unit = f"experiment.unit_{axis}"
        if self.text.has(unit):
            return self.text.say(unit, value=self.number(float(value), len(value)) if DECIMAL.fullmatch(value) else value)
        return self.say("jtm", value=value) if axis.endswith("_jtm") and value.isdigit() else value

    def at(self, axis: str, value: str) -> str:
        """One value of an axis as part of a sentence."""
        key = f"at_{axis}"
        return self.say(key if self.text.has(f"experiment.{key}") else "at_other", axis=self.axis(axis), value=self.value(axis, value))

    def ruleset(self, policy_id: str) -> str:
        policy = self.policies.get(policy_id)
        return policy_id if policy is None else self.short_title(policy)

    def short_title(self, policy: Policy) -> str:
        title = policy.title_en if self.text.lang == "en" and policy.title_en else policy.title
        found = NUMBER_AND_YEAR.match(title)
        return found.group() if found else title

    @cached_property
    def policies(self) -> dict[str, Policy]:
        return {policy.id: policy for policy in reversed(self.background.policies)}

    def setting(self, axes: Sequence[Axis], values: Sequence[str]) -> str:
        """``Permendikbud 15/2018, Kurikulum merdeka``: the values of several axes in one line."""
        return ", ".join(self.labelled(axis.name, value) for axis, value in zip(axes, values, strict=True))

    def labelled(self, axis: str, value: str) -> str:
        """A value that explains itself where it stands without its axis."""
        shown = self.value(axis, value)
        return shown if axis == "policy" else self.say("labelled", axis=self.axis(axis), value=shown)

    # --- runs ------------------------------------------------------------------------------------------------------------------------------

    def status(self, run: StoredRun) -> str:
        return self.say("status_error") if run.error else self.say(f"status_{run.status.casefold()}")

    def error(self, key: str, facts: Mapping[str, str | int]) -> str:
        """Why a scenario could not be put to a school; a reason without words is shown by its key."""
        return self.text.say(key, **facts) if key and self.text.has(key) else key

    def code(self, code: str) -> str:
        """A teacher's code; one that is a NIP or NUPTK shows its last four digits only."""
        digits = re.sub(r"\D", "", code)
        return f"…{digits[-4:]}" if len(digits) > LONGEST_CODE else code

    def codes(self, codes: Iterable[str]) -> str:
        return ", ".join(self.code(code) for code in codes)
