"""The whole plan as one page for a phone and for the wall: classes, teachers and the school's week, with a search, without a network.

Style and script stand inside the page; without the script everything is shown, one below the other. Printed, each week has a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from scheduler.domain.entities import Slot
from scheduler.domain.plan import Lesson
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.words import Words


class WholePlan:
    """What the template asks for, in the language of the page."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.tables = words.tables
        self.names = words.names

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``export.toml``, else of ``report.toml``."""
        part = "export" if self.words.text.has(f"export.{key}") else "report"
        return self.words.text.say(f"{part}.{key}", **facts)

    @cached_property
    def colours(self) -> dict[str, int]:
        """A hue for each subject, far apart for neighbours in the file."""
        golden_angle = 137.508
        return {subject: round(index * golden_angle) % 360 for index, subject in enumerate(self.names.subjects)}

    def subject(self, lesson: Lesson) -> str:
        return self.words.subject_in_cell(lesson.subject)

    def short(self, lesson: Lesson) -> str:
        return self.names.subjects[lesson.subject].short

    def teacher(self, lesson: Lesson) -> str:
        return self.words.teacher(lesson.teacher) if lesson.teacher else self.words.say("nobody")

    def code(self, lesson: Lesson) -> str:
        return self.names.label(lesson.teacher, lesson.school) if lesson.teacher else "?"

    def classes(self, lesson: Lesson) -> str:
        return ", ".join(lesson.rombels) or self.words.say("dash")

    def slot(self, slot: Slot) -> str:
        return self.words.say(f"slot_{slot.kind.value}")

    def clock(self, slots: Sequence[Slot]) -> str:
        """The clock time of a line; a line whose days differ has that of its first day."""
        return self.words.clock(slots[0].start, slots[0].end) if slots else ""

    @property
    def schools(self) -> Sequence[str]:
        """Schools with a week, in the order of the papers."""
        return [school.npsn for school in self.names.class_schools if self.tables.master_blocks(school.npsn)]


def whole_page(tables: Tables, text: Text) -> bytes:
    """The page; the same plan gives the same bytes."""
    environment = Environment(
        loader=PackageLoader("scheduler.report.html", "."),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    plan = WholePlan(Words(tables, text))
    return environment.get_template("whole.html").render(plan=plan, words=plan.words, say=plan.say, lang=text.lang).encode("utf-8", "replace")
