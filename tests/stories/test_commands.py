"""The whole way by commands alone, as scripts and other people's tools go it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cms.cli.main import main
from records import clock, passwords

CONTENT = Path(__file__).parents[2] / "cms" / "demonstration"
STAFF = {
    "librarian": (),
    "writer": (),
    "medical": (),
    "legal": (),
    "regulatory": (),
    "rep": ("--territory", "WI"),
}
Run = Callable[..., str]  # what it printed: its answer, or why not


def mail(name: str) -> str:
    return f"{name}@example.org"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("people", "add", …)`` in an installation of its own; must end with ``status``."""
    monkeypatch.setenv("CLEARCOPY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CLEARCOPY_PASSWORD", "a long enough secret 42")
    monkeypatch.delenv("CLEARCOPY_DATABASE_URL", raising=False)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)

    def call(*words: str, status: int = 0) -> str:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["clearcopy", *words])
        try:
            ended: object = main()
        except SystemExit as stopped:
            ended = stopped.code
        said = capsys.readouterr()
        assert ended == status, (words, said)
        return said.err if status else said.out

    call("init")
    for name, more in STAFF.items():
        call("people", "add", mail(name), "--name", name.title(), "--role", name, *more)
    return call


def bring(run: Run) -> None:
    for kind, path, by in (
        ("label", "label.json", "librarian"),
        ("claims", "claims.csv", "librarian"),
        ("modules", "modules", "writer"),
        ("accounts", "accounts.csv", "librarian"),
    ):
        run("import", kind, str(CONTENT / path), "--as", mail(by))


def sign_off(run: Run, kind: str, code: str = "all") -> None:
    author = "librarian" if kind in ("claim", "template") else "writer"
    run("review", "submit", kind, code, "--as", mail(author))
    for name in ("medical", "legal", "regulatory"):
        run("review", "sign", "all", "--as", mail(name), "--verdict", "approve")


