"""What an experiment shows, in three findings computed from its own numbers.

Each candidate is a function that gives a Finding where the runs can support it, else None; the first three that exist are told. So one ruleset alone
is answered by other findings than two, and nothing is said that was not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from scheduler.report.experiment.answers import Answers, Comparison
from scheduler.report.experiment.gathered import Tally
from scheduler.report.experiment.words import Words

FINDINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a figure with its caption, a headline, and the sentences with the numbers behind it."""

    kind: str
    figure: str
    caption: str
    headline: str
    sentences: tuple[str, ...]


def findings(answers: Answers, most: int = FINDINGS) -> tuple[Finding, ...]:
    found = (candidate(answers) for candidate in CANDIDATES)
    return tuple(islice((finding for finding in found if finding is not None), most))


# --- the threshold ----------------------------------------------------------------------------------------------------------------------


def threshold(answers: Answers) -> Finding | None:
    """What share is valid at the reference and at the lowest studied value, and how far the threshold must go for all to be valid."""
    words, points = answers.words, answers.line.points
    lowest = next((place for place in reversed(answers.studied) if place in points and place != answers.place), None)
    if not answers.numeric or lowest is None or not answers.tally.counted:
        return None
    here, there = answers.tally, points[lowest]
    sentences = [
        words.sentence("threshold_counts", at=answers.at(answers.place), **counts(words, here), units=measured(answers)),
        words.sentence("threshold_other", at=answers.at(lowest), **counts(words, there)),
        *main_school(answers, lowest),
        *highest_sentences(answers),
    ]
    return Finding(
        "threshold",
        words.percent(here.share),
        words.say("threshold_caption", at=answers.at(answers.place)),
        words.sentence(
            "threshold_headline",
            at=answers.at(answers.place),
            share=words.percent(here.share),
            lowest=answers.at(lowest),
            other=words.percent(there.share),
        ),
        tuple(sentences),
    )


def main_school(answers: Answers, lowest: int) -> Iterator[str]:
    """The main school without its partners, where both are in the file."""
    here, there = answers.tally, answers.line.points[lowest]
    if here.main_counted:
        facts = {"valid": here.main_valid, "counted": here.main_counted, "other": there.main_valid}
        yield answers.words.say("threshold_main", at=answers.at(answers.place), lowest=answers.at(lowest), **facts)


def highest_sentences(answers: Answers) -> Iterator[str]:
    """The highest value at which all are valid, and all but one or two in each school; values that add nothing are not said."""
    words, said = answers.words, None
    for most_below in range(len(answers.tally.nearly)):
        place = answers.highest(answers.line.points, most_below)
        key = f"highest_{most_below}" if answers.gathered.units > 1 else f"highest_one_{most_below}"
        if place is None and most_below == 0:
            yield words.say("highest_none" if answers.gathered.units > 1 else "highest_one_none", at=answers.at(answers.places[0]))
        elif place is not None and place != said:
            yield words.say(key, value=answers.value(place))
            said = place


# --- small schools ----------------------------------------------------------------------------------------------------------------------


def small_schools(answers: Answers) -> Finding | None:
    """The class of schools that the study is about against all others, at the reference."""
    if not answers.has_both_sizes:
        return None
    words, size = answers.words, answers.words.background.small
    small, others = (answers.small[kind][answers.place] for kind in (True, False))
    facts = {"rombels": size.rombels, "students": size.students, "at": answers.at(answers.place)}
    sentences = [
        words.sentence("small_schools", schools=words.number(small.schools), full=words.number(small.nearly[0]), **facts),
        words.say(
            "small_others", schools=words.number(others.schools), full=words.number(others.nearly[0]), share=words.percent(others.schools_share)
        ),
        *same_share(answers, others),
    ]
    return Finding(
        "small",
        words.percent(small.share),
        words.say("small_caption", **facts),
        words.sentence("small_headline", share=words.percent(small.share), other=words.percent(others.share), **facts),
        tuple(sentences),
    )


