"""Rulesets: a file over the file it extends, and the user's own numbers over both.

Nothing is inherited by silence. Of every number, duty and pattern of its parent a file says what becomes of it: it writes it anew, or names it in
``inherits``, ``inherits_duties``, ``inherits_patterns`` (kept as it is), ``drops_duties``, ``drops_patterns`` (gone).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.policy.files import Citations, RulesetFile, number_adapter, number_keys, parse, ruleset_model, shown, wrong_value
from scheduler.policy.schema import DutyRule, OutsidePattern, Policy, Source
from scheduler.policy.store import LawFile, Part, locate, shipped_ids, unknown

YES = frozenset({"ya", "true", "yes", "benar"})
NO = frozenset({"tidak", "false", "no", "salah"})
NO_SUCH_RULE = frozenset({"tidak ada", "none", "tanpa batas"})


class Named(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=Named)


@dataclass(frozen=True)
class Numbers:
    """The numbers of a ruleset with their sources."""

    values: Mapping[str, Any]
    sources: Mapping[str, Source]


def read_ruleset(id_or_path: str) -> Policy:
    """The ruleset with all its layers, without overrides. Shipped ones are read once."""
    return shipped_ruleset(id_or_path) if id_or_path in shipped_ids(Part.RULESETS) else Layers().read(locate(Part.RULESETS, id_or_path))


@cache
def shipped_ruleset(ruleset_id: str) -> Policy:
    return Layers().read(locate(Part.RULESETS, ruleset_id))


class Layers:
    """Reads one ruleset and those it stands on; remembers the way to find a circle."""

    def __init__(self) -> None:
        self.way: list[str] = []

    def read(self, location: LawFile) -> Policy:
        if str(location.path) in self.way:
            raise PolicyError([Problem("policy.circle", location.name)])
        self.way.append(str(location.path))
        written = parse(location.text(), location.name, ruleset_model())
        parent = self.read(locate(Part.RULESETS, written.extends, location.folder)) if written.extends else None
        return Layer(written, location, parent).policy()


class Layer:
    """One file over its parent. Problems are gathered and raised together."""

    def __init__(self, written: RulesetFile, location: LawFile, parent: Policy | None) -> None:
        self.written = written
        self.location = location
        self.parent = parent
        self.citations = Citations(written.references, location.name)
        self.problems: list[Problem] = self.citations.problems

    def policy(self) -> Policy:
        numbers = self.numbers()
        duties = self.duties()
        patterns = self.patterns()
        if self.problems:
            raise PolicyError(self.problems)
        policy = Policy(
            id=self.written.id,
            title=self.written.title,
            title_en=self.written.title_en,
            in_force=self.written.in_force,
            linearity=self.linearity(),
            legal_basis=self.written.legal_basis,
            duties=duties,
            outside_patterns=patterns,
            sources=numbers.sources,
            **numbers.values,
        )
        refuse_contradiction(policy, self.location.name, "numbers")
        return policy

    def linearity(self) -> str:
        """The table's id, or its path seen from where the ruleset's own file is."""
        return located_table(self.written.linearity, self.location)

    def numbers(self) -> Numbers:
        """Every number: written here, or inherited by name."""
        entries = {key: entry for key in number_keys() if (entry := getattr(self.written.numbers, key)) is not None}
        self.complete("numbers", number_keys(), entries, self.written.inherits, ())
        values = {key: entry.value for key, entry in entries.items()}
        sources = {key: self.citations.cite(entry.as_source(), f"numbers.{key}") for key, entry in entries.items()}
        if self.parent is not None:
            kept = [key for key in number_keys() if key in self.written.inherits]
            values |= {key: getattr(self.parent, key) for key in kept}
            sources |= {key: self.parent.sources[key] for key in kept}
        return Numbers(values, {key: sources[key] for key in number_keys() if key in sources})

    def duties(self) -> tuple[DutyRule, ...]:
        """The duties in the parent's order, then the file's own new ones."""
        inherited = self.parent.duties if self.parent else ()
        own = [self.cited_duty(duty) for duty in self.written.duties]
        return self.merged("duties", inherited, own, self.written.inherits_duties, self.written.drops_duties)

    def cited_duty(self, duty: DutyRule) -> DutyRule:
        place = f"duties.{duty.id}"
        return replace(duty, source=self.citations.cite(duty.source, place), holders_source=self.citations.cite(duty.holders_source, place))

    def patterns(self) -> tuple[OutsidePattern, ...]:
        inherited = self.parent.outside_patterns if self.parent else ()
        own = [replace(p, source=self.citations.cite(p.source, f"outside_patterns.{p.id}")) for p in self.written.outside_patterns]
        return self.merged("patterns", inherited, own, self.written.inherits_patterns, self.written.drops_patterns)

    def merged(self, part: str, inherited: Sequence[Item], own: Sequence[Item], kept: Sequence[str], dropped: Sequence[str]) -> tuple[Item, ...]:
        self.unrepeated(part, (item.id for item in own))
        rewritten = {item.id: item for item in own}
        self.complete(part, tuple(item.id for item in inherited), rewritten, kept, dropped)
        stands = [rewritten.get(item.id, item) for item in inherited if item.id not in dropped]
        known = {item.id for item in inherited}
        return (*stands, *(item for item in own if item.id not in known))

    def complete(self, part: str, of_parent: Sequence[str], written: Iterable[str], kept: Sequence[str], dropped: Sequence[str]) -> None:
        """Each name of the parent stands in exactly one place, and the lists name nothing else."""
        places = Counter((*written, *kept, *dropped))
        missing = [name for name in of_parent if not places[name]]
        if missing:
            kind = f"policy.not_inherited_{part}" if self.parent else "policy.missing_numbers"
            self.report(kind, part, value=", ".join(missing), parent=self.written.extends)
        for name in (*kept, *dropped):
            if name not in of_parent or self.parent is None:
                self.problems.append(unknown("policy.nothing_to_inherit", name, of_parent if self.parent else (), self.location.name, part))
        for name in of_parent:
            if places[name] > 1:
                self.report("policy.said_twice", part, value=name)

    def unrepeated(self, part: str, names: Iterable[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                self.report("policy.repeated_id", part, value=name)

    def report(self, kind: str, place: str, **facts: str) -> None:
        self.problems.append(Problem(kind, self.location.name, place, facts=facts))


def located_table(name: str, location: LawFile) -> str:
    if name in shipped_ids(Part.LINEARITY) or location.folder is None:
        return name
    beside = location.folder / name
    return str(beside) if beside.is_file() else name


# --- overrides -------------------------------------------------------------------------------------------------------------------------


def overridden(policy: Policy, overrides: Mapping[str, str]) -> Policy:
    """The ruleset with single numbers replaced; each keeps its source, marked as overridden, with the ruleset's own value in the note."""
    chosen = {number_name(key): text.strip() for key, text in overrides.items()}
    problems = list(override_problems(chosen))
    if problems:
        raise PolicyError(problems)
    values = {key: number_adapter(key).validate_json(json.dumps(value_of(text))) for key, text in chosen.items()}
    sources = {**policy.sources, **{key: replaced_source(policy, key) for key in chosen}}
    changed = replace(policy, **values, sources=sources, overrides={**policy.overrides, **chosen})
    refuse_contradiction(changed, "", "min_jtm" if "min_jtm" in chosen else "max_jtm")
    return changed


