"""Where the law's files are: the shipped ones by id, a user's own by path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError


class Part(Enum):
    """A folder of ``policy`` with files of one kind, and the ending of their names."""

    RULESETS = "rulesets", ".toml"
    CURRICULA = "curricula", ".toml"
    LINEARITY = "linearity", ".csv"

    @property
    def folder(self) -> str:
        return self.value[0]

    @property
    def ending(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class LawFile:
    """A file of the law. ``name`` is what messages call it, ``folder`` the folder of a user's own file (None = shipped)."""

    name: str
    path: Traversable
    folder: Path | None = None

    @property
    def stem(self) -> str:
        return self.path.name.rpartition(".")[0]

    def text(self) -> str:
        """The file's text; Excel's byte order mark is dropped."""
        try:
            return self.path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise PolicyError([Problem("policy.not_utf8", self.name)]) from None
        except OSError:
            raise PolicyError([Problem("policy.unreadable", self.name)]) from None


def shipped(*parts: str) -> Traversable:
    """A file or folder of the law that comes with the program."""
    return resources.files("scheduler.policy").joinpath(*parts)


@cache
def shipped_ids(part: Part) -> tuple[str, ...]:
    return tuple(sorted(path.name.removesuffix(part.ending) for path in shipped(part.folder).iterdir() if path.name.endswith(part.ending)))


def locate(part: Part, id_or_path: str, beside: Path | None = None) -> LawFile:
    """The file that an id or a path names; a relative path is looked for ``beside`` the file that names it first."""
    if id_or_path in shipped_ids(part):
        name = f"{id_or_path}{part.ending}"
        return LawFile(name, shipped(part.folder, name))
    candidates = [Path(id_or_path)] if beside is None else [beside / id_or_path, Path(id_or_path)]
    for path in candidates:
        if path.is_file():
            return LawFile(id_or_path, path, path.parent)
    raise PolicyError([unknown_file(part, id_or_path)])


def unknown_file(part: Part, id_or_path: str) -> Problem:
    """``policy.unknown_ruleset`` and the like for an id, ``policy.no_such_file`` for what looks like a path."""
    if id_or_path.endswith(part.ending) or "/" in id_or_path or "\\" in id_or_path:
        return Problem("policy.no_such_file", id_or_path, facts={"value": id_or_path})
    return unknown(f"policy.unknown_{part.folder}", id_or_path, shipped_ids(part), id_or_path)


def unknown(kind: str, value: str, known: Iterable[str], file: str = "", place: str = "") -> Problem:
    """A Problem on a name that is not known: ``{kind}_near`` with the nearest one where one is near, else ``kind`` with all that are known."""
    names = sorted(known)
    near = get_close_matches(value, names, n=1)
    facts: dict[str, str | int] = {"value": value, "known": ", ".join(names)}
    if near:
        return Problem(f"{kind}_near", file, place, facts=facts | {"suggestion": near[0]})
    return Problem(kind, file, place, facts=facts)