def same_share(answers: Answers, others: Tally) -> Iterator[str]:
    """The highest threshold at which small schools reach the share that others have at the reference."""
    if not answers.numeric or others.share is None:
        return
    for place in reversed(answers.places[: answers.places.index(answers.place)]):
        share = answers.small[True].get(place, Tally()).share
        if share is not None and share >= others.share:
            yield answers.words.say("small_same", value=answers.value(place), share=answers.words.percent(share))
            return


# --- two rulesets, or two values of another axis ----------------------------------------------------------------------------------------


def comparison(answers: Answers) -> Finding | None:
    """Who gains and who loses from the first value of an axis to another; along the threshold itself the first finding says it already."""
    if answers.numeric and answers.compared_axis == answers.main:
        return None
    compared = max(answers.comparisons, key=lambda found: found.total.gained + found.total.lost, default=None)
    if compared is None or not compared.total.schools:
        return None
    words, total = answers.words, compared.total
    facts = {"axis": words.axis(compared.axis), "before": compared.before, "after": compared.after, "gained": words.number(total.gained)}
    facts |= {"lost": words.number(total.lost), "at": f" {compared.at}" if compared.at else ""}
    key = "ruleset" if compared.axis == "policy" else "compared"
    sentences = [words.sentence(f"{key}_net", net=signed(words.number(abs(total.gained - total.lost)), total.gained - total.lost), **facts)]
    sentences += largest_difference(answers, compared)
    if total.gained or total.lost:
        sentences.append(words.say("who_may_differ"))
    return Finding(
        "comparison",
        f"{signed(facts['gained'], total.gained)} / {signed(facts['lost'], -total.lost)}",
        words.say("compared_caption", **facts),
        words.sentence(f"{key}_headline", **facts),
        tuple(sentences),
    )


def largest_difference(answers: Answers, compared: Comparison) -> Iterator[str]:
    """Where along the threshold the two differ most, if that is not the reference."""
    if not answers.numeric:
        return
    nets = {place: moved.gained - moved.lost for place, moved in compared.moved.items()}
    place = max(nets, key=lambda found: (abs(nets[found]), found), default=None)
    if place is not None and abs(nets[place]) > abs(nets.get(answers.place, 0)):
        words = answers.words
        yield words.say("largest_difference", at=answers.at(place), net=signed(words.number(abs(nets[place])), nets[place]))


def signed(shown: str, value: int) -> str:
    return shown if value == 0 else f"+{shown}" if value > 0 else f"\u2212{shown}"


# --- others -----------------------------------------------------------------------------------------------------------------------------


def steepest(answers: Answers) -> Finding | None:
    """The one step of the threshold that makes most teachers valid, among steps with the same teachers on both sides."""
    points = answers.line.points
    pairs = [(low, high) for low, high in pairwise(answers.places) if low in points and high in points]
    steps = [(points[low].valid - points[high].valid, low, high) for low, high in pairs if points[low].counted == points[high].counted]
    if not answers.numeric or not steps or max(steps)[0] <= 0:
        return None
    words, (gain, low, high) = answers.words, max(steps)
    facts = {"count": words.number(gain), "high": answers.value(high), "low": answers.value(low)}
    shares = {"before": words.percent(points[high].share), "after": words.percent(points[low].share)}
    return Finding(
        "steepest",
        signed(words.number(gain), gain),
        words.say("steepest_caption", **facts),
        words.sentence("steepest_headline", **facts),
        (words.say("steepest_shares", **facts, **shares),),
    )


