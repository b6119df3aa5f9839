"""The numbers of the shipped rulesets: what the regulations say, and that each says where it is from."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import fields
from importlib import resources

import pytest

from scheduler.policy.describe import derived_rows, describe, policy_summaries
from scheduler.policy.load import curriculum_ids, find_duty, linearity_ids, load_curriculum, load_linearity, load_policy, policy_ids
from scheduler.policy.registry import duty_names, normalised
from scheduler.policy.schema import Confidence, CounsellorUnit, DutyHolding, DutyKind, DutyUnitKind, Policy, Source
from scheduler.report.text import LANGUAGES, Text

DEFAULT = "permendikdasmen11_2025"
RULESETS = (DEFAULT, "permendikbudristek25_2024", "permendikbud15_2018", "pp74_2008", "kma890_2019")


def derived(policy: str | Policy) -> dict[str, int]:
    loaded = load_policy(policy) if isinstance(policy, str) else policy
    return {row.key: row.value for row in derived_rows(loaded)}


def every_source(policy: Policy) -> list[Source]:
    of_duties = [source for duty in policy.duties for source in (duty.source, duty.holders_source)]
    return [*policy.sources.values(), *of_duties, *(pattern.source for pattern in policy.outside_patterns)]


# --- what is shipped -------------------------------------------------------------------------------------------------------------------


def test_five_rulesets_are_shipped() -> None:
    assert set(policy_ids()) == set(RULESETS)


@pytest.mark.parametrize("ruleset", RULESETS)
def test_every_number_has_article_source_and_confidence(ruleset: str) -> None:
    for source in every_source(load_policy(ruleset)):
        assert source.article.strip()
        assert len(source.source.split()) > 1 or "." in source.source, f"{source.source} is no citation"
        assert source.confidence in Confidence
        assert not source.overridden


@pytest.mark.parametrize("ruleset", RULESETS)
def test_every_number_of_the_schema_has_a_source(ruleset: str) -> None:
    policy = load_policy(ruleset)
    names = [field.name for field in fields(Policy)]
    assert list(policy.sources) == names[names.index("min_jtm") : names.index("duties")]


@pytest.mark.parametrize("ruleset", RULESETS)
def test_ruleset_is_named_as_its_file_and_cites_the_regulations(ruleset: str) -> None:
    policy = load_policy(ruleset)
    assert policy.id == ruleset
    assert policy.title and policy.title_en and policy.in_force
    assert any("Guru" in basis for basis in policy.legal_basis)


@pytest.mark.parametrize("ruleset", RULESETS)
def test_no_two_duties_of_a_ruleset_share_a_name(ruleset: str) -> None:
    names = Counter(name for duty in load_policy(ruleset).duties for name in {normalised(n) for n in duty_names(duty)})
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("ruleset", RULESETS)
def test_steps_by_rombel_leave_no_gap_and_do_not_overlap(ruleset: str) -> None:
    for duty in load_policy(ruleset).duties:
        for step, following in zip(duty.by_rombel, duty.by_rombel[1:], strict=False):
            assert step.most is not None and following.least == step.most + 1
        if duty.by_rombel:
            assert duty.by_rombel[0].least == 1 and duty.by_rombel[-1].most is None


@pytest.mark.parametrize("ruleset", RULESETS)
def test_every_number_and_every_derived_number_has_a_label_in_both_languages(ruleset: str) -> None:
    policy = load_policy(ruleset)
    for lang in LANGUAGES:
        text = Text(lang)
        keys = [*policy.sources, *(row.key for row in derived_rows(policy))]
        assert [key for key in keys if not text.has(f"policy.{key}")] == []


@pytest.mark.parametrize("folder", ["rulesets", "curricula", "linearity"])
def test_the_files_of_the_law_are_package_data(folder: str) -> None:
    names = [path.name for path in resources.files("scheduler.policy").joinpath(folder).iterdir()]
    assert names
    assert all(name.endswith((".toml", ".csv")) for name in names)


def test_loading_the_law_needs_neither_pandas_nor_ortools() -> None:
    heavy = "{'pandas', 'ortools'} & set(sys.modules)"
    code = f"import sys; from scheduler.policy.load import load_policy; load_policy('pp74_2008'); sys.exit(len({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the numbers of the regulations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ruleset", RULESETS)
def test_a_week_has_24_to_40_hours_in_every_ruleset(ruleset: str) -> None:
    policy = load_policy(ruleset)
    assert (policy.min_jtm, policy.max_jtm) == (24, 40)


@pytest.mark.parametrize(
    ("ruleset", "hours"),
    [
        (DEFAULT, 16),  # 24 - 6 small duties - 2 guru wali
        ("permendikbudristek25_2024", 18),  # 24 - 6
        ("permendikbud15_2018", 18),  # 24 - 6
        ("pp74_2008", 24),  # nothing is equivalent without a main duty
        ("kma890_2019", 18),  # 24 - 6
    ],
)
def test_least_real_hours_without_a_main_duty_follow_from_the_numbers(ruleset: str, hours: int) -> None:
    assert derived(ruleset)["real_jtm_without_ttu"] == hours


@pytest.mark.parametrize("ruleset", RULESETS)
def test_least_real_hours_with_a_main_duty_are_12(ruleset: str) -> None:
    assert derived(ruleset)["real_jtm_with_ttu"] == 12  # 24 - 12


def test_derived_numbers_follow_an_override() -> None:
    policy = load_policy(DEFAULT, {"min_jtm": "20", "guru_wali_jtm": "0"})
    assert derived(policy)["real_jtm_without_ttu"] == 14  # 20 - 6 - 0
    assert derived(policy)["real_jtm_with_ttu"] == 12  # the ruleset's own 12 is more than 20 - 12


@pytest.mark.parametrize(
    ("ruleset", "with_main_duty", "with_two_duties"),
    [
        (DEFAULT, 2, 4),  # 5 - 3, 5 - 1 rombel
        ("permendikbud15_2018", 2, 4),
        ("pp74_2008", 80, 150),  # 150 - 70 pupils; small duties are worth nothing
    ],
)
def test_a_counsellor_guides_less_beside_duties(ruleset: str, with_main_duty: int, with_two_duties: int) -> None:
    numbers = derived(ruleset)
    assert (numbers["bk_min_with_ttu"], numbers["bk_min_with_two_duties"]) == (with_main_duty, with_two_duties)


def test_the_ruleset_in_force_has_all_19_items_of_the_lampiran() -> None:
    items = {duty.source.article.rsplit(" ", 1)[-1] for duty in load_policy(DEFAULT).duties if "Lampiran" in duty.source.article}
    assert items == {str(number) for number in range(1, 20)}


def test_hours_of_the_lampiran() -> None:
    policy = load_policy(DEFAULT)
    hours = {"wali_kelas": 2, "pembina_osis": 2, "pembina_ekskul": 2, "guru_piket": 1, "koord_projek": 2, "tppk_koordinator": 2, "tppk_anggota": 1}
    assert {duty: rule.jtm for duty in hours if (rule := policy.duty(duty))} == hours


def test_a_main_duty_is_worth_12_hours_and_a_special_tutor_6_in_every_ruleset() -> None:
    for ruleset in RULESETS:
        for duty in load_policy(ruleset).duties:
            if duty.kind is DutyKind.TTU:
                assert duty.jtm == 12
            if duty.kind is DutyKind.SPECIAL:
                assert duty.jtm == 6


@pytest.mark.parametrize(
    ("ruleset", "holders"),
    [(DEFAULT, {3: 1, 8: 1, 9: 1, 10: 2, 18: 2, 19: 3, 33: 3}), ("kma890_2019", {3: 1, 4: 2, 8: 3, 9: 3, 10: 4})],
)
def test_vice_principals_by_number_of_rombels(ruleset: str, holders: dict[int, int]) -> None:
    rule = load_policy(ruleset).duty("wakasek")
    assert rule is not None
    found = {n: s.count for n in holders for s in rule.by_rombel if s.least <= n and (s.most is None or n <= s.most)}
    assert found == holders


def test_project_coordinator_counts_as_teaching_until_2024_and_as_a_small_duty_since() -> None:
    kinds = {ruleset: rule.kind if (rule := load_policy(ruleset).duty("koord_projek")) else None for ruleset in RULESETS}
    assert kinds[DEFAULT] is DutyKind.TTLE
    assert kinds["permendikbudristek25_2024"] is DutyKind.TEACHING
    assert kinds["permendikbud15_2018"] is kinds["pp74_2008"] is None


def test_every_class_must_have_its_class_teacher_where_the_ruleset_knows_the_duty() -> None:
    for ruleset in RULESETS:
        required = [duty.id for duty in load_policy(ruleset).duties if duty.required]
        assert required == ([] if ruleset == "pp74_2008" else ["wali_kelas"])


def test_duties_that_are_facts_about_a_person_are_never_handed_out() -> None:
    policy = load_policy(DEFAULT)
    personal = {duty.id for duty in policy.duties if duty.holding is DutyHolding.PERSONAL}
    assert {"organisasi_kabupaten", "instruktur_nasional", "organisasi_pemerintahan", "tutor_kesetaraan", "peserta_pelatihan"} <= personal
    assert not {"wali_kelas", "pembina_osis", "pembina_ekskul", "guru_piket", "koord_projek", "wakasek"} & personal


def test_teachers_on_duty_have_weekdays_as_units() -> None:
    rule = load_policy(DEFAULT).duty("guru_piket")
    assert rule is not None and rule.unit is DutyUnitKind.WEEKDAY
    assert (rule.per_unit, rule.max_per_teacher, rule.holders_source.confidence) == (2, 1, Confidence.C)


def test_under_pp74_six_hours_at_home_and_pupils_for_counsellors() -> None:
    policy = load_policy("pp74_2008")
    assert (policy.home_min_jtm, policy.ttle_cap_jtm, policy.principal_jtm, policy.principal_min_real_jtm) == (6, 0, 18, 6)
    assert (policy.bk_unit, policy.bk_min, policy.bk_home_min) == (CounsellorUnit.STUDENTS, 150, 40)
    assert all(duty.kind is DutyKind.TTU for duty in policy.duties)


def test_15_2018_recognises_six_hours_outside_by_two_patterns() -> None:
    policy = load_policy("permendikbud15_2018")
    assert (policy.outside_max_jtm, policy.outside_same_zone) == (6, True)
    assert [(p.home_min_jtm, p.ttle_min_jtm, p.no_surplus) for p in policy.outside_patterns] == [(18, 0, False), (12, 6, True)]


def test_25_2024_writes_out_that_it_has_no_outside_rules_and_marks_it_unverified() -> None:
    policy = load_policy("permendikbudristek25_2024")
    assert (policy.home_min_jtm, policy.outside_max_jtm, policy.outside_patterns) == (None, None, ())
    assert {policy.sources[key].confidence for key in ("home_min_jtm", "outside_max_jtm")} == {Confidence.C}


def test_only_the_ruleset_in_force_asks_for_an_order_of_the_education_office() -> None:
    assert [ruleset for ruleset in RULESETS if load_policy(ruleset).outside_needs_assignment] == [DEFAULT]


def test_madrasah_duties_are_worth_six_hours_and_capped_at_six() -> None:
    policy = load_policy("kma890_2019")
    hours = {duty: rule.jtm for duty in ("wali_kelas", "pembina_osis", "pembina_ekskul") if (rule := policy.duty(duty))}
    assert hours == {"wali_kelas": 6, "pembina_osis": 6, "pembina_ekskul": 6}
    assert (policy.ttle_cap_jtm, policy.sources["ttle_cap_jtm"].confidence) == (6, Confidence.C)


@pytest.mark.parametrize(
    ("name", "duty"),
    [
        ("Wakil Kepala Sekolah Kurikulum", "wakasek"),
        ("Kepala Perpustakaan", "kepala_perpustakaan"),
        ("kepala laboratorium", "kepala_laboratorium"),
        ("Guru Piket", "guru_piket"),
        ("Pembina Pramuka Putra", "pembina_ekskul"),
        ("Koordinator Pengembangan PKB/PKG", "koord_pengembangan_kompetensi"),
        ("Penilaian Kinerja Guru", "koord_kinerja"),
        ("Pengurus Organisasi Tingkat Kabupaten / Kota", "organisasi_kabupaten"),
        ("Bendahara BOS", None),
    ],
)
def test_duties_are_found_by_the_names_of_dapodik(name: str, duty: str | None) -> None:
    assert find_duty(load_policy(DEFAULT), name) == duty


# --- what is told of them --------------------------------------------------------------------------------------------------------------


def test_the_list_of_rulesets_begins_with_the_default() -> None:
    first, *others = policy_summaries()
    assert first.default and first.id == DEFAULT
    assert [summary.id for summary in others] == sorted(set(RULESETS) - {DEFAULT})


def test_the_list_counts_what_is_unverified() -> None:
    # 15/2018: bk_home_min, 2 exceptions, the warning, and count_kokurikuler of PP 74 among the numbers; the holders of piket and pembimbing khusus.
    counts = {summary.id: summary.unverified for summary in policy_summaries()}
    assert counts["permendikbud15_2018"] == 5 + 2


def test_a_description_holds_numbers_duties_linearity_and_curricula() -> None:
    told = describe(DEFAULT, {"min_jtm": "20"})
    assert told.numbers[0].key == "min_jtm" and told.numbers[0].value == 20
    assert not told.numbers[0].unverified
    assert told.linearity.id == "kepmen222_2025"
    assert [curriculum.id for curriculum in told.curricula] == list(curriculum_ids())


def test_an_overridden_number_is_not_called_unverified() -> None:
    rows = {row.key: row for row in describe(DEFAULT, {"outside_max_jtm": "6"}).numbers}
    assert not rows["outside_max_jtm"].unverified
    assert rows["home_min_jtm"].unverified


# --- curricula and linearity -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curriculum", "weekly"),
    [
        ("merdeka_smp_2025", 39),  # 29 intrakurikuler + 10 kokurikuler: 1,404 JP / 36 weeks, 1,248 / 32
        ("k13_smp", 38),
        ("k13_mts", 46),
    ],
)
def test_obligatory_hours_of_a_curriculum(curriculum: str, weekly: int) -> None:
    told = {summary.id: summary.weekly_jp for summary in describe(DEFAULT).curricula}
    assert told[curriculum] == {7: weekly, 8: weekly, 9: weekly}


def test_kurikulum_merdeka_has_29_hours_intrakurikuler_and_10_kokurikuler() -> None:
    rows = [row for row in load_curriculum("merdeka_smp_2025").rows if row.grade == 9 and not row.elective]
    assert (sum(row.intra_jp for row in rows), sum(row.koku_jp for row in rows)) == (29, 10)


def test_coding_and_local_content_are_on_request_only() -> None:
    elective = {row.subject for row in load_curriculum("merdeka_smp_2025").rows if row.elective}
    assert {"koding_ka", "bahasa_daerah", "muatan_lokal"} <= elective


def test_kurikulum_2013_counts_two_hours_above_its_structure() -> None:
    assert load_curriculum("k13_smp").extra_jp_counted == 2


@pytest.mark.parametrize("curriculum", curriculum_ids())
def test_every_hour_of_a_curriculum_has_a_source_and_blocks(curriculum: str) -> None:
    loaded = load_curriculum(curriculum)
    assert loaded.id == curriculum
    for row in loaded.rows:
        assert row.source.article and row.source.source
        assert sum(row.blocks) == row.intra_jp + row.koku_jp


def test_every_ruleset_names_a_table_that_exists() -> None:
    assert {load_policy(ruleset).linearity for ruleset in RULESETS} == set(linearity_ids())


@pytest.mark.parametrize("table", linearity_ids())
def test_unverified_rows_are_off_until_turned_on(table: str) -> None:
    off, on = load_linearity(table), load_linearity(table, unverified=True)
    assert off.switched_off and not on.switched_off
    assert all(row.source.confidence is Confidence.C for row in off.switched_off)
    assert all(row.source.confidence is not Confidence.C for row in off.rows)
    assert on.pairs() == off.pairs() | {(row.certificate, row.subject) for row in off.switched_off}


@pytest.mark.parametrize("table", linearity_ids())
def test_every_row_of_a_linearity_table_has_article_and_source(table: str) -> None:
    for row in load_linearity(table, unverified=True).rows:
        assert row.source.article and row.source.source


def test_mathematics_may_teach_informatics_only_in_the_table_of_2021() -> None:
    tables = [table for table in linearity_ids() if ("matematika", "informatika") in load_linearity(table, unverified=True).pairs()]
    assert tables == ["kepmen371_2021"]


def test_certificates_of_islamic_subjects_may_teach_islamic_religion_now() -> None:
    pairs = load_linearity("kepmen222_2025").pairs()
    linear = {certificate for certificate, subject in pairs if subject == "pabp_islam"}
    assert linear == {"pai", "quran_hadis", "akidah_akhlak", "fikih", "ski", "bahasa_arab"}


def test_a_primary_class_teacher_is_linear_to_nothing_in_junior_secondary() -> None:
    for table in linearity_ids():
        assert not any(certificate == "guru_kelas_sd" for certificate, _ in load_linearity(table, unverified=True).pairs())
