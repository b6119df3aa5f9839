"""What every part of the dossier knows: the explanation, the case, the language, and the words that all papers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.explanation import Explanation
from scheduler.domain.plan import Plan, PlanStatus, Status
from scheduler.policy.case import Case
from scheduler.report.names import Names
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.words import Words

Places = Callable[[str], str]
"""From a path of the instance (``structure[3].intra_jp``) to what people call it (``Struktur!D5``)."""


@dataclass(frozen=True)
class Told:
    """An explanation that is told in one language. Each part of the dossier is one class above this, and ``Dossier`` joins them."""

    case: Case
    explanation: Explanation
    places: Places
    text: Text
    only_teacher: str = ""

    @cached_property
    def words(self) -> Words:
        """The words that all papers share: school, term, names, sums."""
        made = self.explanation
        status = PlanStatus(made.status, made.week_status)
        plan = Plan(made.policy, made.instance_sha256, status, made.levels, made.assignments, made.duties, made.loads, partners=made.partners)
        return Words(Tables(self.case, plan), self.text)

    @property
    def names(self) -> Names:
        return self.words.names

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``explain.toml``."""
        return self.text.say(f"explain.{key}", **facts)

    def people(self, codes: Iterable[str]) -> str:
        return self.text.joined(self.words.teacher(code) for code in codes) or self.words.say("dash")

    @property
    def has_plan(self) -> bool:
        return self.explanation.status in (Status.OPTIMAL, Status.FEASIBLE) and self.explanation.largest is not None

    def is_own(self, npsn: str) -> bool:
        return self.case.main_school in ("", npsn)

    def change(self, before: int, after: int) -> str:
        return self.say("from_to", before=before, after=after)
