"""Proofs about one teacher: what Kunci, JP Min and named duties ask against what one person can give."""

from __future__ import annotations

from scheduler.counting.finding import Finding
from scheduler.counting.finding_proof_sums import FILE, FoundProofs
from scheduler.counting.proof_sums import Sheet
from scheduler.domain.proof import Operation, Proof


def locked_in_open_slots(found: FoundProofs, finding: Finding) -> Proof:
    """Locked JP of a teacher against the open periods."""
    sheet, week, code = Sheet(), found.week, str(finding.facts["teacher"])
    patterns = str(finding.facts["patterns"]).split(", ")
    needs = [need for need in week.locked[code] if week.pattern_of(need) in patterns]
    jp = found.hours_of_needs(sheet, needs, "locked_hours", found.person(code), code)
    return found.compared(sheet, finding.kind, jp, found.open_periods(sheet, code, patterns), found.person(code), teachers=(code,))


def locked_above_most(found: FoundProofs, finding: Finding) -> Proof:
    """Locked JP of a teacher against the most that may be taught."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    jp = found.hours_of_needs(sheet, found.week.staff.locked[code], "locked_hours", found.person(code), code)
    return found.compared(sheet, finding.kind, jp, found.most_jp(sheet, code), found.person(code), teachers=(code,))


def wanted_jp(found: FoundProofs, sheet: Sheet, code: str) -> str:
    given = found.given(sheet, "min_jp", found.case.teachers[code].min_jp or 0, found.person(code), (f"teachers[{found.teacher_row[code]}].min_jp",))
    return found.work(sheet, Operation.SUM, "wanted_jp", [given], found.person(code))


def wanted_above_all(found: FoundProofs, finding: Finding) -> Proof:
    """JP Min against the most that may be taught, or all hours of the subjects that the teacher may teach."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    wanted = wanted_jp(found, sheet, code)
    needs = [need for need in found.week.staff.may_have.get(code, ()) if need.jp > 0]
    by_needs = sum(need.jp for need in needs) < found.case.max_jp(code)
    most = found.hours_of_needs(sheet, needs, "all_hours", found.person(code)) if by_needs else found.most_jp(sheet, code)
    return found.compared(sheet, finding.kind, wanted, most, found.person(code), teachers=(code,))


def wanted_in_open_periods(found: FoundProofs, finding: Finding) -> Proof:
    """JP Min against the open periods of the week."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    wanted = wanted_jp(found, sheet, code)
    return found.compared(sheet, finding.kind, wanted, found.open_periods(sheet, code, found.patterns_of(code)), found.person(code), teachers=(code,))


def wanted_between_classes(found: FoundProofs, finding: Finding) -> Proof | None:
    """The least whole classes that reach JP Min against JP Maks; locked ones are had in any case."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    who = found.person(code)
    staff = found.week.staff
    locked = [need for need in staff.locked[code] if need.jp > 0]
    held = [found.hours_of_needs(sheet, locked, "locked_hours", who, code)] if locked else []
    wanted = found.work(sheet, Operation.DIFFERENCE, "wanted_besides", [wanted_jp(found, sheet, code), *held], who)
    most = found.work(sheet, Operation.DIFFERENCE, "most_besides", [found.most_jp(sheet, code), *held], who)
    free = [need for need in staff.may_have[code] if need.jp > 0 and not need.locked]
    counts: dict[int, int] = {}
    for need in free:
        counts[need.jp] = counts.get(need.jp, 0) + 1
    pairs = []
    rows = []
    for jp, count in counts.items():
        cells = tuple(dict.fromkeys(cell for need in free if need.jp == jp for cell in found.hour_cells(need)))
        number, hours = found.given(sheet, "free_count", count, who), found.given(sheet, "free_hours", jp, who, cells)
        pairs += [number, hours]
        rows.append(found.work(sheet, Operation.PRODUCT, "free_total", [number, hours], who))
    found.work(sheet, Operation.SUM, "all_hours", rows, who)
    least = sheet.work(Operation.LEAST_WHOLE, f"{FILE}.least_whole", [wanted, *pairs], who)
    return None if least is None else found.compared(sheet, finding.kind, least, most, who, teachers=(code,))


def locked_days(found: FoundProofs, finding: Finding) -> Proof:
    """Blocks of a locked lesson against the open days times the blocks a day may have."""
    sheet, week, need = Sheet(), found.week, found.case.need[str(finding.facts["need"])]
    code, pattern = str(finding.facts["teacher"]), found.week.pattern_of(need)
    names = {**found.person(code), "subject": str(finding.facts["subject"]), "rombel": str(finding.facts["rombel"])}
    blocks = found.given(sheet, "blocks", len(need.blocks), names, found.hour_cells(need))
    lessons = found.work(sheet, Operation.SUM, "lessons", [blocks], names)
    days = {slot.day for slot in week.slots[pattern]}
    open_days = {day for day, _ in week.open_slots(code, pattern)}
    closed = [(slot.day, slot.period) for slot in week.slots[pattern] if slot.day not in open_days]
    all_days = found.given(sheet, "days", len(days), names)
    away = found.given(sheet, "closed_days", len(days) - len(open_days), names, found.away_cells(code, closed))
    present = found.work(sheet, Operation.DIFFERENCE, "open_days", [all_days, away], names)
    if not open_days:
        return found.compared(sheet, finding.kind, lessons, present, names, need.school, (code,))
    most = found.work(
        sheet, Operation.PRODUCT, "most_lessons", [present, found.given(sheet, "lessons_a_day", week.lessons_a_day(need), names)], names
    )
    return found.compared(sheet, finding.kind, lessons, most, names, need.school, (code,))


def two_at_once(found: FoundProofs, finding: Finding) -> Proof:
    """Two lessons that start together, one person."""
    sheet, code = Sheet(), str(finding.facts["teacher"])
    names = {**found.person(code), "first": str(finding.facts["first"]), "second": str(finding.facts["second"])}
    rows = [
        found.given(sheet, "lesson_at_once", 1, {"need": names[key]}, found.lock_cells(code, [found.case.need[names[key]]]))
        for key in ("first", "second")
    ]
    at_once = found.work(sheet, Operation.SUM, "lessons_at_once", rows, names)
    one = found.work(sheet, Operation.SUM, "one_person", [found.given(sheet, "person", 1, found.person(code))], found.person(code))
    return found.compared(sheet, finding.kind, at_once, one, names, teachers=(code,))


def pinned(found: FoundProofs, finding: Finding) -> Proof:
    """Named holders or units against what one duty, or one teacher, may have."""
    sheet, facts = Sheet(), finding.facts
    names = {key: str(facts[key]) for key in ("school", "duty", "duties", "teacher", "name") if key in facts}
    held = next((facts[key] for key in ("holders", "units") if key in facts), str(facts.get("duties", "")).count(", ") + 1)
    count = found.work(sheet, Operation.SUM, "held", [found.given(sheet, "held_given", int(held), names)], names)
    limit = found.work(sheet, Operation.SUM, "limit", [found.given(sheet, "limit_given", int(facts["limit"]), names)], names)
    return found.compared(sheet, finding.kind, count, limit, names, teachers=(names["teacher"],) if "teacher" in names else ())
