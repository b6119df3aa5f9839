"""``sweep``: an experiment from its arguments to the store and the answers people look at."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scheduler import __version__
from scheduler.app.exits import Exit
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import refuse_file
from scheduler.app.source import open_case
from scheduler.domain.experiment import Axis
from scheduler.domain.instance import Instance, Settings
from scheduler.domain.problem import Problem
from scheduler.errors import InputError, PolicyError
from scheduler.formats.json import instance_sha256
from scheduler.policy.load import load_law, load_policy
from scheduler.report.experiment.background import Background
from scheduler.report.text import Text
from scheduler.sweep.axes import Kind, problem
from scheduler.sweep.changes import by_kind, school_in_question
from scheduler.sweep.executors import ClusterWorkers, LocalWorkers, Workers, WorkersLostError, finished
from scheduler.sweep.run import Limits
from scheduler.sweep.scenarios import SCENARIO_AXIS, Plan, planned
from scheduler.sweep.sources import Unit, schools_alone, tasks
from scheduler.sweep.store import Store, stored_runs
from scheduler.sweep.summary import Summary, summed

STORE_FILE = "runs.jsonl"
PROGRESS_SECONDS = 2.0
SHORTEST_MEASURE = 1.0
"""Seconds below which no rate is worth saying: runs that end together would seem endlessly fast."""

MOST_NAMES = 10
"""So many schools are named in one line."""

Tell = Callable[..., None]


def say_nothing(kind: str, **facts: object) -> None:
    """For who does not want to hear how it goes."""


@dataclass(frozen=True, slots=True)
class Population:
    """How schools are made of a table; see ``scheduler.population.schools.Method``."""

    schools: int | None = None
    scale_to: int | None = None
    repeated: str = "refuse"
    method: Path | None = None


@dataclass(frozen=True, slots=True)
class SweepWishes:
    """What is asked for. ``tell`` hears ``(kind, **facts)`` of how it goes; the words stand in ``sweep.toml`` under the kind."""

    over: tuple[str, ...] = ()
    scenarios: Path | None = None
    by_school: bool = False
    population: Population = field(default_factory=Population)
    workers: int = 1
    cluster: str = ""
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
    lang: str = "id"
    tell: Tell = say_nothing


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of it. ``before`` runs were in the store already, ``total`` is None where the experiment was stopped before it was
    known, ``varied`` is all that some scenario changes."""

    exit: Exit
    folder: Path
    axes: tuple[Axis, ...]
    done: int
    before: int
    total: int | None
    varied: frozenset[str] = frozenset()
    summary: Summary | None = None
    background: Background = field(default_factory=Background)
    files: tuple[Path, ...] = ()
    lost: WorkersLostError | None = None


@dataclass(frozen=True, slots=True)
class Schools:
    """The schools of an experiment. ``units`` gives them from the start each time it is called; ``notes`` are said of them by their own files."""

    described: tuple[dict[str, Any], ...]
    units: Callable[[], Iterable[Unit]]
    count: int
    instances: tuple[Instance, ...]
    notes: tuple[str, ...] = ()
    invented: bool = False


def make_sweep(files: Sequence[Path], population: Path | None, folder: Path, wishes: SweepWishes) -> Swept:
    """Do every run of the experiment that ``folder/runs.jsonl`` has not yet, and write the answers beside it when all are done.

    Raises
    ------
    InputError
        anything wrong with the arguments or the files, or a store of another experiment
    OSError
        a file cannot be read, or the store cannot be written: what is in it stays
    """
    plan = planned(wishes.over, wishes.scenarios)
    schools = opened(files, population, wishes)
    refuse_pointless(plan, schools, wishes.by_school or population is not None)
    refuse_contradictions(plan, schools)
    refuse_file(folder)
    folder.mkdir(parents=True, exist_ok=True)
    total = schools.count * len(plan.scenarios)
    with Store(folder / STORE_FILE, header(plan, schools, wishes)) as store:
        before = len(store.done)
        if before or store.torn:
            wishes.tell("resumed", done=before, total=total)
        lost = fill(store, plan, schools, wishes, total)
        done = len(store.done)
    swept = Swept(Exit.NO_PLAN_YET, folder, plan.axes, done, before, total, plan.varied, lost=lost)
    if done < total:
        return swept
    summary = summed(stored_runs(folder / STORE_FILE))
    known = background(plan, schools, summary)
    written = answers(plan, known, folder, wishes.lang)
    return replace(swept, exit=Exit.REFUSED if summary.failed else Exit.OK, summary=summary, background=known, files=tuple(written))


