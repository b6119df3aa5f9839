"""Edits of a plan's workbook and what they broke, in words and with cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.edits import Edit, EditKind
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Violation
from scheduler.policy.case import Case
from scheduler.report.text import Text

TOLD = frozenset({"needs_covered", "duties_filled", "minimum_hours", "home_school_minimum", "prefer_times", "week_wishes", "limit_idle_times"})
"""Targets of which it is said that an edit made them worse; days of attendance change with nearly every edit."""

MOST_CELLS = 6


@dataclass(frozen=True)
class EditWords:
    """``hour_places`` and ``taught_places`` are the cells of each need."""

    case: Case
    text: Text
    edits: Sequence[Edit]
    hour_places: Mapping[tuple[str, str, int], Sequence[str]]
    taught_places: Mapping[str, Sequence[str]]

    def edit(self, edit: Edit) -> str:
        before, after = (word or self.text.say("edits.blank") for word in (edit.before, edit.after))
        facts = {"place": brief_places(edit.place.split(", ")), "before": before, "after": after}
        if edit.kind is EditKind.HOUR:
            return self.text.say("edits.edit_hour", rombel=edit.rombel, day=self.day(edit.day), period=edit.period, **facts)
        if edit.kind is EditKind.TEACHER:
            return self.text.say("edits.edit_teacher", need=need_words(self.case, self.text, edit.needs[0]), **facts)
        return self.text.say("edits.edit_duty", duty=duty_words(self.case, self.text, edit.duty, edit.unit), **facts)

    def violation(self, violation: Violation) -> str:
        """``Jadwal Induk!E9: Siti (G04) bentrok …``."""
        facts = {name: self.spoken(value) for name, value in violation.facts.items()}
        entities = ", ".join(str(self.spoken(entity)) for entity in violation.entities)
        sentence = " ".join(self.text.say(f"rules.{violation.rule}", **{"entities": entities, **facts}).split())
        places = self.places(violation)
        return f"{brief_places(places)}: {sentence}" if places else sentence

    def spoken(self, value: str | int) -> str | int:
        """Ids of needs, teachers and schools as people call them."""
        if value in self.case.need:
            return need_words(self.case, self.text, str(value))
        if value in self.case.teachers:
            return self.text.say("edits.person", name=self.case.teachers[str(value)].name, code=value)
        if value in self.case.schools:
            return self.case.schools[str(value)].name
        return self.day(str(value)) if value in DAYS else value

    def day(self, day: str) -> str:
        return self.text.say(f"report.day_{day.casefold()}")

    # --- cells -----------------------------------------------------------------------------------------------------------------------------

    def places(self, violation: Violation) -> list[str]:
        """The cells where a breach can be seen: the hours it names, else the edits of its needs and teachers, else the needs' hours."""
        facts = violation.facts
        needs = [str(value) for value in (*facts.values(), *violation.entities) if value in self.case.need]
        day = str(facts.get("day", ""))
        found: list[str] = []
        if day:
            periods = [facts[name] for name in ("period", "first_period", "second_period") if name in facts]
            for need in dict.fromkeys(needs):
                found += [place for at, places in self.hour_places.items() if at[:2] == (need, day) and self.begins(at, periods) for place in places]
        if not found:
            who = {str(value) for value in (*facts.values(), *violation.entities)}
            about = (e for e in self.edits if set(e.needs) & set(needs) or (not needs and set(e.teachers) - {""} & who))
            found = [place for edit in about for place in edit.place.split(", ")]
        if not found:
            found = [place for need in needs for place in self.taught_places.get(need, ())]
        return list(dict.fromkeys(found))

    def begins(self, at: tuple[str, str, int], periods: Sequence[str | int]) -> bool:
        """Whether an hour belongs to a lesson that begins at one of the periods (all hours of the day where none is named)."""
        if not periods:
            return True
        need, day, period = at
        while period not in periods and (need, day, period - 1) in self.hour_places:
            period -= 1
        return period in periods


def brief_places(places: Iterable[str]) -> str:
    """``Jadwal Induk!E9, F9``: a sheet's name once, and not more than a few cells."""
    sheets: dict[str, list[str]] = {}
    for place in places:
        sheet, _, cell = place.rpartition("!")
        sheets.setdefault(sheet or place, [])
        if sheet and cell not in sheets[sheet]:
            sheets[sheet].append(cell)
    told = []
    for sheet, cells in sheets.items():
        more = ", …" if len(cells) > MOST_CELLS else ""
        told.append(f"{sheet}!{', '.join(cells[:MOST_CELLS])}{more}" if cells else sheet)
    return "; ".join(told)


def need_words(case: Case, text: Text, need_id: str) -> str:
    """``MTK kelas 7A``, with the school where the file has several."""
    need = case.need[need_id]
    facts = {"subject": case.instance.subject(need.subject).short, "rombels": ", ".join(need.rombels) or text.say("report.dash")}
    with_classes = {rombel.school for rombel in case.instance.rombels}
    if need.school == case.main_school or with_classes == {need.school}:
        return text.say("edits.need", **facts)
    return text.say("edits.need_at", school=case.schools[need.school].name, **facts)


def duty_words(case: Case, text: Text, duty: str, unit: str) -> str:
    rule = case.policy.duty(duty)
    name = duty if rule is None else rule.name_en if text.lang == "en" and rule.name_en else rule.name
    return f"{name} {unit}".strip()


def newly_short(before: Iterable[Violation], after: Iterable[Violation]) -> Iterator[Violation]:
    """Targets that are missed now and were not missed so before."""
    known = [(v.rule, v.entities, dict(v.facts)) for v in before]
    yield from (v for v in after if v.rule in TOLD and (v.rule, v.entities, dict(v.facts)) not in known)
