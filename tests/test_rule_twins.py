"""One rule, one name: the model, the checker, the sentences, the tests and the mathematics speak of the same rules."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, WORKLOAD_LEVELS
from scheduler.domain.rules import RULES, Kept, Part
from scheduler.engine.frame import MAKERS
from scheduler.verify import record, timetable, workload
from scheduler.verify.cost import POINTS

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "scheduler" / "report" / "text"
LANGUAGES = ("id", "en")


def sentences(language: str, file: str) -> dict[str, str]:
    return tomllib.loads((TEXTS / language / f"{file}.toml").read_text(encoding="utf-8"))


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def names(part: Part, *kept: Kept) -> list[str]:
    return [rule.name for rule in RULES if rule.part is part and rule.kept in kept]


def test_every_hard_rule_has_its_generator_in_the_checker() -> None:
    assert [rule.__name__ for rule in workload.RULES] == names(Part.WORKLOAD, Kept.POST, Kept.FILTER)
    assert [rule.__name__ for rule in timetable.RULES] == names(Part.WEEK, Kept.POST, Kept.FILTER)


def test_every_target_has_its_generator_in_the_checker() -> None:
    assert [target.__name__ for target in workload.TARGETS] == names(Part.WORKLOAD, Kept.TARGET)
    assert [target.__name__ for target in timetable.TARGETS] == names(Part.WEEK, Kept.TARGET)


def test_what_a_plan_records_has_its_generator_in_the_checker() -> None:
    recorded = [rule.name for rule in RULES if rule.kept is Kept.RECORD]
    assert recorded == ["recorded_numbers"]
    assert all(callable(getattr(record, name)) for name in recorded)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_one_sentence(language: str) -> None:
    assert list(sentences(language, "rules")) == [rule.name for rule in RULES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_has_a_name_in_words(language: str) -> None:
    assert list(sentences(language, "levels")) == [*WORKLOAD_LEVELS, *WEEK_LEVELS, WEEK_WISHES]


@pytest.mark.parametrize("file", ["rules", "levels", "reasons"])
def test_both_languages_say_the_same_facts(file: str) -> None:
    indonesian, english = (sentences(language, file) for language in LANGUAGES)
    assert {key: facts_of(text) for key, text in indonesian.items()} == {key: facts_of(text) for key, text in english.items()}


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_has_a_test_file(rule: str) -> None:
    assert (ROOT / "tests" / "rules" / f"test_{rule}.py").is_file()


def test_every_test_file_of_a_rule_has_its_rule() -> None:
    files = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "rules").glob("test_*.py")}
    assert files == {rule.name for rule in RULES}


def test_every_rule_has_a_heading_in_the_mathematics() -> None:
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### +`?([a-z_]+)`?", model, flags=re.MULTILINE)
    known = [rule.name for rule in RULES]
    assert sorted(heading for heading in headings if heading in known) == sorted(known)


def test_every_constraint_type_of_the_engine_is_evaluated_and_described() -> None:
    engine = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    assert set(MAKERS) == set(POINTS)
    assert {kind.__name__ for kind in MAKERS} == set(re.findall(r"^\| `([A-Z]\w+)` \|", engine, flags=re.MULTILINE))
