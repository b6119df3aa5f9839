"""Dapodik's local web service: only read, one question at a time, and of the answers nothing but what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.app.exits import Exit
from scheduler.cli.commands import build
from scheduler.errors import InputError
from scheduler.formats.dapodik import Imported, assemble
from scheduler.formats.dapodik.web import SECONDS_BETWEEN, WebService, read_web
from scheduler.formats.workbook import read_workbook
from tests.dapodik_files import CLASSES, MARK, NPSN, TEACHERS, plain_school, write_profil
from tests.dapodik_server import TOKEN, Dapodik, classes, running


@pytest.fixture
def dapodik() -> Iterator[Dapodik]:
    with running() as service:
        yield service


def read(dapodik: Dapodik, token: str = TOKEN, npsn: str = NPSN) -> Imported:
    return assemble(read_web(WebService(dapodik.address, npsn, token, wait=lambda _: None)))


def run(*arguments: object, token: str = TOKEN) -> Result:
    return CliRunner(env={"DAPODIK_TOKEN": token}).invoke(build("id"), ["import", "dapodik", *(str(argument) for argument in arguments)])


def test_the_web_service_gives_the_school_of_the_downloads(dapodik: Dapodik, tmp_path: Path) -> None:
    from scheduler.formats.dapodik import gather, read_file

    web = read(dapodik).instance
    files = assemble(gather(sheet for file in plain_school(tmp_path) for sheet in read_file(file))).instance
    assert web.structure == files.structure
    assert [(r.name, r.grade, r.students) for r in web.rombels] == [("VII-A", 7, 27), ("VIII-A", 8, 28), ("IX-A", 9, 29)]
    former = {(row.rombel, row.subject, row.teacher) for row in web.assignments}
    assert {(row.rombel, row.subject, row.teacher) for row in files.assignments} == former
    assert (web.schools[0].npsn, web.settings.school_year, web.settings.semester) == (NPSN, "2026/2027", "Ganjil")


def test_what_the_web_service_does_not_know_is_said(dapodik: Dapodik) -> None:
    made = read(dapodik)
    assert {"no_certificates", "home_unknown"} <= {doubt.kind for doubt in made.doubts}
    assert all(t.certificate is None for t in made.instance.teachers)


def test_the_profile_beside_it_brings_the_certificates(dapodik: Dapodik, tmp_path: Path) -> None:
    profil = write_profil(tmp_path / "profil.xlsx", TEACHERS, CLASSES)
    out = tmp_path / "sekolah.xlsx"
    made = run(profil, "--web", dapodik.address, "--npsn", NPSN, "-o", out)
    assert made.exit_code == Exit.OK, made.output
    instance, _ = read_workbook(out)
    assert len(instance.teachers) == 10
    assert sum(t.certificate is not None for t in instance.teachers) == 8
    assert {row.teacher for row in instance.assignments} <= {t.code for t in instance.teachers}


def test_questions_come_one_after_the_other_with_a_pause_and_only_read(dapodik: Dapodik, tmp_path: Path) -> None:
    assert run("--web", dapodik.address, "--npsn", NPSN, "-o", tmp_path / "sekolah.xlsx").exit_code == Exit.OK
    assert [path for path, *_ in dapodik.asked] == ["/WebService/getSekolah", "/WebService/getGtk", "/WebService/getRombonganBelajar"]
    assert all(later - earlier >= SECONDS_BETWEEN * 0.9 for earlier, later in pairwise(dapodik.moments))
    assert dapodik.most_at_once == 1
    assert {(token, method) for *_, token, method in dapodik.asked} == {(f"Bearer {TOKEN}", "GET")}
    assert all(query == {"npsn": [NPSN]} for _, query, *_ in dapodik.asked)  # the token stands in no address


def test_an_answer_in_pages_is_read_to_its_end(dapodik: Dapodik) -> None:
    whole = read(dapodik).instance
    dapodik.in_pages = True
    assert read(dapodik).instance == whole


def test_no_private_value_and_no_token_is_kept_or_written(dapodik: Dapodik, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.test_dapodik_command import everything_written

    monkeypatch.chdir(tmp_path)
    sources = read_web(WebService(dapodik.address, NPSN, TOKEN, wait=lambda _: None))
    assert MARK not in repr(sources)
    told = [
        run("--web", dapodik.address, "--npsn", NPSN, "-o", "sekolah.xlsx", "--debug"),
        run("--web", dapodik.address, "--npsn", NPSN, "-o", "lagi.xlsx", "--json"),
        run("--web", dapodik.address, "--npsn", NPSN, "-o", "ketiga.xlsx", "--debug", token="salah-rahasia"),
    ]
    written = everything_written(tmp_path) + "".join(result.output + result.stderr for result in told)
    assert "Joko Susilo" in written
    assert not [secret for secret in (MARK, TOKEN, "salah-rahasia") if secret in written]


def test_a_part_of_another_lesson_is_not_counted_again(dapodik: Dapodik) -> None:
    def with_part() -> list[dict[str, object]]:
        found = classes()
        found[0]["pembelajaran"].append({**found[0]["pembelajaran"][3], "pembelajaran_id": "b-x", "induk_pembelajaran_id": "b-0-3"})
        return found

    whole = read(dapodik).instance
    dapodik.answers["getRombonganBelajar"] = with_part
    made = read(dapodik)
    assert made.instance == whole
    assert made.left_out == {"part": 1}


def test_the_semester_asked_for_is_the_one_of_the_question(dapodik: Dapodik, tmp_path: Path) -> None:
    run("--web", dapodik.address, "--npsn", NPSN, "--semester", "20252", "-o", tmp_path / "sekolah.xlsx")
    assert {query["semester_id"][0] for _, query, *_ in dapodik.asked} == {"20252"}


@pytest.mark.parametrize(
    ("status", "raw", "kind"),
    [
        (500, None, "dapodik.web_status"),
        (302, None, "dapodik.web_status"),  # the token does not follow to another address
        (200, b"<html>Masuk Dapodik</html>", "dapodik.web_not_dapodik"),
        (200, b'{"rows": "x"}', "dapodik.web_not_dapodik"),
        (200, b"[" * 100_000, "dapodik.web_not_dapodik"),
        (200, b'{"results": 0, "rows": []}', "dapodik.web_nothing"),
    ],
)
def test_an_answer_that_is_none_is_said_in_words(status: int, raw: bytes | None, kind: str, dapodik: Dapodik) -> None:
    dapodik.status, dapodik.raw = status, raw
    with pytest.raises(InputError) as refused:
        read(dapodik)
    assert [problem.kind for problem in refused.value.problems] == [kind]
    assert len(dapodik.asked) == 1


def test_a_wrong_token_another_school_and_nobody_there(dapodik: Dapodik) -> None:
    for token, npsn, kind in ((TOKEN, "69900009", "dapodik.web_nothing"), ("salah", NPSN, "dapodik.web_token_refused")):
        with pytest.raises(InputError) as refused:
            read(dapodik, token, npsn)
        assert [problem.kind for problem in refused.value.problems] == [kind]
    with pytest.raises(InputError) as refused:
        read_web(WebService("http://127.0.0.1:9", NPSN, TOKEN))
    assert [problem.kind for problem in refused.value.problems] == ["dapodik.web_unreachable"]


def test_without_a_token_nothing_is_asked(dapodik: Dapodik, tmp_path: Path) -> None:
    refused = run("--web", dapodik.address, "--npsn", NPSN, "-o", tmp_path / "sekolah.xlsx", token="")
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "DAPODIK_TOKEN" in refused.stderr
    assert dapodik.asked == []


def test_a_refused_token_ends_with_65_and_writes_nothing(dapodik: Dapodik, tmp_path: Path) -> None:
    out = tmp_path / "sekolah.xlsx"
    refused = run("--web", dapodik.address, "--npsn", NPSN, "-o", out, token="salah")
    assert refused.exit_code == Exit.NOT_UNDERSTOOD
    assert "token" in refused.stderr
    assert not out.exists()
