"""Fix and optimise: free a part of the week, solve it exactly, keep what is at least as good; again until time is up.

Which neighbourhood comes next is learnt from what each has gained per second; how much it frees, from whether its steps are solved to the end.
Where small steps no longer mend a broken rule, wide ones are tried too: a great part of the week around it, wishes aside.
With one worker and a limit of work instead of time the search is the same every time.

Reference: D. Pisinger and S. Ropke, "Large neighborhood search", Handbook of Metaheuristics (2019); Á. Dorneles, O. de Araújo, L. Buriol, "A
fix-and-optimize heuristic for the high school timetabling problem", Computers & Operations Research 52 (2014).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from scheduler.domain.solving import SolveOptions
from scheduler.engine.frame import Frame
from scheduler.engine.neighbourhoods import COSTLY, OUTLINE, Relations
from scheduler.engine.processes import Answer, Crew, Task, perform
from scheduler.engine.state import State

SMALLEST, FIRST_SIZE, FIRST_OUTLINE_SIZE = 60.0, 250.0, 1200.0
"""Choices in a step at least, and at the beginning."""

SHRINKING, GROWING, FAST_GROWING = 0.7, 1.1, 1.4
"""How a neighbourhood's size changes after a step that was not solved to the end, one that took less than a quarter of its work, and one that took
next to none."""

SHORTEST, LONGEST = 0.12, 5.0
"""Work of one step at most, in CP-SAT's deterministic time (about seconds): at the beginning, and after many steps without gain."""

SLOWER_THAN_WORK = 4.0
"""Wall seconds that a step may take for each unit of work."""

BUILDING = 0.05
"""What building a step's model is taken to cost, in work."""

LEAST_SHARE = 0.3
"""Share of the steps that all neighbourhoods get alike, whatever they have gained."""

NOISE_SHARE = 0.3
"""Share of the steps that look for another week of the same cost too."""

MEMORY = 0.95
"""How much of its experience a neighbourhood keeps from step to step."""

CHILDREN_AFTER_SECONDS = 0.5
"""A search that ends before needs no further processes: starting one takes about a second."""

STALLED_STEPS = 40
"""After so many steps in a row without gain a search tries wide ones, and leaves one of its processors to what runs beside it."""

WIDE_WORK, FIRST_WIDE_SIZE, WIDE_SHARE = 8.0, 3000.0, 0.5
"""Work of a wide step at most, the choices of the first one, and the share of the search that wide steps may take."""

BARREN_STEPS = 400
"""Steps in a row without gain after which a search that has no limit ends."""

POLL_SECONDS = 0.05
"""How often a search that waits for its children looks at the stop event and the clock."""


class Arm:
    """A neighbourhood with its experience: how large its steps are, how often they have gained, and what they have taken."""

    def __init__(self, name: str, size: float) -> None:
        self.name, self.size = name, size
        self.gains, self.spent = 1.0, 1.0
        self.steps = self.successes = 0

    @property
    def merit(self) -> float:
        return self.gains / self.spent

    def learn(self, answer: Answer, spent: float, gained: bool, most: float) -> None:
        """Larger where the step was solved to the end with little work, smaller where it was not."""
        if not answer.finished:
            self.size = max(SMALLEST, self.size * SHRINKING)
        elif answer.work < answer.task.work / 4:
            self.size = min(most, self.size * (FAST_GROWING if answer.work < answer.task.work / 20 else GROWING))
        self.gains = MEMORY * self.gains + gained
        self.spent = MEMORY * self.spent + spent
        self.steps += 1
        self.successes += gained


