"""``explain``: why not everybody is valid and what would mend it, as a dossier of three files; and a repair put into a new workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.changes import Change, changes
from scheduler.app.dossier import FALLBACK_FOLDER, refuse_foreign_dossier, save_dossier
from scheduler.app.exits import Exit, verified
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import OutputRefusedError, refuse_file, refuse_folder, refuse_input, refuse_other_ending, refuse_unwritable
from scheduler.app.plan import say_nothing
from scheduler.app.source import AS_IN_FILE, LawChoice, Opened, open_case, open_under
from scheduler.counting.finding import Finding
from scheduler.counting.week import findings
from scheduler.domain.explanation import Explanation, Repair
from scheduler.domain.instance import Instance
from scheduler.domain.plan import Status
from scheduler.domain.problem import Problem
from scheduler.domain.rules import Part
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.errors import CheckerDisagreementError, InputError, PolicyError
from scheduler.formats.files import atomic_path
from scheduler.formats.json import instance_sha256, read_explanation
from scheduler.policy.case import Case

if TYPE_CHECKING:
    from scheduler.diagnose.prices import Prices


FILES_SECONDS = 4.0
"""Of the time that an explanation takes when the user says nothing, for reading the file and for writing the dossier."""


@dataclass(frozen=True, slots=True)
class ExplainWishes:
    """How an explanation is asked for.

    ``teacher`` "" = everybody below the minimum; ``conflicts`` how many of them to look for where one is shown; ``prices`` a price table of the
    user's own; ``lang`` the language of the dossier.
    """

    law: LawChoice = AS_IN_FILE
    options: SolveOptions = field(default_factory=SolveOptions)
    teacher: str = ""
    conflicts: int = 1
    prices: Path | None = None
    strict: bool = False
    lang: str = "id"
    listener: Listener = silent
    on_stop: Callable[[], None] = say_nothing


@dataclass(frozen=True, slots=True)
class Explained:
    """What came of it; ``files`` are those written, none where nothing could be said."""

    exit: Exit
    opened: Opened
    findings: tuple[Finding, ...]
    explanation: Explanation
    files: tuple[Path, ...] = ()
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """A repair in place: the workbook that was written, what is different in it, and what was promised."""

    exit: Exit
    opened: Opened
    explained: Explained | None
    repair: Repair | None = None
    changes: tuple[Change, ...] = ()
    file: Path | None = None


# --- the dossier -------------------------------------------------------------------------------------------------------------------------------


def explain_file(path: Path, folder: Path, wishes: ExplainWishes) -> Explained:
    """Explain a file, and write ``penjelasan.html``, ``penjelasan.xlsx`` and ``penjelasan.json`` into ``folder``.

    Where time ended before there was any division of work, nothing is written and the exit is 75; it is 75 too where it ended before it was
    proved how many can be valid, and then the dossier says so.

    Raises
    ------
    InputError
        the file or the price table cannot be understood, or the teacher that was asked about is not in it
    OutputRefusedError
        what would be written is the file that is read, or replaces files that are not ours
    """
    refuse_file(folder)
    for within in (folder, folder / FALLBACK_FOLDER):
        refuse_foreign_dossier(within, path)
    opened = open_case(path, wishes.law)
    refuse_unwritable(folder)
    explained = explained_case(opened, wishes)
    if explained.explanation.status is Status.UNKNOWN and explained.exit is not Exit.IMPOSSIBLE:
        return explained
    folder.mkdir(parents=True, exist_ok=True)
    files = save_dossier(explained.opened, explained.explanation, folder, wishes.lang, wishes.teacher)
    return replace(explained, files=files)


def explained_case(opened: Opened, wishes: ExplainWishes) -> Explained:
    """The explanation of a file that was understood, its proofs re-checked once more before anybody sees them."""
    case = opened.case
    refuse_unknown_teacher(case, wishes.teacher)
    prices = own_prices(wishes.prices)
    found = findings(case)

    from scheduler.diagnose import explain

    by_default = explain.default_seconds(case) - FILES_SECONDS
    options = wishes.options if wishes.options.seconds else replace(wishes.options, seconds=by_default)
    with stopping(options.stop, wishes.on_stop):
        explanation = explain.explain(case, options, wishes.listener, prices=prices, conflicts=wishes.conflicts, only_teacher=wishes.teacher or None)
    refuse_wrong_proofs(explanation)
    if explanation.status is Status.INFEASIBLE or any(forbids(case, finding) for finding in found):
        code = Exit.IMPOSSIBLE
    elif has_no_verdict(explanation):
        code = Exit.NO_PLAN_YET
    else:
        code = verified(explanation.loads, wishes.strict)
    return Explained(code, opened, found, explanation, stopped=options.stop.is_set())


def forbids(case: Case, finding: Finding) -> bool:
    """Whether counting finds that there is no plan; of a file without any Waktu only the division of work is explained."""
    return finding.hard and (finding.part is Part.WORKLOAD or bool(case.instance.slots))


def has_no_verdict(explanation: Explanation) -> bool:
    """Whether time ended before anything was found, or before it was proved how many can be valid."""
    proved = explanation.largest is not None and explanation.largest.proved
    return explanation.status is Status.UNKNOWN or (explanation.status is Status.FEASIBLE and not proved)


def own_prices(path: Path | None) -> Prices | None:
    if path is None:
        return None
    from scheduler.diagnose.prices import load_prices

    try:
        return load_prices(path)
    except PolicyError as error:  # a price table is no law: its faults are those of any file of the user
        raise InputError(error.problems) from None


def refuse_unknown_teacher(case: Case, code: str) -> None:
    """A code that is not in the file, with the nearest one."""
    if not code or code in case.teachers:
        return
    by_letters = {known.casefold(): known for known in case.teachers}
    near = get_close_matches(code.casefold(), by_letters, n=1, cutoff=0.5)
    facts: dict[str, str | int] = {"value": code, "suggestion": by_letters[near[0]] if near else ""}
    kind = "cli.unknown_teacher_near" if near else "cli.unknown_teacher"
    raise InputError([Problem(kind, sheet="--teacher", facts=facts)])


def refuse_wrong_proofs(explanation: Explanation) -> None:
    """No proof is shown whose arithmetic the checker does not confirm."""
    from scheduler.verify.proof import faults

    wrong = [proof.id for proof in explanation.proofs if faults(proof)]
    if wrong:
        raise CheckerDisagreementError(wrong)


# --- a repair in place -------------------------------------------------------------------------------------------------------------------------


def apply_repair(path: Path, number: int, out: Path, wishes: ExplainWishes, recorded: Path | None = None) -> Applied:
    """Write the workbook with repair ``number`` in place: the one that ``recorded`` (a penjelasan.json) holds, or of a new explanation.

    The law that the repair was computed under goes into the new workbook's Pengaturan, so that planning it gives the promised numbers.

    Raises
    ------
    InputError
        there is no such repair, or ``recorded`` was made of another file or under another law
    OutputRefusedError
        ``out`` exists, is a folder, or is not an .xlsx
    """
    refuse_input(out, path)
    refuse_folder(out)
    refuse_other_ending(out, ".xlsx")
    if out.exists():
        raise OutputRefusedError("exists", out)
    if recorded is not None:
        explanation = read_explanation(recorded)
        opened = open_under(path, explanation.policy, wishes.law)
        refuse_other_explanation(opened, explanation, recorded)
        return written_repair(Applied(Exit.OK, opened, None), explanation, number, out)
    explained = explained_case(open_case(path, wishes.law), wishes)
    if explained.explanation.status in (Status.UNKNOWN, Status.INFEASIBLE):
        return Applied(explained.exit, explained.opened, explained)
    return written_repair(Applied(Exit.OK, explained.opened, explained), explained.explanation, number, out)


def refuse_other_explanation(opened: Opened, explanation: Explanation, recorded: Path) -> None:
    """An explanation belongs to one state of one file, and to one ruleset with its numbers."""
    policy = opened.case.policy
    facts: dict[str, str | int] = {"value": opened.path.name}
    if (policy.id, dict(policy.overrides)) != (explanation.policy.id, dict(explanation.policy.overrides)):
        facts |= {"policy": shown_policy(policy.id, policy.overrides), "other": shown_policy(explanation.policy.id, explanation.policy.overrides)}
        raise InputError([Problem("cli.explanation_of_other_policy", recorded.name, facts=facts)])
    if instance_sha256(opened.case.instance) != explanation.instance_sha256:
        raise InputError([Problem("cli.explanation_of_other_file", recorded.name, facts=facts)])


def shown_policy(identity: str, overrides: Mapping[str, str]) -> str:
    return ", ".join([identity, *(f"{key}={value}" for key, value in sorted(overrides.items()))])


def written_repair(applied: Applied, explanation: Explanation, number: int, out: Path) -> Applied:
    """The workbook with the repair, read once more before it takes its place: what is read is what was meant."""
    from scheduler.diagnose import edits
    from scheduler.formats.workbook_writer import write_workbook

    opened = applied.opened
    repair = chosen_repair(explanation.repairs, number)
    refuse_unfit_file(opened)
    instance = edits.applied(opened.case.instance, repair.edits)
    out.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(out) as new:
        written = new.with_name(new.name + ".xlsx")  # openpyxl and the reader go by the ending
        try:
            write_workbook(instance, written)
            again, _, place = read_again(written)
            refuse_other_content(instance, again)
            written.replace(new)
        finally:
            written.unlink(missing_ok=True)
    return replace(applied, repair=repair, changes=changes(opened.case.instance, again, opened.place, place), file=out)


def refuse_unfit_file(opened: Opened) -> None:
    """The new workbook names the ruleset of the command line: a file with rows that this ruleset does not know could not be read again."""
    from scheduler.formats.checking import check_json_instance

    problems = check_json_instance(opened.case.instance, opened.path.name)
    if problems:
        raise InputError([replace(problem, sheet=opened.place(problem.sheet)) for problem in problems])


def read_again(written: Path) -> tuple[Instance, tuple[Problem, ...], Callable[[str], str]]:
    """A workbook that we wrote ourselves; that it cannot be read is nobody's mistake but ours."""
    from scheduler.formats.workbook import read_workbook_with_places

    try:
        return read_workbook_with_places(written)
    except InputError as error:
        raise CheckerDisagreementError([f"{problem.kind} {problem.place}" for problem in error.problems]) from error


def refuse_other_content(meant: Instance, again: Instance) -> None:
    """A workbook that says something else than the changed instance would not give the promised numbers."""
    differing = changes(meant, again, str, str)
    if differing:
        raise CheckerDisagreementError([f"{change.place}: {change.before} / {change.after}" for change in differing])


def chosen_repair(repairs: Iterable[Repair], number: int) -> Repair:
    known = {repair.number: repair for repair in repairs}
    if number not in known:
        kind = "cli.no_such_repair" if known else "cli.no_repairs_at_all"
        facts: dict[str, str | int] = {"value": number, "known": ", ".join(map(str, sorted(known)))}
        raise InputError([Problem(kind, sheet="--apply", facts=facts)])
    return known[number]