def refuse_contradiction(policy: Policy, file: str, place: str) -> None:
    """A minimum above the maximum: nobody could ever be valid.

    Raises
    ------
    PolicyError
    """
    if policy.min_jtm > policy.max_jtm:
        facts: dict[str, str | int] = {"least": policy.min_jtm, "most": policy.max_jtm}
        raise PolicyError([Problem("policy.minimum_above_maximum", file, place, facts=facts)])


def refuse_number(key: str, text: str) -> None:
    """A number by itself, whatever the others of its ruleset are.

    Raises
    ------
    PolicyError
    """
    problems = list(override_problems({number_name(key): text.strip()}))
    if problems:
        raise PolicyError(problems)


def number_name(key: str) -> str:
    """``Min JTM`` and ``min-jtm`` are ``min_jtm``."""
    return "_".join(key.strip().lower().replace("-", " ").replace("_", " ").split())


def override_problems(chosen: Mapping[str, str]) -> Iterator[Problem]:
    for key, text in chosen.items():
        if key not in number_keys():
            yield unknown("policy.unknown_number", key, number_keys(), place=key)
            continue
        try:
            number_adapter(key).validate_json(json.dumps(value_of(text)))
        except ValidationError as error:
            yield override_fault(key, text, error)


def override_fault(key: str, text: str, error: ValidationError) -> Problem:
    return wrong_value(error.errors()[0] | {"input": text}, key, "", key)


def value_of(text: str) -> int | bool | str | None:
    """What a user means: a whole number, yes, no, "no such rule", or a word of the number's own (``rombel``)."""
    word = " ".join(text.casefold().split())
    if word in YES:
        return True
    if word in NO:
        return False
    if word in NO_SUCH_RULE:
        return None
    try:
        return int(word)
    except ValueError:
        return word


def replaced_source(policy: Policy, key: str) -> Source:
    own = value_text(getattr(policy, key))
    source = policy.sources[key]
    return replace(source, overridden=True, note=f"{own}; {source.note}" if source.note else own)


def value_text(value: Any) -> str:
    """A number as its file has it."""
    return shown(value.value if isinstance(value, Enum) else value)
