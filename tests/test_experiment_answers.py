"""The questions of a policy experiment as sums and findings: counted from the hand-written district of ``experiment_runs``."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scheduler.domain.experiment import Axis
from scheduler.domain.plan import Level, Status
from scheduler.report.experiment.answers import MOST_LINES, Answers
from scheduler.report.experiment.columns import answer_columns
from scheduler.report.experiment.findings import findings
from scheduler.report.experiment.gathered import Tally
from scheduler.report.experiment.looks import HIGH, LOW, shade
from scheduler.report.experiment.reading import Reading
from scheduler.report.experiment.words import Words
from scheduler.report.text import LANGUAGES, Text
from scheduler.sweep.axes import NAMED
from scheduler.sweep.scenarios import SCENARIO_AXIS
from tests.experiment_runs import AXES, NEW, OLD, answered, axes_of, background, district


def place_of(answers: Answers, threshold: str) -> int:
    return answers.axes[0].values.index(threshold)


def kinds(answers: Answers) -> list[str]:
    return [finding.kind for finding in findings(answers)]


# --- sums ---------------------------------------------------------------------------------------------------------------------------------


def test_each_ruleset_is_a_line_with_the_sums_of_all_schools() -> None:
    answers = answered(district())
    new = answers.line.points[place_of(answers, "24")]
    # Valid 1 + 3 + 6 of 4 + 5 + 6; only school 103 has all; with one left out: 103 (0 below) alone, 102 has 2 below, 101 has 3.
    assert (new.valid, new.counted, new.schools, new.nearly) == (10, 15, 3, (1, 1, 2))
    # 3 + 2 teachers below, 2 JTM each.
    assert new.missing_jtm == 10
    assert [line.name for line in answers.lines] == ["Permendikbud 15/2018", "Permendikdasmen 11/2025"]


def test_the_ruleset_in_force_and_its_threshold_are_the_reference() -> None:
    answers = answered(district())
    assert answers.line.name == "Permendikdasmen 11/2025"
    assert answers.value(answers.place) == "24 JTM"


def test_valid_teachers_never_rise_with_the_threshold() -> None:
    answers = answered(district())
    for line in answers.lines:
        valid = [line.points[place].valid for place in answers.places]
        assert valid == sorted(valid, reverse=True)


def test_the_order_of_the_runs_changes_nothing() -> None:
    runs = district()
    shuffled = random.Random(7).sample(runs, len(runs))
    first, second = answered(runs), answered(shuffled)
    assert [line.points for line in first.lines] == [line.points for line in second.lines]
    assert list(first.gathered.each()) == list(second.gathered.each())
    assert first.comparisons == second.comparisons


def test_the_highest_threshold_with_all_valid_is_found() -> None:
    answers = answered(district())
    # New ruleset: at 16 all 15; at 20 school 101 has two below.
    assert answers.highest(answers.line.points, 0) == place_of(answers, "16")
    # At most two below in each school: 20 (2, 0, 0), but not 24 (3 in school 101).
    assert answers.highest(answers.line.points, 2) == place_of(answers, "20")


def test_small_schools_are_told_apart_by_rombel_and_pupils() -> None:
    answers = answered(district())
    place = place_of(answers, "24")
    # School 101 (8 rombel, 160 pupils) is small: 1 of 4. 102 has 240 pupils, 103 12 rombel: 9 of 11.
    assert (answers.small[True][place].valid, answers.small[True][place].counted) == (1, 4)
    assert (answers.small[False][place].valid, answers.small[False][place].counted) == (9, 11)


def test_the_main_school_is_told_apart_from_its_partners() -> None:
    # 4 counted with partners, of these 3 the main school's own: all valid at 16, one at 24.
    main = {"16": 3, "20": 2, "24": 1}
    runs = [replace(one, facts={"counted_main": 3, "valid_main": main[one.scenario["min_jtm"]]}) for one in district((NEW,), ("101",))]
    answers = answered(runs, axes_of((NEW,)), about=background((NEW,)))
    assert (answers.tally.main_valid, answers.tally.main_counted) == (1, 3)
    assert "Di sekolah utama sendiri: 1 dari 3 pada 24 JTM, 3 pada 16 JTM." in findings(answers)[0].sentences
    assert "(SMP Satu dan sekolah mitranya)" in findings(answers)[0].sentences[0]
    assert [column.key for column in answer_columns(answers)] == [
        "teachers_valid",
        "teachers_counted",
        "share",
        "main_share",
        "teachers_below",
        "missing",
    ]


def test_hours_without_a_teacher_are_shown_where_there_are_any() -> None:
    open_hours = Level("uncovered_jp", 7, 7, True)
    runs = [replace(one, levels=(open_hours, *one.levels[1:])) for one in district((NEW,), ("101",))]
    answers = answered(runs, axes_of((NEW,)))
    column = next(column for column in answer_columns(answers) if column.key == "uncovered")
    assert column.at(answers.place) == 7
    assert "7 JP pada 24 JTM" in " ".join(Reading(answers).meaning())


def test_the_heat_map_has_a_row_for_each_rombel_count() -> None:
    grid = answered(district()).heat[0]
    cells = {row.name: row.cells[2].share for row in grid.rows}
    # 8 rombel: (1 + 3) of (4 + 5); 12 rombel: 6 of 6.
    assert cells == {"8": pytest.approx(4 / 9), "12": 1.0}
    assert [row.schools for row in grid.rows] == [2, 1]


def test_kecamatan_stand_with_the_hardest_first() -> None:
    assert [row.name for row in answered(district()).areas[0].rows] == ["Utara", "Selatan"]


def test_many_rombel_counts_are_joined_by_threes() -> None:
    runs = [replace(one, school=f"{number}", rombels=number) for number in range(1, 31) for one in district((NEW,), ("101",))]
    grid = answered(runs, axes_of((NEW,))).heat[0]
    assert [row.name for row in grid.rows][:2] == ["1–3", "4–6"]
    assert sum(row.schools for row in grid.rows) == 30


def test_with_more_combinations_than_anyone_tells_apart_a_third_axis_is_kept_at_its_first_value() -> None:
    radius = Axis("radius", tuple(str(km) for km in range(MOST_LINES)))
    runs = [replace(one, scenario={**one.scenario, "radius": km}) for km in radius.values for one in district()]
    answers = answered(runs, (*AXES, radius))
    assert [line.name for line in answers.lines] == ["Permendikbud 15/2018", "Permendikdasmen 11/2025"]
    assert answers.fixed_words == "Jarak ke sekolah mitra: 0 km"
    # The same three schools as without the third axis, each once.
    assert answers.tally == answered(district()).tally
    assert answers.comparisons[0].total == answered(district()).comparisons[0].total


# --- who gains and who loses --------------------------------------------------------------------------------------------------------------


def test_gains_and_losses_are_counted_by_teacher() -> None:
    compared = answered(district()).comparisons[0]
    # At 24: school 101 G1 gains and G2 loses, 102 G3 gains, 103 G6 gains.
    assert (compared.total.gained, compared.total.lost, compared.total.schools) == (3, 1, 3)
    codes = {change.unit.school: (change.gained, change.lost) for change in compared.schools}
    assert codes == {"101": (("G1",), ("G2",)), "102": (("G3",), ()), "103": (("G6",), ())}
    # At 20: 101 G1; 102 G4 and G5. At 16: 101 G4.
    assert {place: (moved.gained, moved.lost) for place, moved in compared.moved.items()} == {0: (1, 0), 1: (3, 0), 2: (3, 1)}


def test_who_is_counted_under_one_ruleset_only_neither_gains_nor_loses() -> None:
    runs = [replace(one, valid=(*one.valid, "KS")) if one.scenario["policy"] == NEW else one for one in district(schools=("101",))]
    moved = answered(runs).comparisons[0].total
    assert (moved.gained, moved.lost, moved.uncounted) == (1, 1, 1)


def test_a_school_that_was_planned_under_one_ruleset_only_is_not_compared() -> None:
    runs = [one for one in district() if (one.school, one.scenario["policy"]) != ("103", OLD)]
    assert answered(runs).comparisons[0].total.schools == 2


def test_one_ruleset_is_compared_along_the_threshold() -> None:
    answers = answered(district((NEW,)), axes_of((NEW,)))
    found = {(compared.before, compared.after): compared.total.gained for compared in answers.comparisons}
    # 10 valid at 24, 13 at 20, 15 at 16.
    assert found == {("24 JTM", "20 JTM"): 3, ("24 JTM", "16 JTM"): 5}


# --- runs without an answer ---------------------------------------------------------------------------------------------------------------


def test_runs_without_a_plan_count_in_no_share() -> None:
    lost = replace(district()[1], school="104", status=Status.UNKNOWN, levels=(), valid=(), below=())
    impossible = replace(lost, school="105", status=Status.INFEASIBLE)
    refused = replace(lost, school="106", error="sweep.error_rombel")
    answers = answered([*district(), lost, impossible, refused])
    assert answers.tally == answered(district()).tally
    assert answers.gathered.statuses == {"OPTIMAL": 18, "UNKNOWN": 1, "INFEASIBLE": 1, "error": 1}
    said = " ".join(Reading(answers).open())
    assert "1 percobaan kehabisan waktu" in said and "1 percobaan terbukti tidak mungkin" in said and "rombel kurang dari banyaknya tingkat" in said


def test_what_is_not_proved_is_counted_and_its_distance_shown() -> None:
    # Two below, at best one: one teacher more could be valid.
    open_levels = (Level("uncovered_jp", 0, 0, True), Level("below_minimum", 2, 1, False))
    runs = [replace(district((NEW,), ("101",))[1], levels=open_levels, status=Status.FEASIBLE)]
    answers = answered(runs, axes_of((NEW,)))
    assert answers.line.points[1].gap == 1
    rows = {row.name: (row.runs, row.proved, row.open, row.gap) for row in Reading(answers).proofs}
    assert rows["Guru bersertifikat di bawah beban minimum"] == (1, 0, 1, "1")
    assert "paling banyak 1 guru lagi" in " ".join(Reading(answers).proved())


def test_a_criterion_below_the_count_of_teachers_leaves_that_count_proved() -> None:
    levels = (Level("uncovered_jp", 0, 0, True), Level("below_minimum", 2, 2, True), Level("shortfall_jtm", 5, 4, False))
    answers = answered([replace(district((NEW,), ("101",))[1], levels=levels, status=Status.FEASIBLE)], axes_of((NEW,)))
    assert "jumlah guru valid terbukti" in " ".join(Reading(answers).proved())


def test_no_run_at_all_is_said_and_not_divided_by() -> None:
    answers = answered([])
    assert (answers.lines, answers.heat, answers.areas, answers.comparisons) == ((), (), (), ())
    assert kinds(answers) == ["proof"]
    assert answers.tally == Tally()


# --- findings -----------------------------------------------------------------------------------------------------------------------------


def test_the_three_findings_carry_the_numbers_of_the_runs() -> None:
    first, second, third = findings(answered(district()))
    # 10 of 15, 15 of 15; small schools 1 of 4 against 9 of 11; +3 -1.
    assert first.headline == "Pada 24 JTM, 66,7% guru bersertifikat yang dihitung valid; pada 16 JTM, 100%."
    assert "Ambang tertinggi yang dicoba dengan semua guru di semua sekolah valid: 16 JTM." in first.sentences
    assert (second.figure, "81,8%" in second.headline) == ("25%", True)
    assert third.headline.startswith("Dari Permendikbud 15/2018 ke Permendikdasmen 11/2025: 3 guru menjadi valid, 1 guru tidak lagi valid")
    assert third.figure == "+3 / −1"


def test_small_schools_reach_the_share_of_the_others_at_the_threshold_that_is_named() -> None:
    # Others at 24: 9 of 11 = 81.8 %. Small: 2 of 4 at 20, 4 of 4 at 16.
    second = findings(answered(district()))[1]
    assert "16 JTM: 100% guru valid" in second.sentences[-1]


def test_one_ruleset_alone_is_answered_by_other_findings() -> None:
    answers = answered(district((NEW,)), axes_of((NEW,)), about=background((NEW,)))
    assert kinds(answers) == ["threshold", "small", "steepest"]
    # 10 -> 13 -> 15: the first step makes three valid.
    assert findings(answers)[2].headline == "Langkah yang paling menentukan: dari 24 JTM ke 20 JTM, 3 guru menjadi valid."


def test_one_school_alone_is_answered_without_other_schools() -> None:
    answers = answered(district((NEW,), ("101",)), axes_of((NEW,)), about=background((NEW,)))
    assert kinds(answers) == ["threshold", "steepest", "missing"]
    assert "Pada 24 JTM: 1 dari 4 guru valid (SMP Satu)." in findings(answers)[0].sentences


def test_rulesets_without_a_threshold_are_compared_by_themselves() -> None:
    runs = [one for one in district() if one.scenario["min_jtm"] == "24"]
    answers = answered(runs, (Axis("policy", (OLD, NEW)),))
    assert kinds(answers) == ["small", "comparison", "areas"]
    assert findings(answers)[0].headline.startswith("Menurut Permendikdasmen 11/2025, 25% guru valid")


def test_named_scenarios_are_compared_with_the_first() -> None:
    names = {"24": "dasar", "20": "ambang 20"}
    runs = [replace(one, scenario={"scenario": names[one.scenario["min_jtm"]]}) for one in district((NEW,)) if one.scenario["min_jtm"] in names]
    answers = answered(runs, (Axis("scenario", tuple(names.values())),), about=background((NEW,)))
    assert answers.at(answers.place) == "pada skenario dasar"
    compared = next(finding for finding in findings(answers) if finding.kind == "comparison")
    assert compared.headline == "Skenario dari dasar menjadi ambang 20: 3 guru menjadi valid, 0 guru tidak lagi valid."


def test_a_duty_that_is_not_swept_up_is_the_reference() -> None:
    runs = [replace(one, scenario={**one.scenario, "wakasek": change}) for change in ("+1", "0") for one in district((NEW,))]
    answers = answered(runs, (AXES[0], Axis("wakasek", ("+1", "0"))), about=background((NEW,)))
    assert answers.line.name == "Wakil kepala satuan pendidikan: seperti sekarang"


def test_without_any_axis_the_runs_are_still_summed() -> None:
    runs = [replace(one, scenario={}) for one in district((NEW,)) if one.scenario["min_jtm"] == "24"]
    answers = answered(runs, ())
    assert answers.tally.valid == 10
    assert len(findings(answers)) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_languages_tell_all_findings_and_all_of_the_reading(lang: str) -> None:
    answers = answered(district(), lang=lang, about=background(invented=True))
    assert len(findings(answers, 9)) == 9
    assert len(Reading(answers).parts) == 5


def test_the_second_threshold_is_said_to_be_kept_unless_it_is_swept() -> None:
    assert "tidak ikut bergeser" in " ".join(Reading(answered(district())).kept())
    swept = [replace(one, scenario={**one.scenario, "ttu_min_real_jtm": "12"}) for one in district()]
    assert "tidak ikut bergeser" not in " ".join(Reading(answered(swept, (*AXES, Axis("ttu_min_real_jtm", ("12",))))).kept())


def test_what_a_named_scenario_changes_is_said_and_not_said_to_be_kept() -> None:
    about = replace(background(), scenarios={"Sekarang": {}, "Usulan": {"ttu_min_real_jtm": "6", "radius": "2.5"}})
    reading = Reading(answered(district(), about=about))
    assert "tidak ikut bergeser" not in " ".join(reading.kept())
    plain, proposed = reading.scenarios()
    assert plain == 'Skenario "Sekarang": tanpa perubahan.'
    assert "6 JTM" in proposed and "2,5 km" in proposed


# --- words --------------------------------------------------------------------------------------------------------------------------------


def test_a_hundred_per_cent_is_only_said_where_it_is_exact() -> None:
    words = answered([]).words
    assert [words.percent(share) for share in (1.0, 0.9999, 0.0, 0.0001, 0.612, None)] == ["100%", "99,9%", "0%", "0,1%", "61,2%", "–"]


def test_a_nip_in_place_of_a_code_is_not_shown() -> None:
    words = answered([]).words
    assert words.codes(("G01", "19800101 200501 1 001", "1234567890123456")) == "G01, …1001, …3456"


def test_values_of_axes_are_read_as_people_say_them() -> None:
    words = answered([]).words
    shown = [
        words.value(axis, value) for axis, value in (("policy", NEW), ("certified", "0.8"), ("radius", "15"), ("rombel", "+0"), ("partners", "ya"))
    ]
    assert shown == ["Permendikdasmen 11/2025", "80%", "15 km", "seperti sekarang", "Ya"]
    assert words.axis("wakasek") == "Wakil kepala satuan pendidikan"


def test_darker_cells_have_fewer_valid_teachers() -> None:
    assert (shade(0), shade(1)) == (LOW, HIGH)
    grey = [sum(int(shade(share)[place : place + 2], 16) for place in (0, 2, 4)) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert grey == sorted(grey)


def test_a_run_is_read_once() -> None:
    """A stream is enough: nothing asks for the runs a second time."""
    assert answered(iter(district())).gathered.count == 18


# --- words ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_axis_with_a_name_of_its_own_has_a_heading(lang: str) -> None:
    words = Words(Text(lang), background())
    assert [name for name in (*NAMED, SCENARIO_AXIS) if words.axis(name) == name] == []


def test_distances_have_the_decimal_sign_of_the_language() -> None:
    shown = [Words(Text(lang), background()).value("radius", value) for lang in ("id", "en") for value in ("5", "2.5", "0.25")]
    assert shown == ["5 km", "2,5 km", "0,25 km", "5 km", "2.5 km", "0.25 km"]
