"""A transfer of a teacher to another school of the district (redistribusi)."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.domain.explanation import Edit


@dataclass(frozen=True, slots=True)
class Transfer:
    """One teacher's new home school and what the way costs (minutes, else km; at least 1)."""

    teacher: str
    origin: str
    destination: str
    cost: int

    @property
    def edit(self) -> Edit:
        return Edit("teacher_moved", {"teacher": self.teacher, "school": self.destination})
