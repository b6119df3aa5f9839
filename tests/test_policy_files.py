"""How the law's files are read: layers that inherit nothing by silence, faults that are all named, numbers that a user replaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.domain.instance import Settings
from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.policy.load import (
    find_certificate,
    find_subject,
    load_certificates,
    load_curriculum,
    load_law,
    load_linearity,
    load_policy,
    load_subjects,
)
from scheduler.policy.registry import certificate_names, normalised, subject_entries
from scheduler.policy.schema import Confidence
from scheduler.report.text import LANGUAGES, Text

PARENT = "permendikbud15_2018"

HEAD = f"""
id = "kabupaten"
title = "Percobaan kabupaten"
in_force = "2026/2027"
linearity = "kepmen222_2025"
legal_basis = []
extends = "{PARENT}"
"""


def quoted(names: object) -> str:
    return str(list(names)).replace("'", '"')  # type: ignore[call-overload]


def child(numbers: str = "", duties: str = "", without: tuple[str, ...] = (), **lists: object) -> str:
    """A ruleset over 15/2018 that inherits everything by name, except ``without``."""
    parent = load_policy(PARENT)
    kept = {
        "inherits": [key for key in parent.sources if key not in without],
        "inherits_duties": [duty.id for duty in parent.duties if duty.id not in without],
        "inherits_patterns": [pattern.id for pattern in parent.outside_patterns if pattern.id not in without],
    }
    lines = [f"{name} = {quoted(names)}" for name, names in {**kept, **lists}.items()]
    return "\n".join([HEAD, *lines, "[numbers]", numbers, duties])


def entry(key: str, value: object) -> str:
    return f'{key} = {{ value = {value}, article = "Perbup 1/2026 ps. 3", source = "naskah Perbup", confidence = "A" }}'


@pytest.fixture
def problems_of(tmp_path: Path) -> Callable[..., tuple[Problem, ...]]:
    """Writes a file and gives the Problems of loading it; each has its sentence in both languages."""

    def load(text: str | bytes, loader: Callable[[str], object] = load_policy, name: str = "berkas.toml") -> tuple[Problem, ...]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(PolicyError) as caught:
            loader(str(path))
        assert_sayable(caught.value.problems)
        return caught.value.problems

    return load


def assert_sayable(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        for lang in LANGUAGES:
            assert Text(lang).say(problem.text_key, **problem.facts)


def override_problems(overrides: Mapping[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        load_policy(PARENT, overrides)
    assert_sayable(caught.value.problems)
    return caught.value.problems


def kinds(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.kind for problem in problems]


# --- layers ----------------------------------------------------------------------------------------------------------------------------


def test_a_file_that_inherits_everything_by_name_equals_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "kabupaten.toml"
    path.write_text(child())
    own, parent = load_policy(str(path)), load_policy(PARENT)
    heads = {name: getattr(own, name) for name in ("id", "title", "title_en", "in_force", "linearity", "legal_basis")}
    assert own == replace(parent, **heads)


def test_a_number_written_anew_stands_over_the_parents(tmp_path: Path) -> None:
    path = tmp_path / "kabupaten.toml"
    path.write_text(child(entry("min_jtm", 20), without=("min_jtm",)))
    policy = load_policy(str(path))
    assert (policy.min_jtm, policy.max_jtm) == (20, 40)
    assert policy.sources["min_jtm"].article == "Perbup 1/2026 ps. 3"
    assert policy.sources["max_jtm"] == load_policy(PARENT).sources["max_jtm"]


def test_no_number_is_inherited_by_silence(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(without=("min_jtm", "retirement_age")))
    assert problem.kind == "policy.not_inherited_numbers"
    assert problem.facts["value"] == "min_jtm, retirement_age"


def test_no_duty_is_inherited_by_silence(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(without=("pembina_osis",)))
    assert (problem.kind, problem.facts["value"]) == ("policy.not_inherited_duties", "pembina_osis")


def test_no_pattern_is_inherited_by_silence(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(without=("home18",)))
    assert (problem.kind, problem.facts["value"]) == ("policy.not_inherited_patterns", "home18")


def test_a_duty_may_be_dropped_by_name(tmp_path: Path) -> None:
    path = tmp_path / "kabupaten.toml"
    path.write_text(child(without=("guru_piket",), drops_duties=["guru_piket"]))
    assert load_policy(str(path)).duty("guru_piket") is None
    assert load_policy(str(path)).duty("wali_kelas") is not None


def test_a_number_both_written_and_inherited_is_refused(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(entry("min_jtm", 20)))
    assert (problem.kind, problem.facts["value"]) == ("policy.said_twice", "min_jtm")


def test_inheriting_what_the_parent_has_not_is_refused(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(drops_duties=["koord_projek"]))
    assert (problem.kind, problem.facts["value"]) == ("policy.nothing_to_inherit", "koord_projek")


def test_a_file_without_parent_must_have_every_number(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(HEAD.replace(f'extends = "{PARENT}"', "[numbers]\n" + entry("min_jtm", 24)))
    assert problem.kind == "policy.missing_numbers"
    missing = str(problem.facts["value"]).split(", ")
    assert "max_jtm" in missing and "min_jtm" not in missing


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for own, other in (("a.toml", "b.toml"), ("b.toml", "a.toml")):
        (tmp_path / own).write_text(child().replace(f'extends = "{PARENT}"', f'extends = "{other}"'))
    with pytest.raises(PolicyError) as caught:
        load_policy(str(tmp_path / "a.toml"))
    assert kinds(caught.value.problems) == ["policy.circle"]


def test_a_parent_and_a_table_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "induk.toml").write_text(child())
    (tmp_path / "tabel.csv").write_text("certificate,subject,article,source,confidence\nips,ips,Perbup,naskah,A\n")
    text = child().replace(f'extends = "{PARENT}"', 'extends = "induk.toml"').replace('"kepmen222_2025"', '"tabel.csv"')
    (tmp_path / "anak.toml").write_text(text)
    policy = load_policy(str(tmp_path / "anak.toml"))
    assert load_law(Settings(policy=str(tmp_path / "anak.toml"))).linearity.pairs() == {("ips", "ips")}
    assert policy.min_jtm == 24


# --- faults ----------------------------------------------------------------------------------------------------------------------------


def test_an_unknown_key_is_refused_with_the_one_meant(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child().replace("title =", 'titel = ""\ntitle ='))
    assert (problem.kind, problem.facts["suggestion"]) == ("policy.unknown_key_near", "title")


def test_an_unknown_number_is_refused_with_the_one_meant(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(entry("min_jmt", 20)))
    assert (problem.kind, problem.sheet, problem.facts["suggestion"]) == ("policy.unknown_key_near", "numbers", "min_jtm")


def test_an_unknown_key_of_a_duty_is_refused_at_its_place(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    duty = """
    [[duties]]
    id = "guru_piket"
    name = "Piket"
    kind = "ttle"
    holding = "assigned"
    unit = "weekday"
    jtm = 1
    warna = "merah"
    source = { article = "x", source = "dua kata", confidence = "A" }
    holders_source = { article = "x", source = "dua kata", confidence = "D" }
    """
    problems = problems_of(child(duties=duty, without=("guru_piket",)))
    assert [(p.kind, p.sheet) for p in problems] == [
        ("policy.unknown_key", "duties.guru_piket"),
        ("policy.wrong_choice", "duties.guru_piket.holders_source"),
    ]


def test_every_fault_of_a_file_is_named_at_once(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    numbers = "\n".join([entry("min_jtm", '"dua puluh"'), entry("count_kokurikuler", 3), entry("max_jtm", 0), entry("bk_unit", '"kelas"')])
    problems = problems_of(child(numbers, without=("min_jtm", "count_kokurikuler", "max_jtm", "bk_unit")))
    found = {str(problem.facts["key"]): problem.kind for problem in problems}
    assert found == {
        "min_jtm": "policy.not_a_number",
        "count_kokurikuler": "policy.not_a_bool",
        "max_jtm": "policy.too_small",
        "bk_unit": "policy.wrong_choice",
    }


def test_a_number_without_its_article_is_refused(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child('min_jtm = { value = 20, source = "naskah Perbup", confidence = "A" }', without=("min_jtm",)))
    assert (problem.kind, problem.sheet, problem.facts["value"]) == ("policy.missing_key", "numbers.min_jtm", "article")


def test_a_reference_that_is_not_listed_is_refused(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of(child(entry("min_jtm", 20).replace("naskah Perbup", "perbup"), without=("min_jtm",)))
    assert (problem.kind, problem.facts["value"]) == ("policy.unknown_reference", "perbup")


def test_a_file_that_is_no_toml_names_the_line(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = problems_of('id = "x"\ntitle = \n')
    assert (problem.kind, problem.facts) == ("policy.not_toml", {"line": 2, "column": 9})


def test_a_text_without_its_end_is_told_at_the_end_of_the_file(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    # The parser says "at end of document": the second line has eight characters.
    (problem,) = problems_of('id = "x"\ntitle="a')
    assert problem.facts == {"line": 2, "column": 9}


def test_minimum_above_the_maximum_is_refused_in_a_file_and_in_overrides(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    # The maximum of 15/2018 is 40.
    (problem,) = problems_of(child(entry("min_jtm", 41), without=("min_jtm",)))
    assert (problem.kind, problem.facts) == ("policy.minimum_above_maximum", {"least": 41, "most": 40})
    with pytest.raises(PolicyError):
        load_policy(PARENT, {"max_jtm": "23"})
    assert load_policy(PARENT, {"min_jtm": "41", "max_jtm": "41"}).min_jtm == 41


def test_a_file_that_is_no_text_is_refused(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    assert kinds(problems_of(b"\xff\xfe\x00")) == ["policy.not_utf8"]


@pytest.mark.parametrize(
    ("load", "kind"),
    [(load_policy, "policy.unknown_rulesets"), (load_curriculum, "policy.unknown_curricula"), (load_linearity, "policy.unknown_linearity")],
)
def test_an_unknown_id_is_refused_with_those_that_are_known(load: Callable[[str], object], kind: str) -> None:
    for name, expected in (("zzz", kind), ("zzz.toml/", "policy.no_such_file")):
        with pytest.raises(PolicyError) as caught:
            load(name)
        assert kinds(caught.value.problems) == [expected]
        assert_sayable(caught.value.problems)


def test_an_id_with_a_slip_is_refused_with_the_one_meant() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy("permendikdasmen11_2024")
    assert caught.value.problems[0].facts["suggestion"] == "permendikdasmen11_2025"


# --- overrides -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("min_jtm", "20", 20),
        ("Min JTM", " 20 ", 20),
        ("count_kokurikuler", "Tidak", False),
        ("count_kokurikuler", "ya", True),
        ("split_hours_recognised", "true", True),
        ("outside_max_jtm", "tidak ada", None),
        ("outside_max_jtm", "none", None),
        ("bk_unit", "students", "students"),
    ],
)
def test_a_number_is_replaced_by_its_text(key: str, text: str, value: object) -> None:
    policy = load_policy(PARENT, {key: text})
    field = "min_jtm" if key == "Min JTM" else key
    assert getattr(policy, field) == value
    assert policy.overrides == {field: text.strip()}


def test_a_replaced_number_says_so_and_keeps_the_rulesets_own() -> None:
    source = load_policy(PARENT, {"min_jtm": "20"}).sources["min_jtm"]
    own = load_policy(PARENT).sources["min_jtm"]
    assert source.overridden and not own.overridden
    assert source.note == "24"
    assert (source.article, source.source, source.confidence) == (own.article, own.source, own.confidence)


def test_a_replaced_number_keeps_the_note_of_its_source() -> None:
    source = load_policy("permendikdasmen11_2025", {"home_min_jtm": "6"}).sources["home_min_jtm"]
    assert source.note == "none; Tidak ditemukan batas jam."
    assert source.confidence is Confidence.C


def test_an_override_leaves_the_shipped_ruleset_as_it_is() -> None:
    load_policy(PARENT, {"min_jtm": "20"})
    assert load_policy(PARENT).min_jtm == 24


def test_an_override_of_an_unknown_number_is_refused_with_the_one_meant() -> None:
    (problem,) = override_problems({"min_jmt": "20"})
    assert (problem.kind, problem.facts["suggestion"]) == ("policy.unknown_number_near", "min_jtm")


def test_a_number_that_is_no_number_of_the_law_cannot_be_replaced() -> None:
    assert kinds(override_problems({"title": "x"})) == ["policy.unknown_number"]


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("min_jtm", "dua puluh", "policy.not_a_number"),
        ("min_jtm", "tidak ada", "policy.not_a_number"),
        ("min_jtm", "20.5", "policy.not_a_number"),
        ("min_jtm", "0", "policy.too_small"),
        ("ttle_cap_jtm", "-1", "policy.too_small"),
        ("outside_max_jtm", "banyak", "policy.not_a_number_or_none"),
        ("count_kokurikuler", "1", "policy.not_a_bool"),
        ("bk_unit", "kelas", "policy.wrong_choice"),
    ],
)
def test_an_override_of_the_wrong_kind_is_refused(key: str, text: str, kind: str) -> None:
    (problem,) = override_problems({key: text})
    assert (problem.kind, problem.facts["key"], problem.facts["value"]) == (kind, key, text)


def test_all_wrong_overrides_are_named_at_once() -> None:
    assert len(override_problems({"min_jtm": "x", "max_jtm": "y", "zzz": "1"})) == 3


# --- curricula and linearity tables of a school ------------------------------------------------------------------------------------------

CURRICULUM = """
id = "sekolah_kami"
title = "Kurikulum sekolah kami"
school_levels = ["SMP"]
[[rows]]
subject = "matematika"
grades = [7, 8]
intra_jp = 4
koku_jp = 1
blocks = [3, 2]
source = { article = "KOSP 2026", source = "KOSP sekolah", confidence = "A" }
"""


def test_a_school_may_have_its_own_curriculum(tmp_path: Path) -> None:
    path = tmp_path / "kami.toml"
    path.write_text(CURRICULUM)
    rows = load_curriculum(str(path)).rows
    assert [(row.grade, row.subject, row.intra_jp, row.koku_jp, row.blocks) for row in rows] == [
        (7, "matematika", 4, 1, (3, 2)),
        (8, "matematika", 4, 1, (3, 2)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("[3, 2]", "[2, 2]", "policy.blocks_do_not_sum"),
        ("[3, 2]", "[5, 0]", "policy.blocks_do_not_sum"),
        ('"matematika"', '"matematka"', "policy.unknown_subject_near"),
        ("[7, 8]", "[7, 7]", "policy.repeated_row"),
        ("koku_jp = 1", "koku = 1", "policy.unknown_key_near"),
        ("intra_jp = 4", "intra_jp = -4", "policy.too_small"),
    ],
)
def test_a_wrong_curriculum_is_refused(problems_of: Callable[..., tuple[Problem, ...]], old: str, new: str, kind: str) -> None:
    assert kinds(problems_of(CURRICULUM.replace(old, new), load_curriculum)) == [kind]


TABLE = "# Tabel kami\ncertificate,subject,article,source,confidence\nipa,ipa,Kepmen,naskah,A\nipa,prakarya,Surat dinas,naskah,C\n"


@pytest.mark.parametrize(
    "text", [TABLE, TABLE.replace(",", ";"), "\ufeff" + TABLE, TABLE + ",,,,\n", TABLE.replace("# Tabel kami", "# Tabel kami,,,,")]
)
def test_a_school_may_have_its_own_linearity_table_as_excel_writes_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kami.csv"
    path.write_text(text, encoding="utf-8")
    table = load_linearity(str(path))
    assert (table.id, table.title) == ("kami", "Tabel kami")
    assert table.pairs() == {("ipa", "ipa")}
    assert load_linearity(str(path), unverified=True).pairs() == {("ipa", "ipa"), ("ipa", "prakarya")}


def test_a_linearity_table_may_name_subjects_of_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "kami.csv"
    path.write_text(TABLE.replace("ipa,ipa", "ipa,tahfiz"))
    assert ("ipa", "tahfiz") in load_linearity(str(path), own_subjects=["tahfiz"]).pairs()


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("ipa,ipa", "iap,ipa", "policy.unknown_certificate_near"),
        ("ipa,ipa", "ipa,sihir", "policy.unknown_subject"),
        ("naskah,A", "naskah,D", "policy.wrong_choice"),
        ("ipa,prakarya", "ipa,ipa", "policy.repeated_pair"),
        ("certificate,subject,article", "certificate,subject,pasal", "policy.missing_column"),
    ],
)
def test_a_wrong_linearity_table_is_refused(problems_of: Callable[..., tuple[Problem, ...]], old: str, new: str, kind: str) -> None:
    assert kind in kinds(problems_of(TABLE.replace(old, new), load_linearity, "kami.csv"))


def test_the_workbook_may_choose_table_and_unverified_rows() -> None:
    law = load_law(Settings(linearity="permendikbud46_2016", unverified_linearity=True))
    assert ("ekonomi", "prakarya") in law.linearity.pairs()
    assert law.policy.linearity == "kepmen222_2025"


# --- names -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("matematika", "matematika"),
        ("MTK", "matematika"),
        ("Matematika (Umum)", "matematika"),
        ("Ilmu Pengetahuan Sosial (IPS)", "ips"),
        ("Pelajaran wajib (IPS)", "ips"),
        ("Pendidikan Jasmani, Olahraga, dan Kesehatan", "pjok"),
        ("pendidikan jasmani olahraga & kesehatan", "pjok"),
        ("B.Indo", "bahasa_indonesia"),
        ("Seni dan Budaya", "seni_budaya"),
        ("Seni, Budaya, dan Prakarya", "seni_prakarya"),
        ("Muatan Lokal Bahasa Daerah", "bahasa_daerah"),
        ("PPKn", "pendidikan_pancasila"),
        ("Fiqih", "fikih"),
        ("Agama", None),
        ("", None),
    ],
)
def test_subjects_are_found_by_the_names_of_dapodik_and_of_teachers(name: str, subject: str | None) -> None:
    assert find_subject(name) == subject


@pytest.mark.parametrize(
    ("name", "certificate"),
    [
        ("094", "matematika"),
        ("94", "matematika"),
        ("220", "pjok"),
        ("Bimbingan dan Konseling (Konselor)", "bk"),
        ("Seni Budaya (Tari)", "seni_budaya"),
        ("Guru Kelas", "guru_kelas_sd"),
        ("BIOLOGI", "biologi"),
        ("Matematka", None),
    ],
)
def test_certificates_are_found_by_field_code_and_name(name: str, certificate: str | None) -> None:
    assert find_certificate(name) == certificate


def test_no_name_of_a_subject_means_two_subjects() -> None:
    names = [(normalised(n), key) for key, e in subject_entries().items() for n in {key, e.name, e.short, *e.aliases}]
    assert len({name for name, _ in names}) == len(set(names))


def test_no_name_or_code_of_a_certificate_means_two_certificates() -> None:
    names = {(normalised(n), c.id) for c in load_certificates().values() for n in (c.id, c.name, *c.codes, *c.aliases)}
    assert len(certificate_names()) == len(names)


def test_short_codes_of_subjects_are_unique() -> None:
    shorts = [subject.short for subject in load_subjects().values()]
    assert len(set(shorts)) == len(shorts)


def test_teachers_of_religion_are_paid_by_the_ministry_of_religious_affairs() -> None:
    payers = {certificate.id: certificate.payer for certificate in load_certificates().values()}
    assert payers["pai"] == payers["hindu"] == payers["bahasa_arab"] == "kemenag"
    assert payers["matematika"] == payers["bk"] == "kemendikdasmen"


def test_science_certificates_are_one_family() -> None:
    family = {certificate.id for certificate in load_certificates().values() if certificate.family == "ipa"}
    assert family == {"ipa", "fisika", "kimia", "biologi"}
