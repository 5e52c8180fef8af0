"""``clearcopy verify`` on whatever people give it: an answer for each file, and the status."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from cms.cli.main import main
from exports import verifying
from exports.deck.powerpoint import render_pptx
from exports.deck.sealing import seal_pptx
from exports.sealing import seal_pdf
from records.keys import Keyring, create
from tests.documents import letter
from tests.documents.halvoryn import brief
from tests.documents.press import BRAND, KEYRING, STRANGER, rendered, sealed
from tests.unit.exports.test_deck_slides import DOCUMENTS

Verify = Callable[..., str]


@pytest.fixture
def verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """``verify(data or path, …, status=1)`` with our public key and no installation."""
    monkeypatch.setenv("CLEARCOPY_HOME", str(tmp_path / "nowhere"))
    key = tmp_path / "installation.pub"
    key.write_bytes(KEYRING.public_pem)

    def call(*given: object, status: int = 0, key: Path | None = key) -> str:
        keys = ["--key", str(key)] if key else []
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["clearcopy", "verify", *map(str, given), *keys])
        assert main() == status, capsys.readouterr()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.err if status == 2 else said.out

    return call


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


def presentation() -> bytes:
    document = DOCUMENTS["small"]
    return seal_pptx(render_pptx(document, brand=BRAND), document, KEYRING, brand=BRAND)


def encrypted(user: str) -> bytes:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="owner", user=user))
    return target.getvalue()


def test_several_files_get_an_answer_each(verify: Verify, put) -> None:
    files = [
        put("a.pdf", sealed()),
        put("b.pptx", presentation()),
        put("c.eml", letter.sealed()),
        put("without an end", sealed()),
    ]
    said = verify(*files)
    for path in files:
        assert f"{path}: " in said
    assert said.count("is unaltered") == 4
    assert "Copy 0017, issued to Example Representative" in said
    assert "Example Legal Reviewer, legal, 10 November 2026, 14:20 UTC: I have reviewed" in said


def test_one_no_among_many_is_a_no(verify: Verify, put) -> None:
    good, bad = put("good.pdf", sealed()), put("bad.pdf", sealed()[:-1])
    said = verify(good, bad, status=1)
    assert "is unaltered" in said
    assert f"{bad}: 1 byte was missing at the end." in said
    answers = json.loads(verify(good, bad, "--format", "json", status=1))
    assert [(each["file"], each["ok"], each["code"]) for each in answers] == [
        (str(good), True, "valid"),
        (str(bad), False, "truncated"),
    ]


def test_an_altered_file_says_what_it_was(verify: Verify, put) -> None:
    data = bytearray(presentation())
    data[data.index(b"ppt/slides/slide3.xml") + 60] ^= 1
    said = verify(put("altered.pptx", bytes(data)), status=1)
    assert "Slide 3 differs." in said
    assert "It was sealed as copy 0017 of BRF-0009, version 1.0: " in said


CASES = {
    "hello.txt": (b"hello", "none of the files Clearcopy seals (pdf, pptx, eml)"),
    "empty.pdf": (b"", "This is not a PDF file."),
    "empty.pptx": (b"", "cannot be opened as a presentation"),
    "empty.eml": (b"", "no Clearcopy seal"),
    "rendered.pdf": (rendered(), "carries no Clearcopy seal"),
    "half.pdf": (sealed()[: len(sealed()) // 2], "with its seal, is missing"),
    "half.eml": (letter.sealed()[:9000], "was altered after it was sealed"),
    "locked.pdf": (encrypted("secret"), "was encrypted after it was sealed"),
    "owned.pdf": (encrypted(""), "The words on its pages are still those that were sealed"),
    "locked.pptx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "is encrypted"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "none of the files"),
    "other.eml": (b"From: a@b.example\r\nTo: c@d.example\r\n\r\nHi\r\n", "no Clearcopy seal"),
    "stranger.pdf": (seal_pdf(rendered(), brief(), keyring=STRANGER), "none of the keys given"),
}


@pytest.mark.parametrize("name", list(CASES))
def test_what_is_none_of_ours_is_a_no_with_its_reason(verify: Verify, put, name: str) -> None:
    data, reason = CASES[name]
    assert reason in verify(put(name, data), status=1)


def test_the_file_of_another_installation_holds_with_its_key(verify: Verify, put) -> None:
    file = put("stranger.pdf", seal_pdf(rendered(), brief(), keyring=STRANGER))
    key = put("stranger.pub", STRANGER.public_pem)
    assert STRANGER.key_id in verify(file, status=1)
    assert "is unaltered" in verify(file, key=key)
    assert "is unaltered" in verify(file, "--key", key)  # beside ours


def test_the_key_of_this_installation_is_the_usual_one(
    verify: Verify, put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "give the public key" in verify(put("a.pdf", sealed()), status=2, key=None)
    monkeypatch.setenv("CLEARCOPY_HOME", str(tmp_path / "home"))
    keyring: Keyring = create(tmp_path / "home" / "keys")
    file = put("own.pdf", seal_pdf(rendered(), brief(), keyring=keyring))
    assert "is unaltered" in verify(file, key=None)


def test_bad_usage_is_told_before_anything_else(verify: Verify, put, tmp_path: Path) -> None:
    good = put("good.pdf", sealed())
    assert "No such file" in verify(good, tmp_path / "none.pdf", status=2)
    assert "Is a directory" in verify(tmp_path, status=2)
    broken = put("broken.pub", b"no key")
    assert "public key" in verify(good, key=broken, status=2)
    assert "No such file" in verify(good, key=tmp_path / "none.pub", status=2)


def test_a_huge_file_is_not_read_to_its_end(verify: Verify, put, tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(40_000_000_000)  # a sparse file: more than any memory
    assert "larger than any sealed document" in verify(path, status=1)
    assert path.stat().st_size > verifying.LARGEST


def test_a_preview_says_that_it_is_one(verify: Verify, put) -> None:
    document = replace(brief(), status="preview", copy=None)
    said = verify(put("preview.pdf", sealed(document)))
    assert "This is a preview: it is not approved for distribution." in said
