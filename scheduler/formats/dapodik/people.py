"""Who is who: the PTK of several lists as one staff, and the names of other sheets matched to them.

NUPTK first, then NIP, then the name without titles. Where that leaves two people, or somebody of a similar name, nobody is chosen: it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from itertools import groupby
from typing import Final

from scheduler.domain.entities import Position
from scheduler.formats.columns import key
from scheduler.formats.dapodik.answers import Answer, Answers
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.identity import NO_NUMBER, Number
from scheduler.formats.dapodik.reading import Place
from scheduler.formats.dapodik.source import PersonRow
from scheduler.formats.dapodik.vocabulary import is_one_of, person_key

SIMILAR: Final = 0.85
"""From this likeness on a name can be a misspelling of another."""

LEAST_DIGITS: Final = 9
"""An answer with fewer digits is no NIP and no NUPTK (the old NIP had nine)."""

OTHER_NAME: Final = 0.6
"""Below it two names are not of one person, though their number is."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How a row names somebody. ``about`` is the matter that the question names: the subject, the class, the duty."""

    name: str
    place: Place
    about: str
    nuptk: Number = NO_NUMBER
    nip: Number = NO_NUMBER
    own_id: str = ""
    employment: str = ""
    is_home: bool | None = None

    @property
    def question(self) -> str:
        return f"guru:{self.name or self.nuptk.digits}:{self.about}"