def fill(store: Store, plan: Plan, schools: Schools, wishes: SweepWishes, total: int) -> WorkersLostError | None:
    """Do what is missing; returns what made it impossible to go on, if anything did."""
    if len(store.done) >= total:
        return None
    stop = threading.Event()
    progress = Progress(len(store.done), total, wishes.tell)
    with stopping(stop, lambda: wishes.tell("stopping")):
        try:
            waiting = tasks(schools.units(), plan.scenarios, wishes.limits, wishes.seed, frozenset(store.done))
            for number, run in finished(workers_of(wishes), waiting, stop, wishes.tell):
                store.append(number, run)
                if run.violations:
                    wishes.tell("refused_run", name=run.name, scenario=values_of(run.scenario), rule=run.facts.get("rule", ""))
                progress.one_more()
        except WorkersLostError as error:
            return error
    return None


def workers_of(wishes: SweepWishes) -> Workers:
    return ClusterWorkers(wishes.cluster, wishes.tell) if wishes.cluster else LocalWorkers(wishes.workers)


def values_of(scenario: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in scenario.items())


@dataclass
class Progress:
    """Says every few seconds how many runs are done, how fast they come since the first, and how long the others will take at that rate."""

    before: int
    total: int
    tell: Tell
    first_at: float = 0.0
    said_at: float = 0.0
    now: int = 0

    def one_more(self) -> None:
        self.now += 1
        moment = time.monotonic()
        if self.now == 1:
            self.first_at = self.said_at = moment
        done = self.before + self.now
        measured = moment - self.first_at
        if self.now > 1 and measured >= SHORTEST_MEASURE and (moment - self.said_at >= PROGRESS_SECONDS or done == self.total):
            self.said_at = moment
            rate = (self.now - 1) / measured
            self.tell("progress", done=done, total=self.total, rate=60 * rate, left=duration((self.total - done) / rate))


def duration(seconds: float) -> str:
    """``1:05:09``, ``5:09`` or ``0:09``."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


# --- the schools -------------------------------------------------------------------------------------------------------------------------------


def opened(files: Sequence[Path], population: Path | None, wishes: SweepWishes) -> Schools:
    """The files (or the table) read; what is wrong with any of them is named together."""
    if bool(files) == (population is not None):
        raise InputError([problem("sweep.files_or_population", "FILE")])
    if population is not None:
        return from_population(population, wishes)
    if wishes.population != Population():
        raise InputError([problem("sweep.options_of_population", "--population")])
    instances: list[Instance] = []
    times = Counter(file.resolve() for file in files)
    problems = [Problem("sweep.repeated_file", file.name) for file, count in times.items() if count > 1]
    for file in dict.fromkeys(files):
        try:
            instances.append(open_case(file).case.instance)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    names = unambiguous(files)

    def units() -> Iterator[Unit]:
        for name, instance in zip(names, instances, strict=True):
            if not wishes.by_school:
                yield Unit(name, "", instance)
                continue
            for npsn, school in schools_alone(instance):
                yield Unit(name, npsn, school)

    count = sum(1 for _ in units())
    if wishes.by_school:
        tell_left_out(names, instances, wishes.tell)
    if count == 0:
        raise InputError([Problem("sweep.no_schools", name) for name in names])
    described = tuple({"name": name, "sha256": instance_sha256(instance)} for name, instance in zip(names, instances, strict=True))
    return Schools(described, units, count, tuple(instances), notes_of(instances))


def tell_left_out(names: Iterable[str], instances: Iterable[Instance], tell: Tell) -> None:
    """Name the schools of each file that cannot be planned alone."""
    for name, instance in zip(names, instances, strict=True):
        alone = {npsn for npsn, _ in schools_alone(instance)}
        left_out = [school.name for school in instance.schools if school.npsn not in alone]
        if left_out:
            more = ["…"] if len(left_out) > MOST_NAMES else []
            tell("left_out", file=name, count=len(left_out), names=", ".join(left_out[:MOST_NAMES] + more))


def unambiguous(files: Sequence[Path]) -> list[str]:
    """Names of the files; as the user wrote them where two have one name."""
    counts = Counter(file.name for file in files)
    return [file.name if counts[file.name] == 1 else str(file) for file in files]


def from_population(table: Path, wishes: SweepWishes) -> Schools:
    """The schools of a public table, built one by one by the population's method, each alone."""
    from scheduler.population.schools import Method, facts_of_schools, read_method, schools

    made = wishes.population
    method = Method(seed=wishes.seed, schools=made.schools, scale_to=made.scale_to, repeated=made.repeated)
    if made.method is not None:
        method = replace(method, stated=read_method(made.method))

    def units() -> Iterator[Unit]:
        for facts, instance in zip(facts_of_schools(table, method), schools(table, method), strict=True):
            yield Unit(table.name, facts.facts.npsn, instance, facts.facts.province)

    first = next(iter(schools(table, method)), None)
    if first is None:
        raise InputError([Problem("sweep.no_schools", table.name)])
    stated = sha256(repr(method).encode()).hexdigest()
    described = {"name": table.name, "sha256": sha256(table.read_bytes()).hexdigest(), "method": stated}
    count = sum(1 for _ in facts_of_schools(table, method))
    return Schools((described,), units, count, (first,), notes_of((first,)), invented=True)


