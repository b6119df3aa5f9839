"""``penjelasan.html``: the dossier as one page that opens without a network, reads on a phone, and prints on F4 or A4.

The style stands inside the page. The paper is the print dialogue's: ``@page`` gives margins and direction only, so that F4 and A4 both fit.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from scheduler.domain.explanation import Explanation
from scheduler.formats.files import write_bytes
from scheduler.policy.case import Case
from scheduler.report.explanation import Dossier
from scheduler.report.explanation_base import Places
from scheduler.report.explanation_sources import is_doubtful
from scheduler.report.text import Text

__all__ = ["write_explanation_html"]


def write_explanation_html(case: Case, explanation: Explanation, places: Places, path: str | Path, text: Text, only_teacher: str = "") -> None:
    """Writes the dossier as a page for the browser; the same input gives the same bytes.

    Parameters
    ----------
    places
        turns a path of the instance into what people call it (``Struktur!D5``)
    path
        replaced as a whole or not at all
    only_teacher
        code of a counted teacher: only this one gets a page, below the minimum or not
    """
    dossier = Dossier(case, explanation, places, text, only_teacher)
    write_bytes(page(dossier).encode("utf-8"), Path(path))


def page(dossier: Dossier) -> str:
    environment = Environment(
        loader=PackageLoader("scheduler.report.html", "."),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    facts = {"dossier": dossier, "words": dossier.words, "say": dossier.say, "lang": dossier.text.lang, "is_doubtful": is_doubtful}
    return environment.get_template("dossier.html").render(facts)