@dataclass(eq=False, slots=True)
class Member:
    """One person with all rows about them; ``code`` is "" for who is no teacher."""

    rows: list[PersonRow]
    code: str = ""
    is_home: bool = True
    index: int = -1
    """the row of the sheet Guru"""
    keys: set[str] = field(default_factory=set)

    def first(self, name: str) -> str:
        return next((value for row in self.rows if (value := getattr(row, name))), "")

    def number(self, name: str) -> Number:
        """The person's number, one with all its digits before one that has lost some."""
        known = [number for row in self.rows if (number := getattr(row, name))]
        return next((number for number in known if number.exact), known[0] if known else NO_NUMBER)

    @property
    def name(self) -> str:
        return self.rows[0].name

    def learn(self, reference: Reference) -> None:
        """Keep a number that the lists lack, or have with digits lost."""
        new = {name: number for name in ("nuptk", "nip") if (number := getattr(reference, name)) and number.exact}
        fresh = {name: number for name, number in new.items() if not self.number(name).text}
        if fresh:
            self.rows.append(PersonRow(reference.place, self.name, **fresh, tells_certificate=False))

    @property
    def label(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    @property
    def position(self) -> Position | None:
        """What the person is here; None for tenaga kependidikan."""
        kinds = [row.kind for row in self.rows if row.kind]
        duties = [duty for row in self.rows for duty in duties_in(row.duties)]
        for position, entry in POSITIONS:
            if any(is_one_of(text, "kinds", entry) for text in (*kinds, *(duties if entry in HEADS else ()))):
                head = position in (Position.PRINCIPAL, Position.ACTING_PRINCIPAL)
                return Position.SUBJECT_TEACHER if head and not self.is_home else position
        return Position.SUBJECT_TEACHER if any(key(kind).startswith("guru") for kind in kinds) else None


HEADS: Final = ("acting_principal", "principal")
POSITIONS: Final = (
    (Position.ACTING_PRINCIPAL, "acting_principal"),
    (Position.PRINCIPAL, "principal"),
    (Position.COUNSELLOR, "counsellor"),
    (Position.SUBJECT_TEACHER, "teacher"),
)


def duties_in(text: str) -> list[str]:
    """The duties of a cell, which holds several separated by a comma, a semicolon or a line."""
    parts = text.replace("|", ";").replace(",", ";").split(";")
    return [part.strip() for part in parts if part.strip() and not is_one_of(part, "answers", "nothing")]


class Staff:
    """Everybody of the school, and who is meant by a name."""

    def __init__(self, people: Iterable[PersonRow], answers: Answers, doubts: Doubts) -> None:
        self.members: list[Member] = []
        self.teachers: list[Member] = []
        self.answers = answers
        self.doubts = doubts
        self.resolved: dict[tuple[str, str, str, str], Member | None] = {}
        self.hired: dict[tuple[str, str], Member] = {}
        # Profil Sekolah first: it says most about each. The sort is stable, so that the rows keep the order of their list.
        ordered = sorted(people, key=lambda row: not row.tells_certificate)
        for place, rows in groupby(ordered, key=lambda row: (row.place.file, row.place.sheet)):
            del place
            self.take_list(list(rows))
        for member in self.members:
            if any(row.is_home is False for row in member.rows):
                member.is_home = False
            if member.position is not None:
                self.make_teacher(member)

    # --- the lists ---------------------------------------------------------------------------------------------------------------------------------

    def take_list(self, rows: Sequence[PersonRow]) -> None:
        """A list of people, each of whom stands in it once; who is in an earlier list is the same person."""
        earlier = list(self.members)
        here: list[Member] = []
        for row in rows:
            twice = next((m for m in here if same_person(m, row)), None)
            if twice is not None:
                self.doubts.check("person_twice", row.place, value=row.name, other=twice.name)
                continue
            about = row.place.sheet or row.place.file
            reference = Reference(row.name, row.place, about, row.nuptk, row.nip, row.own_id)
            found, candidates, kind = match(reference, [m for m in earlier if m not in here])
            answer = self.answers.to(reference.question) if candidates else None
            if answer is not None:
                found, candidates = self.answered(answer, earlier), []
            if candidates:
                self.ask(kind, reference, candidates)
                continue
            member = found or Member([])
            member.rows.append(row)
            member.keys.add(person_key(row.name))
            here.append(member)
            if found is None:
                self.members.append(member)
        for name, alike in groupby(sorted(here, key=lambda m: person_key(m.name)), key=lambda m: person_key(m.name)):
            several = list(alike)
            if name and len(several) > 1:
                self.doubts.note("same_name", several[1].rows[0].place, value=several[0].name, count=len(several))

    def make_teacher(self, member: Member) -> Member:
        member.index = len(self.teachers)
        member.code = f"G{member.index + 1:02d}"
        self.teachers.append(member)
        return member

    # --- references --------------------------------------------------------------------------------------------------------------------------------

    def resolve(self, reference: Reference, may_be_new: bool = False) -> Member | None:
        """Who is meant; None where that has to be asked (the doubt is noted)."""
        identity = (reference.name, reference.nuptk.digits, reference.own_id, reference.about)
        if identity not in self.resolved:
            self.resolved[identity] = self.search(reference, may_be_new)
        return self.resolved[identity]

    def search(self, reference: Reference, may_be_new: bool) -> Member | None:
        found, candidates, kind = match(reference, self.members)
        if found is not None:
            if kind:
                self.doubts.check(kind, reference.place, self.target(found, "name"), value=reference.name, other=found.name)
            found.learn(reference)
            return found
        if may_be_new and not candidates:
            return self.hire(reference)
        answer = self.answers.to(reference.question)
        if answer is not None:
            if is_one_of(answer.text, "answers", "leave_out"):
                return None
            if may_be_new and is_one_of(answer.text, "answers", "new_teacher"):
                return self.hire(reference)
            return self.answered(answer, self.members)
        self.ask(kind or "teacher_unknown", reference, candidates)
        return None

    def hire(self, reference: Reference) -> Member:
        """Somebody who teaches here and stands in no list."""
        identity = (person_key(reference.name), reference.nuptk.digits)
        if identity in self.hired:
            return self.hired[identity]
        row = PersonRow(
            reference.place,
            reference.name or reference.nuptk.digits,
            reference.nuptk,
            reference.nip,
            reference.employment,
            own_id=reference.own_id,
            is_home=reference.is_home,
            tells_certificate=False,
        )
        member = self.make_teacher(Member([row], is_home=reference.is_home is not False, keys={person_key(row.name)}))
        self.members.append(member)
        self.hired[identity] = member
        if member.is_home:
            self.doubts.check("teacher_not_in_list", reference.place, self.target(member, "certificate"), value=member.name)
        return member

    def answered(self, answer: Answer, among: Sequence[Member]) -> Member | None:
        """The person whom an answer names: by code, name, ``Nama (G07)``, NIP or NUPTK."""
        text = answer.text.strip()
        inside = text[:-1].rpartition("(")[2].strip() if text.endswith(")") else ""
        digits = "".join(c for c in text if c.isdigit())
        by_code = [m for m in among if m.code and m.code.casefold() in (text.casefold(), inside.casefold())]
        by_digits = [m for m in among if len(digits) >= LEAST_DIGITS and digits in (m.number("nuptk").digits, m.number("nip").digits)]
        by_name = [m for m in among if person_key(text) in m.keys]
        for named in (by_code, by_digits, by_name):
            if len(named) == 1:
                return named[0]
        self.answers.refuse(answer, "answer_names_nobody")
        return None

    def ask(self, kind: str, reference: Reference, candidates: Sequence[Member]) -> None:
        named = ", ".join(m.label for m in candidates) or "-"
        self.doubts.ask(kind, reference.question, reference.place, None, value=reference.name, about=reference.about, candidates=named)

    def target(self, member: Member, column: str) -> tuple[str, int, str] | None:
        return ("teachers", member.index, column) if member.code else None


def same_person(member: Member, row: PersonRow) -> bool:
    """Whether an exact number says that both are one person, and the names do not say otherwise (a number typed to the wrong name)."""
    same = any(n.exact and o.exact and n.agrees(o) for r in member.rows for n, o in ((r.nuptk, row.nuptk), (r.nip, row.nip)))
    return same and likeness(row.name, member) >= OTHER_NAME


def likeness(name: str, member: Member) -> float:
    """How much a name is like one of the person's, from 0 to 1."""
    return max((SequenceMatcher(None, person_key(name), known).ratio() for known in member.keys), default=1.0)


def match(reference: Reference, members: Sequence[Member]) -> tuple[Member | None, list[Member], str]:
    """Who is meant, else who may be, and the kind of doubt."""
    if reference.own_id:
        known = next((m for m in members if any(row.own_id == reference.own_id for row in m.rows)), None)
        if known is not None:
            return known, [], ""
    wanted = person_key(reference.name)
    by_name = [m for m in members if wanted and wanted in m.keys]
    for number, name in ((reference.nuptk, "nuptk"), (reference.nip, "nip")):
        agreeing = [m for m in members if number.agrees(m.number(name))]
        chosen = agreeing if len(agreeing) == 1 else [m for m in agreeing if m in by_name]
        if len(chosen) == 1:
            return by_number(reference, number, chosen[0], name, chosen[0] in by_name)
        if agreeing:
            return None, agreeing, "teacher_ambiguous"
    if len(by_name) == 1:
        if contradicts(reference, by_name[0]):
            return None, by_name, "teacher_number_differs"
        return by_name[0], [], ""
    if by_name:
        return None, by_name, "teacher_ambiguous"
    near = get_close_matches(wanted, {k for m in members for k in m.keys}, n=3, cutoff=SIMILAR) if wanted else []
    return None, [m for m in members if m.keys & set(near)], "teacher_near" if near else ""


def by_number(reference: Reference, number: Number, member: Member, name: str, same_name: bool) -> tuple[Member | None, list[Member], str]:
    """Somebody with that number: certain where every digit is known, and under another name worth a look."""
    if not (number.exact and member.number(name).exact) and not same_name:
        return None, [member], "teacher_number_cut"
    return member, [], "number_other_name" if reference.name and likeness(reference.name, member) < OTHER_NAME else ""


def contradicts(reference: Reference, member: Member) -> bool:
    """Whether both have a number of the same kind, and not the same one."""
    pairs = ((reference.nuptk, member.number("nuptk")), (reference.nip, member.number("nip")))
    return any(one and other and not one.agrees(other) for one, other in pairs)