def notes_of(instances: Iterable[Instance]) -> tuple[str, ...]:
    """What the files say of themselves on every sheet (``staf rekaan``), each once."""
    return tuple(dict.fromkeys(note for instance in instances if (note := instance.settings.letterhead.get("Catatan Lembar", ""))))


def refuse_pointless(plan: Plan, schools: Schools, alone: bool) -> None:
    """Axes that can change nothing of these schools, or of which nobody could say what they mean, are wrong usage."""
    wanted = {kind for scenario in plan.scenarios for kind, changes in by_kind(scenario.changes).items() if changes}
    problems = []
    if Kind.ROMBEL in wanted and not alone and not all(school_in_question(instance) for instance in schools.instances):
        problems.append(problem("sweep.rombel_needs_school", "--over"))
    if alone and Kind.PARTNERS in wanted:
        problems.append(problem("sweep.partners_without_effect", "--over"))
    one_school = alone or all(instance.settings.main_school for instance in schools.instances)
    for name in sorted({"radius", "share_within_kecamatan"} & plan.varied):
        if one_school:
            problems.append(problem("sweep.sharing_without_effect", "--over", key=name))
    if problems:
        raise InputError(problems)


def refuse_contradictions(plan: Plan, schools: Schools) -> None:
    """Numbers that are legal each by itself and not together, in any scenario under any of the files' settings."""
    problems: list[Problem] = []
    seen = set()
    for scenario in plan.scenarios:
        numbers = by_kind(scenario.changes)[Kind.NUMBER]
        named = scenario.values.get(SCENARIO_AXIS, "--over")
        for settings in {instance.settings.policy: instance.settings for instance in schools.instances}.values():
            law = named, scenario.changes.get("policy", settings.policy), *(numbers.get(key, "") for key in ("min_jtm", "max_jtm"))
            if law in seen:
                continue
            seen.add(law)
            try:
                load_policy(law[1], {**settings.overrides, **numbers})
            except PolicyError as error:
                problems += [replace(found, sheet=named) for found in error.problems]
    if problems:
        raise InputError(problems)


# --- the store's header, and the answers -------------------------------------------------------------------------------------------------------


def header(plan: Plan, schools: Schools, wishes: SweepWishes) -> dict[str, Any]:
    """All that decides about the runs; neither the number of workers nor the safety limit of time does."""
    changes = [dict(scenario.changes) for scenario in plan.scenarios] if any(axis.name == SCENARIO_AXIS for axis in plan.axes) else []
    return {
        "version": __version__,
        "solver": version("ortools"),
        "sources": list(schools.described),
        "by_school": wishes.by_school,
        "axes": [{"name": axis.name, "values": list(axis.values)} for axis in plan.axes],
        "scenarios": changes,
        "law": law_sha256(plan, schools.instances),
        "seed": wishes.seed,
        "limits": {"work": wishes.limits.work, "until": wishes.limits.until},
    }


def law_sha256(plan: Plan, instances: Sequence[Instance]) -> str:
    """Fingerprint of every ruleset and linearity table that some run uses, so that a changed file of the law is noticed."""
    laws = {repr(load_law(settings)) for settings in settings_used(plan, instances)}
    return sha256("\n".join(sorted(laws)).encode()).hexdigest()


def settings_used(plan: Plan, instances: Sequence[Instance]) -> Iterator[Settings]:
    """Settings of every file under every ruleset and linearity table of the plan, without the numbers that are varied."""
    for instance in instances:
        seen = set()
        for scenario in plan.scenarios:
            settings = instance.settings
            policy, linearity = scenario.changes.get("policy", settings.policy), scenario.changes.get("linearity", settings.linearity)
            if (policy, linearity) not in seen:
                seen.add((policy, linearity))
                yield replace(settings, policy=policy, linearity=linearity)


def background(plan: Plan, schools: Schools, summary: Summary) -> Background:
    """What tables and charts must say beside the runs."""
    policies = {policy.id: policy for settings in settings_used(plan, schools.instances) if (policy := load_law(settings).policy)}
    kept = {name: " / ".join(map(str, sorted(values))) for name, values in summary.kept.items() if name not in plan.varied}
    return Background(policies=tuple(policies.values()), kept=kept, scenarios=plan.named, notes=schools.notes, invented=schools.invented)


def answers(plan: Plan, known: Background, folder: Path, lang: str) -> list[Path]:
    """The tables and charts of the report."""
    from scheduler.report.experiment.write import write_answers

    return write_answers(plan.axes, stored_runs(folder / STORE_FILE), folder, Text(lang), known)