def areas(answers: Answers) -> Finding | None:
    """The hardest and the easiest kecamatan."""
    rows = [row for row in (answers.areas[0].rows if answers.areas else ()) if row.cells.get(answers.place, Tally()).counted]
    if len(rows) < 2:
        return None
    words, hardest, easiest = answers.words, rows[0], rows[-1]
    if hardest.cells[answers.place].share == easiest.cells[answers.place].share:
        return None
    shares = [words.percent(row.cells[answers.place].share) for row in (hardest, easiest)]
    facts = {"at": answers.at(answers.place), "hardest": hardest.name, "low": shares[0], "easiest": easiest.name, "high": shares[1]}
    return Finding(
        "areas",
        shares[0],
        words.say("areas_caption", **facts),
        words.sentence("areas_headline", **facts),
        (words.sentence("areas_counts", **counts(words, hardest.cells[answers.place]), hardest=hardest.name),),
    )


def rombels(answers: Answers) -> Finding | None:
    """The school size with the smallest share of valid teachers, against the largest."""
    rows = [
        row
        for row in (answers.heat[0].rows if len(answers.gathered.distinct("rombels")) > 1 else ())
        if row.cells.get(answers.place, Tally()).counted
    ]
    if len(rows) < 2:
        return None
    words = answers.words
    ordered = sorted(rows, key=lambda row: row.cells[answers.place].share or 0.0)
    worst, best = ordered[0], ordered[-1]
    if worst.cells[answers.place].share == best.cells[answers.place].share:
        return None
    shares = [words.percent(row.cells[answers.place].share) for row in (worst, best)]
    facts = {"at": answers.at(answers.place), "worst": worst.name, "low": shares[0], "best": best.name, "high": shares[1]}
    return Finding("rombels", shares[0], words.say("rombels_caption", **facts), words.sentence("rombels_headline", **facts), ())


def missing(answers: Answers) -> Finding | None:
    """How many hours are missing altogether, and how few that is for each teacher concerned."""
    tally, words = answers.tally, answers.words
    if not tally.below:
        return None
    facts = {"at": answers.at(answers.place), "jtm": words.number(tally.missing_jtm), "teachers": words.number(tally.below)}
    mean = words.number(tally.missing_jtm / tally.below)
    return Finding(
        "missing",
        facts["jtm"],
        words.say("missing_caption", **facts),
        words.sentence("missing_headline", **facts),
        (words.say("missing_mean", mean=mean),),
    )


def overview(answers: Answers) -> Finding | None:
    """How many runs there are and what they found, whatever was varied."""
    words, tally = answers.words, answers.tally
    if not tally.counted:
        return None
    share = words.percent(tally.share)
    return Finding(
        "overview",
        share,
        words.say("overview_caption", at=answers.at(answers.place)),
        words.sentence("overview_headline", share=share, at=answers.at(answers.place), **counts(words, tally)),
        (),
    )


def proof(answers: Answers) -> Finding | None:
    """How much of all this is proved; also what there is to say when no run has a plan."""
    words, gathered = answers.words, answers.gathered
    facts = {"runs": words.number(gathered.count), "usable": words.number(gathered.usable), "proved": words.number(gathered.proved)}
    return Finding("proof", facts["proved"], words.say("proof_caption", **facts), words.sentence("proof_headline", **facts), ())


CANDIDATES: Final[tuple[Callable[[Answers], Finding | None], ...]] = (
    *(threshold, small_schools, comparison, steepest, areas, rombels, missing, overview, proof),
)


def counts(words: Words, tally: Tally) -> Mapping[str, str]:
    """Facts that sentences share."""
    return {"valid": words.number(tally.valid), "counted": words.number(tally.counted)}


def units(answers: Answers, runs: int) -> str:
    """``SMP Negeri 18`` where there is one school, ``88 sekolah`` otherwise."""
    words = answers.words
    if answers.gathered.only_name:
        name = answers.gathered.only_name
        return words.say("units_partners", name=name) if answers.gathered.has_partners else name
    return words.say("units_files" if answers.gathered.whole_files else "units_schools", count=words.number(runs))


def measured(answers: Answers) -> str:
    """The same with the line it is of, where there are several."""
    own = units(answers, answers.tally.runs)
    return own if len(answers.lines) < 2 else f"{own}; {answers.line.name}"