class Search:
    """The best week so far, and how to better it.

    Parameters
    ----------
    state
        the week to begin with; it is changed in place
    lower_bound
        of the objective: a week without infeasibility that reaches it ends the search
    on_better
        told of the state at every improvement, the first one included
    is_outdone
        whether something else that runs beside this search is likelier to find it, once the search has stalled
    """

    def __init__(
        self,
        frame: Frame,
        state: State,
        options: SolveOptions,
        lower_bound: int = 0,
        on_better: Callable[[State], None] = lambda state: None,
        is_outdone: Callable[[], bool] = lambda: False,
    ) -> None:
        self.frame, self.state, self.options, self.lower_bound, self.on_better = frame, state, options, lower_bound, on_better
        self.is_outdone = is_outdone
        self.relations = Relations(frame)
        self.arms = {name: Arm(name, FIRST_OUTLINE_SIZE if name == OUTLINE else FIRST_SIZE) for name in self.relations.neighbourhoods}
        self.wide = Arm(COSTLY, FIRST_WIDE_SIZE)
        self._started = time.monotonic()
        self._rng = Random(options.seed)
        self._work = 0.0
        self._spent = self._spent_wide = 0.0
        self._barren = 0

    @property
    def repeatable(self) -> bool:
        """Whether no decision may look at the clock."""
        return self.options.workers <= 1 and self.options.deterministic_limit is not None

    def run(self) -> State:
        with Crew(self.frame, self.options.workers) as crew:
            while self._goes_on():
                if self.options.workers > 1 and self._elapsed() > CHILDREN_AFTER_SECONDS:
                    crew.fill(self.state.week)
                if crew.ready:
                    for child in crew.idle[: self._more_at_work(crew)]:
                        child.give(self.state.week, self._next_task())
                    answer = crew.hear(POLL_SECONDS)
                else:
                    crew.hear(0.0)
                    answer = perform(self.relations, self.state, self._next_task(), self.options.stop)
                if answer is not None:
                    self._take(answer)
        return self.state

    @property
    def is_stalled(self) -> bool:
        """Whether many steps in a row have gained nothing."""
        return self._barren >= STALLED_STEPS

    def _more_at_work(self, crew: Crew) -> int:
        """How many more children are to have a task."""
        leaves_one = self.is_stalled and len(crew.children) > 1 and self.is_outdone()
        return max(0, len(crew.idle) - leaves_one)

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _goes_on(self) -> bool:
        options, state = self.options, self.state
        if options.stop.is_set() or not self.arms or (state.infeasibility == 0 and state.objective <= self.lower_bound):
            return False
        if options.seconds is None and options.deterministic_limit is None:
            return self._barren < BARREN_STEPS
        too_late = options.seconds is not None and self._elapsed() >= options.seconds - POLL_SECONDS
        return not too_late and (options.deterministic_limit is None or self._work < options.deterministic_limit)

    # --- what comes next ---------------------------------------------------------------------------------------------------------------

    def _next_task(self) -> Task:
        is_wide = self._is_wide_next()
        arm = self.wide if is_wide else self._next_arm()
        size = arm.size * self._rng.uniform(0.6, 1.4)
        work = WIDE_WORK if is_wide else min(LONGEST, SHORTEST * (1 + self._barren / 100))
        if self.options.deterministic_limit is not None:
            work = min(work, max(0.01, self.options.deterministic_limit - self._work))
        return Task(arm.name, size, self._seconds(work), work, self._rng.randrange(2**31), self._rng.random() < NOISE_SHARE, is_wide)

    def _is_wide_next(self) -> bool:
        """Whether small steps no longer mend what is broken, and wide ones have not had their share yet."""
        return self.is_stalled and self.state.infeasibility > 0 and COSTLY in self.arms and self._spent_wide <= WIDE_SHARE * self._spent

    def _next_arm(self) -> Arm:
        arms = list(self.arms.values())
        total = sum(arm.merit for arm in arms)
        return self._rng.choices(arms, [LEAST_SHARE / len(arms) + (1 - LEAST_SHARE) * arm.merit / total for arm in arms])[0]

    def _seconds(self, work: float) -> float | None:
        """Wall time that a step may take; the clock is no limit of its own where the search is to be the same every time."""
        left = None if self.options.seconds is None else max(0.05, self.options.seconds - self._elapsed())
        if self.repeatable:
            return left
        return work * SLOWER_THAN_WORK if left is None else min(left, work * SLOWER_THAN_WORK)

    # --- what came of it ---------------------------------------------------------------------------------------------------------------

    def _take(self, answer: Answer) -> None:
        """Keep what a step found if the week is at least as good with it, also where the week has changed since."""
        before = self.state.total
        if answer.changes:
            undo = {event: self.state.week[event] for event in answer.changes}
            self.state.apply(answer.changes)
            if self.state.total > before:
                self.state.apply(undo)
        gained = self.state.total < before
        work = answer.work + BUILDING
        self._work += work
        self._barren = 0 if gained else self._barren + 1
        spent = work if self.repeatable else answer.seconds
        self._spent += spent
        self._spent_wide += spent if answer.task.wide else 0.0
        arm = self.wide if answer.task.wide else self.arms[answer.task.neighbourhood]
        arm.learn(answer, spent, gained, self.relations.size)
        if gained:
            self.on_better(self.state)
