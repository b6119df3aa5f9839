"""The words of Dapodik (``words.toml``), and what two spellings of one class or one name have in common."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from scheduler.formats.columns import key
from scheduler.formats.names import arabic

CLASS_WORD: Final = re.compile(r"^(kelas|kls)[\s.]*", re.IGNORECASE)
TITLE_AFTER: Final = re.compile(r"\s+(?:[A-Z]{1,3}[a-z]*\.)+[A-Za-z]*\.?$")
"""``S.Pd``, ``M.Pd.I`` behind a name without a comma."""


@cache
def words() -> Mapping[str, Any]:
    path = resources.files("scheduler.formats.dapodik").joinpath("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def keys(section: str, entry: str) -> frozenset[str]:
    """The words of an entry, without capitals and punctuation."""
    return frozenset(key(word) or word for word in words()[section][entry])


def is_one_of(text: str, section: str, entry: str) -> bool:
    return (key(text) or text.strip()) in keys(section, entry)


def holds_one_of(texts: Iterable[str], section: str, entry: str) -> bool:
    """Whether one of the texts holds a word (or words) of the entry, as whole words."""
    spaced = [" " + re.sub(r"\W+", " ", text.casefold()).strip() + " " for text in texts]
    return any(f" {word.casefold()} " in text or (len(word) > 4 and word.casefold() in text) for word in words()[section][entry] for text in spaced)


def class_key(name: str) -> str:
    """``VII-A``, ``7-A``, ``7A`` and ``Kelas VII A`` are one class."""
    return key(arabic(CLASS_WORD.sub("", name.strip()).upper()))


def person_key(name: str) -> str:
    """A name without titles, capitals, accents, blanks and punctuation: ``Drs. H. Nur'aini, S.Pd`` is ``nuraini``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).partition(",")[0].strip()
    while (shorter := TITLE_AFTER.sub("", plain)) != plain:
        plain = shorter
    parts = plain.split()
    while len(parts) > 1 and key(parts[0]) in keys("titles", "before"):
        parts.pop(0)
    return key("".join(parts))