def test_from_an_empty_folder_to_a_verified_copy(run: Run, tmp_path: Path) -> None:
    bring(run)
    for kind in ("claim", "template", "module"):
        sign_off(run, kind)
    order = ("--product", "Halvoryn", "--account", "DEMO-001", "--role", "pharmacy-director")
    answer = run(
        "assemble", "--template", "brief", *order, "--as", mail("writer"), "--format", "json"
    )
    material = json.loads(answer)["material"]
    run("render", material, "--format", "pdf", "--out", str(tmp_path / "preview"))
    refused = run("issue", material, "--to", mail("rep"), "--out", str(tmp_path), status=1)
    assert "is a draft" in refused

    sign_off(run, "material", material)
    run("issue", material, "--format", "pdf", "--to", mail("rep"), "--out", str(tmp_path / "out"))
    (copy,) = (tmp_path / "out").iterdir()
    said = run("verify", str(copy))
    assert "The file is unaltered" in said
    assert "Regulatory, regulatory, " in said
    run("trail", "verify")

    data = bytearray(copy.read_bytes())
    data[len(data) // 3] ^= 1
    copy.write_bytes(data)
    run("verify", str(copy), status=1)


KINDS = ("deck", "email", "faq-sheet", "hand-off", "leave-behind", "meeting-prep", "talk-track")


def test_every_kind_is_signed_and_issued_by_commands(run: Run, tmp_path: Path) -> None:
    bring(run)
    for kind in ("claim", "template", "module"):
        sign_off(run, kind)
    order = ("--product", "HALVORYN", "--account", "DEMO-001", "--role", "medical-director")
    made = [
        json.loads(
            run("assemble", "--template", kind, *order, "--as", mail("writer"), "--format", "json")
        )["material"]
        for kind in KINDS
    ]
    sign_off(run, "material")
    for material in made:
        run("issue", material, "--to", mail("rep"), "--out", str(tmp_path / "out"))
    run("verify", *(str(path) for path in sorted((tmp_path / "out").iterdir())))


def test_the_first_librarian_finds_the_shipped_templates_as_drafts(run: Run) -> None:
    bring(run)
    order = ("--product", "HALVORYN", "--account", "DEMO-001", "--role", "pharmacy-director")
    refused = run("assemble", "--template", "deck", *order, "--as", mail("writer"), status=2)
    assert "has to be submitted and signed first" in refused
    unknown = run("assemble", "--template", "poster", *order, "--as", mail("writer"), status=2)
    assert "a librarian has to import it" in unknown
    answer = run("review", "submit", "template", "all", "--as", mail("librarian"))
    assert "8 templates submitted" in answer
    second = run("people", "add", mail("two"), "--name", "Second", "--role", "librarian")
    assert "templates" not in second


def test_copies_are_called_back_and_accounted_for_by_commands(run: Run, tmp_path: Path) -> None:
    bring(run)
    for kind in ("claim", "template", "module"):
        sign_off(run, kind)
    order = ("--product", "Halvoryn", "--account", "DEMO-001", "--role", "pharmacy-director")
    answer = run(
        "assemble", "--template", "brief", *order, "--as", mail("writer"), "--format", "json"
    )
    material = json.loads(answer)["material"]
    sign_off(run, "material", material)
    run("issue", material, "--format", "pdf", "--to", mail("rep"), "--out", str(tmp_path / "out"))
    why = ("--reason", "A figure is wrong.", "--due", "2099-01-01")
    by = ("--as", mail("librarian"))
    valid = run("recall", "open", material, "1.0", *why, *by, status=1)
    assert "Withdraw it first" in valid
    run("review", "withdraw", "material", material, "--reason", "A figure is wrong.", *by)
    refused = run("recall", "open", material, "1.0", *why, "--as", mail("writer"), status=1)
    assert refused
    opened = json.loads(run("recall", "open", material, "1.0", *why, *by, "--format", "json"))
    assert (opened["total"], opened["left"]) == (1, 1)
    number = str(opened["recall"])
    shown = json.loads(run("recall", "show", number, "--format", "json"))
    (copy,) = shown["copies"]
    assert (copy["holder"], copy["state"]) == (mail("rep"), "recalled")
    assert "1 copy is not accounted for" in run("recall", "close", number, *by, status=1)
    run("recall", "account", str(copy["copy"]), "--end", "destroyed", "--as", mail("rep"))
    run("recall", "close", number, *by)
    assert "1 of 1 accounted for" in run("recall", "list", "--closed")
    assert "no such recall" in run("recall", "list")
    run("trail", "verify")


def test_a_part_is_held_given_and_signed_by_a_deputy_by_commands(run: Run) -> None:
    bring(run)
    for name, role in (("second", "medical"), ("lead", "compliance")):
        run("people", "add", mail(name), "--name", name.title(), "--role", role)
    run("review", "submit", "claim", "HAL-0001", "--as", mail("writer"))
    (waiting,) = json.loads(run("review", "list", "--as", mail("medical"), "--format", "json"))
    task = str(waiting["task"])
    assert (waiting["discipline"], waiting["holder"]) == ("medical", None)
    held = run("review", "give", task, "--to", mail("medical"), "--as", mail("medical"))
    assert "is held by Medical." in held
    sign = ("review", "sign", task, "--verdict", "approve", "--as", mail("second"))
    assert "Medical holds" in run(*sign, status=1)
    taken = run("review", "give", task, "--to", mail("second"), "--as", mail("second"), status=1)
    assert "may not give" in taken
    days = ("--discipline", "medical", "--first", "2020-01-01", "--last", "2020-03-01")
    name = ("deputy", "name", mail("medical"), mail("second"))
    assert "is over already" in run(*name, *days, "--as", mail("medical"), status=1)
    today = clock.today().isoformat()
    days = ("--discipline", "medical", "--first", today, "--last", today)
    assert run(*name, *days, "--as", mail("writer"), status=1)
    assert "Second signs what Medical holds" in run(*name, *days, "--as", mail("medical"))
    (row,) = json.loads(run("deputy", "list", "--format", "json"))
    assert (row["first"], row["last"]) == (today, today)
    run(*sign)
    assert "no longer stands in" in run("deputy", "end", str(row["number"]), "--as", mail("second"))
    assert run("deputy", "list") == "Nobody is a deputy.\n"
    (other,) = json.loads(run("review", "list", "--as", mail("legal"), "--format", "json"))
    number = str(other["task"])
    assert "held by Legal" in run(
        "review", "give", number, "--to", mail("legal"), "--as", mail("lead")
    )
    assert "is nobody's" in run("review", "give", number, "--as", mail("lead"))
    run("trail", "verify")
