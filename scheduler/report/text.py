"""Every sentence that people read, by key, in Indonesian and English.

The sentences stand in ``report/text/{id,en}/*.toml``: flat tables ``key = "sentence with {facts}"``, one file a part of the program. The layers
below ``report`` carry keys and facts; this module turns them into words. A file is read when its first sentence is asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

LANGUAGES: Final = ("id", "en")
"""Indonesian first: it is the default wherever people read."""


class Text:
    """The catalogue in one language.

    Parameters
    ----------
    lang
        ``"id"`` or ``"en"``; anything else is a ``ValueError``.

    Examples
    --------
    >>> Text("id").number(2.5)
    '2,5'
    """

    def __init__(self, lang: str = "id") -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"no texts in language {lang!r}; there are: {', '.join(LANGUAGES)}")
        self.lang = lang

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence under ``key`` (``"file.key"``) with its facts filled in.

        Facts that the sentence does not name are ignored; floats are written in the language's own form.

        Raises
        ------
        KeyError
            the key is unknown, or a fact that the sentence names is missing
        """
        file, _, name = key.partition(".")
        sentences = catalogue(self.lang, file)
        if name not in sentences:
            raise KeyError(f"no text {key!r} in language {self.lang!r}")
        return sentences[name].format_map({fact: self._shown(value) for fact, value in facts.items()})

    def has(self, key: str) -> bool:
        """Whether the catalogue has a sentence under ``key``."""
        file, _, name = key.partition(".")
        return name in catalogue(self.lang, file)

    def number(self, value: float, decimals: int = 1) -> str:
        """A number as people of the language write it: decimal comma in Indonesian, and no decimals that are 0."""
        digits = f"{value:,.{decimals}f}"
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return digits.translate(INDONESIAN_SEPARATORS) if self.lang == "id" else digits

    def date(self, day: date) -> str:
        """``13 Juli 2026``."""
        return f"{day.day} {self.say(f'report.month_{day.month}')} {day.year}"

    def joined(self, parts: Iterable[str]) -> str:
        """``a``, ``a dan b``, ``a, b, dan c``."""
        words = tuple(parts)
        if len(words) <= 1:
            return "".join(words)
        last = self.say("report.list_pair" if len(words) == 2 else "report.list_last", last=words[-1])
        return ", ".join(words[:-1]) + last

    def _shown(self, value: object) -> object:
        return self.number(value) if isinstance(value, float) else value


INDONESIAN_SEPARATORS: Final = str.maketrans(",.", ".,")


@cache
def catalogue(lang: str, file: str) -> Mapping[str, str]:
    """All sentences of one file of the catalogue; an unknown file has none."""
    path = texts_folder(lang).joinpath(f"{file}.toml")
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def catalogue_files(lang: str) -> tuple[str, ...]:
    """Names of the catalogue's files in one language, without ``.toml``."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in texts_folder(lang).iterdir() if path.name.endswith(".toml")))


def texts_folder(lang: str) -> Traversable:
    return resources.files("scheduler.report").joinpath("text", lang)
