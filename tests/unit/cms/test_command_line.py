"""What the command line says when it cannot: one sentence, the right status, nothing changed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.unit.cms.conftest import Run


@pytest.mark.parametrize(
    "words",
    [
        ("trail", "verify"),
        ("serve",),
        ("review", "submit", "claim", "all", "--as", "a@example.org"),
        ("reindex",),
    ],
)
def test_without_an_installation_the_way_to_one_is_named(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert "clearcopy init" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CLEARCOPY_DATABASE_URL", "mysql://x", "must begin with sqlite"),
        ("CLEARCOPY_DATABASE_URL", "nonsense", "must begin with sqlite"),
        ("CLEARCOPY_PORT", "eighty", "CLEARCOPY_PORT"),
        ("CLEARCOPY_ENV", "live", "CLEARCOPY_ENV"),
        ("CLEARCOPY_ENV", "production", "CLEARCOPY_SECRET_KEY"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    installed: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    status, out, err = installed("trail", "verify")
    assert (status, out) == (2, "")
    assert said in err
    assert "Value error" not in err


@pytest.mark.parametrize(
    ("unsafe", "said"),
    [
        ({"CLEARCOPY_SECRET_KEY": ""}, "CLEARCOPY_SECRET_KEY"),
        ({"CLEARCOPY_SECRET_KEY": "short"}, "CLEARCOPY_SECRET_KEY"),
        ({"CLEARCOPY_DEBUG": "1"}, "CLEARCOPY_DEBUG"),
        ({"CLEARCOPY_SECURE_COOKIES": "0"}, "CLEARCOPY_SECURE_COOKIES"),
    ],
)
def test_production_is_not_started_with_unsafe_settings(
    installed: Run, monkeypatch: pytest.MonkeyPatch, unsafe: dict[str, str], said: str
) -> None:
    safe = {"CLEARCOPY_SECRET_KEY": "k" * 40, "CLEARCOPY_SECURE_COOKIES": "1"}
    for name, value in {"CLEARCOPY_ENV": "production", **safe, **unsafe}.items():
        monkeypatch.setenv(name, value)
    status, _, err = installed("serve")
    assert status == 2
    assert said in err


def test_an_address_that_somebody_uses_is_refused_at_once(
    installed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("CLEARCOPY_PORT", str(taken.getsockname()[1]))
        status, out, err = installed("serve")
    assert (status, out) == (2, "")
    assert "already in use" in err
    assert err.count("\n") == 1


def test_a_database_that_is_away_is_said_to_be(
    installed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARCOPY_DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    status, out, err = installed("trail", "verify")
    assert (status, out) == (2, "")
    assert "The database did not carry this out" in err
    assert err.count("\n") == 1


def test_a_file_that_is_no_database_is_said_to_be(installed: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "home").glob("clearcopy.db*"):
        path.write_bytes(b"This is no database. " * 100)
    status, _, err = installed("trail", "verify")
    assert status == 2
    assert "not a database" in err


def test_nothing_is_recorded_for_a_folder_that_takes_no_file(
    installed: Run, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    status, out, err = installed("render", "BRF-0001", "--out", str(file))
    assert (status, out) == (2, "")
    assert "name a folder" in err


def test_who_may_not_submit_is_told_so_also_where_nothing_waits(
    installed: Run, clock: Clock
) -> None:
    for name, role in (("a", "administrator"), ("r", "rep"), ("w", "writer")):
        mail = f"{name}@example.org"
        status, *_ = installed("people", "add", mail, "--name", "Some One", "--role", role)
        assert status == 0
    submit = ("review", "submit", "claim", "all", "--as")
    status, out, err = installed(*submit, "r@example.org")
    assert (status, out) == (1, "")
    assert "may not submit" in err
    status, out, _ = installed(*submit, "w@example.org")
    assert (status, out) == (0, "0 claims submitted.\n")
    status, _, err = installed(*submit, "nobody@example.org")
    assert status == 2
    assert "nobody@example.org" in err


def test_a_broken_trail_is_an_answer_and_one_json_document(installed: Run) -> None:
    status, out, _ = installed("trail", "verify", "--format", "json")
    assert (status, json.loads(out)["ok"]) == (0, True)


def test_a_folder_of_keys_that_may_not_be_read_is_named(
    installed: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = tmp_path / "home" / "keys" / "installation.key"
    reading = Path.read_bytes

    def refused(path: Path) -> bytes:
        # root may read everything, so the refusal is made here
        if path == key:
            raise PermissionError(13, "Permission denied", str(path))
        return reading(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    status, _, err = installed("trail", "verify")
    assert (status, err) == (2, f"clearcopy: {key}: Permission denied.\n")


def test_a_key_that_is_none_is_bad_input_and_named(installed: Run, tmp_path: Path) -> None:
    file, key = tmp_path / "x.pdf", tmp_path / "key.pem"
    file.write_bytes(b"%PDF-1.7")
    key.write_text("no key")
    status, out, err = installed("verify", str(file), "--key", str(key))
    assert (status, out) == (2, "")
    assert err == f"clearcopy: {key}: The public key cannot be read.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code: TPL\ntitle: [", ", row 2: This is not valid YAML"),
        ("a: 1", "field code"),
        ("[" * 5000, "t.yaml"),
        ("\x00", "t.yaml"),
    ],
)
def test_a_broken_template_is_named_with_its_row(
    installed: Run, tmp_path: Path, text: str, said: str
) -> None:
    for name, role in (("a", "administrator"), ("l", "librarian")):
        installed("people", "add", f"{name}@example.org", "--name", "Some One", "--role", role)
    file = tmp_path / "t.yaml"
    file.write_text(text)
    status, out, err = installed("import", "template", str(file), "--as", "l@example.org")
    assert (status, out) == (2, "")
    assert said in err
    assert all("t.yaml" in line for line in err.splitlines())


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--name", "<b>Some One</b>", "--role", "rep"), "in a name"),
        (("--name", "Some One", "--title", "{{x}}\n", "--role", "rep"), "in a title"),
        (("--name", " ", "--role", "rep"), "name"),
    ],
)
def test_what_a_person_cannot_be_called_names_the_field(
    installed: Run, words: tuple[str, ...], field: str
) -> None:
    status, _, err = installed("people", "add", "p@example.org", *words)
    assert status == 1
    assert field in err
