"""What ``explain`` and ``verify --proof`` print: what is valid and why not more, what would mend it, and what was written; and the same as data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scheduler.app.exits import Exit
from scheduler.cli.show import LONGEST_NAME, brief, finding_data, finding_lines, headings, opened_data, opened_lines, table
from scheduler.domain.plan import Status
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.changes import Change
    from scheduler.app.explain import Applied, Explained
    from scheduler.app.verify import ProofCheck, ProofsVerified
    from scheduler.domain.explanation import Repair, TeacherCase
    from scheduler.domain.proof import Proof
    from scheduler.policy.case import Case
    from scheduler.report.explanation import Dossier
    from scheduler.report.explanation_rows import RepairRow, TeacherPage
    from scheduler.verify.proof import Fault


# --- explain -----------------------------------------------------------------------------------------------------------------------------------


def explained_lines(text: Text, explained: Explained, teacher: str = "") -> Iterator[str]:
    """Findings first, then how many are valid and why not more, who stays below, what would mend it, and the files.

    The words are those of the dossier (``report.explanation``); here they are only put side by side.
    """
    from scheduler.app.dossier import FALLBACK_FOLDER
    from scheduler.app.explain import forbids
    from scheduler.report.explanation import Dossier

    explanation = explained.explanation
    dossier = Dossier(explained.opened.case, explanation, explained.opened.place, text, teacher)
    yield from opened_lines(text, explained.opened)
    told = [finding for finding in explained.findings if forbids(dossier.case, finding) or not (finding.hard or dossier.has_plan)]
    if told:
        yield text.say("cli.findings")
        yield from finding_lines(text, told)
    yield ""
    yield from verdict_lines(text, explained, dossier)
    if dossier.has_plan:
        yield from reached_lines(text, dossier, teacher, with_week=explained.exit is not Exit.IMPOSSIBLE)
    if explained.files:
        yield from file_lines(text, explained, fallback=explained.files[0].parent.name == FALLBACK_FOLDER)


def verdict_lines(text: Text, explained: Explained, dossier: Dossier) -> Iterator[str]:
    """That there is no plan and why, or that time ended before the answer; nothing where there is an answer."""
    if explained.exit is Exit.IMPOSSIBLE:
        yield text.say("cli.explain_impossible")
        yield from shown_proofs(dossier, everything(dossier) - reasons(dossier.explanation.teachers))
        yield ""
        if dossier.has_plan:
            yield text.say("cli.explain_workload_alone")
    elif explained.exit is Exit.NO_PLAN_YET:
        key = "open" if dossier.has_plan else "unknown"
        yield text.say(f"cli.explain_{key}_stopped" if explained.stopped else f"cli.explain_{key}")


def file_lines(text: Text, explained: Explained, fallback: bool) -> Iterator[str]:
    if explained.stopped:
        yield text.say("cli.explain_stopped")
    if fallback:
        yield text.say("cli.explain_fallback", folder=explained.files[0].parent)
    for file in explained.files:
        yield text.say("cli.written", file=file)
    if explained.explanation.repairs:
        yield text.say("cli.apply_hint", file=explained.opened.path, recorded=explained.files[-1])


def shown_proofs(dossier: Dossier, ids: Collection[str]) -> Iterator[str]:
    """Of these, counting proofs by their claims, and conflicts as the requirements that cannot all hold."""
    yield from (f"  {in_one_line(proof.claim)}" for proof in dossier.proofs if proof.id in ids)
    for conflict in dossier.conflicts:
        if conflict.id in ids:
            yield f"  {conflict.id}: {in_one_line(conflict.lead)}"
            yield from (f"    - {in_one_line(member)}" for member in conflict.members)
            yield from (f"    {in_one_line(note)}" for note in conflict.notes)


def reached_lines(text: Text, dossier: Dossier, teacher: str, with_week: bool) -> Iterator[str]:
    """What the division of work reaches; ``with_week`` also why it has no week, where that has not been said already."""
    yield from dossier.verdict
    for group in dossier.groups:
        facts = {"family": group.family, "school": group.school, "value": group.value, "whole": group.whole, "most": group.most}
        yield "  " + text.say("cli.explain_group", verdict=group.verdict, **facts)
    yield from dossier.warnings
    yield ""
    yield from below_lines(text, dossier, teacher)
    yield from reason_lines(text, dossier, teacher, with_week)
    yield from repair_lines(text, dossier)
    if dossier.threshold_line:
        yield dossier.threshold_line


def below_lines(text: Text, dossier: Dossier, teacher: str) -> Iterator[str]:
    """Each teacher below: the hours, the reason in a sentence, the exception, and the smallest change that helps; of partner schools one line."""
    below = dossier.explanation.teachers
    if not below:
        name = dossier.case.teachers[teacher].name if teacher else ""
        yield text.say("cli.explain_teacher_met", teacher=teacher, name=name) if teacher else text.say("cli.explain_all_met")
        return
    pages = {page.code: page for page in dossier.teachers}
    yield text.say("cli.below_title")
    for found in below:
        row, page = dossier.below_row(found), pages.get(found.teacher)
        yield f"  {row.code} {brief(dossier.case.teachers[row.code].name, LONGEST_NAME)}, {row.reached}: {in_one_line(row.reason)}"
        if page is not None and is_told_in_full(dossier, found, teacher):
            yield from help_lines(text, row.exception, page)
    yield ""


def is_told_in_full(dossier: Dossier, found: TeacherCase, teacher: str) -> bool:
    return found.teacher == teacher or dossier.is_own(found.load.home_school)


def help_lines(text: Text, exception: str, page: TeacherPage) -> Iterator[str]:
    yield "    " + text.say("cli.explain_exception", exception=in_one_line(exception))
    if page.change:
        yield "    " + text.say("cli.explain_change", change=in_one_line(page.change))
    yield from (f"    {in_one_line(words)}" for words in (page.threshold, page.replacement) if words)


def reason_lines(text: Text, dossier: Dossier, teacher: str, with_week: bool) -> Iterator[str]:
    """Proofs and conflicts of the teachers who are told in full; the others stand in the dossier."""
    ids = reasons(found for found in dossier.explanation.teachers if is_told_in_full(dossier, found, teacher))
    if with_week and not teacher and dossier.explanation.week_status is Status.INFEASIBLE:
        ids |= everything(dossier) - reasons(dossier.explanation.teachers)
    if ids & everything(dossier):
        yield text.say("cli.proofs_title")
        yield from shown_proofs(dossier, ids)


def everything(dossier: Dossier) -> set[str]:
    """Ids of all proofs and conflicts."""
    return {proof.id for proof in dossier.proofs} | {conflict.id for conflict in dossier.conflicts}


def reasons(teachers: Iterable[TeacherCase]) -> set[str]:
    """Ids of the proofs and conflicts that explain these teachers."""
    return {identity for found in teachers for identity in (found.proof, found.conflict)}


def repair_lines(text: Text, dossier: Dossier) -> Iterator[str]:
    """The repairs as numbers side by side, then what each of them is."""
    if not dossier.repairs:
        return
    yield ""
    yield text.say("cli.repairs_title")
    rows = ((row.number, row.price, row.valid, codes(repair.becomes_valid), codes(repair.loses), row.proved) for row, repair in numbered(dossier))
    yield from table(headings(text, "number", "price", "valid", "gains", "loses", "sure"), rows)
    for row in dossier.repairs:
        yield f"  {row.number}. {in_one_line(row.what)}" + (f" [{row.mark}]" if row.mark else "")
    yield ""


def numbered(dossier: Dossier) -> Iterator[tuple[RepairRow, Repair]]:
    return zip(dossier.repairs, dossier.explanation.repairs, strict=True)


def codes(teachers: Sequence[str]) -> str:
    return " ".join(teachers) or "-"


def with_id(identity: str, words: str) -> str:
    """The sentence with the id that it is called by, where it does not say it itself."""
    line = in_one_line(words)
    return line if identity in line.split(":")[0] else f"{identity}: {line}"


def in_one_line(words: str) -> str:
    return " ".join(words.split())


# --- explain --apply ---------------------------------------------------------------------------------------------------------------------------


def applied_lines(text: Text, applied: Applied) -> Iterator[str]:
    """What was changed, sheet by sheet, and what was promised; or why there is nothing to apply."""
    if applied.repair is None:
        assert applied.explained is not None
        yield from explained_lines(text, applied.explained)
        return
    case, repair = applied.opened.case, applied.repair
    yield from opened_lines(text, applied.opened)
    yield text.say("cli.applied", number=repair.number, sentence=repair_words(text, case, repair))
    yield from (f"  {change_sentence(text, change)}" for change in applied.changes)
    yield from promise_lines(text, repair)
    yield text.say("cli.written", file=applied.file)
    yield text.say("cli.applied_next", file=applied.file)


def repair_words(text: Text, case: Case, repair: Repair) -> str:
    from scheduler.report.repairs import repair_sentence

    return in_one_line(repair_sentence(text, case, repair))


def change_sentence(text: Text, change: Change) -> str:
    nothing = text.say("cli.nothing")
    facts = {"place": change.place, "column": change.column, "before": change.before or nothing, "after": change.after or nothing}
    return text.say(f"cli.change_{change.kind}", **facts)


def promise_lines(text: Text, repair: Repair) -> Iterator[str]:
    numbers = {f"{name}_{when}": getattr(repair, f"{name}_{when}") for name in ("valid", "shortfall", "uncovered") for when in ("before", "after")}
    yield text.say("cli.promised" if repair.proved else "cli.promised_not_proved", **numbers)
    if repair.becomes_valid:
        yield text.say("cli.becomes_valid", teachers=", ".join(repair.becomes_valid))
    if repair.loses:
        yield text.say("cli.loses", teachers=", ".join(repair.loses))
    if repair.unverified:
        yield text.say("cli.repair_unverified")


# --- verify --proof ----------------------------------------------------------------------------------------------------------------------------


def proofs_lines(text: Text, verified: ProofsVerified) -> Iterator[str]:
    """Each proof with its claim, and whether it holds."""
    if verified.opened is not None:
        yield from opened_lines(text, verified.opened)
        if not verified.same_instance:
            yield text.say("cli.proof_other_instance", file=verified.opened.path)
    for file in verified.strangers:
        yield text.say("cli.proof_stranger", file=file)
    if not verified.checks:
        yield text.say("cli.proof_none")
        return
    for check in verified.checks:
        yield from proof_check_lines(text, verified, check)
    refused = sum(bool(check.faults) for check in verified.checks)
    unchecked = sum(check.unchecked for check in verified.checks)
    key = "cli.proofs_refused" if refused else "cli.proofs_hold_one" if len(verified.checks) == 1 else "cli.proofs_hold"
    if refused or not unchecked:
        yield text.say(key, count=len(verified.checks), refused=refused)
    if verified.opened is None:
        yield text.say("cli.proof_premises_hint")


def proof_check_lines(text: Text, verified: ProofsVerified, check: ProofCheck) -> Iterator[str]:
    mark = text.say("cli.proof_refused" if check.faults else "cli.proof_unchecked" if check.unchecked else "cli.proof_holds")
    claim = claim_of(text, check.proof) if verified.opened is None else claim_in(text, verified.opened.case, check.proof)
    yield f"  [{mark}] {with_id(check.proof.id, claim)}"
    yield from (f"      {fault_sentence(text, check.proof, fault)}" for fault in check.faults)
    if check.on_open_needs:
        yield f"      {open_needs_sentence(text, check)}"


def open_needs_sentence(text: Text, check: ProofCheck) -> str:
    """That the open classes of other schools were not looked up: they stand in the file itself, or nowhere."""
    return text.say("cli.proof_open_needs_unknown" if check.unchecked else "cli.proof_open_needs")


def claim_in(text: Text, case: Case, proof: Proof) -> str:
    """What a proof says, with the names of the workbook."""
    from scheduler.report.proofs import proof_lines

    return in_one_line(proof_lines(text, case, proof)[0])


def claim_of(text: Text, proof: Proof) -> str:
    """What a proof says, without the workbook: codes of teachers, no names."""
    if proof.most_valid is None:
        return text.say("cli.proof_claim_impossible")
    return text.say("cli.proof_claim", most=proof.most_valid, count=len(proof.teachers), teachers=", ".join(proof.teachers))


def fault_sentence(text: Text, proof: Proof, fault: Fault) -> str:
    """Which line is wrong, and how; lines of a proof that this one stands on are named with it."""
    line = fault.number or "-"
    named = line if fault.proof == proof.id else f"{fault.proof}, {line}"
    return text.say(f"cli.fault_{fault.rule}", **{"line": named, **fault.facts})


# --- the same as data --------------------------------------------------------------------------------------------------------------------------


def explained_data(text: Text, explained: Explained) -> Mapping[str, Any]:
    """Everything of penjelasan.json, the repairs with their sentences, and what the other commands say beside their result."""
    from scheduler.formats.json import plain

    case, explanation = explained.opened.case, explained.explanation
    content = plain(explanation)
    for row, repair in zip(content["repairs"], explanation.repairs, strict=True):
        row["sentence"] = repair_words(text, case, repair)
    return {
        **opened_data(text, explained.opened),
        **content,
        "exit_code": int(explained.exit),
        "findings": [finding_data(text, finding) for finding in explained.findings],
        "stopped": explained.stopped,
        "files": [str(file) for file in explained.files],
    }


def applied_data(text: Text, applied: Applied) -> Mapping[str, Any]:
    from dataclasses import asdict

    if applied.repair is None:
        assert applied.explained is not None
        return explained_data(text, applied.explained)
    return {
        "exit_code": int(applied.exit),
        **opened_data(text, applied.opened),
        "repair": {**asdict(applied.repair), "sentence": repair_words(text, applied.opened.case, applied.repair)},
        "changes": [{**asdict(change), "sentence": change_sentence(text, change)} for change in applied.changes],
        "files": [str(applied.file)],
    }


def proofs_data(text: Text, verified: ProofsVerified) -> Mapping[str, Any]:
    from dataclasses import asdict

    return {
        "exit_code": int(verified.exit),
        "same_instance": verified.same_instance,
        "proofs": [
            {
                "id": check.proof.id,
                "kind": check.proof.kind,
                "holds": None if check.unchecked else not check.faults,
                "faults": [asdict(fault) for fault in check.faults],
                "notes": [open_needs_sentence(text, check)] if check.on_open_needs else [],
            }
            for check in verified.checks
        ],
        "strangers": [str(file) for file in verified.strangers],
    }
