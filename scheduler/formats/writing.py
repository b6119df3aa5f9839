"""How an entity's values look in cells, so that reading them gives the entity back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from scheduler.domain.instance import Instance
from scheduler.errors import PolicyError
from scheduler.formats.cells import present
from scheduler.formats.checking import names_of
from scheduler.formats.columns import REFERENCES, Column, Kind
from scheduler.policy.load import load_certificates, load_law, load_subjects
from scheduler.policy.schema import Law


class Wording:
    """Words for the ids of one instance: the form that dropdowns show, wherever the reader understands it as the same thing."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.names = names_of(instance, self.law)

    @cached_property
    def law(self) -> Law | None:
        """The instance's law, None where its settings name none that exists: the workbook can be written all the same."""
        try:
            return load_law(self.instance.settings, [s.id for s in self.instance.subjects if s.own])
        except PolicyError:
            return None

    @cached_property
    def labels(self) -> dict[Kind, dict[str, str]]:
        """id → label of everything that has a better name than its id."""
        subjects = {**load_subjects(), **{subject.id: subject for subject in self.instance.subjects}}
        return {
            Kind.TEACHER: {t.code: f"{t.name} ({t.nip or t.code})" for t in self.instance.teachers},
            Kind.SUBJECT: {s.id: f"{s.name} ({s.short})" if s.own else s.name for s in subjects.values()},
            Kind.CERTIFICATE: {certificate.id: certificate.name for certificate in load_certificates().values()},
            Kind.DUTY: {duty.id: duty.name for duty in self.law.policy.duties} if self.law else {},
        }

    @cached_property
    def codes(self) -> dict[Kind, dict[str, str]]:
        """id → short form, for cells that hold several."""
        subjects = {**load_subjects(), **{subject.id: subject for subject in self.instance.subjects}}
        return {Kind.SUBJECT: {subject.id: subject.short for subject in subjects.values()}}

    def cell(self, column: Column, value: Any, school: str = "") -> object:
        """What the cell holds; None for a blank one."""
        if column.kind not in REFERENCES or not value:
            return present(column, value)
        if not column.many:
            return self.word(column.kind, value, school)
        listed = ", ".join(self.codes.get(column.kind, {}).get(identity, identity) for identity in value)
        return listed if self.names.find_all(column.kind, listed, school) == value else "; ".join(value)

    def word(self, kind: Kind, identity: str, school: str = "") -> str:
        label = self.labels.get(kind, {}).get(identity, identity)
        return label if self.names.find(kind, label, school) == identity else identity

    def choices(self, kind: Kind) -> tuple[str, ...]:
        """What a dropdown of the kind offers: everything there is, but of other workbooks' subjects."""
        return tuple(dict.fromkeys(self.word(kind, identity) for identity in self.labels.get(kind, {})))
