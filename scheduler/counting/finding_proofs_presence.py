"""Proofs about the teachers who can be there at some times against the classes that must be taught then (Hall)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scheduler.counting.finding import Finding
from scheduler.counting.finding_proof_sums import FoundProofs
from scheduler.counting.presence import Presence, Shortage, SlotKey, any_shortage, locked_shortage, slots_of_day, times_in_words
from scheduler.counting.proof_sums import Sheet
from scheduler.domain.entities import Rombel
from scheduler.domain.instance import DAYS
from scheduler.domain.proof import Operation, Proof


def of_all_classes(found: FoundProofs, finding: Finding) -> Proof | None:
    """The classes of a school and bell pattern together, over the slots that the flow names."""
    classes = found.classes[str(finding.facts["npsn"]), str(finding.facts["pattern"])]
    lack = locked_shortage(classes) if finding.hard else any_shortage(classes)
    return None if lack is None else hall(found, finding, classes, lack)


def of_one_class(found: FoundProofs, finding: Finding) -> Proof | None:
    """The first of the classes that a note names."""
    classes = found.classes[str(finding.facts["npsn"]), str(finding.facts["pattern"])]
    name = str(finding.facts["rombels"]).split(", ")[0]
    alone = replace(classes, rombels=tuple(rombel for rombel in classes.rombels if rombel.name == name))
    lack = locked_shortage(alone) if finding.hard else any_shortage(alone)
    return None if lack is None else hall(found, finding, alone, lack)


def of_one_day(found: FoundProofs, finding: Finding) -> Proof | None:
    """The full classes, over the periods of one day in which fewer teachers than classes can be there."""
    classes = found.classes[str(finding.facts["npsn"]), str(finding.facts["pattern"])].full
    lack = slots_of_day(classes, str(finding.facts["day"]))
    return None if lack is None else hall(found, finding, classes, lack)


def hall(found: FoundProofs, finding: Finding, classes: Presence, lack: Shortage) -> Proof | None:
    """Classes × slots against what the teachers who can be there give to these slots, and what may be empty or without a teacher."""
    if any(found.week.class_jp(rombel) > len(classes.slots) for rombel in classes.rombels):
        return None
    sheet = Sheet()
    rombels = ", ".join(rombel.name for rombel in classes.rombels)
    names = {"school": found.week.school_name(classes.npsn), "times": times_in_words(lack.slots), "rombels": rombels}
    cells = tuple(f"rombels[{found.rombel[rombel.school, rombel.name][0]}].name" for rombel in classes.rombels)
    count = found.given(sheet, "classes", len(classes.rombels), names, cells)
    slots = slots_line(found, sheet, classes, lack.slots)
    needed = found.work(sheet, Operation.PRODUCT, "needed", [count, slots], names)
    rows = [*teachers_lines(found, sheet, classes, lack, slots), *spare_lines(found, sheet, classes, count, finding.hard)]
    most = found.work(sheet, Operation.SUM, "available", rows, names)
    found.work(sheet, Operation.DIFFERENCE, "missing", [needed, most], names)
    return found.compared(sheet, finding.kind, needed, most, names, classes.npsn)


def slots_line(found: FoundProofs, sheet: Sheet, classes: Presence, slots: Sequence[SlotKey]) -> str:
    rows = []
    for day in DAYS:
        of_day = [key for key in slots if key[0] == day]
        if of_day:
            rows.append(found.given(sheet, "day_slots", len(of_day), {"times": times_in_words(of_day)}, found.slot_cells(classes.pattern, day)))
    return found.work(sheet, Operation.SUM, "slots", rows, {"times": times_in_words(slots)})


def teachers_lines(found: FoundProofs, sheet: Sheet, classes: Presence, lack: Shortage, slots: str) -> Iterator[str]:
    """Those who can be there at all these times together, as teachers × slots; the others one by one, by what they can give."""
    within = frozenset(lack.slots)
    away = [code for code in classes.hours if not classes.open[code] & within]
    whole = [code for code in classes.hours if lack.given.get(code, 0) == len(within)]
    partly = [code for code in classes.hours if code not in away and code not in whole]
    named = {"times": times_in_words(lack.slots)}
    staff = found.given(sheet, "staff", len(classes.hours), named, tuple(f"teachers[{found.teacher_row[code]}].code" for code in classes.hours))
    others = []
    if away:
        cells = tuple(cell for code in away for cell in found.away_cells(code, within))
        who = ", ".join(f"{found.case.teachers[code].name} ({code})" for code in away)
        others.append(found.given(sheet, "away", len(away), {**named, "names": who}, cells))
    if partly:
        who = ", ".join(f"{found.case.teachers[code].name} ({code})" for code in partly)
        others.append(found.given(sheet, "partly", len(partly), {**named, "names": who}))
    present = found.work(sheet, Operation.DIFFERENCE, "present", [staff, *others], named)
    if whole:
        yield found.work(sheet, Operation.PRODUCT, "present_hours", [present, slots], named)
    else:
        yield present
    for code in partly:
        open_count = len(classes.open[code] & within)
        if classes.hours[code] < open_count:
            row = found.teacher_row[code]
            yield found.given(sheet, "own_hours", classes.hours[code], {**named, **found.person(code)}, (f"teachers[{row}].max_jp",))
        else:
            closed = within - classes.open[code]
            yield found.given(sheet, "own_slots", open_count, {**named, **found.person(code)}, found.away_cells(code, closed))


def spare_lines(found: FoundProofs, sheet: Sheet, classes: Presence, count: str, hard: bool) -> Iterator[str]:
    """Periods that the classes' hours leave empty, and lessons that may be without a teacher."""
    week = found.week
    grid = found.work(sheet, Operation.PRODUCT, "grid", [count, found.periods_of(sheet, classes.pattern)])
    by_hours: dict[int, list[Rombel]] = {}
    for rombel in classes.rombels:
        by_hours.setdefault(week.class_jp(rombel), []).append(rombel)
    rows = []
    for jp, rombels in by_hours.items():
        needs = [need for rombel in rombels for need in week.of_rombel.get((rombel.school, rombel.name), ())]
        cells = tuple(dict.fromkeys(cell for need in needs for cell in found.hour_cells(need)))
        names = {"rombels": ", ".join(rombel.name for rombel in rombels)}
        if jp:
            pair = [found.given(sheet, "alike_classes", len(rombels), names), found.given(sheet, "alike_hours", jp, names, cells)]
            rows.append(found.work(sheet, Operation.PRODUCT, "alike_total", pair, names))
    yield found.work(sheet, Operation.DIFFERENCE, "empty", [grid, *rows])
    yield found.given(sheet, "unlocked" if hard else "unteachable", classes.unlocked_jp if hard else classes.unteachable_jp)
