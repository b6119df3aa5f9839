"""The text catalogue: both languages say the same things, in words of the school."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import scheduler.report
from scheduler.diagnose.prices import load_prices
from scheduler.report.text import LANGUAGES, Text, catalogue, catalogue_files

SOLVER_WORDS = re.compile(
    r"\b(infeasib\w*|unsat\w*|constraints?|objectives?|MUS|solvers?|(?:the|a|lower|upper|best) bounds?|booleans?"
    r"|CP-SAT|ortools|presolv\w*|incumbents?|MARCO|QuickXplain|(?:unsat )?cores?|literals?|heuristics?|feasible|optimal(?:ity)?"
    r"|lexicographic\w*|relaxations?|satisfiab\w*|kendala|pemecah|solusi layak|fungsi tujuan|heuristik|layak|optimal|variabel)\b",
    re.IGNORECASE,
)
"""Words of the machine room; people read "batas terbaik yang mungkin" and "best value possible" instead."""

FILES = sorted({file for lang in LANGUAGES for file in catalogue_files(lang)})


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_files() -> None:
    assert catalogue_files("id") == catalogue_files("en")


@pytest.mark.parametrize("file", FILES)
def test_both_languages_have_the_same_keys(file: str) -> None:
    assert set(catalogue("id", file)) == set(catalogue("en", file))


@pytest.mark.parametrize("file", FILES)
def test_both_languages_name_the_same_facts(file: str) -> None:
    english = catalogue("en", file)
    differing = {key for key, sentence in catalogue("id", file).items() if facts_of(sentence) != facts_of(english.get(key, ""))}
    assert differing == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_facts_are_plain_names(file: str, lang: str) -> None:
    """No format codes and no attribute access: how a number is written is the caller's or the language's affair."""
    for sentence in catalogue(lang, file).values():
        for _, name, code, conversion in Formatter().parse(sentence):
            assert name is None or (name.isidentifier() and not code and not conversion), sentence


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_no_sentence_for_people_speaks_of_the_solver(file: str, lang: str) -> None:
    assert [sentence for sentence in catalogue(lang, file).values() if SOLVER_WORDS.search(sentence)] == []


def test_no_reason_of_a_price_speaks_of_the_solver() -> None:
    reasons = [reason for price in load_prices().of_kind.values() for reason in (price.reason_id, price.reason_en)]
    assert len(reasons) > 2
    assert [reason for reason in reasons if not reason or SOLVER_WORDS.search(reason)] == []


def test_no_page_template_speaks_of_the_solver() -> None:
    templates = list((Path(scheduler.report.__file__).parent / "html").glob("*.html"))
    assert templates
    assert [template.name for template in templates if SOLVER_WORDS.search(template.read_text(encoding="utf-8"))] == []


def test_indonesian_is_the_default() -> None:
    assert Text().lang == "id"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        Text("xx")


def test_unknown_key_and_missing_fact_are_errors() -> None:
    with pytest.raises(KeyError):
        Text().say("report.no_such_sentence")
    with pytest.raises(KeyError):
        Text().say("no_such_file.list_pair")
    with pytest.raises(KeyError):
        Text().say("report.list_pair")


def test_facts_that_look_like_format_codes_stay_as_they_are() -> None:
    assert Text().say("report.list_pair", last="{last}") == " dan {last}"


def test_numbers_have_the_decimal_mark_of_the_language() -> None:
    assert Text("id").number(1276.5) == "1.276,5"
    assert Text("en").number(1276.5) == "1,276.5"
    assert Text("id").number(24.0) == "24"


def test_lists_read_as_people_write_them() -> None:
    assert [Text("id").joined("ABC"[:n]) for n in range(4)] == ["", "A", "A dan B", "A, B, dan C"]
    assert Text("en").joined("AB") == "A and B"
