"""What the XML elements of XHSTT have in common: ids, references, numbers, and the faults that they can have."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from scheduler.domain.problem import Problem

NAMESPACE = "urn:scheduler:timetabling"
"""Of the attributes that say what XHSTT has no word for: places, clocks and the like. An archive of XHSTT alone has none of them."""

ET.register_namespace("scheduler", NAMESPACE)

LARGEST = 2**31 - 1
"""The largest number in an archive: the field's evaluator counts with 32 bits."""


class NotUnderstoodError(Exception):
    """Where an archive is not understood: the key of the sentence, the element, and what it says."""

    def __init__(self, kind: str, where: str, value: str = "", **facts: str | int) -> None:
        self.kind = kind
        self.facts: dict[str, str | int] = {"where": where, "value": value, **facts}
        super().__init__(f"{kind}: {self.facts}")


@dataclass
class Faults:
    """Collects the faults of one part of a file: one for each element, all of them at once."""

    file: str
    part: str
    problems: list[Problem] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        try:
            yield
        except NotUnderstoodError as fault:
            self.problems.append(Problem(fault.kind, self.file, self.part, facts=fault.facts))


def shown(element: ET.Element) -> str:
    """How an element is called in a sentence: its tag, with its id or what it refers to."""
    name = element.get("Id", element.get("Reference"))
    return element.tag if name is None else f'{element.tag} "{name}"'


def id_of(element: ET.Element) -> str:
    found = element.get("Id")
    if not found:
        raise NotUnderstoodError("xhstt_missing", element.tag, "Id")
    return found


def ids_of(elements: Iterator[ET.Element], faults: Faults) -> dict[str, ET.Element]:
    """Elements by id; those without one, and those that repeat one, are faults."""
    found: dict[str, ET.Element] = {}
    for element in elements:
        with faults.collecting():
            if (name := id_of(element)) in found:
                raise NotUnderstoodError("xhstt_duplicate_id", element.tag, name)
            found[name] = element
    return found


def reference(element: ET.Element) -> str:
    found = element.get("Reference")
    if found is None:
        raise NotUnderstoodError("xhstt_missing", element.tag, "Reference")
    return found


def known(element: ET.Element, names: Collection[str]) -> str:
    """What an element refers to, which must be one of the names."""
    if (name := reference(element)) not in names:
        raise NotUnderstoodError("xhstt_unknown_reference", element.tag, name)
    return name


def text_of(element: ET.Element, tag: str) -> str:
    found = (element.findtext(tag) or "").strip()
    if not found:
        raise NotUnderstoodError("xhstt_missing", shown(element), tag)
    return found


def whole(element: ET.Element, tag: str, default: int | None = None, least: int | None = 0, most: int = LARGEST) -> int:
    """A whole number; ``default`` where the element is missing or empty."""
    words = (element.findtext(tag) or "").strip()
    if default is not None and not words:
        return default
    try:
        number = int(text_of(element, tag))
    except ValueError:
        raise NotUnderstoodError("xhstt_not_whole", f"{shown(element)}/{tag}", words) from None
    if least is not None and number < least:
        raise NotUnderstoodError("xhstt_below_limit", f"{shown(element)}/{tag}", words, limit=least)
    if number > most:
        raise NotUnderstoodError("xhstt_above_limit", f"{shown(element)}/{tag}", words, limit=most)
    return number


def optional_whole(element: ET.Element, tag: str) -> int | None:
    return whole(element, tag) if element.find(tag) is not None else None


def refuse_unknown_parts(element: ET.Element, tags: Collection[str]) -> None:
    """An element that is not known may change what the others mean."""
    for part in element:
        if part.tag not in tags:
            raise NotUnderstoodError("xhstt_unknown_element", shown(element), part.tag)


def ours(element: ET.Element, name: str) -> str | None:
    """An attribute of our namespace."""
    return element.get(f"{{{NAMESPACE}}}{name}")


def our_number(element: ET.Element, name: str) -> int | None:
    words = ours(element, name)
    try:
        return None if words is None else int(words)
    except ValueError:
        raise NotUnderstoodError("xhstt_not_whole", f"{shown(element)}/{name}", words or "") from None


def set_ours(element: ET.Element, attributes: Mapping[str, str | int | None]) -> None:
    for name, value in attributes.items():
        if value is not None:
            element.set(f"{{{NAMESPACE}}}{name}", str(value))
